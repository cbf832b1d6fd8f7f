//! The slips that authors make, in each format, with every message and everything that is still read.

use super::*;
use crate::diagnostic::{Code, Diagnostic, Found, line_column};
use crate::path::SitePath;
use proptest::prelude::*;

type Reads = fn(&SitePath, &str, usize) -> Found<Raw>;

fn file() -> SitePath {
    SitePath::new("content/a.md").expect("inside")
}

/// `line code: message` of every fault.
fn said(text: &str, found: &Found<Raw>) -> Vec<String> {
    let line = |fault: &Diagnostic| {
        let span = fault.span.as_ref().expect("a place");
        format!("{} {}: {}", line_column(text, span.start).0, fault.code.as_str(), fault.message)
    };
    found.faults.iter().map(line).collect()
}

/// A value in few words: `{a: "x", b: [1]}`.
fn shown(raw: &Raw) -> String {
    match &raw.kind {
        RawKind::Null => "-".to_owned(),
        RawKind::Bool(truth) => truth.to_string(),
        RawKind::Int(number) => number.to_string(),
        RawKind::Float(number) => format!("{number:?}"),
        RawKind::Text(text) => format!("{text:?}"),
        RawKind::Date(date) => format!("@{date}"),
        RawKind::List(items) => format!("[{}]", items.iter().map(shown).collect::<Vec<_>>().join(", ")),
        RawKind::Table(table) => {
            let parts: Vec<String> =
                table.iter().map(|(key, value)| format!("{}: {}", key.name, shown(value))).collect();
            format!("{{{}}}", parts.join(", "))
        }
    }
}

fn assert_reads(reads: Reads, text: &str, faults: &[&str], value: &str) {
    let found = reads(&file(), text, 0);
    assert_eq!(said(text, &found), faults, "{text}");
    assert_eq!(shown(&found.value), value, "{text}");
}

#[test]
fn toml_is_read_with_its_places_in_the_order_written() {
    let text = "z = \"é\"\na.b = 2026-05-14\n[[c]]\nd = [1, 2.5, true]\n[[c]]\n";
    assert_reads(toml, text, &[], "{z: \"é\", a: {b: @2026-05-14}, c: [{d: [1, 2.5, true]}, {}]}");
    let found = toml(&file(), text, 100);
    let RawKind::Table(table) = &found.value.kind else { panic!("a table") };
    assert_eq!(table[0].0.span, 100..101);
    assert_eq!(table[0].1.span, 104..108);
}

#[test]
fn slips_in_toml() {
    let rest = "\nkind = \"x\"\n";
    for (line, fault, value) in [
        (
            "title = “Wealth”",
            "the title begins with a curly quotation mark, which Word makes; type a straight one",
            "title: \"Wealth\", ",
        ),
        (
            "title = \"Wealth”",
            "the title ends with a curly quotation mark, which Word makes; type a straight one",
            "title: \"Wealth\", ",
        ),
        ("title = Our report", "the title has no quotation marks round it", "title: \"Our report\", "),
        ("title = \"Our report", "the title begins with a quotation mark and never ends", "title: \"Our report\", "),
        (
            "title = \"Our \"good\" report\"",
            "a quotation mark inside the title ends it early",
            "title: \"Our \\\"good\\\" report\", ",
        ),
        (
            "title = \"C:\\data\"",
            "a backslash in the title has a special meaning; write it twice: `\\\\`",
            "title: \"C:\\\\data\", ",
        ),
        ("title = \"\"\"Our", "the title begins with `\"\"\"` and never ends", "title: \"Our\", "),
        ("title \"Our\"", "this line has no equals sign between a name and its value", ""),
        ("title: Our", "there is a colon between `title` and its value; write an equals sign", "title: \"Our\", "),
        ("title =", "the title has no value", ""),
        ("Key findings = \"x\"", "the name `Key findings` has a blank in it", ""),
        ("publish at = 2026-05-14", "the name `publish at` has a blank in it", ""),
        ("sample = yes", "the sample is `yes`; write `true`", "sample: true, "),
        ("a = [\"x\", ", "the list that begins here is never closed", "a: [\"x\"], "),
        ("a = {x = 1,", "the group that begins here is never closed", "a: {x: 1}, "),
        (
            "a = [“x”, “y”]",
            "`a` has curly quotation marks, which Word makes; type straight ones",
            "a: [\"x\", \"y\"], ",
        ),
        ("a = [\"x\" \"y\"]", "I cannot read the list of `a`: missing comma between array elements, expected `,`", ""),
        ("a = 99999999999999999999", "this number is too large to be read", "a: -, "),
    ] {
        let text = format!("{line}{rest}");
        assert_reads(toml, &text, &[&format!("1 toml-syntax: {fault}")], &format!("{{{value}kind: \"x\"}}"));
    }
    assert_reads(
        toml,
        "a = [\n“x”,\n\"y\"\n]\n[[b]\nc = 1\n[d]\ne = 2\n",
        &[
            "2 toml-syntax: this text begins with a curly quotation mark, which Word makes; type a straight one",
            "5 toml-syntax: the brackets of the heading `[[b]` do not match",
        ],
        "{a: [\"x\", \"y\"], d: {e: 2}}",
    );
    assert_reads(toml, "a = 1\nb = 2\na = 3\n", &["3 duplicate-key: `a` is written twice"], "{a: 1, b: 2}");
    // A date in another order is not a fault here: the field says what is wrong with it.
    assert_reads(toml, "date = 14/05/26\n", &[], "{date: @14/05/26}");
}

