//! The comments of the block editor: reusable blocks, those that WordPress fills at each visit, and footnotes.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::import::losses::Losses;

/// The numbers of reusable blocks, and the text of each, or why nobody sees it.
pub(super) type Reusable = BTreeMap<String, Result<String, &'static str>>;

/// How often blocks may stand in one another.
const DEEPEST: usize = 5;

/// A comment that opens a block.
struct Opening<'a> {
    /// `core/block`; the editor leaves `core/` out.
    name: &'a str,
    data: Value,
    is_closed: bool,
    /// Where the comment ends.
    end: usize,
}

/// Reads the comment that begins at `at`.
fn opening(text: &str, at: usize) -> Option<Opening<'_>> {
    let inside = text[at..].strip_prefix("<!-- wp:")?;
    let length = inside.find("-->")?;
    let body = inside[..length].trim_end();
    let (body, is_closed) = match body.strip_suffix('/') {
        Some(body) => (body.trim_end(), true),
        None => (body, false),
    };
    let (name, data) = body.split_once(char::is_whitespace).unwrap_or((body, ""));
    let data = serde_json::from_str(data.trim()).unwrap_or(Value::Null);
    Some(Opening { name, data, is_closed, end: at + "<!-- wp:".len() + length + "-->".len() })
}

/// The numbers of the reusable blocks that a text shows.
pub(super) fn reused(content: &str) -> Vec<String> {
    let last = content.rfind("-->").unwrap_or(0);
    content[..last]
        .match_indices("<!-- wp:block ")
        .filter_map(|(at, _)| opening(content, at)?.data.get("ref").map(ToString::to_string))
        .collect()
}

/// A text with reusable blocks put in, and blocks without a text of their own replaced by what can be said of them.
pub(super) fn expanded(content: &str, reusable: &Reusable, losses: &mut Losses) -> String {
    expand(content, reusable, losses, 0)
}

fn expand(content: &str, reusable: &Reusable, losses: &mut Losses, depth: usize) -> String {
    let mut out = String::with_capacity(content.len());
    let mut from = 0;
    let last = content.rfind("-->").unwrap_or(0);
    while let Some(at) = content[from..].find("<!-- wp:").map(|at| from + at) {
        out.push_str(&content[from..at]);
        let Some(block) = Some(at).filter(|at| *at < last).and_then(|at| opening(content, at)) else {
            out.push_str("<!-- wp:");
            from = at + "<!-- wp:".len();
            continue;
        };
        from = block.end;
        if !block.is_closed {
            out.push_str(&content[at..block.end]);
            background(&block, &content[block.end..], losses, &mut out);
            continue;
        }
        if block.name == "block" {
            let number = block.data.get("ref").map(ToString::to_string).unwrap_or_default();
            match reusable.get(&number) {
                Some(Ok(text)) if depth < DEEPEST => {
                    let text = overridden(text, &block.data, losses);
                    out.push_str(&expand(&text, reusable, losses, depth + 1));
                }
                Some(Err(why)) => {
                    let how = format!("{why}, so it is left out: copy its words by hand if readers saw them");
                    losses.left("a reusable block", &how, String::new(), &number);
                }
                _ => losses.left(
                    "a reusable block",
                    "it is not in the export: copy its words by hand",
                    String::new(),
                    &number,
                ),
            }
            continue;
        }
        unfilled(&block, losses, &mut out);
    }
    out.push_str(&content[from..]);
    out
}

/// A reusable block with the words that one page has in place of its own: `"content": {"name": {"content": "…"}}`.
fn overridden(text: &str, data: &Value, losses: &mut Losses) -> String {
    let mut text = text.to_owned();
    for (name, own) in data.get("content").and_then(Value::as_object).into_iter().flatten() {
        for (key, words) in own.as_object().into_iter().flatten() {
            let Some(words) = words.as_str() else { continue };
            let made = match key.as_str() {
                "content" | "text" => replaced(&text, name, words),
                _ => None,
            };
            match made {
                Some(made) => text = made,
                None => {
                    let what = format!("what a page says in place of a part of a reusable block (`{name}`, `{key}`)");
                    losses.left(&what, "the part is here as it is elsewhere: change it by hand", String::new(), words);
                }
            }
        }
    }
    text
}

