//! Arguments → one command → an exit code: 0 fine, 1 the site has errors, 2 wrong usage or no site here, 3 the machine refused.
//!
//! The only module that prints, and the only one that reads the clock. A command's result goes to standard output,
//! everything else to standard error.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)] // This module may use the clock and the terminal.

mod addresses;
mod args;
mod build;
#[cfg(feature = "import-export")]
mod chart_words;
mod check;
mod completions;
mod explain;
#[cfg(feature = "import-export")]
mod export;
mod fix;
mod following;
mod here;
#[cfg(feature = "import-export")]
mod import;
mod init;
#[cfg(test)]
mod live;
mod list;
mod new;
#[cfg(feature = "publish")]
mod publish;
mod relocate;
mod schema;
mod serve;
mod session;
mod share;
mod takedown;
#[cfg(feature = "import-export")]
mod translation;
#[cfg(not(all(feature = "import-export", feature = "publish")))]
mod unbuilt;
mod watch;

use clap::Parser;

use args::{Args, Command};
use session::Session;

/// The result of a command.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Exit {
    /// All is well.
    Fine,
    /// The site has errors.
    Faults,
    /// The command was wrong, or there is no site.
    Usage,
    /// The machine refused: disk, permission, port.
    Machine,
}

impl Exit {
    fn code(self) -> i32 {
        match self {
            Exit::Fine => 0,
            Exit::Faults => 1,
            Exit::Usage => 2,
            Exit::Machine => 3,
        }
    }
}

/// Runs the command that the arguments name and returns the exit code.
#[must_use]
pub fn main() -> i32 {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            let _ = error.print();
            return if error.use_stderr() { Exit::Usage.code() } else { Exit::Fine.code() };
        }
    };
    let session = Session::new(&args);
    let exit = match &args.command {
        Command::Build(typed) => build::run(&session, typed),
        #[cfg(feature = "publish")]
        Command::Publish(typed) => publish::run(&session, typed),
        #[cfg(feature = "publish")]
        Command::TakeDown(typed) => publish::run_take_down(&session, typed),
        #[cfg(feature = "publish")]
        Command::Verify(typed) => publish::run_verify(&session, typed),
        #[cfg(not(feature = "publish"))]
        Command::Publish(_) | Command::TakeDown(_) | Command::Verify(_) => unbuilt::run(&session, "publishing"),
        Command::Serve(typed) => serve::run(&session, typed),
        Command::Check(typed) => check::run(&session, typed),
        Command::Share(typed) => share::run(&session, typed),
        Command::New(typed) => new::run(&session, typed),
        #[cfg(feature = "import-export")]
        Command::Export(typed) => export::run(&session, typed),
        #[cfg(feature = "import-export")]
        Command::Import(typed) => import::run(&session, typed),
        #[cfg(not(feature = "import-export"))]
        Command::Import(_) | Command::Export(_) => unbuilt::run(&session, "import and export"),
        Command::Init(typed) => init::run(&session, typed),
        Command::List(typed) => list::run(&session, typed),
        Command::Addresses(typed) => addresses::run(&session, typed),
        Command::Move(typed) => relocate::run_move(&session, typed),
        Command::Merge(typed) => relocate::run_merge(&session, typed),
        Command::Explain(typed) => explain::run(&session, typed),
        Command::Schema(typed) => schema::run(&session, typed),
        Command::Completions(typed) => completions::run(&session, typed),
    };
    exit.code()
}
