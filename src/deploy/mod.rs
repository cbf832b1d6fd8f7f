//! A built site → readers: a folder, a server, an object store.
//!
//! * `target` says what every place can do, `targets` are the kinds of places.
//! * `files` is what was built, with the headers that `_headers` asks for (`headers`).
//! * `state` is what lies there, as noted there; `owners` is which entries its files were made of.
//! * `plan` compares the two, and puts what has to be done in order.
//! * `run` does it under a lock, and goes on where an earlier run broke off.
//!
//! It knows no entry, no template and no clock: its caller says which files there are, which of them are secret, and who asks.

mod files;
mod headers;
pub(crate) mod names;
mod owners;
mod plan;
mod run;
mod state;
mod target;
mod targets;

pub(crate) use files::{Facts, Files, Nothing};
pub(crate) use headers::Rules;
pub(crate) use owners::{Collector, Known, Mark, Owned, Owners, mark};
pub(crate) use plan::{Hidden, Plan, Wish};
pub(crate) use run::{Blocked, Built, Foreign, Progress, Publisher, Purpose, Seen, in_words};
pub(crate) use state::{Class, Publication, Record};
pub(crate) use target::{About, Area, Problem, ProblemKind, Target};
pub(crate) use targets::{Clock, Folder, ObjectStore, Sftp, SftpSettings, StoreSettings};
