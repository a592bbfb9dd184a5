//! See `whyfor_fuzz::artifact`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| whyfor_fuzz::artifact::run(input));
