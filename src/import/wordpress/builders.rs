//! Page builders: which one made a page, and the words that it keeps outside the text.

use serde_json::Value;

use super::post::Post;

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

/// What a builder keeps of a post as data.
fn data(post: &Post) -> Option<Value> {
    let data =
        ["_elementor_data", "_bricks_page_content_2", "_breakdance_data"].into_iter().find_map(|key| post.meta(key))?;
    serde_json::from_str(data).ok().or_else(|| serde_json::from_str(&data.replace("\\\"", "\"")).ok())
}

/// Whether a builder shows a part of a post to nobody, or to some readers only: its text has the words all the same.
pub(super) fn hides_a_part(post: &Post) -> bool {
    let Some(data) = data(post) else { return false };
    let mut waiting = vec![&data];
    while let Some(one) = waiting.pop() {
        match one {
            Value::Array(all) => waiting.extend(all),
            Value::Object(parts) => {
                if is_unseen(one) {
                    return true;
                }
                waiting.extend(parts.values());
            }
            _ => {}
        }
    }
    false
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
            if is_unseen(data) || parts.get("settings").is_some_and(is_unseen) {
                return;
            }
            for (key, one) in parts {
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

/// Whether Elementor shows an element on no kind of screen, or to some readers only.
fn is_unseen(settings: &Value) -> bool {
    let is_off = |key: &str| settings.get(key).and_then(Value::as_str).is_some_and(|value| !matches!(value, "" | "no"));
    let has_conditions = settings.get("e_display_conditions").is_some_and(|one| !matches!(one.as_str(), Some("")));
    is_off("hide_desktop") && is_off("hide_tablet") && is_off("hide_mobile") || has_conditions
}

/// Whether a setting holds words for readers.
fn is_words(key: &str, value: &str) -> bool {
    let last = key.rsplit('_').next().unwrap_or(key);
    let is_named = WORDS.contains(&key) || WORDS.contains(&last);
    let is_size = key.ends_with("size")
        || key.contains("typography")
        || key.contains("color")
        || key.contains("css")
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
        assert!(hides_a_part(&post));
    }
}
