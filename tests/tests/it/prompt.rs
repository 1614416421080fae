//! Nobody waits for what is on the disk: what has to be said leaves at once.

use std::time::{Duration, Instant};

use automerge::sync::{ChunkList, Message, MessageVersion};
use oogst_tests::client::Client;
use oogst_tests::day::Day;
use oogst_tests::server::Server;

/// Turns of two who write one after the other.
const TURNS: usize = 60;

/// How many times as long who wrote just now may wait for the other's edit as who only listens.
const TIMES_MAX: u32 = 5;

/// Goal: two who write in one harvest see each other's words as soon as others do. Who has just
/// heard that their own edit is saved has nothing to answer, and their system acknowledges those
/// bytes 40 ms later; a server whose system gathers small segments would keep the other's edit back
/// for as long.
#[tokio::test]
async fn who_has_just_written_gets_the_next_edit_as_soon_as_who_listens() {
    let server = Server::start().await;
    let day = Day::open(&server, &["Wie doet er mee?"]).await;
    let mut people = Vec::new();
    for name in ["An", "Bo", "Cas"] {
        let member = day.join(&server, name, 0).await;
        people.push(Client::find(&server.sync_url(&member.token), &day.groups[0].harvest).await);
    }
    let [mut here, mut there, mut listening] = people.try_into().unwrap();
    let (mut written, mut listened) = (Vec::new(), Vec::new());
    for _ in 0..TURNS {
        here.add("mijn woord");
        here.saved().await.unwrap();
        let heads = here.document.get_heads();
        there.reach(&heads).await.unwrap();
        listening.reach(&heads).await.unwrap();

        there.add("jouw woord");
        there.saved().await.unwrap();
        let saved = Instant::now();
        let heads = there.document.get_heads();
        let at = async |client: &mut Client| {
            client.reach(&heads).await.unwrap();
            saved.elapsed()
        };
        let (at_here, at_listening) = tokio::join!(at(&mut here), at(&mut listening));
        written.push(at_here);
        listened.push(at_listening);
        std::mem::swap(&mut here, &mut there);
    }
    let (written, listened) = (middle(written), middle(listened));
    assert!(written < listened * TIMES_MAX, "{written:?} where who listens waits {listened:?}");
}

/// Messages in one go: what a phone answers to a table that types.
const MESSAGES: u32 = 300;

/// How much of one message and its answer each further message may take.
const PART_MIN: u32 = 4;

/// Goal: whoever sends many small messages within the pace waits for none of them. A rest of no
/// time at all, taken before each, is a timer's step, and an edit waits behind all of them.
#[tokio::test]
async fn a_message_within_the_pace_waits_for_no_clock() {
    let server = Server::start().await;
    let day = Day::open(&server, &["Wie doet er mee?"]).await;
    let member = day.join(&server, "An", 0).await;
    let harvest = &day.groups[0].harvest;
    let mut client = Client::find(&server.sync_url(&member.token), harvest).await;
    client.settled().await.unwrap();
    // It says where we stand, and nothing has to be answered.
    let silent = Message {
        heads: client.document.get_heads(),
        need: Vec::new(),
        have: Vec::new(),
        changes: ChunkList::empty(),
        flags: None,
        version: MessageVersion::V1,
    };
    let silent = silent.encode();
    let (mut alone, mut behind) = (Vec::new(), Vec::new());
    for _ in 0..9 {
        for (count, times) in [(0, &mut alone), (MESSAGES, &mut behind)] {
            let begun = Instant::now();
            for _ in 0..count {
                client.line().sync(harvest, &silent).await;
            }
            client.settled().await.unwrap();
            times.push(begun.elapsed());
        }
    }
    let (alone, behind) = (middle(alone), middle(behind));
    let each = behind.saturating_sub(alone) / MESSAGES;
    assert!(each * PART_MIN < alone, "{each:?} a message, and one with an answer {alone:?}");
}

fn middle(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}
