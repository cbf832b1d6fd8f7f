//! A Markdown file → its front matter and where its text begins.

use std::cell::{Cell, LazyCell};
use std::ops::Range;

use jiff::civil::Date;

use super::{core, unready};
use crate::data::{self, Raw, RawKind};
use crate::diagnostic::{Code, Diagnostic, Found, Span};
use crate::path::SitePath;
use crate::schema::notices::{self, Notice, Sure, Until};
use crate::schema::secrecy;
use crate::source::SourceFile;

/// A file split into its two parts.
#[derive(Debug)]
pub(super) struct Front {
    /// What the front matter says; an empty table if there is none.
    pub(super) raw: Raw,
    /// The bytes of the front matter, without its fences.
    pub(super) span: Range<usize>,
    /// The bytes of the text.
    pub(super) body: Range<usize>,
    /// The day that the text gives for its release at once, if the fields do not keep the page until then, and where.
    pub(super) issued: Option<(Date, Range<usize>)>,
}

/// Splits a file: at the top of the file, `+++` encloses TOML and `---` YAML. Only lines that look empty may come before.
///
/// What looks like fields elsewhere, and would hide the page if read as such, is a binding fault.
pub(super) fn split(file: &SitePath, text: &str) -> Found<Front> {
    let mut found = take_apart(file, text);
    if !found.faults.iter().any(|fault| fault.code == Code::FrontMatterUnclosed) {
        let issued = Cell::new(None);
        found.faults.extend(unread_fields(file, text, &found.value, &issued));
        found.value.issued = issued.into_inner();
        if let Some((day, place)) = &found.value.issued {
            found.faults.push(unready::issued(file, text, *day, place.clone()));
        }
    }
    found
}

/// What a file's front matter says, and its bytes without its fences; if there is none, nothing and no bytes.
pub(crate) fn front_matter(file: &SitePath, text: &str) -> (Found<Raw>, Range<usize>) {
    let found = split(file, text);
    (Found::new(found.value.raw, found.faults), found.value.span)
}

fn take_apart(file: &SitePath, text: &str) -> Found<Front> {
    let top = first_seen(text);
    let empty = |span: Range<usize>| Raw { kind: RawKind::Table(Vec::new()), span };
    let first = line_at(text, top);
    let fence = text[first.clone()].trim_end();
    if fence != "+++" && fence != "---" {
        if let Some(fault) = unopened(file, text, top) {
            let raw = empty(top..top);
            return Found::new(Front { raw, span: top..top, body: text.len()..text.len(), issued: None }, vec![fault]);
        }
        let top = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        return Found::clean(Front { raw: empty(top..top), span: top..top, body: top..text.len(), issued: None });
    }
    let start = after_line(text, first.end);
    let mut at = start;
    while at < text.len() {
        let line = line_at(text, at);
        let content = text[line.clone()].trim_end();
        if content == fence || (fence == "---" && content == "...") {
            let body = after_line(text, line.end)..text.len();
            let span = start..at;
            let written = &text[span.clone()];
            let raw = match fence {
                "+++" => data::toml(file, written, start),
                _ => data::yaml(file, written, start),
            };
            return Found::new(Front { raw: raw.value, span, body, issued: None }, raw.faults);
        }
        at = after_line(text, line.end);
    }
    let fault = Diagnostic::new(
        Code::FrontMatterUnclosed,
        format!("the front matter begins with `{fence}` but no line `{fence}` ends it"),
    )
    .at(file, top..first.end)
    .help(format!("write `{fence}` on a line of its own between the fields and the text"));
    Found::new(Front { raw: empty(top..top), span: top..top, body: text.len()..text.len(), issued: None }, vec![fault])
}

