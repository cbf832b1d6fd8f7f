//! The declared settings and the site's collections → JSON Schemas for editors.
//!
//! `site.toml` and `theme.toml` have one each, made from `settings.toml` and, for what a theme lets a site choose, from the
//! theme. Each collection has one for front matter and one for files of rows. If the site is translated, each of these has
//! another for further languages, where anything not stated is as in the original.
//!
//! Not here: types (`schema`), where the schemas are written (`cli`).

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use super::settings::{Declared, SettingsFile, declared, is_any};
use super::{Collection, Config};
use crate::diagnostic::Code;
use crate::schema::{self, Type, WrittenIn};

/// The dialect of the schemas.
const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// A schema that can be written.
#[derive(Clone, Debug)]
pub(crate) struct Schema {
    /// The name to ask for it by: `site`, `publications`, `publications.rows`.
    pub(crate) name: String,
    /// What it is for, in a few words.
    pub(crate) about: String,
    /// The schema itself.
    json: Json,
}

impl Schema {
    /// Every schema holds this, so that its file can be recognised.
    pub(crate) const MARK: &str = "Written by `pamphlet schema`";

    /// The name of its file.
    pub(crate) fn file(&self) -> String {
        format!("{}.schema.json", self.name)
    }

    /// The text of its file.
    pub(crate) fn text(&self) -> String {
        let head = [("$schema", DIALECT), ("$comment", Self::MARK), ("title", &self.about)];
        let mut all: Map<String, Json> = head.into_iter().map(|(key, value)| (key.to_owned(), json!(value))).collect();
        if let Json::Object(parts) = &self.json {
            all.extend(parts.iter().map(|(key, value)| (key.clone(), value.clone())));
        }
        format!("{:#}\n", Json::Object(all))
    }
}

/// All schemas for the site of `config`.
pub(crate) fn schemas(config: &Config) -> Vec<Schema> {
    let schema = |name: &str, about: String, json: Json| Schema { name: name.to_owned(), about, json };
    let mut all = vec![
        schema("site", "site.toml".to_owned(), Tables::new(SettingsFile::Site, Some(config)).schema()),
        schema("theme", "theme.toml".to_owned(), Tables::new(SettingsFile::Theme, None).schema()),
    ];
    for collection in config.collections.values() {
        // The settings already have these names.
        let name = match &*collection.name {
            name @ ("site" | "theme") => format!("{name}.entries"),
            name => name.to_owned(),
        };
        let of = match &*collection.name {
            "pages" => "front matter of pages, outside the folders of other collections".to_owned(),
            name => format!("front matter in content/{name}/"),
        };
        let of_rows = format!("files of rows in content/{}/", collection.name);
        let entry = schema::object(&collection.fields, WrittenIn::InEntries);
        all.push(schema(&format!("{name}.rows"), of_rows.clone(), rows(collection, &entry)));
        if config.has_translations() {
            let entry = translated(entry.clone());
            let elsewhere = "in another language than the site's";
            all.push(schema(
                &format!("{name}.translation.rows"),
                format!("{of_rows}, {elsewhere}"),
                rows(collection, &entry),
            ));
            all.push(schema(&format!("{name}.translation"), format!("{of}, {elsewhere}"), entry));
        }
        all.push(schema(&name, of, entry));
    }
    // The settings come first.
    all[2..].sort_by(|a, b| a.name.cmp(&b.name));
    all
}

/// The schema of a file of rows: `[[NAME]]` in TOML; in JSON and YAML, a list alone also counts.
fn rows(collection: &Collection, entry: &Json) -> Json {
    let all = json!({ "$ref": "#/$defs/row" });
    let name = &*collection.name;
    json!({
        "type": ["object", "array"],
        "properties": {
            name: { "type": "array", "description": format!("each {}", collection.label), "items": all },
            "$schema": { "type": "string" },
        },
        "required": [name],
        "additionalProperties": false,
        "items": all,
        "$defs": { "row": entry },
    })
}

/// A translation takes what it does not state from its original.
fn translated(mut entry: Json) -> Json {
    if let Json::Object(parts) = &mut entry {
        parts.shift_remove("required");
        parts.shift_remove("allOf");
        let fields = parts.get_mut("properties").and_then(Json::as_object_mut);
        for field in fields.into_iter().flat_map(Map::values_mut).filter_map(Json::as_object_mut) {
            field.shift_remove("default");
        }
    }
    entry
}

/// The tables of one settings file.
struct Tables<'a> {
    place: SettingsFile,
    /// The site whose names are offered, if the schema is for its own settings.
    config: Option<&'a Config>,
    tables: Vec<&'static Declared>,
}

impl<'a> Tables<'a> {
    fn new(place: SettingsFile, config: Option<&'a Config>) -> Self {
        Self { place, config, tables: declared().iter().filter(|table| table.places.contains(&place)).collect() }
    }

    fn schema(&self) -> Json {
        let mut schema = self.table(&[]);
        let shared: BTreeMap<String, Json> = self
            .tables
            .iter()
            .filter(|table| self.is_shared(&table.path))
            .map(|table| (shared_name(&table.path), self.written_out(&table.path)))
            .collect();
        schema["$defs"] = json!(shared);
        schema
    }

