//! `:::after 2026-05-14 00:01` … `:::` in a text → what readers see of the text at a moment.
//!
//! A text is cut before anything is derived from it: the bytes of a block whose moment has not come are blanked in the
//! source, and the rest is read as if the block had never been written. So none of its headings, links, notes or words gets
//! anywhere.
//!
//! Anything that resembles such a block but is not one leaves a doubt about the whole text: a binding error.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use jiff::tz::TimeZone;

use super::doubt;
use crate::config::Config;
use crate::data::RawKind;
use crate::diagnostic::{self, Code, Diagnostic, Found};
use crate::markdown::{self, Directive, Doc};
use crate::path::SitePath;
use crate::schema::{self, Moment, Reading, Text, secrecy};

/// The block's name, which no theme can declare.
pub(crate) const NAME: &str = "after";

/// The parts of a text that appear only from their moment on.
#[derive(Clone, Debug)]
pub(crate) struct Timed {
    /// The text with all its blocks.
    whole: Arc<Text>,
    /// Where the text begins in its file.
    begin: usize,
    blocks: Vec<Block>,
    /// Blocks that stay out whatever the moment: as if they had never been written.
    out: Vec<Range<usize>>,
}

#[derive(Clone, Debug)]
struct Block {
    /// From the opening fence to the closing one, in bytes of the file.
    span: Range<usize>,
    /// Where the last of it and of those before it ends.
    reach: usize,
    when: Moment,
}

impl Timed {
    /// The blocks of `doc`, which begins at byte `begin` of its file; `None` if it has none.
    pub(super) fn of(doc: &Arc<Text>, begin: usize, zone: &TimeZone) -> Option<Arc<Self>> {
        let mut blocks = Vec::new();
        for directive in doc.directives.iter().filter(|directive| directive.name == NAME) {
            if let Ok(when) = moment(directive, zone) {
                blocks.push(Block { span: directive.span.clone(), reach: 0, when });
            }
        }
        blocks.sort_by_key(|block| block.span.start);
        let mut reach = 0;
        for block in &mut blocks {
            reach = reach.max(block.span.end);
            block.reach = reach;
        }
        (!blocks.is_empty()).then(|| Arc::new(Self { whole: doc.clone(), begin, blocks, out: Vec::new() }))
    }

    /// The text with all its blocks.
    pub(crate) fn whole(&self) -> &Arc<Text> {
        &self.whole
    }

    /// Whether the byte `at` of the file is in one of the blocks for which `is_hidden` is true.
    pub(crate) fn covers(&self, at: usize, is_hidden: impl Fn(&Moment) -> bool) -> bool {
        self.around(at).any(is_hidden) || self.out.iter().any(|span| span.contains(&at))
    }

    /// The moments of the blocks that the byte `at` of the file is in, the innermost first.
    pub(crate) fn around(&self, at: usize) -> impl Iterator<Item = &Moment> {
        let before = self.blocks.partition_point(|block| block.span.start <= at);
        let around = self.blocks[..before].iter().rev().take_while(move |block| block.reach > at);
        around.filter(move |block| block.span.contains(&at)).map(|block| &block.when)
    }

    /// Where the blocks that appear at `when` are in the file.
    pub(crate) fn spans_of(&self, when: &Moment) -> impl Iterator<Item = Range<usize>> {
        self.blocks.iter().filter(move |block| block.when == *when).map(|block| block.span.clone())
    }

    /// The moments at which the blocks appear.
    pub(crate) fn moments(&self) -> impl Iterator<Item = &Moment> {
        self.blocks.iter().map(|block| &block.when)
    }

    /// The text, in the file that `reading` names, without the blocks for which `is_hidden` is true.
    pub(crate) fn cut(&self, reading: &Reading<'_>, is_hidden: impl Fn(&Moment) -> bool) -> Arc<Text> {
        let hidden: Vec<&Block> = self.blocks.iter().filter(|block| is_hidden(&block.when)).collect();
        if hidden.is_empty() {
            return self.whole.clone();
        }
        self.read_without(reading, hidden.iter().map(|block| block.span.clone()))
    }

