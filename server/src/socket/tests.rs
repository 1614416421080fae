//! Sockets as clients meet them: a real server, real WebSockets.

use std::net::SocketAddr;
use std::sync::Arc;

use actix_web::dev::ServerHandle;
use actix_web::{App, HttpServer};
use futures_util::{SinkExt, StreamExt};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message as Frame;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::*;
use crate::log::EventLog;
use crate::shard::tests::{join_frame, joined, log_in, opened, started};

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// A gathering with one participant, on a server of its own.
struct Site {
    address: SocketAddr,
    gathering: GatheringId,
    log: Arc<dyn EventLog>,
    shards: Shards,
    server: ServerHandle,
    _directory: tempfile::TempDir,
}

impl Site {
    async fn open(limits: SocketLimits) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let log = log_in(directory.path());
        let shards = started(&log);
        let (gathering, _) = opened(&shards).await;
        let participant = joined(&shards, gathering).await;
        let sockets = Sockets::new(shards.clone(), limits);
        let service = move || {
            let sockets = sockets.clone();
            let upgrade = move |request: HttpRequest, body: web::Payload| {
                let answer = sockets.upgrade(&request, body, gathering, participant, ());
                std::future::ready(answer)
            };
            App::new().route("/sync", web::get().to(upgrade))
        };
        let server = HttpServer::new(service).workers(1).disable_signals();
        let server = server.bind(("127.0.0.1", 0)).unwrap();
        let address = server.addrs()[0];
        let server = server.run();
        let handle = server.handle();
        actix_web::rt::spawn(server);
        Self { address, gathering, log, shards, server: handle, _directory: directory }
    }

    async fn connect(&self) -> Socket {
        connect_async(format!("ws://{}/sync", self.address)).await.unwrap().0
    }

    async fn join(&self, name: &str) -> Socket {
        let mut socket = self.connect().await;
        socket.send(Frame::Binary(join_frame(name))).await.unwrap();
        let answer = socket.next().await.unwrap().unwrap().into_data();
        let answer = Message::decode(&answer).unwrap();
        assert!(matches!(answer, Message::Peer { .. }), "{answer:?}");
        socket
    }

    async fn stop(self) {
        let shards = self.shards.clone();
        actix_web::rt::task::spawn_blocking(move || shards.stop()).await.unwrap();
        self.server.stop(true).await;
    }
}

/// Reads on to the close frame; what came before it and its code.
async fn end_of(socket: &mut Socket) -> (Vec<Frame>, Option<u16>) {
    let mut before = Vec::new();
    while let Some(Ok(frame)) = socket.next().await {
        if let Frame::Close(reason) = frame {
            return (before, reason.map(|reason| reason.code.into()));
        }
        before.push(frame);
    }
    (before, None)
}

/// Goal: whatever is wrong closes its own socket with the code of the contract; the log and the
/// neighbour notice nothing.
#[actix_web::test]
async fn bad_input_costs_its_sender_alone() {
    let site = Site::open(SocketLimits::default()).await;
    let mut neighbour = site.join("neighbour").await;
    let last = site.log.last(site.gathering);
    let large = Bytes::from(vec![0x82; 2 * MESSAGE_BYTES_MAX]);
    let bad = [
        (Frame::Binary(Bytes::from_static(b"garbage")), 1008),
        (Frame::Binary(Bytes::new()), 1008),
        (Frame::Text("{\"type\":\"join\"}".into()), 1008),
        (Frame::Binary(large), 1009),
    ];
    for (frame, code) in bad {
        let mut socket = site.join("sender").await;
        let what = format!("{:?} of {} bytes", frame.is_text(), frame.len());
        socket.send(frame).await.unwrap();
        assert_eq!(end_of(&mut socket).await.1, Some(code), "{what}");
    }
    assert_eq!(site.log.last(site.gathering), last);
    neighbour.send(Frame::Ping(Bytes::from_static(b"well?"))).await.unwrap();
    let answer = neighbour.next().await.unwrap().unwrap();
    assert_eq!(answer, Frame::Pong(Bytes::from_static(b"well?")));
    site.stop().await;
}

