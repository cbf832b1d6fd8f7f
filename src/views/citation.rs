//! An entry → the work as it is cited: the one answer for BibTeX, RIS, CSL-JSON, Scholar's tags, JSON-LD, and templates that
//! show readers how to cite.
//!
//! Not here: a format's own names for things, and how it writes names and dates.

use std::borrow::Cow;

use serde::Serialize;

use super::{Agent, EntryView, Named};
use crate::path;
use crate::schema::Moment;

/// A work as it is cited, independent of format.
pub(crate) struct Citation<'a> {
    /// The work's entry.
    pub(crate) entry: EntryView<'a>,
    pub(crate) subtitle: Option<Cow<'a, str>>,
    /// The authors as stated, including any without a name.
    pub(crate) authors: Vec<Agent<'a>>,
    pub(crate) date: Option<Moment>,
    /// Its kind of publication, in the site's own language.
    pub(crate) kind: Option<&'a str>,
    pub(crate) number: Option<Cow<'a, str>>,
    pub(crate) series: Option<Named<'a>>,
    /// Who publishes it, by the registered name.
    pub(crate) publisher: &'a str,
    pub(crate) url: Option<String>,
    pub(crate) doi: Option<Cow<'a, str>>,
    pub(crate) isbn: Option<Cow<'a, str>>,
    pub(crate) issn: Option<Cow<'a, str>>,
}

/// An author.
pub(crate) enum Author<'a> {
    Person {
        family: &'a str,
        /// Empty if it is not known.
        given: &'a str,
    },
    /// An organisation, or a person whose name is known only as a whole.
    Whole { name: &'a str, is_person: bool },
}

impl<'a> Citation<'a> {
    pub(crate) fn new(entry: EntryView<'a>) -> Self {
        let fields = entry.fields();
        let organisation = &entry.readers.language().organisation;
        Self {
            entry,
            subtitle: fields.text("subtitle"),
            authors: Agent::all(fields, "authors"),
            date: entry.date(),
            kind: entry.kind().map(|kind| kind.label.as_str()),
            number: fields.text("number"),
            series: fields.one("series").as_ref().map(Named::of).filter(|series| series.name.is_some()),
            publisher: organisation.legal_name.as_ref().unwrap_or(&organisation.name),
            url: entry.url(),
            doi: fields.text("doi"),
            isbn: fields.text("isbn"),
            issn: fields.text("issn"),
        }
    }

    /// The titles of its subjects.
    pub(crate) fn keywords(&self) -> Vec<Cow<'a, str>> {
        self.entry.keywords()
    }

    /// Its identifier in bibliography files: LaTeX and the programs that read BibTeX take letters, digits and few signs.
    pub(crate) fn id(&self) -> String {
        let key = self.entry.key().replace('/', "-");
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._+:@".contains(&byte);
        match key.bytes().all(is_plain) {
            true => key,
            false => Some(path::slug(&key)).filter(|key| !key.is_empty()).unwrap_or_else(|| "work".to_owned()),
        }
    }

    /// Title and subtitle.
    pub(crate) fn title(&self) -> Cow<'a, str> {
        let title = self.entry.title();
        match &self.subtitle {
            Some(subtitle) => format!("{title}: {subtitle}").into(),
            None => title,
        }
    }

    /// The authors with a name, each in as much detail as is known.
    pub(crate) fn named_authors(&self) -> Vec<Author<'_>> {
        self.authors.iter().filter_map(|agent| Author::of(agent)).collect()
    }

    /// Those, or if there are none the site's organisation: a citation names somebody.
    pub(crate) fn credited(&self) -> Vec<Author<'_>> {
        let mut authors = self.named_authors();
        if authors.is_empty() {
            let name = &self.entry.readers.language().organisation.name;
            authors.push(Author::Whole { name, is_person: false });
        }
        authors
    }

    /// The date of publication in ISO 8601.
    pub(crate) fn day(&self) -> Option<String> {
        self.date.as_ref().map(|date| date.day().to_string())
    }

    /// Its DOI as an address.
    pub(crate) fn doi_url(&self) -> Option<String> {
        self.doi.as_ref().map(|doi| format!("https://doi.org/{doi}"))
    }

    /// The citation as templates show it to readers.
    pub(crate) fn shown(&self) -> CitationParts<'_> {
        let name = |agent: &'_ Agent<'a>| agent.name.as_ref().map(ToString::to_string);
        CitationParts {
            authors: self.authors.iter().filter_map(name).collect(),
            title: self.title(),
            year: self.day().and_then(|day| Some(day.get(..4)?.to_owned())),
            kind: self.entry.kind_label(),
            number: self.number.as_deref(),
            series: self.series.as_ref().and_then(|series| series.name.as_deref()),
            publisher: self.publisher,
            url: self.doi_url().or_else(|| self.url.clone()),
        }
    }
}

