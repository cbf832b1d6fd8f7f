//! The names of a file and of its folders → whether they say that what is in it is not for readers: `_drafts/`, `a (draft).md`,
//! `a (Jane's conflicted copy 2026-01-01).md`, `Copy of a.md`.
//!
//! A page may be *about* drafts, so `draft-budget-2027.md` says nothing. What only may say so is [`Sure::Perhaps`].
//!
//! Not here: whether the file's fields hide it (`content`).

use crate::config::Config;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::path::{NamedCopy, SitePath, is_conflict};
use crate::schema::notices::Sure;
use crate::source::SourceFile;

/// What a name says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Says<'p> {
    pub(super) name: &'p str,
    pub(super) what: What,
    pub(super) sure: Sure,
}

/// What a file with such a name is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum What {
    /// Something that is not finished, or not for everybody.
    Unready,
    /// One of two states of a file that a program could not bring together.
    Conflict,
    /// A copy of another file, or what an editor kept of an earlier state.
    Copy,
}

/// The fault that `file` would be public in spite of what a name says; or that it is.
pub(super) fn fault(says: &Says<'_>, file: &SourceFile) -> Diagnostic {
    let name = says.name;
    let is_public = if says.sure == Sure::Plainly { "this would be public" } else { "this is public" };
    let (message, help) = match says.what {
        What::Unready => (
            format!("the name `{name}` hides nothing, so {is_public}"),
            "write `status = \"draft\"` in it to hide it, or `publish_at`; if it is to be public, give it another name or folder",
        ),
        What::Conflict => (
            format!("`{name}` is a copy of a text that was changed in two places, and {is_public}"),
            "take what is missing over into the other text and delete this one; if it is a page of its own, give it another name",
        ),
        What::Copy => (
            format!("`{name}` is named like a copy of another file, and {is_public}"),
            "delete it, or move it out of content/; if it is a page of its own, give it another name",
        ),
    };
    let code = if says.sure == Sure::Plainly { Code::NameHidesNothing } else { Code::PerhapsNotPublic };
    let fault = Diagnostic::new(code, message).span(Span::file(&file.path)).help(help);
    if says.sure == Sure::Plainly { fault.binding() } else { fault }
}

/// Names of folders, and endings before the last, that say that something is not public.
const HIDING_NAMES: &[&str] = &[
    "draft",
    "drafts",
    "private",
    "unpublished",
    "embargo",
    "embargoed",
    "confidential",
    "wip",
    "work-in-progress",
    "work in progress",
    "do-not-publish",
    "do not publish",
    "not-for-publication",
    "not for publication",
    "entwurf",
    "entwürfe",
    "brouillon",
    "brouillons",
    "borrador",
    "borradores",
    "drafft",
    "drafftiau",
];

/// Folders that may hold what is finished as well.
const DOUBTFUL_FOLDERS: &[&str] = &[
    "in-review",
    "in review",
    "for-review",
    "for review",
    "to-review",
    "to review",
    "unfinished",
    "not-ready",
    "not ready",
    "pending",
    "todo",
    "to-do",
    "to do",
    "sandbox",
    "scratch",
    "backup",
    "backups",
    "trash",
    "internal",
    "hold",
    "on-hold",
    "on hold",
    "bin",
    "rubbish",
    "unused",
];

/// Words that say it in capitals or in brackets: `a DRAFT.md`, `a (draft).md`.
const WORDS: &[&str] = &[
    "draft",
    "embargoed",
    "embargo",
    "confidential",
    "unpublished",
    "wip",
    "private",
    "entwurf",
    "brouillon",
    "borrador",
    "drafft",
];

