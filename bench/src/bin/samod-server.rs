//! A sync server of samod, as small as one can be: what Oogst is compared with.
//!
//! `samod-server --listen 127.0.0.1:0 --data DIR`, on one thread. It is as durable as samod is:
//! its own file store, which syncs nothing. It announces no document by itself, as
//! automerge-repo's own sync server does not: peers ask for what they know of. With `--announce` it
//! is as samod comes, and tells every peer of every document.

use std::error::Error;
use std::future::ready;
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Parser;
use futures_util::{SinkExt, StreamExt};
use samod::storage::TokioFilesystemStorage;
use samod::{AcceptorHandle, Repo, ShareConfig, Transport, Url};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::{Error as SocketError, Message};

/// Serves documents to whoever asks.
#[derive(Debug, Parser)]
struct Line {
    /// Address to listen on; port 0 asks the system for a free one
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: SocketAddr,
    /// Folder of the documents; made where it is missing
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// Announce every document to every peer, as samod does where nobody says otherwise
    #[arg(long)]
    announce: bool,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let line = Line::parse();
    std::fs::create_dir_all(&line.data)?;
    let repo = Repo::build_tokio()
        .with_storage(TokioFilesystemStorage::new(&line.data))
        .with_share_policy(ShareConfig::read_write().with_announce(line.announce))
        .load()
        .await;
    let listener = TcpListener::bind(line.listen).await?;
    let address = listener.local_addr()?;
    let acceptor = repo.make_acceptor(Url::parse(&format!("ws://{address}"))?)?;
    println!("listening on {address}");
    loop {
        let (stream, _) = listener.accept().await?;
        let acceptor = acceptor.clone();
        drop(tokio::spawn(async move {
            if let Err(error) = serve(stream, &acceptor).await {
                eprintln!("a connection was not taken: {error}");
            }
        }));
    }
}

/// Upgrades a connection and hands it to samod, which keeps it.
async fn serve(stream: TcpStream, acceptor: &AcceptorHandle) -> Result<(), Box<dyn Error>> {
    stream.set_nodelay(true)?;
    let (sink, stream) = tokio_tungstenite::accept_async(stream).await?.split();
    let stream = stream.filter_map(|frame| {
        ready(match frame {
            Ok(Message::Binary(bytes)) => Some(Ok(Vec::from(bytes))),
            Ok(_) => None,
            Err(error) => Some(Err(error)),
        })
    });
    let sink =
        sink.with(|bytes: Vec<u8>| ready(Ok::<_, SocketError>(Message::Binary(bytes.into()))));
    acceptor.accept(Transport::new(stream, sink))?;
    Ok(())
}