/// The text with these words in the first element of the block of this name.
fn replaced(text: &str, name: &str, words: &str) -> Option<String> {
    let begins = text.match_indices("<!-- wp:").map(|(at, _)| at);
    let block = begins
        .filter_map(|at| opening(text, at))
        .find(|block| block.data.pointer("/metadata/name").and_then(Value::as_str) == Some(name))?;
    let rest = &text[block.end..];
    let rest = &rest[..rest.find("<!-- ").unwrap_or(rest.len())];
    // The innermost element: a button has its words in a link.
    let close = rest.find("</")?;
    let open = rest[..close].rfind('>')? + 1;
    let (open, close) = (block.end + open, block.end + close);
    Some(format!("{}{words}{}", &text[..open], &text[close..]))
}

/// The picture behind a block, where the text itself does not have it.
fn background(block: &Opening<'_>, inside: &str, losses: &mut Losses, out: &mut String) {
    let name = block.name.strip_prefix("core/").unwrap_or(block.name);
    let inside = &inside[..inside.find(&format!("<!-- /wp:{}", block.name)).unwrap_or(inside.len())];
    let behind = block.data.pointer("/style/background/backgroundImage/url").and_then(Value::as_str);
    if name == "cover"
        && let Some(url) = block.data.get("url").and_then(Value::as_str)
        && !inside.contains(&format!("src=\"{url}\""))
        && block.data.get("backgroundType").and_then(Value::as_str) != Some("video")
    {
        let alt = block.data.get("alt").and_then(Value::as_str).unwrap_or_default();
        losses.changed("a picture behind a text", "it stands above the text", String::new(), url);
        out.push_str(&format!("<figure><img src=\"{}\" alt=\"{}\"></figure>\n", escaped(url), escaped(alt)));
    } else if let Some(url) = behind {
        losses.left(
            "a picture behind a text",
            "it belongs to the layout: put it into the text if it matters",
            String::new(),
            url,
        );
    }
}

/// A block that WordPress or a plug-in fills at each visit: its words, if it states some.
fn unfilled(block: &Opening<'_>, losses: &mut Losses, out: &mut String) {
    const SILENT: &[&str] = &[
        "spacer",
        "separator",
        "more",
        "nextpage",
        "footnotes",
        "post-title",
        "post-content",
        "post-date",
        "post-featured-image",
        "post-author",
    ];
    let name = block.name.strip_prefix("core/").unwrap_or(block.name);
    if SILENT.contains(&name) {
        return;
    }
    if name == "social-link" {
        let text = |key: &str| block.data.get(key).and_then(Value::as_str).unwrap_or_default();
        let (url, label) = (text("url"), [text("label"), text("service"), text("url")]);
        let label = label.into_iter().find(|label| !label.is_empty()).unwrap_or_default();
        let is_address = url.contains("://") || url.starts_with("mailto:");
        out.push_str(&match (url, is_address) {
            ("" | "#", _) => String::new(),
            (_, true) => format!("<p><a href=\"{}\">{}</a></p>\n", escaped(url), escaped(label)),
            (_, false) => format!("<p><a href=\"https://{}\">{}</a></p>\n", escaped(url), escaped(label)),
        });
        return;
    }
    let mut found = Found { is_of_fields: name.starts_with("acf/"), ..Found::default() };
    found.strings(&block.data, "", 0);
    let own = !name.contains('/') && !matches!(name, "shortcode" | "html");
    if own || found.words.is_empty() && found.files.is_empty() {
        let what = format!("a block that is filled at each visit (`{name}`)");
        let said: Vec<&str> = found.words.iter().chain(&found.files).chain(&found.others).map(String::as_str).collect();
        losses.left(&what, "lists of the design do that here", String::new(), &said.join(" "));
        return;
    }
    let what = format!("a block of a plug-in (`{name}`)");
    losses.changed(&what, "its words are here, its design is not", String::new(), &found.words.join(" "));
    for one in &found.words {
        let is_marked = one.contains('<');
        out.push_str(&if is_marked {
            format!("<div>{one}</div>\n")
        } else {
            format!("<p>{}</p>\n", one.replace('&', "&amp;"))
        });
    }
    for one in &found.files {
        let path = one.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
        let is_picture =
            [".jpg", ".jpeg", ".png", ".gif", ".webp", ".svg", ".avif"].iter().any(|end| path.ends_with(end));
        out.push_str(&match is_picture {
            true => format!("<p><img src=\"{}\" alt=\"\"></p>\n", escaped(one)),
            false => {
                format!("<p><a href=\"{}\">{}</a></p>\n", escaped(one), escaped(one.trim_start_matches("https://")))
            }
        });
    }
    if !found.others.is_empty() {
        let how = "it may be a setting, or something that readers saw: copy it if it matters";
        losses.left(&format!("data of `{name}`"), how, String::new(), &found.others.join(", "));
    }
}

