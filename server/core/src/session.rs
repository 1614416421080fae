//! One connection: the handshake, and what is legal when.
//!
//! Invariant: nothing but `join` is heard before a join, and afterwards nothing under another
//! name than the joined one. A peer's name is no identity: who it is stands in the token, which
//! the shell has checked. Way in: [`Session::receive`]. Not here: bytes (`oogst_protocol::wire`),
//! names that are taken and documents (`hub`).

use std::collections::BTreeSet;
use std::sync::Arc;

use bytes::Bytes;
use oogst_protocol::ids::{DocumentId, ParticipantId};
use oogst_protocol::limits::EPHEMERAL_BYTES_MAX;
use oogst_protocol::wire::{DecodeError, DocumentName, Message, PROTOCOL_VERSION, PeerId};

use crate::port::CloseCode;

/// Most documents that one connection asked for in vain and is told of once it may read them.
/// What is beyond them it finds when it next comes back.
const MISSED_MAX: usize = 100;

/// What a peer did that the protocol does not allow. Its socket closes.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Violation {
    /// No message at all.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// Something came before the join.
    #[error("a connection begins with `join`")]
    BeforeJoin,
    /// The peer speaks other versions of the protocol.
    #[error("this server speaks version {PROTOCOL_VERSION:?} of the protocol")]
    Version,
    /// The peer's name is empty or the server's.
    #[error("a peer joins under a name of its own")]
    Name,
    /// Another participant's socket has this name.
    #[error("another participant's connection has this peer id: take a random one")]
    NameTaken,
    /// A second join on one socket.
    #[error("this connection has joined already")]
    Rejoined,
    /// A message for somebody else.
    #[error("`targetId` is not this server's peer id")]
    Target,
    /// A message under another name than the joined one.
    #[error("`senderId` is not the peer id of this connection's `join`")]
    Sender,
    /// A message that only servers send.
    #[error("only a server sends `peer`")]
    NotAServer,
}

impl Violation {
    /// With which code the socket closes.
    #[must_use]
    pub const fn code(&self) -> CloseCode {
        match self {
            Self::Decode(error) if error.is_size() => CloseCode::TooLarge,
            Self::Decode(_)
            | Self::BeforeJoin
            | Self::Version
            | Self::Name
            | Self::NameTaken
            | Self::Rejoined
            | Self::Target
            | Self::Sender
            | Self::NotAServer => CloseCode::Violation,
        }
    }
}

/// What a legal message asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// To be known under this name.
    Join(PeerId),
    /// To sync a document.
    Sync {
        /// The document.
        document: DocumentName,
        /// Automerge's sync message.
        data: Bytes,
    },
    /// To tell the others who have the document open something that is kept nowhere.
    Gossip {
        /// The document.
        document: DocumentId,
        /// Rises within a session.
        count: u64,
        /// The sender's session.
        session: Arc<str>,
        /// CBOR of the application.
        data: Bytes,
    },
    /// Nothing that this server serves: passed over.
    Nothing,
}

/// One connection, from upgrade to close.
#[derive(Debug)]
pub struct Session {
    participant: ParticipantId,
    /// The joined name; `None` before the join.
    peer: Option<PeerId>,
    /// The documents that it has open: what it asked for and may read.
    pub(crate) documents: BTreeSet<DocumentId>,
    /// Documents that there are and that it might not read when it asked.
    missed: BTreeSet<DocumentId>,
}

impl Session {
    /// A socket of a participant, not joined yet.
    #[must_use]
    pub const fn new(participant: ParticipantId) -> Self {
        Self { participant, peer: None, documents: BTreeSet::new(), missed: BTreeSet::new() }
    }

    /// Whose it is.
    #[must_use]
    pub const fn participant(&self) -> ParticipantId {
        self.participant
    }

    /// The joined name; `None` before the join.
    #[must_use]
    pub const fn peer(&self) -> Option<&PeerId> {
        self.peer.as_ref()
    }

    /// Notes a document that was asked for in vain.
    pub(crate) fn miss(&mut self, document: DocumentId) {
        if self.missed.len() < MISSED_MAX {
            self.missed.insert(document);
        }
    }

