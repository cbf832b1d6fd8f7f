//! What the tests of whole sites share: running the program, reading a folder, writing one.
#![allow(dead_code)] // Each test uses its own part of this.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

/// The result of running the program.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// The program's file: the one that `PAMPHLET_PROGRAM` names, or the one that was built with the tests.
pub(crate) fn binary() -> OsString {
    std::env::var_os("PAMPHLET_PROGRAM").unwrap_or_else(|| env!("CARGO_BIN_EXE_pamphlet").into())
}

/// The program, with plain messages, for the site in `root`.
pub(crate) fn program(root: &Path) -> Command {
    let mut command = Command::new(binary());
    command.args(["--color", "never", "--root"]).arg(root);
    command
}

/// Runs a command to its end.
pub(crate) fn run(command: &mut Command) -> Ran {
    let Output { status, stdout, stderr } = command.output().expect("the program can be started");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("what is printed is UTF-8");
    Ran { code: status.code(), out: text(stdout), err: text(stderr) }
}

/// Builds the site in `root` into `folder` as of `now`.
pub(crate) fn build(root: &Path, folder: &Path, now: &str) -> Ran {
    run(program(root).arg("build").arg("-o").arg(folder).args(["--now", now]))
}

/// All files below `folder`, by path with `/`; empty if there is no such folder.
pub(crate) fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    walk(folder, "", &mut found);
    found
}

fn walk(folder: &Path, prefix: &str, found: &mut BTreeMap<String, Vec<u8>>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries {
        let entry = entry.expect("an entry of a folder can be read");
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            walk(&entry.path(), &format!("{name}/"), found);
        } else {
            found.insert(name, fs::read(entry.path()).expect("a file can be read"));
        }
    }
}

/// Writes `files` below `folder`.
pub(crate) fn write<'a>(folder: &Path, files: impl IntoIterator<Item = (&'a String, &'a Vec<u8>)>) {
    for (name, bytes) in files {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().expect("it lies in the folder")).expect("a folder can be made");
        fs::write(&path, bytes).expect("a file can be written");
    }
}

/// How two trees differ, in words; empty if they do not.
pub(crate) fn differences(expected: &BTreeMap<String, Vec<u8>>, found: &BTreeMap<String, Vec<u8>>) -> Vec<String> {
    let missing = expected.keys().filter(|name| !found.contains_key(*name));
    let mut all: Vec<String> = missing.map(|name| format!("{name} was expected and is not there")).collect();
    for (name, bytes) in found {
        match expected.get(name) {
            None => all.push(format!("{name} is there and was not expected")),
            Some(wanted) if wanted != bytes => all.push(format!("{name} differs: {}", first_difference(wanted, bytes))),
            Some(_) => {}
        }
    }
    all
}

fn first_difference(wanted: &[u8], found: &[u8]) -> String {
    let (wanted, found) = (String::from_utf8_lossy(wanted), String::from_utf8_lossy(found));
    let (mut a, mut b) = (wanted.split('\n'), found.split('\n'));
    for number in 1.. {
        let (one, other) = (a.next(), b.next());
        if one != other {
            return format!("line {number} was to be\n    {one:?}\n  and is\n    {other:?}");
        }
        if one.is_none() {
            break;
        }
    }
    "in bytes that are no text".to_owned()
}
