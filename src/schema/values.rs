//! One written value + its type → a [`Value`], or a fault.
//!
//! Authors are met half way where nothing can be misread: one value where a list is expected is a list of one, and numbers,
//! dates and true/false values may be quoted, as they must be in CSV, where `;` divides a list.

use std::sync::Arc;

use super::prose::Extent;
use super::read::{Notation, Reader};
use super::scalars::{self, Wrong};
use super::secrecy::{self, answer};
use super::{
    Focus, ImageValue, Moment, Name, Placed, Target, TimeFault, Type, Value, identifiers, parse_moment, quoted,
};
use crate::data::{Raw, RawKind};
use crate::diagnostic::{Code, nearest, slips};
use crate::markdown;

/// What to write where another program hides a page.
const HIDE: &str = "to hide it, write `status = \"draft\"`; else delete the line";

impl<'a> Reader<'a> {
    /// The value of the field `name`; `None` if it cannot be read, which is then reported.
    pub(super) fn value(&mut self, name: &str, ty: &'a Type, raw: &Raw) -> Option<Value> {
        match ty {
            Type::List(item) => return Some(Value::List(self.list(name, item, raw))),
            Type::Either(types) => {
                return self.either(name, ty, types, raw);
            }
            Type::Record(fields) => {
                return match &raw.kind {
                    RawKind::Table(_) => Some(Value::Record(self.record(name, raw, fields))),
                    _ => self.wrong_type(name, ty, raw),
                };
            }
            Type::Image => return self.image(name, ty, raw),
            Type::Statistic => {
                return match &raw.kind {
                    RawKind::Table(_) => Some(Value::Record(self.record(name, raw, quoted::fields()))),
                    _ => self.value(name, &Type::Text, raw),
                };
            }
            _ => {}
        }
        match &raw.kind {
            RawKind::Text(text) => self.text(name, ty, raw, text),
            RawKind::Date(text) if matches!(ty, Type::Date | Type::DateTime | Type::Moment) => {
                self.time(name, ty, raw, text)
            }
            RawKind::Int(number) if *ty == Type::Int => Some(Value::Int(*number)),
            #[allow(clippy::cast_precision_loss)]
            RawKind::Int(number) if *ty == Type::Number => Some(Value::Number(*number as f64)),
            // Turns -0 into 0, so that equal values get the same place in lists.
            RawKind::Float(number) if *ty == Type::Number && number.is_finite() => Some(Value::Number(number + 0.0)),
            RawKind::Bool(_) | RawKind::Int(0 | 1) if *ty == Type::Bool => answer(raw).map(Value::Bool),
            // A price, a number of a series, a year in a title: as it is written.
            RawKind::Int(_) | RawKind::Float(_) if *ty == Type::Text && !secrecy::hides_by_no(name, raw) => {
                match self.number_as_written(raw) {
                    Some(written) => self.text(name, ty, raw, written),
                    None => self.wrong_type(name, ty, raw),
                }
            }
            RawKind::Int(number) if matches!(ty, Type::Enum(_)) => self.text(name, ty, raw, &number.to_string()),
            _ => self.wrong_type(name, ty, raw),
        }
    }

