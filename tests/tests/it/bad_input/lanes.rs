//! Messages that are allowed and dear: whoever sends many of them waits, nobody else does.

use std::io::Write;

use automerge::ChangeHash;
use automerge::sync::{ChunkList, Message, MessageVersion};
use oogst_tests::client::Client;
use oogst_tests::day::Day;
use oogst_tests::hostile::chunk;
use oogst_tests::server::Server;

/// How many dear messages are on their way when the honest edit comes, over all sockets.
const DEAR: usize = 64;

/// Chunks of one dear message: each a kilobyte that inflates to a megabyte.
const CHUNKS: usize = 8;

/// Goal: an edit does not stand behind whatever one other socket has in store. The order in which
/// the dear socket hears of its own messages and of the edit tells, not a clock.
#[tokio::test(flavor = "multi_thread")]
async fn an_edit_overtakes_the_dear_messages_of_another_socket() {
    let server = Server::start().await;
    let day = Day::open(&server, &["Wie doet er mee?"]).await;
    let harvest = &day.groups[0].harvest;
    let an = day.join(&server, "An", 0).await;
    let mut an = Client::find(&server.sync_url(&an.token), harvest).await;
    let reader = day.enter(&server, "Kijker", "observer").await;
    let mut reader = Client::find(&server.sync_url(&reader.token), harvest).await;
    let dear = dear(reader.document.get_heads());
    for _ in 0..DEAR {
        reader.line().sync(harvest, &dear).await;
    }
    an.add("werk door");
    an.saved().await.unwrap();
    let answered = answered_before_the_edit(&mut reader).await;
    assert!(answered < DEAR / 2, "the edit stood behind {answered} of {DEAR} dear messages");
}

/// Goal: nor behind what one other person has in store, on however many sockets.
#[tokio::test(flavor = "multi_thread")]
async fn an_edit_overtakes_the_dear_messages_of_all_sockets_of_another_person() {
    const SOCKETS: usize = 16;
    let server = Server::start().await;
    let day = Day::open(&server, &["Wie doet er mee?"]).await;
    let harvest = &day.groups[0].harvest;
    let an = day.join(&server, "An", 0).await;
    let mut an = Client::find(&server.sync_url(&an.token), harvest).await;
    let reader = day.enter(&server, "Kijker", "observer").await;
    let mut readers = Vec::new();
    for _ in 0..SOCKETS {
        readers.push(Client::find(&server.sync_url(&reader.token), harvest).await);
    }
    let dear = dear(readers[0].document.get_heads());
    for reader in &mut readers {
        for _ in 0..DEAR / SOCKETS {
            reader.line().sync(harvest, &dear).await;
        }
    }
    an.add("werk door");
    an.saved().await.unwrap();
    let mut answered = 0;
    for reader in &mut readers {
        answered += answered_before_the_edit(reader).await;
    }
    assert!(answered < DEAR / 2, "the edit stood behind {answered} of {DEAR} dear messages");
}

/// How many of its dear messages a socket hears of before it hears of another's edit.
async fn answered_before_the_edit(reader: &mut Client) -> usize {
    let mut answered = 0;
    loop {
        let heard = reader.line().hear().await.unwrap();
        assert_eq!(heard.kind, "sync", "{}", heard.message);
        let told = Message::decode(&heard.data).unwrap();
        if !told.changes.is_empty() {
            return answered;
        }
        answered += 1;
    }
}

/// A sync message that is allowed, and costs its receiver eight megabytes of inflating.
fn dear(heads: Vec<ChangeHash>) -> Vec<u8> {
    let dear = Message {
        heads,
        need: Vec::new(),
        have: Vec::new(),
        changes: ChunkList::from(vec![deflated(&[0; (1 << 20) - 64]); CHUNKS]),
        flags: None,
        version: MessageVersion::V1,
    };
    dear.encode()
}

/// A chunk of a change with this body, deflated. Its checksum is right.
fn deflated(body: &[u8]) -> Vec<u8> {
    let mut deflater = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
    deflater.write_all(body).unwrap();
    let body_deflated = deflater.finish().unwrap();
    let mut deflated = chunk(1, body)[..8].to_vec();
    deflated.push(2);
    let (low, high) = (body_deflated.len() & 0x7f, body_deflated.len() >> 7);
    deflated.extend([u8::try_from(low | 0x80).unwrap(), u8::try_from(high).unwrap()]);
    deflated.extend(body_deflated);
    deflated
}
