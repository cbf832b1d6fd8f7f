//! The floor: a bare program that reads the sources, parses and highlights them on all cores, and writes the same tree.
//!
//! It knows beforehand which files there are and how long each is (the plan), checks nothing, links nothing and has no
//! templates. What a page has beyond its text is filled up with blanks.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::LazyLock;
use std::{fs, io};

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd, html};
use rayon::prelude::*;
use syntect::html::{ClassStyle, ClassedHTMLGenerator};
use syntect::parsing::SyntaxSet;
use syntect::util::LinesWithEndings;

static SYNTAXES: LazyLock<SyntaxSet> = LazyLock::new(two_face::syntax::extra_newlines);

/// Writes to `plan` which files `output` has, how long each is, and from which source of `site` it is made.
pub(crate) fn plan(site: &Path, output: &Path, plan: &Path) {
    let mut lines = String::new();
    for file in walkdir::WalkDir::new(output).sort_by_file_name().into_iter().flatten() {
        if !file.file_type().is_file() {
            continue;
        }
        let path = file.path().strip_prefix(output).unwrap().to_str().unwrap();
        let source = path.strip_suffix("/index.html").map(|name| format!("content/{name}.md"));
        let source = source.filter(|source| site.join(source).is_file()).unwrap_or_else(|| "-".to_owned());
        let _ = writeln!(lines, "{path}\t{}\t{source}", file.metadata().unwrap().len());
    }
    fs::write(plan, lines).unwrap();
}

/// Does what the plan says.
pub(crate) fn run(plan: &Path, site: &Path, output: &Path) -> io::Result<()> {
    let plan = fs::read_to_string(plan)?;
    let lines: Vec<&str> = plan.lines().collect();
    lines.par_iter().try_for_each(|line| {
        let mut parts = line.split('\t');
        let (path, size, source) = (parts.next().unwrap(), parts.next().unwrap(), parts.next().unwrap());
        let mut page = if source == "-" { String::new() } else { rendered(&fs::read_to_string(site.join(source))?) };
        let missing = size.parse::<usize>().unwrap().saturating_sub(page.len());
        page.extend(std::iter::repeat_n(' ', missing));
        let place = output.join(path);
        if let Err(error) = fs::write(&place, &page) {
            if error.kind() != io::ErrorKind::NotFound {
                return Err(error);
            }
            fs::create_dir_all(place.parent().unwrap())?;
            fs::write(&place, &page)?;
        }
        Ok(())
    })
}

fn rendered(text: &str) -> String {
    let body = text.splitn(3, "+++\n").nth(2).unwrap_or(text);
    let options = Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_SMART_PUNCTUATION;
    let mut out = String::with_capacity(body.len() * 2);
    let mut code: Option<(String, String)> = None;
    let events = Parser::new_ext(body, options).filter_map(|event| match (event, &mut code) {
        (Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(language))), _) => {
            code = Some((language.to_string(), String::new()));
            None
        }
        (Event::Text(text), Some((_, code))) => {
            code.push_str(&text);
            None
        }
        (Event::End(TagEnd::CodeBlock), code) => {
            code.take().map(|(name, code)| Event::Html(coloured(&name, &code).into()))
        }
        (event, _) => Some(event),
    });
    html::push_html(&mut out, events);
    out
}

fn coloured(language: &str, code: &str) -> String {
    let Some(syntax) = SYNTAXES.find_syntax_by_token(language) else { return code.to_owned() };
    let mut html = ClassedHTMLGenerator::new_with_class_style(syntax, &SYNTAXES, ClassStyle::Spaced);
    for line in LinesWithEndings::from(code) {
        if html.parse_html_for_line_which_includes_newline(line).is_err() {
            return code.to_owned();
        }
    }
    format!("<pre><code>{}</code></pre>", html.finalize())
}
