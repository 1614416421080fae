//! Rounds, owners and rights, over real sockets: who may write where, and what a change of it
//! does to those who are connected.

mod intervision;
mod owners;
mod rounds;

use automerge::sync::{State, SyncDoc};
use automerge::transaction::Transactable;
use automerge::{AutoCommit, ObjType, ROOT};
use oogst_tests::client::{Client, object};
use oogst_tests::day::{Day, Member};
use oogst_tests::http::{Answer, Request};
use oogst_tests::line::Line;
use oogst_tests::server::Server;
use serde_json::Value;
use uuid::Uuid;

/// A request below the gathering.
async fn ask(
    (server, day): (&Server, &Day),
    (method, below): (&str, &str),
    token: &str,
    body: &Value,
) -> Answer {
    let path = format!("/api/gatherings/{}{below}", day.id);
    server.send(Request::new(method, &path).token(token).json(body)).await
}

/// A member's client with a document open.
async fn open(server: &Server, member: &Member, document: &str) -> Client {
    Client::find(&server.sync_url(&member.token), document).await
}

/// Writes an insight that the server hears and does not apply.
async fn write_in_vain(client: &mut Client, text: &str) {
    client.add(text);
    client.settled().await.unwrap();
    assert_eq!(client.waiting.len(), 1, "{text:?} was applied");
}

/// Waits for the server to send the client away, and comes back with what it holds.
async fn come_back(client: &mut Client, code: u16) {
    assert_eq!(client.line().end().await.code, Some(code));
    client.connect().await.unwrap();
}

/// A member's socket with nothing open.
async fn live(server: &Server, member: &Member) -> Line {
    Line::join(&server.sync_url(&member.token)).await
}

/// Asks for a document, and is told that there is none.
async fn asks_in_vain(line: &mut Line, document: &str) {
    let nothing = AutoCommit::new().sync().generate_sync_message(&mut State::new());
    line.request(document, &nothing.unwrap().encode()).await;
    let heard = line.hear().await.unwrap();
    assert_eq!((heard.kind.as_str(), heard.document.as_str()), ("doc-unavailable", document));
}

/// Adds an item with texts under a key of a map, locally.
fn add(client: &mut Client, map: &str, key: &str, texts: &[(&str, &str)]) {
    client.edit(|document| {
        let map = object(document, &ROOT, map);
        let item = document.put_object(&map, key, ObjType::Map).unwrap();
        for (key, text) in texts {
            let words = document.put_object(&item, *key, ObjType::Text).unwrap();
            document.splice_text(&words, 0, 0, text).unwrap();
        }
    });
}

/// Sets a mark of a person's own in an item, locally; the first to do so makes the map for it.
fn mark(client: &mut Client, map: &str, item: &str, marks: &str, person: &str) {
    client.edit(|document| {
        let map = object(document, &ROOT, map);
        let item = object(document, &map, item);
        let marks = document.put_object(&item, marks, ObjType::Map).unwrap();
        document.put(&marks, person, true).unwrap();
    });
}

/// Has an item say what it is about, locally.
fn refer(client: &mut Client, map: &str, item: &str, target: &str) {
    client.edit(|document| {
        let map = object(document, &ROOT, map);
        let item = object(document, &map, item);
        let refs = document.put_object(&item, "refs", ObjType::Map).unwrap();
        let reference = Uuid::new_v4().to_string();
        let reference = document.put_object(&refs, reference, ObjType::Map).unwrap();
        document.put(&reference, "kind", "about").unwrap();
        document.put(&reference, "target", target).unwrap();
    });
}