#[test]
fn yaml_is_read_by_the_core_schema() {
    let text = "é: ü\na: [no, 2026-05-14, 1.10, 12, true, ~]\nb:\n  - c: \"x: y\"\n    d: |\n      e\n      f\n";
    assert_reads(
        yaml,
        text,
        &[],
        "{é: \"ü\", a: [\"no\", \"2026-05-14\", 1.1, 12, true, -], b: [{c: \"x: y\", d: \"e\\nf\\n\"}]}",
    );
    let found = yaml(&file(), text, 10);
    let RawKind::Table(table) = &found.value.kind else { panic!("a table") };
    assert_eq!((table[0].1.span.clone(), table[1].0.span.clone()), (14..16, 17..18));
    assert_reads(yaml, "", &[], "{}");
}

#[test]
fn slips_in_yaml() {
    let rest = "\nkind: x\n";
    for (line, fault, value) in [
        (
            "title: Wealth: who owns it?",
            "the colon in `Wealth: who owns it?` ends the key early; put the title in quotation marks",
            "title: \"Wealth: who owns it?\", ",
        ),
        ("title: \"Wealth", "the title begins with a quotation mark and never ends", "title: \"Wealth\", "),
        ("title: \"Our\" report", "a quotation mark inside the title ends it early", "title: \"Our\\\" report\", "),
        (
            "title: \"C:\\data\"",
            "a backslash in the title has a special meaning; write it twice: `\\\\`",
            "title: \"C:\\\\data\", ",
        ),
        ("title Our report", "this line has no colon between a name and its value", ""),
        (
            "title = Our report",
            "there is an equals sign between `title` and its value; write a colon and a space",
            "title: \"Our report\", ",
        ),
        ("title:Our", "a space is missing after the colon of `title`", ""),
        (
            "title: *Our* x",
            "the title begins with `*`, which has a special meaning in YAML; put the title in quotation marks",
            "title: \"*Our* x\", ",
        ),
        (
            "title: &a Our",
            "the title begins with `&`, which has a special meaning in YAML; put the title in quotation marks",
            "title: \"&a Our\", ",
        ),
        (
            "title: !Our x",
            "the title begins with `!`, which has a special meaning in YAML; put the title in quotation marks",
            "title: \"!Our x\", ",
        ),
        (
            "title: @Our",
            "the title begins with `@`, which has a special meaning in YAML; put the title in quotation marks",
            "title: \"@Our\", ",
        ),
        (
            "title: [draft] Our",
            "the title begins with `[`, so YAML reads it as a list; if it is text, put it in quotation marks",
            "title: \"[draft] Our\", ",
        ),
        ("title: [a, b", "the list that begins here is never closed", "title: \"[a, b\", "),
        ("{{title}}: x", "the name of a field should be here; if this is text, put it in quotation marks", ""),
    ] {
        let text = format!("{line}{rest}");
        assert_reads(yaml, &text, &[&format!("1 yaml-syntax: {fault}")], &format!("{{{value}kind: \"x\"}}"));
    }
    assert_reads(
        yaml,
        "a:\n  b: c\n\td: e\nf: g\n",
        &["3 yaml-syntax: this line begins with a tab; YAML allows only spaces there"],
        "{a: {b: \"c\"}, f: \"g\"}",
    );
    assert_reads(
        yaml,
        "a: x\n  b: c\nd: e\n",
        &["2 yaml-syntax: this line is indented further than the one above, which already has a value"],
        "{a: \"x\", d: \"e\"}",
    );
    assert_reads(yaml, "a: 1\nb: 2\na: 3\n", &["3 duplicate-key: `a` is written twice"], "{a: 1, b: 2}");
}