    /// The same text as if the blocks that appear at `when` had never been written.
    pub(super) fn without(&self, reading: &Reading<'_>, when: &Moment) -> Self {
        let mut out = self.out.clone();
        out.extend(self.spans_of(when));
        let is_out = |span: &Range<usize>| out.iter().any(|out| out.start <= span.start && span.end <= out.end);
        let blocks = self.blocks.iter().filter(|block| !is_out(&block.span)).cloned().collect();
        let whole = self.read_without(reading, self.spans_of(when));
        Self { whole, begin: self.begin, blocks, out }
    }

    /// The text as it is if nothing were at `hidden`, nor where blocks stay out.
    fn read_without(&self, reading: &Reading<'_>, hidden: impl Iterator<Item = Range<usize>>) -> Arc<Text> {
        let mut bytes = reading.text.as_bytes().to_vec();
        for byte in hidden.chain(self.out.iter().cloned()).flatten() {
            // Line ends stay, so that every place after the block stays true.
            if let Some(byte) = bytes.get_mut(byte).filter(|byte| !matches!(byte, b'\n' | b'\r')) {
                *byte = b' ';
            }
        }
        let text = String::from_utf8_lossy(bytes.get(self.begin..).unwrap_or_default()).into_owned();
        let doc = markdown::read(reading.file, &text, self.begin, reading.markdown).value;
        Arc::new(Text::of(doc, reading).value)
    }
}

/// When the block appears, as its first line says; or why that cannot be read.
pub(crate) fn moment(directive: &Directive, zone: &TimeZone) -> Result<Moment, String> {
    let others = directive.attributes.iter().find(|(key, _)| !matches!(key.name.as_str(), "title" | "id" | "class"));
    if let Some((key, _)) = others {
        return Err(format!("`:::after` has no attribute `{}`", key.name));
    }
    let written = directive.attributes.iter().find(|(key, _)| key.name == "title").map(|(_, raw)| &raw.kind);
    match written {
        Some(RawKind::Text(text)) => match schema::parse_moment(text.trim_matches(['"', '\'']), zone) {
            Ok(moment @ Moment::DateTime(_)) => Ok(moment),
            Ok(Moment::Date(date)) => {
                Err(format!("`:::after` needs a time of day as well; write `:::after {date} 00:01`"))
            }
            Err(fault) => Err(fault.message(text)),
        },
        _ => Err("`:::after` does not say when".to_owned()),
    }
}

/// Reads the text `source`, which begins at the byte `begin` of `file`. Its faults are binding if they leave open what is to be
/// hidden.
pub(super) fn read(file: &SitePath, source: &str, begin: usize, config: &Config) -> Found<Doc> {
    let Found { value: doc, mut faults } = markdown::read(file, source, begin, &config.markdown);
    let (is_meant, found) = check(&doc, file, source, begin, config);
    if is_meant {
        // If a block was not closed, or closed too early, nobody knows how far it was meant to reach.
        doubt::bind_errors(&mut faults);
    }
    faults.extend(found.into_iter().map(Diagnostic::binding));
    Found::new(doc, faults)
}

/// Whether a text has such blocks, or seems to, and what is wrong with them.
fn check(doc: &Doc, file: &SitePath, source: &str, begin: usize, config: &Config) -> (bool, Vec<Diagnostic>) {
    let mut found = Vec::new();
    let mut is_meant = false;
    for directive in &doc.directives {
        let is_known = config.directives.contains_key(&directive.name);
        let is_about_time = !is_known && (resembles(directive) || says_moment(directive));
        let is_slip = directive.name != NAME && (is_about_time || says_after(directive));
        is_meant |= is_slip || directive.name == NAME;
        if directive.name == NAME
            && let Err(message) = moment(directive, &config.timezone)
        {
            let line = source.get(directive.name_span.start - begin..).and_then(|rest| rest.lines().next());
            let end = directive.name_span.start + line.map_or(0, |line| line.trim_end().len());
            found.push(
                Diagnostic::new(Code::DirectiveAttributes, message).at(file, directive.name_span.start..end).help(
                    "write it like `:::after 2026-05-14 00:01`; until that is fixed, none of this text is published",
                ),
            );
        }
        if is_slip {
            found.push(
                Diagnostic::new(Code::UnknownDirective, format!("there is no block `:::{}`", directive.name))
                    .at(file, directive.name_span.clone())
                    .help("to hide a block until a moment, write `:::after 2026-05-14 00:01`; until that is fixed, none of this text is published"),
            );
        }
    }
    for slip in slips(doc, source, begin) {
        is_meant = true;
        found.push(
            Diagnostic::new(Code::UnknownDirective, "this line looks like the beginning of a block that is hidden until a moment, but is not one")
                .at(file, begin + slip.start..begin + slip.end)
                .help("write it like `:::after 2026-05-14 00:01`, with three colons; until that is fixed, none of this text is published"),
        );
    }
    (is_meant, found)
}

