//! `addresses.txt` ↔ the addresses that have ever been public: one per line; `#` begins a remark.
//!
//! `gone /old/` is an address given up on purpose. The file is an input: only `pamphlet addresses` writes it, sorted by
//! address, each address once, every remark before the line it stood before.

use std::collections::BTreeMap;
use std::ops::Range;

use super::former::former;
use crate::config::Base;
use crate::diagnostic::{Code, Diagnostic, Found};
use crate::path::{Address, SitePath};

/// Where the file is.
pub(crate) const PLACE: &str = "addresses.txt";

/// What begins a line that gives up its address.
const GONE: &str = "gone ";

/// The beginning of a new file.
const HEADER: &str = "# Every address that this site has ever published, one a line: links and citations lead there for ever.\n\
                      # `pamphlet addresses --accept` adds new ones; nothing else needs to be written here by hand.\n";

/// The file as read.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ledger {
    pub(crate) lines: Vec<Line>,
    /// The remarks at the top of the file.
    header: String,
    /// The remarks after the last address.
    end: String,
}

/// One address of it.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) address: Address,
    pub(crate) fate: Fate,
    pub(crate) span: Range<usize>,
    /// The remarks before it.
    remarks: String,
}

/// Whether an address is kept.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub(crate) enum Fate {
    #[default]
    Kept,
    Gone,
}

impl Ledger {
    /// Reads the file's text.
    pub(crate) fn read(file: &SitePath, text: &str, base: &Base) -> Found<Self> {
        let mut ledger = Self::default();
        let mut faults = Vec::new();
        let mut remarks = String::new();
        let mut at = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        for line in text[at..].split_inclusive('\n') {
            let start = at + (line.len() - line.trim_start().len());
            at += line.len();
            let written = line.trim();
            if written.is_empty() && ledger.lines.is_empty() && ledger.header.is_empty() && !remarks.is_empty() {
                // Remarks above the first empty line are about the whole file.
                ledger.header = std::mem::take(&mut remarks);
            } else if written.starts_with('#') {
                remarks.push_str(written);
                remarks.push('\n');
            }
            if written.is_empty() || written.starts_with('#') {
                continue;
            }
            let span = start..start + written.len();
            let (fate, address) = match written.strip_prefix(GONE) {
                Some(address) => (Fate::Gone, address),
                None => (Fate::Kept, written),
            };
            let is_address = address.trim_start().starts_with('/') || address.contains("://");
            let read = former(address, base);
            match read {
                Ok(read) if is_address => {
                    ledger.lines.push(Line {
                        address: read.address,
                        fate,
                        span,
                        remarks: std::mem::take(&mut remarks),
                    });
                }
                read => {
                    let message = read.err().unwrap_or_else(|| format!("`{written}` is not an address"));
                    faults.push(
                        Diagnostic::new(Code::BadAddress, message)
                            .at(file, span)
                            .help("write one address per line, such as `/publications/a-report/`; `#` begins a remark"),
                    );
                }
            }
        }
        if ledger.lines.is_empty() && ledger.header.is_empty() {
            ledger.header = remarks;
        } else {
            ledger.end = remarks;
        }
        Found::new(ledger, faults)
    }

    /// The file's text with `changes`: each address with its new fate.
    pub(crate) fn with(&self, changes: &BTreeMap<Address, Fate>) -> String {
        let mut all: BTreeMap<&Address, (Fate, String)> = BTreeMap::new();
        for line in &self.lines {
            let (fate, remarks) = all.entry(&line.address).or_insert((line.fate, String::new()));
            *fate = (*fate).min(line.fate);
            remarks.push_str(&line.remarks);
        }
        for (address, fate) in changes {
            all.entry(address).or_default().0 = *fate;
        }
        let mut out = if self.header.is_empty() { HEADER.to_owned() } else { self.header.clone() };
        out.push('\n');
        for (address, (fate, remarks)) in all {
            out.push_str(&remarks);
            if fate == Fate::Gone {
                out.push_str(GONE);
            }
            out.push_str(address.as_str());
            out.push('\n');
        }
        out.push_str(&self.end);
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again_and_stays() {
        let file = SitePath::new(PLACE).expect("inside");
        let base = Base::parse("https://example.org/").expect("a full address");
        let text = "# Ours.\n\n/b/\r\n# The report of 2019.\n/a b.pdf\ngone /c/\n/b\n/?p=1\n# The end.\n";
        let read = Ledger::read(&file, text, &base);
        assert!(read.faults.is_empty(), "{:?}", read.faults);
        let changes = BTreeMap::from([(Address::new("/d/"), Fate::Kept), (Address::new("/b/"), Fate::Gone)]);
        let written = read.value.with(&changes);
        assert_eq!(written, "# Ours.\n\n/?p=1\n# The report of 2019.\n/a b.pdf\ngone /b/\ngone /c/\n/d/\n# The end.\n");
        let again = Ledger::read(&file, &written, &base).value;
        assert_eq!(again.with(&BTreeMap::new()), written);
        let new = Ledger::default().with(&BTreeMap::from([(Address::new("/"), Fate::Kept)]));
        assert_eq!(Ledger::read(&file, &new, &base).value.with(&BTreeMap::new()), new);
        let wrong = Ledger::read(&file, "/a/\nnonsense\ngone\n/x/#y\n", &base);
        assert_eq!((wrong.value.lines.len(), wrong.faults.len()), (1, 3));
    }
}