#[test]
fn quoted_texts_lists_and_groups_go_on_at_the_edge_in_yaml() {
    // As PyYAML, Hugo and Jekyll read them.
    for (text, value) in [
        ("s: \"A long summary\nthat goes on here\"\nk: x\n", "{s: \"A long summary that goes on here\", k: \"x\"}"),
        ("s: 'A long summary\nthat goes on: here'\nk: x\n", "{s: \"A long summary that goes on: here\", k: \"x\"}"),
        ("s: \"A\n\nB\"\nk: x\n", "{s: \"A\\nB\", k: \"x\"}"),
        ("s: \"A long \\\nsummary\"\nk: x\n", "{s: \"A long summary\", k: \"x\"}"),
        ("s: \"A\n\"\nk: x\n", "{s: \"A \", k: \"x\"}"),
        ("s: \"x\n- y\nz: w\"\nk: x\n", "{s: \"x - y z: w\", k: \"x\"}"),
        ("s: \"A\r\nB\"\r\nk: x\r\n", "{s: \"A B\", k: \"x\"}"),
        ("é: \"ü\nß\" # c\nk: é\n", "{é: \"ü ß\", k: \"é\"}"),
        ("l:\n- \"/x\ny/\"\nk: x\n", "{l: [\"/x y/\"], k: \"x\"}"),
        ("g: {\ntitle: B,\nurl: c\n}\nk: x\n", "{g: {title: \"B\", url: \"c\"}, k: \"x\"}"),
        ("g: [\n/a/,\n'it''s'\n]\nk: x\n", "{g: [\"/a/\", \"it's\"], k: \"x\"}"),
        ("g: [\n/a/, # one\n/b/ # two\n]\nk: x\n", "{g: [\"/a/\", \"/b/\"], k: \"x\"}"),
        ("o:\n  t: \"A\n  B\"\nk: x\n", "{o: {t: \"A B\"}, k: \"x\"}"),
        ("t: |\n  a: \"\n  b\nk: \"x\n  y\"\n", "{t: \"a: \\\"\\nb\\n\", k: \"x y\"}"),
        ("t: it's \"so\nk: x\n", "{t: \"it's \\\"so\", k: \"x\"}"),
    ] {
        let found = yaml(&file(), text, 0);
        assert_eq!((said(text, &found), &*shown(&found.value)), (Vec::new(), value), "{text}");
    }
    let text = "s: \"A\nB\"\nkind: é x\n";
    let found = yaml(&file(), text, 10);
    let span = found.value.get("kind").expect("a value").span.clone();
    assert_eq!(&text[span.start - 10..span.end - 10], "é x");
    // A field that may hide the page is never taken for a part of a text that was not closed.
    for text in [
        "t: \"Wealth\nstatus: draft\ns: 12\"\n",
        "t: \"Wealth,\nstatus: draft\ns: 12\"\n",
        "t: 'A\nstatus: draft\ns: the authors'\n",
    ] {
        let found = yaml(&file(), text, 0);
        assert!(!found.faults.is_empty(), "{text}");
        assert_eq!(found.value.get("status").map(shown).as_deref(), Some("\"draft\""), "{text}");
    }
}

