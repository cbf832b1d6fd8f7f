//! A page of Hugo → its address, by Hugo's rules.

use jiff::civil::Date;

/// What an address may be made from.
#[derive(Clone, Debug, Default)]
pub(super) struct Facts<'a> {
    pub(super) date: Option<Date>,
    /// The folders above the page, below the folder of texts.
    pub(super) sections: &'a [String],
    pub(super) title: &'a str,
    pub(super) slug: Option<&'a str>,
    /// The name of the file without ending and language; of a bundle, that of its folder.
    pub(super) name: &'a str,
    pub(super) keeps_capitals: bool,
}

/// A part of an address as Hugo writes it.
pub(super) fn urlized(text: &str, keeps_capitals: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut owed, mut was_hyphen) = (false, false);
    for c in text.chars() {
        let is_allowed = c.is_alphanumeric()
            || matches!(c, '.' | '/' | '\\' | '_' | '#' | '+' | '~' | '-' | '@')
            || unicode_normalization::char::is_combining_mark(c);
        if is_allowed {
            was_hyphen = c == '-';
            if owed && !was_hyphen {
                out.push('-');
            }
            owed = false;
            out.push(c);
        } else if !out.is_empty() && !was_hyphen && c.is_whitespace() {
            owed = true;
        }
    }
    if keeps_capitals { out } else { out.to_lowercase() }
}

/// The address that a pattern such as `/:year/:slug/` gives; `None` if it asks for a date and there is none, or for what is not known.
pub(super) fn expanded(pattern: &str, facts: &Facts<'_>) -> Option<String> {
    let mut out = String::new();
    let mut rest = pattern;
    while let Some(at) = rest.find(':') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let end = rest.find(|c: char| !c.is_ascii_lowercase()).unwrap_or(rest.len());
        let (name, behind) = rest.split_at(end);
        let (slice, behind) = match behind.strip_prefix('[').and_then(|inside| inside.split_once(']')) {
            Some((slice, behind)) => (Some(slice), behind),
            None => (None, behind),
        };
        out.push_str(&part(name, slice, facts)?);
        rest = behind;
    }
    out.push_str(rest);
    let mut address = if out.starts_with('/') { out } else { format!("/{out}") };
    let last = address.rsplit('/').next().unwrap_or_default();
    if !last.is_empty() && !last.contains('.') {
        address.push('/');
    }
    while address.contains("//") {
        address = address.replace("//", "/");
    }
    Some(address)
}

fn part(name: &str, slice: Option<&str>, facts: &Facts<'_>) -> Option<String> {
    let url = |text: &str| urlized(text, facts.keeps_capitals);
    let sections = || facts.sections.iter().map(|section| url(section)).collect::<Vec<_>>();
    let date = |format: &str| facts.date.map(|date| date.strftime(format).to_string());
    Some(match name {
        "year" => date("%Y")?,
        "month" => date("%m")?,
        "monthname" => date("%B")?.to_lowercase(),
        "day" => date("%d")?,
        "weekday" => date("%w")?,
        "weekdayname" => date("%A")?.to_lowercase(),
        "yearday" => facts.date.map(|date| date.day_of_year().to_string())?,
        "section" | "sectionslug" => sections().first().cloned().unwrap_or_default(),
        "sections" | "sectionslugs" => match slice {
            None => sections().join("/"),
            Some(slice) => sliced(&sections(), slice)?,
        },
        "title" => url(facts.title),
        "slug" => url(facts.slug.filter(|slug| !slug.is_empty()).unwrap_or(facts.title)),
        "filename" | "contentbasename" => url(facts.name),
        "slugorfilename" | "slugorcontentbasename" => {
            url(facts.slug.filter(|slug| !slug.is_empty()).unwrap_or(facts.name))
        }
        _ => return None,
    })
}

/// Some of the sections: `1:`, `:2`, `last`, `0`.
fn sliced(sections: &[String], slice: &str) -> Option<String> {
    let last = sections.len().saturating_sub(1);
    let place = |text: &str, usual: usize| match text.trim() {
        "" => Some(usual),
        "last" => Some(last),
        number => number.parse::<usize>().ok(),
    };
    match slice.split_once(':') {
        Some((from, to)) => {
            let (from, to) = (place(from, 0)?, place(to, sections.len())?.min(sections.len()));
            Some(sections.get(from..to).unwrap_or_default().join("/"))
        }
        None => Some(sections.get(place(slice, 0)?).cloned().unwrap_or_default()),
    }
}

/// The address of a page without a pattern: its folders and its name.
pub(super) fn plain(facts: &Facts<'_>, is_ugly: bool) -> String {
    let url = |text: &str| urlized(text, facts.keeps_capitals);
    let mut parts: Vec<String> = facts.sections.iter().map(|section| url(section)).collect();
    let name = url(facts.slug.filter(|slug| !slug.is_empty()).unwrap_or(facts.name));
    match is_ugly {
        true => format!("/{}{name}.html", parts.iter().map(|part| format!("{part}/")).collect::<String>()),
        false => {
            parts.push(name);
            format!("/{}/", parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_those_of_hugo() {
        let sections = ["News".to_owned(), "in the press".to_owned()];
        let facts = Facts {
            date: Some(jiff::civil::date(2019, 5, 7)),
            sections: &sections,
            title: "Who owns it? A & B",
            slug: None,
            name: "2019-05-who",
            keeps_capitals: false,
        };
        let all = [
            ("/:year/:month/:day/:slug/", "/2019/05/07/who-owns-it-a-b/"),
            ("event/:year/:slugorfilename", "/event/2019/2019-05-who/"),
            ("/:sections[1:]/:filename.html", "/in-the-press/2019-05-who.html"),
            ("/:section/:monthname/:title/", "/news/may/who-owns-it-a-b/"),
        ];
        for (pattern, address) in all {
            assert_eq!(expanded(pattern, &facts).as_deref(), Some(address), "{pattern}");
        }
        assert_eq!(plain(&facts, false), "/news/in-the-press/2019-05-who/");
        assert_eq!(plain(&facts, true), "/news/in-the-press/2019-05-who.html");
        let undated = Facts { date: None, ..facts };
        assert_eq!(expanded("/:year/:slug/", &undated), None);
    }
}
