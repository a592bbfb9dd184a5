//! See `whyfor_fuzz::tables`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| whyfor_fuzz::tables::run(input));
