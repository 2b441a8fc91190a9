use proptest::prelude::*;

use super::*;

fn cell(value: u64, authors: u64, first: u64) -> Cell {
    let mut cell = Cell { value, authors: Authors::default() };
    (first..first + authors).for_each(|author| cell.authors.add(author << 32));
    cell
}

/// A figure with as many authors as it counts, who have nothing to do with those of the others.
fn of(value: u64, nth: u64) -> Cell {
    cell(value, value, nth * 1_000)
}

fn line_of(values: &[u64]) -> Vec<bool> {
    let cells: Vec<Cell> = values.iter().zip(0..).map(|(value, nth)| of(*value, nth)).collect();
    line(&cells)
}

#[test]
fn a_line_with_enough_authors_everywhere_is_published() {
    assert_eq!(line_of(&[5, 0, 9]), [false, false, false]);
}

#[test]
fn a_hidden_figure_takes_the_smallest_other_with_it() {
    assert_eq!(line_of(&[3, 90, 7, 0]), [true, false, true, false]);
}

#[test]
fn hidden_figures_have_enough_authors_together() {
    assert_eq!(line_of(&[1, 2, 60, 50]), [true, true, false, true]);
    assert_eq!(line_of(&[2, 3, 60]), [true, true, false]);
}

#[test]
fn many_contributions_of_one_author_are_hidden() {
    assert_eq!(line(&[cell(100, 1, 0), of(50, 1), of(60, 2)]), [true, true, false]);
}

#[test]
fn a_line_with_too_few_authors_is_hidden_whole() {
    assert_eq!(line_of(&[1, 0, 2]), [true, true, true]);
    assert_eq!(line_of(&[0, 0]), [false, false]);
}

const PRIME: u64 = 1_000_000_007;

/// Whether an equation follows from others: elimination over a prime field, which shares nothing with the graph that
/// is tested.
fn follows(target: &[u64], equations: &[Vec<u64>]) -> bool {
    let inverse = |value: u64| {
        (0..30)
            .fold((1, value, PRIME - 2), |(product, square, power), _| {
                (if power & 1 == 1 { product * square % PRIME } else { product }, square * square % PRIME, power >> 1)
            })
            .0
    };
    let mut basis: Vec<(usize, Vec<u64>)> = Vec::new();
    let reduce = |basis: &[(usize, Vec<u64>)], mut row: Vec<u64>| {
        for (pivot, by) in basis {
            let factor = row[*pivot];
            if factor > 0 {
                row.iter_mut().zip(by).for_each(|(value, by)| *value = (*value + (PRIME - factor) * by) % PRIME);
            }
        }
        row
    };
    for equation in equations {
        let mut row = reduce(&basis, equation.clone());
        if let Some(pivot) = row.iter().position(|value| *value > 0) {
            let scale = inverse(row[pivot]);
            row.iter_mut().for_each(|value| *value = *value * scale % PRIME);
            basis.push((pivot, row));
        }
    }
    reduce(&basis, target.to_vec()).iter().all(|value| *value == 0)
}

fn sum<'c>(cells: impl IntoIterator<Item = &'c Cell>) -> Cell {
    let mut sum = Cell::default();
    cells.into_iter().for_each(|cell| sum.add(cell.value, &cell.authors));
    sum
}

fn tables() -> impl Strategy<Value = Vec<Vec<Cell>>> {
    let value = prop_oneof![3 => Just(0u64), 4 => 1..5u64, 4 => 5..40u64];
    let cell = (value, 0..12u64).prop_map(|(value, first)| cell(value, value, first * 3));
    (1..6usize, 1..6usize).prop_flat_map(move |(rows, columns)| {
        proptest::collection::vec(proptest::collection::vec(cell.clone(), columns), rows)
    })
}

proptest! {
    #[test]
    fn nobody_can_compute_a_hidden_figure_from_what_is_published(cells in tables()) {
        let columns = cells[0].len();
        let row_sums: Vec<Cell> = cells.iter().map(sum).collect();
        let column_sums: Vec<Cell> = (0..columns).map(|column| sum(cells.iter().map(|row| &row[column]))).collect();
        let (hidden_rows, hidden_columns) = (line(&row_sums), line(&column_sums));
        let hidden = table(&cells, &hidden_rows, &hidden_columns);
        let of = |included: &dyn Fn(usize, usize) -> bool| -> Vec<u64> {
            (0..cells.len() * columns).map(|cell| u64::from(included(cell / columns, cell % columns))).collect()
        };
        let mut published = vec![of(&|_, _| true)];
        for row in (0..cells.len()).filter(|row| !hidden_rows[*row]) {
            published.push(of(&|r, _| r == row));
        }
        for column in (0..columns).filter(|column| !hidden_columns[*column]) {
            published.push(of(&|_, c| c == column));
        }
        for (row, line) in hidden.iter().enumerate() {
            for column in (0..columns).filter(|column| !line[*column]) {
                published.push(of(&|r, c| (r, c) == (row, column)));
            }
        }
        // Where only one line exists, its figures are the totals.
        prop_assume!(cells.len() > 1 && columns > 1);
        for (row, line) in cells.iter().enumerate() {
            for (column, cell) in line.iter().enumerate().filter(|(_, cell)| cell.is_sensitive()) {
                prop_assert!(hidden[row][column]);
                let target = of(&|r, c| (r, c) == (row, column));
                prop_assert!(!follows(&target, &published), "{:?} at {row}, {column} in {cells:?}: {hidden:?}", cell);
            }
        }
        for row in (0..cells.len()).filter(|row| row_sums[*row].is_sensitive()) {
            prop_assert!(!follows(&of(&|r, _| r == row), &published), "row {row} of {cells:?}: {hidden:?}");
        }
        for column in (0..columns).filter(|column| column_sums[*column].is_sensitive()) {
            prop_assert!(!follows(&of(&|_, c| c == column), &published), "column {column} of {cells:?}: {hidden:?}");
        }
    }
}
