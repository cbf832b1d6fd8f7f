//! `pamphlet import`: a Word file → a page (`docx`); the site of another program → a site (`site`).

mod docx;
mod shown;
mod since;
mod site;

pub(super) use docx::{file_bytes, stops};

use super::args::ImportArgs;
use super::session::Session;
use super::{Exit, translation};

/// Runs the command.
pub(super) fn run(session: &Session, typed: &ImportArgs) -> Exit {
    match (&typed.file, &typed.translation) {
        (Some(file), Some(language)) => translation::run(session, typed, file, language),
        (Some(file), None) if !file.is_dir() && typed.hide => {
            session.wrong("`--hide` is for whole sites", "leave it out, or name the folder of a site");
            Exit::Usage
        }
        (Some(file), None) if !file.is_dir() && !typed.plan => docx::run(session, typed, file),
        (Some(file), None) if !file.is_dir() => {
            session.wrong("`--plan` is for whole sites", "leave it out, or name the folder of a site");
            Exit::Usage
        }
        _ => site::run(session, typed),
    }
}
