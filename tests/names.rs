//! Names are equal if their letters are, in whichever of Unicode's two forms a keyboard or a disk writes them.
//!
//! A whole site is written four times, its names on disk and those in its texts in either form. The published files must be equal
//! byte for byte. Seen to fail for each of the names before paths were composed.
#![allow(missing_docs, clippy::disallowed_methods, clippy::unwrap_used)]

mod run;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use run::{Ran, files, program};
use unicode_normalization::UnicodeNormalization;

const NOW: &str = "2026-05-14 09:00";

/// Path and text; names with accents are in both.
const SITE: &[(&str, &str)] = &[
    (
        "site.toml",
        "title = \"Tŷ\"\nbase_url = \"https://example.org/\"\nlanguage = \"en-GB\"\ntimezone = \"Europe/London\"\n\
         theme = \"civic\"\n[organisation]\nname = \"Tŷ\"\nlogo = \"tŷ.svg\"\n[languages.cy]\n[security]\n\
         contact = \"a@example.org\"\nexpires = 2027-01-01\n[hosting]\nrules = [\"netlify\", \"nginx\", \"apache\", \"caddy\"]\n",
    ),
    ("assets/tŷ.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"3\" height=\"4\"><g/></svg>"),
    ("static/tŷ.pdf", "%PDF-1.4 static"),
    ("static/siân/b.pdf", "%PDF-1.4 static too"),
    ("redirects.csv", "from,to\n/hen/,/tŷ.pdf\n/yr-hen-dŷ/,/about/ty/\n"),
    ("addresses.txt", "/tŷ.pdf\n/alias-tŷ/\n"),
    (
        "content/index.md",
        "+++\ntitle = \"Home\"\nsummary = \"Home.\"\n+++\n\n[About](about/tŷ/index.md#dŵr) [F](/tŷ.pdf) [G](/t%C5%B7.pdf)\n",
    ),
    ("content/index.cy.md", "+++\ntitle = \"Hafan\"\nsummary = \"Hafan.\"\n+++\n\nHafan.\n"),
    ("content/themes/thema-ŷ.md", "+++\ntitle = \"Theme\"\nsummary = \"A theme.\"\n+++\n\nText.\n"),
    ("content/about/index.md", "+++\ntitle = \"About\"\nsummary = \"About.\"\n+++\n\nAbout.\n"),
    (
        "content/about/tŷ/index.md",
        "+++\ntitle = \"House\"\nsummary = \"A house.\"\naliases = [\"/alias-tŷ/\"]\n+++\n\n## Water {#dŵr}\n\n[Up](#dŵr) [P](../../people/siân-môn.md) \
         [V](../../topics/topics.toml#tŷ)\n\n<p id=\"siân\">Here</p>\n\n[There](#siân)\n",
    ),
    (
        "content/about/tŷ/index.cy.md",
        "+++\ntitle = \"Adeilad\"\nsummary = \"Un.\"\n+++\n\n## A {#dŵr}\n\nB.\n\n<p id=\"siân\">C</p>\n",
    ),
    ("content/people/siân-môn.md", "+++\ntitle = \"Sian Mon\"\nrole = \"Director\"\nsummary = \"Directs.\"\n+++\n"),
    ("content/topics/topics.toml", "[[topics]]\ntitle = \"Houses\"\nid = \"tŷ\"\nsummary = \"Of houses.\"\n"),
    (
        "content/publications/adroddiad-tŷ/index.md",
        "+++\ntitle = \"Report\"\nkind = \"report\"\ndate = 2026-01-01\nsummary = \"A report.\"\nauthors = [\"siân-môn\"]\nthemes = [\"thema-ŷ\"]\nfindings = [\"One.\"]\ntopics = [\"tŷ\"]\n\
         image = { file = \"llun tŷ.png\", alt = \"A house\" }\nfiles = [{ file = \"adroddiad-tŷ.pdf\" }]\n+++\n\nText.\n\n\
         ![A house](<llun tŷ.png>)\n\n[Part](rhan-ŵ.md) [CSV](data/tŷ.csv) [Korean](보고서.txt) [A](Åland.txt) [%](t%C5%B7.txt)\n\n\
         :::figure {#ffigwr-ŷ title=\"T\" data=\"data/tŷ.csv\" source=\"S\"}\n| A |\n|---|\n| 1 |\n:::\n",
    ),
    ("content/publications/adroddiad-tŷ/rhan-ŵ.md", "+++\ntitle = \"Part\"\n+++\n\nThe part.\n"),
    ("content/publications/adroddiad-tŷ/adroddiad-tŷ.pdf", "%PDF-1.4 one"),
    ("content/publications/adroddiad-tŷ/data/tŷ.csv", "A\n1\n"),
    ("content/publications/adroddiad-tŷ/보고서.txt", "Korean"),
    ("content/publications/adroddiad-tŷ/Åland.txt", "Island"),
    ("content/publications/adroddiad-tŷ/tŷ.txt", "Text"),
];

