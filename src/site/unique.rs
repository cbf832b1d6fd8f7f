//! Fields whose every value may occur only once → the values that occur twice.

use std::collections::BTreeMap;

use super::Ix;
use super::identities::Basis;
use crate::content::Heads;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::schema::{Name, Placed};

/// Reports every value of a `unique` field that another entry of the same collection already states.
pub(super) fn duplicates(heads: Heads<'_>, known: Basis<'_>) -> Vec<Diagnostic> {
    let mut seen: BTreeMap<(Name, Name, String), (Ix, &Placed)> = BTreeMap::new();
    let mut faults = Vec::new();
    let head = |ix: Ix| heads.get(ix.0 as usize);
    // Few fields are unique, and most entries state none of them. Entries of one collection follow each other.
    let collections = &known.asked.config.collections;
    let unique_of = |name: &Name| -> Vec<&Name> {
        collections[name].fields.values().filter(|field| field.unique).map(|field| &field.name).collect()
    };
    let mut of: Option<(&Name, Vec<&Name>)> = None;
    for ix in known.identities.all() {
        let entry = head(ix);
        let collection = &entry.id.collection;
        let (_, unique) = match &mut of {
            Some(of) if of.0 == collection => of,
            of => of.insert((collection, unique_of(collection))),
        };
        for name in unique.iter() {
            let Some(placed) = entry.stated_value(name) else { continue };
            let text = placed.value.as_text();
            let key = (collection.clone(), Name::clone(name), text.to_lowercase());
            let Some((other, first)) = seen.get(&key) else {
                seen.insert(key, (ix, placed));
                continue;
            };
            if known.identities.subject(*other) == known.identities.subject(ix) {
                continue;
            }
            let fault = Diagnostic::new(
                Code::DuplicateValue,
                format!("`{text}` is already in `{name}` of {}", known.named(*other)),
            )
            .at(&entry.source, placed.span.clone())
            .label(Span::new(&head(*other).source, first.span.clone()), "here first")
            .help("one was probably copied from the other; correct it");
            faults.push(known.identities.visibility(ix).apply_visibility(fault));
        }
    }
    faults
}
