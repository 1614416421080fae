//! The independent Rust client: samod, as its own users would use it.

use std::convert::Infallible;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use automerge::transaction::{CommitOptions, Transactable};
use automerge::{ObjId, ROOT, ReadDoc};
use futures_util::StreamExt;
use samod::storage::TokioFilesystemStorage;
use samod::{BackoffConfig, DialerHandle, DocHandle, Repo};
use tokio::task::JoinHandle;

use crate::dialer::SocketDialer;
use crate::wait::within;

/// A samod repository with one document.
pub struct RustPeer {
    repo: Repo,
    dialer: DialerHandle<Infallible>,
    document: Option<DocHandle>,
    heard: Arc<Mutex<Vec<Vec<u8>>>>,
    listening: Option<JoinHandle<()>>,
}

impl std::fmt::Debug for RustPeer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RustPeer").finish_non_exhaustive()
    }
}

impl RustPeer {
    /// Starts a repository that dials `url` and keeps its documents in `storage`, if any.
    pub async fn start(url: &str, storage: Option<&Path>) -> Self {
        let repo = match storage {
            Some(folder) => {
                let storage = TokioFilesystemStorage::new(folder);
                Repo::build_tokio().with_storage(storage).load().await
            }
            None => Repo::build_tokio().load().await,
        };
        let backoff = BackoffConfig {
            initial_delay: Duration::from_millis(100),
            max_delay: Duration::from_millis(400),
            max_retries: None,
        };
        let dialer = repo.dial(backoff, Arc::new(SocketDialer::to(url))).unwrap();
        Self { repo, dialer, document: None, heard: Arc::default(), listening: None }
    }

    /// Waits until the server has introduced itself.
    pub async fn introduced(&self) {
        let established = within("samod's line", self.dialer.established()).await;
        assert!(established.is_ok(), "samod gave up dialling");
    }

    /// Finds a document; `false` where the network doesn't have it.
    pub async fn find(&mut self, document_id: &str) -> bool {
        let id = document_id.parse().unwrap();
        let Some(handle) = within("samod's find", self.repo.find(id)).await.unwrap() else {
            return false;
        };
        let heard = self.heard.clone();
        let mut ephemera = Box::pin(handle.ephemera());
        self.listening = Some(tokio::spawn(async move {
            while let Some(message) = ephemera.next().await {
                heard.lock().unwrap().push(message);
            }
        }));
        self.document = Some(handle);
        true
    }

    /// Reads the document.
    pub fn read<T>(&self, read: impl FnOnce(&automerge::Automerge) -> T) -> T {
        self.handle().with_document(|document| read(document))
    }

    /// Makes one change.
    pub fn edit(&self, edit: impl FnOnce(&mut automerge::transaction::Transaction<'_>)) {
        self.handle().with_document(|document| {
            let mut transaction = document.transaction();
            edit(&mut transaction);
            let (hash, _) = transaction.commit_with(CommitOptions::default());
            assert!(hash.is_some(), "the edit changed nothing");
        });
    }

    /// The text object of an insight.
    #[must_use]
    pub fn text_object(document: &impl ReadDoc, item: &str) -> ObjId {
        let insights = crate::client::object(document, &ROOT, "insights");
        let insight = crate::client::object(document, &insights, item);
        crate::client::object(document, &insight, "text")
    }

    /// Adds an insight.
    pub fn add(&self, item: &str, author: &str, text: &str) {
        self.edit(|document| {
            let insights = crate::client::object(document, &ROOT, "insights");
            let insight = document.put_object(&insights, item, automerge::ObjType::Map).unwrap();
            document.put(&insight, "author", author).unwrap();
            document.put(&insight, "position", "a0").unwrap();
            document.put(&insight, "removed", false).unwrap();
            let body = document.put_object(&insight, "text", automerge::ObjType::Text).unwrap();
            document.splice_text(&body, 0, 0, text).unwrap();
        });
    }

    /// Sends presence.
    pub fn broadcast(&self, message: Vec<u8>) {
        self.handle().broadcast(message);
    }

    /// The presence that came, as it came.
    #[must_use]
    pub fn heard(&self) -> Vec<Vec<u8>> {
        self.heard.lock().unwrap().clone()
    }

    /// Writes everything to the store and stops.
    pub async fn stop(self) {
        within("samod's stop", self.repo.stop()).await;
    }

    fn handle(&self) -> &DocHandle {
        self.document.as_ref().unwrap()
    }
}

impl Drop for RustPeer {
    fn drop(&mut self) {
        if let Some(listening) = &self.listening {
            listening.abort();
        }
    }
}
