//! A table as written + the fields that it may have → checked values, and all its faults in an author's words.
//!
//! Each kind of fault has its own code. A value that cannot be read is left out, and not reported as missing too. An empty
//! text counts as nothing written.
//!
//! Not here: whether the target of a reference, a file or an image exists (`site`), and whether a value is unique.

use std::ops::Range;

use jiff::tz::TimeZone;

use super::secrecy;
use super::usual::{Guess, guess};
use super::values::Quoted;
use super::{Blocks, Field, Fields, Name, Placed, Type, Value, Values};
use crate::data::{Key, Raw, RawKind};
use crate::diagnostic::{Code, Diagnostic, Found, Severity};
use crate::markdown;
use crate::path::SitePath;

/// The context in which a table is read.
#[derive(Clone, Copy)]
pub(crate) struct Reading<'a> {
    pub(crate) file: &'a SitePath,
    /// The whole file, for places within values and the lines that messages name.
    pub(crate) text: &'a str,
    /// The site's zone.
    pub(crate) zone: &'a TimeZone,
    pub(crate) markdown: &'a markdown::Options,
    /// The blocks that texts may contain.
    pub(crate) blocks: &'a Blocks,
    /// The word for one entry: "publication".
    pub(crate) label: &'a str,
    pub(crate) stage: Stage,
}

/// Whether the entry is meant to be public.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Stage {
    /// What is missing is only a warning.
    Draft,
    Public,
    /// What is missing comes from its original.
    Translation,
}

/// The values that the table `raw` gives to `fields`, in the order declared.
pub(crate) fn read_values(raw: &Raw, fields: &Fields, reading: &Reading<'_>) -> Found<Values> {
    let mut reader = Reader {
        reading,
        notation: Notation::of(reading),
        faults: Vec::new(),
        open: Vec::new(),
        above: Vec::new(),
        default_at: None,
        root: raw.span.clone(),
    };
    let values = reader.table(raw, fields);
    Found::new(values, reader.faults)
}

/// Whether naming a file in a value of this type publishes it.
fn publishes(ty: &Type) -> bool {
    match ty {
        Type::File | Type::Image | Type::Statistic => true,
        Type::List(item) => publishes(item),
        Type::Either(choices) => choices.iter().any(publishes),
        Type::Record(fields) => fields.values().any(|field| publishes(&field.ty)),
        _ => false,
    }
}

/// Whether a field, known or not, says something about who may see the entry.
fn is_about_secrecy(key: &Key, raw: &Raw) -> bool {
    secrecy::meant(&key.name, raw).is_some() || secrecy::within(raw).is_some()
}

/// The format in which an example is shown.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Notation {
    Toml,
    Yaml,
    Json,
    Csv,
    /// The attributes of a block in a text: `title="…"`.
    Block,
}

impl Notation {
    fn of(reading: &Reading<'_>) -> Self {
        if reading.label.starts_with(":::") {
            return Notation::Block;
        }
        match reading.file.ending().as_str() {
            "toml" => Notation::Toml,
            "json" => Notation::Json,
            "csv" => Notation::Csv,
            "yaml" | "yml" => Notation::Yaml,
            _ if reading.text.trim_start_matches('\u{feff}').starts_with("---") => Notation::Yaml,
            _ => Notation::Toml,
        }
    }
}

pub(super) struct Reader<'a> {
    pub(super) reading: &'a Reading<'a>,
    pub(super) notation: Notation,
    pub(super) faults: Vec<Diagnostic>,
    /// The fields of the group being read and of the groups around it, outermost first.
    open: Vec<&'a Fields>,
    /// The fields that hold those groups; one fewer, since the outermost is not in any.
    above: Vec<Name>,
    /// Set while a default is read, which is in another file: the place that its values get here.
    default_at: Option<Range<usize>>,
    root: Range<usize>,
}

impl<'a> Reader<'a> {
    /// Whether the table being read is in no other.
    pub(super) fn is_outermost(&self) -> bool {
        self.above.is_empty()
    }

    pub(super) fn is_default(&self) -> bool {
        self.default_at.is_some()
    }

    /// `range`, clamped to the file.
    pub(super) fn place(&self, range: &Range<usize>) -> Range<usize> {
        let range = self.default_at.as_ref().unwrap_or(range);
        let text = self.reading.text;
        let mut start = range.start.min(text.len());
        while !text.is_char_boundary(start) {
            start -= 1;
        }
        let mut end = range.end.min(text.len()).max(start);
        while !text.is_char_boundary(end) {
            end += 1;
        }
        start..end
    }

