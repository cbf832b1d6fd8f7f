//! What every target must do, whatever it is made of: one suite for all of them.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

use crate::deploy::target::{About, Area, Target};

/// What makes a target of its own for each name; the same one again for the same name.
pub(crate) type Make<'a> = &'a (dyn Fn(&str) -> Box<dyn Target> + Sync);

const LARGE: usize = 20 * 1024 * 1024;

/// Names that some way of writing addresses, shells or folders would change.
const ODD: &[&str] = &[
    "a b/c d.html",
    "größe/übergänge – ein Überblick.html",
    "one+two.html",
    "100%.html",
    "a%20b.html",
    "a&b=c;d.html",
    "it's.html",
    "#top.html",
    "what?.html",
    "(1) [2] {3}!$@,~^`.html",
    "\"quoted\".html",
    "日本/報告.html",
    "back\\slash.html",
    "*.html",
    "-rf.html",
    ".well-known/security.txt",
    "a..b/...html",
];

fn page() -> About {
    About {
        media_type: "text/html; charset=utf-8".to_owned(),
        caching: Some("max-age=60, must-revalidate".to_owned()),
        ..About::default()
    }
}

/// What a document is sent with.
pub(crate) fn document() -> About {
    About {
        media_type: "application/pdf".to_owned(),
        caching: Some("public, max-age=31536000, immutable".to_owned()),
        disposition: Some("attachment; filename=\"report.pdf\"".to_owned()),
        language: Some("cy".to_owned()),
        is_packed: true,
    }
}

/// Everything, on targets that `make` makes.
pub(crate) fn run(make: Make<'_>) {
    nothing_is_there(&*make("nothing"));
    files_are_written_and_replaced(&*make("files"));
    odd_names_stay_as_they_are(&*make("odd"));
    sizes_do_not_matter(&*make("sizes"));
    copies_stand_alone(&*make("copies"));
    folders_that_become_empty_go(&*make("folders"));
    areas_are_apart(&*make("areas"));
    many_files_are_listed_and_removed(&*make("many"));
    writers_do_not_mix(&*make("writers"));
    readers_see_one_version(make);
}

fn paths(target: &dyn Target, area: Area, below: &str) -> Vec<String> {
    target.list(area, below).expect("a listing").into_iter().map(|file| file.path).collect()
}

fn get(target: &dyn Target, area: Area, path: &str) -> Option<Vec<u8>> {
    target.get(area, path).unwrap_or_else(|problem| panic!("{path}: {problem:?}"))
}

fn put(target: &dyn Target, area: Area, path: &str, bytes: &[u8]) {
    target.put(area, path, bytes, &page()).unwrap_or_else(|problem| panic!("{path}: {problem:?}"));
}

fn nothing_is_there(target: &dyn Target) {
    for area in [Area::Site, Area::State] {
        assert_eq!(paths(target, area, ""), [] as [&str; 0]);
        assert_eq!(paths(target, area, "a/b"), [] as [&str; 0]);
        assert_eq!(get(target, area, "a/index.html"), None);
        target.remove(area, &["a/index.html", "b"]).expect("what is missing can be removed");
        target.remove(area, &[]).expect("nothing can be removed");
        assert_eq!(target.copy((area, "a/index.html"), (Area::Site, "c")), Ok(false));
    }
    put(target, Area::Site, "here/now.html", b"x");
    assert_eq!(get(target, Area::Site, "here/then.html"), None);
    assert_eq!(get(target, Area::Site, "here"), None, "a folder is no file");
    assert_eq!(get(target, Area::Site, "here/now.html/index.html"), None);
    assert_eq!(target.copy((Area::Site, "here/then.html"), (Area::Site, "c")), Ok(false));
    assert_eq!(paths(target, Area::Site, ""), ["here/now.html"]);
}

fn files_are_written_and_replaced(target: &dyn Target) {
    let before = target.spent();
    put(target, Area::Site, "index.html", b"one");
    put(target, Area::Site, "a/b/c/index.html", b"deep");
    assert_eq!(get(target, Area::Site, "index.html").as_deref(), Some(&b"one"[..]));
    put(target, Area::Site, "index.html", b"two and more");
    assert_eq!(get(target, Area::Site, "index.html").as_deref(), Some(&b"two and more"[..]));
    put(target, Area::Site, "index.html", b"3");
    assert_eq!(get(target, Area::Site, "index.html").as_deref(), Some(&b"3"[..]));
    assert_eq!(get(target, Area::Site, "a/b/c/index.html").as_deref(), Some(&b"deep"[..]));
    let sizes: Vec<_> =
        target.list(Area::Site, "").expect("a listing").into_iter().map(|file| (file.path, file.size)).collect();
    assert_eq!(sizes, [("a/b/c/index.html".to_owned(), 4), ("index.html".to_owned(), 1)]);
    let after = target.spent();
    assert!(after.requests > before.requests && after.bytes > before.bytes + 3 + 4 + 12, "{before:?} {after:?}");
}

