//! Page builders: which one made a page, and the words that it keeps outside the text.

use serde_json::{Map, Value};

use super::parts;
use super::php;
use super::post::Post;
use crate::import::hiding;
use crate::import::html::hidden::Rules;
use crate::import::site::survey::Value as Stored;

/// The page builder that made a post, if one did.
pub(super) fn of(post: &Post) -> Option<&'static str> {
    let is = |key: &str, value: &str| post.meta(key) == Some(value);
    let has = |key: &str| post.meta(key).is_some();
    let begins = |start: &str| post.content.contains(start);
    if is("_elementor_edit_mode", "builder") {
        Some("Elementor")
    } else if is("_et_pb_use_builder", "on") || begins("[et_pb_") || begins("<!-- wp:divi/") {
        Some("Divi")
    } else if is("_wpb_vc_js_status", "true") || begins("[vc_row") {
        Some("WPBakery")
    } else if is("_fl_builder_enabled", "1") {
        Some("Beaver Builder")
    } else if has("panels_data") {
        Some("SiteOrigin")
    } else if begins("[fusion_builder") {
        Some("Avada")
    } else if has("ct_builder_shortcodes") || has("ct_builder_json") || has("_ct_builder_json") {
        Some("Oxygen")
    } else if has("_bricks_page_content_2") {
        Some("Bricks")
    } else if has("_breakdance_data") {
        Some("Breakdance")
    } else if begins("[av_section") || begins("[av_one_full") {
        Some("Enfold")
    } else if begins("[cs_content") || begins("[cs_section") {
        Some("Cornerstone")
    } else {
        None
    }
}

/// The text of a post that a builder keeps as data only; `None` if its own text has words.
pub(super) fn kept_elsewhere(post: &Post) -> Option<String> {
    if !post.content.trim().is_empty() {
        return None;
    }
    let data = data(post)?;
    let mut html = String::new();
    gather(&data, &mut html, 0);
    Some(html).filter(|html| !html.is_empty())
}

/// The fields in which builders keep the whole of a post; of the first of them its words can be read.
const DATA: &[&str] = &[
    "_elementor_data",
    "_bricks_page_content_2",
    "_breakdance_data",
    "_bricks_page_content",
    "panels_data",
    "_fl_builder_data",
    "ct_builder_json",
    "_ct_builder_json",
    "_themify_builder_settings_json",
];

/// What a builder keeps of a post as data.
fn data(post: &Post) -> Option<Value> {
    DATA[..4].iter().find_map(|key| post.meta(key)).and_then(read)
}

/// Data in JSON, or as PHP stores it; JSON within it is read too.
fn read(data: &str) -> Option<Value> {
    let json = |text: &str| serde_json::from_str::<Value>(text).ok();
    let read = json(data).or_else(|| json(&data.replace("\\\"", "\""))).or_else(|| php::stored(data).map(of_php))?;
    if let Some(within) = read.get("tree_json_string").and_then(Value::as_str) {
        return json(within);
    }
    match read {
        Value::String(text) => json(&text),
        Value::Array(_) | Value::Object(_) => Some(read),
        _ => None,
    }
}

fn of_php(value: Stored) -> Value {
    match value {
        Stored::Nothing => Value::Null,
        Stored::Bool(flag) => Value::Bool(flag),
        Stored::Number(text) | Stored::Moment(text) | Stored::Text(text) => Value::String(text),
        Stored::List(all) => Value::Array(all.into_iter().map(of_php).collect()),
        Stored::Group(parts) => Value::Object(parts.into_iter().map(|(key, one)| (key, of_php(one))).collect()),
    }
}

/// Whether the words of a post can be taken over: from its own text, or from the data of its builder.
pub(super) fn has_words(post: &Post) -> bool {
    !post.content.trim().is_empty() || kept_elsewhere(post).is_some()
}

/// Whether a builder has put a form into a post.
pub(super) fn has_form(post: &Post) -> bool {
    let Some(data) = data(post) else { return false };
    let mut waiting = vec![&data];
    while let Some(one) = waiting.pop() {
        match one {
            Value::Array(all) => waiting.extend(all),
            Value::Object(parts) if is_form(parts) => return true,
            Value::Object(parts) => waiting.extend(parts.values()),
            _ => {}
        }
    }
    false
}

fn is_form(parts: &Map<String, Value>) -> bool {
    let text = |key: &str| parts.get(key).and_then(Value::as_str).unwrap_or_default();
    let kind = if parts.contains_key("widgetType") { text("widgetType") } else { text("name") };
    let is_element = parts.contains_key("settings");
    is_element && ["form", "login", "subscribe"].iter().any(|word| kind.to_ascii_lowercase().contains(word))
}

