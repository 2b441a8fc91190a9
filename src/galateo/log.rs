//! Logs of the command line: to standard error, so that standard output holds only what a command prints.

use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::output::{self, Log};

/// The finest level there is. At `trace` libraries write whole requests and items, and with them what people wrote
/// (invariant 10).
const FINEST: LevelFilter = LevelFilter::DEBUG;

/// Starts logging. `RUST_LOG` overrides the level that the command asks for, down to [`FINEST`].
pub fn start(level: &str) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|error| {
        if std::env::var_os(EnvFilter::DEFAULT_ENV).is_some_and(|asked| !asked.is_empty()) {
            output::tell(&format!("RUST_LOG: {error}; expected for example info or moderation=debug; it is {level}"));
        }
        EnvFilter::new(level)
    });
    let colours = output::shows_colours(&std::io::stderr());
    if filter.max_level_hint() == Some(LevelFilter::TRACE) {
        output::tell("RUST_LOG: there is no trace, at which texts and names would be logged; it is debug");
    }
    // Where standard error is closed, saying so there would end the process.
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(move || Log { colours })
        .with_ansi(colours)
        .log_internal_errors(false);
    // A second start, as in tests that run several commands, keeps the first.
    let _ = tracing_subscriber::registry().with(FINEST).with(filter).with(lines).try_init();
}
