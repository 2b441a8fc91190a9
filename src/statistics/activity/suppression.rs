//! Which figures are not published because fewer than five authors stand behind them, and which others are not, so
//! that nobody can compute the first ones from the totals.

use super::authors::Authors;

/// A figure before it is decided whether it is published.
#[derive(Clone, Debug, Default)]
pub(super) struct Cell {
    pub(super) value: u64,
    pub(super) authors: Authors,
}

impl Cell {
    /// Adds to the figure.
    pub(super) fn add(&mut self, value: u64, authors: &Authors) {
        self.value += value;
        self.authors.merge(authors);
    }

    /// Whether it could point at a person.
    fn is_sensitive(&self) -> bool {
        self.value > 0 && !self.authors.are_enough()
    }
}

/// Which figures of a line to hide whose total is published: those that could point at a person, and then the smallest
/// of the others until at least two are hidden that together have enough authors. All of them, when the whole line has
/// not.
pub(super) fn line<'c>(cells: impl IntoIterator<Item = &'c Cell>) -> Vec<bool> {
    let cells: Vec<&Cell> = cells.into_iter().collect();
    let mut hidden: Vec<bool> = cells.iter().map(|cell| cell.is_sensitive()).collect();
    while let Some(next) = short_of(&cells, &hidden) {
        next.into_iter().for_each(|position| hidden[position] = true);
    }
    hidden
}

/// Which figures of a table to hide, whose rows and columns add up to totals of which some are hidden as well: whoever
/// knows everything that is published can tell no figure that could point at a person.
pub(super) fn table(cells: &[Vec<Cell>], hidden_rows: &[bool], hidden_columns: &[bool]) -> Vec<Vec<bool>> {
    let mut hidden: Vec<Vec<bool>> = cells
        .iter()
        .zip(hidden_rows)
        .map(|(row, hidden_row)| {
            let row = row.iter().zip(hidden_columns);
            row.map(|(cell, hidden_column)| *hidden_row || *hidden_column || cell.is_sensitive()).collect()
        })
        .collect();
    loop {
        let before = count(&hidden);
        for (row, hidden) in cells.iter().zip(&mut hidden) {
            let row: Vec<&Cell> = row.iter().collect();
            while let Some(next) = short_of(&row, hidden) {
                next.into_iter().for_each(|position| hidden[position] = true);
            }
        }
        for column in 0..hidden_columns.len() {
            let line: Vec<&Cell> = cells.iter().map(|row| &row[column]).collect();
            let mut of_line: Vec<bool> = hidden.iter().map(|row| row[column]).collect();
            while let Some(next) = short_of(&line, &of_line) {
                for position in next {
                    of_line[position] = true;
                    hidden[position][column] = true;
                }
            }
        }
        if let Some((row, column)) = determined(cells, &hidden, hidden_rows, hidden_columns) {
            hidden[row][column] = true;
        }
        if count(&hidden) == before {
            return hidden;
        }
    }
}

fn count(hidden: &[Vec<bool>]) -> usize {
    hidden.iter().flatten().filter(|hidden| **hidden).count()
}

/// What else has to be hidden of a line of which something is: its smallest figure, or everything when no figure is
/// left to hide; `None` when enough is.
fn short_of(cells: &[&Cell], hidden: &[bool]) -> Option<Vec<usize>> {
    let mut together = Authors::default();
    let mut count = 0;
    for (cell, _) in cells.iter().zip(hidden).filter(|(_, hidden)| **hidden) {
        together.merge(&cell.authors);
        count += 1;
    }
    if count == 0 || count == cells.len() || (count > 1 && together.are_enough()) {
        return None;
    }
    let shown = (0..cells.len()).filter(|position| !hidden[*position]);
    let smallest =
        shown.clone().filter(|position| cells[*position].value > 0).min_by_key(|position| cells[*position].value);
    Some(smallest.map_or_else(|| shown.collect(), |position| vec![position]))
}

/// A figure to hide because a hidden one that could point at a person follows from the published totals; `None` when
/// there is no such figure.
///
/// The totals determine a hidden figure exactly when it is a bridge of the graph whose vertices are the rows and
/// columns and whose edges are the hidden figures. The rows without a published total count as one, since what they
/// have together follows from the total of all; so do the columns.
fn determined(
    cells: &[Vec<Cell>],
    hidden: &[Vec<bool>],
    hidden_rows: &[bool],
    hidden_columns: &[bool],
) -> Option<(usize, usize)> {
    let vertex_of = |position: usize, hidden: &[bool]| if hidden[position] { hidden.len() } else { position };
    let offset = hidden_rows.len() + 1;
    let vertices = offset + hidden_columns.len() + 1;
    let mut edges = Vec::new();
    for (row, of_row) in hidden.iter().enumerate() {
        for (column, _) in of_row.iter().enumerate().filter(|(_, hidden)| **hidden) {
            edges.push((row, column, vertex_of(row, hidden_rows), offset + vertex_of(column, hidden_columns)));
        }
    }
    let mut neighbours = vec![Vec::new(); vertices];
    for (edge, (_, _, from, to)) in edges.iter().enumerate() {
        neighbours[*from].push((edge, *to));
        neighbours[*to].push((edge, *from));
    }
    let is_bridge = |removed: usize| {
        let (_, _, from, to) = edges[removed];
        let mut reached = vec![false; vertices];
        reached[from] = true;
        let mut next = vec![from];
        while let Some(vertex) = next.pop() {
            for (edge, neighbour) in &neighbours[vertex] {
                if *edge != removed && !reached[*neighbour] {
                    reached[*neighbour] = true;
                    next.push(*neighbour);
                }
            }
        }
        !reached[to]
    };
    let exposed = (0..edges.len()).filter(|edge| {
        let (row, column, ..) = edges[*edge];
        cells[row][column].is_sensitive()
    });
    exposed.filter(|edge| is_bridge(*edge)).find_map(|edge| {
        let (row, column, ..) = edges[edge];
        let in_row = (0..hidden_columns.len()).map(|column| (row, column));
        let in_column = (0..hidden_rows.len()).map(|row| (row, column));
        // A figure hides more than a nought does.
        let shown = in_row.chain(in_column).filter(|(row, column)| !hidden[*row][*column]);
        shown.min_by_key(|(row, column)| {
            let value = cells[*row][*column].value;
            (value == 0, value)
        })
    })
}

#[cfg(test)]
#[path = "suppression_tests.rs"]
mod tests;