/// Why a part of a post is not for everybody, if its builder shows one to nobody, or to some readers only: its text has the words all the
/// same. What cannot be read may say so.
pub(super) fn hides_a_part(post: &Post) -> Option<String> {
    DATA.iter().filter_map(|key| Some((key, post.meta(key)?))).filter(|(_, data)| !hiding::says_no(data)).find_map(
        |(key, data)| match read(data) {
            Some(data) => hiding::in_data(&data)
                .map(|setting| format!("a part of it is switched off in its page builder, or not for everybody (`{setting}`)")),
            None => Some(format!(
                "the data of its page builder (`{key}`) cannot be read, so a part of it may be switched off: compare it with the former page"
            )),
        },
    )
}

/// Why a part of a post is not shown: rules of the site's stylesheets hide a class that its builder or a shortcode gives something.
pub(super) fn hidden_by_class(post: &Post, css: &str) -> Option<String> {
    if css.is_empty() {
        return None;
    }
    let mut rules = Rules::default();
    rules.add(css);
    let mut classes = parts::classes(&post.content);
    let mut waiting: Vec<Value> = DATA.iter().filter_map(|key| post.meta(key)).filter_map(read).collect();
    while let Some(one) = waiting.pop() {
        match one {
            Value::Array(all) => waiting.extend(all),
            Value::Object(parts) => {
                let named = parts.iter().filter(|(key, _)| key.contains("class"));
                classes.extend(named.filter_map(|(_, value)| value.as_str()).map(str::to_owned));
                waiting.extend(parts.into_iter().map(|(_, value)| value));
            }
            _ => {}
        }
    }
    let class = classes.into_iter().find(|classes| rules.hide_classes(classes))?;
    Some(format!("a stylesheet of the site hides a part of it (the class `{class}`)"))
}

/// Ends of names of settings with words for readers.
const WORDS: &[&str] = &[
    "title",
    "heading",
    "text",
    "editor",
    "content",
    "description",
    "html",
    "caption",
    "label",
    "name",
    "job",
    "question",
    "answer",
    "quote",
    "subtitle",
    "prefix",
    "suffix",
    "number",
    "price",
    "excerpt",
];

/// Values of words that are settings.
const SETTINGS: &[&str] = &[
    "yes", "no", "none", "default", "custom", "left", "right", "center", "top", "bottom", "full", "large", "medium",
    "small", "auto", "h1", "h2", "h3", "h4", "h5", "h6", "div", "span", "p", "true", "false", "classic", "gradient",
    "solid", "px", "inherit", "stretch",
];

/// Adds the words, pictures and links of data, in their order.
fn gather(data: &Value, html: &mut String, depth: usize) {
    if depth > 60 {
        return;
    }
    match data {
        Value::Array(all) => all.iter().for_each(|one| gather(one, html, depth + 1)),
        Value::Object(parts) => {
            let text = |key: &str| parts.get(key).and_then(Value::as_str).unwrap_or_default();
            let settings = parts.get("settings").and_then(Value::as_object);
            if hiding::of_part(parts).is_some()
                || settings.is_some_and(|own| hiding::of_part(own).is_some())
                || is_form(parts)
            {
                return;
            }
            // What an element is, and what editors call it.
            let is_about =
                |key: &str| settings.is_some() && matches!(key, "name" | "label" | "id" | "widgetType" | "elType");
            for (key, one) in parts.iter().filter(|(key, _)| !is_about(key)) {
                match one {
                    Value::String(words) if is_words(key, words) => {
                        html.push_str(&match matches!(key.as_str(), "title" | "heading" | "title_text") {
                            true => format!("<h2>{words}</h2>\n"),
                            false => format!("<div>{words}</div>\n"),
                        });
                    }
                    Value::Array(_) | Value::Object(_) => gather(one, html, depth + 1),
                    _ => {}
                }
            }
            // `"image": {"url": …, "alt": …}`, `"link": {"url": …}`.
            let url = text("url");
            let path = url.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
            let is_picture =
                [".jpg", ".jpeg", ".png", ".gif", ".webp", ".svg", ".avif"].iter().any(|end| path.ends_with(end));
            if is_picture {
                let alt = text("alt").replace('"', "&quot;");
                html.push_str(&format!("<p><img src=\"{}\" alt=\"{alt}\"></p>\n", url.replace('"', "&quot;")));
            } else if url.contains("//") || url.starts_with('/') && url.len() > 1 {
                let address = url.replace('"', "&quot;");
                html.push_str(&format!(
                    "<p><a href=\"{address}\">{}</a></p>\n",
                    address.trim_start_matches("https://")
                ));
            }
        }
        _ => {}
    }
}

