//! `pamphlet check --report` as used for a page to hand to a partner, and the budgets that it tests.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

mod run;

use std::fs;
use std::path::Path;

use run::{Ran, program, run};

const SETTINGS: &str = "title = \"A site\"\nbase_url = \"https://example.org/\"\n\
    [organisation]\nname = \"Us & others\"\n[severities]\nmoving-image = \"off\"\n";

/// A small site with faults of two tested kinds, on a public page and on one that is not.
fn site() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    put("site.toml", SETTINGS);
    put("content/index.md", "+++\ntitle = \"Home\"\n+++\n\n[click here](https://example.com/)\n");
    put(
        "content/about.md",
        "+++\ntitle = \"About <us>\"\ntested = 2026-01-02\n+++\n\n[There](nowhere.md) [that](publications/secret-two.md)\n",
    );
    let secret =
        "date = 2026-01-01\nauthors = [{ name = \"Us\" }]\nkind = \"blog\"\nsummary = \"Of it\"\n+++\n\n[here](x.md)\n";
    put("content/publications/secret-one.md", &format!("+++\ntitle = \"Secret one\"\nstatus = \"draft\"\n{secret}"));
    put(
        "content/publications/secret-two.md",
        &format!("+++\ntitle = \"Secret two\"\npublish_at = 2026-06-01 00:01\n{secret}"),
    );
    put(
        "content/publications/secret-three.md",
        &format!("+++\ntitle = \"Secret three\"\npublish_at = \"soon\"\n{secret}"),
    );
    folder
}

fn check(root: &Path, file: &Path) -> Ran {
    run(program(root).args(["check", "--now", "2026-05-14 00:01", "--report"]).arg(file))
}

/// The row of the report that begins with `what`, up to the next.
fn row<'a>(html: &'a str, what: &str) -> &'a str {
    let from = html.split_once(what).unwrap_or_else(|| panic!("no row `{what}`")).1;
    from.split_once("</tr>").unwrap().0
}

#[test]
fn the_report_says_what_was_tested_with_what_result_and_nothing_of_what_is_not_public() {
    let site = site();
    let file = site.path().join("report.html");
    let ran = check(site.path(), &file);
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    let html = fs::read_to_string(&file).unwrap();
    assert!(html.contains("Us &amp; others") && html.contains("datetime=\"2026-05-14\""), "{html}");
    assert!(row(&html, "Every page says its language").contains("passed"));
    let vague = row(&html, "Every link says where it leads");
    assert!(
        vague.contains("look at") && vague.contains("content/index.md:5:1") && vague.contains("vague-link"),
        "{vague}"
    );
    let broken = row(&html, "Every link within the site leads");
    assert!(
        broken.contains("failed") && broken.contains("content/about.md:6:9") && broken.contains("broken-source-link")
    );
    for untested in ["No image moves by itself", "No page has more HTML, styles and scripts than its budget"] {
        assert!(row(&html, untested).contains("not tested"), "{untested}");
    }
    assert!(html.contains("About &lt;us&gt;") && html.contains("/about/</th>"), "{html}");
    assert!(!html.to_lowercase().contains("secret"), "{html}");
    // The terminal still shows the author everything.
    assert!(ran.out.contains("secret-two.md"), "{}", ran.out);
    assert!(
        ran.err.contains(
            "content/about.md` tells readers that the last test was on 2026-01-02; write `tested = 2026-05-14`"
        ),
        "{}",
        ran.err
    );
}

#[test]
fn a_report_takes_the_place_of_a_report_only_and_is_never_published() {
    let site = site();
    let root = site.path();
    let named = |name: &str| check(root, &root.join(name));
    assert_eq!(named("site.toml").code, Some(2));
    assert_eq!(fs::read_to_string(root.join("site.toml")).unwrap(), SETTINGS);
    assert!(named("site.toml").err.contains("ends in `.html`"));
    fs::write(root.join("mine.html"), "mine").unwrap();
    assert!(named("mine.html").err.contains("something else"));
    assert_eq!(fs::read_to_string(root.join("mine.html")).unwrap(), "mine");
    for inside in ["content/report.html", "static/report.html"] {
        assert!(named(inside).err.contains("nothing was written"), "{inside}");
        assert!(!root.join(inside).exists(), "{inside}");
    }
    assert!(named("report.html").err.contains("Wrote"));
    fs::write(root.join("content/index.md"), "+++\ntitle = \"Home\"\n+++\n\nText.\n").unwrap();
    assert!(named("report.html").err.contains("Wrote"));
    let html = fs::read_to_string(root.join("report.html")).unwrap();
    assert!(row(&html, "Every link says where it leads").contains("passed"), "{html}");
}

/// The addresses of pages that are too heavy with these budgets.
fn heavy(budgets: &str) -> Vec<(String, String)> {
    let site = site();
    let root = site.path();
    fs::write(root.join("site.toml"), format!("{SETTINGS}page-too-heavy = \"error\"\n[budgets]\n{budgets}")).unwrap();
    let file = root.join("report.html");
    check(root, &file);
    let html = fs::read_to_string(file).unwrap();
    let row = row(&html, "No page has more HTML, styles and scripts than its budget");
    assert_eq!(row.contains("failed"), row.contains("<li>"), "{row}");
    let items = row.split("<li><span class=\"address\">").skip(1);
    items
        .map(|item| item.split_once("</span>: ").map(|(page, said)| (page.to_owned(), said.to_owned())).unwrap())
        .collect()
}

#[test]
fn pages_lists_and_scripts_have_budgets_of_their_own_for_what_is_sent() {
    assert_eq!(heavy("page_kb = 1000\nlist_kb = 1000\nscripts_kb = 1000\n"), []);
    let scripts = heavy("scripts_kb = 1\n");
    assert!(scripts.len() == 1 && scripts[0].0 == "/search/" && scripts[0].1.contains("of scripts"), "{scripts:?}");
    // The same message on many pages is one finding, which names the first.
    let lists = heavy("list_kb = 1\n");
    assert!(lists.iter().any(|(page, said)| page == "/events/" && said.contains("as they are sent")), "{lists:?}");
    assert!(lists.iter().all(|(page, _)| page != "/about/" && page != "/"), "{lists:?}");
    let pages = heavy("page_kb = 1\n");
    assert!(!pages.is_empty() && pages.iter().all(|(page, _)| !page.contains("events")), "{pages:?}");
    // Most of it is styles: the HTML alone is below three kilobytes.
    assert_eq!(heavy("page_html_kb = 1000\n"), []);
    assert!(!heavy("page_kb = 5\n").is_empty());
    // Uncompressed, HTML and styles would exceed this.
    assert_eq!(heavy("page_kb = 20\nlist_kb = 20\n"), []);
}
