//! Each rule on a page with just one thing wrong: that fault is found, and no other.

use super::*;
use crate::config::Budgets;
use crate::diagnostic::{Code, Diagnostic};
use crate::path::{Address, OutputPath, SitePath};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use url::Url;

fn path(address: &str) -> OutputPath {
    Address::new(address).output()
}

/// A faultless page at `address`, with `body` in its main part.
fn page(address: &str, body: &str) -> String {
    format!(
        "<!doctype html><html lang=\"en-GB\"><head><title>Page {address}</title>\
         <link rel=\"canonical\" href=\"https://example.org/site{address}\">\
         <link rel=\"stylesheet\" href=\"/site/a.css\"></head><body>\
         <nav aria-label=\"Main\"><a href=\"/site/\">Home</a></nav><main><h1>One</h1>{body}</main></body></html>"
    )
}

/// The faults of a site with these pages; `/` and `/other/` are added if they are missing.
fn site(pages: &[(&str, String)]) -> Vec<Diagnostic> {
    let mut all = vec![("/", page("/", "")), ("/other/", page("/other/", "<h2 id=\"place\">Place</h2>"))];
    all.retain(|(address, _)| pages.iter().all(|(given, _)| given != address));
    all.extend(pages.iter().cloned());
    let mut faults = Vec::new();
    let facts: Vec<_> =
        all.iter().map(|(address, html)| scan(&path(address), None, html).into_value(&mut faults)).collect();
    let mut outputs: BTreeSet<_> = facts.iter().map(|page| page.path.clone()).collect();
    outputs.extend(["/a.css", "/files/a report.pdf"].map(path));
    let base_url = Url::parse("https://example.org/site/").expect("an address");
    let (loaded, budgets) = (BTreeMap::new(), Budgets { html: Some(4096), ..Budgets::default() });
    faults.extend(across(&Facts { pages: &facts, outputs: &outputs, base_url: &base_url, loaded: &loaded, budgets }));
    faults
}

fn codes(faults: &[Diagnostic]) -> Vec<&'static str> {
    faults.iter().map(|fault| fault.code.as_str()).collect()
}

fn with(body: &str) -> Vec<Diagnostic> {
    site(&[("/page/", page("/page/", body))])
}

fn instead(old: &str, new: &str) -> Vec<Diagnostic> {
    let good = page("/page/", "");
    assert!(good.contains(old), "{old}");
    site(&[("/page/", good.replace(old, new))])
}

#[test]
fn a_good_page_has_no_fault() {
    let body = "<h2 id=\"a\">A</h2><h3>B</h3><h2>C</h2>
        <a href=\"#a\">a</a> <a href=\"#\">top</a> <a href=\"../other/#place\">b</a> <a href=\"/site/other/?q=1#%70lace\">c</a>
        <a href=\"https://example.org/site/files/a%20report.pdf#page=2\">d</a> <a href=\"https://example.org/else/\">e</a>
        <a href=\"https://elsewhere.org/\">f</a> <a href=\"mailto:a@b.org\">g</a> <a href=\"tel:+44\">h</a>
        <a href=\"/site/\"><img src=\"data:image/png;base64,AA,=\" alt=\"logo\"></a> <img src=\"../a.css\" alt=\"\">
        <a href=\"#a\" aria-label=\"i\"></a> <a href=\"#a\"><svg role=\"img\" aria-label=\"j\"><path/></svg></a>
        <a href=\"#a\" aria-hidden=\"true\">#</a> <nav aria-label=\"Pages\"></nav>
        <table><tr><th>x</th></tr></table><table role=\"presentation\"><tr><td></td></tr></table>
        <code>{{ x }}</code><pre>{% if %}</pre><span class=\"math\">x^{{2}}</span><svg><title>a title</title></svg>
        <script type=\"application/ld+json\">{\"a\":{{}}}</script><script src=\"/site/a.css\"></script>";
    assert_eq!(with(body), []);
}

