//! Declared fields of an entry, or of a group in one of its fields → their values as readers see them.
//!
//! A reference gives the entry it leads to in the readers' language, one level deep; a reference to a hidden entry gives
//! nothing. Fields that only the program uses are never given, even by name.

use std::borrow::Cow;

use super::{EntryView, Readers, entry, files};
use crate::markdown;
use crate::path::{Address, SitePath};
use crate::schema::secrecy::{UNSEEN, UNSEEN_ANYWHERE};
use crate::schema::{self, Moment, Target, Text, Trait, Type, Value, Values};
use crate::site::{self, Ix};

/// References that say nothing about an entry's subjects.
const HIERARCHY: &[&str] = &["parent", "see"];

/// The fields of an entry, or of a group in one of its fields.
#[derive(Clone, Copy)]
pub(crate) struct Fields<'a> {
    readers: Readers<'a>,
    ix: Ix,
    of: Of<'a>,
    depth: Depth,
}

/// Whose fields they are.
#[derive(Clone, Copy)]
enum Of<'a> {
    Entry,
    Group(&'a schema::Fields, &'a Values),
}

/// How far references are followed.
#[derive(Clone, Copy, PartialEq)]
enum Depth {
    Own,
    References,
}

/// One value of a field that may have several.
pub(crate) enum Item<'a> {
    /// An entry, or a group of fields.
    Fields(Fields<'a>),
    Text(Cow<'a, str>),
    /// Marked-up text, a number, an image, a file: anything that neither has a name nor is one.
    Other,
}

/// A text in a field, for the format that writes it.
pub(crate) enum Passage<'a> {
    Plain(Cow<'a, str>),
    Marked {
        ix: Ix,
        /// The file that its links are relative to.
        file: &'a SitePath,
        doc: &'a Text,
    },
}

impl<'a> Fields<'a> {
    /// The fields of an entry, with the entries it refers to.
    pub(super) fn of(readers: Readers<'a>, ix: Ix) -> Self {
        Self { readers, ix, of: Of::Entry, depth: Depth::References }
    }

    /// The entry whose fields they are; `None` for a group.
    pub(crate) fn entry(self) -> Option<EntryView<'a>> {
        match self.of {
            Of::Entry => Some(EntryView::new(self.readers, self.ix)),
            Of::Group(..) => None,
        }
    }

    /// A checked value, and its declared type.
    fn stated(self, name: &str) -> Option<(&'a Type, &'a Value)> {
        let (declared, values) = match self.of {
            Of::Entry if UNSEEN.contains(&name) => return None,
            Of::Entry => {
                let entry = self.readers.site.entry(self.ix);
                (&self.readers.site.config.collections[&entry.id.collection].fields, &entry.values)
            }
            Of::Group(..) if UNSEEN_ANYWHERE.contains(&name) => return None,
            Of::Group(declared, values) => (declared, values),
        };
        Some((&declared.get(name)?.ty, &values.get(name)?.value))
    }

    /// A field's text or date on one line; nothing if it is empty, or another type of value.
    pub(crate) fn text(self, name: &str) -> Option<Cow<'a, str>> {
        match self.entry().filter(|_| entry::is_made(name)) {
            Some(entry) => entry.made(name).filter(|text| !text.is_empty()),
            None => {
                let (ty, value) = self.stated(name)?;
                self.line(name, value).map(|text| self.set(name, ty, text))
            }
        }
    }

    /// A text as readers see it.
    fn set(self, name: &str, ty: &Type, text: Cow<'a, str>) -> Cow<'a, str> {
        match text {
            Cow::Borrowed(text) if are_words(name, ty) => self.readers.site.config.set(text),
            text => text,
        }
    }

    /// A field's date, or date and time.
    pub(crate) fn moment(self, name: &str) -> Option<Moment> {
        match self.stated(name)?.1 {
            Value::Date(date, _) => Some(Moment::Date(*date)),
            Value::DateTime(when) => Some(Moment::DateTime(when.clone())),
            _ => None,
        }
    }

    pub(crate) fn number(self, name: &str) -> Option<f64> {
        match self.stated(name)?.1 {
            Value::Number(number) => Some(*number),
            #[allow(clippy::cast_precision_loss, reason = "as templates see it")]
            Value::Int(number) => Some(*number as f64),
            _ => None,
        }
    }

    /// A text, with its markup if it has any.
    pub(crate) fn passage(self, name: &str) -> Option<Passage<'a>> {
        Some(match self.stated(name)?.1 {
            Value::Doc(doc) => Passage::Marked { ix: self.ix, file: self.file_of(name), doc },
            value => Passage::Plain(self.text(name).or_else(|| self.line(name, value))?),
        })
    }

    /// The values of a field, one or more.
    pub(crate) fn all(self, name: &str) -> Vec<Item<'a>> {
        match self.stated(name) {
            Some((Type::List(inner), Value::List(items))) => {
                items.iter().filter_map(|item| self.item(name, inner, &item.value)).collect()
            }
            Some((ty, value)) => self.item(name, ty, value).into_iter().collect(),
            None => Vec::new(),
        }
    }

    /// The first of them.
    pub(crate) fn one(self, name: &str) -> Option<Item<'a>> {
        self.all(name).into_iter().next()
    }

    fn item(self, name: &str, ty: &'a Type, value: &'a Value) -> Option<Item<'a>> {
        Some(match value {
            Value::Ref(key) => Item::Fields(self.follow(ty, key)?),
            // A number of a data file is written where a page shows it.
            Value::Record(_) if *ty == Type::Statistic => Item::Other,
            Value::Record(values) => Item::Fields(Self { of: Of::Group(group(ty)?, values), ..self }),
            Value::Doc(_) => Item::Other,
            value => self.line(name, value).map_or(Item::Other, |text| Item::Text(self.set(name, ty, text))),
        })
    }

    /// The entry that a reference leads to, if readers may see it.
    fn follow(self, ty: &Type, key: &str) -> Option<Self> {
        if self.depth == Depth::Own {
            return None;
        }
        let Readers { site, lang, .. } = self.readers;
        let ix = site.shown_by_key(site::reference_target(ty)?, key, lang)?;
        Some(Self { readers: self.readers, ix, of: Of::Entry, depth: Depth::Own })
    }

    /// What an entry refers to in all fields that lead to collections with a trait, base fields last.
    pub(crate) fn all_of(self, wanted: Trait) -> Vec<Item<'a>> {
        let site = self.readers.site;
        let collection = &site.config.collections[&site.entry(self.ix).id.collection];
        let leads_there = |field: &&schema::Field| {
            site::reference_target(&field.ty).is_some_and(|target| {
                let mut collections = site.target_collections(target).peekable();
                let has = |name: &schema::Name| site.config.collections[name].traits.contains(&wanted);
                *target != Target::Any && collections.peek().is_some() && collections.all(has)
            })
        };
        let fields = collection.fields.values().filter(|field| !HIERARCHY.contains(&&*field.name)).filter(leads_there);
        fields.flat_map(|field| self.all(&field.name)).collect()
    }

    /// The values at a path: of a field, or of a field of the entry or group that is its value.
    pub(crate) fn at(self, path: &str) -> Vec<Item<'a>> {
        let (name, rest) = path.split_once('.').map_or((path, None), |(name, rest)| (name, Some(rest)));
        match rest {
            None if self.entry().is_some() && entry::is_made(name) => {
                self.text(name).map(Item::Text).into_iter().collect()
            }
            None => self.all(name),
            // A path leads through a single value, not through a list.
            Some(rest) => match self.stated(name) {
                Some((_, Value::List(_))) => Vec::new(),
                _ => match self.one(name) {
                    Some(Item::Fields(fields)) => fields.at(rest),
                    _ => Vec::new(),
                },
            },
        }
    }

    /// The words of every field of a group, in order of declaration.
    fn words(self, found: &mut Vec<String>) {
        let Of::Group(declared, values) = self.of else { return };
        let names = declared.keys().filter(|name| values.contains_key(*name));
        names.flat_map(|name| self.all(name)).for_each(|item| item.words(found));
    }

    /// The full address of a field's image, wherever it is.
    pub(super) fn image(self, name: &str) -> Option<String> {
        let Value::Image(image) = self.stated(name)?.1 else { return None };
        let link = self.readers.site.link(self.ix, self.file_of(name), &image.file)?;
        files::image_src(self.readers.site, &link).map(|src| files::full(self.readers.site, src))
    }

    /// The file of a field, and its address.
    pub(super) fn file(self, name: &str) -> Option<(SitePath, Address)> {
        let Value::File(path) = self.stated(name)?.1 else { return None };
        match self.readers.site.link(self.ix, self.file_of(name), path)? {
            site::LinkTo::File(file, address) => Some((file, address)),
            _ => None,
        }
    }

    /// A value on one line; nothing if it is empty or not text.
    fn line(self, name: &str, value: &'a Value) -> Option<Cow<'a, str>> {
        let text: Cow<'a, str> = match value {
            Value::Text(text) => (&**text).into(),
            Value::Date(date, _) => date.to_string().into(),
            Value::DateTime(when) => schema::rfc3339(when).into(),
            Value::Doc(doc) => {
                markdown::plain_text(doc, &|id| self.readers.figure(self.ix, self.file_of(name), id)).into()
            }
            _ => return None,
        };
        Some(text).filter(|text| !text.is_empty())
    }

    /// The file that paths in a value are relative to.
    fn file_of(self, name: &str) -> &'a SitePath {
        self.readers.site.entry(self.ix).file_of(name)
    }
}

