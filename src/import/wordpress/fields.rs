//! What a post states beside its text → fields by the names that WordPress and its plug-ins give them.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::builders;
use super::gather::{listed, plain, titled};
use super::machinery::NO_TERMS;
use super::php;
use super::post::Post;
use super::texts::Attached;
use crate::import::site::place::Place;
use crate::import::site::survey::Value;

/// What fields may name: other posts and files, by their numbers.
pub(super) struct Context {
    /// Number → id of the entry.
    entries: BTreeMap<String, String>,
    /// Number → address, words, caption of a file.
    files: BTreeMap<String, Attached>,
    /// Number → name and address of a venue.
    venues: BTreeMap<String, (String, String)>,
    /// Fields whose values are all numbers of posts or of files.
    names_entries: BTreeSet<String>,
    names_files: BTreeSet<String>,
}

/// The fields of a post.
pub(super) struct Made {
    pub(super) fields: Vec<(String, Value)>,
    /// The addresses of files that they name.
    pub(super) uses: Vec<String>,
    /// For the report: what, how, words.
    pub(super) notes: Vec<(String, String, String)>,
}

impl Context {
    /// `public` says of each post whether everybody sees it.
    pub(super) fn new(
        posts: &[Post],
        public: &[bool],
        files: &BTreeMap<String, Attached>,
        ids: &BTreeMap<String, (String, String)>,
    ) -> Self {
        // The name and the address of one that is hidden are hidden with it.
        let venues = posts
            .iter()
            .zip(public)
            .filter(|(_, is_public)| **is_public)
            .map(|(post, _)| post)
            .filter(|post| matches!(post.kind.as_str(), "tribe_venue" | "event-location" | "location"))
            .map(|post| {
                let parts = ["_VenueAddress", "_VenueCity", "_VenueZip", "_VenueCountry"]
                    .into_iter()
                    .filter_map(|key| post.meta(key));
                (post.id.clone(), (plain(&post.title), parts.collect::<Vec<_>>().join(", ")))
            })
            .collect();
        // Fields of Advanced Custom Fields that name a post or a file hold its number.
        let mut values: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for post in posts {
            for (key, value) in &post.meta {
                let is_declared = || post.meta(&format!("_{key}")).is_some_and(|of| of.contains("field_"));
                if !key.starts_with('_') && !value.is_empty() && is_declared() {
                    values.entry(key).or_default().push(value);
                }
            }
        }
        let all = |value: &str, known: &dyn Fn(&str) -> bool| match php::stored(value) {
            Some(Value::List(list)) => {
                !list.is_empty() && list.iter().all(|one| number(one).is_some_and(|one| known(&one)))
            }
            _ => known(value),
        };
        let of = |known: &dyn Fn(&str) -> bool| -> BTreeSet<String> {
            values
                .iter()
                .filter(|(_, all_values)| all_values.iter().all(|value| all(value, known)))
                .map(|(key, _)| (*key).to_owned())
                .collect()
        };
        Self {
            names_files: of(&|number| files.contains_key(number)),
            names_entries: of(&|number| ids.contains_key(number)),
            entries: ids.iter().map(|(number, (id, _))| (number.clone(), id.clone())).collect(),
            files: files.clone(),
            venues,
        }
    }

    fn file(&self, number: &str, uses: &mut Vec<String>) -> Option<Value> {
        let file = self.files.get(number)?;
        uses.push(file.address.clone());
        let mut parts = vec![("file".to_owned(), Value::Text(file.address.clone()))];
        parts.extend(file.alt.clone().map(|alt| ("alt".to_owned(), Value::Text(alt))));
        parts.extend(file.caption.as_deref().map(plain).map(|words| ("caption".to_owned(), Value::Text(words))));
        parts.push(("title".to_owned(), Value::Text(plain(&file.title))));
        Some(Value::Group(parts))
    }
}

fn number(value: &Value) -> Option<String> {
    match value {
        Value::Text(number) | Value::Number(number) => Some(number.clone()),
        _ => None,
    }
}

