//! A link that leads nowhere → what its author probably meant: another file, or an address written without its beginning.

use std::borrow::Cow;

use super::links::scheme;
use crate::diagnostic::{Code, Diagnostic, slips};
use crate::path::SitePath;
use crate::source::Tree;

/// Of more files than this in one folder, the first are compared with what was written: where thousands of links are broken, each
/// would be compared with thousands of files.
const MOST_COMPARED: usize = 2_000;

pub(crate) const OWN_MACHINE: &str =
    "this is the path of a file on your own machine or network: put the file next to the page and write its name";

/// Endings of files that people link to, which look like the end of a host's name.
const ENDINGS: &[&str] = &[
    "md", "htm", "html", "php", "asp", "aspx", "pdf", "doc", "docx", "odt", "rtf", "txt", "csv", "xls", "xlsx", "ods",
    "ppt", "pptx", "jpg", "jpeg", "png", "gif", "webp", "avif", "svg", "mp3", "mp4", "zip", "json", "xml", "epub",
    "ics", "py", "rs", "sh", "js", "ts", "css", "toml", "yaml", "yml", "so", "pl", "cc",
];

/// The endings of hosts' names that are longer than a country's two letters.
const DOMAINS: &[&str] = &[
    "com", "org", "net", "edu", "gov", "info", "int", "mil", "eco", "coop", "ngo", "scot", "wales", "cymru", "london",
    "news", "blog", "app", "dev", "online", "site", "tech",
];

/// The full address that was probably meant by one written without its beginning, or with a wrong one: `https://www.example.org`
/// for `www.example.org`, `mailto:info@example.org` for `info@example.org`.
pub(crate) fn full_address(to: &str) -> Option<String> {
    let to = to.trim().trim_start_matches(['/', '\u{200b}', '\u{feff}']);
    if to.contains(char::is_whitespace) {
        return None;
    }
    let bare = without_scheme(to).unwrap_or(to);
    let host = bare.split(['/', '?', '#', ':']).next().unwrap_or_default();
    if let Some((name, host)) = bare.split_once('@') {
        let is_name = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || "._%+-'".contains(c));
        return (is_name && is_host(host)).then(|| format!("mailto:{bare}"));
    }
    let is_www = host.to_lowercase().starts_with("www.");
    let is_known = host.rsplit('.').next().is_some_and(|end| {
        let end = end.to_lowercase();
        DOMAINS.contains(&&*end) || end.len() == 2 && !ENDINGS.contains(&&*end)
    });
    // A path may well have a dot in its first part; the ending of a country is a guess that needs the rest to fit.
    let is_meant = is_host(host) && (is_www || is_known || without_scheme(to).is_some());
    is_meant.then(|| format!("https://{bare}"))
}

/// What follows a mistyped `https://`.
fn without_scheme(to: &str) -> Option<&str> {
    let end = to.find(|c: char| !c.is_ascii_alphabetic())?;
    let (scheme, rest) = to.split_at(end);
    let known = ["http", "https"].iter().any(|known| slips(&scheme.to_lowercase(), known, 1).is_some());
    let bare = rest.trim_start_matches([':', ';', '/', '\\']);
    (known && bare.len() < rest.len() && !bare.is_empty()).then_some(bare)
}

/// Whether this can be the name of a host on the Web.
fn is_host(host: &str) -> bool {
    let labels: Vec<&str> = host.split('.').collect();
    let is_label = |label: &&str| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-');
    let ends_in_letters = labels.last().is_some_and(|end| end.len() > 1 && end.chars().all(char::is_alphabetic));
    labels.len() > 1 && ends_in_letters && labels.iter().all(is_label)
}

/// Whether this is a path on somebody's own disk or network.
pub(crate) fn is_of_own_machine(to: &str) -> bool {
    let drive = to.as_bytes().get(1) == Some(&b':') && to.starts_with(|c: char| c.is_ascii_alphabetic());
    let is_home = ["/Users/", "/home/", "/Volumes/", "/mnt/c/"].iter().any(|start| to.starts_with(start));
    drive || is_home || to.starts_with("\\") || to.starts_with("%5C") || to.to_lowercase().starts_with("file:")
}

