//! A text, and the blocks (`:::name`) that a theme declares → the text with the values of its blocks, checked once.
//!
//! Not here: which blocks a text may have, and `:::after`, which belongs to the program (`content`).

use std::ops::Deref;

use super::recommended::recommended;
use super::{Fields, Placed, Reading, Stage, Value, Values, read_values};
use crate::data::{Raw, RawKind};
use crate::diagnostic::{Found, Span};
use crate::index::Index;
use crate::markdown::{Directive, Doc};

/// A block that a theme declares.
#[derive(Clone, Debug)]
pub(crate) struct Block {
    /// The template that writes it.
    pub(crate) template: String,
    /// Where that is given: its own line, else the declaration.
    pub(crate) template_at: Option<Span>,
    pub(crate) attributes: Fields,
    /// Whether it is numbered with the other figures of its page, and can be referred to.
    pub(crate) is_figure: bool,
    /// Whether it is drawn from numbers.
    pub(crate) is_chart: bool,
}

/// The blocks that a theme declares, by name.
pub(crate) type Blocks = Index<String, Block>;

/// A text with the values of its blocks.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Text {
    doc: Doc,
    /// For each of `doc.directives`, the values of its attributes; empty if the theme does not declare it.
    blocks: Vec<Values>,
}

impl Deref for Text {
    type Target = Doc;

    fn deref(&self) -> &Doc {
        &self.doc
    }
}

impl Text {
    /// `doc`, from the file that `reading` names, and the faults in the attributes of its blocks.
    pub(crate) fn of(doc: Doc, reading: &Reading<'_>) -> Found<Self> {
        let mut faults = Vec::new();
        let blocks = doc.directives.iter().map(|one| attributes(one, reading).into_value(&mut faults)).collect();
        Found::new(Self { doc, blocks }, faults)
    }

    /// The values of the attributes of the block `directives[n]`.
    pub(crate) fn block(&self, n: usize) -> &Values {
        &self.blocks[n]
    }

    /// The files named in attributes of its blocks.
    pub(crate) fn files_in_blocks(&self) -> impl Iterator<Item = &Placed> {
        let placed = self.blocks.iter().flat_map(|values| values.values());
        placed.filter(|placed| matches!(placed.value, Value::File(_)))
    }
}

fn attributes(directive: &Directive, reading: &Reading<'_>) -> Found<Values> {
    let Some(declared) = reading.blocks.get(&directive.name) else { return Found::clean(Values::default()) };
    // Every block may have an id and classes.
    let own = directive.attributes.iter().filter(|(key, _)| !matches!(key.name.as_str(), "id" | "class"));
    let raw = Raw { kind: RawKind::Table(own.cloned().collect()), span: directive.name_span.clone() };
    let label = format!(":::{}", directive.name);
    let reading = Reading { label: &label, stage: Stage::Public, ..*reading };
    let mut read = read_values(&raw, &declared.attributes, &reading);
    let advice = recommended(&declared.attributes, &read.value, None, reading.file, &directive.name_span);
    read.faults.extend(advice);
    read
}
