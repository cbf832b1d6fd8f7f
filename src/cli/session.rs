//! What all commands share: where the site is, how much to say, in colour or not.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use jiff::Timestamp;

use super::Exit;
use super::args::{Args, Colour};
use super::here::Here;
use crate::config::Overrides;
use crate::diagnostic::{self, Detail, Diagnostic, Found, Sources, Style};
use crate::images::{BlobCache, ImageMemory};
use crate::path::SitePath;
use crate::pipeline::{self, Memory, Read};
use crate::publish::{Observer, Progress};
use crate::source::{NoSite, reason};
use crate::store::{self, Blobs, Refusal};

/// How much is said.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Debug)]
pub(super) enum Loudness {
    Quiet,
    Normal,
    Verbose,
}

/// One run of the program.
pub(super) struct Session {
    /// When the last step shown by `--verbose` was done.
    since: Mutex<Instant>,
    pub(super) root: PathBuf,
    /// Where `root` begins.
    pub(super) here: Here,
    pub(super) loudness: Loudness,
    colour: Colour,
    /// What is known about the site's images, for as long as the program runs.
    pub(super) images: Arc<ImageMemory>,
    blobs: Arc<Blobs>,
}

/// No sources: for faults that quote no file.
struct Nothing;

impl Sources for Nothing {
    fn text(&self, _: &SitePath) -> Option<std::borrow::Cow<'_, str>> {
        None
    }
}

impl Session {
    /// The session that the command line asks for.
    pub(super) fn new(args: &Args) -> Self {
        let loudness = match (args.quiet, args.verbose) {
            (true, _) => Loudness::Quiet,
            (false, true) => Loudness::Verbose,
            (false, false) => Loudness::Normal,
        };
        let blobs = Arc::new(Blobs::new(&args.root));
        let images = Arc::new(ImageMemory::with_shelf(blobs.clone()));
        Self {
            root: args.root.clone(),
            here: Here::new(),
            loudness,
            colour: args.color,
            images,
            blobs,
            since: Mutex::new(Instant::now()),
        }
    }

    fn style(&self, to_terminal: bool) -> Style {
        let no_colour = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        match self.colour {
            Colour::Always => Style::Coloured,
            Colour::Auto if to_terminal && !no_colour => Style::Coloured,
            Colour::Auto | Colour::Never => Style::Plain,
        }
    }

    /// Whether more is to be said.
    pub(super) fn is_verbose(&self) -> bool {
        self.loudness == Loudness::Verbose
    }

    /// Says what is being done, unless `--quiet` is set.
    pub(super) fn say(&self, text: &str) {
        if self.loudness > Loudness::Quiet {
            let _ = writeln!(anstream::stderr(), "{text}");
        }
    }

    /// Says something that only `--verbose` shows.
    pub(super) fn mention(&self, text: &str) {
        if self.loudness == Loudness::Verbose {
            let _ = writeln!(anstream::stderr(), "{text}");
        }
    }

    /// How many characters fit on a line of the terminal; `None` if the result goes elsewhere.
    pub(super) fn width(&self) -> Option<usize> {
        let size = std::io::stdout().is_terminal().then(terminal_size::terminal_size).flatten();
        size.map(|(width, _)| usize::from(width.0))
    }

    /// Prints a command's result.
    pub(super) fn print(&self, text: &str) {
        let mut out = std::io::stdout().lock();
        // A closed pipe means that the reader has seen enough.
        let _ = out.write_all(text.as_bytes());
        let _ = out.flush();
    }

    /// Shows faults on standard error.
    pub(super) fn show(&self, faults: &[Diagnostic], sources: &dyn Sources) {
        if !faults.is_empty() {
            let text =
                diagnostic::terminal(faults, sources, self.style(std::io::stderr().is_terminal()), self.detail());
            let _ = writeln!(std::io::stderr().lock(), "{}", text.trim_end());
        }
    }

    /// Formats faults for standard output.
    pub(super) fn as_result(&self, faults: &[Diagnostic], sources: &dyn Sources) -> String {
        diagnostic::terminal(faults, sources, self.style(std::io::stdout().is_terminal()), self.detail())
    }

    fn detail(&self) -> Detail {
        if self.loudness == Loudness::Verbose { Detail::Whole } else { Detail::Short }
    }

    /// Shows why something was not written.
    pub(super) fn refused(&self, refusal: &Refusal) -> Exit {
        self.show(std::slice::from_ref(&*refusal.diagnostic), &Nothing);
        match refusal.kind {
            store::Kind::Foreign => Exit::Faults,
            store::Kind::Machine => Exit::Machine,
        }
    }

