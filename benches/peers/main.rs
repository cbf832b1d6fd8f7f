//! Pamphlet beside its peers: `cargo bench --bench peers [-- COUNT …] [--alone]`.
//!
//! For each count of publications (100, 1,000, 10,000 and 50,000 unless others are named) the same texts are built by
//! Pamphlet with templates as plain as the peer's, by Pamphlet with its own theme, by Hugo, and by a bare program that
//! does only what cannot be left out (the floor). Runs are interleaved; medians are printed as tables for the manual,
//! `docs/speed.md`, which says what is compared and what is not. Hugo comes from the Python package `hugo`; without
//! Python, or with `--alone`, the tables do without it.
//!
//! `--write FOLDER COUNT` only writes the sites, to look at them or to profile.
//!
//! Everything lies below `target/peers/`, and in `/dev/shm` where that is there; outputs are deleted at the end.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, clippy::disallowed_types, missing_docs)]

mod contenders;
mod designs;
mod floor;
mod measure;
mod sites;

use std::fs;
use std::path::{Path, PathBuf};

use contenders::Program;
use measure::{Contender, Figures, Outputs, compare};
use sites::Kind;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if let [flag, plan, site, output] = args.as_slice()
        && flag == "--floor"
    {
        floor::run(Path::new(plan), Path::new(site), Path::new(output)).unwrap();
        return;
    }
    if let [flag, folder, count] = args.as_slice()
        && flag == "--write"
    {
        for (name, kind) in [("plain", Kind::Plain), ("civic", Kind::Civic), ("hugo", Kind::Hugo)] {
            sites::generate(&Path::new(folder).join(name), kind, count.parse().unwrap());
        }
        return;
    }
    let counts: Vec<usize> = args.iter().filter_map(|arg| arg.parse().ok()).collect();
    let counts = if counts.is_empty() { vec![100, 1_000, 10_000, 50_000] } else { counts };
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap().join("peers");
    fs::create_dir_all(&home).unwrap();
    let hugo = if args.iter().any(|arg| arg == "--alone") { None } else { contenders::hugo(&home) };
    match &hugo {
        Some(binary) => println!("Hugo {}, {} cores\n", contenders::version(binary), cores()),
        None => println!("Hugo is not there, {} cores\n", cores()),
    }
    full_builds(&home, hugo.as_deref(), &counts);
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Folders for sites and outputs, which are gone when it goes.
fn scratch(home: &Path) -> tempfile::TempDir {
    tempfile::Builder::new().prefix("run-").tempdir_in(home).unwrap()
}

/// A memory file system, if the machine has one.
fn memory_folder() -> Option<tempfile::TempDir> {
    tempfile::Builder::new().prefix("pamphlet-peers-").tempdir_in("/dev/shm").ok()
}

fn full_builds(home: &Path, hugo: Option<&Path>, counts: &[usize]) {
    println!("| publications | output | program | time | of Hugo's | of the floor | peak memory | of Hugo's |");
    println!("|---|---|---|---|---|---|---|---|");
    for count in counts {
        let folder = scratch(home);
        let runs = if *count > 10_000 { 3 } else { 5 };
        let contenders = contenders_of(folder.path(), hugo, *count);
        if let Some(memory) = memory_folder() {
            print(*count, "memory", &contenders, &compare(&contenders, memory.path(), Outputs::Deleted, runs));
        }
        print(*count, "disk", &contenders, &compare(&contenders, &folder.path().join("out"), Outputs::Kept, runs));
        let over = compare(&contenders, &folder.path().join("again"), Outputs::Again, runs);
        print(*count, "over an existing one", &contenders, &over);
    }
}

/// The sites of `count` publications, and who builds them.
fn contenders_of(folder: &Path, hugo: Option<&Path>, count: usize) -> Vec<Contender> {
    let site = |name: &str, kind: Kind| -> PathBuf {
        let site = folder.join(name);
        sites::generate(&site, kind, count);
        site
    };
    let plain = site("plain", Kind::Plain);
    // What the floor writes is known from a build.
    let (plan, output) = (folder.join("plan"), folder.join("planned"));
    assert!(Program::Pamphlet.build(&plain, &output).status().unwrap().success());
    floor::plan(&plain, &output, &plan);
    let mut all = vec![Contender { name: "Pamphlet", program: Program::Pamphlet, site: plain.clone() }];
    if let Some(binary) = hugo {
        let site = site("hugo", Kind::Hugo);
        all.push(Contender { name: "Hugo", program: Program::Hugo(binary.to_owned()), site });
    }
    all.push(Contender { name: "the floor", program: Program::Floor(plan), site: plain });
    let site = site("civic", Kind::Civic);
    all.push(Contender { name: "Pamphlet, theme `civic`", program: Program::Pamphlet, site });
    all
}

fn print(count: usize, output: &str, contenders: &[Contender], figures: &[Figures]) {
    let of = |name: &str| contenders.iter().position(|one| one.name == name).map(|nth| &figures[nth]);
    let ratio = |part: f64, whole: Option<f64>| whole.map_or_else(|| "–".to_owned(), |whole| times(part / whole));
    for (one, own) in contenders.iter().zip(figures) {
        println!(
            "| {count} | {output} | {} | {:.3} s | {} | {} | {} MiB | {} |",
            one.name,
            own.median(),
            ratio(own.median(), of("Hugo").map(Figures::median)),
            ratio(own.median(), of("the floor").map(Figures::median)),
            own.memory / 1024,
            ratio(own.memory as f64, of("Hugo").map(|hugo| hugo.memory as f64)),
        );
    }
}

/// A ratio: `1/8.2` or `1.4 ×`.
fn times(ratio: f64) -> String {
    if ratio < 0.95 { format!("1/{:.1}", 1.0 / ratio) } else { format!("{ratio:.2} ×") }
}
