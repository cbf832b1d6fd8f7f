//! `pamphlet export --docx` and `pamphlet import --translation`: pages go out to translators as Word files and come back, through the
//! program itself. What translators and their programs do to a file is done to its parts here.
#![allow(missing_docs, clippy::unwrap_used, clippy::disallowed_methods, clippy::disallowed_types)]

mod run;

use std::fs;
use std::io::{Cursor, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use pamphlet::fuzzing::structure;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

const SETTINGS: &str = "title = \"A\"\nbase_url = \"https://www.example.org/\"\nlanguage = \"en-GB\"\n[organisation]\nname = \"A\"\n[languages.cy]\n";

/// A page with something of everything.
const PAGE: &str = r#"+++
title = "Who owns the high street?"
kind = "report"
summary = "Half of all shops belong to firms elsewhere."
date = 2026-05-14
updated = 2026-06-01
authors = [{ name = "Dee Emm" }]
internal_note = "Ask the lawyer SECRETNOTE."
findings = ["Of each pound, **38p** stayed in the borough.", "Four firms received half of it."]
[[corrections]]
date = 2026-10-08
text = "It is 22%, as the *table* now says."
+++

## What we found

Half of all shops belong to firms elsewhere.[^one] See [the survey](https://www.example.org/survey) and [below](#what-now).

<!-- A remark SECRETREMARK for colleagues. -->

* one item of a list
* another item of it

| Where they are | Shops |
|---|---:|
| in the borough itself | 212 |

:::callout {kind="warning" title="What this does not show"}
Whether that is a good thing for anybody.
:::

The sum is $\frac{a}{b}$ in all.

## What now?

Read it again tomorrow morning.[^one]

[^one]: The register was published for the first time.
"#;

fn site(page: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "site.toml", SETTINGS);
    write(folder.path(), "content/index.md", "+++\ntitle = \"Home\"\n+++\n");
    write(folder.path(), "content/index.cy.md", "+++\ntitle = \"Hafan\"\n+++\n");
    write(folder.path(), "content/publications/shops.md", page);
    folder
}

fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn pamphlet(folder: &Path, given: &[&str]) -> Output {
    Command::new(run::binary()).current_dir(folder).args(given).output().unwrap()
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[track_caller]
fn fine(output: Output) -> String {
    assert!(output.status.success(), "{}", said(&output));
    said(&output)
}

#[track_caller]
fn holds(text: &str, wanted: &[&str]) {
    for one in wanted {
        assert!(text.contains(one), "no {one:?} in\n{text}");
    }
}

/// Changes the parts of a Word file; a part that becomes empty goes.
fn rework(file: &Path, change: impl Fn(&str, String) -> String) {
    let mut archive = ZipArchive::new(Cursor::new(fs::read(file).unwrap())).unwrap();
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).unwrap();
        let name = part.name().unwrap().into_owned();
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).unwrap();
        if let Ok(text) = String::from_utf8(bytes.clone()) {
            bytes = change(&name, text).into_bytes();
        }
        if !bytes.is_empty() {
            zip.start_file(name, SimpleFileOptions::default()).unwrap();
            zip.write_all(&bytes).unwrap();
        }
    }
    fs::write(file, zip.finish().unwrap().into_inner()).unwrap();
}

fn parts(file: &Path) -> String {
    let mut archive = ZipArchive::new(Cursor::new(fs::read(file).unwrap())).unwrap();
    let mut out = String::new();
    for at in 0..archive.len() {
        let mut bytes = Vec::new();
        archive.by_index(at).unwrap().read_to_end(&mut bytes).unwrap();
        out.push_str(&String::from_utf8_lossy(&bytes));
    }
    out
}

/// The page, sent out; and its file.
fn sent(page: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = site(page);
    fine(pamphlet(folder.path(), &["export", "content/publications/shops.md", "--docx"]));
    let file = folder.path().join("shared/shops.docx");
    (folder, file)
}

