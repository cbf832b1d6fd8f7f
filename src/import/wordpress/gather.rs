//! The pieces of an export, one after the other → the survey, and what texts need beside it.

use std::collections::{BTreeMap, BTreeSet};

use super::blocks::Reusable;
use super::builders;
use super::css;
use super::fields;
use super::kept;
use super::machinery::{MACHINERY, NO_TERMS};
use super::menus;
use super::owners::{self, Damaged};
use super::parts;
use super::post::Post;
use super::rules;
use super::texts::{Attached, WordPress};
use super::uploads;
use super::xml::Element;
use super::zone;
use crate::import::site::place::Place;
use crate::import::site::survey::{
    About, Body, Entry, File, Note, Person, Place as Origin, Redirect, State, Survey, Term, Value,
};

/// Types of posts that say that a site has members.
const PLANS: &[&str] = &[
    "memberpressproduct",
    "memberpressgroup",
    "wc_membership_plan",
    "llms_membership",
    "rcp_membership",
    "mpgr-group",
];

/// What is gathered.
#[derive(Default)]
pub(super) struct Gather {
    file: String,
    pub(super) place: Place,
    about: About,
    pub(super) terms: Vec<Term>,
    pub(super) term_numbers: BTreeMap<String, usize>,
    people: Vec<Person>,
    posts: Vec<Post>,
    attachments: Vec<Post>,
    menu_lines: Vec<Post>,
    /// Rules of plug-ins about who may read what.
    pub(super) rules: Vec<Post>,
    reusable: Reusable,
    /// The rules of stylesheets of the site that hide something.
    css: String,
    notes: Vec<Note>,
    redirects: Vec<Redirect>,
    known: BTreeSet<String>,
    version: Option<String>,
    pub(super) damaged: Damaged,
    /// The addresses of the files of the library.
    library: BTreeSet<String>,
    /// The types of posts that the settings call public.
    pub(super) public: Vec<String>,
    /// What the settings say that shortcodes mean.
    pub(super) shortcodes: Vec<(String, String)>,
}

impl Gather {
    /// A file begins.
    pub(super) fn begin(&mut self, file: &str) {
        file.clone_into(&mut self.file);
    }

    /// Whether any file said that it is an export of WordPress, or held a post.
    pub(super) fn is_export(&self) -> bool {
        self.version.is_some() || !self.posts.is_empty() || !self.attachments.is_empty()
    }

    pub(super) fn note(&mut self, what: &str, how: &str, line: usize, words: &str) {
        let place = Origin { file: self.file.clone(), line };
        self.notes.push(Note { what: what.to_owned(), how: how.to_owned(), place, words: words.to_owned() });
    }

