//! What happens to the published folder when a run is killed, the disk is full, or nothing may be written: with the real
//! program, real signals and real disks.
//!
//! Two versions of a site are published alternately into one folder, and runs are killed at moments spread over the
//! length of a run, which is measured first and again on the way: no moment is a fixed time. A slow machine never makes
//! the test fail, unless the kills missed.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::disallowed_methods, clippy::disallowed_types)]

mod run;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use run::{Ran, differences, files, program, run};

type Tree = BTreeMap<String, Vec<u8>>;

const NOW: &str = "2026-05-01 12:00";

/// The number of kills for each way of publishing.
const KILLS: u32 = 200;

/// Two versions of a site, and a folder into which they are published alternately.
struct Ground {
    around: tempfile::TempDir,
    /// What each version's folder holds, from a build into a folder of its own.
    versions: [Tree; 2],
}

impl Ground {
    /// In memory if possible: hundreds of runs should wait for the program, not for a disk.
    fn new() -> Self {
        let memory = Path::new("/dev/shm");
        let around = tempfile::tempdir_in(memory).or_else(|_| tempfile::tempdir()).unwrap();
        let mut ground = Self { around, versions: [Tree::new(), Tree::new()] };
        fs::create_dir(ground.path("out")).unwrap();
        for version in 0..2 {
            run::write(&ground.site(version), &sources(version));
            let folder = ground.path("alone").join(version.to_string());
            let built = run::build(&ground.site(version), &folder, NOW);
            assert_eq!(built.code, Some(0), "{}", built.err);
            ground.versions[version] = files(&folder);
        }
        fs::remove_dir_all(ground.path("alone")).unwrap();
        ground
    }

    fn path(&self, name: &str) -> PathBuf {
        self.around.path().join(name)
    }

    fn site(&self, version: usize) -> PathBuf {
        self.path(["old-site", "new-site"][version])
    }

    fn public(&self) -> PathBuf {
        self.path("out/public")
    }

    fn state(&self) -> PathBuf {
        self.path("out/.public.pamphlet")
    }

    fn command(&self, version: usize, way: &[&str]) -> Command {
        let mut command = program(&self.site(version));
        command.arg("build").args(way).args(["--now", NOW, "-o"]).arg(self.public());
        command
    }

    fn publish(&self, version: usize, way: &[&str]) {
        let ran = run(&mut self.command(version, way));
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        self.assert_clean(version);
    }

    /// The folder holds this version, and no run has left anything behind.
    fn assert_clean(&self, version: usize) {
        assert_eq!(differences(&self.versions[version], &files(&self.public())), [] as [String; 0]);
        assert_eq!(names(&self.path("out")), [".public.pamphlet", "public"]);
        assert_eq!(names(&self.state()), ["lock", "manifest"]);
    }

    /// Whether a run has begun to write, or was killed before it could tidy up.
    fn is_begun(&self) -> bool {
        names(&self.state()).iter().any(|name| name.starts_with("next-"))
    }
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).map(|entries| entries.flatten().collect::<Vec<_>>()).unwrap_or_default();
    let mut names: Vec<String> = entries.iter().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// A site of pages and files: between the versions a third stays, a third changes, and a sixth each comes and goes; one
/// name is a file in one and a folder in the other.
fn sources(version: usize) -> Tree {
    let base = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/faults/base");
    let mut tree = files(&base);
    for n in (0..150).filter(|n| n % 6 != 4 + version) {
        let mut text = format!("Of number {n} there is much to say. ").repeat(40);
        if n % 2 == 1 {
            text.push_str(&format!("Version {version} says this.\n"));
        }
        let page = format!("+++\ntitle = \"Publication {n}\"\ndate = 2026-01-02\nkind = \"press\"\n+++\n\n{text}\n");
        tree.insert(format!("content/publications/p{n}.md"), page.into_bytes());
        tree.insert(format!("static/files/f{n}.txt"), text.into_bytes());
    }
    let annexe = ["static/annexe", "static/annexe/annexe.txt"][version];
    tree.insert(annexe.to_owned(), b"once a file, once a folder".to_vec());
    tree
}

/// The duration of the parts of an undisturbed run.
#[derive(Clone, Copy, Debug)]
struct Lengths {
    /// From start to end.
    whole: Duration,
    /// From the first sign of writing to the end.
    writing: Duration,
    /// From the first file in its place to the end.
    placing: Duration,
}

