//! The functions and filters that templates use to ask the snapshot.

use std::sync::Arc;

use serde::Deserialize;
use tera::{Error, Kwargs, State, Tera, TeraResult, Value};

use super::{TemplateContext, drawn, isolated, metadata, picture, values};
use crate::config::{Untranslated, listed};
use crate::diagnostic::nearest;
use crate::icons::{self, Icon};
use crate::path::Address;
use crate::routes;
use crate::schema::Focus;
use crate::site::{Group, Ix, Listing};
use crate::views::{Citation, PageView};

/// The most entries that `refs` gives, unless asked for fewer.
const MOST: usize = 1_000;

/// Registers all functions and filters; they hold the snapshot they ask.
pub(super) fn register(tera: &mut Tera, asked: &Arc<TemplateContext>) {
    let ask = |function: fn(&TemplateContext, &Kwargs) -> TeraResult<Value>| {
        // The context owns the templates, so a strong reference here would never be freed.
        let asked = Arc::downgrade(asked);
        move |kwargs: Kwargs, _: &State| match asked.upgrade() {
            Some(asked) => function(&asked, &kwargs),
            None => Err(Error::message(GONE)),
        }
    };
    tera.register_function("list", ask(list));
    tera.register_function("refs", ask(refs));
    tera.register_function("entry", ask(entry));
    tera.register_function("asset", ask(asset));
    tera.register_function("syntax_css", ask(|asked, _| Ok(link(asked, &asked.routes.assets.code))));
    tera.register_function("href", ask(href));
    tera.register_function("exists", ask(exists));
    tera.register_function("data", ask(data));
    tera.register_function("image", ask(image));
    tera.register_function("drawing", ask(drawn::function));
    tera.register_function("icons", ask(|asked, _| Ok(icons(asked))));
    tera.register_function("metadata", ask(metadata));
    tera.register_function("citation", ask(citation));
    tera.register_function("licence", ask(licence));
    tera.register_function("t", ask(word));
    tera.register_function("lang", ask(|_, kwargs| lang(kwargs)));
    let of_languages = Arc::downgrade(asked);
    tera.register_filter("language", move |code: &str, _: Kwargs, _: &State| match of_languages.upgrade() {
        Some(asked) => Ok(asked.site.config.language_name(code)),
        None => Err(Error::message(GONE)),
    });
    // A renderer is for one language.
    let is_right_to_left = asked.language().is_right_to_left;
    tera.register_filter("isolated", move |value: &Value, kwargs: Kwargs, _: &State| {
        isolated::filter(is_right_to_left, value, &kwargs)
    });
    let asked = Arc::downgrade(asked);
    tera.register_filter("date", move |value: &Value, kwargs: Kwargs, _: &State| match asked.upgrade() {
        Some(asked) => date(&asked, value, &kwargs),
        None => Err(Error::message(GONE)),
    });
}

/// The error when a template asks a snapshot that has been dropped.
const GONE: &str = "this page belongs to a site that no longer exists";

fn link(asked: &TemplateContext, address: &Address) -> Value {
    asked.site.config.base.href(address.as_str()).into()
}

pub(super) fn unknown<'n>(what: &str, name: &str, known: impl Iterator<Item = &'n str> + Clone) -> Error {
    let advice = match nearest(name, known.clone()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("there are {}", listed(known)),
    };
    Error::message(format!("there is no {what} `{name}`; {advice}"))
}

/// `icons()`: the lines in the head of a page that name the site's icons.
fn icons(asked: &TemplateContext) -> Value {
    // An old browser takes the last one it understands, a new one the drawing, which fits every size.
    let known = [
        (Icon::Ico.address().to_string(), "rel=\"icon\" sizes=\"32x32\""),
        (format!("/{}", icons::DRAWING), "rel=\"icon\" type=\"image/svg+xml\""),
        (Icon::Apple.address().to_string(), "rel=\"apple-touch-icon\""),
        (icons::MANIFEST.to_owned(), "rel=\"manifest\""),
    ];
    let there = known.iter().filter(|(address, _)| asked.routes.at(&Address::new(address)).is_some());
    let link = |(address, attributes): &(String, &str)| {
        format!("<link {attributes} href=\"{}\">", values::escaped(&asked.site.config.base.href(address)))
    };
    values::safe(&there.map(link).collect::<Vec<_>>().join("\n"))
}

/// `lang(of=entry, field="summary")`: the attributes of an element that shows a field in another language than the page's:
/// that of the original, if a translation inherits the field.
fn lang(kwargs: &Kwargs) -> TeraResult<Value> {
    let (of, field) = (kwargs.must_get::<Value>("of")?, kwargs.must_get::<String>("field")?);
    let at = |key: &str| of.get_from_path(key).filter(|value| value.as_str().is_some()).cloned();
    Ok(at(&format!("inherited.{field}")).or_else(|| at("language")).unwrap_or_else(|| values::safe("")))
}

