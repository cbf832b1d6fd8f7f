//! How long a build from nothing takes, and how much memory: `cargo bench --bench full_build [-- COUNT …]`.
//!
//! For each count (100, 1,000 and 10,000 unless others are named) a site is generated, always the same: publications of
//! about 900 words with headings, lists, a table, links, notes and some code, 12 topics, 40 people, paginated lists,
//! feeds, a sitemap. Five builds each, from no output folder; the median is printed.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, clippy::disallowed_types, missing_docs)]

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use std::{fs, thread};

const RUNS: usize = 5;

const WORDS: &[&str] = &[
    "local",
    "wealth",
    "economy",
    "council",
    "place",
    "people",
    "public",
    "services",
    "procurement",
    "community",
    "anchor",
    "institutions",
    "land",
    "ownership",
    "democratic",
    "spending",
    "strategy",
    "evidence",
    "housing",
    "health",
    "skills",
    "investment",
    "finance",
    "planning",
    "climate",
    "the",
    "of",
    "and",
    "to",
    "in",
    "a",
    "is",
    "that",
    "for",
    "with",
    "as",
    "on",
    "by",
    "more",
    "than",
];

/// A small generator of numbers, so that every machine makes the same site.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }

    fn words(&mut self, count: usize) -> String {
        (0..count).map(|_| WORDS[self.below(WORDS.len())]).collect::<Vec<_>>().join(" ")
    }
}

fn main() {
    let counts: Vec<usize> = std::env::args().skip(1).filter_map(|arg| arg.parse().ok()).collect();
    let counts = if counts.is_empty() { vec![100, 1_000, 10_000] } else { counts };
    println!("| publications | median | fastest | peak memory | files |");
    println!("|---|---|---|---|---|");
    for count in counts {
        let folder = tempfile::tempdir().unwrap();
        generate(folder.path(), count);
        let mut times = Vec::new();
        let mut peak = 0;
        for run in 0..RUNS {
            // Nothing is deleted between runs: ext4 is slow to make files for five seconds after many were deleted.
            let (time, memory) = build(folder.path(), &format!("public-{run}"));
            times.push(time);
            peak = peak.max(memory);
        }
        times.sort();
        let files = walkdir::WalkDir::new(folder.path().join("public-0"))
            .into_iter()
            .flatten()
            .filter(|entry| entry.file_type().is_file())
            .count();
        println!(
            "| {count} | {:.2} s | {:.2} s | {} MiB | {files} |",
            times[RUNS / 2].as_secs_f64(),
            times[0].as_secs_f64(),
            peak / 1024
        );
    }
}

/// One build: how long it took, and the most memory it held, in KiB (0 where the system does not tell).
fn build(site: &Path, output: &str) -> (Duration, u64) {
    let begun = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_pamphlet"))
        .args(["--quiet", "--root"])
        .arg(site)
        .args(["build", "--now", "2026-05-14", "-o"])
        .arg(site.join(output))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut peak = 0;
    let status = loop {
        let told = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
        let line = told.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        peak = peak.max(line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0));
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        thread::sleep(Duration::from_millis(2));
    };
    assert!(status.success(), "the build failed");
    (begun.elapsed(), peak)
}

