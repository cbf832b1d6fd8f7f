//! Entries → the values that templates see.
//!
//! Every declared field is present, as `none` if it has no value. A reference is the entry it leads to, one level deep; a
//! reference to a hidden entry is left out. `internal_note` is never present.

use tera::value::Key;
use tera::{Map, Value};

use super::{TemplateContext, text};
use crate::charts;
use crate::config::Lang;
use crate::content::Entry;
use crate::markdown;
use crate::path::SitePath;
use crate::routes::CitationForm;
use crate::schema::secrecy::{UNSEEN, UNSEEN_ANYWHERE};
use crate::schema::{self, Fields, ImageValue, Placed, Type, Values};
use crate::site::{Ix, LinkTo};
use crate::views;

/// How many words a reader reads in a minute.
const WORDS_A_MINUTE: usize = 220;

/// Keys and values of a map; the names of fields are shared, not copied for each entry.
pub(super) type Pairs = Vec<(Key<'static>, Value)>;

/// A map for templates from keys and values.
pub(crate) fn map<K: Into<Key<'static>>>(pairs: impl IntoIterator<Item = (K, Value)>) -> Value {
    let map: Map = pairs.into_iter().map(|(key, value)| (key.into(), value)).collect();
    Value::from(map)
}

/// HTML that is not escaped again.
pub(crate) fn safe(html: &str) -> Value {
    Value::safe_string(html)
}

/// Text escaped for HTML and attributes.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    markdown::escape(text, &mut out);
    out
}

/// An entry with everything it refers to: what a page or a list item gets.
pub(crate) fn entry_value(asked: &TemplateContext, ix: Ix) -> Value {
    asked.full(ix).clone()
}

/// The number of words in an entry's texts, and the minutes it takes to read them.
pub(crate) fn words_and_minutes(entry: &Entry) -> (usize, usize) {
    let own = entry.text.as_ref().map_or(0, |doc| doc.word_count);
    let words = own + entry.parts.iter().map(|part| part.text.word_count).sum::<usize>();
    (words, words.div_ceil(WORDS_A_MINUTE))
}

/// How far references are followed.
#[derive(Clone, Copy, PartialEq)]
enum Depth {
    Own,
    References,
}

/// An entry's own values; references are `none`.
pub(super) fn plain(asked: &TemplateContext, ix: Ix) -> Value {
    made(asked, ix, Depth::Own)
}

/// An entry's values with the entries it refers to.
pub(super) fn full(asked: &TemplateContext, ix: Ix) -> Value {
    made(asked, ix, Depth::References)
}

fn made(asked: &TemplateContext, ix: Ix, depth: Depth) -> Value {
    let site = &asked.site;
    let entry = site.entry(ix);
    let collection = &site.config.collections[&entry.id.collection];
    let mut pairs = typed(asked, Place { ix, file: None }, &collection.fields, &entry.values, depth);
    pairs.retain(|(name, _)| !name.as_str().is_some_and(|name| UNSEEN.contains(&name)));
    let mut set = |key: &'static str, value: Value| {
        pairs.retain(|(known, _)| known.as_str() != Some(key));
        pairs.push((key.into(), value));
    };
    let view = asked.view(ix);
    set("id", view.id().into());
    set("key", view.key().into());
    set("collection", (&*collection.name).into());
    set("lang", view.lang().into());
    set("title", view.title().into());
    // Nothing leads to rows that no page shows.
    let address = view.readers_address().filter(|_| !asked.unshown.has(&collection.name));
    set("href", address.as_ref().map(|address| site.config.base.href(address)).into());
    set("url", address.as_ref().map(|address| site.config.base.url(address)).into());
    set("kind_label", view.kind_label().into());
    set("collection_label", view.collection_label().into());
    set("language", language_attributes(asked, ix));
    set("inherited", inherited(asked, ix));
    set("calendar_href", view.calendar_href().into());
    for (key, form) in
        [("bibtex_href", CitationForm::BibTex), ("ris_href", CitationForm::Ris), ("csl_href", CitationForm::Csl)]
    {
        set(key, view.citation_href(form).into());
    }
    set("schema", collection.schema.as_deref().into());
    set("over", site.is_over(ix).into());
    set("expired", view.expired().into());
    set("replaced", view.is_replaced().into());
    set("draft", view.is_draft().into());
    let further = asked.further.values(collection, &pairs);
    pairs.push(("further".into(), further));
    map(pairs)
}

/// The attributes of an element that shows an entry on a page in another language; empty if both are the same.
fn language_attributes(asked: &TemplateContext, ix: Ix) -> Value {
    let lang = asked.site.lang(ix);
    if lang == asked.lang { safe("") } else { in_language(asked, lang) }
}

/// By field, the attributes of an element that shows what a translation inherits from its original.
fn inherited(asked: &TemplateContext, ix: Ix) -> Value {
    let entry = asked.site.entry(ix);
    if !entry.is_translation() {
        return Value::none();
    }
    let attributes = in_language(asked, asked.site.lang(asked.site.subject(ix)));
    map(entry.inherited().map(|(name, _)| (Key::String(name.clone()), attributes.clone())))
}

