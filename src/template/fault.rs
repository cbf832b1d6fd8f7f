//! A Tera error → a diagnostic at the template's line, in the words of theme authors.

use std::ops::Range;

use tera::{Error, ErrorKind};

use super::load;
use crate::config::listed;
use crate::diagnostic::{Code, Diagnostic, Span, nearest};
use crate::drawings;
use crate::path::{Address, SitePath};
use crate::site::Site;

/// Templates that make pages of their own, or none.
const NOT_FOR_PAGES: &[&str] = &["404.html", "base.html", "components.html", "search.html"];

/// A fault while a page was rendered with `template`, which is named at `named`.
pub(super) fn diagnostic(
    error: &Error,
    site: &Site,
    (template, named): (&str, Option<&Span>),
    page: &Address,
) -> Diagnostic {
    let mut fault = match error.kind() {
        ErrorKind::TemplateNotFound(name) => not_there(name, named, site),
        _ => describe(error, site, Code::TemplateFault, template),
    };
    fault.page = Some(page.to_string());
    fault
}

/// A fault while the templates were loaded.
pub(super) fn loading(error: &Error, site: &Site) -> Diagnostic {
    describe(error, site, Code::TemplateSyntax, "")
}

fn describe(error: &Error, site: &Site, code: Code, template: &str) -> Diagnostic {
    let (message, name, range) = match error.kind() {
        ErrorKind::TemplateNotFound(name) => return not_there(name, None, site),
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
            (report.message().to_owned(), report.filename().to_owned(), Some(report.span().range.clone()))
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
        None => {
            let fault = Diagnostic::new(code, wrong_type(&message).unwrap_or_else(|| message.clone()));
            match (code, advice(&message)) {
                (Code::TemplateSyntax, help) => fault.help(help),
                _ => fault,
            }
        }
    };
    match load::file_of(site, &name) {
        Some(file) => {
            if let Some(fault) = lost_block(&message, &file, site, code) {
                return fault;
            }
            let size = site.source_text(&file).len();
            let range = range.unwrap_or(0..0);
            fault.span(Span::new(&file, range.start.min(size)..range.end.min(size)))
        }
        None => fault,
    }
}

/// The fault that there is no template `name`, which the settings or a page name at `span`.
pub(super) fn not_there(name: &str, span: Option<&Span>, site: &Site) -> Diagnostic {
    let fault = Diagnostic::new(Code::TemplateMissing, format!("there is no template `{name}`"));
    let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
    // Those of parts are asked for by templates only, those of blocks by blocks only.
    let is_like = |known: &String| known.rsplit_once('/').map_or("", |(folder, _)| folder) == folder;
    let found = load::found(site, |file| file.path.ending() != drawings::TEMPLATE, |_| {});
    let themes: Vec<String> = site.config.themes.iter().map(|theme| format!("{theme}/")).collect();
    let plain =
        |known: &'_ str| themes.iter().find_map(|theme| known.strip_prefix(theme.as_str())).unwrap_or(known).to_owned();
    let mut known: Vec<String> = found.iter().map(|(known, _)| plain(known)).filter(is_like).collect();
    known.retain(|known| !NOT_FOR_PAGES.contains(&known.as_str()));
    let Some(span) = span else {
        return fault.help(format!("write it as templates/{name}; `pamphlet explain template-missing` says more"));
    };
    let fault = fault.span(span.clone());
    match nearest(name, known.iter().map(String::as_str)) {
        Some(near) => fault.help(format!("did you mean `{near}`?")).meant_for(site.source_text(&span.file), name, near),
        None => fault.help(format!(
            "the templates are {}; or write it as templates/{name}",
            listed(known.iter().map(String::as_str))
        )),
    }
}

/// The fault that a template of the site's own, in place of one of the theme's, lacks a block that the theme's `file` fills.
fn lost_block(message: &str, file: &SitePath, site: &Site, code: Code) -> Option<Diagnostic> {
    let block = message.strip_prefix("Block `")?.strip_suffix("` is not defined in any parent template")?;
    let is_own = |path: &SitePath| path.parts().next() == Some("templates");
    let mut path = file.clone();
    // A chain of templates that is longer than this goes round.
    for _ in 0..10 {
        if is_own(&path) {
            break;
        }
        let (_, rest) = site.source_text(&path).split_once("extends \"")?;
        path = load::file_of(site, rest.split_once('"')?.0)?;
    }
    let place = path.to_string();
    let name = place.strip_prefix("templates/").filter(|_| path != *file)?;
    let theme = site.config.themes.first()?;
    let help = format!(
        "write `{{% block {block} %}}{{% endblock %}}` in it where that belongs; or begin it with `{{% extends \"{theme}/{name}\" %}}`, \
         and write only the blocks that are to be different"
    );
    let message = format!("`{path}` has no block `{block}`, which `{file}` fills");
    Some(Diagnostic::new(code, message).span(Span::file(&path)).help(help))
}

/// What somebody does about a message of Tera's parser.
fn advice(message: &str) -> &'static str {
    if message == "Unexpected end of input" {
        return "something is not ended: `{% if %}` needs `{% endif %}`, `{% for %}` needs `{% endfor %}`, `{% block %}` needs `{% endblock %}`";
    }
    match message.strip_prefix("Unknown ").and_then(|rest| rest.split(' ').next()) {
        Some("filter" | "test" | "function") => {
            "correct the name, or take it out: `pamphlet explain template-syntax` says which there are"
        }
        _ => "correct the template here: `pamphlet explain template-syntax` says how templates are written",
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
    if let Some((value, ty)) = message.strip_prefix("Value ").and_then(|rest| rest.split_once(" is out of range for "))
    {
        let from = if ty.starts_with("`u") { "from 0 on" } else { "that is not so large" };
        return Some(format!("a whole number {from} is needed here, but there is {value}"));
    }
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
        assert_eq!(
            wrong_type("Value `-1` is out of range for `usize`").as_deref(),
            Some("a whole number from 0 on is needed here, but there is `-1`")
        );
        assert_eq!(wrong_type("Unknown function"), None);
    }
}
