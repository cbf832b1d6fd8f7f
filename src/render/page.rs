//! HTML pages: an entry's, a list's, and the one for addresses that lead nowhere.

use std::borrow::Cow;

use tera::{Context, Value};

use super::facets;
use crate::config::{Format, Grouping, Lang, List, MenuItem};
use crate::content::Entry;
use crate::diagnostic::{Diagnostic, Span};
use crate::path::Address;
use crate::routes;
use crate::site::{self, Ix, Listing, Site};
use crate::template::{self, Renderer, TemplateContext, map, safe};
use crate::views::{self, Crumb, FeedLink, PageView, SharedImage, Translation};

type Made = Result<String, Vec<Diagnostic>>;

/// What the head of a page needs.
struct Head<'a> {
    title: String,
    description: String,
    address: &'a Address,
    kind: &'static str,
    noindex: Indexing,
    feeds: Vec<(String, Address)>,
    /// The picture shown with shared links to the page.
    share_image: Option<SharedImage>,
    /// The last step of the breadcrumbs.
    crumb: String,
    /// The address of this page in each of its languages, including this one.
    elsewhere: Vec<(Lang, Address)>,
    /// The identity of the entry that the page shows.
    entry: Option<String>,
}

/// Whether search engines may list a page.
#[derive(Clone, Copy, PartialEq)]
enum Indexing {
    Listed,
    Unlisted,
}

/// The page of an entry.
pub(super) fn entry(renderer: &Renderer, ix: Ix) -> Made {
    let asked = &renderer.asked;
    let site = &asked.site;
    let entry = site.entry(ix);
    let collection = &site.config.collections[&entry.id.collection];
    if let Some(listing) = site.introduced(ix) {
        return list(renderer, listing, 1, site.address(ix).expect("a route of an entry has its address"));
    }
    let address = site.address(ix).expect("a route of an entry has its address");
    let is_home = is_home(asked, address);
    let title = asked.view(ix).title();
    let attached: Vec<&Listing> = attached(site, ix);
    let mut feeds: Vec<(String, Address)> = attached
        .iter()
        .filter_map(|listing| {
            let title = format!("{title}: {}", site.config.list_title(listing.lang, &listing.list));
            Some((title, listing.feed.clone()?))
        })
        .collect();
    if is_home {
        feeds.extend(
            site.listings()
                .iter()
                .filter(|listing| listing.owner.is_none() && listing.group.is_none() && listing.lang == asked.lang)
                .filter_map(|listing| {
                    Some((site.config.list_title(listing.lang, &listing.list).to_owned(), listing.feed.clone()?))
                }),
        );
    }
    let head = Head {
        title: title.to_string(),
        description: asked.view(ix).description(),
        address,
        kind: if is_home { "home" } else { "entry" },
        noindex: if site.is_indexed(ix) { Indexing::Listed } else { Indexing::Unlisted },
        feeds,
        share_image: views::share_image(asked.readers(), Some(ix)),
        crumb: title.into_owned(),
        elsewhere: routes::translations(site, &routes::RouteKind::Entry(ix)),
        entry: Some(Site::id_text(&entry.id)),
    };
    let mut context = page_context(renderer, head);
    context.insert_value("entry", template::entry_value(asked, ix));
    let faults = insert_texts(renderer, ix, &mut context);
    if !faults.is_empty() {
        return Err(faults);
    }
    let attached: Vec<Value> = attached.into_iter().map(|listing| attached_value(renderer, listing)).collect();
    context.insert_value("attached", attached.into());
    let stated = named_at(entry);
    let template = match entry.core.template.as_deref() {
        Some(own) => (own, stated.as_ref()),
        None if is_home && renderer.has("home.html") => ("home.html", None),
        None => (collection.template.as_str(), collection.template_at.as_ref()),
    };
    renderer.render(template, &context, address)
}

/// Where an entry names its template.
fn named_at(entry: &Entry) -> Option<Span> {
    let placed = entry.values.get("template")?;
    Some(Span::new(entry.file_of("template"), placed.span.clone()))
}

