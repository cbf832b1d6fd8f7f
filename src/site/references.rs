//! Reference fields → the entries they lead to, and the inverse; wrong ones are reported.

use rayon::prelude::*;

use super::addresses::Addresses;
use super::circles::{Circles, Finder};
use super::identities::Basis;
use super::{Ix, Site};
use crate::config::{Config, Lang, Untranslated};
use crate::content::{Head, Heads, holds};
use crate::diagnostic::{Code, Diagnostic, nearest};
use crate::path::{SitePath, slug};
use crate::schema::{Name, Placed, Target, Type, Value, secrecy};
use crate::source::Tree;

/// What leads to what.
#[derive(PartialEq, Debug)]
pub(super) struct References {
    /// For each subject, the public entries that refer to it, in the order of their identities.
    inverse: Vec<Vec<Edge>>,
    /// The entries with references that certainly lead nowhere.
    unresolved: Vec<Ix>,
    /// Those that lead back.
    circles: Circles,
}

/// A reference that certainly leads nowhere.
#[derive(Clone, Debug)]
pub(super) struct Slip {
    fault: Diagnostic,
    /// The file it is in, the key as written, and the key that was probably meant.
    meant: Option<(SitePath, String, String)>,
}

impl Slip {
    /// A fault without a correction.
    pub(super) fn of(fault: Diagnostic) -> Self {
        Self { fault, meant: None }
    }

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

/// A reference in a field of an entry.
#[derive(Clone, Copy)]
struct Reference<'a> {
    field: &'a Name,
    target: &'a Target,
    key: &'a str,
    otherwise: Otherwise,
}

/// What may be written instead of a reference.
#[derive(Clone, Copy)]
enum Otherwise {
    Nothing,
    /// A group of fields with a name.
    Group,
    /// The same in a spreadsheet, whose cells hold no groups: the name itself.
    Name,
}

/// The fields and entries that an entry refers to, and whether all its references lead somewhere.
type Resolved = (Vec<(Name, Ix)>, bool);

/// What leads to what.
pub(super) fn references(known: Basis<'_>, addresses: &Addresses) -> References {
    let identities = known.identities;
    let all: Vec<Ix> = identities.all().collect();
    let resolved: Vec<Resolved> = all.par_iter().map(|ix| resolved(known, addresses, *ix)).collect();
    let mut inverse = vec![Vec::new(); all.len()];
    let (mut unresolved, mut finder) = (Vec::new(), Finder::default());
    for (from, (found, is_whole)) in all.into_iter().zip(resolved) {
        unresolved.extend((!is_whole).then_some(from));
        found.iter().for_each(|(field, to)| finder.see(known, from, field, *to));
        if !identities.is_shown(from) || addresses.stands_for(from) != from {
            continue;
        }
        // A hidden entry stands for nothing, and nothing stands for it.
        for (field, to) in found.into_iter().filter(|(_, to)| identities.is_shown(*to)) {
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
    References { inverse, unresolved, circles: finder.circles() }
}

fn resolved(known: Basis<'_>, addresses: &Addresses, ix: Ix) -> Resolved {
    let entry = known.of(ix);
    let fields = &known.collection(ix).fields;
    let mut found = Vec::new();
    let mut is_whole = true;
    for (name, value) in entry.values() {
        let Some(field) = fields.get(name) else { continue };
        each(name, &field.ty, value, None, Otherwise::Nothing, &mut |reference, _| match addresses
            .find(known, reference.target, reference.key)
            .as_slice()
        {
            [only] => found.push((name.clone(), *only)),
            _ => is_whole = false,
        });
    }
    (found, is_whole)
}

impl References {
    /// The faults of references that certainly lead nowhere, or back.
    pub(super) fn slips(&self, heads: Heads<'_>, known: Basis<'_>, addresses: &Addresses) -> Vec<Slip> {
        let of_entry = |ix: &Ix| slips(heads, *ix, known, addresses);
        let mut slips: Vec<Slip> = self.unresolved.par_iter().flat_map_iter(of_entry).collect();
        slips.extend(self.circles.slips(heads, known, addresses));
        slips
    }
}

fn slips(heads: Heads<'_>, ix: Ix, known: Basis<'_>, addresses: &Addresses) -> Vec<Slip> {
    let head = heads.get(ix.0 as usize);
    let slip = |written: Written<'_>| {
        let mut reference = written.reference();
        if matches!(reference.otherwise, Otherwise::Group) && head.source.ending() == "csv" {
            reference.otherwise = Otherwise::Name;
        }
        // A reference to a collection that does not exist is already a fault of the settings.
        known.target_collections(reference.target).next()?;
        let fault = unresolved(heads, known, addresses, reference)?;
        // A reference inherited from the original is reported there.
        head.stated_value(reference.field)?;
        let meant = meant(heads, known, reference, &fault);
        let meant = meant.map(|key| (head.source.clone(), reference.key.to_owned(), key.to_owned()));
        let fault = fault.at(&head.source, written.placed.span.clone());
        Some(Slip { fault: known.identities.visibility(ix).apply_visibility(fault), meant })
    };
    written_in(known.asked.config, head).into_iter().filter_map(slip).collect()
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
        self.inverse[identities.subject(ix).0 as usize].iter().filter(is_shown)
    }
}

impl Site {
    /// The references in the fields of an entry.
    pub(crate) fn references(&self, ix: Ix) -> Vec<Written<'_>> {
        written_in(&self.config, self.entry(ix))
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

impl<'a> Written<'a> {
    fn reference(&self) -> Reference<'a> {
        let Self { field, target, key, otherwise, .. } = *self;
        Reference { field, target, key, otherwise }
    }
}

