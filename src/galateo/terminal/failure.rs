//! How a command ends when it does not succeed.

use std::fmt;
use std::process::ExitCode;

use crate::terminal::output;

/// A command's failure: a message for whoever typed it, and the exit code of the command-line contract.
#[derive(Debug)]
pub struct Failure {
    message: String,
    code: u8,
}

impl Failure {
    /// The command was carried out and its answer is no: a gate was violated, a verification failed. Exit code 1.
    pub fn negative(message: impl Into<String>) -> Self {
        Self { message: message.into(), code: 1 }
    }

    /// The command could not be carried out with what it was given. Exit code 2.
    pub fn unusable(message: impl Into<String>) -> Self {
        Self { message: message.into(), code: 2 }
    }

    /// Somebody pressed Ctrl-C, and knows it: nothing is said. Exit code 130, as shells have it for SIGINT.
    pub fn interrupted() -> Self {
        Self { message: String::new(), code: 130 }
    }

    /// Whoever reads the output, such as `head`, has seen enough: nothing is left to do and nothing is said. Exit code 0.
    pub fn seen_enough() -> Self {
        Self { message: String::new(), code: 0 }
    }

    /// Says on standard error what went wrong, where there is something to say.
    pub fn tell(&self) {
        if !self.message.is_empty() {
            output::tell(&format!("galateo: {self}"));
        }
    }

    /// The process's exit code.
    pub fn exit_code(&self) -> ExitCode {
        ExitCode::from(self.code)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}
