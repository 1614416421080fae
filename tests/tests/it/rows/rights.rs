//! Rounds, owners and rights, over real sockets: who may write where, and what a change of it
//! does to those who are connected.

mod rounds;

use oogst_tests::client::Client;
use oogst_tests::day::{Day, Member};
use oogst_tests::http::{Answer, Request};
use oogst_tests::server::Server;
use serde_json::Value;

/// A request below the gathering.
async fn ask(
    (server, day): (&Server, &Day),
    (method, below): (&str, &str),
    token: &str,
    body: &Value,
) -> Answer {
    let path = format!("/api/gatherings/{}{below}", day.id);
    server.send(Request::new(method, &path).token(token).json(body)).await
}

/// A member's client with a document open.
async fn open(server: &Server, member: &Member, document: &str) -> Client {
    Client::find(&server.sync_url(&member.token), document).await
}

/// Writes an insight that the server hears and does not apply.
async fn write_in_vain(client: &mut Client, text: &str) {
    client.add(text);
    client.settled().await.unwrap();
    assert_eq!(client.waiting.len(), 1, "{text:?} was applied");
}

/// Waits for the server to send the client away, and comes back with what it holds.
async fn come_back(client: &mut Client, code: u16) {
    assert_eq!(client.line().end().await.code, Some(code));
    client.connect().await.unwrap();
}
