//! The end of a run: everything is healed, everything arrives, and then it is quiet.

use automerge::Automerge;
use oogst_core::port::Command;
use oogst_protocol::event::{Role, Status};
use oogst_protocol::ids::ChangeHash;

use super::World;

impl World {
    /// Delivers everything, syncs everything and lets everybody come back, until nothing moves.
    ///
    /// *No ping-pong*: the frames that this takes are bounded by what there is to tell, each
    /// durable edit to each open copy, there and back, and a few for each that comes back.
    pub fn run_until_quiet(&mut self) {
        let before = (self.frames, self.disk.events().len(), self.connections);
        let copies: usize = self.peers.iter().map(|peer| peer.copies.len()).sum();
        loop {
            for peer in 0..self.peers.len() {
                if self.peers[peer].line.is_none() {
                    self.connect(peer);
                }
            }
            let mut moved = false;
            for connection in self.lines() {
                while self.deliver_up(connection) {
                    moved = true;
                }
            }
            self.sync_all();
            for connection in self.lines() {
                while self.deliver_down(connection) {
                    moved = true;
                }
            }
            let appended = self.disk.events().len() - before.1;
            let opened = usize::try_from(self.connections - before.2).unwrap();
            let frames = self.frames - before.0;
            let most = 20 + 4 * copies * (2 + appended) + 8 * opened * (1 + copies);
            assert!(frames <= most, "{frames} frames for {appended} events: somebody echoes");
            if !moved && self.peers.iter().all(|peer| peer.line.is_some()) {
                return;
            }
        }
    }

    /// Unlocks everything and lets everybody write, so that every edit can be applied.
    pub fn heal(&mut self) {
        self.sync_all();
        self.conduct(Command::SetStatus { status: Status::Open });
        for document in self.harvests.clone() {
            self.conduct(Command::SetFrozen { document, frozen: false });
        }
        for peer in 0..self.peers.len() {
            let (participant, role) = (self.peers[peer].participant, Role::Facilitator);
            self.conduct(Command::Promote { participant, role });
        }
        self.run_until_quiet();
    }

    /// *Peers converge* on what the log holds, and *nothing refused is lost*.
    pub fn check_converged(&self) {
        for peer in &self.peers {
            for (document, copy) in &peer.copies {
                assert!(!copy.unavailable, "{} lost {document}", peer.name);
                let graph = self.hub.durable_heads(self.gathering, *document).unwrap();
                assert_eq!(heads(&copy.document), graph, "{} at {document}", peer.name);
                for edit in &copy.made {
                    let arrived = self.disk.holds(*document, edit);
                    assert!(arrived, "{}'s edit {edit} never arrived", peer.name);
                }
            }
        }
        self.check_replay();
    }
}

/// A document's heads, ascending.
#[must_use]
pub fn heads(document: &Automerge) -> Vec<ChangeHash> {
    let mut heads: Vec<_> =
        document.get_heads().into_iter().map(|head| ChangeHash(head.0)).collect();
    heads.sort_unstable();
    heads
}
