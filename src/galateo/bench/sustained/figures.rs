//! How figures are taken: percentiles, the time of the processor, and memory.

use std::fs;
use std::time::Duration;

use serde::Serialize;
use tokio::time::{Instant, interval_at};

/// Percentiles of times in milliseconds: each the smallest time that so many of them do not exceed.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Percentiles {
    pub p50: f64,
    pub p99: f64,
    pub p99_9: f64,
}

impl Percentiles {
    /// `None` of no times.
    pub fn of(mut times: Vec<f64>) -> Option<Self> {
        times.sort_by(f64::total_cmp);
        let at = |per_mille: usize| times.get((times.len() * per_mille).div_ceil(1000).checked_sub(1)?).copied();
        Some(Self { p50: at(500)?, p99: at(990)?, p99_9: at(999)? })
    }
}

/// The ticks a second in which Linux counts the processor's time for programs, on every architecture.
const TICKS_PER_SECOND: u32 = 100;

/// The processor time that this process has used, in all its threads; `None` where the system does not tell it in
/// `/proc`.
pub fn processor_time() -> Option<Duration> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    // The second field is the name, in brackets, and may hold anything; the 14th and 15th are user and system time.
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let user: u32 = fields.next()?.parse().ok()?;
    let system: u32 = fields.next()?.parse().ok()?;
    Some(Duration::from_secs(u64::from(user) + u64::from(system)) / TICKS_PER_SECOND)
}

/// Does something, and tells with what came of it what `figure` was at its beginning, after each such time and at its end;
/// nothing where there is no figure.
pub async fn watching<T>(
    every: Duration,
    figure: impl Fn() -> Option<f64>,
    work: impl Future<Output = T>,
) -> (T, Vec<f64>) {
    let mut figures = Vec::from_iter(figure());
    let mut times = interval_at(Instant::now() + every, every);
    let mut work = std::pin::pin!(work);
    loop {
        tokio::select! {
            done = &mut work => {
                figures.extend(figure());
                return (done, figures);
            }
            _ = times.tick() => figures.extend(figure()),
        }
    }
}

/// The memory of this process that is not swapped out, in megabytes; `None` where the system does not tell it in `/proc`.
pub fn resident_memory() -> Option<f64> {
    resident_megabytes(&fs::read_to_string("/proc/self/status").ok()?)
}

/// The same from what `/proc` tells about a process.
fn resident_megabytes(status: &str) -> Option<f64> {
    let kilobytes = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?.trim().strip_suffix(" kB")?;
    Some(kilobytes.parse::<f64>().ok()? / 1000.0)
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[tokio::test]
    async fn a_figure_is_taken_at_the_beginning_after_each_time_and_at_the_end() {
        let taken = Cell::new(0_u32);
        let count = || {
            taken.set(taken.get() + 1);
            Some(f64::from(taken.get()))
        };
        let two_times_later = async {
            while taken.get() < 3 {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            taken.get()
        };
        let (during, figures) = watching(Duration::from_millis(5), count, two_times_later).await;
        let expected = Vec::from_iter((1..=during + 1).map(f64::from));
        assert_eq!(figures, expected);
        assert_eq!(watching(Duration::from_millis(5), || None, async { "done" }).await, ("done", vec![]));
    }

    #[test]
    fn the_memory_of_a_process_is_told_in_megabytes() {
        let status = "Name:\tgalateo\nVmHWM:\t   91240 kB\nVmRSS:\t   72500 kB\nThreads:\t4\n";
        assert_eq!(resident_megabytes(status), Some(72.5));
        assert_eq!(resident_megabytes("Name:\tgalateo\n"), None);
        assert_eq!(resident_memory().is_some(), cfg!(target_os = "linux"));
    }

    #[test]
    fn a_percentile_is_the_time_that_so_many_do_not_exceed() {
        let thousand = (1..=1000).rev().map(f64::from).collect();
        assert_eq!(Percentiles::of(thousand), Some(Percentiles { p50: 500.0, p99: 990.0, p99_9: 999.0 }));
        assert_eq!(Percentiles::of(vec![7.0]), Some(Percentiles { p50: 7.0, p99: 7.0, p99_9: 7.0 }));
        assert_eq!(Percentiles::of(Vec::new()), None);
    }
}
