// Undoing what somebody did, and closing the day.

import type { Status } from "../../api/answers.ts";
import { area } from "../../language.svelte.ts";

export const mend = area({
  nl: {
    title: "Terugdraaien",
    hint: "Maak ongedaan wat één persoon deed. Wat anderen schreven, blijft staan.",
    from: "Van",
    to: "Tot en met",
    look: "Kijk wie iets deed",
    timeWrong: "Kies een begin dat voor het einde ligt.",
    nobody: "In die tijd schreef niemand iets.",
    who: "Van wie?",
    did: (n: number) => (n === 1 ? "1 bijdrage" : `${n} bijdragen`),
    what: (name: string) => `Wat ${name} deed`,
    hidden: "in een document dat jij niet mag lezen",
    more: (n: number) => `en nog ${n}`,
    note: "Waar anderen op verder bouwden, blijft staan.",
    undo: "Maak dit ongedaan",
    sure: (name: string) => `Ongedaan maken wat ${name} deed?`,
    sureHint: "Iedereen ziet het resultaat meteen. Dit kan maar één keer.",
    yes: "Ja, maak ongedaan",
    busy: "Bezig met terugdraaien…",
    done: (n: number) => (n === 1 ? "1 wijziging is ongedaan." : `${n} wijzigingen zijn ongedaan.`),
    nothing: "Er was niets om ongedaan te maken.",
    inDocument: (title: string, n: number) =>
      n === 1 ? `${title}: 1 stuk leest nu anders` : `${title}: ${n} stukken lezen nu anders`,
    notIn: (title: string, why: string) => `${title}: niet gedaan. ${why}`,
    left: (n: number) => (n === 1 ? "1 stuk blijft staan." : `${n} stukken blijven staan.`),
    whys: {
      locked: "Het staat op slot. Haal het slot eraf en probeer opnieuw.",
      closed: "De bijeenkomst is afgesloten.",
      much: "Het is te veel in één keer. Probeer nog eens.",
      builtOn: "Anderen bouwden erop verder.",
      points: "Er zijn al drie kernpunten.",
    },
    verbs: {
      added: "toegevoegd",
      edited: "gewijzigd",
      moved: "verplaatst",
      removed: "weggehaald",
      restored: "teruggezet",
      highlighted: "kernpunt gemaakt",
      supported: "gesteund",
      other: "gedaan",
    },
  },
  fr: {
    title: "Annuler",
    hint: "Annulez ce qu’une personne a fait. Ce que d’autres ont écrit reste.",
    from: "De",
    to: "Jusqu’à",
    look: "Voir qui a fait quelque chose",
    timeWrong: "Choisissez un début avant la fin.",
    nobody: "Personne n’a rien écrit pendant ce temps.",
    who: "De qui\u00a0?",
    did: (n) => (n === 1 ? "1 contribution" : `${n} contributions`),
    what: (name) => `Ce que ${name} a fait`,
    hidden: "dans un document que vous ne pouvez pas lire",
    more: (n) => `et encore ${n}`,
    note: "Ce sur quoi d’autres ont construit reste.",
    undo: "Annuler ceci",
    sure: (name) => `Annuler ce que ${name} a fait\u00a0?`,
    sureHint: "Tout le monde voit le résultat aussitôt. Ceci ne marche qu’une fois.",
    yes: "Oui, annuler",
    busy: "Annulation en cours…",
    done: (n) => (n === 1 ? "1 modification annulée." : `${n} modifications annulées.`),
    nothing: "Il n’y avait rien à annuler.",
    inDocument: (title, n) =>
      n === 1
        ? `${title}\u00a0: 1 élément se lit autrement`
        : `${title}\u00a0: ${n} éléments se lisent autrement`,
    notIn: (title, why) => `${title}\u00a0: pas fait. ${why}`,
    left: (n) => (n === 1 ? "1 élément reste." : `${n} éléments restent.`),
    whys: {
      locked: "C’est verrouillé. Déverrouillez et réessayez.",
      closed: "La rencontre est clôturée.",
      much: "C’est trop à la fois. Réessayez.",
      builtOn: "D’autres ont construit dessus.",
      points: "Il y a déjà trois points clés.",
    },
    verbs: {
      added: "ajouté",
      edited: "modifié",
      moved: "déplacé",
      removed: "retiré",
      restored: "remis",
      highlighted: "mis en point clé",
      supported: "soutenu",
      other: "fait",
    },
  },
  en: {
    title: "Undo",
    hint: "Undo what one person did. What others wrote stays.",
    from: "From",
    to: "Up to",
    look: "See who did something",
    timeWrong: "Choose a beginning before the end.",
    nobody: "Nobody wrote anything in that time.",
    who: "Whose?",
    did: (n) => (n === 1 ? "1 contribution" : `${n} contributions`),
    what: (name) => `What ${name} did`,
    hidden: "in a document that you may not read",
    more: (n) => `and ${n} more`,
    note: "What others built on stays.",
    undo: "Undo this",
    sure: (name) => `Undo what ${name} did?`,
    sureHint: "Everybody sees the result at once. This works only once.",
    yes: "Yes, undo",
    busy: "Undoing…",
    done: (n) => (n === 1 ? "1 change is undone." : `${n} changes are undone.`),
    nothing: "There was nothing to undo.",
    inDocument: (title, n) =>
      n === 1
        ? `${title}: 1 piece reads otherwise now`
        : `${title}: ${n} pieces read otherwise now`,
    notIn: (title, why) => `${title}: not done. ${why}`,
    left: (n) => (n === 1 ? "1 piece stays." : `${n} pieces stay.`),
    whys: {
      locked: "It is locked. Unlock it and try again.",
      closed: "The gathering is closed.",
      much: "It is too much at once. Try again.",
      builtOn: "Others built on it.",
      points: "There are three key points already.",
    },
    verbs: {
      added: "added",
      edited: "edited",
      moved: "moved",
      removed: "removed",
      restored: "restored",
      highlighted: "made a key point",
      supported: "supported",
      other: "done",
    },
  },
});

