//! Names → lines that fit the smallest screen, and places at which they do not lie on each other.

use super::Behind;

/// The letters that fit across a drawing on a screen of 320 pixels.
pub(super) const ACROSS: usize = 34;

/// The height of a line of text, in pixels.
pub(super) const LINE: f64 = 20.0;

/// Breaks a name into lines of at most `most` letters, between words where that is possible.
pub(super) fn wrapped(name: &str, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in name.split_whitespace() {
        let mut word = word;
        loop {
            let fits = lines.last().is_some_and(|line| letters(line) + 1 + letters(word) <= most);
            match lines.last_mut().filter(|_| fits) {
                Some(line) => {
                    line.push(' ');
                    line.push_str(word);
                    break;
                }
                None if letters(word) <= most => {
                    lines.push(word.to_owned());
                    break;
                }
                None => {
                    let end = word.char_indices().nth(most).map_or(word.len(), |(end, _)| end);
                    lines.push(word[..end].to_owned());
                    word = &word[end..];
                }
            }
        }
    }
    if lines.is_empty() {
        lines.push(String::new());
    }
    lines
}

/// How many letters of ordinary width a text takes.
pub(super) fn letters(text: &str) -> usize {
    // Letters of Chinese, Japanese and Korean are twice as wide, marks above and below others take no room.
    text.chars()
        .map(|c| match u32::from(c) {
            0x0300..=0x036f | 0x064b..=0x065f | 0x200b..=0x200f => 0,
            0x1100..=0x115f
            | 0x2e80..=0xa4cf
            | 0xac00..=0xd7a3
            | 0xf900..=0xfaff
            | 0xfe30..=0xfe4f
            | 0xff00..=0xff60 => 2,
            _ => 1,
        })
        .sum()
}

/// Letters in a line of a name behind the end of a drawing, where little room is left for it, and where much.
pub(super) const SHORT: usize = 12;
pub(super) const LONG: usize = 16;

/// What is left for them, in pixels.
pub(super) fn behind(room: Behind) -> f64 {
    match room {
        Behind::Nothing => 0.0,
        Behind::Short => 108.0,
        Behind::Long => 148.0,
    }
}

/// The most letters before a drawing.
pub(super) const MOST_BEFORE: usize = 9;

/// What is left for so many letters before a drawing, in pixels.
pub(super) fn before(letters: usize) -> f64 {
    if letters == 0 { 0.0 } else { letters.min(MOST_BEFORE) as f64 * 8.0 + 12.0 }
}

/// The width of a drawing on a screen of 320 pixels, without what is left beside it.
pub(super) const NARROWEST: f64 = 284.0;

/// The room that a text takes, in per cent of a drawing that is `width` pixels wide.
pub(super) fn room(text: &str, width: f64) -> f64 {
    (letters(text) as f64 * 9.5 + 12.0) / width * 100.0
}

/// Moves places apart, so that between any two there is at least `gap`, all lie between `low` and `high` as far as there is room, and
/// each stays as near as possible to where it was.
pub(super) fn apart(places: &[f64], gaps: &[f64], low: f64, high: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..places.len()).collect();
    order.sort_by(|a, b| places[*a].total_cmp(&places[*b]));
    // Blocks of labels that touch: their members, and where the first of them is.
    let mut blocks: Vec<(Vec<usize>, f64)> = Vec::new();
    for one in order {
        blocks.push((vec![one], (places[one] - gaps[one] / 2.0).min(high - gaps[one]).max(low)));
        while let [.., before, last] = blocks.as_slice() {
            let height: f64 = before.0.iter().map(|n| gaps[*n]).sum();
            if before.1 + height <= last.1 {
                break;
            }
            let mut members = before.0.clone();
            members.extend(&last.0);
            // Where the block is nearest to all its members.
            let mut above = 0.0;
            let mut sum = 0.0;
            for n in &members {
                sum += places[*n] - gaps[*n] / 2.0 - above;
                above += gaps[*n];
            }
            let start = sum / members.len() as f64;
            blocks.truncate(blocks.len() - 2);
            blocks.push((members, start.min(high - above).max(low)));
        }
    }
    let mut moved = vec![0.0; places.len()];
    for (members, start) in blocks {
        let height: f64 = members.iter().map(|n| gaps[*n]).sum();
        let mut at = start.min(high - height).max(low);
        for n in members {
            moved[n] = at + gaps[n] / 2.0;
            at += gaps[n];
        }
    }
    moved
}
