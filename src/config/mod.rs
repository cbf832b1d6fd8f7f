//! `site.toml` and the theme's `theme.toml` → one [`Config`], every setting with its place.
//!
//! The theme declares collections, lists, directives, renditions and typed settings. A theme that it extends comes before it,
//! `site.toml` after it; the last to state a setting wins, field by field. Reading goes on after a fault; if the settings
//! cannot be read at all, the result is `None`.
//!
//! Not here: what the declarations mean for entries (`schema`, `site`).

mod base;
mod budgets;
mod contrast;
mod declared;
mod drawings;
mod hosting;
mod import;
mod languages;
mod layers;
mod licences;
mod menus;
mod outputs;
mod patterns;
mod publishing;
mod readable;
mod renditions;
mod schemas;
mod settings;
mod texts;
mod tokens;
mod typography;

pub(crate) use contrast::{Rgb, ratio};

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::tz::TimeZone;

use crate::data::{self, Key, Raw, RawKind};
use crate::diagnostic::{Code, Diagnostic, Found, Severity, Span};
use crate::index::Index;
use crate::markdown::{self, Options};
use crate::path::SitePath;
use crate::schema::{self, Blocks, Fields, Name, Reading, Stage, Values};
use crate::source::{SourceFile, Tree};

pub(crate) use base::Base;
pub(crate) use budgets::Budgets;
pub(crate) use declared::{
    Cited, Collection, Expired, Format, Grouping, Kind, List, Order, SortKey, Untranslated, Where,
};
pub(crate) use drawings::Drawing;
pub(crate) use hosting::{Host, Hosting, Moved};
pub(crate) use languages::{Lang, Language};
pub(crate) use layers::{Layers, listed};
pub(crate) use licences::Licence;
pub(crate) use menus::MenuItem;
use menus::{Of, menus};
pub(crate) use outputs::{Fit, Search, SecurityContact, ShareImages};
pub(crate) use patterns::{DatePart, Pattern, Piece};
pub(crate) use publishing::{Destination, Place};
pub(crate) use renditions::{ImageFormat, Rendition, TEXT_RENDITION};
pub(crate) use schemas::{Schema, schemas};
pub(crate) use tokens::Tokens;

/// All settings of a site.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    pub(crate) title: String,
    pub(crate) description: String,
    pub(crate) base: Base,
    /// The site's own language; its details are in `languages` too.
    pub(crate) language: Name,
    /// The languages in which the site is published, its own first.
    languages: Vec<Language>,
    pub(crate) timezone: TimeZone,
    pub(crate) timezone_name: String,
    pub(crate) organisation: Organisation,
    pub(crate) menus: Index<String, Vec<MenuItem>>,
    pub(crate) markdown: Options,
    /// The folders of the theme and of those it extends, the site's own theme first.
    pub(crate) themes: Vec<String>,
    pub(crate) collections: Index<Name, Collection>,
    pub(crate) lists: Index<Name, List>,
    /// The theme's lists that the site switches off: they are empty.
    pub(crate) left_out: BTreeSet<String>,
    pub(crate) directives: Blocks,
    pub(crate) renditions: Index<String, Rendition>,
    /// What stands where an entry has no picture.
    pub(crate) drawings: Vec<Drawing>,
    pub(crate) licences: Index<String, Licence>,
    pub(crate) settings: Values,
    /// What the theme lets a site choose in `[settings]`.
    setting_fields: Fields,
    pub(crate) tokens: Tokens,
    pub(crate) severities: Vec<(Code, Severity)>,
    /// Where to report a weakness of the site.
    pub(crate) security: Option<SecurityContact>,
    /// The search page and its index, if the theme has one and the site does not switch it off.
    pub(crate) search: Option<Search>,
    /// What share images look like, if the theme has some and the site does not switch them off.
    pub(crate) share_images: Option<ShareImages>,
    /// The background colour of icons that must be opaque; white if not stated.
    pub(crate) icon_ground: Option<String>,
    pub(crate) hosting: Hosting,
    /// Patterns of addresses that have moved.
    pub(crate) moved: Vec<Moved>,
    /// How heavy a page may be before an editor is warned.
    pub(crate) budgets: Budgets,
    /// How files of other programs are imported.
    pub(crate) import: import::Import,
    /// Where the site is published to.
    pub(crate) destinations: Vec<Destination>,
}

