//! The HTTP part: one file a resource, and around them all the Origin rule and the headers.
//!
//! Handlers read a request, ask the core or a view, and answer; they decide nothing that the core
//! can decide. Every read asks the core first whether the caller may: what is unknown and what is
//! forbidden look alike. Way in: [`serve`]. The WebSocket beyond its upgrade is in `socket`.

mod archive;
mod ask;
mod assets;
mod auth;
mod codes;
mod conduct;
mod consent;
mod devices;
mod documents;
mod events;
mod exports;
mod feed;
mod files;
mod gate;
mod gatherings;
mod health;
mod history;
mod joining;
mod limits;
mod lines;
mod members;
mod openapi;
mod origin;
mod participants;
mod plan;
mod problem;
mod revert;
mod rounds;
mod sync;
mod themes;
mod votes;
mod wall;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::Server;
use actix_web::middleware::{Compress, from_fn};
use actix_web::{App as Service, HttpRequest, HttpResponse, HttpServer, ResponseError, web};
use oogst_protocol::ids::Seq;
use serde::Deserialize;
use tokio::sync::watch;
use utoipa::openapi::OpenApi;
use utoipa_actix_web::AppExt;
use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) use self::archive::Archives;
pub(crate) use self::ask::Ask;
pub(crate) use self::auth::Identity;
pub(crate) use self::devices::moment;
pub(crate) use self::files::FileLimits;
pub(crate) use self::limits::{Seats, WrongCodes};
pub(crate) use self::origin::OwnOrigins;
use self::problem::ApiError;
pub(crate) use self::revert::Reverts;
use crate::config::TrustedProxies;
use crate::devices::Listening;
use crate::exports::Renders;
use crate::files::{Files, Uploads};
use crate::log::EventLog;
use crate::people::{Operator, Vault};
use crate::socket::Sockets;
use crate::telemetry::Counters;
use crate::views::Views;

/// Largest body of a request, in bytes. What is larger is a document, and goes through `/sync`.
const BODY_BYTES_MAX: usize = 256 << 10;

/// Longest that a client may take to send a request's head.
const HEAD_PATIENCE: Duration = Duration::from_secs(5);

/// How long an idle connection is kept for the next request.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// How long requests may go on after the server was asked to stop.
const STOP_SECONDS: u64 = 2;

/// What every handler can reach.
pub(crate) struct App {
    /// Where the server listens.
    pub(crate) address: SocketAddr,
    /// Which pages are ours.
    pub(crate) own: OwnOrigins,
    /// Knows the operator key.
    pub(crate) operator: Operator,
    /// Names, tokens and codes.
    pub(crate) people: Vault,
    /// The core.
    pub(crate) ask: Ask,
    /// The log, for which gatherings there are.
    pub(crate) log: Arc<dyn EventLog>,
    /// The bytes of files.
    pub(crate) files: Files,
    /// How many there may be.
    pub(crate) file_limits: FileLimits,
    /// Archives that are being made.
    pub(crate) archives: Archives,
    /// Reverts that are worked on.
    pub(crate) reverts: Reverts,
    /// Images on their way in.
    pub(crate) uploads: Uploads,
    /// What was projected from the log.
    pub(crate) views: Views,
    /// Where files of the harvest are made.
    pub(crate) renders: Renders,
    /// Whose word for a client's address is taken.
    pub(crate) proxies: TrustedProxies,
    /// What devices say that they still hold.
    pub(crate) devices: Listening,
    /// Open sockets and feeds by network address.
    pub(crate) seats: Seats,
    /// Wrong codes by network address.
    pub(crate) wrong_codes: WrongCodes,
    /// Makes sockets of requests.
    pub(crate) sockets: Sockets,
    /// What `/metrics` shows.
    pub(crate) counters: Counters,
    /// Turns true when the server stops.
    pub(crate) stopping: watch::Receiver<bool>,
}

/// `?at=SEQ`: the event right after which.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct At {
    at: Option<Seq>,
}