/// The attributes of an element in a language.
fn in_language(asked: &TemplateContext, lang: Lang) -> Value {
    let (its, ours) = (asked.site.config.in_language(lang), asked.language());
    let direction = match (its.is_right_to_left, ours.is_right_to_left) {
        (true, false) => " dir=\"rtl\"",
        (false, true) => " dir=\"ltr\"",
        _ => "",
    };
    safe(&format!(" lang=\"{}\"{direction}", escaped(&its.code)))
}

/// Where values are.
#[derive(Clone, Copy)]
struct Place<'a> {
    /// The entry whose values they are.
    ix: Ix,
    /// The file of the text whose block states them; a field's own file is known by its name.
    file: Option<&'a SitePath>,
}

impl<'a> Place<'a> {
    /// The file that paths in a value are relative to.
    fn file_of(self, asked: &'a TemplateContext, field: &str) -> &'a SitePath {
        self.file.unwrap_or_else(|| asked.site.entry(self.ix).file_of(field))
    }
}

/// Checked values by field, for the template of a block in the text of `file`.
pub(super) fn fields(asked: &TemplateContext, ix: Ix, file: &SitePath, declared: &Fields, values: &Values) -> Pairs {
    typed(asked, Place { ix, file: Some(file) }, declared, values, Depth::References)
}

fn typed(asked: &TemplateContext, at: Place<'_>, declared: &Fields, values: &Values, depth: Depth) -> Pairs {
    let is_seen = |name: &str| !UNSEEN_ANYWHERE.contains(&name);
    declared
        .iter()
        .filter(|(name, _)| is_seen(name))
        .map(|(name, field)| {
            let value = values.get(name).and_then(|placed| value(asked, at, name, &field.ty, placed, depth));
            (Key::String(name.clone()), value.unwrap_or_else(Value::none))
        })
        .collect()
}

/// One value; `None` if it is a reference to a hidden entry.
fn value(
    asked: &TemplateContext,
    at: Place<'_>,
    name: &str,
    ty: &Type,
    placed: &Placed,
    depth: Depth,
) -> Option<Value> {
    Some(match &placed.value {
        schema::Value::Text(text) if views::are_words(name, ty) => asked.site.config.set(text).into(),
        schema::Value::Text(text) => (&**text).into(),
        schema::Value::Int(number) => (*number).into(),
        schema::Value::Number(number) => (*number).into(),
        schema::Value::Bool(flag) => (*flag).into(),
        schema::Value::Date(date, _) => date.to_string().into(),
        schema::Value::DateTime(when) => schema::rfc3339(when).into(),
        schema::Value::Doc(doc) => text::value(asked, at.ix, at.file_of(asked, name), doc, &format!("{name}_")),
        schema::Value::Image(image) => image_value(asked, at.ix, at.file_of(asked, name), image)?,
        schema::Value::File(path) => file_value(asked, at.ix, at.file_of(asked, name), path)?,
        schema::Value::Ref(key) => return reference(asked, ty, key, depth),
        schema::Value::List(items) => {
            let Type::List(inner) = ty else { return None };
            // The rest of the names would read as if they were all. What is hidden is not among them, and makes no difference.
            let is_followed = |item: &Placed| match &item.value {
                schema::Value::Ref(key) => shown(asked, inner, key).is_some(),
                _ => false,
            };
            if depth == Depth::Own && items.iter().any(is_followed) {
                return None;
            }
            let items: Vec<Value> =
                items.iter().filter_map(|item| value(asked, at, name, inner, item, depth)).collect();
            items.into()
        }
        schema::Value::Record(_) if *ty == Type::Statistic => {
            quoted(asked, at.ix, at.file_of(asked, name), placed)?.into()
        }
        schema::Value::Record(values) => {
            let fields = record_fields(ty)?;
            let mut pairs = typed(asked, at, fields, values, depth);
            if matches!(ty, Type::Either(_)) {
                // The other choice is an entry: the names that a template may ask of either must exist.
                for key in ["href", "language", "title"] {
                    if !pairs.iter().any(|(known, _)| known.as_str() == Some(key)) {
                        pairs.push((key.into(), Value::none()));
                    }
                }
            }
            map(pairs)
        }
    })
}

/// The number of a data file that a field quotes, as readers see it; `None` if it cannot be read, or they may not have its file.
fn quoted(asked: &TemplateContext, ix: Ix, file: &SitePath, placed: &Placed) -> Option<String> {
    let one = asked.site.statistic(ix, file, placed.span.start)?;
    let numbers = &asked.numbers;
    Some(charts::with_unit(&numbers.written(one.value, one.decimals), &one.unit, numbers.gap))
}

/// The numbers of data files that a field of an entry quotes, in groups and lists too.
pub(crate) fn quoted_numbers(asked: &TemplateContext, ix: Ix, name: &str) -> Vec<String> {
    let entry = asked.site.entry(ix);
    let collection = &asked.site.config.collections[&entry.id.collection];
    let mut found = Vec::new();
    if let (Some(field), Some(placed)) = (collection.fields.get(name), entry.values.get(name)) {
        add_quoted(asked, ix, entry.file_of(name), (&field.ty, placed), &mut found);
    }
    found
}

fn add_quoted(
    asked: &TemplateContext,
    ix: Ix,
    file: &SitePath,
    (ty, placed): (&Type, &Placed),
    found: &mut Vec<String>,
) {
    match (&placed.value, ty) {
        (schema::Value::Record(_), Type::Statistic) => found.extend(quoted(asked, ix, file, placed)),
        (schema::Value::List(items), Type::List(inner)) => {
            items.iter().for_each(|item| add_quoted(asked, ix, file, (inner, item), found));
        }
        (schema::Value::Record(values), ty) => {
            for (name, field) in record_fields(ty).into_iter().flatten() {
                let seen = values.get(name).filter(|_| !UNSEEN_ANYWHERE.contains(&&**name));
                seen.into_iter().for_each(|placed| add_quoted(asked, ix, file, (&field.ty, placed), found));
            }
        }
        _ => {}
    }
}

fn record_fields(ty: &Type) -> Option<&Fields> {
    match ty {
        Type::Record(fields) => Some(fields),
        Type::Either(choices) => choices.iter().find_map(record_fields),
        _ => None,
    }
}

fn reference(asked: &TemplateContext, ty: &Type, key: &str, depth: Depth) -> Option<Value> {
    if depth == Depth::Own {
        return None;
    }
    Some(asked.plain(shown(asked, ty, key)?).clone())
}

/// The entry that a reference leads readers to; `None` while it is hidden.
fn shown(asked: &TemplateContext, ty: &Type, key: &str) -> Option<Ix> {
    asked.site.shown_by_key(crate::site::reference_target(ty)?, key, asked.lang)
}

/// An image of a field. The function `image` finds it again by its `source`.
fn image_value(asked: &TemplateContext, ix: Ix, from: &SitePath, image: &ImageValue) -> Option<Value> {
    let site = &asked.site;
    let link = site.link(ix, from, &image.file)?;
    let (src, source, width, height) = match &link {
        LinkTo::File(file, _) => {
            let (address, width, height) = views::one_file(&site.config, file, site.pictures().get(file)?)?;
            (site.config.base.file_href(address.as_str()), Some(file.as_str()), width, height)
        }
        // It is reported that browsers would fetch it from another site.
        other @ (LinkTo::Elsewhere(_) | LinkTo::InFile(..)) => (views::href(site, other)?, None, 0, 0),
        // What is no file of the site is reported where it is named.
        LinkTo::Address(_) | LinkTo::Entry(..) | LinkTo::Here(_) => return None,
    };
    let size = |points: u32| if points == 0 { Value::none() } else { points.into() };
    Some(map([
        ("src", src.into()),
        ("alt", site.config.set(&image.alt).into()),
        ("credit", image.credit.as_deref().map(|credit| site.config.set(credit)).into()),
        ("caption", image.caption.as_deref().map(|caption| site.config.set(caption)).into()),
        ("focus", format!("{}% {}%", image.focus.x, image.focus.y).into()),
        ("decorative", image.decorative.into()),
        ("width", size(width)),
        ("height", size(height)),
        ("source", source.into()),
    ]))
}

fn file_value(asked: &TemplateContext, ix: Ix, file: &SitePath, path: &str) -> Option<Value> {
    let site = &asked.site;
    let link = site.link(ix, file, path)?;
    let LinkTo::File(source, _) = &link else { return None };
    let size = site.tree.get(source)?.size();
    Some(map([
        ("href", views::href(site, &link)?.into()),
        ("name", source.name().into()),
        ("format", source.ending().to_uppercase().into()),
        ("type", mime_guess::from_path(source.name()).first_raw().into()),
        ("size", size.into()),
        ("size_text", size_in_words(size).into()),
    ]))
}

/// A file's size as readers see it.
fn size_in_words(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..999_500 => format!("{} KB", (bytes + 500) / 1_000),
        _ => {
            let tenths = (bytes + 50_000) / 100_000;
            format!("{}.{} MB", tenths / 10, tenths % 10)
        }
    }
}

/// The outline of a text, for tables of contents.
pub(crate) fn outline(doc: &markdown::Doc, prefix: &str) -> Vec<Value> {
    doc.outline
        .iter()
        .map(|heading| {
            map([
                ("level", heading.level.into()),
                ("id", format!("{prefix}{}", heading.id).into()),
                ("text", heading.text.as_str().into()),
            ])
        })
        .collect()
}

/// The site's settings for the theme.
pub(crate) fn setting_values(values: &Values) -> Value {
    let plain = |placed: &Placed| match &placed.value {
        schema::Value::Int(number) => (*number).into(),
        schema::Value::Number(number) => (*number).into(),
        schema::Value::Bool(flag) => (*flag).into(),
        other => other.as_text().into(),
    };
    map(values.iter().map(|(name, placed)| (Key::String(name.clone()), plain(placed))))
}
