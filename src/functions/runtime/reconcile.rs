//! Compares what is recorded with what is so, on a schedule of its own.

use moderation::{Moderation, Pace};
use serde_json::{Value, json};

/// Whether an event asks for it: the input of the hourly schedule does.
pub(crate) fn is_asked_for(event: &Value) -> bool {
    event.get("task").and_then(Value::as_str) == Some("reconcile")
}

/// Compares, and answers what was found.
pub(crate) async fn reconcile(moderation: &Moderation) -> anyhow::Result<Value> {
    let found = moderation.reconcile(Pace::Regular).await?;
    Ok(json!({
        "stuck": found.stuck, "lapsed": found.lapsed, "resubscribed": found.resubscribed,
        "looked_at": found.looked_at, "removed": found.removed, "differing": found.differing, "erased": found.erased,
        "calls": found.calls
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_input_of_its_own_schedule_asks_for_it() {
        assert!(is_asked_for(&json!({"task": "reconcile"})));
        for other in [json!({"source": "aws.scheduler"}), json!({"task": "poll"}), Value::Null] {
            assert!(!is_asked_for(&other), "{other}");
        }
    }
}