/// Gives the template the entry's texts; returns the faults of blocks in them.
fn insert_texts(renderer: &Renderer, ix: Ix, context: &mut Context) -> Vec<Diagnostic> {
    let mut faults = Vec::new();
    let asked = &renderer.asked;
    let entry = asked.site.entry(ix);
    let (mut content, mut outline) = (String::new(), Vec::new());
    if let Some(doc) = &entry.text {
        content = template::entry_text(asked, ix, &entry.source, doc, "").into_value(&mut faults);
        outline = template::outline(doc, "");
    }
    let parts: Vec<Value> = entry
        .parts
        .iter()
        .map(|part| {
            let prefix = format!("{}_", part.key);
            let content = template::entry_text(asked, ix, &part.source, &part.text, &prefix).into_value(&mut faults);
            map([
                ("id", (&*part.key).into()),
                ("title", asked.site.config.set(&part.title).into()),
                ("content", safe(&content)),
                ("outline", template::outline(&part.text, &prefix).into()),
            ])
        })
        .collect();
    let (words, minutes) = template::words_and_minutes(entry);
    context.insert_value("content", safe(&content));
    context.insert_value("outline", outline.into());
    context.insert_value("parts", parts.into());
    context.insert_value("words", words.into());
    context.insert_value("reading_minutes", minutes.into());
    faults
}

/// The lists that an entry shows on its page, in order of declaration.
fn attached(site: &Site, ix: Ix) -> Vec<&Listing> {
    let collection = &site.entry(ix).id.collection;
    site.config
        .lists
        .values()
        .filter(|list| list.on.as_ref() == Some(collection))
        .flat_map(|list| site.listings_of(&list.name, site.lang(ix), Some(ix)))
        .collect()
}

fn attached_value(renderer: &Renderer, listing: &Listing) -> Value {
    let asked = &renderer.asked;
    let base = &asked.site.config.base;
    let list = &asked.site.config.lists[&listing.list];
    let first = list.first.unwrap_or(usize::MAX);
    let shown: Vec<Value> = listing.items.iter().take(first).map(|ix| template::entry_value(asked, *ix)).collect();
    let has_more = listing.items.len() > first;
    let more = listing.address.as_ref().filter(|_| has_more).map(|address| base.href(address.as_str()));
    map([
        ("name", (&*list.name).into()),
        ("title", asked.site.config.list_title(asked.lang, &list.name).into()),
        ("description", asked.site.config.list_description(asked.lang, &list.name).into()),
        ("items", shown.into()),
        ("total", listing.items.len().into()),
        ("more_href", more.into()),
        ("feed_href", listing.feed.as_ref().map(|feed| base.href(feed.as_str())).into()),
    ])
}

/// The head of one page of a list, which may begin with a text.
fn head_of_list<'a>(
    renderer: &Renderer,
    nth: usize,
    page: usize,
    address: &'a Address,
    introduction: Option<Ix>,
) -> Head<'a> {
    let asked = &renderer.asked;
    let site = &asked.site;
    let listing = &site.listings()[nth];
    let list = &site.config.lists[&listing.list];
    let (list_title, list_description) =
        (site.config.list_title(asked.lang, &list.name), site.config.list_description(asked.lang, &list.name));
    let own_title = match (introduction, &listing.group, listing.owner) {
        (Some(ix), ..) => asked.view(ix).title().into_owned(),
        (None, Some(group), _) => site.config.set(&group.title).into_owned(),
        (None, None, Some(owner)) => format!("{}: {list_title}", asked.view(owner).title()),
        (None, None, None) => list_title.to_owned(),
    };
    let number = asked.strings.get("page-n", None, [("number", page.to_string())].into_iter());
    let number = number.unwrap_or_else(|| page.to_string());
    // The breadcrumbs have the list itself, and the entry that it belongs to, above this page.
    let (title, crumb) = match (page, listing.owner) {
        (1, Some(_)) => (own_title.clone(), list_title.to_owned()),
        (1, None) => (own_title.clone(), own_title.clone()),
        _ => (format!("{own_title}, {number}"), number),
    };
    let description = match introduction.map(|ix| asked.view(ix)) {
        Some(view) if view.summary().is_some() || list_description.is_empty() => view.description(),
        _ => list_description.to_owned(),
    };
    let of_list = routes::RouteKind::List { listing: nth, page };
    let is_indexed = routes::is_indexed(site, &introduction.map_or(of_list.clone(), routes::RouteKind::Entry));
    Head {
        title,
        description,
        address,
        kind: "list",
        noindex: if is_indexed { Indexing::Listed } else { Indexing::Unlisted },
        feeds: feeds_of(list, listing, &own_title),
        share_image: views::share_image(asked.readers(), introduction),
        crumb,
        elsewhere: routes::translations(site, &of_list),
        entry: None,
    }
}

