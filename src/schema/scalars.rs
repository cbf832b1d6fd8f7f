//! The text of a one-line field → its normal form, or what is wrong with it. Knows neither file nor place.

use std::borrow::Cow;

use crate::diagnostic::Code;

/// What is wrong with a text, and what to do about it.
#[derive(PartialEq, Debug)]
pub(super) struct Wrong {
    pub(super) code: Code,
    pub(super) message: String,
    pub(super) help: Option<String>,
    /// What was meant, where that is certain.
    pub(super) meant: Option<String>,
}

fn wrong(code: Code, message: String, help: impl Into<String>) -> Wrong {
    Wrong { code, message, help: Some(help.into()), meant: None }
}

/// A text as one line: blanks and line ends become single spaces, and what nobody can see or write is left out.
pub(super) fn line(text: &str) -> String {
    let is_odd = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{fffe}' | '\u{ffff}');
    if text.contains(is_odd) {
        let words = text.split_whitespace().map(legible).filter(|word| !word.is_empty());
        words.collect::<Vec<_>>().join(" ")
    } else {
        text.trim().to_owned()
    }
}

/// A text without the characters that XML 1.0 (section 2.2) forbids, or that show nothing: a program that reads a feed or a
/// drawing refuses all of it for one of them.
pub(crate) fn legible(text: &str) -> Cow<'_, str> {
    let is_nothing = |c: char| matches!(c, '\u{fffe}' | '\u{ffff}') || c.is_control() && !matches!(c, '\t' | '\n');
    match text.contains(is_nothing) {
        true => text.chars().filter(|c| !is_nothing(*c)).collect::<String>().into(),
        false => text.into(),
    }
}

/// A web address, complete with `https://`, or `mailto:`.
pub(super) fn url(text: &str) -> Result<String, Wrong> {
    let text = text.trim();
    let say = |why: &str| format!("I cannot read `{text}` as a web address: {why}");
    if text.contains(char::is_whitespace) {
        return Err(wrong(Code::BadUrl, say("it has a space in it"), "write `%20` for a space within an address"));
    }
    match url::Url::parse(text) {
        Ok(parsed) if matches!(parsed.scheme(), "http" | "https") => Ok(text.to_owned()),
        Ok(parsed) if parsed.scheme() == "mailto" => email(parsed.path()).map(|_| text.to_owned()),
        Ok(parsed) if text.starts_with(&format!("{}://", parsed.scheme())) => {
            let why = format!("`{}` is no way to reach a page", parsed.scheme());
            Err(wrong(Code::BadUrl, say(&why), "it begins with `https://`"))
        }
        Err(_) if text.starts_with("http://") || text.starts_with("https://") => {
            Err(wrong(Code::BadUrl, say("the name of the host is not valid"), "copy it from the browser's address bar"))
        }
        _ => {
            let bare = text.strip_prefix("//").unwrap_or(text);
            let host = bare.split(['/', '?', '#']).next().unwrap_or("");
            let is_host = host.contains('.')
                && !host.contains(['@', ':'])
                && host.starts_with(char::is_alphanumeric)
                && !FILES.iter().any(|ending| host.to_ascii_lowercase().ends_with(ending));
            let meant = Some(format!("https://{bare}")).filter(|whole| is_host && url(whole).is_ok());
            let help = match &meant {
                Some(whole) => format!("write `{whole}`"),
                None if email(text).is_ok() => format!("for an e-mail address, write `mailto:{text}`"),
                None => "copy the whole address from the browser's address bar".to_owned(),
            };
            Err(Wrong { meant, ..wrong(Code::BadUrl, say("it does not begin with `https://`"), help) })
        }
    }
}

/// The endings of files, which look like the end of a host's name.
const FILES: &[&str] = &[
    ".pdf", ".doc", ".docx", ".odt", ".xls", ".xlsx", ".csv", ".ppt", ".pptx", ".txt", ".md", ".html", ".htm", ".php",
    ".jpg", ".jpeg", ".png", ".gif", ".svg", ".webp", ".json", ".xml", ".toml", ".yaml", ".zip", ".mp3", ".mp4",
    ".epub",
];

