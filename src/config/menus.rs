//! `[[menus.NAME]]` → the lines of each menu as the site's owner wrote them. Not here: whether a line leads anywhere.

use super::layers::Layers;
use crate::data::RawKind;
use crate::diagnostic::{Diagnostic, Span};
use crate::index::Index;

/// One line of a menu.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct MenuItem {
    pub(crate) title: String,
    /// An address of the site, or a full one.
    pub(crate) url: String,
    pub(crate) span: Span,
}

/// Reads `[[menus.NAME]]`.
pub(super) fn menus(table: &Layers<'_>, faults: &mut Vec<Diagnostic>) -> Index<String, Vec<MenuItem>> {
    let mut menus = Index::default();
    for (name, _) in table.keys() {
        let Some(setting) = table.get(&name) else { continue };
        let RawKind::List(items) = &setting.raw.kind else {
            faults.push(setting.wrong(&table.path(&name), "a list: begin each line with `[[menus.NAME]]`"));
            continue;
        };
        let items = items
            .iter()
            .filter_map(|raw| {
                let item = Layers::new(vec![(setting.file, raw)], &table.path(&name));
                let title = item.required("title", "\"Publications\"", faults);
                let url = item.text_at("url", faults);
                if item.get("url").is_none() {
                    faults.push(item.missing("url", "\"/publications/\""));
                }
                item.finish(faults);
                // What has no words is told above; a line without any on each page would be told again there.
                url.filter(|_| !title.trim().is_empty()).map(|(url, span)| MenuItem { title, url, span })
            })
            .collect();
        menus.insert(name, items);
    }
    menus
}
