//! A line that can be cut: a TCP proxy in front of the server.
//!
//! A cut looks like a lost network: both directions stop, and new attempts end at once.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// How long a cut line's rest is read away: closing with unread bytes would reset the socket,
/// which automerge-repo's adapter in Node takes for the end.
const DRAIN: Duration = Duration::from_secs(5);

/// A proxy in front of one server.
#[derive(Debug)]
pub struct Proxy {
    /// Where clients connect.
    pub address: SocketAddr,
    up: watch::Sender<bool>,
    carried: Arc<AtomicUsize>,
    task: JoinHandle<()>,
}

impl Proxy {
    /// Starts a proxy to `server`, with the line up.
    pub async fn start(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (up, line) = watch::channel(true);
        let carried = Arc::new(AtomicUsize::new(0));
        let count = carried.clone();
        let task = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(carry(client, server, line.clone(), count.clone()));
            }
        });
        Self { address, up, carried, task }
    }

    /// Cuts every line and refuses new ones.
    pub fn cut(&self) {
        self.up.send_replace(false);
    }

    /// Lets new lines through again.
    pub fn restore(&self) {
        self.up.send_replace(true);
    }

    /// How many lines reached the server so far.
    #[must_use]
    pub fn carried(&self) -> usize {
        self.carried.load(Ordering::SeqCst)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.cut();
        self.task.abort();
    }
}

async fn carry(
    mut client: TcpStream,
    server: SocketAddr,
    mut line: watch::Receiver<bool>,
    carried: Arc<AtomicUsize>,
) {
    let up = *line.borrow();
    if up && let Ok(mut server) = TcpStream::connect(server).await {
        carried.fetch_add(1, Ordering::SeqCst);
        tokio::select! {
            _ = copy_bidirectional(&mut client, &mut server) => {}
            _ = line.wait_for(|up| !up) => {}
        }
    }
    // Ends like a hung-up line; an error here means the client is gone already.
    drop(client.shutdown().await);
    let mut rest = [0; 4096];
    let drained = async { while matches!(client.read(&mut rest).await, Ok(read) if read > 0) {} };
    drop(tokio::time::timeout(DRAIN, drained).await);
}
