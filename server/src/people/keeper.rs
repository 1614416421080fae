//! The thread that writes rolls: all that changed since its last round, each file once.
//!
//! Changes are made in memory and then waited for, so a hundred joins that arrive while a file
//! is written share the next write.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use oogst_protocol::ids::GatheringId;
use tokio::sync::oneshot;

use super::register::Register;
use super::{VaultError, VaultFatal, roll};

/// What the vault and its keeper share.
pub(super) struct Shared {
    state: Mutex<State>,
    came: Condvar,
}

pub(super) struct State {
    pub(super) register: Register,
    /// Gatherings whose file is behind, and who waits for it. Those who wait are requests, of
    /// which the HTTP side allows only so many.
    behind: BTreeMap<GatheringId, Vec<oneshot::Sender<()>>>,
    closed: bool,
}

impl Shared {
    pub(super) const fn new(register: Register) -> Self {
        let state = State { register, behind: BTreeMap::new(), closed: false };
        Self { state: Mutex::new(state), came: Condvar::new() }
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes a change and says when it is on the disk. A change that is refused leaves nothing.
    pub(super) fn change<T>(
        &self,
        gathering: GatheringId,
        change: impl FnOnce(&mut Register) -> Result<T, VaultError>,
    ) -> Result<(T, oneshot::Receiver<()>), VaultError> {
        let mut state = self.lock();
        if state.closed {
            return Err(VaultError::Stopping);
        }
        let value = change(&mut state.register)?;
        let (tell, saved) = oneshot::channel();
        state.behind.entry(gathering).or_default().push(tell);
        drop(state);
        self.came.notify_one();
        Ok((value, saved))
    }

    pub(super) fn close(&self) {
        self.lock().closed = true;
        self.came.notify_one();
    }
}

/// Writes until the vault is closed and nothing is behind, or until the disk fails.
pub(super) fn run(shared: &Arc<Shared>, directory: &Path, fatal: &VaultFatal) {
    loop {
        let idle = |state: &mut State| state.behind.is_empty() && !state.closed;
        let waited = shared.came.wait_while(shared.lock(), idle);
        let mut state = waited.unwrap_or_else(PoisonError::into_inner);
        let behind = std::mem::take(&mut state.behind);
        let rolls: Vec<_> =
            behind.keys().map(|gathering| state.register.roll(*gathering).cloned()).collect();
        drop(state);
        if behind.is_empty() {
            return;
        }
        for ((gathering, waiting), roll) in behind.into_iter().zip(rolls) {
            let kept = match roll {
                Some(roll) => roll.save(directory, gathering),
                None => roll::delete(directory, gathering),
            };
            if let Err(error) = kept {
                shared.lock().closed = true;
                return fatal(&error);
            }
            for tell in waiting {
                // Whoever went away meanwhile needs no answer.
                tell.send(()).ok();
            }
        }
    }
}