    /// Takes in what stands before the items.
    pub(super) fn head(&mut self, root: &Element) {
        let Some(channel) = find(root, "channel") else { return };
        let text = |name: &str| Some(channel.text_of(name).trim().to_owned()).filter(|text| !text.is_empty());
        self.version = self.version.take().or_else(|| text("wp:wxr_version"));
        if self.place.base.is_none() {
            let part = |name: &str| text(name).unwrap_or_default();
            self.place = Place::new(&part("wp:base_blog_url"), &part("wp:base_site_url"), &part("link"));
            self.about = About {
                title: text("title").map(|title| plain(&title)),
                description: text("description").map(|words| plain(&words)),
                base: self.place.base.clone(),
                languages: text("language").into_iter().collect(),
                ..About::default()
            };
        }
        for one in &channel.children {
            let part = |name: &str| Some(one.text_of(name).trim().to_owned()).filter(|text| !text.is_empty());
            match one.name.as_str() {
                "wp:author" => {
                    let Some(id) = part("wp:author_login") else { continue };
                    if self.people.iter().any(|known| known.id == id) {
                        continue;
                    }
                    let (given, family) = (part("wp:author_first_name"), part("wp:author_last_name"));
                    let whole = given.iter().chain(&family).cloned().collect::<Vec<_>>().join(" ");
                    let name = part("wp:author_display_name").filter(|name| !name.contains('@')).unwrap_or(whole);
                    let name = if name.is_empty() { id.clone() } else { plain(&name) };
                    // The name in addresses of authors is made of the login.
                    let addresses = vec![format!("/author/{}/", crate::path::slug(&id))];
                    self.people.push(Person { id, name, given, family, summary: None, addresses });
                }
                "wp:category" => {
                    let name = part("wp:cat_name").or(part("wp:category_nicename"));
                    self.term(
                        "category",
                        part("wp:category_nicename"),
                        name,
                        part("wp:category_parent"),
                        part("wp:category_description"),
                        part("wp:term_id"),
                    );
                }
                "wp:tag" => {
                    let name = part("wp:tag_name").or(part("wp:tag_slug"));
                    self.term(
                        "post_tag",
                        part("wp:tag_slug"),
                        name,
                        None,
                        part("wp:tag_description"),
                        part("wp:term_id"),
                    );
                }
                "wp:term" => {
                    let Some(of) = part("wp:term_taxonomy") else { continue };
                    let name = part("wp:term_name").or(part("wp:term_slug"));
                    self.term(
                        &of,
                        part("wp:term_slug"),
                        name,
                        part("wp:term_parent"),
                        part("wp:term_description"),
                        part("wp:term_id"),
                    );
                }
                _ => {}
            }
        }
    }

    fn term(
        &mut self,
        of: &str,
        id: Option<String>,
        name: Option<String>,
        parent: Option<String>,
        about: Option<String>,
        number: Option<String>,
    ) {
        let Some(id) = id else { return };
        if NO_TERMS.contains(&of) || self.terms.iter().any(|known| known.of == of && known.id == id) {
            return;
        }
        if let Some(number) = number {
            self.term_numbers.insert(number, self.terms.len());
        }
        let name = plain(&name.unwrap_or_else(|| id.clone()));
        let description = about.map(|words| plain(&words)).filter(|words| !words.is_empty());
        self.terms.push(Term { of: of.to_owned(), id, name, parent, description, addresses: Vec::new() });
    }

    /// Takes in one item.
    pub(super) fn item(&mut self, item: &Element, line: usize, is_whole: bool) {
        let title = plain(item.text_of("title"));
        let Some(post) = Post::read(item, line).filter(|_| is_whole) else {
            let how = "it is damaged in the export, so it is not taken over: export it again, or copy it by hand";
            self.note("posts that cannot be read", how, line, &title);
            self.damaged.add(item);
            return;
        };
        if !self.known.insert(post.entry_id()) {
            return;
        }
        self.css.push_str(&if post.kind.starts_with("elementor_")
            || post.kind.contains("css")
            || post.kind.contains("styles")
        {
            css::of_design(&post)
        } else {
            String::new()
        });
        if PLANS.contains(&post.kind.as_str()) {
            let how = "which pages need one may not be in the export: compare the pages that members alone could read with those that are public here";
            self.note("memberships", how, line, &title);
        }
        if post.kind == rules::KIND {
            self.note("rules of a plug-in for members", "what they name is hidden here", line, &title);
            self.rules.push(post);
            return;
        }
        if let Some((_, what)) = MACHINERY.iter().find(|(kind, _)| *kind == post.kind) {
            self.note(what, "they belong to WordPress or a plug-in, and are no pages", line, &title);
            return;
        }
        match post.kind.as_str() {
            "attachment" => self.attachments.push(post),
            "nav_menu_item" | "wp_navigation" => self.menu_lines.push(post),
            "wp_block" => {
                // One that is hidden is missing where it was shown, which is named.
                let text = match post.status.as_str() {
                    _ if post.has_password => Err("it has a password"),
                    "publish" if parts::hidden(&post.content).is_some() => Err("a part of it is not for everybody"),
                    "publish" => Ok(post.content),
                    "trash" => Err("it was thrown away"),
                    "draft" | "auto-draft" => Err("it is a draft"),
                    "private" => Err("it is private"),
                    _ => Err("it was not published"),
                };
                self.reusable.insert(post.id, text);
            }
            "guest-author" => self.guest(&post),
            _ => self.posts.push(post),
        }
    }