/// The references in the fields of an entry.
pub(super) fn written_in<'a>(config: &'a Config, head: &'a Head) -> Vec<Written<'a>> {
    let fields = &config.collections[&head.id.collection].fields;
    let mut found = Vec::new();
    for (name, placed) in &head.values {
        let Some(field) = fields.get(name) else { continue };
        each(name, &field.ty, &placed.value, Some(placed), Otherwise::Nothing, &mut |reference, placed| {
            let Reference { field, target, key, otherwise } = reference;
            found.extend(placed.map(|placed| Written { field, target, key, placed, otherwise }));
        });
    }
    found
}

/// Gives `found` each reference in a value, and its place if known.
fn each<'a>(
    field: &'a Name,
    ty: &'a Type,
    value: &'a Value,
    placed: Option<&'a Placed>,
    otherwise: Otherwise,
    found: &mut dyn FnMut(Reference<'a>, Option<&'a Placed>),
) {
    match (ty, value) {
        (Type::Ref(target), Value::Ref(key)) => found(Reference { field, target, key, otherwise }, placed),
        (Type::List(inner), Value::List(items)) => {
            items.iter().for_each(|item| each(field, inner, &item.value, Some(item), otherwise, found));
        }
        (Type::Either(choices), value) => {
            let fits = choices.iter().find(|choice| match value {
                Value::Ref(_) => matches!(choice, Type::Ref(_)),
                Value::Record(_) => matches!(choice, Type::Record(_)),
                _ => false,
            });
            let has_group = choices.iter().any(|choice| matches!(choice, Type::Record(_)));
            let otherwise = if has_group { Otherwise::Group } else { otherwise };
            if let Some(choice) = fits {
                each(field, choice, value, placed, otherwise, found);
            }
        }
        (Type::Record(fields), Value::Record(values)) => {
            for (name, placed) in values {
                if let Some(inner) = fields.get(name) {
                    each(field, &inner.ty, &placed.value, Some(placed), otherwise, found);
                }
            }
        }
        _ => {}
    }
}

/// What is wrong with a reference, if anything.
fn unresolved(
    heads: Heads<'_>,
    known: Basis<'_>,
    addresses: &Addresses,
    reference: Reference<'_>,
) -> Option<Diagnostic> {
    match addresses.find(known, reference.target, reference.key).as_slice() {
        [_] => None,
        [] => Some(dangling(heads, known, reference)),
        several => {
            let name = |ix: &Ix| (known.of(*ix).collection(), known.of(*ix).key());
            let names: Vec<String> =
                several.iter().map(name).map(|(collection, key)| format!("`{collection}/{key}`")).collect();
            let message = format!("`{}` can mean {}", reference.key, names.join(" or "));
            let help = format!("write which one, such as {}", names[0].replace('`', "\""));
            Some(Diagnostic::new(Code::AmbiguousReference, message).help(help))
        }
    }
}

/// The key of the only public entry that was probably meant.
fn meant<'a>(heads: Heads<'_>, known: Basis<'a>, written: Reference<'_>, fault: &Diagnostic) -> Option<&'a str> {
    let may = fault.code == Code::DanglingReference && secrecy::may_be_corrected(written.field);
    let (key, _) =
        may.then(|| near(heads, known, written)).flatten().filter(|(_, to)| known.identities.is_shown(*to))?;
    (!written.key.contains('/')).then_some(key)
}

/// The key and entry probably meant by a reference that leads nowhere.
fn near<'a>(heads: Heads<'_>, known: Basis<'a>, written: Reference<'_>) -> Option<(&'a str, Ix)> {
    let keys = known.target_collections(written.target).flat_map(|name| known.identities.keys(name));
    let candidates: Vec<(&str, Ix)> = keys.map(|(key, ix)| (&**key, ix)).collect();
    let within = || {
        // In a spreadsheet an entry may be named as readers see it.
        let key = matches!(written.otherwise, Otherwise::Name).then(|| slug(written.key))?;
        let title = |ix: Ix| heads.get(ix.0 as usize).title();
        let is_within = |(name, ix): &&(&str, Ix)| holds(&key, name) || holds(&key, &slug(title(*ix)));
        candidates.iter().find(is_within).copied()
    };
    match nearest(written.key, candidates.iter().map(|(key, _)| *key)) {
        Some(near) => candidates.iter().find(|(key, _)| *key == near).copied(),
        None => within(),
    }
}

fn dangling(heads: Heads<'_>, known: Basis<'_>, written: Reference<'_>) -> Diagnostic {
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
    let fault = |message: String| {
        let fault = Diagnostic::new(Code::DanglingReference, message);
        match collections.as_slice() {
            [only] if &***only == "pages" => fault.missing(&format!("content/{}", written.key)),
            [only] => fault.missing(&format!("content/{only}/{}", written.key)),
            _ => fault,
        }
    };
    match near(heads, known, written) {
        Some((_, ix)) => fault(format!("{what} is called `{}`; did you mean {}?", written.key, known.named(ix))),
        None => {
            let folders: Vec<String> = collections.iter().map(|name| format!("content/{name}/")).collect();
            let help = format!("write the name of a file in {} without its extension", folders.join(" or "));
            fault(format!("{what} is called `{}`", written.key)).help(match written.otherwise {
                Otherwise::Group => format!("{help}, or a group: `{{ name = \"{}\" }}`", written.key),
                Otherwise::Name => format!("{help}, or the name as readers are to see it, such as `Jane Smith`"),
                Otherwise::Nothing => help,
            })
        }
    }
}
