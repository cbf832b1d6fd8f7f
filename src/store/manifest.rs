//! What we wrote → a list of it, kept with the published folder so that the next run knows which files are ours.
//!
//! One line a file, sorted by path: hash, size, time of change in nanoseconds, path. It is text so that people can read
//! it. The first line also says what the folder was made for, and names what was still to come as hashes. A list that is cut short or damaged counts as missing: then
//! no file counts as ours.

use std::fmt::Write as _;
use std::fs;
use std::io::{self, Read, Write as _};
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::ordinary;

/// The first 128 bits of BLAKE3: it tells a changed file from an unchanged one, and protects no secret.
pub(super) type Hash = [u8; 16];

const TITLE: &str = "pamphlet manifest 1,";

/// What stands before the names of what was still to come.
const AWAITED: &str = ", to come: ";

/// A file as we wrote it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Record {
    /// Its place below the published folder.
    pub(super) path: String,
    /// The hash of its bytes.
    pub(super) hash: Hash,
    /// In bytes.
    pub(super) size: u64,
    /// When it last changed, in nanoseconds since 1970.
    pub(super) time: i64,
}

/// What a folder is made for. A folder made for one purpose is never used for another: hidden pages would get to where a
/// host finds them, or public ones would go.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Purpose {
    /// What readers see now.
    Public,
    /// What readers see at a moment that was asked for.
    Moment,
    /// Hidden pages too.
    Drafts,
}

impl Purpose {
    const ALL: [Self; 3] = [Self::Public, Self::Moment, Self::Drafts];

    /// The end of a manifest's first line.
    fn mark(self) -> &'static str {
        match self {
            Self::Public => "",
            Self::Moment => " as of a moment",
            Self::Drafts => " with drafts",
        }
    }
}

/// The files of one published folder, sorted by path.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Manifest {
    /// What the folder was made for.
    pub(super) purpose: Purpose,
    /// The names of what was still to come: hashes, which tell nobody what it is.
    pub(super) awaited: Vec<String>,
    records: Vec<Record>,
}

impl Manifest {
    /// A manifest of `records`, in any order.
    pub(super) fn new(purpose: Purpose, mut records: Vec<Record>) -> Self {
        records.sort_unstable_by(|a, b| a.path.cmp(&b.path));
        Self { purpose, awaited: Vec::new(), records }
    }

    /// The same, with what is still to come.
    pub(super) fn awaiting(self, awaited: Vec<String>) -> Self {
        Self { awaited, ..self }
    }

    /// The record of `path`, if it is ours.
    pub(super) fn get(&self, path: &str) -> Option<&Record> {
        let at = self.records.binary_search_by(|record| record.path.as_str().cmp(path)).ok()?;
        self.records.get(at)
    }

    /// The manifest in the file `path`; `None` if it is missing or cannot be trusted.
    pub(super) fn read(path: &Path) -> Option<Self> {
        Self::parse(&String::from_utf8(ordinary::read(path)?).ok()?)
    }

    /// Writes the manifest as a new file.
    pub(super) fn write(&self, path: &Path) -> io::Result<()> {
        let mut file = fs::File::create_new(path)?;
        file.write_all(self.text().as_bytes())?;
        // The one file that is forced to the disk: without it, a published folder would count as somebody else's.
        file.sync_all()
    }

    fn text(&self) -> String {
        let mut text = String::with_capacity(self.records.iter().map(|record| record.path.len() + 72).sum());
        text.push_str(TITLE);
        // Writing to a `String` cannot fail.
        let awaited =
            if self.awaited.is_empty() { String::new() } else { format!("{AWAITED}{}", self.awaited.join(" ")) };
        let _ = writeln!(text, " {} files{}{awaited}", self.records.len(), self.purpose.mark());
        for record in &self.records {
            for byte in record.hash {
                for digit in [byte >> 4, byte & 15] {
                    text.push(char::from(b"0123456789abcdef"[usize::from(digit)]));
                }
            }
            let _ = writeln!(text, " {} {} {}", record.size, record.time, record.path);
        }
        text
    }

