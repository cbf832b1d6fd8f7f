//! The commands as a user at a terminal meets them: what they print, what they leave behind, how they end.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

mod run;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

fn pamphlet(root: &Path, args: &[&str]) -> Output {
    Command::new(run::binary())
        .args(["--color", "never", "--root"])
        .arg(root)
        .args(args)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// A new site in a temporary folder.
fn new_site() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let site = folder.path().join("site");
    let begun = pamphlet(folder.path(), &["init", site.to_str().unwrap(), "--name", "Think & \"Do\""]);
    assert_eq!(code(&begun), 0, "{}", text(&begun.stderr));
    (folder, site)
}

/// Nothing is wrong with a site but the words that its owner has yet to replace.
fn assert_clean(site: &Path, what: &str) {
    let settings = fs::read_to_string(site.join("site.toml")).unwrap();
    if !settings.contains("placeholder =") {
        fs::write(site.join("site.toml"), format!("{settings}\n[severities]\nplaceholder = \"off\"\n")).unwrap();
    }
    for args in [&["check"][..], &["build", "--strict"]] {
        let output = pamphlet(site, args);
        let said = text(&output.stdout) + &text(&output.stderr);
        assert_eq!(code(&output), 0, "{what}: {said}");
        assert!(!said.contains("warning") && !said.contains("error"), "{what}: {said}");
    }
}

#[test]
fn a_new_site_is_clean_whichever_samples_are_deleted() {
    let samples = ["people/sample-person.md", "publications/sample-report.md", "events/sample-event.md"];
    for deleted in 0..1_u8 << samples.len() {
        let (_folder, site) = new_site();
        for (n, sample) in samples.iter().enumerate() {
            let text = fs::read_to_string(site.join("content").join(sample)).unwrap();
            assert!(text.contains("sample = true"), "{sample}");
            if deleted & (1 << n) != 0 {
                fs::remove_file(site.join("content").join(sample)).unwrap();
            }
        }
        assert_clean(&site, &format!("samples deleted: {deleted:b}"));
    }
}

/// Seen to fail when the home page of `civic` asked for its lists without checking that they exist.
#[test]
fn a_site_can_do_without_any_list_of_its_theme() {
    let (_folder, site) = new_site();
    let settings = fs::read_to_string(site.join("site.toml")).unwrap();
    let theme = include_str!("../themes/civic/theme.toml");
    let lists: Vec<&str> = theme.lines().filter_map(|line| line.strip_prefix("[lists.")?.strip_suffix(']')).collect();
    assert!(lists.len() > 20, "{lists:?}");
    let off: String = lists.iter().map(|list| format!("[lists.{list}]\nenabled = false\n")).collect();
    // The menus link to lists.
    let menus = settings.find("[[menus.main]]").unwrap();
    fs::write(site.join("site.toml"), format!("{}{off}", &settings[..menus])).unwrap();
    assert_clean(&site, "no list at all");
    assert!(!site.join("public/publications/index.html").exists());
    assert!(site.join("public/publications/sample-report/index.html").exists());
    let home = fs::read_to_string(site.join("public/index.html")).unwrap();
    assert!(!home.contains("Latest publications") && !home.contains("href=\"\""), "{home}");
}

