//! Signs that only Jekyll's kramdown or Hugo's goldmark read → what this program reads: attributes, tables of contents, comments.

use super::job::Job;

/// Takes attributes and orders to the program out of a text; a heading keeps its anchor.
pub(super) fn translated(text: &str, job: &mut Job<'_>) -> String {
    let has_any = text.contains("{:") || text.contains("\n{.") || text.contains("\n{#") || text.starts_with("{.");
    if !has_any {
        return text.to_owned();
    }
    let mut out: Vec<String> = Vec::new();
    let (mut fence, mut hidden): (Option<String>, bool) = (None, false);
    let mut removed = 0;
    for line in text.split_inclusive('\n') {
        let bare = line.trim();
        if hidden {
            hidden = !bare.contains("{:/");
            continue;
        }
        match &fence {
            Some(open) => {
                if bare.starts_with(open.as_str()) && bare.chars().all(|c| open.contains(c)) {
                    fence = None;
                }
                out.push(line.to_owned());
                continue;
            }
            None if bare.starts_with("```") || bare.starts_with("~~~") => {
                let mark = &bare[..3];
                let length = bare.len() - bare.trim_start_matches(&mark[..1]).len();
                fence = Some(mark[..1].repeat(length));
                out.push(line.to_owned());
                continue;
            }
            None => {}
        }
        if bare.starts_with("{::comment") {
            hidden = !bare.contains("{:/");
            removed += 1;
            continue;
        }
        if bare.starts_with("{::") || bare.starts_with("{:/") {
            removed += 1;
            continue;
        }
        let is_attributes = bare.ends_with('}') && bare.matches('}').count() == 1;
        let is_goldmark = bare.starts_with("{.") || bare.starts_with("{#") && !bare.contains("#}");
        if is_attributes && (bare.starts_with("{:") || is_goldmark) {
            removed += 1;
            let last = out.last_mut();
            if bare.contains("toc") && last.as_ref().is_some_and(|last| last.trim().len() < 20 && is_item(last)) {
                out.pop();
            } else if let (Some(id), Some(last)) =
                (anchor(bare), last.filter(|last| last.trim_start().starts_with('#')))
            {
                let end = last.trim_end().len();
                last.insert_str(end, &format!(" {{#{id}}}"));
            }
            continue;
        }
        match line.contains("{:") {
            true => out.push(inline(line, &mut removed)),
            false => out.push(line.to_owned()),
        }
    }
    if removed > 0 {
        job.changed("attributes for the look of a part (`{: … }`)", "they are left out", "");
    }
    out.concat()
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
fn inline(line: &str, removed: &mut usize) -> String {
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
            *removed += 1;
            match anchor(inside).filter(|_| is_heading) {
                Some(id) => out.push_str(&format!("{{#{id}}}")),
                None => out.truncate(out.trim_end_matches(' ').len().max(out.rfind('\n').map_or(0, |at| at + 1))),
            }
        } else {
            out.push_str(inside);
        }
        rest = &rest[at + end + 1..];
    }
    out.push_str(rest);
    out
}
