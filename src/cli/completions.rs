//! `pamphlet completions`: what a shell needs to complete commands.

use clap::CommandFactory;

use super::Exit;
use super::args::{Args, CompletionsArgs};

/// Runs the command.
pub(super) fn run(typed: &CompletionsArgs) -> Exit {
    clap_complete::generate(typed.shell, &mut Args::command(), "pamphlet", &mut std::io::stdout());
    Exit::Fine
}
