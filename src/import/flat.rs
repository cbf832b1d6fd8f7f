//! Marks within marks ⇄ letters that each have their marks, as word processors keep them: bold from here to there, a link over that.
//!
//! Some ways of nesting look alike there. [`canonical`] gives the one that is read back; who must keep another says so beside it.

use super::document::Inline;

/// The marks of letters, the outermost first where several begin and end together.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Look {
    Emphasis,
    Strong,
    Deleted,
    Superscript,
    Subscript,
}

impl Look {
    pub(crate) const ALL: [Self; 5] = [Self::Emphasis, Self::Strong, Self::Deleted, Self::Superscript, Self::Subscript];

    fn bit(self) -> u8 {
        1 << self as u8
    }

    /// The look that a mark gives.
    pub(crate) fn of(inline: &Inline) -> Option<Self> {
        Some(match inline {
            Inline::Emphasis(_) => Self::Emphasis,
            Inline::Strong(_) => Self::Strong,
            Inline::Deleted(_) => Self::Deleted,
            Inline::Superscript(_) => Self::Superscript,
            Inline::Subscript(_) => Self::Subscript,
            _ => return None,
        })
    }

    /// The mark around some words.
    pub(crate) fn around(self, text: Vec<Inline>) -> Inline {
        match self {
            Self::Emphasis => Inline::Emphasis(text),
            Self::Strong => Inline::Strong(text),
            Self::Deleted => Inline::Deleted(text),
            Self::Superscript => Inline::Superscript(text),
            Self::Subscript => Inline::Subscript(text),
        }
    }
}

/// Which looks some letters have.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Looks(u8);

impl Looks {
    pub(crate) fn with(self, look: Look) -> Self {
        // Letters are raised or lowered, not both.
        let without = match look {
            Look::Superscript => Look::Subscript.bit(),
            Look::Subscript => Look::Superscript.bit(),
            _ => 0,
        };
        Self(self.0 & !without | look.bit())
    }

    pub(crate) fn has(self, look: Look) -> bool {
        self.0 & look.bit() != 0
    }
}

/// Something in a line, with its looks; what is in a link or an element is a row of its own.
struct Atom {
    looks: Looks,
    what: Inline,
    inside: Option<Vec<Atom>>,
}

impl Atom {
    /// The looks that all of it has.
    fn common(&self) -> Looks {
        match &self.inside {
            None => self.looks,
            Some(inside) => Looks(inside.iter().fold(u8::MAX, |all, one| all & one.common().0)),
        }
    }

    fn without(&mut self, looks: Looks) {
        self.looks.0 &= !looks.0;
        self.inside.iter_mut().flatten().for_each(|one| one.without(looks));
    }
}

/// The same line in the nesting that is read back from letters with their looks.
pub(crate) fn canonical(line: &[Inline]) -> Vec<Inline> {
    let mut atoms = Vec::new();
    flatten(line, Looks::default(), &mut atoms);
    grown(atoms)
}

fn flatten(line: &[Inline], looks: Looks, out: &mut Vec<Atom>) {
    for one in line {
        match (Look::of(one), one) {
            (Some(look), _) => flatten(one.inside(), looks.with(look), out),
            (None, Inline::Link { .. } | Inline::Element { .. }) => {
                let mut inside = Vec::new();
                flatten(one.inside(), looks, &mut inside);
                out.push(Atom { looks, what: one.around(Vec::new()), inside: Some(inside) });
            }
            (None, Inline::Text(_) | Inline::Code(_) | Inline::Break) => {
                out.push(Atom { looks, what: one.clone(), inside: None });
            }
            // What is no letter looks the same anyway.
            _ => out.push(Atom { looks: Looks::default(), what: one.clone(), inside: None }),
        }
    }
}

/// A link in the middle of bold words is in the bold; bold words that are all of a link are in the link.
fn grown(mut atoms: Vec<Atom>) -> Vec<Inline> {
    let common: Vec<Looks> = atoms.iter().map(Atom::common).collect();
    for (at, atom) in atoms.iter_mut().enumerate() {
        if atom.inside.is_some() {
            let beside =
                at.checked_sub(1).map_or(0, |before| common[before].0) | common.get(at + 1).map_or(0, |next| next.0);
            let shared = Looks(common[at].0 & beside);
            atom.without(shared);
            atom.looks = shared;
        }
    }
    let mut line: Vec<(Looks, Inline)> = Vec::with_capacity(atoms.len());
    for atom in atoms {
        let what = match atom.inside {
            Some(inside) => atom.what.around(grown(inside)),
            None => atom.what,
        };
        match (line.last_mut(), what) {
            (Some((looks, Inline::Text(before))), Inline::Text(words)) if *looks == atom.looks => {
                before.push_str(&words)
            }
            (_, what) => line.push((atom.looks, what)),
        }
    }
    grouped(&line, Looks::default())
}

fn grouped(line: &[(Looks, Inline)], set: Looks) -> Vec<Inline> {
    let mut out = Vec::new();
    let mut at = 0;
    while let Some((looks, what)) = line.get(at) {
        let reach = |look: Look| line[at..].iter().take_while(|(looks, _)| looks.has(look)).count();
        let mut open =
            Look::ALL.into_iter().filter(|look| looks.has(*look) && !set.has(*look)).map(|look| (look, reach(look)));
        // The first of those that reach furthest.
        let furthest = open.next().map(|first| open.fold(first, |best, one| if one.1 > best.1 { one } else { best }));
        match furthest {
            Some((look, length)) => {
                out.push(look.around(grouped(&line[at..at + length], set.with(look))));
                at += length;
            }
            None => {
                out.push(what.clone());
                at += 1;
            }
        }
    }
    out
}