impl<'a> Item<'a> {
    /// The fields of an entry or a group.
    pub(crate) fn fields(&self) -> Option<Fields<'a>> {
        match self {
            Self::Fields(fields) => Some(*fields),
            _ => None,
        }
    }

    /// The title of an entry, or the name of a group of fields.
    pub(crate) fn name(&self) -> Option<Cow<'a, str>> {
        let fields = self.fields()?;
        fields.text("title").or_else(|| fields.text("name"))
    }

    /// Its name, or the text that it is.
    pub(crate) fn called(&self) -> Option<Cow<'a, str>> {
        match self {
            Self::Text(text) => Some(text.clone()),
            other => other.name(),
        }
    }

    /// Its words, for the search: the title of an entry, all fields of a group, nothing of marked-up texts, which are indexed
    /// among the texts.
    pub(crate) fn words(&self, found: &mut Vec<String>) {
        match self {
            Self::Text(text) => found.push(text.to_string()),
            Self::Fields(fields) if fields.entry().is_some() => found.extend(self.name().map(Cow::into_owned)),
            Self::Fields(fields) => fields.words(found),
            Self::Other => {}
        }
    }
}

/// Fields of plain text that are names for machines, not words.
const NAMES: &[&str] =
    &["aliases", "doi", "id", "isbn", "issn", "licence", "number", "orcid", "permalink", "slug", "template"];

/// Whether a field of this name and type holds words for readers.
pub(crate) fn are_words(name: &str, ty: &Type) -> bool {
    let is_text = match ty {
        Type::Text | Type::Statistic => true,
        Type::List(inner) => **inner == Type::Text,
        Type::Either(choices) => choices.contains(&Type::Text),
        _ => false,
    };
    is_text && !NAMES.contains(&name)
}

/// The fields of a group.
fn group(ty: &Type) -> Option<&schema::Fields> {
    match ty {
        Type::Record(fields) => Some(fields),
        Type::Either(choices) => choices.iter().find_map(group),
        _ => None,
    }
}
