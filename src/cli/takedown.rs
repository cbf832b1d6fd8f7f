//! What must not be public, while the site as a whole cannot be published → removed from the published folder, and named.

use std::path::Path;

use super::session::Session;
use crate::pipeline::Withheld;
use crate::publish::{self, Stays};
use crate::store::{self, Refusal};

/// Removes the files of `folder` for which `is_to_go` is true, and with any of them the search index, which holds their words.
/// Returns whether there were any.
pub(super) fn take_down(
    session: &Session,
    folder: &Path,
    withheld: &Withheld,
    is_to_go: impl Fn(&str) -> bool,
) -> Result<bool, Refusal> {
    let mut withdrawn = store::withdraw(folder, is_to_go)?;
    if !withdrawn.gone.is_empty() || !withdrawn.left.is_empty() {
        let index = store::withdraw(folder, |path| withheld.is_of_index(path))?;
        withdrawn.left.extend(index.left);
    }
    if !withdrawn.gone.is_empty() {
        // People know the address, not the files that go with it.
        let (pages, files): (Vec<_>, Vec<_>) = withdrawn.gone.iter().partition(|name| name.ends_with(".html"));
        let pages = pages.into_iter().map(|page| format!("`{}`", publish::address(page)));
        let named: Vec<String> = pages.chain(files.into_iter().cloned()).collect();
        session.say(&format!(
            "Removed all the same, since it must not be public: {}. Until the rest can be published, lists may still name \
             it, and the search finds nothing.",
            some_of(&named)
        ));
    }
    for (name, why) in &withdrawn.left {
        session.say(&format!("{name} must not be public but still is: it cannot be removed, since {why}."));
    }
    Ok(!withdrawn.gone.is_empty() || !withdrawn.left.is_empty())
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
