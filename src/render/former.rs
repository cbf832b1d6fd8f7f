//! Former addresses → pages that send readers on, and rules in the notation of each host.
//!
//! Rules give whole addresses, encoded as browsers request them and with the site's prefix. A pattern that matches no
//! address in use is passed to the host as a pattern; all others line by line.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::config::{Base, Host, Lang};
use crate::redirects::{By, MovedPattern, Pattern, Redirect, Redirects, To, href, netlify_query};
use crate::routes::{self, RouteKind, Routes, is_indexed};
use crate::site::Site;
use crate::template::{Renderer, escaped};

/// A page at a former address.
pub(super) fn page(renderer: &Renderer, number: usize) -> String {
    let (site, routes) = (&renderer.asked.site, &renderer.asked.routes);
    let one = &routes.redirects.all()[number];
    let (href, url) = (escaped(&one.href(site)), escaped(&one.url(site)));
    let target = match &one.to {
        To::Here(to) => routes.at(&crate::path::Address::new(to.path())).map(|route| &route.kind),
        To::Elsewhere(_) => None,
    };
    let title = match (one.by, target) {
        (By::Alias(ix), _) => escaped(&site.config.set(site.entry(ix).title())),
        (_, Some(RouteKind::Entry(ix))) => escaped(&site.config.set(site.entry(*ix).title())),
        _ => url.clone(),
    };
    let is_listed = match one.by {
        By::Alias(ix) => site.is_indexed(ix),
        _ => target.is_none_or(|kind| is_indexed(site, kind)),
    };
    let robots = if is_listed { "" } else { "<meta name=\"robots\" content=\"noindex\">\n" };
    let lang = match (one.by, target) {
        (By::Alias(ix), _) => site.lang(ix),
        (_, Some(kind)) => super::language(site, kind),
        (_, None) => Lang::OWN,
    };
    let lang = &site.config.in_language(lang).code;
    format!(
        "<!doctype html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n<title>{title}</title>\n{robots}\
         <meta http-equiv=\"refresh\" content=\"0; url={href}\">\n<link rel=\"canonical\" href=\"{url}\">\n</head>\n\
         <body>\n<p><a href=\"{href}\">{title}</a></p>\n</body>\n</html>\n"
    )
}

/// The rules of a host.
pub(super) fn rules(site: &Site, routes: &Routes, host: Host) -> String {
    let rules = Rules { site, base: &site.config.base, table: &routes.redirects, routes };
    match host {
        Host::Netlify => rules.netlify(),
        Host::Nginx => rules.nginx(),
        Host::Apache => rules.apache(),
        Host::Caddy => rules.caddy(),
    }
}

/// What the rules of a host are made from.
struct Rules<'a> {
    site: &'a Site,
    base: &'a Base,
    table: &'a Redirects,
    routes: &'a Routes,
}

/// The characters with a meaning in a regular expression.
const REGEX_SIGNS: &str = "\\.+*?()|[]{}^$";

