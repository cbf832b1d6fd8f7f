//! Places in texts with the line ends of every system.

use super::*;

/// Line ends of every system, also within a tag. Seen to fail when carriage returns were left out without being counted.
#[test]
fn elements_left_open_are_where_they_begin() {
    let parts = ["<b", "<i", ">", " class=\"x\"", "\r", "\n", "\r\n", "a", "é", "<div", "</b>", "<!-- c -->", " "];
    let mut state = 7u64;
    for _ in 0..20_000 {
        let mut text = String::new();
        for _ in 0..12 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            text.push_str(parts[(state >> 33) as usize % parts.len()]);
        }
        let found = read_with(&text, HtmlPolicy::Sanitise).1;
        for fault in found.faults.iter().filter(|fault| fault.code == Code::HtmlUnclosed) {
            let span = fault.span.as_ref().expect("it has a place");
            let what = fault.message.split('`').nth(1).unwrap_or_default().trim_end_matches('>');
            assert!(text[span.start..].starts_with(what), "{text:?}: {what} at {}", span.start);
        }
    }
}
