//! Overturning: what was decided is taken back, as far as the platform lets it be.

use jiff::Timestamp;
use ledger::{
    Action, Amendment, Cancel, Case, CaseId, Closure, DecisionKind, Done, NewAction, SanctionsChange, Status,
    StrikeChange,
};
use platforms::{Capability, adapter};
use policy::{
    ActionKind, Handwork, Measure, MessageFacts, Notice, Obstacle, Outcome, Referral, Sanction, SanctionKind,
    SanctionState, Surface,
};

use super::confirm::{is_confirmed, seen_to};
use super::rule::Matter;
use super::{Office, OfficeError, Ruled, Ruling, closed};
use crate::actions::retry::LEASE;
use crate::actions::speech::{Answered, Speech, say};
use crate::actions::task;

/// How much of a case is overturned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Extent {
    /// The finding itself: the contribution is shown again, and the strike and what it led to are withdrawn.
    #[default]
    Case,
    /// Only the sanction that waits for confirmation: the contribution stays hidden, and the strike counts.
    Proposal,
}

/// Something that overturning a case cannot take back on the platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lasting {
    /// The contribution is not shown again.
    Hidden(Barrier),
    /// The contribution was deleted, for good.
    Deleted,
    /// The contribution was rejected together with the ban, for good.
    Rejected,
    /// The author is not unblocked.
    Banned(Barrier),
}

/// What stands in the way of taking something back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Barrier {
    /// The platform cannot.
    Impossible(Obstacle),
    /// A person has to do it.
    ByHand(Handwork),
    /// What is needed to ask for it is no longer kept.
    Forgotten,
}

