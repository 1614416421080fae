//! One gathering at work: its documents, its connections, what is on its way to the disk.
//!
//! Invariant: commands and edits are judged on the accepted fold and become entries of one
//! append each, in the order of judging; nothing of them is answered, sent or shown before
//! [`Venue::recorded`] hands them back. What comes over sockets is heard in `frames`; what follows
//! from an act (sockets that close) is in `aftermath`.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use oogst_protocol::event::{Act, By, Conduct, Entry, Event, Role};
use oogst_protocol::ids::{ChangeHash, DocumentId, GatheringId, ParticipantId, Seq};
use oogst_protocol::time::Timestamp;
use oogst_protocol::wire::PeerId;

use super::news::News;
use super::{APPENDS_BYTES_MAX, APPENDS_MAX, Counts, REQUESTS_MAX, Turn};
use crate::document::Document;
use crate::gathering::Fold;
use crate::port::{
    Answer, Caller, CloseCode, Command, ConnectionId, Effect, Question, Recorded, Refusal,
    RequestId, Ticket,
};
use crate::session::Session;
use crate::view::Snapshot;

/// One gathering. See the module's words.
#[derive(Debug)]
pub(super) struct Venue {
    pub(super) id: GatheringId,
    /// With everything that is on its way to the disk: what commands and edits are judged on.
    pub(super) accepted: Fold,
    /// What the log holds: the only state that is shown.
    pub(super) durable: Fold,
    /// The newest durable event.
    seq: Seq,
    pub(super) documents: BTreeMap<DocumentId, Document>,
    pub(super) sessions: BTreeMap<ConnectionId, Session>,
    pub(super) peers: BTreeMap<PeerId, ConnectionId>,
    pub(super) sockets: BTreeMap<ParticipantId, BTreeSet<ConnectionId>>,
    appends: VecDeque<Append>,
    append_bytes: usize,
    requests: usize,
    /// What a revert that is on its way to the disk could not undo, by the request that wants it.
    /// At most [`REQUESTS_MAX`].
    refused: BTreeMap<RequestId, Vec<(DocumentId, String)>>,
}

/// An append on its way to the disk.
#[derive(Debug)]
struct Append {
    ticket: Ticket,
    bytes: usize,
    /// Answered when it is durable.
    requests: Vec<RequestId>,
}

impl Venue {
    /// Makes a gathering of its events.
    pub(super) fn load(id: GatheringId, events: &[Arc<Event>]) -> Self {
        let mut venue = Self {
            id,
            accepted: Fold::default(),
            durable: Fold::default(),
            seq: Seq::ZERO,
            documents: BTreeMap::new(),
            sessions: BTreeMap::new(),
            peers: BTreeMap::new(),
            sockets: BTreeMap::new(),
            appends: VecDeque::new(),
            append_bytes: 0,
            requests: 0,
            refused: BTreeMap::new(),
        };
        for event in events {
            venue.advance(event);
            if let Act::Changed { document, .. } = &event.entry.act {
                venue.document(*document).replay(event);
            }
        }
        venue.accepted = venue.durable.clone();
        venue
    }

    pub(super) fn opened(
        &mut self,
        turn: &mut Turn<'_>,
        connection: ConnectionId,
        participant: ParticipantId,
    ) {
        self.sessions.insert(connection, Session::new(participant));
        self.sockets.entry(participant).or_default().insert(connection);
        let durable = &self.durable;
        if durable.role(participant).is_none() || durable.is_over(participant, turn.now) {
            let reason = "this participant is no member of the gathering (any more)";
            self.close(turn, connection, CloseCode::Revoked, reason);
        }
    }

    pub(super) fn closed(&mut self, connection: ConnectionId) {
        let Some(session) = self.sessions.remove(&connection) else { return };
        for document in &session.documents {
            if let Some(document) = self.documents.get_mut(document) {
                document.leave(connection);
            }
        }
        if let Some(peer) = session.peer() {
            self.peers.remove(peer);
        }
        let participant = session.participant();
        if let Some(sockets) = self.sockets.get_mut(&participant) {
            sockets.remove(&connection);
            if sockets.is_empty() {
                self.sockets.remove(&participant);
            }
        }
    }

