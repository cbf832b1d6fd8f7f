//! What an author states in a field of `civic`, a reader finds on the page, in `mosaic` too: each field that the theme and its
//! traits declare is filled in with a unique value, which the page must show. Then combinations of several fields.
#![allow(missing_docs, clippy::disallowed_methods)]

mod run;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use run::{build, files};

const NOW: &str = "2026-11-23 12:00";

/// An entry: its file, the page that shows it, and its fields: how each is written, and what the page must say for it.
type Entry = (&'static str, &'static str, &'static [(&'static str, &'static str, &'static [&'static str])]);

const ENTRIES: &[Entry] = &[
    (
        "index.md",
        "",
        &[
            ("title", "\"Home\"", &["Home"]),
            (
                "image",
                "{ file = \"a.svg\", alt = \"View from home\", caption = \"Seen from home\" }",
                &["View from home", "Seen from home"],
            ),
            // Neither the newest nor the weightiest.
            ("lead_story", "\"earlier\"", &["class=\"story-title\"><a href=\"/publications/earlier/\""]),
        ],
    ),
    (
        "publications/full/index.md",
        "publications/full/",
        &[
            ("title", "\"Full title\"", &["Full title"]),
            ("kind", "\"report\"", &["Report"]),
            ("summary", "\"Summary of the report.\"", &["Summary of the report."]),
            ("date", "2026-03-04", &["4 March 2026"]),
            ("updated", "2026-05-06", &["6 May 2026"]),
            (
                "image",
                "{ file = \"a.svg\", alt = \"Alt of the image\", caption = \"Caption of it\", credit = \"Credit of it\" }",
                &["Alt of the image", "Caption of it", "Credit of it"],
            ),
            ("topics", "[\"full-topic\"]", &["/topics/full-topic/"]),
            ("related", "[\"pages/full-page\"]", &["/full-page/"]),
            (
                "source",
                "{ title = \"Source title\", url = \"https://example.org/source\", date = 2020-01-02 }",
                &["Source title", "https://example.org/source", "2 January 2020"],
            ),
            ("subtitle", "\"Subtitle of it\"", &["Subtitle of it"]),
            ("abstract", "\"Abstract of it.\"", &["Abstract of it."]),
            (
                "authors",
                "[\"full-person\", { name = \"Guest Author\", affiliation = \"Guest University\" }]",
                &["/people/full-person/", "Guest Author", "Guest University"],
            ),
            ("themes", "[\"full-theme\"]", &["/themes/full-theme/"]),
            ("places", "[\"full-place\"]", &["/places/full-place/"]),
            ("project", "\"full-project\"", &["/projects/full-project/"]),
            ("event", "\"full-event\"", &["/events/full-event/"]),
            ("findings", "[\"Finding number one.\"]", &["Finding number one."]),
            (
                "figures",
                "[{ figure = \"77 per cent\", text = \"Text of the figure\" }]",
                &["77 per cent", "Text of the figure"],
            ),
            (
                "recommendations",
                "[{ text = \"Do this at once.\", to = \"Those in charge\" }]",
                &["Do this at once.", "Those in charge"],
            ),
            ("number", "\"Number 41\"", &["Number 41"]),
            ("series", "\"pages/full-page\"", &["Series</dt><dd><a href=\"/full-page/\""]),
            ("edition", "\"Second edition\"", &["Second edition"]),
            ("doi", "\"10.1234/full\"", &["https://doi.org/10.1234/full"]),
            ("isbn", "\"978-0-306-40615-7\"", &["9780306406157"]),
            ("issn", "\"0000-0019\"", &["0000-0019"]),
            ("pages", "43", &["43 pages"]),
            ("licence", "\"OGL-3.0\"", &["Open Government Licence"]),
            (
                "publishers",
                "[{ name = \"Other Publisher\", url = \"https://example.org/publisher\" }]",
                &["Other Publisher", "https://example.org/publisher"],
            ),
            ("funders", "[{ name = \"Other Funder\", reference = \"Grant 99\" }]", &["Other Funder", "Grant 99"]),
            ("disclosure", "\"Disclosed by us.\"", &["Disclosed by us."]),
            ("replaces", "\"earlier\"", &["/publications/earlier/"]),
            (
                "corrections",
                "[{ date = 2026-07-08, text = \"Correction of it.\", kind = \"notice\", previous = \"https://example.org/previous\" }]",
                &["8 July 2026", "Correction of it.", "Notice", "https://example.org/previous"],
            ),
            (
                "files",
                "[{ file = \"a.xlsx\", title = \"File of it\", pages = 5, lang = \"cy\", accessible = false }]",
                &["File of it", "5 pages", "hreflang=\"cy\"", "Cymraeg", "Need this in another format?"],
            ),
            ("contact", "\"full-person\"", &["mailto:person@example.org", "tel:+441610000000"]),
        ],
    ),
    (
        "publications/release.md",
        "publications/release/",
        &[
            ("title", "\"Release title\"", &["Release title"]),
            ("kind", "\"press\"", &["Press release"]),
            ("summary", "\"Summary of the release.\"", &["Summary of the release."]),
            ("date", "2026-03-05", &["5 March 2026"]),
            ("publication", "\"full\"", &["/publications/full/"]),
            ("contact", "\"full-person\"", &["mailto:person@example.org", "tel:+441610000000"]),
            ("notes_to_editors", "\"Notes for them.\"", &["Notes for them."]),
        ],
    ),
    (
        "events/full-event.md",
        "events/full-event/",
        &[
            ("title", "\"Event title\"", &["Event title"]),
            (
                "source",
                "{ title = \"Source of events\", url = \"https://example.org/source-of-events\" }",
                &["Source of events", "https://example.org/source-of-events"],
            ),
            ("kind", "\"seminar\"", &["Seminar"]),
            ("start", "2027-01-02 10:00", &["<b>2</b> January 2027</time>", ">10:00</time>"]),
            ("end", "2027-01-03 11:00", &["3 January 2027, 11:00"]),
            ("image", "{ file = \"a.svg\", alt = \"Alt of the hall\" }", &["Alt of the hall"]),
            ("venue", "{ name = \"Full Hall\", address = \"1 Full Street\" }", &["Full Hall", "1 Full Street"]),
            ("mode", "\"hybrid\"", &["In person and online"]),
            ("online_url", "\"https://example.org/join\"", &["https://example.org/join"]),
            ("updated", "2026-05-08", &["8 May 2026"]),
            ("places", "[\"full-place\"]", &["/places/full-place/"]),
            ("themes", "[\"full-theme\"]", &["/themes/full-theme/"]),
            (
                "speakers",
                "[\"full-person\", { name = \"Guest Speaker\", affiliation = \"Guest Council\" }]",
                &["/people/full-person/", "Guest Speaker", "Guest Council"],
            ),
            ("booking", "\"https://example.org/book\"", &["https://example.org/book"]),
            ("price", "\"Nine pounds\"", &["Nine pounds"]),
            ("capacity", "\"waiting-list\"", &["label-state\">Waiting list"]),
            ("state", "\"moved\"", &["label-state\">Moved"]),
            ("was", "2026-12-30 09:00", &["30 December 2026, 09:00"]),
            ("recording", "\"https://example.org/recording\"", &["https://example.org/recording"]),
            ("publication", "\"full\"", &["/publications/full/"]),
            (
                "programme",
                "[{ time = \"10:05\", title = \"Opening of it\", text = \"Words of welcome.\" }]",
                &["10:05", "Opening of it", "Words of welcome."],
            ),
        ],
    ),
    (
        "people/full-person.md",
        "people/full-person/",
        &[
            ("title", "\"Full Person\"", &["Full Person"]),
            (
                "image",
                "{ file = \"a.svg\", alt = \"Portrait of Full\", credit = \"Taken by Jo\" }",
                &["Portrait of Full", "Taken by Jo"],
            ),
            (
                "source",
                "{ title = \"Source of people\", url = \"https://example.org/source-of-people\" }",
                &["Source of people", "https://example.org/source-of-people"],
            ),
            ("role", "\"Role of Full\"", &["Role of Full"]),
            ("group", "\"trustee\"", &["Former trustee"]),
            ("state", "\"former\"", &["Former"]),
            ("themes", "[\"full-theme\"]", &["/themes/full-theme/"]),
            ("email", "\"person@example.org\"", &["mailto:person@example.org"]),
            ("tel", "\"+44 161 000 0000\"", &["tel:+441610000000"]),
            ("website", "\"https://person.example.org/\"", &["https://person.example.org/"]),
            ("orcid", "\"0000-0002-1825-0097\"", &["https://orcid.org/0000-0002-1825-0097"]),
            ("same_as", "[\"https://example.org/elsewhere\"]", &["https://example.org/elsewhere"]),
        ],
    ),
    (
        "organisations/organisations.toml",
        "about/",
        &[
            ("title", "\"Full Organisation\"", &["Full Organisation"]),
            ("summary", "\"Summary of organisations.\"", &["Summary of organisations."]),
            (
                "image",
                "{ file = \"a.svg\", alt = \"Picture of organisations\", credit = \"Picture credit of organisations\" }",
                &["Picture of organisations", "Picture credit of organisations"],
            ),
            (
                "source",
                "{ title = \"Source of organisations\", url = \"https://example.org/source-of-organisations\" }",
                &["Source of organisations", "https://example.org/source-of-organisations"],
            ),
            ("kind", "\"funder\"", &["Funder"]),
            ("place", "\"full-place\"", &["/places/full-place/"]),
            ("logo", "{ file = \"a.svg\", alt = \"Logo of Full\" }", &["Logo of Full"]),
            ("email", "\"organisation@example.org\"", &["mailto:organisation@example.org"]),
            ("tel", "\"+44 161 000 0001\"", &["tel:+441610000001"]),
            ("website", "\"https://organisation.example.org/\"", &["https://organisation.example.org/"]),
            ("ror", "\"027m9bs27\"", &["https://ror.org/027m9bs27"]),
            ("same_as", "[\"https://example.org/register\"]", &["https://example.org/register"]),
        ],
    ),
    (
        "places/full-place.md",
        "places/full-place/",
        &[
            ("title", "\"Full Place\"", &["Full Place"]),
            ("kind", "\"borough\"", &["Borough"]),
            ("image", "{ file = \"a.svg\", alt = \"View of the place\" }", &["View of the place"]),
            ("partners", "[\"full-organisation\"]", &["Full Organisation"]),
            ("code", "\"E08000006\"", &["E08000006"]),
            ("lat", "53.4875", &["53.4875"]),
            ("lon", "-2.2901", &["-2.2901"]),
            ("same_as", "[\"https://example.org/gazetteer\"]", &["https://example.org/gazetteer"]),
        ],
    ),
    (
        "themes/full-theme.md",
        "themes/full-theme/",
        &[
            ("title", "\"Full Theme\"", &["Full Theme"]),
            ("summary", "\"Summary of the theme.\"", &["Summary of the theme."]),
            ("image", "{ file = \"a.svg\", alt = \"View of the theme\" }", &["View of the theme"]),
            ("key_reading", "[\"full\"]", &["Key reading"]),
            ("lead", "\"full-person\"", &["Whom to ask</h2>", "<a href=\"/people/full-person/\""]),
            ("parent", "\"wider-theme\"", &["/themes/wider-theme/"]),
            ("definition", "\"Definition of the theme.\"", &["Definition of the theme."]),
            ("synonyms", "[\"Other word for it\"]", &["Other word for it"]),
        ],
    ),
    (
        "topics/full-topic.md",
        "topics/full-topic/",
        &[
            ("title", "\"Full Topic\"", &["Full Topic"]),
            ("image", "{ file = \"a.svg\", alt = \"View of the topic\" }", &["View of the topic"]),
            ("key_reading", "[\"full\"]", &["Key reading"]),
            ("lead", "\"full-person\"", &["Whom to ask</h2>", "<a href=\"/people/full-person/\""]),
            ("parent", "\"full-theme\"", &["/themes/full-theme/"]),
            ("definition", "\"Definition of the topic.\"", &["Definition of the topic."]),
            ("synonyms", "[\"Another word for it\"]", &["Another word for it"]),
        ],
    ),
    (
        "projects/full-project.md",
        "projects/full-project/",
        &[
            ("title", "\"Full Project\"", &["Full Project"]),
            ("image", "{ file = \"a.svg\", alt = \"View of the project\" }", &["View of the project"]),
            ("clients", "[{ name = \"Client of ours\" }]", &["Client of ours"]),
            ("places", "[\"full-place\"]", &["/places/full-place/"]),
            ("themes", "[\"full-theme\"]", &["/themes/full-theme/"]),
            ("activities", "[\"full-activity\"]", &["Full Activity"]),
            ("people", "[\"full-person\"]", &["/people/full-person/"]),
            ("period", "\"2019 to 2021\"", &["2019 to 2021"]),
            ("outcomes", "[\"Outcome of the project.\"]", &["Outcome of the project."]),
            ("papers", "[\"full-document\"]", &["Full Document"]),
        ],
    ),
    (
        "full-page.md",
        "full-page/",
        &[
            ("title", "\"Full Page\"", &["Full Page"]),
            (
                "image",
                "{ file = \"a.svg\", alt = \"Picture of pages\", credit = \"Picture credit of pages\" }",
                &["Picture of pages", "Picture credit of pages"],
            ),
            (
                "source",
                "{ title = \"Source of pages\", url = \"https://example.org/source-of-pages\" }",
                &["Source of pages", "https://example.org/source-of-pages"],
            ),
            ("topics", "[\"full-topic\"]", &["/topics/full-topic/"]),
            ("updated", "2026-05-09", &["9 May 2026"]),
            ("strapline", "\"Strapline of the page\"", &["Strapline of the page"]),
            ("tested", "2026-02-03", &["3 February 2026"]),
            ("contact", "\"full-person\"", &["mailto:person@example.org", "tel:+441610000000"]),
        ],
    ),
    (
        "values/values.toml",
        "about/values/",
        &[
            ("title", "\"Full Value\"", &["Full Value"]),
            ("text", "\"Statement of it.\"", &["Statement of it."]),
            ("summary", "\"Summary of values.\"", &["Summary of values."]),
            (
                "image",
                "{ file = \"a.svg\", alt = \"Picture of values\", credit = \"Picture credit of values\" }",
                &["Picture of values", "Picture credit of values"],
            ),
            (
                "source",
                "{ title = \"Source of values\", url = \"https://example.org/source-of-values\" }",
                &["Source of values", "https://example.org/source-of-values"],
            ),
        ],
    ),
    (
        "achievements/achievements.toml",
        "about/achievements/",
        &[
            ("title", "\"Full Achievement\"", &["Full Achievement"]),
            ("summary", "\"Summary of achievements.\"", &["Summary of achievements."]),
            (
                "image",
                "{ file = \"a.svg\", alt = \"Picture of achievements\", credit = \"Picture credit of achievements\" }",
                &["Picture of achievements", "Picture credit of achievements"],
            ),
            (
                "source",
                "{ title = \"Source of achievements\", url = \"https://example.org/source-of-achievements\" }",
                &["Source of achievements", "https://example.org/source-of-achievements"],
            ),
            ("kind", "\"figure\"", &["figure-number"]),
            ("figure", "\"Over 55\"", &["Over 55"]),
            ("text", "\"What was achieved.\"", &["What was achieved."]),
            ("date", "2026-04-01", &["April 2026"]),
            ("reported_to", "\"Those who asked\"", &["Those who asked"]),
            ("themes", "[\"full-theme\"]", &["/themes/full-theme/"]),
            ("places", "[\"full-place\"]", &["/places/full-place/"]),
        ],
    ),
    (
        "activities/activities.toml",
        "what-we-do/",
        &[
            ("title", "\"Full Activity\"", &["Full Activity"]),
            ("text", "\"What is done.\"", &["What is done."]),
            ("summary", "\"Summary of activities.\"", &["Summary of activities."]),
            (
                "image",
                "{ file = \"a.svg\", alt = \"Picture of activities\", credit = \"Picture credit of activities\" }",
                &["Picture of activities", "Picture credit of activities"],
            ),
            (
                "source",
                "{ title = \"Source of activities\", url = \"https://example.org/source-of-activities\" }",
                &["Source of activities", "https://example.org/source-of-activities"],
            ),
        ],
    ),
    (
        "products/products.toml",
        "what-we-do/",
        &[
            ("title", "\"Full Product\"", &["Full Product"]),
            ("summary", "\"Summary of products.\"", &["Summary of products."]),
            (
                "image",
                "{ file = \"a.svg\", alt = \"Picture of products\", credit = \"Picture credit of products\" }",
                &["Picture of products", "Picture credit of products"],
            ),
            (
                "source",
                "{ title = \"Source of products\", url = \"https://example.org/source-of-products\" }",
                &["Source of products", "https://example.org/source-of-products"],
            ),
            ("text", "\"What is made.\"", &["What is made."]),
            ("link", "\"/publications/\"", &["<h3><a href=\"/publications/\">"]),
        ],
    ),
    (
        "documents/documents.toml",
        "about/sources/",
        &[
            ("title", "\"Full Document\"", &["Full Document"]),
            ("summary", "\"Summary of documents.\"", &["Summary of documents."]),
            (
                "image",
                "{ file = \"a.svg\", alt = \"Picture of documents\", credit = \"Picture credit of documents\" }",
                &["Picture of documents", "Picture credit of documents"],
            ),
            (
                "source",
                "{ title = \"Source of documents\", url = \"https://example.org/source-of-documents\" }",
                &["Source of documents", "https://example.org/source-of-documents"],
            ),
            ("text", "\"What it says.\"", &["What it says."]),
            ("publisher", "\"Publisher of it\"", &["Publisher of it"]),
            ("period", "\"The year 2016\"", &["The year 2016"]),
            ("note", "\"Note on it.\"", &["Note on it."]),
        ],
    ),
];

/// The other entries of the site, for fields to name.
const BESIDE: &[(&str, &str)] = &[
    ("accessibility.md", "title = \"Accessibility\""),
    ("about/index.md", "title = \"About\"\ntemplate = \"about.html\""),
    ("about/values.md", "title = \"Values\"\ntemplate = \"values.html\""),
    ("about/achievements.md", "title = \"Achievements\"\ntemplate = \"achievements.html\""),
    ("about/sources.md", "title = \"Sources\"\ntemplate = \"sources.html\""),
    ("what-we-do.md", "title = \"Work\"\ntemplate = \"work.html\""),
    ("themes/wider-theme.md", "title = \"Wider Theme\"\nsummary = \"Wide.\""),
    (
        "publications/earlier.md",
        "title = \"Earlier edition\"\nkind = \"blog\"\nsummary = \"S.\"\ndate = 2019-01-01\nauthors = [\"full-person\"]",
    ),
];

/// Fields that are not looked for, and why. Fields that all entries have are looked for on a report.
const UNSEEN: &[(&str, &[&str], &str)] = &[
    ("publications", &["cover"], "it arranges a drawing"),
    ("events", &["cover"], "it arranges a drawing"),
    ("places", &["cover"], "it arranges a drawing"),
    ("projects", &["cover"], "it arranges a drawing"),
    ("themes", &["drawing"], "it chooses a drawing"),
    ("topics", &["drawing"], "it chooses a drawing"),
    ("pages", &["review_by"], "`check` tells editors, not readers"),
    ("people", &["given", "family"], "they are in citations, and order names"),
    ("people", &["ror", "logo"], "organisations have them"),
    ("organisations", &["given", "family", "orcid"], "people have them"),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Builds a site of `civic` with `content` (the fields of each file, and its text after `+++` if it has one).
fn published<'a>(content: impl IntoIterator<Item = (&'a str, String)>) -> BTreeMap<String, Vec<u8>> {
    published_with("", content)
}

/// The same with `settings` after those of the site.
fn published_with<'a>(
    settings: &str,
    content: impl IntoIterator<Item = (&'a str, String)>,
) -> BTreeMap<String, Vec<u8>> {
    published_in("civic", settings, content)
}

/// The same in another design.
fn published_in<'a>(
    theme: &str,
    settings: &str,
    content: impl IntoIterator<Item = (&'a str, String)>,
) -> BTreeMap<String, Vec<u8>> {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let site = folder.path().join("site");
    let put = |name: &str, bytes: &[u8]| {
        let place = site.join(name);
        fs::create_dir_all(place.parent().expect("it lies in the folder")).expect("a folder can be made");
        fs::write(place, bytes).expect("a file can be written");
    };
    put(
        "site.toml",
        format!("title = \"Full Tank\"\nbase_url = \"https://www.example.org/\"\nlanguage = \"en-GB\"\ntimezone = \"Europe/London\"\ntheme = \"{theme}\"\n[organisation]\nname = \"Full Tank\"\nemail = \"tank@example.org\"\n{settings}").as_bytes(),
    );
    for (name, fields) in content {
        let text = match name.split_once('/') {
            Some((collection, _)) if name.ends_with(".toml") => format!("[[{collection}]]\n{fields}\n"),
            _ if fields.contains("\n+++\n") => format!("+++\n{fields}"),
            _ => format!("+++\n{fields}\n+++\n\nText.\n"),
        };
        put(&format!("content/{name}"), text.as_bytes());
        let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
        put(&format!("content/{folder}/a.svg"), b"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 4 4\"/>");
        put(&format!("content/{folder}/a.xlsx"), b"numbers");
        put(&format!("content/{folder}/b.csv"), b"numbers");
    }
    let out = folder.path().join("out");
    let ran = build(&site, &out, NOW);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    files(&out)
}

/// The main part of a page, without the metadata in its head.
fn main_of(published: &BTreeMap<String, Vec<u8>>, address: &str) -> String {
    let bytes = published.get(&format!("{address}index.html")).unwrap_or_else(|| panic!("there is no page /{address}"));
    let html = String::from_utf8_lossy(bytes);
    let main = html.split_once("<main").and_then(|(_, rest)| rest.split_once("</main>")).expect("a main part").0;
    main.to_owned()
}

/// Every declared field, in one of the designs of the program.
fn full(theme: &str) -> BTreeMap<String, Vec<u8>> {
    let full = ENTRIES.iter().map(|(file, _, fields)| {
        let mut text = String::new();
        for (name, value, _) in *fields {
            let _ = writeln!(text, "{name} = {value}");
        }
        (*file, text)
    });
    published_in(theme, "", full.chain(BESIDE.iter().map(|(file, text)| (*file, (*text).to_owned()))))
}

static FULL: LazyLock<BTreeMap<String, Vec<u8>>> = LazyLock::new(|| full("civic"));

/// The designs that are built into the program.
const DESIGNS: [&str; 2] = ["civic", "mosaic"];

/// Seen to fail for 26 fields that the theme did not show.
#[test]
fn what_is_stated_is_shown() {
    let mut missing = Vec::new();
    let mosaic = full("mosaic");
    for (theme, published) in DESIGNS.into_iter().zip([&*FULL, &mosaic]) {
        for (file, address, fields) in ENTRIES {
            let main = main_of(published, address);
            for (name, _, wanted) in *fields {
                let lost = wanted.iter().filter(|wanted| !main.contains(**wanted));
                missing.extend(lost.map(|wanted| format!("{theme}, {file}: `{name}` is not shown as {wanted:?}")));
            }
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

/// The names of declared fields; a field in a group is `field.part`.
fn declared(table: &toml::Value) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for (name, field) in table.as_table().into_iter().flatten() {
        names.insert(name.clone());
        for part in field.get("fields").and_then(toml::Value::as_table).into_iter().flat_map(toml::Table::keys) {
            names.insert(format!("{name}.{part}"));
        }
    }
    names
}

/// Seen to fail with a field, and with a field in a group, added to the theme.
#[test]
fn every_declared_field_is_looked_for() {
    let read = |name: &str| -> toml::Table {
        fs::read_to_string(root().join(name)).expect("it is there").parse().expect("it is TOML")
    };
    let (base, theme) = (read("src/schema/base.toml"), read("themes/civic/theme.toml"));
    let mut missing = Vec::new();
    for (collection, said) in theme["collections"].as_table().expect("a table") {
        let traits = said.get("traits").and_then(toml::Value::as_array).into_iter().flatten();
        let mut names = declared(&said["fields"]);
        names.extend(traits.filter_map(toml::Value::as_str).flat_map(|name| declared(&base[name])));
        let of_this = |file: &str| match file.split_once('/') {
            Some((folder, _)) => folder == collection,
            None => collection == "pages",
        };
        let stated: Vec<_> =
            ENTRIES.iter().filter(|(file, ..)| of_this(file)).flat_map(|(.., fields)| *fields).collect();
        for name in names {
            let (field, part) = name.split_once('.').map_or((&*name, None), |(field, part)| (field, Some(part)));
            let is_stated = stated.iter().any(|(name, value, _)| {
                *name == field && part.is_none_or(|part| value.contains(&format!("{part} = ")))
            });
            let is_left_out = UNSEEN.iter().any(|(other, names, _)| other == collection && names.contains(&field));
            if !is_stated && !is_left_out {
                missing.push(format!("{collection}: {name}"));
            }
        }
    }
    assert!(missing.is_empty(), "nothing looks for\n{}", missing.join("\n"));
}

/// Fields that all reports have.
const REPORT: &str =
    "kind = \"report\"\nsummary = \"S.\"\ndate = 2026-01-01\nauthors = [{ name = \"A\" }]\nthemes = [\"t\"]\n";

fn report(title: &str, more: &str) -> String {
    format!("title = \"{title}\"\n{REPORT}{more}")
}

fn event(title: &str, more: &str) -> String {
    format!("title = \"{title}\"\nvenue = {{ name = \"Hall\" }}\nbooking = \"https://example.org/book\"\n{more}")
}

fn person(name: &str, more: &str) -> String {
    format!("title = \"{name}\"\nrole = \"Role of {name}\"\nthemes = [\"t\"]\n{more}")
}

/// Combinations of several fields.
static TOLD: LazyLock<BTreeMap<String, Vec<u8>>> = LazyLock::new(|| {
    published([
        ("index.md", "title = \"Home\"".to_owned()),
        ("press.md", "title = \"Press\"\ntemplate = \"press.html\"\ncontact = \"staff\"".to_owned()),
        ("themes/t.md", "title = \"Theme\"\nsummary = \"S.\"".to_owned()),
        ("publications/old.md", report("Old edition", "")),
        ("publications/new.md", report("New edition", "replaces = \"old\"\nauthors = [\"gone\"]").replacen("authors = [{ name = \"A\" }]\n", "", 1)),
        ("publications/wrong.md", report("Wrong one", "status = \"withdrawn\"\nwithdrawn = { date = 2026-02-02, reason = \"Why.\", see = \"publications/new\" }")),
        (
            "publications/corrected/index.md",
            report(
                "Corrected one",
                "corrections = [\n{ date = 2026-02-03, text = \"The first.\" },\n{ date = 2026-06-07, text = \"The last.\" },\n{ date = 2026-04-05, text = \"The middle.\", kind = \"notice\" }]\nfiles = [{ file = \"a.xlsx\", accessible = true }, { file = \"b.csv\" }]",
            ),
        ),
        ("publications/release.md", "title = \"The release\"\nkind = \"press\"\nsummary = \"S.\"\ndate = 2026-01-02\npublication = \"new\"\ncontact = \"staff\"".to_owned()),
        ("events/off.md", event("Event that is off", "start = 2027-01-01\nstate = \"cancelled\"")),
        ("events/full.md", event("Event that is full", "start = 2027-01-02\ncapacity = \"full\"")),
        ("events/waiting.md", event("Event with a list", "start = 2027-01-03\ncapacity = \"waiting-list\"")),
        ("events/open.md", event("Event that is open", "start = 2027-01-04\npublication = \"new\"")),
        ("events/over.md", event("Event that is over", "start = 2026-01-05\ncapacity = \"waiting-list\"")),
        ("people/staff.md", person("Staff Member", "email = \"staff@example.org\"\ntel = \"+44 161 000 0000\"")),
        ("people/trustee.md", person("Trustee Member", "group = \"trustee\"")),
        ("people/gone.md", person("Gone Member", "state = \"former\"")),
    ])
});

#[test]
fn an_event_says_whether_one_can_still_come() {
    let can_book = |name: &str| main_of(&TOLD, &format!("events/{name}/")).contains("https://example.org/book");
    assert_eq!(["off", "full", "waiting", "open", "over"].map(can_book), [false, false, true, true, false]);
    assert!(main_of(&TOLD, "events/off/").contains("This event has been cancelled."));
    assert!(!main_of(&TOLD, "events/off/").contains("event.ics"));
    assert!(main_of(&TOLD, "events/waiting/").contains(">Join the waiting list</a>"));
    let (list, past) = (main_of(&TOLD, "events/"), main_of(&TOLD, "events/past/"));
    let label = |list: &str, title: &str| {
        let card =
            list.split("<article class=\"card\">").find(|card| card.contains(title)).expect("it is listed").to_owned();
        card.split("label-state\">").nth(1).and_then(|rest| rest.split('<').next()).map(str::to_owned)
    };
    assert_eq!(label(&list, "that is off").as_deref(), Some("Cancelled"));
    assert_eq!(label(&list, "that is full").as_deref(), Some("Full"));
    assert_eq!(label(&list, "with a list").as_deref(), Some("Waiting list"));
    assert_eq!(label(&list, "that is open"), None);
    assert_eq!(label(&past, "that is over"), None);
}

#[test]
fn what_is_replaced_or_withdrawn_leads_to_what_stands_for_it() {
    let notice = |name: &str| {
        let main = main_of(&TOLD, &format!("publications/{name}/"));
        let notice = main.split("notice-withdrawn\">").nth(1).and_then(|rest| rest.split("</p>").next());
        notice.map(str::to_owned)
    };
    for name in ["old", "wrong"] {
        assert!(notice(name).expect("a notice").contains("href=\"/publications/new/\""), "{name}");
    }
    assert_eq!(notice("new"), None);
}

#[test]
fn corrections_stand_newest_first() {
    let main = main_of(&TOLD, "publications/corrected/");
    let places = ["The last.", "The middle.", "The first."].map(|text| main.find(text).expect("it is shown"));
    assert!(places.is_sorted(), "{places:?}");
    let banner =
        main.split("href=\"#part_corrections\">").nth(1).and_then(|rest| rest.split("</a>").next()).expect("a line");
    assert!(banner.contains("Corrected on 7 June 2026"), "{banner}");
}

#[test]
fn downloads_say_what_they_are_and_whom_to_ask_for_others() {
    let main = main_of(&TOLD, "publications/corrected/");
    assert!(main.contains("type=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet\""));
    assert!(main.contains("type=\"text/csv\""));
    // The first file is accessible, the second is not; there is no accessibility page, but an address to write to.
    assert!(main.contains("Need this in another format?"));
}

#[test]
fn a_report_its_release_and_its_event_lead_to_each_other() {
    let report = main_of(&TOLD, "publications/new/");
    assert!(report.contains("href=\"/publications/release/\"") && report.contains("href=\"/events/open/\""));
    for other in ["publications/release/", "events/open/"] {
        assert!(main_of(&TOLD, other).contains("href=\"/publications/new/\""), "{other}");
    }
    let press = main_of(&TOLD, "press/");
    for wanted in [
        "href=\"/publications/release/\"",
        "href=\"/publications/kind/press/\"",
        "mailto:staff@example.org",
        "tel:+441610000000",
    ] {
        assert!(press.contains(wanted), "{wanted}");
    }
}

#[test]
fn what_is_said_of_a_report_stands_after_its_text_in_order() {
    let main = main_of(&FULL, "publications/full/");
    let marks = [
        "class=\"standfirst\"",
        "class=\"byline\"",
        "href=\"#part_cite\"",
        "id=\"part_key-findings\"",
        "</article>",
        "id=\"part_recommendations\"",
        "<footer",
        "id=\"part_downloads\"",
        "id=\"part_facts\"",
        "id=\"part_cite\"",
        "id=\"part_press-contact\"",
        "id=\"part_corrections\"",
        "id=\"part_funding\"",
        "id=\"part_licence\"",
        "id=\"part_identifiers\"",
        "id=\"part_about-authors\"",
        "id=\"part_launch\"",
        "id=\"part_releases\"",
        "</footer>",
        "id=\"part_next\"",
    ];
    let places = marks.map(|mark| main.find(mark).unwrap_or_else(|| panic!("there is no {mark}")));
    assert!(places.is_sorted(), "{places:?}");
}

#[test]
fn people_are_told_apart() {
    let main = main_of(&TOLD, "people/");
    let marks =
        [">Staff</h2>", "Staff Member", ">Trustees</h2>", "Trustee Member", ">Formerly with us</h2>", "Gone Member"];
    let places = marks.map(|mark| main.find(mark).unwrap_or_else(|| panic!("there is no {mark}")));
    assert!(places.is_sorted(), "{places:?}");
    // A theme names the people who work on it and their status; a by-line stays.
    let theme = main_of(&TOLD, "themes/t/");
    assert!(theme.contains("Staff Member") && theme.contains("<span class=\"kind\">Trustee</span>"), "{theme}");
    assert!(!theme.contains("/people/gone/"));
    assert!(main_of(&TOLD, "publications/new/").contains("href=\"/people/gone/\""));
}

#[test]
fn the_data_of_a_figure_can_be_downloaded() {
    let text = report("With data", "") + "+++\n\n:::figure {title=\"T\" source=\"S\" data=\"a.xlsx\"}\nNumbers.\n:::\n";
    let site = published([
        ("index.md", "title = \"Home\"".to_owned()),
        ("themes/t.md", "title = \"Theme\"\nsummary = \"S.\"".to_owned()),
        ("publications/with-data/index.md", text),
    ]);
    let main = main_of(&site, "publications/with-data/");
    assert!(
        main.contains("href=\"/publications/with-data/a.xlsx\"") && main.contains(">Data of figure 1</a>"),
        "{main}"
    );
    assert!(site.contains_key("publications/with-data/a.xlsx"));
    // No page names this one.
    assert!(!site.contains_key("publications/with-data/b.csv"));
}

/// WCAG 2.2, 3.1.2. Seen to fail when the words were not marked.
#[test]
fn what_a_translation_has_from_its_original_is_marked_as_such() {
    let published = published_with(
        "[languages.cy]\n",
        [
            ("themes/t.md", "title = \"T\"\nsummary = \"Theme in English.\"".to_owned()),
            ("themes/t.cy.md", "title = \"Thema\"".to_owned()),
            ("publications/r.md", report("R", "subtitle = \"Below\"\nfindings = [\"Found.\"]\n")),
            ("publications/r.cy.md", "title = \"Adroddiad\"\nsummary = \"Crynodeb.\"".to_owned()),
            ("index.md", "title = \"Home\"".to_owned()),
        ],
    );
    let report = main_of(&published, "cy/cyhoeddiadau/r/");
    assert!(report.contains("<p class=\"subtitle\" lang=\"en-GB\">Below</p>"), "{report}");
    assert!(report.contains("<ol lang=\"en-GB\">"), "{report}");
    assert!(report.contains("<p class=\"standfirst\">Crynodeb.</p>"), "{report}");
    let theme = main_of(&published, "cy/themau/t/");
    assert!(theme.contains("<p class=\"standfirst\" lang=\"en-GB\">Theme in English.</p>"), "{theme}");
    let english = main_of(&published, "publications/r/");
    assert!(!english.contains("lang="), "{english}");
}

/// Rows of a file stand as they were written, unless they state a weight; a translation stands where its original does.
///
/// Seen to fail when rows of equal weight stood in the order of their titles.
#[test]
fn rows_stand_as_they_were_written() {
    let values = "title = \"Trust\"\ntext = \"T.\"\n[[values]]\ntitle = \"Fairness\"\ntext = \"T.\"\n[[values]]\ntitle = \"Openness\"\ntext = \"T.\"\n[[values]]\ntitle = \"Boldness\"\ntext = \"T.\"\nweight = 1";
    let welsh = "id = \"openness\"\ntitle = \"Bod yn agored\"\n[[values]]\nid = \"trust\"\ntitle = \"Ymddiriedaeth\"";
    let page = "title = \"Values\"\ntemplate = \"values.html\"";
    let published = published_with(
        "[languages.cy]\n",
        [
            ("index.md", "title = \"Home\"".to_owned()),
            ("index.cy.md", "title = \"Hafan\"".to_owned()),
            ("about/values.md", page.to_owned()),
            ("about/values.cy.md", "title = \"Gwerthoedd\"".to_owned()),
            ("values/values.toml", values.to_owned()),
            ("values/values.cy.toml", welsh.to_owned()),
        ],
    );
    let order = |address: &str, titles: [&str; 4]| {
        let main = main_of(&published, address);
        let places: Vec<usize> = titles.iter().map(|title| main.find(title).expect("it is shown")).collect();
        assert!(places.is_sorted(), "{address}: {titles:?} at {places:?}");
    };
    order("about/values/", ["Boldness", "Trust", "Fairness", "Openness"]);
    order("cy/about/values/", ["Boldness", "Ymddiriedaeth", "Fairness", "Bod yn agored"]);
}

/// Each kind of field that a site adds to those of its theme: how it is declared and written, and what the page says for it.
const ADDED: &[(&str, &str, &str, &str)] = &[
    ("ward", "{ type = \"text\", label = \"The ward\" }", "\"Ordsall\"", "<dt>The ward</dt>\n    <dd>Ordsall</dd>"),
    ("length_in_words", "\"int\"", "12", "<dt>Length in words</dt>\n    <dd>12</dd>"),
    ("none", "\"int\"", "0", "<dt>None</dt>\n    <dd>0</dd>"),
    ("rate", "\"number\"", "1.5", "<dd>1.5</dd>"),
    ("is_open", "\"bool\"", "false", "<dt>Is open</dt>\n    <dd>No</dd>"),
    ("reviewed", "\"date\"", "2026-01-02", "<dd><time datetime=\"2026-01-02\">2 January 2026</time></dd>"),
    ("at", "\"moment\"", "2026-01-03 10:00", "3 January 2026, 10:00"),
    ("site", "\"url\"", "\"https://example.org/there\"", "<a href=\"https://example.org/there\">example.org/there</a>"),
    ("mail", "\"email\"", "\"added@example.org\"", "<a href=\"mailto:added@example.org\">"),
    ("phone", "\"tel\"", "\"+44 161 000 0009\"", "<a href=\"tel:+441610000009\">"),
    ("spoken", "\"lang\"", "\"cy\"", "<span lang=\"cy\">Cymraeg</span>"),
    ("size", "\"enum(small|large)\"", "\"large\"", "<dd>large</dd>"),
    ("guest", "\"ref(people)\"", "\"guest\"", "<a href=\"/people/guest/\">The Guest</a>"),
    (
        "guests",
        "\"list(either(ref(people), record{name: text}))\"",
        "[\"guest\", { name = \"Other Guest\" }]",
        "<dd>Other Guest</dd>",
    ),
    ("sheet", "\"file\"", "\"a.xlsx\"", "a.xlsx</a> <span class=\"quiet\">XLSX"),
    ("photo", "\"image\"", "{ file = \"a.svg\", alt = \"Added photo\" }", "alt=\"Added photo\""),
    ("words", "\"markdown\"", "\"Some **strong** words.\"", "<strong>strong</strong>"),
    ("tags", "\"list(text)\"", "[\"One tag\", \"Two tags\"]", "<dd>One tag</dd>\n    <dd>Two tags</dd>"),
    ("box", "\"record{who: text, day: date}\"", "{ who = \"Jo\", day = 2026-01-04 }", "4 January 2026"),
];

/// Fields that a site declares are shown with their labels, as what they are, in the order of declaration, on every kind of page.
///
/// Seen to fail without the generic list of fields in each template, one by one.
#[test]
fn fields_that_a_site_declares_are_shown() {
    let own = [
        "pages",
        "publications",
        "events",
        "people",
        "places",
        "projects",
        "themes",
        "topics",
        "talks",
        "values",
        "products",
        "documents",
        "organisations",
        "activities",
        "achievements",
        "jobs",
    ];
    let declared: String = ADDED.iter().map(|(name, ty, ..)| format!("{name} = {ty}\n")).collect();
    let stated: String = ADDED.iter().map(|(name, _, value, _)| format!("{name} = {value}\n")).collect();
    let mut settings: String = "[collections.talks]\npath = \"/talks/{slug}/\"\n[lists.jobs]\ntitle = \"Jobs\"\nfrom = \"jobs\"\nroute = \"/jobs/\"\n".to_owned();
    for collection in own {
        let _ = write!(settings, "[collections.{collection}.fields]\n{declared}");
    }
    let mut content: Vec<(&str, String)> = BESIDE.iter().map(|(file, text)| (*file, (*text).to_owned())).collect();
    content.retain(|(file, _)| !matches!(*file, "themes/wider-theme.md" | "publications/earlier.md"));
    content.push(("people/guest.md", "title = \"The Guest\"\nrole = \"Guest\"".to_owned()));
    let needed = [
        ("plain.md", "plain/", "title = \"P\""),
        (
            "publications/p.md",
            "publications/p/",
            "title = \"P\"\nkind = \"press\"\nsummary = \"S.\"\ndate = 2026-01-01\ncontact = \"guest\"",
        ),
        ("events/p.md", "events/p/", "title = \"P\"\nstart = 2027-01-01\nvenue = { name = \"V\" }"),
        ("people/p.md", "people/p/", "title = \"P\"\nrole = \"R\""),
        ("places/p.md", "places/p/", "title = \"P\""),
        ("projects/p.md", "projects/p/", "title = \"P\""),
        ("themes/p.md", "themes/p/", "title = \"P\"\nsummary = \"S.\""),
        ("topics/p.md", "topics/p/", "title = \"P\""),
        ("talks/p.md", "talks/p/", "title = \"P\""),
        ("values/p.toml", "about/values/", "title = \"P\"\ntext = \"T.\""),
        ("products/p.toml", "what-we-do/", "title = \"P\"\ntext = \"T.\""),
        ("activities/p.toml", "what-we-do/", "title = \"Q\"\ntext = \"T.\""),
        ("documents/p.toml", "about/sources/", "title = \"P\"\ntext = \"T.\""),
        ("organisations/p.toml", "about/", "title = \"P\""),
        (
            "achievements/p.toml",
            "about/achievements/",
            "title = \"P\"\nkind = \"outcome\"\ntext = \"T.\"\ndate = 2026-01-01\nreported_to = \"R\"",
        ),
        ("jobs/p.toml", "jobs/", "title = \"P\""),
    ];
    content.extend(needed.iter().map(|(file, _, text)| (*file, format!("{text}\n{stated}"))));
    let mut missing = Vec::new();
    for theme in DESIGNS {
        let published = published_in(theme, &settings, content.clone());
        for (file, address, _) in needed {
            let main = main_of(&published, address);
            let mut last = 0;
            for (name, _, _, wanted) in ADDED {
                match main[last..].find(wanted) {
                    Some(at) => last += at,
                    None => missing.push(format!("{theme}, {file}: `{name}` is not shown as {wanted:?}")),
                }
            }
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}