/// One page of a list.
pub(super) fn list(renderer: &Renderer, nth: usize, page: usize, address: &Address) -> Made {
    let asked = &renderer.asked;
    let site = &asked.site;
    let listing = &site.listings()[nth];
    let list = &site.config.lists[&listing.list];
    let is_whole = page == 1 && listing.owner.is_none() && listing.group.is_none();
    let introduction = is_whole.then(|| site.introduction(list, listing.lang)).flatten();
    let head = head_of_list(renderer, nth, page, address, introduction);
    let start = (page - 1) * list.per_page;
    let items: Vec<Ix> = listing.items.iter().skip(start).take(list.per_page).copied().collect();
    let mut context = page_context(renderer, head);
    let feed = listing.feed.as_ref().map(|feed| site.config.base.href(feed.as_str()));
    let has_calendar = list.formats.contains(&Format::Ics);
    let first = listing.address.as_ref().filter(|_| has_calendar);
    let calendar = first.map(|first| site.config.base.href(first.join("events.ics").as_str()));
    context.insert_value(
        "list",
        map([
            ("name", (&*list.name).into()),
            ("title", site.config.list_title(asked.lang, &list.name).into()),
            ("description", site.config.list_description(asked.lang, &list.name).into()),
            ("feed_href", feed.into()),
            ("calendar_href", calendar.into()),
            ("total", listing.items.len().into()),
        ]),
    );
    // A route for one group has grouped its items already.
    let grouping = list.group.as_ref().filter(|_| listing.group.is_none());
    context.insert_value("groups", groups(renderer, grouping, &items));
    context.insert_value("pager", template::pager(asked, listing, page));
    context.insert_value("owner", listing.owner.map_or_else(Value::none, |ix| template::entry_value(asked, ix)));
    context.insert_value("entry", introduction.map_or_else(Value::none, |ix| template::entry_value(asked, ix)));
    if let Some(ix) = introduction {
        let faults = insert_texts(renderer, ix, &mut context);
        if !faults.is_empty() {
            return Err(faults);
        }
    }
    let siblings = listing.group.as_ref().map(|group| template::siblings(asked, &list.name, Some(group)));
    context.insert_value("siblings", siblings.unwrap_or_else(|| Vec::<Value>::new().into()));
    let own = introduction.map(|ix| site.entry(ix));
    match own.and_then(|entry| Some((entry.core.template.as_deref()?, named_at(entry)))) {
        Some((template, stated)) => renderer.render((template, stated.as_ref()), &context, address),
        None => renderer.render((&list.template, list.template_at.as_ref()), &context, address),
    }
}

fn groups(renderer: &Renderer, grouping: Option<&Grouping>, items: &[Ix]) -> Value {
    let asked = &renderer.asked;
    let site = &asked.site;
    let group = |title: Value, href: Value, items: &[Ix]| {
        let items: Vec<Value> = items.iter().map(|ix| template::entry_value(asked, *ix)).collect();
        map([("title", title), ("href", href), ("items", items.into())])
    };
    let Some(grouping) = grouping else {
        return vec![group(Value::none(), Value::none(), items)].into();
    };
    let grouped = site::groups(site, asked.lang, grouping, items);
    // Items without a group come after all groups: a list leaves nothing out.
    let mut rest = items.to_vec();
    rest.retain(|ix| !grouped.iter().any(|(_, items)| items.contains(ix)));
    let mut shown: Vec<Value> = grouped
        .into_iter()
        .map(|(common, items)| {
            let address = common.entry.and_then(|ix| site.address(ix));
            let href: Value = address.map(|address| site.config.base.href(address.as_str())).into();
            group(site.config.set(&common.title).into(), href, &items)
        })
        .collect();
    if !rest.is_empty() {
        shown.push(group(Value::none(), Value::none(), &rest));
    }
    shown.into()
}

