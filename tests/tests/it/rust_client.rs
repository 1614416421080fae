//! The Rust client against the real server: what it calls saved is saved, and it comes back.

use automerge::transaction::{Transactable, Transaction};
use automerge::{Automerge, AutomergeError, ObjType, ROOT, ReadDoc};
use oogst_client::{ClientError, Document, Member, Server as Address};
use oogst_protocol::api::{Gathering, Join, NewGathering, NewGroup, OpenedGathering};
use oogst_protocol::ids::Seq;
use oogst_tests::server::{OPERATOR_KEY, Server};
use oogst_tests::wait::within;
use uuid::Uuid;

async fn open(server: &Server, groups: &[&str]) -> (Address, OpenedGathering) {
    let address = Address::at(&format!("http://{}", server.address)).unwrap();
    let group = |name: &&str| NewGroup { name: (*name).to_owned(), ..NewGroup::default() };
    let gathering = NewGathering {
        title: "Startdag".to_owned(),
        groups: groups.iter().map(group).collect(),
        ..NewGathering::default()
    };
    let opened = address.open_gathering(OPERATOR_KEY, &gathering).await.unwrap();
    (address, opened)
}

/// Joins, and sits down with the first group.
async fn join(address: &Address, opened: &OpenedGathering, name: &str) -> Member {
    let code = opened.gathering.codes.as_ref().unwrap().participant.to_string();
    let join = Join { code, name: name.to_owned(), ..Join::default() };
    let member = address.join(&join).await.unwrap();
    let group = opened.gathering.groups[0].id;
    assert_eq!(member.move_to(Some(group)).await.unwrap().group, Some(group));
    member
}

fn harvest(gathering: &Gathering, group: usize) -> oogst_protocol::ids::DocumentId {
    gathering.groups[group].documents[0].id
}

/// An edit that adds an insight with a text.
fn insight(text: &str) -> impl FnOnce(&mut Transaction<'_>) -> Result<String, AutomergeError> {
    move |tx| {
        let item = Uuid::new_v4().to_string();
        let (_, insights) = tx.get(ROOT, "insights")?.expect("the template has insights");
        let added = tx.put_object(&insights, &item, ObjType::Map)?;
        let words = tx.put_object(&added, "text", ObjType::Text)?;
        tx.splice_text(&words, 0, 0, text)?;
        tx.put(&added, "position", "a0")?;
        Ok(item)
    }
}

/// The text of an insight in a copy of a harvest.
fn text(document: &Automerge, item: &str) -> Option<String> {
    let (_, insights) = document.get(ROOT, "insights").unwrap()?;
    let (_, insight) = document.get(insights, item).unwrap()?;
    let (_, text) = document.get(insight, "text").unwrap()?;
    document.text(text).ok()
}

