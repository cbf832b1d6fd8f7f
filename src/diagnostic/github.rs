//! Faults → workflow commands of GitHub Actions, which shows them next to the changed lines.
//!
//! The form follows GitHub's "Workflow commands" page; the escaping follows its toolkit (`@actions/core`, `command.ts`).
//! Columns are given only for a fault on one line; GitHub ignores them for others.

use super::{Diagnostic, Places, Severity, Sources};

/// Faults as annotations, one a line.
pub(crate) fn github(faults: &[Diagnostic], sources: &dyn Sources) -> String {
    let mut places = Places::new(sources);
    let mut text = String::new();
    for fault in faults {
        let mut properties = Vec::new();
        if let Some(span) = &fault.span {
            properties.push(format!("file={}", property(span.file.as_str())));
            if let Some((start, end)) = places.ends(span) {
                properties.push(format!("line={}", start.line));
                if start.line == end.line {
                    // GitHub's end is the last character of the fault; ours is the one after it.
                    let last = end.column.saturating_sub(1).max(start.column);
                    properties.push(format!("col={},endLine={},endColumn={last}", start.column, end.line));
                } else {
                    properties.push(format!("endLine={}", end.line));
                }
            }
        }
        properties.push(format!("title={}", property(fault.code.as_str())));
        let command = match fault.severity {
            Severity::Error => "error",
            Severity::Warning | Severity::Off => "warning",
        };
        text.push_str(&format!("::{command} {}::{}\n", properties.join(","), data(&message(fault))));
    }
    text
}

fn message(fault: &Diagnostic) -> String {
    let mut message = fault.message.clone();
    if let Some(page) = &fault.page {
        message.push_str(&format!("\nwhile making {page}"));
    }
    if fault.count > 1 {
        message.push_str(&format!("\nthis was found {} times", fault.count));
    }
    if let Some(help) = &fault.help {
        message.push_str(&format!("\nhelp: {help}"));
    }
    message
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::super::testing::Files;
    use super::*;
    use crate::diagnostic::Code;
    use crate::path::SitePath;

    #[test]
    fn annotations_are_escaped_as_github_reads_them() {
        let file = SitePath::new("content/a, b: 5%.md").expect("inside the site");
        let sources = Files::new(&[("content/a, b: 5%.md", "éxy\nzzz")]);
        let one = Diagnostic::new(Code::UnknownField, "5%: a, b\r\nc").at(&file, 2..4).help("do");
        let two = Diagnostic::new(Code::UnknownField, "two lines").at(&file, 2..6).lowered();
        let three = Diagnostic::new(Code::MissingSetting, "nowhere");
        assert_eq!(
            github(&[one, two, three], &sources),
            "::error file=content/a%2C b%3A 5%25.md,line=1,col=2,endLine=1,endColumn=3,title=unknown-field\
             ::5%25: a, b%0D%0Ac%0Ahelp: do\n\
             ::warning file=content/a%2C b%3A 5%25.md,line=1,endLine=2,title=unknown-field::two lines\n\
             ::error title=missing-setting::nowhere\n"
        );
    }
}
