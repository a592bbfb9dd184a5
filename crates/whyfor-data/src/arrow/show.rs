//! What of an array is shown: values of rows that may be seen, masked, and parts of nested values.
//!
//! Values that are not shown are not in the buffers of the result either: not below a null, nor in a dictionary or in the
//! buffers of views.

use super::facts::RowFacts;
use super::hash::Salt;
use super::kept::kept;
use super::mask::{ArrayMaskError, check_mask, mask_array};
use super::plain::{items, plain};
use crate::condition::RowCondition;
use crate::residual::Residual;
use arrow_array::cast::AsArray;
use arrow_array::{
    Array, ArrayRef, FixedSizeListArray, GenericListArray, OffsetSizeTrait, StructArray,
    UInt64Array, make_array, new_null_array,
};
use arrow_buffer::{BooleanBuffer, OffsetBuffer};
use arrow_schema::{DataType, Field};
use arrow_select::interleave::interleave;
use arrow_select::take::take;
use std::collections::BTreeMap;
use std::sync::Arc;
use whyfor::Mask;

/// What of the values of an array is shown. The part that a list adds to a name is none: parts of its items are its parts.
#[derive(Debug, Clone)]
pub enum Parts {
    /// The values as they are, or masked, in the rows for which this says so: a place among the rows' [`Shown`].
    Whole(usize),
    /// Of structs these fields; all others are left out.
    Fields(BTreeMap<String, Parts>),
}

/// In which of some rows values are shown, and which of their masks.
#[derive(Debug, Clone)]
pub struct Shown {
    allowed: BooleanBuffer,
    /// Each mask, and the rows whose values get it.
    masks: Vec<(Mask, BooleanBuffer)>,
    /// Whether that is so whatever the facts are: all values, and as they are.
    is_all: bool,
}

impl Shown {
    /// What a residual says of some rows. Costs what [`RowCondition::evaluate`] costs, for each condition.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("../../examples/shop.why")?;
    /// use whyfor::{Facts, Question};
    /// use whyfor_data::{Columns, RowFacts, Shown};
    /// let decision = policy.ask(&Question::usage("email", "login"), Facts::none());
    /// let residual = Columns::of(&policy).residual(&decision)?;
    /// assert_eq!(Shown::of(&residual, &RowFacts::of(3)).allowed().count_set_bits(), 3);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn of(residual: &Residual, facts: &RowFacts) -> Self {
        let applies = |unless_no: &RowCondition| !unless_no.evaluate(facts).no();
        Self {
            allowed: residual.allowed().evaluate(facts).yes().clone(),
            masks: residual.masks().iter().map(|one| (one.mask, applies(&one.unless_no))).collect(),
            is_all: residual.is_all(),
        }
    }

    /// Values as they are in these rows, and nothing of the others.
    ///
    /// ```
    /// let shown = whyfor_data::Shown::rows([true, false].into_iter().collect());
    /// assert_eq!(shown.allowed().count_set_bits(), 1);
    /// ```
    #[must_use]
    pub fn rows(allowed: BooleanBuffer) -> Self {
        Self { allowed, masks: Vec::new(), is_all: false }
    }

    /// The rows whose values are shown.
    #[must_use]
    pub fn allowed(&self) -> &BooleanBuffer {
        &self.allowed
    }

    /// The rows whose values are shown as they are, and those whose values are shown under each mask. Each row is in one of
    /// them at most.
    fn groups(&self) -> BTreeMap<Option<Mask>, BooleanBuffer> {
        let mut groups = BTreeMap::from([(None, self.allowed.clone())]);
        for (mask, rows) in &self.masks {
            let mut split: BTreeMap<_, BooleanBuffer> = BTreeMap::new();
            for (before, of_group) in groups {
                let after = before.map_or(*mask, |before: Mask| before.join(*mask));
                for (mask, part) in [(before, &of_group & &!rows), (Some(after), &of_group & rows)]
                {
                    let all = split.get(&mask).map_or(part.clone(), |others| others | &part);
                    split.insert(mask, all);
                }
            }
            groups = split;
        }
        groups.retain(|_, rows| rows.count_set_bits() > 0);
        groups
    }
}

/// Why an array cannot be shown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ShowError {
    /// A mask is not for the type of the values.
    #[error(transparent)]
    Mask(#[from] ArrayMaskError),
    /// Values of this type cannot be put together anew.
    #[error("values of {0} cannot be shown in some rows only")]
    Kind(DataType),
}

