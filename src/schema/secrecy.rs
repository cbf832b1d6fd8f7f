//! The name of an undeclared field → whether it was meant to hide what it is in, and what to write instead.
//!
//! Other programs have other fields to say who may see a page, and people mistype. An author who writes `draft = true` or
//! `stauts = "draft"` wants the page hidden: leaving such a field out would publish it.

use jiff::civil::Date;

use super::time::{TimeFault, parse_date};
use crate::data::{Key, Raw, RawKind};
use crate::diagnostic::slips;

/// The field and the value that hide an entry, whatever else it says.
pub(crate) const HIDES: (&str, &str) = ("status", "draft");

/// The fields that say who may see an entry, and when.
pub(crate) const FIELDS: &[&str] = &["status", "publish_at", "expires", "date", "withdrawn"];

/// Fields of an entry of which readers learn nothing: those for colleagues, and those by which only the program goes.
pub(crate) const UNSEEN: &[&str] = &["internal_note", "publish_at", "see"];

/// Those of them that no group of fields shows either.
pub(crate) const UNSEEN_ANYWHERE: &[&str] = &["internal_note", "publish_at"];

/// Further fields by which the program decides what has a page, where, and who is led to it.
const DECIDE: &[&str] = &["original", "see", "sample", "noindex", "id", "slug", "template", "aliases"];

/// Those that nobody writes for any other reason, so a name that resembles one is taken for a slip.
const PLAINLY_MEANT: &[&str] = &["status", "publish_at", "expires"];

/// What a field with another name was meant to say.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Meaning {
    /// Hidden if it is true: `draft`.
    Hides,
    /// Hidden unless it is true: `published`.
    Shows,
    /// Hidden if it says no: `permalink`.
    HidesIfNo,
    /// Hidden before or after a time: `embargo`.
    Time,
    /// One of our own fields, slightly wrong.
    Ours(&'static str),
}

/// Names with no other meaning, in lower case without separators. They cannot be declared.
const PLAIN: &[(&str, Meaning)] = &[
    ("draft", Meaning::Hides),
    ("isdraft", Meaning::Hides),
    ("private", Meaning::Hides),
    ("isprivate", Meaning::Hides),
    ("hidden", Meaning::Hides),
    ("ishidden", Meaning::Hides),
    ("hide", Meaning::Hides),
    ("unpublished", Meaning::Hides),
    ("confidential", Meaning::Hides),
    ("embargoed", Meaning::Hides),
    ("embargo", Meaning::Time),
    ("embargoat", Meaning::Time),
    ("embargodate", Meaning::Time),
    ("embargoend", Meaning::Time),
    ("embargoends", Meaning::Time),
    ("embargotime", Meaning::Time),
    ("embargountil", Meaning::Time),
    ("embargoeduntil", Meaning::Time),
    ("underembargo", Meaning::Hides),
    ("underembargountil", Meaning::Time),
    ("publishdate", Meaning::Time),
    ("publishon", Meaning::Time),
    ("publishfrom", Meaning::Time),
    ("publishafter", Meaning::Time),
    ("publishtime", Meaning::Time),
    ("expiry", Meaning::Ours("expires")),
    ("expired", Meaning::Ours("expires")),
    ("expiration", Meaning::Ours("expires")),
    ("expirydate", Meaning::Ours("expires")),
    ("expirationdate", Meaning::Ours("expires")),
    ("unpublishat", Meaning::Ours("expires")),
    ("unpublishon", Meaning::Ours("expires")),
    ("unpublishdate", Meaning::Ours("expires")),
    ("publicationstatus", Meaning::Ours("status")),
    ("poststatus", Meaning::Ours("status")),
];

