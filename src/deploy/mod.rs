//! A built site → readers: a folder, a server, an object store.
//!
//! * `target` says what every place can do, `targets` are the kinds of places.
//! * `state` is what lies there, as noted there.
//! * `plan` compares it with what is to lie there, and puts what has to be done in order.
//! * `run` does it under a lock, and goes on where an earlier run broke off.
//!
//! It knows no entry and no template: its caller says which files there are, which of them are secret, and who asks.
#![allow(dead_code)]

mod files;
mod headers;
mod plan;
mod run;
mod state;
mod target;
mod targets;
