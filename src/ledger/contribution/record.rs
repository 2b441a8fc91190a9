//! Recording verdicts, once each.

use std::collections::BTreeSet;

use jiff::Timestamp;
use policy::{Contribution, Outcome, PolicyRef, Verdict};

use crate::audit::entry::fact::{EntryFinding, EntryStrike};
use crate::case::MAX_FINDINGS;
use crate::table::keys;
use crate::table::tables::Table;
use crate::table::write::{Write, Written};
use crate::{
    Action, AuditEntry, Case, CaseFinding, CaseId, Content, Course, Fact, Ledger, LedgerError, NewAction, NewStrike,
    Once, Pseudonym, Status, Task,
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
    /// Whether it is hidden to protect someone, and counts against nobody.
    pub protects: bool,
    /// What is known of its other revisions, where it may have some: a case that it opens is theirs as well. `None` for a
    /// first revision that opens none.
    pub course: Option<&'a Course>,
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

impl<'a> Judged<'a> {
    /// A contribution of which nothing follows but what the verdict says: nothing is asked of the platform or of a person,
    /// and nothing counts.
    pub fn without_consequences(
        contribution: &'a Contribution,
        case: &'a CaseId,
        verdict: &'a Verdict,
        policy: &'a PolicyRef,
        received_at: Timestamp,
        keep_until: Timestamp,
    ) -> Self {
        Self {
            contribution,
            case,
            author: None,
            verdict,
            policy,
            outcome: verdict.outcome(),
            halted: None,
            status: Status::Open,
            office: None,
            deadline: None,
            actions: Vec::new(),
            climb: false,
            protects: false,
            course: None,
            strike: None,
            tasks: Vec::new(),
            once: Vec::new(),
            received_at,
            keep_until,
        }
    }

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
    /// Nothing was recorded, because something that is said once was said meanwhile, or another revision was recorded:
    /// decide again, knowing that. Answered only where [`Judged::once`] says something, and where there is a course.
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
        let strike = judged.strike.as_ref().filter(|_| case.pseudonym.is_some()).map(EntryStrike::from);
        let fact = verdict_fact(judged, Place::default(), strike);
        let entry = AuditEntry::about(&case, fact, true, judged.received_at);
        let mut writes = self.verdict_writes(&entry, judged)?;
        if judged.is_clean() {
            return self.record_all(writes, judged, &entry, false).await;
        }
        writes.extend(self.consequences(judged, &case)?);
        if let Some(course) = judged.course {
            writes.push(self.write_course(course, &case.id)?);
            if case.id.reference() != course.home() {
                writes.push(self.write_course_of(case.id.reference(), &case.id, course)?);
            }
        }
        self.record_all(writes, judged, &entry, judged.course.is_some()).await
    }

    /// Carries out the writes of a verdict, and tells what came of it. Where it is `guarded`, one of them holds only while
    /// something else is as it was read.
    pub(crate) async fn record_all(
        &self,
        writes: Vec<Write>,
        judged: &Judged<'_>,
        entry: &AuditEntry,
        guarded: bool,
    ) -> Result<Recorded, LedgerError> {
        let written = match <[Write; 1]>::try_from(writes) {
            Ok([entry]) => self.store.write(entry).await?,
            Err(writes) => self.store.write_all(writes).await?,
        };
        match written {
            Written::Yes => Ok(Recorded::New),
            Written::No if !guarded && judged.once.is_empty() => Ok(Recorded::Duplicate),
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

    /// The writes that record the verdict on a revision, once.
    pub(crate) fn verdict_writes(&self, entry: &AuditEntry, judged: &Judged<'_>) -> Result<Vec<Write>, LedgerError> {
        let Contribution { at, .. } = judged.contribution;
        let mut writes = vec![self.write_verdict(entry, judged.case, *at)?];
        // Without a time nothing tells under which of several keys it was judged.
        let elsewhere = self.case_ids(judged.contribution).into_iter().filter(|id| id != judged.case);
        writes.extend(elsewhere.map(|id| Write::Absent(Table::Audit, self.keys.verdict(&id, *at))));
        Ok(writes)
    }

    fn new_case(&self, judged: &Judged<'_>) -> Case {
        let Judged { contribution, verdict, policy, received_at, .. } = judged;
        let actions = judged.actions.iter().enumerate();
        let (findings, findings_left_out) = findings_of(verdict);
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
            told_at: contribution.told_at,
            outcome: judged.outcome,
            findings,
            findings_left_out,
            urgent: verdict.is_urgent(),
            policy: (*policy).clone(),
            status: judged.status.clone(),
            office: judged.office.clone(),
            assignee: None,
            deadline: judged.deadline,
            group: judged.halted.clone(),
            actions: actions.map(|(position, action)| Action::unasked(position, action)).collect(),
            actions_left_out: 0,
            leading: None,
            print: judged.course.and_then(Course::print).cloned(),
            protects: judged.protects,
            revisions: Vec::new(),
            revisions_left_out: 0,
            rules_left_out: BTreeSet::new(),
            decisions: Vec::new(),
            held: None,
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
            self.write_content(&case.id, &case.id, &Content::new(judged))?,
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

/// The findings of a verdict as a case keeps them, and how many there are beyond.
pub(crate) fn findings_of(verdict: &Verdict) -> (Vec<CaseFinding>, usize) {
    let findings = verdict.findings();
    let kept = findings.iter().take(MAX_FINDINGS).map(CaseFinding::from).collect();
    (kept, findings.len().saturating_sub(MAX_FINDINGS))
}

/// How a revision stands to the case of another; nothing of it for one that has a case of its own, or none.
#[derive(Default)]
pub(crate) struct Place {
    /// Which revision it is.
    pub(crate) revision: Option<CaseId>,
    /// Whether it says the same as the one before.
    pub(crate) unchanged: bool,
    /// What the strike of the case counts from now on.
    pub(crate) strike_raised: Option<EntryStrike>,
}

/// The fact that a revision was judged, and what counts against its author from now on.
pub(crate) fn verdict_fact(judged: &Judged<'_>, place: Place, strike: Option<EntryStrike>) -> Fact {
    let Place { revision, unchanged, strike_raised } = place;
    let findings = judged.verdict.findings();
    Fact::Verdict {
        outcome: judged.outcome,
        findings: findings.iter().take(MAX_FINDINGS).map(EntryFinding::from).collect(),
        findings_left_out: findings.len().saturating_sub(MAX_FINDINGS),
        author: judged.author.cloned(),
        written_at: judged.contribution.at,
        strike,
        urgent: judged.verdict.is_urgent(),
        halted: judged.halted.is_some(),
        protects: judged.protects,
        revision,
        unchanged,
        strike_raised,
    }
}
