// What stands on every page: where one can go, and how long there is.

import { area } from "../language.svelte.ts";

export const shell = area({
  nl: {
    nav: "Hoofdmenu",
    now: "Nu",
    group: "Groep",
    wall: "Muur",
    me: "Ik",
    regie: "Regie",
    minutesLeft: (n: number) => (n === 1 ? "nog 1 minuut" : `nog ${n} min`),
    secondsLeft: (n: number) => `nog ${n} s`,
    over: (n: number) => (n === 0 ? "tijd is om" : `${n} min over tijd`),
    fiveMinutes: "Nog vijf minuten.",
    oneMinute: "Nog een minuut.",
    timeUp: "De tijd is om.",
  },
  fr: {
    nav: "Menu principal",
    now: "Maintenant",
    group: "Groupe",
    wall: "Mur",
    me: "Moi",
    regie: "Régie",
    minutesLeft: (n) => (n === 1 ? "encore 1 minute" : `encore ${n} min`),
    secondsLeft: (n) => `encore ${n} s`,
    over: (n) => (n === 0 ? "temps écoulé" : `${n} min de trop`),
    fiveMinutes: "Encore cinq minutes.",
    oneMinute: "Encore une minute.",
    timeUp: "Le temps est écoulé.",
  },
  en: {
    nav: "Main menu",
    now: "Now",
    group: "Group",
    wall: "Wall",
    me: "Me",
    regie: "Console",
    minutesLeft: (n) => (n === 1 ? "1 minute left" : `${n} min left`),
    secondsLeft: (n) => `${n} s left`,
    over: (n) => (n === 0 ? "time is up" : `${n} min over`),
    fiveMinutes: "Five minutes left.",
    oneMinute: "One minute left.",
    timeUp: "Time is up.",
  },
});
