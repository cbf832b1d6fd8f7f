//! Entries at a moment → what an editor should know about them although nothing is broken: files that readers cannot use,
//! names not meant for the public, texts due for review.

use std::ops::Range;

use jiff::civil::Date;

use super::entry_checks::Check;
use super::papers::paper_elsewhere;
use super::unused::unused;
use super::visibility::embargo_end;
use super::{LinkTo, Site};
use crate::content::{Entry, WORDS};
use crate::diagnostic::{Code, Diagnostic};
use crate::schema::{Placed, Trait, Value, Values};

/// Google Scholar does not read PDFs above this size (its inclusion guidelines).
const SCHOLAR_LIMIT: u64 = 5 * 1024 * 1024;

/// Endings of file names that show a file's way through the office.
const UNSETTLED: &[&str] = &["final", "draft", "copy", "new", "latest", "clean", "amended", "revised"];

/// The advice for one entry.
pub(super) fn of_entry(check: &Check<'_>, faults: &mut Vec<Diagnostic>) {
    if let Some(Value::List(files)) = check.entry.stated_value("files").map(|placed| &placed.value) {
        files.iter().for_each(|file| check_file(check, file, faults));
    }
    paper(check, faults);
    dated_otherwise(check, faults);
    review(check, faults);
    stale(check, faults);
    partial(check, faults);
}

/// The advice for the site as a whole.
pub(super) fn of_site(site: &Site) -> Vec<Diagnostic> {
    let mut faults = Vec::new();
    untranslated(site, &mut faults);
    faults.extend(security(site));
    faults.extend(unused(site));
    faults
}

/// How many days before the security contact expires the editor is warned.
const NOTICE: i64 = 60;

/// A security contact that has expired or soon will.
fn security(site: &Site) -> Option<Diagnostic> {
    let security = site.config.security.as_ref()?;
    let first = security.expires.checked_sub(jiff::Span::new().days(NOTICE)).ok()?;
    if site.now.date() < first {
        return None;
    }
    let day = security.expires.strftime("%-d %B %Y");
    let message = if site.now.date() > security.expires {
        format!("security.txt expired on {day}")
    } else {
        format!("security.txt expires on {day}")
    };
    let help = "check that the contact still reaches somebody, and write a new date, at most a year from now";
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
        Value::Date(day, _) => Some(*day),
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

/// A translation that shows readers some words in the language of its original.
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
            format!("{} of `{}` {is} still in {language}", listed(&names), entry.title()),
        )
        .at(&entry.source, entry.span.start..entry.span.start)
        .help(format!("translate {it} here; anything not stated is as in the original")),
    );
}

/// Names in a list, as in a sentence.
fn listed(names: &[String]) -> String {
    match names {
        [before @ .., last] if !before.is_empty() => format!("{} and {last}", before.join(", ")),
        names => names.join(""),
    }
}

/// Whether a value holds running text.
fn holds_text(value: &Value) -> bool {
    match value {
        Value::Doc(_) => true,
        Value::List(items) => items.iter().any(|item| holds_text(&item.value)),
        Value::Record(fields) => fields.values().any(|field| holds_text(&field.value)),
        _ => false,
    }
}

