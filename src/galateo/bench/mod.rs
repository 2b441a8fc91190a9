//! `galateo bench`: speed and cost, as ratios to baselines of the same run. Absolute figures depend on the machine and
//! on what else it is doing; the ratios are what to compare. With `--rate` a load instead, with whatever is lost in it or told differently as a failure.

mod cost;
mod judging;
mod latency;
mod raised;
mod sustained;
mod texts;
mod throughput;

use std::fmt;

use serde::Serialize;

use crate::cli::BenchOptions;
use crate::terminal::failure::Failure;
use crate::terminal::{output, progress};

/// Everything measured in one run.
#[derive(Debug, Serialize)]
struct Report {
    contributions: usize,
    judging: judging::Judging,
    throughput: throughput::Throughput,
    latency: latency::Latency,
    cost: cost::Cost,
}

/// Measures and prints.
pub async fn bench(options: BenchOptions) -> Result<(), Failure> {
    if let Some(rate) = options.rate {
        let run = progress::during("under load", sustained::measure(rate, options.seconds, options.data)).await?;
        print(&run, options.json)?;
        return run.fault().map_or(Ok(()), |fault| Err(Failure::negative(fault)));
    }
    // `requires` alone does not see it: it is waived where an argument is there that goes against what it requires.
    if options.data.is_some() {
        return Err(Failure::unusable("--data: found it without --rate, expected both: nothing else keeps its data"));
    }
    let contributions = options.contributions;
    let report = Report {
        contributions,
        judging: progress::during("judging", judging::measure(contributions)).await?,
        throughput: progress::during("throughput", throughput::measure(contributions)).await?,
        latency: progress::during("time to effect", latency::measure(contributions)).await?,
        cost: progress::during("read and write units", cost::measure()).await?,
    };
    print(&report, options.json)
}

fn print<R: Serialize + fmt::Display>(report: &R, json: bool) -> Result<(), Failure> {
    if json { output::json(report) } else { output::print(&report.to_string()) }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} contributions a measurement; where there are violations, the policy's limits on",
            self.contributions
        )?;
        writeln!(f, "automation are raised, so that the system goes on to hide them by itself\n")?;
        write!(f, "{}\n{}\n{}\n{}", self.judging, self.throughput, self.latency, self.cost)
    }
}

/// How many a second.
fn rate(count: usize, took: std::time::Duration) -> f64 {
    count as f64 / took.as_secs_f64().max(f64::EPSILON)
}
