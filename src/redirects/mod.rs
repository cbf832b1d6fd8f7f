//! Former addresses from every source → one checked table: which address leads where, and the place that says so.
//!
//! 1. `former`: the one form in which addresses are compared; `pattern`: addresses with parts in braces;
//! 2. `written`: `aliases` of entries, `[[moved]]` in `site.toml`; `table`: `redirects.csv`;
//! 3. here: the table, sorted by address, without redirects that collide, lead nowhere or go in a circle;
//! 4. `limits`: what hosts do not accept;
//! 5. `ledger`: `addresses.txt`; `lost`: the addresses in it that nothing answers any more; `sitemap`: those of a former site.
//!
//! Redirects written one by one come before patterns. A redirect leads to its final target in one step. Hidden entries have
//! no former addresses. Not here: the routes themselves, and the hosts' notations (`render`).

mod former;
mod ledger;
mod limits;
mod lost;
mod pattern;
mod sitemap;
mod table;
mod written;

use std::collections::BTreeMap;

pub(crate) use former::{decoded, former, href};
pub(crate) use ledger::{Fate, Ledger, PLACE as LEDGER};
pub(crate) use limits::netlify_query;
pub(crate) use lost::{cell, lost};
pub(crate) use pattern::Pattern;
pub(crate) use sitemap::addresses_of_sitemap;
pub(crate) use table::{TABLE, line, pairs};

use crate::config::Host;
use crate::diagnostic::{Code, Diagnostic, Found, Span};
use crate::path::Address;
use crate::site::{Ix, Site};
use former::Ending;

/// One former address.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Redirect {
    /// In its comparable form.
    pub(crate) from: Address,
    /// How it was written.
    ending: Ending,
    pub(crate) to: To,
    pub(crate) by: By,
    /// Where the former address is written.
    pub(crate) span: Span,
    /// Where its target is written.
    pub(crate) target: Span,
}

/// Where a former address leads.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum To {
    /// An address of this site, possibly with a query or an anchor.
    Here(Address),
    /// A full address elsewhere.
    Elsewhere(String),
}

/// What states a redirect.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum By {
    /// `aliases` of this entry.
    Alias(Ix),
    /// A line of `redirects.csv`.
    Table,
    /// The pattern with this number.
    Pattern(usize),
}

/// A pattern of `[[moved]]`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct MovedPattern {
    pub(crate) from: Pattern,
    pub(crate) to: Pattern,
    span: Span,
    /// Whether a host may be given the pattern itself: it must not match any address still in use.
    pub(crate) is_free: bool,
}

/// Every former address of a site.
#[derive(Clone, Debug, Default)]
pub(crate) struct Redirects {
    all: Vec<Redirect>,
    pub(crate) patterns: Vec<MovedPattern>,
    /// Addresses that were given up.
    pub(crate) gone: Vec<Address>,
    pub(crate) ledger: Ledger,
}

impl Redirect {
    /// The former address as written, with or without the final slash of a page.
    pub(crate) fn as_written(&self) -> &str {
        match self.ending {
            Ending::AsItIs => self.from.as_str(),
            Ending::WithoutSlash => self.from.as_str().trim_end_matches('/'),
        }
    }

    /// Whether it is a page's address, so that a page can answer there.
    pub(crate) fn is_page(&self) -> bool {
        is_page(&self.from)
    }

    /// Where it leads, as a link on the site.
    pub(crate) fn href(&self, site: &Site) -> String {
        match &self.to {
            To::Here(address) => href(&site.config.base, address.as_str()),
            To::Elsewhere(url) => url.clone(),
        }
    }

    /// Where it leads, in full.
    pub(crate) fn url(&self, site: &Site) -> String {
        match &self.to {
            To::Here(address) => format!("{}{}", site.config.base.origin, href(&site.config.base, address.as_str())),
            To::Elsewhere(url) => url.clone(),
        }
    }
}

/// Whether a page can be at an address: not if it has a query, or the extension of another kind of file.
fn is_page(address: &Address) -> bool {
    let name = address.as_str().rsplit('/').next().unwrap_or("");
    !address.as_str().contains('?') && (name.is_empty() || name.ends_with(".html") || name.ends_with(".htm"))
}

impl MovedPattern {
    /// Whether a host is given the pattern itself.
    pub(crate) fn is_for(&self, host: Host) -> bool {
        // Netlify and Cloudflare know only whole parts of an address, between slashes.
        self.is_free && (host != Host::Netlify || self.from.is_of_whole_parts() && self.to.is_of_whole_parts())
    }
}