impl<'a> Rules<'a> {
    /// The redirects that the host gets one by one.
    fn singles(&self, host: Host) -> impl Iterator<Item = &'a Redirect> {
        let table = self.table;
        table.all().iter().filter(move |one| table.is_single(one, host))
    }

    /// The patterns that the host gets as patterns.
    fn patterns(&self, host: Host) -> impl Iterator<Item = &'a MovedPattern> {
        self.table.patterns.iter().filter(move |pattern| pattern.is_for(host))
    }

    /// Each form in which a browser may request a former address: a page's with and without its last slash.
    fn forms(&self, one: &Redirect) -> Vec<String> {
        let from = one.from.as_str();
        let mut forms = vec![href(self.base, from)];
        if let Some(bare) = from.strip_suffix('/').filter(|bare| !bare.is_empty() && !from.contains('?')) {
            forms.push(href(self.base, bare));
        }
        forms
    }

    /// The line that asks for most of a query first, since Netlify takes the first that fits, whatever else is in the query;
    /// then static lines before patterns, as Cloudflare asks. That host skips what it does not understand.
    fn netlify(&self) -> String {
        let mut lines: Vec<NetlifyLine> = Vec::new();
        // A colon or a star would begin a placeholder.
        let literal = |text: &str| text.replace(':', "%3A").replace('*', "%2A");
        for one in self.singles(Host::Netlify) {
            let Some(query) = netlify_query(&one.from) else { continue };
            let path = one.as_written().split('?').next().unwrap_or_default();
            let (from, is_taken) = (literal(&href(self.base, path)), self.stands(path));
            lines.push(NetlifyLine { from, query, to: one.href(self.site), status: 301, is_taken });
        }
        let gone = self.base.href("/404.html");
        let closed = self.table.gone.iter().filter(|gone| !gone.as_str().contains('?'));
        let closed: Vec<String> = closed.map(|one| format!("{} {gone} 410\n", href(self.base, one.as_str()))).collect();
        for one in self.table.gone.iter().filter(|gone| gone.as_str().contains('?')) {
            let Some(query) = netlify_query(one) else { continue };
            let path = one.path();
            let (from, is_taken) = (literal(&href(self.base, path)), self.stands(path));
            lines.push(NetlifyLine { from, query, to: gone.clone(), status: 410, is_taken });
        }
        let singles = lines.len();
        for pattern in self.patterns(Host::Netlify) {
            let side = |pattern: &Pattern| {
                let text = pattern.with(|text| encoded(self.base, text), |name| format!(":{name}"));
                format!("{}{text}", self.base.prefix)
            };
            let from = side(&pattern.from);
            let (path, query) = from.split_once('?').unwrap_or((&from, ""));
            let decoded = |part: &str| percent_encoding::percent_decode_str(part).decode_utf8_lossy().into_owned();
            let (query, to) = (parts(query).map(decoded).collect(), side(&pattern.to));
            let is_taken = self.stands(pattern.from.written(|_| "{}".to_owned()).split('?').next().unwrap_or_default());
            lines.push(NetlifyLine { from: path.to_owned(), query, to, status: 301, is_taken });
        }
        let patterns = lines.split_off(singles);
        let (mut asking, singles): (Vec<_>, Vec<_>) = lines.into_iter().partition(|line| !line.query.is_empty());
        let (asking_any, patterns): (Vec<_>, Vec<_>) = patterns.into_iter().partition(|line| !line.query.is_empty());
        asking.extend(asking_any);
        asking.sort_by_key(|line| std::cmp::Reverse(line.query.len()));
        let mut out: String = asking.iter().chain(&singles).map(NetlifyLine::written).collect();
        out.extend(closed);
        out.extend(patterns.iter().map(NetlifyLine::written));
        // An address that leads nowhere is answered in the language of its part of the site; Cloudflare does so unasked.
        for lang in self.site.config.languages().filter(|lang| *lang != Lang::OWN) {
            let prefix = &self.site.config.in_language(lang).prefix;
            let (all, page) = (format!("{prefix}/*"), routes::not_found(self.site, lang));
            let _ = writeln!(out, "{} {} 404", href(self.base, &all), href(self.base, page.as_str()));
        }
        out
    }

    /// Whether a page or a file is at a path, with or without a page's last slash.
    fn stands(&self, path: &str) -> bool {
        let address = crate::path::Address::new(path);
        self.routes.at(&address).is_some() || self.routes.at(&address.page()).is_some()
    }

    /// Lines for `map $request_uri $variable { include …; }`; `410` stands for addresses that were given up.
    fn nginx(&self) -> String {
        let mut lines: Vec<(String, String)> = Vec::new();
        for one in self.singles(Host::Nginx) {
            let to = one.href(self.site);
            lines.extend(self.forms(one).into_iter().map(|from| (from, to.clone())));
        }
        for gone in &self.table.gone {
            lines.push((href(self.base, gone.as_str()), "410".to_owned()));
        }
        // nginx ignores case in plain lines, and does not start if one appears twice.
        let mut folded: Vec<(String, usize)> =
            lines.iter().enumerate().map(|(n, (from, _))| (from.to_ascii_lowercase(), n)).collect();
        folded.sort();
        let mut out = String::new();
        let mut exact = String::new();
        for same in folded.chunk_by(|a, b| a.0 == b.0) {
            for (_, n) in same {
                let (from, to) = &lines[*n];
                match same.len() {
                    1 => {
                        let _ = writeln!(
                            out,
                            "{} {};",
                            nginx_text(from, NginxText::Plain),
                            nginx_text(to, NginxText::Value)
                        );
                    }
                    _ => {
                        let _ = writeln!(
                            exact,
                            "{} {};",
                            nginx_text(&format!("~^{}$", regex(from)), NginxText::Regex),
                            nginx_text(to, NginxText::Value)
                        );
                    }
                }
            }
        }
        out.push_str(&exact);
        for (number, pattern) in self.patterns(Host::Nginx).enumerate() {
            let name = |name: &str| format!("moved_{number}_{name}");
            let from = self.pattern_regex(pattern, |one| format!("(?<{}>[^/?]+)", name(one)));
            let to = pattern.to.with(
                |text| nginx_text(&encoded(self.base, text), NginxText::Inner),
                |one| format!("${{{}}}", name(one)),
            );
            let to = format!("\"{}{to}\"", nginx_text(&self.base.prefix, NginxText::Inner));
            let _ = writeln!(out, "{} {to};", nginx_text(&format!("~^{from}$"), NginxText::Regex));
        }
        out
    }

    /// Rules for `.htaccess` in the published folder.
    fn apache(&self) -> String {
        let mut rules: Vec<ApacheRule> = Vec::new();
        let mut rule = |(path, query): (String, Option<String>), to: &str, flags: &'static str| {
            rules.push(ApacheRule { path, query, to: to.to_owned(), flags });
        };
        for one in self.singles(Host::Apache) {
            let from = self.apache_from(one.from.as_str(), |text| apache_quoted(&regex(text)));
            rule(from, &apache_to(&one.href(self.site)), "R=301,L,NE,QSD");
        }
        for gone in &self.table.gone {
            rule(self.apache_from(gone.as_str(), |text| apache_quoted(&regex(text))), "-", "G,L");
        }
        for pattern in self.patterns(Host::Apache) {
            // A placeholder becomes a character that no address holds, until the rest is a regular expression.
            let from = pattern.from.written(|_| "\0".to_owned());
            let from = self.apache_from(&from, |text| apache_quoted(&regex(text)).replace('\0', "([^/]+)"));
            // The parts of a query are counted separately from those of the path.
            let in_path = from.0.matches("([^/]+)").count();
            let names = pattern.from.names();
            let to = pattern.to.with(
                |text| apache_to(&encoded(self.base, text)),
                |name| match names.iter().position(|known| known == name).unwrap_or(0) {
                    at if at < in_path => format!("${}", at + 1),
                    at => format!("%{}", at - in_path + 1),
                },
            );
            rule(from, &format!("{}{to}", apache_to(&self.base.prefix)), "R=301,L,QSD");
        }
        // A rule without a query takes every query, so it comes last. Where others ask for some, it takes none.
        rules.sort_by_key(|rule| rule.query.is_none());
        let asked: BTreeSet<String> =
            rules.iter().filter(|one| one.query.is_some()).map(|one| one.path.clone()).collect();
        let mut out = "<IfModule mod_rewrite.c>\nRewriteEngine On\n".to_owned();
        for ApacheRule { path, query, to, flags } in &rules {
            let none = asked.contains(path).then_some("");
            if let Some(query) = query.as_deref().or(none) {
                let _ = writeln!(out, "RewriteCond %{{QUERY_STRING}} \"^{query}$\"");
            }
            let _ = writeln!(out, "RewriteRule \"^{path}$\" \"{to}\" [{flags}]");
        }
        out.push_str("</IfModule>\n");
        out
    }

    /// A former address as Apache matches it: its decoded path without the first slash, and its query.
    fn apache_from(&self, from: &str, expression: impl Fn(&str) -> String) -> (String, Option<String>) {
        let (path, query) = from.split_once('?').map_or((from, None), |(path, query)| (path, Some(query)));
        let path = path.strip_prefix('/').unwrap_or(path);
        let bare = path.strip_suffix('/').filter(|bare| !bare.is_empty());
        let path = bare.map_or_else(|| expression(path), |bare| format!("{}/?", expression(bare)));
        let as_asked =
            |query: &str| query.split('\0').map(|text| encoded(self.base, text)).collect::<Vec<_>>().join("\0");
        (path, query.map(|query| expression(&as_asked(query))))
    }

    /// A snippet for a site block to import.
    fn caddy(&self) -> String {
        let mut out = "map {uri} {former_to} {former_status} {\n".to_owned();
        for one in self.singles(Host::Caddy) {
            let to = caddy_text(&one.href(self.site));
            for from in self.forms(one) {
                let _ = writeln!(out, "\t{} {to} 301", caddy_text(&from));
            }
        }
        for gone in &self.table.gone {
            let _ = writeln!(out, "\t{} - 410", caddy_text(&href(self.base, gone.as_str())));
        }
        for pattern in self.patterns(Host::Caddy) {
            let from = self.pattern_regex(pattern, |_| "([^/?]+)".to_owned());
            let names = pattern.from.names();
            let to = pattern.to.with(
                |text| encoded(self.base, text),
                |name| format!("${{{}}}", names.iter().position(|known| known == name).unwrap_or(0) + 1),
            );
            let _ = writeln!(out, "\t`~^{from}$` `{}{to}` 301", self.base.prefix);
        }
        out.push_str(
            "\tdefault - 0\n}\n@former vars {former_status} 301\nredir @former {former_to} 301\n\
             @gone vars {former_status} 410\nerror @gone \"Gone\" 410\n",
        );
        out
    }

    /// The regular expression for a pattern's former addresses, with or without a page's last slash.
    fn pattern_regex(&self, pattern: &MovedPattern, part: impl Fn(&str) -> String) -> String {
        let from = pattern.from.with(|text| regex(&encoded(self.base, text)), part);
        let from = format!("{}{from}", regex(&self.base.prefix));
        from.strip_suffix('/').map_or_else(|| from.clone(), |bare| format!("{bare}/?"))
    }
}

