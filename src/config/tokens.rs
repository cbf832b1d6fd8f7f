//! `[tokens]`, `[[fonts]]` and `[[contrast]]` → the colours and typefaces of a theme, each readable on its background.
//!
//! A theme declares its tokens, each with a type, a help and a value; a site gives other values in its own `[tokens]` and
//! need not touch a stylesheet. The theme also declares which colours must be readable on which.
//!
//! Not here: whether they are, with the site's changes applied (`readable`), and where the stylesheet of the tokens goes
//! (`assets`).

use std::fmt::Write as _;

use super::contrast::Rgb;
use super::layers::{Layers, Setting, not_one_of};
use super::readable::{self, Pair, Scheme};
use crate::data::{Raw, RawKind};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::index::Index;

/// The colours and typefaces of a theme.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tokens {
    pub(crate) colours: Index<String, Colour>,
    /// Stacks of families, as CSS writes them.
    pub(crate) fonts: Index<String, String>,
    pub(crate) faces: Vec<Face>,
}

/// A colour in both schemes.
#[derive(Clone, Debug)]
pub(crate) struct Colour {
    pub(crate) light: Rgb,
    pub(crate) dark: Rgb,
    pub(super) light_at: Span,
    pub(super) dark_at: Span,
}

/// A typeface file that the site supplies.
#[derive(Clone, Debug)]
pub(crate) struct Face {
    family: String,
    /// An asset.
    pub(crate) file: String,
    pub(crate) span: Span,
    weight: Option<String>,
    style: Option<&'static str>,
}

impl Colour {
    pub(super) fn in_scheme(&self, scheme: Scheme) -> (Rgb, &Span) {
        match scheme {
            Scheme::Light => (self.light, &self.light_at),
            Scheme::Dark => (self.dark, &self.dark_at),
        }
    }
}

impl Tokens {
    /// The tokens as a stylesheet: a custom property each, and the typeface files.
    pub(crate) fn stylesheet(&self) -> String {
        let mut css = String::new();
        for face in &self.faces {
            let _ =
                write!(css, "@font-face{{font-family:\"{}\";src:url(\"{}\");font-display:swap", face.family, face.file);
            if let Some(weight) = &face.weight {
                let _ = write!(css, ";font-weight:{weight}");
            }
            if let Some(style) = face.style {
                let _ = write!(css, ";font-style:{style}");
            }
            css.push_str("}\n");
        }
        let fonts: String = self.fonts.iter().map(|(name, stack)| format!("--{name}:{stack};")).collect();
        let colours = |scheme| -> String {
            let one = |(name, colour): (&String, &Colour)| format!("--{name}:{};", colour.in_scheme(scheme).0);
            self.colours.iter().map(one).collect()
        };
        let _ = writeln!(css, ":root{{{fonts}{}}}", colours(Scheme::Light));
        let _ = writeln!(css, "@media (prefers-color-scheme:dark){{:root{{{}}}}}", colours(Scheme::Dark));
        css
    }
}

/// Reads the tokens that `theme` declares and `site` changes, and reports unreadable pairs.
pub(super) fn tokens(theme: &Layers<'_>, site: &Layers<'_>, faults: &mut Vec<Diagnostic>) -> Tokens {
    let mut tokens = Tokens::default();
    let (declared, changed) = (theme.table("tokens", faults), site.table("tokens", faults));
    for (name, _) in declared.keys() {
        let one = declared.table(&name, faults);
        let kinds = [("colour", Some(Kind::Colour)), ("font", Some(Kind::Font))];
        let before = faults.len();
        let kind = one.choice("type", &kinds, kinds[0].1, faults).filter(|_| faults.len() == before);
        one.text("help", faults);
        let own = changed.get(&name);
        match kind {
            None => {}
            Some(Kind::Colour) => {
                if let Some(colour) = colour(&name, &one, own, faults) {
                    tokens.colours.insert(name, colour);
                }
            }
            Some(Kind::Font) => {
                let stack = own.or_else(|| one.get("value"));
                one.get("value");
                match stack {
                    Some(stack) => tokens.fonts.extend(font(&name, stack, faults).map(|stack| (name, stack))),
                    None => faults.push(one.missing("value", "'Georgia, serif'")),
                }
            }
        }
        one.finish(faults);
    }
    changed.finish(faults);
    tokens.faces = [theme, site].iter().flat_map(|layers| faces(layers, faults)).collect();
    let mut all = Vec::new();
    for (file, raw) in theme.each() {
        if let Some(raw) = raw.get("contrast") {
            pairs(&tokens, Setting { file, raw }, &mut all, faults);
        }
    }
    faults.extend(readable::unreadable(&tokens.colours, &all));
    theme.get("contrast");
    tokens
}

