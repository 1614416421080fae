//! Moving, renaming, promoting, removing.

use serde_json::{Value, json};

use crate::day::Day;

#[tokio::test]
async fn people_move_and_rename_themselves() {
    let day = Day::open().await;
    let an = day.join("An", "participant").await;
    let own = format!("/participants/{}", an.id);
    let writable = async || {
        let seen = day.get("", &an.token).await.expect(200);
        [0, 1].map(|place| seen["groups"][place]["documents"][0]["writable"] == true)
    };
    assert_eq!(writable().await, [false, false]);
    let body = json!({ "group": day.group(1), "name": " Anke " });
    let moved = day.ask("PUT", &own, &an.token, &body).await.expect(200);
    assert_eq!((&moved["group"], &moved["name"]), (&json!(day.group(1)), &json!("Anke")));
    assert_eq!(writable().await, [false, true]);
    let same = day.ask("PUT", &own, &an.token, &json!({})).await.expect(200);
    assert_eq!(same, moved, "what is left out stays");
    let out = day.ask("PUT", &own, &an.token, &json!({ "group": null })).await.expect(200);
    assert_eq!(out["group"], Value::Null);
    assert_eq!(writable().await, [false, false]);
}

#[tokio::test]
async fn only_a_facilitator_touches_others_and_roles() {
    let day = Day::open().await;
    let (an, bo) = (day.join("An", "participant").await, day.join("Bo", "observer").await);
    let of = |id: &str| format!("/participants/{id}");
    for body in [json!({ "name": "x" }), json!({ "group": day.group(0) }), json!({})] {
        day.ask("PUT", &of(&an.id), &bo.token, &body).await.problem(403, "forbidden");
    }
    let crown = json!({ "role": "facilitator" });
    day.ask("PUT", &of(&an.id), &an.token, &crown).await.problem(403, "forbidden");
    let both = json!({ "role": "core_group", "group": day.group(0) });
    let promoted = day.ask("PUT", &of(&an.id), &day.facilitator, &both).await.expect(200);
    assert_eq!((&promoted["role"], &promoted["group"]), (&json!("core_group"), &both["group"]));
    let seen = day.get("", &bo.token).await.expect(200);
    let an_seen = seen["participants"].as_array().unwrap().iter().find(|p| p["id"] == an.id);
    assert_eq!(an_seen.unwrap()["name"], "An", "nothing refused was done");
    day.ask("PUT", &of(&an.id), &day.stranger, &both).await.problem(404, "unknown");
}

#[tokio::test]
async fn what_is_no_participant_group_or_name_is_refused() {
    let day = Day::open().await;
    let an = day.join("An", "participant").await;
    let own = format!("/participants/{}", an.id);
    let nobody = "/participants/7f3a5c1e-9b2d-4c8f-a1e0-5d6b7c8d9e0f";
    let nowhere = json!({ "group": "7f3a5c1e-9b2d-4c8f-a1e0-5d6b7c8d9e0f" });
    day.ask("PUT", &own, &an.token, &nowhere).await.problem(404, "unknown");
    day.ask("PUT", &own, &an.token, &json!({ "group": "1" })).await.problem(400, "invalid");
    day.ask("PUT", &own, &an.token, &json!({ "name": "" })).await.problem(400, "invalid");
    day.ask("PUT", &own, &an.token, &json!({ "naam": "x" })).await.problem(400, "invalid");
    let king = json!({ "role": "operator" });
    day.ask("PUT", &own, &day.facilitator, &king).await.problem(400, "invalid");
    for body in [json!({ "name": "x" }), json!({ "group": null }), json!({ "role": "guest" })] {
        day.ask("PUT", nobody, &day.facilitator, &body).await.problem(404, "unknown");
    }
}

/// The name is in the vault, which the core does not guard.
#[tokio::test]
async fn nobody_is_renamed_by_who_is_out_and_nobody_who_is_out() {
    let day = Day::open().await;
    let guest = day.join("Gust", "guest").await;
    let of = |id: &str| format!("/participants/{id}");
    let name = async || {
        let lines = day.get("/events?type=participant.joined", &day.facilitator).await;
        let mut lines = lines.text().lines().map(|line| serde_json::from_str(line).unwrap());
        let joined = lines.find(|line: &Value| line["participant"]["id"] == guest.id).unwrap();
        joined["participant"]["name"].clone()
    };
    let over = json!({ "state": "dismissed" });
    day.ask("PUT", "/guests", &day.facilitator, &over).await.expect(200);
    let other = json!({ "name": "Iemand anders" });
    for token in [&guest.token, &day.facilitator] {
        day.ask("PUT", &of(&guest.id), token, &other).await.problem(404, "unknown");
        assert_eq!(name().await, "Gust");
    }
    day.ask("DELETE", &of(&guest.id), &day.facilitator, &json!({})).await;
    day.ask("PUT", &of(&guest.id), &day.facilitator, &other).await.problem(404, "unknown");
    assert_eq!(name().await, "Gust");
}

#[tokio::test]
async fn who_is_removed_is_out_at_once_and_removing_twice_is_done() {
    let day = Day::open().await;
    let (an, bo) = (day.join("An", "participant").await, day.join("Bo", "participant").await);
    let of = |id: &str| format!("/participants/{id}");
    day.ask("DELETE", &of(&an.id), &bo.token, &json!({})).await.problem(403, "forbidden");
    assert_eq!(day.ask("DELETE", &of(&an.id), &day.facilitator, &json!({})).await.status, 204);
    day.get("", &an.token).await.problem(401, "unauthenticated");
    let words = json!({ "return_code": an.return_code });
    let back = crate::request::Request::new("POST", "/api/return").json(&words);
    day.send(back).await.problem(404, "unknown-code");
    assert_eq!(day.ask("DELETE", &of(&an.id), &day.facilitator, &json!({})).await.status, 204);
    let seen = day.get("", &bo.token).await.expect(200);
    assert!(seen["participants"].as_array().unwrap().iter().all(|p| p["id"] != an.id));
    let nobody = "/participants/7f3a5c1e-9b2d-4c8f-a1e0-5d6b7c8d9e0f";
    day.ask("DELETE", nobody, &day.facilitator, &json!({})).await.problem(404, "unknown");
}
