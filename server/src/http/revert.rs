//! Undoing what one participant did: found in the log, drafted from the views, taken in by the
//! core.
//!
//! What was undone once in a document is not undone there again, so whoever repeats a request
//! gets the same. A document that is locked, or has no room, is named and left; once that is
//! mended the same request does the rest.

mod traces;

use std::sync::Arc;

use actix_web::{post, web};
use oogst_core::port::{self, Caller};
use oogst_core::view::revert::{LeftWhy, UndoFault, Undoing};
use oogst_protocol::api::{LeftItem, Problem, Revert, Reverted, RevertedDocument};
use oogst_protocol::event::ChangeBytes;
use oogst_protocol::ids::{DocumentId, GatheringId, ParticipantId};
use oogst_protocol::limits::MESSAGE_BYTES_MAX;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use uuid::Uuid;

use self::traces::{Trace, Traces};
use super::problem::{ApiError, OVERLOAD_WAIT};
use super::{App, Identity};

/// How often a revert is drafted anew because another one came first.
const ATTEMPTS_MAX: usize = 3;

/// Most bytes of changes that one revert appends; documents beyond it are left for the next.
const APPEND_BYTES_MAX: usize = MESSAGE_BYTES_MAX;

/// Reverts that are worked on at a time: each reads its gathering's log from the beginning, and
/// holds a document whole.
const REVERTS_MAX: usize = 2;

/// The room for reverts.
#[derive(Debug)]
pub(crate) struct Reverts(Arc<Semaphore>);

impl Default for Reverts {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(REVERTS_MAX)))
    }
}

/// Room for one revert: kept until its work is done, also where nobody waits for that any more.
type Room = Arc<OwnedSemaphorePermit>;

impl Reverts {
    fn take(&self) -> Result<Room, ApiError> {
        let taken = Arc::clone(&self.0).try_acquire_owned();
        taken.map(Arc::new).map_err(|_| ApiError::Overloaded { retry_after: OVERLOAD_WAIT })
    }
}

/// Undoes what a participant did in a span, in every document that the caller may write.
/// Facilitators. What others did stays.
#[utoipa::path(
    tag = "participants",
    params(
        ("gathering" = GatheringId, Path, description = "The gathering"),
        ("participant" = ParticipantId, Path, description = "Whose acts, a member now or before"),
    ),
    request_body = Revert,
    responses(
        (status = 200, description = "What was undone, and what was not", body = Reverted),
        (status = 400, description = "No such span, or too much in it", body = Problem),
        (status = 404, description = "No such gathering or participant", body = Problem),
        (status = 409, description = "Another revert was made at this moment", body = Problem),
        (status = 503, description = "The view is behind, or others undo something at this moment",
            body = Problem),
    ),
)]
#[post("/api/gatherings/{gathering}/participants/{participant}/revert")]
pub(super) async fn revert(
    app: web::Data<App>,
    identity: Identity,
    path: web::Path<(GatheringId, ParticipantId)>,
    body: web::Json<Revert>,
) -> Result<web::Json<Reverted>, ApiError> {
    let (gathering, participant) = path.into_inner();
    let caller = identity.caller_in(gathering)?;
    app.require_facilitator(gathering, caller).await?;
    let span = body.into_inner();
    let room = app.reverts.take()?;
    let mut attempt = 1;
    loop {
        match app.revert(gathering, caller, participant, span, &room).await {
            Err(ApiError::Conflict { .. }) if attempt < ATTEMPTS_MAX => attempt += 1,
            answer => return Ok(web::Json(answer?)),
        }
    }
}

