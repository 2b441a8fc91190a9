//! Personal cases that a person finds to be some: their authors are told where they are answered, and nothing is hidden.

use jiff::Timestamp;
use ledger::{Amendment, Case, Closure, Status};
use policy::{Category, Clause, Measure, MessageFacts, Notice};

use super::Office;
use crate::actions::speech::{Answered, Speech, say};

impl Office<'_> {
    /// What follows when a person confirms that a case is a citizen's own, which a rule or the reader has only suggested: the
    /// author is told where it is answered, as a rule that is sure of it tells them. `None` where anything else was found. Where
    /// the policy has no words for it or the platform no way, nothing is said, and the case is closed as confirmed and not as
    /// answered.
    pub(super) fn redirect<'c>(&self, case: &'c Case, now: Timestamp) -> Option<Amendment<'c>> {
        let policy = &self.moderation.policy;
        let decisive = self.decisive(case);
        // What an earlier version of the policy found may be anything.
        let clauses: Vec<&Clause> =
            decisive.iter().map(|finding| policy.clause(&finding.clause)).collect::<Option<_>>()?;
        if clauses.is_empty() || clauses.iter().any(|clause| clause.category != Category::PersonalCase) {
            return None;
        }
        let facts = MessageFacts {
            clause: clauses.first().copied(),
            service: decisive.iter().find_map(|finding| policy.rule_service(&finding.rule)),
            done: Measure::None,
            reference: &case.id.reference().to_string(),
            until: None,
        };
        let mut amendment = Amendment::of(case);
        // What is gone stays closed, and leaves nothing to answer to.
        if case.is_open() {
            let mut reason = Closure::Confirmed;
            let said = case.standing_content().map(|content| {
                let (platform, surface, text) = (case.platform, case.surface, &content.text);
                let answered = Answered { platform, surface, text, in_private: false };
                say(policy, answered, Notice::Redirect, &facts, &[])
            });
            if let Some(Speech::Action(action)) = said {
                amendment.actions.push(action);
                reason = Closure::Answered;
            }
            amendment.status = Some(Status::Closed { reason, at: now });
        }
        Some(amendment)
    }
}