    pub(super) fn command(
        &mut self,
        turn: &mut Turn<'_>,
        request: RequestId,
        caller: Caller,
        command: &Command,
    ) {
        if let Command::Revert(revert) = command {
            return self.revert(turn, request, caller, revert);
        }
        let judged = self.author(turn.now, caller, command).and_then(|by| {
            let acts = self.accepted.judge(turn.now, by, command)?;
            self.accepted.check_budget(by, &acts)?;
            Ok((by, acts))
        });
        let refusal = match judged {
            Err(refusal) => refusal,
            Ok(_) if self.is_overloaded() => Refusal::Overload,
            Ok((by, acts)) => {
                self.requests += 1;
                if acts.is_empty() {
                    return self.answer_when_durable(turn, request);
                }
                let entries = acts.into_iter().map(|act| Entry { at: turn.now, by, act });
                let entries: Vec<_> = entries.collect();
                entries.iter().for_each(|entry| self.accepted.fold(entry));
                return self.append(turn, entries, vec![request]);
            }
        };
        turn.effects.push(Effect::Answer { request, answer: Err(refusal) });
    }

    pub(super) fn look(
        &self,
        now: Timestamp,
        caller: Caller,
        question: Question,
    ) -> Result<Answer, Refusal> {
        self.durable.look(self.id, (self.seq, now), caller, question)
    }

    /// Does what is due. Only the server itself says that the guests' time is over by the clock.
    pub(super) fn tick(&mut self, turn: &mut Turn<'_>) {
        if !self.accepted.guests_are_over(turn.now) || self.is_behind() {
            return;
        }
        let by = By { participant: None, role: Role::Operator };
        let act = Act::Conducted(Conduct::GuestsDismissed);
        let dismissed = Entry { at: turn.now, by, act };
        self.accepted.fold(&dismissed);
        self.append(turn, vec![dismissed], Vec::new());
    }

    fn author(&self, now: Timestamp, caller: Caller, command: &Command) -> Result<By, Refusal> {
        match caller {
            Caller::Member(participant) if self.accepted.is_over(participant, now) => {
                Err(Refusal::Unknown { what: "gathering" })
            }
            Caller::Member(_) | Caller::Operator => self.accepted.author(caller, command),
        }
    }

    /// Takes back what the log has recorded, of ours and of other servers. Changes are told
    /// together, but before anything that could alter who may hear of them.
    pub(super) fn recorded(&mut self, turn: &mut Turn<'_>, reports: &[Recorded]) {
        let mut news = News::default();
        for Recorded { ticket, events } in reports {
            for event in events {
                self.advance(event);
                if ticket.is_none() {
                    self.accepted.fold(&event.entry);
                }
                if let Act::Changed { document, .. } = &event.entry.act {
                    news.add(*document, self.document(*document).land(*ticket, event));
                }
            }
            let requests = ticket.map_or_else(Vec::new, |ticket| self.landed(ticket));
            let is_quiet = |event: &Arc<Event>| matches!(event.entry.act, Act::Changed { .. });
            if !requests.is_empty() || !events.iter().all(is_quiet) || news.is_full() {
                self.tell(turn, std::mem::take(&mut news));
            }
            self.answer_all(turn, requests);
            events.iter().for_each(|event| self.follow_up(turn, &event.entry.act));
        }
        self.tell(turn, news);
    }

    /// Notes that the oldest append is durable; the requests that waited for it.
    fn landed(&mut self, ticket: Ticket) -> Vec<RequestId> {
        let append = self.appends.pop_front().expect("what is recorded was appended");
        assert_eq!(append.ticket, ticket, "the log reports in the order of appends");
        self.append_bytes -= append.bytes;
        self.requests -= append.requests.len();
        append.requests
    }

    fn answer_all(&mut self, turn: &mut Turn<'_>, requests: Vec<RequestId>) {
        for request in requests {
            let seq = self.seq;
            let answer = match self.refused.remove(&request) {
                Some(refused) => Ok(Answer::Reverted { seq, refused }),
                None => Ok(Answer::Done { seq }),
            };
            turn.effects.push(Effect::Answer { request, answer });
        }
    }