export const end = area({
  nl: {
    title: "Afsluiten",
    status: {
      prepared: "De bijeenkomst is voorbereid",
      open: "De bijeenkomst is open",
      closed: "De bijeenkomst is afgesloten",
    } as Readonly<Record<Status, string>>,
    openNow: "Open de bijeenkomst",
    openedNow: "De bijeenkomst is open.",
    before: "Voor je afsluit",
    consent: (n: number, all: number) => `${n} van ${all} kozen hoe hun naam in het verslag komt`,
    consentHint: "Wie niet koos, staat enkel met de groep vermeld.",
    cards: (n: number, all: number) => `${n} van ${all} vulden de afronding in`,
    unknown: "Dat is nu niet geweten. Kijk of je verbinding hebt.",
    devices: "Toestellen die nog iets vasthouden",
    allIn: "Alle tekst is binnen.",
    heard: (n: number, since: string) =>
      n === 1
        ? `Sinds ${since} meldde zich 1 toestel.`
        : `Sinds ${since} meldden zich ${n} toestellen.`,
    holds: (n: number) =>
      n === 1
        ? "1 wijziging wacht: op slot, of nog onderweg"
        : `${n} wijzigingen wachten: op slot, of nog onderweg`,
    silent: (n: number, since: string) =>
      n === 1
        ? `1 wijziging, geen teken meer sinds ${since}`
        : `${n} wijzigingen, geen teken meer sinds ${since}`,
    mayHold: (since: string) => `geen teken meer sinds ${since}; toen was alles verstuurd`,
    somebody: "Iemand",
    devicesWait: "Niets gaat verloren: wat nog wacht, blijft op het toestel.",
    devicesReopen: "Het komt binnen als je de bijeenkomst weer opent.",
    ownClean: "Dit toestel heeft alles bewaard.",
    ownWaits: (n: number) =>
      n === 1
        ? "Op dit toestel wacht nog 1 wijziging."
        : `Op dit toestel wachten ${n} wijzigingen.`,
    close: "Sluit de bijeenkomst af",
    closeSure: "De bijeenkomst afsluiten?",
    closeStill: (n: number) =>
      n === 1
        ? "1 toestel houdt nog iets vast. Toch afsluiten?"
        : `${n} toestellen houden nog iets vast. Toch afsluiten?`,
    closeWho: (names: string) => `Van ${names}.`,
    closeHint: "Niemand kan dan nog schrijven of binnenkomen. Lezen kan nog wel.",
    closeYes: "Ja, sluit af",
    closedNow: "De bijeenkomst is afgesloten.",
    reopen: "Open ze weer",
    files: "Om mee te nemen",
    filesHint: "De oogst van de ronde die loopt of het laatst liep.",
    names: "Wie staat erbij?",
    attribution: {
      none: "Niemand",
      group: "De groep",
      name: "Namen, waar mensen dat kozen",
    },
    formats: {
      docx: "Word",
      pdf: "PDF",
      html: "Webpagina",
      md: "Markdown",
      csv: "Tabel (CSV)",
      json: "Gegevens (JSON)",
    },
    archive: "Archief van de hele dag",
    archiveHint: "Eén bestand, om de dag elders opnieuw te openen.",
    download: (what: string) => `Haal op: ${what}`,
  },
  fr: {
    title: "Clôturer",
    status: {
      prepared: "La rencontre est préparée",
      open: "La rencontre est ouverte",
      closed: "La rencontre est clôturée",
    },
    openNow: "Ouvrir la rencontre",
    openedNow: "La rencontre est ouverte.",
    before: "Avant de clôturer",
    consent: (n, all) => `${n} sur ${all} ont choisi comment leur nom figure au compte rendu`,
    consentHint: "Qui n’a pas choisi n’est cité qu’avec son groupe.",
    cards: (n, all) => `${n} sur ${all} ont rempli la clôture`,
    unknown: "On ne le sait pas maintenant. Vérifiez votre connexion.",
    devices: "Appareils qui gardent encore quelque chose",
    allIn: "Tout le texte est arrivé.",
    heard: (n, since) =>
      n === 1
        ? `Depuis ${since}, 1 appareil s’est signalé.`
        : `Depuis ${since}, ${n} appareils se sont signalés.`,
    holds: (n) =>
      n === 1
        ? "1 modification attend\u00a0: verrouillée, ou encore en route"
        : `${n} modifications attendent\u00a0: verrouillées, ou encore en route`,
    silent: (n, since) =>
      n === 1
        ? `1 modification, plus de signe depuis ${since}`
        : `${n} modifications, plus de signe depuis ${since}`,
    mayHold: (since) => `plus de signe depuis ${since}\u00a0; alors tout était envoyé`,
    somebody: "Quelqu’un",
    devicesWait: "Rien n’est perdu\u00a0: ce qui attend reste sur l’appareil.",
    devicesReopen: "Cela arrive si vous rouvrez la rencontre.",
    ownClean: "Cet appareil a tout enregistré.",
    ownWaits: (n) =>
      n === 1
        ? "Sur cet appareil, 1 modification attend encore."
        : `Sur cet appareil, ${n} modifications attendent encore.`,
    close: "Clôturer la rencontre",
    closeSure: "Clôturer la rencontre\u00a0?",
    closeStill: (n) =>
      n === 1
        ? "1 appareil garde encore quelque chose. Clôturer quand même\u00a0?"
        : `${n} appareils gardent encore quelque chose. Clôturer quand même\u00a0?`,
    closeWho: (names) => `De ${names}.`,
    closeHint: "Plus personne ne peut alors écrire ni entrer. On peut encore lire.",
    closeYes: "Oui, clôturer",
    closedNow: "La rencontre est clôturée.",
    reopen: "La rouvrir",
    files: "À emporter",
    filesHint: "La récolte du tour en cours, ou du dernier.",
    names: "Qui est cité\u00a0?",
    attribution: {
      none: "Personne",
      group: "Le groupe",
      name: "Les noms, selon le choix de chacun·e",
    },
    formats: {
      docx: "Word",
      pdf: "PDF",
      html: "Page web",
      md: "Markdown",
      csv: "Tableau (CSV)",
      json: "Données (JSON)",
    },
    archive: "Archive de toute la journée",
    archiveHint: "Un seul fichier, pour rouvrir la journée ailleurs.",
    download: (what) => `Télécharger\u00a0: ${what}`,
  },
  en: {
    title: "Close",
    status: {
      prepared: "The gathering is prepared",
      open: "The gathering is open",
      closed: "The gathering is closed",
    },
    openNow: "Open the gathering",
    openedNow: "The gathering is open.",
    before: "Before you close",
    consent: (n, all) => `${n} of ${all} chose how their name stands in the report`,
    consentHint: "Who did not choose is named as their group alone.",
    cards: (n, all) => `${n} of ${all} filled in the closing round`,
    unknown: "That is not known now. Check your connection.",
    devices: "Devices that still hold something",
    allIn: "All text is in.",
    heard: (n, since) =>
      n === 1 ? `Since ${since} 1 device was heard.` : `Since ${since} ${n} devices were heard.`,
    holds: (n) =>
      n === 1
        ? "1 change waits: locked, or still on its way"
        : `${n} changes wait: locked, or still on their way`,
    silent: (n, since) =>
      n === 1 ? `1 change, no sign since ${since}` : `${n} changes, no sign since ${since}`,
    mayHold: (since) => `no sign since ${since}; everything was sent then`,
    somebody: "Somebody",
    devicesWait: "Nothing is lost: what still waits stays on the device.",
    devicesReopen: "It comes in if you open the gathering again.",
    ownClean: "This device has saved everything.",
    ownWaits: (n) =>
      n === 1 ? "1 change still waits on this device." : `${n} changes still wait on this device.`,
    close: "Close the gathering",
    closeSure: "Close the gathering?",
    closeStill: (n) =>
      n === 1
        ? "1 device still holds something. Close all the same?"
        : `${n} devices still hold something. Close all the same?`,
    closeWho: (names) => `Of ${names}.`,
    closeHint: "Nobody can write or come in then. Reading still works.",
    closeYes: "Yes, close",
    closedNow: "The gathering is closed.",
    reopen: "Open it again",
    files: "To take along",
    filesHint: "The harvest of the round that runs, or ran last.",
    names: "Who is named?",
    attribution: {
      none: "Nobody",
      group: "The group",
      name: "Names, where people chose so",
    },
    formats: {
      docx: "Word",
      pdf: "PDF",
      html: "Web page",
      md: "Markdown",
      csv: "Table (CSV)",
      json: "Data (JSON)",
    },
    archive: "Archive of the whole day",
    archiveHint: "One file, to open the day again elsewhere.",
    download: (what) => `Download: ${what}`,
  },
});