    pub(super) fn fault(
        &mut self,
        code: Code,
        message: impl Into<String>,
        at: &Range<usize>,
        help: impl Into<Option<String>>,
    ) {
        let fault = Diagnostic::new(code, message).at(self.reading.file, self.place(at));
        self.faults.push(match help.into() {
            Some(help) => fault.help(help),
            None => fault,
        });
    }

    /// `a report`, or the name of the group being read.
    fn whose(&self) -> String {
        match self.above.last() {
            Some(name) => format!("`{name}`"),
            None => {
                let label = self.reading.label;
                let article =
                    if label.starts_with(['a', 'e', 'i', 'o', 'u', 'A', 'E', 'I', 'O', 'U']) { "an" } else { "a" };
                format!("{article} {label}")
            }
        }
    }

    pub(super) fn table(&mut self, raw: &Raw, fields: &'a Fields) -> Values {
        let empty = Vec::new();
        let table = match &raw.kind {
            RawKind::Table(table) => table,
            RawKind::Null => &empty,
            _ => {
                self.no_table(raw);
                return Values::default();
            }
        };
        self.open.push(fields);
        let mut values = Values::default();
        let mut unwritten: Vec<&Field> = Vec::new();
        for (name, field) in fields {
            let stated = table.iter().find(|(key, _)| *key.name == **name);
            let written = stated.map(|(_, raw)| raw).filter(|raw| is_written(raw));
            if let Some((key, raw)) = stated
                && self.is_lost_in_comment(field, key, raw, written.is_some())
            {
                continue;
            }
            match written {
                Some(raw) => {
                    let of_start = self.on_day_of_start(field, raw, &values);
                    if let Some(placed) = self.field(field, of_start.as_ref().unwrap_or(raw)) {
                        values.insert(name.clone(), placed);
                    }
                }
                None if self.reading.stage == Stage::Translation && self.above.is_empty() => {}
                None => match &field.default {
                    Some(default) => {
                        if let Some(placed) = self.default(field, default, raw.span.end) {
                            values.insert(name.clone(), placed);
                        }
                    }
                    None => unwritten.push(field),
                },
            }
        }
        // What another entry stands for has no page, and a whole address has no parts.
        let has_page = !values.contains_key("see") && !values.contains_key("permalink");
        unwritten.retain(|field| {
            let is_asked = || field.required_if.as_ref().is_some_and(|condition| condition.holds(&values));
            field.required || field.in_address.is_some() && has_page || is_asked()
        });
        for (key, raw) in table.iter().filter(|(key, _)| !fields.contains_key(key.name.as_str())) {
            let before = self.faults.len();
            // A misspelt field that must be there is one fault, not two.
            let meant = guess(key, raw, fields, table);
            let place = unwritten.iter().position(|field| meant.map(|(name, _)| name) == Some(&*field.name));
            match meant.zip(place) {
                Some(((_, why), place)) if !is_about_secrecy(key, raw) => {
                    let field = unwritten.remove(place);
                    self.misspelt(field, key, why);
                    self.hide_without(field);
                }
                _ => self.unknown(key, raw, fields, table),
            }
            if is_about_secrecy(key, raw) {
                self.fix(before);
            }
        }
        for field in unwritten {
            self.missing(field, raw);
            self.hide_without(field);
        }
        self.open.pop();
        self.order_of_times(&values);
        values
    }

    /// Says that what is to be a group of fields is something else.
    fn no_table(&mut self, raw: &Raw) {
        let message = format!("{} is written as a group of fields, but this is {}", self.whose(), raw.described());
        let before = self.faults.len();
        let is_other =
            self.notation == Notation::Yaml && matches!(&raw.kind, RawKind::Text(text) if text.contains('='));
        let help = is_other.then(|| {
            "between lines `---` write `title: …`; fields written `title = …` go between lines `+++`".to_owned()
        });
        self.fault(Code::WrongType, message, &raw.span, help);
        if self.above.is_empty() {
            // What it says about who may see it is not read.
            self.fix(before);
        }
    }

    fn default(&mut self, field: &'a Field, raw: &Raw, end: usize) -> Option<Placed> {
        let outer = self.default_at.take();
        self.default_at = Some(outer.clone().unwrap_or(end..end));
        let placed = self.field(field, raw);
        self.default_at = outer;
        placed
    }

    /// Turns the errors after the first `before` faults into binding ones, which no setting lowers.
    fn fix(&mut self, before: usize) {
        for fault in self.faults.iter_mut().skip(before).filter(|fault| fault.severity == Severity::Error) {
            fault.is_binding = true;
        }
    }

