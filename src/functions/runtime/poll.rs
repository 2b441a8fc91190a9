//! Reads the platforms that do not push, on a schedule; on another, compares what is recorded with what is so. That
//! runs here and not in `actions`, because it has to find out when `actions` stands still.

use std::process::ExitCode;

use lambda_runtime::LambdaEvent;
use serde_json::{Value, json};

use crate::parameters::Scope;
use crate::run::run;
use crate::start::Function;
use crate::{metrics, reconcile};

/// Runs the function that polls; it starts and ends as [`crate::webhook`] does.
pub async fn poll() -> ExitCode {
    run(Function::start(Scope::Calls), |function, event: LambdaEvent<Value>| async move {
        let (moderation, _) = function.current().await?;
        if reconcile::is_asked_for(&event.payload) {
            let found = reconcile::reconcile(&moderation).await;
            metrics::emit(moderation.tally());
            return found;
        }
        let results = moderation.poll(moderation::Pace::Regular).await;
        metrics::emit(moderation.tally());
        let accounts: Vec<Value> = results
            .iter()
            .map(|(account, result)| match result {
                Ok(polled) => json!({
                    "platform": account.platform, "account": account.id, "judged": polled.received.judged,
                    "duplicates": polled.received.duplicates, "calls": polled.calls
                }),
                Err(error) => {
                    json!({"platform": account.platform, "account": account.id, "error": error.to_string()})
                }
            })
            .collect();
        tracing::info!(accounts = accounts.len(), "the accounts that do not push were read");
        Ok(json!({ "accounts": accounts }))
    })
    .await
}
