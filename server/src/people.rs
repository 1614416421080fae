//! The vault: names, tokens and codes. What may have to be erased, and so is not in the log.
//!
//! Invariant: what a caller was told (a token, a code, a name) is on the disk and synced: every
//! change writes its gathering's file whole, renames it into place and syncs the directory.
//! Secrets are kept as hashes.
//!
//! Way in: [`Vault`]. Look-ups answer from memory at once; changes are `async` and return when
//! they are on the disk. Roles are not here: the log says who has become what.

mod keeper;
mod register;
mod restored;
mod roll;
mod secret;
mod target_group;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use oogst_protocol::api::Codes;
use oogst_protocol::event::Role;
use oogst_protocol::ids::{GatheringId, JoinCode, ParticipantId};
use uuid::Uuid;

pub(crate) use restored::{has_roll, restore_roll};
pub(crate) use roll::Entry;
pub use roll::Person;
pub(crate) use secret::Digest;
pub use secret::{Operator, keep_secret, new_token};
pub use target_group::{Mark, TargetGroup};

use crate::fatal;

/// Where rolls are, in the data directory.
const PEOPLE_DIRECTORY: &str = "people";

/// What ends the process when a roll can't be written. Tests observe it; a server passes
/// [`crate::fatal::end`].
pub type VaultFatal = Box<dyn Fn(&VaultError) + Send + Sync>;

/// Somebody in a gathering.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Member {
    /// The gathering.
    pub gathering: GatheringId,
    /// Who.
    pub participant: ParticipantId,
}

/// Somebody who was let in.
#[derive(Clone, PartialEq, Eq)]
pub struct Admitted {
    /// Who, and where.
    pub member: Member,
    /// What their device shows from now on. Only its hash is kept.
    pub token: String,
    /// Four words for another device or another day. Only its hash is kept.
    pub return_code: String,
    /// Whether they are new to the gathering.
    pub is_new: bool,
}

impl std::fmt::Debug for Admitted {
    /// Without the secrets.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Admitted")
            .field("member", &self.member)
            .field("is_new", &self.is_new)
            .finish_non_exhaustive()
    }
}

/// Why the vault refuses, or can't be opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VaultError {
    /// No such gathering or participant. The caller's fault.
    #[error("there is no such gathering or participant")]
    Unknown,
    /// That gathering or participant is there already. Our bug: ids are random.
    #[error("the id is already taken in gathering {gathering}")]
    Known {
        /// The gathering.
        gathering: GatheringId,
    },
    /// A gathering has its most participants.
    #[error("a gathering holds at most {most} participants")]
    Full {
        /// The bound.
        most: usize,
    },
    /// Somebody can't be marked so. The caller's.
    #[error("{why}")]
    Unmarkable {
        /// Why not, and what would be right.
        why: &'static str,
    },
    /// The server is stopping; the change may or may not be kept.
    #[error("the server is stopping")]
    Stopping,
    /// A file is not what was written.
    #[error("{path:?} is damaged; put a backup in its place")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Where.
        #[source]
        source: serde_json::Error,
    },
    /// A newer server wrote it.
    #[error("{path:?} is of format {found}, this server reads up to {newest}: use a newer server")]
    Newer {
        /// The file.
        path: PathBuf,
        /// The format found.
        found: u64,
        /// The newest that this build reads.
        newest: u32,
    },
    /// A file that the vault did not write.
    #[error("{path:?} is no gathering's file; move it out of the vault")]
    Stranger {
        /// The file.
        path: PathBuf,
    },
    /// A call to the system failed.
    #[error("could not {doing} {path:?}")]
    Io {
        /// What was being done.
        doing: &'static str,
        /// To which file or directory.
        path: PathBuf,
        /// Why it failed.
        #[source]
        source: io::Error,
    },
}

/// The vault. Cheap to clone; all clones are the same vault.
#[derive(Clone)]
pub struct Vault {
    shared: Arc<keeper::Shared>,
    keeper: Arc<Mutex<Option<JoinHandle<()>>>>,
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Vault(…)")
    }
}

