//! What lies on a target, as the program noted it there when it last published.
//!
//! The newest state says everything: the files that readers see, the bytes of earlier states that are still kept, and the list
//! of the last publications. A publication that did not end is in its lock; what it was going to touch is uncertain. Both are
//! JSON, packed with gzip, whose checksum tells damage.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read as _, Write as _};

use serde::{Deserialize, Serialize};

use super::owners::{Noted, Owners};
use super::target::Area;

/// The version of the form; a program that does not know it leaves the target alone.
const FORM: u32 = 1;

/// The first 128 bits of a file's BLAKE3 hash, and four bytes for its headers, in hexadecimal digits.
pub(crate) type Print = String;

/// When a file is sent: the order in which one that names another follows it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Debug)]
pub(crate) enum Class {
    /// Its name changes with its bytes, so nothing is ever replaced.
    #[serde(rename = "h")]
    Hashed,
    /// What pages link to: documents, data, pictures with names of their own.
    #[serde(rename = "o")]
    Other,
    /// A page.
    #[serde(rename = "p")]
    Page,
    /// What leads to pages: feeds, sitemaps, the search, rules of hosts.
    #[serde(rename = "m")]
    Machine,
}

/// A file that lies on a target.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub(crate) struct Record {
    /// What tells its bytes and headers from others.
    #[serde(rename = "b")]
    pub(crate) print: Print,
    /// In bytes, before packing.
    #[serde(rename = "n")]
    pub(crate) size: u64,
    #[serde(rename = "c")]
    pub(crate) class: Class,
}

/// A file that no reader of the present state is led to: one that keeps its name, which an open page may still ask for, or a
/// copy of what was replaced or removed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub(crate) struct Kept {
    pub(crate) area: KeptIn,
    pub(crate) path: String,
    pub(crate) record: Record,
    /// The last state that it belongs to.
    pub(crate) until: u64,
}

/// Where a kept file lies.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub(crate) enum KeptIn {
    Site,
    State,
}

impl KeptIn {
    pub(crate) fn area(self) -> Area {
        match self {
            Self::Site => Area::Site,
            Self::State => Area::State,
        }
    }
}

/// A publication, for the list of the last ones.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub(crate) struct Publication {
    /// Counted from 1.
    pub(crate) number: u64,
    /// The file with its state, below the state area.
    pub(crate) file: String,
    /// In seconds since 1970, by the publisher's clock.
    pub(crate) when: i64,
    /// Who published, from which machine.
    pub(crate) who: String,
    pub(crate) new: usize,
    pub(crate) changed: usize,
    pub(crate) gone: usize,
    /// The state that it put back, if it was an undo.
    pub(crate) restores: Option<u64>,
    /// The page that it took down, if it did nothing else.
    pub(crate) took_down: Option<String>,
    /// The titles of the first pages that it brought or changed.
    #[serde(default)]
    pub(crate) pages: Vec<String>,
    /// How many more there were.
    #[serde(default)]
    pub(crate) more: usize,
}

/// What lies on a target.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Default, Debug)]
pub(crate) struct State {
    form: u32,
    /// The last publications whose files can be put back, oldest first; the last is the present one.
    pub(crate) log: Vec<Publication>,
    /// What readers see, by path.
    pub(crate) files: BTreeMap<String, Record>,
    pub(crate) kept: Vec<Kept>,
    /// Texts of small files that change with every publication, by print: what is here needs no copy.
    #[serde(default)]
    pub(crate) small: BTreeMap<Print, String>,
    /// Hashes of what was hidden when it was published: what is hidden since shows in comparison.
    #[serde(default)]
    pub(crate) hidden: BTreeSet<String>,
    /// Whether something was removed and the rest left as it was, so that other pages may still name it.
    #[serde(default)]
    pub(crate) is_partial: bool,
    /// The entries that the files were made of; none in a state from before that was noted.
    #[serde(default)]
    owned: Option<Noted>,
}

impl State {
    /// A state of these files.
    pub(crate) fn new(log: Vec<Publication>, files: BTreeMap<String, Record>, kept: Vec<Kept>) -> Self {
        Self { form: FORM, log, files, kept, ..Self::default() }
    }

    /// The same, with the entries that the files were made of.
    pub(crate) fn of(self, owners: &Owners) -> Self {
        // Every site has a page: where no file has an entry, nothing is known of them.
        let is_known = self.files.is_empty() || !owners.is_empty();
        Self { owned: is_known.then(|| Noted::new(owners, self.files.keys())), ..self }
    }

    /// The entries that the files were made of; `None` if they were never noted.
    pub(crate) fn owners(&self) -> Option<Owners> {
        self.owned.as_ref().map(|noted| noted.read(self.files.keys()))
    }

    /// The number of the present publication; 0 if there was none.
    pub(crate) fn number(&self) -> u64 {
        self.log.last().map_or(0, |last| last.number)
    }

    /// The bytes of the state, for a file.
    pub(crate) fn pack(&self) -> Vec<u8> {
        packed(self)
    }

    /// A state from the bytes of its file; `None` if they are damaged or of a form that this program does not know.
    pub(crate) fn unpack(bytes: &[u8]) -> Option<Self> {
        unpacked::<Self>(bytes).filter(|state| state.form == FORM)
    }
}

