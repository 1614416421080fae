//! The proxies in front of the server, whose word for a client's address is taken.
//!
//! Only `X-Forwarded-For` is read, from its right end: each proxy appends whom it heard, so that
//! what stands left of the first address that is no proxy of ours was said by the client itself.
//! `Forwarded` is not read: a proxy that writes the one header passes on whatever a client puts in
//! the other.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Most proxies, or networks of them, that can be named.
const PROXIES_MAX: usize = 64;

/// Addresses and networks of trusted proxies; none by default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustedProxies(Vec<Network>);

/// All addresses that begin with the first bits of this one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Network {
    address: IpAddr,
    bits: u8,
}

/// Text that names no proxies.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{found}` is no list of addresses and networks like 127.0.0.1,10.0.0.0/8,::1, at most \
     {PROXIES_MAX}"
)]
pub struct NotProxies {
    found: String,
}

impl TrustedProxies {
    /// Where a request came from that arrived from `peer` with these headers, in order.
    #[must_use]
    pub fn client<'h>(&self, peer: IpAddr, forwarded_for: impl Iterator<Item = &'h str>) -> IpAddr {
        let mut client = peer.to_canonical();
        if !self.trusts(client) {
            return client;
        }
        let heard: Vec<_> = forwarded_for.flat_map(|header| header.split(',')).collect();
        for hop in heard.iter().rev() {
            // What a proxy of ours wrote is an address; where it is none, it was not one of ours.
            let Some(hop) = address(hop) else { break };
            client = hop;
            if !self.trusts(client) {
                break;
            }
        }
        client
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.holds(address))
    }
}

impl Network {
    fn holds(&self, address: IpAddr) -> bool {
        match (self.address, address) {
            (IpAddr::V4(own), IpAddr::V4(other)) => {
                same_start(own.to_bits().into(), other.to_bits().into(), 32, self.bits)
            }
            (IpAddr::V6(own), IpAddr::V6(other)) => {
                same_start(own.to_bits(), other.to_bits(), 128, self.bits)
            }
            (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
        }
    }

    fn parse(text: &str) -> Option<Self> {
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits.parse().ok()?)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().ok()?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.unwrap_or(most);
        (bits <= most).then_some(Self { address, bits })
    }
}

/// Whether two addresses of `width` bits begin with the same `bits`.
fn same_start(one: u128, other: u128, width: u8, bits: u8) -> bool {
    (one ^ other).checked_shr(u32::from(width - bits)).unwrap_or(0) == 0
}

/// An address as proxies write it, with or without a port.
fn address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    let parsed = bare.parse().ok();
    let parsed = parsed.or_else(|| text.parse::<SocketAddr>().ok().map(|found| found.ip()));
    parsed.map(|address: IpAddr| address.to_canonical())
}

impl FromStr for TrustedProxies {
    type Err = NotProxies;

    fn from_str(text: &str) -> Result<Self, NotProxies> {
        let refuse = || NotProxies { found: text.chars().take(100).collect() };
        let named = text.split(',').map(str::trim).filter(|name| !name.is_empty());
        let networks: Option<Vec<_>> = named.map(Network::parse).collect();
        networks.filter(|networks| networks.len() <= PROXIES_MAX).map(Self).ok_or_else(refuse)
    }
}

impl fmt::Display for TrustedProxies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, Network { address, bits }) in self.0.iter().enumerate() {
            let comma = if place == 0 { "" } else { "," };
            write!(f, "{comma}{address}/{bits}")?;
        }
        Ok(())
    }
}

impl Serialize for TrustedProxies {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for TrustedProxies {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        super::parsed(deserializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(proxies: &str, peer: &str, headers: &[&str]) -> String {
        let proxies: TrustedProxies = proxies.parse().unwrap();
        proxies.client(peer.parse().unwrap(), headers.iter().copied()).to_string()
    }

    #[test]
    fn nobody_is_believed_who_is_not_named() {
        assert_eq!(client("", "10.0.0.1", &["1.2.3.4"]), "10.0.0.1");
        assert_eq!(client("10.0.0.2", "10.0.0.1", &["1.2.3.4"]), "10.0.0.1");
        assert_eq!(client("10.0.0.2", "10.0.0.2", &["1.2.3.4"]), "1.2.3.4");
        assert_eq!(client("10.0.0.0/8", "::ffff:10.0.0.2", &["1.2.3.4"]), "1.2.3.4");
        assert_eq!(client("fd00::/8", "fd00::7", &["2001:db8::5"]), "2001:db8::5");
        assert_eq!(client("fd00::/8", "fe80::7", &["2001:db8::5"]), "fe80::7");
        assert_eq!(client("0.0.0.0/0", "9.9.9.9", &[]), "9.9.9.9");
    }

    #[test]
    fn what_stands_left_of_the_first_stranger_is_the_strangers_own_word() {
        let two = ["6.6.6.6, 1.2.3.4", "10.0.0.9"];
        assert_eq!(client("10.0.0.0/24", "10.0.0.1", &two), "1.2.3.4");
        assert_eq!(client("10.0.0.1", "10.0.0.1", &two), "10.0.0.9");
        assert_eq!(client("10.0.0.0/24", "10.0.0.1", &["6.6.6.6, unknown"]), "10.0.0.1");
        assert_eq!(client("10.0.0.0/24", "10.0.0.1", &["1.2.3.4:567"]), "1.2.3.4");
        assert_eq!(client("10.0.0.0/24", "10.0.0.1", &["[2001:db8::5]:80"]), "2001:db8::5");
        assert_eq!(client("10.0.0.0/24", "10.0.0.1", &["[2001:db8::5]"]), "2001:db8::5");
        assert_eq!(client("10.0.0.0/24", "10.0.0.1", &["10.0.0.3, 10.0.0.4"]), "10.0.0.3");
    }

    #[test]
    fn what_names_no_proxies_is_refused() {
        let many = vec!["10.0.0.1"; PROXIES_MAX + 1].join(",");
        for wrong in ["proxy.example", "10.0.0.0/33", "10.0.0.0/-1", "::/129", "10.0.0.0/", &many] {
            assert!(wrong.parse::<TrustedProxies>().is_err(), "{wrong}");
        }
        let proxies: TrustedProxies = " 10.0.0.0/8, ::1 ,".parse().unwrap();
        assert_eq!(proxies.to_string(), "10.0.0.0/8,::1/128");
    }
}
