//! What commands print.

use std::io::{self, ErrorKind, Write};

use crate::failure::Failure;

/// Writes to standard output. A reader that has seen enough, such as `head`, is no failure.
pub fn print(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(not_written(error)),
        _ => Ok(()),
    }
}

/// The failure of a command that cannot print.
pub fn not_written(error: io::Error) -> Failure {
    Failure::unusable(format!("standard output: {error}"))
}
