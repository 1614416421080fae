//! What leaves the gathering as a file: everything that was typed, and no more of whom it is from
//! than they agreed to. A whole day's is in [`kick_off`](super::kick_off).

use automerge::transaction::Transactable;
use automerge::{AutoCommit, ObjId, ObjType, ROOT};
use oogst_tests::client::{Client, object};
use oogst_tests::day::{Day, Member, text};
use oogst_tests::http::Request;
use oogst_tests::server::Server;
use serde_json::json;
use uuid::Uuid;

/// Somebody at a table, with the harvest open.
async fn seat(server: &Server, day: &Day, member: &Member, group: usize) -> Client {
    Client::find(&server.sync_url(&member.token), &day.groups[group].harvest).await
}

/// One insight of one member, saved.
async fn says(client: &mut Client, position: &str, words: &str, category: Option<&str>) {
    client.edit(|document| {
        let insights = object(document, &ROOT, "insights");
        let item = Uuid::new_v4().to_string();
        let insight = document.put_object(&insights, item, ObjType::Map).unwrap();
        write_text(document, &insight, "text", words);
        document.put(&insight, "position", position).unwrap();
        if let Some(category) = category {
            document.put(&insight, "category", category).unwrap();
        }
    });
    client.saved().await.unwrap();
}

/// The CSV half of row X-10: no cell of the table is a formula, and every text is in it whole.
#[tokio::test(flavor = "multi_thread")]
async fn row_x_10_no_cell_of_the_csv_is_a_formula_and_every_text_is_in_it() {
    const DANGERS: [&str; 7] = [
        "=HYPERLINK(\"http://example.org\",\"klik\")",
        "+32 9 000 00 00",
        "-1+1|cmd",
        "@SUM(1;2)",
        "\t=1+1",
        "samen; =1+1\n=2+2",
        "'s avonds, \"warm\"; ja",
    ];
    let server = Server::start().await;
    let day = Day::open(&server, &["=1+1 is geen vraag"]).await;
    let an = day.join(&server, "=An", 0).await;
    let mut client = seat(&server, &day, &an, 0).await;
    for (place, words) in DANGERS.iter().enumerate() {
        says(&mut client, &format!("a{place}"), words, None).await;
    }
    let answer = day.get(&server, "/export.csv?attribution=name").await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), Some("text/csv; charset=utf-8"));
    let table = answer.text();
    let mut table = csv::Reader::from_reader(table.strip_prefix('\u{feff}').unwrap().as_bytes());
    let rows: Vec<_> = table.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), DANGERS.len());
    for (row, words) in rows.iter().zip(DANGERS) {
        assert!(row.iter().all(|cell| !cell.starts_with(['=', '+', '-', '@', '\t', '\r'])));
        let typed = words.starts_with(['=', '+', '-', '@', '\t', '\'']);
        assert_eq!(row[4].starts_with('\''), typed, "{}", &row[4]);
        let plain: String = row[4].chars().filter(|letter| *letter != '\'').collect();
        assert_eq!(plain, words.replace('\'', ""));
    }
}

/// Row 002-7: what guests bring is marked by what it is, and a report can show it by itself.
#[tokio::test(flavor = "multi_thread")]
async fn row_002_7_the_view_from_outside_is_marked_and_can_stand_apart() {
    let server = Server::start().await;
    let day = Day::open(&server, &["Wie doet er mee?"]).await;
    let an = day.join(&server, "An", 0).await;
    let guest = day.enter(&server, "Gaston", "guest").await;
    day.place(&server, &guest, Some(0)).await;
    let mut inside = seat(&server, &day, &an, 0).await;
    says(&mut inside, "a0", "van de tafel", None).await;
    let mut outside = seat(&server, &day, &guest, 0).await;
    says(&mut outside, "a1", "Wie mist er?", Some("question")).await;
    says(&mut outside, "a2", "Bel hen op", Some("tip")).await;
    says(&mut outside, "a3", "In Gent doen ze het zo", Some("good_example")).await;

    let page = day.get(&server, "/export.html").await.text();
    for mark in ["vraag van buiten", "tip van buiten", "praktijk van buiten"] {
        assert_eq!(page.matches(mark).count(), 1, "{mark}");
    }
    let apart = day.get(&server, "/export.md?outside=apart").await.text();
    let wanted = "# Startdag\n\n## Wie doet er mee?\n\n- van de tafel\n\n### Blik van buiten\n\n\
                  - Wie mist er?\n- Bel hen op\n- In Gent doen ze het zo\n";
    assert_eq!(apart, wanted);
    let model = day.get(&server, "/export.json?outside=apart").await.expect(200);
    let guests = model["groups"][0]["guests_insights"].as_array().unwrap();
    assert!(guests.iter().all(|insight| insight["from_outside"] == true));
    assert_eq!(guests.len(), 3);
}