/// `list(name="publications", limit=3)`: title, items, total, href, feed_href; siblings for a list with a page per group, of
/// which `group="press"` selects one.
fn list(asked: &TemplateContext, kwargs: &Kwargs) -> TeraResult<Value> {
    let name = kwargs.must_get::<&str>("name")?;
    let limit = kwargs.get::<usize>("limit")?.unwrap_or(MOST);
    let config = &asked.site.config;
    if config.left_out.contains(name) {
        let none = || Value::from(Vec::<Value>::new());
        let href = || Value::from(None::<&str>);
        return Ok(values::map([
            ("title", "".into()),
            ("description", "".into()),
            ("items", none()),
            ("total", 0.into()),
            ("href", href()),
            ("feed_href", href()),
            ("siblings", none()),
        ]));
    }
    if !config.lists.contains_key(name) {
        return Err(unknown("list", name, config.lists.keys().map(|name| &**name)));
    }
    let group = kwargs.get::<&str>("group")?;
    let is_asked =
        |listing: &&Listing| group.is_none_or(|group| listing.group.as_ref().is_some_and(|one| one.slug == group));
    let owner = match kwargs.get::<Value>("of")? {
        None => None,
        Some(of) => by_id(asked, of.get_from_path("id").and_then(Value::as_str).unwrap_or("")),
    };
    let listings: Vec<&Listing> = asked.site.listings_of(name, asked.lang, owner).filter(is_asked).collect();
    let first = listings.first().filter(|_| listings.len() == 1);
    let items: Vec<Ix> = listings.iter().flat_map(|listing| listing.items.iter().copied()).collect();
    let shown: Vec<Value> = items.iter().take(limit).map(|ix| values::entry_value(asked, *ix)).collect();
    Ok(values::map([
        ("title", config.list_title(asked.lang, name).into()),
        ("description", config.list_description(asked.lang, name).into()),
        ("items", shown.into()),
        ("total", items.len().into()),
        ("href", first.and_then(|one| one.address.as_ref()).map(|address| link(asked, address)).into()),
        ("feed_href", first.and_then(|one| one.feed.as_ref()).map(|feed| link(asked, feed)).into()),
        ("siblings", siblings(asked, name, None)),
    ]))
}

/// The pages of a list that has one per group.
pub(crate) fn siblings(asked: &TemplateContext, name: &str, current: Option<&Group>) -> Value {
    let one = |listing: &Listing| {
        let group = listing.group.as_ref()?;
        Some(values::map([
            ("title", asked.site.config.set(&group.title).into()),
            ("href", listing.address.as_ref().map(|address| link(asked, address)).into()),
            ("total", listing.items.len().into()),
            ("current", (Some(group) == current).into()),
        ]))
    };
    asked.site.listings_of(name, asked.lang, None).filter_map(one).collect::<Vec<_>>().into()
}

/// `refs(entry=entry, from="people", by="themes", limit=10)`: the entries that refer to this one.
fn refs(asked: &TemplateContext, kwargs: &Kwargs) -> TeraResult<Value> {
    let of = kwargs.must_get::<Value>("entry")?;
    let id = of.get_from_path("id").and_then(Value::as_str).unwrap_or("").to_owned();
    let Some(ix) = by_id(asked, &id) else { return Ok(Vec::<Value>::new().into()) };
    let from = kwargs.get::<&str>("from")?;
    let by = kwargs.get::<&str>("by")?;
    let limit = kwargs.get::<usize>("limit")?.unwrap_or(MOST);
    let mut found: Vec<Ix> = Vec::new();
    for edge in asked.site.referrers(ix, asked.lang, Untranslated::Show) {
        // A theme may have many thousands, and each of their pages asks for a few.
        if found.len() >= limit {
            break;
        }
        let fits = asked.site.is_listed(edge.from)
            && from.is_none_or(|from| *asked.site.entry(edge.from).id.collection == *from)
            && by.is_none_or(|by| *edge.field == *by);
        if fits && found.last() != Some(&edge.from) {
            found.push(edge.from);
        }
    }
    Ok(found.into_iter().map(|ix| values::entry_value(asked, ix)).collect::<Vec<_>>().into())
}

pub(super) fn by_id(asked: &TemplateContext, id: &str) -> Option<Ix> {
    let (collection, key) = id.split_once('/')?;
    let subject = asked.site.by_id(collection, key)?;
    Some(asked.site.in_language(subject, asked.lang)).filter(|ix| asked.site.is_shown(*ix))
}

