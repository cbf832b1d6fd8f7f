//! Several settings files, later ones over earlier ones → one value per key, with the file it is in.
//!
//! A [`Layers`] is one table as spread over all the files that have it. Asking for a key marks it as known, so that
//! [`Layers::finish`] can report the keys that nothing asked for.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ops::Range;

use crate::data::{Raw, RawKind};
use crate::diagnostic::{Code, Diagnostic, Span, nearest};
use crate::markdown;
use crate::path::SitePath;
use crate::schema::secrecy;

/// The settings that a theme states and a site can change.
pub(super) const SHARED: &[&str] = &[
    "collections",
    "lists",
    "directives",
    "renditions",
    "drawings",
    "licences",
    "markdown",
    "search",
    "share_images",
    "icons",
];

/// The other settings that a theme may have.
pub(super) const OF_THEMES: &[&str] = &["name", "extends", "description", "settings", "tokens", "languages"];

/// One table of settings, spread over files; the last file that states a key wins.
pub(crate) struct Layers<'a> {
    layers: Vec<(&'a SitePath, &'a Raw)>,
    /// The table's name in messages: empty for a whole file, else as in `lists.publications`.
    name: String,
    asked: RefCell<Vec<String>>,
}

/// A setting's value and the file that states it.
#[derive(Clone, Copy)]
pub(crate) struct Setting<'a> {
    pub(crate) file: &'a SitePath,
    pub(crate) raw: &'a Raw,
}

impl Setting<'_> {
    /// Where the setting is.
    pub(crate) fn span(&self) -> Span {
        Span::new(self.file, self.raw.span.clone())
    }

    /// The fault that this setting is not `wanted`.
    pub(crate) fn wrong(&self, name: &str, wanted: &str) -> Diagnostic {
        let found = match &self.raw.kind {
            RawKind::Int(number) => number.to_string(),
            RawKind::Float(number) if number.abs() < 1e9 => number.to_string(),
            RawKind::Bool(truth) => format!("`{truth}`"),
            RawKind::Text(text) if text.trim().is_empty() => "an empty text".to_owned(),
            RawKind::Text(text) if text.chars().count() < 40 && !text.contains(['`', '\n']) => {
                format!("the text `{text}`")
            }
            _ => self.raw.described().to_owned(),
        };
        Diagnostic::new(Code::WrongSetting, format!("`{name}` must be {wanted}, but this is {found}")).span(self.span())
    }
}

impl<'a> Layers<'a> {
    /// The tables `layers`, the weakest first.
    pub(crate) fn new(layers: Vec<(&'a SitePath, &'a Raw)>, name: &str) -> Self {
        Self { layers, name: name.to_owned(), asked: RefCell::default() }
    }

    /// The name of this table's `key` in messages.
    pub(crate) fn path(&self, key: &str) -> String {
        // As TOML wants it (1.0, keys): what is more than letters, digits, `_` and `-` stands in quotation marks.
        let is_bare = key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
        let key = if is_bare { key.to_owned() } else { format!("\"{key}\"") };
        if self.name.is_empty() { key } else { format!("{}.{key}", self.name) }
    }

    /// Marks `key` as known.
    pub(crate) fn ask(&self, key: &str) {
        #[cfg(test)]
        HEARD.with_borrow_mut(|heard| {
            heard.extend(self.layers.iter().map(|(file, _)| (file.to_string(), self.path(key))))
        });
        self.asked.borrow_mut().push(key.to_owned());
    }

    /// Where this table is, in the last file that has it.
    pub(crate) fn span(&self) -> Option<Span> {
        self.layers.last().map(|(file, raw)| Span::new(file, raw.span.clone()))
    }

