//! Which function the deployed artefact is.

use std::process::ExitCode;

use anyhow::anyhow;
use policy::Platform;

use crate::run::refuse;
use crate::start::variable;
use crate::{actions, console, poll, statistics, user_reports, webhook};

/// The variable in which Lambda says the `Handler` of the template.
const HANDLER: &str = "_HANDLER";

/// Runs the function that `_HANDLER` names, by the names of README's table, until the Lambda service goes away. Where it
/// names none, says so in the log, tells Lambda, and fails.
pub async fn deployed() -> ExitCode {
    let handler = match variable(HANDLER) {
        Ok(handler) => handler,
        Err(error) => return refuse(&error).await,
    };
    match handler.as_str() {
        "actions" => actions().await,
        "console" => console().await,
        "poll" => poll().await,
        "statistics" => statistics().await,
        "user_reports" => user_reports().await,
        other => match other.parse::<Platform>() {
            Ok(platform) => webhook(platform).await,
            Err(_) => {
                let known = "a platform, actions, console, poll, statistics or user_reports";
                refuse(&anyhow!("{HANDLER} names no function: found {other:?}, expected {known}")).await
            }
        },
    }
}
