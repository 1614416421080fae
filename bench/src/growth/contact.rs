//! Somebody who comes to a document with nothing at hand, and keeps nothing of it: what the server
//! and the line take alone.

use std::time::{Duration, Instant};

use automerge::sync::Message as SyncMessage;
use futures_util::{SinkExt, StreamExt};
use oogst_protocol::ids::DocumentId;
use oogst_protocol::wire::{Message, PROTOCOL_VERSION, PeerId, PeerMetadata};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message as Frame;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_with_config};

use crate::accept::sync_message;
use crate::failure::Failure;
use crate::server::Server;

/// How a first contact went.
#[derive(Clone, Copy, Debug)]
pub(super) struct Contact {
    /// From the call for a line until the last byte is here.
    pub(super) took: Duration,
    /// Of the one message that holds the document.
    pub(super) bytes: usize,
    /// Changes in it.
    pub(super) changes: usize,
}

/// Comes to a document with the token of somebody who may read it.
///
/// # Errors
///
/// Where the line breaks, or the document does not come.
pub(super) async fn contact(
    server: &Server,
    token: &str,
    document: DocumentId,
) -> Result<Contact, Failure> {
    let begun = Instant::now();
    let url = format!("ws://{}/sync?token={token}", server.address);
    // The document comes in one message, of whatever length.
    let any_size = WebSocketConfig::default().max_message_size(None).max_frame_size(None);
    let (mut socket, _) = connect_async_with_config(url, Some(any_size), false).await?;
    let sender = PeerId::new(&format!("light-{}", uuid::Uuid::new_v4().simple()));
    let join = Message::Join {
        sender: sender.clone(),
        metadata: PeerMetadata { storage_id: None, is_ephemeral: true },
        versions: vec![PROTOCOL_VERSION.into()],
    };
    socket.send(Frame::Binary(join.encode())).await?;
    let target = loop {
        if let (Message::Peer { sender, .. }, _) = heard(&mut socket).await? {
            break sender;
        }
    };
    let data = sync_message(&[], &[]).into();
    let request = Message::Request { document: document.into(), sender, target, data };
    socket.send(Frame::Binary(request.encode())).await?;
    let (data, bytes) = loop {
        match heard(&mut socket).await? {
            (Message::Sync { data, .. }, bytes) => break (data, bytes),
            (Message::DocUnavailable { .. }, _) => {
                return Err(Failure::Unexpected("the document is not there".to_owned()));
            }
            _ => {}
        }
    };
    let took = begun.elapsed();
    let message = SyncMessage::decode(&data).map_err(|error| {
        Failure::Unexpected(format!("the document came in what is no message: {error}"))
    })?;
    Ok(Contact { took, bytes, changes: message.changes.iter().count() })
}

/// The next message, and how long its frame is.
async fn heard(
    socket: &mut WebSocketStream<MaybeTlsStream<TcpStream>>,
) -> Result<(Message, usize), Failure> {
    loop {
        match socket.next().await.transpose()? {
            Some(Frame::Binary(bytes)) => {
                let message = Message::decode_within(&bytes, bytes.len());
                let message = message.map_err(|error| {
                    Failure::Unexpected(format!("a frame makes no sense: {error}"))
                })?;
                return Ok((message, bytes.len()));
            }
            Some(Frame::Close(reason)) => {
                return Err(Failure::Unexpected(format!("the line was closed: {reason:?}")));
            }
            Some(_) => {}
            None => return Err(Failure::Unexpected("the line broke".to_owned())),
        }
    }
}
