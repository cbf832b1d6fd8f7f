//! Nothing grows faster than its input: for every format and its constructs, inputs of one size and of a larger one.
//!
//! Work is counted in allocations, by number and by bytes, for what is read within the test: twice the input may take
//! 2.3 times as many. Most work allocates nothing, such as looking through a line again for each bracket in it; there is no counter of
//! instructions that every machine offers, so it is measured as time of the processor that the whole program uses. That is not
//! time on the clock: it does not matter how busy the machine is. And eight times the input may take twenty times as long:
//! what grows with the square takes sixty-four times, so no machine is too slow or too fast for the test.
//!
//! All inputs are also tried 100,000 deep or long, to show that none exhausts the stack.
#![allow(missing_docs, clippy::disallowed_methods, clippy::disallowed_types)]

mod run;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use pamphlet::fuzzing;

/// A family of texts: `before`, n times `unit`, `middle`, n times `end`, `after`. `{}` is the number of the repetition.
struct Family(&'static str, [&'static str; 5]);

impl Family {
    fn text(&self, n: usize) -> String {
        let [before, unit, middle, end, after] = self.1;
        let many = |unit: &str| -> String {
            if unit.contains("{}") || unit.contains("{+}") {
                let one = |i: usize| unit.replace("{}", &i.to_string()).replace("{+}", &(i + 1).to_string());
                (0..n).map(one).collect()
            } else {
                unit.repeat(n)
            }
        };
        format!("{before}{}{middle}{}{after}", many(unit), many(end))
    }
}

macro_rules! families {
    ($($name:literal $before:literal $unit:literal $middle:literal $end:literal $after:literal;)*) => {
        &[$(Family($name, [$before, $unit, $middle, $end, $after]),)*]
    };
}

