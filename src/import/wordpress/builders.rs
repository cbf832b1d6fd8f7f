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
    let data =
        ["_elementor_data", "_bricks_page_content_2", "_breakdance_data"].into_iter().find_map(|key| post.meta(key))?;
    let data: Value =
        serde_json::from_str(data).ok().or_else(|| serde_json::from_str(&data.replace("\\\"", "\"")).ok())?;
    let mut html = String::new();
    gather(&data, &mut html, 0);
    Some(html).filter(|html| !html.is_empty())
}

fn gather(data: &Value, html: &mut String, depth: usize) {
    if depth > 60 {
        return;
    }
    match data {
        Value::Array(all) => all.iter().for_each(|one| gather(one, html, depth + 1)),
        Value::Object(parts) => {
            for (key, one) in parts {
                match (key.as_str(), one) {
                    ("title" | "heading" | "title_text", Value::String(words)) if words.contains(' ') => {
                        html.push_str(&format!("<h2>{words}</h2>\n"));
                    }
                    (
                        "editor"
                        | "text"
                        | "content"
                        | "description"
                        | "description_text"
                        | "testimonial_content"
                        | "html"
                        | "caption",
                        Value::String(words),
                    ) if words.contains(' ') => {
                        html.push_str(&format!("<div>{words}</div>\n"));
                    }
                    (_, Value::Array(_) | Value::Object(_)) => gather(one, html, depth + 1),
                    _ => {}
                }
            }
        }
        _ => {}
    }
}
