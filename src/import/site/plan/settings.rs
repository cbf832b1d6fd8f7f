//! `site.toml`: of a new site as a whole, of another one what is added at its end.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::menus::Line;
use super::pages::Lacking;
use super::places::Patterns;
use super::values::text;
use super::{Here, KindPlan, Page};
use crate::import::site::survey::Survey;

/// What a site is called that does not say so.
const NAMELESS: &str = "Our site";

fn title(survey: &Survey) -> &str {
    survey.about.title.as_deref().filter(|title| !title.trim().is_empty()).unwrap_or(NAMELESS)
}

/// The settings that a new site has before anything is known of its collections.
pub(crate) fn first(survey: &Survey) -> String {
    let about = &survey.about;
    let mut out = format!("title = {}\n", text(title(survey)));
    let base = about
        .base
        .as_deref()
        .filter(|base| crate::config::Base::parse(base).is_ok())
        .unwrap_or("https://www.example.org/");
    let _ = writeln!(
        out,
        "# The address that the site will have: every page, feed and citation names it.\nbase_url = {}",
        text(base)
    );
    let own = about.languages.first().and_then(|code| language(code)).unwrap_or_else(|| "en-GB".to_owned());
    let _ = writeln!(out, "language = {}", text(&own));
    let zone = about.timezone.as_deref().filter(|zone| crate::schema::zone(zone).is_some()).unwrap_or("Europe/London");
    let _ = writeln!(out, "timezone = {}\n# The design: \"civic\" or \"mosaic\".\ntheme = \"civic\"", text(zone));
    if let Some(words) = about.description.as_ref().filter(|words| !words.trim().is_empty()) {
        let _ = writeln!(out, "description = {}", text(words));
    }
    let _ = writeln!(out, "\n[organisation]\nname = {}", text(title(survey)));
    if let Some(email) = &about.email {
        let _ = writeln!(out, "email = {}", text(email));
    }
    for code in about.languages.iter().skip(1).filter_map(|code| language(code)) {
        let own =
            about.titles.iter().find(|(known, _)| known.eq_ignore_ascii_case(&code)).map(|(_, title)| title.as_str());
        let _ = writeln!(out, "\n[languages.{code}]\ntitle = {}", text(own.unwrap_or_else(|| title(survey))));
    }
    out
}

/// A code as it is written here: `en-GB`.
fn language(code: &str) -> Option<String> {
    let code = code.replace('_', "-");
    code.parse::<icu_locale::Locale>().ok()?;
    Some(code)
}

/// The home page of a site that had none of its own.
pub(super) fn home(survey: &Survey) -> String {
    let summary = survey.about.description.as_ref().filter(|words| !words.trim().is_empty());
    let summary = summary.map(|words| format!("summary = {}\n", text(words))).unwrap_or_default();
    format!("+++\ntitle = {}\n{summary}+++\n", text(title(survey)))
}

/// The settings.
pub(super) fn settings(
    survey: &Survey,
    here: &Here<'_>,
    kinds: &[KindPlan],
    patterns: &Patterns,
    lacking: &Lacking,
    menus: &[Line],
    pages: &[Page],
) -> String {
    let mut out = if here.is_new { first(survey) } else { String::new() };
    for (menu, title, to) in menus {
        let _ = writeln!(out, "\n[[menus.{menu}]]\ntitle = {}\nurl = {}", text(title), text(to));
    }
    let mut names: BTreeSet<&str> = kinds.iter().map(|kind| kind.collection.as_str()).collect();
    if pages.iter().any(|page| page.collection == "pages" && page.permalink.is_some()) {
        names.insert("pages");
    }
    for name in names {
        collection(name, here, kinds, patterns, lacking, pages, &mut out);
    }
    if out.trim().is_empty() || here.is_new {
        return out;
    }
    format!("\n# Added by the import from {}.\n{}", survey.program, out.trim_start())
}

