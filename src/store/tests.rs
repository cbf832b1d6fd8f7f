//! Whole publications into folders of their own, under refusals and interruptions.

use super::*;
use crate::path::Address;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::mem;

type Tree = BTreeMap<String, Vec<u8>>;

fn open(folder: &Path, way: Way) -> Result<Publication, Refusal> {
    super::open(folder, way, Purpose::Public)
}

#[test]
fn a_folder_stays_what_it_was_made_as() {
    const ALL: [Purpose; 3] = [Purpose::Public, Purpose::Moment, Purpose::Drafts];
    let site = Tree::from([("index.html".to_owned(), b"home".to_vec())]);
    for way in [Way::Exchange, Way::InPlace] {
        for first in ALL {
            let ground = Ground::new();
            publish(super::open(&ground.public(), way, first).expect("empty"), &site).expect("published");
            for then in ALL {
                let opened = super::open(&ground.public(), way, then);
                if then == first {
                    publish(opened.expect("of one kind"), &site).expect("published");
                } else {
                    assert_eq!(refused(opened).diagnostic.code, Code::OutputOfAnotherKind, "{first:?} {then:?}");
                }
            }
            fs::remove_file(ground.file("index.html")).expect("removed");
            for then in ALL {
                assert!(super::open(&ground.public(), way, then).is_ok(), "nothing of {first:?} is there");
            }
        }
    }
}

/// A folder to publish into, below one that is removed with the test.
struct Ground {
    around: TempDir,
}

impl Ground {
    fn new() -> Self {
        Self { around: tempfile::tempdir().expect("a temporary folder") }
    }

    fn public(&self) -> PathBuf {
        self.around.path().join("public")
    }

    fn state(&self) -> PathBuf {
        self.around.path().join(".public.pamphlet")
    }

