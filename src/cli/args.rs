//! What was typed on the command line, word for word; the commands decide what it means.

use std::path::PathBuf;

use clap::{Args as Arguments, Parser, Subcommand, ValueEnum};

/// Turns a folder of Markdown and data into a think tank's website.
#[derive(Parser, Debug)]
#[command(name = "pamphlet", version, max_term_width = 100, arg_required_else_help = true)]
pub(super) struct Args {
    /// The site's folder, the one with `site.toml` in it
    #[arg(long, global = true, value_name = "DIR", default_value = ".")]
    pub(super) root: PathBuf,
    /// Whether messages are coloured
    #[arg(long, global = true, value_enum, default_value_t = Colour::Auto, value_name = "WHEN")]
    pub(super) color: Colour,
    /// Only say what is wrong
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(super) quiet: bool,
    /// Say more about what is being done
    #[arg(short, long, global = true)]
    pub(super) verbose: bool,
    #[command(subcommand)]
    pub(super) command: Command,
}

/// When messages are coloured.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum Colour {
    Auto,
    Always,
    Never,
}

/// The commands.
#[derive(Subcommand, Debug)]
pub(super) enum Command {
    /// Build the website into `public/`
    Build(BuildArgs),
    /// Publish the website to a server, an object store or a folder, after showing what will change
    #[cfg(feature = "publish")]
    Publish(PublishArgs),
    /// Take one page down at once, whatever else is unfinished or wrong
    #[cfg(feature = "publish")]
    TakeDown(TakeDownArgs),
    /// Compare what readers are served with what was built
    #[cfg(feature = "publish")]
    Verify(VerifyArgs),
    /// Publish the website to a server, an object store or a folder; not in this program
    #[cfg(not(feature = "publish"))]
    #[command(after_help = super::unbuilt::PUBLISH_HELP)]
    Publish(UnbuiltArgs),
    /// Take one page down at once; not in this program
    #[cfg(not(feature = "publish"))]
    #[command(after_help = super::unbuilt::PUBLISH_HELP)]
    TakeDown(UnbuiltArgs),
    /// Compare what readers are served with what was built; not in this program
    #[cfg(not(feature = "publish"))]
    #[command(after_help = super::unbuilt::PUBLISH_HELP)]
    Verify(UnbuiltArgs),
    /// Show the website in the browser while it is being written, including drafts
    Serve(ServeArgs),
    /// Report everything that is wrong, where, and what to do; writes nothing
    Check(CheckArgs),
    /// Turn a page into one file to send for sign-off: a draft, an embargoed report
    Share(ShareArgs),
    /// Start a page: a report, a press release, a person, a theme …
    New(NewArgs),
    /// Make a page from a Word file, as a draft, and say what could not be taken over
    #[cfg(feature = "import-export")]
    Import(ImportArgs),
    /// Write a page as a Word file, for a translator or a director
    #[cfg(feature = "import-export")]
    Export(ExportArgs),
    /// Make a page from a Word file, or a site from that of another program; not in this program
    #[cfg(not(feature = "import-export"))]
    #[command(after_help = super::unbuilt::IMPORT_HELP)]
    Import(UnbuiltArgs),
    /// Write a page as a Word file, for a translator or a director; not in this program
    #[cfg(not(feature = "import-export"))]
    #[command(after_help = super::unbuilt::IMPORT_HELP)]
    Export(UnbuiltArgs),
    /// Start a new site in a folder
    Init(InitArgs),
    /// List the collections, or the entries of one
    List(ListArgs),
    /// Rename or move a page, a file or a folder, and correct everything that leads there
    Move(MoveArgs),
    /// Merge two pages: everything that leads to the first then leads to the second, and the first goes
    Merge(MergeArgs),
    /// Show which addresses are new, lost or redirected since they were last accepted
    Addresses(AddressesArgs),
    /// Explain a kind of fault, or why a page exists and what it is made from
    Explain(ExplainArgs),
    /// Print JSON Schemas of the site's files, with which an editor completes and checks fields
    Schema(SchemaArgs),
    /// Print the completion script for a shell
    Completions(CompletionsArgs),
}

