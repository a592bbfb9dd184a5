//! A table as a grid of cells: a cell that spans rows or columns stands in each of them.

use super::dom::{Data, Dom, ReadError};
use super::elements::{is_block, is_hidden, is_picture};

/// Most places in a grid, with those that spans repeat.
const MOST_PLACES: usize = 1_000_000;

/// A cell: its lines of text.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) parts: Vec<String>,
    pub(super) line: usize,
    is_head: bool,
}

impl Cell {
    pub(super) fn text(&self) -> String {
        self.parts.join(", ")
    }
}

/// A table.
#[derive(Debug, Default)]
pub(super) struct Grid {
    pub(super) cells: Vec<Cell>,
    /// The cell at each place, row by row.
    pub(super) rows: Vec<Row>,
    /// How many rows at its start head the columns.
    pub(super) heads: usize,
}

#[derive(Debug, Default)]
pub(super) struct Row {
    pub(super) places: Vec<Option<usize>>,
    /// The source has more cells than the table has columns: which is which is not certain.
    pub(super) excess: bool,
    /// Those of them that are in no place.
    pub(super) dropped: Vec<String>,
    pub(super) line: usize,
}

impl Grid {
    /// A table of rows, the first of which are the heads.
    pub(super) fn of_rows(rows: &[(usize, Vec<String>)]) -> Self {
        let mut grid = Self { heads: 1, ..Self::default() };
        let columns = rows.first().map_or(0, |(_, heads)| heads.len());
        for (line, row) in rows {
            let excess = row.iter().skip(columns).any(|cell| !cell.is_empty());
            let first = grid.cells.len();
            grid.cells.extend(row.iter().map(|text| {
                let lines = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
                let parts = lines.map(|words| words.join(" ")).filter(|part| !part.is_empty());
                Cell { parts: parts.collect(), line: *line, is_head: false }
            }));
            let places = (first..grid.cells.len()).map(Some).collect();
            grid.rows.push(Row { places, excess, dropped: Vec::new(), line: *line });
        }
        grid
    }

    pub(super) fn width(&self) -> usize {
        self.rows.iter().map(|row| row.places.len()).max().unwrap_or(0)
    }

    /// Whether its first cell heads its row, and not its column.
    pub(super) fn heads_rows(&self) -> bool {
        let is_head = |column| self.cell(0, column).map(|cell| cell.is_head);
        is_head(0) == Some(true) && is_head(1) == Some(false)
    }

    /// The number of the cell at a place.
    pub(super) fn place(&self, row: usize, column: usize) -> Option<usize> {
        self.rows.get(row)?.places.get(column).copied().flatten()
    }

    pub(super) fn cell(&self, row: usize, column: usize) -> Option<&Cell> {
        Some(&self.cells[self.place(row, column)?])
    }
}

/// Reads a table; `None` if it holds other tables.
pub(super) fn read(dom: &Dom, table: usize) -> Result<Option<Grid>, ReadError> {
    let mut rows = Vec::new();
    let mut pending = vec![(table, false)];
    let mut heads = 0;
    while let Some((id, in_head)) = pending.pop() {
        if is_hidden(dom, id) {
            continue;
        }
        let in_head = in_head || dom.tag(id) == "thead";
        if dom.tag(id) == "tr" {
            rows.push(id);
            heads += usize::from(in_head);
            continue;
        }
        pending.extend(dom.nodes[id].children.iter().rev().map(|child| (*child, in_head)));
    }
    let mut grid = Grid::default();
    let mut placed = 0;
    let mut open: Vec<Open> = Vec::new();
    for (at, id) in rows.iter().enumerate() {
        let line = dom.nodes[*id].line;
        let mut row = Row { line, ..Row::default() };
        for span in &open {
            place(&mut row, span.start, span.columns, span.cell);
        }
        let mut column = 0;
        for child in &dom.nodes[*id].children {
            if !matches!(dom.tag(*child), "td" | "th") || is_hidden(dom, *child) {
                continue;
            }
            let Some(cell) = cell(dom, *child, &mut row) else { return Ok(None) };
            while row.places.get(column).is_some_and(Option::is_some) {
                column += 1;
            }
            let (columns, left) = spans(dom, *child, rows.len() - at);
            place(&mut row, column, columns, grid.cells.len());
            open.push(Open { cell: grid.cells.len(), start: column, columns, left });
            grid.cells.push(cell);
            if placed + row.places.len() > MOST_PLACES {
                return Err(ReadError::TooLarge { line });
            }
        }
        open.retain_mut(|span| {
            span.left -= 1;
            span.left > 0
        });
        placed += row.places.len();
        grid.rows.push(row);
    }
    grid.heads = match heads {
        0 => grid.rows.iter().take_while(|row| is_head(&grid.cells, row)).count().max(1),
        heads => heads,
    };
    Ok(Some(grid))
}

/// A cell that goes on in the rows below.
struct Open {
    cell: usize,
    start: usize,
    columns: usize,
    left: usize,
}

/// The columns and rows of a cell, of which so many are left in the table.
fn spans(dom: &Dom, id: usize, rows: usize) -> (usize, usize) {
    let columns = dom.number(id, "colspan").unwrap_or(1).clamp(1, 1000); // as browsers do
    let below = match dom.number(id, "rowspan") {
        Some(0) => rows,
        below => below.unwrap_or(1).clamp(1, rows),
    };
    (columns, below)
}

fn place(row: &mut Row, start: usize, columns: usize, cell: usize) {
    let end = start + columns;
    if row.places.len() < end {
        row.places.resize(end, None);
    }
    row.places[start..end].iter_mut().for_each(|place| *place = place.or(Some(cell)));
}

fn is_head(cells: &[Cell], row: &Row) -> bool {
    let mut places = row.places.iter().flatten().peekable();
    places.peek().is_some() && places.all(|cell| cells[*cell].is_head)
}

/// The text of a cell; `None` if it holds a table.
fn cell(dom: &Dom, id: usize, row: &mut Row) -> Option<Cell> {
    let line = dom.nodes[id].line;
    let mut cell = Cell { line, is_head: dom.tag(id) == "th", ..Cell::default() };
    let mut parts = vec![String::new()];
    let mut pending: Vec<(usize, bool)> = vec![(id, false)];
    let mut is_first = true;
    while let Some((id, is_end)) = pending.pop() {
        match &dom.nodes[id].data {
            Data::Text(text) => {
                if std::mem::take(&mut is_first) {
                    cell.line = dom.nodes[id].line;
                }
                parts.iter_mut().last()?.push_str(text);
            }
            Data::Excess(dropped) => {
                row.excess = true;
                row.dropped.extend((!dropped.is_empty()).then(|| dropped.clone()));
            }
            Data::Other => {}
            Data::Element(..) => {
                let tag = dom.tag(id);
                if tag == "table" {
                    return None;
                }
                if is_hidden(dom, id) || is_picture(tag) {
                    continue;
                }
                if tag == "br" || is_block(tag) {
                    parts.push(String::new());
                }
                if !is_end {
                    pending.push((id, true));
                    pending
                        .extend(dom.nodes[id].children.iter().rev().map(|child| (*child, false)));
                }
            }
        }
    }
    let line = |part: &String| part.split_whitespace().collect::<Vec<_>>().join(" ");
    cell.parts = parts.iter().map(line).filter(|part| !part.is_empty()).collect();
    Some(cell)
}
