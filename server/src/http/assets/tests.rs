//! The client's files on a folder of samples, and on none.

use actix_web::body::to_bytes;
use actix_web::http::StatusCode;
use actix_web::http::header::HeaderName;
use actix_web::test::TestRequest;

use super::*;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/src/http/assets/sample"]
struct Sample;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/src/http/assets/nothing"]
#[allow_missing = true]
struct Nothing;

fn get(path: &str, headers: &[(HeaderName, &str)]) -> Option<HttpResponse> {
    let mut request = TestRequest::get().uri(path);
    for (name, value) in headers {
        request = request.insert_header((name.clone(), *value));
    }
    serve_from::<Sample>(&request.to_http_request()).ok()
}

fn header(answer: &HttpResponse, name: HeaderName) -> &str {
    answer.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

async fn text(answer: HttpResponse) -> String {
    String::from_utf8(to_bytes(answer.into_body()).await.unwrap().to_vec()).unwrap()
}

#[actix_web::test]
async fn the_best_ready_made_encoding_that_is_accepted_goes_out() {
    let path = "/assets/main-abc123.js";
    for (accepted, encoding, body) in [
        ("gzip, deflate, br", "br", "pretend brotli"),
        ("gzip, deflate", "gzip", "pretend gzip"),
        ("br;q=0, gzip", "gzip", "pretend gzip"),
        ("identity", "identity", "raw script\n"),
    ] {
        let answer = get(path, &[(ACCEPT_ENCODING, accepted)]).unwrap();
        assert_eq!(header(&answer, CONTENT_ENCODING), encoding);
        assert_eq!(header(&answer, VARY), "Accept-Encoding");
        assert_eq!(
            header(&answer, actix_web::http::header::CONTENT_TYPE),
            "text/javascript; charset=utf-8"
        );
        assert_eq!(text(answer).await, body);
    }
}

#[actix_web::test]
async fn hashed_names_are_kept_for_ever_and_others_are_asked_again_by_their_tag() {
    let hashed = get("/assets/core-abc123.wasm", &[]).unwrap();
    assert!(header(&hashed, CACHE_CONTROL).contains("immutable"));
    assert_eq!(header(&hashed, actix_web::http::header::CONTENT_TYPE), "application/wasm");
    let worker = get("/sw.js", &[]).unwrap();
    assert_eq!(header(&worker, CACHE_CONTROL), "no-cache");
    let tag = header(&worker, ETAG).to_owned();
    let again = get("/sw.js", &[(IF_NONE_MATCH, &tag)]).unwrap();
    assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    let other = get("/sw.js", &[(IF_NONE_MATCH, "\"another\"")]).unwrap();
    assert_eq!(other.status(), StatusCode::OK);
}

#[actix_web::test]
async fn the_page_answers_at_its_own_routes_alone() {
    for ours in ["/", "/j/7K3M-9QXB", "/groep", "/muur", "/groep/7f3a"] {
        let page = get(ours, &[]).unwrap_or_else(|| panic!("{ours}"));
        assert_eq!(header(&page, CACHE_CONTROL), "no-cache");
        assert!(text(page).await.contains("<title>sample"));
    }
    let outside = [
        "/../../../../etc/passwd",
        "/assets/../../tests.rs",
        "/assets/..%2f..%2ftests.rs",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/..\\..\\etc\\passwd",
        "//etc/passwd",
        "/assets/main-abc123.js.br",
        "/assets",
        "/assets/",
        "/j/../../etc",
        "/groep/%2e%2e/x",
        "/.env",
        "/x",
        "/jj/ABCD",
    ];
    for path in outside {
        assert!(get(path, &[]).is_none(), "{path}");
    }
}

#[actix_web::test]
async fn without_a_built_client_the_page_says_how_to_build_it() {
    let request = TestRequest::get().uri("/groep").to_http_request();
    let page = serve_from::<Nothing>(&request).unwrap();
    assert!(text(page).await.contains("cargo xtask run"));
}

#[test]
fn an_encoding_is_used_only_where_it_is_named_and_not_refused() {
    assert!(accepts("gzip, deflate, br", "br"));
    assert!(accepts("gzip;q=0.5, BR;q=1.0", "br"));
    assert!(!accepts("gzip, deflate", "br"));
    assert!(!accepts("br;q=0, gzip", "br"));
    assert!(!accepts("", "gzip"));
}
