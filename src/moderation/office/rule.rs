//! How a decision about a case goes on record.

use jiff::Timestamp;
use ledger::{Amended, Amendment, Case, CaseId, Decision, DecisionKind, HeldDecision, Hold, Pseudonym, Status, salt};
use policy::{Person, Referral};

use super::confirm::Manner;
use super::{ATTEMPTS, Extent, Office, OfficeError, Ruled, Ruling, room};

/// What is decided about a case. It is named, and not a closure: the compiler then sees that whoever waits for a decision
/// may be moved to another thread meanwhile.
#[derive(Clone, Copy)]
pub(super) enum Matter<'d> {
    /// It is confirmed.
    Confirm(Manner),
    /// It is overturned: how much of it, and whether also where not all can be taken back.
    Overturn { extent: Extent, anyway: bool },
    /// It is brought before others.
    Escalate(Referral),
    /// It is given to somebody.
    Assign(&'d Person),
    /// Something is noted about it.
    Note,
    /// Its author, whom a sanction that it carries keeps out, is let back in.
    Unban(&'d Pseudonym),
    /// Another decision is held until then, so that its person can take it back.
    Announce { what: HeldDecision, due: Timestamp },
    /// What is held is taken back.
    TakeBack,
}

impl Matter<'_> {
    /// Whether it decides something that nobody decides while a decision is held.
    const fn decides(self) -> bool {
        !matches!(self, Matter::Assign(_) | Matter::Note | Matter::TakeBack)
    }
}

impl From<HeldDecision> for Matter<'_> {
    fn from(held: HeldDecision) -> Self {
        match held {
            HeldDecision::Confirm => Matter::Confirm(Manner::Alone),
            HeldDecision::Exposure => Matter::Confirm(Manner::Exposure),
            HeldDecision::Overturn { anyway } => Matter::Overturn { extent: Extent::Case, anyway },
            HeldDecision::Decline => Matter::Overturn { extent: Extent::Proposal, anyway: false },
        }
    }
}

impl Office<'_> {
    /// Which decision it is, as a case stands.
    fn kind(self, matter: Matter<'_>, case: &Case) -> DecisionKind {
        match matter {
            Matter::Confirm(_) if self.is_in_danger(case) => DecisionKind::Danger,
            Matter::Confirm(_) => DecisionKind::Confirm,
            Matter::Overturn { .. } => DecisionKind::Overturn,
            Matter::Escalate(_) => DecisionKind::Escalate,
            Matter::Assign(_) => DecisionKind::Assign,
            Matter::Note => DecisionKind::Note,
            Matter::Unban(_) => DecisionKind::Unban,
            Matter::Announce { .. } => DecisionKind::Announce,
            Matter::TakeBack => DecisionKind::TakeBack,
        }
    }

    /// What follows from it, as a case stands.
    pub(super) async fn follows<'c>(
        &self,
        matter: Matter<'_>,
        case: &'c Case,
        ruling: &Ruling,
        now: Timestamp,
    ) -> Result<(Amendment<'c>, Ruled), OfficeError> {
        match matter {
            Matter::Confirm(manner) => self.confirmation(case, ruling, manner, now).await,
            Matter::Overturn { extent: Extent::Case, anyway } => {
                Ok((self.reversal(case, ruling, anyway, now).await?, Ruled::Done))
            }
            Matter::Overturn { extent: Extent::Proposal, .. } => {
                Ok((self.declined(case, ruling, now).await?, Ruled::Done))
            }
            Matter::Escalate(to) => Ok((self.escalation(case, to, now).await?, Ruled::Done)),
            Matter::Assign(to) if case.is_open() => {
                Ok((Amendment { assignee: Some(to.clone()), ..Amendment::of(case) }, Ruled::Done))
            }
            Matter::Assign(_) => Err(closed(case)),
            Matter::Note => Ok((Amendment::of(case), Ruled::Done)),
            Matter::Announce { what, due } => Ok((self.announcement(case, what, due).await?, Ruled::Done)),
            Matter::TakeBack => {
                let is_own = case.announced().is_some_and(|announced| announced.by.is(&ruling.by));
                let is_early = case.held.as_ref().is_some_and(|held| held.due > now);
                if !is_own || !is_early {
                    return Err(OfficeError::NotHeld);
                }
                Ok((Amendment { hold: Hold::End, ..Amendment::of(case) }, Ruled::Done))
            }
            Matter::Unban(author) => Ok((self.readmission(case, author, ruling, now).await?, Ruled::Done)),
        }
    }

    /// Records a decision about a case, with what follows from it. Both are worked out again if the system changed the case
    /// meanwhile. A decision of another person is never overridden: whoever comes second is told.
    pub(super) async fn rule(&self, id: &CaseId, ruling: &Ruling, matter: Matter<'_>) -> Result<Ruled, OfficeError> {
        let (mut seen, mut meant) = (ruling.seen, None);
        // What a person records at a desk whose clock is wrong.
        self.moderation.ledger.begins_by(self.moderation.clock.now()).await?;
        for _ in 0..ATTEMPTS {
            let now = self.moderation.clock.now();
            let case =
                self.moderation.ledger.case(id, now).await?.ok_or_else(|| OfficeError::NoCase(id.to_string()))?;
            let decided = case.decisions.len();
            // Nobody has seen more than there is: who says so would decide on what comes meanwhile.
            if seen.is_some_and(|seen| seen != decided) {
                let last = case.decisions.last().map(|last| last.by.clone());
                return Err(last.map_or(OfficeError::Busy, |by| OfficeError::Overtaken { by }));
            }
            seen = Some(decided);
            if case.held != ruling.held && matter.decides() {
                // Whoever decided has some seconds to take it back, in which nobody else decides. What was held, and is not
                // any more, was taken back or counts already.
                return Err(case
                    .announced()
                    .map_or(OfficeError::NotHeld, |one| OfficeError::Overtaken { by: one.by.clone() }));
            }
            let kind = self.kind(matter, &case);
            // Another decision than the one that was asked for: that somebody is in danger has come to light meanwhile.
            if *meant.get_or_insert(kind) != kind {
                return Err(OfficeError::Busy);
            }
            room::for_decision(&case, kind)?;
            // In the heap, as whoever asks for it holds other futures as well.
            let (mut amendment, ruled) = Box::pin(self.follows(matter, &case, ruling, now)).await?;
            if ruling.held.is_some() {
                amendment.hold = Hold::End;
            }
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

#[cfg(test)]
mod tests {
    use super::*;

    const fn is_send<T: Send>(_: &T) {}

    /// Never called: that it compiles says that a server may wait for the office on whatever thread there is.
    #[expect(dead_code, reason = "it is for the compiler")]
    fn whoever_waits_for_the_office_may_be_moved(office: Office<'_>, id: &CaseId, ruling: &Ruling) {
        is_send(&office.rule(id, ruling, Matter::Note));
        is_send(&office.confirm(id, ruling));
        is_send(&office.confirm_group("g", ruling));
        is_send(&office.overturn(id, ruling, Extent::Case, false));
        is_send(&office.on_desk(""));
        is_send(&office.finish_task("", ruling, true));
    }
}
