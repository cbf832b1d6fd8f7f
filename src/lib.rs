//! Pamphlet turns a folder of Markdown and data into a think tank's website.
//!
//! The modules are listed in the order in which the data flows; each uses only those above it.
// Other modules offer things that only `import`, `export` and `deploy` use; without these features nobody does.
#![cfg_attr(not(all(feature = "import-export", feature = "publish")), allow(dead_code, unused_imports))]

mod path;
mod diagnostic;
mod index;
mod policy;
mod media;
mod source;
mod data;
mod markdown;
mod schema;
mod raster;
mod config;
mod content;
mod edits;
mod images;
mod charts;
mod site;
mod redirects;
mod icons;
mod assets;
mod drawings;
mod cards;
mod routes;
mod views;
mod template;
mod render;
mod search;
mod check;
mod share;
mod pipeline;
mod relocate;
mod fixes;
mod watch;
mod store;
mod publish;
mod republish;
#[cfg(feature = "publish")]
mod deploy;
mod serve;
#[cfg(feature = "import-export")]
mod import;
#[cfg(feature = "import-export")]
mod export;
mod cli;
#[cfg(feature = "fuzzing")]
pub mod fuzzing;

pub use cli::main;
pub use diagnostic::{Code, Diagnostic, Fix, Found, Severity, Span, Splice};
pub use path::{Address, OutputPath, SitePath};
