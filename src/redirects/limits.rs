//! A table of redirects → the lines that a chosen host would not accept.
//!
//! Cloudflare Pages reads the first 2,000 lines without a placeholder and the first 100 with one, each of at most 1,000
//! characters; Netlify advises patterns from 10,000 lines on.

use super::Redirects;
use crate::config::Host;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::path::Address;
use crate::site::Site;

const CLOUDFLARE_LINES: usize = 2_000;
const CLOUDFLARE_PATTERNS: usize = 100;
const CLOUDFLARE_LENGTH: usize = 1_000;
const NETLIFY_LINES: usize = 10_000;

/// Warns of the lines in `table` that hosts would not accept.
pub(super) fn check(site: &Site, table: &Redirects, faults: &mut Vec<Diagnostic>) {
    let hosts = &site.config.hosting.rules;
    if hosts.contains(&Host::Netlify) {
        netlify(table, faults);
    }
}

fn netlify(table: &Redirects, faults: &mut Vec<Diagnostic>) {
    let mut warn = |message: String, span: &Span, help: &str| {
        faults.push(Diagnostic::new(Code::RedirectLimit, message).span(span.clone()).help(help));
    };
    let singles = || table.all.iter().filter(|one| table.is_single(one, Host::Netlify));
    // A line with a query has a notation that Cloudflare does not read at all.
    let plain = || singles().filter(|one| !one.from.as_str().contains('?'));
    let many = "use a pattern in `[[moved]]` where you can; pages at former addresses work without the host's help";
    if let Some(first) = plain().nth(CLOUDFLARE_LINES) {
        warn(
            format!(
                "Cloudflare Pages reads {CLOUDFLARE_LINES} redirects; this is one of {} too many",
                plain().count() - CLOUDFLARE_LINES
            ),
            &first.span,
            many,
        );
    }
    if let Some(first) = singles().nth(NETLIFY_LINES) {
        warn(
            format!("Netlify advises fewer than {NETLIFY_LINES} redirects; there are {}", singles().count()),
            &first.span,
            many,
        );
    }
    if let Some(pattern) =
        table.patterns.iter().filter(|pattern| pattern.is_for(Host::Netlify)).nth(CLOUDFLARE_PATTERNS)
    {
        warn(
            format!("Cloudflare Pages reads {CLOUDFLARE_PATTERNS} patterns; this is one too many"),
            &pattern.span,
            many,
        );
    }
    for one in plain() {
        let to = match &one.to {
            super::To::Here(to) => to.as_str(),
            super::To::Elsewhere(to) => to,
        };
        // Encoding makes addresses longer; a line this near the limit is not worth exactness.
        if one.from.as_str().len() + to.len() + 5 > CLOUDFLARE_LENGTH {
            let message =
                format!("Cloudflare Pages reads lines of up to {CLOUDFLARE_LENGTH} characters; this one is longer");
            warn(message, &one.span, "remove what the address can do without, such as its query");
        }
    }
    if let Some(one) = singles().find(|one| netlify_query(&one.from).is_none()) {
        warn(
            format!(
                "Netlify accepts only queries of the form `name=value`, without blanks, so it will not redirect `{}`",
                one.from
            ),
            &one.span,
            "write the former address without its query, or use a host that accepts it, such as nginx",
        );
    }
}

/// The parts of an address's query as Netlify's rules have them: it compares them with what is asked for once that is decoded.
/// `None` if one has no name or value, or holds what a rule cannot.
pub(crate) fn netlify_query(from: &Address) -> Option<Vec<String>> {
    let Some((_, query)) = from.as_str().split_once('?') else { return Some(Vec::new()) };
    let decoded = |text: &str| {
        let text = text.replace('+', " ");
        percent_encoding::percent_decode_str(&text).decode_utf8().ok().map(|text| text.into_owned())
    };
    let part = |part: &str| {
        let (name, value) = part.split_once('=')?;
        let (name, value) = (decoded(name)?, decoded(value)?);
        let is_plain = |text: &str| !text.is_empty() && !text.contains(|c: char| c.is_whitespace() || c == '*');
        (is_plain(&name) && is_plain(&value) && !value.starts_with(':')).then(|| format!("{name}={value}"))
    };
    query.split('&').map(part).collect()
}
