//! A `fields` table of `theme.toml` or `site.toml` → [`Fields`]; also the built-in fields, from `base.toml`.
//!
//! Whatever can be read of a faulty declaration is kept, so that entries are not blamed for it.

use std::ops::Range;
use std::sync::LazyLock;

use super::types::{parse_type, plain_field, with_traits};
use super::{Condition, Field, Fields, Name, Trait, Type, Value, Values};
use crate::data::{Key, Raw, RawKind};
use crate::diagnostic::{Code, Diagnostic, Found, nearest};
use crate::path::SitePath;

pub(crate) const SETTINGS: &[&str] = &[
    "type",
    "required",
    "required_if",
    "recommended_if",
    "instead",
    "default",
    "max",
    "warn_over",
    "unique",
    "renditions",
    "translate",
    "label",
    "help",
    "fields",
];

struct BuiltIn {
    base: Fields,
    traits: Vec<(Trait, Fields)>,
}

static BUILT_IN: LazyLock<BuiltIn> = LazyLock::new(|| {
    let file = SitePath::root();
    let raw = crate::data::toml(&file, include_str!("base.toml"), 0);
    let table = |name: &str| {
        let mut declared = raw.value.get(name).map(|raw| fields(raw, &file).value).unwrap_or_default();
        with_traits(&mut declared);
        declared
    };
    BuiltIn { base: table("base"), traits: Trait::ALL.iter().map(|named| (*named, table(named.as_str()))).collect() }
});

/// The fields of every entry.
pub(crate) fn base() -> &'static Fields {
    &BUILT_IN.base
}

/// The field of collections whose entries may state whole addresses.
pub(crate) fn permalink() -> Field {
    let help = Some("the whole address of the page, such as /about-us/".to_owned());
    Field { help, translate: Some(false), ..plain_field("permalink", Type::Text) }
}

impl Trait {
    /// The fields that the trait adds.
    pub(crate) fn fields(self) -> &'static Fields {
        static NONE: LazyLock<Fields> = LazyLock::new(Fields::default);
        BUILT_IN.traits.iter().find(|(named, _)| *named == self).map_or(&NONE, |(_, fields)| fields)
    }
}

impl Condition {
    /// Whether each of the fields holds one of the values given for it.
    pub(crate) fn holds(&self, values: &Values) -> bool {
        self.0.iter().all(|(name, allowed)| {
            values.get(name).is_some_and(|placed| match &placed.value {
                Value::List(items) => items.iter().any(|item| allowed.contains(&item.value.as_text())),
                value => allowed.contains(&value.as_text()),
            })
        })
    }
}

/// The fields that the table `raw` of `file` declares.
pub(crate) fn fields(raw: &Raw, file: &SitePath) -> Found<Fields> {
    let mut reader = Declarations { file, faults: Vec::new() };
    let fields = reader.fields(raw);
    Found::new(fields, reader.faults)
}

struct Declarations<'a> {
    file: &'a SitePath,
    faults: Vec<Diagnostic>,
}

