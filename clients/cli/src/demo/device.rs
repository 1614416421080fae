//! One simulated person at a device: a line of their own, and what the script has them do.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use oogst_client::{Access, ClientError, Document, Member, Session};
use oogst_protocol::ids::DocumentId;
use tokio::sync::mpsc::Receiver;
use tokio::time::sleep;

use super::map_and_plan::{Entry, Put};
use super::pace::Pace;
use super::photo::png;
use super::play::again;
use super::script::{Deed, Harvest, Picture, Piece, RegionQuestion, pieces};
use super::typing::{Born, Text, find, flag, put, show, told};
use crate::chance::{Chance, item};

/// What every insight is born with, as the web client has it.
const INSIGHT_MAPS: &[&str] = &["supports", "said_by"];

/// Where an item stands that is put elsewhere later: behind all others.
const LAST: &str = "z";

/// What a device is told to do next.
#[derive(Clone, Debug)]
pub(super) enum Task {
    /// To sit down at its table, whose harvest this is.
    Sit(DocumentId),
    /// Something at its table.
    Deed(Deed),
    /// A region's question, in the programme: which of them.
    Ask(usize, RegionQuestion, &'static str),
    /// Something in a common document of the gathering.
    Write(DocumentId, Arc<Entry>),
}

/// One person's device.
pub(super) struct Device {
    /// The script's seed and this person's own chance.
    seed: u64,
    chance: Chance,
    pace: Pace,
    /// Where the person sits, and what stands there at the end.
    table: usize,
    end: Harvest,
    /// Who it is.
    me: String,
    access: Access,
    session: Session,
    programme: Document,
    /// The table's, from the theme round on.
    harvest: Option<Document>,
    /// Those that the person writes in.
    commons: BTreeMap<DocumentId, Document>,
}

/// A device's copies, at the end of the play.
#[derive(Clone, Debug)]
pub(super) struct Copies {
    pub(super) table: usize,
    pub(super) programme: Document,
    pub(super) harvest: Document,
    pub(super) commons: BTreeMap<DocumentId, Document>,
}

impl Device {
    /// Opens the line and fetches the programme.
    ///
    /// # Errors
    ///
    /// Why the line ended.
    pub(super) async fn open(
        member: &Member,
        programme: DocumentId,
        (seed, pace): (u64, Pace),
        (table, end): (usize, Harvest),
    ) -> Result<Self, ClientError> {
        let session = member.connect();
        let programme = session.find(programme).await?;
        let who = &member.joined().participant;
        let (chance, me) = (Chance::of(seed, &who.name), who.id.to_string());
        let (access, harvest, commons) = (member.access().clone(), None, BTreeMap::new());
        Ok(Self {
            seed,
            chance,
            pace,
            table,
            end,
            me,
            access,
            session,
            programme,
            harvest,
            commons,
        })
    }

    /// Does what comes, one thing after the other, and waits until all is on the server's disk.
    ///
    /// # Errors
    ///
    /// Why the line ended.
    pub(super) async fn act(mut self, mut tasks: Receiver<Task>) -> Result<Copies, ClientError> {
        while let Some(task) = tasks.recv().await {
            match task {
                Task::Sit(harvest) => self.harvest = Some(self.session.find(harvest).await?),
                Task::Deed(deed) => self.perform(deed).await?,
                Task::Ask(place, question, region) => self.ask(place, question, region).await?,
                Task::Write(common, entry) => self.write(common, &entry).await?,
            }
        }
        let (table, harvest, programme) = (self.table, self.harvest()?, self.programme);
        for document in [&harvest, &programme].into_iter().chain(self.commons.values()) {
            document.saved().await?;
        }
        Ok(Copies { table, programme, harvest, commons: self.commons })
    }

    /// The table's harvest: nobody acts there before they sit down.
    fn harvest(&self) -> Result<Document, ClientError> {
        let missing = || ClientError::NotUnderstood { what: "a deed at no table".to_owned() };
        self.harvest.clone().ok_or_else(missing)
    }

    fn item(&self, key: &str) -> String {
        item(self.seed, self.table, key).to_string()
    }