    /// Takes a snapshot that was asked for, or that there is none.
    pub(super) fn snapshot(&mut self, document: DocumentId, snapshot: Option<&Snapshot>) {
        if let Some(document) = self.documents.get_mut(&document) {
            document.take_snapshot(snapshot);
        }
    }

    pub(super) fn is_idle(&self) -> bool {
        self.sessions.is_empty() && self.appends.is_empty()
    }

    pub(super) fn count(&self, counts: &mut Counts) {
        counts.documents += self.documents.len();
        counts.connections += self.sessions.len();
        counts.appends_max = counts.appends_max.max(self.appends.len());
        counts.append_bytes_max = counts.append_bytes_max.max(self.append_bytes);
        counts.requests_max = counts.requests_max.max(self.requests);
        for connection in self.sessions.keys() {
            let (changes, bytes) = self.waiting(*connection);
            counts.waiting_changes_max = counts.waiting_changes_max.max(changes);
            counts.waiting_bytes_max = counts.waiting_bytes_max.max(bytes);
        }
    }

    /// The newest durable event.
    pub(super) const fn seq(&self) -> Seq {
        self.seq
    }

    pub(super) const fn durable(&self) -> &Fold {
        &self.durable
    }

    pub(super) fn durable_heads(&self, document: DocumentId) -> Option<Vec<ChangeHash>> {
        self.documents.get(&document)?.durable_heads()
    }

    /// Closes a socket, and forgets it at once: what still comes from it is not heard.
    pub(super) fn close(
        &mut self,
        turn: &mut Turn<'_>,
        connection: ConnectionId,
        code: CloseCode,
        reason: &str,
    ) {
        self.closed(connection);
        let reason = reason.to_owned();
        turn.effects.push(Effect::Close { connection, code, reason });
    }

    /// Folds a durable event, in its place.
    fn advance(&mut self, event: &Arc<Event>) {
        assert_eq!(event.gathering, self.id, "an event belongs to its gathering");
        assert_eq!(event.seq, self.seq.next(), "the log has no gap");
        self.seq = event.seq;
        self.durable.fold(&event.entry);
        if let Act::DocumentOpened { document, .. } = &event.entry.act {
            self.documents.insert(*document, Document::new(Arc::clone(event)));
        }
    }

    pub(super) fn document(&mut self, document: DocumentId) -> &mut Document {
        self.documents.get_mut(&document).expect("a document is opened before it changes")
    }

    pub(super) fn is_behind(&self) -> bool {
        self.appends.len() >= APPENDS_MAX || self.append_bytes >= APPENDS_BYTES_MAX
    }

    /// Whether one more request has to wait for a better moment.
    pub(super) fn is_overloaded(&self) -> bool {
        self.requests >= REQUESTS_MAX || self.is_behind()
    }

    /// Has a revert's request, whose append comes next, answered with what it could not undo.
    pub(super) fn answer_otherwise(
        &mut self,
        request: RequestId,
        refused: Vec<(DocumentId, String)>,
    ) {
        self.requests += 1;
        self.refused.insert(request, refused);
    }

    pub(super) fn append(
        &mut self,
        turn: &mut Turn<'_>,
        entries: Vec<Entry>,
        requests: Vec<RequestId>,
    ) {
        let mut bytes = 0;
        for entry in &entries {
            if let Act::Changed { changes, .. } = &entry.act {
                bytes += changes.iter().map(|change| change.0.len()).sum::<usize>();
            }
        }
        let ticket = turn.take_ticket();
        self.append_bytes += bytes;
        self.appends.push_back(Append { ticket, bytes, requests });
        turn.effects.push(Effect::Append { ticket, gathering: self.id, entries });
    }

    /// Answers what asks for nothing new: at once, or with the newest append under way, since
    /// what makes it so may be in there.
    fn answer_when_durable(&mut self, turn: &mut Turn<'_>, request: RequestId) {
        if let Some(append) = self.appends.back_mut() {
            append.requests.push(request);
            return;
        }
        self.requests -= 1;
        let answer = Ok(Answer::Done { seq: self.seq });
        turn.effects.push(Effect::Answer { request, answer });
    }
}
