//! The `pamphlet` command: everything is in the library.
fn main() {}