impl Redirects {
    /// The table of `site`, whose own addresses are `standing`, in order.
    pub(crate) fn new(site: &Site, standing: &[&Address]) -> Found<Self> {
        let mut faults = Vec::new();
        let ledger = ledger_of(site).into_value(&mut faults);
        let mut all = written::aliases(site, &mut faults);
        table::table(site, &mut all, &mut faults);
        let patterns = written::patterns(site, &mut faults);
        let mut table = Self { all: Vec::new(), patterns, gone: Vec::new(), ledger };
        let stands = |address: &Address| standing.binary_search(&address).is_ok();
        table.all = without_collisions(all, site, &stands, &mut faults);
        table.expand(standing, &mut faults);
        table.settle_targets(site, &stands, &mut faults);
        let given_up = table.ledger.lines.iter().filter(|line| line.fate == Fate::Gone).map(|line| &line.address);
        table.gone = given_up.filter(|address| !stands(address) && table.at(address).is_none()).cloned().collect();
        table.gone.sort();
        table.gone.dedup();
        limits::check(site, &table, &mut faults);
        Found::new(table, faults)
    }

    /// All redirects in order of former address.
    pub(crate) fn all(&self) -> &[Redirect] {
        &self.all
    }

    /// Whether a host needs no rules.
    pub(crate) fn is_empty(&self) -> bool {
        self.all.is_empty() && self.gone.is_empty() && self.patterns.iter().all(|pattern| !pattern.is_free)
    }

    /// Where the former address `address`, in its comparable form, leads.
    pub(crate) fn at(&self, address: &Address) -> Option<&Redirect> {
        self.all.get(self.number(address)?)
    }

    /// Whether a host is given this line rather than the pattern it comes from.
    pub(crate) fn is_single(&self, one: &Redirect, host: Host) -> bool {
        !matches!(one.by, By::Pattern(number) if self.patterns.get(number).is_some_and(|pattern| pattern.is_for(host)))
    }

    fn number(&self, address: &Address) -> Option<usize> {
        self.all.binary_search_by(|one| one.from.cmp(address)).ok()
    }

    /// Writes out the patterns' former addresses, one line each.
    fn expand(&mut self, standing: &[&Address], faults: &mut Vec<Diagnostic>) {
        if self.patterns.is_empty() {
            return;
        }
        let mut found: BTreeMap<Address, Redirect> = BTreeMap::new();
        for (number, pattern) in self.patterns.iter_mut().enumerate() {
            let mut taken: Option<(Address, &Address)> = None;
            pattern.is_free = standing.iter().all(|address| pattern.from.parts(address.as_str()).is_none());
            for to in standing {
                let Some(parts) = pattern.to.parts(to.as_str()) else { continue };
                let from = pattern.from.filled(pattern.to.names(), &parts);
                let ending = if from.page() == from { Ending::AsItIs } else { Ending::WithoutSlash };
                let from = if from.as_str().contains('?') { from } else { from.page() };
                if self.all.binary_search_by(|one| one.from.cmp(&from)).is_ok() {
                    continue;
                }
                if standing.binary_search(&&from).is_ok() || found.contains_key(&from) {
                    taken.get_or_insert((from, to));
                    continue;
                }
                let (to, span) = (To::Here((*to).clone()), pattern.span.clone());
                let target = span.clone();
                found.insert(from.clone(), Redirect { from, ending, to, by: By::Pattern(number), span, target });
            }
            if let Some((from, to)) = taken {
                faults.push(
                    Diagnostic::new(
                        Code::AddressTaken,
                        format!("this pattern would lead from `{from}` to `{to}`, but `{from}` is already taken"),
                    )
                    .span(pattern.span.clone())
                    .help(format!("write the addresses that have moved into redirects.csv in place of the pattern, or make it so narrow that `{from}` does not fit")),
                );
            }
        }
        self.all.extend(found.into_values());
        self.all.sort_by(|a, b| a.from.cmp(&b.from));
    }

    /// Resolves every target to an existing address; reports and removes redirects that lead to none.
    fn settle_targets(&mut self, site: &Site, stands: &dyn Fn(&Address) -> bool, faults: &mut Vec<Diagnostic>) {
        let mut ends: Vec<Option<Address>> = Vec::new();
        let mut wrong: Vec<usize> = Vec::new();
        for (number, one) in self.all.iter().enumerate() {
            // Only what was written by hand can be wrong.
            let To::Here(to) = &one.to else { continue };
            if one.by != By::Table {
                continue;
            }
            match self.end(to, stands) {
                End::Here(same) if same == *to => {}
                End::Here(page) => {
                    ends.resize(number, None);
                    ends.push(Some(page));
                }
                other => {
                    faults.push(self.wrong_target(site, one, to, other));
                    wrong.push(number);
                }
            }
        }
        for (one, end) in self.all.iter_mut().zip(ends) {
            if let Some(end) = end {
                one.to = To::Here(end);
            }
        }
        let mut number = 0;
        self.all.retain(|_| {
            number += 1;
            wrong.binary_search(&(number - 1)).is_err()
        });
    }

