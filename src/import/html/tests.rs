//! HTML of every shape → a document → Markdown: the words are all there, or named.

use super::read;
use crate::import::markdown::write;
use crate::import::site::texts::{Links, Target};
use crate::import::tidy;
use crate::markdown::{HtmlPolicy, Options};
use crate::path::SitePath;

/// Links stay what they are.
struct Same;

impl Links for Same {
    fn target(&self, to: &str) -> Target {
        if to.contains("hidden") { Target::Nowhere("the page is hidden") } else { Target::To(to.to_owned()) }
    }

    fn alt(&self, _: &str) -> Option<&str> {
        None
    }
}

/// The Markdown of a fragment, and what is said of it.
fn made(html: &str) -> (String, String) {
    let mut read = read(html, &Same);
    tidy(&mut read.document);
    let options = Options { extensions: true, smart_punctuation: false, html: HtmlPolicy::Sanitise };
    let written = write(&read.document, &options, &SitePath::new("content/x.md").expect("a path"));
    assert!(written.is_exact, "{html}\n{}", written.text);
    (written.text, read.losses.report(true))
}

fn markdown(html: &str) -> String {
    made(html).0
}

#[test]
fn paragraphs_marks_and_links() {
    assert_eq!(
        markdown(
            "<p>One <strong>two</strong> <em>three</em> <a href=\"https://x.org/a\">four</a></p><p>Five<br>six</p>"
        ),
        "One **two** *three* [four](https://x.org/a)\n\nFive\\\nsix\n"
    );
    assert_eq!(markdown("one<br><br>two"), "one\n\ntwo\n");
    assert_eq!(markdown("<p>Unclosed <b>bold<p>next"), "Unclosed **bold**\n\n**next**\n");
    assert_eq!(markdown("<b style=\"font-weight:normal\"><p>Pasted</p></b>"), "Pasted\n");
    assert_eq!(markdown("<p><a href=\"/hidden/\">words</a></p>"), "words\n");
}

#[test]
fn headings_begin_with_two_and_skip_none() {
    assert_eq!(markdown("<h1>A</h1><h4>B</h4><h2><b>C</b></h2>"), "## A\n\n### B\n\n### C\n");
    assert_eq!(
        markdown(
            "<p><a href=\"#why\">why</a> <a href=\"#no\">no</a></p><a name=\"why\"></a><h2>Why?</h2><p id=\"no\">x</p>"
        ),
        "[why](#why) no\n\n## Why? {#why}\n\nx\n"
    );
}

#[test]
fn lists_within_lists() {
    assert_eq!(markdown("<ul><li>a<ul><li>b</li></ul></li></ul>"), "* a\n  * b\n");
    // A list beside its item belongs to it.
    assert_eq!(markdown("<ul><li>a</li><ol start=3><li>c</ol></ul>"), "* a\n\n  3. c\n");
    assert_eq!(markdown("<ol><li>a<li>b</ol>"), "1. a\n2. b\n");
}

#[test]
fn footnotes_of_word_are_notes() {
    let html = "<p>Half.<a href=\"#_ftn1\" name=\"_ftnref1\">[1]</a> More.<sup><a href=\"#_ftn2\" id=\"_ftnref2\">2</a></sup></p>\
        <hr><p><a href=\"#_ftnref1\" name=\"_ftn1\">[1]</a> The <em>first</em>.</p><p><a href=\"#_ftnref2\" name=\"_ftn2\">2</a> The second.</p>";
    assert_eq!(markdown(html), "Half.[^1] More.[^2]\n\n___\n\n[^1]: The *first*.\n\n[^2]: The second.\n");
}

#[test]
fn tables_have_as_many_cells() {
    let (text, said) = made(
        "<table><caption>Shops</caption><tr><td colspan=2>a</td><td>n</td></tr><tr><td rowspan=2>b</td><td>c</td><td>1</td></tr><tr><td><p>d</p><p>e</p></td><td>2</td></tr></table>",
    );
    assert_eq!(text, "**Shops**\n\n| a |  | n |\n|---|---|---:|\n| b | c | 1 |\n|  | d<br>e | 2 |\n");
    assert!(said.contains("span several") && said.contains("no names"), "{said}");
}

#[test]
fn pictures_captions_and_embeds() {
    let (text, said) = made(
        "<figure><a href=\"/u/a.jpg\"><img src=\"/u/a-300x200.jpg\" alt=\"A street\"></a><figcaption>Before <a href=\"/b/\">b</a></figcaption></figure>\
         <iframe src=\"https://www.youtube.com/embed/abc_1?x=1\"></iframe><p><img src=\"/u/b.jpg\"></p>",
    );
    let blocks: Vec<&str> = text.trim_end().split("\n\n").collect();
    assert_eq!(blocks[..2], ["![A street](/u/a-300x200.jpg)", "*Before [b](/b/)*"]);
    assert!(blocks[2].contains("https://www.youtube.com/watch?v=abc_1"), "{text}");
    assert_eq!(blocks[3..], ["![](/u/b.jpg){decorative}"]);
    assert!(said.contains("load nothing from others") && said.contains("decorative"), "{said}");
}

/// How often each Greek letter is in a text: marks may stand within words, and reports have English words of their own.
fn letters(text: &str) -> std::collections::BTreeMap<char, usize> {
    let mut counts = std::collections::BTreeMap::new();
    text.chars().filter(|c| ('α'..='ω').contains(c)).for_each(|c| *counts.entry(c).or_default() += 1);
    counts
}

