//! What the reader promises: all of CommonMark, nothing unsafe under `Sanitise`, every place inside the file.

use super::*;
use crate::diagnostic::{Code, Diagnostic};
use html5gum::{Token, Tokenizer};

mod line_ends;
mod figures;
mod properties;
mod quotes;
mod signs;
mod unread;

/// Answers as plainly as possible: CommonMark's own HTML.
struct Plain;

impl PageContext for Plain {
    fn link(&mut self, link: &Link) -> Option<LinkTarget> {
        Some(LinkTarget { href: link.to.clone(), rel: None })
    }
    fn image(&mut self, image: &Image, out: &mut String) {
        out.push_str("<img src=\"");
        escape::escape_address(&image.to, out);
        out.push_str("\" alt=\"");
        escape::escape(&image.alt, out);
        if !image.title.is_empty() {
            out.push_str("\" title=\"");
            escape::escape(&image.title, out);
        }
        out.push('"');
        out.push_str(&image.attributes);
        out.push_str(" />");
    }
    fn code(&mut self, code: &CodeBlock, out: &mut String) {
        out.push_str("<pre><code");
        if !code.language.is_empty() {
            out.push_str(" class=\"language-");
            escape::escape(&code.language, out);
            out.push('"');
        }
        out.push('>');
        escape::escape(&code.text, out);
        out.push_str("</code></pre>");
    }
    fn figure(&mut self, id: &str) -> Option<(String, String)> {
        (id != "fig-none").then(|| (format!("#{id}"), "Figure 3".to_owned()))
    }

    fn directive(&mut self, _: usize, directive: &Directive, body: &str, out: &mut String) {
        out.push_str(&format!("<aside class=\"{}\">\n{body}</aside>", directive.name));
    }
    fn word(&self, key: &'static str) -> String {
        WORDS.iter().find(|(known, _)| *known == key).expect("a word of the list").1.to_owned()
    }
}

fn options(html: HtmlPolicy) -> Options {
    Options { extensions: true, smart_punctuation: false, html }
}

fn file() -> SitePath {
    SitePath::new("content/a.md").expect("inside")
}

fn html_of(doc: &Doc) -> String {
    let mut out = String::new();
    write_html(doc, &mut Plain, &mut out);
    out
}

fn read_with(text: &str, html: HtmlPolicy) -> (String, Found<Doc>) {
    let found = read(&file(), text, 0, &options(html));
    (html_of(&found.value), found)
}

fn html(text: &str) -> String {
    read_with(text, HtmlPolicy::Sanitise).0
}

/// The codes of the faults of `text`, each with what it underlines.
fn faults(text: &str) -> Vec<(&'static str, String)> {
    let found = read_with(text, HtmlPolicy::Sanitise).1;
    let under = |fault: &Diagnostic| {
        let span = fault.span.as_ref().expect("a place");
        (fault.code.as_str(), text[span.start..span.end].to_owned())
    };
    found.faults.iter().map(under).collect()
}

#[test]
fn commonmark_passes_whole() {
    let examples: serde_json::Value =
        serde_json::from_str(include_str!("../../tests/commonmark/spec-0.31.2.json")).expect("the fixture is JSON");
    let options = Options { extensions: false, smart_punctuation: false, html: HtmlPolicy::Allow };
    let mut failed = Vec::new();
    let examples = examples.as_array().expect("a list");
    assert_eq!(examples.len(), 652);
    for example in examples {
        let text = |key: &str| example[key].as_str().expect("text").to_owned();
        let got = html_of(&read(&file(), &text("markdown"), 0, &options).value);
        if got.trim_end() != text("html").trim_end() {
            failed.push(format!(
                "{}\n{:?}\nwanted {:?}\ngot    {got:?}",
                example["example"],
                text("markdown"),
                text("html")
            ));
        }
    }
    assert!(failed.is_empty(), "{} failed\n{}", failed.len(), failed.join("\n\n"));
}

