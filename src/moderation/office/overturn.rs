//! Overturning: what was decided is taken back, as far as the platform lets it be.

use jiff::Timestamp;
use ledger::{
    Action, Amendment, Case, CaseId, Closure, DecisionKind, NewAction, SanctionsChange, Status, StrikeChange,
};
use platforms::{Capability, adapter};
use policy::{ActionKind, Effect, Measure, MessageFacts, Notice, Platform, Sanction, SanctionKind, SanctionState};

use super::{OfficeError, Ruled, Ruling, closed};
use crate::speech::{Answered, Speech, say};
use crate::{Moderation, task};

/// How much of a case is overturned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Extent {
    /// The finding itself: the contribution is shown again, and the strike and what it led to are withdrawn.
    #[default]
    Case,
    /// Only the sanction that waits for confirmation: the contribution stays hidden, and the strike counts.
    Proposal,
}

impl Moderation {
    /// What overturning a case cannot take back on the platform, in Italian; empty when everything can. To be said
    /// before anyone decides.
    pub fn irreversible(&self, case: &Case) -> Vec<String> {
        let capability = |kind| adapter(case.platform).capability(case.surface, kind);
        let mut what = Vec::new();
        let mut cannot = |done: ActionKind, back: ActionKind, name: &str| {
            if case.actions.iter().any(|action| action.kind == done && may_have_taken_effect(action)) {
                match capability(back) {
                    Capability::Impossible(why) => what.push(format!("{name}: {why}")),
                    Capability::Manual(how) => what.push(format!("{name} solo a mano: {how}")),
                    Capability::Call | Capability::Conditional(_) if case.content.is_none() => {
                        what.push(format!("{name}: i dati del contenuto non sono più conservati"));
                    }
                    Capability::Call | Capability::Conditional(_) => {}
                }
            }
        };
        cannot(ActionKind::Hide, ActionKind::Unhide, "mostrare di nuovo il contenuto");
        cannot(ActionKind::Ban, ActionKind::Unban, "sbloccare l'autore");
        // YouTube's ban rejects the comment as well, and a rejection is for good (platform page, section 0.1, points 8
        // and 9).
        let rejects = |action: &Action| match action.kind {
            ActionKind::Delete => took_effect(action),
            ActionKind::Ban => case.platform == Platform::Youtube && took_effect(action),
            _ => false,
        };
        if case.actions.iter().any(rejects) {
            what.push("ripubblicare il contenuto: è stato eliminato per sempre".to_owned());
        }
        what
    }

    /// Overturns a case: shows the contribution again, withdraws exactly the strike and the sanctions that it caused,
    /// and apologises where the policy has words for it.
    ///
    /// # Errors
    /// When the ruling says nothing, the case was overturned before, another person was faster, or something cannot
    /// be taken back and `anyway` is not set.
    pub async fn overturn(
        &self,
        id: &CaseId,
        ruling: Ruling<'_>,
        extent: Extent,
        anyway: bool,
    ) -> Result<Ruled, OfficeError> {
        self.rule(id, ruling, DecisionKind::Overturn, async |case, now| {
            let amendment = match extent {
                Extent::Case => self.reversal(case, ruling, anyway, now).await?,
                Extent::Proposal => self.declined(case, ruling, now).await?,
            };
            Ok((amendment, Ruled::Done))
        })
        .await
    }

