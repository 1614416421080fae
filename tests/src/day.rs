//! A gathering, opened over HTTP as an operator does, and the people who join it.

use serde_json::{Value, json};

use crate::http::{Answer, Request};
use crate::server::{OPERATOR_KEY, Server};

/// An open gathering.
#[derive(Clone, Debug)]
pub struct Day {
    /// The gathering.
    pub id: String,
    /// Its join codes by role.
    pub codes: Value,
    /// The facilitator's token.
    pub facilitator: String,
    /// The groups, in order.
    pub groups: Vec<Group>,
}

/// A group and its harvest.
#[derive(Clone, Debug)]
pub struct Group {
    /// The group.
    pub id: String,
    /// The harvest's document id.
    pub harvest: String,
}

impl Group {
    /// What a client finds the harvest by.
    #[must_use]
    pub fn url(&self) -> String {
        format!("automerge:{}", self.harvest)
    }
}

/// Somebody who joined.
#[derive(Clone, Debug)]
pub struct Member {
    /// The participant.
    pub id: String,
    /// Their token.
    pub token: String,
    /// What brings them back on another device.
    pub return_code: String,
}

impl Day {
    /// Opens a gathering with one group a question.
    pub async fn open(server: &Server, questions: &[&str]) -> Self {
        let groups: Vec<_> = questions
            .iter()
            .enumerate()
            .map(|(place, question)| {
                json!({ "name": format!("Groep {}", place + 1), "question": question })
            })
            .collect();
        let body = json!({
            "title": "Startdag", "language": "nl-BE", "status": "open", "groups": groups,
        });
        let request = Request::new("POST", "/api/gatherings").token(OPERATOR_KEY).json(&body);
        let answer = server.send(request).await.expect(201);
        let groups = answer["groups"]
            .as_array()
            .unwrap()
            .iter()
            .map(|group| Group { id: text(&group["id"]), harvest: text(&harvest_of(group)["id"]) });
        Self {
            id: text(&answer["id"]),
            codes: answer["codes"].clone(),
            facilitator: text(&answer["facilitator_token"]),
            groups: groups.collect(),
        }
    }

    /// Joins as a participant and goes to a group.
    pub async fn join(&self, server: &Server, name: &str, group: usize) -> Member {
        let member = self.enter(server, name, "participant").await;
        self.place(server, &member, Some(group)).await;
        member
    }

    /// Joins with the code of a role, in no group yet; guests are let in first, and placed.
    pub async fn enter(&self, server: &Server, name: &str, role: &str) -> Member {
        if role == "guest" {
            self.conduct(server, "/guests", &json!({ "state": "admitted" })).await.expect(200);
        }
        let body = json!({ "code": self.codes[role], "name": name });
        let joined = server.send(Request::new("POST", "/api/join").json(&body)).await.expect(200);
        Member {
            id: text(&joined["participant"]["id"]),
            token: text(&joined["token"]),
            return_code: text(&joined["return_code"]),
        }
    }

    /// Moves a member to a group, or to none, as that member.
    pub async fn place(&self, server: &Server, member: &Member, group: Option<usize>) -> Value {
        let group = group.map(|place| self.groups[place].id.clone());
        self.put(server, member, &member.token, &json!({ "group": group })).await.expect(200)
    }

    /// Edits a participant with anybody's token.
    pub async fn put(&self, server: &Server, who: &Member, token: &str, body: &Value) -> Answer {
        let path = format!("/api/gatherings/{}/participants/{}", self.id, who.id);
        server.send(Request::new("PUT", &path).token(token).json(body)).await
    }

    /// Removes a participant, as the facilitator.
    pub async fn remove(&self, server: &Server, who: &Member) {
        let path = format!("/api/gatherings/{}/participants/{}", self.id, who.id);
        let request = Request::new("DELETE", &path).token(&self.facilitator);
        let answer = server.send(request).await;
        assert!(matches!(answer.status, 200 | 204), "{}", answer.text());
    }

    /// Locks or unlocks a group's harvest.
    pub async fn freeze(&self, server: &Server, group: usize, frozen: bool) {
        let path = format!("/api/documents/{}/frozen", self.groups[group].harvest);
        let request = Request::new("PUT", &path).token(&self.facilitator).json(&json!(frozen));
        server.send(request).await.expect(200);
    }

    /// Conducts the day: puts to a path below the gathering, as the facilitator.
    pub async fn conduct(&self, server: &Server, path: &str, body: &Value) -> Answer {
        let path = format!("/api/gatherings/{}{path}", self.id);
        let request = Request::new("PUT", &path).token(&self.facilitator).json(body);
        server.send(request).await
    }

    /// A path below the gathering, as the facilitator reads it.
    pub async fn get(&self, server: &Server, path: &str) -> Answer {
        let path = format!("/api/gatherings/{}{path}", self.id);
        server.send(Request::new("GET", &path).token(&self.facilitator)).await
    }

    /// Every contribution so far, one line each, page by page.
    pub async fn events(&self, server: &Server) -> Vec<Value> {
        let mut lines: Vec<Value> = Vec::new();
        loop {
            let after = lines.last().map_or(0, |line| line["seq"].as_u64().unwrap());
            let path = format!("/events?after={after}&limit=10000");
            let answer = self.get(server, &path).await;
            assert_eq!(answer.status, 200, "{}", answer.text());
            let before = lines.len();
            lines.extend(answer.text().lines().map(|line| serde_json::from_str(line).unwrap()));
            if lines.len() == before {
                return lines;
            }
        }
    }

    /// A group's harvest as the server shows it, with the seq that it covers.
    pub async fn document(&self, server: &Server, group: usize) -> (Value, u64) {
        let path = format!("/api/documents/{}", self.groups[group].harvest);
        let answer = server.send(Request::new("GET", &path).token(&self.facilitator)).await;
        let document = answer.expect(200);
        (document, answer.header("oogst-seq").unwrap().parse().unwrap())
    }

    /// The wall now.
    pub async fn wall(&self, server: &Server) -> Value {
        self.get(server, "/wall").await.expect(200)
    }
}

fn harvest_of(group: &Value) -> &Value {
    let documents = group["documents"].as_array().unwrap();
    documents.iter().find(|document| document["kind"] == "harvest").unwrap()
}

/// A JSON string's text.
///
/// # Panics
///
/// Where it is no string.
#[must_use]
pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no string")).to_owned()
}
