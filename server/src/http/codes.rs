//! The join page and its QR code.
//!
//! Both answer alike for every well-formed code, so neither tells which codes exist.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::{HttpRequest, HttpResponse, get, web};
use oogst_protocol::api::Problem;
use oogst_protocol::ids::JoinCode;
use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};

use super::problem::ApiError;
use super::{App, assets};

/// The page on which people join; the web client reads the code from its address.
#[utoipa::path(
    tag = "joining",
    params(("code" = String, Path, description = "A join code, in any case")),
    responses((status = 200, description = "The page", body = String, content_type = "text/html")),
)]
#[get("/j/{code}")]
pub(super) async fn join_page(request: HttpRequest) -> HttpResponse {
    assets::page(&request)
}

/// The QR code of the join page, for a projector or a sheet of paper.
#[utoipa::path(
    tag = "joining",
    params(("code" = String, Path, description = "A join code, in any case")),
    responses(
        (status = 200, description = "The drawing", body = String, content_type = "image/svg+xml"),
        (status = 404, description = "Not a join code", body = Problem),
    ),
)]
#[get("/j/{code}/qr.svg")]
pub(super) async fn qr_code(
    app: web::Data<App>,
    request: HttpRequest,
    code: web::Path<String>,
) -> Result<HttpResponse, ApiError> {
    let unknown = ApiError::UnknownCode { what: "join code" };
    let Ok(code) = code.parse::<JoinCode>() else { return Err(unknown) };
    let address = format!("{}/j/{code}", app.own.for_links(request.headers()));
    // A quarter of the squares may be hidden or glaring: it hangs in a full room.
    let drawing = QrCode::with_error_correction_level(address.as_bytes(), EcLevel::Q)
        .map_err(ApiError::ours)?
        .render::<svg::Color<'_>>()
        .min_dimensions(256, 256)
        .build();
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "image/svg+xml"))
        .insert_header((CACHE_CONTROL, "no-cache"))
        .body(drawing))
}