#[derive(Clone, Copy)]
enum Kind {
    Colour,
    Font,
}

fn colour(name: &str, declared: &Layers<'_>, own: Option<Setting<'_>>, faults: &mut Vec<Diagnostic>) -> Option<Colour> {
    let mut value = |key: &str, example: &str| {
        let stated = own.and_then(|own| match &own.raw.kind {
            // A single colour serves both schemes.
            RawKind::Text(_) => Some(own),
            _ => own.raw.get(key).map(|raw| Setting { file: own.file, raw }),
        });
        let base = declared.get(key);
        let Some(setting) = stated.or(base) else {
            faults.push(declared.missing(key, example));
            return None;
        };
        let text = match &setting.raw.kind {
            RawKind::Text(text) => Rgb::parse(text),
            _ => None,
        };
        match text {
            Some(rgb) => Some((rgb, setting.span())),
            None => {
                let fault = no_colour(&format!("tokens.{name}.{key}"), setting);
                // A faulty colour that serves both schemes is one fault.
                if faults.last().is_none_or(|last| last.span != fault.span) {
                    faults.push(fault);
                }
                // The theme's own takes its place, so that one slip is one fault.
                let base = base.and_then(|base| Some((Rgb::parse(text_of(base.raw)?)?, base.span())));
                base.filter(|_| stated.is_some())
            }
        }
    };
    let (light, dark) = (value("light", "\"#a8341f\""), value("dark", "\"#f29079\""));
    if let Some(own) = own {
        check_keys(name, own, faults);
    }
    let ((light, light_at), (dark, dark_at)) = light.zip(dark)?;
    Some(Colour { light, dark, light_at, dark_at })
}

fn no_colour(name: &str, setting: Setting<'_>) -> Diagnostic {
    let help = "write it like \"#a8341f\", \"rgb(168 52 31)\" or \"teal\"";
    match text_of(setting.raw) {
        Some(text) => {
            let fault = Diagnostic::new(Code::WrongSetting, format!("`{text}` is not a colour, or is transparent"));
            let fault = fault.span(setting.span());
            let is_bare = matches!(text.len(), 3 | 6) && text.bytes().all(|byte| byte.is_ascii_hexdigit());
            match is_bare {
                true => fault.help(format!("write `\"#{text}\"`")).meant_value(&format!("#{text}")),
                false => fault.help(help),
            }
        }
        None => setting.wrong(name, "a colour in quotation marks").help(help),
    }
}

fn text_of(raw: &Raw) -> Option<&str> {
    match &raw.kind {
        RawKind::Text(text) => Some(text),
        _ => None,
    }
}

/// A colour of the site has two schemes and nothing else.
fn check_keys(name: &str, own: Setting<'_>, faults: &mut Vec<Diagnostic>) {
    let RawKind::Table(_) = own.raw.kind else { return };
    let table = Layers::new(vec![(own.file, own.raw)], &format!("tokens.{name}"));
    table.get("light");
    table.get("dark");
    table.finish(faults);
}

/// A stack of families, without anything that could end the CSS declaration it will be part of.
fn font(name: &str, setting: Setting<'_>, faults: &mut Vec<Diagnostic>) -> Option<String> {
    let text = text_of(setting.raw);
    let stack = text.filter(|text| is_stack(text));
    if stack.is_none() {
        let help = "write names with commas between them, such as '\"Source Serif 4\", Georgia, serif'";
        faults.push(match text {
            Some(text) => Diagnostic::new(Code::WrongSetting, format!("`{text}` is not a list of typefaces"))
                .span(setting.span())
                .help(help),
            None => setting.wrong(&format!("tokens.{name}"), "names of typefaces in quotation marks").help(help),
        });
    }
    stack.map(str::to_owned)
}

