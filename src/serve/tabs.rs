//! The server's state → the news for one open tab, as server-sent events (WHATWG HTML, section 9.2).
//!
//! Only open pages are rendered. A tab says which bytes it shows, and is told when they change.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::channel::Sender;
use serde_json::{Value, json};
use tokio::sync::watch;

use super::answer::Subject;
use super::editor::Editor;
use super::http::{Failure, blocking};
use super::revision::Lens;
use super::seen::TabNote;
use super::server_state::ServerState;
use super::state::{self, Page};
use crate::path::Address;

/// Something is sent this often, so that a dead connection is noticed.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// What a tab shows.
#[derive(Clone)]
pub(super) struct Tab {
    pub(super) lens: Lens,
    /// The address of its page, below the prefix.
    pub(super) page: String,
    /// The tag of the bytes that it shows.
    pub(super) tag: String,
    /// What it was told before it was last out of view.
    pub(super) seen: String,
    /// Whether it may know about anything but its own page.
    pub(super) trust: Trust,
    pub(super) editor: Arc<Editor>,
}

/// Whether faults and coming pages may be shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Trust {
    Author,
    Anybody,
}

/// What a tab has been told.
struct Told {
    state: Value,
    tag: String,
    seen: TabNote,
}

/// Sends a tab the news until it is closed.
pub(super) async fn tell(tab: Tab, mut servers: watch::Receiver<Arc<ServerState>>, mut to: Sender<Bytes, Failure>) {
    let seen = TabNote::read(&tab.seen, &servers.borrow());
    let mut told = Told { state: Value::Null, tag: tab.tag.clone(), seen };
    loop {
        let server = servers.borrow_and_update().clone();
        let asked = tab.clone();
        let Ok((events, now)) = blocking(move || news(&server, &asked, told)).await else { return };
        told = now;
        for (name, data) in events {
            let text = format!("event: {name}\ndata: {data}\n\n");
            if to.send_data(text.into()).await.is_err() {
                return;
            }
        }
        loop {
            tokio::select! {
                changed = servers.changed() => match changed {
                    Ok(()) => break,
                    Err(_) => return,
                },
                () = tokio::time::sleep(HEARTBEAT) => {
                    if to.send_data(Bytes::from_static(b": still here\n\n")).await.is_err() {
                        return;
                    }
                }
            }
        }
    }
}

/// A published file's address below the prefix, encoded as in links.
fn encoded(server: &ServerState, address: &Address) -> String {
    let Some(base) = server.revision.sources().map(|sources| &sources.config.base) else { return address.to_string() };
    let href = base.file_href(address.as_str());
    href.strip_prefix(&base.prefix).map_or(href.clone(), str::to_owned)
}

/// What is new for a tab, and what it has been told then.
fn news(server: &ServerState, tab: &Tab, mut told: Told) -> (Vec<(&'static str, Value)>, Told) {
    let mut events = Vec::new();
    let answer = server.revision.answer(tab.lens, &tab.page, None);
    let mut state = match tab.trust {
        Trust::Author => {
            let page = Page { lens: tab.lens, address: &tab.page, answer: &answer };
            state::state(server, &page, &tab.editor)
        }
        Trust::Anybody => state::guarded_state(server),
    };
    let tag = answer.tag();
    if tag != told.tag {
        // A page that has moved or gone leaves nothing to merge.
        let subject = told.seen.subject.as_ref().filter(|subject| **subject != Subject::None);
        let event = match (subject, &answer.location) {
            (subject, Some(to)) => ("gone", state::gone(server, tab.lens, subject, Some(to))),
            (Some(subject), None) if answer.status == 404 => {
                ("gone", state::gone(server, tab.lens, Some(subject), None))
            }
            _ => ("changed", json!({})),
        };
        events.push(event);
        told.tag = tag;
    }
    if answer.status == 200 && answer.location.is_none() {
        told.seen.subject = Some(answer.subject);
    }
    let files = server.files_since(told.seen.revision.unwrap_or(server.revision.number));
    if !files.is_empty() {
        let addresses: Vec<String> = files.iter().map(|address| encoded(server, address)).collect();
        events.push(("files", json!({"addresses": addresses})));
    }
    told.seen.revision = Some(server.revision.number);
    state["seen"] = told.seen.write(server, tab.trust).into();
    if state != told.state {
        events.push(("state", state.clone()));
        told.state = state;
    }
    (events, told)
}
