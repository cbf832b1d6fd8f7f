//! Where pages are: addresses with dates, whole addresses, texts of lists.
#![allow(missing_docs, clippy::disallowed_methods, clippy::unwrap_used)]

mod run;

use std::fs;
use std::path::Path;

use run::{Ran, program};

const NOW: &str = "2027-06-01 09:00";

const SETTINGS: &str = "title = \"Pages\"\nlanguage = \"en-GB\"\ntimezone = \"Europe/London\"\ntheme = \"civic\"\n\
     base_url = \"https://example.org/\"\n[organisation]\nname = \"Pages\"\n\
     [security]\ncontact = \"a@example.org\"\nexpires = 2028-01-01\n";

fn write(site: &Path, path: &str, text: &str) {
    let file = site.join(path);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, text).unwrap();
}

/// A site with `settings` added, a home page and `files`.
fn site(settings: &str, files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    write(root, "site.toml", &format!("{SETTINGS}{settings}"));
    write(root, "content/index.md", "+++\ntitle = \"Home\"\n+++\n\nHome.\n");
    for (path, text) in files {
        write(root, path, text);
    }
    folder
}

fn pamphlet(root: &Path, words: &[&str]) -> Ran {
    run::run(program(root).args(words).args(["--now", NOW]))
}

/// The errors and warnings of these kinds: code, place and message.
fn said(root: &Path, codes: &[&str]) -> Vec<String> {
    let ran = pamphlet(root, &["check", "--format", "json"]);
    let mut found = Vec::new();
    for line in ran.out.lines() {
        let fault: serde_json::Value = serde_json::from_str(line).unwrap();
        let text = |key: &str| fault[key].as_str().unwrap_or_default().to_owned();
        if codes.contains(&&*text("code")) {
            let line = fault["line"].as_u64().unwrap_or_default();
            found.push(format!("{} {}:{line} {} | {}", text("code"), text("file"), text("message"), text("help")));
        }
    }
    found
}

/// What is published.
fn built(root: &Path) -> Vec<String> {
    let ran = pamphlet(root, &["build", "-o", root.join("out").to_str().unwrap()]);
    assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.err);
    run::files(&root.join("out")).into_keys().collect()
}

fn page(fields: &str) -> String {
    format!("+++\n{fields}\n+++\n\nText.\n")
}

const BY_START: &str =
    "[collections.talks]\ntraits = [\"timed\"]\npath = \"/talks/{start.year}/{start.month}/{start.day}/{slug}/\"\n";

#[test]
fn an_address_has_the_day_that_readers_see() {
    let dated = "[collections.news]\npath = \"/news/{year}/{month}/{day}/{slug}/\"\n\
         [collections.cases]\npath = \"/cases/{decided.year}-{decided.month}/{slug}/\"\n\
         [collections.cases.fields]\ndecided = { type = \"date\", help = \"when\" }\n";
    for (settings, place, fields, address) in [
        (BY_START, "talks/a.md", "title = \"A\"\nstart = 2027-03-04", "talks/2027/03/04/a/"),
        (BY_START, "talks/a.md", "title = \"A\"\nstart = \"2027-03-04 09:30\"", "talks/2027/03/04/a/"),
        // In the site's zone: half past eleven in the evening in New York is the next day in London.
        (BY_START, "talks/a.md", "title = \"A\"\nstart = 2026-12-31T23:30:00-05:00", "talks/2027/01/01/a/"),
        (BY_START, "talks/a.md", "title = \"A\"\nstart = 2026-07-01T00:30:00+05:00", "talks/2026/06/30/a/"),
        // An event to come is announced today.
        (BY_START, "talks/a.md", "title = \"A\"\nstart = 2099-03-04", "talks/2099/03/04/a/"),
        (BY_START, "talks/a/index.md", "title = \"A\"\nstart = 2027-03-04\nslug = \"b\"", "talks/2027/03/04/b/"),
        (dated, "news/a.md", "title = \"A\"\ndate = 2027-03-04", "news/2027/03/04/a/"),
        (dated, "news/a.md", "title = \"A\"\ndate = 0987-03-04", "news/0987/03/04/a/"),
        (dated, "cases/a.md", "title = \"A\"\ndecided = 2020-11-30", "cases/2020-11/a/"),
    ] {
        let folder = site(settings, &[(&format!("content/{place}"), &page(fields))]);
        let found = built(folder.path());
        assert!(found.contains(&format!("{address}index.html")), "{fields}: {address} in {found:?}");
    }
    // Nothing is public before its date.
    let folder = site(dated, &[("content/news/a.md", &page("title = \"Zqsecretxj\"\ndate = 2099-03-04"))]);
    assert!(!built(folder.path()).iter().any(|file| file.contains("2099")));
}

