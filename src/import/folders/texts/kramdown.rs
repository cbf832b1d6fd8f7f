//! Signs that only Jekyll's kramdown or Hugo's goldmark read → what this program reads: attributes, tables of contents, comments.

use std::collections::BTreeMap;

use super::job::Job;
use super::{embeds, outside};
use crate::import::html::hidden::Rules;

/// Takes comments, attributes and orders to the program out of a text, and what attributes hide; a heading keeps its anchor.
pub(super) fn translated(text: &str, job: &mut Job<'_>) -> String {
    let begins = |mark: &str| text.starts_with(mark) || text.contains(&format!("\n{mark}"));
    let has_any = text.contains("{:") || begins("{") || begins("*[") || text.contains('#') && text.contains('}');
    if !has_any {
        return text.to_owned();
    }
    let text = without_orders(text, job);
    let rules = embeds::rules(&text.to_ascii_lowercase(), &text);
    let named = named(&text);
    let mut parts = Parts::default();
    // Attributes in code are code.
    let mut braces =
        std::iter::successors(outside::next(&text, 0, b'{'), |at| outside::next(&text, at + 1, b'{')).peekable();
    let (mut at, mut fence_end) = (0, 0);
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        if start >= fence_end {
            fence_end = outside::after_fence(&text, start).unwrap_or(fence_end);
        }
        if start < fence_end {
            parts.push_code(line);
            continue;
        }
        while braces.next_if(|brace| *brace < start).is_some() {}
        let is_code = braces.peek().is_none_or(|brace| *brace >= at);
        let bare = line.trim();
        let is_attributes = !is_code && bare.ends_with('}') && bare.matches('}').count() == 1;
        let is_goldmark = is_list(bare);
        if bare.starts_with("*[") && bare.contains("]:") {
            job.left("abbreviations (`*[…]: …`)", "write what they stand for where a word comes first", bare);
            continue;
        }
        if is_attributes && definition(bare).is_some() {
            parts.removed += 1;
            continue;
        }
        if is_attributes && (bare.starts_with("{:") || is_goldmark) {
            parts.attributes(bare, &named, &rules);
            continue;
        }
        // `## Words {.class}`
        if let Some(at) = bare.rfind(" {").filter(|at| !is_code && bare.starts_with('#') && is_list(&bare[at + 1..]))
            && hides(&bare[at + 1..], &named, &rules)
        {
            parts.push(line.to_owned());
            parts.hide();
            continue;
        }
        let line = match !is_code && line.contains("{:") {
            true => inline(line, &named, &rules, &mut parts),
            false => line.to_owned(),
        };
        parts.push(line);
    }
    if parts.is_unseen {
        parts.hide();
    }
    if parts.removed > 0 {
        job.changed("attributes for the look of a part (`{: … }`)", "they are left out", "");
    }
    for words in &parts.hidden {
        job.left("what a browser did not show", "its attributes (`{: … }`) hide it: copy what readers need", words);
    }
    parts.out.concat()
}

/// A text without comments, and without other orders to the program: their words stay.
fn without_orders(text: &str, job: &mut Job<'_>) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut at, mut from) = (0, 0);
    let last = text.rfind('}').unwrap_or(0);
    while let Some(open) = outside::next(text, from, b'{').filter(|open| *open < last) {
        from = open + 1;
        let rest = &text[open..];
        if !rest.starts_with("{::") && !rest.starts_with("{:/") {
            continue;
        }
        let Some(close) = rest.find(['}', '\n']).filter(|close| rest[*close..].starts_with('}')) else { continue };
        let order = &rest[..=close];
        out.push_str(&text[at..open]);
        let mut end = open + order.len();
        if order.starts_with("{::comment") && !order.ends_with("/}") {
            end = comment_end(text, end);
            job.left("comments", "nobody saw them there either", &text[open..end]);
        }
        // A line of nothing else goes with it.
        let is_line = out.is_empty() || out.ends_with('\n');
        if is_line && text[end..].starts_with('\n') {
            end += 1;
        }
        (at, from) = (end, end);
    }
    out.push_str(&text[at..]);
    out
}

/// Where a comment ends whose words begin at `from`: with the text, if nothing ends it.
fn comment_end(text: &str, from: usize) -> usize {
    let mut ends = memchr::memmem::find_iter(&text.as_bytes()[from..], "{:/").map(|at| from + at);
    let behind = |at: usize| {
        let mark = ["{:/comment}", "{:/}"].into_iter().find(|mark| text[at..].starts_with(mark))?;
        Some(at + mark.len())
    };
    ends.find_map(behind).unwrap_or(text.len())
}

/// Whether a text is a list of attributes, as Hugo's goldmark reads it: `{.class #id key="value"}`.
fn is_list(text: &str) -> bool {
    let Some(inside) = text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) else { return false };
    let is_name =
        |name: &str| !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | ':'));
    let first = inside.split_whitespace().next().unwrap_or_default();
    match first.chars().next() {
        Some('.') => true,
        Some('#') => !text.contains("#}"),
        _ => first.split_once('=').is_some_and(|(name, _)| is_name(name)),
    }
}

/// Attributes by their names.
type Named = BTreeMap<String, String>;

/// Attributes that have a name, by which parts may ask for them: `{:name: .class}`.
fn named(text: &str) -> Named {
    let mut named = Named::new();
    for (name, more) in text.lines().filter_map(definition) {
        let all = named.entry(name.to_owned()).or_default();
        all.push(' ');
        all.push_str(more);
    }
    named
}

