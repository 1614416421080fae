//! Rows about what is kept beside documents, and about taking a gathering elsewhere.

use std::collections::BTreeSet;
use std::path::Path;

use automerge::ROOT;
use automerge::transaction::Transactable;
use base64::Engine;
use oogst_tests::chance::Chance;
use oogst_tests::client::{Client, object};
use oogst_tests::day::{Day, text};
use oogst_tests::http::Request;
use oogst_tests::photo::{self, LOCATION};
use oogst_tests::server::{OPERATOR_KEY, Server};
use oogst_tests::wait::until;
use oogst_tests::writers::{Ledger, Writers, kept, room};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::archives::run;
use crate::files::{add, read};

/// Goal: two phones without a signal take notes and a photo on a visit; with the signal both come
/// together, and nobody learns where the photo was made.
#[tokio::test(flavor = "multi_thread")]
async fn row_003_6_notes_and_photos_taken_without_a_signal_merge_and_say_no_place() {
    let server = Server::start().await;
    let day = Day::open(&server, &["Wat zien we hier?"]).await;
    let (an, bo) = (day.join(&server, "An", 0).await, day.join(&server, "Bo", 0).await);
    let harvest = &day.groups[0].harvest;
    let mut phones = Vec::new();
    for member in [&an, &bo] {
        phones.push(Client::find(&server.sync_url(&member.token), harvest).await);
    }
    for (phone, notes) in phones.iter_mut().zip([["Hek staat open", "Kinderen"], ["Bus", "Fiets"]])
    {
        phone.leave().await;
        for note in notes {
            phone.add(note);
        }
    }
    for phone in &mut phones {
        phone.connect().await.unwrap();
        phone.saved().await.unwrap();
    }
    let heads = phones[1].document.get_heads();
    phones[0].reach(&heads).await.unwrap();
    let wanted = BTreeSet::from(["Hek staat open", "Kinderen", "Bus", "Fiets"].map(str::to_owned));
    let shown: BTreeSet<String> = phones[0].texts().into_iter().collect();
    assert_eq!(shown, wanted);

    let sent = photo::jpeg_with_location(640, 480);
    let holds = |bytes: &[u8]| bytes.windows(LOCATION.len()).any(|at| at == LOCATION.as_bytes());
    assert!(holds(&sent), "the phone says where it was");
    let added = add(&server, &day, &an.token, harvest, sent).await.expect(201);
    assert_eq!((&added["width"], &added["height"]), (&480.into(), &640.into()), "upright");
    let served = read(&server, &bo.token, &text(&added["id"])).await;
    assert_eq!(served.status, 200);
    assert_eq!(served.header("content-type"), Some("image/jpeg"));
    assert!(!holds(&served.body) && !served.body.windows(4).any(|at| at == b"Exif"));
    let upright = image::load_from_memory(&served.body).unwrap().to_luma8();
    let (top, bottom) = (upright.get_pixel(240, 20).0[0], upright.get_pixel(240, 620).0[0]);
    assert!(top < 60 && bottom > 190, "turned as the camera was held: {top} {bottom}");
    let lines = day.events(&server).await;
    let line = lines.iter().find(|line| line["type"] == "file.added").unwrap();
    assert_eq!(
        (&line["document"], &line["participant"]["name"]),
        (&added["document"], &"An".into())
    );
    for phone in &mut phones {
        phone.leave().await;
    }
    // What is on the disk is what is served: the original is nowhere.
    let data = server.data().join("files").join(&day.id).join(text(&added["id"]));
    assert_eq!(std::fs::read(data).unwrap(), served.body);
    let elsewhere = Request::new("GET", &format!("/api/files/{}", text(&added["document"])));
    assert_eq!(server.send(elsewhere.token(&an.token)).await.status, 404);
}

