//! What the measurement of a load prints.

use std::fmt;

use super::figures::Percentiles;
use super::load::Load;
use super::record::Comparison;
use super::{Arrival, Baselines, DRAIN_TIMEOUT, Effects, Sustained, Units};

impl fmt::Display for Sustained {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Load { rate, seconds } = self.load;
        writeln!(f, "{rate} contributions a second for {seconds} s, one a webhook, everything in one process")?;
        writeln!(
            f,
            "limits on automation raised to {} hides an hour and {} %: the policy's own would leave this to a person\n",
            self.automation.hides_per_hour, self.automation.share_percent
        )?;
        write!(f, "{}\n{}\n{}\n{}", self.arrival, self.effects, self.units, self.baselines)?;
        if let (Some(seconds), Some(cores)) = (self.processor_seconds, self.cores) {
            writeln!(f, "\nprocessor time {seconds:.1} s, {cores:.2} cores, sender and sandbox included")?;
        }
        if !self.memory_mb.is_empty() {
            let memory: Vec<String> = self.memory_mb.iter().map(|megabytes| format!("{megabytes:.0}")).collect();
            let with = if self.in_file { "sender and sandbox" } else { "data, sender and sandbox" };
            writeln!(
                f,
                "memory {} MB, at the beginning, after each minute and at the end, {with} included",
                memory.join(", ")
            )?;
        }
        if !self.arrival.reached {
            writeln!(
                f,
                "\nThis machine did not reach the rate: {:.0} a second of {rate}.",
                self.arrival.achieved_per_second
            )?;
        }
        Ok(())
    }
}

impl fmt::Display for Arrival {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { contributions, accepted, refusals, lost, judged_again, .. } = self;
        writeln!(f, "arrival")?;
        writeln!(f, "  accepted                       {accepted} of {contributions}, {refusals} answers refused")?;
        writeln!(f, "  without an audit entry         {lost}, with more than one {judged_again}")?;
        writeln!(f, "  achieved                       {:.1} /s", self.achieved_per_second)?;
        writeln!(f, "  from its time to 200           {}", Shown(self.answer_ms))
    }
}

impl fmt::Display for Effects {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { violations, offenders, hidden, warnings, last_warnings, proposals, journal, .. } = self;
        let Comparison { without_call, without_effect, done } = journal;
        writeln!(f, "effects")?;
        writeln!(f, "  hidden                         {hidden} of {violations} violations by {offenders} authors")?;
        writeln!(f, "  warnings delivered             {warnings}, {last_warnings} of them the last")?;
        writeln!(f, "  proposals for a person         {proposals}")?;
        writeln!(
            f,
            "  ledger and journal             {done} effects, {without_call} without call, {without_effect} calls without effect"
        )?;
        writeln!(f, "  from its time to the hiding    {}", Shown(self.hide_ms))?;
        writeln!(f, "  from its time to the warning   {}", Shown(self.warning_ms))?;
        match self.settled_after_seconds {
            Some(seconds) => writeln!(f, "  all settled                    {seconds:.1} s after the last answer"),
            None => writeln!(f, "  not settled                    {} s after the last answer", DRAIN_TIMEOUT.as_secs()),
        }
    }
}

impl fmt::Display for Units {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "units, by the engine's own count")?;
        writeln!(f, "  clean contribution             {:.1} write", self.clean_write)?;
        writeln!(
            f,
            "  violation, ladder and all      {:.1} write, {:.1} read (what the worker reads to find its work included)",
            self.violation_write, self.violation_read
        )
    }
}

impl fmt::Display for Baselines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "baselines, with nothing else running")?;
        writeln!(f, "  one request that reads once    {:.1} ms", self.bare_request_ms)?;
        if let (Some(answer), Some(hide)) = (self.answer_to_bare_request, self.hide_to_bare_request) {
            writeln!(f, "  medians as multiples of it     {answer:.1} to 200, {hide:.1} to the hiding")?;
        }
        writeln!(f, "  the engine, through the SDK    {:.0} /s", self.engine_through_sdk_per_second)?;
        writeln!(f, "  achieved as a share of it      {:.2}", self.achieved_to_engine_through_sdk)
    }
}

/// Percentiles as a line.
struct Shown(Option<Percentiles>);

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(Percentiles { p50, p99, p99_9 }) => {
                write!(f, "p50 {p50:.1} ms, p99 {p99:.1} ms, p99.9 {p99_9:.1} ms")
            }
            None => f.write_str("none"),
        }
    }
}
