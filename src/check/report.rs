//! What was tested, and with what result → one HTML file to hand to a partner, a funder or an auditor.
//!
//! It covers public pages only. A fault in a draft is the author's business, and would name the draft.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::PageFacts;
use crate::diagnostic::{Code, Diagnostic, Severity, Span};

/// One thing that is tested.
struct Test {
    /// What is true of the site if it passes.
    what: &'static str,
    /// The matching rule elsewhere: a success criterion of WCAG 2.2, with its level.
    criterion: &'static str,
    /// The faults that make it fail.
    codes: &'static [Code],
}

const fn test(what: &'static str, criterion: &'static str, codes: &'static [Code]) -> Test {
    Test { what, criterion, codes }
}

/// Everything that is tested, in the order of the report.
const TESTS: &[(&str, &[Test])] = &[
    (
        "Accessibility",
        &[
            test(
                "Every image has a description, or is said to be decorative",
                "1.1.1 Non-text Content (A)",
                &[Code::ImageWithoutAlt, Code::ImageWithoutDescription],
            ),
            test(
                "Headings follow each other level by level",
                "1.3.1 Info and Relationships (A)",
                &[Code::HeadingSkip, Code::HeadingLevelSkip, Code::EmptyHeading],
            ),
            test(
                "Every page has one main heading",
                "1.3.1 Info and Relationships (A)",
                &[Code::HeadingOne, Code::PageHeadingOne],
            ),
            test("Every table has headings", "1.3.1 Info and Relationships (A)", &[Code::TableWithoutHeaders]),
            test(
                "Where a page has several menus, each has a name",
                "1.3.1 Info and Relationships (A)",
                &[Code::UnnamedNavigation],
            ),
            test(
                "The design's colours can be told apart, in its light and in its dark scheme",
                "1.4.3 Contrast (Minimum) (AA), 1.4.11 Non-text Contrast (AA)",
                &[Code::ContrastTooLow],
            ),
            test("No image moves by itself", "2.2.2 Pause, Stop, Hide (A)", &[Code::MovingImage]),
            test(
                "Every page has a title of its own",
                "2.4.2 Page Titled (A)",
                &[Code::PageWithoutTitle, Code::DuplicatePageTitle],
            ),
            test(
                "Every link says where it leads",
                "2.4.4 Link Purpose (In Context) (A)",
                &[Code::LinkWithoutText, Code::EmptyLinkText, Code::VagueLink],
            ),
            test("Every page says its language", "3.1.1 Language of Page (A)", &[Code::PageWithoutLanguage]),
            test("No name is given twice on a page", "4.1.2 Name, Role, Value (A)", &[Code::DuplicateId]),
            test("No publication is there as a PDF only", "", &[Code::PdfOnly]),
        ],
    ),
    (
        "Links",
        &[
            test(
                "Every link within the site leads to something that is public",
                "",
                &[Code::BrokenLink, Code::BrokenSourceLink, Code::LinkToHidden, Code::MissingFile],
            ),
            test(
                "Every link to a part of a page leads to a part that is there",
                "",
                &[Code::MissingAnchor, Code::UnknownAnchor],
            ),
            test("Every page says its own address, and says it right", "", &[Code::CanonicalWrong]),
            test(
                "Every address that was public still leads somewhere",
                "",
                &[Code::AddressLost, Code::RedirectTarget, Code::RedirectLoop, Code::RedirectChain],
            ),
        ],
    ),
    (
        "Privacy and security",
        &[
            test("No page fetches anything from elsewhere", "", &[Code::ThirdPartyOrigin]),
            test(
                "No page holds scripts or styles of its own, so that a strict policy can forbid them",
                "",
                &[Code::InlineScript, Code::InlineStyle],
            ),
            test("No text holds HTML that can run programs", "", &[Code::HtmlRemoved, Code::UnsafeAddress]),
        ],
    ),
    ("Weight", &[test("No page has more HTML, styles and scripts than its budget", "", &[Code::PageTooHeavy])]),
];

/// Every report holds this mark, and no other file does.
pub(crate) const REPORT_MARK: &str = "<meta name=\"generator\" content=\"Pamphlet's report\">";

