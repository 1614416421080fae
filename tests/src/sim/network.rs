//! The lines between the peers and the hub: two ordered streams each, until one is cut.

use std::collections::VecDeque;

use bytes::Bytes;
use oogst_core::port::{ConnectionId, Input};
use oogst_protocol::wire::Message;

use super::World;

/// What goes up a line to the hub.
#[derive(Debug)]
pub(super) enum Up {
    Frame(Bytes),
    Gone,
}

/// What comes down a line to a peer.
#[derive(Debug)]
pub(super) enum Down {
    Frame(Bytes),
    Close,
}

/// One connection: two ordered streams.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) peer: usize,
    pub(super) up: VecDeque<Up>,
    pub(super) down: VecDeque<Down>,
}

impl World {
    /// Opens a new line for a peer. An older one stays behind, half open.
    pub fn connect(&mut self, peer: usize) -> ConnectionId {
        self.stirred = true;
        self.connections += 1;
        let connection = ConnectionId(self.connections);
        let (participant, gathering) = (self.peers[peer].participant, self.gathering);
        let join = Up::Frame(self.peers[peer].connect(connection));
        let line = Line { peer, up: VecDeque::from([join]), down: VecDeque::new() };
        self.lines.insert(connection, line);
        self.input(Input::Opened { connection, gathering, participant });
        connection
    }

    /// Cuts a peer's line: what comes down is lost, and of what goes up whatever the dice say.
    pub fn cut(&mut self, peer: usize) {
        let Some(connection) = self.peers[peer].line else { return };
        self.peers[peer].disconnect();
        if let Some(line) = self.lines.get_mut(&connection) {
            line.down.clear();
            let kept = self.dice.below(line.up.len() + 1);
            line.up.truncate(kept);
            line.up.push_back(Up::Gone);
        }
    }

    /// Delivers the oldest frame that a peer has sent.
    pub fn deliver_up(&mut self, connection: ConnectionId) -> bool {
        let Some(line) = self.lines.get_mut(&connection) else { return false };
        match line.up.pop_front() {
            None => return false,
            Some(Up::Frame(bytes)) => self.input(Input::Frame { connection, bytes }),
            Some(Up::Gone) => {
                self.lines.remove(&connection);
                self.input(Input::Closed { connection });
            }
        }
        true
    }

    /// Delivers the oldest frame that the hub has sent.
    pub fn deliver_down(&mut self, connection: ConnectionId) -> bool {
        let Some(line) = self.lines.get_mut(&connection) else { return false };
        let peer = &mut self.peers[line.peer];
        let current = peer.line == Some(connection);
        let down = line.down.pop_front();
        self.stirred |= down.is_some();
        match down {
            None => return false,
            Some(Down::Frame(frame)) if current => {
                let said = peer.receive(&frame);
                self.frames += said.len();
                line.up.extend(said.into_iter().map(Up::Frame));
            }
            Some(Down::Frame(_)) => {}
            Some(Down::Close) => {
                if current {
                    peer.disconnect();
                }
                line.up.clear();
                line.up.push_back(Up::Gone);
            }
        }
        true
    }

    /// The lines that are open at this moment.
    #[must_use]
    pub fn lines(&self) -> Vec<ConnectionId> {
        self.lines.keys().copied().collect()
    }

    /// What the hub has sent on a line and is not delivered.
    #[must_use]
    pub fn coming(&self, connection: ConnectionId) -> Vec<Message> {
        let down = self.lines.get(&connection).into_iter().flat_map(|line| &line.down);
        let frames = down.filter_map(|down| match down {
            Down::Frame(frame) => Some(Message::decode(frame).unwrap()),
            Down::Close => None,
        });
        frames.collect()
    }

    /// Delivers everything that peers have sent.
    pub fn deliver_all_up(&mut self) {
        for connection in self.lines() {
            while self.deliver_up(connection) {}
        }
    }

    /// Sends a frame on a line, whoever might have made it.
    pub fn send(&mut self, connection: ConnectionId, frame: Bytes) {
        self.frames += 1;
        if let Some(line) = self.lines.get_mut(&connection) {
            line.up.push_back(Up::Frame(frame));
        }
    }

    /// Sends the oldest frame of a line twice, if it is about a document.
    pub fn duplicate(&mut self, connection: ConnectionId) {
        let Some(line) = self.lines.get_mut(&connection) else { return };
        let Some(Up::Frame(frame)) = line.up.front() else { return };
        if matches!(Message::decode(frame), Ok(Message::Sync { .. } | Message::Request { .. })) {
            let again = frame.clone();
            line.up.push_front(Up::Frame(again));
        }
    }

    /// Whether nothing is on its way, neither on a line nor to or from the disk.
    pub(super) fn is_quiet(&self) -> bool {
        let empty = |line: &Line| line.up.is_empty() && line.down.is_empty();
        self.disk.pending() == 0 && self.reports.is_empty() && self.lines.values().all(empty)
    }
}
