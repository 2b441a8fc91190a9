//! What the people of the communication office do: they look at cases, decide, and say why.

mod author;
mod confirm;
mod overturn;
mod refer;
mod room;

use jiff::Timestamp;
use ledger::{
    Action, Amended, Amendment, AuthorRecord, Case, CaseId, Closure, Decision, DecisionKind, Done, Finished,
    LedgerError, NotAnId, Reference, SanctionsChange, Status, Task, TaskKind, salt,
};
use policy::{NotWords, Notice, Person, Platform, Reason, Referral, SanctionState};

use crate::Moderation;
use crate::actions::task;

pub use confirm::Confirmed;
pub(crate) use confirm::{is_confirmed, seen_to};
pub use overturn::{Barrier, Extent, Lasting};

/// Who decides, and why, as it was typed. Both are on record for every decision, as [`Person`] and [`Reason`] bring them
/// into form.
#[derive(Clone, Copy, Debug)]
pub struct Ruling<'a> {
    /// Who: the name or the initials by which the office knows its people.
    pub by: &'a str,
    /// The reason, in Italian, as it may be read by the citizen and by a court.
    pub reason: &'a str,
}

/// A ruling that can go on record.
#[derive(Clone, Debug)]
pub(crate) struct Signed {
    pub(crate) by: Person,
    pub(crate) reason: Reason,
}

/// How often a decision starts anew when the system changes the case meanwhile.
const ATTEMPTS: u32 = 8;

/// The most cases that are confirmed at once.
pub const GROUP: usize = 100;

/// Why something that the office asked for was not done: what is missing, or stands in the way. Whoever shows it to the
/// office has the words for it, and knows how to do there what is missing; the messages are for the log.
#[derive(Debug, thiserror::Error)]
pub enum OfficeError {
    /// There is no such case.
    #[error("no case {0}")]
    NoCase(String),
    /// The text is neither the id of a case nor a reference.
    #[error("{found:?} is no case: expected its id, or the reference that the message gave")]
    NotACase {
        /// What it is.
        found: String,
    },
    /// The reference has several revisions.
    #[error("the reference has several revisions, name one: {}", .0.join(", "))]
    Ambiguous(Vec<String>),
    /// Nobody is named.
    #[error("whoever decides is missing")]
    NoName,
    /// The reason is missing or says nothing.
    #[error("the reason is missing: at least 3 characters")]
    NoReason,
    /// What names a person is no name.
    #[error("a person's name cannot be used: {}", unfit(*.0))]
    NotAName(NotWords),
    /// What gives a reason is none.
    #[error("the reason cannot be used: {}", unfit(*.0))]
    NotAReason(NotWords),
    /// Nothing is left to decide.
    #[error("the case is closed already{}", decided_by(.by.as_ref()))]
    Closed {
        /// Why it is closed.
        reason: Closure,
        /// Who decided, if a person did.
        by: Option<Person>,
    },
    /// Another person decided at the same moment.
    #[error("meanwhile {by} has acted on this case: read it again")]
    Overtaken {
        /// Who.
        by: Person,
    },
    /// The same person cannot confirm twice.
    #[error("{by} has confirmed already: another person has to confirm")]
    SamePerson {
        /// Who.
        by: Person,
    },
    /// Something cannot be taken back on the platform.
    #[error("it cannot be taken back altogether")]
    Irreversible {
        /// On which platform.
        platform: Platform,
        /// What cannot, and why.
        what: Vec<Lasting>,
    },
    /// Something about an author who is to be erased is still under way.
    #[error("about this author something is still under way")]
    InForce {
        /// How many cases are still to be decided.
        open: usize,
        /// How many sanctions are proposed or in force.
        sanctions: usize,
    },
    /// Nothing tells on which platform the author is.
    #[error("name the platform and the person's id: what is on record does not tell the platform")]
    NoPlatform,
    /// The author is not blocked or banned.
    #[error("the author is not blocked")]
    NotBlocked,
    /// The findings name no clause that the policy has.
    #[error("the case names no clause of the policy in force")]
    NoClause,
    /// It is being brought before them already.
    #[error("the case is being brought before {} already: the task {task} is open", before(*.to))]
    BeingReferred {
        /// Before whom.
        to: Referral,
        /// The task that asks a person to do it.
        task: String,
    },
    /// Nothing was hidden to protect anybody, so that there is nobody exposed to find.
    #[error("the case is not about personal data that were hidden to protect")]
    NothingProtected,
    /// Somebody may be in danger: what else was found, and what was found of many at once, comes after that.
    #[error("the case is urgent: whoever may be in danger is helped first, and the rest is decided then")]
    UrgentFirst,
    /// A sanction waits for confirmation, which is not given to a group at once.
    #[error("a sanction waits for confirmation: decide this case by itself")]
    NotTogether,
    /// A task that asks for a decision is not closed by itself.
    #[error("this task is closed by deciding")]
    NeedsDecision,
    /// No sanction waits for confirmation.
    #[error("no sanction waits for confirmation in this case")]
    NothingProposed,
    /// There is no such task.
    #[error("no task {0}")]
    NoTask(String),
    /// Somebody has done it.
    #[error("the task was closed already by {by} on {at}")]
    TaskDone {
        /// Who.
        by: Person,
        /// When.
        at: Timestamp,
    },
    /// The case has no room for more that does not decide about it.
    #[error("the case has {most} {} already, the most: it can still be confirmed or overturned", .what.as_str())]
    Full {
        /// Of what.
        what: Filled,
        /// How many.
        most: usize,
    },
    /// The record of an author has no room for another note.
    #[error("the notes about this author fill the room that they have: they expire after a year")]
    NotesFull,
    /// The case keeps changing.
    #[error("the case keeps changing: try again in a moment")]
    Busy,
    /// The ledger failed.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

/// Of what a case can be full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filled {
    /// Referrals to the platform or the authorities.
    Referrals,
    /// Referrals, and assignments to people.
    Additions,
}