    /// The value of `key` that wins.
    pub(crate) fn get(&self, key: &str) -> Option<Setting<'a>> {
        self.ask(key);
        self.layers
            .iter()
            .rev()
            .find_map(|(file, raw)| raw.get(key).map(|raw| Setting { file, raw }))
            .filter(|setting| setting.raw.kind != RawKind::Null)
    }

    /// The table `key`, from all layers that have it; anything but a table is a fault.
    pub(crate) fn table(&self, key: &str, faults: &mut Vec<Diagnostic>) -> Layers<'a> {
        self.ask(key);
        let mut layers = Vec::new();
        for (file, raw) in &self.layers {
            match raw.get(key) {
                Some(raw) if matches!(raw.kind, RawKind::Table(_)) => layers.push((*file, raw)),
                Some(raw) => faults.push(Setting { file, raw }.wrong(&self.path(key), "a group of settings")),
                None => {}
            }
        }
        Layers::new(layers, &self.path(key))
    }

    /// Every key of this table in order of first mention, with the place of that mention.
    pub(crate) fn keys(&self) -> Vec<(String, Span)> {
        let mut keys: Vec<(String, Span)> = Vec::new();
        let mut seen = BTreeSet::new();
        for (file, raw) in &self.layers {
            if let RawKind::Table(table) = &raw.kind {
                for (key, _) in table {
                    if seen.insert(key.name.as_str()) {
                        keys.push((key.name.clone(), Span::new(file, key.span.clone())));
                    }
                }
            }
        }
        keys
    }

    /// The layers themselves.
    pub(crate) fn each(&self) -> &[(&'a SitePath, &'a Raw)] {
        &self.layers
    }

    /// Text.
    pub(crate) fn text(&self, key: &str, faults: &mut Vec<Diagnostic>) -> Option<String> {
        self.text_at(key, faults).map(|(text, _)| text)
    }

    /// Text, and where it is.
    pub(crate) fn text_at(&self, key: &str, faults: &mut Vec<Diagnostic>) -> Option<(String, Span)> {
        let setting = self.get(key)?;
        match &setting.raw.kind {
            RawKind::Text(text) => Some((text.clone(), setting.span())),
            _ => {
                faults.push(setting.wrong(&self.path(key), "text in quotation marks"));
                None
            }
        }
    }

    /// Text that readers see as it is; marks of Markdown in it are reported.
    pub(crate) fn words(&self, key: &str, faults: &mut Vec<Diagnostic>) -> Option<String> {
        let (text, span) = self.text_at(key, faults)?;
        if let Some(found) = markdown::look_at_field(&text) {
            let code = if found.is_damaged { Code::DamagedLetters } else { Code::MarkupInField };
            let fault = Diagnostic::new(code, found.message).span(span);
            faults.push(match found.meant.as_str() {
                "" => fault.help(format!("type `{key}` again")),
                meant => fault.help(format!("write `{meant}`")).meant_value(meant),
            });
        }
        Some(text)
    }

    /// Text that must be there, and that readers see as it is.
    pub(crate) fn required(&self, key: &str, example: &str, faults: &mut Vec<Diagnostic>) -> String {
        let is_said = |faults: &[Diagnostic]| faults.iter().any(|fault| fault.code == Code::WrongSetting);
        let before = faults.len();
        match self.words(key, faults) {
            Some(text) if !text.trim().is_empty() => text,
            Some(_) | None => {
                if !is_said(&faults[before..]) {
                    faults.push(self.missing(key, example));
                }
                String::new()
            }
        }
    }

    /// The fault that `key` is missing.
    pub(crate) fn missing(&self, key: &str, example: &str) -> Diagnostic {
        let fault = Diagnostic::new(Code::MissingSetting, format!("the setting `{}` is missing", self.path(key)))
            .help(format!("add a line such as `{key} = {example}`"));
        match self.span() {
            // Do not underline the whole table: its first byte stands for it.
            Some(Span { file, start, .. }) => fault.at(&file, start..start),
            None => fault,
        }
    }

    /// True or false.
    pub(crate) fn flag(&self, key: &str, default: bool, faults: &mut Vec<Diagnostic>) -> bool {
        match self.get(key) {
            None => default,
            Some(Setting { raw: Raw { kind: RawKind::Bool(flag), .. }, .. }) => *flag,
            Some(setting) => {
                faults.push(setting.wrong(&self.path(key), "true or false"));
                default
            }
        }
    }

    /// A whole number above zero.
    pub(crate) fn count(&self, key: &str, faults: &mut Vec<Diagnostic>) -> Option<usize> {
        let setting = self.get(key)?;
        match setting.raw.kind {
            RawKind::Int(number) if number > 0 => usize::try_from(number).ok(),
            _ => {
                faults.push(setting.wrong(&self.path(key), "a whole number above 0"));
                None
            }
        }
    }

    /// A list of texts; a single text counts as a list of one.
    pub(crate) fn texts(&self, key: &str, faults: &mut Vec<Diagnostic>) -> Option<Vec<(String, Span)>> {
        let setting = self.get(key)?;
        let wrong = |raw: &Raw| Setting { file: setting.file, raw }.wrong(&self.path(key), "text, or a list of texts");
        let one = |raw: &Raw| match &raw.kind {
            RawKind::Text(text) => Ok((text.clone(), span_of(setting.file, &raw.span))),
            _ => Err(wrong(raw)),
        };
        let items = match &setting.raw.kind {
            RawKind::List(items) => items.iter().map(one).collect::<Vec<_>>(),
            _ => vec![one(setting.raw)],
        };
        Some(items.into_iter().filter_map(|item| item.map_err(|fault| faults.push(fault)).ok()).collect())
    }

    /// One of a few words.
    pub(crate) fn choice<T: Copy>(
        &self,
        key: &str,
        choices: &[(&str, T)],
        default: T,
        faults: &mut Vec<Diagnostic>,
    ) -> T {
        let Some((text, span)) = self.text_at(key, faults) else { return default };
        if let Some((_, value)) = choices.iter().find(|(name, _)| *name == text) {
            return *value;
        }
        faults.push(not_one_of(&self.path(key), &text, span, choices.iter().map(|(name, _)| *name)));
        default
    }

    /// Reports the keys that nothing asked for.
    pub(crate) fn finish(&self, faults: &mut Vec<Diagnostic>) {
        let asked = self.asked.borrow();
        let meant = self.only_missing(&asked, faults);
        for (file, raw) in &self.layers {
            let RawKind::Table(table) = &raw.kind else { continue };
            for (key, _) in table {
                if asked.contains(&key.name) {
                    continue;
                }
                let place = if self.name.is_empty() { String::new() } else { format!(" in `{}`", self.name) };
                let fault = Diagnostic::new(Code::UnknownSetting, format!("there is no setting `{}`{place}", key.name))
                    .at(file, key.span.clone());
                faults.push(match nearest(&key.name, asked.iter().map(String::as_str)) {
                    Some(near) => {
                        let fault = fault.help(format!("did you mean `{near}`?"));
                        let is_free = !table.iter().any(|(key, _)| key.name == near);
                        let may = is_free && secrecy::may_be_corrected(&key.name) && secrecy::may_be_corrected(near);
                        if may { fault.meant(near) } else { fault }
                    }
                    None => {
                        let known = listed(asked.iter().map(String::as_str));
                        fault.help(match &meant {
                            Some(meant) => format!(
                                "`{meant}` is missing: write that if it is meant; the settings here are {known}"
                            ),
                            None => format!("the settings here are {known}"),
                        })
                    }
                });
            }
        }
    }
}

