//! `known-faults.toml`: the faults that a site had on the day someone accepted them.
//!
//! * A recorded fault is a warning instead of an error, as long as its file has not changed by a byte.
//! * If a file shows a fault more often than recorded, the extra ones are errors.
//! * A fault that leaves nothing to publish, or that belongs to no file, is never accepted.
//!
//! Not here: reading and writing the file itself, and hashing; `hash_of` returns the file's BLAKE3.

use crate::diagnostic::{Code, Diagnostic, Found, Severity};
use crate::path::SitePath;
use std::collections::BTreeMap;
use std::ops::Range;

const HEADING: &str = "\
# The faults that this site had when they were accepted. Pamphlet shows them as warnings for as long as their file stays
# as it is; whoever edits the file next mends them. This list is written by `pamphlet check --accept-existing`.
";

/// What identifies a recorded fault.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct FaultKey {
    file: String,
    code: String,
    message: String,
}

/// The faults that were accepted.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub(crate) struct KnownFaults(BTreeMap<FaultKey, (String, usize)>);

#[derive(serde::Serialize, serde::Deserialize)]
struct File {
    #[serde(default)]
    fault: Vec<KnownFault>,
}

#[derive(serde::Serialize, serde::Deserialize)]
struct KnownFault {
    file: String,
    hash: String,
    code: String,
    count: usize,
    message: String,
}

/// A file and its hash.
type FileVersion = (String, String);

/// Reads what [`accept`] wrote from the text of `file`.
pub(crate) fn known(file: &SitePath, text: &str) -> Found<KnownFaults> {
    match toml::from_str::<File>(text) {
        Ok(read) => Found::clean(KnownFaults(read.fault.into_iter().map(entry).collect())),
        Err(error) => {
            let range: Range<usize> = error.span().unwrap_or(0..0);
            let fault =
                Diagnostic::new(Code::WrongSetting, "this is not how Pamphlet wrote it, so no fault counts as known")
                    .at(file, range)
                    .help("write the file again with `pamphlet check --accept-existing`");
            Found::new(KnownFaults::default(), vec![fault])
        }
    }
}

fn entry(record: KnownFault) -> (FaultKey, (String, usize)) {
    let KnownFault { file, hash, code, count, message } = record;
    (FaultKey { file, code, message }, (hash, count))
}

/// What [`known`] reads: the errors among `faults`, each with the present hash of its file.
pub(crate) fn accept(faults: &[Diagnostic], hash_of: &dyn Fn(&SitePath) -> Option<String>) -> String {
    let mut counts: BTreeMap<FaultKey, (String, usize)> = BTreeMap::new();
    for fault in faults {
        let Some((file, key)) = acceptable(fault) else {
            continue;
        };
        let Some(hash) = hash_of(file) else { continue };
        counts.entry(key).or_insert((hash, 0)).1 += fault.count;
    }
    let fault = counts
        .into_iter()
        .map(|(FaultKey { file, code, message }, (hash, count))| KnownFault { file, hash, code, count, message })
        .collect();
    let records = toml::to_string(&File { fault }).expect("strings and numbers can always be written as TOML");
    format!("{HEADING}\n{records}")
}

/// The text of the file once other files have moved: `after` maps a file and its recorded hash to its new place and hash.
/// `None` if nothing changes.
pub(crate) fn moved(text: &str, after: &dyn Fn(&str, &str) -> Option<FileVersion>) -> Option<String> {
    let mut read = toml::from_str::<File>(text).ok()?;
    let mut changes = 0;
    for record in &mut read.fault {
        if let Some((file, hash)) = after(&record.file, &record.hash) {
            (record.file, record.hash) = (file, hash);
            changes += 1;
        }
    }
    let records = toml::to_string(&read).ok().filter(|_| changes > 0)?;
    Some(format!("{HEADING}\n{records}"))
}

