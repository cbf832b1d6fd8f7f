//! The links and pictures of a text → where they lead here; everything else stays byte for byte.

use std::collections::BTreeMap;
use std::ops::Range;

use super::job::Job;
use crate::import::site::texts::{Links, Target};
use crate::markdown::{self, Doc, Image, Options};
use crate::path::SitePath;

/// Writes links and pictures as they are to be here.
pub(super) fn relinked(text: &str, file: &SitePath, links: &dyn Links, options: &Options, job: &mut Job<'_>) -> String {
    let doc = markdown::read(file, text, 0, options).value;
    let mut edits: BTreeMap<(usize, usize), String> = BTreeMap::new();
    for link in &doc.links {
        if let Some(target) = job.read.target(&link.to, job.entry, links) {
            edit(text, &link.span, &link.to, target, &mut edits, job, false);
        }
    }
    for image in &doc.images {
        if image.to.starts_with("data:") {
            let how = "nothing shows them here: save each as a file beside the page, and show that";
            job.changed(
                "pictures that are written in the text itself",
                how,
                &format!("{} {}", image.alt, image.to.chars().take(40).collect::<String>()),
            );
            continue;
        }
        let to = job.read.target(&image.to, job.entry, links);
        let is_gone = matches!(to, Some(Target::Nowhere(_)));
        if let Some(target) = to {
            edit(text, &image.span, &image.to, target, &mut edits, job, true);
        }
        if is_gone {
            continue;
        }
        if image.alt.trim().is_empty() && !image.decorative {
            let address = job.read.address(&image.to, job.entry);
            match address.as_deref().and_then(|address| links.alt(address)) {
                Some(alt) => described(text, &image.span, alt, &mut edits),
                None => decorative(text, image, &mut edits, job),
            }
        }
    }
    applied(text, edits)
}

/// Moves the headings of a text down by one if it has some of the first level, which is that of the title; a heading at its top that
/// only repeats the title goes.
pub(super) fn below_title(text: &str, title: &str, file: &SitePath, options: &Options, job: &mut Job<'_>) -> String {
    let starts = |line: &str| line.starts_with("# ") || line.starts_with("#\t");
    if !text.lines().any(|line| starts(line.trim_start())) && !text.contains("\n==") {
        return text.to_owned();
    }
    let doc = markdown::read(file, text, 0, options).value;
    let mut edits: BTreeMap<(usize, usize), String> = BTreeMap::new();
    let same = |a: &str, b: &str| crate::path::slug(a) == crate::path::slug(b);
    let first = doc.outline.first().filter(|heading| heading.level == 1 && same(&heading.text, title));
    let first =
        first.filter(|heading| text[..heading.span.start].trim().is_empty()).map(|heading| heading.span.clone());
    if let Some(span) = &first {
        let end = span.end + text[span.end..].len() - text[span.end..].trim_start_matches(['\n', '\r']).len();
        edits.insert((0, end), String::new());
        job.changed("a heading that repeats the title", "it is left out, as the title stands above the text", title);
    }
    let rest = |doc: &Doc| {
        doc.outline
            .iter()
            .filter(|heading| first.as_ref() != Some(&heading.span))
            .map(|heading| (heading.level, heading.span.clone()))
            .collect::<Vec<_>>()
    };
    let rest = rest(&doc);
    if rest.iter().any(|(level, _)| *level == 1) {
        for (level, span) in &rest {
            let written = text.get(span.clone()).unwrap_or_default();
            if written.trim_start().starts_with('#') {
                let at = span.start + written.len() - written.trim_start().len();
                if *level < 6 {
                    edits.insert((at, at), "#".to_owned());
                }
            } else if let Some(end) = underlined(text, span.start) {
                let words = text[span.start..end].lines().next().unwrap_or_default().trim();
                edits.insert((span.start, end), format!("{} {words}", "#".repeat(usize::from(level + 1))));
            }
        }
        job.changed(
            "headings of the first level",
            "all headings of the text are one level lower, as the title is the first",
            title,
        );
    }
    applied(text, edits)
}

/// Where a heading of one line ends that is marked by the line below it.
fn underlined(text: &str, start: usize) -> Option<usize> {
    let (words, rest) = text[start..].split_once('\n')?;
    let line = rest.lines().next()?.trim_end();
    let bare = line.trim();
    let is_line = !bare.is_empty() && (bare.bytes().all(|b| b == b'=') || bare.bytes().all(|b| b == b'-'));
    is_line.then_some(start + words.len() + 1 + line.len())
}

fn applied(text: &str, edits: BTreeMap<(usize, usize), String>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for ((start, end), new) in edits {
        if start < at || !text.is_char_boundary(start) || !text.is_char_boundary(end) {
            continue;
        }
        out.push_str(&text[at..start]);
        out.push_str(&new);
        at = end;
    }
    out.push_str(&text[at..]);
    out
}

