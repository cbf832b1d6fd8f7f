//! Text → text that is safe in HTML: in an element, an attribute or an address.

/// Adds `text` to `out` with `<`, `>`, `&` and `"` escaped: correct between tags and in a quoted attribute.
pub(crate) fn escape(text: &str, out: &mut String) {
    let mut done = 0;
    for (at, byte) in text.bytes().enumerate() {
        if !NEEDS_ESCAPE[usize::from(byte)] {
            continue;
        }
        let entity = match byte {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            _ => "&quot;",
        };
        out.push_str(&text[done..at]);
        out.push_str(entity);
        done = at + 1;
    }
    out.push_str(&text[done..]);
}

const NEEDS_ESCAPE: [bool; 256] = {
    let mut table = [false; 256];
    table[b'&' as usize] = true;
    table[b'<' as usize] = true;
    table[b'>' as usize] = true;
    table[b'"' as usize] = true;
    table
};

/// Adds an address to `out` as the value of a quoted attribute; characters not allowed in an address are percent-encoded.
pub(super) fn escape_address(text: &str, out: &mut String) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let mut done = 0;
    for (at, byte) in text.bytes().enumerate() {
        let fine = matches!(byte,
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'!' | b'#' | b'$' | b'%' | b'(' | b')' | b'*' | b'+' | b','
            | b'-' | b'.' | b'/' | b':' | b';' | b'=' | b'?' | b'@' | b'_' | b'~');
        if fine {
            continue;
        }
        // Within the bytes of one character there is nothing to copy and no place to cut.
        if done < at {
            out.push_str(&text[done..at]);
        }
        match byte {
            b'&' => out.push_str("&amp;"),
            b'\'' => out.push_str("&#x27;"),
            byte => {
                out.push('%');
                out.push(HEX[usize::from(byte >> 4)] as char);
                out.push(HEX[usize::from(byte & 15)] as char);
            }
        }
        done = at + 1;
    }
    out.push_str(&text[done..]);
}

/// Whether a browser could run `address` as a program instead of going there.
///
/// Browsers drop tabs and line ends inside an address and blanks before it, so the comparison ignores them.
pub(super) fn runs_code(address: &str) -> bool {
    let mut seen = String::with_capacity(16);
    for c in address.chars().filter(|c| *c > ' ' && !c.is_control()) {
        if c == ':' {
            return matches!(seen.as_str(), "javascript" | "vbscript" | "data" | "livescript" | "mocha");
        }
        if seen.len() > 12 || !c.is_ascii_alphanumeric() {
            return false;
        }
        seen.push(c.to_ascii_lowercase());
    }
    false
}
