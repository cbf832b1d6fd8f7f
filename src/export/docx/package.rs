//! The parts of a Word file → its bytes.

use std::io::{Cursor, Write as _};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::body::Parts;
use super::styles;
use super::xml::Xml;
use crate::export::Outgoing;
use crate::import::marks;

/// The name spaces of a text.
const SPACES: &str = concat!(
    "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" ",
    "xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" ",
    "xmlns:wp=\"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing\" ",
    "xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" ",
    "xmlns:pic=\"http://schemas.openxmlformats.org/drawingml/2006/picture\" ",
    "xmlns:m=\"http://schemas.openxmlformats.org/officeDocument/2006/math\"",
);
/// The name spaces of a formula.
pub(super) const MATH: &str = concat!(
    "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" ",
    "xmlns:m=\"http://schemas.openxmlformats.org/officeDocument/2006/math\"",
);
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const TYPES: &str = "application/vnd.openxmlformats-officedocument";
/// A4 with margins of 2.5 cm.
const SECTION: &str = "<w:sectPr><w:pgSz w:w=\"11906\" w:h=\"16838\"/><w:pgMar w:top=\"1418\" w:right=\"1418\" w:bottom=\"1418\" \
     w:left=\"1418\" w:header=\"709\" w:footer=\"709\" w:gutter=\"0\"/></w:sectPr>";

/// Puts the parts together. The same parts give the same bytes.
pub(super) fn packed(parts: Parts<'_>) -> Vec<u8> {
    let outgoing = parts.outgoing;
    let mut files: Vec<(String, Vec<u8>)> = vec![
        ("[Content_Types].xml".to_owned(), content_types().into_bytes()),
        ("_rels/.rels".to_owned(), top().into_bytes()),
        ("docProps/core.xml".to_owned(), core(outgoing).into_bytes()),
        ("docProps/app.xml".to_owned(), app().into_bytes()),
        ("docProps/custom.xml".to_owned(), custom(outgoing).into_bytes()),
        ("word/document.xml".to_owned(), document(&parts.body).into_bytes()),
        ("word/styles.xml".to_owned(), styles::styles(&outgoing.language, outgoing.is_from_right).into_bytes()),
        ("word/numbering.xml".to_owned(), styles::numbering(&parts.lists).into_bytes()),
        ("word/settings.xml".to_owned(), settings().into_bytes()),
        ("word/footnotes.xml".to_owned(), footnotes(&parts.notes).into_bytes()),
    ];
    let [of_text, of_notes] = &parts.relations;
    let own = [
        ("styles", "styles.xml"),
        ("numbering", "numbering.xml"),
        ("settings", "settings.xml"),
        ("footnotes", "footnotes.xml"),
    ];
    files.push(("word/_rels/document.xml.rels".to_owned(), relations(&own, of_text).into_bytes()));
    if !of_notes.is_empty() {
        files.push(("word/_rels/footnotes.xml.rels".to_owned(), relations(&[], of_notes).into_bytes()));
    }
    for (nth, picture) in parts.media.into_iter().enumerate() {
        files.push((format!("word/media/picture-{}.{}", nth + 1, picture.ending), picture.bytes));
    }
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        // Writing to memory does not fail.
        let begun = zip.start_file(name, SimpleFileOptions::default());
        drop(begun.map(|()| zip.write_all(&bytes)));
    }
    zip.finish().map(Cursor::into_inner).unwrap_or_default()
}

fn content_types() -> String {
    let mut out = Xml::file();
    out.open("Types", &[("xmlns", "http://schemas.openxmlformats.org/package/2006/content-types")]);
    for (ending, kind) in [
        ("rels", "application/vnd.openxmlformats-package.relationships+xml"),
        ("xml", "application/xml"),
        ("png", "image/png"),
        ("jpeg", "image/jpeg"),
        ("gif", "image/gif"),
    ] {
        out.empty("Default", &[("Extension", ending), ("ContentType", kind)]);
    }
    for (part, kind) in [
        ("/word/document.xml", "wordprocessingml.document.main+xml"),
        ("/word/styles.xml", "wordprocessingml.styles+xml"),
        ("/word/numbering.xml", "wordprocessingml.numbering+xml"),
        ("/word/settings.xml", "wordprocessingml.settings+xml"),
        ("/word/footnotes.xml", "wordprocessingml.footnotes+xml"),
        ("/docProps/app.xml", "extended-properties+xml"),
        ("/docProps/custom.xml", "custom-properties+xml"),
    ] {
        out.empty("Override", &[("PartName", part), ("ContentType", &format!("{TYPES}.{kind}"))]);
    }
    let core = "application/vnd.openxmlformats-package.core-properties+xml";
    out.empty("Override", &[("PartName", "/docProps/core.xml"), ("ContentType", core)]);
    out.close("Types");
    out.0
}