/// What a report is made from.
pub(crate) struct Tested<'a> {
    /// Who publishes the site.
    pub(crate) publisher: &'a str,
    /// Where it will be published.
    pub(crate) base_url: &'a str,
    /// The day in machine form: `2026-11-24`.
    pub(crate) day: String,
    /// The moment in words.
    pub(crate) when: String,
    /// Its public pages, in the order of their paths.
    pub(crate) pages: &'a [PageFacts],
    /// The site's present faults, as reported.
    pub(crate) faults: &'a [Diagnostic],
    /// What the site does not test: kinds of fault that are switched off, and budgets that are not set.
    pub(crate) untested: BTreeSet<Code>,
    /// Whether readers see what is at a place in a source.
    pub(crate) shows: &'a dyn Fn(&Span) -> bool,
    /// The place of a fault in its file: "file:line:column".
    pub(crate) place: &'a dyn Fn(&Diagnostic) -> Option<String>,
}

#[derive(Serialize)]
struct Group {
    name: &'static str,
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    what: &'static str,
    criterion: &'static str,
    /// "passed", "failed", "noted" (warnings only), "not tested".
    result: &'static str,
    findings: Vec<Finding>,
}

#[derive(Serialize)]
struct Finding {
    code: &'static str,
    severity: &'static str,
    message: String,
    page: Option<String>,
    place: Option<String>,
}

#[derive(Serialize)]
struct Page {
    address: String,
    title: String,
    lang: String,
    kilobytes: usize,
}

/// The report as an HTML file that loads nothing.
pub(crate) fn report(tested: &Tested<'_>) -> String {
    let mut found = by_code(tested);
    let groups: Vec<Group> = TESTS
        .iter()
        .map(|(name, tests)| Group { name, rows: tests.iter().map(|test| row(test, tested, &mut found)).collect() })
        .collect();
    let rows = || groups.iter().flat_map(|group| &group.rows);
    let count = |result| rows().filter(|row| row.result == result).count();
    let pages: Vec<Page> = tested.pages.iter().filter(|page| !page.redirect).map(page).collect();
    let redirects = tested.pages.len() - pages.len();
    let mut context = tera::Context::new();
    context.insert("mark", REPORT_MARK);
    context.insert("publisher", tested.publisher);
    context.insert("base_url", tested.base_url);
    context.insert("day", &tested.day);
    context.insert("when", &tested.when);
    context.insert("version", env!("CARGO_PKG_VERSION"));
    context.insert("passed", &count("passed"));
    context.insert("noted", &count("noted"));
    context.insert("failed", &count("failed"));
    context.insert("untested", &count("not tested"));
    context.insert("redirects", &redirects);
    context.insert("pages", &pages);
    context.insert("groups", &groups);
    let mut tera = tera::Tera::new();
    tera.add_raw_template("report.html", include_str!("report.html"))
        .and_then(|()| tera.render("report.html", &context))
        .expect("the report's own template fits what it is given, whatever the site holds")
}

/// The faults of what readers see, by kind.
fn by_code<'a>(tested: &Tested<'a>) -> BTreeMap<Code, Vec<&'a Diagnostic>> {
    let mut found: BTreeMap<Code, Vec<&Diagnostic>> = BTreeMap::new();
    for fault in tested.faults.iter().filter(|fault| fault.span.as_ref().is_none_or(tested.shows)) {
        found.entry(fault.code).or_default().push(fault);
    }
    found
}

fn row(test: &Test, tested: &Tested<'_>, found: &mut BTreeMap<Code, Vec<&Diagnostic>>) -> Row {
    let findings: Vec<Finding> = test
        .codes
        .iter()
        .flat_map(|code| found.remove(code).unwrap_or_default())
        .map(|fault| Finding {
            code: fault.code.as_str(),
            severity: if fault.severity == Severity::Error { "error" } else { "warning" },
            message: match fault.code {
                // Their messages name a page that others must not know about.
                Code::LinkToHidden | Code::RedirectTarget => {
                    "what this leads to is not public, or not there".to_owned()
                }
                _ => fault.message.clone(),
            },
            page: fault.page.clone(),
            place: (tested.place)(fault),
        })
        .collect();
    let result = if findings.iter().any(|finding| finding.severity == "error") {
        "failed"
    } else if !findings.is_empty() {
        "noted"
    } else if test.codes.iter().any(|code| tested.untested.contains(code)) {
        "not tested"
    } else {
        "passed"
    };
    Row { what: test.what, criterion: test.criterion, result, findings }
}

fn page(facts: &PageFacts) -> Page {
    Page {
        address: facts.path.address().as_str().to_owned(),
        title: facts.title.clone().unwrap_or_default(),
        lang: facts.lang.clone().unwrap_or_default(),
        kilobytes: facts.bytes.div_ceil(1024),
    }
}
