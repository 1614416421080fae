//! Nothing about us without us: the people whom the learning is about take part, by themselves or
//! with a helper, and are counted and credited as far as they want.

use std::collections::BTreeSet;
use std::path::Path;

use automerge::transaction::Transactable;
use automerge::{ObjType, ROOT};
use oogst_tests::client::{Client, object};
use oogst_tests::day::{Day, Member, text};
use oogst_tests::http::Request;
use oogst_tests::server::{OPERATOR_KEY, Server};
use serde_json::{Value, json};
use tempfile::TempDir;
use uuid::Uuid;

use crate::archives::run;

async fn seat(server: &Server, day: &Day, member: &Member, group: usize) -> Client {
    Client::find(&server.sync_url(&member.token), &day.groups[group].harvest).await
}

/// Adds an insight and waits until it is saved.
async fn say(client: &mut Client, words: &str) -> Uuid {
    let item = client.add(words);
    client.saved().await.unwrap();
    item
}

/// Names whoever said an insight.
async fn attribute(client: &mut Client, item: Uuid, who: &Member) {
    client.edit(|document| {
        let insights = object(document, &ROOT, "insights");
        let insight = object(document, &insights, &item.to_string());
        let said_by = document.put_object(&insight, "said_by", ObjType::Map).unwrap();
        document.put(&said_by, who.id.as_str(), true).unwrap();
    });
    client.saved().await.unwrap();
}

async fn mark(server: &Server, day: &Day, who: &Member, token: &str, is_of: bool) -> Value {
    day.put(server, who, token, &json!({ "target_group": is_of })).await.expect(200)
}

async fn agree(server: &Server, day: &Day, who: &Member, publish: &str) {
    let path = format!("/api/gatherings/{}/consent", day.id);
    let request = Request::new("PUT", &path).token(&who.token).json(&json!({ "publish": publish }));
    server.send(request).await.expect(200);
}

/// The share that the facilitator sees: insights and those with input, in all and by group.
fn share(wall: &Value) -> Vec<(u64, u64)> {
    let told = |of: &Value| (of["insights"].as_u64().unwrap(), of["with_input"].as_u64().unwrap());
    let share = &wall["target_group"];
    let groups = share["groups"].as_array().unwrap();
    std::iter::once(told(share)).chain(groups.iter().map(told)).collect()
}

/// Everything that a member reads of the gathering, but for who is in it.
async fn told(server: &Server, day: &Day, token: &str) -> String {
    let seq = day.get(server, "").await.expect(200)["seq"].as_u64().unwrap();
    let mut told = String::new();
    for below in [
        "/wall".to_owned(),
        format!("/wall?at={seq}"),
        "/events?limit=10000".to_owned(),
        "/history".to_owned(),
        "/conduct".to_owned(),
        "/votes".to_owned(),
        "/export.md?attribution=name".to_owned(),
        "/export.html?attribution=group".to_owned(),
        "/export.csv?attribution=name".to_owned(),
        "/export.json?attribution=name".to_owned(),
    ] {
        let path = format!("/api/gatherings/{}{below}", day.id);
        let answer = server.send(Request::new("GET", &path).token(token)).await;
        assert_eq!(answer.status, 200, "{below}: {}", answer.text());
        told += &answer.text();
    }
    told
}

/// That nothing which somebody may read tells of marks, but for their own.
async fn learns_of_themselves_alone(server: &Server, day: &Day, token: &str, is_own: Option<bool>) {
    let all = told(server, day, token).await;
    assert!(!all.contains("target_group") && !all.contains("doelgroep"), "{all}");
    let path = format!("/api/gatherings/{}", day.id);
    let seen = server.send(Request::new("GET", &path).token(token)).await.expect(200);
    let people = seen["participants"].as_array().unwrap().iter();
    let marks: Vec<_> = people.filter_map(|found| found["target_group"].as_bool()).collect();
    assert_eq!(marks, is_own.into_iter().collect::<Vec<_>>(), "of themselves alone");
}

