//! What the people of the communication office do: they look at cases, decide, and say why.

mod author;
mod confirm;
mod english;
mod overturn;
mod refer;
mod room;

use jiff::Timestamp;
use ledger::{
    Amended, Amendment, AuthorRecord, Case, CaseId, Closure, Decision, DecisionKind, Done, Finished, LedgerError,
    NotAnId, Reference, SanctionsChange, Status, Task, TaskKind, salt,
};
use policy::{NotWords, Person, Reason, SanctionState};

use crate::Moderation;

pub use confirm::Confirmed;
pub(crate) use confirm::{is_confirmed, seen_to};
pub use english::named_in_english;
pub use overturn::Extent;

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

/// Why something that the office asked for was not done. The messages are in Italian: the office reads them.
#[derive(Debug, thiserror::Error)]
pub enum OfficeError {
    /// There is no such case.
    #[error("nessun caso {0}")]
    NoCase(String),
    /// The text is neither the id of a case nor a reference.
    #[error("{found:?} non è un caso: serve il suo identificativo, oppure il riferimento citato nel messaggio")]
    NotACase {
        /// What it is.
        found: String,
    },
    /// The reference has several revisions.
    #[error("il riferimento ha più revisioni, indicarne una: {}", .0.join(", "))]
    Ambiguous(Vec<String>),
    /// Nobody is named.
    #[error("manca chi decide (--by)")]
    NoName,
    /// The reason is missing or says nothing.
    #[error("manca la motivazione (--reason): almeno 3 caratteri")]
    NoReason,
    /// What names a person is no name.
    #[error("il nome di una persona non è utilizzabile: {}", unfit(*.0))]
    NotAName(NotWords),
    /// What gives a reason is none.
    #[error("la motivazione (--reason) non è utilizzabile: {}", unfit(*.0))]
    NotAReason(NotWords),
    /// Nothing is left to decide.
    #[error("il caso è già chiuso{}", decided_by(.by.as_ref()))]
    Closed {
        /// Why it is closed.
        reason: Closure,
        /// Who decided, if a person did.
        by: Option<Person>,
    },
    /// Another person decided at the same moment.
    #[error("nel frattempo {by} è intervenuto su questo caso: rileggerlo")]
    Overtaken {
        /// Who.
        by: Person,
    },
    /// The same person cannot confirm twice.
    #[error("{by} ha già confermato: serve la conferma di un'altra persona")]
    SamePerson {
        /// Who.
        by: Person,
    },
    /// Something cannot be taken back on the platform.
    #[error("non si può annullare del tutto: {}; ripetere con --anyway per decidere lo stesso", .what.join("; "))]
    Irreversible {
        /// What cannot be restored, and why.
        what: Vec<String>,
    },
    /// Something about an author who is to be erased is still under way.
    #[error("per questo autore resta qualcosa in corso ({}); ripetere con --anyway per cancellare lo stesso: nulla viene \
             tolto o mostrato di nuovo sulla piattaforma, ma non risulterà più perché", .what.join("; "))]
    InForce {
        /// What is.
        what: Vec<String>,
    },
    /// Nothing tells on which platform the author is.
    #[error("indicare la piattaforma e l'id della persona: da ciò che risulta non si ricava la piattaforma")]
    NoPlatform,
    /// The author is not blocked or banned.
    #[error("l'autore non risulta bloccato")]
    NotBlocked,
    /// The findings name no clause that the policy has.
    #[error("il caso non cita un articolo della policy in vigore")]
    NoClause,
    /// Nothing was hidden to protect anybody, so that there is nobody exposed to find.
    #[error("il caso non riguarda dati personali nascosti a protezione: --exposed-another non serve")]
    NothingProtected,
    /// Somebody may be in danger: what else was found, and what was found of many at once, comes after that.
    #[error(
        "il caso è urgente: prima si aiuta chi può essere in pericolo, e lo si conferma da solo e senza \
             --exposed-another; poi si decide il resto"
    )]
    UrgentFirst,
    /// A sanction waits for confirmation, which is not given to a group at once.
    #[error("una sanzione attende conferma: decidere il caso da solo")]
    NotTogether,
    /// A task that asks for a decision is not closed by itself.
    #[error("questa attività si chiude decidendo: `galateo case confirm`, oppure `case overturn --only-sanction`")]
    NeedsDecision,
    /// No sanction waits for confirmation.
    #[error("nessuna sanzione attende conferma in questo caso")]
    NothingProposed,
    /// There is no such task.
    #[error("nessuna attività {0}")]
    NoTask(String),
    /// Somebody has done it.
    #[error("attività già chiusa da {by} il {at}")]
    TaskDone {
        /// Who.
        by: Person,
        /// When.
        at: Timestamp,
    },
    /// The case has no room for more that does not decide about it.
    #[error("il caso ha già {most} {what}, il massimo: si può ancora confermarlo o annullarlo")]
    Full {
        /// Of what.
        what: &'static str,
        /// How many.
        most: usize,
    },
    /// The record of an author has no room for another note.
    #[error("le annotazioni su questo autore occupano già tutto lo spazio previsto: decadono dopo un anno")]
    NotesFull,
    /// The case keeps changing.
    #[error("il caso continua a cambiare: riprovare tra poco")]
    Busy,
    /// The ledger failed.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

fn decided_by(who: Option<&Person>) -> String {
    who.map_or(String::new(), |who| format!(", da {who}"))
}

fn unfit(why: NotWords) -> String {
    match why {
        NotWords::TooShort => "non ne resta nulla di leggibile".to_owned(),
        NotWords::TooLong { found, most } => format!("ha {found} caratteri, al massimo {most}"),
        NotWords::NoLetters => "non contiene lettere".to_owned(),
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

    /// Takes the sanction of a task further that no action stands for, or back when it could not be delivered. Before
    /// the task is closed, so that whoever is interrupted can repeat it.
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
            let amendment =
                Amendment { sanctions: Some(change), climb_due: achieved.then_some(true), ..Amendment::of(&case) };
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
