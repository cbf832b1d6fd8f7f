//! Snapshots → a browser on the author's own machine: pages on request, and news of what has changed.
//!
//! 1. `revision`: one look at the sources, and its answer for any address in any view;
//! 2. `server_state`: the last revision and its faults; the only thing that changes;
//! 3. `request`: what a browser asks for, or why it is refused;
//! 4. `http`: connections, their limits, and the form of answers;
//! 5. `tabs`: the news for each open tab; `seen` is what a tab remembers while it is not in view; `state` and `editor`
//!    provide what its preview bar shows.
//!
//! Nothing is written to the disk, and no rendered page is kept. Not here: when to look, and the clock.

mod answer;
mod server_state;
mod editor;
mod http;
mod request;
mod revision;
mod seen;
mod state;
mod tabs;

#[cfg(test)]
pub(crate) use answer::Body as AnswerBody;
pub(crate) use editor::Editor;
pub(crate) use http::Server;
pub(crate) use request::{Guard, Reach};
pub(crate) use revision::{Lens, Revision, moment_of};
pub(crate) use server_state::{ServerState, Verdict};