/// The moment from which the time to a kill is counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum From {
    Start,
    FirstWrite,
    FirstPlaced,
}

/// Publishes `version` without a kill and measures the time.
fn measure(ground: &Ground, version: usize, way: &[&str]) -> Lengths {
    let mut child = quiet(ground.command(version, way)).spawn().unwrap();
    let begun = Instant::now();
    let mut running = || child.try_wait().unwrap().is_none();
    while running() && !ground.is_begun() {
        let_it_run();
    }
    let writing = Instant::now();
    let first = first_placed(ground, version);
    while running() && !first.exists() {
        let_it_run();
    }
    let placing = Instant::now();
    assert!(child.wait().unwrap().success());
    ground.assert_clean(version);
    let ended = Instant::now();
    Lengths { whole: ended - begun, writing: ended - writing, placing: ended - placing }
}

/// Gives the core to the watched run, for a moment that is short beside all its parts.
fn let_it_run() {
    std::thread::park_timeout(Duration::from_micros(100));
}

fn quiet(mut command: Command) -> Command {
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// The first file that only exists in `version`.
fn first_placed(ground: &Ground, version: usize) -> PathBuf {
    let (new, old) = (&ground.versions[version], &ground.versions[1 - version]);
    let first = new.keys().find(|path| !old.contains_key(*path) && !path.ends_with(".html") && !clashes(path));
    ground.public().join(first.expect("each version has files of its own"))
}

/// Whether `path` has the one name that is a file in one version and a folder in the other: it has to go first.
fn clashes(path: &str) -> bool {
    path.starts_with("annexe")
}

/// Half of the kills are spread over the whole run, half between its first write and its last.
fn half_while_writing(n: u32) -> From {
    match n % 4 {
        0 | 2 => From::Start,
        1 => From::FirstWrite,
        _ => From::FirstPlaced,
    }
}

/// What the kills hit.
#[derive(Default, Debug)]
struct Hits {
    /// Runs that did not end on their own.
    killed: u32,
    /// Of these, runs that left what they had begun to write.
    writing: u32,
    /// Of these, runs that left files of both versions.
    between: u32,
}

/// Starts a run and kills it when `part` of the length from `from` has passed. Returns whether it was killed before it ended.
fn kill(ground: &Ground, version: usize, way: &[&str], from: From, part: f64, lengths: Lengths) -> bool {
    let mut child = quiet(ground.command(version, way)).spawn().unwrap();
    let mut running = || child.try_wait().unwrap().is_none();
    let first = first_placed(ground, version);
    let length = match from {
        From::Start => lengths.whole,
        From::FirstWrite => {
            // On a busy machine everything may be written before this looks, and a watching run never ends on its own.
            while running() && !ground.is_begun() && !first.exists() {
                let_it_run();
            }
            lengths.writing
        }
        From::FirstPlaced => {
            while running() && !first.exists() {
                let_it_run();
            }
            lengths.placing
        }
    };
    let moment = Instant::now() + length.mul_f64(part);
    while running() && Instant::now() < moment {
        let_it_run();
    }
    child.kill().unwrap();
    child.wait().unwrap().code().is_none()
}

/// Kills [`KILLS`] runs that publish with `killed`; runs with `way` repair what they leave. `check` judges the folder
/// after each, given the version that was there and the one that was to come.
fn kill_often(
    killed: &[&str],
    way: &[&str],
    from_of: fn(u32) -> From,
    check: fn(&Tree, &Tree, &Tree) -> Vec<String>,
) -> Hits {
    let ground = Ground::new();
    let mut hits = Hits::default();
    let mut stands = 0;
    let mut lengths = None;
    ground.publish(stands, way);
    for n in 0..KILLS {
        let next = 1 - stands;
        if n % 20 == 0 {
            lengths = Some(measure(&ground, next, way));
            ground.publish(stands, way);
        }
        let lengths = lengths.expect("measured before the first kill");
        let part = f64::from(n / 2) / f64::from(KILLS / 2);
        if kill(&ground, next, killed, from_of(n), part, lengths) {
            hits.killed += 1;
            hits.writing += u32::from(ground.is_begun());
            let found = files(&ground.public());
            hits.between += u32::from(ground.versions.iter().all(|version| *version != found));
            let wrong = check(&ground.versions[stands], &ground.versions[next], &found);
            assert_eq!(wrong, [] as [String; 0], "kill {n}, {part} of {lengths:?} from {:?}", from_of(n));
        }
        // The next run repairs, whichever version it publishes, even if it was itself killed before.
        stands = if n % 3 == 0 { stands } else { next };
        if n % 5 == 0 && kill(&ground, stands, way, From::FirstWrite, 0.5, lengths) {
            hits.killed += 1;
        }
        ground.publish(stands, way);
    }
    hits
}

/// Not one complete version.
fn is_no_version(old: &Tree, new: &Tree, found: &Tree) -> Vec<String> {
    if found == old { Vec::new() } else { differences(new, found).into_iter().take(3).collect() }
}

// Seen to fail with the exchange replaced by `in_place::place`: the folder is no version. With kills counted only from
// the first write it took 143 of them, or more than there are; hence those from the first file in its place.
#[test]
fn after_a_killed_build_the_folder_is_one_whole_version() {
    let hits = kill_often(&[], &[], half_while_writing, is_no_version);
    println!("{hits:?}");
    assert!(hits.killed >= KILLS / 2 && hits.writing >= KILLS / 4, "too few kills hit: {hits:?}");
    assert_eq!(hits.between, 0);
}

/// Files that are not whole, or that came in another order than `in_place` promises.
fn is_out_of_order(old: &Tree, new: &Tree, found: &Tree) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut came: BTreeSet<(bool, bool)> = BTreeSet::new();
    let mut missing = BTreeSet::new();
    for (path, bytes) in found {
        if old.get(path) != Some(bytes) && new.get(path) != Some(bytes) {
            wrong.push(format!("{path} is not whole"));
        }
    }
    for (path, bytes) in new.iter().filter(|(path, bytes)| old.get(*path) != Some(bytes) && !clashes(path)) {
        let is_changed = old.contains_key(path);
        if is_changed && !found.contains_key(path) {
            wrong.push(format!("{path} is in both versions and is not there"));
        }
        let turn = (is_changed, path.ends_with(".html"));
        if found.get(path) == Some(bytes) {
            came.insert(turn)
        } else {
            missing.insert(turn)
        };
    }
    if let (Some(last), Some(first)) = (came.last(), missing.first())
        && last > first
    {
        wrong.push(format!("(changed, page): some of {last:?} came before all of {first:?}"));
    }
    let gone = old.keys().find(|path| !new.contains_key(*path) && !found.contains_key(*path) && !clashes(path));
    if let (Some(gone), Some(first)) = (gone, missing.first()) {
        wrong.push(format!("{gone} went before all of (changed, page) {first:?} came"));
    }
    wrong
}

