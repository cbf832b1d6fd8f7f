//! The fields of a page of another program → who could see it there. What cannot be read hides it.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::lenient::{at, get, moment, text, truth, written};
use crate::data::{Raw, RawKind, Table};
use crate::import::site::survey::State;
use crate::schema::secrecy;

/// How a site is built there.
#[derive(Clone, Debug)]
pub(super) struct Rules {
    pub(super) now: Timestamp,
    pub(super) zone: TimeZone,
    /// Drafts are published all the same.
    pub(super) drafts: bool,
    /// What has a date that is still to come is published all the same.
    pub(super) future: bool,
    /// What has expired is published all the same.
    pub(super) expired: bool,
    /// The fields that say from when on a page is public, the first that is there counts.
    pub(super) from: &'static [&'static str],
}

/// Marks that no program acts on, but that somebody may have relied on.
const MEANT: &[&str] = &[
    "secret",
    "internal",
    "password",
    "protected",
    "membersonly",
    "restricted",
    "notforpublication",
    "donotpublish",
    "notpublished",
    "trash",
    "trashed",
    "deleted",
];

/// Who could see a page with these fields.
pub(super) fn state(fields: &Table, rules: &Rules) -> State {
    let hidden = |why: String| State::Hidden(why);
    // What another key brings along cannot be known.
    if fields.iter().any(|(key, _)| key.name == "<<") {
        return hidden("`<<` cannot be read".to_owned());
    }
    if let Some(draft) = get(fields, "draft") {
        match truth(draft) {
            Some(true) if !rules.drafts => return hidden("a draft".to_owned()),
            None if text(draft).is_none_or(|text| !text.trim().is_empty()) => return hidden(unclear("draft", draft)),
            _ => {}
        }
    }
    if let Some(published) = get(fields, "published") {
        let is_day = moment(published, &rules.zone).is_some();
        match truth(published) {
            Some(false) if !rules.drafts => return hidden("not published".to_owned()),
            None if !is_day && text(published).is_none_or(|text| !text.trim().is_empty()) => {
                return hidden(unclear("published", published));
            }
            _ => {}
        }
    }
    if let Some(why) = without_page(fields) {
        return hidden(why);
    }
    for name in ["expirydate", "unpublishdate", "expiry_date", "expires"] {
        let Some(value) = get(fields, name) else { continue };
        match moment(value, &rules.zone) {
            Some(when)
                if !rules.expired && when.start(&rules.zone).is_some_and(|when| when.timestamp() <= rules.now) =>
            {
                return hidden(format!("expired on {}", when.day()));
            }
            Some(_) => {}
            None if text(value).is_none_or(|text| !text.trim().is_empty()) => return hidden(unclear(name, value)),
            None => {}
        }
    }
    if let Some(why) = marked(fields, rules) {
        return hidden(why);
    }
    for name in rules.from {
        let Some(value) = get(fields, name) else { continue };
        return match moment(value, &rules.zone) {
            Some(when) if rules.future || when.start(&rules.zone).is_some_and(|when| when.timestamp() <= rules.now) => {
                State::Public
            }
            Some(when) => State::From(match written(&when) {
                day if day.len() == 10 => format!("{day} 00:00"),
                moment => moment,
            }),
            // A year alone, or words, where a day should be.
            None if is_empty(value) || secrecy::is_past(value) || matches!(value.kind, RawKind::Int(..=2100)) => {
                State::Public
            }
            None => hidden(unclear(name, value)),
        };
    }
    State::Public
}

/// Whether a page was in no list there, though readers who know its address see it; it is then kept from search engines, too.
pub(super) fn is_unlisted(fields: &mut Table) -> bool {
    let says_no =
        |value: &Raw| truth(value) == Some(false) || matches!(text(value).as_deref(), Some("never" | "local"));
    let in_hugo = ["build", "_build"].iter().filter_map(|name| at(get(fields, name)?, &["list"])).any(says_no);
    // What cannot be read is meant to leave it out.
    let in_eleventy = get(fields, "eleventyExcludeFromCollections")
        .is_some_and(|value| truth(value) != Some(false) && !is_empty(value) && !matches!(value.kind, RawKind::Null));
    let is_unlisted = in_hugo || in_eleventy;
    if is_unlisted {
        fields.retain(|(key, _)| !key.name.eq_ignore_ascii_case("noindex"));
        fields.push((super::lenient::key("noindex"), super::lenient::raw(RawKind::Bool(true))));
    }
    is_unlisted
}

