//! `pamphlet addresses`: which public addresses `addresses.txt` does not list yet, and which listed ones now lead nowhere.
//!
//! The only command that writes that file, and only when told to.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use super::Exit;
use super::args::AddressesArgs;
use super::session::{Session, clock};
use crate::config::Overrides;
use crate::diagnostic::{self, Code, Diagnostic, nearest};
use crate::path::{Address, SitePath};
use crate::pipeline::{self, Made, Prepared};
use crate::publish::is_fine;
use crate::redirects::{Fate, LEDGER, Ledger, addresses_of_sitemap, former};
use crate::relocate;
use crate::routes::{RouteKind, is_permanent};
use crate::site::View;
use crate::source;
use crate::store;

/// Runs the command.
pub(super) fn run(session: &Session, typed: &AddressesArgs) -> Exit {
    let read = match session.read(&Overrides::default()) {
        Ok(read) => read,
        Err(why) => return session.no_site(&why),
    };
    let tree = read.value.tree.clone();
    let Some(sources) = read.value.sources else {
        session.show(&pipeline::finalise(read.faults, &tree, None), &*tree);
        return Exit::Faults;
    };
    let now = pipeline::now(clock(), &sources.config);
    if typed.accept {
        return match pipeline::prepare(&sources, read.faults, now, View::Published, None, &AtomicBool::new(false)) {
            Prepared::Ready(made, _) => accept(session, &made),
            Prepared::Wrong(faults, _) => refuse(session, &faults, &tree),
        };
    }
    let mut faults = read.faults;
    let made = pipeline::make(&sources, now, View::Published);
    faults.extend(made.faults());
    if let Some(file) = &typed.from_sitemap {
        return seed(session, &made, file);
    }
    if !typed.give_up.is_empty() {
        return give_up(session, &made, &typed.give_up);
    }
    let faults = pipeline::finalise(faults, &tree, Some(&sources.config));
    show(session, &made, &faults)
}

/// The addresses that others may rely on, in order.
fn permanent(made: &Made) -> BTreeSet<&Address> {
    let routes = made.routes.all().iter().filter(|route| is_permanent(&made.site, &route.kind));
    routes.map(|route| &route.address).collect()
}

/// Whether something other than a redirect is published at an address.
fn stands(made: &Made, address: &Address) -> bool {
    made.routes.at(address).is_some_and(|route| !matches!(route.kind, RouteKind::Redirect(_)))
}

fn show(session: &Session, made: &Made, faults: &[Diagnostic]) -> Exit {
    let ledger = &made.routes.redirects.ledger;
    let known: BTreeSet<&Address> = ledger.lines.iter().map(|line| &line.address).collect();
    let mut out = String::new();
    let new: Vec<_> = permanent(made).into_iter().filter(|address| !known.contains(address)).collect();
    for address in &new {
        let _ = writeln!(out, "new         {address}");
    }
    let mut lost = 0;
    for line in &ledger.lines {
        let address = &line.address;
        if stands(made, address) {
            continue;
        }
        if let Some(one) = made.routes.redirects.at(address) {
            let _ = writeln!(out, "redirected  {address} → {}", one.url(&made.site));
        } else if line.fate == Fate::Gone {
            let _ = writeln!(out, "gone        {address}");
        } else {
            let is_taken_down = faults.iter().any(|fault| {
                fault.code == Code::AddressTakenDown
                    && fault.span.as_ref().is_some_and(|span| (span.start..span.end) == line.span)
            });
            if is_taken_down {
                let _ = writeln!(out, "taken down  {address}");
            } else {
                lost += 1;
                let _ = writeln!(out, "lost        {address}");
            }
        }
    }
    session.print(&out);
    let faults: Vec<Diagnostic> = faults
        .iter()
        .filter(|fault| [Code::AddressLost, Code::AddressTakenDown, Code::BadAddress].contains(&fault.code))
        .cloned()
        .collect();
    session.show(&faults, &*made.site.tree);
    session.say(&format!(
        "{}{}, {} in {LEDGER}, {} not yet in it.",
        if faults.is_empty() { "" } else { "\n" },
        if lost == 0 { "No address is lost".to_owned() } else { counted(lost, "lost address", "lost addresses") },
        counted(known.len(), "address", "addresses"),
        new.len()
    ));
    if lost == 0 && !new.is_empty() {
        session.say("Once they are published: pamphlet addresses --accept");
    }
    if lost == 0 { Exit::Fine } else { Exit::Faults }
}

fn refuse(session: &Session, faults: &[Diagnostic], tree: &source::Tree) -> Exit {
    session.show(faults, tree);
    session.say(&format!("\n{LEDGER} was left as it is: {}.", diagnostic::summary(faults)));
    Exit::Faults
}

fn accept(session: &Session, made: &Made) -> Exit {
    let ledger = &made.routes.redirects.ledger;
    let known: BTreeMap<&Address, Fate> = ledger.lines.iter().map(|line| (&line.address, line.fate)).collect();
    let new = permanent(made).into_iter().filter(|address| known.get(*address) != Some(&Fate::Kept));
    let changes: BTreeMap<Address, Fate> = new.map(|address| (address.clone(), Fate::Kept)).collect();
    let count = changes.len();
    write(session, made, ledger, &changes, &format!("Added {} to {LEDGER}.", counted(count, "address", "addresses")))
}

