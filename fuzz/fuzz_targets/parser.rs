//! See `whyfor_fuzz::parser`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| whyfor_fuzz::parser::run(input));
