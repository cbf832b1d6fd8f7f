//! `[languages.CODE]` → the languages in which the site is published, its own first.
//!
//! The site is published in each language that `site.toml` names. A theme's `[languages.CODE]` only supplies words and
//! addresses for its lists and collections in those languages. What a language does not state is as in the site's own.
//!
//! Not here: which entry is a translation of which (`content`, `site`), the words of the interface (`template`).

use icu_locale::{Locale, LocaleDirectionality};

use super::Organisation;
use super::declared::{self, Kind};
use super::layers::Layers;
use super::menus::{MenuItem, Of, menus, untranslated};
use super::patterns::Pattern;
use crate::data::RawKind;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::index::Index;
use crate::schema::{Fields, Name};

/// A language of the site, by number; the site's own comes first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub(crate) struct Lang(u8);

impl Lang {
    /// The language that `language` in `site.toml` names.
    pub(crate) const OWN: Self = Self(0);

    pub(crate) fn number(self) -> usize {
        usize::from(self.0)
    }
}

/// A language in which the site is published.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Language {
    /// BCP 47: `en-GB`, `cy`.
    pub(crate) code: Name,
    /// What its readers call it: `Cymraeg`.
    pub(crate) name: String,
    /// What its addresses begin with: `/cy`, or nothing.
    pub(crate) prefix: String,
    pub(crate) is_right_to_left: bool,
    pub(crate) title: String,
    pub(crate) description: String,
    pub(crate) organisation: Organisation,
    pub(crate) menus: Index<String, Vec<MenuItem>>,
    /// The collections whose public entries must all exist in this language.
    pub(crate) required: Vec<Name>,
    pub(super) collections: Index<Name, CollectionWords>,
    pub(super) lists: Index<Name, ListWords>,
}

/// What a collection is called in a language.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct CollectionWords {
    plural: Option<String>,
    path: Option<Pattern>,
    kinds: Index<Name, Kind>,
}

/// What a list is called in a language.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct ListWords {
    title: Option<String>,
    description: Option<String>,
    route: Option<String>,
    more: Option<String>,
}

impl Language {
    /// Changes every word of its collections and lists.
    pub(super) fn each_word(&mut self, each: impl Fn(&mut String), kinds: impl Fn(&mut Index<Name, Kind>)) {
        for of in self.collections.values_mut() {
            of.plural.iter_mut().for_each(&each);
            kinds(&mut of.kinds);
        }
        for of in self.lists.values_mut() {
            of.title.iter_mut().chain(&mut of.description).for_each(&each);
        }
    }

    pub(super) fn plural(&self, collection: &str) -> Option<&str> {
        self.collections.get(collection)?.plural.as_deref()
    }

    pub(super) fn path(&self, collection: &str) -> Option<&Pattern> {
        self.collections.get(collection)?.path.as_ref()
    }

    pub(super) fn kind(&self, collection: &str, kind: &str) -> Option<&Kind> {
        self.collections.get(collection)?.kinds.get(kind)
    }

    pub(super) fn list_title(&self, list: &str) -> Option<&str> {
        self.lists.get(list)?.title.as_deref()
    }

    pub(super) fn list_description(&self, list: &str) -> Option<&str> {
        self.lists.get(list)?.description.as_deref()
    }

    pub(super) fn list_route(&self, list: &str) -> Option<&str> {
        self.lists.get(list)?.route.as_deref()
    }

    pub(super) fn list_more(&self, list: &str) -> Option<&str> {
        self.lists.get(list)?.more.as_deref()
    }

    /// The code up to the first hyphen: `en` of `en-GB`.
    fn short(&self) -> &str {
        self.code.split('-').next().unwrap_or(&self.code)
    }
}

/// The number of the language `code`, given in full, or by its first part where only one language has that.
pub(super) fn named(languages: &[Language], code: &str) -> Option<Lang> {
    let nth = |fits: &dyn Fn(&Language) -> bool| {
        let mut found = languages.iter().enumerate().filter(|(_, language)| fits(language)).map(|(n, _)| n);
        let first = found.next()?;
        found.next().is_none().then_some(Lang(u8::try_from(first).ok()?))
    };
    nth(&|language| language.code.eq_ignore_ascii_case(code)).or_else(|| nth(&|language| language.short() == code))
}

/// Every language's number.
pub(super) fn numbers(languages: &[Language]) -> impl Iterator<Item = Lang> + use<> {
    (0..u8::try_from(languages.len()).unwrap_or(u8::MAX)).map(Lang)
}

