//! The typefaces for lettering pictures: the program's own, and those that a site supplies.

use std::sync::Arc;

use resvg::usvg::fontdb::{Database, Family, Query, Source, Weight};
use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, MetadataProvider};

/// Built in: serif and sans serif, semi-bold, for Latin, Greek and Cyrillic (SIL Open Font License 1.1;
/// the licences are beside them).
const OWN: &[&[u8]] =
    &[include_bytes!("typefaces/SourceSerif4-SemiBold.ttf"), include_bytes!("typefaces/SourceSans3-SemiBold.ttf")];

/// Their families.
const SERIF: &str = "Source Serif 4";
const SANS: &str = "Source Sans 3";

/// Typefaces to draw with.
#[derive(Clone, Debug)]
pub(crate) struct Typefaces {
    database: Arc<Database>,
}

impl Typefaces {
    /// The program's own and `more`, each a TrueType or OpenType file.
    pub(crate) fn new(more: impl IntoIterator<Item = Vec<u8>>) -> Self {
        let mut database = Database::new();
        for own in OWN {
            database.load_font_source(Source::Binary(Arc::new(*own)));
        }
        for one in more {
            database.load_font_data(one);
        }
        // Text in a missing family is set in these instead of being left out.
        database.set_serif_family(SERIF);
        database.set_sans_serif_family(SANS);
        Self { database: Arc::new(database) }
    }

    /// The number of typefaces in the file `bytes`.
    pub(crate) fn count_in(bytes: &[u8]) -> usize {
        let mut database = Database::new();
        database.load_font_data(bytes.to_vec());
        database.len()
    }

    /// The names of their families, each once.
    pub(crate) fn families(&self) -> Vec<&str> {
        let mut names: Vec<&str> =
            self.database.faces().flat_map(|face| &face.families).map(|(name, _)| &**name).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    pub(super) fn database(&self) -> Arc<Database> {
        self.database.clone()
    }

    /// The first letter of `text` that no typeface has.
    pub(crate) fn missing(&self, text: &str) -> Option<char> {
        let has = |letter: char| {
            self.database.faces().any(|face| {
                let found = self.database.with_face_data(face.id, |data, index| {
                    FontRef::from_index(data, index).is_ok_and(|font| font.charmap().map(letter).is_some())
                });
                found == Some(true)
            })
        };
        text.chars()
            .find(|letter| !letter.is_ascii() && !letter.is_whitespace() && !letter.is_control() && !has(*letter))
    }

    /// The width of `text` in `family` and `weight` at a size of one pixel; letters that the family lacks count as wide as
    /// they are high.
    pub(crate) fn width(&self, text: &str, family: &str, weight: u16) -> f32 {
        let query = Query { families: &[Family::Name(family)], weight: Weight(weight), ..Query::default() };
        let width = self.database.query(&query).and_then(|id| {
            self.database.with_face_data(id, |data, index| {
                let font = FontRef::from_index(data, index).ok()?;
                let (letters, metrics) = (font.charmap(), font.glyph_metrics(Size::new(1.0), LocationRef::default()));
                let one =
                    |letter: char| letters.map(letter).and_then(|glyph| metrics.advance_width(glyph)).unwrap_or(1.0);
                Some(text.chars().map(one).sum())
            })?
        });
        width.unwrap_or_else(|| text.chars().map(|_| 1.0_f32).sum())
    }
}
