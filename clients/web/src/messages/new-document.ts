// Opening one more document.

import { area } from "../area.ts";

export const newDocumentWords = area({
  nl: {
    newTitle: "Wat wil je openen?",
    hints: {
      visit: "Vragen, notities en foto’s van onderweg.",
      intervision: "Eén casus, in vertrouwen. Jij kiest wie meedoet.",
      action_plan: "Doel, acties en tijdpad, voor je regio.",
      stakeholders: "Wie is belangrijk, en wat wint die?",
      own: "Alleen jij ziet deze lijst.",
    },
    opening: "Even geduld…",
    notOpened: (why: string) => `Het ging niet open: ${why}`,
    noLine: "Geen verbinding. Openen kan zodra die er is.",
  },
  fr: {
    newTitle: "Que voulez-vous ouvrir\u00a0?",
    hints: {
      visit: "Questions, notes et photos prises en route.",
      intervision: "Un cas, en confiance. Vous choisissez qui participe.",
      action_plan: "But, actions et calendrier, pour votre territoire.",
      stakeholders: "Qui compte, et qu’y gagne-t-on\u00a0?",
      own: "Vous seul·e voyez cette liste.",
    },
    opening: "Un instant…",
    notOpened: (why) => `L’ouverture a échoué\u00a0: ${why}`,
    noLine: "Pas de connexion. Réessayez dès qu’elle revient.",
  },
  en: {
    newTitle: "What do you want to open?",
    hints: {
      visit: "Questions, notes and photos along the way.",
      intervision: "One case, in confidence. You choose who takes part.",
      action_plan: "Goal, actions and time path, for your region.",
      stakeholders: "Who matters, and what is in it for them?",
      own: "Only you see this list.",
    },
    opening: "One moment…",
    notOpened: (why) => `It did not open: ${why}`,
    noLine: "No connection. You can open it once there is one.",
  },
});
