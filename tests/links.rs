//! Addresses as people write them: each is understood, or its fault names the line and what was meant.
#![allow(missing_docs, clippy::disallowed_methods, clippy::unwrap_used)]

mod run;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use run::program;

const SETTINGS: &str = "title = \"Links\"\nlanguage = \"en-GB\"\ntimezone = \"Europe/London\"\ntheme = \"civic\"\n\
     [organisation]\nname = \"Links\"\n[security]\ncontact = \"a@example.org\"\nexpires = 2027-01-01\n";

fn write(site: &Path, path: &str, text: &str) {
    let file = site.join(path);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, text).unwrap();
}

/// A site at `base` with some pages and with `links`, a line each, in `content/links.md`.
fn site(base: &str, links: &[&str]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    write(root, "site.toml", &format!("base_url = \"{base}\"\n{SETTINGS}"));
    write(root, "content/index.md", "+++\ntitle = \"Home\"\n+++\n\nHome.\n");
    write(root, "content/about/index.md", "+++\ntitle = \"About\"\n+++\n\n## Aims\n\nAbout us.\n");
    write(root, "content/contact.md", "+++\ntitle = \"Contact\"\n+++\n\nWrite to us.\n");
    write(root, "content/secret.md", "+++\ntitle = \"Secret\"\nstatus = \"draft\"\n+++\n\nSecret.\n");
    write(root, "content/hidden/index.md", "+++\ntitle = \"Hidden\"\nstatus = \"draft\"\n+++\n\nHidden.\n");
    write(root, "content/hidden/notes.txt", "Hidden\n");
    write(root, "static/plan.txt", "Plan\n");
    let mut text = "+++\ntitle = \"Links\"\n+++\n".to_owned();
    for (n, link) in links.iter().enumerate() {
        write!(text, "\n[Number {n}]({link})\n").unwrap();
    }
    write(root, "content/links.md", &text);
    folder
}

/// What `check` says of each link: its code and its help, or nothing.
fn said(root: &Path, count: usize) -> Vec<Vec<(String, String)>> {
    let ran = run::run(program(root).args(["check", "--format", "json", "--now", "2026-05-14 09:00"]));
    let mut found = vec![Vec::new(); count];
    for line in ran.out.lines() {
        let fault: serde_json::Value = serde_json::from_str(line).unwrap();
        let text = |key: &str| fault[key].as_str().unwrap_or_default().to_owned();
        let file = fault["file"].as_str().unwrap_or_default();
        if file != "content/links.md" {
            continue;
        }
        let line = fault["line"].as_u64().unwrap_or_else(|| panic!("a line: {fault}"));
        let number = usize::try_from(line - 5).unwrap() / 2;
        found[number].push((text("code"), text("help")));
    }
    found
}

/// Each link's code and the words its help holds; an empty code if nothing is to be said.
fn expect(base: &str, cases: &[(&str, &str, &str)]) {
    let links: Vec<&str> = cases.iter().map(|(link, ..)| *link).collect();
    let folder = site(base, &links);
    let said = said(folder.path(), links.len());
    let mut wrong = String::new();
    for ((link, code, help), said) in cases.iter().zip(said) {
        let is_right = match said.as_slice() {
            [] => code.is_empty(),
            [(found, advice)] => found == code && !code.is_empty() && advice.contains(help),
            _ => false,
        };
        if !is_right {
            writeln!(wrong, "{link}: expected {code} ({help}), found {said:?}").unwrap();
        }
    }
    assert!(wrong.is_empty(), "at {base}\n{wrong}");
}

