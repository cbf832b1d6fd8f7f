//! The theme's folder and the site's `templates/` → loaded templates.
//!
//! A template of the site has its plain name; one of a theme has the theme's name in front. A plain name finds the site's
//! template first, so `{% extends "civic/page.html" %}` reaches the one that the site overrides.

use std::sync::Arc;

use tera::Tera;

use super::{TemplateContext, fault, functions, geometry, grouped};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::drawings;
use crate::path::SitePath;
use crate::site::Site;
use crate::source::SourceFile;

/// Loads all templates; `None` if one of them cannot be used.
pub(super) fn templates(asked: &Arc<TemplateContext>, faults: &mut Vec<Diagnostic>) -> Option<(Tera, Vec<String>)> {
    let site = &asked.site;
    let mut tera = Tera::new();
    functions::register(&mut tera, asked);
    grouped::register(&mut tera);
    let prefixes: Vec<String> = site.config.themes.iter().map(|theme| format!("{theme}/")).collect();
    tera.set_fallback_prefixes(prefixes.clone()).ok()?;
    let is_page = |file: &SourceFile| file.path.ending() != drawings::TEMPLATE;
    let found = found(site, is_page, |file| {
        faults.push(
            Diagnostic::new(Code::NotUtf8, format!("`{}` was saved in an old character set", file.path.name()))
                .span(Span::file(&file.path))
                .help("save it again as UTF-8"),
        );
    });
    match tera.add_raw_templates(found) {
        Ok(()) => Some((tera, prefixes)),
        Err(error) => {
            faults.push(fault::loading(&error, site));
            None
        }
    }
}

/// Loads the templates of drawings. They have no functions that ask the snapshot: the result depends only on their input.
pub(super) fn drawings(site: &Site) -> Result<Tera, Diagnostic> {
    let mut tera = Tera::new();
    tera.autoescape_on(vec![".svg"]);
    geometry::register(&mut tera);
    grouped::register(&mut tera);
    let prefixes: Vec<String> = site.config.themes.iter().map(|theme| format!("{theme}/")).collect();
    let found = found(site, |file| file.path.ending() == drawings::TEMPLATE, |_| {});
    let loaded = tera.set_fallback_prefixes(prefixes).and_then(|()| tera.add_raw_templates(found));
    loaded.map(|()| tera).map_err(|error| fault::loading(&error, site))
}

/// The names and texts of the `wanted` templates; `unreadable` gets each one that is not text.
pub(super) fn found(
    site: &Site,
    wanted: impl Fn(&SourceFile) -> bool,
    mut unreadable: impl FnMut(&SourceFile),
) -> Vec<(String, &str)> {
    let mut found = Vec::new();
    let folders = std::iter::once((String::new(), "templates".to_owned()))
        .chain(site.config.themes.iter().map(|theme| (format!("{theme}/"), format!("themes/{theme}/templates"))));
    for (prefix, folder) in folders {
        for file in site.tree.below(&folder).filter(|file| wanted(file)) {
            let Some(name) = file.path.below(&folder) else { continue };
            match file.text() {
                Some(text) => found.push((format!("{prefix}{name}"), text)),
                None => unreadable(file),
            }
        }
    }
    found
}

/// The templates of `tera` as loaded, but asking `asked` from now on.
pub(super) fn again(tera: &Tera, prefixes: &[String], asked: &Arc<TemplateContext>) -> (Tera, Vec<String>) {
    let mut tera = tera.clone();
    functions::register(&mut tera, asked);
    (tera, prefixes.to_vec())
}

/// The full name of the loaded `template`.
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

/// The file of a template, by its full name.
pub(super) fn file_of(site: &Site, name: &str) -> Option<SitePath> {
    let of_theme = name.split_once('/').filter(|(theme, _)| site.config.themes.iter().any(|known| known == theme));
    let mut places = vec![format!("templates/{name}")];
    if let Some((theme, rest)) = of_theme {
        places.push(format!("themes/{theme}/templates/{rest}"));
    }
    places.extend(site.config.themes.iter().map(|theme| format!("themes/{theme}/templates/{name}")));
    places.iter().find_map(|place| site.tree.named(place)).map(|file| file.path.clone())
}
