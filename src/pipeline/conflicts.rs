//! The files of a site → those in which Git left the marks of a conflict: two versions of the same lines, both of which would be
//! read.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::diagnostic::{Code, Diagnostic};
use crate::path::SitePath;
use crate::source::Tree;

/// Adds an error for each file with such marks, and drops everything else that is said about it: it comes from the marks.
pub(super) fn report(tree: &Tree, faults: &mut Vec<Diagnostic>) {
    let marked: BTreeMap<&SitePath, Range<usize>> = tree
        .all()
        .filter_map(|file| {
            let text = file.text()?;
            let at = mark(text, file.path.as_str().ends_with(".md"))?;
            let end = text[at..].find(['\n', '\r']).map_or(text.len(), |end| at + end);
            Some((&file.path, at..end))
        })
        .collect();
    if marked.is_empty() {
        return;
    }
    faults.retain(|fault| fault.span.as_ref().is_none_or(|span| !marked.contains_key(&span.file)));
    faults.extend(marked.into_iter().map(|(file, at)| {
        Diagnostic::new(Code::ConflictMarks, "Git could not join two versions of this file, and left both in it")
            .at(file, at)
            .help("keep the lines that are right, and delete the others with the lines of `<<<<<<<`, `=======` and `>>>>>>>`")
    }));
}

/// Where the first mark begins; in Markdown, not within a block of code.
fn mark(text: &str, is_markdown: bool) -> Option<usize> {
    let signs = ["<<<<<<<", ">>>>>>>"];
    if !signs.iter().any(|sign| memchr::memmem::find(text.as_bytes(), sign.as_bytes()).is_some()) {
        return None;
    }
    let is_mark = |line: &str| {
        let Some((sign, rest)) = line.split_at_checked(7).filter(|(sign, _)| signs.contains(sign)) else {
            return false;
        };
        let is_alone = rest.is_empty() || rest.starts_with('\r');
        is_alone && sign == signs[0] || rest.strip_prefix(' ').is_some_and(|name| !name.trim().is_empty())
    };
    let mut open: Option<&str> = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let written = line.strip_suffix('\n').unwrap_or(line);
        if open.is_none() && is_mark(written) {
            return Some(at);
        }
        if is_markdown {
            let fence = ["```", "~~~"].into_iter().find(|fence| written.trim_start().starts_with(fence));
            open = match (open, fence) {
                (None, fence) => fence,
                (Some(open), Some(fence)) if open == fence => None,
                (open, _) => open,
            };
        }
        at += line.len();
    }
    None
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
