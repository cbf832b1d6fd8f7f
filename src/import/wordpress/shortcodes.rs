//! Shortcodes (`[caption]…[/caption]`) → elements that say the same; those that nobody knows stay as they are, and are named.

use std::collections::BTreeMap;

use super::codes::{Code, Ends, attributes, code, is_name};
use super::gather::plain;
use super::layouts;
use super::texts::Attached;
use crate::import::losses::Losses;

/// What shortcodes refer to.
pub(super) struct Surroundings<'a> {
    /// The files of the library, by their numbers.
    pub(super) attached: &'a BTreeMap<String, Attached>,
    /// The numbers of those that belong to this text.
    pub(super) children: &'a [String],
    /// What the site's settings say.
    pub(super) own: &'a [(String, String)],
}

/// How deep shortcodes may stand in one another.
const DEEPEST: usize = 40;

/// The beginnings of names that page builders use.
const BUILDERS: &[&str] = &[
    "vc_", "et_pb_", "fusion_", "av_", "cs_", "us_", "tatsu_", "themify_", "ult_", "bsf", "mk_", "kc_", "nectar_",
    "su_", "x_", "wpb_", "cmsms_", "thrive_",
];

/// Shortcodes that only lay out what is in them.
const LAYOUT: &[&str] = &[
    "row",
    "column",
    "col",
    "columns",
    "section",
    "container",
    "one_half",
    "one_third",
    "two_third",
    "one_fourth",
    "three_fourth",
    "one_half_last",
    "one_third_last",
    "two_third_last",
    "one_fourth_last",
    "three_fourth_last",
    "tabs",
    "tab",
    "tabgroup",
    "accordion",
    "accordions",
    "accordion_item",
    "toggle",
    "toggles",
    "spoiler",
    "box",
    "highlight",
    "dropcap",
    "lead",
    "clear",
    "clearfix",
    "spacer",
    "gap",
    "divider",
    "hr",
    "list",
    "center",
    "left",
    "right",
    "panel",
    "well",
    "intro",
    "content_box",
    "raw",
    "half",
    "third",
    "fullwidth",
    "expand",
    "read",
    "notice",
    "alert",
    "info",
    "note_box",
];

const FORMS: &[&str] = &[
    "contact-form-7",
    "contact-form",
    "contact-field",
    "gravityform",
    "gravityforms",
    "wpforms",
    "ninja_form",
    "ninja_forms",
    "ninja_forms_display_form",
    "mc4wp_form",
    "formidable",
    "fluentform",
    "forminator_form",
    "jetpack_subscription_form",
    "newsletter_form",
    "mailpoet_form",
    "caldera_form",
    "si-contact-form",
    "hubspot",
];

const NOTES: &[&str] =
    &["footnote", "footnotes_note", "efn_note", "mfn", "modern_footnote", "fn", "sidenote", "ref", "note"];

pub(super) const CONTENTS: &[&str] =
    &["toc", "ez-toc", "table_of_contents", "tableofcontents", "lwptoc", "no_toc", "contents"];

/// The numbers of the pictures that galleries and the like name.
pub(super) fn pictures(text: &str) -> Vec<String> {
    let mut numbers = Vec::new();
    for start in [
        "[gallery",
        "[playlist",
        "[vc_single_image",
        "[vc_gallery",
        "[vc_images_carousel",
        "[et_pb_gallery",
        "[fusion_gallery",
    ] {
        for (at, _) in text.match_indices(start) {
            let head = text[at..].split(']').next().unwrap_or_default();
            for (key, value) in attributes(head) {
                if matches!(key.as_str(), "ids" | "include" | "image" | "images" | "gallery_ids" | "image_ids") {
                    numbers.extend(value.split(',').map(|number| number.trim().to_owned()));
                }
            }
        }
    }
    numbers
}

/// Replaces the shortcodes of a text.
pub(super) fn replaced(text: &str, around: &Surroundings<'_>, losses: &mut Losses) -> String {
    let text = with_formulas(text);
    within(&text, around, losses, 0)
}

/// `$latex x^2$` as an element.
fn with_formulas(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("$latex ") {
        let inside = &rest[at + "$latex ".len()..];
        let Some(end) = inside.find('$').filter(|end| !inside[..*end].contains('\n')) else { break };
        out.push_str(&rest[..at]);
        out.push_str(&format!("<span data-import-math>{}</span>", inside[..end].trim()));
        rest = &inside[end + 1..];
    }
    out.push_str(rest);
    out
}

