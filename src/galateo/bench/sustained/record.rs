//! What is on record after a load, and what the platform was asked: every contribution once, and both the same.

use std::collections::{BTreeMap, HashMap};

use jiff::{Timestamp, ToSpan};
use ledger::{AuditEntry, Fact};
use policy::{ActionKind, ContributionId, Effect, Notice, Platform, SanctionState};
use serde::Serialize;

use crate::bench::texts;
use crate::failure::Failure;
use crate::serve::server::Server;

use super::load::Load;

/// An action that was carried out about a contribution, by its platform's id.
type Carried = (ActionKind, String);

/// What is on record about a load.
#[derive(Debug, Default)]
pub struct Record {
    /// How many contributions have no audit entry of a verdict.
    pub lost: usize,
    /// How many have more than one.
    pub judged_again: usize,
    /// From the time at which each violation was due to its disappearance, in milliseconds.
    pub hide_ms: Vec<f64>,
    /// From there to the author's warning, for each that was delivered.
    pub warning_ms: Vec<f64>,
    /// How many of the warnings were last warnings.
    pub last_warnings: usize,
    /// How many sanctions wait for a person to confirm them.
    pub proposals: usize,
    /// The ledger beside the sandbox's journal.
    pub comparison: Comparison,
}

/// The ledger's effects beside the platform's journal. Both numbers are 0 when they tell the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Comparison {
    /// Hides and warnings that the ledger says are done.
    pub done: usize,
    /// Among them, those that the platform has no call of.
    pub without_call: usize,
    /// Calls that hid or warned, of which the ledger knows no effect, or a second one to the same effect.
    pub without_effect: usize,
}

impl Record {
    /// Reads the audit log and the sandbox's journal, once nothing is pending any more.
    pub async fn read(server: &Server, load: &Load, began: Timestamp) -> Result<Self, Failure> {
        let ledger = server.moderation().ledger();
        let page = &texts::facebook_page(&server.moderation().policy().accounts)?.id;
        let numbers: HashMap<_, _> = (0..load.contributions())
            .map(|number| {
                let id = ContributionId::new(texts::comment_id(number));
                (ledger.reference(Platform::Facebook, page, &id, began), number)
            })
            .collect();
        let mut record = Self::default();
        let (mut verdicts, mut effects) = (vec![0_usize; numbers.len()], Vec::new());
        for entry in entries_since(server, began).await? {
            let Some(number) = entry.case.as_ref().and_then(|case| numbers.get(case.reference())) else { continue };
            let after = entry.at.duration_since(load.due_at(began, *number)).as_secs_f64() * 1000.0;
            match entry.fact {
                Fact::Verdict { .. } => verdicts[*number] += 1,
                Fact::Effect { asked, notice, effect: Effect::Done, .. } => {
                    effects.push((asked, texts::comment_id(*number)));
                    match (asked, notice) {
                        (ActionKind::Hide, _) => record.hide_ms.push(after),
                        (_, Some(Notice::Warning | Notice::LastWarning)) => record.warning_ms.push(after),
                        _ => {}
                    }
                    record.last_warnings += usize::from(notice == Some(Notice::LastWarning));
                }
                Fact::Sanction { state: SanctionState::Proposed, .. } => record.proposals += 1,
                _ => {}
            }
        }
        record.lost = verdicts.iter().filter(|count| **count == 0).count();
        record.judged_again = verdicts.iter().filter(|count| **count > 1).count();
        record.comparison = Comparison::of(effects, calls(server));
        Ok(record)
    }
}

impl Comparison {
    fn of(effects: Vec<Carried>, calls: Vec<Carried>) -> Self {
        let done = effects.len();
        // For each action, how many effects more than calls there are.
        let mut balance: BTreeMap<Carried, i64> = BTreeMap::new();
        effects.into_iter().for_each(|carried| *balance.entry(carried).or_default() += 1);
        calls.into_iter().for_each(|carried| *balance.entry(carried).or_default() -= 1);
        let surplus = |sign: i64| balance.values().map(|more| usize::try_from(more * sign).unwrap_or_default()).sum();
        Self { done, without_call: surplus(1), without_effect: surplus(-1) }
    }
}

/// All entries recorded since then. A run may go on past midnight.
async fn entries_since(server: &Server, began: Timestamp) -> Result<Vec<AuditEntry>, Failure> {
    let (mut day, today) = (ledger::day(began), ledger::day(server.moderation().clock().now()));
    let mut entries = Vec::new();
    while day <= today {
        let of_day = server.moderation().ledger().entries(day).await;
        entries.extend(of_day.map_err(|error| Failure::unusable(format!("the audit log cannot be read: {error}")))?);
        day = day.saturating_add(1.day());
    }
    Ok(entries)
}

/// The hides and private messages that Facebook was asked for and granted. The journal does not show to which comment
/// a message belongs, the sandbox's memory of messages does; a call that left no message counts without a comment.
fn calls(server: &Server) -> Vec<Carried> {
    let mut calls = Vec::new();
    let mut messages = 0_usize;
    for call in server.sandbox().journal() {
        if call.platform != Platform::Facebook || call.method != "POST" || call.status != 200 {
            continue;
        }
        let (path, query) = call.path.split_once('?').unwrap_or((&call.path, ""));
        let object = path.rsplit('/').next().unwrap_or_default();
        if query.contains("is_hidden=true") {
            calls.push((ActionKind::Hide, object.to_owned()));
        }
        messages += usize::from(object == "messages");
    }
    let said = server.sandbox().private_messages(Platform::Facebook);
    let beyond = messages.saturating_sub(said.len());
    let comments = said.into_iter().take(messages).map(|message| message.comment.unwrap_or_default());
    let all = comments.chain(std::iter::repeat_n(String::new(), beyond));
    calls.extend(all.map(|comment| (ActionKind::PrivateReply, comment)));
    calls
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hide(id: &str) -> Carried {
        (ActionKind::Hide, id.to_owned())
    }

    #[test]
    fn the_same_on_both_sides_in_whatever_order_is_equal() {
        let warning = || (ActionKind::PrivateReply, "1".to_owned());
        let comparison = Comparison::of(vec![hide("1"), warning(), hide("2")], vec![hide("2"), hide("1"), warning()]);
        assert_eq!(comparison, Comparison { done: 3, without_call: 0, without_effect: 0 });
    }

    #[test]
    fn an_effect_that_no_call_explains_is_found() {
        let comparison = Comparison::of(vec![hide("1"), hide("2")], vec![hide("1")]);
        assert_eq!((comparison.without_call, comparison.without_effect), (1, 0));
    }

    #[test]
    fn a_call_that_nobody_recorded_and_one_made_twice_are_found() {
        let comparison = Comparison::of(vec![hide("1")], vec![hide("1"), hide("1"), hide("2")]);
        assert_eq!((comparison.without_call, comparison.without_effect), (0, 2));
    }
}