#[test]
fn what_yaml_takes_for_a_comment_is_said_where_it_cuts_a_text() {
    for (text, comment, help) in [
        ("title: Report #2 of 3\n", "#2 of 3", "`title: \"Report #2 of 3\"`"),
        ("title: A \"b\" #fff\n", "#fff", "`title: \"A \\\"b\\\" #fff\"`"),
        ("title: Report\n  about #MeToo and more\n", "#MeToo and more", "`title: \"Report about #MeToo and more\"`"),
        ("s:\n  title: Report #4\n", "#4", "`title: \"Report #4\"`"),
        (
            "f:\n  - Of the #1 causes, rent is one.\n",
            "#1 causes, rent is one.",
            "`- \"Of the #1 causes, rent is one.\"`",
        ),
        ("url: https://e.org/ #frag\n", "#frag", "`url: \"https://e.org/ #frag\"`"),
        ("title: Report\t#2\nk: é\n", "#2", "`title: \"Report #2\"`"),
        ("l: [a #b\n  , c]\n", "#b", "`\"a #b\"`"),
        ("date: 2027-01-04 #launch\n", "#launch", "if it is a comment, write a space after the `#`; if it"),
    ] {
        let found = yaml(&file(), text, 0);
        let [fault] = found.faults.as_slice() else { panic!("{text} {:?}", said(text, &found)) };
        assert_eq!(fault.code, Code::YamlComment, "{text}");
        let span = fault.span.clone().expect("a place");
        assert_eq!(&text[span.start..span.end], comment);
        assert!(fault.help.as_deref().expect("help").contains(help), "{fault:?}");
    }
    for text in [
        "title: A # the title\n",
        "# a comment\ntitle: A\n#aliases: x\n## ---- images\n",
        "aliases: [/a/] # two\n",
        "l:\n  - /old/ # the former one\n",
        "title: C# for think tanks\n",
        "title: \"Report #2 of 3\" #comment\n",
        "s: >\n  The #1 cause\n  # of all\n",
        "url: https://e.org/#frag\n",
        "weight: 3 #third\nsample: true #yes\n",
        "title: A #!x\n",
    ] {
        let found = yaml(&file(), text, 0);
        assert_eq!(said(text, &found), [""; 0], "{text}");
    }
    assert_reads(
        yaml,
        "source: {title: Report #2, url: x}\naliases: [/a/ #2, /b/]\nk: x\n",
        &[
            "2 yaml-syntax: a space and `#` begin a comment in YAML, so the list that begins here is never closed",
            "1 yaml-syntax: a space and `#` begin a comment in YAML, so the group that begins here is never closed",
        ],
        "{source: -, aliases: -, k: \"x\"}",
    );
}

#[test]
fn json_is_as_the_standard_has_it() {
    assert_reads(
        json,
        "[{\"a\": \"é\\u00e9\", \"b\": [1, -2.5e1, null, true]}]",
        &[],
        "[{a: \"éé\", b: [1, -25.0, -, true]}]",
    );
    for (text, fault) in [
        ("[1, 2,]", "there is a comma after the last part, which JSON does not allow"),
        ("// x", "JSON has no comments"),
        ("[1 2]", "a comma is missing between two parts"),
        ("{\"a\" 1}", "a colon is missing between a name and its value"),
        ("['a']", "JSON wants double quotation marks"),
        ("[\"a]", "a text begins here and never ends"),
        ("[1", "what begins here is never closed"),
        ("[] []", "the file goes on after its first value"),
    ] {
        assert_reads(json, text, &[&format!("1 json-syntax: {fault}")], "-");
    }
    assert_reads(json, "{\"a\": 1, \"a\": 2}", &["1 duplicate-key: `a` is written twice"], "{a: 1}");
}

#[test]
fn depth_has_an_end() {
    let deep = "[".repeat(100_000);
    assert_eq!(json(&file(), &deep, 0).faults.len(), 1);
    assert!(!yaml(&file(), &deep, 0).faults.is_empty());
    assert!(!toml(&file(), &format!("a = {deep}"), 0).faults.is_empty());
    let block: String = (0..500).map(|n| format!("{}a:\n", " ".repeat(n))).collect();
    assert_eq!(said(&block, &yaml(&file(), &block, 0)).len(), 1);
}

