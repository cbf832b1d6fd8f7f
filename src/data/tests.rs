use super::*;
use crate::diagnostic::{Found, line_column};
use crate::path::SitePath;

fn file() -> SitePath {
    SitePath::new("content/a.md").expect("inside")
}

/// `line: message` of every fault.
fn said(text: &str, found: &Found<Raw>) -> Vec<String> {
    found
        .faults
        .iter()
        .map(|fault| {
            let span = fault.span.as_ref().expect("a place");
            format!("{}: {}", line_column(text, span.start).0, fault.message)
        })
        .collect()
}

fn text(raw: &Raw, key: &str) -> String {
    match raw.get(key).map(|raw| &raw.kind) {
        Some(RawKind::Text(text)) => text.clone(),
        other => format!("{other:?}"),
    }
}

#[test]
fn probe() {
    for t in ["a = [\"x\", \nkind = \"x\"\n[[c]]\nd = 1\n", "title = \"\"\"abc\nkind = \"x\"\n", "a = [\n\"x\", \nkind = \"x\"\n", "a = { b = 1,\nkind = 2\n"] { println!("{t}{:?}", ::toml::de::DeTable::parse_recoverable(t).1.iter().map(|e| (e.message().to_owned(), e.span())).collect::<Vec<_>>()); }
    for t in [
        "title = \"\"\"abc\nkind = \"x\"\n",
        "date = 14/05/26\nkind = \"x\"\n",
        "date = 2026-5-14\nkind = \"x\"\n",
        "date = 2026-02-30\nkind = \"x\"\n",
        "title = \"C:\\data\"\nkind = \"x\"\n",
        "sample = True\nkind = \"x\"\n",
        "a = [\"x\", \nkind = \"x\"\n[[c]]\nd = 1\n",
        "a = [“x”, “y”]\nkind = \"x\"\n",
        "a = [\n“x”,\n\"y\"\n]\nkind = \"x\"\n",
        "a = [\"x\" \"y\"]\nkind = \"x\"\n",
        "[c\nd = 1\n[b]\nkind = \"x\"\n",
        "[[c]\nd = 1\n[b]\nkind = \"x\"\n",
        "a = 1\na = 2\n[b]\nc=1\n[b]\nkind = \"x\"\n",
        "a = {x = 1, \nkind = \"x\"\n",
        "a = 99999999999999999999\nkind = \"x\"\n",
        "phone = 0161 236 7036\nid = 007\nkind = \"x\"\n",
    ] {
        let f = toml(&file(), t, 0);
        println!("=== {t}--> {:?}\n {:?}", said(t, &f), f.value.kind);
    }
    for t in [
        "title: Wealth: who owns it?\nkind: x\n",
        "title: “é Wealth”: who owns it?\nkind: x\n",
        "title: \"Wealth\nkind: x\n",
        "title: \"Wealth\nkind: \"x\"\nb: c\n",
        "title: \"Wealth\" is\nkind: x\n",
        "title Our report\nkind: x\n",
        "kind: x\ntitle Our report\nb: x\n",
        "title = Our report\nkind: x\n",
        "a:\n\tb: c\nkind: x\n",
        "a:\n  b: c\n\td: e\nkind: x\n",
        "title: *bold* x\nkind: x\n",
        "title: &a x\nb: *a\nkind: x\n",
        "title: !x x\nkind: x\n",
        "title: @x x\nkind: x\n",
        "title: [draft] x\nkind: x\n",
        "title: [a, b\nkind: x\n",
        "title: [a, b\n",
        "title: x\n  kind: x\nb: c\n",
        "a: 1\na: 2\nkind: x\n",
        "a:\n - x: y: z\n - 2\nkind: no\nd: 2026-05-14\n",
        "title:x\nkind: x\n",
        "title: 'it's'\nkind: x\n",
        "---\na: b\n---\nc: d\n",
        "é: ü\n“a”: [é, {b: ü}]\nc: |\n  x\n  y\nd: >-\n  e\n\n",
        "{{x}}: 1\nkind: x\n",
        "- a\n- b\nkind: x",
        "",
    ] {
        let f = yaml(&file(), t, 0);
        println!("=== {t}--> {:?}\n {:?}", said(t, &f), f.value.kind);
    }
}
