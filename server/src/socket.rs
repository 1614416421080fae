//! One WebSocket of `/sync`: its reading half and its writing half.
//!
//! Invariant: what one socket does costs that socket alone. It is read no faster than its shard
//! takes, it is written from a bounded outbox, and whatever is wrong with it closes it.
//!
//! Way in: [`Sockets::upgrade`]. Who may come in was decided before (`http`); what the messages
//! mean is decided behind (`oogst_core`).

mod frames;
mod pace;
#[cfg(test)]
mod tests;

use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::error::PayloadError;
use actix_web::{FromRequest, HttpRequest, HttpResponse, web};
use actix_ws::{AggregatedMessage, AggregatedMessageStream, Item, Session};
use bytes::Bytes;
use futures_util::Stream;
use memchr::memmem;
use oogst_core::port::CloseCode;
use oogst_protocol::ids::{GatheringId, ParticipantId};
use oogst_protocol::limits::{EPHEMERAL_BYTES_MAX, MESSAGE_BYTES_MAX};
use oogst_protocol::wire::Message;
use tokio::time::{Instant, MissedTickBehavior};

use crate::outbox::{Ending, Outgoing};
use crate::shard::{Connection, Shards, Stopped};
use frames::{Alarm, Guarded};
use pace::Pace;

/// Seconds' worth of messages that may come at once.
const BURST: Duration = Duration::from_secs(4);

/// Ephemeral messages a second that are passed on; more are dropped, as presence may be.
const EPHEMERALS_PER_SECOND_MAX: u32 = 10;

/// Largest frame that can be an ephemeral message, with its ids and names around the data.
const EPHEMERAL_FRAME_BYTES_MAX: usize = EPHEMERAL_BYTES_MAX + (4 << 10);

/// Longest frame that is written; a longer message goes in fragments.
const FRAGMENT_BYTES_MAX: usize = 16 << 10;

/// How often the reading half looks at the clock.
const TICK: Duration = Duration::from_secs(1);

/// How long a close frame may take to leave.
const CLOSE_PATIENCE: Duration = Duration::from_secs(1);

/// How long a frame that is too large is swallowed, so that its sender hears why.
const SWALLOW_PATIENCE: Duration = Duration::from_secs(3);

/// The peer broke the framing of WebSocket itself.
const PROTOCOL_FAULT: u16 = 1002;

/// What an operator or a test may set.
#[derive(Clone, Copy, Debug)]
pub struct SocketLimits {
    /// Messages a second that one socket may send on average; 0: no limit. What is over it waits.
    pub messages_per_second_max: u32,
    /// How long a socket may stay without a successful `join`.
    pub join_patience: Duration,
    /// How often a quiet peer is pinged.
    pub ping_interval: Duration,
    /// How long a peer may say nothing at all, not even to pings.
    pub silence_max: Duration,
}

impl Default for SocketLimits {
    fn default() -> Self {
        Self {
            messages_per_second_max: 200,
            join_patience: Duration::from_secs(10),
            ping_interval: Duration::from_secs(20),
            silence_max: Duration::from_secs(45),
        }
    }
}

/// Makes sockets of requests. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Sockets {
    shards: Shards,
    limits: SocketLimits,
}

impl Sockets {
    /// Sockets of these shards.
    #[must_use]
    pub const fn new(shards: Shards, limits: SocketLimits) -> Self {
        Self { shards, limits }
    }

    /// Upgrades a request of a member; the socket then lives on its own. `seat` is dropped when
    /// it ends.
    ///
    /// # Errors
    ///
    /// actix's, where the request is no WebSocket handshake.
    pub fn upgrade<S: 'static>(
        &self,
        request: &HttpRequest,
        body: web::Payload,
        gathering: GatheringId,
        participant: ParticipantId,
        seat: S,
    ) -> Result<HttpResponse, actix_web::Error> {
        let (guarded, alarm) = Guarded::new(body, MESSAGE_BYTES_MAX as u64);
        let guarded: BoxedPayloadStream = Box::pin(guarded);
        let mut payload = Payload::Stream { payload: guarded };
        let body = web::Payload::from_request(request, &mut payload).into_inner()?;
        let (response, session, messages) = actix_ws::handle(request, body)?;
        let messages = messages
            .max_frame_size(MESSAGE_BYTES_MAX)
            .aggregate_continuations()
            .max_continuation_size(MESSAGE_BYTES_MAX);
        let (shards, limits) = (self.shards.clone(), self.limits);
        actix_web::rt::spawn(async move {
            match shards.connect(gathering, participant).await {
                Some((connection, outgoing)) => {
                    let incoming = Incoming { messages, alarm };
                    drive(connection, outgoing, session, incoming, limits).await;
                }
                None => close(session, Ending::stopping()).await,
            }
            drop(seat);
        });
        Ok(response)
    }
}

