//! What lies beside `site.toml` → the files and folders there that were probably meant to be read.
//!
//! Most of what lies there belongs to other programs or to people, so only what is told by its name is reported: a slip of a name
//! that is read, a copy of a folder, what other site generators read, a text with fields.

use std::io::Read;
use std::path::Path;

use super::PLACES;
use crate::diagnostic::{Code, Diagnostic, Span, slips};
use crate::path::{NamedCopy, SitePath, composed, is_conflict};

/// Files in which other programs keep their settings.
const SETTINGS_OF_OTHERS: &[&str] = &[
    "config.toml",
    "config.yaml",
    "config.yml",
    "hugo.toml",
    "hugo.yaml",
    "hugo.yml",
    "_config.yml",
    "_config.yaml",
    "_config.toml",
    "zola.toml",
    "book.toml",
];

/// Folders in which other programs look for texts, and people for pictures and papers.
const OF_TEXTS: &[&str] = &["_posts", "posts", "_drafts", "pages", "_pages", "blog", "news", "articles"];
const OF_FILES: &[&str] =
    &["img", "images", "pictures", "photos", "uploads", "downloads", "pdf", "pdfs", "public_html"];
const OF_DESIGN: &[&str] = &["layouts", "_layouts", "_includes", "_sass"];

/// Texts for people who look after the folder.
const FOR_PEOPLE: &[&str] = &[
    "readme",
    "license",
    "licence",
    "changelog",
    "changes",
    "contributing",
    "notes",
    "todo",
    "security",
    "authors",
    "history",
    "code_of_conduct",
    "agents",
    "copying",
    "notice",
    "support",
    "governance",
];

/// Reports what lies in `root` and is not read, though its name says that it was meant to be.
pub(super) fn unread(root: &Path) -> Vec<Diagnostic> {
    let Ok(entries) = std::fs::read_dir(root) else { return Vec::new() };
    let mut names: Vec<(String, bool)> = entries
        .filter_map(Result::ok)
        .filter_map(|entry| Some((entry.file_name().into_string().ok()?, entry.path().is_dir())))
        .filter(|(name, _)| !name.starts_with(['.', '~', '#']) && !name.ends_with('~'))
        .collect();
    names.sort();
    names.iter().filter_map(|(name, is_folder)| fault(root, name, *is_folder)).collect()
}

fn fault(root: &Path, name: &str, is_folder: bool) -> Option<Diagnostic> {
    if PLACES.contains(&name) {
        return None;
    }
    let help = if is_folder { of_folder(name) } else { of_file(root, name) }?;
    let shown = if is_folder { format!("{name}/") } else { name.to_owned() };
    let fault = Diagnostic::new(Code::FileNotRead, format!("nothing reads `{shown}`")).help(help);
    Some(match SitePath::new(name) {
        Some(path) => fault.span(Span::file(&path)),
        None => fault,
    })
}

fn of_folder(name: &str) -> Option<String> {
    let small = composed(name).to_lowercase();
    let places = || PLACES.iter().copied().filter(|place| !place.contains('.'));
    if let Some(place) = places().find(|place| *place == small || is_slip(&small, place)) {
        return Some(format!("the folder is called {place}/, in small letters: rename it"));
    }
    // `content2`, `static.old`, `themes (copy)`, `content-backup`: a place's name, and something that is no letter.
    let is_copy = |place: &&str| {
        small
            .strip_prefix(place)
            .and_then(|rest| rest.chars().next())
            .is_some_and(|next| !next.is_alphabetic() && next != '_')
    };
    if let Some(place) = places().find(is_copy) {
        return Some(format!("what readers are to see belongs in {place}/; keep copies outside the site's folder"));
    }
    let is = |names: &[&str]| names.contains(&&*small);
    if is(OF_TEXTS) {
        return Some("texts go into content/: move the folder there".to_owned());
    }
    if is(OF_FILES) {
        return Some(
            "put a file next to the page that shows it, in content/, or into static/ to publish it as it is".to_owned(),
        );
    }
    is(OF_DESIGN).then(|| "templates go into templates/ or into a theme, and are written for Pamphlet".to_owned())
}

fn of_file(root: &Path, name: &str) -> Option<String> {
    let small = composed(name).to_lowercase();
    let stem = small.split('.').next().unwrap_or(&small);
    if let Some(place) = PLACES.iter().find(|place| place.contains('.') && is_other_state(name, place)) {
        return Some(format!(
            "{place} was changed in two places: take what is missing over into {place}, and delete this copy"
        ));
    }
    let places = || PLACES.iter().copied().filter(|place| place.contains('.'));
    let of_place = |place: &str| match place {
        "redirects.csv" => {
            "a table of former addresses is called redirects.csv and is saved as CSV UTF-8: rename it".to_owned()
        }
        place => format!("the file is called {place}: rename it"),
    };
    // `redirects.csv.txt`, `redirects.xlsx`, `redirect.csv`, `Redirects.csv`.
    let is_meant = |place: &&str| {
        let (own, ending) = place.rsplit_once('.').unwrap_or((place, ""));
        let is_sheet = ending == "csv"
            && ["xlsx", "xls", "ods", "txt", "numbers", "tsv"].iter().any(|end| small == format!("{own}.{end}"));
        small.strip_prefix(*place).is_some_and(|rest| rest.is_empty() || rest == ".txt")
            || is_sheet
            || is_slip(&small, place)
    };
    if let Some(place) = places().find(is_meant) {
        return Some(of_place(place));
    }
    match &*small {
        "_redirects" => return Some("move its lines to redirects.csv, from which such a file is made".to_owned()),
        "_headers" | "robots.txt" | "favicon.svg" | "favicon.ico" => {
            return Some("to publish it, put it into static/".to_owned());
        }
        _ => {}
    }
    if SETTINGS_OF_OTHERS.contains(&&*small) {
        return Some(
            "the settings are in site.toml; this is a file of another program: take over what you need, and remove it"
                .to_owned(),
        );
    }
    let is_text = small.ends_with(".md") || small.ends_with(".markdown");
    if is_text && !FOR_PEOPLE.contains(&stem) && has_fields(&root.join(name)) {
        return Some("a page is a file in content/: move it there".to_owned());
    }
    None
}