fn odd_names_stay_as_they_are(target: &dyn Target) {
    for (number, name) in ODD.iter().enumerate() {
        put(target, Area::Site, name, format!("{number}").as_bytes());
    }
    for (number, name) in ODD.iter().enumerate() {
        assert_eq!(get(target, Area::Site, name), Some(format!("{number}").into_bytes()), "{name}");
        let copy = format!("copies/{name}");
        assert_eq!(target.copy((Area::Site, name), (Area::State, &copy)), Ok(true), "{name}");
        assert_eq!(get(target, Area::State, &copy), Some(format!("{number}").into_bytes()), "{copy}");
        assert_eq!(paths(target, Area::Site, name), [*name], "listed below its own name");
    }
    let listed: BTreeSet<String> = paths(target, Area::Site, "").into_iter().collect();
    assert_eq!(listed, ODD.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<String>>());
    target.remove(Area::Site, ODD).expect("odd names can be removed");
    assert_eq!(paths(target, Area::Site, ""), [] as [&str; 0]);
}

fn sizes_do_not_matter(target: &dyn Target) {
    put(target, Area::Site, "empty.txt", b"");
    assert_eq!(get(target, Area::Site, "empty.txt").as_deref(), Some(&b""[..]));
    // No two parts of it are alike.
    let large: Vec<u8> =
        (0..LARGE as u32 / 4).flat_map(|number| number.wrapping_mul(2_654_435_761).to_le_bytes()).collect();
    put(target, Area::Site, "large.pdf", &large);
    assert!(get(target, Area::Site, "large.pdf").is_some_and(|bytes| bytes == large));
    for size in [32 * 1024 - 1, 32 * 1024, 32 * 1024 + 1, 256 * 1024, 1_000_003] {
        put(target, Area::Site, "some.bin", &large[..size]);
        assert!(get(target, Area::Site, "some.bin").is_some_and(|bytes| bytes == large[..size]), "{size}");
    }
    let sizes: Vec<u64> = target.list(Area::Site, "").expect("a listing").iter().map(|file| file.size).collect();
    assert_eq!(sizes, [0, LARGE as u64, 1_000_003]);
}

fn copies_stand_alone(target: &dyn Target) {
    target.put(Area::Site, "report.pdf", b"first", &document()).expect("it is written");
    assert_eq!(target.copy((Area::Site, "report.pdf"), (Area::State, "kept/1")), Ok(true));
    assert_eq!(target.copy((Area::Site, "report.pdf"), (Area::Site, "new/folder/report.pdf")), Ok(true));
    target.put(Area::Site, "report.pdf", b"second", &document()).expect("it is written");
    assert_eq!(get(target, Area::State, "kept/1").as_deref(), Some(&b"first"[..]), "a copy does not follow");
    assert_eq!(get(target, Area::Site, "new/folder/report.pdf").as_deref(), Some(&b"first"[..]));
    // Back again, over what is there, twice, and onto itself.
    for _ in 0..2 {
        assert_eq!(target.copy((Area::State, "kept/1"), (Area::Site, "report.pdf")), Ok(true));
        assert_eq!(get(target, Area::Site, "report.pdf").as_deref(), Some(&b"first"[..]));
    }
    assert_eq!(target.copy((Area::Site, "report.pdf"), (Area::Site, "report.pdf")), Ok(true));
    target.remove(Area::State, &["kept/1"]).expect("a copy can be removed");
    assert_eq!(get(target, Area::Site, "report.pdf").as_deref(), Some(&b"first"[..]), "the other stays");
    assert_eq!(paths(target, Area::Site, ""), ["new/folder/report.pdf", "report.pdf"]);
    assert_eq!(paths(target, Area::State, ""), [] as [&str; 0]);
}

fn folders_that_become_empty_go(target: &dyn Target) {
    put(target, Area::Site, "a/b/c.html", b"c");
    put(target, Area::Site, "a/b/d/e.html", b"e");
    put(target, Area::Site, "a/f.html", b"f");
    target.remove(Area::Site, &["a/b/c.html", "a/b/d/e.html", "a/b/x.html", "y/z.html"]).expect("they are removed");
    assert_eq!(paths(target, Area::Site, ""), ["a/f.html"]);
    // Only where no folder is left can a file have its name.
    put(target, Area::Site, "a/b", b"a file now");
    assert_eq!(get(target, Area::Site, "a/b").as_deref(), Some(&b"a file now"[..]));
    target.remove(Area::Site, &["a/b", "a/f.html"]).expect("they are removed");
    put(target, Area::Site, "a", b"and here");
    assert_eq!(paths(target, Area::Site, ""), ["a"]);
    target.remove(Area::Site, &["a"]).expect("it is removed");
    put(target, Area::Site, "a/b/c.html", b"and back");
    assert_eq!(paths(target, Area::Site, ""), ["a/b/c.html"]);
}

