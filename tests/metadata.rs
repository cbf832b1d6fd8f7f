//! What machines read on the site: each output is parsed by code that did not write it.
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
    pages_of(&PUBLISHED)
}

fn pages_of(published: &BTreeMap<String, Vec<u8>>) -> impl Iterator<Item = (&str, String)> {
    let all = published.iter().filter(|(name, _)| name.ends_with(".html"));
    all.map(|(name, bytes)| (name.as_str(), String::from_utf8_lossy(bytes).into_owned()))
}

/// The blocks of JSON-LD on a page.
fn graphs(html: &str) -> Vec<Value> {
    let begin = "<script type=\"application/ld+json\">";
    let blocks = html.split(begin).skip(1).map(|rest| rest.split("</script>").next().expect("a block ends"));
    blocks.map(|block| serde_json::from_str(block).unwrap_or_else(|error| panic!("{error}: {block}"))).collect()
}

/// The properties that each type must have: those that search engines require, and those that the site promises.
const REQUIRED: &[(&str, &[&str])] = &[
    (
        "Report",
        &[
            "headline",
            "author",
            "datePublished",
            "dateModified",
            "publisher",
            "description",
            "inLanguage",
            "url",
            "image",
        ],
    ),
    (
        "BlogPosting",
        &["headline", "author", "datePublished", "dateModified", "publisher", "inLanguage", "url", "image"],
    ),
    ("NewsArticle", &["headline", "author", "datePublished", "dateModified", "publisher", "inLanguage", "url"]),
    ("Event", &["name", "startDate", "location", "eventStatus", "eventAttendanceMode", "organizer", "description"]),
    ("EducationEvent", &["name", "startDate", "location", "eventStatus", "eventAttendanceMode", "organizer"]),
    ("ProfilePage", &["mainEntity", "url", "name"]),
    ("Person", &["name"]),
    ("NGO", &["name", "url"]),
    ("DefinedTerm", &["name", "url"]),
    ("DefinedTermSet", &["name", "url", "inLanguage", "publisher"]),
    ("Place", &["name"]),
    ("AdministrativeArea", &["name", "url", "description"]),
    ("GeoCoordinates", &["latitude", "longitude"]),
    ("BreadcrumbList", &["itemListElement"]),
    ("ListItem", &["position", "name"]),
    ("MediaObject", &["contentUrl", "encodingFormat", "contentSize"]),
    ("CreativeWorkSeries", &["name", "url"]),
    ("WebSite", &["name", "url", "inLanguage", "publisher"]),
    ("WebPage", &["name", "url", "inLanguage"]),
    ("Organization", &["name"]),
    ("PropertyValue", &["propertyID", "value"]),
    ("PostalAddress", &["streetAddress"]),
    ("ContactPoint", &["contactType"]),
    ("CorrectionComment", &["text", "datePublished"]),
    ("VirtualLocation", &["url"]),
    ("Offer", &["url", "availabilityEnds"]),
];

/// The properties whose values are addresses, which have to be absolute.
const ADDRESSES: &[&str] = &["url", "item", "image", "logo", "contentUrl", "sameAs", "license", "mainEntityOfPage"];

/// A single value, or each of several.
fn each(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(items) => items.iter().collect(),
        Value::Null => Vec::new(),
        one => vec![one],
    }
}

/// What search engines require beyond the presence of properties.
fn unmet(thing: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    let kind = thing["@type"].as_str().expect("one type");
    for key in ADDRESSES {
        let whole = |value: &&Value| value.as_str().is_some_and(|text| text.starts_with("https://"));
        wrong.extend(
            each(&thing[key]).into_iter().filter(|value| !whole(value)).map(|value| format!("{key} is {value}")),
        );
    }
    // Google, "Event": a place needs an address, a moment its offset.
    for place in each(&thing["location"]).into_iter().filter(|place| place["@type"] == "Place") {
        if place["address"].as_str().is_none_or(str::is_empty) {
            wrong.push("location.address is not there".to_owned());
        }
    }
    for key in ["startDate", "endDate", "previousStartDate"] {
        let moment = thing[key].as_str().unwrap_or("2026-01-01");
        let is_whole = moment.len() == 10 || moment.len() == 25 && moment[19..].starts_with(['+', '-']);
        wrong.extend((!is_whole).then(|| format!("{key} is {moment}")));
    }
    match kind {
        "Offer" => {
            if thing["availability"].is_null() && thing["price"].is_null() {
                wrong.push("it offers nothing".to_owned());
            }
            let price: f64 = thing["price"].as_str().unwrap_or("0").parse().expect("a number");
            if price > 0.0 && thing["priceCurrency"].is_null() {
                wrong.push("a price of no currency".to_owned());
            }
        }
        // Google, "Breadcrumb": only the last step may lack an address.
        "BreadcrumbList" => {
            let steps = each(&thing["itemListElement"]);
            wrong.extend((steps.len() < 2).then(|| "no trail".to_owned()));
            let above = &steps[..steps.len().saturating_sub(1)];
            wrong
                .extend(above.iter().filter(|step| step["item"].is_null()).map(|step| format!("{step} leads nowhere")));
        }
        _ => {}
    }
    wrong
}

