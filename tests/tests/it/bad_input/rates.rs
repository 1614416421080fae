//! Presence in a flood: more than anybody can look at is dropped, and nothing else is.

use std::time::Instant;

use minicbor::Encoder;
use oogst_protocol::ids::DocumentId;
use uuid::Uuid;

use super::Scene;

/// What the server passes on of one socket, at once and a second.
const AT_ONCE: f64 = 40.0;
const PER_SECOND: f64 = 10.0;

fn presence(document: &str, sender: &str, target: &str, count: u64) -> Vec<u8> {
    let mut e = Encoder::new(Vec::new());
    e.map(7).unwrap().str("type").unwrap().str("ephemeral").unwrap();
    e.str("documentId").unwrap().str(document).unwrap();
    e.str("senderId").unwrap().str(sender).unwrap();
    e.str("targetId").unwrap().str(target).unwrap();
    e.str("sessionId").unwrap().str("s").unwrap();
    e.str("count").unwrap().u64(count).unwrap();
    e.str("data").unwrap().bytes(&[0xa0]).unwrap();
    e.into_writer()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_presence_is_thinned_and_edits_still_pass() {
    let mut scene = Scene::open().await;
    let harvest = scene.day.groups[0].harvest.clone();
    let began = Instant::now();
    let line = scene.villain.line();
    let (sender, target) = (line.peer.clone(), line.server.clone());
    for count in 1..=400 {
        line.send(presence(&harvest, &sender, &target, count)).await;
    }
    scene.villain.add("hij mag ook iets zeggen");
    scene.villain.saved().await.unwrap();

    // The answer to what is asked last comes after everything that was passed on before.
    let passed_by = began.elapsed().as_secs_f64();
    let unknown = DocumentId::new(Uuid::new_v4()).to_string();
    let line = scene.honest[0].line();
    line.request(&unknown, &[0x42, 0, 0, 0, 0]).await;
    let (mut heard, mut edits) = (0_u32, 0);
    loop {
        let next = line.hear().await.unwrap();
        match next.kind.as_str() {
            "ephemeral" => heard += 1,
            "sync" => edits += 1,
            _ => break,
        }
    }
    assert!(f64::from(heard) <= AT_ONCE + PER_SECOND * passed_by + 1.0, "{heard} in {passed_by} s");
    assert!(heard >= 10, "people still see who types: {heard}");
    assert!(edits > 0, "the edit came through");
}
