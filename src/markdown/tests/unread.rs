//! What is meant as Markdown and shown as text: `unread.txt` has texts, one a line, each with all that is said about it.
//!
//! `\n`, `\t`, `\\` and `\u{…}` stand for what they do in Rust; lines with `##` are headings. To rewrite the file, run the test
//! and take over what it prints; read the difference.

use super::*;

const TOLD: &[&str] = &[
    "unread-link",
    "unread-mark",
    "unread-block",
    "foreign-markup",
    "damaged-letters",
    "table-cells",
    "comment-unclosed",
    "footnote-missing",
];

fn written(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('\\') {
        out.push_str(before);
        rest = match after.chars().next() {
            Some('u') => {
                let (code, rest) = after[2..].split_once('}').expect("a code in braces");
                out.extend(u32::from_str_radix(code, 16).ok().and_then(char::from_u32));
                rest
            }
            Some(c) => {
                out.push(match c {
                    'n' => '\n',
                    't' => '\t',
                    c => c,
                });
                &after[c.len_utf8()..]
            }
            None => after,
        };
    }
    out + rest
}

fn shown(text: &str) -> String {
    text.escape_debug().to_string().replace("\\\"", "\"").replace("\\'", "'")
}

fn read_smart(text: &str) -> Vec<Diagnostic> {
    read(&file(), text, 0, &Options { smart_punctuation: true, ..options(HtmlPolicy::Sanitise) }).faults
}

/// What is said about `text`; a correction must make the fault go away.
fn said(text: &str) -> String {
    let mut said = String::new();
    let faults = read_smart(text);
    for fault in faults.iter().filter(|fault| TOLD.contains(&fault.code.as_str())) {
        let span = fault.span.as_ref().expect("a place");
        let under = shown(&text[span.start..span.end]);
        said.push_str(&format!("    {} {under}: {}", fault.code.as_str(), shown(&fault.message)));
        match &fault.fix {
            Some(fix) => {
                let mut mended = text.to_owned();
                for splice in fix.splices.iter().rev() {
                    mended.replace_range(splice.span.start..splice.span.end, &splice.text);
                }
                said.push_str(&format!(" → {}", shown(&mended)));
                let count = |faults: &[Diagnostic]| {
                    faults.iter().filter(|one| (one.code, &one.message) == (fault.code, &fault.message)).count()
                };
                assert!(
                    count(&read_smart(&mended)) < count(&faults),
                    "{text:?} became {mended:?}, with the same fault"
                );
            }
            None => said.push_str(&format!(" = {}", fault.help.as_deref().unwrap_or_default())),
        }
        said.push('\n');
    }
    said
}

#[test]
fn what_is_shown_as_text_is_reported_and_nothing_else() {
    let known = include_str!("unread.txt");
    let mut found = String::new();
    for line in known.lines().filter(|line| !line.starts_with("    ")) {
        found.push_str(&format!("{line}\n"));
        if !line.starts_with("## ") {
            found.push_str(&said(&written(line)));
        }
    }
    assert!(found == known, "unread.txt should be:\n{found}\n(end)");
}

#[test]
fn texts_that_begin_everything_are_read() {
    // Each part begins something that a finder looks for, and never ends.
    let parts = [
        "[",
        "]",
        "[a](",
        "[[",
        "{",
        "{:",
        "**",
        "** ",
        "_a ",
        "`",
        "==a",
        "++a",
        "''a",
        "%%a",
        "\\(",
        "\\[",
        "&amp;",
        "<http",
        "[/a]",
        "[a_b]",
        "| a\n",
        "a\tb\n",
        "• a\n",
        "1) a\n",
        "\n\n¹ a",
        "\n\n1 A",
        "\n\n**a",
        "a **",
        "Ã",
        "\u{200b}",
        "![a][",
        "\"a\":http",
        "【",
        "$a",
        "$a b$",
        ":a\n",
        "# a {#b",
        "\\\\",
        "(a)[/b]",
        "[a] ",
        "x1 ",
        "~~a ",
    ];
    for part in parts {
        let text = part.repeat(50_000 / part.len());
        read_smart(&text);
    }
}
