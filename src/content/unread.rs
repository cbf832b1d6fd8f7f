//! Files of `content/` that nothing reads, such as `report.docx` → what to do with them, once for each file or folder.
//!
//! A file that a text or a field names is there for readers to download; pictures and PDFs may be there for later, and what lies
//! beside a page in its own folder may be what it was made from.

use std::collections::BTreeMap;

use memchr::memmem;
use unicode_normalization::UnicodeNormalization;

use crate::config::{Base, Config};
use crate::diagnostic::{Code, Diagnostic, Span, nearest};
use crate::path::{NamedCopy, SitePath, is_conflict};
use crate::source::Tree;

/// With more files of one kind than this, a folder is told of as a whole.
const MANY: usize = 3;

/// Files of a word processor, of a spreadsheet, and texts in other notations than Markdown.
const DOCUMENTS: &[&str] = &["docx", "doc", "odt", "rtf", "pages", "gdoc", "pptx", "eml"];
const SHEETS: &[&str] = &["xlsx", "xls", "xlsm", "ods", "tsv", "numbers", "jsonl", "ndjson"];
const DATA: &[&str] = &["csv", "toml", "json", "yaml", "yml"];
const PAGES: &[&str] = &["html", "htm", "php", "njk", "liquid"];
const TEXTS: &[&str] =
    &["txt", "mdx", "mdown", "mkd", "mkdn", "mdwn", "rst", "adoc", "org", "qmd", "rmd", "textile", "tex", "ipynb"];

/// The faults of the files of `content/` that nothing reads, among those that are neither texts nor rows.
pub(super) fn unread<'a>(files: impl Iterator<Item = &'a SitePath>, tree: &Tree, config: &Config) -> Vec<Diagnostic> {
    // `report.md.bak` beside `report.md` is an earlier state of it.
    let is_copy = |path: &SitePath| {
        let whole = path.folder().join(path.stem());
        path.stem().to_lowercase().ends_with(".md") && whole.is_some_and(|whole| tree.get(&whole).is_some())
    };
    let is_beside = |path: &SitePath| !path.stem().to_lowercase().ends_with(".md") && is_in_bundle(path, tree, config);
    let candidates: Vec<&SitePath> = files
        .filter(|path| may_be_meant(path) && !is_beside(path) && !is_copy(path) && !is_one_of_two(path, tree))
        .collect();
    if candidates.is_empty() {
        return Vec::new();
    }
    let named = named(&candidates, tree);
    let mut kinds: BTreeMap<(SitePath, String), Vec<&SitePath>> = BTreeMap::new();
    for path in candidates.into_iter().zip(named).filter(|(_, is_named)| !is_named).map(|(path, _)| path) {
        kinds.entry((path.folder(), path.ending())).or_default().push(path);
    }
    let fault = |what: String, at: &SitePath, help: String| {
        Diagnostic::new(Code::FileNotRead, what).span(Span::file(at)).help(help)
    };
    let mut faults = Vec::new();
    for ((folder, ending), all) in &kinds {
        if all.len() > MANY {
            let what = format!(
                "nothing reads the {} files in {folder}/ that end in `.{ending}`, such as `{}`",
                all.len(),
                all[0].name()
            );
            faults.push(fault(what, all[0], help(all[0], config)));
        } else {
            faults.extend(
                all.iter().map(|path| fault(format!("nothing reads `{}`", path.name()), path, help(path, config))),
            );
        }
    }
    faults
}

/// The files that a program set aside when they were changed in two places at the same time, apart from texts and rows (`others` are
/// the other files of `content/`).
pub(super) fn conflicts<'a>(others: impl Iterator<Item = &'a SitePath>, tree: &'a Tree) -> Vec<Diagnostic> {
    let elsewhere = tree.all().map(|file| &file.path).filter(|path| path.below("content").is_none());
    let fault = |path: &SitePath| {
        let name = path.name();
        let (code, rest) = match path.below("static") {
            Some(_) => (Code::PerhapsNotPublic, "and this is public"),
            None => (Code::FileNotRead, "and nothing reads this one"),
        };
        let message = format!("`{name}` is a copy of a file that was changed in two places, {rest}");
        let help = "take what is missing over into the other file, and delete this one";
        Diagnostic::new(code, message).span(Span::file(path)).help(help)
    };
    others.chain(elsewhere).filter(|path| is_one_of_two(path, tree)).map(fault).collect()
}