    async fn reversal<'c>(
        &self,
        case: &'c Case,
        ruling: Ruling<'_>,
        anyway: bool,
        now: Timestamp,
    ) -> Result<Amendment<'c>, OfficeError> {
        if let Status::Closed { reason: Closure::Overturned, .. } = case.status {
            return Err(closed(case));
        }
        let what = self.irreversible(case);
        if !anyway && !what.is_empty() {
            return Err(OfficeError::Irreversible { what });
        }
        let mut amendment = Amendment {
            status: Some(Status::Closed { reason: Closure::Overturned, at: now }),
            cancel: true,
            strike: StrikeChange::Withdraw,
            // What remains on record may lead to another step than it did with this strike.
            climb_due: Some(true),
            ..Amendment::of(case)
        };
        let is_gone = matches!(case.status, Status::Closed { reason: Closure::Removed, .. });
        let was_hidden =
            case.actions.iter().any(|action| action.kind == ActionKind::Hide && may_have_taken_effect(action));
        if was_hidden && !is_gone {
            amendment.actions.push(NewAction::new(ActionKind::Unhide));
        }
        let mut record = self.record_of(case).await?;
        let withdrawn = record.standing.withdraw(&case.id, &self.policy.ladder, now);
        let lifted = |sanction: &&Sanction<CaseId>| withdrawn.contains(&sanction.number);
        for sanction in record.standing.sanctions.iter().filter(lifted) {
            // What waits for a person to confirm or to deliver it need not be done any more.
            for task in
                [task::confirm_id(&sanction.case, sanction.number), task::warn_id(&sanction.case, sanction.number)]
            {
                amendment.tasks_done.push((task, ruling.done(now)));
            }
            let unban = || NewAction::new(ActionKind::Unban);
            let is_asked = amendment.actions.iter().any(|action| action.kind == ActionKind::Unban);
            if sanction.kind >= SanctionKind::Block && was_imposed(sanction) && !is_asked {
                amendment.actions.push(unban());
            }
        }
        if !withdrawn.is_empty() {
            let sanctions = record.standing.sanctions;
            amendment.sanctions = Some(SanctionsChange { version: record.version, sanctions, changed: withdrawn });
        }
        if was_hidden
            && !is_gone
            && let Some(apology) = self.apology(case)
        {
            amendment.actions.push(apology);
        }
        Ok(amendment)
    }

    /// A short apology, where the policy has words for one and the platform a way.
    fn apology(&self, case: &Case) -> Option<NewAction> {
        let content = case.content.as_ref()?;
        let facts = MessageFacts {
            clause: case.findings.first().and_then(|finding| self.policy.clause(&finding.clause)),
            service: None,
            done: Measure::Restored,
            reference: &case.id.reference().to_string(),
            until: None,
        };
        let answered = Answered { platform: case.platform, surface: case.surface, text: &content.text };
        let used: Vec<ActionKind> =
            case.actions.iter().map(|action| action.kind).filter(|kind| kind.speaks()).collect();
        match say(&self.policy, answered, Notice::Apology, &facts, &used) {
            Speech::Action(action) => Some(action),
            Speech::NoTemplate | Speech::NoWay => None,
        }
    }

    async fn declined<'c>(
        &self,
        case: &'c Case,
        ruling: Ruling<'_>,
        now: Timestamp,
    ) -> Result<Amendment<'c>, OfficeError> {
        let mut record = self.record_of(case).await?;
        let proposal = record
            .standing
            .sanctions
            .iter_mut()
            .find(|sanction| sanction.state == SanctionState::Proposed && sanction.case == case.id);
        let Some(proposal) = proposal else { return Err(OfficeError::NothingProposed) };
        proposal.state = SanctionState::Declined;
        proposal.closed_at = Some(now);
        let (changed, confirm) = (vec![proposal.number], task::confirm_id(&case.id, proposal.number));
        let sanctions = record.standing.sanctions;
        Ok(Amendment {
            status: Some(Status::Closed { reason: Closure::Confirmed, at: now }),
            sanctions: Some(SanctionsChange { version: record.version, sanctions, changed }),
            tasks_done: vec![(confirm, ruling.done(now))],
            ..Amendment::of(case)
        })
    }
}

fn took_effect(action: &Action) -> bool {
    matches!(action.effect, Some(Effect::Done | Effect::AlreadySo)) && action.call.is_some()
}

/// Whether an action took effect, by call or by hand, or may be taking effect now.
fn may_have_taken_effect(action: &Action) -> bool {
    took_effect(action) || action.effect == Some(Effect::Manual) || (action.effect.is_none() && action.outcome_unknown)
}

/// Whether a sanction that was withdrawn had been decided before: a mere proposal has nothing to lift.
fn was_imposed(sanction: &Sanction<CaseId>) -> bool {
    sanction.effective_at.is_some() || sanction.ends_at.is_some() || !sanction.confirmed_by.is_empty()
}
