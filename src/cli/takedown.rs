//! What must not be public, while the site as a whole cannot be published → removed from the published folder, and named.

use std::path::Path;

use super::session::{Session, shown};
use crate::pipeline::Withheld;
use crate::publish::{self, Stays};
use crate::store::{self, Refusal};

/// Removes the files of `folder` for which `is_to_go` is true, and with any of them the search index and the feeds that may hold their
/// words: the next publication brings these back.
pub(super) fn take_down(
    session: &Session,
    folder: &Path,
    withheld: &Withheld,
    is_to_go: impl Fn(&str) -> bool,
) -> Result<(), Refusal> {
    let mut withdrawn = store::withdraw(folder, is_to_go)?;
    if !withdrawn.gone.is_empty() || !withdrawn.left.is_empty() {
        let more = store::withdraw(folder, |path| withheld.is_of_index(path) || withheld.is_feed(path))?;
        withdrawn.left.extend(more.left);
    }
    if !withdrawn.gone.is_empty() {
        // People know the address, not the files that go with it.
        let (pages, files): (Vec<_>, Vec<_>) = withdrawn.gone.iter().partition(|name| name.ends_with(".html"));
        let pages = pages.into_iter().map(|page| format!("`{}`", publish::address(page)));
        let named: Vec<String> = pages.chain(files.into_iter().cloned()).collect();
        session.say(&format!(
            "Removed all the same, since it must not be public: {}. Until the rest can be published, lists may still show its \
             title and summary, and the search finds nothing.",
            some_of(&named)
        ));
    }
    for (name, why) in &withdrawn.left {
        session.say(&format!("{name} must not be public but still is: it cannot be removed, since {why}."));
    }
    Ok(())
}

/// What `folder` may still show that has no page of its own, if it is not known what was published there, in words.
pub(super) fn pieces(withheld: &Withheld, folder: &Path) -> Option<String> {
    (withheld.has_pieces && folder.is_dir()).then(|| {
        format!(
            "Pages in {} are as they were published last. If a row, a part of a page or a block of text has been hidden since, \
             they still show it until the faults above are mended.",
            shown(folder)
        )
    })
}

/// What is to be known while the settings cannot be read, and with them what is hidden, in words.
pub(super) fn unknown(folder: &Path) -> Option<String> {
    folder.is_dir().then(|| {
        format!(
            "What must not be public is not known while the settings have errors: {} stays as it is. To take a page down before they \
             are mended, delete its folder there.",
            shown(folder)
        )
    })
}

/// What was to go but stays, since nothing was published, in words.
pub(super) fn stays(stays: &Stays) -> Vec<String> {
    let withdrawn = stays.withdrawn.iter().map(|(file, address)| {
        format!(
            "`{address}` is still public with its whole text, though {file} is withdrawn. To take it down at once, write \
             `status = \"draft\"` in it and build again; or mend the faults above."
        )
    });
    let gone = (!stays.gone.is_empty()).then(|| {
        let shown: Vec<String> = stays.gone.iter().map(|address| format!("`{address}`")).collect();
        let (is, it) = if shown.len() == 1 { ("is", "it") } else { ("are", "them") };
        format!(
            "{} {is} still public, though no file makes {it} any more. To take {it} down at once, put the file back with \
             `status = \"draft\"` in it and build again; or mend the faults above.",
            some_of(&shown)
        )
    });
    withdrawn.chain(gone).collect()
}

/// What stays public although something in it should not be, in words.
pub(super) fn still_shown(withheld: &Withheld) -> Vec<String> {
    let homes = withheld.telling.iter().map(|name| {
        format!(
            "{name} still shows what must not be public: a home page is not removed. Mend the faults above, and it changes."
        )
    });
    let unclear = withheld.unclear.iter().map(|file| {
        format!(
            "What was published of {file} is still public, since the file cannot be read as it is now. To take it down, mend \
             the fault above, or delete the file."
        )
    });
    homes.chain(unclear).collect()
}

/// The first two of some files, and how many more there are.
fn some_of(names: &[String]) -> String {
    match names {
        [first] => first.clone(),
        [first, second] => format!("{first} and {second}"),
        [first, second, more @ ..] => format!("{first}, {second} and {} more", more.len()),
        [] => String::new(),
    }
}
