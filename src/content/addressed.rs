//! `slug` and `permalink` of an entry → what is wrong with them: each is published as it is written, or reported.
//!
//! Not here: the addresses themselves (`site::addresses`), and whether disks can hold them (`routes`).

use super::Head;
use crate::config::{Base, Config, Lang};
use crate::diagnostic::{Code, Diagnostic};
use crate::path::{Address, slug};
use crate::schema::{Value, secrecy};

/// The longest name of a file, in bytes, on all common disks.
const LONGEST: usize = 255;

/// The whole address that `permalink` states, below the site's own path; the message says what is wrong with it, and what to
/// write instead if that is known.
pub(crate) fn whole_address(permalink: &str, base: &Base) -> Result<Address, (String, Option<String>)> {
    let written = permalink.trim();
    let Some(path) = base.path_of(written) else {
        let is_path = !written.contains("//") && !written.contains(':');
        let meant = slugs(written).filter(|_| is_path);
        return Err((format!("`{written}` is not a whole address of this site, which begins with `/`"), meant));
    };
    if path.contains(['?', '#']) {
        return Err((
            format!("`{written}` is more than the address of a page: `?` and `#` come behind it"),
            slugs(&path),
        ));
    }
    let page = Address::new(&path).page();
    let parts = || page.as_str().trim_matches('/').split('/').filter(|part| !part.is_empty());
    match parts().find(|part| slug(part) != **part) {
        None if path.contains("//") => {
            Err((format!("`{written}` has two slashes side by side"), Some(page.to_string())))
        }
        None => Ok(page),
        Some(part) if part.contains(['{', ':']) => {
            let message = format!("`{part}` is not filled in here: `permalink` is the address itself");
            Err((message, None))
        }
        Some(part) => {
            let message =
                format!("`{part}` cannot be a part of an address: it has small letters of English, digits and hyphens");
            Err((message, slugs(&path)))
        }
    }
}

/// The address of a page that `path` may mean.
fn slugs(path: &str) -> Option<String> {
    let path = path.split(['?', '#']).next().unwrap_or(path);
    let path = path.strip_suffix(".html").or_else(|| path.strip_suffix(".htm")).unwrap_or(path);
    let path = path.strip_suffix("/index").unwrap_or(path);
    let parts: Vec<String> = path.split('/').map(slug).filter(|part| !part.is_empty()).collect();
    (!parts.is_empty()).then(|| format!("/{}/", parts.join("/")))
}

/// The faults of what an entry itself states about its address; `text` is that of its file.
pub(super) fn faults(head: &Head, text: &str, config: &Config) -> Vec<Diagnostic> {
    let collection = &config.collections[&head.id.collection];
    let mut found = Vec::new();
    if collection.path.is_none() {
        return found;
    }
    let placed = |field: &str| match head.values.get(field).map(|placed| (&placed.value, placed.span.clone())) {
        Some((Value::Text(text), span)) => Some((text.clone(), span)),
        _ => None,
    };
    let fault = |message: String, span| Diagnostic::new(Code::BadAddress, message).at(&head.source, span);
    let permalink = placed("permalink").filter(|_| collection.has_permalinks);
    if let Some((own, span)) = permalink.as_ref().filter(|(own, _)| secrecy::says_no(own)) {
        let message = format!("`permalink` cannot be `{own}`: it is the whole address of a page");
        let help = "to hide it, write `status = \"draft\"`; else delete the line";
        found.push(fault(message, span.clone()).help(help).binding());
    } else if let Some((own, span)) = &permalink {
        found.extend(
            match whole_address(own, &config.base) {
                Err((message, meant)) => Some((message, meant)),
                Ok(address) => outside_language(&address, head, config),
            }
            .map(|(message, meant)| match meant {
                Some(meant) => fault(message, span.clone()).help(format!("did you mean `{meant}`?")),
                None => fault(message, span.clone()).help("write it like this: `/about-us/`"),
            }),
        );
    }
    if let Some((own, span)) = placed("slug") {
        found.extend(slug_fault(head, &own, permalink.is_some(), config).map(|(message, meant)| match meant {
            Some(meant) => fault(message, span).help(format!("write `{meant}`")).meant_for(text, &own, &meant),
            None => fault(message, span).help("delete the line"),
        }));
    }
    found
}

/// What is wrong with a whole address if it belongs to another language than its page.
fn outside_language(address: &Address, head: &Head, config: &Config) -> Option<(String, Option<String>)> {
    let own = config.language_named(&head.id.lang)?;
    let prefix = &config.in_language(own).prefix;
    let has = |prefix: &str| address.as_str().starts_with(&format!("{prefix}/"));
    if own != Lang::OWN {
        let meant = format!("{prefix}{address}");
        return (!has(prefix)).then(|| (format!("the addresses of this language begin with `{prefix}/`"), Some(meant)));
    }
    let other = config
        .languages()
        .filter(|lang| *lang != own)
        .map(|lang| &config.in_language(lang).prefix)
        .find(|prefix| has(prefix))?;
    Some((format!("addresses that begin with `{other}/` are those of another language"), None))
}

/// What is wrong with a `slug`, and what to write instead; nothing stands instead of one without any effect.
fn slug_fault(head: &Head, own: &str, has_permalink: bool, config: &Config) -> Option<(String, Option<String>)> {
    let is_page = &*head.id.collection == "pages";
    if has_permalink {
        return Some(("`permalink` gives the whole address, so this `slug` has no effect".to_owned(), None));
    }
    if is_page && &*head.id.key == "index" {
        return Some(("the home page is at the root of the site, so this `slug` has no effect".to_owned(), None));
    }
    if let Some(list) = config.introduced(&head.source) {
        let message = format!(
            "this text begins the page of the list `{}`, whose `route` is its address: this `slug` has no effect",
            list.name
        );
        return Some((message, None));
    }
    // A page may move to another folder of addresses.
    let meant = match is_page {
        true => own.split('/').map(slug).filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/"),
        false => slug(own),
    };
    if meant.is_empty() {
        return Some((format!("`{own}` cannot be a part of an address: it has no letters or digits"), None));
    }
    if meant.split('/').any(|part| part.len() > LONGEST) {
        // No disk could hold it however it is spelt, which is found where all addresses are known.
        return None;
    }
    let what = if is_page { "the address" } else { "the last part of the address" };
    (meant != own).then(|| {
        (format!("`{own}` cannot be {what}: it has small letters of English, digits and hyphens"), Some(meant))
    })
}
