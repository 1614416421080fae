//! `rebuild`: throws away all that the views kept and makes it again from the log.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use oogst_protocol::ids::{DocumentId, GatheringId};

use super::Digest;
use super::kept::{Fault, Kept};
use super::snapshots::Snapshots;
use crate::log::EventLog;

/// One gathering, made again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rebuilt {
    /// Which.
    pub gathering: GatheringId,
    /// What it came to.
    pub digest: Digest,
    /// Documents that could not be materialised to the end.
    pub stopped: Vec<DocumentId>,
}

/// Deletes `directory`, folds every gathering of the log from its first event, and writes its
/// snapshots anew. The server must be stopped.
///
/// # Errors
///
/// Says which gathering's events can't be read or folded.
pub fn rebuild(log: &Arc<dyn EventLog>, directory: &Path) -> Result<Vec<Rebuilt>, RebuildError> {
    let snapshots = Snapshots::new(directory.to_owned());
    snapshots.delete_all();
    let again = |gathering| {
        let mut kept = Kept::load(Arc::clone(log), snapshots.clone(), gathering);
        let stopped = kept.catch_up(log.last(gathering), &AtomicBool::new(false));
        let stopped = stopped.map_err(|fault| RebuildError { gathering, fault })?;
        kept.write_snapshots();
        let stopped = stopped.into_iter().map(|(document, _)| document).collect();
        Ok(Rebuilt { gathering, digest: kept.digest(), stopped })
    };
    log.gatherings().into_iter().map(again).collect()
}

/// Why a gathering could not be made again.
#[derive(Debug, thiserror::Error)]
#[error("the views of gathering {gathering} could not be rebuilt")]
pub struct RebuildError {
    gathering: GatheringId,
    #[source]
    fault: Fault,
}