// Seen to fail with files copied into place instead of renamed (one is not whole), with removals first, with changed
// files before new ones, and with the list of the killed run not read (the next run takes its files for somebody else's).
#[test]
fn after_a_killed_build_in_place_every_file_is_whole_and_nothing_leads_astray() {
    let way = ["--in-place"];
    let hits = kill_often(&way, &way, half_while_writing, is_out_of_order);
    println!("{hits:?}");
    assert!(hits.killed >= KILLS / 2 && hits.writing >= KILLS / 4, "too few kills hit: {hits:?}");
    assert!(hits.between >= KILLS / 40, "too few kills hit while files were put in their places: {hits:?}");
}

// A watching run does not end on its own: the moments are spread over the length of a run that does the same once.
#[test]
fn after_a_killed_watch_every_file_is_whole_and_the_next_run_repairs() {
    let hits = kill_often(&["--watch"], &["--in-place"], half_while_writing, is_out_of_order);
    println!("{hits:?}");
    assert!(hits.killed >= KILLS && hits.writing >= KILLS / 4, "too few kills hit: {hits:?}");
    assert!(hits.between >= KILLS / 40, "too few kills hit while files were put in their places: {hits:?}");
}

/// Runs a shell script as root in its own namespace, where it may mount; `None` where the system forbids that.
fn with_mounts(script: &str, args: &[&Path]) -> Option<Ran> {
    let own_world = || {
        let mut command = Command::new("unshare");
        command.args(["-rm", "sh", "-euc"]).stdin(Stdio::null());
        command
    };
    let trial = own_world().arg("mount -t tmpfs -o size=64k tmpfs /tmp").output();
    if !trial.is_ok_and(|trial| trial.status.success()) {
        // Not with a macro: the test runner would capture the output.
        let _ =
            writeln!(std::io::stderr(), "NOT TESTED: this system lets nobody mount a disk of his own (unshare -rm)");
        return None;
    }
    Some(run(own_world().arg(script).arg("sh").args(args)))
}

