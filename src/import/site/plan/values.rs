//! A lenient value and the type that it is to have → how it is written in a file here; and the type that fits many values.

use crate::import::site::survey::Value;
use crate::path::slug;
use crate::schema::{Name, Target, Type};

/// What values may name.
pub(crate) trait Names {
    /// What to write for the file at this address; `None` if it is not there.
    fn file(&self, address: &str) -> Option<String>;
    /// The key of the entry that `word` names in one of these collections; in any if none is given.
    fn entry(&self, collections: &[Name], word: &str) -> Option<String>;
    /// HTML as Markdown.
    fn markdown(&self, html: &str) -> String;
    /// Whether these words are nothing but the address of something hidden.
    fn leads_to_hidden(&self, words: &str) -> bool;
}

/// A text as it is written.
pub(crate) fn text(words: &str) -> String {
    let mut out = String::with_capacity(words.len() + 2);
    out.push('"');
    for letter in words.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            letter if letter.is_control() || matches!(letter, '\u{feff}' | '\u{2028}' | '\u{2029}') => {}
            letter => out.push(letter),
        }
    }
    out.push('"');
    out
}

/// A day or a moment as it is written: `2026-05-14`, `2026-05-14T09:30:00`.
pub(super) fn moment(written: &str) -> Option<String> {
    let written = written.trim();
    let day = written.get(..10)?;
    day.parse::<jiff::civil::Date>().ok()?;
    let rest = written[10..].trim_start_matches(['T', 't', ' ']);
    if rest.is_empty() {
        return Some(day.to_owned());
    }
    let time: String = rest.chars().take_while(|c| c.is_ascii_digit() || *c == ':').collect();
    let zone = rest[time.len()..].trim_start_matches(|c: char| c == '.' || c.is_ascii_digit()).trim();
    let time = if time.len() == 5 { format!("{time}:00") } else { time };
    time.parse::<jiff::civil::Time>().ok()?;
    let zone = match zone {
        "" => String::new(),
        "Z" | "z" | "UTC" | "GMT" => "Z".to_owned(),
        zone if zone.starts_with(['+', '-']) && zone.len() >= 5 => {
            let digits: String = zone[1..].chars().filter(char::is_ascii_digit).collect();
            format!("{}{}:{}", &zone[..1], digits.get(..2)?, digits.get(2..4)?)
        }
        _ => return None,
    };
    Some(if time == "00:00:00" && zone.is_empty() { day.to_owned() } else { format!("{day}T{time}{zone}") })
}

/// Eight digits that are a day.
pub(super) fn digits_day(written: &str) -> Option<String> {
    let is_digits = written.len() == 8
        && written.bytes().all(|byte| byte.is_ascii_digit())
        && (written.starts_with("19") || written.starts_with("20"));
    let day = is_digits.then(|| format!("{}-{}-{}", &written[..4], &written[4..6], &written[6..]))?;
    moment(&day)
}