fn generate(site: &Path, count: usize) {
    let mut numbers = Numbers(7);
    let write = |path: String, text: String| {
        let path = site.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write("site.toml".into(), SITE.into());
    write("content/index.md".into(), "+++\ntitle = \"Home\"\n+++\nWelcome.\n".into());
    for (path, text) in THEME {
        write(format!("themes/bench/{path}"), (*text).into());
    }
    for n in 0..12 {
        write(
            format!("content/topics/topic-{n}.md"),
            format!("+++\ntitle = \"Topic {n}\"\nsummary = \"About topic {n}.\"\n+++\nText.\n"),
        );
    }
    for n in 0..40 {
        write(format!("content/people/person-{n}.md"), format!("+++\ntitle = \"Person {n}\"\n+++\nA researcher.\n"));
    }
    for n in 0..count {
        write(format!("content/publications/report-{n:05}.md"), publication(&mut numbers, n, count));
    }
}

fn publication(numbers: &mut Numbers, n: usize, count: usize) -> String {
    let topics: Vec<String> = (0..2 + n % 2).map(|i| format!("\"topic-{}\"", (n + i * 5) % 12)).collect();
    let authors: Vec<String> = (0..1 + n % 3).map(|i| format!("\"person-{}\"", (n + i * 13) % 40)).collect();
    let mut text = format!(
        "+++\ntitle = \"Report {n} on {}\"\nsummary = \"{}.\"\ndate = {}-{:02}-{:02}\nauthors = [{}]\ntopics = [{}]\n+++\n",
        numbers.words(4),
        numbers.words(18),
        2006 + n % 20,
        1 + n % 12,
        1 + n % 28,
        authors.join(", "),
        topics.join(", ")
    );
    for section in 0..5 {
        let _ = write!(text, "\n## {} {section}\n\n{}.\n\n", numbers.words(3), numbers.words(70));
        let _ = write!(
            text,
            "{} [{}](report-{:05}.md) {}. *{}* and **{}**.\n\n",
            numbers.words(20),
            numbers.words(3),
            numbers.below(count),
            numbers.words(30),
            numbers.words(2),
            numbers.words(2)
        );
        match section {
            0 => (0..4).for_each(|_| {
                let _ = writeln!(text, "- {}", numbers.words(12));
            }),
            1 => {
                text.push_str("| Place | Spend | Share |\n|---|---:|---:|\n");
                (0..4).for_each(|row| {
                    let _ = writeln!(text, "| {} | {row}0 | 1{row} |", numbers.words(2));
                });
            }
            2 => {
                let _ = writeln!(text, "> {}", numbers.words(30));
            }
            3 => {
                let _ =
                    write!(text, "{}.[^a] {}.\n\n[^a]: {}.\n", numbers.words(20), numbers.words(10), numbers.words(12));
            }
            _ if n.is_multiple_of(10) => {
                text.push_str("```python\ndef share(local, total):\n    return local / total  # of the spend\n```\n")
            }
            _ => {
                let _ = writeln!(text, "{}", numbers.words(60));
            }
        }
    }
    text
}

const SITE: &str = r#"title = "Bench"
base_url = "https://example.org/"
theme = "bench"
[organisation]
name = "Bench"
"#;

const THEME: &[(&str, &str)] = &[
    (
        "theme.toml",
        r#"name = "Bench"
[collections.publications]
label = "publication"
traits = ["citable"]
path = "/publications/{slug}/"
template = "article.html"
[collections.topics]
label = "topic"
traits = ["term"]
path = "/topics/{slug}/"
[collections.people]
label = "person"
traits = ["agent"]
path = "/people/{slug}/"
[lists.publications]
title = "Publications"
from = "publications"
sort = "-date"
route = "/publications/"
formats = ["html", "atom"]
[lists.topics]
from = "topics"
route = "/topics/"
[lists.people]
from = "people"
route = "/people/"
per_page = 50
[lists.topic-publications]
title = "Publications"
on = "topics"
from = "publications"
sort = "-date"
first = 20
more = "all/"
[lists.person-publications]
title = "Publications"
on = "people"
from = "publications"
sort = "-date"
first = 20
more = "all/"
"#,
    ),
    (
        "templates/base.html",
        r#"<!doctype html>
<html lang="{{ page.lang }}">
<head><meta charset="utf-8"><title>{{ page.title }} - {{ site.title }}</title>
<meta name="description" content="{{ page.description }}"><link rel="canonical" href="{{ page.url }}"></head>
<body><header><a href="{{ site.home }}">{{ site.title }}</a></header><main>{% block main %}{% endblock %}</main></body>
</html>
"#,
    ),
    (
        "templates/article.html",
        r##"{% extends "base.html" %}
{% block main %}<article><h1>{{ entry.title }}</h1><p>{{ entry.summary }}</p><p>{{ entry.date | date }}</p>
<ul>{% for one in entry.authors %}<li><a href="{{ one.href }}">{{ one.title }}</a></li>{% endfor %}</ul>
<ul>{% for one in entry.topics %}<li><a href="{{ one.href }}">{{ one.title }}</a></li>{% endfor %}</ul>
<nav><ol>{% for one in outline %}<li><a href="#{{ one.id }}">{{ one.text }}</a></li>{% endfor %}</ol></nav>
{{ content }}</article>{% endblock %}
"##,
    ),
    (
        "templates/entry.html",
        r#"{% extends "base.html" %}
{% block main %}<h1>{{ entry.title }}</h1>{{ content }}
{% for list in attached %}<h2>{{ list.title }}</h2><ul>{% for item in list.items %}<li><a href="{{ item.href }}">{{ item.title }}</a> {{ item.date | date }}</li>{% endfor %}</ul>
{% if list.more_href %}<a href="{{ list.more_href }}">All</a>{% endif %}{% endfor %}{% endblock %}
"#,
    ),
    (
        "templates/list.html",
        r#"{% extends "base.html" %}
{% block main %}<h1>{{ page.title }}</h1>{% for group in groups %}<ul>{% for item in group.items %}<li><a href="{{ item.href }}">{{ item.title }}</a><p>{{ item.summary }}</p></li>{% endfor %}</ul>{% endfor %}
{% if pager.next_href %}<a href="{{ pager.next_href }}">Next</a>{% endif %}{% endblock %}
"#,
    ),
    ("templates/404.html", "{% extends \"base.html\" %}{% block main %}<h1>{{ page.title }}</h1>{% endblock %}\n"),
];
