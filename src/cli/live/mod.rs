//! The property of everything that keeps running while its sources change: `serve` and `build --watch`.

mod sites;
mod tests;
