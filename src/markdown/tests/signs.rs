//! Dollar signs, colons, braces: what they mean, and what is only text.

use super::*;

/// Compares the HTML of each text; formulas are shown as `⟦source⟧`.
fn compare(table: &[(&str, &str)]) {
    let mut wrong = String::new();
    for (text, expected) in table {
        let doc = read_with(text, HtmlPolicy::Sanitise).1.value;
        let found = html(text);
        let mut found = found.trim_end().to_owned();
        for node in &doc.nodes {
            if let tree::Kind::Math(math) = &node.kind {
                found = found.replacen(math.mathml.of(&doc.words), &format!("⟦{}⟧", math.tex.of(&doc.words).trim()), 1);
            }
        }
        let found = found.replace("<p>", "").replace("</p>", "");
        if found != *expected {
            wrong.push_str(&format!("{text:?}\n  gives    {found}\n  expected {expected}\n"));
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn dollar_signs_are_money_unless_they_enclose_a_formula() {
    compare(&[
        ("**$a** and **$b**", "<strong>$a</strong> and <strong>$b</strong>"),
        ("*$5* and *$10*", "<em>$5</em> and <em>$10</em>"),
        ("**$5m** and **$10m**", "<strong>$5m</strong> and <strong>$10m</strong>"),
        ("**$5**-**$10**", "<strong>$5</strong>-<strong>$10</strong>"),
        ("[$5](/about/) and [$10](/contact/)", "<a href=\"/about/\">$5</a> and <a href=\"/contact/\">$10</a>"),
        ("$5 and $10, $5/$10, $5-$10", "$5 and $10, $5/$10, $5-$10"),
        ("It costs $5 (US$) or $6.", "It costs $5 (US$) or $6."),
        ("Pay $20M, or $30M in **bold** and A$40.", "Pay $20M, or $30M in <strong>bold</strong> and A$40."),
        ("Variables $HOME and $PATH", "Variables $HOME and $PATH"),
        ("A formula $x^2$ here, $a_1 + b_1$.", "A formula ⟦x^2⟧ here, ⟦a_1 + b_1⟧."),
        ("Between $5,000–$10,000 and US$5-US$10", "Between $5,000–$10,000 and US$5-US$10"),
        ("`$a` and `$b`; $c and `d$`", "<code>$a</code> and <code>$b</code>; $c and <code>d$</code>"),
        ("~~$5~~ $4 and ~~$10~~ $9", "<del>$5</del> $4 and <del>$10</del> $9"),
        ("The $a$ and b$ **x$ y**", "The ⟦a⟧ and b$ <strong>x$ y</strong>"),
        ("$$5 and $$10", "$$5 and $$10"),
        ("<b>$a</b> and <b>$b</b>", "<b>$a</b> and <b>$b</b>"),
        ("_$a_ to _$b_", "<em>$a</em> to <em>$b</em>"),
        ("\\$5 and \\$10", "$5 and $10"),
        ("$\\alpha$ and $5", "⟦\\alpha⟧ and $5"),
        ("$5*2 and 3*$4", "$5<em>2 and 3</em>$4"),
        ("$x $y$z", "$x ⟦y⟧z"),
        (
            "**US$5** and *US$10* and [US$5](/about/) or [US$6](/about/)",
            "<strong>US$5</strong> and <em>US$10</em> and <a href=\"/about/\">US$5</a> or <a href=\"/about/\">US$6</a>",
        ),
        ("![$5](/x.png) and ![$b](/y.png)", "<img src=\"/x.png\" alt=\"$5\" /> and <img src=\"/y.png\" alt=\"$b\" />"),
        ("![The $x^2$ axis](/x.png)", "<img src=\"/x.png\" alt=\"The $x^2$ axis\" />"),
        ("<span>$a</span> <span>b$</span>", "<span>$a</span> <span>b$</span>"),
        ("\"$a\" said \"b$\"", "&quot;$a&quot; said &quot;b$&quot;"),
        ("**Fees $a, b$ and c**", "<strong>Fees ⟦a, b⟧ and c</strong>"),
        ("Prices ($) and costs ($)", "Prices ($) and costs ($)"),
        ("in US$, in $, and in C$.", "in US$, in $, and in C$."),
        ("US$-denominated and C$-denominated", "US$-denominated and C$-denominated"),
        (
            "See https://example.com/?a=$b and https://example.com/?c=$d$",
            "See <a href=\"https://example.com/?a=$b\">https://example.com/?a=$b</a> and \
             <a href=\"https://example.com/?c=$d$\">https://example.com/?c=$d$</a>",
        ),
        ("~$a~ and ~$b~; ^$a^ ^$b^", "<sub>$a</sub> and <sub>$b</sub>; <sup>$a</sup> <sup>$b</sup>"),
        ("Between $3.5bn (2019$) and $4bn", "Between $3.5bn (2019$) and $4bn"),
        ("the $/£ rate and the £/$ rate", "the $/£ rate and the £/$ rate"),
        ("a\\$b and c$d$", "a$b and c⟦d⟧"),
        ("$a*b$ and $c*d$", "⟦a*b⟧ and ⟦c*d⟧"),
        ("$x^*$ and *$y^*$*", "⟦x^*⟧ and <em>⟦y^*⟧</em>"),
        ("[the $x^2$ page](/about/)", "<a href=\"/about/\">the ⟦x^2⟧ page</a>"),
        ("$`x^2`$", "⟦x^2⟧"),
        ("I paid $5 for it and he paid 6$.", "I paid $5 for it and he paid 6$."),
        ("$x$-axis and $n$th", "⟦x⟧-axis and ⟦n⟧th"),
        ("$ x $", "$ x $"),
        ("$5 + 3 = 8$", "⟦5 + 3 = 8⟧"),
        ("$100\\%$", "⟦100\\%⟧"),
        ("$$\ny = a\n+ b\n= c\n$$", "<div class=\"math\">⟦y = a\n+ b\n= c⟧</div>"),
        ("> $$\n> x\n> $$", "<blockquote>\n<div class=\"math\">⟦x⟧</div>\n</blockquote>"),
        (
            "A sum $$\\sum_{i=1}^n x_i$$ in a line.",
            "A sum <span class=\"math math-display\">⟦\\sum_{i=1}^n x_i⟧</span> in a line.",
        ),
        ("```\n$$\n+ a\n$$\n:gear: x\n```", "<pre><code>$$\n+ a\n$$\n:gear: x\n</code></pre>"),
        ("$a\nb$ x", "⟦a\nb⟧ x"),
    ]);
}

#[test]
fn a_colon_begins_a_definition_only_before_a_blank() {
    let list = |definition: &str| format!("<dl>\n<dt>Term</dt>\n<dd>{definition}</dd>\n</dl>");
    compare(&[
        ("Term\n:gear: For a list", "Term\n:gear: For a list"),
        ("Term\n: Definition", &list("Definition")),
        ("Term\n:\tDefinition", &list("Definition")),
        ("Term\n:\u{a0}Definition", &list("Definition")),
        ("Term\n:Definition", "Term\n:Definition"),
        ("The time was\n:30 past", "The time was\n:30 past"),
        ("Term\n:: Definition", "Term\n:: Definition"),
        ("> Term\n> :gear: x", "<blockquote>\nTerm\n:gear: x\n</blockquote>"),
        ("Time: 10:30\n\n:heavy_check_mark: done", "Time: 10:30\n:heavy_check_mark: done"),
        ("Text\n:\n", "Text\n:"),
        ("- item\n  :gear: x", "<ul>\n<li>item\n:gear: x</li>\n</ul>"),
        ("    :code: x", "<pre><code>:code: x</code></pre>"),
        ("<div>\n:b\n</div>", "<div>\n:b\n</div>"),
        ("**a\n:b** c", "<strong>a\n:b</strong> c"),
    ]);
}

#[test]
fn only_attributes_in_braces_leave_a_heading() {
    let wide = |class: &str| format!("<h2 id=\"housing\" class=\"{class}\">Housing</h2>");
    let words = |id: &str, words: &str| format!("<h2 id=\"{id}\">{words}</h2>");
    compare(&[
        ("## Housing {draft}", &words("housing-draft", "Housing {draft}")),
        ("## The set {1, 2, 3}", &words("the-set-1-2-3", "The set {1, 2, 3}")),
        ("## Housing {#homes}", &words("homes", "Housing")),
        ("## Housing {.wide}", &wide("wide")),
        ("## Housing {k=v}", &words("housing", "Housing")),
        ("## Housing {#homes .wide k=v}", "<h2 id=\"homes\" class=\"wide\">Housing</h2>"),
        ("## Housing {}", &words("housing", "Housing {}")),
        ("## Housing {: #homes}", &words("housing-homes", "Housing {: #homes}")),
        ("## Housing {#my homes}", &words("housing-my-homes", "Housing {#my homes}")),
        ("## Housing { #homes }", &words("homes", "Housing")),
        ("## Housing{#homes}", &words("homes", "Housing")),
        ("## Housing {#homes} ##", &words("homes", "Housing")),
        ("## Housing ## {#homes}", &words("homes", "Housing")),
        ("## Housing \\{draft\\}", &words("housing-draft", "Housing {draft}")),
        ("## Housing \\{#homes}", &words("housing-homes", "Housing {#homes}")),
        ("## `{#draft}` in code", &words("draft-in-code", "<code>{#draft}</code> in code")),
        ("## `{#draft}`", &words("draft", "<code>{#draft}</code>")),
        ("## Housing {id=\"x\"}", &words("x", "Housing")),
        ("## Housing {.wide draft}", &words("housing-wide-draft", "Housing {.wide draft}")),
        ("## {tinkr}", &words("tinkr", "{tinkr}")),
        ("Housing {draft}\n---\n\nText.", &format!("{}\nText.", words("housing-draft", "Housing {draft}"))),
        ("Housing {#homes}\n---\n\nText.", &format!("{}\nText.", words("homes", "Housing"))),
        ("### {dplyr} {#dplyr}", "<h3 id=\"dplyr\">{dplyr}</h3>"),
        ("## Housing {.a.b}", &wide("a.b")),
        ("## Housing {a=\"b c\"}", &words("housing", "Housing")),
        ("## Housing {#a}{.b}", "<h2 id=\"a\" class=\"b\">Housing</h2>"),
        ("## Housing {#a_b_c .d_e}", "<h2 id=\"a_b_c\" class=\"d_e\">Housing</h2>"),
        ("> ## Housing {#homes}", "<blockquote>\n<h2 id=\"homes\">Housing</h2>\n</blockquote>"),
        ("* ## Housing {draft}", "<ul>\n<li>\n<h2 id=\"housing-draft\">Housing {draft}</h2>\n</li>\n</ul>"),
        ("```\n## Housing {#homes}\n```", "<pre><code>## Housing {#homes}\n</code></pre>"),
    ]);
}

#[test]
fn the_name_of_an_anchor_becomes_its_id() {
    compare(&[
        ("<a name=\"x\">Text</a>", "<a id=\"x\">Text</a>"),
        ("<A NAME=x>Text</A>", "<a id=\"x\">Text</a>"),
        ("<a name=\"_GoBack\"></a>Text", "<a></a>Text"),
        ("<a name=\"x\" href=\"/about/\">Text</a>", "<span id=\"x\"></span><a href=\"/about/\">Text</a>"),
        ("## <a name=\"x\"></a>Heading", "<h2 id=\"heading\"><a id=\"x\"></a>Heading</h2>"),
    ]);
    assert_eq!(faults("<a name=\"_GoBack\"></a>Text"), []);
    assert_eq!(faults("<a name=\"x\">A</a> <a name=\"x\">B</a>")[0].0, "duplicate-anchor");
    assert_eq!(faults("<a name=\"y\" id=\"x\">A</a>")[0].0, "html-removed");
}

#[test]
fn a_formula_behind_a_link_or_below_a_directive_is_one() {
    let formulas = |text: &str| {
        let doc = read_with(text, HtmlPolicy::Sanitise).1.value;
        doc.nodes.iter().filter(|node| matches!(node.kind, tree::Kind::Math(_))).count()
    };
    for text in [
        "[a](https://x.org/a)$x^2 + y_1$",
        "* ## **[a](https://x.org/a)**$x^2 + y_1$",
        ":::callout {title=\"a\"}\n> ---\n>\n> $x^2 + y_1$\n:::",
        ":::callout {title=\"a\"}\n===\n\n$x^2 + y_1$\n:::",
    ] {
        assert_eq!(formulas(text), 1, "{text}");
    }
    assert_eq!(formulas("See https://x.org/?a=$b&c=d$ here."), 0);
}
