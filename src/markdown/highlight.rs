//! Code → HTML with a few classes of our own, and the stylesheet that colours them.
//!
//! Syntaxes are loaded at the first block of code, never for a site without code. Each block is highlighted once per
//! process, and results may be taken over from an earlier one: they are remembered by the hash of language and text.
//! Nothing else is remembered, so the result depends only on the two arguments.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex, OnceLock, PoisonError};

use syntect::parsing::{ParseState, Scope, ScopeStack, SyntaxReference, SyntaxSet};

use super::escape::escape;

/// Longer blocks are shown plain: a page that long is a data file, and colouring it would take seconds.
const LONGEST: usize = 256 * 1024;

/// How many results a shard keeps before it starts afresh; there are 16 shards.
const REMEMBERED: usize = 1024;

/// Prefixes of scopes, with the class for each. A longer prefix comes before a shorter one.
const CLASSES: &[(&str, &str)] = &[
    ("comment", "hl-comment"),
    ("constant.character.escape", "hl-escape"),
    ("constant.numeric", "hl-number"),
    ("constant", "hl-constant"),
    ("entity.name.function", "hl-function"),
    ("entity.name.tag", "hl-tag"),
    ("entity.name.section", "hl-heading"),
    ("entity.name", "hl-type"),
    ("entity.other.attribute-name", "hl-attribute"),
    ("entity.other.inherited-class", "hl-type"),
    ("keyword.operator", "hl-operator"),
    ("keyword", "hl-keyword"),
    ("markup.deleted", "hl-deleted"),
    ("markup.heading", "hl-heading"),
    ("markup.inserted", "hl-inserted"),
    ("markup.raw", "hl-string"),
    ("meta.mapping.key", "hl-attribute"),
    ("storage.type.numeric", "hl-number"),
    ("storage", "hl-keyword"),
    ("string", "hl-string"),
    ("support.function", "hl-function"),
    ("support", "hl-type"),
    ("variable.function", "hl-function"),
    ("variable.language", "hl-keyword"),
    ("variable.parameter", "hl-variable"),
];

static SYNTAXES: LazyLock<SyntaxSet> = LazyLock::new(two_face::syntax::extra_newlines);

static SCOPES: LazyLock<Vec<(Scope, &'static str)>> = LazyLock::new(|| {
    let scope = |(name, class): &(&str, &'static str)| Scope::new(name).ok().map(|scope| (scope, *class));
    CLASSES.iter().filter_map(scope).collect()
});

/// Identifies the form of this program's results. A test fails if they change and this does not.
pub(crate) const FORM: &str = concat!("pamphlet ", env!("CARGO_PKG_VERSION"), " code 1");

/// A result, and whether this process has asked for it.
#[derive(Default)]
struct Remembered {
    html: OnceLock<Box<str>>,
    asked: AtomicBool,
}

type Shard = Mutex<BTreeMap<[u8; 32], Arc<Remembered>>>;

/// How many results this process has made itself.
static MADE: AtomicUsize = AtomicUsize::new(0);

static RESULTS: LazyLock<[Shard; 16]> = LazyLock::new(Default::default);

/// The inside of `<code>` for `code` in `language`; plain text if the language is unknown.
pub(crate) fn highlight(language: &str, code: &str) -> String {
    let plain = || {
        let mut out = String::new();
        escape(code, &mut out);
        out
    };
    if language.is_empty() || code.len() > LONGEST {
        return plain();
    }
    let mut hasher = blake3::Hasher::new();
    hasher.update(language.as_bytes()).update(&[0]).update(code.as_bytes());
    let key = *hasher.finalize().as_bytes();
    // The lock is held while finding the result's place, not while making the result.
    let result = {
        let shard = &RESULTS[usize::from(key[0] & 15)];
        let mut shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
        if shard.len() >= REMEMBERED && !shard.contains_key(&key) {
            shard.clear();
        }
        Arc::clone(shard.entry(key).or_default())
    };
    result.asked.store(true, Ordering::Relaxed);
    let html = result.html.get_or_init(|| {
        MADE.fetch_add(1, Ordering::Relaxed);
        let coloured = syntax(language).and_then(|syntax| coloured(syntax, code));
        coloured.unwrap_or_else(plain).into_boxed_str()
    });
    html.to_string()
}

/// Takes over the results of an earlier process with the same [`FORM`].
pub(crate) fn remember(results: Vec<([u8; 32], Box<str>)>) {
    for (key, html) in results {
        let mut shard = RESULTS[usize::from(key[0] & 15)].lock().unwrap_or_else(PoisonError::into_inner);
        if shard.len() < REMEMBERED {
            // If this process has made it meanwhile, the two are equal.
            let _ = shard.entry(key).or_default().html.set(html);
        }
    }
}