    /// Shows why there is no site to work on.
    pub(super) fn no_site(&self, why: &NoSite) -> Exit {
        match why {
            NoSite::NoSettings(folder) => {
                self.wrong(
                    &format!("there is no site in {}: it has no site.toml", shown(folder)),
                    "go to the site's folder, name it with `--root`, or begin a new site with `pamphlet init`",
                );
                Exit::Usage
            }
            NoSite::Unreadable(folder, error) => {
                self.wrong(
                    &format!("the folder {} cannot be read: {}", shown(folder), reason(error)),
                    "check the name of the folder",
                );
                if error.kind() == std::io::ErrorKind::NotFound { Exit::Usage } else { Exit::Machine }
            }
        }
    }

    /// Reports that the site has gone away.
    pub(super) fn away(&self, why: &NoSite) {
        let what = match why {
            NoSite::NoSettings(folder) => format!("site.toml is gone from {}", shown(folder)),
            NoSite::Unreadable(folder, error) => {
                format!("the folder {} can no longer be read: {}", shown(folder), reason(error))
            }
        };
        self.wrong(&what, "the last version stays as it is until the site is back");
    }

    /// Reports that the command itself is wrong.
    pub(super) fn wrong(&self, message: &str, help: &str) {
        let _ = writeln!(anstream::stderr(), "error: {message}\n\nhelp: {help}");
    }

    /// A path in the site's folder, as people write it.
    pub(super) fn place(&self, below: &str) -> PathBuf {
        if self.root == Path::new(".") { PathBuf::from(below) } else { self.root.join(below) }
    }

    /// Reads the site in the given folder, once.
    pub(super) fn read(&self, overrides: &Overrides) -> Result<Found<Read>, NoSite> {
        pipeline::read(&self.root, overrides, clock(), &mut Memory::knowing(self.images.clone()))
    }

    /// The settings and entries of the site, for commands that cannot do without; if they cannot be read, why is shown.
    pub(super) fn sources(&self) -> Result<pipeline::Sources, Exit> {
        let read = self.read(&Overrides::default()).map_err(|why| self.no_site(&why))?;
        let Some(sources) = read.value.sources else {
            self.show(&pipeline::finalise(read.faults, &read.value.tree, None), &*read.value.tree);
            return Err(Exit::Faults);
        };
        Ok(sources)
    }

    /// Changes to the folder that the site's path starts from, which may have been replaced.
    pub(super) fn enter(&self) -> Result<(), NoSite> {
        let entered = self.here.enter();
        if self.root.is_absolute() { Ok(()) } else { entered }
    }

    /// The cache of expensive results, for this run and the next.
    pub(super) fn shelf(&self) -> Arc<dyn BlobCache> {
        self.blobs.clone()
    }

    /// Keeps what is known about images for the next run, and trims the cache.
    pub(super) fn keep_images(&self) {
        self.images.keep_facts();
        self.blobs.trim(store::LARGEST_BLOBS);
    }

    /// Whether output goes to a person at a terminal.
    pub(super) fn is_watched(&self) -> bool {
        self.loudness > Loudness::Quiet && std::io::stderr().is_terminal()
    }
}

/// The time by the clock. A command reads it once for each snapshot.
pub(super) fn clock() -> Timestamp {
    Timestamp::now()
}

/// A folder's name for people.
pub(super) fn shown(folder: &Path) -> String {
    let plain = folder.strip_prefix(".").unwrap_or(folder);
    let plain = if plain.as_os_str().is_empty() { folder } else { plain };
    format!("`{}`", plain.display())
}

impl Observer for Session {
    fn done(&self, what: &str) {
        let mut since = self.since.lock().unwrap_or_else(PoisonError::into_inner);
        let begun = std::mem::replace(&mut *since, Instant::now());
        self.mention(&format!("{what} after {} ms more", begun.elapsed().as_millis()));
    }

    fn note(&self, text: &str) {
        self.say(&format!("note: {text}"));
    }

    fn begin(&self, outputs: usize) -> Box<dyn Progress> {
        let target = if self.is_watched() { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some(outputs as u64), target);
        if let Ok(style) = ProgressStyle::with_template("{wide_bar} {pos} of {len}") {
            bar.set_style(style);
        }
        Box::new(Bar(bar))
    }

    fn shelf(&self) -> Arc<dyn BlobCache> {
        Self::shelf(self)
    }
}

/// A bar on the terminal.
struct Bar(ProgressBar);

impl Progress for Bar {
    fn step(&self) {
        self.0.inc(1);
    }

    fn end(&self) {
        self.0.finish_and_clear();
    }
}
