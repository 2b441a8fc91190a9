//! Amending a case: everything that the ladder or a person changes about it, all or nothing.

use jiff::Timestamp;
use policy::{Effect, Person, Sanction};

use crate::audit::entry::fact::EntryStrike;
use crate::table::tables::Table;
use crate::table::write::{Write, Written};
use crate::{
    Action, AuthorRecord, Case, CaseId, Decision, DecisionKind, Done, Fact, Hold, Ledger, LedgerError, NewAction,
    NewStrike, Pseudonym, Status, Task,
};

/// What stands in the records for an action that was taken back before anybody asked for it.
pub(crate) const WITHDRAWN: &str = "withdrawn";

/// What is to change about a case and its author. [`Amendment::of`] changes nothing; what is to change is set from
/// there.
#[derive(Clone, Debug)]
pub struct Amendment<'a> {
    /// The case as it was read: nothing is changed if it is not so any more.
    pub case: &'a Case,
    /// What to ask of the platform besides, after the actions that there are.
    pub actions: Vec<NewAction>,
    /// Which of the actions that were there and have no effect yet are taken back: they are settled as already so. What
    /// is being asked just now, or may have taken effect unnoticed, stays.
    pub cancel: Cancel,
    /// Whether actions that wait for their time are due now.
    pub hasten: bool,
    /// Whether anybody still has to look at it.
    pub status: Option<Status>,
    /// Whether it leaves the group that a halt made of it, to be listed by itself.
    pub ungroup: bool,
    /// The office that is responsible.
    pub office: Option<String>,
    /// Who takes care of it.
    pub assignee: Option<Person>,
    /// Until when it has to be decided.
    pub deadline: Option<Timestamp>,
    /// Whether the ladder has to be climbed.
    pub climb_due: Option<bool>,
    /// Whether it is hidden to protect someone, and counts against nobody.
    pub protects: Option<bool>,
    /// What a person decided.
    pub decision: Option<Decision>,
    /// What becomes of the decision that is held.
    pub hold: Hold,
    /// What becomes of the strike of the case.
    pub strike: StrikeChange,
    /// What becomes of the author's sanctions.
    pub sanctions: Option<SanctionsChange>,
    /// What a person has to do.
    pub tasks: Vec<Task>,
    /// Tasks, by id, that are done with this. Those that do not exist or are done already stay as they are.
    pub tasks_done: Vec<(String, Done)>,
}

/// Which actions of a case are taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cancel {
    /// None.
    Nothing,
    /// All.
    Everything,
    /// Those that serve these sanctions of the author, by number.
    Serving(Vec<u32>),
}

impl Cancel {
    fn takes_back(&self, action: &Action) -> bool {
        match self {
            Cancel::Nothing => false,
            Cancel::Everything => true,
            Cancel::Serving(sanctions) => action.sanction.is_some_and(|served| sanctions.contains(&served)),
        }
    }
}

impl<'a> Amendment<'a> {
    /// One that changes nothing yet.
    pub const fn of(case: &'a Case) -> Self {
        Self {
            case,
            actions: Vec::new(),
            cancel: Cancel::Nothing,
            hasten: false,
            status: None,
            ungroup: false,
            office: None,
            assignee: None,
            deadline: None,
            climb_due: None,
            protects: None,
            decision: None,
            hold: Hold::Keep,
            strike: StrikeChange::Keep,
            sanctions: None,
            tasks: Vec::new(),
            tasks_done: Vec::new(),
        }
    }
}

/// What becomes of the strike of a case. Without an author there is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum StrikeChange {
    /// It stays as it is.
    #[default]
    Keep,
    /// It counts from now on.
    Add(NewStrike),
    /// It counts like this from now on, and counted otherwise before.
    Raise(NewStrike),
    /// It counts no more.
    Withdraw,
}

/// The sanctions of an author as they are to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SanctionsChange {
    /// The version of the author's record as it was read: nothing is changed if it has another by now.
    pub version: u64,
    /// All sanctions of the author.
    pub sanctions: Vec<Sanction<CaseId>>,
    /// The numbers of those that came a step further: each is an audit entry.
    pub changed: Vec<u32>,
}

impl SanctionsChange {
    /// What `change` makes of an author's sanctions: of each it says whether it took it a step further. `None` when all
    /// of them stay as they are.
    pub fn of(record: AuthorRecord, mut change: impl FnMut(&mut Sanction<CaseId>) -> bool) -> Option<Self> {
        let AuthorRecord { standing, version, .. } = record;
        let mut sanctions = standing.sanctions;
        let mut changed = Vec::new();
        for sanction in &mut sanctions {
            if change(sanction) {
                changed.push(sanction.number);
            }
        }
        (!changed.is_empty()).then_some(Self { version, sanctions, changed })
    }
}

/// Whether an amendment counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Amended {
    /// It is on record.
    Recorded,
    /// The case or the author's record has changed since it was read, or the author was erased. Nothing was recorded: read again, decide again.
    Superseded,
}

