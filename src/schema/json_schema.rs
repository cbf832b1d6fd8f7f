//! Fields and types → JSON Schema (draft 2020-12), which lets an editor complete and check what is written.
//!
//! A schema allows what `read` accepts: one value in place of a list and, in entries, quoted numbers, dates and true/false
//! values. It cannot tell whether a thing named exists, whether a value is unique, or whether a check digit is right. Most
//! of its keywords apply to one kind of value each, so a schema for several kinds needs no `anyOf`, which editors explain
//! badly.

use serde_json::{Map, Value as Json, json};

use super::values::expected;
use super::{Condition, Field, Fields, Type};
use super::{identifiers, quoted};
use crate::data::{Raw, RawKind};

/// Where a value is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum WrittenIn {
    /// In front matter or a row, where numbers and true/false values may be quoted.
    InEntries,
    /// In `site.toml` or `theme.toml`, where they may not be, and a list of numbers is always written as a list.
    InSettings,
}

const DATE: &str = "[0-9]{4}-[0-9]{2}-[0-9]{2}";
const TIME: &str =
    "[Tt \\t][ \\t]*[0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]+)?)?[ \\t]*([Zz]|UTC|GMT|[+-][0-9]{1,2}(:?[0-9]{2})?)?";

/// The schema of a table that may have `fields` and nothing else.
pub(crate) fn object(fields: &Fields, written: WrittenIn) -> Json {
    let properties: Map<String, Json> =
        fields.iter().map(|(name, field)| (name.to_string(), property(field, written))).collect();
    let required: Vec<&str> = fields.values().filter(|field| field.required).map(|field| &*field.name).collect();
    let conditions: Vec<Json> = fields
        .values()
        .filter_map(|field| {
            Some(json!({ "if": holds(field.required_if.as_ref()?, fields), "then": { "required": [&*field.name] } }))
        })
        .collect();
    let mut schema = json!({ "type": "object", "properties": properties, "additionalProperties": false });
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    if !conditions.is_empty() {
        schema["allOf"] = json!(conditions);
    }
    schema
}

/// The schema of one field: its type, name, purpose and default.
fn property(field: &Field, written: WrittenIn) -> Json {
    let mut schema = of_type(&field.ty, written);
    let Json::Object(parts) = &mut schema else { return schema };
    if written == WrittenIn::InSettings && field.ty == Type::Int {
        // Each of these is a count.
        parts.insert("minimum".to_owned(), json!(1));
    }
    if let Some(max) = field.max {
        let word = if matches!(field.ty, Type::List(_)) { "maxItems" } else { "maxLength" };
        parts.insert(word.to_owned(), json!(max));
    }
    let about = field.help.clone().or_else(|| parts.get("description")?.as_str().map(str::to_owned));
    let limit = field.warn_over.map(|limit| match field.ty {
        Type::List(_) => format!("best at most {limit}"),
        _ => format!("best at most {limit} characters"),
    });
    let about: Vec<String> = about.into_iter().chain(limit).collect();
    if !about.is_empty() {
        parts.insert("description".to_owned(), json!(about.join("; ")));
    }
    if let Some(default) = &field.default {
        parts.insert("default".to_owned(), plain(default));
    }
    // A field's name and purpose come first.
    let mut schema = Map::new();
    schema.extend(field.label.as_ref().map(|label| ("title".to_owned(), json!(label))));
    schema.extend(parts.shift_remove("description").map(|about| ("description".to_owned(), about)));
    schema.append(parts);
    Json::Object(schema)
}