/// What the names of `path` say, if anything. The page's own name may be any: a page may be about drafts. `bundle` is the folder
/// of its page, if that has one; `has_original` says that the file of which it seems to be a copy is beside it.
pub(super) fn says<'p>(
    path: &'p SitePath,
    bundle: Option<&SitePath>,
    config: &Config,
    has_original: bool,
) -> Option<Says<'p>> {
    let below = path.below("content")?;
    let is_index =
        bundle.is_some_and(|folder| path.folder() == *folder) && path.stem().split('.').next() == Some("index");
    // What a part's page says holds for the part.
    let said = bundle.filter(|_| !is_index).map_or(0, |folder| folder.parts().count() - 1);
    let names: Vec<&str> = below.split('/').collect();
    let own = if is_index { names.len().saturating_sub(2) } else { names.len() - 1 };
    let is_collection = |place: usize| place == 0 && config.collection(names[0]).is_some();
    let mut doubtful = None;
    for place in (said..names.len()).filter(|place| !is_collection(*place)) {
        let is_file = place + 1 == names.len();
        let what = hides(names[place], place == own, is_file).map(|sure| (What::Unready, sure));
        let what = what.or_else(|| copied(names[place], is_file, has_original));
        match what {
            Some((what, Sure::Plainly)) => return Some(Says { name: names[place], what, sure: Sure::Plainly }),
            Some((what, sure)) => doubtful = doubtful.or(Some(Says { name: names[place], what, sure })),
            None => {}
        }
    }
    doubtful
}

/// Whether one name says that what is in it is not public; `is_own` says that it is that of the page.
fn hides(name: &str, is_own: bool, is_file: bool) -> Option<Sure> {
    let bare = name.trim_start_matches(['_', '.']).to_lowercase();
    let (stem, ending) = match bare.rsplit_once('.') {
        Some((stem, _)) if is_file => (stem, stem.rsplit_once('.').map(|(_, ending)| ending)),
        _ => (&*bare, None),
    };
    // `Drafts 2027`, `drafts (old)`
    let is_of_drafts =
        !is_own && stem.strip_prefix("drafts").is_some_and(|rest| !rest.starts_with(char::is_alphanumeric));
    let is_named = is_of_drafts || HIDING_NAMES.contains(&stem) && (!is_own || name.starts_with('_'));
    if is_named || ending.is_some_and(|ending| HIDING_NAMES.contains(&ending)) {
        return Some(Sure::Plainly);
    }
    if !is_own && DOUBTFUL_FOLDERS.contains(&stem) {
        return Some(Sure::Perhaps);
    }
    let written = if is_file { name.rsplit_once('.').map_or(name, |(stem, _)| stem) } else { name };
    in_words(written).or_else(|| {
        // Other programs do not publish what begins so.
        let is_set_apart = name.starts_with('_') && !name.starts_with("_index.");
        is_set_apart.then_some(Sure::Perhaps)
    })
}

/// Whether the words of a name say that it is a draft, or under embargo.
fn in_words(stem: &str) -> Option<Sure> {
    // Most names are small letters and hyphens.
    let is_plain = stem.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    let lower = stem.to_lowercase();
    if !WORDS.iter().any(|word| lower.contains(word)) && !lower.contains("publi") {
        return None;
    }
    if is_plain {
        return slug_says(stem);
    }
    let is_sign = |c: char| !c.is_alphanumeric();
    let words: Vec<&str> = stem.split(is_sign).filter(|word| !word.is_empty()).collect();
    let is_word = |word: &str| WORDS.contains(&word.to_lowercase().as_str());
    let has_small = words.iter().any(|word| !is_word(word) && word.chars().any(char::is_lowercase));
    let is_loud = |word: &&str| is_word(word) && !word.chars().any(char::is_lowercase);
    // "DRAFT-BUDGET" is written in capitals all over.
    let edges = [words.first(), words.last(), words.iter().rev().find(|word| !is_version(word))];
    if words.iter().any(is_loud) && (has_small || edges.iter().flatten().any(|word| is_loud(word))) {
        return Some(Sure::Plainly);
    }
    let enclosed = |open: char, close: char| {
        let mut groups = stem.split(open).skip(1).filter_map(|rest| rest.split_once(close)).map(|(inner, _)| inner);
        groups.any(|inner| {
            let inner: Vec<&str> = inner.split(is_sign).filter(|word| !word.is_empty() && !is_version(word)).collect();
            let inner = inner.join(" ").to_lowercase();
            is_word(&inner) || ["not for publication", "do not publish", "work in progress"].contains(&&*inner)
        })
    };
    if enclosed('(', ')') || enclosed('[', ']') || enclosed('{', '}') {
        return Some(Sure::Plainly);
    }
    // `a - embargoed`, `Draft – a`
    let parts = || stem.split([" - ", " – ", " — "].iter().find(|sign| stem.contains(**sign)).unwrap_or(&" - "));
    let is_part = |part: &str| {
        let words: Vec<&str> = part.split(is_sign).filter(|word| !word.is_empty() && !is_version(word)).collect();
        matches!(words.as_slice(), [one] if is_word(one))
    };
    let mut set_apart = parts().count() > 1;
    set_apart &= parts().next().is_some_and(is_part) || parts().last().is_some_and(is_part);
    if set_apart {
        return Some(Sure::Plainly);
    }
    slug_says(&words.join("-").to_lowercase())
}