/// Publishes on a small disk, which has room for the old version; then the new one; then, with more room, the new one again.
const FULL_DISK: &str = r#"
    disk=$1 result=$2 pamphlet=$3 old=$4 new=$5 size=$6 way=$7 public=$8
    mount -t tmpfs -o size=64m tmpfs "$disk"
    mkdir -p "$disk/site/public"
    "$pamphlet" -q --root "$old" build $way --now "2026-05-01" -o "$disk/$public"
    used=$(($(df -k --output=used "$disk" | tail -n 1)))
    mount -o remount,size=$((used + size))k "$disk"
    set +e
    "$pamphlet" -q --root "$new" build $way --now "2026-05-01" -o "$disk/$public" 2> "$result/said"
    echo $? > "$result/code"
    set -e
    cp -r "$disk/$public" "$result/after"
    mount -o remount,size=64m "$disk"
    "$pamphlet" -q --root "$new" build $way --now "2026-05-01" -o "$disk/$public"
    cp -r "$disk/$public" "$result/repaired"
    ls -A "$disk/site/.public.pamphlet" > "$result/left"
"#;

// Seen to fail with files copied into place instead of renamed: there was no room for the second copy.
#[test]
fn a_full_disk_is_told_and_harms_nothing() {
    let ground = Ground::new();
    let mut refused = 0;
    // From no room at all to room for everything: each time the disk fills up at another file, including the last ones.
    let parts = [1, 4, 8, 12, 15, 16, 17, 18, 20, 24, 28];
    for (n, (way, part)) in ["", "--in-place"].iter().flat_map(|way| parts.map(|part| (way, part))).enumerate() {
        let result = ground.path(&format!("result-{n}"));
        let disk = ground.path("disk");
        fs::create_dir_all(&result).unwrap();
        fs::create_dir_all(&disk).unwrap();
        let size = (part * 40).to_string();
        let program = PathBuf::from(run::binary());
        let (old, new) = (ground.site(0), ground.site(1));
        let args = [&disk, &result, &program, &old, &new, Path::new(&size), Path::new(way), Path::new("site/public")];
        let Some(ran) = with_mounts(FULL_DISK, &args) else { return };
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        let said = fs::read_to_string(result.join("said")).unwrap();
        if fs::read_to_string(result.join("code")).unwrap().trim() == "0" {
            assert_eq!(differences(&ground.versions[1], &files(&result.join("after"))), [] as [String; 0]);
            continue;
        }
        refused += 1;
        assert_eq!(fs::read_to_string(result.join("code")).unwrap(), "3\n", "{said}");
        assert!(said.contains("the disk is full") && said.contains("make room on the disk"), "{said}");
        assert_eq!(differences(&ground.versions[0], &files(&result.join("after"))), [] as [String; 0]);
        assert_eq!(differences(&ground.versions[1], &files(&result.join("repaired"))), [] as [String; 0]);
        assert_eq!(fs::read_to_string(result.join("left")).unwrap(), "lock\nmanifest\n");
    }
    println!("refused {refused} times");
    assert!(refused >= 4, "the disk was large enough but for {refused} times");
}

/// The largest file that a run may write, in blocks of 512 bytes: like a disk that fills at a certain file, for systems
/// where users cannot mount. Seen to fail when errors of writing a page were ignored.
#[test]
fn a_file_that_the_system_refuses_to_hold_is_told_and_harms_nothing() {
    for way in [&[][..], &["--in-place"]] {
        let ground = Ground::new();
        ground.publish(0, way);
        fs::write(ground.site(1).join("static/large.txt"), vec![b'x'; 200_000]).unwrap();
        let mut limited = Command::new("sh");
        limited.args(["-c", "trap '' XFSZ; ulimit -f 128; exec \"$@\"", "sh"]);
        let command = ground.command(1, way);
        let ran = run(limited.arg(command.get_program()).args(command.get_args()));
        assert_eq!(ran.code, Some(3), "{}", ran.err);
        assert!(
            ran.err.contains("public/large.txt` cannot be written: files here cannot be that large"),
            "{}",
            ran.err
        );
        ground.assert_clean(0);
        fs::remove_file(ground.site(1).join("static/large.txt")).unwrap();
        ground.publish(1, way);
    }
}

