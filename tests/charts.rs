//! What charts weigh: a page that shows one must stay a page that a telephone loads at once.
#![allow(missing_docs, clippy::disallowed_methods)]

mod run;

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;

use flate2::{Compression, write::GzEncoder};
use run::program;

/// The most bytes of a chart, compressed, with its table and all that stands around it.
const BUDGET: usize = 6 * 1024;

/// The largest charts that anybody should draw. Seen to fail with coordinates of six decimals.
#[test]
fn no_chart_weighs_more_than_its_budget() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let root = folder.path();
    let series = |count: usize| (0..count).map(|n| format!("Series {n}")).collect::<Vec<_>>().join(",");
    let table = |rows: usize, columns: usize| {
        let mut text = format!("Year,{}\n", series(columns));
        for row in 0..rows {
            let cell = |column: usize| format!("{:.1}", 20.0 + ((row * 37 + column * 53) % 97) as f64 / 1.9);
            let cells: Vec<String> = (0..columns).map(cell).collect();
            writeln!(text, "{},{}", 1925 + row, cells.join(",")).expect("memory is written");
        }
        text
    };
    let charts = [
        ("bar", 30, 1),
        ("grouped", 10, 6),
        ("stacked", 20, 6),
        ("line", 60, 6),
        ("multiples", 60, 6),
        ("dot", 20, 6),
        ("range", 30, 2),
        ("slope", 12, 2),
    ];
    let mut text = "+++\ntitle = \"Charts\"\n+++\n\n".to_owned();
    let mut files = Vec::new();
    for (kind, rows, columns) in charts {
        writeln!(
            text,
            ":::chart {{#fig-{kind} type=\"{kind}\" data=\"{kind}.csv\" title=\"A chart of the kind {kind}\" measure=\"Measured in per cent\" source=\"Nobody\" alt=\"A chart.\"}}\n:::\n"
        )
        .expect("memory is written");
        files.push((format!("content/charts/{kind}.csv"), table(rows, columns)));
    }
    files.push(("content/charts/index.md".to_owned(), text));
    files.push(("content/index.md".to_owned(), "+++\ntitle = \"Home\"\n+++\n\nHome.\n".to_owned()));
    files.push((
        "site.toml".to_owned(),
        "title = \"Charts\"\nlanguage = \"en-GB\"\ntheme = \"civic\"\nbase_url = \"https://example.org/\"\n[organisation]\nname = \"Charts\"\n".to_owned(),
    ));
    for (path, text) in &files {
        let file = root.join(path);
        fs::create_dir_all(file.parent().expect("it lies in the folder")).expect("a folder can be made");
        fs::write(file, text).expect("a file can be written");
    }
    let built = run::run(program(root).args(["build", "--now", "2027-01-04 09:00"]));
    assert_eq!(built.code, Some(0), "{}{}", built.out, built.err);
    let page = fs::read_to_string(root.join("public/charts/index.html")).expect("the page is there");
    let figures: Vec<&str> = page
        .split("<figure class=\"numbered-figure chart-figure\"")
        .skip(1)
        .filter_map(|figure| figure.split("</figure>").next())
        .collect();
    assert_eq!(figures.len(), charts.len());
    let mut heavy = Vec::new();
    for ((kind, rows, columns), figure) in charts.iter().zip(figures) {
        let mut packed = GzEncoder::new(Vec::new(), Compression::best());
        packed.write_all(figure.as_bytes()).expect("memory is written");
        let size = packed.finish().expect("memory is written").len();
        if size > BUDGET {
            heavy.push(format!("{kind}, {rows} rows, {columns} columns: {size} bytes"));
        }
    }
    assert!(heavy.is_empty(), "{heavy:?}");
}

