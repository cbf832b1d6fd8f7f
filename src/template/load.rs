//! The theme's folder and the site's `templates/` → loaded templates.
//!
//! A template of the site has its plain name, one of a theme its name behind the theme's: a plain name finds the site's
//! first, so `{% extends "civic/page.html" %}` reaches the one that the site overrides.

use std::sync::Arc;

use tera::Tera;

use super::{Asked, fault, functions};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::path::SitePath;

/// Loads all templates; `None` if one of them cannot be used.
pub(super) fn templates(asked: &Arc<Asked>, faults: &mut Vec<Diagnostic>) -> Option<(Tera, Vec<String>)> {
    let site = &asked.site;
    let mut tera = Tera::new();
    functions::register(&mut tera, asked);
    let prefixes: Vec<String> = site.config.themes.iter().map(|theme| format!("{theme}/")).collect();
    tera.set_fallback_prefixes(prefixes.clone()).ok()?;
    let mut found: Vec<(String, &str)> = Vec::new();
    let folders = std::iter::once((String::new(), "templates".to_owned()))
        .chain(site.config.themes.iter().map(|theme| (format!("{theme}/"), format!("themes/{theme}/templates"))));
    for (prefix, folder) in folders {
        for file in site.tree.below(&folder) {
            let Some(name) = file.path.below(&folder) else { continue };
            match file.text() {
                Some(text) => found.push((format!("{prefix}{name}"), text)),
                None => faults.push(
                    Diagnostic::new(Code::NotUtf8, format!("`{}` was saved in an old character set", file.path.name()))
                        .span(Span::file(&file.path))
                        .help("save it again as UTF-8"),
                ),
            }
        }
    }
    match tera.add_raw_templates(found) {
        Ok(()) => Some((tera, prefixes)),
        Err(error) => {
            faults.push(fault::loading(&error, site));
            None
        }
    }
}

/// The templates of `tera` as they were loaded, asking `asked` from now on.
pub(super) fn again(tera: &Tera, prefixes: &[String], asked: &Arc<Asked>) -> (Tera, Vec<String>) {
    let mut tera = tera.clone();
    functions::register(&mut tera, asked);
    (tera, prefixes.to_vec())
}

/// The full name under which `template` is loaded.
pub(super) fn find(tera: &Tera, prefixes: &[String], template: &str) -> String {
    if tera.contains_template(template) {
        return template.to_owned();
    }
    prefixes
        .iter()
        .map(|prefix| format!("{prefix}{template}"))
        .find(|name| tera.contains_template(name))
        .unwrap_or_else(|| template.to_owned())
}

/// The file of a template's full name.
pub(super) fn file_of(site: &crate::site::Site, name: &str) -> Option<SitePath> {
    let of_theme = name.split_once('/').filter(|(theme, _)| site.config.themes.iter().any(|known| known == theme));
    let mut places = vec![format!("templates/{name}")];
    if let Some((theme, rest)) = of_theme {
        places.push(format!("themes/{theme}/templates/{rest}"));
    }
    places.extend(site.config.themes.iter().map(|theme| format!("themes/{theme}/templates/{name}")));
    places.iter().find_map(|place| site.tree.named(place)).map(|file| file.path.clone())
}
