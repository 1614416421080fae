//! Every error that leaves through HTTP: whose fault it is, and what would be right (RFC 9457).
//!
//! What a caller is told names their request alone. What went wrong on our side goes to the log;
//! the answer says no more than when to try again. No token or code stands in either.

use std::time::Duration;

use actix_web::body::BoxBody;
use actix_web::error::{JsonPayloadError, PathError, QueryPayloadError};
use actix_web::http::StatusCode;
use actix_web::http::header::{ALLOW, RETRY_AFTER, WWW_AUTHENTICATE};
use actix_web::{HttpRequest, HttpResponse, ResponseError};
use oogst_core::port::Refusal;
use oogst_protocol::api::Problem;

/// When to come back where there is too much to do.
pub(crate) const OVERLOAD_WAIT: Duration = Duration::from_secs(2);

/// Why a request has no other answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum ApiError {
    /// The request is not what it should be: 400.
    #[error("{detail}")]
    Invalid {
        /// What was wrong and what would be right.
        detail: String,
    },
    /// No token, or none that is valid: 401.
    #[error("this needs a valid token: send `Authorization: Bearer TOKEN`")]
    Unauthenticated,
    /// Not with this token: 403.
    #[error("only {who} may do that")]
    Forbidden {
        /// Who may.
        who: &'static str,
    },
    /// A page of another site asks: 403.
    #[error(
        "the request's `Origin` is not this server's: leave it out, or send the address that the \
         server is reached by (its `public-url`)"
    )]
    ForeignOrigin,
    /// The cookie came without proof that our own page sent it: 403.
    #[error(
        "with the cookie alone a request must carry our own `Origin`, or `Sec-Fetch-Site: \
         same-origin`: use `Authorization: Bearer TOKEN` elsewhere"
    )]
    BareCookie,
    /// There is no such thing, or the caller may not know of it: 404.
    #[error("there is no such {what}, or this token may not see it")]
    Unknown {
        /// `gathering`, `document`, `page`, …
        what: &'static str,
    },
    /// The code opens nothing: 404.
    #[error("no open gathering has this {what}: check it, letter by letter")]
    UnknownCode {
        /// `join code`, `return code`.
        what: &'static str,
    },
    /// The route exists, the method does not: 405.
    #[error("this address takes {allowed}")]
    Method {
        /// The methods that it takes, parted by commas.
        allowed: String,
    },
    /// The state of things does not allow it: 409.
    #[error("{detail}")]
    Conflict {
        /// What stands in the way and what would be right.
        detail: String,
        /// Its name, where it has one.
        reason: Option<&'static str>,
    },
    /// A bound of the gathering is reached: 409.
    #[error("{detail}")]
    Full {
        /// Which.
        detail: String,
        /// Its name, where it has one.
        reason: Option<&'static str>,
    },
    /// The body is too large: 413.
    #[error("a body is at most {limit_bytes} bytes")]
    TooLarge {
        /// The limit.
        limit_bytes: usize,
    },
    /// The body is of another kind than is read here: 415.
    #[error("{detail}")]
    MediaType {
        /// What was wrong and what would be right.
        detail: String,
    },
    /// Too many wrong codes from this network address: 429.
    #[error("too many wrong codes came from this network address: wait {retry_seconds} seconds")]
    TooManyCodes {
        /// How long to wait.
        retry_seconds: u64,
    },
    /// Too many open sockets and feeds of this network address: 429.
    #[error("this network address holds its {most} sockets and feeds already: close one first")]
    TooManyConnections {
        /// The bound.
        most: u32,
    },
    /// The server has too much to do: 503.
    #[error("the server has too much to do: try again in {} seconds", retry_after.as_secs())]
    Overloaded {
        /// How long to wait.
        retry_after: Duration,
    },
    /// The request did not come in whole, or was not done, in time: 408.
    #[error("the request took more than {limit_seconds} seconds: send it again, at once and whole")]
    TooSlow {
        /// The limit.
        limit_seconds: u64,
    },
    /// The server is about to end: 503.
    #[error("the server stops: try again in a few seconds")]
    Stopping,
    /// A view did not come up to date in time: 503.
    #[error("what is shown is not up to date yet: try again in a few seconds")]
    Behind,
    /// A view stopped; an alarm was raised: 503.
    #[error("what this shows has stopped: nothing is lost, and the operator has been alarmed")]
    Broken,
    /// A moment that has not been: 404.
    #[error("{detail}")]
    NotYet {
        /// What was asked for, and what is the newest.
        detail: String,
    },
    /// Our own bug or our own disk: 500. The cause is in the log.
    #[error("the server failed: the cause is in its log")]
    Ours {
        /// What failed, for the log.
        #[source]
        cause: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl ApiError {
    /// Whether what was asked for was not done. An overloaded or stopping server may have taken a
    /// command and lost only the answer.
    pub(super) const fn is_certain(&self) -> bool {
        !matches!(self, Self::Overloaded { .. } | Self::Stopping)
    }

    /// The name after `urn:oogst:problem:`, and the title in words.
    const fn kind(&self) -> (&'static str, &'static str, StatusCode) {
        match self {
            Self::Invalid { .. } => {
                ("invalid", "The request is not right", StatusCode::BAD_REQUEST)
            }
            Self::Unauthenticated => {
                ("unauthenticated", "A token is needed", StatusCode::UNAUTHORIZED)
            }
            Self::Forbidden { .. } => ("forbidden", "Not with this token", StatusCode::FORBIDDEN),
            Self::ForeignOrigin => {
                ("foreign-origin", "A page of another site asks", StatusCode::FORBIDDEN)
            }
            Self::BareCookie => {
                ("bare-cookie", "The cookie alone is not enough", StatusCode::FORBIDDEN)
            }
            Self::Unknown { .. } => ("unknown", "Not found", StatusCode::NOT_FOUND),
            Self::UnknownCode { .. } => {
                ("unknown-code", "The code opens nothing", StatusCode::NOT_FOUND)
            }
            Self::Method { .. } => {
                ("method", "Not with this method", StatusCode::METHOD_NOT_ALLOWED)
            }
            Self::Conflict { .. } => ("conflict", "Not as things are now", StatusCode::CONFLICT),
            Self::Full { .. } => ("full", "There is no room for more", StatusCode::CONFLICT),
            Self::TooLarge { .. } => {
                ("too-large", "The body is too large", StatusCode::PAYLOAD_TOO_LARGE)
            }
            Self::MediaType { .. } => {
                ("media-type", "Not this kind of body", StatusCode::UNSUPPORTED_MEDIA_TYPE)
            }
            Self::TooManyCodes { .. } => {
                ("too-many-codes", "Too many wrong codes", StatusCode::TOO_MANY_REQUESTS)
            }
            Self::TooManyConnections { .. } => {
                ("too-many-connections", "Too many connections", StatusCode::TOO_MANY_REQUESTS)
            }
            Self::Overloaded { .. } => {
                ("overloaded", "Too much to do", StatusCode::SERVICE_UNAVAILABLE)
            }
            Self::TooSlow { .. } => {
                ("too-slow", "The request took too long", StatusCode::REQUEST_TIMEOUT)
            }
            Self::Stopping => ("stopping", "The server stops", StatusCode::SERVICE_UNAVAILABLE),
            Self::Behind => ("behind", "Not up to date yet", StatusCode::SERVICE_UNAVAILABLE),
            Self::Broken => ("broken", "A view has stopped", StatusCode::SERVICE_UNAVAILABLE),
            Self::NotYet { .. } => ("not-yet", "That has not been yet", StatusCode::NOT_FOUND),
            Self::Ours { .. } => ("failed", "The server failed", StatusCode::INTERNAL_SERVER_ERROR),
        }
    }

    /// A failure of ours, with its cause for the log.
    pub(crate) fn ours(cause: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Ours { cause: Box::new(cause) }
    }

    /// A request that is not what it should be.
    pub(crate) fn invalid(detail: impl Into<String>) -> Self {
        Self::Invalid { detail: detail.into() }
    }
}

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        self.kind().2
    }

    fn error_response(&self) -> HttpResponse<BoxBody> {
        let (name, title, status) = self.kind();
        if let Self::Ours { cause } = self {
            tracing::error!(cause = error_chain(cause.as_ref()), "a request failed");
        }
        let mut answer = HttpResponse::build(status);
        match self {
            Self::Unauthenticated => {
                answer.insert_header((WWW_AUTHENTICATE, "Bearer"));
            }
            Self::Method { allowed } => {
                answer.insert_header((ALLOW, allowed.as_str()));
            }
            Self::TooManyCodes { retry_seconds } => {
                answer.insert_header((RETRY_AFTER, retry_seconds.to_string()));
            }
            Self::TooManyConnections { .. } => {
                answer.insert_header((RETRY_AFTER, "10"));
            }
            Self::Overloaded { retry_after } => {
                answer.insert_header((RETRY_AFTER, retry_after.as_secs().max(1).to_string()));
            }
            Self::Behind | Self::Broken | Self::Stopping => {
                answer.insert_header((RETRY_AFTER, "2"));
            }
            Self::Invalid { .. }
            | Self::Forbidden { .. }
            | Self::ForeignOrigin
            | Self::BareCookie
            | Self::Unknown { .. }
            | Self::UnknownCode { .. }
            | Self::Conflict { .. }
            | Self::Full { .. }
            | Self::TooLarge { .. }
            | Self::MediaType { .. }
            | Self::TooSlow { .. }
            | Self::NotYet { .. }
            | Self::Ours { .. } => {}
        }
        let reason = if let Self::Conflict { reason, .. } | Self::Full { reason, .. } = self {
            reason.map(str::to_owned)
        } else {
            None
        };
        let problem = Problem {
            kind: format!("urn:oogst:problem:{name}"),
            title: title.to_owned(),
            status: status.as_u16(),
            detail: self.to_string(),
            reason,
        };
        let body = serde_json::to_string(&problem).unwrap_or_default();
        answer.content_type("application/problem+json").body(body)
    }
}