/// An array with what may be seen of it: null where nothing may. A value that is conditional or masked is of its plain type: a
/// dictionary becomes its values. The masks must be for the types of the values, as [`check_mask`](crate::check_mask) says.
///
/// `shown` is what each residual says of the rows. O(bytes of the values).
///
/// # Errors
/// A mask is not for the type of its values, or these cannot be put together anew.
///
/// ```
/// # let policy = whyfor::Policy::from_path("../../examples/shop.why")?;
/// use arrow_array::{Array, ArrayRef, StringArray};
/// use std::sync::Arc;
/// use whyfor::{Facts, Question};
/// use whyfor_data::{Columns, Parts, RowFacts, Salt, Shown, show};
/// let decision = policy.ask(&Question::usage("email", "newsletter"), Facts::none());
/// let residual = Columns::of(&policy).residual(&decision)?;
/// let shown = [Shown::of(&residual, &RowFacts::of(1))];
/// let emails: ArrayRef = Arc::new(StringArray::from(vec!["a@b.example"]));
/// let salt = Salt::new([7; 16]).ok_or("too short")?;
/// let seen = show(&emails, &Parts::Whole(0), &shown, &salt)?;
/// assert_eq!(seen.null_count(), 1); // nobody stated the consent
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn show(
    values: &ArrayRef,
    parts: &Parts,
    shown: &[Shown],
    salt: &Salt,
) -> Result<ArrayRef, ShowError> {
    Show { shown, salt }.part(values, parts, None)
}

struct Show<'s> {
    shown: &'s [Shown],
    salt: &'s Salt,
}

impl Show<'_> {
    /// Values, each of one of the rows.
    fn part(
        &self,
        values: &ArrayRef,
        parts: &Parts,
        rows: Rows<'_>,
    ) -> Result<ArrayRef, ShowError> {
        let fields = match parts {
            Parts::Whole(at) => return self.whole(values, &self.shown[*at], rows),
            Parts::Fields(fields) => fields,
        };
        let values = plain(values);
        match values.data_type() {
            DataType::Struct(_) => self.fields(values.as_struct(), fields, rows),
            DataType::FixedSizeList(field, size) => {
                let inner = values.as_fixed_size_list().values();
                let of_items = of_items(rows, std::iter::repeat_n(*size as usize, values.len()));
                let inner = self.part(inner, parts, Some(&of_items))?;
                let field = Arc::new(Field::new(field.name(), inner.data_type().clone(), true));
                let nulls = values.nulls().cloned();
                let lists = FixedSizeListArray::try_new(field, *size, inner, nulls);
                Ok(Arc::new(lists.map_err(|_| kind(&values))?))
            }
            DataType::List(field) | DataType::ListView(field) => {
                self.list::<i32>(&values, field, parts, rows)
            }
            DataType::LargeList(field) | DataType::LargeListView(field) => {
                self.list::<i64>(&values, field, parts, rows)
            }
            _ => Err(kind(&values)),
        }
    }

    fn whole(
        &self,
        values: &ArrayRef,
        shown: &Shown,
        rows: Rows<'_>,
    ) -> Result<ArrayRef, ShowError> {
        if shown.is_all {
            return Ok(Arc::clone(values));
        }
        let values = plain(values);
        for (mask, _) in &shown.masks {
            check_mask(*mask, values.data_type())?; // whether a row needs it or not
        }
        let mut images = Vec::new();
        for (mask, group) in shown.groups() {
            let image = match mask {
                None => Arc::clone(&values),
                Some(mask) => mask_array(mask, &values, self.salt)?,
            };
            images.push((image, of_values(group, rows)));
        }
        let seen = match &*images {
            [] => Some(new_null_array(values.data_type(), values.len())),
            [(image, rows)] => kept(image, rows),
            _ => None,
        };
        let seen = seen.or_else(|| joined(values.data_type(), values.len(), &images));
        seen.and_then(|seen| compact(&seen)).ok_or_else(|| kind(&values))
    }

    fn fields(
        &self,
        values: &StructArray,
        fields: &BTreeMap<String, Parts>,
        rows: Rows<'_>,
    ) -> Result<ArrayRef, ShowError> {
        let mut kept = Vec::new();
        for (field, column) in values.fields().iter().zip(values.columns()) {
            let Some(parts) = fields.get(field.name()) else { continue };
            let column = self.part(column, parts, rows)?;
            let is_nullable = field.is_nullable() || column.null_count() > 0;
            let field = Field::new(field.name(), column.data_type().clone(), is_nullable);
            kept.push((Arc::new(field), column));
        }
        let (fields, columns): (Vec<_>, Vec<_>) = kept.into_iter().unzip();
        let nulls = values.nulls().cloned();
        let structs = StructArray::try_new_with_length(fields.into(), columns, nulls, values.len());
        Ok(Arc::new(structs.map_err(|_| ShowError::Kind(values.data_type().clone()))?))
    }

    /// Lists, of whose items parts are shown.
    fn list<O: OffsetSizeTrait>(
        &self,
        values: &ArrayRef,
        field: &Field,
        parts: &Parts,
        rows: Rows<'_>,
    ) -> Result<ArrayRef, ShowError> {
        let failed = || kind(values);
        let (inner, ranges) = items(values).ok_or_else(failed)?;
        let offsets = OffsetBuffer::<O>::from_lengths(ranges.iter().map(ExactSizeIterator::len));
        let places = ranges.iter().flat_map(|range| range.clone().map(|at| at as u64));
        let inner = take(&inner, &UInt64Array::from_iter_values(places), None);
        let of_items = of_items(rows, ranges.iter().map(ExactSizeIterator::len));
        let inner = self.part(&inner.map_err(|_| failed())?, parts, Some(&of_items))?;
        let field = Arc::new(Field::new(field.name(), inner.data_type().clone(), true));
        let lists = GenericListArray::<O>::try_new(field, offsets, inner, values.nulls().cloned());
        Ok(Arc::new(lists.map_err(|_| failed())?))
    }
}

