//! Tests of the readers on small folders: what is where, who sees it, and what becomes of its text.

mod others;
mod secrets;

use super::*;
use crate::import::site::survey::{Body, Entry, State, Value};
use crate::import::site::texts::{Links, Target, Text, Texts as _};
use crate::markdown::{HtmlPolicy, Options};
use crate::path::SitePath;

/// A folder in memory, read as of 30 November 2026.
struct Found {
    survey: Survey,
    read: Read,
}

fn found(files: &[(&str, &str)]) -> Found {
    found_with(files, &[])
}

fn found_with(files: &[(&str, &str)], shortcodes: &[(&str, &str)]) -> Found {
    let mut paths: Vec<String> = files.iter().map(|(path, _)| (*path).to_owned()).collect();
    paths.sort();
    let bytes = |path: &str| {
        let known = files.iter().find(|(own, _)| *own == path).ok_or("it is not there")?;
        Ok(known.1.as_bytes().to_vec())
    };
    let folder = Folder { files: &paths, bytes: &bytes };
    let program = program(&folder).expect("a known program");
    let own: Vec<(String, String)> = shortcodes.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
    let now = "2026-11-30T10:00:00Z".parse().expect("a moment");
    let (survey, read) = survey(&folder, program, now, Meanings::new(&own));
    Found { survey, read }
}

/// Links that stay where they lead, but for what is hidden.
struct Here<'a>(&'a Survey);

impl Links for Here<'_> {
    fn target(&self, to: &str) -> Target {
        let page = self.0.entries.iter().find(|entry| entry.addresses.iter().any(|address| address == to));
        match page.map(|entry| &entry.state) {
            Some(State::Hidden(_)) => Target::Nowhere("the page is hidden"),
            Some(_) => Target::To(page.and_then(|entry| entry.addresses.first().cloned()).unwrap_or_default()),
            None => Target::To(to.to_owned()),
        }
    }

    fn alt(&self, _: &str) -> Option<&str> {
        None
    }
}

impl Found {
    fn entry(&self, id: &str) -> &Entry {
        let all: Vec<&str> = self.survey.entries.iter().map(|entry| entry.id.as_str()).collect();
        self.survey.entries.iter().find(|entry| entry.id == id).unwrap_or_else(|| panic!("no {id} in {all:?}"))
    }

    fn address(&self, id: &str) -> &str {
        self.entry(id).addresses.first().map_or("", String::as_str)
    }

    fn hidden(&self, id: &str) -> Option<&str> {
        match &self.entry(id).state {
            State::Hidden(why) => Some(why),
            State::From(when) => Some(when),
            State::Public | State::Trash => None,
        }
    }

    fn made(&self, id: &str) -> Text {
        let options = Options { extensions: true, smart_punctuation: false, html: HtmlPolicy::Sanitise };
        let file = SitePath::new("content/x.md").expect("inside");
        self.read.text(self.entry(id), &file, &Here(&self.survey), &options)
    }

    fn text(&self, id: &str) -> String {
        self.made(id).markdown
    }

    fn notes(&self) -> String {
        self.survey.notes.iter().map(|note| format!("{} {}\n", note.what, note.words)).collect()
    }
}

const HUGO: (&str, &str) = ("hugo.toml", "baseURL = 'https://www.example.org/'\ntitle = 'Example'\n");

fn hugo(files: &[(&str, &str)]) -> Found {
    let mut all = vec![HUGO];
    all.extend_from_slice(files);
    found(&all)
}

const JEKYLL: (&str, &str) = ("_config.yml", "title: Example\nurl: https://www.example.org\n");

fn jekyll(files: &[(&str, &str)]) -> Found {
    let mut all = vec![JEKYLL];
    all.extend_from_slice(files);
    found(&all)
}