fn back(folder: &Path, given: &[&str]) -> Output {
    pamphlet(folder, &[&["-v", "import", "--translation", "cy", "shared/shops.docx"], given].concat())
}

const RETURNED: &str = "content/publications/shops.cy.md";

#[test]
fn a_translation_comes_back_as_the_page_in_the_other_language() {
    let (folder, file) = sent(PAGE);
    let all = parts(&file);
    assert!(!all.contains("SECRETNOTE") && !all.contains("SECRETREMARK"), "what is for colleagues went out");
    rework(&file, |_, text| {
        text.replace("Who owns the high street?", "Pwy sy’n berchen ar y “stryd fawr”?")
            .replace("Half of all shops belong", "Mae hanner y siopau yn perthyn")
            .replace("What this does not show", "Yr hyn nad yw'n ei ddangos")
            .replace(" stayed in the borough.", " a arhosodd yn y fwrdeistref.")
            .replace("now says.", "nawr.")
            .replace("The register was published", "Cyhoeddwyd y gofrestr")
    });
    let report = fine(back(folder.path(), &[]));
    let page = fs::read_to_string(folder.path().join(RETURNED)).unwrap();
    holds(
        &page,
        &[
            "title = \"Pwy sy’n berchen ar y “stryd fawr”?\"\n",
            "summary = \"Mae hanner y siopau yn perthyn to firms elsewhere.\"\n",
            "\"Of each pound, **38p** a arhosodd yn y fwrdeistref.\"",
            "\"Four firms received half of it.\"",
            "corrections = [\n  { date = 2026-10-08, text = \"It is 22%, as the *table* nawr.\" },\n]",
            "updated = 2026-06-01\n",
            "status = \"draft\"\n",
            "Mae hanner y siopau yn perthyn to firms elsewhere.[^1] See [the survey](https://www.example.org/survey) and [below](#what-now).",
            "## What now? {#what-now}",
            ":::callout {kind=\"warning\" title=\"Yr hyn nad yw'n ei ddangos\"}",
            "The sum is $\\frac{a}{b}$ in all.",
            "morning.[^1]",
            "[^1]: Cyhoeddwyd y gofrestr",
        ],
    );
    for inherited in ["kind =", "date = 2026-05", "authors", "internal_note"] {
        assert!(!page.contains(inherited), "`{inherited}` is inherited:\n{page}");
    }
    holds(
        &report,
        &[
            "Still in the words of the original:",
            "“Read it again tomorrow morning.”, below “What now?”",
            "slug = \"pwy-sy-n-berchen",
        ],
    );
    assert!(!report.contains("Not as it went out"), "{report}");
    let check = said(&pamphlet(folder.path(), &["check"]));
    assert!(!check.contains("shops.cy.md"), "{check}");
}

