//! `pamphlet import`: a Word file → a page that is a draft, the files beside it, and a report of what could not be taken over.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::super::Exit;
use super::super::args::{Decision, ImportArgs, Remarks};
use super::super::new::{asked, describe, example, meant, quoted, short, unknown};
use super::super::session::{Session, clock};
use crate::config::{Collection, Config};
use crate::import::document::{About, Block, Inline};
use crate::import::docx::{self, Changes, Imported, Wishes};
use crate::import::markdown;
use crate::markdown::HtmlPolicy;
use crate::path::{SitePath, slug};
use crate::pipeline::Sources;
use crate::schema::Name;
use crate::{content, import, pipeline, source, store};

/// How large a file may be, in bytes.
const LARGEST: u64 = 256 << 20;
/// How many changes or comments are listed.
const LISTED: usize = 40;

/// Runs the command.
pub(super) fn run(session: &Session, typed: &ImportArgs, file: &Path) -> Exit {
    let sources = match session.sources() {
        Ok(sources) => sources,
        Err(exit) => return exit,
    };
    let config = &sources.config;
    let Some((collection, kind)) = meant(config, &typed.kind) else {
        return unknown(session, config, &typed.kind);
    };
    if collection.path.is_none() {
        session.wrong(
            &format!("`{}` are kept as rows, which have no text of their own", collection.name),
            "write `--as report`, or another kind that has pages",
        );
        return Exit::Usage;
    }
    let shown = file.display();
    let bytes = match file_bytes(session, file) {
        Ok(bytes) => bytes,
        Err(exit) => return exit,
    };
    let wishes = Wishes {
        changes: if typed.changes == Decision::Reject { Changes::Reject } else { Changes::Accept },
        keeps_comments: typed.comments == Remarks::Keep,
        styles: &config.import.styles,
        blocks: &|name| config.directives.contains_key(name),
        figures: &|name| config.directives.get(name).is_some_and(|block| block.is_figure),
        shows_html: config.markdown.html != HtmlPolicy::Escape,
        is_returned: false,
    };
    let mut imported = match docx::read(&bytes, &wishes) {
        Ok(imported) => imported,
        Err(refusal) => {
            session.wrong(&format!("`{shown}`: {}; nothing was written", refusal.message), &refusal.help);
            return Exit::Faults;
        }
    };
    if stops(session, typed, &imported) {
        return Exit::Faults;
    }
    homeless(collection, &mut imported);
    import::tidy(&mut imported.document);
    let stem = file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let today = pipeline::now(clock(), config).date().to_string();
    let authors = authors(&sources, collection, &mut imported);
    write(session, config, (collection, kind), imported, &authors, &stem, &today)
}

/// The authors as the front matter has them: those with a page here by its name, the others by theirs.
fn authors(sources: &Sources, collection: &Collection, imported: &mut Imported) -> Vec<String> {
    let names = &imported.document.about.authors;
    let Some(field) = collection.fields.get("authors") else { return Vec::new() };
    let keys = content::keys(&sources.entries, &sources.config, &field.ty, names);
    let of_name = |(name, key): (&String, Option<Name>)| match key {
        Some(key) => {
            let how = format!("it leads to the page `{key}` of this site");
            imported.losses.changed("an author", &how, String::new(), name);
            quoted(&key)
        }
        None => format!("{{ name = {} }}", quoted(name)),
    };
    names.iter().zip(keys).map(of_name).collect()
}

/// The bytes of the file.
pub(in crate::cli) fn file_bytes(session: &Session, file: &Path) -> Result<Vec<u8>, Exit> {
    source::outside_bytes(file, LARGEST).map_err(|error| {
        session.wrong(
            &format!("`{}` cannot be read: {}", file.display(), source::reason(&error)),
            "write the path of a .docx file",
        );
        Exit::Usage
    })
}

