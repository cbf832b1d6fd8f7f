//! The address of something on another site → whether readers can open it at all, as far as the address alone tells.
//!
//! Not here: whether it still exists. Nothing is fetched.

use std::net::IpAddr;

use url::{Host, Url};

use super::links::scheme;
use super::meant::full_address;
use crate::diagnostic::{Code, Diagnostic};

/// What is wrong with `to`, which is on another site, and what was meant if that is certain.
pub(super) fn doubts(to: &str) -> Option<(Diagnostic, Option<String>)> {
    if is_plain(to) {
        return None;
    }
    let lower = to.to_ascii_lowercase();
    if let Some(address) = lower.strip_prefix("mailto:") {
        return mail(to, address);
    }
    if !(lower.starts_with("http:") || lower.starts_with("https:") || to.starts_with("//")) {
        return None;
    }
    let doubt =
        |message: String, help: &str| Some((Diagnostic::new(Code::UnreachableAddress, message).help(help), None));
    if let Some(unseen) = to.chars().find(|c| matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}'))
    {
        let message = format!("an invisible character (U+{:04X}) is in this address", u32::from(unseen));
        let help = "delete the address and type it again: it was copied with a place where a line may break";
        return doubt(message, help);
    }
    let doubled = lower.strip_prefix("https://").or_else(|| lower.strip_prefix("http://"));
    let is_doubled =
        doubled.is_some_and(|rest| ["http:", "https:", "http//", "https//"].iter().any(|s| rest.starts_with(s)));
    let has_slashes = to.starts_with("//") || doubled.is_some();
    if is_doubled || !has_slashes {
        let meant = full_address(doubled.map_or(to, |rest| &to[to.len() - rest.len()..]));
        let fault = Diagnostic::new(Code::BrokenSourceLink, format!("`{to}` is no web address"));
        return Some(match meant {
            Some(meant) => (fault.help(format!("did you mean `{meant}`?")), Some(meant)),
            None => (fault.help("write https:// once, and then the host"), None),
        });
    }
    let Ok(url) = Url::parse(&if to.starts_with("//") { format!("https:{to}") } else { to.to_owned() }) else {
        let fault = Diagnostic::new(Code::BrokenSourceLink, format!("`{to}` is no web address"));
        return Some((fault.help("write one such as https://www.example.org/page/"), None));
    };
    if url.password().is_some() {
        let fault =
            Diagnostic::new(Code::UnreachableAddress, "this address has a password in it, which would be published");
        let help = "take out what stands between `//` and `@`, and choose a new password";
        return Some((fault.help(help).binding(), None));
    }
    if !url.username().is_empty() {
        let message = format!("`{}@` in this address is the name of a user, not part of the host", url.username());
        return doubt(message, "take it out, or write `mailto:` before an e-mail address");
    }
    if let Some(found) = url.host_str().filter(|host| is_of_office(host)).and_then(|_| office(&url)) {
        return Some(found);
    }
    let own = "readers cannot open it: it is only on your own machine or network";
    match url.host()? {
        Host::Ipv4(ip) if is_private(ip.into()) => doubt(format!("`{}` is not on the Web", ip), own),
        Host::Ipv6(ip) if is_private(ip.into()) => doubt(format!("`[{}]` is not on the Web", ip), own),
        Host::Domain(host) if is_local(host) => doubt(format!("`{host}` is not on the Web"), own),
        Host::Domain(host) if host.contains(',') || host.contains("..") => doubt(
            format!("`{host}` cannot be the name of a host"),
            "names of hosts are words with one full stop between them",
        ),
        _ => None,
    }
}

/// Whether a host is one on which colleagues write documents, or that stands before the addresses in their e-mail.
fn is_of_office(host: &str) -> bool {
    [".sharepoint.com", "docs.google.com", ".safelinks.protection.outlook.com"].iter().any(|end| host.ends_with(end))
}

