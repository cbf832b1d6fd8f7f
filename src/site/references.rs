//! Reference fields → the entries they lead to, and the inverse; wrong ones are reported.

use rayon::prelude::*;

use super::addresses::Addresses;
use super::identities::Basis;
use super::{Ix, Site};
use crate::config::{Config, Lang, Untranslated};
use crate::content::Head;
use crate::diagnostic::{Code, Diagnostic, nearest};
use crate::path::SitePath;
use crate::schema::{Fields, Name, Placed, Target, Type, Value, secrecy};
use crate::source::Tree;

/// For each subject, the public entries that refer to it, in the order of their identities.
#[derive(PartialEq, Debug)]
pub(super) struct References(Vec<Vec<Edge>>);

/// A reference that certainly leads nowhere.
#[derive(Clone, Debug)]
pub(super) struct Slip {
    fault: Diagnostic,
    /// The file it is in, the key as written, and the key that was probably meant.
    meant: Option<(SitePath, String, String)>,
}

impl Slip {
    /// The fault with its correction, which depends on how the reference is written in its file.
    pub(super) fn fault(&self, tree: &Tree) -> Diagnostic {
        let fault = self.fault.clone();
        match &self.meant {
            Some((file, written, meant)) => {
                let text = tree.get(file).and_then(|file| file.text()).unwrap_or("");
                fault.meant_for(text, written, meant)
            }
            None => fault,
        }
    }
}

/// One reference, seen from the entry it leads to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Edge {
    /// The entry that refers.
    pub(crate) from: Ix,
    /// The referring field.
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

/// An entry, the fields and entries it refers to, and the faults in its references.
type Resolved = (Ix, Vec<(Name, Ix)>, Vec<Slip>);

/// What leads to what, and the references that lead nowhere.
pub(super) fn references(known: Basis<'_>, addresses: &Addresses) -> (References, Vec<Slip>) {
    let identities = known.identities;
    let all: Vec<Ix> = identities.all().collect();
    let resolved: Vec<Resolved> = all.par_iter().map(|ix| resolved(known, addresses, *ix)).collect();
    let mut inverse = vec![Vec::new(); all.len()];
    let mut slips = Vec::new();
    for (from, found, wrong) in resolved {
        slips.extend(wrong);
        if !identities.is_public(from) || addresses.stands_for(from) != from {
            continue;
        }
        // A hidden entry stands for nothing, and nothing stands for it.
        for (field, to) in found.into_iter().filter(|(_, to)| identities.is_public(*to)) {
            let to = identities.subject(addresses.stands_for(to));
            let edge = Edge { from, field };
            let edges: &mut Vec<Edge> = &mut inverse[to.0 as usize];
            // Edges come in the order of the referring entries, so an equal one can only be among the last.
            let known = edges.iter().rev().take_while(|known| known.from == from).any(|known| *known == edge);
            if to != identities.subject(from) && !known {
                edges.push(edge);
            }
        }
    }
    (References(inverse), slips)
}

fn resolved(known: Basis<'_>, addresses: &Addresses, ix: Ix) -> Resolved {
    let head = known.head(ix);
    let mut found = Vec::new();
    let mut wrong = Vec::new();
    // A reference to a collection that does not exist is already a fault of the settings.
    let written = written(known.asked.config, head);
    for written in written.iter().filter(|one| known.target_collections(one.target).next().is_some()) {
        match resolve(known, addresses, written) {
            Ok(to) => found.push((written.field.clone(), to)),
            // A reference inherited from the original is reported there.
            Err(_) if head.stated_value(written.field).is_none() => {}
            Err(fault) => {
                let meant = meant(known, written, &fault);
                let meant = meant.map(|key| (head.source.clone(), written.key.to_owned(), key.to_owned()));
                let fault = fault.at(&head.source, written.placed.span.clone());
                wrong.push(Slip { fault: known.identities.visibility(ix).apply_visibility(fault), meant });
            }
        }
    }
    (ix, found, wrong)
}