/// A publication that has not ended: what it was going to do. It is the lock, and afterwards, if it broke off, the list of what is
/// uncertain.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub(crate) struct Unfinished {
    form: u32,
    pub(crate) who: String,
    /// In seconds since 1970, by the publisher's clock.
    pub(crate) when: i64,
    /// The number of the state it began from.
    pub(crate) from: u64,
    /// What it was going to write.
    pub(crate) puts: BTreeMap<String, Record>,
    /// What it was going to remove from the site at its end.
    pub(crate) gone: Vec<String>,
    /// What it was going to remove first of all.
    pub(crate) secrets: Vec<String>,
    /// The copies that it was going to make first.
    pub(crate) kept: Vec<Kept>,
    /// The entries that the files to be written were made of.
    #[serde(default)]
    owned: Option<Noted>,
    /// The machine and the folder it was started from, as a hash: a copy of that folder elsewhere is somebody else.
    #[serde(default)]
    pub(crate) place: String,
    /// Whether it is certain that it has written something, though copies that it was to make first may be missing; it may have
    /// written after others who began later.
    #[serde(default)]
    pub(crate) has_begun: bool,
}

impl Unfinished {
    pub(crate) fn new(who: &str, when: i64, from: u64) -> Self {
        let who = who.to_owned();
        Self {
            form: FORM,
            who,
            when,
            from,
            puts: BTreeMap::new(),
            gone: Vec::new(),
            secrets: Vec::new(),
            kept: Vec::new(),
            owned: None,
            place: String::new(),
            has_begun: false,
        }
    }

    /// Notes the entries that the files to be written were made of.
    pub(crate) fn own(&mut self, owners: &Owners) {
        self.owned = Some(Noted::new(owners, self.puts.keys()));
    }

    /// The entries that the files to be written were made of.
    pub(crate) fn owners(&self) -> Owners {
        self.owned.as_ref().map(|noted| noted.read(self.puts.keys())).unwrap_or_default()
    }

    /// Of two states with one number, what the second did as if it had broken off before the first.
    pub(crate) fn of_rival(winner: &State, rival: &State) -> Self {
        let last = rival.log.last();
        let mut one = Self::new(last.map_or("", |last| &last.who), last.map_or(0, |last| last.when), winner.number());
        let differs = |(path, record): &(&String, &Record)| winner.files.get(*path) != Some(*record);
        one.puts = rival.files.iter().filter(differs).map(|(path, record)| (path.clone(), record.clone())).collect();
        one.gone = winner.files.keys().filter(|path| !rival.files.contains_key(*path)).cloned().collect();
        one.own(&rival.owners().unwrap_or_default());
        one.has_begun = true;
        one
    }

    /// Whether it was going to do something about a file.
    pub(crate) fn has(&self, path: &str) -> bool {
        self.puts.contains_key(path) || self.gone.iter().chain(&self.secrets).any(|one| one == path)
    }

    pub(crate) fn pack(&self) -> Vec<u8> {
        packed(self)
    }

    pub(crate) fn unpack(bytes: &[u8]) -> Option<Self> {
        unpacked::<Self>(bytes).filter(|unfinished| unfinished.form == FORM)
    }
}

fn packed(value: &impl Serialize) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    // Neither writing to memory nor these types can fail.
    let _ = serde_json::to_writer(&mut packer, value);
    let _ = packer.flush();
    packer.finish().unwrap_or_default()
}

/// The most bytes that a state may take in memory: some million files.
const LARGEST: u64 = 512 << 20;

fn unpacked<T: for<'de> Deserialize<'de>>(bytes: &[u8]) -> Option<T> {
    let mut text = Vec::new();
    flate2::read::GzDecoder::new(bytes).take(LARGEST).read_to_end(&mut text).ok()?;
    serde_json::from_slice(&text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deploy::owners::{Collector, Known, mark};

    fn state() -> State {
        let record = Record { print: "0".repeat(40), size: 1, class: Class::Page };
        State::new(Vec::new(), BTreeMap::from([("a/index.html".to_owned(), record)]), Vec::new())
    }

    #[test]
    fn notes_from_before_owners_were_noted_are_read_and_say_that_nothing_is_known() {
        let mut old = serde_json::to_value(state()).expect("it can be written");
        let fields = old.as_object_mut().expect("a state has fields");
        ["owned", "small", "hidden", "is_partial"].iter().for_each(|field| drop(fields.remove(*field)));
        let read = State::unpack(&packed(&old)).expect("it can be read");
        assert_eq!((read.files.len(), read.owners()), (1, None));
        // A publication that broke off, too.
        let mut old = serde_json::to_value(Unfinished::new("somebody", 5, 1)).expect("it can be written");
        let fields = old.as_object_mut().expect("it has fields");
        ["owned", "place", "has_begun"].iter().for_each(|field| drop(fields.remove(*field)));
        assert!(Unfinished::unpack(&packed(&old)).is_some_and(|one| one.owners().is_empty() && !one.has_begun));
    }

    #[test]
    fn owners_stay_unknown_until_somebody_knows_them() {
        let unknown = state().of(&Owners::default());
        assert_eq!(State::unpack(&unknown.pack()).and_then(|state| state.owners()), None);
        let mut collector = Collector::default();
        let one = Known { id: mark("one"), called: mark("One"), is_piece: false };
        collector.add("a/index.html", [one.clone()], [one.clone()]);
        let known = State::unpack(&state().of(&collector.done()).pack()).expect("it can be read");
        let owners = known.owners().expect("they are noted");
        assert_eq!(owners.of("a/index.html").map(|owned| owned.of), Some(vec![&one]));
        // What an entry is called stands nowhere.
        let text = serde_json::to_string(&known).expect("it can be written");
        assert!(!text.contains("one") && !text.contains("One"), "{text}");
    }
}
