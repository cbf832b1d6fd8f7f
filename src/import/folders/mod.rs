//! A folder of Hugo, Jekyll or Eleventy → a survey of its site, and its texts in Markdown.
//!
//! ```text
//! paths of files ──▶ program (by its configuration) ──▶ hugo, jekyll, eleventy ──▶ Survey + Read
//! bytes on request ─────────────────────────────────────────┘                        └─▶ texts: one text at a time
//! ```
//!
//! * `lenient` reads front matter, settings and data; `hidden` says who may see what they are on, `beside` which files go with a hidden page.
//! * `hugo`, `jekyll` and `eleventy` know what each file is there, and at which address: by the rules of these programs, none of which is run.
//! * `texts` turns a text into Markdown of this program: shortcodes and Liquid by a table, links by where they lead, everything else
//!   byte for byte.
//!
//! JavaScript is not run. What only a program could know is a note in the survey.

mod beside;
mod eleventy;
mod hidden;
pub(super) mod ignored;
mod hugo;
mod jekyll;
mod lenient;
mod pages;
mod texts;

#[cfg(test)]
mod tests;

use jiff::Timestamp;

use crate::import::site::survey::Survey;
pub(crate) use texts::{Meanings, Read};

/// The files of a folder.
pub(crate) struct Folder<'a> {
    /// The paths of all files below it, `/` between their parts, sorted.
    pub(crate) files: &'a [String],
    /// The bytes of one of them, or why it cannot be read.
    pub(crate) bytes: &'a dyn Fn(&str) -> Result<Vec<u8>, String>,
}

/// A program whose folders can be read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Program {
    Hugo,
    Jekyll,
    Eleventy,
}

impl Program {
    /// Its name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Hugo => "Hugo",
            Self::Jekyll => "Jekyll",
            Self::Eleventy => "Eleventy",
        }
    }
}

impl Folder<'_> {
    pub(super) fn has(&self, path: &str) -> bool {
        self.files.binary_search_by(|known| known.as_str().cmp(path)).is_ok()
    }

    /// The text of a file; `None` if it is not there or cannot be read.
    pub(super) fn text(&self, path: &str) -> Option<String> {
        if !self.has(path) {
            return None;
        }
        (self.bytes)(path).ok().map(lenient::decoded)
    }

    /// The files below a folder, with what follows its name; the empty name is the folder itself.
    pub(super) fn below<'f>(&'f self, folder: &'f str) -> impl Iterator<Item = (&'f str, &'f str)> {
        let folder = folder.trim_matches('/');
        let start = match folder {
            "" => 0,
            _ => self.files.partition_point(|path| path.as_str() < folder),
        };
        let rest = move |path: &'f String| match folder {
            "" => Some((path.as_str(), path.as_str())),
            _ => Some((path.as_str(), path.strip_prefix(folder)?.strip_prefix('/')?)),
        };
        let near = move |path: &&String| folder.is_empty() || path.starts_with(folder);
        self.files[start..].iter().take_while(near).filter_map(rest)
    }
}

/// The program that a folder belongs to, by its configuration; `None` if it is none of the three.
pub(crate) fn program(folder: &Folder<'_>) -> Option<Program> {
    let has_any = |names: &[&str]| names.iter().any(|name| folder.has(name));
    if has_any(&["hugo.toml", "hugo.yaml", "hugo.yml", "hugo.json"]) || hugo::has_config_folder(folder) {
        return Some(Program::Hugo);
    }
    if has_any(&["_config.yml", "_config.yaml", "_config.toml"]) {
        return Some(Program::Jekyll);
    }
    if eleventy::CONFIGS.iter().any(|name| folder.has(name)) {
        return Some(Program::Eleventy);
    }
    if hugo::has_settings(folder) {
        return Some(Program::Hugo);
    }
    let package = folder.text("package.json").unwrap_or_default();
    package.contains("\"@11ty/eleventy\"").then_some(Program::Eleventy)
}

/// The names of the files by which a folder is known, for messages.
pub(crate) const KNOWN_BY: &str = "`hugo.toml`, `config.toml` or `config/_default/` (Hugo), `_config.yml` (Jekyll), `.eleventy.js` or `eleventy.config.js` (Eleventy)";

/// What is in a folder of `program`, as of `now`; and what its texts need to be turned into Markdown.
pub(crate) fn survey(folder: &Folder<'_>, program: Program, now: Timestamp, meanings: Meanings) -> (Survey, Read) {
    let (mut survey, mut read) = match program {
        Program::Hugo => hugo::survey(folder, now, meanings),
        Program::Jekyll => jekyll::survey(folder, now, meanings),
        Program::Eleventy => eleventy::survey(folder, now, meanings),
    };
    read.read_fields(&mut survey);
    (survey, read)
}
