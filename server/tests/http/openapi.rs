//! The OpenAPI document tells of every route, and what it tells is so.

use std::collections::BTreeSet;

use crate::day::Day;
use crate::request::Request;

/// The routes of the contract that this server has.
const ROUTES: &[&str] = &[
    "GET /healthz",
    "GET /readyz",
    "GET /metrics",
    "GET /j/{code}",
    "GET /j/{code}/qr.svg",
    "GET /sync",
    "POST /api/gatherings",
    "POST /api/join",
    "POST /api/return",
    "GET /api/gatherings/{gathering}",
    "PATCH /api/gatherings/{gathering}",
    "POST /api/gatherings/{gathering}/rounds",
    "PUT /api/gatherings/{gathering}/rounds/running",
    "POST /api/gatherings/{gathering}/rounds/{round}/groups",
    "POST /api/gatherings/{gathering}/documents",
    "PUT /api/gatherings/{gathering}/participants/{participant}",
    "DELETE /api/gatherings/{gathering}/participants/{participant}",
    "GET /api/gatherings/{gathering}/conduct",
    "PUT /api/gatherings/{gathering}/timer",
    "PUT /api/gatherings/{gathering}/spotlight",
    "PUT /api/gatherings/{gathering}/blocks/{block}/started",
    "PUT /api/gatherings/{gathering}/blocks/{block}/ended",
    "PUT /api/gatherings/{gathering}/blocks/{block}/shifted",
    "PUT /api/gatherings/{gathering}/guests",
    "GET /api/gatherings/{gathering}/votes",
    "POST /api/gatherings/{gathering}/votes",
    "PUT /api/gatherings/{gathering}/votes/{vote}/ballot",
    "PUT /api/gatherings/{gathering}/votes/{vote}/paper",
    "PUT /api/gatherings/{gathering}/votes/{vote}/closed",
    "PUT /api/gatherings/{gathering}/votes/{vote}/merged",
    "PUT /api/gatherings/{gathering}/votes/{vote}/lot",
    "PUT /api/gatherings/{gathering}/votes/{vote}/selection",
    "PUT /api/gatherings/{gathering}/votes/{vote}/shown",
    "GET /api/gatherings/{gathering}/consent",
    "PUT /api/gatherings/{gathering}/consent",
    "GET /api/gatherings/{gathering}/devices",
    "PUT /api/gatherings/{gathering}/devices/{device}",
    "POST /api/gatherings/{gathering}/participants/{participant}/revert",
    "PUT /api/documents/{document}/frozen",
    "GET /api/documents/{document}",
    "GET /api/gatherings/{gathering}/archive",
    "GET /api/backup",
    "POST /api/gatherings/{gathering}/files",
    "GET /api/files/{file}",
    "GET /api/gatherings/{gathering}/wall",
    "GET /api/gatherings/{gathering}/history",
    "GET /api/gatherings/{gathering}/feed",
    "GET /api/gatherings/{gathering}/events",
    "GET /api/gatherings/{gathering}/export.{format}",
    "GET /api/documents/{document}/export.csv",
    "GET /api/documents/{document}/overview",
];

#[tokio::test]
async fn every_route_is_described_and_every_description_is_a_route() {
    let day = Day::open().await;
    let api = day.send(Request::new("GET", "/api/openapi.json")).await.expect(200);
    assert!(api["openapi"].as_str().unwrap().starts_with("3.1"));
    let mut described = BTreeSet::new();
    for (path, item) in api["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            described.insert(format!("{} {path}", method.to_uppercase()));
            assert!(operation["summary"].is_string(), "{method} {path}");
            for parameter in path.split('/').filter_map(|part| part.strip_prefix('{')) {
                let name = parameter.trim_end_matches('}');
                let mut told = operation["parameters"].as_array().unwrap().iter();
                assert!(told.any(|p| p["name"] == name && p["in"] == "path"), "{path}");
            }
        }
    }
    assert_eq!(described, ROUTES.iter().map(ToString::to_string).collect());
    for route in &described {
        let (method, path) = route.split_once(' ').unwrap();
        let path = path.replace("{code}", "0000-0000");
        let answer = day.send(Request::new(method, &path)).await;
        assert_ne!(answer.status, 405, "{route}");
        let page = answer.status == 404 && answer.text().contains("such page");
        assert!(!page || path.contains('{'), "{route}: {}", answer.text());
    }
}

#[tokio::test]
async fn every_schema_that_is_named_is_there() {
    let day = Day::open().await;
    let answer = day.send(Request::new("GET", "/api/openapi.json")).await;
    let api = answer.expect(200);
    let schemas = api["components"]["schemas"].as_object().unwrap();
    let named = answer.text().split("\"#/components/schemas/").skip(1);
    let named: BTreeSet<_> = named.map(|rest| rest.split('"').next().unwrap()).collect();
    for name in &named {
        assert!(schemas.contains_key(*name), "{name}");
    }
    assert!(named.contains("Wall") && named.contains("Problem") && named.contains("Insight"));
    assert_eq!(schemas["Join"]["additionalProperties"], false);
    let unmet = schemas.iter().filter(|(_, schema)| schema["description"].is_null());
    let unmet: Vec<_> = unmet.map(|(name, _)| name).collect();
    assert!(unmet.iter().all(|name| name.ends_with("Id") || *name == "JoinCode" || *name == "Day"));
}
