//! What the file looks like: Word's own styles where it has one for a thing, a few of ours beside them; and the numberings of lists.

use std::fmt::Write as _;

use super::xml::Xml;
use crate::import::marks;

/// Space above and below in twentieths of a point, then further properties of paragraphs and of letters.
struct Look {
    id: &'static str,
    name: &'static str,
    based_on: &'static str,
    paragraph: &'static str,
    letters: &'static str,
}

const fn look(
    id: &'static str,
    name: &'static str,
    based_on: &'static str,
    paragraph: &'static str,
    letters: &'static str,
) -> Look {
    Look { id, name, based_on, paragraph, letters }
}

const HEAD: &str = "<w:b/><w:bCs/><w:color w:val=\"1F3A4A\"/>";

/// The styles of paragraphs, in the order of the elements in the standard.
const PARAGRAPHS: &[Look] = &[
    look(
        "Title",
        "Title",
        "Normal",
        "<w:spacing w:before=\"40\" w:after=\"40\" w:line=\"264\" w:lineRule=\"auto\"/><w:outlineLvl w:val=\"0\"/>",
        "<w:b/><w:bCs/><w:color w:val=\"1F3A4A\"/><w:sz w:val=\"32\"/><w:szCs w:val=\"32\"/>",
    ),
    look("ListBullet", "List Bullet", "Normal", "<w:spacing w:after=\"60\"/>", ""),
    look("ListNumber", "List Number", "Normal", "<w:spacing w:after=\"60\"/>", ""),
    look(
        "Quote",
        "Quote",
        "Normal",
        "<w:pBdr><w:left w:val=\"single\" w:sz=\"18\" w:space=\"10\" w:color=\"B7C4CC\"/></w:pBdr><w:ind w:left=\"400\" w:right=\"400\"/>",
        "<w:i/><w:iCs/>",
    ),
    look(
        "HTMLPreformatted",
        "HTML Preformatted",
        "Normal",
        "<w:keepLines/><w:shd w:val=\"clear\" w:color=\"auto\" w:fill=\"F2F4F5\"/><w:spacing w:line=\"240\" w:lineRule=\"auto\"/>",
        "<w:rFonts w:ascii=\"Consolas\" w:hAnsi=\"Consolas\" w:cs=\"Consolas\"/><w:noProof/><w:sz w:val=\"18\"/><w:szCs w:val=\"18\"/>",
    ),
    look(
        "FootnoteText",
        "footnote text",
        "Normal",
        "<w:spacing w:after=\"40\" w:line=\"240\" w:lineRule=\"auto\"/>",
        "<w:sz w:val=\"18\"/><w:szCs w:val=\"18\"/>",
    ),
    look(
        "Caption",
        "caption",
        "Normal",
        "<w:keepNext/><w:spacing w:before=\"60\" w:after=\"60\"/>",
        "<w:b/><w:bCs/><w:sz w:val=\"20\"/><w:szCs w:val=\"20\"/>",
    ),
    look("DefinitionTerm", "Definition Term", "Normal", "<w:keepNext/><w:spacing w:after=\"0\"/>", "<w:b/><w:bCs/>"),
    look("Definition", "Definition", "Normal", "<w:ind w:left=\"400\"/>", ""),
    look(
        "PamphletCell",
        "Pamphlet Cell",
        "Normal",
        "<w:spacing w:before=\"40\" w:after=\"40\" w:line=\"240\" w:lineRule=\"auto\"/>",
        "<w:sz w:val=\"20\"/><w:szCs w:val=\"20\"/>",
    ),
    look("PamphletHead", "Pamphlet Head", "PamphletCell", "", "<w:b/><w:bCs/>"),
    look("PamphletHeadLeft", marks::LEFT, "PamphletHead", "<w:jc w:val=\"left\"/>", ""),
    look(
        "PamphletAfter",
        "Pamphlet After",
        "Normal",
        "<w:spacing w:before=\"0\" w:after=\"0\" w:line=\"120\" w:lineRule=\"exact\"/>",
        "<w:sz w:val=\"8\"/><w:szCs w:val=\"8\"/>",
    ),
    look(
        "PamphletNotice",
        "Pamphlet Notice",
        "Normal",
        "<w:pBdr><w:top w:val=\"single\" w:sz=\"8\" w:space=\"4\" w:color=\"A8341F\"/><w:bottom w:val=\"single\" w:sz=\"8\" w:space=\"4\" w:color=\"A8341F\"/></w:pBdr><w:spacing w:before=\"80\"/>",
        "<w:b/><w:bCs/><w:color w:val=\"A8341F\"/>",
    ),
    look(
        "PamphletBlock",
        "Pamphlet Block",
        "Normal",
        "<w:keepNext/><w:pBdr><w:top w:val=\"single\" w:sz=\"6\" w:space=\"2\" w:color=\"8FA3AF\"/></w:pBdr><w:shd w:val=\"clear\" w:color=\"auto\" w:fill=\"EEF2F4\"/><w:spacing w:before=\"120\" w:after=\"80\" w:line=\"240\" w:lineRule=\"auto\"/>",
        "<w:noProof/><w:color w:val=\"5F6B73\"/><w:sz w:val=\"18\"/><w:szCs w:val=\"18\"/>",
    ),
    look(
        "PamphletBlockEnd",
        "Pamphlet Block End",
        "Normal",
        "<w:pBdr><w:bottom w:val=\"single\" w:sz=\"6\" w:space=\"2\" w:color=\"8FA3AF\"/></w:pBdr><w:spacing w:before=\"40\" w:after=\"200\" w:line=\"240\" w:lineRule=\"auto\"/>",
        "<w:noProof/><w:color w:val=\"5F6B73\"/><w:sz w:val=\"16\"/><w:szCs w:val=\"16\"/>",
    ),
    look(
        "PamphletHint",
        "Pamphlet Hint",
        "Normal",
        "<w:spacing w:after=\"120\"/>",
        "<w:color w:val=\"5F6B73\"/><w:sz w:val=\"20\"/><w:szCs w:val=\"20\"/>",
    ),
    look(
        "PamphletField",
        "Pamphlet Field",
        "Normal",
        "<w:spacing w:after=\"60\"/>",
        "<w:sz w:val=\"20\"/><w:szCs w:val=\"20\"/>",
    ),
    look("PamphletPicture", "Pamphlet Picture", "Normal", "<w:keepNext/>", ""),
    look(
        "PamphletRule",
        marks::RULE,
        "Normal",
        "<w:pBdr><w:bottom w:val=\"single\" w:sz=\"6\" w:space=\"1\" w:color=\"8FA3AF\"/></w:pBdr>",
        "",
    ),
    look("PamphletSource", marks::RAW, "HTMLPreformatted", "", ""),
];

