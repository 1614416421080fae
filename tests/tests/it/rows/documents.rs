//! Documents of every kind, as people write in them together: over real sockets.

mod plans;

use automerge::transaction::Transactable;
use automerge::{AutoCommit, ObjId, ObjType, ROOT, ReadDoc};
use oogst_tests::client::{Client, object};
use oogst_tests::day::{Day, Member, text};
use oogst_tests::http::Request;
use oogst_tests::server::Server;
use serde_json::{Value, json};
use uuid::Uuid;

/// The gathering's document of a kind, opened by the facilitator where there is none yet.
async fn opened(server: &Server, day: &Day, kind: &str) -> String {
    let gathering = day.get(server, "").await.expect(200);
    let mut documents = gathering["documents"].as_array().unwrap().iter();
    if let Some(there) = documents.find(|document| document["kind"] == kind) {
        return text(&there["id"]);
    }
    let path = format!("/api/gatherings/{}/documents", day.id);
    let request = Request::new("POST", &path).token(&day.facilitator);
    let document = server.send(request.json(&json!({ "kind": kind }))).await.expect(201);
    text(&document["id"])
}

async fn client(server: &Server, member: &Member, document: &str) -> Client {
    Client::find(&server.sync_url(&member.token), document).await
}

/// The document as the server shows it, now or right after an event.
async fn shown(server: &Server, day: &Day, document: &str, at: Option<u64>) -> Value {
    let at = at.map_or_else(String::new, |seq| format!("?at={seq}"));
    let path = format!("/api/documents/{document}{at}");
    server.send(Request::new("GET", &path).token(&day.facilitator)).await.expect(200)
}

/// The lines of one type, oldest first.
async fn told(server: &Server, day: &Day, kind: &str) -> Vec<Value> {
    let lines = day.events(server).await;
    lines.into_iter().filter(|line| line["type"] == kind).collect()
}

/// The map that the keys lead to, made where it is not there yet.
fn at(doc: &mut AutoCommit, path: &[&str]) -> ObjId {
    path.iter().fold(ROOT, |map, key| match doc.get(&map, *key).unwrap() {
        Some((_, inner)) => inner,
        None => doc.put_object(&map, *key, ObjType::Map).unwrap(),
    })
}

/// Writes texts under keys, as phones do: each a text that others can type in.
fn write(doc: &mut AutoCommit, map: &ObjId, texts: &[(&str, &str)]) {
    for (key, words) in texts {
        let text = doc.put_object(map, *key, ObjType::Text).unwrap();
        doc.splice_text(&text, 0, 0, words).unwrap();
    }
}

/// Opened, and one person of each name at the first table.
async fn table(names: &[&str]) -> (Server, Day, Vec<Member>) {
    let server = Server::start().await;
    let day = Day::open(&server, &["Wie doet er mee?"]).await;
    let mut members = Vec::new();
    for name in names {
        members.push(day.join(&server, name, 0).await);
    }
    (server, day, members)
}

#[tokio::test(flavor = "multi_thread")]
async fn row_002_2_a_card_of_introduction_is_written_by_its_owner_alone() {
    let (server, day, members) = table(&["An", "Bo"]).await;
    let cards = opened(&server, &day, "introductions").await;
    let (an, bo) = (&members[0], &members[1]);
    let mut ans = client(&server, an, &cards).await;
    ans.edit(|doc| {
        let card = at(doc, &["cards", &an.id]);
        let texts = [
            ("organisation", "Stad Gent"),
            ("on_my_plate", "Een plan voor het park"),
            ("my_questions", "Wie nodigen we uit?"),
        ];
        write(doc, &card, &texts);
    });
    ans.saved().await.unwrap();
    let wanted = shown(&server, &day, &cards, None).await;
    assert_eq!(wanted["cards"][&an.id]["on_my_plate"], "Een plan voor het park");

    // Bo reads it, and writes his own; hers he cannot, nor can the facilitator.
    let mut bos = client(&server, bo, &cards).await;
    bos.reach(&ans.document.get_heads()).await.unwrap();
    let facilitator =
        Member { id: String::new(), token: day.facilitator.clone(), return_code: String::new() };
    let mut theirs = client(&server, &facilitator, &cards).await;
    theirs.reach(&ans.document.get_heads()).await.unwrap();
    for other in [&mut bos, &mut theirs] {
        let before = other.document.clone();
        other.edit(|doc| {
            let card = at(doc, &["cards", &an.id]);
            let typed = object(doc, &card, "on_my_plate");
            doc.splice_text(&typed, 0, 0, "Niet ").unwrap();
        });
        other.speak().await;
        let end = other.line().end().await;
        assert_eq!(end.code, Some(1008), "{end:?}");
        other.document = before.clone().with_actor(automerge::ActorId::random());
        other.waiting.clear();
    }
    assert_eq!(shown(&server, &day, &cards, None).await, wanted);
    bos.connect().await.unwrap();
    bos.edit(|doc| {
        let card = at(doc, &["cards", &bo.id]);
        write(doc, &card, &[("bring", "Een verhaal")]);
    });
    bos.saved().await.unwrap();
    let told = told(&server, &day, "introduction.edited").await;
    let by: Vec<_> = told.iter().map(|line| line["participant"]["name"].clone()).collect();
    assert_eq!(by, ["An", "Bo"]);
    assert_eq!(told[1]["item"], json!(bo.id), "whose card it is");
    assert_eq!(told[1]["excerpt"], "Een verhaal");
}

