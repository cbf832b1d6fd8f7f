//! Declarations of CSS → whether they keep words from being seen: `display: none`, letters without size or colour, places beside the screen.
//!
//! Read by `cssparser`, as a browser does: with comments, escapes and any capitals. What is in doubt counts as hiding: a word that only some
//! readers saw is asked for again more easily than one is taken back.

use std::borrow::Cow;

use cssparser::{ParseError, Parser, ParserInput, ToCss, Token};

/// How deep functions may be within one another.
const DEEPEST: usize = 8;
/// What lies so far to the side, in pixels or the like, lies beside every screen.
const BESIDE: f32 = -500.0;

/// Whether declarations, as an attribute `style` or a rule holds them, hide what they are for.
pub(crate) fn hides(style: &str) -> bool {
    let all = declarations(style);
    let value = |name: &str| all.iter().rev().find(|one| one.name == name).map(|one| &*one.values);
    let is_zero = |name: &str| value(name).and_then(<[_]>::first).is_some_and(|first| first.number == Some(0.0));
    let is_cut = ["overflow", "overflow-x", "overflow-y"]
        .iter()
        .any(|name| value(name).is_some_and(|values| values.iter().any(|one| matches!(&*one.text, "hidden" | "clip"))));
    // A frame for films has no height, but room within.
    let has_room =
        all.iter().any(|one| one.name.starts_with("padding") && one.values.iter().any(|one| one.number != Some(0.0)));
    let has_no_size =
        ["height", "width", "max-width"].iter().any(|name| is_zero(name)) && is_cut || is_zero("max-height");
    let colour = value("color").and_then(<[_]>::first);
    let is_covered = colour.is_some_and(|colour| {
        let grounds = ["background-color", "background"].iter().filter_map(|name| value(name));
        grounds.flatten().any(|ground| ground.text == colour.text)
    });
    is_covered || has_no_size && !has_room || all.iter().any(Declaration::hides)
}

/// The selectors of the rules of a stylesheet that hide something. What holds for some screens only counts, too: for paper alone it
/// does not.
pub(crate) fn hiding_selectors(css: &str) -> Vec<String> {
    let css = without_comments(css);
    let mut found = Vec::new();
    let mut rest = &*css;
    let mut is_for_paper = false;
    while let Some((before, after)) = rest.split_once('{') {
        let head = before.rsplit(['}', ';']).next().unwrap_or_default().trim();
        if head.starts_with('@') {
            is_for_paper = head.to_ascii_lowercase().ends_with("print");
            rest = after;
            continue;
        }
        let (body, behind) = after.split_once('}').unwrap_or((after, ""));
        if !is_for_paper && hides(body) {
            found.push(head.to_owned());
        }
        // An end without a beginning is that of `@media`.
        is_for_paper &= !behind.trim_start().starts_with('}');
        rest = behind;
    }
    found
}

