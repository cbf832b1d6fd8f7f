//! The menus there → those of the design: the main one at the top, what looks legal and the rest at the foot.

use super::{Here, Page};
use crate::import::site::lookup::Lookup;
use crate::import::site::survey::{Menu, MenuItem, Note, Place, Survey};

/// A line of a menu here: menu, title, address.
pub(super) type Line = (&'static str, String, String);

/// The longest menu at the top.
const LONGEST: usize = 8;

/// The lines of the site's menus.
pub(super) fn menus(
    survey: &Survey,
    here: &Here<'_>,
    pages: &[Page],
    lookup: &Lookup,
    notes: &mut Vec<Note>,
) -> Vec<Line> {
    if !here.is_new {
        return Vec::new();
    }
    let mut note = |what: &str, how: &str, words: String| {
        notes.push(Note { what: what.to_owned(), how: how.to_owned(), place: Place::default(), words })
    };
    let is_called = |menu: &&Menu, words: &[&str]| {
        let name = menu.name.to_lowercase();
        words.iter().any(|word| name.contains(word))
    };
    let leads = |item: &MenuItem| lookup.former(&item.to, "/").is_none_or(|former| lookup.leads(&former).is_ok());
    let has_lines = |menu: &&Menu| menu.items.iter().any(|item| item.depth == 0 && leads(item));
    let own: Vec<&Menu> = survey.menus.iter().filter(|menu| menu.lang.is_none()).filter(has_lines).collect();
    let is_other = |menu: &&&Menu| is_called(menu, &["foot", "social", "legal", "bottom"]);
    let main = own
        .iter()
        .find(|menu| is_called(menu, &["main", "primary", "top", "header", "navigation"]))
        .or_else(|| own.iter().find(|menu| !is_other(menu)));
    let mut lines: Vec<Line> = Vec::new();
    for menu in &own {
        let is_main = main.is_some_and(|main| std::ptr::eq(*main, *menu));
        let place = if is_main {
            "main"
        } else if is_called(menu, &["legal", "policy", "policies"]) {
            "legal"
        } else {
            "explore"
        };
        if !is_main && !is_other(&menu) {
            note("further menus", "the design shows one at the top and two at the foot", menu.name.clone());
            continue;
        }
        if !is_main && is_called(menu, &["social"]) {
            note(
                "menus of links to social media",
                "`same_as` in `[organisation]` has room for them",
                menu.items.iter().map(|item| item.to.clone()).collect::<Vec<_>>().join(", "),
            );
            continue;
        }
        for item in &menu.items {
            let to = match lookup.former(&item.to, "/") {
                None => Ok(item.to.clone()),
                Some(former) => lookup.leads(&former),
            };
            match to {
                Err(why) => note("lines of menus", why, format!("{}: {}", item.title, item.to)),
                Ok(_) if item.to.starts_with('#') || item.to.is_empty() => {}
                Ok(to) if to.contains("://") && !to.starts_with("http") => {
                    note("lines of menus", "they lead to no page", format!("{}: {}", item.title, item.to))
                }
                Ok(_) if item.depth > 0 => note(
                    "lines below others in a menu",
                    "menus here have one level: the page above them can link to them",
                    format!("{}: {}", item.title, item.to),
                ),
                Ok(to) if lines.iter().any(|(known, _, other)| *known == place && *other == to) => {}
                Ok(_)
                    if lines.iter().filter(|(known, ..)| *known == place).count()
                        >= LONGEST * (if is_main { 1 } else { 2 }) =>
                {
                    note("lines of menus", "the menu would be too long", item.title.clone());
                }
                Ok(to) => lines.push((place, item.title.clone(), to)),
            }
        }
    }
    if !lines.iter().any(|(menu, ..)| *menu == "main") {
        lines.extend(by_pages(survey, pages));
    }
    lines
}

/// Without a menu: the first pages, and the list of publications.
fn by_pages(survey: &Survey, pages: &[Page]) -> Vec<Line> {
    let is_top = |page: &&Page| {
        page.collection == "pages"
            && page.is_public()
            && page.address != "/"
            && page.address.matches('/').count() == 2
            && survey.entries[page.entry].lang.is_none()
    };
    let mut lines: Vec<Line> = Vec::new();
    for page in pages.iter().filter(is_top).take(5) {
        lines.push(("main", survey.entries[page.entry].title().unwrap_or(&page.key).to_owned(), page.address.clone()));
    }
    if pages.iter().any(|page| page.collection == "publications")
        && !lines.iter().any(|(_, _, to)| to == "/publications/")
    {
        lines.insert(0, ("main", "Publications".to_owned(), "/publications/".to_owned()));
    }
    lines
}
