//! `oogst join`: come in with a code, and sit down with a group.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use oogst_protocol::api::{self, Gathering};
use oogst_protocol::ids::GroupId;

use crate::Failure;
use crate::options::AtServer;
use crate::pass::Pass;
use crate::plain::plain;

/// Joins a gathering with its code and prints what brings the same person back.
#[derive(Debug, Args)]
pub(crate) struct Join {
    /// The join code, XXXX-XXXX, in any case, with or without its hyphen.
    #[arg(value_name = "CODE")]
    code: String,
    /// The name to go by: 1 to 80 characters.
    #[arg(value_name = "NAME")]
    name: String,
    /// Where you come from: at most 80 characters [default: not said]
    #[arg(long, value_name = "NAME")]
    organisation: Option<String>,
    /// Your region: at most 80 characters [default: not said]
    #[arg(long, value_name = "NAME")]
    region: Option<String>,
    /// Somebody who shares this device; repeat it, at most 5 times [default: nobody]
    #[arg(long, value_name = "NAME")]
    together_with: Vec<String>,
    /// The group to sit down with, by its name [default: none yet]
    #[arg(long, value_name = "NAME")]
    group: Option<String>,
    /// Where to keep the token, with mode 0600, instead of printing it [default: it is printed]
    #[arg(long, value_name = "FILE", env = "OOGST_TOKEN_FILE")]
    token_file: Option<PathBuf>,
    #[command(flatten)]
    at: AtServer,
}

impl Join {
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let server = self.at.server();
        let together = (!self.together_with.is_empty()).then_some(self.together_with);
        let member = server
            .join(&api::Join {
                code: self.code,
                name: self.name,
                organisation: self.organisation,
                region: self.region,
                language: None,
                together_with: together,
            })
            .await?;
        let joined = member.joined();
        let (gathering, who) = (&joined.gathering, &joined.participant);
        let told = match &self.token_file {
            None => format!("token: {}", joined.token),
            Some(path) => {
                Pass::new(&server, gathering.id, &joined.token).write(path)?;
                format!("token: kept in {}", path.display())
            }
        };
        let text = format!(
            "gathering: {} {}\nparticipant: {} {}\nreturn code: {}\n{told}\n",
            gathering.id,
            plain(&gathering.title),
            who.id,
            plain(&who.name),
            joined.return_code,
        );
        // First what is told only once: a group that is not there must not lose it.
        let mut out = std::io::stdout().lock();
        out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(Failure::Output)?;
        let seat = match &self.group {
            None => who.group,
            Some(name) => member.move_to(Some(named(gathering, name)?)).await?.group,
        };
        let at = |id: GroupId| gathering.groups.iter().find(|group| group.id == id);
        let line = match seat {
            None => "group: none yet\n".to_owned(),
            Some(id) => format!("group: {id} {}\n", plain(at(id).map_or("", |group| &group.name))),
        };
        out.write_all(line.as_bytes()).and_then(|()| out.flush()).map_err(Failure::Output)
    }
}

/// The group of that name, in any case.
fn named(gathering: &Gathering, name: &str) -> Result<GroupId, Failure> {
    let sought = name.trim().to_lowercase();
    let found = gathering.groups.iter().find(|group| group.name.trim().to_lowercase() == sought);
    found.map(|group| group.id).ok_or_else(|| {
        let names: Vec<_> = gathering.groups.iter().map(|group| plain(&group.name)).collect();
        let names = if names.is_empty() { "none yet".to_owned() } else { names.join(", ") };
        Failure::Missing(format!(
            "you are in, but there is no group `{}`: the groups are {names}",
            plain(name)
        ))
    })
}
