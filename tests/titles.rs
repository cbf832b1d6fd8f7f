//! Titles, summaries and other words of fields are set like texts, wherever readers or machines read them.
#![allow(missing_docs, clippy::disallowed_methods, clippy::unwrap_used)]

mod run;

use std::fs;
use std::path::Path;

use run::{files, program};

const SETTINGS: &str = "title = \"The Mayor's site\"\nlanguage = \"en-GB\"\ntimezone = \"Europe/London\"\ntheme = \"civic\"\n\
     base_url = \"https://example.org/\"\n[organisation]\nname = \"The Mayor's Trust\"\n\
     [security]\ncontact = \"a@example.org\"\nexpires = 2028-01-01\n\
     [[menus.main]]\ntitle = \"What's new\"\nurl = \"/publications/\"\n\
     [lists.publications]\ntitle = \"The Mayor's papers\"\nformats = [\"html\", \"atom\", \"rss\"]\n\
     [collections.publications.fields]\nward = { type = \"text\", label = \"The Mayor's ward\", help = \"where\" }\n\
     video = { type = \"text\", label = \"Video\", help = \"its name\" }\n";

fn write(site: &Path, path: &str, text: &str) {
    let file = site.join(path);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, text).unwrap();
}

fn site(settings: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    write(root, "site.toml", &format!("{SETTINGS}{settings}"));
    write(root, "content/index.md", "+++\ntitle = \"The Mayor's home\"\n+++\n\nHome.\n");
    let report = "+++\ntitle = 'The Mayor''s \"plan\" -- part one...'\nkind = \"report\"\ndate = 2027-01-02\n\
         summary = \"What's in the Mayor's plan.\"\nauthors = [\"oneill\"]\ntopics = [\"t\"]\nthemes = [\"t\"]\nward = \"King's Cross\"\n\
         video = \"dQw--4'x\"\nfindings = [\"The Mayor's first finding.\"]\n\
         corrections = [{ date = 2027-02-01, text = \"The Mayor's name.\" }]\n+++\n\n## Method\n\nThe Mayor's text.\n";
    let report =
        report.replace("'The Mayor''s \"plan\" -- part one...'", "\"The Mayor's \\\"plan\\\" -- part one...\"");
    write(root, "content/publications/mayors-plan.md", &report);
    write(
        root,
        "content/people/oneill.md",
        "+++\ntitle = \"Mary O'Neill\"\nrole = \"The Mayor's aide\"\n+++\n\nShe.\n",
    );
    write(
        root,
        "content/themes/t.md",
        "+++\ntitle = \"The Mayor's theme\"\nsummary = \"What's what.\"\n+++\n\nText.\n",
    );
    let talk = "+++\ntitle = \"The Mayor's talk\"\nstart = 2027-09-01\nmode = \"online\"\nonline_url = \"https://example.org/x'y\"\n\
         summary = \"The Mayor's views.\"\nvenue = { name = \"Online\" }\n+++\n\nText.\n";
    write(root, "content/events/talk.md", talk);
    let ran = run::run(program(root).args(["build", "--now", "2027-06-01 09:00", "-o"]).arg(root.join("out")));
    assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.err);
    folder
}

/// Straight marks in what readers see, and the files that have them.
fn straight(root: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for (name, bytes) in files(&root.join("out")) {
        let ending = name.rsplit('.').next().unwrap();
        if !["html", "xml", "json", "ics", "bib", "ris", "webmanifest"].contains(&ending) || name.contains("pagefind") {
            continue;
        }
        let text =
            String::from_utf8(bytes).unwrap().replace("&#39;", "'").replace("&#x27;", "'").replace("&apos;", "'");
        for line in text.lines() {
            for words in
                ["Mayor's", "What's", "O'Neill", "King's", "the \"plan", " \"plan\"", "&quot;plan", "-- part", "one..."]
            {
                if line.contains(words) {
                    found.push(format!("{name}: {}", line.trim()));
                }
            }
        }
    }
    found
}

#[test]
fn titles_are_set_like_texts_everywhere() {
    let folder = site("");
    let root = folder.path();
    let found = straight(root);
    assert!(found.is_empty(), "{}", found.join("\n"));
    let read = |name: &str| fs::read_to_string(root.join("out").join(name)).unwrap();
    let title = "The Mayor’s “plan” – part one…";
    for name in [
        "publications/mayors-plan/index.html",
        "publications/mayors-plan/cite.bib",
        "publications/mayors-plan/cite.ris",
        "publications/mayors-plan/cite.json",
        "publications/index.html",
        "publications/feed.xml",
        "publications/rss.xml",
        "people/oneill/index.html",
        "themes/t/index.html",
    ] {
        assert!(read(name).contains(title), "{name}");
    }
    let page = read("publications/mayors-plan/index.html");
    for words in [
        "<title>The Mayor’s “plan”",
        "What’s in the Mayor’s plan.",
        "Mary O’Neill",
        "King’s Cross",
        "The Mayor’s ward",
        "What’s new",
        "The Mayor’s first finding.",
        "The Mayor’s Trust",
        "The Mayor’s papers",
        "\"headline\":\"The Mayor’s “plan” – part one…\"",
    ] {
        assert!(page.contains(words), "{words} in {page}");
    }
    // Names for machines and addresses stay as they are.
    assert!(page.contains("dQw--4"), "{page}");
    assert!(read("events/talk/event.ics").contains("The Mayor’s talk"));
    assert!(read("events/talk/index.html").contains("https://example.org/x"));
}

#[test]
fn titles_stay_as_they_are_where_the_site_says_so() {
    let folder = site("[markdown]\nsmart_punctuation = false\n");
    let read = |name: &str| fs::read_to_string(folder.path().join("out").join(name)).unwrap();
    let page = read("publications/mayors-plan/index.html");
    assert!(!page.contains(['’', '“', '”', '–']), "{page}");
    assert!(
        page.contains("\"The Mayor's") || page.contains("The Mayor&#39;s") || page.contains(">The Mayor's"),
        "{page}"
    );
}
