//! A value as PHP stores it (`a:1:{s:4:"file";s:5:"a.jpg";}`) → a lenient value.

use crate::import::site::survey::Value;

/// How deep arrays may be nested.
const DEEPEST: usize = 20;

/// Reads a stored value; `None` if it is not one. Objects are read as groups.
pub(super) fn stored(text: &str) -> Option<Value> {
    let text = text.trim();
    let begins = text.len() > 3
        && matches!(text.as_bytes()[0], b'a' | b'O' | b's' | b'i' | b'b' | b'd')
        && text.as_bytes()[1] == b':';
    if !begins {
        return None;
    }
    let (value, rest) = value(text.as_bytes(), 0)?;
    rest.is_empty().then_some(value)
}

fn until(text: &[u8], sign: u8) -> Option<(&str, &[u8])> {
    let at = memchr::memchr(sign, text)?;
    Some((std::str::from_utf8(&text[..at]).ok()?, &text[at + 1..]))
}

fn value(text: &[u8], depth: usize) -> Option<(Value, &[u8])> {
    if depth > DEEPEST {
        return None;
    }
    match text {
        [b'N', b';', rest @ ..] => Some((Value::Nothing, rest)),
        [b'i' | b'd', b':', rest @ ..] => {
            let (number, rest) = until(rest, b';')?;
            Some((Value::Number(number.to_owned()), rest))
        }
        [b'b', b':', rest @ ..] => {
            let (flag, rest) = until(rest, b';')?;
            Some((Value::Bool(flag == "1"), rest))
        }
        [b's', b':', rest @ ..] => {
            let (words, rest) = string(rest)?;
            Some((Value::Text(words), rest.strip_prefix(b";")?))
        }
        [b'a', b':', rest @ ..] => array(rest, depth),
        [b'O', b':', rest @ ..] => {
            let (_, rest) = string(rest)?;
            array(rest.strip_prefix(b":")?, depth)
        }
        _ => None,
    }
}

/// `5:"words"`. Exports whose line ends were changed state other lengths than they have: then it ends at the next `";`.
fn string(text: &[u8]) -> Option<(String, &[u8])> {
    let (length, rest) = until(text, b':')?;
    let rest = rest.strip_prefix(b"\"")?;
    let length: usize = length.parse().ok()?;
    let end = match rest.get(length) {
        Some(b'"') => length,
        _ => memchr::memmem::find(rest, b"\";")?,
    };
    Some((String::from_utf8_lossy(&rest[..end]).into_owned(), &rest[end + 1..]))
}

fn array(text: &[u8], depth: usize) -> Option<(Value, &[u8])> {
    let (count, rest) = until(text, b':')?;
    let count: usize = count.parse().ok()?;
    let mut rest = rest.strip_prefix(b"{")?;
    let mut pairs: Vec<(String, Value)> = Vec::new();
    for _ in 0..count {
        let (key, after) = value(rest, depth + 1)?;
        let (one, after) = value(after, depth + 1)?;
        let key = match key {
            Value::Text(key) | Value::Number(key) => key,
            _ => return None,
        };
        pairs.push((key, one));
        rest = after;
    }
    let rest = rest.strip_prefix(b"}")?;
    let is_list = pairs.iter().enumerate().all(|(nth, (key, _))| *key == nth.to_string());
    let value =
        if is_list { Value::List(pairs.into_iter().map(|(_, one)| one).collect()) } else { Value::Group(pairs) };
    Some((value, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stored_values_are_read() {
        let text = |words: &str| Value::Text(words.to_owned());
        let picture = Some(Value::Group(vec![
            ("file".to_owned(), text("é.jpg")),
            ("n".to_owned(), Value::List(vec![Value::Number("5".to_owned()), Value::Bool(true)])),
        ]));
        let written = "a:2:{s:4:\"file\";s:6:\"é.jpg\";s:1:\"n\";a:2:{i:0;i:5;i:1;b:1;}}";
        assert_eq!(stored(written), picture);
        assert_eq!(stored(&written.replace("s:6:", "s:9:")), picture, "line ends were changed since");
        assert_eq!(stored("a:2:{i:0;s:1:\"a\";i:1;s:3:\"b;c\";}"), Some(Value::List(vec![text("a"), text("b;c")])));
        assert_eq!(stored("a:1:{s:1:\"k\";N;}"), Some(Value::Group(vec![("k".to_owned(), Value::Nothing)])));
        assert_eq!(stored("a note: with colons"), None);
        assert_eq!(stored("a:99999999999:{"), None);
    }
}
