//! What must not be public, while the site as a whole cannot be published → removed from the published folder, and named.

use std::path::Path;

use super::session::Session;
use crate::pipeline::Withheld;
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
        session.say(&format!(
            "Removed all the same, since it must not be public: {}. Until the rest can be published, lists may still name \
             it, and the search finds nothing.",
            some_of(&withdrawn.gone)
        ));
    }
    for (name, why) in &withdrawn.left {
        session.say(&format!("{name} must not be public but still is: it cannot be removed, since {why}."));
    }
    Ok(!withdrawn.gone.is_empty() || !withdrawn.left.is_empty())
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
