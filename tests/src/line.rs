//! A raw socket to `/sync` that speaks automerge-repo's messages, or whatever else it is given.
//!
//! It shares no code with the server's codec: a mistake there can't hide here.

use std::net::SocketAddr;

use futures_util::{SinkExt, StreamExt};
use minicbor::data::Type;
use minicbor::{Decoder, Encoder};
use tokio::net::{TcpSocket, TcpStream};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Error, Message as Frame};
use tokio_tungstenite::{WebSocketStream, client_async_with_config};

use crate::wait::within;

/// What the server said, as far as a test looks at it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Heard {
    /// `peer`, `sync`, `doc-unavailable`, `ephemeral`, `error`.
    pub kind: String,
    /// From whom.
    pub sender: String,
    /// About which document.
    pub document: String,
    /// A sync message, or what somebody broadcast.
    pub data: Vec<u8>,
    /// An error's words.
    pub message: String,
    /// The server's storage id, in its `peer`.
    pub storage: String,
}

/// How a socket ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct End {
    /// The close code; nothing where the line just broke.
    pub code: Option<u16>,
    /// The `error` message that came before it.
    pub error: Option<String>,
}

/// One socket.
#[derive(Debug)]
pub struct Line {
    socket: WebSocketStream<TcpStream>,
    /// Our peer id.
    pub peer: String,
    /// The server's peer id, once it has introduced itself.
    pub server: String,
    /// The server's storage id, once it has introduced itself.
    pub storage: String,
}

/// An upgrade that was refused: its HTTP status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused(pub u16);

impl Line {
    /// Opens a socket with headers of the test's choice.
    ///
    /// # Errors
    ///
    /// The HTTP status of a refused upgrade.
    pub async fn open(url: &str, headers: &[(&str, &str)]) -> Result<Self, Refused> {
        Self::open_with(url, headers, None).await
    }

    /// Opens a socket that takes in only `receive_bytes` before it has to be read.
    pub async fn narrow(url: &str, receive_bytes: u32) -> Self {
        Self::open_with(url, &[], Some(receive_bytes)).await.unwrap()
    }

    async fn open_with(
        url: &str,
        headers: &[(&str, &str)],
        receive_bytes: Option<u32>,
    ) -> Result<Self, Refused> {
        let mut request = url.into_client_request().unwrap();
        for (name, value) in headers {
            let name: tokio_tungstenite::tungstenite::http::HeaderName = name.parse().unwrap();
            request.headers_mut().insert(name, value.parse().unwrap());
        }
        let address: SocketAddr = request.uri().authority().unwrap().as_str().parse().unwrap();
        let socket = TcpSocket::new_v4().unwrap();
        if let Some(bytes) = receive_bytes {
            socket.set_recv_buffer_size(bytes).unwrap();
        }
        let stream = within("a connection", socket.connect(address)).await.unwrap();
        stream.set_nodelay(true).unwrap();
        let config = WebSocketConfig::default()
            .max_message_size(Some(64 << 20))
            .max_frame_size(Some(64 << 20));
        let upgrade = client_async_with_config(request, stream, Some(config));
        match within("an upgrade", upgrade).await {
            Ok((socket, _)) => Ok(Self {
                socket,
                peer: format!("peer-{}", uuid::Uuid::new_v4().simple()),
                server: String::new(),
                storage: String::new(),
            }),
            Err(Error::Http(answer)) => Err(Refused(answer.status().as_u16())),
            Err(error) => panic!("{url}: {error}"),
        }
    }

    /// Opens a socket and says `join`.
    pub async fn join(url: &str) -> Self {
        let mut line = Self::open(url, &[]).await.unwrap();
        line.introduce().await;
        line
    }

    /// Says `join` and waits for the server's `peer`.
    pub async fn introduce(&mut self) {
        self.send(join(&self.peer)).await;
        let answer = self.hear().await.unwrap_or_else(|end| panic!("no peer but {end:?}"));
        assert_eq!(answer.kind, "peer");
        self.server = answer.sender;
        self.storage = answer.storage;
    }

