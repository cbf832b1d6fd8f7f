//! An entry's downloads → the PDF that Google Scholar takes for the page's paper: one in the page's language, in the page's
//! own folder (its inclusion guidelines).

use super::entry_checks::Check;
use super::links::{Reach, Texts};
use super::{Ix, LinkTo, Site};
use crate::config::Config;
use crate::content::Head;
use crate::path::Address;
use crate::schema::{Placed, Value};

impl Site {
    /// Whether an entry is for Google Scholar, as the theme declares for its kind.
    pub(crate) fn is_scholarly(&self, ix: Ix) -> bool {
        is_scholarly(&self.config, self.entry(ix))
    }

    /// The paper of an entry's page.
    pub(crate) fn paper(&self, ix: Ix) -> Option<Address> {
        let texts = Texts::of(&self.entries, ix);
        let reach = self.reach(&texts);
        paper(&reach, ix, &papers(&reach, ix, self.entry(ix)))
    }
}

fn is_scholarly(config: &Config, head: &Head) -> bool {
    let kinds = &config.collections[&head.id.collection].kinds;
    head.text_of("kind").and_then(|kind| kinds.get(kind)).is_some_and(|kind| kind.is_scholarly)
}

/// The first PDF that readers would take for the paper, in a folder where Google Scholar would not.
pub(super) fn paper_elsewhere<'a>(check: &Check<'a>) -> Option<&'a Placed> {
    let Check { reach, ix, entry, .. } = *check;
    // A translation's files are in the folder of its original, and it cannot change that.
    if !is_scholarly(reach.config, entry) || entry.is_translation() || !reach.structure.addresses.has_page(ix) {
        return None;
    }
    let papers = papers(&reach, ix, entry);
    if paper(&reach, ix, &papers).is_some() {
        return None;
    }
    // A missing file has already been reported.
    let is_there = |to: &Option<LinkTo>| matches!(to, Some(LinkTo::File(..) | LinkTo::InFile(..)));
    let (first, _) = papers.iter().all(|(_, to)| is_there(to)).then(|| papers.first()).flatten()?;
    Some(*first)
}

/// The one of `papers` that is next to the page.
fn paper(reach: &Reach<'_>, ix: Ix, papers: &[(&Placed, Option<LinkTo>)]) -> Option<Address> {
    let page = reach.structure.addresses.of(ix)?;
    papers.iter().find_map(|(_, to)| match to {
        Some(LinkTo::File(_, address)) if is_beside(page, address) => Some(address.clone()),
        _ => None,
    })
}

/// The PDFs in the language of an entry's page, and their addresses.
fn papers<'a>(reach: &Reach<'_>, ix: Ix, head: &'a Head) -> Vec<(&'a Placed, Option<LinkTo>)> {
    let Some(Value::List(files)) = head.values.get("files").map(|placed| &placed.value) else { return Vec::new() };
    let own = primary(&reach.config.in_language(reach.structure.identities.lang(ix)).code);
    let mut found = Vec::new();
    for file in files {
        let Value::Record(fields) = &file.value else { continue };
        let Some(placed) = fields.get("file") else { continue };
        let Value::File(path) = &placed.value else { continue };
        // A file that states no language is in the page's.
        let is_own = fields.get("lang").is_none_or(|lang| primary(&lang.value.as_text()) == own);
        if is_own && path.to_ascii_lowercase().ends_with(".pdf") {
            found.push((placed, reach.link(ix, head.file_of("files"), path)));
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