#[test]
fn each_fault_of_one_page_is_seen() {
    let cases = [
        ("<p id=\"a\"></p><p id=\"a\"></p>", "duplicate-id", "two places on the page have the id `a`"),
        ("<h1>Two</h1>", "page-heading-one", "the page has 2 main headings (`h1`)"),
        (
            "<h2>Two</h2><h4>Four <em>x</em></h4>",
            "heading-level-skip",
            "the heading `Four x` is of level 4, but the one before it, `Two`, is of level 2",
        ),
        ("<img src=\"/site/a.css\">", "image-without-alt", "the image `/site/a.css` has no description"),
        ("<a href=\"/site/\"> <i></i></a>", "link-without-text", "the link to `/site/` has no text"),
        (
            "<a href=\"/site/\"><i aria-hidden=\"true\">x</i><img src=\"/site/a.css\" alt=\"\"></a>",
            "link-without-text",
            "the link to `/site/` has no text",
        ),
        (
            "<table><tr><td>x</td></tr></table>",
            "table-without-headers",
            "a table has no headings for its columns or rows",
        ),
        ("<nav></nav>", "unnamed-navigation", "one of the 2 navigations on the page has no name"),
        ("<nav aria-label=\"Main\"></nav>", "unnamed-navigation", "two navigations on the page are called `Main`"),
        ("<p style=\"color:red\">", "inline-style", "the element `p` has a `style` attribute"),
        ("<style>p{}</style>", "inline-style", "the page holds a `style` element"),
        ("<script>'{{'</script>", "inline-script", "the page holds a script of its own"),
        ("<p>By {{ author }}", "text-of-template", "the page shows a piece of a template: `{{ author }}`"),
        ("<p>{% if x %}", "text-of-template", "the page shows a piece of a template: `{% if x %}`"),
    ];
    for (body, code, message) in cases {
        let faults = with(body);
        let shown: Vec<_> = faults.iter().map(|fault| (fault.code.as_str(), fault.message.as_str())).collect();
        assert_eq!(shown, [(code, message)], "{body}");
        assert_eq!(faults[0].page.as_deref(), Some("/page/"));
        assert!(faults[0].help.is_some(), "{body}");
    }
    let cases = [
        ("<title>Page /page/</title>", "", "page-without-title"),
        ("<title>Page /page/</title>", "<title> \n</title>", "page-without-title"),
        (" lang=\"en-GB\"", "", "page-without-language"),
        ("<h1>One</h1>", "", "page-heading-one"),
        ("<h1>One</h1>", "<h1 hidden>One</h1>", "page-heading-one"),
        ("<link rel=\"canonical\" href=\"https://example.org/site/page/\">", "", "canonical-wrong"),
        ("href=\"https://example.org/site/page/\"", "href=\"/site/page/\"", "canonical-wrong"),
        ("href=\"https://example.org/site/page/\"", "href=\"https://example.org/site/\"", "canonical-wrong"),
        ("href=\"https://example.org/site/page/\"", "href=\"https://example.org/page/\"", "canonical-wrong"),
        ("Page /page/", "Page /other/", "duplicate-page-title"),
    ];
    for (old, new, code) in cases {
        assert_eq!(codes(&instead(old, new)), [code], "{old} → {new}");
    }
    assert_eq!(codes(&with(&"word ".repeat(1000))), ["page-too-heavy"]);
}

#[test]
fn links_that_lead_nowhere_are_seen() {
    let cases = [
        ("/site/othre/", "broken-link", "did you mean `/site/other/`?"),
        ("/site/other/more/", "broken-link", "correct the address, or take the link out"),
        ("/site/moved/other/", "broken-link", "did you mean `/site/other/`?"),
        ("/other/", "broken-link", "this site begins at `/site/`; its addresses begin with that"),
        ("../../else/", "broken-link", "this site begins at `/site/`; its addresses begin with that"),
        ("#plaec", "missing-anchor", "`/page/` has no heading with the id `plaec`"),
        ("../other/#plaec", "missing-anchor", "did you mean `#place`?"),
        ("https://example.org/site/other/#x", "missing-anchor", "`/other/` has no heading with the id `x`"),
    ];
    for (href, code, help) in cases {
        let faults = with(&format!("<a href=\"{href}\">x</a>"));
        assert_eq!(codes(&faults), [code], "{href}");
        assert_eq!(faults[0].help.as_deref(), Some(help), "{href}");
    }
    let loaded = with("<img srcset=\"/site/a.css 1x,/site/gone,x.png 2x, data:a,b 3x\" alt=\"\">");
    let messages: Vec<_> = loaded.iter().map(|fault| fault.message.as_str()).collect();
    assert_eq!(messages, ["the page loads `/site/gone,x.png`, which is not on this site"]);
}

