//! The sitemap of a former site → its addresses, as this site would write them.

use quick_xml::NsReader;
use quick_xml::events::Event;
use quick_xml::name::ResolveResult;

use super::former::former;
use crate::config::Base;
use crate::path::Address;

/// What a sitemap holds.
#[derive(Debug, Default)]
pub(crate) struct FromSitemap {
    pub(crate) addresses: Vec<Address>,
    /// How many are outside the folder this site is published in.
    pub(crate) outside: usize,
}

/// Reads the text of a sitemap (sitemaps.org protocol 0.9), whatever host its addresses name; the message says why it is not one.
pub(crate) fn addresses_of_sitemap(text: &str, base: &Base) -> Result<FromSitemap, String> {
    let locations = locations(text)?;
    let mut found = FromSitemap::default();
    for location in locations {
        let Ok(url) = url::Url::parse(&location) else { continue };
        let below = url[url::Position::BeforePath..url::Position::AfterQuery].to_owned();
        let own =
            below.strip_prefix(base.prefix.as_str()).filter(|rest| rest.is_empty() || rest.starts_with(['/', '?']));
        match own.map(|own| former(if own.is_empty() { "/" } else { own }, base)) {
            Some(Ok(former)) => found.addresses.push(former.address),
            _ => found.outside += 1,
        }
    }
    Ok(found)
}

fn locations(text: &str) -> Result<Vec<String>, String> {
    let broken = |error: quick_xml::Error| format!("it cannot be read as XML: {error}");
    let mut reader = NsReader::from_str(text.trim_start_matches('\u{feff}'));
    // The names of what is open, from the root; an element of another name space than the root's has none.
    let (mut open, mut space, mut found): (Vec<String>, Option<String>, Vec<String>) = (Vec::new(), None, Vec::new());
    let mut root = String::new();
    let mut in_location = false;
    loop {
        let (resolved, event) = reader.read_resolved_event().map_err(broken)?;
        match event {
            Event::Start(start) => {
                let own = match &resolved {
                    ResolveResult::Bound(space) => Some(space.as_ref().to_owned()),
                    ResolveResult::Unknown(prefix) => Some(format!("{prefix:?}")),
                    ResolveResult::Unbound => None,
                };
                let name = start.local_name().as_ref().to_owned();
                if open.is_empty() {
                    (root, space) = (name.clone(), own.clone());
                }
                open.push(if own == space { name } else { String::new() });
                // Pictures and videos have locations of their own, deeper down or in another name space.
                in_location = open.len() == 3 && open[2] == "loc" && matches!(&*open[1], "url" | "sitemap");
                if in_location {
                    found.push(String::new());
                }
            }
            Event::Text(text) if in_location => push(&mut found, &text),
            Event::CData(text) if in_location => push(&mut found, &text),
            Event::GeneralRef(name) if in_location => {
                let reference = format!("&{};", &*name);
                let sign = quick_xml::escape::unescape(&reference).map(|sign| sign.into_owned());
                push(&mut found, &sign.map_err(|_| format!("`{reference}` has no meaning in it"))?);
            }
            Event::End(_) => {
                open.pop();
                in_location = false;
            }
            Event::Eof => break,
            _ => {}
        }
    }
    let found: Vec<String> = found.iter().map(|one| one.trim().to_owned()).collect();
    match root.as_str() {
        "urlset" => Ok(found),
        "sitemapindex" => Err(format!("it is a list of other sitemaps, not of pages: {}", found.join(", "))),
        _ => Err("it is not a sitemap: it does not begin with `<urlset>`".to_owned()),
    }
}

fn push(found: &mut [String], text: &str) {
    if let Some(last) = found.last_mut() {
        last.push_str(text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sitemap_is_read_and_a_list_of_sitemaps_is_told() {
        let base = Base::parse("https://www.example.org/site/").expect("a full address");
        let text = "<?xml version=\"1.0\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n\
                    <url><loc> http://example.org/site/a%20b </loc><lastmod>2019-01-01</lastmod></url>\n\
                    <url><loc><![CDATA[http://example.org/site/?p=1&x=2]]></loc></url>\n\
                    <url><loc>http://example.org/site/?p=1&amp;y=2</loc></url>\n\
                    <url><loc>http://example.org/other/</loc></url></urlset>";
        let found = addresses_of_sitemap(text, &base).expect("a sitemap");
        let addresses: Vec<&str> = found.addresses.iter().map(Address::as_str).collect();
        assert_eq!((addresses, found.outside), (vec!["/a b/", "/?p=1&x=2", "/?p=1&y=2"], 1));
        let pictures = "<url><loc>http://example.org/site/a/</loc><image:image><image:loc>http://example.org/site/a.jpg</image:loc></image:image>\
             <image xmlns=\"http://www.google.com/schemas/sitemap-image/1.1\"><loc>http://example.org/site/b.jpg</loc></image>\
             <i:loc xmlns:i=\"http://www.google.com/schemas/sitemap-image/1.1\">http://example.org/site/c.jpg</i:loc></url>";
        for (open, close) in [
            (
                "<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" xmlns:image=\"http://www.google.com/schemas/sitemap-image/1.1\">",
                "</urlset>",
            ),
            ("<urlset>", "</urlset>"),
            ("<urlset xmlns:image=\"http://www.google.com/schemas/sitemap-image/1.1\">", "</urlset>"),
        ] {
            let found = addresses_of_sitemap(&format!("{open}{pictures}{close}"), &base).expect("a sitemap");
            assert_eq!(found.addresses, [Address::new("/a/")], "{open}");
        }
        let prefixed = "<s:urlset xmlns:s=\"http://www.sitemaps.org/schemas/sitemap/0.9\"><s:url><s:loc>http://example.org/site/a/</s:loc></s:url></s:urlset>";
        assert_eq!(addresses_of_sitemap(prefixed, &base).expect("a sitemap").addresses, [Address::new("/a/")]);
        let index = "<sitemapindex><sitemap><loc>http://example.org/a.xml</loc></sitemap></sitemapindex>";
        let message = addresses_of_sitemap(index, &base).expect_err("a list");
        assert!(message.contains("http://example.org/a.xml"), "{message}");
        for wrong in ["", "<html></html>", "<urlset><loc>", "<urlset><loc>&nope;</loc></urlset>", "no xml"] {
            let found = addresses_of_sitemap(wrong, &base);
            assert!(found.map_or(true, |found| found.addresses.is_empty()), "{wrong}");
        }
    }
}
