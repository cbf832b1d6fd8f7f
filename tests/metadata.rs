//! What machines read of the site: each output is read again by something that did not write it.
#![allow(missing_docs, clippy::disallowed_methods)]

mod run;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;

use serde_json::Value;

use run::{build, files};

static PUBLISHED: LazyLock<BTreeMap<String, Vec<u8>>> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let out = folder.path().join("out");
    let ran = build(Path::new(env!("CARGO_MANIFEST_DIR")), &out, "2026-11-20 09:00");
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    files(&out)
});

fn text(name: &str) -> String {
    String::from_utf8(PUBLISHED.get(name).unwrap_or_else(|| panic!("{name} is published")).clone()).expect("UTF-8")
}

fn pages() -> impl Iterator<Item = (&'static str, String)> {
    let all = PUBLISHED.iter().filter(|(name, _)| name.ends_with(".html"));
    all.map(|(name, bytes)| (name.as_str(), String::from_utf8_lossy(bytes).into_owned()))
}

/// The blocks of JSON-LD on a page.
fn graphs(html: &str) -> Vec<Value> {
    let begin = "<script type=\"application/ld+json\">";
    let blocks = html.split(begin).skip(1).map(|rest| rest.split("</script>").next().expect("a block ends"));
    blocks.map(|block| serde_json::from_str(block).unwrap_or_else(|error| panic!("{error}: {block}"))).collect()
}

/// The properties that a thing of each type must have: what search engines require, and what the site promises.
const REQUIRED: &[(&str, &[&str])] = &[
    (
        "Report",
        &["headline", "author", "datePublished", "dateModified", "publisher", "description", "inLanguage", "url"],
    ),
    ("BlogPosting", &["headline", "author", "datePublished", "publisher", "inLanguage", "url"]),
    ("NewsArticle", &["headline", "author", "datePublished", "publisher", "inLanguage", "url"]),
    ("Event", &["name", "startDate", "location", "eventStatus", "eventAttendanceMode", "organizer", "description"]),
    ("EducationEvent", &["name", "startDate", "location", "eventStatus", "organizer"]),
    ("ProfilePage", &["mainEntity", "url"]),
    ("Person", &["name"]),
    ("NGO", &["name", "url"]),
    ("DefinedTerm", &["name", "url"]),
    ("DefinedTermSet", &["name"]),
    ("Place", &["name"]),
    ("AdministrativeArea", &["name", "url"]),
    ("BreadcrumbList", &["itemListElement"]),
    ("ListItem", &["position", "name"]),
    ("MediaObject", &["contentUrl", "encodingFormat"]),
    ("WebSite", &["name", "url"]),
    ("WebPage", &["name", "url", "inLanguage"]),
    ("Organization", &["name"]),
    ("PropertyValue", &["value"]),
    ("PostalAddress", &["streetAddress"]),
    ("ContactPoint", &["contactType"]),
    ("CorrectionComment", &["text", "datePublished"]),
    ("VirtualLocation", &["url"]),
    ("Offer", &["url", "availability"]),
];

/// Every thing in a graph, at whatever depth.
fn things<'v>(value: &'v Value, found: &mut Vec<&'v Value>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| things(item, found)),
        Value::Object(map) => {
            if map.contains_key("@type") {
                found.push(value);
            }
            map.values().for_each(|item| things(item, found));
        }
        _ => {}
    }
}

