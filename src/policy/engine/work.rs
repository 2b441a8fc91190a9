//! Counting look-ups, for the test that there are no more of them than the length of a text allows. Outside tests
//! nothing is counted.

#[cfg(test)]
use std::cell::Cell;

#[cfg(test)]
thread_local! {
    static LOOKED_UP: Cell<usize> = const { Cell::new(0) };
}

/// Counts one look-up in a table.
#[inline]
pub(super) fn count() {
    #[cfg(test)]
    LOOKED_UP.with(|counted| counted.set(counted.get() + 1));
}

/// How many look-ups some work takes.
#[cfg(test)]
pub(super) fn of(work: impl FnOnce()) -> usize {
    LOOKED_UP.with(|counted| counted.set(0));
    work();
    LOOKED_UP.with(Cell::get)
}
