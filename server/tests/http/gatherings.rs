//! Opening a gathering, looking at it, changing it.

use serde_json::json;

use crate::day::{Day, OPERATOR_KEY, text};
use crate::request::Request;

#[tokio::test]
async fn a_gathering_opens_with_codes_a_facilitator_and_a_harvest_a_group() {
    let day = Day::open().await;
    let opened = &day.gathering;
    assert_eq!(opened["title"], "Startdag");
    assert_eq!(opened["date"], "2026-11-21");
    assert_eq!(opened["language"], "nl-BE");
    assert_eq!(opened["status"], "open");
    for role in ["participant", "guest", "observer", "facilitator"] {
        let code = day.code(role);
        assert_eq!((code.len(), &code[4..5]), (9, "-"), "{code}");
    }
    let group = &opened["groups"][0];
    assert_eq!(group["question"], "Hoe bereiken we iedereen?");
    let harvest = &group["documents"][0];
    assert_eq!(harvest["kind"], "harvest");
    assert_eq!(harvest["url"], format!("automerge:{}", text(&harvest["id"])));
    assert_eq!(harvest["owner"], json!({ "kind": "group", "id": group["id"] }));
    assert_eq!(harvest["frozen"], false);
    assert_eq!(opened["documents"][0]["kind"], "programme");
    assert_eq!(opened["round"], opened["rounds"][0]["id"]);
    let seen = day.get("", &day.facilitator).await.expect(200);
    assert_eq!(seen["participants"][0]["role"], "facilitator");
    assert_eq!(seen["codes"], opened["codes"]);
    assert_eq!(seen["groups"][0]["documents"][0]["writable"], true);
}

#[tokio::test]
async fn only_the_operator_opens_one() {
    let day = Day::open().await;
    let body = json!({ "title": "Dag", "groups": [] });
    let open = || Request::new("POST", "/api/gatherings").json(&body);
    day.send(open()).await.problem(401, "unauthenticated");
    day.send(open().token("nobody's token")).await.problem(401, "unauthenticated");
    day.send(open().token(&day.facilitator)).await.problem(403, "forbidden");
    day.send(open().token(OPERATOR_KEY)).await.expect(201);
}

#[tokio::test]
async fn what_is_no_gathering_is_refused_with_what_would_be_right() {
    let day = Day::open().await;
    let many: Vec<_> = (0..51).map(|n| json!({ "name": format!("Groep {n}") })).collect();
    for (body, word) in [
        (json!({ "groups": [] }), "title"),
        (json!({ "title": "  ", "groups": [] }), "title"),
        (json!({ "title": "x".repeat(301), "groups": [] }), "300"),
        (json!({ "title": "Dag", "groups": [], "titel": 1 }), "titel"),
        (json!({ "title": "Dag", "groups": [{ "name": "" }] }), "name"),
        (json!({ "title": "Dag", "groups": [{ "name": "G", "x": 1 }] }), "`x`"),
        (json!({ "title": "Dag", "groups": [], "date": "21/11/2026" }), "2026-11-21"),
        (json!({ "title": "Dag", "groups": [], "status": "ready" }), "prepared"),
        (json!({ "title": "Dag", "groups": [], "network": "n" }), "network"),
        (json!({ "title": "Dag", "groups": [], "day": "dag" }), "training"),
        (json!({ "title": "Dag", "groups": [], "participants_max": 0 }), "1 to 1000"),
        (json!({ "title": "Dag", "groups": [], "participants_max": 70_000 }), "1 to 1000"),
        (json!({ "title": "Dag", "groups": [], "participants_max": "12" }), "string"),
    ] {
        let answer = day.operator("POST", "/api/gatherings", &body).await;
        let detail = answer.problem(400, "invalid");
        assert!(detail.contains(word), "{word} in {detail}");
    }
    let body = json!({ "title": "Dag", "groups": many });
    let refused = day.operator("POST", "/api/gatherings", &body).await;
    assert!(refused.problem(409, "full").contains("50"));
}

#[tokio::test]
async fn a_prepared_gathering_takes_people_and_a_closed_one_does_not() {
    let day = Day::open().await;
    let body = json!({ "title": "Morgen", "status": "prepared", "groups": [] });
    let morrow = day.operator("POST", "/api/gatherings", &body).await.expect(201);
    assert_eq!(morrow["status"], "prepared");
    let code = &morrow["codes"]["participant"];
    let join = Request::new("POST", "/api/join").json(&json!({ "code": code, "name": "An" }));
    day.send(join).await.expect(200);

    let close = json!({ "status": "closed" });
    let closed = day.ask("PATCH", "", &day.facilitator, &close).await.expect(200);
    assert_eq!(closed["status"], "closed");
    let body = json!({ "code": day.code("participant"), "name": "An" });
    let join = || Request::new("POST", "/api/join").json(&body);
    day.send(join()).await.problem(404, "unknown-code");
    let people = closed["participants"].as_array().unwrap().len();
    let open = json!({ "status": "open", "title": " Nog eens " });
    let opened = day.ask("PATCH", "", &day.facilitator, &open).await.expect(200);
    assert_eq!((&opened["title"], &opened["status"]), (&json!("Nog eens"), &json!("open")));
    assert_eq!(opened["participants"].as_array().unwrap().len(), people, "nobody came in");
    day.send(join()).await.expect(200);
}

#[tokio::test]
async fn unknown_and_unreadable_look_alike() {
    let day = Day::open().await;
    let unknown = "/api/gatherings/7f3a5c1e-9b2d-4c8f-a1e0-5d6b7c8d9e0f";
    let unknown = day.send(Request::new("GET", unknown).token(&day.stranger)).await;
    let foreign = day.get("", &day.stranger).await;
    assert_eq!((unknown.status, foreign.status), (404, 404));
    assert_eq!(unknown.text(), foreign.text());
    day.get("", "nobody's").await.problem(401, "unauthenticated");
    let shouted = format!("/api/gatherings/{}", day.id.to_uppercase());
    day.send(Request::new("GET", &shouted).token(&day.facilitator)).await.problem(404, "unknown");
    let path = format!("/api/gatherings/{}", day.id);
    day.send(Request::new("GET", &path).token(OPERATOR_KEY)).await.expect(200);
}

#[tokio::test]
async fn only_who_conducts_sees_codes_and_changes_anything() {
    let day = Day::open().await;
    let an = day.join("An", "participant").await;
    let seen = day.get("", &an.token).await.expect(200);
    assert_eq!(seen.get("codes"), None);
    for body in [json!({ "title": "x" }), json!({ "status": "closed" }), json!({})] {
        day.ask("PATCH", "", &an.token, &body).await.problem(403, "forbidden");
    }
    day.ask("PATCH", "", &day.stranger, &json!({ "title": "x" })).await.problem(404, "unknown");
    let odd = day.ask("PATCH", "", &day.facilitator, &json!({ "titel": "x" })).await;
    assert!(odd.problem(400, "invalid").contains("titel"));
    assert_eq!(day.get("", &an.token).await.expect(200)["title"], "Startdag");
}
