//! A fault + what was meant → the edit that corrects it, if there is only one answer.
//!
//! A fix is certain or is not offered. It never changes who may see a page: a fault in a field that decides that comes
//! without a fix (`schema::secrecy`). Not here: writing the change, and the proof that nothing hidden becomes public
//! (`fixes`).

use super::{Diagnostic, Span};

/// One stretch of a source file, and the text to put there.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Splice {
    /// The bytes to remove; empty for an insertion.
    pub span: Span,
    /// The text that replaces them.
    pub text: String,
}

/// The correction of a fault.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Fix {
    /// What it does, in a few words: "write `authors`".
    pub label: String,
    /// The changes; they are made together or not at all.
    pub splices: Vec<Splice>,
}

impl Diagnostic {
    /// The same fault with a fix: `text` replaces the bytes of `span`.
    pub(crate) fn fixed_by(mut self, label: impl Into<String>, span: Span, text: impl Into<String>) -> Self {
        self.fix = Some(Fix { label: label.into(), splices: vec![Splice { span, text: text.into() }] });
        self
    }

    /// The same fault with a fix: the bare word `meant` replaces all that it underlines, such as a key of TOML or the name
    /// of a block. No fix if `meant` is not a bare word.
    pub(crate) fn meant(self, meant: &str) -> Self {
        let is_bare = !meant.is_empty() && meant.chars().all(|c| c.is_ascii_alphanumeric() || "_-".contains(c));
        match self.span.clone().filter(|span| is_bare && !span.whole_file()) {
            Some(span) => self.fixed_by(format!("write `{meant}`"), span, meant),
            None => self,
        }
    }

    /// The same fault with a fix: `meant`, in quotation marks, replaces the TOML value that it underlines. No fix if that
    /// would need more than quotation marks.
    pub(crate) fn meant_value(self, meant: &str) -> Self {
        match self.span.clone().filter(|span| is_plain(meant) && !span.whole_file()) {
            Some(span) => self.fixed_by(format!("write `{meant}`"), span, format!("\"{meant}\"")),
            None => self,
        }
    }

    /// The same fault with a fix: `meant` replaces `written`, which is within what it underlines in the whole `text` of its
    /// file. No fix unless `written` is there exactly once, or if `meant` would need quotation marks.
    pub(crate) fn meant_for(self, text: &str, written: &str, meant: &str) -> Self {
        let Some(span) = self.span.clone().filter(|_| !written.is_empty() && is_plain(meant)) else { return self };
        let Some(within) = text.get(span.start..span.end) else { return self };
        let mut places = within.match_indices(written).map(|(at, _)| at);
        let (Some(at), None) = (places.next(), places.next()) else { return self };
        let start = span.start + at;
        let place = Span::new(&span.file, start..start + written.len());
        self.fixed_by(format!("write `{meant}`"), place, meant)
    }
}

/// Whether a text can be put between any quotation marks, or none, unchanged.
fn is_plain(text: &str) -> bool {
    !text.is_empty() && text.trim() == text && !text.contains(|c: char| c.is_control() || "\"'`\\<>()[]{}".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Code;
    use crate::path::SitePath;

    fn fault(range: std::ops::Range<usize>) -> Diagnostic {
        Diagnostic::new(Code::UnknownField, "x").at(&SitePath::new("a.md").expect("inside"), range)
    }

    #[test]
    fn only_what_is_certain_is_offered() {
        let text = "kind = \"reprot\" # reprot reprot";
        let place = |fault: Diagnostic| fault.fix.map(|fix| (fix.splices[0].span.start, fix.splices[0].text.clone()));
        assert_eq!(place(fault(7..15).meant_for(text, "reprot", "report")), Some((8, "report".to_owned())));
        assert_eq!(place(fault(7..31).meant_for(text, "reprot", "report")), None, "it is there three times");
        assert_eq!(place(fault(7..15).meant_for(text, "reprot", "a \"report\"")), None, "it would need other marks");
        assert_eq!(place(fault(7..99).meant_for(text, "reprot", "report")), None, "no such place");
        assert_eq!(place(fault(0..4).meant("kinds")), Some((0, "kinds".to_owned())));
        assert_eq!(place(fault(0..4).meant("two words")), None);
        assert_eq!(place(fault(7..15).meant_value("report")), Some((7, "\"report\"".to_owned())));
        assert_eq!(place(fault(0..0).meant("kinds")), None, "a file as a whole");
    }
}
