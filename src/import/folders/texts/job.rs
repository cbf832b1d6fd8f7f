//! The translation of one text: what it asks, what it found unknown, what it left out.

use super::Read;
use super::links::relinked;
use super::table::{Meant, Values};
use crate::import::hiding;
use crate::import::losses::Losses;
use crate::import::site::survey::Entry;
use crate::import::site::texts::Links;
use crate::markdown::Options;
use crate::path::SitePath;

/// Begins what stands for something unknown until the whole text is there; no text has this letter.
pub(super) const OPEN: char = '\u{f8f0}';
/// Ends it.
pub(super) const CLOSE: char = '\u{f8f1}';

/// The translation of one text.
pub(super) struct Job<'a> {
    pub(super) read: &'a Read,
    pub(super) entry: &'a Entry,
    pub(super) losses: Losses,
    /// What is kept visible, as written.
    pub(super) unknown: Vec<String>,
    /// How deep texts within texts are.
    pub(super) depth: usize,
    /// In HTML, what was made in Markdown is put aside until the rest is Markdown too.
    aside: Option<Vec<String>>,
}

/// How deeply shortcodes may stand within one another.
pub(super) const DEEPEST: usize = 20;

/// Begins what stands for Markdown that was put aside.
const ASIDE: char = '\u{f8f2}';

impl<'a> Job<'a> {
    /// The translation of the text of `entry`.
    pub(super) fn new(read: &'a Read, entry: &'a Entry, is_html: bool) -> Self {
        Self { read, entry, losses: Losses::default(), unknown: Vec::new(), depth: 0, aside: is_html.then(Vec::new) }
    }

    /// The text with everything that signs stand for.
    pub(super) fn put_back(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, behind)) = rest.split_once(ASIDE) {
            out.push_str(before);
            let Some((number, after)) = behind.split_once(CLOSE) else { break };
            let made = number.parse::<usize>().ok().and_then(|number| self.aside.as_ref()?.get(number));
            out.push_str(made.map_or("", String::as_str));
            rest = after;
        }
        out.push_str(rest);
        shown(&out, &self.unknown)
    }

    /// Writes the links of what was put aside as they are to be here.
    pub(super) fn relink(&mut self, file: &SitePath, links: &dyn Links, options: &Options) {
        let aside = self.aside.take().unwrap_or_default();
        let made = aside.iter().map(|text| relinked(text, file, links, options, self)).collect();
        self.aside = Some(made);
    }

    fn kept(&mut self, made: String) -> String {
        match &mut self.aside {
            Some(aside) if self.depth == 0 => {
                aside.push(made);
                format!("{ASIDE}{}{CLOSE}", aside.len() - 1)
            }
            _ => made,
        }
    }
    /// What the table makes of a shortcode, or a sign for it as it was written.
    pub(super) fn meant(
        &mut self,
        name: &str,
        values: &Values,
        inner: Option<&str>,
        opening: &str,
        closing: &str,
    ) -> String {
        match self.read.meanings.meant(name, values, inner) {
            Meant::Text(text) => {
                self.losses.carried("shortcodes");
                self.kept(text)
            }
            Meant::LeftOut => {
                let words = inner.unwrap_or_default();
                if !words.trim().is_empty() {
                    self.left(&format!("`{name}`"), "the table of shortcodes leaves it out", words);
                }
                String::new()
            }
            Meant::Unknown if self.is_picture(name, values) => {
                let made = self.read.meanings.meant("figure", values, inner);
                self.changed(&format!("the shortcode `{name}`"), "it is taken for a picture, by its name", opening);
                match made {
                    Meant::Text(text) => self.kept(text),
                    Meant::LeftOut | Meant::Unknown => self.visible(opening),
                }
            }
            Meant::Unknown if hides(name) => {
                let how = "its name says that it may keep something from readers: say in `[import.shortcodes]` what it becomes if readers saw it";
                self.left(&format!("the shortcode `{name}`"), how, &format!("{opening} {}", inner.unwrap_or_default()));
                String::new()
            }
            Meant::Unknown => {
                let how = "it is not in the table, so it is shown as it was written: take it out, or say in `[import.shortcodes]` what it becomes";
                self.changed(&format!("the shortcode `{name}`"), how, opening);
                let begin = self.visible(opening);
                match inner {
                    Some(inner) => format!("{begin}{inner}{}", self.visible(closing)),
                    None => begin,
                }
            }
        }
    }

    /// Whether a shortcode that nobody knows shows a picture, as far as its name and its values say.
    fn is_picture(&self, name: &str, values: &Values) -> bool {
        let name = name.to_lowercase();
        let is_named = ["img", "image", "figure", "photo", "picture"].iter().any(|word| name.contains(word));
        let is_file = |value: &String| {
            let ending = value.rsplit('.').next().unwrap_or_default().to_lowercase();
            matches!(ending.as_str(), "png" | "jpg" | "jpeg" | "gif" | "svg" | "webp" | "avif")
        };
        is_named && (values.placed.iter().take(1).any(is_file) || values.named.iter().any(|(_, value)| is_file(value)))
    }

    /// A sign that stands for what is to be shown as it was written.
    pub(super) fn visible(&mut self, written: &str) -> String {
        self.unknown.push(written.to_owned());
        format!("{OPEN}{}{CLOSE}", self.unknown.len() - 1)
    }

    /// What stands so deep that nobody can say what in it was hidden.
    pub(super) fn too_deep(&mut self, inner: &str) -> String {
        self.left("shortcodes within shortcodes, too deep to read", "write what readers need of it", inner);
        String::new()
    }

    pub(super) fn left(&mut self, what: &str, how: &str, words: &str) {
        self.losses.left(what, how, String::new(), words);
    }

    pub(super) fn changed(&mut self, what: &str, how: &str, words: &str) {
        self.losses.changed(what, how, String::new(), words);
    }
}

