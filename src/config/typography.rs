//! The words of the settings that readers see, such as titles of lists and lines of menus → the same, set as texts are set.
//!
//! They are set once, here: nothing compares them. Not here: names and labels in messages.

use super::declared::Kind;
use super::{Config, MenuItem, Organisation};
use crate::index::Index;
use crate::markdown::{self, Options};
use crate::schema::{Fields, Name, Type};

impl Config {
    /// Sets all of them.
    pub(super) fn set_words(&mut self) {
        let Self { markdown, .. } = self;
        let options = markdown.clone();
        if !options.smart_punctuation {
            return;
        }
        for words in [&mut self.title, &mut self.description] {
            set(words, &options);
        }
        organisation(&mut self.organisation, &options);
        menus(&mut self.menus, &options);
        for collection in self.collections.values_mut() {
            set(&mut collection.plural, &options);
            kinds(&mut collection.kinds, &options);
            labels(&mut collection.fields, &options);
        }
        for list in self.lists.values_mut() {
            set(&mut list.title, &options);
            set(&mut list.description, &options);
        }
        for language in &mut self.languages {
            for words in [&mut language.title, &mut language.description] {
                set(words, &options);
            }
            organisation(&mut language.organisation, &options);
            menus(&mut language.menus, &options);
            language.each_word(|words| set(words, &options), |of_kinds| kinds(of_kinds, &options));
        }
    }
}

fn set(words: &mut String, options: &Options) {
    if let std::borrow::Cow::Owned(set) = markdown::set(words, options) {
        *words = set;
    }
}

fn organisation(of: &mut Organisation, options: &Options) {
    set(&mut of.name, options);
    for words in [&mut of.short_name, &mut of.legal_name, &mut of.description].into_iter().flatten() {
        set(words, options);
    }
}

/// What readers are told that fields are.
fn labels(fields: &mut Fields, options: &Options) {
    for field in fields.values_mut() {
        field.label.iter_mut().for_each(|label| set(label, options));
        let mut ty = &mut field.ty;
        while let Type::List(inner) = ty {
            ty = inner;
        }
        if let Type::Record(inner) = ty {
            labels(inner, options);
        }
    }
}

fn menus(all: &mut Index<String, Vec<MenuItem>>, options: &Options) {
    all.values_mut().flatten().for_each(|item| set(&mut item.title, options));
}

fn kinds(all: &mut Index<Name, Kind>, options: &Options) {
    for kind in all.values_mut() {
        set(&mut kind.label, options);
        set(&mut kind.plural, options);
    }
}