/// Goal: whoever conducts sees how much of the harvest has input of the target group, now and as
/// it was; nobody else learns of it, or of who is marked.
#[tokio::test(flavor = "multi_thread")]
async fn row_002_11_the_share_of_the_target_group_is_for_the_facilitator_alone() {
    let server = Server::start().await;
    let day = Day::open(&server, &["Wie bereiken we?", "Wie beslist?"]).await;
    let (an, bo) = (day.join(&server, "An", 0).await, day.join(&server, "Bo", 0).await);
    let cas = day.join(&server, "Cas", 1).await;
    let eye = day.enter(&server, "Eye", "observer").await;
    let guest = day.enter(&server, "Gast", "guest").await;
    let mut clients = Vec::new();
    for (member, group) in [(&an, 0), (&bo, 0), (&cas, 1)] {
        clients.push(seat(&server, &day, member, group).await);
    }
    say(&mut clients[0], "Kom bij ons thuis").await;
    let removed = say(&mut clients[0], "weg").await;
    let by_bo = say(&mut clients[1], "Vraag het hen zelf").await;
    say(&mut clients[2], "Een stem in elk bestuur").await;
    let wall = day.wall(&server).await;
    assert_eq!(share(&wall), [(4, 0), (3, 0), (1, 0)], "nobody is marked yet");
    let seq = wall["seq"].as_u64().unwrap();

    let own = mark(&server, &day, &an, &an.token, true).await;
    assert_eq!(
        (&own["target_group"], &own["credited_as_target_group"]),
        (&json!(true), &json!(false))
    );
    mark(&server, &day, &cas, &day.facilitator, true).await;
    assert_eq!(share(&day.wall(&server).await), [(4, 3), (3, 2), (1, 1)]);
    attribute(&mut clients[1], by_bo, &an).await;
    assert_eq!(share(&day.wall(&server).await), [(4, 4), (3, 3), (1, 1)], "said by An");
    let past = day.get(&server, &format!("/wall?at={seq}")).await.expect(200);
    assert_eq!(share(&past), [(4, 3), (3, 2), (1, 1)], "it was not attributed then");
    clients[0].edit(|document| {
        let insights = object(document, &ROOT, "insights");
        let insight = object(document, &insights, &removed.to_string());
        document.put(&insight, "removed", true).unwrap();
    });
    clients[0].saved().await.unwrap();
    assert_eq!(share(&day.wall(&server).await), [(3, 3), (2, 2), (1, 1)], "live ones count");

    for (token, is_own) in [
        (an.token.as_str(), Some(true)),
        (&bo.token, Some(false)),
        (&cas.token, Some(true)),
        (&eye.token, Some(false)),
        (&guest.token, Some(false)),
        (OPERATOR_KEY, None),
    ] {
        learns_of_themselves_alone(&server, &day, token, is_own).await;
    }
    let seen = day.get(&server, "").await.expect(200);
    let people = seen["participants"].as_array().unwrap().iter();
    let marked = people.filter(|found| found["target_group"] == true);
    let marked: BTreeSet<_> = marked.map(|found| text(&found["name"])).collect();
    assert_eq!(marked, ["An", "Cas"].map(str::to_owned).into(), "whoever conducts knows");

    let body = json!({ "target_group": true });
    assert_eq!(day.put(&server, &an, &bo.token, &body).await.status, 403, "not of another");
    mark(&server, &day, &an, &an.token, false).await;
    assert_eq!(share(&day.wall(&server).await), [(3, 1), (2, 0), (1, 1)]);
    let refused = day.put(&server, &an, &day.facilitator, &body).await;
    assert_eq!(refused.status, 409, "a person's own no: {}", refused.text());
    mark(&server, &day, &cas, &day.facilitator, false).await;
    assert_eq!(share(&day.wall(&server).await), [(3, 0), (2, 0), (1, 0)]);
    for client in &mut clients {
        client.leave().await;
    }
}

