//! A client on automerge's own sync that keeps a ledger of what the server acknowledged.
//!
//! It is none of the three clients that others use: what it believes of the server comes from
//! `automerge::sync` and the contract alone.

use std::collections::BTreeSet;

use automerge::sync::{Message, State, SyncDoc};
use automerge::transaction::Transactable;
use automerge::{AutoCommit, ChangeHash, ObjId, ObjType, ROOT, ReadDoc};
use uuid::Uuid;

use crate::line::{End, Heard, Line};
use crate::writers::Ledger;

/// One participant's copy of one document, and the line it comes over.
#[derive(Debug)]
pub struct Client {
    line: Option<Line>,
    url: String,
    document_id: String,
    /// The copy.
    pub document: AutoCommit,
    state: State,
    /// Our changes that the server has named: they must survive everything.
    pub ledger: Ledger,
    /// Our changes that it has not named yet.
    pub waiting: BTreeSet<ChangeHash>,
}

impl Client {
    /// Opens a socket and fetches a document.
    pub async fn find(url: &str, document_id: &str) -> Self {
        let line = Line::open(url, &[]).await.unwrap();
        Self::over(line, url, document_id).await
    }

    /// Fetches a document over a socket that is open; `url` is for the next time.
    pub async fn over(mut line: Line, url: &str, document_id: &str) -> Self {
        line.introduce().await;
        let mut client = Self {
            line: Some(line),
            url: url.to_owned(),
            document_id: document_id.to_owned(),
            document: AutoCommit::new(),
            state: State::new(),
            ledger: Ledger::default(),
            waiting: BTreeSet::new(),
        };
        client.speak().await;
        while client.document.get(ROOT, "kind").unwrap().is_none() {
            client.hear().await.unwrap();
        }
        client
    }

    /// Opens a socket again, maybe elsewhere, and offers what we hold.
    ///
    /// # Errors
    ///
    /// How it ended before it began.
    pub async fn connect(&mut self) -> Result<(), End> {
        let mut line =
            Line::open(&self.url, &[]).await.map_err(|_| End { code: None, error: None })?;
        line.introduce().await;
        self.line = Some(line);
        self.state = State::new();
        self.speak().await;
        Ok(())
    }

    /// Goes to another address, as after a restart elsewhere.
    pub fn redirect(&mut self, url: &str) {
        self.line = None;
        url.clone_into(&mut self.url);
    }

    /// Where it connects to.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The line below.
    ///
    /// # Panics
    ///
    /// Where there is none.
    pub fn line(&mut self) -> &mut Line {
        self.line.as_mut().unwrap()
    }

    /// Leaves.
    pub async fn leave(&mut self) {
        if let Some(line) = self.line.take() {
            line.close().await;
        }
    }

    /// Adds an insight with a text, locally.
    pub fn add(&mut self, text: &str) -> Uuid {
        let item = Uuid::new_v4();
        self.edit(|document| {
            let insights = object(document, &ROOT, "insights");
            let insight = document.put_object(&insights, item.to_string(), ObjType::Map).unwrap();
            let body = document.put_object(&insight, "text", ObjType::Text).unwrap();
            document.splice_text(&body, 0, 0, text).unwrap();
            document.put(&insight, "position", "a0").unwrap();
            document.put(&insight, "removed", false).unwrap();
        });
        item
    }

    /// Makes one change, locally.
    pub fn edit(&mut self, edit: impl FnOnce(&mut AutoCommit)) -> ChangeHash {
        edit(&mut self.document);
        let hash = self.document.commit().unwrap_or_else(|| panic!("the edit changed nothing"));
        self.waiting.insert(hash);
        hash
    }

    /// Sends what automerge wants to say.
    pub async fn speak(&mut self) {
        let message = self.document.sync().generate_sync_message(&mut self.state);
        if let (Some(message), Some(line)) = (message, self.line.as_mut()) {
            let data = message.encode();
            if self.state.their_heads.is_none() && self.document.get_heads().is_empty() {
                line.request(&self.document_id, &data).await;
            } else {
                line.sync(&self.document_id, &data).await;
            }
        }
    }

