//! `[[menus.NAME]]` → the lines of each menu as the site's owner wrote them, and those that are in another language than their
//! readers. Not here: whether a line leads anywhere.

use super::languages::Language;
use super::layers::Layers;
use crate::data::RawKind;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::index::Index;

/// One line of a menu.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct MenuItem {
    pub(crate) title: String,
    /// What it is called in other languages, by their codes, and where that is written.
    pub(super) titles: Vec<(String, String, Span)>,
    /// An address of the site, or a full one.
    pub(crate) url: String,
    pub(crate) span: Span,
}

/// Whose menus are read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Of {
    /// The site's: a line may say what it is called in other languages.
    Site,
    /// Those of one further language.
    Language,
}

/// Reads `[[menus.NAME]]`.
pub(super) fn menus(table: &Layers<'_>, of: Of, faults: &mut Vec<Diagnostic>) -> Index<String, Vec<MenuItem>> {
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
                let titles = if of == Of::Site { titles(&item.table("titles", faults), faults) } else { Vec::new() };
                let url = item.text_at("url", faults);
                if item.get("url").is_none() {
                    faults.push(item.missing("url", "\"/publications/\""));
                }
                item.finish(faults);
                // What has no words is told above; a line without any on each page would be told again there.
                url.filter(|_| !title.trim().is_empty()).map(|(url, span)| MenuItem { title, titles, url, span })
            })
            .collect();
        menus.insert(name, items);
    }
    menus
}

/// The names of one line in other languages.
fn titles(table: &Layers<'_>, faults: &mut Vec<Diagnostic>) -> Vec<(String, String, Span)> {
    let one = |(code, _): (String, Span)| {
        let title = table.words(&code, faults)?;
        let span = table.get(&code)?.span();
        (!title.trim().is_empty()).then_some((code, title, span))
    };
    let titles = table.keys().into_iter().filter_map(one).collect();
    table.finish(faults);
    titles
}

/// How many lines a message names.
const NAMED: usize = 2;

/// The menus of the site, in its own language first, as readers of the others get them: a line that has no name in a language that
/// has no such menu of its own is reported, and so is a name in a language that there is not.
pub(super) fn untranslated(languages: &[Language]) -> Vec<Diagnostic> {
    let mut faults = Vec::new();
    let Some((own, others)) = languages.split_first() else { return faults };
    for (code, _, span) in own.menus.values().flatten().flat_map(|item| &item.titles) {
        if !languages.iter().any(|language| *language.code == **code) {
            let message = format!("this site has no language `{code}`, so this name is not used");
            let fault = Diagnostic::new(Code::WrongSetting, message).span(span.clone()).lowered();
            let known: Vec<String> = others.iter().map(|language| format!("`{}`", language.code)).collect();
            faults.push(fault.help(match known.as_slice() {
                [] => format!("begin it with `[languages.{code}]`, or delete this name"),
                known => format!("write one of {}, or begin the language with `[languages.{code}]`", known.join(", ")),
            }));
        }
    }
    for language in others {
        for (name, items) in language.menus.iter() {
            let is_left = |item: &&MenuItem| {
                let of_site = own.menus.get(name).into_iter().flatten().find(|of_site| of_site.span == item.span);
                of_site.is_some_and(|item| !item.titles.iter().any(|(code, ..)| *code == *language.code))
            };
            let left: Vec<&MenuItem> = items.iter().filter(is_left).collect();
            let Some((first, rest)) = left.split_first() else { continue };
            let mut words: Vec<String> = left.iter().take(NAMED).map(|item| format!("`{}`", item.title)).collect();
            if left.len() > NAMED {
                words.push(format!("{} more", left.len() - NAMED));
            }
            let words = match words.split_last() {
                Some((last, before)) if !before.is_empty() => format!("{} and {last}", before.join(", ")),
                _ => words.concat(),
            };
            let message = format!("readers in {} see the menu `{name}` in {}: {words}", language.name, own.name);
            let mut fault = Diagnostic::new(Code::MenuNotTranslated, message).span(first.span.clone());
            fault.labels.extend(rest.iter().take(NAMED).map(|item| (item.span.clone(), "and here".to_owned())));
            let code = &language.code;
            faults.push(fault.help(format!(
                "write `titles = {{ {code} = \"…\" }}` below each `title`, or a menu of its own with `[[languages.{code}.menus.{name}]]`"
            )));
        }
    }
    faults
}