/// The styles of letters.
const LETTERS: &[(&str, &str, &str)] = &[
    ("Hyperlink", "Hyperlink", "<w:color w:val=\"0B5394\"/><w:u w:val=\"single\"/>"),
    ("FootnoteReference", "footnote reference", "<w:vertAlign w:val=\"superscript\"/>"),
    (
        "HTMLCode",
        "HTML Code",
        "<w:rFonts w:ascii=\"Consolas\" w:hAnsi=\"Consolas\" w:cs=\"Consolas\"/><w:noProof/><w:sz w:val=\"19\"/><w:szCs w:val=\"19\"/>",
    ),
    ("PamphletMark", marks::STYLE, "<w:noProof/><w:vanish/>"),
];

/// The sizes of headings in half points.
const HEADINGS: [u32; 6] = [32, 28, 24, 22, 22, 22];

/// `styles.xml`, for a text in a language.
pub(super) fn styles(language: &str, is_from_right: bool) -> String {
    let mut out = Xml::file();
    out.push("<w:styles xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:docDefaults><w:rPrDefault><w:rPr>");
    out.push("<w:rFonts w:ascii=\"Calibri\" w:hAnsi=\"Calibri\" w:eastAsia=\"Calibri\" w:cs=\"Calibri\"/><w:sz w:val=\"22\"/><w:szCs w:val=\"22\"/>");
    let of_others = if is_from_right { ("w:bidi", language) } else { ("w:bidi", "ar-SA") };
    out.empty("w:lang", &[("w:val", language), ("w:eastAsia", language), of_others]);
    out.push("</w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:after=\"140\" w:line=\"276\" w:lineRule=\"auto\"/></w:pPr></w:pPrDefault></w:docDefaults>");
    let from_right = if is_from_right { "<w:pPr><w:bidi/></w:pPr>" } else { "" };
    out.push(&format!(
        "<w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Normal\"><w:name w:val=\"Normal\"/><w:qFormat/>{from_right}</w:style>"
    ));
    out.push("<w:style w:type=\"character\" w:default=\"1\" w:styleId=\"DefaultParagraphFont\"><w:name w:val=\"Default Paragraph Font\"/></w:style>");
    out.push("<w:style w:type=\"table\" w:default=\"1\" w:styleId=\"TableNormal\"><w:name w:val=\"Normal Table\"/><w:tblPr><w:tblInd w:w=\"0\" w:type=\"dxa\"/><w:tblCellMar><w:top w:w=\"0\" w:type=\"dxa\"/><w:left w:w=\"108\" w:type=\"dxa\"/><w:bottom w:w=\"0\" w:type=\"dxa\"/><w:right w:w=\"108\" w:type=\"dxa\"/></w:tblCellMar></w:tblPr></w:style>");
    out.push(
        "<w:style w:type=\"numbering\" w:default=\"1\" w:styleId=\"NoList\"><w:name w:val=\"No List\"/></w:style>",
    );
    for (nth, size) in HEADINGS.iter().enumerate() {
        let level = nth + 1;
        out.push(&format!(
            "<w:style w:type=\"paragraph\" w:styleId=\"Heading{level}\"><w:name w:val=\"heading {level}\"/><w:basedOn w:val=\"Normal\"/>\
             <w:next w:val=\"Normal\"/><w:qFormat/><w:pPr><w:keepNext/><w:keepLines/><w:spacing w:before=\"280\" w:after=\"100\"/>\
             <w:outlineLvl w:val=\"{nth}\"/></w:pPr><w:rPr>{HEAD}<w:sz w:val=\"{size}\"/><w:szCs w:val=\"{size}\"/></w:rPr></w:style>"
        ));
    }
    for one in PARAGRAPHS {
        let letters = if one.letters.is_empty() { String::new() } else { format!("<w:rPr>{}</w:rPr>", one.letters) };
        out.push(&format!(
            "<w:style w:type=\"paragraph\" {}w:styleId=\"{}\"><w:name w:val=\"{}\"/><w:basedOn w:val=\"{}\"/><w:qFormat/><w:pPr>{}</w:pPr>{letters}</w:style>",
            if one.id.starts_with("Pamphlet") || one.id.starts_with("Definition") { "w:customStyle=\"1\" " } else { "" },
            one.id, one.name, one.based_on, one.paragraph
        ));
    }
    for level in 1..=5_usize {
        let number = if level == 1 { String::new() } else { format!("{level}") };
        let gap = if level == 1 { String::new() } else { format!(" {level}") };
        let indent = 357 * level;
        out.push(&format!(
            "<w:style w:type=\"paragraph\" w:styleId=\"ListContinue{number}\"><w:name w:val=\"List Continue{gap}\"/><w:basedOn w:val=\"Normal\"/>\
             <w:pPr><w:spacing w:after=\"60\"/><w:ind w:left=\"{indent}\"/></w:pPr></w:style>"
        ));
    }
    for (id, name, letters) in LETTERS {
        let custom = if id.starts_with("Pamphlet") { "w:customStyle=\"1\" " } else { "" };
        out.push(&format!(
            "<w:style w:type=\"character\" {custom}w:styleId=\"{id}\"><w:name w:val=\"{name}\"/><w:basedOn w:val=\"DefaultParagraphFont\"/><w:rPr>{letters}</w:rPr></w:style>"
        ));
    }
    let line = |name: &str| format!("<w:{name} w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"B7C4CC\"/>");
    let lines: String =
        ["top", "left", "bottom", "right", "insideH", "insideV"].iter().map(|name| line(name)).collect();
    out.push(&format!(
        "<w:style w:type=\"table\" w:customStyle=\"1\" w:styleId=\"PamphletTable\"><w:name w:val=\"Pamphlet Table\"/><w:basedOn w:val=\"TableNormal\"/>\
         <w:tblPr><w:tblBorders>{lines}</w:tblBorders></w:tblPr><w:tblStylePr w:type=\"firstRow\"><w:tcPr>\
         <w:shd w:val=\"clear\" w:color=\"auto\" w:fill=\"EEF2F4\"/></w:tcPr></w:tblStylePr></w:style></w:styles>"
    ));
    out.0
}