/// Who publishes the site.
#[derive(Clone, PartialEq, Eq, Debug, Default, serde::Serialize)]
pub(crate) struct Organisation {
    pub(crate) name: String,
    pub(crate) short_name: Option<String>,
    pub(crate) legal_name: Option<String>,
    pub(crate) charity: Option<String>,
    pub(crate) company: Option<String>,
    pub(crate) address: Vec<String>,
    pub(crate) email: Option<String>,
    pub(crate) tel: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) same_as: Vec<String>,
    /// Its schema.org type: `NGO`.
    pub(crate) schema: Option<String>,
    /// An asset for light backgrounds; `logo_dark` is for dark ones.
    #[serde(skip)]
    pub(crate) logo: Option<(String, Span)>,
    #[serde(skip)]
    pub(crate) logo_dark: Option<(String, Span)>,
}

/// What the command line says about the settings.
#[derive(Clone, Debug, Default)]
pub(crate) struct Overrides {
    pub(crate) base_url: Option<String>,
    /// Faults that are only warnings, unless `site.toml` lowers them further.
    pub(crate) lowered: &'static [Code],
}

impl Config {
    /// The files that settings are read from.
    pub(crate) fn files(tree: &Tree) -> impl Iterator<Item = &SourceFile> {
        tree.named("site.toml").into_iter().chain(tree.below("themes").filter(|file| Self::is_file(&file.path)))
    }

    /// Whether the file at `path` holds settings.
    pub(crate) fn is_file(path: &SitePath) -> bool {
        let of_theme = |below: &str| below.split('/').nth(1) == Some("theme.toml");
        path.as_str() == "site.toml" || path.below("themes").is_some_and(of_theme)
    }

    /// Reads the settings of the site in `tree`.
    pub(crate) fn read(tree: &Tree, overrides: &Overrides) -> Found<Option<Arc<Self>>> {
        let mut faults = Vec::new();
        let Some((site_file, site)) = settings_file(tree, "site.toml", &mut faults) else {
            return Found::new(None, faults);
        };
        let site_layer = Layers::new(vec![(&site_file, &site)], "");
        let theme = site_layer.text_at("theme", &mut faults);
        let unread = theme.is_none() && site_layer.get("theme").is_some();
        let themes = if unread { Vec::new() } else { theme_chain(tree, theme, &mut faults) };
        if themes.is_empty() {
            // Without a theme there are no collections, and every file would seem wrong.
            return Found::new(None, faults);
        }
        let mut layers: Vec<(&SitePath, &Raw)> = themes.iter().rev().map(|theme| (&theme.file, &theme.raw)).collect();
        let theme_layers = Layers::new(layers.clone(), "");
        layers.push((&site_file, &site));
        let all = Layers::new(layers, "");

        let collections = declared::collections(&all, &mut faults);
        let lists = declared::lists(&all, &collections, &mut faults);
        let declared_lists = all.table("lists", &mut Vec::new()).keys().into_iter().map(|(name, _)| name);
        let left_out = declared_lists.filter(|name| !lists.contains_key(name.as_str())).collect();
        let directives = declared::directives(&all, &mut faults);
        let renditions = renditions::read(&all, &mut faults);
        renditions::check(&collections, &renditions, &mut faults);
        let drawings = drawings::read(&all, &collections, &mut faults);
        let tokens = tokens::tokens(&theme_layers, &site_layer, &mut faults);
        let import = import::read(&site_layer.table("import", &mut faults), &directives, &mut faults);
        let mut config = Self {
            title: site_layer.required("title", "\"Centre for Local Economies\"", &mut faults),
            description: site_layer.words("description", &mut faults).unwrap_or_default(),
            base: base(&site_layer, overrides, &mut faults),
            language: own_language(&site_layer, &mut faults).into(),
            languages: Vec::new(),
            timezone: TimeZone::UTC,
            timezone_name: String::new(),
            organisation: organisation(&site_layer.table("organisation", &mut faults), &mut faults),
            menus: menus(&site_layer.table("menus", &mut faults), Of::Site, &mut faults),
            markdown: texts::read(&all.table("markdown", &mut faults), &mut faults),
            themes: themes.iter().map(|theme| theme.name.clone()).collect(),
            collections,
            left_out,
            lists,
            import,
            directives,
            renditions,
            drawings,
            licences: licences::read(&all, &mut faults),
            settings: Values::default(),
            setting_fields: Fields::default(),
            share_images: outputs::share_images(&all.table("share_images", &mut faults), &mut faults),
            icon_ground: outputs::icon_ground(&all.table("icons", &mut faults), &tokens, &mut faults),
            tokens,
            severities: severities(&site_layer.table("severities", &mut faults), &mut faults),
            security: outputs::security(&site_layer.table("security", &mut faults), &mut faults),
            search: outputs::search(&all.table("search", &mut faults), &mut faults),
            hosting: hosting::hosting(&site_layer.table("hosting", &mut faults), &mut faults),
            moved: hosting::moved(&site_layer, &mut faults),
            destinations: publishing::read(&site_layer, &mut faults),
            budgets: budgets::read(&site_layer.table("budgets", &mut faults), &mut faults),
        };
        config.languages = config.read_languages(&all, &site_layer, &mut faults);
        config.set_words();
        config.lower(overrides.lowered);
        config.read_timezone(&site_layer, &mut faults);
        let text = tree.named("site.toml").and_then(SourceFile::text).unwrap_or("");
        config.read_settings(&theme_layers, &site_layer, text, &mut faults);
        for key in layers::SHARED {
            site_layer.get(key);
        }
        site_layer.finish(&mut faults);
        for key in layers::SHARED.iter().chain(layers::OF_THEMES) {
            theme_layers.get(key);
        }
        theme_layers.finish(&mut faults);
        Found::new(Some(Arc::new(config)), faults)
    }

