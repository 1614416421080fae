//! The server that is loaded, and the seats that people take there.

use clap::Args;
use oogst_client::{Access, ClientError, Line, Server};
use oogst_protocol::api::{Join, NewGathering, NewGroup};
use oogst_protocol::ids::{DocumentId, ParticipantId};
use oogst_protocol::limits::{GROUPS_MAX, PARTICIPANTS_MAX};
use tokio::time::{Duration, timeout};
use uuid::Uuid;

use super::full::Full;
use super::note::Ground;
use super::{Failure, LoadError};
use crate::options::{AsOperator, AtServer, server};

/// Longest wait for one line.
const GREETING: Duration = Duration::from_secs(30);

/// Which server is loaded.
#[derive(Debug, Args)]
pub(super) struct Target {
    /// A server of automerge-repo's protocol that knows no gatherings, as http://127.0.0.1:3030,
    /// in place of --server: for comparison [default: an Oogst server]
    #[arg(long, value_name = "URL", value_parser = server)]
    automerge_repo: Option<Server>,
    #[command(flatten)]
    operator: AsOperator,
    #[command(flatten)]
    at: AtServer,
}

/// One simulated participant's place: a document and a way to it.
#[derive(Clone, Debug)]
pub(super) struct Seat {
    pub(super) document: DocumentId,
    pub(super) participant: ParticipantId,
    way: Way,
}

#[derive(Clone, Debug)]
enum Way {
    Member(Box<Access>),
    Anybody(Server),
}

impl Seat {
    /// # Errors
    ///
    /// Why no line came about.
    pub(super) async fn line(&self) -> Result<Line, LoadError> {
        let line = async {
            match &self.way {
                Way::Member(access) => Line::to_member(access).await,
                Way::Anybody(server) => Line::to_anybody(server).await,
            }
        };
        let late = || ClientError::NoAnswer { seconds: GREETING.as_secs() };
        Ok(timeout(GREETING, line).await.unwrap_or_else(|_| Err(late()))?)
    }
}

impl Target {
    /// Makes documents, one a group, and seats people at each. An Oogst server gets gatherings of
    /// their own for it, as many as the groups need at least, which stay when the load is over.
    ///
    /// # Errors
    ///
    /// The server's or the line's, as the client sorts them; the caller's, where no key was named.
    pub(super) async fn seats(
        &self,
        (groups, participants): (usize, usize),
        gatherings: usize,
    ) -> Result<Vec<Vec<Seat>>, Failure> {
        if let Some(server) = &self.automerge_repo {
            return Self::at_a_peer(server, groups, participants).await;
        }
        let gatherings = gatherings.max(groups.div_ceil(GROUPS_MAX)).min(groups);
        if groups.div_ceil(gatherings) * participants > PARTICIPANTS_MAX {
            let what = format!("a gathering has at most {PARTICIPANTS_MAX} participants");
            return Err(Failure::Usage(what));
        }
        let (server, key) = (self.at.server(), self.operator.key()?);
        let mut seats = Vec::new();
        for gathering in 0..gatherings {
            // Spread evenly: the first ones get what does not divide.
            let here = (groups + gatherings - 1 - gathering) / gatherings;
            seats.extend(in_a_gathering(&server, &key, here, participants).await?);
        }
        Ok(seats)
    }

    async fn at_a_peer(
        server: &Server,
        groups: usize,
        participants: usize,
    ) -> Result<Vec<Vec<Seat>>, Failure> {
        let mut seats = Vec::new();
        for _ in 0..groups {
            let document = DocumentId::new(Uuid::new_v4());
            let seat = || Seat {
                document,
                participant: ParticipantId::new(Uuid::new_v4()),
                way: Way::Anybody(server.clone()),
            };
            Full::of(Ground::document()?).offer(&seat()).await?;
            seats.push((0..participants).map(|_| seat()).collect());
        }
        Ok(seats)
    }
}

async fn in_a_gathering(
    server: &Server,
    key: &str,
    groups: usize,
    participants: usize,
) -> Result<Vec<Vec<Seat>>, Failure> {
    let group = |number| NewGroup { name: format!("Load {number}"), ..NewGroup::default() };
    let gathering = NewGathering {
        title: "Load test".to_owned(),
        groups: (1..=groups).map(group).collect(),
        ..NewGathering::default()
    };
    let opened = server.open_gathering(key, &gathering).await?;
    let nothing = |what: &str| Failure::Missing(format!("the new gathering has no {what}"));
    let code = opened.gathering.codes.as_ref().ok_or_else(|| nothing("codes"))?.participant;
    let mut seats = Vec::new();
    for group in &opened.gathering.groups {
        let document = group.documents.first().ok_or_else(|| nothing("harvest"))?.id;
        let mut at_group = Vec::new();
        for number in 1..=participants {
            let name = format!("{} {number}", group.name);
            let join = Join { code: code.to_string(), name, ..Join::default() };
            let member = server.join(&join).await?;
            member.move_to(Some(group.id)).await?;
            at_group.push(Seat {
                document,
                participant: member.joined().participant.id,
                way: Way::Member(Box::new(member.access().clone())),
            });
        }
        seats.push(at_group);
    }
    Ok(seats)
}
