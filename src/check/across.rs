//! The facts of all pages → the faults that only show across several pages or the whole site.

use super::facts::{PageFacts, fault};
use super::links::{Base, Target, links};
use super::weight::heavy;
use crate::config::Budgets;
use crate::diagnostic::{Code, Diagnostic};
use crate::path::OutputPath;
use std::collections::{BTreeMap, BTreeSet};
use url::Url;

/// Below this number of pages, a fault is shown on each page.
const OFTEN: usize = 5;

/// What is known of a finished site.
pub(crate) struct Facts<'a> {
    /// Its HTML pages, in the order of their paths.
    pub(crate) pages: &'a [PageFacts],
    /// Everything that is published, including pages.
    pub(crate) outputs: &'a BTreeSet<OutputPath>,
    /// Where it will be published.
    pub(crate) base_url: &'a Url,
    /// The transfer sizes of its stylesheets and scripts, in bytes; empty unless asked for.
    pub(crate) loaded: &'a BTreeMap<OutputPath, usize>,
    /// The budgets of a page.
    pub(crate) budgets: Budgets,
}

/// The faults that only show on the site as a whole.
pub(crate) fn across(facts: &Facts<'_>) -> Vec<Diagnostic> {
    let mut faults = links(facts);
    faults.extend(titles(facts.pages));
    let base = Base::new(facts.base_url);
    faults.extend(facts.pages.iter().filter_map(|page| canonical(page, &base)));
    faults.extend(facts.pages.iter().flat_map(|page| heavy(page, &base, facts.loaded, &facts.budgets)));
    faults
}

/// One fault for each page whose title an earlier page of the same language has.
fn titles(pages: &[PageFacts]) -> Vec<Diagnostic> {
    let mut first: BTreeMap<(&Option<String>, &str), &PageFacts> = BTreeMap::new();
    let mut faults = Vec::new();
    for page in pages.iter().filter(|page| !page.redirect) {
        let Some(title) = &page.title else { continue };
        let key = (&page.lang, title.as_str());
        match first.get(&key) {
            None => {
                first.insert(key, page);
            }
            // Editions of one work have one title, and say which they are.
            Some(other) if replaces(page, other) || replaces(other, page) => {}
            Some(other) => faults.push(
                fault(
                    page,
                    Code::DuplicatePageTitle,
                    format!("`{}` has the same title, `{title}`", other.path.address()),
                )
                .help("give each page a title of its own: readers use it to tell tabs and search results apart"),
            ),
        }
    }
    faults
}

/// Whether a page is the later edition of another.
fn replaces(page: &PageFacts, other: &PageFacts) -> bool {
    let (Some(named), Some(source)) = (&page.replaces, &other.source) else { return false };
    let key = named.rsplit('/').next().unwrap_or(named);
    let file = source.as_str().trim_end_matches(".md").trim_end_matches("/index");
    file.rsplit('/').next() == Some(key)
}

fn canonical(page: &PageFacts, base: &Base) -> Option<Diagnostic> {
    if page.noindex || page.redirect {
        return None;
    }
    let own = page.path.address();
    let Some(said) = &page.canonical else {
        let help = "write `<link rel=\"canonical\" href=\"{{ page.url }}\">` in the template";
        return Some(fault(page, Code::CanonicalWrong, "the page does not state its own address").help(help));
    };
    let expected = Target::Inside { address: own.clone(), fragment: None };
    let whole = said.starts_with("https:") || said.starts_with("http:");
    if whole && !said.contains('?') && base.resolve(&own, said) == expected {
        return None;
    }
    let message = format!("the page says that its address is `{said}`, but it is `{own}`");
    Some(
        fault(page, Code::CanonicalWrong, message)
            .help("write `page.url` there in the template: it is the full address"),
    )
}

/// Merges faults that more than half of `pages` show in the same words into one, since their cause is then a template.
///
/// Faults that have a line stay as they are. This comes after [`super::apply_baseline`], which identifies faults by the
/// file that they belong to.
pub(crate) fn gather(faults: Vec<Diagnostic>, pages: usize) -> Vec<Diagnostic> {
    let of_page = |fault: &Diagnostic| {
        fault.page.is_some() && fault.span.as_ref().is_none_or(crate::diagnostic::Span::whole_file)
    };
    let mut on: BTreeMap<(Code, String), BTreeSet<String>> = BTreeMap::new();
    for fault in faults.iter().filter(|fault| of_page(fault)) {
        let page = fault.page.clone().unwrap_or_default();
        on.entry((fault.code, fault.message.clone())).or_default().insert(page);
    }
    on.retain(|_, on| on.len() >= OFTEN && on.len() * 2 > pages);
    let mut gathered: BTreeMap<(Code, String), Diagnostic> = BTreeMap::new();
    let mut rest = Vec::new();
    for fault in faults {
        let key = (fault.code, fault.message.clone());
        match on.get(&key) {
            Some(on) if of_page(&fault) => {
                let (severity, count) = (fault.severity, fault.count);
                let one = gathered.entry(key).or_insert_with(|| Diagnostic {
                    span: None,
                    page: on.first().cloned(),
                    fix: None,
                    count: 0,
                    help: fault.help.clone().map(|help| {
                        format!(
                            "{help} (it is on {} of {pages} pages, so look at the theme's templates first)",
                            on.len()
                        )
                    }),
                    ..fault
                });
                one.count += count;
                one.severity = one.severity.max(severity);
            }
            _ => rest.push(fault),
        }
    }
    rest.extend(gathered.into_values());
    rest
}
