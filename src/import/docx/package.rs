//! The bytes of a `.docx` → its parts by name. What is no Word file, and what was made to do harm, is refused with what to do.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use super::xml::{Element, parse};

/// A file that is not read: what is wrong, and what to do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Refusal {
    pub(crate) message: String,
    pub(crate) help: String,
}

impl Refusal {
    pub(super) fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { message: message.into(), help: help.into() }
    }
}

/// How many parts a file may have, and how many bytes they may hold: a part of XML, all of them.
const MOST_PARTS: usize = 4_000;
const LARGEST_XML: u64 = 64 << 20;
const LARGEST: u64 = 512 << 20;
/// Text shrinks to a tenth, rarely to a fiftieth; what shrinks more than this was made to.
const RATIO: u64 = 200;
/// How large a part must be before its ratio says anything.
const TRIFLING: u64 = 4 << 20;

/// The parts of a file, each read.
pub(super) struct Package {
    parts: BTreeMap<String, Vec<u8>>,
}

/// Where a relationship leads.
#[derive(Clone, Debug)]
pub(super) struct Relationship {
    /// The end of its type: `image`.
    pub(super) kind: String,
    /// The name of a part, or an address if it is outside.
    pub(super) target: String,
    pub(super) is_outside: bool,
}

const SAVE_AGAIN: &str = "open it in Word, save it again as “Word Document (.docx)”, and import that";

impl Package {
    pub(super) fn open(bytes: &[u8]) -> Result<Self, Refusal> {
        if !bytes.starts_with(b"PK\x03\x04") {
            return Err(not_a_package(bytes));
        }
        let cut = || {
            Refusal::new(
                "the file is incomplete or damaged",
                "get it again from where it came from; if Word can open it, save it again there",
            )
        };
        let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| cut())?;
        if archive.len() > MOST_PARTS {
            return Err(Refusal::new(
                format!("the file holds {} parts; Pamphlet reads at most {MOST_PARTS}", archive.len()),
                "split the document, or take out pictures that the page does not need",
            ));
        }
        let (mut parts, mut all) = (BTreeMap::new(), 0);
        for at in 0..archive.len() {
            let mut part = archive.by_index(at).map_err(|error| match error {
                ZipError::UnsupportedArchive(_) | ZipError::InvalidPassword => Refusal::new(
                    "the file is protected by a password, or packed in a way that Word does not use",
                    SAVE_AGAIN,
                ),
                _ => cut(),
            })?;
            let name = part.name().map(|name| name.into_owned()).unwrap_or_default();
            if part.is_dir() {
                continue;
            }
            let clean = name.replace('\\', "/");
            let clean = clean.trim_start_matches('/');
            if clean.is_empty() || clean.split('/').any(|step| matches!(step, ".." | "." | "")) || clean.contains(':') {
                return Err(Refusal::new(
                    format!(
                        "a part of the file is called `{}`, which leads outside of it; Word writes no such names",
                        name.escape_debug()
                    ),
                    "do not trust this file: ask whoever sent it for the document as Word saved it",
                ));
            }
            let is_xml = clean.ends_with(".xml") || clean.ends_with(".rels");
            let limit = if is_xml { LARGEST_XML } else { LARGEST - all };
            let mut read = Vec::new();
            let packed = part.compressed_size().max(1);
            (&mut part).take(limit + 1).read_to_end(&mut read).map_err(|_| cut())?;
            let size = read.len() as u64;
            all += size;
            if size > limit || all > LARGEST || size > TRIFLING && size / packed > RATIO {
                return Err(Refusal::new(
                    format!(
                        "`{clean}` in the file unpacks to more than a document needs; files that are made to fill a disk do that"
                    ),
                    "do not trust this file; if it is really yours, make its pictures smaller or split it in Word",
                ));
            }
            parts.insert(clean.to_owned(), read);
        }
        let package = Self { parts };
        if package.bytes("[Content_Types].xml").is_none() {
            return Err(
                match package.bytes("mimetype").is_some_and(|kind| kind.starts_with(b"application/vnd.oasis")) {
                    true => Refusal::new(
                        "this is an OpenDocument file (.odt) under another name",
                        "open it in LibreOffice, and save it as “Word 2007–365 (.docx)”",
                    ),
                    false => Refusal::new(
                        "this is a ZIP archive, but no Word file",
                        "name the .docx itself; if it is in the archive, unpack it first",
                    ),
                },
            );
        }
        Ok(package)
    }

    pub(super) fn bytes(&self, name: &str) -> Option<&[u8]> {
        self.parts.get(name).map(Vec::as_slice).or_else(|| {
            let (_, part) = self.parts.iter().find(|(part, _)| part.eq_ignore_ascii_case(name))?;
            Some(part)
        })
    }

    /// A part as XML, if there is one.
    pub(super) fn xml(&self, name: &str) -> Result<Option<Element>, Refusal> {
        let Some(bytes) = self.bytes(name) else { return Ok(None) };
        parse(bytes)
            .map(Some)
            .map_err(|why| Refusal::new(format!("`{name}` in the file cannot be read: {why}"), SAVE_AGAIN))
    }

    /// The relationships of a part by their ids.
    pub(super) fn relationships(&self, part: &str) -> Result<BTreeMap<String, Relationship>, Refusal> {
        let (folder, name) = part.rsplit_once('/').unwrap_or(("", part));
        let gap = if folder.is_empty() { "" } else { "/" };
        let Some(root) = self.xml(&format!("{folder}{gap}_rels/{name}.rels"))? else { return Ok(BTreeMap::new()) };
        Ok(root
            .elements()
            .filter_map(|one| {
                let target = one.get("Target")?;
                let is_outside = one.get("TargetMode") == Some("External");
                let kind = one.get("Type")?.rsplit('/').next().unwrap_or_default().to_owned();
                let target = if is_outside { target.to_owned() } else { resolved(folder, target) };
                Some((one.get("Id")?.to_owned(), Relationship { kind, target, is_outside }))
            })
            .collect())
    }

    /// The names of the parts.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.parts.keys().map(String::as_str)
    }
}

