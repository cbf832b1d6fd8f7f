//! A page and its entry → one block of JSON-LD in schema.org's vocabulary.
//!
//! Search engines' guides say which properties a type has, and which are required: articles, events, people, breadcrumbs. A
//! thing named on several pages has the same `@id` on all of them.

use serde_json::{Map, Value as Json, json};

use super::events::event;
use super::{Page, Subject};
use crate::config::{Format, List, Organisation};
use crate::schema::{Moment, Trait};
use crate::site::Site;
use crate::template::{TemplateContext, entry_text};
use crate::views::{
    Agent, Citation, Correction, Download, EntryView, Named, Passage, Place, Profile, Term, Work, own_share_image,
};

/// Adds the block of `page`; a page without an address has none.
pub(super) fn block(page: &Page<'_>, out: &mut String) {
    let mut graph = Vec::new();
    if page.is_home() {
        graph.push(website(page));
        graph.push(own_organisation(page));
    }
    graph.push(about(page).unwrap_or_else(|| web_page(page, "WebPage")));
    graph.extend(breadcrumbs(page));
    // `json!` would copy it all.
    let mut whole = Map::new();
    whole.insert("@context".to_owned(), "https://schema.org".into());
    whole.insert("@graph".to_owned(), Json::Array(graph));
    out.push_str("<script type=\"application/ld+json\">");
    // Characters that could end the block, or begin a comment in it, are escaped as JSON allows.
    out.push_str(
        &Json::Object(whole).to_string().replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026"),
    );
    out.push_str("</script>\n");
}

/// Leaves out properties without a value.
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

/// The entry itself, with the properties of its type.
fn about(page: &Page<'_>) -> Option<Json> {
    let schema = page.schema();
    let entry = match &page.about {
        Subject::Nothing => return None,
        Subject::Work(one) => return Some(work(page, one, schema.unwrap_or("Article"))),
        Subject::Event(one) => return Some(event(page, one, schema.unwrap_or("Event"))),
        Subject::Entry(entry) => *entry,
    };
    let has = |wanted: Trait| entry.collection().traits.contains(&wanted);
    Some(if has(Trait::Agent) {
        let mut profile = web_page(page, "ProfilePage");
        profile["mainEntity"] = agent_in_full(page, &Profile::new(entry), schema.unwrap_or("Person"));
        profile
    } else if has(Trait::Located) {
        place_in_full(page, &Place::new(entry), schema.unwrap_or("Place"))
    } else if has(Trait::Term) {
        term_in_full(page, entry, &Term::new(entry), schema.unwrap_or("DefinedTerm"))
    } else {
        return None;
    })
}

pub(super) fn language(page: &Page<'_>) -> Json {
    json!(&*page.asked.language().code)
}

/// The `@id` of the organisation on every page of the site.
fn organisation_id(site: &Site) -> String {
    format!("{}#organisation", site.config.base.url("/"))
}

/// The schema.org type of the organisation.
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
        ("@id", json!(format!("{}#website", page.view.url))),
        ("name", json!(language_of.title)),
        ("url", json!(page.view.url)),
        ("description", json!(language_of.description)),
        ("inLanguage", language(page)),
        ("publisher", json!({ "@id": organisation_id(&page.asked.site) })),
    ])
}

/// The site's own organisation, as the home page describes it.
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
        ("@id", json!(format!("{}#page", page.view.url))),
        ("name", json!(page.view.title)),
        ("description", json!(page.view.description)),
        ("url", json!(page.view.url)),
        ("inLanguage", language(page)),
        ("publisher", publisher(page)),
    ])
}

