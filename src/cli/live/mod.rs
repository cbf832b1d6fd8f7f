//! The property of everything that goes on living while its sources change: `serve` and `build --watch`.

mod sites;
mod tests;