    /// A number as it stands in its file: `007`, `5.50`.
    fn number_as_written(&self, raw: &Raw) -> Option<&'a str> {
        let text: &'a str = self.reading.text;
        let written = text.get(raw.span.clone()).filter(|_| !self.is_default())?.trim();
        let is_number = written.starts_with(|c: char| c.is_ascii_digit() || c == '-');
        (is_number && written.bytes().all(|byte| byte.is_ascii_digit() || b".-_,".contains(&byte))).then_some(written)
    }

    /// The value of the first of `types` that can be read; the faults of the first that has the right shape, if none can.
    fn either(&mut self, name: &str, ty: &'a Type, types: &'a [Type], raw: &Raw) -> Option<Value> {
        let before = self.faults.len();
        let mut first = None;
        for fitting in types.iter().filter(|ty| fits(ty, raw)) {
            if let Some(value) = self.value(name, fitting, raw) {
                return Some(value);
            }
            let faults = self.faults.split_off(before);
            if faults.iter().any(|fault| fault.is_binding) {
                self.faults.extend(faults);
                return None;
            }
            first.get_or_insert(faults);
        }
        match first {
            Some(faults) => self.faults.extend(faults),
            None => return self.wrong_type(name, ty, raw),
        }
        None
    }

    fn wrong_type(&mut self, name: &str, ty: &Type, raw: &Raw) -> Option<Value> {
        let message = format!("`{name}` must be {}, but this is {}", expected(ty), raw.described());
        let takes_text =
            matches!(ty, Type::Text | Type::Prose | Type::Markdown | Type::Id(_) | Type::Tel | Type::Enum(_));
        let simple = matches!(raw.kind, RawKind::Bool(_) | RawKind::Int(_) | RawKind::Float(_) | RawKind::Date(_));
        let written = self.reading.text.get(self.place(&raw.span)).unwrap_or("").trim().to_owned();
        let help = if takes_text && simple && !written.is_empty() {
            format!("put it in quotation marks: `{}`", self.assigned(name, &format!("\"{written}\"")))
        } else if *ty == Type::Bool {
            // Which of the two was meant is not ours to say.
            format!("write `{}` or `{}`", self.assigned(name, "true"), self.assigned(name, "false"))
        } else {
            format!("write it like this: `{}`", self.example(name, ty))
        };
        let hides = secrecy::hides_by_no(name, raw);
        let help = if hides { HIDE.to_owned() } else { help };
        self.fault(Code::WrongType, message, &raw.span, help);
        if hides {
            self.fix_last();
        }
        None
    }

    fn text(&mut self, name: &str, ty: &Type, raw: &Raw, text: &str) -> Option<Value> {
        let plain = |text: String| Some(Value::Text(Arc::from(text)));
        let trimmed = text.trim();
        match ty {
            Type::Text => {
                // No reader sees an internal note.
                if name != "internal_note" {
                    self.hides_nothing(raw, text);
                    self.is_plain(name, raw, text);
                }
                plain(scalars::line(text))
            }
            Type::Prose => Some(Value::Doc(Arc::new(self.prose(raw, text, Extent::Paragraph)))),
            Type::Markdown => Some(Value::Doc(Arc::new(self.prose(raw, text, Extent::Blocks)))),
            Type::Int => match trimmed.parse() {
                Ok(number) => Some(Value::Int(number)),
                Err(_) => self.wrong_type(name, ty, raw),
            },
            Type::Number => match trimmed.parse::<f64>() {
                Ok(number) if number.is_finite() && trimmed.contains(|c: char| c.is_ascii_digit()) => {
                    Some(Value::Number(number + 0.0))
                }
                _ => self.wrong_type(name, ty, raw),
            },
            // `yes` and `on` are true in YAML 1.1, which other programs read, and in everybody's spreadsheets.
            Type::Bool => match answer(raw) {
                Some(truth) => Some(Value::Bool(truth)),
                None => self.wrong_type(name, ty, raw),
            },
            Type::Date | Type::DateTime | Type::Moment => self.time(name, ty, raw, text),
            Type::Url => self.scalar(name, text, scalars::url(text), raw),
            Type::Email => self.scalar(name, text, scalars::email(text), raw),
            Type::Tel => self.scalar(name, text, scalars::tel(text), raw),
            Type::Lang => self.scalar(name, text, scalars::lang(text), raw),
            Type::Enum(allowed) => {
                if let Some(value) = allowed.iter().find(|value| ***value == *trimmed) {
                    return Some(Value::Text(value.clone()));
                }
                if let Some(value) = same_words(allowed, trimmed).filter(|_| secrecy::may_be_corrected(name)) {
                    return Some(Value::Text(value.clone()));
                }
                let near = nearest(trimmed, allowed.iter().map(|value| &**value));
                let help = match near {
                    // The words that other programs have for it.
                    _ if name == "status" && secrecy::is_about_moment(trimmed) => {
                        "to hold it back until a minute, delete `status` and write the minute, such as \
                         `publish_at = 2026-12-01 09:30`; to hide it until you say so, write `draft`"
                            .to_owned()
                    }
                    Some(value) => format!("did you mean `{value}`?"),
                    None => format!("it may be `{}`", allowed.join("`, `")),
                };
                self.fault(Code::NotAllowedValue, format!("`{name}` cannot be `{trimmed}`"), &raw.span, help);
                if secrecy::says_hidden(raw) {
                    self.fix_last();
                }
                // Two slips may turn a word into its opposite: `offline`, `online`.
                let is_slip = |value: &&str| slips(&trimmed.to_lowercase(), &value.to_lowercase(), 1).is_some();
                if let Some(value) = near.filter(is_slip).filter(|_| secrecy::may_be_corrected(name)) {
                    self.meant(trimmed, value);
                }
                None
            }
            Type::File => Some(Value::File(Arc::from(trimmed))),
            Type::Ref(_) => Some(Value::Ref(Arc::from(trimmed))),
            Type::Id(kind) => match identifiers::check(*kind, text) {
                Ok(id) => plain(id),
                Err(message) => {
                    self.fault(Code::BadIdentifier, message, &raw.span, "copy it again from its source".to_owned());
                    None
                }
            },
            Type::Image | Type::Statistic | Type::List(_) | Type::Either(_) | Type::Record(_) => {
                self.wrong_type(name, ty, raw)
            }
        }
    }

    /// Reports marks of Markdown that hide words elsewhere, but not in a field without Markdown.
    fn hides_nothing(&mut self, raw: &Raw, text: &str) {
        let has_comment = text.match_indices('<').any(|(at, _)| markdown::comment_mark(&text[at..]).is_some());
        let found = match text {
            _ if has_comment || markdown::has_foreign_comment(text) => (
                Code::CommentUnclosed,
                "a comment in this field would be published",
                "delete it, or move it into the text",
            ),
            _ if text.contains(":::after") => (
                Code::UnknownDirective,
                "this field cannot have a block that is hidden until a moment",
                "move it into the text, or hide the whole entry with `publish_at`",
            ),
            _ => return,
        };
        let (code, message, help) = found;
        self.fault(code, message.to_owned(), &raw.span, help.to_owned());
        self.fix_last();
    }

    /// Reports marks and damaged letters in a field without Markdown, which readers would see.
    pub(super) fn is_plain(&mut self, name: &str, raw: &Raw, text: &str) {
        let Some(found) = markdown::look_at_field(text) else { return };
        let code = if found.is_damaged { Code::DamagedLetters } else { Code::MarkupInField };
        let help = match found.meant.as_str() {
            "" => format!("type `{name}` again"),
            meant => format!("write `{meant}`"),
        };
        self.fault(code, found.message, &raw.span, help);
        if !found.meant.is_empty() {
            self.meant(text, &found.meant);
        }
    }

    /// The last fault leaves open what may be public: it is an error, and nothing lowers it.
    pub(super) fn fix_last(&mut self) {
        if let Some(fault) = self.faults.pop() {
            self.faults.push(fault.binding());
        }
    }

    fn scalar(&mut self, name: &str, text: &str, found: Result<String, Wrong>, raw: &Raw) -> Option<Value> {
        match found {
            Ok(text) => Some(Value::Text(Arc::from(text))),
            Err(wrong) => {
                self.fault(wrong.code, wrong.message, &raw.span, wrong.help);
                if let Some(meant) = wrong.meant.filter(|_| secrecy::may_be_corrected(name)) {
                    self.meant(text.trim(), &meant);
                }
                None
            }
        }
    }

    fn time(&mut self, name: &str, ty: &Type, raw: &Raw, text: &str) -> Option<Value> {
        let text = text.trim();
        let found = parse_moment(text, self.reading.zone);
        match found {
            Ok(Moment::Date(date)) if *ty == Type::DateTime => {
                let message = format!("`{name}` needs a time of day as well; write the hour too, such as {date} 09:30");
                self.fault(Code::BadDate, message, &raw.span, None);
                None
            }
            Ok(moment @ Moment::Date(_)) if moment.start(self.reading.zone).is_none() => {
                let help =
                    "write a day that will come; to hide something for good, write `status = \"draft\"`".to_owned();
                self.fault(Code::BadDate, format!("`{text}` is after the last day that clocks know"), &raw.span, help);
                None
            }
            Ok(Moment::Date(date)) => Some(Value::Date(date, None)),
            // As Hugo, Jekyll and spreadsheets write days.
            Ok(Moment::DateTime(when)) if *ty == Type::Date => Some(Value::Date(when.date(), Some(when))),
            Ok(Moment::DateTime(when)) => Some(Value::DateTime(when)),
            Err(fault) => {
                let code =
                    if matches!(fault, TimeFault::ClockChange(_)) { Code::TimeInClockChange } else { Code::BadDate };
                let counted =
                    Some(text).filter(|_| self.notation == Notation::Csv).and_then(super::time::of_spreadsheet);
                let message = match counted {
                    Some(day) => format!(
                        "`{text}` is how a spreadsheet counts days; format the column as a date there, so that it says {day}"
                    ),
                    None => fault.message(self.written(raw).unwrap_or(text)),
                };
                self.fault(code, message, &raw.span, None);
                // The other days of a column may be in another order: numbers are certain only together.
                let is_alone = self.notation != Notation::Csv || text.contains(|c: char| c.is_ascii_alphabetic());
                let meant = fault.certain(text, *ty == Type::Date).filter(|_| is_alone);
                if let Some(meant) = meant.filter(|_| secrecy::may_be_corrected(name)) {
                    self.meant(text, &meant);
                }
                None
            }
        }
    }

    /// A cell as it stands in its file: a day may have been put into another order before it was read.
    fn written(&self, raw: &Raw) -> Option<&'a str> {
        let text: &'a str = self.reading.text;
        let cell = text.get(raw.span.clone()).filter(|_| self.notation == Notation::Csv && !self.is_default())?;
        Some(cell.trim_matches(['"', ' ']))
    }

    fn list(&mut self, name: &str, item: &'a Type, raw: &Raw) -> Vec<Placed> {
        let parts: Vec<Raw> = match &raw.kind {
            RawKind::List(items) => items.clone(),
            RawKind::Text(text) if self.notation == Notation::Csv => self.split(raw, text),
            _ => vec![raw.clone()],
        };
        let mut values = Vec::with_capacity(parts.len());
        for part in &parts {
            let is_empty = matches!(&part.kind, RawKind::Text(text) if text.trim().is_empty());
            if is_empty || part.kind == RawKind::Null {
                continue;
            }
            if let Some(value) = self.value(name, item, part) {
                values.push(Placed { value, span: self.place(&part.span) });
            }
        }
        values
    }

    /// The parts of a cell between its semicolons.
    fn split(&self, raw: &Raw, text: &str) -> Vec<Raw> {
        let begin = super::prose::exact(self.reading.text, raw, text);
        let mut parts = Vec::new();
        let mut at = 0;
        for part in text.split(';') {
            let start = at + (part.len() - part.trim_start().len());
            let word = part.trim();
            let span = match begin {
                Some(begin) => begin + start..begin + start + word.len(),
                None => raw.span.clone(),
            };
            parts.push(Raw { kind: RawKind::Text(word.to_owned()), span });
            at += part.len() + 1;
        }
        parts
    }

    fn image(&mut self, name: &str, ty: &Type, raw: &Raw) -> Option<Value> {
        const PARTS: &[&str] = &["file", "alt", "caption", "credit", "focus", "decorative"];
        let table = match &raw.kind {
            RawKind::Text(text) => {
                let file: Arc<str> = Arc::from(text.trim());
                self.undescribed(name, &file, raw);
                let nothing = Arc::from("");
                return Some(Value::Image(ImageValue {
                    file,
                    alt: nothing,
                    caption: None,
                    credit: None,
                    focus: Focus::default(),
                    decorative: false,
                }));
            }
            RawKind::Table(table) => table,
            _ => return self.wrong_type(name, ty, raw),
        };
        for (key, _) in table.iter().filter(|(key, _)| !PARTS.contains(&key.name.as_str())) {
            let help = match nearest(&key.name, PARTS.iter().copied()) {
                Some(part) => format!("did you mean `{part}`?"),
                None => "it has `file`, `alt`, `caption`, `credit`, `focus`, `decorative`".to_owned(),
            };
            self.fault(Code::UnknownField, format!("`{name}` has no field `{}`", key.name), &key.span, help);
        }
        let mut part = |part: &str| -> Option<Arc<str>> {
            let value = raw.get(part).filter(|value| value.kind != RawKind::Null)?;
            match &value.kind {
                RawKind::Text(text) => {
                    if part != "file" {
                        self.is_plain(part, value, text);
                    }
                    Some(Arc::from(scalars::line(text))).filter(|text: &Arc<str>| !text.is_empty())
                }
                _ => {
                    self.wrong_type(part, &Type::Text, value);
                    None
                }
            }
        };
        let (file, alt, caption, credit) = (part("file"), part("alt"), part("caption"), part("credit"));
        let focus = self.focus(raw);
        let decorative = match raw.get("decorative") {
            Some(value) => match &value.kind {
                RawKind::Bool(truth) => *truth,
                RawKind::Null => false,
                _ => {
                    self.wrong_type("decorative", &Type::Bool, value);
                    false
                }
            },
            None => false,
        };
        let Some(file) = file else {
            if raw.get("file").is_none_or(|value| !matches!(value.kind, RawKind::Int(_) | RawKind::Bool(_))) {
                let help = format!("write the picture's file: `{}`", self.example(name, ty));
                self.fault(Code::MissingField, format!("this part of `{name}` has no `file`"), &raw.span, help);
            }
            return None;
        };
        if alt.is_none() && !decorative {
            self.undescribed(name, &file, raw);
        }
        let alt = alt.unwrap_or_else(|| Arc::from(""));
        Some(Value::Image(ImageValue { file, alt, caption, credit, focus, decorative }))
    }

    /// What stays in view where a picture is cut: its middle, if nothing else can be read.
    fn focus(&mut self, image: &Raw) -> Focus {
        let Some(raw) = image.get("focus").filter(|raw| raw.kind != RawKind::Null) else { return Focus::default() };
        let point = match &raw.kind {
            RawKind::Text(text) => Focus::parse(text),
            _ => None,
        };
        point.unwrap_or_else(|| {
            let message = format!("`focus` must be a point of the picture, but this is {}", raw.described());
            let help = "write how far it is from the left and from the top, such as `\"40% 20%\"`, or `\"top right\"`"
                .to_owned();
            self.fault(Code::WrongType, message, &raw.span, help);
            Focus::default()
        })
    }

    fn undescribed(&mut self, name: &str, file: &str, raw: &Raw) {
        let shown = file.rsplit('/').next().unwrap_or(file);
        let message = format!("`{shown}` has no description; write what it shows, or mark it decorative");
        let help = match self.notation {
            Notation::Toml => {
                format!("`{name} = {{ file = \"{file}\", alt = \"…\" }}`, or `decorative = true` in place of `alt`")
            }
            _ => format!("give `{name}` the fields `file` and `alt`, or `decorative: true` in place of `alt`"),
        };
        self.fault(Code::ImageWithoutDescription, message, &raw.span, help);
    }
}