/// A citation for readers, field by field.
#[derive(Serialize)]
pub(crate) struct CitationParts<'c> {
    authors: Vec<String>,
    /// Title and subtitle.
    title: Cow<'c, str>,
    year: Option<String>,
    kind: Option<&'c str>,
    number: Option<&'c str>,
    series: Option<&'c str>,
    publisher: &'c str,
    /// Its permanent address: its DOI as a URL, else its page.
    url: Option<String>,
}

impl<'a> Author<'a> {
    fn of(agent: &'a Agent<'_>) -> Option<Self> {
        let name = agent.name.as_deref()?;
        Some(match (agent.family.as_deref(), agent.given.as_deref()) {
            (Some(family), Some(given)) => Self::Person { family, given },
            (Some(family), None) if agent.is_person() => match given_beside(name, family) {
                Some(given) => Self::Person { family, given },
                None => Self::Whole { name, is_person: true },
            },
            _ => Self::Whole { name, is_person: agent.is_person() },
        })
    }
}

/// What `name` says of a person besides the family name: `Maria` in `Maria van der Berg`, `Jinping` in `Xi Jinping`, `小明` in `王小明`.
/// `None` if the family name is not in it as a word.
fn given_beside<'a>(name: &'a str, family: &str) -> Option<&'a str> {
    let is_free = |start: usize| {
        let before = !name[..start].ends_with(char::is_alphanumeric);
        before && !name[start + family.len()..].starts_with(char::is_alphanumeric)
    };
    let Some((start, _)) = name.rmatch_indices(family).find(|(start, _)| is_free(*start)) else {
        // Names in Chinese, Japanese and Korean letters have no blanks, and begin with the family's.
        let is_letter = |c: char| matches!(u32::from(c), 0x2e80..=0x9fff | 0xac00..=0xd7af | 0x2_0000..=0x3_ffff);
        return name.strip_prefix(family).filter(|given| !given.is_empty() && given.chars().all(is_letter));
    };
    let (mut before, after) = (name[..start].trim(), name[start + family.len()..].trim());
    while let Some((first, rest)) = before.split_once(' ').or((!before.is_empty()).then_some((before, "")))
        && TITLES.contains(&first.trim_end_matches('.'))
    {
        before = rest.trim();
    }
    // What stands behind a family name is no name, `OBE`, unless the family's comes first.
    Some(if before.is_empty() && start == 0 { after } else { before })
}

const TITLES: &[&str] = &[
    "Dr",
    "Prof",
    "Professor",
    "Mr",
    "Mrs",
    "Ms",
    "Miss",
    "Mx",
    "Sir",
    "Dame",
    "Lord",
    "Lady",
    "Baroness",
    "Rev",
    "Revd",
    "Hon",
    "Cllr",
    "Councillor",
];

#[cfg(test)]
mod tests {
    use super::given_beside;

    #[test]
    fn the_rest_of_a_name_is_the_given_one() {
        for (name, family, given) in [
            ("Maria van der Berg", "van der Berg", "Maria"),
            ("Dr Jane Smith OBE", "Smith", "Jane"),
            ("Prof. Dr. Jane Ann Smith", "Smith", "Jane Ann"),
            ("Xi Jinping", "Xi", "Jinping"),
            ("Siân Môn-Ŵyn", "Môn-Ŵyn", "Siân"),
            ("Dr Smith", "Smith", ""),
            ("Smith", "Smith", ""),
            ("Martin Luther King Jr", "King", "Martin Luther"),
            ("Smithson Smith", "Smith", "Smithson"),
            ("Ann Ann", "Ann", "Ann"),
            ("王小明", "王", "小明"),
            ("김민준", "김", "민준"),
        ] {
            assert_eq!(given_beside(name, family), Some(given), "{name}");
        }
        for (name, family) in
            [("Jane Smithson", "Smith"), ("Jane Doe", "Smith"), ("Smithson", "Smith"), ("Émilie", "É"), ("محمد", "مح")]
        {
            assert_eq!(given_beside(name, family), None, "{name}");
        }
    }
}