/// What a browser would see that the list does not allow.
fn forbidden(html: &str) -> Vec<String> {
    const OURS: &[&str] = &["tabindex", "scope", "src", "href", "alt", "id", "class", "role", "title", "start"];
    let mut wrong = Vec::new();
    for token in Tokenizer::new(html) {
        let Ok(token) = token;
        match token {
            Token::StartTag(tag) => {
                let name = String::from_utf8_lossy(&tag.name).into_owned();
                let ours = matches!(name.as_str(), "aside" | "section" | "dl" | "dt" | "dd");
                let ours = ours || mathml::ELEMENTS.contains(&name.as_str());
                if !ours && !allowed::ELEMENTS.contains(&name.as_str()) {
                    wrong.push(format!("<{name}>"));
                }
                for (key, value) in &tag.attributes {
                    let key = String::from_utf8_lossy(key).into_owned();
                    let value = String::from_utf8_lossy(&value.value).into_owned();
                    let own =
                        allowed::OWN_ATTRIBUTES.iter().any(|(of, own)| *of == name && own.contains(&key.as_str()));
                    let known = allowed::ATTRIBUTES.contains(&key.as_str()) || OURS.contains(&key.as_str()) || own;
                    let known = known
                        || mathml::ELEMENTS.contains(&name.as_str()) && mathml::ATTRIBUTES.contains(&key.as_str());
                    if !known && !key.starts_with("aria-") {
                        wrong.push(format!("{key}="));
                    }
                    if matches!(key.as_str(), "href" | "src" | "cite") && escape::runs_code(&value) {
                        wrong.push(value);
                    }
                }
            }
            Token::Comment(_) | Token::Doctype(_) => wrong.push("a comment".to_owned()),
            Token::EndTag(_) | Token::String(_) | Token::Error(_) => {}
        }
    }
    wrong
}

/// The elements of `html` that lack a start or an end tag, except those whose end tag may be omitted.
fn unbalanced(html: &str) -> Vec<String> {
    const LOOSE: &[&str] =
        &["p", "li", "dt", "dd", "rt", "rp", "td", "th", "tr", "thead", "tbody", "tfoot", "caption", "colgroup"];
    let mut open: Vec<String> = Vec::new();
    let mut wrong = Vec::new();
    for token in Tokenizer::new(html) {
        let Ok(token) = token;
        match token {
            Token::StartTag(tag) => open.push(String::from_utf8_lossy(&tag.name).into_owned()),
            Token::EndTag(tag) => {
                let name = String::from_utf8_lossy(&tag.name).into_owned();
                let loose = |open: &String| LOOSE.contains(&open.as_str()) || allowed::VOID.contains(&open.as_str());
                while open.last().is_some_and(|last| *last != name && loose(last)) {
                    open.pop();
                }
                if open.pop().as_ref() != Some(&name) && !LOOSE.contains(&name.as_str()) {
                    wrong.push(name);
                }
            }
            _ => {}
        }
    }
    open.retain(|name| !LOOSE.contains(&name.as_str()) && !allowed::VOID.contains(&name.as_str()));
    wrong.extend(open);
    wrong
}

