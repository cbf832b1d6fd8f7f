//! A page and its entry → one block of JSON-LD in the words of schema.org.
//!
//! Which properties a type has, and which of them search engines require, is in their guides: articles, events, people,
//! breadcrumbs. A thing that is named on several pages has one `@id` on all of them.

use serde_json::{Map, Value as Json, json};
use tera::Value;

use super::events::event;
use super::{Page, is_article, items, name, text};
use crate::config::{Format, List, Organisation};
use crate::schema::Trait;
use crate::site::Site;
use crate::template::picture::own_share_image;

/// Adds the block of `page`; a page that is nowhere has none.
pub(super) fn block(page: &Page<'_>, out: &mut String) {
    let mut graph = Vec::new();
    if page.is_home() {
        graph.push(website(page));
        graph.push(own_organisation(page));
    }
    match about(page) {
        Some(thing) => graph.extend(thing),
        None => graph.push(web_page(page, "WebPage")),
    }
    graph.extend(breadcrumbs(page));
    let graph = json!({ "@context": "https://schema.org", "@graph": graph });
    out.push_str("<script type=\"application/ld+json\">");
    // A sign that could end the block, or begin a comment in it, is written as JSON lets any sign be written.
    out.push_str(&graph.to_string().replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026"));
    out.push_str("</script>\n");
}

/// Leaves out what has no value.
pub(super) fn object(pairs: Vec<(&str, Json)>) -> Json {
    let is_said = |value: &Json| match value {
        Json::Null => false,
        Json::Array(items) => !items.is_empty(),
        Json::String(text) => !text.is_empty(),
        _ => true,
    };
    let pairs = pairs.into_iter().filter(|(_, value)| is_said(value)).map(|(key, value)| (key.to_owned(), value));
    Json::Object(pairs.collect::<Map<_, _>>())
}

/// The entry itself, in the words of its type.
fn about(page: &Page<'_>) -> Option<Vec<Json>> {
    let (_, entry) = page.entry.as_ref()?;
    let (collection, _) = page.declared()?;
    let has = |wanted: Trait| collection.traits.contains(&wanted);
    let schema = page.schema();
    Some(if has(Trait::Citable) || schema.is_some_and(is_article) {
        vec![work(page, entry, schema.unwrap_or("Article"))]
    } else if has(Trait::Timed) {
        vec![event(page, entry, schema.unwrap_or("Event"))]
    } else if has(Trait::Agent) {
        let mut profile = web_page(page, "ProfilePage");
        profile["mainEntity"] = agent_in_full(page, entry, schema.unwrap_or("Person"));
        vec![profile]
    } else if has(Trait::Located) {
        vec![place_in_full(page, entry, schema.unwrap_or("Place"))]
    } else if has(Trait::Term) {
        vec![term_in_full(page, entry, schema.unwrap_or("DefinedTerm"))]
    } else {
        return None;
    })
}

pub(super) fn language(page: &Page<'_>) -> Json {
    json!(&*page.asked.language().code)
}

/// What names the organisation on every page of the site.
fn organisation_id(site: &Site) -> String {
    format!("{}#organisation", site.config.base.url("/"))
}

/// What schema.org calls the organisation.
fn kind_of(site: &Site) -> &str {
    site.config.organisation.schema.as_deref().unwrap_or("NGO")
}

pub(super) fn publisher(page: &Page<'_>) -> Json {
    let site = &page.asked.site;
    json!({ "@type": kind_of(site), "@id": organisation_id(site), "name": page.asked.language().organisation.name, "url": site.config.base.url("/") })
}

fn website(page: &Page<'_>) -> Json {
    let language_of = page.asked.language();
    object(vec![
        ("@type", json!("WebSite")),
        ("@id", json!(format!("{}#website", page.url()))),
        ("name", json!(language_of.title)),
        ("url", json!(page.url())),
        ("description", json!(language_of.description)),
        ("inLanguage", language(page)),
        ("publisher", json!({ "@id": organisation_id(&page.asked.site) })),
    ])
}

/// The organisation whose site it is, as it is told on the home page.
fn own_organisation(page: &Page<'_>) -> Json {
    let site = &page.asked.site;
    let own: &Organisation = &page.asked.language().organisation;
    let said = |text: &Option<String>| text.as_ref().map_or(Json::Null, |text| json!(text));
    let number = |name: &str, number: &Option<String>| {
        number.as_ref().map(|number| json!({ "@type": "PropertyValue", "propertyID": name, "value": number }))
    };
    let numbers = [number("charity number", &own.charity), number("company number", &own.company)];
    let contact = (own.email.is_some() || own.tel.is_some()).then(|| {
        object(vec![
            ("@type", json!("ContactPoint")),
            ("contactType", json!("general enquiries")),
            ("email", said(&own.email)),
            ("telephone", said(&own.tel)),
        ])
    });
    let logo = own.logo.as_ref().and_then(|(name, _)| page.asked.routes.assets.address(name));
    let address =
        (!own.address.is_empty()).then(|| json!({ "@type": "PostalAddress", "streetAddress": own.address.join(", ") }));
    object(vec![
        ("@type", json!(kind_of(site))),
        ("@id", json!(organisation_id(site))),
        ("name", json!(own.name)),
        ("alternateName", said(&own.short_name)),
        ("legalName", said(&own.legal_name)),
        ("url", json!(site.config.base.url("/"))),
        ("description", said(&own.description)),
        ("logo", logo.map_or(Json::Null, |logo| json!(site.config.base.url(logo.as_str())))),
        ("address", address.unwrap_or(Json::Null)),
        ("contactPoint", contact.unwrap_or(Json::Null)),
        ("sameAs", json!(own.same_as)),
        ("identifier", numbers.into_iter().flatten().collect()),
    ])
}

fn web_page(page: &Page<'_>, schema: &str) -> Json {
    object(vec![
        ("@type", json!(schema)),
        ("@id", json!(format!("{}#page", page.url()))),
        ("name", json!(page.text("title"))),
        ("description", json!(page.text("description"))),
        ("url", json!(page.url())),
        ("inLanguage", language(page)),
        ("publisher", publisher(page)),
    ])
}

fn work(page: &Page<'_>, entry: &Value, schema: &str) -> Json {
    let all = |key: &str, make: &dyn Fn(&Value) -> Json| -> Json { items(entry, key).into_iter().map(make).collect() };
    let authors = match items(entry, "authors").as_slice() {
        [] => json!([publisher(page)]),
        authors => authors.iter().map(|author| agent(author, "Person")).collect(),
    };
    let number = |name: &str, key: &str| {
        text(entry, key).map(|value| json!({ "@type": "PropertyValue", "propertyID": name, "value": value }))
    };
    let corrections = all("corrections", &|one| {
        object(vec![
            ("@type", json!("CorrectionComment")),
            ("text", json!(plain(one, "text"))),
            ("datePublished", json!(text(one, "date"))),
        ])
    });
    object(vec![
        ("@type", json!(schema)),
        ("@id", json!(format!("{}#work", page.url()))),
        ("headline", json!(text(entry, "title"))),
        ("alternativeHeadline", json!(text(entry, "subtitle"))),
        ("description", json!(page.text("description"))),
        ("abstract", json!(plain(entry, "abstract"))),
        ("url", json!(page.url())),
        ("mainEntityOfPage", json!(page.url())),
        ("image", image(page)),
        ("datePublished", json!(text(entry, "date"))),
        ("dateModified", json!(page.changed())),
        ("author", authors),
        ("publisher", publisher(page)),
        ("contributor", all("publishers", &|one| agent(one, "Organization"))),
        ("funder", all("funders", &|one| agent(one, "Organization"))),
        ("inLanguage", language(page)),
        ("isAccessibleForFree", json!(true)),
        ("license", json!(text(entry, "licence").and_then(|licence| licence_url(&licence)))),
        ("reportNumber", if schema == "Report" { json!(text(entry, "number")) } else { Json::Null }),
        ("isPartOf", part_of(entry)),
        ("about", page.all_of(Trait::Term, entry).into_iter().map(term).collect()),
        ("spatialCoverage", page.all_of(Trait::Located, entry).into_iter().map(place).collect()),
        ("encoding", all("files", &|file| file_of(page, file))),
        ("identifier", [number("DOI", "doi"), number("ISBN", "isbn")].into_iter().flatten().collect()),
        ("sameAs", json!(text(entry, "doi").map(|doi| format!("https://doi.org/{doi}")))),
        ("correction", corrections),
    ])
}

fn part_of(entry: &Value) -> Json {
    let Some(series) = entry.get_from_path("series").filter(|series| name(series).is_some()) else { return Json::Null };
    object(vec![
        ("@type", json!("CreativeWorkSeries")),
        ("name", json!(name(series))),
        ("url", json!(text(series, "url"))),
    ])
}

fn file_of(page: &Page<'_>, file: &Value) -> Json {
    let href = text(file, "file.href").map(|href| page.full(href));
    let name = text(file, "file.name").unwrap_or_default();
    object(vec![
        ("@type", json!("MediaObject")),
        ("name", json!(text(file, "title"))),
        ("contentUrl", json!(href)),
        ("encodingFormat", json!(mime_guess::from_path(&name).first_raw())),
        ("contentSize", json!(file.get_from_path("file.size").map(|size| format!("{size} B")))),
        ("inLanguage", json!(text(file, "lang"))),
    ])
}

/// What a licence is called on the web.
fn licence_url(licence: &str) -> Option<String> {
    if let Some(rest) = licence.strip_prefix("CC-BY") {
        let (terms, version) = rest.rsplit_once('-')?;
        return Some(format!("https://creativecommons.org/licenses/by{}/{version}/", terms.to_lowercase()));
    }
    match licence {
        "CC0-1.0" => Some("https://creativecommons.org/publicdomain/zero/1.0/".to_owned()),
        "OGL-3.0" => Some("https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/".to_owned()),
        _ => None,
    }
}

/// A person or an organisation that a page names.
pub(super) fn agent(value: &Value, otherwise: &str) -> Json {
    let schema = text(value, "schema").unwrap_or_else(|| otherwise.to_owned());
    let belongs = text(value, "affiliation").map(|name| json!({ "@type": "Organization", "name": name }));
    object(vec![
        ("@type", json!(schema)),
        ("name", json!(name(value))),
        ("url", json!(text(value, "url"))),
        ("affiliation", belongs.unwrap_or(Json::Null)),
        ("sameAs", json!(text(value, "orcid").map(|orcid| format!("https://orcid.org/{orcid}")))),
    ])
}

fn agent_in_full(page: &Page<'_>, entry: &Value, schema: &str) -> Json {
    let is_person = schema == "Person";
    let mut elsewhere = texts(entry, "same_as");
    elsewhere.extend(text(entry, "orcid").map(|orcid| format!("https://orcid.org/{orcid}")));
    elsewhere.extend(text(entry, "ror").map(|ror| format!("https://ror.org/{ror}")));
    let terms = page.keywords(entry);
    let works = is_person && text(entry, "state").as_deref() != Some("former");
    object(vec![
        ("@type", json!(schema)),
        ("@id", json!(format!("{}#agent", page.url()))),
        ("name", json!(text(entry, "title"))),
        ("givenName", json!(text(entry, "given"))),
        ("familyName", json!(text(entry, "family"))),
        ("description", json!(page.text("description"))),
        ("url", json!(page.url())),
        ("image", shown(page, entry, &["image", "photo"])),
        ("logo", if is_person { Json::Null } else { shown(page, entry, &["logo"]) }),
        ("email", json!(text(entry, "email"))),
        ("jobTitle", json!(text(entry, "role"))),
        ("worksFor", if works { publisher(page) } else { Json::Null }),
        ("knowsAbout", json!(terms)),
        ("sameAs", json!(elsewhere)),
    ])
}

fn place(value: &Value) -> Json {
    object(vec![("@type", json!("Place")), ("name", json!(name(value))), ("url", json!(text(value, "url")))])
}

fn place_in_full(page: &Page<'_>, entry: &Value, schema: &str) -> Json {
    let code = text(entry, "code").map(|code| json!({ "@type": "PropertyValue", "propertyID": "GSS", "value": code }));
    let at = |key: &str| entry.get_from_path(key).and_then(Value::as_f64);
    let geo = at("lat").zip(at("lon"));
    let geo = geo.map(|(lat, lon)| json!({ "@type": "GeoCoordinates", "latitude": lat, "longitude": lon }));
    object(vec![
        ("@type", json!(schema)),
        ("@id", json!(format!("{}#place", page.url()))),
        ("name", json!(text(entry, "title"))),
        ("description", json!(page.text("description"))),
        ("url", json!(page.url())),
        ("image", shown(page, entry, &["image"])),
        ("identifier", code.unwrap_or(Json::Null)),
        ("sameAs", json!(texts(entry, "same_as"))),
        ("geo", geo.unwrap_or(Json::Null)),
    ])
}

pub(super) fn term(value: &Value) -> Json {
    object(vec![("@type", json!("DefinedTerm")), ("name", json!(name(value))), ("url", json!(text(value, "url")))])
}

fn term_in_full(page: &Page<'_>, entry: &Value, schema: &str) -> Json {
    // A term itself has no language in schema.org; the set that it belongs to does.
    let set = object(vec![
        ("@type", json!("DefinedTermSet")),
        ("name", json!(text(entry, "collection_label"))),
        ("url", json!(set_url(page))),
        ("inLanguage", language(page)),
        ("publisher", publisher(page)),
    ]);
    object(vec![
        ("@type", json!(schema)),
        ("@id", json!(format!("{}#term", page.url()))),
        ("name", json!(text(entry, "title"))),
        ("alternateName", json!(texts(entry, "synonyms"))),
        ("description", json!(plain(entry, "definition").or_else(|| page.text("description")))),
        ("url", json!(page.url())),
        ("inDefinedTermSet", set),
    ])
}

/// The page that shows all terms of the set: a list of the whole collection, else the page where its rows are.
fn set_url(page: &Page<'_>) -> Option<String> {
    let (collection, _) = page.declared()?;
    let (asked, site) = (page.asked, &page.asked.site);
    let is_whole = |list: &&List| {
        let is_shown = list.formats.contains(&Format::Html) && list.on.is_none();
        is_shown && list.filter.is_empty() && *list.from == [collection.name.clone()]
    };
    let listings = site
        .config
        .lists
        .values()
        .filter(is_whole)
        .flat_map(|list| site.listings_of(&list.name, asked.lang, None).filter(|listing| listing.group.is_none()));
    let list =
        listings.filter_map(|listing| listing.address.as_ref()).map(|address| address.as_str().to_owned()).next();
    let shown_on = || Some(asked.in_readers_language(collection.shown_on.as_deref()?).into_owned());
    list.or_else(shown_on).map(|address| site.config.base.url(&address))
}

/// The image of a work or an event: its own, or the one that is made of its title. That of the site is none of it.
pub(super) fn image(page: &Page<'_>) -> Json {
    let own = page.entry.as_ref().and_then(|(ix, _)| own_share_image(page.asked, *ix));
    json!(own.and_then(|image| text(&image, "src")))
}

/// The first image that there is in these fields: what shows a person or a place itself.
fn shown(page: &Page<'_>, entry: &Value, fields: &[&str]) -> Json {
    let src = |field: &&str| text(entry, &format!("{field}.src"));
    json!(fields.iter().find_map(src).map(|src| page.full(src)))
}

/// The texts of a list.
fn texts(entry: &Value, key: &str) -> Vec<String> {
    items(entry, key).into_iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// A text with marks, without them.
fn plain(value: &Value, key: &str) -> Option<String> {
    let html = text(value, key)?;
    let mut out = String::new();
    let mut inside = false;
    for letter in html.chars() {
        match letter {
            '<' => inside = true,
            '>' if inside => inside = false,
            letter if !inside => out.push(letter),
            _ => {}
        }
    }
    let words = out.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'");
    Some(words.replace("&amp;", "&").split_whitespace().collect::<Vec<_>>().join(" ")).filter(|text| !text.is_empty())
}

/// The trail of breadcrumbs, if it has two steps or more.
fn breadcrumbs(page: &Page<'_>) -> Option<Json> {
    let steps = items(page.page, "breadcrumbs");
    if steps.len() < 2 {
        return None;
    }
    let origin = &page.asked.site.config.base.origin;
    let steps: Vec<Json> = (1..)
        .zip(steps)
        .map(|(position, step)| {
            let item = text(step, "href").map(|href| format!("{origin}{href}"));
            object(vec![
                ("@type", json!("ListItem")),
                ("position", json!(position)),
                ("name", json!(text(step, "title"))),
                ("item", json!(item)),
            ])
        })
        .collect();
    Some(json!({ "@type": "BreadcrumbList", "@id": format!("{}#breadcrumbs", page.url()), "itemListElement": steps }))
}
