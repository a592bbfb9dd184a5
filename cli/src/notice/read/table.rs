//! The lines of a table: its labels head the columns or the rows, and each row or column of values is
//! a record.

use super::grid::{Cell, Grid, Row};
use super::known::{KnownLabels, Label, More, Role};
use super::line::{Line, Unread};
use super::text::PageText;

/// The lines of a table; of one without a known label, each row is an unknown line.
pub(super) fn lines(grid: &Grid, known: &KnownLabels<'_>) -> Vec<Line> {
    let columns: Vec<Label> = (0..grid.width()).map(|at| column(grid, at, known)).collect();
    let rows: Vec<Label> = (0..grid.rows.len()).map(|at| head(grid, at, 0, known)).collect();
    let count = |labels: &[Label]| labels.iter().filter(|label| label.is_known()).count();
    let (across, down) = (count(&columns), count(&rows));
    match (across, down) {
        (0, 0) => unknown(grid, &columns).into_iter().collect(),
        // The table has only heads: the first column heads the others.
        // One column too many: whose values it has is not certain.
        _ if across < down && grid.rows.iter().any(|row| row.excess) => {
            unknown(grid, &columns).into_iter().collect()
        }
        _ if grid.rows.len() <= grid.heads && down > 0 => by_columns(grid, &rows),
        _ if across == down && grid.heads_rows() => by_columns(grid, &rows),
        _ if across >= down => by_rows(grid, columns, known),
        _ => by_columns(grid, &rows),
    }
}

/// Rows of a file that may have lines above the heads of its table.
const MOST_ABOVE: usize = 20;

/// The lines of rows that are no page: their heads are the first with the most known labels.
pub(super) fn of_rows(rows: &[(usize, Vec<String>)], known: &KnownLabels<'_>) -> Vec<Line> {
    let count = |(at, (_, row)): &(usize, &(usize, Vec<String>))| {
        let labels = row.iter().filter(|cell| known.label(cell).is_some());
        (labels.count(), std::cmp::Reverse(*at))
    };
    let heads = rows.iter().enumerate().take(MOST_ABOVE).max_by_key(count).map_or(0, |(at, _)| at);
    let (above, table) = rows.split_at(heads);
    let mut all: Vec<Line> = Vec::new();
    for (line, row) in above {
        let texts: Vec<&str> = row.iter().map(String::as_str).filter(|c| !c.is_empty()).collect();
        if !texts.is_empty() {
            let text = PageText::new(texts.join(" | "), *line);
            all.push(Line::Row(String::new(), text));
        }
    }
    let grid = Grid::of_rows(table);
    all.extend(lines(&grid, known));
    all
}

/// Between the names of a label that several rows of heads make.
pub(crate) const BELOW: &str = " / ";

/// The head of a column: of several rows of heads, what the last that is known stands for, with the names of all.
fn column(grid: &Grid, at: usize, known: &KnownLabels<'_>) -> Label {
    let mut heads: Vec<Label> = (0..grid.heads).map(|row| head(grid, row, at, known)).collect();
    heads.retain(|label| !label.name.is_empty());
    heads.dedup_by(|a, b| a.name == b.name);
    let best = heads.iter().rfind(|label| label.is_known()).or(heads.last());
    let Some(best) = best else { return Label::other("") };
    let names: Vec<&str> = heads.iter().map(|label| label.name.as_str()).collect();
    Label { name: names.join(BELOW), role: best.role }
}

fn head(grid: &Grid, row: usize, column: usize, known: &KnownLabels<'_>) -> Label {
    known.column(&grid.cell(row, column).map_or(String::new(), Cell::text))
}

/// Each row below the heads is a record.
fn by_rows(grid: &Grid, mut columns: Vec<Label>, known: &KnownLabels<'_>) -> Vec<Line> {
    let mut lines = Vec::new();
    let counting: Vec<bool> = (0..columns.len()).map(|at| counts(grid, at)).collect();
    for row in grid.heads..grid.rows.len() {
        let values = values(grid, (0..columns.len()).map(|at| (row, at)));
        if grid.rows[row].excess {
            let mut texts: Vec<String> = values.iter().map(|(_, cell)| cell.text()).collect();
            texts.extend(grid.rows[row].dropped.iter().cloned());
            let text = PageText::new(texts.join(" | "), grid.rows[row].line);
            lines.push(Line::Row("more cells than columns".to_owned(), text));
            continue;
        }
        let is_head = |(at, cell): &(Vec<usize>, &Cell)| {
            columns[at[0]].name.split(BELOW).any(|name| name == cell.text())
        };
        if values.iter().all(is_head) {
            continue; // the heads once more, or an empty row
        }
        if values.len() > 1 && values.iter().all(|(_, cell)| known.label(&cell.text()).is_some()) {
            // The heads once more, in another order.
            columns = (0..columns.len()).map(|at| head(grid, row, at, known)).collect();
            continue;
        }
        // A cell that spans all columns, or stands alone in its row, is about the rows below it.
        if let ([(over, cell)], true) = (values.as_slice(), columns.len() > 1)
            && (over.len() == columns.len() || columns.len() > 2 && over.len() == 1)
        {
            lines.push(Line::Row(String::new(), on_page(cell)));
            continue;
        }
        let is_told = |(over, _): &(Vec<usize>, &Cell)| {
            !over.iter().all(|at| counting[*at] && !columns[*at].is_known())
        };
        record(&mut lines, &values.into_iter().filter(is_told).collect::<Vec<_>>(), &columns);
    }
    lines
}