    /// Somebody without an account who wrote something (Co-Authors Plus).
    fn guest(&mut self, post: &Post) {
        let id =
            post.meta("cap-user_login").map_or_else(|| post.name.trim_start_matches("cap-").to_owned(), str::to_owned);
        if self.people.iter().any(|known| known.id == id) {
            return;
        }
        let own = |key: &str| post.meta(key).map(plain).filter(|words| !words.is_empty());
        let name = own("cap-display_name").unwrap_or_else(|| plain(&post.title));
        let addresses = vec![format!("/author/{}/", crate::path::slug(&id))];
        self.people.push(Person {
            id,
            name,
            given: own("cap-first_name"),
            family: own("cap-last_name"),
            summary: own("cap-description"),
            addresses,
        });
    }

    /// Makes the survey; `lying` are the files below the folder of uploads, `now` the moment in UTC as `2026-05-14 09:00`.
    pub(super) fn finish(mut self, lying: Option<&[String]>, now: &str) -> (Survey, WordPress) {
        self.mentioned_terms();
        self.address_terms();
        let zone = zone::of(
            self.posts.iter().chain(&self.attachments).map(|post| (post.date.as_str(), post.date_gmt.as_str())),
        );
        self.about.timezone = zone.map(str::to_owned);
        let ids: BTreeMap<String, (String, String)> =
            self.posts.iter().map(|post| (post.id.clone(), (post.entry_id(), post.title.clone()))).collect();
        let by_number: BTreeMap<String, Attached> =
            self.attachments.iter().map(|post| (post.id.clone(), self.attached(post))).collect();
        let mut children: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for post in &self.attachments {
            if let Some((parent, _)) = ids.get(&post.parent) {
                children.entry(parent.clone()).or_default().push(post.id.clone());
            }
        }
        let (lines, navigations): (Vec<Post>, Vec<Post>) =
            std::mem::take(&mut self.menu_lines).into_iter().partition(|post| post.kind == "nav_menu_item");
        let menus = menus::menus(&lines, &navigations, &self.posts, &self.terms, &self.term_numbers, &self.place);
        let parents: BTreeMap<String, String> =
            self.attachments.iter().map(|post| (self.attached(post).address, post.parent.clone())).collect();
        let mut files = self.files(&ids, now);
        self.library = files.iter().map(|file| file.address.clone()).collect();
        let mut texts = WordPress::new(self.place.clone(), std::mem::take(&mut self.reusable), by_number, children);
        texts.shortcodes = std::mem::take(&mut self.shortcodes);
        texts.css = std::mem::take(&mut self.css);
        let posts = std::mem::take(&mut self.posts);
        let languages = self.languages(&posts);
        let mut entries = Vec::with_capacity(posts.len());
        let states = self.states(&posts, &texts, now);
        let public: Vec<bool> = states.iter().map(|state| *state == State::Public).collect();
        let context = fields::Context::new(&posts, &public, &texts.attached, &ids);
        for (post, state) in posts.into_iter().zip(states) {
            let entry = self.entry(post, state, &mut texts, &context, &languages);
            entries.extend(entry);
        }
        drop(context);
        uploads::find(&mut files, &mut entries, lying);
        self.damaged.claim(&mut files, &parents, &self.place, &texts.attached);
        self.redirects.push(Redirect { from: "/feed/".to_owned(), to: "@feed".to_owned() });
        let survey = Survey {
            program: "WordPress",
            stood: self.place,
            about: self.about,
            entries,
            terms: self.terms,
            people: self.people,
            menus,
            files,
            redirects: self.redirects,
            addresses: Vec::new(),
            notes: self.notes,
        };
        (survey, texts)
    }