#[test]
fn rows_of_a_table_know_their_cells() {
    let text = "name;note;;\r\n\"A; \"\"b\"\"\"; é ;;\r\n\r\nx;;;\r\n";
    assert_reads(csv, text, &[], "[{name: \"A; \\\"b\\\"\", note: \"é\"}, {name: \"x\", note: -}]");
    let found = csv(&file(), text, 0);
    let RawKind::List(rows) = &found.value.kind else { panic!("rows") };
    assert_eq!(&text[rows[0].get("name").expect("a cell").span.clone()], "\"A; \"\"b\"\"\"");
    assert_eq!(&text[rows[0].get("note").expect("a cell").span.clone()], "é");
    assert_eq!(&text[rows[1].get("name").expect("a cell").span.clone()], "x");
    assert_reads(csv, "a\tb\n1,5\t2\n", &[], "[{a: \"1,5\", b: \"2\"}]");
    assert_reads(
        csv,
        "a,,a,b\n1,2,3,4\n1,2,3\n1,2,3,4,5\n",
        &[
            "1 csv-syntax: column 2 has no name in the first line",
            "1 duplicate-key: two columns are called `a`",
            "3 csv-syntax: this row has 3 cells, but the first line names 4 columns",
            "4 csv-syntax: this row has 5 cells, but the first line names 4 columns",
        ],
        "[{a: \"1\", b: \"4\"}, {a: \"1\"}, {a: \"1\", b: \"4\"}]",
    );
    // A column that is there twice is one fault, also at the end.
    let twice = ["1 duplicate-key: two columns are called `a`"];
    assert_reads(csv, "b,a,a\n1,2,3\n", &twice, "[{b: \"1\", a: \"2\"}]");
    assert_reads(
        csv,
        "a,b\n1,\"x\n2,y\n",
        &["2 csv-syntax: a cell begins with a quotation mark and never ends"],
        "[{a: \"1\", b: \"x\\n2,y\"}]",
    );
    assert_reads(csv, "", &["1 csv-syntax: this table has no first line with the names of its columns"], "[]");
}

fn places_are_sound(text: &str, offset: usize, raw: &Raw) -> bool {
    let inside =
        |span: &Range<usize>| span.start >= offset && text.get(span.start - offset..span.end - offset).is_some();
    inside(&raw.span)
        && match &raw.kind {
            RawKind::List(items) => items.iter().all(|item| places_are_sound(text, offset, item)),
            RawKind::Table(table) => {
                table.iter().all(|(key, value)| inside(&key.span) && places_are_sound(text, offset, value))
            }
            _ => true,
        }
}

/// Pieces that, put together at random, come close to what the formats allow.
fn almost() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "a",
        "é",
        "title",
        " = ",
        "=",
        ": ",
        ":",
        "\"",
        "'",
        "“",
        "\n",
        "\n",
        "\r\n",
        "\n  ",
        "\n- ",
        "\t",
        "[",
        "]",
        "[[",
        "]]",
        "{",
        "}",
        ",",
        ";",
        "\\",
        "#",
        "1",
        "0x",
        "2026-05-14",
        "true",
        "*",
        "&",
        "!",
        "|",
        ">",
        "---",
        "\"\"\"",
        "'''",
        "\u{feff}",
        "😀",
        "%",
        "? ",
        "\u{85}",
        "\0",
    ]);
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

#[test]
fn what_was_guessed_lies_where_it_was_written() {
    for text in
        ["1 = [1", "a = [1, [2]", "a = [\"x\", 2", "a = {b = [1]", "é = [1", "a = [é, 2", "a: [1]", "a = [ß], 1"]
    {
        let found = toml(&file(), text, 7);
        assert!(!found.faults.is_empty(), "{text}");
        assert!(places_are_sound(text, 7, &found.value), "{text}: {:?}", found.value);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn no_text_makes_a_reader_fall_and_all_places_lie_in_it(text in almost()) {
        let readers: [(Reads, &str); 4] = [(toml, "toml"), (yaml, "yaml"), (json, "json"), (csv, "csv")];
        for (reads, name) in readers {
            let found = reads(&file(), &text, 7);
            prop_assert!(places_are_sound(&text, 7, &found.value), "{name} {:?}", found.value);
            for fault in &found.faults {
                for span in fault.span.iter().chain(fault.labels.iter().map(|(span, _)| span)) {
                    prop_assert!(span.start >= 7 && text.get(span.start - 7..span.end - 7).is_some(), "{name} {fault:?}");
                }
            }
        }
    }
}
