//! The address that people's browsers use: its origin, for links, cookies and the Origin rule.

use std::fmt;
use std::str::FromStr;

use actix_web::http::Uri;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// `http://` or `https://`, a host, and a port where it is not the scheme's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl(String);

/// Text that is no such address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{found}` is not an address like https://oogst.example, without a path")]
pub struct NotAPublicUrl {
    found: String,
}

impl PublicUrl {
    /// The origin as browsers write it: lower case, no slash at the end, no default port.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.0
    }

    /// Whether browsers reach it through TLS, so that cookies may be `Secure`.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.0.starts_with("https://")
    }
}

impl FromStr for PublicUrl {
    type Err = NotAPublicUrl;

    fn from_str(text: &str) -> Result<Self, NotAPublicUrl> {
        let refuse = || NotAPublicUrl { found: text.chars().take(100).collect() };
        let uri: Uri = text.parse().map_err(|_| refuse())?;
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return Err(refuse());
        };
        let default_port = match scheme {
            "http" => 80,
            "https" => 443,
            _ => return Err(refuse()),
        };
        let bare = matches!(uri.path(), "" | "/") && uri.query().is_none();
        if !bare || authority.as_str().contains('@') || authority.host().is_empty() {
            return Err(refuse());
        }
        let host = authority.host().to_ascii_lowercase();
        Ok(Self(match authority.port_u16() {
            Some(port) if port != default_port => format!("{scheme}://{host}:{port}"),
            _ => format!("{scheme}://{host}"),
        }))
    }
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for PublicUrl {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PublicUrl {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        super::parsed(deserializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_kept_as_browsers_write_its_origin() {
        let origin = |text: &str| text.parse::<PublicUrl>().map(|url| url.origin().to_owned());
        assert_eq!(origin("https://Oogst.Example/").unwrap(), "https://oogst.example");
        assert_eq!(origin("https://oogst.example:443").unwrap(), "https://oogst.example");
        assert_eq!(origin("http://10.0.0.7:8080").unwrap(), "http://10.0.0.7:8080");
        assert_eq!(origin("http://[::1]:8080").unwrap(), "http://[::1]:8080");
        for wrong in ["oogst.example", "ftp://x", "https://x/path", "https://u@x", "/", "https://"]
        {
            assert!(origin(wrong).is_err(), "{wrong}");
        }
    }
}