    /// Terms that only posts name.
    fn mentioned_terms(&mut self) {
        let mut known: BTreeSet<(String, String)> =
            self.terms.iter().map(|term| (term.of.clone(), term.id.clone())).collect();
        let named: Vec<(String, String, String)> =
            self.posts.iter().flat_map(|post| post.terms.iter().cloned()).collect();
        for (of, id, name) in named {
            if !NO_TERMS.contains(&of.as_str()) && known.insert((of.clone(), id.clone())) {
                self.terms.push(Term { of, id, name: plain(&name), ..Term::default() });
            }
        }
    }

    fn address_terms(&mut self) {
        let parents: BTreeMap<(String, String), Option<String>> =
            self.terms.iter().map(|term| ((term.of.clone(), term.id.clone()), term.parent.clone())).collect();
        let numbers: BTreeMap<usize, String> =
            self.term_numbers.iter().map(|(number, at)| (*at, number.clone())).collect();
        for (nth, term) in self.terms.iter_mut().enumerate() {
            let mut path = vec![term.id.clone()];
            let mut above = term.parent.clone();
            while let Some(parent) = above.filter(|parent| !path.contains(parent) && path.len() < 20) {
                above = parents.get(&(term.of.clone(), parent.clone())).cloned().flatten();
                path.push(parent);
            }
            path.reverse();
            let base = if term.of == "post_tag" { "tag" } else { term.of.as_str() };
            let address = format!("/{base}/{}/", path.join("/"));
            let decoded = percent_encoding::percent_decode_str(&address).decode_utf8_lossy().into_owned();
            term.addresses = vec![decoded];
            if let Some(number) = numbers.get(&nth).filter(|_| term.of == "category") {
                term.addresses.push(format!("/?cat={number}"));
            }
        }
    }

    fn attached(&self, post: &Post) -> Attached {
        Attached {
            address: self.place.address(&post.attachment).unwrap_or_else(|| elsewhere(&post.attachment)),
            url: post.attachment.clone(),
            alt: post.meta("_wp_attachment_image_alt").map(plain),
            caption: Some(post.excerpt.clone()).filter(|words| !words.is_empty() && parts::hidden(words).is_none()),
            title: plain(&post.title),
        }
    }

    fn files(&mut self, ids: &BTreeMap<String, (String, String)>, now: &str) -> Vec<File> {
        let attachments = std::mem::take(&mut self.attachments);
        let mut files = Vec::with_capacity(attachments.len());
        for post in &attachments {
            if post.status == "trash" || post.attachment.is_empty() {
                self.note("files", "they were thrown away, or have no address", post.line, &post.title);
                continue;
            }
            let about = self.attached(post);
            let restricted = kept::by_fields(post, now);
            let state = match post.status.as_str() {
                _ if post.has_password => State::Hidden("has a password".to_owned()),
                _ if restricted.is_some() => State::Hidden(restricted.unwrap_or_default()),
                "inherit" | "publish" => State::Public,
                "private" => State::Hidden("private".to_owned()),
                other => State::Hidden(format!("its status is `{other}`")),
            };
            let mut addresses: Vec<String> = self.place.address(&post.link).into_iter().collect();
            addresses.push(format!("/?attachment_id={}", post.id));
            addresses.retain(|address| *address != about.address);
            addresses.dedup();
            if about.url != about.address && self.place.address(&about.url).is_none() {
                addresses.push(about.url.clone());
            }
            let description =
                Some(plain(&post.content)).filter(|words| !words.is_empty() && *words != plain(&post.title));
            if let Some(words) = description {
                self.note("descriptions of files", "files have no page of their own here", post.line, &words);
            }
            files.push(File {
                address: about.address,
                addresses,
                lies_at: None,
                of: ids.get(&post.parent).map(|(id, _)| id.clone()),
                state,
                title: Some(plain(&post.title)).filter(|title| !title.is_empty()),
                alt: about.alt,
                caption: about.caption,
            });
        }
        files
    }

