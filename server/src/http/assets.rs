//! The web client: its files from the binary, its page for its own routes.
//!
//! Files are looked up by name in the embedded map, never on a path that a request spelled, so
//! there is nothing to climb out of. In debug builds the map reads `clients/web/dist` anew for
//! each request; a release binary carries the files, and is rebuilt when they change (`build.rs`).
//! Without a built client the page says how to build it.

use actix_web::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, ETAG, IF_NONE_MATCH, VARY,
};
use actix_web::{HttpRequest, HttpResponse};
use rust_embed::RustEmbed;

use super::problem::ApiError;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../clients/web/dist"]
#[allow_missing = true]
struct Client;

/// What people see at the client's routes while there is no client.
const NOT_BUILT: &str = include_str!("not_built.html");

/// Routes that the client draws itself; what follows the first part is its own affair.
const CLIENT_ROUTES: [&str; 10] =
    ["j", "nu", "groep", "muur", "regie", "dag", "verslag", "privacy", "toegankelijkheid", "ik"];

/// A file, the client's page, or nothing.
///
/// # Errors
///
/// [`ApiError::Unknown`] where the path names neither.
pub(crate) fn serve(request: &HttpRequest) -> Result<HttpResponse, ApiError> {
    serve_from::<Client>(request)
}

/// The client's page, at whichever of its routes.
pub(crate) fn page(request: &HttpRequest) -> HttpResponse {
    page_from::<Client>(request)
}

fn serve_from<Files: RustEmbed>(request: &HttpRequest) -> Result<HttpResponse, ApiError> {
    let path = request.path().trim_start_matches('/');
    // Ready-made encodings are variants of a file, not files of their own.
    let is_variant = path.ends_with(".br") || path.ends_with(".gz");
    if !path.is_empty() && !is_variant && Files::get(path).is_some() {
        return Ok(file::<Files>(request, path));
    }
    if is_client_route(path) {
        return Ok(page_from::<Files>(request));
    }
    Err(ApiError::Unknown { what: "page" })
}

fn page_from<Files: RustEmbed>(request: &HttpRequest) -> HttpResponse {
    if Files::get("index.html").is_some() {
        return file::<Files>(request, "index.html");
    }
    HttpResponse::Ok()
        .insert_header((CACHE_CONTROL, "no-store"))
        .content_type("text/html; charset=utf-8")
        .body(NOT_BUILT)
}

fn is_client_route(path: &str) -> bool {
    let first = path.split('/').next().unwrap_or_default();
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'_');
    path.is_empty() || (CLIENT_ROUTES.contains(&first) && path.bytes().all(plain))
}

fn file<Files: RustEmbed>(request: &HttpRequest, path: &str) -> HttpResponse {
    let accepted = request.headers().get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    let accepted = accepted.unwrap_or_default();
    let variant = [("br", ".br"), ("gzip", ".gz")].into_iter().find_map(|(encoding, ending)| {
        let offered = accepts(accepted, encoding);
        offered.then(|| Files::get(&format!("{path}{ending}")))?.map(|file| (encoding, file))
    });
    let (encoding, found) = match variant {
        Some((encoding, found)) => (Some(encoding), Some(found)),
        None => (None, Files::get(path)),
    };
    // In debug builds the folder can change between two looks.
    let Some(found) = found else { return HttpResponse::NotFound().finish() };
    let hash = found.metadata.sha256_hash();
    let tag: String = hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    let tag = format!("\"{tag}\"");
    // Vite puts a hash of the content into each name under assets/.
    let immutable = path.starts_with("assets/");
    let caching = if immutable { "public, max-age=31536000, immutable" } else { "no-cache" };
    let fresh = request.headers().get_all(IF_NONE_MATCH).any(|value| {
        value.to_str().is_ok_and(|tags| tags.split(',').any(|known| known.trim() == tag))
    });
    let mut answer = if fresh { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    answer
        .insert_header((CACHE_CONTROL, caching))
        .insert_header((ETAG, tag))
        .insert_header((VARY, "Accept-Encoding"));
    if fresh {
        return answer.finish();
    }
    // Said even where the file goes out as it is: nothing compresses it a second time.
    answer.insert_header((CONTENT_ENCODING, encoding.unwrap_or("identity")));
    answer.content_type(content_type(path)).body(found.data.into_owned())
}

/// Whether an `Accept-Encoding` names `encoding` without refusing it (`;q=0`).
fn accepts(header: &str, encoding: &str) -> bool {
    header.split(',').any(|part| {
        let (name, weight) = part.split_once(';').unwrap_or((part, ""));
        let weight = weight.trim().strip_prefix("q=").map(str::trim);
        let refused = weight.is_some_and(|weight| weight.parse::<f32>() == Ok(0.0));
        name.trim().eq_ignore_ascii_case(encoding) && !refused
    })
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests;
