//! Small sites → the views of their entries: no view shows what is hidden, readers get their language, what
//! is not stated is absent.

#![allow(clippy::disallowed_methods, reason = "the tests write the sites that they read")]

use std::fs;

use jiff::Timestamp;

use super::*;
use crate::config::Overrides;
use crate::pipeline::{self, Made, Memory};
use crate::schema::Moment;
use crate::site::{Ix, View};

const SETTINGS: &str = r#"
title = "Centre"
base_url = "https://example.org/"
language = "en-GB"
theme = "own"
[organisation]
name = "Centre"
legal_name = "Centre Ltd"
[languages.cy]
name = "Cymraeg"
title = "Canolfan"
"#;

const THEME: &str = r#"
name = "Own"
[collections.reports]
traits = ["citable"]
path = "/reports/{slug}/"
[collections.reports.fields]
kind = "enum(report)"
subtitle = "text"
places = "list(ref(located))"
extra = "record{who: ref(people), note: prose, words: text}"
[collections.reports.kinds]
report = { label = "Report", schema = "Report", bib = "techreport" }
[collections.people]
traits = ["agent"]
schema = "Person"
path = "/people/{slug}/"
[collections.organisations]
traits = ["agent"]
schema = "Organization"
path = "/organisations/{slug}/"
[collections.places]
traits = ["located"]
path = "/places/{slug}/"
[collections.topics]
traits = ["term"]
path = "/topics/{slug}/"
[collections.events]
traits = ["timed"]
path = "/events/{slug}/"
[licences."X-1"]
url = "https://example.org/x/1"
[licences."OGL-3.0"]
name = "OGL"
[languages.cy.collections.reports.kinds]
report = { label = "Adroddiad" }
"#;

/// A site with these files in `content/`, as its readers see it.
fn site(files: &[(&str, &str)]) -> Made {
    let home = tempfile::tempdir().expect("a folder");
    let settings = [("site.toml", SETTINGS), ("themes/own/theme.toml", THEME)];
    let content = files.iter().map(|(name, text)| (format!("content/{name}"), *text));
    for (name, text) in settings.map(|(name, text)| (name.to_owned(), text)).into_iter().chain(content) {
        let file = home.path().join(name);
        fs::create_dir_all(file.parent().expect("a folder above")).expect("a folder");
        fs::write(file, text).expect("a file");
    }
    let clock: Timestamp = "2026-05-14T09:00:00Z".parse().expect("a moment");
    let read = pipeline::read(home.path(), &Overrides::default(), clock, &mut Memory::default()).expect("a site");
    let sources = read.value.sources.expect("settings");
    let now = pipeline::now(clock, &sources.config);
    pipeline::make(&sources, now, View::Published)
}

fn readers(made: &Made, lang: Lang) -> Readers<'_> {
    Readers { site: &made.site, routes: &made.routes, lang, figure_n: "Figure {number}" }
}

fn view<'a>(made: &'a Made, lang: Lang, collection: &str, key: &str) -> EntryView<'a> {
    let subject: Ix = made.site.by_id(collection, key).expect("an entry");
    EntryView::new(readers(made, lang), made.site.in_language(subject, lang))
}

fn welsh(made: &Made) -> Lang {
    made.site.config.language_named("cy").expect("a language of the site")
}

