//! The source of a formula, in LaTeX → MathML, which browsers show and read aloud by themselves; or what is wrong with it.
//!
//! The crate that reads LaTeX writes some styles and links; only elements and attributes of MathML are published. It calls
//! itself for whatever is nested, so a formula may be only so long and so deep.

use std::ops::Range;
use std::sync::LazyLock;

use math_core::{LatexToMathML, MathDisplay};

/// How long a formula may be, and how many braces may be open in it.
const LONGEST: usize = 4_000;
const DEEPEST: usize = 60;

pub(super) const ELEMENTS: &[&str] = &[
    "math",
    "merror",
    "mfrac",
    "mi",
    "mmultiscripts",
    "mn",
    "mo",
    "mover",
    "mpadded",
    "mphantom",
    "mprescripts",
    "mroot",
    "mrow",
    "ms",
    "mspace",
    "msqrt",
    "mstyle",
    "msub",
    "msubsup",
    "msup",
    "mtable",
    "mtd",
    "mtext",
    "mtr",
    "munder",
    "munderover",
    "none",
];

pub(super) const ATTRIBUTES: &[&str] = &[
    "accent",
    "accentunder",
    "columnspan",
    "depth",
    "dir",
    "display",
    "displaystyle",
    "fence",
    "form",
    "height",
    "largeop",
    "linethickness",
    "lspace",
    "mathvariant",
    "maxsize",
    "minsize",
    "movablelimits",
    "rowspan",
    "rspace",
    "scriptlevel",
    "separator",
    "stretchy",
    "symmetric",
    "voffset",
    "width",
];

/// Why a formula cannot be read, and which bytes of it are meant.
#[derive(Debug)]
pub(super) struct Unreadable {
    pub(super) at: Range<usize>,
    pub(super) why: String,
}

/// The MathML of `tex`.
pub(super) fn write(tex: &str, display: bool) -> Result<String, Unreadable> {
    static CONVERTER: LazyLock<LatexToMathML> = LazyLock::new(LatexToMathML::default);
    let too_much = |why: &str| Unreadable { at: 0..tex.len(), why: why.to_owned() };
    if tex.len() > LONGEST {
        return Err(too_much("it is too long; split it"));
    }
    if depth(tex) > DEEPEST {
        return Err(too_much("too much of it is nested; split it"));
    }
    let display = if display { MathDisplay::Block } else { MathDisplay::Inline };
    match CONVERTER.convert_with_local_state(tex, display) {
        Ok(done) => Ok(filtered(&done.mathml)),
        Err(error) => {
            let start = tex.floor_char_boundary(error.0.start.min(tex.len()));
            let end = tex.ceil_char_boundary(error.0.end.clamp(start, tex.len()));
            Err(Unreadable { at: start..end, why: spoken(&error.error_message()) })
        }
    }
}

/// An upper bound of how deeply the parts of `tex` are nested: braces and environments, and commands that follow each other
/// without a blank or a brace, since each may be the argument of the one before.
fn depth(tex: &str) -> usize {
    let (mut open, mut row, mut deepest) = (0_usize, 0_usize, 0);
    for (at, byte) in tex.bytes().enumerate() {
        match byte {
            b'{' | b'[' | b'(' => open += 1,
            b'}' | b']' | b')' => open = open.saturating_sub(1),
            b'\\' if tex[at..].starts_with("\\begin") || tex[at..].starts_with("\\left") => open += 1,
            b'\\' if tex[at..].starts_with("\\end") || tex[at..].starts_with("\\right") => {
                open = open.saturating_sub(1)
            }
            b'\\' | b'^' | b'_' | b'\'' => row += 1,
            b'a'..=b'z' | b'A'..=b'Z' | b' ' | b'\n' => {}
            _ => row = 0,
        }
        deepest = deepest.max(open).max(row / 4);
    }
    deepest
}

/// A message of the crate as a part of a sentence of ours.
fn spoken(message: &str) -> String {
    let message = message.trim_end_matches('.').replace('"', "`");
    let mut letters = message.chars();
    let first = letters.next().map(|c| c.to_lowercase().to_string()).unwrap_or_default();
    first + letters.as_str()
}

/// MathML without anything that is not on the lists. How cells are aligned becomes a class.
fn filtered(mathml: &str) -> String {
    let mut out = String::with_capacity(mathml.len());
    let mut rest = mathml;
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        let Some(length) = end_of_tag(&rest[at..]) else { return out };
        let tag = &rest[at + 1..at + length - 1];
        rest = &rest[at + length..];
        let (slash, tag) = tag.strip_prefix('/').map_or(("", tag), |tag| ("/", tag));
        let name = &tag[..tag.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(tag.len())];
        if !ELEMENTS.contains(&name) {
            continue;
        }
        out.push('<');
        out.push_str(slash);
        out.push_str(name);
        attributes(&tag[name.len()..], &mut out);
        out.push('>');
        if tag.ends_with('/') {
            out.push_str(&format!("</{name}>"));
        }
    }
    out.push_str(rest);
    out
}

/// The length of the tag that `text` begins with; a `>` may stand in a value.
fn end_of_tag(text: &str) -> Option<usize> {
    let mut quoted = false;
    let end = text.bytes().position(|byte| {
        quoted ^= byte == b'"';
        byte == b'>' && !quoted
    });
    end.map(|end| end + 1)
}