/// Publishes where nothing may be written, then where it may again.
const READ_ONLY: &str = r#"
    disk=$1 result=$2 pamphlet=$3 old=$4 new=$5 way=$6
    mount -t tmpfs tmpfs "$disk"
    "$pamphlet" -q --root "$old" build $way --now "2026-05-01" -o "$disk/site/public"
    mount -o remount,ro "$disk"
    set +e
    "$pamphlet" -q --root "$new" build $way --now "2026-05-01" -o "$disk/site/public" 2> "$result/said"
    echo $? > "$result/code"
    set -e
    cp -r "$disk/site/public" "$result/after"
    mount -o remount,rw "$disk"
    "$pamphlet" -q --root "$new" build $way --now "2026-05-01" -o "$disk/site/public"
    cp -r "$disk/site/public" "$result/repaired"
"#;

#[test]
fn a_disk_that_can_only_be_read_is_told_and_harms_nothing() {
    let ground = Ground::new();
    let disk = ground.path("disk");
    fs::create_dir(&disk).unwrap();
    for (n, way) in ["", "--in-place"].iter().enumerate() {
        let result = ground.path(&format!("result-{n}"));
        fs::create_dir(&result).unwrap();
        let program = PathBuf::from(run::binary());
        let args = [&disk, &result, &program, &ground.site(0), &ground.site(1), Path::new(way)];
        let Some(ran) = with_mounts(READ_ONLY, &args) else { return };
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        let said = fs::read_to_string(result.join("said")).unwrap();
        assert_eq!(fs::read_to_string(result.join("code")).unwrap(), "3\n", "{said}");
        assert!(said.contains("the disk is read-only") && said.contains("ask the person who looks after"), "{said}");
        assert_eq!(differences(&ground.versions[0], &files(&result.join("after"))), [] as [String; 0]);
        assert_eq!(differences(&ground.versions[1], &files(&result.join("repaired"))), [] as [String; 0]);
    }
}

/// The command as a user bound by permissions, which the superuser is not; `None` where that is impossible.
fn without_power(ground: &Ground, command: &Command) -> Option<Command> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
    let around = ground.around.path();
    if fs::metadata(around).unwrap().uid() != 0 {
        let mut same = Command::new(command.get_program());
        same.args(command.get_args());
        return Some(same);
    }
    const NOBODY: u32 = 65_534;
    fs::set_permissions(around, fs::Permissions::from_mode(0o755)).unwrap();
    let program = around.join("pamphlet");
    if !program.exists() {
        fs::copy(command.get_program(), &program).unwrap();
    }
    for entry in walkdir::WalkDir::new(around.join("out")) {
        chown(entry.unwrap().path(), Some(NOBODY), Some(NOBODY)).unwrap();
    }
    let mut other = Command::new("setpriv");
    other.args(["--reuid=65534", "--regid=65534", "--clear-groups"]);
    if !other.arg("true").output().is_ok_and(|output| output.status.success()) {
        let _ = writeln!(std::io::stderr(), "NOT TESTED: permissions do not bind the superuser (setpriv)");
        return None;
    }
    let mut other = Command::new("setpriv");
    other.args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(program).args(command.get_args());
    Some(other)
}

