//! Properties of every source of every site in this repository, and of texts that nobody would write by hand.
//!
//! `set` proves each change itself by reading the text again, so these check the same in another way: they list every value
//! of a file before and after. Each was seen to fail on code broken on purpose:
//!
//! * `a_value_that_is_there_already_changes_nothing`: without first comparing the present value, every value was rewritten;
//! * `another_value_changes_its_own_bytes_alone`: with the first way taken without proof, `He said "x": #y` in YAML front
//!   matter could not be read again;
//! * `a_field_comes_and_goes_without_a_trace`: the same, with a field put below a value that is not on one line;
//! * `what_is_taken_out_leaves_the_rest`: with the next line removed too and no proof required, the next field went with
//!   it;
//! * `any_text_can_be_said`: with the first way taken, comments and YAML signs in a text.

#![allow(clippy::disallowed_methods)] // Tests read the sources of whole sites.

use std::fs;
use std::path::Path;

use jiff::Timestamp;
use proptest::prelude::*;

use super::*;
use crate::data::{Raw, RawKind};
use crate::path::SitePath;

/// The sources of all sites in this repository: path and text.
fn sources() -> Vec<(SitePath, String)> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let names = [
        "bundles-and-rows",
        "embargo",
        "first-slice",
        "languages",
        "lists",
        "markdown",
        "prefix",
        "yaml-and-odd-files",
    ];
    let mut roots = vec![here.join("docs"), here.join("tests/faults/base"), here.join("src/cli/starter")];
    roots.extend(names.iter().map(|name| here.join("tests/sites").join(name).join("in")));
    let mut found = Vec::new();
    for root in roots {
        let mut folders = vec![root.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).expect("a folder") {
                let path = entry.expect("an entry").path();
                if path.is_dir() {
                    folders.push(path);
                } else if let Ok(text) = fs::read_to_string(&path) {
                    let name = path.strip_prefix(&root).expect("below it").to_string_lossy().replace('\\', "/");
                    found.push((SitePath::new(&name).expect("inside"), text));
                }
            }
        }
    }
    found.sort();
    found.dedup();
    assert!(found.len() > 150, "{} sources", found.len());
    found
}

/// A step that owns its name.
#[derive(Clone, PartialEq, Debug)]
enum Place {
    Name(String),
    Item(usize),
}

fn steps(path: &[Place]) -> Vec<Step<'_>> {
    let step = |place| match place {
        &Place::Item(n) => Step::Item(n),
        Place::Name(name) => Step::Name(name),
    };
    path.iter().map(step).collect()
}

/// Every value that is neither a list nor a table, and every table.
fn walk(raw: &Raw, path: &mut Vec<Place>, leaves: &mut Vec<(Vec<Place>, RawKind)>, tables: &mut Vec<Vec<Place>>) {
    match &raw.kind {
        RawKind::List(items) => {
            for (n, item) in items.iter().enumerate() {
                path.push(Place::Item(n));
                walk(item, path, leaves, tables);
                path.pop();
            }
        }
        RawKind::Table(table) => {
            tables.push(path.clone());
            for (key, value) in table {
                path.push(Place::Name(key.name.clone()));
                walk(value, path, leaves, tables);
                path.pop();
            }
        }
        kind => leaves.push((path.clone(), kind.clone())),
    }
}

/// The values of a file, each with its place.
type Leaves = Vec<(Vec<Place>, RawKind)>;

fn all(fields: &Fields<'_>) -> (Leaves, Vec<Vec<Place>>) {
    let (mut leaves, mut tables) = (Vec::new(), Vec::new());
    walk(fields.get(&[]).expect("the whole"), &mut Vec::new(), &mut leaves, &mut tables);
    (leaves, tables)
}

fn given(kind: &RawKind) -> Option<Given> {
    Some(match kind {
        RawKind::Bool(truth) => Given::Bool(*truth),
        RawKind::Int(number) => Given::Int(*number),
        RawKind::Text(text) => Given::Text(text.clone()),
        RawKind::Date(date) => Given::Date(date.clone()),
        RawKind::Null => Given::Text(String::new()),
        _ => return None,
    })
}

