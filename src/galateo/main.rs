//! The command line; see the crate's library.

use std::process::ExitCode;

fn main() -> ExitCode {
    galateo::main()
}