/// Names that a site may give another meaning by declaring them.
const OTHERS: &[(&str, Meaning)] = &[
    ("secret", Meaning::Hides),
    ("drafts", Meaning::Hides),
    ("withdrawn", Meaning::Hides),
    ("wip", Meaning::Hides),
    ("workinprogress", Meaning::Hides),
    ("entwurf", Meaning::Hides),
    ("brouillon", Meaning::Hides),
    ("borrador", Meaning::Hides),
    ("drafft", Meaning::Hides),
    ("headless", Meaning::Hides),
    ("notforpublication", Meaning::Hides),
    ("donotshare", Meaning::Hides),
    ("vertraulich", Meaning::Hides),
    ("geheim", Meaning::Hides),
    ("confidentiel", Meaning::Hides),
    ("confidencial", Meaning::Hides),
    ("cyfrinachol", Meaning::Hides),
    ("sperrfrist", Meaning::Time),
    ("sousembargo", Meaning::Hides),
    ("bajoembargo", Meaning::Hides),
    ("notpublished", Meaning::Hides),
    ("donotpublish", Meaning::Hides),
    ("archived", Meaning::Hides),
    ("deleted", Meaning::Hides),
    ("trash", Meaning::Hides),
    ("trashed", Meaning::Hides),
    ("membersonly", Meaning::Hides),
    ("restricted", Meaning::Hides),
    ("postpassword", Meaning::Hides),
    ("dgpublish", Meaning::Shows),
    ("ready", Meaning::Shows),
    ("isready", Meaning::Shows),
    ("approved", Meaning::Shows),
    ("permalink", Meaning::HidesIfNo),
    ("render", Meaning::HidesIfNo),
    ("output", Meaning::HidesIfNo),
    ("postdate", Meaning::Ours("date")),
    ("postdategmt", Meaning::Ours("date")),
    ("availablefrom", Meaning::Ours("publish_at")),
    ("notbefore", Meaning::Time),
    ("goeslive", Meaning::Time),
    ("visiblefrom", Meaning::Time),
    ("after", Meaning::Time),
    ("until", Meaning::Time),
    ("validuntil", Meaning::Ours("expires")),
    ("listed", Meaning::Shows),
    ("enabled", Meaning::HidesIfNo),
    ("show", Meaning::HidesIfNo),
    ("active", Meaning::HidesIfNo),
    ("validfrom", Meaning::Time),
    ("release", Meaning::Time),
    ("launch", Meaning::Time),
    ("schedule", Meaning::Time),
    ("internal", Meaning::Hides),
    ("protected", Meaning::Hides),
    ("password", Meaning::Hides),
    ("unlisted", Meaning::Hides),
    ("disabled", Meaning::Hides),
    ("published", Meaning::Shows),
    ("ispublished", Meaning::Shows),
    ("publish", Meaning::Shows),
    ("public", Meaning::Shows),
    ("ispublic", Meaning::Shows),
    ("visible", Meaning::Shows),
    ("live", Meaning::Shows),
    ("visibility", Meaning::Ours("status")),
    ("publishedat", Meaning::Ours("publish_at")),
    ("pubdate", Meaning::Ours("date")),
    ("publicationdate", Meaning::Ours("date")),
    ("datepublished", Meaning::Ours("date")),
    ("dateofpublication", Meaning::Ours("date")),
    ("releaseat", Meaning::Time),
    ("releasedate", Meaning::Time),
    ("releaseon", Meaning::Time),
    ("golive", Meaning::Time),
    ("goliveat", Meaning::Time),
    ("golivedate", Meaning::Time),
    ("scheduled", Meaning::Time),
    ("scheduledfor", Meaning::Time),
    ("holduntil", Meaning::Time),
    ("hold", Meaning::Hides),
    ("onhold", Meaning::Hides),
    ("holdback", Meaning::Hides),
    ("notready", Meaning::Hides),
    ("notyet", Meaning::Hides),
    ("dontpublish", Meaning::Hides),
    ("notforrelease", Meaning::Hides),
    ("topublish", Meaning::Time),
    ("topublishon", Meaning::Time),
    ("tobepublished", Meaning::Time),
    ("publishwhen", Meaning::Time),
    ("whentopublish", Meaning::Time),
    ("datetopublish", Meaning::Time),
    ("publishday", Meaning::Time),
    ("publishing", Meaning::Time),
    ("publishingdate", Meaning::Time),
    ("publicationtime", Meaning::Time),
    ("releasetime", Meaning::Time),
    ("launchdate", Meaning::Time),
    ("livedate", Meaning::Time),
    ("liveon", Meaning::Time),
    ("appearson", Meaning::Time),
    ("appearsat", Meaning::Time),
    ("goesout", Meaning::Time),
    ("outon", Meaning::Time),
    ("postat", Meaning::Time),
    ("poston", Meaning::Time),
    ("heldback", Meaning::Hides),
    ("releaseafter", Meaning::Time),
    ("publicfrom", Meaning::Time),
    ("publicat", Meaning::Time),
    ("gopublic", Meaning::Time),
    ("gopublicat", Meaning::Time),
    ("onlinefrom", Meaning::Time),
    ("onlineat", Meaning::Time),
    ("livefrom", Meaning::Time),
    ("liveat", Meaning::Time),
    ("showfrom", Meaning::Time),
    ("publishup", Meaning::Ours("publish_at")),
    ("publishdown", Meaning::Ours("expires")),
    ("unpublish", Meaning::Ours("expires")),
];

