//! A roll that comes from an archive, written while no server runs.

use std::collections::BTreeMap;
use std::path::Path;

use oogst_protocol::api::Codes;
use oogst_protocol::ids::{GatheringId, ParticipantId};

use super::register::Register;
use super::roll::{self, Entry, Roll};
use super::{Member, PEOPLE_DIRECTORY, VaultError};
use crate::disk;

/// Names, each with the return code by which they come in.
pub(crate) type Welcomed = Vec<(String, String)>;

/// Whether the vault knows a gathering.
pub(crate) fn has_roll(data: &Path, gathering: GatheringId) -> bool {
    roll::path(&data.join(PEOPLE_DIRECTORY), gathering).exists()
}

/// Writes a gathering's roll: with the codes that it had, or new ones. `welcome` get a new return
/// code each, by which they can come in. What an earlier try has left gives way. Blocks.
pub(crate) fn restore_roll(
    data: &Path,
    gathering: GatheringId,
    codes: Option<Codes>,
    people: BTreeMap<ParticipantId, Entry>,
    welcome: &[ParticipantId],
) -> Result<(Codes, Welcomed), VaultError> {
    let directory = data.join(PEOPLE_DIRECTORY);
    let mut register = if let Some(codes) = codes {
        disk::private_directory(&directory).map_err(|source| VaultError::Io {
            doing: "make private",
            path: directory.clone(),
            source,
        })?;
        Register::new(BTreeMap::from([(gathering, Roll::new(codes))]))
    } else {
        // New codes are none that another gathering has.
        let mut rolls = roll::load_all(&directory)?;
        rolls.remove(&gathering);
        let mut register = Register::new(rolls);
        register.add_gathering(gathering)?;
        register
    };
    for (participant, entry) in people {
        register.add_entry(Member { gathering, participant }, entry)?;
    }
    let mut welcomed = Vec::new();
    for participant in welcome {
        let member = Member { gathering, participant: *participant };
        let name = register.entry(member)?.person.name.clone();
        welcomed.push((name, register.add_return_code(member)?));
    }
    let roll = register.roll(gathering).ok_or(VaultError::Unknown)?;
    roll.save(&directory, gathering)?;
    Ok((roll.codes.clone(), welcomed))
}