/// What the `restore` of a file prints, in a data directory that is made by it.
fn restored(data: &Path, file: &Path) -> String {
    let output = run("restore", data, Some(file));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The line that says what a data directory holds, of all its gatherings together.
fn state_of(printed: &str) -> &str {
    printed.lines().find_map(|line| line.strip_prefix("state ")).unwrap()
}

/// What a gathering shows to the operator. The wall as it was after the newest event: what is still
/// being typed is told by the event's clock then, not by the test's.
async fn shown(server: &Server, day: &Day) -> [String; 4] {
    let token = OPERATOR_KEY;
    let mut shown = Vec::new();
    let path = format!("/api/gatherings/{}", day.id);
    let seen = server.send(Request::new("GET", &path).token(token)).await.expect(200);
    let wall = format!("/wall?at={}", seen["seq"]);
    for below in [wall.as_str(), "/export.md", "/events?limit=10000"] {
        let path = format!("/api/gatherings/{}{below}", day.id);
        let answer = server.send(Request::new("GET", &path).token(token)).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        shown.push(answer.text());
    }
    let mut documents = String::new();
    for group in &day.groups {
        let path = format!("/api/documents/{}", group.harvest);
        documents += &server.send(Request::new("GET", &path).token(token)).await.text();
    }
    let [wall, markdown, events] = shown.try_into().unwrap();
    [wall, markdown, events, documents]
}

/// Goal: a gathering goes on elsewhere as if nothing had been: same heads, same wall, same exports,
/// and who was offline meanwhile loses nothing. Method: archive, wipe, restore, compare.
#[tokio::test(flavor = "multi_thread")]
async fn row_x_10_an_archive_is_the_same_gathering_elsewhere() {
    let mut chance = Chance::of("row_x_10_an_archive_is_the_same_gathering_elsewhere");
    let mut server = Server::start().await;
    let day = Day::open(&server, &["Hoe bereiken we iedereen?", "Wat kost het?"]).await;
    let ledger = Ledger::default();
    let clients = room(&server, &day, 2, &ledger).await;
    let writers = Writers::start(clients, &mut chance);
    until("there is something to take along", || async { (ledger.count() > 60).then_some(()) })
        .await;
    let mut clients = writers.gather().await;
    for client in &mut clients {
        client.saved().await.unwrap();
        client.leave().await;
    }
    let an = day.join(&server, "An Peeters", 0).await;
    let image = photo::jpeg_with_location(640, 480);
    let file = add(&server, &day, &an.token, &day.groups[0].harvest, image).await.expect(201);
    day.freeze(&server, 1, true).await;
    let conducts = server.sync_url(&day.facilitator);
    let mut laptop = Client::find(&conducts, &day.groups[0].harvest).await;
    laptop.settled().await.unwrap();
    laptop.leave().await;
    let before = shown(&server, &day).await;
    let picture = read(&server, &an.token, &text(&file["id"])).await.body;

    let path = format!("/api/gatherings/{}/archive", day.id);
    let refused = server.send(Request::new("GET", &path).token(&an.token)).await;
    assert_eq!(refused.status, 403, "{}", refused.text());
    let archive = day.get(&server, "/archive").await;
    assert_eq!(archive.status, 200);
    for secret in [&an.token, &an.return_code, &day.facilitator, &text(&day.codes["guest"])] {
        assert!(!archive.text().contains(secret.as_str()), "nobody gets in by an archive");
    }
    let offline = laptop.add("Geschreven toen er geen server was");
    server.kill().await;
    let folder = TempDir::new().unwrap();
    let (kept, data) = (folder.path().join("dag.jsonl"), folder.path().join("data"));
    std::fs::write(&kept, &archive.body).unwrap();
    std::fs::remove_dir_all(server.data()).unwrap();

    let printed = restored(&data, &kept);
    let again = run("restore", &data, Some(&kept));
    assert_eq!(again.status.code(), Some(1), "it is here already");
    let verified = run("verify", &data, None);
    let verified = String::from_utf8(verified.stdout).unwrap();
    assert_eq!(state_of(&verified), state_of(&printed));

    let elsewhere = Server::on(&data).await;
    assert_eq!(shown(&elsewhere, &day).await, before);
    let words = printed.lines().find_map(|line| line.split_once("comes back with: ")).unwrap().1;
    let body = json!({ "return_code": words.trim() });
    let back = elsewhere.send(Request::new("POST", "/api/return").json(&body)).await.expect(200);
    let facilitator = text(&back["token"]);
    assert_eq!(read(&elsewhere, &facilitator, &text(&file["id"])).await.body, picture);
    laptop.redirect(&elsewhere.sync_url(&facilitator));
    laptop.connect().await.unwrap();
    laptop.saved().await.unwrap();
    let path = format!("/api/documents/{}", day.groups[0].harvest);
    let harvest = elsewhere.send(Request::new("GET", &path).token(&facilitator)).await.expect(200);
    assert!(harvest["insights"][offline.to_string()].is_object(), "what waited has arrived");
    laptop.leave().await;
    let code = printed.lines().find_map(|line| line.trim().strip_prefix("participants: ")).unwrap();
    let body = json!({ "code": code, "name": "Nieuw" });
    elsewhere.send(Request::new("POST", "/api/join").json(&body)).await.expect(200);
}

/// Goal: a backup that is made while eight people write holds all that was acknowledged before it
/// began, and what is restored from it goes on for the same devices.
#[tokio::test(flavor = "multi_thread")]
async fn row_x_8_a_backup_of_a_server_at_work_holds_every_acknowledged_edit() {
    let mut chance =
        Chance::of("row_x_8_a_backup_of_a_server_at_work_holds_every_acknowledged_edit");
    let mut server = Server::start().await;
    let day = Day::open(&server, &["Een", "Twee", "Drie", "Vier"]).await;
    let other = Day::open(&server, &["Elders"]).await;
    let ledger = Ledger::default();
    let writers = Writers::start(room(&server, &day, 2, &ledger).await, &mut chance);
    until("eight people are writing", || async { (ledger.count() > 80).then_some(()) }).await;
    let promises = ledger.entries();
    let ask = |token: &str| server.send(Request::new("GET", "/api/backup").token(token));
    assert_eq!(ask(&day.facilitator).await.status, 403);
    let backup = ask(OPERATOR_KEY).await;
    assert_eq!(backup.status, 200);
    let at_the_end = ledger.count();
    until("they went on", || async { (ledger.count() > at_the_end).then_some(()) }).await;
    let mut clients = writers.gather().await;

    let folder = TempDir::new().unwrap();
    let place = |name: &str| folder.path().join(name);
    std::fs::write(place("live.jsonl"), &backup.body).unwrap();
    let printed = restored(&place("drill"), &place("live.jsonl"));
    let mut drill = Server::on(&place("drill")).await;
    kept(&drill, &day, &promises).await;
    let further = Ledger::default();
    for (place, client) in clients.iter_mut().enumerate() {
        client.leave().await;
        // The same token, on the other server; two writers sat in each group.
        let url = client.url().replace(&server.address.to_string(), &drill.address.to_string());
        let mut again = Client::find(&url, &day.groups[place / 2].harvest).await;
        again.ledger = further.clone();
        again.add("Verder op de andere server");
        again.saved().await.unwrap();
        again.leave().await;
    }
    kept(&drill, &day, &further.entries()).await;
    assert_eq!(further.count(), clients.len());
    assert_eq!(other.get(&drill, "/wall").await.status, 200, "every gathering is there");
    drill.kill().await;
    assert_eq!(printed.lines().filter(|line| line.contains("heads ")).count(), 2);

    // The same with the server stopped: the file, what is restored and what is there say the same.
    server.stop().await;
    let stopped = run("backup", server.data(), Some(&place("stopped.jsonl")));
    let stopped = String::from_utf8(stopped.stdout).unwrap();
    let verified = run("verify", server.data(), None);
    let verified = String::from_utf8(verified.stdout).unwrap();
    let printed = restored(&place("again"), &place("stopped.jsonl"));
    assert_eq!(state_of(&printed), state_of(&stopped));
    assert_eq!(state_of(&printed), state_of(&verified));
    assert_eq!(run("backup", server.data(), Some(&place("stopped.jsonl"))).status.code(), Some(1));
}

/// In an intervision's title and case.
const CANARY: &str = "kanarie-4402";

/// All that an archive holds, also what stands in it as base 64.
fn holds(archive: &[u8], what: &str) -> bool {
    let engine = &base64::engine::general_purpose::STANDARD;
    let found = |bytes: &[u8]| bytes.windows(what.len()).any(|at| at == what.as_bytes());
    let lines = archive.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    let mut lines = lines.map(|line| serde_json::from_slice::<Value>(line).unwrap());
    found(archive)
        || lines.any(|line| {
            let bytes = line["record"].as_str().or(line["bytes"].as_str());
            bytes.is_some_and(|text| found(&engine.decode(text).unwrap()))
        })
}

/// Goal: what is said in a room goes nowhere with an archive, whoever asks for it, and the rest of
/// the gathering is none the worse; a backup has it, for its room alone.
#[tokio::test(flavor = "multi_thread")]
async fn row_i_3_an_archive_holds_no_intervision() {
    let mut server = Server::start().await;
    let day = Day::open(&server, &["Samen"]).await;
    let an = day.join(&server, "An", 0).await;
    let path = format!("/api/gatherings/{}/documents", day.id);
    let owner = json!({ "kind": "group", "id": day.groups[0].id });
    let body = json!({ "kind": "intervision", "owner": owner, "title": CANARY });
    let open = Request::new("POST", &path).token(&an.token).json(&body);
    let intervision = text(&server.send(open).await.expect(201)["id"]);
    let mut room = Client::find(&server.sync_url(&an.token), &intervision).await;
    room.edit(|document| {
        let case = object(document, &ROOT, "case");
        document.splice_text(&case, 0, 0, CANARY).unwrap();
    });
    room.saved().await.unwrap();
    room.leave().await;
    let image = photo::jpeg_with_location(64, 48);
    let photo = add(&server, &day, &an.token, &intervision, image).await.expect(201);
    let mut table = Client::find(&server.sync_url(&an.token), &day.groups[0].harvest).await;
    table.add("Wat iedereen mag weten");
    table.saved().await.unwrap();
    table.leave().await;
    let before = shown(&server, &day).await;

    let folder = TempDir::new().unwrap();
    let place = |name: &str| folder.path().join(name);
    let archive = format!("/api/gatherings/{}/archive", day.id);
    for token in [day.facilitator.as_str(), OPERATOR_KEY] {
        let made = server.send(Request::new("GET", &archive).token(token)).await;
        assert_eq!(made.status, 200);
        for secret in [CANARY, intervision.as_str(), photo["id"].as_str().unwrap()] {
            assert!(!holds(&made.body, secret), "{secret}");
        }
        std::fs::write(place("archive"), &made.body).unwrap();
    }
    let backup = server.send(Request::new("GET", "/api/backup").token(OPERATOR_KEY)).await.body;
    assert!(holds(&backup, CANARY), "a backup is all that there is");
    std::fs::write(place("backup"), &backup).unwrap();
    server.kill().await;

    let printed = restored(&place("elsewhere"), &place("archive"));
    assert!(printed.contains("events were left out of the archive"), "{printed}");
    let elsewhere = Server::on(&place("elsewhere")).await;
    let [wall, markdown, _, documents] = shown(&elsewhere, &day).await;
    assert_eq!((&markdown, &documents), (&before[1], &before[3]));
    let insights = |wall: &str| serde_json::from_str::<Value>(wall).unwrap()["groups"][0].clone();
    assert_eq!(insights(&wall)["insights"], insights(&before[0])["insights"]);
    for path in
        [format!("/api/documents/{intervision}"), format!("/api/files/{}", text(&photo["id"]))]
    {
        let gone = elsewhere.send(Request::new("GET", &path).token(OPERATOR_KEY)).await;
        assert_eq!(gone.status, 404, "{path}");
    }
    restored(&place("again"), &place("backup"));
    let again = Server::on(&place("again")).await;
    let path = format!("/api/documents/{intervision}");
    let own = again.send(Request::new("GET", &path).token(&an.token)).await.expect(200);
    assert_eq!(own["case"], CANARY);
}
