//! Faults as found → faults as shown: sorted, each once, with the severities that the site asks for.
//!
//! The order depends only on the faults, not on which thread found them first.

use super::{Code, Diagnostic, Severity};
use std::collections::BTreeSet;

/// Sorts faults by file, byte, code and message, and merges equal ones into one with a count.
///
/// Faults that belong to no file come first. Two faults are equal if code, message and place are the same; if they were
/// found on several pages, the first page is named. The gravest of them is shown, with its help.
pub(crate) fn arrange(mut faults: Vec<Diagnostic>) -> Vec<Diagnostic> {
    faults.sort_by(|a, b| place(a).cmp(&place(b)).then_with(|| rest(a).cmp(&rest(b))));
    let mut arranged: Vec<Diagnostic> = Vec::with_capacity(faults.len());
    for fault in faults {
        match arranged.last_mut() {
            Some(last) if place(last) == place(&fault) => {
                last.count += fault.count;
                last.severity = last.severity.max(fault.severity);
                last.is_binding |= fault.is_binding;
            }
            _ => arranged.push(fault),
        }
    }
    arranged
}

/// Two faults are the same if these are equal.
fn place(fault: &Diagnostic) -> impl Ord + '_ {
    let span = fault.span.as_ref().map(|span| (&span.file, span.start));
    (span, fault.code.as_str(), fault.message.as_str(), fault.span.as_ref().map(|span| span.end))
}

/// Of two equal faults, the one that sorts first by these is shown: the graver one, whose help may keep something hidden.
fn rest(fault: &Diagnostic) -> impl Ord + '_ {
    let gravity = std::cmp::Reverse((fault.is_binding, fault.severity));
    (gravity, fault.page.as_deref(), fault.help.as_deref(), &fault.labels)
}

/// Gives faults the severities that the site asks for and drops those it switches off.
///
/// A fault already lowered, because its page is a draft, is not raised again. A binding fault stays as it is.
pub(crate) fn apply_severities(faults: &mut Vec<Diagnostic>, asked: &[(Code, Severity)]) {
    faults.retain_mut(|fault| {
        // The last line wins, as it does when a setting is overridden.
        let asked = asked.iter().rev().find(|(code, _)| *code == fault.code);
        if let Some((code, severity)) = asked
            && !fault.is_binding
        {
            let lowered = fault.severity < code.severity();
            if *severity < Severity::Error {
                fault.error_from = None;
            }
            fault.severity = if lowered { fault.severity.min(*severity) } else { *severity };
        }
        fault.severity != Severity::Off
    });
}

/// How many faults there are, in words: `2 errors and 1 warning in 2 files`; those that were accepted are counted apart.
pub(crate) fn summary(faults: &[Diagnostic]) -> String {
    let of = |severity| faults.iter().filter(move |fault| !fault.known && fault.severity == severity).count();
    let known = faults.iter().filter(|fault| fault.known).count();
    let counts = [(of(Severity::Error), "error"), (of(Severity::Warning), "warning"), (known, "known fault")];
    let parts: Vec<String> =
        counts.into_iter().filter(|(number, _)| *number > 0).map(|(number, word)| counted(number, word)).collect();
    let Some((last, others)) = parts.split_last() else { return "no faults".to_owned() };
    let mut text = if others.is_empty() { last.clone() } else { format!("{} and {last}", others.join(", ")) };
    let files: BTreeSet<_> = faults.iter().filter_map(|fault| Some(&fault.span.as_ref()?.file)).collect();
    if !files.is_empty() {
        text.push_str(" in ");
        text.push_str(&counted(files.len(), "file"));
    }
    text
}