/// Fields that say nothing to readers.
fn is_noise(key: &str, value: &str) -> bool {
    const STARTS: &[&str] = &[
        "_edit_",
        "_oembed_",
        "_wp_trash_",
        "_menu_item_",
        "_wp_attach",
        "_wp_desired",
        "_encloseme",
        "_pingme",
        "_wp_old_",
        "_EventShow",
    ];
    const KEYS: &[&str] = &[
        "_thumbnail_id",
        "footnotes",
        "_yoast_wpseo_metadesc",
        "rank_math_description",
        "_aioseo_description",
        "_seopress_titles_desc",
        "_expiration-date",
        "_expiration-date-status",
        "_expiration-date-type",
        "_expiration-date-options",
        "_EventStartDate",
        "_EventEndDate",
        "_EventVenueID",
        "_EventCost",
        "_EventURL",
        "_EventStartDateUTC",
        "_EventEndDateUTC",
        "_EventDuration",
        "_EventTimezone",
        "_EventTimezoneAbbr",
        "_EventOrigin",
        "_EventCurrencySymbol",
        "_EventCurrencyPosition",
        "_yoast_wpseo_content_score",
        "_yoast_wpseo_estimated-reading-time-minutes",
        "_yoast_wpseo_linkdex",
        "_yoast_wpseo_wordproof_timestamp",
        "_dp_original",
        "_last_editor_used_jetpack",
        "_elementor_data",
        "_elementor_edit_mode",
        "_elementor_version",
        "_elementor_css",
        "_elementor_template_type",
        "_elementor_page_assets",
        "_wpas_done_all",
        "_publicize_twitter_user",
        "classic-editor-remember",
        "_VenueAddress",
        "_VenueCity",
        "_VenueZip",
        "_VenueCountry",
    ];
    STARTS.iter().any(|start| key.starts_with(start))
        || KEYS.contains(&key)
        || key.starts_with('_') && value.contains("field_")
        || key == "_wp_page_template" && matches!(value, "default" | "")
}

/// Whether a plug-in says that the post has expired before `now`.
pub(super) fn is_expired(post: &Post, now: &str) -> bool {
    expiry(post).is_some_and(|moment| moment.as_str() <= now)
}

/// The moment in UTC at which it expires, `2026-05-14 09:00`.
fn expiry(post: &Post) -> Option<String> {
    let seconds = post.meta("_expiration-date")?.parse().ok()?;
    let moment = Timestamp::from_second(seconds).ok()?.to_zoned_datetime(TimeZone::UTC);
    Some(moment.strftime("%Y-%m-%d %H:%M").to_string())
}

/// The fields of a post.
pub(super) fn fields(post: &Post, context: &Context, place: &Place) -> Made {
    let mut made = Made { fields: Vec::new(), uses: Vec::new(), notes: Vec::new() };
    let title = titled(&post.title);
    let mut add = |name: &str, value: Value| made.fields.push((name.to_owned(), value));
    if !title.is_empty() {
        add("title", Value::Text(title.clone()));
    }
    let moment =
        |text: &str| text.get(..16).filter(|text| !text.starts_with("0000") && text.len() == 16).map(str::to_owned);
    let date = moment(&post.date);
    if let Some(date) = &date {
        add("date", Value::Moment(date.clone()));
    }
    if let (Some(date), Some(modified)) = (&date, moment(&post.modified))
        && modified[..10] > date[..10]
    {
        add("modified", Value::Moment(modified));
    }
    // Of several plug-ins the first that says something.
    let described = ["_yoast_wpseo_metadesc", "rank_math_description", "_aioseo_description", "_seopress_titles_desc"]
        .into_iter()
        .filter_map(|key| post.meta(key))
        .map(plain)
        .find(|words| !words.contains("%%") && !words.is_empty());
    let excerpt = plain(&post.excerpt);
    match (excerpt.is_empty(), described) {
        (true, Some(words)) => add("excerpt", Value::Text(words)),
        (false, described) => {
            add("excerpt", Value::Text(excerpt.clone()));
            if let Some(words) = described.filter(|words| *words != excerpt) {
                let how = "the summary is the excerpt, which search engines get too";
                made.notes.push(("descriptions for search engines".to_owned(), how.to_owned(), words));
            }
        }
        (true, None) => {}
    }
    let authors = authors(post);
    if !authors.is_empty() {
        made.fields.push(("author".to_owned(), listed(authors)));
    }
    if let Some(image) = post.meta("_thumbnail_id").and_then(|number| context.file(number, &mut made.uses)) {
        made.fields.push(("featured_image".to_owned(), image));
    }
    if post.order != "0" && post.order.parse::<i64>().is_ok() && post.kind != "post" {
        made.fields.push(("menu_order".to_owned(), Value::Number(post.order.clone())));
    }
    let mut by_taxonomy: Vec<(String, Vec<String>)> = Vec::new();
    for (of, id, _) in post.terms.iter().filter(|(of, ..)| !NO_TERMS.contains(&of.as_str())) {
        match by_taxonomy.iter_mut().find(|(known, _)| known == of) {
            Some((_, ids)) => ids.push(id.clone()),
            None => by_taxonomy.push((of.clone(), vec![id.clone()])),
        }
    }
    made.fields.extend(by_taxonomy.into_iter().map(|(of, ids)| (of, listed(ids))));
    events(post, context, &mut made);
    search_engines(post, &title, place, &mut made);
    if let Some(expiry) = expiry(post) {
        made.fields.push(("expires".to_owned(), Value::Moment(expiry)));
    }
    if builders::has_form(post) {
        let how = "forms need a service of their own: link to one";
        made.notes.push(("forms of a page builder".to_owned(), how.to_owned(), title.clone()));
    }
    if let Some(builder) = builders::of(post) {
        let (here, how) = match builders::has_words(post) {
            true => (
                "Its words are here, its layout is not: compare it with the former page.",
                "their words are here, one below the other: compare them with the former pages",
            ),
            false => (
                "Its words are not here, since the builder's data cannot be read: copy them from the former page.",
                "their words are NOT here, since the builder's data has none or cannot be read: copy them from the former pages",
            ),
        };
        let note = format!("This page was made with {builder}. {here}");
        made.fields.push(("internal_note".to_owned(), Value::Text(note)));
        made.notes.push(("pages made with a page builder".to_owned(), how.to_owned(), format!("{builder}: {title}")));
    }
    own(post, context, &mut made);
    made
}

