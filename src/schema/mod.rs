//! Declarations → collections, fields, types; a written value + its field → a checked value, or a fault.
//!
//! Knows no collection by name and does not read the disk. `site` looks up later what a reference leads to.

mod calendar;
mod clock;
mod comments;
mod declare;
mod focus;
mod identifiers;
mod json_schema;
mod meant;
pub(crate) mod notices;
mod prose;
pub(crate) mod quoted;
mod read;
mod recommended;
mod scalars;
pub(crate) mod secrecy;
mod text;
mod time;
mod types;
mod usual;
mod values;

#[cfg(test)]
mod tests;

#[cfg(test)]
pub(crate) use declare::SETTINGS as FIELD_SETTINGS;
pub(crate) use declare::{base, fields, permalink};
pub(crate) use focus::Focus;
#[cfg(test)]
pub(crate) use json_schema::plain;
pub(crate) use json_schema::{WrittenIn, object, of_type};
pub(crate) use read::{Reading, Stage, read_values};
pub(crate) use recommended::recommended;
pub(crate) use scalars::{language, legible};
pub(crate) use text::{Block, Blocks, Text};
pub(crate) use time::{Moment, TimeFault, in_words, parse_moment, rfc3339, time_of_spreadsheet, zone};
pub(crate) use types::parse_type;
pub(crate) use usual::usual_names;

use std::ops::Range;
use std::sync::Arc;

use crate::index::Index;

/// A name that the site chooses: of a collection, a field, a kind.
pub(crate) type Name = Arc<str>;

/// What a field may hold.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Type {
    /// One line of plain text.
    Text,
    /// One paragraph with inline Markdown.
    Prose,
    /// Markdown with blocks.
    Markdown,
    Int,
    Number,
    Bool,
    Date,
    DateTime,
    /// A date, or a date with a time.
    Moment,
    Url,
    Email,
    Tel,
    Lang,
    Enum(Vec<Name>),
    Image,
    File,
    /// Text, or a number of a data file: a group of [`quoted`]'s fields.
    Statistic,
    Id(Identifier),
    Ref(Target),
    /// The first alternative that fits what was written: text is read as a reference, a group of fields as a record.
    Either(Vec<Type>),
    List(Box<Type>),
    Record(Fields),
}

/// The fields of a collection, a trait or a record, in the order declared.
pub(crate) type Fields = Index<Name, Field>;

/// A kind of identifier with a known form.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Identifier {
    Doi,
    Isbn,
    Issn,
    Orcid,
    Ror,
    Charity,
    Company,
    Gss,
}

/// What a reference may lead to. `ref(x)` is first read as a collection; `config` turns the name of a trait into a trait.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Target {
    Collections(Vec<Name>),
    Trait(Trait),
    Any,
}

/// A built-in behaviour that a collection opts into.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum Trait {
    Citable,
    Timed,
    Agent,
    Located,
    Term,
}

/// A field as declared.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Field {
    pub(crate) name: Name,
    pub(crate) ty: Type,
    pub(crate) required: bool,
    pub(crate) required_if: Option<Condition>,
    /// When the author is advised to state it.
    pub(crate) recommended_if: Option<Condition>,
    /// The block in the text that can replace a recommended field.
    pub(crate) instead: Option<String>,
    /// As written in the declaration; read like an entry's value.
    pub(crate) default: Option<crate::data::Raw>,
    /// The most characters, or items of a list.
    pub(crate) max: Option<usize>,
    /// The number of characters (or items) above which the author is warned.
    pub(crate) warn_over: Option<usize>,
    pub(crate) unique: bool,
    /// The renditions in which an image of this field is published; if unset, all but the one for texts.
    pub(crate) renditions: Option<Vec<Name>>,
    /// The pattern of addresses that asks for it: an entry without it has no address, so it is hidden.
    pub(crate) in_address: Option<Arc<str>>,
    /// Whether translators get its words; unless stated, they get text that is for readers.
    pub(crate) translate: Option<bool>,
    pub(crate) label: Option<String>,
    pub(crate) help: Option<String>,
}

impl Field {
    /// Whether translators get its words. Nobody outside sees an internal note, whatever a site declares.
    pub(crate) fn is_for_translators(&self) -> bool {
        self.translate.unwrap_or(true) && &*self.name != "internal_note"
    }
}

/// Fields that must hold one of some values; the condition holds if all of them do.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Condition(pub(crate) Vec<(Name, Vec<String>)>);

/// A checked value.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Value {
    /// Text, url, email, tel, lang, enum, id (in its normal form).
    Text(Arc<str>),
    Int(i64),
    Number(f64),
    Bool(bool),
    /// A day, and the moment of that day if a time was written with it: it counts only for who may see an entry.
    Date(jiff::civil::Date, Option<jiff::ZonedDateTime>),
    /// A moment, in the site's zone.
    DateTime(jiff::ZonedDateTime),
    /// Prose and markdown.
    Doc(Arc<Text>),
    Image(ImageValue),
    /// The path as written.
    File(Arc<str>),
    /// The key as written: `jane-smith`, or `people/jane-smith` where several collections are possible.
    Ref(Arc<str>),
    List(Vec<Placed>),
    Record(Values),
}

/// An image field: always a record `{ file, alt, caption, credit, focus, decorative }`, never `image = "x.jpg"` with a separate
/// `image_alt`.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct ImageValue {
    pub(crate) file: Arc<str>,
    pub(crate) alt: Arc<str>,
    /// What is said below it.
    pub(crate) caption: Option<Arc<str>>,
    pub(crate) credit: Option<Arc<str>>,
    /// What stays in view where it is cut.
    pub(crate) focus: Focus,
    pub(crate) decorative: bool,
}

/// Checked values by field, in the order declared.
pub(crate) type Values = Index<Name, Placed>;

/// A checked value and where it was written; a default has an empty place at the end of the front matter.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Placed {
    pub(crate) value: Value,
    pub(crate) span: Range<usize>,
}

impl Value {
    /// Whether it says the same as `other`, wherever each of them is written; of texts with links only if they stand at one place.
    pub(crate) fn says_as(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::List(a), Self::List(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.value.says_as(&b.value))
            }
            (Self::Record(a), Self::Record(b)) => {
                let is_same = |((name, a), (other, b)): ((&Name, &Placed), (&Name, &Placed))| {
                    name == other && a.value.says_as(&b.value)
                };
                a.len() == b.len() && a.iter().zip(b).all(is_same)
            }
            (a, b) => a == b,
        }
    }

    /// The value as one line of plain text, for comparing and sorting; empty for texts with marks, images and groups.
    pub(crate) fn as_text(&self) -> String {
        match self {
            Value::Text(text) | Value::File(text) | Value::Ref(text) => text.to_string(),
            Value::Int(number) => number.to_string(),
            Value::Number(number) => number.to_string(),
            Value::Bool(truth) => truth.to_string(),
            Value::Date(date, _) => date.to_string(),
            Value::DateTime(when) => when.datetime().to_string(),
            Value::List(items) => {
                let texts: Vec<String> = items.iter().map(|item| item.value.as_text()).collect();
                texts.join(", ")
            }
            Value::Doc(_) | Value::Image(_) | Value::Record(_) => String::new(),
        }
    }
}
