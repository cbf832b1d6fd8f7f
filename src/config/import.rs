//! `[import.styles]`: what stands for the styles of the house when a Word file is imported; `[import.shortcodes]`: what stands for the
//! shortcodes of a former site; `public`: which types of posts of WordPress readers saw; `fields`: which fields of a former
//! site.

use super::layers::Layers;
use crate::diagnostic::{Code, Diagnostic};
use crate::schema::Blocks;

/// Words that a style may mean, beside `:::block` and `##`.
const MEANINGS: &[&str] = &["title", "subtitle", "summary", "authors", "date", "text", "leave out", ">", "```"];

/// Names, and what stands for each.
type Meanings = Vec<(String, String)>;

/// How files of other programs are imported.
#[derive(Clone, Debug)]
pub(crate) struct Import {
    /// Styles of Word files and what stands for each in a text.
    pub(crate) styles: Meanings,
    /// Shortcodes of a former site and what stands for each in a text.
    pub(crate) shortcodes: Meanings,
    /// The types of posts of a former site that readers saw, whatever their names say.
    pub(crate) public: Vec<String>,
    /// The fields of a former site that readers saw, whatever their names say.
    pub(crate) fields: Vec<String>,
}

/// Reads what stands for styles and for shortcodes, and which types of posts are public.
pub(super) fn read(table: &Layers<'_>, blocks: &Blocks, faults: &mut Vec<Diagnostic>) -> Import {
    let public = table.texts("public", faults).unwrap_or_default();
    let shown = table.texts("fields", faults).unwrap_or_default();
    let read = Import {
        styles: styles(table, blocks, faults),
        shortcodes: shortcodes(table, blocks, faults),
        public: public.into_iter().map(|(kind, _)| kind).collect(),
        fields: shown.into_iter().map(|(field, _)| field).collect(),
    };
    table.finish(faults);
    read
}

/// The names of shortcodes and what stands for each: a block of this site, or any text.
fn shortcodes(table: &Layers<'_>, blocks: &Blocks, faults: &mut Vec<Diagnostic>) -> Meanings {
    let codes = table.table("shortcodes", faults);
    let mut read = Vec::new();
    for (name, _) in codes.keys() {
        let Some(meaning) = codes.text(&name, faults) else { continue };
        let block = meaning
            .trim()
            .strip_prefix(":::")
            .map(|opening| opening.split([' ', '{', '\n']).next().unwrap_or_default());
        match block.filter(|block| !blocks.contains_key(*block)) {
            None => read.push((name, meaning)),
            Some(block) => faults.extend(codes.get(&name).map(|setting| {
                let message = format!("the shortcode `{name}` cannot become `:::{block}`: the site has no such block");
                let help =
                    "write a block of this site such as `:::callout`, `>`, `text` for the words in it, or `leave out`";
                Diagnostic::new(Code::WrongSetting, message).span(setting.span()).help(help)
            })),
        }
    }
    codes.finish(faults);
    read
}

/// The names of styles and what stands for each.
fn styles(table: &Layers<'_>, blocks: &Blocks, faults: &mut Vec<Diagnostic>) -> Meanings {
    let styles = table.table("styles", faults);
    let mut read = Vec::new();
    for (style, _) in styles.keys() {
        let Some(meaning) = styles.text(&style, faults) else { continue };
        let known = match meaning.trim().strip_prefix(":::") {
            Some(opening) => {
                let name = opening.split([' ', '{']).next().unwrap_or_default();
                blocks.contains_key(name)
            }
            None => {
                MEANINGS.contains(&meaning.trim())
                    || matches!(meaning.trim(), "##" | "###" | "####" | "#####" | "######")
            }
        };
        match known {
            true => read.push((style, meaning)),
            false => faults.extend(styles.get(&style).map(|setting| {
                let message = format!("the style `{style}` cannot become `{meaning}`: a page has nothing of that name");
                Diagnostic::new(Code::WrongSetting, message).span(setting.span()).help(
                    "write a block of this site such as `:::key-findings`, `##` to `######`, `>`, `title`, `subtitle`, `summary`, `authors`, `date`, `text` or `leave out`",
                )
            })),
        }
    }
    read
}
