//! See `whyfor_fuzz::format`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| whyfor_fuzz::format::run(input));
