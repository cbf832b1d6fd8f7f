//! What lies on a target, as the program noted it there when it last published.
//!
//! The newest state says everything: the files that readers see, the bytes of earlier states that are still kept, and the list
//! of the last publications. A publication that did not end is in its lock; what it was going to touch is uncertain. Both are
//! JSON, packed with gzip, whose checksum tells damage.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read as _, Write as _};

use serde::{Deserialize, Serialize};

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
}

impl State {
    /// A state of these files.
    pub(crate) fn new(log: Vec<Publication>, files: BTreeMap<String, Record>, kept: Vec<Kept>) -> Self {
        Self { form: FORM, log, files, kept, ..Self::default() }
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
        }
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
