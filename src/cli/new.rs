//! `pamphlet new`: the beginning of a page, with the fields that it needs and what each is for.

use std::fmt::Write as _;

use super::Exit;
use super::args::NewArgs;
use super::session::{Session, clock};
use crate::config::{Collection, Config, listed};
use crate::diagnostic::nearest;
use crate::path::slug;
use crate::pipeline;
use crate::schema::{Field, Placed, Type, Value, Values};
use crate::store;

/// Runs the command.
pub(super) fn run(session: &Session, typed: &NewArgs) -> Exit {
    let sources = match session.sources() {
        Ok(sources) => sources,
        Err(exit) => return exit,
    };
    let config = &sources.config;
    let Some((collection, kind)) = meant(config, &typed.kind) else {
        return unknown(session, config, &typed.kind);
    };
    let title = typed.title.join(" ");
    let key = short(&slug(&title));
    if key.is_empty() {
        session.wrong("the title has no letters for a file name", "write the title in quotation marks");
        return Exit::Usage;
    }
    if collection.path.is_none() {
        // A row is written whole, so its kind is chosen here: the other fields it needs may depend on that.
        let needs_kind = collection.fields.get("kind").is_some_and(|field| field.required);
        let first = collection.fields.get("kind").and_then(|field| match &field.ty {
            Type::Enum(kinds) if needs_kind => kinds.first().map(|kind| &**kind),
            _ => None,
        });
        session.print(&row(collection, kind.or(first), &title));
        let name = &collection.name;
        session.say(&format!("`{name}` are kept as rows: add these lines to content/{name}/{name}.toml."));
        return Exit::Fine;
    }
    let today = pipeline::now(clock(), config).date().to_string();
    let place = if &*collection.name == "pages" {
        format!("content/{key}.md")
    } else {
        format!("content/{}/{key}.md", collection.name)
    };
    let bundle = place.replace(".md", "/index.md");
    if let Some(file) = sources.tree.named(&bundle) {
        session.wrong(
            &format!("`{}` already exists", file.path),
            "choose another title, or open that file and work on it",
        );
        return Exit::Faults;
    }
    let text = draft(collection, kind, &title, &today);
    match store::new_file(&session.place(&place), &text) {
        Ok(()) => {
            session.print(&format!("{place}\n"));
            session.say(
                "It is a draft: fill in what is missing, write the text, and see what `pamphlet check` says.\n\
                 Take out the line `status = \"draft\"` to publish it with the next `pamphlet build`.",
            );
            Exit::Fine
        }
        Err(refusal) => session.refused(&refusal),
    }
}

/// The longest name of a new file, in bytes: addresses are read aloud and typed.
const LONGEST: usize = 80;

/// A name that is not too long, cut between two words.
pub(super) fn short(key: &str) -> String {
    if key.len() <= LONGEST {
        return key.to_owned();
    }
    let cut = key.floor_char_boundary(LONGEST);
    let end = key[..cut].rfind('-').filter(|end| *end > 0).unwrap_or(cut);
    key[..end].to_owned()
}

/// Words for what a theme may call otherwise.
const USUAL: &[(&str, &[&str])] = &[
    ("blog", &["news", "post", "blogpost", "article", "opinion"]),
    ("press", &["pressrelease", "mediarelease", "media", "pressnotice"]),
    ("person", &["staff", "member", "colleague", "author", "trustee", "employee"]),
    ("report", &["paper", "research", "study"]),
    ("event", &["talk", "meeting", "launch"]),
    ("theme", &["programme", "workstream"]),
];

/// The collection and the kind that a word names, or that it usually means.
pub(super) fn meant<'a>(config: &'a Config, word: &str) -> Option<(&'a Collection, Option<&'a str>)> {
    let bare = bare(word);
    named(config, &bare).or_else(|| {
        let (usual, _) = USUAL.iter().find(|(_, words)| words.contains(&&*bare))?;
        named(config, usual)
    })
}

/// A word in small letters without blanks and hyphens: `press-release` and "Press release" are the same.
fn bare(word: &str) -> String {
    word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn named<'a>(config: &'a Config, word: &str) -> Option<(&'a Collection, Option<&'a str>)> {
    let same = |name: &str| bare(name) == word;
    let of_kind = |collection: &'a Collection| {
        collection.kinds.iter().find(|(name, kind)| same(name) || same(&kind.label)).map(|(name, _)| &**name)
    };
    let all = || config.collections.values();
    all()
        .find(|collection| same(&collection.name) || same(&collection.label))
        .map(|collection| (collection, None))
        .or_else(|| all().find_map(|collection| Some((collection, Some(of_kind(collection)?)))))
}

