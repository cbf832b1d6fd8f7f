//! `settings.toml` → every setting of `site.toml` and `theme.toml` as declared: its place, type, default and purpose.
//!
//! The readers of settings ask for each by name; a test compares what they ask for with this.
//!
//! Not here: what a setting means (its reader), how editors learn of it (`schemas`).

use std::sync::LazyLock;

use crate::data::{self, Raw, RawKind};
use crate::path::SitePath;
use crate::schema::{self, Fields, Type};

/// A settings file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum SettingsFile {
    Site,
    Theme,
}

/// A table of settings as declared.
#[derive(Clone, Debug)]
pub(super) struct Declared {
    /// The keys that lead to it, `NAME` or `CODE` for any; none for the top of the file.
    pub(super) path: Vec<String>,
    /// Whether it is a list of tables, `[[menus.NAME]]`.
    pub(super) is_list: bool,
    pub(super) places: Vec<SettingsFile>,
    pub(super) help: Option<String>,
    /// Whether the file must have it.
    pub(super) required: bool,
    /// The type of a value that may stand in its place.
    pub(super) or: Option<Type>,
    /// The type of every key.
    pub(super) each: Option<Type>,
    /// What its keys are the names of, where that is known.
    pub(super) names: Option<String>,
    /// The path of the table whose settings it shares.
    pub(super) like: Option<Vec<String>>,
    /// Whether it may hold anything.
    pub(super) any: bool,
    pub(super) fields: Fields,
}

/// All tables, in the order of their declaration.
pub(super) fn declared() -> &'static [Declared] {
    static ALL: LazyLock<Vec<Declared>> = LazyLock::new(|| {
        let raw = data::toml(&SitePath::root(), include_str!("settings.toml"), 0).value;
        match raw.get("table").map(|raw| &raw.kind) {
            Some(RawKind::List(tables)) => tables.iter().map(table).collect(),
            _ => Vec::new(),
        }
    });
    &ALL
}

/// Whether a part of a path stands for any name.
pub(super) fn is_any(part: &str) -> bool {
    matches!(part, "NAME" | "CODE")
}

fn table(raw: &Raw) -> Declared {
    let text = |key: &str| match raw.get(key).map(|raw| &raw.kind) {
        Some(RawKind::Text(text)) => Some(text.clone()),
        _ => None,
    };
    let truth = |key: &str| raw.get(key).is_some_and(|raw| raw.kind == RawKind::Bool(true));
    let ty = |key: &str| text(key).and_then(|text| schema::parse_type(&text).ok());
    let header = text("header").unwrap_or_default();
    Declared {
        path: path(&header),
        is_list: header.starts_with("[["),
        places: match text("in").as_deref() {
            Some("site") => vec![SettingsFile::Site],
            Some("theme") => vec![SettingsFile::Theme],
            _ => vec![SettingsFile::Site, SettingsFile::Theme],
        },
        help: text("help"),
        required: truth("required"),
        or: ty("or"),
        each: ty("each"),
        names: text("names"),
        like: text("like").map(|header| path(&header)),
        any: truth("any"),
        fields: raw.get("fields").map(|raw| schema::fields(raw, &SitePath::root()).value).unwrap_or_default(),
    }
}

