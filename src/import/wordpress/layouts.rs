//! Shortcodes of page builders (WPBakery, Divi, Avada, Enfold …) → their words, pictures and links, one below the other, without the
//! layout. What they carry in attributes counts: whatever looks like words or an address and is not taken over is named.

use base64::Engine as _;

use super::codes::Code;
use super::shortcodes::{Surroundings, element, escaped, shown};
use crate::import::losses::Losses;

/// The ends of names of attributes with a heading in them, with words, with pictures, with addresses.
const HEADINGS: &[&str] = &["title", "heading", "headline", "title_front", "title_back", "question", "h2"];
const WORDS: &[&str] = &[
    "text",
    "subtitle",
    "subhead",
    "subheading",
    "sub_heading",
    "tagline",
    "description",
    "desc",
    "content",
    "excerpt",
    "message",
    "caption",
    "label",
    "author",
    "cite",
    "job_title",
    "position",
    "role",
    "company",
    "company_name",
    "quote",
    "answer",
    "text_front",
    "text_back",
    "h4",
    "h3",
    "number",
    "percent",
    "price",
    "value",
    "label_value",
    "unit",
    "person_name",
    "fullname",
    "prefix",
    "suffix",
    "values",
    "name",
    "date_text",
];
const PICTURES: &[&str] = &[
    "image",
    "images",
    "gallery_ids",
    "image_ids",
    "ids",
    "picture",
    "photo",
    "logo",
    "portrait_url",
    "image_url",
    "img",
    "img_id",
    "attachment",
    "logo_image_url",
    "image_id",
];
const LINKS: &[&str] = &[
    "button_url",
    "url",
    "link",
    "href",
    "button_link",
    "link_url",
    "website",
    "website_url",
    "img_link",
    "custom_link",
    "link_1",
    "to",
];
const BUTTONS: &[&str] =
    &["button_text", "linktext", "link_text", "btn_title", "button", "read_more_text", "button_label"];

/// Parts of names of attributes that only say how something looks or works.
const LOOKS: &[&str] = &[
    "css",
    "class",
    "style",
    "font",
    "color",
    "colour",
    "background",
    "bg_",
    "animation",
    "align",
    "width",
    "height",
    "margin",
    "padding",
    "border",
    "shadow",
    "icon",
    "_id",
    "module_",
    "admin_label",
    "global",
    "builder_version",
    "overlay",
    "parallax",
    "gradient",
    "tag",
    "size",
    "position_",
    "hover",
    "layout",
    "responsive",
    "template",
    "filter",
    "orderby",
    "order",
    "taxonom",
    "post_type",
    "category",
    "template_type",
    "target",
    "rel",
    "format",
    "fonts",
    "container",
    "locked",
    "theme_builder",
    "transform",
    "collapsed",
    "letter_spacing",
    "line_height",
];

/// Values of words that are settings.
const SETTINGS: &[&str] = &[
    "yes",
    "no",
    "on",
    "off",
    "true",
    "false",
    "none",
    "default",
    "left",
    "right",
    "center",
    "centre",
    "top",
    "bottom",
    "middle",
    "full",
    "large",
    "medium",
    "small",
    "thumbnail",
    "auto",
    "inherit",
    "custom",
    "normal",
    "solid",
    "light",
    "dark",
    "post_title",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "div",
    "p",
    "span",
    "_self",
    "_blank",
    "classic",
    "outline",
    "manually",
    "0",
];

