//! Markdown texts in fields: where they are in the file, so that their faults and links have true places.
//!
//! A quoted text may contain escapes, and then the bytes of file and text differ. Every place in such a text is that of the
//! whole value.

use super::Text;
use crate::data::Raw;
use crate::diagnostic::Span;
use crate::markdown;

/// The byte of the file at which `text` begins, if `raw` holds it byte for byte.
pub(super) fn exact(source: &str, raw: &Raw, text: &str) -> Option<usize> {
    const OPENINGS: &[&str] = &["\"\"\"\r\n", "\"\"\"\n", "'''\r\n", "'''\n", "\"\"\"", "'''", "\"", "'", ""];
    let written = source.get(raw.span.clone())?;
    OPENINGS.iter().find_map(|opening| {
        let rest = written.strip_prefix(opening)?;
        let after = rest.strip_prefix(text)?;
        let closed = after.bytes().all(|b| b"\"'".contains(&b)) && after.len() <= 3;
        closed.then(|| raw.span.start + opening.len())
    })
}

/// Whether a text is one paragraph or may have blocks.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Extent {
    Paragraph,
    Blocks,
}

impl super::read::Reader<'_> {
    /// Reads the Markdown at `raw`.
    pub(super) fn prose(&mut self, raw: &Raw, text: &str, extent: Extent) -> Text {
        let (file, options) = (self.reading.file, self.reading.markdown);
        let at = if self.is_default() { None } else { exact(self.reading.text, raw, text) };
        let offset = at.unwrap_or(raw.span.start);
        let found = match extent {
            Extent::Paragraph => markdown::read_inline(file, text, offset, options),
            Extent::Blocks => markdown::read(file, text, offset, options),
        };
        let mut doc = found.value;
        let mut faults = found.faults;
        if at.is_none() {
            let place = self.place(&raw.span);
            doc.move_to(&place);
            for fault in &mut faults {
                // It would be written where the text is not.
                fault.fix = None;
                let spans = fault.span.iter_mut().chain(fault.labels.iter_mut().map(|(span, _)| span));
                for span in spans.filter(|span| span.file == *file) {
                    *span = Span::new(file, place.clone());
                }
            }
        }
        self.faults.extend(faults);
        Text::of(doc, self.reading).into_value(&mut self.faults)
    }
}
