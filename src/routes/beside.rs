//! The page of an entry → what is published beside it: its time for calendars, its citations, its charts on their own.

use std::collections::BTreeSet;

use super::{Route, RouteKind};
use crate::assets::Assets;
use crate::cards::{Design, TYPEFACES};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::path::Address;
use crate::schema::Trait;
use crate::site::{Chart, Ix, Site};

/// A format of citations.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum CitationForm {
    BibTex,
    Ris,
    Csl,
}

impl CitationForm {
    /// All formats.
    pub(crate) const ALL: [Self; 3] = [Self::BibTex, Self::Ris, Self::Csl];

    /// The name of the file, next to the page.
    pub(crate) fn file(self) -> &'static str {
        match self {
            Self::BibTex => "cite.bib",
            Self::Ris => "cite.ris",
            Self::Csl => "cite.json",
        }
    }
}

/// A form of a chart on its own.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum ChartForm {
    /// A plain page, for other sites to show.
    Page,
    /// A picture, to share.
    Image,
    /// The numbers that stand in its text, as CSV.
    Data,
}

/// The template of the page of a chart: themes without it have no such pages.
const PAGE: &str = "chart.html";

/// The outputs next to the page of an entry.
pub(super) fn beside(site: &Site, ix: Ix, page: &Address, all: &mut Vec<Route>) {
    if is_event(site, ix) {
        all.push(Route { address: page.join("event.ics"), kind: RouteKind::Event(ix) });
    }
    if is_cited(site, ix) {
        for form in CitationForm::ALL {
            all.push(Route { address: page.join(form.file()), kind: RouteKind::Citation(ix, form) });
        }
    }
}

/// Whether an entry has a time that a calendar can hold.
pub(crate) fn is_event(site: &Site, ix: Ix) -> bool {
    let entry = site.entry(ix);
    site.config.collections[&entry.id.collection].traits.contains(&Trait::Timed) && entry.values.contains_key("start")
}

/// Whether entries of this entry's kind are cited.
pub(crate) fn is_cited(site: &Site, ix: Ix) -> bool {
    let entry = site.entry(ix);
    let kinds = &site.config.collections[&entry.id.collection].kinds;
    entry.text_of("kind").and_then(|kind| kinds.get(kind)).is_some_and(|kind| kind.cite.is_some())
}

/// The pages of charts, and their numbers as files.
pub(super) fn charts(site: &Site, all: &mut Vec<Route>) {
    let mut charts = site.charts().peekable();
    if charts.peek().is_none() {
        return;
    }
    let themes = site.config.themes.iter().map(|theme| format!("themes/{theme}/templates"));
    let has_page = std::iter::once("templates".to_owned())
        .chain(themes)
        .any(|folder| site.tree.named(&format!("{folder}/{PAGE}")).is_some());
    // Two parts of a page may name their charts alike.
    let mut taken: BTreeSet<Address> = BTreeSet::new();
    for (ix, nth, chart) in charts {
        let forms = [(ChartForm::Page, has_page), (ChartForm::Data, chart.data.is_none())];
        for (form, _) in forms.into_iter().filter(|(_, is_made)| *is_made) {
            if let Some(address) = chart_address(None, site, ix, chart, form).filter(|one| taken.insert(one.clone())) {
                all.push(Route { address, kind: RouteKind::Chart(ix, nth, form) });
            }
        }
    }
}

/// The pictures of charts; none of one with letters that no typeface has, which is reported once for all charts.
pub(super) fn chart_images(site: &Site, design: &Design, assets: &Assets, all: &mut Vec<Route>) -> Option<Diagnostic> {
    let mut lacking = Vec::new();
    for (ix, nth, chart) in site.charts() {
        let missing = |texts: &[String]| texts.iter().find_map(|text| design.missing_letter(site, assets, text));
        // The name of the site is missing from every picture of the site, and has been reported.
        let is_named = missing(&[site.config.in_language(site.lang(ix)).title.clone()]).is_none();
        match missing(&words(site, chart)) {
            Some(letter) => lacking.push((ix, chart, letter)),
            None if is_named => {
                if let Some(address) = chart_address(Some(design), site, ix, chart, ChartForm::Image) {
                    all.push(Route { address, kind: RouteKind::Chart(ix, nth, ChartForm::Image) });
                }
            }
            None => {}
        }
    }
    let (ix, chart, letter) = lacking.first()?;
    let also = match lacking.len() - 1 {
        0 => String::new(),
        1 => "; another chart has the same problem".to_owned(),
        others => format!("; {others} other charts have the same problem"),
    };
    let message = format!("this chart has no picture to share: no typeface has the letter `{letter}`{also}");
    let texts = site.entry(*ix).texts();
    let text = texts.iter().find(|(file, _)| **file == chart.file).map(|(_, text)| *text);
    let block = text.and_then(|text| text.directives.get(chart.block));
    let fault = Diagnostic::new(Code::ShareImageLetters, message).help(TYPEFACES);
    Some(match block {
        Some(block) => fault.at(&chart.file, block.name_span.clone()),
        None => fault.span(Span::file(&chart.file)),
    })
}

/// Where a chart of an entry is in one of its forms.
pub(crate) fn chart_address(
    design: Option<&Design>,
    site: &Site,
    ix: Ix,
    chart: &Chart,
    form: ChartForm,
) -> Option<Address> {
    let page = site.address(ix)?;
    Some(match form {
        ChartForm::Page => page.join(&format!("{}/", chart.id)),
        ChartForm::Data => page.join(&format!("{}.csv", chart.id)),
        ChartForm::Image => {
            let hash = blake3::Hash::from(chart_key(design?, site, ix, chart)).to_hex();
            page.join(&format!("{}.{}.png", chart.id, &hash[..10]))
        }
    })
}

/// The hash of everything that the picture of a chart is made from.
pub(crate) fn chart_key(design: &Design, site: &Site, ix: Ix, chart: &Chart) -> [u8; 32] {
    let mut hasher = design.hasher();
    let language = site.config.in_language(site.lang(ix));
    hasher.update(env!("CARGO_PKG_VERSION").as_bytes()).update(language.code.as_bytes());
    hasher.update(format!("\n{:?} {:?} {:?}\n", chart.kind, chart.highlight, chart.table).as_bytes());
    for text in words(site, chart).iter().chain([&language.title]) {
        hasher.update(text.as_bytes()).update(b"\0");
    }
    *hasher.finalize().as_bytes()
}

/// The texts in the picture of a chart, besides the name of the site.
fn words(site: &Site, chart: &Chart) -> Vec<String> {
    let said = [&chart.words.title, &chart.words.measure, &chart.words.source, &chart.words.unit];
    let mut words: Vec<String> = said.map(|text| site.config.set(text).into_owned()).into();
    words.extend(chart.table.rows.iter().cloned());
    words.extend(chart.table.series.iter().map(|series| series.name.clone()));
    words
}

/// Whether others may rely on the address of a chart: its author has named it, and its name does not change with its bytes.
pub(super) fn is_lasting(site: &Site, ix: Ix, nth: usize, form: ChartForm) -> bool {
    let is_named = site.chart_at(ix, nth).is_some_and(|chart| chart.is_named);
    is_named && form != ChartForm::Image && !site.is_sample(ix)
}