impl Filled {
    const fn as_str(self) -> &'static str {
        match self {
            Filled::Referrals => "referrals",
            Filled::Additions => "assignments and referrals",
        }
    }
}

fn decided_by(who: Option<&Person>) -> String {
    who.map_or(String::new(), |who| format!(", by {who}"))
}

const fn before(whom: Referral) -> &'static str {
    match whom {
        Referral::Platform => "the platform",
        Referral::Authorities => "the authorities",
    }
}

fn unfit(why: NotWords) -> String {
    match why {
        NotWords::TooShort => "nothing readable is left of it".to_owned(),
        NotWords::TooLong { found, most } => format!("it has {found} characters, at most {most}"),
        NotWords::NoLetters => "it has no letters".to_owned(),
    }
}

/// The person of this name, as it was typed.
///
/// # Errors
/// When nobody is named, or what was typed is no name.
pub fn person(typed: &str) -> Result<Person, OfficeError> {
    Person::new(typed).map_err(|why| match why {
        NotWords::TooShort => OfficeError::NoName,
        NotWords::TooLong { .. } | NotWords::NoLetters => OfficeError::NotAName(why),
    })
}

/// What became of a decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ruled {
    /// It is on record; what it asks of the platform is being carried out.
    Done,
    /// It is on record, and so many more people have to confirm.
    MorePeople(usize),
    /// That whoever may be in danger was seen to is on record, and there is nothing else to decide.
    SeenTo,
    /// That whoever may be in danger was seen to is on record. Whether the rules were violated is still to be decided.
    RestWaits,
}

impl Moderation {
    /// A case by its id, or by the reference that its author was given, if that has a single revision.
    ///
    /// # Errors
    /// When there is none, or more than one.
    pub async fn find_case(&self, text: &str) -> Result<Case, OfficeError> {
        let now = self.clock.now();
        if let Ok(id) = text.parse::<CaseId>() {
            return self.ledger.case(&id, now).await?.ok_or_else(|| OfficeError::NoCase(text.to_owned()));
        }
        let reference: Reference =
            text.parse().map_err(|_: NotAnId| OfficeError::NotACase { found: text.to_owned() })?;
        let mut cases = self.ledger.cases_by(&reference, now).await?;
        if cases.len() > 1 {
            return Err(OfficeError::Ambiguous(cases.iter().map(|case| case.id.to_string()).collect()));
        }
        cases.pop().ok_or_else(|| OfficeError::NoCase(text.to_owned()))
    }

    /// Closes a task: done, or found impossible. A warning that was delivered by hand counts from now on; one that
    /// could not be delivered counts for nothing, and the next violation leads to another.
    ///
    /// # Errors
    /// When the ruling says nothing, there is no such task, or somebody has closed it.
    pub async fn finish_task(&self, id: &str, ruling: Ruling<'_>, achieved: bool) -> Result<(), OfficeError> {
        let ruling = ruling.signed()?;
        let now = self.clock.now();
        let done = Done { achieved, ..ruling.done(now) };
        let task = self.ledger.task(id, now).await?.ok_or_else(|| OfficeError::NoTask(id.to_owned()))?;
        if task.kind == TaskKind::Confirm && task.done.is_none() {
            return Err(OfficeError::NeedsDecision);
        }
        if task.done.is_none() {
            self.delivered_by_hand(&task, achieved, now).await?;
        }
        match self.ledger.finish_task(id, &done).await? {
            Finished::Recorded => Ok(()),
            Finished::AlreadyDone(Done { by, at, .. }) => Err(OfficeError::TaskDone { by, at }),
            Finished::Unknown => Err(OfficeError::NoTask(id.to_owned())),
        }
    }

