//! An address as somebody wrote it → the one form in which former addresses are compared.
//!
//! That form has no host or prefix of the site, percent signs decoded where they stand for letters of a path, a query as browsers
//! send it, and the final slash of a page: `https://www.example.org/a%20b` and `/a b/` are the same.

use percent_encoding::{CONTROLS, utf8_percent_encode};

use crate::config::Base;
use crate::path::{Address, composed};

/// The longest name of a file, in bytes, on all common disks.
const LONGEST: usize = 255;

/// A former address: its comparable form, and whether it was written without the final slash of a page.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Former {
    pub(crate) address: Address,
    pub(crate) ending: Ending,
}

/// How a page's address was written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Ending {
    AsItIs,
    WithoutSlash,
}

/// Reads a former address; the message says what is wrong with it.
pub(crate) fn former(text: &str, base: &Base) -> Result<Former, String> {
    let text = text.trim();
    if text.is_empty() {
        return Err("there is no address here".to_owned());
    }
    if let Some(sign) = wildcard(text) {
        return Err(format!("`{sign}` in `{text}` stands for itself here, not for any address"));
    }
    let full = with_scheme(text, base);
    let below = match base.path_of(full.as_deref().unwrap_or(text)) {
        Some(below) => below,
        None if is_full(text) || full.is_some() => {
            return Err(format!("`{text}` is on another site; only this site's addresses can be redirected"));
        }
        None => text.into(),
    };
    if below.contains('#') {
        return Err(format!("browsers do not send what follows `#`: end `{text}` before it"));
    }
    if below.chars().any(char::is_control) {
        return Err("an address cannot contain line breaks or tabs".to_owned());
    }
    let (path, query) = match below.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (&*below, None),
    };
    let path = Address::new(&decoded(path));
    if path.as_str().split('/').any(|part| matches!(part, "." | "..")) {
        return Err(format!("`{text}` goes up with `..`; write the whole address, from the first slash"));
    }
    if let Some(part) = path.as_str().split('/').find(|part| part.len() > LONGEST) {
        let bytes = part.len();
        return Err(format!("a part of this address has {bytes} bytes; disks allow {LONGEST} in a name"));
    }
    if let Some(query) = query {
        // As browsers send it, so that it can be compared with what is asked for.
        let query = utf8_percent_encode(&composed(query), CONTROLS).to_string();
        let address = Address::new(path.as_str()).with_query(&query);
        return Ok(Former { address, ending: Ending::AsItIs });
    }
    let page = path.page();
    let ending =
        if page == path || path.as_str().ends_with("/index.html") { Ending::AsItIs } else { Ending::WithoutSlash };
    Ok(Former { address: page, ending })
}

/// The sign in `text` that stands for any address in another program's notation: `/blog/*`, `/blog/:splat`, `/blog/(.*)`.
pub(super) fn wildcard(text: &str) -> Option<&str> {
    let path = text.split(['?', '#']).next().unwrap_or(text);
    if let Some(sign) = ["(.*)", "(.+)", "(.*?)"].into_iter().find(|sign| path.contains(sign)) {
        return Some(sign);
    }
    let is_name = |part: &str| {
        part.strip_prefix(':').is_some_and(|name| !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphabetic()))
    };
    path.split('/').find(|part| *part == "*" || is_name(part))
}

/// `text` with a scheme, if it begins with a host: the site's own, one that resembles it, or `www.`.
fn with_scheme(text: &str, base: &Base) -> Option<String> {
    let host =
        text.split(['/', '?']).next().filter(|host| host.contains('.') && !text.starts_with('/'))?.to_ascii_lowercase();
    let own = base.origin.split("//").nth(1).unwrap_or_default().to_ascii_lowercase();
    let own = own.strip_prefix("www.").unwrap_or(&own);
    let is_own = !own.is_empty() && host.strip_suffix(own).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    (is_own || host.starts_with("www.")).then(|| format!("https://{text}"))
}

/// Whether `text` names a host.
pub(crate) fn is_full(text: &str) -> bool {
    text.starts_with("//")
        || text.split_once("://").is_some_and(|(scheme, _)| scheme.bytes().all(|b| b.is_ascii_alphabetic()))
}

