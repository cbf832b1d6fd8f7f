//! What a theme and `site.toml` declare: collections, lists and directives.

use std::collections::BTreeSet;

use super::layers::{Layers, Setting, not_one_of};
use super::patterns::Pattern;
use crate::data::{Raw, RawKind};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::index::Index;
use crate::path::SitePath;
use crate::schema::{self, Block, Blocks, Fields, Name, Target, Trait, Type, secrecy};

/// A collection: entries with the same fields.
#[derive(Clone, Debug)]
pub(crate) struct Collection {
    pub(crate) name: Name,
    /// What messages call one entry: "report".
    pub(crate) label: String,
    /// What headings call all of them: "Publications".
    pub(crate) plural: String,
    pub(crate) traits: Vec<Trait>,
    /// The pattern of the addresses of its pages; `None` if its entries have no pages.
    pub(crate) path: Option<Pattern>,
    /// Whether its entries may state whole addresses.
    pub(crate) has_permalinks: bool,
    /// The page that shows entries without a page, each at an anchor.
    pub(crate) shown_on: Option<String>,
    /// What happens to entries that have expired.
    pub(crate) expired: Expired,
    pub(crate) template: String,
    /// Where that is given: its own line, else the declaration.
    pub(crate) template_at: Option<Span>,
    /// Base fields, then the traits' fields, then its own, which win.
    pub(crate) fields: Fields,
    /// Where each of its own fields is first declared.
    pub(crate) declared: Index<Name, Span>,
    pub(crate) kinds: Index<Name, Kind>,
    /// The schema.org type of an entry whose kind does not state one.
    pub(crate) schema: Option<String>,
    /// Whether each entry has a share image of its own, whatever its kind.
    pub(crate) has_share_image: bool,
    pub(crate) span: Option<Span>,
}

/// How one value of the field `kind` is named and treated.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Kind {
    pub(crate) label: String,
    pub(crate) plural: String,
    /// Its schema.org type: `Report`.
    pub(crate) schema: Option<String>,
    /// Whether its pages carry tags for Google Scholar: reports and papers do, blogs and press releases do not.
    pub(crate) is_scholarly: bool,
    /// Whether each entry has a share image of its own.
    pub(crate) has_share_image: bool,
    /// How it is cited, if at all.
    pub(crate) cite: Option<Cited>,
}

/// The name of a kind in each citation format.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Cited {
    /// In BibTeX: `techreport`.
    pub(crate) bib: String,
    /// In RIS: `RPRT`.
    pub(crate) ris: String,
    /// In the Citation Style Language: `report`.
    pub(crate) csl: String,
}

/// A declared query with its output formats.
#[derive(Clone, Debug)]
pub(crate) struct List {
    pub(crate) name: Name,
    pub(crate) title: String,
    pub(crate) description: String,
    pub(crate) from: Vec<Name>,
    pub(crate) filter: Vec<Where>,
    pub(crate) sort: Vec<SortKey>,
    pub(crate) group: Option<Grouping>,
    /// The address of its own pages, with at most one `{…}`.
    pub(crate) route: Option<String>,
    /// The collection whose entries' pages show the list.
    pub(crate) on: Option<Name>,
    /// The reference field through which items refer to that entry; any field if absent.
    pub(crate) by: Option<Name>,
    pub(crate) first: Option<usize>,
    /// The paginated list of all items, below the entry's address.
    pub(crate) more: Option<String>,
    pub(crate) per_page: usize,
    pub(crate) formats: Vec<Format>,
    pub(crate) template: String,
    /// Where that is given: its own line, else the declaration.
    pub(crate) template_at: Option<Span>,
    /// What happens to entries that are missing in the reader's language.
    pub(crate) untranslated: Untranslated,
    pub(crate) span: Option<Span>,
}

/// What a list does with entries that are missing in the reader's language.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Untranslated {
    /// It shows them in a language they have.
    Show,
    Hide,
}

/// A field and the values it may have.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Where {
    pub(crate) field: Name,
    pub(crate) values: Vec<String>,
}

/// A field to sort by.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct SortKey {
    pub(crate) field: Name,
    pub(crate) order: Order,
}

/// Which end comes first.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Order {
    Ascending,
    Descending,
}

/// What groups the items of a list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Grouping {
    /// The year of a date field.
    Year(Name),
    /// The values of an enum, or the entries a reference field leads to.
    Field(Name),
}

