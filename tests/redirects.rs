//! `redirects.csv` as spreadsheets and other programs write it: it is read, or one message says what to write.
//!
//! Seen to fail before: heads in capitals, other names, no head at all and Windows-1252 gave two to four errors each, and a line that
//! was added by `move` or as told did not fit the table.
#![allow(missing_docs, clippy::disallowed_methods, clippy::unwrap_used)]

mod run;

use std::fs;
use std::path::Path;

use run::{Ran, program};

const NOW: &str = "2026-05-14 09:00";

fn write(site: &Path, path: &str, bytes: &[u8]) {
    let file = site.join(path);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, bytes).unwrap();
}

fn site(table: &[u8]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let settings = "title = \"R\"\nbase_url = \"https://example.org/\"\nlanguage = \"en-GB\"\ntimezone = \"Europe/London\"\n\
         theme = \"civic\"\n[organisation]\nname = \"R\"\n[hosting]\nrules = [\"netlify\"]\n[security]\ncontact = \"a@example.org\"\n\
         expires = 2027-01-01\n";
    write(root, "site.toml", settings.as_bytes());
    for page in ["index", "about/index", "plain"] {
        write(
            root,
            &format!("content/{page}.md"),
            format!("+++\ntitle = \"{page}\"\nsummary = \"S.\"\n+++\n\nT.\n").as_bytes(),
        );
    }
    write(root, "redirects.csv", table);
    folder
}

fn pamphlet(site: &Path, arguments: &[&str]) -> Ran {
    run::run(program(site).args(arguments))
}

/// The lines of `_redirects` that lead to the page.
fn rules(root: &Path) -> Vec<String> {
    let ran = run::build(root, &root.join("public"), NOW);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let rules = fs::read_to_string(root.join("public/_redirects")).unwrap();
    rules.lines().filter(|line| line.contains("/about/ 30")).map(str::to_owned).collect()
}

#[test]
fn a_table_is_read_whatever_wrote_it() {
    let tables: &[&[u8]] = &[
        b"from,to\n/old/,/about/\n/b.pdf,/about/\n",
        b"From,To\n/old/,/about/\n/b.pdf,/about/\n",
        b"FROM ; TO\n/old/;/about/\n/b.pdf;/about/\n",
        b"\xef\xbb\xbffrom;to\r\n/old/;/about/\r\n/b.pdf;/about/\r\n",
        b"sep=;\r\nFrom;To\r\n/old/;/about/\r\n/b.pdf;/about/\r\n",
        b"from\tto\n/old/\t/about/\n/b.pdf\t/about/\n",
        b"\"From\",\"To\"\n\"/old/\",\"/about/\"\n\"/b.pdf\",\"/about/\"\n",
        b"source,target,code\n/old/,/about/,301\n/b.pdf,/about/,301\n",
        b"Old URL,New URL,Notes\n/old/,/about/,a\n/b.pdf,/about/,\n",
        b"Old URL;New URL\nhttps://example.org/old/;https://www.example.org/about/\nwww.example.org/b.pdf;/about\n",
        b"to,from\n/about/,/old/\n/about/,/b.pdf\n",
        b"note,from,to\nx,/old/,/about/\ny,/b.pdf,/about/index.html\n",
    ];
    for table in tables {
        let folder = site(table);
        let root = folder.path();
        let text = String::from_utf8_lossy(table).into_owned();
        let said = pamphlet(root, &["check", "--now", NOW]);
        assert!(said.code == Some(0), "{text}: {}{}", said.out, said.err);
        let found = rules(root);
        assert!(
            found.iter().any(|rule| rule.starts_with("/old/ ")) && found.iter().any(|rule| rule.starts_with("/b.pdf ")),
            "{text}: {found:?}"
        );
        // What is moved is added as a line that fits.
        let moved = pamphlet(root, &["move", "content/plain.md", "content/other.md"]);
        assert_eq!(moved.code, Some(0), "{text}: {}{}", moved.out, moved.err);
        write(root, "static/plan.pdf", b"x");
        let moved = pamphlet(root, &["move", "static/plan.pdf", "static/other.pdf"]);
        assert_eq!(moved.code, Some(0), "{text}: {}{}", moved.out, moved.err);
        let after = fs::read_to_string(root.join("redirects.csv")).unwrap();
        assert!(after.starts_with(&text), "{text}: {after}");
        run::build(root, &root.join("public"), NOW);
        let rules = fs::read_to_string(root.join("public/_redirects")).unwrap();
        assert!(rules.contains("/plan.pdf /other.pdf 301"), "{text}: {after}\n{rules}");
    }
}

#[test]
fn what_cannot_be_read_is_one_message_with_its_cure() {
    // The table, the code of the message, what the help or message says.
    let tables: &[(&[u8], &str, &str)] = &[
        (b"/old/,/about/\n/b.pdf,/about/\n", "missing-field", "`from,to`"),
        (b"/old/;/about/;301\n", "missing-field", "`from;to;note`"),
        (b"\xef\xbb\xbfhttps://example.org/old/\t/about/\n", "missing-field", "`from\\tto`"),
        (b"from,to,note\n/old/,/about/,\n/caf\xe9/,/about/,\n", "not-utf8", "line 3"),
        (b"from,to,code\n/old/,/about/,410\n", "unknown-field", "410"),
        (b"from,to,colour\n/old/,/about/,red\n", "unknown-field", "`note`"),
    ];
    for (table, code, words) in tables {
        let folder = site(table);
        let ran = pamphlet(folder.path(), &["check", "--format", "json", "--now", NOW]);
        let faults: Vec<&str> = ran.out.lines().filter(|line| line.contains("redirects.csv")).collect();
        let text = String::from_utf8_lossy(table);
        assert_eq!(faults.len(), 1, "{text}: {}", ran.out);
        assert!(faults[0].contains(code) && faults[0].contains(words), "{text}: {}", faults[0]);
    }
    // The cure of the first is right.
    let folder = site(b"from,to\n/old/,/about/\n/b.pdf,/about/\n");
    assert_eq!(rules(folder.path()).len(), 2);
}

/// The line that is shown for an address that is lost fits the table that is there.
#[test]
fn a_line_to_add_fits_the_table() {
    for (table, line) in [
        ("from;to\n/old/;/about/\n", "/gone/;/WHERE-IT-IS-NOW/"),
        ("Target,Source\n/about/,/old/\n", "/WHERE-IT-IS-NOW/,/gone/"),
        ("note,from,to\nx,/old/,/about/\n", ",/gone/,/WHERE-IT-IS-NOW/"),
    ] {
        let folder = site(table.as_bytes());
        write(folder.path(), "addresses.txt", b"/gone/\n");
        let ran = pamphlet(folder.path(), &["check", "--now", NOW]);
        let said = ran.out + &ran.err;
        assert!(said.contains(&format!("add to redirects.csv: {line};")), "{table}: {said}");
    }
}
