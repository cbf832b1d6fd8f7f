//! Entries at a moment → what an editor should know of them though nothing is broken: files that readers cannot use,
//! names that were not meant for the public, texts that are due to be read again.

use std::ops::Range;

use super::entry_checks::Check;
use super::papers::paper_elsewhere;
use super::{LinkTo, Site};
use crate::content::{Entry, WORDS};
use crate::diagnostic::{Code, Diagnostic};
use crate::schema::{Placed, Trait, Value, Values};

/// Above this size Google Scholar does not read a PDF (its inclusion guidelines).
const SCHOLAR_LIMIT: u64 = 5 * 1024 * 1024;

/// Endings of names that tell of a file's way through the office.
const UNSETTLED: &[&str] = &["final", "draft", "copy", "new", "latest", "clean", "amended", "revised"];

/// What there is to say about one entry.
pub(super) fn of_entry(check: &Check<'_>, faults: &mut Vec<Diagnostic>) {
    if let Some(Value::List(files)) = check.entry.stated_value("files").map(|placed| &placed.value) {
        files.iter().for_each(|file| check_file(check, file, faults));
    }
    paper(check, faults);
    review(check, faults);
    stale(check, faults);
    partial(check, faults);
}

/// What there is to say about the site as a whole.
pub(super) fn of_site(site: &Site) -> Vec<Diagnostic> {
    let mut faults = Vec::new();
    untranslated(site, &mut faults);
    faults.extend(security(site));
    faults
}

/// How many days before the contact for weaknesses expires an editor is told.
const NOTICE: i64 = 60;

/// A contact for weaknesses that nobody may rely on soon, or any more.
fn security(site: &Site) -> Option<Diagnostic> {
    let security = site.config.security.as_ref()?;
    let first = security.expires.checked_sub(jiff::Span::new().days(NOTICE)).ok()?;
    if site.now.date() < first {
        return None;
    }
    let day = security.expires.strftime("%-d %B %Y");
    let message = if site.now.date() > security.expires {
        format!("security.txt has expired on {day}")
    } else {
        format!("security.txt expires on {day}")
    };
    let help = "see that its contact still reaches somebody, and write the next day, at most a year from now";
    Some(Diagnostic::new(Code::SecurityExpires, message).span(security.span.clone()).help(help))
}

/// A translation whose original has changed since.
fn stale(check: &Check<'_>, faults: &mut Vec<Diagnostic>) {
    let Check { entry, original, .. } = *check;
    if !entry.is_translation() {
        return;
    }
    let Some(changed) = original.values.get("updated") else { return };
    let day = |value: &Value| match value {
        Value::Date(day) => Some(*day),
        Value::DateTime(when) => Some(when.date()),
        _ => None,
    };
    let (Some(changed), own) = (day(&changed.value), entry.stated_value("updated")) else { return };
    if own.and_then(|own| day(&own.value)).is_some_and(|own| own >= changed) {
        return;
    }
    let at = own.map_or(entry.span.start..entry.span.start, |own| own.span.clone());
    faults.push(
        Diagnostic::new(
            Code::TranslationStale,
            format!(
                "the original, {}, was updated on {}; this text was not",
                original.source,
                changed.strftime("%-d %B %Y")
            ),
        )
        .at(&entry.source, at)
        .help(format!("bring it up to date and write `updated = {changed}`")),
    );
}

/// A translation that shows readers some of its words in the language of its original.
fn partial(check: &Check<'_>, faults: &mut Vec<Diagnostic>) {
    let Check { entry, reach, ix, .. } = *check;
    if !entry.is_translation() {
        return;
    }
    // A person's name is the same in every language.
    let is_named = reach.config.collections[&entry.id.collection].traits.contains(&Trait::Agent);
    let is_seen_first = |name: &str| WORDS.contains(&name) && !(is_named && name == "title");
    let left: Vec<&str> = entry
        .inherited()
        .filter(|(name, placed)| is_seen_first(name) || holds_text(&placed.value))
        .map(|(name, _)| &**name)
        .collect();
    if left.is_empty() {
        return;
    }
    let identities = &reach.structure.identities;
    let language = &reach.config.in_language(identities.lang(identities.subject(ix))).name;
    let names: Vec<String> = left.iter().map(|name| format!("`{name}`")).collect();
    let (is, it) = if left.len() == 1 { ("is", "it") } else { ("are", "them") };
    faults.push(
        Diagnostic::new(
            Code::TranslationPartial,
            format!("{} of `{}` {is} in {language} still", listed(&names), entry.title()),
        )
        .at(&entry.source, entry.span.start..entry.span.start)
        .help(format!("translate {it} here; what is not stated is as in the original")),
    );
}

/// Names in a row, as a sentence has them.
fn listed(names: &[String]) -> String {
    match names {
        [before @ .., last] if !before.is_empty() => format!("{} and {last}", before.join(", ")),
        names => names.join(""),
    }
}

/// Whether running text stands in a value.
fn holds_text(value: &Value) -> bool {
    match value {
        Value::Doc(_) => true,
        Value::List(items) => items.iter().any(|item| holds_text(&item.value)),
        Value::Record(fields) => fields.values().any(|field| holds_text(&field.value)),
        _ => false,
    }
}