#[rustfmt::skip]
const MARKDOWN: &[Family] = families! {
    "paragraphs" "" "Some *words* in a [link](https://e.org/).\n\n" "" "" "";
    "a long line" "" "word " "" "" "\n";
    "nested lists" "" "- " "" "" "a\n";
    "nested numbers" "" "1. " "" "" "a\n";
    "items" "" "- a\n" "" "" "";
    "tasks" "" "- [ ] a\n" "" "" "";
    "nested quotations" "" "> " "" "" "a\n";
    "lines of a quotation" "" "> a\n" "" "" "";
    "stars that open" "" "*a " "" "" "\n";
    "stars that close" "" "a* " "" "" "\n";
    "stars" "" "*" "" "" "\n";
    "nested emphasis" "" "*a _b " "" " b_ a*" "\n";
    "mixed marks" "" "*_[(`" "" "" "\n";
    "mixed marks and a backtick" "" "*_[(" "`" "" "\n";
    "backticks" "" "`a " "" "" "\n";
    "brackets" "" "[" "a" "]" "\n";
    "closing brackets" "" "]" "" "" "\n";
    "links that do not end" "" "[a](" "" "" "\n";
    "titles that do not end" "" "[a](b \"" "" "" "\n";
    "nested links" "" "[a" "" "](/b)" "\n";
    "nested images" "" "![a" "" "](/b)" "\n";
    "links" "" "[a b](https://e.org/) " "" "" "\n";
    "images" "" "![a](b.png) " "" "" "\n";
    "addresses" "" "https://e.org/a " "" "" "\n";
    "addresses in one" "" "https://e.org/a" "" "" "\n";
    "at signs" "" "a@" "" "" "\n";
    "references" "" "[r{}]: https://e.org/{}\n" "\n" "[r{}] " "\n";
    "references that lead nowhere" "" "[a][b] " "" "" "\n";
    "a long reference" "[a]: https://e.org/" "x" "\n\n" "[a] " "\n";
    "notes" "" "[^{}] " "\n\n" "[^{}]: Note.\n\n" "";
    "references to one note" "" "a[^1] " "\n\n[^1]: N.\n" "" "";
    "missing notes" "" "a[^x] " "" "" "\n";
    "notes that do not end" "" "[^a" "]" "" "\n";
    "notes of one name" "" "[^a]: Note.\n\n" "" "" "";
    "unused notes" "" "[^{}]: Note.\n\n" "" "" "";
    "labels in two forms" "" "[e\u{301}{}]: https://e.org/{}\n" "\n" "[\u{e9}{}] " "\n";
    "notes in two forms" "" "[^e\u{301}{}] " "\n\n" "[^\u{e9}{}]: Note.\n\n" "";
    "notes in notes" "[^0]\n\n" "[^{}]: a [^{+}]\n\n" "" "" "";
    "rows of a table" "| a | b |\n|---|---|\n" "| c | d |\n" "" "" "";
    "columns of a table" "|" "a|" "\n|" "-|" "\n|b|\n";
    "cells that are missing" "|a|b|c|d|e|f|g|h|\n|-|-|-|-|-|-|-|-|\n" "|b|\n" "" "" "";
    "tables" "" "|a|b|\n|-|-|\n|c|d|\n\n" "" "" "";
    "definitions" "" "Term\n: Def\n\n" "" "" "";
    "definitions of one term" "Term\n" ": Def\n" "" "" "";
    "removed elements" "" "a <font>" "" "" "\n";
    "removed elements in a row" "" "<font>" "" "" "\n";
    "elements that do not end" "" "a <b>" "" "" "\n";
    "ends of nothing" "" "a </b>" "" "" "\n";
    "nested elements" "" "<div>" "" "</div>" "\n";
    "elements" "" "a <b>b</b> " "" "" "\n";
    "links in HTML" "" "a <a href=\"/b\">" "" "" "\n";
    "attributes" "a <b" " aria-label{}=\"1\"" ">b</b>\n" "" "";
    "attributes of a block" "<div" " a{}=\"1\"" ">b</div>\n" "" "";
    "ids" "" "<b id=\"i{}\">a</b> " "" "" "\n";
    "one id" "" "<b id=\"i\">a</b> " "" "" "\n";
    "comments" "" "a <!-- b --> " "" "" "\n";
    "comments that do not end" "" "a <!-- " "" "" "\n";
    "declarations" "" "a <![CDATA[" "" "" "\n";
    "less than" "" "a < " "" "" "\n";
    "tags that do not end" "" "a <a b=\"" "" "" "\n";
    "scripts" "" "<script>" "" "" "\n";
    "braces" "" "}" "" "" "\n";
    "braces of a heading" "## a " "{.b}" "" "" "\n";
    "classes of a heading" "## a {" ".b " "" "" "}\n";
    "headings of one name" "" "## Findings\n\n" "" "" "";
    "headings like the names of others" "" "## A-{}\n\n## A\n\n" "" "" "";
    "links to anchors that are not there" "" "## Heading {}\n\n[a b](#headin-{}a)\n\n" "" "" "";
    "headings that skip a level" "" "## a\n\n#### b\n\n" "" "" "";
    "a long heading" "## " "word " "" "" "\n";
    "entities" "" "&amp;" "" "" "\n";
    "entities escaped twice" "" "&amp;nbsp; " "" "" "\n";
    "blocks in a row" "" ":::note\na\n:::\n\n" "" "" "";
    "references to figures" "" "As @fig-a{} shows, @ @fig- @@fig-b.\n\n" "" "" "";
    "nested blocks" "" ":::note\n" "" ":::\n" "";
    "blocks that do not end" "" ":::note\n" "" "" "";
    "ends of no block" "" ":::\n" "" "" "";
    "attributes of a block of ours" ":::note {" "a{}=1 " "}\na\n:::\n" "" "";
    "blocks in quotations" "" "> :::note\n\n" "" "" "";
    "blocks to come" "" ":::after 2099-01-01 09:00\na\n:::\n\n" "" "" "";
    "nested blocks to come" "" ":::after 2099-01-01 09:00\n" "" "" "";
    "formulas" "" "$a^2$ " "" "" "\n";
    "dollars in HTML" "" "<b>$a " "" "" "\n";
    "dollars in emphasis" "" "*a $b " "" "$ a*" "\n";
    "displayed formulas" "" "$$\na\n$$\n\n" "" "" "";
    "a deep formula" "```math\n" "{" "" "}" "\n```\n";
    "roots of roots" "```math\n" "\\sqrt{" "" "}" "\n```\n";
    "unreadable formulas" "" "$\\nix$ " "" "" "\n";
    "quotation marks" "" "\"a\" " "" "" "\n";
    "quotations that do not end" "" "\"a " "" "" "\n";
    "tildes" "" "~~a " "" "" "\n";
    "powers" "" "a^2 " "" "" "\n";
    "backslashes" "" "\\" "" "" "a\n";
    "blocks of code" "" "```rust\nfn a() {}\n```\n\n" "" "" "";
    "a line of code" "```rust\n" "a(b) + " "" "" "\n```\n";
    "fences" "" "````\n```\n" "" "" "";
    "invisible letters" "" "a\u{e0041}" "" "" "\n";
    "misread letters" "" "Itâ€™s " "" "" "\n";
    "typed lists" "" "• one\n" "" "" "";
    "typed notes" "a¹ b\n\n" "¹ See a.\n\n" "" "" "";
    "shortcodes" "" "[gallery id=\"1\"] " "" "" "\n";
    "names of shortcodes" "" "[a{}] [/a{}] " "" "" "\n";
    "highlights" "" "==a== " "" "" "\n";
    "wiki links" "" "[[a]] " "" "" "\n";
    "tabs" "" "a\tb\tc\n" "" "" "";
    "conflicts" "" "<<<<<<< a\nb\n=======\nc\n>>>>>>> d\n" "" "" "";
    "rules" "" "---\n\n" "" "" "";
    "blank lines" "" "\n" "" "" "a\n";
    "colons" "" ":a\n" "" "" "";
};