fn escaped(text: &str) -> String {
    super::shortcodes::escaped(text)
}

/// What the data of a block says.
#[derive(Default)]
struct Found {
    /// Whether the data are fields that readers see (Advanced Custom Fields).
    is_of_fields: bool,
    words: Vec<String>,
    /// Addresses.
    files: Vec<String>,
    /// What may be words, a number of a picture, or a setting.
    others: Vec<String>,
}

impl Found {
    fn strings(&mut self, data: &Value, key: &str, depth: usize) {
        const NOT_WORDS: &[&str] = &[
            "className",
            "name",
            "style",
            "id",
            "mode",
            "align",
            "layout",
            "anchor",
            "color",
            "icon",
            "clientId",
            "ref",
            "theme",
            "type",
            "tagName",
            "slug",
            "metadata",
            "lock",
            "blockId",
            "uniqueID",
            "textAlign",
            "level",
            "size",
        ];
        const WORDS: &[&str] = &[
            "title",
            "heading",
            "text",
            "label",
            "content",
            "caption",
            "question",
            "answer",
            "jsonquestion",
            "jsonanswer",
            "quote",
            "description",
            "author",
            "subtitle",
        ];
        if key.starts_with('_') || NOT_WORDS.contains(&key) {
            return;
        }
        let is_known = WORDS.contains(&key.to_ascii_lowercase().as_str());
        match data {
            Value::String(text) if text.trim().is_empty() || text.starts_with("field_") => {}
            Value::String(text) if text.contains("://") || text.starts_with('/') && text.len() > 1 => {
                if !text.contains(char::is_whitespace) {
                    self.files.push(text.clone())
                } else {
                    self.words.push(text.clone())
                }
            }
            Value::String(text) => {
                let is_number = text.bytes().all(|byte| byte.is_ascii_digit() || b".,#".contains(&byte));
                let is_said = text.contains(char::is_whitespace) || is_known || self.is_of_fields && !is_number;
                let all = if is_said { &mut self.words } else { &mut self.others };
                if !all.contains(text) {
                    all.push(text.clone());
                }
            }
            Value::Number(number) if self.is_of_fields => self.others.push(format!("{key}: {number}")),
            Value::Array(all) if depth < 20 => all.iter().for_each(|one| self.strings(one, key, depth + 1)),
            Value::Object(parts) if depth < 20 => {
                // What is said in two ways is said once: Yoast's questions.
                let is_twice = |key: &str| parts.keys().any(|other| other.eq_ignore_ascii_case(&format!("json{key}")));
                for (key, one) in parts.iter().filter(|(key, _)| !is_twice(key)) {
                    self.strings(one, key, depth + 1);
                }
            }
            _ => {}
        }
    }
}

