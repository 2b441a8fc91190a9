//! How many texts a second one core judges.

use std::fmt;
use std::hint::black_box;
use std::time::{Duration, Instant};

use policy::{Platform, Subject};
use serde::Serialize;

use crate::bench::{rate, texts};
use crate::failure::Failure;
use crate::policies;

/// Judging on one core, and what it is compared with.
#[derive(Debug, Serialize)]
pub struct Judging {
    /// Loading and compiling the policy, in milliseconds.
    load_ms: f64,
    judged_per_second: f64,
    /// The baseline: putting the same texts into lower case, which every judge has to do at least.
    lower_cased_per_second: f64,
    /// How many times slower judging is than the baseline.
    times_slower: f64,
}

/// Measures, the best of three, on a thread of its own: it waits for nothing, and so would let nobody tell how far it is.
pub async fn measure(count: usize) -> Result<Judging, Failure> {
    let judging = tokio::task::spawn_blocking(move || judge(count)).await;
    judging.unwrap_or_else(|ended| Err(Failure::unusable(ended.to_string())))
}

fn judge(count: usize) -> Result<Judging, Failure> {
    let started = Instant::now();
    let policy = policies::load(None)?;
    let load = started.elapsed();
    let texts: Vec<String> = (0..count).map(texts::clean).collect();
    let judging = best_of_three(|| {
        for text in &texts {
            let subject = Subject { platform: Some(Platform::Facebook), ..Subject::of(text) };
            black_box(policy.judge(&subject));
        }
    });
    let lower_casing = best_of_three(|| {
        for text in &texts {
            black_box(text.to_lowercase());
        }
    });
    Ok(Judging {
        load_ms: load.as_secs_f64() * 1000.0,
        judged_per_second: rate(count, judging),
        lower_cased_per_second: rate(count, lower_casing),
        times_slower: judging.as_secs_f64() / lower_casing.as_secs_f64().max(f64::EPSILON),
    })
}

fn best_of_three(mut work: impl FnMut()) -> Duration {
    let time = |work: &mut dyn FnMut()| {
        let started = Instant::now();
        work();
        started.elapsed()
    };
    (0..3).map(|_| time(&mut work)).min().unwrap_or_default()
}

impl fmt::Display for Judging {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "judging, one core, whole policy")?;
        writeln!(f, "  loading the policy                     {:>10.1} ms", self.load_ms)?;
        writeln!(f, "  judged                                 {:>10.0} /s", self.judged_per_second)?;
        writeln!(f, "  baseline: the same put into lower case {:>10.0} /s", self.lower_cased_per_second)?;
        writeln!(f, "  slower than the baseline               {:>10.1} times", self.times_slower)
    }
}
