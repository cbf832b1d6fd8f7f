//! `addresses.txt` over the life of an address: accepted, lost, redirected, given up; and merged pages.
#![allow(missing_docs, clippy::disallowed_methods)]

mod run;

use std::fs;
use std::path::Path;

use run::{Ran, build, program, run};

const SETTINGS: &str = "title = \"Small\"\nbase_url = \"https://example.org/\"\ntheme = \"civic\"\n\n[organisation]\nname = \"Small\"\n\n\
                        [hosting]\nrules = [\"netlify\", \"nginx\"]\n";

fn page(title: &str, more: &str, text: &str) -> Vec<u8> {
    format!("+++\ntitle = \"{title}\"\n{more}+++\n\n{text}\n").into_bytes()
}

fn site(root: &Path, files: &[(&str, Vec<u8>)]) {
    let home = ("content/index.md".to_owned(), page("Home", "", "Welcome."));
    let settings = ("site.toml".to_owned(), SETTINGS.as_bytes().to_vec());
    let all: Vec<(String, Vec<u8>)> =
        files.iter().map(|(name, text)| ((*name).to_owned(), text.clone())).chain([home, settings]).collect();
    run::write(root, all.iter().map(|(name, text)| (name, text)));
}

fn pamphlet(root: &Path, words: &[&str]) -> Ran {
    run(program(root).args(words))
}

fn list(root: &Path) -> String {
    fs::read_to_string(root.join("addresses.txt")).expect("the list is there")
}

#[test]
fn an_address_is_kept_until_it_is_given_up_by_name() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let root = folder.path();
    site(
        root,
        &[
            ("content/one.md", page("One", "", "Text.")),
            ("content/two.md", page("Two", "status = \"draft\"\n", "Text.")),
            ("static/annual-report.pdf", b"%PDF".to_vec()),
            ("static/robots.txt", b"User-agent: *\n".to_vec()),
        ],
    );
    assert_eq!(pamphlet(root, &["addresses", "--accept"]).code, Some(0));
    let first = list(root);
    let has = |address: &str| first.lines().any(|line| line == address);
    assert!(has("/") && has("/one/") && has("/annual-report.pdf"), "{first}");
    assert!(!has("/two/") && !has("/robots.txt") && !has("/404.html"), "{first}");
    assert_eq!(pamphlet(root, &["addresses", "--accept"]).code, Some(0));
    assert_eq!(list(root), first, "what is accepted twice is there once");

    fs::rename(root.join("content/one.md"), root.join("content/uno.md")).expect("it can be renamed");
    let lost = pamphlet(root, &["addresses"]);
    assert_eq!(lost.code, Some(1));
    assert!(lost.out.contains("lost        /one/") && lost.out.contains("new         /uno/"), "{}", lost.out);
    let built = build(root, &root.join("out"), "2026-05-14 09:00");
    assert_eq!(built.code, Some(1), "a lost address stops the build");
    assert!(built.err.contains("address-lost") && !root.join("out").exists(), "{}", built.err);
    assert_eq!(pamphlet(root, &["addresses", "--accept"]).code, Some(1));
    assert_eq!(list(root), first, "nothing is accepted while an address is lost");

    fs::write(root.join("redirects.csv"), "from,to\n/one,/uno\n").expect("it can be written");
    let redirected = pamphlet(root, &["addresses"]);
    assert_eq!(redirected.code, Some(0), "{}", redirected.err);
    assert!(redirected.out.contains("redirected  /one/ → https://example.org/uno/"), "{}", redirected.out);
    assert_eq!(pamphlet(root, &["addresses", "--give-up", "/one/"]).code, Some(2), "it leads somewhere");

    fs::remove_file(root.join("redirects.csv")).expect("it can be removed");
    assert_eq!(pamphlet(root, &["addresses", "--give-up", "/uno/"]).code, Some(2), "it is public");
    assert_eq!(pamphlet(root, &["addresses", "--give-up", "/never/"]).code, Some(2), "it never was");
    assert_eq!(pamphlet(root, &["addresses", "--give-up", "/one"]).code, Some(0));
    assert!(list(root).lines().any(|line| line == "gone /one/"), "{}", list(root));
    let built = build(root, &root.join("out"), "2026-05-14 09:00");
    assert_eq!(built.code, Some(0), "{}", built.err);
    let rules = |name: &str| fs::read_to_string(root.join("out").join(name)).expect("the rules are there");
    assert_eq!(rules("_redirects"), "/one/ /404.html 410\n");
    assert_eq!(rules("redirects.nginx.map"), "\"/one/\" \"410\";\n");
}

