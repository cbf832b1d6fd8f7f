//! Whatever is written, reading it never fails, every place is inside the file, and nothing unsafe comes out.

use super::*;
use proptest::prelude::*;

/// Every place that a document or a fault names.
fn places(found: &Found<Doc>) -> Vec<Range<usize>> {
    let doc = &found.value;
    let mut places = Vec::new();
    for directive in &doc.directives {
        places.extend([directive.span.clone(), directive.name_span.clone()]);
        places.extend(directive.attributes.iter().flat_map(|(key, raw)| [key.span.clone(), raw.span.clone()]));
    }
    let notes = doc.notes.iter().flat_map(|note| &note.nodes);
    places.extend(doc.nodes.iter().chain(notes).map(tree::Node::span));
    places.extend(doc.outline.iter().map(|heading| heading.span.clone()));
    places.extend(doc.links.iter().map(|link| link.span.clone()));
    places.extend(doc.images.iter().map(|image| image.span.clone()));
    places.extend(doc.codes.iter().map(|code| code.span.clone()));
    for fault in &found.faults {
        places.extend(
            fault.span.iter().chain(fault.labels.iter().map(|(span, _)| span)).map(|span| span.start..span.end),
        );
    }
    places
}

/// What is wrong with the nesting of nodes: one that extends beyond the one around it, or that may have nothing inside it
/// but does.
fn misplaced(nodes: &[tree::Node]) -> Vec<String> {
    let (mut wrong, mut open) = (Vec::new(), Vec::<&tree::Node>::new());
    for step in tree::walk(nodes) {
        match step {
            tree::Step::Enter(node) => {
                if let Some(around) = open.last() {
                    let (inner, outer) = (node.span(), around.span());
                    if inner.start < outer.start || inner.end > outer.end {
                        wrong.push(format!("{:?} at {inner:?} in {:?} at {outer:?}", node.kind, around.kind));
                    }
                    use tree::Kind::*;
                    if matches!(
                        around.kind,
                        Text(_) | InlineCode(_) | Math { .. } | Image(_) | SoftBreak | Rule | NewLine | Html(_)
                    ) {
                        wrong.push(format!("{:?} in {:?}", node.kind, around.kind));
                    }
                }
                open.push(node);
            }
            tree::Step::Leave(node) => {
                if !open.pop().is_some_and(|last| std::ptr::eq(last, node)) {
                    wrong.push(format!("{:?} is left before what is inside it", node.kind));
                }
            }
        }
    }
    wrong.extend(open.iter().map(|node| format!("{:?} is not left", node.kind)));
    wrong
}

fn fragment() -> impl Strategy<Value = String> {
    let fixed = prop::sample::select(vec![
        "# ",
        "## H {#a .b}",
        "\n",
        "\n\n",
        "\r\n",
        "- ",
        "1. ",
        "> ",
        "    ",
        "\t",
        "```",
        "~~~",
        "`",
        "*",
        "**",
        "_",
        "~~",
        "~2~",
        "^2^",
        "[",
        "]",
        "(",
        ")",
        "![",
        "](x.md)",
        "![](x)",
        "{decorative}",
        "[^1]",
        "[^1]: ",
        "[^b]",
        "[r]: /u \"t\"\n",
        "[r]",
        "<",
        ">",
        "<div>",
        "</div>",
        "<b",
        "<b>",
        "</b>",
        "<a href=\"x\">",
        "</a>",
        "<img src=x alt=y>",
        "<!--",
        "-->",
        "<?",
        "?>",
        "<script>",
        "</script>",
        "<svg/onload=x>",
        "style=\"x\"",
        "onclick='y'",
        ":::",
        "\n:::note\n",
        "\n:::\n",
        "\n:::n T {a=1 #i}\n",
        "{",
        "}",
        "|",
        "\n|a|b|\n|--|:-:|\n|c|d|\n",
        "$",
        "$$",
        "\\",
        "&amp;",
        "&#x3c;",
        "http://x.org/a_b",
        "www.x.org",
        "a@b.org",
        "--",
        "...",
        "\"",
        "'",
        ": ",
        "[!NOTE]\n",
        "- [x] ",
        "ö",
        "漢字",
        "\u{feff}",
        "\u{0}",
        "\u{a0}",
        "word",
        " ",
        "e\u{301}",
        "👍🏽",
    ]);
    prop_oneof![8 => fixed.prop_map(str::to_owned), 1 => any::<char>().prop_map(String::from)]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    /// Seen to fail when HTML is not closed where its element of Markdown ends, when the end of a dropped element is
    /// taken from inside emphasis, and when the depth of a block of HTML is counted wrongly.
    #[test]
    fn any_text_is_read(parts in prop::collection::vec(fragment(), 0..40), cut in 0usize..200, smart: bool) {
        let mut text = parts.concat();
        let mut at = cut.min(text.len());
        while !text.is_char_boundary(at) { at -= 1; }
        if cut < 60 { text.truncate(at); }
        let before = "título: x\n";
        let whole = format!("{before}{text}");
        for policy in [HtmlPolicy::Sanitise, HtmlPolicy::Escape, HtmlPolicy::Allow] {
            let options = Options { extensions: true, smart_punctuation: smart, html: policy };
            let found = read(&file(), &text, before.len(), &options);
            for place in places(&found) {
                prop_assert!(place.start >= before.len() && place.start <= place.end && whole.get(place.clone()).is_some(), "{place:?} in {whole:?}");
            }
            for nodes in std::iter::once(&found.value.nodes).chain(found.value.notes.iter().map(|note| &note.nodes)) {
                prop_assert_eq!(misplaced(nodes), Vec::<String>::new(), "{:?}", text);
            }
            let html = html_of(&found.value);
            if policy != HtmlPolicy::Allow {
                prop_assert_eq!(forbidden(&html), Vec::<String>::new(), "{:?} became {}", text, html);
                prop_assert_eq!(unbalanced(&html), Vec::<String>::new(), "{:?} became {}", text, html);
            }
            plain_text(&found.value, &|_| None);
            let inline = html_of(&read_inline(&file(), &text, before.len(), &options).value);
            if policy != HtmlPolicy::Allow {
                prop_assert_eq!(unbalanced(&inline), Vec::<String>::new(), "{:?} became {}", text, inline);
            }
        }
        let plain = Options { extensions: false, smart_punctuation: false, html: HtmlPolicy::Allow };
        html_of(&read(&file(), &text, before.len(), &plain).value);
    }
}
