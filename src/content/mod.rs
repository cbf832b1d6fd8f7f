//! A file of `content/` → entries: identity, checked fields, text.
//!
//! 1. `front`: where a file's front matter is, and what it says;
//! 2. `rows`: a data file's rows; `columns`: those of a spreadsheet; `called`: the names in its cells;
//! 3. `role`: which collection, key and language a file has;
//! 4. here: its values and text, read with that collection's fields; together they make an `entry`;
//! 5. `core`: the values that the program itself acts on;
//!    `addressed`: whether its address is as it is written;
//! 6. `blocks`: the blocks of a text; `after`: those that appear from a moment on;
//! 7. `part`: a further text of a bundle;
//! 8. `translation`: what a text in another language inherits from its original;
//! 9. `memory`: what is kept from one look to the next;
//! 10. `unread`: the files that nothing reads;
//! 11. `views`: entries without what somebody may not see;
//! 12. `named`, `unready`: names of files, and words of titles and notes, that say that something is not public yet.
//!
//! `doubt` decides what is hidden because it cannot be read. Reading a file needs only that file and the settings, so files
//! are read on all cores, and an entry is kept as long as both are equal. A faulty file still yields its entry, marked
//! faulty, so that references to it resolve and one fault gives one message.
//!
//! Not here: what references lead to, what is public, addresses.

pub(crate) mod after;
mod addressed;
mod blocks;
mod called;
mod columns;
mod core;
mod doubt;
mod entry;
mod front;
mod memory;
mod named;
mod part;
mod role;
mod rows;
mod translation;
mod unread;
mod unready;
mod views;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::config::{Collection, Config};
use crate::data::Raw;
use crate::diagnostic::{Code, Diagnostic, Found, Severity, Span};
use crate::path::SitePath;
use crate::schema::notices::Sure;
use crate::schema::{self, Name, Stage, Text, Values, recommended};
use crate::source::{Content, SourceFile, Tree};

pub(crate) use self::core::{Core, Status};
pub(crate) use addressed::whole_address;
pub(crate) use after::Timed;
use blocks::check_blocks;
pub(crate) use called::{holds, keys};
pub(crate) use doubt::Doubt;
use entry::Own;
pub(crate) use entry::{Entry, EntryId, Head, WORDS};
pub(crate) use front::{front_matter, old_character_set};
pub(crate) use memory::Memory;
use part::part;
pub(crate) use part::{Part, PartHead};
use role::Role;
pub(crate) use role::{is_markdown, is_source};
pub(crate) use views::{EntryFacts, Facts, Heads, Words};

/// Reads every entry of the site, in the order of their identities; `memory` supplies what has not changed.
pub(crate) fn read(tree: &Tree, config: &Arc<Config>, memory: &mut Memory) -> Found<Vec<Arc<Entry>>> {
    memory.read(tree, config);
    let mut faults = misplaced(tree);
    faults.extend(unread::unread(memory.others(), tree, config));
    faults.extend(unread::conflicts(memory.others(), tree));
    faults.extend(unread::folders(memory.paths(), config));
    faults.extend(unread::indexes(memory.paths()));
    let mut entries: Vec<Arc<Entry>> = memory.all().flat_map(|one| one.entries.iter().cloned()).collect();
    faults.extend(memory.all().flat_map(|one| one.faults.iter().cloned()));
    add_parts(&mut entries, memory.all(), config, &mut faults);
    entries.sort_by(|a, b| (&a.id, &a.source).cmp(&(&b.id, &b.source)));
    report_duplicates(&entries, &mut faults);
    entries.dedup_by(|later, first| later.id == first.id);
    called::read(&mut entries, config);
    translation::inherit(&mut entries, config, &faults);
    Found::new(entries, faults)
}

/// Gives each bundle its parts; those without a page to be on are reported.
fn add_parts<'a>(
    entries: &mut [Arc<Entry>],
    read: impl Iterator<Item = &'a FileRead>,
    config: &Config,
    lost: &mut Vec<Diagnostic>,
) {
    let mut parts = read.filter_map(|one| one.part.as_ref()).peekable();
    if parts.peek().is_none() {
        return;
    }
    let owners: BTreeMap<(SitePath, Name), usize> = entries
        .iter()
        .enumerate()
        .filter_map(|(n, entry)| Some(((entry.bundle.clone()?, entry.id.lang.clone()), n)))
        .collect();
    for (owner, part, faults) in parts {
        let Some(number) = owners.get(owner) else {
            lost.extend(faults.iter().cloned().chain([without_page(&part.source, &owner.1, config)]));
            continue;
        };
        // The remembered entry stays without its parts, which are files of their own.
        let owner = Arc::make_mut(&mut entries[*number]);
        owner.parts.push(part.clone());
        owner.faults.extend(faults.iter().cloned());
        owner.head.faulty |= faults.iter().any(|fault| fault.severity == Severity::Error);
    }
}