/// Whether a file's name says that it is one of two states of a file that was changed in two places.
fn is_one_of_two(path: &SitePath, tree: &Tree) -> bool {
    let is_beside = |stem: &str| {
        path.folder().join(&format!("{stem}.{}", path.ending())).is_some_and(|one| tree.get(&one).is_some())
    };
    is_conflict(path.name())
        || NamedCopy::of(path.stem())
            .is_some_and(|copy| copy.is_conflict && copy.is_sure && copy.original.is_some_and(is_beside))
}

/// The folders whose names differ from that of a collection only in their case, or by a slip, and which hold texts or rows.
pub(super) fn folders<'a>(files: impl Iterator<Item = &'a SitePath>, config: &Config) -> Vec<Diagnostic> {
    let mut faults: Vec<Diagnostic> = Vec::new();
    let mut last = "";
    for path in files {
        let Some((folder, _)) = path.below("content").and_then(|below| below.split_once('/')) else { continue };
        if folder == last {
            continue;
        }
        last = folder;
        let same = config.collections.keys().find(|name| name.eq_ignore_ascii_case(folder) && &***name != folder);
        if let Some(name) = same {
            let what = format!("content/{folder}/ is not the folder of `{name}`: capitals count");
            faults.push(
                Diagnostic::new(Code::FileNotRead, what)
                    .span(Span::file(path))
                    .help(format!("call the folder content/{name}/")),
            );
        }
    }
    faults
}

/// The texts with the name that Hugo gives to the page of a folder.
pub(super) fn indexes<'a>(files: impl Iterator<Item = &'a SitePath>) -> Vec<Diagnostic> {
    let is_index =
        |path: &&SitePath| path.name().starts_with("_index.") && matches!(path.ending().as_str(), "md" | "markdown");
    let fault = |path: &SitePath| {
        let (name, own) = (path.name(), path.name().trim_start_matches('_'));
        let what = format!("nothing reads `{name}`: the page of a folder is called `{own}` here, not as in Hugo");
        Diagnostic::new(Code::FileNotRead, what).span(Span::file(path)).help(format!("call it `{own}`"))
    };
    files.filter(is_index).map(fault).collect()
}

/// Whether a file is in the own folder of an entry, or below it.
fn is_in_bundle(path: &SitePath, tree: &Tree, config: &Config) -> bool {
    let mut folder = path.folder();
    let collection = folder.below("content").and_then(|below| below.split('/').next());
    if collection.is_none_or(|name| config.collection(name).is_none()) {
        return false;
    }
    while folder.parts().count() > 2 {
        let has_index = tree.below(folder.as_str()).any(|file| {
            file.path.folder() == folder
                && file.path.ending() == "md"
                && file.path.stem().split('.').next() == Some("index")
        });
        if has_index {
            return true;
        }
        folder = folder.folder();
    }
    false
}

/// Whether an author may expect a file of this name to be read.
fn may_be_meant(path: &SitePath) -> bool {
    let ending = path.ending();
    let is_kind = [DOCUMENTS, SHEETS, DATA, PAGES, TEXTS].iter().any(|kinds| kinds.contains(&ending.as_str()));
    let name = path.name().to_lowercase();
    // Left by programs and for people who look after the folder.
    let is_beside = ["readme", "license", "licence", "changelog", "package", "tsconfig"]
        .iter()
        .any(|start| name.starts_with(start));
    // `report.md.bak`: a copy, or a text under a name that hides its ending.
    (is_kind || path.stem().to_lowercase().ends_with(".md")) && !is_beside
}