/// Whether a column only counts the rows: 1, 2, 3, … or some numbers below a head without a letter.
fn counts(grid: &Grid, column: usize) -> bool {
    let mut cells: Vec<usize> =
        (grid.heads..grid.rows.len()).filter_map(|row| grid.place(row, column)).collect();
    cells.dedup();
    let texts = || cells.iter().map(|cell| grid.cells[*cell].text());
    let head = grid.cell(0, column).map_or(String::new(), Cell::text);
    match head.contains(char::is_alphabetic) {
        true => texts().zip(1..).all(|(text, number)| text == number.to_string()),
        false => texts().all(|text| text.bytes().all(|byte| byte.is_ascii_digit())),
    }
}

/// Each column beside the heads is a record.
fn by_columns(grid: &Grid, rows: &[Label]) -> Vec<Line> {
    let mut lines = Vec::new();
    for column in 1..grid.width() {
        let values = values(grid, (0..rows.len()).map(|at| (at, column)));
        if !values.is_empty() {
            record(&mut lines, &values, rows);
        }
    }
    lines
}

/// The cells at these places that are not empty, each once, with the numbers of its places.
fn values(grid: &Grid, places: impl Iterator<Item = (usize, usize)>) -> Vec<(Vec<usize>, &Cell)> {
    let mut values: Vec<(Vec<usize>, usize)> = Vec::new();
    for (at, (row, column)) in places.enumerate() {
        let Some(cell) = grid.place(row, column).filter(|cell| !grid.cells[*cell].parts.is_empty())
        else {
            continue;
        };
        match values.last_mut().filter(|(_, last)| *last == cell) {
            Some((over, _)) => over.push(at),
            None => values.push((vec![at], cell)),
        }
    }
    values.into_iter().map(|(over, cell)| (over, &grid.cells[cell])).collect()
}

/// The lines of a record, after the scenario that it belongs to.
fn record(lines: &mut Vec<Line>, values: &[(Vec<usize>, &Cell)], labels: &[Label]) {
    let is_scenario =
        |over: &[usize]| over.iter().all(|at| labels[*at].role == Some(Role::More(More::Scenario)));
    let scenarios = values.iter().filter(|(over, _)| is_scenario(over));
    let scenarios: Vec<PageText> = scenarios.map(|(_, cell)| on_page(cell)).collect();
    if let Some(first) = scenarios.first() {
        let texts: Vec<&str> = scenarios.iter().map(|on_page| on_page.text.as_str()).collect();
        lines.push(Line::Scenario(PageText::new(texts.join(": "), first.line)));
    }
    lines.push(Line::Record { is_row: true });
    for (over, cell) in values.iter().filter(|(over, _)| !is_scenario(over)) {
        let first = &labels[over[0]];
        // A cell over columns of several kinds: which of them it is about is not known.
        let is_one = over.iter().all(|at| labels[*at].role == first.role);
        let label = match is_one {
            true => first.clone(),
            false => {
                let names: Vec<&str> = over.iter().map(|at| labels[*at].name.as_str()).collect();
                Label::other(&names.join(" / "))
            }
        };
        lines.push(Line::Labelled(label, on_page(cell)));
    }
    lines.push(Line::EndRecord);
}

/// Nothing of the table is known; `None` if it says nothing.
fn unknown(grid: &Grid, columns: &[Label]) -> Option<Line> {
    let row = |row: &Row, columns: &[Label]| {
        let mut texts = Vec::new();
        for (at, cell) in row.places.iter().enumerate() {
            let Some(cell) = cell.map(|cell| &grid.cells[cell]).filter(|c| !c.parts.is_empty())
            else {
                continue;
            };
            match columns.get(at).map_or("", |label| label.name.as_str()) {
                "" => texts.push(cell.text()),
                name => texts.push(format!("{name}: {}", cell.text())),
            }
        }
        texts.extend(row.dropped.iter().cloned());
        (!texts.is_empty()).then(|| PageText::new(texts.join(" | "), row.line))
    };
    let (heads, below) = grid.rows.split_at(grid.heads.min(grid.rows.len()));
    let mut rows: Vec<PageText> = below.iter().filter_map(|one| row(one, columns)).collect();
    let heads: Vec<PageText> = heads.iter().filter_map(|one| row(one, &[])).collect();
    let first = heads.first().or(rows.first())?.clone();
    if rows.is_empty() {
        // Heads of nothing are a row.
        rows = heads;
        return Some(Line::Table(Unread { first, heads: Vec::new(), rows }));
    }
    let names = columns.iter().map(|label| label.name.clone());
    let heads = names.filter(|name| !name.is_empty()).collect();
    Some(Line::Table(Unread { first, heads, rows }))
}

fn on_page(cell: &Cell) -> PageText {
    let parts = if cell.parts.len() > 1 { cell.parts.clone() } else { Vec::new() };
    PageText { text: cell.text(), line: cell.line, parts }
}