/// Public entries that are not there in a language in which they are to be.
fn untranslated(site: &Site, faults: &mut Vec<Diagnostic>) {
    for lang in site.config.languages() {
        let language = site.config.in_language(lang);
        for collection in &language.required {
            for ix in site.missing_in(collection, lang) {
                let entry = site.entry(ix);
                let fault = Diagnostic::new(
                    Code::TranslationMissing,
                    format!("`{}` is not there in {} yet", entry.title(), language.name),
                )
                .at(&entry.source, entry.span.start..entry.span.start);
                let stem = entry.source.stem();
                let place = format!("{}/{stem}.{}.{}", entry.source.folder(), language.code, entry.source.ending());
                faults.push(fault.help(match entry.is_row {
                    true => format!("add a row with the `id` `{}` to {place}", entry.id.key),
                    false => format!("write {place}; what it does not state is as in this file"),
                }));
            }
        }
    }
}

fn check_file(check: &Check<'_>, file: &Placed, faults: &mut Vec<Diagnostic>) {
    let Value::Record(fields) = &file.value else { return };
    let Some(Placed { value: Value::File(path), span }) = fields.get("file") else { return };
    let Check { entry, reach, ix, .. } = *check;
    let fault =
        |code, message: String, span: &Range<usize>| Diagnostic::new(code, message).at(&entry.source, span.clone());
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_lowercase();
    if let Some(word) = unsettled(&stem) {
        faults.push(
            fault(
                Code::FileNameUnsettled,
                format!("`{name}` ends in `{word}`, which readers will keep and cite"),
                span,
            )
            .help("name the file after its title, in small letters with hyphens"),
        );
    }
    let Some(LinkTo::File(source, _)) = reach.link(ix, &entry.source, path) else { return };
    if source.ending() != "pdf" {
        return;
    }
    let size = reach.tree.get(&source).map_or(0, |file| file.size());
    if size > SCHOLAR_LIMIT {
        let megabytes = size / (1024 * 1024);
        faults.push(
            fault(Code::PdfLarge, format!("`{name}` has {megabytes} MB; Google Scholar reads no PDF above 5 MB"), span)
                .help("save it again with smaller pictures"),
        );
    }
    if is_without_text(entry) && !is_accessible(fields) {
        faults.push(
            fault(Code::PdfOnly, format!("`{name}` is all there is: the page has no text, and the file is not said to be accessible"), span)
                .help("put the text on the page, or write `accessible = true` once the PDF has been checked for screen readers"),
        );
    }
}

/// A paper that Google Scholar is not told of, since it does not lie beside its page.
fn paper(check: &Check<'_>, faults: &mut Vec<Diagnostic>) {
    let Some(Placed { value: Value::File(path), span }) = paper_elsewhere(check) else { return };
    let entry = check.entry;
    let name = path.rsplit('/').next().unwrap_or(path);
    let help = match &entry.bundle {
        Some(folder) => format!("put the file itself into {folder}/, beside {}", entry.source.name()),
        None => {
            let folder = format!("{}/{}", entry.source.folder(), entry.source.stem());
            format!("make a folder for both: {folder}/index.md, and {folder}/{name} beside it")
        }
    };
    let message = format!("`{name}` does not lie in the folder of its page, so Google Scholar does not take it");
    faults.push(Diagnostic::new(Code::PdfElsewhere, message).at(&entry.source, span.clone()).help(help));
}

fn is_without_text(entry: &Entry) -> bool {
    entry.texts().iter().all(|(_, doc)| doc.word_count == 0)
}

fn is_accessible(fields: &Values) -> bool {
    matches!(fields.get("accessible").map(|placed| &placed.value), Some(Value::Bool(true)))
}

/// The last word of a file's name, if it tells of drafts, versions or days.
fn unsettled(stem: &str) -> Option<&str> {
    let last = stem.rsplit(['-', '_', ' ', '.', '(']).next()?.trim_end_matches(')');
    let is_version = last
        .strip_prefix('v')
        .is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()));
    let is_day = matches!(last.len(), 6 | 8) && last.bytes().all(|byte| byte.is_ascii_digit());
    (is_version || is_day || UNSETTLED.contains(&last)).then_some(last)
}

/// A page that somebody promised to read again by a day that has come.
fn review(check: &Check<'_>, faults: &mut Vec<Diagnostic>) {
    let entry = check.entry;
    let Some(Placed { value: Value::Date(day), span }) = entry.stated_value("review_by") else { return };
    if *day <= check.today {
        faults.push(
            Diagnostic::new(
                Code::ReviewDue,
                format!("this page was to be read again by {}", day.strftime("%-d %B %Y")),
            )
            .at(&entry.source, span.clone())
            .help("read it, mend what is out of date, and write the next day for it into `review_by`"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::unsettled;

    #[test]
    fn names_that_tell_of_the_office() {
        for (stem, word) in [
            ("annual-report-final", Some("final")),
            ("annual report (draft)", Some("draft")),
            ("report_v2", Some("v2")),
            ("report-20260514", Some("20260514")),
            ("annual-report-2026", None),
            ("renewal", None),
            ("very", None),
            ("v", None),
        ] {
            assert_eq!(unsettled(stem), word, "{stem}");
        }
    }
}
