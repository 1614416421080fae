//! The power goes: what a copy of the disk, taken in the middle of a write, still holds.
//!
//! It takes root and a loop device. Where a machine has neither, the test says so in one line and
//! passes: there is nothing that it could show.

use oogst_tests::chance::Chance;
use oogst_tests::day::Day;
use oogst_tests::image::Image;
use oogst_tests::server::Server;
use oogst_tests::wait::until;
use oogst_tests::writers::{Ledger, Writers, kept, room};
use tempfile::TempDir;

const IMAGES: usize = 10;
/// Sparse: the server keeps a quarter of a gigabyte in reserve, little of it is written.
const IMAGE_BYTES: u64 = 1 << 30;

#[tokio::test(flavor = "multi_thread")]
async fn nothing_acknowledged_is_lost_when_the_machine_dies() {
    let scratch = TempDir::new().unwrap();
    let disk = match Image::create(scratch.path(), "disk", IMAGE_BYTES) {
        Ok(disk) => disk,
        Err(why) => {
            println!("no crash images on this machine, it takes root and a loop mount: {why}");
            return;
        }
    };
    let mut chance = Chance::of("nothing_acknowledged_is_lost_when_the_machine_dies");
    let mut server = Server::on(&disk.folder().join("data")).await;
    let day = Day::open(&server, &["Een", "Twee"]).await;
    let ledger = Ledger::default();
    let clients = room(&server, &day, 2, &ledger).await;
    let writers = Writers::start(clients, &mut chance);
    for number in 0..IMAGES {
        let enough = ledger.count() + 10 + usize::try_from(chance.below(100)).unwrap();
        until("more is acknowledged", || async { (ledger.count() > enough).then_some(()) }).await;
        // What is promised by now must be on the disk by now; what comes later need not be.
        server.pause();
        let promises = ledger.entries();
        let image = disk.copy(scratch.path(), &format!("image-{number}"));
        server.resume();
        let image = image.unwrap_or_else(|why| panic!("image {number} does not mount: {why}"));
        let mut survivor = Server::on(&image.folder().join("data")).await;
        kept(&survivor, &day, &promises).await;
        survivor.kill().await;
    }
    let mut clients = writers.gather().await;
    for client in &mut clients {
        client.leave().await;
    }
    kept(&server, &day, &ledger.entries()).await;
    println!("{IMAGES} images, {} acknowledged edits", ledger.count());
    server.kill().await;
}
