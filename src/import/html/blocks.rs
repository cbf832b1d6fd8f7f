//! What stands on lines of its own: paragraphs, headings, lists, quotations, code, figures.

use super::tree::{Kind, is_never_shown, is_within_words};
use super::{DEEPEST, Reader};
use crate::import::document::{Block, Inline, is_blank, words};

impl Reader<'_> {
    /// The blocks in an element.
    pub(super) fn flow(&mut self, at: usize, depth: usize) -> Vec<Block> {
        let children = self.tree.children(at);
        self.flow_of(children, depth)
    }

    /// The blocks that these nodes make together.
    pub(super) fn flow_of(&mut self, nodes: &[usize], depth: usize) -> Vec<Block> {
        let mut out = Vec::new();
        let mut line = Vec::new();
        for child in nodes {
            self.flow_one(*child, depth, &mut line, &mut out);
        }
        end_line(&mut line, &mut out);
        out
    }

    fn flow_one(&mut self, at: usize, depth: usize, line: &mut Vec<Inline>, out: &mut Vec<Block>) {
        if self.passed_over.contains(&at) {
            return;
        }
        let tree = self.tree;
        match &tree.node(at).kind {
            Kind::Text(text) => line.push(Inline::Text(text.clone())),
            Kind::Comment | Kind::Root => {}
            Kind::Element { .. } if depth > DEEPEST => {
                let words = tree.words(at);
                self.changed("what is nested too deeply", "its words are here without their marks", &words);
                line.push(Inline::Text(words));
            }
            Kind::Element { name, .. } => match name.as_str() {
                "br" => match line.iter().rev().find(|one| !is_blank_text(one)) {
                    // An empty line divides paragraphs, however it is made.
                    Some(Inline::Break) => end_line(line, out),
                    _ => line.push(Inline::Break),
                },
                _ if self.is_line(at) => {
                    let inside = self.inline(at, depth + 1);
                    // Two buttons side by side are two links.
                    let is_link = |one: Option<&Inline>| matches!(one, Some(Inline::Link { .. }));
                    if is_link(line.last()) && is_link(inside.first()) {
                        line.push(Inline::Text(" ".to_owned()));
                    }
                    line.extend(inside);
                }
                name if is_within_words(name) => {
                    end_line(line, out);
                    let mark = self.mark_of(at);
                    let inside = self.flow(at, depth + 1);
                    out.extend(inside.into_iter().map(|block| match &mark {
                        Some(mark) => marked(block, mark),
                        None => block,
                    }));
                }
                _ => {
                    end_line(line, out);
                    let blocks = self.block(at, depth + 1);
                    out.extend(blocks);
                }
            },
        }
    }

    /// Whether an element is a part of a line: it is by its name, and nothing in it has lines of its own.
    fn is_line(&self, at: usize) -> bool {
        let is_inline = |name: &str| {
            is_within_words(name) || matches!(name, "img" | "br" | "button" | "input" | "picture" | "source" | "svg")
        };
        let name = self.tree.name(at);
        if matches!(name, "svg" | "math" | "picture" | "button" | "img") {
            return true;
        }
        is_inline(name)
            && self.tree.within(at).all(|one| {
                let name = self.tree.name(one);
                name.is_empty()
                    || is_inline(name)
                    || is_never_shown(name)
                    || self.tree.above(one, |up| matches!(self.tree.name(up), "svg" | "math")).is_some()
            })
    }

    fn block(&mut self, at: usize, depth: usize) -> Vec<Block> {
        let tree = self.tree;
        self.note_style(at);
        let name = tree.name(at);
        match name {
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.heading(at, depth),
            "ul" | "ol" | "menu" | "dir" => self.list(at, depth),
            "blockquote" => {
                let inside = self.flow(at, depth);
                if inside.is_empty() { inside } else { vec![Block::Quote(inside)] }
            }
            "pre" | "listing" | "xmp" => self.preformatted(at),
            "hr" => vec![Block::Rule],
            "table" => self.table(at, depth),
            "figure" => self.figure(at, depth),
            "details" => {
                self.changed(
                    "a part that readers open",
                    "it stands in the text, with its heading in bold",
                    &tree.words(at),
                );
                self.flow(at, depth)
            }
            "summary" | "dt" | "legend" => bold(self.flow(at, depth)),
            "figcaption" | "caption" => slanted(self.flow(at, depth)),
            "iframe" | "video" | "audio" | "object" | "embed" | "canvas" | "applet" => self.embedded(at, depth),
            "form" | "select" | "textarea" | "progress" | "meter" => {
                self.left("a form", "forms need a service of their own: link to one", &tree.words(at));
                Vec::new()
            }
            "script" => {
                self.left("a script", "scripts are not taken over: if it showed something, put a link there", "");
                Vec::new()
            }
            "noscript" => self.without_script(at),
            name if is_never_shown(name) => Vec::new(),
            "map" | "area" => {
                self.left("a picture with places to press", "the picture is here, its links are not", &tree.words(at));
                Vec::new()
            }
            "div" => match tree.get(at, "data-import-block") {
                Some(name) => self.directive(at, name, depth),
                None => self.flow(at, depth),
            },
            _ => self.flow(at, depth),
        }
    }

    fn directive(&mut self, at: usize, name: &str, depth: usize) -> Vec<Block> {
        let Kind::Element { attributes, .. } = &self.tree.node(at).kind else { return Vec::new() };
        let given = attributes
            .iter()
            .filter_map(|(key, value)| Some((key.strip_prefix("data-import-")?.to_owned(), value.clone())))
            .filter(|(key, _)| key != "block")
            .collect();
        vec![Block::Directive { name: name.to_owned(), attributes: given, blocks: self.flow(at, depth) }]
    }

    /// Pictures that a script shows later are there a second time for readers without scripts.
    fn without_script(&mut self, at: usize) -> Vec<Block> {
        let words = self.tree.words(at);
        if !words.trim().is_empty() {
            self.left("what readers without scripts saw", "it is left out", &words);
        }
        Vec::new()
    }

    fn heading(&mut self, at: usize, depth: usize) -> Vec<Block> {
        let level = self.tree.name(at)[1..].parse().unwrap_or(2);
        let mut text = self.inline_children(at, depth);
        if let [Inline::Strong(inside)] = text.as_slice() {
            text = inside.clone();
        }
        let mut out = Vec::new();
        if is_blank(&text) {
            return out;
        }
        // A picture in a heading stands below it.
        if text.iter().any(has_picture) {
            let pictures: Vec<Inline> = text.iter().filter(|one| has_picture(one)).cloned().collect();
            text.retain(|one| !has_picture(one));
            if is_blank(&text) {
                return vec![Block::Paragraph(pictures)];
            }
            out.push(Block::Paragraph(pictures));
        }
        let deepest = self.levels.last().copied();
        while self.levels.last().is_some_and(|open| *open >= level) {
            self.levels.pop();
        }
        if deepest.is_some_and(|deepest| level > deepest + 1) {
            self.losses.changed(
                "a heading that skips a level",
                "it is one level below the heading before it",
                String::new(),
                &words(&text),
            );
        }
        self.levels.push(level);
        let depth = u8::try_from(self.levels.len()).unwrap_or(9) + 1;
        self.under = super::super::losses::shortened(&words(&text).split_whitespace().collect::<Vec<_>>().join(" "));
        self.losses.carried("headings");
        let id = self.heading_ids.get(&at).cloned();
        out.insert(0, Block::Heading { level: depth.min(6), text, id, classes: Vec::new() });
        out
    }

    fn list(&mut self, at: usize, depth: usize) -> Vec<Block> {
        let tree = self.tree;
        let is_numbered = tree.name(at) == "ol";
        let start = is_numbered.then(|| tree.get(at, "start").and_then(|start| start.trim().parse().ok()).unwrap_or(1));
        if is_numbered && tree.get(at, "type").is_some_and(|kind| matches!(kind, "a" | "A" | "i" | "I")) {
            self.changed("a list with letters or Roman numbers", "it has the numbers 1, 2, 3", &tree.words(at));
        }
        let mut items: Vec<Vec<Block>> = Vec::new();
        for child in tree.children(at) {
            if self.passed_over.contains(child) {
                continue;
            }
            let name = tree.name(*child);
            if name == "li" {
                items.push(self.flow(*child, depth));
                continue;
            }
            let loose = self.flow_of(&[*child], depth);
            match items.last_mut() {
                // A list that stands beside its item belongs to it.
                Some(item) if matches!(name, "ul" | "ol") => item.extend(loose),
                _ if loose.is_empty() => {}
                _ => items.push(loose),
            }
        }
        items.retain(|item| !item.is_empty());
        if items.is_empty() {
            return Vec::new();
        }
        self.losses.carried("lists");
        vec![Block::List { start, items }]
    }

    fn preformatted(&mut self, at: usize) -> Vec<Block> {
        let tree = self.tree;
        let raw: String = tree
            .within(at)
            .filter_map(|one| match &tree.node(one).kind {
                Kind::Text(text) => Some(text.as_str()),
                Kind::Element { name, .. } if name == "br" => Some("\n"),
                _ => None,
            })
            .collect();
        if raw.trim().is_empty() {
            return Vec::new();
        }
        // Verse is words with their lines.
        if tree.has_class(at, "wp-block-verse") {
            let mut line = Vec::new();
            for (nth, verse) in raw.lines().enumerate() {
                if nth > 0 {
                    line.push(Inline::Break);
                }
                line.push(Inline::Text(verse.to_owned()));
            }
            return vec![Block::Paragraph(line)];
        }
        let named = |one: usize| {
            let class = tree.get(one, "class")?;
            let mut words = class.split([' ', ';']).map(str::trim);
            let direct = words.clone().find_map(|word| word.strip_prefix("language-").or(word.strip_prefix("lang-")));
            direct.map(str::to_owned).or_else(|| {
                words
                    .find(|word| *word == "brush:")
                    .and(class.split("brush:").nth(1))
                    .map(|rest| rest.trim().split([' ', ';']).next().unwrap_or_default().to_owned())
            })
        };
        let language = tree.within(at).find_map(named).unwrap_or_default();
        let language: String =
            language.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '+' | '#' | '_')).collect();
        self.losses.carried("pieces of code");
        vec![Block::Code { language, text: raw }]
    }

    /// What a figure shows, and its caption below it.
    fn figure(&mut self, at: usize, depth: usize) -> Vec<Block> {
        let tree = self.tree;
        let is_caption = |one: &usize| tree.name(*one) == "figcaption";
        let (captions, rest): (Vec<usize>, Vec<usize>) = tree.children(at).iter().partition(|one| is_caption(one));
        let mut out = self.flow_of(&rest, depth);
        for caption in captions {
            let inside = slanted(self.flow(caption, depth));
            if !inside.is_empty() {
                self.losses.carried("captions");
            }
            out.extend(inside);
        }
        out
    }
}

