//! Random sites on the disk, and random edits of them.
//!
//! A site has collections with every type of field, a hub with an attached list, a paginated list, a feed, a bundle with
//! a part, an image and a file, rows, two languages, former addresses, a block, hidden entries, a style, files that are
//! published unchanged, and outputs for machines: calendars, citations, metadata, icons, share images.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// The kinds of edit; the tests must reach each.
pub(super) const KINDS: &[&str] = &[
    "a text",
    "a title",
    "a new file",
    "a deletion",
    "a renaming",
    "a moved folder",
    "rows",
    "settings",
    "the theme",
    "a template",
    "a broken template",
    "a template that fails on one page",
    "a broken text",
    "broken settings",
    "broken rows",
    "a style",
    "an image",
    "a static file",
    "a save through another file",
    "a touch",
    "a former address",
    "a status",
    "an hour",
    "an old time",
    "many files",
    "a part",
    "a translation",
    "strings",
    "a repair",
    "a dangling reference",
];

/// The edits that authors make all day.
const EVERYDAY: &[&str] = &["a text", "a title"];

/// The moments that the clock moves between, forwards and back; one entry becomes public between the first two.
const MOMENTS: &[&str] = &["2026-05-14 09:00", "2026-05-14 09:02", "2027-01-01 00:00"];

/// A site on the disk, and the random numbers that edit it.
pub(super) struct Sites {
    chance: u64,
    root: PathBuf,
    now: usize,
    /// The present content of each page; broken pages are repaired from here.
    pages: BTreeMap<String, Page>,
    broken: BTreeSet<String>,
    /// Counts what is written, so that no two texts are alike.
    count: u32,
    rows: usize,
    per_page: usize,
    suffix: String,
    template: u32,
}

#[derive(Clone)]
struct Page {
    title: String,
    text: u32,
    status: usize,
    alias: Option<String>,
    refers: Vec<String>,
}

impl Sites {
    /// Writes a new site into `root`.
    pub(super) fn new(seed: u64, root: &Path) -> Self {
        let mut sites = Self {
            chance: seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5851_f42d_4c95_7f2d,
            root: root.to_owned(),
            now: 0,
            pages: BTreeMap::new(),
            broken: BTreeSet::new(),
            count: 0,
            rows: 2,
            per_page: 2,
            suffix: String::new(),
            template: 0,
        };
        sites.theme();
        for name in [
            "index.md",
            "about.md",
            "topics/land.md",
            "topics/work.md",
            "people/ada.md",
            "people/bo.md",
            "talks/one.md",
            "talks/two.md",
        ] {
            sites.add(name);
        }
        let reports = 2 + sites.below(5);
        for n in 0..reports {
            sites.add(&format!("reports/r{n}.md"));
        }
        sites.add("reports/bundle/index.md");
        sites.put("content/reports/bundle/part.md", "## A part\n\nIts text.\n");
        sites.put("content/reports/bundle/photo.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>\n");
        sites.picture(0);
        sites.put("content/reports/bundle/data.csv", "a,b\n1,2\n");
        sites.put("static/robots-too.txt", "as it is\n");
        sites
    }

