//! Checked values → the fields that the program itself acts on, as one type.
//!
//! Front matter, rows, parts of bundles and translations are all read by [`Core::of`]. Themes and sites may narrow these
//! fields but never change their types (`config::declared`). A value of the wrong shape leaves a [`Doubt`].
//!
//! Not here: what follows from these fields at a moment (`site::visibility`).

use std::sync::Arc;

use jiff::civil::Date;

use super::Doubt;
use crate::data::{Raw, RawKind};
use crate::diagnostic::{Code, Diagnostic};
use crate::path::SitePath;
use crate::schema::notices::{Notice, Sure, Until};
use crate::schema::{Moment, Placed, Stage, Value, Values, secrecy};

/// What an entry, or a part of a bundle, tells the program.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Core {
    pub(crate) status: Status,
    /// Nothing of it is public before this.
    pub(crate) publish_at: Option<Moment>,
    /// The day of publication; nothing of it is public before that either, unless it states `publish_at`.
    pub(crate) date: Option<Moment>,
    /// From then on it is no longer current.
    pub(crate) expires: Option<Moment>,
    /// Whether a text in a language other than the site's says that it is not a translation.
    pub(crate) is_original: bool,
    /// Whether it only shows what the site can do.
    pub(crate) is_sample: bool,
    /// Whether search engines are asked to leave its page out.
    pub(crate) noindex: bool,
    pub(crate) id: Option<Arc<str>>,
    pub(crate) slug: Option<Arc<str>>,
    /// Its whole address, as it is written, where its collection allows that.
    pub(crate) permalink: Option<Arc<str>>,
    /// The entry that stands for this one.
    pub(crate) see: Option<Arc<str>>,
    pub(crate) template: Option<Arc<str>>,
    /// The day that its text gives for its release: nothing of it is public before, whatever its fields say.
    pub(crate) issued: Option<Date>,
    /// Why it is hidden though nobody asked for that.
    pub(crate) doubt: Option<Doubt>,
}

/// How far along a text is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum Status {
    Draft,
    #[default]
    Published,
    Withdrawn,
}

impl Core {
    /// The same, not public before the day that its text gives for its release.
    pub(super) fn waiting_for(mut self, issued: Option<Date>) -> Self {
        self.issued = issued;
        let Some(day) = issued else { return self };
        if self.publish_at.as_ref().is_none_or(|moment| moment.day() < day) {
            self.publish_at = Some(Moment::Date(day));
        }
        self
    }

    /// Reads the program's fields from `values`, which are in `file`; `faults` are all other faults of what states them, its
    /// text included: each may leave a doubt.
    pub(super) fn of(values: &Values, file: &SitePath, faults: &mut Vec<Diagnostic>) -> Self {
        let mut reader = Reader { values, file, strange: Vec::new() };
        let core = Self {
            status: reader.status(),
            publish_at: reader.moment("publish_at"),
            date: reader.moment("date"),
            expires: reader.moment("expires"),
            is_original: reader.flag("original"),
            is_sample: reader.flag("sample"),
            noindex: reader.flag("noindex"),
            id: reader.text("id"),
            slug: reader.text("slug"),
            permalink: reader.text("permalink"),
            see: reader.text("see"),
            template: reader.text("template"),
            issued: None,
            doubt: None,
        };
        if let Some(withdrawn) = values.get("withdrawn").filter(|_| core.status == Status::Published) {
            let message = "`withdrawn` says when and why, but the status does not say that this is withdrawn";
            let fault = Diagnostic::new(Code::NotAllowedValue, message).at(file, withdrawn.span.clone());
            let help = "add `status = \"withdrawn\"`; until then nothing of this is published";
            reader.strange.push(fault.help(help).binding());
        }
        let strange = reader.strange;
        faults.extend(strange);
        Self { doubt: Doubt::of(faults), ..core }
    }
}

impl Core {
    /// Whether its author has not finished it.
    pub(super) fn is_draft(&self) -> bool {
        self.status == Status::Draft
    }

    /// Whether it says itself from when on it is public, or that it is not.
    pub(super) fn is_held_back(&self) -> bool {
        self.is_draft() || self.publish_at.is_some()
    }

    /// Whether there may be a moment at which readers do not see it.
    pub(super) fn may_be_hidden(&self) -> bool {
        self.is_held_back() || self.doubt.is_some() || self.date.is_some() || self.expires.is_some()
    }
}

