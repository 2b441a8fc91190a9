//! Metrics as log lines in CloudWatch's embedded metric format: no call, no permission, no waiting.

use std::collections::BTreeMap;

use jiff::Timestamp;
use moderation::Tally;
use policy::Platform;
use serde_json::{Map, Value, json};

/// Prints one metric line for each platform about which something was counted since the last time, and starts
/// counting again. The lines hold counts only. Stacks in one AWS
/// account are told apart by the last part of the path of their parameters.
pub fn emit(tally: &Tally) {
    let stack = std::env::var("GALATEO_PARAMETERS").unwrap_or_default();
    let stack = stack.rsplit('/').next().unwrap_or_default();
    let mut by_platform: BTreeMap<Platform, Map<String, Value>> = BTreeMap::new();
    for ((platform, name), count) in tally.take() {
        by_platform.entry(platform).or_default().insert(name.to_owned(), count.into());
    }
    for (platform, counts) in by_platform {
        println!("{}", line(stack, platform, counts, Timestamp::now()));
    }
}

fn line(stack: &str, platform: Platform, counts: Map<String, Value>, now: Timestamp) -> Value {
    let metrics: Vec<Value> = counts.keys().map(|name| json!({"Name": name, "Unit": "Count"})).collect();
    let mut line = json!({
        "_aws": {
            "Timestamp": now.as_millisecond(),
            "CloudWatchMetrics": [{"Namespace": "Galateo", "Dimensions": [["stack", "platform"]], "Metrics": metrics}]
        },
        "stack": stack,
        "platform": platform
    });
    if let Some(fields) = line.as_object_mut() {
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
            line("prova", Platform::X, counts, now),
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
}