    fn file(&self, path: &str) -> PathBuf {
        self.public().join(path)
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.file(path);
        fs::create_dir_all(path.parent().expect("it lies in a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    /// Everything in the published folder, our own state left out.
    fn tree(&self) -> Tree {
        let walk = walkdir::WalkDir::new(self.public()).into_iter().map(|entry| entry.expect("readable"));
        walk.filter(|entry| !entry.file_type().is_dir())
            .map(|entry| (entry.path().strip_prefix(self.public()).expect("below").display().to_string(), entry))
            .filter(|(path, _)| !path.starts_with(INSIDE))
            .map(|(path, entry)| (path, fs::read(entry.path()).expect("readable")))
            .collect()
    }

    /// What lies beside the published folder and in its state folder.
    fn traces(&self) -> Vec<String> {
        let names = |folder: &Path| -> Vec<String> {
            let entries = fs::read_dir(folder).map(|entries| entries.flatten().collect::<Vec<_>>()).unwrap_or_default();
            entries.iter().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
        };
        let mut traces = [names(self.around.path()), names(&self.state())].concat();
        traces.sort();
        traces
    }

    fn publish(&self, way: Way, tree: &Tree) -> Report {
        publish(open(&self.public(), way).expect("ours"), tree).expect("published")
    }
}

fn publish(publication: Publication, tree: &Tree) -> Result<Report, Refusal> {
    put_all(&publication, tree)?;
    publication.finish(Vec::new())
}

fn put_all(publication: &Publication, tree: &Tree) -> Result<(), Refusal> {
    let files: Vec<_> = tree.iter().collect();
    files.into_par_iter().try_for_each(|(path, bytes)| publication.put(&out(path), Body::Bytes(bytes.clone())))
}

fn out(path: &str) -> OutputPath {
    Address::new(path).output()
}

fn tree(files: &[(&str, &str)]) -> Tree {
    files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect()
}

fn counts(report: &Report) -> [usize; 4] {
    [report.new, report.changed, report.removed, report.unchanged]
}

fn identity(path: &Path) -> (u64, i64) {
    let metadata = fs::metadata(path).expect("it is there");
    #[cfg(unix)]
    let inode = std::os::unix::fs::MetadataExt::ino(&metadata);
    #[cfg(not(unix))]
    let inode = 0;
    (inode, manifest::time(&metadata))
}

fn refused<T>(result: Result<T, Refusal>) -> Refusal {
    result.err().expect("refused")
}

fn refuse_exchange(_: &Path, _: &Path, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::ResourceBusy.into())
}

fn refuse_state(_: &Path) -> io::Result<()> {
    Err(io::ErrorKind::PermissionDenied.into())
}

const BUSY: System = System { exchange: refuse_exchange, ..SYSTEM };
const NARROW: System = System { make_state: refuse_state, ..SYSTEM };
const TWO_STEPS: System = System { exchange: in_two_steps, ..SYSTEM };

fn in_two_steps(site: &Path, folder: &Path, old: &Path) -> io::Result<()> {
    if folder.exists() { exchange::swap_in_two(site, folder, old) } else { fs::rename(site, folder) }
}

#[test]
fn files_are_new_then_changed_removed_or_the_very_same() {
    for way in [Way::Exchange, Way::InPlace] {
        let ground = Ground::new();
        let first = ground.publish(way, &tree(&[("index.html", "home"), ("a/index.html", "a"), ("b/c.txt", "c")]));
        assert_eq!((counts(&first), first.note), ([3, 0, 0, 0], None));
        let before = identity(&ground.file("index.html"));
        let second = tree(&[("index.html", "home"), ("a/index.html", "A"), ("d/index.html", "d")]);
        assert_eq!(counts(&ground.publish(way, &second)), [1, 1, 1, 1]);
        assert_eq!(ground.tree(), second);
        assert_eq!(identity(&ground.file("index.html")), before, "an unchanged file is the very same");
        assert!(!ground.file("b").exists(), "an emptied folder goes too");
        let folder = identity(&ground.public());
        assert_eq!(counts(&ground.publish(way, &second)), [0, 0, 0, 3]);
        assert_eq!(identity(&ground.public()), folder, "where nothing changed, nothing is exchanged");
        assert_eq!(ground.traces(), [".public.pamphlet", "lock", "manifest", "public"]);
    }
}

#[test]
fn a_file_that_somebody_edited_is_read_before_it_is_believed() {
    let ground = Ground::new();
    let site = tree(&[("a.txt", "same"), ("b.txt", "same")]);
    ground.publish(Way::Exchange, &site);
    ground.write("a.txt", "edit");
    ground.write("b.txt", "same");
    for name in ["a.txt", "b.txt"] {
        let file = fs::File::options().write(true).open(ground.file(name)).expect("a file");
        file.set_modified(manifest::system_time(1_000_000_000)).expect("a time");
    }
    let untouched = identity(&ground.file("b.txt"));
    assert_eq!(counts(&ground.publish(Way::Exchange, &site)), [0, 1, 0, 1]);
    assert_eq!(ground.tree(), site);
    assert_eq!(identity(&ground.file("b.txt")), untouched);
}

#[test]
fn a_folder_that_is_not_ours_is_refused_and_left_alone() {
    let ground = Ground::new();
    for n in 0..312 {
        ground.write(&format!("old/{n}.html"), "theirs");
    }
    let before = ground.tree();
    let refusal = refused(open(&ground.public(), Way::Exchange));
    assert_eq!((refusal.kind, refusal.diagnostic.code), (Kind::Foreign, Code::OutputNotOurs));
    let shown = ground.public().display().to_string();
    assert_eq!(
        refusal.diagnostic.message,
        format!("`{shown}` holds 312 files that Pamphlet did not write; nothing was touched")
    );
    assert_eq!(ground.tree(), before);
    assert_eq!(ground.traces(), ["public"], "not even a trace beside it");
}

#[test]
fn one_foreign_file_in_ours_is_named_and_litter_is_dropped() {
    for way in [Way::Exchange, Way::InPlace] {
        let ground = Ground::new();
        let site = tree(&[("index.html", "home")]);
        ground.publish(way, &site);
        ground.write("a/.DS_Store", "litter");
        ground.publish(way, &site);
        assert_eq!(ground.tree(), site);
        ground.write("a/plan.pdf", "theirs");
        let refusal = refused(open(&ground.public(), way));
        assert!(refusal.diagnostic.message.contains("public/a/plan.pdf` was not written by Pamphlet"), "{refusal:?}");
        assert_eq!(ground.tree().len(), 2);
    }
}

#[test]
fn a_file_that_appears_during_the_build_is_not_lost() {
    let ground = Ground::new();
    ground.publish(Way::Exchange, &tree(&[("index.html", "home")]));
    let publication = open(&ground.public(), Way::Exchange).expect("ours");
    ground.write("plan.pdf", "theirs");
    let refusal = refused(publish(publication, &tree(&[("index.html", "new")])));
    assert_eq!(refusal.diagnostic.code, Code::OutputNotOurs);
    assert_eq!(ground.tree(), tree(&[("index.html", "home"), ("plan.pdf", "theirs")]));
}

#[test]
fn a_lost_or_damaged_manifest_makes_the_folder_foreign() {
    let ground = Ground::new();
    ground.publish(Way::Exchange, &tree(&[("index.html", "home")]));
    fs::write(ground.state().join(MANIFEST), "pamphlet manifest 1, 1 files\ngarbage").expect("a file");
    assert_eq!(refused(open(&ground.public(), Way::Exchange)).diagnostic.code, Code::OutputNotOurs);
    fs::remove_dir_all(ground.state()).expect("removed");
    assert_eq!(refused(open(&ground.public(), Way::Exchange)).diagnostic.code, Code::OutputNotOurs);
}

#[test]
fn a_publication_that_is_dropped_or_failed_leaves_the_old_one_whole() {
    let old = tree(&[("index.html", "home"), ("a/b.txt", "b")]);
    for way in [Way::Exchange, Way::InPlace] {
        let ground = Ground::new();
        ground.publish(way, &old);
        let publication = open(&ground.public(), way).expect("ours");
        put_all(&publication, &tree(&[("index.html", "half")])).expect("put");
        drop(publication);
        assert_eq!(ground.tree(), old);

        let publication = open(&ground.public(), way).expect("ours");
        put_all(&publication, &tree(&[("index.html", "half")])).expect("put");
        let gone = ground.around.path().join("gone.png");
        let refusal = refused(publication.put(&out("x.png"), Body::Copy(gone)));
        assert_eq!((refusal.kind, refusal.diagnostic.code), (Kind::Machine, Code::CopyUnreadable));
        assert_eq!(refused(publication.finish(Vec::new())).kind, Kind::Machine);
        assert_eq!(ground.tree(), old);
        assert_eq!(ground.traces(), [".public.pamphlet", "lock", "manifest", "public"]);
    }
}

#[test]
fn nothing_is_written_outside_the_folder_or_twice() {
    let ground = Ground::new();
    let publication = open(&ground.public(), Way::Exchange).expect("ours");
    for path in ["../x", "a/../../x", "a/./x", ".pamphlet/manifest", ".Pamphlet/x", "a\nb", "a\0"] {
        let refusal = refused(publication.put(&out(path), Body::Bytes(Vec::new())));
        assert_eq!(refusal.diagnostic.code, Code::OutputPath, "{path:?}");
    }
    drop(publication);
    for way in [Way::Exchange, Way::InPlace] {
        let publication = open(&ground.public(), way).expect("ours");
        publication.put(&out("a.txt"), Body::Bytes(b"a".to_vec())).expect("once");
        let refusal = refused(publication.put(&out("a.txt"), Body::Bytes(b"b".to_vec())));
        assert!(refusal.diagnostic.message.ends_with("public/a.txt` would be written twice"));
    }
    assert!(!ground.around.path().join("x").exists());
}

#[test]
fn folders_that_hold_the_site_or_lie_in_it_are_refused() {
    let ground = Ground::new();
    ground.write("site.toml", "title = \"x\"");
    ground.write("content/a.md", "a");
    let code = |path: &str| refused(open(&ground.public().join(path), Way::Exchange)).diagnostic.code;
    for path in
        ["", "content", "content/out", "static", "themes/x/out", "site.toml", "site.toml/out", "gone/../content/out"]
    {
        assert_eq!(code(path), Code::OutputMisplaced, "{path}");
    }
    assert!(open(&ground.public().join("out"), Way::Exchange).is_ok());
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("nowhere", ground.file("link")).expect("a link");
        assert_eq!(code("link"), Code::OutputMisplaced);
    }
}

#[cfg(unix)]
#[test]
fn a_link_to_a_folder_is_published_through_and_links_inside_are_foreign() {
    let ground = Ground::new();
    let site = tree(&[("index.html", "home")]);
    let link = ground.around.path().join("link");
    fs::create_dir(ground.public()).expect("a folder");
    std::os::unix::fs::symlink("public", &link).expect("a link");
    publish(open(&link, Way::Exchange).expect("empty"), &site).expect("published");
    assert!(link.is_symlink() && ground.tree() == site);
    std::os::unix::fs::symlink("index.html", ground.file("alias.html")).expect("a link");
    assert_eq!(refused(open(&link, Way::Exchange)).diagnostic.code, Code::OutputNotOurs);
}

#[test]
fn where_folders_cannot_be_exchanged_it_goes_file_by_file_and_says_so() {
    let ground = Ground::new();
    let (old, new) = (
        tree(&[("a.html", "a"), ("b.html", "b"), ("c/d.html", "d")]),
        tree(&[("a.html", "a"), ("b.html", "B"), ("c", "c")]),
    );
    ground.publish(Way::Exchange, &old);
    let before = identity(&ground.file("a.html"));
    let report = publish(open_with(&ground.public(), Way::Exchange, Purpose::Public, BUSY).expect("ours"), &new)
        .expect("published");
    assert_eq!(counts(&report), [1, 1, 1, 1]);
    assert!(report.note.is_some_and(|note| note.starts_with("published file by file, since")));
    assert_eq!(ground.tree(), new);
    assert_eq!(identity(&ground.file("a.html")), before);
    assert_eq!(ground.traces(), [".public.pamphlet", "lock", "manifest", "public"]);
}

#[test]
fn where_nothing_can_lie_beside_the_state_lies_inside() {
    let ground = Ground::new();
    assert_eq!(
        refused(open_with(&ground.public(), Way::Exchange, Purpose::Public, NARROW)).diagnostic.code,
        Code::OutputUnwritable
    );
    fs::create_dir(ground.public()).expect("a folder");
    for text in ["one", "two"] {
        let site = tree(&[("index.html", text)]);
        let report = publish(open_with(&ground.public(), Way::Exchange, Purpose::Public, NARROW).expect("ours"), &site)
            .expect("published");
        assert!(report.note.is_some_and(|note| note.contains("nothing can be written beside")));
        assert_eq!((ground.tree(), ground.traces()), (site, vec!["public".to_owned()]));
    }
    let site = tree(&[("index.html", "three")]);
    assert_eq!(counts(&ground.publish(Way::InPlace, &site)), [0, 1, 0, 0]);
    assert!(!ground.file(INSIDE).exists(), "once it can lie beside, it does");
}

#[test]
fn a_killed_run_is_cleared_away_by_the_next() {
    let (old, new) = (tree(&[("index.html", "old")]), tree(&[("index.html", "new"), ("a.txt", "a")]));
    for way in [Way::Exchange, Way::InPlace] {
        let ground = Ground::new();
        ground.publish(way, &old);
        let Publication { next, state, .. } = {
            let publication = open(&ground.public(), way).expect("ours");
            put_all(&publication, &new).expect("put");
            publication
        };
        // A killed process releases its lock, and nothing else.
        mem::forget(next);
        drop(state);
        assert_eq!(ground.tree(), old);
        assert_eq!(counts(&ground.publish(way, &new)), [1, 1, 0, 0]);
        assert_eq!(ground.traces(), [".public.pamphlet", "lock", "manifest", "public"]);
    }
}

/// Kills a run at one point: the step of the machine at which it "ends" panics.
fn killed(ground: &Ground, way: Way, system: System, tree: &Tree) {
    let publication = open_with(&ground.public(), way, Purpose::Public, system).expect("ours");
    put_all(&publication, tree).expect("put");
    let ended = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| publication.finish(Vec::new())));
    assert!(ended.is_err(), "the run was to be killed");
}

