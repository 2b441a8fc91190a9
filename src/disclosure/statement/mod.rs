//! The statement of reasons, in the attributes of the DSA Transparency Database (Regulation (EU) 2022/2065, articles 17
//! and 24(5)) as its API documentation has them since July 2025. `docs/decisions/0015-the-dossiers-statement-of-reasons.md`
//! says why, and how each attribute is chosen.
//!
//! That database takes no personal data, so none stands here: no words of the contribution, no name, no id of a
//! platform.

mod attributes;
mod facts;
mod restriction;
#[cfg(test)]
mod testing;

use jiff::Timestamp;
use ledger::{Action, Case, CaseId, Closure, Decision, DecisionKind, Status};
use platforms::{Capability, adapter};
use policy::{ActionKind, Sanction, SanctionKind};
use serde::Serialize;

use crate::judged::{InForce, Judgement};
use attributes::{EEA, in_the_database};
use facts::{explanation, facts, ground};
use restriction::{Restriction, asked, restricts, state};

pub use attributes::Attributes;
pub use restriction::State;

/// What was decided about the contribution or its author, in the terms in which platforms state theirs.
#[derive(Serialize)]
pub struct Statement {
    /// Always true: the duty is the platforms', and the institution follows it of its own accord.
    pub voluntary: bool,
    /// How the decision stands.
    pub state: State,
    /// Since when the decision is taken back; absent unless it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub overturned_at: Option<Timestamp>,
    /// The attributes of the database.
    pub attributes: Attributes,
}

/// The statement about a case; `None` where nothing restricts anybody: what was allowed, redirected, or only reviewed,
/// and where a restriction was dropped before the platform was asked.
pub(crate) fn of(
    case: &Case,
    verdict: &Judgement<'_>,
    policy: &InForce<'_>,
    sanctions: &[&Sanction<CaseId>],
) -> Option<Statement> {
    let restrictions = asked(&case.actions, restricts);
    let first = restrictions.first()?;
    let visibility = Restriction::of(&case.actions, &[ActionKind::Hide, ActionKind::Delete], ActionKind::Unhide);
    let account = Restriction::of(&case.actions, &[ActionKind::Ban], ActionKind::Unban);
    let block = sanctions.iter().find(|one| one.case == case.id && one.kind >= SanctionKind::Block);
    let ends = account.as_ref().and_then(|account| account.ended).or(block.and_then(|block| block.ends_at));
    let mut named: Vec<(&'static str, Option<&'static str>)> = Vec::new();
    for category in verdict.findings.iter().filter_map(|finding| finding.category) {
        named.extend(in_the_database(category).filter(|category| !named.contains(category)));
    }
    let category = named.first().map_or("STATEMENT_CATEGORY_OTHER_VIOLATION_TC", |(category, _)| category);
    let mut category_addition: Vec<&'static str> = Vec::new();
    for (addition, _) in &named {
        if *addition != category && !category_addition.contains(addition) {
            category_addition.push(addition);
        }
    }
    let is_text = verdict.findings.iter().any(|finding| finding.detector != "attachment");
    let attached = case.has_attachment.then_some("Allegato");
    let written = is_text || attached.is_none();
    let begun = visibility.iter().chain(&account).filter_map(|restriction| restriction.begun).min();
    Some(Statement {
        voluntary: true,
        state: state(visibility.iter().chain(&account)),
        overturned_at: match case.status {
            Status::Closed { reason: Closure::Overturned, at } => Some(at),
            Status::Closed { .. } | Status::Open => None,
        },
        attributes: Attributes {
            decision_visibility: visibility.iter().map(|_| hidden_how(case)).collect(),
            end_date_visibility_restriction: visibility.as_ref().and_then(|hidden| hidden.ended).map(ledger::day),
            decision_account: account.as_ref().map(|_| blocked_how(block.map(|block| block.kind))),
            end_date_account_restriction: account.as_ref().and(ends).map(ledger::day),
            decision_ground: "DECISION_GROUND_INCOMPATIBLE_CONTENT",
            decision_ground_reference_url: policy.url.map(str::to_owned),
            incompatible_content_ground: ground(verdict, policy),
            incompatible_content_explanation: explanation(verdict, policy),
            category,
            category_addition,
            category_specification: named.iter().filter_map(|(_, keyword)| *keyword).collect(),
            content_type: [written.then_some("CONTENT_TYPE_TEXT"), attached.map(|_| "CONTENT_TYPE_OTHER")]
                .into_iter()
                .flatten()
                .collect(),
            content_type_other: attached,
            content_date: ledger::day(case.at.unwrap_or(case.received_at)),
            territorial_scope: &EEA,
            application_date: ledger::day(begun.or(first.asked_at).unwrap_or(case.received_at)),
            decision_facts: facts(case, verdict, policy),
            source_type: "SOURCE_VOLUNTARY",
            automated_detection: if verdict.findings.is_empty() { "No" } else { "Yes" },
            automated_decision: automated(&case.decisions, &restrictions, block.copied()),
            puid: case.id.to_string(),
        },
    })
}

