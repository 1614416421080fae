//! One socket of the sync protocol, from its greeting to its end: messages in, messages out.
//!
//! [`Session`](crate::Session) keeps documents over it and opens it again when it breaks. Whoever
//! keeps no documents of their own (a load generator, a probe) takes it as it is. Everything that
//! bounds what is read stands here.

use bytes::Bytes;
use futures_util::{FutureExt, SinkExt, StreamExt};
use oogst_protocol::wire::{Message, PROTOCOL_VERSION, PeerId, PeerMetadata};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::{HeaderValue, StatusCode, header};
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Error as SocketError, Message as Frame};
use tokio_tungstenite::{WebSocketStream, client_async_with_config};

use crate::dial::{Place, Stream};
use crate::{Access, ClientError, Server};

/// Largest message that is read, in bytes: a day's document in one piece.
const INCOMING_BYTES_MAX: usize = 64 << 20;

/// One socket after its greeting. Dropping it ends it without a word.
#[derive(Debug)]
pub struct Line {
    socket: WebSocketStream<Stream>,
    peer: PeerId,
    server: PeerId,
    received_bytes: u64,
}

impl Line {
    /// Opens the holder of a token's line to an Oogst server. Nothing bounds how long that takes.
    ///
    /// # Errors
    ///
    /// [`ClientError`] by whose fault it is.
    pub async fn to_member(access: &Access) -> Result<Self, ClientError> {
        Self::greet(access.server().place(), Some(access.token()), Self::any_peer()).await
    }

    /// Opens a line to any server of automerge-repo's protocol, which asks for no token.
    ///
    /// # Errors
    ///
    /// [`ClientError`] by whose fault it is.
    pub async fn to_anybody(server: &Server) -> Result<Self, ClientError> {
        Self::greet(server.place(), None, Self::any_peer()).await
    }

    /// A name on the wire that nobody else has.
    pub(crate) fn any_peer() -> PeerId {
        PeerId::new(&format!("rust-{}", uuid::Uuid::new_v4().simple()))
    }

    /// Connects and joins.
    pub(crate) async fn greet(
        place: &Place,
        token: Option<&str>,
        peer: PeerId,
    ) -> Result<Self, ClientError> {
        let stream = place.dial().await?;
        let scheme = if place.secure { "wss" } else { "ws" };
        let url = format!("{scheme}://{}/sync", place.authority());
        let mut request = url.into_client_request().map_err(ClientError::unreachable)?;
        if let Some(token) = token {
            let bearer = HeaderValue::from_str(&format!("Bearer {token}"))
                .map_err(|_| ClientError::Revoked)?;
            request.headers_mut().insert(header::AUTHORIZATION, bearer);
        }
        let config = WebSocketConfig::default()
            .max_message_size(Some(INCOMING_BYTES_MAX))
            .max_frame_size(Some(INCOMING_BYTES_MAX));
        let connected = client_async_with_config(request, stream, Some(config)).await;
        let (mut socket, _) = connected.map_err(not_upgraded)?;
        let join = Message::Join {
            sender: peer.clone(),
            metadata: PeerMetadata { storage_id: None, is_ephemeral: true },
            versions: vec![PROTOCOL_VERSION.into()],
        };
        socket.send(Frame::Binary(join.encode())).await.map_err(ClientError::unreachable)?;
        let server = PeerId::new("");
        let mut line = Self { socket, peer, server, received_bytes: 0 };
        loop {
            if let Some(Message::Peer { sender, .. }) = line.next().await? {
                line.server = sender;
                return Ok(line);
            }
        }
    }

    /// Our name on the wire.
    #[must_use]
    pub const fn peer(&self) -> &PeerId {
        &self.peer
    }

    /// The server's.
    #[must_use]
    pub const fn server(&self) -> &PeerId {
        &self.server
    }

    /// How many bytes of messages came over it so far, frames' headers not counted.
    #[must_use]
    pub const fn received_bytes(&self) -> u64 {
        self.received_bytes
    }

    /// Hands an encoded message over; it leaves at the next [`flush`](Self::flush) at the latest.
    ///
    /// # Errors
    ///
    /// [`ClientError::Unreachable`]: the line broke.
    pub async fn feed(&mut self, message: Bytes) -> Result<(), ClientError> {
        self.socket.feed(Frame::Binary(message)).await.map_err(ClientError::unreachable)
    }

    /// Lets everything leave that was handed over.
    ///
    /// # Errors
    ///
    /// [`ClientError::Unreachable`]: the line broke.
    pub async fn flush(&mut self) -> Result<(), ClientError> {
        self.socket.flush().await.map_err(ClientError::unreachable)
    }

    /// Asks whether the server is there; any frame that comes answers it.
    ///
    /// # Errors
    ///
    /// [`ClientError::Unreachable`]: the line broke.
    pub async fn ping(&mut self) -> Result<(), ClientError> {
        self.socket.send(Frame::Ping(Bytes::new())).await.map_err(ClientError::unreachable)
    }

    /// Waits for a frame; `None` is one that carries no message. A future that is dropped takes
    /// nothing with it.
    ///
    /// # Errors
    ///
    /// Why the line ended.
    pub async fn next(&mut self) -> Result<Option<Message>, ClientError> {
        let frame = self.socket.next().await;
        if let Some(Ok(frame)) = &frame {
            self.received_bytes += frame.len() as u64;
        }
        heard(frame)
    }

    /// What is here already; `None` where one would have to wait.
    ///
    /// # Errors
    ///
    /// Why the line ended.
    pub fn next_at_once(&mut self) -> Option<Result<Option<Message>, ClientError>> {
        self.next().now_or_never()
    }

    /// Ends the line with a close frame; the server's answer is not waited for.
    pub async fn close(mut self) {
        // Whoever is gone needs no goodbye.
        self.socket.close(None).await.ok();
    }
}

/// Why the server did not open a socket.
fn not_upgraded(error: SocketError) -> ClientError {
    let SocketError::Http(answer) = &error else { return ClientError::unreachable(error) };
    match answer.status() {
        StatusCode::UNAUTHORIZED => ClientError::Revoked,
        status if status.is_client_error() && status != StatusCode::TOO_MANY_REQUESTS => {
            let detail = answer.body().as_deref().map(String::from_utf8_lossy);
            let detail = detail.unwrap_or_default().into_owned();
            ClientError::Refused { status: status.as_u16(), detail }
        }
        _ => ClientError::unreachable(error),
    }
}

/// Reads a frame: a message, nothing that concerns us, or the end of the line.
fn heard(frame: Option<Result<Frame, SocketError>>) -> Result<Option<Message>, ClientError> {
    let gone = || ClientError::unreachable(std::io::Error::other("the socket was closed"));
    match frame {
        Some(Ok(Frame::Binary(bytes))) => {
            let message = Message::decode_within(&bytes, INCOMING_BYTES_MAX);
            message.map(Some).map_err(ClientError::not_understood)
        }
        Some(Ok(Frame::Close(Some(close)))) => match u16::from(close.code) {
            4401 => Err(ClientError::Revoked),
            code @ (1002 | 1003 | 1007..=1009) => {
                Err(ClientError::Violation { code, reason: close.reason.to_string() })
            }
            _ => Err(gone()),
        },
        Some(Ok(Frame::Close(None))) | None => Err(gone()),
        Some(Ok(Frame::Text(_) | Frame::Ping(_) | Frame::Pong(_) | Frame::Frame(_))) => Ok(None),
        Some(Err(error)) => Err(ClientError::unreachable(error)),
    }
}