const ATTACKS: &[&str] = &[
    "<script>alert(1)</script>",
    "text <ScRiPt>alert(1)</sCrIpT > after",
    "<script\n>alert(1)\n\n</script>",
    "<img src=x onerror=alert(1)>",
    "<img src=\"x\" OnError = 'alert(1)'>",
    "<img/src=x/onerror=alert(1)>",
    "a <svg/onload=alert(1)> b",
    "<svg><script>alert(1)</script></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href=\"java&#x0A;script:alert(1)\">x</a>",
    "<a href=\"&#106;avascript:alert(1)\">x</a>",
    "<a href=\" \u{1}javascript:alert(1)\">x</a>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<a href=\"vbscript:x\">x</a> <a href=\"data:text/html,x\">y</a>",
    "[x](javascript:alert(1)) [y](JaVaScRiPt:alert(1)) [z](data:text/html;base64,xx)",
    "[x](<java\tscript:alert(1)>) ![x](javascript:alert(1)) <javascript:alert(1)>",
    "[x](&#x6a;avascript:alert(1))\n\n[r]\n\n[r]: javascript:alert(1)",
    "<div style=\"background:url(javascript:alert(1))\">x</div>",
    "<p style=x>*a*</p> <b style='x'>b</b>",
    "<div\n\nonclick=alert(1)>x",
    "<div title=\"\n\n\"onclick=alert(1)>",
    "<b title='a>b' onclick=x>bold</b>",
    "<!-- <script>alert(1)</script>",
    "<!-- a --!> <script>alert(1)</script> -->",
    "<!--> <img src=x onerror=alert(1)> -->",
    "text <!-- a --!> <img src=x onerror=alert(1)> -->",
    "<? x > <img src=x onerror=alert(1)> ?>",
    "<![CDATA[ > <img src=x onerror=alert(1)> ]]>",
    "<!DOCTYPE x [ > <img src=x onerror=alert(1)> ]>",
    "*a <b onclick=x* onload=y>",
    "<a href=\"x\" `onclick=alert(1)`>x</a>",
    "<iframe src=x></iframe><object data=x></object><embed src=x>",
    "<form action=javascript:x><button formaction=javascript:x>y</button></form>",
    "<input autofocus onfocus=alert(1)>",
    "<textarea><img src=x onerror=alert(1)></textarea>",
    "<title><img src=x onerror=alert(1)></title>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<xmp><img src=x onerror=alert(1)></xmp>",
    "<plaintext><img src=x onerror=alert(1)>",
    "<template><script>x</script></template>",
    "<base href=//evil><link rel=stylesheet href=//evil><meta http-equiv=refresh content=0>",
    "<details ontoggle=alert(1) open>x</details>",
    "<video><source onerror=alert(1)></video>",
    "<a href=x onclick=y>[z](w)</a>",
    "</div></main></body><p>",
    "<li><ul></li></ul></ol>",
    "<b><i></b></i>",
    "*<b>x*</b>",
    "| <b>a | </b>b |\n|--|--|\n| <div> | </table> |",
    "> <div>\n\n</div>",
    "<img alt=\"&quot;><script>x</script>\" src=x>",
    "![\"><script>alert(1)</script>](x \"\\\"><script>\")",
    "```\"><script>\nx\n```",
    "# h {#\"><script> .\"><script>}",
    "[^\"><script>]\n\n[^\"><script>]: x",
    ":::n\"><script> {a=\"><script>\"}\n<b>\n:::\n</b>",
    "<b\u{0}onclick=x>y</b> <\u{0}script>x",
    "<sc<script>ript>alert(1)</sc</script>ript>",
    "<<b>script>alert(1)<</b>/script>",
    "<a\u{c}href=javascript:x>y</a>",
];

#[test]
fn nothing_unsafe_comes_through() {
    for attack in ATTACKS {
        for policy in [HtmlPolicy::Sanitise, HtmlPolicy::Escape] {
            let html = read_with(attack, policy).0;
            assert_eq!(forbidden(&html), Vec::<String>::new(), "{attack:?} became {html}");
            assert_eq!(unbalanced(&html), Vec::<String>::new(), "{attack:?} became {html}");
        }
        let html = read_with(attack, HtmlPolicy::Allow).0;
        let styled = |token| matches!(token, Ok(Token::StartTag(tag)) if tag.attributes.contains_key(&b"style"[..]));
        assert!(!Tokenizer::new(&html).any(styled), "{attack:?} became {html}");
    }
}

#[test]
fn attacks_are_reported() {
    for attack in ["<script>x</script>", "<b onclick=x>y</b>", "<p style=x>a</p>", "a <iframe src=x>", "<div\n\nx"] {
        assert!(faults(attack).iter().any(|(code, _)| *code == "html-removed"), "{attack}");
    }
    assert_eq!(faults("<a href='javascript:x'>words</a>")[0].0, "unsafe-address");
}

#[test]
fn what_commonmark_lacks() {
    let same = |text: &str, wanted: &str| assert_eq!(html(text).trim_end(), wanted, "{text}");
    same(
        "H~2~O, x^2^, 10^th^, ~~gone~~, ~100 to 200~ \\~2~",
        "<p>H<sub>2</sub>O, x<sup>2</sup>, 10<sup>th</sup>, <del>gone</del>, ~100 to 200~ ~2~</p>",
    );
    same("^a^b", "<p><sup>a</sup>b</p>");
    same("![](a.jpg){decorative} b", "<p><img src=\"a.jpg\" alt=\"\" /> b</p>");
    same(
        "$x<y$ for $5-$10\n\n$$\na\n$$",
        "<p><math><mi>x</mi><mo>&lt;</mo><mi>y</mi></math> for $5-$10</p>\n\
         <div class=\"math\"><math display=\"block\"><mi>a</mi></math></div>",
    );
    same("Term\n: What", "<dl>\n<dt>Term</dt>\n<dd>What</dd>\n</dl>");
    same(
        "> [!TIP]\n> *a*",
        "<div class=\"alert alert-tip\" role=\"note\">\n<p class=\"alert-title\">Tip</p>\n<p><em>a</em></p>\n</div>",
    );
    same("- [x] a", "<ul>\n<li><span class=\"task task-done\" role=\"img\" aria-label=\"Done\"></span> a</li>\n</ul>");
    same(
        "|  | b |\n|--|--:|\n| x | y |",
        "<div class=\"table\" role=\"group\" tabindex=\"0\" aria-label=\"Table\"><table><thead><tr><td></td><th scope=\"col\" \
         class=\"align-right\">b</th></tr></thead><tbody>\n<tr><td>x</td><td class=\"align-right\">y</td></tr>\n</tbody></table></div>",
    );
}

