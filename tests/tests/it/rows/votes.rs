//! The theme flow: questions, clusters, hidden dots, the lot, exactly five, each to be traced.

use std::collections::BTreeSet;

use automerge::transaction::Transactable;
use automerge::{ObjType, ROOT};
use oogst_tests::client::{Client, object};
use oogst_tests::day::{Day, Member, text};
use oogst_tests::http::{Answer, Request};
use oogst_tests::server::{OPERATOR_KEY, Server};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::conduct::programme;

const REGIONS: [&str; 4] = ["Noord", "Oost", "Zuid", "West"];

const THEMES: [&str; 7] =
    ["Vertrouwen", "Taal", "Tijd", "Geld", "Jongeren", "Digitaal", "Terugkoppelen"];

struct Flow {
    server: Server,
    day: Day,
    people: Vec<Member>,
    themes: Vec<String>,
    /// Each question with its region and its theme's place.
    questions: Vec<(String, &'static str, usize)>,
}

impl Flow {
    /// Four regions ask two questions each; the facilitator proposes seven themes and puts every
    /// question under one.
    async fn start() -> Self {
        let server = Server::start().await;
        let day = Day::open(&server, &REGIONS).await;
        let document = programme(&server, &day).await;
        let mut people = Vec::new();
        let mut questions = Vec::new();
        for (place, region) in REGIONS.into_iter().enumerate() {
            for number in 0..2 {
                let member = day.join(&server, &format!("{region} {number}"), place).await;
                let mut client = Client::find(&server.sync_url(&member.token), &document).await;
                let words = format!("Vraag {number} van {region}?");
                let theme = (2 * place + number) % THEMES.len();
                let question = add(&mut client, "questions", &words, Some(region)).await;
                questions.push((question, region, theme));
                people.push(member);
            }
        }
        let mut facilitator = Client::find(&server.sync_url(&day.facilitator), &document).await;
        let mut themes = Vec::new();
        for theme in THEMES {
            themes.push(add(&mut facilitator, "themes", theme, None).await);
        }
        facilitator.edit(|document| {
            let all = object(document, &ROOT, "questions");
            for (question, _, theme) in &questions {
                let question = object(document, &all, question);
                document.put(&question, "theme", themes[*theme].as_str()).unwrap();
            }
        });
        facilitator.saved().await.unwrap();
        Self { server, day, people, themes, questions }
    }

    async fn ask(&self, method: &str, below: &str, token: &str, body: Option<&Value>) -> Answer {
        let path = format!("/api/gatherings/{}{below}", self.day.id);
        let request = Request::new(method, &path).token(token);
        self.server.send(body.map_or(request.clone(), |body| request.json(body))).await
    }

    async fn conducts(&self, below: &str, body: Option<&Value>) -> Answer {
        self.ask("PUT", below, &self.day.facilitator, body).await
    }

    async fn cast(&self, vote: &str, member: &Member, given: &[(usize, u16)]) -> Answer {
        let below = format!("/votes/{vote}/ballot");
        self.ask("PUT", &below, &member.token, Some(&self.dots(given))).await
    }

    fn dots(&self, given: &[(usize, u16)]) -> Value {
        let given = given.iter().map(|(theme, count)| (self.themes[*theme].clone(), json!(count)));
        json!({ "dots": given.collect::<Map<_, _>>() })
    }

    async fn vote(&self, token: &str) -> Value {
        self.ask("GET", "/votes", token, None).await.expect(200)["votes"][0].take()
    }