#[test]
fn nothing_is_fetched_from_elsewhere() {
    for body in [
        "<script src=\"https://cdn.example.com/a.js\"></script>",
        "<link rel=\"preload stylesheet\" href=\"//fonts.example.com/a.css\">",
        "<link rel=\"preconnect\" href=\"https://fonts.example.com\">",
        "<img src=\"https://img.example.com/a.png\" alt=\"\">",
        "<img srcset=\"https://img.example.com/a.png 2x\" alt=\"\">",
        "<picture><source srcset=\"https://img.example.com/a.png\"></picture>",
        "<iframe src=\"https://tube.example.com/\"></iframe>",
        "<video poster=\"http://example.org/site/a.css\"></video>",
        "<object data=\"https://x.example.com/\"></object>",
        "<svg><use href=\"https://x.example.com/#a\"/></svg>",
    ] {
        assert_eq!(codes(&with(body)), ["third-party-origin"], "{body}");
    }
}

#[test]
fn pages_that_send_readers_on_need_little() {
    let html = "<!doctype html><html lang=en><title>Moved</title><meta http-equiv=refresh content='0; url=/site/other/'>\
                <link rel=canonical href=https://example.org/site/other/><a href=/site/other/>Here</a>";
    let there = page("/page/", "<a href=\"/site/old/#place\">x</a>");
    let pages = [("/old/", html.to_owned()), ("/older/", html.to_owned()), ("/page/", there)];
    assert_eq!(site(&pages), []);
    let hidden = instead(
        "<link rel=\"canonical\" href=\"https://example.org/site/page/\">",
        "<meta name=robots content=noindex>",
    );
    assert_eq!(hidden, []);
}

#[test]
fn what_every_page_shows_is_one_fault() {
    let source = SitePath::new("content/a.md").expect("inside the site");
    let fault_on = |number: usize, message: &str| {
        let facts = scan(&path(&format!("/{number}/")), Some(&source), "").value;
        super::facts::fault(&facts, Code::BrokenLink, message).help("do")
    };
    let mut faults: Vec<_> = (0..6).rev().map(|number| fault_on(number, "in the footer")).collect();
    faults.push(fault_on(3, "in a text"));
    let gathered = gather(faults.clone(), 10);
    assert_eq!(gathered.len(), 2);
    assert_eq!(gathered[0], faults[6]);
    assert_eq!((gathered[1].count, gathered[1].page.as_deref(), &gathered[1].span), (6, Some("/0/"), &None));
    assert_eq!(gather(faults.clone(), 12), faults, "half of the pages is not most of them");
}

proptest! {
    #[test]
    fn no_markup_stops_the_scan(
        parts in prop::collection::vec(prop_oneof![
            Just("<a href='#x'>"), Just("</a>"), Just("<h3 id=x>"), Just("</h3>"), Just("<table>"), Just("</table>"),
            Just("<nav>"), Just("<img srcset=', ,a b,'>"), Just("<title>"), Just("</title>"), Just("<script>"),
            Just("<svg><use href=//["), Just("'"), Just("\""), Just(">"), Just("/>"), Just("{{"), Just("&#xD800;"),
            Just("<!--"), Just("-->"), Just("é"), Just("<a href='http://[' name=y>"), Just("<p hidden>"), Just("%ff"),
            Just("<a href='\u{1}:/\\..'>"), Just("</"), Just("<![CDATA["), Just("\0"),
        ], 0..40),
    ) {
        site(&[("/page/", parts.concat())]);
    }

    #[test]
    fn no_text_stops_the_scan(html in "\\PC{0,80}", href in "\\PC{0,40}") {
        site(&[("/page/", format!("{html}<a href='{href}'>"))]);
    }
}
