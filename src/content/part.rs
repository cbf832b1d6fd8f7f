//! A further Markdown file of a bundle → a part of its page: a text, and the few fields that it may state itself.
//!
//! Not here: whether readers see it (`site::visibility`).

use std::ops::{Deref, Range};
use std::sync::{Arc, LazyLock};

use super::{Core, Timed, after, check_blocks, doubt, front, unready};
use crate::config::Config;
use crate::diagnostic::{Code, Diagnostic};
use crate::path::SitePath;
use crate::schema::{self, Fields, Name, Stage, Text, Value};
use crate::source::SourceFile;

/// A further text of a bundle.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    pub(crate) head: PartHead,
    pub(crate) text: Arc<Text>,
    /// The parts of its text that appear only from some moment on.
    pub(crate) timed: Option<Arc<Timed>>,
}

/// What a part is and states, without its text.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct PartHead {
    pub(crate) source: SitePath,
    pub(crate) key: Name,
    pub(crate) title: String,
    /// What it tells the program.
    pub(crate) core: Core,
    /// The same of the part that it translates, if any: it is never public before that one.
    pub(crate) original: Option<Arc<Core>>,
}

impl Deref for Part {
    type Target = PartHead;

    fn deref(&self) -> &PartHead {
        &self.head
    }
}

/// The fields that a part of a bundle may state; everything else comes from the bundle.
const PART_FIELDS: &[&str] = &["title", "date", "status", "publish_at", "expires", "internal_note"];

/// `file` as a part, called `name` in its bundle, and what is wrong with it.
pub(super) fn part(file: &SourceFile, name: &str, text: &str, config: &Config) -> (Part, Vec<Diagnostic>) {
    static FIELDS: LazyLock<Fields> = LazyLock::new(|| {
        let fields = PART_FIELDS.iter().filter_map(|name| schema::base().get_key_value(*name));
        fields.map(|(name, field)| (name.clone(), field.clone())).collect()
    });
    let front = front::split(&file.path, text);
    let mut faults = front.faults;
    doubt::bind_errors(&mut faults);
    // What is not stated has no default: it comes from the bundle.
    let reading = config.reading(&file.path, text, "part of a bundle", Stage::Translation);
    let mut values = schema::read_values(&front.value.raw, &FIELDS, &reading);
    values.faults.retain(|fault| !matches!(fault.code, Code::LongTitle));
    let values = values.into_value(&mut faults);
    let title = match values.get("title").map(|title| &title.value) {
        Some(Value::Text(title)) => Some(title.to_string()),
        _ => None,
    };
    let body = &text[front.value.body.clone()];
    let doc = after::read(&file.path, body, front.value.body.start, config).into_value(&mut faults);
    check_blocks(&doc, &file.path, config, &mut faults);
    let doc = Arc::new(Text::of(doc, &reading).into_value(&mut faults));
    doubt::bind_comments(&mut faults);
    faults.extend(unready::faults(&front.value.raw, &file.path));
    faults.extend(unready::in_comments(&front.value.raw, &file.path, text, front.value.span.clone()));
    let core = Core::of(&values, &file.path, &mut faults).waiting_for(front.value.issued.map(|(day, _)| day));
    let timed = Timed::of(&doc, front.value.body.start, &config.timezone);
    // Text that the title is made from must not be hidden while the part is not.
    let is_timed = |span: &Range<usize>| timed.as_ref().is_some_and(|timed| timed.covers(span.start, |_| true));
    let title = title.or_else(|| {
        let mut shown = doc.outline.iter().filter(|heading| !is_timed(&heading.span));
        shown.next().map(|heading| heading.text.clone())
    });
    let key = crate::path::slug(name);
    let title = title.unwrap_or_else(|| name.to_owned());
    let head = PartHead { source: file.path.clone(), key: key.into(), title, core, original: None };
    (Part { head, text: doc, timed }, faults)
}