/// Who wrote it: co-authors if a plug-in names some.
fn authors(post: &Post) -> Vec<String> {
    let others: Vec<String> = post
        .terms
        .iter()
        .filter(|(of, ..)| of == "author")
        .map(|(_, id, _)| id.strip_prefix("cap-").unwrap_or(id).to_owned())
        .collect();
    if !others.is_empty() {
        return others;
    }
    Some(post.creator.clone()).filter(|name| !name.is_empty()).into_iter().collect()
}

fn events(post: &Post, context: &Context, made: &mut Made) {
    for (key, name) in [("_EventStartDate", "start"), ("_EventEndDate", "end")] {
        if let Some(moment) = post.meta(key).and_then(|moment| moment.get(..16)) {
            made.fields.push((name.to_owned(), Value::Moment(moment.to_owned())));
        }
    }
    if let Some((name, address)) = post.meta("_EventVenueID").and_then(|number| context.venues.get(number)) {
        let mut parts = vec![("name".to_owned(), Value::Text(name.clone()))];
        if !address.is_empty() {
            parts.push(("address".to_owned(), Value::Text(address.clone())));
        }
        made.fields.push(("venue".to_owned(), Value::Group(parts)));
    }
    for (key, name) in [("_EventCost", "price"), ("_EventURL", "booking")] {
        if let Some(value) = post.meta(key) {
            made.fields.push((name.to_owned(), Value::Text(value.to_owned())));
        }
    }
}

fn search_engines(post: &Post, title: &str, place: &Place, made: &mut Made) {
    for key in ["_yoast_wpseo_title", "rank_math_title", "_aioseo_title", "_seopress_titles_title"] {
        if let Some(words) = post
            .meta(key)
            .filter(|words| !words.contains("%%") && !words.contains("#post_title") && !words.contains("%title%"))
            && plain(words) != title
        {
            let how = "search engines get the title of the page";
            made.notes.push(("titles for search engines".to_owned(), how.to_owned(), plain(words)));
        }
    }
    let hides = post.meta("_yoast_wpseo_meta-robots-noindex") == Some("1")
        || post.meta("rank_math_robots").is_some_and(|robots| robots.contains("noindex"))
        || post.meta("_seopress_robots_index") == Some("yes");
    if hides {
        made.fields.push(("noindex".to_owned(), Value::Bool(true)));
    }
    let own = place.address(&post.link);
    if let Some(to) = post.meta("_links_to") {
        let how = "the address answers with this page here: write the other address into redirects.csv, and delete the page, if readers are to be sent on";
        made.notes.push((
            "pages that sent readers to another address".to_owned(),
            how.to_owned(),
            format!("{title}: {to}"),
        ));
    }
    for key in ["_yoast_wpseo_canonical", "rank_math_canonical_url"] {
        if let Some(to) = post.meta(key).filter(|to| place.address(to).is_none_or(|to| Some(&to) != own.as_ref())) {
            let how = "the page has its own address here: if another one is meant, put the former address into redirects.csv and delete the page";
            made.notes.push((
                "pages that name another address as theirs".to_owned(),
                how.to_owned(),
                format!("{title}: {to}"),
            ));
        }
    }
}

