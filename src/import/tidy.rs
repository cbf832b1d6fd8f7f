//! The words of a line → the same words with marks that can be written: none around nothing or around blanks, none twice.

use super::document::{Block, Definition, Document, Inline, is_blank};

/// Tidies every line of a document, and takes out blocks in which nothing is left.
pub(crate) fn tidy(document: &mut Document) {
    document.blocks = blocks(std::mem::take(&mut document.blocks));
    for note in &mut document.notes {
        *note = blocks(std::mem::take(note));
    }
}

fn blocks(all: Vec<Block>) -> Vec<Block> {
    all.into_iter().filter_map(block).collect()
}

fn block(block: Block) -> Option<Block> {
    Some(match block {
        Block::Heading { level, text, id, classes } => {
            let without_breaks = text.into_iter().map(without_break).collect();
            Block::Heading { level, text: filled(without_breaks)?, id, classes }
        }
        Block::Paragraph(text) => Block::Paragraph(filled(text)?),
        Block::List { start, items } => {
            let items: Vec<Vec<Block>> = items.into_iter().map(blocks).filter(|item| !item.is_empty()).collect();
            if items.is_empty() {
                return None;
            }
            Block::List { start, items }
        }
        Block::Table { rows, columns } => {
            let rows: Vec<Vec<Vec<Inline>>> = rows.into_iter().map(|row| row.into_iter().map(line).collect()).collect();
            if rows.iter().flatten().all(|cell| is_blank(cell)) {
                return None;
            }
            Block::Table { rows, columns }
        }
        Block::Quote(inside) => Block::Quote(Some(blocks(inside)).filter(|inside| !inside.is_empty())?),
        Block::Directive { name, attributes, blocks: inside } => {
            Block::Directive { name, attributes, blocks: blocks(inside) }
        }
        Block::Code { language, text } => Block::Code { language, text: printable(&text, true) },
        Block::Alert(kind, inside) => Block::Alert(kind, blocks(inside)),
        Block::Definitions(all) => {
            let all = all.into_iter().filter_map(|one| {
                Some(match one {
                    Definition::Term(text) => Definition::Term(filled(text.into_iter().map(without_break).collect())?),
                    Definition::Meaning(inside) => {
                        Definition::Meaning(Some(blocks(inside)).filter(|all| !all.is_empty())?)
                    }
                })
            });
            Block::Definitions(Some(all.collect::<Vec<_>>()).filter(|all| !all.is_empty())?)
        }
        other @ (Block::Rule | Block::Raw { .. }) => other,
    })
}

/// A heading is one line.
fn without_break(inline: Inline) -> Inline {
    match inline {
        Inline::Break => Inline::Text(" ".to_owned()),
        other if other.inside().is_empty() => other,
        other => other.around(other.inside().iter().cloned().map(without_break).collect()),
    }
}

fn filled(text: Vec<Inline>) -> Option<Vec<Inline>> {
    Some(line(text)).filter(|text| !text.is_empty())
}

/// Tidies one line.
pub(crate) fn line(text: Vec<Inline>) -> Vec<Inline> {
    let mut text = joined(text, &[]);
    // Neither blanks nor breaks at its ends are seen.
    while match text.first_mut() {
        Some(Inline::Break) => true,
        Some(Inline::Text(words)) => {
            *words = words.trim_start_matches(' ').to_owned();
            words.is_empty()
        }
        _ => false,
    } {
        text.remove(0);
    }
    while match text.last_mut() {
        Some(Inline::Break) => true,
        Some(Inline::Text(words)) => {
            words.truncate(words.trim_end_matches(' ').len());
            words.is_empty()
        }
        _ => false,
    } {
        text.pop();
    }
    text
}

/// What a mark is, for not setting it twice.
fn is_same(a: &Inline, b: &Inline) -> bool {
    match (a, b) {
        (Inline::Link { to: one, .. }, Inline::Link { to: other, .. }) => one == other,
        // Two keys to press are not one.
        (Inline::Element { .. }, _) => false,
        _ => !a.inside().is_empty() && !b.inside().is_empty() && std::mem::discriminant(a) == std::mem::discriminant(b),
    }
}

fn joined(text: Vec<Inline>, around: &[Inline]) -> Vec<Inline> {
    let mut out: Vec<Inline> = Vec::with_capacity(text.len());
    let mut text: std::collections::VecDeque<Inline> = text.into();
    while let Some(one) = text.pop_front() {
        match one {
            Inline::Text(words) => append(&mut out, Inline::Text(printable(&words, false))),
            Inline::Code(words) => {
                let words = printable(&words, false);
                match words.trim().is_empty() {
                    true => push_text(&mut out, &words),
                    false => append(&mut out, Inline::Code(words)),
                }
            }
            Inline::Math { tex, display } => {
                let tex = printable(&tex, false).trim().to_owned();
                if !tex.is_empty() {
                    append(&mut out, Inline::Math { tex, display });
                }
            }
            mark if mark.inside().is_empty() => {
                if !matches!(
                    mark,
                    Inline::Strong(_)
                        | Inline::Emphasis(_)
                        | Inline::Deleted(_)
                        | Inline::Subscript(_)
                        | Inline::Superscript(_)
                        | Inline::Link { .. }
                        | Inline::Element { .. }
                ) {
                    out.push(mark);
                }
            }
            mark => {
                let is_link = |one: &Inline| matches!(one, Inline::Link { .. });
                let is_set = around.iter().any(|set| std::mem::discriminant(set) == std::mem::discriminant(&mark));
                let mut inside = mark.inside().to_vec();
                if is_set {
                    inside.into_iter().rev().for_each(|one| text.push_front(one));
                    continue;
                }
                while let Some(next) = text.front().filter(|next| is_same(&mark, next)) {
                    inside.extend(next.inside().iter().cloned());
                    text.pop_front();
                }
                // A note's mark is a link itself.
                if is_link(&mark) {
                    let mut notes = Vec::new();
                    inside = without_notes(inside, &mut notes);
                    notes.into_iter().rev().for_each(|note| text.push_front(note));
                }
                let around: Vec<Inline> = around.iter().cloned().chain([mark.around(Vec::new())]).collect();
                wrap(&mark, joined(inside, &around), &mut out);
            }
        }
    }
    out
}

