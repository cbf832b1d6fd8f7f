//! A field without Markdown, such as a title → what in it is Markdown, HTML or damaged, and what it should be.

use super::letters;

/// How far from where a mark begins its end is looked for, so that no field takes longer than its length.
const FAR: usize = 600;

/// What is wrong with the text of a field.
pub(crate) struct Finding {
    /// Whether its letters are damaged, rather than that it has marks.
    pub(crate) is_damaged: bool,
    pub(crate) message: String,
    /// The field without it; empty if nobody knows.
    pub(crate) meant: String,
}

/// What is wrong with `text`, a field of plain text.
pub(crate) fn look(text: &str) -> Option<Finding> {
    let is_address = !text.contains(char::is_whitespace) && text.contains('/');
    // What looks like a comment may hide something, which is another fault.
    if is_address || text.contains("<!") {
        return None;
    }
    let mut damaged = Vec::new();
    letters::in_text(text, &mut damaged);
    if let Some(first) = damaged.first() {
        let certain = damaged.iter().all(|one| one.meant.is_some());
        let mut meant = String::new();
        let mut done = 0;
        for one in damaged.iter().filter(|_| certain) {
            meant.push_str(&text[done..one.at.start]);
            meant.push_str(one.meant.as_deref().unwrap_or_default());
            done = one.at.end;
        }
        meant.push_str(if certain { &text[done..] } else { "" });
        return Some(Finding { is_damaged: true, message: first.message.clone(), meant });
    }
    // Almost every field has none of these.
    if !text.contains(['&', '<', '*', '_', '`', '[', '#', '~', '^', '$', '\\', '\n']) {
        return None;
    }
    let (meant, what) = plain(text);
    what.map(|what| Finding {
        is_damaged: false,
        message: format!("{what} is shown as it is written: this field is plain text"),
        meant,
    })
}

/// `text` without marks, and the first of them.
fn plain(text: &str) -> (String, Option<String>) {
    let mut first = None;
    let mut out = entities(text, &mut first);
    out = tags(&out, &mut first);
    out = links(&out, &mut first);
    for (mark, begins) in
        [("**", true), ("__", true), ("`", false), ("*", true), ("_", true), ("~~", true), ("$", true)]
    {
        out = pairs(&out, mark, begins, &mut first);
    }
    out = shifted(&out, &mut first);
    if let Some(words) = out.trim_start().strip_prefix('#') {
        let words = words.trim_start_matches('#');
        if words.starts_with(' ') && words.len() < out.len() {
            note(&mut first, "`#`");
            out = words.trim().to_owned();
        }
    }
    if out.contains("\\&") || out.contains("\\*") || out.contains("\\[") || out.contains("\\_") || out.contains("\\#") {
        note(&mut first, "a backslash");
        out = out
            .replace("\\&", "&")
            .replace("\\*", "*")
            .replace("\\[", "[")
            .replace("\\]", "]")
            .replace("\\_", "_")
            .replace("\\#", "#");
    }
    (out, first)
}

fn note(first: &mut Option<String>, what: &str) {
    first.get_or_insert_with(|| what.to_owned());
}

/// Without entities: `&#8217;`, `&amp;`.
fn entities(text: &str, first: &mut Option<String>) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.bytes().take(12).position(|byte| byte == b';');
        match end.and_then(|end| Some((end, entity(&rest[1..end])?))) {
            Some((end, c)) => {
                note(first, &format!("`{}`", &rest[..=end]));
                out.push_str(&c);
                rest = &rest[end + 1..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out + rest
}

/// What an entity stands for.
fn entity(name: &str) -> Option<String> {
    if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'#') {
        return None;
    }
    let decoded = String::from_utf8(
        html5gum::Tokenizer::new(&format!("&{name};"))
            .filter_map(|token| match token {
                Ok(html5gum::Token::String(text)) => Some(text.value.to_vec()),
                _ => None,
            })
            .flatten()
            .collect(),
    )
    .ok()?;
    (!decoded.starts_with('&') || name == "amp").then(|| decoded.replace('\u{a0}', " "))
}

/// Without tags that HTML has.
fn tags(text: &str, first: &mut Option<String>) -> String {
    const TAGS: &[&str] = &[
        "em", "strong", "i", "b", "u", "p", "br", "span", "sup", "sub", "a", "div", "cite", "small", "q", "ul", "ol",
        "li", "h1", "h2", "h3", "font", "mark", "s", "del",
    ];
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.bytes().take(FAR).position(|byte| byte == b'>');
        let inside = end.map(|end| (end, rest[1..end].trim_start_matches('/')));
        let tag = inside.filter(|(_, inside)| {
            let name = inside.split([' ', '/']).next().unwrap_or("").to_ascii_lowercase();
            // “<font>” is about the tag.
            TAGS.contains(&name.as_str()) && !out.ends_with(['“', '"', '`', '\'', '‘'])
        });
        match tag {
            Some((end, inside)) => {
                note(first, &format!("`{}`", &rest[..=end]));
                if inside.starts_with("br") || rest.starts_with("</p") || rest.starts_with("<li") {
                    out.push(' ');
                }
                rest = &rest[end + 1..];
            }
            None => {
                out.push('<');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    if first.is_some() { out.split_whitespace().collect::<Vec<_>>().join(" ") } else { out }
}

/// Without `[^1]` and `[words](address)`.
fn links(text: &str, first: &mut Option<String>) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('[') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let Some(end) = rest.find(']') else { break };
        let (words, after) = (&rest[1..end], &rest[end + 1..]);
        if let Some(label) = words.strip_prefix('^').filter(|label| !label.is_empty() && !label.contains(' ')) {
            note(first, &format!("`[^{label}]`"));
            rest = after;
        } else if let Some((target, _)) =
            after[..after.floor_char_boundary(FAR)].strip_prefix('(').and_then(|after| after.split_once(')'))
            && super::is_address(target)
        {
            note(first, &format!("`[{words}]({target})`"));
            if out.ends_with('!') {
                out.pop();
            }
            out.push_str(words);
            rest = &after[target.len() + 2..];
        } else {
            out.push_str(&rest[..=end]);
            rest = after;
        }
    }
    out + rest
}

/// Without pairs of a mark. `words`: it must stand before and after words, as `*` does in `*this*` and not in `5 * 3`.
fn pairs(text: &str, mark: &str, words: bool, first: &mut Option<String>) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(mark) {
        let before = rest[..at].chars().next_back().or_else(|| out.chars().next_back());
        let inside = &rest[at + mark.len()..];
        let near = &inside[..inside.floor_char_boundary(FAR)];
        let letter = near.find(char::is_alphabetic).unwrap_or(usize::MAX);
        let close = near.match_indices(mark).map(|(close, _)| close).find(|close| {
            let content = &inside[..*close];
            let after = inside[close + mark.len()..].chars().next();
            !content.is_empty()
                && !content.starts_with(char::is_whitespace)
                && !content.ends_with(char::is_whitespace)
                && letter < *close
                && (!words || after.is_none_or(|c| !c.is_alphanumeric()))
        });
        let open = !words || before.is_none_or(|c| !c.is_alphanumeric() && c != '\\');
        let money = |close: usize| mark == "$" && !inside[..close].contains(['^', '\\', '_', '=']);
        match close.filter(|close| open && !money(*close)) {
            Some(close) => {
                note(first, &format!("`{mark}{}{mark}`", &inside[..close]));
                out.push_str(&rest[..at]);
                out.push_str(&inside[..close]);
                rest = &inside[close + mark.len()..];
            }
            None => {
                out.push_str(&rest[..at + mark.len()]);
                rest = inside;
            }
        }
    }
    out + rest
}

