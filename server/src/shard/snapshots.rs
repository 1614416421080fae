//! A shard's way to the views: snapshots of documents, for whoever comes to a long history.

use oogst_protocol::ids::{DocumentId, GatheringId};
use tokio::sync::mpsc;

use super::Mail;
use crate::views::Views;

/// Asks for snapshots, and has them come as mail. The hub asks for one of a document at a time.
pub(super) struct Snapshots {
    /// `None`: there are none to be had.
    views: Option<Views>,
    /// Weak: the shard ends once nobody else can send it anything.
    mails: mpsc::WeakSender<Mail>,
}

impl Snapshots {
    pub(super) const fn new(views: Option<Views>, mails: mpsc::WeakSender<Mail>) -> Self {
        Self { views, mails }
    }

    /// Asks for one, without waiting for it: the views are behind the log, and run after whoever
    /// accepts edits.
    pub(super) fn ask(&self, gathering: GatheringId, document: DocumentId) {
        let (views, mails) = (self.views.clone(), self.mails.clone());
        tokio::spawn(async move {
            let snapshot = match views {
                Some(views) => views.snapshot(gathering, document).await.ok().flatten(),
                None => None,
            };
            if let Some(mails) = mails.upgrade() {
                // A shard that has stopped needs none.
                mails.send(Mail::Snapshot { gathering, document, snapshot }).await.ok();
            }
        });
    }
}