/// The one of `allowed` that differs from `written` only in capitals and in the signs between its words: `Report`, `CC BY 4.0`.
fn same_words<'a>(allowed: &'a [Name], written: &str) -> Option<&'a Name> {
    let bare = |text: &str| -> String {
        text.chars().filter(|c| c.is_alphanumeric() || *c == '.').flat_map(char::to_lowercase).collect()
    };
    let wanted = bare(written);
    let mut same = allowed.iter().filter(|value| bare(value) == wanted);
    same.next().filter(|_| same.next().is_none() && !wanted.is_empty())
}

/// Whether what was written has the shape of the type.
fn fits(ty: &Type, raw: &Raw) -> bool {
    match (&raw.kind, ty) {
        (_, Type::Either(types)) => types.iter().any(|ty| fits(ty, raw)),
        (RawKind::Null, _) => false,
        (RawKind::Table(_), ty) => matches!(ty, Type::Record(_) | Type::Image | Type::Statistic),
        (RawKind::List(_), ty) => matches!(ty, Type::List(_)),
        (RawKind::Text(text), Type::Int | Type::Number) => text.trim().parse::<f64>().is_ok(),
        (RawKind::Text(_) | RawKind::Int(0 | 1), Type::Bool) => answer(raw).is_some(),
        (RawKind::Text(_), ty) => !matches!(ty, Type::Record(_)),
        (RawKind::Date(_), ty) => matches!(ty, Type::Date | Type::DateTime | Type::Moment),
        (RawKind::Int(_), ty) => matches!(ty, Type::Int | Type::Number),
        (RawKind::Float(_), ty) => *ty == Type::Number,
        (RawKind::Bool(_), ty) => *ty == Type::Bool,
    }
}

