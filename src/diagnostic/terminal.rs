//! Faults → text for a terminal, in the form familiar from rustc: the message, the place, the source line underlined.
//!
//! * `annotate-snippets` draws the lines; it is given only those concerned.
//! * The underline stays on one line: an author wants to know where to look, not how far the fault extends.
//! * Control characters in a source never reach the terminal.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::order::counted;
use super::{Code, Diagnostic, Places, Severity, Sources, Span};
use annotate_snippets::{Annotation, AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet};

/// A paragraph of Markdown is often one line; the renderer cuts it to this many columns around the fault.
const WIDTH: usize = 110;

/// Of more bytes than this, only those near the fault are handed to the renderer: thousands of faults may be in one line.
const LONGEST: usize = 4000;

/// Whether the text may carry colours.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Style {
    /// No escape sequences at all.
    Plain,
    /// Colours, for a terminal.
    Coloured,
}

/// How much is shown of what is the same.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Detail {
    /// Equal faults at many places are one, with the first places; those accepted as known are counted.
    Short,
    /// Every fault.
    Whole,
}

/// From this number on, equal faults are shown once.
const MANY: usize = 4;

/// How many of their places are named.
const NAMED: usize = 3;

/// From this number on, faults that differ in names alone are shown once, and how many of the others are named.
const MANY_ALIKE: usize = 12;
const NAMED_ALIKE: usize = 4;

/// Faults as text, with a blank line between them; empty if there are none.
pub(crate) fn terminal(faults: &[Diagnostic], sources: &dyn Sources, style: Style, detail: Detail) -> String {
    let renderer = match style {
        Style::Plain => Renderer::plain(),
        Style::Coloured => Renderer::styled(),
    }
    .term_width(WIDTH);
    let mut places = Places::new(sources);
    let mut text = String::new();
    let is_short = detail == Detail::Short;
    let mut equal: BTreeMap<_, Vec<&Diagnostic>> = BTreeMap::new();
    if is_short {
        faults.iter().for_each(|fault| equal.entry(words(fault)).or_default().push(fault));
    }
    let waiting = if is_short { placeholders(faults) } else { Vec::new() };
    let waits = |fault: &Diagnostic| waiting.iter().flatten().any(|one| std::ptr::eq(*one, fault));
    let shown: Vec<(&Diagnostic, &[&Diagnostic])> = faults
        .iter()
        .filter(|fault| !(is_short && fault.known))
        .filter(|fault| !waits(fault))
        .filter_map(|fault| {
            // A page that is gone is told of once, wherever it is missed.
            let many = if fault.missing.is_some() { 2 } else { MANY };
            match equal.get(&words(fault)).filter(|all| all.len() >= many).map(Vec::as_slice) {
                Some([first, others @ ..]) => std::ptr::eq(*first, fault).then_some((fault, others)),
                _ => Some((fault, &[][..])),
            }
        })
        .collect();
    let alike = if is_short { alike(&shown) } else { BTreeMap::new() };
    for (fault, others) in shown {
        let group = alike.get(&kind(fault));
        if group.and_then(|group| group.first()).is_some_and(|(first, _)| !std::ptr::eq(*first, fault)) {
            continue;
        }
        if !text.is_empty() {
            text.push('\n');
        }
        let notes = (!others.is_empty()).then(|| elsewhere(others, &mut places)).into_iter();
        let notes: Vec<String> = notes.chain(group.map(|group| like_it(group, &mut places))).collect();
        text.push_str(&one(fault, notes, &mut places, &renderer));
        text.push('\n');
    }
    for group in &waiting {
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&of_a_new_site(group, &mut places, &renderer));
        text.push('\n');
    }
    let known: Vec<&Diagnostic> = faults.iter().filter(|fault| is_short && fault.known).collect();
    if !known.is_empty() {
        let files: BTreeSet<_> = known.iter().filter_map(|fault| Some(&fault.span.as_ref()?.file)).collect();
        let (known, files) = (counted(known.len(), "known fault"), counted(files.len(), "file"));
        let gap = if text.is_empty() { "" } else { "\n" };
        let _ = writeln!(text, "{gap}{known} in {files}, accepted in known-faults.toml: `-v` shows each.");
    }
    text
}

/// Words that wait to be replaced, such as those of a new site, in groups of the same help: if there are many, nobody would see the rest
/// between them.
fn placeholders(faults: &[Diagnostic]) -> Vec<Vec<&Diagnostic>> {
    let mut groups: BTreeMap<Option<&str>, Vec<&Diagnostic>> = BTreeMap::new();
    let waits = |fault: &&Diagnostic| {
        fault.code == Code::Placeholder && fault.severity == Severity::Warning && !fault.known && fault.span.is_some()
    };
    for fault in faults.iter().filter(waits) {
        groups.entry(fault.help.as_deref()).or_default().push(fault);
    }
    groups.into_values().filter(|group| group.len() >= MANY).collect()
}