impl Office<'_> {
    /// What overturning a case cannot take back on the platform; empty when everything can. To be said before anyone
    /// decides.
    pub fn irreversible(&self, case: &Case) -> Vec<Lasting> {
        let mut what = Vec::new();
        if was_hidden(case) {
            what.extend(barrier(case, ActionKind::Unhide).map(Lasting::Hidden));
        }
        if case.actions.iter().any(|action| action.kind == ActionKind::Delete && action.carried_out_at().is_some()) {
            what.push(Lasting::Deleted);
        }
        what.extend(self.irreversible_ban(case));
        what
    }

    /// What lifting the ban that a case carries cannot take back.
    fn irreversible_ban(&self, case: &Case) -> Vec<Lasting> {
        let bans = |action: &&Action| action.kind == ActionKind::Ban && action.may_be_so();
        let Some(ban) = case.actions.iter().find(bans) else { return Vec::new() };
        let mut what: Vec<Lasting> = barrier(case, ActionKind::Unban).map(Lasting::Banned).into_iter().collect();
        if adapter(case.platform).ban_rejects() && ban.took_effect() {
            what.push(Lasting::Rejected);
        }
        what
    }

    /// Overturns a case: shows the contribution again, withdraws exactly the strike and the sanctions that it caused,
    /// and apologises where the policy has words for it.
    ///
    /// # Errors
    /// When the case was overturned before, another person was faster, or something cannot
    /// be taken back and `anyway` is not set.
    pub async fn overturn(
        &self,
        id: &CaseId,
        ruling: &Ruling,
        extent: Extent,
        anyway: bool,
    ) -> Result<Ruled, OfficeError> {
        self.rule(id, ruling, Matter::Overturn { extent, anyway }).await
    }

    pub(super) async fn reversal<'c>(
        &self,
        case: &'c Case,
        ruling: &Ruling,
        anyway: bool,
        now: Timestamp,
    ) -> Result<Amendment<'c>, OfficeError> {
        if let Status::Closed { reason: Closure::Overturned | Closure::Unfounded, .. } = case.status {
            return Err(closed(case));
        }
        let mut record = self.moderation.record_of(case).await?;
        let before = record.standing.sanctions.clone();
        let withdrawn = record.standing.withdraw(&case.id, &self.moderation.policy.ladder, now);
        let carriers =
            self.carriers(before.iter().filter(|sanction| withdrawn.contains(&sanction.number)), now).await?;
        let mut what = self.irreversible(case);
        for (_, carrier) in carriers.iter().filter(|(_, carrier)| carrier.id != case.id) {
            what.extend(self.irreversible_ban(carrier));
        }
        if !anyway && !what.is_empty() {
            return Err(OfficeError::Irreversible { platform: case.platform, what });
        }
        let is_gone = matches!(case.status, Status::Closed { reason: Closure::Removed, .. });
        let was_hidden = was_hidden(case);
        let is_unfounded = case.outcome != Outcome::Hide && !is_confirmed(case);
        let reason = if is_unfounded { Closure::Unfounded } else { Closure::Overturned };
        let not_needed = || Done { achieved: false, ..ruling.done(now) };
        let mut amendment = Amendment {
            status: Some(Status::Closed { reason, at: now }),
            cancel: Cancel::Everything,
            strike: StrikeChange::Withdraw,
            // What remains on record may lead to another step than it did with this strike.
            climb_due: Some(true),
            tasks_done: tasks_about(case).into_iter().map(|task| (task, not_needed())).collect(),
            ..Amendment::of(case)
        };
        let stays_hidden = was_hidden && self.is_hidden_for_another(case, now).await?;
        if was_hidden && !is_gone && !stays_hidden {
            amendment.actions.push(NewAction::new(ActionKind::Unhide));
        }
        for task in tasks_of(&carriers) {
            if amendment.tasks_done.iter().all(|(known, _)| *known != task) {
                amendment.tasks_done.push((task, not_needed()));
            }
        }
        amendment.actions.extend(unban(case, &carriers, now));
        let was_sanctioned = !withdrawn.is_empty();
        if was_sanctioned {
            let sanctions = record.standing.sanctions;
            amendment.sanctions = Some(SanctionsChange { version: record.version, sanctions, changed: withdrawn });
        }
        if (was_hidden || was_sanctioned) && !is_gone {
            let done = match (was_hidden, stays_hidden) {
                // Nobody else sees a private message: nothing about it is visible or not.
                (false, _) if case.surface == Surface::Message => Measure::None,
                (false, _) => Measure::Standing,
                (true, true) => Measure::Hidden,
                (true, false) if self.can_show_again(case) => Measure::Restored,
                (true, false) => Measure::Removed,
            };
            amendment.actions.extend(self.apology(case, done));
        }
        Ok(amendment)
    }

    /// Sanctions, each with the case that carries it.
    pub(super) async fn carriers<'s>(
        &self,
        sanctions: impl Iterator<Item = &'s Sanction<CaseId>>,
        now: Timestamp,
    ) -> Result<Vec<Carried<'s>>, OfficeError> {
        let mut carriers = Vec::new();
        for sanction in sanctions {
            carriers.extend(self.moderation.ledger.case(&sanction.case, now).await?.map(|carrier| (sanction, carrier)));
        }
        Ok(carriers)
    }

    /// Whether what stands there is, or is about to be, hidden for another case of the same contribution: its author wrote
    /// something new into it after a warning, and that was not taken back.
    async fn is_hidden_for_another(&self, case: &Case, now: Timestamp) -> Result<bool, OfficeError> {
        let Some(content) = case.standing_content() else { return Ok(false) };
        let cases = self.moderation.ledger.cases_of(case.platform, &case.account, &content.contribution, now).await?;
        let hides = |other: &Case| {
            let hides = |action: &Action| {
                action.kind == ActionKind::Hide && (action.effect.is_none() || action.may_be_done_by_a_person())
            };
            let stands = !matches!(
                other.status,
                Status::Closed { reason: Closure::Overturned | Closure::Unfounded | Closure::Removed, .. }
            );
            stands && (other.is_hidden() || other.actions.iter().any(hides))
        };
        Ok(cases.iter().any(|other| other.id != case.id && hides(other)))
    }

    /// Whether the platform can show a contribution again that was hidden.
    fn can_show_again(&self, case: &Case) -> bool {
        case.content.is_some() && adapter(case.platform).capability(case.surface, ActionKind::Unhide).is_called()
    }

    /// A short apology, where the policy has words for one and the platform a way.
    fn apology(&self, case: &Case, done: Measure) -> Option<NewAction> {
        let content = &case.standing_content()?;
        let facts = MessageFacts {
            clause: case.findings.first().and_then(|finding| self.moderation.policy.clause(&finding.clause)),
            service: None,
            done,
            reference: &case.id.reference().to_string(),
            until: None,
        };
        let (platform, surface, text) = (case.platform, case.surface, &content.text);
        let answered = Answered { platform, surface, text, in_private: false };
        let used: Vec<ActionKind> =
            case.actions.iter().map(|action| action.kind).filter(|kind| kind.speaks()).collect();
        match say(&self.moderation.policy, answered, Notice::Apology, &facts, &used) {
            Speech::Action(action) => Some(action),
            Speech::NoTemplate | Speech::NoWay => None,
        }
    }

    pub(super) async fn declined<'c>(
        &self,
        case: &'c Case,
        ruling: &Ruling,
        now: Timestamp,
    ) -> Result<Amendment<'c>, OfficeError> {
        let mut confirm = None;
        let change = SanctionsChange::of(self.moderation.record_of(case).await?, |sanction| {
            let is_proposed = sanction.state == SanctionState::Proposed && sanction.case == case.id;
            if is_proposed {
                sanction.close(SanctionState::Declined, now);
                confirm = Some(task::confirm_id(&case.id, sanction.number));
            }
            is_proposed
        });
        let (Some(change), Some(confirm)) = (change, confirm) else { return Err(OfficeError::NothingProposed) };
        Ok(Amendment {
            status: Some(Status::Closed { reason: Closure::Confirmed, at: now }),
            sanctions: Some(change),
            // Something graver may have waited behind the proposal.
            climb_due: Some(true),
            tasks_done: vec![(confirm, ruling.done(now))],
            ..Amendment::of(case)
        })
    }
}

