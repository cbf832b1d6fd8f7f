//! What readers find by searching, and what they do not: read from the files of the index.
#![cfg(feature = "search")]
#![allow(missing_docs, clippy::disallowed_methods)]

mod run;

use std::io::Read as _;

use run::{build, files};
use serde_json::Value;

const SETTINGS: &str =
    "title = \"Small\"\nbase_url = \"https://example.org/\"\ntheme = \"civic\"\n\n[organisation]\nname = \"Small\"\n";

/// What the index holds of each page, with `more` in the settings of the search.
fn fragments(more: &str) -> Vec<Value> {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let root = folder.path();
    let put = |name: &str, text: &str| {
        let all = [(name.to_owned(), text.as_bytes().to_vec())];
        run::write(root, all.iter().map(|(name, text)| (name, text)));
    };
    put("site.toml", &format!("{SETTINGS}{more}"));
    put("content/index.md", "+++\ntitle = \"Home\"\n+++\n\nAardvark.\n");
    put("content/about/values.md", "+++\ntitle = \"Our values\"\n+++\n\nBadger.\n");
    put("content/values/values.toml", "[[values]]\nid = \"fairness\"\ntitle = \"Fairness\"\ntext = \"Pangolin.\"\n");
    let report = |title: &str, more: &str, text: &str| {
        format!(
            "+++\ntitle = \"{title}\"\nkind = \"blog\"\ndate = 2026-05-01\nsummary = \"Kakapo.\"\n{more}+++\n\n{text}\n"
        )
    };
    put(
        "content/publications/one.md",
        &report(
            "Gibbon",
            "subtitle = \"Quokka\"\nauthors = [{ name = \"Okapi\", affiliation = \"Serval\" }]\nfigures = [{ figure = \"12\", text = \"Numbat\" }]\n",
            "## Heading of Ocelot\n\nText of Tapir.",
        ),
    );
    let author = "authors = [{ name = \"A\" }]\n";
    put("content/publications/hidden.md", &report("Hidden", &format!("{author}status = \"draft\"\n"), "Xenops."));
    put(
        "content/publications/later.md",
        &report("Later", &format!("{author}publish_at = \"2999-01-01 00:01\"\n"), "Xenops."),
    );
    put("content/publications/sample.md", &report("Sample", &format!("{author}sample = true\n"), "Xenops."));
    put(
        "content/publications/withdrawn.md",
        &report(
            "Withdrawn",
            &format!("{author}status = \"withdrawn\"\nwithdrawn = {{ date = 2026-05-02, reason = \"Wrong.\" }}\n"),
            "Xenops.",
        ),
    );
    let built = build(root, &root.join("out"), "2026-05-14 09:00");
    assert_eq!(built.code, Some(0), "{}", built.err);
    files(&root.join("out/search/index/fragment")).values().map(|bytes| fragment(bytes)).collect()
}

/// The record of a page in a file of the index.
fn fragment(bytes: &[u8]) -> Value {
    let mut text = String::new();
    flate2::read::GzDecoder::new(bytes).read_to_string(&mut text).expect("it is packed text");
    serde_json::from_str(text.trim_start_matches("pagefind_dcd")).expect("it is JSON")
}

/// The page that holds a word, if there is one.
fn found<'a>(all: &'a [Value], word: &str) -> Option<&'a Value> {
    all.iter().find(|page| page["content"].as_str().is_some_and(|text| text.contains(word)))
}

fn address(page: Option<&Value>) -> &str {
    page.map_or("nowhere", |page| page["url"].as_str().expect("it has an address"))
}

#[test]
fn titles_texts_fields_and_rows_are_found_and_nothing_hidden() {
    let all = fragments("");
    for word in ["Gibbon", "Quokka", "Kakapo", "Okapi", "Serval", "Numbat", "Ocelot", "Tapir"] {
        assert_eq!(address(found(&all, word)), "/publications/one/", "{word}");
    }
    let values = found(&all, "Pangolin");
    assert_eq!(address(values), "/about/values/", "a row is found where it is shown");
    let anchors = values.expect("it is found")["anchors"].to_string();
    assert!(anchors.contains("\"fairness\""), "{anchors}");
    assert!(found(&all, "Xenops").is_none(), "what is a draft, embargoed, a sample or withdrawn is not found");
    let filters = found(&all, "Gibbon").expect("it is found")["filters"].to_string();
    assert!(filters.contains("Okapi") && filters.contains("2026") && filters.contains("Blog"), "{filters}");
}

#[test]
fn a_large_site_is_searched_by_titles_summaries_headings_and_facets() {
    let all = fragments("\n[search]\nfull_text_up_to = 1\n");
    for word in ["Gibbon", "Kakapo", "Ocelot"] {
        assert_eq!(address(found(&all, word)), "/publications/one/", "{word}");
    }
    assert_eq!(address(found(&all, "Fairness")), "/about/values/");
    for word in ["Tapir", "Numbat", "Pangolin", "Aardvark"] {
        assert!(found(&all, word).is_none(), "{word}");
    }
    assert!(found(&all, "Gibbon").expect("it is found")["filters"].to_string().contains("Okapi"));
}

#[test]
fn samples_are_found_until_something_real_stands_beside_them() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let root = folder.path();
    let report = |title: &str, more: &str| {
        format!(
            "+++\ntitle = \"{title}\"\nkind = \"blog\"\ndate = 2026-05-01\nsummary = \"Kakapo.\"\nauthors = [{{ name = \"A\" }}]\n{more}+++\n\nText.\n"
        )
    };
    let mut round = 0;
    // The titles found, and which of them are said to be samples, once `texts` are there too.
    let mut titles = |texts: &[(&str, String)]| {
        for (name, text) in texts {
            run::write(root, [(&(*name).to_owned(), &text.as_bytes().to_vec())]);
        }
        round += 1;
        let out = root.join(format!("out-{round}"));
        let built = build(root, &out, "2026-05-14 09:00");
        assert_eq!(built.code, Some(0), "{}", built.err);
        let all = files(&out.join("search/index/fragment"));
        let mut found: Vec<(String, bool)> = all
            .values()
            .map(|bytes| fragment(bytes)["meta"].clone())
            .map(|meta| (meta["title"].as_str().expect("it has a title").to_owned(), meta["sample"] == "yes"))
            .collect();
        found.sort();
        found
    };
    let said = |found: &[(&str, bool)]| -> Vec<(String, bool)> {
        found.iter().map(|(title, sample)| ((*title).to_owned(), *sample)).collect()
    };
    let first = [
        ("site.toml", SETTINGS.to_owned()),
        ("content/index.md", "+++\ntitle = \"Home\"\n+++\n".to_owned()),
        ("content/publications/sample.md", report("Invented", "sample = true\n")),
        ("content/publications/draft-sample.md", report("Hidden", "sample = true\nstatus = \"draft\"\n")),
    ];
    assert_eq!(titles(&first), said(&[("Home", false), ("Invented", true)]));
    let draft = report("Real", "status = \"draft\"\n");
    assert_eq!(
        titles(&[("content/publications/real.md", draft)]),
        said(&[("Home", false), ("Invented", true)]),
        "readers do not see a draft"
    );
    assert_eq!(
        titles(&[("content/publications/real.md", report("Real", ""))]),
        said(&[("Home", false), ("Real", false)])
    );
}

#[test]
fn every_public_page_is_found() {
    let all = fragments("");
    let mut pages: Vec<&str> = all.iter().map(|page| address(Some(page))).collect();
    pages.sort_unstable();
    assert_eq!(pages, ["/", "/about/values/", "/publications/one/"]);
}
