//! Bringing a site over takes no longer than its size: texts of WordPress, Jekyll and Hugo with many of one thing, and many posts.
//!
//! Work is counted as in `growth`: allocations for twice the text, time of the processor for eight times the text.
#![allow(missing_docs, clippy::disallowed_methods, clippy::disallowed_types)]

use pamphlet::fuzzing;

/// A name, what comes before, the unit that is repeated, what is between, the unit at the end.
type Family = (&'static str, [&'static str; 4]);

fn text((_, [before, unit, middle, end]): &Family, n: usize) -> String {
    let many = |unit: &str| (0..n).map(|i| unit.replace("{n}", &i.to_string())).collect::<String>();
    format!("{before}{}{middle}{}", many(unit), many(end))
}

#[rustfmt::skip]
const WORDPRESS: &[Family] = &[
    ("brackets", ["", "[[", "", ""]),
    ("words in brackets", ["", "[[a", "", ""]),
    ("shortcodes", ["", "[gallery ids=\"1\"] ", "", ""]),
    ("shortcodes that do not end", ["", "[vc_row x=\"1\"] ", "", ""]),
    ("shortcodes with many names", ["", "[odd_{n} a=1]x[/odd_{n}] ", "", ""]),
    ("nested shortcodes", ["", "[vc_row]", "a", "[/vc_row]"]),
    ("quotations that do not end", ["", "[a b=\"", "", ""]),
    ("names of members", ["", "[member_{n} a] ", "", ""]),
    ("builders", ["", "[vc_x ", "", ""]),
    ("lists", ["", "<ul><li>a</li></ul>\n", "", ""]),
    ("lists that do not end", ["", "<ul><li>", "", ""]),
    ("elements", ["", "<div>a</div>\n\n", "", ""]),
    ("nested elements", ["", "<div>", "a", "</div>"]),
    ("tags that do not end", ["", "<a b=\"", "", ""]),
    ("pieces of code", ["", "<pre>a</pre>\n", "", ""]),
    ("comments of blocks", ["", "<!-- wp:paragraph --><p>a</p><!-- /wp:paragraph -->\n", "", ""]),
    ("comments that do not end", ["", "<!-- wp:paragraph ", "", ""]),
    ("hidden parts", ["", "<p hidden>a</p>\n", "", ""]),
    ("stylesheets", ["", "<style>.a{n} { display:none }</style>", "", ""]),
    ("rows", ["<table>", "<tr><td>a</td></tr>", "</table>", ""]),
    ("words between rows", ["<table>", "a<tr>", "</table>", ""]),
    ("links", ["", "<a href=\"/a{n}/\" title=\"t\">a</a> ", "", ""]),
    ("places", ["", "<a name=\"a{n}\"></a><a href=\"#a{n}\">b</a>\n<h2>c</h2>\n", "", ""]),
    ("addresses of uploads", ["", "https://e.org/wp-content/uploads/a{n}.pdf ", "", ""]),
    ("notes", ["", "a[efn_note]n[/efn_note] ", "", ""]),
];

#[rustfmt::skip]
const JEKYLL: &[Family] = &[
    ("outputs", ["", "{{ a }} ", "", ""]),
    ("outputs on lines", ["", "{{ a }}\n\n", "", ""]),
    ("outputs that do not end", ["", "{{ a ", "", ""]),
    ("tags that do not end", ["", "{% a ", "", ""]),
    ("conditions that do not end", ["", "{% if a %}", "", ""]),
    ("nested conditions", ["", "{% if a %}", "x", "{% endif %}"]),
    ("unknown tags", ["", "{% odd %}x{% endodd %} ", "", ""]),
    ("unknown tags that do not end", ["", "{% odd %} ", "", ""]),
    ("nested unknown tags", ["", "{% odd %}", "x", "{% endodd %}"]),
    ("nested comments", ["", "{% comment %}", "x", "{% endcomment %}"]),
    ("comments of Nunjucks", ["", "{# a #} ", "", ""]),
    ("comments of Nunjucks that do not end", ["", "{# a ", "", ""]),
    ("raw", ["", "{% raw %}a{% endraw %} ", "", ""]),
    ("targets of links", ["", "[a]({{ b }}/c) ", "", ""]),
    ("targets that do not end", ["", "[a]({{ b }} ", "", ""]),
    ("attributes", ["", "a\n{: .b}\n\n", "", ""]),
    ("attributes in a line", ["", "*a*{: .b} ", "", ""]),
    ("named attributes", ["", "{:n{n}: .b}\n", "", ""]),
    ("comments of kramdown", ["", "{::comment}a{:/comment} ", "", ""]),
    ("comments of kramdown that do not end", ["", "{::comment ", "", ""]),
    ("frames", ["", "<iframe src=\"https://e.org/\"></iframe>\n", "", ""]),
    ("frames that do not end", ["", "<iframe src=\"https://e.org/\">\n", "", ""]),
    ("hidden parts", ["", "<p hidden>a</p>\n\n", "", ""]),
    ("hidden parts in one", ["<div hidden>", "<div>", "", "</div>"]),
    ("tags of HTML that do not end", ["", "<a b=\"", "", ""]),
    ("comments of HTML that do not end", ["", "<!-- a ", "", ""]),
    ("backticks", ["", "`a ", "", ""]),
    ("fences", ["", "```\na\n```\n", "", ""]),
    ("indented fences", ["", "    ~~~\n", "", ""]),
];