/// What Word and its users do: runs cut in pieces, proofing marks between them, changes that are tracked, remarks, a paragraph more.
#[test]
fn what_a_translators_program_does_to_a_file_is_survived() {
    let (folder, file) = sent(PAGE);
    rework(&file, |name, text| {
        match name {
        "word/document.xml" => text
            // Words and marks in several runs.
            .replace("Half of all shops", "Half of</w:t></w:r><w:proofErr w:type=\"spellStart\"/><w:r><w:t xml:space=\"preserve\"> all shops")
            .replace("{&quot;link&quot;", "{&quot;li</w:t></w:r><w:bookmarkStart w:id=\"9\" w:name=\"_GoBack\"/><w:bookmarkEnd w:id=\"9\"/><w:r><w:rPr><w:rStyle w:val=\"PamphletMark\"/></w:rPr><w:t>nk&quot;")
            .replace("<w:t xml:space=\"preserve\">another item of it</w:t>", "<w:t>another item</w:t></w:r><w:ins w:id=\"1\" w:author=\"T\"><w:r><w:t xml:space=\"preserve\"> that was added</w:t></w:r></w:ins><w:r><w:t/>")
            .replace("<w:p><w:pPr><w:pStyle w:val=\"Heading2\"/></w:pPr><w:r><w:rPr>", "<w:p><w:r><w:t>A paragraph that the translator added.</w:t></w:r></w:p><w:p><w:pPr><w:pStyle w:val=\"Heading2\"/></w:pPr><w:r><w:rPr>")
            .replace(" in all.</w:t></w:r>", " in all.</w:t></w:r><w:r><w:commentReference w:id=\"0\"/></w:r>"),
        "word/_rels/document.xml.rels" => text.replace("</Relationships>", "<Relationship Id=\"c1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments\" Target=\"comments.xml\"/></Relationships>"),
        "docProps/app.xml" => text,
        _ => text,
    }
    });
    // The part with the remark.
    let mut archive = ZipArchive::new(Cursor::new(fs::read(&file).unwrap())).unwrap();
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..archive.len() {
        zip.raw_copy_file(archive.by_index_raw(at).unwrap()).unwrap();
    }
    zip.start_file("word/comments.xml", SimpleFileOptions::default()).unwrap();
    let space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
    write!(zip, "<w:comments xmlns:w=\"{space}\"><w:comment w:id=\"0\" w:author=\"T\"><w:p><w:r><w:t>Is this right?</w:t></w:r></w:p></w:comment></w:comments>").unwrap();
    fs::write(&file, zip.finish().unwrap().into_inner()).unwrap();
    let stopped = back(folder.path(), &[]);
    assert!(!stopped.status.success());
    holds(&said(&stopped), &["tracked change; nothing was written", "comment; nothing was written", "Is this right?"]);
    let report = fine(back(folder.path(), &["--changes", "accept", "--comments", "keep"]));
    let page = fs::read_to_string(folder.path().join(RETURNED)).unwrap();
    holds(
        &page,
        &[
            "Half of all shops belong to firms elsewhere.[^1] See [the survey](https://www.example.org/survey)",
            "* another item that was added\n",
            "A paragraph that the translator added.\n\n## What now? {#what-now}",
            ": T: Is this right?\"\n",
        ],
    );
    holds(&report, &["added: a paragraph “A paragraph that the translator added.”"]);
}

#[test]
fn what_is_missing_or_changed_is_said() {
    let (folder, file) = sent(PAGE);
    rework(&file, |name, text| match name {
        "word/document.xml" => {
            let start = text.find("<w:p><w:pPr><w:pStyle w:val=\"ListBullet\"/>").unwrap();
            let end = start + text[start..].find("</w:p>").unwrap() + "</w:p>".len();
            let without_item = format!("{}{}", &text[..start], &text[end..]);
            let formula = without_item.find("<m:t xml:space=\"preserve\">b").unwrap();
            let (before, after) = without_item.split_at(formula);
            let changed = format!("{before}{}", after.replacen(">b<", ">x<", 1));
            let row = changed.find("<w:tr><w:trPr><w:cantSplit/></w:trPr>").unwrap();
            let row_end = row + changed[row..].find("</w:tr>").unwrap() + "</w:tr>".len();
            // The first field, which is the title, is gone too.
            format!("{}{}", &changed[..row], &changed[row_end..])
        }
        "word/_rels/document.xml.rels" => text.replace("example.org/survey", "example.org/arolwg"),
        _ => text,
    });
    fs::write(folder.path().join("content/publications/shops.md"), PAGE.replace("tomorrow", "today")).unwrap();
    let report = fine(back(folder.path(), &[]));
    let page = fs::read_to_string(folder.path().join(RETURNED)).unwrap();
    holds(
        &report,
        &[
            "content/publications/shops.md has changed since it was exported",
            "the field “Title” did not come back",
            "missing: an item “one item of a list”, below “What we found”",
            "it leads to https://www.example.org/arolwg now, in the original to https://www.example.org/survey",
            "added: a link to https://www.example.org/arolwg",
            "a formula that was changed in Word",
        ],
    );
    holds(&page, &["[the survey](https://www.example.org/arolwg)", "$\\frac{a}{b}$"]);
    assert!(!page.contains("title =") && !page.contains("updated ="), "{page}");
}

