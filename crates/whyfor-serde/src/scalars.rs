//! The types of a value without parts, once for every serializer of this crate.

/// Calls a macro with the methods of all types that are copied, and their types.
macro_rules! each_scalar {
    ($each:ident) => {
        $each! {
            serialize_bool: bool, serialize_char: char,
            serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64, serialize_i128: i128,
            serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64, serialize_u128: u128,
            serialize_f32: f32, serialize_f64: f64
        }
    };
}

pub(crate) use each_scalar;

/// A value of each of these types that says nothing.
pub(crate) trait Fixed {
    const FIXED: Self;
}

macro_rules! fixed {
    ($($type:ty = $value:expr),*) => { $(impl Fixed for $type { const FIXED: Self = $value; })* };
}

fixed!(bool = false, char = 'X', f32 = 0.0, f64 = 0.0);
fixed!(i8 = 0, i16 = 0, i32 = 0, i64 = 0, i128 = 0, u8 = 0, u16 = 0, u32 = 0, u64 = 0, u128 = 0);

/// A text that says nothing.
pub(crate) const FIXED_TEXT: &str = "XXXXXXXX";
