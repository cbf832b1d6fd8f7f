//! A text and where it is shown → its HTML.

use std::cell::OnceCell;
use std::fmt::Write as _;

use tera::{Context, Value};

use super::picture::{self, Words};
use super::values::{self, map, safe};
use super::{TemplateContext, chart, fault};
use crate::content;
use crate::diagnostic::{Diagnostic, Found};
use crate::markdown::{self, CodeBlock, Directive, Image, Link, LinkTarget, PageContext};
use crate::path::{Address, SitePath};
use crate::schema::{self, Block, Focus, Text};
use crate::site::{self, Chart, Figures, Ix, LinkTo};
use crate::views::href;

/// The HTML of a text of the entry `ix` in `file`; faults are those of the templates of its blocks.
pub(crate) fn entry_text(asked: &TemplateContext, ix: Ix, file: &SitePath, text: &Text, prefix: &str) -> Found<String> {
    let mut shown = TextOnPage {
        asked,
        ix,
        file,
        text,
        prefix,
        counts: Vec::new(),
        figures: OnceCell::new(),
        is_alone: false,
        faults: Vec::new(),
    };
    let mut html = String::new();
    markdown::write_html(text, &mut shown, &mut html);
    Found::new(html, shown.faults)
}

/// The HTML of one chart, as its page has it.
pub(crate) fn figure_html(asked: &TemplateContext, ix: Ix, chart: &Chart) -> Found<String> {
    let texts = asked.site.entry(ix).texts();
    let Some((file, text)) = texts.into_iter().find(|(file, _)| **file == chart.file) else {
        return Found::clean(String::new());
    };
    let prefix =
        asked.site.entry(ix).parts.iter().find(|part| part.source == *file).map(|part| format!("{}_", part.key));
    let prefix = prefix.unwrap_or_default();
    let mut shown = TextOnPage {
        asked,
        ix,
        file,
        text,
        prefix: &prefix,
        counts: Vec::new(),
        figures: OnceCell::new(),
        is_alone: true,
        faults: Vec::new(),
    };
    let mut html = String::new();
    markdown::write_block(text, chart.block, &mut shown, &mut html);
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
    /// The figures of the page, once one is asked for.
    figures: OnceCell<Figures<'a>>,
    /// Whether one block of it is shown on a page of its own.
    is_alone: bool,
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
        let context = self.block(n, directive, declared, body);
        match self.asked.directive_html(&declared.template, &context) {
            Ok(html) => out.push_str(html.trim_end()),
            Err(error) => {
                let page = site.address(self.ix).cloned().unwrap_or_else(|| Address::new("/"));
                let named = declared.template_at.as_ref();
                self.faults.push(fault::diagnostic(&error, site, (&declared.template, named), &page));
            }
        }
    }

    fn figure(&mut self, id: &str) -> Option<(String, String)> {
        let site = &self.asked.site;
        let figures = self.figures.get_or_init(|| Figures::of(site.entry(self.ix), &site.config));
        let figure = figures.referred(self.file, id)?;
        let name = self.asked.strings.get("figure-n", None, [("number", figure.number.to_string())].into_iter())?;
        // A field is shown on other pages too.
        let page = match self.is_field() {
            true => site.address(self.ix).map(|page| site.config.base.href(page.as_str()))?,
            false => String::new(),
        };
        Some((format!("{page}#{}", figure.id()), name))
    }

    fn id_prefix(&self) -> &str {
        self.prefix
    }

    fn word(&self, key: &'static str) -> String {
        self.asked.strings.word(key)
    }
}

impl TextOnPage<'_> {
    /// Whether the text is in a field.
    fn is_field(&self) -> bool {
        let entry = self.asked.site.entry(self.ix);
        let parts = entry.parts.iter().map(|part| &part.text);
        !entry.text.iter().chain(parts).any(|own| std::ptr::eq(&**own, self.text))
    }

    /// The figures of the page, if the text is one of its own: figures in fields are on many pages.
    fn figures(&self) -> Option<&Figures<'_>> {
        let site = &self.asked.site;
        (!self.is_field()).then(|| self.figures.get_or_init(|| Figures::of(site.entry(self.ix), &site.config)))
    }

    /// What the template of the block `n` gets.
    fn block(&mut self, n: usize, directive: &Directive, declared: &Block, body: &str) -> Context {
        let site = &self.asked.site;
        let of_page = self.figures().filter(|_| declared.is_figure).and_then(|figures| figures.at(self.file, n));
        let is_of_page = of_page.is_some();
        let (number, id) = match of_page.map(|figure| (figure.number, figure.id())) {
            Some(of_page) => of_page,
            None => {
                let number = self.number(&directive.name);
                let id =
                    site::stated_id(directive).map_or_else(|| format!("{}-{number}", directive.name), str::to_owned);
                (number, format!("{}{id}", self.prefix))
            }
        };
        let values = self.text.block(n);
        let fields = values::fields(self.asked, self.ix, self.file, &declared.attributes, values);
        let mut context = Context::new();
        context.insert_value("attributes", map(fields));
        context.insert_value("body", safe(body));
        context.insert_value("name", directive.name.as_str().into());
        context.insert_value("number", number.into());
        context.insert_value("id", id.into());
        context.insert_value("is_alone", self.is_alone.into());
        let drawn = if is_of_page && declared.is_chart { site.chart(self.ix, number) } else { None };
        let chart = chart::value(self.asked, self.ix, drawn);
        context.insert_value("chart", chart);
        context
    }

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