#[tokio::test(flavor = "multi_thread")]
async fn row_002_5_earlier_wordings_stay_and_the_chosen_one_bears_the_groups_consent() {
    let (server, day, members) = table(&["An", "Bo", "Cas"]).await;
    let harvest = &day.groups[0].harvest;
    let mut phones = Vec::new();
    for member in &members {
        phones.push(client(&server, member, harvest).await);
    }
    let wordings = ["Hoe raken we meer mensen?", "Hoe raken we wie we nooit zien?"];
    let ids = wordings.map(|_| Uuid::new_v4().to_string());
    for (phone, (id, words)) in phones.iter_mut().zip(ids.iter().zip(wordings)) {
        phone.edit(|doc| {
            let wording = at(doc, &["wordings", id]);
            write(doc, &wording, &[("text", words)]);
            // Whoever makes an item makes its maps: of two made at once clients show one.
            doc.put_object(&wording, "consents", ObjType::Map).unwrap();
        });
        phone.saved().await.unwrap();
    }
    let both: Vec<_> =
        phones[..2].iter_mut().flat_map(|phone| phone.document.get_heads()).collect();
    for (phone, member) in phones.iter_mut().zip(&members) {
        phone.reach(&both).await.unwrap();
        phone.edit(|doc| {
            let consents = at(doc, &["wordings", &ids[1], "consents"]);
            doc.put(&consents, member.id.as_str(), true).unwrap();
        });
        phone.saved().await.unwrap();
    }
    phones[2].edit(|doc| {
        doc.put(ROOT, "chosen", ids[1].as_str()).unwrap();
        write(doc, &ROOT, &[("question", wordings[1])]);
    });
    phones[2].saved().await.unwrap();

    let now = shown(&server, &day, harvest, None).await;
    assert_eq!((&now["chosen"], &now["question"]), (&json!(ids[1]), &json!(wordings[1])));
    assert_eq!(now["wordings"][&ids[0]]["text"], wordings[0], "the earlier one is kept");
    let given = now["wordings"][&ids[1]]["consents"].as_object().unwrap();
    assert!(members.iter().all(|member| given[&member.id] == true), "{given:?}");
    let chosen = told(&server, &day, "wording.chosen").await;
    let before = chosen[0]["seq"].as_u64().unwrap() - 1;
    let before = shown(&server, &day, harvest, Some(before)).await;
    assert_eq!(before["question"], "Wie doet er mee?", "and what it was is there to read");
    assert_eq!(told(&server, &day, "wording.proposed").await.len(), 2);
    assert_eq!(told(&server, &day, "wording.consented").await.len(), 3);
    assert_eq!(day.wall(&server).await["groups"][0]["question"], wordings[1]);
}

