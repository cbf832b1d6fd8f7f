//! What Tera says went wrong → a diagnostic at the template's line, in the words of whoever makes themes.

use tera::{Error, ErrorKind};

use super::load;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::path::Address;
use crate::site::Site;

/// A fault while a page was made.
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
            let message = format!("the design has no template `{name}`");
            return Diagnostic::new(Code::TemplateMissing, message)
                .help("the name stands in `template` of a collection, a list, a block or a page");
        }
        ErrorKind::MissingParent { current, parent } => {
            (format!("`{current}` extends `{parent}`, which is not there"), current.clone(), None)
        }
        _ => from_report(&error.to_string(), template),
    };
    let mut message = message;
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        message = format!("{message}: {inner}");
        source = inner.source();
    }
    let message = message.lines().next().unwrap_or("").trim_end_matches('.').to_owned();
    let fault = Diagnostic::new(code, wrong_type(&message).unwrap_or(message));
    match load::file_of(site, &name) {
        Some(file) => {
            let size = site.source_text(&file).len();
            let range = range.unwrap_or(0..0);
            fault.span(Span::new(&file, range.start.min(size)..range.end.min(size)))
        }
        None => fault,
    }
}

/// Tera names the types of its own program; whoever makes a theme knows texts and numbers.
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

/// Takes message and place from a report that comes as text only: a line `--> file:line:column`.
fn from_report(report: &str, template: &str) -> (String, String, Option<std::ops::Range<usize>>) {
    let mut message = report.lines().next().unwrap_or("").trim_start_matches("error: ").to_owned();
    let mut name = template.to_owned();
    if let Some(place) = report.lines().find_map(|line| line.trim_start().strip_prefix("--> ")) {
        let mut parts = place.rsplitn(3, ':');
        let (column, line) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""));
        name = parts.next().unwrap_or(place).trim_matches(['[', ']']).to_owned();
        if !line.is_empty() {
            message = format!("{message} (line {line}, column {})", column.trim_end_matches(']'));
        }
    }
    (message, name, None)
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