#[test]
fn addresses_are_understood_or_their_fault_names_the_cure() {
    expect(
        "https://www.example.org/",
        &[
            ("/about/", "", ""),
            ("/about", "", ""),
            ("/about#aims", "", ""),
            ("/about?x=1", "", ""),
            ("/about/index.html", "", ""),
            ("/publications", "", ""),
            ("https://www.example.org/about", "", ""),
            ("http://example.org/about/", "", ""),
            ("/plan.txt", "", ""),
            ("about/index.md#aims", "", ""),
            ("#top", "", ""),
            ("#Top", "", ""),
            ("#", "", ""),
            ("whatsapp://send?text=x", "", ""),
            ("/abuot/", "broken-link", "`/about/`"),
            ("/About/", "broken-link", "`/about/`"),
            ("/about/nothing", "broken-link", "correct the address"),
            ("/about#aism", "missing-anchor", "`#aims`"),
            ("/about/index.md", "broken-source-link", "`about/index.md`"),
            ("/contact.md", "broken-source-link", "`contact.md`"),
            ("/content/contact.md", "broken-source-link", "`contact.md`"),
            ("about", "broken-source-link", "`about/index.md`"),
            ("about/", "broken-source-link", "`about/index.md`"),
            ("./about", "broken-source-link", "`about/index.md`"),
            ("../about/", "broken-source-link", "`about/index.md`"),
            ("about.md", "broken-source-link", "`about/index.md`"),
            ("about.html", "broken-source-link", "`about/index.md`"),
            ("contact", "broken-source-link", "`contact.md`"),
            ("contact/", "broken-source-link", "`contact.md`"),
            ("contact/index.md", "broken-source-link", "`contact.md`"),
            ("content/about/index.md", "broken-source-link", "`about/index.md`"),
            ("", "broken-source-link", "write where it leads"),
            ("<>", "broken-source-link", "write where it leads"),
            ("www.example.com", "broken-source-link", "`https://www.example.com`"),
            ("www.bbc.co.uk/news", "broken-source-link", "`https://www.bbc.co.uk/news`"),
            ("bbc.co.uk", "broken-source-link", "`https://bbc.co.uk`"),
            ("gov.uk/guidance/x", "broken-source-link", "`https://gov.uk/guidance/x`"),
            ("info@example.com", "broken-source-link", "`mailto:info@example.com`"),
            ("http//www.bbc.co.uk", "broken-source-link", "`https://www.bbc.co.uk`"),
            ("https;//www.bbc.co.uk", "broken-source-link", "`https://www.bbc.co.uk`"),
            ("htps://www.bbc.co.uk", "broken-source-link", "`https://www.bbc.co.uk`"),
            ("https:/www.bbc.co.uk", "broken-source-link", "`https://www.bbc.co.uk`"),
            ("https:www.bbc.co.uk", "broken-source-link", "`https://www.bbc.co.uk`"),
            ("https://https://www.bbc.co.uk", "broken-source-link", "`https://www.bbc.co.uk`"),
            ("https://", "broken-source-link", "https://"),
            ("mailto:", "broken-source-link", "`mailto:info@example.org`"),
            ("mailto:info@example", "broken-source-link", "`mailto:info@example.org`"),
            ("C:\\\\Users\\\\me\\\\report.pdf", "broken-source-link", "your own machine"),
            ("file:///C:/report.pdf", "broken-source-link", "your own machine"),
            ("\\\\\\\\server\\\\share\\\\report.pdf", "broken-source-link", "your own machine"),
            ("http://localhost:8000/about/", "unreachable-address", "your own machine"),
            ("http://192.168.0.12/report", "unreachable-address", "your own machine"),
            ("http://intranet/report", "unreachable-address", "your own machine"),
            ("https://me:pw@example.com/", "unreachable-address", "choose a new password"),
            ("report.pdf", "broken-source-link", "write the path"),
            ("notes/draft.md", "broken-source-link", "write the path"),
            ("/secret/", "link-to-hidden", ""),
            ("/secret", "link-to-hidden", ""),
            ("secret.md", "link-to-hidden", ""),
            ("/SECRET/", "link-to-hidden", ""),
            ("https://www.example.org/secret/", "link-to-hidden", ""),
            ("/hidden/notes.txt", "link-to-hidden", ""),
            ("/hidden/notes.txt#page=2", "link-to-hidden", ""),
            ("/hidden/notes.txt?dl=1", "link-to-hidden", ""),
            ("https://www.example.org/hidden/notes.txt", "link-to-hidden", ""),
            ("http://example.org/hidden/notes.txt?x#y", "link-to-hidden", ""),
            ("/hidden/cite.bib", "link-to-hidden", ""),
            ("/about/../hidden/", "link-to-hidden", ""),
            ("hidden/notes.txt#page=2", "link-to-hidden", ""),
        ],
    );
}

