//! A Tera error → a diagnostic at the template's line, in the words of theme authors.

use std::ops::Range;

use tera::{Error, ErrorKind};

use super::load;
use crate::diagnostic::{Code, Diagnostic, Span, nearest};
use crate::path::Address;
use crate::site::Site;

/// A fault while a page was rendered.
pub(super) fn diagnostic(error: &Error, site: &Site, template: &str, page: &Address) -> Diagnostic {
    let mut fault = describe(error, site, Code::TemplateFault, template);
    fault.page = Some(page.to_string());
    fault
}

/// A fault while the templates were loaded.
pub(super) fn loading(error: &Error, site: &Site) -> Diagnostic {
    describe(error, site, Code::TemplateSyntax, "")
}

fn describe(error: &Error, site: &Site, code: Code, template: &str) -> Diagnostic {
    let (message, name, range) = match error.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
            (report.message().to_owned(), report.filename().to_owned(), Some(report.span().range.clone()))
        }
        ErrorKind::TemplateNotFound(name) => {
            let message = format!("the theme has no template `{name}`");
            return Diagnostic::new(Code::TemplateMissing, message)
                .help("the name is in `template` of a collection, a list, a block or a page");
        }
        ErrorKind::MissingParent { current, parent } => {
            (format!("`{current}` extends `{parent}`, which does not exist"), current.clone(), None)
        }
        _ => from_report(&error.to_string(), template, site),
    };
    let mut message = message;
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        message = format!("{message}: {inner}");
        source = inner.source();
    }
    let message = message.lines().next().unwrap_or("").trim_end_matches('.').to_owned();
    let fault = match undefined(&message) {
        // The available fields differ from page to page and have nothing to do with the fault.
        Some((name, known)) => {
            let fault = Diagnostic::new(code, format!("there is no `{name}` here"));
            match nearest(name, known) {
                Some(near) => fault.help(format!("did you mean `{near}`?")),
                None => fault,
            }
        }
        None => Diagnostic::new(code, wrong_type(&message).unwrap_or_else(|| message.clone())),
    };
    match load::file_of(site, &name) {
        Some(file) => {
            let size = site.source_text(&file).len();
            let range = range.unwrap_or(0..0);
            fault.span(Span::new(&file, range.start.min(size)..range.end.min(size)))
        }
        None => fault,
    }
}

/// The undefined name and the defined ones: "Field `a` is not defined. Available fields: b, c".
fn undefined(message: &str) -> Option<(&str, impl Iterator<Item = &str>)> {
    let (said, known) = message.split_once(" is not defined. Available ")?;
    let name = said.split('`').nth(1)?;
    Some((name, known.split_once(": ").map_or("", |(_, names)| names).split(", ")))
}

/// Tera names Rust types; theme authors know texts and numbers.
fn wrong_type(message: &str) -> Option<String> {
    let (expected, found) =
        message.strip_prefix("Invalid type for the value, expected `")?.split_once("` but got `")?;
    let words = |name: &str| match name.trim_matches(['&', '`']) {
        "str" | "String" | "string" => "text".to_owned(),
        "none" | "undefined" => "nothing".to_owned(),
        "bool" => "yes or no".to_owned(),
        "usize" | "isize" | "u64" | "i64" | "u128" | "i128" | "f64" | "integer" | "float" => "a number".to_owned(),
        "array" => "a list".to_owned(),
        "map" => "a group of fields".to_owned(),
        other => format!("`{other}`"),
    };
    Some(format!("{} is needed here, but there is {}", words(expected), words(found)))
}

/// The message and place of a report that comes only as text: a line `--> file:line:column`, then the source
/// line with `^^^` below it.
fn from_report(report: &str, template: &str, site: &Site) -> (String, String, Option<Range<usize>>) {
    let message = report.lines().next().unwrap_or("").trim_start_matches("error: ").to_owned();
    let Some(place) = report.lines().find_map(|line| line.trim_start().strip_prefix("--> ")) else {
        return (message, template.to_owned(), None);
    };
    let mut parts = place.rsplitn(3, ':');
    let column = parts.next().and_then(|column| column.trim().parse().ok()).unwrap_or(1);
    let line = parts.next().and_then(|line| line.parse().ok()).unwrap_or(1);
    let name = parts.next().unwrap_or(place).to_owned();
    let width = report.lines().map(|line| line.matches('^').count()).max().unwrap_or(0);
    let text = load::file_of(site, &name).map(|file| site.source_text(&file)).unwrap_or_default();
    (message, name, Some(stretch(text, line, column, width)))
}

/// The bytes of `width` characters from a line and column (both from 1).
fn stretch(text: &str, line: usize, column: usize, width: usize) -> Range<usize> {
    let before: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let line = text[before..].lines().next().unwrap_or("");
    let byte = |characters: usize| line.char_indices().nth(characters).map_or(line.len(), |(at, _)| at);
    before + byte(column.saturating_sub(1))..before + byte(column.saturating_sub(1) + width)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_named_in_words() {
        let words = |expected: &str, found: &str| {
            wrong_type(&format!("Invalid type for the value, expected `{expected}` but got `{found}`"))
        };
        assert_eq!(words("&str", "none").as_deref(), Some("text is needed here, but there is nothing"));
        assert_eq!(words("usize", "array").as_deref(), Some("a number is needed here, but there is a list"));
        assert_eq!(wrong_type("Unknown function"), None);
    }
}
