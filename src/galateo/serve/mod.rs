//! `galateo serve`: everything in one process.

mod console;
mod greeting;
mod http;
mod nights;
pub(crate) mod server;
mod worker;

use local::files;

use crate::cli::ServeOptions;
use crate::serve::greeting::greet;
use crate::serve::nights::Nights;
use crate::serve::server::SETTLE_TIMEOUT;
use crate::terminal::failure::Failure;
use crate::{demo, functions, language};

pub use server::Server;

/// Serves until it is interrupted, or with `--once` until the demo is over.
pub async fn serve(options: ServeOptions) -> Result<(), Failure> {
    if options.demo {
        language::speak(options.lang);
    }
    if options.functions.is_some() {
        functions::check(options.policy.as_deref())?;
    }
    if let Some(folder) = &options.reports {
        files::folder_for_files(folder).map_err(|error| {
            let (folder, error) = (folder.display(), language::of_cause(&error));
            Failure::unusable(format!("--reports {folder}: {error}"))
        })?;
    }
    let server = Server::start(&options).await?;
    let nights = nights(&server, &options);
    let _environment = match &options.functions {
        Some(file) => server.environment(file)?,
        None => None,
    };
    greet(&server, &options);
    if options.demo {
        demo::run(&server, options.json).await?;
    }
    if options.once {
        server.settle(SETTLE_TIMEOUT).await?;
        nights.forget().await?;
        if options.reports.is_some() {
            nights.catch_up(|| true).await?;
        }
    } else {
        if !options.no_worker {
            server.watch(nights).await;
        }
        interrupt().await?;
    }
    // Before the engine lets go of the file.
    let fault = server.fault();
    tokio::select! {
        () = server.stop() => fault.map_or(Ok(()), |fault| Err(fault.into())),
        // What is in hand can take as long as a platform does. What is left of it the next start takes up again.
        interrupted = interrupt() => interrupted.and(Err(Failure::interrupted())),
    }
}

/// Waits until a person interrupts the server, or a service manager ends it: both let it close its file.
async fn interrupt() -> Result<(), Failure> {
    use tokio::signal::unix::{SignalKind, signal};
    let cannot = |e: std::io::Error| Failure::unusable(format!("cannot wait for an interrupt: {e}"));
    let mut ended = signal(SignalKind::terminate()).map_err(cannot)?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted.map_err(cannot),
        _ = ended.recv() => Ok(()),
    }
}

/// What is to be done at night.
fn nights(server: &Server, options: &ServeOptions) -> Nights {
    let (data, reports) = (options.data.clone(), options.reports.clone());
    Nights { moderation: server.moderation().clone(), reports, data }
}
