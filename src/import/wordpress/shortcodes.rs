//! Shortcodes (`[caption]…[/caption]`) → elements that say the same; those that nobody knows stay as they are, and are named.

use std::collections::BTreeMap;

use base64::Engine as _;

use super::codes::{Code, attributes, code, is_name};
use super::gather::plain;
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
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('[') {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        // `[[name]]` shows `[name]`.
        if let Some(inner) = from.strip_prefix("[[")
            && let Some(end) = inner.find("]]").filter(|end| !inner[..*end].contains(['[', '\n']))
            && is_name(inner.split([' ', ']']).next().unwrap_or_default())
        {
            out.push_str(&format!("[{}]", &inner[..end]));
            rest = &inner[end + 2..];
            continue;
        }
        // In a tag, brackets are its attributes.
        let is_in_tag = out.rfind('<').is_some_and(|open| {
            !out[open..].contains('>') && out[open + 1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '/')
        });
        match code(from).filter(|_| !is_in_tag && depth < DEEPEST) {
            Some(code) => {
                out.push_str(&said(&code, around, losses, depth));
                rest = &from[code.whole.len()..];
            }
            None => {
                out.push('[');
                rest = &from[1..];
            }
        }
    }
    out.push_str(rest);
    out
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
            laid_out(code, around, &inside, losses)
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

fn element(name: &str, source: &str) -> String {
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
fn shown(file: &Attached) -> String {
    let ending = file.address.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    let address = escaped(&file.url);
    if !matches!(ending.as_str(), "jpg" | "jpeg" | "png" | "gif" | "webp" | "svg" | "avif") {
        return format!("<p><a href=\"{address}\">{}</a></p>", escaped(&file.title));
    }
    let caption = file.caption.as_deref().map(|words| format!("<figcaption>{words}</figcaption>")).unwrap_or_default();
    let alt = escaped(file.alt.as_deref().unwrap_or_default());
    format!("<figure><img src=\"{address}\" alt=\"{alt}\">{caption}</figure>\n")
}

/// What a page builder lays out: its words without the layout.
fn laid_out(code: &Code<'_>, around: &Surroundings<'_>, inside: &str, losses: &mut Losses) -> String {
    let mut out = String::new();
    let name = code.name.as_str();
    if name == "vc_raw_html" || name == "vc_raw_js" {
        let bytes = base64::engine::general_purpose::STANDARD
            .decode(code.inside.unwrap_or_default().trim())
            .unwrap_or_default();
        let html = String::from_utf8_lossy(&bytes).into_owned();
        return percent_encoding::percent_decode_str(&html).decode_utf8_lossy().into_owned();
    }
    if matches!(name, "hr" | "divider" | "vc_separator" | "et_pb_divider") {
        return "<hr>".to_owned();
    }
    if let Some(title) = code.first(&["title", "heading", "headline"]).filter(|title| !title.contains("://")) {
        out.push_str(&format!("<p><strong>{}</strong></p>", escaped(title)));
    }
    if let Some(words) = code
        .first(&["text", "subtitle", "subhead", "subheading", "description", "name", "author", "job_title", "position"])
        .filter(|words| words.contains(' '))
    {
        out.push_str(&format!("<p>{}</p>", escaped(words)));
    }
    for number in
        code.first(&["image", "images", "gallery_ids", "image_ids", "ids"]).into_iter().flat_map(|all| all.split(','))
    {
        match around.attached.get(number.trim()) {
            Some(file) => out.push_str(&shown(file)),
            None if number.contains("//") => {
                out.push_str(&format!("<p><img src=\"{}\" alt=\"\"></p>", escaped(number.trim())))
            }
            None => {}
        }
    }
    if name.contains("image") || name.contains("video") {
        if let Some(source) = code.first(&["src", "link", "url"]).filter(|source| source.contains("//")) {
            let alt = escaped(code.first(&["alt", "title_text"]).unwrap_or_default());
            out.push_str(&if name.contains("video") {
                element("iframe", source)
            } else {
                format!("<p><img src=\"{}\" alt=\"{alt}\"></p>", escaped(source))
            });
        }
    } else if let Some(to) = code.first(&["button_url", "url", "link", "href"]) {
        // WPBakery writes `url:https%3A%2F%2F…|title:Words`.
        let part = |key: &str| {
            to.split('|')
                .find_map(|part| part.strip_prefix(key))
                .map(|part| percent_encoding::percent_decode_str(part).decode_utf8_lossy().into_owned())
        };
        let words = code.first(&["button_text", "text", "title"]).map(str::to_owned).or_else(|| part("title:"));
        let to = part("url:").unwrap_or_else(|| to.to_owned());
        if let Some(words) = words.filter(|_| to.contains("//") || to.starts_with('/')) {
            out.push_str(&format!("<p><a href=\"{}\">{}</a></p>", escaped(&to), escaped(&words)));
        }
    }
    losses.carried("shortcodes of a layout");
    // What marks words stays a part of their line.
    let is_within =
        ["su_highlight", "su_tooltip", "su_label", "su_dropcap", "highlight", "dropcap", "lead"].contains(&name);
    if is_within && out.is_empty() {
        return inside.to_owned();
    }
    format!("<div>{out}{inside}</div>")
}

fn escaped(text: &str) -> String {
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
}
