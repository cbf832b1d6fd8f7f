//! Patterns of files, as `.gitignore`, `.eleventyignore` and settings of Eleventy and Hugo have them → the files that are passed over, or
//! that were never sent to the machine that built the site.

use super::Folder;

/// Lines that say which files are passed over.
#[derive(Debug, Default)]
pub(super) struct Ignored {
    lines: Vec<Line>,
}

#[derive(Debug)]
struct Line {
    /// The folder that it holds for: empty, or `src/`.
    below: String,
    pattern: String,
    /// `!pattern`: it is read all the same.
    is_exception: bool,
    /// `pattern/`: folders only.
    is_folder: bool,
    /// Whether it says where in the folder, and not only a name.
    is_placed: bool,
}

impl Ignored {
    /// Reads the files of this name at the top and in `input`.
    pub(super) fn add_files(&mut self, folder: &Folder<'_>, input: &str, name: &str) {
        let mut places = vec![String::new()];
        places.extend((!input.is_empty()).then(|| input.to_owned()));
        for below in places {
            for line in folder.text(&format!("{below}{name}")).unwrap_or_default().lines() {
                self.add(&below, line);
            }
        }
    }

    /// Adds a line.
    pub(super) fn add(&mut self, below: &str, line: &str) {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            return;
        }
        let (is_exception, line) = line.strip_prefix('!').map_or((false, line), |line| (true, line));
        let line = line.strip_prefix('\\').unwrap_or(line);
        let bare = line.trim_start_matches("./");
        let is_folder = bare.ends_with('/');
        let bare = bare.trim_end_matches('/');
        let is_placed = bare.contains('/');
        for pattern in spread(bare.trim_start_matches('/')) {
            self.lines.push(Line { below: below.to_owned(), pattern, is_exception, is_folder, is_placed });
        }
    }

    /// Whether a file, or a folder above it, is passed over.
    pub(super) fn has(&self, path: &str) -> bool {
        let ends = path.match_indices('/').map(|(at, _)| (at, true)).chain([(path.len(), false)]);
        ends.into_iter().any(|(end, is_folder)| self.says(&path[..end], is_folder))
    }

    /// What the last line says that speaks of a path.
    fn says(&self, path: &str, is_folder: bool) -> bool {
        let speaks = |line: &&Line| {
            let Some(rest) = path.strip_prefix(line.below.as_str()) else { return false };
            if line.is_folder && !is_folder {
                return false;
            }
            let name = rest.rsplit('/').next().unwrap_or_default();
            is_like(rest, &line.pattern) || !line.is_placed && is_like(name, &line.pattern)
        };
        self.lines.iter().rev().find(speaks).is_some_and(|line| !line.is_exception)
    }
}

/// The patterns of one with choices: `{a,b}/**`.
fn spread(pattern: &str) -> Vec<String> {
    const MOST: usize = 100;
    let mut done = Vec::new();
    let mut waiting = vec![pattern.to_owned()];
    while let Some(one) = waiting.pop() {
        let choice = one.split_once('{').and_then(|(before, rest)| Some((before, rest.split_once('}')?)));
        match choice {
            Some((before, (choices, after))) if waiting.len() + done.len() < MOST => {
                waiting.extend(choices.split(',').map(|choice| format!("{before}{choice}{after}")));
            }
            _ => done.push(one),
        }
    }
    done
}

/// Whether a path is what a pattern says: `*` and `?` stand for what is within a folder, `**` for folders too.
fn is_like(path: &str, pattern: &str) -> bool {
    let (path, pattern): (Vec<char>, Vec<char>) = (path.chars().collect(), pattern.chars().collect());
    // Which lengths of the path the pattern so far can stand for.
    let mut ends = vec![false; path.len() + 1];
    ends[0] = true;
    let mut at = 0;
    while at < pattern.len() {
        let mut next = vec![false; path.len() + 1];
        match pattern[at] {
            '*' if pattern.get(at + 1) == Some(&'*') => {
                at += 2;
                // `**/` may be no folder at all.
                let is_folder = pattern.get(at) == Some(&'/');
                at += usize::from(is_folder);
                let mut is_open = false;
                for place in 0..=path.len() {
                    is_open |= ends[place];
                    next[place] = ends[place] || is_open && (!is_folder || path[place - 1] == '/');
                }
            }
            '*' => {
                at += 1;
                let mut is_open = false;
                for place in 0..=path.len() {
                    is_open = ends[place] || is_open && path[place - 1] != '/';
                    next[place] = is_open;
                }
            }
            '[' if pattern[at..].contains(&']') => {
                let close = at + pattern[at..].iter().position(|c| *c == ']').unwrap_or(0);
                let inside = &pattern[at + 1..close];
                let (is_not, inside) = match inside.first() {
                    Some('!' | '^') => (true, &inside[1..]),
                    _ => (false, inside),
                };
                for place in 0..path.len() {
                    next[place + 1] = ends[place] && path[place] != '/' && among(path[place], inside) != is_not;
                }
                at = close + 1;
            }
            one => {
                for place in 0..path.len() {
                    next[place + 1] = ends[place] && (path[place] == one || one == '?' && path[place] != '/');
                }
                at += 1;
            }
        }
        ends = next;
    }
    ends[path.len()]
}

/// Whether a letter is among `abc` or `a-c`.
fn among(c: char, all: &[char]) -> bool {
    all.contains(&c) || all.windows(3).any(|three| three[1] == '-' && (three[0]..=three[2]).contains(&c))
}

#[cfg(test)]
mod tests {
    use super::Ignored;

    #[test]
    fn the_last_line_that_speaks_of_a_file_decides() {
        let mut ignored = Ignored::default();
        for line in [
            "# a comment",
            "secret.md",
            "/top.md",
            "drafts/",
            "src/private/**",
            "*.tmp.md",
            "!keep.tmp.md",
            "a/**/z.md",
            "n[0-9].md",
            "{x,y}/q.md",
        ] {
            ignored.add("", line);
        }
        ignored.add("src/", "only/*.md");
        for path in [
            "secret.md",
            "src/a/secret.md",
            "top.md",
            "drafts/x.md",
            "src/drafts/y/x.md",
            "src/private/a/b.md",
            "q/a.tmp.md",
            "a/z.md",
            "a/b/c/z.md",
            "n7.md",
            "x/q.md",
            "y/q.md",
            "src/only/a.md",
        ] {
            assert!(ignored.has(path), "{path}");
        }
        for path in [
            "src/top.md",
            "drafts.md",
            "keep.tmp.md",
            "b/z.md",
            "nx.md",
            "z/q.md",
            "only/a.md",
            "src/only/b/a.md",
            "src/secret.md.md",
        ] {
            assert!(!ignored.has(path), "{path}");
        }
    }
}
