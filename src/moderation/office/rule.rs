//! How a decision about a case goes on record.

use jiff::Timestamp;
use ledger::{Amended, Amendment, Case, CaseId, Decision, DecisionKind, Status, salt};

use super::{ATTEMPTS, Office, OfficeError, Ruled, Ruling, room};

impl Office<'_> {
    /// Records a decision about a case: `kind` says which it is, as the case stands, and `change` what follows from it.
    /// Both are asked again if the system changed the case meanwhile. A decision of another person is never overridden:
    /// whoever comes second is told.
    pub(super) async fn rule(
        &self,
        id: &CaseId,
        ruling: &Ruling,
        kind: impl Fn(&Case) -> DecisionKind,
        change: impl for<'c> AsyncFn(&'c Case, Timestamp) -> Result<(Amendment<'c>, Ruled), OfficeError>,
    ) -> Result<Ruled, OfficeError> {
        let (mut seen, mut meant) = (ruling.seen, None);
        // What a person records at a desk whose clock is wrong.
        self.moderation.ledger.begins_by(self.moderation.clock.now()).await?;
        for _ in 0..ATTEMPTS {
            let now = self.moderation.clock.now();
            let case =
                self.moderation.ledger.case(id, now).await?.ok_or_else(|| OfficeError::NoCase(id.to_string()))?;
            let decided = case.decisions.len();
            if seen.is_some_and(|seen| seen < decided)
                && let Some(last) = case.decisions.last()
            {
                return Err(OfficeError::Overtaken { by: last.by.clone() });
            }
            seen = Some(decided);
            let kind = kind(&case);
            // Another decision than the one that was asked for: that somebody is in danger has come to light meanwhile.
            if *meant.get_or_insert(kind) != kind {
                return Err(OfficeError::Busy);
            }
            room::for_decision(&case, kind)?;
            let (mut amendment, ruled) = change(&case, now).await?;
            amendment.decision = Some(Decision {
                kind,
                by: ruling.by.clone(),
                at: now,
                reason: Some(ruling.reason.as_str().to_owned()),
                salt: salt(),
                keep_until: case.keep_until.max(self.moderation.policy.keep_until(case.platform, case.surface, now)),
            });
            if self.moderation.ledger.amend(&amendment, now).await? == Amended::Recorded {
                return Ok(ruled);
            }
        }
        Err(OfficeError::Busy)
    }
}

/// Why nothing can be decided about a case any more.
pub(super) fn closed(case: &Case) -> OfficeError {
    let Status::Closed { reason, .. } = case.status else { return OfficeError::Busy };
    let by = case.decisions.iter().rev().find(|decision| CLOSING.contains(&decision.kind));
    OfficeError::Closed { reason, by: by.map(|decision| decision.by.clone()) }
}

/// The decisions that close a case.
const CLOSING: [DecisionKind; 3] = [DecisionKind::Confirm, DecisionKind::Danger, DecisionKind::Overturn];