#[test]
fn a_run_killed_around_the_exchange_loses_nothing() {
    fn before(_: &Path, _: &Path, _: &Path) -> io::Result<()> {
        panic!("killed before the exchange")
    }
    fn after(site: &Path, folder: &Path, old: &Path) -> io::Result<()> {
        exchange::exchange(site, folder, old)?;
        panic!("killed after the exchange")
    }
    fn between(_: &Path, folder: &Path, old: &Path) -> io::Result<()> {
        fs::rename(folder, old)?;
        panic!("killed between its two steps")
    }
    let (old, new) = (tree(&[("index.html", "old"), ("b", "b")]), tree(&[("index.html", "new"), ("a.txt", "a")]));
    for (exchange, stands, next) in [
        (before as fn(&Path, &Path, &Path) -> io::Result<()>, Some(&old), [1, 1, 1, 0]),
        (after, Some(&new), [0, 0, 0, 2]),
        (between, None, [1, 1, 1, 0]),
    ] {
        let ground = Ground::new();
        ground.publish(Way::Exchange, &old);
        killed(&ground, Way::Exchange, System { exchange, ..SYSTEM }, &new);
        if let Some(stands) = stands {
            assert_eq!(&ground.tree(), stands);
        }
        // A run that gives up at once must not forget what the killed one did.
        drop(open(&ground.public(), Way::Exchange).expect("ours"));
        assert_eq!(counts(&ground.publish(Way::Exchange, &new)), next);
        assert_eq!(ground.tree(), new);
        assert_eq!(ground.traces(), [".public.pamphlet", "lock", "manifest", "public"]);
    }
}