/// A number and what it counts: `1 file`, `2 files`.
pub(super) fn counted(number: usize, word: &str) -> String {
    match number {
        1 => format!("1 {word}"),
        _ => format!("{number} {word}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path::SitePath;
    use proptest::prelude::*;

    fn fault(code: Code, message: &str) -> Diagnostic {
        Diagnostic::new(code, message)
    }

    fn file(name: &str) -> SitePath {
        SitePath::new(name).expect("inside the site")
    }

    #[test]
    fn equal_faults_are_one_with_a_count() {
        let mut seen = fault(Code::UnknownField, "x").at(&file("b.md"), 4..6);
        seen.page = Some("/z/".to_owned());
        let mut first = seen.clone();
        first.page = Some("/a/".to_owned());
        let faults = vec![
            seen.clone(),
            fault(Code::UnknownField, "y").at(&file("b.md"), 4..6),
            fault(Code::UnknownField, "x").at(&file("b.md"), 3..6),
            first,
            fault(Code::UnknownField, "x").at(&file("a.md"), 90..96),
            fault(Code::MissingSetting, "no file"),
            seen,
        ];
        let arranged = arrange(faults);
        let shown: Vec<_> = arranged.iter().map(|f| (f.message.as_str(), f.count, f.page.as_deref())).collect();
        assert_eq!(
            shown,
            [("no file", 1, None), ("x", 1, None), ("x", 1, None), ("x", 3, Some("/a/")), ("y", 1, None)]
        );
    }

    proptest! {
        #[test]
        fn the_order_of_meeting_does_not_show(
            faults in prop::collection::vec((0..3usize, 0..3usize, 0..3usize, prop::option::of(0..3usize)), 0..12)
                .prop_flat_map(|faults| (Just(faults.clone()), Just(faults).prop_shuffle())),
        ) {
            let make = |parts: &[(usize, usize, usize, Option<usize>)]| arrange(parts.iter().map(|(at, message, page, name)| {
                let mut fault = fault(Code::UnknownField, &format!("m{message}"));
                fault.page = Some(format!("/{page}/"));
                match name {
                    Some(name) => fault.at(&file(&format!("{name}.md")), *at..*at + page),
                    None => fault,
                }
            }).collect());
            prop_assert_eq!(make(&faults.0), make(&faults.1));
        }
    }

    #[test]
    fn of_equal_faults_the_gravest_gives_the_help() {
        let of = |help: &str| fault(Code::UnknownField, "x").at(&file("a.csv"), 0..1).help(help);
        let all = [
            of("a: lowered").lowered(),
            of("b: delete the line"),
            of("c: hide it").binding(),
            of("d: hide it").binding(),
        ];
        for order in [[0, 1, 2, 3], [3, 2, 1, 0], [1, 3, 0, 2]] {
            let arranged = arrange(order.iter().map(|n| all[*n].clone()).collect());
            let [one] = arranged.as_slice() else { panic!("one fault: {arranged:?}") };
            assert_eq!((one.help.as_deref(), one.is_binding, one.count), (Some("c: hide it"), true, 4));
        }
        let two = arrange(all[..2].to_vec());
        assert_eq!(two[0].help.as_deref(), Some("b: delete the line"));
    }

    #[test]
    fn a_site_may_lower_and_raise_but_not_hide_what_leaves_nothing_to_publish() {
        let mut faults = vec![
            fault(Code::UnknownField, "off"),
            fault(Code::UnknownSetting, "fixed"),
            fault(Code::MissingSetting, "untouched"),
        ];
        apply_severities(&mut faults, &[(Code::UnknownField, Severity::Off), (Code::UnknownSetting, Severity::Off)]);
        let left: Vec<_> = faults.iter().map(|f| (f.message.as_str(), f.severity)).collect();
        assert_eq!(left, [("fixed", Severity::Error), ("untouched", Severity::Error)]);

        let mut drafts = vec![fault(Code::UnknownField, "draft").lowered()];
        apply_severities(&mut drafts, &[(Code::UnknownField, Severity::Error)]);
        assert_eq!(drafts[0].severity, Severity::Warning);
    }

    #[test]
    fn a_summary_counts_in_words() {
        let a = fault(Code::UnknownField, "x").at(&file("a.md"), 0..1);
        let b = fault(Code::UnknownField, "x").at(&file("b.md"), 0..1);
        assert_eq!(summary(&[a.clone(), b, a.clone().lowered()]), "2 errors and 1 warning in 2 files");
        assert_eq!(summary(&[fault(Code::UnknownField, "x")]), "1 error");
        assert_eq!(summary(&[]), "no faults");
    }
}
