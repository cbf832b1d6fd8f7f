//! Theme + snapshot → a [`Renderer`]: templates, and the functions they use to ask the snapshot.
//!
//! * `load`: the theme's templates, the site's own over them;
//! * `values`: entries as templates see them;
//! * `text`: the holes in an entry's text, filled in;
//! * `functions`: `list(…)`, `refs(…)`, `t(…)`;
//! * `metadata`: what machines read in the head of a page;
//! * `picture`: the HTML of images;
//! * `drawn`: what stands where there is none; `geometry`: what templates of drawings can ask for;
//! * `further`: the fields that a site has added to its theme;
//! * `shown`: the rows and fields that nothing shows;
//! * `isolated`: text that runs the other way than its page;
//! * `grouped`: the filter `group_by`, the same in each run;
//! * `strings`: the words of the interface;
//! * `dates`: dates in the words of a language; `numbers`: numbers in its figures;
//! * `chart`: charts, drawn in them;
//! * `fault`: a template's errors as diagnostics.
//!
//! No global state: each renderer holds the snapshot it asks. Not here: which pages there are, and what each is given.

mod chart;
mod dates;
mod drawn;
mod fault;
mod further;
mod functions;
mod geometry;
mod grouped;
mod isolated;
mod load;
mod metadata;
mod numbers;
mod picture;
mod shown;
mod strings;
mod text;
mod values;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock};

use tera::{Context, Tera, Value};

use crate::config::{Lang, Language};
use crate::diagnostic::{Diagnostic, Found, Span};
use crate::path::Address;
use crate::routes::Routes;
use crate::site::{Ix, Site};
use crate::views::{EntryView, Readers};
use dates::Dates;
use further::Further;
use numbers::Numbers;
use shown::Unshown;
use strings::Strings;

pub(crate) use chart::{csv, picture as chart_picture};
pub(crate) use drawn::bytes as drawn_bytes;
pub(crate) use functions::{pager, siblings};
pub(crate) use picture::narrowest as narrowest_picture;
pub(crate) use text::{entry_text, figure_html};
pub(crate) use values::{entry_value, escaped, map, outline, quoted_numbers, safe, setting_values, words_and_minutes};

/// What template functions can ask: the snapshot, its routes, and values already made for it; all in one language.
pub(crate) struct TemplateContext {
    /// The language of the readers.
    pub(crate) lang: Lang,
    pub(crate) dates: Dates,
    pub(crate) numbers: Numbers,
    pub(crate) site: Arc<Site>,
    pub(crate) routes: Arc<Routes>,
    pub(crate) strings: Strings,
    /// The fields that no template knows by name.
    further: Further,
    /// The rows that no page shows.
    unshown: Unshown,
    /// Each entry's own values, made when first asked for.
    plain: Vec<OnceLock<Value>>,
    /// Each entry's values, including those of the entries it refers to.
    full: Vec<OnceLock<Value>>,
    /// What templates know of the site on a page that no menu names.
    pub(crate) site_value: OnceLock<Value>,
    /// What pages show of drawings, by entry and shape, made when first asked for.
    drawn: Mutex<BTreeMap<(Ix, String), Option<drawn::Shown>>>,
    /// The templates again, for blocks in texts and for drawings.
    directives: OnceLock<Arc<Templates>>,
}

/// Templates that can be rendered for one snapshot, in each of the site's languages.
pub(crate) struct Renderers(Vec<Renderer>);

/// The same for the readers of one language.
pub(crate) struct Renderer {
    templates: Arc<Templates>,
    pub(crate) asked: Arc<TemplateContext>,
}

/// Templates as loaded.
struct Templates {
    tera: Tera,
    /// The prefixes of their names, theme by theme.
    prefixes: Vec<String>,
    /// The templates of drawings, loaded when one is first asked for.
    drawings: OnceLock<Result<Tera, Diagnostic>>,
}

impl Templates {
    fn find(&self, template: &str) -> String {
        load::find(&self.tera, &self.prefixes, template)
    }
}

impl Renderers {
    /// Loads the templates of the site's theme; `None` if they cannot be used.
    pub(crate) fn new(site: &Arc<Site>, routes: &Arc<Routes>) -> Found<Option<Self>> {
        let mut faults = Vec::new();
        let mut all: Vec<Renderer> = Vec::new();
        for lang in site.config.languages() {
            let asked = Arc::new(TemplateContext::new(lang, site.clone(), routes.clone(), &mut faults));
            // Any fault in loading occurs with the first language.
            let loaded = match all.first() {
                None => load::templates(&asked, &mut faults),
                Some(first) => Some(load::again(&first.templates.tera, &first.templates.prefixes, &asked)),
            };
            let Some((tera, prefixes)) = loaded else { return Found::new(None, faults) };
            // Blocks are rendered from within texts, so the code that writes texts gets the templates.
            let templates = Arc::new(Templates { tera, prefixes, drawings: OnceLock::new() });
            let _ = asked.directives.set(templates.clone());
            faults.extend(field_faults(&asked));
            all.push(Renderer { templates, asked });
        }
        Found::new(Some(Self(all)), faults)
    }