/// The fault that the part in `file`, in the language `lang`, belongs to no page, so that nobody sees it.
fn without_page(file: &SitePath, lang: &Name, config: &Config) -> Diagnostic {
    if config.language_named(lang).is_none() {
        return language_not_declared(file, lang, config);
    }
    let index = match **lang == *config.language {
        true => "index.md".to_owned(),
        false => format!("index.{lang}.md"),
    };
    Diagnostic::new(
        Code::TranslationAlone,
        format!("`{}` is part of a page, but that page, {index}, is not there", file.name()),
    )
    .span(Span::file(file))
    .help(format!("write {index}, or move this file out of the folder"))
    .binding()
}

fn language_not_declared(file: &SitePath, lang: &str, config: &Config) -> Diagnostic {
    let what =
        format!("`{}` looks like a text in the language `{lang}`, which this site does not publish", file.name());
    Diagnostic::new(Code::LanguageNotDeclared, what).span(Span::file(file)).help(format!(
        "the site's language is `{}`; declare another with `[languages.{lang}]` in site.toml, or rename the file if its \
         name only happens to look so",
        config.language
    ))
}

/// What one file held.
#[derive(Clone, Default, Debug)]
struct FileRead {
    entries: Vec<Arc<Entry>>,
    /// A part, with the folder and language of its bundle.
    part: Option<((SitePath, Name), Part, Vec<Diagnostic>)>,
    faults: Vec<Diagnostic>,
}

/// What is in `file`; `has_original` says that the file is there of which its name says that it is a copy.
fn read_file(file: &SourceFile, role: Role, has_original: bool, config: &Config) -> FileRead {
    let mut read = FileRead::default();
    if role == Role::File {
        return read;
    }
    let text = match text(file) {
        Ok(text) => text,
        Err(fault) => {
            if let Role::Entry { collection, key, lang, bundle } = role {
                let mut entry = unread(file, collection, &key, lang, bundle, config);
                entry.head.core.doubt = Some(Doubt::because(fault, &mut entry.faults));
                read.entries.push(Arc::new(entry));
            } else {
                read.faults.push(fault.binding());
            }
            return read;
        }
    };
    let (bundle, lang) = match &role {
        Role::Entry { bundle, lang, .. } => (bundle.clone(), lang.clone()),
        Role::Part { folder, lang, .. } => (Some(folder.clone()), lang.clone()),
        Role::Rows { lang, .. } => (None, lang.clone()),
        Role::File => (None, None),
    };
    // A translation is never public before its original, whose name is looked at.
    let is_translation = |core: &Core| lang.as_ref().is_some_and(|lang| *lang != config.language) && !core.is_original;
    let doubtful = |core: &mut Core, faults: &mut Vec<Diagnostic>| {
        let says = named::says(&file.path, bundle.as_ref(), config, has_original);
        let says = says.filter(|_| !core.is_held_back() && !is_translation(core));
        match says.map(|says| (says.sure, named::fault(&says, file))) {
            Some((Sure::Plainly, fault)) => core.doubt = Some(Doubt::because(fault, faults)),
            Some((Sure::Perhaps, fault)) => faults.push(fault),
            None => {}
        }
    };
    match role {
        Role::File => {}
        Role::Rows { collection, lang } => {
            let collection = &config.collections[&collection];
            let lang = lang.unwrap_or_else(|| config.language.clone());
            let mut rows = rows::read(file, text, collection, &lang, config, &mut read.faults);
            rows.iter_mut().for_each(|row| doubtful(&mut row.head.core, &mut row.faults));
            read.entries = rows.into_iter().map(Arc::new).collect();
        }
        Role::Part { folder, lang, name } => {
            let (mut part, mut faults) = part(file, &name, text, config);
            doubtful(&mut part.head.core, &mut faults);
            let lang = lang.unwrap_or_else(|| config.language.clone());
            read.part = Some(((folder, lang), part, faults));
        }
        Role::Entry { collection, key, lang, bundle } => {
            let entry = unread(file, collection, &key, lang, bundle, config);
            let mut entry = markdown_entry(entry, text, config);
            doubtful(&mut entry.head.core, &mut entry.faults);
            entry.head.faulty |= entry.head.core.doubt.is_some();
            read.entries.push(Arc::new(entry));
        }
    }
    read
}

