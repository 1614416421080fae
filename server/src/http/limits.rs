//! What one network address may cost: wrong codes in a minute, sockets and feeds at a time.
//!
//! A whole room sits behind one address, so right codes are free and nobody is shut out for what
//! a neighbour did: over the limit wrong codes are answered with "wait", right ones still open the
//! door. Only a flood of [`FLOOD_FACTOR`] times the limit closes the door for the rest of its
//! minute, because that is guessing: at 40 bits a code, one address then needs centuries.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::problem::ApiError;

/// Wrong codes a minute, as a multiple of the limit, after which right ones wait too.
pub(crate) const FLOOD_FACTOR: u32 = 40;

/// Most addresses that are remembered. Beyond it the memory starts anew.
const ADDRESSES_MAX: usize = 20_000;

const WINDOW: Duration = Duration::from_secs(60);

/// IPv6 gives a household 2^64 addresses: its network counts as one.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => address.into(),
        IpAddr::V6(address) => {
            let network = u128::from(address) & !u128::from(u64::MAX);
            IpAddr::V6(network.into())
        }
    }
}

struct Minute {
    began: Instant,
    wrong: u32,
}

/// Counts wrong codes by network address.
pub(crate) struct WrongCodes {
    most: u32,
    minutes: Mutex<HashMap<IpAddr, Minute>>,
}

impl WrongCodes {
    /// At most `most` wrong codes a minute; 0: no limit.
    pub(crate) fn new(most: u32) -> Self {
        Self { most, minutes: Mutex::new(HashMap::new()) }
    }

    /// Before a code is looked up.
    ///
    /// # Errors
    ///
    /// [`ApiError::TooManyCodes`] while the address is guessing.
    pub(crate) fn admit(&self, address: IpAddr, now: Instant) -> Result<(), ApiError> {
        let minutes = self.minutes.lock().unwrap_or_else(PoisonError::into_inner);
        match minutes.get(&network(address)) {
            Some(minute)
                if self.most > 0
                    && minute.wrong > self.most.saturating_mul(FLOOD_FACTOR)
                    && now.duration_since(minute.began) < WINDOW =>
            {
                Err(wait(minute, now))
            }
            _ => Ok(()),
        }
    }

    /// After a code turned out to be wrong.
    ///
    /// # Errors
    ///
    /// [`ApiError::TooManyCodes`] where it was one too many.
    pub(crate) fn count(&self, address: IpAddr, now: Instant) -> Result<(), ApiError> {
        if self.most == 0 {
            return Ok(());
        }
        let mut minutes = self.minutes.lock().unwrap_or_else(PoisonError::into_inner);
        if minutes.len() >= ADDRESSES_MAX {
            minutes.retain(|_, minute| now.duration_since(minute.began) < WINDOW);
            if minutes.len() >= ADDRESSES_MAX {
                minutes.clear();
            }
        }
        let minute = minutes.entry(network(address)).or_insert(Minute { began: now, wrong: 0 });
        if now.duration_since(minute.began) >= WINDOW {
            *minute = Minute { began: now, wrong: 0 };
        }
        minute.wrong = minute.wrong.saturating_add(1);
        if minute.wrong > self.most { Err(wait(minute, now)) } else { Ok(()) }
    }
}

fn wait(minute: &Minute, now: Instant) -> ApiError {
    let left = WINDOW.saturating_sub(now.duration_since(minute.began));
    ApiError::TooManyCodes { retry_seconds: left.as_secs().max(1) }
}

/// Counts open sockets and feeds by network address.
#[derive(Clone)]
pub(crate) struct Seats {
    most: u32,
    taken: Arc<Mutex<HashMap<IpAddr, u32>>>,
}

/// One socket or feed. Dropped, it makes room for another.
pub(crate) struct Seat {
    network: IpAddr,
    taken: Arc<Mutex<HashMap<IpAddr, u32>>>,
}

impl Seats {
    /// At most `most` an address; 0: no limit.
    pub(crate) fn new(most: u32) -> Self {
        Self { most, taken: Arc::default() }
    }

    /// Takes a seat.
    ///
    /// # Errors
    ///
    /// [`ApiError::TooManyConnections`] where the address holds all of its own.
    pub(crate) fn take(&self, address: IpAddr) -> Result<Seat, ApiError> {
        let network = network(address);
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let count = taken.entry(network).or_insert(0);
        if self.most > 0 && *count >= self.most {
            return Err(ApiError::TooManyConnections { most: self.most });
        }
        *count += 1;
        Ok(Seat { network, taken: Arc::clone(&self.taken) })
    }

    /// How many are open, of all addresses.
    pub(crate) fn open(&self) -> u64 {
        let taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        taken.values().map(|count| u64::from(*count)).sum()
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = taken.get_mut(&self.network) {
            *count -= 1;
            if *count == 0 {
                taken.remove(&self.network);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOM: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(10, 0, 0, 1));

    #[test]
    fn wrong_codes_over_the_limit_wait_and_right_ones_do_not_until_it_is_a_flood() {
        let codes = WrongCodes::new(3);
        let start = Instant::now();
        for _ in 0..3 {
            assert!(codes.count(ROOM, start).is_ok());
        }
        assert!(matches!(
            codes.count(ROOM, start + Duration::from_secs(20)),
            Err(ApiError::TooManyCodes { retry_seconds: 40 })
        ));
        assert!(codes.admit(ROOM, start).is_ok(), "the room can still come in");
        for _ in 0..3 * FLOOD_FACTOR {
            assert!(codes.count(ROOM, start).is_err());
        }
        assert!(codes.admit(ROOM, start).is_err());
        assert!(codes.admit("10.0.0.2".parse().unwrap(), start).is_ok());
        assert!(codes.admit(ROOM, start + WINDOW).is_ok());
        assert!(codes.count(ROOM, start + WINDOW).is_ok());
    }

    #[test]
    fn zero_is_no_limit() {
        let codes = WrongCodes::new(0);
        let now = Instant::now();
        assert!((0..1_000).all(|_| codes.count(ROOM, now).is_ok()));
        let seats = Seats::new(0);
        let held: Vec<_> = (0..1_000).map(|_| seats.take(ROOM).unwrap()).collect();
        assert_eq!(seats.open(), held.len() as u64);
    }

    #[test]
    fn a_seat_that_is_given_back_can_be_taken_again() {
        let seats = Seats::new(2);
        let (_first, second) = (seats.take(ROOM).unwrap(), seats.take(ROOM).unwrap());
        assert!(matches!(seats.take(ROOM), Err(ApiError::TooManyConnections { most: 2 })));
        drop(second);
        assert!(seats.take(ROOM).is_ok());
        let household = ["2001:db8::1", "2001:db8::2", "2001:db8::3"];
        let taken = household.map(|address| seats.take(address.parse().unwrap()).is_ok());
        assert_eq!(taken, [true, true, true], "a seat that is not kept is given back at once");
    }

    #[test]
    fn an_ipv6_network_counts_as_one_address() {
        let seats = Seats::new(2);
        let take = |address: &str| seats.take(address.parse().unwrap());
        let held = (take("2001:db8::1").unwrap(), take("2001:db8::2").unwrap());
        assert!(take("2001:db8::3").is_err());
        assert!(take("2001:db8:0:1::3").is_ok());
        drop(held);
    }
}