/// Whether `name` is one of two states of `place`, which was changed in two places.
fn is_other_state(name: &str, place: &str) -> bool {
    let (own, ending) = place.rsplit_once('.').unwrap_or((place, ""));
    let is_copy = || {
        let stem = name.strip_suffix(ending).and_then(|stem| stem.strip_suffix('.'));
        let copy = stem.and_then(NamedCopy::of).filter(|copy| copy.is_conflict);
        copy.is_some_and(|copy| copy.original == Some(own))
    };
    let begins = name.to_lowercase().strip_prefix(own).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric));
    begins && is_conflict(name) || is_copy()
}

/// Whether `name` is `place` with one letter wrong, missing or too many.
fn is_slip(name: &str, place: &str) -> bool {
    let (stem, ending) = name.rsplit_once('.').map_or((name, None), |(stem, ending)| (stem, Some(ending)));
    let (own, own_ending) = place.rsplit_once('.').map_or((place, None), |(own, ending)| (own, Some(ending)));
    ending == own_ending && stem != own && own.len() > 3 && slips(stem, own, 1).is_some() && !is_word(stem)
}

/// Names that differ from one of ours by a letter and are somebody's own.
fn is_word(name: &str) -> bool {
    matches!(name, "sites" | "suite" | "spite" | "statics" | "contest" | "context")
}

/// Whether a file begins as texts with fields do.
fn has_fields(path: &Path) -> bool {
    let mut start = [0; 4];
    let read = std::fs::File::open(path).and_then(|mut file| file.read_exact(&mut start));
    read.is_ok() && matches!(&start, b"+++\n" | b"+++\r" | b"---\n" | b"---\r")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_meant_is_reported() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let root = folder.path();
        let meant = [
            "sitte.toml",
            "redirect.csv",
            "Redirects.csv",
            "redirects.csv.txt",
            "redirects.txt",
            "redirects.xlsx",
            "_redirects",
            "_headers",
            "addresses.txt.txt",
            "adresses.txt",
            "known-fault.toml",
            "config.toml",
            "hugo.toml",
            "_config.yml",
            "robots.txt",
            "about.md",
            "site (Jane's conflicted copy 2026-01-01).toml",
            "site.sync-conflict-20260101-120000-ABCDEFG.toml",
            "site-DESKTOP-1A2B3C4.toml",
            "redirects~HEAD.csv",
            "known-faults_conflict-20260101.toml",
        ];
        let meant_folders = [
            "Content",
            "content2",
            "content-old",
            "contents",
            "static.old",
            "Static",
            "themes (copy)",
            "template",
            "_posts",
            "posts",
            "images",
            "img",
            "uploads",
            "layouts",
            "string",
        ];
        let others = [
            "README.md",
            "LICENSE",
            "LICENCE.md",
            "CHANGELOG.md",
            "CONTRIBUTING.md",
            "package.json",
            "package-lock.json",
            "netlify.toml",
            "wrangler.toml",
            "Makefile",
            "justfile",
            "Dockerfile",
            "Cargo.toml",
            "deny.toml",
            "clippy.toml",
            "pyproject.toml",
            "requirements.txt",
            "notes.txt",
            "TODO.md",
            "site.code-workspace",
            "data.csv",
            "talks.xlsx",
            "plan.docx",
            "tsconfig.json",
            "site.webmanifest",
            "sites.toml",
            "plain.md",
            "run.sh",
            "CNAME",
            "_site.zip",
        ];
        let other_folders = [
            "src",
            "tests",
            "docs",
            "public",
            "shared",
            "drafts",
            "dist",
            "build",
            "node_modules",
            "target",
            "benches",
            "scripts",
            "data",
            "tools",
            "originals",
            "archive",
            "fonts",
            "media",
            "_site",
            "static_src",
            "__pycache__",
            "contentious",
            "venv",
        ];
        for name in meant.iter().chain(&others) {
            let text = if *name == "plain.md" { "# Plain\n" } else { "+++\ntitle = \"A\"\n+++\n" };
            std::fs::write(root.join(name), text).expect("a file");
        }
        for name in meant_folders.iter().chain(&other_folders).chain(&["content", "static"]) {
            std::fs::create_dir_all(root.join(name)).expect("a folder");
        }
        let found = unread(root);
        let said: Vec<&str> = found.iter().filter_map(|fault| Some(fault.span.as_ref()?.file.as_str())).collect();
        let mut expected: Vec<&str> = meant.iter().chain(&meant_folders).copied().collect();
        expected.sort_unstable();
        assert_eq!(said, expected);
    }
}