/// The fault that fields stand at the top of a text, but the line that opens them is missing or is another: a dash that a word
/// processor made of `---`, `++`, a block of code, or JSON.
fn unopened(file: &SitePath, text: &str, top: usize) -> Option<Diagnostic> {
    let first = text[top..].lines().next()?.trim_end();
    let is_code = first.starts_with("```") || first.starts_with("~~~");
    let is_mark = first.chars().all(|c| "+-–—=~_; ".contains(c)) && !first.trim().is_empty();
    let is_json = first.trim() == "{" || first.starts_with("{ \"") || first.starts_with("{\"");
    let mut fields = 0;
    let mut has_title = is_json && text[top..].split('}').next().is_some_and(|group| group.contains("\"title\""));
    let mut is_closed = false;
    let is_opened = is_code || is_mark || is_json;
    for line in text[top..].lines().skip(usize::from(is_opened)).take(LINES_LOOKED_AT) {
        let written = line.trim();
        let is_end =
            is_fence(written) || is_mark && written == first.trim() || is_code && written.starts_with(&first[..3]);
        if is_end || is_json && written.starts_with('}') {
            is_closed = fields > 0;
            break;
        }
        if is_field(written) {
            fields += 1;
            let name = written.trim_start_matches(['"', '\'']).to_ascii_lowercase();
            has_title |=
                name.strip_prefix("title").is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric()));
        } else if !(written.is_empty() || line.starts_with([' ', '\t', '-', '[', ']', '}', '#', '"'])) {
            break;
        }
    }
    // One field and a line of dashes may be a heading.
    let is_meant = is_closed && (has_title || fields > 1) || has_title && (is_mark || is_json);
    if !is_meant {
        return None;
    }
    let message = match is_opened {
        true => format!("front matter begins with a line `+++` or `---`, not with `{}`", first.trim()),
        false => "these fields are not read as such: the line `+++` or `---` above them is missing".to_owned(),
    };
    let help = match (is_json, text[top..].lines().any(|line| line.trim_end() == "---")) {
        (true, _) => "write `+++` above and below the fields, and each like `title = \"…\"`",
        (_, true) => "write `---` as the first line, if the fields are written like `title: …`",
        _ => "write `+++` as the first line, the fields like `title = \"…\"`, and `+++` again below them",
    };
    let place = top..top + first.len();
    Some(Diagnostic::new(Code::FrontMatterUnclosed, message).at(file, place).help(help))
}

/// Where the first visible line begins, after any invisible characters at its start.
fn first_seen(text: &str) -> usize {
    let is_unseen =
        |c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\0');
    let seen = text.find(|c| !is_unseen(c)).unwrap_or(text.len());
    let line = text[..seen].rfind('\n').map_or(0, |end| end + 1);
    // Four blanks make a line an example of code.
    let indent = text[line..seen].chars().filter(|c| c.is_whitespace()).count();
    if indent < 4 && !text[line..seen].contains('\t') { seen } else { line }
}

/// How many lines of the text are searched for fields that belong in the front matter.
const LINES_LOOKED_AT: usize = 100;

