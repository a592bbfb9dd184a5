//! Bits of rows, 64 at a time.

use arrow_buffer::BooleanBuffer;

/// Which values are so. 64 tests become bytes first, which compilers vectorise, and then bits.
pub(super) fn which<T>(values: &[T], is_so: impl Fn(&T) -> bool) -> BooleanBuffer {
    let mut words = Vec::with_capacity(values.len().div_ceil(64));
    let (whole, rest) = values.as_chunks::<64>();
    words.extend(whole.iter().map(|values| word(values, &is_so)));
    if !rest.is_empty() {
        words.push(word(rest, &is_so));
    }
    BooleanBuffer::new(words.into(), 0, values.len())
}

/// The tests of at most 64 values. The product moves the lowest bits of eight bytes beside each other, without a carry.
#[inline(always)]
fn word<T>(values: &[T], is_so: impl Fn(&T) -> bool) -> u64 {
    let mut flags = [0; 64];
    for (flag, value) in flags.iter_mut().zip(values) {
        *flag = u8::from(is_so(value));
    }
    let (eights, _) = flags.as_chunks::<8>();
    let bits =
        |flags: &[u8; 8]| u64::from_le_bytes(*flags).wrapping_mul(0x0102_0408_1020_4080) >> 56;
    eights.iter().rev().fold(0, |word, flags| word << 8 | bits(flags))
}

#[cfg(test)]
mod tests {
    use super::which;

    #[test]
    fn each_value_has_its_bit() {
        for length in [0, 1, 7, 63, 64, 65, 200] {
            let values: Vec<usize> = (0..length).collect();
            for step in 1..9 {
                let is_so = |value: usize| value.is_multiple_of(step);
                let found = which(&values, |value| is_so(*value));
                assert!(
                    found.iter().eq(values.iter().map(|value| is_so(*value))),
                    "{length} {step}"
                );
            }
        }
    }
}