/// Names with no other meaning even when misspelt.
const PLAIN_SLIPS: &[&str] = &["draft", "isdraft", "private", "hidden", "embargoed", "unpublished", "confidential"];

/// Whether a field of this name would seem to hide entries but would not, so that no site may declare one.
pub(crate) fn is_reserved(name: &str) -> bool {
    let bare = bare(name);
    PLAIN.iter().any(|(known, _)| *known == bare)
}

/// What to write instead of the undeclared field `name`, if its name and value are meant to hide something; otherwise
/// `None`.
pub(crate) fn meant(name: &str, value: &Raw) -> Option<String> {
    let said = Said::of(value)?;
    if says_hidden(value) || says_waiting(value) {
        return Some(
            "to hide this, write `status = \"draft\"`, or `publish_at` with a day and a time of day".to_owned(),
        );
    }
    let draft = "write `status = \"draft\"` to hide it until you say otherwise";
    let time = "write `publish_at` with a day and a time of day to hide it until then";
    let words = match meaning(name)? {
        // Some groups of fields have no day of their own; `date` in one of those is not a slip.
        Meaning::Ours(field) if field == name && !PLAINLY_MEANT.contains(&field) => return None,
        Meaning::Hides if said == Said::No => return None,
        Meaning::Shows if said == Said::Yes || is_public(value) || is_past(value) => return None,
        Meaning::Hides | Meaning::Shows => format!("{draft}, or {time}"),
        Meaning::HidesIfNo if said != Said::No => return None,
        Meaning::HidesIfNo => format!("{draft}, or {time}"),
        Meaning::Time if said == Said::No || is_past(value) => return None,
        // `release = "Spring"` may be anything.
        Meaning::Time if is_loose(name) && !is_day(value) => return None,
        Meaning::Time => format!("{time}, or {draft}"),
        Meaning::Ours("status") if is_public(value) || !is_slip_of(name, "status") => return None,
        Meaning::Ours("date") if !is_day(value) || is_past(value) => return None,
        Meaning::Ours(field) => format!("did you mean `{field}`?"),
    };
    Some(words)
}

/// Whether a field of another program says only what is so anyway: `draft: false`, `published: true`, `embargo: ""`.
pub(crate) fn says_nothing(name: &str, value: &Raw) -> bool {
    let name = bare(name);
    let listed = PLAIN.iter().chain(OTHERS).find(|(known, _)| *known == name).map(|(_, meaning)| *meaning);
    matches!(
        (listed, Said::of(value)),
        (Some(_), None)
            | (Some(Meaning::Hides | Meaning::Time), Some(Said::No))
            | (Some(Meaning::Shows), Some(Said::Yes))
    )
}

/// The first field in `value`, however deep, that was meant to hide what `value` is in but has no effect there.
pub(crate) fn within(value: &Raw) -> Option<&Key> {
    match &value.kind {
        RawKind::List(items) => items.iter().find_map(within),
        RawKind::Table(table) => table.iter().find_map(|(key, value)| {
            // `cover.hidden` hides the cover, and `project.status` is the project's.
            let is_hiding = match meaning(&key.name) {
                Some(Meaning::Ours("date")) | None => false,
                Some(Meaning::HidesIfNo) => bare(&key.name) == "render",
                Some(Meaning::Ours("status")) => says_hidden(value),
                Some(Meaning::Hides) => !["hidden", "hide", "ishidden", "disabled"].contains(&&*bare(&key.name)),
                Some(_) => true,
            };
            let is_meant = is_hiding && meant(&key.name, value).is_some();
            if is_meant { Some(key) } else { within(value) }
        }),
        _ => None,
    }
}