/// Whether each of the files is named in a text of `content/`, as it is or as addresses write it.
fn named(candidates: &[&SitePath], tree: &Tree) -> Vec<bool> {
    let mut named = vec![false; candidates.len()];
    let mut by_ending: BTreeMap<String, Vec<(usize, Vec<String>)>> = BTreeMap::new();
    for (n, path) in candidates.iter().enumerate() {
        // The ending as it is written, since names in texts are.
        let name = path.name();
        let ending = name.rsplit_once('.').map_or(name, |(_, ending)| ending);
        by_ending.entry(format!(".{ending}")).or_default().push((n, ways_to_write(name)));
    }
    for file in tree.below("content") {
        let Some(text) = file.text() else { continue };
        for (ending, names) in &by_ending {
            for at in memmem::find_iter(text.as_bytes(), ending) {
                let before = &text.as_bytes()[..at + ending.len()];
                for (n, ways) in names {
                    let is_named = |way: &String| {
                        let above = before.strip_suffix(way.as_bytes());
                        above.is_some_and(|above| may_lead_to(candidates[*n], above))
                    };
                    named[*n] |= *candidates[*n] != file.path && ways.iter().any(is_named);
                }
            }
        }
    }
    named
}

/// Whether the folders written in front of a file's name, at the end of `before`, may be those of `path`: another file may
/// have the same name.
fn may_lead_to(path: &SitePath, before: &[u8]) -> bool {
    if !before.ends_with(b"/") {
        return true;
    }
    let is_outside = |byte: &u8| byte.is_ascii_whitespace() || b"\"'()[]<>`=,:".contains(byte);
    let start = before.iter().rposition(is_outside).map_or(0, |at| at + 1);
    let folders = percent_encoding::percent_decode(&before[start..]).decode_utf8_lossy();
    let mut folders = folders.trim_start_matches('/');
    while let Some(rest) = ["../", "./", "content/"].iter().find_map(|up| folders.strip_prefix(up)) {
        folders = rest;
    }
    let own = format!("/{}/", path.folder());
    folders.is_empty() || own.ends_with(&format!("/{folders}"))
}

/// A file's name as texts may have it: as it is, decomposed, and as addresses write both.
fn ways_to_write(name: &str) -> Vec<String> {
    let mut ways = vec![name.to_owned(), name.replace(' ', "%20")];
    if !name.is_ascii() {
        let decomposed: String = name.nfd().collect();
        let base = Base::default();
        ways.extend([base.href(name), base.href(&decomposed), decomposed]);
    }
    ways
}

/// What to do with a file that nothing reads.
fn help(path: &SitePath, config: &Config) -> String {
    let (name, stem) = (path.name(), path.stem());
    let ending = path.ending();
    let download = "link to it if readers are to download it; otherwise move it out of content/";
    match ending.as_str() {
        _ if stem.to_lowercase().ends_with(".md") => {
            format!("if it is a page, call it `{stem}`: your computer may hide the ending `.{ending}`")
        }
        one if DOCUMENTS.contains(&one) => format!("if its text is a page, copy it into `{stem}.md`; {download}"),
        one if SHEETS.contains(&one) => {
            format!("if its rows are to be read, save the table as CSV UTF-8, `{stem}.csv`; {download}")
        }
        one if PAGES.contains(&one) => {
            format!(
                "if its text is a page, copy it into `{stem}.md`; a page that is finished as it is goes into static/; \
                 otherwise move it out of content/"
            )
        }
        one if DATA.contains(&one) => {
            let folder = path.below("content").and_then(|below| below.split_once('/')).map(|(folder, _)| folder);
            let known = || config.collections.keys().map(|name| &**name);
            // A table is called as its collection is, wherever it lies.
            let meant = [folder.unwrap_or(stem), stem].into_iter().find(|one| known().any(|name| name == *one));
            match folder.or(Some(stem)) {
                _ if let Some(meant) = meant => format!("if its rows are to be read, put it into content/{meant}/"),
                Some(folder) => match nearest(folder, known()) {
                    Some(near) => format!("did you mean the folder content/{near}/?"),
                    None if path.folder().as_str() == format!("content/{folder}") => {
                        format!(
                            "if its rows are to be read, declare `[collections.{folder}]` with its fields in site.toml; {download}"
                        )
                    }
                    None => {
                        format!("rows belong in the folder of a collection, such as content/values/; {download}")
                    }
                },
                None => download.to_owned(),
            }
        }
        _ => format!(
            "if it is a page, call it `{}.md`: texts are Markdown and end so; {download}",
            name.rsplit_once('.').map_or(name, |(stem, _)| stem)
        ),
    }
}
