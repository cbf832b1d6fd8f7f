//! A shortcode with its values → what the table of shortcodes makes of it.
//!
//! The table of the program (`shortcodes.toml`) says what each entry may be; that of the site, `[import.shortcodes]`, comes first.

use std::collections::BTreeMap;

use crate::data::RawKind;
use crate::import::folders::lenient::{self, Notation};

/// What shortcodes become, by their names in small letters.
#[derive(Clone, Debug, Default)]
pub(crate) struct Meanings {
    table: BTreeMap<String, String>,
}

/// The values of a shortcode.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(in super::super) struct Values {
    pub(in super::super) named: Vec<(String, String)>,
    pub(in super::super) placed: Vec<String>,
}

/// What becomes of a shortcode.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in super::super) enum Meant {
    /// This stands for it.
    Text(String),
    LeftOut,
    /// The table has nothing for it, or a value that it asks for is missing.
    Unknown,
}

/// The names of values that hold the words of a box without two ends.
const WORDS: &[&str] = &["inner", "content", "text", "body", "message", "markdown", "0"];

impl Meanings {
    /// The program's table, with what a site says over it.
    pub(crate) fn new(own: &[(String, String)]) -> Self {
        let (raw, _) = lenient::value(include_str!("shortcodes.toml"), 0, Notation::Toml);
        let RawKind::Table(all) = raw.kind else { return Self::default() };
        let mut table: BTreeMap<String, String> =
            all.iter().filter_map(|(key, value)| Some((name(&key.name), lenient::text(value)?))).collect();
        table.extend(own.iter().map(|(key, meaning)| (name(key), meaning.clone())));
        Self { table }
    }

    /// What the shortcode `known` becomes; `inner` is what stands between its two ends, translated.
    pub(in super::super) fn meant(&self, known: &str, values: &Values, inner: Option<&str>) -> Meant {
        let Some(meaning) = self.table.get(&name(known)) else { return Meant::Unknown };
        let value = |wanted: &str| value(values, inner, wanted);
        match meaning.trim() {
            "leave out" => Meant::LeftOut,
            "text" => inner.map_or(Meant::Unknown, |inner| Meant::Text(inner.to_owned())),
            "code" => match inner {
                Some(inner) => Meant::Text(code(inner, &value("lang|language|0").unwrap_or_default())),
                None => Meant::Unknown,
            },
            "figure" => figure(&value),
            block if block.starts_with(":::") => match value(&WORDS.join("|")).filter(|words| !words.trim().is_empty())
            {
                Some(words) => {
                    let opening = attributes(block, &value);
                    Meant::Text(format!("\n\n{opening}\n\n{}\n\n:::\n\n", words.trim_matches('\n')))
                }
                None => Meant::Unknown,
            },
            text => filled(text, &value).map_or(Meant::Unknown, Meant::Text),
        }
    }
}

/// A name as the table has it: an include without folders and ending.
fn name(written: &str) -> String {
    let written = written.trim().to_lowercase();
    match written.strip_prefix("include ") {
        Some(file) => {
            let file = file.trim().rsplit('/').next().unwrap_or_default();
            format!("include {}", file.split('.').next().unwrap_or_default())
        }
        None => written,
    }
}

/// The first value of `a|b|0` that is there; the last may be words of its own, or nothing.
fn value(values: &Values, inner: Option<&str>, wanted: &str) -> Option<String> {
    let all: Vec<&str> = wanted.split('|').collect();
    for (nth, one) in all.iter().enumerate() {
        let found = match one.parse::<usize>() {
            Ok(place) => values.placed.get(place).cloned(),
            Err(_) if *one == "inner" => inner.map(|inner| inner.trim().to_owned()),
            Err(_) => {
                values.named.iter().find(|(name, _)| name.eq_ignore_ascii_case(one)).map(|(_, value)| value.clone())
            }
        };
        if let Some(found) = found.filter(|found| !found.trim().is_empty()) {
            return Some(found);
        }
        let is_last = nth + 1 == all.len() && all.len() > 1;
        if is_last && (one.is_empty() || one.contains(' ') || one.starts_with(char::is_uppercase)) {
            return Some((*one).to_owned());
        }
    }
    None
}

/// A text with its values; `None` if one is missing.
fn filled(text: &str, value: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('{') {
        out.push_str(before);
        let (wanted, after) = behind.split_once('}')?;
        out.push_str(&value(wanted)?);
        rest = after;
    }
    out.push_str(rest);
    Some(out)
}

/// The opening line of a block, without the attributes whose value is missing.
fn attributes(opening: &str, value: &dyn Fn(&str) -> Option<String>) -> String {
    let Some((name, inside)) = opening.split_once('{') else { return opening.to_owned() };
    let inside = inside.strip_suffix('}').unwrap_or(inside);
    let mut kept = Vec::new();
    for one in split(inside) {
        match one.split_once("=\"{").and_then(|(name, rest)| Some((name, rest.strip_suffix("}\"")?))) {
            Some((name, wanted)) => {
                if let Some(found) = value(wanted) {
                    kept.push(format!("{name}=\"{}\"", quotable(&found)));
                }
            }
            None => kept.push(one),
        }
    }
    if kept.is_empty() { name.to_owned() } else { format!("{name}{{{}}}", kept.join(" ")) }
}