/// A type as a message names it: "a whole number".
pub(super) fn expected(ty: &Type) -> String {
    match ty {
        Type::Text | Type::Prose | Type::Markdown => "text".to_owned(),
        Type::Int => "a whole number".to_owned(),
        Type::Number => "a number".to_owned(),
        Type::Bool => "`true` or `false`".to_owned(),
        Type::Date => "a date".to_owned(),
        Type::DateTime => "a date with a time of day".to_owned(),
        Type::Moment => "a date, with a time of day or without".to_owned(),
        Type::Url => "a web address".to_owned(),
        Type::Email => "an e-mail address".to_owned(),
        Type::Tel => "a telephone number".to_owned(),
        Type::Lang => "a language code".to_owned(),
        Type::Enum(allowed) => format!("one of `{}`", allowed.join("`, `")),
        Type::Image => "a picture's file and description".to_owned(),
        Type::File => "the path of a file".to_owned(),
        Type::Statistic => "text, or the place of a number in a data file".to_owned(),
        Type::Id(kind) => identifiers::called(*kind).to_owned(),
        Type::Ref(Target::Collections(names)) => {
            format!("the name of an entry in `{}`", names.join("` or `"))
        }
        Type::Ref(_) => "the name of an entry".to_owned(),
        Type::List(_) => "a list".to_owned(),
        Type::Record(_) => "a group of fields".to_owned(),
        Type::Either(types) => types.iter().map(expected).collect::<Vec<_>>().join(", or "),
    }
}

