//! The `pamphlet` command: everything is in the library.

/// A build makes millions of small values on all cores; the system's own allocator takes a fifth more time for that.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    std::process::exit(pamphlet::main());
}
