//! The headings of a text → the anchors that they had there, and those that they have here.

use crate::markdown::{self, Options};
use crate::path::SitePath;

/// How a program makes anchors of headings.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Manner {
    /// Letters, digits, `-` and `_` stay, each blank is a hyphen: GitHub's, and Hugo's.
    Github,
    /// The same, but nothing before the first letter: kramdown's.
    Kramdown,
}

/// The anchors of a text that differ, before and here.
pub(super) fn moved(text: &str, manner: Manner, options: &Options) -> Vec<(String, String)> {
    if !text.contains('#') && !text.contains("---") && !text.contains("===") {
        return Vec::new();
    }
    let doc = markdown::read(&SitePath::root(), text, 0, options).value;
    let mut seen: Vec<String> = Vec::new();
    let mut found = Vec::new();
    for heading in &doc.outline {
        let written = text.get(heading.span.clone()).unwrap_or_default();
        if written.contains("{#") {
            continue;
        }
        let bare = anchor(&heading.text, manner);
        let times = seen.iter().filter(|known| **known == bare).count();
        seen.push(bare.clone());
        let before = if times == 0 { bare } else { format!("{bare}-{times}") };
        if before != heading.id {
            found.push((before, heading.id.clone()));
        }
    }
    found
}

/// The anchor of a heading with these words.
fn anchor(words: &str, manner: Manner) -> String {
    let words = match manner {
        Manner::Github => words.trim(),
        Manner::Kramdown => words.trim_start_matches(|c: char| !c.is_alphabetic()),
    };
    let lower = words.to_lowercase();
    let mut out = String::with_capacity(lower.len());
    for c in lower.chars() {
        match c {
            ' ' => out.push('-'),
            '-' | '_' => out.push(c),
            // Quotation marks that were set are signs there, too.
            c if c.is_alphanumeric() || unicode_normalization::char::is_combining_mark(c) => out.push(c),
            _ => {}
        }
    }
    if out.is_empty() { "section".to_owned() } else { out }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::HtmlPolicy;

    #[test]
    fn anchors_are_those_of_the_programs() {
        let options = Options { extensions: true, smart_punctuation: false, html: HtmlPolicy::Sanitise };
        let text = "## One & two\n\n## What's *new*?\n\n## 3 – Three\n\n## Plain\n\n## Own {#mine}\n\n## One & two\n";
        let pairs = |manner| moved(text, manner, &options);
        let of = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(
            pairs(Manner::Github),
            [
                of("one--two", "one-two"),
                of("whats-new", "what-s-new"),
                of("3--three", "3-three"),
                of("one--two-1", "one-two-2")
            ]
        );
        assert!(pairs(Manner::Kramdown).contains(&of("three", "3-three")));
    }
}