impl Vault {
    /// Opens the vault in `people/` of the data directory and starts its writer. Blocks.
    ///
    /// Open the log first: it holds the directory's lock. `fatal` is called at most once, when a
    /// file can't be written; it should not return.
    ///
    /// # Errors
    ///
    /// [`VaultError`] names the file that can't be read.
    pub fn open(data: &Path, fatal: VaultFatal) -> Result<Self, VaultError> {
        let directory = data.join(PEOPLE_DIRECTORY);
        let register = register::Register::new(roll::load_all(&directory)?);
        let shared = Arc::new(keeper::Shared::new(register));
        let kept = Arc::clone(&shared);
        let path = directory.clone();
        let thread = std::thread::Builder::new()
            .name("oogst-people".into())
            .spawn(move || {
                fatal::end_on_panic("people", || keeper::run(&kept, &path, &fatal));
            })
            .map_err(|source| VaultError::Io {
                doing: "start the writer of",
                path: directory,
                source,
            })?;
        Ok(Self { shared, keeper: Arc::new(Mutex::new(Some(thread))) })
    }

    /// Adds a gathering with its four codes and its first facilitator, before the log opens it: a
    /// roll without a gathering opens nothing, a gathering without codes could never be entered.
    ///
    /// # Errors
    ///
    /// [`VaultError::Known`], [`VaultError::Stopping`].
    pub async fn create_gathering(
        &self,
        gathering: GatheringId,
        facilitator: ParticipantId,
        person: Person,
    ) -> Result<(Codes, Admitted), VaultError> {
        self.change(gathering, |register| {
            let codes = register.add_gathering(gathering)?;
            let member = Member { gathering, participant: facilitator };
            Ok((codes, register.add_person(member, person)?))
        })
        .await
    }

    /// Forgets a gathering whole: its codes and everybody on its roll. None there: done.
    ///
    /// # Errors
    ///
    /// [`VaultError::Stopping`].
    pub async fn forget_gathering(&self, gathering: GatheringId) -> Result<(), VaultError> {
        self.change(gathering, |register| {
            register.forget_gathering(gathering);
            Ok(())
        })
        .await
    }

    /// Forgets the rolls of gatherings that are not among `opened`, which a cut between vault and
    /// log leaves. Only those with nobody on them but a first facilitator: where people joined,
    /// the log once had the gathering, and it is for the operator to say where that went.
    pub fn forget_unopened(&self, opened: &[GatheringId]) {
        let opened: BTreeSet<_> = opened.iter().collect();
        let rolls: Vec<_> = self.shared.lock().register.rolls().collect();
        for (gathering, people) in rolls {
            if opened.contains(&gathering) {
                continue;
            }
            if people > 1 {
                let what = "the vault knows people of a gathering that is not in the log";
                tracing::warn!(%gathering, people, "{what}");
                continue;
            }
            let forgotten = self.shared.change(gathering, |register| {
                register.forget_gathering(gathering);
                Ok(())
            });
            // Nobody waits for it: what a crash leaves of it is forgotten at the next start.
            drop(forgotten);
        }
    }

    /// Adds somebody to a gathering; whoever shows an earlier token of it is the same again, with
    /// that token, a new return code, and the name they had.
    ///
    /// # Errors
    ///
    /// [`VaultError::Unknown`] gathering, [`VaultError::Full`], [`VaultError::Stopping`].
    pub async fn join(
        &self,
        gathering: GatheringId,
        person: Person,
        earlier_token: Option<&str>,
    ) -> Result<Admitted, VaultError> {
        self.change(gathering, |register| {
            let known = earlier_token.and_then(|token| Some((token, register.by_token(token)?)));
            if let Some((token, member)) = known.filter(|(_, who)| who.gathering == gathering) {
                let return_code = register.add_return_code(member)?;
                return Ok(Admitted { member, token: token.into(), return_code, is_new: false });
            }
            let participant = ParticipantId::new(Uuid::new_v4());
            register.add_person(Member { gathering, participant }, person)
        })
        .await
    }

