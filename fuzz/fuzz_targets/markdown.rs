//! See `pamphlet::fuzzing`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| pamphlet::fuzzing::read("markdown", bytes));