#[test]
fn a_file_that_lost_its_properties_asks_for_the_page() {
    let (folder, file) = sent(PAGE);
    rework(&file, |name, text| if name == "docProps/custom.xml" { String::new() } else { text });
    let asked = back(folder.path(), &[]);
    assert_eq!(asked.status.code(), Some(2));
    holds(
        &said(&asked),
        &["does not say which page it belongs to; nothing was written", "`--page content/publications/x.md`"],
    );
    fine(back(folder.path(), &["--page", "publications/shops"]));
    let again = back(folder.path(), &["--page", "publications/shops"]);
    assert_eq!(again.status.code(), Some(1));
    holds(
        &said(&again),
        &["`content/publications/shops.cy.md` already exists; nothing was written", "move or rename that one first"],
    );
}

/// Some programs drop what nobody sees, and with it where a block ends.
#[test]
fn a_file_without_its_marks_is_refused() {
    let (folder, file) = sent(PAGE);
    rework(&file, |_, mut text| {
        let begin = "<w:r><w:rPr><w:rStyle w:val=\"PamphletMark\"/>";
        while let Some(start) = text.find(begin) {
            let end = start + text[start..].find("</w:r>").unwrap() + "</w:r>".len();
            text.replace_range(start..end, "");
        }
        text
    });
    let refused = back(folder.path(), &[]);
    assert_eq!(refused.status.code(), Some(1));
    holds(&said(&refused), &["has lost the hidden words", "nothing was written", "Google Docs"]);
    assert!(!folder.path().join(RETURNED).exists());
}

#[test]
fn what_cannot_be_is_refused() {
    let (folder, file) = sent(PAGE);
    let run = |given: &[&str]| pamphlet(folder.path(), given);
    let other = run(&["import", "--translation", "de", "shared/shops.docx"]);
    assert_eq!(other.status.code(), Some(2));
    holds(&said(&other), &["the site has no further language `de`", "cy"]);
    // A file that somebody may have worked on stays.
    let before = fs::read(&file).unwrap();
    fs::write(&file, "worked on").unwrap();
    let over = run(&["export", "/publications/shops/", "--docx"]);
    assert_eq!(over.status.code(), Some(1));
    holds(&said(&over), &["`shared/shops.docx` already exists", "`--force`"]);
    assert_eq!(fs::read(&file).unwrap(), b"worked on");
    fine(run(&["export", "Who owns the high street?", "--docx", "--force"]));
    assert_eq!(fs::read(&file).unwrap(), before, "the same page gives the same bytes");
    let inside = run(&["export", "publications/shops", "--docx", "-o", "content/x.docx"]);
    assert_ne!(inside.status.code(), Some(0), "{}", said(&inside));
    fine(run(&["import", "--translation", "cy", "shared/shops.docx"]));
    fine(run(&["export", "content/publications/shops.cy.md", "--docx"]));
    let own = run(&["import", "--translation", "cy", "shared/shops.cy.docx"]);
    holds(&said(&own), &["is in the language `cy` itself"]);
}

#[test]
fn what_is_not_public_says_so_first() {
    let page = PAGE
        .replace("kind = \"report\"\n", "kind = \"report\"\nstatus = \"draft\"\n")
        .replace("## What now?", ":::after 2099-05-14 00:01\nNobody knows this yet.\n:::\n\n## What now?");
    let folder = site(&page);
    let told = fine(pamphlet(folder.path(), &["export", "publications/shops", "--docx"]));
    holds(&told, &["This page is not public (draft): do not pass it on.", "A part of it is not public yet"]);
    let all = parts(&folder.path().join("shared/shops.docx"));
    let first = all.find("<w:t xml:space=\"preserve\">This page is not public").unwrap();
    assert!(first < all.find("Field</w:t>").unwrap());
    holds(&all, &["What follows is not public before 2099-05-14 00:01: do not pass it on."]);
    fine(back(folder.path(), &[]));
    let page = fs::read_to_string(folder.path().join(RETURNED)).unwrap();
    holds(&page, &[":::after 2099-05-14 00:01\nNobody knows this yet.\n:::\n"]);
    assert!(!page.contains("not public"), "{page}");
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => walk(&path, found),
            false => found.push(path),
        }
    }
}