/// Whatever kind of entry `new` begins on a new site, readers find: the row or page that it writes is on some page.
///
/// Seen to fail for values, activities, products, documents and organisations when nothing but the home page showed rows.
#[test]
fn everything_that_new_begins_on_a_new_site_is_shown_and_led_to() {
    let (_folder, site) = new_site();
    let rows = ["value", "achievement", "outcome", "activity", "product", "document", "organisation"];
    let pages = ["report", "briefing", "blog", "event", "person", "theme", "topic", "place", "project", "page"];
    for kind in rows.iter().chain(&pages) {
        let title = format!("Our own {kind}");
        let output = pamphlet(&site, &["new", kind, &title]);
        assert_eq!(code(&output), 0, "{kind}: {}", text(&output.stderr));
        let (out, said) = (text(&output.stdout), text(&output.stderr));
        match said.split_once("add these lines to ") {
            Some((_, place)) => {
                let place = site.join(place.trim().trim_end_matches('.'));
                fs::create_dir_all(place.parent().unwrap()).unwrap();
                let before = fs::read_to_string(&place).unwrap_or_default();
                fs::write(&place, format!("{before}{out}\n")).unwrap();
            }
            None => {
                let file = site.join(out.trim());
                let draft = fs::read_to_string(&file).unwrap();
                let of_draft = draft.replace("status = \"draft\"\n", "");
                // The fields that it needs are written as comments: `# name = value`.
                let stated: String = of_draft
                    .lines()
                    .map(|line| {
                        match line.strip_prefix("# ").filter(|rest| rest.split(" = ").next().is_some_and(is_name)) {
                            Some(field) => format!("{field}\n"),
                            None => format!("{line}\n"),
                        }
                    })
                    .collect();
                let mut stated = stated.replace("venue = \"name-of-the-venue\"", "venue = { name = \"Online\" }");
                for (asked, given) in
                    [("theme", "our-first-theme"), ("author", "sample-person"), ("contact", "sample-person")]
                {
                    stated = stated.replace(&format!("name-of-the-{asked}"), given);
                }
                fs::write(&file, stated).unwrap();
            }
        }
    }
    let built = pamphlet(&site, &["build", "--now", "2026-06-01 09:00"]);
    let said = text(&built.stdout) + &text(&built.stderr);
    assert_eq!(code(&built), 0, "{said}");
    assert!(!said.contains("shown-nowhere"), "{said}");
    let published = run::files(&site.join("public"));
    let html = |name: &str| String::from_utf8_lossy(&published[name]).into_owned();
    for kind in rows {
        let all = [
            "about/index.html",
            "about/values/index.html",
            "about/achievements/index.html",
            "about/sources/index.html",
            "what-we-do/index.html",
        ];
        let anchor = format!("id=\"our-own-{kind}\"");
        assert!(all.iter().any(|name| html(name).contains(&anchor)), "{kind} is on none of {all:?}");
    }
    // Every list that has something in it is led to from another page.
    for list in ["people", "places", "projects", "topics", "themes", "publications", "events"] {
        let link = format!("href=\"/{list}/\"");
        let pages = published.iter().filter(|(name, _)| name.ends_with(".html") && !name.starts_with(list));
        let pages: Vec<_> = pages.filter(|(_, bytes)| String::from_utf8_lossy(bytes).contains(&link)).collect();
        assert!(!pages.is_empty(), "nothing leads to /{list}/");
    }
}

fn is_name(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}

/// What is asked at the beginning, and how it may be answered.
#[test]
fn a_site_can_be_begun_with_any_address_and_in_two_languages() {
    let folder = tempfile::tempdir().unwrap();
    for (given, stated) in [
        ("www.example.org", "https://www.example.org"),
        ("example.org/tank/", "https://example.org/tank/"),
        ("http://example.org/", "http://example.org/"),
        ("https://example.org", "https://example.org"),
    ] {
        let site = folder.path().join(given.replace(['/', ':'], "-"));
        let path = site.to_str().unwrap();
        let begun =
            pamphlet(folder.path(), &["init", path, "--base-url", given, "--email", "us@example.org", "--lang", "cy"]);
        assert_eq!(code(&begun), 0, "{given}: {}", text(&begun.stderr));
        let settings = fs::read_to_string(site.join("site.toml")).unwrap();
        assert!(settings.contains(&format!("base_url = \"{stated}\"")), "{given}: {settings}");
        assert!(settings.contains("\nemail = \"us@example.org\"\n"), "{settings}");
        assert_clean(&site, given);
        let welsh = fs::read_to_string(site.join("public/cy/index.html")).unwrap();
        assert!(welsh.contains("<html lang=\"cy\"") && welsh.contains("Dywedwch yma"), "{welsh}");
    }
    for (args, said) in [
        (["--base-url", "our site"], "is not a full web address"),
        (["--base-url", "us@example.org"], "is not a full web address"),
        (["--lang", "Welsh"], "is not a language that I can add"),
        (["--lang", "en"], "is not a language that I can add"),
        (["--theme", "marble"], "write `civic` or `mosaic`"),
    ] {
        let refused = pamphlet(folder.path(), &["init", folder.path().join("x").to_str().unwrap(), args[0], args[1]]);
        assert_eq!(code(&refused), 2, "{args:?}");
        assert!(text(&refused.stderr).contains(said), "{args:?}: {}", text(&refused.stderr));
        assert!(!folder.path().join("x").exists(), "{args:?}");
    }
}

