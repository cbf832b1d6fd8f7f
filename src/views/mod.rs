//! Snapshot + routes + the readers' language → what machines are told, as typed values.
//!
//! * here: [`Readers`], for whom every view is made;
//! * `fields`: declared fields as readers see them: references followed, hidden entries left out;
//! * `entry`: what every entry has: title, address, dates, subjects;
//! * `named`: what a page names: agents, places, terms; and the same as the page's own subject;
//! * `citation`: the work as it is cited, the one answer for every citation format; `work`: everything else about it;
//! * `event`: when and where, and its state;
//! * `page`: what templates and machines know of a page;
//! * `files`: where links, images and downloads lead.
//!
//! A view is made on request and sees only the snapshot, so it knows no more than readers do. JSON-LD, Scholar's tags,
//! calendars, citations, feeds and the search read views; templates also get the declared fields (`template::values`). Not
//! here: formats and HTML: a text with markup is a [`Passage`], which the format writes.

mod citation;
mod entry;
mod event;
mod fields;
mod files;
mod named;
mod page;
#[cfg(test)]
mod tests;
mod work;

use std::borrow::Cow;

use crate::config::{Lang, Language};
use crate::path::{Address, SitePath};
use crate::routes::{self, Routes};
use crate::site::{Figures, Ix, Site};

pub(crate) use citation::{Author, Citation};
pub(crate) use entry::EntryView;
pub(crate) use event::{Event, Mode, Price, State, Venue};
pub(crate) use fields::{Fields, Item, Passage, are_words};
pub(crate) use files::{SharedImage, href, one_file, own_share_image, share_image};
pub(crate) use named::{Agent, Named, Place, Profile, Term};
pub(crate) use page::{Crumb, FeedLink, PageView, Translation};
pub(crate) use work::{Correction, Download, Work};

/// Readers of one language, a snapshot, and what is published of it.
#[derive(Clone, Copy)]
pub(crate) struct Readers<'a> {
    pub(crate) site: &'a Site,
    pub(crate) routes: &'a Routes,
    pub(crate) lang: Lang,
    /// What they call a figure: `Figure {number}`.
    pub(crate) figure_n: &'a str,
}

impl<'a> Readers<'a> {
    /// Their language, and everything particular to it.
    pub(crate) fn language(self) -> &'a Language {
        self.site.config.in_language(self.lang)
    }

    /// What a reference to a figure says in the text of `file`, which is of the entry `ix`.
    pub(crate) fn figure(self, ix: Ix, file: &SitePath, id: &str) -> Option<String> {
        let figures = Figures::of(self.site.entry(ix), &self.site.config);
        let number = figures.referred(file, id)?.number;
        Some(self.figure_n.replace("{number}", &number.to_string()))
    }

    /// An address of the site, changed to that of the same page in the readers' language if it exists in that.
    pub(crate) fn in_their_language<'t>(self, to: &'t str) -> Cow<'t, str> {
        if self.lang == Lang::OWN || !to.starts_with('/') {
            return to.into();
        }
        let end = to.find(['#', '?']).unwrap_or(to.len());
        let (page, rest) = to.split_at(end);
        let Some(route) = self.routes.at(&Address::new(page)) else { return to.into() };
        let there = routes::translations(self.site, &route.kind).into_iter().find(|(lang, _)| *lang == self.lang);
        there.map_or(to.into(), |(_, address)| format!("{address}{rest}").into())
    }
}