/// Several placeholders as one message, with a line for each.
fn of_a_new_site(group: &[&Diagnostic], places: &mut Places<'_>, renderer: &Renderer) -> String {
    let title =
        format!("{} only hold the place of what is to come, and readers see them", counted(group.len(), "text"));
    let lines: Vec<String> = group
        .iter()
        .filter_map(|fault| {
            let span = fault.span.as_ref()?;
            let line = places.ends(span).map_or(String::new(), |(start, _)| format!(":{}", start.line));
            let quoted = fault.message.split('`').nth(1).unwrap_or(&fault.message);
            Some(format!("{}{line}: {}", span.file, one_line(quoted)))
        })
        .collect();
    let mut shown = Group::with_title(Level::WARNING.primary_title(title.as_str()).id(Code::Placeholder.as_str()));
    let list = lines.join("\n");
    shown = shown.element(Level::NOTE.message(list.as_str()));
    if let Some(help) = group.first().and_then(|fault| fault.help.as_deref()) {
        shown = shown.element(Level::HELP.message(help));
    }
    renderer.render(&[shown])
}

/// Faults are equal for a reader if these are.
fn words(fault: &Diagnostic) -> impl Ord + '_ {
    let own = (fault.code, fault.message.as_str(), fault.help.as_deref());
    (fault.known, fault.severity, fault.missing.as_deref(), fault.missing.is_none().then_some(own))
}

/// Faults that are shown, each with those that are equal.
type Shown<'a> = Vec<(&'a Diagnostic, &'a [&'a Diagnostic])>;

/// Faults that say the same of other names: on a site that comes from another program, one cause has hundreds of them.
fn alike<'a>(shown: &[(&'a Diagnostic, &'a [&'a Diagnostic])]) -> BTreeMap<Kind, Shown<'a>> {
    let mut groups: BTreeMap<Kind, Shown<'a>> = BTreeMap::new();
    for one in shown.iter().filter(|(fault, _)| fault.missing.is_none()) {
        groups.entry(kind(one.0)).or_default().push(*one);
    }
    groups.retain(|_, group| group.len() >= MANY_ALIKE);
    groups
}

/// What faults of one kind have in common: all that is said, but for names and numbers.
type Kind = (Code, Severity, bool, bool, String, Option<String>);

fn kind(fault: &Diagnostic) -> Kind {
    let help = fault.help.as_deref().map(without_names);
    (fault.code, fault.severity, fault.is_binding, fault.known, without_names(&fault.message), help)
}

/// A sentence without what stands between backticks, and without digits.
fn without_names(said: &str) -> String {
    let parts = said.split('`').enumerate().map(|(nth, part)| if nth % 2 == 0 { part } else { "" });
    let mut out = parts.collect::<Vec<_>>().join("`");
    out.retain(|c| !c.is_ascii_digit());
    out
}

/// The others of a group of faults that are alike: how many, and the first with their places.
fn like_it(group: &[(&Diagnostic, &[&Diagnostic])], places: &mut Places<'_>) -> String {
    let others = group.get(1..).unwrap_or_default();
    let mut lines = vec![format!("{} more say the same of other names, such as", others.len())];
    for (fault, equal) in others.iter().take(NAMED_ALIKE) {
        let also =
            if equal.is_empty() { String::new() } else { format!(" (and at {})", counted(equal.len(), "more place")) };
        lines.push(format!("{}: {}{also}", place(fault, places), one_line(&fault.message)));
    }
    lines.push("`-v` shows each".to_owned());
    lines.join("\n")
}

/// Where a fault is, in words.
fn place(fault: &Diagnostic, places: &mut Places<'_>) -> String {
    let Some(span) = &fault.span else {
        return fault.page.clone().unwrap_or_else(|| "another place".to_owned());
    };
    match places.ends(span) {
        Some((start, _)) => format!("{}:{}:{}", span.file, start.line, start.column),
        None => span.file.to_string(),
    }
}

/// Where equal faults are, but for the first, in words.
fn elsewhere(others: &[&Diagnostic], places: &mut Places<'_>) -> String {
    let named: Vec<String> = others.iter().take(NAMED - 1).map(|fault| place(fault, places)).collect();
    match others.len() - named.len() {
        0 => format!("the same at {}", named.join(", ")),
        more => format!("the same at {} and {}: `-v` shows each", named.join(", "), counted(more, "more place")),
    }
}