/// The text of a file, or why it cannot be read.
fn text(file: &SourceFile) -> Result<&str, Diagnostic> {
    let fault = |code, message: String| Diagnostic::new(code, message).span(Span::file(&file.path));
    let name = file.path.name();
    match &file.content {
        Content::Text(text) if text.trim_start_matches('\u{feff}').trim().is_empty() => {
            Err(fault(Code::EmptyFile, format!("`{name}` is empty"))
                .help("write a title and some text, or delete the file"))
        }
        Content::Text(text) => Ok(text),
        Content::NotText(bytes) => Err(front::old_character_set(file, bytes)),
        Content::Opaque(..) => Err(fault(Code::UnreadableFile, format!("`{name}` cannot be read as text"))
            .help("save it again as text, or move it out of content/")),
    }
}

fn unread(
    file: &SourceFile,
    collection: Name,
    key: &str,
    lang: Option<Name>,
    bundle: Option<SitePath>,
    config: &Config,
) -> Entry {
    let lang = lang.unwrap_or_else(|| config.language.clone());
    Entry::of(Head {
        id: EntryId { collection, key: key.into(), lang },
        source: file.path.clone(),
        span: 0..0,
        values: Values::default(),
        core: Core::default(),
        bundle,
        is_row: false,
        place: 0,
        faulty: true,
        own: None,
        original: None,
    })
}

fn markdown_entry(mut entry: Entry, text: &str, config: &Config) -> Entry {
    let file = entry.source.clone();
    let front = front::split(&file, text);
    let mut faults = front.faults;
    doubt::bind_errors(&mut faults);
    entry.head.span = front.value.span.clone();
    let unread = faults.iter().any(|fault| fault.severity == Severity::Error);
    let collection = &config.collections[&entry.id.collection];
    if !faults.iter().any(|fault| fault.code == Code::FrontMatterUnclosed) {
        let before = faults.len();
        entry.head.values = values(&front.value.raw, collection, &file, text, config, Missing::Reported, &mut faults);
        if *entry.id.lang != *config.language {
            let mut own_faults = faults[..before].to_vec();
            let values = values(&front.value.raw, collection, &file, text, config, Missing::Inherited, &mut own_faults);
            entry.head.own = Some(Arc::new(Own { values, faults: own_faults }));
        }
    }
    let body = &text[front.value.body.clone()];
    let doc = after::read(&file, body, front.value.body.start, config).into_value(&mut faults);
    let reading = config.reading(&file, text, "", Stage::Public);
    let body_text = Arc::new(Text::of(doc, &reading).into_value(&mut faults));
    entry.timed = Timed::of(&body_text, front.value.body.start, &config.timezone);
    entry.text = Some(body_text);
    for (_, doc) in entry.texts() {
        check_blocks(doc, &file, config, &mut faults);
    }
    faults.extend(entry.field_texts().into_iter().filter_map(|doc| after::in_field(doc, &file)));
    faults.extend(text_of_row(collection, &file, text, front.value.body.start));
    doubt::bind_comments(&mut faults);
    faults.extend(addressed::faults(&entry.head, text, config));
    faults.extend(unready::faults(&front.value.raw, &file));
    faults.extend(unready::in_comments(&front.value.raw, &file, text, front.value.span.clone()));
    let issued = front.value.issued.map(|(day, _)| day);
    entry.head.core = Core::of(&entry.head.values, &file, &mut faults).waiting_for(issued);
    if !unread && entry.own.is_none() && !entry.core.is_draft() {
        let at = entry.span.start..entry.span.start;
        faults.extend(recommended(
            &collection.fields,
            &entry.values,
            entry.text.as_deref().map(|text| &**text),
            &file,
            &at,
        ));
    }
    if config.language_named(&entry.id.lang).is_none() {
        faults.push(language_not_declared(&file, &entry.id.lang, config));
    }
    entry.head.faulty = faults.iter().any(|fault| fault.severity == Severity::Error);
    entry.faults = faults;
    entry
}

