//! Archives that are no archives: refused, and nothing is done.

use std::path::Path;
use std::process::{Command, Output};

use automerge::transaction::Transactable;
use automerge::{ObjType, ROOT};
use oogst_protocol::ids::DocumentId;
use oogst_server::archive::{ArchiveError, check};
use oogst_tests::chance::Chance;
use oogst_tests::client::{Client, object};
use oogst_tests::day::{Day, text};
use oogst_tests::http::Request;
use oogst_tests::photo;
use oogst_tests::server::{Server, program};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use crate::files::add;

/// Runs a command of the program on a data directory, to its end.
pub(crate) fn run(command: &str, data: &Path, file: Option<&Path>) -> Output {
    Command::new(program()).arg(command).args(file).arg("--data").arg(data).output().unwrap()
}

/// The archive of a day on which something happened, line by line.
async fn lines() -> Vec<Value> {
    let server = Server::start().await;
    let day = Day::open(&server, &["Een"]).await;
    let an = day.join(&server, "An", 0).await;
    let mut client = Client::find(&server.sync_url(&an.token), &day.groups[0].harvest).await;
    for text in ["Een", "Twee", "Drie"] {
        client.add(text);
        client.saved().await.unwrap();
    }
    client.leave().await;
    let image = photo::jpeg_with_location(64, 48);
    add(&server, &day, &an.token, &day.groups[0].harvest, image).await.expect(201);
    let archive = day.get(&server, "/archive").await.text();
    archive.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// As a file, with the end that belongs to it.
fn sealed(lines: &[Value]) -> Vec<u8> {
    let told: String = lines[..lines.len() - 1].iter().map(|line| format!("{line}\n")).collect();
    let sum: String = Sha256::digest(&told).iter().map(|byte| format!("{byte:02x}")).collect();
    let end = json!({ "line": "end", "lines": lines.len() - 1, "sha256": sum });
    format!("{told}{end}\n").into_bytes()
}

fn place(lines: &[Value], line: &str) -> usize {
    lines.iter().position(|found| found["line"] == line).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_that_was_cut_or_touched_is_refused_and_leaves_nothing() {
    let mut chance = Chance::of("an_archive_that_was_cut_or_touched");
    let whole = sealed(&lines().await);
    assert_eq!(check(&whole[..]).unwrap().gatherings.len(), 1);
    for _ in 0..60 {
        let at = usize::try_from(chance.below(whole.len() as u64)).unwrap();
        assert!(check(&whole[..at]).is_err(), "cut at {at}");
        let mut touched = whole.clone();
        touched[at] ^= 1;
        assert!(check(&touched[..]).is_err(), "byte {at}");
    }
    let twice = [whole.as_slice(), whole.as_slice()].concat();
    assert!(check(&twice[..]).is_err());
    let folder = TempDir::new().unwrap();
    let (file, data) = (folder.path().join("cut"), folder.path().join("data"));
    std::fs::write(&file, &whole[..whole.len() - 1]).unwrap();
    let output = run("restore", &data, Some(&file));
    let words = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), words.lines().count()), (Some(1), 1), "{words}");
    assert!(!data.exists(), "nothing was done");
}