/// CSS without its comments.
fn without_comments(css: &str) -> Cow<'_, str> {
    if !css.contains("/*") {
        return Cow::Borrowed(css);
    }
    let mut out = String::with_capacity(css.len());
    let mut rest = css;
    while let Some((before, behind)) = rest.split_once("/*") {
        out.push_str(before);
        rest = behind.split_once("*/").map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// A property and its values, in small letters.
#[derive(Default)]
struct Declaration {
    name: String,
    values: Vec<Value>,
}

/// A word, a number with its unit, or a function with what is in it.
struct Value {
    text: String,
    /// In the unit that is written; of a percentage, the share.
    number: Option<f32>,
    is_share: bool,
}

impl Declaration {
    fn hides(&self) -> bool {
        let texts = || self.values.iter().map(|value| &*value.text);
        let first = self.values.first();
        let number = first.and_then(|first| first.number);
        match self.name.as_str() {
            "display" => texts().any(|text| text == "none"),
            "visibility" => texts().any(|text| matches!(text, "hidden" | "collapse")),
            "content-visibility" => texts().any(|text| text == "hidden"),
            "mso-hide" => texts().any(|text| text == "all"),
            "opacity" => number.is_some_and(|number| number < 0.02),
            "zoom" => number == Some(0.0),
            "font-size" => first.is_some_and(|first| {
                let least = if first.is_share {
                    0.05
                } else if first.text.ends_with("em") {
                    0.1
                } else {
                    2.0
                };
                first.number.is_some_and(|number| number < least)
            }),
            "color" | "-webkit-text-fill-color" => texts().any(is_clear),
            "clip-path" => {
                texts().any(|text| text.starts_with("circle(0") || inset(text).is_some_and(|side| side >= 0.5))
            }
            "clip" => texts().any(|text| text.starts_with("rect(") && !text.contains("auto")),
            "transform" | "scale" => texts().any(|text| {
                let inside =
                    text.split_once('(').filter(|(name, _)| name.starts_with("scale")).map(|(_, inside)| inside);
                let inside = inside.or((self.name == "scale").then_some(text));
                inside
                    .is_some_and(|inside| inside.trim_end_matches(')').split(',').any(|one| one.parse() == Ok(0.0_f32)))
            }),
            "left" | "right" | "top" | "bottom" | "text-indent" | "margin-left" | "margin-right" | "margin-top" => {
                let is_length = first.is_some_and(|first| !first.is_share);
                let least = if first.is_some_and(|first| first.text.ends_with("em")) { BESIDE / 16.0 } else { BESIDE };
                is_length && number.is_some_and(|number| number <= least)
                    || self.name == "text-indent" && number.is_some_and(|number| number <= -1.0) && !is_length
            }
            _ => false,
        }
    }
}

/// Whether a colour is transparent.
fn is_clear(colour: &str) -> bool {
    let digits = colour.strip_prefix('#').unwrap_or_default();
    let is_hex = digits.len() == 4 && digits.ends_with('0') || digits.len() == 8 && digits.ends_with("00");
    let alpha = || {
        colour.trim_end_matches(')').rsplit([',', '/']).next().and_then(|last| last.trim_end_matches('%').parse().ok())
    };
    let has_alpha = colour.starts_with("rgba(") || colour.starts_with("hsla(") || colour.contains('/');
    colour == "transparent" || is_hex || has_alpha && alpha() == Some(0.0_f32)
}

/// How much of each side is cut off by `inset(50%)`, as a share.
fn inset(text: &str) -> Option<f32> {
    let first = text.strip_prefix("inset(")?.split(['%', ')']).next()?;
    first.parse::<f32>().ok().map(|share| share / 100.0)
}

fn declarations(style: &str) -> Vec<Declaration> {
    let mut input = ParserInput::new(style);
    let mut parser = Parser::new(&mut input);
    let mut all = Vec::new();
    let mut one = Declaration::default();
    let mut is_named = false;
    while let Ok(token) = parser.next().cloned() {
        match &token {
            Token::Semicolon => {
                all.push(std::mem::take(&mut one));
                is_named = false;
            }
            Token::Colon if !is_named => is_named = true,
            Token::Ident(name) if !is_named => one.name = name.to_ascii_lowercase(),
            _ if !is_named => {}
            // `!important`
            Token::Delim('!') => {}
            _ => one.values.extend(value(&token, &mut parser, 0)),
        }
    }
    all.push(one);
    all
}

fn value(token: &Token<'_>, parser: &mut Parser<'_, '_>, depth: usize) -> Option<Value> {
    let word = |text: String| Some(Value { text, number: None, is_share: false });
    match token {
        Token::Ident(name) => word(name.to_ascii_lowercase()),
        Token::Function(name) => {
            let mut inside = String::new();
            let _ = parser.parse_nested_block(|parser| {
                while let Ok(token) = parser.next().cloned() {
                    if depth < DEEPEST {
                        inside.push_str(&value(&token, parser, depth + 1).map(|one| one.text).unwrap_or_default());
                    }
                }
                Ok::<(), ParseError<'_, ()>>(())
            });
            word(format!("{}({inside})", name.to_ascii_lowercase()))
        }
        Token::Number { value, .. } | Token::Dimension { value, .. } => {
            Some(Value { text: token.to_css_string().to_ascii_lowercase(), number: Some(*value), is_share: false })
        }
        Token::Percentage { unit_value, .. } => {
            Some(Value { text: token.to_css_string(), number: Some(*unit_value), is_share: true })
        }
        _ => word(token.to_css_string().to_ascii_lowercase()),
    }
}

#[cfg(test)]
mod tests {
    use super::hides;

    #[test]
    fn what_keeps_words_from_being_seen_is_known() {
        for style in [
            "display:none",
            "DISPLAY : NONE !important",
            "display:/**/none",
            "dis\\70 lay:none",
            "d\\69splay: none",
            "color:red;visibility:hidden",
            "visibility:collapse",
            "opacity:0",
            "opacity: 0.00",
            "opacity:0%",
            "font-size:0",
            "font-size:1px",
            "font-size:0.01em",
            "mso-hide:all",
            "content-visibility: hidden",
            "clip-path:inset(100%)",
            "clip-path: inset(50%)",
            "clip: rect(0, 0, 0, 0)",
            "clip:rect(1px 1px 1px 1px)",
            "transform:scale(0)",
            "transform: rotate(3deg) scale(0, 1)",
            "scale: 0",
            "zoom:0",
            "height:0;overflow:hidden",
            "height:0px; overflow: hidden auto",
            "max-height:0px",
            "width:0;overflow-x:hidden",
            "position:absolute;left:-9999px",
            "left: -100em",
            "text-indent:-9999px",
            "text-indent:-100%",
            "color:transparent",
            "color:#fff0",
            "color:#00000000",
            "color:rgba(0,0,0,0)",
            "color: rgb(0 0 0 / 0%)",
            "color:#fff;background:#fff",
            "color:White; background-color: white",
        ] {
            assert!(hides(style), "{style}");
        }
        for style in [
            "",
            "display:block",
            "color:#fff",
            "color:rgba(0,0,0,0.5)",
            "color:#fff;background:#000",
            "background:transparent",
            "opacity:0.5",
            "font-size:10px",
            "font-size:80%",
            "font-size:0.8em",
            "height:0;overflow:hidden;padding-bottom:56.25%",
            "height:0",
            "overflow:hidden",
            "left:-5px",
            "margin-left:-15px",
            "text-indent:-2em",
            "transform:scale(1.2)",
            "clip-path:inset(5%)",
            "border:none",
            "list-style:none",
            "text-decoration: none; outline: hidden",
            "background-position:-9999px",
            "padding-left:0",
            "animation: hidden 0s",
        ] {
            assert!(!hides(style), "{style}");
        }
    }

    #[test]
    fn nothing_is_too_deep_or_too_strange() {
        for style in
            ["a:".to_owned() + &"calc(".repeat(20_000), "\u{0}:;;;:{}[]()!".repeat(100), "color:".repeat(10_000)]
        {
            let _ = hides(&style);
        }
    }
}