/// `numbering.xml`: bullets, numbers, and for each list one of the two that begins anew.
pub(super) fn numbering(lists: &[(usize, Option<u64>)]) -> String {
    let mut out = Xml::file();
    out.push("<w:numbering xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\">");
    for (id, is_number) in [(0, false), (1, true)] {
        out.push(&format!("<w:abstractNum w:abstractNumId=\"{id}\"><w:multiLevelType w:val=\"hybridMultilevel\"/>"));
        for level in 0..9_usize {
            let (format, sign) = match is_number {
                true => ("decimal", format!("%{}.", level + 1)),
                false => ("bullet", ["•", "–", "▪"][level % 3].to_owned()),
            };
            out.push(&format!(
                "<w:lvl w:ilvl=\"{level}\"><w:start w:val=\"1\"/><w:numFmt w:val=\"{format}\"/><w:lvlText w:val=\"{sign}\"/><w:lvlJc w:val=\"left\"/>\
                 <w:pPr><w:ind w:left=\"{}\" w:hanging=\"357\"/></w:pPr></w:lvl>",
                357 * (level + 1)
            ));
        }
        out.close("w:abstractNum");
    }
    for (nth, (level, start)) in lists.iter().enumerate() {
        let _ = write!(
            out.0,
            "<w:num w:numId=\"{}\"><w:abstractNumId w:val=\"{}\"/><w:lvlOverride w:ilvl=\"{level}\"><w:startOverride w:val=\"{}\"/></w:lvlOverride></w:num>",
            nth + 1,
            usize::from(start.is_some()),
            // Word counts in 31 bits.
            start.unwrap_or(1).min(2_147_483_647)
        );
    }
    out.close("w:numbering");
    out.0
}