/// The schema of a value of the type.
pub(crate) fn of_type(ty: &Type, written: WrittenIn) -> Json {
    let described = || expected(ty);
    match ty {
        Type::Text | Type::Prose | Type::Markdown => json!({ "type": "string" }),
        Type::Ref(_) | Type::File => json!({ "type": "string", "description": described() }),
        Type::Int if written == WrittenIn::InSettings => json!({ "type": "integer" }),
        Type::Number if written == WrittenIn::InSettings => json!({ "type": "number" }),
        Type::Bool if written == WrittenIn::InSettings => json!({ "type": "boolean" }),
        Type::Int => json!({ "type": ["integer", "string"], "pattern": r"^\s*[+-]?[0-9]+\s*$" }),
        Type::Number => json!({ "type": ["number", "string"], "pattern": r"^\s*[+-]?[0-9.]+([eE][+-]?[0-9]+)?\s*$" }),
        Type::Bool => {
            let words =
                r"[Tt]rue|TRUE|[Ff]alse|FALSE|[Yy]es|YES|[Nn]o|NO|[Oo]n|ON|[Oo]ff|OFF|[YyNn01]|[Nn]one|[Nn]ever";
            json!({
                "type": ["boolean", "integer", "string"], "minimum": 0, "maximum": 1,
                "pattern": format!(r"^\s*({words})\s*$")
            })
        }
        Type::Date => json!({ "type": "string", "format": "date" }),
        // The format `date-time` demands an offset, which nobody writes: a time is in the site's zone.
        Type::DateTime => {
            json!({ "type": "string", "pattern": format!(r"^\s*{DATE}{TIME}\s*$"), "description": described() })
        }
        Type::Moment => {
            json!({ "type": "string", "pattern": format!(r"^\s*{DATE}({TIME})?\s*$"), "description": described() })
        }
        Type::Url => json!({ "type": "string", "format": "iri", "pattern": "^(https?://|mailto:)" }),
        Type::Email => json!({ "type": "string", "format": "email" }),
        Type::Tel => json!({ "type": "string", "pattern": r"^\s*[+0-9 ()./-]{5,}\s*$", "description": described() }),
        Type::Lang => {
            json!({ "type": "string", "pattern": r"^\s*[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*\s*$", "description": described() })
        }
        Type::Enum(values) => {
            let numbers = values.iter().filter_map(|value| value.parse::<i64>().ok()).map(Json::from);
            let numbers: Vec<Json> = if written == WrittenIn::InEntries { numbers.collect() } else { Vec::new() };
            json!({ "enum": values.iter().map(|value| json!(&**value)).chain(numbers).collect::<Vec<_>>() })
        }
        Type::Image => json!({
            "type": ["object", "string"],
            "properties": {
                "file": { "type": "string", "description": "the picture's file" },
                "alt": { "type": "string", "description": "what the picture shows, for those who do not see it" },
                "caption": { "type": "string", "description": "what is said below it" },
                "credit": { "type": "string", "description": "whose picture it is" },
                "focus": { "type": "string", "description": "what stays in view where it is cut: 40% 20% from the left and the top, or top right" },
                "decorative": { "type": "boolean", "description": "whether it shows nothing that a reader misses" },
            },
            "additionalProperties": false,
            "required": ["file"],
            "description": described(),
        }),
        Type::Id(kind) => {
            json!({ "type": "string", "description": described(), "examples": [identifiers::example(*kind)] })
        }
        Type::Either(types) => json!({ "anyOf": types.iter().map(|ty| of_type(ty, written)).collect::<Vec<_>>() }),
        Type::Statistic => json!({ "anyOf": [{ "type": "string" }, object(quoted::fields(), written)] }),
        Type::List(item) => list(item, written),
        Type::Record(fields) => object(fields, written),
    }
}

/// A list, or a single value in its place.
fn list(item: &Type, written: WrittenIn) -> Json {
    let items = of_type(item, written);
    if written == WrittenIn::InSettings && matches!(item, Type::Int | Type::Number) {
        return json!({ "type": "array", "items": items });
    }
    let kinds = match items.get("type") {
        Some(Json::String(kind)) => vec![json!("array"), json!(kind)],
        Some(Json::Array(kinds)) => std::iter::once(json!("array")).chain(kinds.iter().cloned()).collect(),
        // The keywords of a schema without a `type` apply to every value.
        _ => return json!({ "anyOf": [{ "type": "array", "items": items }, items] }),
    };
    let mut schema = items.clone();
    schema["type"] = json!(kinds);
    schema["items"] = items;
    schema
}

/// Whether every field that a condition names holds one of its values.
fn holds(condition: &Condition, fields: &Fields) -> Json {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for (name, allowed) in &condition.0 {
        let mut values: Vec<Json> = Vec::new();
        for text in allowed {
            values.push(json!(text));
            values.extend(text.parse::<i64>().ok().map(Json::from));
            values.extend(text.parse::<bool>().ok().map(Json::from));
        }
        let is_one = json!({ "enum": values });
        let schema = json!({ "anyOf": [is_one, { "type": "array", "contains": is_one }] });
        let default = fields.get(name).and_then(|field| field.default.as_ref()).map(plain);
        if !default.is_some_and(|default| values.contains(&default)) {
            required.push(&**name);
        }
        properties.insert(name.to_string(), schema);
    }
    json!({ "properties": properties, "required": required })
}

/// A value as written, without its places.
pub(crate) fn plain(raw: &Raw) -> Json {
    match &raw.kind {
        RawKind::Null => Json::Null,
        RawKind::Bool(truth) => json!(truth),
        RawKind::Int(number) => json!(number),
        RawKind::Float(number) => json!(number),
        RawKind::Text(text) | RawKind::Date(text) => json!(text),
        RawKind::List(items) => items.iter().map(plain).collect(),
        RawKind::Table(table) => table.iter().map(|(key, raw)| (key.name.clone(), plain(raw))).collect(),
    }
}
