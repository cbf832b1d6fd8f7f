//! Hugo's menus, in its settings and in the fields of pages → menus of a survey.

use super::super::lenient::{at, get, key, raw, text, text_at, texts};
use super::super::pages::Page;
use super::settings::Settings;
use crate::data::{Raw, RawKind, Table};
use crate::import::site::survey::{Menu, MenuItem, State, Survey};

/// A line of a menu.
#[derive(Clone, Debug)]
struct Line {
    menu: String,
    id: String,
    title: String,
    to: String,
    parent: Option<String>,
    weight: i64,
}

/// Finds the menus of each language.
pub(super) fn menus(settings: &Settings, pages: &mut [Page], survey: &mut Survey) {
    for (nth, language) in settings.languages.iter().enumerate() {
        let lang = (nth > 0).then(|| language.code.clone());
        let mut lines = Vec::new();
        for name in ["menu", "menus"] {
            let own = match nth {
                0 => settings.of_language(&language.code, &[name]),
                _ => at(&settings.all, &["languages", &language.code, name]),
            };
            if let Some(RawKind::Table(table)) = own.map(|own| &own.kind) {
                for (key, value) in table {
                    let RawKind::List(items) = &value.kind else { continue };
                    let line = |item| line(&key.name, item, pages, &lang, &language.prefix);
                    lines.extend(items.iter().filter_map(line));
                }
            }
        }
        for page in pages.iter().filter(|page| page.lang == lang && page.state == State::Public) {
            for name in ["menu", "menus"] {
                lines.extend(get(&page.fields, name).map(|raw| of_page(raw, page)).unwrap_or_default());
            }
        }
        let mut names: Vec<String> = lines.iter().map(|line| line.menu.clone()).collect();
        names.sort();
        names.dedup();
        for name in names {
            let own: Vec<&Line> = lines.iter().filter(|line| line.menu == name).collect();
            let mut items = Vec::new();
            below(&own, None, 0, &mut items);
            survey.menus.push(Menu { name, lang: lang.clone(), items });
        }
    }
}

fn line(menu: &str, raw: &Raw, pages: &[Page], lang: &Option<String>, prefix: &str) -> Option<Line> {
    let page = text_at(raw, &["pageref"]).and_then(|wanted| {
        let wanted = format!("/{}/", wanted.trim_matches('/').trim_end_matches(".md"));
        let wanted = if wanted == "//" { "/".to_owned() } else { wanted };
        pages.iter().filter(|page| page.lang == *lang).find(|page| {
            let own =
                format!("/{}/", page.group.trim_end_matches("/_index").trim_end_matches("/index").trim_matches('/'));
            own == wanted
                || own == "//" && wanted == "/"
                || page.addresses.first() == Some(&format!("{prefix}{wanted}"))
        })
    });
    let title = text_at(raw, &["name"])
        .or_else(|| text_at(raw, &["title"]))
        .or_else(|| page.and_then(|page| get(&page.fields, "title").and_then(text)))
        .or_else(|| text_at(raw, &["identifier"]))?;
    let to = text_at(raw, &["url"]).or_else(|| page.and_then(|page| page.addresses.first().cloned()));
    let to = to.unwrap_or_default();
    Some(Line {
        menu: menu.to_owned(),
        id: text_at(raw, &["identifier"]).unwrap_or_else(|| title.clone()),
        to: match to.starts_with('/') || to.contains(':') || to.is_empty() || to.starts_with('#') {
            true => to,
            false => format!("{prefix}/{to}"),
        },
        title,
        parent: text_at(raw, &["parent"]),
        weight: weight(raw),
    })
}

fn weight(raw: &Raw) -> i64 {
    match at(raw, &["weight"]).map(|raw| &raw.kind) {
        Some(RawKind::Int(weight)) if *weight != 0 => *weight,
        // Without a weight, a line comes last.
        _ => i64::MAX,
    }
}

/// The lines that a page gives itself: `menu: main`, a list of names, or a group for each.
fn of_page(written: &Raw, page: &Page) -> Vec<Line> {
    let title =
        get(&page.fields, "linktitle").or_else(|| get(&page.fields, "title")).and_then(text).unwrap_or_default();
    let plain = |menu: &str, raw: &Raw| Line {
        menu: menu.to_owned(),
        id: text_at(raw, &["identifier"]).unwrap_or_else(|| title.clone()),
        title: text_at(raw, &["name"]).unwrap_or_else(|| title.clone()),
        to: page.addresses.first().cloned().unwrap_or_default(),
        parent: text_at(raw, &["parent"]),
        weight: match weight(raw) {
            i64::MAX => get(&page.fields, "weight").map_or(i64::MAX, |raw| weight(&group(raw))),
            weight => weight,
        },
    };
    match &written.kind {
        RawKind::Table(table) => table.iter().map(|(key, value)| plain(&key.name, value)).collect(),
        _ => texts(written).iter().map(|name| plain(name, &raw(RawKind::Table(Table::new())))).collect(),
    }
}

fn group(weight: &Raw) -> Raw {
    raw(RawKind::Table(vec![(key("weight"), weight.clone())]))
}

/// The lines below one, with those below them.
fn below(all: &[&Line], parent: Option<&str>, depth: usize, items: &mut Vec<MenuItem>) {
    if depth > 5 {
        return;
    }
    let is_below = |line: &Line| match parent {
        Some(parent) => line.parent.as_deref() == Some(parent),
        None => line.parent.as_ref().is_none_or(|above| !all.iter().any(|line| line.id == *above)),
    };
    let mut own: Vec<&&Line> = all.iter().filter(|line| is_below(line)).collect();
    own.sort_by_key(|line| (line.weight, line.title.clone()));
    for line in own {
        items.push(MenuItem { title: line.title.clone(), to: line.to.clone(), depth });
        below(all, Some(&line.id), depth + 1, items);
    }
}