impl Declarations<'_> {
    fn wrong(&mut self, message: impl Into<String>, at: Range<usize>, help: &str) {
        let fault = Diagnostic::new(Code::WrongSetting, message).at(self.file, at);
        self.faults.push(if help.is_empty() { fault } else { fault.help(help) });
    }

    fn fields(&mut self, raw: &Raw) -> Fields {
        let RawKind::Table(table) = &raw.kind else {
            let message =
                format!("`fields` must be a group with one line for each field, but this is {}", raw.described());
            self.wrong(message, raw.span.clone(), "write it like this: `subtitle = \"text\"`");
            return Fields::default();
        };
        let mut fields = Fields::default();
        for (key, value) in table {
            if !is_name(&key.name) {
                let message = format!("`{}` cannot be the name of a field", key.name);
                self.wrong(message, key.span.clone(), "use small letters, digits and `_`, with a letter first");
                continue;
            }
            if let Some(field) = self.field(key, value) {
                fields.insert(field.name.clone(), field);
            }
        }
        fields
    }

    fn field(&mut self, key: &Key, raw: &Raw) -> Option<Field> {
        match &raw.kind {
            RawKind::Text(text) => Some(plain_field(&key.name, self.ty(text, &raw.span)?)),
            RawKind::Table(table) => self.full(key, raw, table),
            _ => {
                let message = format!(
                    "the field `{}` must be a type or a group of settings, but this is {}",
                    key.name,
                    raw.described()
                );
                self.wrong(message, raw.span.clone(), "write it like this: `subtitle = \"text\"`");
                None
            }
        }
    }

    fn full(&mut self, key: &Key, raw: &Raw, table: &[(Key, Raw)]) -> Option<Field> {
        for (setting, _) in table {
            if !SETTINGS.contains(&setting.name.as_str()) {
                let fault = Diagnostic::new(Code::UnknownSetting, format!("a field has no setting `{}`", setting.name))
                    .at(self.file, setting.span.clone());
                let near = nearest(&setting.name, SETTINGS.iter().copied());
                let help = match near {
                    Some(name) => format!("did you mean `{name}`?"),
                    None => format!("a field has the settings `{}`", SETTINGS.join("`, `")),
                };
                let fault = fault.help(help);
                let near = near.filter(|near| !table.iter().any(|(key, _)| key.name == *near));
                self.faults.push(match near {
                    Some(near) => fault.meant(near),
                    None => fault,
                });
            }
        }
        let inner = raw.get("fields");
        let ty = match raw.get("type") {
            Some(Raw { kind: RawKind::Text(text), span }) => match (text.trim(), inner) {
                ("list", Some(inner)) => Type::List(Box::new(Type::Record(self.fields(inner)))),
                ("record", Some(inner)) => Type::Record(self.fields(inner)),
                ("list" | "record", None) => {
                    let message = format!("`{}` does not say what it holds", text.trim());
                    self.wrong(message, span.clone(), "write `list(text)`, or give it `fields` of its own");
                    return None;
                }
                (_, None) => self.ty(text, span)?,
                (_, Some(inner)) => {
                    self.wrong("only `list` and `record` have `fields` of their own", inner.span.clone(), "");
                    self.ty(text, span)?
                }
            },
            Some(other) => {
                let message = format!("`type` must be text, but this is {}", other.described());
                self.wrong(message, other.span.clone(), "write it like this: `type = \"text\"`");
                return None;
            }
            None => {
                let fault = Diagnostic::new(Code::MissingSetting, format!("the field `{}` has no `type`", key.name));
                self.faults.push(
                    fault.at(self.file, key.span.clone()).help("write `type = \"text\"`, or the type of what it holds"),
                );
                return None;
            }
        };
        let field = Field {
            in_address: None,
            required: self.truth(raw, "required"),
            required_if: raw.get("required_if").and_then(|raw| self.condition(raw)),
            recommended_if: raw.get("recommended_if").and_then(|raw| self.condition(raw)),
            instead: self.text(raw, "instead"),
            default: raw.get("default").cloned(),
            max: self.count(raw, "max"),
            warn_over: self.count(raw, "warn_over"),
            unique: self.truth(raw, "unique"),
            translate: raw.get("translate").is_some().then(|| self.truth(raw, "translate")),
            renditions: self.names(raw, "renditions"),
            label: self.text(raw, "label"),
            help: self.text(raw, "help"),
            ..plain_field(&key.name, ty)
        };
        if let (Some(default), Type::Enum(allowed)) = (&field.default, &field.ty)
            && let RawKind::Text(text) = &default.kind
            && !allowed.iter().any(|value| **value == **text)
        {
            let message = format!("`{text}` is not one of the values of `{}`", key.name);
            self.wrong(message, default.span.clone(), &format!("it may be `{}`", allowed.join("`, `")));
            return Some(Field { default: None, ..field });
        }
        Some(field)
    }

    fn ty(&mut self, text: &str, span: &Range<usize>) -> Option<Type> {
        match parse_type(text) {
            Ok(ty) => Some(ty),
            Err(fault) => {
                // The text is in quotation marks and unescaped, as no type contains any.
                let exact = span.len() == text.len() + 2;
                let at = if exact {
                    span.start + 1 + fault.range.start..span.start + 1 + fault.range.end
                } else {
                    span.clone()
                };
                self.wrong(fault.message, at, "");
                None
            }
        }
    }

    /// A list of names; `None` if the setting is missing.
    fn names(&mut self, raw: &Raw, name: &str) -> Option<Vec<Name>> {
        let value = raw.get(name)?;
        let texts = match &value.kind {
            RawKind::List(items) => items.iter().map(|item| match &item.kind {
                RawKind::Text(text) => Some(Name::from(text.as_str())),
                _ => None,
            }),
            _ => {
                let message = format!("`{name}` must be a list of names, but this is {}", value.described());
                self.wrong(message, value.span.clone(), "write it like this: `renditions = [\"card\"]`");
                return None;
            }
        };
        let names: Option<Vec<Name>> = texts.collect();
        if names.is_none() {
            self.wrong(
                format!("`{name}` must be a list of names"),
                value.span.clone(),
                "write each in quotation marks",
            );
        }
        names
    }

    fn truth(&mut self, raw: &Raw, name: &str) -> bool {
        match raw.get(name) {
            None => false,
            Some(Raw { kind: RawKind::Bool(value), .. }) => *value,
            Some(other) => {
                let message = format!("`{name}` must be `true` or `false`, but this is {}", other.described());
                self.wrong(message, other.span.clone(), "");
                false
            }
        }
    }

    fn count(&mut self, raw: &Raw, name: &str) -> Option<usize> {
        let value = raw.get(name)?;
        match value.kind {
            RawKind::Int(number) if number > 0 => usize::try_from(number).ok(),
            _ => {
                let message = format!("`{name}` must be a whole number above 0");
                self.wrong(message, value.span.clone(), "");
                None
            }
        }
    }

    fn text(&mut self, raw: &Raw, name: &str) -> Option<String> {
        let value = raw.get(name)?;
        match &value.kind {
            RawKind::Text(text) => Some(text.clone()),
            _ => {
                let message = format!("`{name}` must be text, but this is {}", value.described());
                self.wrong(message, value.span.clone(), "");
                None
            }
        }
    }

    fn condition(&mut self, raw: &Raw) -> Option<Condition> {
        let help = "write it like this: `required_if = { kind = [\"report\", \"briefing\"] }`";
        let RawKind::Table(table) = &raw.kind else {
            let message = format!("a condition names fields and their values, but this is {}", raw.described());
            self.wrong(message, raw.span.clone(), help);
            return None;
        };
        let mut parts = Vec::with_capacity(table.len());
        for (key, value) in table {
            let values: Vec<&Raw> = match &value.kind {
                RawKind::List(items) => items.iter().collect(),
                _ => vec![value],
            };
            let mut allowed = Vec::with_capacity(values.len());
            for value in values {
                match &value.kind {
                    RawKind::Text(text) => allowed.push(text.clone()),
                    RawKind::Bool(truth) => allowed.push(truth.to_string()),
                    RawKind::Int(number) => allowed.push(number.to_string()),
                    _ => {
                        let message = format!("a condition compares with text, but this is {}", value.described());
                        self.wrong(message, value.span.clone(), help);
                    }
                }
            }
            parts.push((Name::from(key.name.as_str()), allowed));
        }
        Some(Condition(parts))
    }
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Target;

    fn declared(text: &str) -> (Fields, Vec<String>) {
        let file = SitePath::new("themes/civic/theme.toml").expect("inside");
        let raw = crate::data::toml(&file, text, 0);
        assert!(raw.faults.is_empty(), "{:?}", raw.faults);
        let found = fields(&raw.value, &file);
        let said = found
            .faults
            .iter()
            .map(|fault| {
                let span = fault.span.as_ref().expect("a place");
                format!("{} | {} | {}", fault.code.as_str(), &text[span.start..span.end], fault.message)
            })
            .collect();
        (found.value, said)
    }

    #[test]
    fn what_is_built_in_is_sound() {
        let file = SitePath::root();
        let raw = crate::data::toml(&file, include_str!("base.toml"), 0);
        assert!(raw.faults.is_empty(), "{:?}", raw.faults);
        let RawKind::Table(tables) = &raw.value.kind else { panic!("a table") };
        for (key, table) in tables {
            let found = fields(table, &file);
            assert!(found.faults.is_empty(), "{}: {:?}", key.name, found.faults);
        }
        assert_eq!(base()["topics"].ty, Type::List(Box::new(Type::Ref(Target::Trait(Trait::Term)))));
        assert_eq!(base().get_index(0).map(|(name, _)| &**name), Some("title"));
        assert!(Trait::Timed.fields()["start"].required);
        for named in Trait::ALL {
            assert!(!named.fields().is_empty());
            // A trait may add to a field that every entry has, but not change its type.
            let fits = |name: &Name, field: &Field| base().get(name).is_none_or(|known| known.ty == field.ty);
            assert!(named.fields().iter().all(|(name, field)| fits(name, field)), "{named:?}");
        }
    }

    #[test]
    fn both_ways_to_declare_are_read() {
        let (fields, said) = declared(
            "subtitle = \"text\"\n\
             kind = { type = \"enum(a|b)\", required = true, default = \"a\", help = \"which\" }\n\
             themes = { type = \"list(text)\", required_if = { kind = [\"a\"] }, max = 3 }\n\
             [notes]\ntype = \"list\"\n[notes.fields]\ndate = { type = \"date\", required = true }\n",
        );
        assert_eq!(said, [""; 0]);
        assert_eq!(fields["subtitle"], plain_field("subtitle", Type::Text));
        assert!(fields["kind"].required);
        assert_eq!(fields["themes"].required_if, Some(Condition(vec![("kind".into(), vec!["a".to_owned()])])));
        let Type::List(item) = &fields["notes"].ty else { panic!("a list") };
        let Type::Record(record) = &**item else { panic!("of records") };
        assert!(record["date"].required);
    }

    #[test]
    fn faults_of_declarations_are_named() {
        let (_, said) = declared(
            "a = \"txt\"\nb = { type = \"text\", requird = true }\nc = { required = true }\nd = 3\n\
             e = { type = \"enum(x|y)\", default = \"z\" }\nf = { type = \"text\", max = 0, required = 1 }\n",
        );
        assert_eq!(
            said,
            [
                "wrong-setting | txt | there is no type `txt`; did you mean `text`?",
                "unknown-setting | requird | a field has no setting `requird`",
                "missing-setting | c | the field `c` has no `type`",
                "wrong-setting | 3 | the field `d` must be a type or a group of settings, but this is a whole number",
                "wrong-setting | \"z\" | `z` is not one of the values of `e`",
                "wrong-setting | 1 | `required` must be `true` or `false`, but this is a whole number",
                "wrong-setting | 0 | `max` must be a whole number above 0",
            ]
        );
    }
}