#[test]
fn a_folder_is_known_by_its_configuration() {
    let known = |files: &[(&str, &str)]| {
        let mut paths: Vec<String> = files.iter().map(|(path, _)| (*path).to_owned()).collect();
        paths.sort();
        let bytes = |path: &str| {
            files.iter().find(|(own, _)| *own == path).map(|(_, text)| text.as_bytes().to_vec()).ok_or_else(String::new)
        };
        program(&Folder { files: &paths, bytes: &bytes })
    };
    for (file, text, wanted) in [
        ("hugo.yaml", "", Some(Program::Hugo)),
        ("config/_default/hugo.toml", "", Some(Program::Hugo)),
        ("config.toml", "baseURL = 'https://x.example/'", Some(Program::Hugo)),
        ("config.yml", "languageCode: cy", Some(Program::Hugo)),
        ("config.json", "{\"permalinks\": {}}", Some(Program::Hugo)),
        ("config.toml", "[database]\nport = 3", None),
        ("_config.yml", "title: x", Some(Program::Jekyll)),
        (".eleventy.js", "", Some(Program::Eleventy)),
        ("eleventy.config.mjs", "", Some(Program::Eleventy)),
        ("package.json", "{\"devDependencies\": {\"@11ty/eleventy\": \"3\"}}", Some(Program::Eleventy)),
        ("index.html", "", None),
    ] {
        assert_eq!(known(&[(file, text)]), wanted, "{file}");
    }
}

#[test]
fn front_matter_is_read_in_each_notation() {
    let site = hugo(&[
        ("content/a.md", "+++\ntitle = 'A'\ndraft = true\n+++\nText\n"),
        ("content/b.md", "---\ntitle: B\ndraft: yes\n---\nText\n"),
        ("content/c.md", "{\n  \"title\": \"C }\",\n  \"draft\": true\n}\n\nText\n"),
        ("content/d.md", "\n---\ntitle: D\ndraft: true\n...\nText\n"),
        ("content/e.md", "---\ntitle: E\n draft: true\n---\nText\n"),
        ("content/f.md", "---\ntitle: F\ndraft: [tru\n---\nText\n"),
        ("content/g.md", "---\ntitle: G\ndraft: true\n\nText without an end\n"),
        ("content/h.md", "Text without fields\n"),
        ("content/i.md", "---\r\ntitle: I\r\ndraft: true\r\n---\r\nText\r\n"),
        ("content/j.md", "---\ntitle: J\nDraft: True\n---\nText\n"),
        ("content/k.md", "---\ntitle: K\ndraft: perhaps\n---\nText\n"),
    ]);
    for id in ["a", "b", "c", "d", "e", "f", "g", "i", "j", "k"] {
        assert!(site.hidden(&format!("content/{id}.md")).is_some(), "{id} is public");
    }
    assert_eq!(site.hidden("content/h.md"), None);
    assert_eq!(site.entry("content/c.md").title(), Some("C }"));
    assert!(site.text("content/h.md").contains("Text without fields"));
}

#[test]
fn what_hugo_hides_is_hidden() {
    let page = |fields: &str| format!("---\ntitle: T\n{fields}\n---\n");
    let all = [
        ("future", "date: 2027-03-01", true),
        ("past", "date: 2020-03-01", false),
        ("publish", "date: 2020-03-01\npublishDate: 2027-01-05T09:00:00Z", true),
        ("published", "date: 2027-03-01\npublishDate: 2020-01-01", false),
        ("expired", "expiryDate: 2021-02-01", true),
        ("expires", "expirydate: 2031-02-01", false),
        ("unclear", "expiryDate: soon", true),
        ("headless", "headless: true", true),
        ("never", "_build:\n  render: never", true),
        ("link", "build:\n  render: link", true),
        ("false", "build:\n  render: false", true),
        ("always", "build:\n  render: always\n  list: never", false),
        ("notpublished", "published: false", true),
        ("private", "private: true", true),
        ("notprivate", "private: false", false),
        ("password", "password: secret", true),
        ("status", "status: draft", true),
        ("state", "status: active", false),
        ("embargo", "embargo: 2027-01-01", true),
        ("over", "embargo: 2019-01-01", false),
    ];
    let texts: Vec<(String, String)> =
        all.iter().map(|(name, fields, _)| (format!("content/{name}.md"), page(fields))).collect();
    let files: Vec<(&str, &str)> = texts.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let site = hugo(&files);
    for (name, _, is_hidden) in all {
        let id = format!("content/{name}.md");
        assert_eq!(site.hidden(&id).is_some(), is_hidden, "{name}: {:?}", site.entry(&id).state);
    }
    assert_eq!(site.entry("content/publish.md").state, State::From("2027-01-05 09:00".to_owned()));
    let everything = found(&[
        ("hugo.toml", "baseURL='https://x.example'\nbuildDrafts=true\nbuildFuture=true\nbuildExpired=true"),
        ("content/a.md", "---\ndraft: true\ndate: 2030-01-01\nexpiryDate: 2001-01-01\n---\n"),
    ]);
    assert_eq!(everything.hidden("content/a.md"), None);
}

