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

#[test]
fn a_name_in_an_address_is_published_as_it_is_written_or_reported() {
    let home = "content/index.md";
    let long = "x".repeat(256);
    for (path, slug, meant) in [
        ("content/cases/a.md", "report", ""),
        ("content/cases/a.md", "report-2", ""),
        ("content/cases/a.md", "2027", ""),
        ("content/cases/a.md", "Report", "write `report`"),
        ("content/cases/a.md", "a/b", "write `a-b`"),
        ("content/cases/a.md", "../../x", "write `x`"),
        ("content/cases/a.md", "..", "delete the line"),
        ("content/cases/a.md", "~", "delete the line"),
        ("content/cases/a.md", "tŷ-bach", "write `ty-bach`"),
        ("content/cases/a.md", "a--b", "write `a-b`"),
        ("content/cases/a.md", "-a", "write `a`"),
        ("content/cases/a.md", "a.html", "write `a-html`"),
        ("content/cases/a.md", "_a", "write `a`"),
        ("content/cases/a.md", &long, "shorten it"),
        ("content/page.md", "a/b", ""),
        ("content/page.md", "A/b", "write `a/b`"),
        ("content/page.md", "../b", "write `b`"),
        ("content/page.md", "a//b", "write `a/b`"),
        ("content/folder/index.md", "other", ""),
        (home, "start", "delete the line"),
        ("content/events/index.md", "start", "delete the line"),
    ] {
        let settings =
            "[collections.cases]\npath = \"/cases/{slug}/\"\n[lists.cases]\nfrom = \"cases\"\nroute = \"/cases/\"\n";
        let folder = site(settings, &[(path, &page(&format!("title = \"A\"\nslug = \"{slug}\"")))]);
        let found = said(folder.path(), &["bad-address"]);
        match meant {
            "" => assert_eq!(found, Vec::<String>::new(), "{slug}"),
            _ => assert!(
                found.len() == 1 && found[0].starts_with(&format!("bad-address {path}:3 ")) && found[0].contains(meant),
                "{slug}: {found:?}"
            ),
        }
    }
    // A draft's are warnings: everything can still be built with drafts.
    let folder = site("", &[("content/a.md", &page("title = \"A\"\nstatus = \"draft\"\nslug = \"..\""))]);
    let root = folder.path();
    assert_eq!(pamphlet(root, &["build", "--drafts", "-o", root.join("out").to_str().unwrap()]).code, Some(0));
    // If drafts are what cannot be built, that is said.
    write(root, "content/b.md", &page("title = \"B\"\nstatus = \"draft\"\nslug = \"a\""));
    let ran = pamphlet(root, &["build", "--drafts", "-o", root.join("out").to_str().unwrap()]);
    assert!(ran.code == Some(1) && ran.err.contains("address-taken"), "{}", ran.err);
    let alias = page(&format!("title = \"A\"\naliases = [\"/old/\", \"/{long}/\"]"));
    let folder = site("", &[("content/a.md", &alias)]);
    let found = said(folder.path(), &["bad-address"]);
    assert!(
        found.len() == 1 && found[0].starts_with("bad-address content/a.md:3 a part of this address has 256 bytes"),
        "{found:?}"
    );
}

