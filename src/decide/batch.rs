//! Columns of codes into bitmaps: what data frames ask.
//!
//! A column of a million rows has few distinct values. So the distinct values are decided once, into a
//! table with a byte for each code, and the rows are a gather. A table of at most 256 codes fits into
//! registers: a processor with AVX-512 VBMI looks up 64 rows in a few instructions. Other processors run the
//! plain loop, with the same answers.

use super::question::Act;
use super::{Facts, NamedAct, Policy, Question};

/// The type of a column's codes: `u8`, `u16` or `u32`.
pub trait Code: sealed::Code {}

impl Code for u8 {}
impl Code for u16 {}
impl Code for u32 {}

mod sealed {
    use super::super::simd;

    pub trait Code: Copy {
        /// Gathers the entries of a padded table; 0 where there is none.
        fn gather(table: &[u8], codes: &[Self], out: &mut [u64]);
        /// As [`simd::select`], for this type.
        fn in_registers(bits: &[u8; 32], codes: &[Self], out: &mut [u64]) -> usize;
    }

    macro_rules! code {
        ($type:ty, $select:path, $gather:expr) => {
            impl Code for $type {
                fn gather(table: &[u8], codes: &[Self], out: &mut [u64]) {
                    $gather(table, codes, out);
                }

                fn in_registers(bits: &[u8; 32], codes: &[Self], out: &mut [u64]) -> usize {
                    $select(bits, codes, out)
                }
            }
        };
    }

    /// If the table has an entry for every code of the type, no look-up needs a check.
    fn of_all<const N: usize, C: Copy + Into<u32>>(table: &[u8], codes: &[C], out: &mut [u64]) {
        match <&[u8; N]>::try_from(table) {
            Ok(whole) => super::gather(codes, out, |code| whole[code.into() as usize % N]),
            Err(_) => of_some(table, codes, out),
        }
    }

    fn of_some<C: Copy + Into<u32>>(table: &[u8], codes: &[C], out: &mut [u64]) {
        super::gather(codes, out, |code| table.get(code.into() as usize).copied().unwrap_or(0));
    }

    code!(u8, simd::select_u8, of_all::<0x100, _>);
    code!(u16, simd::select_u16, of_all::<0x1_0000, _>);
    code!(u32, simd::select_u32, of_some);
}

/// The decisions for every distinct value of a column.
///
/// ```
/// # let policy = whyfor::Policy::from_str(r#"policy p  category email category phone
/// #   purpose login  use email for login"#).unwrap();
/// use whyfor::{Act, Facts};
/// let column = policy.column(Act::Use, &["email", "phone"], "login", Facts::none());
/// let mut rows = [0u64; 1];
/// column.select(&[0u8, 1, 0, 0, 7], &mut rows);
/// assert_eq!(rows[0], 0b01101); // a bit for each row, the lowest first; code 7 has no value
/// ```
#[derive(Debug, Clone)]
pub struct Column {
    /// A byte for each code, 1 where it is allowed; padded to all codes of a type.
    table: Vec<u8>,
    /// The same in bits, if there are at most 256 codes.
    bits: Option<[u8; 32]>,
}

impl Column {
    /// A column whose code `i` is allowed as the `i`-th item says. O(items), padded to 256 or 65,536.
    ///
    /// ```
    /// use whyfor::Column;
    /// let column = Column::new([true, false]);
    /// let mut rows = [0];
    /// column.select(&[0u8, 1, 0], &mut rows);
    /// assert_eq!(rows, [0b101]);
    /// ```
    #[must_use]
    pub fn new(allowed: impl IntoIterator<Item = bool>) -> Self {
        let mut table: Vec<u8> = allowed.into_iter().map(u8::from).collect();
        let padded = match table.len() {
            0..=0x100 => 0x100,
            0x101..=0x1_0000 => 0x1_0000,
            more => more,
        };
        let few = table.len() <= 0x100;
        table.resize(padded, 0);
        let bits = few.then(|| {
            let mut bits = [0; 32];
            for (code, allowed) in table.iter().enumerate() {
                bits[code / 8] |= allowed << (code % 8);
            }
            bits
        });
        Self { table, bits }
    }

    /// Writes a bit for each row: whether the value of its code is allowed. A code without a value is not
    /// allowed. O(rows); allocates nothing.
    ///
    /// ```
    /// use whyfor::Column;
    /// let mut rows = [0];
    /// Column::new([true, false]).select(&[0u16, 1, 1, 0], &mut rows);
    /// assert_eq!(rows, [0b1001]);
    /// ```
    ///
    /// # Panics
    /// If `out` is shorter than a word for each 64 rows.
    pub fn select<C: Code>(&self, codes: &[C], out: &mut [u64]) {
        let out = &mut out[..codes.len().div_ceil(64)];
        let done = match &self.bits {
            Some(bits) => C::in_registers(bits, codes, out),
            None => 0,
        };
        C::gather(&self.table, &codes[done..], &mut out[done / 64..]);
    }
}

/// The decisions for every pair of distinct values of two columns.
#[derive(Debug, Clone)]
pub struct PairColumn {
    /// Row-major: a byte for each pair.
    table: Vec<u8>,
    width: usize,
}

