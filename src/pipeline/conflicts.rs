//! The files of a site → those in which Git left the marks of a conflict: two versions of the same lines, both of which would be
//! read.

use crate::diagnostic::{Code, Diagnostic};
use crate::source::Tree;

/// Adds an error for each file with such marks, and drops everything else that is said about it: it comes from the marks.
pub(super) fn report(tree: &Tree, faults: &mut Vec<Diagnostic>) {
    for file in tree.all() {
        let Some(text) = file.text() else { continue };
        let is_markdown = file.path.as_str().ends_with(".md");
        let Some(at) = mark(text, is_markdown) else { continue };
        faults.retain(|fault| fault.span.as_ref().is_none_or(|span| span.file != file.path));
        let end = text[at..].find(['\n', '\r']).map_or(text.len(), |end| at + end);
        faults.push(
            Diagnostic::new(Code::ConflictMarks, "Git could not join two versions of this file, and left both in it")
                .at(&file.path, at..end)
                .help("keep the lines that are right, and delete the others with the lines of `<<<<<<<`, `=======` and `>>>>>>>`"),
        );
    }
}

/// Where the first mark begins; in Markdown, not within a block of code.
fn mark(text: &str, is_markdown: bool) -> Option<usize> {
    let bytes = text.as_bytes();
    let begins = |at: &usize| {
        let sign = bytes[*at];
        let after = bytes.get(at + 7);
        let alone = matches!(after, None | Some(b'\n' | b'\r'));
        let named = after == Some(&b' ') && bytes.get(at + 8).is_some_and(|byte| !byte.is_ascii_whitespace());
        (*at == 0 || bytes[at - 1] == b'\n') && (named || alone && sign == b'<')
    };
    let first = |sign: &[u8]| {
        memchr::memmem::find_iter(bytes, sign).filter(begins).find(|at| !is_markdown || !in_code(&text[..*at]))
    };
    first(b"<<<<<<<").into_iter().chain(first(b">>>>>>>")).min()
}

/// Whether a block of code is open at the end of `before`.
fn in_code(before: &str) -> bool {
    let mut open: Option<&str> = None;
    for line in before.lines() {
        let line = line.trim_start();
        let fence = ["```", "~~~"].into_iter().find(|fence| line.starts_with(fence));
        open = match (open, fence) {
            (None, fence) => fence,
            (Some(open), Some(fence)) if open == fence => None,
            (open, _) => open,
        };
    }
    open.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_found_at_the_beginning_of_lines() {
        for text in [
            "Text.\n<<<<<<< HEAD\nOurs.\n=======\nTheirs.\n>>>>>>> main",
            "<<<<<<<",
            "Text.\n>>>>>>> main",
            "a\r\n<<<<<<< HEAD\r\n",
        ] {
            assert!(mark(text, true).is_some(), "{text}");
        }
        for text in [
            "A heading\n=======\n",
            "```\n<<<<<<< HEAD\n```",
            "* <<<<<<< HEAD",
            "> > > > > > > deep",
            "<< and >>",
            "<<<<<<<<<< x",
            ">>>>>>>\n",
        ] {
            assert!(mark(text, true).is_none(), "{text}");
        }
        assert!(mark("```\n<<<<<<< HEAD\n```", false).is_some());
    }
}
