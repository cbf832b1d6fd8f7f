//! The path of a file that we wrote → its bytes, if it is still an ordinary file.
//!
//! Reading a pipe would wait for ever, and `/dev/zero` has no end. What is not an ordinary file is not ours, nor is a link.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::Path;

/// The bytes of the ordinary file at `path`, at most as many as it has when it is opened.
pub(super) fn read(path: &Path) -> Option<Vec<u8>> {
    let facts = fs::symlink_metadata(path).ok().filter(fs::Metadata::is_file)?;
    let mut bytes = Vec::with_capacity(usize::try_from(facts.len()).ok()?);
    File::open(path).ok()?.take(facts.len()).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn only_an_ordinary_file_is_read() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        fs::write(at("file"), "text").expect("a file");
        std::os::unix::fs::symlink("/dev/zero", at("endless")).expect("a link");
        std::os::unix::fs::symlink("file", at("link")).expect("a link");
        // Nobody writes into this one: whoever opens it waits for ever.
        let made = std::process::Command::new("mkfifo").arg(at("pipe")).status().expect("a system's command");
        assert!(made.success());
        assert_eq!(read(&at("file")).as_deref(), Some(&b"text"[..]));
        for name in ["endless", "link", "pipe", "nothing", "."] {
            assert_eq!(read(&at(name)), None, "{name}");
        }
    }
}
