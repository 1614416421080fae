// What may stand above any page: the call to come along, the way back to Nu. Apart from what Nu
// itself says, since every page brings it.

import { area } from "../area.ts";

export const show = area({
  nl: {
    back: "Terug naar Nu",
    show: (what: string) => `Ga mee naar: ${what}`,
    showGroup: "een groep",
    showItem: "een inzicht",
    together: "We komen samen",
    go: "Ga mee",
    later: "Nog even afwerken",
    stay: "Blijf hier",
    soon: (seconds: number) => `Over ${seconds} s ga je mee.`,
  },
  fr: {
    back: "Retour à Maintenant",
    show: (what) => `Venez voir\u00a0: ${what}`,
    showGroup: "un groupe",
    showItem: "un enseignement",
    together: "On se retrouve tous",
    go: "J’y vais",
    later: "Je termine d’abord",
    stay: "Rester ici",
    soon: (seconds) => `Vous y allez dans ${seconds} s.`,
  },
  en: {
    back: "Back to Now",
    show: (what) => `Come along to: ${what}`,
    showGroup: "a group",
    showItem: "an insight",
    together: "We come together",
    go: "Come along",
    later: "Finish first",
    stay: "Stay here",
    soon: (seconds) => `You go along in ${seconds} s.`,
  },
});