/// A text whose marks of footnotes hold the words of the notes.
pub(super) fn with_notes(html: &str, notes: &[(String, String)], losses: &mut Losses) -> String {
    let mut out = String::with_capacity(html.len());
    let mut from = 0;
    let mut used = Vec::new();
    while let Some(at) = html[from..].find("<sup data-fn=\"").map(|at| from + at) {
        out.push_str(&html[from..at]);
        let rest = &html[at + "<sup data-fn=\"".len()..];
        let id = rest.split('"').next().unwrap_or_default();
        let end = rest.find("</sup>").map_or(html.len(), |end| html.len() - rest.len() + end + "</sup>".len());
        match notes.iter().find(|(known, _)| known == id) {
            Some((_, words)) => {
                out.push_str(&format!("<span data-import-note>{words}</span>"));
                used.push(id);
            }
            None => out.push_str(&html[at..end]),
        }
        from = end;
    }
    out.push_str(&html[from..]);
    for (_, words) in notes.iter().filter(|(id, _)| !used.contains(&id.as_str())) {
        losses.left("a footnote that no mark names", "it is left out", String::new(), words);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html(text: &str, reusable: &Reusable) -> (String, String) {
        let mut losses = Losses::default();
        let out = expanded(text, reusable, &mut losses);
        (out, losses.report(true))
    }

    // Each was lost without a word before.
    #[test]
    fn what_blocks_keep_as_data_is_there_or_named() {
        let pattern = "<!-- wp:paragraph {\"metadata\":{\"name\":\"n\",\"bindings\":{}}} --><p class=\"x\">DEFAULT</p><!-- /wp:paragraph -->";
        let reusable =
            Reusable::from([("5".to_owned(), Ok(pattern.to_owned())), ("6".to_owned(), Err("it is a draft"))]);
        let (out, _) =
            html("<!-- wp:block {\"ref\":5,\"content\":{\"n\":{\"content\":\"KEEP <b>it</b>\"}}} /-->", &reusable);
        assert!(out.contains("<p class=\"x\">KEEP <b>it</b></p>") && !out.contains("DEFAULT"), "{out}");
        let (_, said) = html("<!-- wp:block {\"ref\":5,\"content\":{\"m\":{\"url\":\"KEEP\"}}} /-->", &reusable);
        assert!(said.contains("KEEP"), "{said}");
        let (_, said) = html("<!-- wp:block {\"ref\":6} /--><!-- wp:block {\"ref\":7} /-->", &reusable);
        assert!(said.contains("it is a draft") && said.contains("not in the export"), "{said}");
        for (text, wanted) in [
            (
                "<!-- wp:acf/quote {\"name\":\"acf/quote\",\"data\":{\"quote\":\"Said\",\"_quote\":\"field_1\",\"who\":\"Jane\",\"picture\":12}} /-->",
                &["<p>Said</p>", "<p>Jane</p>"][..],
            ),
            (
                "<!-- wp:yoast/faq-block {\"questions\":[{\"id\":\"f1\",\"question\":[\"Why?\"],\"answer\":[\"So.\"],\"jsonQuestion\":\"Why?\",\"jsonAnswer\":\"So.\"}]} /-->",
                &["<p>Why?</p>", "<p>So.</p>"],
            ),
            (
                "<!-- wp:social-link {\"url\":\"https://x.com/a\",\"service\":\"x\"} /-->",
                &["<a href=\"https://x.com/a\">x</a>"],
            ),
            (
                "<!-- wp:cover {\"url\":\"https://x.org/a.jpg\",\"hasParallax\":true} --><div style=\"background-image:url(https://x.org/a.jpg)\">x</div><!-- /wp:cover -->",
                &["<img src=\"https://x.org/a.jpg\""],
            ),
        ] {
            let (out, _) = html(text, &reusable);
            wanted.iter().for_each(|wanted| assert!(out.contains(wanted), "no {wanted} in {out}"));
        }
        let (_, said) = html("<!-- wp:acf/x {\"data\":{\"text\":\"Words\",\"picture\":12}} /-->", &reusable);
        assert!(said.contains("picture: 12"), "{said}");
        let cover = "<!-- wp:cover {\"url\":\"https://x.org/a.jpg\"} --><div><img src=\"https://x.org/a.jpg\"></div><!-- /wp:cover -->";
        assert_eq!(html(cover, &reusable).0.matches("<img").count(), 1);
    }
}