/// A headline figure that names a number of a data file is that number, as the page's language writes it, with the data to
/// download; a figure of what is hidden is nowhere.
#[test]
fn a_figure_quotes_the_data() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let root = folder.path();
    let rows = |id: &str, status: &str| {
        format!(
            "[[achievements]]\nid = \"{id}\"\nkind = \"figure\"\ntitle = \"{id}\"\ntext = \"of it\"\n{status}\n\
             figure = {{ data = \"../about/{id}.csv\", row = \"Town\", column = \"sum\", unit = \"€\" }}\ndate = 2026-01-01\n\
             reported_to = \"Nobody\"\n\n"
        )
    };
    let files = [
        ("content/achievements/achievements.toml", rows("shown", "") + &rows("held", "status = \"draft\"")),
        ("content/about/shown.csv", "where,share,sum\nTown,38,\"-1,234.50\"\n".to_owned()),
        ("content/about/held.csv", "where,share,sum\nTown,38,987654\n".to_owned()),
        ("content/about/achievements.md", "+++\ntitle = \"Done\"\ntemplate = \"achievements.html\"\n+++\n".to_owned()),
        ("content/index.md", "+++\ntitle = \"Home\"\ntemplate = \"home.html\"\n+++\n\nHome.\n".to_owned()),
        (
            "site.toml",
            "title = \"Charts\"\nlanguage = \"de\"\ntheme = \"civic\"\nbase_url = \"https://example.org/\"\n[organisation]\nname = \"Charts\"\n".to_owned(),
        ),
    ];
    for (path, text) in &files {
        let file = root.join(path);
        fs::create_dir_all(file.parent().expect("it lies in the folder")).expect("a folder can be made");
        fs::write(file, text).expect("a file can be written");
    }
    let built = run::run(program(root).args(["build", "--now", "2027-01-04 09:00"]));
    assert_eq!(built.code, Some(0), "{}{}", built.out, built.err);
    for page in ["index.html", "about/achievements/index.html"] {
        let page = fs::read_to_string(root.join("public").join(page)).expect("the page is there");
        assert!(page.contains(">−€1.234,50<"), "{page}");
        assert!(!page.contains("987") && !page.contains("held"), "{page}");
    }
    assert!(root.join("public/about/shown.csv").is_file());
    assert!(!root.join("public/about/held.csv").exists());
}

/// A chart is never drawn without its style, whatever template its page has.
#[test]
fn every_page_with_a_chart_has_its_style() {
    const TEMPLATES: &[&str] =
        &["home", "about", "achievements", "contact", "page", "press", "sources", "values", "work"];
    for theme in ["civic", "mosaic"] {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let root = folder.path();
        fs::create_dir(root.join("content")).expect("a folder can be made");
        let settings = format!(
            "title = \"Charts\"\nlanguage = \"en-GB\"\ntheme = \"{theme}\"\nbase_url = \"https://example.org/\"\n[organisation]\nname = \"Charts\"\n"
        );
        fs::write(root.join("site.toml"), settings).expect("a file can be written");
        for name in TEMPLATES {
            let file = if *name == "home" { "index".to_owned() } else { format!("of-{name}") };
            let text = format!(
                "+++\ntitle = \"The {name}\"\ntemplate = \"{name}.html\"\n+++\n\n:::chart {{type=\"bar\" title=\"T\" alt=\"A.\"}}\n| A | B |\n|---|--:|\n| x | 1 |\n:::\n"
            );
            fs::write(root.join(format!("content/{file}.md")), text).expect("a file can be written");
        }
        let built = run::run(program(root).args(["build", "--now", "2027-01-04 09:00"]));
        assert_eq!(built.code, Some(0), "{}{}", built.out, built.err);
        for name in TEMPLATES {
            let file = if *name == "home" { "index.html".to_owned() } else { format!("of-{name}/index.html") };
            let page = fs::read_to_string(root.join("public").join(file)).expect("the page is there");
            let has_chart = page.contains("<div class=\"chart\"");
            assert!(has_chart && page.contains("/assets/charts."), "{theme}: {name}");
        }
    }
}
