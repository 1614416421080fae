//! How samod gets its socket: over the kit's own WebSocket library.
//!
//! samod's own `dial_websocket` brings native-tls, which needs OpenSSL's headers to build; a
//! fresh Debian with Rust has none, and these tests need no TLS.

use std::convert::Infallible;
use std::future::{Future, ready};
use std::pin::Pin;

use futures_util::{SinkExt, StreamExt};
use samod::{DialError, Dialer, Transport, Url};
use tokio_tungstenite::tungstenite::{Error, Message};

/// Dials a WebSocket at a URL.
#[derive(Debug)]
pub struct SocketDialer {
    url: Url,
}

impl SocketDialer {
    /// A dialer of `url`, as `ws://127.0.0.1:8080/sync?token=…`.
    ///
    /// # Panics
    ///
    /// Where it is no URL.
    #[must_use]
    pub fn to(url: &str) -> Self {
        Self { url: Url::parse(url).unwrap() }
    }
}

type Dialed = Result<Transport, DialError<Infallible>>;

impl Dialer for SocketDialer {
    type Error = Infallible;

    fn url(&self) -> Url {
        self.url.clone()
    }

    fn connect(&self) -> Pin<Box<dyn Future<Output = Dialed> + Send>> {
        let url = self.url.to_string();
        Box::pin(async move {
            let connected = tokio_tungstenite::connect_async(url).await;
            let (socket, _) = connected.map_err(DialError::transient)?;
            let (sink, stream) = socket.split();
            let stream = stream.filter_map(|frame| {
                ready(match frame {
                    Ok(Message::Binary(bytes)) => Some(Ok(Vec::from(bytes))),
                    Ok(_) => None,
                    Err(error) => Some(Err(error)),
                })
            });
            let sink =
                sink.with(|bytes: Vec<u8>| ready(Ok::<_, Error>(Message::Binary(bytes.into()))));
            Ok(Transport::new(stream, sink))
        })
    }
}