/// Turns errors recorded in `known` into warnings, where the file is unchanged since it was recorded.
pub(crate) fn apply_baseline(
    faults: &mut [Diagnostic],
    known: &KnownFaults,
    hash_of: &dyn Fn(&SitePath) -> Option<String>,
) {
    let mut left: BTreeMap<FaultKey, usize> = BTreeMap::new();
    for fault in faults {
        let Some((file, key)) = acceptable(fault) else {
            continue;
        };
        let Some((hash, count)) = known.0.get(&key) else {
            continue;
        };
        if hash_of(file).as_ref() != Some(hash) {
            continue;
        }
        let left = left.entry(key).or_insert(*count);
        if let Some(rest) = left.checked_sub(fault.count) {
            *left = rest;
            (fault.severity, fault.known) = (Severity::Warning, true);
        }
    }
}

fn acceptable(fault: &Diagnostic) -> Option<(&SitePath, FaultKey)> {
    let file = &fault.span.as_ref()?.file;
    let accepted = fault.severity == Severity::Error && !fault.is_binding;
    let key = FaultKey { file: file.to_string(), code: fault.code.as_str().to_owned(), message: fault.message.clone() };
    accepted.then_some((file, key))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str) -> SitePath {
        SitePath::new(name).expect("inside the site")
    }

    fn faults() -> Vec<Diagnostic> {
        let broken = |name| Diagnostic::new(Code::BrokenLink, "the link to `/\"x\"/`").at(&file(name), 0..0);
        vec![
            broken("b.md"),
            broken("a.md"),
            broken("a.md"),
            Diagnostic::new(Code::BrokenLink, "no file"),
            Diagnostic::new(Code::WrongSetting, "fixed").at(&file("site.toml"), 3..4),
            Diagnostic::new(Code::HeadingLevelSkip, "a warning").at(&file("a.md"), 3..4),
        ]
    }

    fn severities(faults: &[Diagnostic]) -> Vec<Severity> {
        faults.iter().map(|fault| fault.severity).collect()
    }

    #[test]
    fn accepted_faults_are_warnings_until_their_file_changes() {
        let hash = |file: &SitePath| Some(format!("hash of {file}"));
        let text = accept(&faults(), &hash);
        let mut backwards = faults();
        backwards.reverse();
        assert_eq!(accept(&backwards, &hash), text);
        assert!(
            text.contains("[[fault]]\nfile = \"a.md\"\nhash = \"hash of a.md\"\ncode = \"broken-link\"\ncount = 2\n"),
            "{text}"
        );
        assert_eq!(text.matches("[[fault]]").count(), 2, "{text}");

        let read = known(&file("known-faults.toml"), &text);
        assert!(read.faults.is_empty());
        let (warning, error) = (Severity::Warning, Severity::Error);
        let mut again = faults();
        apply_baseline(&mut again, &read.value, &hash);
        assert_eq!(severities(&again), [warning, warning, warning, error, error, warning]);

        let edited =
            |file: &SitePath| Some(if file.as_str() == "a.md" { "new".to_owned() } else { format!("hash of {file}") });
        let mut again = faults();
        apply_baseline(&mut again, &read.value, &edited);
        assert_eq!(severities(&again), [warning, error, error, error, error, warning]);

        let mut more = faults();
        more.push(more[1].clone());
        apply_baseline(&mut more, &read.value, &hash);
        assert_eq!(severities(&more), [warning, warning, warning, error, error, warning, error]);
    }

    #[test]
    fn a_list_that_cannot_be_read_says_so() {
        let read = known(&file("known-faults.toml"), "[[fault]]\nfile = 3\n");
        assert_eq!(read.value, KnownFaults::default());
        assert_eq!(read.faults[0].code, Code::WrongSetting);
        assert_eq!(read.faults[0].span.as_ref().map(|span| span.start..span.end), Some(17..18));
        assert_eq!(known(&file("known-faults.toml"), "").value, KnownFaults::default());
    }
}
