//! What things were there → what they become here.

use std::collections::BTreeMap;

use super::fields::Columns;
use super::{Here, KindPlan, Page, short};
use crate::config::Collection;
use crate::import::site::survey::{Entry, State, Survey, Value};

/// What one old kind becomes.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Goal {
    pub(super) collection: String,
    pub(super) kind: Option<String>,
    /// Whether the site has no such collection yet.
    pub(super) is_new: bool,
}

/// What other programs call things (in small letters without separators, the plural too) → the collection and the kind here.
const USUAL: &[(&[&str], &str, Option<&str>)] = &[
    (
        &[
            "post",
            "blog",
            "blogpost",
            "article",
            "news",
            "newsitem",
            "opinion",
            "commentary",
            "story",
            "stories",
            "update",
            "writing",
            "journal",
        ],
        "publications",
        Some("blog"),
    ),
    (&["press", "pressrelease", "mediarelease", "pressnotice", "media"], "publications", Some("press")),
    (
        &["report", "publication", "paper", "research", "resource", "workingpaper", "library", "study", "studies"],
        "publications",
        Some("report"),
    ),
    (&["briefing", "brief", "policybrief", "policybriefing"], "publications", Some("briefing")),
    (&["toolkit", "guide", "guidance"], "publications", Some("toolkit")),
    (&["evidence", "submission", "consultationresponse", "consultation"], "publications", Some("evidence")),
    (&["page"], "pages", None),
    (&["event", "tribeevents", "talk", "seminar", "webinar"], "events", None),
    (
        &[
            "person",
            "people",
            "team",
            "teammember",
            "staff",
            "author",
            "profile",
            "expert",
            "trustee",
            "ourpeople",
            "ourteam",
            "bio",
        ],
        "people",
        None,
    ),
    (&["project", "casestudy", "casestudies", "programme"], "projects", None),
    (&["place", "location", "venue", "tribevenue"], "places", None),
    (&["topic"], "topics", None),
];

/// A word as it is compared.
fn bare(word: &str) -> String {
    word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// What each old kind becomes, in the order in which kinds are met.
pub(super) fn kinds(survey: &Survey, here: &Here<'_>) -> Vec<(String, Goal)> {
    let mut by_kind: Vec<(String, Vec<&Entry>)> = Vec::new();
    for entry in survey.entries.iter().filter(|entry| entry.state != State::Trash) {
        match by_kind.iter_mut().find(|(kind, _)| *kind == entry.kind) {
            Some((_, all)) => all.push(entry),
            None => by_kind.push((entry.kind.clone(), vec![entry])),
        }
    }
    by_kind
        .into_iter()
        .map(|(kind, entries)| {
            let goal = goal(&kind, &entries, here);
            (kind, goal)
        })
        .collect()
}

fn goal(old: &str, entries: &[&Entry], here: &Here<'_>) -> Goal {
    let config = here.config;
    let bare_old = bare(old);
    let is_meant = |name: &&str| bare_old == *name || bare_old == format!("{name}s");
    let with_pages = |name: &str| config.collection(name).filter(|collection| collection.path.is_some());
    let to = |collection: &Collection, kind: Option<&str>| Goal {
        collection: collection.name.to_string(),
        kind: kind.map(str::to_owned),
        is_new: false,
    };
    // A collection or a kind of that very name.
    for collection in config.collections.values().filter(|collection| collection.path.is_some()) {
        if [&*collection.name, &*collection.label, &*collection.plural].iter().any(|name| bare(name) == bare_old)
            && fits(collection, entries)
        {
            let kind = collection.kinds.keys().find(|kind| Some(&***kind) == usual_kind(&bare_old));
            return to(collection, kind.map(|kind| &**kind));
        }
    }
    let usual = USUAL.iter().find(|(names, ..)| names.iter().any(&is_meant));
    if let Some((_, name, kind)) = usual
        && let Some(collection) = with_pages(name)
        && kind.is_none_or(|kind| collection.kinds.contains_key(kind))
        && fits(collection, entries)
    {
        return to(collection, *kind);
    }
    let name = short(old);
    let name = if name.is_empty() { "others".to_owned() } else { name };
    match config.collection(&name) {
        Some(collection) if collection.path.is_some() && fits(collection, entries) => to(collection, None),
        Some(_) => Goal { collection: format!("{name}-pages"), kind: None, is_new: true },
        None => Goal { collection: name, kind: None, is_new: true },
    }
}

fn usual_kind(bare_old: &str) -> Option<&'static str> {
    USUAL
        .iter()
        .find(|(names, ..)| names.iter().any(|name| bare_old == *name || bare_old == format!("{name}s")))
        .and_then(|(_, _, kind)| *kind)
}

/// Whether entries can be in a collection: what is an event must begin at some time.
fn fits(collection: &Collection, entries: &[&Entry]) -> bool {
    let must_start = collection.fields.get("start").is_some_and(|field| field.required);
    let starts = |entry: &&&Entry| {
        let is_moment = |value: &Value| match value {
            Value::Moment(_) => true,
            Value::Text(text) | Value::Number(text) => super::values::moment(text).is_some(),
            _ => false,
        };
        entry.fields.iter().any(|(key, value)| {
            let name = bare(key);
            (name == "start" || crate::schema::usual_names(key).first() == Some(&"start")) && is_moment(value)
        })
    };
    !must_start || entries.iter().filter(|entry| !entry.is_list).all(|entry| starts(&entry))
}

/// For the plan that people read.
pub(super) fn summary(
    survey: &Survey,
    kinds: &[(String, Goal)],
    pages: &[Page],
    columns: &BTreeMap<String, Columns>,
) -> Vec<KindPlan> {
    kinds
        .iter()
        .map(|(old, goal)| {
            let own: Vec<&Page> = pages.iter().filter(|page| survey.entries[page.entry].kind == *old).collect();
            KindPlan {
                old: old.clone(),
                collection: goal.collection.clone(),
                kind: goal.kind.clone(),
                is_new: goal.is_new,
                count: own.len(),
                hidden: own.iter().filter(|page| !page.is_public()).count(),
                fields: columns.get(old).map(|columns| columns.shown()).unwrap_or_default(),
                examples: own
                    .iter()
                    .filter_map(|page| survey.entries[page.entry].title())
                    .take(3)
                    .map(str::to_owned)
                    .collect(),
            }
        })
        .collect()
}
