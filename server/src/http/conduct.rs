//! Conducting the day: blocks, clocks, the spotlight, guests. Every answer is how the day goes.

use actix_web::{get, put, web};
use oogst_core::port::{self, Caller, Command, Conducting};
use oogst_protocol::api::{
    BlockTimes, Conduct, Guests, Problem, SetGuests, SetSpotlight, SetTimer, ShiftBlock, Timer,
};
use oogst_protocol::event::TimerScope;
use oogst_protocol::ids::{GatheringId, ItemId};

use super::problem::ApiError;
use super::{App, Identity};

/// How the day goes: blocks' real times, clocks, spotlight, guests; and the server's time.
#[utoipa::path(
    tag = "conduct",
    params(("gathering" = GatheringId, Path, description = "The gathering")),
    responses(
        (status = 200, description = "How the day goes", body = Conduct),
    ),
)]
#[get("/api/gatherings/{gathering}/conduct")]
pub(super) async fn how_it_goes(
    app: web::Data<App>,
    identity: Identity,
    gathering: web::Path<GatheringId>,
) -> Result<web::Json<Conduct>, ApiError> {
    let gathering = gathering.into_inner();
    let caller = identity.caller_in(gathering)?;
    Ok(web::Json(app.ask.conduct(gathering, caller).await?))
}

/// Starts a clock, or stops it. A clock of as many seconds that still runs goes on as it does, so
/// that a request sent twice starts it once: whoever wants it from the start stops it first.
/// Facilitators.
#[utoipa::path(
    tag = "conduct",
    params(("gathering" = GatheringId, Path, description = "The gathering")),
    request_body = SetTimer,
    responses(
        (status = 200, description = "How the day goes", body = Conduct),
        (status = 400, description = "No such clock", body = Problem),
        (status = 404, description = "No such gathering, group or document", body = Problem),
        (status = 409, description = "Closed, or too many clocks", body = Problem),
    ),
)]
#[put("/api/gatherings/{gathering}/timer")]
pub(super) async fn set_timer(
    app: web::Data<App>,
    identity: Identity,
    gathering: web::Path<GatheringId>,
    body: web::Json<SetTimer>,
) -> Result<web::Json<Conduct>, ApiError> {
    let SetTimer { scope, seconds } = body.into_inner();
    let scope = scope.map_or(TimerScope::Gathering, TimerScope::from);
    let asked = match seconds {
        Some(seconds) => Conducting::StartTimer { scope, seconds },
        None => Conducting::StopTimer { scope },
    };
    app.conducted(identity, gathering.into_inner(), asked).await
}

/// Puts a group, a round or an item in the spotlight, or nothing. Facilitators, and only what
/// they may read.
#[utoipa::path(
    tag = "conduct",
    params(("gathering" = GatheringId, Path, description = "The gathering")),
    request_body = SetSpotlight,
    responses(
        (status = 200, description = "How the day goes", body = Conduct),
        (status = 400, description = "No such spotlight", body = Problem),
        (status = 404, description = "No such gathering, group, round or document",
            body = Problem),
        (status = 409, description = "The gathering is closed", body = Problem),
    ),
)]
#[put("/api/gatherings/{gathering}/spotlight")]
pub(super) async fn set_spotlight(
    app: web::Data<App>,
    identity: Identity,
    gathering: web::Path<GatheringId>,
    body: web::Json<SetSpotlight>,
) -> Result<web::Json<Conduct>, ApiError> {
    let spotlight = body.into_inner().spotlight.map(Into::into);
    app.conducted(identity, gathering.into_inner(), Conducting::SetSpotlight { spotlight }).await
}

/// Begins a block of the programme, and so ends the one that runs. Facilitators.
#[utoipa::path(
    tag = "conduct",
    params(
        ("gathering" = GatheringId, Path, description = "The gathering"),
        ("block" = ItemId, Path, description = "The block, as the programme has it"),
    ),
    responses(
        (status = 200, description = "How the day goes", body = Conduct),
        (status = 409, description = "Closed, or too many blocks", body = Problem),
    ),
)]
#[put("/api/gatherings/{gathering}/blocks/{block}/started")]
pub(super) async fn start_block(
    app: web::Data<App>,
    identity: Identity,
    path: web::Path<(GatheringId, ItemId)>,
) -> Result<web::Json<Conduct>, ApiError> {
    let (gathering, block) = path.into_inner();
    app.conducted(identity, gathering, Conducting::StartBlock { block }).await
}