/// `pamphlet build`
#[derive(Arguments, Debug)]
#[command(after_help = "Example:\n  pamphlet build --base-url https://www.example.org/")]
pub(super) struct BuildArgs {
    /// Where the website goes: a folder that is empty or that Pamphlet made
    #[arg(short, long, value_name = "DIR")]
    pub(super) output: Option<PathBuf>,
    /// The site's address, instead of the one in `site.toml`
    #[arg(long, value_name = "URL")]
    pub(super) base_url: Option<String>,
    /// Show drafts and embargoed pages too, labelled; needs `-o`, so that they are never published by mistake
    #[arg(long, requires = "output")]
    pub(super) drafts: bool,
    /// Build the site as of this moment: `2026-05-14 00:01`
    #[arg(long, value_name = "WHEN")]
    pub(super) now: Option<String>,
    /// Check the finished pages too, as `pamphlet check` does, and publish nothing if one has an error
    #[arg(long)]
    pub(super) strict: bool,
    /// How many processor cores are used
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(super) jobs: Option<u16>,
    /// Change the folder file by file instead of replacing it as a whole
    #[arg(long)]
    pub(super) in_place: bool,
    /// Write nothing; print what readers would find new, changed and gone
    #[arg(long, conflicts_with_all = ["watch", "strict"])]
    pub(super) dry_run: bool,
    /// With `--dry-run`: the output format
    #[arg(long, value_enum, default_value_t = PlanFormat::Text, requires = "dry_run")]
    pub(super) format: PlanFormat,
    /// Keep running, and build again whenever something changes or becomes public
    #[arg(short, long)]
    pub(super) watch: bool,
    /// With `--watch`: look for changes twice a second, where the system does not report them
    #[arg(long, requires = "watch")]
    pub(super) poll: bool,
}

/// `pamphlet publish`
#[cfg(feature = "publish")]
#[derive(Arguments, Debug)]
#[command(
    after_help = "Examples:\n  pamphlet publish\n  pamphlet publish live --dry-run\n  pamphlet publish live --undo\n\n\
    Where to is in site.toml: `[publish.live]` with `to = \"sftp://USER@www.example.org/srv/www/site\"`. Passwords and keys are not: \
    `ssh` asks or uses your key; for an object store set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
)]
pub(super) struct PublishArgs {
    /// The name of the place in site.toml, such as `live`; not needed if there is only one
    pub(super) target: Option<String>,
    /// Do not ask; for use where nobody is at the terminal
    #[arg(short, long)]
    pub(super) yes: bool,
    /// Build, show what would change, and send nothing
    #[arg(long)]
    pub(super) dry_run: bool,
    /// Put back what was there before the last publication
    #[arg(long, conflicts_with_all = ["list", "anew", "replace"])]
    pub(super) undo: bool,
    /// List the last publications: when, by whom, what
    #[arg(long, conflicts_with_all = ["anew", "replace", "dry_run"])]
    pub(super) list: bool,
    /// Check the finished pages too, as `pamphlet check` does, and publish nothing if one has an error
    #[arg(long)]
    pub(super) strict: bool,
    /// Take the place of somebody whose publication has stopped without ending
    #[arg(long)]
    pub(super) unlock: bool,
    /// Replace files there that Pamphlet did not write
    #[arg(long)]
    pub(super) replace: bool,
    /// Send everything, as if nothing were known of what lies there
    #[arg(long)]
    pub(super) anew: bool,
    /// Publish although this machine's clock and the server's differ
    #[arg(long)]
    pub(super) ignore_clock: bool,
}

/// `pamphlet take-down`
#[cfg(feature = "publish")]
#[derive(Arguments, Debug)]
#[command(
    after_help = "Examples:\n  pamphlet take-down content/publications/wrong-figures.md\n  pamphlet take-down /publications/wrong-figures/ --yes\n\n\
    The page becomes a draft (`status = \"draft\"`), and goes with its files, from lists, feeds and the search. Nothing else that \
    waits to be published goes out."
)]
pub(super) struct TakeDownArgs {
    /// The page's file, such as `content/about.md`, or its address, such as `/about/`
    pub(super) page: String,
    /// The place to take it down from, if site.toml names several
    #[arg(long = "from", value_name = "NAME")]
    pub(super) target: Option<String>,
    /// Do not ask
    #[arg(short, long)]
    pub(super) yes: bool,
    /// Take the place of somebody whose publication has stopped without ending
    #[arg(long)]
    pub(super) unlock: bool,
}

/// `pamphlet verify`
#[cfg(feature = "publish")]
#[derive(Arguments, Debug)]
#[command(after_help = "Examples:\n  pamphlet verify https://www.example.org/\n  pamphlet verify live")]
pub(super) struct VerifyArgs {
    /// The address of the website, or the name of a place in site.toml; without it, `base_url`
    #[arg(value_name = "ADDRESS|NAME")]
    pub(super) place: Option<String>,
    /// The folder that was built
    #[arg(short, long, value_name = "DIR", default_value = "public")]
    pub(super) output: PathBuf,
}