/// What a page builder lays out: its words without the layout.
pub(super) fn laid_out(code: &Code<'_>, around: &Surroundings<'_>, inside: &str, losses: &mut Losses) -> String {
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
    let mut parts = Parts { code, used: vec![false; code.given.len()] };
    let is_button = name.contains("button") || name.contains("btn");
    let is_heading = name.contains("heading") || name.ends_with("title");
    let mut out = String::new();
    let headings: Vec<String> = parts.words(HEADINGS);
    let words: Vec<String> = parts.words(WORDS);
    let buttons: Vec<String> = parts.words(BUTTONS);
    let links: Vec<Link> = parts.links();
    // The words of a button are those of its link.
    let has_link = !links.is_empty();
    let (label, rest): (Option<String>, Vec<String>) = match buttons.first().cloned() {
        Some(label) => (Some(label), words),
        None if is_button && inside.trim().is_empty() => {
            let mut all = headings.iter().chain(&words).cloned();
            (all.next(), all.collect())
        }
        None => (None, words),
    };
    if !(is_button && label.is_some() && buttons.is_empty()) {
        for heading in &headings {
            out.push_str(&match is_heading {
                true => format!("<h2>{}</h2>", marked(heading)),
                false => format!("<p><strong>{}</strong></p>", marked(heading)),
            });
        }
    }
    for (nth, words) in rest.iter().enumerate() {
        out.push_str(&match is_heading && headings.is_empty() && nth == 0 {
            true => format!("<{0}>{1}</{0}>", level(code), marked(words)),
            false => format!("<p>{}</p>", marked(words)),
        });
    }
    parts.pictures(around, losses, &mut out);
    let is_video = name.contains("video") || name.contains("youtube") || name.contains("vimeo");
    for link in links {
        let label = label.clone().or_else(|| link.words.clone());
        let to = escaped(&link.to);
        out.push_str(&match label {
            _ if is_video => element("iframe", &link.to),
            Some(label) => format!("<p><a href=\"{to}\">{}</a></p>", marked(&label)),
            None if is_button && !inside.trim().is_empty() => {
                losses.carried("shortcodes of a layout");
                parts.say(losses);
                return format!("<p><a href=\"{to}\">{inside}</a></p>{out}");
            }
            None => match headings.first().or(rest.first()) {
                Some(words) => format!("<p><a href=\"{to}\">{}</a></p>", marked(words)),
                None => format!("<p><a href=\"{to}\">{}</a></p>", escaped(link.to.trim_start_matches("https://"))),
            },
        });
    }
    if let Some(label) = label.filter(|_| !has_link) {
        out.push_str(&format!("<p>{}</p>", marked(&label)));
    }
    losses.carried("shortcodes of a layout");
    parts.say(losses);
    // What marks words stays a part of their line.
    let is_within =
        ["su_highlight", "su_tooltip", "su_label", "su_dropcap", "highlight", "dropcap", "lead"].contains(&name);
    if is_within && out.is_empty() {
        return inside.to_owned();
    }
    format!("<div>{out}{inside}</div>")
}

/// Words that may have marks and entities of HTML in them, as builders write them.
fn marked(words: &str) -> String {
    let decoded = words.replace("%22", "\"").replace("%91", "[").replace("%93", "]").replace("``", "\"");
    match decoded.contains("</") || decoded.contains("<br") || decoded.contains("&#") || decoded.contains("&amp;") {
        true => decoded,
        false => decoded.replace('&', "&amp;").replace('<', "&lt;"),
    }
}

/// The level of a heading that says its own: `font_container="tag:h3|…"`.
fn level(code: &Code<'_>) -> &'static str {
    let said = code.first(&["font_container", "tag", "size", "header_level", "level"]).unwrap_or_default();
    ["h3", "h4", "h5", "h6"].into_iter().find(|level| said.split(['|', ':']).any(|part| part == *level)).unwrap_or("h2")
}

/// Where something leads, and the words that are stated with it.
struct Link {
    to: String,
    words: Option<String>,
}

/// The attributes of a shortcode, and which have been taken over.
struct Parts<'a> {
    code: &'a Code<'a>,
    used: Vec<bool>,
}

