//! The markup of other programs, shown as text: shortcodes, LaTeX, reStructuredText, chat programs.

use super::{Block, CODE, Text, Within, shown};
use crate::diagnostic::Code;

/// What somebody does about it.
const TAKE_OUT: &str =
    "write it in Markdown, or take it out; for the signs themselves, write a backslash before the first";

fn found(text: &mut Text<'_>, at: std::ops::Range<usize>, whose: &'static str, help: impl Into<String>) {
    let what = shown(&text.original[at.clone()]);
    text.say(whose, Code::ForeignMarkup, at, format!("`{what}` {whose}, and is shown as text"), help);
}

/// `[name …="…"]`, `[/name]` and the like; `length` is that of the brackets with what is in them.
pub(super) fn brackets(text: &mut Text<'_>, block: &Block, at: usize, length: usize, inside: &str) {
    let range = at..at + length;
    let rest = text.from(block, at);
    if let Some(name) = inside.strip_prefix('/') {
        // A word in brackets after a slash, but no address.
        if is_name(name)
            && name.len() < 30
            && (rest[..length].contains('_') || text.begins(name) || SHORTCODES.contains(&name))
        {
            found(text, range, "is a shortcode of another program", TAKE_OUT);
        }
        return;
    }
    let (name, more) = inside.split_once([' ', '=']).unwrap_or((inside, ""));
    let has_values = is_name(name)
        && name.len() < 40
        && (more.contains("=\"") || more.contains("='") || more.starts_with("http") || inside.contains("=\""));
    let has_end = is_name(name) && text.ends(name);
    let table = matches!(inside, "TOC" | "toc" | "_TOC_") && text.before(block, at).trim_matches(['[', ' ']).is_empty();
    if has_values || has_end || table || SHORTCODES.contains(&inside) && inside != "download" {
        found(text, range, "is a shortcode of another program", TAKE_OUT);
    } else if citation(inside) {
        found(
            text,
            range,
            "is a reference of another program",
            "write it as a note: `[^1]` here, and `[^1]: …` on a line of its own",
        );
    } else if matches!(inside.chars().next(), Some('!'))
        && text.before(block, at).trim_matches(['\0', ' ']).is_empty()
        && text.original[..at].ends_with(|c| c != '\\')
        && block.quoted
    {
        let kind = &inside[1..];
        if kind.bytes().all(|byte| byte.is_ascii_alphabetic()) && kind.len() > 2 {
            let known =
                matches!(kind.to_ascii_uppercase().as_str(), "NOTE" | "TIP" | "IMPORTANT" | "WARNING" | "CAUTION");
            let help = if known {
                format!("write the words after `[!{kind}]` on a line of their own: `> …`")
            } else {
                "write `> [!NOTE]` (or `TIP`, `IMPORTANT`, `WARNING`, `CAUTION`), and the words on the next line"
                    .to_owned()
            };
            text.say("alert", Code::ForeignMarkup, range, format!("`[!{}]` is shown as text", shown(kind)), help);
        }
    }
}

/// `[[toc]]`.
pub(super) fn contents(text: &mut Text<'_>, at: std::ops::Range<usize>) {
    found(text, at, "is a shortcode of another program", "take it out: the theme makes the table of contents");
}

/// Shortcodes that need neither values nor an end.
const SHORTCODES: &[&str] = &[
    "gallery",
    "caption",
    "embed",
    "contact-form",
    "audio",
    "video",
    "playlist",
    "footnote",
    "vc_row",
    "vc_column",
    "more",
];

fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'-'))
}

/// `@smith2020; @jones2019, p. 3`, as Pandoc and R Markdown write it.
fn citation(inside: &str) -> bool {
    inside.split(';').all(|part| {
        let key = part.trim().trim_start_matches('-');
        key.strip_prefix('@').is_some_and(|key| {
            let key = key.split([',', ' ']).next().unwrap_or("");
            key.bytes().filter(u8::is_ascii_digit).count() == 4 && key.starts_with(char::is_alphabetic)
        })
    })
}

/// Braces: `{{ … }}` is the page's to report; `{info}` is Confluence's, `{name}` before code Sphinx's.
pub(super) fn macros(text: &mut Text<'_>, block: &Block, at: usize, length: usize, inside: &str, after: &str) {
    const CONFLUENCE: &[&str] =
        &["info", "note", "warning", "tip", "panel", "quote", "expand", "toc", "code", "noformat"];
    const SPHINX: &[&str] =
        &["ref", "doc", "term", "numref", "cite", "eq", "download", "abbr", "math", "func", "class"];
    let name = inside.split(':').next().unwrap_or("");
    let ends = CONFLUENCE.contains(&name) && text.from(block, at + length).contains(&text.seen[at..at + length]);
    if ends || SPHINX.contains(&inside) && after.bytes().next() == Some(CODE) {
        found(text, at..at + length, "is the markup of another program", TAKE_OUT);
    }
}