    fn read_languages(&self, all: &Layers<'_>, site: &Layers<'_>, faults: &mut Vec<Diagnostic>) -> Vec<Language> {
        let own = Language {
            code: self.language.clone(),
            title: self.title.clone(),
            description: self.description.clone(),
            organisation: self.organisation.clone(),
            menus: self.menus.clone(),
            ..Language::default()
        };
        languages::read(all, site, own, &self.collections, faults)
    }

    /// Turns errors of the kinds `codes` into warnings.
    fn lower(&mut self, codes: &[Code]) {
        for code in codes {
            let stated = self.severities.iter().rev().find(|(known, _)| known == code).map(|(_, severity)| *severity);
            if stated.unwrap_or(code.severity()) == Severity::Error {
                self.severities.push((*code, Severity::Warning));
            }
        }
    }

    fn read_timezone(&mut self, site: &Layers<'_>, faults: &mut Vec<Diagnostic>) {
        let (name, span) = match site.text_at("timezone", faults) {
            Some((name, span)) => (name, Some(span)),
            None => ("Europe/London".to_owned(), None),
        };
        match schema::zone(&name) {
            Some(zone) => self.timezone = zone,
            None => faults.extend(span.map(|span| {
                Diagnostic::new(Code::WrongSetting, format!("there is no time zone `{name}`"))
                    .span(span)
                    .help("write it like `Europe/London`")
            })),
        }
        self.timezone_name = name;
    }