/// The same of a name in small letters with hyphens, which most often tells what the page is about.
fn slug_says(slug: &str) -> Option<Sure> {
    let words: Vec<&str> = slug.split('-').collect();
    let (last, before) = words.split_last()?;
    let (word, version) = match before.split_last() {
        Some((word, _)) if is_version(last) => (*word, *last),
        _ => (*last, ""),
    };
    let is_last = |known: &str| word == known && words.len() > 1;
    let is_year = |word: &&str| word.len() == 4 && word.parse::<i16>().is_ok_and(|year| (2026..2100).contains(&year));
    let is_dated = |behind: &[&str]| {
        let has_day = behind.first().is_some_and(|word| word.starts_with(|c: char| c.is_ascii_digit()));
        has_day && behind.iter().take(3).any(is_year)
    };
    let is_until = words.iter().enumerate().any(|(at, word)| {
        let behind = &words[at + 1..];
        matches!(*word, "embargo" | "embargoed") && (behind.first() == Some(&"until") || is_dated(behind))
    });
    let is_told = ["do-not-publish", "not-for-publication", "not-yet-public", "dont-publish"];
    if is_until || is_told.iter().any(|told| slug.starts_with(told) || slug.ends_with(told)) {
        return Some(Sure::Plainly);
    }
    if is_last("embargoed") || is_last("wip") || is_last("draft") && version.starts_with('v') {
        return Some(Sure::Plainly);
    }
    // "comments-on-the-draft" is about one.
    let above = before.iter().rev().find(|one| **one != word).copied().unwrap_or_default();
    let is_about =
        ["the", "a", "first", "second", "third", "final", "of", "on", "our", "new", "nfl", "nba"].contains(&above);
    let is_first = |known: &str| words.len() > 1 && words[0] == known;
    (is_last("draft") && !is_about || is_last("unpublished") || is_first("wip")).then_some(Sure::Perhaps)
}

/// `v2`, `2`, `2026`, `final`.
fn is_version(word: &str) -> bool {
    let number = word.strip_prefix(['v', 'V']).unwrap_or(word);
    !number.is_empty() && number.len() <= 8 && number.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a name is one that programs give to a copy, or to one of two states of a file.
fn copied(name: &str, is_file: bool, has_original: bool) -> Option<(What, Sure)> {
    if is_conflict(name) {
        return Some((What::Conflict, Sure::Plainly));
    }
    if !is_file {
        return None;
    }
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let copy = NamedCopy::of(stem)?;
    let what = if copy.is_conflict { What::Conflict } else { What::Copy };
    match (has_original || copy.original.is_none(), copy.is_sure) {
        (true, true) => Some((what, Sure::Plainly)),
        (true, false) | (false, true) => Some((what, Sure::Perhaps)),
        (false, false) => None,
    }
}

/// The file beside the one at `path` of which it seems to be a copy.
pub(super) fn original_of(path: &SitePath) -> Option<SitePath> {
    path.folder().join(&format!("{}.{}", NamedCopy::of(path.stem())?.original?, path.ending()))
}