#[test]
fn bare_addresses_are_links() {
    let links = |text: &str| -> Vec<String> {
        let found = read_with(text, HtmlPolicy::Sanitise).1;
        let links = &found.value.links;
        for link in links {
            let bare = link.to.ends_with(&link.text);
            assert!(!bare || text[link.span.clone()] == link.text, "{link:?}");
        }
        links.iter().map(|link| link.to.clone()).collect()
    };
    assert_eq!(
        links("See https://example.org/a_b--c?x=1&y=2, or (www.x.org/y(z))."),
        ["https://example.org/a_b--c?x=1&y=2", "https://www.x.org/y(z)"]
    );
    assert_eq!(links("*https://a.org* mail first_last@x.co.uk."), ["https://a.org", "mailto:first_last@x.co.uk"]);
    assert_eq!(
        links("`https://a.org` [https://a.org](b.md) <a href=\"c\">www.d.org</a> xhttp://e.org a@b"),
        ["b.md", "c"]
    );
    assert_eq!(links("```\nhttps://a.org\n```\n![www.a.org](b.png)"), Vec::<String>::new());
}

#[test]
fn links_know_where_they_are_written() {
    let text = "[a](<../b.md> \"T\") [c][r] <d@e.org> <a class=x href=\"f\">g</a>\n\n[r]: /h\n";
    let found = read(&file(), &format!("{text} "), 100, &options(HtmlPolicy::Sanitise));
    let places: Vec<&str> =
        found.value.links.iter().map(|link| &text[link.span.start - 100..link.span.end - 100]).collect();
    assert_eq!(places, ["../b.md", "/h", "d@e.org", "<a class=x href=\"f\">"]);
    assert_eq!(found.value.links[3].attributes, " class=\"x\"");
}

#[test]
fn headings_have_ids_that_stay() {
    let text = "## Two\n\n### Two\n\n## Ünï *code* `x`\n\n## Other {#two .wide}\n\n## ???\n";
    let doc = read_with(text, HtmlPolicy::Sanitise).1.value;
    let ids: Vec<&str> = doc.outline.iter().map(|heading| heading.id.as_str()).collect();
    assert_eq!(ids, ["two-2", "two-3", "uni-code-x", "two", "section"]);
    assert_eq!(
        (doc.outline[2].text.as_str(), doc.outline[3].classes.as_slice()),
        ("Ünï code x", &["wide".to_owned()][..])
    );
    assert_eq!(doc.anchors.len(), 5);
}

#[test]
fn notes_are_numbered_as_a_reader_meets_them() {
    let text =
        "[^b]: Bee[^c]\n\n:::box\nOne[^a]\n:::\n\nTwo[^b] again[^a]\n\n[^a]: Ay\n[^c]: Sea\n[^d]: unused\n\nno[^e]";
    let (html, found) = read_with(text, HtmlPolicy::Sanitise);
    assert_eq!(found.value.notes.iter().map(|note| note.references).collect::<Vec<_>>(), [2, 1, 1]);
    let order: Vec<usize> = ["Ay", "Bee", "Sea"].iter().map(|word| html.find(word).expect("shown")).collect();
    assert!(order.is_sorted(), "{html}");
    for (from, to) in [("fnref_1_1", "fn_1"), ("fnref_1_2", "fn_1"), ("fnref_3_1", "fn_3")] {
        assert!(
            html.contains(&format!("id=\"{from}\" href=\"#{to}\"")) && html.contains(&format!("href=\"#{from}\"")),
            "{html}"
        );
    }
    assert_eq!(faults(text), [("footnote-missing", "[^e]".to_owned()), ("footnote-unused", "[^d]: unused".to_owned())]);
}