#[test]
fn cascades_reach_pages_below_and_hide_them() {
    let site = hugo(&[
        ("content/a/_index.md", "---\ntitle: A\ncascade:\n  draft: true\n  author: Jane\n---\n"),
        ("content/a/x.md", "---\ntitle: X\n---\n"),
        ("content/a/b/y.md", "---\ntitle: Y\ndraft: false\n---\n"),
        (
            "content/c/_index.md",
            "---\ncascade:\n- _target:\n    kind: section\n  draft: true\n- build: {render: never}\n  _target: {path: '/c/d/**'}\n---\n",
        ),
        ("content/c/z.md", "---\ntitle: Z\n---\n"),
        ("content/c/d/w.md", "---\ntitle: W\n---\n"),
    ]);
    assert!(site.hidden("content/a/x.md").is_some());
    assert_eq!(site.entry("content/a/x.md").field("author"), Some(&Value::Text("Jane".to_owned())));
    assert_eq!(site.hidden("content/a/b/y.md"), None);
    assert_eq!(site.hidden("content/c/z.md"), None);
    assert!(site.hidden("content/c/d/w.md").is_some());
}

#[test]
fn pages_of_hugo_are_where_hugo_puts_them() {
    let site = found(&[
        (
            "config/_default/config.toml",
            "baseURL = 'https://www.example.org/'\ndefaultContentLanguage = 'en'\n[permalinks]\npost = '/:year/:month/:day/:slug/'\n[permalinks.page]\nevents = 'event/:year/:slugorfilename'\n[uglyURLs]\nold = true\n",
        ),
        (
            "config/_default/languages.toml",
            "[en]\nweight = 1\n[cy]\nweight = 2\ntitle = 'Enghraifft'\n[fr]\ncontentDir = 'content/fr'\n",
        ),
        ("content/_index.md", "---\ntitle: Home\n---\n"),
        ("content/about.md", "---\ntitle: About\naliases: [/who/, team.html]\n---\n"),
        ("content/about.cy.md", "---\ntitle: Amdanom\n---\n"),
        ("content/fr/about.md", "---\ntitle: Nous\n---\n"),
        ("content/post/2019-05-07-who.md", "---\ntitle: Who Owns It?\ndate: 2019-05-07T23:30:00-05:00\n---\n"),
        ("content/post/slugged.md", "---\ntitle: S\nslug: my slug\ndate: 2019-05-07\n---\n"),
        ("content/events/launch/index.md", "---\ntitle: Launch\ndate: 2020-01-02\n---\n![a](photo.jpg)\n"),
        ("content/events/launch/photo.jpg", "x"),
        ("content/events/launch/notes.md", "---\ntitle: Notes\n---\nsecret part\n"),
        ("content/old/x.md", "---\ntitle: X\n---\n"),
        ("content/whole.md", "---\nurl: /quite/another\n---\n"),
        ("content/Deep Folder/Sub/My Page.md", "---\ntitle: M\n---\n"),
        ("content/tags/housing/_index.md", "---\ntitle: Housing\n---\n"),
        ("static/files/report.pdf", "x"),
    ]);
    for (id, address) in [
        ("content/_index.md", "/"),
        ("content/about.md", "/about/"),
        ("content/about.cy.md", "/cy/about/"),
        ("content/fr/about.md", "/fr/about/"),
        ("content/post/2019-05-07-who.md", "/2019/05/07/who-owns-it/"),
        ("content/post/slugged.md", "/2019/05/07/my-slug/"),
        ("content/events/launch/index.md", "/event/2020/launch/"),
        ("content/old/x.md", "/old/x.html"),
        ("content/whole.md", "/quite/another/"),
        ("content/Deep Folder/Sub/My Page.md", "/deep-folder/sub/my-page/"),
    ] {
        assert_eq!(site.address(id), address, "{id}");
    }
    assert_eq!(site.entry("content/about.md").addresses, ["/about/", "/who/", "/team.html"]);
    let welsh = site.entry("content/about.cy.md");
    assert_eq!((welsh.lang.as_deref(), welsh.translates.as_deref()), (Some("cy"), Some("content/about.md")));
    assert_eq!(site.entry("content/fr/about.md").translates.as_deref(), Some("content/about.md"));
    assert_eq!(site.entry("content/events/launch/index.md").uses, ["/event/2020/launch/photo.jpg"]);
    assert!(!site.survey.entries.iter().any(|entry| entry.id.ends_with("notes.md")));
    assert!(site.notes().contains("texts beside a page"));
    let list = site.survey.redirects.iter().find(|one| one.from == "/post/");
    assert_eq!(list.map(|one| one.to.as_str()), Some("@list post"), "{:?}", site.survey.redirects);
    assert!(site.survey.files.iter().any(|file| file.address == "/files/report.pdf"));
    assert_eq!(site.survey.about.languages, ["en", "cy", "fr"]);
}