/// A field in the text of a page that would hide the page if it were in the front matter: above, between or instead of its
/// fences.
fn unread_fields(
    file: &SitePath,
    text: &str,
    front: &Front,
    issued: &Cell<Option<(Date, Range<usize>)>>,
) -> Option<Diagnostic> {
    let body = &text[front.body.clone()];
    let has_front = front.body.start > front.span.end;
    let is_stated = |line: &str| core::says_as_much(&front.raw, line);
    let sure = |notice: &Notice| core::unheeded(&front.raw, notice);
    let place = |place: Range<usize>| front.body.start + place.start..front.body.start + place.end;
    let note = |day: Date, at: Range<usize>| issued.set(Some((day, place(at))));
    let top = at_the_top(body, has_front, &is_stated, &sure, &note);
    let doubtful = match top {
        Some((Top::Field(name), at)) => return Some(misplaced(file, &name, place(at))),
        Some((Top::Words(words), at)) => return Some(unready::in_text(file, &words, place(at))),
        Some((Top::Perhaps(words), at)) => Some(unready::perhaps(file, &words, place(at))),
        None => None,
    };
    // Where in the text fields may be meant: up to its first fence, and from there to the next.
    let mut is_open = !has_front && opens(body);
    // Most texts have neither, and need not be searched.
    let lines = || body.split_inclusive('\n').take(LINES_LOOKED_AT);
    let begins_line = |at: usize| {
        let before = body[..at].trim_end_matches(|c: char| c.is_whitespace() && c != '\n');
        before.is_empty() || before.ends_with('\n')
    };
    let has = |signs: &str| memchr::memmem::find_iter(body.as_bytes(), signs.as_bytes()).any(begins_line);
    let has_fence = || (has("---") || has("+++")) && lines().any(|line| is_fence(line.trim()));
    if !is_open && !has_fence() {
        return doubtful;
    }
    let mut is_code = false;
    let mut candidate = None;
    let mut at = front.body.start;
    for (n, line) in lines().enumerate() {
        let written = line.trim();
        let is_mark = written.starts_with("```") || written.starts_with("~~~");
        // A code block that the file begins with was meant as a fence.
        if is_mark && (has_front || n > 0) {
            is_code = !is_code;
        }
        if !is_code && line.len() - line.trim_start().len() < 4 {
            if is_fence(written) {
                is_open |= !has_front || candidate.is_none();
                if candidate.is_some() {
                    break;
                }
            } else if written.is_empty() && has_front {
                is_open = false;
            } else if candidate.is_none()
                && let Some(name) = field_in(written, true).filter(|_| !is_stated(written))
            {
                candidate = Some((name, at..at + line.trim_end().len()));
                if is_open {
                    break;
                }
            }
        }
        at += line.len();
    }
    match candidate.filter(|_| is_open) {
        Some((name, place)) => Some(misplaced(file, &name, place)),
        None => doubtful,
    }
}

fn misplaced(file: &SitePath, name: &str, place: Range<usize>) -> Diagnostic {
    let message = format!("`{name}` is in the text, where it hides nothing");
    let help =
        "front matter is the first thing in a file: `+++` on a line of its own, the fields, `+++` again, then the text";
    Diagnostic::new(Code::FrontMatterMisplaced, message).at(file, place).help(help).binding()
}

/// What hides a page, or may be meant to, among the first lines of its text.
enum Top {
    /// A field of this name.
    Field(String),
    /// These words.
    Words(String),
    /// These words, which may mean something else.
    Perhaps(String),
}

/// A short line of a press release or a report above its text: its kind, its place, its date.
const SHORT: usize = 60;

/// How many such lines are passed over in the search for an embargo.
const SHORT_LINES: usize = 3;

/// A field that hides, or words that do, among the first lines of a text, as long as these are fields, fences, headings and the
/// like: a text that begins so is not prose, whichever program it was written for.
///
/// Passes over lines that only tell what the fields state anyway, for which `is_stated` is true, and `sure` is `None`.
fn at_the_top(
    body: &str,
    has_front: bool,
    is_stated: &dyn Fn(&str) -> bool,
    sure: &dyn Fn(&Notice) -> Option<Sure>,
    note: &dyn Fn(Date, Range<usize>),
) -> Option<(Top, Range<usize>)> {
    let mut doubtful = None;
    let mut short = 0;
    let is_end = |c: char| matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}');
    // A line right below the front matter was meant to be in it.
    let begins_fenced =
        || has_front && !body.starts_with(is_end) || body.lines().take(20).any(|line| is_fence(line.trim()));
    let begins_fenced = LazyCell::new(begins_fenced);
    let mut is_fenced = false;
    let mut at = 0;
    for (n, line) in body.split_inclusive(is_end).take(LINES_LOOKED_AT).enumerate() {
        let place = at..at + line.trim_end().len();
        at += line.len();
        let written = line.trim_matches(|c: char| c.is_whitespace() || is_end(c) || c == '\u{feff}' || c == '>');
        if written.is_empty() {
            continue;
        }
        let is_code = written.starts_with("```") || written.starts_with("~~~");
        if is_code && (has_front || n > 0) {
            return doubtful;
        }
        // Four blanks make a line an example of code, or a field of a group.
        if line.starts_with("    ") && has_front {
            return doubtful;
        }
        is_fenced |= is_fence(written) || written.starts_with(";;;");
        // Most lines of prose set nothing, and need not be looked at closely.
        let may_set = short == 0 && memchr::memchr2(b':', b'=', written.as_bytes()).is_some();
        let name = || field_in(written, is_fenced || *begins_fenced).or_else(|| quoted_field_in(written));
        let notice = notices::opening(written, short > 0 || line.trim_start().starts_with('>'));
        // `status: draft` is a field, and says so as words too.
        let is_field_too = |notice: &Notice| notice.until == Until::Told && may_set && name().is_some();
        if let Some(notice) = notice.filter(|notice| !is_field_too(notice)) {
            match (sure(&notice), notice.until) {
                (Some(Sure::Plainly), Until::Issued(day)) => note(day, place),
                (Some(Sure::Plainly), _) => return Some((Top::Words(notice.words), place)),
                (Some(Sure::Perhaps), _) if doubtful.is_none() => doubtful = Some((Top::Perhaps(notice.words), place)),
                _ => {}
            }
            continue;
        }
        if let Some(name) = may_set.then(name).flatten() {
            if is_stated(written) {
                continue;
            }
            return Some((Top::Field(name), place));
        }
        let is_marks = written.chars().all(|c| !c.is_alphanumeric()) || written.starts_with("---") || is_code;
        let is_enclosed =
            written.starts_with(['{', '}', '[', ']']) || written.starts_with("<!--") || written.starts_with(":::");
        if !(is_marks || is_enclosed || written.starts_with('#') || is_field(written)) {
            short += 1;
            if short > SHORT_LINES || written.len() > SHORT {
                return doubtful;
            }
        }
    }
    doubtful
}

