//! The runs of a paragraph → its words with their marks.

use super::Wishes;
use super::body::Reader;
use super::fields::{BOOKMARK, Field};
use super::spoken::spoken;
use super::tongues;
use super::xml::Element;
use crate::import::document::{Inline, is_blank, words};
use crate::import::markdown::address;
use crate::import::marks::{self, Mark};

/// The words of a paragraph so far.
pub(super) type Line = Vec<Inline>;

/// How the letters of a run are marked.
#[derive(Clone, Copy, Default)]
struct Marks {
    strong: bool,
    emphasis: bool,
    deleted: bool,
    sub: bool,
    sup: bool,
    code: bool,
}

impl Reader<'_> {
    /// Reads everything in a paragraph, or in a part of one.
    pub(super) fn runs(&mut self, container: &Element, line: &mut Line) {
        for one in container.elements() {
            match one.name.as_str() {
                "w:r" => self.run(one, line),
                "w:hyperlink" => self.hyperlink(one, line),
                "w:ins" | "w:moveTo" | "w:del" | "w:moveFrom" => {
                    let is_new = matches!(one.name.as_str(), "w:ins" | "w:moveTo");
                    if self.takes(is_new, one, &spoken(one)) {
                        self.runs(one, line);
                    }
                }
                "w:fldSimple" => {
                    let start = line.len();
                    self.runs(one, line);
                    self.end_field(one.get("w:instr").unwrap_or_default(), start, line);
                }
                "w:bookmarkStart" => self.bookmarks.extend(one.get("w:name").map(str::to_owned)),
                "m:oMath" => {
                    let formula = self.formula(one, false);
                    line.extend(formula);
                }
                "m:oMathPara" => {
                    for formula in one.elements().filter(|one| one.name == "m:oMath") {
                        let formula = self.formula(formula, is_blank(line));
                        line.extend(formula);
                    }
                }
                "w:sdt" => {
                    if let Some(content) = one.child("w:sdtContent")
                        && self.control(one)
                    {
                        self.runs(content, line);
                    }
                }
                "mc:AlternateContent" => {
                    if let Some(chosen) = one.child("mc:Choice").or(one.child("mc:Fallback")) {
                        self.runs(chosen, line);
                    }
                }
                "w:smartTag" | "w:customXml" => self.runs(one, line),
                "w:dir" | "w:bdo" => self.turned(one, line),
                "w:commentReference" => one.get("w:id").into_iter().for_each(|id| self.comment(id)),
                "w:subDoc" => {
                    let place = self.place();
                    self.losses.left("another document inside this one", "import that by itself", place, "");
                }
                _ => {}
            }
        }
    }

    fn hyperlink(&mut self, element: &Element, line: &mut Line) {
        let mut text = Line::new();
        // Fields within count their places from here.
        let fields = std::mem::take(&mut self.fields);
        let outer = std::mem::replace(&mut self.in_link, true);
        self.runs(element, &mut text);
        self.in_link = outer;
        let rest = std::mem::replace(&mut self.fields, fields);
        self.fields.extend(rest);
        let outside = element.get("r:id").and_then(|id| self.related.get(id)).map(|one| one.target.clone());
        let anchor = element.get("w:anchor");
        let to = match (outside, anchor) {
            (Some(to), None) => Some(address(&to)),
            (Some(to), Some(anchor)) => Some(address(&format!("{to}#{anchor}"))),
            (None, Some(anchor)) => Some(format!("{BOOKMARK}{anchor}")),
            (None, None) => None,
        };
        match to {
            Some(to) if !is_blank(&text) => self.link(to, text, line),
            _ => line.extend(text),
        }
    }

    fn run(&mut self, run: &Element, line: &mut Line) {
        let empty = Element::default();
        let mut look = run.child("w:rPr").unwrap_or(&empty);
        const MEANT: &[&str] = &["w:b", "w:i", "w:strike", "w:dstrike", "w:vertAlign", "w:rStyle", "w:vanish"];
        look = self.look_before(look, "w:rPrChange", MEANT, run).unwrap_or(look);
        let style = look.child("w:rStyle").and_then(Element::val);
        let is_on = |name: &str| look.is_on(name).or_else(|| self.styles.is_on(style, name)).unwrap_or(false);
        let position =
            look.child("w:vertAlign").and_then(Element::val).or_else(|| self.styles.value(style, "w:vertAlign"));
        let names = self.styles.names(style);
        let is_code = names.iter().any(|name| {
            matches!(
                name.as_str(),
                "html code"
                    | "verbatim char"
                    | "code"
                    | "source code"
                    | "code char"
                    | "inline code"
                    | "html typewriter"
            )
        });
        let marks = Marks {
            strong: is_on("w:b"),
            emphasis: is_on("w:i"),
            deleted: is_on("w:strike") || is_on("w:dstrike"),
            sub: position == Some("subscript"),
            sup: position == Some("superscript"),
            code: is_code,
        };
        if self.wishes.is_returned
            && (is_on("w:vanish") || names.iter().any(|name| *name == marks::STYLE.to_lowercase()))
        {
            return self.marks(run, line);
        }
        let is_hidden = is_on("w:vanish") || look.is_on("w:vanish").is_none() && self.around.hides;
        let unseen = self.unseen(look, style, is_hidden);
        if let Some(unseen) = unseen
            && !self.fields.iter().any(|field| !field.is_in_result)
        {
            let words = spoken(run);
            let has_more = [
                "w:drawing",
                "w:pict",
                "w:object",
                "w:footnoteReference",
                "w:endnoteReference",
                "w:sym",
                "w:contentPart",
            ];
            if !words.is_empty() || has_more.iter().any(|name| run.below(name).next().is_some()) {
                return self.leave_unseen(unseen, &words);
            }
        }
        let names_link = names.iter().any(|name| name.contains("hyperlink"));
        let is_link = names_link || self.in_link || self.fields.iter().any(Field::is_link);
        if !self.fields.iter().any(|field| !field.is_in_result) {
            self.plainer(look, is_link, &spoken(run));
        }
        let foreign = self.foreign(run, look);
        let mut inside = Line::new();
        let flush = |inside: &mut Line, line: &mut Line| {
            if !inside.is_empty() {
                tongues::spoken_in(&foreign, marked(std::mem::take(inside), marks), line);
            }
        };
        for one in run.elements() {
            match one.name.as_str() {
                "w:fldChar" => {
                    flush(&mut inside, line);
                    self.field_mark(one, unseen, line);
                }
                "w:instrText" => {
                    if let Some(field) = self.fields.last_mut() {
                        field.instruction.push_str(&one.text());
                    }
                }
                "w:delInstrText" => {}
                "mc:AlternateContent" => {
                    if let Some(chosen) = one.child("mc:Choice").or(one.child("mc:Fallback")) {
                        chosen.elements().for_each(|one| self.piece(one, &mut inside));
                    }
                }
                _ => self.piece(one, &mut inside),
            }
        }
        flush(&mut inside, line);
    }

    /// Hidden words, which are marks or a part of one.
    fn marks(&mut self, run: &Element, line: &mut Line) {
        let said: String = run.elements().filter(|one| one.name == "w:t").map(Element::text).collect();
        if self.hidden.is_empty() && !said.trim_start().starts_with(marks::OPEN) {
            if !said.trim().is_empty() {
                let place = self.place();
                self.losses.left("hidden text", "Word does not show it either", place, &said);
            }
            return;
        }
        self.hidden.push_str(&said);
        for mark in marks::complete(&mut self.hidden) {
            self.has_marks = true;
            match &mark {
                Mark::End => drop(self.open_marks.pop()),
                _ => self.open_marks.push(mark.clone()),
            }
            line.push(Inline::Mark(mark));
        }
    }

    /// One thing in a run.
    fn piece(&mut self, one: &Element, inside: &mut Line) {
        let text = |inside: &mut Line, text: &str| inside.push(Inline::Text(text.to_owned()));
        match one.name.as_str() {
            "w:t" | "w:delText" => text(inside, &one.text()),
            "w:tab" if self.wishes.is_returned => text(inside, "\t"),
            "w:tab" | "w:ptab" => text(inside, " "),
            "w:noBreakHyphen" => text(inside, "\u{2011}"),
            "w:br" if matches!(one.get("w:type"), None | Some("textWrapping")) => inside.push(Inline::Break),
            "w:br" => text(inside, " "),
            "w:cr" => inside.push(Inline::Break),
            "w:sym" => self.symbol(one, inside),
            "w:footnoteReference" | "w:endnoteReference" => {
                let is_end = one.name == "w:endnoteReference";
                if let Some(note) = one.get("w:id").and_then(|id| self.note(is_end, id)) {
                    inside.push(note);
                }
            }
            "w:commentReference" => one.get("w:id").into_iter().for_each(|id| self.comment(id)),
            "w:drawing" => self.drawing(one, inside),
            "w:pict" | "w:object" => self.vml(one, inside),
            "w:ruby" => {
                for part in ["w:rubyBase", "w:rt"] {
                    let words = one.child(part).map(spoken).unwrap_or_default();
                    let words = if part == "w:rt" { format!(" ({words})") } else { words };
                    text(inside, &words);
                }
                let place = self.place();
                self.losses.changed("a reading above a word", "it is in brackets behind the word", place, "");
            }
            "w:pgNum" => {
                let place = self.place();
                self.losses.left("a page number", "a page on the web has none", place, "");
            }
            "w:contentPart" => {
                let place = self.place();
                self.losses.left("handwriting", "save it as a picture, and put that beside the page", place, "");
            }
            _ => {}
        }
    }

    /// A sign of a typeface of symbols.
    fn symbol(&mut self, one: &Element, inside: &mut Line) {
        let font = one.get("w:font").unwrap_or_default().to_lowercase();
        let code = one.get("w:char").and_then(|code| u32::from_str_radix(code, 16).ok()).unwrap_or(0);
        let found = match code {
            0xf000..=0xf0ff if font.contains("symbol") => symbol_letter((code - 0xf000) as u8),
            0xf000..=0xf0ff if font.contains("wingdings") => wingding((code - 0xf000) as u8),
            0xe000..=0xf8ff => None,
            code => char::from_u32(code),
        };
        match found {
            Some(sign) => inside.push(Inline::Text(sign.to_string())),
            None => {
                let place = self.place();
                let which = format!("sign {code:04X} of {}", one.get("w:font").unwrap_or("a typeface"));
                self.losses.left(
                    "a sign of a typeface of symbols",
                    "no other typeface has it; write a word or another sign",
                    place,
                    &which,
                );
            }
        }
    }
}

