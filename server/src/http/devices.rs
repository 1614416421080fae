//! What devices still hold: each says it of itself, who conducts the gathering reads it.

use std::collections::BTreeSet;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use actix_web::{HttpResponse, get, put, web};
use oogst_protocol::api::{DeviceWord, Devices, Problem};
use oogst_protocol::ids::{DeviceId, GatheringId};
use oogst_protocol::time::Timestamp;

use super::problem::ApiError;
use super::{App, Identity};
use crate::devices::{Moment, NoRoom};

/// This moment.
pub(crate) fn moment() -> Moment {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let milliseconds = i64::try_from(since.as_millis()).unwrap_or(i64::MAX);
    Moment { at: Instant::now(), time: Timestamp::from_milliseconds(milliseconds) }
}

/// Says what a device of the caller's still has to send, when that changes and every 20 seconds
/// while somebody looks at it. Kept in memory alone, for a day. For oneself alone.
#[utoipa::path(
    tag = "devices",
    params(
        ("gathering" = GatheringId, Path, description = "The gathering"),
        ("device" = DeviceId, Path, description = "The device, as it calls itself at random"),
    ),
    request_body = DeviceWord,
    responses(
        (status = 204, description = "Heard"),
        (status = 403, description = "The operator, who takes part on no device", body = Problem),
        (status = 409, description = "The server remembers no more devices", body = Problem),
    ),
)]
#[put("/api/gatherings/{gathering}/devices/{device}")]
pub(super) async fn hear_device(
    app: web::Data<App>,
    identity: Identity,
    path: web::Path<(GatheringId, DeviceId)>,
    body: web::Json<DeviceWord>,
) -> Result<HttpResponse, ApiError> {
    let (gathering, device) = path.into_inner();
    identity.caller_in(gathering)?;
    // The token is enough: what is said here changes nothing, and is told of nobody who left.
    let Identity::Member { participant, .. } = identity else {
        return Err(ApiError::Forbidden { who: "a member, for a device of their own" });
    };
    app.devices.hear(gathering, (participant, device), body.into_inner(), moment())?;
    Ok(HttpResponse::NoContent().finish())
}

/// Which devices still hold changes, or fell silent before they said that all was sent, as far as
/// this server has heard. Facilitators.
#[utoipa::path(
    tag = "devices",
    params(("gathering" = GatheringId, Path, description = "The gathering")),
    responses(
        (status = 200, description = "The devices that are a concern", body = Devices),
        (status = 403, description = "Not a facilitator", body = Problem),
    ),
)]
#[get("/api/gatherings/{gathering}/devices")]
pub(super) async fn devices(
    app: web::Data<App>,
    identity: Identity,
    gathering: web::Path<GatheringId>,
) -> Result<web::Json<Devices>, ApiError> {
    let gathering = gathering.into_inner();
    let caller = identity.caller_in(gathering)?;
    app.require_facilitator(gathering, caller).await?;
    let seen = app.ask.gathering(gathering, caller).await?;
    let here: BTreeSet<_> = seen.participants.iter().map(|found| found.id).collect();
    Ok(web::Json(app.devices.holding(gathering, |who| here.contains(&who), moment())))
}

impl From<NoRoom> for ApiError {
    fn from(full: NoRoom) -> Self {
        Self::Full { detail: full.to_string(), reason: None }
    }
}