/// What nearly begins a block: with other colons, with blanks or invisible characters among them, within a line, or where
/// Markdown takes it for something else. Fenced code blocks, and code within a line, are taken for examples.
fn slips(doc: &Doc, source: &str, begin: usize) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    // In plain letters the name is `after`, and a moment has at least six digits: most lines need no closer look.
    let is_name = |end: &[u8]| end.get(..NAME.len()).is_some_and(|name| name.eq_ignore_ascii_case(NAME.as_bytes()));
    let has_name = |line: &str| {
        let line = line.as_bytes();
        // `f` is the rarest of its letters.
        memchr::memchr2_iter(b'f', b'F', line).any(|at| at.checked_sub(1).is_some_and(|start| is_name(&line[start..])))
    };
    let is_odd = |line: &str| !line.is_ascii() || line.contains('\0');
    let has_digits = |line: &str| line.bytes().filter(u8::is_ascii_digit).nth(5).is_some();
    let may_be_one = |line: &str| (is_odd(line) || has_name(line)) && has_digits(line);
    if !is_odd(source) && !has_name(source) {
        return found;
    }
    let blocks = doc.directives.iter().filter(|directive| directive.name == NAME);
    let known: BTreeSet<usize> = blocks.map(|directive| directive.name_span.start - begin).collect();
    let is_fenced = |span: &Range<usize>| source[span.start - begin..].trim_start().starts_with(['`', '~']);
    let mut examples: Vec<Range<usize>> = doc.codes.iter().map(|code| code.span.clone()).filter(is_fenced).collect();
    examples.sort_by_key(|example| example.start);
    let mut at = 0;
    for line in source.split_inclusive('\n') {
        if !may_be_one(line) {
            at += line.len();
            continue;
        }
        let seen: Vec<(usize, char)> = line.char_indices().filter(|(_, c)| !is_unseen(*c)).collect();
        let before = examples.partition_point(|example| example.start <= begin + at);
        let is_example = examples[..before].last().is_some_and(|example| example.contains(&(begin + at)));
        let start = nearly_begins(&seen).or_else(|| is_called_otherwise(&seen));
        if !is_example && let Some(start) = start.filter(|start| !known.contains(&(at + start))) {
            found.push(at + start..at + line.trim_end().len().max(start + 1));
        }
        at += line.len();
    }
    found
}

fn is_colon(c: char) -> bool {
    matches!(c, ':' | '\u{ff1a}' | '\u{fe55}' | '\u{2236}')
}

/// Where a line has colons and then a word that cannot be a block's name, since some of its letters are not Latin, followed
/// by a moment: `:::аfter 2026-05-14 00:01` with a Cyrillic letter looks right.
fn is_called_otherwise(line: &[(usize, char)]) -> Option<usize> {
    let first = line.iter().position(|(_, c)| is_colon(*c))?;
    let colons = line[first..].iter().take_while(|(_, c)| is_colon(*c)).count();
    let is_first = line[..first].iter().all(|(_, c)| !c.is_alphanumeric());
    let name = line[first + colons..].iter().skip_while(|(_, c)| c.is_whitespace());
    let word: Vec<char> =
        name.clone().map(|(_, c)| *c).take_while(|c| c.is_alphabetic() || "-_".contains(*c)).collect();
    let digits = name.skip(word.len()).take(30).filter(|(_, c)| c.is_ascii_digit()).count();
    let is_other = word.iter().any(|c| !c.is_ascii());
    (is_first && colons >= 3 && is_other && digits >= 6).then(|| line[first].0)
}

