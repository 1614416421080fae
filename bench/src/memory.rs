//! What the server holds of the machine's memory for a socket that says nothing, and for a
//! document that nobody has open.
//!
//! By differences between some and twice as many, so that what the server takes for itself is in
//! none of it.

use std::time::Duration;

use automerge::transaction::Transactable;
use automerge::{ObjType, ROOT, ReadDoc, ScalarValue};
use futures_util::{SinkExt, StreamExt, TryStreamExt, stream};
use oogst_client::{Access, Member, Server as Client};
use oogst_protocol::api::{Join, NewGathering, NewGroup, OpenedGathering};
use oogst_protocol::wire::{Message, PROTOCOL_VERSION, PeerId, PeerMetadata};
use tokio::task::JoinSet;
use tokio_tungstenite::tungstenite::Message as Frame;

use crate::context::Context;
use crate::failure::Failure;
use crate::gathering::id;
use crate::history::INSIGHT_CHARACTERS;
use crate::sample::{count, grouped};
use crate::server::{OPERATOR_KEY, Server};
use crate::table::Table;

/// Groups of one gathering, each with a harvest: the most that a round may have.
const GROUPS: usize = 50;

/// Most who join one gathering here.
const MEMBERS: usize = 500;

/// Bytes that an idle connection and an idle document may hold.
const CONNECTION_BYTES_MAX: u64 = 40 << 10;
const DOCUMENT_BYTES_MAX: u64 = 1 << 10;

/// Requests under way at once.
const AT_ONCE: usize = 8;

/// How long the server is left alone before its memory is looked at.
const REST: Duration = Duration::from_secs(2);

/// After which a document that nobody uses sleeps in the views: they look every half a minute, and
/// let rest what nobody used since they last looked.
const ASLEEP: Duration = Duration::from_secs(75);

/// After which a gathering that nobody uses has left the server's memory: a shard drops it after
/// five minutes, its views after ten.
const FORGOTTEN: Duration = Duration::from_secs(640);

/// Measures connections, then documents, each on a server of its own.
///
/// # Errors
///
/// Where the server refuses what is asked of it.
pub fn suite(context: &Context) -> Result<Vec<Table>, Failure> {
    let columns = ["idle", ">how many", ">KiB each", ">the same again, KiB each", ">bound, KiB"];
    let mut table = Table::new("memory", &columns);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(Failure::io("start a runtime"))?;
    runtime.block_on(connections(context, &mut table))?;
    runtime.block_on(documents(context, &mut table))?;
    table.note(format!(
        "Resident memory, by differences. A connection has joined and says nothing. A document is \
         the harvest of one\nof {GROUPS} groups of a gathering, with its share of that. Left \
         again: somebody wrote one insight of {INSIGHT_CHARACTERS}\ncharacters and went a \
         while ago, and this is what that added. Forgotten: what stays of both\nonce their \
         gatherings have left the server's memory."
    ));
    Ok(vec![table])
}

/// Memory at three moments: before, with so many, with twice as many.
struct Grown([u64; 3]);

impl Grown {
    fn row(&self, what: &str, number: usize, bound: u64) -> [String; 5] {
        let Self([before, once, twice]) = *self;
        let each = |from: u64, to: u64| format!("{:.2}", kibibytes(from, to) / count(number));
        let number = grouped(count(number));
        [what.to_owned(), number, each(before, once), each(once, twice), kib(bound)]
    }
}

fn kib(bytes: u64) -> String {
    (bytes >> 10).to_string()
}

/// What was added between two moments; less than nothing where memory was given back.
fn kibibytes(from: u64, to: u64) -> f64 {
    let difference = u32::try_from(from.abs_diff(to) >> 10).map_or(f64::INFINITY, f64::from);
    if to < from { -difference } else { difference }
}

async fn connections(context: &Context, table: &mut Table) -> Result<(), Failure> {
    let number = context.size(1_000, 250);
    let folder = context.folder()?;
    let server = Server::start(context, folder.path())?;
    let client = server.client()?;
    let mut members = Vec::new();
    while members.len() < 2 * number {
        let opened = open(&client, 1).await?;
        let more = MEMBERS.min(2 * number - members.len());
        members.extend(join(&client, &opened, more).await?);
    }
    let mut sockets = JoinSet::new();
    let mut grown = vec![resident(&server).await?];
    for members in members.chunks(number) {
        for member in members {
            sockets.spawn(connected(&server, member.joined().token.clone()).await?);
        }
        grown.push(resident(&server).await?);
    }
    if let Some(ended) = sockets.try_join_next() {
        return Err(Failure::Unexpected(format!("a socket that was to be idle ended: {ended:?}")));
    }
    if let [before, once, twice] = grown[..] {
        let grown = Grown([before, once, twice]);
        table.row(grown.row("connection", number, CONNECTION_BYTES_MAX));
    }
    Ok(())
}

