//! This repository's own site says what its sources say: each fact is on the page where it belongs, no invented text
//! passes for a fact, and what must not be published is nowhere.
#![allow(missing_docs, clippy::disallowed_methods)]

mod run;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;

use run::{build, files, program, run};

/// When the site is built: after its first samples, before its embargoed one.
const NOW: &str = "2026-11-23 12:00";

/// One fact: its subject, the pages that state it, what they must say.
type Fact = (&'static str, &'static [&'static str], &'static [&'static str]);

/// The facts of the two sources, in order. The council officer named in the older one is left out.
const FACTS: &[Fact] = &[
    (
        "1 status",
        &["about/"],
        &[
            "registered charity",
            "committed to places and communities experiencing social and economic inequality and lack of opportunity",
        ],
    ),
    (
        "2 purpose",
        &["about/"],
        &[
            "improve the effectiveness of local groups, agencies and government, by informing policy and developing practice",
        ],
    ),
    (
        "3 strapline of 2018",
        &["about/"],
        &[
            "Realising progressive economics for people and place",
            "2018",
            "social justice, good local economies and effective public services for everyone, everywhere",
        ],
    ),
    (
        "4 strapline now",
        &["", "about/"],
        &[
            "national organisation for rebuilding local economies",
            "progressive economics for people, planet and place",
            "by thinking and doing",
            "achieve social justice and effective public services for everyone, everywhere",
        ],
    ),
    ("5 what it calls itself", &["", "about/"], &["think and do tank", "informed by practice", "specialists"]),
    ("6 name", &["about/"], &["Centre for Local Economic Strategies (CLES)"]),
    (
        "7 value 1",
        &["about/values/"],
        &[
            "champion to places and communities experiencing social, economic and environmental inequality and lack of opportunity",
        ],
    ),
    (
        "8 value 2",
        &["about/values/"],
        &["effectiveness of local groups, agencies and government, by informing policy and developing practice"],
    ),
    (
        "9 value 3",
        &["about/values/"],
        &["highly motivated, well trained employees", "as far as possible, reflect the diverse communities they serve"],
    ),
    (
        "10 value 4",
        &["about/values/"],
        &[
            "inform and educate the public and stakeholders about the value to local economies of high quality public services",
        ],
    ),
    ("11 value 5", &["about/values/"], &["improving the resilience of local economies"]),
    ("12 value 6", &["about/values/"], &["greater fairness whilst working within environmental limits"]),
    (
        "achievements",
        &["about/achievements/"],
        &[
            "raised its profile",
            "assisted the raising and expansion of sustainable development",
            "As reported to Salford City Council, November 2018",
        ],
    ),
    (
        "13 figure",
        &["about/achievements/"],
        &["Over 20 specific pieces of work and activity, with reports and other outputs"],
    ),
    (
        "14 figure",
        &["about/achievements/"],
        &["6 specific reports, free to view on the website and sent to members, the network and the public"],
    ),
    ("15 figure", &["about/achievements/"], &["Over 100 lectures and presentations delivered"]),
    ("16 figure", &["about/achievements/"], &["15 specific training events delivered"]),
    (
        "17 outcome 1",
        &["about/achievements/"],
        &[
            "Assessments of Local Resilience",
            "places, economies, town centres and communities",
            "robust methodology",
            "resilience, stability, vulnerability and brittleness",
        ],
    ),
    (
        "18 outcome 2",
        &["about/achievements/"],
        &[
            "Facilitation of Good Approaches to Local Wealth Building",
            "several locations",
            "national partnerships and agencies",
            "“this year”",
        ],
    ),
    (
        "19 outcome 3",
        &["about/achievements/"],
        &[
            "Measurement of Real Social Return",
            "growth alone",
            "social dividend",
            "balance of economic, social and environmental",
            "social value",
        ],
    ),
    (
        "20 outcome 4",
        &["about/achievements/"],
        &[
            "Developed innovative approaches to system change in public services",
            "co-production",
            "co-design with professionals and users",
        ],
    ),
    (
        "21 outcome 5",
        &["about/achievements/"],
        &[
            "Made Strategies",
            "local state is a democratic enabler",
            "place-based economic strategy",
            "balances growth and sustainable development",
        ],
    ),
    (
        "22 outcome 6",
        &["about/achievements/"],
        &[
            "Measured Efficiency and Effectiveness",
            "demand is reduced",
            "new markets are created",
            "impact procurement spend has",
        ],
    ),
    (
        "Salford and the outside body",
        &["places/salford/"],
        &["Salford City Council is represented on CLES as an outside body"],
    ),
    (
        "23 the working draft",
        &["places/salford/", "projects/salford-economy-for-all/"],
        &[
            "working draft",
            "economic strategy and action plan",
            "“bold recalibration” of the local economy",
            "economic and social justice",
        ],
    ),
    (
        "24 what it looks to",
        &["projects/salford-economy-for-all/"],
        &[
            "“the next decade and beyond”",
            "Council’s vision",
            "“proactive activist position”",
            "the economy and the market address social need",
        ],
    ),
    (
        "25 what it will do",
        &["projects/salford-economy-for-all/"],
        &[
            "rationale for an economy for all",
            "Explore the Salford context",
            "what is already being done",
            "Outline the frame",
            "Outline tactical economic and social actions",
        ],
    ),
    (
        "26 background papers",
        &["about/sources/", "projects/salford-economy-for-all/"],
        &[
            "CLES Ltd Annual Report and Consolidated Financial Statements for year ended 30 June 2017",
            "Building and Economy for all in Salford: Strategy and Action Plan",
        ],
    ),
    (
        "27 the council's report",
        &["about/sources/"],
        &[
            "Report of the City Mayor to Council",
            "21 November 2018",
            "asked to note the report",
            "key decision, no",
            "Council Constitution",
            "All Wards",
        ],
    ),
    (
        "specialisms",
        &["topics/", "what-we-do/"],
        &[
            "Local Government",
            "local economic development",
            "community wealth building",
            "system change and co-production",
            "housing",
            "public health",
            "cultural assets",
            "environmental change",
            "place-making and planning",
            "procurement",
            "finance and investment",
            "good governance and devolution",
            "employability and skills",
            "social value and inclusive growth",
        ],
    ),
    (
        "activities",
        &["what-we-do/"],
        &[
            "independent action research",
            "evaluation and performance management",
            "policy briefings",
            "best practice advice",
            "strategy development",
        ],
    ),
    ("products", &["what-we-do/"], &["publications, training and events are available to everyone"]),
    (
        "29 mission 1",
        &["themes/economies-for-all/"],
        &[
            "Deliver economies for all",
            "challenge conventional thinking and practice",
            "improves the fortunes of people and communities",
            "nurtures the environment",
        ],
    ),
    (
        "30 mission 2",
        &["themes/community-wealth-building/"],
        &[
            "Build community wealth",
            "wealth and the local economy from the bottom up",
            "CLES established the Community Wealth Building Centre of Excellence",
        ],
    ),
    ("31 mission 3", &["themes/climate-emergency/"], &["Tackle climate emergency", "“two sides of the same coin”"]),
    (
        "32 mission 4",
        &["themes/public-services/"],
        &["Make public services excellent", "bedrock of well-being", "environmental and economic success", "erosion"],
    ),
    (
        "33 mission 5",
        &["themes/deepen-democracy/"],
        &[
            "Deepen democracy",
            "democratise local economies",
            "shift power",
            "challenge powerful interests",
            "participative and deliberative democracy",
        ],
    ),
    (
        "34 mission 6",
        &["themes/great-places/"],
        &["Create great places", "planning, investment, the built environment and place making", "progressive values"],
    ),
    (
        "35 contact",
        &["contact/"],
        &["General enquiries", "info@cles.org.uk", "CLES 52 Oak Street Swan Square Manchester M4 5JA"],
    ),
];

/// The published site, by path.
static PUBLISHED: LazyLock<BTreeMap<String, Vec<u8>>> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let out = folder.path().join("out");
    let ran = build(root(), &out, NOW);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    files(&out)
});

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn page(address: &str) -> &'static str {
    let name = format!("{address}index.html");
    let bytes = PUBLISHED.get(&name).unwrap_or_else(|| panic!("there is no page /{address}"));
    std::str::from_utf8(bytes).expect("pages are UTF-8")
}

