//! Declarations and templates → the fields that a site has added and no template of its own shows, for the theme's generic
//! templates: label, type and values, in the order of declaration.
//!
//! The templates of a theme know the fields of that theme. A field that a site adds, or a theme that extends another, is known to
//! the templates of whoever added it, if it has any that name the field; else the generic ones show it.

use std::collections::BTreeMap;

use tera::Value;

use super::values::{self, Pairs};
use crate::config::{Collection, Config};
use crate::path::SitePath;
use crate::schema::{self, Field, Fields, Name, Type, secrecy};
use crate::site::Site;

/// Fields of traits that the parts which every page shares show, or that only order and name things.
const SHOWN_ANYWAY: &[&str] = &["start", "state", "capacity", "given", "family"];

/// The fields that the generic templates show, by collection.
#[derive(Debug, Default)]
pub(super) struct Further(BTreeMap<Name, Vec<Name>>);

impl Further {
    pub(super) fn of(site: &Site) -> Self {
        let config = &site.config;
        let of_collection = |collection: &Collection| {
            let names: Vec<Name> = candidates(config, collection)
                .filter(|(name, declared)| {
                    !orders(config, collection, name) && !templates(site, declared).any(|text| names_field(text, name))
                })
                .map(|(name, _)| name.clone())
                .collect();
            (!names.is_empty()).then(|| (collection.name.clone(), names))
        };
        Self(config.collections.values().filter_map(of_collection).collect())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The collections that have some, with their names.
    pub(super) fn all(&self) -> impl Iterator<Item = (&Name, &[Name])> {
        self.0.iter().map(|(collection, names)| (collection, &**names))
    }

    /// The values of these fields among those of an entry.
    pub(super) fn values(&self, collection: &Collection, pairs: &Pairs) -> Value {
        let names = self.0.get(&collection.name).map_or(&[][..], Vec::as_slice);
        let shown = names.iter().filter_map(|name| {
            let value = pairs.iter().find(|(key, _)| key.as_str() == Some(&**name)).map(|(_, value)| value)?;
            field(collection.fields.get(name)?, value)
        });
        shown.collect::<Vec<_>>().into()
    }
}

/// The fields of a collection that were added to those of the theme, and the files that declare them.
fn candidates<'a>(
    config: &'a Config,
    collection: &'a Collection,
) -> impl Iterator<Item = (&'a Name, &'a SitePath)> + 'a {
    let theme = config.themes.last().map(|name| format!("themes/{name}/theme.toml")).unwrap_or_default();
    let is_of_theme = move |file: &SitePath| file.as_str() == theme;
    let of_collection = collection.span.as_ref().map(|span| &span.file);
    let is_new = of_collection.is_some_and(|file| !is_of_theme(file));
    let of_traits = |name: &Name| collection.traits.iter().any(|one| one.fields().contains_key(name));
    collection.fields.keys().filter_map(move |name| {
        let declared = match collection.declared.get(name) {
            Some(span) => &span.file,
            None => of_collection.filter(|_| is_new)?,
        };
        let is_known = schema::base().contains_key(name)
            || is_of_theme(declared)
            || of_traits(name) && (!is_new || SHOWN_ANYWAY.contains(&&**name))
            || secrecy::is_reserved(name)
            || &**name == "kind";
        (!is_known).then_some((name, declared))
    })
}

/// Whether a field only chooses or orders what lists show.
fn orders(config: &Config, collection: &Collection, name: &Name) -> bool {
    let lists = config.lists.values().filter(|list| list.from.contains(&collection.name));
    lists
        .into_iter()
        .any(|list| list.filter.iter().any(|one| one.field == *name) || list.sort.iter().any(|key| key.field == *name))
}

