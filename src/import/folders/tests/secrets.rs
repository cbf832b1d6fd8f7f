//! What nobody saw there is not public here: comments, what a browser hides, files beside what is hidden. Each was public before.

use super::*;

/// A text of Jekyll, and what is said of it.
fn of_jekyll(body: &str) -> (String, String) {
    let site = jekyll(&[("t.md", &format!("---\ntitle: T\n---\n{body}"))]);
    let made = site.made("t.md");
    (made.markdown, made.losses.report(true))
}

#[test]
fn comments_of_kramdown_are_left_out_and_named() {
    for body in [
        "a {::comment}SECRET{:/comment} b",
        "a {::comment}SECRET{:/} b",
        "a\n\n{::comment}\nSECRET\n\nSECRET\n{:/comment}\n\nb",
        "a\n\n{::comment}\nSECRET\n{:/comment} b",
        "* a {::comment}SECRET{:/comment}\n* b",
        "a b {::comment}SECRET {::comment} SECRET",
        "a b\n\n```\ncode\n```\n\n{::comment}\n```\nSECRET\n```\n{:/}\n",
        "a b\n\nSECRET\n{: style=\"display:none\"}\n",
        "a b\n\n{:.x hidden=\"hidden\"}\nSECRET\n",
        "a b\n\n* one\n\n* SECRET\n{: .hidden}\n",
        "a b\n\n{:no: style=\"visibility: hidden\"}\n\nSECRET\n{: no}\n",
        "a b\n\nSome\n*SECRET*{: style=\"display:none\"}\n",
        "a b\n\n~~~\nSECRET\n\nSECRET\n~~~\n{: style=\"display:none\"}\n",
        "a b\n\n> SECRET\n{: style=\"display:none\"}\n",
    ] {
        let (text, said) = of_jekyll(body);
        assert!(!text.contains("SECRET") && text.contains('a') && text.contains('b'), "{body}\n→\n{text}");
        assert!(said.contains("SECRET"), "{body}\n{said}");
    }
    let (text, _) = of_jekyll(
        "a `{::comment}` b\n\n```\n{::comment}\nX{:/comment}\n```\n\n{::nomarkdown}words{:/nomarkdown}\n\nText.\n{: .lead}\n",
    );
    assert!(
        text.contains("`{::comment}` b\n\n```\n{::comment}\nX{:/comment}\n```") && text.contains("words"),
        "{text}"
    );
    assert!(text.contains("Text.") && !text.contains(".lead"), "{text}");
}

#[test]
fn comments_of_liquid_and_nunjucks_are_left_out_and_named() {
    for body in [
        "a {% comment %}SECRET{% endcomment %} b",
        "a {%- comment -%}SECRET{%- endcomment -%} b",
        "a {%-comment-%}SECRET{%-endcomment-%} b",
        "a {%comment%}SECRET{%endcomment%} b",
        "a {% comment note %}SECRET{% endcomment %} b",
        "a {% comment %}x{% comment %}y{% endcomment %}SECRET{% endcomment %} b",
        "a {%- comment %}x{%- comment -%}y{% endcomment -%}SECRET{%- endcomment %} b",
        "a {% comment %}{% raw %}{% endcomment %}{% endraw %}SECRET{% endcomment %} b",
        "a {% comment %}{% if x %}SECRET{% endcomment %} b",
        "a {% if x %}{% comment %}{% endif %}SECRET{% endcomment %}{% endif %} b",
        "a {% # SECRET %} b",
        "a {%- # SECRET -%} b",
        "a {% liquid\n# SECRET\necho x %} b",
        "a {% doc %}SECRET{% enddoc %} b",
        "a {{! SECRET }} b",
        "a {#SECRET#} b",
        "a {# SECRET #} b",
        "a b {% comment %}SECRET",
        "a {% private_note %}SECRET{% endprivate_note %} b",
    ] {
        let (text, said) = of_jekyll(body);
        assert!(!text.contains("SECRET") && text.contains('a') && text.contains('b'), "{body}\n→\n{text}");
        assert!(said.contains("SECRET"), "{body}\n{said}");
    }
    let (text, _) =
        of_jekyll("## One {#one}\n\nText\n\n## Two {#two .x}\n\n{# c #} {% raw %}{% comment %}{% endraw %} end\n");
    assert!(
        text.contains("## One {#one}") && text.contains("## Two {#two") && text.contains("{% comment %} end"),
        "{text}"
    );
}