#[test]
fn a_site_can_begin_with_either_design() {
    let folder = tempfile::tempdir().unwrap();
    for theme in ["civic", "mosaic"] {
        let site = folder.path().join(theme);
        let begun = pamphlet(folder.path(), &["init", site.to_str().unwrap(), "--theme", theme]);
        assert_eq!(code(&begun), 0, "{}", text(&begun.stderr));
        assert_clean(&site, theme);
        let home = fs::read_to_string(site.join("public/index.html")).unwrap();
        assert!(home.contains(&format!("/assets/{theme}.")), "{home}");
    }
}

#[test]
fn a_folder_with_something_in_it_is_not_begun() {
    let (_folder, site) = new_site();
    let again = pamphlet(&site, &["init", site.to_str().unwrap()]);
    assert_eq!(code(&again), 2);
    assert!(text(&again.stderr).contains("is not empty"));
}

#[test]
fn every_kind_of_page_can_be_begun() {
    let (_folder, site) = new_site();
    for kind in ["report", "briefing", "blog", "press", "event", "person", "theme", "place", "project", "page"] {
        let title = format!("Our \"first\" {kind}: what next?");
        let output = pamphlet(&site, &["new", kind, &title]);
        assert_eq!(code(&output), 0, "{kind}: {}", text(&output.stderr));
        let file = text(&output.stdout);
        assert!(site.join(file.trim()).is_file(), "{kind}: {file}");
        let again = pamphlet(&site, &["new", kind, &title]);
        assert_ne!(code(&again), 0, "{kind}: a file was overwritten");
    }
    let checked = pamphlet(&site, &["check"]);
    assert_eq!(code(&checked), 0, "{}", text(&checked.stdout));
    let taken = pamphlet(&site, &["new", "page", "About"]);
    assert_eq!(code(&taken), 1, "content/about/index.md has that address");
    let row = pamphlet(&site, &["new", "value", "Fairness"]);
    assert!(text(&row.stdout).starts_with("[[values]]\ntitle = \"Fairness\"\n"), "{}", text(&row.stdout));
    let unknown = pamphlet(&site, &["new", "reprot", "x"]);
    assert_eq!(code(&unknown), 2);
    assert!(text(&unknown.stderr).contains("did you mean `report`?"));
}

#[test]
fn every_fault_and_every_page_is_explained() {
    let (_folder, site) = new_site();
    for fault in pamphlet::Code::ALL {
        let output = pamphlet(&site, &["explain", fault.as_str()]);
        assert_eq!(code(&output), 0);
        // As plain text: every word of its page, and no mark of Markdown outside of code.
        let told = text(&output.stdout);
        assert!(told.starts_with(&format!("{}\n\n", fault.as_str())), "{told}");
        let words: String = told.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
        for line in fault.page().lines().filter(|line| !line.trim_start().starts_with("```")) {
            // Addresses of links are left out.
            let line: Vec<&str> =
                line.split("](").map(|part| part.split_once(')').map_or(part, |(_, rest)| rest)).collect();
            let line = if line.len() > 1 { line[..1].concat() } else { line.concat() };
            for word in line.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().count() > 2) {
                assert!(words.contains(&word.to_lowercase()), "{}: `{word}` is missing in {told}", fault.as_str());
            }
        }
        for line in told.lines().filter(|line| !line.starts_with("    ") && line.len() > 2) {
            assert!(!["# ", "**", "```", "]("].iter().any(|mark| line.starts_with(mark)), "{}: {line}", fault.as_str());
        }
    }
    for (subject, told) in [
        ("/publications/sample-report/", "content/publications/sample-report.md"),
        ("publications/sample-report", "`publications`, /publications/"),
        ("https://www.example.org/publications/", "[lists.publications]"),
        ("content/people/sample-person.md", "people/sample-person"),
        ("/robots.txt", "sitemap"),
    ] {
        let output = pamphlet(&site, &["explain", subject]);
        assert!(text(&output.stdout).contains(told), "{subject}: {}", text(&output.stdout));
    }
    pamphlet(&site, &["new", "report", "Hidden for now"]);
    let hidden = text(&pamphlet(&site, &["explain", "/publications/hidden-for-now/"]).stdout);
    assert!(hidden.contains("(draft)") && hidden.contains("none while it is not public"), "{hidden}");
    let nothing = pamphlet(&site, &["explain", "/abuot/"]);
    assert_eq!(code(&nothing), 2);
    assert!(text(&nothing.stderr).contains("did you mean `/about/`?"));
}