/// Runs both halves until one of them ends; `None` from a half: the peer is gone.
async fn drive(
    connection: Connection,
    mut outgoing: Outgoing,
    session: Session,
    incoming: Incoming,
    limits: SocketLimits,
) {
    let was_used = outgoing.was_used();
    let ending = tokio::select! {
        ending = read(&connection, session.clone(), incoming, limits, was_used) => ending,
        ending = write(&mut outgoing, session.clone()) => ending,
    };
    connection.closed().await;
    if let Some(ending) = ending {
        close(session, ending).await;
    }
}

async fn close(session: Session, ending: Ending) {
    let reason = actix_ws::CloseReason {
        code: ending.code.into(),
        description: Some(ending.reason).filter(|reason| !reason.is_empty()),
    };
    // A peer that does not read gets no close frame; the socket ends all the same.
    tokio::time::timeout(CLOSE_PATIENCE, session.close(Some(reason))).await.ok();
}

/// Writes what the shard sends, until it ends the socket or the peer is gone.
async fn write(outgoing: &mut Outgoing, mut session: Session) -> Option<Ending> {
    while let Some(frame) = outgoing.next().await {
        tokio::select! {
            biased;
            () = outgoing.until_cut() => break,
            written = send(&mut session, frame) => written?,
        }
    }
    Some(outgoing.ending())
}

/// Sends one message, a long one in fragments: for a socket that does not read actix keeps up to 32
/// frames that wait and 32 that are encoded, whatever their size, beside the outbox's bound. A
/// fragment is a copy, for a slice would keep the whole message. `None`: the peer is gone.
async fn send(session: &mut Session, message: Bytes) -> Option<()> {
    if message.len() <= FRAGMENT_BYTES_MAX {
        return session.binary(message).await.ok();
    }
    let count = message.len().div_ceil(FRAGMENT_BYTES_MAX);
    for (number, part) in (1..).zip(message.chunks(FRAGMENT_BYTES_MAX)) {
        let part = Bytes::copy_from_slice(part);
        let fragment = match number {
            1 => Item::FirstBinary(part),
            last if last == count => Item::Last(part),
            _ => Item::Continue(part),
        };
        session.continuation(fragment).await.ok()?;
    }
    Some(())
}

/// Reads what the peer sends, at its pace and the shard's.
async fn read(
    connection: &Connection,
    mut session: Session,
    mut incoming: Incoming,
    limits: SocketLimits,
    was_used: impl Fn() -> bool,
) -> Option<Ending> {
    let mut messages = Pace::new(limits.messages_per_second_max, BURST);
    let mut ephemerals = Pace::new(EPHEMERALS_PER_SECOND_MAX, BURST);
    let opened = Instant::now();
    let (mut heard, mut pinged) = (opened, opened);
    let mut ticks = tokio::time::interval(TICK.min(limits.join_patience));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let arrival = tokio::select! {
            arrival = incoming.next() => arrival,
            _ = ticks.tick() => Arrival::Nothing,
        };
        let frame = match arrival {
            Arrival::Message(AggregatedMessage::Binary(frame)) => frame,
            Arrival::Message(AggregatedMessage::Text(_)) => {
                let reason = "this protocol has binary frames only";
                let ending = Ending::new(CloseCode::Violation.number(), reason);
                return Some(explain(&mut session, ending).await);
            }
            Arrival::Message(AggregatedMessage::Ping(data)) => {
                rest(messages.slow_down(Instant::now())).await;
                session.pong(&data).await.ok()?;
                continue;
            }
            Arrival::Message(AggregatedMessage::Pong(_)) => continue,
            Arrival::Message(AggregatedMessage::Close(_)) => return Some(Ending::new(1000, "")),
            Arrival::TooLarge => {
                let ending = incoming.swallow().await;
                return Some(explain(&mut session, ending).await);
            }
            Arrival::Broken => {
                return Some(Ending::new(PROTOCOL_FAULT, "the frames are not those of RFC 6455"));
            }
            Arrival::Gone => return None,
            Arrival::Nothing => {
                // A long message on a slow line lets no pong through.
                if incoming.alarm.has_moved() {
                    heard = Instant::now();
                }
                if !was_used() && opened.elapsed() >= limits.join_patience {
                    let reason = "a socket begins with a join message";
                    return Some(Ending::new(CloseCode::Violation.number(), reason));
                }
                if heard.elapsed() >= limits.silence_max {
                    return Some(Ending::new(1001, "no answer to pings"));
                }
                if heard.max(pinged).elapsed() >= limits.ping_interval {
                    pinged = Instant::now();
                    session.ping(b"").await.ok()?;
                }
                continue;
            }
        };
        rest(messages.slow_down(Instant::now())).await;
        if !is_ephemeral(&frame) || ephemerals.admits(Instant::now()) {
            match connection.frame(frame).await {
                Ok(()) => {}
                Err(Stopped) => return Some(Ending::stopping()),
            }
        }
        // Waiting for room is our silence, not the peer's.
        heard = Instant::now();
    }
}

