//! Frames that are no message, not a message, or the wrong message.

use oogst_tests::line::{Line, about, join};

use super::Scene;

#[tokio::test(flavor = "multi_thread")]
async fn garbage_closes_its_own_socket() {
    let mut scene = Scene::open().await;
    let noise: Vec<u8> = (0..4_000_u32).map(|n| ((n * n) >> 3).to_le_bytes()[0]).collect();
    scene.refuses(1008, async |villain| villain.line().send(noise).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_frame_closes_its_own_socket() {
    let mut scene = Scene::open().await;
    scene.refuses(1008, async |villain| villain.line().send(Vec::new()).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_frame_closes_its_own_socket() {
    let mut scene = Scene::open().await;
    scene.refuses(1008, async |villain| villain.line().send_text("dag").await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_cut_short_closes_its_own_socket() {
    let mut scene = Scene::open().await;
    let harvest = scene.harvest();
    scene
        .refuses(1008, async |villain| {
            let line = villain.line();
            let mut frame = about("sync", &harvest, &line.peer, &line.server, &[0x42, 0, 0, 0]);
            frame.truncate(frame.len() - 3);
            line.send(frame).await;
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sync_message_cut_short_closes_its_own_socket() {
    let mut scene = Scene::open().await;
    let harvest = scene.harvest();
    let letter = oogst_tests::hostile::letter(&mut scene.villain.document);
    let whole = oogst_tests::hostile::message(vec![letter.raw_bytes().to_vec()]);
    scene
        .refuses(1008, async |villain| {
            villain.line().sync(&harvest, &whole[..whole.len() - 5]).await;
        })
        .await;
}

/// CBOR that promises four billion elements, or nests two hundred thousand deep.
#[tokio::test(flavor = "multi_thread")]
async fn boasting_and_bottomless_messages_close_their_own_socket() {
    for frame in [vec![0x9a, 0xff, 0xff, 0xff, 0xff], vec![0x81; 200_000]] {
        let mut scene = Scene::open().await;
        scene.refuses(1008, async |villain| villain.line().send(frame).await).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frame_of_sixteen_megabytes_closes_its_own_socket() {
    let mut scene = Scene::open().await;
    scene.refuses(1009, async |villain| villain.line().send(vec![0; 16 << 20]).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_before_join_closes_its_own_socket() {
    let mut scene = Scene::open().await;
    let harvest = scene.harvest();
    let member = scene.day.join(&scene.server, "Haast", 0).await;
    let url = scene.server.sync_url(&member.token);
    let before = scene.record().await;
    let mut line = Line::open(&url, &[]).await.unwrap();
    line.sync(&harvest, &[0x42, 0, 0, 0, 0]).await;
    let end = line.end().await;
    assert_eq!(end.code, Some(1008), "{end:?}");
    assert!(end.error.is_some(), "{end:?}");
    scene.unharmed(before).await;
}

/// A live peer id: its own participant takes it over, another is refused.
#[tokio::test(flavor = "multi_thread")]
async fn a_live_peer_id_belongs_to_its_participant() {
    let mut scene = Scene::open().await;
    let before = scene.record().await;
    let peer = scene.honest[0].line().peer.clone();
    let thief = scene.day.join(&scene.server, "Dief", 0).await;
    let before_thief = before.0 + 2;
    let mut line = Line::open(&scene.server.sync_url(&thief.token), &[]).await.unwrap();
    line.send(join(&peer)).await;
    let end = line.end().await;
    assert_eq!(end.code, Some(1008), "{end:?}");
    let seq = scene.record().await.0;
    assert!(seq <= before_thief, "only the joining of the thief is recorded");
    scene.work().await;

    let own = scene.day.join(&scene.server, "Twee schermen", 0).await;
    let url = scene.server.sync_url(&own.token);
    let mut first = Line::join(&url).await;
    let mut second = Line::open(&url, &[]).await.unwrap();
    second.peer = first.peer.clone();
    second.introduce().await;
    assert_eq!(first.end().await.code, Some(1000), "the older socket is replaced");
    scene.work().await;
}