/// The keys of a header, `[lists.NAME.where]`.
fn path(header: &str) -> Vec<String> {
    let mut is_quoted = false;
    let is_end = |c: char| {
        is_quoted ^= c == '"';
        c == '.' && !is_quoted
    };
    header.trim_matches(['[', ']']).split(is_end).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
#[allow(clippy::disallowed_methods)] // The tests write their own sites.
mod tests {
    use std::collections::BTreeSet;
    use std::fmt::Write as _;

    use jiff::Timestamp;

    use super::super::layers::asked_while;
    use super::super::{Config, Overrides};
    use super::*;
    use crate::diagnostic::Code;
    use crate::source::Tree;

    /// A setting as `site: menus.NAME.title`.
    type Known = BTreeSet<String>;

    fn name(place: SettingsFile, path: &[String]) -> String {
        let file = if place == SettingsFile::Site { "site" } else { "theme" };
        format!("{file}: {}", path.join("."))
    }

    /// `schema::declare` reads fields and attributes as a whole; its own test compares their settings.
    fn is_of_field(path: &[String]) -> bool {
        let known = [&["collections", "NAME", "fields"][..], &["directives", "NAME", "attributes"], &["settings"]];
        known.iter().any(|known| path.len() > known.len() && path.iter().zip(*known).all(|(a, b)| a == b))
    }

    /// All settings and tables that are declared.
    fn all_declared() -> Known {
        let mut known = Known::new();
        for table in declared() {
            let like = table.like.as_ref().map(|path| {
                let target = declared().iter().find(|other| other.path == *path).expect("it is declared");
                &target.fields
            });
            for place in &table.places {
                for end in 1..=table.path.len() {
                    known.insert(name(*place, &table.path[..end]));
                }
                for field in like.unwrap_or(&table.fields).keys() {
                    let mut path = table.path.clone();
                    path.push(field.to_string());
                    known.insert(name(*place, &path));
                }
                // The keys asked for in such a table are the ones it holds.
                if table.each.is_some() {
                    let mut path = table.path.clone();
                    path.push("NAME".to_owned());
                    known.insert(name(*place, &path));
                }
            }
        }
        known.retain(|name| !is_of_field(&name.split_once(": ").map_or_else(Vec::new, |(_, path)| self::path(path))));
        known
    }

    /// A settings file that states everything declared for it.
    fn example(place: SettingsFile) -> String {
        let mut text = String::new();
        for table in declared().iter().filter(|table| table.places.contains(&place)) {
            let like = table.like.as_ref().and_then(|path| declared().iter().find(|other| other.path == *path));
            let fields = like.map_or(&table.fields, |like| &like.fields);
            let path: Vec<&str> = table
                .path
                .iter()
                .map(|part| match part.as_str() {
                    "NAME" if table.path.first().is_some_and(|first| first == "tokens") => "ink",
                    // Of a menu in both files, only the site's counts.
                    "NAME" if place == SettingsFile::Theme && table.is_list => "explore",
                    "NAME" => "people",
                    "CODE" => "cy",
                    part => part,
                })
                .collect();
            let known = ["settings", "collections.people.fields", "directives.people.attributes"];
            let header = path.join(".");
            if table.any || known.iter().any(|known| header.starts_with(known)) {
                continue;
            }
            let _ = match (header.is_empty(), table.is_list) {
                (true, _) => writeln!(text),
                (false, true) => writeln!(text, "[[{header}]]"),
                (false, false) => writeln!(text, "[{header}]"),
            };
            match (&table.each, table.names.as_deref()) {
                (Some(_), Some("faults")) => text.push_str("long-title = \"off\"\n"),
                (Some(Type::List(item)), _) => {
                    text.push_str(if **item == Type::Int { "title = [20, 20]\n" } else { "title = [\"teal\"]\n" });
                }
                (Some(_), _) => text.push_str("title = \"a\"\n"),
                (None, _) => {}
            }
            for (name, field) in fields {
                // Only fonts have a value; they follow.
                if &**name == "value" {
                    continue;
                }
                let value = match (&**name, &field.ty) {
                    ("theme", _) => "\"own\"".to_owned(),
                    ("extends", _) => "\"civic\"".to_owned(),
                    ("ratio", _) => "\"3:2\"".to_owned(),
                    ("timezone", _) => "\"Europe/London\"".to_owned(),
                    ("light" | "dark", _) => "\"#000000\"".to_owned(),
                    (_, Type::Int) => "10".to_owned(),
                    (_, Type::Number) => "4.5".to_owned(),
                    (_, Type::Bool) => "true".to_owned(),
                    (_, Type::Date) => "2027-01-01".to_owned(),
                    (_, Type::Url) => "\"https://example.org/\"".to_owned(),
                    (_, Type::Enum(values)) => format!("\"{}\"", values[0]),
                    (_, Type::Either(_)) => "400".to_owned(),
                    (_, Type::List(item)) => match &**item {
                        Type::Int => "[10]".to_owned(),
                        Type::Enum(values) => format!("[\"{}\"]", values[0]),
                        _ => "[\"people\"]".to_owned(),
                    },
                    _ => "\"people\"".to_owned(),
                };
                let _ = writeln!(text, "{name} = {value}");
            }
        }
        if place == SettingsFile::Theme {
            text.push_str("[tokens.serif]\ntype = \"font\"\nvalue = \"serif\"\n");
        }
        text
    }

    /// A site whose settings state only what they must, and, if `with_defaults`, each default as well.
    fn at_least(with_defaults: bool) -> String {
        let mut text = String::new();
        for table in declared().iter().filter(|table| table.places.contains(&SettingsFile::Site)) {
            let header = table.path.join(".").replace("NAME", "people").replace("CODE", "cy");
            let skips = ["menus", "languages", "tokens", "moved", "security", "severities", "settings"];
            if table.any || skips.iter().any(|name| header.starts_with(name)) || header.contains("fields") {
                continue;
            }
            let _ = match (header.is_empty(), table.is_list) {
                (true, _) => writeln!(text, "theme = \"own\""),
                (false, true) => writeln!(text, "[[{header}]]"),
                (false, false) => writeln!(text, "[{header}]"),
            };
            match header.as_str() {
                "lists.people" => text.push_str("from = \"people\"\nroute = \"/people/\"\n"),
                "renditions.people" => text.push_str("widths = [10]\n"),
                "collections.people.kinds.people" => text.push_str("bib = \"misc\"\n"),
                _ => {}
            }
            for (name, field) in &table.fields {
                let is_default = field.default.is_some() && &**name != "theme" && header != "organisation";
                match &field.ty {
                    Type::Url => text.push_str("base_url = \"https://example.org/\"\n"),
                    _ if field.required => _ = writeln!(text, "{name} = \"people\""),
                    _ if is_default && with_defaults => {
                        let value = field.default.as_ref().map(schema::plain).unwrap_or_default();
                        let _ = writeln!(text, "{name} = {value}");
                    }
                    _ => {}
                }
            }
        }
        text
    }

    /// A site with these settings, whose theme `own` has those of `theme`.
    fn tree(site: &str, theme: &str) -> Tree {
        let home = tempfile::tempdir().expect("a folder");
        std::fs::create_dir_all(home.path().join("themes/own")).expect("a folder");
        std::fs::write(home.path().join("themes/own/theme.toml"), theme).expect("a file");
        std::fs::write(home.path().join("site.toml"), site).expect("a file");
        Tree::read(home.path(), Timestamp::UNIX_EPOCH, None).expect("a site").value
    }

    /// A site's settings as understood, without their places.
    fn understood(site: &str) -> Vec<String> {
        let tree = tree(site, "");
        let config = Config::read(&tree, &Overrides::default()).value.expect("settings");
        let is_place = |line: &str| {
            let names = ["stated", "file:", "start:", "end:", "Span", "span"];
            names.iter().any(|name| line.starts_with(name)) || line.chars().all(|sign| "()[]{},".contains(sign))
        };
        format!("{config:#?}").lines().map(|line| line.trim().to_owned()).filter(|line| !is_place(line)).collect()
    }

    /// Seen to fail with another number for `per_page`, and with another template for collections.
    #[test]
    fn a_default_that_is_declared_is_the_readers() {
        let (without, with) = (at_least(false), at_least(true));
        assert!(with.lines().count() > without.lines().count() + 20, "{with}");
        let (without, with) = (understood(&without), understood(&with));
        let changed: Vec<_> = without.iter().zip(&with).filter(|(a, b)| a != b).collect();
        assert!(changed.is_empty() && without.len() == with.len(), "{changed:#?}");
    }

    /// What the readers ask for, in the words of the declarations; `Err` for what is not declared.
    fn asked(known: &Known) -> (Known, Vec<String>) {
        let tree = tree(&example(SettingsFile::Site), &example(SettingsFile::Theme));
        let (found, pairs) = asked_while(|| Config::read(&tree, &Overrides::default()));
        assert!(found.value.is_some(), "{:?}", found.faults);
        let wrong: Vec<&str> = found
            .faults
            .iter()
            .filter(|fault| fault.code == Code::UnknownSetting || fault.message.contains("must be"))
            .map(|fault| fault.message.as_str())
            .collect();
        assert_eq!(wrong, [""; 0], "what is declared is refused");
        let mut heard = Known::new();
        let mut undeclared = Vec::new();
        for (file, asked) in pairs {
            let file = match file.as_str() {
                "site.toml" => "site",
                "themes/own/theme.toml" => "theme",
                _ => continue,
            };
            let fits = |known: &&String| {
                let (of, known) = known.split_once(": ").expect("file and path");
                let (known, asked) = (path(known), path(&asked));
                let same = |(a, b): (&String, &String)| is_any(a) || a == b;
                of == file && known.len() == asked.len() && known.iter().zip(&asked).all(same)
            };
            let found: Vec<&String> = known.iter().filter(fits).collect();
            // A name written out wins over a placeholder.
            match found.iter().min_by_key(|name| name.matches("NAME").count() + name.matches("CODE").count()) {
                Some(name) => _ = heard.insert((*name).clone()),
                None => undeclared.push(format!("{file}: {asked}")),
            }
        }
        (heard, undeclared)
    }

    /// Seen to fail with a key taken out of `settings.toml`, with one too many, with one said to be in the other file, and
    /// with `per_page` declared as text.
    #[test]
    fn what_is_declared_is_what_is_asked_for() {
        let known = all_declared();
        assert!(known.len() > 150, "{}", known.len());
        let (heard, undeclared) = asked(&known);
        let is_of_field = |name: &&String| !is_of_field(&path(name.split_once(": ").expect("file and path").1));
        let undeclared: Vec<&String> = undeclared.iter().filter(is_of_field).collect();
        assert!(undeclared.is_empty(), "asked for and not declared: {undeclared:#?}");
        let unasked: Vec<&String> = known.difference(&heard).collect();
        assert!(unasked.is_empty(), "declared and never asked for: {unasked:#?}");
    }

    #[test]
    fn declarations_are_sound() {
        let file = SitePath::root();
        let raw = data::toml(&file, include_str!("settings.toml"), 0);
        assert!(raw.faults.is_empty(), "{:?}", raw.faults);
        let Some(RawKind::List(tables)) = raw.value.get("table").map(|raw| &raw.kind) else { panic!("tables") };
        let known = ["header", "in", "required", "help", "or", "each", "names", "like", "any", "fields"];
        for (raw, table) in tables.iter().zip(declared()) {
            let RawKind::Table(keys) = &raw.kind else { panic!("a table") };
            assert!(keys.iter().all(|(key, _)| known.contains(&key.name.as_str())), "{:?}", table.path);
            let fields = raw.get("fields").map(|raw| schema::fields(raw, &file).faults).unwrap_or_default();
            assert!(fields.is_empty(), "{:?}: {fields:?}", table.path);
            for (key, read) in [("or", table.or.is_some()), ("each", table.each.is_some())] {
                assert_eq!(raw.get(key).is_some(), read, "{:?}: the type after `{key}` is none", table.path);
            }
            assert!(table.path.is_empty() || table.help.is_some(), "{:?} says nothing of its purpose", table.path);
            assert!(table.fields.values().all(|field| field.help.is_some()), "{:?}", table.path);
        }
    }

    #[test]
    fn fields_have_the_settings_that_are_declared() {
        let wanted = ["collections", "NAME", "fields", "NAME"];
        let mut known: BTreeSet<&str> = BTreeSet::new();
        for table in declared() {
            if table.path == wanted {
                known.extend(table.fields.keys().map(|name| &**name));
            } else if table.path.len() > wanted.len() && table.path.iter().zip(wanted).all(|(a, b)| a == b) {
                known.insert(&table.path[wanted.len()]);
            }
        }
        assert_eq!(known, BTreeSet::from_iter(schema::FIELD_SETTINGS.iter().copied()));
    }
}