/// An example value of the type, and whether it is quoted where text is.
pub(super) fn example(ty: &Type) -> (String, Quoted) {
    let text = |text: &str| (text.to_owned(), Quoted::Yes);
    let bare = |text: &str| (text.to_owned(), Quoted::No);
    match ty {
        Type::Text | Type::Prose | Type::Markdown | Type::Statistic => text("…"),
        Type::Int | Type::Number => bare("1"),
        Type::Bool => bare("true"),
        Type::Date | Type::Moment => bare("2026-05-14"),
        Type::DateTime => bare("2026-05-14T09:30:00"),
        Type::Url => text("https://example.org/"),
        Type::Email => text("name@example.org"),
        Type::Tel => text("+44 161 236 7036"),
        Type::Lang => text("en-GB"),
        Type::Enum(allowed) => text(allowed.first().map_or("…", |value| value)),
        Type::Image => bare("{ file = \"photo.jpg\", alt = \"…\" }"),
        Type::File => text("report.pdf"),
        Type::Id(kind) => text(identifiers::example(*kind)),
        Type::Ref(_) => text("name-of-entry"),
        Type::List(item) => {
            let (item, quoted) = example(item);
            (if quoted == Quoted::Yes { format!("[\"{item}\"]") } else { format!("[{item}]") }, Quoted::No)
        }
        Type::Either(types) => types.first().map_or_else(|| text("…"), example),
        Type::Record(fields) => {
            let parts: Vec<String> = fields
                .values()
                .filter(|field| field.required)
                .map(|field| match example(&field.ty) {
                    (value, Quoted::Yes) => format!("{} = \"{value}\"", field.name),
                    (value, Quoted::No) => format!("{} = {value}", field.name),
                })
                .collect();
            (format!("{{ {} }}", parts.join(", ")), Quoted::No)
        }
    }
}

/// Whether a value is quoted.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Quoted {
    Yes,
    No,
}
