//! The blocks of a text (`:::name`) → their attributes, checked against what the theme declares, and what is wrong with them.
//!
//! Not here: `:::after`, which is the program's own (`after`).

use super::{after, recommended};
use crate::config::{Config, listed};
use crate::data::{Raw, RawKind};
use crate::diagnostic::{Code, Diagnostic, Found, nearest};
use crate::markdown::{Directive, Doc};
use crate::path::SitePath;
use crate::schema::{self, Placed, Reading, Stage, Type, Values};

/// Checks the directives of a text against what the theme declares.
pub(super) fn check_directives(doc: &Doc, file: &SitePath, text: &str, config: &Config, faults: &mut Vec<Diagnostic>) {
    for directive in &doc.directives {
        match config.directives.get(&directive.name) {
            // `after` looks at those.
            None if directive.name == after::NAME || after::resembles(directive) => {}
            Some(_) => faults.extend(attributes(directive, file, text, config).faults),
            None => faults.push(unknown_directive(directive, file, config)),
        }
    }
}

/// A directive's attributes, checked; empty for one that the theme does not declare.
pub(crate) fn attributes(directive: &Directive, file: &SitePath, text: &str, config: &Config) -> Found<Values> {
    let Some(declared) = config.directives.get(&directive.name) else { return Found::clean(Values::default()) };
    // Every directive may have an anchor and classes.
    let own = directive.attributes.iter().filter(|(key, _)| !matches!(key.name.as_str(), "id" | "class"));
    let raw = Raw { kind: RawKind::Table(own.cloned().collect()), span: directive.name_span.clone() };
    let label = format!(":::{}", directive.name);
    let reading =
        Reading { file, text, zone: &config.timezone, markdown: &config.markdown, label: &label, stage: Stage::Public };
    let mut read = schema::read_values(&raw, &declared.attributes, &reading);
    read.faults.extend(recommended(&declared.attributes, &read.value, None, file, &directive.name_span));
    read
}

/// The attributes of blocks in `doc` that name files of the site.
pub(crate) fn named_in_blocks(doc: &Doc, file: &SitePath, text: &str, config: &Config) -> Vec<Placed> {
    let mut named = Vec::new();
    for directive in &doc.directives {
        let declared = config.directives.get(&directive.name);
        let is_file =
            |name: &str| declared.is_some_and(|one| one.attributes.get(name).is_some_and(|one| one.ty == Type::File));
        // Most blocks name none, and need not be read again.
        if directive.attributes.iter().any(|(key, _)| is_file(&key.name)) {
            let read = attributes(directive, file, text, config).value;
            named.extend(read.iter().filter(|(name, _)| is_file(name)).map(|(_, placed)| placed.clone()));
        }
    }
    named
}

fn unknown_directive(directive: &Directive, file: &SitePath, config: &Config) -> Diagnostic {
    let known = config.directives.keys().map(String::as_str);
    let fault = Diagnostic::new(Code::UnknownDirective, format!("the design has no block `:::{}`", directive.name))
        .at(file, directive.name_span.clone());
    match nearest(&directive.name, known.clone()) {
        Some(near) => {
            let fault = fault.help(format!("did you mean `:::{near}`?"));
            let is_safe = schema::secrecy::may_be_corrected(&directive.name) && !after::resembles(directive);
            let names_files = config.directives[near].attributes.values().any(|one| one.ty == Type::File);
            if is_safe && !names_files { fault.meant(near) } else { fault }
        }
        None => fault.help(format!("the blocks are {}", listed(known))),
    }
}