fn within(text: &str, around: &Surroundings<'_>, losses: &mut Losses, depth: usize) -> String {
    if depth >= DEEPEST {
        // Nobody can say what in it was kept from readers.
        losses.left(
            "shortcodes within shortcodes, too deep to read",
            "write what readers need of it",
            String::new(),
            text,
        );
        return String::new();
    }
    let ends = Ends::of(text);
    let last_literal = text.rfind("]]").unwrap_or(0);
    let mut out = String::with_capacity(text.len());
    let mut is_in_tag = false;
    let mut from = 0;
    while let Some(at) = memchr::memchr(b'[', &text.as_bytes()[from..]).map(|at| from + at) {
        let before = &text[from..at];
        is_in_tag = ends_in_tag(before, is_in_tag);
        out.push_str(before);
        // `[[name]]` shows `[name]`.
        if at < last_literal
            && let Some(inner) = text[at..].strip_prefix("[[")
            && is_name(inner.split([' ', ']', '[']).next().unwrap_or_default())
            && let Some(end) = inner.find([']', '[', '\n']).filter(|end| inner[*end..].starts_with("]]"))
        {
            out.push_str(&format!("[{}]", &inner[..end]));
            from = at + 2 + end + 2;
            continue;
        }
        // In a tag, brackets are its attributes.
        match code(text, at, &ends).filter(|_| !is_in_tag) {
            Some(code) => {
                out.push_str(&said(&code, around, losses, depth));
                from = at + code.whole.len();
            }
            None => {
                out.push('[');
                from = at + 1;
            }
        }
    }
    out.push_str(&text[from..]);
    out
}

/// Whether words end within a tag, which may have begun before them.
fn ends_in_tag(words: &str, was_in_tag: bool) -> bool {
    let opened = words.rmatch_indices('<').map(|(at, _)| at).next();
    let closed = words.rfind('>');
    match (opened, closed) {
        (Some(open), closed) if closed.is_none_or(|close| close < open) => {
            words[open + 1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '/')
        }
        (_, Some(_)) => false,
        _ => was_in_tag,
    }
}

/// What a shortcode says, as HTML.
fn said(code: &Code<'_>, around: &Surroundings<'_>, losses: &mut Losses, depth: usize) -> String {
    let inside =
        |losses: &mut Losses| code.inside.map(|text| within(text, around, losses, depth + 1)).unwrap_or_default();
    let name = code.name.as_str();
    if let Some((_, meaning)) = around.own.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)) {
        let inside = inside(losses);
        return meant(code, meaning.trim(), &inside, losses);
    }
    if let Some(shown) = shown_from_elsewhere(code) {
        return shown;
    }
    match name {
        "caption" | "wp_caption" => captioned(code, &inside(losses)),
        "gallery" | "playlist" => gallery(code, around, losses),
        _ if NOTES.contains(&name) && code.inside.is_some() => {
            format!("<span data-import-note>{}</span>", inside(losses))
        }
        "quote" | "pullquote" | "blockquote" => format!("<blockquote>{}</blockquote>", inside(losses)),
        "button" | "btn" | "link" => {
            let to = code.first(&["link", "url", "href", "to"]).unwrap_or_default();
            let words = inside(losses);
            let words = if words.trim().is_empty() {
                escaped(code.first(&["text", "title", "label"]).unwrap_or_default())
            } else {
                words
            };
            format!("<a href=\"{}\">{words}</a>", escaped(to))
        }
        _ if CONTENTS.contains(&name) => {
            losses.left("a table of contents", "the design makes one where it needs one", String::new(), code.head);
            inside(losses)
        }
        _ if FORMS.contains(&name) => {
            losses.left("a form", "forms need a service of their own: link to one", String::new(), code.whole);
            String::new()
        }
        _ if LAYOUT.contains(&name) || BUILDERS.iter().any(|start| name.starts_with(start)) => {
            let inside = inside(losses);
            layouts::laid_out(code, around, &inside, losses)
        }
        _ => {
            let what = format!("the shortcode `[{name}]`");
            losses.changed(
                &what,
                "it stands in the text as it was: `[import.shortcodes]` in site.toml can say what it means",
                String::new(),
                code.head,
            );
            match code.inside {
                Some(_) => format!(
                    "{}{}[/{}]",
                    literal(code.head),
                    inside(losses),
                    code.whole.rsplit("[/").next().unwrap_or_default().trim_end_matches(']')
                ),
                None => literal(code.head),
            }
        }
    }
}