/// The texts of the templates that may know a field which `declared` declares: the site's, and those of the themes down to that one.
fn templates<'a>(site: &'a Site, declared: &SitePath) -> impl Iterator<Item = &'a str> + 'a {
    let themes = &site.config.themes;
    let lowest = themes.iter().position(|name| declared.as_str() == format!("themes/{name}/theme.toml"));
    let folders = themes[..lowest.map_or(0, |n| n + 1)].iter().map(|name| format!("themes/{name}/templates"));
    let folders: Vec<String> = std::iter::once("templates".to_owned()).chain(folders).collect();
    folders
        .into_iter()
        .flat_map(|folder| site.tree.below(&folder).filter_map(crate::source::SourceFile::text).collect::<Vec<_>>())
}

/// Whether a template names a field: `entry.ward`, `"ward"`.
fn names_field(text: &str, name: &str) -> bool {
    text.match_indices(name).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + name.len()..].chars().next();
        matches!(before, Some('.' | '"' | '\'')) && !after.is_some_and(|next| next.is_alphanumeric() || next == '_')
    })
}

/// A field with its values; `None` if it has none.
fn field(field: &Field, value: &Value) -> Option<Value> {
    let (inner, all) = match &field.ty {
        Type::List(inner) => (&**inner, value.as_array().unwrap_or_default().to_vec()),
        ty => (ty, vec![value.clone()]),
    };
    let (kind, group) = kind(inner);
    let values: Vec<Value> = all
        .into_iter()
        .filter(|value| value.as_bool().is_some() || value.is_number() || value.is_truthy())
        .filter_map(|value| match group {
            Some(fields) => parts(fields, &value),
            None => Some(value),
        })
        .collect();
    let rendition = field.renditions.as_ref().and_then(|names| names.first()).map_or("lead", |name| &**name);
    (!values.is_empty()).then(|| {
        values::map([
            ("name", (&*field.name).into()),
            ("label", label(field).into()),
            ("type", kind.into()),
            ("rendition", rendition.into()),
            ("values", values.into()),
        ])
    })
}

/// The fields of a group.
fn parts(fields: &Fields, value: &Value) -> Option<Value> {
    let part = |one: &Field| field(one, value.get_from_path(&one.name)?);
    let parts: Vec<Value> = fields.values().filter_map(part).collect();
    (!parts.is_empty()).then(|| parts.into())
}

/// How a value is shown, and the fields of a group without a name.
fn kind(ty: &Type) -> (&'static str, Option<&Fields>) {
    let kind = match ty {
        Type::Date | Type::DateTime | Type::Moment => "date",
        Type::Url => "url",
        Type::Email => "email",
        Type::Tel => "tel",
        Type::Lang => "lang",
        Type::Bool => "bool",
        Type::File => "file",
        Type::Image => "image",
        Type::Prose | Type::Markdown => "prose",
        Type::Ref(_) => "ref",
        Type::Either(choices) if choices.iter().any(|one| matches!(one, Type::Ref(_))) => "ref",
        Type::Either(choices) => return choices.first().map_or(("text", None), kind),
        Type::Record(fields) => return ("group", Some(fields)),
        Type::Text | Type::Statistic | Type::Int | Type::Number | Type::Enum(_) | Type::Id(_) | Type::List(_) => "text",
    };
    (kind, None)
}

/// What readers are told that a field is: its label, else its name in words.
fn label(field: &Field) -> String {
    field.label.clone().unwrap_or_else(|| {
        let words = field.name.replace(['_', '-'], " ");
        let mut letters = words.chars();
        letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
    })
}

#[cfg(test)]
mod tests {
    use super::names_field;

    #[test]
    fn a_template_names_a_field_as_a_whole_word() {
        for (text, is_named) in [
            ("{{ entry.ward }}", true),
            ("{{ entry[\"ward\"] }}", true),
            ("{% for w in entry.ward %}", true),
            ("{{ entry.wards }}", false),
            ("ward", false),
            ("{{ entry.award }}", false),
            ("{{ entry.ward_of }}", false),
        ] {
            assert_eq!(names_field(text, "ward"), is_named, "{text}");
        }
    }
}