pub(super) fn unknown(session: &Session, config: &Config, word: &str) -> Exit {
    let mut known: Vec<&str> = Vec::new();
    for collection in config.collections.values() {
        known.push(&collection.label);
        known.extend(collection.kinds.keys().map(|kind| &**kind));
    }
    let help = match nearest(word, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("you can begin {}", listed(known.into_iter())),
    };
    session.wrong(&format!("I do not know what a `{word}` is"), &help);
    Exit::Usage
}

/// The fields that an entry of this kind must have, apart from title, kind and status.
pub(super) fn asked<'a>(collection: &'a Collection, kind: Option<&str>) -> Vec<&'a Field> {
    let mut stated = Values::default();
    if let Some(kind) = kind {
        stated.insert("kind".into(), Placed { value: Value::Text(kind.into()), span: 0..0 });
    }
    let needed = |field: &&Field| {
        let is_asked = || field.required_if.as_ref().is_some_and(|condition| condition.holds(&stated));
        field.required || field.in_address.is_some() && field.default.is_none() || is_asked()
    };
    let written = |field: &Field| match &*field.name {
        "title" | "status" => true,
        "kind" => kind.is_some(),
        _ => false,
    };
    collection.fields.values().filter(needed).filter(|field| !written(field)).collect()
}

fn draft(collection: &Collection, kind: Option<&str>, title: &str, today: &str) -> String {
    let mut text = format!("+++\ntitle = {}\n", quoted(title));
    if let Some(kind) = kind {
        let _ = writeln!(text, "kind = {}", quoted(kind));
    }
    text.push_str("status = \"draft\"\n");
    for field in asked(collection, kind) {
        text.push('\n');
        describe(field, &mut text);
        match &*field.name {
            "date" => {
                text.push_str("# Under embargo: add a line such as `publish_at = 2026-05-14 09:30`, and write its day here too.\n");
                let _ = writeln!(text, "date = {today}");
            }
            name => {
                let _ = writeln!(text, "# {name} = {}", example(field));
            }
        }
    }
    text.push_str("+++\n\nWrite the text here.\n");
    text
}

fn row(collection: &Collection, kind: Option<&str>, title: &str) -> String {
    let mut text = format!("[[{}]]\ntitle = {}\n", collection.name, quoted(title));
    if let Some(kind) = kind {
        let _ = writeln!(text, "kind = {}", quoted(kind));
    }
    for field in asked(collection, kind) {
        describe(field, &mut text);
        let _ = writeln!(text, "{} = {}", field.name, example(field));
    }
    text
}

pub(super) fn describe(field: &Field, text: &mut String) {
    let words = match (&field.label, &field.help) {
        (Some(label), Some(help)) => format!("{label}: {help}"),
        (Some(one), None) | (None, Some(one)) => one.clone(),
        (None, None) => return,
    };
    let _ = writeln!(text, "# {words}");
}

/// An example value of the field's type, as written in a file.
pub(super) fn example(field: &Field) -> String {
    example_of(&field.ty, &field.name)
}

fn example_of(ty: &Type, name: &str) -> String {
    match ty {
        Type::Int => "1".to_owned(),
        Type::Number => "1.5".to_owned(),
        Type::Bool => "true".to_owned(),
        Type::Date => "2026-05-14".to_owned(),
        Type::DateTime | Type::Moment => "2026-05-14 10:00".to_owned(),
        Type::Url => "\"https://www.example.org/\"".to_owned(),
        Type::Email => "\"name@example.org\"".to_owned(),
        Type::Tel => "\"+44 161 000 0000\"".to_owned(),
        Type::Lang => "\"en\"".to_owned(),
        Type::Enum(choices) => quoted(choices.first().map_or("", |choice| &**choice)),
        Type::Image => "{ file = \"photo.jpg\", alt = \"what it shows\" }".to_owned(),
        Type::File => "\"report.pdf\"".to_owned(),
        Type::Ref(_) => format!("\"name-of-the-{}\"", name.strip_suffix('s').unwrap_or(name)),
        Type::Either(choices) => choices.first().map_or_else(String::new, |choice| example_of(choice, name)),
        Type::List(inner) => format!("[{}]", example_of(inner, name)),
        Type::Record(fields) => {
            let inner: Vec<String> =
                fields.values().map(|field| format!("{} = {}", field.name, example(field))).collect();
            format!("{{ {} }}", inner.join(", "))
        }
        Type::Text | Type::Prose | Type::Markdown | Type::Statistic | Type::Id(_) => "\"…\"".to_owned(),
    }
}

/// Text as a TOML string.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            letter if letter.is_control() => out.push(' '),
            letter => out.push(letter),
        }
    }
    out.push('"');
    out
}
