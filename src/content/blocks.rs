//! The blocks of a text (`:::name`) → those that the theme does not declare.
//!
//! Their attributes are read with the text (`schema::Text`). Not here: `:::after`, which belongs to the program (`after`).

use super::after;
use crate::config::{Config, listed};
use crate::diagnostic::{Code, Diagnostic, nearest};
use crate::markdown::{Directive, Doc};
use crate::path::SitePath;
use crate::schema::{self, Type};

/// Reports the blocks of a text that the theme does not declare.
pub(super) fn check_blocks(doc: &Doc, file: &SitePath, config: &Config, faults: &mut Vec<Diagnostic>) {
    // `after` deals with names that resemble it.
    let is_unknown = |directive: &&Directive| {
        !config.directives.contains_key(&directive.name)
            && directive.name != after::NAME
            && !after::resembles(directive)
    };
    faults.extend(doc.directives.iter().filter(is_unknown).map(|one| unknown_directive(one, file, config)));
}

fn unknown_directive(directive: &Directive, file: &SitePath, config: &Config) -> Diagnostic {
    let known = config.directives.keys().map(String::as_str);
    let fault = Diagnostic::new(Code::UnknownDirective, format!("the theme has no block `:::{}`", directive.name))
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