#[derive(Clone, Copy, PartialEq)]
enum Form {
    Composed,
    Decomposed,
}

impl Form {
    fn of(self, text: &str) -> String {
        match self {
            Self::Composed => text.nfc().collect(),
            Self::Decomposed => text.nfd().collect(),
        }
    }
}

fn write(site: &Path, path: &str, bytes: &[u8]) {
    let file = site.join(path);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, bytes).unwrap();
}

/// The site with names on disk and in texts in these forms, and with `more` files, in the forms that they are in.
fn lay_out(site: &Path, on_disk: Form, in_texts: Form, more: &[(&str, &str)]) {
    for (path, text) in SITE {
        write(site, &on_disk.of(path), in_texts.of(text).as_bytes());
    }
    let png = image::RgbImage::from_fn(64, 48, |x, y| image::Rgb([x as u8 * 3, y as u8 * 5, 90]));
    let mut bytes = std::io::Cursor::new(Vec::new());
    png.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    write(site, &on_disk.of("content/publications/adroddiad-tŷ/llun tŷ.png"), bytes.get_ref());
    for (path, text) in more {
        write(site, path, text.as_bytes());
    }
}

fn pamphlet(site: &Path, arguments: &[&str]) -> Ran {
    run::run(program(site).args(arguments))
}

fn built(on_disk: Form, in_texts: Form) -> BTreeMap<String, Vec<u8>> {
    let folder = tempfile::tempdir().unwrap();
    lay_out(folder.path(), on_disk, in_texts, &[]);
    let ran = run::build(folder.path(), &folder.path().join("public"), NOW);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    files(&folder.path().join("public"))
}

const FORMS: [Form; 2] = [Form::Composed, Form::Decomposed];

#[test]
fn a_site_is_the_same_whatever_form_its_names_are_in() {
    let usual = built(Form::Composed, Form::Composed);
    assert!(
        usual.contains_key("tŷ.pdf") && usual.contains_key("publications/adroddiad-ty/보고서.txt"),
        "{:?}",
        usual.keys()
    );
    for (on_disk, in_texts) in FORMS.into_iter().flat_map(|on_disk| FORMS.map(|in_texts| (on_disk, in_texts))) {
        let other = built(on_disk, in_texts);
        let differences = run::differences(&usual, &other);
        assert!(differences.is_empty(), "{}", differences.join("\n"));
    }
}

#[test]
fn what_is_hidden_is_hidden_in_both_forms() {
    let draft = "+++\ntitle = \"Zqsecretxj\"\nstatus = \"draft\"\nsummary = \"S.\"\n+++\n\nzqsecretxj\n";
    for (one, other) in [(Form::Composed, Form::Decomposed), (Form::Decomposed, Form::Composed)] {
        let links = [
            "[x](cudd-ŷ/index.md)",
            "[x](cudd-ŷ/f.txt)",
            "![x](cudd-ŷ/tŷ.png)",
            "[x](/cudd-ŷ/tŷ.png)",
            "[x](https://example.org/cudd-y/t%C5%B7.png)",
        ];
        for link in links {
            let folder = tempfile::tempdir().unwrap();
            let page = other.of(&format!("+++\ntitle = \"P\"\nsummary = \"P.\"\n+++\n\n{link}\n"));
            let more = [("content/p.md", &*page), (&*one.of("content/cudd-ŷ/index.md"), draft)];
            lay_out(folder.path(), one, other, &more);
            write(folder.path(), &one.of("content/cudd-ŷ/f.txt"), b"zqsecretxj");
            write(folder.path(), &one.of("content/cudd-ŷ/tŷ.png"), b"zqsecretxj");
            let ran = run::build(folder.path(), &folder.path().join("public"), NOW);
            let public = files(&folder.path().join("public"));
            let shows = |bytes: &Vec<u8>| String::from_utf8_lossy(bytes).to_lowercase().contains("zqsecretxj");
            assert!(!public.values().any(shows), "{link}");
            assert!(ran.code == Some(1) && ran.err.contains("link-to-hidden"), "{link}: {}", ran.err);
        }
    }
}

#[test]
fn two_files_that_differ_in_form_only_are_a_fault() {
    for path in ["content/about/tŷ/index.md", "static/tŷ.pdf", "assets/tŷ.svg", "content/people/siân-môn.md"] {
        let folder = tempfile::tempdir().unwrap();
        lay_out(folder.path(), Form::Composed, Form::Composed, &[]);
        let text = SITE.iter().find(|(known, _)| *known == path).unwrap().1;
        write(folder.path(), &Form::Decomposed.of(path), text.as_bytes());
        let ran = pamphlet(folder.path(), &["check", "--now", NOW]);
        let said = ran.out + &ran.err;
        assert!(ran.code == Some(1) && said.contains("[names-collide]") && said.contains("1 error"), "{path}: {said}");
        pamphlet(folder.path(), &["check", "--accept-existing", "--now", NOW]);
        let ran = pamphlet(folder.path(), &["check", "--now", NOW]);
        assert_eq!(ran.code, Some(1), "{path}: it cannot be accepted: {}", ran.out);
    }
}

