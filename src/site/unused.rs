//! Pictures and papers in `content/` that no page uses → one warning for the whole site: readers cannot get them, and somebody may have
//! forgotten to link to them.
//!
//! A name that occurs in any text or table counts as a use, also in a draft or in a part that is not public yet.

use std::borrow::Cow;
use std::collections::BTreeMap;

use memchr::memmem;

use super::Site;
use crate::config::listed;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::path::{SitePath, composed};

/// Endings of files that are only there to be shown or read.
const ENDINGS: &[&str] = &["pdf", "jpg", "jpeg", "png", "gif", "webp", "svg"];

/// How many are named.
const NAMED: usize = 3;

/// The longest name, in bytes, that is looked for.
const LONGEST: usize = 255;

/// The warning about files that no page uses.
pub(super) fn unused(site: &Site) -> Option<Diagnostic> {
    let is_used = |path: &SitePath| site.files().contains_key(path) || site.pictures().contains_key(path);
    let is_of_hidden = |path: &SitePath| site.file_owner(path).is_some_and(|owner| !site.is_shown(owner));
    let mut left: BTreeMap<&str, Vec<&SitePath>> = BTreeMap::new();
    for file in site.tree.below("content") {
        let path = &file.path;
        if ENDINGS.contains(&path.ending().as_str()) && !is_used(path) && !is_of_hidden(path) {
            left.entry(path.name()).or_default().push(path);
        }
    }
    for file in site.tree.below("content") {
        if left.is_empty() {
            return None;
        }
        // A drawing is a text too, but names nothing.
        if let Some(text) = file.text().filter(|_| file.path.ending() != "svg") {
            forget_named(text, &mut left);
        }
    }
    // A misspelt link, whose message names this file, is one cause.
    let faults = site.findings.iter().flatten().flat_map(|finding| &finding.faults);
    let misspelt: Vec<&str> = faults
        .filter(|fault| matches!(fault.code, Code::MissingFile | Code::BrokenSourceLink))
        .filter_map(|fault| fault.help.as_deref())
        .collect();
    let is_meant = |path: &&SitePath| misspelt.iter().any(|help| help.contains(path.name()));
    let mut unused: Vec<&SitePath> = left.into_values().flatten().filter(|path| !is_meant(path)).collect();
    unused.sort_unstable();
    let first = *unused.first()?;
    let names = listed(unused.iter().take(NAMED).map(|path| path.as_str()));
    let message = match unused.len() {
        1 => format!("no page shows or links to {names}, so readers cannot get it"),
        count if count <= NAMED => format!("no page shows or links to {names}, so readers cannot get them"),
        count => {
            format!("no page shows or links to {count} files in content/, such as {names}, so readers cannot get them")
        }
    };
    let help =
        "link to it or show it on its page; what is kept for later may stay: `[severities]`, `file-not-used = \"off\"`";
    Some(Diagnostic::new(Code::FileNotUsed, message).span(Span::file(first)).help(help))
}

/// Drops from `left` the names that occur in `text`, as they are or as addresses write them.
fn forget_named(text: &str, left: &mut BTreeMap<&str, Vec<&SitePath>>) {
    let bytes = text.as_bytes();
    for dot in memmem::find_iter(bytes, ".") {
        let ending = bytes[dot + 1..].iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
        if !(3..=4).contains(&ending) {
            continue;
        }
        let end = dot + 1 + ending;
        if !ENDINGS.iter().any(|known| text[dot + 1..end].eq_ignore_ascii_case(known)) {
            continue;
        }
        // The name may have blanks in it, so it may begin at any of the signs that may stand before one.
        let line =
            text[..dot].rfind('\n').map_or(0, |at| at + 1).max(text.floor_char_boundary(dot.saturating_sub(LONGEST)));
        let written = &text[line..end];
        let starts = written.char_indices().filter(|(_, sign)| "/\\(<\"'`=,;:| \t[".contains(*sign));
        let starts = std::iter::once(0).chain(starts.map(|(at, sign)| at + sign.len_utf8()));
        for start in starts {
            let name = &written[start..];
            let decoded = match name.contains('%') {
                true => percent_encoding::percent_decode_str(name).decode_utf8_lossy(),
                false => Cow::Borrowed(name),
            };
            if left.is_empty() {
                return;
            }
            left.remove(&*composed(&decoded));
            if decoded != name {
                left.remove(&*composed(name));
            }
        }
    }
}
