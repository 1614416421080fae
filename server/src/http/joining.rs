//! Coming in with a code, coming back with four words.
//!
//! What opens a door is looked up, never shown: a wrong code says no more than that it is wrong,
//! and too many of them wait (see `limits`).

use std::time::Instant;

use actix_web::http::header::SET_COOKIE;
use actix_web::{HttpRequest, HttpResponse, post, web};
use oogst_protocol::api::{Join, Joined, Problem, Return, Waiting};
use oogst_protocol::ids::JoinCode;

use super::App;
use super::auth::Reminder;
use super::members::Coming;
use super::problem::ApiError;

/// Joins with a code. An earlier token of the gathering gives the same participant back. A guest
/// who comes before guests are let in is told when that will be, and has not joined. Where the
/// gathering has a bound on who takes part, everybody who shares the device needs a place: all come
/// in, or none.
#[utoipa::path(
    tag = "joining",
    request_body = Join,
    security(()),
    responses(
        (status = 200, description = "A token, and what brings one back", body = Joined),
        (status = 202, description = "A guest who is early: when guests are let in",
            body = Waiting),
        (status = 400, description = "Not a name", body = Problem),
        (status = 404, description = "No open gathering has the code", body = Problem),
        (status = 409, description = "The gathering is full: its facilitator can make room",
            body = Problem),
        (status = 429, description = "Too many wrong codes: see `Retry-After`", body = Problem),
    ),
)]
#[post("/api/join")]
pub(super) async fn join(
    app: web::Data<App>,
    request: HttpRequest,
    reminder: Reminder,
    body: web::Json<Join>,
) -> Result<HttpResponse, ApiError> {
    let body = body.into_inner();
    let outcome = async {
        let what = "join code";
        let code: JoinCode = body.code.parse().map_err(|_| ApiError::UnknownCode { what })?;
        app.join(code, &body, reminder.0.as_deref()).await
    };
    Ok(match app.counting_wrong_codes(&request, outcome).await? {
        Coming::In(joined) => app.welcome(*joined),
        Coming::Waits(waiting) => HttpResponse::Accepted().json(waiting),
    })
}

/// Comes back with the four words of an earlier join: the same participant, on this device too.
#[utoipa::path(
    tag = "joining",
    request_body = Return,
    security(()),
    responses(
        (status = 200, description = "A token, as at the join", body = Joined),
        (status = 404, description = "Nobody has these words", body = Problem),
        (status = 429, description = "Too many wrong codes: see `Retry-After`", body = Problem),
    ),
)]
#[post("/api/return")]
pub(super) async fn come_back(
    app: web::Data<App>,
    request: HttpRequest,
    body: web::Json<Return>,
) -> Result<HttpResponse, ApiError> {
    let outcome = app.come_back(&body.return_code);
    let joined = app.counting_wrong_codes(&request, outcome).await?;
    Ok(app.welcome(joined))
}

impl App {
    /// Tries a code under the limit of the request's network address.
    async fn counting_wrong_codes<T>(
        &self,
        request: &HttpRequest,
        outcome: impl Future<Output = Result<T, ApiError>>,
    ) -> Result<T, ApiError> {
        let address = self.address_of(request);
        self.wrong_codes.admit(address, Instant::now())?;
        let outcome = outcome.await;
        if let Err(ApiError::UnknownCode { .. }) = outcome {
            self.counters.wrong_codes.increase();
            self.wrong_codes.count(address, Instant::now())?;
        }
        outcome
    }

    fn welcome(&self, joined: Joined) -> HttpResponse {
        self.counters.joins.increase();
        HttpResponse::Ok().insert_header((SET_COOKIE, self.cookie(&joined.token))).json(joined)
    }
}