/// The fields that the site itself gave its posts.
fn own(post: &Post, context: &Context, made: &mut Made) {
    let mut own: Vec<(String, Value)> = Vec::new();
    for (key, value) in &post.meta {
        if value.is_empty() || is_noise(key, value) || key.starts_with("rank_math") || key.starts_with("_yoast") {
            continue;
        }
        if key.starts_with('_') {
            let words: String = value.chars().take(60).collect();
            made.notes.push((
                "fields that only WordPress or a plug-in uses".to_owned(),
                "they are left out: if one matters, put it into a field of its own".to_owned(),
                format!("`{key}` = {words}"),
            ));
            continue;
        }
        // The address of a recording, its size and its kind, a line each.
        let value = if key == "enclosure" { value.lines().next().unwrap_or_default().trim() } else { value };
        let value = typed(key, value, context, &mut made.uses);
        match own.iter_mut().find(|(known, _)| known == key) {
            Some((_, Value::List(list))) => list.push(value),
            Some((_, known)) => *known = Value::List(vec![known.clone(), value]),
            None => own.push((key.clone(), value)),
        }
    }
    made.fields.extend(repeated(own));
}

fn typed(key: &str, value: &str, context: &Context, uses: &mut Vec<String>) -> Value {
    let stored = php::stored(value);
    let numbers: Vec<String> = match &stored {
        Some(Value::List(list)) => list.iter().filter_map(number).collect(),
        _ => vec![value.to_owned()],
    };
    let is_list = matches!(stored, Some(Value::List(_)));
    let found: Vec<Value> = if context.names_files.contains(key) {
        numbers.iter().filter_map(|number| context.file(number, uses)).collect()
    } else if context.names_entries.contains(key) {
        numbers.iter().filter_map(|number| context.entries.get(number)).map(|id| Value::Text(id.clone())).collect()
    } else {
        return stored.unwrap_or_else(|| Value::Text(value.to_owned()));
    };
    match (is_list, <[Value; 1]>::try_from(found)) {
        (false, Ok([one])) => one,
        (_, Ok([one])) => Value::List(vec![one]),
        (_, Err(all)) => Value::List(all),
    }
}

/// Rows that a plug-in stores as `figures` = 2, `figures_0_text`, `figures_1_text` → a list of groups.
fn repeated(mut all: Vec<(String, Value)>) -> Vec<(String, Value)> {
    let mut at = 0;
    while at < all.len() {
        let (key, value) = &all[at];
        let count = match value {
            Value::Text(count) | Value::Number(count) => {
                count.parse::<usize>().ok().filter(|count| (1..=500).contains(count))
            }
            _ => None,
        };
        let first = format!("{key}_0_");
        if let Some(count) = count.filter(|_| all.iter().any(|(other, _)| other.starts_with(&first))) {
            let key = key.clone();
            let mut rows = Vec::with_capacity(count);
            for nth in 0..count {
                let start = format!("{key}_{nth}_");
                let (row, rest): (Vec<_>, Vec<_>) =
                    std::mem::take(&mut all).into_iter().partition(|(other, _)| other.starts_with(&start));
                all = rest;
                let row = row.into_iter().map(|(other, value)| (other[start.len()..].to_owned(), value)).collect();
                rows.push(Value::Group(repeated(row)));
            }
            if let Some(place) = all.iter().position(|(other, _)| *other == key) {
                all[place].1 = Value::List(rows);
                at = place;
            }
        }
        at += 1;
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_a_plug_in_are_a_list_of_groups() {
        let text = |words: &str| Value::Text(words.to_owned());
        let pair = |key: &str, value: &str| (key.to_owned(), text(value));
        let made =
            repeated(vec![pair("a_0_x", "1"), pair("a_1_x", "2"), pair("a", "2"), pair("b", "2"), pair("a_0_y", "3")]);
        let group = |parts: &[(&str, &str)]| Value::Group(parts.iter().map(|(key, value)| pair(key, value)).collect());
        assert_eq!(
            made,
            [
                ("a".to_owned(), Value::List(vec![group(&[("x", "1"), ("y", "3")]), group(&[("x", "2")])])),
                pair("b", "2")
            ]
        );
    }
}