/// An e-mail address.
pub(super) fn email(text: &str) -> Result<String, Wrong> {
    let text = text.trim();
    let address = text.strip_prefix("mailto:").unwrap_or(text);
    let sound = address.split_once('@').is_some_and(|(name, host)| {
        let labels = || host.split('.');
        !name.is_empty()
            && !name.contains(|c: char| c.is_whitespace() || c.is_control() || "<>()[],;:\"\\".contains(c))
            && labels().count() >= 2
            && labels().all(|label| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-'))
    });
    if sound {
        Ok(address.to_owned())
    } else {
        let message = format!("I cannot read `{text}` as an e-mail address");
        Err(wrong(Code::BadEmail, message, "write it like name@example.org"))
    }
}

/// A telephone number as shown.
pub(super) fn tel(text: &str) -> Result<String, Wrong> {
    let text = text.trim();
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let signs =
        text.chars().enumerate().all(|(n, c)| c.is_ascii_digit() || " ()-./".contains(c) || (n == 0 && c == '+'));
    if signs && (5..=15).contains(&digits) {
        return Ok(text.to_owned());
    }
    let why =
        if signs { format!("it has {digits} digits") } else { "it has characters that cannot be dialled".to_owned() };
    let message = format!("I cannot read `{text}` as a telephone number: {why}");
    Err(wrong(Code::BadTel, message, "write digits and spaces, best with the country in front: +44 161 236 7036"))
}

/// A language code as it is usually written, if `text` is one.
pub(crate) fn language(text: &str) -> Option<String> {
    lang(text).ok()
}

/// A language code (BCP 47), in its usual case: `en-GB`, `zh-Hant`.
pub(super) fn lang(text: &str) -> Result<String, Wrong> {
    let text = text.trim();
    let mut parts = text.split('-');
    let first = parts.next().unwrap_or("");
    let first_sound = matches!(first.len(), 2 | 3) && first.bytes().all(|b| b.is_ascii_alphabetic());
    let rest_sound =
        parts.clone().all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()));
    if !first_sound || !rest_sound {
        let message = format!("I cannot read `{text}` as a language code");
        let help = if text.contains('_') {
            format!("write a hyphen: `{}`", text.replace('_', "-"))
        } else {
            "write it like `en`, `en-GB` or `cy`".to_owned()
        };
        let meant = Some(text.replace('_', "-")).filter(|meant| meant != text && lang(meant).is_ok());
        return Err(Wrong { meant, ..wrong(Code::BadLang, message, help) });
    }
    let mut code = first.to_ascii_lowercase();
    for part in parts {
        code.push('-');
        match part.len() {
            2 => code.push_str(&part.to_ascii_uppercase()),
            4 if part.bytes().all(|b| b.is_ascii_alphabetic()) => {
                code.push_str(&part[..1].to_ascii_uppercase());
                code.push_str(&part[1..].to_ascii_lowercase());
            }
            _ => code.push_str(&part.to_ascii_lowercase()),
        }
    }
    Ok(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(found: Result<String, Wrong>) -> String {
        found.unwrap_or_else(|wrong| format!("{} → {}", wrong.message, wrong.help.unwrap_or_default()))
    }

    #[test]
    fn what_is_sound_is_kept_and_the_rest_explained() {
        assert_eq!(said(url("https://example.org/a?b=c#d")), "https://example.org/a?b=c#d");
        assert_eq!(
            said(url("www.example.org")),
            "I cannot read `www.example.org` as a web address: it does not begin with `https://` → write `https://www.example.org`"
        );
        assert!(url("javascript:alert(1)").is_err());
        assert!(url("https://").is_err());
        assert!(url("ftp://example.org").is_err());
        assert_eq!(said(email("mailto:info@example.org")), "info@example.org");
        for bad in ["info@", "info@example", "a b@example.org", "info.example.org", "a@b..c"] {
            assert!(email(bad).is_err(), "{bad}");
        }
        assert_eq!(said(tel("+44 (0)161 236 7036")), "+44 (0)161 236 7036");
        assert!(tel("0161 CALL").is_err());
        assert!(tel("12").is_err());
        assert_eq!(said(lang("EN-gb")), "en-GB");
        assert_eq!(said(lang("zh-hant")), "zh-Hant");
        assert_eq!(said(lang("en_GB")), "I cannot read `en_GB` as a language code → write a hyphen: `en-GB`");
        assert!(lang("english").is_err());
    }

    #[test]
    fn an_address_is_completed_only_if_it_begins_with_a_host() {
        for (written, help) in [
            ("www.example.org", "write `https://www.example.org`"),
            ("//example.org/x", "write `https://example.org/x`"),
            ("example.org/x?a=b", "write `https://example.org/x?a=b`"),
            ("x@y.org", "for an e-mail address, write `mailto:x@y.org`"),
            ("/publications/x/f.pdf", "copy the whole address from the browser's address bar"),
            ("./f.pdf", "copy the whole address from the browser's address bar"),
            ("../x/", "copy the whole address from the browser's address bar"),
            ("#here", "copy the whole address from the browser's address bar"),
            ("?a=b.c", "copy the whole address from the browser's address bar"),
            ("soon", "copy the whole address from the browser's address bar"),
            ("report.pdf", "copy the whole address from the browser's address bar"),
        ] {
            let wrong = url(written).expect_err(written);
            assert_eq!(wrong.help.as_deref(), Some(help), "{written}");
            assert_eq!(wrong.meant.is_some(), help.starts_with("write `https"), "{written}");
        }
    }
}