    /// Where `to` finally leads.
    fn end(&self, to: &Address, stands: &dyn Fn(&Address) -> bool) -> End {
        if let Some(page) = standing_form(to, stands) {
            return End::Here(page);
        }
        let mut at = to.clone();
        // A chain longer than the table goes in a circle.
        for steps in 0..=self.all.len() {
            let key = if at.as_str().contains('?') { at.clone() } else { Address::new(at.path()).page() };
            match self.at(&key).map(|next| &next.to) {
                None if steps == 0 => return End::Nowhere,
                None => return End::ChainToNowhere,
                Some(To::Elsewhere(url)) => return End::Chain(url.clone()),
                Some(To::Here(next)) => match standing_form(next, stands) {
                    Some(page) => return End::Chain(page.to_string()),
                    None if key == *next || next == to => return End::Circle,
                    None => at = next.clone(),
                },
            }
            if steps > 64 {
                break;
            }
        }
        End::Circle
    }

    fn wrong_target(&self, site: &Site, one: &Redirect, to: &Address, end: End) -> Diagnostic {
        let fault = |code, message: String| Diagnostic::new(code, message).span(one.target.clone());
        match end {
            End::Circle => fault(
                Code::RedirectLoop,
                format!("`{}` leads to `{to}`, which leads back: readers would go in a circle", one.from),
            )
            .help("write the address of the page that readers should see"),
            End::Chain(last) => {
                fault(Code::RedirectChain, format!("`{to}` is itself a former address, which leads on to `{last}`"))
                    .help(format!("write `{last}`, so that readers get there in one step"))
                    .meant_for(site.source_text(&one.target.file), to.as_str(), &last)
            }
            End::ChainToNowhere | End::Nowhere | End::Here(_) => nowhere(site, fault, to),
        }
    }
}

/// What is at the end of a redirect.
enum End {
    Here(Address),
    /// Another redirect, which leads on to this.
    Chain(String),
    ChainToNowhere,
    Circle,
    Nowhere,
}

/// `to` if something is there, adding the final slash of a page if only that is missing.
fn standing_form(to: &Address, stands: &dyn Fn(&Address) -> bool) -> Option<Address> {
    let path = Address::new(to.path());
    if stands(&path) {
        return Some(to.clone());
    }
    let page = path.page();
    stands(&page).then(|| Address::new(page.as_str()).followed_by(&to.as_str()[to.path().len()..]))
}

fn nowhere(site: &Site, fault: impl Fn(Code, String) -> Diagnostic, to: &Address) -> Diagnostic {
    let page = Address::new(to.path()).page();
    match site.hidden_entry_at(&page) {
        Some(ix) => fault(Code::RedirectTarget, format!("`{to}` leads to {}, which is not public", site.named(ix)))
            .help("until that page is public this line is left out; if it is gone for good, write the address of another one")
            .lowered(),
        None => fault(Code::RedirectTarget, format!("there is no page or file at `{to}`"))
            .help("write an address of this site such as `/publications/`, or a full one that begins with https://"),
    }
}

/// `addresses.txt`, if there is one.
fn ledger_of(site: &Site) -> Found<Ledger> {
    match site.tree.named(LEDGER).and_then(|file| Some((file, file.text()?))) {
        Some((file, text)) => Ledger::read(&file.path, text, &site.config.base),
        None => Found::clean(Ledger::default()),
    }
}

/// The redirects in order, without those whose address is in use or already leads elsewhere.
fn without_collisions(
    mut all: Vec<Redirect>,
    site: &Site,
    stands: &dyn Fn(&Address) -> bool,
    faults: &mut Vec<Diagnostic>,
) -> Vec<Redirect> {
    all.retain(|one| {
        let is_free = !stands(&one.from);
        if !is_free {
            faults.push(in_use(site, one));
        }
        is_free
    });
    // A stable sort: what was written first stays first.
    all.sort_by(|a, b| a.from.cmp(&b.from));
    let mut kept: Vec<Redirect> = Vec::with_capacity(all.len());
    for one in all {
        match kept.last().filter(|first| first.from == one.from) {
            None => kept.push(one),
            Some(first) if first.to == one.to => {}
            Some(first) => faults.push(
                Diagnostic::new(
                    Code::AddressTaken,
                    format!("the former address `{}` already leads somewhere else", one.from),
                )
                .span(one.span)
                .label(first.span.clone(), "it is here first")
                .help("an address leads to one page: remove it from one of the two places"),
            ),
        }
    }
    kept
}

fn in_use(site: &Site, one: &Redirect) -> Diagnostic {
    let own = matches!(one.by, By::Alias(ix) if site.address(ix) == Some(&one.from));
    let (message, help) = if own {
        (format!("`{}` is this page's own address, not a former one", one.from), "remove it from `aliases`")
    } else {
        let help = "remove the former address, or give the page there another address with `slug`";
        (format!("`{}` is in use by a page or file of the site", one.from), help)
    };
    Diagnostic::new(Code::AddressTaken, message).span(one.span.clone()).help(help)
}