#[test]
fn a_dry_run_says_what_readers_would_find_and_writes_nothing() {
    let (_folder, site) = new_site();
    assert_eq!(code(&pamphlet(&site, &["build"])), 0);
    let none = text(&pamphlet(&site, &["build", "--dry-run"]).stdout);
    assert!(
        none.starts_with("Nothing was written.") && none.contains(" 0 would be new, 0 changed, 0 removed"),
        "{none}"
    );
    let put = |path: &str, text: &str| std::fs::write(site.join(path), text).unwrap();
    put("content/new.md", "+++\ntitle = \"A new page\"\n+++\n\nText.\n");
    let event = std::fs::read_to_string(site.join("content/events/sample-event.md")).unwrap();
    put("content/events/sample-event.md", &event.replacen("title", "status = \"draft\"\ntitle", 1));
    let privacy = std::fs::read_to_string(site.join("content/privacy.md")).unwrap();
    put("content/privacy.md", &format!("{privacy}\nMore.\n"));
    let before = run::files(&site.join("public"));
    let plan = text(&pamphlet(&site, &["build", "--dry-run"]).stdout);
    for line in [
        "New:\n  /new/  A new page\n",
        "  /privacy/  Privacy\n",
        "Gone:\n  /events/sample-event/  A sample launch (it is a draft now)\n\n",
        "Nothing was written.",
    ] {
        assert!(plan.contains(line), "{line}\n{plan}");
    }
    let json: serde_json::Value =
        serde_json::from_slice(&pamphlet(&site, &["build", "--dry-run", "--format", "json"]).stdout).unwrap();
    let pages = json["pages"].as_array().unwrap();
    let is =
        |page: &&serde_json::Value, change: &str, address: &str| page["change"] == change && page["address"] == address;
    assert!(
        pages.iter().any(|page| is(&page, "gone", "/events/sample-event/") && page["reason"] == "it is a draft now")
    );
    assert!(pages.iter().any(|page| is(&page, "new", "/new/") && page["title"] == "A new page"));
    assert_eq!(run::files(&site.join("public")), before, "nothing is written");
    // The plan comes true.
    let count = |what: &str| json["files"][what].as_u64().unwrap();
    let built = text(&pamphlet(&site, &["build"]).stderr);
    // The search index is rebuilt in addition.
    let said = built.lines().find(|line| line.starts_with("Published")).unwrap();
    // The name of the folder may have digits too.
    let (_, counts) = said.split_once("`: ").unwrap();
    let numbers: Vec<u64> =
        counts.split(|c: char| !c.is_ascii_digit()).filter_map(|number| number.parse().ok()).take(3).collect();
    assert!(
        numbers[0] >= count("new") && numbers[1] >= count("changed") && numbers[2] >= count("gone"),
        "{said}\n{json}"
    );
    // A plan for a future day may use the folder that readers see.
    assert_eq!(code(&pamphlet(&site, &["build", "--dry-run", "--now", "2027-01-01"])), 0);
    let drafts = pamphlet(&site, &["build", "--drafts", "-o", site.join("public").to_str().unwrap()]);
    assert_eq!(code(&drafts), 2, "{}", text(&drafts.stderr));
}

