//! The ids of the compiler, and vectors that are indexed by an id.

use crate::table::ids::{Id, StatementId, ids};
use bytemuck::{Pod, Zeroable};
use std::marker::PhantomData;
use std::ops::{Index, IndexMut};

ids! {
    /// A row: the lines of a category or of a set of categories.
    RowId;
    /// A line: the outcomes of one category and act for every purpose.
    LineId;
    /// What a question comes to before facts are known.
    OutcomeId;
    /// A distinct list of statements that cover a point.
    PointId;
    /// `use`, then the methods, then the recipients.
    PlaneId;
    /// A class of rows that are equal.
    RowClass;
    /// A class of planes with the same line in every row.
    PlaneClass;
    /// A class of purposes with the same outcome on every line.
    ColumnClass;
    /// A class of lines that are equal.
    LineClass;
    /// A list of ids.
    ListId;
    /// A list of duties.
    DutyListId;
    /// The condition under which a point is allowed, multiplied out.
    ValueId;
    /// Values joined one after the other.
    JoinedId;
}

/// A statement that covers a point: with the data that it requires, or with the data that it says is optional.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Pod, Zeroable)]
#[repr(transparent)]
pub(crate) struct CoverId(u32);

impl CoverId {
    /// At most MAX_STATEMENTS, so that there is room for the bit.
    pub(super) fn new(statement: StatementId, is_optional: bool) -> Self {
        Self(statement.0 << 1 | u32::from(is_optional))
    }

    pub(crate) fn statement(self) -> StatementId {
        StatementId(self.0 >> 1)
    }

    pub(crate) fn is_optional(self) -> bool {
        self.0 & 1 == 1
    }

    /// Its number, which has at most 31 bits.
    pub(super) fn number(self) -> u32 {
        self.0
    }

    pub(super) fn from_number(number: u32) -> Self {
        Self(number)
    }
}

/// A vector that is indexed by an id.
#[derive(Debug, Clone)]
pub(super) struct IdVec<I, T> {
    list: Vec<T>,
    id: PhantomData<I>,
}

impl<I, T> Default for IdVec<I, T> {
    fn default() -> Self {
        Self { list: Vec::new(), id: PhantomData }
    }
}

impl<I: Id, T> IdVec<I, T> {
    /// Adds an element, and gives its id.
    pub(super) fn push(&mut self, element: T) -> I {
        self.list.push(element);
        I::from_index(self.list.len() - 1)
    }

    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    pub(super) fn get(&self, id: I) -> Option<&T> {
        self.list.get(id.index())
    }

    pub(super) fn as_slice(&self) -> &[T] {
        &self.list
    }

    /// All ids, in order.
    pub(super) fn ids(&self) -> impl Iterator<Item = I> + use<I, T> {
        (0..self.list.len()).map(I::from_index)
    }
}

impl<I: Id, T: Copy> IdVec<I, T> {
    /// Sets the element of an id. Elements before it that were never set are `default`.
    pub(super) fn set(&mut self, id: I, element: T, default: T) {
        if id.index() >= self.list.len() {
            self.list.resize(id.index() + 1, default);
        }
        self.list[id.index()] = element;
    }
}

impl<I, T> FromIterator<T> for IdVec<I, T> {
    fn from_iter<S: IntoIterator<Item = T>>(elements: S) -> Self {
        Self { list: elements.into_iter().collect(), id: PhantomData }
    }
}

impl<I: Id, T> Index<I> for IdVec<I, T> {
    type Output = T;

    fn index(&self, id: I) -> &T {
        &self.list[id.index()]
    }
}

impl<I: Id, T> IndexMut<I> for IdVec<I, T> {
    fn index_mut(&mut self, id: I) -> &mut T {
        &mut self.list[id.index()]
    }
}