fn is_stack(text: &str) -> bool {
    let is_word = |word: &str| {
        !word.is_empty() && word.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '_'))
    };
    text.split(',').map(str::trim).all(|family| {
        let quoted = family.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        let quoted = quoted.or_else(|| family.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')));
        is_word(quoted.unwrap_or(family))
    })
}

/// Reads `[[fonts]]` of every layer.
fn faces(layers: &Layers<'_>, faults: &mut Vec<Diagnostic>) -> Vec<Face> {
    layers.get("fonts");
    let mut all = Vec::new();
    for (file, raw) in layers.each() {
        let Some(raw) = raw.get("fonts") else { continue };
        let RawKind::List(items) = &raw.kind else {
            faults.push(Setting { file, raw }.wrong("fonts", "a list: begin each file with `[[fonts]]`"));
            continue;
        };
        for raw in items {
            let one = Layers::new(vec![(*file, raw)], "fonts");
            let family = one.required("family", "\"Source Serif 4\"", faults);
            let path = one.text_at("file", faults);
            if path.is_none() && one.get("file").is_none() {
                faults.push(one.missing("file", "\"fonts/source-serif.woff2\""));
            }
            let weight = one.get("weight").and_then(|setting| {
                let weight = match &setting.raw.kind {
                    RawKind::Int(number) => Some(number.to_string()),
                    RawKind::Text(text) => Some(text.clone()),
                    _ => None,
                };
                let is_weight =
                    |text: &String| text.split(' ').all(|part| part.parse::<u16>().is_ok_and(|n| n <= 1000));
                let weight = weight.filter(is_weight);
                if weight.is_none() {
                    faults.push(setting.wrong("fonts.weight", "a weight such as 400, or a range such as \"400 700\""));
                }
                weight
            });
            let style = one.choice("style", &[("normal", None), ("italic", Some("italic"))], None, faults);
            one.finish(faults);
            if !is_stack(&family) || family.contains(',') {
                faults
                    .extend(one.get("family").map(|setting| setting.wrong("fonts.family", "the name of one typeface")));
            } else if let Some((path, span)) = path {
                all.push(Face { family, file: path, span, weight, style });
            }
        }
    }
    all
}

/// Adds the pairs of one file's `[[contrast]]` to `all`.
fn pairs(tokens: &Tokens, setting: Setting<'_>, all: &mut Vec<Pair>, faults: &mut Vec<Diagnostic>) {
    let RawKind::List(items) = &setting.raw.kind else {
        faults.push(setting.wrong("contrast", "a list: begin each pair with `[[contrast]]`"));
        return;
    };
    for raw in items {
        let one = Layers::new(vec![(setting.file, raw)], "contrast");
        let mut named = |key: &str| {
            let names = one.texts(key, faults);
            if names.is_none() {
                faults.push(one.missing(key, "\"ink\""));
            }
            let known = |(name, span): (String, Span)| match tokens.colours.get(&name) {
                Some(colour) => Some((name, colour)),
                None => {
                    let names = tokens.colours.keys().map(String::as_str);
                    faults.push(not_one_of(&one.path(key), &name, span, names));
                    None
                }
            };
            names.unwrap_or_default().into_iter().filter_map(known).collect::<Vec<_>>()
        };
        let (texts, grounds) = (named("text"), named("on"));
        let needed = match one.get("at_least").map(|setting| (setting, &setting.raw.kind)) {
            Some((_, RawKind::Float(number))) if (1.0..=21.0).contains(number) => *number,
            #[allow(clippy::cast_precision_loss)] // A number between 1 and 21.
            Some((_, RawKind::Int(number))) if (1..=21).contains(number) => *number as f64,
            Some((setting, _)) => {
                let message = "a contrast is between 1 and 21";
                let fault = Diagnostic::new(Code::WrongSetting, message).span(setting.span());
                faults.push(fault.help("text needs 4.5, large text and signs need 3"));
                continue;
            }
            None => 4.5,
        };
        one.finish(faults);
        for (text, _) in &texts {
            all.extend(grounds.iter().map(|(ground, _)| Pair { one: text.clone(), other: ground.clone(), needed }));
        }
    }
}