    /// How to read fields and texts of `file`, whose full text is `text`.
    pub(crate) fn reading<'a>(
        &'a self,
        file: &'a SitePath,
        text: &'a str,
        label: &'a str,
        stage: Stage,
    ) -> Reading<'a> {
        let (zone, markdown, blocks) = (&self.timezone, &self.markdown, &self.directives);
        Reading { file, text, zone, markdown, blocks, label, stage }
    }

    /// Reads the site's `[settings]` against the fields the theme declares; `text` is that of the site's file.
    fn read_settings(&mut self, theme: &Layers<'_>, site: &Layers<'_>, text: &str, faults: &mut Vec<Diagnostic>) {
        let declared = declared::fields(&theme.table("settings", faults), faults);
        let table = site.table("settings", faults);
        declared.keys().for_each(|name| table.ask(name));
        table.finish(faults);
        let site_file = SitePath::new("site.toml").expect("a plain name stays inside");
        let (file, raw) = table.each().last().map_or((&site_file, None), |(file, raw)| (*file, Some(*raw)));
        let keys = match raw.map(|raw| &raw.kind) {
            Some(RawKind::Table(keys)) => keys.iter().filter(|(key, _)| declared.contains_key(&*key.name)).collect(),
            _ => Vec::new(),
        };
        let reading = self.reading(file, text, "theme", Stage::Public);
        let span = raw.map_or(0..0, |raw| raw.span.clone());
        let read = |keys: Vec<&(Key, Raw)>| {
            let raw = Raw { kind: RawKind::Table(keys.into_iter().cloned().collect()), span: span.clone() };
            schema::read_values(&raw, &declared, &reading)
        };
        let found = read(keys.clone());
        // The default takes the place of what cannot be read, so that one slip is one fault.
        let is_faulty = |raw: &Raw| {
            let places = found.faults.iter().filter_map(|fault| fault.span.as_ref());
            places.into_iter().any(|place| raw.span.start <= place.start && place.start < raw.span.end)
        };
        self.settings = match keys.iter().any(|(_, raw)| is_faulty(raw)) {
            true => read(keys.into_iter().filter(|(_, raw)| !is_faulty(raw)).collect()).value,
            false => found.value,
        };
        faults.extend(found.faults);
        self.setting_fields = declared;
    }

    /// The assets that settings name, and where.
    pub(crate) fn named_assets(&self) -> impl Iterator<Item = (&str, &Span)> {
        let faces = self.tokens.faces.iter().map(|face| (face.file.as_str(), &face.span));
        let logos = [&self.organisation.logo, &self.organisation.logo_dark];
        let typefaces = self.share_images.iter().flat_map(|images| &images.typefaces);
        let faces = faces.chain(typefaces.map(|(file, span)| (file.as_str(), span)));
        faces.chain(logos.into_iter().flatten().map(|(file, span)| (file.as_str(), span)))
    }

    /// The collection of the folder `content/NAME/`.
    pub(crate) fn collection(&self, name: &str) -> Option<&Collection> {
        self.collections.get(name)
    }

    /// The languages in which the site is published, its own first.
    pub(crate) fn languages(&self) -> impl Iterator<Item = Lang> + use<> {
        languages::numbers(&self.languages)
    }

    /// Whether the site is published in more than one language.
    pub(crate) fn has_translations(&self) -> bool {
        self.languages.len() > 1
    }

    /// Everything particular to a language.
    pub(crate) fn in_language(&self, lang: Lang) -> &Language {
        &self.languages[lang.number()]
    }

    /// The language `code`, given in full or by its first part: `en` for `en-GB`.
    pub(crate) fn language_named(&self, code: &str) -> Option<Lang> {
        languages::named(&self.languages, code)
    }

    /// What the entries of a collection are called together.
    pub(crate) fn plural(&self, lang: Lang, collection: &str) -> &str {
        self.in_language(lang).plural(collection).unwrap_or(&self.collections[collection].plural)
    }

    /// The pattern of the addresses of a collection's pages, without the language's prefix.
    pub(crate) fn path(&self, lang: Lang, collection: &str) -> Option<&Pattern> {
        let own = self.collections[collection].path.as_ref()?;
        Some(self.in_language(lang).path(collection).unwrap_or(own))
    }

    /// How a value of a collection's field `kind` is named and treated.
    pub(crate) fn kind(&self, lang: Lang, collection: &str, kind: &str) -> Option<&Kind> {
        self.in_language(lang).kind(collection, kind).or_else(|| self.collections[collection].kinds.get(kind))
    }

    /// A line of words, such as a title, as readers see it: with the quotation marks and dashes that texts have.
    pub(crate) fn set<'t>(&self, words: &'t str) -> Cow<'t, str> {
        markdown::set(words, &self.markdown)
    }

    /// The list whose page a text in the folder of a collection begins, `content/NAME/index.md`: the one with the collection's
    /// name, else the first one of all its entries. `None` for any other file.
    pub(crate) fn introduced(&self, source: &SitePath) -> Option<&List> {
        let (folder, file) = source.below("content")?.split_once('/')?;
        if file.split('.').next() != Some("index") || folder == "pages" || !self.collections.contains_key(folder) {
            return None;
        }
        let is_page = |list: &&List| {
            let is_whole = list.on.is_none() && list.route.as_ref().is_some_and(|route| !route.contains('{'));
            is_whole && list.formats.contains(&Format::Html) && list.from.iter().any(|from| **from == *folder)
        };
        let named = self.lists.get(folder).filter(is_page);
        named.or_else(|| self.lists.values().filter(is_page).find(|list| list.filter.is_empty()))
    }

    /// The title of a list.
    pub(crate) fn list_title(&self, lang: Lang, list: &str) -> &str {
        self.in_language(lang).list_title(list).unwrap_or(&self.lists[list].title)
    }

    /// The description of a list.
    pub(crate) fn list_description(&self, lang: Lang, list: &str) -> &str {
        self.in_language(lang).list_description(list).unwrap_or(&self.lists[list].description)
    }

    /// The route of a list, with the language's prefix.
    pub(crate) fn list_route(&self, lang: Lang, list: &str) -> Option<String> {
        let own = self.lists[list].route.as_deref()?;
        let language = self.in_language(lang);
        Some(format!("{}{}", language.prefix, language.list_route(list).unwrap_or(own)))
    }

    /// Where the rest of an attached list is, below the entry's address.
    pub(crate) fn list_more(&self, lang: Lang, list: &str) -> Option<&str> {
        let own = self.lists[list].more.as_deref()?;
        Some(self.in_language(lang).list_more(list).unwrap_or(own))
    }

    /// What is drawn of the entries of a collection.
    pub(crate) fn drawing_of(&self, collection: &str) -> Option<&Drawing> {
        self.drawings.iter().find(|one| one.of.iter().any(|of| **of == *collection))
    }

    /// The collections that have the trait `wanted`.
    pub(crate) fn with_trait(&self, wanted: schema::Trait) -> impl Iterator<Item = &Collection> {
        self.collections.values().filter(move |collection| collection.traits.contains(&wanted))
    }
}

