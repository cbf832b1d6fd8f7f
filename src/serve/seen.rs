//! What a tab was last told, in a form that it keeps and returns when it is in view again.
//!
//! A tab that is not in view keeps no connection to the server. With this note it learns on its return where its page
//! went meanwhile, and which files changed. Only the server understands the text; one that it does not understand counts
//! as none.

use serde_json::{Value, json};

use super::answer::Subject;
use super::server_state::ServerState;
use super::tabs::Trust;
use crate::path::SitePath;

/// What a tab returns.
#[derive(Default, Debug, PartialEq, Eq)]
pub(super) struct TabNote {
    /// The subject of the page that it shows.
    pub(super) subject: Option<Subject>,
    /// The last revision that it was told about.
    pub(super) revision: Option<u64>,
}

impl TabNote {
    /// The note as sent. Only the author is told which file a text is in.
    pub(super) fn write(&self, server: &ServerState, trust: Trust) -> String {
        let subject = self.subject.as_ref().map(|subject| match subject {
            Subject::Entry { source, collection, title } => {
                let source = if trust == Trust::Author { source.as_str() } else { "" };
                json!({"source": source, "collection": collection, "title": title})
            }
            Subject::List => json!("list"),
            Subject::None => Value::Null,
        });
        json!({"run": server.run, "revision": self.revision, "subject": subject}).to_string()
    }

    /// The note as it returns. Revision numbers of another run mean nothing.
    pub(super) fn read(note: &str, server: &ServerState) -> Self {
        let note: Value = serde_json::from_str(note).unwrap_or_default();
        let is_of_this_run = note["run"].as_str() == Some(&*server.run);
        let word = |name: &str| note["subject"][name].as_str().map(str::to_owned);
        let entry = || {
            let (source, collection, title) = (word("source")?, word("collection")?, word("title")?);
            Some(Subject::Entry { source: SitePath::new(&source)?, collection, title })
        };
        let list = || (note["subject"].as_str() == Some("list")).then_some(Subject::List);
        Self { subject: entry().or_else(list), revision: note["revision"].as_u64().filter(|_| is_of_this_run) }
    }
}
