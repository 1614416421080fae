//! Who asks: the token of a request, and whose it is.
//!
//! `Authorization: Bearer`, or the cookie `oogst`; at `/sync` and the feed `?token=` as well,
//! because browsers open those without headers. A token names one participant of one gathering,
//! or the operator. What it may do is decided in the core.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header::{AUTHORIZATION, COOKIE, HeaderMap};
use actix_web::{FromRequest, HttpRequest, web};
use oogst_core::port::Caller;
use oogst_protocol::ids::{GatheringId, ParticipantId};

use super::App;
use super::problem::ApiError;
use crate::people::Member;

/// The cookie that holds a participant's token.
const COOKIE_NAME: &str = "oogst";

/// Longest token that is looked at, in bytes.
const TOKEN_BYTES_MAX: usize = 1 << 10;

/// How long a browser keeps the cookie, in seconds: from one gathering of a network to the next.
const COOKIE_SECONDS: u32 = 180 * 24 * 60 * 60;

/// Whose token a request carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Identity {
    /// The operator key.
    Operator,
    /// A token of one gathering.
    Member {
        /// The gathering.
        gathering: GatheringId,
        /// Whose.
        participant: ParticipantId,
    },
}

impl Identity {
    /// Who this is in `gathering`, for the core.
    ///
    /// # Errors
    ///
    /// [`ApiError::Unknown`] with another gathering's token: it may not know of this one.
    pub(crate) fn caller_in(self, gathering: GatheringId) -> Result<Caller, ApiError> {
        match self {
            Self::Operator => Ok(Caller::Operator),
            Self::Member { gathering: own, participant } if own == gathering => {
                Ok(Caller::Member(participant))
            }
            Self::Member { .. } => Err(ApiError::Unknown { what: "gathering" }),
        }
    }
}

impl FromRequest for Identity {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let token = header_token(request);
        ready(token.and_then(|token| app(request).identify(token)))
    }
}

/// Whose token it is, where `?token=` counts too: `/sync` and the feed.
pub(crate) struct StreamIdentity {
    /// Whose it is.
    pub(crate) identity: Identity,
    /// The token, to ask again while the stream goes on. Never shown.
    pub(crate) token: String,
}

impl FromRequest for StreamIdentity {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let has_bearer = bearer(request.headers()).is_some();
        let token = match query_token(request) {
            Some(token) if !has_bearer => Ok(token),
            _ => header_token(request).map(str::to_owned),
        };
        ready(token.and_then(|token| {
            let identity = app(request).identify(&token)?;
            Ok(Self { identity, token })
        }))
    }
}

/// Whose token it is, where none is needed.
pub(crate) struct Optional(pub(crate) Option<Identity>);

impl FromRequest for Optional {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let token = header_token(request);
        ready(Ok(Self(token.and_then(|token| app(request).identify(token)).ok())))
    }
}

/// The bearer token alone, whatever it is worth: at the join it is a reminder, not a right.
pub(crate) struct Reminder(pub(crate) Option<String>);

impl FromRequest for Reminder {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let token = bearer(request.headers()).filter(|token| token.len() <= TOKEN_BYTES_MAX);
        ready(Ok(Self(token.map(str::to_owned))))
    }
}

fn app(request: &HttpRequest) -> &web::Data<App> {
    request.app_data().expect("every service of this server is given its state")
}

fn header_token(request: &HttpRequest) -> Result<&str, ApiError> {
    if let Some(token) = bearer(request.headers()) {
        return Ok(token);
    }
    let token = cookie(request.headers()).ok_or(ApiError::Unauthenticated)?;
    if app(request).own.vouch_for_cookie(request.headers()) {
        Ok(token)
    } else {
        Err(ApiError::BareCookie)
    }
}

impl App {
    /// Whose token it is.
    ///
    /// # Errors
    ///
    /// [`ApiError::Unauthenticated`] where it is nobody's, or not any more.
    pub(crate) fn identify(&self, token: &str) -> Result<Identity, ApiError> {
        if token.len() > TOKEN_BYTES_MAX {
            return Err(ApiError::Unauthenticated);
        }
        if self.operator.is(token) {
            return Ok(Identity::Operator);
        }
        let member = self.people.by_token(token).ok_or(ApiError::Unauthenticated)?;
        let Member { gathering, participant } = member;
        Ok(Identity::Member { gathering, participant })
    }

    /// The `Set-Cookie` for a token that was just given out.
    pub(crate) fn cookie(&self, token: &str) -> String {
        let secure = if self.own.is_https() { "; Secure" } else { "" };
        format!(
            "{COOKIE_NAME}={token}; Path=/; Max-Age={COOKIE_SECONDS}; HttpOnly; \
             SameSite=Strict{secure}"
        )
    }
}

/// What follows `Bearer `; not only ASCII: an operator's key may hold any letter.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(AUTHORIZATION)?.as_bytes();
    let (scheme, token) = value.split_at_checked(7)?;
    let token = std::str::from_utf8(token).ok()?;
    scheme.eq_ignore_ascii_case(b"bearer ").then(|| token.trim())
}

fn cookie(headers: &HeaderMap) -> Option<&str> {
    let values = headers.get_all(COOKIE).filter_map(|value| value.to_str().ok());
    let mut pairs = values.flat_map(|value| value.split(';'));
    pairs.find_map(|pair| pair.trim().strip_prefix(COOKIE_NAME)?.strip_prefix('='))
}

fn query_token(request: &HttpRequest) -> Option<String> {
    #[derive(serde::Deserialize)]
    struct Query {
        token: String,
    }
    web::Query::<Query>::from_query(request.query_string()).ok().map(|query| query.0.token)
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::HeaderValue;

    #[test]
    fn a_token_is_read_from_the_header_that_holds_it() {
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, HeaderValue::from_static("bearer  a b "));
        headers.append(COOKIE, HeaderValue::from_static("x=1; oogstx=no; oogst=yes"));
        assert_eq!(bearer(&headers), Some("a b"));
        assert_eq!(cookie(&headers), Some("yes"));
        headers.insert(AUTHORIZATION, HeaderValue::from_static("Basic eA=="));
        assert_eq!(bearer(&headers), None);
    }
}
