//! `pamphlet import FOLDER`: whole sites of Hugo, Jekyll and Eleventy, through the program itself. Each is built without a change by hand;
//! every address that it had answers; nothing that was hidden is in what is published; a second run overwrites nothing.
//!
//! The old addresses are written here by hand, as those programs make them.
#![allow(missing_docs, clippy::unwrap_used, clippy::disallowed_methods, clippy::disallowed_types)]

mod run;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

/// A picture of some points.
fn picture() -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, 16, 9);
    encoder.set_color(png::ColorType::Rgb);
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&[120; 16 * 9 * 3]).unwrap();
    writer.finish().unwrap();
    out
}

fn pamphlet(folder: &Path, given: &[&str]) -> Output {
    Command::new(run::binary()).current_dir(folder).args(given).output().unwrap()
}

fn words(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// An old site in a folder, and beside it the folder that it is imported into.
struct Move {
    folder: tempfile::TempDir,
}

impl Move {
    fn of(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let place = folder.path().join("old").join(path);
            fs::create_dir_all(place.parent().unwrap()).unwrap();
            match path.rsplit('.').next() {
                Some("png" | "jpg") => fs::write(place, picture()).unwrap(),
                _ => fs::write(place, text).unwrap(),
            }
        }
        fs::create_dir(folder.path().join("new")).unwrap();
        Self { folder }
    }

    fn new_site(&self) -> std::path::PathBuf {
        self.folder.path().join("new")
    }

    fn run(&self, given: &[&str]) -> Output {
        pamphlet(&self.new_site(), given)
    }

    /// Imports the site and builds it.
    fn made(files: &[(&str, &str)]) -> Self {
        let made = Self::of(files);
        let output = made.run(&["import", "../old"]);
        assert!(output.status.success(), "{}", words(&output));
        made.build();
        made
    }

    fn build(&self) {
        let output = self.run(&["build", "--now", "2026-11-30 12:00", "-o", "out"]);
        assert!(output.status.success(), "{}\n{}", words(&output), self.text("site.toml"));
    }

    fn text(&self, path: &str) -> String {
        fs::read_to_string(self.new_site().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// The text of the page with this key.
    fn page_of(&self, key: &str) -> String {
        let all = self.files("content");
        let is_it = |file: &&String| file.rsplit('/').next().is_some_and(|name| name == format!("{key}.md"));
        let file = all.iter().find(is_it).unwrap_or_else(|| panic!("{all:?}"));
        self.text(&format!("content/{file}"))
    }

    fn files(&self, below: &str) -> Vec<String> {
        fn walk(root: &Path, folder: &Path, all: &mut Vec<String>) {
            let Ok(entries) = fs::read_dir(folder) else { return };
            for entry in entries {
                let path = entry.unwrap().path();
                match path.is_dir() {
                    true => walk(root, &path, all),
                    false => all.push(path.strip_prefix(root).unwrap().to_string_lossy().into_owned()),
                }
            }
        }
        let root = self.new_site().join(below);
        let mut all = Vec::new();
        walk(&root, &root, &mut all);
        all.sort();
        all
    }

    /// What is published at an address, or where it leads.
    fn answers(&self, address: &str) -> bool {
        let path = address.trim_start_matches('/');
        let file = if path.is_empty() || path.ends_with('/') { format!("{path}index.html") } else { path.to_owned() };
        let out = self.new_site().join("out");
        if out.join(&file).is_file() || out.join(path).join("index.html").is_file() {
            return true;
        }
        let redirects = fs::read_to_string(out.join("_redirects")).unwrap_or_default();
        let encoded = address.replace(' ', "%20");
        redirects.lines().any(|line| {
            let from = line.split_whitespace().next().unwrap_or_default();
            [address, &encoded].iter().any(|address| from.trim_end_matches('/') == address.trim_end_matches('/'))
        })
    }

    fn all_answer(&self, addresses: &[&str]) {
        let silent: Vec<&&str> = addresses.iter().filter(|address| !self.answers(address)).collect();
        assert!(
            silent.is_empty(),
            "no answer at {silent:?}\n{}\n{:?}",
            self.text("redirects.csv"),
            self.files("content")
        );
    }

    /// No word of these is in anything that is published.
    fn none_is_public(&self, secrets: &[&str]) {
        for file in self.files("out") {
            let bytes = fs::read(self.new_site().join("out").join(&file)).unwrap();
            let text = String::from_utf8_lossy(&bytes);
            for secret in secrets {
                assert!(!text.contains(secret) && !file.contains(secret), "{secret} is public in {file}");
            }
        }
    }

    /// Which codes `check` gives, and for each how many lines.
    fn faults(&self) -> Vec<String> {
        let output = self.run(&["check", "--now", "2026-11-30 12:00", "--format", "json"]);
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let field = |line: &str, name: &str| {
            line.split(&format!("\"{name}\":\""))
                .nth(1)
                .and_then(|rest| rest.split('"').next())
                .unwrap_or_default()
                .to_owned()
        };
        text.lines()
            .map(|line| format!("{} {}: {}", field(line, "code"), field(line, "file"), field(line, "message")))
            .collect()
    }
}

const HUGO: &[(&str, &str)] = &[
    (
        "hugo.toml",
        "baseURL = 'https://www.example.org/'\ntitle = 'Centre for Examples'\nlanguageCode = 'en-GB'\ntimeZone = 'Europe/London'\ndefaultContentLanguage = 'en'\n[permalinks]\nposts = '/:year/:month/:day/:slug/'\n[languages.en]\nweight = 1\n[languages.cy]\nweight = 2\ntitle = 'Canolfan'\n[params]\ndescription = 'Examples for all.'\n[[menus.main]]\nname = 'About'\npageRef = '/about'\nweight = 1\n[[menus.main]]\nname = 'Posts'\nurl = '/posts/'\nweight = 2\n",
    ),
    ("content/_index.md", "---\ntitle: Centre for Examples\n---\nWelcome. Read [about us]({{< ref \"about\" >}}).\n"),
    ("content/_index.cy.md", "---\ntitle: Canolfan\n---\nCroeso.\n"),
    (
        "content/about.md",
        "---\ntitle: About us\naliases: [/who-we-are/, /team.html]\nlastmod: 2024-05-06\n---\nWe give examples.\n\n## What we do & why\n\nSee [why](#what-we-do--why).\n",
    ),
    ("content/about.cy.md", "---\ntitle: Amdanom ni\n---\nRydym yn rhoi enghreifftiau.\n"),
    ("content/posts/_index.md", "---\ntitle: All posts\n---\nEverything that we wrote.\n"),
    (
        "content/posts/first.md",
        "---\ntitle: 'Who owns it? A first look'\ndate: 2019-05-07T09:30:00+01:00\nauthor: Jane Smith\ntags: [Housing, Land reform]\ndescription: Half of it is owned elsewhere.\nimage: /img/street.png\nimage_alt: A street\nward: Ancoats\nvisits: 12\n---\nText [about us](/about/) and ![A street](/img/street.png).\n\n{{< youtube abc123 >}}\n\n{{< strange a=1 >}}\n",
    ),
    (
        "content/posts/second/index.md",
        "---\ntitle: Second\ndate: 2020-01-02\nauthor: Jane Smith\ntags: [Housing]\nward: Hulme\nvisits: 7\n---\n![The plan](plan.png)\n\nRead [the first](../first.md) and [the paper](/files/paper.pdf).\n",
    ),
    ("content/posts/second/plan.png", ""),
    (
        "content/posts/draft.md",
        "---\ntitle: Xylophone draft\ndate: 2020-01-02\ndraft: true\ntags: [Quokka topic]\nauthor: Hidden Quagga\n---\nXylophone secret.\n",
    ),
    (
        "content/posts/gone.md",
        "---\ntitle: Marmoset expired\ndate: 2018-01-02\nexpiryDate: 2019-01-01\n---\nMarmoset secret.\n",
    ),
    ("content/posts/later.md", "---\ntitle: Narwhal later\ndate: 2031-01-02\n---\nNarwhal secret.\n"),
    (
        "content/posts/never.md",
        "---\ntitle: Ocelot never\ndate: 2018-01-02\nbuild: {render: never}\n---\nOcelot secret.\n",
    ),
    (
        "content/posts/unclear.md",
        "---\ntitle: Pangolin unclear\ndate: 2018-01-02\ndraft: perhaps\n---\nPangolin secret.\n",
    ),
    (
        "content/events/launch.md",
        "---\ntitle: The launch\ndate: 2020-03-04\nstart_date: 2020-03-04 18:00\nlocation: Town Hall\n---\nCome along.\n",
    ),
    ("content/authors/jane-smith/_index.md", "---\ntitle: Jane Smith\nrole: Director\n---\nJane directs.\n"),
    ("content/contact/_index.md", "---\ntitle: Contact\n---\nWrite to us.\n"),
    ("content/old.html", "---\ntitle: An old page\n---\n<h2>Old</h2><p>Some <em>words</em>.</p>\n"),
    ("static/img/street.png", ""),
    ("static/files/paper.pdf", "%PDF-1.4\n%%EOF\n"),
    ("static/_redirects", "/from-the-host /about/ 301\n"),
    ("static/css/site.css", "body{}"),
    ("layouts/index.html", "{{ .Content }}"),
];

const HUGO_ADDRESSES: &[&str] = &[
    "/",
    "/cy/",
    "/about/",
    "/cy/about/",
    "/who-we-are/",
    "/team.html",
    "/posts/",
    "/2019/05/07/who-owns-it-a-first-look/",
    "/2020/01/02/second/",
    "/events/",
    "/events/launch/",
    "/authors/jane-smith/",
    "/contact/",
    "/old/",
    "/tags/",
    "/tags/housing/",
    "/tags/land-reform/",
    "/files/paper.pdf",
    "/from-the-host",
];

const SECRETS: &[&str] = &["Xylophone", "Marmoset", "Narwhal", "Ocelot", "Pangolin", "Quokka", "Quagga"];

#[test]
fn a_site_of_hugo_is_a_site_here() {
    let site = Move::made(HUGO);
    site.all_answer(HUGO_ADDRESSES);
    site.none_is_public(SECRETS);
    // Nobody knows whether readers saw a field of the site's own.
    site.none_is_public(&["Ancoats", "Hulme"]);
    let report = site.text("imported/report.md");
    for wanted in ["a draft", "fields = [\"ward\", \"visits\"", "expired on 2019-01-01", "`strange`", "What to do next"]
    {
        assert!(report.contains(wanted), "no {wanted} in\n{report}");
    }
    // What is taken over is shown.
    let page = fs::read_to_string(site.new_site().join("out/2019/05/07/who-owns-it-a-first-look/index.html")).unwrap();
    for wanted in [
        "Jane Smith",
        "Half of it is owned elsewhere.",
        "https://www.youtube.com/watch?v=abc123",
        "{{&lt; strange a=1 &gt;}}",
    ] {
        assert!(page.contains(wanted), "no {wanted} in\n{page}");
    }
    let first = fs::read_to_string(site.new_site().join("out/2020/01/02/second/index.html")).unwrap();
    assert!(first.contains("/2019/05/07/who-owns-it-a-first-look/") && first.contains("/files/paper.pdf"), "{first}");
}

#[test]
fn a_plan_writes_nothing_and_shows_what_becomes_what() {
    let site = Move::of(HUGO);
    let output = site.run(&["import", "../old", "--plan"]);
    assert!(output.status.success(), "{}", words(&output));
    let text = String::from_utf8_lossy(&output.stdout);
    for wanted in ["`posts`", "`events`", "ward", "visits", "Xylophone draft"] {
        assert!(text.contains(wanted), "no {wanted} in\n{text}");
    }
    assert!(site.files("").is_empty(), "{:?}", site.files(""));
}

#[test]
fn a_second_run_brings_what_is_new_and_overwrites_nothing() {
    let site = Move::made(HUGO);
    let before: Vec<(String, String)> = site
        .files("content")
        .into_iter()
        .map(|file| {
            (
                file.clone(),
                fs::read(site.new_site().join("content").join(&file))
                    .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
                    .unwrap(),
            )
        })
        .collect();
    let edited =
        before.iter().find(|(file, _)| file.ends_with("about.md")).map(|(file, _)| format!("content/{file}")).unwrap();
    let mine = site.text(&edited).replace("We give examples.", "We give good examples.");
    fs::write(site.new_site().join(&edited), &mine).unwrap();
    fs::write(
        site.folder.path().join("old/content/posts/third.md"),
        "---\ntitle: Third\ndate: 2021-01-02\nauthor: Jane Smith\n---\nNew.\n",
    )
    .unwrap();
    let output = site.run(&["import", "../old"]);
    assert!(output.status.success(), "{}", words(&output));
    assert_eq!(site.text(&edited), mine);
    for (file, text) in &before {
        let path = format!("content/{file}");
        let now = String::from_utf8_lossy(&fs::read(site.new_site().join(&path)).unwrap()).into_owned();
        assert!(path == edited || now == *text, "{path} has changed");
    }
    let told = words(&output);
    assert!(told.contains("1 `posts`") && told.contains("edited here"), "{told}");
    site.build();
    site.all_answer(HUGO_ADDRESSES);
    site.all_answer(&["/2021/01/02/third/"]);
    site.none_is_public(SECRETS);
}

#[test]
fn check_says_at_most_one_line_for_a_cause() {
    let site = Move::made(HUGO);
    let faults = site.faults();
    let causes: BTreeSet<&str> = faults.iter().map(|line| line.split(' ').next().unwrap_or_default()).collect();
    assert!(faults.len() <= causes.len(), "{faults:#?}");
}

const JEKYLL: &[(&str, &str)] = &[
    (
        "_config.yml",
        "title: Centre for Examples\nurl: https://www.example.org\nbaseurl: ''\nlang: en-GB\ntimezone: Europe/London\npermalink: /:categories/:year/:month/:title.html\ncollections:\n  team:\n    output: true\n    permalink: /people/:name/\n  notes:\n    output: false\nplugins: [jekyll-redirect-from]\n",
    ),
    (
        "index.md",
        "---\ntitle: Centre for Examples\n---\nWelcome. {% for post in site.posts %}{{ post.title }}{% endfor %}\n",
    ),
    (
        "about.md",
        "---\ntitle: About us\npermalink: /about-us/\nredirect_from: [/who, /old/about.html]\n---\nWe give examples.\n",
    ),
    (
        "press/_posts/2019-05-07-first-look.md",
        "---\ntitle: A first look\nexcerpt: Half of it is owned elsewhere.\nauthor: jane\ntags: housing land\n---\nSee [about us]({{ site.baseurl }}/about-us/) and [the next]({% post_url 2020-01-02-next %}).\n\n{% include odd.html id=3 %}\n\n{: .lead}\nA line.\n",
    ),
    (
        "_posts/2020-01-02-next.md",
        "---\ntitle: The next\nauthor: jane\n---\n![A street]({{ '/img/street.png' | relative_url }})\n",
    ),
    (
        "_posts/2020-02-02-unpublished.md",
        "---\ntitle: Xylophone unpublished\npublished: false\n---\nXylophone secret.\n",
    ),
    ("_posts/2031-02-02-future.md", "---\ntitle: Narwhal future\n---\nNarwhal secret.\n"),
    ("_drafts/idea.md", "---\ntitle: Marmoset idea\n---\nMarmoset secret.\n"),
    ("_notes/n.md", "---\ntitle: Ocelot note\n---\nOcelot secret.\n"),
    ("_team/jane.md", "---\ntitle: Jane Smith\nrole: Director\n---\nJane directs.\n"),
    ("_data/navigation.yml", "main:\n- title: About\n  url: /about-us/\n"),
    ("img/street.png", ""),
    ("moved.md", "---\nredirect_to: /about-us/\n---\n"),
];

#[test]
fn a_site_of_jekyll_is_a_site_here() {
    let site = Move::made(JEKYLL);
    site.all_answer(&[
        "/",
        "/about-us/",
        "/who",
        "/old/about.html",
        "/press/2019/05/first-look.html",
        "/2020/01/next.html",
        "/people/jane/",
        "/moved.html",
    ]);
    site.none_is_public(SECRETS);
    let text = words(&site.run(&["list", "publications"]));
    assert!(text.contains("A first look"), "{text}");
    assert!(site.text("imported/report.md").contains("odd.html"));
}

const ELEVENTY: &[(&str, &str)] = &[
    (
        "eleventy.config.js",
        "export default function (c) {\n  c.addPassthroughCopy('src/img');\n  return { dir: { input: 'src' } };\n}\n",
    ),
    ("package.json", "{}"),
    (
        "src/_data/site.json",
        "{\"title\": \"Centre for Examples\", \"url\": \"https://www.example.org\", \"lang\": \"en\"}",
    ),
    (
        "src/posts/posts.json",
        "{\"tags\": [\"posts\"], \"layout\": \"post.njk\", \"permalink\": \"/blog/{{ page.fileSlug }}/\"}",
    ),
    (
        "src/posts/2019-05-07-first.md",
        "---\ntitle: A first look\ntags: [housing]\nauthor: Jane Smith\ndescription: Half of it.\n---\n![A street](/img/street.png) {{ site.title }}\n",
    ),
    ("src/posts/2020-01-02-next.md", "---\ntitle: The next\nauthor: Jane Smith\n---\nSee [the first](/blog/first/).\n"),
    ("src/posts/2020-01-03-draft.md", "---\ntitle: Xylophone draft\ndraft: true\n---\nXylophone secret.\n"),
    ("src/none.md", "---\ntitle: Ocelot\npermalink: false\n---\nOcelot secret.\n"),
    (
        "src/index.njk",
        "---\ntitle: Centre for Examples\n---\n<h1>Centre</h1>{% for p in collections.posts %}{{ p.url }}{% endfor %}\n",
    ),
    ("src/about/index.md", "---\ntitle: About us\n---\nWe give examples.\n"),
    ("src/img/street.png", ""),
];

#[test]
fn a_site_of_eleventy_is_a_site_here() {
    let site = Move::made(ELEVENTY);
    site.all_answer(&["/", "/about/", "/blog/first/", "/blog/next/"]);
    site.none_is_public(SECRETS);
}

#[test]
fn what_is_no_site_and_what_is_full_are_refused_in_words() {
    let site = Move::of(&[("readme.txt", "x")]);
    let output = site.run(&["import", "../old"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(words(&output).contains("_config.yml"), "{}", words(&output));
    let site = Move::of(HUGO);
    fs::write(site.new_site().join("mine.txt"), "mine").unwrap();
    let output = site.run(&["import", "../old"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(words(&output).contains("not empty"), "{}", words(&output));
    assert_eq!(site.files(""), ["mine.txt"]);
    let output = pamphlet(&site.folder.path().join("old"), &["import", "."]);
    assert_eq!(output.status.code(), Some(2), "{}", words(&output));
}

#[test]
fn a_broken_file_in_the_middle_stops_nothing() {
    let mut files = HUGO.to_vec();
    files.push(("content/posts/broken.md", "---\ntitle: [Broken\n\t: x\ndate: 2020-01-01\n---\n{{< figure src=\"a\n"));
    files.push(("content/posts/latin.md", "---\ntitle: Caf\u{e9}\ndate: 2020-01-01\n---\nText.\n"));
    let site = Move::of(&files);
    fs::write(
        site.folder.path().join("old/content/posts/bytes.md"),
        b"---\ntitle: Caf\xe9 bytes\ndate: 2020-01-05\n---\n\xff\xfe\n",
    )
    .unwrap();
    let output = site.run(&["import", "../old"]);
    assert!(output.status.success(), "{}", words(&output));
    site.build();
    site.all_answer(HUGO_ADDRESSES);
    site.none_is_public(SECRETS);
}

// Comments stood in titles before, for all to read.
#[test]
fn what_nobody_saw_of_a_field_is_in_nothing_that_is_published() {
    let hugo = [
        ("hugo.toml", "baseURL = 'https://www.example.org/'\ntitle = 'A'\n"),
        (
            "content/posts/a.md",
            "---\ntitle: 'Rents <!-- Xylophone one --> rise &#8211; it&rsquo;s &amp; AT&T'\ndate: 2020-01-02\nsummary: 'Half <span hidden>Xylophone two</span> of it {{< strange 1 >}} and 1 < 2'\n---\nWords.\n",
        ),
        ("content/posts/b.md", "---\ntitle: Empty <!-- Xylophone three -->\ndate: 2020-01-02\n---\n"),
    ];
    let made = Move::made(&hugo);
    made.none_is_public(&["Xylophone"]);
    let page = made.page_of("a");
    assert!(page.contains("title = \"Rents rise – it’s & AT&T\""), "{page}");
    assert!(page.contains("Half of it {{< strange 1 >}} and 1 < 2"), "{page}");
    let all = made.text("imported/everything.csv");
    for secret in ["Xylophone one", "Xylophone two", "Xylophone three"] {
        assert!(all.contains(secret), "{secret} is not in\n{all}");
    }
    let jekyll = [
        ("_config.yml", "title: Centre\nurl: https://www.example.org\n"),
        (
            "_posts/2020-01-02-a.md",
            "---\ntitle: '{{ site.title }} moves {% comment %}Xylophone one{% endcomment %}'\ndescription: 'A <!-- Xylophone two --> text'\n---\nWords.\n",
        ),
    ];
    let made = Move::made(&jekyll);
    made.none_is_public(&["Xylophone"]);
    let page = made.page_of("a");
    assert!(page.contains("title = \"Centre moves\""), "{page}");
    let all = made.text("imported/everything.csv");
    assert!(all.contains("Xylophone one") && all.contains("Xylophone two"), "{all}");
}

/// Seen to fail: an author's name kept its references, and the beginning of a comment that readers saw stopped the build.
#[test]
fn references_in_any_field_are_the_letters_and_make_nothing_else() {
    let files = [
        ("hugo.toml", "baseURL = 'https://www.example.org/'\ntitle = 'A'\n"),
        (
            "content/posts/a.md",
            "---\ntitle: 'A &lt;b&gt; &lt;!-- Seen --&gt; it&rsquo;s'\nsummary: 'Sum &lt;!-- Seen --&gt; &hellip;'\ndate: 2020-01-02\nauthors: ['Jos&eacute; Sample']\ntags: ['R&amp;D']\n---\nWords.\n",
        ),
    ];
    let made = Move::made(&files);
    let page = made.page_of("a");
    assert!(page.contains("it’s\"") && page.contains("…\""), "{page}");
    assert!(page.contains("Seen") && !page.contains("<!--"), "{page}");
    let people: String =
        made.files("content/people").iter().map(|file| made.text(&format!("content/people/{file}"))).collect();
    assert!(people.contains("José Sample"), "{people}");
}

#[test]
fn drawings_come_without_what_runs_or_loads() {
    let svg = |inside: &str| {
        format!("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 9 9\">{inside}<path d=\"M0 0h9\"/></svg>")
    };
    let (plain, bad, broken) =
        (svg(""), svg("<script>alert('Xylophone')</script>"), "<svg><script>Xylophone</svg".to_owned());
    let files = [
        ("hugo.toml", "baseURL = 'https://www.example.org/'\ntitle = 'A'\n"),
        ("content/posts/a.md", "---\ntitle: A\ndate: 2020-01-02\n---\n![One](/img/plain.svg) ![Two](/img/bad.svg)\n"),
        ("static/img/plain.svg", plain.as_str()),
        ("static/img/bad.svg", bad.as_str()),
        ("static/img/broken.svg", broken.as_str()),
    ];
    let made = Move::made(&files);
    made.none_is_public(&["Xylophone"]);
    let drawn: Vec<String> =
        made.files(".").into_iter().filter(|file| file.ends_with(".svg") && !file.starts_with("out")).collect();
    let read = |name: &str| made.text(drawn.iter().find(|file| file.ends_with(name)).unwrap());
    assert_eq!(read("plain.svg"), plain);
    assert!(read("bad.svg").contains("M0 0h9") && !read("bad.svg").contains("script"));
    assert!(!drawn.iter().any(|file| file.ends_with("broken.svg")), "{drawn:?}");
    let all = made.text("imported/everything.csv");
    assert!(
        all.contains("static/img/bad.svg") && all.contains("`script`") && all.contains("static/img/broken.svg"),
        "{all}"
    );
    // A second run finds them as they were written.
    assert!(!words(&made.run(&["import", "../old"])).contains("are others there"));
}

#[test]
fn texts_in_utf_16_are_read() {
    let made = Move::of(&[("hugo.toml", "baseURL = 'https://www.example.org/'\ntitle = 'A'\n")]);
    let text = "---\ntitle: Tŷ\ndate: 2020-01-02\ndraft: true\n---\nXylophone.\n";
    let bytes: Vec<u8> = [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let folder = made.folder.path().join("old/content/posts");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("a.md"), bytes).unwrap();
    // Without the mark that says so.
    fs::write(folder.join("b.md"), text.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<u8>>()).unwrap();
    fs::write(folder.join("c.md"), text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>()).unwrap();
    assert!(made.run(&["import", "../old"]).status.success());
    made.build();
    made.none_is_public(&["Xylophone"]);
    let page = made.page_of("a");
    assert!(page.contains("title = \"Tŷ\"") && page.contains("Xylophone."), "{page}");
}

// The site could not be built before: the line of redirects.csv collided with the page of the topic.
#[test]
fn a_former_address_at_which_the_page_of_a_topic_stands_is_no_redirect() {
    let files = [
        ("hugo.toml", "baseURL = 'https://www.example.org/'\ntitle = 'A'\n[taxonomies]\ntopic = 'topics'\n"),
        (
            "content/topics/strategy/_index.md",
            "---\ntitle: Strategy\naliases: [/topics/content/, /topics/older/]\n---\nWords.\n",
        ),
        ("content/posts/a.md", "---\ntitle: A\ndate: 2020-01-02\ntopics: [content, strategy]\n---\nWords.\n"),
    ];
    let made = Move::made(&files);
    made.all_answer(&["/topics/content/", "/topics/older/", "/topics/strategy/"]);
    assert!(!made.text("redirects.csv").contains("/topics/content/"), "{}", made.text("redirects.csv"));
}

#[test]
fn a_picture_that_is_gone_leaves_no_attributes_and_a_summary_has_no_shortcode() {
    let files = [
        ("hugo.toml", "baseURL = 'https://www.example.org/'\ntitle = 'A'\n"),
        (
            "content/posts/a.md",
            "---\ntitle: A\ndate: 2020-01-02\n---\n![](/img/gone.png) First {{< odd 1 >}} words ![Alt](/img/gone.png){.wide} and {this}.\n",
        ),
        ("content/posts/b.html", "---\ntitle: B\ndate: 2020-01-02\n---\n<p>First {{< odd 2 >}} words.</p>\n"),
    ];
    let made = Move::made(&files);
    let page = made.page_of("a");
    assert!(!page.contains("decorative") && !page.contains(".wide"), "{page}");
    assert!(page.contains("summary = \"First words Alt and {this}.\""), "{page}");
    assert!(page.contains("`{{< odd 1 >}}`"), "{page}");
    let page = made.page_of("b");
    assert!(page.contains("summary = \"First words.\"") && page.contains("{{< odd 2 >}}"), "{page}");
}