    async fn perform(&mut self, deed: Deed) -> Result<(), ClientError> {
        match deed {
            Deed::Word { key, text } => self.word(key, text).await,
            Deed::Consent { key } => {
                let (item, me) = (self.item(key), self.me.clone());
                self.flag(["wordings", &item, "consents"], &me, true).await
            }
            Deed::Choose { key, text } => self.choose(key, text).await,
            Deed::Add { key, under, category, text } => self.add(key, under, category, text).await,
            Deed::Mend { key, from, to } => self.mend(key, (from, to)).await,
            Deed::Support { key } => {
                let (item, me) = (self.item(key), self.me.clone());
                self.flag(["insights", &item, "supports"], &me, true).await
            }
            Deed::Highlight { key } => self.mark(key, "highlight", true).await,
            Deed::Move { key, under } => self.put_under(key, under).await,
            Deed::Remove { key } => self.mark(key, "removed", true).await,
            Deed::Restore { key } => {
                let item = self.item(key);
                let gone = |copy: &automerge::Automerge| {
                    flag(copy, &["insights", &item], "removed").filter(|removed| *removed)
                };
                self.harvest()?.until(gone).await?;
                self.mark(key, "removed", false).await
            }
            Deed::Photo { key, picture } => self.photo(key, picture).await,
        }
    }

    async fn word(&mut self, key: &str, text: &str) -> Result<(), ClientError> {
        let harvest = self.harvest()?;
        let item = self.item(key);
        let place = self.end.wordings.iter().position(|(found, _)| *found == key);
        let born = Born {
            map: &["wordings"],
            item: &item,
            author: Some(&self.me),
            created: now(),
            position: &position(place),
            maps: &["consents"],
            values: Vec::new(),
            texts: Vec::new(),
        };
        harvest.edit(|tx| born.add(tx))?;
        self.type_in(&harvest, &Text::item("wordings", &item), text).await
    }

    async fn choose(&mut self, key: &str, text: &str) -> Result<(), ClientError> {
        let harvest = self.harvest()?;
        let item = self.item(key);
        harvest.until(|copy| find(copy, &["wordings", &item]).ok()?).await?;
        harvest.edit(|tx| {
            put(tx, &[], "chosen", item.as_str())?;
            Text::question().clear(tx)
        })?;
        self.type_in(&harvest, &Text::question(), text).await
    }

    async fn add(
        &mut self,
        key: &str,
        under: Option<&str>,
        category: &str,
        text: &str,
    ) -> Result<(), ClientError> {
        let harvest = self.harvest()?;
        let item = self.item(key);
        let parent = under.map(|key| self.item(key));
        if let Some(parent) = &parent {
            harvest.until(|copy| find(copy, &["insights", parent]).ok()?).await?;
        }
        let settled = self.end.insights.iter().find(|insight| insight.key == key);
        let stays = settled.is_some_and(|insight| insight.parent == under);
        let place = if stays { position(self.end.rank(key)) } else { LAST.to_owned() };
        let born = Born {
            map: &["insights"],
            item: &item,
            author: Some(&self.me),
            created: now(),
            position: &place,
            maps: INSIGHT_MAPS,
            values: vec![
                ("parent", parent),
                ("category", Some(category.to_owned())),
                ("language", Some("nl-BE".to_owned())),
            ],
            texts: Vec::new(),
        };
        harvest.edit(|tx| born.add(tx))?;
        self.type_in(&harvest, &Text::item("insights", &item), text).await
    }

    async fn mend(&mut self, key: &str, words: (&str, &str)) -> Result<(), ClientError> {
        let harvest = self.harvest()?;
        let text = Text::item("insights", &self.item(key));
        let stands = |copy: &automerge::Automerge| {
            text.read(copy).filter(|now| now.contains(words.0)).map(|_| ())
        };
        harvest.until(stands).await?;
        harvest.edit(|tx| text.mend(tx, words)).map(|_| ())
    }

    async fn put_under(&mut self, key: &str, under: Option<&str>) -> Result<(), ClientError> {
        let harvest = self.harvest()?;
        let item = self.item(key);
        let parent = under.map(|key| self.item(key));
        let place = position(self.end.rank(key));
        for known in parent.iter().chain([&item]) {
            harvest.until(|copy| find(copy, &["insights", known]).ok()?).await?;
        }
        harvest
            .edit(|tx| {
                let path = ["insights", item.as_str()];
                let parent = parent.as_deref();
                put(tx, &path, "parent", parent.map_or(automerge::ScalarValue::Null, Into::into))?;
                put(tx, &path, "position", place.as_str())
            })
            .map(|_| ())
    }

    async fn mark(&mut self, key: &str, name: &str, value: bool) -> Result<(), ClientError> {
        let item = self.item(key);
        self.flag(["insights", &item, ""], name, value).await
    }

    /// Sets a flag of something that is there, or will be; an empty name ends the path early.
    async fn flag(&mut self, path: [&str; 3], name: &str, value: bool) -> Result<(), ClientError> {
        let harvest = self.harvest()?;
        let path: Vec<&str> = path.into_iter().filter(|part| !part.is_empty()).collect();
        harvest.until(|copy| find(copy, &path).ok()?).await?;
        harvest.edit(|tx| put(tx, &path, name, value)).map(|_| ())
    }

