//! `galateo bench --rate`: a load for some time, in one process with everything that it needs: whoever sends it, the
//! server, the worker, the embedded engine and the sandbox platform share the machine.

mod figures;
mod load;
mod record;
mod words;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use policy::Automation;
use serde::Serialize;

use crate::bench::{cost, latency, raised, rate, throughput};
use crate::serve::server::Server;
use crate::terminal::failure::Failure;

use figures::{Percentiles, processor_time, resident_memory, watching};
use load::{Load, Sent};
use record::{Comparison, Record};

/// How long what is pending may take to be settled after the last answer.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(300);

/// The share of the rate from which on it counts as reached: the last answer comes a little after its time.
const REACHED: f64 = 0.99;

/// How often the memory is looked at.
const MEMORY_EVERY: Duration = Duration::from_secs(60);

/// How many writes the baseline of the engine makes, at most.
const BASELINE_WRITES: usize = 10_000;

/// A load and what came of it.
#[derive(Debug, Serialize)]
pub struct Sustained {
    load: Load,
    /// The limits of the policy that was used.
    automation: Automation,
    arrival: Arrival,
    effects: Effects,
    units: Units,
    baselines: Baselines,
    /// The processor time of the whole process during the load and until all was settled, in seconds.
    processor_seconds: Option<f64>,
    /// The same for each second.
    cores: Option<f64>,
    /// Whether the data was in a file, and not in memory.
    in_file: bool,
    /// The memory of the whole process at the beginning of the load, after each minute of it, and when all was settled, in
    /// megabytes.
    memory_mb: Vec<f64>,
}

/// What was sent and answered.
#[derive(Debug, Serialize)]
struct Arrival {
    contributions: usize,
    accepted: usize,
    /// Answers other than 200; what they refused was sent again.
    refusals: usize,
    /// Without an audit entry.
    lost: usize,
    /// With more than one.
    judged_again: usize,
    achieved_per_second: f64,
    reached: bool,
    /// From the time in the schedule to the answer 200.
    answer_ms: Option<Percentiles>,
}

/// What was done about the violations.
#[derive(Debug, Serialize)]
struct Effects {
    violations: usize,
    offenders: usize,
    hidden: usize,
    warnings: usize,
    last_warnings: usize,
    /// Sanctions that wait for a person.
    proposals: usize,
    /// From the time in the schedule to the platform's hiding it.
    hide_ms: Option<Percentiles>,
    /// From there to the platform's delivering the warning.
    warning_ms: Option<Percentiles>,
    journal: Comparison,
    /// How long after the last answer nothing was pending any more; `None` if something still was when it was given up.
    settled_after_seconds: Option<f64>,
}

/// Write units, by the engine's own count.
#[derive(Debug, Serialize)]
struct Units {
    /// Measured with nothing else running.
    clean_write: f64,
    /// The rest of the run's, for each violation: case, effects, ladder, warnings, proposals.
    violation_write: f64,
    /// All of the run's, for each violation: with what the worker reads to find its work.
    violation_read: f64,
}

/// What the figures are compared with, measured in the same run with nothing else running.
#[derive(Debug, Serialize)]
struct Baselines {
    /// One request that reads the ledger once.
    bare_request_ms: f64,
    answer_to_bare_request: Option<f64>,
    hide_to_bare_request: Option<f64>,
    /// The embedded engine writing the same audit entries, through the SDK.
    engine_through_sdk_per_second: f64,
    achieved_to_engine_through_sdk: f64,
}

/// Sends the load and looks at what came of it.
pub async fn measure(rate_per_second: u32, seconds: u32, data: Option<PathBuf>) -> Result<Sustained, Failure> {
    let load = Load::new(rate_per_second, seconds)?;
    let in_file = data.is_some();
    if let Some(file) = data.as_ref().filter(|file| file.exists()) {
        let file = file.display();
        return Err(Failure::unusable(format!("--data {file}: found a file, expected a name that is not taken")));
    }
    let clean_write = cost::measure().await?.clean_write_units();
    let policy = raised::policy()?;
    let automation = policy.automation;
    let server = Server::start_under(policy, data).await?;
    // All calls are compared with all effects at the end.
    server.sandbox().keep_journal(usize::MAX);
    let http = Server::client();
    let bare_request_ms = latency::bare_request(&server, &http).await?;

    let (units_before, processor_before) = (server.moderation().ledger().consumed(), processor_time());
    let started = Instant::now();
    let (sent, memory_mb) = watching(MEMORY_EVERY, resident_memory, async {
        let sent = load.send(&server, &http).await?;
        let drained = Instant::now();
        let settled_after = server.settle(DRAIN_TIMEOUT).await.is_ok().then(|| drained.elapsed());
        Ok::<_, Failure>((sent, settled_after))
    })
    .await;
    let (sent, settled_after) = sent?;
    let took = started.elapsed();
    let processor = processor_time().zip(processor_before).map(|(now, before)| now.saturating_sub(before));
    let units = server.moderation().ledger().consumed();

    let record = Record::read(&server, &load, sent.began).await?;
    let mut written = throughput::verdict_items(&server).await?;
    server.stop().await;
    written.truncate(BASELINE_WRITES);
    let engine_per_second = rate(written.len(), throughput::through_sdk(&written).await?);

    let violations = load.violations();
    let for_each = |total: f64| total / violations.max(1) as f64;
    let writes = units.write_units - units_before.write_units;
    let units = Units {
        clean_write,
        violation_write: for_each(writes - clean_write * (load.contributions() - violations) as f64),
        violation_read: for_each(units.read_units - units_before.read_units),
    };
    let arrival = Arrival::of(&load, sent, &record);
    let effects = Effects::of(&load, record, settled_after);
    let times = |percentiles: Option<Percentiles>| Some(percentiles?.p50 / bare_request_ms.max(f64::EPSILON));
    let baselines = Baselines {
        bare_request_ms,
        answer_to_bare_request: times(arrival.answer_ms),
        hide_to_bare_request: times(effects.hide_ms),
        engine_through_sdk_per_second: engine_per_second,
        achieved_to_engine_through_sdk: arrival.achieved_per_second / engine_per_second.max(f64::EPSILON),
    };
    Ok(Sustained {
        load,
        automation,
        arrival,
        effects,
        units,
        baselines,
        processor_seconds: processor.map(|time| time.as_secs_f64()),
        cores: processor.map(|time| time.as_secs_f64() / took.as_secs_f64().max(f64::EPSILON)),
        in_file,
        memory_mb,
    })
}