#[test]
fn entries_are_listed_with_who_may_see_them() {
    let (_folder, site) = new_site();
    pamphlet(&site, &["new", "report", "Hidden for now"]);
    let all = text(&pamphlet(&site, &["list"]).stdout);
    let counts = all.lines().find(|line| line.starts_with("publications")).unwrap();
    assert_eq!(counts.split_whitespace().collect::<Vec<_>>(), ["publications", "2", "1", "1", "0", "0", "0"]);
    let entries = text(&pamphlet(&site, &["list", "publications"]).stdout);
    assert!(entries.lines().any(|line| line.starts_with("hidden-for-now") && line.contains("draft")), "{entries}");
    assert!(entries.lines().any(|line| line.starts_with("sample-report") && line.contains("sample")), "{entries}");
    assert_eq!(code(&pamphlet(&site, &["list", "publicatons"])), 2);
}

/// Seen to fail with the moment in the site's zone, and with that of an event in parts of a second.
#[test]
fn scripts_learn_when_the_site_changes_next() {
    let (_folder, site) = new_site();
    let next = |now: &str| text(&pamphlet(&site, &["list", "--next", "--now", now]).stdout);
    let report = "+++\ntitle = \"Later\"\nkind = \"report\"\nsummary = \"S\"\npublish_at = 2031-05-14 00:01\n+++\n";
    fs::write(site.join("content/publications/later.md"), report).unwrap();
    let event = "+++\ntitle = \"Launch\"\nstart = 2032-01-10 10:00\nend = 2032-01-10 12:00\n+++\n";
    fs::write(site.join("content/events/later.md"), event).unwrap();
    // Its moments depend on the day of the test.
    fs::remove_file(site.join("content/events/sample-event.md")).unwrap();
    // In London it is summer.
    assert_eq!(next("2031-05-14 00:00"), "2031-05-13T23:01:00Z\n");
    assert_eq!(next("2032-01-01"), "2032-01-10T12:00:01Z\n");
    assert_eq!(next("2040-01-01"), "");
    assert_eq!(code(&pamphlet(&site, &["list", "publications", "--next"])), 2);
}

#[test]
fn commands_end_as_they_promise() {
    let (folder, site) = new_site();
    assert_eq!(code(&pamphlet(folder.path(), &["build"])), 2, "no site here");
    assert_eq!(code(&pamphlet(&site, &["biuld"])), 2, "no such command");
    assert_eq!(code(&pamphlet(&site, &["build", "--drafts"])), 2, "drafts want a folder of their own");
    assert_eq!(code(&pamphlet(&site, &["build", "--now", "soon"])), 2, "no moment");
    assert_eq!(code(&pamphlet(&site, &["export", "content/index.md"])), 2, "in which form?");
    assert_eq!(code(&pamphlet(&site, &["import", "x.docx", "--page", "y"])), 2, "a page is named for a translation");
    let foreign = folder.path().join("public_html");
    fs::create_dir(&foreign).unwrap();
    fs::write(foreign.join("index.html"), "mine").unwrap();
    let refused = pamphlet(&site, &["build", "-o", foreign.to_str().unwrap()]);
    assert_eq!(code(&refused), 1, "{}", text(&refused.stderr));
    assert_eq!(fs::read_to_string(foreign.join("index.html")).unwrap(), "mine");
    fs::write(site.join("content/people/x.md"), "+++\ntitle = \"X\"\nrol = \"Y\"\n+++\n").unwrap();
    let faulty = pamphlet(&site, &["check", "--format", "json"]);
    assert_eq!(code(&faulty), 1);
    assert!(text(&faulty.stdout).lines().all(|line| line.starts_with('{')), "{}", text(&faulty.stdout));
    let accepted = pamphlet(&site, &["check", "--accept-existing"]);
    assert_eq!(code(&accepted), 0, "{}", text(&accepted.stderr));
    assert_eq!(code(&pamphlet(&site, &["check"])), 0, "what is known is a warning");
    fs::write(site.join("content/people/x.md"), "+++\ntitle = \"X!\"\nrol = \"Y\"\n+++\n").unwrap();
    assert_eq!(code(&pamphlet(&site, &["check"])), 1, "until the file is edited");
    fs::remove_file(site.join("content/people/x.md")).unwrap();
    fs::create_dir_all(site.join("content/organisations")).unwrap();
    let rows: String = (0..9).map(|n| format!("Org {n},nothing\n")).collect();
    fs::write(site.join("content/organisations/many.csv"), format!("title,kind\n{rows}")).unwrap();
    assert_eq!(code(&pamphlet(&site, &["check"])), 1, "a column with nine faults");
    assert_eq!(code(&pamphlet(&site, &["check", "--accept-existing"])), 0);
    let known = pamphlet(&site, &["check"]);
    assert_eq!(code(&known), 0, "the faults of a column can be accepted: {}", text(&known.stderr));
    let completions = pamphlet(&site, &["completions", "bash"]);
    assert!(text(&completions.stdout).contains("pamphlet"));
}

