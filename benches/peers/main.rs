//! Pamphlet beside its peers: `cargo bench --bench peers [-- COUNT …] [--alone]`.
//!
//! For each count of publications (100, 1,000, 10,000 and 50,000 unless others are named) the same texts are built by
//! Pamphlet with templates as plain as the peer's, by Pamphlet with its own theme, by Hugo, and by a bare program that
//! does only what cannot be left out (the floor). Runs are interleaved; medians are printed as tables for the manual,
//! `docs/content/speed.md`, which says what is compared and what is not. Hugo comes from the Python package `hugo`; without
//! Python, or with `--alone`, the tables do without it.
//!
//! `--before PROGRAM` takes another Pamphlet in place of Hugo, say that of the commit before a change.
//!
//! Then: how long a build of one page takes, and with servers that watch, how long until an edit can be seen; and what
//! the search and the images of links cost. `--start`, `--edits`, `--builds` and `--extras` do that part only.
//!
//! `--write FOLDER COUNT` only writes the sites, to look at them or to profile.
//!
//! Everything lies below `target/peers/`, and in `/dev/shm` where that is there; outputs are deleted at the end.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, clippy::disallowed_types, missing_docs)]

mod contenders;
mod designs;
mod edits;
mod floor;
mod measure;
mod sites;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use contenders::{Peer, Program};
use edits::{Edit, Server};
use measure::{Contender, Figures, Outputs, compare};
use sites::Kind;

/// How many edits of each kind are counted.
const EDITS: usize = 20;

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
    let before = args.iter().position(|arg| arg == "--before").map(|at| Path::new(&args[at + 1]));
    let counts: Vec<usize> = args.iter().filter_map(|arg| arg.parse().ok()).collect();
    let counts = if counts.is_empty() { vec![100, 1_000, 10_000, 50_000] } else { counts };
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap().join("peers");
    fs::create_dir_all(&home).unwrap();
    let is_alone = args.iter().any(|arg| arg == "--alone");
    let peer = match before {
        Some(program) => Some(Peer::before(program)),
        None if is_alone => None,
        None => Peer::hugo(&home),
    };
    match &peer {
        Some(peer) => println!("{}, {} cores\n", peer.version(), cores()),
        None => println!("Pamphlet alone, {} cores\n", cores()),
    }
    if wanted(&args, "--start") {
        starts(&home, peer.as_ref());
    }
    if wanted(&args, "--edits") {
        let counts: Vec<usize> = counts.iter().copied().filter(|count| (1_000..=10_000).contains(count)).collect();
        edits(&home, peer.as_ref(), &counts);
    }
    if wanted(&args, "--builds") {
        full_builds(&home, peer.as_ref(), &counts);
    }
    if wanted(&args, "--extras") {
        let counts: Vec<usize> = counts.iter().copied().filter(|count| (1_000..=10_000).contains(count)).collect();
        extras(&home, &counts);
    }
}

