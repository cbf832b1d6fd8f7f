//! An export of WordPress (WXR, 1.0 to 1.2) → a survey of the site, and its texts.
//!
//! `wide` makes UTF-8 of UTF-16, `items` cuts the file into pieces as it comes, `xml` and `post` read one, `gather` makes the survey of all, with `fields`, `menus`,
//! `zone`, `builders` and `uploads`; `kept`, `states`, `parts`, `rules`, `css`, `types` and `owners` say what readers may not have seen, `machinery` what is no page. `texts` turns one text into HTML that says everything in elements (`blocks`, `shortcodes` with `codes` and `layouts`, `autop`), and reads that.
//!
//! Whatever is damaged costs no more than itself: what is whole is taken, the rest is named.

mod autop;
mod blocks;
mod builders;
mod codes;
mod css;
mod fields;
mod gather;
mod items;
mod kept;
mod layouts;
mod machinery;
mod menus;
mod owners;
mod parts;
mod php;
mod post;
mod rules;
mod shortcodes;
mod states;
mod texts;
mod types;
mod uploads;
mod wide;
mod xml;
mod zone;

#[cfg(test)]
mod tests;

use std::io::{self, BufRead};

use super::site::survey::Survey;
use gather::Gather;
use items::{Items, Piece};
pub(crate) use texts::WordPress;

/// Exports that are being read, one after the other.
#[derive(Default)]
pub(crate) struct Exports(Gather);

impl Exports {
    /// Reads one file, called `name` in reports. The error is that of the disk.
    pub(crate) fn read(&mut self, name: &str, from: impl BufRead) -> io::Result<()> {
        self.0.begin(name);
        let mut items = Items::new(wide::Narrow::new(from)?);
        while let Some(piece) = items.next()? {
            match piece {
                Piece::Head(text) => self.0.head(&xml::parse(&text).0),
                Piece::Item { text, line, is_whole } => {
                    // Elements of HTML in a title are no damage; an item without its end is.
                    let (root, _) = xml::parse(&text);
                    let item = root.child("item").unwrap_or(&root);
                    self.0.item(item, line, is_whole);
                }
                Piece::End { is_whole: true } => {}
                Piece::End { is_whole: false } => {
                    let how = "the file ends in the middle: what came before is taken over; export again for the rest";
                    self.0.note("exports that are cut short", how, 0, name);
                    self.0.damaged.is_cut = true;
                }
            }
        }
        Ok(())
    }

    /// The types of posts that readers saw, as the settings say.
    pub(crate) fn set_public(&mut self, types: &[String]) {
        self.0.public = types.to_vec();
    }

    /// What stands for shortcodes on this site: `:::callout`, `text`, `leave out`, `>`.
    pub(crate) fn set_shortcodes(&mut self, shortcodes: &[(String, String)]) {
        self.0.shortcodes = shortcodes.to_vec();
    }

    /// Whether any of the files was an export of WordPress.
    pub(crate) fn is_any(&self) -> bool {
        self.0.is_export()
    }

    /// The survey; `lying` are the paths of the files below the folder of uploads, if one was given, `now` the moment in UTC as
    /// `2026-05-14 09:00`.
    pub(crate) fn finish(self, lying: Option<&[String]>, now: &str) -> (Survey, WordPress) {
        self.0.finish(lying, now)
    }
}
