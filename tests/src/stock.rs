//! Clients that others wrote, behind one face: automerge-repo in Node and samod.
//!
//! Each has a line of its own to the server, which can be cut.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use automerge::AutoSerde;
use automerge::transaction::Transactable;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::day::{Day, Member, text};
use crate::node::Node;
use crate::proxy::Proxy;
use crate::rust_peer::RustPeer;
use crate::server::{Server, sync_url};
use crate::wait::until;

/// Whose client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Make {
    /// `@automerge/automerge-repo` in Node.
    Js,
    /// samod.
    Rust,
}

/// Both makes in every pairing that differs.
pub const PAIRS: [(Make, Make); 3] =
    [(Make::Js, Make::Js), (Make::Js, Make::Rust), (Make::Rust, Make::Rust)];

#[derive(Debug)]
enum Kind {
    Js(Box<Node>),
    Rust(Box<RustPeer>),
}

/// One client of one member.
#[derive(Debug)]
pub struct Stock {
    kind: Kind,
    /// The line between it and the server.
    pub proxy: Proxy,
    author: String,
}

impl Stock {
    /// Starts a client for a member, without a store of its own, and waits for its line.
    pub async fn start(make: Make, server: &Server, member: &Member) -> Self {
        let proxy = Proxy::start(server.address).await;
        let mut stock = Self::behind(make, proxy, member, None).await;
        stock.introduced().await;
        stock
    }

    /// Waits for the client's line: without one automerge-repo and samod soon call every document
    /// unavailable that is not in their store.
    pub async fn introduced(&mut self) {
        match &mut self.kind {
            Kind::Js(node) => {
                let node = tokio::sync::Mutex::new(node);
                until("the server introduces itself", || async {
                    let server = node.lock().await.ask("server", json!({})).await;
                    server.is_string().then_some(())
                })
                .await;
            }
            Kind::Rust(peer) => peer.introduced().await,
        }
    }

    /// Starts a client behind a line, with a store of its own or without.
    pub async fn behind(make: Make, proxy: Proxy, member: &Member, store: Option<&Path>) -> Self {
        let url = sync_url(proxy.address, &member.token);
        let kind = match make {
            Make::Js => Kind::Js(Box::new(Node::start(&url, store).await)),
            Make::Rust => Kind::Rust(Box::new(RustPeer::start(&url, store).await)),
        };
        Self { kind, proxy, author: member.id.clone() }
    }

    /// Joins a member to a group, starts a client and finds the group's harvest.
    pub async fn seat(make: Make, server: &Server, day: &Day, name: &str, group: usize) -> Self {
        let member = day.join(server, name, group).await;
        let mut stock = Self::start(make, server, &member).await;
        assert!(stock.find(&day.groups[group].harvest).await, "{make:?}: {name} finds the harvest");
        stock
    }

    /// Whose edits these are: the participant.
    #[must_use]
    pub fn author(&self) -> &str {
        &self.author
    }

    /// Finds a document; `false` where it is said to be unavailable.
    ///
    /// # Panics
    ///
    /// Where the client fails in another way.
    pub async fn find(&mut self, document_id: &str) -> bool {
        match &mut self.kind {
            Kind::Js(node) => {
                let url = format!("automerge:{document_id}");
                match node.attempt("find", json!({ "url": url })).await {
                    Ok(_) => true,
                    Err(error) => {
                        assert!(error.contains("is unavailable"), "{error}");
                        false
                    }
                }
            }
            Kind::Rust(peer) => peer.find(document_id).await,
        }
    }

    /// The JS client, for what only it does.
    ///
    /// # Panics
    ///
    /// Where it is the other one.
    pub fn js(&mut self) -> &mut Node {
        match &mut self.kind {
            Kind::Js(node) => node,
            Kind::Rust(_) => panic!("not the JS client"),
        }
    }

    /// Adds an insight and gives its id.
    pub async fn add(&mut self, text: &str) -> String {
        let item = Uuid::new_v4().to_string();
        match &mut self.kind {
            Kind::Js(node) => {
                let fields = json!({ "item": item, "author": self.author, "text": text });
                node.ask("add", fields).await;
            }
            Kind::Rust(peer) => peer.add(&item, &self.author, text),
        }
        item
    }

    /// Puts text into an insight, letter by letter, from a place on (in UTF-16 units).
    pub async fn write(&mut self, item: &str, index: usize, text: &str) {
        let mut place = index;
        for letter in text.chars() {
            self.splice(item, place, 0, &letter.to_string()).await;
            place += letter.len_utf16();
        }
    }

