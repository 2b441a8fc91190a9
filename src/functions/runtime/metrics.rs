//! Metrics as log lines in CloudWatch's embedded metric format: no call, no permission, no waiting.

use std::collections::BTreeMap;

use jiff::Timestamp;
use moderation::Tally;
use policy::Platform;
use serde_json::{Map, Value, json};
use statistics::Night;

/// Prints one metric line for each platform about which something was counted since the last time, and starts
/// counting again. The lines hold counts only. Stacks in one AWS
/// account are told apart by the last part of the path of their parameters.
pub fn emit(tally: &Tally) {
    let mut by_platform: BTreeMap<Platform, Map<String, Value>> = BTreeMap::new();
    for ((platform, name), count) in tally.take() {
        by_platform.entry(platform).or_default().insert(name.to_owned(), count.into());
    }
    for (platform, counts) in by_platform {
        println!("{}", line(&stack(), Some(platform), counts, Timestamp::now()));
    }
}

/// Prints the metric lines of a night: what was counted on each platform, and whether the night is done. `nights_done`
/// is 1 once everything is compiled and stored, and 0 when it failed or time ran out: an alarm that looks at the most
/// of a whole night rings once, and only for a night in which no run got so far.
pub fn emit_night(night: Option<&Night>) {
    let mut by_platform: BTreeMap<Platform, Map<String, Value>> = BTreeMap::new();
    if let Some(night) = night {
        for (name, counts) in [("counts", &night.counted.counts), ("gaps", &night.counted.gaps)] {
            for (platform, count) in counts {
                by_platform.entry(*platform).or_default().insert(name.to_owned(), json!(count));
            }
        }
    }
    let now = Timestamp::now();
    for (platform, counts) in by_platform {
        println!("{}", line(&stack(), Some(platform), counts, now));
    }
    let done = night.is_some_and(|night| !night.more);
    let mut counts = Map::from_iter([("nights_done".to_owned(), json!(u8::from(done)))]);
    counts.extend(night.map(|night| ("days_compiled".to_owned(), json!(night.days_compiled))));
    println!("{}", line(&stack(), None, counts, now));
}

/// Prints the metric line of one e-mail to the address of the policy: what became of it.
pub fn emit_user_report(outcome: &str) {
    let counts = Map::from_iter([(format!("user_reports_{outcome}"), json!(1))]);
    println!("{}", line(&stack(), None, counts, Timestamp::now()));
}

fn stack() -> String {
    let parameters = std::env::var("GALATEO_PARAMETERS").unwrap_or_default();
    parameters.rsplit('/').next().unwrap_or_default().to_owned()
}

/// One line, about a platform or about the stack as a whole.
fn line(stack: &str, platform: Option<Platform>, counts: Map<String, Value>, now: Timestamp) -> Value {
    let metrics: Vec<Value> = counts.keys().map(|name| json!({"Name": name, "Unit": "Count"})).collect();
    let dimensions: &[&str] = if platform.is_some() { &["stack", "platform"] } else { &["stack"] };
    let mut line = json!({
        "_aws": {
            "Timestamp": now.as_millisecond(),
            "CloudWatchMetrics": [{"Namespace": "Galateo", "Dimensions": [dimensions], "Metrics": metrics}]
        },
        "stack": stack
    });
    if let Some(fields) = line.as_object_mut() {
        fields.extend(platform.map(|platform| ("platform".to_owned(), json!(platform))));
        fields.extend(counts);
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_metric_line_is_in_the_embedded_metric_format() {
        let counts = Map::from_iter([("hide".to_owned(), json!(3))]);
        let now = Timestamp::from_millisecond(1_795_000_000_000).unwrap();
        assert_eq!(
            line("prova", Some(Platform::X), counts, now),
            json!({
                "_aws": {
                    "Timestamp": 1_795_000_000_000_i64,
                    "CloudWatchMetrics": [{
                        "Namespace": "Galateo", "Dimensions": [["stack", "platform"]],
                        "Metrics": [{"Name": "hide", "Unit": "Count"}]
                    }]
                },
                "stack": "prova",
                "platform": "x",
                "hide": 3
            })
        );
    }

    #[test]
    fn a_metric_of_the_whole_stack_has_no_platform() {
        let counts = Map::from_iter([("nights_done".to_owned(), json!(1))]);
        let line = line("prova", None, counts, Timestamp::UNIX_EPOCH);
        assert_eq!(line["_aws"]["CloudWatchMetrics"][0]["Dimensions"], json!([["stack"]]));
        assert_eq!((line.get("platform"), &line["nights_done"]), (None, &json!(1)));
    }
}