/// Pieces of HTML as people and programs leave it: unclosed, wrongly nested, of every kind.
fn soup() -> impl proptest::strategy::Strategy<Value = String> {
    use proptest::prelude::*;
    let tag = prop::sample::select(vec![
        "p",
        "div",
        "b",
        "i",
        "a href=/x/",
        "a href=#n id=r",
        "ul",
        "ol",
        "li",
        "table",
        "tr",
        "td",
        "th rowspan=2",
        "td colspan=3",
        "h1",
        "h3",
        "blockquote",
        "pre",
        "code",
        "figure",
        "figcaption",
        "span id=n",
        "sup",
        "details",
        "summary",
        "dl",
        "dt",
        "dd",
        "section",
        "form",
        "button",
        "center",
        "caption",
        "strong",
        "em",
        "s",
        "q",
        "iframe src=/v",
        "video",
        "object",
        "svg",
        "math",
        "select",
        "option",
        "label",
        "p id=n",
        "li id=n",
        "font color=red",
        "tbody",
        "noscript",
        "textarea",
        "u",
        "address",
        "nav",
    ]);
    let piece = prop_oneof![
        5 => "[α-ω]{2,6}",
        3 => Just(" ".to_owned()),
        4 => tag.clone().prop_map(|tag| format!("<{tag}>")),
        4 => tag.prop_map(|tag| format!("</{}>", tag.split(' ').next().unwrap_or_default())),
        1 => prop::sample::select(vec!["<br>", "<hr>", "<img src=/a.jpg alt=pic>", "&amp;", "&nbsp;", "<!-- c -->", "\n", "1", "<"]).prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 1500, ..Default::default() })]

    /// Every word that a browser shows is in the document, or in the report.
    ///
    /// Seen to fail with the words of `dd` left out in silence.
    #[test]
    fn no_word_is_lost_unnamed(html in soup()) {
        let tree = super::tree::Tree::parse(&html);
        let seen = tree.words(0);
        let read = read(&html, &Same);
        let kept = crate::import::structure::structure(&read.document);
        let all = letters(&format!("{kept} {}", read.losses.report(true)));
        for (letter, count) in letters(&seen) {
            let found = all.get(&letter).copied().unwrap_or(0);
            proptest::prop_assert!(found >= count, "lost {} of {}\n{}", letter, html, kept);
        }
    }
}

// Each was public before.
#[test]
fn what_a_browser_does_not_show_is_left_out_and_named() {
    for html in [
        "<p>a</p><div style=\"color:red; DISPLAY : none\"><p>SECRET</p></div>",
        "<p>a <span style='visibility: hidden !important'>SECRET</span></p>",
        "<p>a <b hidden>SECRET</b></p>",
        "<ul><li>a</li><li hidden=\"\">SECRET</li></ul>",
        "<table><tr><td>a</td></tr><tr style=\"display:none\"><td>SECRET</td></tr></table>",
        "<table><tr><td>a</td><td hidden>SECRET</td></tr></table>",
        "<p>a</p><template><p>SECRET</p></template>",
        "<p>a</p><dialog><p>SECRET</p></dialog>",
        "<p>a</p><noscript><p>SECRET</p></noscript>",
        "<p>a</p><pre>b<span style=\"display:none\">SECRET</span></pre>",
        "<p>a <code>b<i hidden>SECRET</i></code></p>",
        "<figure><img src=\"/a.png\" alt=\"a\"><figcaption style=\"display:none\">SECRET</figcaption></figure>",
        "<style>.x, p .note.y { display: none }</style><p>a <i class=\"note y\">SECRET</i></p>",
        "<style>@media screen { #z { display:none } }</style><p>a</p><p id=\"z\">SECRET</p>",
        "<p>a</p><p class=\"d-none\">SECRET</p>",
        "<p>a</p><p class=\"elementor-hidden-desktop elementor-hidden-tablet elementor-hidden-mobile\">SECRET</p>",
        "<p>a <span style=\"mso-hide:all\">SECRET</span><span style=\"font-size:0px\">SECRET</span><span style=\"opacity: 0.0\">SECRET</span></p>",
    ] {
        let (text, said) = made(html);
        assert!(!text.contains("SECRET"), "{html}\n{text}");
        assert!(said.contains("SECRET") && text.contains('a'), "{html}\n{said}");
    }
}

#[test]
fn what_a_browser_shows_stays() {
    for html in [
        "<p style=\"display:block;opacity:0.5\">SHOWN</p>",
        "<p class=\"d-none d-md-block\">SHOWN</p>",
        "<p class=\"hidden md:block\">SHOWN</p>",
        "<style>@media print { .x { display:none } } .y:hover { display:none }</style><p class=\"x y\">SHOWN</p>",
        "<dialog open><p>SHOWN</p></dialog>",
        "<p class=\"elementor-hidden-mobile\">SHOWN</p>",
    ] {
        let (text, said) = made(html);
        assert!(text.contains("SHOWN"), "{html}\n{said}");
    }
}

#[test]
fn what_is_only_in_attributes_is_carried_or_named() {
    assert_eq!(
        markdown(
            "<p><a href=\"https://x.org/a\" title=\"The report\">here</a> <a href=\"https://x.org/b\" title=\"b\">B</a></p>"
        ),
        "[here](https://x.org/a \"The report\") [B](https://x.org/b)\n"
    );
    for (html, wanted) in [
        ("<p>a</p><video src=\"https://x.org/v.mp4\" poster=\"https://x.org/p.jpg\"></video>", "p.jpg"),
        ("<p>The <abbr title=\"Office for National Statistics\">ONS</abbr></p>", "Office for National Statistics"),
        ("<p>a <a name=\"figures\"></a> b</p>", "#figures"),
        ("<p>a <img src=\"data:image/png;base64,AAAA\" alt=\"Chart\"></p>", "Chart"),
    ] {
        let (_, said) = made(html);
        assert!(said.contains(wanted), "{html}\n{said}");
    }
}
