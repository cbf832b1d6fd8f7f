//! A data file → one entry per row.
//!
//! TOML holds rows as `[[NAME]]`, JSON and YAML as a list or as a list under one name, CSV as lines. A row's key is its
//! `id`, otherwise its `slug`, otherwise its title turned into a slug.

use std::sync::Arc;

use super::{
    Core, Doubt, Entry, EntryId, Head, Missing, Own, addressed, after, check_blocks, columns, doubt, unready, values,
};
use crate::config::{Collection, Config};
use crate::data::{self, Key, Raw, RawKind};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::schema::{Name, Value, secrecy};
use crate::source::SourceFile;

/// The rows of `file` as entries of `collection` in the language `lang`; faults of the whole file go to `faults`.
pub(super) fn read(
    file: &SourceFile,
    text: &str,
    collection: &Collection,
    lang: &Name,
    config: &Config,
    faults: &mut Vec<Diagnostic>,
) -> Vec<Entry> {
    let body = text.strip_prefix('\u{feff}').unwrap_or(text);
    let offset = text.len() - body.len();
    let raw = match file.path.ending().as_str() {
        "toml" => data::toml(&file.path, body, offset),
        "json" => data::json(&file.path, body, offset),
        "csv" => data::csv(&file.path, body, offset),
        _ => data::yaml(&file.path, body, offset),
    };
    // A file that cannot be read has already been reported.
    let unread = raw.faults.iter().any(|fault| fault.severity == Severity::Error);
    let mut raw = raw;
    doubt::bind_errors(&mut raw.faults);
    let mut of_file: Vec<Diagnostic> = raw.faults.clone();
    let raw = raw.into_value(faults);
    let settled = match file.path.ending().as_str() {
        "csv" => Some(columns::settle(raw.clone(), &collection.fields, &file.path)),
        _ => None,
    };
    of_file.extend(settled.iter().flat_map(|settled| settled.faults.clone()));
    faults.extend(settled.iter().flat_map(|settled| settled.faults.clone()));
    let raw = settled.as_ref().map_or(&raw, |settled| &settled.raw);
    let beside = beside(raw, &collection.name, file);
    faults.extend(beside.iter().cloned());
    of_file.extend(beside);
    let Some(rows) = rows(raw, &collection.name) else {
        if unread {
            return Vec::new();
        }
        faults.push(
            Diagnostic::new(Code::WrongType, format!("`{}` holds no rows", file.path.name()))
                .at(&file.path, raw.span.start..raw.span.start)
                .help(format!("begin each row with `[[{}]]` on a line of its own", collection.name)),
        );
        return Vec::new();
    };
    let doubt = Doubt::of(&of_file);
    let separator = settled.is_some().then(|| data::separator(body));
    let written = |row: &Raw| separator.and_then(|separator| Some((text.get(row.span.clone())?, separator)));
    let rows = rows.iter().map(|row| entry(file, text, row, written(row), collection, lang, config));
    let in_doubt = |mut row: Entry| {
        // Its doubts stay.
        row.faults.retain(|fault| !settled.as_ref().is_some_and(|settled| settled.tells_of(fault)));
        row.head.core.doubt = row.core.doubt.or(doubt);
        row
    };
    rows.map(in_doubt).collect()
}

/// Fields outside the rows of a file, where they have no effect: `status = "draft"` there would hide no row.
fn beside(raw: &Raw, name: &str, file: &SourceFile) -> Vec<Diagnostic> {
    let RawKind::Table(table) = &raw.kind else { return Vec::new() };
    // `[[drafts]]` says what its rows are.
    let is_rows = |key: &str| key == name || table.len() == 1 && !secrecy::is_about(key);
    let others = table.iter().filter(|(key, _)| !is_rows(&key.name) && key.name != "$schema");
    let fault = |(key, _): &(Key, Raw)| {
        let message =
            format!("`{}` is outside the rows of `{}`, where it does not apply to them", key.name, file.path.name());
        let help = if secrecy::is_about(&key.name) {
            format!("write it in each row that it applies to; until then none of `{}` is published", file.path.name())
        } else {
            format!("move it into the rows, or delete it; the rows are what is below `{name}`")
        };
        Diagnostic::new(Code::UnknownField, message).at(&file.path, key.span.clone()).help(help).binding()
    };
    others.map(fault).collect()
}

fn rows<'a>(raw: &'a Raw, name: &str) -> Option<&'a [Raw]> {
    match &raw.kind {
        RawKind::List(rows) => Some(rows),
        RawKind::Table(table) => {
            let only = match table.as_slice() {
                [(_, only)] => Some(only),
                _ => raw.get(name),
            };
            match &only?.kind {
                RawKind::List(rows) => Some(rows),
                _ => None,
            }
        }
        _ => None,
    }
}

/// The entry of `row`; `written` is the whole of it and what separates its cells, if it is one of a spreadsheet.
fn entry(
    file: &SourceFile,
    text: &str,
    row: &Raw,
    written: Option<(&str, char)>,
    collection: &Collection,
    lang: &Name,
    config: &Config,
) -> Entry {
    let mut faults = Vec::new();
    let own = (**lang != *config.language).then(|| {
        let mut faults = Vec::new();
        let values = values(row, collection, &file.path, text, config, Missing::Inherited, &mut faults);
        Arc::new(Own { values, faults })
    });
    let values = values(row, collection, &file.path, text, config, Missing::Reported, &mut faults);
    let stated = |field: &str| match values.get(field).map(|placed| &placed.value) {
        Some(Value::Text(text)) if !text.is_empty() => Some(text.to_string()),
        _ => None,
    };
    let key = stated("id").or_else(|| stated("slug")).map_or_else(
        || crate::path::slug(&stated("title").unwrap_or_else(|| format!("row-{}", row.span.start))),
        |key| crate::path::slug(&key),
    );
    let mut entry = Entry::of(Head {
        id: EntryId { collection: collection.name.clone(), key: key.into(), lang: lang.clone() },
        source: file.path.clone(),
        span: row.span.clone(),
        core: Core::default(),
        values,
        bundle: None,
        is_row: true,
        place: row.span.start,
        faulty: false,
        own,
        original: None,
    });
    for (_, doc) in entry.texts() {
        check_blocks(doc, &file.path, config, &mut faults);
    }
    faults.extend(entry.field_texts().into_iter().filter_map(|doc| after::in_field(doc, &file.path)));
    doubt::bind_comments(&mut faults);
    faults.extend(addressed::faults(&entry.head, text, config));
    faults.extend(unready::faults(row, &file.path));
    if let Some(fault) = unready::commented(row, written, &file.path) {
        // What else is wrong with it does not matter.
        faults = vec![fault];
    }
    entry.head.core = Core::of(&entry.head.values, &file.path, &mut faults);
    entry.head.faulty = faults.iter().any(|fault| fault.severity == Severity::Error);
    entry.faults = faults;
    entry
}
