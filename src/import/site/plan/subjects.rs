//! People and terms: each known by its words, whether it has a page there, a description, or is a word only.

use std::collections::{BTreeMap, BTreeSet};

use super::kinds::Goal;
use super::pages::Hidden;
use super::values::text;
use super::{Here, short};
use crate::import::site::survey::{State, Survey, Value};

/// A row of a table of people or topics.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Row {
    pub(crate) key: String,
    /// Its fields as they are written, the title first.
    pub(crate) fields: Vec<(String, String)>,
    /// Whether only what is hidden names it: then it is hidden too.
    pub(crate) is_hidden: bool,
    /// The addresses that it had.
    pub(crate) addresses: Vec<String>,
}

/// Somebody or something that entries name.
#[derive(Debug, Default)]
struct Subject {
    collection: &'static str,
    key: String,
    title: String,
    fields: Vec<(String, String)>,
    addresses: Vec<String>,
    /// Whether it is an entry of its own, so that it needs no row.
    has_page: bool,
    is_used: bool,
    is_used_in_public: bool,
    parent: Option<usize>,
}

/// All of them.
#[derive(Debug, Default)]
pub(super) struct Subjects {
    all: Vec<Subject>,
    /// Collection and word → its place in the list.
    known: BTreeMap<(&'static str, String), usize>,
    /// Keys of fields that name people, and that name terms.
    taxonomies: BTreeSet<String>,
}

const PEOPLE: &str = "people";
const TOPICS: &str = "topics";

/// A word as it is compared.
fn same(word: &str) -> String {
    word.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

impl Subjects {
    pub(super) fn new(survey: &Survey, here: &Here<'_>, kinds: &[(String, Goal)], hidden: &Hidden) -> Self {
        let mut all = Self { taxonomies: survey.terms.iter().map(|term| term.of.clone()).collect(), ..Self::default() };
        let has = |name: &str| here.config.collection(name).is_some_and(|collection| collection.path.is_some());
        all.pages(survey, kinds);
        if has(PEOPLE) {
            all.people(survey);
        }
        if has(TOPICS) {
            all.terms(survey);
        }
        for (nth, entry) in survey.entries.iter().enumerate() {
            if entry.state == State::Trash || entry.is_list {
                continue;
            }
            let is_public = !hidden.contains_key(&nth) && entry.state == State::Public;
            for (key, value) in &entry.fields {
                let collection = match () {
                    () if is_author(key) && has(PEOPLE) => PEOPLE,
                    () if all.is_term(key) && has(TOPICS) => TOPICS,
                    () => continue,
                };
                for word in words(value) {
                    let Some(at) = all.find_or_add(collection, key, &word) else { continue };
                    all.used(at, is_public);
                }
            }
        }
        all
    }

    /// Whether a field names terms.
    pub(super) fn is_term(&self, key: &str) -> bool {
        self.taxonomies.contains(key) || crate::schema::usual_names(key).first() == Some(&TOPICS)
    }

    fn used(&mut self, at: usize, is_public: bool) {
        let mut at = Some(at);
        let mut steps = 0;
        // What is wider than a term that readers see is seen too.
        while let Some(one) = at.filter(|_| steps < 20) {
            self.all[one].is_used = true;
            self.all[one].is_used_in_public |= is_public;
            at = self.all[one].parent;
            steps += 1;
        }
    }

    /// Entries that stand for people or topics.
    fn pages(&mut self, survey: &Survey, kinds: &[(String, Goal)]) {
        for (kind, goal) in kinds {
            let collection = match goal.collection.as_str() {
                PEOPLE => PEOPLE,
                TOPICS => TOPICS,
                _ => continue,
            };
            for entry in survey
                .entries
                .iter()
                .filter(|entry| entry.kind == *kind && entry.state != State::Trash && entry.lang.is_none())
            {
                let key = super::places::key_of(entry);
                let title = entry.title().unwrap_or(&entry.key).to_owned();
                let at = self.add(Subject { collection, key, title, has_page: true, ..Subject::default() });
                for word in [entry.id.as_str(), entry.key.as_str(), entry.title().unwrap_or_default()] {
                    self.known.entry((collection, same(word))).or_insert(at);
                }
            }
        }
    }

    fn people(&mut self, survey: &Survey) {
        for person in &survey.people {
            let known = self.known.get(&(PEOPLE, same(&person.name))).copied();
            let at = known.unwrap_or_else(|| {
                let mut fields = role();
                for (name, value) in
                    [("given", &person.given), ("family", &person.family), ("summary", &person.summary)]
                {
                    fields.extend(value.as_ref().map(|value| (name.to_owned(), text(value))));
                }
                self.add(Subject {
                    collection: PEOPLE,
                    key: short(&person.name),
                    title: person.name.clone(),
                    fields,
                    ..Subject::default()
                })
            });
            self.all[at].addresses.extend(person.addresses.iter().cloned());
            for word in [&person.id, &person.name] {
                self.known.entry((PEOPLE, same(word))).or_insert(at);
            }
        }
    }

    fn terms(&mut self, survey: &Survey) {
        let mut at_term: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        for term in &survey.terms {
            // WordPress's word for no category.
            if term.of == "category" && matches!(term.id.as_str(), "uncategorized" | "uncategorised") {
                continue;
            }
            let by_name = self.known.get(&(TOPICS, same(&term.name))).copied();
            let at = by_name.unwrap_or_else(|| {
                let fields = term.description.iter().map(|words| ("summary".to_owned(), text(words))).collect();
                let key = if term.id.contains('%') { short(&term.name) } else { short(&term.id) };
                self.add(Subject { collection: TOPICS, key, title: term.name.clone(), fields, ..Subject::default() })
            });
            self.all[at].addresses.extend(term.addresses.iter().cloned());
            at_term.insert((&term.of, &term.id), at);
            self.known.entry((TOPICS, same(&term.name))).or_insert(at);
            self.known.insert((TOPICS, format!("{}\0{}", term.of, same(&term.id))), at);
        }
        for term in &survey.terms {
            let (Some(at), Some(parent)) = (at_term.get(&(&*term.of, &*term.id)), term.parent.as_deref()) else {
                continue;
            };
            if let Some(parent) =
                at_term.get(&(&*term.of, parent)).filter(|parent| *parent != at && !self.is_above(*at, **parent))
            {
                self.all[*at].parent = Some(*parent);
            }
        }
    }

    /// Whether `one` is above `other`.
    fn is_above(&self, one: usize, other: usize) -> bool {
        let mut at = Some(other);
        for _ in 0..50 {
            match at {
                Some(found) if found == one => return true,
                Some(found) => at = self.all[found].parent,
                None => return false,
            }
        }
        true
    }

    fn add(&mut self, mut subject: Subject) -> usize {
        if subject.key.is_empty() {
            subject.key = format!("{}-{}", subject.collection, self.all.len() + 1);
        }
        let is_taken =
            |key: &str, all: &[Subject]| all.iter().any(|one| one.collection == subject.collection && one.key == key);
        let wanted = subject.key.clone();
        let mut nth = 2;
        while is_taken(&subject.key, &self.all) {
            subject.key = format!("{wanted}-{nth}");
            nth += 1;
        }
        self.all.push(subject);
        self.all.len() - 1
    }

    fn find_or_add(&mut self, collection: &'static str, of: &str, word: &str) -> Option<usize> {
        let word = word.trim();
        if word.is_empty() || of == "category" && matches!(word, "uncategorized" | "uncategorised") {
            return None;
        }
        if let Some(at) = self.find(collection, of, word) {
            return Some(at);
        }
        let fields = if collection == PEOPLE { role() } else { Vec::new() };
        let at =
            self.add(Subject { collection, key: short(word), title: word.to_owned(), fields, ..Subject::default() });
        self.known.insert((collection, same(word)), at);
        Some(at)
    }

    fn find(&self, collection: &'static str, of: &str, word: &str) -> Option<usize> {
        let own = || self.known.get(&(collection, format!("{of}\0{}", same(word))));
        let by_word = || self.known.get(&(collection, same(word)));
        own().or_else(by_word).copied()
    }

    /// The keys of what the field `of` of an entry names, for a field of this name here.
    pub(super) fn keys(&self, field: &str, of: &str, value: &Value) -> Vec<String> {
        let collection = if field == "authors" { PEOPLE } else { TOPICS };
        let mut keys = Vec::new();
        for word in words(value) {
            if let Some(at) = self.find(collection, of, &word) {
                let key = &self.all[at].key;
                if !keys.contains(key) {
                    keys.push(key.clone());
                }
            }
        }
        keys
    }

    /// The addresses of people and terms there, and the page that each has here, if readers see it.
    pub(super) fn addresses<'a>(
        &'a self,
        config: &'a crate::config::Config,
    ) -> impl Iterator<Item = (&'a str, String, bool)> + 'a {
        self.all.iter().filter(|one| one.is_used).flat_map(move |one| {
            let (address, is_seen) = one.stands_at(config);
            one.addresses.iter().map(move |old| (old.as_str(), address.clone(), is_seen))
        })
    }

    /// The addresses of the pages that readers see of people and terms.
    pub(super) fn standing<'a>(&'a self, config: &'a crate::config::Config) -> impl Iterator<Item = String> + 'a {
        let all = self.all.iter().filter(|one| one.is_used && !one.has_page).map(|one| one.stands_at(config));
        all.filter(|(_, is_seen)| *is_seen).map(|(address, _)| address)
    }

    /// Those that no entry names: their addresses showed nothing.
    pub(super) fn unused(&self) -> impl Iterator<Item = &str> {
        self.all.iter().filter(|one| !one.is_used && !one.has_page).map(|one| one.title.as_str())
    }

    /// The rows to write: what the site does not have yet.
    pub(super) fn rows(&self, here: &Here<'_>) -> Vec<(String, Vec<Row>)> {
        let mut out = Vec::new();
        for collection in [PEOPLE, TOPICS] {
            let rows: Vec<Row> = self
                .all
                .iter()
                .filter(|one| one.collection == collection && one.is_used && !one.has_page)
                .filter(|one| !here.entries.contains(&(collection.to_owned(), one.key.clone())))
                .map(|one| {
                    let mut fields = vec![("title".to_owned(), text(&one.title))];
                    fields.extend(one.fields.iter().cloned());
                    if let Some(parent) = one.parent.map(|parent| &self.all[parent]).filter(|parent| parent.is_used) {
                        fields.push(("parent".to_owned(), text(&parent.key)));
                    }
                    Row {
                        key: one.key.clone(),
                        fields,
                        is_hidden: !one.is_used_in_public,
                        addresses: one.addresses.clone(),
                    }
                })
                .collect();
            if !rows.is_empty() {
                let names =
                    (1..).map(|nth| if nth == 1 { collection.to_owned() } else { format!("{collection}-{nth}") });
                let path = names
                    .map(|name| format!("content/{collection}/{name}.toml"))
                    .find(|path| !here.files.contains(path));
                out.push((path.unwrap_or_default(), rows));
            }
        }
        out
    }
}

impl Subject {
    /// The address of its page here, and whether readers see that.
    fn stands_at(&self, config: &crate::config::Config) -> (String, bool) {
        let pattern = config.collection(self.collection).and_then(|collection| collection.path.as_ref());
        let address = pattern.map(|pattern| pattern.written().replace("{slug}", &self.key)).unwrap_or_default();
        let is_seen = self.is_used_in_public && !address.is_empty() && !address.contains('{');
        (address, is_seen)
    }
}

/// What a person must have.
fn role() -> Vec<(String, String)> {
    vec![("role".to_owned(), text("Author")), ("group".to_owned(), text("author"))]
}

/// Whether a field names those who wrote something.
pub(super) fn is_author(key: &str) -> bool {
    let bare: String = key.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    bare == "authors" || crate::schema::usual_names(key).first() == Some(&"authors")
}

/// The words in a value: a list, one word, or the names of groups.
pub(super) fn words(value: &Value) -> Vec<String> {
    match value {
        Value::Text(word) | Value::Number(word) => vec![word.clone()],
        Value::List(all) => all.iter().flat_map(words).collect(),
        Value::Group(parts) => {
            let name =
                ["name", "title", "slug", "id"].iter().find_map(|key| parts.iter().find(|(known, _)| known == key));
            name.map(|(_, value)| words(value)).unwrap_or_default()
        }
        _ => Vec::new(),
    }
}
