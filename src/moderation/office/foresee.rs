//! What follows from a decision, before it is taken: what the decision itself works out, without writing it down.

use jiff::Timestamp;
use ledger::{Action, Amendment, Cancel, Case, Closure, NewAction, SanctionsChange, Status, StrikeChange, Task};
use policy::{ActionKind, Effect, Person, Reason, SanctionKind, SanctionState, Standing, Strike};

use super::confirm::Manner;
use super::{Extent, Office, OfficeError, Ruled, Ruling};
use crate::actions::climb::is_called;

/// A decision that can be foreseen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Intent {
    /// [`Office::confirm`].
    Confirm,
    /// [`Office::confirm_exposure`].
    Exposure,
    /// [`Office::overturn`], of all of it or of the sanction that waits.
    Overturn(Extent),
}

/// What would follow from a decision at this moment.
#[derive(Clone, Debug)]
pub struct Foreseen {
    /// What the platform would be asked, in order.
    pub actions: Vec<NewAction>,
    /// Whether what the platform was to be asked, and was not yet, would be taken back.
    pub takes_back: bool,
    /// What would become of the strike.
    pub strike: StrikeChange,
    /// How far sanctions would come.
    pub sanctions: Vec<(SanctionKind, SanctionState)>,
    /// What a person would have to do.
    pub tasks: Vec<Task>,
    /// Why the case would be closed; `None` where it would stay as it is.
    pub closes: Option<Closure>,
    /// The step of the ladder that would be due then.
    pub due: Option<NextStep>,
    /// What the person who decides would be told.
    pub ruled: Ruled,
}

/// A step of the ladder that a decision makes due.
#[derive(Clone, Debug)]
pub struct NextStep {
    /// Which.
    pub kind: SanctionKind,
    /// How many people would have to confirm it.
    pub people: usize,
    /// What the platform would be asked for it, with the messages in full, as far as the case itself carries it; if the
    /// platform does until then what it is asked.
    pub actions: Vec<NewAction>,
}

impl Office<'_> {
    /// What would follow if this person decided so about a case as it was read. Nothing is written down.
    ///
    /// # Errors
    /// As the decision itself: what it would refuse is refused.
    pub async fn foresee(&self, case: &Case, intent: Intent, by: &Person) -> Result<Foreseen, OfficeError> {
        let now = self.moderation.clock.now();
        // It stands in no record.
        let reason = Reason::new("anteprima").map_err(OfficeError::NotAReason)?;
        let ruling = &Ruling { by: by.clone(), reason, seen: None, held: None };
        let (amendment, ruled) = match intent {
            Intent::Confirm => self.confirmation(case, ruling, Manner::Alone, now).await?,
            Intent::Exposure => self.confirmation(case, ruling, Manner::Exposure, now).await?,
            Intent::Overturn(Extent::Case) => (self.reversal(case, ruling, true, now).await?, Ruled::Done),
            Intent::Overturn(Extent::Proposal) => (self.declined(case, ruling, now).await?, Ruled::Done),
        };
        let due = match &amendment.strike {
            StrikeChange::Add(_) | StrikeChange::Raise(_) => self.next_step(case, &amendment).await?,
            _ => None,
        };
        let Amendment { actions, cancel, strike, sanctions, tasks, status, .. } = amendment;
        let closes = match status {
            Some(Status::Closed { reason, .. }) => Some(reason),
            Some(Status::Open) | None => None,
        };
        let takes_back = cancel != Cancel::Nothing && case.unsettled().is_some();
        let sanctions = sanctions.map(changed).unwrap_or_default();
        Ok(Foreseen { actions, takes_back, strike, sanctions, tasks, closes, due, ruled })
    }

    /// The step that is due with the strike of an amendment.
    async fn next_step(&self, case: &Case, amendment: &Amendment<'_>) -> Result<Option<NextStep>, OfficeError> {
        let now = self.moderation.clock.now();
        let mut record = self.moderation.record_of(case).await?;
        let (StrikeChange::Add(strike) | StrikeChange::Raise(strike)) = &amendment.strike else { return Ok(None) };
        let strike = Strike {
            case: case.id.clone(),
            clause: strike.clause.clone(),
            weight: strike.weight,
            skips_to: strike.skips_to,
            at: strike.at,
            expires_at: strike.expires_at,
        };
        let Standing { strikes, sanctions } = &mut record.standing;
        strikes.retain(|known| known.case != case.id);
        strikes.push(strike);
        let number = sanctions.iter().map(|sanction| sanction.number).max().unwrap_or_default() + 1;
        let Some(due) = self.moderation.policy.ladder.due(&record.standing, now) else { return Ok(None) };
        let (kind, people, is_of_this) = (due.kind, due.decided_by.people(), due.case == case.id);
        let sanction = due.proposed(number, now);
        let actions = if people == 0 && is_of_this {
            let then = &carried_out(case, amendment, now);
            self.moderation.measures(then, &sanction, &record, now).actions
        } else {
            Vec::new()
        };
        Ok(Some(NextStep { kind, people, actions }))
    }
}

/// The case as it stands once the platform has hidden what it is asked to hide, where it can: messages say of it what was
/// done.
fn carried_out(case: &Case, amendment: &Amendment<'_>, now: Timestamp) -> Case {
    let mut then = case.clone();
    for asked in &amendment.actions {
        if asked.kind == ActionKind::Hide && is_called(case, ActionKind::Hide) {
            let (effect, effect_at, call) = (Some(Effect::Done), Some(now), Some(String::new()));
            then.actions.push(Action { effect, effect_at, call, ..Action::unasked(then.actions.len(), asked) });
        }
    }
    then
}

fn changed(change: SanctionsChange) -> Vec<(SanctionKind, SanctionState)> {
    let is_changed = |number: &u32| change.changed.contains(number);
    let sanctions = change.sanctions.iter().filter(|sanction| is_changed(&sanction.number));
    sanctions.map(|sanction| (sanction.kind, sanction.state)).collect()
}