/// `pamphlet serve`
#[derive(Arguments, Debug)]
#[command(after_help = "Example:\n  pamphlet serve --open")]
pub(super) struct ServeArgs {
    /// The address or name to listen on; any but this computer's own lets others see the site
    #[arg(long, value_name = "HOST", default_value = "127.0.0.1")]
    pub(super) host: String,
    /// The port to listen on; 0 takes any that is free
    #[arg(short, long, value_name = "PORT", default_value_t = 8000)]
    pub(super) port: u16,
    /// Open the site in the browser
    #[arg(long)]
    pub(super) open: bool,
    /// Show only what readers would see: no drafts, no embargoed pages, no messages in the browser
    #[arg(long)]
    pub(super) as_published: bool,
    /// Put a secret into the address, so that others may see drafts and embargoed pages too
    #[arg(long)]
    pub(super) token: bool,
    /// Show the site as of this moment: `2026-05-14 00:01`
    #[arg(long, value_name = "WHEN")]
    pub(super) now: Option<String>,
    /// The editor that links to source files open: code, codium, cursor, idea, sublime, textmate, zed, or a pattern
    #[arg(long, value_name = "EDITOR")]
    pub(super) editor: Option<String>,
    /// Look for changes twice a second, where the system does not report them
    #[arg(long)]
    pub(super) poll: bool,
}

/// `pamphlet check`
#[derive(Arguments, Debug)]
#[command(after_help = "Example:\n  pamphlet check --format json")]
pub(super) struct CheckArgs {
    /// How faults are printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(super) format: Format,
    /// Check the site as of this moment: `2026-05-14 00:01`
    #[arg(long, value_name = "WHEN")]
    pub(super) now: Option<String>,
    /// Accept today's faults: each is a warning until its file is edited
    #[arg(long)]
    pub(super) accept_existing: bool,
    /// Apply each correction that is certain, show the changed lines, and check again. Never asks, whether at a terminal
    /// or not, and never changes who may see a page
    #[arg(long, conflicts_with_all = ["accept_existing", "report"])]
    pub(super) fix: bool,
    /// Count warnings as errors
    #[arg(long)]
    pub(super) strict: bool,
    /// Write a page for others that says what was tested, on which pages, with what result
    #[arg(long, value_name = "FILE.html", conflicts_with = "accept_existing")]
    pub(super) report: Option<PathBuf>,
    /// How many processor cores are used
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(super) jobs: Option<u16>,
}

/// How faults are printed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum Format {
    /// For people
    Text,
    /// One JSON object a line, for programs
    Json,
    /// Annotations for GitHub Actions
    Github,
}

/// How a plan is printed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum PlanFormat {
    /// For people
    Text,
    /// One JSON object, for programs
    Json,
}

/// `pamphlet share`
#[derive(Arguments, Debug)]
#[command(after_help = "Example:\n  pamphlet share content/publications/who-owns-the-high-street.md\n\n\
    The file `shared/who-owns-the-high-street.html` can be sent by mail and opened without a network.")]
pub(super) struct ShareArgs {
    /// The pages: each a file such as `content/publications/x.md`, an address such as `/publications/x/`, or an entry such
    /// as `publications/x`
    #[arg(required = true, value_name = "PAGE")]
    pub(super) pages: Vec<String>,
    /// Where the files go; never a folder that is published [default: `shared` beside `site.toml`]
    #[arg(short, long, value_name = "DIR")]
    pub(super) output: Option<PathBuf>,
}

/// `pamphlet new`
#[derive(Arguments, Debug)]
#[command(after_help = "Example:\n  pamphlet new report \"Who owns the high street?\"")]
pub(super) struct NewArgs {
    /// What to start: a collection, or a kind such as `report` or `press`
    pub(super) kind: String,
    /// Its title; quotation marks around it are needed only for signs that your terminal takes for its own
    #[arg(required = true, num_args = 1..)]
    pub(super) title: Vec<String>,
}