fn collection(
    name: &str,
    here: &Here<'_>,
    kinds: &[KindPlan],
    patterns: &Patterns,
    lacking: &Lacking,
    pages: &[Page],
    out: &mut String,
) {
    let known = here.config.collection(name);
    let own = kinds.iter().filter(|kind| kind.collection == name);
    let mut head = String::new();
    let pattern = patterns.get(name).map_or("/{slug}/", String::as_str);
    if known.is_none() {
        let words = name.replace('-', " ");
        let (label, plural) = one_and_many(&words);
        let _ =
            writeln!(head, "label = {}\nplural = {}\npath = {}", text(&label), text(&capital(&plural)), text(pattern));
        let _ = writeln!(head, "template = \"entry.html\"");
    } else if here.is_new
        && known.and_then(|known| known.path.as_ref()).is_some_and(|path| path.written() != pattern)
        && name != "pages"
    {
        let _ = writeln!(head, "# As the addresses were.\npath = {}", text(pattern));
    }
    let states_addresses = pages.iter().any(|page| page.collection == name && page.permalink.is_some());
    if states_addresses && (here.is_new || known.is_none()) {
        let _ = writeln!(head, "# Some pages keep an address of their own.\npermalink = true");
    }
    if here.is_new
        && pages.iter().any(|page| page.collection == name && page.fields.iter().any(|(field, _)| field == "expires"))
    {
        let _ = writeln!(head, "# As there: what has expired is not published any more.\nexpired = \"gone\"");
    }
    if !head.is_empty() {
        let _ = write!(out, "\n[collections.{name}]\n{head}");
    }
    let mut fields: BTreeMap<String, String> = BTreeMap::new();
    for field in own.flat_map(|kind| &kind.fields).filter(|field| field.is_new) {
        if let Some(new) = &field.new {
            let label = capital(&new.replace('_', " "));
            fields.insert(new.clone(), format!("{new} = {{ type = {}, label = {} }}", text(&field.ty), text(&label)));
        }
    }
    for (_, field, is_conditional) in lacking.iter().filter(|(collection, ..)| collection == name) {
        let relaxed = if *is_conditional { "required_if = { kind = [] }" } else { "required = false" };
        fields.insert(format!("~{field}"), format!("# Some pages came without it.\n{field} = {{ {relaxed} }}"));
    }
    if !fields.is_empty() {
        let lines: Vec<String> = fields.into_values().collect();
        let _ = write!(out, "\n[collections.{name}.fields]\n{}\n", lines.join("\n"));
    }
    // A list would say that there is such a thing.
    let is_seen = pages.iter().any(|page| page.collection == name && page.is_public());
    if known.is_none() && is_seen && here.config.lists.get(name).is_none() {
        let words = capital(&one_and_many(&name.replace('-', " ")).1);
        let sort =
            if pages.iter().any(|page| page.collection == name && page.fields.iter().any(|(field, _)| field == "date"))
            {
                "-date"
            } else {
                "title"
            };
        let _ = write!(
            out,
            "\n[lists.{name}]\ntitle = {}\nfrom = {}\nsort = {}\nroute = {}\nper_page = 20\nformats = [\"html\"]\n",
            text(&words),
            text(name),
            text(sort),
            text(&format!("/{name}/"))
        );
    }
}

/// What one and many things are called, from either.
fn one_and_many(words: &str) -> (String, String) {
    if let Some(stem) = words.strip_suffix("ies").filter(|stem| stem.len() > 2) {
        return (format!("{stem}y"), words.to_owned());
    }
    match words.strip_suffix('s').filter(|stem| !stem.ends_with(['s', 'u', 'i'])) {
        Some(one) => (one.to_owned(), words.to_owned()),
        None if words.ends_with('s') => (words.to_owned(), words.to_owned()),
        None => match words.strip_suffix('y').filter(|stem| !stem.ends_with(['a', 'e', 'o', 'u'])) {
            Some(stem) => (words.to_owned(), format!("{stem}ies")),
            None => (words.to_owned(), format!("{words}s")),
        },
    }
}

/// The same words with a capital at their beginning.
fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
