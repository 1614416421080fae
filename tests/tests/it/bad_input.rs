//! Bad input costs its sender alone: its own socket, with the contract's code and an `error`
//! message first; the log and everybody else stay as they were, within 50 ms of CPU.

mod changes;
mod doors;
mod frames;
mod lanes;
mod overload;
mod rates;

use std::time::Duration;

use automerge::ChangeHash;
use oogst_tests::client::Client;
use oogst_tests::day::Day;
use oogst_tests::line::End;
use oogst_tests::server::Server;

/// Most CPU time that the server may spend on one bad message.
const CPU: Duration = Duration::from_millis(50);

/// A group at work, and one among them who means no good.
struct Scene {
    server: Server,
    day: Day,
    /// Two who just work on.
    honest: [Client; 2],
    /// Connected, with the harvest.
    villain: Client,
}

impl Scene {
    async fn open() -> Self {
        let server = Server::start().await;
        let day = Day::open(&server, &["Wie doet er mee?"]).await;
        let mut seats = Vec::new();
        for name in ["An", "Bo", "Schurk"] {
            let member = day.join(&server, name, 0).await;
            let url = server.sync_url(&member.token);
            seats.push(Client::find(&url, &day.groups[0].harvest).await);
        }
        let [an, bo, villain] = seats.try_into().unwrap();
        let mut scene = Self { server, day, honest: [an, bo], villain };
        scene.work().await;
        scene
    }

    fn harvest(&self) -> String {
        self.day.groups[0].harvest.clone()
    }

    /// The honest edit, each sees the other's, and the villain's copy is as new as theirs.
    async fn work(&mut self) -> Vec<ChangeHash> {
        for _ in 0..2 {
            let [here, there] = &mut self.honest;
            here.add("werk door");
            here.saved().await.unwrap();
            let heads = here.document.get_heads();
            there.reach(&heads).await.unwrap();
            self.honest.swap(0, 1);
        }
        self.honest[0].document.get_heads()
    }

    /// Looks at the log, lets `wrong` do its worst, and checks what it cost.
    async fn refuses(&mut self, code: u16, wrong: impl AsyncFnOnce(&mut Client)) -> End {
        let heads = self.work().await;
        self.villain.reach(&heads).await.unwrap();
        self.villain.settled().await.unwrap();
        let before = self.record().await;
        let cpu = self.server.cpu();
        wrong(&mut self.villain).await;
        let end = self.villain.line().end().await;
        let cost = self.server.cpu() - cpu;
        assert_eq!(end.code, Some(code), "{end:?}");
        assert!(end.error.as_ref().is_some_and(|words| words.len() > 10), "{end:?}");
        assert!(cost < CPU, "it cost {cost:?} of CPU");
        self.unharmed(before).await;
        end
    }

    /// Everything recorded so far: the last seq, the document, the contributions.
    async fn record(&self) -> (u64, serde_json::Value, usize) {
        let (document, seq) = self.day.document(&self.server, 0).await;
        (seq, document, self.day.events(&self.server).await.len())
    }

    /// The log is as it was, and the honest work on over the sockets that they had.
    async fn unharmed(&mut self, before: (u64, serde_json::Value, usize)) {
        assert_eq!(self.record().await, before, "nothing of it is recorded");
        self.work().await;
    }
}
