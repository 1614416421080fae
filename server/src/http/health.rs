//! Whether the server lives, whether it is ready, and its counters.

use actix_web::http::header::CONTENT_TYPE;
use actix_web::{HttpResponse, get, web};
use oogst_protocol::api::Problem;

use super::auth::Optional;
use super::problem::ApiError;
use super::{App, Identity};

const TEXT: (actix_web::http::header::HeaderName, &str) =
    (CONTENT_TYPE, "text/plain; charset=utf-8");

/// Whether the process answers.
#[utoipa::path(tag = "server", responses((status = 200, description = "`ok`", body = String)))]
#[get("/healthz")]
pub(super) async fn healthz() -> HttpResponse {
    HttpResponse::Ok().insert_header(TEXT).body("ok")
}

/// Whether the server takes requests: not while it stops.
#[utoipa::path(tag = "server", responses(
    (status = 200, description = "`ok`", body = String),
    (status = 503, description = "Why not", body = String),
))]
#[get("/readyz")]
pub(super) async fn readyz(app: web::Data<App>) -> HttpResponse {
    if *app.stopping.borrow() {
        return HttpResponse::ServiceUnavailable().insert_header(TEXT).body("the server stops");
    }
    HttpResponse::Ok().insert_header(TEXT).body("ok")
}

/// Counters as Prometheus text. For the operator; for all where the server listens on loopback.
#[utoipa::path(tag = "server", responses(
    (status = 200, description = "Prometheus text", body = String),
    (status = 401, description = "No token", body = Problem),
    (status = 403, description = "Not the operator", body = Problem),
))]
#[get("/metrics")]
pub(super) async fn metrics(
    app: web::Data<App>,
    caller: Optional,
) -> Result<HttpResponse, ApiError> {
    if !app.address.ip().is_loopback() {
        match caller.0.ok_or(ApiError::Unauthenticated)? {
            Identity::Operator => {}
            Identity::Member { .. } => return Err(ApiError::Forbidden { who: "the operator" }),
        }
    }
    let text = app.counters.prometheus(app.seats.open(), app.views.alarms());
    Ok(HttpResponse::Ok().insert_header((CONTENT_TYPE, "text/plain; version=0.0.4")).body(text))
}