    /// Takes in the next message, answers it, and books what it acknowledges.
    ///
    /// # Errors
    ///
    /// The socket's end.
    pub async fn hear(&mut self) -> Result<(), End> {
        let heard = self.next().await?;
        match heard.kind.as_str() {
            "sync" if heard.document == self.document_id => self.receive(&heard.data),
            "ephemeral" => {}
            other => panic!("{other}: {}", heard.message),
        }
        self.speak().await;
        Ok(())
    }

    async fn next(&mut self) -> Result<Heard, End> {
        let Some(line) = self.line.as_mut() else { return Err(End { code: None, error: None }) };
        let heard = line.hear().await;
        if heard.is_err() {
            self.line = None;
        }
        heard
    }

    /// Speaks, then listens until the server has dealt with all that was said: it answers in
    /// order, so the refusal of a question asked last comes after everything else.
    ///
    /// # Errors
    ///
    /// The socket's end, if it comes first.
    pub async fn settled(&mut self) -> Result<(), End> {
        self.speak().await;
        let unknown = oogst_protocol::ids::DocumentId::new(Uuid::new_v4()).to_string();
        let nothing = AutoCommit::new().sync().generate_sync_message(&mut State::new());
        let data = nothing.map(Message::encode).unwrap_or_default();
        let Some(line) = self.line.as_mut() else { return Err(End { code: None, error: None }) };
        line.request(&unknown, &data).await;
        loop {
            let heard = self.next().await?;
            match heard.kind.as_str() {
                "doc-unavailable" if heard.document == unknown => return Ok(()),
                "sync" if heard.document == self.document_id => {
                    self.receive(&heard.data);
                    self.speak().await;
                }
                "ephemeral" => {}
                other => panic!("{other}: {}", heard.message),
            }
        }
    }

    fn receive(&mut self, data: &[u8]) {
        let message = Message::decode(data).unwrap();
        let heads = message.heads.clone();
        self.document.sync().receive_sync_message(&mut self.state, message).unwrap();
        // Every change up to named heads is durable: what is not after them is acknowledged.
        if self.waiting.is_empty() || heads.iter().any(|head| !self.knows(*head)) {
            return;
        }
        let after: BTreeSet<_> =
            self.document.get_changes(&heads).iter().map(automerge::Change::hash).collect();
        let waiting = std::mem::take(&mut self.waiting);
        let (waiting, named) = waiting.into_iter().partition(|hash| after.contains(hash));
        self.waiting = waiting;
        self.ledger.book(&self.document_id, named);
    }

    /// Whether our copy holds a change.
    pub fn knows(&mut self, hash: ChangeHash) -> bool {
        self.document.get_change_by_hash(&hash).is_some()
    }

    /// Speaks and listens until the server has named everything that we wrote.
    ///
    /// # Errors
    ///
    /// The socket's end, if it comes first.
    pub async fn saved(&mut self) -> Result<(), End> {
        self.speak().await;
        while !self.waiting.is_empty() {
            self.hear().await?;
        }
        Ok(())
    }

    /// Listens until our copy holds `heads`.
    ///
    /// # Errors
    ///
    /// The socket's end, if it comes first.
    pub async fn reach(&mut self, heads: &[ChangeHash]) -> Result<(), End> {
        while !heads.iter().all(|head| self.knows(*head)) {
            self.hear().await?;
        }
        Ok(())
    }

    /// The texts of all insights, in no order that means anything.
    pub fn texts(&mut self) -> Vec<String> {
        let insights = object(&self.document, &ROOT, "insights");
        let items: Vec<_> = self.document.keys(&insights).collect();
        let text = |item: String| {
            let insight = object(&self.document, &insights, &item);
            let body = object(&self.document, &insight, "text");
            self.document.text(&body).unwrap()
        };
        items.into_iter().map(text).collect()
    }
}

/// The object under a key.
///
/// # Panics
///
/// Where there is none.
pub fn object(document: &impl ReadDoc, parent: &ObjId, key: &str) -> ObjId {
    let found = document.get(parent, key).unwrap();
    found.unwrap_or_else(|| panic!("there is nothing under `{key}`")).1
}