#[rustfmt::skip]
const FIELDS: &[Family] = families! {
    "stars in a title" "+++\ntitle = \"" "*a " "\"\n+++\n" "" "";
    "marks in a title" "+++\ntitle = \"" "_ " "\"\n+++\n" "" "";
    "links in a title" "+++\ntitle = \"" "[a](" "\"\n+++\n" "" "";
    "formulas in a title" "+++\ntitle = \"" "$a " "\"\n+++\n" "" "";
    "indices in a title" "+++\ntitle = \"" "CO~2~ " "\"\n+++\n" "" "";
    "tags in a title" "+++\ntitle = \"" "<" "\"\n+++\n" "" "";
    "keys of TOML" "+++\ntitle = \"A\"\n" "k{} = 1\n" "+++\n" "" "";
    "one key of TOML" "+++\ntitle = \"A\"\n" "k = 1\n" "+++\n" "" "";
    "nested TOML" "+++\nk = " "[" "" "]" "\n+++\n";
    "dotted TOML" "+++\na" ".a" " = 1\n+++\n" "" "";
    "faulty TOML" "+++\ntitle = \"A\"\n" "k \"a\"\n" "+++\n" "" "";
    "tables of TOML" "+++\ntitle = \"A\"\n" "[a{}]\nb = 1\n" "+++\n" "" "";
    "aliases" "+++\ntitle = \"A\"\naliases = [" "\"/a{}/\"," "]\n+++\n" "" "";
    "keys of YAML" "---\ntitle: A\n" "k{}: 1\n" "---\n" "" "";
    "anchors of YAML" "---\ntitle: A\na: &a [1]\n" "k{}: *a\n" "---\n" "" "";
    "anchors of anchors" "---\ntitle: A\na0: &a0 [x]\n" "a{+}: &a{+} [*a{}, *a{}]\n" "---\n" "" "";
    "nested YAML" "---\nk: " "[" "" "]" "\n---\n";
    "nested maps of YAML" "---\nk: " "{a: " "" "}" "\n---\n";
    "dashes of YAML" "---\nk:\n  " "- " "a\n---\n" "" "";
    "quotations of YAML" "---\ntitle: A\n" "k: \"a\n" "---\n" "" "";
    "brackets of YAML" "---\ntitle: A\n" "k: [a\n" "---\n" "" "";
    "comments of YAML" "---\ntitle: A\n" "k{}: a #b\n" "---\n" "" "";
    "a long text of YAML" "---\ntitle: A\nsummary: \"a\n" "word\n" "\"\n---\n" "" "";
};