/// What the first page says and this kind of page has no field for stays in the text.
fn homeless(collection: &Collection, imported: &mut Imported) {
    let about = &mut imported.document.about;
    let has = |name: &str| collection.fields.contains_key(name);
    let mut lines: Vec<String> = Vec::new();
    for (name, value) in [("subtitle", &mut about.subtitle), ("summary", &mut about.summary), ("date", &mut about.date)]
    {
        lines.extend(value.take_if(|_| !has(name)));
    }
    if !has("authors") && !about.authors.is_empty() {
        lines.push(std::mem::take(&mut about.authors).join(", "));
    }
    for line in lines.into_iter().rev() {
        imported.losses.changed(
            "a line of the first page",
            "this kind of page has no field for it, so it begins the text",
            String::new(),
            &line,
        );
        imported.document.blocks.insert(0, Block::Paragraph(vec![Inline::Text(line)]));
    }
}

/// Lists what needs a decision first; whether there is anything.
pub(in crate::cli) fn stops(session: &Session, typed: &ImportArgs, imported: &Imported) -> bool {
    let mut stops = false;
    let waiting: [(bool, &[String], &str, &str); 2] = [
        (
            typed.changes == Decision::Stop,
            &imported.changes,
            "tracked change",
            "accept or reject them in Word, or write `--changes accept` or `--changes reject`",
        ),
        (
            typed.comments == Remarks::Stop,
            &imported.comments,
            "comment",
            "write `--comments keep` (for colleagues alone, in `internal_note`) or `--comments drop`",
        ),
    ];
    for (is_asked, all, what, help) in waiting {
        if !is_asked || all.is_empty() {
            continue;
        }
        stops = true;
        let mut list: String = all.iter().take(LISTED).map(|one| format!("  {one}\n")).collect();
        if all.len() > LISTED {
            let _ = writeln!(list, "  and {} more", all.len() - LISTED);
        }
        session.print(&list);
        let many = if all.len() == 1 { "" } else { "s" };
        session.wrong(&format!("the file has {} {what}{many}; nothing was written", all.len()), help);
    }
    stops
}

/// Writes the page and its files: all, or none.
fn write(
    session: &Session,
    config: &Config,
    (collection, kind): (&Collection, Option<&str>),
    mut imported: Imported,
    authors: &[String],
    stem: &str,
    today: &str,
) -> Exit {
    let title = imported.document.about.title.clone().unwrap_or_else(|| {
        imported.losses.changed(
            "a title",
            "the file states none, so it is the file's name: write a better one",
            String::new(),
            stem,
        );
        stem.to_owned()
    });
    if collection.fields.contains_key("date") && imported.document.about.date.is_none() {
        let how = "no line of the first page has the style of one: write the day of publication into the page";
        imported.losses.changed("a date", how, String::new(), "");
    }
    let mut key = short(&slug(&title));
    if key.is_empty() {
        key = short(&slug(stem));
    }
    // A page of that name would be the text of a list, or the home page.
    if key == "index" || &*collection.name == "pages" && config.collection(&key).is_some() {
        let how = format!(
            "the page is `{key}-page`: one that is called `{key}` would be the home page, or stand above a list"
        );
        key.push_str("-page");
        imported.losses.changed("the name of the page", &how, String::new(), "");
    }
    if key.is_empty() {
        session.wrong("neither the title nor the file has letters for a name", "give the file another name");
        return Exit::Usage;
    }
    let folder =
        if &*collection.name == "pages" { "content".to_owned() } else { format!("content/{}", collection.name) };
    let (single, bundle) = (format!("{folder}/{key}.md"), format!("{folder}/{key}/index.md"));
    let is_bundle = !imported.document.files.is_empty();
    let place = if is_bundle { &bundle } else { &single };
    for taken in [&single, &bundle] {
        if session.place(taken).symlink_metadata().is_ok() {
            session.wrong(
                &format!("`{taken}` already exists; nothing was written"),
                "move or rename that page first, or give the document another title",
            );
            return Exit::Faults;
        }
    }
    let Some(path) = SitePath::new(place) else {
        session.wrong(&format!("`{place}` cannot be the name of a page"), "give the document another title");
        return Exit::Usage;
    };
    let written = markdown::write(&imported.document, &config.markdown, &path);
    written.say(&mut imported.losses);
    let (mut text, lacking) = front(collection, kind, &title, (&imported.document.about, authors), today);
    text.push_str(&written.text);
    for one in docx::cited(&text, &imported.numbers) {
        let how = format!("{}: write that, or `@` and the name of the figure, as in `@fig-rents`", one.meant);
        let place = format!("{place}, line {}", one.line);
        imported.losses.changed("an old number of a figure in the text", &how, place, &one.words);
    }
    let beside = |name: &str| session.place(&place.replace("index.md", name));
    let mut files: Vec<(PathBuf, Vec<u8>)> =
        imported.document.files.iter().map(|file| (beside(&file.name), file.bytes.clone())).collect();
    // What makes it a page comes last.
    files.push((session.place(place), text.into_bytes()));
    if let Err(refusal) = store::new_files(&files) {
        return session.refused(&refusal);
    }
    session.print(&format!("{place}\n"));
    report(session, &imported, place, &lacking);
    Exit::Fine
}

