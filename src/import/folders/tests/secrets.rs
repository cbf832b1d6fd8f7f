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
