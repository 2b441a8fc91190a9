//! Decisions that can be taken back for some seconds: they stand on record at once, and count when their time has come.

use jiff::{SignedDuration, Timestamp};
use ledger::{Amended, Amendment, Case, CaseId, DecisionKind, Held, HeldDecision, Hold, LedgerError};
use policy::{Person, Reason, SanctionState};

use super::rule::Matter;
use super::{Extent, Intent, Office, OfficeError, Ruled, Ruling};
use crate::Moderation;

/// How often at most decisions of a case are held: what is decided again and again counts at once.
const MOST_HELD: usize = 20;

/// What stands on record as the reason of whoever takes a decision back.
const TAKEN_BACK: &str = "Ripresa prima che valesse";

impl Office<'_> {
    /// Decides about a case as [`Office::confirm`] and the like do, but so that it counts only after a time, in which its
    /// person can take it back and nobody else decides. Until then nothing is asked of the platform, and nothing follows.
    /// It comes to count by itself, as pending work does. Answers what will have become of it, and when; no time where it
    /// counts at once.
    ///
    /// # Errors
    /// As the decision itself, at once. What is refused only then, because the case has changed meanwhile, is not done, and
    /// the case waits for a decision again.
    pub async fn announce(
        &self,
        id: &CaseId,
        intent: Intent,
        anyway: bool,
        ruling: &Ruling,
        wait: SignedDuration,
    ) -> Result<(Ruled, Option<Timestamp>), OfficeError> {
        let now = self.moderation.clock.now();
        let what = match intent {
            Intent::Confirm => HeldDecision::Confirm,
            Intent::Exposure => HeldDecision::Exposure,
            Intent::Overturn(Extent::Case) => HeldDecision::Overturn { anyway },
            Intent::Overturn(Extent::Proposal) => HeldDecision::Decline,
        };
        let case = self.case(id).await?;
        let held = case.decisions.iter().filter(|one| one.kind == DecisionKind::Announce).count();
        if wait.is_zero() || held >= MOST_HELD {
            return Ok((self.rule(id, ruling, what.into()).await?, None));
        }
        let (_, ruled) = Box::pin(self.follows(what.into(), &case, ruling, now)).await?;
        let due = now.saturating_add(wait).unwrap_or(Timestamp::MAX);
        self.rule(id, ruling, Matter::Announce { what, due }).await?;
        Ok((ruled, Some(due)))
    }

    /// Takes back what this person has decided about a case, as long as it is held. Both stand on record.
    ///
    /// # Errors
    /// When nothing of theirs is held, or its time is over.
    pub async fn take_back(&self, id: &CaseId, by: &Person) -> Result<Ruled, OfficeError> {
        let reason = Reason::new(TAKEN_BACK).map_err(OfficeError::NotAReason)?;
        self.rule(id, &Ruling { by: by.clone(), reason, seen: None, held: None }, Matter::TakeBack).await
    }

    pub(super) async fn announcement<'c>(
        &self,
        case: &'c Case,
        what: HeldDecision,
        due: Timestamp,
    ) -> Result<Amendment<'c>, OfficeError> {
        let held = Held { what, announced: case.decisions.len(), sanction: self.proposed(case).await?, due };
        Ok(Amendment { hold: Hold::Begin(held), ..Amendment::of(case) })
    }

    /// The sanction that waits for confirmation in a case, by its number.
    async fn proposed(&self, case: &Case) -> Result<Option<u32>, LedgerError> {
        let record = self.moderation.record_of(case).await?;
        let mut sanctions = record.standing.sanctions.into_iter();
        let found = sanctions.find(|one| one.state == SanctionState::Proposed && one.case == case.id);
        Ok(found.map(|one| one.number))
    }
}

impl Moderation {
    /// Has the decision count that a case holds and whose time has come. What cannot be done any more is let go, and the case
    /// waits for a decision again.
    pub(crate) async fn decide_held(&self, case: &Case) -> Result<(), LedgerError> {
        let (Some(held), Some(announced)) = (&case.held, case.announced()) else { return Ok(()) };
        let office = self.office();
        let reason = announced.reason.as_deref().and_then(|reason| Reason::new(reason).ok());
        // What was written or proposed meanwhile is nothing that its person has seen.
        let received = case.revisions.iter().map(|revision| revision.received_at).chain([case.received_at]).max();
        let is_read = received.is_none_or(|at| at <= announced.at);
        let is_same = is_read && office.proposed(case).await? == held.sanction;
        let decided = match reason {
            Some(reason) if is_same => {
                let ruling = Ruling { by: announced.by.clone(), reason, seen: None, held: Some(held.clone()) };
                Box::pin(office.rule(&case.id, &ruling, held.what.into())).await
            }
            _ => Err(OfficeError::NotHeld),
        };
        match decided {
            // It is due still, and comes back.
            Ok(_) | Err(OfficeError::Busy) => Ok(()),
            Err(OfficeError::Ledger(error)) if error.is_retryable() => Err(error),
            Err(error) => {
                tracing::warn!(case = %case.id, %error, "a decision did not come to count: the case has changed meanwhile");
                let amendment = Amendment { hold: Hold::End, ..Amendment::of(case) };
                // Where the case has changed once more, it is due still.
                let (Amended::Recorded | Amended::Superseded) = self.ledger.amend(&amendment, self.clock.now()).await?;
                Ok(())
            }
        }
    }
}
