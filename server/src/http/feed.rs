//! The feed: contributions as server-sent events, first what was missed, then as they come.
//!
//! A reader pulls; what it does not take waits in the log, so a slow one costs nobody anything.
//! Whether the token still holds is asked again before each message, whether its holder is still
//! a member whenever that may have changed, and at each sign of life.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::fmt::Write as _;
use std::time::Duration;

use actix_web::http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use actix_web::{HttpRequest, HttpResponse, get, web};
use bytes::Bytes;
use futures_util::Stream;
use oogst_core::view::Filter;
use oogst_protocol::api::{Line, Problem};
use oogst_protocol::contribution::Kind;
use oogst_protocol::ids::{DocumentId, GatheringId};
use tokio::sync::watch;

use super::auth::StreamIdentity;
use super::limits::Seat;
use super::lines::{Pairs, Wanted};
use super::problem::ApiError;
use super::{App, Identity};
use crate::views::Feed;

/// How often a silent feed shows that it lives, so that a dead line is noticed at both ends.
const SIGN_OF_LIFE: Duration = Duration::from_secs(15);

/// Contributions as they come. `id:` is the event's place, `event:` the contribution's type,
/// `data:` a line as `events` gives it. A burst of typing is its first line and its last.
#[utoipa::path(
    tag = "views",
    params(
        ("gathering" = GatheringId, Path, description = "The gathering"),
        ("after" = Option<u64>, Query,
            description = "The last event that is known; 0, all, if left out"),
        ("token" = Option<String>, Query, description = "The token, where no header can be"),
        ("type" = Option<String>, Query,
            description = "Only these types, as `insight.added`: repeated, or parted by commas"),
        ("group" = Option<String>, Query,
            description = "Only in or about these groups: repeated, or parted by commas"),
        ("participant" = Option<String>, Query,
            description = "Only by these participants: repeated, or parted by commas"),
        ("Last-Event-ID" = Option<u64>, Header, description = "As browsers send it: goes first"),
    ),
    responses(
        (status = 200, description = "Server-sent events", body = Line,
            content_type = "text/event-stream"),
        (status = 400, description = "Not such a place, or no such type", body = Problem),
        (status = 429, description = "Too many feeds of this address", body = Problem),
        (status = 503, description = "The view is behind", body = Problem),
    ),
)]
#[get("/api/gatherings/{gathering}/feed")]
pub(super) async fn feed(
    app: web::Data<App>,
    request: HttpRequest,
    shown: StreamIdentity,
    gathering: web::Path<GatheringId>,
    query: web::Query<Pairs>,
) -> Result<HttpResponse, ApiError> {
    let wanted = Wanted::stream(&query)?;
    let after = match request.headers().get("last-event-id") {
        Some(id) => id.to_str().ok().and_then(|id| id.parse().ok()).ok_or_else(|| {
            ApiError::invalid("`Last-Event-ID` must be the `id` of an earlier message")
        })?,
        None => wanted.after,
    };
    let gathering = app.readable(shown.identity, gathering.into_inner()).await?;
    let seat = app.seats.take(app.address_of(&request))?;
    let is_whole = wanted.filter == Filter::default();
    let feed = app.views.follow(gathering, after, wanted.filter).await?;
    let stopping = app.stopping.clone();
    let open = BTreeSet::new();
    let reader = Reader { app, shown, gathering, feed, open, is_whole, stopping, _seat: seat };
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/event-stream"))
        // A compressor would hold messages back.
        .insert_header((CONTENT_ENCODING, "identity"))
        .insert_header(("X-Accel-Buffering", "no"))
        .streaming(messages(reader)))
}

struct Reader {
    app: web::Data<App>,
    shown: StreamIdentity,
    gathering: GatheringId,
    feed: Feed,
    /// Documents that every member reads: the core need not be asked about their lines.
    open: BTreeSet<DocumentId>,
    /// Whether all lines come, also those that tell of a change of rights.
    is_whole: bool,
    stopping: watch::Receiver<bool>,
    _seat: Seat,
}

/// What a reader gets, until its token ends, the server stops or the view is closed: then it
/// comes back with the last id that it saw.
fn messages(reader: Reader) -> impl Stream<Item = Result<Bytes, Infallible>> {
    futures_util::stream::unfold(reader, |mut reader| async move {
        let lines = tokio::select! {
            lines = reader.feed.next() => Some(lines.ok()?),
            () = tokio::time::sleep(SIGN_OF_LIFE) => None,
            _ = reader.stopping.wait_for(|stops| *stops) => return None,
        };
        let message = match lines {
            Some(lines) => encode(&reader.seen(lines).await?),
            None => {
                reader.seen(Vec::new()).await?;
                Bytes::from_static(b":\n\n")
            }
        };
        reader.may_read().then_some((Ok(message), reader))
    })
}

impl Reader {
    /// The lines as the reader may have them; nothing any more where the core can't say, or says
    /// that the reader is no member any more: a guest whose time is over keeps their token.
    ///
    /// It is asked about what not everybody reads, whenever a line says that somebody's rights
    /// have changed, and at each sign of life: a room of readers must not ask it at every key that
    /// somebody types.
    async fn seen(&mut self, lines: Vec<Line>) -> Option<Vec<Line>> {
        let is_open = |line: &Line| line.document.is_none_or(|found| self.open.contains(&found));
        let is_plain = |line: &Line| is_open(line) && !changes_rights(line);
        if self.is_whole && !lines.is_empty() && lines.iter().all(is_plain) {
            return Some(lines);
        }
        let seen = self.app.concealed(self.shown.identity, self.gathering, lines).await;
        let (lines, open) = seen.ok()?;
        self.open = open;
        Some(lines)
    }

    fn may_read(&self) -> bool {
        let now: Result<Identity, _> = self.app.identify(&self.shown.token);
        now.is_ok_and(|now| now == self.shown.identity)
    }
}

/// Whether somebody may do less, or more, from this line on.
fn changes_rights(line: &Line) -> bool {
    const KINDS: [Kind; 5] = [
        Kind::ParticipantPromoted,
        Kind::ParticipantRemoved,
        Kind::ParticipantLeft,
        Kind::GuestsAdmitted,
        Kind::GuestsDismissed,
    ];
    KINDS.iter().any(|kind| kind.name() == line.kind)
}

fn encode(lines: &[Line]) -> Bytes {
    let mut text = String::new();
    for line in lines {
        let data = serde_json::to_string(line).expect("a line is plain data");
        write!(text, "id: {}\nevent: {}\ndata: {data}\n\n", line.seq, line.kind)
            .expect("writing to a string cannot fail");
    }
    text.into()
}