fn one(fault: &Diagnostic, notes: Vec<String>, places: &mut Places<'_>, renderer: &Renderer) -> String {
    let level = match fault.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning | Severity::Off => Level::WARNING,
    };
    let message = one_line(&fault.message);
    let title = level.primary_title(message.as_str()).id(fault.code.as_str());
    let elements: Vec<_> = by_file(fault).into_iter().flat_map(|marks| excerpt(&marks, places)).collect();
    let mut group = Group::with_title(title).elements(elements);
    if let Some(page) = &fault.page {
        group = group.element(Level::NOTE.message(format!("while making {}", one_line(page))));
    }
    if fault.count > 1 {
        group = group.element(Level::NOTE.message(format!("this was found {} times", fault.count)));
    }
    for note in notes {
        group = group.element(Level::NOTE.message(note));
    }
    if let Some(help) = &fault.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    renderer.render(&[group])
}

/// A place to underline, and the words beside it.
struct Mark<'a> {
    span: &'a Span,
    kind: AnnotationKind,
    words: Option<String>,
}

/// The places of a fault: its own file first, then the others in the order of its labels.
fn by_file(fault: &Diagnostic) -> Vec<Vec<Mark<'_>>> {
    let primary = fault.span.iter().map(|span| Mark { span, kind: AnnotationKind::Primary, words: None });
    let others = fault.labels.iter().map(|(span, words)| Mark {
        span,
        kind: AnnotationKind::Context,
        words: Some(one_line(words)),
    });
    let mut files: Vec<Vec<Mark<'_>>> = Vec::new();
    for mark in primary.chain(others) {
        match files.iter_mut().find(|marks| marks[0].span.file == mark.span.file) {
            Some(marks) => marks.push(mark),
            None => files.push(vec![mark]),
        }
    }
    files
}

/// The lines of one file that `marks` touch; only the file's name if no line is to blame or none can be shown.
fn excerpt(marks: &[Mark<'_>], places: &mut Places<'_>) -> Vec<Element<'static>> {
    let file = &marks[0].span.file;
    let name = if file.as_str().is_empty() { ".".to_owned() } else { file.to_string() };
    let marked: Vec<&Mark<'_>> = marks.iter().filter(|mark| !mark.span.whole_file()).collect();
    let (Some(lines), false) = (places.lines(file), marked.is_empty()) else {
        return vec![Origin::path(name).into()];
    };
    let ranges: Vec<_> = marked.iter().map(|mark| lines.on_one_line(&(mark.span.start..mark.span.end))).collect();
    let first = ranges.iter().map(|range| range.start).min().unwrap_or(0);
    let last = ranges.iter().map(|range| range.end).max().unwrap_or(0);
    let (text, begins, number) = lines.window(first, last);
    if text.len() > LONGEST {
        let each = marked.iter().zip(ranges).flat_map(|(mark, range)| {
            let start = lines.position(range.start);
            let (text, begins, number) = lines.around(range.start, LONGEST / 8);
            let range = range.start - begins..range.end.min(begins + text.len()) - begins;
            let annotation: Annotation<'static> = mark.kind.span(range).label(mark.words.clone());
            let origin = Origin::path(name.clone()).line(start.line).char_column(start.column);
            [origin.into(), Snippet::source(text.to_owned()).line_start(number).annotation(annotation).into()]
        });
        return each.collect();
    }
    let annotations = marked.iter().zip(ranges).map(|(mark, range)| -> Annotation<'static> {
        mark.kind.span(range.start - begins..range.end - begins).label(mark.words.clone())
    });
    let annotations = annotations.collect::<Vec<_>>();
    vec![Snippet::source(text.to_owned()).path(name).line_start(number).annotations(annotations).into()]
}

