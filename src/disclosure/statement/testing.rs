//! Actions for the tests of the statement.

use ledger::Action;

/// The call of an action that was asked.
pub(super) const CALL: Option<&str> = Some("POST /{comment-id}");

/// An action that was settled at this minute, by a call unless it was dropped.
pub(super) fn settled(kind: &str, effect: &str, call: Option<&str>, minute: u32) -> Action {
    let at = format!("2026-11-02T09:{minute:02}:00Z");
    serde_json::from_value(serde_json::json!({
        "id": "a1", "kind": kind, "effect": effect, "effect_at": at, "call": call
    }))
    .unwrap()
}
