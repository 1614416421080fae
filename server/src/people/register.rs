//! All rolls in memory, and the ways to find somebody in them.

use std::collections::{BTreeMap, HashMap};

use oogst_protocol::api::Codes;
use oogst_protocol::event::Role;
use oogst_protocol::ids::{GatheringId, JoinCode, ParticipantId};
use oogst_protocol::limits::PARTICIPANTS_MAX;

use super::roll::{Entry, Person, Roll};
use super::secret::{self, Digest};
use super::{Admitted, Member, VaultError};

pub(super) struct Register {
    rolls: BTreeMap<GatheringId, Roll>,
    codes: HashMap<JoinCode, (GatheringId, Role)>,
    tokens: HashMap<Digest, Member>,
    return_codes: HashMap<Digest, Member>,
}

impl Register {
    pub(super) fn new(rolls: BTreeMap<GatheringId, Roll>) -> Self {
        let mut register = Self {
            rolls: BTreeMap::new(),
            codes: HashMap::new(),
            tokens: HashMap::new(),
            return_codes: HashMap::new(),
        };
        for (gathering, roll) in rolls {
            register.index(gathering, &roll);
            register.rolls.insert(gathering, roll);
        }
        register
    }

    fn index(&mut self, gathering: GatheringId, roll: &Roll) {
        let codes = &roll.codes;
        self.codes.insert(codes.participant, (gathering, Role::Participant));
        self.codes.insert(codes.guest, (gathering, Role::Guest));
        self.codes.insert(codes.observer, (gathering, Role::Observer));
        self.codes.insert(codes.facilitator, (gathering, Role::Facilitator));
        for (participant, entry) in &roll.people {
            let member = Member { gathering, participant: *participant };
            self.tokens.extend(entry.tokens.iter().map(|token| (*token, member)));
            self.return_codes.extend(entry.return_codes.iter().map(|code| (*code, member)));
        }
    }

    pub(super) fn roll(&self, gathering: GatheringId) -> Option<&Roll> {
        self.rolls.get(&gathering)
    }

    pub(super) fn by_code(&self, code: JoinCode) -> Option<(GatheringId, Role)> {
        self.codes.get(&code).copied()
    }

    pub(super) fn by_token(&self, token: &str) -> Option<Member> {
        self.tokens.get(&Digest::of(token)).copied()
    }

    pub(super) fn by_return_code(&self, typed: &str) -> Option<(Member, String)> {
        let plain = secret::plain_return_code(typed)?;
        let member = self.return_codes.get(&Digest::of(&plain)).copied()?;
        Some((member, plain))
    }

    /// A new gathering, with four codes that no other has.
    pub(super) fn add_gathering(&mut self, gathering: GatheringId) -> Result<Codes, VaultError> {
        if self.rolls.contains_key(&gathering) {
            return Err(VaultError::Known { gathering });
        }
        let mut fresh = Vec::with_capacity(4);
        while fresh.len() < 4 {
            let code = secret::new_join_code();
            if !self.codes.contains_key(&code) && !fresh.contains(&code) {
                fresh.push(code);
            }
        }
        let codes = Codes {
            participant: fresh[0],
            guest: fresh[1],
            observer: fresh[2],
            facilitator: fresh[3],
        };
        let roll = Roll::new(codes.clone());
        self.index(gathering, &roll);
        self.rolls.insert(gathering, roll);
        Ok(codes)
    }

    /// Forgets a gathering: its codes and everybody on its roll.
    pub(super) fn forget_gathering(&mut self, gathering: GatheringId) {
        if self.rolls.remove(&gathering).is_some() {
            self.codes.retain(|_, (other, _)| *other != gathering);
            self.tokens.retain(|_, member| member.gathering != gathering);
            self.return_codes.retain(|_, member| member.gathering != gathering);
        }
    }

    /// The gatherings that have a roll, and how many are on each.
    pub(super) fn rolls(&self) -> impl Iterator<Item = (GatheringId, usize)> {
        self.rolls.iter().map(|(gathering, roll)| (*gathering, roll.people.len()))
    }

    /// Somebody new, with a first token and return code.
    pub(super) fn add_person(
        &mut self,
        member: Member,
        person: Person,
    ) -> Result<Admitted, VaultError> {
        let roll = self.rolls.get_mut(&member.gathering).ok_or(VaultError::Unknown)?;
        if roll.people.len() >= PARTICIPANTS_MAX {
            return Err(VaultError::Full { most: PARTICIPANTS_MAX });
        }
        let entry = Entry { person, tokens: Vec::new(), return_codes: Vec::new() };
        if roll.people.contains_key(&member.participant) {
            return Err(VaultError::Known { gathering: member.gathering });
        }
        roll.people.insert(member.participant, entry);
        let token = self.add_token(member)?;
        let return_code = self.add_return_code(member)?;
        Ok(Admitted { member, token, return_code, is_new: true })
    }

    /// Somebody with all that is kept of them.
    pub(super) fn add_entry(&mut self, member: Member, entry: Entry) -> Result<(), VaultError> {
        let roll = self.rolls.get_mut(&member.gathering).ok_or(VaultError::Unknown)?;
        self.tokens.extend(entry.tokens.iter().map(|token| (*token, member)));
        self.return_codes.extend(entry.return_codes.iter().map(|code| (*code, member)));
        roll.people.insert(member.participant, entry);
        Ok(())
    }

    /// One more token for somebody: another device.
    pub(super) fn add_token(&mut self, member: Member) -> Result<String, VaultError> {
        let token = secret::new_token();
        let digest = Digest::of(&token);
        let oldest = self.entry(member)?.add_token(digest);
        if let Some(oldest) = oldest {
            self.tokens.remove(&oldest);
        }
        self.tokens.insert(digest, member);
        Ok(token)
    }

    /// One more return code for somebody: only its hash is kept, so an old one can't be told.
    pub(super) fn add_return_code(&mut self, member: Member) -> Result<String, VaultError> {
        let (code, digest) = loop {
            let code = secret::new_return_code();
            let digest = Digest::of(&code);
            if !self.return_codes.contains_key(&digest) {
                break (code, digest);
            }
        };
        let oldest = self.entry(member)?.add_return_code(digest);
        if let Some(oldest) = oldest {
            self.return_codes.remove(&oldest);
        }
        self.return_codes.insert(digest, member);
        Ok(code)
    }

    /// Takes back everything that lets somebody in; the name stays.
    pub(super) fn revoke(&mut self, member: Member) -> Result<(), VaultError> {
        let entry = self.entry(member)?;
        let tokens = std::mem::take(&mut entry.tokens);
        let codes = std::mem::take(&mut entry.return_codes);
        for token in tokens {
            self.tokens.remove(&token);
        }
        for code in codes {
            self.return_codes.remove(&code);
        }
        Ok(())
    }

    /// Forgets somebody whole. Nobody there: nothing to do.
    pub(super) fn erase(&mut self, member: Member) {
        if self.revoke(member).is_ok() {
            let roll = self.rolls.get_mut(&member.gathering).expect("it held somebody");
            roll.people.remove(&member.participant);
        }
    }

    pub(super) fn entry(&mut self, member: Member) -> Result<&mut Entry, VaultError> {
        let roll = self.rolls.get_mut(&member.gathering).ok_or(VaultError::Unknown)?;
        roll.people.get_mut(&member.participant).ok_or(VaultError::Unknown)
    }

    pub(super) fn person(&self, gathering: GatheringId, who: ParticipantId) -> Option<&Person> {
        self.rolls.get(&gathering)?.people.get(&who).map(|entry| &entry.person)
    }
}