/// A former address or a target as browsers ask for it, with the site's prefix. Every character of its path belongs to a name.
pub(crate) fn href(base: &Base, address: &str) -> String {
    let (path, rest) = address.split_at(address.find(['?', '#']).unwrap_or(address.len()));
    let mut out = base.file_href(path);
    // A slash within a name was left encoded.
    for (twice, once) in [("%252F", "%2F"), ("%253F", "%3F"), ("%2523", "%23")] {
        if out.contains("%25") {
            out = out.replace(twice, once);
        }
    }
    out.push_str(&base.href(rest)[base.prefix.len()..]);
    out
}

/// `path` with percent signs decoded, except those for a slash, a question mark or a hash.
pub(crate) fn decoded(path: &str) -> String {
    if !path.contains('%') {
        return path.to_owned();
    }
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let [first, after @ ..] = rest {
        let hex = |byte: u8| char::from(byte).to_digit(16);
        let value = match after {
            [high, low, ..] if *first == b'%' => hex(*high).zip(hex(*low)).map(|(high, low)| high * 16 + low),
            _ => None,
        };
        match value
            .and_then(|value| u8::try_from(value).ok())
            .filter(|value| *value > b' ' - 1 && !b"/?#\x7f".contains(value))
        {
            Some(value) => {
                bytes.push(value);
                rest = &after[2..];
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_has_one_form() {
        let base = Base::parse("https://www.example.org/site/").expect("a full address");
        let form = |text: &str| former(text, &base).map(|former| former.address.to_string());
        for text in [
            "/a%20b/é/",
            "a b/%C3%A9",
            "//a b//é/".trim_start_matches('/'),
            "https://www.example.org/site/a%20b/%c3%a9/index.html",
            "http://example.org/site/a b/é",
            "//WWW.example.org/site/a b/é/",
            "/site/a b/é/",
        ] {
            assert_eq!(form(text).as_deref(), Ok("/a b/é/"), "{text}");
        }
        assert_eq!(form("/old.php?id=4&x=%20").as_deref(), Ok("/old.php?id=4&x=%20"));
        assert_eq!(form("/?p=39089").as_deref(), Ok("/?p=39089"));
        for same in ["/x?who=Si\u{e2}n&y=[1]", "/x?who=Sia\u{302}n&y=[1]", "/x?who=Si%C3%A2n&y=[1]"] {
            assert_eq!(form(same).as_deref(), Ok("/x?who=Si%C3%A2n&y=[1]"));
        }
        assert_eq!(form("/a%2Fb.pdf").as_deref(), Ok("/a%2Fb.pdf"), "a slash within a name is no slash");
        assert_eq!(form("/100%.pdf").as_deref(), Ok("/100%.pdf"));
        for same in ["/site/a%20%25/%C3%BC%2Fb.pdf?x=%20#y", "/site/a%20b/"] {
            let address = Address::new(&decoded(same.trim_start_matches("/site")));
            assert_eq!(href(&base, address.as_str()), same);
        }
        for text in [
            "www.example.org/site/a b/",
            "example.org/site/a%20b",
            "http://example.org/site/a%20b/",
            "WWW.example.org/site/a b",
        ] {
            assert_eq!(form(text).as_deref(), Ok("/a b/"), "{text}");
        }
        for text in ["report.pdf", "index.php?p=1", "a.b/c/", "/a*b/", "/x:y/", "/$1/", "/?p=:id"] {
            assert!(form(text).is_ok(), "{text}");
        }
        for text in ["/blog/*", "/*", "/blog/:slug/", "/blog/(.*)", "/*/x/"] {
            assert!(form(text).expect_err(text).contains("stands for itself"), "{text}");
        }
        for text in ["www.other.example/a/", "old.example.org/a/"] {
            assert!(form(text).expect_err(text).contains("is on another site"), "{text}");
        }
        for wrong in ["", " ", "/a/#b", "https://other.example/a/", "https://www.example.org/sites/", "//x/y", "/../a/"]
        {
            assert!(form(wrong).is_err(), "{wrong}");
        }
    }
}
