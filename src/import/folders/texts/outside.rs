//! Where a sign stands in a Markdown text that is not code: fences and code in lines are passed over.

/// How many lines after an indented fence its end is looked for.
const FURTHEST: usize = 200;

/// The next place from `from` on, which is not in code, at which the byte `sign` stands outside of code.
pub(super) fn next(text: &str, mut from: usize, sign: u8) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut is_line = from == 0 || bytes.get(from - 1) == Some(&b'\n');
    loop {
        if is_line {
            match after_fence(text, from) {
                Some(end) if end >= text.len() => return None,
                Some(end) => {
                    from = end;
                    continue;
                }
                None => is_line = false,
            }
        }
        let at = from + memchr::memchr3(sign, b'`', b'\n', bytes.get(from..)?)?;
        match bytes[at] {
            b'\n' => (from, is_line) = (at + 1, true),
            b'`' if sign != b'`' => from = after_code(bytes, at),
            _ => return Some(at),
        }
    }
}

/// Where the lines of code end that a fence at this beginning of a line opens.
pub(super) fn after_fence(text: &str, at: usize) -> Option<usize> {
    let line = text[at..].lines().next().unwrap_or_default();
    let bare = line.trim_start();
    let mark = bare.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let length = bare.len() - bare.trim_start_matches(mark).len();
    if length < 3 || mark == '`' && bare[length..].contains('`') {
        return None;
    }
    // A line of indented code shows a fence; any other runs to the end of the text.
    let is_indented = line.len() - bare.len() >= 4;
    let mut lines = 0;
    let mut from = at + line.len();
    while let Some(end) = text[from..].find('\n').map(|end| from + end + 1) {
        let next = text[end..].lines().next().unwrap_or_default();
        let closing = next.trim();
        if closing.len() >= length && closing.chars().all(|c| c == mark) {
            let behind = end + next.len();
            return Some(text[behind..].find('\n').map_or(text.len(), |line| behind + line + 1));
        }
        from = end;
        lines += 1;
        if is_indented && lines > FURTHEST {
            break;
        }
    }
    (!is_indented).then_some(text.len())
}

/// Where code in a line ends that begins at `at`: behind its mark, if it has no end in its paragraph.
fn after_code(bytes: &[u8], at: usize) -> usize {
    let length = bytes[at..].iter().take_while(|byte| **byte == b'`').count();
    let mut from = at + length;
    while let Some(found) = memchr::memchr2(b'`', b'\n', &bytes[from..]) {
        let place = from + found;
        if bytes[place] == b'\n' {
            let is_blank = bytes[place + 1..].iter().take_while(|byte| **byte != b'\n').all(u8::is_ascii_whitespace);
            if is_blank {
                break;
            }
            from = place + 1;
            continue;
        }
        let run = bytes[place..].iter().take_while(|byte| **byte == b'`').count();
        if run == length {
            return place + run;
        }
        from = place + run;
    }
    at + length
}

#[cfg(test)]
mod tests {
    use super::next;

    #[test]
    fn code_is_passed_over() {
        let places = |text: &str| {
            let mut found = Vec::new();
            let mut from = 0;
            while let Some(at) = next(text, from, b'<') {
                found.push(at);
                from = at + 1;
            }
            found
        };
        assert_eq!(places("a < `b <` <"), [2, 10]);
        assert_eq!(places("```\n<\n```\n<\n~~~ x\n<\n```\n~~~\n<"), [10, 28]);
        assert_eq!(places("one ` <\n\n` <"), [6, 11]);
        assert_eq!(places("``a ` <`` <"), [10]);
        assert_eq!(places("    ```\n<"), [8]);
        assert_eq!(places("```\n<"), [0; 0]);
        assert_eq!(places("é<`é<`é<"), [2, 10]);
    }
}