    /// Lets somebody in again by their four words, as typed: with a new token.
    ///
    /// # Errors
    ///
    /// [`VaultError::Unknown`] words, [`VaultError::Stopping`].
    pub async fn come_back(&self, return_code: &str) -> Result<Admitted, VaultError> {
        let found = self.by_return_code(return_code).ok_or(VaultError::Unknown)?;
        self.change(found.gathering, |register| {
            // Asked again under the lock: it may have been revoked in between.
            let found = register.by_return_code(return_code).ok_or(VaultError::Unknown)?;
            let (member, return_code) = found;
            let token = register.add_token(member)?;
            Ok(Admitted { member, token, return_code, is_new: false })
        })
        .await
    }

    /// Gives somebody another name.
    ///
    /// # Errors
    ///
    /// [`VaultError::Unknown`], [`VaultError::Stopping`].
    pub async fn rename(&self, who: Member, name: String) -> Result<(), VaultError> {
        self.change(who.gathering, |register| {
            register.entry(who)?.person.name = name;
            Ok(())
        })
        .await
    }

    /// Takes back somebody's tokens and return codes; the name stays.
    ///
    /// # Errors
    ///
    /// [`VaultError::Unknown`], [`VaultError::Stopping`].
    pub async fn revoke(&self, who: Member) -> Result<(), VaultError> {
        self.change(who.gathering, |register| register.revoke(who)).await
    }

    /// Forgets somebody whole: name, tokens, codes. Nobody there: done.
    ///
    /// # Errors
    ///
    /// [`VaultError::Stopping`].
    pub async fn erase(&self, who: Member) -> Result<(), VaultError> {
        self.change(who.gathering, |register| {
            register.erase(who);
            Ok(())
        })
        .await
    }

    /// The gathering and role behind a join code.
    #[must_use]
    pub fn by_code(&self, code: JoinCode) -> Option<(GatheringId, Role)> {
        self.shared.lock().register.by_code(code)
    }

    /// Who holds this token.
    #[must_use]
    pub fn by_token(&self, token: &str) -> Option<Member> {
        self.shared.lock().register.by_token(token)
    }

    /// Whose four words these are, as typed.
    #[must_use]
    pub fn by_return_code(&self, typed: &str) -> Option<Member> {
        self.shared.lock().register.by_return_code(typed).map(|(member, _)| member)
    }

    /// A gathering's join codes.
    #[must_use]
    pub fn codes(&self, gathering: GatheringId) -> Option<Codes> {
        self.shared.lock().register.roll(gathering).map(|roll| roll.codes.clone())
    }

    /// The name somebody goes by; `None` once they are erased.
    #[must_use]
    pub fn name(&self, gathering: GatheringId, who: ParticipantId) -> Option<String> {
        self.shared.lock().register.person(gathering, who).map(|person| person.name.clone())
    }

    /// Everybody of a gathering with what they told of themselves.
    #[must_use]
    pub fn people(&self, gathering: GatheringId) -> BTreeMap<ParticipantId, Person> {
        let state = self.shared.lock();
        let people = state.register.roll(gathering).map(|roll| &roll.people);
        let people = people.into_iter().flatten();
        people.map(|(who, entry)| (*who, entry.person.clone())).collect()
    }

    /// Everybody of a gathering with all that is kept of them.
    pub(crate) fn entries(&self, gathering: GatheringId) -> BTreeMap<ParticipantId, Entry> {
        let state = self.shared.lock();
        state.register.roll(gathering).map(|roll| roll.people.clone()).unwrap_or_default()
    }

    /// Takes no more changes, writes those that wait and returns when they are on the disk.
    pub fn close(&self) {
        self.shared.close();
        let keeper = self.keeper.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(keeper) = keeper {
            keeper.join().expect("the keeper ends the process rather than panic");
        }
    }

    async fn change<T>(
        &self,
        gathering: GatheringId,
        change: impl FnOnce(&mut register::Register) -> Result<T, VaultError>,
    ) -> Result<T, VaultError> {
        let (value, saved) = self.shared.change(gathering, change)?;
        saved.await.map_err(|_| VaultError::Stopping)?;
        Ok(value)
    }
}
