//! What a browser fetches from elsewhere into a page: videos, maps, players → a link to it, since pages here load nothing from others.

use super::Reader;
use super::lines::plain;
use crate::import::document::{Block, Inline, is_blank};
use crate::import::markdown::address;
use crate::import::site::texts::Target;

impl Reader<'_> {
    /// A link to what is embedded, as a paragraph, and what stands in it for browsers that cannot show it.
    pub(super) fn embedded(&mut self, at: usize, depth: usize) -> Vec<Block> {
        let line = self.embedded_inline(at, depth);
        if is_blank(&line) { Vec::new() } else { vec![Block::Paragraph(line)] }
    }

    pub(super) fn embedded_inline(&mut self, at: usize, depth: usize) -> Vec<Inline> {
        let tree = self.tree;
        let name = tree.name(at);
        if name == "script" {
            self.left("a script", "scripts are not taken over: if it showed something, put a link there", "");
            return Vec::new();
        }
        if name == "noscript" {
            let words = tree.words(at);
            if !words.trim().is_empty() {
                self.left("what readers without scripts saw", "it is left out", &words);
            }
            return Vec::new();
        }
        if let Some(poster) = tree.get(at, "poster").filter(|poster| !poster.trim().is_empty()) {
            let how = "the link to the video is here without it: show it as a picture of the page if readers need it";
            self.left("the picture before a video", how, poster);
        }
        let given = |one: usize| {
            ["src", "data-src", "data-lazy-src", "data", "href", "value"]
                .into_iter()
                .filter_map(|name| tree.get(one, name))
                .map(str::trim)
                .find(|src| !src.is_empty() && !src.starts_with("about:") && !src.starts_with("data:"))
        };
        let within = tree.within(at).skip(1).filter(|one| matches!(tree.name(*one), "source" | "embed" | "a"));
        let source = given(at).or_else(|| within.filter_map(given).next());
        let inside = match name {
            // Words in it are for browsers that cannot show it.
            "object" | "canvas" => self.inline_children(at, depth),
            _ => Vec::new(),
        };
        let Some(source) = source else {
            if is_blank(&inside) {
                self.left("something embedded", "it does not say where it comes from", &tree.words(at));
            }
            return inside;
        };
        let watched = watched(source);
        let to = match self.links.target(&watched) {
            Target::To(to) => address(&to),
            Target::Nowhere(why) => {
                self.left("something embedded", why, &watched);
                return inside;
            }
        };
        let title = tree.get(at, "title").or(tree.get(at, "aria-label")).unwrap_or_default();
        let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
        let words = if title.is_empty() { watched.clone() } else { title };
        let what = match name {
            "video" => "a video in the page",
            "audio" => "a recording in the page",
            _ => "something of another site in the page",
        };
        self.changed(what, "it is a link: pages here load nothing from others", &watched);
        let mut out = vec![Inline::Link { to, title: String::new(), text: vec![Inline::Text(words)] }];
        if !is_blank(&inside) {
            let said = plain(&inside);
            self.changed("words for browsers that could not show something", "they follow the link", &said);
            out.push(Inline::Text(" ".to_owned()));
            out.extend(inside);
        }
        out
    }
}

/// The address at which people watch what is embedded from another one.
pub(crate) fn watched(source: &str) -> String {
    let full = if source.starts_with("//") { format!("https:{source}") } else { source.to_owned() };
    let after = |mark: &str| {
        let rest = full.split_once(mark)?.1;
        let id: String = rest.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).collect();
        Some(id).filter(|id| !id.is_empty())
    };
    for host in ["youtube.com/embed/", "youtube-nocookie.com/embed/", "youtube.com/v/"] {
        match after(host) {
            Some(list) if list == "videoseries" => return full,
            Some(id) => return format!("https://www.youtube.com/watch?v={id}"),
            None => {}
        }
    }
    if let Some(id) = after("player.vimeo.com/video/") {
        return format!("https://vimeo.com/{id}");
    }
    full
}