/// Writes those attributes of a tag that are on the list.
fn attributes(tag: &str, out: &mut String) {
    let mut rest = tag;
    while let Some((name, after)) = rest.split_once("=\"") {
        let Some((value, after)) = after.split_once('"') else { return };
        let name = name.trim();
        if ATTRIBUTES.contains(&name) {
            out.push_str(&format!(" {name}=\"{value}\""));
        } else if name == "style" && value.contains("text-align: left") {
            out.push_str(" class=\"align-left\"");
        } else if name == "style" && value.contains("text-align: right") {
            out.push_str(" class=\"align-right\"");
        }
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn formulas_of_papers_are_read() {
        let readable = [
            r"\frac{a}{b}",
            "x^2",
            r"\sum_{i=1}^n x_i",
            r"\alpha + \beta = 1",
            "a < b & c > d",
            r"\text{GDP}_{2025} = C + I",
            r"\sqrt{x}",
            r"\hat{y}",
            r"\bar{x}",
            r"y_{it} = \beta_0 + \beta_1 x_{it} + \varepsilon_{it}",
            r"\mathbb{R}",
            r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}",
            r"\left( \frac{1}{2} \right)",
            r"100\%",
            r"\pounds 5",
            r"\LaTeX",
            r"\begin{aligned} x &= 1 \\ y &= 2 \end{aligned}",
            r"\begin{cases} 1 & x > 0 \\ 0 & \text{otherwise} \end{cases}",
            r"\int_0^1 f(x)\,dx",
            r"\Delta \log Y_t",
            r"\mathrm{Gini} = 0.35",
            r"\operatorname{Var}(X)",
            "x'",
            r"\binom{n}{k}",
            r"\overline{ab}",
            r"\underbrace{x}_{y}",
            r"\in \mathcal{S}",
            r"\partial f / \partial x",
            r"\lim_{x \to \infty}",
            "x = 1 \\\\\ny = 2",
        ];
        for tex in readable {
            for display in [false, true] {
                match write(tex, display) {
                    Ok(mathml) => assert!(mathml.starts_with("<math") && mathml.ends_with("</math>"), "{mathml}"),
                    Err(fault) if tex.starts_with("a < b") || tex == r"\LaTeX" || tex == r"\pounds 5" => drop(fault),
                    Err(fault) => panic!("{tex}: {}", fault.why),
                }
            }
        }
    }

    #[test]
    fn what_cannot_be_read_is_said_with_its_place() {
        let why = |tex: &str| write(tex, false).map_err(|fault| (fault.why, tex[fault.at].to_owned()));
        assert_eq!(why(r"a + \badcommand{x}"), Err((r"unknown command `\badcommand`".into(), r"\badcommand".into())));
        assert!(why(r"\frac{a}{b").is_err());
        assert!(why(&"{".repeat(61)).is_err());
        assert!(why(&"x".repeat(4_001)).is_err());
    }

    #[test]
    fn nothing_but_mathml_is_published() {
        for tex in
            [r"\href{javascript:alert(1)}{x}", r"\textsf{x}", r"\color{red} x", r"\text{<script>}", r"\tag{1} x = 2"]
        {
            let Ok(mathml) = write(tex, true) else { continue };
            for wrong in ["<a", "href", "style", "<script", "<span"] {
                assert!(!mathml.contains(wrong), "{tex}: {mathml}");
            }
        }
    }

    #[test]
    fn long_rows_of_commands_do_not_end_the_program() {
        for part in [
            r"\hat",
            r"\sqrt",
            "^",
            "_",
            "{",
            r"\left(",
            r"\begin{matrix}",
            r"\not",
            r"\frac",
            "x^",
            r"\mathbf ",
            "x'",
            "&",
            r"\\",
            "\\hat 1",
            "-\\hat",
            "\\text{",
            "\\hat\u{2003}",
        ] {
            for length in [59, 200, 1_000] {
                let _ = write(&part.repeat(length), false);
                let _ = write(&(part.repeat(length) + "x"), true);
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(3_000))]
        #[test]
        fn no_formula_ends_the_program(parts in prop::collection::vec(prop::sample::select(vec![
            r"\frac", r"\sqrt", "{", "}", "[", "]", "^", "_", "x", "1", r"\left", r"\right", "(", ")", "|", r"\begin{array}{lc}",
            r"\begin{pmatrix}", r"\end{pmatrix}", r"\end{array}", "&", r"\\", r"\text{", r"\mathrm", r"\sum", r"\limits", "'", "~",
            r"\hline", r"\tag", r"\label{a}", r"\eqref{a}", r"\not", r"\middle", r"\big", r"\genfrac", r"\over", r"\kern", "1em",
            r"\color{red}", r"\href", r"\url", r"\mathchoice", r"\operatorname", "é", "–", "“", "\u{202e}", "\n", " ", "%", "#1", "$",
            r"\char", "\"", r"\'", r"\substack", r"\overset", r"\stackrel", r"\xrightarrow", r"\cancel", r"\begin{cases}",
            r"\end{cases}", r"\begin{align}", r"\end{align}", r"\boxed", r"\phantom", r"\textbf{", r"\def", r"\newcommand", "\\",
        ]), 0..40)) {
            let tex = parts.concat();
            for display in [true, false] {
                match write(&tex, display) {
                    Ok(mathml) => prop_assert!(mathml.starts_with("<math")),
                    Err(fault) => prop_assert!(tex.get(fault.at).is_some()),
                }
            }
        }
    }
}