fn names<'a>(agents: &'a [Agent<'_>]) -> Vec<&'a str> {
    agents.iter().filter_map(|agent| agent.name.as_deref()).collect()
}

const JANE: (&str, &str) = ("people/jane.md", "---\ntitle: Jane Doe\ngiven: Jane\nfamily: Doe\n---\n");

/// Seen to fail with `Fields::follow` not asking whether the entry is public.
#[test]
fn who_is_hidden_is_no_author_and_a_work_by_nobody_is_credited_to_the_organisation() {
    let made = site(&[
        JANE,
        ("people/secret.md", "---\ntitle: Secret Name\nstatus: draft\n---\n"),
        ("organisations/acme.md", "---\ntitle: Acme\n---\n"),
        ("reports/one.md", "---\ntitle: One\nkind: report\nauthors: [secret, jane, acme, {name: Bob}]\n---\n"),
        ("reports/two.md", "---\ntitle: Two\nkind: report\nauthors: [secret]\n---\n"),
    ]);
    let one = Citation::new(view(&made, Lang::OWN, "reports", "one"));
    assert_eq!(names(&one.authors), ["Jane Doe", "Acme", "Bob"]);
    let credited = one.credited();
    assert!(matches!(credited[0], Author::Person { family: "Doe", given: "Jane" }));
    assert!(matches!(credited[1], Author::Whole { name: "Acme", is_person: false }));
    assert!(matches!(credited[2], Author::Whole { name: "Bob", is_person: true }));
    let two = Citation::new(view(&made, Lang::OWN, "reports", "two"));
    assert!(two.authors.is_empty());
    assert!(matches!(two.credited()[..], [Author::Whole { name: "Centre", is_person: false }]));
    assert_eq!(two.publisher, "Centre Ltd");
}

/// Seen to fail with `Fields::follow` leaving out `in_language`.
#[test]
fn readers_are_told_of_what_there_is_in_their_language_by_its_name_there() {
    let made = site(&[
        ("topics/housing.md", "---\ntitle: Housing\n---\n"),
        ("topics/housing.cy.md", "---\ntitle: Tai\n---\n"),
        ("topics/land.md", "---\ntitle: Land\n---\n"),
        ("reports/one.md", "---\ntitle: One\nkind: report\ntopics: [housing, land]\n---\n"),
        ("reports/one.cy.md", "---\ntitle: Un\n---\n"),
    ]);
    let (own, cy) = (view(&made, Lang::OWN, "reports", "one"), view(&made, welsh(&made), "reports", "one"));
    assert_eq!(own.keywords(), ["Housing", "Land"]);
    assert_eq!((own.lang(), own.kind_label()), ("en-GB", Some("Report")));
    assert_eq!(cy.keywords(), ["Tai", "Land"]);
    assert_eq!((cy.lang(), &*cy.title(), cy.kind_label()), ("cy", "Un", Some("Adroddiad")));
    assert_eq!(cy.url().as_deref(), Some("https://example.org/cy/reports/one/"));
    assert_eq!(cy.terms()[0].url.as_deref(), Some("https://example.org/cy/topics/housing/"));
}

#[test]
fn a_work_without_a_date_has_none_and_one_with_all_has_it_once_for_all_forms() {
    let made = site(&[
        ("places/leeds.md", "---\ntitle: Leeds\n---\n"),
        ("places/york.md", "---\ntitle: York\n---\n"),
        ("places/hull.md", "---\ntitle: Hull\nstatus: draft\n---\n"),
        ("reports/none.md", "---\ntitle: None\n---\nAs *it* begins.\n"),
        (
            "reports/all.md",
            "---\ntitle: All\nsubtitle: of it\nkind: report\ndate: 2026-03-04 10:30\nupdated: 2026-04-01\n\
             places: [leeds, york, hull]\ndoi: 10.1234/abc\nlicence: X-1\nseries: places/leeds\n---\n",
        ),
    ]);
    let none = Work::new(view(&made, Lang::OWN, "reports", "none"));
    assert_eq!((none.citation.date.as_ref(), none.citation.day(), none.changed.as_ref()), (None, None, None));
    assert!(none.licence.is_none() && none.citation.kind.is_none() && none.citation.doi_url().is_none());
    assert_eq!(none.citation.entry.description(), "As it begins.");
    let all = Work::new(view(&made, Lang::OWN, "reports", "all"));
    assert_eq!(all.citation.date.as_ref().map(Moment::written).as_deref(), Some("2026-03-04T10:30:00+00:00"));
    assert_eq!(all.citation.day().as_deref(), Some("2026-03-04"));
    assert_eq!(all.changed.as_ref().map(Moment::written).as_deref(), Some("2026-04-01"));
    assert_eq!(all.citation.title(), "All: of it");
    assert_eq!(all.places.iter().filter_map(|place| place.name.as_deref()).collect::<Vec<_>>(), ["Leeds", "York"]);
    assert_eq!(all.citation.series.as_ref().and_then(|series| series.name.as_deref()), Some("Leeds"));
    assert_eq!(all.licence.and_then(|licence| licence.url.as_deref()), Some("https://example.org/x/1"));
    let ogl = &made.site.config.licences["OGL-3.0"];
    assert_eq!(ogl.name.as_deref(), Some("OGL"));
    assert!(ogl.url.is_some(), "what a theme does not state is as it is known");
    let shown = serde_json::to_value(all.citation.shown()).expect("plain values");
    assert_eq!(
        (&shown["title"], &shown["year"], &shown["url"]),
        (&"All: of it".into(), &"2026".into(), &"https://doi.org/10.1234/abc".into())
    );
}

/// Seen to fail with `UNSEEN` empty.
#[test]
fn no_path_leads_to_what_is_the_programs_own_business() {
    let made = site(&[
        JANE,
        ("people/secret.md", "---\ntitle: Secret Name\nstatus: draft\n---\n"),
        (
            "reports/one.md",
            "---\ntitle: One\nkind: report\ninternal_note: Hush\npublish_at: 2026-01-01 00:00\n\
             extra: {who: jane, note: \"*marks*\", words: some words}\nauthors: [secret]\n---\n",
        ),
    ]);
    let fields = view(&made, Lang::OWN, "reports", "one").fields();
    let words = |path: &str| {
        let mut found = Vec::new();
        fields.at(path).iter().for_each(|item| item.words(&mut found));
        found
    };
    for path in ["internal_note", "publish_at", "see", "authors", "authors.title", "nowhere", "title.title"] {
        assert_eq!(words(path), [""; 0], "{path}");
    }
    assert_eq!(words("title"), ["One"]);
    assert_eq!(words("extra"), ["Jane Doe", "some words"]);
    assert_eq!(words("extra.who.family"), ["Doe"]);
}

#[test]
fn an_event_says_where_it_is_and_what_became_of_it() {
    let made = site(&[
        ("places/hall.md", "---\ntitle: Hall\nstatus: draft\n---\n"),
        (
            "events/one.md",
            "---\ntitle: One\nstart: 2026-07-01 10:00\nvenue: {name: Hall, address: 1 Street}\nprice: £25\nstate: moved\n\
             updated: 2026-05-01\n---\n",
        ),
        ("events/two.md", "---\ntitle: Two\nstart: 2026-07-01\nend: 2026-07-03\nvenue: hall\nmode: online\n---\n"),
    ]);
    let one = Event::new(view(&made, Lang::OWN, "events", "one"));
    let venue = one.venue.as_ref().expect("a venue");
    assert_eq!((venue.name.as_deref(), venue.address.as_deref()), (Some("Hall"), Some("1 Street")));
    assert_eq!(one.start.as_ref().map(Moment::written).as_deref(), Some("2026-07-01T10:00:00+01:00"));
    assert_eq!((one.state, one.mode, one.is_full), (State::Moved, None, false));
    assert_eq!(one.price.as_ref().and_then(|price| price.currency), Some("GBP"));
    assert_eq!(one.uid(), "https://example.org/#events/one");
    assert_eq!(one.revision() % 60, 1, "it moved");
    let two = Event::new(view(&made, Lang::OWN, "events", "two"));
    assert!(two.venue.is_none(), "it is hidden");
    assert_eq!(two.end.as_ref().map(Moment::written).as_deref(), Some("2026-07-03"));
    assert_eq!((two.state, two.mode, two.price.as_ref()), (State::Scheduled, Some(Mode::Online), None));
    assert_eq!(two.revision(), 0);
}

/// What a template gets as `page` and passes back is the same page.
#[test]
fn a_page_comes_back_from_a_template_as_it_was() {
    let page = PageView {
        title: "One & two".into(),
        url: "https://example.org/".into(),
        breadcrumbs: vec![
            Crumb { title: "Home".into(), href: Some("/".into()) },
            Crumb { title: "One".into(), href: None },
        ],
        share_image: Some(SharedImage { src: "/a.png".into(), width: 1200, height: 630, alt: String::new() }),
        kind: "entry".into(),
        entry: Some("reports/one".into()),
        ..PageView::default()
    };
    let value = tera::Value::from_serializable(&page);
    assert_eq!(value.get_from_path("breadcrumbs.1.href"), Some(&tera::Value::none()));
    let back: PageView = serde::Deserialize::deserialize(&value).expect("a page");
    assert_eq!(back, page);
}
