//! What a browser does not show of HTML: `hidden`, `display: none`, templates → taken out, and named.
//!
//! A script may have shown it when readers pressed something. Nobody can know that here, so it counts as hidden.

use std::collections::{BTreeMap, BTreeSet};

use super::css;
use super::tree::{Kind, Tree};

/// Classes that mean `display: none` in the usual stylesheets.
const CLASSES: &[&str] = &[
    "hidden",
    "hide",
    "is-hidden",
    "d-none",
    "display-none",
    "u-hidden",
    "uk-hidden",
    "invisible",
    "is-invisible",
    "w3-hide",
    "wp-block-hidden",
];

/// What a page builder writes for each kind of screen: all of them together hide.
const SCREENS: &[&[&str]] = &[
    &["elementor-hidden-desktop", "elementor-hidden-tablet", "elementor-hidden-mobile"],
    &["elementor-hidden-desktop", "elementor-hidden-tablet", "elementor-hidden-phone"],
    &["vc_hidden-lg", "vc_hidden-md", "vc_hidden-sm", "vc_hidden-xs"],
    &["hidden-lg", "hidden-md", "hidden-sm", "hidden-xs"],
    &["large-visibility", "medium-visibility", "small-visibility"],
];

/// The classes and names that stylesheets in a text hide.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rules {
    /// Each selector as the classes (`.a`) and names (`#b`) that an element must have, by the first of them.
    selectors: BTreeMap<String, Vec<Vec<String>>>,
}

impl Rules {
    /// Adds the rules of a stylesheet.
    pub(crate) fn add(&mut self, css: &str) {
        for head in css::hiding_selectors(css) {
            for parts in head.split(',').filter_map(selector) {
                self.selectors.entry(parts[0].clone()).or_default().push(parts);
            }
        }
    }

    /// Whether they hide an element with these classes, divided by blanks.
    pub(crate) fn hide_classes(&self, classes: &str) -> bool {
        self.hide(&classes.split_ascii_whitespace().collect(), "")
    }

    fn hide(&self, classes: &BTreeSet<&str>, id: &str) -> bool {
        let has = |part: &String| match part.split_at(1) {
            (".", class) => classes.contains(class),
            (_, name) => id == name,
        };
        let own = classes.iter().map(|class| format!(".{class}")).chain([format!("#{id}")]);
        own.filter_map(|first| self.selectors.get(&first)).flatten().any(|parts| parts.iter().all(has))
    }
}

/// The classes and names of the last part of a selector; `None` if it has others, by which an element cannot be known.
fn selector(text: &str) -> Option<Vec<String>> {
    let last =
        text.split(|c: char| c.is_whitespace() || matches!(c, '>' | '+' | '~')).rfind(|part| !part.is_empty())?;
    if last.contains([':', '[', '*']) {
        return None;
    }
    let mut parts: Vec<String> = Vec::new();
    for c in last.chars() {
        match c {
            '.' | '#' => parts.push(c.to_string()),
            c => {
                if let Some(part) = parts.last_mut() {
                    part.push(c);
                }
            }
        }
    }
    parts.retain(|part| part.len() > 1);
    (!parts.is_empty()).then_some(parts)
}

/// Whether a browser shows nothing of an element, by its own attributes.
pub(crate) fn is_hidden(tree: &Tree, at: usize, rules: &Rules) -> bool {
    let name = tree.name(at);
    if matches!(name, "template" | "datalist" | "noframes") || name == "dialog" && tree.get(at, "open").is_none() {
        return true;
    }
    if name.is_empty()
        || tree.get(at, "popover").is_some()
        || tree.get(at, "hidden").is_some()
        || tree.get(at, "style").is_some_and(css::hides)
    {
        return !name.is_empty();
    }
    let classes: BTreeSet<&str> = tree.get(at, "class").unwrap_or_default().split_ascii_whitespace().collect();
    if rules.hide(&classes, tree.get(at, "id").unwrap_or_default()) {
        return true;
    }
    hide_by_classes(&classes)
}

/// Whether the usual stylesheets show nothing of an element with these classes, divided by blanks.
pub(crate) fn hides_by_classes(classes: &str) -> bool {
    hide_by_classes(&classes.split_ascii_whitespace().collect())
}

/// Whether a class hides for each kind of screen: `hide-on-desktop`, `x-hide-tablet`, `x-hidden-mobile`.
fn hide_on_all_screens(classes: &BTreeSet<&str>) -> bool {
    let hiding: Vec<Vec<&str>> = classes
        .iter()
        .map(|class| class.split(['-', '_']).collect::<Vec<_>>())
        .filter(|parts| parts.iter().any(|part| matches!(*part, "hide" | "hidden" | "no")))
        .collect();
    let on = |names: &[&str]| hiding.iter().any(|parts| parts.iter().any(|part| names.contains(part)));
    on(&["desktop", "lg", "large"])
        && on(&["tablet", "tab", "md", "medium"])
        && on(&["mobile", "mob", "phone", "xs", "small"])
}

fn hide_by_classes(classes: &BTreeSet<&str>) -> bool {
    // `d-none d-md-block` and `hidden md:flex` show it on larger screens.
    let is_shown_on_some = classes.iter().any(|class| {
        class.starts_with("d-") && !class.ends_with("none")
            || class.split_once(':').is_some_and(|(_, shown)| !matches!(shown, "hidden" | "invisible"))
    });
    // WordPress calls colours of letters and of what they lie on alike.
    let has_ground = |class: &&str| {
        class.strip_prefix("has-").and_then(|rest| rest.strip_suffix("-color")).is_some_and(|colour| {
            !colour.ends_with("-background") && classes.contains(&*format!("has-{colour}-background-color"))
        })
    };
    classes.iter().any(has_ground)
        || classes.iter().any(|class| CLASSES.contains(class)) && !is_shown_on_some
        || SCREENS.iter().any(|all| all.iter().all(|class| classes.contains(class)))
        || hide_on_all_screens(classes)
}

/// Takes everything out that a browser does not show; the words of each.
pub(crate) fn taken_out(tree: &mut Tree) -> Vec<String> {
    let mut rules = Rules::default();
    for at in tree.within(0).filter(|at| tree.name(*at) == "style") {
        let css: String = tree.children(at).iter().filter_map(|child| text(tree, *child)).collect();
        rules.add(&css);
    }
    let mut found = Vec::new();
    let mut waiting = vec![0];
    while let Some(at) = waiting.pop() {
        match is_hidden(tree, at, &rules) {
            true => found.push(at),
            false => waiting.extend(tree.children(at).iter().rev()),
        }
    }
    let said = found.iter().map(|at| all_words(tree, *at)).filter(|words| !words.is_empty()).collect();
    tree.remove(&found);
    said
}

/// All words of an element, also those that its own kind keeps from being shown.
fn all_words(tree: &Tree, at: usize) -> String {
    let words: String = tree.within(at).filter_map(|one| text(tree, one)).flat_map(|text| [text, " "]).collect();
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn text(tree: &Tree, at: usize) -> Option<&str> {
    match &tree.node(at).kind {
        Kind::Text(text) => Some(text),
        _ => None,
    }
}
