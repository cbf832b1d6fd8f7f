//! Faults → JSON, one object a line, for editors and programs.
//!
//! The keys are a promise: `severity, code, message, file, line, column, end_line, end_column, help, fix`, all present in
//! every line, `null` where unknown. Lines and columns count from 1, columns in characters; the end is the first character
//! after the fault. A fix is `{label, edits}`; each edit gives a file, what to remove (in bytes and in lines and columns)
//! and the text that replaces it.

use super::{Diagnostic, Fix, Places, Position, Severity, Sources};
use std::borrow::Cow;

#[derive(serde::Serialize)]
struct Line<'a> {
    severity: Severity,
    code: &'a str,
    message: Cow<'a, str>,
    file: Option<&'a str>,
    line: Option<usize>,
    column: Option<usize>,
    end_line: Option<usize>,
    end_column: Option<usize>,
    help: Option<&'a str>,
    fix: Option<FixOf<'a>>,
}

#[derive(serde::Serialize)]
struct FixOf<'a> {
    label: &'a str,
    edits: Vec<Edit<'a>>,
}

#[derive(serde::Serialize)]
struct Edit<'a> {
    file: &'a str,
    start: usize,
    end: usize,
    line: Option<usize>,
    column: Option<usize>,
    end_line: Option<usize>,
    end_column: Option<usize>,
    text: &'a str,
}

/// Faults as lines of JSON.
pub(crate) fn json(faults: &[Diagnostic], sources: &dyn Sources) -> String {
    let mut places = Places::new(sources);
    let mut text = String::new();
    for fault in faults {
        let ends = fault.span.as_ref().and_then(|span| places.ends(span));
        let (start, end): (Option<Position>, Option<Position>) = ends.unzip();
        let line = Line {
            severity: fault.severity,
            code: fault.code.as_str(),
            message: message(fault),
            file: fault.span.as_ref().map(|span| span.file.as_str()),
            line: start.map(|start| start.line),
            column: start.map(|start| start.column),
            end_line: end.map(|end| end.line),
            end_column: end.map(|end| end.column),
            help: fault.help.as_deref(),
            fix: fault.fix.as_ref().map(|fix| fix_of(fix, &mut places)),
        };
        text.push_str(&serde_json::to_string(&line).expect("strings and numbers can always be written as JSON"));
        text.push('\n');
    }
    text
}

fn fix_of<'a>(fix: &'a Fix, places: &mut Places<'_>) -> FixOf<'a> {
    let edits = fix.splices.iter().map(|splice| {
        let (start, end) = places.ends(&splice.span).unzip();
        Edit {
            file: splice.span.file.as_str(),
            start: splice.span.start,
            end: splice.span.end,
            line: start.map(|start| start.line),
            column: start.map(|start| start.column),
            end_line: end.map(|end| end.line),
            end_column: end.map(|end| end.column),
            text: &splice.text,
        }
    });
    FixOf { label: &fix.label, edits: edits.collect() }
}

/// The message; it names the page, which has no key, where nothing else says where the fault is.
fn message(fault: &Diagnostic) -> Cow<'_, str> {
    match (&fault.page, &fault.span) {
        (Some(page), None) => Cow::Owned(format!("{} (on {page})", fault.message)),
        _ => Cow::Borrowed(&fault.message),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::Files;
    use super::*;
    use crate::diagnostic::Code;
    use crate::path::SitePath;

    #[test]
    fn each_line_has_the_promised_keys() {
        let file = SitePath::new("content/a.md").expect("inside the site");
        let mut nowhere = Diagnostic::new(Code::MissingSetting, "nowhere").lowered();
        nowhere.page = Some("/a/".to_owned());
        let faults =
            [Diagnostic::new(Code::UnknownField, "a \"b\"\nc").at(&file, 3..7).help("do").meant("ab"), nowhere];
        let expected = concat!(
            r#"{"severity":"error","code":"unknown-field","message":"a \"b\"\nc","file":"content/a.md","#,
            r#""line":1,"column":3,"end_line":2,"end_column":3,"help":"do","#,
            r#""fix":{"label":"write `ab`","edits":[{"file":"content/a.md","start":3,"end":7,"#,
            r#""line":1,"column":3,"end_line":2,"end_column":3,"text":"ab"}]}}"#,
            "\n",
            r#"{"severity":"warning","code":"missing-setting","message":"nowhere (on /a/)","file":null,"#,
            r#""line":null,"column":null,"end_line":null,"end_column":null,"help":null,"fix":null}"#,
            "\n",
        );
        assert_eq!(json(&faults, &Files::new(&[("content/a.md", "éxy\nzzz")])), expected);
    }
}