    /// One change in an insight's text; places and lengths in UTF-16 units.
    pub async fn splice(&mut self, item: &str, index: usize, remove: usize, text: &str) {
        match &mut self.kind {
            Kind::Js(node) => {
                let path = ["insights", item, "text"];
                let fields =
                    json!({ "path": path, "index": index, "remove": remove, "text": text });
                node.ask("splice", fields).await;
            }
            Kind::Rust(peer) => peer.edit(|document| {
                let body = RustPeer::text_object(document, item);
                let remove = isize::try_from(remove).unwrap();
                document.splice_text(&body, index, remove, text).unwrap();
            }),
        }
    }

    /// Gives a key of an insight a value: a string, a flag or null.
    pub async fn set(&mut self, item: &str, key: &str, value: Value) {
        match &mut self.kind {
            Kind::Js(node) => {
                let path = ["insights", item, key];
                node.ask("set", json!({ "path": path, "value": value })).await;
            }
            Kind::Rust(peer) => peer.edit(|document| {
                let insights = crate::client::object(document, &automerge::ROOT, "insights");
                let insight = crate::client::object(document, &insights, item);
                if let Some(flag) = value.as_bool() {
                    document.put(&insight, key, flag).unwrap();
                } else if let Some(words) = value.as_str() {
                    document.put(&insight, key, words).unwrap();
                } else {
                    assert!(value.is_null(), "{value} is no string, flag or null");
                    document.put(&insight, key, ()).unwrap();
                }
            }),
        }
    }

    /// The document's heads.
    pub async fn heads(&mut self) -> BTreeSet<String> {
        match &mut self.kind {
            Kind::Js(node) => {
                let heads = node.ask("heads", json!({})).await;
                heads.as_array().unwrap().iter().map(text).collect()
            }
            Kind::Rust(peer) => {
                peer.read(|document| document.get_heads().iter().map(ToString::to_string).collect())
            }
        }
    }

    /// The document as JSON.
    pub async fn document(&mut self) -> Value {
        match &mut self.kind {
            Kind::Js(node) => node.ask("document", json!({})).await,
            Kind::Rust(peer) => {
                peer.read(|document| serde_json::to_value(AutoSerde::from(document)).unwrap())
            }
        }
    }

    /// An insight's text; nothing where there is no such insight (yet).
    pub async fn text(&mut self, item: &str) -> Option<String> {
        let document = self.document().await;
        document["insights"][item]["text"].as_str().map(str::to_owned)
    }

    /// Sends presence: `{"on": item}`.
    pub async fn broadcast(&mut self, item: &str) {
        match &mut self.kind {
            Kind::Js(node) => {
                node.ask("broadcast", json!({ "message": { "on": item } })).await;
            }
            Kind::Rust(peer) => {
                let mut e = minicbor::Encoder::new(Vec::new());
                e.map(1).unwrap().str("on").unwrap().str(item).unwrap();
                peer.broadcast(e.into_writer());
            }
        }
    }

    /// Whether presence on an item has come.
    pub async fn heard(&mut self, item: &str) -> bool {
        match &mut self.kind {
            Kind::Js(node) => {
                let heard = node.ask("heard", json!({})).await;
                heard.as_array().unwrap().contains(&json!({ "on": item }))
            }
            Kind::Rust(peer) => peer
                .heard()
                .iter()
                .any(|message| message.windows(item.len()).any(|window| window == item.as_bytes())),
        }
    }

    /// Writes everything to the client's own store and ends it.
    pub async fn stop(self) {
        match self.kind {
            Kind::Js(mut node) => {
                node.ask("flush", json!({})).await;
            }
            Kind::Rust(peer) => peer.stop().await,
        }
    }
}

/// Waits until all hold the same heads, and gives the document that all of them show.
pub async fn converged(peers: &mut [&mut Stock]) -> Value {
    let mut seen = BTreeSet::new();
    for round in 0.. {
        seen.clear();
        for peer in peers.iter_mut() {
            seen.insert(peer.heads().await);
        }
        if seen.len() == 1 {
            break;
        }
        assert!(round < 6_000, "heads differ still: {seen:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let document = peers[0].document().await;
    for peer in peers.iter_mut() {
        assert_eq!(peer.document().await, document);
    }
    document
}

/// Waits until the server shows a group's harvest as `document`.
pub async fn served(server: &Server, day: &Day, group: usize, document: &Value) {
    until("the server shows what the clients hold", || async {
        (day.document(server, group).await.0 == *document).then_some(())
    })
    .await;
}

/// Waits until a client shows an insight with a text.
pub async fn shows(stock: &mut Stock, item: &str, words: &str) {
    for _ in 0..6_000 {
        if stock.text(item).await.as_deref() == Some(words) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("`{words}` does not come");
}

/// Sends presence until it has come: nobody promises that a single one arrives.
pub async fn reaches(from: &mut Stock, to: &mut Stock, item: &str) {
    for _ in 0..500 {
        from.broadcast(item).await;
        tokio::time::sleep(Duration::from_millis(100)).await;
        if to.heard(item).await {
            return;
        }
    }
    panic!("presence does not arrive");
}
