#![doc = include_str!("README.md")]

mod audit;
mod bench;
mod check;
mod cli;
mod demo;
mod dossier;
mod evaluate;
mod events;
mod explanation;
mod failure;
mod functions;
mod language;
mod lines;
mod log;
mod marked;
mod office;
mod output;
mod policies;
mod progress;
mod records;
mod refusal;
mod render;
pub mod serve;
mod statistics;
mod validate;
mod words;

use std::process::ExitCode;

use clap::Parser;

use crate::cli::{Cli, Command, PolicyCommand};

pub use crate::cli::ServeOptions;
pub use crate::failure::Failure;

/// The exit code for arguments that cannot be understood, as for all unusable input.
const UNUSABLE: u8 = 2;

/// Runs the command line: parses the arguments, carries the command out, and turns its result into the exit code:
/// 0 for success, 1 for a negative result, 2 for unusable input.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) if error.use_stderr() => {
            // It repeats what was typed, or what a script put there.
            output::tell(language::of_arguments(&error, &std::env::args_os().collect::<Vec<_>>()).trim_end());
            return ExitCode::from(UNUSABLE);
        }
        // What was asked for: help, or the version. Where it cannot be printed, that is said in its language.
        Err(help) => {
            let arguments: Vec<_> = std::env::args_os().collect();
            language::speak(language::asked_for(&arguments));
            let help = language::of_help(&arguments).unwrap_or_else(|| help.render().ansi().to_string());
            return ended(output::print_help(&help));
        }
    };
    log::start(cli.log_level());
    ended(run(cli))
}

/// How the process ends.
fn ended(done: Result<(), Failure>) -> ExitCode {
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            failure.tell();
            failure.exit_code()
        }
    }
}

fn run(cli: Cli) -> Result<(), Failure> {
    let command = cli.command.unwrap_or_else(Command::demo);
    match command {
        // It ends by itself when it is interrupted, after what it has in hand.
        Command::Serve(options) => runtime()?.block_on(serve::serve(options)),
        Command::Send(options) => block_on(functions::send(&options)),
        Command::Event(options) => functions::event(&options),
        Command::Check(options) => check::check(&options),
        Command::Evaluate(options) => evaluate::evaluate(&options),
        Command::Policy { command: PolicyCommand::Validate(options) } => validate::validate(&options),
        Command::Policy { command: PolicyCommand::Render(options) } => render::render(&options),
        Command::Case { command } => block_on(office::case(command)),
        Command::Author { command } => block_on(office::author(command)),
        Command::Task { command } => block_on(office::task(command)),
        Command::Report(options) => block_on(office::report(options)),
        Command::Automation { command } => block_on(office::automation(command)),
        Command::Audit { command } => block_on(audit::audit(command)),
        Command::Statistics(options) => block_on(statistics::statistics(options)),
        Command::Bench(options) => block_on(bench::bench(options)),
    }
}

/// Works until it is done or interrupted. What is half done is dropped, so that it leaves no file behind.
fn block_on(work: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
    runtime()?.block_on(async {
        tokio::select! {
            // Interrupts are listened for before the work begins: one that comes earlier would end the process at once.
            biased;
            Ok(()) = tokio::signal::ctrl_c() => Err(Failure::interrupted()),
            done = work => done,
        }
    })
}

fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.map_err(|error| Failure::unusable(format!("the runtime did not start: {error}")))
}