#[test]
fn what_a_browser_does_not_show_of_markdown_is_left_out_and_named() {
    for body in [
        "a\n\n<div style=\"display: none\">\n\nSECRET\n\n<div>SECRET</div>\n\nSECRET\n</div>\n\nb",
        "a <span hidden>SECRET</span> b",
        "a <!-- <div> --> <b style='visibility:hidden'>SECRET</b> b",
        "a </div><i></i><span hidden>SECRET</span> b",
        "a b\n\n<p hidden>SECRET",
        "a b\n\n<template>\n\nSECRET\n\n</template>",
        "a b\n\n<div hidden>\n\n```\n</div>SECRET\n```\n",
        "<style>.no { display: none }</style>\n\na b\n\n<p class=\"no\">SECRET</p>",
        "a b <script>x = `</script><span hidden>SECRET</span>",
    ] {
        let (text, said) = of_jekyll(body);
        assert!(!text.contains("SECRET"), "{body}\n→\n{text}");
        assert!(text.contains('a') && text.contains('b') && said.contains("did not show"), "{body}\n→{text}\n{said}");
    }
    let (text, _) = of_jekyll("a `<div hidden>` b\n\n```\n<p hidden>SHOWN</p>\n```\n\n<p hidden>x</p>\n\nSHOWN too");
    assert!(
        text.contains("<p hidden>SHOWN</p>") && text.contains("SHOWN too") && text.contains("`<div hidden>` b"),
        "{text}"
    );
}

#[test]
fn shortcodes_of_hugo_whose_names_hide_are_left_out() {
    let site = hugo(&[(
        "content/t.md",
        "---\ntitle: T\n---\na {{< editors-only >}}SHOWN{{< /editors-only >}} {{% private-note %}}SECRET{{% /private-note %}} {{< todo \"SECRET\" >}} b {{% comment %}}x {{% comment %}}y{{% /comment %}} SECRET{{% /comment %}}",
    )]);
    let made = site.made("content/t.md");
    assert!(!made.markdown.contains("SECRET"), "{}", made.markdown);
    assert!(made.losses.report(true).contains("SECRET"));
}

fn state_of<'s>(site: &'s Found, address: &str) -> (&'s State, Option<&'s str>) {
    let all: Vec<&str> = site.survey.files.iter().map(|file| file.address.as_str()).collect();
    let file = site.survey.files.iter().find(|file| file.address == address);
    let file = file.unwrap_or_else(|| panic!("no {address} in {all:?}"));
    (&file.state, file.of.as_deref())
}

#[test]
fn files_beside_what_is_hidden_are_hidden() {
    let site = found(&[
        ("_config.yml", "collections:\n  team: {output: true}\n  notes: {output: false}\n  plain:\n"),
        ("_notes/n.md", "---\ntitle: N\n---\n"),
        ("_notes/budget.xlsx", "x"),
        ("_plain/a.pdf", "x"),
        ("_team/jane.md", "---\ntitle: Jane\n---\n"),
        ("_team/jane.jpg", "x"),
        ("secret/index.md", "---\ntitle: S\npublished: false\n---\n"),
        ("secret/plan.pdf", "x"),
        ("secret/data/more/plan.csv", "x"),
        ("open/index.md", "---\ntitle: O\n---\n"),
        ("open/other.md", "---\ntitle: O\npublished: false\n---\n"),
        ("open/a.pdf", "x"),
        ("loose/b.pdf", "x"),
    ]);
    assert!(matches!(state_of(&site, "/notes/budget.xlsx").0, State::Hidden(_)));
    assert!(matches!(state_of(&site, "/plain/a.pdf").0, State::Hidden(_)));
    assert_eq!(state_of(&site, "/secret/plan.pdf").1, Some("secret/index.md"));
    assert_eq!(state_of(&site, "/secret/data/more/plan.csv").1, Some("secret/index.md"));
    for address in ["/team/jane.jpg", "/open/a.pdf", "/loose/b.pdf"] {
        assert_eq!(state_of(&site, address), (&State::Public, None), "{address}");
    }
}

