//! The headers that hosts send with every page: where anything may be loaded from, and what a page may do.
//!
//! Published pages have no inline script or style and load nothing from elsewhere, so the policy can be strict. The preview
//! sends the same headers, so that an author sees a violation before readers would. `docs/content/hosting.md` gives them in
//! the syntax of three web servers, and a test compares the two.

/// Names and values of the headers sent with every answer.
pub(crate) const HEADERS: &[(&str, &str)] = &[
    ("Content-Security-Policy", CONTENT_SECURITY_POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "strict-origin-when-cross-origin"),
    ("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
];

/// The policy of a page that the sites named may show in a frame.
macro_rules! policy {
    ($frames:literal) => {
        concat!(
            "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; img-src 'self' data:; base-uri 'none'; ",
            "form-action 'self'; frame-ancestors ",
            $frames,
            "; object-src 'none'"
        )
    };
}

/// Only what the site itself publishes, and no other site may frame it. The search runs the site's own WebAssembly.
pub(crate) const CONTENT_SECURITY_POLICY: &str = policy!("'none'");

/// The same for the page of a chart alone, which every site may frame: it has nothing to click but links to its page and data.
pub(crate) const FOR_EMBEDDING: &str = policy!("*");

/// The same in the preview, which nobody else may frame: it can change what the author sees.
pub(crate) const FOR_EMBEDDING_HERE: &str = policy!("'self'");

/// How long a browser keeps a file whose name changes with its bytes.
pub(crate) const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// Which files the manual's web servers know by their addresses for files that `_headers` lets browsers keep for ever: a theme's
/// files and drawings, pictures beside pages, parts of the search. `render/headers.rs` says which these are for each site.
#[cfg(any(test, feature = "publish"))]
pub(crate) const KEPT: &str = concat!(
    r"(/assets/.+\.([0-9a-f]{10}|[0-9a-f]{16})(\.[^./]+)?",
    r"|\.[0-9a-f]{10}\.(svg|avif|webp|jpg|png|gif)",
    r"|/(fragment|index|filter)/[^/]+\.pf_(fragment|index|filter))$"
);

/// The media type of a file, by its name; texts of ours are UTF-8.
pub(crate) fn media_type(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    let kind = match name.rsplit('.').next() {
        Some("xml") => "application/xml".to_owned(),
        Some("webmanifest") => "application/manifest+json".to_owned(),
        // Names without an ending, such as `_redirects`, are text files for hosts.
        _ if !name.contains('.') => "text/plain".to_owned(),
        _ => mime_guess::from_path(name).first_or_octet_stream().essence_str().to_owned(),
    };
    let is_text = kind.starts_with("text/") || kind.ends_with("xml") || kind == "application/json";
    if is_text { format!("{kind}; charset=utf-8") } else { kind }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manual_says_the_same_for_every_server() {
        let manual = include_str!("../docs/content/hosting.md");
        let kept = [("Cache-Control", FOR_EVER), ("of charts", FOR_EMBEDDING)];
        for (name, value) in HEADERS.iter().chain(&kept) {
            assert_eq!(manual.matches(&format!("\"{value}\"")).count(), 3, "{name}");
        }
        for line in [
            format!("    \"~{KEPT}\" \"{FOR_EVER}\";"),
            format!("<LocationMatch \"{KEPT}\">"),
            format!("\t\tpath_regexp {KEPT}"),
        ] {
            assert!(manual.lines().any(|known| known == line), "{line}");
        }
        for (name, value) in HEADERS {
            let of_nginx = match *name {
                "Content-Security-Policy" => format!("    default {:>42}\"{value}\";", ""),
                _ => format!("    add_header {name} \"{value}\" always;"),
            };
            for line in [of_nginx, format!("Header always set {name} \"{value}\""), format!("\t\t\t{name} \"{value}\"")]
            {
                assert!(manual.lines().any(|known| known == line), "{line}");
            }
        }
    }

    #[test]
    fn types_are_those_that_browsers_need() {
        for (path, kind) in [
            ("index.html", "text/html; charset=utf-8"),
            ("a/style.css", "text/css; charset=utf-8"),
            ("x.svg", "image/svg+xml; charset=utf-8"),
            ("sitemap.xml", "application/xml; charset=utf-8"),
            ("blog/feed.xml", "application/xml; charset=utf-8"),
            ("site.webmanifest", "application/manifest+json"),
            ("search/pagefind/wasm.en.pagefind", "application/octet-stream"),
            ("event.ics", "text/calendar; charset=utf-8"),
            ("_redirects", "text/plain; charset=utf-8"),
            ("photo.avif", "image/avif"),
        ] {
            assert_eq!(media_type(path), kind, "{path}");
        }
    }
}