/// Whether a name is one of our fields with a letter or two wrong, rather than a longer name that contains it:
/// `comment_status`.
fn is_slip_of(name: &str, field: &str) -> bool {
    let name = bare(name);
    ["visibility", "poststatus", "publicationstatus"].contains(&&*name) || slips(&name, &bare(field), 1).is_some()
}

/// Whether a status says, in any program's words, that nothing is hidden.
fn is_public(value: &Raw) -> bool {
    let RawKind::Text(text) = &value.kind else { return false };
    ["published", "publish", "public", "live", "visible", "open"].contains(&&*text.trim().to_lowercase())
}

/// Whether a value says in a word, under any name, that something is hidden: `state = "draft"`.
pub(crate) fn says_hidden(value: &Raw) -> bool {
    match &value.kind {
        RawKind::Text(text) => says_hidden_word(text),
        RawKind::List(items) => items.iter().any(says_hidden),
        _ => false,
    }
}

/// Words for something hidden.
pub(super) const HIDDEN_WORDS: &[&str] = &[
    "draft",
    "private",
    "embargo",
    "embargoed",
    "unpublished",
    "hidden",
    "confidential",
    "under embargo",
    "internal",
    "borrador",
    "brouillon",
    "entwurf",
    "drafft",
    "not for publication",
    "do not publish",
    "don't publish",
    "not for release",
    "wip",
    "vertraulich",
    "confidentiel",
    "confidencial",
    "cyfrinachol",
];

/// Whether a text is a word for something hidden.
pub(super) fn says_hidden_word(text: &str) -> bool {
    HIDDEN_WORDS.contains(&&*text.trim().to_lowercase())
}

/// Whether a value says that something waits for somebody, or holds a note that it is not to be published: `in review`. Only
/// fields that nobody declared are asked, since much may be under review.
fn says_waiting(value: &Raw) -> bool {
    let words = [
        "in review",
        "under review",
        "for review",
        "to review",
        "needs review",
        "review",
        "pending",
        "pending review",
        "pending approval",
        "awaiting approval",
        "awaiting review",
        "awaiting sign-off",
        "not approved",
        "unapproved",
        "not ready",
        "not published",
        "not yet published",
        "on hold",
        "hold",
        "held",
        "work in progress",
        "to be published",
        "to publish",
        "scheduled",
        "secret",
    ];
    match &value.kind {
        RawKind::Text(text) => {
            words.contains(&&*text.trim().to_lowercase()) || super::notices::instruction(text).is_some()
        }
        RawKind::List(items) => items.iter().any(says_waiting),
        _ => false,
    }
}

/// Whether a name means a time in some programs and something else in others.
fn is_loose(name: &str) -> bool {
    ["release", "launch", "schedule", "validfrom", "notbefore", "after", "until", "goeslive", "visiblefrom"]
        .contains(&&*bare(name))
}

/// The day before which this program did not exist: an earlier one hides nothing.
pub(crate) const FIRST: Date = jiff::civil::date(2026, 1, 1);

/// Whether a value names a day that was over before this program existed, so that it hides nothing.
pub(crate) fn is_past(value: &Raw) -> bool {
    let (RawKind::Date(text) | RawKind::Text(text)) = &value.kind else { return false };
    // "2020", "2020-05", "2020/05/03" are past however they are read.
    let digits = text.trim().split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default();
    // "12062026" begins with a day.
    let year = Some(digits).filter(|digits| digits.len() == 4).and_then(|year| year.parse::<i16>().ok());
    if year.is_some_and(|year| (1000..FIRST.year()).contains(&year)) {
        return true;
    }
    let day = text.trim().get(..10).unwrap_or(text.trim());
    let day = match parse_date(day) {
        Ok(day) => Some(day),
        Err(TimeFault::Unreadable(Some((day, _)))) => Some(day),
        Err(_) => None,
    };
    day.is_some_and(|day| day < FIRST)
}