fn plain(value: &Value) -> Option<String> {
    match value {
        Value::Text(words) | Value::Number(words) | Value::Moment(words) => Some(words.trim().to_owned()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

fn flag(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        Value::Text(word) | Value::Number(word) => match word.trim().to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" | "1" => Some(true),
            "false" | "no" | "off" | "0" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

/// Whether a value says nothing.
pub(super) fn is_empty(value: &Value) -> bool {
    match value {
        Value::Nothing => true,
        Value::Text(words) => words.trim().is_empty(),
        Value::List(all) => all.iter().all(is_empty),
        Value::Group(parts) => parts.iter().all(|(_, value)| is_empty(value)),
        Value::Bool(_) | Value::Number(_) | Value::Moment(_) => false,
    }
}

fn has_tags(words: &str) -> bool {
    words.match_indices('<').any(|(at, _)| words[at + 1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '/'))
        || words.contains("<!--")
        || words.match_indices('&').any(|(at, _)| is_reference(&words[at + 1..]))
}

/// Words as a reader saw them in a title: without tags, and with the letters that references mean.
fn seen(words: String) -> String {
    if !has_tags(&words) {
        return words;
    }
    crate::import::html::words_of_title(&words)
}

/// Whether a text begins as the reference to a sign does, behind its `&`: `rsquo;`, `#8217;`, `#x2019;`.
fn is_reference(rest: &str) -> bool {
    const LONGEST: usize = 32;
    let Some((name, _)) = rest.split_once(';').filter(|(name, _)| name.len() <= LONGEST) else { return false };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    match name.strip_prefix('#') {
        Some(number) => digits(number.trim_start_matches(['x', 'X'])),
        None => name.len() > 1 && name.bytes().all(|byte| byte.is_ascii_alphanumeric()),
    }
}

/// The beginning of a value, for people.
pub(super) fn shown(value: &Value) -> String {
    crate::import::losses::shortened(&whole(value))
}

/// A value on one line, for people.
pub(super) fn whole(value: &Value) -> String {
    let words = match value {
        Value::List(all) => all.iter().map(whole).collect::<Vec<_>>().join(", "),
        Value::Group(parts) => {
            parts.iter().map(|(key, value)| format!("{key}: {}", whole(value))).collect::<Vec<_>>().join(", ")
        }
        other => plain(other).unwrap_or_default(),
    };
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A value of this type as it is written; `None` if it cannot be one.
pub(super) fn written(ty: &Type, value: &Value, names: &dyn Names) -> Option<String> {
    if is_empty(value) {
        return None;
    }
    match ty {
        Type::Text | Type::Statistic => {
            let words = plain(value)?;
            let words = Some(seen(words)).filter(|words| !names.leads_to_hidden(words) && !words.trim().is_empty())?;
            Some(text(&words.split_whitespace().collect::<Vec<_>>().join(" ")))
        }
        Type::Prose | Type::Markdown => {
            let words = plain(value)?;
            let words = if has_tags(&words) { names.markdown(&words) } else { words };
            Some(text(words.trim_end()))
        }
        Type::Int => plain(value)?.parse::<i64>().ok().map(|number| number.to_string()),
        Type::Number => {
            plain(value)?.parse::<f64>().ok().filter(|number| number.is_finite()).map(|number| format!("{number:?}"))
        }
        Type::Bool => flag(value).map(|flag| flag.to_string()),
        Type::Date | Type::DateTime | Type::Moment => {
            let words = plain(value)?;
            moment(&words).or_else(|| digits_day(&words))
        }
        Type::Url => {
            plain(value).filter(|words| is_url(words) && !names.leads_to_hidden(words)).map(|words| text(&words))
        }
        Type::Email => {
            let words = plain(value)?;
            let words = words.strip_prefix("mailto:").unwrap_or(&words);
            is_email(words).then(|| text(words))
        }
        Type::Tel => plain(value)
            .filter(|words| words.chars().filter(char::is_ascii_digit).count() > 5)
            .map(|words| text(&words)),
        Type::Lang | Type::Id(_) => plain(value).map(|words| text(&words)),
        Type::Enum(choices) => {
            let word = slug(&plain(value)?);
            choices.iter().find(|choice| slug(choice) == word).map(|choice| text(choice))
        }
        Type::Image => image(value, names),
        Type::File => {
            let address = plain(value).or_else(|| part(value, &["file", "url", "src"]))?;
            names.file(&address).map(|file| text(&file))
        }
        Type::Ref(target) => {
            let collections: &[Name] = match target {
                Target::Collections(names) => names,
                _ => &[],
            };
            names.entry(collections, &plain(value)?).map(|key| text(&key))
        }
        Type::Either(choices) => choices.iter().find_map(|choice| written(choice, value, names)),
        Type::List(inner) => {
            let items: &[Value] = match value {
                Value::List(items) => items,
                one => std::slice::from_ref(one),
            };
            let items: Option<Vec<String>> =
                items.iter().filter(|item| !is_empty(item)).map(|item| written(inner, item, names)).collect();
            items.filter(|items| !items.is_empty()).map(|items| format!("[{}]", items.join(", ")))
        }
        Type::Record(fields) => {
            let parts = match value {
                Value::Group(parts) => parts.clone(),
                one => vec![("name".to_owned(), one.clone())],
            };
            let mut out = Vec::new();
            for (key, value) in parts.iter().filter(|(_, value)| !is_empty(value)) {
                let field = fields.get(key.as_str()).or_else(|| fields.get(name(key).as_str()))?;
                out.push(format!("{} = {}", field.name, written(&field.ty, value, names)?));
            }
            let is_whole = fields
                .values()
                .filter(|field| field.required)
                .all(|field| out.iter().any(|one| one.starts_with(&format!("{} =", field.name))));
            (is_whole && !out.is_empty()).then(|| format!("{{ {} }}", out.join(", ")))
        }
    }
}

fn part(value: &Value, keys: &[&str]) -> Option<String> {
    let Value::Group(parts) = value else { return None };
    keys.iter()
        .find_map(|key| parts.iter().find(|(known, _)| known == key))
        .and_then(|(_, value)| plain(value))
        .filter(|words| !words.is_empty())
}

/// Whether a value names a picture, there or not.
pub(super) fn is_picture(value: &Value) -> bool {
    let address = plain(value).or_else(|| part(value, &["file", "src", "url", "image", "path"]));
    let ending =
        address.as_deref().and_then(|address| address.rsplit('.').next()).unwrap_or_default().to_ascii_lowercase();
    matches!(ending.as_str(), "jpg" | "jpeg" | "png" | "webp" | "gif" | "svg")
}

/// A picture: its file, and its words for readers who cannot see it.
fn image(value: &Value, names: &dyn Names) -> Option<String> {
    let address = plain(value).or_else(|| part(value, &["file", "src", "url", "image", "path"]))?;
    let file = names.file(&address)?;
    let ending = file.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    if !matches!(ending.as_str(), "jpg" | "jpeg" | "png" | "webp" | "gif" | "svg") {
        return None;
    }
    let mut out = format!("{{ file = {}", text(&file));
    match part(value, &["alt", "image_alt", "description"]) {
        Some(alt) => out.push_str(&format!(", alt = {}", text(&alt))),
        None => out.push_str(", decorative = true"),
    }
    for key in ["caption", "credit"] {
        if let Some(words) = part(value, &[key]) {
            out.push_str(&format!(", {key} = {}", text(&words)));
        }
    }
    out.push_str(" }");
    Some(out)
}

fn is_url(words: &str) -> bool {
    (words.starts_with("https://") || words.starts_with("http://"))
        && !words.contains(char::is_whitespace)
        && url::Url::parse(words).is_ok()
}

fn is_email(words: &str) -> bool {
    words.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.') && !host.ends_with('.'))
        && !words.contains(char::is_whitespace)
}

/// The name of a field: small letters, digits and `_`.
pub(super) fn name(key: &str) -> String {
    let mut spaced = String::with_capacity(key.len());
    for c in key.chars() {
        if c.is_ascii_uppercase() && spaced.ends_with(|c: char| c.is_ascii_lowercase()) {
            spaced.push('_');
        }
        spaced.push(c);
    }
    let name = slug(&spaced).replace('-', "_");
    if name.starts_with(|c: char| c.is_ascii_digit()) { format!("field_{name}") } else { name }
}

/// The type that fits all these values, as it is written in a declaration.
pub(super) fn inferred(values: &[&Value], names: &dyn Names) -> String {
    let values: Vec<&Value> = values.iter().copied().filter(|value| !is_empty(value)).collect();
    if values.is_empty() {
        return "text".to_owned();
    }
    if values.iter().any(|value| matches!(value, Value::List(_))) {
        let items: Vec<&Value> = values
            .iter()
            .flat_map(|value| match value {
                Value::List(items) => items.iter().collect::<Vec<_>>(),
                one => vec![*one],
            })
            .collect();
        return match inferred(&items, names) {
            inner if inner.starts_with("list(") => "markdown".to_owned(),
            inner => format!("list({inner})"),
        };
    }
    if values.iter().any(|value| matches!(value, Value::Group(_))) {
        return group(&values, names);
    }
    let all = |ty: &Type| values.iter().all(|value| written(ty, value, names).is_some());
    let words: Vec<String> = values.iter().filter_map(|value| plain(value)).collect();
    let is_flag = |value: &&Value| {
        matches!(value, Value::Bool(_))
            || matches!(value, Value::Text(word) if matches!(word.to_ascii_lowercase().as_str(), "true" | "false" | "yes" | "no"))
    };
    // `007` and telephone numbers are no numbers.
    let is_code = words.iter().any(|word| {
        word.len() > 1 && word.starts_with('0') && !word.contains('.') || word.len() > 15 || word.starts_with('+')
    });
    if values.iter().all(is_flag) {
        "bool".to_owned()
    } else if all(&Type::Date) {
        if words.iter().any(|word| word.len() > 10) { "moment".to_owned() } else { "date".to_owned() }
    } else if !is_code && all(&Type::Int) {
        "int".to_owned()
    } else if !is_code && all(&Type::Number) {
        "number".to_owned()
    } else if all(&Type::Url) {
        "url".to_owned()
    } else if all(&Type::Email) {
        "email".to_owned()
    } else if all(&Type::Image) {
        "image".to_owned()
    } else if words.iter().all(|word| word.starts_with('/') || word.contains("uploads/")) && all(&Type::File) {
        "file".to_owned()
    } else if words.iter().any(|word| has_tags(word) || word.contains('\n')) {
        "markdown".to_owned()
    } else if all(&Type::Ref(Target::Any)) {
        "ref(any)".to_owned()
    } else {
        "text".to_owned()
    }
}

fn group(values: &[&Value], names: &dyn Names) -> String {
    if values.iter().all(|value| part(value, &["file", "src"]).is_some()) {
        return if values.iter().all(|value| is_picture(value)) { "image" } else { "file" }.to_owned();
    }
    let mut keys: Vec<&str> = Vec::new();
    for value in values {
        if let Value::Group(parts) = value {
            for (key, _) in parts
                .iter()
                .filter(|(key, value)| !is_empty(value) && !keys.contains(&key.as_str()))
                .collect::<Vec<_>>()
            {
                keys.push(key);
            }
        }
    }
    let parts: Vec<String> = keys
        .iter()
        .filter(|key| !name(key).is_empty())
        .map(|key| {
            let own: Vec<&Value> = values
                .iter()
                .filter_map(|value| match value {
                    Value::Group(parts) => parts.iter().find(|(known, _)| known == key).map(|(_, value)| value),
                    _ => None,
                })
                .collect();
            format!("{}: {}", name(key), inferred(&own, names))
        })
        .collect();
    if parts.is_empty() { "text".to_owned() } else { format!("record{{{}}}", parts.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct None_;

    impl Names for None_ {
        fn file(&self, address: &str) -> Option<String> {
            address.starts_with("/up/").then(|| address.to_owned())
        }

        fn entry(&self, _: &[Name], word: &str) -> Option<String> {
            (word == "post 1").then(|| "a".to_owned())
        }

        fn markdown(&self, html: &str) -> String {
            html.replace("<b>", "**").replace("</b>", "**")
        }

        fn leads_to_hidden(&self, words: &str) -> bool {
            words == "https://example.org/secret/"
        }
    }

    #[test]
    fn types_are_told_by_all_values() {
        let of = |words: &[&str]| {
            let values: Vec<Value> = words.iter().map(|word| Value::Text((*word).to_owned())).collect();
            inferred(&values.iter().collect::<Vec<_>>(), &None_)
        };
        assert_eq!(of(&["1", "20"]), "int");
        assert_eq!(of(&["1", "2.5"]), "number");
        assert_eq!(of(&["007", "1"]), "text");
        assert_eq!(of(&["20240514", "20231231"]), "date");
        assert_eq!(of(&["20240514", "20239931"]), "int");
        assert_eq!(of(&["2024-05-14", "2024-05-14 10:00"]), "moment");
        assert_eq!(of(&["https://x.org/a", "http://y.org"]), "url");
        assert_eq!(of(&["https://x.org/a", "y"]), "text");
        assert_eq!(of(&["yes", "no"]), "bool");
        assert_eq!(of(&["a <b>b</b>", "c"]), "markdown");
        assert_eq!(of(&["/up/a.jpg"]), "image");
        assert_eq!(of(&["/up/a.pdf"]), "file");
        assert_eq!(of(&["post 1"]), "ref(any)");
    }

    #[test]
    fn values_are_written_strictly() {
        let text_of = |words: &str| Value::Text(words.to_owned());
        assert_eq!(written(&Type::Text, &text_of("a \"b\"\n c"), &None_).as_deref(), Some("\"a \\\"b\\\" c\""));
        assert_eq!(written(&Type::Date, &text_of("2024-05-14 10:00"), &None_).as_deref(), Some("2024-05-14T10:00:00"));
        assert_eq!(
            written(&Type::Moment, &text_of("2024-05-14T10:00:00+0100"), &None_).as_deref(),
            Some("2024-05-14T10:00:00+01:00")
        );
        assert_eq!(written(&Type::Date, &text_of("14 May 2024"), &None_), None);
        for ty in [Type::Url, Type::Text] {
            assert_eq!(written(&ty, &text_of("https://example.org/secret/"), &None_), None, "{ty:?}");
        }
        let hidden = text_of("Seen <span style=\"display:none\">SECRET</span><b hidden>SECRET</b>");
        assert_eq!(written(&Type::Text, &hidden, &None_).as_deref(), Some("\"Seen\""));
        let group = Value::Group(vec![("file".to_owned(), text_of("/up/a.jpg")), ("title".to_owned(), text_of("x"))]);
        assert_eq!(
            written(&Type::Image, &group, &None_).as_deref(),
            Some("{ file = \"/up/a.jpg\", decorative = true }")
        );
        assert_eq!(name("pressContact Name!"), "press_contact_name");
    }
}