/// Public entries missing in a language that requires them.
fn untranslated(site: &Site, faults: &mut Vec<Diagnostic>) {
    for lang in site.config.languages() {
        let language = site.config.in_language(lang);
        for collection in &language.required {
            for ix in site.missing_in(collection, lang) {
                let entry = site.entry(ix);
                let fault = Diagnostic::new(
                    Code::TranslationMissing,
                    format!("`{}` has no {} version yet", entry.title(), language.name),
                )
                .at(&entry.source, entry.span.start..entry.span.start);
                let stem = entry.source.stem();
                let place = format!("{}/{stem}.{}.{}", entry.source.folder(), language.code, entry.source.ending());
                faults.push(fault.help(match entry.is_row {
                    true => format!("add a row with the `id` `{}` to {place}", entry.id.key),
                    false => format!("write {place}; anything it does not state is as in this file"),
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
            .help("name the file after its title, in lower case with hyphens"),
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
            fault(Code::PdfOnly, format!("`{name}` is all there is: the page has no text, and the file is not marked as accessible"), span)
                .help("put the text on the page, or write `accessible = true` once the PDF has been checked for screen readers"),
        );
    }
}

/// A paper that Google Scholar does not take, since it is not next to its page.
fn paper(check: &Check<'_>, faults: &mut Vec<Diagnostic>) {
    let Some(Placed { value: Value::File(path), span }) = paper_elsewhere(check) else { return };
    let entry = check.entry;
    let name = path.rsplit('/').next().unwrap_or(path);
    let help = match &entry.bundle {
        Some(folder) => format!("move the file into {folder}/, next to {}", entry.source.name()),
        None => {
            let folder = format!("{}/{}", entry.source.folder(), entry.source.stem());
            format!("make a folder for both: {folder}/index.md and {folder}/{name}")
        }
    };
    let message = format!("`{name}` is not in the folder of its page, so Google Scholar does not read it");
    faults.push(Diagnostic::new(Code::PdfElsewhere, message).at(&entry.source, span.clone()).help(help));
}

fn is_without_text(entry: &Entry) -> bool {
    entry.texts().iter().all(|(_, doc)| doc.word_count == 0)
}

fn is_accessible(fields: &Values) -> bool {
    matches!(fields.get("accessible").map(|placed| &placed.value), Some(Value::Bool(true)))
}

/// The last word of a file name, if it is about drafts, versions or dates.
fn unsettled(stem: &str) -> Option<&str> {
    let last = stem.rsplit(['-', '_', ' ', '.', '(']).next()?.trim_end_matches(')');
    let is_version = last
        .strip_prefix('v')
        .is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()));
    let is_day = matches!(last.len(), 6 | 8) && last.bytes().all(|byte| byte.is_ascii_digit());
    (is_version || is_day || UNSETTLED.contains(&last)).then_some(last)
}

/// How many days before its embargo ends a page may be dated without being older than the embargo on purpose.
const RECENT: i32 = 92;

/// A page that will be public on another day than it says.
fn dated_otherwise(check: &Check<'_>, faults: &mut Vec<Diagnostic>) {
    let Check { entry, reach, ix, .. } = *check;
    let Some(opens) = embargo_end(entry, &reach.config.timezone) else { return };
    let (Some(date), Some(stated)) = (entry.stated_value("date"), &entry.core.date) else { return };
    let (says, day) = (stated.day(), opens.date());
    let is_to_come = reach.structure.identities.visibility(ix).until().is_some();
    let days = (day - says).get_days();
    // An older text may be put online years later; and what is public has been seen as it is.
    if !(days < 0 || days > 0 && days <= RECENT && is_to_come) {
        return;
    }
    let words = |day: Date| day.strftime("%-d %B %Y").to_string();
    let message = format!("`publish_at` is on {}, but readers are told {}", words(day), words(says));
    faults.push(
        Diagnostic::new(Code::DateAndPublishAt, message)
            .at(&entry.source, date.span.clone())
            .help(format!("write `date = {day}`, or correct `publish_at`")),
    );
}

/// A page whose promised review is due.
fn review(check: &Check<'_>, faults: &mut Vec<Diagnostic>) {
    let entry = check.entry;
    let Some(Placed { value: Value::Date(day, _), span }) = entry.stated_value("review_by") else { return };
    if *day <= check.today {
        faults.push(
            Diagnostic::new(Code::ReviewDue, format!("this page was due for review on {}", day.strftime("%-d %B %Y")))
                .at(&entry.source, span.clone())
                .help("read it, correct what is out of date, and set `review_by` to the next date"),
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
