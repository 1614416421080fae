//! Clients that write without rest, and the ledger of what was acknowledged to them.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use automerge::ChangeHash;
use automerge::transaction::Transactable;
use tokio::task::JoinHandle;

use crate::chance::Chance;
use crate::client::{Client, object};
use crate::day::Day;
use crate::server::Server;

/// What the server promised, by document. It is booked the moment the promise arrives.
#[derive(Clone, Debug, Default)]
pub struct Ledger(Arc<Mutex<BTreeSet<(String, ChangeHash)>>>);

impl Ledger {
    /// Books promises.
    pub fn book(&self, document: &str, changes: BTreeSet<ChangeHash>) {
        let mut entries = self.0.lock().unwrap();
        entries.extend(changes.into_iter().map(|change| (document.to_owned(), change)));
    }

    /// How many promises there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.lock().unwrap().len()
    }

    /// Every promise so far.
    #[must_use]
    pub fn entries(&self) -> BTreeSet<(String, ChangeHash)> {
        self.0.lock().unwrap().clone()
    }
}

/// A room of writers, `per_group` in each group, that share one ledger.
pub async fn room(server: &Server, day: &Day, per_group: usize, ledger: &Ledger) -> Vec<Client> {
    let mut clients = Vec::new();
    for (place, group) in day.groups.iter().enumerate() {
        for seat in 0..per_group {
            let member = day.join(server, &format!("Schrijver {place}.{seat}"), place).await;
            let mut client = Client::find(&server.sync_url(&member.token), &group.harvest).await;
            client.ledger = ledger.clone();
            clients.push(client);
        }
    }
    clients
}

/// Writers at work.
#[derive(Debug)]
pub struct Writers {
    tasks: Vec<JoinHandle<Client>>,
    enough: Arc<AtomicBool>,
}

impl Writers {
    /// Lets each client write until its socket ends or it is enough.
    #[must_use]
    pub fn start(clients: Vec<Client>, chance: &mut Chance) -> Self {
        let enough = Arc::new(AtomicBool::new(false));
        let tasks = clients
            .into_iter()
            .map(|client| tokio::spawn(write(client, chance.split(), enough.clone())));
        Self { tasks: tasks.collect(), enough }
    }

    /// Ends the work and gives the clients back.
    pub async fn gather(self) -> Vec<Client> {
        self.enough.store(true, Ordering::SeqCst);
        let mut clients = Vec::new();
        for task in self.tasks {
            clients.push(task.await.unwrap());
        }
        clients
    }
}

async fn write(mut client: Client, mut chance: Chance, enough: Arc<AtomicBool>) -> Client {
    let mut item = None;
    while !enough.load(Ordering::SeqCst) {
        // One to three changes are on their way at once, so that a cut finds some half done.
        for _ in 0..=chance.below(3) {
            match item {
                Some(item) if chance.below(8) > 0 => type_into(&mut client, item),
                _ => item = Some(client.add("inzicht ")),
            }
            client.speak().await;
        }
        if client.saved().await.is_err() {
            break;
        }
    }
    client
}

fn type_into(client: &mut Client, item: uuid::Uuid) {
    client.edit(|document| {
        let insights = object(document, &automerge::ROOT, "insights");
        let insight = object(document, &insights, &item.to_string());
        let body = object(document, &insight, "text");
        document.splice_text(&body, 0, 0, "e").unwrap();
    });
}

/// Whether a server still holds every promise: a fresh client fetches each document.
///
/// # Panics
///
/// Where one is missing, saying how many and the first of them.
pub async fn kept(server: &Server, day: &Day, promises: &BTreeSet<(String, ChangeHash)>) {
    for group in &day.groups {
        let url = server.sync_url(&day.facilitator);
        let mut reader = Client::find(&url, &group.harvest).await;
        let wanted = promises.iter().filter(|(document, _)| *document == group.harvest);
        let wanted: Vec<_> = wanted.map(|(_, change)| *change).collect();
        reader.settled().await.unwrap();
        let lost: Vec<_> = wanted.iter().filter(|change| !reader.knows(**change)).collect();
        let count = lost.len();
        let of = wanted.len();
        assert!(lost.is_empty(), "{count} of {of} acknowledged changes lost, first {:?}", lost[0]);
        reader.leave().await;
    }
}