/// What shows something that is not in the text: films, recordings, code, formulas.
fn shown_from_elsewhere(code: &Code<'_>) -> Option<String> {
    let name = code.name.as_str();
    Some(match name {
        "embed" => element("iframe", code.inside.map(str::trim).or(code.get("src")).unwrap_or_default()),
        "audio" | "video" => {
            let files = ["src", "mp4", "m4v", "webm", "ogv", "mp3", "m4a", "ogg", "wav", "flv", "wmv", "0"];
            let source = code.first(&files).or(code.inside.map(str::trim)).unwrap_or_default();
            element(name, source)
        }
        "youtube" | "vimeo" | "soundcloud" | "tweet" | "twitter" | "instagram" | "facebook" | "scribd"
        | "slideshare" | "issuu" | "iframe" | "googlemaps" | "fusion_youtube" => {
            let what =
                code.first(&["src", "url", "id", "link", "0"]).or(code.inside.map(str::trim)).unwrap_or_default();
            element("iframe", &watched(name, what))
        }
        "code" | "sourcecode" | "cc" | "php" | "python" if code.inside.is_some() => {
            let language = code.first(&["language", "lang"]).unwrap_or_default();
            format!("<pre class=\"language-{language}\">{}</pre>", code.inside.unwrap_or_default().trim_matches('\n'))
        }
        "latex" | "math" | "katex" if code.inside.is_some() => {
            format!("<span data-import-math>{}</span>", code.inside.unwrap_or_default().trim())
        }
        _ => return None,
    })
}

/// What the settings of the site say that a shortcode means; HTML if it is nothing else.
fn meant(code: &Code<'_>, meaning: &str, inside: &str, losses: &mut Losses) -> String {
    if let Some(block) = meaning.strip_prefix(":::") {
        let given: String = code
            .given
            .iter()
            .filter(|(key, _)| is_name(key))
            .map(|(key, value)| format!(" data-import-{key}=\"{}\"", escaped(value)))
            .collect();
        let (name, braces) = block.trim().split_once('{').unwrap_or((block.trim(), ""));
        let stated: String = attributes(&format!("[x {}]", braces.trim_end_matches('}')))
            .iter()
            .filter(|(key, _)| is_name(key))
            .map(|(key, value)| format!(" data-import-{key}=\"{}\"", escaped(value)))
            .collect();
        return format!("<div data-import-block=\"{}\"{stated}{given}>{inside}</div>", escaped(name.trim()));
    }
    match meaning {
        ">" => format!("<blockquote>{inside}</blockquote>"),
        "leave out" => {
            let what = format!("the shortcode `[{}]`", code.name);
            losses.left(&what, "the settings say so", String::new(), code.whole);
            String::new()
        }
        "text" | "" => inside.to_owned(),
        // Words with places for attributes: `<a href="{url}">{inner}</a>`.
        words => {
            let mut out = words.replace("{inner}", inside);
            for (key, value) in &code.given {
                out = out.replace(&format!("{{{key}}}"), &escaped(value));
            }
            out
        }
    }
}

pub(super) fn element(name: &str, source: &str) -> String {
    let source = plain(source);
    if source.is_empty() { String::new() } else { format!("<{name} src=\"{}\"></{name}>", escaped(&source)) }
}

fn watched(name: &str, what: &str) -> String {
    let is_address = what.contains("//") || what.contains('.');
    match name {
        _ if is_address => what.split(['&', ' ']).next().unwrap_or(what).to_owned(),
        "youtube" | "fusion_youtube" if !what.is_empty() => format!("https://www.youtube.com/watch?v={what}"),
        "vimeo" if !what.is_empty() => format!("https://vimeo.com/{what}"),
        _ => String::new(),
    }
}

