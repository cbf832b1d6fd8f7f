//! `pamphlet share`: pages that are not public yet, each as one file to send to the person who signs it off.

use std::path::Path;

use super::Exit;
use super::args::ShareArgs;
use super::explain::address;
use super::list::status;
use super::session::{Session, clock, shown};
use crate::config::Overrides;
use crate::diagnostic::{Diagnostic, nearest, slips};
use crate::path::{Address, SitePath};
use crate::pipeline::{self, Made};
use crate::render::{self, Output};
use crate::routes::{Route, RouteKind};
use crate::schema;
use crate::share::{self, Banner, Library, Shared};
use crate::site::{Site, View};
use crate::store;

/// Above this size, some mail servers refuse a message.
const HEAVY: usize = 10_000_000;

/// Runs the command.
pub(super) fn run(session: &Session, typed: &ShareArgs) -> Exit {
    let read = match session.read(&Overrides::default()) {
        Ok(read) => read,
        Err(why) => return session.no_site(&why),
    };
    let (tree, mut faults) = (read.value.tree.clone(), read.faults);
    let finalise = |faults, config| pipeline::finalise(faults, &tree, config);
    let Some(sources) = read.value.sources else {
        session.show(&finalise(faults, None), &*tree);
        return Exit::Faults;
    };
    let now = pipeline::now(clock(), &sources.config);
    let public = pipeline::make(&sources, now.clone(), View::Published);
    let all = pipeline::make(&sources, now, View::Everything);
    faults.extend(all.faults());
    let pages = match wanted(session, &all, &typed.pages) {
        Ok(pages) => pages,
        Err(exit) => return exit,
    };
    let folder = typed.output.clone().unwrap_or_else(|| session.place("shared"));
    let shelf = PublishedFiles { all: &all, public: &public };
    for route in &pages {
        let source = pipeline::source_of(&all, route);
        let own = |fault: &Diagnostic| fault.span.as_ref().is_some_and(|span| Some(&span.file) == source.as_ref());
        let Some(renderer) = &all.renderer else {
            session.show(&finalise(faults, Some(&sources.config)), &*tree);
            return Exit::Faults;
        };
        let found = render::render(renderer, route);
        let about: Vec<Diagnostic> = faults.iter().filter(|fault| own(fault)).cloned().chain(found.faults).collect();
        session.show(&finalise(about, Some(&sources.config)), &*tree);
        let Some(Output::Bytes(bytes)) = found.value else { return Exit::Faults };
        let made = make(&shelf, route, &String::from_utf8_lossy(&bytes));
        let file = folder.join(format!("{}.html", name(route, &pages)));
        if let Err(refusal) = store::write_aside(&session.root, &file, &made.html, share::MARK) {
            return session.refused(&refusal);
        }
        session.print(&format!("{}\n", file.display()));
        tell(session, &made, &all, route, &file);
    }
    Exit::Fine
}

/// The pages named on the command line, each once.
pub(super) fn wanted<'a>(session: &Session, made: &'a Made, typed: &[String]) -> Result<Vec<&'a Route>, Exit> {
    let mut pages: Vec<&Route> = Vec::new();
    for text in typed {
        match find(made, text.trim()) {
            Some(route) if pages.iter().any(|page| page.address == route.address) => {}
            Some(route) => pages.push(route),
            None => {
                let shape = |text: &str| text.trim_matches('/').to_owned();
                let known: Vec<String> = names(made).collect();
                let shapes: Vec<String> = known.iter().map(|name| shape(name)).collect();
                let called: Vec<String> =
                    called(made, text).into_iter().map(|route| format!("`{}`", route.address)).collect();
                if !called.is_empty() {
                    let help = format!("several are called so: write {}", called.join(" or "));
                    session.wrong(&format!("it is not clear which page `{text}` is"), &help);
                    return Err(Exit::Usage);
                }
                let near = nearest(&shape(text), shapes.iter().map(String::as_str))
                    .filter(|near| is_called_alike(&shape(text), near))
                    .and_then(|near| known.iter().find(|name| shape(name) == near));
                let help = match near {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "write the page's file, such as `content/about.md`, or its address, such as `/about/`"
                        .to_owned(),
                };
                session.wrong(&format!("there is no page `{text}`"), &help);
                return Err(Exit::Usage);
            }
        }
    }
    Ok(pages)
}

/// Whether the last parts of two paths are alike: folders and endings that many pages share say nothing.
fn is_called_alike(text: &str, near: &str) -> bool {
    let name = |path: &str| path.rsplit('/').next().unwrap_or(path).trim_end_matches(".md").to_lowercase();
    let (text, near) = (name(text), name(near));
    text == near || near.contains(&text) || slips(&text, &near, (text.chars().count() / 3).max(1)).is_some()
}

/// The page meant by a file, an address, or a collection and a key.
fn find<'a>(made: &'a Made, text: &str) -> Option<&'a Route> {
    let site = &made.site;
    let typed = std::path::absolute(text).ok().and_then(|path| path.canonicalize().ok());
    let below = typed.as_deref().and_then(|path| path.strip_prefix(site.tree.root()).ok()).and_then(Path::to_str);
    let files = [below.map(|below| below.replace('\\', "/")), Some(text.trim_start_matches("./").to_owned())];
    let by_file = files.iter().flatten().filter_map(|path| SitePath::new(path)).find_map(|path| site.by_source(&path));
    let by_id = || text.split_once('/').and_then(|(collection, key)| site.by_id(collection, key));
    let at = |address: &Address| made.routes.at(address).filter(|route| is_page(&route.kind));
    if let Some(address) = by_file.or_else(by_id).and_then(|ix| site.address(ix)) {
        return at(address);
    }
    let address = address(site, text);
    at(&address).or_else(|| at(&Address::new(&format!("{}/", address.as_str().trim_end_matches('/'))))).or_else(|| {
        match &called(made, text)[..] {
            [only] => Some(*only),
            _ => None,
        }
    })
}