/// Goal: a header that claims an endless frame is not believed.
#[actix_web::test]
async fn an_endless_frame_is_cut_off_after_its_header() {
    let site = Site::open(SocketLimits::default()).await;
    let mut socket = site.join("sender").await;
    let MaybeTlsStream::Plain(stream) = socket.get_mut() else {
        unreachable!("ws:// is plain");
    };
    let claim = [&[0x82, 0xff][..], &(1_u64 << 62).to_be_bytes(), &[0; 4]].concat();
    stream.write_all(&claim).await.unwrap();
    stream.write_all(&vec![0; 4 << 20]).await.unwrap();
    assert_eq!(end_of(&mut socket).await.1, Some(1009));
    site.stop().await;
}

#[actix_web::test]
async fn a_message_of_the_largest_size_in_fragments_is_taken() {
    let site = Site::open(SocketLimits::default()).await;
    let mut socket = site.join("sender").await;
    let MaybeTlsStream::Plain(stream) = socket.get_mut() else {
        unreachable!("ws:// is plain");
    };
    // Zeros are no CBOR map, so the core refuses them: they came through whole.
    let half = MESSAGE_BYTES_MAX as u64 / 2;
    for first in [0x02, 0x80] {
        let header = [&[first, 0xff][..], &half.to_be_bytes(), &[0; 4]].concat();
        stream.write_all(&header).await.unwrap();
        stream.write_all(&vec![0; MESSAGE_BYTES_MAX / 2]).await.unwrap();
    }
    assert_eq!(end_of(&mut socket).await.1, Some(1008));
    site.stop().await;
}

#[actix_web::test]
async fn who_never_joins_or_never_answers_is_let_go() {
    let limits = SocketLimits {
        join_patience: Duration::from_millis(200),
        ping_interval: Duration::from_millis(200),
        silence_max: Duration::from_secs(3),
        ..SocketLimits::default()
    };
    let site = Site::open(limits).await;
    let mut mute = site.connect().await;
    assert_eq!(end_of(&mut mute).await.1, Some(1008));

    let mut present = site.join("present").await;
    let mut absent = site.join("absent").await;
    // A client answers pings while it reads; the other one does not read.
    let reading = async {
        let mut pings = 0;
        while pings < 18 {
            pings += usize::from(present.next().await.unwrap().unwrap().is_ping());
        }
    };
    reading.await;
    // Read raw: a client library would try to answer the pings on the closed line.
    let MaybeTlsStream::Plain(stream) = absent.get_mut() else {
        unreachable!("ws:// is plain");
    };
    let mut sent = Vec::new();
    stream.read_to_end(&mut sent).await.unwrap();
    assert!(sent.starts_with(&[0x89, 0]), "a ping first: {sent:?}");
    assert!(sent.windows(4).any(|frame| frame == [0x88, 20, 0x03, 0xe9]), "1001: {sent:?}");
    present.send(Frame::Ping(Bytes::new())).await.unwrap();
    site.stop().await;
}

/// Goal: a long message on a slow line is waited for, though no pong can come in between.
/// Method: a byte of it for every ping, for longer than a peer may be silent.
#[actix_web::test]
async fn a_slow_line_is_no_silence() {
    let limits = SocketLimits {
        join_patience: Duration::from_millis(100),
        ping_interval: Duration::from_millis(200),
        silence_max: Duration::from_secs(2),
        ..SocketLimits::default()
    };
    let site = Site::open(limits).await;
    let mut socket = site.join("slow").await;
    let MaybeTlsStream::Plain(stream) = socket.get_mut() else {
        unreachable!("ws:// is plain");
    };
    stream.write_all(&[0x82, 0x80 | 14, 0, 0, 0, 0]).await.unwrap();
    for _ in 0..14 {
        let mut ping = [0; 2];
        stream.read_exact(&mut ping).await.unwrap();
        assert_eq!(ping, [0x89, 0], "a ping, not a close");
        stream.write_all(&[0xff]).await.unwrap();
    }
    assert_eq!(end_of(&mut socket).await.1, Some(1008), "taken whole, and no CBOR");
    site.stop().await;
}