    /// The renderer for readers of `lang`.
    pub(crate) fn of(&self, lang: Lang) -> &Renderer {
        &self.0[lang.number()]
    }
}

impl Renderer {
    /// The page `template`, which is named at `named`, with `context`; a fault names the template's line and the page's
    /// address.
    pub(crate) fn render(
        &self,
        (template, named): (&str, Option<&Span>),
        context: &Context,
        page: &Address,
    ) -> Result<String, Vec<Diagnostic>> {
        let name = self.templates.find(template);
        let rendered = self.templates.tera.render(&name, context);
        let mut html =
            rendered.map_err(|error| vec![fault::diagnostic(&error, &self.asked.site, (&name, named), page)])?;
        if !self.asked.site.pictures().is_empty() || !self.asked.site.config.drawings.is_empty() {
            picture::hasten_first(&mut html);
        }
        Ok(html)
    }

    /// The drawing that `template` makes of `context`, for the share image of `page`.
    pub(crate) fn draw(&self, template: &str, context: &Context, page: &Address) -> Result<String, Vec<Diagnostic>> {
        let site = &self.asked.site;
        let loaded = self.templates.drawings.get_or_init(|| load::drawings(site));
        let tera = loaded.as_ref().map_err(|fault| vec![fault.clone()])?;
        let name = load::find(tera, &self.templates.prefixes, template);
        tera.render(&name, context).map_err(|error| vec![fault::diagnostic(&error, site, (&name, None), page)])
    }

    /// Whether there is such a template.
    pub(crate) fn has(&self, template: &str) -> bool {
        self.templates.tera.contains_template(&self.templates.find(template))
    }
}

/// Faults in the templates of blocks in fields. A field is shown on many pages or on none, and its value is made once, so
/// they are collected for the snapshot as a whole.
fn field_faults(asked: &TemplateContext) -> Vec<Diagnostic> {
    let mut faults = Vec::new();
    for ix in asked.site.shown().filter(|ix| asked.site.lang(*ix) == asked.lang) {
        let entry = asked.site.entry(ix);
        for doc in entry.field_texts() {
            if !doc.directives.is_empty() || !doc.notes.is_empty() {
                entry_text(asked, ix, &entry.source, doc, "").into_value(&mut faults);
            }
        }
    }
    faults
}

impl TemplateContext {
    fn new(lang: Lang, site: Arc<Site>, routes: Arc<Routes>, faults: &mut Vec<Diagnostic>) -> Self {
        let count = site.all().count();
        let further = Further::of(&site);
        let (unshown, of_entries) = shown::unshown(&site, &routes, &further);
        // They are the same for readers of every language.
        faults.extend(of_entries.into_iter().filter(|_| lang == Lang::OWN));
        Self {
            lang,
            dates: Dates::new(&site.config.in_language(lang).code),
            numbers: Numbers::new(&site.config.in_language(lang).code, site.config.in_language(lang).is_right_to_left),
            strings: Strings::read(&site.tree, &site.config, lang, faults),
            further,
            unshown,
            plain: (0..count).map(|_| OnceLock::new()).collect(),
            full: (0..count).map(|_| OnceLock::new()).collect(),
            site_value: OnceLock::new(),
            drawn: Mutex::default(),
            directives: OnceLock::new(),
            site,
            routes,
        }
    }

    /// The language of the readers, and everything particular to it.
    pub(crate) fn language(&self) -> &Language {
        self.site.config.in_language(self.lang)
    }

    /// The home page in the readers' language.
    pub(crate) fn home(&self) -> Address {
        Address::new(&format!("{}/", self.language().prefix))
    }

    /// An address of the site, changed to that of the same page in the readers' language if it exists in that.
    pub(crate) fn in_readers_language<'a>(&self, to: &'a str) -> Cow<'a, str> {
        self.readers().in_their_language(to)
    }

    /// The readers this renders for.
    pub(crate) fn readers(&self) -> Readers<'_> {
        let figure_n = self.strings.pattern("figure-n");
        Readers { site: &self.site, routes: &self.routes, lang: self.lang, figure_n }
    }

    /// An entry as they see it.
    pub(crate) fn view(&self, ix: Ix) -> EntryView<'_> {
        EntryView::new(self.readers(), ix)
    }

    /// An entry's own values.
    pub(crate) fn plain(&self, ix: Ix) -> &Value {
        self.plain[ix.0 as usize].get_or_init(|| values::plain(self, ix))
    }

    /// An entry's values, with references looked up one level deep.
    pub(crate) fn full(&self, ix: Ix) -> &Value {
        self.full[ix.0 as usize].get_or_init(|| values::full(self, ix))
    }

    /// The HTML of a block.
    pub(crate) fn directive_html(&self, template: &str, context: &Context) -> tera::TeraResult<String> {
        let Some(templates) = self.directives.get() else { return Ok(String::new()) };
        templates.tera.render(&templates.find(template), context)
    }
}