#[test]
fn directives_nest_and_definitions_work_across_them() {
    let text = "Para\n:::callout A title {kind=\"a \\\"b\" n=3 r=1.5 wide #id .c .d}\nText [r]\n\n:::inner\n- a\n:::\n:::\nAfter\n\n> :::q\n> z\n> :::\n\n[r]: /x\n";
    let (html, found) = read_with(text, HtmlPolicy::Sanitise);
    assert_eq!(found.faults, []);
    assert_eq!(
        html.trim_end(),
        "<p>Para</p>\n<aside class=\"callout\">\n<p>Text <a href=\"/x\">r</a></p>\n<aside class=\"inner\">\n<ul>\n<li>a</li>\n\
         </ul>\n</aside>\n</aside>\n<p>After</p>\n<blockquote>\n<aside class=\"q\">\n<p>z</p>\n</aside>\n</blockquote>"
    );
    let directive = &found.value.directives[0];
    use crate::data::RawKind::{Bool, Float, Int, Text};
    let attributes: Vec<_> =
        directive.attributes.iter().map(|(key, raw)| (key.name.as_str(), raw.kind.clone())).collect();
    let text_of = |text: &str| Text(text.to_owned());
    assert_eq!(
        attributes,
        [
            ("title", text_of("A title")),
            ("kind", text_of("a \"b")),
            ("n", Int(3)),
            ("r", Float(1.5)),
            ("wide", Bool(true)),
            ("id", text_of("id")),
            ("class", text_of("c d"))
        ]
    );
    assert_eq!(&text[directive.name_span.clone()], "callout");
    assert!(text[directive.span.clone()].starts_with(":::callout") && text[directive.span.clone()].ends_with(":::"));
    assert_eq!(found.value.anchors, ["id"]);
}

#[test]
fn fences_in_code_and_comments_are_left_alone() {
    let text = "```\n:::a\n```\n\n> ~~~\n> :::b\n> ~~~\n\n    :::c\n\n<!--\n:::d\n-->\n\n<? x ?>\n\n:::e\ny\n:::\n";
    let (html, found) = read_with(text, HtmlPolicy::Sanitise);
    assert_eq!(found.faults, []);
    assert!(
        html.contains(":::a") && html.contains(":::b") && html.contains(":::c") && !html.contains(":::d"),
        "{html}"
    );
    assert!(html.contains("<aside class=\"e\">\n<p>y</p>\n</aside>") && !html.contains("<?"), "{html}");
}

#[test]
fn faults_say_where() {
    let one = |text: &str, code: &str, under: &str| assert_eq!(faults(text), [(code, under.to_owned())], "{text}");
    one(":::a\nx", "directive-unclosed", ":::a");
    one("x\n:::\n", "directive-unopened", ":::");
    one("> :::a\n> x\n\n:::\n", "directive-unclosed", ":::a");
    one(":::a\n- x\n  :::\n", "directive-unopened", ":::");
    one(":::a {x=\"}\ny\n:::", "directive-attributes", "\"}");
    one(":::{.a}\ny\n:::", "directive-attributes", "{.a}");
    one("![](a/bridge.jpg)", "image-without-description", "![](a/bridge.jpg)");
    one("<img src=bridge.jpg>", "image-without-description", "<img src=bridge.jpg>");
    one("# One", "heading-one", "# One");
    one("## Two\n\n#### Four\n", "heading-skip", "#### Four");
    one("##\n", "empty-heading", "##");
    one("## A {#x}\n\n## B {#x}\n", "duplicate-anchor", "## B {#x}");
    one("[Click here](a.md)!", "vague-link", "[Click here](a.md)");
    one("[](a.md)", "empty-link-text", "[](a.md)");
    one("[a](data:x)", "unsafe-address", "[a](data:x)");
    one("[^a]: x\n\n[^a]: y\n\nz[^a]", "footnote-twice", "[^a]: y");
    one("x <!-- secret\n\nmore -->", "comment-unclosed", "<!--");
    one("x <!- secret -> more", "comment-unclosed", "<!-");
    one("<!-- secret\n\nmore", "comment-unclosed", "<!-- secret\n\nmore");
    one("ö <b onclick=x>y</b>", "html-removed", "<b onclick=x>");
    one("- <div>\n\n  x\n", "html-unclosed", "<div>");
    assert_eq!(faults("a \\[^x] `[^x]` [x^y] b \\<!-- c --> `<!--`"), []);
    let message = read_with("![](a/bridge.jpg)", HtmlPolicy::Sanitise).1.faults[0].message.clone();
    assert_eq!(message, "`bridge.jpg` has no description; write what it shows, or mark it decorative");
}

