//! `@fig-…`: what refers to a figure, and what is part of an address or a name; tables within blocks.

use super::*;
use crate::data::RawKind;

#[test]
fn a_reference_is_told_from_addresses_and_names() {
    let figure = "<a class=\"figure-reference\" href=\"#fig-a\">Figure 3</a>";
    let mut wrong = String::new();
    for (text, expected) in [
        ("See @fig-a.", format!("See {figure}.")),
        ("(@fig-a)", format!("({figure})")),
        ("**@fig-a**", format!("<strong>{figure}</strong>")),
        ("@fig-a and @fig-a", format!("{figure} and {figure}")),
        ("[as @fig-a shows](x.md)", "<a href=\"x.md\">as Figure 3 shows</a>".to_owned()),
        ("see @fig-none", "see @fig-none".to_owned()),
        ("me@fig-a.org", "<a href=\"mailto:me@fig-a.org\">me@fig-a.org</a>".to_owned()),
        ("@fig-a@mastodon.social", "@fig-a@mastodon.social".to_owned()),
        ("@fig-a/core", "@fig-a/core".to_owned()),
        ("@fig-a.bsky.social", "@fig-a.bsky.social".to_owned()),
        ("@figleaf and @fig", "@figleaf and @fig".to_owned()),
        ("\\@fig-a", "@fig-a".to_owned()),
        ("`@fig-a`", "<code>@fig-a</code>".to_owned()),
        ("@fig-", "@fig-".to_owned()),
    ] {
        let found = html(text);
        let found = found.trim_end().replace("<p>", "").replace("</p>", "");
        if found != expected {
            wrong.push_str(&format!("{text:?}\n  gives    {found}\n  expected {expected}\n"));
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn the_table_of_a_block_is_read_with_its_places() {
    let text = "| not | this |\n|---|---|\n\n:::chart\n| Where | Share | Share |\n|---|--:|--:|\n| *Town* & `x` | 38 | 1 |\n| | | |\n| Region | | 2 |\n:::\n\n:::chart\n:::\n";
    let doc = read_with(text, HtmlPolicy::Sanitise).1.value;
    let sheets = Sheets::of(&doc);
    assert!(sheets.in_block(1).is_none());
    let sheet = sheets.in_block(0).expect("a table");
    let RawKind::List(rows) = &sheet.kind else { panic!("rows") };
    let mut cells = Vec::new();
    for row in rows {
        let RawKind::Table(row) = &row.kind else { panic!("a row") };
        for (key, raw) in row {
            let written = text.get(raw.span.clone()).expect("a place").trim_matches(['|', ' ']).to_owned();
            cells.push((key.name.clone(), matches!(raw.kind, RawKind::Null), written));
        }
    }
    let cell = |name: &str, is_empty, written: &str| (name.to_owned(), is_empty, written.to_owned());
    assert_eq!(
        cells,
        [
            cell("Where", false, "Town* & `x`"),
            cell("Share", false, "38"),
            cell("Where", false, "Region"),
            cell("Share", true, ""),
        ]
    );
}
