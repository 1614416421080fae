//! The kick-off day as a whole, which only a whole day shows: what everybody typed is what leaves
//! it, whatever the venue's network does, and what goes on elsewhere.
//!
//! What is wanted is read from the demo's script; nothing of it from the server.

mod beside;
mod elsewhere;
mod harvest;
mod map_and_plan;

use std::collections::BTreeMap;

use oogst_cli::demo::script::{DEVICES, GUESTS, KICK_OFF};
use oogst_cli::demo::{Outcome, Pace, Play};
use oogst_client::Server as Address;
use oogst_tests::chance::Chance;
use oogst_tests::day::text;
use oogst_tests::http::{Answer, Request};
use oogst_tests::proxy::Proxy;
use oogst_tests::server::{OPERATOR_KEY, Server};
use oogst_tests::wait::within;
use serde_json::Value;

/// A day that was played to its end, and the server where it was.
struct Day {
    server: Server,
    /// The gathering as the operator reads it.
    gathering: Value,
}

impl Day {
    /// A path, as the operator reads it.
    async fn get(&self, path: &str) -> Answer {
        self.server.send(Request::new("GET", path).token(OPERATOR_KEY)).await
    }

    /// What is below a path of the gathering.
    async fn below(&self, path: &str) -> Answer {
        self.get(&format!("/api/gatherings/{}{path}", text(&self.gathering["id"]))).await
    }

    /// The gathering's own document of a kind.
    fn document(&self, kind: &str) -> String {
        let documents = self.gathering["documents"].as_array().unwrap();
        text(&documents.iter().find(|document| document["kind"] == kind).unwrap()["id"])
    }

    /// Each table's harvest, in order.
    fn harvests(&self) -> Vec<String> {
        let groups = self.gathering["groups"].as_array().unwrap().iter();
        let documents = groups.map(|group| group["documents"].as_array().unwrap());
        let kind = |document: &&Value| document["kind"] == "harvest";
        documents.map(|documents| text(&documents.iter().find(kind).unwrap()["id"])).collect()
    }

    /// Everybody's first name, by id.
    fn names(&self) -> BTreeMap<String, String> {
        let participants = self.gathering["participants"].as_array().unwrap().iter();
        participants.map(|one| (text(&one["id"]), text(&one["name"]))).collect()
    }
}

/// Plays the demo's day over lines that are all cut again and again, at moments of chance.
async fn played(chance: &mut Chance) -> (Day, Outcome) {
    let server = Server::start().await;
    let proxy = Proxy::start(server.address).await;
    let address = Address::at(&format!("http://{}", proxy.address)).unwrap();
    let how = (chance.below(u64::MAX), Pace::times(40.0));
    let play = Play::open(&address, OPERATOR_KEY, KICK_OFF, how).await.unwrap();
    let cuts = async {
        loop {
            chance.moment(200..1_200).await;
            proxy.cut();
            proxy.restore();
        }
    };
    let day = async {
        tokio::select! {
            outcome = Box::pin(play.to_the_end(|_| {})) => outcome.unwrap(),
            () = cuts => unreachable!("lines are cut as long as the day goes on"),
        }
    };
    let outcome = Box::pin(within("the end of the day", day)).await;
    assert!(proxy.carried() > 2 * outcome.devices, "lines broke: {}", proxy.carried());
    let path = format!("/api/gatherings/{}", play.gathering().id);
    let gathering = server.send(Request::new("GET", &path).token(OPERATOR_KEY)).await.expect(200);
    (Day { server, gathering }, outcome)
}

/// Goal: what five groups type with seven phones each, what they vote, whom they need and what
/// they plan is exported as it was typed, in every format, whatever the venue's network does; and
/// it is all there on another server. Method: the demo's day, slips, moves, removals, guests and
/// photos included, over lines that break; then everything that leaves it, against the script;
/// then its archive, restored elsewhere, against what was here.
#[tokio::test(flavor = "multi_thread")]
async fn row_002_8_a_day_over_lines_that_break_leaves_as_it_was_typed_and_is_equal_elsewhere() {
    let mut chance = Chance::of(
        "row_002_8_a_day_over_lines_that_break_leaves_as_it_was_typed_and_is_equal_elsewhere",
    );
    let (day, outcome) = Box::pin(played(&mut chance)).await;
    assert_eq!(outcome.missing, Vec::new());
    let counted = (outcome.insights, outcome.photos, outcome.dots, outcome.devices);
    assert_eq!(counted, (57, 3, 108, DEVICES.len() + GUESTS.len()));

    beside::everybody_is_in(&day);
    harvest::leaves_as_it_was_typed(&day).await;
    beside::stands_on_the_wall(&day).await;
    beside::has_chapters(&day).await;
    beside::was_voted(&day).await;
    beside::was_photographed(&day).await;
    map_and_plan::name_the_stakeholders(&day).await;
    map_and_plan::hold_the_plan(&day).await;
    Box::pin(elsewhere::is_equal(day)).await;
}
