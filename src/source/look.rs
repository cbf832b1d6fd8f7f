//! The folders of a site → what each file is now, compared with the look before. Files are checked on all cores while others
//! are still being listed.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::stamp::Stamp;
use super::{Content, PLACES, SourceFile, Tree, is_text, reason, walk};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::path::{SitePath, composed};

/// A file that was seen.
pub(super) enum FoundFile {
    /// The file with this number in the tree before, unchanged.
    Kept(usize),
    /// The file with this number may have changed, so it was read again.
    Again(usize, Box<SourceFile>),
    New(Box<SourceFile>),
}

/// What one look at all places found, unordered.
#[derive(Default)]
pub(super) struct Look {
    pub(super) seen: Vec<FoundFile>,
    pub(super) faults: Vec<Diagnostic>,
    /// A link leads to some of it.
    pub(super) has_links: bool,
}

/// How many files are handed to another core at once.
const BATCH: usize = 128;

/// What was found in one batch: its place, its number there, files and faults.
type Batch = (usize, usize, Vec<FoundFile>, Vec<Diagnostic>);

/// Looks at every file of the site in `root`.
pub(super) fn look(root: &Path, before: Option<&Tree>) -> Look {
    let has_links = AtomicBool::new(false);
    let looked: Mutex<Vec<Batch>> = Mutex::default();
    let add = |batch: Batch| looked.lock().unwrap_or_else(PoisonError::into_inner).push(batch);
    let look_at_all = |place: usize, number: usize, files: Vec<PathBuf>| {
        let (mut seen, mut faults) = (Vec::with_capacity(files.len()), Vec::new());
        for file in files {
            match look_at(root, &file, before) {
                Some(Ok(one)) => seen.push(one),
                Some(Err(fault)) => faults.push(fault),
                None => {}
            }
        }
        add((place, number, seen, faults));
    };
    let (look_at_all, add, links) = (&look_at_all, &add, &has_links);
    rayon::scope(|scope| {
        for (place, name) in PLACES.iter().enumerate() {
            scope.spawn(move |scope| {
                let (mut files, mut number, mut faults) = (Vec::new(), 0, Vec::new());
                let mut found = |file| {
                    files.push(file);
                    if files.len() == BATCH {
                        number += 1;
                        let (files, number) = (std::mem::take(&mut files), number);
                        scope.spawn(move |_| look_at_all(place, number, files));
                    }
                };
                if walk::walk(root, name, &mut found, &mut faults) {
                    links.store(true, Ordering::Relaxed);
                }
                add((place, 0, Vec::new(), faults));
                look_at_all(place, number + 1, files);
            });
        }
    });
    let mut looked = looked.into_inner().unwrap_or_else(PoisonError::into_inner);
    // Faults come in the same order, whichever core was first.
    looked.sort_by_key(|(place, number, ..)| (*place, *number));
    let mut look = Look { has_links: has_links.into_inner(), ..Look::default() };
    for (_, _, seen, faults) in looked {
        look.seen.extend(seen);
        look.faults.extend(faults);
    }
    look
}

/// A file as it is on disk now; `None` if it has gone since its folder was listed.
fn look_at(root: &Path, on_disk: &Path, before: Option<&Tree>) -> Option<Result<FoundFile, Diagnostic>> {
    let name = match walk::below(root, on_disk) {
        Ok(name) => name,
        Err(fault) => return Some(Err(fault)),
    };
    let refused = |error: &std::io::Error| {
        if error.kind() == std::io::ErrorKind::NotFound {
            return None;
        }
        let fault = Diagnostic::new(Code::UnreadableFile, format!("`{name}` cannot be read: {}", reason(error)));
        let fault = fault.help("check that you may open the file, and that no other program has it open");
        Some(Err(match SitePath::new(&name) {
            Some(path) => fault.span(Span::file(&path)),
            None => fault,
        }))
    };
    // The stamp is taken before the content: a change between the two is seen at the next look.
    let facts = match std::fs::metadata(on_disk) {
        Ok(facts) => facts,
        Err(error) => return refused(&error),
    };
    let stamp = Stamp::of(&facts);
    // A built-in file is not an earlier version of one on disk.
    let known = before
        .and_then(|tree| tree.files.get_full(&*composed(&name)))
        .filter(|(_, _, old)| old.stamp.is_some() && old.place() == &*name);
    if let (Some((n, _, old)), Some(tree)) = (known, before)
        && old.stamp == Some(stamp)
        && !stamp.is_younger_than(tree.looked)
    {
        return Some(Ok(FoundFile::Kept(n)));
    }
    // No name from a disk leads out of the site.
    let path = known.map_or_else(|| SitePath::new(&name), |(_, path, _)| Some(path.clone()))?;
    let content = if is_text(&path) {
        match std::fs::read(on_disk).map(String::from_utf8) {
            Ok(Ok(text)) => Content::Text(shared(with_line_ends(&path, text), known.map(|(_, _, old)| old))),
            Ok(Err(error)) => Content::NotText(error.into_bytes().into()),
            Err(error) => return refused(&error),
        }
    } else {
        Content::Opaque(facts.len(), None)
    };
    let mut file = Box::new(SourceFile::new(path, content, Some(stamp)));
    file.lies_at = (file.path.as_str() != &*name).then(|| Arc::from(&*name));
    Some(Ok(match known {
        Some((n, ..)) => FoundFile::Again(n, file),
        None => FoundFile::New(file),
    }))
}

/// The text from before, if it is still the same: then what was made from it can be kept.
fn shared(text: String, old: Option<&SourceFile>) -> Arc<str> {
    match old.map(|old| &old.content) {
        Some(Content::Text(old)) if **old == *text => old.clone(),
        _ => text.into(),
    }
}

/// The text of a source whose lines end with a carriage return alone, as on old Macs, with today's line ends: otherwise the
/// whole would be one line, and no field in it would be read. All bytes keep their places.
fn with_line_ends(path: &SitePath, text: String) -> String {
    let bytes = text.as_bytes();
    let is_alone = |n: usize| bytes[n] == b'\r' && bytes.get(n + 1) != Some(&b'\n');
    if path.below("content").is_none() || !text.contains('\r') || !(0..bytes.len()).any(is_alone) {
        return text;
    }
    let ends: Vec<u8> = (0..bytes.len()).map(|n| if is_alone(n) { b'\n' } else { bytes[n] }).collect();
    String::from_utf8(ends).unwrap_or(text)
}
