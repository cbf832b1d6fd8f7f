//! Every reader, with inputs that nobody thought of: files of the tests and of the manual, changed at random. No reader may
//! panic, give a place outside its text, or read the same text twice in two ways; see `pamphlet::fuzzing`.
//!
//! `PAMPHLET_FUZZ=20000` tries so many inputs for each reader, `PAMPHLET_FUZZ_SEED=7` others than usual. What fails is written to
//! `target/fuzz-READER.bin`; put it into `tests/fuzz/READER/`, where it is tried first from then on. `fuzz/` has the same readers for
//! cargo-fuzz, which is led by the code that an input reaches.
#![allow(missing_docs, clippy::disallowed_methods, clippy::disallowed_types)]

use std::fs;
use std::panic;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use pamphlet::fuzzing::TARGETS;

/// No input is longer: short ones reach as much, sooner.
const LONGEST: usize = 3000;

/// What formats are made of.
const WORDS: &[&str] = &[
    "+++\n",
    "---\n",
    ":::",
    ":::after 2099-01-01 09:00\n",
    "`",
    "```",
    "*",
    "**",
    "_",
    "~",
    "^",
    "[",
    "]",
    "](",
    ")",
    "[^1]",
    "[^1]: ",
    "$",
    "$$",
    "|",
    "|-|-|\n",
    "<",
    ">",
    "<!--",
    "-->",
    "<b a=\"1\">",
    "</b>",
    "<a href=\"/\">",
    "{",
    "}",
    "{#a .b}",
    "&amp;",
    "\"",
    "'",
    "\\",
    "\n",
    "\n\n",
    "\r\n",
    "\t",
    "  ",
    " ",
    "# ",
    "- ",
    "1. ",
    "> ",
    ": ",
    " #",
    "=",
    "==",
    "[[a]]",
    "a = 1\n",
    "a: 1\n",
    "status = \"draft\"\n",
    "&a ",
    "*a ",
    "!x ",
    "|\n",
    "\u{feff}",
    "\u{a0}",
    "é",
    "漢",
    "\u{200b}",
    "\u{202e}",
    "\0",
    "🏴",
    "â€™",
    ",",
    ";",
    ":",
    "2026-05-14",
    "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\">",
    "<g>",
    "</g>",
    "<use href=\"#a\"/>",
    "</svg>",
    "<filter id=\"a\"><feGaussianBlur stdDeviation=\"9\"/></filter>",
    "{{ a }}",
    "{% if a %}",
    "\u{ff}\u{d8}",
    "GIF89a",
    "RIFF",
    "\u{1}",
];

struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).unwrap_or(0) % limit.max(1)
    }

    fn range(&mut self, bytes: &[u8]) -> std::ops::Range<usize> {
        let start = self.below(bytes.len() + 1);
        start..(start + self.below(40)).min(bytes.len())
    }
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push(path);
        }
    }
}

fn corpus() -> Vec<Vec<u8>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = Vec::new();
    for folder in ["tests/sites", "tests/faults", "tests/fuzz", "docs/content", "content", "themes/civic/static"] {
        files(&root.join(folder), &mut paths);
    }
    paths.sort();
    let mut corpus = Vec::new();
    for path in paths {
        let bytes = fs::read(&path).unwrap_or_default();
        corpus.extend(bytes.chunks(LONGEST / 2).take(8).map(<[u8]>::to_vec));
    }
    assert!(corpus.len() > 300, "there are files to begin with");
    corpus
}

fn changed(corpus: &[Vec<u8>], chance: &mut Chance) -> Vec<u8> {
    let mut bytes = corpus[chance.below(corpus.len())].clone();
    for _ in 0..=chance.below(8) {
        let range = chance.range(&bytes);
        let piece = bytes[range.clone()].to_vec();
        match chance.below(7) {
            0 => drop(bytes.splice(range, [])),
            1 => drop(bytes.splice(range.start..range.start, piece)),
            2 => drop(bytes.splice(range.start..range.start, piece.repeat(chance.below(60)))),
            3 => {
                let other = &corpus[chance.below(corpus.len())];
                let own = chance.range(other);
                drop(bytes.splice(range.start..range.start, other[own].to_vec()));
            }
            4 if !bytes.is_empty() => {
                let at = chance.below(bytes.len());
                bytes[at] = bytes[at].wrapping_add(u8::try_from(chance.below(256)).unwrap_or(1));
            }
            _ => {
                let word = WORDS[chance.below(WORDS.len())].as_bytes();
                let times = if chance.below(6) == 0 { chance.below(200) } else { 1 };
                drop(bytes.splice(range.start..range.start, word.repeat(times)));
            }
        }
    }
    bytes.truncate(LONGEST);
    // Cutting may leave half a letter, which no reader of text is given.
    match String::from_utf8(bytes) {
        Ok(text) => text.into_bytes(),
        Err(error) if chance.below(3) > 0 => String::from_utf8_lossy(error.as_bytes()).into_owned().into_bytes(),
        Err(error) => error.into_bytes(),
    }
}

fn number(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(usual)
}

/// Tries the reader at `place` among the targets.
fn try_reader(place: usize, corpus: &[Vec<u8>], runs: u64, seed: u64) {
    let (name, read) = TARGETS[place];
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    files(&root.join("tests/fuzz").join(name), &mut found);
    found.iter().for_each(|path| read(&fs::read(path).expect("a file of the tests")));
    // These make a whole site of each input.
    let runs = if matches!(name, "settings" | "redirects") { runs / 40 } else { runs };
    let mut chance = Chance(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ (place as u64 + 1));
    for run in 0..runs {
        let bytes = changed(corpus, &mut chance);
        if panic::catch_unwind(|| read(&bytes)).is_err() {
            let path = root.join(format!("target/fuzz-{name}.bin"));
            fs::write(&path, &bytes).expect("the input can be kept");
            panic!("`{name}` failed at run {run} with PAMPHLET_FUZZ_SEED={seed}: see {}", path.display());
        }
    }
    println!("{name}: {runs} inputs");
}

#[test]
fn no_input_is_too_odd() {
    let (runs, seed) = (number("PAMPHLET_FUZZ", 400), number("PAMPHLET_FUZZ_SEED", 1));
    println!("PAMPHLET_FUZZ={runs} PAMPHLET_FUZZ_SEED={seed}");
    let corpus = corpus();
    let next = AtomicUsize::new(0);
    let some_of_them = || {
        while let Some(place) = Some(next.fetch_add(1, Ordering::Relaxed)).filter(|place| *place < TARGETS.len()) {
            try_reader(place, &corpus, runs, seed);
        }
    };
    thread::scope(|scope| {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        let threads: Vec<_> = (0..cores).map(|_| scope.spawn(some_of_them)).collect();
        threads.into_iter().for_each(|thread| thread.join().unwrap_or_else(|fault| panic::resume_unwind(fault)));
    });
}