fn with(text: &str, splice: &Splice) -> String {
    format!("{}{}{}", &text[..splice.span.start], splice.text, &text[splice.span.end..])
}

/// At most `most` of them, evenly spread.
fn some<T>(all: &[T], most: usize) -> impl Iterator<Item = &T> {
    all.iter().step_by(all.len().div_ceil(most).max(1))
}

#[test]
fn a_value_that_is_there_already_changes_nothing() {
    let mut looked_at = 0;
    for (file, text) in sources() {
        let Some(fields) = Fields::of(&file, &text) else { continue };
        for (path, kind) in all(&fields).0 {
            let Some(value) = given(&kind) else { continue };
            assert_eq!(fields.set(&steps(&path), &value), Ok(None), "{file}: {path:?}");
            looked_at += 1;
        }
    }
    assert!(looked_at > 1_200, "{looked_at} values");
}

#[test]
fn another_value_changes_its_own_bytes_alone() {
    let texts = ["Other", "He said \"x\": #y, 'z' \\", "a; b, c", "- é漢", "true", "2026-05-14", "7", "[x]"];
    let (mut set, mut unsure) = (0, Vec::new());
    for (n, (file, text)) in sources().iter().enumerate() {
        let Some(fields) = Fields::of(file, text) else { continue };
        let (leaves, _) = all(&fields);
        for (m, (path, kind)) in some(&leaves, 40).enumerate() {
            let value = match kind {
                RawKind::Int(number) => Given::Int(number + 1),
                RawKind::Bool(truth) => Given::Bool(!truth),
                RawKind::Date(_) => Given::Date("1999-12-31".to_owned()),
                _ => Given::Text(texts[(n + m) % texts.len()].to_owned()),
            };
            let Ok(changed) = fields.set(&steps(path), &value) else {
                unsure.push(format!("{file}: {path:?} {value:?}"));
                continue;
            };
            let Some(splice) = changed else { continue };
            let new = with(text, &splice);
            let again = Fields::of(file, &new).unwrap_or_else(|| panic!("{file} cannot be read: {path:?} {value:?}"));
            let raw = again.get(&steps(path)).expect("it is there");
            let old = fields.get(&steps(path)).expect("it is there");
            assert_eq!(fields_text(raw), plain(&value), "{file}: {path:?}");
            let line = text[..old.span.start].rfind('\n').map_or(0, |end| end + 1);
            let above = text[..line.saturating_sub(1)].rfind('\n').map_or(0, |end| end + 1);
            assert!(above <= splice.span.start && splice.span.end <= old.span.end, "{file}: {path:?} {splice:?}");
            let rest = |leaves: Vec<(Vec<Place>, RawKind)>| {
                leaves.into_iter().filter(|(other, _)| other != path).collect::<Vec<_>>()
            };
            assert_eq!(rest(leaves.clone()), rest(all(&again).0), "{file}: {path:?} {value:?}");
            let remarks = |text: &str| text.matches(" # ").count() + text.matches("\n#").count();
            assert_eq!(remarks(&text[..splice.span.start]), remarks(&new[..splice.span.start]));
            assert_eq!(text[splice.span.end..], new[new.len() - (text.len() - splice.span.end)..]);
            set += 1;
        }
    }
    assert!(set > 1_000, "{set} values");
    assert!(unsure.len() * 100 < set, "{} of {set}:\n{}", unsure.len(), unsure.join("\n"));
}

fn plain(value: &Given) -> String {
    match value {
        Given::Text(text) | Given::Date(text) => text.clone(),
        Given::Int(number) => number.to_string(),
        Given::Bool(truth) => truth.to_string(),
        Given::List(items) => items.iter().map(plain).collect(),
    }
}