/// The names that some languages give themselves, for sites that state none (Unicode CLDR, `languages`).
const NAMES: &[(&str, &str)] = &[
    ("ar", "العربية"),
    ("bg", "Български"),
    ("bn", "বাংলা"),
    ("ca", "Català"),
    ("cs", "Čeština"),
    ("cy", "Cymraeg"),
    ("da", "Dansk"),
    ("de", "Deutsch"),
    ("el", "Ελληνικά"),
    ("en", "English"),
    ("es", "Español"),
    ("et", "Eesti"),
    ("eu", "Euskara"),
    ("fa", "فارسی"),
    ("fi", "Suomi"),
    ("fr", "Français"),
    ("ga", "Gaeilge"),
    ("gd", "Gàidhlig"),
    ("gl", "Galego"),
    ("he", "עברית"),
    ("hi", "हिन्दी"),
    ("hr", "Hrvatski"),
    ("hu", "Magyar"),
    ("is", "Íslenska"),
    ("it", "Italiano"),
    ("ja", "日本語"),
    ("ko", "한국어"),
    ("lt", "Lietuvių"),
    ("lv", "Latviešu"),
    ("mt", "Malti"),
    ("nb", "Norsk bokmål"),
    ("nl", "Nederlands"),
    ("nn", "Norsk nynorsk"),
    ("no", "Norsk"),
    ("pa", "ਪੰਜਾਬੀ"),
    ("pl", "Polski"),
    ("pt", "Português"),
    ("ro", "Română"),
    ("ru", "Русский"),
    ("sk", "Slovenčina"),
    ("sl", "Slovenščina"),
    ("so", "Soomaali"),
    ("sq", "Shqip"),
    ("sv", "Svenska"),
    ("tr", "Türkçe"),
    ("uk", "Українська"),
    ("ur", "اردو"),
    ("vi", "Tiếng Việt"),
    ("zh", "中文"),
];

impl super::Config {
    /// What readers of the language `code` call it: as the site states it, else the usual name.
    pub(crate) fn language_name(&self, code: &str) -> String {
        match named(&self.languages, code) {
            Some(lang) => self.languages[lang.number()].name.clone(),
            None => default_name(code),
        }
    }
}

fn default_name(code: &str) -> String {
    let short = code.split('-').next().unwrap_or(code);
    NAMES.iter().find(|(known, _)| *known == short).map_or_else(|| code.to_owned(), |(_, name)| (*name).to_owned())
}

/// What tells languages of one name apart in those languages (Unicode CLDR, `territories` and `scripts`).
const VARIANTS: &[(&str, &str)] = &[
    ("ar-EG", "العربية (مصر)"),
    ("de-AT", "Deutsch (Österreich)"),
    ("de-CH", "Deutsch (Schweiz)"),
    ("de-DE", "Deutsch (Deutschland)"),
    ("en-AU", "English (Australia)"),
    ("en-CA", "English (Canada)"),
    ("en-GB", "English (UK)"),
    ("en-IE", "English (Ireland)"),
    ("en-IN", "English (India)"),
    ("en-NZ", "English (New Zealand)"),
    ("en-US", "English (US)"),
    ("es-419", "Español (Latinoamérica)"),
    ("es-AR", "Español (Argentina)"),
    ("es-ES", "Español (España)"),
    ("es-MX", "Español (México)"),
    ("es-US", "Español (EE. UU.)"),
    ("fr-BE", "Français (Belgique)"),
    ("fr-CA", "Français (Canada)"),
    ("fr-CH", "Français (Suisse)"),
    ("fr-FR", "Français (France)"),
    ("nl-BE", "Nederlands (België)"),
    ("nl-NL", "Nederlands (Nederland)"),
    ("pt-BR", "Português (Brasil)"),
    ("pt-PT", "Português (Portugal)"),
    ("zh-CN", "中文（中国）"),
    ("zh-HK", "中文（香港）"),
    ("zh-Hans", "简体中文"),
    ("zh-Hant", "繁體中文"),
    ("zh-TW", "中文（台灣）"),
];

/// Tells apart languages that would have one name in the switch, where the site has not named them. `stated` has, for each, the
/// place of a name that it has.
fn tell_apart(languages: &mut [Language], stated: &[Option<Span>], faults: &mut Vec<Diagnostic>) {
    let names: Vec<String> = languages.iter().map(|language| language.name.clone()).collect();
    let is_shared = |name: &String| names.iter().filter(|other| *other == name).count() > 1;
    for (language, _) in
        languages.iter_mut().zip(stated).filter(|(one, stated)| stated.is_none() && is_shared(&one.name))
    {
        let known = VARIANTS.iter().find(|(code, _)| language.code.eq_ignore_ascii_case(code));
        match (known, language.code.split_once('-')) {
            (Some((_, name)), _) => (*name).clone_into(&mut language.name),
            (None, Some((_, rest))) => language.name = format!("{} ({rest})", language.name),
            (None, None) => {}
        }
    }
    for (n, language) in languages.iter().enumerate() {
        let Some(other) = languages[..n].iter().position(|other| other.name == language.name) else { continue };
        let message = format!(
            "the languages `{}` and `{}` are both called `{}`",
            languages[other].code, language.code, language.name
        );
        let fault = Diagnostic::new(Code::WrongSetting, message)
            .help("give one of them another `name`: readers see only that when they choose a language");
        let span = stated[n].as_ref().or(stated[other].as_ref());
        faults.push(match span {
            Some(span) => fault.span(span.clone()),
            None => fault,
        });
    }
}