#[test]
fn a_run_refused_half_way_in_place_is_completed_by_the_next() {
    let ground = Ground::new();
    ground.publish(Way::InPlace, &tree(&[("z.html", "z")]));
    let new = tree(&[("a.html", "a"), ("b/c.html", "c"), ("z.html", "Z")]);
    let publication = open(&ground.public(), Way::InPlace).expect("ours");
    put_all(&publication, &new).expect("put");
    // A staged file disappears: the first new file is placed, the second cannot be.
    fs::remove_file(publication.site().join("b/c.html")).expect("removed");
    let refusal = refused(publication.finish(Vec::new()));
    assert!(refusal.diagnostic.message.contains("the next build completes the rest"), "{refusal:?}");
    assert_eq!(ground.tree(), tree(&[("a.html", "a"), ("z.html", "z")]));
    assert_eq!(counts(&ground.publish(Way::InPlace, &new)), [1, 1, 0, 1]);
    assert_eq!(ground.tree(), new);
}

#[test]
fn two_builds_at_once_do_not_meet() {
    let ground = Ground::new();
    let first = open(&ground.public(), Way::Exchange).expect("empty");
    let refusal = refused(open(&ground.public(), Way::InPlace));
    assert_eq!((refusal.kind, refusal.diagnostic.code), (Kind::Machine, Code::OutputInUse));
    let site = tree(&[("index.html", "home")]);
    publish(first, &site).expect("published");
    assert_eq!(counts(&ground.publish(Way::Exchange, &site)), [0, 0, 0, 1]);
}

