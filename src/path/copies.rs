//! The name of a file → whether a program gave it to a copy of another: what was changed in two places at the same time, what somebody
//! copied, what an editor keeps.

/// A copy, by its name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct NamedCopy<'n> {
    /// The stem of the file that it is a copy of, if the name says so.
    pub(crate) original: Option<&'n str>,
    /// Whether it is one of two states of a text that was changed in two places.
    pub(crate) is_conflict: bool,
    /// Whether nobody else names files so: `a (1)` may be a page of its own.
    pub(crate) is_sure: bool,
}

/// Endings of copies that editors and other programs keep.
const KEPT: &[&str] = &["orig", "backup", "save", "swp", "rej", "copy"];

impl<'n> NamedCopy<'n> {
    /// What a name without its ending says, if anything. [`is_conflict`] knows the names that need no original.
    pub(crate) fn of(stem: &'n str) -> Option<Self> {
        let copy = |original: &'n str, is_sure| Some(Self { original: Some(original), is_conflict: false, is_sure });
        let is_kept = stem.to_lowercase().rsplit_once('.').is_some_and(|(_, kept)| KEPT.contains(&kept));
        if stem.ends_with('~') || stem.len() > 2 && stem.starts_with('#') && stem.ends_with('#') || is_kept {
            return Some(Self { original: None, is_conflict: false, is_sure: true });
        }
        let counted = &stem[..without_number(stem)];
        for end in [
            " - Copy", " - copy", " copy", " Copy", " (copy)", " (Copy)", " - Kopie", " Kopie", " - copie", " - copia",
            " - Copia", " kopie",
        ] {
            if let Some(stem) = counted.strip_suffix(end).filter(|stem| !stem.is_empty()) {
                return copy(stem.trim_end(), true);
            }
        }
        for end in
            ["-old", "_old", " old", " (old)", "-OLD", "_OLD", " OLD", " - old", "-bak", "_bak", "-backup", "_backup"]
        {
            if let Some(stem) = stem.strip_suffix(end).filter(|stem| !stem.is_empty()) {
                return copy(stem.trim_end(), false);
            }
        }
        for start in ["Copy of ", "copy of ", "Kopie von ", "Copie de ", "Copia de ", "Copi o ", "Kopie van "] {
            if let Some(stem) = stem.strip_prefix(start).filter(|stem| !stem.is_empty()) {
                return copy(stem, true);
            }
        }
        // Git: `a~HEAD`. OneDrive: `a-DESKTOP-1A2B3C4`, `a-Janes-MacBook`.
        let conflict = |original, is_sure| Self { original: Some(original), is_conflict: true, is_sure };
        if let Some((original, branch)) = stem.split_once('~')
            && !original.is_empty()
            && branch.starts_with(char::is_alphanumeric)
        {
            return Some(conflict(original, true));
        }
        for machine in ["-DESKTOP-", "-LAPTOP-"] {
            if let Some((original, rest)) = stem.split_once(machine)
                && !original.is_empty()
                && rest.bytes().all(|byte| byte.is_ascii_alphanumeric())
            {
                return Some(conflict(original, true));
            }
        }
        if counted.len() < stem.len() {
            return copy(counted, false);
        }
        let at = stem.match_indices('-').map(|(at, _)| at).find(|at| {
            *at > 0 && stem[at + 1..].starts_with(char::is_uppercase) && !stem[..*at].contains(char::is_uppercase)
        })?;
        Some(conflict(&stem[..at], false))
    }
}

/// How long a name is without the number that a computer put behind it: `a (1)`, `a 2`.
fn without_number(stem: &str) -> usize {
    let trimmed = stem.trim_end_matches(|c: char| c.is_ascii_digit());
    let is_bracketed = stem.ends_with(')')
        && stem.rsplit_once('(').is_some_and(|(_, inner)| {
            inner.len() > 1 && inner[..inner.len() - 1].bytes().all(|byte| byte.is_ascii_digit())
        });
    match is_bracketed {
        true => stem.rfind('(').map_or(stem.len(), |at| stem[..at].trim_end().len()),
        false if trimmed.len() < stem.len() && trimmed.ends_with(' ') => trimmed.trim_end().len(),
        false => stem.len(),
    }
}

/// Whether a program that keeps folders equal, or brings changes together, gave a file or folder this name; with its ending or without.
pub(crate) fn is_conflict(name: &str) -> bool {
    let lower = name.to_lowercase();
    let in_brackets = lower.split(['(', '[']).skip(1).any(|rest| {
        let inner = rest.split([')', ']']).next().unwrap_or_default();
        let is_word = ["conflict", "konflikt", "conflit", "name clash"].iter().any(|word| inner.contains(word));
        let is_copy = ["copy", "kopie", "copie", "copia", "sfconflict", "case"].iter().any(|word| inner.contains(word));
        is_word && (is_copy || inner.bytes().any(|byte| byte.is_ascii_digit()) || inner.trim() == "conflict")
    });
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let merged = ["_BACKUP_", "_LOCAL_", "_REMOTE_", "_BASE_"].iter().any(|mark| {
        stem.split_once(mark)
            .is_some_and(|(_, rest)| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()))
    });
    let dated = |mark: &str| {
        lower.split_once(mark).is_some_and(|(before, rest)| {
            !before.is_empty()
                && (rest.is_empty() || rest.starts_with(|c: char| "-.".contains(c) || c.is_ascii_digit()))
        })
    };
    // `a-conflict-2014` may be about one.
    let is_day = |rest: &str| rest.len() >= 8 && rest.as_bytes()[..8].iter().all(u8::is_ascii_digit);
    in_brackets
        || merged
        || lower.contains(".sync-conflict-")
        || dated("_conflict")
        || dated(".conflict")
        || lower.split_once("-conflict-").is_some_and(|(before, rest)| !before.is_empty() && is_day(rest))
        || lower.contains("conflicted copy")
        // Git: `a.md~HEAD`.
        || lower.split_once(".md~").is_some_and(|(before, rest)| !before.is_empty() && !rest.is_empty())
}
