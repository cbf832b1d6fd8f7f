//! An entry's downloads → the PDF that Google Scholar takes for the paper of the page: one in the page's language that lies in
//! the page's own folder (its inclusion guidelines).

use super::{Ix, LinkTo, Site};
use crate::path::Address;
use crate::schema::{Placed, Value};

impl Site {
    /// Whether Google Scholar is told of an entry, as the theme declares of its kind.
    pub(crate) fn is_scholarly(&self, ix: Ix) -> bool {
        let entry = self.entry(ix);
        let kinds = &self.config.collections[&entry.id.collection].kinds;
        entry.text_of("kind").and_then(|kind| kinds.get(kind)).is_some_and(|kind| kind.is_scholarly)
    }

    /// The paper of an entry's page.
    pub(crate) fn paper(&self, ix: Ix) -> Option<Address> {
        papers(self, ix).into_iter().find_map(|(_, to)| match to {
            Some(LinkTo::File(_, address)) if is_beside(self.address(ix)?, &address) => Some(address),
            _ => None,
        })
    }
}

/// The first PDF that readers would take for the paper, where no robot may.
pub(super) fn paper_elsewhere(site: &Site, ix: Ix) -> Option<&Placed> {
    // The files of a translation lie in the folder of its original, which it cannot change.
    if !site.is_scholarly(ix) || site.entry(ix).is_translation() || !site.has_page(ix) || site.paper(ix).is_some() {
        return None;
    }
    let papers = papers(site, ix);
    // One that is not there has been told of.
    let (first, _) = papers.iter().all(|(_, to)| to.is_some()).then(|| papers.first()).flatten()?;
    Some(*first)
}

/// The PDFs in the language of an entry's page, and where they are found.
fn papers(site: &Site, ix: Ix) -> Vec<(&Placed, Option<LinkTo>)> {
    let entry = site.entry(ix);
    let Some(Value::List(files)) = entry.values.get("files").map(|placed| &placed.value) else { return Vec::new() };
    let own = primary(&site.config.in_language(site.lang(ix)).code);
    let mut found = Vec::new();
    for file in files {
        let Value::Record(fields) = &file.value else { continue };
        let Some(placed) = fields.get("file") else { continue };
        let Value::File(path) = &placed.value else { continue };
        // What says nothing of its language has the page's.
        let is_own = fields.get("lang").is_none_or(|lang| primary(&lang.value.as_text()) == own);
        if is_own && path.to_ascii_lowercase().ends_with(".pdf") {
            found.push((placed, site.link(ix, entry.file_of("files"), path)));
        }
    }
    found
}

/// `en` of `en-GB`.
fn primary(code: &str) -> String {
    code.split('-').next().unwrap_or(code).to_ascii_lowercase()
}

fn is_beside(page: &Address, file: &Address) -> bool {
    file.as_str().strip_prefix(page.as_str()).is_some_and(|name| !name.contains('/'))
}
