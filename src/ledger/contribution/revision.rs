//! Revisions of a contribution that has a case already: they belong to that case.

use std::mem::swap;

use jiff::Timestamp;
use policy::{Outcome, PolicyRef};
use serde::{Deserialize, Serialize};

use crate::audit::entry::fact::EntryStrike;
use crate::author::pseudonym::Print;
use crate::case::amend::StrikeChange;
use crate::case::{CaseFinding, is_false, is_zero};
use crate::contribution::record::{Place, findings_of, verdict_fact};
use crate::table::write::Write;
use crate::{AuditEntry, Case, CaseId, Content, Course, Judged, Ledger, LedgerError, Recorded, Status};

/// The most revisions that are kept beside the one that a case is about. Who rewrites a comment without end fills no
/// record with it: of the others one goes, and is counted. The oldest within the rules goes first.
const MAX_REVISIONS: usize = 20;

/// The most findings that are kept of each of them.
const MAX_REVISION_FINDINGS: usize = 10;

/// A revision of a contribution, beside that which its case is about. Its `Debug` shows nothing personal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revision {
    /// Which one: the id that its case would have.
    pub id: CaseId,
    /// When the platform says that it came to be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
    /// When it arrived here and was judged.
    pub received_at: Timestamp,
    /// Whether the platform calls it a later revision of something published.
    #[serde(default, skip_serializing_if = "is_false")]
    pub edited: bool,
    /// When the platform told of it, where it does not say when it was written: that was before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told_at: Option<Timestamp>,
    /// Whether an attachment came with it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub has_attachment: bool,
    /// What followed from the verdict.
    pub outcome: Outcome,
    /// What led to it, the most severe first; at most 10.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<CaseFinding>,
    /// How many findings there were beyond those.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub findings_left_out: usize,
    /// Whether it was to be hidden to protect someone.
    #[serde(default, skip_serializing_if = "is_false")]
    pub protects: bool,
    /// The policy under which it was judged.
    pub policy: PolicyRef,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) print: Option<Print>,
    /// What is personal about it; `None` when its time is over, or when it was erased.
    #[serde(skip)]
    pub content: Option<Content>,
}

impl Revision {
    /// Whether it came to be after another. Where the platform tells when, that decides; where it does not, or repeats the
    /// time of the original, an edit comes after what was not edited, and what arrived later after what arrived before.
    pub fn follows(&self, other: &Revision) -> bool {
        match (self.at, other.at) {
            (Some(at), Some(before)) if at != before => at > before,
            _ => (self.edited, self.received_at) >= (other.edited, other.received_at),
        }
    }
}

impl Case {
    /// Which revision it is about.
    pub fn leading(&self) -> &CaseId {
        self.leading.as_ref().unwrap_or(&self.id)
    }

    /// The revision that it is about, like the others.
    fn led(&self) -> Revision {
        Revision {
            id: self.leading().clone(),
            at: self.at,
            received_at: self.received_at,
            edited: self.edited,
            told_at: self.told_at,
            has_attachment: self.has_attachment,
            outcome: self.outcome,
            findings: self.findings.clone(),
            findings_left_out: self.findings_left_out,
            protects: self.protects,
            policy: self.policy.clone(),
            print: self.print.clone(),
            content: self.content.clone(),
        }
    }

    /// All its revisions, the one that it is about included, in the order in which they came to be as far as that is
    /// known.
    pub fn all_revisions(&self) -> Vec<Revision> {
        let mut all: Vec<Revision> = Vec::with_capacity(self.revisions.len() + 1);
        for revision in std::iter::once(self.led()).chain(self.revisions.iter().cloned()) {
            let before = all.iter().rposition(|other| revision.follows(other));
            all.insert(before.map_or(0, |position| position + 1), revision);
        }
        all
    }

    /// The revision that stands there now, as far as is known.
    pub fn newest(&self) -> Revision {
        self.all_revisions().pop().unwrap_or_else(|| self.led())
    }