/// `CO~2~` and `km^2^` with the signs that there are for small digits.
fn shifted(text: &str, first: &mut Option<String>) -> String {
    const LOW: &str = "₀₁₂₃₄₅₆₇₈₉";
    const HIGH: &str = "⁰¹²³⁴⁵⁶⁷⁸⁹";
    let mut out = text.to_owned();
    for (mark, digits) in [('~', LOW), ('^', HIGH)] {
        let mut made = String::with_capacity(out.len());
        let mut rest = out.as_str();
        while let Some(open) = rest.find(mark) {
            made.push_str(&rest[..open]);
            let tail = &rest[open + 1..];
            let end = tail.bytes().take(3).position(|byte| byte == mark as u8).unwrap_or(0);
            if end > 0 && tail[..end].bytes().all(|byte| byte.is_ascii_digit()) && made.ends_with(char::is_alphabetic) {
                note(first, &format!("`{mark}{}`", &tail[..=end]));
                made.extend(tail[..end].bytes().filter_map(|byte| digits.chars().nth(usize::from(byte - b'0'))));
                rest = &tail[end + 1..];
            } else {
                made.push(mark);
                rest = tail;
            }
        }
        made.push_str(rest);
        out = made;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_have_no_marks() {
        let meant = [
            ("It&#8217;s ours", "It’s ours"),
            ("*Pride* and prejudice", "Pride and prejudice"),
            ("Wealth[^1]", "Wealth"),
            ("Research &amp; development", "Research & development"),
            ("A&nbsp;page", "A page"),
            ("The <em>best</em> page", "The best page"),
            ("The best<br>page", "The best page"),
            ("**Bold** page", "Bold page"),
            ("A _slanted_ page", "A slanted page"),
            ("See [us](/about/)", "See us"),
            ("**Bold** and `code` and [a link](/about/)", "Bold and code and a link"),
            ("<p>A summary from WordPress.</p>", "A summary from WordPress."),
            ("Half of the shops.<sup>1</sup> CO<sub>2</sub>", "Half of the shops.1 CO2"),
            ("## A page", "A page"),
            ("CO~2~ and km^2^ of H2O", "CO₂ and km² of H2O"),
            ("A page \\& more \\* \\[x\\]", "A page & more * [x]"),
            ("The sum $x^2$", "The sum x^2"),
            ("Itâ€™s ours", "It’s ours"),
            ("Nach\u{ad}bar\u{ad}schaft", "Nachbarschaft"),
        ];
        for (text, meant) in meant {
            assert_eq!(look(text).map(|found| found.meant).as_deref(), Some(meant), "{text}");
        }
        let fine = [
            "AT&T and R&D: A* pupils, <18s, snake_case, [Draft] 5 * 3 * 2",
            "A page – “quoted” — it’s",
            "1. A page",
            "Plan 2025_final_ and f*ck *",
            "Wealth¹ and poverty [1]",
            "The $5 and $10 page",
            "\"A page\"",
            "C# and F#; #LevellingUp",
            "/a/_b_/",
            "An element such as “<em>”",
            "C++ & C; x < y > z",
            "Rock & roll; A&B;",
        ];
        for text in fine {
            assert!(look(text).is_none(), "{text}: {}", look(text).map(|found| found.message).unwrap_or_default());
        }
    }
}
