//! Recording verdicts, once each.

use jiff::Timestamp;
use policy::{Contribution, Outcome, PolicyRef, Verdict};

use crate::case::MAX_FINDINGS;
use crate::fact::{EntryFinding, EntryStrike};
use crate::keys;
use crate::tables::Table;
use crate::write::{Write, Written};
use crate::{
    Action, AuditEntry, Case, CaseFinding, CaseId, Content, Fact, Ledger, LedgerError, NewAction, NewStrike, Once,
    Pseudonym, Status, Task,
};

/// A contribution that was judged, with what follows from it. Everything in it is recorded together or not at all.
#[derive(Clone, Debug)]
pub struct Judged<'a> {
    /// What was judged.
    pub contribution: &'a Contribution,
    /// The id of its case, as [`Ledger::case_id`] tells it.
    pub case: &'a CaseId,
    /// Its author, where the platform tells who it is: as [`Ledger::known_as`] tells it where anything is recorded about
    /// the author, else [`Ledger::pseudonym`].
    pub author: Option<&'a Pseudonym>,
    /// What the policy says about it.
    pub verdict: &'a Verdict,
    /// Which policy that was.
    pub policy: &'a PolicyRef,
    /// What follows: the verdict's outcome, or a review where automation is halted.
    pub outcome: Outcome,
    /// The group of cases that the halt leaves to a person, where the rules said `hide` and automation is halted.
    pub halted: Option<String>,
    /// Whether anybody has to look at it. A redirect that answers itself is closed from the start.
    pub status: Status,
    /// The office that is responsible.
    pub office: Option<String>,
    /// Until when it has to be decided.
    pub deadline: Option<Timestamp>,
    /// What to ask of the platform, in order.
    pub actions: Vec<NewAction>,
    /// Whether the ladder has to be climbed once the actions are settled.
    pub climb: bool,
    /// The strike on its author. Left out where the platform withheld the author.
    pub strike: Option<NewStrike>,
    /// What a person has to do.
    pub tasks: Vec<Task>,
    /// What its actions say that is said only once.
    pub once: Vec<Once>,
    /// When it arrived.
    pub received_at: Timestamp,
    /// Until when the content of its case is kept.
    pub keep_until: Timestamp,
}

impl Judged<'_> {
    /// Whether nothing follows but the audit entry.
    fn is_clean(&self) -> bool {
        self.outcome == Outcome::Allow
            && self.actions.is_empty()
            && self.strike.is_none()
            && self.tasks.is_empty()
            && self.once.is_empty()
    }
}

/// Whether something was recorded now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recorded {
    /// It was recorded by this call.
    New,
    /// It was on record already, and stays as it was.
    Duplicate,
    /// Nothing was recorded, because something that is said once was said meanwhile: decide again, without saying it.
    /// Only [`Ledger::record`] answers it, and only where [`Judged::once`] says something.
    Raced,
}

impl Ledger {
    /// Records a verdict once, however often, in whatever order and however concurrently its revision is delivered
    /// (invariant 1). With [`Outcome::Allow`] and nothing to follow, that is one conditional write of the audit entry;
    /// otherwise one transaction of audit entry, case with its actions, content, the link from its author, strike, tasks and what
    /// is said once.
    /// Once this returns, it is durable (invariant 2).
    ///
    /// # Errors
    /// When the ledger is unavailable, in which case delivering again is safe and necessary; and when two tasks have
    /// one id.
    pub async fn record(&self, judged: &Judged<'_>) -> Result<Recorded, LedgerError> {
        let case = self.new_case(judged);
        let entry = AuditEntry::about(&case, verdict_fact(judged, &case), true, judged.received_at);
        let mut writes = vec![self.write_verdict(&entry, &case.id, judged.contribution.at)?];
        // Without a time nothing tells under which of several keys it was judged.
        let elsewhere = self.case_ids(judged.contribution).into_iter().filter(|id| *id != case.id);
        writes.extend(elsewhere.map(|id| Write::Absent(Table::Audit, self.keys.verdict(&id, judged.contribution.at))));
        if !judged.is_clean() {
            writes.extend(self.consequences(judged, &case)?);
        }
        let written = match <[Write; 1]>::try_from(writes) {
            Ok([entry]) => self.store.write(entry).await?,
            Err(writes) => self.store.write_all(writes).await?,
        };
        match written {
            Written::Yes => Ok(Recorded::New),
            Written::No if judged.once.is_empty() => Ok(Recorded::Duplicate),
            Written::No => {
                let is_new = self.entry(judged.contribution).await?.is_none();
                Ok(if is_new { Recorded::Raced } else { Recorded::Duplicate })
            }
            Written::Unclear => {
                let stored = self.entry(judged.contribution).await?;
                let is_ours = stored.is_some_and(|stored| stored.hash == entry.hash);
                Ok(if is_ours { Recorded::New } else { Recorded::Duplicate })
            }
        }
    }

