// Beginning again with what the server holds, where it refused a change.

import { area } from "../area.ts";

export const againWords = area({
  nl: {
    texts: "Dit is niet bewaard",
    copy: "Kopieer",
    hint: "Je teksten komen terug in het invulveld. Andere wijzigingen vervallen.",
    confirm: "Wis hier en begin opnieuw",
    cancel: "Nog niet",
    failed: "Dat lukte niet. Kopieer je tekst en laad opnieuw.",
  },
  fr: {
    texts: "Ceci n’est pas enregistré",
    copy: "Copier",
    hint: "Vos textes reviennent comme brouillon. Les autres modifications sont perdues.",
    confirm: "Effacer ici et recommencer",
    cancel: "Pas encore",
    failed: "Cela n’a pas marché. Copiez votre texte et rechargez.",
  },
  en: {
    texts: "This is not saved",
    copy: "Copy",
    hint: "Your texts come back as a draft. Other changes are dropped.",
    confirm: "Delete here and begin again",
    cancel: "Not yet",
    failed: "That did not work. Copy your text and reload.",
  },
});