/// The name of a field that hides, among those that a line of JSON sets.
fn quoted_field_in(line: &str) -> Option<String> {
    let mut rest = line;
    while let Some(open) = rest.find('"') {
        let (name, behind) = rest[open + 1..].split_once('"')?;
        if let Some(value) = behind.trim_start().strip_prefix(':') {
            let value = value.trim_start();
            let end = value.find([',', '}']).unwrap_or(value.len());
            if secrecy::hides_in_text(name, value[..end].trim().trim_matches('"'), true) {
                return Some(name.to_owned());
            }
        }
        rest = behind;
    }
    None
}

/// Where the name ends that a line may begin with: no field has a name longer than this.
fn name_end(line: &str) -> Option<usize> {
    line.bytes().take(60).position(|byte| matches!(byte, b':' | b'='))
}

/// Whether a line gives a field a value, in any notation.
fn is_field(line: &str) -> bool {
    let name = name_end(line).map(|end| line[..end].trim().trim_matches(['"', '\'', '-', '{', ' ']));
    name.is_some_and(|name| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "_-".contains(c)))
}

/// Whether a text without front matter begins as if it had some: with a field, or with a failed fence.
fn opens(body: &str) -> bool {
    let first = body[first_seen(body)..].lines().next().unwrap_or("").trim();
    let is_nearly_fence = first.len() > 1 && first.chars().all(|c| "-+–—=*~_ ".contains(c));
    let is_enclosed = first.starts_with('{') || first.starts_with("<!--") || first.starts_with("```");
    is_nearly_fence || is_enclosed || is_field(first)
}

fn is_fence(line: &str) -> bool {
    line.len() >= 3 && (line.chars().all(|c| c == '+') || line.chars().all(|c| c == '-'))
}

/// The name of the field that a line sets, if it may hide a page.
fn field_in(line: &str, is_fenced: bool) -> Option<String> {
    let line = line.trim_start_matches("<!--").trim_start_matches(['{', ',', '>', ' ', '"', '\'', ':', '%', '@']);
    let end = name_end(line)?;
    let name = line[..end].trim().trim_matches(['"', '\'']).trim();
    // An embargo is plain enough in bold, as a heading and in several words.
    let bare = name.trim_matches(['*', '_', '#', ' ']);
    let is_embargo = secrecy::is_about_embargo(bare);
    let name = if is_embargo { bare } else { name };
    let is_name = !name.is_empty() && name.len() < 40 && (is_embargo || !name.contains(char::is_whitespace));
    let value = line[end + 1..].trim().trim_end_matches([',', '}']).trim().trim_matches(['"', '\'']);
    (is_name && secrecy::hides_in_text(name, value, is_fenced)).then(|| name.to_owned())
}

