// The harvest as a report: to read, to print, to take along.

import { area } from "../language.svelte.ts";

export const reportWords = area({
  nl: {
    title: "Verslag",
    loading: "Even geduld…",
    failed: "Het verslag kon niet komen. Is er een verbinding?",
    again: "Probeer opnieuw",
    names: "Wie staat erbij?",
    attribution: { none: "Niemand", group: "De groep", name: "Wie dat wil" },
    namesHint: "Namen staan er alleen bij wie dat zelf koos.",
    withheld: (n: number) =>
      n === 1
        ? "Eén inzicht staat hier niet. Zo koos wie het zei."
        : `${n} inzichten staan hier niet. Zo kozen de mensen.`,
    keyPoints: "Kernpunten",
    all: "Alle inzichten",
    empty: "Deze groep heeft nog geen inzichten.",
    none: "Er is nog geen oogst.",
    print: "Druk af",
    download: "Download",
    others: "Andere formaten",
    formats: {
      pdf: "PDF",
      docx: "Word",
      md: "Markdown",
      html: "Webpagina",
      csv: "Rekenblad (CSV)",
      json: "Gegevens (JSON)",
    },
    downloadFailed: (why: string) => `Downloaden lukte niet: ${why}`,
    moment: "Bekijk het moment",
    momentOf: (text: string) => `Bekijk het moment: ${text}`,
    machine: "vertaald door een machine",
    outside: "van buiten",
    group: "Groep",
  },
  fr: {
    title: "Compte rendu",
    loading: "Un instant…",
    failed: "Le compte rendu n’a pas pu venir. Y a-t-il une connexion ?",
    again: "Réessayer",
    names: "Qui est mentionné ?",
    attribution: { none: "Personne", group: "Le groupe", name: "Qui le veut" },
    namesHint: "Seuls les noms de qui l’a choisi sont mentionnés.",
    withheld: (n) =>
      n === 1
        ? "Un enseignement n’est pas repris ici, par choix de son auteur."
        : `${n} enseignements ne sont pas repris ici, par choix des auteurs.`,
    keyPoints: "Points clés",
    all: "Tous les enseignements",
    empty: "Ce groupe n’a pas encore d’enseignements.",
    none: "Il n’y a pas encore de récolte.",
    print: "Imprimer",
    download: "Télécharger",
    others: "Autres formats",
    formats: {
      pdf: "PDF",
      docx: "Word",
      md: "Markdown",
      html: "Page web",
      csv: "Tableur (CSV)",
      json: "Données (JSON)",
    },
    downloadFailed: (why) => `Le téléchargement a échoué : ${why}`,
    moment: "Voir le moment",
    momentOf: (text) => `Voir le moment : ${text}`,
    machine: "traduit par une machine",
    outside: "de l’extérieur",
    group: "Groupe",
  },
  en: {
    title: "Report",
    loading: "One moment…",
    failed: "The report could not come. Is there a connection?",
    again: "Try again",
    names: "Who is named?",
    attribution: { none: "Nobody", group: "The group", name: "Who wants it" },
    namesHint: "Names stand only with who chose so.",
    withheld: (n) =>
      n === 1
        ? "One insight is not here. Who said it chose so."
        : `${n} insights are not here. The people chose so.`,
    keyPoints: "Key points",
    all: "All insights",
    empty: "This group has no insights yet.",
    none: "There is no harvest yet.",
    print: "Print",
    download: "Download",
    others: "Other formats",
    formats: {
      pdf: "PDF",
      docx: "Word",
      md: "Markdown",
      html: "Web page",
      csv: "Spreadsheet (CSV)",
      json: "Data (JSON)",
    },
    downloadFailed: (why) => `Downloading failed: ${why}`,
    moment: "See the moment",
    momentOf: (text) => `See the moment: ${text}`,
    machine: "translated by a machine",
    outside: "from outside",
    group: "Group",
  },
});
