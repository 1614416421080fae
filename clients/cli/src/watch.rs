//! `oogst watch`: the wall in a terminal.
//!
//! The feed says that something happened, the wall what it now looks like: it is asked for anew,
//! at most a few times a second however fast the feed tells, and again a little later while
//! somebody writes. So nothing has to be folded here that the server folds already.

use std::io::IsTerminal;
use std::time::Duration;

use clap::Args;
use oogst_client::{Access, ClientError, Feed, News};
use oogst_protocol::api::Wall;
use oogst_protocol::ids::Seq;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc::{self, Receiver};
use tokio::time::Instant;

mod picture;
mod screen;
mod shown;

use self::screen::{Lines, Screen};
use self::shown::{Settled, unsettled};
use crate::Failure;
use crate::options::AsMember;

/// Shortest time between two looks at the wall.
const LOOK_MIN: Duration = Duration::from_millis(300);

/// When to look again while somebody writes, and after a look that failed.
const LOOK_AGAIN: Duration = Duration::from_secs(2);

/// News that wait to be heard; more of them wait on the line.
const NEWS_MAX: usize = 64;

/// Columns of a picture where no terminal says how wide it is.
const COLUMNS: u16 = 80;

/// Shows the wall.
#[derive(Debug, Args)]
pub(crate) struct Watch {
    /// Draws one picture of the wall as it is now and ends [default: follows it]
    #[arg(long)]
    once: bool,
    /// Width of the picture in columns [default: the terminal's, 80 where there is none]
    #[arg(long, value_name = "COLUMNS")]
    width: Option<u16>,
    #[command(flatten)]
    member: AsMember,
}

impl Watch {
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let access = self.member.access()?;
        let title = access.gathering().await?.title;
        let wall = access.wall().await?;
        if self.once {
            return screen::print_once(&title, &wall, self.width);
        }
        let output = if std::io::stdout().is_terminal() {
            Output::Screen(Screen::open(title, self.width)?)
        } else {
            Output::Lines(Lines::default())
        };
        Watcher::new(access, wall, output).follow().await
    }
}

/// Where the wall goes.
enum Output {
    Screen(Screen),
    Lines(Lines),
}

/// Follows a feed; the task ends with its receiver, or after the first error.
fn told(mut feed: Feed) -> Receiver<Result<News, ClientError>> {
    let (tell, told) = mpsc::channel(NEWS_MAX);
    tokio::spawn(async move {
        loop {
            let news = feed.news().await;
            let over = news.is_err();
            if tell.send(news).await.is_err() || over {
                return;
            }
        }
    });
    told
}

struct Watcher {
    access: Access,
    /// What the feed says, from a task of its own: asking again for it takes as long as it takes.
    feed: Receiver<Result<News, ClientError>>,
    wall: Wall,
    settled: Settled,
    output: Output,
    /// Why there is no line at the moment.
    cut: Option<ClientError>,
    /// When to look at the wall again, if there is a reason to.
    due: Option<Instant>,
    looked: Instant,
}

impl Watcher {
    fn new(access: Access, wall: Wall, output: Output) -> Self {
        let feed = told(access.feed(wall.seq));
        let (settled, looked) = (Settled::default(), Instant::now());
        Self { access, feed, wall, settled, output, cut: None, due: None, looked }
    }

    /// Until Ctrl-C or SIGTERM, or until the server refuses.
    async fn follow(mut self) -> Result<(), Failure> {
        let mut resized = signal(SignalKind::window_change()).map_err(Failure::Start)?;
        let mut ended = signal(SignalKind::terminate()).map_err(Failure::Start)?;
        let mut interrupted = signal(SignalKind::interrupt()).map_err(Failure::Start)?;
        self.show()?;
        loop {
            let due = self.due.unwrap_or(self.looked);
            tokio::select! {
                Some(news) = self.feed.recv() => self.hear(news?)?,
                () = tokio::time::sleep_until(due), if self.due.is_some() => self.look().await?,
                _ = resized.recv() => self.show()?,
                _ = ended.recv() => return Ok(()),
                _ = interrupted.recv() => return Ok(()),
            }
        }
    }

    fn hear(&mut self, news: News) -> Result<(), Failure> {
        match news {
            News::Line(_) => self.look_after(LOOK_MIN),
            News::Open => {
                if self.cut.take().is_some() {
                    self.look_after(LOOK_MIN);
                    self.show()?;
                }
            }
            News::Cut(reason) => {
                let first = self.cut.replace(reason).is_none();
                if first {
                    self.show()?;
                }
            }
        }
        Ok(())
    }

    /// A look is due so long after the last one; one that is due earlier stays.
    fn look_after(&mut self, rest: Duration) {
        let at = self.looked + rest;
        self.due = Some(self.due.map_or(at, |due| due.min(at)));
    }

    async fn look(&mut self) -> Result<(), Failure> {
        self.due = None;
        let wall = self.access.wall().await;
        self.looked = Instant::now();
        match wall {
            Ok(wall) => {
                self.wall = wall;
                if unsettled(&self.wall) {
                    self.look_after(LOOK_AGAIN);
                }
                self.show()
            }
            // The feed says when the line is back; until then the picture stays.
            Err(error) if error.passes() => {
                self.look_after(LOOK_AGAIN);
                Ok(())
            }
            Err(error) => Err(error.into()),
        }
    }

    fn show(&mut self) -> Result<(), Failure> {
        if self.due.is_none() && unsettled(&self.wall) {
            self.look_after(LOOK_AGAIN);
        }
        let groups = self.settled.look(&self.wall);
        let seq: Seq = self.wall.seq;
        match &mut self.output {
            Output::Screen(screen) => screen.show(&groups, seq, self.cut.as_ref()),
            Output::Lines(lines) => lines.show(&groups, self.cut.as_ref()),
        }
    }
}