#[test]
fn what_is_kept_for_the_next_run_changes_nothing() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let base = run::files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/faults/base"));
    run::write(folder.path(), &base);
    let page = "+++\ntitle = \"Code\"\n+++\n\n```rust\nfn main() { /* kept */ }\n```\n";
    fs::write(folder.path().join("content/code.md"), page).expect("a file can be written");
    let kept = folder.path().join(".pamphlet/cache/highlighted");
    let built = |name: &str| {
        let out = folder.path().join(name);
        let ran = run::build(folder.path(), &out, "2026-05-14");
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        run::files(&out)
    };
    let first = built("first");
    assert!(String::from_utf8_lossy(&first["code/index.html"]).contains("hl-"), "the code is coloured");
    let bytes = fs::read(&kept).expect("what was made is kept");
    assert_eq!(built("again"), first);
    // Damaged, cut short, of another version, emptied, missing.
    let mut damaged = bytes.clone();
    *damaged.last_mut().expect("not empty") ^= 1;
    let other = [b"pamphlet 0 code 0\n", &bytes[..]].concat();
    for (n, bytes) in [&damaged[..], &bytes[..bytes.len() / 2], &other, &[]].iter().enumerate() {
        fs::write(&kept, bytes).expect("a file can be written");
        assert_eq!(built(&format!("out-{n}")), first, "case {n}");
    }
    fs::remove_dir_all(folder.path().join(".pamphlet")).expect("it was there");
    // Two at a time.
    let runs: Vec<_> = ["one", "two"]
        .iter()
        .map(|name| {
            run::program(folder.path())
                .args(["build", "--now", "2026-05-14", "-o"])
                .arg(folder.path().join(name))
                .spawn()
        })
        .collect();
    for child in runs {
        assert!(child.expect("the program can be started").wait().expect("it ends").success());
    }
    assert_eq!(run::files(&folder.path().join("one")), first);
    assert_eq!(run::files(&folder.path().join("two")), first);
    assert_eq!(fs::read(&kept).expect("kept again"), bytes);
}

/// Seen to fail with `additionalProperties` left out.
#[test]
fn a_schema_is_what_it_was() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let printed = pamphlet(&here.join("tests/sites/bundles-and-rows/in"), &["schema", "publications"]);
    assert_eq!(code(&printed), 0, "{}", text(&printed.stderr));
    let expected = here.join("tests/schemas/publications.schema.json");
    if std::env::var_os("PAMPHLET_UPDATE").is_some_and(|value| value == "1") {
        fs::write(&expected, &printed.stdout).unwrap();
    }
    assert_eq!(text(&printed.stdout), fs::read_to_string(expected).unwrap(), "PAMPHLET_UPDATE=1 takes it as right");
}