#[rustfmt::skip]
const TABLES: &[Family] = families! {
    "csv: rows" "slug,title\n" "p{},P {}\n" "" "" "";
    "csv: rows of one name" "slug,title\n" "p,P\n" "" "" "";
    "csv: columns" "slug,title," "c{}," "\np,P," "1," "\n";
    "csv: columns without names" "slug,title," "," "\np,P," "1," "\n";
    "csv: quotation marks" "slug,title\np,\"" "\"\"" "\"\n" "" "";
    "csv: quotations that do not end" "slug,title\n" "\"p,P\n" "" "" "";
    "json: rows" "[" "{\"slug\":\"p{}\",\"title\":\"P\"}," "{\"slug\":\"q\",\"title\":\"Q\"}]" "" "";
    "json: keys" "[{\"slug\":\"p\"" ",\"k{}\":1" "}]" "" "";
    "json: nested" "" "[" "" "]" "";
    "yaml: rows" "" "- slug: p{}\n  title: P\n" "" "" "";
    "toml: rows" "" "[[values]]\nslug = \"p{}\"\ntitle = \"P\"\n" "" "" "";
};

#[rustfmt::skip]
const SETTINGS: &[Family] = families! {
    "menus" "[menus]\nmain = [" "{ title = \"A{}\", to = \"/\" }," "]\n" "" "";
    "unknown settings" "" "[k{}]\na = 1\n" "" "" "";
    "patterns" "" "[[moved]]\nfrom = \"/a{}/{slug}/\"\nto = \"/b{}/{slug}/\"\n" "" "" "";
};

#[rustfmt::skip]
const REDIRECTS: &[Family] = families! {
    "former addresses" "from,to\n" "/a{}/,/\n" "" "" "";
    "chains" "from,to\n" "/a{}/,/a{+}/\n" "" "" "";
    "lines of one address" "from,to\n" "/a/,/\n" "" "" "";
    "queries" "from,to\n" "/a?p={},/\n" "" "" "";
};

#[rustfmt::skip]
const DRAWINGS: &[Family] = families! {
    "nested groups" "" "<g>" "" "</g>" "";
    "groups that do not end" "" "<g>" "" "" "";
    "rectangles" "" "<rect width=\"1\" height=\"1\"/>" "" "" "";
    "repeated elements" "<g id=\"a0\"><rect width=\"1\" height=\"1\"/></g>" "<g id=\"a{+}\"><use href=\"#a{}\"/><use href=\"#a{}\"/></g>" "" "" "";
    "patterns of patterns" "<pattern id=\"a0\" width=\"9\" height=\"9\" patternUnits=\"userSpaceOnUse\"><rect width=\"1\" height=\"1\"/></pattern>"
        "<pattern id=\"a{+}\" width=\"9\" height=\"9\" patternUnits=\"userSpaceOnUse\"><rect width=\"9\" height=\"9\" fill=\"url(#a{})\"/><rect width=\"9\" height=\"9\" fill=\"url(#a{})\"/></pattern>"
        "<rect width=\"9\" height=\"9\" fill=\"url(#a16)\"/>" "" "";
    "blurs over a large region" "<filter id=\"f\" filterUnits=\"userSpaceOnUse\" x=\"-900000\" y=\"-900000\" width=\"1800000\" height=\"1800000\"><feGaussianBlur stdDeviation=\"90000\"/></filter>"
        "<rect width=\"9\" height=\"9\" filter=\"url(#f)\"/>" "" "" "";
    "layers" "" "<g opacity=\"0.5\"><rect width=\"9\" height=\"9\"/><rect width=\"8\" height=\"8\"/></g>" "" "" "";
    "words" "<text>" "word " "</text>" "" "";
};

type Files = BTreeMap<String, Vec<u8>>;

/// A size → a site.
type MakeSite = Box<dyn Fn(usize) -> Files>;

/// A site with some more files.
fn site(more: &[(String, String)]) -> Files {
    let base = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/faults/base");
    let mut files = run::files(&base);
    files.extend(more.iter().map(|(name, text)| (name.clone(), text.clone().into_bytes())));
    files
}

