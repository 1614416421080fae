//! `oogst open`: a gathering, its codes and its links.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use oogst_client::Server;
use oogst_protocol::api::{Codes, NewGathering, NewGroup};
use oogst_protocol::ids::JoinCode;
use oogst_protocol::schema::DayTemplate;
use oogst_protocol::time::Day;

use crate::Failure;
use crate::options::{AsOperator, AtServer};
use crate::pass::Pass;
use crate::plain::plain;

/// Opens a gathering and prints its join codes and links.
#[derive(Debug, Args)]
pub(crate) struct Open {
    /// What the day is called: 1 to 300 characters.
    #[arg(value_name = "TITLE")]
    title: String,
    /// A group of the first round, with its learning question if it has one already; repeat it
    /// for each group, at most 50 times [default: no groups yet]
    #[arg(long = "group", value_name = "NAME[=QUESTION]", value_parser = group)]
    groups: Vec<NewGroup>,
    /// Language of the day, BCP 47 [default: nl-BE]
    #[arg(long, value_name = "LANGUAGE")]
    language: Option<String>,
    /// The day, as 2026-11-21 [default: none]
    #[arg(long, value_name = "DATE")]
    date: Option<Day>,
    /// How many people take part at most, 1 to 1000 [default: any number]
    #[arg(long, value_name = "NUMBER")]
    participants_max: Option<u16>,
    /// What the programme begins as: participation, government, kick_off, training or green
    /// [default: an empty programme]
    #[arg(long, value_name = "DAY", value_parser = day)]
    day: Option<DayTemplate>,
    /// Where to keep the facilitator's token, with mode 0600, instead of printing it
    /// [default: it is printed]
    #[arg(long, value_name = "FILE", env = "OOGST_TOKEN_FILE")]
    token_file: Option<PathBuf>,
    #[command(flatten)]
    operator: AsOperator,
    #[command(flatten)]
    at: AtServer,
}

fn group(text: &str) -> Result<NewGroup, &'static str> {
    let (name, question) = match text.split_once('=') {
        Some((name, question)) => (name, Some(question.trim().to_owned())),
        None => (text, None),
    };
    let name = name.trim().to_owned();
    if name.is_empty() {
        return Err("a group needs a name");
    }
    Ok(NewGroup { name, question, ..NewGroup::default() })
}

fn day(text: &str) -> Result<DayTemplate, String> {
    let found = DayTemplate::ALL.iter().find(|day| day.name() == text);
    let names = || DayTemplate::ALL.iter().map(|day| day.name()).collect::<Vec<_>>().join(", ");
    found.copied().ok_or_else(|| format!("a day is one of {}", names()))
}

impl Open {
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let server = self.at.server();
        let gathering = NewGathering {
            title: self.title,
            language: self.language,
            date: self.date,
            groups: self.groups,
            day: self.day,
            participants_max: self.participants_max,
            ..NewGathering::default()
        };
        let opened = server.open_gathering(&self.operator.key()?, &gathering).await?;
        let (id, token) = (opened.gathering.id, &opened.facilitator_token);
        let mut out = std::io::stdout().lock();
        let told = match &self.token_file {
            None => format!("facilitator's token: {token}"),
            Some(path) => {
                Pass::new(&server, id, token).write(path)?;
                format!("facilitator's token: kept in {}", path.display())
            }
        };
        let title = plain(&opened.gathering.title);
        let mut text = format!("gathering: {id} {title}\n{told}\n");
        if let Some(codes) = &opened.gathering.codes {
            text.push_str(&links(&server, codes));
        }
        out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(Failure::Output)
    }
}

/// A line a code: what it lets people be, the code, and the link that holds it.
pub(crate) fn links(server: &Server, codes: &Codes) -> String {
    let line = |role: &str, code: &JoinCode| {
        format!("{role}: {code} {}\n", server.link(&format!("/j/{code}")))
    };
    [
        line("participant", &codes.participant),
        line("guest", &codes.guest),
        line("observer", &codes.observer),
        line("facilitator", &codes.facilitator),
    ]
    .concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_a_name_and_maybe_a_question() {
        let question = |text: &str| group(text).unwrap().question;
        assert_eq!(group(" Tafel 1 ").unwrap().name, "Tafel 1");
        assert_eq!(question("Tafel 1=Wie is er niet?").as_deref(), Some("Wie is er niet?"));
        assert_eq!(question("Tafel 1"), None);
        assert!(group("=Wie?").is_err());
    }

    #[test]
    fn a_day_goes_by_the_name_that_the_server_knows() {
        assert_eq!(day("kick_off"), Ok(DayTemplate::KickOff));
        assert!(day("kick-off").unwrap_err().ends_with("kick_off, training, green"));
    }
}
