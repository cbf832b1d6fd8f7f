//! A destination as written + the bytes of its link or field → its positions within them.

use std::borrow::Cow;
use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

/// The positions of `what` as a destination within the bytes `span` of `text`.
pub(super) fn places(text: &str, span: &Range<usize>, what: &str) -> Vec<Range<usize>> {
    let Some(within) = text.get(span.clone()).filter(|_| !what.is_empty()) else { return Vec::new() };
    if within == what {
        return vec![span.clone()];
    }
    // A field's value is composed; the file may have it in the other form.
    let what = match what.is_ascii() || within.contains(what) {
        true => Cow::Borrowed(what),
        false => Cow::Owned(what.nfd().collect::<String>()),
    };
    let what = &*what;
    let found: Vec<(Range<usize>, char)> = within
        .match_indices(what)
        .filter_map(|(at, _)| {
            let before = within[..at].chars().next_back().unwrap_or(' ');
            let after = within[at + what.len()..].chars().next().unwrap_or(' ');
            let is_whole = |sign: char| sign.is_whitespace() || "()<>[]\"'=,;|".contains(sign);
            let start = span.start + at;
            (is_whole(before) && is_whole(after)).then_some((start..start + what.len(), before))
        })
        .collect();
    // The text of a link may equal its destination.
    let is_opening = |sign: char| "(<\"'=".contains(sign);
    let best = found.iter().any(|(_, before)| is_opening(*before));
    found.into_iter().filter(|(_, before)| !best || is_opening(*before)).map(|(at, _)| at).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_destination_is_found_and_not_the_words_beside_it() {
        let text = "See ![photo.jpg there](photo.jpg \"photo.jpg\") and [b](<b c.md>) `x.md` [x](x.md#a)";
        let at = |what: &str| places(text, &(0..text.len()), what).into_iter().map(|at| at.start).collect::<Vec<_>>();
        assert_eq!(at("photo.jpg"), [23, 34]);
        assert_eq!(at("b c.md"), [55]);
        assert_eq!(at("x.md#a"), [75]);
        assert_eq!(at("nothing"), [0; 0]);
    }
}