/// The fault that a link begins with a scheme that browsers do not open safely.
pub(super) fn unknown_scheme(to: &str, scheme: &str, code: Code) -> Diagnostic {
    if is_of_own_machine(to) {
        return Diagnostic::new(code, format!("readers cannot open `{to}`")).help(OWN_MACHINE);
    }
    let fault = Diagnostic::new(code, format!("a link cannot begin with `{scheme}:`"));
    match full_address(to) {
        Some(meant) => fault.help(format!("did you mean `{meant}`?")),
        None => fault.help("write an address that begins with https:, mailto: or tel:, or the path of a file"),
    }
}

/// The fault that `to` is an address of this site where a field or a picture needs a file.
pub(super) fn no_file(tree: &Tree, to: &str) -> Diagnostic {
    let fault = Diagnostic::new(Code::MissingFile, format!("`{to}` is not a file of this site"));
    if is_of_own_machine(to) {
        return fault.help(OWN_MACHINE);
    }
    let whole = to.split(['#', '?']).next().unwrap_or(to);
    let published = |path: &str| path.starts_with('/') && tree.named(&format!("static{path}")).is_some();
    match to.strip_prefix("/static").filter(|path| published(path)) {
        Some(address) => fault.help(format!("did you mean `{address}`?")),
        None if whole.len() < to.len() && scheme(to).is_none() => {
            fault.help(format!("write `{whole}` alone: a file is read as a whole"))
        }
        None => fault.help(
            "put the file next to the page and write its name; a file in `static/` has its address, such as `/plan.pdf`",
        ),
    }
}

/// The fault that there is nothing at `target`, which is what `to` means in `file`.
pub(super) fn missing(
    tree: &Tree,
    file: &SitePath,
    target: &str,
    to: &str,
    code: Code,
    near: Option<&str>,
) -> Diagnostic {
    let fault = Diagnostic::new(code, format!("there is no file `{to}` next to `{}`", file.name()));
    let fault = if target.ends_with(".md") { fault.missing(target) } else { fault };
    // With the strokes of Windows, and by the path from the site's folder.
    let slashed = to.replace("%5C", "/").replace('\\', "/");
    let own = slashed.strip_prefix("static").filter(|path| path.starts_with('/'));
    let there = file.folder().join(&slashed).filter(|path| slashed != to && tree.get(path).is_some());
    if there.is_some() {
        return fault.help(format!("write `/` between the parts: `{slashed}`"));
    }
    if let Some(address) = own.filter(|_| tree.named(&slashed).is_some()) {
        return fault.help(format!("did you mean `{address}`?"));
    }
    match near {
        Some(near) if let Some(sign) = other_blank(near, target) => fault.help(format!(
            "the file's name looks the same, but has another kind of blank in it (U+{:04X}): rename the file with an ordinary one",
            u32::from(sign)
        )),
        Some(near) => fault.help(format!("did you mean `{}`?", relative(file, near))),
        None if full_address(to).is_some() => {
            fault.help(format!("did you mean `{}`?", full_address(to).unwrap_or_default()))
        }
        None if is_of_own_machine(to) => fault.help(OWN_MACHINE),
        None if code == Code::MissingFile => fault.help("put the file next to the page, or write the path to it"),
        None => fault.help("write the path from this file to the other, such as `../people/jane-smith.md`"),
    }
}

/// A blank that is not the ordinary one in a file's name that differs from `target` in blanks only: on a Mac, screenshots have one.
fn other_blank(near: &str, target: &str) -> Option<char> {
    let plain = |text: &str| text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).collect::<String>();
    let unusual = |text: &str| text.chars().find(|c| c.is_whitespace() && *c != ' ');
    (near != target && plain(near) == plain(target)).then(|| unusual(near)).flatten()
}

