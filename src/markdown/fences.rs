//! Text → the lines that open and close directives, and a copy of the text in which the parser takes each such line for
//! HTML.
//!
//! A fence line becomes `<?…?>` of the same length, which CommonMark reads as an HTML block of one line that also ends a
//! paragraph. So the file is parsed once as a whole: definitions work across fences, and every offset stays true.
//!
//! Whether a line is a fence, or part of code or a comment, is not guessed here; the parser decides. The reader puts back
//! every line that did not come out as HTML ([`hide`] with fewer fences) and reads again.

use std::ops::Range;

/// A line that may open or close a directive.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Fence {
    /// From the first colon to the last byte that is not blank.
    pub(super) at: Range<usize>,
    /// The text after the colons; empty if the line closes a directive.
    pub(super) rest: Range<usize>,
}

/// The lines of `text` that begin with `:::`, after blanks and the marks of quotations and lists.
pub(super) fn find(text: &str) -> Vec<Fence> {
    let mut fences = Vec::new();
    let mut done = 0;
    while let Some(at) = memchr::memmem::find(&text.as_bytes()[done..], b":::") {
        let at = done + at;
        let start = memchr::memrchr(b'\n', &text.as_bytes()[done..at]).map_or(done, |end| done + end + 1);
        done = memchr::memchr(b'\n', &text.as_bytes()[at..]).map_or(text.len(), |end| at + end + 1);
        let content = text[start..done].trim_end();
        let marks = container_marks(content);
        let colons = content[marks..].bytes().take_while(|byte| *byte == b':').count();
        if colons >= 3 {
            let rest = &content[marks + colons..];
            let rest_start = content.len() - rest.trim_start().len();
            fences.push(Fence {
                at: start + marks..start + content.len(),
                rest: start + rest_start..start + content.len(),
            });
        }
    }
    fences
}

/// How many bytes of a line are blanks, `>` and list markers.
pub(super) fn container_marks(line: &str) -> usize {
    let bytes = line.as_bytes();
    let mut at = 0;
    loop {
        let digits = bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let blank_after = |at: usize| matches!(bytes.get(at), Some(b' ' | b'\t'));
        match bytes.get(at) {
            Some(b' ' | b'\t' | b'>') => at += 1,
            Some(b'-' | b'*' | b'+') if blank_after(at + 1) => at += 2,
            Some(b'0'..=b'9')
                if matches!(bytes.get(at + digits), Some(b'.' | b')')) && blank_after(at + digits + 1) =>
            {
                at += digits + 2;
            }
            _ => return at,
        }
    }
}

/// A copy of `text` of equal length in which the `fences` are HTML.
pub(super) fn hide(text: &str, fences: &[Fence]) -> String {
    let mut copy = String::with_capacity(text.len());
    let mut done = 0;
    for fence in fences {
        copy.push_str(&text[done..fence.at.start]);
        let length = fence.at.len();
        if length == 3 {
            copy.push_str("<?>");
        } else {
            copy.push_str("<?");
            copy.extend(std::iter::repeat_n('-', length - 4));
            copy.push_str("?>");
        }
        done = fence.at.end;
    }
    copy.push_str(&text[done..]);
    copy
}
