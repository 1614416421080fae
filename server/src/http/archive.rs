//! A gathering, or the whole server, as one file, sent as it is made.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::sync::Arc;
use std::time::Duration;

use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, ContentEncoding};
use actix_web::{HttpResponse, get, web};
use bytes::Bytes;
use futures_util::stream;
use oogst_protocol::api::Problem;
use oogst_protocol::ids::{DocumentId, GatheringId, Seq};
use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};

use super::problem::{ApiError, OVERLOAD_WAIT, error_chain};
use super::{App, Identity};
use crate::archive::Source;

/// Archives of gatherings that are made at a time: each folds its gathering once.
const ARCHIVES_MAX: usize = 2;

/// Backups that are made at a time; apart, so that no facilitator holds up the operator's.
const BACKUPS_MAX: usize = 1;

/// What is sent at a time, in bytes, and how many of these wait for a reader.
const PIECE_BYTES: usize = 64 << 10;
const PIECES_MAX: usize = 8;

/// Longest that a reader may take for one piece, before it gives its place to others.
const PATIENCE: Duration = Duration::from_secs(30);

/// The room for archives that are being made.
#[derive(Debug)]
pub(crate) struct Archives {
    archives: Arc<Semaphore>,
    backups: Arc<Semaphore>,
}

impl Default for Archives {
    fn default() -> Self {
        let room = |most| Arc::new(Semaphore::new(most));
        Self { archives: room(ARCHIVES_MAX), backups: room(BACKUPS_MAX) }
    }
}

/// A gathering in one file, to be made again elsewhere by `oogst-server restore`. Facilitators.
/// It holds the events up to this moment, the names of people, and files. It lets nobody in (no
/// token, no code), and holds no intervision and nothing that its asker may not read. The file is
/// whole where its last line is an `end`.
#[utoipa::path(
    tag = "archives",
    params(("gathering" = GatheringId, Path, description = "The gathering")),
    responses(
        (status = 200, description = "The archive, as docs/archive-format.md describes it",
            body = String, content_type = "application/x-ndjson"),
        (status = 503, description = "Too many archives are being made", body = Problem),
    ),
)]
#[get("/api/gatherings/{gathering}/archive")]
pub(super) async fn archive(
    app: web::Data<App>,
    identity: Identity,
    gathering: web::Path<GatheringId>,
) -> Result<HttpResponse, ApiError> {
    let gathering = gathering.into_inner();
    let caller = identity.caller_in(gathering)?;
    app.require_facilitator(gathering, caller).await?;
    let room = take(&app.archives.archives)?;
    let frontier = BTreeMap::from([(gathering, app.log.last(gathering))]);
    let readable = app.ask.readable(gathering, caller).await?.documents;
    Ok(sent(app.source(), Some(readable), frontier, room, "oogst-archive.jsonl"))
}

/// The whole server in one file, while it serves: every event that was acknowledged before this
/// request, every name, hashed token and code, every file. From it `oogst-server restore` makes the
/// server again. The file is whole where its last line is an `end`. The operator.
#[utoipa::path(
    tag = "archives",
    responses(
        (status = 200, description = "The backup, as docs/archive-format.md describes it",
            body = String, content_type = "application/x-ndjson"),
        (status = 403, description = "Not the operator", body = Problem),
        (status = 503, description = "A backup is being made", body = Problem),
    ),
)]
#[get("/api/backup")]
pub(super) async fn backup(
    app: web::Data<App>,
    identity: Identity,
) -> Result<HttpResponse, ApiError> {
    if identity != Identity::Operator {
        return Err(ApiError::Forbidden { who: "the operator" });
    }
    let room = take(&app.archives.backups)?;
    let source = app.source();
    let frontier = source.frontier();
    Ok(sent(source, None, frontier, room, "oogst-backup.jsonl"))
}

impl App {
    fn source(&self) -> Source {
        let (log, people) = (Arc::clone(&self.log), self.people.clone());
        Source { log, people, files: self.files.clone() }
    }
}

fn take(room: &Arc<Semaphore>) -> Result<OwnedSemaphorePermit, ApiError> {
    let taken = Arc::clone(room).try_acquire_owned();
    taken.map_err(|_| ApiError::Overloaded { retry_after: OVERLOAD_WAIT })
}

/// Makes the archive on a thread of its own, as fast as it is read.
fn sent(
    source: Source,
    readable: Option<BTreeSet<DocumentId>>,
    frontier: BTreeMap<GatheringId, Seq>,
    room: OwnedSemaphorePermit,
    name: &str,
) -> HttpResponse {
    let (pieces, coming) = mpsc::channel(PIECES_MAX);
    let mut pipe = Pipe { pieces, runtime: Handle::current(), piece: Vec::new() };
    let make = move || {
        let made = source.write(readable.as_ref(), &frontier, &mut pipe);
        if let Err(error) = made {
            tracing::warn!(cause = error_chain(&error), "an archive was not finished");
            // So that its reader sees it end in the middle; whoever is gone needs to see nothing.
            pipe.give(Err(io::Error::other("the archive was not finished"))).ok();
        }
        drop(room);
    };
    drop(tokio::task::spawn_blocking(make));
    let body = stream::unfold(coming, |mut coming| async {
        let piece = coming.recv().await?;
        Some((piece, coming))
    });
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "application/x-ndjson"))
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .insert_header(ContentEncoding::Identity)
        .streaming(body)
}

/// From the thread that makes an archive to whoever reads it.
struct Pipe {
    pieces: mpsc::Sender<io::Result<Bytes>>,
    runtime: Handle,
    piece: Vec<u8>,
}

impl Pipe {
    fn give(&self, piece: io::Result<Bytes>) -> io::Result<()> {
        let sent = self.runtime.block_on(tokio::time::timeout(PATIENCE, self.pieces.send(piece)));
        match sent {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(io::Error::new(io::ErrorKind::BrokenPipe, "the reader is gone")),
            Err(_) => Err(io::Error::new(io::ErrorKind::TimedOut, "the reader is too slow")),
        }
    }
}

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = &bytes[..bytes.len().min(PIECE_BYTES)];
        self.piece.extend_from_slice(taken);
        if self.piece.len() >= PIECE_BYTES {
            self.flush()?;
        }
        Ok(taken.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.piece.is_empty() {
            return Ok(());
        }
        let piece = std::mem::take(&mut self.piece);
        self.give(Ok(piece.into()))
    }
}