    /// The moment of the site.
    pub(super) fn now(&self) -> &'static str {
        MOMENTS[self.now]
    }

    fn below(&mut self, limit: usize) -> usize {
        self.chance = self.chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.chance >> 33).expect("31 bits") % limit.max(1)
    }

    fn put(&self, name: &str, text: &str) {
        let path = self.root.join(name);
        std::fs::create_dir_all(path.parent().expect("it lies in the folder")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    }

    /// A picture made of pixels.
    fn picture(&self, n: u32) {
        let [_, _, high, low] = n.to_be_bytes();
        let picture = image::RgbImage::from_pixel(12, 9, image::Rgb([high, low, 90]));
        picture.save(self.root.join("content/reports/bundle/view.png")).expect("a file");
    }

    fn remove(&self, name: &str) {
        std::fs::remove_file(self.root.join(name)).expect("it was there");
    }

    fn theme(&self) {
        self.settings();
        let theme = include_str!("site/theme.toml").replace("per_page = 2", &format!("per_page = {}", self.per_page));
        self.put("themes/small/theme.toml", &theme);
        self.put("themes/small/strings/en.toml", "by = \"By\"\n");
        self.put("themes/small/assets/small.css", "body { margin: 0 }\n");
        self.put("themes/small/static/mark.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>\n");
        let square = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 8 8\"><path d=\"M1 1h6v6H1z\"/></svg>\n";
        self.put("themes/small/static/favicon.svg", square);
        self.templates();
        self.facts();
    }

    fn settings(&self) {
        let suffix = &self.suffix;
        self.put(
            "site.toml",
            &format!(
                "title = \"Random{suffix}\"\nbase_url = \"https://example.org/below/\"\nlanguage = \"en-GB\"\n\
                 timezone = \"Europe/London\"\ntheme = \"small\"\n\n[organisation]\nname = \"Random\"\n\n\
                 [languages.cy]\ntitle = \"Ar hap{suffix}\"\nprefix = \"/cy{}/\"\n\n\
                 [languages.cy.lists]\nreports = {{ title = \"Adroddiadau\", route = \"/adroddiadau/\" }}\n",
                self.per_page % 2
            ),
        );
    }

    fn templates(&self) {
        let n = self.template;
        let base = "<!doctype html><html lang=\"{{ page.lang }}\"><head><title>{{ page.title }} – {{ site.title }}</title>\
                    {{ metadata(page=page) }}{{ icons() }}\
                    <link rel=\"stylesheet\" href=\"{{ asset(path='small.css') }}\"></head><body>{% for one in page.translations %}<a href=\"{{ one.href }}\">{{ one.name }}</a>{% endfor %}\
                    {% block main %}{% endblock %}";
        self.put("themes/small/templates/base.html", &format!("{base}<!-- {n} --></body></html>\n"));
        let page = |main: &str| format!("{{% extends \"base.html\" %}}{{% block main %}}{main}{{% endblock %}}\n");
        let items = "{% for item in %ITEMS% %}<a href=\"{{ item.href }}\">{{ item.title }}</a>{% endfor %}";
        let entry = format!(
            "<h1>{{{{ entry.title }}}}</h1>{{{{ content | safe }}}}{{% for part in parts %}}{{{{ part.content | safe }}}}{{% endfor %}}\
             {{% for list in attached %}}{}{{% endfor %}}{}",
            items.replace("%ITEMS%", "list.items"),
            items.replace("%ITEMS%", "refs(entry=entry)"),
        );
        self.put("themes/small/templates/entry.html", &page(&entry));
        let list = format!(
            "{{% for group in groups %}}{}{{% endfor %}}{{{{ pager.number }}}}/{{{{ pager.count }}}}",
            items.replace("%ITEMS%", "group.items")
        );
        self.put("themes/small/templates/list.html", &page(&list));
        self.put("themes/small/templates/404.html", &page("<h1>Not here</h1>"));
        let card = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{{ width }}\" height=\"{{ height }}\"><g font-family=\"'{{ title.typeface }}'\" \
                    font-size=\"{{ title.size }}\">{% for line in title.lines %}<text y=\"{{ loop.index * 90 }}\">{{ line }}</text>{% endfor %}</g></svg>\n";
        self.put("themes/small/templates/share.svg", card);
        self.put("themes/small/templates/box.html", "<div class=\"{{ attributes.kind }}\">{{ body | safe }}</div>\n");
    }

    fn facts(&self) {
        let mut rows = String::new();
        for n in 0..self.rows {
            let _ = write!(rows, "[[facts]]\nid = \"fact-{n}\"\ntitle = \"Fact {n} of {}\"\n\n", self.rows);
        }
        self.put("content/facts/facts.toml", &rows);
    }

    /// Adds a page of its own.
    fn add(&mut self, name: &str) {
        self.count += 1;
        let status = if matches!(name, "index.md" | "about.md") { 0 } else { self.below(6) };
        let refers = if name.starts_with("reports/") { self.some_keys() } else { Vec::new() };
        let page = Page { title: format!("Title {}", self.count), text: self.count, status, alias: None, refers };
        self.write(name, &page);
        self.pages.insert(name.to_owned(), page);
    }

    fn some_keys(&mut self) -> Vec<String> {
        let keys: Vec<String> = self
            .pages
            .keys()
            .filter_map(|name| Some(name.strip_prefix("topics/")?.strip_suffix(".md")?.to_owned()))
            .collect();
        keys.into_iter().filter(|_| self.below(2) == 0).collect()
    }

    fn write(&self, name: &str, page: &Page) {
        self.put(&format!("content/{name}"), &source(name, page));
    }

    fn any_page(&mut self, of: impl Fn(&str) -> bool) -> Option<String> {
        let names: Vec<String> =
            self.pages.keys().filter(|name| of(name) && !self.broken.contains(*name)).cloned().collect();
        (!names.is_empty()).then(|| names[self.below(names.len())].clone())
    }

    fn change(&mut self, of: impl Fn(&str) -> bool, change: impl FnOnce(&mut Self, &mut Page)) -> Option<String> {
        let name = self.any_page(of)?;
        let mut page = self.pages[&name].clone();
        self.count += 1;
        change(self, &mut page);
        self.write(&name, &page);
        self.pages.insert(name.clone(), page);
        Some(name)
    }

    /// Makes some random edits to the site, and returns their kinds.
    pub(super) fn edit(&mut self, reached: &mut BTreeSet<&'static str>) -> Vec<&'static str> {
        let count = 1 + self.below(4);
        let mut made = Vec::new();
        // A site that stays broken shows little.
        let is_faulty = !self.broken.is_empty() || is_without_heading(LINKED, &self.pages[LINKED]);
        if is_faulty && self.below(3) > 0 {
            self.repair();
            made.push("a repair");
        }
        // Edits that leave most of a site unchanged would rarely come alone.
        let kinds = if self.below(3) == 0 { EVERYDAY } else { KINDS };
        for _ in 0..count {
            let kind = kinds[self.below(kinds.len())];
            if self.one(kind).is_some() {
                made.push(kind);
            }
        }
        reached.extend(made.iter().copied());
        made
    }

    /// Repairs everything.
    fn repair(&mut self) {
        for name in std::mem::take(&mut self.broken) {
            match self.pages.get(&name) {
                Some(page) => self.write(&name, &page.clone()),
                None => self.theme(),
            }
        }
        if is_without_heading(LINKED, &self.pages[LINKED]) {
            let mut page = self.pages[LINKED].clone();
            page.text += 1;
            self.write(LINKED, &page);
            self.pages.insert(LINKED.to_owned(), page);
        }
        self.remove_lone_translations();
        let dangling: Vec<String> = self.pages.keys().cloned().collect();
        let keys: BTreeSet<String> = dangling.iter().filter_map(|name| topic(name)).collect();
        for name in dangling {
            let mut page = self.pages[&name].clone();
            let before = page.refers.len();
            page.refers.retain(|key| keys.contains(key));
            if page.refers.len() != before {
                self.write(&name, &page);
                self.pages.insert(name, page);
            }
        }
    }

    /// Removes the Welsh texts of reports that no longer exist.
    fn remove_lone_translations(&self) {
        let folder = self.root.join("content");
        for entry in walkdir::WalkDir::new(folder.join("reports")).into_iter().flatten() {
            let name = entry.path().strip_prefix(&folder).expect("below").to_string_lossy().replace('\\', "/");
            if name.ends_with(".cy.md")
                && !self.pages.contains_key(&name.replace(".cy.md", ".md"))
                && !name.contains("part")
            {
                std::fs::remove_file(entry.path()).expect("it was there");
            }
        }
    }

    fn one(&mut self, kind: &'static str) -> Option<()> {
        let any = |_: &str| true;
        let report = |name: &str| name.starts_with("reports/r");
        let n = self.count + 1;
        match kind {
            "a text" => drop(self.change(any, |_, page| page.text = n)?),
            "a title" => drop(self.change(any, |_, page| page.title = format!("Title {n}"))?),
            "a status" => drop(self.change(report, |sites, page| page.status = sites.below(6))?),
            "a former address" => drop(self.change(report, |_, page| page.alias = Some(format!("/was/{n}/")))?),
            "a new file" => self.add(&format!("reports/r{n}.md")),
            "many files" => (0..6).for_each(|more| self.add(&format!("reports/r{n}-{more}.md"))),
            "a deletion" => {
                let name = self.any_page(|name| report(name) || name.starts_with("people/"))?;
                self.remove(&format!("content/{name}"));
                self.pages.remove(&name);
            }
            "a renaming" => {
                let name = self.any_page(report)?;
                let new = format!("reports/r{n}-renamed.md");
                self.rename(&name, &new);
                self.count += 1;
            }
            "a moved folder" => self.move_folder(n)?,
            "a save through another file" | "a touch" | "an old time" => self.save_as_programs_do(kind, n)?,
            "rows" => {
                self.rows = 1 + self.below(5);
                self.facts();
                self.broken.remove("facts");
            }
            "settings" => {
                self.suffix = format!(" {n}");
                self.count += 1;
                self.settings();
            }
            "the theme" => {
                self.per_page = 1 + self.below(4);
                self.theme();
                for name in ["facts", "settings", "templates"] {
                    self.broken.remove(name);
                }
            }
            "a template" => {
                self.template += 1;
                self.templates();
                self.broken.remove("templates");
            }
            "strings" => self.put("themes/small/strings/en.toml", &format!("by = \"By {n}\"\n")),
            "a style" => self.put("themes/small/assets/small.css", &format!("body {{ margin: {n}px }}\n")),
            "an image" => {
                let text = format!("<svg xmlns=\"http://www.w3.org/2000/svg\"><title>{n}</title></svg>\n");
                self.put("content/reports/bundle/photo.svg", &text);
                self.put("themes/small/static/mark.svg", &text);
                self.picture(n);
            }
            "a static file" => self.put(&format!("static/file-{}.txt", n % 3), &format!("{n}\n")),
            "a part" => self.put("content/reports/bundle/part.md", &format!("## A part\n\nIts text {n}.\n")),
            "a translation" => self.translate(n)?,
            "an hour" => self.now = self.below(MOMENTS.len()),
            _ => self.spoil(kind, n)?,
        }
        Some(())
    }

    /// Saves a page in one of the ways that are easily overlooked.
    fn save_as_programs_do(&mut self, kind: &str, n: u32) -> Option<()> {
        let any = |_: &str| true;
        match kind {
            "a save through another file" => {
                let name = self.any_page(any)?;
                let page = Page { text: n, ..self.pages[&name].clone() };
                self.put("content/.save.tmp", &source(&name, &page));
                let from = self.root.join("content/.save.tmp");
                std::fs::rename(from, self.root.join("content").join(&name)).expect("it can be renamed");
                self.pages.insert(name, page);
                self.count += 1;
            }
            "a touch" => {
                let name = self.any_page(any)?;
                let page = self.pages[&name].clone();
                self.write(&name, &page);
            }
            _ => {
                // The same size and an old time, as some tools leave it.
                let name = self.change(any, |_, page| page.text = n)?;
                let file = std::fs::File::options().write(true).open(self.root.join("content").join(name));
                let old = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::new(1_600_000_000, 5);
                file.and_then(|file| file.set_modified(old)).expect("a time can be set");
            }
        }
        Some(())
    }

    /// Breaks something.
    fn spoil(&mut self, kind: &str, n: u32) -> Option<()> {
        let broken = match kind {
            "a broken template" => {
                self.put("themes/small/templates/list.html", "{% extends \"base.html\" %}{% block main %}{{ pager.");
                "templates".to_owned()
            }
            "a template that fails on one page" => {
                let text = "<h1>{{ entry.title }}</h1>{% if entry.title == 'Title 2' %}{{ nothing.at.all }}{% endif %}";
                self.put(
                    "themes/small/templates/entry.html",
                    &format!("{{% extends \"base.html\" %}}{{% block main %}}{text}{{% endblock %}}\n"),
                );
                "templates".to_owned()
            }
            "a broken text" => {
                let name = self.any_page(|name| name.ends_with(".md"))?;
                let texts = ["+++\ntitle = \"Half", "+++\ntitle = 5\nkind = \"no\"\n+++\n\nText.\n", ""];
                let text = texts[self.below(texts.len())];
                self.put(&format!("content/{name}"), text);
                name
            }
            "broken settings" => {
                let texts = ["title = \"Half", "title = \"No theme\"\ntheme = \"none\"\n", "titel = \"A slip\"\n"];
                let text = texts[self.below(texts.len())];
                self.put("site.toml", text);
                "settings".to_owned()
            }
            "broken rows" => {
                self.put("content/facts/facts.toml", "[[facts]]\nid = \"fact-0\ntitle = 5\n");
                "facts".to_owned()
            }
            "a dangling reference" => {
                self.change(|name| name.starts_with("reports/"), |_, page| page.refers.push(format!("nobody-{n}")))?;
                "dangling".to_owned()
            }
            _ => return None,
        };
        self.broken.insert(broken);
        Some(())
    }

    fn rename(&mut self, old: &str, new: &str) {
        let content = self.root.join("content");
        std::fs::create_dir_all(content.join(new).parent().expect("it lies in the folder")).expect("a folder");
        std::fs::rename(content.join(old), content.join(new)).expect("it can be renamed");
        if let Some(page) = self.pages.remove(old) {
            self.pages.insert(new.to_owned(), page);
        }
    }

    /// Moves all loose reports into a folder, or back.
    fn move_folder(&mut self, n: u32) -> Option<()> {
        let content = self.root.join("content/reports");
        let grouped: Vec<String> =
            self.pages.keys().filter(|name| name.starts_with("reports/group")).cloned().collect();
        if let Some(first) = grouped.first() {
            let folder = first.split('/').nth(1)?.to_owned();
            std::fs::rename(content.join(&folder), content.join(format!("group{n}"))).expect("it can be renamed");
            for name in grouped {
                let page = self.pages.remove(&name)?;
                self.broken.remove(&name).then(|| self.broken.insert(name.replacen(&folder, &format!("group{n}"), 1)));
                self.pages.insert(name.replacen(&folder, &format!("group{n}"), 1), page);
            }
            return Some(());
        }
        let loose: Vec<String> = self.pages.keys().filter(|name| name.starts_with("reports/r")).cloned().collect();
        for name in loose.iter().filter(|name| !self.broken.contains(*name)).cloned().collect::<Vec<_>>() {
            self.rename(&name, &name.replacen("reports/", "reports/group/", 1));
        }
        Some(())
    }

    /// Adds or removes a text in another language: of a page, of rows, of a bundle and its part, or of a report that may
    /// be removed first and leave the translation alone.
    fn translate(&mut self, n: u32) -> Option<()> {
        let text = format!("+++\ntitle = \"Teitl {n}\"\n+++\n\nTestun {n}. [Amdanom](../about.md)\n");
        let (name, text) = match self.below(8) {
            0 => ("about.cy.md".to_owned(), text.replace("../", "")),
            1 => ("index.cy.md".to_owned(), text.replace("../", "")),
            2 => ("facts/facts.cy.toml".to_owned(), format!("[[facts]]\nid = \"fact-0\"\ntitle = \"Ffaith {n}\"\n")),
            3 => ("reports/bundle/index.cy.md".to_owned(), text.replace("../", "../../")),
            4 => ("reports/bundle/part.cy.md".to_owned(), format!("## Rhan\n\nTestun {n}.\n")),
            5 => (self.any_page(|name| name.starts_with("topics/"))?.replace(".md", ".cy.md"), text),
            // It ends before its original does.
            6 => {
                let start = text.replace("title", "start = 2026-05-14 09:01\ntitle");
                (self.any_page(|name| name.starts_with("talks/"))?.replace(".md", ".cy.md"), start)
            }
            _ => {
                let name = self.any_page(|name| name.starts_with("reports/r"))?.replace(".md", ".cy.md");
                let original = if self.below(2) == 0 { "original = true\n" } else { "" };
                (name, text.replace("title", &format!("{original}kind = \"short\"\ntitle")))
            }
        };
        let path = self.root.join("content").join(&name);
        if path.exists() && self.below(2) == 0 {
            std::fs::remove_file(path).expect("it was there");
        } else {
            self.put(&format!("content/{name}"), &text);
        }
        Some(())
    }
}

fn topic(name: &str) -> Option<String> {
    Some(name.strip_prefix("topics/")?.strip_suffix(".md")?.to_owned())
}

/// The page that others link to, without the heading that they link to.
const LINKED: &str = "about.md";

fn is_without_heading(name: &str, page: &Page) -> bool {
    name == LINKED && !page.text.is_multiple_of(2)
}

/// The text of a page.
fn source(name: &str, page: &Page) -> String {
    let mut text = format!("+++\ntitle = \"{}\"\n", page.title);
    let status = [
        "",
        "",
        "",
        "status = \"draft\"\n",
        "publish_at = \"2026-05-14 09:01\"\n",
        "sample = true\n",
        "expires = 2026-05-14 09:01\n",
    ];
    text.push_str(status[page.status % status.len()]);
    if let Some(alias) = &page.alias {
        let _ = writeln!(text, "aliases = [\"{alias}\"]");
    }
    if name.starts_with("reports/") {
        // Some name the first twice.
        let twice = page.refers.first().filter(|_| page.text.is_multiple_of(3));
        let keys: Vec<String> = twice.into_iter().chain(&page.refers).map(|key| format!("\"{key}\"")).collect();
        // Few different days, so that titles decide the order of many.
        let day = page.text % 3 + 1;
        let _ = write!(
            text,
            "kind = \"long\"\ndate = 2026-03-{day:02}\nabout = [{}]\nlead = {{ name = \"By {}\" }}\nnote = \"*A* note\"\n\
             body = \"Some **text**.\"\npages = {}\nshare = 0.5\nopen = true\nmeeting = 2026-04-01 10:00\nhome = \"https://example.com/\"\n\
             mail = \"a@example.com\"\nphone = \"+44 20 7946 0000\"\nspoken = \"cy\"\ndoi = \"10.1000/{}\"\nwords = [\"a\", \"b\"]\n",
            keys.join(", "),
            page.text,
            page.text % 90,
            crate::path::slug(name),
        );
    }
    if name.starts_with("talks/") {
        let state = ["", "state = \"cancelled\"\n", "state = \"moved\"\nwas = 2026-04-01\n"][(page.text % 3) as usize];
        let day = page.text % 28 + 1;
        // An entry without a day of its own is stamped with the last change of the site, which may be in the future.
        let updated = match page.text % 4 {
            0 => format!("updated = 2026-03-{day:02}\n"),
            1 => "updated = 2026-05-14 09:01\n".to_owned(),
            _ => String::new(),
        };
        let _ = write!(text, "start = 2026-06-{day:02} 10:00\n{updated}{state}");
    }
    if name == "reports/bundle/index.md" {
        text.push_str(
            "signed = \"2026-04-01T10:00:00+01:00\"\nseen = 2026-04-02\npaper = \"data.csv\"\nwith = \"pages/about\"\n\
             photo = { file = \"photo.svg\", alt = \"A photo\" }\nimage = { file = \"view.png\", alt = \"A view\" }\n",
        );
    }
    let _ = write!(
        text,
        "+++\n\n## {}\n\nText number {:06}.[^1]\n\n:::box {{kind=\"note\"}}\nIn a box.\n:::\n\n",
        if is_without_heading(name, page) { "Another" } else { "Heading" },
        page.text
    );
    if name.starts_with("people/") {
        text.push_str("[There](../about.md#heading)\n\n");
    }
    if name == "reports/bundle/index.md" {
        text.push_str("![A photo](photo.svg)\n\n![A view](view.png)\n\n[Data](data.csv)\n\n");
    }
    text.push_str("```rust\nfn main() {}\n```\n\n[^1]: A note.\n");
    text
}