#[test]
fn schemas_are_listed_printed_and_written() {
    let (folder, site) = new_site();
    let listed = text(&pamphlet(&site, &["schema"]).stdout);
    let names: Vec<&str> = listed.lines().skip(1).filter_map(|line| line.split_whitespace().next()).collect();
    assert!(names.starts_with(&["site", "theme"]) && names.contains(&"publications.rows"), "{listed}");
    // There is no other language.
    assert!(!listed.contains("translation"), "{listed}");

    let out = site.join("schemas");
    let written = pamphlet(&site, &["schema", "-o", out.to_str().unwrap()]);
    assert_eq!(code(&written), 0, "{}", text(&written.stderr));
    assert_eq!(fs::read_dir(&out).unwrap().count(), names.len());
    for name in names {
        let file = fs::read(out.join(format!("{name}.schema.json"))).unwrap();
        assert_eq!(file, pamphlet(&site, &["schema", name]).stdout, "{name}");
    }
    // Written again over the old ones; never over other files, and never among files that are published or read.
    assert_eq!(code(&pamphlet(&site, &["schema", "-o", out.to_str().unwrap()])), 0);
    fs::write(out.join("theme.schema.json"), "mine").unwrap();
    let refused = pamphlet(&site, &["schema", "-o", out.to_str().unwrap()]);
    assert_eq!(code(&refused), 1, "{}", text(&refused.stderr));
    assert_eq!(fs::read_to_string(out.join("theme.schema.json")).unwrap(), "mine");
    assert_eq!(code(&pamphlet(&site, &["schema", "-o", site.join("content/x").to_str().unwrap()])), 1);
    assert!(!site.join("content/x").exists());
    assert_clean(&site, "with schemas beside it");

    let unknown = pamphlet(&site, &["schema", "publicatons"]);
    assert_eq!(code(&unknown), 2);
    assert!(text(&unknown.stderr).contains("did you mean `publications`?"));
    assert_eq!(code(&pamphlet(folder.path(), &["schema"])), 2, "no site here");
    assert_eq!(code(&pamphlet(&site, &["schema", "site", "-o", "x"])), 2, "one or all");
}

#[test]
fn corrections_are_shown_and_written_all_or_none() {
    let (_folder, site) = new_site();
    let page = site.join("content/odd.md");
    let text = "+++\r\n# A remark\r\ntitle = 'Odd'\r\nsumary = 'S' # why\r\n+++\r\n\r\n# One\r\n\r\n#### Two\r\n\r\n[About](abuot/index.md)\r\n";
    fs::write(&page, text).unwrap();
    for format in ["json", "github"] {
        let refused = pamphlet(&site, &["check", "--fix", "--format", format]);
        assert_eq!(code(&refused), 2, "{format}");
        assert!(text_of(&refused).contains("`--fix` shows the lines that it changes"), "{}", text_of(&refused));
        assert_eq!(fs::read_to_string(&page).unwrap(), text);
    }
    let told = pamphlet(&site, &["check", "--format", "json"]);
    assert!(
        text_of(&told).contains(r#""fix":{"label":"write `summary`","edits":[{"file":"content/odd.md","#),
        "{}",
        text_of(&told)
    );
    let fixed = pamphlet(&site, &["check", "--fix"]);
    let said = text_of(&fixed);
    assert!(said.contains("content/odd.md:4\n  - sumary = 'S' # why\n  + summary = 'S' # why\n"), "{said}");
    assert!(said.contains("content/odd.md:7\n  - # One\n  + ## One\n"), "{said}");
    assert!(said.contains("Corrected 4 faults in 1 file. What is left:"), "{said}");
    let expected = text.replace("sumary", "summary").replace("# One", "## One").replace("#### Two", "## Two");
    assert_eq!(fs::read_to_string(&page).unwrap(), expected.replace("abuot", "about"));
    let again = pamphlet(&site, &["check", "--fix"]);
    assert!(text_of(&again).contains("Nothing was changed"), "{}", text_of(&again));
    assert_eq!(code(&again), 0);
}

fn text_of(output: &Output) -> String {
    text(&output.stdout) + &text(&output.stderr)
}

#[cfg(unix)]
#[test]
fn where_one_correction_cannot_be_written_none_is() {
    let (_folder, site) = new_site();
    let page = |more: &str| format!("+++\ntitle = \"Odd page\"\nsumary = \"S\"\n+++\n\nText.\n{more}");
    let texts = [("content/odd-a.md", page("")), ("content/odd-b.md", page(&"More words.\n\n".repeat(20_000)))];
    texts.iter().for_each(|(name, text)| fs::write(site.join(name), text).unwrap());
    // No file may be larger than 64 KB: for the second file this is like a full disk.
    let mut limited = Command::new("sh");
    limited.args(["-c", "trap '' XFSZ; ulimit -f 128; exec \"$@\"", "sh"]).arg(run::binary());
    let output = limited.args(["check", "--fix"]).current_dir(&site).output().unwrap();
    assert_eq!(code(&output), 3, "{}", text_of(&output));
    assert!(text_of(&output).contains("odd-b.md` cannot be written"), "{}", text_of(&output));
    texts.iter().for_each(|(name, text)| assert_eq!(&fs::read_to_string(site.join(name)).unwrap(), text, "{name}"));
    let aside = fs::read_dir(site.join("content"))
        .unwrap()
        .filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().starts_with(".pamphlet"));
    assert_eq!(aside.count(), 0, "nothing is left aside");
}