/// What puts a mark around a line.
type Wrap = fn(Line) -> Inline;

/// Words with their marks; blanks alone have none.
fn marked(inside: Line, marks: Marks) -> Line {
    let inside = match marks.code && inside.iter().all(|one| matches!(one, Inline::Text(_))) {
        true => vec![Inline::Code(words(&inside))],
        false => inside,
    };
    // A note's own mark is raised by every program.
    let (sub, sup) = match inside.iter().any(|one| matches!(one, Inline::Note(_))) {
        true => (false, false),
        false => (marks.sub, marks.sup),
    };
    let mut out = inside;
    let wraps: [(bool, Wrap); 5] = [
        (sub, Inline::Subscript),
        (sup, Inline::Superscript),
        (marks.deleted, Inline::Deleted),
        (marks.emphasis, Inline::Emphasis),
        (marks.strong, Inline::Strong),
    ];
    for (is_set, wrap) in wraps {
        if is_set {
            out = vec![wrap(out)];
        }
    }
    out
}

/// The letters of the typeface Symbol.
fn symbol_letter(code: u8) -> Option<char> {
    const CAPITALS: &str = "ΑΒΧ∆ΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ";
    const SMALL: &str = "αβχδεφγηιϕκλμνοπθρστυϖωξψζ";
    match code {
        b'A'..=b'Z' => CAPITALS.chars().nth(usize::from(code - b'A')),
        b'a'..=b'z' => SMALL.chars().nth(usize::from(code - b'a')),
        0xb7 => Some('•'),
        0xb0 => Some('°'),
        0xb1 => Some('±'),
        0xb4 => Some('×'),
        0xb9 => Some('≠'),
        0xa3 => Some('≤'),
        0xb3 => Some('≥'),
        0xa5 => Some('∞'),
        0xbb => Some('≈'),
        0xae => Some('→'),
        0xac => Some('←'),
        0xd7 => Some('⋅'),
        0xe5 => Some('∑'),
        0xd6 => Some('√'),
        0x20..=0x7e => Some(char::from(code)),
        _ => None,
    }
}

/// The usual signs of Wingdings.
fn wingding(code: u8) -> Option<char> {
    Some(match code {
        0xfc => '✓',
        0xfb => '✗',
        0xfe => '☑',
        0xfd => '☒',
        0xa8 | 0x6f => '☐',
        0xa7 | 0x6e => '▪',
        0xe0 => '→',
        0xdf => '←',
        0xd8 => '➢',
        0x4a => '☺',
        0x28 => '☎',
        0x2a => '✉',
        0x6c => '●',
        0x71 => '❑',
        _ => return None,
    })
}

/// What stands for a style of the house, if the site says so.
pub(super) fn mapped<'w>(wishes: &Wishes<'w>, names: &[String]) -> Option<&'w str> {
    names.iter().find_map(|name| {
        let (_, meaning) = wishes.styles.iter().find(|(style, _)| style.to_lowercase() == *name)?;
        Some(meaning.as_str())
    })
}