fn fields_text(raw: &Raw) -> String {
    match &raw.kind {
        RawKind::Text(text) | RawKind::Date(text) => text.clone(),
        RawKind::Int(number) => number.to_string(),
        RawKind::Bool(truth) => truth.to_string(),
        _ => String::new(),
    }
}

#[test]
fn a_field_comes_and_goes_without_a_trace() {
    let (mut added, mut unsure) = (0, Vec::new());
    for (file, text) in sources() {
        let Some(fields) = Fields::of(&file, &text) else { continue };
        if file.ending() == "csv" {
            continue;
        }
        let (leaves, mut tables) = all(&fields);
        // A table that exists only because others are in it has no line below which a field could go.
        tables.retain(|table| leaves.iter().any(|(path, _)| path.len() == table.len() + 1 && path.starts_with(table)));
        for table in some(&tables, 25) {
            let mut path = table.clone();
            path.push(Place::Name("zz_new".to_owned()));
            let value = Given::List(vec![Given::Text("a \"b\"".to_owned()), Given::Text("c".to_owned())]);
            let Ok(Some(splice)) = fields.set(&steps(&path), &value) else {
                unsure.push(format!("{file}: {table:?}"));
                continue;
            };
            assert_eq!(splice.span.start, splice.span.end, "{file}: something went for a new field");
            let new = with(&text, &splice);
            let again = Fields::of(&file, &new).expect("it can be read");
            let mut after = all(&again).0;
            after.retain(|(other, _)| !other.starts_with(&path));
            assert_eq!(leaves, after, "{file}: {table:?}");
            let gone = again.remove(&steps(&path)).expect("it can be taken out").expect("it is there");
            assert_eq!(with(&new, &gone), text, "{file}: {table:?}");
            added += 1;
        }
    }
    assert!(added > 300, "{added} tables");
    assert!(unsure.len() * 20 < added, "{} of {added}:\n{}", unsure.len(), unsure.join("\n"));
}

#[test]
fn what_is_taken_out_leaves_the_rest() {
    let (mut gone, mut unsure) = (0, Vec::new());
    for (file, text) in sources() {
        let Some(fields) = Fields::of(&file, &text) else { continue };
        let (leaves, _) = all(&fields);
        for (path, kind) in some(&leaves, 25) {
            if !matches!(path.last(), Some(Place::Name(_))) || *kind == RawKind::Null {
                continue;
            }
            let Ok(Some(splice)) = fields.remove(&steps(path)) else {
                unsure.push(format!("{file}: {path:?}"));
                continue;
            };
            let new = with(&text, &splice);
            let again = Fields::of(&file, &new).expect("it can be read");
            let rest = |mut leaves: Vec<(Vec<Place>, RawKind)>| {
                leaves.retain(|(other, kind)| other != path && *kind != RawKind::Null);
                leaves
            };
            assert_eq!(rest(leaves.clone()), rest(all(&again).0), "{file}: {path:?}");
            gone += 1;
        }
    }
    assert!(gone > 500, "{gone} values");
    // For example, the first field of a YAML row is on the line of its dash.
    assert!(unsure.len() * 20 < gone, "{} of {gone}:\n{}", unsure.len(), unsure.join("\n"));
}