/// A backslash: LaTeX.
pub(super) fn backslash(text: &mut Text<'_>, block: &Block, at: usize) {
    const COMMANDS: &[&str] = &[
        "newpage",
        "pagebreak",
        "clearpage",
        "begin",
        "end",
        "section",
        "subsection",
        "textbf",
        "textit",
        "emph",
        "cite",
        "citep",
        "citet",
        "ref",
        "label",
        "footnote",
        "includegraphics",
        "item",
        "noindent",
        "vspace",
        "hspace",
        "maketitle",
        "tableofcontents",
    ];
    let rest = text.from(block, at);
    let name: &str = &rest[1..];
    let name = &name[..name.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(name.len())];
    let after = &rest[1 + name.len()..];
    let before = text.before(block, at);
    if COMMANDS.contains(&name) {
        let alone =
            after.lines().next().unwrap_or("").trim().is_empty() && before.trim_matches(['\0', ' ', '\n']).is_empty();
        let end = after.strip_prefix('{').and_then(|inside| inside.find('}')).map(|end| end + 2);
        if !alone && end.is_none() || before.ends_with([':', '\\', '/']) {
            return;
        }
        let length = 1 + name.len() + end.unwrap_or(0);
        let help = if matches!(name, "begin" | "end") {
            "a formula stands between `$$` and `$$`; anything else, write in Markdown"
        } else {
            TAKE_OUT
        };
        found(text, at..at + length, "is LaTeX", help);
        return;
    }
    for (open, close, sign) in [("\\(", "\\)", "$"), ("\\[", "\\]", "$$")] {
        let Some(inside) = rest.strip_prefix(open) else { continue };
        let Some(end) = inside.find(close).filter(|end| *end < 1_000) else { continue };
        let tex = &inside[..end];
        let commands = tex.as_bytes().windows(2).any(|pair| pair[0] == b'\\' && pair[1].is_ascii_alphabetic());
        if commands || tex.contains(['^', '=']) && !tex.contains(['"', '`']) {
            let range = at..at + 4 + end;
            let tex = text.original[at + 2..at + 2 + end].trim().to_owned();
            text.correct(
                Code::ForeignMarkup,
                range,
                format!("a formula between `{open}` and `{close}` is shown as text"),
                &format!("{sign}{tex}{sign}"),
            );
            return;
        }
    }
}

/// A `<` that begins no HTML.
pub(super) fn angle(text: &mut Text<'_>, block: &Block, at: usize) {
    let rest = text.from(block, at);
    if rest.starts_with("<o:p>")
        || rest.starts_with("</o:p>")
        || rest.starts_with("<![if")
        || rest.starts_with("<![endif")
    {
        let end = rest.find('>').map_or(rest.len(), |end| end + 1);
        found(text, at..at + end, "was left by a word processor", "take it out");
    } else if rest.starts_with("<img ") && !rest.lines().next().unwrap_or("").contains('>') {
        found(text, at..at + 4, "has no `>` at its end", "write `![what it shows](image.png)`");
    } else if let Some(inside) = rest.strip_prefix("<http")
        && let Some((inside, _)) = inside.split_once('>')
        && let Some((target, words)) = inside.split_once('|')
        && !words.is_empty()
        && !inside.contains(['\n', '<'])
    {
        let meant = format!("[{words}](http{target})");
        text.correct(
            Code::UnreadLink,
            at..at + 6 + inside.len(),
            "this link is written as in a chat, and shown as text",
            &meant,
        );
    }
}

/// What begins with a colon, or is no letter of a sentence.
pub(super) fn other(text: &mut Text<'_>, block: &Block, at: usize) {
    const ROLES: &[&str] =
        &["doc", "ref", "func", "class", "meth", "mod", "attr", "exc", "term", "numref", "any", "file", "option"];
    let rest = text.from(block, at);
    let before = text.before(block, at);
    if rest.starts_with(":contentReference[oaicite")
        || rest.starts_with('【') && rest.chars().take(20).any(|c| c == '†')
    {
        let close = if rest.starts_with(':') { '}' } else { '】' };
        let end = rest.char_indices().take(80).find(|(_, c)| *c == close).map_or(1, |(end, c)| end + c.len_utf8());
        let end = if rest.is_char_boundary(end) { end } else { rest.len() };
        found(text, at..at + end, "was left by a chat program", "take it out, and check the source it stands for");
    } else if rest.starts_with(['\u{e200}', '\u{e201}', '\u{e202}', '\u{e203}']) {
        let end = rest.find('\u{e201}').filter(|end| *end < 200).map_or(3, |end| end + 3);
        text.say(
            "chat",
            Code::ForeignMarkup,
            at..at + end,
            "a chat program left a reference here, with signs that no font shows",
            "take it out, and check the source it stands for",
        );
    } else if let Some(name) = rest.strip_prefix(':').and_then(|rest| rest.split_once(':')).map(|(name, _)| name)
        && ROLES.contains(&name)
        && rest.as_bytes().get(name.len() + 2) == Some(&CODE)
    {
        found(text, at..at + name.len() + 2, "is the markup of another program", TAKE_OUT);
    } else if let Some(target) = rest.strip_prefix(":http")
        && before.ends_with('"')
        && block.within != Within::Html
        && let Some(open) = before[..before.len() - 1].rfind('"')
    {
        let end = target.find(char::is_whitespace).unwrap_or(target.len());
        let target = target[..end].trim_end_matches(['.', ',', ')']);
        let words = &before[open + 1..before.len() - 1];
        if !words.is_empty() && !words.contains('\n') && target.contains("//") {
            let meant = format!("[{words}](http{target})");
            text.correct(
                Code::UnreadLink,
                at - before.len() + open..at + 5 + target.len(),
                "this link is written as in Textile, and shown as text",
                &meant,
            );
        }
    }
}
