//! How a command ends when it does not succeed.

use std::fmt;
use std::process::ExitCode;

use crate::language::say;
use crate::terminal::output;

/// A command's failure: a message for whoever typed it, and the exit code of the command-line contract.
#[derive(Debug)]
pub struct Failure {
    message: String,
    code: u8,
    /// Whether only what the command had to say could not be printed.
    is_of_output: bool,
}

impl Failure {
    /// The command was carried out and its answer is no: a gate was violated, a verification failed. Exit code 1.
    pub fn negative(message: impl Into<String>) -> Self {
        Self { message: message.into(), code: 1, is_of_output: false }
    }

    /// The command could not be carried out with what it was given. Exit code 2.
    pub fn unusable(message: impl Into<String>) -> Self {
        Self { message: message.into(), code: 2, is_of_output: false }
    }

    /// What a command had to say could not be printed. Exit code 2.
    pub fn unprinted(message: impl Into<String>) -> Self {
        Self { is_of_output: true, ..Self::unusable(message) }
    }

    /// The failure of a command that says at its end what it has done: where only that could not be printed, the command is
    /// not to be repeated, and says so.
    pub fn of_a_change(self) -> Self {
        if !self.is_of_output {
            return self;
        }
        let message = say!(
            "{self}. Ciò che il comando chiedeva è fatto, e a registro: non ripeterlo",
            "{self}. What the command asked for is done, and on record: do not repeat it"
        );
        Self { message, ..self }
    }

    /// Somebody pressed Ctrl-C, and knows it: nothing is said. Exit code 130, as shells have it for SIGINT.
    pub fn interrupted() -> Self {
        Self { message: String::new(), code: 130, is_of_output: false }
    }

    /// Whoever reads the output, such as `head`, has seen enough: nothing is left to do and nothing is said. Exit code 0.
    pub fn seen_enough() -> Self {
        Self { message: String::new(), code: 0, is_of_output: false }
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