const RELATIONS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";

fn top() -> String {
    let mut out = Xml::file();
    out.open("Relationships", &[("xmlns", RELATIONS)]);
    let core = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties".to_owned();
    for (id, kind, target) in [
        ("r1", format!("{OFFICE}/officeDocument"), "word/document.xml"),
        ("r2", core, "docProps/core.xml"),
        ("r3", format!("{OFFICE}/extended-properties"), "docProps/app.xml"),
        ("r4", format!("{OFFICE}/custom-properties"), "docProps/custom.xml"),
    ] {
        out.empty("Relationship", &[("Id", id), ("Type", &kind), ("Target", target)]);
    }
    out.close("Relationships");
    out.0
}

fn relations(own: &[(&str, &str)], all: &[(&'static str, String, bool)]) -> String {
    let mut out = Xml::file();
    out.open("Relationships", &[("xmlns", RELATIONS)]);
    for (nth, (kind, target)) in own.iter().enumerate() {
        out.empty(
            "Relationship",
            &[("Id", &format!("s{nth}")), ("Type", &format!("{OFFICE}/{kind}")), ("Target", target)],
        );
    }
    for (nth, (kind, target, is_outside)) in all.iter().enumerate() {
        let (id, kind) = (format!("r{nth}"), format!("{OFFICE}/{kind}"));
        let mut given = vec![("Id", id.as_str()), ("Type", &kind), ("Target", target)];
        if *is_outside {
            given.push(("TargetMode", "External"));
        }
        out.empty("Relationship", &given);
    }
    out.close("Relationships");
    out.0
}

fn core(outgoing: &Outgoing) -> String {
    let mut out = Xml::file();
    out.open(
        "cp:coreProperties",
        &[
            ("xmlns:cp", "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"),
            ("xmlns:dc", "http://purl.org/dc/elements/1.1/"),
        ],
    );
    out.words("dc:title", &[], &outgoing.title);
    out.words("dc:creator", &[], &outgoing.authors.join("; "));
    out.words("dc:language", &[], &outgoing.language);
    out.close("cp:coreProperties");
    out.0
}

fn app() -> String {
    let mut out = Xml::file();
    out.open("Properties", &[("xmlns", "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties")]);
    out.words("Application", &[], "Pamphlet");
    out.close("Properties");
    out.0
}

/// What `import` knows the file by.
fn custom(outgoing: &Outgoing) -> String {
    let mut out = Xml::file();
    out.open(
        "Properties",
        &[
            ("xmlns", "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"),
            ("xmlns:vt", "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"),
        ],
    );
    for (pid, name, value) in [("2", marks::PAGE, &outgoing.page), ("3", marks::SOURCE, &outgoing.source)] {
        out.open("property", &[("fmtid", "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"), ("pid", pid), ("name", name)]);
        out.words("vt:lpwstr", &[], value);
        out.close("property");
    }
    out.close("Properties");
    out.0
}

fn document(body: &str) -> String {
    let mut out = Xml::file();
    out.push(&format!("<w:document {SPACES}><w:body>"));
    out.push(body);
    out.push(SECTION);
    out.push("</w:body></w:document>");
    out.0
}

fn footnotes(notes: &str) -> String {
    let mut out = Xml::file();
    out.push(&format!("<w:footnotes {SPACES}>"));
    for (id, kind, name) in
        [("-1", "separator", "w:separator"), ("0", "continuationSeparator", "w:continuationSeparator")]
    {
        out.open("w:footnote", &[("w:type", kind), ("w:id", id)]);
        out.push(&format!("<w:p><w:r><{name}/></w:r></w:p></w:footnote>"));
    }
    out.push(notes);
    out.push("</w:footnotes>");
    out.0
}

fn settings() -> String {
    let mut out = Xml::file();
    out.push("<w:settings xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\">");
    out.push("<w:footnotePr><w:footnote w:id=\"-1\"/><w:footnote w:id=\"0\"/></w:footnotePr><w:compat>");
    let office = "http://schemas.microsoft.com/office/word";
    out.empty("w:compatSetting", &[("w:name", "compatibilityMode"), ("w:uri", office), ("w:val", "15")]);
    out.push("</w:compat></w:settings>");
    out.0
}