/// The line that begins at `at`, without its end.
fn line_at(text: &str, at: usize) -> Range<usize> {
    let end = text[at..].find('\n').map_or(text.len(), |end| at + end);
    at..end
}

/// Where the line after the one that ends at `end` begins.
fn after_line(text: &str, end: usize) -> usize {
    (end + 1).min(text.len())
}

/// The fault that a file is not UTF-8, with the first character that shows it, decoded as old Windows programs wrote it.
pub(crate) fn old_character_set(file: &SourceFile, bytes: &[u8]) -> Diagnostic {
    let name = file.path.name();
    let at = std::str::from_utf8(bytes).err().map_or(0, |error| error.valid_up_to());
    let line = bytes[..at].iter().filter(|byte| **byte == b'\n').count() + 1;
    let sign = windows_1252(bytes.get(at).copied().unwrap_or(b'?'));
    let advice = match file.path.ending().as_str() {
        "csv" => "in Excel choose CSV UTF-8",
        _ => "save it again and choose UTF-8",
    };
    Diagnostic::new(
        Code::NotUtf8,
        format!("{name} was saved in an old character set (the {sign} in line {line}); {advice}"),
    )
    .span(Span::file(&file.path))
}

/// The character that byte `byte` stands for in Windows-1252, where that differs from Latin-1.
fn windows_1252(byte: u8) -> char {
    match byte {
        0x80 => '€',
        0x85 => '…',
        0x91 => '‘',
        0x92 => '’',
        0x93 => '“',
        0x94 => '”',
        0x96 => '–',
        0x97 => '—',
        byte => char::from(byte),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_whose_first_line_is_missing_or_another_are_one_fault() {
        let file = SitePath::new("content/a.md").expect("inside the site");
        for text in [
            "title = \"A\"\n+++\n\nText.\n",
            "title = \"A\"\nsummary = \"B\"\n\n+++\n\nText.\n",
            "title: A\nsummary: B\n---\n\nText.\n",
            "Title: A\n---\n\nText.\n",
            "status: draft\ntitle: A\n---\n\nText.\n",
            "kind = \"report\"\nthemes = [\n  \"a\",\n]\n+++\nText.\n",
            "++\ntitle = \"A\"\n+++\nText.\n",
            "—\ntitle: A\n—\nText.\n",
            "–––\ntitle: A\nText.\n",
            "----\ntitle: A\n----\nText.\n",
            "+++++\ntitle = \"A\"\n+++++\nText.\n",
            "===\ntitle: A\n===\nText.\n",
            "```toml\ntitle = \"A\"\n```\nText.\n",
            "```\ntitle: A\nsummary: B\n```\nText.\n",
            "{\n  \"title\": \"A\",\n  \"draft\": true\n}\n\nText.\n",
            "{ \"title\": \"A\" }\n\nText.\n",
        ] {
            let found = split(&file, text);
            let codes: Vec<Code> = found.faults.iter().map(|fault| fault.code).collect();
            assert_eq!(codes, [Code::FrontMatterUnclosed], "{text}");
            assert!(found.value.body.is_empty(), "nothing of it is text: {text}");
        }
        for text in [
            "Text.\n",
            "# A heading\n\nText: more\n---\n",
            "Note: this is a heading\n---\n\nText.\n",
            "A title\n=======\n\nText.\n",
            "See https://example.org/ for more\n\n---\n\nText.\n",
            "```toml\n[languages.cy]\nname = \"Cymraeg\"\n```\n\nText.\n",
            "---\ntitle: A\n---\nText.\n",
            "+++\ntitle = \"A\"\n+++\nText.\n",
            "---\n\nText after a rule.\n",
            "***\n\nText after a rule.\n",
        ] {
            let found = split(&file, text).faults;
            assert!(
                !found
                    .iter()
                    .any(|fault| fault.message.contains("missing") || fault.message.contains("begins with a line")),
                "{text}: {found:?}"
            );
        }
    }
}