impl Ledger {
    /// Changes a case and what follows for its author in one transaction with the audit entries: a decision, each
    /// action that is taken back, each sanction that came a step further. Of two amendments of one case one counts.
    ///
    /// # Errors
    /// When the ledger is unavailable; when the amendment names a sanction as changed that is not there, two tasks
    /// have one id, or it needs more than the 100 items of a transaction.
    pub async fn amend(&self, amendment: &Amendment<'_>, now: Timestamp) -> Result<Amended, LedgerError> {
        let mut case = amendment.case.clone();
        // What is to follow for an author who has been erased meanwhile must not be dropped while the rest is recorded.
        let is_erased =
            case.erased_at.is_some() && matches!(amendment.strike, StrikeChange::Add(_) | StrikeChange::Raise(_));
        if is_erased || (case.pseudonym.is_none() && amendment.sanctions.is_some()) {
            return Ok(Amended::Superseded);
        }
        let mut writes = Vec::new();
        let by_person = amendment.decision.is_some();
        for action in case.actions.iter_mut().filter(|action| action.is_idle() && amendment.cancel.takes_back(action)) {
            action.conclude(Effect::AlreadySo, now);
            action.note = Some(WITHDRAWN.to_owned());
            action.by_person |= by_person;
            writes.push(self.write_effect(amendment.case, action, Effect::AlreadySo, now)?);
        }
        if amendment.hasten {
            for action in case.actions.iter_mut().filter(|action| action.is_unasked()) {
                action.not_before = None;
            }
        }
        for action in &amendment.actions {
            case.add_action(action, by_person);
        }
        if let Some(status) = &amendment.status {
            case.status = status.clone();
        }
        if amendment.ungroup {
            case.group = None;
        }
        replace(&mut case.office, &amendment.office);
        replace(&mut case.assignee, &amendment.assignee);
        replace(&mut case.deadline, &amendment.deadline);
        case.climb_due = amendment.climb_due.unwrap_or(case.climb_due);
        case.protects = amendment.protects.unwrap_or(case.protects);
        match &amendment.hold {
            Hold::Keep => {}
            Hold::Begin(held) => case.held = Some(held.clone()),
            Hold::End => case.held = None,
        }
        if let Some(decision) = &amendment.decision {
            case.urgent &= decision.kind != DecisionKind::Danger;
            case.decisions.push(decision.clone());
            let number = case.decisions.len();
            writes.push(self.write_reason(&case.id, number, decision)?);
            let fact = decision_fact(decision, &amendment.strike);
            writes.push(self.write_event(&case, &format!("decision#{number}"), fact, false, now)?);
        }
        if let Some(author) = &case.pseudonym {
            writes.extend(self.strike_change(author, &case.id, &amendment.strike)?);
            if amendment.strike == StrikeChange::Withdraw {
                writes.push(Write::Forget(Table::Casebook, self.keys.strike(author, &case.id)));
            }
            if let Some(change) = &amendment.sanctions {
                writes.extend(self.sanctions_change(&case, author, change, !by_person, now).await?);
            }
        }
        for task in &amendment.tasks {
            writes.push(self.write_task(task)?);
        }
        for (id, done) in &amendment.tasks_done {
            writes.extend(self.task_done(id, done).await?);
        }
        let recorded = if writes.is_empty() {
            // Alone it costs half of what it costs in a transaction, and most climbs find nothing else to change.
            self.change_case(&mut case, now).await?
        } else {
            writes.push(self.write_case(&case, now)?);
            self.store.write_all(writes).await? == Written::Yes
        };
        Ok(if recorded { Amended::Recorded } else { Amended::Superseded })
    }

    /// The write that gives an author a strike, or counts it otherwise. None takes one back: who amends a case may delete,
    /// and who records a revision may not (decision 0013).
    pub(crate) fn strike_change(
        &self,
        author: &Pseudonym,
        case: &CaseId,
        change: &StrikeChange,
    ) -> Result<Option<Write>, LedgerError> {
        match change {
            StrikeChange::Keep | StrikeChange::Withdraw => Ok(None),
            StrikeChange::Add(strike) => self.write_strike(author, case, strike).map(Some),
            StrikeChange::Raise(strike) => self.write_raised(author, case, strike).map(Some),
        }
    }

    async fn sanctions_change(
        &self,
        case: &Case,
        author: &Pseudonym,
        change: &SanctionsChange,
        automatic: bool,
        now: Timestamp,
    ) -> Result<Vec<Write>, LedgerError> {
        // Strikes and notes as they are now: until when the record is kept follows from them.
        let mut record = self.author(author).await?;
        record.standing.sanctions.clone_from(&change.sanctions);
        record.version = change.version;
        let mut writes = vec![self.write_standing(author, &record)?];
        for number in &change.changed {
            let Some(sanction) = change.sanctions.iter().find(|sanction| sanction.number == *number) else {
                let message = format!("an amendment names sanction {number} as changed, which is not among them");
                return Err(LedgerError::Configuration(message));
            };
            writes.push(self.write_sanction(case, author, sanction, change.version + 1, automatic, now)?);
        }
        Ok(writes)
    }
}

fn decision_fact(decision: &Decision, strike: &StrikeChange) -> Fact {
    Fact::Decision {
        decision: decision.kind,
        by: decision.by.to_string(),
        reason: decision.reason_hash(),
        strike: match strike {
            StrikeChange::Add(strike) => Some(EntryStrike::from(strike)),
            StrikeChange::Keep | StrikeChange::Raise(_) | StrikeChange::Withdraw => None,
        },
        strike_withdrawn: *strike == StrikeChange::Withdraw,
    }
}

fn replace<T: Clone>(value: &mut Option<T>, by: &Option<T>) {
    if by.is_some() {
        value.clone_from(by);
    }
}