/// Whether a setting holds words for readers.
fn is_words(key: &str, value: &str) -> bool {
    let last = key.rsplit('_').next().unwrap_or(key);
    let is_named = WORDS.contains(&key) || WORDS.contains(&last);
    let is_size = key.ends_with("size")
        || key.contains("typography")
        || key.contains("color")
        || key.contains("css")
        || key.contains("form_name")
        || key.starts_with('_');
    is_named
        && !is_size
        && value.chars().any(char::is_alphanumeric)
        && !SETTINGS.contains(&value.trim().to_ascii_lowercase().as_str())
        && !value.starts_with('#')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_links_and_pictures_of_elementor_are_there_and_hidden_ones_are_not() {
        let data = r##"[{"elType":"section","settings":{"background_color":"#fff"},"elements":[
            {"widgetType":"heading","settings":{"title":"Housing","header_size":"h2","align":"center"}},
            {"widgetType":"button","settings":{"text":"Read","link":{"url":"https://x.org/a","is_external":""}}},
            {"widgetType":"image","settings":{"image":{"url":"https://x.org/a.jpg","id":5,"alt":"A mill"}}},
            {"widgetType":"heading","settings":{"title":"SECRET","hide_desktop":"hidden-desktop","hide_tablet":"hidden-tablet","hide_mobile":"hidden-phone"}},
            {"widgetType":"heading","settings":{"title":"SECRET","e_display_conditions":"[{\"x\":1}]"}}]}]"##;
        let post = Post { meta: vec![("_elementor_data".to_owned(), data.to_owned())], ..Post::default() };
        let html = kept_elsewhere(&post).expect("some words");
        for wanted in ["<h2>Housing</h2>", "<div>Read</div>", "href=\"https://x.org/a\"", "alt=\"A mill\""] {
            assert!(html.contains(wanted), "{wanted}\n{html}");
        }
        assert!(!html.contains("SECRET") && !html.contains("center"), "{html}");
        assert!(hides_a_part(&post).is_some());
    }

    fn with(key: &str, data: &str) -> Post {
        Post { meta: vec![(key.to_owned(), data.to_owned())], ..Post::default() }
    }

    #[test]
    fn settings_for_some_readers_hide_the_page_and_those_for_screens_only_together() {
        let page = |settings: &str| {
            with("_elementor_data", &format!("[{{\"elType\":\"widget\",\"settings\":{settings},\"elements\":[]}}]"))
        };
        for settings in [
            r#"{"eael_cl_enable":"yes"}"#,
            r#"{"dce_visibility_hidden":"yes"}"#,
            r#"{"jedv_enabled":"true"}"#,
            r#"{"_css_classes":"elementor-hidden-desktop elementor-hidden-tablet elementor-hidden-mobile"}"#,
            r#"{"custom_css":"selector{display:none}"}"#,
        ] {
            assert!(hides_a_part(&page(settings)).is_some(), "{settings}");
        }
        let both =
            r#"[{"settings":{"hide_desktop":"hidden-desktop"}},{"settings":{"hide_tablet":"x","hide_mobile":"x"}}]"#;
        assert_eq!(hides_a_part(&with("_elementor_data", both)), None, "one part for each screen");
        assert!(hides_a_part(&with("_elementor_data", "[{\"settings\": damaged")).is_some());
        assert!(hidden_by_class(&page(r#"{"_css_classes":"a teaser"}"#), ".teaser{display:none}\n").is_some());
        assert_eq!(hidden_by_class(&page(r#"{"_css_classes":"a"}"#), ".teaser{display:none}\n"), None);
    }

    #[test]
    fn bricks_is_read_as_php_stores_it_and_forms_are_not_words() {
        let text = |words: &str| format!("s:{}:\"{words}\";", words.len());
        let data = format!(
            "a:1:{{i:0;a:3:{{{}{}{}{}{}a:1:{{{}{}}}}}}}",
            text("id"),
            text("abc"),
            text("name"),
            text("heading"),
            text("settings"),
            text("text"),
            text("Words of Bricks")
        );
        let html = kept_elsewhere(&with("_bricks_page_content_2", &data)).expect("some words");
        assert_eq!(html, "<div>Words of Bricks</div>\n");
        let form = r#"[{"widgetType":"form","settings":{"form_name":"Form of donors"}},{"widgetType":"heading","settings":{"title":"Seen"}}]"#;
        let post = with("_elementor_data", form);
        assert_eq!(kept_elsewhere(&post).as_deref(), Some("<h2>Seen</h2>\n"));
        assert!(has_form(&post) && !has_words(&with("_elementor_data", "[{ damaged")));
    }
}