// Each was public before.
#[test]
fn what_hugo_hides_by_other_ways_than_a_field_stays_hidden() {
    let site = hugo(&[
        ("content/open.md", "---\ntitle: Open\n---\nText.\n"),
        ("content/casc/_index.md", "---\ntitle: Section\ncascade:\n  draft: true\n---\nWords.\n"),
        ("content/casc/a.md", "---\ntitle: Below\n---\nText.\n"),
        ("content/old/_index.md", "---\ntitle: Old\ncascade:\n  expiryDate: 2020-01-01\n---\nWords.\n"),
        ("content/old/b.md", "---\ntitle: Below\n---\nText.\n"),
        ("content/merged.md", "---\ntitle: Merged\n<<: {draft: true}\n---\nText.\n"),
        ("content/twice.md", "---\ntitle: Twice\ndraft: false\ndraft: true\n---\nText.\n"),
        ("content/script.md", "---js\n{title: \"x\", draft: true}\n---\nText.\n"),
        ("content/mac.md", "---\rtitle: x\rdraft: true\r---\rText.\r"),
        ("content/.notes/x.md", "---\ntitle: Dot\n---\nText.\n"),
        ("content/posts/_content.gotmpl", "{{ $.AddPage }}"),
    ]);
    assert_eq!(site.entry("content/open.md").state, State::Public);
    for id in
        ["casc/_index.md", "casc/a.md", "old/_index.md", "old/b.md", "merged.md", "twice.md", "script.md", "mac.md"]
    {
        let id = format!("content/{id}");
        assert!(matches!(site.entry(&id).state, State::Hidden(_)), "{id}: {:?}", site.entry(&id).state);
    }
    assert!(!site.survey.entries.iter().any(|entry| entry.id.contains(".notes")));
    assert!(!site.survey.files.iter().any(|file| file.address.ends_with(".gotmpl")));
    assert!(site.notes().contains("files that Hugo does not publish"));
}

#[test]
fn words_of_taxonomies_and_lists_have_addresses() {
    let site = hugo(&[
        ("content/news/_index.md", "---\ntitle: News\n---\nAll of it.\n"),
        ("content/news/a.md", "---\ntitle: A\ntags: [Social Housing, land]\n---\n"),
        ("content/news/b.md", "---\ntitle: B\ndraft: true\ntags: [secret plan]\n---\n"),
        ("content/tags/land/_index.md", "---\ntitle: Land\n---\n"),
        ("content/contact/_index.md", "---\ntitle: Contact\n---\nWrite to us.\n"),
    ]);
    let terms: Vec<(&str, &[String])> =
        site.survey.terms.iter().map(|term| (term.id.as_str(), term.addresses.as_slice())).collect();
    assert_eq!(terms, [("Social Housing", &["/tags/social-housing/".to_owned()][..])]);
    assert!(site.entry("content/news/_index.md").is_list);
    let contact = site.entry("content/contact/_index.md");
    assert_eq!((contact.is_list, contact.kind.as_str()), (false, "page"));
}

