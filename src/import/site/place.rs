//! Full addresses as the texts of a former site have them → its addresses, as they stand after its own.

use percent_encoding::percent_decode_str;

/// Where the site stood.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Place {
    /// Hosts in small letters, without `www.`.
    hosts: Vec<String>,
    /// The path before its addresses, without a slash at the end.
    prefix: String,
    /// Its full address.
    pub(crate) base: Option<String>,
}

impl Place {
    /// The place of a site, whose full address is the first of these; others are known as its own too.
    pub(crate) fn new(blog: &str, site: &str, link: &str) -> Self {
        let blog = [blog, link, site].into_iter().find(|one| host_and_path(one).is_some()).unwrap_or_default();
        let mut hosts = Vec::new();
        for one in [blog, link, site] {
            if let Some((host, _)) = host_and_path(one).filter(|(host, _)| !hosts.contains(host)) {
                hosts.push(host);
            }
        }
        let prefix = host_and_path(blog).map(|(_, path)| path.trim_end_matches('/').to_owned()).unwrap_or_default();
        let base = host_and_path(blog).is_some().then(|| {
            let full = blog.split(['?', '#']).next().unwrap_or(blog).trim().trim_end_matches('/');
            // A site that moves now is one that browsers can reach safely.
            format!("{}/", full.replacen("http://", "https://", 1))
        });
        Self { hosts, prefix, base }
    }

    /// The address of the site that `url` means, decoded, with its query; `None` for what is elsewhere.
    pub(crate) fn address(&self, url: &str) -> Option<String> {
        let url = url.trim();
        let path = if url.starts_with('/') && !url.starts_with("//") {
            url.to_owned()
        } else {
            let (host, path) = host_and_path(url)?;
            // Jetpack's copies of pictures: the host of the site is a part of the path.
            if host.ends_with(".wp.com") && host.starts_with('i') {
                let inner = path.trim_start_matches('/');
                let copy = format!("https://{}", inner.split('?').next().unwrap_or(inner));
                return host_and_path(&copy)
                    .filter(|(host, _)| self.hosts.contains(host))
                    .and_then(|_| self.address(&copy));
            }
            if !self.hosts.contains(&host) {
                return None;
            }
            path
        };
        let path = path.split('#').next().unwrap_or_default();
        let below = path
            .strip_prefix(self.prefix.as_str())
            .filter(|rest| rest.is_empty() || rest.starts_with(['/', '?']))
            .unwrap_or(path);
        let (path, query) = below.split_once('?').map_or((below, None), |(path, query)| (path, Some(query)));
        let path = percent_decode_str(path).decode_utf8().map_or_else(|_| path.to_owned(), |path| path.into_owned());
        let path = if path.is_empty() { "/".to_owned() } else { path };
        let mut clean: String = path.chars().filter(|c| !c.is_control()).collect();
        while clean.contains("//") {
            clean = clean.replace("//", "/");
        }
        Some(match query {
            Some(query) => format!("{clean}?{}", query.replace("&amp;", "&").replace("#038;", "")),
            None => clean,
        })
    }
}

/// The host of a full address in small letters without `www.`, and what follows it.
fn host_and_path(url: &str) -> Option<(String, String)> {
    let url = url.trim();
    let rest = url.strip_prefix("https:").or(url.strip_prefix("http:")).unwrap_or(url).strip_prefix("//")?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let host = rest[..end].to_ascii_lowercase();
    // Letters of other scripts are written in two ways.
    let host =
        if host.is_ascii() { host } else { url::Host::parse(&host).map_or(host.clone(), |host| host.to_string()) };
    let host = host.strip_prefix("www.").unwrap_or(&host).to_owned();
    let path = if rest[end..].is_empty() { "/".to_owned() } else { rest[end..].to_owned() };
    (!host.is_empty()).then_some((host, path))
}

#[cfg(test)]
mod tests {
    use super::Place;

    #[test]
    fn addresses_of_the_site_are_known_however_they_are_written() {
        let place = Place::new("http://www.example.org/blog", "http://example.org", "http://www.example.org/blog");
        assert_eq!(place.base.as_deref(), Some("https://www.example.org/blog/"));
        let address = |url: &str| place.address(url);
        assert_eq!(address("https://example.org/blog/a%20b/?x=1#y").as_deref(), Some("/a b/?x=1"));
        assert_eq!(address("//www.EXAMPLE.org/blog?p=3").as_deref(), Some("/?p=3"));
        assert_eq!(address("/wp-content/uploads/a.jpg").as_deref(), Some("/wp-content/uploads/a.jpg"));
        assert_eq!(
            address("https://i0.wp.com/www.example.org/wp-content/uploads/a.jpg?w=3").as_deref(),
            Some("/wp-content/uploads/a.jpg")
        );
        assert_eq!(address("https://other.org/blog/"), None);
        assert_eq!(address("mailto:a@example.org"), None);
    }
}
