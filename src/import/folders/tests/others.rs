//! Jekyll, Eleventy, Liquid, and languages by folders.

use super::*;

#[test]
fn pages_of_jekyll_are_where_jekyll_puts_them_and_hidden_ones_are_hidden() {
    let site = found(&[
        (
            "_config.yml",
            "title: Example\nurl: https://www.example.org\npermalink: /news/:year/:title/\nexclude: [drafts.md, /private]\ncollections:\n  team:\n    output: true\n    permalink: /people/:name/\n  notes: {}\ndefaults:\n- scope: {path: '', type: posts}\n  values: {author: Jane}\n- scope: {path: team, type: team}\n  values: {published: false}\n",
        ),
        ("_posts/2019-05-07-Who-owns.md", "---\ntags: a b\n---\nText\n"),
        (
            "eu/brussels/_posts/sub/2020-01-02-visit.md",
            "---\ntitle: Visit\ncategories: press\npermalink: /:categories/:title:output_ext\n---\n",
        ),
        ("_posts/2031-01-01-future.md", "---\ntitle: F\n---\n"),
        ("_posts/2019-01-01-no.md", "---\npublished: no\n---\n"),
        ("_posts/undated.md", "---\ntitle: U\n---\n"),
        ("_drafts/idea.md", "---\ntitle: Idea\n---\n"),
        ("_team/jane.md", "---\ntitle: Jane\n---\n"),
        ("_notes/n.md", "---\ntitle: N\n---\n"),
        ("about.md", "---\npermalink: /about-us/\nredirect_from: [/who, /who/we]\n---\n# About us\n"),
        ("sub/page.html", "---\ntitle: P\n---\n<p>x</p>"),
        ("index.html", "---\n---\n{% for post in site.posts %}{{ post.title }}{% endfor %}"),
        ("moved.md", "---\nredirect_to: https://example.com/\n---\n"),
        ("private/x.md", "---\ntitle: X\n---\n"),
        ("drafts.md", "---\ntitle: D\n---\n"),
        ("_includes/x.html", "---\n---\n"),
        ("files/a.pdf", "x"),
        ("404.html", "---\n---\n"),
    ]);
    for (id, address) in [
        ("_posts/2019-05-07-Who-owns.md", "/news/2019/Who-owns/"),
        ("eu/brussels/_posts/sub/2020-01-02-visit.md", "/eu/brussels/press/visit.html"),
        ("_team/jane.md", "/people/jane/"),
        ("about.md", "/about-us/"),
        ("sub/page.html", "/sub/page/"),
        ("index.html", "/"),
    ] {
        assert_eq!(site.address(id), address, "{id}");
    }
    for id in [
        "_posts/2031-01-01-future.md",
        "_posts/2019-01-01-no.md",
        "_posts/undated.md",
        "_drafts/idea.md",
        "_notes/n.md",
        "_team/jane.md",
    ] {
        assert!(site.hidden(id).is_some(), "{id} is public");
    }
    let known: Vec<&str> = site.survey.entries.iter().map(|entry| entry.id.as_str()).collect();
    for id in ["private/x.md", "drafts.md", "_includes/x.html", "404.html", "moved.md"] {
        assert!(!known.contains(&id), "{id}");
    }
    assert_eq!(site.survey.redirects[0].to, "https://example.com/");
    let post = site.entry("_posts/2019-05-07-Who-owns.md");
    assert_eq!(post.field("author"), Some(&Value::Text("Jane".to_owned())));
    assert_eq!(post.field("date"), Some(&Value::Moment("2019-05-07".to_owned())));
    assert_eq!(post.title(), Some("Who owns"));
    assert_eq!(site.entry("about.md").title(), Some("About us"));
    assert_eq!(site.entry("about.md").addresses, ["/about-us/", "/who", "/who/we"]);
    assert_eq!(site.text("about.md").trim(), "");
    assert_eq!(site.text("index.html").trim(), "");
}