/// The page for addresses that lead nowhere.
pub(super) fn not_found(renderer: &Renderer, address: &Address) -> Made {
    let title = renderer.asked.strings.word("not-found-title");
    let head = Head {
        crumb: title.clone(),
        title,
        description: String::new(),
        address,
        kind: "not-found",
        noindex: Indexing::Unlisted,
        feeds: Vec::new(),
        elsewhere: Vec::new(),
        entry: None,
        share_image: None,
    };
    renderer.render(("404.html", None), &page_context(renderer, head), address)
}

/// The search page.
pub(super) fn search(renderer: &Renderer, lang: Lang, address: &Address) -> Made {
    let asked = &renderer.asked;
    let site = &asked.site;
    let title = asked.strings.word("search");
    let head = Head {
        crumb: title.clone(),
        title,
        description: String::new(),
        address,
        kind: "search",
        noindex: Indexing::Unlisted,
        feeds: Vec::new(),
        share_image: views::share_image(asked.readers(), None),
        elsewhere: routes::translations(site, &routes::RouteKind::Search(lang)),
        entry: None,
    };
    let mut context = page_context(renderer, head);
    let index = routes::search_folder(site).map(|folder| site.config.base.href(folder.join("pagefind.js").as_str()));
    context.insert_value("search", map([("facets", facets::of(asked, lang).into()), ("index", index.into())]));
    renderer.render(("search.html", None), &context, address)
}

/// The feeds of a listing, and their titles.
fn feeds_of(list: &List, listing: &Listing, title: &str) -> Vec<(String, Address)> {
    let rss = listing.address.as_ref().filter(|_| list.formats.contains(&Format::Rss));
    let all = listing.feed.iter().cloned().chain(rss.map(|page| page.join("rss.xml")));
    all.map(|feed| (title.to_owned(), feed)).collect()
}

/// Whether an address is the home page in the readers' language.
fn is_home(asked: &TemplateContext, address: &Address) -> bool {
    *address == asked.home()
}

/// A chart on a plain page, for other sites to show.
pub(super) fn chart(renderer: &Renderer, ix: Ix, nth: usize, address: &Address) -> Made {
    let asked = &renderer.asked;
    let site = &asked.site;
    let Some(chart) = site.chart_at(ix, nth) else { return Ok(String::new()) };
    let title = site.config.set(&chart.words.title).into_owned();
    let head = Head {
        crumb: title.clone(),
        title,
        description: String::new(),
        address,
        kind: "chart",
        noindex: Indexing::Unlisted,
        feeds: Vec::new(),
        share_image: None,
        elsewhere: Vec::new(),
        entry: None,
    };
    let mut faults = Vec::new();
    let content = template::figure_html(asked, ix, chart).into_value(&mut faults);
    if !faults.is_empty() {
        return Err(faults);
    }
    let mut context = page_context(renderer, head);
    let page = site.address(ix).map(|page| format!("{}#{}", page.as_str(), chart.id));
    context.insert_value("content", safe(&content));
    context.insert_value("page_title", asked.view(ix).title().into());
    context.insert_value("page_href", page.as_ref().map(|page| site.config.base.href(page)).into());
    context.insert_value("page_url", site.address(ix).map(|page| site.config.base.url(page.as_str())).into());
    renderer.render(("chart.html", None), &context, address)
}

/// What every template gets.
fn page_context(renderer: &Renderer, head: Head<'_>) -> Context {
    let address = head.address;
    let mut context = Context::new();
    context.insert_value("page", Value::from_serializable(&page_view(renderer, head)));
    context.insert_value("site", site_value(renderer, address));
    context
}

