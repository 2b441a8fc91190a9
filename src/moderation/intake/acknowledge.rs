//! What arrives and is only acknowledged: counted, and told in as few lines as there are kinds of it.

use platforms::{Delivery, Ignored};
use policy::Platform;

use crate::Moderation;

/// How many of one kind a log line shows. A body within the limit can hold a million odd items: one line for each would
/// cost more than the attack.
const EXAMPLES: usize = 5;

impl Moderation {
    /// Counts what a delivery carried beside its events, and tells once for each kind what somebody should know. Answers
    /// how much it was.
    pub(crate) fn acknowledge(&self, platform: Platform, delivery: &Delivery) -> usize {
        let mut all = 0;
        for (kind, count) in delivery.counts() {
            all += count;
            self.tally.count_many(platform, kind, count as u64);
            let ignored = delivery.ignored.iter().filter(|ignored| ignored.as_str() == kind);
            tell(platform, count, &ignored.take(EXAMPLES).collect::<Vec<_>>());
        }
        all
    }
}

/// One line about what is of one kind: how many there are, and what some of them are.
fn tell(platform: Platform, count: usize, examples: &[&Ignored]) {
    let Some(first) = examples.first() else { return };
    let said = examples.iter().filter_map(|ignored| match ignored {
        Ignored::Unknown(what) | Ignored::Malformed(what) | Ignored::TooLong(what) => Some(what.as_str()),
        _ => None,
    });
    let examples = said.collect::<Vec<_>>().join("; ");
    match first {
        Ignored::Unknown(_) => {
            tracing::info!(%platform, count, examples, "acknowledged events of kinds that are not known")
        }
        Ignored::Malformed(_) => tracing::error!(%platform, count, examples, "acknowledged events that did not parse"),
        Ignored::TooLong(_) => {
            tracing::error!(%platform, count, examples, "cut or left out what is longer than the platform lets it be");
        }
        Ignored::Untold => tracing::warn!(%platform, count,
            "the platform tells that something was written and not what: subscribe the app with values"),
        Ignored::OwnVoice
        | Ignored::Visibility
        | Ignored::NotOurs
        | Ignored::NotText
        | Ignored::Encrypted
        | Ignored::Notice => {}
    }
}