#[test]
fn raw_html_keeps_pairs_over_markdown() {
    let text =
        "<div class=x id=i>\n\n*md* <kbd>k</kbd>\n\n</div>\n\n<details><summary>S</summary>\n\n- a\n\n</details>\n";
    let (html, found) = read_with(text, HtmlPolicy::Sanitise);
    assert_eq!(found.faults, []);
    assert_eq!(
        html,
        "<div class=\"x\" id=\"i\">\n<p><em>md</em> <kbd>k</kbd></p>\n</div>\n<details><summary>S</summary>\n<ul>\n<li>a</li>\n\
         </ul>\n</details>\n"
    );
    assert_eq!(found.value.anchors, ["i"]);
    let comment = "a <!-- no --> b\n\n<!--\nno\n-->\n";
    for policy in [HtmlPolicy::Allow, HtmlPolicy::Sanitise, HtmlPolicy::Escape] {
        let html = read_with(comment, policy).0;
        assert!(!html.contains("no") && !html.contains("--"), "{html}");
    }
    assert_eq!(read_with("<b>x</b> <!-- -->", HtmlPolicy::Escape).0, "<p>&lt;b&gt;x&lt;/b&gt; </p>\n");
}

#[test]
fn prose_is_one_paragraph() {
    let prose = |text: &str| {
        let found = read_inline(&file(), text, 0, &options(HtmlPolicy::Sanitise));
        (html_of(&found.value), found.faults.iter().map(|fault| fault.code).collect::<Vec<_>>())
    };
    assert_eq!(prose("A *b* [c](d)"), ("A <em>b</em> <a href=\"d\">c</a>".to_owned(), Vec::new()));
    assert_eq!(prose(""), (String::new(), Vec::new()));
    assert_eq!(prose("![x](y)"), ("<img src=\"y\" alt=\"x\" />".to_owned(), Vec::new()));
    assert_eq!(prose("<!-- x -->\n\nA").1, []);
    assert_eq!(prose("A\n\nB"), ("<p>A</p>\n<p>B</p>\n".to_owned(), vec![Code::ProseWithBlocks]));
    assert_eq!(prose("- A").1, [Code::ProseWithBlocks]);
}

#[test]
fn plain_text_has_the_words_and_nothing_else() {
    let text = "## H *x*\n\nA&amp;B `c<d` <b title=\"no>no\">e</b>fg[^1] ![alt](i.png)\n\n- one\n- two\n\n<script>no</script>\n\n[^1]: Note\n";
    let doc = read_with(text, HtmlPolicy::Allow).1.value;
    assert_eq!(plain_text(&doc, &|_| None), "H x\nA&B c<d efg alt\none\ntwo\nNote");
    assert_eq!(read_with("It's 3.2 – *half*-way, ök", HtmlPolicy::Allow).1.value.word_count, 4);
}

#[test]
fn code_is_coloured_in_our_classes() {
    let html = highlight::highlight("rust", "fn a() { \"<b>\" } // c\n/* x\ny */");
    assert!(
        html.contains("<span class=\"hl-keyword\">fn") && html.contains("&lt;b&gt;") && !html.contains("<b>"),
        "{html}"
    );
    assert!(html.lines().all(|line| line.matches("<span").count() == line.matches("</span>").count()), "{html}");
    assert_eq!(highlight::highlight("nobody-knows", "a<b"), "a&lt;b");
    assert_eq!(highlight::highlight("", "a&b"), "a&amp;b");
}