/// An address that is meant for colleagues.
fn office(url: &Url) -> Option<(Diagnostic, Option<String>)> {
    let fault = |message: &str| Diagnostic::new(Code::UnreachableAddress, message);
    let (host, path) = (url.host_str().unwrap_or_default(), url.path());
    if host.ends_with("outlook.com") {
        let (_, meant) = url.query_pairs().find(|(name, _)| name == "url")?;
        let fault = fault("Outlook put its own address before this one, and sees who follows it");
        return Some((fault.help(format!("write `{meant}`")), Some(meant.into_owned())));
    }
    if host.ends_with("google.com") {
        let is_editor = path.ends_with("/edit") && url.query().is_none_or(|query| !query.contains("output="));
        let fault = fault("this is the document as its authors edit it, which readers may not open");
        let help = "link to what is published of it (in Google's menu: File, Share, Publish to web), or put it beside the text as a PDF";
        return is_editor.then(|| (fault.help(help), None));
    }
    // `/:w:/g/` is for everybody who has the address.
    let is_inside = ["/sites/", "/personal/", "/teams/", "/_layouts/"].iter().any(|part| path.contains(part))
        && !path.split('/').any(|part| part == "g");
    let fault = fault("only members of the organisation can open this address");
    is_inside.then(|| (fault.help("put the document beside the text, and link to that"), None))
}

/// Whether `to` is an ordinary address of the Web, as nearly all are: nothing in it needs a closer look.
fn is_plain(to: &str) -> bool {
    let Some(rest) = to.strip_prefix("https://").filter(|rest| rest.is_ascii()) else { return false };
    let host = &rest[..rest.find(['/', '?', '#']).unwrap_or(rest.len())];
    let is_letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'.');
    let last = host.rsplit('.').next().unwrap_or_default();
    host.bytes().all(is_letter)
        && !host.split('.').any(|part| part.is_empty() || part.starts_with("xn--"))
        && last.bytes().all(|byte| byte.is_ascii_lowercase())
        && !is_local(host)
        && !is_of_office(host)
}

/// Whether a text is the address of something on the Web, as far as its beginning tells.
pub(super) fn is_address(text: &str) -> bool {
    let scheme = scheme(text).unwrap_or_default();
    text.starts_with('/') || scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https")
}

/// Whether a host's name is known on one machine or network only (RFC 6761, RFC 6762, RFC 8375).
fn is_local(host: &str) -> bool {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    let last = host.rsplit('.').next().unwrap_or_default();
    !host.contains('.')
        || matches!(last, "localhost" | "local" | "internal" | "lan" | "test" | "invalid")
        || host.ends_with("home.arpa")
}

/// Whether a link shows its own address, `words`, and that is one on the machine of whoever reads it, or one that only examples
/// have: `http://localhost:8000` is then something to try, and leads each reader to what runs there.
pub(super) fn is_instruction(to: &str, words: &str) -> bool {
    if is_plain(to) {
        return false;
    }
    let bare = |text: &str| {
        let text = text.trim().trim_end_matches('/').to_ascii_lowercase();
        text.strip_prefix("http://").or_else(|| text.strip_prefix("https://")).unwrap_or(&text).to_owned()
    };
    let is_shown = || bare(words) == bare(to);
    let host = |url: &Url| match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback() || ip.is_unspecified(),
        Some(Host::Ipv6(ip)) => ip.is_loopback() || ip.is_unspecified(),
        Some(Host::Domain(host)) => {
            let host = host.trim_end_matches('.');
            matches!(host.rsplit('.').next(), Some("localhost" | "test" | "invalid" | "example"))
        }
        None => false,
    };
    is_shown() && Url::parse(to).is_ok_and(|url| url.username().is_empty() && host(&url))
}

fn is_private(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => ip.is_private() || ip.is_loopback() || ip.is_link_local() || ip.is_unspecified(),
        IpAddr::V6(ip) => ip.is_loopback() || ip.is_unspecified() || ip.is_unique_local() || ip.is_unicast_link_local(),
    }
}