/// `pamphlet import`
#[cfg(feature = "import-export")]
#[derive(Arguments, Debug)]
#[command(
    after_help = "Examples:\n  pamphlet import \"High street.docx\" --as report\n  pamphlet import --translation cy \"high-street CY.docx\""
)]
pub(super) struct ImportArgs {
    /// The Word file, a `.docx`; or the folder of a site of Hugo, Jekyll or Eleventy
    #[arg(value_name = "FILE.docx or FOLDER", required_unless_present = "wordpress", conflicts_with = "wordpress")]
    pub(super) file: Option<PathBuf>,
    /// The export of a site of WordPress, an `.xml`; all its parts if there are several
    #[arg(long, value_name = "EXPORT.xml", num_args = 1..)]
    pub(super) wordpress: Vec<PathBuf>,
    /// The copy of the folder `wp-content/uploads`, for pictures and documents
    #[arg(long, value_name = "DIR", requires = "wordpress")]
    pub(super) uploads: Option<PathBuf>,
    /// A table of former addresses and where they lead, which a plug-in or the host kept: CSV with the columns `from` and `to`
    #[arg(long, value_name = "FILE")]
    pub(super) redirects: Option<PathBuf>,
    /// Of a whole site: show what would become what, and write nothing
    #[arg(long)]
    pub(super) plan: bool,
    /// Of a whole site, again: make drafts of the pages that an earlier import brought and that are hidden there by now
    #[arg(long, conflicts_with = "plan")]
    pub(super) hide: bool,
    /// What it becomes: a collection, or a kind such as `report` or `press`
    #[arg(long = "as", value_name = "KIND", default_value = "report", conflicts_with = "translation")]
    pub(super) kind: String,
    /// It is a page that `pamphlet export` wrote, translated into this language, such as `cy`
    #[arg(long, value_name = "LANGUAGE")]
    pub(super) translation: Option<String>,
    /// With `--translation`: the page that it translates, if the file does not say so any more
    #[arg(long, value_name = "PAGE", requires = "translation")]
    pub(super) page: Option<String>,
    /// What to do with tracked changes that nobody has accepted or rejected
    #[arg(long, value_enum, default_value_t = Decision::Stop, value_name = "WHAT")]
    pub(super) changes: Decision,
    /// What to do with comments; those that are kept are in `internal_note`, which is never published
    #[arg(long, value_enum, default_value_t = Remarks::Stop, value_name = "WHAT")]
    pub(super) comments: Remarks,
}

/// Whatever was typed after a command that this program was built without.
#[cfg(not(all(feature = "import-export", feature = "publish")))]
#[derive(Arguments, Debug)]
pub(super) struct UnbuiltArgs {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, hide = true)]
    _rest: Vec<std::ffi::OsString>,
}

/// `pamphlet export`
#[cfg(feature = "import-export")]
#[derive(Arguments, Debug)]
#[command(after_help = "Example:\n  pamphlet export content/publications/who-owns-the-high-street.md --docx\n\n\
    The translator writes over the words in `shared/who-owns-the-high-street.docx`; `pamphlet import --translation cy` brings them back.")]
pub(super) struct ExportArgs {
    /// The pages: each a file such as `content/publications/x.md`, an address such as `/publications/x/`, or a title
    #[arg(required = true, value_name = "PAGE")]
    pub(super) pages: Vec<String>,
    /// As a Word file, the only form there is so far
    #[arg(long, required = true)]
    pub(super) docx: bool,
    /// Where the files go: a folder or, for one page, a name that ends in `.docx` [default: `shared` beside `site.toml`]
    #[arg(short, long, value_name = "PATH")]
    pub(super) output: Option<PathBuf>,
    /// Replace a file that is there
    #[arg(long)]
    pub(super) force: bool,
}

/// What to do with tracked changes.
#[cfg(feature = "import-export")]
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum Decision {
    /// Take them over
    Accept,
    /// Take over what was there before
    Reject,
    /// List them, and write nothing
    Stop,
}

/// What to do with comments.
#[cfg(feature = "import-export")]
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum Remarks {
    /// Keep them, for colleagues alone
    Keep,
    /// Leave them out
    Drop,
    /// List them, and write nothing
    Stop,
}

/// `pamphlet init`
#[derive(Arguments, Debug)]
#[command(
    after_help = "Examples:\n  pamphlet init our-site\n  pamphlet init our-site --name \"Centre for Local Economies\" --lang cy"
)]
pub(super) struct InitArgs {
    /// The new folder
    pub(super) folder: PathBuf,
    /// The organisation's name; asked for on a terminal
    #[arg(long)]
    pub(super) name: Option<String>,
    /// The site's address, such as www.example.org; you can also write it into site.toml later
    #[arg(long, value_name = "URL")]
    pub(super) base_url: Option<String>,
    /// The organisation's e-mail address; you can also write it into site.toml later
    #[arg(long)]
    pub(super) email: Option<String>,
    /// The design: `civic`, set like print, or `mosaic`, built of bricks; you can change it in site.toml later
    #[arg(long, value_name = "NAME", default_value = "civic")]
    pub(super) theme: String,
    /// A language to publish in beside English, such as `cy`; may be given several times
    #[arg(long, value_name = "LANGUAGE")]
    pub(super) lang: Vec<String>,
}