impl PairColumn {
    /// Writes a bit for each row: whether the pair of its codes is allowed. O(rows); allocates nothing.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// use whyfor::{Act, Facts};
    /// let pairs = policy.pair_column(Act::Use, &["email"], &["login", "delivery"], Facts::none());
    /// let mut rows = [0];
    /// pairs.select(&[0u8, 0], &[1u8, 0], &mut rows); // email for delivery, email for login
    /// assert_eq!(rows, [0b10]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Panics
    /// If the columns differ in length, or `out` is shorter than a word for each 64 rows.
    pub fn select<A: Code, B: Code>(&self, first: &[A], second: &[B], out: &mut [u64])
    where
        usize: TryFrom<A> + TryFrom<B>,
    {
        assert_eq!(first.len(), second.len(), "the two columns have as many rows");
        let index = |code: Option<usize>| code.unwrap_or(usize::MAX);
        let words = out[..first.len().div_ceil(64)].iter_mut();
        for (word, (first, second)) in words.zip(first.chunks(64).zip(second.chunks(64))) {
            let mut bits = 0u64;
            for (row, (a, b)) in first.iter().zip(second).enumerate() {
                let (a, b) = (index(usize::try_from(*a).ok()), index(usize::try_from(*b).ok()));
                let entry = if b < self.width {
                    self.table.get(a.saturating_mul(self.width).saturating_add(b)).copied()
                } else {
                    None
                };
                bits |= u64::from(entry.unwrap_or(0)) << row;
            }
            *word = bits;
        }
    }
}

#[inline]
fn gather<C: Copy>(codes: &[C], out: &mut [u64], entry: impl Fn(C) -> u8) {
    let (whole, rest) = codes.as_chunks::<64>();
    let mut words = out.iter_mut();
    for (chunk, word) in whole.iter().zip(&mut words) {
        let mut bits = 0u64;
        for (row, code) in chunk.iter().enumerate() {
            bits |= u64::from(entry(*code)) << row;
        }
        *word = bits;
    }
    if let (false, Some(word)) = (rest.is_empty(), words.next()) {
        *word = rest
            .iter()
            .enumerate()
            .fold(0, |bits, (row, code)| bits | u64::from(entry(*code)) << row);
    }
}

impl Policy {
    /// Decides every distinct value of a column of field names, for one purpose. A name that is
    /// unknown or ambiguous is not allowed. O(fields) decisions.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// use whyfor::{Act, Facts};
    /// let column = policy.column(Act::Use, &["email", "allergies"], "login", Facts::none());
    /// let mut rows = [0];
    /// column.select(&[0u8, 1, 0], &mut rows);
    /// assert_eq!(rows, [0b101]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn column(
        &self,
        act: NamedAct<'_>,
        fields: &[&str],
        purpose: &str,
        facts: &Facts,
    ) -> Column {
        Column::new(
            fields
                .iter()
                .map(|field| self.ask(&Question { act, field, purpose }, facts).is_allowed()),
        )
    }

    /// Decides every pair of distinct values of a column of field names and a column of purposes.
    /// O(fields × purposes) decisions and bytes.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// use whyfor::{Act, Facts};
    /// let pairs = policy.pair_column(Act::Use, &["email", "phone"], &["login"], Facts::none());
    /// let mut rows = [0];
    /// pairs.select(&[0u8, 1], &[0u8, 0], &mut rows);
    /// assert_eq!(rows, [0b11]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn pair_column(
        &self,
        act: NamedAct<'_>,
        fields: &[&str],
        purposes: &[&str],
        facts: &Facts,
    ) -> PairColumn {
        let mut table = Vec::with_capacity(fields.len() * purposes.len());
        for field in fields {
            table.extend(purposes.iter().map(|purpose| {
                u8::from(self.ask(&Question { act, field, purpose }, facts).is_allowed())
            }));
        }
        PairColumn { table, width: purposes.len() }
    }

    /// Decides pairs of resolved ids, a bit for each in `out`. O(pairs); allocates nothing.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// use whyfor::{Act, Facts};
    /// let (email, login) = (policy.category("email")?, policy.purpose("login")?);
    /// let delivery = policy.purpose("delivery")?;
    /// let mut pairs = [0];
    /// policy.decide_all(Act::Use, &[email, email], &[login, delivery], Facts::none(), &mut pairs);
    /// assert_eq!(pairs, [0b01]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Panics
    /// If the slices differ in length, or `out` is shorter than a word for each 64 pairs.
    pub fn decide_all(
        &self,
        act: Act,
        categories: &[super::CategoryId],
        purposes: &[super::PurposeId],
        facts: &Facts,
        out: &mut [u64],
    ) {
        assert_eq!(categories.len(), purposes.len(), "there is a purpose for each category");
        let words = out[..categories.len().div_ceil(64)].iter_mut();
        for (word, (categories, purposes)) in
            words.zip(categories.chunks(64).zip(purposes.chunks(64)))
        {
            let mut bits = 0u64;
            for (row, (category, purpose)) in categories.iter().zip(purposes).enumerate() {
                let allowed = self.decide(act, *category, *purpose, facts).is_allowed();
                bits |= u64::from(allowed) << row;
            }
            *word = bits;
        }
    }
}