// Found that leftovers of a read-only folder stopped all later runs.
#[test]
fn a_folder_without_permission_is_told_and_harms_nothing() {
    use std::os::unix::fs::PermissionsExt;
    let allow = |folder: &Path, mode| fs::set_permissions(folder, fs::Permissions::from_mode(mode)).unwrap();
    // The read-only folders, and whether the site can be published all the same.
    let cases: [(&[&str], bool); 4] = [
        (&["out/public", "out", "out/.public.pamphlet"], false),
        (&["out/.public.pamphlet"], false),
        (&["out/public"], false),
        (&["out/public/files"], true),
    ];
    for (closed, can_go_on) in cases {
        for way in [&[][..], &["--in-place"]] {
            let ground = Ground::new();
            ground.publish(0, way);
            closed.iter().for_each(|folder| allow(&ground.path(folder), 0o555));
            let Some(mut command) = without_power(&ground, &ground.command(1, way)) else { return };
            let ran = run(&mut command);
            let found = files(&ground.public());
            closed
                .iter()
                .filter(|folder| ground.path(folder).exists())
                .for_each(|folder| allow(&ground.path(folder), 0o755));
            if can_go_on && way.is_empty() {
                assert_eq!(ran.code, Some(0), "{closed:?}, {way:?}: {}", ran.err);
            } else {
                assert_eq!(ran.code, Some(3), "{closed:?}, {way:?}: {}", ran.err);
                assert!(ran.err.contains("you have no permission"), "{closed:?}, {way:?}: {}", ran.err);
                assert_eq!(is_out_of_order(&ground.versions[0], &ground.versions[1], &found), [] as [String; 0]);
            }
            // The next run with permission repairs it.
            let mut again = without_power(&ground, &ground.command(1, way)).expect("it was possible before");
            let ran = run(&mut again);
            assert_eq!(ran.code, Some(0), "{closed:?}, {way:?}: {}", ran.err);
            ground.assert_clean(1);
        }
    }
}

/// Each command that writes sources, on a site that it can change.
const WRITING: [&[&str]; 8] = [
    &["new", "report", "A new one"],
    &["move", "content/old.md", "content/further/new.md"],
    &["merge", "content/gone.md", "content/old.md"],
    &["check", "--fix", "--now", "2026-05-14 09:00"],
    &["check", "--accept-existing", "--now", "2026-05-14 09:00"],
    &["addresses", "--accept"],
    &["addresses", "--give-up", "/lost/"],
    &["share", "content/old.md"],
];

/// A site in `out/sources` that each command of [`WRITING`] would change.
fn sources_to_change(ground: &Ground, arguments: &[&str]) -> PathBuf {
    let root = ground.path("out/sources");
    let page = |title: &str, text: &str| format!("+++\ntitle = \"{title}\"\nsummary = \"S.\"\n+++\n\n{text}\n");
    let settings = "title = \"S\"\nbase_url = \"https://example.org/\"\nlanguage = \"en-GB\"\ntimezone = \"Europe/London\"\n\
         theme = \"civic\"\n[organisation]\nname = \"S\"\n[security]\ncontact = \"a@example.org\"\nexpires = 2027-01-01\n";
    let files = [
        ("site.toml", settings.to_owned()),
        ("addresses.txt", "/lost/\n".to_owned()),
        ("known-faults.toml", String::new()),
        ("content/index.md", page("Home", "[Old](old.md) [Gone](gone.md)")),
        ("content/old.md", page("Old", "[Home](index.md)")),
        ("content/gone.md", "+++\ntitle = \"Gone\"\n+++\n".to_owned()),
        ("content/wrong.md", page("Wrong", "[Home](indxe.md)")),
        ("content/people/ann.md", "+++\ntitle = \"Ann\"\nrole = \"R\"\nsummary = \"S.\"\n+++\n".to_owned()),
    ];
    // Addresses are accepted only where nothing is wrong.
    let needs_order = arguments.contains(&"--accept");
    for (path, text) in files {
        let file = root.join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        match path {
            "content/wrong.md" if needs_order => {}
            "addresses.txt" if needs_order => fs::write(file, "").unwrap(),
            _ => fs::write(file, text).unwrap(),
        }
    }
    root
}

/// What is in the site but for what only the program reads.
fn sources_of(root: &Path) -> Tree {
    files(root).into_iter().filter(|(path, _)| !path.starts_with(".pamphlet/")).collect()
}

