//! The colours of a site and the pairs that must be readable → one fault for each colour that is not, with shades that are.
//!
//! Contrast is as WCAG 2.2 defines it (success criteria 1.4.3 and 1.4.11), in the light and in the dark scheme. The shades that
//! all faults propose hold together: who follows all of them has no fault left.
//!
//! Not here: how colours and pairs are declared (`tokens`).

use std::fmt::Write as _;

use super::contrast::{self, Rgb, nearest_readable, ratio, ratio_of};
use super::tokens::Colour;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::index::Index;

/// The colour schemes of a theme.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Scheme {
    Light,
    Dark,
}

impl Scheme {
    const ALL: [Self; 2] = [Self::Light, Self::Dark];

    fn key(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// Two colours that must be readable on each other.
pub(super) struct Pair {
    pub(super) one: String,
    pub(super) other: String,
    /// The least contrast.
    pub(super) needed: f64,
}

impl Pair {
    /// The other one of the two.
    fn beside(&self, name: &str) -> Option<&str> {
        match name {
            _ if name == self.one => Some(&self.other),
            _ if name == self.other => Some(&self.one),
            _ => None,
        }
    }
}

/// A pair that cannot be read in a scheme, and the colour to change.
struct Failing<'a> {
    name: &'a str,
    at: &'a Span,
    beside: &'a str,
    scheme: Scheme,
    found: f64,
    needed: f64,
}

/// The colours of one scheme.
type Shades<'a> = Index<&'a str, Rgb>;

/// One fault for each colour that cannot be read where it must be.
pub(super) fn unreadable(colours: &Index<String, Colour>, pairs: &[Pair]) -> Vec<Diagnostic> {
    let failing: Vec<Failing<'_>> = pairs
        .iter()
        .flat_map(|pair| Scheme::ALL.into_iter().filter_map(|scheme| failing(colours, pair, scheme)))
        .collect();
    let mended = mended(colours, &failing, pairs);
    let mut faults = Vec::new();
    for name in colours.keys() {
        // A site may state one scheme of a colour and the theme the other.
        let mut places: Vec<&Span> = failing.iter().filter(|one| one.name == name).map(|one| one.at).collect();
        places.dedup_by_key(|span| &span.file);
        for place in places {
            let of_place: Vec<&Failing<'_>> =
                failing.iter().filter(|one| one.name == name && one.at.file == place.file).collect();
            faults.push(fault(&colours[name], &of_place, pairs, &mended));
        }
    }
    faults
}

/// The colours with better shades of those that fail; one that has none in a scheme is missing there.
fn mended<'a>(
    colours: &'a Index<String, Colour>,
    failing: &[Failing<'a>],
    pairs: &'a [Pair],
) -> [Index<&'a str, Option<Rgb>>; 2] {
    Scheme::ALL.map(|scheme| {
        let stated: Shades<'_> =
            colours.iter().map(|(name, colour)| (name.as_str(), colour.in_scheme(scheme).0)).collect();
        let is_wrong = |name: &str| failing.iter().any(|one| one.name == name && one.scheme == scheme);
        let wrong: Vec<&str> = colours.keys().map(String::as_str).filter(|name| is_wrong(name)).collect();
        // Each beside all others as they are changes least. Where that leads nowhere, each is only to fit what is right and what has
        // found its shade before.
        let backwards: Vec<&str> = wrong.iter().rev().copied().collect();
        let (found, left) = shades(&stated, &wrong, pairs, false);
        let together = [&wrong, &backwards].into_iter().map(|order| shades(&stated, order, pairs, true));
        let (found, left) = match left.is_empty() {
            true => (found, left),
            false => together
                .into_iter()
                .find(|(_, left)| left.is_empty())
                .or_else(|| Some((all_together(&stated, &wrong, pairs)?, Vec::new())))
                .unwrap_or((found, left)),
        };
        found.iter().map(|(name, shade)| (*name, Some(*shade).filter(|_| !left.contains(name)))).collect()
    })
}

/// Better shades for `wrong`, one after the other, and those that have none. `together`: those that have not had their turn
/// do not count.
fn shades<'a>(stated: &Shades<'a>, wrong: &[&'a str], pairs: &[Pair], together: bool) -> (Shades<'a>, Vec<&'a str>) {
    let (mut found, mut left) = (stated.clone(), Vec::new());
    for (turn, name) in wrong.iter().enumerate() {
        let counts = |other: &&str| !together || !wrong[turn..].contains(other);
        let beside = pairs.iter().filter_map(|pair| Some((pair.beside(name)?, pair.needed)));
        let others: Vec<(Rgb, f64)> = beside
            .filter(|(other, _)| counts(other))
            .filter_map(|(other, needed)| Some((*found.get(other)?, needed)))
            .collect();
        match nearest_readable(found[name], &others) {
            Some(shade) => drop(found.insert(*name, shade)),
            None => left.push(*name),
        }
    }
    (found, left)
}

/// How many shades are tried together before it counts as if there were none: with two colours, all of them.
const TRIED: usize = 2_000_000;

/// Shades of `wrong` that all can be read, where one colour has to change more than it needs itself so that another has a shade.
fn all_together<'a>(stated: &Shades<'a>, wrong: &[&'a str], pairs: &[Pair]) -> Option<Shades<'a>> {
    let needed = |one: &str, other: &str| {
        let beside = pairs.iter().filter(|pair| pair.beside(one) == Some(other));
        beside.map(|pair| pair.needed).fold(1.0, f64::max)
    };
    let right = |name: &str| -> Vec<(f64, f64)> {
        let others = stated.iter().filter(|(other, _)| !wrong.contains(*other));
        others.map(|(other, colour)| (colour.luminance(), needed(name, other))).collect()
    };
    let choices = wrong.iter().map(|name| {
        let right = right(name);
        let fits = |shade: &(Rgb, f64)| right.iter().all(|(other, needed)| ratio_of(shade.1, *other) >= *needed);
        contrast::shades(stated[*name]).filter(fits).collect()
    });
    let needed = wrong.iter().map(|one| wrong.iter().map(|other| needed(one, other)).collect()).collect();
    let mut search = Search { choices: choices.collect(), needed, chosen: Vec::new(), left: TRIED };
    search.finds_all().then(|| {
        let mut found = stated.clone();
        for (name, (shade, _)) in wrong.iter().zip(&search.chosen) {
            found.insert(*name, *shade);
        }
        found
    })
}

/// A search for shades that fit together, one colour after the other.
struct Search {
    /// The shades of each colour that fit the colours which stay, the nearest first, with their luminances.
    choices: Vec<Vec<(Rgb, f64)>>,
    /// The least contrast of each colour with each other.
    needed: Vec<Vec<f64>>,
    chosen: Vec<(Rgb, f64)>,
    /// How many more may be tried.
    left: usize,
}

impl Search {
    /// Whether shades for the colours that have none yet were found, beside those chosen.
    fn finds_all(&mut self) -> bool {
        let turn = self.chosen.len();
        if turn == self.choices.len() {
            return true;
        }
        for number in 0..self.choices[turn].len() {
            let shade = self.choices[turn][number];
            let Some(left) = self.left.checked_sub(1) else { return false };
            self.left = left;
            if !self.fits(turn, shade.1) {
                continue;
            }
            self.chosen.push(shade);
            if self.finds_all() {
                return true;
            }
            self.chosen.pop();
        }
        false
    }

    fn fits(&self, turn: usize, luminance: f64) -> bool {
        self.chosen.iter().zip(&self.needed[turn]).all(|((_, other), needed)| ratio_of(luminance, *other) >= *needed)
    }
}

fn failing<'a>(colours: &'a Index<String, Colour>, pair: &'a Pair, scheme: Scheme) -> Option<Failing<'a>> {
    let ((one, one_at), (other, other_at)) =
        (colours.get(&pair.one)?.in_scheme(scheme), colours.get(&pair.other)?.in_scheme(scheme));
    let found = ratio(one, other);
    if found >= pair.needed {
        return None;
    }
    // If the site changed a colour of the theme, the fault is reported at that colour.
    let is_own = |span: &Span| span.file.as_str() == "site.toml";
    let (name, at, beside) = match is_own(other_at) && !is_own(one_at) {
        true => (&pair.other, other_at, &pair.one),
        false => (&pair.one, one_at, &pair.other),
    };
    Some(Failing { name, at, beside, scheme, found, needed: pair.needed })
}

/// The fault of one colour, which fails in all of `failing`.
fn fault(
    colour: &Colour,
    failing: &[&Failing<'_>],
    pairs: &[Pair],
    mended: &[Index<&str, Option<Rgb>>; 2],
) -> Diagnostic {
    let name = failing[0].name;
    let shown = colour.in_scheme(failing[0].scheme).0;
    let mut message = format!("`{name}` ({shown}) has too little contrast");
    // A pair may be declared from both sides.
    let mut told: Vec<(&str, Scheme, f64)> = Vec::new();
    for one in failing {
        let joint = if told.is_empty() { ": " } else { ", " };
        if told.contains(&(one.beside, one.scheme, one.needed)) {
            continue;
        }
        told.push((one.beside, one.scheme, one.needed));
        // Rounded down, so that the number shown never looks sufficient.
        let found = (one.found * 100.0).floor() / 100.0;
        let place = if one.scheme == Scheme::Dark { " in the dark scheme" } else { "" };
        let _ = write!(message, "{joint}{found}:1 with `{}`{place}, where {}:1 is needed", one.beside, one.needed);
    }
    let fault = Diagnostic::new(Code::ContrastTooLow, message).span(failing[0].at.clone());
    let is_wrong = |scheme: Scheme| failing.iter().any(|one| one.scheme == scheme);
    let serves_both = colour.in_scheme(Scheme::Light).1 == colour.in_scheme(Scheme::Dark).1;
    let mut changed = Vec::new();
    for scheme in Scheme::ALL.into_iter().filter(|scheme| serves_both || is_wrong(*scheme)) {
        let Some(shade) = mended[scheme as usize][name] else { return fault.help(no_shade(name, pairs)) };
        changed.push(format!("{} = \"{shade}\"", scheme.key()));
    }
    fault.help(match serves_both {
        true => format!(
            "write `{name} = {{ {} }}`, the nearest shades that can be read in both schemes",
            changed.join(", ")
        ),
        false => format!("write `{}`, the nearest shade that can be read", changed.join("` and `")),
    })
}

/// What to do if no shade of a colour can be read beside all the others.
fn no_shade(name: &str, pairs: &[Pair]) -> String {
    let mut others: Vec<String> =
        pairs.iter().filter_map(|pair| pair.beside(name)).map(|other| format!("`{other}`")).collect();
    others.sort();
    others.dedup();
    format!("no shade of `{name}` can be read with all of {}: change some of those too", others.join(", "))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::path::SitePath;

    const NAMES: [&str; 4] = ["paper", "ink", "quiet", "brick"];

    /// A colour in both schemes; whether the site states it, and whether as one for both.
    type Stated = ([[u8; 3]; 2], bool, bool);

    fn colour(number: usize, ([light, dark], is_own, serves_both): Stated) -> Colour {
        let file = SitePath::new(if is_own { "site.toml" } else { "themes/own/theme.toml" }).expect("inside the site");
        let rgb = |[r, g, b]: [u8; 3]| Rgb::parse(&format!("rgb({r} {g} {b})")).expect("a colour");
        let at = |n: usize| Span::new(&file, number * 10 + n..number * 10 + n + 1);
        let dark = if serves_both { light } else { dark };
        Colour { light: rgb(light), dark: rgb(dark), light_at: at(0), dark_at: at(usize::from(!serves_both)) }
    }

    /// Does what the help says.
    fn follow(colours: &mut Index<String, Colour>, fault: &Diagnostic) {
        let name = fault.message.split('`').nth(1).expect("the message names the colour");
        let help = fault.help.as_deref().expect("there is a help");
        let shade = |key: &str| Some(Rgb::parse(help.split_once(key)?.1.split('"').nth(1)?).expect("a colour"));
        let colour = colours.get_mut(name).expect("it exists");
        colour.light = shade("light = ").unwrap_or(colour.light);
        colour.dark = shade("dark = ").unwrap_or(colour.dark);
    }

    /// Whether no shades of the colours that are reported, tried one by one, fit in a scheme. More than two are not tried.
    fn is_hopeless(colours: &Index<String, Colour>, faults: &[Diagnostic], pairs: &[Pair], scheme: Scheme) -> bool {
        let failing: Vec<Failing<'_>> = pairs.iter().filter_map(|pair| failing(colours, pair, scheme)).collect();
        let mut wrong: Vec<&str> = failing.iter().map(|one| one.name).collect();
        wrong.sort_unstable();
        wrong.dedup();
        if wrong.len() > 2 || faults.is_empty() {
            return true;
        }
        let Some((first, rest)) = wrong.split_first() else { return false };
        let luminance = |name: &str| colours[name].in_scheme(scheme).0.luminance();
        let fits = |changed: &[(&str, f64)]| {
            let of =
                |name: &str| changed.iter().find(|(one, _)| *one == name).map_or_else(|| luminance(name), |(_, l)| *l);
            pairs.iter().all(|pair| ratio_of(of(&pair.one), of(&pair.other)) >= pair.needed)
        };
        let all =
            |name: &str| -> Vec<f64> { contrast::shades(colours[name].in_scheme(scheme).0).map(|(_, l)| l).collect() };
        let seconds = rest.first().map(|second| (*second, all(second)));
        !all(first).into_iter().any(|one| match &seconds {
            None => fits(&[(first, one)]),
            Some((second, shades)) => shades.iter().any(|other| fits(&[(first, one), (second, *other)])),
        })
    }

    /// Two colours of a house at once, each for both schemes: aubergine, and a pale ground.
    #[test]
    fn two_colours_that_are_wrong_only_beside_each_other_get_shades_that_fit_together() {
        let both = |own: bool, light: [u8; 3], dark: [u8; 3], serves_both: bool| ([light, dark], own, serves_both);
        let stated = [
            ("paper", both(false, [255, 255, 255], [20, 20, 20], false)),
            ("ink", both(false, [20, 20, 20], [240, 240, 240], false)),
            ("brick", both(true, [0x7a, 0x1f, 0x5c], [0; 3], true)),
            ("quiet", both(true, [0xf3, 0xe6, 0xef], [0; 3], true)),
        ];
        let pair = |one: &str, other: &str, needed| Pair { one: one.to_owned(), other: other.to_owned(), needed };
        let pairs = [
            pair("ink", "paper", 4.5),
            pair("brick", "paper", 4.5),
            pair("brick", "quiet", 4.5),
            pair("ink", "quiet", 7.0),
        ];
        for order in [[0, 1, 2, 3], [3, 2, 1, 0]] {
            let mut colours: Index<String, Colour> =
                order.iter().map(|n| (stated[*n].0.to_owned(), colour(*n, stated[*n].1))).collect();
            let faults = unreadable(&colours, &pairs);
            assert_eq!(faults.len(), 2, "{faults:#?}");
            assert!(
                faults.iter().all(|fault| fault.help.as_ref().is_some_and(|help| help.starts_with("write "))),
                "{faults:#?}"
            );
            faults.iter().for_each(|fault| follow(&mut colours, fault));
            assert!(unreadable(&colours, &pairs).is_empty(), "{faults:#?}");
        }
    }

    proptest! {
        #[test]
        fn who_follows_every_help_has_nothing_left(
            stated in prop::array::uniform4(any::<Stated>()),
            pairs in prop::collection::vec((0..4usize, 0..4usize, 1.0..12.0f64), 0..6),
        ) {
            let mut colours: Index<String, Colour> =
                NAMES.iter().zip(stated).enumerate().map(|(n, (name, one))| ((*name).to_owned(), colour(n, one))).collect();
            let pairs: Vec<Pair> = pairs
                .into_iter()
                .filter(|(one, other, _)| one != other)
                .map(|(one, other, needed)| Pair { one: NAMES[one].to_owned(), other: NAMES[other].to_owned(), needed })
                .collect();
            let faults = unreadable(&colours, &pairs);
            let mut places: Vec<_> = faults.iter().map(|fault| fault.span.clone()).collect();
            places.dedup();
            prop_assert_eq!(places.len(), faults.len());
            let is_helped = |fault: &Diagnostic| fault.help.as_ref().is_some_and(|help| help.starts_with("write "));
            // Seen to fail without the search for shades that fit together.
            if !faults.iter().all(is_helped) {
                prop_assert!(Scheme::ALL.into_iter().any(|scheme| is_hopeless(&colours, &faults, &pairs, scheme)), "{faults:#?}");
            }
            if faults.iter().all(is_helped) {
                faults.iter().for_each(|fault| follow(&mut colours, fault));
                let left = unreadable(&colours, &pairs);
                prop_assert!(left.is_empty(), "{faults:#?}\n{left:#?}");
            }
        }
    }
}