/// Goal: who makes an archive themselves, with a right sum, gets nothing past the server's rules.
#[tokio::test(flavor = "multi_thread")]
async fn an_archive_that_was_forged_is_refused() {
    let lines = lines().await;
    let refused = |what: &str, forge: &dyn Fn(&mut Vec<Value>)| {
        let mut forged = lines.clone();
        forge(&mut forged);
        let fault = check(&sealed(&forged)[..]).unwrap_err();
        println!("{what}: {fault}");
        fault
    };
    let (gathering, person) = (place(&lines, "gathering"), place(&lines, "person"));
    let (event, file) = (place(&lines, "event"), place(&lines, "file"));
    let last = file - 1;
    refused("another format", &|lines| lines[0]["format"] = json!("zip"));
    let newer = refused("a newer version", &|lines| lines[0]["version"] = json!(2));
    assert!(matches!(newer, ArchiveError::Newer { found: 2, newest: 1 }));
    refused("an unknown field", &|lines| lines[person]["role"] = json!("facilitator"));
    refused("an unknown line", &|lines| lines[person]["line"] = json!("admin"));
    refused("tokens", &|lines| lines[person]["tokens"] = json!(["00".repeat(32)]));
    refused("codes", &|lines| {
        let code = "0000-0000";
        lines[gathering]["codes"] = json!({
            "participant": code, "guest": code, "observer": code, "facilitator": code });
    });
    refused("a name over many lines", &|lines| lines[person]["person"]["name"] = json!("A\nB"));
    refused("a person twice", &|lines| lines.insert(person, lines[person].clone()));
    refused("an event less", &|lines| drop(lines.remove(last)));
    refused("an event twice", &|lines| lines.insert(last, lines[last].clone()));
    refused("events in another order", &|lines| lines.swap(event + 1, event + 2));
    refused("another event's record", &|lines| {
        lines[last]["record"] = lines[event]["record"].clone();
    });
    refused("a record that is none", &|lines| lines[last]["record"] = json!("T2dn"));
    refused("no base 64", &|lines| lines[last]["record"] = json!("%%%"));
    refused("other bytes of a file", &|lines| lines[file]["bytes"] = json!("AAAA"));
    refused("a file twice", &|lines| lines.insert(file, lines[file].clone()));
    refused("another state", &|lines| {
        let state = place(lines, "state");
        lines[state]["state"]["heads"] = json!("00".repeat(32));
    });
    refused("no state", &|lines| drop(lines.remove(file + 1)));
    refused("nothing", &|lines| drop(lines.drain(1..lines.len() - 1)));
    let mut without = lines.clone();
    without.remove(file);
    let found = check(&sealed(&without)[..]).unwrap();
    assert_eq!(found.gatherings[0].erased, 1, "an erased file is no fault");
}

/// Goal: a change that no peer could bring does not come in by an archive either.
#[tokio::test(flavor = "multi_thread")]
async fn a_forged_change_in_an_archive_is_refused() {
    use base64::Engine;
    use oogst_protocol::event::{Act, Event};
    let lines = lines().await;
    let engine = &base64::engine::general_purpose::STANDARD;
    let record = |line: &Value| Event::decode(&engine.decode(line["record"].as_str()?).ok()?).ok();
    let changed: Vec<_> = (0..lines.len())
        .filter(|at| {
            let event = record(&lines[*at]);
            event.is_some_and(|event| matches!(event.entry.act, Act::Changed { .. }))
        })
        .collect();
    let forge = |at: usize, forge: &dyn Fn(&mut Event)| {
        let mut forged = lines.clone();
        let mut event = record(&lines[at]).unwrap();
        forge(&mut event);
        forged[at]["record"] = json!(engine.encode(event.encode()));
        check(&sealed(&forged)[..])
    };
    let at = changed[1];
    assert!(forge(at, &|_| ()).is_ok(), "as it was");
    let other = oogst_protocol::ids::ParticipantId::new(uuid::Uuid::new_v4());
    let stolen = forge(at, &|event| event.entry.by.participant = Some(other));
    assert!(matches!(stolen, Err(ArchiveError::Refused { .. })), "another's actor: {stolen:?}");
    let elsewhere = forge(at, &|event| {
        if let Act::Changed { document, .. } = &mut event.entry.act {
            *document = oogst_protocol::ids::DocumentId::new(uuid::Uuid::new_v4());
        }
    });
    assert!(matches!(elsewhere, Err(ArchiveError::Refused { .. })), "no such document");
    let heads = forge(at, &|event| {
        if let Act::Changed { heads, .. } = &mut event.entry.act {
            heads[0].0[0] ^= 1;
        }
    });
    assert!(matches!(heads, Err(ArchiveError::Refused { .. })), "other heads");
    let empty = forge(at, &|event| {
        if let Act::Changed { changes, .. } = &mut event.entry.act {
            changes.clear();
        }
    });
    assert!(matches!(empty, Err(ArchiveError::Refused { .. })), "what others build on is gone");
    let moved = forge(changed[0], &|event| {
        let participant = other;
        event.entry.act = Act::ParticipantMoved { participant, group: None, round: None };
    });
    assert!(matches!(moved, Err(ArchiveError::Refused { .. })), "somebody who is not there");
}

