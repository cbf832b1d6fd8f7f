//! The stylesheets that a site keeps among its posts → the rules by which it shows nothing.

use super::php;
use super::post::Post;
use crate::import::hiding;
use crate::import::site::survey::Value;

/// The rules of a stylesheet that hide something, as a stylesheet of their own. Those for paper alone are not among them.
pub(super) fn hiding_rules(css: &str) -> String {
    let css = without_comments(css).replace("&gt;", ">").replace("&quot;", "\"").replace("</", "");
    let mut out = String::new();
    let mut rest = css.as_str();
    let mut is_for_paper = false;
    while let Some((before, after)) = rest.split_once('{') {
        let head = before.rsplit(['}', ';']).next().unwrap_or_default().trim();
        if head.starts_with('@') {
            is_for_paper = head.to_ascii_lowercase().ends_with("print");
            rest = after;
            continue;
        }
        let (body, behind) = after.split_once('}').unwrap_or((after, ""));
        if !is_for_paper && hiding::hides_by_css(body) {
            out.push_str(&format!("{head}{{display:none}}\n"));
        }
        is_for_paper &= !behind.trim_start().starts_with('}');
        rest = behind;
    }
    out
}

fn without_comments(css: &str) -> String {
    let mut out = String::with_capacity(css.len());
    let mut rest = css;
    while let Some((before, after)) = rest.split_once("/*") {
        out.push_str(before);
        rest = after.split_once("*/").map_or("", |(_, behind)| behind);
    }
    out.push_str(rest);
    out
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