/// Writes the file with `changes`, and reports it.
fn write(session: &Session, made: &Made, ledger: &Ledger, changes: &BTreeMap<Address, Fate>, done: &str) -> Exit {
    let tree = &made.site.tree;
    let file = SitePath::new(LEDGER).unwrap_or_else(SitePath::root);
    // Faults that were accepted in other lines stay accepted: nobody has edited these.
    let mut texts = BTreeMap::from([(file, ledger.with(changes))]);
    relocate::known_faults(tree, &|_| false, &|path| Some(path.clone()), &mut texts);
    for (file, text) in &texts {
        if let Err(refusal) = store::replace_file(&tree.root().join(file.as_str()), text) {
            return session.refused(&refusal);
        }
    }
    session.say(done);
    Exit::Fine
}

/// Stops if the file has lines that cannot be read: rewriting it would lose them.
fn unread(session: &Session, made: &Made) -> Option<Exit> {
    let text = made.site.tree.named(LEDGER).and_then(|file| Some((file, file.text()?)))?;
    let faults = Ledger::read(&text.0.path, text.1, &made.site.config.base).faults;
    (!is_fine(&faults)).then(|| refuse(session, &faults, &made.site.tree))
}

fn seed(session: &Session, made: &Made, file: &Path) -> Exit {
    let text = match source::outside(file) {
        Ok(text) => text,
        Err(error) => {
            session.wrong(
                &format!("`{}` cannot be read: {}", file.display(), source::reason(&error)),
                "save the former site's sitemap.xml on this computer and write the path to it",
            );
            return Exit::Usage;
        }
    };
    let found = match addresses_of_sitemap(&text, &made.site.config.base) {
        Ok(found) => found,
        Err(message) => {
            session.wrong(
                &format!("`{}`: {message}", file.display()),
                "save each sitemap that it names, and give them one after the other",
            );
            return Exit::Usage;
        }
    };
    if let Some(exit) = unread(session, made) {
        return exit;
    }
    let ledger = &made.routes.redirects.ledger;
    let known: BTreeSet<&Address> = ledger.lines.iter().map(|line| &line.address).collect();
    let new = found.addresses.into_iter().filter(|address| !known.contains(address));
    let changes: BTreeMap<Address, Fate> = new.map(|address| (address, Fate::Kept)).collect();
    let answered = |address: &&Address| stands(made, address) || made.routes.redirects.at(address).is_some();
    let lost = changes.keys().filter(|address| !answered(address)).count();
    let mut done = format!("Added {} to {LEDGER}", counted(changes.len(), "address", "addresses"));
    let _ = match lost {
        0 => write!(done, "."),
        _ => write!(
            done,
            "; {lost} of them lead nowhere yet: `pamphlet addresses` lists them with the line to add for each."
        ),
    };
    if found.outside > 0 {
        let _ = write!(
            done,
            "\nnote: {} not below {}, where this site will stand; they were left out.",
            if found.outside == 1 { "1 address is".to_owned() } else { format!("{} addresses are", found.outside) },
            made.site.config.base.url("/")
        );
    }
    write(session, made, ledger, &changes, &done)
}

fn give_up(session: &Session, made: &Made, typed: &[String]) -> Exit {
    if let Some(exit) = unread(session, made) {
        return exit;
    }
    let ledger = &made.routes.redirects.ledger;
    let known: BTreeSet<&Address> = ledger.lines.iter().map(|line| &line.address).collect();
    let mut changes = BTreeMap::new();
    for text in typed {
        let address = match former(text, &made.site.config.base) {
            Ok(former) => former.address,
            Err(message) => {
                session.wrong(&message, "write it as in addresses.txt");
                return Exit::Usage;
            }
        };
        let refusal = if stands(made, &address) {
            Some((format!("`{address}` is public, so it cannot be given up"), "take the page away first".to_owned()))
        } else if let Some(one) = made.routes.redirects.at(&address) {
            let place = &one.span.file;
            Some((
                format!("`{address}` leads to {}, so nothing is lost", one.url(&made.site)),
                format!("{place} says so"),
            ))
        } else if !known.contains(&address) {
            let near = nearest(address.as_str(), known.iter().map(|address| address.as_str()));
            let help = near
                .map_or_else(|| "write it as it is listed there".to_owned(), |near| format!("did you mean `{near}`?"));
            Some((format!("`{address}` is not in {LEDGER}"), help))
        } else {
            None
        };
        if let Some((message, help)) = refusal {
            session.wrong(&message, &help);
            return Exit::Usage;
        }
        changes.insert(address, Fate::Gone);
    }
    let done = match changes.keys().next() {
        Some(only) if changes.len() == 1 => {
            format!("Given up: {only}. Hosts that can will answer that it is gone for good.")
        }
        _ => format!("Given up: {} addresses. Hosts that can will answer that they are gone for good.", changes.len()),
    };
    write(session, made, ledger, &changes, &done)
}

fn counted(number: usize, one: &str, many: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {many}") }
}