impl References {
    /// The entries that refer to `ix`, as readers of `lang` see them: only public ones, each once per referring field.
    pub(super) fn referrers<'a>(
        &'a self,
        known: Basis<'a>,
        ix: Ix,
        lang: Lang,
        untranslated: Untranslated,
    ) -> impl Iterator<Item = &'a Edge> {
        let identities = known.identities;
        let is_shown = move |edge: &&Edge| {
            let subject = identities.subject(edge.from);
            !known.asked.config.has_translations()
                || identities.shown_in(subject, lang, untranslated) == Some(edge.from)
        };
        self.0[identities.subject(ix).0 as usize].iter().filter(is_shown)
    }
}

impl Site {
    /// The references in the fields of an entry.
    pub(crate) fn references(&self, ix: Ix) -> Vec<Written<'_>> {
        written(&self.config, self.entry(ix))
    }

    /// The entries that refer to `ix`, as readers of `lang` see them: only public ones, each once per referring field.
    pub(crate) fn referrers(&self, ix: Ix, lang: Lang, untranslated: Untranslated) -> impl Iterator<Item = &Edge> {
        self.structure().references.referrers(self.basis(), ix, lang, untranslated)
    }

    /// The names of the collections that a reference may lead to.
    pub(crate) fn target_collections<'a>(&'a self, target: &'a Target) -> impl Iterator<Item = &'a Name> {
        self.basis().target_collections(target)
    }
}

/// The references in the fields of an entry.
fn written<'a>(config: &'a Config, head: &'a Head) -> Vec<Written<'a>> {
    let fields = &config.collections[&head.id.collection].fields;
    let mut found = Vec::new();
    for (name, placed) in &head.values {
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

fn resolve(known: Basis<'_>, addresses: &Addresses, written: &Written<'_>) -> Result<Ix, Diagnostic> {
    match addresses.find(known, written.target, written.key).as_slice() {
        [only] => Ok(*only),
        [] => Err(dangling(known, written)),
        several => {
            let names: Vec<String> =
                several.iter().map(|ix| format!("`{}`", Site::id_text(&known.head(*ix).id))).collect();
            Err(Diagnostic::new(Code::AmbiguousReference, format!("`{}` can mean {}", written.key, names.join(" or ")))
                .help(format!("write which one, such as {}", names[0].replace('`', "\""))))
        }
    }
}

/// The key of the only public entry that was probably meant.
fn meant<'a>(known: Basis<'a>, written: &Written<'_>, fault: &Diagnostic) -> Option<&'a str> {
    let may = fault.code == Code::DanglingReference && secrecy::may_be_corrected(written.field);
    let (key, _) = may.then(|| near(known, written)).flatten().filter(|(_, to)| known.identities.is_public(*to))?;
    (!written.key.contains('/')).then_some(key)
}

/// The key and entry probably meant by a reference that leads nowhere.
fn near<'a>(known: Basis<'a>, written: &Written<'_>) -> Option<(&'a str, Ix)> {
    let keys = known.target_collections(written.target).flat_map(|name| known.identities.keys(name));
    let candidates: Vec<(&str, Ix)> = keys.map(|(key, ix)| (&**key, ix)).collect();
    let near = nearest(written.key, candidates.iter().map(|(key, _)| *key))?;
    candidates.iter().find(|(key, _)| *key == near).copied()
}

fn dangling(known: Basis<'_>, written: &Written<'_>) -> Diagnostic {
    let collections: Vec<&Name> = known.target_collections(written.target).collect();
    let what = match collections.as_slice() {
        [only] => format!("no {}", known.asked.config.collections[*only].label),
        _ => match written.target {
            Target::Trait(crate::schema::Trait::Agent) => "no person or organisation".to_owned(),
            Target::Trait(crate::schema::Trait::Term) => "no theme or topic".to_owned(),
            Target::Trait(crate::schema::Trait::Located) => "no place".to_owned(),
            _ => "nothing".to_owned(),
        },
    };
    let fault = |message: String| Diagnostic::new(Code::DanglingReference, message);
    match near(known, written) {
        Some((_, ix)) => fault(format!("{what} is called `{}`; did you mean {}?", written.key, known.named(ix))),
        None => {
            let folders: Vec<String> = collections.iter().map(|name| format!("content/{name}/")).collect();
            let help = format!("write the name of a file in {} without its extension", folders.join(" or "));
            fault(format!("{what} is called `{}`", written.key)).help(match written.otherwise {
                Otherwise::Group => format!("{help}, or a group: `{{ name = \"{}\" }}`", written.key),
                Otherwise::Nothing => help,
            })
        }
    }
}