/// Takes the marks of notes out of some words.
fn without_notes(inside: Vec<Inline>, notes: &mut Vec<Inline>) -> Vec<Inline> {
    let mut rest = Vec::with_capacity(inside.len());
    for one in inside {
        match one {
            Inline::Note(_) => notes.push(one),
            one if one.inside().is_empty() => rest.push(one),
            one => rest.push(one.around(without_notes(one.inside().to_vec(), notes))),
        }
    }
    rest
}

/// Puts a mark around what can have one: blanks and breaks at its ends go before and behind it.
fn wrap(mark: &Inline, mut inside: Vec<Inline>, out: &mut Vec<Inline>) {
    let mut after: Vec<Inline> = Vec::new();
    loop {
        match inside.first_mut() {
            Some(Inline::Break) => {
                out.push(Inline::Break);
            }
            Some(Inline::Text(words)) => {
                let rest = words.trim_start();
                if rest.len() < words.len() {
                    let blank = words[..words.len() - rest.len()].to_owned();
                    push_text(out, &blank);
                    *words = rest.to_owned();
                }
                if !words.is_empty() {
                    break;
                }
            }
            _ => break,
        }
        inside.remove(0);
    }
    loop {
        match inside.last_mut() {
            Some(Inline::Break) => after.push(Inline::Break),
            Some(Inline::Text(words)) => {
                let rest = words.trim_end();
                if rest.len() < words.len() {
                    after.push(Inline::Text(words[rest.len()..].to_owned()));
                    *words = rest.to_owned();
                }
                if !words.is_empty() {
                    break;
                }
            }
            _ => break,
        }
        inside.pop();
    }
    if !inside.is_empty() {
        append(out, mark.around(inside));
    }
    for one in after.into_iter().rev() {
        match one {
            Inline::Text(words) => push_text(out, &words),
            other => out.push(other),
        }
    }
}

/// Adds what is tidy in itself behind what is there, so that both together are.
fn append(out: &mut Vec<Inline>, one: Inline) {
    match (out.last_mut(), one) {
        (last, Inline::Text(words)) => {
            // A digit behind a formula would make it words.
            if matches!(last, Some(Inline::Math { .. })) && words.starts_with(|c: char| c.is_ascii_digit()) {
                push_text(out, " ");
            }
            push_text(out, &words);
        }
        // Two in a row would be read as one with other marks.
        (Some(Inline::Code(before)), Inline::Code(words)) => before.push_str(&words),
        // The signs between two would be those of a formula on its own line.
        (Some(Inline::Math { .. }), math @ Inline::Math { .. }) => out.extend([Inline::Text(" ".to_owned()), math]),
        // `US$` is money: a capital letter that touches a formula would make it words.
        (Some(Inline::Text(words)), math @ Inline::Math { .. })
            if words.ends_with(|c: char| c.is_ascii_uppercase()) =>
        {
            words.push(' ');
            out.push(math);
        }
        // What was apart by nothing is one.
        (Some(last), mark) if is_same(last, &mark) => {
            if let Some(before) = last.inside_mut() {
                mark.inside().iter().cloned().for_each(|one| append(before, one));
            }
        }
        // A note's mark or a formula and a link that touch would be read as one link.
        (Some(Inline::Note(_) | Inline::Math { .. }), link @ Inline::Link { .. }) => {
            out.extend([Inline::Text(" ".to_owned()), link]);
        }
        (_, one) => out.push(one),
    }
}

/// Adds words; there is one blank between two words, and none beside a break.
fn push_text(out: &mut Vec<Inline>, words: &str) {
    let blank_before = match out.last() {
        Some(Inline::Text(before)) => before.ends_with(' '),
        Some(Inline::Break) => true,
        _ => false,
    };
    let words = if blank_before { words.trim_start_matches(' ') } else { words };
    if words.is_empty() {
        return;
    }
    match out.last_mut() {
        Some(Inline::Text(before)) => before.push_str(words),
        _ => out.push(Inline::Text(words.to_owned())),
    }
}

/// Text without signs that nothing can show; blanks are one, unless it is code.
fn printable(text: &str, is_code: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\t' if is_code => out.push(c),
            ' ' | '\t' | '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => {
                if is_code || !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            c if c.is_control() || c == '\u{feff}' => {}
            c => out.push(c),
        }
    }
    out
}