    fn new_case(&self, judged: &Judged<'_>) -> Case {
        let Judged { contribution, verdict, policy, received_at, .. } = judged;
        let actions = judged.actions.iter().enumerate();
        Case {
            id: judged.case.clone(),
            platform: contribution.platform,
            account: contribution.account.clone(),
            surface: contribution.surface,
            pseudonym: judged.author.cloned(),
            has_attachment: contribution.has_attachment,
            at: contribution.at,
            received_at: *received_at,
            edited: contribution.edited,
            outcome: judged.outcome,
            findings: verdict.findings().iter().take(MAX_FINDINGS).map(CaseFinding::from).collect(),
            findings_left_out: verdict.findings().len().saturating_sub(MAX_FINDINGS),
            urgent: verdict.is_urgent(),
            policy: (*policy).clone(),
            status: judged.status.clone(),
            office: judged.office.clone(),
            assignee: None,
            deadline: judged.deadline,
            group: judged.halted.clone(),
            actions: actions.map(|(position, action)| Action::unasked(position, action)).collect(),
            decisions: Vec::new(),
            climb_due: judged.climb,
            keep_until: judged.keep_until,
            erased_at: None,
            version: 1,
            content: None,
        }
    }

    fn write_verdict(
        &self,
        entry: &AuditEntry,
        case: &CaseId,
        written_at: Option<Timestamp>,
    ) -> Result<Write, LedgerError> {
        let at_home = written_at.is_some_and(|at| keys::day(at) == entry.day);
        let recorded = (!at_home).then(|| self.keys.recorded(entry.day));
        entry.write(self.keys.verdict(case, written_at), recorded)
    }

    /// All writes of what follows from a verdict.
    fn consequences(&self, judged: &Judged<'_>, case: &Case) -> Result<Vec<Write>, LedgerError> {
        let item = self.case_item(case, judged.received_at)?;
        let mut writes = vec![
            Write::New(Table::Casebook, self.keys.case(&case.id), item),
            self.write_content(&case.id, &Content::new(judged))?,
        ];
        if let Some(author) = &case.pseudonym {
            writes.push(self.write_link(author, case)?);
            if let Some(strike) = &judged.strike {
                writes.push(self.write_strike(author, &case.id, strike)?);
            }
        }
        for task in &judged.tasks {
            writes.push(self.write_task(task)?);
        }
        writes.extend(judged.once.iter().map(|once| self.write_once(once, judged.received_at)));
        Ok(writes)
    }
}

fn verdict_fact(judged: &Judged<'_>, case: &Case) -> Fact {
    Fact::Verdict {
        outcome: case.outcome,
        findings: judged.verdict.findings().iter().take(MAX_FINDINGS).map(EntryFinding::from).collect(),
        findings_left_out: case.findings_left_out,
        author: case.pseudonym.clone(),
        written_at: judged.contribution.at,
        strike: judged.strike.as_ref().filter(|_| case.pseudonym.is_some()).map(EntryStrike::from),
        urgent: case.urgent,
        halted: case.group.is_some(),
    }
}