impl Arrival {
    fn of(load: &Load, sent: Sent, record: &Record) -> Self {
        let whole = Duration::from_secs(load.seconds.into());
        let achieved = rate(sent.accepted, sent.took.max(whole));
        Self {
            contributions: load.contributions(),
            accepted: sent.accepted,
            refusals: sent.refusals,
            lost: record.lost,
            judged_again: record.judged_again,
            achieved_per_second: achieved,
            reached: achieved >= REACHED * f64::from(load.rate),
            answer_ms: Percentiles::of(sent.answer_ms),
        }
    }
}

impl Effects {
    fn of(load: &Load, record: Record, settled_after: Option<Duration>) -> Self {
        Self {
            violations: load.violations(),
            offenders: load.offenders(),
            hidden: record.hide_ms.len(),
            warnings: record.warning_ms.len(),
            last_warnings: record.last_warnings,
            proposals: record.proposals,
            hide_ms: Percentiles::of(record.hide_ms),
            warning_ms: Percentiles::of(record.warning_ms),
            journal: record.comparison,
            settled_after_seconds: settled_after.map(|time| time.as_secs_f64()),
        }
    }
}

impl Sustained {
    /// What must not be, whatever the machine can do: something lost or done twice, or a ledger that tells another
    /// story than the platform. `None` when all is well.
    pub fn fault(&self) -> Option<String> {
        let Self { arrival, effects, .. } = self;
        let mut faults = Vec::new();
        let mut count = |count: usize, what: &str| {
            if count > 0 {
                faults.push(format!("{count} {what}"));
            }
        };
        count(arrival.lost, "contributions have no audit entry");
        count(arrival.judged_again, "contributions have more than one audit entry");
        count(effects.violations.saturating_sub(effects.hidden), "violations were not hidden");
        count(effects.journal.without_call, "effects in the ledger have no call in the journal");
        count(effects.journal.without_effect, "calls in the journal have no effect in the ledger");
        if effects.settled_after_seconds.is_none() {
            faults.push("some actions are still pending".to_owned());
        }
        (!faults.is_empty()).then(|| faults.join("; "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A run in which everything went well.
    fn faultless() -> Sustained {
        Sustained {
            load: Load { rate: 50, seconds: 1 },
            automation: Automation::default(),
            arrival: Arrival {
                contributions: 50,
                accepted: 50,
                refusals: 0,
                lost: 0,
                judged_again: 0,
                achieved_per_second: 50.0,
                reached: true,
                answer_ms: None,
            },
            effects: Effects {
                violations: 2,
                offenders: 1,
                hidden: 2,
                warnings: 2,
                last_warnings: 1,
                proposals: 0,
                hide_ms: None,
                warning_ms: None,
                journal: Comparison::default(),
                settled_after_seconds: Some(0.1),
            },
            units: Units { clean_write: 1.0, violation_write: 30.0, violation_read: 9.0 },
            baselines: Baselines {
                bare_request_ms: 1.0,
                answer_to_bare_request: None,
                hide_to_bare_request: None,
                engine_through_sdk_per_second: 6000.0,
                achieved_to_engine_through_sdk: 0.01,
            },
            processor_seconds: None,
            cores: None,
            in_file: true,
            memory_mb: vec![40.2, 44.6, 44.5],
        }
    }

    #[test]
    fn a_slow_machine_is_no_fault_and_is_told() {
        let mut slow = faultless();
        slow.arrival.achieved_per_second = 31.0;
        slow.arrival.reached = false;
        assert_eq!(slow.fault(), None);
        assert!(slow.to_string().contains("did not reach the rate: 31 a second of 50"), "{slow}");
        assert!(!faultless().to_string().contains("did not reach"));
        assert!(faultless().to_string().contains("memory 40, 45, 44 MB, at the beginning"), "{}", faultless());
    }

    #[test]
    fn whatever_is_lost_done_twice_or_untold_is_a_fault() {
        let faults: [fn(&mut Sustained); 6] = [
            |run| run.arrival.lost = 1,
            |run| run.arrival.judged_again = 1,
            |run| run.effects.hidden = 1,
            |run| run.effects.journal.without_call = 1,
            |run| run.effects.journal.without_effect = 1,
            |run| run.effects.settled_after_seconds = None,
        ];
        for (number, fault) in faults.into_iter().enumerate() {
            let mut run = faultless();
            fault(&mut run);
            assert!(run.fault().is_some(), "fault {number} was not noticed");
        }
        assert_eq!(faultless().fault(), None);
    }
}