    /// The languages of posts (Polylang): the code of each, and the post that each translates.
    fn languages(&mut self, posts: &[Post]) -> BTreeMap<String, (String, Option<String>)> {
        let own = self.about.languages.first().map(|code| short(code).to_owned()).unwrap_or_default();
        let of = |post: &Post, taxonomy: &str| {
            post.terms.iter().find(|(of, ..)| of == taxonomy).map(|(_, id, _)| id.clone())
        };
        let mut originals: BTreeMap<String, String> = BTreeMap::new();
        for post in posts {
            if let (Some(group), Some(code)) = (of(post, "post_translations"), of(post, "language"))
                && short(&code) == own
            {
                originals.insert(group, post.entry_id());
            }
        }
        let mut languages = BTreeMap::new();
        for post in posts {
            let Some(code) = of(post, "language").map(|code| short(&code).to_owned()).filter(|code| *code != own)
            else {
                continue;
            };
            if !self.about.languages.contains(&code) {
                self.about.languages.push(code.clone());
            }
            let original = of(post, "post_translations").and_then(|group| originals.get(&group).cloned());
            languages.insert(post.entry_id(), (code, original));
        }
        languages
    }

    fn entry(
        &mut self,
        mut post: Post,
        state: State,
        texts: &mut WordPress,
        context: &fields::Context,
        languages: &BTreeMap<String, (String, Option<String>)>,
    ) -> Option<Entry> {
        let id = post.entry_id();
        if post.status == "auto-draft" && post.content.trim().is_empty() {
            self.note("drafts that WordPress began by itself", "there is nothing in them", post.line, &post.title);
            return None;
        }
        self.counted(&post);
        for words in [&post.title, &post.excerpt].into_iter().flat_map(|text| unseen(text)) {
            let how = "it is hidden by `hidden`, `display: none` or the like";
            self.note("what a browser did not show of titles and excerpts", how, post.line, &words);
        }
        let mut addresses: Vec<String> = Vec::new();
        let own = self.place.address(&post.link);
        let is_plain = |address: &str| address.contains('?');
        addresses.extend(own.clone());
        let by_number = if post.kind == "page" { format!("/?page_id={}", post.id) } else { format!("/?p={}", post.id) };
        addresses.push(by_number);
        addresses.push(format!("/?p={}", post.id));
        addresses.extend(self.place.address(&post.guid).filter(|address| address != "/"));
        if let Some(own) = own.as_deref().filter(|own| !is_plain(own)) {
            for (key, old) in &post.meta {
                if key == "_wp_old_slug" && !old.is_empty() {
                    let old = percent_encoding::percent_decode_str(old).decode_utf8_lossy();
                    let above = own.trim_end_matches('/').rsplit_once('/').map_or("", |(above, _)| above);
                    addresses.push(format!("{above}/{old}/"));
                }
            }
            let pages = post.content.matches("<!--nextpage-->").count();
            (2..=pages + 1).for_each(|page| addresses.push(format!("{}/{page}/", own.trim_end_matches('/'))));
        }
        let mut seen = BTreeSet::new();
        addresses.retain(|address| seen.insert(address.clone()));
        let decoded = percent_encoding::percent_decode_str(&post.name).decode_utf8_lossy().into_owned();
        let key = if decoded.is_empty() { titled(&post.title) } else { decoded };
        let (lang, translates) = languages.get(&id).cloned().map_or((None, None), |(code, of)| (Some(code), of));
        let made = fields::fields(&post, context, &self.place);
        for (what, how, words) in made.notes {
            self.note(&what, &how, post.line, &words);
        }
        if let Some(notes) = post.meta("footnotes") {
            texts.add_notes(&id, notes);
        }
        let mut uses = made.uses;
        let mut unseen = Vec::new();
        let is_listed = |one: &String| uploads::whole_names(one).any(|name| self.library.contains(&name));
        let content = builders::kept_elsewhere(&post).unwrap_or_else(|| std::mem::take(&mut post.content));
        if state == State::Public {
            let mut all = Vec::new();
            texts.used(&id, &content, &mut all);
            if !all.is_empty() {
                texts.used(&id, &texts.seen(&content), &mut uses);
            }
            unseen = owners::addresses_of_fields(&post, &self.place);
            unseen.extend(all);
            unseen.retain(|one| is_listed(one) && !uses.contains(one));
        } else {
            texts.used(&id, &content, &mut uses);
            let named = owners::of_fields(&post, &self.place, &texts.attached);
            uses.extend(named.into_iter().filter(is_listed));
        }
        let own_css = css::of_post(&post);
        let content = if own_css.is_empty() { content } else { format!("<style>{own_css}</style>{content}") };
        let body = if content.trim().is_empty() { Body::Nothing } else { Body::Html(content) };
        Some(Entry {
            id,
            kind: post.kind,
            key,
            is_list: false,
            lang,
            translates,
            fields: made.fields,
            body,
            state,
            addresses,
            uses,
            unseen,
            place: Origin { file: self.file.clone(), line: post.line },
        })
    }

