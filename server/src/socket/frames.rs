//! A guard in front of the WebSocket parser: no frame or message over the limit gets through.
//!
//! actix's parser waits for a whole frame before it looks at its length, so a header that claims
//! a terabyte would be buffered until memory ends. The guard reads the headers as they pass; from
//! the first that is too large on it swallows everything, and tells through its [`Alarm`].

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::task::{Context, Poll, ready};

use actix_web::error::PayloadError;
use actix_web::web;
use bytes::{Buf, Bytes};
use futures_util::Stream;

/// Longest header: two bytes, eight of length, four of mask.
const HEADER_BYTES_MAX: usize = 14;

const OPEN: u8 = 0;
const SWALLOWING: u8 = 1;
const SWALLOWED: u8 = 2;

/// What the guard has seen, for whoever reads behind it.
#[derive(Clone, Debug, Default)]
pub(super) struct Alarm(Arc<Seen>);

#[derive(Debug, Default)]
struct Seen {
    state: AtomicU8,
    has_moved: AtomicBool,
}

impl Alarm {
    /// A message was too large; nothing more comes through.
    pub(super) fn is_raised(&self) -> bool {
        self.0.state.load(Ordering::Relaxed) != OPEN
    }

    /// The frame that was too large has passed: the peer has stopped pushing and will read.
    pub(super) fn has_passed(&self) -> bool {
        self.0.state.load(Ordering::Relaxed) == SWALLOWED
    }

    /// Whether any byte came since this was last asked: the peer lives, however slow its line.
    pub(super) fn has_moved(&self) -> bool {
        self.0.has_moved.swap(false, Ordering::Relaxed)
    }
}

/// A request's body with the guard in it.
pub(super) struct Guarded {
    payload: web::Payload,
    scan: Scan,
    alarm: Alarm,
}

impl Guarded {
    pub(super) fn new(payload: web::Payload, message_bytes_max: u64) -> (Self, Alarm) {
        let alarm = Alarm::default();
        let scan = Scan::new(message_bytes_max);
        (Self { payload, scan, alarm: alarm.clone() }, alarm)
    }
}

impl Stream for Guarded {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            let Some(chunk) = ready!(Pin::new(&mut self.payload).poll_next(context)?) else {
                return Poll::Ready(None);
            };
            self.alarm.0.has_moved.store(true, Ordering::Relaxed);
            match self.scan.pass(&chunk) {
                Passed::All => return Poll::Ready(Some(Ok(chunk))),
                Passed::TooLarge { is_over } => {
                    let state = if is_over { SWALLOWED } else { SWALLOWING };
                    self.alarm.0.state.store(state, Ordering::Relaxed);
                }
            }
        }
    }
}

/// Where the bytes are in the stream of frames.
struct Scan {
    message_bytes_max: u64,
    header: Vec<u8>,
    /// Bytes of this frame's payload still to come.
    left: u64,
    /// Bytes of the message so far, over its fragments.
    message: u64,
    too_large: bool,
}

enum Passed {
    All,
    TooLarge { is_over: bool },
}

impl Scan {
    fn new(message_bytes_max: u64) -> Self {
        Self {
            message_bytes_max,
            header: Vec::with_capacity(HEADER_BYTES_MAX),
            left: 0,
            message: 0,
            too_large: false,
        }
    }

    fn pass(&mut self, mut chunk: &[u8]) -> Passed {
        while !chunk.is_empty() {
            if self.left > 0 {
                let here = self.left.min(chunk.len() as u64);
                self.left -= here;
                chunk.advance(usize::try_from(here).expect("no more than the chunk"));
                continue;
            }
            if self.too_large {
                break;
            }
            self.header.push(chunk.get_u8());
            if let Some((length, is_end)) = frame(&self.header) {
                let is_control = self.header[0] & 0x08 != 0;
                self.header.clear();
                self.left = length;
                if !is_control {
                    self.message = self.message.saturating_add(length);
                    self.too_large = self.message > self.message_bytes_max;
                    if is_end {
                        self.message = 0;
                    }
                }
            }
        }
        if self.too_large { Passed::TooLarge { is_over: self.left == 0 } } else { Passed::All }
    }
}

/// Length of the payload behind a whole header, and whether it ends a message.
fn frame(header: &[u8]) -> Option<(u64, bool)> {
    let (first, second) = (*header.first()?, *header.get(1)?);
    let mask = if second & 0x80 == 0 { 0 } else { 4 };
    let (wide, length) = match second & 0x7f {
        126 => (2, u64::from(u16::from_be_bytes(header.get(2..4)?.try_into().ok()?))),
        127 => (8, u64::from_be_bytes(header.get(2..10)?.try_into().ok()?)),
        short => (0, u64::from(short)),
    };
    (header.len() == 2 + wide + mask).then_some((length, first & 0x80 != 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A masked frame as a client sends it.
    fn sent(first: u8, payload: usize) -> Vec<u8> {
        let mut frame = vec![first];
        match payload {
            0..126 => frame.push(0x80 | u8::try_from(payload).unwrap()),
            126..65_536 => {
                frame.push(0x80 | 126);
                frame.extend_from_slice(&u16::try_from(payload).unwrap().to_be_bytes());
            }
            _ => {
                frame.push(0x80 | 127);
                frame.extend_from_slice(&(payload as u64).to_be_bytes());
            }
        }
        frame.extend_from_slice(&[1, 2, 3, 4]);
        frame.resize(frame.len() + payload, 0xff);
        frame
    }

    fn is_too_large(scan: &mut Scan, bytes: &[u8]) -> bool {
        matches!(scan.pass(bytes), Passed::TooLarge { .. })
    }

    #[test]
    fn frames_in_any_cut_pass_up_to_the_limit_and_not_beyond() {
        let good = [sent(0x82, 1_000), sent(0x89, 5), sent(0x82, 70_000), sent(0x82, 0)].concat();
        for step in [1, 2, 3, 7, 1_000, good.len()] {
            let mut scan = Scan::new(70_000);
            assert!(good.chunks(step).all(|chunk| !is_too_large(&mut scan, chunk)), "{step}");
            let large = sent(0x82, 70_001);
            let found = large.chunks(step).position(|chunk| is_too_large(&mut scan, chunk));
            assert!(found.unwrap() * step <= HEADER_BYTES_MAX, "known by its header alone");
        }
    }

    #[test]
    fn fragments_count_together_and_control_frames_do_not() {
        let mut scan = Scan::new(100);
        for _ in 0..3 {
            assert!(!is_too_large(&mut scan, &sent(0x02, 60)));
            assert!(!is_too_large(&mut scan, &sent(0x89, 100)));
            assert!(!is_too_large(&mut scan, &sent(0x80, 40)));
        }
        assert!(!is_too_large(&mut scan, &sent(0x02, 60)));
        assert!(is_too_large(&mut scan, &sent(0x80, 41)));
    }

    #[test]
    fn what_follows_a_large_frame_is_swallowed() {
        let mut scan = Scan::new(100);
        let large = sent(0x82, 500);
        let (begin, rest) = large.split_at(50);
        assert!(matches!(scan.pass(begin), Passed::TooLarge { is_over: false }));
        assert!(matches!(scan.pass(rest), Passed::TooLarge { is_over: true }));
        assert!(matches!(scan.pass(&sent(0x82, 5)), Passed::TooLarge { is_over: true }));
    }
}