/// `entry(id="people/jane")`: that entry, or nothing while it is hidden.
fn entry(asked: &TemplateContext, kwargs: &Kwargs) -> TeraResult<Value> {
    let id = kwargs.must_get::<&str>("id")?;
    let known = id.split_once('/').and_then(|(collection, key)| asked.site.by_id(collection, key));
    match known {
        None => Err(Error::message(format!("there is no entry `{id}`; write it like `people/jane-smith`"))),
        Some(ix) if asked.site.is_shown(ix) => Ok(values::entry_value(asked, asked.site.in_language(ix, asked.lang))),
        Some(_) => Ok(Value::none()),
    }
}

/// `asset(path="civic.css")`: its address, with the hash of its bytes.
fn asset(asked: &TemplateContext, kwargs: &Kwargs) -> TeraResult<Value> {
    let path = kwargs.must_get::<&str>("path")?;
    match asked.routes.assets.address(path) {
        Some(address) => Ok(link(asked, address)),
        None => Err(unknown("asset", path, asked.routes.assets.names().collect::<Vec<_>>().into_iter())),
    }
}

/// `href(to="/about/")`: an address with the site's path prefix, in the readers' language if the page exists in that.
fn href(asked: &TemplateContext, kwargs: &Kwargs) -> TeraResult<Value> {
    let to = kwargs.must_get::<&str>("to")?;
    Ok(match to.starts_with('/') && !to.starts_with("//") {
        true => asked.site.config.base.href(&asked.in_readers_language(to)).into(),
        false => to.into(),
    })
}

/// `exists(to="/about/")`: whether the site publishes something at an address.
fn exists(asked: &TemplateContext, kwargs: &Kwargs) -> TeraResult<Value> {
    let to = kwargs.must_get::<&str>("to")?;
    Ok(asked.routes.at(&Address::new(to)).is_some().into())
}

/// `data(collection="values")`: its public entries, by weight.
fn data(asked: &TemplateContext, kwargs: &Kwargs) -> TeraResult<Value> {
    let name = kwargs.must_get::<&str>("collection")?;
    if asked.site.config.collection(name).is_none() {
        return Err(unknown("collection", name, asked.site.config.collections.keys().map(|name| &**name)));
    }
    let mut all: Vec<Ix> = asked.site.data(name, asked.lang);
    all.truncate(MOST);
    Ok(all.into_iter().map(|ix| values::entry_value(asked, ix)).collect::<Vec<_>>().into())
}