#[test]
fn two_pages_become_one() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let root = folder.path();
    site(
        root,
        &[
            ("content/themes/old.md", page("Old", "aliases = [\"/older/\"]\n", "")),
            ("content/themes/new.md", page("New", "", "## Aims\n\nText.")),
            ("content/themes/full.md", page("Full", "", "Text that somebody wrote.")),
            (
                "content/a.md",
                page(
                    "A",
                    "related = [\"themes/old\", \"themes/new\"]\n",
                    "[old](themes/old.md#gone) and [new](/themes/old/#x)",
                ),
            ),
            (
                "content/b.md",
                page(
                    "B",
                    "related = [\n  \"themes/new\", # the new\n  \"themes/old\",\n]\n",
                    "[aims](themes/old.md#aims)",
                ),
            ),
        ],
    );
    let refused = pamphlet(root, &["merge", "themes/full", "themes/new"]);
    assert_eq!((refused.code, root.join("content/themes/full.md").exists()), (Some(2), true), "{}", refused.err);
    // A link to a heading that the old page lacks is no reason to stop.
    let ran = pamphlet(root, &["merge", "themes/old", "themes/new"]);
    assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.err);
    let text = |name: &str| fs::read_to_string(root.join(name)).expect("it is there");
    assert!(!root.join("content/themes/old.md").exists());
    assert_eq!(
        text("content/themes/new.md"),
        "+++\ntitle = \"New\"\naliases = [\"/themes/old/\", \"/older/\"]\n+++\n\n## Aims\n\nText.\n"
    );
    assert_eq!(
        text("content/a.md"),
        "+++\ntitle = \"A\"\nrelated = [\"themes/new\"]\n+++\n\n[old](themes/new.md) and [new](/themes/new/#x)\n"
    );
    assert_eq!(
        text("content/b.md"),
        "+++\ntitle = \"B\"\nrelated = [\n  \"themes/new\", # the new\n]\n+++\n\n[aims](themes/new.md#aims)\n"
    );
}

#[test]
fn a_new_site_loses_nothing_when_its_samples_go() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let root = folder.path().join("site");
    let words = ["--name", "Our Site", "--base-url", "https://example.org/", "--email", "us@example.org"];
    let begun = run(program(folder.path()).arg("init").arg(&root).args(words));
    assert_eq!(begun.code, Some(0), "{}", begun.err);
    assert_eq!(pamphlet(&root, &["addresses", "--accept"]).code, Some(0));
    let mut gone = 0;
    for (name, text) in run::files(&root.join("content")) {
        if String::from_utf8_lossy(&text).contains("sample = true") {
            fs::remove_file(root.join("content").join(name)).expect("it was there");
            gone += 1;
        }
    }
    assert_eq!(gone, 3, "a person, a report and an event");
    let built = build(&root, &root.join("out"), "2026-05-14 09:00");
    assert_eq!(built.code, Some(0), "{}", built.err);
}

#[test]
fn who_follows_a_feed_or_a_calendar_does_not_get_it_twice() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let root = folder.path();
    let event = page(
        "Launch",
        "kind = \"launch\"\nstart = \"2026-06-01 10:00\"\nvenue = { name = \"Online\" }\nmode = \"online\"\n",
        "Text.",
    );
    let report = page(
        "Report",
        "kind = \"blog\"\ndate = 2026-05-01\nsummary = \"What it says.\"\nauthors = [{ name = \"A\" }]\n",
        "Text.",
    );
    site(root, &[("content/events/launch.md", event), ("content/publications/report.md", report)]);
    let known = || {
        let built = build(root, &root.join("out"), "2026-05-14 09:00");
        assert_eq!(built.code, Some(0), "{}", built.err);
        let read = |name: &str| fs::read_to_string(root.join("out").join(name)).expect("it is there");
        let calendar = read("events/events.ics");
        let uid = calendar.lines().find(|line| line.starts_with("UID:")).expect("it has one").to_owned();
        let feed = read("publications/feed.xml");
        let at = feed.find("<entry>").expect("it has one");
        let id = feed[at..].lines().find(|line| line.contains("<id>")).expect("it has one").to_owned();
        (uid, id)
    };
    let before = known();
    for (old, new) in [("publications/report", "what-we-found"), ("events/launch", "launch-day")] {
        let moved = pamphlet(root, &["move", old, new]);
        assert_eq!(moved.code, Some(0), "{}", moved.err);
    }
    assert!(root.join("content/events/launch-day.md").exists());
    assert_eq!(known(), before);
    // An event that states a name already keeps it.
    let text = fs::read_to_string(root.join("content/events/launch-day.md")).expect("it is there");
    assert_eq!(text.matches("id = ").count(), 1, "{text}");
    assert_eq!(pamphlet(root, &["move", "events/launch-day", "launch-hour"]).code, Some(0));
    assert_eq!(known(), before);
}

