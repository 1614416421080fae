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
use uuid::Uuid;

use self::traces::{Trace, Traces};
use super::problem::ApiError;
use super::{App, Identity};

/// How often a revert is drafted anew because another one came first.
const ATTEMPTS_MAX: usize = 3;

/// Most bytes of changes that one revert appends; documents beyond it are left for the next.
const APPEND_BYTES_MAX: usize = MESSAGE_BYTES_MAX;

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
        (status = 503, description = "The view is behind, or the server is busy", body = Problem),
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
    let mut attempt = 1;
    loop {
        match app.revert(gathering, caller, participant, span).await {
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
    ) -> Result<Reverted, ApiError> {
        let log = Arc::clone(&self.log);
        let traces = move || Traces::find(&*log, gathering, participant, span);
        let Traces { from, to, known, documents } = away(traces).await??;
        let (mut changes, mut told, mut room) = (Vec::new(), Vec::new(), APPEND_BYTES_MAX);
        for (document, trace) in documents {
            let seen = match self.ask.document(gathering, caller, document).await {
                // The caller may not even know of it.
                Err(ApiError::Unknown { .. }) => continue,
                seen => seen?,
            };
            let count = trace.hashes.len() as u64;
            let drafted = self.draft(gathering, &seen, trace, &mut room).await?;
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
        room: &mut usize,
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
        let undoing = away(move || copy.undo(&trace.hashes, actor, trace.at)).await?;
        match undoing {
            Ok(undoing) => {
                let sizes = undoing.changes.iter().map(|ChangeBytes(change)| change.len());
                let bytes: usize = sizes.sum();
                if bytes > *room {
                    return Ok(Err("there is too much of it at once: ask again".to_owned()));
                }
                *room -= bytes;
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
async fn away<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, ApiError> {
    web::block(work).await.map_err(ApiError::ours)
}