#[test]
fn large_files_are_copied_whole_and_only_once() {
    let ground = Ground::new();
    let source = ground.around.path().join("source");
    let mut bytes: Vec<u8> = (0..3_000_000_u32).map(|n| u8::try_from(n % 251).expect("small")).collect();
    for expected in [[1, 0, 0, 0], [0, 0, 0, 1], [0, 1, 0, 0]] {
        fs::write(&source, &bytes).expect("a file");
        let publication = open(&ground.public(), Way::Exchange).expect("ours");
        publication.put(&out("report.pdf"), Body::Copy(source.clone())).expect("put");
        assert_eq!(counts(&publication.finish(Vec::new()).expect("published")), expected);
        assert_eq!(fs::read(ground.file("report.pdf")).expect("readable"), bytes);
        if expected[3] == 1 {
            bytes[2_999_999] ^= 1;
        }
    }
}

#[test]
fn source_files_are_made_and_replaced_but_never_overwritten() {
    let ground = Ground::new();
    let path = ground.file("content/people/a.md");
    new_file(&path, "one").expect("new");
    assert_eq!(refused(new_file(&path, "two")).diagnostic.code, Code::FileExists);
    assert_eq!(fs::read_to_string(&path).expect("readable"), "one");
    replace_file(&path, "three").expect("replaced");
    replace_file(&ground.file("known-faults.toml"), "new").expect("made");
    assert_eq!(ground.tree(), tree(&[("content/people/a.md", "three"), ("known-faults.toml", "new")]));
    assert_eq!(refused(replace_file(&path.join("x"), "")).kind, Kind::Machine);
}