    fn ids(&self, places: &[usize]) -> Vec<String> {
        places.iter().map(|place| self.themes[*place].clone()).collect()
    }
}

/// Adds an item with a text to a map of the programme.
async fn add(client: &mut Client, map: &str, words: &str, region: Option<&str>) -> String {
    let item = Uuid::new_v4().to_string();
    client.edit(|document| {
        let items = object(document, &ROOT, map);
        let added = document.put_object(&items, &item, ObjType::Map).unwrap();
        for (key, words) in [("text", Some(words)), ("region", region)] {
            let Some(words) = words else { continue };
            let body = document.put_object(&added, key, ObjType::Text).unwrap();
            document.splice_text(&body, 0, 0, words).unwrap();
        }
        document.put(&added, "position", "a0").unwrap();
    });
    client.saved().await.unwrap();
    item
}

/// Goal: the regions' questions become exactly five themes, by dots that nobody sees before the
/// close, and each theme can be traced to its questions, their regions and its dots.
/// Method: seven themes, eight voters, paper, a tie for the last two places, a lot, a round.
#[tokio::test(flavor = "multi_thread")]
async fn row_002_4_hidden_dots_a_tie_and_exactly_five_themes_that_can_be_traced() {
    let flow = Box::pin(Flow::start()).await;
    let eye = flow.day.enter(&flow.server, "Oog", "observer").await;
    let guest = flow.day.enter(&flow.server, "Gust", "guest").await;
    let new = json!({ "id": Uuid::new_v4(), "themes": flow.themes, "budget": 3 });
    let opened = flow.ask("POST", "/votes", &flow.day.facilitator, Some(&new)).await.expect(201);
    let again = flow.ask("POST", "/votes", &flow.day.facilitator, Some(&new)).await.expect(201);
    assert_eq!(opened, again, "sent twice, it is one vote");
    assert_eq!((&opened["choose"], &opened["most_each"]), (&json!(5), &json!(2)));
    let vote = text(&opened["id"]);

    // Dots 5, 4, 3, then 2, 2, 2 for two places, and none; somebody changes their mind.
    assert_eq!(flow.cast(&vote, &flow.people[0], &[(6, 2), (5, 1)]).await.status, 204);
    let ballots: [&[(usize, u16)]; 8] = [
        &[(0, 2), (1, 1)],
        &[(0, 2), (1, 1)],
        &[(0, 1), (1, 2)],
        &[(2, 2), (3, 1)],
        &[(2, 1), (3, 1), (4, 1)],
        &[(4, 1)],
        &[(5, 1)],
        &[],
    ];
    for (member, given) in flow.people.iter().zip(ballots) {
        assert_eq!(flow.cast(&vote, member, given).await.status, 204);
    }
    for (given, status) in [(&[(0, 3)][..], 400), (&[(0, 2), (1, 2)], 400)] {
        assert_eq!(flow.cast(&vote, &flow.people[0], given).await.status, status);
    }
    for reader in [&eye, &guest] {
        assert_eq!(flow.cast(&vote, reader, &[(0, 1)]).await.status, 403);
    }
    let paper = flow.dots(&[(5, 1)]);
    let counted = flow.conducts(&format!("/votes/{vote}/paper"), Some(&paper)).await;
    assert_eq!((counted.status, counted.text()), (204, String::new()));

    is_hidden(&flow, &eye, &guest).await;

    // The close is the facilitator's; the ranking is theirs alone.
    let below = format!("/votes/{vote}/closed");
    assert_eq!(flow.ask("PUT", &below, &flow.people[0].token, None).await.status, 403);
    let closed = flow.conducts(&below, None).await.expect(200);
    assert_eq!(dots_of(&closed), [5, 4, 3, 2, 2, 2, 0]);
    assert_eq!(flow.conducts(&below, None).await.expect(200), closed, "closed is closed");
    assert_eq!(flow.cast(&vote, &flow.people[7], &[(6, 1)]).await.status, 409);
    for token in [&flow.people[0].token, &eye.token] {
        let seen = flow.vote(token).await;
        assert_eq!((&seen["phase"], &seen["tie"]), (&json!("closed"), &Value::Null));
        assert_eq!(dots_of(&seen), [0; 0]);
    }

    selects_five(&flow, &vote, &closed).await;
}

fn dots_of(vote: &Value) -> Vec<u64> {
    vote["themes"].as_array().unwrap().iter().filter_map(|theme| theme["dots"].as_u64()).collect()
}

/// Before the close no answer to anybody tells who voted for what, or how much anything has.
async fn is_hidden(flow: &Flow, eye: &Member, guest: &Member) {
    let first = &flow.people[0];
    for token in [&flow.day.facilitator, &first.token, &eye.token, &guest.token] {
        let seen = flow.vote(token).await;
        assert_eq!((&seen["phase"], &seen["voters"]), (&json!("open"), &json!(7)));
        assert_eq!(seen["voted"], token == &first.token);
        let order: Vec<_> = seen["themes"].as_array().unwrap().iter().map(|t| &t["id"]).collect();
        assert_eq!(order, flow.themes.iter().collect::<Vec<_>>(), "as they were opened");
        for theme in seen["themes"].as_array().unwrap() {
            let told: BTreeSet<_> = theme.as_object().unwrap().keys().map(String::as_str).collect();
            assert_eq!(told, BTreeSet::from(["id", "merged", "questions", "title"]));
        }
        assert_eq!((&seen["tie"], &seen["selection"]), (&Value::Null, &Value::Null));
    }
    let operator = flow.ask("GET", "/votes", OPERATOR_KEY, None).await.expect(200);
    assert_eq!(dots_of(&operator["votes"][0]), [0; 0]);

    let lines = flow.day.events(&flow.server).await;
    let cast: Vec<_> = lines.iter().filter(|line| line["type"] == "vote.cast").collect();
    assert_eq!(cast.len(), 8, "one for each ballot that was not what it had been: {cast:?}");
    for line in cast {
        for field in ["participant", "item", "excerpt", "state", "group", "document"] {
            assert_eq!(line[field], Value::Null, "{line}");
        }
    }
    // Nor can they be asked for by name.
    let own = format!("/events?participant={}&type=vote.cast", first.id);
    assert_eq!(flow.ask("GET", &own, &flow.day.facilitator, None).await.text(), "");
}

/// A lot between the tied, exactly five, a reason where they are others, then shown to all; and
/// a round of theme groups from which every theme leads back.
async fn selects_five(flow: &Flow, vote: &str, closed: &Value) {
    let tie = json!({ "themes": flow.ids(&[3, 4, 5]), "places": 2, "drawn": false });
    assert_eq!(closed["tie"], tie);
    let below = format!("/votes/{vote}/selection");
    let select = |themes: &[String], reason: Option<&str>| match reason {
        Some(reason) => json!({ "themes": themes, "reason": reason }),
        None => json!({ "themes": themes }),
    };
    let five = flow.ids(&[0, 1, 2, 3, 4]);
    let refused = flow.conducts(&below, Some(&select(&five, None))).await.expect(400);
    assert!(text(&refused["detail"]).contains("lot"), "{refused}");
    let four = select(&flow.ids(&[0, 1, 2, 3]), Some("Vier is genoeg"));
    assert_eq!(flow.conducts(&below, Some(&four)).await.status, 400, "exactly five");
    let lot = format!("/votes/{vote}/lot");
    let drawn = flow.conducts(&lot, None).await.expect(200);
    assert_eq!(flow.conducts(&lot, None).await.expect(200), drawn, "drawn once");
    let first: Vec<_> =
        drawn["themes"].as_array().unwrap()[..5].iter().map(|theme| text(&theme["id"])).collect();
    let last = text(&drawn["tie"]["themes"][2]);
    let mut others = first.clone();
    others[4] = last;
    assert_eq!(flow.conducts(&below, Some(&select(&others, None))).await.status, 400);
    flow.conducts(&below, Some(&select(&others, Some("Die vraagt elke regio")))).await.expect(200);
    flow.conducts(&below, Some(&select(&first, None))).await.expect(200);
    let member = &flow.people[0].token;
    assert_eq!(flow.vote(member).await["selection"], Value::Null, "not yet shown");
    let shown = flow.conducts(&format!("/votes/{vote}/shown"), None).await.expect(200);
    let seen = flow.vote(member).await;
    assert_eq!(seen["selection"], json!({ "themes": first, "reason": null }));
    assert_eq!((&seen["themes"], &seen["phase"]), (&shown["themes"], &json!("shown")));

    let groups: Vec<_> = first
        .iter()
        .map(|theme| {
            let found = seen["themes"].as_array().unwrap();
            let found = found.iter().find(|found| found["id"] == *theme).unwrap();
            let place = flow.themes.iter().position(|known| known == theme).unwrap();
            assert_eq!(found["title"], THEMES[place]);
            let sources = flow.questions.iter().filter(|(_, _, under)| *under == place);
            let sources: BTreeSet<_> =
                sources.map(|(id, region, _)| (id.as_str(), *region)).collect();
            let told = found["questions"].as_array().unwrap();
            let told: BTreeSet<_> = told
                .iter()
                .map(|question| {
                    (question["id"].as_str().unwrap(), question["region"].as_str().unwrap())
                })
                .collect();
            assert_eq!(told, sources);
            json!({ "name": found["title"], "question": found["questions"][0]["text"],
                "theme": theme })
        })
        .collect();
    let round = json!({ "title": "Themagroepen", "kind": "theme", "groups": groups });
    let planned =
        flow.ask("POST", "/rounds", &flow.day.facilitator, Some(&round)).await.expect(201);
    flow.conducts("/rounds/running", Some(&planned["id"])).await.expect(200);
    let gathering = flow.day.get(&flow.server, "").await.expect(200);
    let themes = gathering["groups"].as_array().unwrap().iter().map(|group| text(&group["theme"]));
    assert_eq!(themes.collect::<Vec<_>>(), first);
}

/// Goal: no ballot of anybody is in any answer, also after everything was shown.
/// Method: one person alone votes for a theme; nothing that is told names both, to anybody.
#[tokio::test(flavor = "multi_thread")]
async fn a_ballot_goes_in_and_never_comes_out() {
    let flow = Box::pin(Flow::start()).await;
    let new = json!({ "themes": flow.themes, "choose": 1 });
    let opened = flow.ask("POST", "/votes", &flow.day.facilitator, Some(&new)).await.expect(201);
    let vote = text(&opened["id"]);
    assert_eq!((&opened["budget"], &opened["most_each"]), (&json!(1), &json!(1)));
    let lone = &flow.people[3];
    for member in &flow.people {
        let theme = usize::from(member.id == lone.id);
        assert_eq!(flow.cast(&vote, member, &[(theme, 1)]).await.status, 204);
    }
    flow.conducts(&format!("/votes/{vote}/closed"), None).await.expect(200);
    let chosen = json!({ "themes": flow.ids(&[0]) });
    flow.conducts(&format!("/votes/{vote}/selection"), Some(&chosen)).await.expect(200);
    flow.conducts(&format!("/votes/{vote}/shown"), None).await.expect(200);
    for token in [&flow.day.facilitator, &lone.token, &OPERATOR_KEY.to_owned()] {
        let votes = flow.ask("GET", "/votes", token, None).await;
        assert_eq!(votes.status, 200);
        for member in &flow.people {
            assert!(!votes.text().contains(&member.id), "{}", votes.text());
        }
    }
    for line in flow.day.events(&flow.server).await {
        let voted = text(&line["type"]).starts_with("vote.");
        assert!(!voted || !line.to_string().contains(&lone.id), "{line}");
        assert!(!voted || !line.to_string().contains(&flow.themes[1]), "{line}");
    }
}
