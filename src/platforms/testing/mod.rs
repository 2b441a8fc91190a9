//! What the tests of several platforms share.

pub(crate) mod fixtures;
pub(crate) mod of_no_interest;