    /// Whether the entry has no address without this field, so that it is hidden; a draft is hidden anyway.
    fn is_in_address(&self, field: &Field) -> bool {
        field.in_address.is_some() && self.is_outermost() && self.reading.stage != Stage::Draft
    }

    /// Makes the last fault, that this field is missing, one that nothing lowers if its lack hides the entry. The rest can be
    /// published unless every entry must have the field.
    fn hide_without(&mut self, field: &Field) {
        if self.is_in_address(field)
            && let Some(fault) = self.faults.pop()
        {
            let is_needed = field.required || field.required_if.is_some();
            self.faults.push(if is_needed { fault.binding() } else { fault.binding_warning() });
        }
    }

    /// A field that must be there is written under another name.
    fn misspelt(&mut self, field: &Field, key: &Key, why: Guess) {
        let whose = match self.above.last() {
            Some(name) => format!("this part of `{name}`"),
            None => format!("this {}", self.reading.label),
        };
        let message = format!("{whose} has no `{}`: `{}` is not a field", field.name, key.name);
        self.fault(Code::MissingField, message, &key.span, format!("did you mean `{}`?", field.name));
        if self.reading.stage == Stage::Draft
            && let Some(fault) = self.faults.pop()
        {
            self.faults.push(fault.lowered());
        }
        if why == Guess::Slip && !publishes(&field.ty) && secrecy::may_be_corrected(&key.name) {
            self.meant(&key.name, &field.name);
        }
    }

    fn unknown(&mut self, key: &Key, raw: &Raw, fields: &Fields, beside: &[(Key, Raw)]) {
        if let Some(message) = self.misplaced(key) {
            self.fault(Code::UnknownField, message, &key.span, None);
            return;
        }
        if let (None, Some(inner)) = (secrecy::meant(&key.name, raw), secrecy::within(raw)) {
            let message = format!(
                "`{}` is in `{}`, where it hides nothing: {} has no such field",
                inner.name,
                key.name,
                self.whose()
            );
            let help = "write `status = \"draft\"` or `publish_at` outside it to hide all of this, or remove it";
            self.fault(Code::UnknownField, message, &inner.span, help.to_owned());
            return;
        }
        let message = format!("{} has no field `{}`", self.whose(), key.name);
        let known = fields.keys().map(|name| &**name);
        let guess = guess(key, raw, fields, beside);
        let help = match guess {
            _ if secrecy::meant(&key.name, raw).is_some() => secrecy::meant(&key.name, raw).unwrap_or_default(),
            _ if secrecy::is_reserved(&key.name) => {
                "it hides nothing: write `status = \"draft\"` to hide this, or delete the line if it is to be public"
                    .to_owned()
            }
            // `search: false` means the opposite.
            Some((name @ "noindex", Guess::Usual)) => format!(
                "write `{}` to ask search engines to leave this out, or delete the line",
                self.assigned(name, "true")
            ),
            Some((name, _)) => format!("did you mean `{name}`?"),
            None if !self.above.is_empty() => {
                format!("it has `{}`", known.clone().collect::<Vec<_>>().join("`, `"))
            }
            None => "delete it, or declare the field in `site.toml`".to_owned(),
        };
        self.fault(Code::UnknownField, message, &key.span, help);
        if secrecy::says_nothing(&key.name, raw)
            && self.is_outermost()
            && let Some(fault) = self.faults.pop()
        {
            self.faults.push(fault.lowered());
        }
        if let Some((name, Guess::Slip)) = guess
            && secrecy::within(raw).is_none()
            && !beside.iter().any(|(key, _)| key.name == name)
            && secrecy::may_be_corrected(&key.name)
            && fields.get(name).is_some_and(|field| !publishes(&field.ty))
        {
            self.meant(&key.name, name);
        }
    }

    /// Offers to replace `written` by `meant` as the correction of the last fault, unless that could affect who may see the
    /// page.
    pub(super) fn meant(&mut self, written: &str, meant: &str) {
        // A default's fault is in another file.
        if self.is_default() || !secrecy::may_be_corrected(meant) {
            return;
        }
        if let Some(fault) = self.faults.pop() {
            self.faults.push(fault.meant_for(self.reading.text, written, meant));
        }
    }

