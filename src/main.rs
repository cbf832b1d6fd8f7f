//! The `pamphlet` command: everything is in the library.

fn main() {
    std::process::exit(pamphlet::main());
}