/// `pamphlet list`
#[derive(Arguments, Debug)]
#[command(
    after_help = "Examples:\n  pamphlet list publications\n  pamphlet list --missing cy\n  pamphlet list publications --now \"2026-05-14 09:00\"\n  pamphlet list --next"
)]
pub(super) struct ListArgs {
    /// The collection whose entries to list
    pub(super) collection: Option<String>,
    /// List the public entries that do not exist in this language yet, such as `cy`
    #[arg(long, value_name = "LANGUAGE")]
    pub(super) missing: Option<String>,
    /// Print only when the site next changes by itself, such as `2026-05-13T23:01:00Z` (always in UTC): an embargo ends, an event is
    /// over; nothing if it never does
    #[arg(long, conflicts_with_all = ["collection", "missing"])]
    pub(super) next: bool,
    /// List as of this moment, as the site will be then, such as `2026-05-14 09:00` in its time zone
    #[arg(long, value_name = "WHEN")]
    pub(super) now: Option<String>,
}

/// `pamphlet move`
#[derive(Arguments, Debug)]
#[command(after_help = "Examples:\n  pamphlet move content/publications/x.md content/publications/y.md\n  \
    pamphlet move themes/wealth themes/community-wealth-building\n  pamphlet move content/publications/2025 content/archive --dry-run\n\n\
    The old address is kept in `aliases`, or in redirects.csv.")]
pub(super) struct MoveArgs {
    /// A file or folder below `content/` or `static/`, an entry such as `themes/wealth`, or an address
    pub(super) old: String,
    /// Its new name or place; an existing folder, or one with a slash at the end, takes it in
    pub(super) new: String,
    /// Only show what would change
    #[arg(long)]
    pub(super) dry_run: bool,
}

/// `pamphlet merge`
#[derive(Arguments, Debug)]
#[command(
    after_help = "Example:\n  pamphlet merge content/themes/wealth.md content/themes/community-wealth-building.md\n\n\
    References and links to the first go to the second, as do its addresses. Its text is not taken over: the merge is refused if there is one."
)]
pub(super) struct MergeArgs {
    /// The page that goes
    pub(super) old: String,
    /// The page that stays
    pub(super) into: String,
    /// Drop the text and the files of the page that goes
    #[arg(long)]
    pub(super) drop_text: bool,
    /// Only show what would change
    #[arg(long)]
    pub(super) dry_run: bool,
}

/// `pamphlet addresses`
#[derive(Arguments, Debug)]
#[command(after_help = "Examples:\n  pamphlet addresses\n  pamphlet addresses --accept\n  \
    pamphlet addresses --give-up /old/page/\n\n\
    `addresses.txt` lists every address that was ever public; one that leads nowhere is an error of `build` and `check`.")]
pub(super) struct AddressesArgs {
    /// Add what is public now to `addresses.txt`; for use after publishing
    #[arg(long)]
    pub(super) accept: bool,
    /// Add the addresses of a former site, from its `sitemap.xml` saved on this computer
    #[arg(long, value_name = "FILE", conflicts_with = "accept")]
    pub(super) from_sitemap: Option<PathBuf>,
    /// Give an address up for good: it may lead nowhere, and hosts answer that it is gone
    #[arg(long, value_name = "ADDRESS", num_args = 1.., conflicts_with_all = ["accept", "from_sitemap"])]
    pub(super) give_up: Vec<String>,
}

/// `pamphlet explain`
#[derive(Arguments, Debug)]
#[command(after_help = "Examples:\n  pamphlet explain unknown-field\n  pamphlet explain /publications/")]
pub(super) struct ExplainArgs {
    /// A kind of fault such as `unknown-field`, or an address of the site such as `/publications/`
    #[arg(value_name = "CODE|ADDRESS")]
    pub(super) subject: String,
}

/// `pamphlet schema`
#[derive(Arguments, Debug)]
#[command(
    after_help = "Examples:\n  pamphlet schema\n  pamphlet schema publications\n  pamphlet schema -o schemas\n\n\
    Write them again when the fields of the site or its theme change."
)]
pub(super) struct SchemaArgs {
    /// The schema to print: `site`, `theme`, or a collection such as `publications`; without it, all are listed
    pub(super) name: Option<String>,
    /// Write all of them into this folder, each as `NAME.schema.json`
    #[arg(short, long, value_name = "DIR", conflicts_with = "name")]
    pub(super) output: Option<PathBuf>,
}

/// `pamphlet completions`
#[derive(Arguments, Debug)]
pub(super) struct CompletionsArgs {
    /// The shell
    pub(super) shell: clap_complete::Shell,
}
