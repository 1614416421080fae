//! Which pages may ask: those that this server gave out, and no others.
//!
//! A request that carries an `Origin` must carry our own. Scripts send none and are welcome. The
//! cookie goes along with whatever a browser sends here, so alone it proves nothing: it needs our
//! `Origin`, or the browser's word that our own page asked.

use std::net::SocketAddr;

use actix_web::http::header::{HOST, HeaderMap, HeaderName, ORIGIN};

use crate::config::PublicUrl;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// The addresses that are ours.
#[derive(Clone, Debug)]
pub(crate) struct OwnOrigins {
    public: Option<PublicUrl>,
    listening: Vec<String>,
}

impl OwnOrigins {
    /// Where a public address is set, that one alone. Otherwise the one that we listen on, and
    /// the one that the request itself was sent to: on a room's own network no name is known
    /// beforehand, and no cookie of ours goes to a name that is not ours.
    pub(crate) fn new(public: Option<PublicUrl>, listening: SocketAddr) -> Self {
        let mut own = vec![format!("http://{listening}")];
        if listening.ip().is_loopback() {
            own.push(format!("http://localhost:{}", listening.port()));
        }
        Self { public, listening: own }
    }

    /// Whether the request carries no `Origin`, or ours.
    pub(crate) fn admit(&self, headers: &HeaderMap) -> bool {
        headers
            .get_all(ORIGIN)
            .all(|origin| origin.to_str().is_ok_and(|origin| self.is_ours(origin, headers)))
    }

    /// Whether a request that carries the cookie alone was made by our own page.
    pub(crate) fn vouch_for_cookie(&self, headers: &HeaderMap) -> bool {
        let same_origin = headers
            .get(SEC_FETCH_SITE)
            .is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"same-origin"));
        same_origin || (headers.contains_key(ORIGIN) && self.admit(headers))
    }

    /// The origin for links and QR codes in an answer to this request.
    pub(crate) fn for_links(&self, headers: &HeaderMap) -> String {
        if let Some(public) = &self.public {
            return public.origin().to_owned();
        }
        match host(headers).and_then(|host| format!("http://{host}").parse::<PublicUrl>().ok()) {
            Some(asked) => asked.origin().to_owned(),
            None => self.listening.first().cloned().unwrap_or_default(),
        }
    }

    /// Whether cookies may be `Secure`.
    pub(crate) fn is_https(&self) -> bool {
        self.public.as_ref().is_some_and(PublicUrl::is_https)
    }

    fn is_ours(&self, origin: &str, headers: &HeaderMap) -> bool {
        if let Some(public) = &self.public {
            return origin == public.origin();
        }
        let asked = host(headers).map(|host| format!("http://{}", host.to_ascii_lowercase()));
        self.listening.iter().any(|own| own == origin) || asked.as_deref() == Some(origin)
    }
}

fn host(headers: &HeaderMap) -> Option<&str> {
    headers.get(HOST)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::HeaderValue;

    fn request(pairs: &[(HeaderName, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(name.clone(), HeaderValue::from_static(value));
        }
        headers
    }

    #[test]
    fn only_no_origin_and_our_own_are_admitted() {
        let public = "https://oogst.example".parse().unwrap();
        let own = OwnOrigins::new(Some(public), "127.0.0.1:8080".parse().unwrap());
        assert!(own.admit(&request(&[])));
        assert!(own.admit(&request(&[(ORIGIN, "https://oogst.example")])));
        for foreign in [
            "https://evil.example",
            "null",
            "",
            "https://oogst.example.evil.example",
            "https://evil-oogst.example",
            "http://oogst.example",
            "https://oogst.example:8443",
            "http://127.0.0.1:8080",
        ] {
            assert!(!own.admit(&request(&[(ORIGIN, foreign)])), "{foreign}");
        }
        let both = [(ORIGIN, "https://oogst.example"), (ORIGIN, "https://evil.example")];
        assert!(!own.admit(&request(&both)));
    }

    #[test]
    fn without_a_public_address_ours_is_what_the_request_was_sent_to() {
        let own = OwnOrigins::new(None, "0.0.0.0:8080".parse().unwrap());
        let from = |origin| request(&[(HOST, "10.0.0.7:8080"), (ORIGIN, origin)]);
        assert!(own.admit(&from("http://10.0.0.7:8080")));
        assert!(!own.admit(&from("http://10.0.0.7")));
        assert!(!own.admit(&from("http://10.0.0.7:8080.evil.example")));
        assert_eq!(own.for_links(&request(&[(HOST, "10.0.0.7:8080")])), "http://10.0.0.7:8080");
        assert_eq!(own.for_links(&request(&[(HOST, "x\"><b>")])), "http://0.0.0.0:8080");
    }

    #[test]
    fn the_cookie_alone_needs_our_page() {
        let own = OwnOrigins::new(None, "127.0.0.1:8080".parse().unwrap());
        assert!(!own.vouch_for_cookie(&request(&[])));
        assert!(own.vouch_for_cookie(&request(&[(SEC_FETCH_SITE, "same-origin")])));
        assert!(!own.vouch_for_cookie(&request(&[(SEC_FETCH_SITE, "same-site")])));
        assert!(!own.vouch_for_cookie(&request(&[(SEC_FETCH_SITE, "cross-site")])));
        assert!(own.vouch_for_cookie(&request(&[(ORIGIN, "http://127.0.0.1:8080")])));
        assert!(!own.vouch_for_cookie(&request(&[(ORIGIN, "http://evil.example")])));
    }
}
