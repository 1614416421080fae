//! The wall, the list of contributions, the Markdown.

use serde_json::{Value, json};

use crate::day::Day;

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[tokio::test]
async fn the_wall_shows_the_groups_now_and_as_they_were() {
    let day = Day::open().await;
    let an = day.join("An", "participant").await;
    let seq = day.get("", &an.token).await.expect(200)["seq"].as_u64().unwrap();
    let wall = day.get("/wall", &an.token).await.expect(200);
    assert_eq!(wall["seq"], seq);
    let names: Vec<_> = wall["groups"].as_array().unwrap().iter().map(|g| &g["name"]).collect();
    assert_eq!(names, ["Groep 1", "Groep 2"]);
    assert_eq!(wall["groups"][0]["insights"], json!([]));
    assert_eq!(wall["groups"][0]["counts"]["insights"], 0);
    let past = day.get("/wall?at=2", &an.token).await.expect(200);
    assert_eq!((&past["seq"], &past["groups"]), (&json!(2), &json!([])));
    let ahead = day.get(&format!("/wall?at={}", seq + 1), &an.token).await;
    assert!(ahead.problem(404, "not-yet").contains(&seq.to_string()));
    day.get("/wall?when=2", &an.token).await.problem(400, "invalid");
    day.get("/wall", &day.stranger).await.problem(404, "unknown");
}

#[tokio::test]
async fn which_groups_are_quiet_is_for_facilitators_alone() {
    let day = Day::open().await;
    let an = day.join("An", "participant").await;
    let eye = day.join("Eye", "observer").await;
    let wall = day.get("/wall", &day.facilitator).await.expect(200);
    assert_eq!(wall["quiet"], json!([]), "nobody is quiet so soon");
    assert_eq!(wall["round"]["running"], true);
    assert_eq!((&wall["themes"], &wall["spotlight"]), (&json!([]), &Value::Null));
    for token in [&an.token, &eye.token] {
        for path in ["/wall", "/wall?at=5"] {
            let wall = day.get(path, token).await.expect(200);
            assert!(wall.get("quiet").is_none(), "{wall}");
        }
    }
}

#[tokio::test]
async fn the_history_is_a_bar_of_at_most_so_many_spans() {
    let day = Day::open().await;
    let an = day.join("An", "participant").await;
    let seq = day.get("", &an.token).await.expect(200)["seq"].as_u64().unwrap();
    for buckets in [1, 3, 1_000] {
        let history = day.get(&format!("/history?buckets={buckets}"), &an.token).await.expect(200);
        assert_eq!(history["last"], seq);
        let spans = history["buckets"].as_array().unwrap();
        assert!(!spans.is_empty() && spans.len() <= buckets);
        assert_eq!(spans.last().unwrap()["seq"], seq);
        let joined: u64 =
            spans.iter().filter_map(|span| span["counts"]["participant"].as_u64()).sum();
        assert_eq!(joined, 1, "An: the facilitator was there before the opening");
    }
    assert_eq!(day.get("/history", &an.token).await.expect(200)["chapters"], json!([]));
    for query in ["buckets=0", "buckets=1001", "buckets=x", "spans=3"] {
        day.get(&format!("/history?{query}"), &an.token).await.problem(400, "invalid");
    }
    day.get("/history", &day.stranger).await.problem(404, "unknown");
}

#[tokio::test]
async fn events_are_complete_in_order_and_in_pages() {
    let day = Day::open().await;
    let an = day.join("An", "participant").await;
    let answer = day.get("/events", &an.token).await;
    assert_eq!(answer.header("content-type"), Some("application/x-ndjson"));
    let all = lines(answer.text());
    let seqs: Vec<_> = all.iter().map(|line| line["seq"].as_u64().unwrap()).collect();
    assert_eq!(seqs, (1..=all.len() as u64).collect::<Vec<_>>());
    assert_eq!(all[0]["type"], "gathering.prepared");
    let joined = all.last().unwrap();
    assert_eq!(joined["type"], "participant.joined");
    assert_eq!(joined["participant"], json!({ "id": an.id, "name": "An", "role": "participant" }));
    assert_eq!(joined["gathering"], day.id);
    let mut paged = Vec::new();
    loop {
        let after = paged.last().map_or(0, |line: &Value| line["seq"].as_u64().unwrap());
        let page = day.get(&format!("/events?after={after}&limit=3"), &an.token).await;
        let page = lines(page.text());
        if page.is_empty() {
            break;
        }
        paged.extend(page);
    }
    assert_eq!(paged, all);
    for query in ["limit=0", "limit=10001", "limit=x", "after=-1", "page=2"] {
        let answer = day.get(&format!("/events?{query}"), &an.token).await;
        answer.problem(400, "invalid");
    }
    day.get("/events", &day.stranger).await.problem(404, "unknown");
}

