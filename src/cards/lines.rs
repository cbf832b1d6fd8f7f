//! A text → lines of letters as large as the space allows.

use crate::config::Fit;

/// A text that has been set.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Set {
    /// The font size in pixels.
    pub(crate) size: u32,
    pub(crate) lines: Vec<String>,
}

/// Shows that a text goes on.
const MORE: &str = "…";

/// Sets `text` in the largest size of `fit` that it fits in, in lines of similar length; a text that fits in none is cut
/// short. `width` gives the width of a text at a size of one pixel.
pub(crate) fn set(text: &str, fit: &Fit, width: impl Fn(&str) -> f32) -> Set {
    let words: Vec<&str> = text.split_whitespace().collect();
    let widths: Vec<f32> = words.iter().map(|word| width(word)).collect();
    let space = width(" ");
    for size in &fit.sizes {
        let room = points(fit.width) / points(*size);
        let fits = |lines: &[Range]| lines.len() <= fit.lines;
        if widths.iter().all(|word| *word <= room) && fits(&broken(&widths, space, room)) {
            let lines = even(&widths, space, room);
            let line = |range: &Range| words[range.0..range.1].join(" ");
            return Set { size: *size, lines: lines.iter().map(line).collect() };
        }
    }
    let size = fit.sizes.last().copied().unwrap_or(48);
    Set { size, lines: cut(&words, points(fit.width) / points(size), fit.lines, width) }
}

/// The words of a line: from the first number up to, but not including, the second.
type Range = (usize, usize);

/// Lines, each as full as it can be.
fn broken(widths: &[f32], space: f32, room: f32) -> Vec<Range> {
    let mut lines = Vec::new();
    let (mut start, mut filled) = (0, 0.0);
    for (at, width) in widths.iter().enumerate() {
        let with = if at == start { *width } else { filled + space + width };
        if at > start && with > room {
            lines.push((start, at));
            (start, filled) = (at, *width);
        } else {
            filled = with;
        }
    }
    if start < widths.len() {
        lines.push((start, widths.len()));
    }
    lines
}

/// As many lines as in `room`, each as short as possible: no word is left alone below a full line.
fn even(widths: &[f32], space: f32, room: f32) -> Vec<Range> {
    let count = broken(widths, space, room).len();
    let (mut too_narrow, mut enough) = (0.0, room);
    for _ in 0..12 {
        let middle = f32::midpoint(too_narrow, enough);
        let holds = widths.iter().all(|width| *width <= middle) && broken(widths, space, middle).len() == count;
        *(if holds { &mut enough } else { &mut too_narrow }) = middle;
    }
    broken(widths, space, enough)
}

/// Full lines, up to `most`; a word wider than a line is broken, and the last line shows that there is more.
fn cut(words: &[&str], room: f32, most: usize, width: impl Fn(&str) -> f32) -> Vec<String> {
    let mut lines: Vec<String> = vec![String::new()];
    let mut is_whole = true;
    'all: for word in words {
        let fits_behind = |line: &str| width(&format!("{line} {word}")) <= room;
        let line = lines.last_mut().filter(|line| !line.is_empty());
        match line {
            Some(line) if fits_behind(line) => {
                line.push(' ');
                line.push_str(word);
                continue;
            }
            Some(_) => lines.push(String::new()),
            None => {}
        }
        for letter in word.chars() {
            let Some(line) = lines.last_mut() else { break 'all };
            if !line.is_empty() && width(&format!("{line}{letter}")) > room {
                lines.push(letter.to_string());
            } else {
                line.push(letter);
            }
            if lines.len() > most {
                break 'all;
            }
        }
    }
    if lines.len() > most {
        is_whole = false;
        lines.truncate(most);
    }
    if let Some(last) = lines.last_mut().filter(|_| !is_whole) {
        while !last.is_empty() && width(&format!("{last}{MORE}")) > room {
            last.pop();
        }
        last.truncate(last.trim_end_matches([' ', ',', ':', ';', '–', '—']).len());
        last.push_str(MORE);
    }
    lines
}

/// A number of pixels in the type of widths.
#[allow(clippy::cast_precision_loss, reason = "images are a few thousand pixels wide")]
fn points(count: u32) -> f32 {
    count as f32
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn fit(width: u32, lines: usize) -> Fit {
        Fit { typeface: String::new(), stated: None, weight: 600, width, lines, sizes: vec![90, 70, 50] }
    }

    /// Every letter is half as wide as it is high.
    fn half(text: &str) -> f32 {
        text.chars().map(|_| 0.5_f32).sum()
    }

    #[test]
    fn a_title_is_as_large_as_fits_and_its_lines_are_about_as_long_as_each_other() {
        let set = set("Who owns the high street and why it matters", &fit(1_000, 3), half);
        assert_eq!(set.size, 90);
        assert_eq!(set.lines, ["Who owns the", "high street and", "why it matters"].map(str::to_owned));
        let one_below = super::set("Community wealth building in the north", &fit(1_000, 2), half);
        assert_eq!(one_below.lines, ["Community wealth", "building in the north"].map(str::to_owned));
    }

    proptest! {
        #[test]
        fn no_line_is_too_wide_no_word_is_lost_unsaid(words in prop::collection::vec("[a-zé]{1,24}", 1..40), lines in 1_usize..6) {
            let fit = fit(1_000, lines);
            let set = set(&words.join(" "), &fit, half);
            prop_assert!(fit.sizes.contains(&set.size));
            prop_assert!(!set.lines.is_empty() && set.lines.len() <= lines);
            for line in &set.lines {
                prop_assert!(half(line) * points(set.size) <= points(fit.width) + 0.5, "{line} at {}", set.size);
            }
            let said = set.lines.join(" ");
            prop_assert!(said == words.join(" ") || said.ends_with(MORE) || said.replace(' ', "") == words.concat());
        }

        #[test]
        fn a_larger_size_would_not_have_fitted(words in prop::collection::vec("[a-z]{1,12}", 1..30)) {
            let fit = fit(1_000, 4);
            let set = set(&words.join(" "), &fit, half);
            let widths: Vec<f32> = words.iter().map(|word| half(word)).collect();
            for size in fit.sizes.iter().filter(|size| **size > set.size) {
                let room = points(fit.width) / points(*size);
                let too_wide = widths.iter().any(|width| *width > room);
                prop_assert!(too_wide || broken(&widths, 0.5, room).len() > fit.lines);
            }
        }
    }
}