/// The language of the site's own texts.
fn own_language(site: &Layers<'_>, faults: &mut Vec<Diagnostic>) -> String {
    let stated = site.text_at("language", faults).map(|(text, span)| (schema::language(&text), text, span));
    match stated {
        Some((Some(code), ..)) => return code,
        Some((None, text, span)) => {
            let message = format!("`language` cannot be `{text}`, which is not the code of a language");
            let fault = Diagnostic::new(Code::WrongSetting, message).span(span);
            faults.push(fault.help("write it like `en-GB`, `en` or `cy`"));
        }
        None => {}
    }
    "en-GB".to_owned()
}

fn base(site: &Layers<'_>, overrides: &Overrides, faults: &mut Vec<Diagnostic>) -> Base {
    let written = site.text_at("base_url", faults);
    if let Some(text) = &overrides.base_url {
        // The command line has already checked it.
        return Base::parse(text).unwrap_or_default();
    }
    match written {
        Some((text, span)) => Base::parse(&text).unwrap_or_else(|message| {
            faults.push(Diagnostic::new(Code::WrongSetting, message).span(span));
            Base::default()
        }),
        None => {
            faults.push(site.missing("base_url", "\"https://www.example.org/\""));
            Base::default()
        }
    }
}

/// A theme of the chain: the name of its folder and its `theme.toml`.
struct ThemeFile {
    name: String,
    file: SitePath,
    raw: Raw,
}

/// The theme `first` and those it extends, in that order.
fn theme_chain(tree: &Tree, first: Option<(String, Span)>, faults: &mut Vec<Diagnostic>) -> Vec<ThemeFile> {
    let mut chain: Vec<ThemeFile> = Vec::new();
    let mut next = Some(first.unwrap_or_else(|| ("civic".to_owned(), Span::file(&SitePath::root()))));
    while let Some((name, span)) = next.take() {
        if chain.iter().any(|theme| theme.name == name) {
            faults.push(Diagnostic::new(Code::WrongSetting, format!("the theme `{name}` extends itself")).span(span));
            break;
        }
        let place = format!("themes/{name}/theme.toml");
        if tree.named(&place).is_none() {
            faults.push(no_such_theme(tree, &name, span));
            break;
        }
        let Some((file, raw)) = settings_file(tree, &place, faults) else { break };
        let layer = Layers::new(vec![(&file, &raw)], "");
        next = layer.text_at("extends", faults);
        chain.push(ThemeFile { name, file, raw });
    }
    chain
}

