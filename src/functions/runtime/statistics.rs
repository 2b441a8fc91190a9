//! The work of the night: seals the audit log, counts, compiles, and puts the reports where the office finds them.

use std::process::ExitCode;
use std::time::SystemTime;

use aws_config::BehaviorVersion;
use lambda_runtime::LambdaEvent;
use publish::{Existing, File, Published, Store};
use serde_json::{Value, json};
use statistics::Archive;

use crate::metrics;
use crate::parameters::Scope;
use crate::run::{deadline, run};
use crate::start::{Function, variable};

/// No further day is begun when less time than this is left: a day of a raid takes some seconds to read, and the
/// reports have to be written and stored after it.
const MARGIN_SECONDS: u64 = 30;

/// Runs the function of the statistics. The schedule wakes it several times a night: what one run did not finish, or
/// what failed, the next one goes on with, and where everything is done it costs a few calls. It starts and ends as
/// [`crate::webhook`] does.
pub async fn statistics() -> ExitCode {
    run(start(), |started, event: LambdaEvent<Value>| async move {
        let (function, reports, seals) = &*started;
        // Neither keeps the other from being done.
        let sealed = sealed(function, seals).await;
        let compiled = night(function, reports, event.context.deadline()).await;
        let result = compiled.and_then(|night| Ok((night, sealed?)));
        metrics::emit_night(result.as_ref().ok().map(|(night, _)| night));
        if let Err(error) = &result {
            tracing::warn!(%error, "the work of the night failed; the next run of the night goes on with it");
        }
        let (night, seals) = result?;
        Ok(json!({
            "seals_published": seals.new, "seals_differing": seals.differing, "days_compiled": night.days_compiled, "more": night.more, "files": night.files.len(),
            "counts": night.counted.counts.values().sum::<usize>(), "gaps": night.counted.gaps.values().sum::<usize>()
        }))
    })
    .await
}

/// The function, where the reports go, and where the seals.
async fn start() -> anyhow::Result<(Function, Store, Store)> {
    let function = Function::start(Scope::Calls).await?;
    let aws = aws_config::defaults(BehaviorVersion::latest()).load().await;
    let reports = Store::new(&variable("GALATEO_REPORTS")?, &aws).await?;
    let seals = Store::new(&variable("GALATEO_SEALS")?, &aws).await?;
    Ok((function, reports, seals))
}

async fn sealed(function: &Function, seals: &Store) -> anyhow::Result<Published> {
    let (moderation, _) = function.current().await?;
    Ok(publish::seal(moderation.ledger(), seals, moderation.clock().now()).await?)
}

async fn night(function: &Function, reports: &Store, told: SystemTime) -> anyhow::Result<statistics::Night> {
    let (moderation, _) = function.current().await?;
    let archive = Archive { policy: moderation.policy(), ledger: moderation.ledger() };
    let now = || SystemTime::from(moderation.clock().now());
    let deadline = deadline(told, now());
    let in_time = || {
        let left = deadline.duration_since(now()).unwrap_or_default();
        left.as_secs() >= MARGIN_SECONDS
    };
    let night = statistics::nightly(archive, &moderation, moderation.clock().now(), in_time).await?;
    for file in &night.files {
        let file = File { name: &file.name, media_type: file.media_type, text: &file.text };
        reports.put(file, Existing::Replaced, now()).await?;
    }
    Ok(night)
}
