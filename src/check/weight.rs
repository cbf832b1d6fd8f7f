//! The facts of a page and the weights of what it loads → whether it exceeds its budget.

use std::collections::BTreeMap;
use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::facts::{LinkKind, PageFacts, fault};
use super::links::{Base, Target};
use crate::config::Budgets;
use crate::diagnostic::{Code, Diagnostic};
use crate::path::{Address, OutputPath};

/// The length of `bytes` as sent by a server that compresses with gzip in the usual way.
pub(crate) fn sent(bytes: &[u8]) -> usize {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    let written = gzip.write_all(bytes).and_then(|()| gzip.finish());
    written.map_or(bytes.len(), |compressed| compressed.len())
}

/// What exceeds its budget on `page`. `loaded` holds the transfer sizes of stylesheets and scripts.
pub(super) fn heavy(
    page: &PageFacts,
    base: &Base,
    loaded: &BTreeMap<OutputPath, usize>,
    budgets: &Budgets,
) -> Vec<Diagnostic> {
    let mut faults = Vec::new();
    let mut limit = |is: usize, may: Option<usize>, message: &dyn Fn(usize, usize) -> String, help: &str| {
        if let Some(may) = may.filter(|may| is > *may) {
            faults.push(fault(page, Code::PageTooHeavy, message(is.div_ceil(1024), may / 1024)).help(help));
        }
    };
    limit(
        page.bytes,
        budgets.html,
        &|is, may| format!("the page has {is} KB of HTML, more than the {may} KB that were set"),
        "split the page, or publish its longest tables as files to download",
    );
    let Some(html) = page.sent else { return faults };
    let own = page.path.address();
    let of = |ending: &str| sum(page, base, &own, loaded, ending);
    let styles = of(".css");
    let kilobytes = |bytes: usize| bytes.div_ceil(1024);
    limit(
        html + styles,
        if page.is_list { budgets.list } else { budgets.page },
        &|is, may| {
            format!("the page and its styles are {is} KB as they are sent, more than the {may} KB that were set")
        },
        &match page.is_list {
            true => format!(
                "{} KB of that are styles; let the list show fewer entries on a page (`per_page`)",
                kilobytes(styles)
            ),
            false => format!(
                "{} KB of that are styles; split the page, or publish its longest tables as files",
                kilobytes(styles)
            ),
        },
    );
    limit(
        of(".js"),
        budgets.scripts,
        &|is, may| format!("the page loads {is} KB of scripts as they are sent, more than the {may} KB that were set"),
        "let the theme load fewer of them, or only where they are needed",
    );
    faults
}

/// The total weight of the files that the page loads whose names end with `ending`.
fn sum(page: &PageFacts, base: &Base, own: &Address, loaded: &BTreeMap<OutputPath, usize>, ending: &str) -> usize {
    let weight = |url: &str| match base.resolve(own, url) {
        Target::Inside { address, .. } => loaded.get(&address.output()).copied().unwrap_or_default(),
        _ => 0,
    };
    let is = |url: &str| url.split(['?', '#']).next().is_some_and(|path| path.ends_with(ending));
    page.links.iter().filter(|link| link.kind == LinkKind::Loaded && is(&link.url)).map(|link| weight(&link.url)).sum()
}