/// Whether a part is asked for: all are, unless some are named.
fn wanted(args: &[String], part: &str) -> bool {
    let is_part = |arg: &str| matches!(arg, "--start" | "--edits" | "--builds" | "--extras");
    args.iter().any(|arg| arg == part) || !args.iter().any(|arg| is_part(arg))
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

/// A site of one page: what a program does whatever the site.
fn starts(home: &Path, peer: Option<&Peer>) {
    let folder = scratch(home);
    let site = |name: &str, kind: Kind| -> PathBuf {
        let site = folder.path().join(name);
        sites::generate_page(&site, kind);
        site
    };
    let mut contenders = vec![
        Contender { name: "Pamphlet, plain theme", program: Program::Pamphlet, site: site("plain", Kind::Plain) },
        Contender { name: "Pamphlet, theme `civic`", program: Program::Pamphlet, site: site("civic", Kind::Civic) },
    ];
    if let Some(peer) = peer {
        contenders.push(peer.with(site("peer", peer.kind)));
    }
    let of_peer = of(peer);
    println!("| one page, output | program | time | {of_peer} | peak memory |\n|---|---|---|---|---|");
    let memory = memory_folder();
    let places = memory.iter().map(|memory| ("memory", memory.path())).chain([("disk", folder.path())]);
    for (place, output) in places {
        let figures = compare(&contenders, &output.join("out"), Outputs::Kept, 20);
        let peer = peer.and(figures.last()).map(Figures::median);
        for (one, figures) in contenders.iter().zip(&figures) {
            let ratio = peer.map_or_else(|| "–".to_owned(), |peer| times(figures.median() / peer));
            let (time, memory) = (figures.median() * 1_000.0, figures.memory / 1024);
            println!("| {place} | {} | {time:.1} ms | {ratio} | {memory} MiB |", one.name);
        }
    }
    println!();
}

/// How long until an edit is seen.
fn edits(home: &Path, peer: Option<&Peer>, counts: &[usize]) {
    let name = peer.map_or("–", |peer| peer.name);
    println!("| publications | edited | Pamphlet | {name} | {} |\n|---|---|---|---|---|", of(peer));
    let mut ready = Vec::new();
    for count in counts {
        let folder = scratch(home);
        let mut servers = Vec::new();
        let own = ("plain", Kind::Plain, &Program::Pamphlet);
        for (name, kind, program) in [own].into_iter().chain(peer.map(|peer| ("peer", peer.kind, &peer.program))) {
            let site = folder.path().join(name);
            sites::generate(&site, kind, *count);
            servers.push(Server::start(program, &site, kind));
        }
        for edit in Edit::ALL {
            let mut seen: Vec<Vec<f64>> = vec![Vec::new(); servers.len()];
            // The first edit is not counted.
            for run in 0..=EDITS {
                for ((server, _), seen) in servers.iter_mut().zip(&mut seen) {
                    let time = server.edit(edit);
                    if run > 0 {
                        seen.push(time.as_secs_f64());
                    }
                    // What it does after the page has been seen shall not weigh on the next one.
                    std::thread::sleep(Duration::from_millis(500) + Duration::from_micros(100) * *count as u32);
                }
            }
            seen.iter_mut().for_each(|seen| seen.sort_by(f64::total_cmp));
            let own = seen[0][EDITS / 2];
            let peer = seen.get(1).map(|seen| seen[EDITS / 2]);
            let told = peer.map_or_else(|| "–".to_owned(), |peer| format!("{:.0} ms", peer * 1_000.0));
            let ratio = peer.map_or_else(|| "–".to_owned(), |peer| times(own / peer));
            println!("| {count} | {} | {:.1} ms | {told} | {ratio} |", edit.name(), own * 1_000.0);
        }
        for ((server, time), name) in servers.iter().zip(["Pamphlet", name]) {
            ready.push(format!("| {count} | {name} | {:.2} s | {} MiB |", time.as_secs_f64(), server.memory()));
        }
    }
    println!("\n| publications | server | first page after | memory after the edits |\n|---|---|---|---|");
    println!("{}\n", ready.join("\n"));
}

fn full_builds(home: &Path, peer: Option<&Peer>, counts: &[usize]) {
    let of_peer = of(peer);
    println!("| publications | output | program | time | {of_peer} | of the floor | peak memory | {of_peer} |");
    println!("|---|---|---|---|---|---|---|---|");
    for count in counts {
        let folder = scratch(home);
        let runs = if *count > 10_000 { 3 } else { 5 };
        let contenders = contenders_of(folder.path(), peer, *count);
        if let Some(memory) = memory_folder() {
            print(*count, "memory", &contenders, &compare(&contenders, memory.path(), Outputs::Deleted, runs));
        }
        print(*count, "disk", &contenders, &compare(&contenders, &folder.path().join("out"), Outputs::Kept, runs));
        let over = compare(&contenders, &folder.path().join("again"), Outputs::Again, runs);
        print(*count, "over an existing one", &contenders, &over);
    }
}

/// What the search and the images of links cost, when nothing was kept, and when all was.
fn extras(home: &Path, counts: &[usize]) {
    println!("| publications | theme `civic` | time | more than without | peak memory | again, over it |");
    println!("|---|---|---|---|---|---|");
    for count in counts {
        let folder = scratch(home);
        let kinds = [("without either", Kind::Civic), ("search", Kind::Searched), ("images of links", Kind::Drawn)];
        let contenders = kinds.map(|(name, kind)| {
            let site = folder.path().join(name);
            sites::generate(&site, kind, *count);
            Contender { name, program: Program::Pamphlet, site }
        });
        let fresh = compare(&contenders, &folder.path().join("out"), Outputs::Kept, 3);
        let again = compare(&contenders, &folder.path().join("again"), Outputs::Again, 3);
        for ((one, fresh_of), again) in contenders.iter().zip(&fresh).zip(&again) {
            let (time, more) = (fresh_of.median(), fresh_of.median() - fresh[0].median());
            let (memory, again) = (fresh_of.memory / 1024, again.median());
            println!("| {count} | {} | {time:.2} s | {more:.2} s | {memory} MiB | {again:.2} s |", one.name);
        }
    }
    println!();
}

/// The sites of `count` publications, and who builds them.
fn contenders_of(folder: &Path, peer: Option<&Peer>, count: usize) -> Vec<Contender> {
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
    if let Some(peer) = peer {
        all.push(peer.with(site("peer", peer.kind)));
    }
    all.push(Contender { name: "the floor", program: Program::Floor(plan), site: plain });
    let site = site("civic", Kind::Civic);
    all.push(Contender { name: "Pamphlet, theme `civic`", program: Program::Pamphlet, site });
    all
}

fn print(count: usize, output: &str, contenders: &[Contender], figures: &[Figures]) {
    let of = |name: &str| contenders.iter().position(|one| one.name == name).map(|nth| &figures[nth]);
    let peer = of("Hugo").or_else(|| of("before"));
    let ratio = |part: f64, whole: Option<f64>| whole.map_or_else(|| "–".to_owned(), |whole| times(part / whole));
    for (one, own) in contenders.iter().zip(figures) {
        println!(
            "| {count} | {output} | {} | {:.3} s | {} | {} | {} MiB | {} |",
            one.name,
            own.median(),
            ratio(own.median(), peer.map(Figures::median)),
            ratio(own.median(), of("the floor").map(Figures::median)),
            own.memory / 1024,
            ratio(own.memory as f64, peer.map(|peer| peer.memory as f64)),
        );
    }
}

/// The head of a column that compares with `peer`.
fn of(peer: Option<&Peer>) -> &'static str {
    peer.map_or("–", |peer| if peer.kind == Kind::Hugo { "of Hugo's" } else { "of before" })
}

/// A ratio: `1/8.2` or `1.4 ×`.
fn times(ratio: f64) -> String {
    if ratio < 0.95 { format!("1/{:.1}", 1.0 / ratio) } else { format!("{ratio:.2} ×") }
}
