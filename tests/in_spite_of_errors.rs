//! What is published in spite of errors, and what stays. The minute of an embargoed page comes, and the page has errors: it
//! alone stays out, and its author knew before. A page that was to go stays, and its author is told where and what to do.
#![allow(missing_docs, clippy::disallowed_methods, clippy::unwrap_used)]

mod run;

use std::path::Path;

use run::{Ran, program};

const BEFORE: &str = "2026-12-03 09:29";
const AT: &str = "2026-12-03 09:30";

const RELEASE: &str = "content/publications/rents.md";
const FIELDS: &str = "+++\nkind = \"press\"\ntitle = \"Rents\"\nsummary = \"Rents.\"\ndate = 2026-12-03\n\
     publish_at = 2026-12-03 09:30\n";

fn pamphlet(root: &Path, now: &str, words: &[&str]) -> Ran {
    run::run(program(root).args(words).args(["--now", now]))
}

/// A site with a release under embargo and a page, and whether readers see them.
struct World(tempfile::TempDir);

impl World {
    fn new(release: &str) -> Self {
        let world = Self(tempfile::tempdir().unwrap());
        run::write(world.root(), &run::files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/field/base")));
        world.put(RELEASE, release);
        world.put("content/other.md", "+++\ntitle = \"Other\"\n+++\n\nThe former text.\n");
        world
    }

    fn root(&self) -> &Path {
        self.0.path()
    }

    fn put(&self, path: &str, text: &str) {
        let file = self.root().join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    }

    fn build(&self, now: &str) -> Ran {
        pamphlet(self.root(), now, &["build", "-o", self.root().join("out").to_str().unwrap()])
    }

    /// At the clock's moment, which is what goes to readers.
    fn build_for_readers(&self) -> Ran {
        run::run(program(self.root()).args(["build", "-o", self.root().join("public").to_str().unwrap()]))
    }

    fn shows(&self, words: &str) -> bool {
        ["out", "public"]
            .iter()
            .flat_map(|name| run::files(&self.root().join(name)).into_values())
            .any(|bytes| String::from_utf8_lossy(&bytes).contains(words))
    }
}

/// What is wrong with a release, and the words of its fault.
const WRONG: &[(&str, &str, &str)] = &[
    ("", "", "has no `contact`"),
    ("contact = \"nobody\"\n", "", "nobody"),
    ("contact = \"jane-smith\"\n", "[There](nothing-there.md)", "nothing-there"),
    ("contact = \"jane-smith\"\n", "![A street](street.png)", "street.png"),
    ("contact = \"jane-smith\"\ncolour = \"red\"\n", "", "colour"),
];

#[test]
fn a_page_with_errors_stays_out_at_its_minute_and_the_rest_is_published() {
    for (fields, text, fault) in WRONG {
        let world = World::new(&format!("{FIELDS}{fields}+++\n\nThe sentence of the release. {text}\n"));
        let checked = pamphlet(world.root(), BEFORE, &["check"]);
        assert_eq!(checked.code, Some(0), "{}", checked.out);
        let said = checked.out.split("\n\n").find(|one| one.contains(fault)).unwrap_or_default();
        assert!(
            said.starts_with("warning") && said.contains("from Thursday 3 December 2026 at 09:30"),
            "{fault}: {}",
            checked.out
        );
        let built = world.build(BEFORE);
        assert_eq!(built.code, Some(0), "{}", built.err);
        let last = format!("{RELEASE} has a fault above that keeps it out on Thursday 3 December 2026 at 09:30");
        assert!(built.err.contains(&last), "{}", built.err);

        world.put("content/other.md", "+++\ntitle = \"Other\"\n+++\n\nThe new text.\n");
        let built = world.build(AT);
        assert_eq!(built.code, Some(1), "{fault}: {}", built.err);
        assert!(built.err.contains("error[kept-out]") && built.err.contains(fault), "{}", built.err);
        assert!(world.shows("The new text."), "{}", built.err);
        assert!(!world.shows("The sentence of the release."));

        world.put(RELEASE, &format!("{FIELDS}contact = \"jane-smith\"\n+++\n\nThe sentence of the release.\n"));
        let built = world.build(AT);
        assert_eq!(built.code, Some(0), "{}", built.err);
        assert!(world.shows("The sentence of the release."));

        // What readers have does not vanish because of a slip.
        world.put(RELEASE, &format!("{FIELDS}{fields}+++\n\nThe sentence of the release. {text}\n"));
        world.put("content/other.md", "+++\ntitle = \"Other\"\n+++\n\nThe third text.\n");
        let built = world.build("2026-12-03 09:40");
        assert_eq!(built.code, Some(1), "{fault}: {}", built.err);
        assert!(built.err.contains("Nothing was published") && !world.shows("The third text."), "{}", built.err);
        assert!(world.shows("The sentence of the release."));
    }
}

#[test]
fn nothing_stays_out_where_the_errors_are_elsewhere_or_nothing_was_published_before() {
    let wrong = format!("{FIELDS}+++\n\nThe sentence.\n");
    let world = World::new(&wrong);
    assert_eq!(world.build(AT).code, Some(1));
    assert!(!world.shows("The former text."));

    let world = World::new(&wrong);
    assert_eq!(world.build(BEFORE).code, Some(0));
    world.put("content/other.md", "+++\ntitle = \"Other\"\n+++\n\nThe new text, [there](nothing.md).\n");
    let built = world.build(AT);
    assert!(built.code == Some(1) && built.err.contains("Nothing was published"), "{}", built.err);
    assert!(world.shows("The former text."));
}

#[test]
fn no_hour_is_named_for_what_a_site_only_warns_of() {
    let world = World::new(&format!("{FIELDS}+++\n\nThe sentence.\n"));
    let settings = String::from_utf8(run::files(world.root())["site.toml"].clone()).unwrap();
    world.put("site.toml", &format!("{settings}\n[severities]\nmissing-field = \"warning\"\n"));
    let built = world.build(BEFORE);
    assert!(built.code == Some(0) && !built.err.contains("keeps"), "{}", built.err);
    assert_eq!(world.build(AT).code, Some(0));
}

#[test]
fn a_failed_build_names_the_pages_that_were_to_go() {
    let report =
        "+++\nkind = \"press\"\ncontact = \"jane-smith\"\ntitle = \"Secret\"\nsummary = \"One.\"\ndate = 2026-01-01\n";
    let path = "content/publications/secret.md";
    let withdrawn = "status = \"withdrawn\"\nwithdrawn = { date = 2026-01-03, reason = \"Mistakes in table four.\" }\n";
    let page = "`/publications/secret/` is still public";
    let begin = || {
        let world = World::new(&format!("{FIELDS}contact = \"jane-smith\"\n+++\n\nText.\n"));
        world.put(path, &format!("{report}+++\n\nThe text of it.\n"));
        assert_eq!(world.build_for_readers().code, Some(0));
        world.put("content/other.md", "+++\ntitle = \"Other\"\n+++\n\n[There](nothing.md).\n");
        world
    };

    let world = begin();
    world.put(path, &format!("{report}{withdrawn}+++\n\nThe text of it.\n"));
    let built = world.build_for_readers();
    assert!(built.err.contains(page) && built.err.contains(&format!("{path} is withdrawn")), "{}", built.err);
    assert!(built.err.contains("`status = \"draft\"`") && world.shows("The text of it."), "{}", built.err);

    std::fs::remove_file(world.root().join(path)).unwrap();
    let built = world.build_for_readers();
    assert!(built.err.contains(page) && built.err.contains("no file makes it"), "{}", built.err);
    assert!(world.shows("The text of it."));

    // As it says.
    world.put(path, &format!("{report}status = \"draft\"\n+++\n\nThe text of it.\n"));
    let built = world.build_for_readers();
    assert!(
        built.err.contains("Removed all the same, since it must not be public: `/publications/secret/`"),
        "{}",
        built.err
    );
    assert!(!built.err.contains("still public") && !world.shows("The text of it."), "{}", built.err);

    // What says already that it is withdrawn is as it should be.
    let world = begin();
    world.put("content/other.md", "+++\ntitle = \"Other\"\n+++\n\nText.\n");
    world.put(path, &format!("{report}{withdrawn}+++\n\nThe text of it.\n"));
    assert_eq!(world.build_for_readers().code, Some(0));
    world.put("content/other.md", "+++\ntitle = \"Other\"\n+++\n\n[There](nothing.md).\n");
    let built = world.build_for_readers();
    assert!(built.code == Some(1) && !built.err.contains("still public"), "{}", built.err);
}

/// Something without a page of its own that becomes public at its minute: its file and the text of it, with `WRONG` where a fault
/// stands at first; what stands there, and there if it is right; words of the fault; the word for what stays out.
struct Piece {
    file: &'static str,
    text: &'static str,
    wrong: &'static str,
    right: &'static str,
    fault: &'static str,
    what: &'static str,
}

const REPORT: &str = "content/publications/long/index.md";
const REPORT_FIELDS: &str = "+++\nkind = \"press\"\ntitle = \"Long\"\nsummary = \"Long.\"\ndate = 2026-01-01\n\
     contact = \"jane-smith\"\n+++\n\n";
const ROWS: &str = "content/values/v.toml";
const ROW: &str = "[[values]]\nid = \"open\"\ntitle = \"Open\"\ntext = \"We are open.\"\n\n[[values]]\nid = \"late\"\n\
     title = \"Late\"\ntext = \"Zqsecret WRONG\"\npublish_at = 2026-12-03 09:30\n";
const SHEET: &str = "id,title,text,publish_at\nopen,Open,We are open.,\nlate,Late,Zqsecret WRONG,2026-12-03 09:30\n";
const PART: &str = "+++\ntitle = \"Two\"\npublish_at = 2026-12-03 09:30\n+++\n\nZqsecret. WRONG\n";
const BLOCK: &str = "The text of it.\n\n:::after 2026-12-03 09:30\n\n## New\n\nZqsecret. WRONG\n\n:::\n\nIts end.\n";

const PIECES: &[Piece] = &[
    Piece { file: ROWS, text: ROW, wrong: "[a](no.md)", right: "a", fault: "no.md", what: "row" },
    Piece {
        file: ROWS,
        text: ROW,
        wrong: "\"\nimage = { file = \"no.png\", alt = \"A\" }\ninternal_note = \"a",
        right: "",
        fault: "no.png",
        what: "row",
    },
    Piece { file: ROWS, text: ROW, wrong: "\"\ncolour = \"red", right: "", fault: "colour", what: "row" },
    Piece { file: "content/values/v.csv", text: SHEET, wrong: "[a](no.md)", right: "a", fault: "no.md", what: "row" },
    Piece {
        file: "content/publications/long/2-two.md",
        text: PART,
        wrong: "[a](no.md)",
        right: "a",
        fault: "no.md",
        what: "part",
    },
    Piece {
        file: "content/publications/long/2-two.md",
        text: PART,
        wrong: "![A](no.png)",
        right: "a",
        fault: "no.png",
        what: "part",
    },
    Piece {
        file: "content/publications/long/2-two.md",
        text: PART,
        wrong: "\n\n:::nothing\n\nText.\n\n:::",
        right: "a",
        fault: ":::nothing",
        what: "part",
    },
    Piece { file: REPORT, text: BLOCK, wrong: "[a](no.md)", right: "a", fault: "no.md", what: "block" },
    Piece { file: REPORT, text: BLOCK, wrong: "![A](no.png)", right: "a", fault: "no.png", what: "block" },
    Piece {
        file: REPORT,
        text: BLOCK,
        wrong: "\n\n:::statistic nothing\n\n:::",
        right: "a",
        fault: "statistic",
        what: "block",
    },
];

#[test]
fn a_row_a_part_or_a_block_with_errors_stays_out_at_its_minute_and_the_rest_is_published() {
    for piece in PIECES {
        let world = World::new(&format!("{FIELDS}contact = \"jane-smith\"\n+++\n\nThe release.\n"));
        let put = |what: &str| {
            let head = if piece.file == REPORT { REPORT_FIELDS } else { "" };
            world.put(piece.file, &format!("{head}{}", piece.text.replace("WRONG", what)));
        };
        world.put(REPORT, &format!("{REPORT_FIELDS}The text of it.\n"));
        std::fs::remove_file(world.root().join("content/about/values.md")).ok();
        world.put(
            "content/about/values.md",
            "+++\ntitle = \"Values\"\ntemplate = \"values.html\"\n+++\n\nWhat we stand for.\n",
        );
        put(piece.wrong);
        let name = format!("{} {}", piece.file, piece.fault);
        let checked = pamphlet(world.root(), BEFORE, &["check"]);
        assert_eq!(checked.code, Some(0), "{name}: {}", checked.out);
        let said = checked.out.split("\n\n").find(|one| one.contains(piece.fault)).unwrap_or_default();
        let due = format!(
            "from Thursday 3 December 2026 at 09:30, London time (GMT) on this is an error, which keeps the {} out",
            piece.what
        );
        assert!(said.starts_with("warning") && said.contains(&due), "{name}: {}", checked.out);
        assert_eq!(checked.out.matches(&due).count(), 1, "{name}: {}", checked.out);

        let built = world.build(BEFORE);
        assert_eq!(built.code, Some(0), "{name}: {}", built.err);
        let last = format!("A {} of {} has a fault above that keeps that out on", piece.what, piece.file);
        assert!(built.err.contains(&last), "{name}: {}", built.err);
        assert!(!world.shows("Zqsecret"));

        for text in ["The new text.", "The third text."] {
            world.put("content/other.md", &format!("+++\ntitle = \"Other\"\n+++\n\n{text}\n"));
            let built = world.build(AT);
            assert_eq!(built.code, Some(1), "{name}: {}", built.err);
            assert!(built.err.contains("error[kept-out]") && built.err.contains(piece.fault), "{name}: {}", built.err);
            assert!(world.shows(text) && world.shows("The release."), "{name}: {}", built.err);
            assert!(!world.shows("Zqsecret"), "{name}");
            // Nothing is left of it: no heading, no name of a part.
            assert!(!world.shows("id=\"new\"") && !world.shows("2-two"), "{name}");
        }

        put(piece.right);
        let built = world.build(AT);
        assert_eq!(built.code, Some(0), "{name}: {}", built.err);
        assert!(world.shows("Zqsecret"), "{name}");

        // What readers have does not vanish because of a slip.
        put(piece.wrong);
        world.put("content/other.md", "+++\ntitle = \"Other\"\n+++\n\nThe last text.\n");
        let built = world.build("2026-12-03 09:40");
        assert_eq!(built.code, Some(1), "{name}: {}", built.err);
        assert!(built.err.contains("Nothing was published") && !world.shows("The last text."), "{name}: {}", built.err);
        assert!(world.shows("Zqsecret"), "{name}");
    }
}

#[test]
fn a_piece_that_nobody_knows_to_be_new_keeps_nothing_out_of_the_way() {
    // The first publication is after the minute: whether readers had the row before, nobody knows.
    let world = World::new(&format!("{FIELDS}contact = \"jane-smith\"\n+++\n\nThe release.\n"));
    world.put(ROWS, &ROW.replace("WRONG", "[a](no.md)"));
    let built = world.build(AT);
    assert!(built.code == Some(1) && built.err.contains("Nothing was published"), "{}", built.err);
    // Nor is it known once something was published after the minute without it.
    std::fs::remove_file(world.root().join(ROWS)).unwrap();
    assert_eq!(world.build(AT).code, Some(0));
    world.put(ROWS, &ROW.replace("WRONG", "[a](no.md)"));
    let built = world.build(AT);
    assert!(built.code == Some(1) && built.err.contains("Nothing was published"), "{}", built.err);
}

#[test]
fn many_rows_with_one_fault_all_stay_out() {
    let world = World::new(&format!("{FIELDS}contact = \"jane-smith\"\n+++\n\nThe release.\n"));
    world.put(
        "content/about/values.md",
        "+++\ntitle = \"Values\"\ntemplate = \"values.html\"\n+++\n\nWhat we stand for.\n",
    );
    let mut sheet = "id,title,text,publish_at\nopen,Open,We are open.,\n".to_owned();
    for n in 0..9 {
        sheet += &format!("late{n},Late {n},Zqsecret [a](no.md),2026-12-03 09:30\n");
    }
    world.put("content/values/v.csv", &sheet);
    assert_eq!(world.build(BEFORE).code, Some(0));
    world.put("content/other.md", "+++\ntitle = \"Other\"\n+++\n\nThe new text.\n");
    let built = world.build(AT);
    assert_eq!(built.code, Some(1), "{}", built.err);
    assert!(world.shows("The new text.") && world.shows("We are open.") && !world.shows("Zqsecret"), "{}", built.err);
}

#[test]
fn a_row_that_readers_have_and_one_that_they_have_not_with_one_fault_publish_nothing() {
    let world = World::new(&format!("{FIELDS}contact = \"jane-smith\"\n+++\n\nThe release.\n"));
    let sheet = |fault: &str| {
        let rows =
            (0..9).map(|n| format!("late{n},Late {n},Zqsecret [a](no.md),2026-12-03 09:30\n")).collect::<String>();
        format!("id,title,text,publish_at\n{rows}open,Open,We are open{fault}.,\n")
    };
    world.put("content/values/v.csv", &sheet(""));
    assert_eq!(world.build(BEFORE).code, Some(0));
    world.put("content/values/v.csv", &sheet(" [a](no.md)"));
    let built = world.build(AT);
    assert!(built.code == Some(1) && built.err.contains("Nothing was published"), "{}", built.err);
}