#[tokio::test]
async fn events_are_filtered_by_type_group_and_participant() {
    let day = Day::open().await;
    let an = day.join("An", "participant").await;
    let bo = day.join("Bo", "participant").await;
    let all = lines(day.get("/events", &an.token).await.text());
    let of = async |query: &str| {
        let answer = day.get(&format!("/events?{query}"), &an.token).await;
        lines(answer.text())
    };
    let wanted = |is: &dyn Fn(&Value) -> bool| -> Vec<Value> {
        let wanted: Vec<_> = all.iter().filter(|line| is(line)).cloned().collect();
        assert!(!wanted.is_empty() && wanted.len() < all.len());
        wanted
    };
    let formed = wanted(&|line| line["type"] == "group.formed");
    assert_eq!(of("type=group.formed").await, formed);
    let two = wanted(&|line| line["type"] == "group.formed" || line["type"] == "round.opened");
    assert_eq!(of("type=group.formed,round.opened").await, two);
    assert_eq!(of("type=group.formed&type=round.opened").await, two);
    let by_an = wanted(&|line| line["participant"]["id"] == an.id);
    assert_eq!(of(&format!("participant={}", an.id)).await, by_an);
    assert_eq!(of(&format!("participant={},{}", an.id, bo.id)).await.len(), 2 * by_an.len());
    let group = formed[0]["group"].as_str().unwrap();
    let there = wanted(&|line| line["group"] == group);
    assert_eq!(of(&format!("group={group}")).await, there);
    assert_eq!(of(&format!("group={group}&type=group.formed")).await, formed[..1]);
    let page = of("type=group.formed&limit=1").await;
    assert_eq!(page, formed[..1]);
    let rest = of(&format!("type=group.formed&limit=9&after={}", page[0]["seq"])).await;
    assert_eq!(rest, formed[1..], "a page goes on after the last line of the one before");
    let unknown = day.get("/events?type=insight.eaten", &an.token).await;
    assert!(unknown.problem(400, "invalid").contains("insight.added"), "it says what there is");
    for query in ["group=x", "participant=7", "after=1&after=2", "limit=1&limit=2"] {
        day.get(&format!("/events?{query}"), &an.token).await.problem(400, "invalid");
    }
}

#[tokio::test]
async fn the_markdown_has_a_heading_a_question() {
    let day = Day::open().await;
    let markdown = day.get("/export.md?attribution=none", &day.facilitator).await;
    assert_eq!(markdown.status, 200, "{}", markdown.text());
    let headings: Vec<_> = markdown.text().lines().filter(|line| line.starts_with('#')).collect();
    assert_eq!(headings, ["# Startdag", "## Hoe bereiken we iedereen?", "## Groep 2"]);
    for choice in ["attribution=group", "attribution=name", "outside=apart", "outside=inline"] {
        assert_eq!(day.get(&format!("/export.md?{choice}"), &day.facilitator).await.status, 200);
    }
    let odd = day.get("/export.md?attribution=all", &day.facilitator).await;
    assert!(odd.problem(400, "invalid").contains("group"));
    day.get("/export.md?names=yes", &day.facilitator).await.problem(400, "invalid");
}

#[tokio::test]
async fn each_format_says_what_it_is_and_has_a_name_for_the_file() {
    let day = Day::open().await;
    let word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
    for (format, kind) in [
        ("md", "text/markdown; charset=utf-8"),
        ("html", "text/html; charset=utf-8"),
        ("csv", "text/csv; charset=utf-8"),
        ("json", "application/json"),
        ("docx", word),
        ("pdf", "application/pdf"),
    ] {
        let path = format!("/export.{format}");
        let file = day.get(&path, &day.facilitator).await;
        assert_eq!((file.status, file.header("content-type")), (200, Some(kind)), "{format}");
        let name = file.header("content-disposition").unwrap();
        assert!(name.starts_with("attachment; filename=\"2026-11-21-startdag"), "{name}");
        assert!(name.ends_with(&format!(".{format}\"")), "{name}");
        day.get(&path, &day.stranger).await.problem(404, "unknown");
    }
    day.get("/export.exe", &day.facilitator).await.problem(404, "unknown");
}
