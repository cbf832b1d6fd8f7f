//! `_headers`, as it was built → what is sent with a file. The form is that of Netlify and Cloudflare Pages.
//!
//! An object store keeps only what belongs to a file itself: its type, how long it may be kept, its language. The other headers
//! are the business of what stands before the store (`docs/content/hosting.md`).

use super::target::About;
use crate::policy::media_type;

/// The rules of a site.
#[derive(Default)]
pub(crate) struct Rules {
    rules: Vec<Rule>,
}

/// A pattern of paths, and for each header, by its name in small letters, its value; none takes it away.
type Rule = (String, Vec<(String, Option<String>)>);

/// How pages are kept where no rule says: a copy may be used once the server has said that it is still the same.
const ASK_AGAIN: &str = "no-cache";

impl Rules {
    /// The rules in the text of a file `_headers`; lines that are none are passed over, as hosts do.
    pub(crate) fn read(text: &str) -> Self {
        let mut rules: Vec<Rule> = Vec::new();
        for line in text.lines().filter(|line| !line.trim_start().starts_with('#')) {
            if line.starts_with([' ', '\t']) {
                let Some((_, headers)) = rules.last_mut() else { continue };
                match line.trim().strip_prefix('!') {
                    Some(name) => headers.push((name.trim().to_ascii_lowercase(), None)),
                    None => headers.extend(
                        line.trim()
                            .split_once(':')
                            .map(|(name, value)| (name.trim().to_ascii_lowercase(), Some(value.trim().to_owned()))),
                    ),
                }
            } else if !line.trim().is_empty() {
                let pattern = line.trim();
                // A rule for a whole address is one for its path.
                let path =
                    pattern.split_once("://").map_or(pattern, |(_, rest)| rest.find('/').map_or("/", |at| &rest[at..]));
                rules.push((path.to_owned(), Vec::new()));
            }
        }
        Self { rules }
    }

    /// What is sent with the file at `path`, below a site whose addresses begin with `base` (`/` or `/site/`).
    pub(crate) fn about(&self, path: &str, base: &str) -> About {
        let whole = format!("{base}{path}");
        let address = whole.strip_suffix("index.html").filter(|rest| rest.ends_with('/')).unwrap_or(&whole);
        let encoded = percent_encoding::percent_decode_str(address).decode_utf8_lossy().into_owned();
        let mut about = About { media_type: media_type(path), caching: Some(ASK_AGAIN.to_owned()), ..About::default() };
        let applies = |pattern: &str| {
            let pattern = percent_encoding::percent_decode_str(pattern).decode_utf8_lossy();
            is_like(&pattern, &encoded) || is_like(&pattern, &whole)
        };
        for (name, value) in self.rules.iter().filter(|(pattern, _)| applies(pattern)).flat_map(|(_, headers)| headers)
        {
            match name.as_str() {
                "cache-control" => about.caching.clone_from(value),
                "content-disposition" => about.disposition.clone_from(value),
                "content-language" => about.language.clone_from(value),
                "content-type" => about.media_type = value.clone().unwrap_or_else(|| media_type(path)),
                _ => {}
            }
        }
        about
    }
}

/// Whether a path is like a pattern, in which `*` stands for anything and `:name` for anything but a slash.
fn is_like(pattern: &str, path: &str) -> bool {
    let Some(first) = pattern.chars().next() else { return path.is_empty() };
    match first {
        '*' => {
            let rest = &pattern[1..];
            // In these rules a star stands at the end.
            rest.is_empty() || path.char_indices().any(|(at, _)| is_like(rest, &path[at..]))
        }
        ':' if pattern[1..].starts_with(|c: char| c.is_ascii_alphabetic()) => {
            let rest = pattern[1..].trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_');
            let end = path.find('/').unwrap_or(path.len());
            end > 0 && is_like(rest, &path[end..])
        }
        _ => path.strip_prefix(first).is_some_and(|path| is_like(&pattern[first.len_utf8()..], path)),
    }
}

/// Whether a file is one that browsers ask for and that packing makes smaller. Feeds, calendars and citations stay as they
/// are: not every program that reads them can unpack.
pub(crate) fn is_packed(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, ending)| ["html", "css", "js", "mjs", "svg"].contains(&ending))
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: &str = "# ours\n/*\n  X-Content-Type-Options: nosniff\n/assets/*\n  Cache-Control: public, max-age=9\n\
        /a/:b/c.pdf\n  Content-Disposition: attachment\n/assets/own.css\n  ! Cache-Control\n\
        https://x.org/docs/*\n  Content-Language: cy\n/with%20blank/\n  Cache-Control: no-store\n";

    #[test]
    fn what_a_rule_says_is_sent_with_what_it_is_for() {
        let rules = Rules::read(RULES);
        let about = |path: &str| rules.about(path, "/");
        assert_eq!(about("assets/x.css").caching.as_deref(), Some("public, max-age=9"));
        assert_eq!(about("assets/own.css").caching, None);
        assert_eq!(about("index.html").caching.as_deref(), Some("no-cache"));
        assert_eq!(about("with blank/index.html").caching.as_deref(), Some("no-store"));
        assert_eq!(about("docs/a/index.html").language.as_deref(), Some("cy"));
        assert_eq!(about("a/x/c.pdf").disposition.as_deref(), Some("attachment"));
        assert_eq!(about("a/x/y/c.pdf").disposition, None);
        assert_eq!(rules.about("x.css", "/assets/").caching.as_deref(), Some("public, max-age=9"));
    }
}