#[test]
fn a_whole_address_is_published_as_it_is_written_or_reported() {
    let allowed = "[collections.pages]\npermalink = true\n[collections.cases]\npermalink = true\npath = \"/cases/{year}/{slug}/\"\n";
    for (permalink, published, meant) in [
        ("/about-us/", "about-us/index.html", ""),
        ("/about-us", "about-us/index.html", ""),
        ("/about-us/index.html", "about-us/index.html", ""),
        ("/a/b/c/", "a/b/c/index.html", ""),
        ("/2019/05/a-post/", "2019/05/a-post/index.html", ""),
        ("https://example.org/site/about-us/", "about-us/index.html", ""),
        ("/site/about-us/", "about-us/index.html", ""),
        ("about-us/", "", "did you mean `/about-us/`?"),
        ("/About-Us/", "", "did you mean `/about-us/`?"),
        ("/about.html", "", "did you mean `/about/`?"),
        ("/a//b/", "", "did you mean `/a/b/`?"),
        ("/a/../b/", "", "did you mean `/a/b/`?"),
        ("/../b/", "", "did you mean `/b/`?"),
        ("/a/?x=1", "", "did you mean `/a/`?"),
        ("/a/#b", "", "did you mean `/a/`?"),
        ("/_headers", "", "did you mean `/headers/`?"),
        ("/.well-known/x/", "", "did you mean `/well-known/x/`?"),
        ("/sitemap.xml/x/", "", "did you mean `/sitemap-xml/x/`?"),
        ("/:year/:title/", "", "write it like this"),
        ("/{slug}/", "", "write it like this"),
        ("https://elsewhere.example/a/", "", "write it like this"),
        ("mailto:a@example.org", "", "write it like this"),
        ("/cy/about/", "", "write it like this"),
    ] {
        let settings = SETTINGS.replace("example.org/\"", "example.org/site/\"");
        for path in ["content/cases/a.md", "content/a.md", "content/a/index.md"] {
            let folder = site("", &[(path, &page(&format!("title = \"A\"\npermalink = \"{permalink}\"")))]);
            let root = folder.path();
            write(root, "site.toml", &format!("{settings}[languages.cy]\n{allowed}"));
            write(root, "content/index.cy.md", &page("title = \"Hafan\""));
            let found = said(root, &["bad-address", "missing-field", "unknown-field", "address-taken"]);
            match meant {
                "" => {
                    assert_eq!(found, Vec::<String>::new(), "{permalink}");
                    assert!(built(root).contains(&published.to_owned()), "{permalink}");
                }
                _ => assert!(
                    found.len() == 1
                        && found[0].starts_with(&format!("bad-address {path}:3 "))
                        && found[0].contains(meant),
                    "{permalink}: {found:?}"
                ),
            }
        }
    }
}

#[test]
fn whole_addresses_are_allowed_collection_by_collection() {
    let a = page("title = \"A\"\npermalink = \"/elsewhere/\"");
    let rows = "[[values]]\ntitle = \"A\"\npermalink = \"/elsewhere/\"\n";
    for (path, text, cure) in [
        ("content/a.md", &*a, "`permalink = true` in `[collections.pages]` of site.toml"),
        ("content/values/values.toml", rows, "`values` have no pages"),
    ] {
        let folder = site("", &[(path, text)]);
        let found = said(folder.path(), &["unknown-field"]);
        assert!(found.len() == 1 && found[0].contains(cure), "{found:?}");
    }
    let folder = site("[collections.pages.fields]\npermalink = \"text\"\n", &[]);
    assert_eq!(said(folder.path(), &["wrong-setting"]).len(), 1);

    // Translations have theirs below the prefix of their language, and may have one of their own.
    let allowed = "[languages.cy]\n[collections.pages]\npermalink = true\n";
    let home = ("content/index.cy.md", &*page("title = \"Hafan\""));
    for (own, published) in
        [("", "cy/elsewhere/index.html"), ("permalink = \"/cy/man-arall/\"", "cy/man-arall/index.html")]
    {
        let folder =
            site(allowed, &[home, ("content/a.md", &a), ("content/a.cy.md", &page(&format!("title = \"A\"\n{own}")))]);
        let files = built(folder.path());
        assert!(
            files.contains(&"elsewhere/index.html".to_owned()) && files.contains(&published.to_owned()),
            "{files:?}"
        );
        let html = fs::read_to_string(folder.path().join("out/elsewhere/index.html")).unwrap();
        assert!(html.contains(&format!("href=\"/{}\"", published.trim_end_matches("index.html"))));
    }
    let folder = site(
        allowed,
        &[home, ("content/a.md", &a), ("content/a.cy.md", &page("title = \"A\"\npermalink = \"/man-arall/\""))],
    );
    let found = said(folder.path(), &["bad-address"]);
    assert!(found.len() == 1 && found[0].contains("did you mean `/cy/man-arall/`?"), "{found:?}");

    // Links by file follow it, a second page there is refused, and `slug` beside it has no effect.
    let link = page("title = \"B\"\nslug = \"b\"").replace("Text.", "[A](a.md)");
    let folder = site(allowed, &[home, ("content/a.md", &a), ("content/b.md", &link)]);
    built(folder.path());
    assert!(fs::read_to_string(folder.path().join("out/b/index.html")).unwrap().contains("href=\"/elsewhere/\""));
    write(folder.path(), "content/b.md", &page("title = \"B\"\nslug = \"b\"\npermalink = \"/elsewhere\""));
    let found = said(folder.path(), &["bad-address", "address-taken"]);
    assert!(
        found.len() == 2 && found[1].contains("`slug` has no effect") && found[0].contains("`/elsewhere/`"),
        "{found:?}"
    );

    // What is hidden leaves nothing at its address; its aliases wait with it.
    let hidden = page(
        "title = \"Zqsecretxj\"\npermalink = \"/zqsecretxj/\"\naliases = [\"/zqsecretxjold/\"]\nstatus = \"draft\"",
    );
    let folder = site(allowed, &[home, ("content/a.md", &hidden)]);
    built(folder.path());
    for (name, bytes) in run::files(&folder.path().join("out")) {
        assert!(
            !name.contains("zqsecretxj") && !String::from_utf8_lossy(&bytes).to_lowercase().contains("zqsecretxj"),
            "{name}"
        );
    }
    let link = page("title = \"B\"").replace("Text.", "[A](/zqsecretxj/)");
    write(folder.path(), "content/b.md", &link);
    assert_eq!(said(folder.path(), &["link-to-hidden", "broken-link"]).len(), 1);
}

