//! The statistics of the night: counts, compiles, and puts the reports where the office finds them.

use std::time::SystemTime;

use aws_config::BehaviorVersion;
use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::{Value, json};
use statistics::Archive;

use crate::metrics;
use crate::parameters::Scope;
use crate::reports::ReportStore;
use crate::start::{Function, variable};

/// No further day is begun when less time than this is left: a day of a raid takes some seconds to read, and the
/// reports have to be written and stored after it.
const MARGIN_SECONDS: u64 = 30;

/// Runs the function of the statistics. The schedule wakes it several times a night: what one run did not finish, or
/// what failed, the next one goes on with, and where everything is done it costs a few calls.
///
/// # Errors
/// When the function cannot start, or the Lambda service goes away.
pub async fn statistics() -> Result<(), Error> {
    let function = Function::start(Scope::Calls).await?;
    let aws = aws_config::defaults(BehaviorVersion::latest()).load().await;
    let reports = ReportStore::new(&variable("GALATEO_REPORTS")?, &aws)?;
    let (function, reports) = (&function, &reports);
    lambda_runtime::run(service_fn(move |event: LambdaEvent<Value>| async move {
        let result = night(function, reports, event.context.deadline()).await;
        metrics::emit_night(result.as_ref().ok());
        if let Err(error) = &result {
            tracing::warn!(%error, "the statistics of the night failed; the next run of the night goes on with them");
        }
        let night = result?;
        Ok::<_, Error>(json!({
            "days_compiled": night.days_compiled, "more": night.more, "files": night.files.len(),
            "counts": night.counted.counts.values().sum::<usize>(), "gaps": night.counted.gaps.values().sum::<usize>()
        }))
    }))
    .await
}

async fn night(function: &Function, reports: &ReportStore, deadline: SystemTime) -> anyhow::Result<statistics::Night> {
    let (moderation, settings) = function.current().await?;
    let client = function.client(&settings)?;
    let archive = Archive { policy: moderation.policy(), ledger: moderation.ledger(), begins: None };
    let now = || SystemTime::from(moderation.clock().now());
    let in_time = || {
        let left = deadline.duration_since(now()).unwrap_or_default();
        left.as_secs() >= MARGIN_SECONDS
    };
    let night = statistics::nightly(archive, &client, moderation.clock().now(), in_time).await?;
    for file in &night.files {
        reports.put(file, now()).await?;
    }
    Ok(night)
}