    fn at(&self, path: &[String]) -> Option<&'static Declared> {
        self.tables.iter().find(|table| table.path == path).copied()
    }

    /// Whether the table at `path` is written out once and referred to elsewhere: when other tables have its settings, or
    /// when its names are known.
    fn is_shared(&self, path: &[String]) -> bool {
        let has_names = path.last().is_some_and(|name| is_any(name));
        has_names && self.at(path).is_some_and(|table| table.names.is_some())
            || self.tables.iter().any(|table| table.like.as_deref() == Some(path))
    }

    /// The schema of the table at `path`, or a reference to where it is written out.
    fn table(&self, path: &[String]) -> Json {
        let own = self.at(path);
        let shared = own.and_then(|table| table.like.as_deref()).or_else(|| self.is_shared(path).then_some(path));
        match shared {
            Some(shared) => json!({ "$ref": format!("#/$defs/{}", shared_name(shared)) }),
            None => self.written_out(path),
        }
    }

    fn written_out(&self, path: &[String]) -> Json {
        let Some(own) = self.at(path) else { return self.group(path, None) };
        if own.any {
            return described(json!({}), own.help.as_deref());
        }
        let group = self.group(path, Some(own));
        let whole = match (own.is_list, &own.or) {
            (true, _) => json!({ "type": "array", "items": group }),
            (false, Some(Type::Text)) => {
                let mut group = group;
                group["type"] = json!(["object", "string"]);
                group
            }
            (false, Some(other)) => json!({ "anyOf": [schema::of_type(other, WrittenIn::InSettings), group] }),
            (false, None) => group,
        };
        described(whole, own.help.as_deref())
    }

    /// A table, as described by its keys.
    fn group(&self, path: &[String], own: Option<&Declared>) -> Json {
        let mut schema = match own {
            Some(own) => schema::object(&own.fields, WrittenIn::InSettings),
            None => json!({ "type": "object", "properties": {}, "additionalProperties": false }),
        };
        let mut required: Vec<Json> = schema.get("required").and_then(Json::as_array).cloned().unwrap_or_default();
        let mut below: Vec<&String> = Vec::new();
        for table in self.tables.iter().filter(|table| table.path.starts_with(path)) {
            if let Some(key) = table.path.get(path.len()).filter(|key| !below.contains(key)) {
                below.push(key);
            }
        }
        for key in below {
            let mut inner = path.to_vec();
            inner.push(key.clone());
            let table = self.table(&inner);
            if is_any(key) {
                schema["properties"] = self.known_names(&inner, &table);
                schema["additionalProperties"] = self.other_names(&inner, table);
            } else {
                let help = self.tables.iter().find(|table| table.path.starts_with(&inner));
                schema["properties"][key] = described(table, help.and_then(|table| table.help.as_deref()));
                required.extend(self.at(&inner).filter(|table| table.required).map(|_| json!(key)));
            }
        }
        if let Some(own) = own {
            match (&own.each, own.names.as_deref()) {
                (Some(each), Some("faults")) => {
                    let each = schema::of_type(each, WrittenIn::InSettings);
                    let codes = Code::ALL.iter().map(|code| (code.as_str().to_owned(), each.clone()));
                    schema["properties"] = Json::Object(codes.collect());
                }
                (Some(each), _) => schema["additionalProperties"] = schema::of_type(each, WrittenIn::InSettings),
                (None, Some("settings")) => {
                    let fields = self.config.map(|config| &config.setting_fields);
                    if let Some(fields) = fields {
                        schema = schema::object(fields, WrittenIn::InEntries);
                    }
                }
                (None, _) => {}
            }
        }
        if !required.is_empty() {
            schema["required"] = json!(required);
        }
        schema
    }

    /// The names that the site or its theme already uses, for an editor to offer.
    fn known_names(&self, path: &[String], table: &Json) -> Json {
        let names = self.at(path).and_then(|table| table.names.as_deref()).zip(self.config);
        let Some((names, config)) = names else { return json!({}) };
        let same =
            |names: Vec<&str>| -> Json { names.into_iter().map(|name| (name.to_owned(), table.clone())).collect() };
        match names {
            "collections" => same(config.collections.keys().map(|name| &**name).collect()),
            "lists" => {
                let left_out = config.left_out.iter().map(String::as_str);
                same(config.lists.keys().map(|name| &**name).chain(left_out).collect())
            }
            "directives" => same(config.directives.keys().map(String::as_str).collect()),
            "renditions" => same(config.renditions.keys().map(String::as_str).collect()),
            "drawings" => same(config.drawings.iter().map(|one| one.name.as_str()).collect()),
            "tokens" => {
                let colours = config.tokens.colours.keys().map(|name| (name.clone(), table.clone()));
                let font = json!({ "type": "string", "description": "names of typefaces; the first that a reader has is used" });
                let fonts = config.tokens.fonts.keys().map(|name| (name.clone(), font.clone()));
                colours.chain(fonts).collect()
            }
            _ => json!({}),
        }
    }

    /// What may stand under an unknown name: for tokens nothing, since the theme declares them all.
    fn other_names(&self, path: &[String], table: Json) -> Json {
        let is_closed = self.at(path).is_some_and(|table| table.names.as_deref() == Some("tokens"));
        if is_closed && self.place == SettingsFile::Site { json!(false) } else { table }
    }
}

/// The name of the table at `path` among those that are written out once: `collections.fields`.
fn shared_name(path: &[String]) -> String {
    path.iter().filter(|part| !is_any(part)).map(String::as_str).collect::<Vec<_>>().join(".")
}

/// The schema with its purpose in front, unless it states one.
fn described(schema: Json, help: Option<&str>) -> Json {
    let (Some(help), Json::Object(parts)) = (help, &schema) else { return schema };
    if parts.contains_key("description") {
        return schema;
    }
    let mut all = Map::from_iter([("description".to_owned(), json!(help))]);
    all.extend(parts.clone());
    Json::Object(all)
}
