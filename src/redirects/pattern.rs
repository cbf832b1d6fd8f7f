//! `/publications/{slug}/` → which addresses it matches, and another pattern filled in with the matched parts.
//!
//! A part in braces stands for one or more characters without a slash: as few as possible.

use crate::path::Address;

/// A pattern of addresses.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Pattern {
    /// The text before the first part in braces, and after each.
    texts: Vec<String>,
    names: Vec<String>,
}

impl Pattern {
    /// Reads a pattern; the message says what is wrong with it.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if !text.starts_with('/') || text.starts_with("//") {
            return Err(format!("`{text}` is not an address of this site: begin it with one slash"));
        }
        let mut pattern = Self { texts: Vec::new(), names: Vec::new() };
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            let Some((name, after)) = after.split_once('}') else {
                return Err(format!("a `}}` is missing in `{text}`"));
            };
            let fits = name.starts_with(|c: char| c.is_ascii_alphabetic())
                && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
            if !fits {
                return Err(format!("`{{{name}}}` needs a name of plain letters, such as `{{slug}}`"));
            }
            if pattern.names.iter().any(|known| known == name) {
                return Err(format!("`{{{name}}}` appears twice in `{text}`"));
            }
            if before.is_empty() && !pattern.names.is_empty() {
                return Err(format!("there must be something between two parts in braces in `{text}`"));
            }
            pattern.texts.push(before.to_owned());
            pattern.names.push(name.to_owned());
            rest = after;
        }
        if pattern.names.is_empty() {
            return Err(format!(
                "`{text}` is a single address: put it in `aliases` or redirects.csv, or use `{{slug}}`"
            ));
        }
        pattern.texts.push(rest.to_owned());
        Ok(pattern)
    }

    /// The names in braces.
    pub(crate) fn names(&self) -> &[String] {
        &self.names
    }

    /// Whether each part in braces is everything between two slashes, or the whole value in a query.
    pub(crate) fn is_of_whole_parts(&self) -> bool {
        let begins = |text: &String| text.ends_with(['/', '=']);
        let ends = |text: &String| text.is_empty() || text.starts_with(['/', '?', '&']);
        let (first, last) = (self.texts.iter().rev().skip(1), self.texts.iter().skip(1));
        first.into_iter().all(begins) && last.into_iter().all(ends)
    }

    /// What each name stands for in `address`; `None` if the pattern does not match.
    pub(crate) fn parts<'a>(&self, address: &'a str) -> Option<Vec<&'a str>> {
        let (first, texts) = self.texts.split_first()?;
        let mut rest = address.strip_prefix(first.as_str())?;
        let mut parts = Vec::with_capacity(self.names.len());
        for (n, text) in texts.iter().enumerate() {
            let end = if n + 1 == texts.len() {
                rest.strip_suffix(text.as_str())?.len()
            } else {
                // A part has at least one character.
                let second = rest.chars().next()?.len_utf8();
                second + rest[second..].find(text.as_str())?
            };
            let part = &rest[..end];
            if part.is_empty() || part.contains(['/', '?', '#']) {
                return None;
            }
            parts.push(part);
            rest = &rest[end + text.len()..];
        }
        Some(parts)
    }

    /// The address with the braces replaced by `parts`, which belong to the names `names`.
    pub(crate) fn filled(&self, names: &[String], parts: &[&str]) -> Address {
        Address::new(&self.written(|name| {
            let at = names.iter().position(|known| known == name);
            at.and_then(|at| parts.get(at)).map_or_else(String::new, |part| (*part).to_owned())
        }))
    }

    /// The pattern with each brace replaced; its texts stay as written.
    pub(crate) fn written(&self, each: impl Fn(&str) -> String) -> String {
        self.with(str::to_owned, each)
    }

    /// The same, with each text changed by `text`.
    pub(crate) fn with(&self, text: impl Fn(&str) -> String, each: impl Fn(&str) -> String) -> String {
        let mut out = String::new();
        for (n, one) in self.texts.iter().enumerate() {
            out.push_str(&text(one));
            if let Some(name) = self.names.get(n) {
                out.push_str(&each(name));
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_takes_apart_what_it_puts_together() {
        let from = Pattern::parse("/blog/{year}-{slug}.html").expect("a pattern");
        let to = Pattern::parse("/news/{slug}/{year}/").expect("a pattern");
        let parts = to.parts("/news/high-street/2019/").expect("it fits");
        assert_eq!(from.filled(to.names(), &parts).as_str(), "/blog/2019-high-street.html");
        for wrong in ["/news/2019/", "/news//2019/", "/news/a/b/2019/", "/news/a/2019", "/other/a/2019/"] {
            assert_eq!(to.parts(wrong), None, "{wrong}");
        }
        assert_eq!(Pattern::parse("/{a}x{b}/").expect("a pattern").parts("/xxx/"), Some(vec!["x", "x"]));
        for wrong in ["/a/", "a/{b}/", "/{a/", "/{a}{b}/", "/{a}/{a}/", "/{}/", "/{1}/"] {
            assert!(Pattern::parse(wrong).is_err(), "{wrong}");
        }
    }
}
