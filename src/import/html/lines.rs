//! Words and their marks: bold, links, pictures, notes.

use std::collections::BTreeSet;

use super::tree::{Kind, is_never_shown, is_within_words};
use super::{DEEPEST, Reader};
use crate::import::document::{Image, Inline, is_blank, words};
use crate::import::markdown::address;
use crate::import::site::texts::Target;
use crate::path::slug;

impl Reader<'_> {
    /// The words in an element, as one line.
    pub(super) fn inline_children(&mut self, at: usize, depth: usize) -> Vec<Inline> {
        let children = self.tree.children(at);
        children.iter().flat_map(|child| self.inline(*child, depth + 1)).collect()
    }

    /// A node as a part of a line.
    pub(super) fn inline(&mut self, at: usize, depth: usize) -> Vec<Inline> {
        if self.passed_over.contains(&at) {
            return Vec::new();
        }
        if let Some(note) = self.note_at.get(&at) {
            return vec![Inline::Note(*note)];
        }
        let tree = self.tree;
        let name = match &tree.node(at).kind {
            Kind::Text(text) => return vec![Inline::Text(text.clone())],
            Kind::Comment | Kind::Root => return Vec::new(),
            Kind::Element { .. } if depth > DEEPEST => return vec![Inline::Text(tree.words(at))],
            Kind::Element { name, .. } => name.as_str(),
        };
        match name {
            "br" => vec![Inline::Break],
            "img" => self.picture(at),
            "a" => self.link(at, depth),
            "code" | "kbd" | "samp" | "tt" => {
                let words = tree.words(at);
                if words.trim().is_empty() { vec![Inline::Text(words)] } else { vec![Inline::Code(words)] }
            }
            "q" => {
                let mut out = vec![Inline::Text("“".to_owned())];
                out.extend(self.inline_children(at, depth));
                out.push(Inline::Text("”".to_owned()));
                out
            }
            "svg" => {
                let words = tree.words(at);
                self.left("a drawing in the text", "save it as a file of its own (SVG), and show that", &words);
                Vec::new()
            }
            "math" => self.math(at),
            "input" | "select" | "textarea" | "form" => {
                self.left("a form", "forms need a service of their own: link to one", &tree.words(at));
                Vec::new()
            }
            "picture" => {
                let picture = tree.children(at).iter().copied().find(|child| tree.name(*child) == "img");
                picture.map(|picture| self.picture(picture)).unwrap_or_default()
            }
            "wbr" | "source" | "track" | "param" | "rp" => Vec::new(),
            "script" | "noscript" | "iframe" | "video" | "audio" | "object" | "embed" | "canvas" => {
                self.embedded_inline(at, depth)
            }
            name if is_never_shown(name) => Vec::new(),
            "span" if tree.get(at, "data-import-note").is_some() => {
                let inside = self.flow(at, depth);
                if inside.is_empty() {
                    return Vec::new();
                }
                self.losses.carried("notes");
                self.notes.push(inside);
                vec![Inline::Note(self.notes.len() - 1)]
            }
            "span" if tree.get(at, "data-import-math").is_some() => {
                vec![Inline::Math { tex: tree.words(at).trim().to_owned(), display: false }]
            }
            name => {
                self.note_style(at);
                self.note_title(at);
                let inside = self.inline_children(at, depth);
                match self.mark_of(at) {
                    Some(mark) if !inside.is_empty() => vec![mark.around(inside)],
                    // A block within a line begins and ends one.
                    _ if !is_within_words(name) && name != "button" => {
                        [vec![Inline::Break], inside, vec![Inline::Break]].concat()
                    }
                    _ => inside,
                }
            }
        }
    }

    /// The mark that an element sets its words in.
    pub(super) fn mark_of(&mut self, at: usize) -> Option<Inline> {
        let tree = self.tree;
        let style = tree.get(at, "style").unwrap_or_default().to_ascii_lowercase().replace(' ', "");
        let has = |what: &str| style.contains(what);
        let nothing = Vec::new;
        match tree.name(at) {
            // Google Docs wraps all it pastes into this.
            "b" | "strong" if has("font-weight:normal") || has("font-weight:400") => None,
            "b" | "strong" => Some(Inline::Strong(nothing())),
            "i" | "em" | "cite" | "dfn" | "var" if !has("font-style:normal") => Some(Inline::Emphasis(nothing())),
            "del" | "s" | "strike" => Some(Inline::Deleted(nothing())),
            "sub" => Some(Inline::Subscript(nothing())),
            "sup" => Some(Inline::Superscript(nothing())),
            "a" => self.leads_to(at).map(|to| Inline::Link { to, title: self.title(at), text: nothing() }),
            "span" | "font" => {
                if has("font-weight:bold") || has("font-weight:700") || has("font-weight:600") {
                    Some(Inline::Strong(nothing()))
                } else if has("font-style:italic") {
                    Some(Inline::Emphasis(nothing()))
                } else if has("line-through") {
                    Some(Inline::Deleted(nothing()))
                } else if has("vertical-align:super") {
                    Some(Inline::Superscript(nothing()))
                } else if has("vertical-align:sub") {
                    Some(Inline::Subscript(nothing()))
                } else {
                    None
                }
            }
            _ => None,
        }
    }

    /// Names what an abbreviation means, which is shown only where somebody points at it.
    fn note_title(&mut self, at: usize) {
        if matches!(self.tree.name(at), "abbr" | "acronym" | "dfn" | "span") {
            let title = self.title(at);
            if title.chars().any(char::is_alphabetic) {
                let words = format!("{}: {title}", self.tree.words(at));
                self.left(
                    "words that are shown where somebody points",
                    "write them into the text if readers need them",
                    &words,
                );
            }
        }
    }

    /// Counts what only looks.
    pub(super) fn note_style(&mut self, at: usize) {
        let is_styled = |style: &str| {
            ["color", "size", "align", "background", "underline", "family"].iter().any(|one| style.contains(one))
        };
        if self.tree.get(at, "style").is_some_and(is_styled)
            || matches!(self.tree.name(at), "font" | "u" | "center" | "big" | "small")
        {
            self.styled += 1;
        }
    }

    fn link(&mut self, at: usize, depth: usize) -> Vec<Inline> {
        if self.tree.has_class(at, "wp-block-file__button") {
            self.left("a button beside a link to the same file", "the link is enough", &self.tree.words(at));
            return Vec::new();
        }
        let inside = self.inline_children(at, depth);
        if is_blank(&inside) {
            return inside;
        }
        let Some(to) = self.leads_to(at) else { return inside };
        // The picture itself, in its full size: every reader gets the size that the screen needs.
        if let [Inline::Image(_)] =
            inside.iter().filter(|one| !is_blank(std::slice::from_ref(*one))).collect::<Vec<_>>().as_slice()
            && is_picture(&to)
        {
            return inside;
        }
        self.losses.carried("links");
        vec![Inline::Link { to, title: self.title(at), text: inside }]
    }

    /// What is shown where somebody points at an element, if that is more than its words.
    fn title(&self, at: usize) -> String {
        let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let title = one_line(self.tree.get(at, "title").unwrap_or_default());
        if title.eq_ignore_ascii_case(&one_line(&self.tree.words(at))) { String::new() } else { title }
    }

    /// Where a link leads; `None` if its words stay without it.
    fn leads_to(&mut self, at: usize) -> Option<String> {
        let tree = self.tree;
        let href: String = tree.get(at, "href")?.trim().chars().filter(|c| !c.is_control()).collect();
        if href.is_empty() {
            return None;
        }
        let words = tree.words(at);
        if let Some(name) = href.strip_prefix('#') {
            let place = self.named.get(name).cloned().flatten();
            if place.is_none() && !name.is_empty() && !name.eq_ignore_ascii_case("top") {
                self.changed(
                    "a link to a place on the page",
                    "its words are here without the link: only headings can be linked to",
                    &words,
                );
            }
            return place.map(|name| format!("#{name}"));
        }
        let scheme = href.split(':').next().filter(|_| href.contains(':')).unwrap_or_default().to_ascii_lowercase();
        match scheme.as_str() {
            "mailto" | "tel" => return Some(address(&href)),
            "javascript" | "data" | "vbscript" | "file" | "about" | "blob" => {
                self.changed("a link that leads to no page", "its words are here without the link", &words);
                return None;
            }
            _ => {}
        }
        match self.links.target(&href) {
            Target::To(to) => {
                if href.contains('#') && !to.contains('#') {
                    self.changed(
                        "a link to a place on another page",
                        "it leads to the page",
                        &format!("{words} ({href})"),
                    );
                }
                Some(address(&to))
            }
            Target::Nowhere(why) => {
                let what = "a link within the site";
                self.changed(
                    what,
                    &format!("{why}, so its words are here without the link"),
                    &format!("{words} ({href})"),
                );
                None
            }
        }
    }

    pub(super) fn picture(&mut self, at: usize) -> Vec<Inline> {
        let tree = self.tree;
        let alt: String = tree.get(at, "alt").unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
        if tree.has_class(at, "emoji") || tree.has_class(at, "wp-smiley") {
            return vec![Inline::Text(alt)];
        }
        let is_real = |src: &&str| !src.is_empty() && !src.starts_with("data:");
        let given = |name: &str| tree.get(at, name).map(str::trim);
        let source = ["data-src", "data-lazy-src", "data-original", "data-orig-file", "src"]
            .into_iter()
            .filter_map(given)
            .find(is_real);
        let Some(source) = source else {
            if given("src").is_some_and(|src| src.starts_with("data:image/") && (src.len() > 200 || !alt.is_empty())) {
                self.left("a picture that is written in the text itself", "save it as a file and show that", &alt);
            }
            return Vec::new();
        };
        let is_dot = |name: &str| matches!(given(name), Some("0" | "1"));
        if is_dot("width") && is_dot("height") {
            self.left("a dot that counts readers", "it is left out", source);
            return Vec::new();
        }
        let file = match self.links.target(source) {
            Target::To(file) => file,
            Target::Nowhere(why) => {
                self.left("a picture", why, &format!("{alt} {source}"));
                return Vec::new();
            }
        };
        let alt = if alt.is_empty() { self.links.alt(source).unwrap_or_default().to_owned() } else { alt };
        let alt: String = alt.split_whitespace().collect::<Vec<_>>().join(" ");
        // Pages here make browsers fetch nothing from others.
        if file.contains("//") {
            self.changed(
                "a picture of another site",
                "it is a link: save the picture beside the page, and show that",
                &file,
            );
            let words = if alt.is_empty() { file.rsplit('/').next().unwrap_or(&file).to_owned() } else { alt };
            return vec![Inline::Link { to: address(&file), title: String::new(), text: vec![Inline::Text(words)] }];
        }
        let decorative = alt.is_empty();
        if decorative {
            self.changed(
                "a picture without words",
                "it is marked as decorative, as it was there: if it tells readers something, write what between the square brackets",
                source.rsplit('/').next().unwrap_or_default(),
            );
        }
        self.losses.carried("pictures");
        vec![Inline::Image(Image { file: address(&file), alt, title: String::new(), decorative })]
    }

    /// A formula: as TeX if it is noted in it, else its words.
    fn math(&mut self, at: usize) -> Vec<Inline> {
        let tree = self.tree;
        let tex = tree
            .within(at)
            .find(|one| tree.name(*one) == "annotation" && tree.get(*one, "encoding") == Some("application/x-tex"));
        match tex {
            Some(tex) => vec![Inline::Math { tex: tree.words(tex).trim().to_owned(), display: false }],
            None => {
                let words = tree.words(at);
                self.changed("a formula", "its signs are here as words: write it between dollar signs", &words);
                vec![Inline::Text(words)]
            }
        }
    }

    /// Names the places that only links of other pages can lead to.
    fn note_places(&mut self, asked: &[String]) {
        let asked: BTreeSet<&str> = asked.iter().map(String::as_str).collect();
        let tree = self.tree;
        let is_place = |one: &usize| tree.name(*one) == "a" && tree.get(*one, "href").is_none();
        let named = tree.within(0).filter(is_place).filter_map(|one| tree.get(one, "name").or(tree.get(one, "id")));
        let named: Vec<String> =
            named.filter(|name| !name.is_empty() && !asked.contains(*name)).map(|name| format!("#{name}")).collect();
        if !named.is_empty() {
            let how = "links of other pages to it lead to the page now: give the heading below it this name (`{#name}`) if some do";
            self.changed("a place on the page with a name", how, &named.join(", "));
        }
    }

    /// Finds the places in this text that its links lead to, and the headings that stand for them.
    pub(super) fn find_named(&mut self) {
        let tree = self.tree;
        let asked: Vec<String> = tree
            .within(0)
            .filter_map(|one| tree.get(one, "href")?.trim().strip_prefix('#').map(str::to_owned))
            .filter(|name| !name.is_empty())
            .collect();
        self.note_places(&asked);
        if asked.is_empty() {
            return;
        }
        for name in asked {
            self.named.insert(name, None);
        }
        let mut waiting: Vec<String> = Vec::new();
        let mut taken: Vec<String> = Vec::new();
        for one in tree.within(0) {
            for attribute in ["id", "name"] {
                if let Some(name) = tree.get(one, attribute).filter(|name| self.named.contains_key(*name)) {
                    waiting.push(name.to_owned());
                }
            }
            let is_heading = matches!(tree.name(one), "h1" | "h2" | "h3" | "h4" | "h5" | "h6");
            if is_heading {
                // Names within the heading count too.
                for inner in tree.within(one) {
                    waiting.extend(
                        tree.get(inner, "id")
                            .into_iter()
                            .chain(tree.get(inner, "name"))
                            .filter(|name| self.named.contains_key(*name))
                            .map(str::to_owned),
                    );
                }
                let Some(first) = waiting.first() else { continue };
                let mut id = slug(first);
                if id.is_empty() || id.starts_with(|c: char| c.is_ascii_digit()) || id.starts_with("fig-") {
                    id.insert_str(0, "to-");
                }
                if taken.contains(&id) {
                    waiting.clear();
                    continue;
                }
                taken.push(id.clone());
                self.heading_ids.insert(one, id.clone());
                for name in waiting.drain(..) {
                    self.named.entry(name).and_modify(|place| {
                        place.get_or_insert_with(|| id.clone());
                    });
                }
            } else if matches!(&tree.node(one).kind, Kind::Text(text) if !text.trim().is_empty()) && !waiting.is_empty()
            {
                // Words come between the name and the next heading: it names them, not the heading.
                waiting.clear();
            }
        }
    }
}

/// Whether an address is that of a picture.
fn is_picture(to: &str) -> bool {
    let path = to.split(['?', '#']).next().unwrap_or_default();
    let ending = path.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    matches!(ending.as_str(), "jpg" | "jpeg" | "png" | "gif" | "webp" | "svg" | "avif" | "bmp")
}

/// The words of a line, with one blank between two.
pub(super) fn plain(line: &[Inline]) -> String {
    words(line).split_whitespace().collect::<Vec<_>>().join(" ")
}