#[test]
fn a_page_without_the_date_of_its_address_is_hidden_and_the_rest_is_built() {
    let optional = "[collections.cases]\npath = \"/cases/{decided.year}/{slug}/\"\n\
         [collections.cases.fields]\ndecided = { type = \"date\", help = \"when it was decided\" }\n\
         [lists.cases]\nfrom = \"cases\"\nroute = \"/cases/\"\nformats = [\"html\", \"atom\"]\n";
    for (settings, files, code, at) in [
        (BY_START, &[("content/talks/a.md", "title = \"Zqsecretxj\"")][..], "missing-field", "content/talks/a.md:2"),
        (
            BY_START,
            &[("content/talks/a.md", "title = \"Zqsecretxj\"\nstart = \"\"")],
            "missing-field",
            "content/talks/a.md:2",
        ),
        (
            BY_START,
            &[("content/talks/a.md", "title = \"Zqsecretxj\"\nstart = \"soon\"")],
            "bad-date",
            "content/talks/a.md:3",
        ),
        (
            BY_START,
            &[("content/talks/a.md", "title = \"Zqsecretxj\"\nstart = \"10000-01-01\"")],
            "bad-date",
            "content/talks/a.md:3",
        ),
        (
            BY_START,
            &[("content/talks/a.md", "title = \"Zqsecretxj\"\nstart = \"2027-02-30\"")],
            "bad-date",
            "content/talks/a.md:3",
        ),
        (
            BY_START,
            &[("content/talks/a.md", "title = \"Zqsecretxj\"\nstrat = 2027-02-03")],
            "missing-field",
            "content/talks/a.md:3",
        ),
        (optional, &[("content/cases/a.md", "title = \"Zqsecretxj\"")], "missing-field", "content/cases/a.md:2"),
        (
            optional,
            &[
                ("content/cases/a/index.md", "title = \"Zqsecretxj\""),
                ("content/cases/a/2-part.md", "title = \"Part\""),
            ],
            "missing-field",
            "content/cases/a/index.md:2",
        ),
    ] {
        for lowered in ["", "[severities]\nmissing-field = \"off\"\nbad-date = \"off\"\nunknown-field = \"off\"\n"] {
            let texts: Vec<(&str, String)> = files.iter().map(|(path, fields)| (*path, page(fields))).collect();
            let texts: Vec<(&str, &str)> = texts.iter().map(|(path, text)| (*path, text.as_str())).collect();
            let folder = site(&format!("{settings}{lowered}"), &texts);
            let root = folder.path();
            if settings == optional {
                write(root, "content/cases/b.md", &page("title = \"B\"\ndecided = 2027-03-04"));
            }
            let found = said(root, &["missing-field", "bad-date", "unknown-field", "wrong-setting"]);
            assert_eq!(found.len(), 1, "{found:?}");
            assert!(found[0].starts_with(&format!("{code} {at} ")), "{found:?}");
            let ran = pamphlet(root, &["build", "-o", root.join("out").to_str().unwrap()]);
            if settings == BY_START {
                // Every event must have a `start`, so nothing is published.
                assert_eq!(ran.code, Some(1), "{}{}", ran.out, ran.err);
                assert!(!root.join("out").exists());
                continue;
            }
            assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.err);
            assert!(ran.err.contains("missing-field") && ran.err.contains("Not public: 1"), "{}{}", ran.out, ran.err);
            let all = run::files(&root.join("out"));
            assert!(all.contains_key("cases/2027/b/index.html") && all.contains_key("cases/index.html"));
            for (name, bytes) in all {
                assert!(!String::from_utf8_lossy(&bytes).contains("qsecretxj"), "{name}");
            }
        }
    }
    // A draft is not finished, and what another entry stands for has no page.
    let folder = site(
        optional,
        &[
            ("content/cases/a.md", &page("title = \"A\"\nstatus = \"draft\"")),
            ("content/cases/b.md", &page("title = \"B\"\nsee = \"c\"")),
            ("content/cases/c.md", &page("title = \"C\"\ndecided = 2027-03-04")),
        ],
    );
    assert!(built(folder.path()).contains(&"cases/2027/c/index.html".to_owned()));
    let rows = "[[cases]]\ntitle = \"A\"\ndecided = 2027-03-04\n[[cases]]\ntitle = \"Zqsecretxj\"\n";
    let folder = site(optional, &[("content/cases/cases.toml", rows)]);
    let found = said(folder.path(), &["missing-field", "bad-date"]);
    assert_eq!(found.len(), 1);
    assert!(
        found[0].starts_with("missing-field content/cases/cases.toml:4 this case has no `decided`, which its address"),
        "{found:?}"
    );
}

