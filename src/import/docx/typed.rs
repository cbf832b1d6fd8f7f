//! References that somebody typed, such as “see Table 2” → references to the figure whose caption has that number.

use std::collections::{BTreeMap, BTreeSet};

use super::fields::BOOKMARK;
use crate::import::document::{Block, Definition, Document, Inline, is_blank, words};
use crate::import::losses::Losses;

/// What captions call figures, and the name that all spellings have in common.
const WORDS: &[(&str, &str)] = &[
    ("figure", "figure"),
    ("fig.", "figure"),
    ("fig", "figure"),
    ("table", "table"),
    ("chart", "chart"),
    ("graph", "graph"),
    ("exhibit", "exhibit"),
    ("map", "map"),
    ("ffigur", "figure"),
    ("tabl", "table"),
];

/// The name under which the text may mention the figure with this label, `Figure 3`.
pub(super) fn label(label: &str) -> Option<String> {
    let (word, number) = label.trim().rsplit_once(|c: char| c.is_whitespace() || c == '\u{a0}')?;
    let word = word.trim().to_lowercase();
    let (_, name) = WORDS.iter().find(|(known, _)| *known == word)?;
    let number = number.trim_end_matches(['.', '-', '–', ':']);
    (!number.is_empty()).then(|| format!("label:{name}-{number}"))
}

/// What a word before a number calls figures, `Figures` and `fig.` alike.
pub(super) fn kind(word: &str) -> Option<&'static str> {
    let word = word.to_lowercase();
    let is = |word: &str| WORDS.iter().find(|(known, _)| *known == word).map(|(_, name)| *name);
    is(&word).or_else(|| is(word.strip_suffix('s')?)).or_else(|| is(word.strip_suffix("s.")?))
}

/// Makes links of the mentions of figures whose captions have a number; names those that have no such caption.
pub(super) fn found(document: &mut Document, losses: &mut Losses) {
    let mut labels: BTreeMap<String, usize> = BTreeMap::new();
    gather(&document.blocks, &mut labels);
    let mut reader = Mentions { labels, unknown: BTreeSet::new() };
    reader.in_blocks(&mut document.blocks);
    document.notes.iter_mut().for_each(|note| reader.in_blocks(note));
    if !reader.unknown.is_empty() {
        let all: Vec<String> = reader.unknown.into_iter().collect();
        losses.changed(
            "numbers of figures in the text",
            "no caption has this number, or several have it, so the words stay: the site counts figures itself, so look whether they are still right",
            String::new(),
            &all.join(", "),
        );
    }
}

/// Makes lines that somebody typed as this program's own blocks, such as `:::after 2027-01-05 09:00`, what they say, and names them: as mere
/// words they would hide nothing.
pub(super) fn openings(blocks: &mut Vec<Block>, losses: &mut Losses) {
    for block in std::mem::take(blocks) {
        match block {
            Block::Paragraph(text) if words(&text).contains(":::") => {
                for line in text.split(|one| *one == Inline::Break).filter(|line| !is_blank(line)) {
                    blocks.push(opening(line, losses));
                }
            }
            mut other => {
                match &mut other {
                    Block::Quote(inside) | Block::Directive { blocks: inside, .. } => openings(inside, losses),
                    Block::List { items, .. } => items.iter_mut().for_each(|item| openings(item, losses)),
                    _ => {}
                }
                blocks.push(other);
            }
        }
    }
}

/// A line of a text, or what begins or ends a block.
fn opening(line: &[Inline], losses: &mut Losses) -> Block {
    let said = words(line);
    let said = said.trim();
    if !said.starts_with(":::") {
        return Block::Paragraph(line.to_vec());
    }
    let is_plain = line.iter().all(|one| matches!(one, Inline::Text(_) | Inline::Strong(_) | Inline::Emphasis(_)));
    let is_taken = is_plain && !said.contains(['<', '`']);
    let how = match is_taken {
        true => {
            "it is as you wrote it: see in the page that each block has an end, a line `:::`. Until it has, `pamphlet check` reports an error and \
             nothing is published"
        }
        false => "it is a line of words here, which hides nothing: write it anew before you publish the page",
    };
    losses.changed("a line with three colons, which begins or ends a block of the site", how, String::new(), said);
    match is_taken {
        true => Block::Raw { text: said.to_owned(), structure: String::new() },
        false => Block::Paragraph(line.to_vec()),
    }
}

/// The labels of all captions, and how many have each.
fn gather(blocks: &[Block], labels: &mut BTreeMap<String, usize>) {
    for block in blocks {
        match block {
            Block::Directive { attributes, blocks, .. } => {
                let ids =
                    attributes.iter().filter(|(key, _)| key == "id").filter_map(|(_, id)| id.strip_prefix(BOOKMARK));
                for one in ids.flat_map(|ids| ids.split(' ')).filter(|one| one.starts_with("label:")) {
                    *labels.entry(one.to_owned()).or_default() += 1;
                }
                gather(blocks, labels);
            }
            Block::Quote(inside) => gather(inside, labels),
            _ => {}
        }
    }
}

