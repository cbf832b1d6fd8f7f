//! `pamphlet schema`: which fields the site's files may have, for editors that complete and check them (JSON Schema).

use super::Exit;
use super::args::SchemaArgs;
use super::list::table;
use super::session::Session;
use crate::config::{Schema, schemas};
use crate::diagnostic::nearest;
use crate::store;

/// Runs the command.
pub(super) fn run(session: &Session, typed: &SchemaArgs) -> Exit {
    let sources = match session.sources() {
        Ok(sources) => sources,
        Err(exit) => return exit,
    };
    let all = schemas(&sources.config);
    if let Some(folder) = &typed.output {
        for schema in &all {
            let file = folder.join(schema.file());
            if let Err(refusal) = store::write_aside(&session.root, &file, &schema.text(), Schema::MARK) {
                return session.refused(&refusal);
            }
            session.print(&format!("{}\n", file.display()));
        }
        return Exit::Fine;
    }
    let Some(name) = typed.name.as_deref() else {
        let head = ["SCHEMA", "FOR"].map(str::to_owned).to_vec();
        let rows = all.iter().map(|schema| vec![schema.name.clone(), schema.about.clone()]);
        session.print(&table(&std::iter::once(head).chain(rows).collect::<Vec<_>>(), session.width()));
        return Exit::Fine;
    };
    if let Some(schema) = all.iter().find(|schema| schema.name == name) {
        session.print(&schema.text());
        return Exit::Fine;
    }
    let known = all.iter().map(|schema| schema.name.as_str());
    let help = match nearest(name, known.clone()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`pamphlet schema` lists those that there are".to_owned(),
    };
    session.wrong(&format!("there is no schema `{name}`"), &help);
    Exit::Usage
}
