//! What was built → the files that are to lie on a target, each with its class, and their bytes with what is sent with them.

use std::collections::BTreeMap;
use std::io::Write as _;

use super::headers::{self, Rules};
use super::run::{Built, Notes};
use super::state::{Class, Record};
use super::target::{About, Problem, ProblemKind};
use crate::store;

/// The files of a site, as built.
pub(crate) struct Files {
    lying: store::Lying,
    rules: Rules,
    /// With what the site's addresses begin: `/`, or `/site/`.
    base: String,
    /// Whether the target keeps headers; where not, nothing is packed either.
    keeps_headers: bool,
    packs: bool,
    pub(crate) records: BTreeMap<String, Record>,
}

/// What is known of the addresses of a site.
pub(crate) struct Facts<'a> {
    /// Whether the name of a file changes with its bytes.
    pub(crate) is_hashed: &'a dyn Fn(&str) -> bool,
    /// The folder of the search index, which ends with a slash.
    pub(crate) index: Option<&'a str>,
    pub(crate) base: &'a str,
}

impl Files {
    /// The files of a published folder. `keeps_headers` says whether the target sends what belongs to a file with it, `packs`
    /// whether texts are to be packed.
    pub(crate) fn new(
        lying: store::Lying,
        facts: &Facts<'_>,
        keeps_headers: bool,
        packs: bool,
    ) -> Result<Self, Problem> {
        let rules =
            lying.bytes("_headers").map(|bytes| Rules::read(&String::from_utf8_lossy(&bytes))).unwrap_or_default();
        let mut files =
            Self { lying, rules, base: facts.base.to_owned(), keeps_headers, packs, records: BTreeMap::new() };
        let paths: Vec<String> = files.lying.paths().map(str::to_owned).collect();
        for path in paths {
            let (hash, size) = files.lying.facts(&path).ok_or_else(|| unread(&path))?;
            let print = files.print(&path, &hash);
            let class = class(&path, facts);
            files.records.insert(path, Record { print, size, class });
        }
        Ok(files)
    }

    fn sent_with(&self, path: &str) -> About {
        if !self.keeps_headers {
            return About::default();
        }
        About { is_packed: self.packs && headers::is_packed(path), ..self.rules.about(path, &self.base) }
    }

    fn print(&self, path: &str, hash: &str) -> String {
        format!("{hash}{}", &blake3::hash(format!("{:?}", self.sent_with(path)).as_bytes()).to_hex()[..8])
    }

    /// What would lie at a path with other bytes than those that were built.
    pub(crate) fn record(&self, path: &str, bytes: &[u8]) -> Record {
        let print = self.print(path, &blake3::hash(bytes).to_hex()[..32]);
        let class = self.records.get(path).map_or(Class::Page, |record| record.class);
        Record { print, size: bytes.len() as u64, class }
    }

    /// Bytes as they are sent to a path, and what is sent with them.
    pub(crate) fn sent(&self, path: &str, bytes: Vec<u8>) -> Result<(Vec<u8>, About), Problem> {
        let about = self.sent_with(path);
        if !about.is_packed {
            return Ok((bytes, about));
        }
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        let packed = packer.write_all(&bytes).and_then(|()| packer.finish());
        packed.map(|packed| (packed, about)).map_err(|_| unread(path))
    }

    /// The bytes of a file as they were built.
    pub(crate) fn bytes(&self, path: &str) -> Option<Vec<u8>> {
        self.lying.bytes(path)
    }
}

impl Built for Files {
    fn get(&self, path: &str) -> Result<(Vec<u8>, About), Problem> {
        self.sent(path, self.lying.bytes(path).ok_or_else(|| unread(path))?)
    }

    fn about(&self, path: &str) -> About {
        self.sent_with(path)
    }
}

/// What is sent when nothing was built: all that is written is copied from what lies there.
pub(crate) struct Nothing;

impl Built for Nothing {
    fn get(&self, path: &str) -> Result<(Vec<u8>, About), Problem> {
        Err(Problem::new(
            ProblemKind::Other,
            format!("`{path}` is not kept on the target any more"),
            "build what you want to see again, and publish it",
        ))
    }

    fn about(&self, path: &str) -> About {
        About { is_packed: false, ..Rules::default().about(path, "/") }
    }
}

impl Notes for store::Notes {
    fn state(&self) -> Option<(String, Vec<u8>)> {
        Self::state(self)
    }
    fn keep_state(&self, file: &str, bytes: &[u8]) {
        Self::keep_state(self, file, bytes);
    }
    fn unfinished(&self) -> Option<(String, String)> {
        Self::unfinished(self)
    }
    fn begin(&self, lock: &str) {
        Self::begin(self, lock);
    }
    fn wrote(&self, path: &str, print: &str) {
        self.add(&format!("{path} {print}"));
    }
    fn end(&self) {
        Self::end(self);
    }
}

fn unread(path: &str) -> Problem {
    Problem::new(
        ProblemKind::Other,
        format!("the built file `{path}` cannot be read; somebody may have changed the folder meanwhile"),
        "publish again: the site is built anew first",
    )
}

/// When a file is sent.
fn class(path: &str, facts: &Facts<'_>) -> Class {
    let name = path.rsplit('/').next().unwrap_or(path);
    let in_index = facts.index.is_some_and(|index| path.starts_with(index));
    match name.rsplit_once('.').map_or("", |(_, ending)| ending) {
        _ if (facts.is_hashed)(path) => Class::Hashed,
        // Their names have a hash of their bytes, beside others of the program that have not.
        "pf_meta" if in_index => Class::Hashed,
        "json" if in_index => Class::Machine,
        _ if in_index => Class::Other,
        "html" => Class::Page,
        "xml" | "ics" | "txt" | "map" | "caddy" => Class::Machine,
        "" if name.starts_with(['_', '.']) => Class::Machine,
        _ => Class::Other,
    }
}