/// The row of each value; without, each value is of the row at its own place.
type Rows<'r> = Option<&'r [u32]>;

/// The row of each item of lists of these lengths.
fn of_items(rows: Rows<'_>, lengths: impl Iterator<Item = usize>) -> Vec<u32> {
    let row = |at: usize| rows.map_or(at as u32, |rows| rows[at]);
    lengths.enumerate().flat_map(|(at, length)| std::iter::repeat_n(row(at), length)).collect()
}

/// The values of some rows.
fn of_values(group: BooleanBuffer, rows: Rows<'_>) -> BooleanBuffer {
    match rows {
        None => group,
        Some(rows) => BooleanBuffer::collect_bool(rows.len(), |at| group.value(rows[at] as usize)),
    }
}

/// The values of each image in its rows, and null in all others; `None` if they cannot be put together.
fn joined(
    kind: &DataType,
    length: usize,
    images: &[(ArrayRef, BooleanBuffer)],
) -> Option<ArrayRef> {
    let null = new_null_array(kind, 1);
    let mut places = vec![(0, 0); length];
    for (number, (_, rows)) in images.iter().enumerate() {
        rows.set_indices().for_each(|at| places[at] = (1 + number, at));
    }
    let sources = std::iter::once(&null).chain(images.iter().map(|(image, _)| image));
    let sources: Vec<&dyn Array> = sources.map(AsRef::as_ref).collect();
    interleave(&sources, &places).ok()
}

fn kind(values: &ArrayRef) -> ShowError {
    ShowError::Kind(values.data_type().clone())
}

/// The same values, in buffers that hold no others: also inside lists, structs and maps.
fn compact(values: &ArrayRef) -> Option<ArrayRef> {
    let values = plain(values);
    let inside = |fields: Vec<&Arc<Field>>, with: &dyn Fn(Vec<Field>) -> DataType| {
        let data = values.to_data();
        let children = data.child_data().iter().map(|data| compact(&make_array(data.clone())));
        let children = children.collect::<Option<Vec<_>>>()?;
        let fields = fields.iter().zip(&children).map(|(field, child)| {
            // Metadata could hold what is hidden.
            Field::new(field.name(), child.data_type().clone(), field.is_nullable())
        });
        let kind = with(fields.collect());
        let children = children.iter().map(|child| child.to_data()).collect();
        Some(make_array(data.into_builder().data_type(kind).child_data(children).build().ok()?))
    };
    let one = |mut fields: Vec<Field>| Arc::new(fields.remove(0));
    match values.data_type() {
        DataType::Utf8View => Some(Arc::new(values.as_string_view().gc())),
        DataType::BinaryView => Some(Arc::new(values.as_binary_view().gc())),
        DataType::List(field) => inside(vec![field], &|fields| DataType::List(one(fields))),
        DataType::LargeList(field) => {
            inside(vec![field], &|fields| DataType::LargeList(one(fields)))
        }
        DataType::FixedSizeList(field, size) => {
            inside(vec![field], &|fields| DataType::FixedSizeList(one(fields), *size))
        }
        DataType::Map(field, sorted) => {
            inside(vec![field], &|fields| DataType::Map(one(fields), *sorted))
        }
        DataType::Struct(fields) => {
            inside(fields.iter().collect(), &|fields| DataType::Struct(fields.into()))
        }
        DataType::ListView(_) | DataType::LargeListView(_) | DataType::Union(..) => None,
        _ => Some(values),
    }
}