#[actix_web::test]
async fn a_stop_closes_every_socket_with_1001() {
    let site = Site::open(SocketLimits::default()).await;
    let mut sockets = Vec::new();
    for number in 0..5 {
        sockets.push(site.join(&format!("peer-{number}")).await);
    }
    let began = Instant::now();
    let closing = futures_util::future::join_all(sockets.iter_mut().map(end_of));
    let (ends, ()) = futures_util::join!(closing, site.stop());
    assert!(ends.iter().all(|(_, code)| *code == Some(1001)), "{ends:?}");
    assert!(began.elapsed() < Duration::from_secs(5));
}

#[test]
fn an_ephemeral_message_is_known_and_nothing_else_is_taken_for_one() {
    use oogst_protocol::wire::PeerId;
    let name = PeerId::new("ephemeral");
    let ephemeral = Message::Ephemeral {
        document: "4NMNnkMhL8jXrdJ9jamS58PAVdXu".into(),
        sender: name.clone(),
        target: name,
        count: 1,
        session: "s".into(),
        data: Bytes::from_static(&[0xa0]),
    };
    assert!(is_ephemeral(&ephemeral.encode()));
    assert!(!is_ephemeral(&join_frame("ephemeral")));
    assert!(!is_ephemeral(&Bytes::from_static(b"ephemeral")));
}

/// Goal: who sends faster than is allowed is read more slowly: nothing is lost, nobody is closed,
/// and a neighbour is answered meanwhile.
/// Method: twenty questions and twenty pings over what may come at once.
#[actix_web::test]
async fn who_sends_too_fast_is_slowed_down_alone() {
    let limits = SocketLimits { messages_per_second_max: 20, ..SocketLimits::default() };
    let site = Site::open(limits).await;
    let server = format!("oogst-{}", site.log.identity());
    let ask = |sender: &str| Message::Request {
        document: "4NMNnkMhL8jXrdJ9jamS58PAVdXu".into(),
        sender: oogst_protocol::wire::PeerId::new(sender),
        target: oogst_protocol::wire::PeerId::new(&server),
        data: Bytes::from_static(&[0x42, 0, 0, 0, 0]),
    };
    let (mut fast, mut calm) = (site.join("fast").await, site.join("calm").await);
    let began = Instant::now();
    const QUESTIONS: usize = 100;
    for _ in 0..QUESTIONS {
        fast.send(Frame::Binary(ask("fast").encode())).await.unwrap();
    }
    for _ in 0..20 {
        fast.send(Frame::Ping(Bytes::from_static(b"!"))).await.unwrap();
    }
    calm.send(Frame::Binary(ask("calm").encode())).await.unwrap();
    let answer = calm.next().await.unwrap().unwrap().into_data();
    assert!(matches!(Message::decode(&answer).unwrap(), Message::DocUnavailable { .. }));
    let answered = Instant::now();
    let (mut answers, mut pongs) = (0, 0);
    while pongs < 20 || answers < QUESTIONS {
        match fast.next().await.unwrap().unwrap() {
            Frame::Binary(_) => answers += 1,
            Frame::Pong(_) => pongs += 1,
            Frame::Ping(_) => {}
            odd @ (Frame::Text(_) | Frame::Close(_) | Frame::Frame(_)) => {
                unreachable!("neither sent nor asked for: {odd:?}")
            }
        }
    }
    assert_eq!((answers, pongs), (QUESTIONS, 20), "nothing was lost or said twice");
    // Four seconds' worth came at once, less what the test itself took: the rest at its pace.
    let slowed = Duration::from_millis(1_900);
    assert!(began.elapsed() >= slowed, "{:?}", began.elapsed());
    assert!(answered.elapsed() > began.elapsed() / 2, "the neighbour did not wait for it");
    site.stop().await;
}
