//! The texts of arrays, of any type that has texts, and which of them are some names.

use super::bits::which;
use super::keys::Key;
use super::plain::{codes, plain};
use arrow_array::builder::make_view;
use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef};
use arrow_buffer::BooleanBuffer;
use arrow_schema::DataType;
use std::sync::Arc;

/// The texts of an array.
pub(super) enum Texts {
    Plain(ArrayRef),
    /// Values, and the place of each row's among them.
    Coded(Box<Texts>, Vec<Option<u32>>),
}

impl Texts {
    /// `None` if the values are no texts.
    pub(super) fn of(array: &ArrayRef) -> Option<Self> {
        match array.data_type() {
            DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => {
                Some(Self::Plain(Arc::clone(array)))
            }
            DataType::Dictionary(..) => {
                let dictionary = array.as_any_dictionary();
                let values = dictionary.values();
                if values.len() > array.len() {
                    return Self::of(&plain(array)); // most values are of other rows
                }
                let codes = codes(dictionary.keys(), values.len());
                Some(Self::Coded(Box::new(Self::of(values)?), codes))
            }
            DataType::RunEndEncoded(..) => Self::of(&plain(array)),
            _ => None,
        }
    }

    /// The rows whose text is one of some names; a null is not. A text of a dictionary is tested once.
    pub(super) fn are(&self, names: &[String]) -> BooleanBuffer {
        match self {
            Self::Plain(array) => plain_texts_are(array, names),
            Self::Coded(values, codes) => {
                let found = values.are(names);
                which(codes, |code| code.is_some_and(|at| found.value(at as usize)))
            }
        }
    }
}

/// The longest text that a view holds itself.
const INLINE: usize = 12;
/// Names of which all are compared: a search costs more.
const FEW: usize = 8;

fn plain_texts_are(array: &ArrayRef, names: &[String]) -> BooleanBuffer {
    if names.is_empty() {
        return BooleanBuffer::new_unset(array.len());
    }
    let mut sorted: Vec<(Key, &str)> =
        names.iter().map(|name| (Key::of(name), name.as_str())).collect();
    sorted.sort_unstable_by_key(|(_, name)| *name);
    let is_one = |text: &str| {
        if sorted.len() > FEW {
            return sorted.binary_search_by_key(&text, |(_, name)| name).is_ok();
        }
        let key = Key::of(text);
        sorted.iter().any(|(of, name)| *of == key && (key.is_whole() || *name == text))
    };
    macro_rules! rows {
        ($array:expr) => {{
            let array = $array;
            BooleanBuffer::collect_bool(array.len(), |row| is_one(array.value(row)))
        }};
    }
    let found = match array.data_type() {
        DataType::Utf8 => rows!(array.as_string::<i32>()),
        DataType::LargeUtf8 => rows!(array.as_string::<i64>()),
        _ if names.len() <= FEW && names.iter().all(|name| name.len() <= INLINE) => {
            let views = array.as_string_view().views();
            let names = names.iter().map(|name| make_view(name.as_bytes(), 0, 0));
            let each = names.map(|name| which(views, |view| *view == name));
            each.fold(BooleanBuffer::new_unset(views.len()), |found, one| &found | &one)
        }
        _ => rows!(array.as_string_view()),
    };
    match array.nulls() {
        None => found,
        Some(nulls) => &found & nulls.inner(),
    }
}