/// What happens to an entry at the moment its `expires` states.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Expired {
    /// Its page stays, but it leaves lists, feeds and the search.
    Unlisted,
    /// Nothing of it is published.
    Gone,
}

/// A form in which a list is published.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Format {
    Html,
    Atom,
    Rss,
    /// iCalendar.
    Ics,
}

/// Reads `[collections]`; always has `pages`.
pub(super) fn collections(all: &Layers<'_>, faults: &mut Vec<Diagnostic>) -> Index<Name, Collection> {
    let table = all.table("collections", faults);
    let mut collections = Index::default();
    for (name, span) in table.keys() {
        let one = table.table(&name, faults);
        let collection = collection(&name, Some(span), &one, faults);
        one.finish(faults);
        collections.insert(collection.name.clone(), collection);
    }
    if !collections.contains_key("pages") {
        let none = Layers::new(Vec::new(), "collections.pages");
        collections.insert("pages".into(), collection("pages", None, &none, faults));
    }
    let names: Vec<Name> = collections.keys().cloned().collect();
    for collection in collections.values_mut() {
        let span = collection.span.clone();
        for field in collection.fields.values_mut() {
            name_targets(&mut field.ty, &names, span.as_ref(), faults);
        }
    }
    collections
}

fn collection(name: &str, span: Option<Span>, one: &Layers<'_>, faults: &mut Vec<Diagnostic>) -> Collection {
    let mut traits = Vec::new();
    for (text, span) in one.texts("traits", faults).unwrap_or_default() {
        match Trait::named(&text) {
            Some(named) => traits.push(named),
            None => faults.push(not_one_of(
                "traits",
                &text,
                span,
                ["citable", "timed", "agent", "located", "term"].into_iter(),
            )),
        }
    }
    let own = one.table("fields", faults);
    let declared = own.keys().into_iter().map(|(name, span)| (name.into(), span)).collect();
    let mut own = fields(&own, faults);
    let mut all = schema::base().clone();
    for named in &traits {
        all.extend(named.fields().iter().map(|(name, field)| (name.clone(), field.clone())));
    }
    keep_base_fields(&mut own, one, faults);
    for (name, mut field) in own.drain(..) {
        // Who says another type or label does not say that names are translated.
        field.translate = field.translate.or_else(|| all.get(&name).and_then(|known| known.translate));
        all.insert(name, field);
    }
    let has_permalinks = one.flag("permalink", false, faults);
    permalinks(has_permalinks, name, &mut all, faults);
    let path = one.text_at("path", faults).map(|(path, span)| (path, Some(span)));
    let path = if name == "pages" { path.or_else(|| Some(("/{slug}/".to_owned(), None))) } else { path };
    let path = path.map(|(path, span)| Pattern::read(&path, span.as_ref(), &all, faults));
    for asked in path.iter().flat_map(Pattern::fields) {
        if let Some(field) = all.get_mut(asked) {
            field.in_address = path.as_ref().map(|path| path.written().into());
        }
    }
    let plural = one.text("plural", faults).unwrap_or_else(|| capitalised(name));
    let (template, template_at) = template(one, span.as_ref(), "entry.html", faults);
    Collection {
        name: name.into(),
        label: one.text("label", faults).unwrap_or_else(|| name.strip_suffix('s').unwrap_or(name).to_owned()),
        plural,
        traits,
        path,
        has_permalinks,
        shown_on: one.text("shown_on", faults),
        expired: expired(one, faults),
        template,
        template_at,
        kinds: kinds(&one.table("kinds", faults), faults),
        schema: one.text("schema", faults),
        has_share_image: one.flag("share_image", false, faults),
        fields: all,
        declared,
        span,
    }
}

/// Gives entries the field `permalink` if they may have it; without that, a field of the name would only seem to work.
fn permalinks(are_allowed: bool, name: &str, fields: &mut Fields, faults: &mut Vec<Diagnostic>) {
    let own = fields.shift_remove("permalink");
    if are_allowed {
        fields.insert("permalink".into(), schema::permalink());
    }
    if own.is_some() {
        let message =
            format!("`permalink` cannot be declared as a field of `{name}`: it gives a page its whole address");
        let help =
            format!("take the field out, and allow whole addresses with `permalink = true` in `[collections.{name}]`");
        faults.push(Diagnostic::new(Code::WrongSetting, message).help(help));
    }
}

