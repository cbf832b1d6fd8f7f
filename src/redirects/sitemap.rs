//! The sitemap of a former site → its addresses, as this site would write them.

use quick_xml::Reader;
use quick_xml::events::Event;

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
    let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}'));
    let (mut root, mut in_location, mut found) = (String::new(), false, Vec::new());
    loop {
        match reader.read_event().map_err(broken)? {
            Event::Start(start) => {
                let name = start.local_name().as_ref().to_owned();
                if root.is_empty() {
                    root.clone_from(&name);
                }
                in_location = name == "loc";
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
            Event::End(_) => in_location = false,
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
        let index = "<sitemapindex><sitemap><loc>http://example.org/a.xml</loc></sitemap></sitemapindex>";
        let message = addresses_of_sitemap(index, &base).expect_err("a list");
        assert!(message.contains("http://example.org/a.xml"), "{message}");
        for wrong in ["", "<html></html>", "<urlset><loc>", "<urlset><loc>&nope;</loc></urlset>", "no xml"] {
            let found = addresses_of_sitemap(wrong, &base);
            assert!(found.map_or(true, |found| found.addresses.is_empty()), "{wrong}");
        }
    }
}