    async fn ask(
        &mut self,
        place: usize,
        question: RegionQuestion,
        region: &str,
    ) -> Result<(), ClientError> {
        let item = region_question(self.seed, place);
        let born = Born {
            map: &["questions"],
            item: &item,
            author: Some(&self.me),
            created: now(),
            position: &position(Some(place)),
            maps: &[],
            values: vec![("kind", Some(question.kind.to_owned()))],
            texts: vec![("region", region)],
        };
        self.programme.edit(|tx| born.add(tx))?;
        self.type_in(&self.programme.clone(), &Text::item("questions", &item), question.text).await
    }

    async fn photo(&mut self, key: &str, picture: &Picture) -> Result<(), ClientError> {
        let harvest = self.harvest()?;
        let item = self.item(key);
        let path = ["insights", item.as_str()];
        harvest.until(|copy| find(copy, &path).ok()?).await?;
        let image = png(picture);
        // Made again after an answer that was lost, it adds a file that nothing shows.
        let file = again(|| self.access.add_photo(harvest.id(), image.clone())).await?.id;
        harvest.edit(|tx| show(tx, &path, &file.to_string())).map(|_| ())
    }

    async fn write(&mut self, common: DocumentId, entry: &Entry) -> Result<(), ClientError> {
        let document = match self.commons.get(&common) {
            Some(open) => open.clone(),
            None => self.session.find(common).await?,
        };
        self.commons.insert(common, document.clone());
        let path: Vec<&str> = entry.path.iter().map(String::as_str).collect();
        if let (Some(born), Some((item, map))) = (&entry.born, path.split_last()) {
            document.until(|copy| find(copy, map).ok()?).await?;
            let born = Born {
                map,
                item,
                author: Some(&self.me),
                created: now(),
                position: &born.position,
                maps: born.maps,
                values: born
                    .words
                    .iter()
                    .map(|(key, word)| (*key, Some((*word).to_owned())))
                    .collect(),
                texts: born.texts.iter().map(|key| (*key, "")).collect(),
            };
            document.edit(|tx| born.add(tx))?;
        }
        document.until(|copy| find(copy, &path).ok()?).await?;
        if let Some((key, word)) = entry.after {
            let path = [path.as_slice(), &[key]].concat();
            document.until(|copy| told(copy, &path).filter(|now| now == word)).await?;
        }
        for (keys, what) in &entry.puts {
            let keys: Vec<&str> =
                path.iter().copied().chain(keys.iter().map(String::as_str)).collect();
            let Some((key, map)) = keys.split_last() else { continue };
            match what {
                Put::Typed(text) => {
                    let place = Text::at(keys.iter().map(ToString::to_string).collect());
                    self.type_in(&document, &place, text).await?;
                }
                Put::Word(word) => drop(document.edit(|tx| put(tx, map, key, word.as_str()))?),
                Put::Number(number) => drop(document.edit(|tx| put(tx, map, key, *number))?),
                Put::Yes => drop(document.edit(|tx| put(tx, map, key, true))?),
            }
        }
        Ok(())
    }

    async fn type_in(
        &mut self,
        document: &Document,
        text: &Text,
        typed: &str,
    ) -> Result<(), ClientError> {
        type_in(document, text, typed, (&mut self.chance, self.pace)).await
    }
}

/// Types letter by letter, slips and their mending included.
pub(super) async fn type_in(
    document: &Document,
    text: &Text,
    typed: &str,
    (chance, pace): (&mut Chance, Pace),
) -> Result<(), ClientError> {
    for piece in pieces(typed) {
        let (Piece::Typed(letters) | Piece::Slip(letters)) = piece;
        let mut rest: Vec<char> = letters.chars().collect();
        while !rest.is_empty() {
            let many = chance.up_to(pace.run_letters_max()).min(rest.len());
            let run: String = rest.drain(..many).collect();
            sleep(chance.about(pace.letters(many))).await;
            document.edit(|tx| text.append(tx, &run))?;
        }
        if let Piece::Slip(letters) = piece {
            // Seen, and gone again.
            sleep(chance.about(pace.letters(6))).await;
            let gone = letters.encode_utf16().count();
            document.edit(|tx| text.erase(tx, gone))?;
        }
    }
    Ok(())
}

/// The item of a region's question.
pub(super) fn region_question(seed: u64, place: usize) -> String {
    item(seed, usize::MAX, &format!("question {place}")).to_string()
}

/// A position by rank: those of one play are in the script's order, however fast it is typed.
pub(super) fn position(rank: Option<usize>) -> String {
    rank.map_or_else(|| LAST.to_owned(), |rank| format!("m{rank:03}"))
}

/// Milliseconds since 1970.
pub(super) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
