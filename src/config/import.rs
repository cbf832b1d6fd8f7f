//! `[import.styles]`: what stands for the styles of the house when a Word file is imported.

use super::layers::Layers;
use crate::diagnostic::{Code, Diagnostic};
use crate::schema::Blocks;

/// Words that a style may mean, beside `:::block` and `##`.
const MEANINGS: &[&str] = &["title", "subtitle", "summary", "authors", "date", "text", "leave out", ">", "```"];

/// Reads the table: the names of styles and what stands for each.
pub(super) fn read(table: &Layers<'_>, blocks: &Blocks, faults: &mut Vec<Diagnostic>) -> Vec<(String, String)> {
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
    table.finish(faults);
    read
}