#[rustfmt::skip]
const HUGO: &[Family] = &[
    ("shortcodes", ["", "{{< figure src=\"a.png\" >}} ", "", ""]),
    ("unknown shortcodes", ["", "{{< odd a=1 >}} ", "", ""]),
    ("unknown shortcodes on lines", ["", "{{< odd a=1 >}}\n\n", "", ""]),
    ("shortcodes with ends", ["", "{{< odd >}}x{{< /odd >}} ", "", ""]),
    ("nested shortcodes", ["", "{{< odd >}}", "x", "{{< /odd >}}"]),
    ("shortcodes that do not end", ["", "{{< odd ", "", ""]),
    ("quotations that do not end", ["", "{{< odd \"", "", ""]),
    ("ends of nothing", ["", "{{< /odd >}} ", "", ""]),
    ("braces", ["", "{{", "", ""]),
];

/// Families whose elements stand within one another, deeper than in any page.
const NESTS_IN_HTML: [&str; 2] = ["lists that do not end", "nested elements"];

/// A reader of a text.
type Read = fn(&str);

const ALL: [(&[Family], Read); 3] = [(WORDPRESS, fuzzing::wordpress), (JEKYLL, fuzzing::jekyll), (HUGO, fuzzing::hugo)];

#[test]
fn twice_the_text_takes_twice_the_memory() {
    let mut wrong = Vec::new();
    for (families, read) in ALL {
        for family in families {
            let count = |n: usize| {
                let text = text(family, n);
                let made = allocation_counter::measure(|| read(&text));
                (made.count_total, made.bytes_total)
            };
            let (few, many) = (count(700), count(1_400));
            let grew = |few: u64, many: u64, fixed: u64| many.saturating_sub(fixed) * 10 > few * 23;
            if grew(few.0, many.0, 500) || grew(few.1, many.1, 900_000) {
                wrong.push(format!("{}: {few:?} and {many:?} allocations and bytes", family.0));
            }
        }
    }
    assert!(wrong.is_empty(), "these grow faster than their input:\n{}", wrong.join("\n"));
}

/// The processor time that this thread has used, in hundredths of a second.
#[cfg(target_os = "linux")]
fn used() -> u64 {
    let stat = std::fs::read_to_string("/proc/thread-self/stat").expect("Linux says what threads have used");
    let fields = stat.rsplit(") ").next().expect("fields come after the name");
    fields.split(' ').skip(11).take(2).map(|field| field.parse::<u64>().expect("a number")).sum()
}

/// `PAMPHLET_FAMILY=notes` tries those families whose name has that word.
#[test]
#[cfg(target_os = "linux")]
fn eight_times_the_text_takes_eight_times_as_long() {
    let wanted = std::env::var("PAMPHLET_FAMILY").unwrap_or_default();
    let mut wrong = Vec::new();
    for (families, read) in ALL {
        for family in families.iter().filter(|family| family.0.contains(&wanted)) {
            // What HTML asks of a parser, to look through all open elements at each tag, grows with their depth.
            let fewer = if NESTS_IN_HTML.contains(&family.0) { 8 } else { 1 };
            let took = |n: usize| {
                let text = text(family, n / fewer);
                let before = used();
                read(&text);
                used() - before
            };
            let mut pair = (0, 0);
            for _ in 0..3 {
                // Less than this is too little to compare.
                pair = (took(1_000).max(2), took(8_000));
                if pair.1 <= 20 * pair.0 {
                    break;
                }
            }
            println!("{}: {} and {} hundredths of a second", family.0, pair.0, pair.1);
            if pair.1 > 20 * pair.0 {
                wrong.push(format!("{}: {} and {} hundredths of a second", family.0, pair.0, pair.1));
            }
        }
    }
    assert!(wrong.is_empty(), "these grow faster than their input:\n{}", wrong.join("\n"));
}

/// However deep something is nested, the stack holds.
#[test]
fn nothing_is_too_deep() {
    let reader = std::thread::Builder::new().stack_size(2 * 1024 * 1024).spawn(|| {
        for (families, read) in ALL {
            for family in families.iter().filter(|family| !family.1[3].is_empty()) {
                read(&text(family, 5_000));
            }
        }
    });
    reader.expect("a thread").join().expect("nothing ends it");
}

/// Posts of one name: each looks for a free one where the last stopped.
#[test]
fn many_posts_of_one_name_are_no_work() {
    let export = |n: usize| {
        let posts: String = (0..n)
            .map(|id| {
                format!(
                    "<item><title>Same</title><link>https://e.org/{id}/same/</link><wp:post_id>{id}</wp:post_id><wp:post_name>same</wp:post_name>\
                     <wp:status>publish</wp:status><wp:post_type>post</wp:post_type></item>\n"
                )
            })
            .collect();
        format!(
            "<rss><channel><wp:wxr_version>1.2</wp:wxr_version><wp:base_blog_url>https://e.org</wp:base_blog_url>{posts}</channel></rss>"
        )
    };
    let count = |n: usize| {
        let export = export(n);
        let made = allocation_counter::measure(|| fuzzing::planned(&export));
        (made.count_total, made.bytes_total)
    };
    let (few, many) = (count(400), count(800));
    assert!(many.0 * 10 <= few.0 * 23 && many.1 * 10 <= few.1 * 25, "{few:?} and {many:?} allocations and bytes");
}
