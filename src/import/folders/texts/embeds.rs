//! Films, frames, scripts and comments of HTML in a text → links, or nothing; with a note of what was left out.

use super::job::Job;

/// Elements that no page of this site shows, and what becomes of them.
const ELEMENTS: &[&str] = &["iframe", "video", "audio", "object", "embed", "script", "style", "form", "noscript"];

/// Puts links in place of films and frames, and takes scripts and styles out; code stays as it is.
pub(super) fn translated(text: &str, job: &mut Job<'_>) -> String {
    if !text.contains('<') {
        return text.to_owned();
    }
    let lower = text.to_ascii_lowercase();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    let mut fence: Option<&str> = None;
    let mut line_start = 0;
    while line_start < text.len() {
        let line_end = text[line_start..].find('\n').map_or(text.len(), |end| line_start + end + 1);
        let bare = text[line_start..line_end].trim_start();
        let mark = ["```", "~~~"].into_iter().find(|mark| bare.starts_with(mark));
        match (fence, mark) {
            (None, Some(mark)) => fence = Some(mark),
            (Some(open), Some(mark)) if open == mark => fence = None,
            _ => {}
        }
        if fence.is_none() && mark.is_none() && line_start >= at {
            let mut from = line_start;
            while let Some(open) = lower[from..line_end].find('<').map(|open| from + open) {
                from = open + 1;
                if text[line_start..open].matches('`').count() % 2 == 1 {
                    continue;
                }
                let Some((name, end)) = element(&lower, open) else { continue };
                out.push_str(&text[at..open]);
                out.push_str(&instead(name, &text[open..end], job));
                at = end;
                if end >= line_end {
                    break;
                }
                from = end;
            }
        }
        line_start = line_end.max(if at > line_end { after_line(text, at) } else { 0 });
    }
    out.push_str(&text[at..]);
    out
}

fn after_line(text: &str, at: usize) -> usize {
    text[at..].find('\n').map_or(text.len(), |end| at + end + 1)
}

/// The element that begins here, and where it ends.
fn element(lower: &str, open: usize) -> Option<(&'static str, usize)> {
    let rest = &lower[open + 1..];
    let name = ELEMENTS
        .iter()
        .find(|name| rest.strip_prefix(**name).is_some_and(|rest| rest.starts_with([' ', '>', '/', '\n', '\t'])))?;
    let tag_end = open + lower[open..].find('>')? + 1;
    let close = format!("</{name}");
    let is_alone = *name == "embed" || lower[open..tag_end].ends_with("/>");
    let end = match lower[tag_end..].find(&close).filter(|_| !is_alone) {
        Some(at) => tag_end + at + lower[tag_end + at..].find('>')? + 1,
        None => tag_end,
    };
    Some((name, end))
}

/// What stands for an element.
fn instead(name: &str, written: &str, job: &mut Job<'_>) -> String {
    let source = ["src", "data"].iter().find_map(|attribute| value(written, attribute));
    match (name, source) {
        ("script" | "style" | "noscript", _) => {
            job.left("scripts and styles in texts", "no page of this site runs them", written);
            String::new()
        }
        ("form", _) => {
            job.left("forms", "no page of this site has one: link to where readers can write", written);
            String::new()
        }
        (_, Some(source)) => {
            let title = value(written, "title").or_else(|| value(written, "aria-label"));
            let words = title.unwrap_or_else(|| match name {
                "video" => "Watch the film".to_owned(),
                "audio" => "Listen".to_owned(),
                _ if source.contains("youtu") => "Watch on YouTube".to_owned(),
                _ if source.contains("vimeo") => "Watch on Vimeo".to_owned(),
                _ => "Look at it".to_owned(),
            });
            let words: String = words.chars().filter(|c| !matches!(c, '[' | ']' | '\n' | '*' | '_')).collect();
            let to = page_of(&source);
            job.changed("films and frames", "a link leads to each", &source);
            let to = if to.contains([' ', '(', ')']) { format!("<{to}>") } else { to };
            format!("[{words}]({to})")
        }
        (_, None) => {
            job.left("films and frames without an address", "there is nothing to link to", written);
            String::new()
        }
    }
}

/// The page at which a film can be watched whose frame is at `source`.
fn page_of(source: &str) -> String {
    let source = source.replace("&amp;", "&");
    let source = if source.starts_with("//") { format!("https:{source}") } else { source };
    for (frame, page) in [
        ("youtube.com/embed/", "https://www.youtube.com/watch?v="),
        ("youtube-nocookie.com/embed/", "https://www.youtube.com/watch?v="),
        ("player.vimeo.com/video/", "https://vimeo.com/"),
    ] {
        if let Some((_, rest)) = source.split_once(frame) {
            let end = rest.find(['?', '&', '/', '#']).unwrap_or(rest.len());
            if end > 0 && &rest[..end] != "videoseries" {
                return format!("{page}{}", &rest[..end]);
            }
        }
    }
    source
}

/// The value of an attribute, of the element or of one inside.
fn value(written: &str, attribute: &str) -> Option<String> {
    let lower = written.to_ascii_lowercase();
    let mut from = 0;
    while let Some(at) = lower[from..].find(attribute).map(|at| from + at) {
        from = at + attribute.len();
        if !lower[..at].ends_with(|c: char| c.is_whitespace() || c == '"' || c == '\'') {
            continue;
        }
        let rest = written[from..].trim_start();
        let Some(rest) = rest.strip_prefix('=').map(str::trim_start) else { continue };
        let found = match rest.chars().next() {
            Some(mark @ ('"' | '\'')) => rest[1..].split(mark).next(),
            _ => rest.split(|c: char| c.is_whitespace() || c == '>').next(),
        };
        return found.map(str::trim).filter(|found| !found.is_empty()).map(str::to_owned);
    }
    None
}