impl Layers<'_> {
    /// The only setting that is missing, if there is also only one that is not known: one slip, so its fault is dropped and the
    /// other one names it.
    fn only_missing(&self, asked: &[String], faults: &mut Vec<Diagnostic>) -> Option<String> {
        let keys = self.layers.iter().filter_map(|(_, raw)| match &raw.kind {
            RawKind::Table(table) => Some(table.iter().map(|(key, _)| key)),
            _ => None,
        });
        let unknown = keys.flatten().filter(|key| !asked.contains(&key.name)).count();
        let place = self.span().filter(|_| unknown == 1)?;
        let is_of = |fault: &Diagnostic, key: &str| {
            fault.code == Code::MissingSetting
                && fault.span.as_ref().is_some_and(|span| (&span.file, span.start) == (&place.file, place.start))
                && fault.message == self.missing(key, "").message
        };
        let missing: Vec<usize> = (0..faults.len())
            .filter(|n| faults[*n].code == Code::MissingSetting && asked.iter().any(|key| is_of(&faults[*n], key)))
            .collect();
        let [only] = missing.as_slice() else { return None };
        let key = asked.iter().find(|key| is_of(&faults[*only], key)).cloned();
        faults.remove(*only);
        key
    }
}

#[cfg(test)]
thread_local! {
    /// Every file and key that this thread has asked for.
    static HEARD: RefCell<Vec<(String, String)>> = RefCell::default();
}

/// The result of `read`, and each key it asked for with the file it looked in.
#[cfg(test)]
pub(super) fn asked_while<T>(read: impl FnOnce() -> T) -> (T, Vec<(String, String)>) {
    HEARD.take();
    (read(), HEARD.take())
}

/// The fault that `text` is not one of `choices`.
pub(crate) fn not_one_of<'n>(
    name: &str,
    text: &str,
    span: Span,
    choices: impl Iterator<Item = &'n str> + Clone,
) -> Diagnostic {
    let fault = Diagnostic::new(Code::WrongSetting, format!("`{name}` cannot be `{text}`")).span(span);
    match nearest(text, choices.clone()) {
        Some(near) => {
            let fault = fault.help(format!("did you mean `{near}`?"));
            let last = name.rsplit('.').next().unwrap_or(name);
            // Severities decide what is reported; a person must choose them.
            let may = secrecy::may_be_corrected(last) && !name.starts_with("severities");
            if may { fault.meant_value(near) } else { fault }
        }
        None => fault.help(format!("it is one of {}", listed(choices))),
    }
}

/// `` `a`, `b` and `c` ``, each once.
pub(crate) fn listed<'n>(names: impl Iterator<Item = &'n str>) -> String {
    let mut quoted: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    quoted.sort();
    quoted.dedup();
    match quoted.pop() {
        None => "none".to_owned(),
        Some(last) if quoted.is_empty() => last,
        Some(last) => format!("{} and {last}", quoted.join(", ")),
    }
}

fn span_of(file: &SitePath, range: &Range<usize>) -> Span {
    Span::new(file, range.clone())
}
