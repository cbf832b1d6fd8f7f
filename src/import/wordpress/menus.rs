//! The lines of menus, which are posts of their own → menus.

use std::collections::BTreeMap;

use super::gather::plain;
use super::parts;
use super::post::Post;
use crate::import::hiding::Settings;
use crate::import::site::place::Place;
use crate::import::site::survey::{Menu, MenuItem, Term};

/// The menus of an export: those of classic designs, and those of blocks.
pub(super) fn menus(
    lines: &[Post],
    navigations: &[Post],
    posts: &[Post],
    terms: &[Term],
    numbers: &BTreeMap<String, usize>,
    place: &Place,
) -> Vec<Menu> {
    let by_number: BTreeMap<&str, &Post> = posts.iter().map(|post| (post.id.as_str(), post)).collect();
    let mut by_menu: Vec<(String, Vec<&Post>)> = Vec::new();
    // A line may be for some readers only, too.
    let is_seen = |line: &&Post| {
        let mut settings = Settings::default();
        let own = line.meta.iter().filter(|(key, _)| !key.starts_with("_menu_item_"));
        own.for_each(|(key, value)| settings.add(key, value, None));
        line.status == "publish" && settings.hiding().is_none() && parts::hidden(&line.title).is_none()
    };
    for line in lines.iter().filter(is_seen) {
        let name = line
            .terms
            .iter()
            .find(|(of, ..)| of == "nav_menu")
            .map(|(_, id, name)| if name.is_empty() { id.clone() } else { name.clone() });
        let Some(name) = name else { continue };
        match by_menu.iter_mut().find(|(known, _)| *known == name) {
            Some((_, all)) => all.push(line),
            None => by_menu.push((name, vec![line])),
        }
    }
    let mut menus = Vec::new();
    for (name, mut all) in by_menu {
        all.sort_by_key(|line| line.order.parse::<i64>().unwrap_or(0));
        let depths: BTreeMap<&str, &str> = all
            .iter()
            .map(|line| (line.id.as_str(), line.meta("_menu_item_menu_item_parent").unwrap_or("0")))
            .collect();
        let items = all
            .iter()
            .filter_map(|line| {
                let object = line.meta("_menu_item_object_id").unwrap_or_default();
                let (title, to) = match line.meta("_menu_item_type")? {
                    "custom" => (String::new(), line.meta("_menu_item_url")?.to_owned()),
                    "taxonomy" => {
                        let term = terms.get(*numbers.get(object)?)?;
                        (term.name.clone(), term.addresses.first()?.clone())
                    }
                    "post_type_archive" => (String::new(), format!("/{}/", line.meta("_menu_item_object")?)),
                    _ => {
                        let post = by_number.get(object)?;
                        (plain(&post.title), place.address(&post.link)?)
                    }
                };
                let own = plain(&line.title);
                let title = if own.is_empty() { title } else { own };
                let to = place.address(&to).unwrap_or(to);
                let mut depth = 0;
                let mut above = depths.get(line.id.as_str()).copied().unwrap_or("0");
                while above != "0" && depth < 10 {
                    depth += 1;
                    above = depths.get(above).copied().unwrap_or("0");
                }
                (!title.is_empty()).then_some(MenuItem { title, to, depth })
            })
            .collect();
        menus.push(Menu { name: plain(&name), items, ..Menu::default() });
    }
    for navigation in navigations.iter().filter(|post| post.status == "publish") {
        let items = blocks(&navigation.content, place);
        if !items.is_empty() {
            menus.push(Menu { name: plain(&navigation.title), items, ..Menu::default() });
        }
    }
    menus
}

/// The links of a menu of blocks.
fn blocks(content: &str, place: &Place) -> Vec<MenuItem> {
    let mut items = Vec::new();
    let mut depth = 0_usize;
    for (at, _) in content.match_indices("<!-- ") {
        let rest = &content[at + "<!-- ".len()..];
        let Some(end) = rest.find("-->") else { break };
        let comment = rest[..end].trim();
        if comment.starts_with("/wp:navigation-submenu") {
            depth = depth.saturating_sub(1);
            continue;
        }
        let Some(data) = comment.strip_prefix("wp:navigation-link").or(comment.strip_prefix("wp:navigation-submenu"))
        else {
            continue;
        };
        let data: serde_json::Value =
            serde_json::from_str(data.trim().trim_end_matches('/').trim()).unwrap_or_default();
        let text = |key: &str| data.get(key).and_then(serde_json::Value::as_str).unwrap_or_default();
        let to = text("url");
        if !text("label").is_empty() && !to.is_empty() {
            items.push(MenuItem {
                title: plain(text("label")),
                to: place.address(to).unwrap_or_else(|| to.to_owned()),
                depth,
            });
        }
        if comment.starts_with("wp:navigation-submenu") && !comment.ends_with('/') {
            depth += 1;
        }
    }
    items
}