    /// Documents that were asked for in vain.
    pub(crate) fn missed(&self) -> impl Iterator<Item = DocumentId> + '_ {
        self.missed.iter().copied()
    }

    /// Takes the name that was asked for.
    pub fn join(&mut self, peer: PeerId) {
        self.peer = Some(peer);
    }

    /// Hears one message; `server` is our own peer id.
    ///
    /// An ephemeral message under another name is an echo, which clients make of everything that
    /// they hear: it is passed over. So is one that is over its limit: presence is never text.
    ///
    /// # Errors
    ///
    /// [`Violation`]: the peer's fault.
    pub fn receive(&self, server: &PeerId, message: Message) -> Result<Said, Violation> {
        let Some(own) = &self.peer else {
            let Message::Join { sender, versions, .. } = message else {
                return Err(Violation::BeforeJoin);
            };
            return admit_name(server, sender, &versions);
        };
        match message {
            Message::Join { .. } => Err(Violation::Rejoined),
            Message::Peer { .. } => Err(Violation::NotAServer),
            Message::Request { document, sender, target, data }
            | Message::Sync { document, sender, target, data } => {
                if target != *server {
                    return Err(Violation::Target);
                }
                if sender != *own {
                    return Err(Violation::Sender);
                }
                Ok(Said::Sync { document, data })
            }
            Message::Ephemeral { document, sender, target, count, session, data } => {
                if target != *server {
                    return Err(Violation::Target);
                }
                match document.id() {
                    Some(document) if sender == *own && data.len() <= EPHEMERAL_BYTES_MAX => {
                        Ok(Said::Gossip { document, count, session, data })
                    }
                    Some(_) | None => Ok(Said::Nothing),
                }
            }
            Message::DocUnavailable { .. }
            | Message::Error { .. }
            | Message::RemoteSubscriptionChange { .. }
            | Message::RemoteHeadsChanged { .. }
            | Message::Unknown { .. } => Ok(Said::Nothing),
        }
    }
}

fn admit_name(server: &PeerId, peer: PeerId, versions: &[Arc<str>]) -> Result<Said, Violation> {
    if !versions.iter().any(|version| **version == *PROTOCOL_VERSION) {
        return Err(Violation::Version);
    }
    if peer.as_str().is_empty() || peer == *server {
        return Err(Violation::Name);
    }
    Ok(Said::Join(peer))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server() -> PeerId {
        PeerId::new("server")
    }

    fn join(sender: &str, versions: &[&str]) -> Message {
        Message::Join {
            sender: PeerId::new(sender),
            metadata: oogst_protocol::wire::PeerMetadata::default(),
            versions: versions.iter().map(|version| (*version).into()).collect(),
        }
    }

    fn sync(sender: &str, target: &str) -> Message {
        Message::Sync {
            document: "any".into(),
            sender: PeerId::new(sender),
            target: PeerId::new(target),
            data: Bytes::from_static(b"B"),
        }
    }

    fn presence(sender: &str, length: usize) -> Message {
        Message::Ephemeral {
            document: DocumentId::new(uuid::Uuid::nil()).into(),
            sender: PeerId::new(sender),
            target: server(),
            count: 1,
            session: "session".into(),
            data: vec![0; length].into(),
        }
    }

    fn joined() -> Session {
        let mut session = Session::new(ParticipantId::new(uuid::Uuid::nil()));
        session.join(PeerId::new("phone"));
        session
    }

    #[test]
    fn a_connection_begins_with_a_join_in_our_version_under_a_name_of_its_own() {
        let fresh = Session::new(ParticipantId::new(uuid::Uuid::nil()));
        let said = fresh.receive(&server(), join("phone", &["2", "1"])).unwrap();
        assert_eq!(said, Said::Join(PeerId::new("phone")));
        let hear = |message| fresh.receive(&server(), message).unwrap_err();
        assert!(matches!(hear(join("phone", &["2"])), Violation::Version));
        assert!(matches!(hear(join("server", &["1"])), Violation::Name));
        assert!(matches!(hear(join("", &["1"])), Violation::Name));
        assert!(matches!(hear(sync("phone", "server")), Violation::BeforeJoin));
    }

    #[test]
    fn a_joined_peer_speaks_to_us_under_its_own_name() {
        let hear = |message| joined().receive(&server(), message);
        assert!(matches!(hear(sync("phone", "server")), Ok(Said::Sync { .. })));
        assert!(matches!(hear(sync("tablet", "server")), Err(Violation::Sender)));
        assert!(matches!(hear(sync("phone", "other")), Err(Violation::Target)));
        assert!(matches!(hear(join("phone", &["1"])), Err(Violation::Rejoined)));
        let unknown = Message::Unknown { kind: "leave".into() };
        assert!(matches!(hear(unknown), Ok(Said::Nothing)));
    }

    #[test]
    fn echoes_and_long_presence_are_passed_over() {
        let hear = |message| joined().receive(&server(), message).unwrap();
        assert!(matches!(hear(presence("phone", 20)), Said::Gossip { .. }));
        assert_eq!(hear(presence("tablet", 20)), Said::Nothing);
        assert_eq!(hear(presence("phone", EPHEMERAL_BYTES_MAX + 1)), Said::Nothing);
    }
}