/// A picture with its caption: the words behind the picture, or those of an attribute.
fn captioned(code: &Code<'_>, inside: &str) -> String {
    let end = ["</a>", ">"].into_iter().find_map(|mark| {
        let picture = inside.find("<img")?;
        let is_linked = inside[..picture].contains("<a");
        let at = if mark == "</a>" {
            is_linked.then(|| inside[picture..].find(mark))??
        } else {
            inside[picture..].find(mark)?
        };
        Some(picture + at + mark.len())
    });
    let (picture, words) = inside.split_at(end.unwrap_or(0));
    let words = match code.get("caption") {
        Some(caption) => format!("{caption} {words}"),
        None => words.to_owned(),
    };
    format!("<figure>{picture}<figcaption>{}</figcaption></figure>", words.trim())
}

fn gallery(code: &Code<'_>, around: &Surroundings<'_>, losses: &mut Losses) -> String {
    let named: Vec<String> = match code.first(&["ids", "include"]) {
        Some(ids) => ids.split(',').map(|number| number.trim().to_owned()).collect(),
        None => around.children.to_vec(),
    };
    let mut out = String::new();
    for number in named {
        match around.attached.get(&number) {
            Some(file) => out.push_str(&shown(file)),
            None => losses.left("a picture of a gallery", "it is not in the export", String::new(), &number),
        }
    }
    if out.is_empty() {
        losses.left("a gallery", "its pictures are not in the export", String::new(), code.head);
    }
    losses.carried("galleries");
    out
}

/// A file of the library as it is shown.
pub(super) fn shown(file: &Attached) -> String {
    let ending = file.address.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    let address = escaped(&file.url);
    if !matches!(ending.as_str(), "jpg" | "jpeg" | "png" | "gif" | "webp" | "svg" | "avif") {
        return format!("<p><a href=\"{address}\">{}</a></p>", escaped(&file.title));
    }
    let caption = file.caption.as_deref().map(|words| format!("<figcaption>{words}</figcaption>")).unwrap_or_default();
    let alt = escaped(file.alt.as_deref().unwrap_or_default());
    format!("<figure><img src=\"{address}\" alt=\"{alt}\">{caption}</figure>\n")
}

pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;")
}

