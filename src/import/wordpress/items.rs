//! The bytes of an export, as they come → its head and its items, one after the other, so that no more than one is in memory.
//!
//! Only what is needed to find where an item ends is understood here: CDATA, comments, and the tags `<item>`, `</item>`. An item whose
//! CDATA never ends would take the next ones with it; it is cut where the next begins.

use std::io::{self, BufRead};

/// A part of the file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Piece {
    /// What is before the first item.
    Head(String),
    Item {
        text: String,
        /// Where it begins, from 1.
        line: usize,
        /// Whether it ends as it should.
        is_whole: bool,
    },
    /// The file ended, as it should or not.
    End { is_whole: bool },
}

/// How large one item may be, in bytes.
const LARGEST: usize = 64 << 20;

/// Reads pieces.
pub(super) struct Items<R> {
    from: R,
    encoding: Option<&'static encoding_rs::Encoding>,
    line: usize,
    /// Pieces that wait.
    ready: std::collections::VecDeque<Piece>,
    is_begun: bool,
    is_over: bool,
}

impl<R: BufRead> Items<R> {
    pub(super) fn new(from: R) -> Self {
        Self {
            from,
            encoding: None,
            line: 1,
            ready: std::collections::VecDeque::new(),
            is_begun: false,
            is_over: false,
        }
    }

    /// The next piece; `None` after the end.
    pub(super) fn next(&mut self) -> io::Result<Option<Piece>> {
        if let Some(piece) = self.ready.pop_front() {
            return Ok(Some(piece));
        }
        if self.is_over {
            return Ok(None);
        }
        self.fill()?;
        Ok(self.ready.pop_front())
    }

    /// Reads until a piece is complete.
    fn fill(&mut self) -> io::Result<()> {
        let mut buffer: Vec<u8> = Vec::new();
        let mut begun_at = self.line;
        let mut is_item = false;
        let mut hidden = Hidden::No;
        // Where another item seems to begin within CDATA: the place in the buffer and the line.
        let mut begins: Vec<(usize, usize)> = Vec::new();
        let mut after_item_end = false;
        loop {
            let before = buffer.len();
            let read = self.from.by_ref_read_until(&mut buffer)?;
            let token_line = self.line;
            self.line += memchr::memchr_iter(b'\n', &buffer[before..]).count();
            if read == 0 || buffer.len() > LARGEST {
                self.is_over = true;
                let is_rest = buffer.iter().all(u8::is_ascii_whitespace);
                if is_item {
                    self.push_items(buffer, begun_at, false, &begins);
                } else if !self.is_begun {
                    let text = self.decoded(&buffer);
                    self.ready.push_back(Piece::Head(text));
                }
                self.ready.push_back(Piece::End { is_whole: !is_item && is_rest && read == 0 });
                return Ok(());
            }
            let token = &buffer[before..];
            hidden = hidden.after(token);
            let bare = token.trim_ascii();
            if hidden != Hidden::No {
                if is_item && after_item_end && is_open(bare, b"item") {
                    begins.push((before, token_line));
                }
                after_item_end = bare.ends_with(b"</item>");
                continue;
            }
            let tag = bare.rsplit(|byte| *byte == b'<').next().unwrap_or_default();
            if !is_item && (tag == b"item>" || tag.starts_with(b"item ")) {
                let start = buffer.len() - token.len() + token.iter().rposition(|byte| *byte == b'<').unwrap_or(0);
                if !self.is_begun {
                    self.is_begun = true;
                    let head = buffer[..start].to_vec();
                    self.encoding = declared(&head);
                    let text = self.decoded(&head);
                    self.ready.push_back(Piece::Head(text));
                }
                buffer.drain(..start);
                is_item = true;
                begun_at = self.line;
                begins.clear();
            } else if is_item && tag == b"/item>" {
                self.push_items(std::mem::take(&mut buffer), begun_at, true, &begins);
                return Ok(());
            } else if !is_item && self.is_begun && matches!(tag, b"/channel>" | b"/rss>") {
                self.is_over = true;
                self.ready.push_back(Piece::End { is_whole: true });
                return Ok(());
            } else if !is_item && self.is_begun {
                buffer.clear();
            } else if !self.is_begun && tag == b"/channel>" {
                self.is_begun = true;
                self.is_over = true;
                self.encoding = declared(&buffer);
                let text = self.decoded(&buffer);
                self.ready.extend([Piece::Head(text), Piece::End { is_whole: true }]);
                return Ok(());
            }
        }
    }