/// Reads `expired`; an unreadable value hides more, not less.
fn expired(one: &Layers<'_>, faults: &mut Vec<Diagnostic>) -> Expired {
    let before = faults.len();
    let choices = [("unlisted", Expired::Unlisted), ("gone", Expired::Gone)];
    let read = one.choice("expired", &choices, Expired::Unlisted, faults);
    if faults.len() == before { read } else { Expired::Gone }
}

/// Refuses what would stop a base field from working: another type for it, or a field of the site that only seems to hide entries.
fn keep_base_fields(own: &mut Fields, one: &Layers<'_>, faults: &mut Vec<Diagnostic>) {
    let mut wrong = |name: &str, message: String, help: String| {
        let fault = Diagnostic::new(Code::WrongSetting, message).help(help);
        let place = one.table("fields", &mut Vec::new()).keys().into_iter().find(|(key, _)| key == name);
        faults.push(match place {
            Some((_, span)) => fault.span(span),
            None => fault,
        });
    };
    own.retain(|name, field| {
        let reserved = secrecy::is_reserved(name);
        if reserved {
            wrong(
                name,
                format!("a field `{name}` would seem to hide entries but would not"),
                "hide entries with `status = \"draft\"` or `publish_at`, and rename this field".to_owned(),
            );
        }
        if let Some(known) = schema::base().get(name)
            && !field.ty.narrows(&known.ty)
        {
            let (ty, other) = (known.ty.written(), field.ty.written());
            wrong(
                name,
                format!("`{name}` is a field of every site; its type is `{ty}` and cannot be `{other}`"),
                format!("write `type = \"{ty}\"`, or give your field another name"),
            );
            field.ty = known.ty.clone();
        }
        !reserved
    });
}

