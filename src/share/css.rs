//! A stylesheet → the same with each address in it replaced, wherever CSS allows one.
//!
//! Only addresses change; what cannot be parsed stays as it is.

use cssparser::{BasicParseError, Parser, ParserInput, Token};
use std::ops::Range;

/// What an address in a stylesheet is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Use {
    /// Another stylesheet: `@import`.
    Import,
    /// A picture or a font.
    File,
}

/// `css` with each address replaced by the result of `replace`.
pub(super) fn rewrite(css: &str, replace: &mut dyn FnMut(&str, Use) -> String) -> String {
    let mut found = Vec::new();
    let mut input = ParserInput::new(css);
    walk(&mut Parser::new(&mut input), Strings::Plain, &mut found);
    let mut out = String::with_capacity(css.len());
    let mut done = 0;
    for (range, address, kind) in found {
        out.push_str(&css[done..range.start]);
        out.push_str(&format!("url(\"{}\")", replace(&address, kind)));
        done = range.end;
    }
    out.push_str(&css[done..]);
    out
}

/// What a string in quotation marks means at this point.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Strings {
    Plain,
    /// In `image-set(…)`, an address.
    Addresses,
}

type Found = Vec<(Range<usize>, String, Use)>;

fn walk(parser: &mut Parser<'_, '_>, strings: Strings, found: &mut Found) {
    let mut kind = Use::File;
    loop {
        let start = parser.position().byte_index();
        let Ok(token) = parser.next_including_whitespace_and_comments().cloned() else { return };
        let mut add = |parser: &Parser<'_, '_>, address: &str| {
            found.push((start..parser.position().byte_index(), address.to_owned(), kind));
        };
        match token {
            Token::UnquotedUrl(address) => add(parser, &address),
            Token::QuotedString(address) if kind == Use::Import || strings == Strings::Addresses => {
                add(parser, &address);
            }
            Token::AtKeyword(name) if name.eq_ignore_ascii_case("import") => {
                kind = Use::Import;
                continue;
            }
            Token::WhiteSpace(_) | Token::Comment(_) => continue,
            Token::Function(name) if ["url", "src"].iter().any(|url| name.eq_ignore_ascii_case(url)) => {
                let address = parser.parse_nested_block(|inner| {
                    let address = inner.expect_string_cloned();
                    while inner.next().is_ok() {}
                    Ok::<_, cssparser::ParseError<'_, ()>>(address.ok())
                });
                if let Ok(Some(address)) = address {
                    add(parser, &address);
                }
            }
            Token::Function(name) => {
                let is_set = name.to_ascii_lowercase().ends_with("image-set");
                let strings = if is_set { Strings::Addresses } else { Strings::Plain };
                within(parser, strings, found);
            }
            Token::ParenthesisBlock | Token::SquareBracketBlock | Token::CurlyBracketBlock => {
                within(parser, Strings::Plain, found);
            }
            _ => {}
        }
        kind = Use::File;
    }
}

fn within(parser: &mut Parser<'_, '_>, strings: Strings, found: &mut Found) {
    let _ = parser.parse_nested_block(|inner| {
        walk(inner, strings, found);
        Ok::<(), cssparser::ParseError<'_, BasicParseError<'_>>>(())
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_is_found_and_nothing_else() {
        let css = "@import 'a.css' print; @import url(b.css);\n/* url(no) */ @font-face { src: url( 'c.woff2' ) format('woff2') }\n\
            a { content: \"url(no)\"; background: URL(d.png), image-set(\"e.png\" 1x, url(f.png) 2x) }";
        let mut seen = Vec::new();
        let written = rewrite(css, &mut |address, kind| {
            seen.push(format!("{address} {kind:?}"));
            address.to_uppercase()
        });
        assert_eq!(seen, ["a.css Import", "b.css Import", "c.woff2 File", "d.png File", "e.png File", "f.png File"]);
        assert!(
            written.starts_with("@import url(\"A.CSS\") print; @import url(\"B.CSS\");\n/* url(no) */"),
            "{written}"
        );
        assert!(written.ends_with("url(\"D.PNG\"), image-set(url(\"E.PNG\") 1x, url(\"F.PNG\") 2x) }"), "{written}");
    }
}
