//! Coming in with a code, coming back with words.

use serde_json::{Value, json};

use crate::day::{Day, OPERATOR_KEY, text};
use crate::request::{Answer, Request};

async fn join(day: &Day, body: &Value) -> Answer {
    day.send(Request::new("POST", "/api/join").json(body)).await
}

#[tokio::test]
async fn each_code_gives_its_role() {
    let day = Day::open().await;
    let admitted = json!({ "state": "admitted" });
    day.ask("PUT", "/guests", &day.facilitator, &admitted).await.expect(200);
    for role in ["participant", "guest", "observer", "facilitator"] {
        let body = json!({ "code": day.code(role), "name": "An" });
        let joined = join(&day, &body).await.expect(200);
        assert_eq!(joined["participant"]["role"], role);
        let placed = if role == "guest" { json!(day.group(0)) } else { Value::Null };
        assert_eq!(joined["participant"]["group"], placed, "guests alone are placed");
        assert_eq!(joined["gathering"]["id"], day.id);
        let token = text(&joined["token"]);
        assert_eq!(day.get("", &token).await.status, 200);
    }
}

#[tokio::test]
async fn what_people_tell_of_themselves_is_there_for_the_others() {
    let day = Day::open().await;
    let code = day.code("participant").to_lowercase().replace('-', "");
    let body = json!({
        "code": code, "name": "  An Peeters ", "organisation": "Stad Gent", "region": "Oost",
        "language": "nl-BE", "together_with": ["Bo", "Chris"],
    });
    let joined = join(&day, &body).await.expect(200);
    let told = json!({
        "id": joined["participant"]["id"], "name": "An Peeters", "role": "participant",
        "group": null, "organisation": "Stad Gent", "region": "Oost",
        "together_with": ["Bo", "Chris"],
        // Told to themselves and to whoever conducts.
        "target_group": false, "credited_as_target_group": false,
    });
    assert_eq!(joined["participant"], told);
    let seen = day.get("", &day.facilitator).await.expect(200);
    assert!(seen["participants"].as_array().unwrap().contains(&told), "{seen}");
}

#[tokio::test]
async fn a_code_that_opens_nothing_and_a_name_that_is_none_are_told_apart() {
    let day = Day::open().await;
    for code in ["0000-0000", "ABC", "", "ABCD-EFGU", "zzzz-zzzz-zzzz"] {
        let answer = join(&day, &json!({ "code": code, "name": "An" })).await;
        answer.problem(404, "unknown-code");
    }
    let code = day.code("participant");
    for (field, value) in [
        ("name", json!("")),
        ("name", json!("x".repeat(81))),
        ("name", json!("a\nb")),
        ("organisation", json!("x".repeat(81))),
        ("language", json!("Nederlands, graag")),
        ("together_with", json!(["a", "b", "c", "d", "e", "f"])),
        ("colour", json!("blue")),
    ] {
        let mut body = json!({ "code": code, "name": "An" });
        body[field] = value;
        let detail = join(&day, &body).await.problem(400, "invalid");
        assert!(detail.contains(field), "{field} in {detail}");
    }
}

#[tokio::test]
async fn an_earlier_token_of_the_gathering_gives_the_same_participant_back() {
    let day = Day::open().await;
    let an = day.join("An", "participant").await;
    let again = |token: String, name: &str| {
        let body = json!({ "code": day.code("participant"), "name": name });
        let request = Request::new("POST", "/api/join").json(&body).token(&token);
        async { day.send(request).await.expect(200) }
    };
    let back = again(an.token.clone(), "Anna").await;
    assert_eq!(back["participant"]["id"], an.id);
    assert_eq!(back["participant"]["name"], "An");
    let words = json!({ "return_code": back["return_code"] });
    let returned = day.send(Request::new("POST", "/api/return").json(&words)).await.expect(200);
    assert_eq!(returned["participant"]["id"], an.id);
    for other in [OPERATOR_KEY.to_owned(), day.stranger.clone(), "nobody's".to_owned()] {
        let joined = again(other, "Bo").await;
        assert_ne!(joined["participant"]["id"], an.id);
        assert_eq!(joined["participant"]["role"], "participant");
    }
    let seen = day.get("", &day.facilitator).await.expect(200);
    assert_eq!(seen["participants"].as_array().unwrap().len(), 5);
}

#[tokio::test]
async fn four_words_bring_the_same_person_back_on_another_device() {
    let day = Day::open().await;
    let an = day.join("An", "participant").await;
    let typed = an.return_code.to_uppercase().replace('-', " ");
    let back = Request::new("POST", "/api/return").json(&json!({ "return_code": typed }));
    let back = day.send(back).await.expect(200);
    assert_eq!(back["participant"]["id"], an.id);
    let phone = text(&back["token"]);
    assert_ne!(phone, an.token);
    for token in [&phone, &an.token] {
        assert_eq!(day.get("", token).await.status, 200, "both devices stay");
    }
    for wrong in ["een twee drie vier", "", "appel"] {
        let body = json!({ "return_code": wrong });
        let answer = day.send(Request::new("POST", "/api/return").json(&body)).await;
        answer.problem(404, "unknown-code");
    }
    let body = json!({ "return_code": typed, "name": "An" });
    let odd = day.send(Request::new("POST", "/api/return").json(&body)).await;
    assert!(odd.problem(400, "invalid").contains("name"));
}

#[tokio::test]
async fn the_cookie_is_for_our_own_pages_alone() {
    let day = Day::open().await;
    let body = json!({ "code": day.code("participant"), "name": "An" });
    let joined = join(&day, &body).await;
    let token = text(&joined.expect(200)["token"]);
    let cookie = joined.header("set-cookie").unwrap();
    let parts: Vec<_> = cookie.split("; ").collect();
    assert_eq!(parts[0], format!("oogst={token}"));
    assert!(parts.contains(&"HttpOnly") && parts.contains(&"SameSite=Strict"), "{cookie}");
    assert!(parts.contains(&"Path=/") && !parts.contains(&"Secure"), "{cookie}");

    let https = |config: &mut oogst_server::Config| {
        config.public_url = Some("https://oogst.example".parse().unwrap());
    };
    let day = Day::with(https).await;
    let body = json!({ "code": day.code("participant"), "name": "An" });
    let joined = join(&day, &body).await;
    let cookie = joined.header("set-cookie").unwrap();
    assert!(cookie.split("; ").any(|part| part == "Secure"), "{cookie}");
    assert!(joined.header("strict-transport-security").is_some());
}
