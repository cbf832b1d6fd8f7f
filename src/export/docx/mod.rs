//! A page → a Word file (`.docx`, ISO/IEC 29500 transitional), with marks by which `import` finds the page in it again.
//!
//! `body` writes blocks, `runs` the words of a line, `drawings` pictures, `formulas` formulas; `styles` has what the file looks like, and
//! `package` puts the parts into one file. Only what Word, LibreOffice and the programs of translators keep is used: styles, numbering,
//! footnotes, hyperlinks and hidden words.

mod body;
mod drawings;
mod formulas;
mod package;
mod runs;
mod styles;
mod xml;

use super::{Around, Outgoing};
use body::Writer;

/// A Word file.
#[derive(Debug)]
pub(crate) struct Written {
    pub(crate) bytes: Vec<u8>,
    /// What is not in it as it is on the page, in words.
    pub(crate) lacks: Vec<String>,
}

/// Writes the file.
pub(crate) fn write(outgoing: &Outgoing, around: &Around<'_>) -> Written {
    let mut writer = Writer::new(outgoing, around);
    writer.everything();
    let lacks = std::mem::take(&mut writer.lacks);
    Written { bytes: package::packed(writer.finish()), lacks }
}