#[test]
fn what_is_no_slip_of_a_name_is_no_link_to_it() {
    let (_folder, site) = new_site();
    let text = "+++\ntitle = \"Odd\"\n+++\n\n[a](jobs.md) [b](team.md) [c](people.md) [d](history.md) [e](www.gov.uk) [f](report.pdf) \
                [g](pres.md)\n";
    fs::write(site.join("content/odd.md"), text).unwrap();
    pamphlet(&site, &["check", "--fix"]);
    // One letter is a slip, and only one name can be meant; `www.` is the beginning of an address.
    let corrected = text.replace("pres.md", "press.md").replace("(www", "(https://www");
    assert_eq!(fs::read_to_string(site.join("content/odd.md")).unwrap(), corrected);
}

#[test]
fn drafts_never_go_into_the_folder_for_a_host() {
    let (_folder, site) = new_site();
    for more in [&[][..], &["--watch"], &["--dry-run"]] {
        let public = site.join("public");
        let ran = pamphlet(&site, &[&["build", "--drafts", "-o", public.to_str().unwrap()], more].concat());
        let said = text(&ran.stderr);
        assert_eq!(code(&ran), 2, "{more:?}: {said}");
        assert!(said.contains("drafts are not for it") && !public.exists(), "{more:?}: {said}");
    }
}

#[test]
fn pages_are_begun_and_shared_in_the_words_that_people_use() {
    let (_folder, site) = new_site();
    let begun = |arguments: &[&str]| {
        let output = pamphlet(&site, arguments);
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    };
    assert_eq!(begun(&["new", "report", "Wealth", "in", "Wales"]), "content/publications/wealth-in-wales.md");
    assert_eq!(begun(&["new", "event", "Wealth in Wales"]), "content/events/wealth-in-wales.md");
    for (kind, place) in [
        ("press-release", "content/publications/a.md"),
        ("News", "content/publications/b.md"),
        ("staff", "content/people/c.md"),
        ("themes", "content/themes/d.md"),
    ] {
        let title = place.rsplit('/').next().unwrap().trim_end_matches(".md");
        assert_eq!(begun(&["new", kind, title]), place);
    }
    let long = begun(&["new", "blog", &"A very long title ".repeat(30)]);
    assert!(long.len() < 120 && !long.contains("-.md"), "{long}");
    let output = pamphlet(&site, &["share", "wealth-in-wales"]);
    let words = String::from_utf8_lossy(&output.stderr);
    assert!(words.contains("`/events/wealth-in-wales/` or `/publications/wealth-in-wales/`"), "{words}");
    for name in ["c", "C", "people/c", "content/people/c.md"] {
        let output = pamphlet(&site, &["share", name]);
        assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    }
}
