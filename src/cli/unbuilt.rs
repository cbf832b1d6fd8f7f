//! A command in a program that was built without it: says how to get one that has it.

use super::Exit;
use super::session::Session;

/// What the help of `import` and `export` says.
#[cfg(not(feature = "import-export"))]
pub(super) const IMPORT_HELP: &str = "This program was built without import and export. To get one that has them, run\n  \
    cargo install --path . --all-features\nin Pamphlet's folder.";

/// What the help of `publish` and its like says.
#[cfg(not(feature = "publish"))]
pub(super) const PUBLISH_HELP: &str = "This program was built without publishing. To get one that has it, run\n  \
    cargo install --path . --all-features\nin Pamphlet's folder.";

/// Says that `what` is not there.
pub(super) fn run(session: &Session, what: &str) -> Exit {
    session.wrong(
        &format!("this program was built without {what}"),
        "to get one that has everything, run `cargo install --path . --all-features` in Pamphlet's folder",
    );
    Exit::Usage
}