fn is_empty(value: &Raw) -> bool {
    text(value).is_some_and(|text| text.trim().is_empty())
}

fn unclear(name: &str, value: &Raw) -> String {
    match text(value) {
        Some(text) => format!("`{name}: {text}` cannot be read"),
        None => format!("`{name}` cannot be read"),
    }
}

/// Why a page has no address of its own in Hugo, if it has none.
fn without_page(fields: &Table) -> Option<String> {
    if get(fields, "headless").is_some_and(|headless| truth(headless) != Some(false)) {
        return Some("has no page there (`headless`)".to_owned());
    }
    let computed = get(fields, "eleventyComputed").and_then(|computed| at(computed, &["permalink"]));
    if computed.is_some_and(|permalink| truth(permalink) == Some(false)) {
        return Some("has no page there (`permalink`)".to_owned());
    }
    for name in ["build", "_build"] {
        let Some(build) = get(fields, name) else { continue };
        match at(build, &["render"]) {
            None => {}
            Some(render) if truth(render) == Some(true) || text(render).as_deref() == Some("always") => {}
            Some(_) => return Some("has no page there (`render`)".to_owned()),
        }
    }
    None
}

/// Whether a field that themes and plug-ins have made up says that not everybody may see the page, or not yet.
fn means_hidden(bare: &str, value: &Raw, rules: &Rules) -> bool {
    const GROUPS: &[&str] = &[
        "member",
        "private",
        "internal",
        "staff",
        "subscriber",
        "restricted",
        "admin",
        "loggedin",
        "confidential",
        "hidden",
        "nobody",
        "editor",
        "team",
        "premium",
        "paid",
    ];
    let words = || {
        let all = super::lenient::texts(value).join(" ").to_lowercase();
        all.chars().filter(|c| c.is_alphanumeric() || *c == ' ').collect::<String>()
    };
    match bare {
        "encrypted" | "encrypt" | "staticrypt" | "protect" | "paywall" | "membership" | "gated" | "loginrequired"
        | "requiresauth" => truth(value) != Some(false) && !is_empty(value),
        "access" | "accesslevel" | "audience" | "restrict" | "restrictto" | "viewers" | "permission"
        | "permissions" => GROUPS.iter().any(|group| words().contains(group)),
        "released" | "live" | "public" | "visible" | "ready" | "approved" | "online" | "publish" => {
            truth(value) == Some(false)
        }
        "draftuntil" | "hiddenuntil" | "holduntil" | "privateuntil" | "notbefore" | "heldback" | "hideuntil" => {
            let when = moment(value, &rules.zone).and_then(|when| when.start(&rules.zone));
            when.is_none_or(|when| when.timestamp() > rules.now) && !is_empty(value) && truth(value) != Some(false)
        }
        _ => false,
    }
}

/// Why a field of no meaning to the program may have been meant to hide the page.
fn marked(fields: &Table, rules: &Rules) -> Option<String> {
    fields.iter().find_map(|(key, value)| {
        let bare: String = key.name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
        let is_own = matches!(
            &*bare,
            "draft" | "published" | "headless" | "publishdate" | "expirydate" | "unpublishdate" | "expires"
        );
        if is_own || secrecy::says_nothing(&key.name, value) {
            return None;
        }
        let is_mark = secrecy::is_reserved(&key.name)
            || MEANT.contains(&&*bare)
            || secrecy::is_about_embargo(&key.name)
            || matches!(&*bare, "status" | "visibility" | "poststatus") && secrecy::says_hidden(value);
        if means_hidden(&bare, value, rules) {
            return Some(match text(value) {
                Some(value) => format!("`{}: {value}` may have been meant to hide it", key.name),
                None => format!("`{}` may have been meant to hide it", key.name),
            });
        }
        if !is_mark || secrecy::meant(&key.name, value).is_none() {
            return None;
        }
        // An embargo that is over hides nothing.
        let is_over = moment(value, &rules.zone)
            .and_then(|when| when.start(&rules.zone))
            .is_some_and(|when| when.timestamp() <= rules.now);
        (!is_over).then(|| match text(value) {
            Some(value) => format!("`{}: {value}` may have been meant to hide it", key.name),
            None => format!("`{}` may have been meant to hide it", key.name),
        })
    })
}