impl App {
    async fn revert(
        &self,
        gathering: GatheringId,
        caller: Caller,
        participant: ParticipantId,
        span: Revert,
        room: &Room,
    ) -> Result<Reverted, ApiError> {
        let log = Arc::clone(&self.log);
        let traces = move || Traces::find(&*log, gathering, participant, span);
        let Traces { from, to, known, documents } = away(room, traces).await??;
        let (mut changes, mut told, mut bytes_left) = (Vec::new(), Vec::new(), APPEND_BYTES_MAX);
        for (document, trace) in documents {
            let seen = match self.ask.document(gathering, caller, document).await {
                // The caller may not even know of it.
                Err(ApiError::Unknown { .. }) => continue,
                seen => seen?,
            };
            let count = trace.hashes.len() as u64;
            let drafted = self.draft(gathering, &seen, trace, &mut bytes_left, room).await?;
            told.push(match drafted {
                Ok(Undoing { changes: own, items, left }) => {
                    changes.push((document, own));
                    let items = items.into_iter().collect();
                    let left = left.into_iter().map(|left| LeftItem {
                        item: left.item,
                        why: why_left(left.why).to_owned(),
                    });
                    let (why, left) = (None, left.collect());
                    RevertedDocument { document, undone: true, why, changes: count, items, left }
                }
                Err(why) => not_undone(document, count, why),
            });
        }
        let command = port::Revert { participant, from, to, known, changes };
        let (seq, refused) = self.ask.revert(gathering, caller, command).await?;
        for (document, why) in refused {
            if let Some(told) = told.iter_mut().find(|told| told.document == document) {
                *told = not_undone(document, told.changes, why);
            }
        }
        let changes = told.iter().filter(|told| told.undone).map(|told| told.changes).sum();
        Ok(Reverted { seq, changes, documents: told })
    }

    /// What undoes somebody's changes in a document, or why they are left.
    async fn draft(
        &self,
        gathering: GatheringId,
        document: &port::Document,
        trace: Trace,
        bytes_left: &mut usize,
        room: &Room,
    ) -> Result<Result<Undoing, String>, ApiError> {
        if !document.writable {
            let why = if document.frozen {
                "it is locked: unlock it, and ask again"
            } else {
                "nobody writes in it now: the gathering is closed"
            };
            return Ok(Err(why.to_owned()));
        }
        let Some(copy) = self.views.copy(gathering, document.id).await? else {
            return Ok(Err("its view has stopped: the operator has been alarmed".to_owned()));
        };
        let actor = Uuid::new_v4().into_bytes();
        let undoing = away(room, move || copy.undo(&trace.hashes, actor, trace.at)).await?;
        match undoing {
            Ok(undoing) => {
                let sizes = undoing.changes.iter().map(|ChangeBytes(change)| change.len());
                let bytes: usize = sizes.sum();
                if bytes > *bytes_left {
                    return Ok(Err("there is too much of it at once: ask again".to_owned()));
                }
                *bytes_left -= bytes;
                Ok(Ok(undoing))
            }
            Err(fault @ UndoFault::TooMuch { .. }) => Ok(Err(fault.to_string())),
            Err(fault) => Err(ApiError::ours(fault)),
        }
    }
}

fn not_undone(document: DocumentId, changes: u64, why: String) -> RevertedDocument {
    let (items, left) = (Vec::new(), Vec::new());
    RevertedDocument { document, undone: false, why: Some(why), changes, items, left }
}

const fn why_left(why: LeftWhy) -> &'static str {
    match why {
        LeftWhy::BuiltOn => "others built on it, so it stays; what was typed in it has gone",
        LeftWhy::KeyPoints => "there are as many key points as there may be: take one away first",
    }
}

/// Runs what takes a while on a thread where nobody waits for it.
async fn away<T: Send + 'static>(
    room: &Room,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, ApiError> {
    let room = Arc::clone(room);
    let work = move || {
        let done = work();
        drop(room);
        done
    };
    web::block(work).await.map_err(ApiError::ours)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn so_many_reverts_are_worked_on_also_where_nobody_waits_for_them() {
        let reverts = Reverts::default();
        let mut held: Vec<Room> = (0..REVERTS_MAX).map(|_| reverts.take().unwrap()).collect();
        assert!(matches!(reverts.take(), Err(ApiError::Overloaded { .. })));
        let room = held.pop().unwrap();
        let (begin, mut began) = tokio::sync::mpsc::channel(1);
        let (finish, finished) = std::sync::mpsc::sync_channel::<()>(1);
        let work = move || {
            begin.blocking_send(()).unwrap();
            finished.recv().ok();
        };
        tokio::select! {
            done = away(&room, work) => panic!("nothing finished it: {done:?}"),
            began = began.recv() => assert!(began.is_some()),
        }
        drop(room);
        assert!(matches!(reverts.take(), Err(ApiError::Overloaded { .. })));
        drop(finish);
        let again = Arc::clone(&reverts.0).acquire_owned().await;
        assert!(again.is_ok(), "its room is given back");
    }
}