#[test]
fn colours_have_contrast() {
    let luminance = |hex: &str| {
        let channel = |at: usize| {
            let value = f64::from(u8::from_str_radix(&hex[at..at + 2], 16).expect("a colour")) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
    };
    for (class, light, dark) in highlight::COLOURS {
        let (light_ground, dark_ground) = (luminance("#f6f6f4"), luminance("#16191d"));
        assert!((light_ground + 0.05) / (luminance(light) + 0.05) >= 4.5, "{class}");
        assert!((luminance(dark) + 0.05) / (dark_ground + 0.05) >= 4.5, "{class}");
    }
}

#[test]
fn deep_nesting_needs_no_stack() {
    for text in
        [">".repeat(50_000), "[".repeat(50_000), "<b>".repeat(20_000), ":::a\n".repeat(20_000), "*a ".repeat(20_000)]
    {
        let doc = read_with(&text, HtmlPolicy::Sanitise).1.value;
        plain_text(&doc, &|_| None);
    }
}

#[test]
fn another_form_of_code_has_another_name() {
    let all = ["rust", "toml", "python", "html", "json", "bash"].map(|language| {
        highlight::highlight(
            language,
            "fn a() { \"<b>\" } // c\n[a]\nb = 5 # d\ndef e(): return 'f'\n<p class=\"g\">\n",
        )
    });
    let hash = blake3::hash(all.join("\n").as_bytes()).to_hex();
    assert_eq!(
        (highlight::FORM, &hash[..16]),
        (concat!("pamphlet ", env!("CARGO_PKG_VERSION"), " code 1"), "0a2f9f74b6deac52"),
        "code looks different now: count up `FORM`, so that nothing of the former form is taken from a cache"
    );
}

#[test]
fn a_tree_says_what_a_text_consists_of() {
    use tree::{Kind::*, Step, walk};
    let text = "## A *b*\n\n> :::note\n> - one[^n]\n> :::\n\n<b>c</b>\n\n[^n]: Note\n";
    let doc = read_with(text, HtmlPolicy::Sanitise).1.value;
    let mut said = Vec::new();
    let mut depth = 0;
    for step in walk(&doc.nodes).chain(doc.notes.iter().flat_map(|note| walk(&note.nodes))) {
        match step {
            Step::Leave(_) => depth -= 1,
            Step::Enter(node) => {
                let words = match &node.kind {
                    Text(words) => format!(" {}", words.of(&doc.words)),
                    Element(element) => format!(" <{}>", element.name),
                    _ => String::new(),
                };
                let kind = format!("{:?}", node.kind);
                let name = kind.split(|c: char| !c.is_alphanumeric()).next().unwrap_or("");
                said.push(format!("{}{name}{words} = {:?}", "  ".repeat(depth), &text[node.span()]));
                depth += 1;
            }
        }
    }
    let said = said.join("\n");
    let wanted = r###"Heading = "## A *b*\n"
  Text A  = "A "
  Emphasis = "*b*"
    Text b = "b"
Quote = "> :::note\n> - one[^n]\n> :::\n"
  Directive = ":::note\n> - one[^n]\n> :::"
    List = "- one[^n]\n"
      Item = "- one[^n]\n"
        Text one = "one"
        NoteReference = "[^n]"
Paragraph = "<b>c</b>\n"
  Element <b> = "<b>c</b>"
    Text c = "c"
Paragraph = "Note\n"
  Text Note = "Note""###;
    assert_eq!(said, wanted, "{said}");
}

#[test]
fn a_description_is_the_first_paragraph() {
    let words = "We asked who owns the shops.";
    let before = [
        "![A street](photo.png)\n\n",
        "## Introduction\n\n",
        "![A street](photo.png) ",
        "> [!NOTE]\n> Mind this.\n\n",
        "* one\n* two\n\n",
        "| A | B |\n|---|---|\n| 1 | 2 |\n\n",
        ":::callout Mind\nA box.\n:::\n\n",
        "> A quotation.\n\n",
        "```\ncode\n```\n\n",
        "<div class=\"x\">HTML</div>\n\n",
        "---\n\n",
        "<!-- a comment -->\n\n",
        "Contents:\n\n* [One](#one)\n\n## One\n\n",
        "Term\n: Definition of it.\n\n",
        "[![A street](photo.png)](/about/)\n\n",
        "- [x] done\n\n",
        "<details><summary>More</summary>Words</details>\n\n",
    ];
    for before in before {
        let doc = read_with(&format!("{before}{words}[^1]\n\nMore.\n\n[^1]: A note."), HtmlPolicy::Sanitise).1.value;
        assert_eq!(first_paragraph(&doc, &|_| None), words, "{before}");
    }
    let of = |text: &str| first_paragraph(&read_with(text, HtmlPolicy::Sanitise).1.value, &|_| None);
    assert_eq!(of("## Only a heading"), "");
    assert_eq!(of("![A street](photo.png)"), "");
    assert_eq!(of("<p>HTML paragraph.</p>\n\nMore."), "HTML paragraph.");
    assert_eq!(of("1. First step\n2. Second"), "First step\nSecond");
}