fn no_such_theme(tree: &Tree, name: &str, span: Span) -> Diagnostic {
    let mut names: Vec<&str> =
        tree.below("themes").filter_map(|file| file.path.below("themes")?.strip_suffix("/theme.toml")).collect();
    names.sort_unstable();
    let fault =
        Diagnostic::new(Code::WrongSetting, format!("there is no theme `{name}`: themes/{name}/theme.toml is missing"))
            .span(span);
    match crate::diagnostic::nearest(name, names.iter().copied()) {
        Some(near) => fault.help(format!("did you mean `{near}`?")),
        None => fault.help(format!("the themes here are {}", listed(names.into_iter()))),
    }
}

/// A TOML file of settings, if it exists and is text.
fn settings_file(tree: &Tree, place: &str, faults: &mut Vec<Diagnostic>) -> Option<(SitePath, Raw)> {
    let file = tree.named(place)?;
    let Some(text) = file.text() else {
        faults.push(
            Diagnostic::new(Code::NotUtf8, format!("`{place}` was saved in an old character set"))
                .span(Span::file(&file.path))
                .help("save it again as UTF-8"),
        );
        return None;
    };
    let body = text.strip_prefix('\u{feff}').unwrap_or(text);
    let raw = data::toml(&file.path, body, text.len() - body.len()).into_value(faults);
    Some((file.path.clone(), raw))
}

fn organisation(table: &Layers<'_>, faults: &mut Vec<Diagnostic>) -> Organisation {
    let texts = |key: &str, faults: &mut Vec<Diagnostic>| -> Vec<String> {
        table.texts(key, faults).unwrap_or_default().into_iter().map(|(text, _)| text).collect()
    };
    let organisation = Organisation {
        name: table.required("name", "\"Centre for Local Economies\"", faults),
        short_name: table.words("short_name", faults),
        legal_name: table.words("legal_name", faults),
        charity: table.text("charity", faults),
        company: table.text("company", faults),
        address: texts("address", faults),
        email: table.text("email", faults),
        tel: table.text("tel", faults),
        description: table.words("description", faults),
        same_as: texts("same_as", faults),
        schema: table.text("schema", faults),
        logo: table.text_at("logo", faults),
        logo_dark: table.text_at("logo_dark", faults),
    };
    table.finish(faults);
    organisation
}

fn severities(table: &Layers<'_>, faults: &mut Vec<Diagnostic>) -> Vec<(Code, Severity)> {
    let choices = [("off", Severity::Off), ("warning", Severity::Warning), ("error", Severity::Error)];
    let mut severities = Vec::new();
    for (name, span) in table.keys() {
        let severity = table.choice(&name, &choices, Severity::Error, faults);
        let Some(code) = Code::named(&name) else {
            let known = Code::ALL.iter().map(|code| code.as_str());
            let fault = Diagnostic::new(Code::UnknownSetting, format!("there is no kind of fault `{name}`")).span(span);
            faults.push(match crate::diagnostic::nearest(&name, known) {
                Some(near) => fault.help(format!("did you mean `{near}`?")).meant(near),
                None => fault.help("each message shows its kind in square brackets"),
            });
            continue;
        };
        if code.is_binding() && severity < Severity::Error {
            faults.push(
                Diagnostic::new(
                    Code::WrongSetting,
                    format!("`{name}` cannot be lowered, since nothing can be published while it stands"),
                )
                .span(span),
            );
        } else {
            severities.push((code, severity));
        }
    }
    severities
}

#[cfg(test)]
mod tests {
    use super::Base;

    #[test]
    fn addresses_keep_their_anchors_and_names_of_files_do_not() {
        let base = Base::parse("https://example.org/site/").expect("a full address");
        assert_eq!(base.href("/a b/é/?q=1#part"), "/site/a%20b/%C3%A9/?q=1#part");
        assert_eq!(base.file_href("/50% #1?.pdf"), "/site/50%25%20%231%3F.pdf");
        assert_eq!(base.url("/a/"), "https://example.org/site/a/");
    }

    #[test]
    fn a_base_is_a_full_address() {
        for wrong in ["example.org", "ftp://example.org/", "https://example.org/?a", "/site/"] {
            assert!(Base::parse(wrong).is_err(), "{wrong}");
        }
        assert_eq!(Base::parse("https://example.org").expect("a full address").prefix, "");
    }
}