/// The text that a reader sees on a page, in one line.
fn words(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html;
    while let Some((before, after)) = rest.split_once('<') {
        text.push_str(before);
        let tag = after.split('>').next().unwrap_or("");
        // An inline element does not end a word.
        let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap_or("");
        if !["a", "abbr", "b", "cite", "em", "i", "strong", "span"].contains(&name) {
            text.push(' ');
        }
        rest = after.get(tag.len() + 1..).unwrap_or("");
    }
    text.push_str(rest);
    let text = text
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn every_fact_stands_on_its_page() {
    let mut missing = Vec::new();
    for (about, pages, wanted) in FACTS {
        for address in *pages {
            let html = page(address);
            let main = html
                .split_once("<main")
                .and_then(|(_, rest)| rest.split_once("</main>"))
                .expect("a page has a main part")
                .0;
            let text = words(main).to_lowercase();
            let lost = wanted.iter().filter(|wanted| !text.contains(&wanted.to_lowercase()));
            missing.extend(lost.map(|wanted| format!("/{address} does not say {wanted:?} ({about})")));
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

#[test]
fn name_contact_and_products_are_on_every_page() {
    // A chart by itself, for other sites to embed, has neither menu nor foot.
    let is_page = |name: &str| name.ends_with(".html") && !name.contains("/fig-");
    for (name, bytes) in PUBLISHED.iter().filter(|(name, _)| is_page(name)) {
        let text = words(&String::from_utf8_lossy(bytes));
        let products = match name.starts_with("cy/") {
            true => ["Cyhoeddiadau", "Digwyddiadau"],
            false => ["Publications", "Events"],
        };
        let facts = ["Centre for Local Economic Strategies", "info@cles.org.uk", "52 Oak Street", "M4 5JA"];
        for wanted in facts.into_iter().chain(products) {
            assert!(text.contains(wanted), "{name} does not say {wanted:?}");
        }
    }
}

#[test]
fn the_council_officer_is_nowhere() {
    let sources = ["content", "themes"].map(|place| files(&root().join(place)));
    let all = sources.iter().flatten().chain(PUBLISHED.iter());
    for (name, bytes) in
        all.filter(|(name, _)| ![".pdf", ".jpg", ".png", ".webp"].iter().any(|ending| name.ends_with(ending)))
    {
        let text = String::from_utf8_lossy(bytes);
        let lower = text.to_lowercase();
        for never in ["contact officer", "officer's", "officer’s", "salford.gov.uk", "0161"] {
            assert!(!lower.contains(never), "{name} says {never:?}");
        }
        // No e-mail addresses except the organisation's own and invented ones.
        for (before, after) in text.match_indices('@').map(|(at, _)| (&text[..at], &text[at + 1..])) {
            let is_address = before.ends_with(|letter: char| letter.is_ascii_alphanumeric());
            let host: String =
                after.chars().take_while(|letter| letter.is_ascii_alphanumeric() || ".-".contains(*letter)).collect();
            let host = host.trim_end_matches('.');
            let is_ours = host == "cles.org.uk" && before.ends_with("info");
            let is_invented = host.split('.').any(|part| part.starts_with("example"));
            assert!(!is_address || !host.contains('.') || is_ours || is_invented, "{name} has an address at {host}");
        }
    }
}

/// The samples, invented to show a feature: the key and the page of each entry with `sample = true`.
fn samples() -> Vec<(String, String)> {
    let mut samples = Vec::new();
    for (name, bytes) in files(&root().join("content")) {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if name.ends_with(".md") && text.contains("\nsample = true\n") {
            let key = name.trim_end_matches(".md").trim_end_matches("/index").to_owned();
            samples.push((text, key));
        }
    }
    assert!(samples.len() >= 10, "only {} samples were found", samples.len());
    samples
}

#[test]
fn samples_are_labelled_and_kept_from_search_engines() {
    let sitemap = std::str::from_utf8(&PUBLISHED["sitemap.xml"]).expect("a sitemap is UTF-8");
    let mut public = 0;
    for (text, key) in samples() {
        let hidden = text.contains("status = \"draft\"") || text.contains("publish_at = 2031");
        let html = PUBLISHED.get(&format!("{key}/index.html")).map(|bytes| String::from_utf8_lossy(bytes));
        assert_eq!(html.is_none(), hidden, "{key} is published, or is not");
        assert!(!sitemap.contains(&format!("/{key}/</loc>")), "the sitemap lists {key}");
        let Some(html) = html else { continue };
        public += 1;
        assert!(html.contains("<meta name=\"robots\" content=\"noindex\">"), "{key} may be listed by search engines");
        assert!(html.contains("label-sample"), "{key} is not labelled");
        assert!(words(&html).contains("invented to show this feature"), "{key} does not say that it is invented");
    }
    assert!(public >= 8, "only {public} samples are published");
    // Links to a sample say so too: each of its cards has the label.
    for (name, bytes) in PUBLISHED.iter().filter(|(name, _)| name.ends_with("index.html")) {
        let html = String::from_utf8_lossy(bytes);
        for card in html.split("<article class=\"card\">").skip(1).filter_map(|card| card.split("</article>").next()) {
            let of_sample = samples().iter().any(|(_, key)| card.contains(&format!("href=\"/{key}/\"")));
            assert!(!of_sample || card.contains("label-sample"), "a card on {name} has no label: {card}");
        }
    }
}

#[test]
fn the_site_passes_its_own_check() {
    let ran = run(program(root()).args(["check", "--now", NOW]));
    assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.err);
    assert!(!ran.out.contains("error["), "{}", ran.out);
}

#[test]
fn a_draft_with_a_title_only_can_be_looked_at() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let copy = folder.path().join("site");
    run::write(&copy.join("content"), files(&root().join("content")).iter());
    std::fs::copy(root().join("site.toml"), copy.join("site.toml")).expect("the settings can be copied");
    let collections = ["themes", "publications", "events", "people", "places", "projects"];
    for collection in collections {
        let text = "+++\ntitle = \"Only a title\"\nstatus = \"draft\"\n+++\n\nSome text.\n";
        std::fs::write(copy.join(format!("content/{collection}/only-a-title.md")), text)
            .expect("a file can be written");
    }
    let out = folder.path().join("out");
    let ran = run(program(&copy).args(["build", "--drafts", "--now", NOW, "-o"]).arg(&out));
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    for collection in collections {
        let html = std::fs::read_to_string(out.join(format!("{collection}/only-a-title/index.html")));
        let html = html.expect("drafts are shown if they are asked for");
        assert!(html.contains("noindex") && html.contains("label-draft"), "{collection}");
    }
}

#[test]
fn the_further_texts_of_a_folder_are_shown() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let copy = folder.path().join("site");
    std::fs::create_dir_all(&copy).expect("a folder can be made");
    std::fs::copy(root().join("site.toml"), copy.join("site.toml")).expect("the settings can be copied");
    run::write(&copy.join("content"), files(&root().join("content")).iter());
    for (name, text) in [
        ("1-first.md", "+++\ntitle = \"The first part\"\n+++\n\nIts text.\n"),
        ("2-next.md", "## The next part\n\nMore.\n"),
    ] {
        let place = copy.join("content/publications/sample-where-the-pound-goes").join(name);
        std::fs::write(place, text).expect("a file can be written");
    }
    let link =
        "+++\ntitle = \"A link\"\n+++\n\n[There](publications/sample-where-the-pound-goes/2-next.md#the-next-part).\n";
    std::fs::write(copy.join("content/a-link.md"), link).expect("a file can be written");
    let out = folder.path().join("out");
    let ran = build(&copy, &out, NOW);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let html = std::fs::read_to_string(out.join("publications/sample-where-the-pound-goes/index.html"));
    let html = html.expect("the report is published");
    for text in ["The first part", "Its text.", "The next part", "More."] {
        assert_eq!(html.matches(&format!(">{text}</")).count(), 1, "{text:?}");
    }
    let ran = run(program(&copy).args(["check", "--now", NOW]));
    assert_eq!(ran.code, Some(0), "{}", ran.out);
}
