//! A kick-off day's harvest: five questions, 34 insights at top level and 23 under them, with
//! quotes, diacritics and whatever else people put into a line.

/// A learning question and its lines: the level, from 0, and the text.
pub(super) type Question = (&'static str, &'static [(usize, &'static str)]);

/// Five groups.
pub(super) const HARVEST: [Question; 5] = [
    (
        "Hoe betrekken we wie we nu niet bereiken?",
        &[
            (0, "Ga naar de mensen toe: wacht niet tot ze komen"),
            (1, "Een keukentafel werkt beter dan een vergaderzaal"),
            (1, "Begin met luisteren, “zonder formulier”"),
            (0, "Eigen taal mag: een tolk is geen luxe"),
            (1, "Zeg het ook eens in het Türkçe of het українською"),
            (2, "لكل واحد صوت"),
            (0, "Niets over ons zonder ons"),
            (0, "Vergoed tijd én verplaatsing"),
            (1, "Cadeaubon, maaltijd, buskaart: vraag wat past"),
            (0, "Werk met vertrouwensfiguren uit de buurt"),
            (1, "De kapper, de imam, de juf: zíj kennen iedereen"),
            (0, "Koppel terug: wat deden we ermee?"),
        ],
    ),
    (
        "Hoe krijgen we het bestuur mee?",
        &[
            (0, "Nodig één schepen uit aan tafel, niet het hele college"),
            (0, "Eerst koffie, dan pas de open brief"),
            (1, "Een brief met 300 handtekeningen opent wél deuren"),
            (0, "Geef cijfers: 7 op 10 gezinnen weten van niets"),
            (0, "Laat bestuurders zelf meelopen"),
            (1, "Een halve dag volstaat; 's morgens is het drukst"),
            (0, "Zoek een ambassadeur in élke fractie"),
            (0, "Spreek over winst & niet over kosten"),
            (1, "Wat wint de burgemeester? <dat> is de vraag"),
            (0, "Hou het kort: 1 A4 = 1 boodschap"),
        ],
    ),
    (
        "Hoe blijft een netwerk levend na de start?",
        &[
            (0, "Een vast ritme: elke derde dinsdag"),
            (1, "En een vast uur, ook in de zomer"),
            (0, "Wissel voorzitter en plaats"),
            (1, "Wie gastheer is, toont zijn project"),
            (0, "Deel mislukkingen: dáár leer je van"),
            (1, "Start elk overleg met “wat liep er mis?”"),
            (0, "Kleine sprints van drie maanden"),
            (1, "Na elke sprint: taart"),
            (1, "Vijf checks: tijd, geld, info, organisatie, kwaliteit"),
            (0, "Eén plek voor alle documenten"),
            (0, "Vier wat lukt"),
            (1, "Foto's op de muur, niet in een map"),
            (0, "Laat mensen ook weer gaan"),
            (1, "Een afscheid is een oogstmoment"),
            (0, "Zorg voor een trekker met tijd: ½ VTE"),
            (1, "Zonder mandaat is een trekker een duwer"),
            (0, "Bewaar wat je leerde vóór je het vergeet"),
        ],
    ),
    (
        "Welke rol speelt een netwerkmedewerker?",
        &[
            (0, "Verbinden is een vak"),
            (1, "Je spreekt drie talen: beleid, praktijk, straat"),
            (1, "Je bent van niemand en dus van iedereen"),
            (1, "Belangen behartigen? Nee: zichtbaar maken"),
            (0, "Bewaak het waarom"),
            (1, "Hang het op: in de zaal, op elke dia"),
            (1, "Vraag bij elke actie: “helpt dit Noor?”"),
            (1, "- of + is geen antwoord; vraag door"),
        ],
    ),
    (
        "Wat doen we de eerste honderd dagen?",
        &[
            (0, "Concrete suggesties:"),
            (0, "Maak een kaart van wie er al is"),
            (0, "Bel elke partner één keer"),
            (0, "Plan het eerste netwerkmoment vóór de krokus"),
            (0, "Kies drie doelen, schrap er twee"),
            (0, "Begin zonder geld: wat kan er morgen al?"),
            (0, "Schrijf een plan in potlood ✏️"),
            (0, "Leg het voor, pas het aan, leg het weer voor"),
            (0, "Deel de pluim: noem wie het deed"),
            (0, "=100 dagen is geen einde, wel een ijkpunt"),
        ],
    ),
];