fn page_view(renderer: &Renderer, head: Head<'_>) -> PageView {
    let asked = &renderer.asked;
    let (site, language) = (&asked.site, asked.language());
    let base = &site.config.base;
    let feed = |(title, feed): &(String, Address)| FeedLink {
        title: title.clone(),
        href: base.href(feed.as_str()),
        media_type: if feed.as_str().ends_with("/rss.xml") { "application/rss+xml" } else { "application/atom+xml" }
            .to_owned(),
    };
    PageView {
        url: base.url(head.address.as_str()),
        href: base.href(head.address.as_str()),
        noindex: head.noindex == Indexing::Unlisted || site.view.shows_all(),
        lang: language.code.to_string(),
        dir: if language.is_right_to_left { "rtl" } else { "ltr" }.to_owned(),
        translations: translations(asked, &head.elsewhere),
        alternates: translations(asked, &alternates(asked, &head)),
        breadcrumbs: breadcrumbs(renderer, &head),
        feeds: head.feeds.iter().map(feed).collect(),
        kind: head.kind.to_owned(),
        generator: concat!("Pamphlet ", env!("CARGO_PKG_VERSION")).to_owned(),
        title: head.title,
        description: head.description,
        entry: head.entry,
        share_image: head.share_image,
    }
}

/// The translations of a page that search engines may list; none if they may not list the page itself.
fn alternates(asked: &TemplateContext, head: &Head<'_>) -> Vec<(Lang, Address)> {
    let is_listed =
        |address: &Address| asked.routes.at(address).is_some_and(|route| routes::is_indexed(&asked.site, &route.kind));
    match head.noindex {
        Indexing::Listed => head.elsewhere.iter().filter(|(_, address)| is_listed(address)).cloned().collect(),
        Indexing::Unlisted => Vec::new(),
    }
}

/// The languages of a page; empty if there is only one.
fn translations(asked: &TemplateContext, elsewhere: &[(Lang, Address)]) -> Vec<Translation> {
    if elsewhere.len() < 2 {
        return Vec::new();
    }
    let config = &asked.site.config;
    let one = |(lang, address): &(Lang, Address)| {
        let language = config.in_language(*lang);
        Translation {
            lang: language.code.to_string(),
            name: language.name.clone(),
            href: config.base.href(address.as_str()),
            url: config.base.url(address.as_str()),
            current: *lang == asked.lang,
            own: *lang == Lang::OWN,
        }
    };
    elsewhere.iter().map(one).collect()
}

/// Home, the existing pages above this one, and this one without a link.
fn breadcrumbs(renderer: &Renderer, head: &Head<'_>) -> Vec<Crumb> {
    let site = &renderer.asked.site;
    let mut steps = vec![Crumb { title: head.crumb.clone(), href: None }];
    let mut address = head.address.above();
    while let Some(one) = address {
        if let Some(title) = title_at(renderer, &one) {
            steps.push(Crumb { title, href: Some(site.config.base.href(one.as_str())) });
        }
        address = one.above();
    }
    steps.reverse();
    steps
}

fn title_at(renderer: &Renderer, address: &Address) -> Option<String> {
    let site = &renderer.asked.site;
    if *address == renderer.asked.home() {
        return Some(renderer.asked.strings.word("home"));
    }
    // The pages above a language's home page are in another language.
    if !address.as_str().starts_with(renderer.asked.home().as_str()) {
        return None;
    }
    match &renderer.asked.routes.at(address)?.kind {
        routes::RouteKind::Entry(ix) => Some(renderer.asked.view(*ix).title().into_owned()),
        routes::RouteKind::List { listing, .. } => {
            let listing = &site.listings()[*listing];
            let group = listing.group.as_ref().map(|group| site.config.set(&group.title).into_owned());
            Some(group.unwrap_or_else(|| site.config.list_title(listing.lang, &listing.list).to_owned()))
        }
        _ => None,
    }
}

