//! A page or document of Jekyll → its address, by Jekyll's rules.

use jiff::civil::Date;

/// What an address may be made from.
#[derive(Clone, Debug, Default)]
pub(super) struct Facts<'a> {
    pub(super) date: Option<Date>,
    pub(super) time: Option<jiff::civil::Time>,
    /// The name of its file without day and ending.
    pub(super) name: &'a str,
    pub(super) slug: Option<&'a str>,
    pub(super) categories: &'a [String],
    pub(super) collection: &'a str,
    /// Its path below the collection, without ending.
    pub(super) path: &'a str,
    /// `.html`
    pub(super) ending: &'a str,
}

/// Letters and digits as they are, everything else one hyphen; in small letters if `lowers`.
pub(super) fn slugified(text: &str, lowers: bool, keeps_more: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let is_kept = c.is_alphanumeric()
            || unicode_normalization::char::is_combining_mark(c)
            || keeps_more && "._~!$&'()+,;=@".contains(c);
        match is_kept {
            true => out.push(c),
            false if !out.ends_with('-') => out.push('-'),
            false => {}
        }
    }
    let out = out.trim_matches('-').to_owned();
    if lowers { out.to_lowercase() } else { out }
}

/// The pattern that a word such as `pretty` stands for, for posts.
pub(super) fn style(word: &str) -> &str {
    match word.trim_start_matches(':') {
        "pretty" => "/:categories/:year/:month/:day/:title/",
        "none" => "/:categories/:title:output_ext",
        "date" => "/:categories/:year/:month/:day/:title:output_ext",
        "ordinal" => "/:categories/:year/:y_day/:title:output_ext",
        "weekdate" => "/:categories/:year/W:week/:short_day/:title:output_ext",
        _ => word,
    }
}

/// What `style` adds to the address of a page or a document.
pub(super) fn suffixed(pattern: &str, style: &str) -> String {
    let bare = style.trim_start_matches(':');
    match bare {
        "pretty" => format!("{pattern}/"),
        "date" | "ordinal" | "none" | "weekdate" => format!("{pattern}:output_ext"),
        _ if style.ends_with('/') => format!("{pattern}/"),
        _ if style.ends_with(":output_ext") => format!("{pattern}:output_ext"),
        _ => pattern.to_owned(),
    }
}

/// The address that a pattern gives; `None` if it asks for a date and there is none.
pub(super) fn expanded(pattern: &str, facts: &Facts<'_>) -> Option<String> {
    let mut out = String::new();
    let mut rest = pattern;
    while let Some(at) = rest.find(':') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let mut end = rest.find(|c: char| !(c.is_ascii_lowercase() || c == '_')).unwrap_or(rest.len());
        // `:title_:day`: the longest known name counts.
        while end > 0 && !NAMES.contains(&&rest[..end]) {
            end -= 1;
        }
        if end == 0 {
            out.push(':');
            continue;
        }
        out.push_str(&part(&rest[..end], facts)?);
        rest = &rest[end..];
    }
    out.push_str(rest);
    let mut address = if out.starts_with('/') { out } else { format!("/{out}") };
    while address.contains("//") {
        address = address.replace("//", "/");
    }
    if let Some(folder) = address.strip_suffix("index.html").filter(|folder| folder.ends_with('/')) {
        address = folder.to_owned();
    }
    Some(address)
}

const NAMES: &[&str] = &[
    "year",
    "short_year",
    "month",
    "i_month",
    "short_month",
    "long_month",
    "day",
    "i_day",
    "y_day",
    "short_day",
    "long_day",
    "week",
    "w_year",
    "w_day",
    "hour",
    "minute",
    "second",
    "title",
    "slug",
    "name",
    "basename",
    "path",
    "collection",
    "categories",
    "slugified_categories",
    "output_ext",
];

fn part(name: &str, facts: &Facts<'_>) -> Option<String> {
    let date = |format: &str| facts.date.map(|date| date.strftime(format).to_string());
    let time = |format: &str| facts.time.unwrap_or_default().strftime(format).to_string();
    let categories = |slugs: bool| {
        let mut all: Vec<String> = Vec::new();
        for category in facts.categories {
            let one = if slugs { slugified(category, true, false) } else { category.to_lowercase() };
            if !all.contains(&one) {
                all.push(one);
            }
        }
        all.join("/")
    };
    Some(match name {
        "year" => date("%Y")?,
        "short_year" => date("%y")?,
        "month" => date("%m")?,
        "i_month" => facts.date?.month().to_string(),
        "short_month" => date("%b")?,
        "long_month" => date("%B")?,
        "day" => date("%d")?,
        "i_day" => facts.date?.day().to_string(),
        "y_day" => date("%j")?,
        "short_day" => date("%a")?,
        "long_day" => date("%A")?,
        "week" => date("%V")?,
        "w_year" => date("%G")?,
        "w_day" => date("%u")?,
        "hour" => time("%H"),
        "minute" => time("%M"),
        "second" => time("%S"),
        "title" => slugified(facts.slug.unwrap_or(facts.name), false, true),
        "slug" => slugified(facts.slug.unwrap_or(facts.name), true, false),
        "name" => slugified(facts.name, true, false),
        "basename" => facts.name.to_owned(),
        "path" => facts.path.to_owned(),
        "collection" => facts.collection.to_owned(),
        "categories" => categories(false),
        "slugified_categories" => categories(true),
        "output_ext" => facts.ending.to_owned(),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_those_of_jekyll() {
        let categories = ["In the Press".to_owned(), "EU".to_owned()];
        let facts = Facts {
            date: Some(jiff::civil::date(2019, 5, 7)),
            name: "Who-Owns_it",
            categories: &categories,
            collection: "posts",
            path: "sub/Who-Owns_it",
            ending: ".html",
            ..Facts::default()
        };
        let all = [
            ("date", "/in the press/eu/2019/05/07/Who-Owns_it.html"),
            ("pretty", "/in the press/eu/2019/05/07/Who-Owns_it/"),
            ("ordinal", "/in the press/eu/2019/127/Who-Owns_it.html"),
            ("weekdate", "/in the press/eu/2019/W19/Tue/Who-Owns_it.html"),
            ("/news/:slugified_categories/:i_day/:slug", "/news/in-the-press/eu/7/who-owns-it"),
            ("/:collection/:path/index.html", "/posts/sub/Who-Owns_it/"),
        ];
        for (pattern, address) in all {
            assert_eq!(expanded(style(pattern), &facts).as_deref(), Some(address), "{pattern}");
        }
        assert_eq!(suffixed("/:path", "/:title/"), "/:path/");
        assert_eq!(suffixed("/:path", "date"), "/:path:output_ext");
    }
}