/// Goal: a restore that was cut short is never served, and the same one goes on.
#[tokio::test(flavor = "multi_thread")]
async fn a_restore_that_was_cut_short_is_not_served_and_can_be_run_again() {
    let whole = sealed(&lines().await);
    let folder = TempDir::new().unwrap();
    let (file, data) = (folder.path().join("dag"), folder.path().join("data"));
    std::fs::write(&file, &whole).unwrap();
    assert!(run("restore", &data, Some(&file)).status.success());
    let other = folder.path().join("other");
    std::fs::write(&other, sealed(&lines().await)).unwrap();
    std::fs::write(data.join("RESTORING"), check(&whole[..]).unwrap().sum).unwrap();
    let serve = run("serve", &data, None);
    let words = String::from_utf8(serve.stderr).unwrap();
    assert_eq!((serve.status.code(), words.lines().count()), (Some(1), 1), "{words}");
    assert!(words.contains("restore"), "{words}");
    assert_eq!(run("restore", &data, Some(&other)).status.code(), Some(1), "another archive");
    assert!(run("restore", &data, Some(&file)).status.success(), "the same goes on");
    assert!(!data.join("RESTORING").exists());
    assert!(run("verify", &data, None).status.success());
}

/// Goal: what was undone is undone elsewhere, too, where a part of it was in a room and is left out
/// of the archive. Method: somebody takes back their support of an insight, which only they can
/// give again, and writes in a case that is undone before.
#[tokio::test(flavor = "multi_thread")]
async fn an_archive_of_what_was_undone_in_a_room_and_elsewhere_can_be_restored() {
    let server = Server::start().await;
    let day = Day::open(&server, &["Een", "Twee", "Drie", "Vier"]).await;
    let order = |document: &str| document.parse::<DocumentId>().unwrap();
    let last = (0..4).max_by_key(|group| order(&day.groups[*group].harvest)).unwrap();
    let (vik, harvest) = (day.join(&server, "Vik", last).await, &day.groups[last].harvest);
    let url = server.sync_url(&vik.token);
    // Documents are undone in the order of their ids.
    let intervision = loop {
        let path = format!("/api/gatherings/{}/documents", day.id);
        let open = Request::new("POST", &path).token(&vik.token);
        let opened = server.send(open.json(&json!({ "kind": "intervision" }))).await.expect(201);
        let opened = text(&opened["id"]);
        if order(&opened) < order(harvest) {
            break opened;
        }
    };
    let seen = day.get(&server, "").await.expect(200);
    let mut people = seen["participants"].as_array().unwrap().iter();
    let facilitator = people.find(|found| found["role"] == "facilitator").unwrap();
    let mut room = Client::find(&url, &intervision).await;
    room.edit(|document| {
        let inside = object(document, &ROOT, "room");
        document.put(&inside, text(&facilitator["id"]), true).unwrap();
    });
    room.saved().await.unwrap();
    let mut table = Client::find(&url, harvest).await;
    let item = table.add("Vrijwilligers").to_string();
    table.edit(|document| {
        let insights = object(document, &ROOT, "insights");
        let insight = object(document, &insights, &item);
        let supports = document.put_object(&insight, "supports", ObjType::Map).unwrap();
        document.put(&supports, &vik.id, true).unwrap();
    });
    table.saved().await.unwrap();

    let before = day.get(&server, "").await.expect(200)["seq"].as_u64().unwrap();
    room.edit(|document| {
        let case = object(document, &ROOT, "case");
        document.splice_text(&case, 0, 0, "onzin").unwrap();
    });
    room.saved().await.unwrap();
    table.edit(|document| {
        let insights = object(document, &ROOT, "insights");
        let insight = object(document, &insights, &item);
        let supports = object(document, &insight, "supports");
        document.delete(&supports, &vik.id).unwrap();
    });
    table.saved().await.unwrap();
    let path = format!("/api/gatherings/{}/participants/{}/revert", day.id, vik.id);
    let undo = Request::new("POST", &path).token(&day.facilitator);
    let undone = server.send(undo.json(&json!({ "from": before + 1 }))).await.expect(200);
    let documents = undone["documents"].as_array().unwrap();
    let told: Vec<_> =
        documents.iter().map(|found| (&found["document"], &found["undone"])).collect();
    assert_eq!(told, [(&json!(intervision), &json!(true)), (&json!(harvest), &json!(true))]);
    let shown = day.document(&server, last).await.0;
    assert_eq!(shown["insights"][&item]["supports"], json!({ (vik.id.as_str()): true }));

    let folder = TempDir::new().unwrap();
    let (file, data) = (folder.path().join("dag"), folder.path().join("data"));
    std::fs::write(&file, day.get(&server, "/archive").await.body).unwrap();
    let restored = run("restore", &data, Some(&file));
    assert!(restored.status.success(), "{}", String::from_utf8_lossy(&restored.stderr));
}
