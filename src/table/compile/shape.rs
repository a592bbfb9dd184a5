//! The size of the table of cells.

/// How many classes of categories, acts and purposes there are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape {
    pub(super) rows: usize,
    pub(super) planes: usize,
    pub(super) columns: usize,
}

/// How far one class of categories, and one of acts, moves a cell or a line. A class of purposes moves it
/// by 1.
#[derive(Debug, Clone, Copy)]
pub(super) struct Strides {
    pub(super) row: u32,
    pub(super) plane: u32,
}