/// `address` is what follows `mailto:`, in small letters (RFC 6068).
fn mail(to: &str, address: &str) -> Option<(Diagnostic, Option<String>)> {
    let (people, headers) = address.split_once('?').map_or((address, ""), |(people, headers)| (people, headers));
    // A link that lets readers choose to whom they write has headers only.
    let is_open = people.is_empty() && !headers.is_empty();
    let is_address = |one: &str| {
        let one = one.trim().replace("%40", "@");
        one.rsplit_once('@').is_some_and(|(name, host)| {
            !name.is_empty() && host.contains('.') && !host.starts_with('.') && !host.ends_with('.')
        })
    };
    if is_open || people.split([',', ';']).all(is_address) {
        return None;
    }
    let fault = Diagnostic::new(Code::BrokenSourceLink, format!("`{to}` names no e-mail address"));
    Some((fault.help("write it like `mailto:info@example.org`"), None))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_can_open_is_told_from_what_readers_can() {
        for fine in [
            "https://www.example.org/",
            "http://example.org:8080/a?b=c#d",
            "//cdn.example.org/x",
            "https://münchen.example/",
            "https://192.0.2.7/",
            "https://[2001:db8::1]/",
            "mailto:info@example.org",
            "mailto:a@example.org,b@example.org?subject=Hello%20there",
            "mailto:?subject=Read%20this",
            "MAILTO:Info@Example.org",
            "tel:+441612345678",
            "doi:10.1234/x",
            "https://example.org/http://other.example/",
            "https://local.example.org/",
            "https://docs.google.com/forms/d/e/1/viewform",
            "https://docs.google.com/document/d/e/2/pub",
            "https://tank.sharepoint.com/:b:/g/personal/jane/Ex",
        ] {
            assert!(doubts(fine).is_none(), "{fine}: {:?}", doubts(fine));
        }
        for wrong in [
            "http://localhost/",
            "http://localhost:8000/about/",
            "HTTP://LocalHost./",
            "http://127.0.0.1:1313/",
            "http://0.0.0.0/",
            "http://192.168.0.12/report",
            "http://10.1.2.3/",
            "http://[::1]/",
            "http://[fe80::1]/",
            "http://intranet/report",
            "http://nas.local/x",
            "http://files.lan/",
            "https://https://www.example.org",
            "http://https//www.example.org",
            "https:/www.example.org",
            "https:www.example.org",
            "https://",
            "http:///path",
            "https://www.exa\u{200b}mple.org/",
            "https://me:secret@example.org/",
            "https://www,example.org/",
            "https://tank.sharepoint.com/:w:/r/sites/comms/_layouts/15/Doc.aspx?sourcedoc=1",
            "https://docs.google.com/document/d/1abc/edit?usp=sharing",
            "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fwww.example.org%2F&data=05",
            "mailto:",
            "mailto:info@example",
            "mailto:info",
            "mailto:a@example.org,b",
        ] {
            assert!(doubts(wrong).is_some(), "{wrong}");
        }
        for (to, words) in [
            ("http://localhost:8000", "http://localhost:8000"),
            ("http://localhost:8000/", "localhost:8000"),
            ("http://127.0.0.1:7878/sleep", "127.0.0.1:7878/sleep"),
            ("http://[::1]:8000/", "http://[::1]:8000"),
            ("http://0.0.0.0:5000", "http://0.0.0.0:5000"),
            ("https://shop.test/x", "https://shop.test/x"),
            ("http://app.localhost:3000/", "http://app.localhost:3000/"),
        ] {
            assert!(is_instruction(to, words), "{to}");
        }
        for (to, words) in [
            ("http://localhost:8000/plan/", "The plan"),
            ("http://localhost:8000/plan/", "http://localhost:8000"),
            ("http://192.168.0.12/report", "http://192.168.0.12/report"),
            ("http://intranet/report", "http://intranet/report"),
            ("http://me:secret@localhost/", "http://me:secret@localhost/"),
            ("https://www.example.org/", "https://www.example.org/"),
            ("localhost:8000", "localhost:8000"),
        ] {
            assert!(!is_instruction(to, words), "{to}");
        }
        let help = |to: &str| doubts(to).and_then(|(fault, _)| fault.help).unwrap_or_default();
        assert_eq!(help("https:/www.example.org/a"), "did you mean `https://www.example.org/a`?");
        assert_eq!(help("https://https://www.example.org"), "did you mean `https://www.example.org`?");
    }
}