/// Opens a socket and joins; gives what keeps it open: it answers pings, and hears everything.
async fn connected(
    server: &Server,
    token: String,
) -> Result<impl Future<Output = ()> + use<>, Failure> {
    let url = format!("ws://{}/sync?token={token}", server.address);
    let (mut socket, _) = tokio_tungstenite::connect_async(url).await?;
    let join = Message::Join {
        sender: PeerId::new(&format!("idle-{}", uuid::Uuid::new_v4().simple())),
        metadata: PeerMetadata { storage_id: None, is_ephemeral: true },
        versions: vec![PROTOCOL_VERSION.into()],
    };
    socket.send(Frame::Binary(join.encode())).await?;
    // The server's own introduction: it has taken the join.
    match socket.next().await {
        Some(Ok(Frame::Binary(_))) => {
            Ok(async move { while let Some(Ok(_)) = socket.next().await {} })
        }
        other => Err(Failure::Unexpected(format!("a join is answered by {other:?}"))),
    }
}

async fn documents(context: &Context, table: &mut Table) -> Result<(), Failure> {
    let number = context.size(1_000, 250);
    let folder = context.folder()?;
    let server = Server::start(context, folder.path())?;
    let client = server.client()?;
    // A first one of everything, so that what is made once is made before.
    write(&client, &open(&client, GROUPS).await?).await?;
    let first = resident(&server).await?;
    let (mut made, mut written) = (vec![first], Vec::new());
    let mut gatherings = Vec::new();
    for _ in 0..2 {
        for _ in 0..number / GROUPS {
            gatherings.push(open(&client, GROUPS).await?);
        }
        made.push(resident(&server).await?);
    }
    tokio::time::sleep(ASLEEP).await;
    written.push(resident(&server).await?);
    for gatherings in gatherings.chunks(number / GROUPS) {
        for opened in gatherings {
            write(&client, opened).await?;
        }
        tokio::time::sleep(ASLEEP).await;
        written.push(resident(&server).await?);
    }
    for (what, grown) in [("document, never opened", made), ("document, left again", written)] {
        let [before, once, twice] = grown[..] else { continue };
        table.row(Grown([before, once, twice]).row(what, number, DOCUMENT_BYTES_MAX));
    }
    if !context.quick {
        tokio::time::sleep(FORGOTTEN).await;
        let after = resident(&server).await?;
        let each = format!("{:.2}", kibibytes(first, after) / count(2 * number));
        let number = grouped(count(2 * number));
        let what = "document, forgotten".to_owned();
        table.row([what, number, each, "-".to_owned(), kib(DOCUMENT_BYTES_MAX)]);
    }
    Ok(())
}

/// Writes one insight in each harvest of a gathering, then leaves.
async fn write(client: &Client, opened: &OpenedGathering) -> Result<(), Failure> {
    let gathering = &opened.gathering;
    let access = Access::new(client, gathering.id, &opened.facilitator_token);
    let session = access.connect();
    let harvests = gathering.groups.iter().filter_map(|group| group.documents.first());
    for (number, harvest) in (0..).zip(harvests) {
        let document = session.find(harvest.id).await?;
        let ((), edit) = document.edit(|edit| {
            let insights = edit.get(ROOT, "insights")?;
            let (_, insights) = insights.ok_or(automerge::AutomergeError::Fail)?;
            let item = id(8, number).to_string();
            let insight = edit.put_object(&insights, item, ObjType::Map)?;
            let text = edit.put_object(&insight, "text", ObjType::Text)?;
            edit.splice_text(&text, 0, 0, &"buurt ".repeat(7)[..INSIGHT_CHARACTERS])?;
            edit.put(&insight, "position", "a0")?;
            edit.put(&insight, "removed", false)?;
            edit.put(&insight, "parent", ScalarValue::Null)
        })?;
        edit.saved().await?;
    }
    Ok(())
}

async fn open(client: &Client, groups: usize) -> Result<OpenedGathering, Failure> {
    let group = |number| NewGroup {
        name: format!("Tafel {number}"),
        question: Some("Wat werkt bij ons in de buurt?".to_owned()),
        seats: None,
        table: None,
        theme: None,
    };
    let gathering = NewGathering {
        title: "Dag".to_owned(),
        language: None,
        date: None,
        network: None,
        region: None,
        status: None,
        participants_max: None,
        groups: (1..=groups).map(group).collect(),
        day: None,
    };
    Ok(client.open_gathering(OPERATOR_KEY, &gathering).await?)
}

async fn join(
    client: &Client,
    opened: &OpenedGathering,
    number: usize,
) -> Result<Vec<Member>, Failure> {
    let codes = opened.gathering.codes.as_ref();
    let code = codes.map(|codes| codes.participant.to_string());
    let code = code.ok_or_else(|| Failure::Unexpected("a gathering without codes".to_owned()))?;
    let join = |number| {
        let (code, name) = (code.clone(), format!("An {number}"));
        async move { client.join(&Join { code, name, ..Join::default() }).await }
    };
    let members = stream::iter((0..number).map(join)).buffer_unordered(AT_ONCE);
    Ok(members.try_collect().await?)
}

/// The server's memory, once it has been left alone for a moment.
async fn resident(server: &Server) -> Result<u64, Failure> {
    tokio::time::sleep(REST).await;
    server.process.resident_bytes()
}