fn is_right_to_left(code: &str) -> bool {
    let Ok(locale) = code.parse::<Locale>() else { return false };
    LocaleDirectionality::new_common().is_right_to_left(&locale.id)
}

/// Reads the languages; `own` is the site's own, complete but for its name.
///
/// `all` includes the theme's `[languages]`, `site` only those of `site.toml`.
pub(super) fn read(
    all: &Layers<'_>,
    site: &Layers<'_>,
    mut own: Language,
    collections: &Index<Name, declared::Collection>,
    faults: &mut Vec<Diagnostic>,
) -> Vec<Language> {
    let table = all.table("languages", faults);
    let stated = site.table("languages", faults);
    let stated_keys = stated.keys();
    own.name = default_name(&own.code);
    own.is_right_to_left = is_right_to_left(&own.code);
    let mut languages = vec![own];
    let mut named = vec![None];
    for (code, span) in table.keys() {
        let one = table.table(&code, faults);
        let name_at = one.get("name").map(|name| name.span());
        let mut language = language(&code, &one, &languages[0], collections, faults);
        one.finish(faults);
        if *language.code == *languages[0].code {
            languages[0].name = language.name;
            named[0] = name_at;
            languages[0].is_right_to_left = language.is_right_to_left;
            continue;
        }
        if !stated_keys.iter().any(|(known, _)| *known == code) {
            continue;
        }
        if code.parse::<Locale>().is_err() || languages.len() > usize::from(u8::MAX) {
            faults.push(
                Diagnostic::new(Code::WrongSetting, format!("`{code}` is not a language code"))
                    .span(span)
                    .help("write it like `cy`, `en-GB` or `zh-Hant`"),
            );
            continue;
        }
        if let Some(other) = languages.iter().find(|other| other.prefix == language.prefix) {
            faults.push(
                Diagnostic::new(
                    Code::WrongSetting,
                    format!("the languages `{}` and `{code}` would have the same addresses", other.code),
                )
                .span(span)
                .help(format!("give this one a `prefix` of its own, such as `/{code}/`")),
            );
            language.prefix = format!("/{code}");
        }
        languages.push(language);
        named.push(name_at);
    }
    tell_apart(&mut languages, &named, faults);
    faults.extend(untranslated(&languages));
    languages
}

fn language(
    code: &str,
    one: &Layers<'_>,
    own: &Language,
    collections: &Index<Name, declared::Collection>,
    faults: &mut Vec<Diagnostic>,
) -> Language {
    let prefix = one.text("prefix", faults).unwrap_or_else(|| format!("/{code}/"));
    let required = one.texts("required", faults).unwrap_or_default();
    let required = required
        .into_iter()
        .filter_map(|(name, span)| match collections.contains_key(name.as_str()) {
            true => Some(Name::from(name)),
            false => {
                let known = collections.keys().map(|name| &**name);
                faults.push(super::layers::not_one_of(&one.path("required"), &name, span, known));
                None
            }
        })
        .collect();
    let stated_menus = menus(&one.table("menus", faults), Of::Language, faults);
    let mut all_menus = own.menus.clone();
    for item in all_menus.values_mut().flatten() {
        if let Some((_, title, _)) = item.titles.iter().find(|(known, ..)| known == code) {
            item.title.clone_from(title);
        }
    }
    all_menus.extend(stated_menus);
    Language {
        code: code.into(),
        name: one.text("name", faults).unwrap_or_else(|| default_name(code)),
        prefix: match prefix.trim_matches('/') {
            "" => String::new(),
            inner => format!("/{inner}"),
        },
        is_right_to_left: is_right_to_left(code),
        title: one.words("title", faults).unwrap_or_else(|| own.title.clone()),
        description: one.words("description", faults).unwrap_or_else(|| own.description.clone()),
        organisation: organisation(&one.table("organisation", faults), &own.organisation, faults),
        menus: all_menus,
        required,
        collections: collection_words(&one.table("collections", faults), collections, faults),
        lists: list_words(&one.table("lists", faults), faults),
    }
}

