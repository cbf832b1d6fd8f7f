//! `pamphlet share` as used to send a draft for sign-off, on the project's own site and on a small one.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

mod run;

use std::cell::RefCell;
use std::fs;
use std::path::Path;

use lol_html::{RewriteStrSettings, element, rewrite_str, text};
use run::{Ran, files, program, run};

fn share(root: &Path, args: &[&str]) -> Ran {
    run(program(root).arg("share").args(args))
}

/// A copy of the project's own site.
fn own_site() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let project = Path::new(env!("CARGO_MANIFEST_DIR"));
    let content = files(&project.join("content"));
    run::write(&folder.path().join("content"), &content);
    fs::copy(project.join("site.toml"), folder.path().join("site.toml")).unwrap();
    folder
}

/// What a browser would load that is not in the page itself.
fn loads(html: &str) -> Vec<String> {
    let found = RefCell::new(Vec::new());
    let note = |what: &str| {
        let what = what.trim_matches(['"', '\'', ' ']);
        if !what.starts_with("data:") && !what.starts_with('#') {
            found.borrow_mut().push(what.to_owned());
        }
    };
    let css = |css: &str| {
        css.split("url(").skip(1).for_each(|after| note(after.split(')').next().unwrap()));
        assert!(!css.contains("@import \"") && !css.contains("@import '"), "{css}");
    };
    let style = RefCell::new(String::new());
    let settings = RewriteStrSettings::new()
        .append_element_content_handler(element!("*", |element| {
            let name = element.tag_name();
            assert!(!["script", "iframe", "object", "embed", "base"].contains(&name.as_str()), "{name}");
            for attribute in ["src", "srcset", "poster", "data", "background", "action"] {
                element.get_attribute(attribute).iter().for_each(|value| note(value));
            }
            if !["a", "area"].contains(&name.as_str()) {
                element.get_attribute("href").iter().for_each(|value| note(value));
            }
            css(&element.get_attribute("style").unwrap_or_default());
            Ok(())
        }))
        .append_element_content_handler(text!("style", |chunk| {
            style.borrow_mut().push_str(chunk.as_str());
            Ok(())
        }));
    rewrite_str(html, settings).unwrap();
    css(&style.borrow());
    found.into_inner()
}

#[test]
fn every_page_of_the_projects_own_site_can_be_sent() {
    let site = own_site();
    let pages = [
        "publications/sample-draft-on-housing",
        "content/publications/sample-embargoed-report.md",
        "/",
        "/publications/",
    ];
    let ran = share(site.path(), &pages);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let shared = files(&site.path().join("shared"));
    let names: Vec<&str> = shared.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        ["home.html", "publications.html", "sample-draft-on-housing.html", "sample-embargoed-report.html"]
    );
    for (name, bytes) in &shared {
        let html = std::str::from_utf8(bytes).unwrap();
        assert_eq!(loads(html), [] as [String; 0], "{name}");
        assert!(
            html.contains("Draft, not for publication") && html.contains("content=\"noindex, nofollow\""),
            "{name}"
        );
    }
    let embargoed = std::str::from_utf8(&shared["sample-embargoed-report.html"]).unwrap();
    assert!(
        embargoed.contains("embargoed until Wednesday 15 January 2031 at 00:01, London time (GMT) · CLES · copy of")
    );
    assert!(
        embargoed.contains("href=\"https://cles.org.uk/publications/\"") && embargoed.contains("href=\"#part_main\"")
    );
    assert!(
        ran.err.contains("names pages that are not public")
            && ran.err.contains("`/publications/sample-draft-on-housing/`")
    );
    assert_eq!(share(site.path(), &pages).code, Some(0), "our own files are replaced");
}

#[test]
fn what_a_page_shows_is_in_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let base = files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/faults/base"));
    run::write(folder.path(), &base);
    let add = |path: &str, text: &str| run::write(folder.path(), [(&path.to_owned(), &text.as_bytes().to_vec())]);
    let template = String::from_utf8(base["themes/plain/templates/base.html"].clone()).unwrap();
    let link =
        "<link rel=\"stylesheet\" href=\"{{ href(to='/look/site.css') }}\"><script src=\"x.js\"></script></head>";
    add("templates/base.html", &template.replace("</head>", link));
    add("static/look/site.css", "body { background: url(paper.png) }");
    add("static/look/paper.png", "paper");
    let settings = String::from_utf8(base["site.toml"].clone()).unwrap();
    add("site.toml", &format!("{settings}\n[renditions.text]\nwidths = [4, 8]\n"));
    fs::create_dir_all(folder.path().join("content/publications/plan")).unwrap();
    image::RgbImage::new(9, 9).save(folder.path().join("content/publications/plan/photo.png")).unwrap();
    add("content/publications/plan/plan.pdf", "pdf");
    add(
        "content/publications/plan/index.md",
        "+++\ntitle = \"Plan\"\nstatus = \"draft\"\n+++\n\n## Why\n\n![A street](photo.png) [why](#why) [Jane](../../people/jane-smith.md)\n\
        [as a PDF](plan.pdf) [site](https://example.com/)\n",
    );
    let ran = share(folder.path(), &["publications/plan", "-o", folder.path().join("out").to_str().unwrap()]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let html = fs::read_to_string(folder.path().join("out/plan.html")).unwrap();
    assert_eq!(loads(&html), [] as [String; 0]);
    for part in [
        "<picture><img src=\"data:image/jpeg;base64,",
        "url(\"data:image/png;base64,cGFwZXI=\")",
        "href=\"#why\"",
        "href=\"https://example.org/people/jane-smith/\"",
        "href=\"https://example.com/\"",
        "“Plan” · draft · Base · copy of",
    ] {
        assert!(html.contains(part), "{part}: {html}");
    }
    assert!(!html.contains("srcset") && !html.contains("image/webp"), "one form of a picture is enough: {html}");
    assert!(!html.contains("plan.pdf"), "a draft's file has no address yet: {html}");
    let said =
        "note: the page offers a file that is not in it, to be sent beside it: `content/publications/plan/plan.pdf`";
    assert!(ran.err.contains(said), "{}", ran.err);
}

#[test]
fn what_is_wrong_is_said_and_nothing_is_overwritten_or_published() {
    let site = own_site();
    let root = site.path();
    let wrong = share(root, &["publications/sample-draft-on-house"]);
    assert_eq!(wrong.code, Some(2));
    assert!(wrong.err.contains("did you mean `") && wrong.err.contains("sample-draft-on-housing"), "{}", wrong.err);
    let elsewhere = root.join("www");
    assert_eq!(run::build(root, &elsewhere, "2027-01-04 09:00").code, Some(0));
    for folder in
        ["public", "public/x", "content", "static/x", "themes", "assets", "templates", "strings", "www", "www/drafts"]
    {
        let ran = share(root, &["/", "-o", root.join(folder).to_str().unwrap()]);
        assert_eq!(ran.code, Some(1), "{folder}: {}", ran.err);
        assert!(ran.err.contains("nothing was written"), "{folder}: {}", ran.err);
        assert!(!root.join(folder).join("home.html").exists());
    }
    fs::create_dir(root.join("shared")).unwrap();
    fs::write(root.join("shared/home.html"), "mine").unwrap();
    let ran = share(root, &["/"]);
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    assert_eq!(fs::read_to_string(root.join("shared/home.html")).unwrap(), "mine");
}