/// Two who note the first win of a partner, each without having heard of the other, both make the
/// map of wins. Clients show one of the two, and so does the document; the table holds both.
#[tokio::test(flavor = "multi_thread")]
async fn what_two_make_at_once_under_one_key_is_united_in_what_is_made_of_it() {
    let (server, day, members) = table(&["An", "Bo"]).await;
    let map = opened(&server, &day, "stakeholders").await;
    let mut phones = Vec::new();
    for member in &members {
        phones.push(client(&server, member, &map).await);
    }
    let partner = Uuid::new_v4().to_string();
    phones[0].edit(|doc| {
        let partner = at(doc, &["stakeholders", &partner]);
        write(doc, &partner, &[("organisation", "Buurtwerk")]);
    });
    phones[0].saved().await.unwrap();
    let heads = phones[0].document.get_heads();
    phones[1].reach(&heads).await.unwrap();
    for (phone, words) in phones.iter_mut().zip(["zalen", "vrijwilligers"]) {
        phone.leave().await;
        phone.edit(|doc| {
            let win = Uuid::new_v4().to_string();
            let win = at(doc, &["stakeholders", &partner, "wins", &win]);
            write(doc, &win, &[("text", words)]);
        });
    }
    for phone in &mut phones {
        phone.connect().await.unwrap();
        phone.saved().await.unwrap();
    }
    let now = shown(&server, &day, &map, None).await;
    let wins = now["stakeholders"][&partner]["wins"].as_object().unwrap();
    assert_eq!(wins.len(), 1, "what clients have before them");
    let path = format!("/api/documents/{map}/export.csv");
    let table = server.send(Request::new("GET", &path).token(&day.facilitator)).await.text();
    assert!(table.contains("zalen") && table.contains("vrijwilligers"), "{table}");
}

#[tokio::test(flavor = "multi_thread")]
async fn row_002_12_seven_phones_edit_one_stakeholder_map_at_once_and_nothing_is_lost() {
    let names = ["An", "Bo", "Cas", "Dirk", "Els", "Fatma", "Gus"];
    let (server, day, members) = table(&names).await;
    let map = opened(&server, &day, "stakeholders").await;
    let shared = Uuid::new_v4().to_string();
    let mut phones = Vec::new();
    for member in &members {
        phones.push(client(&server, member, &map).await);
    }
    phones[0].edit(|doc| {
        let row = at(doc, &["stakeholders", &shared]);
        write(doc, &row, &[("organisation", "Bib"), ("next_step", "bellen")]);
        doc.put_object(&row, "wins", ObjType::Map).unwrap();
    });
    phones[0].saved().await.unwrap();
    let begun = phones[0].document.get_heads();
    for phone in &mut phones {
        phone.reach(&begun).await.unwrap();
    }
    // All at once, nobody hears of the others: in the shared row, and each a row of their own,
    // as complete as they know it.
    for (phone, name) in phones.iter_mut().zip(names) {
        phone.edit(|doc| {
            let row = at(doc, &["stakeholders", &shared]);
            let step = object(doc, &row, "next_step");
            let end = doc.length(&step);
            doc.splice_text(&step, end, 0, &format!(", {name}")).unwrap();
            let wins = at(doc, &["stakeholders", &shared, "wins"]);
            let win = doc.put_object(&wins, Uuid::new_v4().to_string(), ObjType::Map).unwrap();
            write(doc, &win, &[("text", &format!("wat {name} ziet"))]);
        });
        phone.edit(|doc| {
            let row = Uuid::new_v4().to_string();
            let row = at(doc, &["stakeholders", &row]);
            write(doc, &row, &[("organisation", &format!("Vereniging van {name}"))]);
        });
    }
    for phone in &mut phones {
        phone.saved().await.unwrap();
    }
    let heads: Vec<_> = phones.iter_mut().flat_map(|phone| phone.document.get_heads()).collect();
    for phone in &mut phones {
        phone.reach(&heads).await.unwrap();
    }
    let now = shown(&server, &day, &map, None).await;
    let rows = now["stakeholders"].as_object().unwrap();
    assert_eq!(rows.len(), 1 + names.len());
    let step = text(&rows[&shared]["next_step"]);
    for name in names {
        assert!(step.contains(&format!(", {name}")), "{step}");
        let own = format!("Vereniging van {name}");
        assert!(rows.values().any(|row| row["organisation"] == own), "{own}");
    }
    for phone in &phones {
        let rows = object(&phone.document, &ROOT, "stakeholders");
        assert_eq!(phone.document.keys(&rows).count(), 1 + names.len());
    }
    let added = told(&server, &day, "stakeholder.added").await;
    assert_eq!(added.len(), 1 + names.len());
    let edited = told(&server, &day, "stakeholder.edited").await;
    let wins = rows[&shared]["wins"].as_object().unwrap();
    for name in names {
        let wanted = format!("wat {name} ziet");
        assert!(wins.values().any(|win| win["text"] == wanted), "{wanted}");
        assert!(edited.iter().any(|line| line["excerpt"] == wanted), "{wanted}");
    }
}