#[test]
fn menus_of_hugo_keep_their_order_and_depth() {
    let site = found(&[
        (
            "hugo.yaml",
            "baseURL: https://www.example.org/\nmenus:\n  main:\n  - {name: Work, pageRef: /work, weight: 2}\n  - {name: About, url: /about/, weight: 1, identifier: about}\n  - {name: Team, url: /team/, parent: about}\n",
        ),
        ("content/work.md", "---\ntitle: Work\n---\n"),
        ("content/hidden.md", "---\ntitle: Hidden\ndraft: true\nmenu: main\n---\n"),
        ("content/contact.md", "---\ntitle: Contact\nmenu:\n  main: {weight: 3}\n---\n"),
    ]);
    let items: Vec<(&str, &str, usize)> =
        site.survey.menus[0].items.iter().map(|item| (item.title.as_str(), item.to.as_str(), item.depth)).collect();
    assert_eq!(
        items,
        [("About", "/about/", 0), ("Team", "/team/", 1), ("Work", "/work/", 0), ("Contact", "/contact/", 0)]
    );
}

#[test]
fn shortcodes_of_hugo_become_what_the_table_says_and_others_stay_visible() {
    let body = r#"Before [a]({{< ref "other.md#what-s--new" >}}) and [b]({{% relref "/blog/other" %}}).

{{< figure src="/img/a.png" alt="A street" caption="Who *owns* it" >}}

{{< youtube w7Ft2ymGmfc >}}

{{% note %}}
Mind **this**.
{{% /note %}}

{{< strange a="1" >}}inner words{{< /strange >}}

{{</* figure src="x" */>}} and `{{< comment >}}`

{{< comment >}}nobody sees this{{< /comment >}}

{{< highlight python "linenos=table" >}}
print("{{x}}")
{{< /highlight >}}
"#;
    let whole = format!("---\ntitle: T\n---\n{body}");
    let site = hugo(&[
        ("content/blog/t.md", &whole),
        ("content/blog/other.md", "---\ntitle: O\n---\n## What's  new\n"),
        ("static/img/a.png", "x"),
    ]);
    let made = site.made("content/blog/t.md");
    let text = &made.markdown;
    for wanted in [
        "Before [a](/blog/other/#what-s--new) and [b](/blog/other/).",
        ":::figure{title=\"Who owns it\"}\n\n![A street](/img/a.png)\n\n:::",
        "[Watch on YouTube](https://www.youtube.com/watch?v=w7Ft2ymGmfc)",
        ":::callout{kind=note}\n\nMind **this**.\n\n:::",
        "`{{< strange a=\"1\" >}}`inner words`{{< /strange >}}`",
        "{{< figure src=\"x\" >}}",
        "```python\nprint(\"{{x}}\")\n```",
    ] {
        assert!(text.contains(wanted), "no {wanted} in:\n{text}");
    }
    assert!(!text.contains("nobody sees"), "{text}");
    assert_eq!(site.entry("content/blog/t.md").uses, ["/img/a.png"]);
    let report = made.losses.report(true);
    assert!(report.contains("`strange`") && report.contains("nobody sees this"), "{report}");
}

#[test]
fn a_site_extends_the_table() {
    let site = found_with(
        &[
            HUGO,
            (
                "content/a.md",
                "---\ntitle: A\n---\n{{< ring id=\"7\" >}}Words{{< /ring >}} {{< ad >}}x{{< /ad >}} {{< youtube 1 >}}",
            ),
        ],
        &[("ring", "[{inner}](/rings/{id}/)"), ("ad", "leave out"), ("youtube", "film {0}")],
    );
    assert_eq!(site.text("content/a.md").trim(), "[Words](/rings/7/)  film 1");
}

