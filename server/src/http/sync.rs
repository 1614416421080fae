//! The door to the sync protocol: who may open a socket.

use actix_web::{HttpRequest, HttpResponse, get, web};
use oogst_protocol::api::Problem;

use super::auth::StreamIdentity;
use super::problem::ApiError;
use super::{App, Identity};

/// Upgrades to automerge-repo's WebSocket protocol, version 1. The token may be in the query.
#[utoipa::path(
    tag = "sync",
    params(("token" = Option<String>, Query, description = "The token, where no header can be")),
    responses(
        (status = 101, description = "automerge-repo's protocol, in binary frames"),
        (status = 403, description = "A foreign Origin, or the operator", body = Problem),
        (status = 429, description = "Too many sockets of this address", body = Problem),
    ),
)]
#[get("/sync")]
pub(super) async fn sync(
    app: web::Data<App>,
    request: HttpRequest,
    body: web::Payload,
    shown: StreamIdentity,
) -> Result<HttpResponse, ApiError> {
    let Identity::Member { gathering, participant } = shown.identity else {
        return Err(ApiError::Forbidden { who: "a member of a gathering" });
    };
    let seat = app.seats.take(app.address_of(&request))?;
    app.sockets
        .upgrade(&request, body, gathering, participant, seat)
        .map_err(|_| ApiError::invalid("this address takes a WebSocket handshake: `Upgrade`"))
}
