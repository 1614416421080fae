//! Documents: opening one more, locking one, reading one now or as it was.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, post, put, web};
use oogst_core::port::Command;
use oogst_protocol::api::{Document, NewDocument, Problem};
use oogst_protocol::event::Owner;
use oogst_protocol::ids::{DocumentId, GatheringId};
use uuid::Uuid;

use super::problem::ApiError;
use super::{App, At, Identity};

/// Opens a document beside those that are there from the start. Facilitators; members a document
/// of their own, and an intervision or a visit of their group.
///
/// An action plan begins with three steps, each linked under `refs` to a document as a whole: to
/// its owner's stakeholder map, to the programme, to the plan itself. Such a target is
/// `<document>/<item>` with the document's own id, spelled as a UUID, for its item. Where the owner
/// has no stakeholder map yet, one is opened with the plan; a person's own plan leads to the map of
/// their region, if there is one. A plan that is open already gets no links.
#[utoipa::path(
    tag = "documents",
    params(("gathering" = GatheringId, Path, description = "The gathering")),
    request_body = NewDocument,
    responses(
        (status = 201, description = "The document", body = Document),
        (status = 400, description = "Not a document", body = Problem),
        (status = 403, description = "Not the caller's to open", body = Problem),
        (status = 404, description = "No such gathering or owner", body = Problem),
        (status = 409, description = "There is one already, or there are too many",
            body = Problem),
    ),
)]
#[post("/api/gatherings/{gathering}/documents")]
pub(super) async fn open_document(
    app: web::Data<App>,
    identity: Identity,
    gathering: web::Path<GatheringId>,
    body: web::Json<NewDocument>,
) -> Result<HttpResponse, ApiError> {
    let gathering = gathering.into_inner();
    let caller = identity.caller_in(gathering)?;
    let NewDocument { kind, title, owner } = body.into_inner();
    let document = DocumentId::new(Uuid::new_v4());
    let title = title.map(|title| title.trim().to_owned()).unwrap_or_default();
    let owner = owner.map(Owner::from);
    let map = DocumentId::new(Uuid::new_v4());
    let command = Command::OpenDocument { document, kind, owner, title, map };
    app.ask.command(gathering, caller, command).await?;
    let opened = app.document(gathering, caller, document).await?;
    Ok(HttpResponse::build(StatusCode::CREATED).json(opened))
}

/// Locks (`true`) or unlocks (`false`) a document. Facilitators. Edits wait with their authors.
#[utoipa::path(
    tag = "documents",
    params(("document" = DocumentId, Path, description = "The document")),
    request_body = bool,
    responses(
        (status = 200, description = "The document", body = Document),
    ),
)]
#[put("/api/documents/{document}/frozen")]
pub(super) async fn set_frozen(
    app: web::Data<App>,
    identity: Identity,
    document: web::Path<DocumentId>,
    body: web::Json<bool>,
) -> Result<web::Json<Document>, ApiError> {
    let document = document.into_inner();
    let gathering = app.home_of(identity, document).await?;
    let caller = identity.caller_in(gathering)?;
    let frozen = body.into_inner();
    app.ask.command(gathering, caller, Command::SetFrozen { document, frozen }).await?;
    Ok(web::Json(app.document(gathering, caller, document).await?))
}

/// The document's root object as JSON, now or as it was right after an event.
#[utoipa::path(
    tag = "documents",
    params(
        ("document" = DocumentId, Path, description = "The document"),
        ("at" = Option<u64>, Query, description = "The event right after which; now if left out"),
    ),
    responses(
        (status = 200, description = "The root object", body = serde_json::Value,
            headers(("Oogst-Seq" = u64, description = "The event that the answer covers"))),
        (status = 404, description = "None, not yet then, or not the caller's", body = Problem),
        (status = 503, description = "The view is behind, or too many look back", body = Problem),
    ),
)]
#[get("/api/documents/{document}")]
pub(super) async fn read_document(
    app: web::Data<App>,
    identity: Identity,
    document: web::Path<DocumentId>,
    query: web::Query<At>,
) -> Result<HttpResponse, ApiError> {
    let document = document.into_inner();
    let gathering = app.home_of(identity, document).await?;
    let caller = identity.caller_in(gathering)?;
    app.document(gathering, caller, document).await?;
    let found = app.views.document(gathering, document, query.at).await?;
    Ok(HttpResponse::Ok().insert_header(("Oogst-Seq", found.seq.to_string())).json(found.root))
}