// Seen to fail with `headline` written `headLine`.
#[test]
fn things_have_what_their_type_requires() {
    let mut wrong = Vec::new();
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for (name, html) in pages().filter(|(name, _)| !name.ends_with("404.html")) {
        let graphs = graphs(&html);
        if html.contains("http-equiv=\"refresh\"") {
            continue;
        }
        assert_eq!(graphs.len(), 1, "{name}");
        assert_eq!(graphs[0]["@context"], "https://schema.org", "{name}");
        let mut all = Vec::new();
        things(&graphs[0], &mut all);
        for thing in all {
            let kind = thing["@type"].as_str().expect("one type").to_owned();
            *seen.entry(kind.clone()).or_default() += 1;
            let Some((_, required)) = REQUIRED.iter().find(|(known, _)| *known == kind) else {
                wrong.push(format!("{name}: nobody has said what a {kind} needs"));
                continue;
            };
            // What is told in full elsewhere is named by its `@id` alone.
            let missing = required.iter().filter(|key| thing.get(**key).is_none_or(Value::is_null));
            wrong.extend(missing.map(|key| format!("{name}: a {kind} has no {key}")));
            for (key, value) in thing.as_object().expect("a thing") {
                if value.is_null() || value.as_str() == Some("") {
                    wrong.push(format!("{name}: {kind}.{key} says nothing"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for kind in ["Report", "BlogPosting", "NewsArticle", "Event", "Person", "NGO", "DefinedTerm", "BreadcrumbList"] {
        assert!(seen.contains_key(kind), "no {kind} anywhere: {seen:?}");
    }
}

#[test]
fn an_event_that_has_moved_says_when_it_was_to_be() {
    let html = text("events/sample-past-seminar/index.html");
    assert!(html.contains("It was to begin on 22 January 2026, 14:00."));
    let graphs = graphs(&html);
    let mut found = Vec::new();
    graphs.iter().for_each(|graph| things(graph, &mut found));
    let event = found.iter().find(|thing| thing["@type"] == "Event").expect("an event");
    assert_eq!(event["eventStatus"], "https://schema.org/EventRescheduled");
    assert_eq!(event["previousStartDate"], "2026-01-22T14:00:00+00:00");
    assert_eq!(event["startDate"], "2026-02-12T14:00:00+00:00");
}

#[test]
fn only_what_is_cited_has_citation_tags_and_all_that_they_need() {
    for (name, html) in pages() {
        let tags: Vec<&str> =
            html.split("<meta name=\"citation_").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        let is_report = html.contains("\"@type\":\"Report\"");
        if tags.is_empty() {
            continue;
        }
        assert!(is_report, "{name} is no report");
        for needed in ["title", "author", "publication_date", "technical_report_institution"] {
            assert!(tags.contains(&needed), "{name} lacks citation_{needed}");
        }
        if let Some((_, rest)) = html.split_once("citation_pdf_url\" content=\"https://cles.org.uk/") {
            let pdf = rest.split('"').next().expect("an address");
            let folder = name.strip_suffix("index.html").expect("a page");
            assert_eq!(pdf.rsplit_once('/').map(|(below, _)| format!("{below}/")), Some(folder.to_owned()));
            assert!(PUBLISHED.contains_key(pdf), "{pdf} is not there");
        }
        let (_, date) = html.split_once("citation_publication_date\" content=\"").expect("required");
        let date: Vec<&str> = date.split('"').next().expect("a date").split('/').collect();
        assert_eq!(date.iter().map(|part| part.len()).collect::<Vec<_>>(), [4, 2, 2], "{name}");
    }
    assert!(text("publications/sample-where-the-pound-goes/index.html").contains("citation_title"));
}

#[test]
fn calendars_say_what_every_event_must() {
    let calendars: Vec<&String> = PUBLISHED.keys().filter(|name| name.ends_with(".ics")).collect();
    assert!(calendars.len() > 3, "{calendars:?}");
    for name in calendars {
        let calendar = text(name);
        assert!(calendar.split_inclusive("\r\n").all(|line| line.ends_with("\r\n")), "{name}");
        let lines: Vec<String> = calendar.replace("\r\n ", "").split("\r\n").map(str::to_owned).collect();
        assert_eq!(lines.first().map(String::as_str), Some("BEGIN:VCALENDAR"), "{name}");
        let count = |line: &str| lines.iter().filter(|one| one.split([':', ';']).next() == Some(line)).count();
        let events = lines.iter().filter(|line| *line == "BEGIN:VEVENT").count();
        for each in ["UID", "DTSTAMP", "DTSTART", "SUMMARY", "URL", "STATUS"] {
            assert_eq!(count(each), events, "{name}: {each}");
        }
        assert_eq!((count("VERSION"), count("PRODID")), (1, 1), "{name}");
    }
}

#[test]
fn citations_are_there_in_three_forms_and_say_the_same() {
    let folder = "publications/sample-where-the-pound-goes";
    let items: Value = serde_json::from_str(&text(&format!("{folder}/cite.json"))).expect("JSON");
    let title = items[0]["title"].as_str().expect("a title").to_owned();
    assert_eq!(items[0]["type"], "report");
    assert!(items[0].get("container-title").is_none());
    let bib = text(&format!("{folder}/cite.bib"));
    assert!(bib.starts_with("@techreport{") && bib.contains(&format!("{{{{{title}}}}}")), "{bib}");
    let open = bib.matches('{').count();
    assert_eq!(open, bib.matches('}').count());
    let ris = text(&format!("{folder}/cite.ris"));
    let lines: Vec<&str> = ris.split("\r\n").collect();
    assert_eq!(lines[0], "TY  - RPRT");
    assert_eq!(lines[lines.len() - 2], "ER  - ");
    assert!(lines.contains(&format!("TI  - {title}").as_str()));
    let formed =
        |line: &&str| line.is_empty() || (line.is_ascii() || line.is_char_boundary(6)) && &line[2..6] == "  - ";
    assert!(lines.iter().all(formed), "{ris}");
}

/// The width and height of a PNG, as its header has them (W3C, PNG, 11.2.2).
fn size(png: &[u8]) -> (u32, u32) {
    assert_eq!(&png[..8], b"\x89PNG\r\n\x1a\n");
    let number = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().expect("four bytes"));
    (number(16), number(20))
}

/// What the head of a page says of a property.
fn property<'h>(html: &'h str, name: &str) -> Option<&'h str> {
    html.split(&format!("property=\"{name}\" content=\"")).nth(1)?.split('"').next()
}

#[test]
fn every_page_has_an_image_to_be_shown_beside_links_to_it() {
    let mut own = 0;
    for (name, html) in pages().filter(|(_, html)| html.contains("property=\"og:url\"")) {
        let image = property(&html, "og:image").unwrap_or_else(|| panic!("{name} has no image"));
        let file = image.strip_prefix("https://cles.org.uk/").expect("a full address");
        let bytes = PUBLISHED.get(file).unwrap_or_else(|| panic!("{file} of {name} is not published"));
        assert!(property(&html, "og:image:alt").is_some_and(|alt| !alt.is_empty()), "{name}");
        if file.ends_with(".png") && file.contains("share.") {
            assert_eq!(size(bytes), (1200, 630), "{file}");
            own += usize::from(file.contains('/') && !file.starts_with("cy/share."));
        }
    }
    assert!(own > 2, "reports have images of their own");
    for file in PUBLISHED.keys().filter(|name| name.contains("/share.")) {
        let page = format!("{}/index.html", file.rsplit_once('/').expect("in a folder").0);
        assert!(PUBLISHED.contains_key(&page), "{file} belongs to no page");
    }
}

#[test]
fn icons_are_what_the_pages_and_the_manifest_say_of_them() {
    let html = text("index.html");
    for file in ["favicon.ico", "favicon.svg", "apple-touch-icon.png", "site.webmanifest"] {
        assert!(html.contains(&format!(" href=\"/{file}\"")) && PUBLISHED.contains_key(file), "{file}");
    }
    assert_eq!(size(&PUBLISHED["apple-touch-icon.png"]), (180, 180));
    let manifest: Value = serde_json::from_str(&text("site.webmanifest")).expect("JSON");
    let icons = manifest["icons"].as_array().expect("a list");
    assert_eq!(icons.len(), 3);
    for icon in icons {
        let file = icon["src"].as_str().expect("text").trim_start_matches('/');
        let (width, height) = size(&PUBLISHED[file]);
        assert_eq!(icon["sizes"], format!("{width}x{height}"), "{file}");
    }
    // ICONDIR: reserved, a type, how many; each entry begins with width and height.
    let ico = &PUBLISHED["favicon.ico"];
    assert_eq!(&ico[..6], [0, 0, 1, 0, 3, 0]);
    assert_eq!([16, 32, 48], [ico[6], ico[22], ico[38]]);
}

/// The names of share images of a small site, with `more` in its settings.
fn share_images(title: &str, kind: &str, more: &str) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let put = |path: &str, text: &str| {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().expect("in a folder")).expect("a folder can be made");
        std::fs::write(path, text).expect("a file can be written");
    };
    let civic = Path::new(env!("CARGO_MANIFEST_DIR")).join("themes/civic");
    run::write(&folder.path().join("themes/civic"), &files(&civic));
    let settings =
        "title = \"T\"\nbase_url = \"https://example.org/\"\ntheme = \"civic\"\n[organisation]\nname = \"T\"\n";
    put("site.toml", &format!("{settings}{more}"));
    put("content/index.md", "+++\ntitle = \"T\"\n+++\nWords.\n");
    let body = "summary = \"S.\"\ndate = 2026-01-01\nauthors = [{ name = \"A. Author\" }]\ncontact = \"ann\"\n";
    put("content/people/ann.md", "+++\ntitle = \"Ann\"\nrole = \"Editor\"\n+++\n");
    put("content/publications/one.md", &format!("+++\ntitle = \"{title}\"\nkind = \"{kind}\"\n{body}+++\nWords.\n"));
    put(
        "content/publications/hidden.md",
        &format!("+++\ntitle = \"Hidden\"\nkind = \"{kind}\"\nstatus = \"draft\"\n{body}+++\nWords.\n"),
    );
    let out = folder.path().join("out");
    let ran = build(folder.path(), &out, "2026-11-20 09:00");
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    files(&out).into_keys().filter(|name| name.contains("share.")).collect()
}

#[test]
fn the_name_of_a_share_image_changes_with_what_it_shows_and_only_then() {
    let one = share_images("One", "blog", "");
    assert_eq!(one.len(), 2, "one of the page, one of the site: {one:?}");
    assert_eq!(one, share_images("One", "blog", ""), "the same");
    assert_eq!(one, share_images("One", "blog", "[settings]\nhome_events = 2\n"), "what it does not show");
    for (title, kind, more) in [
        ("Two", "blog", ""),
        ("One", "evidence", ""),
        ("One", "blog", "short_name = \"TT\"\n"),
        ("One", "blog", "[tokens]\nbrick = { light = \"#802010\", dark = \"#f29079\" }\n"),
        ("One", "blog", "[share_images.title]\nsizes = [40]\n"),
    ] {
        let other = share_images(title, kind, more);
        assert!(other.len() == 2 && other[0] != one[0], "{title}, {kind}, {more}: {other:?}");
    }
    assert_eq!(share_images("One", "press", "").len(), 1, "a kind without");
    let pages = "[collections.pages]\nshare_image = true\n";
    assert_eq!(share_images("One", "press", pages).len(), 1, "one for the site and its home page of the same title");
    let welsh = format!("{pages}[languages.cy]\ntitle = \"Tŷ\"\n");
    assert_eq!(share_images("One", "press", &welsh).len(), 2, "and one in Welsh");
    assert_eq!(share_images("One", "blog", "[share_images]\nenabled = false\n"), Vec::<String>::new());
}

#[test]
fn what_is_hidden_is_in_nothing_that_machines_read() {
    let secrets =
        ["A report under embargo", "sample-embargoed-report", "A draft on housing", "sample-draft-on-housing"];
    for (name, bytes) in PUBLISHED.iter() {
        let text = String::from_utf8_lossy(bytes);
        for secret in secrets {
            assert!(!text.contains(secret) && !name.contains(secret), "{name} tells of {secret:?}");
        }
    }
}
