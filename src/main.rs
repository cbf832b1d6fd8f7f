//! The `pamphlet` command. Everything else is in the library.

/// A build allocates millions of small values on all cores; with the system's allocator that takes a fifth longer.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    std::process::exit(pamphlet::main());
}
