// What the join page says, in Dutch: B1, at most twelve words, je and jouw.
// It comes before everything else; this file sets which sentences there are.

export const nl = {
  app: { name: "Oogst", tagline: "Wat je samen leert, blijft bewaard." },
  language: {
    label: "Taal",
    typeFreely: "Typ gerust in je eigen taal.",
  },
  join: {
    title: "Doe mee",
    code: "Code van de bijeenkomst",
    codeGiven: "Code",
    codeOther: "Andere code",
    codeHint: "Acht letters en cijfers, zoals 7K3M\u20119QXB.",
    name: "Hoe heet je?",
    organisation: "Organisatie (mag leeg blijven)",
    region: "Regio (mag leeg blijven)",
    share: "Wij delen dit toestel",
    shareHint: "Wie typt er nog mee op dit toestel?",
    shareName: (n: number) => `Naam ${n}`,
    seen: "Wat je typt, zien de deelnemers. Publiceren gebeurt pas na jouw keuze.",
    submit: "Doe mee",
    busy: "Even geduld…",
    continueAs: (name: string) => `Verder als ${name}`,
    other: "Met een andere code",
    again: "Was je hier al?",
    againHint: "Typ de vier woorden die je toen kreeg.",
    words: "Jouw vier woorden",
    comeBack: "Kom terug",
    waitingTitle: "Welkom",
    waitingAt: (time: string) => `We beginnen om ${time}.`,
    waitingSoon: "De gasten mogen straks binnen.",
    waitingHint: "Laat deze pagina open. Je komt vanzelf binnen.",
    waitingCut: "Geen verbinding. We proberen het vanzelf opnieuw.",
    waitingStop: "Terug",
    nameMissing: "Vul je naam in.",
    codeWrong: "Deze code klopt niet. Kijk nog eens goed.",
    wordsWrong: "Deze woorden klopten niet. Kijk nog eens goed.",
    tooMany: (seconds: number) => `Te veel pogingen. Probeer het over ${seconds} seconden opnieuw.`,
    full: "De bijeenkomst is vol. Vraag de begeleider om een plaats.",
    unreachable: "Geen verbinding. Kijk je internet na en probeer opnieuw.",
    failed: (detail: string) => `Dat lukte niet: ${detail}`,
  },
  page: {
    reload: "Laad opnieuw",
    notFetched: "Deze pagina kon niet komen. Is er een verbinding?",
    unknown: "Deze pagina bestaat niet.",
    back: "Naar het begin",
  },
};

export type First = typeof nl;