    /// In TOML everything below a heading belongs to it, which surprises authors who add a line at the end.
    fn misplaced(&self, key: &Key) -> Option<String> {
        let outer = self.open.iter().rev().skip(1);
        let known = outer.into_iter().any(|fields| fields.contains_key(key.name.as_str()));
        if self.notation != Notation::Toml || !known {
            return None;
        }
        let text = self.reading.text;
        let at = self.place(&key.span).start;
        let begin = self.place(&self.root).start;
        let lines = text.get(begin..at)?;
        let heading = lines.lines().rev().find_map(heading)?;
        let first = lines.lines().position(|line| self::heading(line).is_some())?;
        let line = text[..begin].matches('\n').count() + first + 1;
        let name = heading.trim_matches(['[', ']', ' ']);
        let whose = if heading.starts_with("[[") { format!("that {}", singular(name)) } else { format!("`{name}`") };
        Some(format!("`{}` stands below `{heading}`, so it belongs to {whose}; move it above line {line}", key.name))
    }

    fn missing(&mut self, field: &Field, raw: &Raw) {
        let message = match (self.above.last(), &field.in_address) {
            (Some(name), _) => format!("this part of `{name}` has no `{}`", field.name),
            (None, Some(pattern)) => {
                format!("this {} has no `{}`, which its address `{pattern}` asks for", self.reading.label, field.name)
            }
            (None, None) => format!("this {} has no `{}`", self.reading.label, field.name),
        };
        let example = self.example(&field.name, &field.ty);
        let comment = match &raw.kind {
            RawKind::Table(table) => table.iter().find(|(key, _)| *key.name == *field.name),
            _ => None,
        };
        if let Some(comment) = comment.and_then(|(key, _)| self.comment_of(key)) {
            let written = self.reading.text[comment.clone()].to_owned();
            let help = format!("put it in quotation marks: `{}: {written:?}`", field.name);
            let message = format!("{message}: YAML takes `{written}` for a comment");
            return self.missing_at(message, &comment, help);
        }
        let help = match &field.help {
            Some(help) => format!("{help}: `{example}`"),
            None if self.notation == Notation::Block => format!("write it between the braces: `{example}`"),
            None if self.notation == Notation::Csv => {
                format!("fill its cell in the column `{}`, or delete the row if it is none", field.name)
            }
            None => format!("add a line such as `{example}`"),
        };
        // Only the first line of the group is shown.
        let place = self.place(&raw.span);
        let written = &self.reading.text[place.clone()];
        let line = written.lines().next().unwrap_or("").len();
        let at = if self.above.is_empty() && self.notation != Notation::Csv {
            place.start..place.start
        } else {
            place.start..place.start + line
        };
        self.missing_at(message, &at, help);
    }

    fn missing_at(&mut self, message: String, at: &Range<usize>, help: String) {
        self.fault(Code::MissingField, message, at, help);
        if self.reading.stage == Stage::Draft
            && let Some(fault) = self.faults.pop()
        {
            self.faults.push(fault.lowered());
        }
    }

    /// A line that gives `name` a value, in this file's notation.
    pub(super) fn example(&self, name: &str, ty: &Type) -> String {
        let (value, quoted) = super::values::example(ty);
        let value = match self.notation {
            Notation::Toml | Notation::Json if quoted == Quoted::Yes => format!("\"{value}\""),
            // Groups in an example are written in TOML.
            Notation::Yaml | Notation::Json => value.replace(" = ", ": "),
            Notation::Block => format!("\"{value}\""),
            _ => value,
        };
        self.assigned(name, &value)
    }

    /// A value as it is given to a field in the format of the file.
    pub(super) fn assigned(&self, name: &str, value: &str) -> String {
        match self.notation {
            Notation::Toml => format!("{name} = {value}"),
            Notation::Yaml => format!("{name}: {value}"),
            Notation::Json => format!("\"{name}\": {value}"),
            Notation::Csv => value.to_owned(),
            Notation::Block => format!("{name}={value}"),
        }
    }

    /// An `end` that is only a time of day, on the day of the `start`: `12:00`.
    fn on_day_of_start(&self, field: &Field, raw: &Raw, values: &Values) -> Option<Raw> {
        let RawKind::Text(time) = &raw.kind else { return None };
        let Some(Value::DateTime(start)) = values.get("start").map(|placed| &placed.value) else { return None };
        let is_time = &*field.name == "end" && self.is_outermost() && super::clock::is_plain(time);
        is_time
            .then(|| Raw { kind: RawKind::Text(format!("{} {}", start.date(), time.trim())), span: raw.span.clone() })
    }

