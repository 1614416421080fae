// Opening a gathering: what kind of day it is, and the opener's way to the console.

import type { Day } from "../../api/operator.ts";
import { area } from "../../language.svelte.ts";

interface Kind {
  readonly name: string;
  readonly hint: string;
}
type Kinds = Readonly<Record<Day | "own", Kind>>;

export const opening = area({
  nl: {
    kind: "Wat voor dag wordt het?",
    kinds: {
      own: { name: "Zelf opbouwen", hint: "Een leeg programma, dat je zelf vult." },
      participation: {
        name: "Participatie",
        hint: "Een volle dag: goed voorbeeld, hinderpalen, intervisie.",
      },
      government: {
        name: "Overheidsparticipatie",
        hint: "Een halve dag: nieuws, spreker, snelle intervisie.",
      },
      kick_off: {
        name: "Startdag",
        hint: "Wie is wie, regiovragen, thema's, en gasten na de middag.",
      },
      training: { name: "Opleiding", hint: "Vier halve dagen, een werkbezoek, een terugkomdag." },
      green: { name: "Groen netwerk", hint: "Een themadag bij een inspirerend project." },
    } as Kinds,
    kindLater: "Je kunt daarna alles nog wijzigen.",
    date: "Datum",
    places: "Hoeveel deelnemers ten hoogste? (mag leeg blijven)",
    placesWrong: "Kies een aantal van 1 tot 1000.",
    regie: "Jij begeleidt deze dag?",
    regieHint: "Dan wordt dit toestel jouw regie. Jij bent de eerste begeleider.",
    name: "Jouw naam",
    toRegie: "Naar de regie",
  },
  fr: {
    kind: "Quel type de journée\u00a0?",
    kinds: {
      own: { name: "À composer", hint: "Un programme vide, que vous remplissez vous-même." },
      participation: {
        name: "Participation",
        hint: "Une journée entière\u00a0: bon exemple, obstacles, intervision.",
      },
      government: {
        name: "Participation des pouvoirs publics",
        hint: "Une demi-journée\u00a0: nouvelles, orateur·rice, intervision rapide.",
      },
      kick_off: {
        name: "Journée de lancement",
        hint: "Qui est qui, questions des territoires, thèmes, invités l'après-midi.",
      },
      training: {
        name: "Formation",
        hint: "Quatre demi-journées, une visite de terrain, une journée de retour.",
      },
      green: { name: "Réseau vert", hint: "Une journée thématique chez un projet inspirant." },
    },
    kindLater: "Vous pourrez tout modifier ensuite.",
    date: "Date",
    places: "Combien de participant·es au plus\u00a0? (peut rester vide)",
    placesWrong: "Choisissez un nombre de 1 à 1000.",
    regie: "Vous animez cette journée\u00a0?",
    regieHint:
      "Cet appareil devient alors votre régie. Vous êtes le premier ou la première à animer.",
    name: "Votre nom",
    toRegie: "Vers la régie",
  },
  en: {
    kind: "What kind of day is it?",
    kinds: {
      own: { name: "Build it yourself", hint: "An empty programme, for you to fill." },
      participation: {
        name: "Participation",
        hint: "A full day: good example, obstacles, peer coaching.",
      },
      government: {
        name: "Government participation",
        hint: "Half a day: news, speaker, speed peer coaching.",
      },
      kick_off: {
        name: "Kick-off",
        hint: "Who is who, regions' questions, themes, guests after noon.",
      },
      training: { name: "Training", hint: "Four half-days, a site visit, a return day." },
      green: { name: "Green network", hint: "A theme day at an inspiring project." },
    },
    kindLater: "You can change everything afterwards.",
    date: "Date",
    places: "How many participants at most? (may stay empty)",
    placesWrong: "Choose a number from 1 to 1000.",
    regie: "Do you facilitate this day?",
    regieHint: "Then this device becomes your console. You are the first facilitator.",
    name: "Your name",
    toRegie: "To the console",
  },
});