    /// The newest revision that was not simply allowed.
    pub fn newest_violation(&self) -> Revision {
        let mut all = self.all_revisions();
        all.retain(|revision| revision.outcome > Outcome::Allow);
        all.pop().unwrap_or_else(|| self.led())
    }

    /// What is personal about the revision that stands there now, else about the one that the case is about. Who wrote it
    /// and where it stands is the same for all of them: what did not come along with this one is taken from the others.
    pub fn standing_content(&self) -> Option<Content> {
        if self.revisions.is_empty() {
            return self.content.clone();
        }
        let all = self.all_revisions();
        let newest = all.last().and_then(|newest| newest.content.as_ref());
        let mut standing = newest.or(self.content.as_ref())?.clone();
        for other in all.iter().rev().filter_map(|revision| revision.content.as_ref()) {
            standing.complete(other);
        }
        Some(standing)
    }

    /// When its first revision arrived.
    pub(crate) fn first_received_at(&self) -> Timestamp {
        self.revisions.iter().map(|revision| revision.received_at).fold(self.received_at, Timestamp::min)
    }

    /// Makes it about another revision, and keeps the one that it was about.
    fn follow(&mut self, revision: &mut Revision) {
        let mut leading = self.leading().clone();
        swap(&mut leading, &mut revision.id);
        self.leading = Some(leading).filter(|leading| *leading != self.id);
        swap(&mut self.at, &mut revision.at);
        swap(&mut self.received_at, &mut revision.received_at);
        swap(&mut self.edited, &mut revision.edited);
        swap(&mut self.told_at, &mut revision.told_at);
        swap(&mut self.has_attachment, &mut revision.has_attachment);
        swap(&mut self.outcome, &mut revision.outcome);
        swap(&mut self.findings, &mut revision.findings);
        swap(&mut self.findings_left_out, &mut revision.findings_left_out);
        swap(&mut self.protects, &mut revision.protects);
        swap(&mut self.policy, &mut revision.policy);
        swap(&mut self.print, &mut revision.print);
        swap(&mut self.content, &mut revision.content);
    }
}

/// A revision that was judged, and what follows from it for the case that there is. Everything in it is recorded
/// together or not at all.
#[derive(Clone, Debug)]
pub struct Revised<'a> {
    /// The revision, under its own id, with the actions, tasks and what else follows. What it says of a strike is left out.
    pub judged: Judged<'a>,
    /// Whether it says what the revision before said, so that nothing follows.
    pub unchanged: bool,
    /// Whether it is graver than all before, so that the case is about it from now on.
    pub leads: bool,
    /// What becomes of the strike of the case.
    pub strike: StrikeChange,
    /// Until when the case is to be looked at again, if it is.
    pub reopened: Option<Timestamp>,
}

impl Ledger {
    /// Records a revision of a contribution whose case was read with its course, once, however often it is delivered. The
    /// case takes it in, in one transaction with its audit entry and what else follows; what says the same as before has
    /// an audit entry and nothing more. [`Recorded::Raced`] where the case has changed since it was read.
    ///
    /// # Errors
    /// When the ledger is unavailable; when the course has no case.
    pub async fn record_revision(&self, revised: &Revised<'_>, course: &Course) -> Result<Recorded, LedgerError> {
        let Some(case) = &course.case else {
            return Err(LedgerError::Configuration("a revision was to join a case that is not there".to_owned()));
        };
        let Revised { judged, unchanged, .. } = revised;
        let entry = AuditEntry::about(case, revised.fact(), true, judged.received_at).under(judged.policy);
        let mut writes = self.verdict_writes(&entry, judged)?;
        if !unchanged {
            writes.extend(self.revise(case.clone(), revised, course)?);
        }
        self.record_all(writes, judged, &entry, true).await
    }