#[test]
fn the_path_that_a_site_is_at_may_stand_before_its_addresses() {
    expect(
        "https://www.example.org/our-site/",
        &[
            ("/about/", "", ""),
            ("/our-site/about/", "", ""),
            ("/our-site/about", "", ""),
            ("/our-site/about/#aims", "", ""),
            ("/our-site/", "", ""),
            ("/our-site", "", ""),
            ("https://www.example.org/our-site/about/", "", ""),
            ("https://www.example.org/other/", "", ""),
            ("/our-site/abuot/", "broken-link", "`/our-site/about/`"),
            ("/secret/", "link-to-hidden", ""),
            ("/our-site/secret/", "link-to-hidden", ""),
            ("/our-site/secret", "link-to-hidden", ""),
            ("https://example.org/our-site/secret/?x=1", "link-to-hidden", ""),
            ("https://example.org/secret/", "link-to-hidden", ""),
            ("/our-site/../secret/", "link-to-hidden", ""),
            ("/our-site/hidden/notes.txt", "link-to-hidden", ""),
        ],
    );
}

#[test]
fn a_page_may_have_the_name_of_the_path_that_its_site_is_at() {
    let folder = site("https://www.example.org/about/", &["/about/", "/about/about/", "/about/contact/", "/contact/"]);
    let out = folder.path().join("public");
    let ran = run::build(folder.path(), &out, "2026-05-14 09:00");
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let page = fs::read_to_string(out.join("links/index.html")).unwrap();
    for (n, to) in ["/about/about/", "/about/about/", "/about/contact/", "/about/contact/"].iter().enumerate() {
        assert!(page.contains(&format!("<a href=\"{to}\">Number {n}</a>")), "{n}: {page}");
    }
}

#[test]
fn menus_and_redirects_are_read_like_links() {
    let folder = site("https://www.example.org/our-site/", &["/about/"]);
    let root = folder.path();
    let menu = |lines: &str| format!("base_url = \"https://www.example.org/our-site/\"\n{SETTINGS}{lines}");
    let item = |url: &str| format!("[[menus.main]]\ntitle = \"A line\"\nurl = \"{url}\"\n");
    for fine in ["/about/", "/about", "/our-site/about/", "/our-site/about", "/about/#aims", "https://example.com/"] {
        write(root, "site.toml", &menu(&item(fine)));
        let ran = run::build(root, &root.join("public"), "2026-05-14 09:00");
        assert_eq!(ran.code, Some(0), "{fine}: {}", ran.err);
        let page = fs::read_to_string(root.join("public/index.html")).unwrap();
        let to = if fine.starts_with("https") { fine } else { "/our-site/about/" };
        assert!(page.contains(&format!("href=\"{to}")), "{fine}: {page}");
        assert!(!page.contains("our-site/our-site"), "{fine}");
    }
    for (wrong, help) in [
        ("/abuot/", "did you mean `/about/`?"),
        ("about", "did you mean `/about/`?"),
        ("", "such as `/about/`"),
        ("www.example.com", "did you mean `https://www.example.com`?"),
        ("info@example.com", "did you mean `mailto:info@example.com`?"),
    ] {
        write(root, "site.toml", &menu(&item(wrong)));
        let ran = run::run(program(root).args(["check", "--now", "2026-05-14 09:00"]));
        assert!(ran.out.contains("error[unknown-menu-target]"), "{wrong}: {}", ran.out);
        assert!(ran.err.contains("1 error"), "one message for `{wrong}`: {}", ran.err);
        assert!(ran.out.contains(help), "{wrong}: {}", ran.out);
    }
    write(root, "site.toml", &menu(&item("/our-site/secret/")));
    let table = "from,to\n/our-site/old/,/our-site/about/\n/old2/,/about/\nhttps://example.org/our-site/old3/,/about\n";
    write(root, "redirects.csv", table);
    let ran = run::build(root, &root.join("public"), "2026-05-14 09:00");
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    for old in ["old", "old2", "old3"] {
        let page = fs::read_to_string(root.join(format!("public/{old}/index.html"))).unwrap();
        assert!(page.contains("https://www.example.org/our-site/about/"), "{old}: {page}");
        assert!(!page.contains("our-site/our-site"), "{old}: {page}");
    }
    assert!(!fs::read_to_string(root.join("public/index.html")).unwrap().contains("secret"));
}