/// How long the attributes are with which a text begins, those of the link before it; without the link they would be words.
fn attributes(rest: &str) -> usize {
    let inside = rest.strip_prefix('{').and_then(|rest| rest.split_once('}')).map(|(inside, _)| inside);
    let is_meant = |inside: &&str| {
        !inside.contains(['\n', '{'])
            && (inside.starts_with(['.', '#', ':']) || inside.contains('=') || *inside == "decorative")
    };
    inside.filter(is_meant).map_or(0, |inside| inside.len() + 2)
}

/// Notes the change of one link.
fn edit(
    text: &str,
    span: &Range<usize>,
    to: &str,
    target: Target,
    edits: &mut BTreeMap<(usize, usize), String>,
    job: &mut Job<'_>,
    is_picture: bool,
) {
    let Some(written) = text.get(span.clone()) else { return };
    let place = destination(written, to).map(|place| span.start + place.start..span.start + place.end);
    match target {
        Target::To(new) if new == to => {}
        Target::To(new) => {
            let Some(place) = place else {
                job.changed("links that could not be written anew", "they are as they were: look where they lead", to);
                return;
            };
            let is_bare = text[..place.start].ends_with('(') || text[..place.start].trim_end().ends_with("]:");
            let new = match is_bare && new.contains([' ', '(', ')']) {
                true => format!("<{new}>"),
                false => new,
            };
            edits.insert((place.start, place.end), new);
        }
        Target::Nowhere(why) => {
            let what = if is_picture { "pictures that are not there" } else { "links that lead nowhere" };
            job.changed(what, &format!("their words stay: {why}"), to);
            if let Some((whole, words)) = place.and_then(|place| whole(text, &place)) {
                let end = whole.end + attributes(&text[whole.end..]);
                edits.insert((whole.start, end), words);
            }
        }
    }
}

/// Where the destination stands in a link as written.
fn destination(written: &str, to: &str) -> Option<Range<usize>> {
    let begins = written.starts_with(['[', '<', '!']);
    if !begins || written == to {
        return Some(0..written.len());
    }
    let last = written.rfind(to).filter(|_| !to.is_empty())?;
    Some(last..last + to.len())
}

/// The whole link around a destination, and its words.
fn whole(text: &str, place: &Range<usize>) -> Option<(Range<usize>, String)> {
    let before = text[..place.start].trim_end_matches(['<', ' ']);
    if let Some(head) = before.strip_suffix("](") {
        let (mut depth, mut begin) = (0usize, None);
        for (at, c) in head.char_indices().rev() {
            match c {
                ']' => depth += 1,
                '[' if depth == 0 => {
                    begin = Some(at);
                    break;
                }
                '[' => depth -= 1,
                _ => {}
            }
        }
        let begin = begin?;
        let behind = &text[place.end..];
        let end = place.end + behind.find(')')? + 1;
        let start = if text[..begin].ends_with('!') { begin - 1 } else { begin };
        return Some((start..end, head[begin + 1..].to_owned()));
    }
    // A tag of HTML: without its address it links nowhere.
    let open = before.rfind('<')?;
    let inside = &before[open..];
    let quote = inside.chars().next_back().filter(|c| matches!(c, '"' | '\''))?;
    let name = inside.trim_end_matches(quote).trim_end_matches(['=', ' ']);
    let attribute = name.rfind(char::is_whitespace)?;
    let end = place.end + text[place.end..].find(quote)? + 1;
    Some((open + attribute..end, String::new()))
}

/// Marks a picture without words as decorative, as it was there.
fn decorative(text: &str, image: &Image, edits: &mut BTreeMap<(usize, usize), String>, job: &mut Job<'_>) {
    let Some(written) = text.get(image.span.clone()) else { return };
    let place =
        destination(written, &image.to).map(|place| image.span.start + place.start..image.span.start + place.end);
    let Some(place) = place else { return };
    let before = text[..place.start].trim_end_matches(['<', ' ']);
    let at = if before.ends_with("](") {
        text[place.end..].find(')').map(|end| (place.end + end + 1, "{decorative}".to_owned()))
    } else if let Some(open) = before.rfind("<img").filter(|open| !before[*open..].contains('>')) {
        let tag = text[open..].find('>').map_or("", |end| &text[open..open + end]);
        (!tag.contains("alt=")).then(|| (open + 4, " alt=\"\"".to_owned()))
    } else {
        None
    };
    if let Some((at, mark)) = at {
        edits.insert((at, at), mark);
        let how = "they are marked as decorative, as they were there: if one tells readers something, write what between the square brackets";
        job.changed("pictures without words", how, &image.to);
    }
}

/// Gives a picture the words that are noted beside its file.
fn described(text: &str, span: &Range<usize>, alt: &str, edits: &mut BTreeMap<(usize, usize), String>) {
    let start = match text.get(span.clone()) {
        Some(written) if written.starts_with("![](") => span.start,
        _ => match text[..span.start].trim_end_matches('<').strip_suffix("![](") {
            Some(before) => before.len(),
            None => return,
        },
    };
    let alt: String = alt.chars().filter(|c| !matches!(c, '[' | ']' | '\n')).collect();
    edits.insert((start + 2, start + 2), alt);
}