/// The fault that an entry without a page has a text, which nobody sees.
fn text_of_row(collection: &Collection, file: &SitePath, text: &str, body: usize) -> Option<Diagnostic> {
    let written = text.get(body..)?;
    let begins = body + (written.len() - written.trim_start().len());
    if collection.path.is_some() || begins == text.len() {
        return None;
    }
    let is_text = |field: &&schema::Field| matches!(field.ty, schema::Type::Prose | schema::Type::Markdown);
    let of_its_own = collection.fields.iter().filter(|(name, _)| !schema::base().contains_key(*name));
    let field = of_its_own.map(|(_, field)| field).find(is_text);
    let help = match field {
        Some(field) => format!("write it into the field `{}` above", field.name),
        None => format!("declare a field for it in `[collections.{}.fields]`, and write it there", collection.name),
    };
    let end = begins + text[begins..].lines().next().unwrap_or("").len();
    let what = format!("`{}` have no pages, so no page shows this text", collection.name);
    Some(Diagnostic::new(Code::ShownNowhere, what).at(file, begins..end).help(help))
}

/// What happens to fields that are not stated.
#[derive(Clone, Copy, PartialEq)]
enum Missing {
    /// They get their default, or are a fault.
    Reported,
    /// The entry has them from another.
    Inherited,
}

/// The fields of an entry of `collection`, checked.
fn values(
    raw: &Raw,
    collection: &Collection,
    file: &SitePath,
    text: &str,
    config: &Config,
    missing: Missing,
    faults: &mut Vec<Diagnostic>,
) -> Values {
    let stage = if missing == Missing::Inherited { Stage::Translation } else { self::core::stage(raw) };
    let kind = match raw.get("kind").map(|kind| &kind.kind) {
        Some(crate::data::RawKind::Text(kind)) => collection.kinds.get(kind.as_str()),
        _ => None,
    };
    let label = kind.map_or_else(|| collection.label.clone(), |kind| kind.label.to_lowercase());
    let reading = config.reading(file, text, &label, stage);
    let mut read = schema::read_values(raw, &collection.fields, &reading);
    if collection.path.is_none() {
        // Search engines do not list an entry without a page.
        read.faults.retain(|fault| !matches!(fault.code, Code::LongTitle | Code::LongSummary));
    }
    without_permalink(raw, collection, &mut read.faults);
    read.into_value(faults)
}

/// Says how to allow `permalink` where it is written and not allowed.
fn without_permalink(raw: &Raw, collection: &Collection, faults: &mut [Diagnostic]) {
    let crate::data::RawKind::Table(table) = &raw.kind else { return };
    let Some((key, _)) = table.iter().find(|(key, _)| key.name == "permalink") else { return };
    let is_it = |fault: &&mut Diagnostic| {
        fault.code == Code::UnknownField && fault.span.as_ref().is_some_and(|span| span.start == key.span.start)
    };
    for fault in faults.iter_mut().filter(is_it) {
        let name = &collection.name;
        fault.fix = None;
        fault.help = Some(match collection.path {
            Some(_) => format!(
                "write the last part of the address as `slug`; or allow whole addresses with `permalink = true` in \
                 `[collections.{name}]` of site.toml"
            ),
            None => format!("delete it: `{name}` have no pages"),
        });
    }
}

/// Pages put among the themes, where nothing reads them.
fn misplaced(tree: &Tree) -> Vec<Diagnostic> {
    let is_page = |file: &&SourceFile| is_markdown(file) && !file.path.name().eq_ignore_ascii_case("readme.md");
    tree.below("themes")
        .filter(is_page)
        .map(|file| {
            Diagnostic::new(
                Code::DesignFolder,
                "themes/ holds the site's design; pages about themes you work on go into content/themes/",
            )
            .span(Span::file(&file.path))
            .help(format!("move the file to content/themes/{}", file.path.name()))
        })
        .collect()
}

fn report_duplicates(entries: &[Arc<Entry>], faults: &mut Vec<Diagnostic>) {
    for pair in entries.windows(2) {
        if let [first, second] = pair
            && first.id == second.id
        {
            faults.push(
                Diagnostic::new(
                    Code::DuplicateEntry,
                    format!(
                        "two entries of `{}` are called `{}`: this one and {}",
                        second.id.collection, second.id.key, first.source
                    ),
                )
                .at(&second.source, second.span.start..second.span.start)
                // One of the two may be hidden and the other public.
                .help("rename one of the two files, or give one row another `id`")
                .binding(),
            );
        }
    }
}