// Before, `new` and `init` left half of what they wrote where the process was killed, and `init` all files up to the one that failed.
#[test]
fn commands_that_write_sources_write_all_or_nothing() {
    use std::os::unix::fs::PermissionsExt;
    let program = PathBuf::from(run::binary());
    for arguments in WRITING {
        // Undisturbed, it changes something.
        let ground = Ground::new();
        let root = sources_to_change(&ground, arguments);
        let before = sources_of(&root);
        let ran = run(Command::new(&program).args(["--root"]).arg(&root).args(arguments));
        assert_ne!(sources_of(&root), before, "{arguments:?}: {}{}", ran.out, ran.err);

        // No file may hold anything.
        let ground = Ground::new();
        let root = sources_to_change(&ground, arguments);
        let mut limited = Command::new("sh");
        limited.args(["-c", "trap '' XFSZ; ulimit -f 0; exec \"$@\"", "sh"]).arg(&program);
        let ran = run(limited.args(["--root"]).arg(&root).args(arguments));
        assert_eq!(ran.code, Some(3), "{arguments:?}: {}{}", ran.out, ran.err);
        assert_eq!(differences(&before, &sources_of(&root)), [] as [String; 0], "{arguments:?}");

        // Nothing may be written into a folder.
        let ground = Ground::new();
        let root = sources_to_change(&ground, arguments);
        let folders: Vec<PathBuf> = walkdir::WalkDir::new(&root)
            .into_iter()
            .map(|entry| entry.unwrap().into_path())
            .filter(|path| path.is_dir())
            .collect();
        let mut command = Command::new(&program);
        command.args(["--root"]).arg(&root).args(arguments);
        let Some(mut command) = without_power(&ground, &command) else { continue };
        for folder in &folders {
            fs::set_permissions(folder, fs::Permissions::from_mode(0o555)).unwrap();
        }
        let ran = run(&mut command);
        for folder in &folders {
            fs::set_permissions(folder, fs::Permissions::from_mode(0o755)).unwrap();
        }
        assert_eq!(ran.code, Some(3), "{arguments:?}: {}{}", ran.out, ran.err);
        assert_eq!(differences(&before, &sources_of(&root)), [] as [String; 0], "{arguments:?}");
    }
}

#[test]
fn a_new_site_is_there_whole_or_not_at_all() {
    let ground = Ground::new();
    let root = ground.path("out/begun");
    let program = PathBuf::from(run::binary());
    // Some of its files are larger than that, and not the first.
    let mut limited = Command::new("sh");
    limited.args(["-c", "trap '' XFSZ; ulimit -f 2; exec \"$@\"", "sh"]).arg(&program);
    let ran = run(limited.args(["init", "--name", "Us"]).arg(&root));
    assert_eq!(ran.code, Some(3), "{}{}", ran.out, ran.err);
    assert!(!root.exists(), "{:?}", files(&root).keys());
    let ran = run(Command::new(&program).args(["init", "--name", "Us"]).arg(&root));
    assert_eq!(ran.code, Some(0), "{}", ran.err);
}

/// What a killed command leaves is never half a page: its files are written under a name that is passed over.
#[test]
fn names_that_are_passed_over_are_no_target() {
    let ground = Ground::new();
    let targets = [
        (
            "content/old.md",
            &["content/.a.md", "content/~$a.md", "content/.#a.md", "content/.hidden/a.md", "content/x/.hidden/a.md"][..],
        ),
        // There, a name with a dot is published: `.well-known/`.
        ("static/a.txt", &["static/~$a.txt", "static/.#a.txt", "static/a.txt~", "static/a.swp", "static/x/Thumbs.db"]),
    ];
    for (old, name) in targets.iter().flat_map(|(old, names)| names.iter().map(move |name| (old, name))) {
        let root = sources_to_change(&ground, &[]);
        fs::create_dir_all(root.join("static")).unwrap();
        fs::write(root.join("static/a.txt"), "x").unwrap();
        let before = sources_of(&root);
        let ran = run(Command::new(run::binary()).arg("--root").arg(&root).args(["move", old, name]));
        assert_ne!(ran.code, Some(0), "{name}: {}", ran.out);
        assert_eq!(differences(&before, &sources_of(&root)), [] as [String; 0], "{name}");
    }
    // `new` makes a name of plain letters, whatever the title.
    for title in [".a", "~$a", ".#a", "_x", "node_modules", "a.md~", ".DS_Store", "..", "x/../.b"] {
        let root = sources_to_change(&ground, &[]);
        let ran = run(Command::new(run::binary()).args(["--root"]).arg(&root).args(["new", "page", title]));
        if ran.code == Some(0) {
            let name = ran.out.trim().rsplit('/').next().unwrap().to_owned();
            assert!(root.join("content").join(&name).is_file(), "{title}: {}", ran.out);
            assert!(name.starts_with(|c: char| c.is_ascii_alphanumeric()), "{title}: {name}");
        }
        let _ = fs::remove_dir_all(&root);
    }
}
