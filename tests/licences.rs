//! What may be built into Pamphlet, as `deny.toml` says: the licence of each linked crate, and crates that are refused. And what packages
//! must say of the parts that are built in.
//!
//! `cargo deny check` reads the same file and also looks for advisories; those need the network and its database, which
//! tests do without.
#![allow(missing_docs, clippy::disallowed_methods)]

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use spdx::{Expression, ParseMode};

/// Every crate that is linked into the program or runs while it is built, as cargo resolves them.
fn crates() -> Vec<Value> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let asked = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked", "--all-features"])
        .current_dir(root)
        .output()
        .expect("cargo can be started");
    assert!(asked.status.success(), "{}", String::from_utf8_lossy(&asked.stderr));
    let metadata: Value = serde_json::from_slice(&asked.stdout).expect("JSON");
    let nodes = metadata["resolve"]["nodes"].as_array().expect("nodes");
    let node = |id: &str| nodes.iter().find(|node| node["id"] == id).expect("a node of that id");
    let mut linked = BTreeSet::new();
    let mut next = vec![metadata["resolve"]["root"].as_str().expect("a root").to_owned()];
    while let Some(id) = next.pop() {
        if !linked.insert(id.clone()) {
            continue;
        }
        for dependency in node(&id)["deps"].as_array().expect("dependencies") {
            let kinds = dependency["dep_kinds"].as_array().expect("kinds");
            // Crates that only tests need are not linked.
            if kinds.iter().any(|kind| kind["kind"] != "dev") {
                next.push(dependency["pkg"].as_str().expect("an id").to_owned());
            }
        }
    }
    let packages = metadata["packages"].as_array().expect("packages");
    packages.iter().filter(|one| one["id"].as_str().is_some_and(|id| linked.contains(id))).cloned().collect()
}

fn rules() -> toml::Table {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("deny.toml");
    std::fs::read_to_string(file).expect("the rules are there").parse().expect("TOML")
}

#[test]
fn every_crate_has_a_licence_that_is_allowed() {
    let rules = rules();
    let allowed: BTreeSet<String> = rules["licenses"]["allow"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| one.as_str().expect("text").to_owned())
        .collect();
    let mut wrong = Vec::new();
    let crates = crates();
    assert!(crates.len() > 100, "{} crates", crates.len());
    for one in &crates {
        let name = one["name"].as_str().expect("a name");
        let Some(written) = one["license"].as_str() else {
            wrong.push(format!("{name} states no licence"));
            continue;
        };
        let fits = Expression::parse_mode(written, ParseMode::LAX)
            .is_ok_and(|licence| licence.evaluate(|asked| allowed.contains(&asked.to_string())));
        if !fits {
            wrong.push(format!("{name}: `{written}` is not among the allowed licences"));
        }
    }
    assert_eq!(wrong, [] as [String; 0]);
}

#[test]
fn no_crate_is_built_in_that_is_refused() {
    let rules = rules();
    let refused: Vec<&str> = rules["bans"]["deny"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| one["crate"].as_str().expect("a name"))
        .collect();
    let crates = crates();
    let found: Vec<&str> =
        crates.iter().filter_map(|one| one["name"].as_str()).filter(|name| refused.contains(name)).collect();
    assert_eq!(found, [] as [&str; 0]);
    let from_elsewhere: Vec<&str> = crates
        .iter()
        .filter(|one| one["name"] != "pamphlet")
        .filter(|one| !one["source"].as_str().is_some_and(|source| source.starts_with("registry+")))
        .filter_map(|one| one["name"].as_str())
        .collect();
    assert_eq!(from_elsewhere, [] as [&str; 0], "every crate comes from the registry");
}

/// The descriptions of languages by which code is coloured have authors and licences of their own; `packages/notices` names them.
#[test]
fn packages_name_the_authors_of_the_descriptions_of_languages() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("packages/notices/syntaxes.md");
    let now = two_face::acknowledgement::listing().to_md();
    if std::env::var_os("PAMPHLET_UPDATE").is_some() {
        std::fs::write(&file, &now).expect("it can be written");
    }
    let written = std::fs::read_to_string(&file).expect("it is there");
    assert!(
        written == now,
        "packages/notices/syntaxes.md is out of date: PAMPHLET_UPDATE=1 cargo test --test licences"
    );
}
