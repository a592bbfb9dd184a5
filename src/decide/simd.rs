//! Look-ups in registers: 256 bits of answers fit into one, and AVX-512 VBMI reads 64 of them at once.
//!
//! For a code `c`, the byte at `c >> 3` of the table holds its answer at bit `c & 7`. One permutation
//! fetches 64 such bytes, one shuffle makes 64 bits to test, one test gives 64 answers. Codes wider
//! than a byte are narrowed, and those over 255 masked out.

#![allow(
    unsafe_code,
    reason = "calling code for a processor feature is unsafe: it was detected just before"
)]

/// Selects as many whole words of rows as it can, and returns the number of rows: all but the last few, or none
/// if the processor lacks the instructions.
macro_rules! select {
    ($name:ident, $type:ty, $kernel:ident) => {
        pub(super) fn $name(bits: &[u8; 32], codes: &[$type], out: &mut [u64]) -> usize {
            #[cfg(target_arch = "x86_64")]
            if std::arch::is_x86_feature_detected!("avx512vbmi")
                && std::arch::is_x86_feature_detected!("avx512bw")
            {
                // SAFETY: the kernel needs the two features that were detected, and no more: it reads
                // and writes through slices.
                return unsafe { x86::$kernel(bits, codes, out) };
            }
            let _ = (bits, codes, out);
            0
        }
    };
}

select!(select_u8, u8, bytes);
select!(select_u16, u16, words);
select!(select_u32, u32, double_words);

#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::x86_64::{
        __m256i, __m512i, _mm256_castsi128_si256, _mm256_inserti128_si256, _mm512_and_si512,
        _mm512_castsi256_si512, _mm512_cmplt_epu16_mask, _mm512_cmplt_epu32_mask,
        _mm512_cvtepi16_epi8, _mm512_cvtepi32_epi8, _mm512_inserti64x4, _mm512_permutexvar_epi8,
        _mm512_set1_epi8, _mm512_set1_epi16, _mm512_set1_epi32, _mm512_set1_epi64,
        _mm512_shuffle_epi8, _mm512_srli_epi16, _mm512_test_epi8_mask,
    };

    /// The table twice, so that six bits of index reach it.
    #[inline]
    fn table(bits: &[u8; 32]) -> __m512i {
        let mut twice = [0u8; 64];
        twice[..32].copy_from_slice(bits);
        twice[32..].copy_from_slice(bits);
        bytemuck::cast(twice)
    }

    /// The answers for 64 codes of a byte each.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
    fn look_up(table: __m512i, codes: __m512i) -> u64 {
        let high = _mm512_and_si512(_mm512_srli_epi16::<3>(codes), _mm512_set1_epi8(31));
        let answers = _mm512_permutexvar_epi8(high, table);
        let low = _mm512_and_si512(codes, _mm512_set1_epi8(7));
        // Bytes 0 to 7 of each lane: 1, 2, 4 … 128.
        let powers = _mm512_set1_epi64(0x8040_2010_0804_0201_u64.cast_signed());
        _mm512_test_epi8_mask(answers, _mm512_shuffle_epi8(powers, low))
    }

    #[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
    pub(super) fn bytes(bits: &[u8; 32], codes: &[u8], out: &mut [u64]) -> usize {
        let table = table(bits);
        let (chunks, _) = codes.as_chunks::<64>();
        for (chunk, word) in chunks.iter().zip(out) {
            *word = look_up(table, bytemuck::cast(*chunk));
        }
        chunks.len() * 64
    }

    #[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
    pub(super) fn words(bits: &[u8; 32], codes: &[u16], out: &mut [u64]) -> usize {
        let table = table(bits);
        let limit = _mm512_set1_epi16(256);
        let (chunks, _) = codes.as_chunks::<64>();
        for (chunk, word) in chunks.iter().zip(out) {
            let [a, b]: [__m512i; 2] = bytemuck::cast(*chunk);
            let small = u64::from(_mm512_cmplt_epu16_mask(a, limit))
                | u64::from(_mm512_cmplt_epu16_mask(b, limit)) << 32;
            let low = _mm512_castsi256_si512(_mm512_cvtepi16_epi8(a));
            let narrow = _mm512_inserti64x4::<1>(low, _mm512_cvtepi16_epi8(b));
            *word = look_up(table, narrow) & small;
        }
        chunks.len() * 64
    }

    #[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
    pub(super) fn double_words(bits: &[u8; 32], codes: &[u32], out: &mut [u64]) -> usize {
        let table = table(bits);
        let limit = _mm512_set1_epi32(256);
        let (chunks, _) = codes.as_chunks::<64>();
        for (chunk, word) in chunks.iter().zip(out) {
            let [a, b, c, d]: [__m512i; 4] = bytemuck::cast(*chunk);
            let small = |x: __m512i| u64::from(_mm512_cmplt_epu32_mask(x, limit));
            let small = small(a) | small(b) << 16 | small(c) << 32 | small(d) << 48;
            let half = |x: __m512i, y: __m512i| -> __m256i {
                let low = _mm256_castsi128_si256(_mm512_cvtepi32_epi8(x));
                _mm256_inserti128_si256::<1>(low, _mm512_cvtepi32_epi8(y))
            };
            let narrow = _mm512_inserti64x4::<1>(_mm512_castsi256_si512(half(a, b)), half(c, d));
            *word = look_up(table, narrow) & small;
        }
        chunks.len() * 64
    }
}
