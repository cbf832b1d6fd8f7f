//! A site that another program made → the files of a site of this program, and one page that says what became of everything.
//!
//! ```text
//! a reader (WordPress, a folder) ──▶ Survey ──▶ plan ──▶ Plan ──▶ files ──▶ the command writes them
//!                                      └────────── Texts ───────────┘└──▶ Report
//! ```
//!
//! * `survey` is what a reader found, leniently read and still in the other program's words.
//! * `plan` decides, for the settings of the site that it goes to: which kind becomes which collection, which key which field, which
//!   address each page keeps, what stays hidden. It reads no text, so it can be shown before anything is done.
//! * `texts` is what a reader offers to turn the text of an entry into Markdown, one at a time.
//!
//! Nothing here reads or writes files: `cli::import` does, through `source` and `store`.

pub(crate) mod files;
pub(crate) mod lookup;
pub(crate) mod place;
pub(crate) mod plan;
pub(crate) mod report;
pub(crate) mod survey;
pub(crate) mod texts;
