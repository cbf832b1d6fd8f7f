//! Fields of a form → what they show, as words; what only a form can do is named.

use super::body::Reader;
use super::hidden::Unseen;
use super::runs::Line;
use super::spoken::spoken;
use super::xml::Element;
use crate::import::document::Inline;

/// What is said of a box to tick.
const TICKED: (&str, &str) =
    ("a box to tick", "its sign is here, and readers cannot tick it: link to the form if they are to fill it in");
/// What is said of what else could be chosen.
const CHOICES: (&str, &str) =
    ("the choices of a list in a form", "what was chosen is in the text; write the others if readers need them");

impl Reader<'_> {
    /// Names what a field of a form is, beside what it shows; whether that is to be read: a hint for somebody who fills it in is not.
    pub(super) fn control(&mut self, control: &Element) -> bool {
        let Some(properties) = control.child("w:sdtPr") else { return true };
        let shown = control.child("w:sdtContent").map(spoken).unwrap_or_default();
        let is_hint = properties.is_on("w:showingPlcHdr") == Some(true);
        let place = self.place();
        if properties.child("w14:checkbox").is_some() {
            self.losses.changed(TICKED.0, TICKED.1, place.clone(), "");
        }
        for list in ["w:dropDownList", "w:comboBox"].iter().filter_map(|name| properties.child(name)) {
            let all = list.elements().filter(|one| one.name == "w:listItem");
            let names = all.filter_map(|one| one.get("w:displayText").or(one.get("w:value")));
            let others: Vec<&str> = names.filter(|name| *name != shown).collect();
            self.losses.left(CHOICES.0, CHOICES.1, place.clone(), &others.join(", "));
        }
        if properties.child("w:date").is_some() && !is_hint {
            self.losses.changed(
                "a day to choose in a form",
                "the day that it shows is here as words",
                place.clone(),
                "",
            );
        }
        if is_hint && !shown.is_empty() {
            self.losses.left("the hint of an empty field of a form", "nobody has filled it in", place, &shown);
        }
        !is_hint
    }

    /// A box to tick or a list of a form as Word 2003 made them, which hold what they show themselves; `unseen` says why nobody sees it,
    /// if nobody does.
    pub(super) fn old_choice(&mut self, form: &Element, unseen: Option<Unseen>, line: &mut Line) {
        let place = self.place();
        let ticked = form
            .child("w:checkBox")
            .map(|form| form.is_on("w:checked").or_else(|| form.is_on("w:default")) == Some(true));
        let list = form.child("w:ddList");
        let names: Vec<&str> = list
            .into_iter()
            .flat_map(Element::elements)
            .filter(|one| one.name == "w:listEntry")
            .filter_map(Element::val)
            .collect();
        let stated = list.and_then(|list| list.child("w:result").or_else(|| list.child("w:default")));
        let chosen = stated.and_then(Element::val).and_then(|nth| nth.parse::<usize>().ok()).unwrap_or(0);
        let shown = match ticked {
            Some(is_ticked) => {
                if is_ticked {
                    "☒"
                } else {
                    "☐"
                }
            }
            None => names.get(chosen).copied().unwrap_or_default(),
        };
        if let Some(unseen) = unseen {
            return self.leave_unseen(unseen, shown);
        }
        line.push(Inline::Text(shown.to_owned()));
        if ticked.is_some() {
            self.losses.changed(TICKED.0, TICKED.1, place, "");
        } else {
            let others = names.iter().enumerate().filter(|(nth, _)| *nth != chosen).map(|(_, name)| *name);
            self.losses.left(CHOICES.0, CHOICES.1, place, &others.collect::<Vec<_>>().join(", "));
        }
    }
}

/// Whether a field of a form holds what it shows itself.
pub(super) fn is_choice(form: &Element) -> bool {
    form.child("w:checkBox").is_some() || form.child("w:ddList").is_some()
}