/// Whether a shortcode may keep something from readers, as far as its name says.
fn hides(name: &str) -> bool {
    hiding::by_name(name.strip_prefix("include ").unwrap_or(name))
}

/// Puts what was written in place of its signs, as it was, where a text is no Markdown.
pub(super) fn as_written(text: &str, unknown: &[String]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once(OPEN) {
        let Some((number, after)) = behind.split_once(CLOSE) else { break };
        out.push_str(before);
        out.push_str(number.parse::<usize>().ok().and_then(|number| unknown.get(number)).map_or("", String::as_str));
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Puts what was written in place of its signs: as code in a text, as words without a link where it was the target of one.
pub(super) fn shown(text: &str, unknown: &[String]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut seen = Seen::default();
    let mut rest = text;
    // Where the next target of a link ends, if it does on its line.
    let mut ends = None;
    while let Some(at) = rest.find(OPEN) {
        let Some(end) = rest[at..].find(CLOSE) else { break };
        let number = rest[at + OPEN.len_utf8()..at + end].parse::<usize>().ok();
        let written = number.and_then(|number| unknown.get(number)).map_or("", String::as_str);
        out.push_str(&rest[..at]);
        seen.look(&out);
        rest = &rest[at + end + CLOSE.len_utf8()..];
        if let Some(target) = seen.target {
            // The target of a link: its words stay.
            let from = text.len() - rest.len();
            let next = match ends {
                Some(next) if next >= from => next,
                _ => rest.find([')', '\n']).map_or(text.len(), |end| from + end),
            };
            ends = Some(next);
            let end = text[next..].starts_with(')').then(|| next - from);
            if let (Some(end), Some(begin)) = (end, opening(&out[..target])) {
                let whole = format!("{}{}", &out[target + 2..], written);
                let tail = rest[..end].split(OPEN).next().unwrap_or_default().to_owned();
                let words = out[begin + 1..target].to_owned();
                let is_picture = out[..begin].ends_with('!');
                out.truncate(if is_picture { begin - 1 } else { begin });
                out.push_str(&words);
                if !words.is_empty() {
                    out.push(' ');
                }
                out.push_str(&code(&format!("{whole}{tail}")));
                (seen.target, seen.looked) = (None, out.len());
                rest = &rest[end + 1..];
                continue;
            }
        }
        match (seen.is_in_tag, seen.is_in_html) {
            // Within a tag of HTML nothing would show it.
            (true, _) => {}
            // In a block of HTML, backticks are no code.
            (false, true) => {
                let line = written.split_whitespace().collect::<Vec<_>>().join(" ");
                out.push_str("<code>");
                crate::markdown::escape(&line, &mut out);
                out.push_str("</code>");
            }
            (false, false) => out.push_str(&code(written)),
        }
        seen.looked = out.len();
    }
    out.push_str(rest);
    out
}

/// What stands around the end of a text, looked at once for each part that is added.
#[derive(Default)]
struct Seen {
    looked: usize,
    /// Where the target of a link has begun that has not ended: at its `](`.
    target: Option<usize>,
    is_in_tag: bool,
    /// Whether the block began with a tag of HTML; whether anything stands in it.
    is_in_html: bool,
    has_words: bool,
    is_after_line: bool,
}

impl Seen {
    fn look(&mut self, text: &str) {
        let bytes = text.as_bytes();
        let begins_tag = |at: usize| bytes.get(at + 1).is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'/');
        for (at, byte) in bytes.iter().enumerate().skip(self.looked) {
            match byte {
                b'\n' => {
                    if self.is_after_line {
                        (self.is_in_html, self.has_words) = (false, false);
                    }
                    self.target = None;
                }
                b'(' if at > 0 && bytes[at - 1] == b']' => self.target = Some(at - 1),
                b')' => self.target = None,
                b'<' => {
                    self.is_in_tag = begins_tag(at);
                    self.is_in_html |= !self.has_words && begins_tag(at);
                }
                b'>' => self.is_in_tag = false,
                _ => {}
            }
            self.is_after_line = *byte == b'\n';
            self.has_words |= !byte.is_ascii_whitespace();
        }
        self.looked = bytes.len();
    }
}

/// Where the bracket opens that the text closes.
fn opening(text: &str) -> Option<usize> {
    let mut depth = 0usize;
    for (at, c) in text.char_indices().rev() {
        match c {
            ']' => depth += 1,
            '[' if depth == 0 => return Some(at),
            '[' => depth -= 1,
            '\n' => return None,
            _ => {}
        }
    }
    None
}

/// Text as code in a line.
fn code(written: &str) -> String {
    let line = written.split_whitespace().collect::<Vec<_>>().join(" ");
    let longest = line.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let gap = if line.starts_with('`') || line.ends_with('`') { " " } else { "" };
    format!("{fence}{gap}{line}{gap}{fence}")
}