/// An error and its causes on one line.
pub(crate) fn error_chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

impl From<Refusal> for ApiError {
    /// Each kind has one status; all but one are the caller's fault.
    fn from(refusal: Refusal) -> Self {
        let detail = refusal.to_string();
        match refusal {
            Refusal::Unknown { what } => Self::Unknown { what },
            Refusal::Forbidden { who } => Self::Forbidden { who },
            Refusal::Conflict { why } => Self::Conflict { detail, reason: Some(why.name()) },
            Refusal::Invalid { .. } => Self::Invalid { detail },
            Refusal::Overload => Self::Overloaded { retry_after: OVERLOAD_WAIT },
            Refusal::NoPlace { .. } => Self::Full { detail, reason: Some("no_place") },
            Refusal::Full { .. } => Self::Full { detail, reason: None },
            _ => Self::Conflict { detail, reason: None },
        }
    }
}

/// A body that is no such JSON.
pub(crate) fn bad_json(error: JsonPayloadError, _: &HttpRequest) -> actix_web::Error {
    let why = error.to_string();
    match error {
        JsonPayloadError::OverflowKnownLength { limit, .. }
        | JsonPayloadError::Overflow { limit } => ApiError::TooLarge { limit_bytes: limit },
        JsonPayloadError::Deserialize(error) => {
            ApiError::invalid(format!("the body is not the JSON that belongs here: {error}"))
        }
        JsonPayloadError::ContentType
        | JsonPayloadError::Serialize(_)
        | JsonPayloadError::Payload(_)
        | _ => ApiError::invalid(format!("the body cannot be read as JSON: {why}")),
    }
    .into()
}

/// A query that this address does not take.
pub(crate) fn bad_query(error: QueryPayloadError, _: &HttpRequest) -> actix_web::Error {
    ApiError::invalid(format!("the query is not right: {error}")).into()
}

/// A path that holds something else than an id: nothing is there.
pub(crate) fn bad_path(_: PathError, _: &HttpRequest) -> actix_web::Error {
    ApiError::Unknown { what: "page" }.into()
}