async fn shows(document: &Document, item: &str) -> String {
    within("the other's insight", document.until(|copy| text(copy, item))).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_saved_outlives_a_kill_and_the_session_comes_back_by_itself() {
    let mut server = Server::start().await;
    let (address, opened) = open(&server, &["Tafel 1"]).await;
    let (an, bo) = (join(&address, &opened, "An").await, join(&address, &opened, "Bo").await);
    let (an_line, bo_line) = (an.connect(), bo.connect());
    let id = harvest(&opened.gathering, 0);
    let ours = within("An's copy", an_line.find(id)).await.unwrap();
    let theirs = within("Bo's copy", bo_line.find(id)).await.unwrap();

    let (first, edit) = ours.edit(insight("naar hen toe gaan")).unwrap();
    within("the first edit's save", edit.saved()).await.unwrap();
    assert_eq!(shows(&theirs, &first).await, "naar hen toe gaan");

    server.kill().await;
    let (second, edit) = ours.edit(insight("zonder lijn geschreven")).unwrap();
    server.restart().await;
    within("the save of what was written without a line", edit.saved()).await.unwrap();
    assert_eq!(shows(&theirs, &second).await, "zonder lijn geschreven");
    within("all of An's saves", ours.saved()).await.unwrap();

    // Somebody who was never here before reads both from the log alone.
    let cas = join(&address, &opened, "Cas").await;
    let line = cas.connect();
    let fresh = within("Cas's copy", line.find(id)).await.unwrap();
    assert_eq!(shows(&fresh, &first).await, "naar hen toe gaan");
    assert_eq!(fresh.heads(), ours.heads());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_that_was_kept_brings_what_the_server_lacks() {
    let server = Server::start().await;
    let (address, opened) = open(&server, &["Tafel 1"]).await;
    let an = join(&address, &opened, "An").await;
    let id = harvest(&opened.gathering, 0);
    let line = an.connect();
    let mut kept = within("the copy", line.find(id)).await.unwrap().read(Automerge::fork);
    drop(line);
    let item = kept.transact(insight("in de trein")).unwrap().result;

    let line = an.connect();
    let document = within("the copy once more", line.find_from(id, kept)).await.unwrap();
    within("the save of the kept edit", document.saved()).await.unwrap();
    let bo = join(&address, &opened, "Bo").await;
    let others = bo.connect();
    let theirs = within("Bo's copy", others.find(id)).await.unwrap();
    assert_eq!(shows(&theirs, &item).await, "in de trein");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_feed_tells_what_was_missed_and_then_what_happens() {
    let mut server = Server::start().await;
    let (address, opened) = open(&server, &["Tafel 1"]).await;
    let an = join(&address, &opened, "An").await;
    let mut feed = an.feed(Seq::ZERO);
    let opened_first = within("the first line", feed.next()).await.unwrap();
    assert_eq!(opened_first.kind, "gathering.prepared");

    // The line of the feed breaks; it goes on where it was, without a line twice.
    server.kill().await;
    server.restart().await;
    let session = an.connect();
    let document = within("the copy", session.find(harvest(&opened.gathering, 0))).await.unwrap();
    let (item, edit) = document.edit(insight("wat telt")).unwrap();
    within("the save", edit.saved()).await.unwrap();
    let mut places = vec![(opened_first.seq, opened_first.index)];
    loop {
        let line = within("the insight's line", feed.next()).await.unwrap();
        places.push((line.seq, line.index));
        if line.kind == "insight.added" {
            assert_eq!(line.item.map(|item| item.to_string()), Some(item));
            assert_eq!(line.participant.map(|who| who.id), Some(an.joined().participant.id));
            break;
        }
    }
    assert!(places.is_sorted_by(|a, b| a < b), "{places:?}");
    let events = an.events(Seq::ZERO, 1_000).await.unwrap();
    assert!(places.iter().all(|place| events.iter().any(|line| (line.seq, line.index) == *place)));
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_at_fault_is_told_so() {
    let server = Server::start().await;
    let (address, opened) = open(&server, &["Tafel 1"]).await;
    let wrong = Join { code: "0000-0000".to_owned(), name: "An".to_owned(), ..Join::default() };
    let refused = address.join(&wrong).await.unwrap_err();
    assert!(matches!(refused, ClientError::Refused { status: 404, .. }), "{refused:?}");

    let an = join(&address, &opened, "An").await;
    let session = an.connect();
    let foreign = oogst_protocol::ids::DocumentId::new(Uuid::new_v4());
    let missing = within("the answer", session.find(foreign)).await.unwrap_err();
    assert!(matches!(missing, ClientError::Unavailable { document } if document == foreign));

    let document = within("the copy", session.find(harvest(&opened.gathering, 0))).await.unwrap();
    let (_, edit) = document.edit(|tx| tx.put(ROOT, "no such key", true)).unwrap();
    let ended = within("the end of the session", edit.saved()).await.unwrap_err();
    assert!(matches!(ended, ClientError::Violation { code: 1008, .. }), "{ended:?}");
}