/// What a later process may take over: every result asked for. `None` if there is nothing new.
pub(crate) fn remembered() -> Option<Vec<([u8; 32], Box<str>)>> {
    if MADE.load(Ordering::Relaxed) == 0 {
        return None;
    }
    let mut all = Vec::new();
    for shard in RESULTS.iter() {
        let shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
        let asked = shard.iter().filter(|(_, result)| result.asked.load(Ordering::Relaxed));
        all.extend(asked.filter_map(|(key, result)| Some((*key, result.html.get()?.clone()))));
    }
    Some(all)
}

/// The syntax that an author means by `rust`, `rs`, `rust,ignore` or `{.rust}`.
fn syntax(language: &str) -> Option<&'static SyntaxReference> {
    let name = language.trim_start_matches(['{', '.']);
    let name = name.split([',', ':', '{', '}']).next().unwrap_or("").to_lowercase();
    let name = match name.as_str() {
        "text" | "plain" | "none" | "" => return None,
        "shell" | "console" | "sh-session" => "bash",
        "jsonc" | "json5" => "json",
        name => name,
    };
    SYNTAXES.find_syntax_by_token(name)
}

/// `None` if the syntax definition itself is faulty, which does not concern the author.
fn coloured(syntax: &SyntaxReference, code: &str) -> Option<String> {
    let mut out = String::with_capacity(code.len() * 2);
    let mut state = ParseState::new(syntax);
    let mut stack = ScopeStack::new();
    let mut open: Option<&'static str> = None;
    for line in code.split_inclusive('\n') {
        // No element crosses the end of a line, so that a theme can number or mark lines.
        let end = line.trim_end_matches('\n').len();
        let mut done = 0;
        for (at, change) in state.parse_line(line, &SYNTAXES).ok()? {
            let at = at.min(end);
            piece(line.get(done..at)?, &stack, &mut open, &mut out);
            done = at;
            stack.apply(&change).ok()?;
        }
        piece(line.get(done..end)?, &stack, &mut open, &mut out);
        if open.take().is_some() {
            out.push_str("</span>");
        }
        out.push_str(line.get(end..)?);
    }
    Some(out)
}

/// Adds text of one scope; adjacent text of one class shares an element.
fn piece(text: &str, stack: &ScopeStack, open: &mut Option<&'static str>, out: &mut String) {
    if text.is_empty() {
        return;
    }
    let class = class(stack);
    // Blanks have no colour, so they need no element of their own.
    if class != *open && !(text.trim().is_empty() && open.is_some()) {
        if open.is_some() {
            out.push_str("</span>");
        }
        if let Some(class) = class {
            out.push_str("<span class=\"");
            out.push_str(class);
            out.push_str("\">");
        }
        *open = class;
    }
    escape(text, out);
}

/// The class of the innermost scope that has one.
fn class(stack: &ScopeStack) -> Option<&'static str> {
    let of = |scope: &Scope| SCOPES.iter().find(|(prefix, _)| prefix.is_prefix_of(*scope)).map(|(_, class)| *class);
    stack.as_slice().iter().rev().find_map(of)
}

/// Each class with its colour on a light background (at least 4.5 : 1 on `#f6f6f4`) and on a dark one (on `#16191d`).
pub(super) const COLOURS: &[(&str, &str, &str)] = &[
    ("hl-comment", "#5c6470", "#98a2ae"),
    ("hl-keyword", "#8a2252", "#f09ac0"),
    ("hl-operator", "#4b4f56", "#c3c8cf"),
    ("hl-string", "#1d6a38", "#8fd6a4"),
    ("hl-escape", "#7a4a00", "#e8b866"),
    ("hl-number", "#7a4a00", "#e8b866"),
    ("hl-constant", "#7a4a00", "#e8b866"),
    ("hl-function", "#1c4f9c", "#9cc2f8"),
    ("hl-type", "#0e6470", "#7fd3dd"),
    ("hl-tag", "#8a2252", "#f09ac0"),
    ("hl-attribute", "#0e6470", "#7fd3dd"),
    ("hl-variable", "#5b3a8e", "#c9b1f2"),
    ("hl-heading", "#1c4f9c", "#9cc2f8"),
    ("hl-inserted", "#1d6a38", "#8fd6a4"),
    ("hl-deleted", "#a3231f", "#f7a29c"),
];

/// The stylesheet of highlighted code, for light and dark.
pub(crate) fn stylesheet() -> String {
    let mut css = String::new();
    for (class, light, _) in COLOURS {
        css.push_str(&format!(".{class} {{ color: {light}; }}\n"));
    }
    css.push_str(".hl-comment { font-style: italic; }\n.hl-heading { font-weight: bold; }\n");
    css.push_str("@media (prefers-color-scheme: dark) {\n");
    for (class, _, dark) in COLOURS {
        css.push_str(&format!("  .{class} {{ color: {dark}; }}\n"));
    }
    css.push_str("}\n");
    css
}
