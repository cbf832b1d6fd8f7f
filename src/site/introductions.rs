//! Texts in the folders of collections, `content/publications/index.md` → the lists whose pages they begin.
//!
//! Such a text is a page like any other, at the address of the list: the list's first page is the page of the entry.

use super::identities::Basis;
use super::{Ix, Site};
use crate::config::{Lang, List};

impl<'a> Basis<'a> {
    /// The list whose page an entry begins.
    pub(super) fn introduced(self, ix: Ix) -> Option<&'a List> {
        let entry = self.of(ix);
        (&**entry.collection() == "pages").then(|| self.asked.config.introduced(entry.source())).flatten()
    }
}

impl Site {
    /// The public entry that begins the page of a list for readers of `lang`.
    pub(crate) fn introduction(&self, list: &List, lang: Lang) -> Option<Ix> {
        let of = |collection| {
            let ix = self.variant(self.by_id("pages", collection)?, lang)?;
            let is_it = self.is_shown(ix) && self.basis().introduced(ix).is_some_and(|one| one.name == list.name);
            is_it.then_some(ix)
        };
        list.from.iter().find_map(|collection| of(collection))
    }

    /// The number of the listing whose page an entry begins.
    pub(crate) fn introduced(&self, ix: Ix) -> Option<usize> {
        let list = self.basis().introduced(ix)?;
        self.first_listing(&list.name, self.lang(ix))
    }
}