/// A message takes one line, whatever it quotes.
fn one_line(text: &str) -> String {
    text.split(['\n', '\r']).map(str::trim).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::super::testing::Files;
    use super::*;
    use crate::path::SitePath;
    use proptest::prelude::*;

    fn file(name: &str) -> SitePath {
        SitePath::new(name).expect("inside the site")
    }

    fn shown(fault: Diagnostic, text: &str) -> String {
        terminal(&[fault], &Files::new(&[("a.md", text)]), Style::Plain, Detail::Whole)
    }

    #[test]
    fn a_fault_is_shown_with_its_line() {
        let text = "\u{feff}+++\r\nkind = \"report\"\r\n\tautors = [\"é\", \"x\"]\r\n+++\r\n";
        let start = text.find("autors").expect("there");
        let mut fault = Diagnostic::new(Code::UnknownField, "a report has no field `autors`")
            .at(&file("a.md"), start..start + 6)
            .label(Span::new(&file("a.md"), 8..12), "since this is a report")
            .help("did you mean `authors`?");
        fault.page = Some("/publications/x/".to_owned());
        fault.count = 12;
        let expected = "\
error[unknown-field]: a report has no field `autors`
 --> a.md:3:2
  |
2 | kind = \"report\"
  | ---- since this is a report
3 |     autors = [\"é\", \"x\"]
  |     ^^^^^^
  |
  = note: while making /publications/x/
  = note: this was found 12 times
  = help: did you mean `authors`?
";
        assert_eq!(shown(fault.clone(), text), expected);
        let coloured = terminal(&[fault], &Files::new(&[("a.md", text)]), Style::Coloured, Detail::Whole);
        assert!(coloured.contains("\u{1b}["));
        assert_eq!(anstream::adapter::strip_str(&coloured).to_string(), expected);
    }

    #[test]
    fn faults_without_a_line_name_what_they_can() {
        let whole = Diagnostic::new(Code::UnknownField, "empty").span(Span::file(&file("a.md")));
        assert_eq!(shown(whole.clone(), "text"), "error[unknown-field]: empty\n--> a.md\n");
        let gone = Diagnostic::new(Code::UnknownField, "gone").at(&file("gone.md"), 3..9).lowered();
        assert_eq!(shown(gone, "text"), "warning[unknown-field]: gone\n--> gone.md\n");
        let nowhere = Diagnostic::new(Code::UnknownField, "no\nwhere");
        assert_eq!(shown(nowhere.clone(), ""), "error[unknown-field]: no where\n");
        let two = terminal(&[nowhere, whole], &Files::new(&[]), Style::Plain, Detail::Whole);
        assert_eq!(two, "error[unknown-field]: no where\n\nerror[unknown-field]: empty\n--> a.md\n");
    }

    #[test]
    fn a_long_line_is_cut_around_the_fault() {
        let text = format!("{} HERE {}", "word ".repeat(300), "more ".repeat(300));
        let start = text.find("HERE").expect("there");
        let shown = shown(Diagnostic::new(Code::UnknownField, "x").at(&file("a.md"), start..start + 4), &text);
        assert!(shown.contains("HERE") && shown.contains("^^^^") && shown.contains("..."), "{shown}");
        assert!(shown.lines().all(|line| line.chars().count() <= WIDTH + 10), "{shown}");
    }

    #[test]
    fn a_span_over_many_lines_underlines_its_first() {
        let shown = shown(Diagnostic::new(Code::UnknownField, "x").at(&file("a.md"), 0..999), "one\ntwo\nthree\n");
        assert!(shown.contains("1 | one\n  | ^^^\n") && !shown.contains("two"), "{shown}");
    }

    proptest! {
        #[test]
        fn any_span_of_any_text_is_shown(
            text in "[a-zé\u{feff}\t\r\n\u{1b}\u{202e}漢 ]{0,60}",
            spans in prop::collection::vec((0..80usize, 0..80usize), 1..4),
        ) {
            let mut fault = Diagnostic::new(Code::UnknownField, "x").at(&file("a.md"), spans[0].0..spans[0].1);
            for (start, end) in &spans[1..] {
                fault = fault.label(Span::new(&file("a.md"), *start..*end), "other");
            }
            let shown = shown(fault, &text);
            prop_assert!(shown.starts_with("error[unknown-field]: x\n"));
            let harmless = !shown.contains(['\u{1b}', '\u{202e}', '\t']);
            prop_assert!(harmless, "{}", shown);
        }
    }

    #[test]
    fn faults_that_differ_in_names_alone_are_one_message_and_others_are_not_hidden_by_it() {
        let texts: Vec<(String, &str)> = (0..40).map(|n| (format!("{n}.md"), "one\ntwo")).collect();
        let texts: Vec<(&str, &str)> = texts.iter().map(|(name, text)| (name.as_str(), *text)).collect();
        let fault = |n: usize, message: String, help: String| {
            Diagnostic::new(Code::UnknownField, message).at(&file(&format!("{n}.md")), 4..7).help(help)
        };
        let of = |n: usize| fault(n, format!("the link to `/{n}/` leads to nothing"), format!("write `/{n}{n}/`"));
        let shown = |faults: &[Diagnostic], detail| terminal(faults, &Files::new(&texts), Style::Plain, detail);
        let mut all: Vec<Diagnostic> = (0..30).map(of).collect();
        // What says something else, asks for something else, or is graver.
        all.push(fault(30, "the link to `/x/` is empty".to_owned(), "write `/33/`".to_owned()));
        all.push(fault(31, "the link to `/31/` leads to nothing".to_owned(), "delete `/31/`".to_owned()));
        all.push(of(32).binding());
        all.push(of(33).lowered());
        let short = shown(&all, Detail::Short);
        assert_eq!(short.matches("[unknown-field]").count(), 5, "{short}");
        assert!(short.contains("`/0/` leads to nothing\n --> 0.md:2:1"), "{short}");
        assert!(short.contains("29 more say the same of other names"), "{short}");
        assert!(short.contains("1.md:2:1: the link to `/1/` leads to nothing") && !short.contains("`/29/`"), "{short}");
        for seen in ["`/x/` is empty", "delete `/31/`", "32.md:2", "33.md:2"] {
            assert!(short.contains(seen), "{seen}: {short}");
        }
        assert_eq!(shown(&all, Detail::Whole).matches("[unknown-field]").count(), 34);
        assert_eq!(shown(&all[..11], Detail::Short).matches("[unknown-field]").count(), 11);
    }

    #[test]
    fn many_placeholders_are_one_message_behind_the_rest() {
        let file = |n: usize| SitePath::new(&format!("{n}.md")).expect("inside the site");
        let texts: Vec<(String, &str)> = (0..9).map(|n| (format!("{n}.md"), "x")).collect();
        let texts: Vec<(&str, &str)> = texts.iter().map(|(name, text)| (name.as_str(), *text)).collect();
        let waits = |n: usize| {
            let message = format!("`Say here {n}` only holds the place of what is to come, and readers see it");
            Diagnostic::new(Code::Placeholder, message).at(&file(n), 0..1).help("write what belongs here")
        };
        let shown = |faults: &[Diagnostic], detail| terminal(faults, &Files::new(&texts), Style::Plain, detail);
        let mut all: Vec<Diagnostic> = (0..5).map(waits).collect();
        all.push(Diagnostic::new(Code::MissingField, "this page has no `date`").at(&file(8), 0..1));
        let short = shown(&all, Detail::Short);
        let (own, group) = (short.find("no `date`"), short.find("5 texts only hold the place"));
        assert!(own.is_some() && own < group, "{short}");
        assert_eq!(short.matches("write what belongs here").count(), 1, "{short}");
        (0..5).for_each(|n| assert!(short.contains(&format!("{n}.md:1: Say here {n}")), "{short}"));
        let whole = shown(&all, Detail::Whole);
        assert_eq!(whole.matches("write what belongs here").count(), 5, "{whole}");
        assert!(
            shown(&all[..3], Detail::Short).find("Say here 0") == shown(&all[..3], Detail::Whole).find("Say here 0")
        );
    }

    #[test]
    fn what_is_the_same_in_many_places_is_said_once() {
        let file = |n: usize| SitePath::new(&format!("{n}.md")).expect("inside the site");
        let same = |n: usize| Diagnostic::new(Code::MissingField, "this page has no `title`").at(&file(n), 0..1);
        let texts: Vec<(String, &str)> = (0..9).map(|n| (format!("{n}.md"), "x")).collect();
        let texts: Vec<(&str, &str)> = texts.iter().map(|(name, text)| (name.as_str(), *text)).collect();
        let shown = |faults: &[Diagnostic], detail| terminal(faults, &Files::new(&texts), Style::Plain, detail);
        let few: Vec<Diagnostic> = (0..3).map(same).collect();
        assert_eq!(shown(&few, Detail::Short).matches("no `title`").count(), 3);
        let mut many: Vec<Diagnostic> = (0..8).map(same).collect();
        many.push(Diagnostic::new(Code::MissingField, "this page has no `date`").at(&file(8), 0..1));
        let short = shown(&many, Detail::Short);
        assert_eq!(short.matches("no `title`").count(), 1, "{short}");
        assert!(short.contains("the same at 1.md:1:1, 2.md:1:1 and 5 more places: `-v` shows each"), "{short}");
        assert_eq!(short.matches("no `date`").count(), 1, "{short}");
        assert_eq!(shown(&many, Detail::Whole).matches("no `title`").count(), 8);
        many.iter_mut().take(2).for_each(|fault| fault.known = true);
        let short = shown(&many, Detail::Short);
        assert!(short.contains("2 known faults in 2 files, accepted in known-faults.toml"), "{short}");
        assert!(!short.contains("0.md") && short.contains("--> 2.md"), "{short}");
        assert_eq!(shown(&many, Detail::Whole).matches("no `title`").count(), 8);
    }
}