/// The day that a text names, however it is written; a time may follow.
pub(crate) fn day_in(text: &str) -> Option<Date> {
    let text = text.trim().trim_matches(['"', '\'']).trim();
    match parse_date(text) {
        Ok(day) | Err(TimeFault::Unreadable(Some((day, _)))) => Some(day),
        Err(_) => parse_date(text.split([' ', 'T']).next()?).ok(),
    }
}

/// The day that a text names, if other words may stand around it: `00:01, Thursday 20 May 2027`.
pub(crate) fn day_within(text: &str) -> Option<Date> {
    let words: Vec<&str> =
        text.split_whitespace().map(|word| word.trim_matches([',', '*', '_', '.', '(', ')'])).collect();
    let spans = (0..words.len()).flat_map(|start| (1..=3).rev().map(move |length| start..start + length));
    let mut parts = spans.filter_map(|span| Some(words.get(span)?.join(" ")));
    day_in(text).or_else(|| parts.find_map(|part| day_in(&part)))
}

/// Whether a field of this name can only be about an embargo, in however many words: `Embargoed until`.
pub(crate) fn is_about_embargo(name: &str) -> bool {
    if !super::notices::names_embargo(name) {
        return false;
    }
    let name = bare(name);
    let name = ["strictly", "strict", "press", "media", "under"]
        .iter()
        .find_map(|word| name.strip_prefix(word))
        .unwrap_or(&name);
    ["embargo", "notforrelease", "notforpublication", "sperrfrist"].iter().any(|known| name.starts_with(known))
}

/// Whether a field of this name and value hides a page in another program by saying no: `permalink: false`.
pub(crate) fn hides_by_no(name: &str, value: &Raw) -> bool {
    matches!(meaning(name), Some(Meaning::HidesIfNo)) && Said::of(value) == Some(Said::No)
}

/// Whether a field of this name is for those who write the site alone.
pub(crate) fn is_unseen(name: &str) -> bool {
    name == "internal_note"
}

/// Whether a text says no: `false`, `off`.
pub(crate) fn says_no(text: &str) -> bool {
    Said::of(&Raw { kind: RawKind::Text(text.to_owned()), span: 0..0 }) == Some(Said::No)
}

/// Whether a `status` of another program says that a page is to appear by itself.
pub(crate) fn is_about_moment(status: &str) -> bool {
    is_about_embargo(status) || matches!(bare(status).as_str(), "scheduled" | "schedule" | "future" | "timed" | "later")
}

/// Whether a value names a day.
fn is_day(value: &Raw) -> bool {
    match &value.kind {
        RawKind::Date(_) => true,
        RawKind::Text(text) => {
            matches!(parse_date(text.trim()), Ok(_) | Err(TimeFault::Unreadable(Some(_)) | TimeFault::NoSuch(_)))
        }
        _ => false,
    }
}

/// Whether a line of text `name: value` was certainly a field that hides: `status: draft`, not "Status: complete".
/// `is_fenced` says that lines around it mark it as fields.
pub(crate) fn hides_in_text(name: &str, value: &str, is_fenced: bool) -> bool {
    if is_about_embargo(name) && day_within(value).is_some_and(|day| day >= FIRST) {
        return true;
    }
    let Some(meaning) = meaning(name) else { return false };
    let raw = Raw { kind: RawKind::Text(value.to_owned()), span: 0..0 };
    let is_written_small = name.chars().all(|c| !c.is_uppercase());
    // Prose begins with a capital too, but not with this value after it.
    let is_certain = value.eq_ignore_ascii_case("true");
    let is_embargo = ["embargo", "publishat"].iter().any(|known| bare(name).starts_with(known)) && !is_past(&raw);
    // A time may follow the day.
    let first = value.split_whitespace().next().unwrap_or_default();
    let day = Raw { kind: RawKind::Text(first.to_owned()), span: 0..0 };
    let is_yes = Said::of(&raw) == Some(Said::Yes);
    let is_no = Said::of(&raw) == Some(Said::No);
    match meaning {
        Meaning::Ours("status") => says_hidden(&raw),
        Meaning::Hides => is_yes && (is_written_small || is_certain) || is_embargo && is_day(&day),
        Meaning::Shows => is_written_small && is_no && is_fenced,
        Meaning::Ours("date") => is_written_small && is_fenced && is_day(&raw) && !is_past(&raw),
        Meaning::Time | Meaning::Ours("publish_at" | "expires") => {
            (is_day(&raw) || is_day(&day)) && (is_written_small || is_embargo)
        }
        Meaning::HidesIfNo | Meaning::Ours(_) => false,
    }
}