/// The file of `content/` with nearly the name or the place of `target`, which does not exist.
pub(super) fn near<'s>(tree: &'s Tree, target: &str) -> Option<&'s str> {
    let (folder, name) = target.rsplit_once('/').unwrap_or(("", target));
    let content = || tree.below("content").map(|file| file.path.as_str());
    let near = |a: &str, b: &str, limit| slips(&a.to_lowercase(), &b.to_lowercase(), limit);
    let of_that_name: Vec<&str> = content().filter(|path| path.rsplit('/').next() == Some(name)).collect();
    match of_that_name.as_slice() {
        [] => {}
        [only] => return Some(only),
        // For `abuot/index.md`: many files have that name, but only one is in a folder with a similar name.
        several => {
            let in_folder = |path: &&'s str| Some((near(folder, path.rsplit_once('/')?.0, 2)?, *path));
            return certain(several.iter().filter_map(in_folder).collect());
        }
    }
    // Only the names next to it: comparing with every file of a large site would take minutes where much is broken.
    let Some((stem, ending)) = name.rsplit_once('.') else {
        let is_of_stem = |path: &&str| path.rsplit_once('.').is_some_and(|(stem, _)| stem == target);
        let mut found = content().filter(is_of_stem);
        return found.next().filter(|_| found.next().is_none() && !name.is_empty());
    };
    let letters = stem.chars().count();
    let limit = (letters / 3).clamp(1, 2);
    let beside = |path: &'s str| {
        let (other, of_name) = path.rsplit_once('/')?;
        let (known, known_ending) = of_name.rsplit_once('.')?;
        let fits = known_ending.eq_ignore_ascii_case(ending) && known.chars().count().abs_diff(letters) <= limit;
        Some(((fits && other == folder).then(|| near(stem, known, limit))??, path))
    };
    let in_folder = tree.below(folder).map(|file| file.path.as_str()).take(MOST_COMPARED);
    let in_folder = in_folder.filter(|path| path.starts_with("content/"));
    certain(in_folder.filter_map(beside).collect())
}

/// The source of the page that `target` would be if it named a page as addresses do: `about/index.md` for `about`, `about/`,
/// `about.md` and `about.html`.
pub(super) fn page_at<'s>(tree: &'s Tree, target: &str) -> Option<&'s str> {
    // `../about/` in a page at the top leads out of `content/`.
    let own = target.strip_prefix("content").filter(|rest| rest.is_empty() || rest.starts_with('/')).unwrap_or(target);
    let own = own.rsplit_once("/content/").map_or(own, |(_, below)| below).trim_matches('/');
    let bare = [".md", ".html", ".htm"].iter().find_map(|ending| own.strip_suffix(ending)).unwrap_or(own);
    let bare = bare.strip_suffix("/index").unwrap_or(bare);
    let candidates = match bare {
        "" | "index" => vec!["content/index.md".to_owned()],
        bare => vec![format!("content/{bare}.md"), format!("content/{bare}/index.md"), format!("content/{own}")],
    };
    candidates.iter().find_map(|path| tree.get(&SitePath::new(path)?)).map(|file| file.path.as_str())
}

/// The one with the fewest slips; if two are equally near, neither is certain.
fn certain(mut found: Vec<(usize, &str)>) -> Option<&str> {
    found.sort_unstable();
    match found.as_slice() {
        [(_, only)] => Some(only),
        [(first, path), (second, _), ..] if first < second => Some(path),
        _ => None,
    }
}

/// `path` as written in a link from `file`.
pub(crate) fn relative(file: &SitePath, path: &str) -> String {
    let from = file.folder();
    let from: Vec<&str> = from.parts().collect();
    let to: Vec<Cow<'_, str>> = path.split('/').map(Cow::from).collect();
    let shared = from.iter().zip(&to).take_while(|(a, b)| **a == **b).count();
    let mut parts: Vec<Cow<'_, str>> = vec!["..".into(); from.len() - shared];
    parts.extend(to.into_iter().skip(shared));
    parts.join("/")
}
