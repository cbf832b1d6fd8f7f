//! What somebody wrote in another program → a document, its Markdown, and a report of what could not be taken over.
//!
//! Bytes in, values out: the command reads the file and writes the results. An importer (`docx`) fills a [`Document`](document::Document)
//! and says in [`Losses`](losses::Losses) what became of everything it met; `tidy` makes it something that can be written, and
//! `markdown` writes it. Not here: which fields a page has, and where it goes.

pub(crate) mod document;
pub(crate) mod docx;
pub(crate) mod drawing;
mod encoding;
mod escape;
pub(crate) mod flat;
pub(crate) mod folders;
pub(crate) mod hiding;
pub(crate) mod html;
pub(crate) mod losses;
pub(crate) mod markdown;
pub(crate) mod marks;
pub(crate) mod read;
pub(crate) mod site;
pub(crate) mod structure;
mod tidy;
pub(crate) mod wordpress;

#[cfg(test)]
pub(crate) mod tests;

pub(crate) use tidy::tidy;
