//! `pamphlet import` and `export` in a program that was built without them: says how to get one that has them.

use super::Exit;
use super::session::Session;

/// What the help of these commands says.
pub(super) const HELP: &str = "This program was built without import and export. To get one that has them, run\n  \
    cargo install --path . --all-features\nin Pamphlet's folder.";

/// Runs either command.
pub(super) fn run(session: &Session) -> Exit {
    session.wrong(
        "this program was built without import and export",
        "to get one that has them, run `cargo install --path . --all-features` in Pamphlet's folder",
    );
    Exit::Usage
}
