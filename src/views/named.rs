//! Agents, places and terms: as a page names them, and as the subject of their own page.
//!
//! A person and an organisation are both agents; their schema.org type tells which. An entry or a group of fields may name a
//! thing; the group knows nothing more about it.

use std::borrow::Cow;

use super::{EntryView, Fields, Item, Passage};

/// Something that a page names.
pub(crate) struct Named<'a> {
    pub(crate) name: Option<Cow<'a, str>>,
    pub(crate) url: Option<Cow<'a, str>>,
}

impl<'a> Named<'a> {
    pub(super) fn of(item: &Item<'a>) -> Self {
        Self { name: item.name(), url: item.fields().and_then(|fields| fields.text("url")) }
    }
}

/// A person or an organisation that a page names.
#[derive(Default)]
pub(crate) struct Agent<'a> {
    /// Its schema.org type, if that is known.
    pub(crate) schema: Option<Cow<'a, str>>,
    pub(crate) name: Option<Cow<'a, str>>,
    pub(crate) family: Option<Cow<'a, str>>,
    pub(crate) given: Option<Cow<'a, str>>,
    pub(crate) url: Option<Cow<'a, str>>,
    /// The name of the organisation that a person belongs to.
    pub(crate) affiliation: Option<Cow<'a, str>>,
    pub(crate) orcid: Option<Cow<'a, str>>,
}

impl<'a> Agent<'a> {
    pub(super) fn of(item: &Item<'a>) -> Self {
        let Some(fields) = item.fields() else { return Self::default() };
        Self {
            schema: fields.text("schema"),
            name: item.name(),
            family: fields.text("family"),
            given: fields.text("given"),
            url: fields.text("url"),
            affiliation: fields.text("affiliation"),
            orcid: fields.text("orcid"),
        }
    }

    /// The agents in a field.
    pub(super) fn all(fields: Fields<'a>, name: &str) -> Vec<Self> {
        fields.all(name).iter().map(Self::of).collect()
    }

    /// Whether it is a person; it is one unless stated otherwise.
    pub(crate) fn is_person(&self) -> bool {
        self.schema.as_deref().is_none_or(|schema| schema == "Person")
    }
}

/// A person or an organisation as the subject of a page.
pub(crate) struct Profile<'a> {
    pub(crate) name: Cow<'a, str>,
    pub(crate) given: Option<Cow<'a, str>>,
    pub(crate) family: Option<Cow<'a, str>>,
    pub(crate) role: Option<Cow<'a, str>>,
    pub(crate) email: Option<Cow<'a, str>>,
    /// A former member no longer works for the site's organisation.
    pub(crate) is_former: bool,
    pub(crate) image: Option<String>,
    pub(crate) logo: Option<String>,
    pub(crate) knows_about: Vec<Cow<'a, str>>,
    /// Pages elsewhere about the same person or organisation.
    pub(crate) same_as: Vec<Cow<'a, str>>,
}

impl<'a> Profile<'a> {
    pub(crate) fn new(entry: EntryView<'a>) -> Self {
        let fields = entry.fields();
        let mut same_as = texts(fields, "same_as");
        same_as.extend(fields.text("orcid").map(|orcid| format!("https://orcid.org/{orcid}").into()));
        same_as.extend(fields.text("ror").map(|ror| format!("https://ror.org/{ror}").into()));
        Self {
            name: entry.title(),
            given: fields.text("given"),
            family: fields.text("family"),
            role: fields.text("role"),
            email: fields.text("email"),
            is_former: fields.text("state").as_deref() == Some("former"),
            image: fields.image("image").or_else(|| fields.image("photo")),
            logo: fields.image("logo"),
            knows_about: entry.keywords(),
            same_as,
        }
    }
}

/// A place as the subject of a page.
pub(crate) struct Place<'a> {
    pub(crate) name: Cow<'a, str>,
    /// The statistical code of the area.
    pub(crate) code: Option<Cow<'a, str>>,
    /// Degrees north and east.
    pub(crate) geo: Option<(f64, f64)>,
    pub(crate) image: Option<String>,
    pub(crate) same_as: Vec<Cow<'a, str>>,
}

impl<'a> Place<'a> {
    pub(crate) fn new(entry: EntryView<'a>) -> Self {
        let fields = entry.fields();
        Self {
            name: entry.title(),
            code: fields.text("code"),
            geo: fields.number("lat").zip(fields.number("lon")),
            image: fields.image("image"),
            same_as: texts(fields, "same_as"),
        }
    }
}

/// A term as the subject of a page.
pub(crate) struct Term<'a> {
    pub(crate) name: Cow<'a, str>,
    pub(crate) synonyms: Vec<Cow<'a, str>>,
    pub(crate) definition: Option<Passage<'a>>,
}

impl<'a> Term<'a> {
    pub(crate) fn new(entry: EntryView<'a>) -> Self {
        let fields = entry.fields();
        Self { name: entry.title(), synonyms: texts(fields, "synonyms"), definition: fields.passage("definition") }
    }
}

/// The texts in a field.
fn texts<'a>(fields: Fields<'a>, name: &str) -> Vec<Cow<'a, str>> {
    let text = |item| match item {
        Item::Text(text) => Some(text),
        _ => None,
    };
    fields.all(name).into_iter().filter_map(text).collect()
}