/// Whether `fields` hide an entry at least as long as a line of its text says: a press release also tells its readers.
pub(super) fn says_as_much(fields: &Raw, line: &str) -> bool {
    let text = |name: &str| match fields.get(name).map(|value| &value.kind) {
        Some(RawKind::Text(text) | RawKind::Date(text)) => Some(text.as_str()),
        _ => None,
    };
    let stated = text("publish_at").and_then(secrecy::day_in);
    let said = line.split_once([':', '=']).and_then(|(_, value)| secrecy::day_within(value));
    let said = said.or_else(|| secrecy::day_within(line));
    stage(fields) == Stage::Draft || stated.zip(said).is_some_and(|(stated, said)| stated >= said)
}

/// Whether `fields` say from when on an entry is public, or that it is not.
pub(super) fn is_held_back(fields: &Raw) -> bool {
    let is_stated = |value: &Raw| {
        !matches!(&value.kind, RawKind::Null) && !matches!(&value.kind, RawKind::Text(text) if text.trim().is_empty())
    };
    stage(fields) == Stage::Draft || fields.get("publish_at").is_some_and(is_stated)
}

/// How sure it is that words in the text or the title of an entry hide what its `fields` do not; `None` if these hide it at least
/// as long.
pub(super) fn unheeded(fields: &Raw, notice: &Notice) -> Option<Sure> {
    let day = |name: &str| match fields.get(name).map(|value| &value.kind) {
        Some(RawKind::Text(text) | RawKind::Date(text)) => secrecy::day_in(text),
        _ => None,
    };
    let (publish_at, date) = (day("publish_at"), day("date"));
    if stage(fields) == Stage::Draft {
        return None;
    }
    let is_kept = |until: Date, has_clock: bool| match (publish_at, date) {
        (Some(stated), _) => stated >= until,
        // Until its day begins, that hides it too.
        (None, Some(stated)) => stated > until || stated == until && !has_clock,
        (None, None) => false,
    };
    // What was published before this program existed tells history.
    let is_old = publish_at.or(date).is_some_and(|day| day < secrecy::FIRST);
    let is_heeded = match notice.until {
        Until::Day(day, has_clock) => is_kept(day, has_clock),
        Until::Issued(day) => is_kept(day, false),
        Until::DayOfYear { month, day, has_clock } => {
            let year = publish_at.or(date).map(Date::year);
            is_old || year.and_then(|year| Date::new(year, month, day).ok()).is_some_and(|day| is_kept(day, has_clock))
        }
        Until::Sometime => is_old || publish_at.is_some(),
        Until::Told => false,
    };
    (!is_heeded).then_some(if is_old { Sure::Perhaps } else { notice.sure })
}

/// The stage under which an entry's fields are read; its status decides that before any field is read.
pub(super) fn stage(raw: &Raw) -> Stage {
    match raw.get("status").map(|status| &status.kind) {
        Some(RawKind::Text(status)) if status == "draft" => Stage::Draft,
        _ => Stage::Public,
    }
}

struct Reader<'a> {
    values: &'a Values,
    file: &'a SitePath,
    /// Values with a shape that their field cannot have.
    strange: Vec<Diagnostic>,
}

impl<'a> Reader<'a> {
    fn value<T>(&mut self, field: &str, read: impl FnOnce(&'a Value) -> Option<T>) -> Option<T> {
        let Placed { value, span } = self.values.get(field)?;
        let found = read(value);
        if found.is_none() {
            let fault = Diagnostic::new(Code::WrongType, format!("`{field}` cannot be read here"))
                .at(self.file, span.clone())
                .help(format!("write `{field}` as the manual says, or delete the line"));
            self.strange.push(fault.binding());
        }
        found
    }

    fn status(&mut self) -> Status {
        let read = |value: &Value| match value {
            Value::Text(text) => match &**text {
                "draft" => Some(Status::Draft),
                "published" => Some(Status::Published),
                "withdrawn" => Some(Status::Withdrawn),
                _ => None,
            },
            _ => None,
        };
        self.value("status", read).unwrap_or_default()
    }

    fn moment(&mut self, field: &str) -> Option<Moment> {
        self.value(field, |value| match value {
            Value::Date(_, Some(when)) => Some(Moment::DateTime(when.clone())),
            Value::Date(date, None) => Some(Moment::Date(*date)),
            Value::DateTime(when) => Some(Moment::DateTime(when.clone())),
            _ => None,
        })
    }

    fn flag(&mut self, field: &str) -> bool {
        self.value(field, |value| if let Value::Bool(flag) = value { Some(*flag) } else { None }).unwrap_or_default()
    }

    fn text(&mut self, field: &str) -> Option<Arc<str>> {
        self.value(
            field,
            |value| if let Value::Text(text) | Value::Ref(text) = value { Some(text.clone()) } else { None },
        )
    }
}
