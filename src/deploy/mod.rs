//! A built site → readers: a folder, a server, an object store.
#![allow(dead_code)]

mod target;
mod targets;