/// The organisation as named in a language; its numbers and e-mail address are the same in all.
fn organisation(table: &Layers<'_>, own: &Organisation, faults: &mut Vec<Diagnostic>) -> Organisation {
    let mut organisation = own.clone();
    let mut set = |field: &mut Option<String>, key: &str| {
        if let Some(text) = table.text(key, faults) {
            *field = Some(text);
        }
    };
    let mut name = Some(organisation.name);
    set(&mut name, "name");
    organisation.name = name.unwrap_or_default();
    set(&mut organisation.short_name, "short_name");
    set(&mut organisation.legal_name, "legal_name");
    set(&mut organisation.description, "description");
    set(&mut organisation.email, "email");
    set(&mut organisation.tel, "tel");
    if let Some(address) = table.texts("address", faults) {
        organisation.address = address.into_iter().map(|(line, _)| line).collect();
    }
    table.finish(faults);
    organisation
}

fn collection_words(
    table: &Layers<'_>,
    collections: &Index<Name, declared::Collection>,
    faults: &mut Vec<Diagnostic>,
) -> Index<Name, CollectionWords> {
    let mut words = Index::default();
    let none = Fields::default();
    for (name, _) in table.keys() {
        let one = table.table(&name, faults);
        let fields = collections.get(name.as_str()).map_or(&none, |collection| &collection.fields);
        let path = one.text_at("path", faults);
        let found = CollectionWords {
            plural: one.text("plural", faults),
            path: path.map(|(path, span)| Pattern::read(&path, Some(&span), fields, faults)),
            kinds: declared::kinds(&one.table("kinds", faults), faults),
        };
        one.finish(faults);
        words.insert(Name::from(name), found);
    }
    words
}

fn list_words(table: &Layers<'_>, faults: &mut Vec<Diagnostic>) -> Index<Name, ListWords> {
    let mut words = Index::default();
    for (name, _) in table.keys() {
        let title_only = table.get(&name).and_then(|setting| match &setting.raw.kind {
            RawKind::Text(title) => Some(title.clone()),
            _ => None,
        });
        if let Some(title) = title_only {
            words.insert(Name::from(name), ListWords { title: Some(title), ..ListWords::default() });
            continue;
        }
        let one = table.table(&name, faults);
        let found = ListWords {
            title: one.words("title", faults),
            description: one.words("description", faults),
            route: one.text("route", faults),
            more: one.text("more", faults),
        };
        one.finish(faults);
        words.insert(Name::from(name), found);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(codes: &[&str], names: &[Option<&str>]) -> (Vec<String>, Vec<Diagnostic>) {
        let language = |(code, name): (&&str, &Option<&str>)| Language {
            code: Name::from(*code),
            name: name.map_or_else(|| default_name(code), str::to_owned),
            ..Language::default()
        };
        let mut languages: Vec<Language> = codes.iter().zip(names).map(language).collect();
        let file = crate::path::SitePath::new("site.toml").expect("inside");
        let stated: Vec<Option<Span>> = names.iter().map(|name| name.map(|_| Span::file(&file))).collect();
        let mut faults = Vec::new();
        tell_apart(&mut languages, &stated, &mut faults);
        (languages.into_iter().map(|language| language.name).collect(), faults)
    }

    #[test]
    fn languages_of_one_name_are_told_apart() {
        for (codes, names) in [
            (&["en-GB", "cy"][..], &["English", "Cymraeg"][..]),
            (&["en-GB", "en-US"], &["English (UK)", "English (US)"]),
            (&["en", "en-GB"], &["English", "English (UK)"]),
            (&["en-GB", "en-GB-oxendict"], &["English (UK)", "English (GB-oxendict)"]),
            (&["zh-Hans", "zh-Hant"], &["简体中文", "繁體中文"]),
            (&["zh-CN", "zh-TW"], &["中文（中国）", "中文（台灣）"]),
            (&["en", "fr-CA", "fr-FR"], &["English", "Français (Canada)", "Français (France)"]),
            (&["de", "de-AT", "de-CH"], &["Deutsch", "Deutsch (Österreich)", "Deutsch (Schweiz)"]),
            (&["es", "es-419"], &["Español", "Español (Latinoamérica)"]),
            (&["ar", "ar-EG"], &["العربية", "العربية (مصر)"]),
        ] {
            let (told, faults) = told(codes, &vec![None; codes.len()]);
            assert_eq!((told.iter().map(String::as_str).collect::<Vec<_>>(), faults.len()), (names.to_vec(), 0));
        }
        let (_, faults) = told(&["en-GB", "cy", "ga"], &[None, Some("Welsh"), Some("Welsh")]);
        assert_eq!(faults.len(), 1);
        assert_eq!(faults[0].message, "the languages `cy` and `ga` are both called `Welsh`");
        let (names, faults) = told(&["en-GB", "en-US"], &[Some("English"), None]);
        assert_eq!((names, faults.len()), (vec!["English".to_owned(), "English (US)".to_owned()], 0));
    }
}