/// What templates know about the site. It differs only on pages that a menu names.
fn site_value(renderer: &Renderer, current: &Address) -> Value {
    let asked = &renderer.asked;
    let is_in_menu = asked
        .routes
        .menus(&asked.site, asked.lang)
        .any(|(_, items)| items.iter().any(|item| *menu_address(asked, item) == *current.as_str()));
    match is_in_menu {
        true => site_value_at(asked, Some(current)),
        false => asked.site_value.get_or_init(|| site_value_at(asked, None)).clone(),
    }
}

fn site_value_at(asked: &TemplateContext, current: Option<&Address>) -> Value {
    let site = &asked.site;
    let (config, language) = (&site.config, asked.language());
    let organisation = &language.organisation;
    let text = |text: &Option<String>| -> Value { text.as_deref().into() };
    // A missing asset has been reported already.
    let asset = |named: &Option<(String, Span)>| -> Value {
        let address = named.as_ref().and_then(|(name, _)| asked.routes.assets.address(name));
        address.map(|address| config.base.file_href(address.as_str())).into()
    };
    let menus = asked.routes.menus(site, asked.lang).map(|(name, items)| {
        let items: Vec<Value> = items.into_iter().map(|item| menu_item(asked, item, current)).collect();
        (name.to_owned(), items.into())
    });
    map([
        ("title", language.title.as_str().into()),
        ("description", language.description.as_str().into()),
        ("base_url", config.base.url("/").into()),
        ("home", config.base.href(asked.home().as_str()).into()),
        ("language", (&*language.code).into()),
        ("languages", languages(asked).into()),
        (
            "organisation",
            map([
                ("name", organisation.name.as_str().into()),
                ("short_name", text(&organisation.short_name)),
                ("legal_name", text(&organisation.legal_name)),
                ("charity", text(&organisation.charity)),
                ("company", text(&organisation.company)),
                ("email", text(&organisation.email)),
                ("tel", text(&organisation.tel)),
                ("description", text(&organisation.description)),
                ("address", organisation.address.clone().into()),
                ("same_as", organisation.same_as.clone().into()),
                ("logo", asset(&organisation.logo)),
                ("logo_dark", asset(&organisation.logo_dark)),
            ]),
        ),
        ("menus", map(menus)),
        ("settings", template::setting_values(&config.settings)),
        (
            "colours",
            map(config.tokens.colours.iter().map(|(name, colour)| {
                let both = [("light", colour.light), ("dark", colour.dark)];
                (name.clone(), map(both.map(|(scheme, rgb)| (scheme, rgb.to_string().into()))))
            })),
        ),
        ("typefaces", map(config.tokens.fonts.iter().map(|(name, stack)| (name.clone(), stack.as_str().into())))),
    ])
}

/// The existing home pages in the site's languages; empty if there is only one language.
fn languages(asked: &TemplateContext) -> Vec<Value> {
    let config = &asked.site.config;
    if !config.has_translations() {
        return Vec::new();
    }
    let one = |lang: Lang| {
        let language = config.in_language(lang);
        let home = Address::new(&format!("{}/", language.prefix));
        asked.routes.at(&home)?;
        Some(map([
            ("lang", (&*language.code).into()),
            ("name", language.name.as_str().into()),
            ("href", config.base.href(home.as_str()).into()),
            ("current", (lang == asked.lang).into()),
        ]))
    };
    config.languages().filter_map(one).collect()
}

/// Where a line of a menu leads readers of this language: an address of the site, or a full one.
fn menu_address<'a>(asked: &TemplateContext, item: &'a MenuItem) -> Cow<'a, str> {
    match asked.routes.of_menu(&asked.site, &item.url) {
        Cow::Borrowed(url) => asked.in_readers_language(url),
        Cow::Owned(url) => asked.in_readers_language(&url).into_owned().into(),
    }
}

fn menu_item(asked: &TemplateContext, item: &MenuItem, current: Option<&Address>) -> Value {
    let url = menu_address(asked, item);
    let own = url.starts_with('/') && !url.starts_with("//");
    let href = if own { asked.site.config.base.href(&url) } else { url.to_string() };
    map([
        ("title", item.title.as_str().into()),
        ("href", href.into()),
        ("current", current.is_some_and(|current| *url == *current.as_str()).into()),
    ])
}