#[test]
fn liquid_is_filled_in_translated_left_out_or_visible() {
    let body = "{% assign who = \"Jane\" %}{{ who }} of {{ site.title }}, {{ page.place | upcase }}, {{ site.data.facts.shops }} shops.\n\n[a]({{ site.baseurl }}/about/) [b]({{ \"/about/\" | relative_url }}) [c]({% post_url 2019-05-07-who %}) [d]({% link about.md %})\n\n{% highlight ruby linenos %}\nputs \"{{ x }}\"\n{% endhighlight %}\n\n{% raw %}{{ shown }}{% endraw %}\n\n{% comment %}nobody{% endcomment %}{% if page.secret %}who knows{% endif %}\n\n{% include note.html content=\"Mind\" %}\n\n{% include odd.html a=1 %}\n\n{{ unknown.thing }} [x]({{ odd }}/y)\n\n## Head {#own}\n\nText.\n{: .lead}\n\n* TOC\n{:toc}\n\n[l](https://x.example){:target=\"_blank\"} end\n\n{::comment}\nunseen\n{:/comment}\n";
    let whole = format!("---\ntitle: T\nplace: Leeds\n---\n{body}");
    let site = jekyll(&[
        ("t.md", &whole),
        ("about.md", "---\ntitle: About\npermalink: /about/\n---\n"),
        ("_posts/2019-05-07-who.md", "---\ntitle: Who\n---\n"),
        ("_data/facts.yml", "shops: 430\n"),
    ]);
    let made = site.made("t.md");
    let text = &made.markdown;
    for wanted in [
        "Jane of Example, LEEDS, 430 shops.",
        "[a](/about/) [b](/about/) [c](/2019/05/07/who.html) [d](/about/)",
        "```ruby\nputs \"{{ x }}\"\n```",
        "\n{{ shown }}\n",
        ":::callout{kind=note}\n\nMind\n\n:::",
        "`{% include odd.html a=1 %}`",
        "`{{ unknown.thing }}` x `{{ odd }}/y`",
        "## Head {#own}",
        "[l](https://x.example) end",
        "Text.\n",
    ] {
        assert!(text.contains(wanted), "no {wanted} in:\n{text}");
    }
    for unwanted in ["nobody", "who knows", "unseen", "{:", "TOC"] {
        assert!(!text.contains(unwanted), "{unwanted} in:\n{text}");
    }
    let report = made.losses.report(true);
    assert!(report.contains("who knows") && report.contains("odd.html"), "{report}");
}

#[test]
fn pages_of_eleventy_are_where_eleventy_puts_them() {
    let site = found(&[
        (
            ".eleventy.js",
            "module.exports = (c) => {\n  c.addPassthroughCopy('src/img');\n  c.addPassthroughCopy({ 'src/docs': 'files' });\n  return { dir: { input: 'src', data: '_data', includes: '_includes' } };\n};",
        ),
        ("src/_data/site.json", "{\"title\": \"Example\", \"url\": \"https://www.example.org\"}"),
        (
            "src/posts/posts.11tydata.js",
            "module.exports = { tags: ['posts'], permalink: '/{{ page.date | toDatePath }}/{{ page.fileSlug }}/', eleventyComputed: { a: () => 1 } }",
        ),
        ("src/posts/2019-05-07-who.md", "---\ntitle: Who\ntags: [Housing, posts]\n---\n![a](/img/a.png)\n"),
        ("src/about/about.md", "---\ntitle: About\n---\n"),
        ("src/work/index.njk", "---\ntitle: Work\n---\n<p>x</p>"),
        ("src/named.md", "---\ntitle: My Name\npermalink: /{{ title | slugify }}/index.html\n---\n"),
        ("src/none.md", "---\ntitle: N\npermalink: false\n---\n"),
        ("src/draft.md", "---\ntitle: D\ndraft: true\n---\n"),
        ("src/odd.md", "---\ntitle: O\npermalink: '{% if x %}/a/{% endif %}'\n---\n"),
        ("src/_includes/x.njk", ""),
        ("src/img/a.png", "x"),
        ("src/docs/r.pdf", "x"),
        ("README.md", "# Read me\n"),
        ("node_modules/a/README.md", "# no\n"),
    ]);
    for (id, address) in [
        ("src/posts/2019-05-07-who.md", "/2019/05/07/who/"),
        ("src/about/about.md", "/about/"),
        ("src/work/index.njk", "/work/"),
        ("src/named.md", "/my-name/"),
        ("src/odd.md", "/odd/"),
    ] {
        assert_eq!(site.address(id), address, "{id}");
    }
    assert!(site.hidden("src/none.md").is_some() && site.hidden("src/draft.md").is_some());
    assert_eq!(site.survey.entries.len(), 7);
    let post = site.entry("src/posts/2019-05-07-who.md");
    assert_eq!((post.kind.as_str(), &post.uses[..]), ("posts", &["/img/a.png".to_owned()][..]));
    assert_eq!(post.field("tags"), Some(&Value::List(vec![Value::Text("Housing".to_owned())])));
    assert!(site.survey.files.iter().any(|file| file.address == "/files/r.pdf"));
    let notes = site.notes();
    assert!(
        notes.contains("eleventyComputed") && notes.contains("toDatePath") && notes.contains("{% if x %}"),
        "{notes}"
    );
    assert_eq!(site.survey.about.title.as_deref(), Some("Example"));
}

#[test]
fn languages_in_folders_and_names_are_translations() {
    let site = jekyll(&[
        ("about.md", "---\ntitle: About\n---\n"),
        ("cy/about.md", "---\ntitle: Amdanom\nlang: cy\n---\n"),
        ("team.cy.md", "---\ntitle: Tîm\nlang: cy\n---\n"),
        ("team.md", "---\ntitle: Team\nlang: en-GB\n---\n"),
    ]);
    let of = |id: &str| (site.entry(id).lang.clone(), site.entry(id).translates.clone());
    assert_eq!(of("cy/about.md"), (Some("cy".to_owned()), Some("about.md".to_owned())));
    assert_eq!(of("team.cy.md"), (Some("cy".to_owned()), Some("team.md".to_owned())));
    assert_eq!(of("team.md"), (None, None));
}
