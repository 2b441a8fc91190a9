//! What commands print.

use std::io::{self, ErrorKind, Write};

use crate::failure::Failure;
use crate::language::say;

/// Writes to standard output. A reader that has seen enough, such as `head`, is no failure.
pub fn print(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(not_written(error)),
        _ => Ok(()),
    }
}

/// Says something beside the output, on standard error. Whoever has closed that is not told, and nothing stops.
pub fn tell(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}

/// The failure of a command that cannot go on printing: none, where its reader has seen enough.
pub fn not_written(error: io::Error) -> Failure {
    match error.kind() {
        ErrorKind::BrokenPipe => Failure::seen_enough(),
        _ => Failure::unusable(say!("uscita standard: {error}", "standard output: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_closed_pipe_is_no_failure() {
        let said = |kind: ErrorKind| not_written(io::Error::from(kind)).to_string();
        assert_eq!(said(ErrorKind::BrokenPipe), "");
        assert!(said(ErrorKind::StorageFull).starts_with("standard output: "), "{}", said(ErrorKind::StorageFull));
    }
}
