//! A formula as TeX → one of Word's own (OMML), by way of the MathML that is published; one that has no such form stays TeX.

use super::body::Writer;
use super::runs::{Style, mark, run};
use super::xml::Xml;
use crate::import::docx::{Element, parsed, spoken};
use crate::import::marks::Mark;
use crate::markdown;

impl Writer<'_> {
    pub(super) fn formula(&mut self, tex: &str, display: bool, out: &mut Xml) {
        let mut inside = Xml::default();
        let root = markdown::mathml(tex, display).and_then(|mathml| parsed(mathml.as_bytes()).ok());
        let is_known = root.is_some_and(|root| row(&root, &mut inside).is_some());
        let said = match is_known {
            true => parsed(format!("<x {}>{}</x>", super::package::MATH, inside.0).as_bytes())
                .map(|root| spoken(&root))
                .unwrap_or_default(),
            false => tex.to_owned(),
        };
        mark(&Mark::Math { tex: tex.to_owned(), display, said }, out);
        match is_known {
            true => {
                // One on its own is set as Word sets those.
                let names = if display { ["m:oMathPara", "m:oMath"].as_slice() } else { &["m:oMath"] };
                names.iter().for_each(|name| out.open(name, &[]));
                out.push(&inside.0);
                names.iter().rev().for_each(|name| out.close(name));
            }
            false => {
                run(tex, Style { is_code: true, ..Style::default() }, out);
                self.lacks.push(format!("the formula `{tex}` is shown as it was written; do not translate it"));
            }
        }
        mark(&Mark::End, out);
    }
}

/// Everything in an element of MathML; `None` if Word has no form for a part of it.
fn row(element: &Element, out: &mut Xml) -> Option<()> {
    element.elements().try_for_each(|one| part(one, out))
}

/// A part of a construct: `<m:e>` and the like.
fn slot(name: &str, element: Option<&Element>, out: &mut Xml) -> Option<()> {
    out.open(name, &[]);
    part(element?, out)?;
    out.close(name);
    Some(())
}

fn construct(name: &str, slots: &[(&str, usize)], element: &Element, out: &mut Xml) -> Option<()> {
    let inside: Vec<&Element> = element.elements().collect();
    out.open(name, &[]);
    for (slot_name, at) in slots {
        slot(slot_name, inside.get(*at).copied(), out)?;
    }
    out.close(name);
    Some(())
}

fn part(one: &Element, out: &mut Xml) -> Option<()> {
    let name = one.name.strip_prefix("mml:").unwrap_or(&one.name);
    match name {
        "math" | "mrow" | "mstyle" | "mpadded" | "mtd" => row(one, out),
        "mi" | "mn" | "mo" => {
            let upright = name == "mi" && one.get("mathvariant") == Some("normal");
            letters(&one.text(), upright, false, out);
            Some(())
        }
        "mtext" | "ms" => {
            letters(&one.text(), true, true, out);
            Some(())
        }
        "mspace" => {
            letters(" ", true, true, out);
            Some(())
        }
        "mfrac" => construct("m:f", &[("m:num", 0), ("m:den", 1)], one, out),
        "msup" => construct("m:sSup", &[("m:e", 0), ("m:sup", 1)], one, out),
        "msub" => construct("m:sSub", &[("m:e", 0), ("m:sub", 1)], one, out),
        "msubsup" => construct("m:sSubSup", &[("m:e", 0), ("m:sub", 1), ("m:sup", 2)], one, out),
        "munder" => construct("m:limLow", &[("m:e", 0), ("m:lim", 1)], one, out),
        "mover" => construct("m:limUpp", &[("m:e", 0), ("m:lim", 1)], one, out),
        "munderover" => {
            let inside: Vec<&Element> = one.elements().collect();
            out.push("<m:limUpp><m:e>");
            out.push("<m:limLow>");
            slot("m:e", inside.first().copied(), out)?;
            slot("m:lim", inside.get(1).copied(), out)?;
            out.push("</m:limLow></m:e>");
            slot("m:lim", inside.get(2).copied(), out)?;
            out.push("</m:limUpp>");
            Some(())
        }
        "msqrt" => {
            out.push("<m:rad><m:radPr><m:degHide m:val=\"1\"/></m:radPr><m:deg/><m:e>");
            row(one, out)?;
            out.push("</m:e></m:rad>");
            Some(())
        }
        "mroot" => construct("m:rad", &[("m:deg", 1), ("m:e", 0)], one, out),
        "mtable" => {
            out.push("<m:m>");
            for line in one.elements() {
                out.push("<m:mr>");
                for cell in line.elements() {
                    slot("m:e", Some(cell), out)?;
                }
                out.push("</m:mr>");
            }
            out.push("</m:m>");
            Some(())
        }
        _ => None,
    }
}

fn letters(words: &str, is_upright: bool, is_text: bool, out: &mut Xml) {
    let words: String = words.chars().filter(|c| !matches!(c, '\u{2061}'..='\u{2064}')).collect();
    if words.is_empty() {
        return;
    }
    out.open("m:r", &[]);
    match (is_text, is_upright) {
        (true, _) => out.push("<m:rPr><m:nor/></m:rPr>"),
        (_, true) => out.push("<m:rPr><m:sty m:val=\"p\"/></m:rPr>"),
        _ => {}
    }
    out.push("<w:rPr><w:rFonts w:ascii=\"Cambria Math\" w:hAnsi=\"Cambria Math\"/></w:rPr>");
    out.words("m:t", &[("xml:space", "preserve")], &words);
    out.close("m:r");
}