/// The consent gate of row 002-25: no format names anybody more freely than they agreed to, and
/// who wants to be in nothing that is published is in nothing.
#[tokio::test(flavor = "multi_thread")]
async fn row_002_25_no_export_tells_more_of_anybody_than_they_agreed_to() {
    let server = Server::start().await;
    let day = Day::open(&server, &["Wie doet er mee?"]).await;
    let body = json!({
        "code": day.codes["participant"], "name": "Anneke Ceulemans", "organisation": "Stad Zuid",
    });
    let joined = server.send(Request::new("POST", "/api/join").json(&body)).await.expect(200);
    let an = Member {
        id: text(&joined["participant"]["id"]),
        token: text(&joined["token"]),
        return_code: text(&joined["return_code"]),
    };
    day.place(&server, &an, Some(0)).await;
    let mut client = seat(&server, &day, &an, 0).await;
    says(&mut client, "a0", "Deur aan deur werkt", None).await;

    let told = |format: &'static str, attribution: &'static str| {
        let path = format!("/export.{format}?attribution={attribution}");
        let (day, server) = (&day, &server);
        async move {
            let answer = day.get(server, &path).await;
            assert_eq!(answer.status, 200, "{path}");
            answer.text()
        }
    };
    let formats = ["md", "html", "csv", "json"];
    for (consent, named) in [
        ("group", ["Groep 1", "", "Groep 1"]),
        ("organisation", ["Groep 1", "", "Stad Zuid"]),
        ("name", ["Groep 1", "", "Anneke Ceulemans"]),
    ] {
        agree(&server, &day, &an, consent).await;
        for format in formats {
            for (attribution, named) in ["group", "none", "name"].into_iter().zip(named) {
                let file = told(format, attribution).await;
                assert!(file.contains("Deur aan deur"), "{format}, {attribution}");
                assert!(file.contains(named), "{format}, {attribution}, {consent}: {named}");
                for other in ["Anneke", "Stad Zuid"].iter().filter(|who| !named.contains(**who)) {
                    assert!(!file.contains(*other), "{format}, {attribution}, {consent}: {other}");
                }
            }
        }
    }
    agree(&server, &day, &an, "not").await;
    for format in formats {
        for attribution in ["none", "group", "name"] {
            let file = told(format, attribution).await;
            assert!(!file.contains("Deur aan deur") && !file.contains("Anneke"), "{format}");
        }
    }
    let model = day.get(&server, "/export.json").await.expect(200);
    assert_eq!(model["withheld"], 1, "an export does not hide that it leaves something out");
}

/// The CSV half of row 002-12, on the way out: every stakeholder with what was noted of it, those
/// that are not complete yet too, and no contact data.
#[tokio::test(flavor = "multi_thread")]
async fn row_002_12_a_stakeholder_map_is_a_table_without_contact_data() {
    let server = Server::start().await;
    let day = Day::open(&server, &["Wie doet er mee?"]).await;
    let mut opened = Vec::new();
    for kind in ["stakeholders", "contacts"] {
        let path = format!("/api/gatherings/{}/documents", day.id);
        let body = json!({ "kind": kind });
        let request = Request::new("POST", &path).token(&day.facilitator).json(&body);
        opened.push(text(&server.send(request).await.expect(201)["id"]));
    }
    let [map, contacts] = &opened[..] else { unreachable!("two were opened") };
    let url = server.sync_url(&day.facilitator);
    let mut client = Client::find(&url, map).await;
    let (whole, bare) = (Uuid::new_v4(), Uuid::new_v4());
    client.edit(|document| {
        let all = object(document, &ROOT, "stakeholders");
        for (item, position, organisation) in [(whole, "a", "Buurtwerk"), (bare, "b", "=OCMW")] {
            let stakeholder = document.put_object(&all, item.to_string(), ObjType::Map).unwrap();
            document.put(&stakeholder, "position", position).unwrap();
            write_text(document, &stakeholder, "organisation", organisation);
        }
        let stakeholder = object(document, &all, &whole.to_string());
        document.put(&stakeholder, "level", "local").unwrap();
        write_text(document, &stakeholder, "reached_via", "Bo");
        let wins = document.put_object(&stakeholder, "wins", ObjType::Map).unwrap();
        for (position, words) in [("a", "zalen"), ("b", "vrijwilligers")] {
            let id = Uuid::new_v4().to_string();
            let win = document.put_object(&wins, id, ObjType::Map).unwrap();
            document.put(&win, "position", position).unwrap();
            write_text(document, &win, "text", words);
        }
    });
    client.saved().await.unwrap();
    let mut client = Client::find(&url, contacts).await;
    client.edit(|document| {
        let all = object(document, &ROOT, "contacts");
        let contact = document.put_object(&all, whole.to_string(), ObjType::Map).unwrap();
        write_text(document, &contact, "phone", "0470 00 00 00");
    });
    client.saved().await.unwrap();

    let path = format!("/api/documents/{map}/export.csv");
    let answer = server.send(Request::new("GET", &path).token(&day.facilitator)).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let table = answer.text();
    assert!(!table.contains("0470"));
    let mut table = csv::Reader::from_reader(table.strip_prefix('\u{feff}').unwrap().as_bytes());
    let rows: Vec<_> = table.records().map(Result::unwrap).collect();
    let told: Vec<Vec<&str>> = rows.iter().map(|row| row.iter().collect()).collect();
    assert_eq!((told[0][0], told[0][3], told[0][6]), ("Buurtwerk", "local", "Bo"));
    assert_eq!(told[0][5], "zalen\nvrijwilligers", "several wins a partner");
    assert_eq!((told[1][0], told[1][5], told.len()), ("'=OCMW", "", 2));

    let path = format!("/api/documents/{}/export.csv", day.groups[0].harvest);
    let request = Request::new("GET", &path).token(&day.facilitator);
    assert_eq!(server.send(request).await.status, 409, "a harvest goes with its gathering");
}

fn write_text(document: &mut AutoCommit, object: &ObjId, key: &str, words: &str) {
    let body = document.put_object(object, key, ObjType::Text).unwrap();
    document.splice_text(&body, 0, 0, words).unwrap();
}

async fn agree(server: &Server, day: &Day, who: &Member, publish: &str) {
    let path = format!("/api/gatherings/{}/consent", day.id);
    let request = Request::new("PUT", &path).token(&who.token).json(&json!({ "publish": publish }));
    server.send(request).await.expect(200);
}