/// Whether the contribution was hidden for a case, or is being hidden now. What a person was asked to hide by hand, and has
/// not said that they did, still stands: there is nothing to take back but the task, and nothing else is said of it.
fn was_hidden(case: &Case) -> bool {
    case.actions.iter().any(|action| action.kind == ActionKind::Hide && action.may_be_so())
}

/// What stands in the way of an action that takes another back.
fn barrier(case: &Case, back: ActionKind) -> Option<Barrier> {
    match adapter(case.platform).capability(case.surface, back) {
        Capability::Impossible(why) => Some(Barrier::Impossible(why)),
        Capability::Manual(how) => Some(Barrier::ByHand(how)),
        Capability::Call | Capability::Conditional => case.content.is_none().then_some(Barrier::Forgotten),
    }
}

/// The ids of the tasks about a case that need not be done once it is overturned: what was left to be done by hand, and
/// what the policy asked to be referred.
fn tasks_about(case: &Case) -> Vec<String> {
    let by_hand = case.actions.iter().map(|action| task::by_hand_id(&case.id, &action.id));
    // What the policy itself asked for, and what each of these decisions did.
    let decisions = case.decisions.iter().enumerate().filter(|(_, decision)| decision.kind == DecisionKind::Escalate);
    let numbers: Vec<usize> = std::iter::once(0).chain(decisions.map(|(position, _)| position + 1)).collect();
    // Whoever overturns it has read it.
    let danger = case.urgent.then(|| task::urgent_id(&case.id, seen_to(case)));
    let referrals = numbers.into_iter().flat_map(|number| Referral::ALL.map(|to| task::refer_id(&case.id, to, number)));
    by_hand.chain(danger).chain(referrals).collect()
}

/// A sanction with the case that carries it.
pub(super) type Carried<'s> = (&'s Sanction<CaseId>, Case);

/// The ids of the tasks that need not be done once these sanctions are taken back.
pub(super) fn tasks_of(carriers: &[Carried<'_>]) -> impl Iterator<Item = String> {
    carriers.iter().flat_map(|(sanction, carrier)| {
        let served = carrier.actions.iter().filter(|action| action.sanction == Some(sanction.number));
        let by_hand = served.map(|action| task::by_hand_id(&carrier.id, &action.id));
        by_hand.chain([task::confirm_id, task::warn_id].map(|id| id(&carrier.id, sanction.number)))
    })
}

/// The action that lets an author contribute again after the sanctions that these cases carry were taken back; none where
/// nobody keeps them out. A ban that is being asked just now comes first: what it did is known when its lease is over.
pub(super) fn unban(case: &Case, carriers: &[Carried<'_>], now: Timestamp) -> Option<NewAction> {
    let imposed = |(sanction, carrier): &&Carried<'_>| {
        let bans = |action: &Action| {
            action.kind == ActionKind::Ban && action.sanction.is_none_or(|served| served == sanction.number)
        };
        let may_keep_out = |action: &Action| bans(action) && !action.is_idle() && !action.is_certainly_not_so();
        sanction.kind >= SanctionKind::Block && carrier.actions.iter().any(may_keep_out)
    };
    let is_being_asked =
        |action: &Action| action.kind == ActionKind::Ban && action.effect.is_none() && action.outcome_unknown;
    let mut imposed = carriers.iter().filter(imposed).peekable();
    imposed.peek()?;
    let waits = imposed.any(|(_, carrier)| carrier.id != case.id && carrier.actions.iter().any(is_being_asked));
    let not_before = waits.then(|| now.saturating_add(LEASE).unwrap_or(Timestamp::MAX));
    Some(NewAction { not_before, ..NewAction::new(ActionKind::Unban) })
}