/// Words that stay as they are: without tags that would be read.
fn literal(text: &str) -> String {
    text.replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html(text: &str) -> (String, String) {
        let attached = BTreeMap::from([(
            "5".to_owned(),
            Attached {
                url: "https://x.org/a.jpg".to_owned(),
                address: "/a.jpg".to_owned(),
                alt: Some("A \"b\"".to_owned()),
                ..Attached::default()
            },
        )]);
        let own = [("tip".to_owned(), ":::callout".to_owned()), ("secret".to_owned(), "leave out".to_owned())];
        let around = Surroundings { attached: &attached, children: &[], own: &own };
        let mut losses = Losses::default();
        let out = replaced(text, &around, &mut losses);
        (out, losses.report(true))
    }

    #[test]
    fn known_shortcodes_are_elements() {
        assert_eq!(
            html("[caption id=\"a\" width=\"3\"]<a href=\"/a\"><img src=\"/a.jpg\"></a> Words <b>b</b>[/caption]").0,
            "<figure><a href=\"/a\"><img src=\"/a.jpg\"></a><figcaption>Words <b>b</b></figcaption></figure>"
        );
        assert_eq!(
            html("[gallery ids=\"5\"]").0,
            "<figure><img src=\"https://x.org/a.jpg\" alt=\"A &quot;b&quot;\"></figure>\n"
        );
        assert_eq!(html("[embed]https://youtu.be/x[/embed]").0, "<iframe src=\"https://youtu.be/x\"></iframe>");
        assert_eq!(
            html("a[efn_note]n [sic][/efn_note] $latex x^2$").0,
            "a<span data-import-note>n [sic]</span> <span data-import-math>x^2</span>"
        );
        assert_eq!(
            html("[[gallery]] [sic] [1] [Jane Smith] <a title=\"[gallery]\">").0,
            "[gallery] [sic] [1] [Jane Smith] <a title=\"[gallery]\">"
        );
    }

    #[test]
    fn the_site_says_what_its_own_mean() {
        assert_eq!(
            html("[tip title='Mind \"x\"']a [b]c[/b][/tip]").0,
            "<div data-import-block=\"callout\" data-import-title=\"Mind &quot;x&quot;\">a [b]c[/b]</div>"
        );
        let (out, said) = html("[secret]x[/secret]y");
        assert_eq!(out, "y");
        assert!(said.contains("[secret]x[/secret]"), "{said}");
    }

    #[test]
    fn unknown_ones_stay_and_are_named() {
        let (out, said) = html(
            "[staff_list dept=\"x\"] and [odd a=1]in [vc_row][vc_column_text]deep[/vc_column_text][/vc_row][/odd]",
        );
        assert_eq!(out, "[staff_list dept=\"x\"] and [odd a=1]in <div><div>deep</div></div>[/odd]");
        assert!(said.contains("`[staff_list]`") && said.contains("`[odd]`"), "{said}");
    }

    // Words and links of these were lost without a word before.
    #[test]
    fn what_builders_keep_in_attributes_is_there_or_named() {
        for (text, wanted) in [
            ("[vc_custom_heading text=\"Housing\" font_container=\"tag:h3|text_align:left\"]", "<h3>Housing</h3>"),
            (
                "[vc_btn title=\"Read\" link=\"url:https%3A%2F%2Fx.org%2Fa|title:More\"]",
                "<a href=\"https://x.org/a\">Read</a>",
            ),
            (
                "[vc_cta h2=\"Join\" h4=\"Us\" btn_title=\"Now\" link=\"url:%2Fjoin\"]x[/vc_cta]",
                "<a href=\"/join\">Now</a>",
            ),
            ("[et_pb_button button_text=\"Go\" button_url=\"/go\" /]", "<a href=\"/go\">Go</a>"),
            (
                "[et_pb_image src=\"https://x.org/b.jpg\" alt=\"A mill\" url=\"https://x.org/mill\" /]",
                "<img src=\"https://x.org/b.jpg\" alt=\"A mill\">",
            ),
            ("[et_pb_image src=\"https://x.org/b.jpg\" url=\"https://x.org/mill\" /]", "href=\"https://x.org/mill\""),
            ("[et_pb_blurb title=\"One\" url=\"/one\" image=\"https://x.org/c.jpg\"]in[/et_pb_blurb]", "href=\"/one\""),
            (
                "[et_pb_testimonial author=\"Ann\" job_title=\"Chair\" portrait_url=\"https://x.org/d.jpg\"]in[/et_pb_testimonial]",
                "<p>Chair</p>",
            ),
            ("[et_pb_number_counter title=\"Shops\" number=\"430\" /]", "430"),
            (
                "[fusion_button link=\"https://x.org/e\" title=\"Tip\"]Words[/fusion_button]",
                "<a href=\"https://x.org/e\">Words</a>",
            ),
            ("[fusion_imageframe image_id=\"5|full\" link=\"/f\"][/fusion_imageframe]", "a.jpg"),
            (
                "[fusion_content_box title=\"Box\" link=\"/box\" linktext=\"More\"]in[/fusion_content_box]",
                "<a href=\"/box\">More</a>",
            ),
            ("[vc_progress_bar values=\"%5B%5D 90|Work\"]", "Work"),
            ("[av_button label='Read' link='manually,https://x.org/g']", "<a href=\"https://x.org/g\">Read</a>"),
            ("[vc_video link=\"https://youtu.be/x\"]", "<iframe src=\"https://youtu.be/x\">"),
            ("[vc_single_image image=\"5\" onclick=\"custom_link\" link=\"/h\"]", "href=\"/h\""),
        ] {
            let (out, _) = html(text);
            assert!(out.contains(wanted), "{text}\n{out}");
        }
        let (out, said) = html(
            "[vc_thing odd_words=\"Something to read\" odd=\"https://x.org/lost\" css=\".vc_custom{margin: 3px}\" title_font=\"Open Sans|700\"]",
        );
        assert!(said.contains("Something to read") && said.contains("https://x.org/lost"), "{out}\n{said}");
        assert!(!said.contains("margin") && !said.contains("Open Sans"), "{said}");
    }

    #[test]
    fn what_is_too_deep_to_read_is_not_shown() {
        let deep = format!("{}SECRET{}", "[odd_a]".repeat(60), "[/odd_a]".repeat(60));
        let (out, said) = html(&deep);
        assert!(!out.contains("SECRET") && said.contains("SECRET"), "{out}");
    }
}