/// Contact data is the core group's: the same id is unknown to everybody else.
#[tokio::test(flavor = "multi_thread")]
async fn row_002_12_contact_data_is_hidden_outside_the_core_group() {
    let (server, day, members) = table(&["An", "Bo"]).await;
    let contacts = opened(&server, &day, "contacts").await;
    let (an, bo) = (&members[0], &members[1]);
    let read = async |member: &Member| {
        let path = format!("/api/documents/{contacts}");
        server.send(Request::new("GET", &path).token(&member.token)).await.status
    };
    assert_eq!((read(an).await, read(bo).await), (404, 404));
    day.put(&server, bo, &day.facilitator, &json!({ "role": "core_group" })).await.expect(200);
    let mut bos = client(&server, bo, &contacts).await;
    let stakeholder = Uuid::new_v4().to_string();
    bos.edit(|doc| {
        let contact = at(doc, &["contacts", &stakeholder]);
        write(doc, &contact, &[("name", "Mevr. Claes"), ("email", "claes@example.org")]);
    });
    bos.saved().await.unwrap();
    assert_eq!((read(an).await, read(bo).await), (404, 200));
    let lines = day.events(&server).await;
    assert!(lines.iter().any(|line| line["type"] == "contact.edited"));
    let all = json!(lines).to_string();
    assert!(!all.contains("Claes") && !all.contains(&stakeholder), "no content, and not whose");
}

#[tokio::test(flavor = "multi_thread")]
async fn row_002_13_a_partner_has_several_wins_and_engagement_has_a_history() {
    let (server, day, members) = table(&["An"]).await;
    let map = opened(&server, &day, "stakeholders").await;
    let mut phone = client(&server, &members[0], &map).await;
    let row = Uuid::new_v4().to_string();
    phone.edit(|doc| {
        let stakeholder = at(doc, &["stakeholders", &row]);
        write(doc, &stakeholder, &[("organisation", "Woonmaatschappij")]);
        for win in ["minder klachten", "trotse bewoners", "zichtbaarheid"] {
            let item = at(doc, &["stakeholders", &row, "wins", &Uuid::new_v4().to_string()]);
            write(doc, &item, &[("text", win)]);
        }
    });
    phone.saved().await.unwrap();
    let steps = ["informed", "supporter", "ambassador", "partner", "core"];
    for level in steps {
        phone.edit(|doc| {
            let engagement = at(doc, &["stakeholders", &row, "engagement"]);
            doc.put(&engagement, "level", level).unwrap();
            doc.put(&engagement, "since", "2023-10-10").unwrap();
        });
        phone.saved().await.unwrap();
    }
    let now = shown(&server, &day, &map, None).await;
    assert_eq!(now["stakeholders"][&row]["wins"].as_object().unwrap().len(), 3);
    // The history: each step is an event, and the document is there as it was right after it.
    let engaged = told(&server, &day, "stakeholder.engaged").await;
    let mut history = Vec::new();
    for line in &engaged {
        assert_eq!((&line["item"], &line["participant"]["name"]), (&json!(row), &json!("An")));
        let then = shown(&server, &day, &map, line["seq"].as_u64()).await;
        history.push(text(&then["stakeholders"][&row]["engagement"]["level"]));
    }
    assert_eq!(history, steps);
}

#[tokio::test(flavor = "multi_thread")]
async fn row_002_10_an_item_in_its_own_language_has_its_translation_beside_it() {
    let (server, day, members) = table(&["Olena", "Bo"]).await;
    let harvest = &day.groups[0].harvest;
    let (mut olena, mut bo) =
        (client(&server, &members[0], harvest).await, client(&server, &members[1], harvest).await);
    let (item, words) = (Uuid::new_v4().to_string(), "Починайте з малого");
    olena.edit(|doc| {
        let insight = at(doc, &["insights", &item]);
        write(doc, &insight, &[("text", words)]);
        doc.put(&insight, "language", "uk").unwrap();
    });
    olena.saved().await.unwrap();
    bo.reach(&olena.document.get_heads()).await.unwrap();
    bo.edit(|doc| {
        let dutch = at(doc, &["insights", &item, "translations", "nl"]);
        write(doc, &dutch, &[("text", "Begin klein")]);
        doc.put(&dutch, "by", "person").unwrap();
        doc.put(&dutch, "author", members[1].id.as_str()).unwrap();
    });
    bo.saved().await.unwrap();
    let now = shown(&server, &day, harvest, None).await;
    let insight = &now["insights"][&item];
    assert_eq!((&insight["text"], &insight["language"]), (&json!(words), &json!("uk")));
    let wanted = json!({ "text": "Begin klein", "by": "person", "author": members[1].id });
    assert_eq!(insight["translations"]["nl"], wanted);
    let translated = told(&server, &day, "insight.translated").await;
    assert_eq!(translated[0]["state"]["text"], words, "the original stays what it was");
}
