//! Consent: everybody says for themselves how they are named in what is published.

use actix_web::{get, put, web};
use oogst_core::port::Command;
use oogst_protocol::api::{Consent, Problem, SetConsent};
use oogst_protocol::ids::GatheringId;

use super::problem::ApiError;
use super::{App, Identity};

/// What the caller agrees to; `group` where they never said.
#[utoipa::path(
    tag = "consent",
    params(("gathering" = GatheringId, Path, description = "The gathering")),
    responses(
        (status = 200, description = "The caller's consent", body = Consent),
        (status = 403, description = "The operator, who says nothing here", body = Problem),
    ),
)]
#[get("/api/gatherings/{gathering}/consent")]
pub(super) async fn consent(
    app: web::Data<App>,
    identity: Identity,
    gathering: web::Path<GatheringId>,
) -> Result<web::Json<Consent>, ApiError> {
    let gathering = gathering.into_inner();
    let caller = identity.caller_in(gathering)?;
    Ok(web::Json(app.ask.consent(gathering, caller).await?))
}

/// Says how the caller is named where what they said is published: by name, by organisation, as
/// their group, or not at all, which leaves their words out. For oneself alone, at any time; the
/// strictest of those who said a line counts.
#[utoipa::path(
    tag = "consent",
    params(("gathering" = GatheringId, Path, description = "The gathering")),
    request_body = SetConsent,
    responses(
        (status = 200, description = "The caller's consent", body = Consent),
        (status = 400, description = "None of the four", body = Problem),
        (status = 403, description = "The operator, who says nothing here", body = Problem),
    ),
)]
#[put("/api/gatherings/{gathering}/consent")]
pub(super) async fn set_consent(
    app: web::Data<App>,
    identity: Identity,
    gathering: web::Path<GatheringId>,
    body: web::Json<SetConsent>,
) -> Result<web::Json<Consent>, ApiError> {
    let gathering = gathering.into_inner();
    let caller = identity.caller_in(gathering)?;
    let SetConsent { publish } = body.into_inner();
    app.ask.command(gathering, caller, Command::SetConsent { publish }).await?;
    Ok(web::Json(app.ask.consent(gathering, caller).await?))
}
