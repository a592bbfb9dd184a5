//! See `whyfor_cli::fuzzing`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| whyfor_cli::fuzzing::page(input));