#[test]
fn what_eleventy_does_not_read_is_left_out_and_what_it_lists_nowhere_is_in_no_list() {
    let files = [
        (
            ".eleventy.js",
            "module.exports = (c) => { c.addPassthroughCopy('src/files'); c.ignores.add('src/old/**'); return { dir: { input: 'src' } } }",
        ),
        (".gitignore", "node_modules\n*.local.md\n/src/private/\nsecret.pdf\n"),
        (".eleventyignore", "src/notes.md\n"),
        ("src/.eleventyignore", "inner.md\n"),
        ("src/a.md", "---\ntitle: A\n---\n"),
        ("src/b.local.md", "---\ntitle: B\n---\n"),
        ("src/private/c.md", "---\ntitle: C\n---\n"),
        ("src/notes.md", "---\ntitle: D\n---\n"),
        ("src/inner.md", "---\ntitle: E\n---\n"),
        ("src/old/f.md", "---\ntitle: F\n---\n"),
        ("src/posts/posts.json", "{\"tags\": [\"posts\"]}"),
        ("src/posts/g.md", "---\ntitle: G\neleventyExcludeFromCollections: true\n---\n"),
        ("src/posts/h.md", "---\ntitle: H\neleventyExcludeFromCollections: false\n---\n"),
        ("src/files/open.pdf", "x"),
        ("src/files/secret.pdf", "x"),
    ];
    let site = found(&files);
    let known: Vec<&str> = site.survey.entries.iter().map(|entry| entry.id.as_str()).collect();
    assert_eq!(known, ["src/a.md", "src/posts/g.md", "src/posts/h.md"]);
    let notes = site.notes();
    for path in ["src/b.local.md", "src/private/c.md", "src/notes.md", "src/inner.md", "src/old/f.md"] {
        assert!(site.survey.notes.iter().any(|note| note.place.file == path), "{path}\n{notes}");
    }
    assert_eq!(site.entry("src/posts/g.md").kind, "page");
    assert_eq!(site.entry("src/posts/g.md").field("noindex"), Some(&Value::Bool(true)));
    assert_eq!(site.entry("src/posts/h.md").kind, "posts");
    assert!(matches!(state_of(&site, "/files/secret.pdf").0, State::Hidden(_)));
    assert_eq!(state_of(&site, "/files/open.pdf").0, &State::Public);
    let mut with_git = files;
    with_git[0].1 = "module.exports = (c) => { c.setUseGitIgnore( false ); return { dir: { input: 'src' } } }";
    assert!(found(&with_git).survey.entries.iter().any(|entry| entry.id == "src/private/c.md"));
}

#[test]
fn what_hugo_lists_nowhere_is_in_no_list() {
    let site = hugo(&[
        ("content/posts/a.md", "---\ntitle: A\nbuild:\n  list: never\n---\n"),
        ("content/posts/b.md", "---\ntitle: B\nbuild:\n  list: always\n---\n"),
    ]);
    assert_eq!(
        (site.entry("content/posts/a.md").kind.as_str(), site.entry("content/posts/b.md").kind.as_str()),
        ("page", "posts")
    );
}

#[test]
fn parts_of_tables_strange_styles_and_attributes_hide_too() {
    for body in [
        "a b\n\n<table><tr><td>c</td></tr><tr hidden><td>SECRET</td></tr></table>\n",
        "a b\n\n<table><tr><td>c</td></tr>\n<tbody hidden><tr><td>SECRET</td></tr></tbody></table>\n",
        "a b\n\n<table><tr><td>c</td><td hidden>SECRET</td></tr></table>\n",
        "a b\n\n<table><tr style=\"display:none\"><td>SECRET</td></tr><tr><td>c</td></tr></table>\n",
        "a b\n\n<table><caption class=\"d-none\">SECRET</caption><tr><td>c</td></tr></table>\n",
        "a b\n\n<p style=\"display:/**/none\">SECRET</p>\n",
        "a b\n\n<p style=\"dis\\70 lay:none\">SECRET</p>\n",
        "a b\n\n<div popover>SECRET</div>\n",
        "a b\n\n<style>/* x */ .gone /* y */ { dis\\70 lay: none }</style><p class=\"gone\">SECRET</p>\n",
        "a b\n\n## SECRET {style=\"display:none\"}\n\nc\n",
        "a b\n\nSECRET\n{hidden=true}\n",
        "a b\n\nSECRET\n{style=\"display:none\"}\n",
        "a b\n\n*[ABC]: SECRET\n",
        "a b\n\n<!-- SECRET\n\nSECRET\n",
    ] {
        let (text, said) = of_jekyll(body);
        assert!(!text.contains("SECRET") && text.contains("a b"), "{body}\n→\n{text}");
        assert!(said.contains("SECRET"), "{body}\n{said}");
    }
    let (text, _) =
        of_jekyll("a\n\n## Shown {.x}\n\nSeen {not a list}\n\n<table><tr class=\"x\"><td>c</td></tr></table>\n");
    assert!(text.contains("## Shown") && text.contains("Seen {not a list}") && text.contains("<td>c</td>"), "{text}");
}

