//! Tables as spreadsheets write them: what is read, and what is said of the rest, once for each column.
#![allow(missing_docs, clippy::disallowed_methods)]

mod run;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// A site with talks, which are rows, and one person; `talks` is the table.
fn checked(talks: &[u8]) -> (String, String) {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let site = folder.path().join("site");
    let put = |name: &str, bytes: &[u8]| {
        let place = site.join(name);
        fs::create_dir_all(place.parent().expect("it lies in the folder")).expect("a folder can be made");
        fs::write(place, bytes).expect("a file can be written");
    };
    put("site.toml", SETTINGS.as_bytes());
    put("content/index.md", b"+++\ntitle = \"Home\"\nsummary = \"Us.\"\n+++\n\nText.\n");
    put("content/people/jane-smith.md", b"+++\ntitle = \"Jane Smith\"\nrole = \"R\"\n+++\n\nText.\n");
    put("content/people/sian-mon.md", "+++\ntitle = \"Siân Môn\"\nrole = \"R\"\n+++\n\nText.\n".as_bytes());
    put("content/talks/talks.csv", talks);
    let out = folder.path().join("out");
    let said = run::run(run::program(&site).args(["check", "--now", "2027-01-04 09:00"]));
    let _ = run::run(run::program(&site).args(["build", "--now", "2027-01-04 09:00", "-o"]).arg(&out));
    let page = fs::read_to_string(out.join("talks/index.html")).unwrap_or_default();
    let main = page.split_once("<main").map_or("", |(_, rest)| rest).to_owned();
    (format!("{}{}", said.out, said.err), main)
}

const SETTINGS: &str = r#"
title = "Tank"
base_url = "https://www.example.org/"
theme = "civic"

[organisation]
name = "Tank"

[collections.talks]
label = "talk"
[collections.talks.fields]
date = "date"
reviewed = "date"
ref = { type = "text", label = "Ref" }
audience = "int"
reported_to = "text"
speakers = "list(either(ref(people), record{name: text}))"
chair = "either(ref(people), record{name: text, affiliation: text})"

[[menus.main]]
title = "Talks"
url = "/talks/"

[lists.talks]
title = "Talks"
from = "talks"
route = "/talks/"
"#;

/// A table, and what readers then see.
const READ: &[(&str, &[&str])] = &[
    ("title,ref\nA,1\n", &["<dd>1</dd>"]),
    ("TITLE, Ref \nA,1\n", &["<dd>1</dd>"]),
    ("Title,Reported to\nA,Them\n", &["<dd>Them</dd>"]),
    ("Title,Reported-To\nA,Them\n", &["<dd>Them</dd>"]),
    ("sep=;\ntitle;ref\nA;1,5\n", &["<dd>1,5</dd>"]),
    ("SEP=,\r\ntitle,ref\r\nA,1\r\n", &["<dd>1</dd>"]),
    ("\u{feff}sep=;\r\ntitle;ref\r\nA;1\r\n", &["<dd>1</dd>"]),
    ("title\tref\nA\t1\n", &["<dd>1</dd>"]),
    ("title,ref\nA,=\"001\"\n", &["<dd>001</dd>"]),
    ("title,ref\nA,\"=\"\"001\"\"\"\n", &["<dd>001</dd>"]),
    ("title,reviewed\nA,03/04/2026\nB,16/04/2026\n", &["2026-04-03", "2026-04-16"]),
    ("title,reviewed\nA,03.04.2026\nB,16-04-2026\n", &["2026-04-03", "2026-04-16"]),
    ("title,reviewed\nA,3/4/2026\nB,4/16/2026\n", &["2026-03-04", "2026-04-16"]),
    ("title,reviewed\nA,2026-05-06\nB,16/04/2026\n", &["2026-05-06", "2026-04-16"]),
    ("title,date\nA,03/04/2026\nB,16/04/2026\n", &["2026-04-03", "2026-04-16"]),
    ("title,reviewed (dd/mm/yyyy)\nA,03/04/2026\n", &["2026-04-03"]),
    ("title,Reviewed (MM/DD/YYYY)\nA,03/04/2026\n", &["2026-03-04"]),
    ("title,speakers\nA,Ann Other\n", &["<dd>Ann Other</dd>"]),
    ("title,speakers\nA,Ann Other; Bo Yet\n", &["<dd>Ann Other</dd>", "<dd>Bo Yet</dd>"]),
    ("title,speakers\nA,jane-smith\n", &["<a href=\"/people/jane-smith/\">Jane Smith</a>"]),
    ("title,speakers\nA,Jane Smith; Siân Môn\n", &["/people/jane-smith/", "/people/sian-mon/"]),
    ("title,speakers\nA,Sia\u{302}n Mo\u{302}n\n", &["/people/sian-mon/"]),
    ("title,chair\nA,Ann Other\n", &["Ann Other"]),
    (
        "title,chair.name,chair.affiliation\nA,Ann Other,Council\nB,,\n",
        &["Ann Other <span class=\"quiet\">(Council)</span>"],
    ),
];