fn any_tree() -> impl Strategy<Value = Tree> {
    // Names that clash as file and folder, and differ only in case, from one publication to the next.
    let part = prop::sample::select(vec!["a", "A", "b", "é", "x.html"]);
    let path = prop::collection::vec(part, 1..4).prop_map(|parts| parts.join("/"));
    prop::collection::btree_map(path, prop::sample::select(vec![b"1".to_vec(), b"2".to_vec(), b"33".to_vec()]), 0..8)
        .prop_map(|files| {
            // A path below another file of the same tree was refused long before.
            let paths: Vec<String> = files.keys().cloned().collect();
            let below = |path: &String| paths.iter().any(|above| path.starts_with(&format!("{above}/")));
            files.iter().filter(|(path, _)| !below(path)).map(|(path, bytes)| (path.clone(), bytes.clone())).collect()
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    // Seen to fail with removals always last (a file where a folder is to be), and with `gone` empty.
    #[test]
    fn any_sequence_leaves_exactly_what_was_asked(
        steps in prop::collection::vec((any_tree(), 0..5_usize, any::<bool>()), 1..6)
    ) {
        let ground = Ground::new();
        let mut last = Tree::new();
        for (tree, way, killed) in steps {
            let (way, system) = [
                (Way::Exchange, SYSTEM), (Way::InPlace, SYSTEM), (Way::Exchange, BUSY), (Way::Exchange, TWO_STEPS),
                (Way::InPlace, TWO_STEPS),
            ][way];
            let publication = open_with(&ground.public(), way, Purpose::Public, system).expect("ours");
            if killed {
                put_all(&publication, &tree).expect("put");
                let Publication { next, .. } = publication;
                mem::forget(next);
                prop_assert_eq!(ground.tree_or_none(), last.clone());
                continue;
            }
            let report = publish(publication, &tree).expect("published");
            prop_assert_eq!(ground.tree(), tree.clone());
            prop_assert_eq!(report.new + report.changed + report.unchanged, tree.len());
            let same = tree.iter().filter(|(path, bytes)| last.get(*path) == Some(*bytes)).count();
            prop_assert_eq!(report.unchanged, same);
            prop_assert_eq!(report.removed, last.keys().filter(|path| !tree.contains_key(*path)).count());
            last = tree;
        }
    }
}

impl Ground {
    fn tree_or_none(&self) -> Tree {
        if self.public().exists() { self.tree() } else { Tree::new() }
    }
}

#[test]
fn texts_of_several_files_are_written_all_or_none() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    fs::write(at("a.md"), "old").expect("written");
    fs::write(at("b.md"), "b").expect("written");
    let text = |name: &str, new, old| (at(name), new, Expected::Text(at(name), old));
    // Nothing can be written below a file, but that only shows when it is tried.
    let asked = Rearrangement {
        moves: vec![(at("b.md"), at("c.md"))],
        removed: vec![at("a.md")],
        texts: vec![text("a.md", "new", "old"), (at("a.md/x.md"), "x", Expected::Nothing)],
    };
    rearrange(folder.path(), &asked).expect_err("there can be no such file");
    let names = || {
        let mut names: Vec<_> =
            fs::read_dir(folder.path()).expect("a folder").map(|e| e.expect("one").file_name()).collect();
        names.sort();
        names
    };
    assert_eq!(names(), ["a.md", "b.md"]);
    assert_eq!(fs::read_to_string(at("a.md")).expect("read"), "old");
    let changed = Rearrangement {
        moves: vec![],
        removed: vec![],
        texts: vec![text("b.md", "B", "b"), text("a.md", "new", "other")],
    };
    let refusal = rearrange(folder.path(), &changed).expect_err("it is another text");
    assert!(refusal.diagnostic.message.ends_with("has changed meanwhile; nothing was changed"));
    assert_eq!(fs::read_to_string(at("b.md")).expect("read"), "b");
    assert_eq!(names(), ["a.md", "b.md"], "nothing is left aside");
    // What cannot be removed shows last of all.
    let one_is_missing = Rearrangement {
        moves: vec![(at("b.md"), at("c.md"))],
        removed: vec![at("a.md"), at("none.md")],
        texts: vec![(at("new.md"), "new", Expected::Nothing)],
    };
    rearrange(folder.path(), &one_is_missing).expect_err("it is not there");
    assert_eq!(names(), ["a.md", "b.md"]);
    let all = ["x/y/1.md", "x/2.md", "b.md"].map(|name| (at(name), name.to_owned()));
    new_files(&all).expect_err("the last one is there");
    assert_eq!(names(), ["a.md", "b.md"], "no file and no folder");
    new_files(&all[..2]).expect("they are new");
    assert_eq!(fs::read_to_string(at("x/y/1.md")).expect("read"), "x/y/1.md");
}
