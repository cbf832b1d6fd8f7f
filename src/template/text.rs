//! A text and where it is shown → its HTML.

use std::fmt::Write as _;

use tera::{Context, Value};

use super::picture::{self, Words};
use super::values::{self, map, safe};
use super::{TemplateContext, fault};
use crate::content;
use crate::diagnostic::{Diagnostic, Found};
use crate::markdown::{self, CodeBlock, Directive, Image, Link, LinkTarget, PageContext};
use crate::path::{Address, SitePath};
use crate::schema::{self, Focus, Text};
use crate::site::{Ix, LinkTo};
use crate::views::href;

/// The HTML of a text of the entry `ix` in `file`; faults are those of the templates of its blocks.
pub(crate) fn entry_text(asked: &TemplateContext, ix: Ix, file: &SitePath, text: &Text, prefix: &str) -> Found<String> {
    let mut shown = TextOnPage { asked, ix, file, text, prefix, counts: Vec::new(), faults: Vec::new() };
    let mut html = String::new();
    markdown::write_html(text, &mut shown, &mut html);
    Found::new(html, shown.faults)
}

/// A text on a page.
struct TextOnPage<'a> {
    asked: &'a TemplateContext,
    ix: Ix,
    file: &'a SitePath,
    text: &'a Text,
    prefix: &'a str,
    /// How many blocks of each name have been shown.
    counts: Vec<(String, usize)>,
    faults: Vec<Diagnostic>,
}

impl PageContext for TextOnPage<'_> {
    fn link(&mut self, link: &Link) -> Option<LinkTarget> {
        let href = match self.asked.site.link(self.ix, self.file, &link.to)? {
            LinkTo::Here(anchor) => format!("#{}{anchor}", self.prefix),
            to => href(&self.asked.site, &to)?,
        };
        Some(LinkTarget { href, rel: None })
    }

    fn image(&mut self, image: &Image, out: &mut String) {
        let Image { alt, title, attributes, .. } = image;
        let words = Words { alt, title, attributes, focus: Focus::default(), sizes: None };
        match self.asked.site.link(self.ix, self.file, &image.to) {
            Some(LinkTo::File(file, _)) => match self.asked.site.pictures().get(&file) {
                Some(picture) => out.push_str(&picture::in_text(self.asked, &file, picture, &words)),
                // If an image cannot be shown, its description is.
                None => out.push_str(&values::escaped(alt)),
            },
            to => match to.and_then(|to| href(&self.asked.site, &to)) {
                Some(src) => picture::image_element(&src, (0, 0), &words, out),
                // If an image does not exist or is not public, its description is shown.
                None => out.push_str(&values::escaped(alt)),
            },
        }
    }

    fn code(&mut self, code: &CodeBlock, out: &mut String) {
        let label = values::escaped(&code.language);
        match label.as_str() {
            "" => out.push_str("<pre tabindex=\"0\"><code>"),
            language => {
                let _ = write!(out, "<pre tabindex=\"0\"><code class=\"language-{language}\">");
            }
        }
        out.push_str(&markdown::highlight::highlight(&code.language, &code.text));
        out.push_str("</code></pre>");
    }

    fn directive(&mut self, n: usize, directive: &Directive, body: &str, out: &mut String) {
        let site = &self.asked.site;
        if directive.name == content::after::NAME {
            out.push_str(&self.after(directive, body));
            return;
        }
        let Some(declared) = site.config.directives.get(&directive.name) else {
            out.push_str(body);
            return;
        };
        let number = self.number(&directive.name);
        let own = directive.attributes.iter().find(|(key, _)| key.name == "id").map(|(_, raw)| raw);
        let id = match own.map(|raw| &raw.kind) {
            Some(crate::data::RawKind::Text(id)) => id.clone(),
            _ => format!("{}-{number}", directive.name),
        };
        let fields = values::fields(self.asked, self.ix, self.file, &declared.attributes, self.text.block(n));
        let mut context = Context::new();
        context.insert_value("attributes", map(fields));
        context.insert_value("body", safe(body));
        context.insert_value("name", directive.name.as_str().into());
        context.insert_value("number", number.into());
        context.insert_value("id", format!("{}{id}", self.prefix).into());
        match self.asked.directive_html(&declared.template, &context) {
            Ok(html) => out.push_str(html.trim_end()),
            Err(error) => {
                let page = site.address(self.ix).cloned().unwrap_or_else(|| Address::new("/"));
                let named = declared.template_at.as_ref();
                self.faults.push(fault::diagnostic(&error, site, (&declared.template, named), &page));
            }
        }
    }

    fn id_prefix(&self) -> &str {
        self.prefix
    }

    fn word(&self, key: &'static str) -> String {
        self.asked.strings.word(key)
    }
}

impl TextOnPage<'_> {
    /// A block that appears at a moment; if it is shown earlier, a label says so.
    fn after(&self, directive: &Directive, body: &str) -> String {
        let site = &self.asked.site;
        let when = content::after::moment(directive, site.now.time_zone()).ok();
        match when.and_then(|when| site.to_come(&when)) {
            Some(when) => {
                let when = values::escaped(&schema::in_words(&when));
                format!(
                    "<div class=\"notice notice-draft\"><p><strong>Not public before {when}</strong></p>\n{body}</div>\n"
                )
            }
            None => body.to_owned(),
        }
    }

    /// The number (from 1) of the next block of this name.
    fn number(&mut self, name: &str) -> usize {
        match self.counts.iter_mut().find(|(known, _)| known == name) {
            Some((_, count)) => {
                *count += 1;
                *count
            }
            None => {
                self.counts.push((name.to_owned(), 1));
                1
            }
        }
    }
}

/// A text as a value for templates.
pub(super) fn value(asked: &TemplateContext, ix: Ix, file: &SitePath, text: &Text, prefix: &str) -> Value {
    // Faults of block templates were reported when the templates were loaded (`field_faults`).
    safe(&entry_text(asked, ix, file, text, prefix).value)
}
