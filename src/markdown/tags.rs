//! HTML → the tags in it that have more attributes than its tokeniser can read.
//!
//! For each attribute in double quotation marks the tokeniser calls itself once more, so thousands of them in one tag would
//! end the program. No author writes so many; a tag that has them is left out before the tokeniser sees it.
//!
//! Not here: which attributes are allowed (`raw`).

use std::ops::Range;

/// How many attributes a tag may have: a fifth of what a thread's stack holds.
const MOST: usize = 500;

/// Elements whose content has no tags.
const WITHOUT_TAGS: &[&str] = &["script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"];

/// The first tag in `html` that has too many attributes. Fast if, as almost always, there are too few quotation marks for one.
pub(crate) fn overlong(html: &str) -> Option<Range<usize>> {
    let bytes = html.as_bytes();
    if bytes.len() < MOST * 4 || memchr::memchr_iter(b'"', bytes).count() <= MOST * 2 {
        return None;
    }
    let mut at = 0;
    while let Some(start) = memchr::memchr(b'<', &bytes[at..]).map(|found| at + found) {
        let rest = &bytes[start + 1..];
        if rest.starts_with(b"!--") {
            at = comment_end(bytes, start + 2);
        } else if rest.first().is_some_and(|byte| matches!(byte, b'!' | b'?')) {
            at = memchr::memchr(b'>', rest).map_or(bytes.len(), |end| start + 1 + end);
        } else if rest.strip_prefix(b"/").unwrap_or(rest).first().is_some_and(u8::is_ascii_alphabetic) {
            let (end, attributes) = tag_end(bytes, start);
            if attributes > MOST {
                return Some(start..end);
            }
            at = end;
            let name = rest.split(|byte| !byte.is_ascii_alphanumeric()).next().unwrap_or_default();
            if WITHOUT_TAGS.iter().any(|known| name.eq_ignore_ascii_case(known.as_bytes())) {
                at = content_end(bytes, end, name);
            }
        } else {
            at = start + 1;
        }
    }
    None
}

/// Where a comment whose dashes begin at `at` ends.
fn comment_end(bytes: &[u8], mut at: usize) -> usize {
    while let Some(found) = memchr::memchr(b'>', &bytes[at..]).map(|found| at + found) {
        if bytes[..found].ends_with(b"--") || bytes[..found].ends_with(b"--!") {
            return found + 1;
        }
        at = found + 1;
    }
    bytes.len()
}

/// Where the content of the element `name` ends, which begins at `at`.
fn content_end(bytes: &[u8], mut at: usize, name: &[u8]) -> usize {
    while let Some(found) = memchr::memmem::find(&bytes[at..], b"</").map(|found| at + found) {
        if bytes[found + 2..].get(..name.len()).is_some_and(|end| end.eq_ignore_ascii_case(name)) {
            return found;
        }
        at = found + 2;
    }
    bytes.len()
}

/// Where the tag that begins at `start` ends, and how many attributes it has; the rules are those of browsers.
fn tag_end(bytes: &[u8], start: usize) -> (usize, usize) {
    let skip = |at: usize, fine: fn(&u8) -> bool| {
        at + bytes[at..].iter().position(|byte| !fine(byte)).unwrap_or(bytes.len() - at)
    };
    let blank: fn(&u8) -> bool = |byte| byte.is_ascii_whitespace();
    let in_name: fn(&u8) -> bool = |byte| !byte.is_ascii_whitespace() && !matches!(byte, b'/' | b'>');
    let mut at = skip((start + 2).min(bytes.len()), in_name);
    let mut attributes = 0;
    loop {
        at = skip(at, |byte| byte.is_ascii_whitespace() || *byte == b'/');
        match bytes.get(at) {
            None => return (at, attributes),
            Some(b'>') => return (at + 1, attributes),
            Some(_) => attributes += 1,
        }
        at = skip(at + 1, |byte| !byte.is_ascii_whitespace() && !matches!(byte, b'/' | b'>' | b'='));
        let sign = skip(at, blank);
        if bytes.get(sign) != Some(&b'=') {
            continue;
        }
        let value = skip(sign + 1, blank);
        at = match bytes.get(value) {
            Some(quote @ (b'"' | b'\'')) => {
                let inside = &bytes[value + 1..];
                memchr::memchr(*quote, inside).map_or(bytes.len(), |end| value + end + 2)
            }
            _ => skip(value, |byte| !byte.is_ascii_whitespace() && *byte != b'>'),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_with_thousands_of_attributes_is_found_wherever_it_is() {
        let attributes = |count: usize| (0..count).map(|n| format!(" a{n}=\">\"")).collect::<String>();
        let (few, many) = (attributes(500), attributes(501));
        for before in ["", "<!-->", "<!-- a --!>", "<p a='<b'>", "<script>a<b</script>", "<?a>", "</a>", "a < b"] {
            assert_eq!(overlong(&format!("{before}<b{few}>c")), None, "{before}");
            let found = before.len()..before.len() + 3 + many.len();
            assert_eq!(overlong(&format!("{before}<b{many}>c")), Some(found), "{before}");
        }
        for inside in ["<!-- ", "<script>", "<title>", "<p a='", "<!x "] {
            let many = many.replace('>', "x");
            assert_eq!(overlong(&format!("{inside}<b{many}")), None, "{inside}");
        }
    }
}