    /// What belongs to a post and has no place here.
    fn counted(&mut self, post: &Post) {
        let mut note = |what: &str, how: &str, words: String| self.note(what, how, post.line, &words);
        if post.comments > 0 {
            note(
                "comments of readers",
                "pages here have none; they stay in the export",
                format!("{} of “{}”", post.comments, post.title),
            );
        }
        if post.pings > 0 {
            note("pingbacks", "pages here have none", format!("{} of “{}”", post.pings, post.title));
        }
        if post.is_sticky {
            note(
                "posts that stay on top",
                "lists here are in the order of dates; `weight` or the home page can put one first",
                post.title.clone(),
            );
        }
        if post.content.contains("<!--more") {
            note("“read more” marks", "lists here show the summary", post.title.clone());
        }
        if post.content.contains("<!--nextpage-->") {
            note("texts in several pages", "they are one page here", post.title.clone());
        }
        for (_, _, name) in post.terms.iter().filter(|(of, ..)| of == "post_format") {
            note("formats of posts", "there are none here", format!("{name}: {}", post.title));
        }
    }
}

/// The code of a language without its country.
fn short(code: &str) -> &str {
    code.split(['-', '_']).next().unwrap_or(code)
}

/// Where a file of another host will be: the part of its address from the year on.
fn elsewhere(url: &str) -> String {
    let path = url.split("//").nth(1).and_then(|rest| rest.split_once('/')).map_or("", |(_, path)| path);
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let decoded = percent_encoding::percent_decode_str(path).decode_utf8_lossy().into_owned();
    match decoded.split_once("wp-content/uploads/") {
        Some((_, rest)) => format!("/wp-content/uploads/{rest}"),
        None => format!("/wp-content/uploads/{decoded}"),
    }
}

fn find<'a>(root: &'a Element, name: &str) -> Option<&'a Element> {
    if root.name == name { Some(root) } else { root.children.iter().find_map(|one| find(one, name)) }
}

/// The words of a title or another short text that readers see, which may have marks and entities in it; none if a part of it is not for
/// everybody.
pub(super) fn plain(text: &str) -> String {
    match parts::hidden(text) {
        Some(_) => String::new(),
        None => all_words(text),
    }
}

/// The words of the title of a post, which is hidden itself if a part of its title is not for everybody.
pub(super) fn titled(text: &str) -> String {
    all_words(text)
}

fn all_words(text: &str) -> String {
    let words = if text.contains(['<', '&']) { crate::import::html::words_seen(text) } else { text.to_owned() };
    words
        .chars()
        .filter(|c| (!c.is_control() || c.is_whitespace()) && !matches!(c, '\u{200b}' | '\u{feff}' | '\u{ad}'))
        .collect::<String>()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

/// The words of a short text that a browser does not show.
fn unseen(text: &str) -> Vec<String> {
    if !text.contains('<') {
        return Vec::new();
    }
    crate::import::html::hidden::taken_out(&mut crate::import::html::tree::Tree::parse(text))
}

/// A list of words as a value.
pub(super) fn listed(words: Vec<String>) -> Value {
    Value::List(words.into_iter().map(Value::Text).collect())
}
