//! What is on record about a contribution: its verdict, its revisions, what has become of it, and what has still to be
//! read.

pub(crate) mod course;
pub(crate) mod fate;
pub(crate) mod reading;
pub(crate) mod record;
pub(crate) mod removal;
pub(crate) mod revision;