/// Ends a block that runs. Facilitators.
#[utoipa::path(
    tag = "conduct",
    params(
        ("gathering" = GatheringId, Path, description = "The gathering"),
        ("block" = ItemId, Path, description = "The block, as the programme has it"),
    ),
    responses(
        (status = 200, description = "How the day goes", body = Conduct),
        (status = 409, description = "Closed, or the block has not begun", body = Problem),
    ),
)]
#[put("/api/gatherings/{gathering}/blocks/{block}/ended")]
pub(super) async fn end_block(
    app: web::Data<App>,
    identity: Identity,
    path: web::Path<(GatheringId, ItemId)>,
) -> Result<web::Json<Conduct>, ApiError> {
    let (gathering, block) = path.into_inner();
    app.conducted(identity, gathering, Conducting::EndBlock { block }).await
}

/// Puts a block and all after it later than planned, or earlier. Facilitators.
#[utoipa::path(
    tag = "conduct",
    params(
        ("gathering" = GatheringId, Path, description = "The gathering"),
        ("block" = ItemId, Path, description = "The block, as the programme has it"),
    ),
    request_body = ShiftBlock,
    responses(
        (status = 200, description = "How the day goes", body = Conduct),
        (status = 400, description = "No such shift", body = Problem),
        (status = 409, description = "Closed, or too many blocks", body = Problem),
    ),
)]
#[put("/api/gatherings/{gathering}/blocks/{block}/shifted")]
pub(super) async fn shift_block(
    app: web::Data<App>,
    identity: Identity,
    path: web::Path<(GatheringId, ItemId)>,
    body: web::Json<ShiftBlock>,
) -> Result<web::Json<Conduct>, ApiError> {
    let (gathering, block) = path.into_inner();
    let ShiftBlock { minutes } = body.into_inner();
    app.conducted(identity, gathering, Conducting::ShiftBlock { block, minutes }).await
}

/// Says when guests will be let in, lets them in, or ends their time. Facilitators.
#[utoipa::path(
    tag = "conduct",
    params(("gathering" = GatheringId, Path, description = "The gathering")),
    request_body = SetGuests,
    responses(
        (status = 200, description = "How the day goes", body = Conduct),
        (status = 400, description = "No such time", body = Problem),
        (status = 409, description = "Closed, or guests are in already", body = Problem),
    ),
)]
#[put("/api/gatherings/{gathering}/guests")]
pub(super) async fn set_guests(
    app: web::Data<App>,
    identity: Identity,
    gathering: web::Path<GatheringId>,
    body: web::Json<SetGuests>,
) -> Result<web::Json<Conduct>, ApiError> {
    let asked = match body.into_inner() {
        SetGuests::Expected { starts } => Conducting::AnnounceGuests { starts },
        SetGuests::Admitted { until } => Conducting::AdmitGuests { until },
        SetGuests::Dismissed {} => Conducting::DismissGuests,
    };
    app.conducted(identity, gathering.into_inner(), asked).await
}

impl App {
    async fn conducted(
        &self,
        identity: Identity,
        gathering: GatheringId,
        asked: Conducting,
    ) -> Result<web::Json<Conduct>, ApiError> {
        let caller: Caller = identity.caller_in(gathering)?;
        self.ask.command(gathering, caller, Command::Conduct(asked)).await?;
        Ok(web::Json(self.ask.conduct(gathering, caller).await?))
    }
}

/// How the day goes, as it is shown.
pub(super) fn shown(seen: port::Conduct) -> Conduct {
    let port::Conduct { now, running, blocks, timers, spotlight, guests } = seen;
    let times = |(id, block): (ItemId, port::Block)| {
        let port::Block { started, ended, shifted_minutes } = block;
        BlockTimes { id, started, ended, shifted_minutes }
    };
    let timer = |(scope, timer): (TimerScope, port::Timer)| {
        let port::Timer { started, seconds } = timer;
        Timer { scope: scope.into(), started, seconds }
    };
    Conduct {
        now,
        running,
        blocks: blocks.into_iter().map(times).collect(),
        timers: timers.into_iter().map(timer).collect(),
        spotlight: spotlight.map(Into::into),
        guests: match guests {
            port::Guests::Expected { starts } => Guests::Expected { starts },
            port::Guests::Admitted { until } => Guests::Admitted { until },
            port::Guests::Dismissed => Guests::Dismissed {},
        },
    }
}