/// Goal: who has no device takes part all the same: a helper lets them in, types what they say and
/// names them, and the words are theirs in count, credit and consent.
#[tokio::test(flavor = "multi_thread")]
async fn row_002_11_who_has_no_device_is_heard_through_a_helper() {
    let server = Server::start().await;
    let day = Day::open(&server, &["Wie bereiken we?"]).await;
    let helper = day.join(&server, "Hanne", 0).await;
    let dora = day.join(&server, "Dora", 0).await;
    let mut client = seat(&server, &day, &helper, 0).await;
    let item = say(&mut client, "Een brief lees ik niet").await;
    attribute(&mut client, item, &dora).await;
    mark(&server, &day, &dora, &day.facilitator, true).await;
    assert_eq!(share(&day.wall(&server).await), [(1, 1), (1, 1)]);

    let credits = || async {
        let path = "/export.json?attribution=name";
        let export = day.get(&server, path).await.expect(200);
        let insights = export["groups"][0]["insights"].as_array().unwrap().clone();
        insights.first().map(|insight| insight["credits"].clone())
    };
    agree(&server, &day, &helper, "name").await;
    assert_eq!(credits().await, Some(json!(["Groep 1"])), "Dora said nothing yet");
    agree(&server, &day, &dora, "name").await;
    for consent in ["name", "group", "not"] {
        agree(&server, &day, &helper, consent).await;
        assert_eq!(credits().await, Some(json!(["Dora"])), "a helper only typed: {consent}");
    }
    agree(&server, &day, &dora, "not").await;
    agree(&server, &day, &helper, "name").await;
    assert_eq!(credits().await, None);

    // Who puts another's words into somebody's mouth speaks for neither.
    let bo = day.join(&server, "Bo", 0).await;
    let mut table = seat(&server, &day, &bo, 0).await;
    let own = say(&mut client, "Van Hanne zelf").await;
    table.settled().await.unwrap();
    attribute(&mut table, own, &bo).await;
    agree(&server, &day, &bo, "name").await;
    assert_eq!(credits().await, Some(json!(["Bo"])), "both agreed to it");
    agree(&server, &day, &helper, "not").await;
    assert_eq!(credits().await, None, "Hanne's words stay hers to keep back");
    table.leave().await;
    client.leave().await;
}

/// Goal: only a person's own yes has them credited as of the target group, beside what they agreed
/// to and never where nobody is named.
#[tokio::test(flavor = "multi_thread")]
async fn row_002_11_only_ones_own_yes_is_credited_as_the_target_group() {
    let server = Server::start().await;
    let day = Day::open(&server, &["Wie bereiken we?"]).await;
    let an = day.join(&server, "An Peeters", 0).await;
    let mut client = seat(&server, &day, &an, 0).await;
    say(&mut client, "Kom bij ons thuis").await;
    client.leave().await;
    let (server, day) = (&server, &day);
    let file = |format: &'static str, attribution: &'static str| async move {
        let path = format!("/export.{format}?attribution={attribution}");
        let answer = day.get(server, &path).await;
        assert_eq!(answer.status, 200, "{path}");
        answer.text()
    };
    let line = |attribution| async move {
        let markdown = file("md", attribution).await;
        markdown.lines().find(|line| line.starts_with("- ")).map(str::to_owned)
    };
    let yes = json!({ "credited_as_target_group": true });
    assert_eq!(day.put(server, &an, &an.token, &yes).await.status, 409, "not marked");
    mark(server, day, &an, &day.facilitator, true).await;
    assert_eq!(day.put(server, &an, &day.facilitator, &yes).await.status, 403);
    for attribution in ["none", "group", "name"] {
        for format in ["md", "html", "csv", "json"] {
            assert!(!file(format, attribution).await.contains("doelgroep"), "nobody asked An");
        }
    }
    let answer = day.put(server, &an, &an.token, &yes).await.expect(200);
    assert_eq!(answer["credited_as_target_group"], true);
    for format in ["md", "html", "csv", "json"] {
        assert!(!file(format, "none").await.contains("doelgroep"), "{format}");
        assert!(file(format, "group").await.contains("doelgroep"), "{format}");
    }
    assert_eq!(line("none").await.as_deref(), Some("- Kom bij ons thuis"));
    assert_eq!(line("name").await.as_deref(), Some("- Kom bij ons thuis (Groep 1, doelgroep)"));
    agree(server, day, &an, "name").await;
    assert_eq!(line("group").await.as_deref(), Some("- Kom bij ons thuis (Groep 1, doelgroep)"));
    let named = line("name").await;
    assert_eq!(named.as_deref(), Some("- Kom bij ons thuis (An Peeters (doelgroep))"));
    agree(server, day, &an, "not").await;
    assert_eq!(line("name").await, None, "in nothing that is published");
    agree(server, day, &an, "name").await;

    mark(server, day, &an, &day.facilitator, false).await;
    assert_eq!(line("name").await.as_deref(), Some("- Kom bij ons thuis (An Peeters)"));
    mark(server, day, &an, &day.facilitator, true).await;
    let unasked = line("name").await;
    assert_eq!(unasked.as_deref(), Some("- Kom bij ons thuis (An Peeters)"), "to be asked anew");
}

