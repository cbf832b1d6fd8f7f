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
}
