//! The rows of the kick-off day that only a whole day shows.

use oogst_cli::demo::script::KICK_OFF;
use oogst_cli::demo::{Pace, Play};
use oogst_client::Server as Address;
use oogst_protocol::api::{Attribution, ExportFormat};
use oogst_tests::chance::Chance;
use oogst_tests::proxy::Proxy;
use oogst_tests::server::{OPERATOR_KEY, Server};
use oogst_tests::wait::within;

/// Goal: what five groups type with seven phones each is exported as it was typed, whatever the
/// venue's network does. Method: the demo's day, slips, moves, removals and guests included, over
/// lines that are all cut again and again at moments of chance.
#[tokio::test(flavor = "multi_thread")]
async fn row_002_8_a_harvest_typed_over_lines_that_break_is_exported_letter_by_letter() {
    let server = Server::start().await;
    let proxy = Proxy::start(server.address).await;
    let address = Address::at(&format!("http://{}", proxy.address)).unwrap();
    let how = (7, Pace::times(60.0));
    let play = Play::open(&address, OPERATOR_KEY, KICK_OFF, how).await.unwrap();
    let mut chance =
        Chance::of("row_002_8_a_harvest_typed_over_lines_that_break_is_exported_letter_by_letter");
    let cuts = async {
        loop {
            chance.moment(200..1_200).await;
            proxy.cut();
            proxy.restore();
        }
    };
    let day = async {
        tokio::select! {
            outcome = Box::pin(play.to_the_end(|_| {})) => outcome.unwrap(),
            () = cuts => unreachable!("lines are cut as long as the day goes on"),
        }
    };
    let outcome = Box::pin(within("the end of the day", day)).await;
    assert!(proxy.carried() > 2 * outcome.devices, "lines broke: {}", proxy.carried());
    assert_eq!((outcome.insights, outcome.missing), (57, Vec::new()));

    let mut file =
        play.facilitator().export(ExportFormat::Markdown, Attribution::None).await.unwrap();
    let mut text = Vec::new();
    while let Some(piece) = file.piece().await.unwrap() {
        text.extend_from_slice(&piece);
    }
    assert_eq!(String::from_utf8(text).unwrap(), KICK_OFF.markdown());
}