/// What can be shown again was disabled; what cannot was removed.
fn hidden_how(case: &Case) -> &'static str {
    let is_deleted = |action: &Action| action.kind == ActionKind::Delete && action.carried_out_at().is_some();
    let deleted = case.actions.iter().any(is_deleted);
    match adapter(case.platform).capability(case.surface, ActionKind::Unhide) {
        Capability::Impossible(_) => "DECISION_VISIBILITY_CONTENT_REMOVED",
        _ if deleted => "DECISION_VISIBILITY_CONTENT_REMOVED",
        _ => "DECISION_VISIBILITY_CONTENT_DISABLED",
    }
}

/// The account itself is the platform's: what ends, for a time or for good, is its part in our channel.
fn blocked_how(sanction: Option<SanctionKind>) -> &'static str {
    match sanction {
        Some(SanctionKind::Ban) => "DECISION_ACCOUNT_TERMINATED",
        _ => "DECISION_ACCOUNT_SUSPENDED",
    }
}

fn automated(decisions: &[Decision], restrictions: &[&Action], block: Option<&Sanction<CaseId>>) -> &'static str {
    let people = |action: &Action| {
        action.by_person
            || (action.kind == ActionKind::Ban && block.is_some_and(|block| !block.confirmed_by.is_empty()))
    };
    // Who did it by hand has looked at it before.
    let looked = decisions.iter().any(|decision| decision.kind == DecisionKind::Confirm)
        || restrictions.iter().any(|action| action.by_hand_at.is_some());
    if restrictions.iter().all(|action| people(action)) {
        "AUTOMATED_DECISION_NOT_AUTOMATED"
    } else if looked || restrictions.iter().any(|action| people(action)) {
        "AUTOMATED_DECISION_PARTIALLY"
    } else {
        "AUTOMATED_DECISION_FULLY"
    }
}

#[cfg(test)]
mod tests {
    use super::testing::{CALL, settled};
    use super::*;

    #[test]
    fn who_takes_back_an_unasked_action_did_not_decide_the_automatic_one() {
        let withdrawn = Action { by_person: true, ..settled("ban", "already_so", None, 2) };
        let actions = [settled("hide", "done", CALL, 1), withdrawn];
        assert_eq!(automated(&[], &asked(&actions, restricts), None), "AUTOMATED_DECISION_FULLY");
        let decided = [Action { by_person: true, ..settled("hide", "done", CALL, 1) }];
        assert_eq!(automated(&[], &asked(&decided, restricts), None), "AUTOMATED_DECISION_NOT_AUTOMATED");
    }

    #[test]
    fn what_a_person_did_by_hand_was_not_decided_by_the_rules_alone() {
        let left = settled("hide", "manual", None, 1);
        let by_hand = [Action { by_hand_at: left.effect_at, ..left.clone() }];
        assert_eq!(automated(&[], &asked(&[left], restricts), None), "AUTOMATED_DECISION_FULLY");
        assert_eq!(automated(&[], &asked(&by_hand, restricts), None), "AUTOMATED_DECISION_PARTIALLY");
        let decided = [Action { by_person: true, ..by_hand[0].clone() }];
        assert_eq!(automated(&[], &asked(&decided, restricts), None), "AUTOMATED_DECISION_NOT_AUTOMATED");
    }
}