struct Mentions {
    labels: BTreeMap<String, usize>,
    unknown: BTreeSet<String>,
}

impl Mentions {
    fn in_blocks(&mut self, blocks: &mut [Block]) {
        for block in blocks {
            match block {
                Block::Paragraph(text) => self.in_line(text),
                Block::List { items, .. } => items.iter_mut().for_each(|item| self.in_blocks(item)),
                Block::Table { rows, .. } => rows.iter_mut().flatten().for_each(|cell| self.in_line(cell)),
                Block::Quote(inside) | Block::Alert(_, inside) | Block::Directive { blocks: inside, .. } => {
                    self.in_blocks(inside);
                }
                Block::Definitions(all) => all.iter_mut().for_each(|one| match one {
                    Definition::Term(text) => self.in_line(text),
                    Definition::Meaning(inside) => self.in_blocks(inside),
                }),
                Block::Heading { .. } | Block::Code { .. } | Block::Rule | Block::Raw { .. } => {}
            }
        }
    }

    fn in_line(&mut self, line: &mut Vec<Inline>) {
        let mut out = Vec::with_capacity(line.len());
        for one in std::mem::take(line) {
            match one {
                Inline::Text(text) => self.in_words(&text, &mut out),
                mut one @ (Inline::Strong(_) | Inline::Emphasis(_)) => {
                    if let Some(inside) = one.inside_mut() {
                        self.in_line(inside);
                    }
                    out.push(one);
                }
                other => out.push(other),
            }
        }
        *line = out;
    }

    fn in_words(&mut self, text: &str, out: &mut Vec<Inline>) {
        let mut from = 0;
        for (start, end, name) in mentions(text) {
            if self.labels.get(&name) != Some(&1) {
                self.unknown.insert(text[start..end].to_owned());
                continue;
            }
            if from < start {
                out.push(Inline::Text(text[from..start].to_owned()));
            }
            let said = vec![Inline::Text(text[start..end].to_owned())];
            out.push(Inline::Link { to: format!("{BOOKMARK}{name}"), title: String::new(), text: said });
            from = end;
        }
        if from < text.len() {
            out.push(Inline::Text(text[from..].to_owned()));
        }
    }
}

/// The places in a text that look like a mention of one figure, and the names of these.
fn mentions(text: &str) -> Vec<(usize, usize, String)> {
    let mut found = Vec::new();
    let mut begins = true;
    let mut next = 0;
    for (at, c) in text.char_indices() {
        let is_start = std::mem::replace(&mut begins, !c.is_alphanumeric());
        // Names of figures have a capital; `table 3` in the middle of a sentence may be any.
        if at < next || !is_start || !c.is_uppercase() {
            continue;
        }
        let rest = &text[at..];
        let Some(gap) = rest.find([' ', '\u{a0}']).filter(|gap| *gap < 12) else { continue };
        let Some((_, name)) = WORDS.iter().find(|(known, _)| rest[..gap].to_lowercase() == *known) else { continue };
        let behind = rest[gap..].trim_start_matches([' ', '\u{a0}']);
        let start = at + rest.len() - behind.len();
        let length = behind.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == '-')).unwrap_or(behind.len());
        let number = behind[..length].trim_end_matches(['.', '-']);
        if !number.starts_with(|c: char| c.is_ascii_digit()) {
            continue;
        }
        let end = start + number.len();
        // `Figure 3a` is a part of one.
        if text[end..].starts_with(char::is_alphabetic) {
            continue;
        }
        next = end;
        found.push((at, end, format!("label:{name}-{number}")));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{label, mentions};

    #[test]
    fn labels_and_mentions_have_one_name() {
        assert_eq!(label("Figure 3").as_deref(), Some("label:figure-3"));
        assert_eq!(label("Fig. 3.").as_deref(), Some("label:figure-3"));
        assert_eq!(label("Table\u{a0}2.1:").as_deref(), Some("label:table-2.1"));
        assert_eq!(label("Housing 3"), None);
        let found = |text: &str| {
            mentions(text).into_iter().map(|(a, b, name)| (text[a..b].to_owned(), name)).collect::<Vec<_>>()
        };
        assert_eq!(
            found("See Table 2, Fig. 3 and (Figure 4). A table 5, Figure 6a, Tables 7, Constable 8."),
            [
                ("Table 2".to_owned(), "label:table-2".to_owned()),
                ("Fig. 3".to_owned(), "label:figure-3".to_owned()),
                ("Figure 4".to_owned(), "label:figure-4".to_owned())
            ]
        );
    }
}
