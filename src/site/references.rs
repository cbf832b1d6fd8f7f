//! Reference fields → which entry they lead to, and the inverse; wrong ones are reported.

use rayon::prelude::*;

use super::{Ix, Site};
use crate::content::Entry;
use crate::diagnostic::{Code, Diagnostic, nearest};
use crate::schema::{Fields, Name, Placed, Target, Type, Value, secrecy};

/// One reference, seen from the entry that it leads to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Edge {
    /// The entry that refers.
    pub(crate) from: Ix,
    /// The field in which it does.
    pub(crate) field: Name,
}

/// A reference as written in a field of an entry.
pub(crate) struct Written<'a> {
    pub(crate) field: &'a Name,
    pub(crate) target: &'a Target,
    pub(crate) key: &'a str,
    pub(crate) placed: &'a Placed,
    otherwise: Otherwise,
}

/// What may stand in place of a reference.
#[derive(Clone, Copy)]
enum Otherwise {
    Nothing,
    /// A group of fields with a name.
    Group,
}

/// An entry, the fields and entries that it refers to, and what is wrong with its references.
type Resolved = (Ix, Vec<(Name, Ix)>, Vec<Diagnostic>);

/// The key that an entry's field `see` names.
pub(super) fn see(entry: &Entry) -> Option<&str> {
    entry.core.see.as_deref()
}

/// For each subject: the public entries that refer to it, in the order of their identities.
pub(super) fn inverse(site: &Site, faults: &mut Vec<Diagnostic>) -> Vec<Vec<Edge>> {
    let all: Vec<Ix> = site.all().collect();
    let resolved: Vec<Resolved> = all
        .par_iter()
        .map(|ix| {
            let mut found = Vec::new();
            let mut wrong = Vec::new();
            // Of a reference to no collection that there is, the settings have said enough.
            let written = references(site, *ix);
            for written in written.iter().filter(|one| site.target_collections(one.target).next().is_some()) {
                match resolve(site, written) {
                    Ok(to) => found.push((written.field.clone(), to)),
                    // What it has from its original is reported there.
                    Err(_) if site.entry(*ix).stated_value(written.field).is_none() => {}
                    Err(fault) => {
                        let at = written.placed.span.clone();
                        let fault = fault.at(&site.entry(*ix).source, at);
                        let fault = corrected(site, *ix, written, fault);
                        wrong.push(site.visibility(*ix).apply_visibility(fault));
                    }
                }
            }
            (*ix, found, wrong)
        })
        .collect();
    let mut inverse = vec![Vec::new(); all.len()];
    for (from, found, wrong) in resolved {
        faults.extend(wrong);
        if !site.is_public(from) || site.stands_for(from) != from {
            continue;
        }
        // What is hidden stands for nothing, nor does another stand for it.
        for (field, to) in found.into_iter().filter(|(_, to)| site.is_public(*to)) {
            let to = site.subject(site.stands_for(to));
            let edge = Edge { from, field };
            let edges: &mut Vec<Edge> = &mut inverse[to.0 as usize];
            // Edges come in the order of who refers, so one like this can only be among the last.
            let known = edges.iter().rev().take_while(|known| known.from == from).any(|known| *known == edge);
            if to != site.subject(from) && !known {
                edges.push(edge);
            }
        }
    }
    inverse
}

pub(super) fn references(site: &Site, ix: Ix) -> Vec<Written<'_>> {
    let entry = site.entry(ix);
    let fields = &site.config.collections[&entry.id.collection].fields;
    let mut found = Vec::new();
    for (name, placed) in &entry.values {
        if let Some(field) = fields.get(name) {
            collect(name, &field.ty, placed, &mut found);
        }
    }
    found
}