    /// Sends one binary frame; a line that broke meanwhile is seen when listening.
    pub async fn send(&mut self, frame: Vec<u8>) {
        drop(self.socket.send(Frame::Binary(frame.into())).await);
    }

    /// Sends one text frame.
    pub async fn send_text(&mut self, text: &str) {
        drop(self.socket.send(Frame::Text(text.into())).await);
    }

    /// Sends a sync message about a document.
    pub async fn sync(&mut self, document: &str, data: &[u8]) {
        self.send(about("sync", document, &self.peer, &self.server, data)).await;
    }

    /// Asks for a document that we hold nothing of.
    pub async fn request(&mut self, document: &str, data: &[u8]) {
        self.send(about("request", document, &self.peer, &self.server, data)).await;
    }

    /// The next message, or how the socket ended.
    ///
    /// # Errors
    ///
    /// The end, when it has come.
    pub async fn hear(&mut self) -> Result<Heard, End> {
        loop {
            match within("a message", self.socket.next()).await {
                Some(Ok(Frame::Binary(bytes))) => return Ok(decode(&bytes)),
                Some(Ok(Frame::Close(close))) => {
                    let code = close.map(|close| close.code.into());
                    return Err(End { code, error: None });
                }
                Some(Ok(Frame::Ping(_) | Frame::Pong(_) | Frame::Frame(_))) => {}
                Some(Ok(Frame::Text(text))) => panic!("a text frame: {text}"),
                None | Some(Err(_)) => return Err(End { code: None, error: None }),
            }
        }
    }

    /// Listens until the socket ends.
    pub async fn end(&mut self) -> End {
        let mut error = None;
        loop {
            match self.hear().await {
                Ok(heard) if heard.kind == "error" => error = Some(heard.message),
                Ok(_) => {}
                Err(end) => return End { error, ..end },
            }
        }
    }

    /// Closes it as a page does that is left.
    pub async fn close(mut self) {
        drop(self.socket.close(None).await);
    }
}

/// A `join` as the JS client says it.
#[must_use]
pub fn join(peer: &str) -> Vec<u8> {
    let mut e = Encoder::new(Vec::new());
    e.map(4).unwrap().str("type").unwrap().str("join").unwrap();
    e.str("senderId").unwrap().str(peer).unwrap();
    e.str("peerMetadata").unwrap().map(1).unwrap();
    e.str("isEphemeral").unwrap().bool(true).unwrap();
    e.str("supportedProtocolVersions").unwrap().array(1).unwrap().str("1").unwrap();
    e.into_writer()
}

/// A message about a document.
#[must_use]
pub fn about(kind: &str, document: &str, sender: &str, target: &str, data: &[u8]) -> Vec<u8> {
    let mut e = Encoder::new(Vec::new());
    e.map(5).unwrap().str("type").unwrap().str(kind).unwrap();
    e.str("documentId").unwrap().str(document).unwrap();
    e.str("senderId").unwrap().str(sender).unwrap();
    e.str("targetId").unwrap().str(target).unwrap();
    e.str("data").unwrap().bytes(data).unwrap();
    e.into_writer()
}

fn decode(bytes: &[u8]) -> Heard {
    let mut heard = Heard::default();
    let mut d = Decoder::new(bytes);
    let fields = d.map().unwrap().unwrap();
    for _ in 0..fields {
        match d.str().unwrap() {
            "type" => heard.kind = d.str().unwrap().to_owned(),
            "senderId" => heard.sender = d.str().unwrap().to_owned(),
            "documentId" => heard.document = d.str().unwrap().to_owned(),
            "message" => heard.message = d.str().unwrap().to_owned(),
            "data" => heard.data = d.bytes().unwrap().to_vec(),
            "peerMetadata" => heard.storage = storage(&mut d),
            _ => d.skip().unwrap(),
        }
    }
    heard
}

fn storage(d: &mut Decoder<'_>) -> String {
    let mut storage = String::new();
    for _ in 0..d.map().unwrap().unwrap() {
        match d.str().unwrap() {
            "storageId" if d.datatype().unwrap() == Type::String => {
                storage = d.str().unwrap().to_owned();
            }
            _ => d.skip().unwrap(),
        }
    }
    storage
}