    /// Takes the sanction of a task further that no action stands for, or back when it could not be delivered: where its
    /// author was told of it, somebody has to correct that. Before the task is closed, so that whoever is interrupted can
    /// repeat it.
    async fn delivered_by_hand(&self, task: &Task, achieved: bool, now: Timestamp) -> Result<(), OfficeError> {
        let (Some(id), Some(number)) = (&task.case, task.sanction) else { return Ok(()) };
        if achieved && task.action.is_some() {
            return Ok(());
        }
        for _ in 0..ATTEMPTS {
            let Some(case) = self.ledger.case(id, now).await? else { return Ok(()) };
            let record = self.record_of(&case).await?;
            let change = SanctionsChange::of(record, |sanction| {
                let is_waiting = sanction.number == number && sanction.state == SanctionState::Decided;
                match (is_waiting, achieved) {
                    (true, true) => sanction.take_effect(now),
                    (true, false) => sanction.close(SanctionState::Withdrawn, now),
                    (false, _) => {}
                }
                is_waiting
            });
            let Some(change) = change else { return Ok(()) };
            let withdrawn = change.sanctions.iter().find(|sanction| sanction.number == number && !achieved);
            let was_told = |action: &Action| {
                let tells = matches!(action.notice, Some(Notice::Block | Notice::Ban));
                action.sanction == Some(number) && tells && action.was_delivered()
            };
            let told = withdrawn.filter(|_| case.actions.iter().any(was_told));
            let tasks = told.map(|sanction| task::announced(&case, sanction, now)).into_iter().collect();
            let climb_due = achieved.then_some(true);
            let amendment = Amendment { sanctions: Some(change), climb_due, tasks, ..Amendment::of(&case) };
            if self.ledger.amend(&amendment, now).await? == Amended::Recorded {
                return Ok(());
            }
        }
        Err(OfficeError::Busy)
    }

    /// Records a decision about a case: `kind` says which it is, as the case stands, and `change` what follows from it.
    /// Both are asked again if the system changed the case meanwhile. A decision of another person is never overridden:
    /// whoever comes second is told.
    async fn rule(
        &self,
        id: &CaseId,
        ruling: Ruling<'_>,
        kind: impl Fn(&Case) -> DecisionKind,
        change: impl for<'c> AsyncFn(&'c Case, Timestamp) -> Result<(Amendment<'c>, Ruled), OfficeError>,
    ) -> Result<Ruled, OfficeError> {
        let ruling = ruling.signed()?;
        let (mut seen, mut meant) = (None, None);
        // What a person records at a desk whose clock is wrong.
        self.ledger.begins_by(self.clock.now()).await?;
        for _ in 0..ATTEMPTS {
            let now = self.clock.now();
            let case = self.ledger.case(id, now).await?.ok_or_else(|| OfficeError::NoCase(id.to_string()))?;
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
                keep_until: case.keep_until.max(self.policy.keep_until(case.platform, case.surface, now)),
            });
            if self.ledger.amend(&amendment, now).await? == Amended::Recorded {
                return Ok(ruled);
            }
        }
        Err(OfficeError::Busy)
    }

    /// What is on record about the author of a case.
    pub(crate) async fn record_of(&self, case: &Case) -> Result<AuthorRecord, LedgerError> {
        match &case.pseudonym {
            Some(author) => self.ledger.author(author).await,
            None => Ok(AuthorRecord::default()),
        }
    }
}

impl Ruling<'_> {
    /// The ruling as it goes on record.
    pub(crate) fn signed(&self) -> Result<Signed, OfficeError> {
        let by = person(self.by)?;
        let reason = Reason::new(self.reason).map_err(|why| match why {
            NotWords::TooShort => OfficeError::NoReason,
            NotWords::TooLong { .. } | NotWords::NoLetters => OfficeError::NotAReason(why),
        })?;
        Ok(Signed { by, reason })
    }
}

impl Signed {
    /// That a task is done by this ruling.
    fn done(&self, now: Timestamp) -> Done {
        let (by, note) = (self.by.clone(), self.reason.as_str().to_owned());
        Done { by, at: now, note, salt: salt(), achieved: true }
    }
}

/// Why nothing can be decided about a case any more.
fn closed(case: &Case) -> OfficeError {
    let Status::Closed { reason, .. } = case.status else { return OfficeError::Busy };
    let by = case.decisions.iter().rev().find(|decision| CLOSING.contains(&decision.kind));
    OfficeError::Closed { reason, by: by.map(|decision| decision.by.clone()) }
}

/// The decisions that close a case.
const CLOSING: [DecisionKind; 3] = [DecisionKind::Confirm, DecisionKind::Danger, DecisionKind::Overturn];
