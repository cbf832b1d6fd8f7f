//! Finished pages → the faults that only a finished page shows: links that lead nowhere, pages that some readers cannot
//! use, files that readers' browsers would fetch from elsewhere.
//!
//! 1. [`scan`] reads one page: its own faults, and the facts that others need. Pages may be scanned in parallel.
//! 2. [`across()`] compares the facts of all pages with each other and with everything that is published.
//! 3. [`apply_baseline`] turns faults that were accepted earlier into warnings.
//! 4. [`gather`] merges a fault that most pages show into one, since its cause is a template.
//! 5. [`report()`] says in HTML what was tested, on which pages, with what result.
//!
//! All of it is pure: bytes of outputs go in, faults come out, and nothing here knows how a page was made. A finished
//! page is not a source: its faults name the page and, where there is one, its source file.

mod across;
mod facts;
mod known;
mod links;
mod markup;
mod open;
mod page;
mod report;
#[cfg(test)]
mod tests;
mod weight;

pub(crate) use across::{Facts, across, gather};
pub(crate) use facts::PageFacts;
pub(crate) use known::{accept, apply_baseline, known, moved};
pub(crate) use page::scan;
pub(crate) use report::{REPORT_MARK, Tested, report};
pub(crate) use weight::sent;