/// Waits, where there is anything to wait for: a timer of no time at all takes its millisecond, and
/// whoever sends several messages would wait for each.
async fn rest(wait: Duration) {
    if !wait.is_zero() {
        tokio::time::sleep(wait).await;
    }
}

/// Says what was wrong in an `error` message, as the core does for what it refuses.
async fn explain(session: &mut Session, ending: Ending) -> Ending {
    let message =
        Message::Error { sender: None, target: None, message: ending.reason.as_str().into() };
    // A peer that does not read is not told; the socket ends all the same.
    tokio::time::timeout(CLOSE_PATIENCE, session.binary(message.encode())).await.ok();
    ending
}

/// Whether a frame is an ephemeral message. Only small frames that name it are decoded for it.
fn is_ephemeral(frame: &Bytes) -> bool {
    const NAME: &[u8] = b"ephemeral";
    frame.len() <= EPHEMERAL_FRAME_BYTES_MAX
        && memmem::find(frame, NAME).is_some()
        && matches!(Message::decode(frame), Ok(Message::Ephemeral { .. }))
}

/// What comes from the peer.
struct Incoming {
    messages: AggregatedMessageStream,
    alarm: Alarm,
}

enum Arrival {
    Message(AggregatedMessage),
    TooLarge,
    Broken,
    Gone,
    Nothing,
}

impl Incoming {
    async fn next(&mut self) -> Arrival {
        poll_fn(|context| {
            let next = Pin::new(&mut self.messages).poll_next(context);
            if self.alarm.is_raised() {
                return Poll::Ready(Arrival::TooLarge);
            }
            next.map(|next| match next {
                Some(Ok(message)) => Arrival::Message(message),
                Some(Err(actix_ws::ProtocolError::Io(error))) if error.kind() != INVALID => {
                    Arrival::Gone
                }
                Some(Err(_)) => Arrival::Broken,
                None => Arrival::Gone,
            })
        })
        .await
    }

    /// Lets the rest of a frame that is too large pass, so that its sender comes to read why the
    /// socket closes. Nothing of it is kept.
    async fn swallow(&mut self) -> Ending {
        let passed = poll_fn(|context| match Pin::new(&mut self.messages).poll_next(context) {
            _ if self.alarm.has_passed() => Poll::Ready(()),
            Poll::Ready(None | Some(Err(_))) => Poll::Ready(()),
            Poll::Ready(Some(Ok(_))) => {
                context.waker().wake_by_ref();
                Poll::Pending
            }
            Poll::Pending => Poll::Pending,
        });
        tokio::time::timeout(SWALLOW_PATIENCE, passed).await.ok();
        let reason = format!("a message has at most {MESSAGE_BYTES_MAX} bytes");
        Ending::new(CloseCode::TooLarge.number(), reason)
    }
}

/// A request's body as actix keeps one.
type BoxedPayloadStream = Pin<Box<dyn Stream<Item = Result<Bytes, PayloadError>>>>;

/// actix's parser gives this kind for frames that are not those of RFC 6455.
const INVALID: std::io::ErrorKind = std::io::ErrorKind::InvalidData;
