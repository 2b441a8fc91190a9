//! Reads the platforms that do not push, on a schedule; on another, compares what is recorded with what is so. That
//! runs here and not in `actions`, because it has to find out when `actions` stands still.

use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::{Value, json};

use crate::parameters::Scope;
use crate::start::Function;
use crate::{metrics, reconcile};

/// Runs the function that polls.
///
/// # Errors
/// When the function cannot start, or the Lambda service goes away.
pub async fn poll() -> Result<(), Error> {
    let function = Function::start(Scope::Calls).await?;
    let function = &function;
    lambda_runtime::run(service_fn(move |event: LambdaEvent<Value>| async move {
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
        tracing::info!(accounts = accounts.len(), "polled");
        Ok::<_, Error>(json!({ "accounts": accounts }))
    }))
    .await
}