/// Whether a field of this name may decide who sees what it is in.
pub(crate) fn is_about(name: &str) -> bool {
    FIELDS.contains(&name) || meaning(name).is_some()
}

/// Whether a program may correct a value of this field, or a slip in its name. Not if the field says, or resembles one that
/// says, who may see what, or at which address.
pub(crate) fn may_be_corrected(name: &str) -> bool {
    !is_about(name) && !DECIDE.iter().any(|field| bare(field) == bare(name))
}

fn meaning(name: &str) -> Option<Meaning> {
    let name = bare(name);
    let listed = PLAIN.iter().chain(OTHERS).find(|(known, _)| *known == name).map(|(_, meaning)| *meaning);
    listed.or_else(|| {
        let is_slip = |field: &str| slips(&name, &bare(field), 1).is_some();
        if PLAIN_SLIPS.iter().any(|known| slips(&name, known, 1).is_some()) {
            return Some(Meaning::Hides);
        }
        let near = PLAINLY_MEANT.iter().find(|field| is_slip(field) || name.contains(&bare(field)));
        let near = near.or_else(|| FIELDS.iter().find(|field| is_slip(field)));
        near.map(|field| Meaning::Ours(field)).or_else(|| name.contains("embargo").then_some(Meaning::Time))
    })
}

/// A name in lower case, without the separators between its words.
fn bare(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// What a value answers to a yes-or-no question, in any of the words that people use; `None` if that is not plain.
pub(super) fn answer(value: &Raw) -> Option<bool> {
    match Said::of(value)? {
        Said::Yes => Some(true),
        Said::No => Some(false),
        Said::Else => None,
    }
}

/// How a value answers a yes-or-no question.
#[derive(Clone, Copy, PartialEq)]
enum Said {
    Yes,
    No,
    Else,
}

impl Said {
    /// `None` if it says nothing.
    fn of(value: &Raw) -> Option<Self> {
        Some(match &value.kind {
            RawKind::Null => return None,
            RawKind::Bool(true) | RawKind::Int(1) => Self::Yes,
            RawKind::Bool(false) | RawKind::Int(0) => Self::No,
            RawKind::Text(text) => match text.trim().to_lowercase().as_str() {
                "" => return None,
                "true" | "yes" | "y" | "on" | "1" => Self::Yes,
                "false" | "no" | "n" | "off" | "0" | "none" | "never" => Self::No,
                _ => Self::Else,
            },
            _ => Self::Else,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(name: &str, kind: RawKind) -> bool {
        meant(name, &Raw { kind, span: 0..0 }).is_some()
    }

    #[test]
    fn what_was_meant_to_hide_is_known() {
        let truth = RawKind::Bool(true);
        for name in
            ["draft", "Draft", "is_draft", "private", "hidden", "embargoed", "stauts", "Status", "statuss", "sttus"]
        {
            assert!(said(name, truth.clone()), "{name}");
        }
        let when = || RawKind::Date("2027-01-01".to_owned());
        for name in [
            "embargo",
            "embargoed_until",
            "embargo-lifts",
            "publishAt",
            "publish_ta",
            "publish_on",
            "published_at",
            "publish_at_time",
        ] {
            assert!(said(name, when()), "{name}");
        }
        assert!(said("published", RawKind::Bool(false)));
        assert!(said("visibility", RawKind::Text("private".to_owned())));
    }

    #[test]
    fn what_hides_nothing_is_an_unknown_field_like_any_other() {
        assert!(!said("draft", RawKind::Bool(false)));
        assert!(!said("draft", RawKind::Null));
        assert!(!said("draft", RawKind::Text(" ".to_owned())));
        assert!(!said("published", RawKind::Text("yes".to_owned())));
        for name in ["autors", "tags", "photo", "state", "layout", "publisher", "publishers", "start", "statement"] {
            assert!(!said(name, RawKind::Bool(true)), "{name}");
        }
    }
}