fn work(page: &Page<'_>, work: &Work<'_>, schema: &str) -> Json {
    let cited = &work.citation;
    let authors = match cited.authors.as_slice() {
        [] => json!([publisher(page)]),
        authors => authors.iter().map(|author| agent(author, "Person")).collect(),
    };
    let organisations = |all: &[Agent<'_>]| -> Json { all.iter().map(|one| agent(one, "Organization")).collect() };
    object(vec![
        ("@type", json!(schema)),
        ("@id", json!(format!("{}#work", page.view.url))),
        ("headline", json!(cited.entry.title())),
        ("alternativeHeadline", json!(cited.subtitle)),
        ("description", json!(page.view.description)),
        ("abstract", json!(plain(page.asked, work.abstract_text.as_ref()))),
        ("url", json!(page.view.url)),
        ("mainEntityOfPage", json!(page.view.url)),
        ("image", image(cited.entry)),
        ("datePublished", json!(cited.date.as_ref().map(Moment::written))),
        ("dateModified", json!(work.changed.as_ref().map(Moment::written))),
        ("author", authors),
        ("publisher", publisher(page)),
        ("contributor", organisations(&work.publishers)),
        ("funder", organisations(&work.funders)),
        ("inLanguage", language(page)),
        ("isAccessibleForFree", json!(true)),
        ("license", json!(work.licence.and_then(|licence| licence.url.as_ref()))),
        ("reportNumber", if schema == "Report" { json!(cited.number) } else { Json::Null }),
        ("isPartOf", cited.series.as_ref().map_or(Json::Null, |series| named(series, "CreativeWorkSeries"))),
        ("about", work.terms.iter().map(term).collect()),
        ("spatialCoverage", work.places.iter().map(|place| named(place, "Place")).collect()),
        ("encoding", work.files.iter().map(download).collect()),
        ("identifier", identifiers(cited)),
        ("sameAs", json!(cited.doi_url())),
        ("correction", work.corrections.iter().map(|one| correction(page, one)).collect()),
    ])
}

fn identifiers(work: &Citation<'_>) -> Json {
    let numbers = [("DOI", &work.doi), ("ISBN", &work.isbn)];
    let stated = numbers.into_iter().filter_map(|(name, number)| Some((name, number.as_ref()?)));
    stated.map(|(name, number)| json!({ "@type": "PropertyValue", "propertyID": name, "value": number })).collect()
}

fn correction(page: &Page<'_>, correction: &Correction<'_>) -> Json {
    object(vec![
        ("@type", json!("CorrectionComment")),
        ("text", json!(plain(page.asked, correction.text.as_ref()))),
        ("datePublished", json!(correction.date.as_ref().map(Moment::written))),
    ])
}

fn download(file: &Download<'_>) -> Json {
    object(vec![
        ("@type", json!("MediaObject")),
        ("name", json!(file.title)),
        ("contentUrl", json!(file.url)),
        ("encodingFormat", json!(file.media_type)),
        ("contentSize", json!(file.size.map(|size| format!("{size} B")))),
        ("inLanguage", json!(file.lang)),
    ])
}

/// A thing that a page describes by name and address only.
fn named(thing: &Named<'_>, schema: &str) -> Json {
    object(vec![("@type", json!(schema)), ("name", json!(thing.name)), ("url", json!(thing.url))])
}

pub(super) fn term(term: &Named<'_>) -> Json {
    named(term, "DefinedTerm")
}

/// A person or an organisation that a page names.
pub(super) fn agent(agent: &Agent<'_>, otherwise: &str) -> Json {
    let belongs = agent.affiliation.as_ref().map(|name| json!({ "@type": "Organization", "name": name }));
    object(vec![
        ("@type", json!(agent.schema.as_deref().unwrap_or(otherwise))),
        ("name", json!(agent.name)),
        ("url", json!(agent.url)),
        ("affiliation", belongs.unwrap_or(Json::Null)),
        ("sameAs", json!(agent.orcid.as_ref().map(|orcid| format!("https://orcid.org/{orcid}")))),
    ])
}

fn agent_in_full(page: &Page<'_>, agent: &Profile<'_>, schema: &str) -> Json {
    let is_person = schema == "Person";
    let works_here = is_person && !agent.is_former;
    object(vec![
        ("@type", json!(schema)),
        ("@id", json!(format!("{}#agent", page.view.url))),
        ("name", json!(agent.name)),
        ("givenName", json!(agent.given)),
        ("familyName", json!(agent.family)),
        ("description", json!(page.view.description)),
        ("url", json!(page.view.url)),
        ("image", json!(agent.image)),
        ("logo", if is_person { Json::Null } else { json!(agent.logo) }),
        ("email", json!(agent.email)),
        ("jobTitle", json!(agent.role)),
        ("worksFor", if works_here { publisher(page) } else { Json::Null }),
        ("knowsAbout", json!(agent.knows_about)),
        ("sameAs", json!(agent.same_as)),
    ])
}

fn place_in_full(page: &Page<'_>, place: &Place<'_>, schema: &str) -> Json {
    let code = place.code.as_ref();
    let code = code.map(|code| json!({ "@type": "PropertyValue", "propertyID": "GSS", "value": code }));
    let geo = place.geo.map(|(lat, lon)| json!({ "@type": "GeoCoordinates", "latitude": lat, "longitude": lon }));
    object(vec![
        ("@type", json!(schema)),
        ("@id", json!(format!("{}#place", page.view.url))),
        ("name", json!(place.name)),
        ("description", json!(page.view.description)),
        ("url", json!(page.view.url)),
        ("image", json!(place.image)),
        ("identifier", code.unwrap_or(Json::Null)),
        ("sameAs", json!(place.same_as)),
        ("geo", geo.unwrap_or(Json::Null)),
    ])
}

fn term_in_full(page: &Page<'_>, entry: EntryView<'_>, term: &Term<'_>, schema: &str) -> Json {
    // A term has no language in schema.org; the set it belongs to has.
    let set = object(vec![
        ("@type", json!("DefinedTermSet")),
        ("name", json!(entry.collection_label())),
        ("url", json!(set_url(page.asked, entry))),
        ("inLanguage", language(page)),
        ("publisher", publisher(page)),
    ]);
    let definition = plain(page.asked, term.definition.as_ref());
    object(vec![
        ("@type", json!(schema)),
        ("@id", json!(format!("{}#term", page.view.url))),
        ("name", json!(term.name)),
        ("alternateName", json!(term.synonyms)),
        ("description", json!(definition.as_ref().unwrap_or(&page.view.description))),
        ("url", json!(page.view.url)),
        ("inDefinedTermSet", set),
    ])
}

/// The page that shows all terms of the set: a list of the whole collection, else the page with its rows.
fn set_url(asked: &TemplateContext, entry: EntryView<'_>) -> Option<String> {
    let (collection, site) = (entry.collection(), &asked.site);
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

/// The image of a work or an event: its own, or the one made from its title. The site's image does not count.
pub(super) fn image(entry: EntryView<'_>) -> Json {
    json!(own_share_image(entry.readers, entry.ix).map(|image| image.src))
}

/// A marked-up text without its markup.
fn plain(asked: &TemplateContext, passage: Option<&Passage<'_>>) -> Option<String> {
    let html = match passage? {
        Passage::Plain(text) => text.to_string(),
        // Faults of block templates were reported when the templates were loaded (`field_faults`).
        Passage::Marked { ix, file, doc } => entry_text(asked, *ix, file, doc, "").value,
    };
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
    let steps = &page.view.breadcrumbs;
    if steps.len() < 2 {
        return None;
    }
    let origin = &page.asked.site.config.base.origin;
    let steps: Vec<Json> = (1..)
        .zip(steps)
        .map(|(position, step)| {
            let item = step.href.as_ref().map(|href| format!("{origin}{href}"));
            object(vec![
                ("@type", json!("ListItem")),
                ("position", json!(position)),
                ("name", json!(step.title)),
                ("item", json!(item)),
            ])
        })
        .collect();
    Some(
        json!({ "@type": "BreadcrumbList", "@id": format!("{}#breadcrumbs", page.view.url), "itemListElement": steps }),
    )
}