/// The name of a part that another in `folder` names.
fn resolved(folder: &str, target: &str) -> String {
    if let Some(whole) = target.strip_prefix('/') {
        return whole.to_owned();
    }
    let mut steps: Vec<&str> = folder.split('/').filter(|step| !step.is_empty()).collect();
    for step in target.split('/') {
        match step {
            ".." => drop(steps.pop()),
            "." | "" => {}
            step => steps.push(step),
        }
    }
    steps.join("/")
}

fn not_a_package(bytes: &[u8]) -> Refusal {
    const OLE: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0];
    let wide = |name: &str| name.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let has = |name: &str| memchr::memmem::find(bytes, &wide(name)).is_some();
    let as_docx = "open it in Word, save it as “Word Document (.docx)”, and import that";
    match bytes {
        [] => Refusal::new("the file is empty", "get it again from where it came from"),
        _ if bytes.starts_with(OLE) && has("EncryptedPackage") => Refusal::new(
            "the file is protected by a password",
            "open it in Word, take the password off (File, Info, Protect Document), save it, and import that",
        ),
        _ if bytes.starts_with(OLE) => {
            Refusal::new("this is a Word file of the old kind (.doc) under another name", as_docx)
        }
        _ if bytes.starts_with(b"{\\rtf") => Refusal::new("this is an RTF file under another name", as_docx),
        _ if bytes.starts_with(b"%PDF") => {
            Refusal::new("this is a PDF under another name", "ask its author for the Word file it was made from")
        }
        _ => Refusal::new(
            "this is no Word file",
            "Pamphlet imports .docx files; save the document as one in the program it was written with",
        ),
    }
}