fn capitalised(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

pub(super) fn kinds(table: &Layers<'_>, faults: &mut Vec<Diagnostic>) -> Index<Name, Kind> {
    let mut kinds = Index::default();
    for (name, _) in table.keys() {
        let one = table.table(&name, faults);
        let label = one.text("label", faults).unwrap_or_else(|| capitalised(&name));
        let plural = one.text("plural", faults).unwrap_or_else(|| format!("{label}s"));
        let schema = one.text("schema", faults);
        let is_scholarly = one.flag("scholar", false, faults);
        let has_share_image = one.flag("share_image", false, faults);
        let mut cited = |key: &str| one.text(key, faults);
        let (bib, ris, csl) = (cited("bib"), cited("ris"), cited("csl"));
        let cite = (bib.is_some() || ris.is_some() || csl.is_some()).then(|| Cited {
            bib: bib.unwrap_or_else(|| "misc".to_owned()),
            ris: ris.unwrap_or_else(|| "GEN".to_owned()),
            csl: csl.unwrap_or_else(|| "document".to_owned()),
        });
        one.finish(faults);
        kinds.insert(Name::from(name), Kind { label, plural, schema, is_scholarly, has_share_image, cite });
    }
    kinds
}

/// The fields in a table of declarations; a field declared in several files is merged from all of them.
pub(super) fn fields(table: &Layers<'_>, faults: &mut Vec<Diagnostic>) -> Fields {
    let mut fields = Fields::default();
    for (file, raw) in table.each() {
        let RawKind::Table(declared) = &raw.kind else { continue };
        let merged = declared
            .iter()
            .map(|(key, value)| {
                let before = table.each().iter().take_while(|(other, _)| *other != *file);
                let base = before.filter_map(|(_, raw)| raw.get(&key.name)).last();
                (key.clone(), base.map_or_else(|| value.clone(), |base| over(base, value)))
            })
            .collect();
        let raw = Raw { kind: RawKind::Table(merged), span: raw.span.clone() };
        fields.extend(schema::fields(&raw, file).into_value(faults));
    }
    fields
}

/// The declaration `changed` over `base`; the places of both are taken to be in the file of `changed`.
fn over(base: &Raw, changed: &Raw) -> Raw {
    let RawKind::Table(new) = &changed.kind else { return changed.clone() };
    let mut table = match &base.kind {
        RawKind::Table(table) => table.clone(),
        _ => vec![(crate::data::Key { name: "type".to_owned(), span: changed.span.clone() }, base.clone())],
    };
    for (key, value) in &mut table {
        key.span = changed.span.clone();
        value.span = changed.span.clone();
    }
    table.retain(|(key, _)| !new.iter().any(|(other, _)| other.name == key.name));
    table.extend(new.iter().cloned());
    Raw { kind: RawKind::Table(table), span: changed.span.clone() }
}

/// Turns `ref(NAME)` into the trait NAME; reports a NAME that is neither a trait nor a collection.
fn name_targets(ty: &mut Type, names: &[Name], span: Option<&Span>, faults: &mut Vec<Diagnostic>) {
    match ty {
        Type::Ref(target) => {
            let Target::Collections(asked) = target else { return };
            if let [only] = asked.as_slice()
                && let Some(named) = Trait::named(only)
            {
                *target = Target::Trait(named);
                return;
            }
            for name in asked.iter().filter(|name| !names.contains(name)) {
                let fault = not_one_of("ref", name, Span::file(&SitePath::root()), names.iter().map(|name| &**name));
                faults.push(match span {
                    Some(span) => fault.span(span.clone()),
                    None => fault,
                });
            }
        }
        Type::List(inner) => name_targets(inner, names, span, faults),
        Type::Either(choices) => choices.iter_mut().for_each(|choice| name_targets(choice, names, span, faults)),
        Type::Record(fields) => {
            fields.values_mut().for_each(|field| name_targets(&mut field.ty, names, span, faults));
        }
        _ => {}
    }
}

/// Reads `[lists]`, without those the site switches off.
pub(super) fn lists(
    all: &Layers<'_>,
    collections: &Index<Name, Collection>,
    faults: &mut Vec<Diagnostic>,
) -> Index<Name, List> {
    let table = all.table("lists", faults);
    let mut lists = Index::default();
    for (name, span) in table.keys() {
        let one = table.table(&name, faults);
        if !one.flag("enabled", true, faults) {
            continue;
        }
        let list = list(&name, span, &one, collections, faults);
        one.finish(faults);
        lists.insert(list.name.clone(), list);
    }
    lists
}

fn list(
    name: &str,
    span: Span,
    one: &Layers<'_>,
    collections: &Index<Name, Collection>,
    faults: &mut Vec<Diagnostic>,
) -> List {
    let known = |text: String, span: Span, key: &str, faults: &mut Vec<Diagnostic>| -> Option<Name> {
        if collections.contains_key(text.as_str()) {
            return Some(text.into());
        }
        faults.push(not_one_of(&one.path(key), &text, span, collections.keys().map(|name| &**name)));
        None
    };
    let from = one.texts("from", faults);
    if from.is_none() {
        faults.push(one.missing("from", "\"publications\""));
    }
    let mut named = BTreeSet::new();
    let from = from.unwrap_or_default().into_iter().filter_map(|(text, span)| known(text, span, "from", faults));
    let from: Vec<Name> = from.filter(|name| named.insert(name.clone())).collect();
    let on = one.text_at("on", faults).and_then(|(text, span)| known(text, span, "on", faults));
    let route = one.text("route", faults);
    if on.is_none() && route.is_none() && one.get("on").is_none() {
        faults.push(one.missing("route", &format!("\"/{name}/\"")));
    }
    let fields_of = |name: &str| from.iter().any(|from| collections[from].fields.contains_key(name));
    let check_field = |text: &str, key: &str, faults: &mut Vec<Diagnostic>| {
        let span = one.get(key).map_or_else(|| span.clone(), |setting| setting.span());
        // Its order, its groups or what is in it would tell.
        if secrecy::is_unseen(text) {
            let message = format!("`{}` names `{text}`, which no reader sees", one.path(key));
            faults.push(
                Diagnostic::new(Code::WrongSetting, message).span(span).help("name a field that readers see").binding(),
            );
        } else if !from.is_empty() && !fields_of(text) {
            let names = from.iter().flat_map(|from| collections[from].fields.keys().map(|name| &**name));
            faults.push(not_one_of(&one.path(key), text, span, names.collect::<Vec<_>>().into_iter()));
        }
    };
    let sort = sort_keys(one, &check_field, faults);
    let group = one.text("group", faults).map(|text| grouping(&text));
    if let Some(Grouping::Year(field) | Grouping::Field(field)) = &group {
        check_field(field, "group", faults);
    }
    let by = one.text("by", faults);
    if let Some(by) = &by {
        check_field(by, "by", faults);
    }
    let filter = conditions(&one.table("where", faults), &check_field, faults);
    let (template, template_at) = template(one, Some(&span), "list.html", faults);
    List {
        name: name.into(),
        title: one.words("title", faults).unwrap_or_else(|| capitalised(name)),
        description: one.words("description", faults).unwrap_or_default(),
        filter,
        sort,
        group,
        route,
        on,
        by: by.map(Name::from),
        first: one.count("first", faults),
        more: one.text("more", faults),
        per_page: one.count("per_page", faults).unwrap_or(20),
        formats: formats(one, faults),
        template,
        template_at,
        untranslated: one.choice(
            "untranslated",
            &[("show", Untranslated::Show), ("hide", Untranslated::Hide)],
            Untranslated::Show,
            faults,
        ),
        from,
        span: Some(span),
    }
}

fn grouping(text: &str) -> Grouping {
    match text.strip_suffix(".year") {
        Some(field) => Grouping::Year(field.into()),
        None if text == "year" => Grouping::Year("date".into()),
        None => Grouping::Field(text.into()),
    }
}

fn sort_keys(
    one: &Layers<'_>,
    check_field: &impl Fn(&str, &str, &mut Vec<Diagnostic>),
    faults: &mut Vec<Diagnostic>,
) -> Vec<SortKey> {
    let written = one.texts("sort", faults).unwrap_or_default();
    written
        .into_iter()
        .map(|(text, _)| {
            let (field, order) = match text.strip_prefix('-') {
                Some(field) => (field, Order::Descending),
                None => (text.as_str(), Order::Ascending),
            };
            check_field(field, "sort", faults);
            SortKey { field: field.into(), order }
        })
        .collect()
}

fn conditions(
    table: &Layers<'_>,
    check_field: &impl Fn(&str, &str, &mut Vec<Diagnostic>),
    faults: &mut Vec<Diagnostic>,
) -> Vec<Where> {
    let mut conditions = Vec::new();
    for (name, _) in table.keys() {
        check_field(&name, "where", faults);
        let Some(setting) = table.get(&name) else { continue };
        let items = match &setting.raw.kind {
            RawKind::List(items) => items.as_slice(),
            _ => std::slice::from_ref(setting.raw),
        };
        let mut values = Vec::new();
        for raw in items {
            match &raw.kind {
                RawKind::Text(text) => values.push(text.clone()),
                RawKind::Bool(flag) => values.push(flag.to_string()),
                RawKind::Int(number) => values.push(number.to_string()),
                _ => faults
                    .push(Setting { file: setting.file, raw }.wrong(&table.path(&name), "text, or a list of texts")),
            }
        }
        conditions.push(Where { field: name.into(), values });
    }
    conditions
}

fn formats(one: &Layers<'_>, faults: &mut Vec<Diagnostic>) -> Vec<Format> {
    let Some(written) = one.texts("formats", faults) else { return vec![Format::Html] };
    let known = [("html", Format::Html), ("atom", Format::Atom), ("rss", Format::Rss), ("ics", Format::Ics)];
    let mut formats = Vec::new();
    for (text, span) in written {
        match known.iter().find(|(name, _)| *name == text) {
            Some((_, format)) => formats.push(*format),
            None => faults.push(not_one_of(&one.path("formats"), &text, span, known.iter().map(|(name, _)| *name))),
        }
    }
    formats
}

/// The name of a template, and where it is given.
fn template(
    one: &Layers<'_>,
    declared: Option<&Span>,
    usual: &str,
    faults: &mut Vec<Diagnostic>,
) -> (String, Option<Span>) {
    match one.text_at("template", faults) {
        Some((name, span)) => (name, Some(span)),
        None => (usual.to_owned(), declared.cloned()),
    }
}

/// Reads `[directives]`.
pub(super) fn directives(all: &Layers<'_>, faults: &mut Vec<Diagnostic>) -> Blocks {
    let table = all.table("directives", faults);
    let mut directives = Blocks::default();
    for (name, span) in table.keys() {
        let one = table.table(&name, faults);
        if name == "after" {
            let message = "`:::after` already exists: it hides a block of a text until a moment";
            faults.push(
                Diagnostic::new(Code::WrongSetting, message).span(span.clone()).help("give the block another name"),
            );
        }
        let (template, template_at) = template(&one, Some(&span), &format!("directives/{name}.html"), faults);
        let attributes = fields(&one.table("attributes", faults), faults);
        let is_chart = one.flag("chart", false, faults);
        let is_figure = one.flag("figure", is_chart, faults);
        one.get("label");
        one.get("help");
        one.finish(faults);
        directives.insert(name, Block { template, template_at, attributes, is_figure, is_chart });
    }
    directives
}