#[test]
fn files_may_be_named_by_their_address_and_are_there() {
    let links = [
        "/plan.txt",
        "/plan.txt#page=3",
        "/about/notes.txt#page=2",
        "https://www.example.org/contact/form.txt?dl=1",
        "about/sheet.txt#page=4",
    ];
    let folder = site("https://www.example.org/", &links);
    let root = folder.path();
    write(root, "content/about/notes.txt", "Notes\n");
    write(root, "content/about/sheet.txt", "Sheet\n");
    write(root, "content/contact/form.txt", "Form\n");
    write(root, "content/themes/homes.md", "+++\ntitle = \"Homes\"\nsummary = \"S\"\n+++\n\nHomes.\n");
    write(
        root,
        "static/box.svg",
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 9 9\"><rect width=\"9\" height=\"9\"/></svg>\n",
    );
    let fields = |image: &str, file: &str, data: &str| {
        format!(
            "+++\nkind = \"report\"\ntitle = \"R\"\nsummary = \"S\"\nthemes = [\"homes\"]\nauthors = [{{ name = \"A\" }}]\ndate = 2026-01-02\n\
             image = {{ file = \"{image}\", alt = \"A box\" }}\nfiles = [{{ file = \"{file}\" }}]\n+++\n\n\
             ![A box]({image})\n\n:::figure {{title=\"C\" data=\"{data}\"}}\n![A box]({image})\n:::\n"
        )
    };
    write(root, "content/publications/r.md", &fields("/box.svg", "/plan.txt", "/plan.txt"));
    let ran = run::build(root, &root.join("public"), "2026-05-14 09:00");
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let page = fs::read_to_string(root.join("public/publications/r/index.html")).unwrap();
    assert!(page.matches("src=\"/box.").count() >= 2, "the picture is shown each time: {page}");
    assert!(page.matches("href=\"/plan.txt\"").count() >= 2, "the file and the data are linked: {page}");
    let page = fs::read_to_string(root.join("public/links/index.html")).unwrap();
    assert!(page.contains("href=\"/plan.txt#page=3\""), "{page}");
    for (to, file) in [
        ("/about/notes.txt#page=2", "about/notes.txt"),
        ("/contact/form.txt?dl=1", "contact/form.txt"),
        ("/about/sheet.txt#page=4", "about/sheet.txt"),
    ] {
        assert!(page.contains(&format!("href=\"{to}\"")), "{to}: {page}");
        assert!(root.join("public").join(file).is_file(), "what is linked by its address is published: {file}");
    }
    write(root, "content/publications/r.md", &fields("/bx.svg", "/pln.txt", "/about/"));
    let ran = run::run(program(root).args(["check", "--now", "2026-05-14 09:00"]));
    let places: Vec<&str> = ran.out.lines().filter(|line| line.contains("--> content/publications/r.md:")).collect();
    let lines: Vec<&str> = places.iter().filter_map(|place| place.split(':').nth(1)).collect();
    assert_eq!(ran.out.matches("error[missing-file]").count(), 5, "{}", ran.out);
    for line in ["8", "9", "12", "14", "15"] {
        assert!(lines.contains(&line), "line {line}: {}", ran.out);
    }
}