/// Whether a file below a directory holds the word; the vault's own files aside.
fn holds(directory: &Path, word: &str) -> bool {
    std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).any(|path| {
        if path.is_dir() {
            return path.file_name().unwrap() != "people" && holds(&path, word);
        }
        let bytes = std::fs::read(&path).unwrap();
        bytes.windows(word.len()).any(|at| at == word.as_bytes())
    })
}

/// Goal: a mark is kept as names are: in the vault and in archives, through crash and restore, and
/// no byte of it is in the log.
#[tokio::test(flavor = "multi_thread")]
async fn row_002_11_a_mark_lives_where_names_do_and_never_in_the_log() {
    let mut server = Server::start().await;
    let day = Day::open(&server, &["Wie bereiken we?"]).await;
    let an = day.join(&server, "An", 0).await;
    let mut client = seat(&server, &day, &an, 0).await;
    say(&mut client, "Kom bij ons thuis").await;
    client.leave().await;
    let before = day.get(&server, "").await.expect(200)["seq"].clone();
    let body = json!({ "target_group": true, "credited_as_target_group": true });
    day.put(&server, &an, &an.token, &body).await.expect(200);
    assert_eq!(day.get(&server, "").await.expect(200)["seq"], before, "nothing happened, it says");

    server.kill().await;
    assert!(!holds(server.data(), "target_group"));
    assert!(holds(server.data(), "Kom bij ons thuis"), "the log's bytes can be searched");
    server.restart().await;
    assert_eq!(share(&day.wall(&server).await), [(1, 1), (1, 1)]);
    let credited = day.get(&server, "/export.md?attribution=group").await.text();
    assert!(credited.contains("(Groep 1, doelgroep)"), "{credited}");

    let archive = day.get(&server, "/archive").await;
    assert_eq!(archive.status, 200);
    let backup = server.send(Request::new("GET", "/api/backup").token(OPERATOR_KEY)).await;
    assert_eq!(backup.status, 200);
    let folder = TempDir::new().unwrap();
    for (name, kept) in [("archive", archive.body), ("backup", backup.body)] {
        let (file, data) = (folder.path().join(name), folder.path().join(format!("{name}-data")));
        std::fs::write(&file, kept).unwrap();
        let output = run("restore", &data, Some(&file));
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let printed = String::from_utf8(output.stdout).unwrap();
        let elsewhere = Server::on(&data).await;
        let words = printed.lines().find_map(|line| line.split_once("comes back with: "));
        // An archive brings nobody's token along, a backup brings all.
        let facilitator = match words {
            Some((_, words)) => {
                let body = json!({ "return_code": words.trim() });
                let request = Request::new("POST", "/api/return").json(&body);
                text(&elsewhere.send(request).await.expect(200)["token"])
            }
            None => day.facilitator.clone(),
        };
        let there = Day { facilitator, ..day.clone() };
        assert_eq!(share(&there.wall(&elsewhere).await), [(1, 1), (1, 1)], "{name}");
        let exported = there.get(&elsewhere, "/export.md?attribution=group").await.text();
        assert_eq!(exported, credited, "{name}");
    }
}