fn is_blank_text(one: &Inline) -> bool {
    matches!(one, Inline::Text(text) if text.trim().is_empty())
}

/// Ends a paragraph.
fn end_line(line: &mut Vec<Inline>, out: &mut Vec<Block>) {
    let line = std::mem::take(line);
    if !is_blank(&line) {
        out.push(Block::Paragraph(line));
    }
}

fn has_picture(one: &Inline) -> bool {
    matches!(one, Inline::Image(_)) || one.inside().iter().any(has_picture)
}

/// The same blocks with their words in bold.
fn bold(blocks: Vec<Block>) -> Vec<Block> {
    blocks.into_iter().map(|block| marked(block, &Inline::Strong(Vec::new()))).collect()
}

fn slanted(blocks: Vec<Block>) -> Vec<Block> {
    blocks.into_iter().map(|block| marked(block, &Inline::Emphasis(Vec::new()))).collect()
}

/// A block with a mark around the words of each of its lines.
fn marked(block: Block, mark: &Inline) -> Block {
    let all = |blocks: Vec<Block>| blocks.into_iter().map(|block| marked(block, mark)).collect::<Vec<_>>();
    match block {
        Block::Paragraph(text) => Block::Paragraph(vec![mark.around(text)]),
        Block::Heading { level, text, id, classes } => {
            Block::Heading { level, text: vec![mark.around(text)], id, classes }
        }
        Block::List { start, items } => Block::List { start, items: items.into_iter().map(all).collect() },
        Block::Quote(inside) => Block::Quote(all(inside)),
        other => other,
    }
}