/// Each thing in a graph, at any depth.
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

/// What is wrong with the JSON-LD of pages, and how many things of each type there are.
fn judged(published: &BTreeMap<String, Vec<u8>>) -> (Vec<String>, BTreeMap<String, usize>) {
    let mut wrong = Vec::new();
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for (name, html) in pages_of(published).filter(|(name, _)| !name.ends_with("404.html")) {
        let graphs = graphs(&html);
        // What only redirects, and a chart by itself, describe nothing.
        if html.contains("http-equiv=\"refresh\"") || name.contains("/fig-") {
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
            // A thing described elsewhere is named by its `@id` alone.
            let missing = required.iter().filter(|key| thing.get(**key).is_none_or(Value::is_null));
            wrong.extend(missing.map(|key| format!("{name}: a {kind} has no {key}")));
            wrong.extend(unmet(thing).into_iter().map(|what| format!("{name}: {kind}: {what}")));
            for (key, value) in thing.as_object().expect("a thing") {
                if value.is_null() || value.as_str() == Some("") {
                    wrong.push(format!("{name}: {kind}.{key} says nothing"));
                }
            }
        }
    }
    (wrong, seen)
}

// Seen to fail with `headline` written `headLine`, with venues without their address, and with sets of terms without theirs.
#[test]
fn things_have_what_their_type_requires() {
    for published in [&*PUBLISHED, &*SMALL] {
        let (wrong, _) = judged(published);
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
    let (_, seen) = judged(&PUBLISHED);
    for kind in ["Report", "BlogPosting", "NewsArticle", "Event", "Person", "NGO", "DefinedTerm", "BreadcrumbList"] {
        assert!(seen.contains_key(kind), "no {kind} anywhere: {seen:?}");
    }
    let (_, seen) = judged(&SMALL);
    for kind in ["Offer", "VirtualLocation", "Place", "CreativeWorkSeries", "GeoCoordinates", "AdministrativeArea"] {
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

/// The kinds that `civic` declares for Google Scholar, as its pages call them.
const SCHOLARLY: &[&str] = &["Report", "Briefing", "Adroddiad", "Papur briffio"];

// Seen to fail with the tags on each cited kind: evidence and toolkits are reports too, for schema.org.
#[test]
fn only_what_is_for_scholars_has_citation_tags_and_all_that_they_need() {
    let mut kinds: BTreeMap<String, bool> = BTreeMap::new();
    for (name, html) in pages().chain(pages_of(&SMALL)) {
        let tags: Vec<&str> =
            html.split("<meta name=\"citation_").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        let kind = property(&html, "article:section");
        assert_eq!(!tags.is_empty(), kind.is_some_and(|kind| SCHOLARLY.contains(&kind)), "{name} is {kind:?}");
        kinds.extend(kind.map(|kind| (kind.to_owned(), !tags.is_empty())));
        if tags.is_empty() {
            continue;
        }
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
    let told: Vec<&str> = kinds.iter().filter(|(_, told)| **told).map(|(kind, _)| kind.as_str()).collect();
    assert_eq!(told, ["Briefing", "Report"]);
    for kind in ["Evidence", "Toolkit", "Blog", "Press release"] {
        assert_eq!(kinds.get(kind), Some(&false), "{kind} is there, and is not told of");
    }
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
        for each in ["UID", "DTSTAMP", "DTSTART", "SUMMARY", "URL", "STATUS", "SEQUENCE"] {
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

/// The width and height of a PNG, from its header (W3C, PNG, 11.2.2).
fn size(png: &[u8]) -> (u32, u32) {
    assert_eq!(&png[..8], b"\x89PNG\r\n\x1a\n");
    let number = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().expect("four bytes"));
    (number(16), number(20))
}

/// The value of a property in the head of a page.
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

/// What a small site with the theme `civic` publishes at `now`, with `more` in its settings.
fn civic(more: &str, content: &[(&str, &str)], now: &str) -> BTreeMap<String, Vec<u8>> {
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
    content.iter().for_each(|(path, text)| put(&format!("content/{path}"), text));
    let out = folder.path().join("out");
    let ran = build(folder.path(), &out, now);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    files(&out)
}

/// The names of share images of a small site, with `more` in its settings.
fn share_images(title: &str, kind: &str, more: &str) -> Vec<String> {
    let body = "summary = \"S.\"\ndate = 2026-01-01\nauthors = [{ name = \"A. Author\" }]\ncontact = \"ann\"\n";
    let one = format!("+++\ntitle = \"{title}\"\nkind = \"{kind}\"\n{body}+++\nWords.\n");
    let hidden = format!("+++\ntitle = \"Hidden\"\nkind = \"{kind}\"\nstatus = \"draft\"\n{body}+++\nWords.\n");
    let content = [
        ("people/ann.md", "+++\ntitle = \"Ann\"\nrole = \"Editor\"\n+++\n"),
        ("publications/one.md", &one),
        ("publications/hidden.md", &hidden),
    ];
    civic(more, &content, "2026-11-20 09:00").into_keys().filter(|name| name.contains("share.")).collect()
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

/// A small site of real entries, one for each kind of metadata.
const CONTENT: &[(&str, &str)] = &[
    ("themes/land.md", "+++\ntitle = \"Land\"\nsummary = \"Who owns it.\"\nweight = 1\n+++\nWords.\n"),
    ("people/ann.md", "+++\ntitle = \"Ann Author\"\nrole = \"Editor\"\nsummary = \"An editor.\"\n+++\nWords.\n"),
    ("projects/series.md", "+++\ntitle = \"Papers on land\"\nsummary = \"A series.\"\n+++\nWords.\n"),
    (
        "places/leeds.md",
        "+++\ntitle = \"Leeds\"\nsummary = \"A city.\"\ncode = \"E08000035\"\nlat = 53.8\nlon = -1.55\n\
         same_as = [\"https://www.wikidata.org/entity/Q39121\"]\n+++\nWords.\n",
    ),
    (
        "publications/paper/index.md",
        "+++\ntitle = \"A paper\"\nkind = \"report\"\nsummary = \"S.\"\ndate = 2026-01-10\nupdated = 2026-02-01\n\
         authors = [\"ann\"]\nthemes = [\"land\"]\nseries = \"projects/series\"\n\
         files = [{ file = \"papur.pdf\", lang = \"cy\" }, { file = \"paper.pdf\" }]\n\
         corrections = [{ date = 2026-03-05, text = \"Two.\" }, { date = 2026-02-20, text = \"One.\" }]\n+++\nWords.\n",
    ),
    ("publications/paper/papur.pdf", "%PDF"),
    ("publications/paper/paper.pdf", "%PDF"),
    (
        "publications/flat.md",
        "+++\ntitle = \"Flat\"\nkind = \"briefing\"\nsummary = \"S.\"\ndate = 2026-01-11\nauthors = [\"ann\"]\n\
         themes = [\"land\"]\nfiles = [{ file = \"flat.pdf\" }]\n+++\nWords.\n",
    ),
    ("publications/flat.pdf", "%PDF"),
    (
        "publications/evidence.md",
        "+++\ntitle = \"Evidence\"\nkind = \"evidence\"\nsummary = \"S.\"\ndate = 2026-01-12\nauthors = [\"ann\"]\n+++\nWords.\n",
    ),
    (
        "publications/toolkit.md",
        "+++\ntitle = \"Toolkit\"\nkind = \"toolkit\"\nsummary = \"S.\"\ndate = 2026-01-13\nauthors = [\"ann\"]\n+++\nWords.\n",
    ),
    (
        "publications/pretence.md",
        "+++\ntitle = \"Pretence\"\nkind = \"press\"\nsummary = \"S.\"\ndate = 2026-04-01\ncontact = \"ann\"\nsample = true\n+++\nWords.\n",
    ),
    (
        "events/cancelled.md",
        "+++\ntitle = \"Cancelled\"\nsummary = \"S.\"\nstart = 2027-01-10 10:00\nvenue = \"leeds\"\nstate = \"cancelled\"\n\
         booking = \"https://example.org/book\"\nprice = \"£25\"\nupdated = 2026-05-01\n+++\nWords.\n",
    ),
    (
        "events/full.md",
        "+++\ntitle = \"Full\"\nsummary = \"S.\"\nstart = 2027-01-11 10:00\ncapacity = \"waiting-list\"\n\
         venue = { name = \"The hall\", address = \"1 Square, Leeds\" }\n\
         booking = \"https://example.org/book\"\nprice = \"£25\"\n+++\nWords.\n",
    ),
    (
        "events/online.md",
        "+++\ntitle = \"Online\"\nsummary = \"S.\"\nstart = 2027-01-12 10:00\nmode = \"online\"\nvenue = { name = \"Online\" }\n\
         online_url = \"https://meet.example.org/a,b\"\nprice = \"Free\"\npublish_at = 2026-06-01 08:00\n+++\nWords.\n",
    ),
    (
        "events/hybrid.md",
        "+++\ntitle = \"Hybrid\"\nsummary = \"S.\"\nstart = 2027-01-13 10:00\nmode = \"hybrid\"\nvenue = \"leeds\"\n\
         online_url = \"https://meet.example.org/c\"\nprice = \"£10, £5 for members\"\n+++\nWords.\n",
    ),
    (
        "events/pretence.md",
        "+++\ntitle = \"Invented\"\nsummary = \"S.\"\nstart = 2027-01-14 10:00\nvenue = \"leeds\"\nsample = true\n+++\nWords.\n",
    ),
];

static SMALL: LazyLock<BTreeMap<String, Vec<u8>>> = LazyLock::new(|| civic(RSS, CONTENT, "2026-11-20 09:00"));

const RSS: &str = "[lists.publications]\nformats = [\"html\", \"atom\", \"rss\"]\n";

fn small(name: &str) -> String {
    String::from_utf8(SMALL.get(name).unwrap_or_else(|| panic!("{name} is published")).clone()).expect("UTF-8")
}

/// The thing of a type on a page of the small site.
fn told(page: &str, kind: &str) -> Value {
    let graphs = graphs(&small(&format!("{page}/index.html")));
    let mut all = Vec::new();
    graphs.iter().for_each(|graph| things(graph, &mut all));
    (*all.iter().find(|thing| thing["@type"] == kind).unwrap_or_else(|| panic!("{page} tells of a {kind}"))).clone()
}

// Seen to fail with `updated` taken alone, and with all corrections but one.
#[test]
fn a_correction_is_a_change_to_every_machine() {
    let html = small("publications/paper/index.html");
    assert_eq!(property(&html, "article:modified_time"), Some("2026-03-05"));
    assert_eq!(property(&html, "article:published_time"), Some("2026-01-10"));
    assert_eq!(told("publications/paper", "Report")["dateModified"], "2026-03-05");
    let sitemap = small("sitemap.xml");
    let (_, entry) = sitemap.split_once("publications/paper/</loc>").expect("listed");
    assert!(entry.trim_start().starts_with("<lastmod>2026-03-05T00:00:00+00:00<"), "{entry}");
    let feed = small("publications/feed.xml");
    let (_, entry) = feed.split_once("<title>A paper</title>").expect("in the feed");
    assert!(entry.contains("<updated>2026-03-05T00:00:00+00:00</updated>"), "{entry}");
    assert!(feed.find("A paper") < feed.find("Toolkit"), "the newest change first");
    // An entry that never changed gives a change date only where one is required.
    assert_eq!(property(&small("publications/evidence/index.html"), "article:modified_time"), None);
    assert_eq!(told("publications/evidence", "Report")["dateModified"], "2026-01-12");
}

// Seen to fail with the first PDF, and with one in the folder above.
#[test]
fn scholars_are_given_the_paper_in_the_language_of_its_page() {
    let pdf = |page: &str| {
        let html = small(page);
        let rest = html.split_once("citation_pdf_url\" content=\"")?.1;
        Some(rest.split('"').next().expect("an end").to_owned())
    };
    let paper = "https://example.org/publications/paper/paper.pdf";
    assert_eq!(pdf("publications/paper/index.html").as_deref(), Some(paper));
    assert_eq!(pdf("publications/flat/index.html"), None);
    assert!(SMALL.contains_key("publications/flat.pdf"));
}

// Seen to fail with the text as it is in RSS, where `<` cut it; and with U+0008 in the title, which stopped the whole site.
#[test]
fn signs_that_mean_something_to_machines_harm_no_feed() {
    let page = "---\ntitle: \"A\\uFFFEB \\x08 & <i>\\u2028C\"\nkind: blog\nsummary: \"Rent & wages: 1 < 2 \\uFFFF\"\n\
                date: 2026-04-01\nauthors: [{name: \"Jo\\x0Be\"}]\n---\nWords.\n";
    let published = civic(RSS, &[("publications/odd.md", page)], "2026-11-20 09:00");
    let text = |name: &str| String::from_utf8_lossy(&published[name]).into_owned();
    let forbidden = |c: char| matches!(c, '\u{0}'..='\u{8}' | '\u{b}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}');
    for name in ["publications/feed.xml", "publications/rss.xml", "sitemap.xml", "publications/odd/cite.bib"] {
        assert!(!text(name).contains(forbidden), "{name}");
    }
    let rss = text("publications/rss.xml");
    assert!(rss.contains("<title>AB &amp; &lt;i&gt; C</title>"), "{rss}");
    assert!(rss.contains("<description>Rent &amp;amp; wages: 1 &amp;lt; 2"), "{rss}");
    assert!(text("publications/feed.xml").contains("<summary>Rent &amp; wages: 1 &lt; 2"));
    assert!(published.keys().any(|name| name.starts_with("publications/odd/share.")), "it has an image");
}

// Read back with pybtex, bibtexparser, rispy and citation.js, which split or lost the names and keys before.
#[test]
fn names_are_whole_and_keys_are_plain_in_every_citation() {
    let author = |name: &str, fields: &str| format!("+++\ntitle = \"{name}\"\n{fields}\n+++\n");
    let people = [
        ("people/berg.md", author("Maria van der Berg", "role = \"R\"\ngroup = \"staff\"\nfamily = \"van der Berg\"")),
        ("people/smith.md", author("Dr Jane Smith OBE", "role = \"R\"\ngroup = \"staff\"\nfamily = \"Smith\"")),
        ("people/xi.md", author("Xi Jinping", "role = \"R\"\ngroup = \"staff\"\nfamily = \"Xi\"")),
        (
            "people/rand.md",
            author("Jane Rand and Co", "role = \"R\"\ngroup = \"staff\"\ngiven = \"Jane\"\nfamily = \"Rand and Co\""),
        ),
        ("themes/t.md", author("T", "summary = \"S.\"")),
        ("organisations/deloitte.md", author("Deloitte, Touche and Sons", "")),
    ];
    let page = "+++\ntitle = \"A\"\nkind = \"report\"\nsummary = \"S.\"\nthemes = [\"t\"]\ndate = 2026-04-01\nauthors = [\"berg\", \"smith\", \"xi\", \
                \"rand\", \"deloitte\", { name = \"Smith, Jones and Partners Ltd\" }, { name = \"others\" }]\n+++\nWords.\n";
    let mut content: Vec<(&str, &str)> = people.iter().map(|(path, text)| (*path, text.as_str())).collect();
    content.push(("publications/My report (final), v2/index.md", page));
    let settings = "legal_name = \"Research and Policy Centre\"\n";
    let published = civic(settings, &content, "2026-11-20 09:00");
    let text = |name: &str| {
        String::from_utf8_lossy(&published[&format!("publications/my-report-final-v2/{name}")]).into_owned()
    };
    let bib = text("cite.bib");
    assert!(bib.contains("{my-report-final-v2,\n"), "{bib}");
    assert!(bib.contains("institution = {{Research and Policy Centre}}"), "{bib}");
    assert!(
        bib.contains(
            "author = {van der Berg, Maria and Smith, Jane and Xi, Jinping and {Rand and Co}, Jane and \
             {Deloitte, Touche and Sons} and {Smith, Jones and Partners Ltd} and {others}}"
        ),
        "{bib}"
    );
    let ris = text("cite.ris");
    let authors: Vec<&str> = ris.lines().filter_map(|line| line.strip_prefix("AU  - ")).collect();
    let people = ["van der Berg, Maria", "Smith, Jane", "Xi, Jinping", "Rand and Co, Jane"];
    let firms = ["Deloitte Touche and Sons,", "Smith Jones and Partners Ltd,"];
    assert_eq!(authors, [&people[..], &firms, &["others"]].concat());
    let html = text("index.html");
    let scholar: Vec<&str> =
        html.split("\"citation_author\" content=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert_eq!(
        scholar[..5],
        ["van der Berg, Maria", "Smith, Jane", "Xi, Jinping", "Rand and Co, Jane", "Deloitte, Touche and Sons"]
    );
}

// Seen to fail with samples in each of the three, and with the calendar of the sample itself unmarked.
#[test]
fn samples_are_in_nothing_that_people_subscribe_to() {
    for (name, real, sample) in [
        ("publications/feed.xml", "A paper", "Pretence"),
        ("publications/rss.xml", "A paper", "Pretence"),
        ("events/events.ics", "SUMMARY:Full", "Invented"),
    ] {
        let text = small(name);
        assert!(text.contains(real) && !text.contains(sample), "{name}: {text}");
    }
    assert!(small("events/pretence/event.ics").contains("SUMMARY:Sample: Invented\r\n"));
    assert!(small("events/full/event.ics").contains("SUMMARY:Full\r\n"));
}

// Seen to fail with empty lists admitted, with lists of samples, and with the languages of the page's switch in its head.
#[test]
fn what_is_not_for_search_engines_is_in_no_sitemap_and_no_alternate() {
    let is_listed = |published: &BTreeMap<String, Vec<u8>>, name: &str| {
        !String::from_utf8_lossy(&published[name]).contains("<meta name=\"robots\" content=\"noindex\">")
    };
    for (list, listed) in [
        ("publications", true),
        ("publications/kind/report", true),
        ("publications/kind/press", false),
        ("events", true),
        ("events/past", false),
        ("topics", false),
        ("places", true),
    ] {
        assert_eq!(is_listed(&SMALL, &format!("{list}/index.html")), listed, "{list}");
    }
    let mut alternates = 0;
    for (published, origin) in [(&*PUBLISHED, "https://cles.org.uk/"), (&*SMALL, "https://example.org/")] {
        let sitemap = String::from_utf8_lossy(&published["sitemap.xml"]).into_owned();
        for (name, html) in pages_of(published).filter(|(name, _)| name.ends_with("index.html")) {
            let address = format!("{origin}{}", name.strip_suffix("index.html").expect("a page"));
            let listed = is_listed(published, name) && !html.contains("http-equiv=\"refresh\"");
            assert_eq!(sitemap.contains(&format!("<loc>{address}</loc>")), listed, "{name}");
            for rest in html.split("<link rel=\"alternate\" hreflang=").skip(1) {
                let to = rest.split_once(" href=\"").and_then(|(_, to)| to.split('"').next()).expect("an address");
                let to = format!("{}index.html", to.strip_prefix(origin).expect("of this site"));
                assert!(listed && is_listed(published, &to), "{name} names {to}");
                alternates += 1;
            }
        }
    }
    assert!(alternates > 20, "{alternates}");
}

// Seen to fail with seats on sale for a cancelled event, and with the first of several numbers taken as the price.
#[test]
fn events_offer_what_there_is() {
    let event = |name: &str| told(&format!("events/{name}"), "Event");
    assert!(event("cancelled")["offers"].is_null());
    assert_eq!(event("cancelled")["eventStatus"], "https://schema.org/EventCancelled");
    let full = &event("full")["offers"];
    assert_eq!(full["availability"], "https://schema.org/SoldOut");
    assert_eq!((&full["price"], &full["priceCurrency"]), (&"25".into(), &"GBP".into()));
    assert_eq!(full["availabilityEnds"], "2027-01-11T10:00:00+00:00");
    let online = event("online");
    assert_eq!((&online["offers"]["price"], &online["isAccessibleForFree"]), (&"0".into(), &true.into()));
    assert_eq!(online["location"]["url"], "https://meet.example.org/a,b");
    assert_eq!(online["eventAttendanceMode"], "https://schema.org/OnlineEventAttendanceMode");
    let hybrid = event("hybrid");
    assert!(hybrid["offers"].is_null());
    let kinds: Vec<&Value> = each(&hybrid["location"]).into_iter().map(|place| &place["@type"]).collect();
    assert_eq!(kinds, ["Place", "VirtualLocation"]);
}

// Seen to fail with the site's image on the page of a person.
#[test]
fn people_and_places_are_shown_by_nothing_but_themselves() {
    for (page, kind) in [("people/ann", "Person"), ("places/leeds", "AdministrativeArea")] {
        assert!(told(page, kind)["image"].is_null(), "{page}");
        assert!(property(&small(&format!("{page}/index.html")), "og:image").is_some(), "{page}");
    }
    assert_eq!(told("places/leeds", "AdministrativeArea")["sameAs"][0], "https://www.wikidata.org/entity/Q39121");
    assert_eq!(told("themes/land", "DefinedTermSet")["url"], "https://example.org/themes/");
    assert_eq!(told("publications/paper", "CreativeWorkSeries")["url"], "https://example.org/projects/series/");
}

/// The properties of a calendar, with their values.
fn said(calendar: &str) -> BTreeMap<String, String> {
    let lines = calendar.replace("\r\n ", "");
    lines
        .split("\r\n")
        .filter_map(|line| line.split_once(':'))
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .collect()
}

// Seen to fail with the clock as the stamp, and with a cancelled event's revision on one that is not cancelled.
#[test]
fn calendars_know_when_an_event_changed_and_where_to_join() {
    let event = |name: &str| said(&small(&format!("events/{name}/event.ics")));
    let get = |event: &BTreeMap<String, String>, key: &str| event.get(key).cloned().unwrap_or_default();
    let cancelled = event("cancelled");
    assert_eq!(get(&cancelled, "DTSTAMP"), "20260430T230000Z");
    assert_eq!(get(&cancelled, "LAST-MODIFIED"), "20260430T230000Z");
    let minutes = jiff::civil::date(2026, 5, 1).in_tz("Europe/London").expect("a day").timestamp().as_second() / 60;
    assert_eq!(get(&cancelled, "SEQUENCE"), (minutes + 2).to_string());
    let online = event("online");
    assert_eq!(get(&online, "DTSTAMP"), "20260601T070000Z", "when it became public");
    assert_eq!(get(&online, "CONFERENCE;VALUE=URI"), "https://meet.example.org/a,b");
    assert_eq!(get(&online, "LOCATION"), "https://meet.example.org/a\\,b");
    let hybrid = event("hybrid");
    assert_eq!(get(&hybrid, "LOCATION"), "Leeds");
    assert_eq!(get(&hybrid, "DESCRIPTION"), "S.\\n\\nhttps://meet.example.org/c");
    // The last change that the site states is that of the cancelled event.
    assert_eq!((get(&hybrid, "DTSTAMP"), get(&hybrid, "SEQUENCE")), ("20260430T230000Z".to_owned(), "0".to_owned()));
    let later = civic(RSS, CONTENT, "2026-12-24 18:30");
    for name in SMALL.keys().filter(|name| name.ends_with(".ics") || name.ends_with(".xml")) {
        assert!(SMALL[name] == later[name], "{name} tells when it was built");
    }
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

// Seen to fail when a translation was only asked for its own days.
#[test]
fn an_event_in_two_languages_is_revised_as_one() {
    let event = "+++\ntitle = \"Launch\"\nstart = \"2027-01-01 10:00\"\nvenue = { name = \"Hall\" }\nstate = \"cancelled\"\nupdated = 2026-11-10\n+++\n\nText.\n";
    let content = [("events/launch.md", event), ("events/launch.cy.md", "+++\ntitle = \"Lansio\"\n+++\n\nTestun.\n")];
    let published = civic("\n[languages.cy]\n", &content, "2026-11-20 09:00");
    let of = |folder: &str| {
        let (_, bytes) = published
            .iter()
            .find(|(name, _)| name.starts_with(folder) && name.ends_with("/launch/event.ics"))
            .unwrap_or_else(|| panic!("no calendar below {folder}: {:?}", published.keys()));
        said(&String::from_utf8_lossy(bytes))
    };
    let (english, welsh) = (of("events/"), of("cy/"));
    for property in ["UID", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE", "STATUS"] {
        assert_eq!(english[property], welsh[property], "{property}");
    }
    assert_ne!(english["SUMMARY"], welsh["SUMMARY"]);
}