fn areas_are_apart(target: &dyn Target) {
    put(target, Area::Site, "now/index.html", b"site");
    put(target, Area::State, "now/index.html", b"state");
    put(target, Area::State, "kept/ab/cd", b"kept");
    assert_eq!(get(target, Area::Site, "now/index.html").as_deref(), Some(&b"site"[..]));
    assert_eq!(get(target, Area::State, "now/index.html").as_deref(), Some(&b"state"[..]));
    assert_eq!(paths(target, Area::Site, ""), ["now/index.html"]);
    assert_eq!(paths(target, Area::State, ""), ["kept/ab/cd", "now/index.html"]);
    assert_eq!(paths(target, Area::State, "now/"), ["now/index.html"]);
    assert_eq!(paths(target, Area::State, "kept/a"), ["kept/ab/cd"]);
    assert_eq!(paths(target, Area::State, "kept/b"), [] as [&str; 0]);
    target.remove(Area::Site, &["now/index.html"]).expect("it is removed");
    assert_eq!(get(target, Area::State, "now/index.html").as_deref(), Some(&b"state"[..]));
    target.remove(Area::State, &["now/index.html", "kept/ab/cd"]).expect("they are removed");
    put(target, Area::State, "now/again", b"x");
    assert_eq!(paths(target, Area::State, ""), ["now/again"]);
}

/// Does something to each number below `count`, on as many threads as the target bears.
fn at_once(target: &dyn Target, count: usize, each: impl Fn(usize) + Sync) {
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..target.at_once() {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= count {
                        break;
                    }
                    each(number);
                }
            });
        }
    });
}

fn many_files_are_listed_and_removed(target: &dyn Target) {
    let names: Vec<String> = (0..2500).map(|number| format!("{}/{number:04}/index.html", number % 3)).collect();
    at_once(target, names.len(), |number| put(target, Area::Site, &names[number], number.to_string().as_bytes()));
    let mut expected = names.clone();
    expected.sort();
    assert_eq!(paths(target, Area::Site, ""), expected);
    assert_eq!(paths(target, Area::Site, "1/").len(), 833);
    assert_eq!(paths(target, Area::Site, "2/24").len(), 33);
    assert_eq!(get(target, Area::Site, &names[2017]).as_deref(), Some(&b"2017"[..]));
    let (gone, kept): (Vec<&str>, Vec<&str>) =
        names.iter().map(String::as_str).partition(|name| !name.ends_with("7/index.html"));
    target.remove(Area::Site, &gone).expect("many files can be removed");
    assert_eq!(paths(target, Area::Site, "").len(), kept.len());
    target.remove(Area::Site, &names.iter().map(String::as_str).collect::<Vec<_>>()).expect("also those that are gone");
    assert_eq!(paths(target, Area::Site, ""), [] as [&str; 0]);
}

fn writers_do_not_mix(target: &dyn Target) {
    let whole = |bytes: &[u8]| bytes.len() == 100_000 && bytes.iter().all(|byte| *byte == bytes[0]);
    at_once(target, 96, |number| {
        let letter = b'a' + u8::try_from(number % 26).expect("a letter");
        put(target, Area::Site, &format!("shared/{}.bin", number % 4), &vec![letter; 100_000]);
        put(target, Area::Site, &format!("own/{number}/x.bin"), &vec![letter; 100_000]);
        // The folder comes and goes under the others' hands.
        put(target, Area::Site, &format!("busy/{number}"), b"x");
        target.remove(Area::Site, &[&format!("busy/{number}")]).expect("it is removed");
    });
    let listed = paths(target, Area::Site, "");
    assert_eq!(listed.len(), 100, "{listed:?}");
    for path in listed {
        assert!(get(target, Area::Site, &path).is_some_and(|bytes| whole(&bytes)), "{path}");
    }
}

/// Two lengths in turn, so that a part of one, or a mixture, shows.
fn version(number: usize) -> Vec<u8> {
    let letter = b'a' + u8::try_from(number % 26).expect("a letter");
    vec![letter; if number.is_multiple_of(2) { 70_000 } else { 3_000 }]
}

/// Tells the reader, when it goes, that nothing more is written.
struct End<'a>(&'a AtomicBool);

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

fn readers_see_one_version(make: Make<'_>) {
    let (writer, reader) = (make("readers"), make("readers"));
    put(&*writer, Area::Site, "page/index.html", &version(0));
    let (is_over, seen) = (AtomicBool::new(false), Mutex::new(BTreeSet::new()));
    thread::scope(|scope| {
        scope.spawn(|| {
            while !is_over.load(Ordering::Relaxed) {
                let bytes = get(&*reader, Area::Site, "page/index.html").expect("the page is always there");
                let number = (0..26).find(|number| version(*number) == bytes);
                assert!(number.is_some(), "a part of a page: {} bytes from {:?}", bytes.len(), bytes.first());
                seen.lock().expect("no reader has died").extend(number);
            }
        });
        // Also if writing fails, the reader comes to an end.
        let _end = End(&is_over);
        // On a busy machine the reader may come seldom: it is written on until several versions were seen.
        let has_seen = || seen.lock().map_or(usize::MAX, |seen| seen.len());
        for number in (1..=20_000).take_while(|number| *number <= 200 || has_seen() <= 3) {
            put(&*writer, Area::Site, "page/index.html", &version(number));
        }
    });
    let seen = seen.into_inner().expect("no reader has died").len();
    assert!(seen > 3, "the reader saw {seen} versions: it did not read while they changed");
}