/// Each command is told the names in one form, and finds the files in the other; the others on disk keep their own.
#[test]
fn commands_find_names_in_either_form() {
    for (one, other) in [(Form::Composed, Form::Decomposed), (Form::Decomposed, Form::Composed)] {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        lay_out(root, one, one, &[]);
        let run = |arguments: &[&str]| {
            let ran = pamphlet(root, arguments);
            assert_eq!(ran.code, Some(0), "{arguments:?}: {}{}", ran.out, ran.err);
            ran.out
        };
        run(&["share", &other.of("content/people/siân-môn.md"), "-o", root.join("to-send").to_str().unwrap()]);
        run(&["move", &other.of("content/publications/adroddiad-tŷ"), &other.of("content/publications/papur-tŷ")]);
        assert!(
            root.join(one.of("content/publications")).join(other.of("papur-tŷ")).join("index.md").exists()
                || root.join("content/publications").join(Form::Composed.of("papur-tŷ")).join("index.md").exists()
        );
        // A new file goes into the folder that is there.
        run(&["move", &other.of("content/publications/papur-tŷ/tŷ.txt"), &other.of("content/about/tŷ/t.txt")]);
        assert!(root.join(one.of("content/about/tŷ/t.txt")).exists());
        assert!(!root.join(other.of("content/about/tŷ")).exists());
        run(&["check", "--now", NOW]);
    }
}

/// A GIF with two frames.
fn moving() -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = image::codecs::gif::GifEncoder::new(&mut out);
    for shade in [0, 200] {
        let frame = image::RgbaImage::from_pixel(9, 9, image::Rgba([shade, 0, 0, 255]));
        encoder.encode_frame(image::Frame::new(frame)).unwrap();
    }
    drop(encoder);
    out
}

/// Whether a name changes with its bytes: ours have ten digits of a hash, those of the search index seven or more.
fn has_hash(name: &str) -> bool {
    let is_hash = |part: &str, least: usize| {
        part.len() >= least && part.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
    };
    let parts: Vec<&str> = name.rsplit('/').next().unwrap().split('.').collect();
    parts.len() > 1
        && parts[1..].iter().chain([&parts[0]]).any(|part| {
            matches!(part.len(), 10 | 16) && is_hash(part, part.len())
                || part.rsplit_once('_').is_some_and(|(_, end)| is_hash(end, 7))
        })
}

#[test]
fn every_name_with_a_hash_is_kept_for_a_year_and_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let text = "+++\ntitle = \"P\"\nsummary = \"P.\"\n+++\n\n![A](moving.gif)\n![B](drawing.svg)\n[C](drawing.svg) [D](moving.gif)\n";
    let drawing = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"3\" height=\"4\"><g/></svg>";
    lay_out(
        folder.path(),
        Form::Composed,
        Form::Composed,
        &[("content/p/index.md", text), ("content/p/drawing.svg", drawing)],
    );
    write(folder.path(), "content/p/moving.gif", &moving());
    let ran = run::build(folder.path(), &folder.path().join("public"), NOW);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let public = files(&folder.path().join("public"));
    let headers = String::from_utf8(public["_headers"].clone()).unwrap();
    let rules: Vec<&str> = headers
        .lines()
        .zip(headers.lines().skip(1))
        .filter(|(_, header)| header.trim() == "Cache-Control: public, max-age=31536000, immutable")
        .map(|(path, _)| path)
        .collect();
    let is_kept = |name: &str| {
        let path = format!("/{name}");
        rules.iter().any(|rule| {
            let rule = percent_encoding::percent_decode_str(rule).decode_utf8().unwrap();
            rule.strip_suffix('*').map_or(*rule == path, |start| path.starts_with(start))
        })
    };
    let mut count = 0;
    for name in public.keys() {
        // What the whole index begins with is known to nobody before it is made.
        if name.ends_with(".pf_meta") {
            continue;
        }
        assert_eq!(is_kept(name), has_hash(name), "{name}\n{headers}");
        count += usize::from(has_hash(name));
    }
    for kind in [
        "p/moving.",
        "p/drawing.",
        "llun tŷ-",
        "share.",
        "assets/civic.",
        "assets/tŷ.",
        "assets/drawings/",
        "search/index/fragment/",
    ] {
        assert!(public.keys().any(|name| name.contains(kind) && has_hash(name)), "{kind}: {:?}", public.keys());
    }
    assert!(count > 12);
}