impl Parts<'_> {
    /// The words under these names, in the order in which they stand.
    fn words(&mut self, names: &[&str]) -> Vec<String> {
        let mut found = Vec::new();
        for (nth, (key, value)) in self.code.given.iter().enumerate() {
            let value = value.trim();
            let is_words = value.chars().any(char::is_alphanumeric)
                && !SETTINGS.contains(&value.to_ascii_lowercase().as_str())
                && !value.contains("://")
                && !value.starts_with('/')
                && !value.starts_with('#');
            if !self.used[nth] && is_words && names.contains(&key.as_str()) {
                self.used[nth] = true;
                if !found.iter().any(|known| known == value) {
                    found.push(value.to_owned());
                }
            }
        }
        found
    }

    fn links(&mut self) -> Vec<Link> {
        let mut found: Vec<Link> = Vec::new();
        let code = self.code;
        for (nth, (key, value)) in code.given.iter().enumerate() {
            let is_link = LINKS.contains(&key.as_str())
                || key == "src" && (code.name.contains("video") || self.code.name.contains("youtube"))
                || key == "id" && self.code.name.contains("youtube");
            if !is_link {
                continue;
            }
            // WPBakery writes `url:https%3A%2F%2F…|title:Words`, Enfold `manually,https://…`.
            let part = |key: &str| {
                value
                    .split('|')
                    .find_map(|part| part.strip_prefix(key))
                    .map(|part| percent_encoding::percent_decode_str(part).decode_utf8_lossy().into_owned())
                    .filter(|part| !part.trim().is_empty())
            };
            let to = part("url:").unwrap_or_else(|| value.trim_start_matches("manually,").trim().to_owned());
            let to = match key.as_str() {
                "id" => format!("https://www.youtube.com/watch?v={to}"),
                _ => to,
            };
            let leads = to.contains("//")
                || to.starts_with(['/', '#']) && to.len() > 1
                || to.starts_with("mailto:")
                || to.starts_with("tel:");
            if leads && !found.iter().any(|known| known.to == to) {
                self.used[nth] = true;
                found.push(Link { to, words: part("title:") });
            }
        }
        found
    }

    fn pictures(&mut self, around: &Surroundings<'_>, losses: &mut Losses, out: &mut String) {
        let code = self.code;
        let is_picture_of = |key: &str| {
            PICTURES.contains(&key)
                || key == "src" && !code.name.contains("video")
                || matches!(key, "link" | "url")
                    && code.name.contains("image")
                    && !code.given.iter().any(|(key, _)| key == "src")
        };
        let alt = escaped(code.first(&["alt", "image_alt", "title_text"]).unwrap_or_default());
        for (nth, (key, value)) in code.given.iter().enumerate() {
            if self.used[nth] && !code.name.contains("image") || !is_picture_of(key) {
                continue;
            }
            for one in value.split(',').map(str::trim).filter(|one| !one.is_empty()) {
                let is_file = one.contains("//") || one.starts_with('/');
                match around.attached.get(one.split('|').next().unwrap_or(one)) {
                    Some(file) => out.push_str(&shown(file)),
                    None if is_file && !matches!(key.as_str(), "link" | "url") => {
                        out.push_str(&format!("<p><img src=\"{}\" alt=\"{alt}\"></p>", escaped(one)));
                    }
                    None if one.bytes().all(|byte| byte.is_ascii_digit()) && key != "ids" => {
                        losses.left("a picture of a layout", "it is not in the export", String::new(), one);
                    }
                    None => continue,
                }
                self.used[nth] = true;
            }
        }
        for (nth, (key, _)) in code.given.iter().enumerate() {
            self.used[nth] |= matches!(key.as_str(), "alt" | "image_alt" | "title_text") && !alt.is_empty();
        }
    }

    /// Names what looks like words or an address and was not taken over.
    fn say(&self, losses: &mut Losses) {
        for (nth, (key, value)) in self.code.given.iter().enumerate() {
            let is_look = LOOKS.iter().any(|part| key.contains(part));
            let words = value.split_whitespace().filter(|word| word.chars().filter(|c| c.is_alphabetic()).count() > 1);
            let is_said = words.count() > 1 && !value.contains(['{', '|', ';']);
            let leads = value.contains("://") || value.starts_with('/') && value.len() > 1;
            if !self.used[nth] && !is_look && (is_said || leads) {
                let what = format!("`{key}` of `[{}]`", self.code.name);
                losses.left(
                    &what,
                    "it belongs to the layout, as far as its name says: copy it if readers saw it",
                    String::new(),
                    value,
                );
            }
        }
    }
}