/// The pages whose file or title is called `text`, wherever they are.
fn called<'a>(made: &'a Made, text: &str) -> Vec<&'a Route> {
    let wanted = text.trim_end_matches(".md").to_lowercase();
    let is_called = |route: &&Route| match route.kind {
        RouteKind::Entry(ix) => {
            let entry = made.site.entry(ix);
            *entry.id.key == *wanted || entry.title().to_lowercase() == wanted
        }
        _ => false,
    };
    made.routes.all().iter().filter(is_called).collect()
}

fn is_page(kind: &RouteKind) -> bool {
    matches!(kind, RouteKind::Entry(_) | RouteKind::List { .. })
}

/// All names that pages can be called by.
fn names(made: &Made) -> impl Iterator<Item = String> + '_ {
    made.routes.all().iter().filter(|route| is_page(&route.kind)).flat_map(|route| {
        let mut names = vec![route.address.to_string()];
        if let RouteKind::Entry(ix) = route.kind {
            let entry = made.site.entry(ix);
            names.extend([entry.source.to_string(), Site::id_text(&entry.id)]);
        }
        names
    })
}

/// A page may show everything on the site, but only link to what is public.
struct PublishedFiles<'a> {
    all: &'a Made,
    public: &'a Made,
}

impl Library for PublishedFiles<'_> {
    fn bytes(&self, address: &Address) -> Option<Vec<u8>> {
        let route = self.all.routes.at(address)?;
        match render::render(self.all.renderer.as_ref()?, route).value? {
            Output::Bytes(bytes) => Some(bytes),
            Output::File(file) => self.all.site.tree.bytes(self.all.site.tree.get(&file)?).ok(),
        }
    }

    fn is_public(&self, address: &Address) -> bool {
        self.public.routes.at(address).is_some()
    }
}

fn make(shelf: &PublishedFiles<'_>, route: &Route, html: &str) -> Shared {
    let site = &shelf.all.site;
    let (title, state) = match &route.kind {
        RouteKind::Entry(ix) => {
            let state = status(site, *ix, &schema::in_words);
            // Next to "not for publication", the word "public" would puzzle.
            let state = if state == "public" { "copy of a page that is public".to_owned() } else { state };
            (site.entry(*ix).title().to_owned(), state)
        }
        RouteKind::List { listing, .. } => {
            (site.config.lists[&site.listings()[*listing].list].title.clone(), "with drafts".to_owned())
        }
        _ => (route.address.to_string(), String::new()),
    };
    let organisation = &site.config.organisation;
    let publisher = if organisation.name.is_empty() { &site.config.title } else { &organisation.name };
    let date = site.now.strftime("%-d %B %Y").to_string();
    let banner = Banner { title, state, publisher: publisher.clone(), date };
    share::share(html, &route.address, &site.config.base, shelf, &banner)
}

/// The file's name without its ending: the last part of the address, or the whole address where two pages share that part.
fn name(route: &Route, pages: &[&Route]) -> String {
    fn last(route: &Route) -> &str {
        route.address.as_str().trim_matches('/').rsplit('/').next().unwrap_or_default()
    }
    let is_one = pages.iter().filter(|page| last(page) == last(route)).count() == 1;
    match (last(route), is_one) {
        ("", _) => "home".to_owned(),
        (last, true) => last.to_owned(),
        (_, false) => route.address.as_str().trim_matches('/').replace('/', "-"),
    }
}

/// What the sender should know.
fn tell(session: &Session, made: &Shared, all: &Made, route: &Route, file: &Path) {
    // The page's own citations and files do not count as other pages.
    let is_own =
        |address: &Address| address.as_str().starts_with(route.address.as_str()) && route.address.as_str() != "/";
    let (own, others): (Vec<&Address>, Vec<&Address>) = made.hidden.iter().partition(|address| is_own(address));
    let files: Vec<String> = own
        .iter()
        .filter_map(|address| match &all.routes.at(address)?.kind {
            RouteKind::File(file) => Some(format!("`{file}`")),
            _ => None,
        })
        .collect();
    if !files.is_empty() {
        let which = if files.len() == 1 { "a file that is not in it" } else { "files that are not in it" };
        session.say(&format!("note: the page offers {which}, to be sent beside it: {}", files.join(", ")));
    }
    let hidden: Vec<String> = others.iter().map(|address| format!("`{address}`")).collect();
    if !hidden.is_empty() {
        session.say(&format!(
            "note: it names pages that are not public, without a link to them: {}; see whether the reader may know of them",
            hidden.join(", ")
        ));
    }
    if !made.left_out.is_empty() {
        let left: Vec<String> = made.left_out.iter().map(|what| format!("`{what}`")).collect();
        session.say(&format!("note: left out, since it is not a file of the site: {}", left.join(", ")));
    }
    if made.html.len() > HEAVY {
        let size = made.html.len() / 1_000_000;
        session.say(&format!("note: {} is {size} MB, which some mail servers refuse", shown(file)));
    }
}