fn drawn(family: &Family, n: usize) -> String {
    format!("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"100\" height=\"100\">{}</svg>", family.text(n))
}

/// Every family as files of a site.
fn sites() -> Vec<(String, MakeSite)> {
    type Make = fn(&'static Family, usize) -> Vec<(String, String)>;
    let kinds: [(&'static [Family], Make); 6] = [
        (MARKDOWN, |family, n| {
            vec![("content/odd.md".into(), format!("+++\ntitle = \"Odd\"\n+++\n\n{}", family.text(n)))]
        }),
        (FIELDS, |family, n| vec![("content/odd.md".into(), format!("{}\nWords.\n", family.text(n)))]),
        (TABLES, |family, n| {
            let ending = family.0.split(':').next().unwrap_or_default();
            vec![(format!("content/values/values.{ending}"), family.text(n))]
        }),
        (SETTINGS, |family, n| {
            let base = include_str!("faults/base/site.toml");
            vec![("site.toml".into(), format!("{base}\n{}", family.text(n)))]
        }),
        (REDIRECTS, |family, n| vec![("redirects.csv".into(), family.text(n))]),
        (DRAWINGS, |family, n| vec![("static/favicon.svg".into(), drawn(family, n))]),
    ];
    let mut all: Vec<(String, MakeSite)> = Vec::new();
    for (families, make) in kinds {
        for family in families {
            all.push((family.0.to_owned(), Box::new(move |n| site(&make(family, n)))));
        }
    }
    all.extend(charts());
    all.extend(sheets_of_names());
    type Page = fn(usize, usize) -> String;
    let pages: [(&str, Page); 5] = [
        ("pages with links that lead nowhere", |i, _| format!("+++\ntitle = \"P{i}\"\n+++\n[P](abcdefg{i}.md)\n")),
        ("pages of one title", |_, _| "+++\ntitle = \"P\"\n+++\nWords.\n".into()),
        ("pages of one address", |_, _| "+++\ntitle = \"P\"\nslug = \"p\"\n+++\nWords.\n".into()),
        ("pages that link to each other", |i, n| format!("+++\ntitle = \"P{i}\"\n+++\n[P](p{}.md)\n", (i * 7) % n)),
        ("pages with one former address", |i, _| format!("+++\ntitle = \"P{i}\"\naliases = [\"/a/\"]\n+++\nWords.\n")),
    ];
    // Runs of one backtick, two, three: as many characters as the families above have.
    let runs = |order: fn(usize, usize) -> usize| {
        move |n: usize| {
            let most = (n as f64 * 8.0).sqrt() as usize;
            let title: Vec<String> = (1..=most).map(|k| "`".repeat(order(k, most))).collect();
            site(&[("content/odd.md".into(), format!("+++\ntitle = \"{}\"\n+++\nWords.\n", title.join(" a ")))])
        }
    };
    all.push(("longer and longer runs of backticks in a title".into(), Box::new(runs(|k, _| k))));
    all.push(("shorter and shorter runs of backticks in a title".into(), Box::new(runs(|k, most| most + 1 - k))));
    for (name, page) in pages {
        // A page takes as long as a hundred lines.
        let make = move |n: usize| {
            let n = n / 20;
            site(&(0..n).map(|i| (format!("content/p{i}.md"), page(i, n))).collect::<Vec<_>>())
        };
        all.push((name.to_owned(), Box::new(make)));
    }
    all
}

/// A spreadsheet of names that are like those of many people, who are public or not yet.
fn sheets_of_names() -> Vec<(String, MakeSite)> {
    let fields = "[collections.talks]\nlabel = \"talk\"\nshown_on = \"/\"\n[collections.talks.fields]\n\
                  by = \"either(ref(people), record{name: text})\"\n";
    let settings = format!("{}\n{fields}", include_str!("faults/base/site.toml"));
    let all = [("published", "names in cells among people"), ("draft", "names in cells among people who are hidden")];
    let all = all.into_iter().map(|(status, name)| {
        let settings = settings.clone();
        let site = move |n: usize| {
            // As many words as the families above have.
            let rows = (0..n).map(|i| format!("t{i},Ann Other{i} Lee\n")).collect::<String>();
            let person =
                |i| format!("[[people]]\nid = \"jane-name{i}\"\ntitle = \"Jane Name{i}\"\nstatus = \"{status}\"\n");
            site(&[
                ("site.toml".into(), settings.clone()),
                ("content/talks/talks.csv".into(), format!("title,by\n{rows}")),
                ("content/people/people.toml".into(), (0..n).map(person).collect()),
            ])
        };
        (name.to_owned(), Box::new(site) as MakeSite)
    });
    all.collect()
}

/// Charts: many of them, with references to each; and one with many rows, or many columns.
fn charts() -> Vec<(String, MakeSite)> {
    type Make = fn(usize) -> (String, String);
    let kinds: [(&str, Make); 3] = [
        ("charts and references", |n| {
            let one = |i| {
                let table = "| a | b |\n|---|---|\n| x | 1 |\n";
                format!(
                    "As @fig-{i} shows.\n\n:::chart {{#fig-{i} type=\"bar\" title=\"T\" alt=\"A\"}}\n{table}:::\n\n"
                )
            };
            ((0..n / 8).map(one).collect(), "a,b\n".into())
        }),
        ("rows of a chart", |n| {
            let rows: String = (0..n).map(|i| format!("{i},{i}\n")).collect();
            (":::chart {type=\"line\" data=\"a.csv\" title=\"T\" alt=\"A\"}\n:::\n".into(), format!("a,b\n{rows}"))
        }),
        ("columns of a chart", |n| {
            let columns = |sign: &str| (0..n).map(|i| format!(",{sign}{i}")).collect::<String>();
            let data = format!("a{}\nx{}\n", columns("c"), columns(""));
            (":::chart {type=\"line\" data=\"a.csv\" title=\"T\" alt=\"A\"}\n:::\n".into(), data)
        }),
    ];
    let attributes = "type = \"enum(bar|line)\"\ntitle = \"text\"\ndata = \"file\"\nalt = \"text\"\n";
    let declared = format!("[directives.chart]\nchart = true\n[directives.chart.attributes]\n{attributes}");
    let template = "<figure id=\"{{ id }}\">{% if chart %}{{ chart.drawing }}{% endif %}</figure>\n";
    let all = kinds.into_iter().map(|(name, make)| {
        let declared = declared.clone();
        let site = move |n: usize| {
            let (text, data) = make(n);
            site(&[
                ("site.toml".into(), format!("{}\n{declared}", include_str!("faults/base/site.toml"))),
                ("templates/directives/chart.html".into(), template.into()),
                ("content/odd/index.md".into(), format!("+++\ntitle = \"Odd\"\n+++\n\n{text}")),
                ("content/odd/a.csv".into(), data),
            ])
        };
        (name.to_owned(), Box::new(site) as MakeSite)
    });
    all.collect()
}

/// The processor time that ended children of this process have used, in hundredths of a second.
fn used() -> u64 {
    let stat = fs::read_to_string("/proc/self/stat").expect("Linux says what processes have used");
    let fields = stat.rsplit(") ").next().expect("fields come after the name");
    fields.split(' ').skip(13).take(2).map(|field| field.parse::<u64>().expect("a number")).sum()
}

/// What the program needs to check a site with these files, in hundredths of a second.
fn checked(files: &Files) -> u64 {
    let folder = tempfile::tempdir().expect("a temporary folder");
    run::write(folder.path(), files);
    let mut program = run::program(folder.path());
    let before = used();
    let ran = run::run(program.args(["check", "-v", "--now", "2026-05-14 09:00"]).env("RAYON_NUM_THREADS", "1"));
    assert!(matches!(ran.code, Some(0 | 1)), "{:?}: {}", ran.code, ran.err.chars().take(300).collect::<String>());
    used() - before
}

/// `PAMPHLET_FAMILY=notes` tries those families whose name has that word, `PAMPHLET_PROGRAM` another program.
#[test]
#[cfg(target_os = "linux")]
fn eight_times_the_input_takes_eight_times_as_long() {
    let wanted = std::env::var("PAMPHLET_FAMILY").unwrap_or_default();
    let nothing = checked(&site(&[]));
    let mut wrong = Vec::new();
    for (name, make) in sites().into_iter().filter(|(name, _)| name.contains(&wanted)) {
        // Less than this is too little to compare.
        let least = 2;
        let mut took = (u64::MAX, 0);
        for _ in 0..3 {
            let few = checked(&make(1_000)).saturating_sub(nothing).max(least);
            let many = checked(&make(8_000)).saturating_sub(nothing);
            took = (few, many);
            if many <= 20 * few {
                break;
            }
        }
        println!("{name}: {} and {} hundredths of a second", took.0, took.1);
        if took.1 > 20 * took.0 {
            wrong.push(format!("{name}: {} and {} hundredths of a second", took.0, took.1));
        }
    }
    assert!(wrong.is_empty(), "these grow faster than their input:\n{}", wrong.join("\n"));
}

/// A reader of a text.
type Read<'a> = &'a dyn Fn(&str);

/// Twice the text needs no more than 2.3 times the allocations, in number and in bytes.
#[test]
fn twice_the_text_takes_twice_the_memory() {
    let mut wrong = Vec::new();
    let count = |read: Read<'_>, text: String| {
        let made = allocation_counter::measure(|| read(&text));
        (made.count_total, made.bytes_total)
    };
    let kinds: [(&[Family], Read<'_>); 4] = [
        (MARKDOWN, &fuzzing::markdown_once),
        (FIELDS, &fuzzing::front),
        (TABLES, &fuzzing::table),
        (DRAWINGS, &fuzzing::drawing),
    ];
    for (families, read) in kinds {
        for family in families {
            let text = |n| if families[0].0 == DRAWINGS[0].0 { drawn(family, n) } else { family.text(n) };
            let (few, many) = (count(read, text(700)), count(read, text(1_400)));
            // Buffers of a fixed size or that double, and what is looked up once, count for little texts only.
            let grew = |few: u64, many: u64, fixed: u64| many.saturating_sub(fixed) * 10 > few * 23;
            if grew(few.0, many.0, 500) || grew(few.1, many.1, 900_000) {
                wrong.push(format!("{}: {few:?} and {many:?} allocations and bytes", family.0));
            }
        }
    }
    assert!(wrong.is_empty(), "these grow faster than their input:\n{}", wrong.join("\n"));
}

/// However deep something is nested, the stack holds.
#[test]
fn nothing_is_too_deep() {
    // As small as that of the threads that read files.
    let reader = std::thread::Builder::new().stack_size(2 * 1024 * 1024).spawn(|| {
        for family in MARKDOWN {
            fuzzing::markdown_once(&family.text(if family.1[1].len() < 9 { 100_000 } else { 10_000 }));
        }
        for family in FIELDS {
            fuzzing::front(&family.text(10_000));
        }
        for family in TABLES {
            fuzzing::table(&family.text(10_000));
        }
        for deep in ["[", "{\"a\":", "{a: ", "- ", "? ", "[[a]]\n", "a."] {
            fuzzing::table(&deep.repeat(100_000));
        }
        for family in DRAWINGS {
            fuzzing::drawing(&drawn(family, 20_000));
        }
    });
    reader.expect("a thread").join().expect("nothing ends it");
}

/// A long text takes no more than six times its bytes while it is read, beside the text itself. The parser alone would take nine, if it
/// had the whole text at once: it makes a list of all blocks and marks before it gives away the first.
#[test]
fn a_long_text_is_read_in_little_memory() {
    let manual = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/content");
    let texts = run::files(&manual).into_iter().filter(|(name, _)| name.ends_with(".md"));
    let text: String = texts.map(|(_, bytes)| String::from_utf8(bytes).expect("UTF-8").replace(":::", "")).collect();
    let text = text.repeat(10_000_000 / text.len());
    let made = allocation_counter::measure(|| fuzzing::markdown_once(&text));
    println!("{} bytes at most for {}", made.bytes_max, text.len());
    assert!(made.bytes_max <= 6 * text.len() as u64, "{} bytes at most for {}", made.bytes_max, text.len());
}
