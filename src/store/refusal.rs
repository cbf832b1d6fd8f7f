//! What could not be written and why → one fault that names the path and says what to do.
//!
//! No bare error of the operating system leaves this module: each is put into words here. `cli` chooses the exit code
//! from the refusal's [`Kind`].

use crate::diagnostic::{Code, Diagnostic};
use std::fmt::Display;
use std::io::{self, ErrorKind};

/// Who has to deal with a refusal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    /// The place is not ours to write to: it, or the file there, belongs to somebody else.
    Foreign,
    /// The machine refused: disk, permission, or another run that holds the folder.
    Machine,
}

/// Something was not written, and nothing else was harmed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Refusal {
    /// What to show.
    pub(crate) diagnostic: Box<Diagnostic>,
    /// Who has to deal with it.
    pub(crate) kind: Kind,
}

impl Refusal {
    /// Whether `other` is the same trouble, perhaps with another file.
    pub(crate) fn is_same_trouble(&self, other: &Self) -> bool {
        self.diagnostic.code == other.diagnostic.code && self.diagnostic.help == other.diagnostic.help
    }

    /// A refusal because the place is not ours.
    pub(super) fn foreign(code: Code, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { diagnostic: Box::new(Diagnostic::new(code, message).help(help)), kind: Kind::Foreign }
    }

    /// A refusal by the machine, without an error of the system.
    pub(super) fn machine(code: Code, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { diagnostic: Box::new(Diagnostic::new(code, message).help(help)), kind: Kind::Machine }
    }

    /// A file or folder of the output that the machine would not let us write.
    pub(super) fn unwritable(path: impl Display, error: &io::Error) -> Self {
        let message = format!("`{path}` cannot be written: {}", words(error));
        Self::machine(Code::OutputUnwritable, message, remedy(error))
    }

    /// A file or folder of the output that the machine would not let us look at.
    pub(super) fn unlooked(path: impl Display, error: &io::Error) -> Self {
        let message = format!("`{path}` cannot be looked at: {}", words(error));
        Self::machine(Code::OutputUnwritable, message, remedy(error))
    }
}

/// An error of the operating system, in words that end a sentence.
pub(super) fn words(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::PermissionDenied => "you have no permission".into(),
        ErrorKind::ReadOnlyFilesystem => "the disk is read-only".into(),
        ErrorKind::StorageFull => "the disk is full".into(),
        ErrorKind::QuotaExceeded => "your share of the disk is used up".into(),
        ErrorKind::FileTooLarge => "files here cannot be that large".into(),
        ErrorKind::NotFound => "it is not there".into(),
        ErrorKind::AlreadyExists => "something of that name already exists".into(),
        ErrorKind::NotADirectory => "there is a file where a folder is needed".into(),
        ErrorKind::IsADirectory => "there is a folder where a file is needed".into(),
        ErrorKind::InvalidFilename => "this disk cannot store a name like that".into(),
        ErrorKind::ResourceBusy => "another program holds it".into(),
        _ => error.to_string().split(" (os error").next().unwrap_or_default().to_lowercase(),
    }
}

/// What to do about an error of the operating system.
pub(super) fn remedy(error: &io::Error) -> &'static str {
    match error.kind() {
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
            "ask the person who looks after this computer for permission to write there, or choose another folder"
        }
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "make room on the disk and try again",
        ErrorKind::NotADirectory | ErrorKind::IsADirectory | ErrorKind::AlreadyExists => "move it away and try again",
        ErrorKind::FileTooLarge => "make the file smaller, or publish to a disk that holds larger ones",
        ErrorKind::InvalidFilename => "choose a shorter name",
        ErrorKind::ResourceBusy => "close the program that uses it and try again",
        _ => "try again; if that does not help, ask the person who looks after this computer",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_one_trouble_whichever_file_it_hits_first() {
        let refused = |path: &str, kind| Refusal::unwritable(path, &io::Error::from(kind));
        let full = refused("public/a.html", ErrorKind::StorageFull);
        assert!(full.is_same_trouble(&refused("public/b.html", ErrorKind::StorageFull)));
        assert!(!full.is_same_trouble(&refused("public/a.html", ErrorKind::PermissionDenied)));
    }
}
