//! The stylesheets that a site keeps among its posts → the rules by which it shows nothing.

use super::php;
use super::post::Post;
use crate::import::html::css;
use crate::import::site::survey::Value;

/// The rules of a stylesheet that hide something, as a stylesheet of their own.
pub(super) fn hiding_rules(css: &str) -> String {
    let css = css.replace("&gt;", ">").replace("&quot;", "\"").replace("</", "");
    css::hiding_selectors(&css).iter().map(|head| format!("{head}{{display:none}}\n")).collect()
}

/// The hiding rules of the whole site that a post of the design holds.
pub(super) fn of_design(post: &Post) -> String {
    if post.status != "publish" && post.status != "inherit" {
        return String::new();
    }
    let own = match post.kind.as_str() {
        "custom_css" => post.content.clone(),
        "wp_global_styles" => serde_json::from_str(&post.content).map(|data| of_json(&data, 0)).unwrap_or_default(),
        _ => String::new(),
    };
    // Settings of a page builder for the whole site.
    hiding_rules(&own) + &of_post(post)
}

/// The hiding rules that a post states for itself.
pub(super) fn of_post(post: &Post) -> String {
    let mut out = String::new();
    for (key, value) in &post.meta {
        match php::stored(value) {
            Some(stored) if key.contains("settings") || key.contains("css") => out.push_str(&of_stored("", &stored)),
            _ if key.contains("css") && value.contains('{') => out.push_str(&hiding_rules(value)),
            _ => {}
        }
    }
    out
}

fn of_json(data: &serde_json::Value, depth: usize) -> String {
    match data {
        serde_json::Value::Object(parts) if depth < 20 => parts
            .iter()
            .map(|(key, one)| match one {
                serde_json::Value::String(css) if key == "css" => format!("{css}\n"),
                other => of_json(other, depth + 1),
            })
            .collect(),
        _ => String::new(),
    }
}

fn of_stored(key: &str, value: &Value) -> String {
    match value {
        Value::Text(css) if key.contains("css") => hiding_rules(css),
        Value::Group(parts) => parts.iter().map(|(key, one)| of_stored(key, one)).collect(),
        Value::List(all) => all.iter().map(|one| of_stored(key, one)).collect(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::hiding_rules;

    #[test]
    fn only_rules_that_hide_are_kept() {
        assert_eq!(
            hiding_rules(
                "/* a{display:none} */ .x{color:red} .y > .z{ display : none !important; } @media print{.p{display:none}} @media (max-width:9em){.q{visibility:hidden}}"
            ),
            ".y > .z{display:none}\n.q{display:none}\n"
        );
    }
}