/// A line of `_redirects`.
struct NetlifyLine {
    from: String,
    query: Vec<String>,
    to: String,
    status: u16,
    /// Whether a page or a file is there, which would be shown in its place.
    is_taken: bool,
}

impl NetlifyLine {
    fn written(&self) -> String {
        let query: String = self.query.iter().map(|part| format!("{part} ")).collect();
        let force = if self.is_taken && !self.query.is_empty() { "!" } else { "" };
        format!("{} {query}{} {}{force}\n", self.from, self.to, self.status)
    }
}

/// A rule of `.htaccess`; its path and its query are regular expressions.
struct ApacheRule {
    path: String,
    query: Option<String>,
    to: String,
    flags: &'static str,
}

/// The parts of a query.
fn parts(query: &str) -> impl Iterator<Item = &str> {
    query.split('&').filter(|part| !part.is_empty())
}

/// A part of an address, with characters encoded that it cannot hold.
fn encoded(base: &Base, text: &str) -> String {
    base.href(text)[base.prefix.len()..].to_owned()
}

/// A regular expression that matches `text` and nothing else.
fn regex(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for sign in text.chars() {
        if REGEX_SIGNS.contains(sign) {
            out.push('\\');
        }
        out.push(sign);
    }
    out
}

/// Where a text goes in a line of nginx.
#[derive(Clone, Copy, PartialEq)]
enum NginxText {
    /// The left side, which is compared.
    Plain,
    /// The right side, the result.
    Value,
    Regex,
    /// Within quotation marks.
    Inner,
}

/// A text in nginx's quotation marks. In a value, a dollar sign begins a variable and cannot be escaped, so it is encoded.
fn nginx_text(text: &str, place: NginxText) -> String {
    let text = text.replace('\\', "\\\\").replace('"', "\\\"");
    match place {
        NginxText::Plain | NginxText::Regex => format!("\"{text}\""),
        NginxText::Value => format!("\"{}\"", text.replace('$', "%24")),
        NginxText::Inner => text.replace('$', "%24"),
    }
}

/// A text within Apache's quotation marks.
fn apache_quoted(text: &str) -> String {
    text.replace('"', "\\x22").replace(' ', "\\x20")
}

/// A target, in which a dollar or percent sign would begin a backreference.
fn apache_to(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "%22").replace('%', "\\%").replace('$', "\\$")
}

/// A word of a Caddyfile, in which a brace would begin a placeholder.
fn caddy_text(text: &str) -> String {
    format!("`{}`", text.replace('`', "%60").replace('{', "\\{"))
}