/// The name and the attributes of a line that only states them.
fn definition(line: &str) -> Option<(&str, &str)> {
    let (name, more) = line.trim().strip_prefix("{:")?.strip_suffix('}')?.split_once(':')?;
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
    is_name.then_some((name, more))
}

/// The parts of a text as they are written.
#[derive(Default)]
struct Parts {
    out: Vec<String>,
    /// The line with which the last part begins.
    begins: usize,
    /// Whether the part goes on.
    is_open: bool,
    /// Whether attributes before it hide the last part, and the one to come.
    is_unseen: bool,
    hides_next: bool,
    removed: usize,
    hidden: Vec<String>,
}

impl Parts {
    fn push(&mut self, line: String) {
        let is_blank = line.trim().is_empty();
        if !self.is_open && !is_blank {
            let goes_on = |line: &str| line.starts_with([' ', '\t']) || is_item(line);
            // A list with blank lines between its items is one part.
            let is_one = goes_on(&line) && self.out.get(self.begins).is_some_and(|first| goes_on(first));
            if !is_one {
                if self.is_unseen {
                    self.hide();
                }
                self.is_unseen = std::mem::take(&mut self.hides_next);
                self.begins = self.out.len();
            }
        }
        self.is_open = !is_blank;
        self.out.push(line);
    }

    /// A line of code, which a blank one does not end.
    fn push_code(&mut self, line: &str) {
        if !self.is_open {
            // The mark of a fence begins a part as any other words do.
            self.push("x".to_owned());
            self.out.pop();
        }
        self.is_open = true;
        self.out.push(line.to_owned());
    }

    /// Attributes on a line of their own: those of the part above, or of the one below if a blank line is above.
    fn attributes(&mut self, written: &str, named: &Named, rules: &Rules) {
        self.removed += 1;
        let hides = hides(written, named, rules);
        match (hides, self.is_open) {
            (true, true) => self.hide(),
            (true, false) => self.hides_next = true,
            (false, _) => {}
        }
        let last = self.out.last_mut();
        if written.contains("toc") && last.as_ref().is_some_and(|last| last.trim().len() < 20 && is_item(last)) {
            self.out.pop();
        } else if let (Some(id), Some(last)) = (anchor(written), last.filter(|last| last.trim_start().starts_with('#')))
        {
            let end = last.trim_end().len();
            last.insert_str(end, &format!(" {{#{id}}}"));
        }
    }

    fn hide(&mut self) {
        let hidden = self.out.split_off(self.begins.min(self.out.len())).concat();
        self.hidden.push(hidden);
        (self.is_open, self.is_unseen) = (false, false);
    }
}

/// Whether what has these attributes is not shown.
fn hides(written: &str, named: &Named, rules: &Rules) -> bool {
    let inside = written.trim().trim_start_matches('{').trim_start_matches(':').trim_end_matches('}');
    let mut all = inside.to_owned();
    for word in inside.split_whitespace() {
        if let Some(more) = named.get(word) {
            all.push_str(more);
        }
    }
    let classes: Vec<&str> = all.split_whitespace().filter_map(|word| word.strip_prefix('.')).collect();
    embeds::is_unseen(&format!("<p class=\"{}\" {all}>", classes.join(" ").replace('"', "")), rules)
}

fn is_item(line: &str) -> bool {
    let bare = line.trim();
    bare.starts_with(['*', '-', '+']) || bare.split('.').next().is_some_and(|number| number.parse::<u32>().is_ok())
}

/// The anchor that attributes state.
fn anchor(attributes: &str) -> Option<&str> {
    let at = attributes.find('#')?;
    let rest = &attributes[at + 1..];
    let end = rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_'))).unwrap_or(rest.len());
    (end > 0).then(|| &rest[..end])
}

/// A line without the attributes behind its links, pictures and marks; a heading keeps its anchor.
fn inline(line: &str, named: &Named, rules: &Rules, parts: &mut Parts) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    let is_heading = line.trim_start().starts_with('#');
    while let Some(at) = rest.find("{:") {
        let Some(end) = rest[at..].find('}') else { break };
        let inside = &rest[at..=at + end];
        let begins = inside[2..].trim_start().chars().next();
        let is_attributes = begins.is_some_and(|c| matches!(c, '.' | '#') || c.is_ascii_alphabetic())
            && rest[..at].trim_end_matches(' ').ends_with([')', '*', '_', '`', ']', '>', '"'])
            || is_heading
            || rest[..at].trim().is_empty() && begins.is_some_and(|c| matches!(c, '.' | '#'));
        out.push_str(&rest[..at]);
        if is_attributes {
            parts.removed += 1;
            match anchor(inside).filter(|_| is_heading) {
                Some(id) => out.push_str(&format!("{{#{id}}}")),
                None => out.truncate(out.trim_end_matches(' ').len().max(out.rfind('\n').map_or(0, |at| at + 1))),
            }
            if hides(inside, named, rules) {
                // What exactly has these attributes may begin on a line before: the part so far has them.
                if parts.is_open {
                    parts.hide();
                }
                parts.hidden.push(std::mem::take(&mut out));
            }
        } else {
            out.push_str(inside);
        }
        rest = &rest[at + end + 1..];
    }
    out.push_str(rest);
    out
}