/// Attributes apart: blanks within quotation marks do not part them.
fn split(text: &str) -> Vec<String> {
    let (mut all, mut one, mut quoted) = (Vec::new(), String::new(), false);
    for c in text.chars() {
        match c {
            '"' => {
                quoted = !quoted;
                one.push(c);
            }
            ' ' if !quoted => all.push(std::mem::take(&mut one)),
            c => one.push(c),
        }
    }
    all.push(one);
    all.retain(|one| !one.is_empty());
    all
}

/// Words that may stand between straight quotation marks, on one line.
fn quotable(words: &str) -> String {
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    let bare: String = words.chars().filter(|c| !matches!(c, '*' | '_' | '`' | '{' | '}')).collect();
    bare.replace('"', "”")
}

/// A block of code with a fence that is longer than any in it.
fn code(inner: &str, language: &str) -> String {
    let longest = inner.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    format!("\n\n{fence}{}\n{}\n{fence}\n\n", language.trim(), inner.trim_matches(['\n', '\r']))
}

/// A picture, in a block with its caption if it has one.
fn figure(value: &dyn Fn(&str) -> Option<String>) -> Meant {
    let sources = "src|file|image|image_path|img|path|url|image_src|slug|0";
    let Some(source) = value(sources) else { return Meant::Unknown };
    let caption = value("caption|title|inner|description").map(|caption| quotable(&caption));
    let alt = value("alt|image_alt").or_else(|| caption.clone()).unwrap_or_default();
    let alt = alt.replace(['[', ']', '\n'], " ");
    let source = if source.contains([' ', '(', ')']) { format!("<{source}>") } else { source };
    let picture = match value("link|href") {
        Some(to) if !to.contains([' ', '(', ')']) => format!("[![{}]({source})]({to})", alt.trim()),
        _ => format!("![{}]({source})", alt.trim()),
    };
    Meant::Text(match caption.filter(|caption| !caption.is_empty() && !caption.contains(['<', '['])) {
        Some(caption) => {
            let credit = value("attr|credit|source|attribution").map(|credit| quotable(&credit));
            let credit = credit.filter(|credit| !credit.contains(['<', '[']));
            let credit = credit.map(|credit| format!(" source=\"{credit}\"")).unwrap_or_default();
            format!("\n\n:::figure{{title=\"{caption}\"{credit}}}\n\n{picture}\n\n:::\n\n")
        }
        None => match value("caption|title|inner|description").filter(|words| words.contains(['<', '['])) {
            Some(words) => format!("\n\n{picture}\n\n{}\n\n", words.trim()),
            None => picture,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(named: &[(&str, &str)], placed: &[&str]) -> Values {
        Values {
            named: named.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect(),
            placed: placed.iter().map(|one| (*one).to_owned()).collect(),
        }
    }

    #[test]
    fn the_table_of_the_site_comes_first_and_what_lacks_a_value_is_unknown() {
        let own = [
            ("Youtube".to_owned(), "film {0}".to_owned()),
            ("include a/Chart.html".to_owned(), "[{t}](/{f}.csv)".to_owned()),
        ];
        let meanings = Meanings::new(&own);
        assert_eq!(meanings.meant("youtube", &values(&[], &["x1"]), None), Meant::Text("film x1".to_owned()));
        assert_eq!(meanings.meant("youtube", &values(&[], &[]), None), Meant::Unknown);
        let chart = values(&[("t", "Rents"), ("f", "rents")], &[]);
        assert_eq!(meanings.meant("include chart.html", &chart, None), Meant::Text("[Rents](/rents.csv)".to_owned()));
        assert_eq!(
            meanings.meant("vimeo", &values(&[], &["7"]), None),
            Meant::Text("[Watch on Vimeo](https://vimeo.com/7)".to_owned())
        );
        assert_eq!(meanings.meant("nonsense", &values(&[], &[]), None), Meant::Unknown);
        let note = Meant::Text("\n\n:::callout{kind=note}\n\nMind.\n\n:::\n\n".to_owned());
        assert_eq!(meanings.meant("note", &values(&[], &[]), Some("\nMind.\n")), note);
        assert_eq!(meanings.meant("box", &values(&[], &[]), Some("Mind.")), note);
    }

    #[test]
    fn every_entry_of_the_table_can_be_read() {
        for (name, meaning) in Meanings::new(&[]).table {
            let all = values(&[], &["a", "b", "c"]);
            assert!(!meaning.trim().is_empty(), "{name}");
            assert_eq!(meaning.matches('{').count(), meaning.matches('}').count(), "{name}");
            let _ = Meanings::new(&[]).meant(&name, &all, Some("inner"));
        }
    }
}
