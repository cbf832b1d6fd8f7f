//! Resolved references → the entries that name themselves where that makes no sense, and those that replace or contain each
//! other in a circle.
//!
//! Not here: `see`, which decides addresses (`addresses`).

use std::collections::BTreeMap;

use super::Ix;
use super::addresses::Addresses;
use super::identities::Basis;
use super::references::{Slip, written_in};
use crate::content::{Head, Heads};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::schema::Name;

/// Fields in which nothing can name itself.
const OF_OTHERS: &[&str] = &["parent", "related", "replaces", "series", "withdrawn"];

/// Those of them that lead one way.
const ONE_WAY: &[&str] = &["parent", "replaces"];

/// Where references turn back.
#[derive(PartialEq, Debug, Default)]
pub(super) struct Circles {
    /// The entries that name themselves.
    selves: Vec<Ix>,
    /// The field, and the subjects that lead to each other with it, the first of them first.
    circles: Vec<(Name, Vec<Ix>)>,
}

/// What is found while all references are looked at.
#[derive(Default)]
pub(super) struct Finder {
    selves: Vec<Ix>,
    next: BTreeMap<Name, BTreeMap<Ix, Ix>>,
}

impl Finder {
    /// Takes in that the entry `from` names `to` in a field.
    pub(super) fn see(&mut self, known: Basis<'_>, from: Ix, field: &Name, to: Ix) {
        if !OF_OTHERS.contains(&&**field) {
            return;
        }
        let (subject, to) = (known.identities.subject(from), known.identities.subject(to));
        if subject == to {
            if self.selves.last() != Some(&from) {
                self.selves.push(from);
            }
        } else if subject == from && ONE_WAY.contains(&&**field) {
            self.next.entry(field.clone()).or_default().insert(from, to);
        }
    }

    /// All circles.
    pub(super) fn circles(self) -> Circles {
        let mut circles = Vec::new();
        for (field, next) in &self.next {
            // Each entry leads to one other: whoever comes back to where this walk began is in a circle.
            let mut walked: BTreeMap<Ix, Ix> = BTreeMap::new();
            for start in next.keys() {
                let mut at = *start;
                while let Some(to) = next.get(&at).filter(|_| !walked.contains_key(&at)) {
                    walked.insert(at, *start);
                    at = *to;
                }
                if walked.get(&at) == Some(start) && next.contains_key(&at) {
                    let mut circle = vec![at];
                    while let Some(to) = next.get(&circle[circle.len() - 1]).filter(|to| **to != at) {
                        circle.push(*to);
                    }
                    let first = circle.iter().enumerate().min_by_key(|(_, ix)| **ix).map_or(0, |(n, _)| n);
                    circle.rotate_left(first);
                    circles.push((field.clone(), circle));
                }
            }
        }
        Circles { selves: self.selves, circles }
    }
}

impl Circles {
    /// Their faults, each at the field.
    pub(super) fn slips(&self, heads: Heads<'_>, known: Basis<'_>, addresses: &Addresses) -> Vec<Slip> {
        let of_selves = self.selves.iter().flat_map(|ix| naming_itself(heads, known, addresses, *ix));
        of_selves.chain(self.circles.iter().filter_map(|(field, all)| circle(heads, known, field, all))).collect()
    }
}

fn naming_itself(heads: Heads<'_>, known: Basis<'_>, addresses: &Addresses, ix: Ix) -> Vec<Slip> {
    let head = heads.get(ix.0 as usize);
    let label = &known.collection(ix).label;
    let is_itself = |key: &str, target| match addresses.find(known, target, key)[..] {
        [only] => known.identities.subject(only) == known.identities.subject(ix),
        _ => false,
    };
    let wrong = written_in(known.asked.config, head).into_iter().filter(|one| {
        OF_OTHERS.contains(&&**one.field) && head.stated_value(one.field).is_some() && is_itself(one.key, one.target)
    });
    let fault = |field: &Name, span| {
        let what = format!("`{field}` names this {label} itself");
        let help = "name another one, or delete this".to_owned();
        told(known, ix, Diagnostic::new(Code::NotAllowedValue, what).at(&head.source, span).help(help))
    };
    wrong.map(|one| fault(one.field, one.placed.span.clone())).collect()
}

fn circle(heads: Heads<'_>, known: Basis<'_>, field: &Name, all: &[Ix]) -> Option<Slip> {
    let head = |ix: Ix| -> &Head { heads.get(ix.0 as usize) };
    let first = head(all[0]);
    let span = first.stated_value(field)?.span.clone();
    let names: Vec<String> = all.iter().chain(&all[..1]).map(|ix| format!("`{}`", head(*ix).id.key)).collect();
    let what = format!("`{field}` leads in a circle: {}", names.join(" → "));
    let mut fault = Diagnostic::new(Code::NotAllowedValue, what).at(&first.source, span);
    for other in &all[1..] {
        if let Some(placed) = head(*other).stated_value(field) {
            fault = fault.label(Span::new(&head(*other).source, placed.span.clone()), "and here");
        }
    }
    let help =
        if **field == *"replaces" { "delete it from the older one" } else { "delete it from the widest of them" };
    Some(told(known, all[0], fault.help(help)))
}

fn told(known: Basis<'_>, ix: Ix, fault: Diagnostic) -> Slip {
    Slip::of(known.identities.visibility(ix).apply_visibility(fault))
}