    fn revise(&self, mut case: Case, revised: &Revised<'_>, course: &Course) -> Result<Vec<Write>, LedgerError> {
        let Revised { judged, leads, strike, reopened, .. } = revised;
        let content = Content::new(judged);
        let mut writes = vec![self.write_content(&case.id, judged.case, &content)?];
        if judged.case.reference() != case.id.reference() && judged.case.reference() != course.home() {
            writes.push(self.write_course_of(judged.case.reference(), &case.id, course)?);
        }
        let mut revision = Revision { content: Some(content), ..judged.revision(course.print().cloned()) };
        if *leads {
            case.follow(&mut revision);
        }
        revision.findings_left_out += revision.findings.len().saturating_sub(MAX_REVISION_FINDINGS);
        revision.findings.truncate(MAX_REVISION_FINDINGS);
        // What the case was about until now may have arrived long before.
        let place = case.revisions.partition_point(|other| other.received_at <= revision.received_at);
        case.revisions.insert(place, revision);
        if case.revisions.len() > MAX_REVISIONS {
            // What stands there is looked at whenever something is asked about the case, and what something was found in
            // is compared with what comes later.
            let standing = case.newest().id;
            let oldest = |is_meant: fn(&Revision) -> bool| {
                case.revisions.iter().position(|other| other.id != standing && is_meant(other))
            };
            let place = oldest(|other| other.outcome == Outcome::Allow).or_else(|| oldest(|_| true));
            let gone = case.revisions.remove(place.unwrap_or_default());
            case.revisions_left_out += 1;
            let telling = gone.findings.iter().filter(|found| found.outcome >= Outcome::Review);
            case.rules_left_out.extend(telling.map(|found| found.rule.clone()));
            writes.push(self.give_content_up(&case.id, &gone.id, judged)?);
        }
        case.keep_until = case.keep_until.max(judged.keep_until);
        case.urgent |= judged.verdict.is_urgent();
        for action in &judged.actions {
            case.add_action(action, false);
        }
        case.climb_due |= judged.climb;
        if let Some(deadline) = *reopened {
            let before = case.deadline.filter(|_| case.is_open());
            case.deadline = Some(before.map_or(deadline, |before| before.min(deadline)));
            case.status = Status::Open;
            case.office = judged.office.clone().or(case.office);
        }
        if let (None, Some(author)) = (&case.pseudonym, judged.author) {
            writes.push(self.write_link(author, &case)?);
            case.pseudonym = Some(author.clone());
        }
        if let Some(author) = &case.pseudonym {
            writes.extend(self.strike_change(author, &case.id, strike)?);
        }
        writes.push(self.write_case(&case, judged.received_at)?);
        for task in &judged.tasks {
            writes.push(self.write_task(task)?);
        }
        writes.extend(judged.once.iter().map(|once| self.write_once(once, judged.received_at)));
        Ok(writes)
    }
}

impl Revised<'_> {
    fn fact(&self) -> crate::Fact {
        let (strike, strike_raised) = match &self.strike {
            StrikeChange::Add(strike) => (Some(EntryStrike::from(strike)), None),
            StrikeChange::Raise(strike) => (None, Some(EntryStrike::from(strike))),
            StrikeChange::Keep | StrikeChange::Withdraw => (None, None),
        };
        let place = Place { revision: Some(self.judged.case.clone()), unchanged: self.unchanged, strike_raised };
        verdict_fact(&self.judged, place, strike)
    }
}

impl Judged<'_> {
    /// As a revision of a contribution.
    fn revision(&self, print: Option<Print>) -> Revision {
        let (findings, findings_left_out) = findings_of(self.verdict);
        Revision {
            id: self.case.clone(),
            at: self.contribution.at,
            received_at: self.received_at,
            edited: self.contribution.edited,
            told_at: self.contribution.told_at,
            has_attachment: self.contribution.has_attachment,
            outcome: self.outcome,
            findings,
            findings_left_out,
            protects: self.protects,
            policy: self.policy.clone(),
            print,
            content: None,
        }
    }
}
