//! `pamphlet completions`: the script by which a shell completes commands.

use clap::CommandFactory;

use super::Exit;
use super::args::{Args, CompletionsArgs};
use super::session::Session;

/// Runs the command.
pub(super) fn run(session: &Session, typed: &CompletionsArgs) -> Exit {
    let mut script = Vec::new();
    clap_complete::generate(typed.shell, &mut Args::command(), "pamphlet", &mut script);
    session.print(&String::from_utf8_lossy(&script));
    Exit::Fine
}
