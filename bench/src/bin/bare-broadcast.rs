//! The bare limit of fan-out: what actix-web and actix-ws send a second with no code of ours.
//!
//! `bare-broadcast serve` is a server of one worker that passes what comes over `/send` on to
//! everybody at `/listen`. `bare-broadcast measure` starts one and measures it from a process of
//! its own, on one thread: a sender that sends as fast as it may, and the listeners. It prints one
//! line of JSON.

use std::cell::RefCell;
use std::error::Error;
use std::net::{SocketAddr, TcpListener};
use std::process::Command;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use actix_ws::{Message, MessageStream, Session};
use clap::{Parser, Subcommand};
use futures_util::{SinkExt, StreamExt};
use oogst_bench::process::{Process, cpu};
use oogst_bench::sample::count;
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio_tungstenite::tungstenite::Message as Frame;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

/// How long a message is, in bytes: about one edit's.
const MESSAGE_BYTES: usize = 200;

/// How many messages the sender may be ahead of the listeners, on average: as many as actix-ws
/// keeps for a socket. Without a bound most of what is measured would be the system's buffers.
const AHEAD_MAX: usize = 32;

/// How long the last messages may take to arrive once nothing more is sent.
const PATIENCE: Duration = Duration::from_secs(10);

/// Measures what a bare server passes on.
#[derive(Debug, Parser)]
struct Line {
    #[command(subcommand)]
    command: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Serves until it is killed
    Serve {
        /// Address to listen on; port 0 asks the system for a free one
        #[arg(long, value_name = "ADDRESS:PORT")]
        listen: SocketAddr,
    },
    /// Starts a server, measures it, and prints one line of JSON
    Measure {
        /// Who listens
        #[arg(long, value_name = "NUMBER", default_value_t = 300)]
        listeners: usize,
        /// How long to send, in seconds
        #[arg(long, value_name = "SECONDS", default_value_t = 5)]
        seconds: u64,
    },
}

fn main() -> Result<(), Box<dyn Error>> {
    match Line::parse().command {
        Task::Serve { listen } => Ok(actix_web::rt::System::new().block_on(serve(listen))?),
        Task::Measure { listeners, seconds } => {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(measure(listeners, Duration::from_secs(seconds)))
        }
    }
}

/// Everybody at `/listen`. One worker, so one thread.
type Listeners = Rc<RefCell<Vec<Session>>>;

async fn serve(listen: SocketAddr) -> std::io::Result<()> {
    let listener = TcpListener::bind(listen)?;
    let address = listener.local_addr()?;
    let server = HttpServer::new(|| {
        App::new()
            .app_data(web::Data::new(Listeners::default()))
            .route("/listen", web::get().to(listens))
            .route("/send", web::get().to(sends))
    });
    let server = server.workers(1).listen(listener)?.run();
    println!("listening on {address}");
    server.await
}

async fn listens(
    request: HttpRequest,
    body: web::Payload,
    listeners: web::Data<Listeners>,
) -> actix_web::Result<HttpResponse> {
    let (answer, session, mut messages) = actix_ws::handle(&request, body)?;
    listeners.borrow_mut().push(session);
    drop(actix_web::rt::spawn(async move { while messages.next().await.is_some() {} }));
    Ok(answer)
}

async fn sends(
    request: HttpRequest,
    body: web::Payload,
    listeners: web::Data<Listeners>,
) -> actix_web::Result<HttpResponse> {
    let (answer, session, messages) = actix_ws::handle(&request, body)?;
    let listeners = Rc::clone(&listeners);
    drop(actix_web::rt::spawn(async move {
        pass_on(messages, listeners).await;
        // Held until here: a socket closes with the last handle of its session.
        drop(session);
    }));
    Ok(answer)
}

/// Gives each message to all listeners; a listener that is full is waited for.
async fn pass_on(mut messages: MessageStream, listeners: Listeners) {
    while let Some(Ok(message)) = messages.next().await {
        let Message::Binary(bytes) = message else { continue };
        // Nothing stays borrowed while it waits.
        let mut sessions = listeners.take();
        for session in &mut sessions {
            // Who is gone hears nothing.
            session.binary(bytes.clone()).await.ok();
        }
        sessions.append(&mut listeners.borrow_mut());
        listeners.replace(sessions);
    }
}

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

async fn measure(listeners: usize, seconds: Duration) -> Result<(), Box<dyn Error>> {
    let mut command = Command::new(std::env::current_exe()?);
    let server =
        Process::start(command.args(["serve", "--listen", "127.0.0.1:0"]), "listening on ")?;
    let mut sockets = Vec::new();
    for _ in 0..listeners {
        sockets.push(connect(&server, "listen").await?);
    }
    let mut sender = connect(&server, "send").await?;
    let (server_before, own_before) = (server.cpu()?, cpu(std::process::id())?);
    let begun = Instant::now();
    let pace = Arc::new(Pace::default());
    let heard = sockets.into_iter().map(|socket| tokio::spawn(hear(socket, Arc::clone(&pace))));
    let heard: Vec<_> = heard.collect();
    let mut sent = 0;
    while begun.elapsed() < seconds {
        while sent * listeners >= pace.heard.load(Ordering::Relaxed) + AHEAD_MAX * listeners {
            pace.more.notified().await;
        }
        sender.send(Frame::binary(vec![0x6f; MESSAGE_BYTES])).await?;
        sent += 1;
    }
    // An empty message is the last.
    sender.send(Frame::binary(Vec::new())).await?;
    let mut deliveries = 0;
    for heard in heard {
        deliveries += tokio::time::timeout(PATIENCE, heard).await??;
    }
    let took = begun.elapsed().as_secs_f64();
    let share = |from: Duration, to: Duration| (to - from).as_secs_f64() / took;
    let result = serde_json::json!({
        "listeners": listeners,
        "message_bytes": MESSAGE_BYTES,
        "seconds": took,
        "deliveries_per_second": count(deliveries) / took,
        "lost": sent * listeners - deliveries,
        "server_cpu": share(server_before, server.cpu()?),
        "client_cpu": share(own_before, cpu(std::process::id())?),
    });
    println!("{result}");
    Ok(())
}

async fn connect(server: &Process, path: &str) -> Result<Socket, Box<dyn Error>> {
    let url = format!("ws://{}/{path}", server.said());
    let (socket, _) = tokio_tungstenite::connect_async(url).await?;
    if let MaybeTlsStream::Plain(stream) = socket.get_ref() {
        stream.set_nodelay(true)?;
    }
    Ok(socket)
}

/// What all listeners have heard together, and that it became more.
#[derive(Debug, Default)]
struct Pace {
    heard: AtomicUsize,
    more: Notify,
}

/// Counts messages up to the last.
async fn hear(mut socket: Socket, pace: Arc<Pace>) -> usize {
    let mut heard = 0;
    while let Some(Ok(frame)) = socket.next().await {
        if frame.is_empty() {
            break;
        }
        heard += usize::from(frame.is_binary());
        pace.heard.fetch_add(1, Ordering::Relaxed);
        pace.more.notify_one();
    }
    heard
}