/// Where a line has `after` behind colons, or as an alert, followed by a number.
fn nearly_begins(line: &[(usize, char)]) -> Option<usize> {
    let letters: Vec<char> = line.iter().map(|(_, c)| c.to_ascii_lowercase()).collect();
    let name: Vec<char> = NAME.chars().collect();
    let first_letter = letters.iter().position(|c| c.is_alphanumeric()).unwrap_or(letters.len());
    letters.windows(name.len()).enumerate().filter(|(_, window)| *window == name.as_slice()).find_map(|(n, _)| {
        let marks: Vec<char> = letters[..n]
            .iter()
            .rev()
            .copied()
            .take_while(|c| is_colon(*c) || c.is_whitespace() || "{.[!\\".contains(*c))
            .collect();
        let before = letters[..n - marks.len()].iter().rev().find(|c| !c.is_whitespace());
        let is_first = first_letter >= n - marks.len();
        let colons = marks.iter().filter(|c| is_colon(**c)).count();
        let is_marked = match colons {
            0 => marks.contains(&'!') && marks.contains(&'['),
            1 => is_first && marks.first().is_some_and(|c| is_colon(*c)),
            _ => true,
        };
        let is_code = before == Some(&'`');
        let behind = &letters[n + name.len()..];
        let is_word = behind.first().is_none_or(|c| !c.is_alphanumeric());
        // A moment has more digits than `std::after(9)`.
        let has_number = behind.iter().take(30).filter(|c| c.is_ascii_digit()).count() >= 6;
        (is_marked && !is_code && is_word && has_number).then(|| line[n].0)
    })
}

/// Whether a character is invisible.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{ad}' | '\0')
}

/// Whether a moment follows the block's name, in any language: `:::wedi 2026-05-14 00:01`.
fn says_moment(directive: &Directive) -> bool {
    directive.attributes.iter().any(|(key, raw)| match &raw.kind {
        RawKind::Text(text) if key.name == "title" => {
            let is_of_moment = |c: &char| c.is_ascii_digit() || "-/.:T \"'[(".contains(*c);
            let digits = text.chars().take_while(is_of_moment).filter(char::is_ascii_digit).count();
            let mut numbers = text.split(|c: char| !c.is_ascii_digit()).filter(|number| !number.is_empty());
            let has_year = numbers.clone().any(|number| number.len() == 4 && number.starts_with("20"));
            digits >= 8 || has_year && numbers.nth(1).is_some()
        }
        _ => false,
    })
}

/// Whether the block's title says from when it was to appear: `:::callout after 2026-05-14 00:01`.
fn says_after(directive: &Directive) -> bool {
    directive.attributes.iter().any(|(key, raw)| match &raw.kind {
        RawKind::Text(text) if key.name == "title" => {
            let mut words = text.trim_start_matches(['[', '(']).split_whitespace();
            words.next().is_some_and(|word| word.eq_ignore_ascii_case(NAME))
                && words.next().is_some_and(|word| word.len() >= 4 && word.chars().take(4).all(|c| c.is_ascii_digit()))
        }
        _ => false,
    })
}

/// Whether a block of another name was meant to hide its content.
pub(super) fn resembles(directive: &Directive) -> bool {
    let name = directive.name.to_lowercase();
    let words = [
        "until",
        "from",
        "before",
        "release",
        "hide",
        "secret",
        "later",
        "not-before",
        "publish",
        "comment",
        "todo",
        "internal",
        "when",
        "since",
        "wait",
        "if",
    ];
    let name: String = name.chars().filter(|c| !is_unseen(*c)).collect();
    name.starts_with(NAME)
        || diagnostic::slips(&name, NAME, 1).is_some()
        || secrecy::is_about(&name)
        || words.contains(&name.as_str())
}

/// The fault if a field's text has such a block, which fields cannot have.
pub(super) fn in_field(doc: &Doc, file: &SitePath) -> Option<Diagnostic> {
    let directive = doc.directives.iter().find(|directive| directive.name == NAME)?;
    Some(
        Diagnostic::new(Code::UnknownDirective, "a field cannot have a block that is hidden until a moment")
            .at(file, directive.name_span.clone())
            .help("move it into the text, or hide the whole entry with `publish_at`")
            .binding(),
    )
}