    /// One item, or several if the CDATA of one had no end.
    fn push_items(&mut self, bytes: Vec<u8>, line: usize, is_whole: bool, begins: &[(usize, usize)]) {
        let is_post = |part: &[u8]| memchr::memmem::find(part, b"<wp:post_id>").is_some();
        // The places were counted before what stood before the item was taken out.
        let cuts: Vec<(usize, usize)> = begins
            .iter()
            .copied()
            .filter_map(|(at, line)| {
                let from = at.min(bytes.len());
                let place = from + memchr::memmem::find(&bytes[from..], b"<item")?;
                is_post(&bytes[place..]).then_some((place, line))
            })
            .collect();
        let mut start = 0;
        let mut from = line;
        for (cut, line) in cuts {
            if cut <= start || !is_post(&bytes[start..cut]) {
                continue;
            }
            let text = self.decoded(&bytes[start..cut]);
            self.ready.push_back(Piece::Item { text, line: from, is_whole: true });
            (start, from) = (cut, line);
        }
        let text = if start == 0 { self.decoded(&bytes) } else { self.decoded(&bytes[start..]) };
        self.ready.push_back(Piece::Item { text, line: from, is_whole });
    }

    fn decoded(&self, bytes: &[u8]) -> String {
        match self.encoding {
            Some(encoding) => encoding.decode(bytes).0.into_owned(),
            None => String::from_utf8_lossy(bytes).into_owned(),
        }
    }
}

/// Reads up to and with the next `>`.
trait ReadToken {
    fn by_ref_read_until(&mut self, buffer: &mut Vec<u8>) -> io::Result<usize>;
}

impl<R: BufRead> ReadToken for R {
    fn by_ref_read_until(&mut self, buffer: &mut Vec<u8>) -> io::Result<usize> {
        self.read_until(b'>', buffer)
    }
}

/// Whether tags mean nothing here.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Hidden {
    No,
    CData,
    Comment,
}

impl Hidden {
    /// After one more token, which ends with `>`.
    fn after(self, token: &[u8]) -> Self {
        match self {
            Self::CData if token.ends_with(b"]]>") => Self::No,
            Self::Comment if token.ends_with(b"-->") => Self::No,
            Self::No => {
                let find = |what: &[u8]| memchr::memmem::find(token, what);
                match (find(b"<![CDATA["), find(b"<!--")) {
                    (Some(at), None) if !token[at..].ends_with(b"]]>") => Self::CData,
                    (Some(data), Some(comment)) if data < comment && !token[data..].ends_with(b"]]>") => Self::CData,
                    (None, Some(at)) if !token[at..].ends_with(b"-->") => Self::Comment,
                    (Some(data), Some(comment)) if comment < data && !token[comment..].ends_with(b"-->") => {
                        Self::Comment
                    }
                    _ => Self::No,
                }
            }
            other => other,
        }
    }
}

fn is_open(tag: &[u8], name: &[u8]) -> bool {
    tag.strip_prefix(b"<")
        .and_then(|rest| rest.strip_prefix(name))
        .is_some_and(|rest| rest == b">" || rest.starts_with(b" "))
}

/// The encoding that the XML declares, unless it is UTF-8, or UTF-16 of which `Narrow` has made UTF-8.
fn declared(head: &[u8]) -> Option<&'static encoding_rs::Encoding> {
    let line = &head[..head.len().min(200)];
    let line = String::from_utf8_lossy(line);
    let rest = line.split_once("encoding=")?.1;
    let name = rest.trim_start_matches(['"', '\'']).split(['"', '\'', '?', ' ']).next()?;
    let made = [encoding_rs::UTF_8, encoding_rs::UTF_16LE, encoding_rs::UTF_16BE];
    encoding_rs::Encoding::for_label(name.as_bytes()).filter(|encoding| !made.contains(encoding))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(text: &str) -> Vec<Piece> {
        let mut items = Items::new(text.as_bytes());
        let mut out = Vec::new();
        while let Some(piece) = items.next().expect("it can be read") {
            out.push(piece);
        }
        out
    }

    fn texts(text: &str) -> Vec<(String, usize, bool)> {
        pieces(text)
            .into_iter()
            .filter_map(|piece| match piece {
                Piece::Item { text, line, is_whole } => Some((text, line, is_whole)),
                _ => None,
            })
            .collect()
    }

    #[test]
    fn tags_in_cdata_and_comments_are_words() {
        let found = texts(
            "<rss><channel><!-- <item> -->\n<item><a><![CDATA[x </item> <item> y]]></a></item>\n<item>2</item></channel></rss>",
        );
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].0.contains("y]]>") && found[0].1 == 2 && found[1].1 == 3);
    }

    #[test]
    fn an_item_without_an_end_takes_no_other_with_it() {
        let item = |id: usize, end: &str| {
            format!("<item>\n<content><![CDATA[text {id}{end}</content><wp:post_id>{id}</wp:post_id>\n</item>\n")
        };
        let text = format!("<channel>{}{}{}</channel>", item(1, "]]>"), item(2, ""), item(3, "]]>"));
        let found = texts(&text);
        assert_eq!(found.len(), 3, "{found:#?}");
        assert!(found[2].0.contains("text 3"));
    }

    #[test]
    fn what_is_cut_short_is_not_whole() {
        let found = texts("<channel><item>a</item><item>b");
        assert_eq!(found.iter().map(|(_, _, is_whole)| *is_whole).collect::<Vec<_>>(), [true, false]);
        assert!(pieces("<channel><item>a</item>").contains(&Piece::End { is_whole: true }), "nothing is lost");
    }
}