/// One of each notation, with comments, quotation marks and line ends that must stay.
const HARD: &[(&str, &str, &[Step<'_>])] = &[
    ("a.md", "+++\ntitle = 'x' # remark\nother = 1\n+++\n\ntitle = \"x\"\n", &[Step::Name("title")]),
    ("a.md", "---\r\ntitle: x y # remark\r\nother: [a, 'b'] # c\r\n---\r\n\r\nx y\r\n", &[Step::Name("title")]),
    ("a.md", "---\ntitle: |\n  one\n  two\nother: 1\n---\n", &[Step::Name("title")]),
    ("a.toml", "# r\n[[a]]\nt = \"\"\"\nx\"\"\"\n[a.b]\nt = 1\n", &[Step::Name("a"), Step::Item(0), Step::Name("t")]),
    ("a.yaml", "- t: \"x\"   # r\n  u: 2\n- t: y\n", &[Step::Item(1), Step::Name("t")]),
    ("a.json", "[ {\"t\" : \"x\" , \"u\":[]} ]", &[Step::Item(0), Step::Name("t")]),
    ("a.csv", "t;u\n\"x; y\" ;1\nz; \n", &[Step::Item(0), Step::Name("t")]),
    ("b.csv", "t,u\nx,\n", &[Step::Item(0), Step::Name("u")]),
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn any_text_can_be_said(value in "[ -~é漢\n\t\u{85}\u{feff}]{1,24}") {
        for (name, text, path) in HARD {
            let file = SitePath::new(name).expect("inside");
            let fields = Fields::of(&file, text).expect("it can be read");
            match fields.set(path, &Given::Text(value.clone())) {
                Ok(None) => prop_assert_eq!(fields_text(fields.get(path).expect("there")), value.clone()),
                Ok(Some(splice)) => {
                    let new = with(text, &splice);
                    let again = Fields::of(&file, &new).expect("it can be read");
                    prop_assert_eq!(fields_text(again.get(path).expect("there")), value.clone());
                }
                // A cell cannot keep blanks around its text; no other text may be refused.
                Err(Unsure) => prop_assert!(name.ends_with("csv") && value.trim() != value, "{name}: {value:?}"),
            }
        }
    }
}

fn tree(text: &str) -> Arc<Tree> {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("site.toml"), "").expect("a file");
    let empty = Tree::read(folder.path(), Timestamp::UNIX_EPOCH, None).expect("a folder can be read").value;
    let texts = BTreeMap::from([(SitePath::new("a.md").expect("inside"), text.to_owned())]);
    Arc::new(empty.rearranged(&BTreeMap::new(), &Default::default(), &texts))
}

/// Seen to fail with the hashes not compared: the bytes of the changed file were overwritten.
#[test]
fn what_has_changed_or_meets_is_refused_as_a_whole() {
    let file = SitePath::new("a.md").expect("inside");
    let before = tree("one two");
    let mut edits = Edits::of(before.clone());
    edits.replace(&file, 0..3, "1");
    edits.replace(&file, 0..3, "1");
    assert_eq!(edits.applied(&before).expect("it fits").0[&file], "1 two", "the same twice is once");
    assert_eq!(edits.applied(&tree("one, two")), Err(Refused::Changed(file.clone())));
    assert!(Refused::Changed(file.clone()).fault().message.contains("has changed meanwhile; nothing was changed"));
    edits.replace(&file, 4..7, "2");
    assert_eq!(edits.applied(&before).expect("they are apart").0[&file], "1 2");
    let other = Splice { span: Span::new(&file, 2..5), text: "-".to_owned() };
    assert!(edits.meets(&other));
    edits.splice(&other);
    assert_eq!(edits.applied(&before), Err(Refused::Meet(Span::new(&file, 2..5))));
    let mut edits = Edits::of(before.clone());
    edits.replace(&file, 5..99, "");
    assert_eq!(edits.applied(&before), Err(Refused::NoSuchPlace(Span::new(&file, 5..99))));
}

#[test]
fn lines_are_told_once() {
    let file = SitePath::new("a.md").expect("inside");
    let edit = |at: (usize, usize), text: &str| Edit { at, text: text.to_owned() };
    let text = "one\ntwo three\nfour\n";
    let edits = [edit((0, 0), "new\n"), edit((4, 7), "2"), edit((8, 13), "3")];
    let found = lines(&file, text, &edits);
    let told: Vec<_> = found.iter().map(|one| (one.line, one.before.as_str(), one.after.as_str())).collect();
    assert_eq!(told, [(1, "", "new\n"), (2, "two three\n", "2 3\n")]);
    assert_eq!(rewritten(text, 0..text.len(), &edits), "new\none\n2 3\nfour\n");
}