/// Says what became of everything, and what comes next; `lacking` are the fields that the page must have once it is public.
fn report(session: &Session, imported: &Imported, place: &str, lacking: &[String]) {
    session.say(imported.losses.report(session.is_verbose()).trim_end());
    if !session.is_verbose() && imported.losses.is_long() {
        session.say("This is shortened; `-v` before `import` shows each place and all words.");
    }
    let drawn: Vec<&str> = imported
        .document
        .files
        .iter()
        .map(|file| file.name.as_str())
        .filter(|name| name.ends_with(".emf") || name.ends_with(".wmf"))
        .collect();
    if !drawn.is_empty() {
        session.say(&format!("No browser shows {}: open it in a drawing program, save it as SVG or PNG, and write that name in the text.", drawn.join(", ")));
    }
    session
        .say("The page is a draft. Next: `pamphlet check` says what it still needs; `pamphlet serve --open` shows it.");
    if !lacking.is_empty() {
        session.say(&format!(
            "Before it can be published it needs {}: each stands at the top of {place} behind a `#`, with an example.",
            in_words(lacking)
        ));
    }
    session.say(&format!(
        "Compare it with the Word file, then take out the line `status = \"draft\"` in {place} to publish it."
    ));
}

/// Names of fields: `date`, `themes` and `cover`.
fn in_words(names: &[String]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        Some((last, before)) if !before.is_empty() => format!("{} and {last}", before.join(", ")),
        _ => quoted.concat(),
    }
}

/// The fields of the page: what the document says, and what it must have; and the names of those that somebody must still write.
fn front(
    collection: &Collection,
    kind: Option<&str>,
    title: &str,
    (about, authors): (&About, &[String]),
    today: &str,
) -> (String, Vec<String>) {
    let mut lacking = Vec::new();
    let mut text = format!("+++\ntitle = {}\n", quoted(title));
    let mut given = vec!["title", "status"];
    if let Some(kind) = kind {
        let _ = writeln!(text, "kind = {}", quoted(kind));
        given.push("kind");
    }
    text.push_str("status = \"draft\"\n");
    for (name, value) in
        [("subtitle", &about.subtitle), ("summary", &about.summary), ("internal_note", &about.internal_note)]
    {
        if let Some(value) = value.as_ref().filter(|_| collection.fields.contains_key(name)) {
            let _ = writeln!(text, "{name} = {}", quoted(value));
            given.push(name);
        }
    }
    if let Some(day) = about.date.as_ref().filter(|_| collection.fields.contains_key("date")) {
        let _ = writeln!(text, "date = {day}");
        given.push("date");
    }
    if !authors.is_empty() {
        if authors.iter().any(|author| author.starts_with('{')) {
            text.push_str("# Authors with a page here: write the names of their files, such as \"jane-smith\".\n");
        }
        let _ = writeln!(text, "authors = [{}]", authors.join(", "));
        given.push("authors");
    }
    for field in asked(collection, kind).into_iter().filter(|field| !given.contains(&&*field.name)) {
        text.push('\n');
        describe(field, &mut text);
        let _ = match &*field.name {
            "date" => writeln!(text, "# date = {today}"),
            name => writeln!(text, "# {name} = {}", example(field)),
        };
        lacking.push(field.name.to_string());
    }
    text.push_str("+++\n\n");
    (text, lacking)
}