/// Starts answering on `listener`.
///
/// # Errors
///
/// What the system says where the listener cannot be used.
pub(crate) fn serve(app: App, listener: std::net::TcpListener) -> std::io::Result<Server> {
    let app = web::Data::new(app);
    let service = move || {
        let (service, mut api) = Service::new()
            .app_data(app.clone())
            .app_data(
                web::JsonConfig::default()
                    .limit(BODY_BYTES_MAX)
                    // The Origin rule keeps other sites out; a script may leave the type out.
                    .content_type_required(false)
                    .content_type(|_| true)
                    .error_handler(problem::bad_json),
            )
            .app_data(web::QueryConfig::default().error_handler(problem::bad_query))
            .app_data(web::PathConfig::default().error_handler(problem::bad_path))
            .app_data(web::PayloadConfig::new(BODY_BYTES_MAX))
            .into_utoipa_app()
            .openapi(openapi::frame())
            .configure(routes)
            .split_for_parts();
        openapi::complete(&mut api);
        let known = openapi::Routes::of(&api);
        service
            .route("/api/openapi.json", described(&api))
            .default_service(web::to(move |request| {
                std::future::ready(elsewhere(&request, &known))
            }))
            .wrap(Compress::default())
            .wrap(from_fn(gate::pass))
    };
    let server = HttpServer::new(service)
        // An edit would wait up to 40 ms for whoever wrote just now: see `it::prompt`.
        .tcp_nodelay(true)
        .client_request_timeout(HEAD_PATIENCE)
        .keep_alive(KEEP_ALIVE)
        .shutdown_timeout(STOP_SECONDS)
        .disable_signals()
        .listen(listener)?;
    Ok(server.run())
}

fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(health::healthz)
        .service(health::readyz)
        .service(health::metrics)
        .service(codes::qr_code)
        .service(codes::join_page)
        .service(gatherings::open_gathering)
        .service(gatherings::look)
        .service(gatherings::edit_gathering)
        .service(joining::join)
        .service(joining::come_back)
        .service(participants::edit_participant)
        .service(participants::remove_participant)
        .service(conduct::how_it_goes)
        .service(conduct::set_timer)
        .service(conduct::set_spotlight)
        .service(conduct::start_block)
        .service(conduct::end_block)
        .service(conduct::shift_block)
        .service(conduct::set_guests)
        .service(votes::votes)
        .service(votes::open_vote)
        .service(votes::cast_ballot)
        .service(votes::add_paper)
        .service(votes::close_vote)
        .service(votes::merge_themes)
        .service(votes::draw_lot)
        .service(votes::confirm_selection)
        .service(votes::show_selection)
        .service(consent::consent)
        .service(consent::set_consent)
        .service(devices::devices)
        .service(devices::hear_device)
        .service(rounds::run_round)
        .service(rounds::plan_round)
        .service(rounds::form_group)
        .service(revert::revert)
        .service(documents::open_document)
        .service(documents::set_frozen)
        .service(documents::read_document)
        .service(archive::archive)
        .service(archive::backup)
        .service(files::add_file)
        .service(files::read_file)
        .service(plan::overview)
        .service(wall::wall)
        .service(history::history)
        .service(exports::export)
        .service(exports::table)
        .service(events::events)
        .service(feed::feed)
        .service(sync::sync);
}

/// The OpenAPI document, written once a worker.
fn described(api: &OpenApi) -> actix_web::Route {
    let text: Arc<str> = api.to_json().unwrap_or_default().into();
    web::get().to(move || {
        let answer = HttpResponse::Ok().content_type("application/json").body(text.to_string());
        std::future::ready(answer)
    })
}

/// What no handler answers: the web client's files and pages; a known address with another
/// method; nothing.
fn elsewhere(request: &HttpRequest, known: &openapi::Routes) -> HttpResponse {
    let method = request.method();
    let reads = method == actix_web::http::Method::GET || method == actix_web::http::Method::HEAD;
    if let Some(allowed) = known.allowed(request.path()) {
        return ApiError::Method { allowed }.error_response();
    }
    let served =
        if reads { assets::serve(request) } else { Err(ApiError::Unknown { what: "page" }) };
    served.unwrap_or_else(|error| error.error_response())
}

impl App {
    /// The network address that a request came from, through the proxies that are ours.
    fn address_of(&self, request: &HttpRequest) -> IpAddr {
        // None only for sockets of another family, which are never listened on.
        let peer = request.peer_addr().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.ip());
        let forwarded_for = request.headers().get_all("x-forwarded-for");
        // What is no text is no address either, and nothing before it counts.
        let forwarded_for = forwarded_for.map(|header| header.to_str().unwrap_or("?"));
        self.proxies.client(peer, forwarded_for)
    }
}
