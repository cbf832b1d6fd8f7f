//! What another program's site holds, as a reader found it: lenient, in that program's words, hidden things marked as such.
//!
//! Addresses are written as they stood after the host's name, percent signs decoded: `/2019/05/a-post/`, `/?p=17`,
//! `/wp-content/uploads/2019/05/report.pdf`.

/// Everything that a reader found.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Survey {
    /// The program, for people: `WordPress`.
    pub(crate) program: &'static str,
    /// Where the site stood: how its full addresses are known.
    pub(crate) stood: super::place::Place,
    pub(crate) about: About,
    pub(crate) entries: Vec<Entry>,
    /// Categories, tags and the like that have more than their word; entries may name others.
    pub(crate) terms: Vec<Term>,
    /// Authors who have more than their name; entries may name others.
    pub(crate) people: Vec<Person>,
    pub(crate) menus: Vec<Menu>,
    /// Pictures and documents.
    pub(crate) files: Vec<File>,
    /// Former addresses and where they lead, as plug-ins and tables of redirects state them.
    pub(crate) redirects: Vec<Redirect>,
    /// Further addresses that must answer, such as those of the former sitemap.
    pub(crate) addresses: Vec<String>,
    /// What was met and is not in any of these, or could not be read.
    pub(crate) notes: Vec<Note>,
}

/// What a site says of itself.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct About {
    pub(crate) title: Option<String>,
    pub(crate) description: Option<String>,
    /// Its full address: `https://www.example.org/`.
    pub(crate) base: Option<String>,
    /// The codes of its languages, its own first.
    pub(crate) languages: Vec<String>,
    /// What the site is called in its other languages: code and title.
    pub(crate) titles: Vec<(String, String)>,
    /// The name of its zone: `Europe/London`.
    pub(crate) timezone: Option<String>,
    pub(crate) email: Option<String>,
}

/// A page, a post, an event …
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Entry {
    /// What it is called in reports and known by when it is imported again; no two entries have one: `post 17`, `content/blog/a.md`.
    pub(crate) id: String,
    /// What it is there: `post`, `page`, a custom type, a section.
    pub(crate) kind: String,
    /// The name that its file should get: usually the last part of its address. May be empty.
    pub(crate) key: String,
    /// Its text begins the list of its kind, at the address of that list; it is no entry of its own.
    pub(crate) is_list: bool,
    /// `None`: the site's own language.
    pub(crate) lang: Option<String>,
    /// The id of the entry that this one translates.
    pub(crate) translates: Option<String>,
    /// Its fields by their old names, in the order in which they were found. People and terms are words: those of a name, or the
    /// `id` of a [`Person`] or [`Term`].
    pub(crate) fields: Vec<(String, Value)>,
    pub(crate) body: Body,
    pub(crate) state: State,
    /// Its own address first, then others that lead to it.
    pub(crate) addresses: Vec<String>,
    /// The addresses of files that its text or its fields show or link to, as in [`File::address`].
    pub(crate) uses: Vec<String>,
    /// The addresses of files that it names only where readers may not see them: in a comment, in something hidden, in a setting of a
    /// plug-in.
    pub(crate) unseen: Vec<String>,
    pub(crate) place: Place,
}

/// Who may see an entry or a file there.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) enum State {
    /// Everybody.
    #[default]
    Public,
    /// Everybody from this moment on, `2027-01-05 09:00` in the site's zone, which was not yet past.
    From(String),
    /// Nobody outside, and why, in words: `a draft`, `has a password`. What cannot be read is hidden too.
    Hidden(String),
    /// It was thrown away: it is not taken over, and counted.
    Trash,
}

/// The text of an entry.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) enum Body {
    #[default]
    Nothing,
    Html(String),
    Markdown(String),
}

/// A value, as leniently read as it can be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Value {
    Nothing,
    Bool(bool),
    /// As written.
    Number(String),
    /// `2026-05-14`, or `2026-05-14 09:00` in the site's zone.
    Moment(String),
    Text(String),
    List(Vec<Value>),
    Group(Vec<(String, Value)>),
}

/// Something that entries are sorted under.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Term {
    /// The taxonomy: `category`, `tags`.
    pub(crate) of: String,
    /// What entries name it by; no two terms of a taxonomy have one.
    pub(crate) id: String,
    pub(crate) name: String,
    /// The id of the wider one.
    pub(crate) parent: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) addresses: Vec<String>,
}

/// Somebody who wrote something.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Person {
    /// What entries name them by.
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) given: Option<String>,
    pub(crate) family: Option<String>,
    pub(crate) summary: Option<String>,
    pub(crate) addresses: Vec<String>,
}

/// A menu.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Menu {
    pub(crate) name: String,
    /// `None`: the site's own language.
    pub(crate) lang: Option<String>,
    pub(crate) items: Vec<MenuItem>,
}

/// A line of a menu.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct MenuItem {
    pub(crate) title: String,
    /// An address of the site, or a full one elsewhere.
    pub(crate) to: String,
    /// 0 at the top.
    pub(crate) depth: usize,
}

/// A picture or a document.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct File {
    pub(crate) address: String,
    /// Other addresses of it: of smaller sizes, of a page about it.
    pub(crate) addresses: Vec<String>,
    /// Where it lies below the folder that was given; `None` if it is not there.
    pub(crate) lies_at: Option<String>,
    /// The id of the entry that it belongs to.
    pub(crate) of: Option<String>,
    pub(crate) state: State,
    pub(crate) title: Option<String>,
    pub(crate) alt: Option<String>,
    pub(crate) caption: Option<String>,
}

/// A former address, and where it leads: an address of the site or a full one, `@feed` for the main feed, `@list posts` for the list of
/// a kind or of a taxonomy.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Redirect {
    pub(crate) from: String,
    pub(crate) to: String,
}

/// Something for the report.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Note {
    /// What it is, in the plural: `comments`.
    pub(crate) what: String,
    /// What became of it, and what to do if that matters.
    pub(crate) how: String,
    pub(crate) place: Place,
    pub(crate) words: String,
}

/// Where something stood in what was read.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub(crate) struct Place {
    pub(crate) file: String,
    /// From 1; 0 if it is not known.
    pub(crate) line: usize,
}

impl Entry {
    /// The value of the first field of this name.
    pub(crate) fn field(&self, name: &str) -> Option<&Value> {
        self.fields.iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// The title in words, if it has one.
    pub(crate) fn title(&self) -> Option<&str> {
        match self.field("title") {
            Some(Value::Text(title) | Value::Number(title) | Value::Moment(title)) => Some(title),
            _ => None,
        }
    }
}
