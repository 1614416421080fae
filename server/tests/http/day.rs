//! A server and a gathering on it.

use std::net::SocketAddr;

use oogst_server::{Config, Server};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::request::{Answer, Request};

pub(crate) const OPERATOR_KEY: &str = "operator-key-of-these-tests-0123456789";

/// A server with two gatherings: the one that tests are about, and one of strangers.
pub(crate) struct Day {
    server: Option<Server>,
    address: SocketAddr,
    /// The gathering as its opening answered it.
    pub(crate) gathering: Value,
    pub(crate) id: String,
    pub(crate) facilitator: String,
    /// The facilitator of the other gathering.
    pub(crate) stranger: String,
    data: Option<TempDir>,
}

pub(crate) struct Member {
    pub(crate) id: String,
    pub(crate) token: String,
    pub(crate) return_code: String,
}

impl Day {
    pub(crate) async fn open() -> Self {
        Self::with(|_| {}).await
    }

    /// With other options than the defaults.
    pub(crate) async fn with(change: impl FnOnce(&mut Config)) -> Self {
        let data = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let mut config = Config {
            listen: "127.0.0.1:0".parse().unwrap(),
            data: data.path().join("data"),
            operator_key: Some(OPERATOR_KEY.parse().unwrap()),
            shards: 1,
            ..Config::default()
        };
        change(&mut config);
        let server = Server::start(config).await.unwrap();
        let opened = json!({ "title": "Startdag", "date": "2026-11-21", "groups": [
            { "name": "Groep 1", "question": "Hoe bereiken we iedereen?" }, { "name": "Groep 2" },
        ]});
        let mut day = Self {
            address: server.address(),
            server: Some(server),
            gathering: Value::Null,
            id: String::new(),
            facilitator: String::new(),
            stranger: String::new(),
            data: Some(data),
        };
        let other = day.operator("POST", "/api/gatherings", &opened).await.expect(201);
        day.stranger = text(&other["facilitator_token"]);
        day.gathering = day.operator("POST", "/api/gatherings", &opened).await.expect(201);
        day.id = text(&day.gathering["id"]);
        day.facilitator = text(&day.gathering["facilitator_token"]);
        day
    }

    pub(crate) const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Stops the server, as a signal does.
    pub(crate) async fn stop(mut self) {
        self.server.take().unwrap().stop().await;
    }

    pub(crate) async fn send(&self, request: Request) -> Answer {
        request.send(self.address()).await
    }

    pub(crate) async fn operator(&self, method: &str, path: &str, body: &Value) -> Answer {
        self.send(Request::new(method, path).token(OPERATOR_KEY).json(body)).await
    }

    /// A request below the gathering.
    pub(crate) async fn ask(&self, method: &str, below: &str, token: &str, body: &Value) -> Answer {
        let path = format!("/api/gatherings/{}{below}", self.id);
        self.send(Request::new(method, &path).token(token).json(body)).await
    }

    /// A read below the gathering.
    pub(crate) async fn get(&self, below: &str, token: &str) -> Answer {
        let path = format!("/api/gatherings/{}{below}", self.id);
        self.send(Request::new("GET", &path).token(token)).await
    }

    pub(crate) fn code(&self, role: &str) -> String {
        text(&self.gathering["codes"][role])
    }

    pub(crate) fn group(&self, place: usize) -> String {
        text(&self.gathering["groups"][place]["id"])
    }

    pub(crate) fn harvest(&self, place: usize) -> String {
        text(&self.gathering["groups"][place]["documents"][0]["id"])
    }

    /// Joins with the code of a role; guests are let in first.
    pub(crate) async fn join(&self, name: &str, role: &str) -> Member {
        if role == "guest" {
            let admitted = json!({ "state": "admitted" });
            self.ask("PUT", "/guests", &self.facilitator, &admitted).await.expect(200);
        }
        let body = json!({ "code": self.code(role), "name": name });
        let joined = self.send(Request::new("POST", "/api/join").json(&body)).await.expect(200);
        Member {
            id: text(&joined["participant"]["id"]),
            token: text(&joined["token"]),
            return_code: text(&joined["return_code"]),
        }
    }
}

impl Drop for Day {
    /// The folder goes after the server: a server that loses its folder ends its process. It
    /// stops beside the test, whose runtime it must not hold up.
    fn drop(&mut self) {
        let (Some(server), data) = (self.server.take(), self.data.take()) else { return };
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.unwrap().block_on(server.stop());
            drop(data);
        });
    }
}

pub(crate) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no string")).to_owned()
}