/// Whether the report names a file.
fn named(site: &Found, name: &str) -> bool {
    site.survey.notes.iter().any(|note| note.place.file.ends_with(name))
}

#[test]
fn settings_of_hugo_that_leave_files_out_are_obeyed() {
    let page = "---\ntitle: T\ndate: 2024-01-01\n---\nWords.\n";
    let settings = "baseURL = \"https://e.org/\"\nignoreFiles = [\"wip-.*\", \"\\\\.old\\\\.md$\"]\ndisableLanguages = [\"CY\"]\n[languages.en]\n[languages.cy]\n[languages.ga]\ndisabled = true\n[[module.mounts]]\nsource = \"content\"\ntarget = \"content\"\nexcludeFiles = [\"x/**\", \"notes.md\"]\n";
    let site = hugo(&[
        ("config.toml", settings),
        ("content/posts/open.md", page),
        ("content/posts/wip-a.md", page),
        ("content/posts/b.old.md", page),
        ("content/posts/c.cy.md", page),
        ("content/posts/c.ga.md", page),
        ("content/x/d.md", page),
        ("content/notes.md", page),
    ]);
    let all: Vec<&str> = site.survey.entries.iter().map(|entry| entry.id.as_str()).collect();
    assert_eq!(all, ["content/posts/open.md"], "{}", site.notes());
    for name in ["wip-a.md", "b.old.md", "c.cy.md", "c.ga.md", "x/d.md", "notes.md"] {
        assert!(named(&site, name), "{name}");
    }
    let site = hugo(&[
        ("config.toml", "baseURL = \"https://e.org/\"\nignoreFiles = [\"(\"]\n"),
        ("content/posts/open.md", page),
    ]);
    assert!(site.hidden("content/posts/open.md").is_some());
}

#[test]
fn files_that_hugo_gives_nobody_are_left_out_and_named() {
    let site = hugo(&[
        ("content/posts/a/index.md", "---\ntitle: A\nbuild:\n  publishResources: false\n---\nWords.\n"),
        ("content/posts/a/note.txt", "x"),
        ("content/posts/b/index.md", "---\ntitle: B\n---\n![Plan](/used.png)\n"),
        ("content/posts/b/given.txt", "x"),
        ("assets/plan.txt", "x"),
        ("assets/used.png", "x"),
    ]);
    let all: Vec<&str> = site.survey.files.iter().filter_map(|file| file.lies_at.as_deref()).collect();
    assert_eq!(all, ["content/posts/b/given.txt", "assets/used.png"], "{}", site.notes());
    assert!(named(&site, "assets/plan.txt") && named(&site, "a/note.txt"));
}

#[test]
fn fields_that_themes_and_plug_ins_hide_by_hide_here_too() {
    let state = |field: &str| {
        let site = jekyll(&[("_posts/2024-01-01-t.md", &format!("---\ntitle: T\n{field}\n---\nWords.\n"))]);
        site.hidden("_posts/2024-01-01-t.md").map(str::to_owned)
    };
    for field in [
        "access: members",
        "access: [staff]",
        "audience: Internal only",
        "released: false",
        "live: no",
        "draft_until: 2099-01-01",
        "notBefore: 2099-01-01",
        "hold-until: soon",
        "encrypted: true",
        "staticrypt: secret",
    ] {
        assert!(state(field).is_some(), "{field}");
    }
    for field in
        ["access: everybody", "released: true", "draft_until: 2020-01-01", "encrypted: false", "audience: councils"]
    {
        assert_eq!(state(field), None, "{field}");
    }
}