fn copy(from: &Path, to: &Path) {
    let mut files = Vec::new();
    walk(from, &mut files);
    for file in files {
        let place = to.join(file.strip_prefix(from).unwrap());
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::copy(&file, place).unwrap();
    }
}

/// Every page of the site in this repository and of its manual goes out and comes back with the same words and structure.
#[test]
fn every_page_of_this_repository_comes_back() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut wrong = Vec::new();
    let mut count = 0;
    for (base, languages) in [(root.to_owned(), ""), (root.join("docs"), "\n[languages.cy]\n")] {
        let folder = tempfile::tempdir().unwrap();
        let to = folder.path();
        let settings = fs::read_to_string(base.join("site.toml")).unwrap();
        fs::write(to.join("site.toml"), format!("{settings}{languages}")).unwrap();
        for name in ["content", "themes", "static"] {
            if base.join(name).is_dir() {
                copy(&base.join(name), &to.join(name));
            }
        }
        let mut pages = Vec::new();
        walk(&to.join("content"), &mut pages);
        let is_original = |page: &PathBuf| {
            page.extension().is_some_and(|ending| ending == "md") && !page.to_string_lossy().ends_with(".cy.md")
        };
        pages.retain(is_original);
        pages.sort();
        let names: Vec<String> =
            pages.iter().map(|page| page.strip_prefix(to).unwrap().to_string_lossy().into_owned()).collect();
        // Two pages may be called `index`: each folder's pages go out by themselves.
        let mut folders: std::collections::BTreeMap<PathBuf, Vec<&str>> = std::collections::BTreeMap::new();
        for name in &names {
            let folder = if name.ends_with("/index.md") {
                PathBuf::from(name)
            } else {
                Path::new(name).parent().unwrap().to_owned()
            };
            folders.entry(folder).or_default().push(name);
        }
        for (nth, of_folder) in folders.values().enumerate() {
            let out = to.join(format!("sent-{nth}"));
            let out = out.to_str().unwrap();
            let sent = pamphlet(to, &[&["-q", "export", "--docx", "-o", out], of_folder.as_slice()].concat());
            let files = String::from_utf8_lossy(&sent.stdout).into_owned();
            assert_eq!(files.lines().count(), of_folder.len(), "{}", said(&sent));
            for (name, file) in of_folder.iter().zip(files.lines()) {
                let place = to.join("came").join(name.replace('/', "-"));
                fs::create_dir_all(&place).unwrap();
                fs::copy(file, place.join("x.docx")).unwrap();
            }
        }
        // Each page comes back to a site of its own, which is read faster.
        for name in &names {
            let source = fs::read_to_string(to.join(name)).unwrap();
            let out = to.join("came").join(name.replace('/', "-"));
            fs::copy(to.join("site.toml"), out.join("site.toml")).unwrap();
            write(&out, name, &source);
            if to.join("themes").is_dir() {
                copy(&to.join("themes"), &out.join("themes"));
            }
            let came = pamphlet(&out, &["import", "--translation", "cy", "x.docx"]);
            let Ok(translation) = fs::read_to_string(out.join(name).with_extension("cy.md")) else {
                wrong.push(format!("{name}: {}", said(&came)));
                continue;
            };
            if structure(&source) != structure(&translation) {
                wrong.push(format!("{name}: another structure\n{}\n{}", structure(&source), structure(&translation)));
            }
            if said(&came).contains("Not as it went out") || said(&came).contains("Left out:") {
                wrong.push(format!("{name}: {}", said(&came)));
            }
            count += 1;
        }
    }
    assert!(wrong.is_empty(), "{} pages\n{}", wrong.len(), wrong.join("\n"));
    assert!(count > 150, "{count} pages");
}