#[test]
fn anchors_and_relative_links_lead_where_they_led() {
    let site = hugo(&[
        (
            "content/a/one.md",
            "---\ntitle: One\n---\n## One & two\n\n[up](#one--two) [same](../two/#whats-new) [host](https://www.example.org/a/two) [file](two.md) [out](https://example.com/a/#x) [gone](/a/secret/)\n\n<a href=\"/a/two/\">html</a>\n\n`[not](/a/two)`\n\n[ref][1]\n\n[1]: ../two\n",
        ),
        ("content/a/two.md", "---\ntitle: Two\n---\n## What's new\n"),
        ("content/a/secret.md", "---\ntitle: S\ndraft: true\n---\n"),
    ]);
    let text = site.text("content/a/one.md");
    for wanted in [
        "[up](#one-two)",
        "[same](/a/two/#what-s-new)",
        "[host](/a/two/)",
        "[file](/a/two/)",
        "[out](https://example.com/a/#x)",
        "<a href=\"/a/two/\">html</a>",
        "`[not](/a/two)`",
        "[1]: /a/two/",
        " gone",
    ] {
        assert!(text.contains(wanted), "no {wanted} in:\n{text}");
    }
}

#[test]
fn a_text_that_needs_no_change_stays_byte_for_byte() {
    let body = "* a\n* b  \n\n|x|y|\n|-|-|\n|1|2|\n\nA line\\\nand \"quotes\" -- here.\n\n```liquid\n{% if x %}\n```\n\n<div class=\"x\">html</div>\n\n1) one\n";
    let whole = format!("---\ntitle: T\n---\n{body}");
    let site = hugo(&[("content/t.md", &whole)]);
    assert_eq!(site.text("content/t.md"), body);
}

#[test]
fn pages_in_html_become_markdown_with_their_shortcodes() {
    let site = hugo(&[(
        "content/t.html",
        "---\ntitle: T\n---\n<h2>Head</h2><p>Some <b>bold</b> words. {{< vimeo 12 >}}</p><p>{{< odd >}}</p>",
    )]);
    assert!(matches!(site.entry("content/t.html").body, Body::Html(_)));
    let text = site.text("content/t.html");
    for wanted in ["## Head", "**bold**", "[Watch on Vimeo](https://vimeo.com/12)", "`{{< odd >}}`"] {
        assert!(text.contains(wanted), "no {wanted} in:\n{text}");
    }
}

#[test]
fn headings_begin_below_the_title() {
    let site = hugo(&[
        (
            "content/a.md",
            "---\ntitle: The title\n---\n# The Title\n\n# One\n\nTwo\n---\n\n## Three\n\n```\n# code\n```\n",
        ),
        ("content/b.md", "---\ntitle: B\n---\n## Fine\n"),
    ]);
    assert_eq!(site.text("content/a.md"), "## One\n\n### Two\n\n### Three\n\n```\n# code\n```\n");
    assert_eq!(site.text("content/b.md"), "## Fine\n");
}

#[test]
fn films_and_scripts_in_texts_become_links_or_go() {
    let site = hugo(&[(
        "content/a.md",
        "---\ntitle: A\n---\n<iframe width=\"5\" src=\"https://www.youtube.com/embed/abc?rel=0\" title=\"A talk\"></iframe>\n\n<video controls><source src=\"/film.mp4\"></video>\n\n<script>\nalert(1)\n</script>\n\n```html\n<script>x</script>\n```\n",
    )]);
    assert_eq!(
        site.text("content/a.md"),
        "[A talk](https://www.youtube.com/watch?v=abc)\n\n[Watch the film](/film.mp4)\n\n\n\n```html\n<script>x</script>\n```\n"
    );
}

#[test]
fn a_broken_file_in_the_middle_stops_nothing() {
    let site = hugo(&[
        ("content/a.md", "---\ntitle: A\n---\nFine\n"),
        ("content/b.md", "---\ntitle: [\n\t:x\n---\n{{< figure src=\"a"),
        ("content/c.md", "+++\n= = =\n+++\n{% if %}{{"),
        ("content/d.md", "---\ntitle: D\n---\n{{< note >}}never closed {{% /other %}} {{<>}} {{< >}}"),
        ("content/e.md", ""),
    ]);
    assert_eq!(site.survey.entries.len(), 5);
    for entry in &site.survey.entries {
        let _ = site.text(&entry.id);
    }
    assert!(site.text("content/a.md").contains("Fine"));
    let liquid = jekyll(&[("a.md", "---\ntitle: A\n---\n{% if x %}\nno end {{ {% raw %} {{ x")]);
    let _ = liquid.text("a.md");
}
