// The two plain statements: what becomes of what people give, and for whom the pages work. They say
// what is so, also where it falls short.

import { area } from "../area.ts";

interface Statement {
  readonly title: string;
  readonly intro: string;
  readonly parts: readonly { readonly title: string; readonly lines: readonly string[] }[];
}

export const statements = area<{
  readonly back: string;
  readonly privacy: Statement;
  readonly access: Statement;
}>({
  nl: {
    back: "Terug",
    privacy: {
      title: "Wat er met je gegevens gebeurt",
      intro: "Oogst bewaart wat een lerend netwerk samen leert. Dit is hoe.",
      parts: [
        {
          title: "Wat we bewaren",
          lines: [
            "Je naam, en je organisatie en regio als je die invult.",
            "De namen van wie je toestel deelt.",
            "Wat je typt, met wie en wanneer. Ook de versies daarvoor.",
            "Foto’s, zonder de plaats waar je ze nam.",
            "Je stippen bij een stemming. Niemand krijgt jouw stippen te zien.",
            "Jouw keuze over publiceren.",
          ],
        },
        {
          title: "Wie het ziet",
          lines: [
            "Wat je typt, zien de mensen van deze bijeenkomst meteen.",
            "Een intervisie ziet enkel wie in de kamer zit.",
            "Contactgegevens ziet niet iedereen, enkel wie ermee werkt.",
            "Wie de server beheert, kan bij alle gegevens.",
            "Publiceren volgt jouw keuze. Kies je niets, dan staat enkel je groep erbij.",
          ],
        },
        {
          title: "Op je toestel",
          lines: [
            "Eén cookie onthoudt wie je bent. Er is geen cookie om je te volgen.",
            "Je toestel houdt een kopie, zodat je zonder verbinding verder kan.",
            "Deel je een toestel? Verlaat dan de bijeenkomst bij Ik.",
            "De kopie blijft staan tot je de sitegegevens in je browser wist.",
          ],
        },
        {
          title: "Hoe lang",
          lines: [
            "Er is geen vaste termijn. De organisator bepaalt hoe lang alles blijft.",
            "Ook reservekopieën bewaart de organisator zelf.",
          ],
        },
        {
          title: "Laten wissen",
          lines: [
            "Je kan je naam veranderen en je teksten verwijderen.",
            "Wat je verwijdert, staat niet meer op de schermen. Bewaard blijft het wel.",
            "Eén naam of één tekst echt wissen kan deze versie nog niet.",
            "De organisator kan wel alles samen wissen. Vraag het daar.",
          ],
        },
      ],
    },
    access: {
      title: "Toegankelijkheid",
      intro: "Iedereen moet kunnen meedoen. Zo ver staan we.",
      parts: [
        {
          title: "Wat we bij elke versie testen",
          lines: [
            "Automatische controle met axe, volgens WCAG 2.2 niveau AA.",
            "In licht en donker, op een telefoon en op een laptop.",
            "Meedoen en oogsten met het toetsenbord alleen.",
            "Knoppen van minstens 44 pixels, en schermen van 320 pixels breed.",
          ],
        },
        {
          title: "Wat we niet getest hebben",
          lines: [
            "Geen mens met een schermlezer heeft dit al beoordeeld.",
            "iOS Safari en echte Android-telefoons zijn nog niet nagekeken.",
            "Dicteren en spraakbesturing zijn nog niet nagekeken.",
            "Er is geen audit door anderen gedaan.",
          ],
        },
        {
          title: "Wat moeilijk blijft",
          lines: [
            "De muur op de projector is een beeld. Op je telefoon lees je hem als tekst.",
            "Foto’s krijgen geen beschrijving, tenzij iemand er tekst bij zet.",
            "Het scherm spreekt drie talen. Typen kan in elke taal.",
          ],
        },
        {
          title: "Lukt iets niet?",
          lines: [
            "Zeg het aan de begeleider. Iemand kan ook voor jou typen.",
            "Bij Gezegd door staat dan jouw naam.",
          ],
        },
      ],
    },
  },
  fr: {
    back: "Retour",
    privacy: {
      title: "Ce que deviennent vos données",
      intro: "Oogst garde ce qu’un réseau apprend ensemble. Voici comment.",
      parts: [
        {
          title: "Ce que nous gardons",
          lines: [
            "Votre nom, et votre organisation et territoire si vous les indiquez.",
            "Les noms de ceux qui partagent votre appareil.",
            "Ce que vous écrivez, avec l’auteur et l’heure. Aussi les versions d’avant.",
            "Les photos, sans le lieu où vous les avez prises.",
            "Vos gommettes lors d’un vote. Personne ne les voit.",
            "Votre choix sur la publication.",
          ],
        },
        {
          title: "Qui le voit",
          lines: [
            "Les personnes de cette rencontre voient aussitôt ce que vous écrivez.",
            "Une intervision n’est visible que pour ceux qui sont dans la salle.",
            "Les coordonnées ne sont visibles que pour ceux qui travaillent avec.",
            "La personne qui gère le serveur peut accéder à toutes les données.",
            "La publication suit votre choix. Sans choix, seul votre groupe est mentionné.",
          ],
        },
        {
          title: "Sur votre appareil",
          lines: [
            "Un seul cookie retient qui vous êtes. Aucun cookie ne vous suit.",
            "Votre appareil garde une copie pour continuer sans connexion.",
            "Vous partagez un appareil\u00a0? Quittez alors la rencontre sous Moi.",
            "La copie reste jusqu’à ce que vous effaciez les données du site.",
          ],
        },
        {
          title: "Combien de temps",
          lines: [
            "Il n’y a pas de durée fixe. L’organisation décide.",
            "Elle garde aussi ses propres copies de secours.",
          ],
        },
        {
          title: "Faire effacer",
          lines: [
            "Vous pouvez changer votre nom et supprimer vos textes.",
            "Ce que vous supprimez n’est plus affiché, mais reste gardé.",
            "Cette version ne peut pas encore effacer vraiment un nom ou un texte.",
            "L’organisation peut effacer le tout. Adressez-vous à elle.",
          ],
        },
      ],
    },
    access: {
      title: "Accessibilité",
      intro: "Tout le monde doit pouvoir participer. Voici où nous en sommes.",
      parts: [
        {
          title: "Ce que nous testons à chaque version",
          lines: [
            "Un contrôle automatique avec axe, selon WCAG 2.2 niveau AA.",
            "En clair et en sombre, sur téléphone et sur ordinateur.",
            "Participer et récolter avec le clavier seul.",
            "Des boutons de 44 pixels au moins, des écrans de 320 pixels.",
          ],
        },
        {
          title: "Ce que nous n’avons pas testé",
          lines: [
            "Aucune personne avec un lecteur d’écran n’a encore donné son avis.",
            "iOS Safari et de vrais téléphones Android restent à vérifier.",
            "La dictée et la commande vocale restent à vérifier.",
            "Aucun audit externe n’a été fait.",
          ],
        },
        {
          title: "Ce qui reste difficile",
          lines: [
            "Le mur projeté est une image. Sur votre téléphone, il se lit comme texte.",
            "Les photos n’ont pas de description, sauf si quelqu’un en ajoute une.",
            "L’écran parle trois langues. On peut écrire dans toutes.",
          ],
        },
        {
          title: "Quelque chose ne va pas\u00a0?",
          lines: [
            "Dites-le à l’animateur·rice. Quelqu’un peut aussi écrire pour vous.",
            "Votre nom figure alors comme la personne qui l’a dit.",
          ],
        },
      ],
    },
  },
  en: {
    back: "Back",
    privacy: {
      title: "What happens to your data",
      intro: "Oogst keeps what a network learns together. This is how.",
      parts: [
        {
          title: "What we keep",
          lines: [
            "Your name, and your organisation and region if you fill them in.",
            "The names of those who share your device.",
            "What you type, by whom and when. Earlier versions too.",
            "Photos, without the place where you took them.",
            "Your dots in a vote. Nobody gets to see them.",
            "Your choice about publishing.",
          ],
        },
        {
          title: "Who sees it",
          lines: [
            "The people of this gathering see what you type at once.",
            "Peer coaching is seen only by those in the room.",
            "Contact details are seen only by those who work with them.",
            "Whoever runs the server can reach all data.",
            "Publishing follows your choice. Without one, only your group is named.",
          ],
        },
        {
          title: "On your device",
          lines: [
            "One cookie remembers who you are. No cookie follows you.",
            "Your device holds a copy, so that you can go on without a line.",
            "Do you share a device? Then leave the gathering under Me.",
            "The copy stays until you clear the site’s data in your browser.",
          ],
        },
        {
          title: "How long",
          lines: [
            "There is no fixed term. The organiser decides how long it stays.",
            "The organiser keeps backups too.",
          ],
        },
        {
          title: "Having it erased",
          lines: [
            "You can change your name and remove your texts.",
            "What you remove shows no more, but is still kept.",
            "This version can’t really erase one name or one text yet.",
            "The organiser can erase all of it together. Ask there.",
          ],
        },
      ],
    },
    access: {
      title: "Accessibility",
      intro: "Everybody must be able to take part. This is how far we are.",
      parts: [
        {
          title: "What we test in every version",
          lines: [
            "An automatic check with axe, by WCAG 2.2 level AA.",
            "In light and dark, on a phone and on a laptop.",
            "Joining and harvesting with the keyboard alone.",
            "Buttons of at least 44 pixels, and screens of 320 pixels.",
          ],
        },
        {
          title: "What we have not tested",
          lines: [
            "Nobody with a screen reader has judged this yet.",
            "iOS Safari and real Android phones were not looked at yet.",
            "Dictation and voice control were not looked at yet.",
            "No audit by others was done.",
          ],
        },
        {
          title: "What stays hard",
          lines: [
            "The wall on the projector is a picture. On your phone it is text.",
            "Photos get no description unless somebody writes one.",
            "The screen speaks three languages. You can type in any.",
          ],
        },
        {
          title: "Does something not work?",
          lines: [
            "Tell the facilitator. Somebody can also type for you.",
            "Your name then stands there as the one who said it.",
          ],
        },
      ],
    },
  },
});