/// Seen to fail for each of these before spreadsheets were read so.
#[test]
fn what_spreadsheets_write_is_read() {
    let mut wrong = String::new();
    for (table, wanted) in READ {
        let (said, page) = checked(table.as_bytes());
        let lost: Vec<_> = wanted.iter().filter(|wanted| !page.contains(**wanted)).collect();
        if !lost.is_empty() || !said.contains("Nothing is wrong") {
            let _ = writeln!(wrong, "{table:?}: {lost:?} is not shown; {said}");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// A table of `rows` rows, and what is said of it: each text once, in as many messages as there are texts.
fn said(header: &str, row: impl Fn(usize) -> String, rows: usize, wanted: &[&str]) -> Option<String> {
    let mut table = format!("{header}\n");
    (0..rows).for_each(|n| table.push_str(&format!("{}\n", row(n))));
    let (said, _) = checked(table.as_bytes());
    let messages = said.lines().filter(|line| line.starts_with("error[") || line.starts_with("warning[")).count();
    let is_right = messages == wanted.len() && wanted.iter().all(|wanted| said.matches(wanted).count() == 1);
    (!is_right).then(|| format!("{header}: {messages} messages, wanted {wanted:?}:\n{said}\n"))
}

/// Seen to fail with 60 messages for each of these.
#[test]
fn a_fault_of_a_column_is_one_message() {
    let wrong: Vec<String> = [
        said(
            "title,reviewed",
            |n| format!("T{n},0{}/0{}/2026", n % 9 + 1, n % 7 + 1),
            60,
            &["in the column `reviewed` can be read in two ways"],
        ),
        said(
            "title,date",
            |n| format!("T{n},0{}/0{}/2026", n % 9 + 1, n % 7 + 1),
            60,
            &["in the column `date` can be read in two ways"],
        ),
        said(
            "title,date",
            |n| if n % 2 == 0 { format!("T{n},16/04/2026") } else { format!("T{n},04/16/2026") },
            60,
            &["holds days in two orders"],
        ),
        said(
            "title,date",
            |n| format!("T{n},14 May {}", 2000 + n % 20),
            60,
            &["60 cells of the column `date` have this fault"],
        ),
        said(
            "title,reviewed",
            |n| format!("T{n},{}", 45_678 + n),
            60,
            &["is how a spreadsheet counts days; format the column as a date there, so that it says 2025-01-21"],
        ),
        said("title,audience", |n| format!("T{n},many"), 60, &["in 60 cells of the column `audience`"]),
        said("title,ref", |n| format!("T{n},#REF!"), 60, &["in 60 cells of the column `ref`"]),
        said("title,ref", |n| format!("T{n},=A{n}&B{n}"), 60, &["60 cells of the column `ref` have this fault"]),
        said("name,ref", |n| format!("T{n},r"), 60, &["this talk has no `title`: `name` is not a field"]),
        said(
            "title,speakers",
            |n| format!("T{n},jane-smth-{}", n % 2),
            60,
            &["names what is not there, in 60 cells: `jane-smth-0`, `jane-smth-1`"],
        ),
        said(
            "title,speakers",
            |n| format!("T{n},Jane Smyth"),
            60,
            &["names what is not there, in 60 cells: `Jane Smyth`"],
        ),
        said(
            "title,ref",
            |n| format!("T{n}"),
            60,
            &["this row has 1 cell, but the first line names 2 columns, in 60 rows"],
        ),
    ]
    .into_iter()
    .flatten()
    .collect();
    assert!(wrong.is_empty(), "{}", wrong.concat());
}

/// A column that may hide its rows is not read by a guess, and a column that cannot be read hides them.
///
/// Seen to fail when `publish_at` was read by the other days of its column.
#[test]
fn a_guess_never_publishes() {
    for (table, is_read) in [
        ("title,publish_at\nA,03/04/2026 10:00\nB,16/04/2026 10:00\n", false),
        ("title,publish_at (dd/mm/yyyy)\nA,03/04/2026 10:00\nB,16/04/2026 10:00\n", true),
        ("title,Publish at\nA,2099-01-01 10:00\nB,2099-01-01 10:00\n", false),
        ("title,Status\nA,draft\nB,draft\n", false),
        ("title,expires\nA,03/04/2027\nB,16/04/2027\n", false),
        ("title,date\nA,03/04/2026\nB,04/05/2026\n", false),
    ] {
        let (said, page) = checked(table.as_bytes());
        assert_eq!(page.contains(">A</h"), is_read, "{table}: {said}");
    }
}

/// `--fix` leaves a column of days in one order or does nothing.
#[test]
fn days_are_never_corrected_one_by_one() {
    let table = "title,reviewed\nA,16/04/2026\nB,04/16/2026\nC,01/01/2026\nD,05/06/2026\n";
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let put = |name: &str, text: &str| {
        let place = folder.path().join(name);
        fs::create_dir_all(place.parent().expect("it lies in the folder")).expect("a folder can be made");
        fs::write(place, text).expect("a file can be written");
    };
    put("site.toml", SETTINGS);
    put("content/index.md", "+++\ntitle = \"Home\"\n+++\n\nText.\n");
    put("content/talks/talks.csv", table);
    let _ = run::run(run::program(Path::new(folder.path())).args(["check", "--fix"]));
    let after = fs::read_to_string(folder.path().join("content/talks/talks.csv")).expect("it is there");
    assert_eq!(after, table);
}
