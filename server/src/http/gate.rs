//! What every request passes and every answer carries.
//!
//! In: the `Origin` rule. Out: headers that keep a browser from guessing types, framing us or
//! telling others where people were; one count and one log line, which names the route's pattern
//! and never the path or query that was asked.

use std::time::Duration;

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::Method;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderMap, HeaderName, HeaderValue, REFERRER_POLICY,
    STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
};
use actix_web::middleware::Next;
use actix_web::{Error, ResponseError, web};

use super::App;
use super::problem::ApiError;

/// The client is served from here whole: no other source of anything, no inline script or style.
/// `'self'` covers the WebSocket of the same host. `blob:` and `data:` are for pictures alone.
const CONTENT_POLICY: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; \
    style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; object-src 'none'; \
    base-uri 'none'; frame-ancestors 'none'";

const CROSS_ORIGIN_RESOURCE_POLICY: HeaderName =
    HeaderName::from_static("cross-origin-resource-policy");

/// Longest that a request may take, from its head to the answer's: a body that drips in costs its
/// sender the connection. Sockets and feeds answer at once and go on after that.
const REQUEST_SECONDS_MAX: u64 = 10;

/// The same for an image, which comes from a phone on a bad line: 200 KiB a second are enough.
const UPLOAD_SECONDS_MAX: u64 = 60;

/// The middleware around everything.
pub(super) async fn pass<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let app = request
        .app_data::<web::Data<App>>()
        .cloned()
        .expect("every service of this server is given its state");
    let is_https = app.own.is_https();
    if !app.own.admit(request.headers()) {
        app.counters.foreign_origins.increase();
        let mut answer = ApiError::ForeignOrigin.error_response().map_into_right_body();
        harden(answer.headers_mut(), is_https);
        app.counters.answered(answer.status().as_u16());
        return Ok(request.into_response(answer));
    }
    let is_upload = request.method() == Method::POST && request.path().ends_with("/files");
    let limit_seconds = if is_upload { UPLOAD_SECONDS_MAX } else { REQUEST_SECONDS_MAX };
    let slow = ApiError::TooSlow { limit_seconds };
    let patience = Duration::from_secs(limit_seconds);
    let handled = tokio::time::timeout(patience, next.call(request)).await;
    let mut answer = match handled.unwrap_or_else(|_| Err(slow.into())) {
        Ok(answer) => answer.map_into_left_body(),
        // The request is gone with the service that held it: only its answer can be given on.
        Err(error) => {
            let mut answer = error.error_response();
            harden(answer.headers_mut(), is_https);
            app.counters.answered(answer.status().as_u16());
            return Err(InternalError::from_response(error, answer).into());
        }
    };
    let status = answer.status().as_u16();
    app.counters.answered(status);
    let route = answer.request().match_pattern();
    let method = answer.request().method().as_str();
    let route = route.as_deref().unwrap_or("-");
    tracing::debug!(method, route, status, "answered");
    harden(answer.headers_mut(), is_https);
    Ok(answer)
}

fn harden(headers: &mut HeaderMap, is_https: bool) {
    let mut set = |name: HeaderName, value: &'static str| {
        headers.insert(name, HeaderValue::from_static(value));
    };
    set(CONTENT_SECURITY_POLICY, CONTENT_POLICY);
    set(X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(REFERRER_POLICY, "no-referrer");
    set(CROSS_ORIGIN_RESOURCE_POLICY, "same-origin");
    if is_https {
        set(STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    // What says nothing else is somebody's data: it stays in no cache.
    if !headers.contains_key(CACHE_CONTROL) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
}
