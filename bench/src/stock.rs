//! A log that is long before anybody comes: streams written straight into it, with the server's
//! own code, and the rolls beside it.
//!
//! Every gathering has the first one's changes under ids of its own: making them anew for each
//! would take longer than all that is measured.

use std::path::Path;
use std::sync::Arc;

use oogst_core::port::Ticket;
use oogst_protocol::event::{Act, Entry, Event};
use oogst_protocol::ids::{GatheringId, Seq};
use oogst_server::log::{Append, EventLog, LogClosed};
use oogst_server::people::{Person, Vault};
use tokio::sync::mpsc;

use crate::accept::template;
use crate::failure::Failure;
use crate::gathering::{Opened, moment};
use crate::history::{Edit, History};

/// Entries in one append: about as many as the log's writer makes durable at once.
const APPEND_ENTRIES: usize = 1_000;

/// Appends under way, so that the writer never waits for the next.
const APPENDS_AT_ONCE: usize = 4;

/// A day as it was written at the tables of one gathering: what others are made after.
#[derive(Debug)]
pub struct Day {
    first: Opened,
    tables: Vec<Vec<Edit>>,
}

impl Day {
    /// A day of so many tables, at each so many edits.
    ///
    /// # Errors
    ///
    /// Where the hub or automerge does not do what was written for it: our bug.
    pub fn new(tables: usize, edits: usize) -> Result<Self, Failure> {
        let first = Opened::new(1, tables)?;
        let table = |(table, harvest)| {
            let people = first.seated(table);
            let edits = History::new(template(&first.events, harvest)?, people)?.edits(edits)?;
            Ok::<_, Failure>(edits)
        };
        let written = first.harvests.iter().copied().enumerate().map(table);
        let tables = written.collect::<Result<_, _>>()?;
        Ok(Self { first, tables })
    }

    /// The first entries of the stream of a gathering with as many tables: how it was opened, then
    /// its tables' edits in turns; of these, those after `after`.
    pub fn stream<'a>(
        &'a self,
        opened: &'a Opened,
        after: Seq,
        events: usize,
    ) -> impl Iterator<Item = Entry> + 'a {
        let edits = self.tables.iter().map(Vec::len).sum::<usize>();
        let until = events.min(opened.events.len() + edits);
        let after = usize::try_from(after.0).unwrap_or(usize::MAX);
        (after..until).map(|place| self.entry(opened, place))
    }

    fn entry(&self, opened: &Opened, place: usize) -> Entry {
        let Some(edit) = place.checked_sub(opened.events.len()) else {
            return self.adopted(&opened.events[place]);
        };
        let (table, edit) = (edit % self.tables.len(), edit / self.tables.len());
        let seq = Seq(u64::try_from(place).unwrap_or_default()).next();
        let mut entry = self.tables[table][edit].entry(opened.harvests[table], seq);
        let by = self.first.people.iter().position(|who| Some(*who) == entry.by.participant);
        entry.by.participant = by.map(|place| opened.people[place]);
        entry
    }

    /// An entry of a gathering's opening, a harvest with the template that the first one's has: the
    /// changes build on that.
    fn adopted(&self, event: &Event) -> Entry {
        let mut entry = event.entry.clone();
        entry.at = moment(event.seq);
        let same_place = self.first.events.iter().find(|other| other.seq == event.seq);
        if let (Act::DocumentOpened { template, .. }, Some(other)) = (&mut entry.act, same_place)
            && let Act::DocumentOpened { template: firsts, .. } = &other.entry.act
        {
            template.clone_from(firsts);
        }
        entry
    }
}

/// Appends to a gathering's stream, and waits until all of it is durable.
///
/// # Errors
///
/// Where the log was closed.
pub async fn append(
    log: &Arc<dyn EventLog>,
    gathering: GatheringId,
    mut entries: impl Iterator<Item = Entry>,
) -> Result<(), Failure> {
    let (report, mut reports) = mpsc::channel(APPENDS_AT_ONCE);
    let appends = log.appends();
    let mut under_way = 0;
    loop {
        let entries: Vec<_> = entries.by_ref().take(APPEND_ENTRIES).collect();
        let is_over = entries.is_empty();
        while under_way == APPENDS_AT_ONCE || (is_over && under_way > 0) {
            reports.recv().await.ok_or(LogClosed)?;
            under_way -= 1;
        }
        if is_over {
            return Ok(());
        }
        let append = Append { ticket: Ticket(1), gathering, entries, report: report.clone() };
        appends.room(&append).await?.append(append)?;
        under_way += 1;
    }
}

/// Opens the vault of a data directory whose log is open.
///
/// # Errors
///
/// The disk's.
pub fn open_vault(data: &Path) -> Result<Vault, Failure> {
    let fatal = Box::new(|error: &oogst_server::people::VaultError| -> () {
        oogst_server::fatal::end(error)
    });
    Ok(Vault::open(data, fatal)?)
}

/// Gives a gathering its codes and its roll: who opened it, and so many more. The token of who
/// opened it.
///
/// # Errors
///
/// The vault's.
pub async fn enrol(vault: &Vault, opened: &Opened, more: usize) -> Result<String, Failure> {
    let person = |name: String| Person { name, ..Person::default() };
    let (gathering, opener) = (opened.gathering, person("Bo".to_owned()));
    let made = vault.create_gathering(gathering, opened.facilitator, opener);
    let join = |number| vault.join(gathering, person(format!("An {number}")), None);
    let joined = futures_util::future::try_join_all((0..more).map(join));
    // Asked together, in this order, so that the vault writes the roll once or twice.
    let ((_, admitted), _) = futures_util::future::try_join(made, joined).await?;
    Ok(admitted.token)
}

/// A runtime for what is written before anything is measured.
///
/// # Errors
///
/// The system's.
pub fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(Failure::io("start a runtime"))
}