/// `image(of=entry.image, rendition="card", class="wide", sizes="50vw")`: the image in a declared rendition.
fn image(asked: &TemplateContext, kwargs: &Kwargs) -> TeraResult<Value> {
    let name = kwargs.must_get::<&str>("rendition")?;
    let site = &asked.site;
    if !site.config.renditions.contains_key(name) {
        return Err(unknown("rendition", name, site.config.renditions.keys().map(String::as_str)));
    }
    let of = kwargs.must_get::<Value>("of")?;
    let text = |key: &str| of.get_from_path(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let focus = Focus::parse(&text("focus")).unwrap_or_default();
    let class = kwargs.get::<String>("class")?;
    let sides = focus.sides().map(str::to_owned);
    let classes: Vec<String> = class.into_iter().chain(sides).collect();
    let attributes = (!classes.is_empty()).then(|| format!(" class=\"{}\"", values::escaped(&classes.join(" "))));
    let alt = text("alt");
    let words = picture::Words {
        alt: &alt,
        title: "",
        attributes: attributes.as_deref().unwrap_or_default(),
        focus,
        sizes: kwargs.get::<&str>("sizes")?,
    };
    let file = crate::path::SitePath::new(&text("source")).filter(|file| site.pictures().contains_key(file));
    let Some(file) = file else {
        // An image on another site has one form.
        let mut html = String::new();
        picture::image_element(&text("src"), (0, 0), &words, &mut html);
        return Ok(values::map([
            ("src", text("src").into()),
            ("width", Value::none()),
            ("height", Value::none()),
            ("alt", alt.as_str().into()),
            ("sources", Vec::<Value>::new().into()),
            ("sizes", Value::none()),
            ("html", values::safe(&html)),
        ]));
    };
    let picture = &site.pictures()[&file];
    if picture.address().is_none() && !picture.renditions.iter().any(|(known, _)| **known == *name) {
        return Err(Error::message(format!(
            "this image is not published as `{name}`; name `{name}` in `renditions` of its field, in theme.toml or site.toml"
        )));
    }
    Ok(picture::value(asked, &file, picture, name, &words))
}

/// `metadata(page=page)`: what machines read in the head of a page.
fn metadata(asked: &TemplateContext, kwargs: &Kwargs) -> TeraResult<Value> {
    let page = PageView::deserialize(&kwargs.must_get::<Value>("page")?)
        .map_err(|_| Error::message("`metadata` needs the `page` that every template gets"))?;
    let ix = page.entry.as_deref().and_then(|id| by_id(asked, id));
    Ok(values::safe(&metadata::head(asked, &page, ix)))
}

/// `citation(of=entry)`: how to cite a work, field by field, the same as for reference managers.
fn citation(asked: &TemplateContext, kwargs: &Kwargs) -> TeraResult<Value> {
    let of = kwargs.must_get::<Value>("of")?;
    let id = of.get_from_path("id").and_then(Value::as_str).unwrap_or_default();
    let work = by_id(asked, id).map(|ix| Citation::new(asked.view(ix)));
    Ok(work.map_or_else(Value::none, |work| Value::from_serializable(&work.shown())))
}

/// `licence(id="CC-BY-4.0")`: a licence's name and the address of its text; nothing for an unknown one.
fn licence(asked: &TemplateContext, kwargs: &Kwargs) -> TeraResult<Value> {
    let id = kwargs.must_get::<&str>("id")?;
    let Some(licence) = asked.site.config.licences.get(id) else { return Ok(Value::none()) };
    let own = licence.text.as_ref().and_then(|key| asked.strings.get(key, None, std::iter::empty()));
    let name = own.or_else(|| licence.name.clone()).unwrap_or_else(|| id.to_owned());
    Ok(values::map([("name", name.into()), ("url", licence.url.as_deref().into())]))
}

/// `t(key="latest", n=3, name="…")`: a text of the interface.
fn word(asked: &TemplateContext, kwargs: &Kwargs) -> TeraResult<Value> {
    let key = kwargs.must_get::<&str>("key")?;
    let n = kwargs.get::<i64>("n")?;
    let is_right_to_left = asked.language().is_right_to_left;
    let filled = |value: &Value| isolated::in_sentence(is_right_to_left, &value.to_string());
    let fill: Vec<(&str, String)> =
        kwargs.iter().filter_map(|(name, value)| Some((name.as_str()?, filled(value)))).collect();
    match asked.strings.get(key, n, fill.into_iter()) {
        Some(text) => Ok(text.into()),
        None => Err(unknown("text", key, asked.strings.keys().collect::<Vec<_>>().into_iter())),
    }
}

/// `date | date`, `date | date(format="month")`: a date or moment in words.
fn date(asked: &TemplateContext, value: &Value, kwargs: &Kwargs) -> TeraResult<String> {
    // A page with an unreadable date is rendered all the same, so that its other faults show.
    let Some(value) = value.as_str() else { return Ok(String::new()) };
    let day = value.get(..10).and_then(|day| day.parse::<jiff::civil::Date>().ok());
    let Some(day) = day else {
        let start: String = value.lines().next().unwrap_or("").chars().take(40).collect();
        return Err(Error::message(format!("`{start}` is not a date")));
    };
    let time = value.get(11..16);
    let format = kwargs.get::<&str>("format")?.unwrap_or(if time.is_some() { "full" } else { "day" });
    let dates = &asked.dates;
    Ok(match format {
        "full" => format!("{}, {}", dates.day(day), time.unwrap_or("00:00")),
        "day" => dates.day(day),
        "month" => dates.month(day),
        "year" => day.year().to_string(),
        "weekday" => dates.weekday(day),
        "time" => time.unwrap_or("").to_owned(),
        other => {
            let known = ["day", "full", "month", "time", "weekday", "year"];
            return Err(unknown("date format", other, known.into_iter()));
        }
    })
}

/// The pages of a listing, for templates: number, count, the ones before and after, and all of them.
pub(crate) fn pager(asked: &TemplateContext, listing: &Listing, page: usize) -> Value {
    let count = routes::page_count(&asked.site, listing);
    let href = |number: usize| -> Value {
        let in_range = (1..=count).contains(&number);
        let address = listing.address.as_ref().filter(|_| in_range);
        address.map(|first| link(asked, &routes::page_address(first, number))).into()
    };
    let pages: Vec<Value> = shown_pages(page, count)
        .into_iter()
        .map(|number| {
            values::map([("number", number.into()), ("href", href(number)), ("current", (number == page).into())])
        })
        .collect();
    values::map([
        ("number", page.into()),
        ("count", count.into()),
        ("previous_href", href(page.wrapping_sub(1))),
        ("next_href", href(page + 1)),
        ("pages", pages.into()),
    ])
}

/// The first and last pages and those around the current one: a list of 500 pages does not have 500 links on each.
fn shown_pages(page: usize, count: usize) -> Vec<usize> {
    (1..=count).filter(|number| *number == 1 || *number == count || number.abs_diff(page) <= 2).collect()
}