    fn order_of_times(&mut self, values: &Values) {
        let (Some(start), Some(end)) = (values.get("start"), values.get("end")) else {
            return;
        };
        let day = |value: &Value| match value {
            Value::Date(date, _) => Some(*date),
            Value::DateTime(when) => Some(when.date()),
            _ => None,
        };
        let reversed = match (&start.value, &end.value) {
            (Value::DateTime(start), Value::DateTime(end)) => end.timestamp() <= start.timestamp(),
            (start, end) => day(start).zip(day(end)).is_some_and(|(start, end)| end < start),
        };
        if reversed {
            let words = |value: &Value| match value {
                Value::DateTime(when) => super::in_words(when),
                value => value.as_text(),
            };
            let message = format!("the end, {}, is not after the start, {}", words(&end.value), words(&start.value));
            self.fault(Code::EndBeforeStart, message, &end.span, "check the day and time of both".to_owned());
            let start = crate::diagnostic::Span::new(self.reading.file, self.place(&start.span));
            if let Some(fault) = self.faults.pop() {
                self.faults.push(fault.label(start, "it starts here"));
            }
        }
    }

    /// A field's value, with its limits checked.
    fn field(&mut self, field: &'a Field, raw: &Raw) -> Option<Placed> {
        let before = self.faults.len();
        let value = self.value(&field.name, &field.ty, raw);
        let may_hide = self.above.is_empty() && secrecy::FIELDS.contains(&&*field.name);
        let is_over = &*field.name == "date" && secrecy::is_past(raw);
        // A hiding field inside another field has no effect there either.
        let holds_secret = self.faults.len() > before && secrecy::within(raw).is_some();
        if value.is_none() && may_hide && !is_over || holds_secret {
            self.fix(before);
        }
        if value.is_none() && self.is_in_address(field) {
            self.fix(before);
        }
        let value = value?;
        self.limits(field, raw, &value);
        Some(Placed { value, span: self.place(&raw.span) })
    }

    fn limits(&mut self, field: &Field, raw: &Raw, value: &Value) {
        let (count, unit) = match (value, &raw.kind) {
            (Value::List(items), _) => (items.len(), "items"),
            (Value::Text(text), _) => (text.chars().count(), "characters"),
            (Value::Doc(_), RawKind::Text(text)) => (text.trim().chars().count(), "characters"),
            _ => return,
        };
        let name = &field.name;
        if let Some(max) = field.max.filter(|max| count > *max) {
            let message = format!("`{name}` has {count} {unit}; at most {max} are allowed");
            self.fault(Code::TooLong, message, &raw.span, "shorten it".to_owned());
        } else if let Some(limit) = field.warn_over.filter(|limit| count > *limit) {
            let (code, message) = match (&**name, self.above.is_empty()) {
                ("title", true) => {
                    (Code::LongTitle, format!("the title has {count} characters; search engines show about {limit}"))
                }
                ("summary", true) => (
                    Code::LongSummary,
                    format!("the summary has {count} characters; search engines show about {limit}"),
                ),
                _ => (Code::LongText, format!("`{name}` has {count} {unit}; it is best kept to {limit}")),
            };
            self.fault(code, message, &raw.span, "say it in fewer words if you can".to_owned());
        }
    }

    /// A group of fields in the field `name`.
    pub(super) fn record(&mut self, name: &str, raw: &Raw, fields: &'a Fields) -> Values {
        self.above.push(Name::from(name));
        let values = self.table(raw, fields);
        self.above.pop();
        values
    }
}

/// A line of TOML that begins a group, without its comment: `[[corrections]]`.
fn heading(line: &str) -> Option<&str> {
    let line = line.split('#').next().unwrap_or("").trim();
    let inner = line.strip_prefix('[')?.strip_suffix(']')?.trim_matches(['[', ']', ' ']);
    let is_name = !inner.is_empty() && inner.chars().all(|c| c.is_alphanumeric() || "_-.".contains(c));
    let closed = line.starts_with("[[") == line.ends_with("]]");
    (is_name && closed && !inner.starts_with(|c: char| c.is_ascii_digit())).then_some(line)
}

/// The singular: `correction` for `corrections`.
fn singular(name: &str) -> String {
    let name = name.rsplit('.').next().unwrap_or(name);
    match (name.strip_suffix("ies"), name.strip_suffix('s')) {
        (Some(stem), _) => format!("{stem}y"),
        (None, Some(stem)) if !stem.is_empty() && !stem.ends_with('s') => stem.to_owned(),
        _ => format!("part of `{name}`"),
    }
}

/// Whether there is a value at all.
fn is_written(raw: &Raw) -> bool {
    match &raw.kind {
        RawKind::Null => false,
        RawKind::Text(text) => !text.trim().is_empty(),
        _ => true,
    }
}