/// Netlify takes the first line that fits, whatever else is in the query, and shows a page rather than follow a line.
#[test]
fn a_host_is_asked_for_most_of_a_query_first() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let root = folder.path();
    site(root, &[("content/one.md", page("One", "aliases = [\"/x/\"]\n", "Text."))]);
    let moved = "\n[[moved]]\nfrom = \"/index.php?item={slug}\"\nto = \"/{slug}/\"\n";
    fs::write(root.join("site.toml"), format!("{}{moved}", SETTINGS.replace("\"nginx\"", "\"apache\"")))
        .expect("it can be written");
    let table = "from,to\n/index.php,/one/\n/index.php?page_id=12,/\n/index.php?page_id=12&lang=cy,/one/\n\
                 /?p=1,/one/\n/?q=:id,/one/\n/one/?v=2,/\n/x/?a=1,/\n/x.pdf,/\n/x.pdf?v=2,/one/\n";
    fs::write(root.join("redirects.csv"), table).expect("it can be written");
    let built = build(root, &root.join("out"), "2026-05-14 09:00");
    assert_eq!(built.code, Some(0), "{}", built.err);
    let rules = |name: &str| fs::read_to_string(root.join("out").join(name)).expect("the rules are there");
    assert_eq!(
        rules("_redirects"),
        "/index.php lang=cy page_id=12 /one/ 301\n/ p=1 /one/ 301!\n/index.php page_id=12 / 301\n\
         /one/ v=2 / 301!\n/x.pdf v=2 /one/ 301\n/x/ a=1 / 301!\n/index.php item=:slug /:slug/ 301\n\
         /index.php /one/ 301\n/x.pdf / 301\n/x/ /one/ 301\n"
            .replace("lang=cy page_id=12", "page_id=12 lang=cy")
    );
    let apache = rules(".htaccess");
    let at = |line: &str| apache.find(line).unwrap_or_else(|| panic!("{line}:\n{apache}"));
    assert!(
        at("RewriteCond %{QUERY_STRING} \"^page_id=12$\"\nRewriteRule \"^index\\.php$\" \"/\"")
            < at("RewriteCond %{QUERY_STRING} \"^$\"\nRewriteRule \"^index\\.php$\" \"/one/\"")
    );
    // Where nothing asks for a query, any may follow.
    assert!(apache.contains("RewriteCond %{QUERY_STRING} \"^$\"\nRewriteRule \"^x/?$\""), "{apache}");
}

#[test]
fn a_pattern_of_another_program_is_no_address() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let root = folder.path();
    site(root, &[("content/one.md", page("One", "aliases = [\"/*\"]\n", "Text."))]);
    let table = "from,to\n/blog/*,/one/\n/blog/:slug,/:slug\n/blog/(.*),/$1\nexample.org/kept/,/one/\nwww.example.com/x/,/one/\n";
    fs::write(root.join("redirects.csv"), table).expect("it can be written");
    let said = pamphlet(root, &["check"]).out;
    assert_eq!(said.matches("stands for itself here").count(), 4, "{said}");
    assert_eq!(said.matches("is on another site").count(), 1, "{said}");
    assert!(said.matches("error[").count() == 5 && said.contains("[[moved]]"), "{said}");
}

/// Each was moved, and gone: names that begin with a dot, and those of editors' copies, are passed over.
#[test]
fn nothing_moves_to_where_it_would_not_be_read() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let root = folder.path();
    let file = |text: &str| text.as_bytes().to_vec();
    site(
        root,
        &[
            ("content/a.md", page("A", "", "Text.")),
            ("content/publications/b/index.md", page("B", "status = \"draft\"\n", "Text.")),
            ("content/topics/t.csv", file("title\nHousing\n")),
            ("static/s.txt", file("text")),
        ],
    );
    for (from, to) in [
        ("content/a.md", "content/.a.md"),
        ("content/a.md", "~$a.md"),
        ("content/a.md", ".#a.md"),
        ("content/a.md", ".hidden/a.md"),
        ("content/publications/b", ".b"),
        ("content/publications/b", "content/publications/.b/"),
        ("content/publications/b", "b~"),
        ("content/topics/t.csv", "content/topics/.t.csv"),
        ("static/s.txt", "static/Thumbs.db"),
    ] {
        let ran = pamphlet(root, &["move", from, to]);
        assert_eq!(ran.code, Some(2), "{from} {to}: {}{}", ran.out, ran.err);
        assert!(ran.err.contains("would not be read") && root.join(from).exists(), "{from} {to}: {}", ran.err);
    }
    assert_eq!(pamphlet(root, &["move", "static/s.txt", "static/.well-known/s.txt"]).code, Some(0));
}

// Before, the others were errors again: the command had changed the file in which they are.
#[test]
fn giving_one_address_up_brings_no_accepted_fault_back() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let root = folder.path();
    site(root, &[("addresses.txt", b"/\n/a/\n/b/\n/c/\n".to_vec())]);
    assert_eq!(build(root, &root.join("out"), "2026-05-14 09:00").code, Some(1), "three are lost");
    assert_eq!(pamphlet(root, &["check", "--accept-existing"]).code, Some(0));
    assert_eq!(build(root, &root.join("out"), "2026-05-14 09:00").code, Some(0));
    assert_eq!(pamphlet(root, &["addresses", "--give-up", "/b/"]).code, Some(0));
    let built = build(root, &root.join("out"), "2026-05-14 09:00");
    assert_eq!(built.code, Some(0), "{}", built.err);
    // Whoever edits the list is told.
    let edited = format!("{}/d/\n", list(root));
    fs::write(root.join("addresses.txt"), edited).expect("it can be written");
    assert_eq!(build(root, &root.join("out"), "2026-05-14 09:00").code, Some(1));
}