const ONE_CASE: (&str, &str) = ("content/cases/one.md", "+++\ntitle = \"One\"\ndate = 2027-01-02\n+++\n\nText.\n");

#[test]
fn a_list_may_begin_with_a_text() {
    let settings = "[languages.cy]\n[languages.cy.lists.cases]\nroute = \"/achosion/\"\n\
         [collections.cases]\nplural = \"Cases\"\npath = \"/law/cases/{slug}/\"\n\
         [lists.newest]\nfrom = \"cases\"\nroute = \"/law/newest/\"\n\
         [lists.cases]\ntitle = \"Cases\"\ndescription = \"All of them.\"\nfrom = \"cases\"\nroute = \"/law/cases/\"\n\
         formats = [\"html\", \"atom\"]\nper_page = 1\n";
    let home = ("content/index.cy.md", &*page("title = \"Hafan\""));
    let two = ("content/cases/two.md", &*page("title = \"Two\"\ndate = 2027-01-03"));
    let text = "+++\ntitle = \"What courts said\"\nsummary = \"A short account.\"\n\
         image = { file = \"court.svg\", alt = \"A court\" }\n+++\n\n## Why\n\nBecause of [one](one.md).\n";
    let picture =
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"40\" height=\"20\"><path d=\"M0 0h40v20H0z\"/></svg>";
    let base = [home, ONE_CASE, two, ("content/cases/court.svg", picture)];
    let with = |files: &[(&str, &str)]| {
        let all: Vec<(&str, &str)> = base.iter().chain(files).copied().collect();
        site(settings, &all)
    };
    let read =
        |folder: &tempfile::TempDir, name: &str| fs::read_to_string(folder.path().join("out").join(name)).unwrap();

    let folder = with(&[("content/cases/index.md", text)]);
    assert_eq!(
        said(
            folder.path(),
            &["address-taken", "broken-link", "duplicate-page-title", "unknown-field", "missing-field"]
        ),
        Vec::<String>::new()
    );
    let files = built(folder.path());
    assert!(
        !files.contains(&"law/cases/index/index.html".to_owned()) && files.contains(&"law/cases/feed.xml".to_owned())
    );
    let html = read(&folder, "law/cases/index.html");
    for wanted in [
        "<h1>What courts said</h1>",
        "A short account.",
        "Because of <a href=\"/law/cases/one/\">one</a>",
        "alt=\"A court\"",
        "href=\"/law/cases/page/2/\"",
        "name=\"description\" content=\"A short account.\"",
        "href=\"/cy/achosion/\"",
    ] {
        assert!(html.contains(wanted), "{wanted} in {html}");
    }
    assert!(read(&folder, "law/cases/page/2/index.html").contains("<h1>Cases, "));
    assert!(read(&folder, "law/newest/index.html").contains("<h1>Newest</h1>"), "the other list is as it was");
    assert!(!read(&folder, "cy/achosion/index.html").contains("What courts said"), "no text in another language");
    assert!(read(&folder, "law/cases/one/index.html").contains("What courts said"), "the breadcrumbs name it");

    // In its own language too, by the same file name.
    let welsh = "+++\ntitle = \"Barn y llysoedd\"\n+++\n\nTestun.\n";
    let folder = with(&[("content/cases/index.md", text), ("content/cases/index.cy.md", welsh)]);
    built(folder.path());
    assert!(read(&folder, "cy/achosion/index.html").contains("<h1>Barn y llysoedd</h1>"));

    // A hidden one leaves the list as it was.
    let secret = text.replace("What courts said", "Zqsecretxj").replace("title =", "status = \"draft\"\ntitle =");
    let folder = with(&[("content/cases/index.md", &secret)]);
    built(folder.path());
    for (name, bytes) in run::files(&folder.path().join("out")) {
        assert!(!String::from_utf8_lossy(&bytes).contains("qsecretxj"), "{name}");
    }
    assert!(read(&folder, "law/cases/index.html").contains("<h1>Cases</h1>"));

    // It may name another template, and `explain` names the one that it has.
    let own = text.replace("title =", "template = \"cases.html\"\ntitle =");
    let folder = with(&[
        ("content/cases/index.md", &own),
        ("templates/cases.html", "{% extends \"list.html\" %}{% block items %}Own.{% endblock %}"),
    ]);
    built(folder.path());
    assert!(read(&folder, "law/cases/index.html").contains("Own."));
    let explained = |folder: &tempfile::TempDir| run::run(program(folder.path()).args(["explain", "/law/cases/"])).out;
    assert!(explained(&folder).contains("cases.html"), "{}", explained(&folder));
    let folder = with(&[("content/cases/index.md", text)]);
    assert!(explained(&folder).contains("list.html"), "{}", explained(&folder));

    // Where there is no such list, it is a page.
    let folder =
        site("[lists.events]\nenabled = false\n", &[("content/events/index.md", &page("title = \"What is on\""))]);
    assert!(built(folder.path()).contains(&"events/index.html".to_owned()));

    // Hugo's name for it is answered.
    for name in ["content/cases/_index.md", "content/cases/_index.cy.md", "content/about/_index.md"] {
        let folder = with(&[(name, text)]);
        let found = said(folder.path(), &["file-not-read", "shown-nowhere"]);
        assert!(found.len() == 1 && found[0].contains("call it `index."), "{found:?}");
    }
}

#[test]
fn a_renamed_page_keeps_its_title_and_that_is_said() {
    let theme = page("title = \"Local wealth\"\nsummary = \"What there is.\"");
    let files = [
        ("content/themes/local-wealth.md", &*theme),
        ("content/themes/other.md", &*theme.replace("Local wealth", "Something else")),
    ];
    let folder = site("", &files);
    let root = folder.path();
    let moved = |from: &str, to: &str| run::run(program(root).args(["move", from, to])).err;
    let said = moved("content/themes/local-wealth.md", "content/themes/community-wealth.md");
    assert!(said.contains("content/themes/community-wealth.md still has the title \"Local wealth\""), "{said}");
    assert!(
        !moved("content/themes/other.md", "content/themes/another.md").contains("title"),
        "no name of a file was its title"
    );
}
