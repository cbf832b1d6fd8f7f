//! Finished pages, as they are made in parallel → the facts of each, and the faults that only show across all of them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use crate::check::{self, Facts, PageFacts};
use crate::diagnostic::Diagnostic;
use crate::path::OutputPath;
use crate::pipeline::{self, Made};
use crate::render::Output;
use crate::routes::{Route, RouteKind};
use crate::schema::Value;

/// What is gathered from finished pages while they are made in parallel.
#[derive(Default)]
pub(crate) struct Scanned {
    pages: Mutex<Vec<PageFacts>>,
    /// The transfer sizes of stylesheets and scripts, in bytes.
    loaded: Mutex<BTreeMap<OutputPath, usize>>,
}

impl Scanned {
    /// Looks at one output.
    pub(crate) fn see(&self, made: &Made, route: &Route, output: &Output, faults: &mut Vec<Diagnostic>) {
        let path = route.address.output();
        let asks = made.site.config.budgets.ask_what_is_sent();
        if path.as_str().ends_with(".html")
            && let Output::Bytes(bytes) = output
            && let Ok(html) = std::str::from_utf8(bytes)
        {
            let source = pipeline::source_of(made, route);
            let mut found = check::scan(&path, source.as_ref(), html);
            faults.extend(pipeline::located(made, std::mem::take(&mut found.faults)));
            let mut facts = found.value;
            facts.replaces = replaces(made, route);
            facts.sent = asks.then(|| check::sent(bytes));
            facts.is_list = matches!(route.kind, RouteKind::List { .. });
            self.pages.lock().unwrap_or_else(PoisonError::into_inner).push(facts);
        } else if asks && [".css", ".js"].iter().any(|ending| path.as_str().ends_with(ending)) {
            let tree = &made.site.tree;
            let weight = match output {
                Output::Bytes(bytes) => check::sent(bytes),
                Output::File(file) => match tree.get(file).map(|file| tree.bytes(file)) {
                    Some(Ok(bytes)) => check::sent(&bytes),
                    // An unreadable file is reported when it is copied.
                    _ => 0,
                },
            };
            self.loaded.lock().unwrap_or_else(PoisonError::into_inner).insert(path, weight);
        }
    }

    /// The faults that only show across all pages, and the pages' facts in the order of their paths.
    pub(crate) fn compare(self, made: &Made) -> (Vec<Diagnostic>, Vec<PageFacts>) {
        let mut pages = self.pages.into_inner().unwrap_or_else(PoisonError::into_inner);
        let loaded = self.loaded.into_inner().unwrap_or_else(PoisonError::into_inner);
        pages.sort_by(|a, b| a.path.cmp(&b.path));
        let config = &made.site.config;
        let Ok(base_url) = url::Url::parse(&config.base.url("/")) else { return (Vec::new(), pages) };
        let outputs = outputs(made);
        let facts =
            Facts { pages: &pages, outputs: &outputs, base_url: &base_url, loaded: &loaded, budgets: config.budgets };
        (pipeline::located(made, check::across(&facts)), pages)
    }
}

/// The entry that the one of a page replaces, as it is written.
fn replaces(made: &Made, route: &Route) -> Option<String> {
    let RouteKind::Entry(ix) = route.kind else { return None };
    match &made.site.entry(ix).values.get("replaces")?.value {
        Value::Ref(key) => Some(key.to_string()),
        _ => None,
    }
}

/// The output paths of everything that is published.
fn outputs(made: &Made) -> BTreeSet<OutputPath> {
    made.routes.all().iter().map(|route| route.address.output()).collect()
}