#[test]
fn a_pattern_that_cannot_be_read_is_one_fault_of_the_settings() {
    for (path, said_of) in [
        ("/talks/{slgu}/", "did you mean `{slug}`?"),
        ("/talks/{yaer}/{slug}/", "did you mean `{year}`?"),
        ("/talks/{start}/{slug}/", "say which part: `{start.year}`"),
        ("/talks/{start.yaer}/{slug}/", "did you mean `{start.year}`?"),
        ("/talks/{title.year}/{slug}/", "`title` is not a date"),
        ("/talks/{topics}/{slug}/", "its type is `list(ref(term))`"),
        ("/talks/{hour}/{slug}/", "there is no field `hour`"),
        ("/talks/{slug/", "has no `}`"),
    ] {
        let settings = format!("[collections.talks]\ntraits = [\"timed\"]\npath = \"{path}\"\n");
        let folder = site(
            &settings,
            &[
                ("content/talks/a.md", &page("title = \"A\"\nstart = 2027-03-04")),
                ("content/talks/b.md", &page("title = \"B\"\nstart = 2027-03-05")),
            ],
        );
        let found = said(folder.path(), &["wrong-setting", "missing-field", "address-taken"]);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].starts_with("wrong-setting site.toml:13 ") && found[0].contains(said_of), "{found:?}");
    }
}

#[test]
fn languages_have_patterns_and_faults_of_their_own() {
    let settings = "[languages.cy]\n[languages.cy.collections.cases]\npath = \"/achosion/{decided.year}/{slug}/\"\n\
         [collections.cases]\npath = \"/cases/{slug}/\"\n\
         [collections.cases.fields]\ndecided = { type = \"date\", help = \"when it was decided\" }\n";
    let home = ("content/index.cy.md", &*page("title = \"Hafan\""));
    let own = page("title = \"Zqsecretxj\"\nslug = \"achos\"");
    let folder = site(
        settings,
        &[
            home,
            ("content/cases/a.md", &page("title = \"A\"")),
            ("content/cases/a.cy.md", &own),
            ("content/cases/b.md", &page("title = \"B\"\ndecided = 2027-03-04")),
            ("content/cases/b.cy.md", &page("title = \"B\"")),
        ],
    );
    let found = said(folder.path(), &["missing-field"]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("missing-field content/cases/a.cy.md:2 "), "{found:?}");
    let files = built(folder.path());
    assert!(
        files.contains(&"cases/a/index.html".to_owned()) && files.contains(&"cy/achosion/2027/b/index.html".to_owned())
    );
    assert!(!files.iter().any(|file| file.starts_with("cy/achosion/") && file.contains("/achos/")), "{files:?}");
}

#[test]
fn changed_dates_lose_addresses_and_clashes_are_told() {
    let folder = site(BY_START, &[("content/talks/a.md", &page("title = \"A\"\nstart = 2027-03-04"))]);
    let root = folder.path();
    assert_eq!(run::run(program(root).args(["addresses", "--accept"])).code, Some(0));
    write(root, "content/talks/a.md", &page("title = \"A\"\nstart = 2027-04-04"));
    let found = said(root, &["address-lost"]);
    assert!(found.iter().any(|one| one.contains("`/talks/2027/03/04/a/` was published before")), "{found:?}");
    let alias =
        "title = \"A\"\nstart = 2027-04-04\naliases = [\"/talks/2027/03/04/a/\", \"/talks/2027/03/04/a/event.ics\"]";
    write(root, "content/talks/a.md", &page(alias));
    assert_eq!(said(root, &["address-lost"]), Vec::<String>::new());
    write(root, "content/talks/b.md", &page("title = \"B\"\nslug = \"a\"\nstart = \"2027-04-04 10:00\""));
    let found = said(root, &["address-taken"]);
    assert!(found.len() == 1 && found[0].contains("`/talks/2027/04/04/a/`"), "{found:?}");
}
