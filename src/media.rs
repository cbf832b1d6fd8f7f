//! A file's bytes and name → a `data:` address that holds them (RFC 2397).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// The bytes of a file as a `data:` address; the ending of its name gives the media type.
pub(crate) fn data_address(name: &str, bytes: &[u8]) -> String {
    let guess = mime_guess::from_path(name).first_or_octet_stream();
    let kind = match name.rsplit('.').next() {
        // These have types of their own since RFC 8081.
        Some("otf") => "font/otf",
        Some("ttf") => "font/ttf",
        Some("woff") => "font/woff",
        _ => guess.essence_str(),
    };
    format!("data:{kind};base64,{}", STANDARD.encode(bytes))
}

/// A stylesheet as a `data:` address.
pub(crate) fn style_address(css: &str) -> String {
    format!("data:text/css;charset=utf-8;base64,{}", STANDARD.encode(css))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_page_shows_is_called_what_browsers_call_it() {
        for (name, kind) in [
            ("a.avif", "image/avif"),
            ("a.css", "text/css"),
            ("a.gif", "image/gif"),
            ("favicon.ico", "image/x-icon"),
            ("photo.JPG", "image/jpeg"),
            ("a.jpeg", "image/jpeg"),
            ("a.mp3", "audio/mpeg"),
            ("a.mp4", "video/mp4"),
            ("a.otf", "font/otf"),
            ("a.png", "image/png"),
            ("/look/a.1a2b3c4d5e.svg", "image/svg+xml"),
            ("a.ttf", "font/ttf"),
            ("a.vtt", "text/vtt"),
            ("a.webm", "video/webm"),
            ("a.webp", "image/webp"),
            ("a.woff", "font/woff"),
            ("a.woff2", "font/woff2"),
            ("a", "application/octet-stream"),
        ] {
            assert_eq!(data_address(name, b"x"), format!("data:{kind};base64,eA=="));
        }
    }
}
