//! What readers may narrow a search by → its values for the template of the search page.
//!
//! Not here: which pages have which values, which is in the records of `search`.

use tera::Value;

use crate::config::{Collection, Lang};
use crate::template::{TemplateContext, map};

/// The facets of the theme, with their titles; the kinds by collection.
pub(super) fn of(asked: &TemplateContext, lang: Lang) -> Vec<Value> {
    let facets = asked.site.config.search.iter().flat_map(|search| &search.facets);
    let one = |facet: &String| {
        let groups = if facet == "kind" { kinds(asked, lang) } else { Vec::new() };
        let title = asked.strings.word(&format!("facet-{facet}"));
        map([("name", facet.as_str().into()), ("title", title.into()), ("groups", groups.into())])
    };
    facets.map(one).collect()
}

/// What the entries of each collection are called together, and the names of its kinds.
fn kinds(asked: &TemplateContext, lang: Lang) -> Vec<Value> {
    let config = &asked.site.config;
    let of = |collection: &Collection| {
        let kinds = collection.kinds.keys().filter_map(|kind| config.kind(lang, &collection.name, kind));
        let labels: Vec<Value> = kinds.map(|kind| kind.label.as_str().into()).collect();
        let title = config.plural(lang, &collection.name);
        (!labels.is_empty()).then(|| map([("title", title.into()), ("values", labels.into())]))
    };
    config.collections.values().filter_map(of).collect()
}