fn collect<'a>(field: &'a Name, ty: &'a Type, placed: &'a Placed, found: &mut Vec<Written<'a>>) {
    match (ty, &placed.value) {
        (Type::Ref(target), Value::Ref(key)) => {
            found.push(Written { field, target, key, placed, otherwise: Otherwise::Nothing });
        }
        (Type::List(inner), Value::List(items)) => {
            items.iter().for_each(|item| collect(field, inner, item, found));
        }
        (Type::Either(choices), value) => {
            let fits = choices.iter().find(|choice| match value {
                Value::Ref(_) => matches!(choice, Type::Ref(_)),
                Value::Record(_) => matches!(choice, Type::Record(_)),
                _ => false,
            });
            if let Some(choice) = fits {
                let before = found.len();
                collect(field, choice, placed, found);
                if choices.iter().any(|choice| matches!(choice, Type::Record(_))) {
                    found[before..].iter_mut().for_each(|written| written.otherwise = Otherwise::Group);
                }
            }
        }
        (Type::Record(fields), Value::Record(values)) => collect_record(field, fields, values, found),
        _ => {}
    }
}

fn collect_record<'a>(
    field: &'a Name,
    fields: &'a Fields,
    values: &'a crate::schema::Values,
    found: &mut Vec<Written<'a>>,
) {
    for (name, placed) in values {
        if let Some(inner) = fields.get(name) {
            collect(field, &inner.ty, placed, found);
        }
    }
}

fn resolve(site: &Site, written: &Written<'_>) -> Result<Ix, Diagnostic> {
    match site.find(written.target, written.key).as_slice() {
        [only] => Ok(*only),
        [] => Err(dangling(site, written)),
        several => {
            let names: Vec<String> =
                several.iter().map(|ix| format!("`{}`", Site::id_text(&site.entry(*ix).id))).collect();
            Err(Diagnostic::new(Code::AmbiguousReference, format!("`{}` can mean {}", written.key, names.join(" or ")))
                .help(format!("write which one, such as {}", names[0].replace('`', "\""))))
        }
    }
}

/// `fault`, corrected by the key of the only public entry that was probably meant.
fn corrected(site: &Site, ix: Ix, written: &Written<'_>, fault: Diagnostic) -> Diagnostic {
    let may = fault.code == Code::DanglingReference && secrecy::may_be_corrected(written.field);
    let near = may.then(|| near(site, written)).flatten().filter(|(_, to)| site.is_public(*to));
    match near.filter(|_| !written.key.contains('/')) {
        Some((key, _)) => fault.meant_for(site.source_text(&site.entry(ix).source), written.key, key),
        None => fault,
    }
}

/// The key and the entry that were probably meant by a reference that leads nowhere.
fn near<'s>(site: &'s Site, written: &Written<'_>) -> Option<(&'s str, Ix)> {
    let keys = site.target_collections(written.target).filter_map(|name| site.arrangement.structure.by_key.get(name));
    let candidates: Vec<(&str, Ix)> = keys.flat_map(|keys| keys.iter().map(|(key, ix)| (&**key, *ix))).collect();
    let near = nearest(written.key, candidates.iter().map(|(key, _)| *key))?;
    candidates.iter().find(|(key, _)| *key == near).copied()
}

fn dangling(site: &Site, written: &Written<'_>) -> Diagnostic {
    let collections: Vec<&Name> = site.target_collections(written.target).collect();
    let what = match collections.as_slice() {
        [only] => format!("no {}", site.config.collections[*only].label),
        _ => match written.target {
            Target::Trait(crate::schema::Trait::Agent) => "no person or organisation".to_owned(),
            Target::Trait(crate::schema::Trait::Term) => "no theme or topic".to_owned(),
            Target::Trait(crate::schema::Trait::Located) => "no place".to_owned(),
            _ => "nothing".to_owned(),
        },
    };
    let fault = |message: String| Diagnostic::new(Code::DanglingReference, message);
    match near(site, written) {
        Some((_, ix)) => fault(format!("{what} is called `{}`; did you mean {}?", written.key, site.named(ix))),
        None => {
            let folders: Vec<String> = collections.iter().map(|name| format!("content/{name}/")).collect();
            let help = format!("write the name of a file in {} without its ending", folders.join(" or "));
            fault(format!("{what} is called `{}`", written.key)).help(match written.otherwise {
                Otherwise::Group => format!("{help}, or a group: `{{ name = \"{}\" }}`", written.key),
                Otherwise::Nothing => help,
            })
        }
    }
}