    fn parse(text: &str) -> Option<Self> {
        let (title, lines) = text.split_once('\n')?;
        let (count, mark) = title.strip_prefix(TITLE)?.split_once(" files")?;
        let count: usize = count.trim_start().parse().ok()?;
        let (mark, awaited) = mark.split_once(AWAITED).unwrap_or((mark, ""));
        let awaited: Vec<String> = awaited.split_whitespace().map(str::to_owned).collect();
        let purpose = Purpose::ALL.into_iter().find(|purpose| purpose.mark() == mark)?;
        let records = lines.split_terminator('\n').map(record).collect::<Option<Vec<_>>>()?;
        (records.len() == count && (count == 0 || lines.ends_with('\n')))
            .then(|| Self::new(purpose, records).awaiting(awaited))
    }
}

fn record(line: &str) -> Option<Record> {
    let mut parts = line.splitn(4, ' ');
    let hash = hash(parts.next()?)?;
    let size = parts.next()?.parse().ok()?;
    let time = parts.next()?.parse().ok()?;
    Some(Record { path: parts.next()?.to_owned(), hash, size, time })
}

fn hash(text: &str) -> Option<Hash> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let digits: &[u8; 32] = text.as_bytes().try_into().ok()?;
    let mut hash = Hash::default();
    for (byte, pair) in hash.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(hash)
}

/// The hash of `bytes`.
pub(super) fn digest(bytes: &[u8]) -> Hash {
    shorten(&blake3::hash(bytes))
}

/// The hash of what `reader` holds.
pub(super) fn digest_reader(reader: impl Read) -> io::Result<Hash> {
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(reader)?;
    Ok(shorten(&hasher.finalize()))
}

/// The shortened hash that a [`Record`] keeps.
pub(super) fn shorten(hash: &blake3::Hash) -> Hash {
    let mut short = Hash::default();
    short.copy_from_slice(&hash.as_bytes()[..16]);
    short
}

/// When a file last changed, as a [`Record`] keeps it; 0 where the system does not say.
pub(super) fn time(metadata: &fs::Metadata) -> i64 {
    let Ok(time) = metadata.modified() else { return 0 };
    match time.duration_since(UNIX_EPOCH) {
        Ok(after) => i64::try_from(after.as_nanos()).unwrap_or(i64::MAX),
        Err(before) => i64::try_from(before.duration().as_nanos()).map_or(i64::MIN, |nanos| -nanos),
    }
}

/// A [`Record`]'s time as the system's type.
pub(super) fn system_time(time: i64) -> SystemTime {
    let span = Duration::from_nanos(time.unsigned_abs());
    if time < 0 { UNIX_EPOCH - span } else { UNIX_EPOCH + span }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_written_is_read_again_and_nothing_shorter(
            records in proptest::collection::btree_map(
                "[a-zé /]{1,12}", (any::<Hash>(), any::<u64>(), any::<i64>()), 0..8),
            purpose in proptest::sample::select(&Purpose::ALL[..]),
            awaited in proptest::collection::vec("[0-9a-f]{20}", 0..3),
            cut in any::<proptest::sample::Index>(),
        ) {
            let records = records.into_iter()
                .map(|(path, (hash, size, time))| Record { path, hash, size, time })
                .collect();
            let manifest = Manifest::new(purpose, records).awaiting(awaited);
            let text = manifest.text();
            prop_assert_eq!(Manifest::parse(&text), Some(manifest.clone()));
            let mut cut = cut.index(text.len());
            while !text.is_char_boundary(cut) { cut -= 1; }
            prop_assert_eq!(Manifest::parse(&text[..cut]), None);
        }
    }

    #[test]
    fn a_hundred_thousand_lines_are_read_at_once() {
        let records = (0..100_000_u32)
            .map(|n| Record {
                path: format!("publications/{n}/index.html"),
                hash: digest(&n.to_le_bytes()),
                size: 20_000,
                time: 5,
            })
            .collect();
        let text = Manifest::new(Purpose::Public, records).text();
        let read = Manifest::parse(&text).expect("well-formed");
        assert_eq!(
            read.get("publications/77777/index.html").map(|record| record.hash),
            Some(digest(&77_777_u32.to_le_bytes()))
        );
        assert_eq!(read.get("publications/100000/index.html"), None);
    }
}
