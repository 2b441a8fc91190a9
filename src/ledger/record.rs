//! Recording verdicts, once each, and reading them back.

use jiff::Timestamp;
use policy::{AccountId, ActionKind, Contribution, ContributionId, Outcome, Platform, PolicyRef, Verdict};

use crate::case::{MAX_FINDINGS, MAX_TEXT_BYTES, cut};
use crate::entry::{EntryFinding, EntryStrike};
use crate::item::{Item, from_item, to_item};
use crate::keys::{self, DAY_SHARDS};
use crate::store::{Query, Write, Written, text};
use crate::tables::{PENDING_DUE, PENDING_SHARD, RECORDED, RECORDED_AT, RECORDED_DAY, Table};
use crate::{
    Action, AuditEntry, Case, CaseFinding, CaseId, Fact, Ledger, LedgerError, Reference, Status, Strike, Task,
};

/// A contribution that was judged, with what follows from it. Everything in it is recorded together or not at all.
#[derive(Clone, Debug)]
pub struct Judged<'a> {
    /// What was judged.
    pub contribution: &'a Contribution,
    /// What the policy says about it.
    pub verdict: &'a Verdict,
    /// Which policy that was.
    pub policy: &'a PolicyRef,
    /// What to ask of the platform, in order.
    pub actions: Vec<NewAction>,
    /// The strike on its author. Left out where the platform withheld the author.
    pub strike: Option<NewStrike>,
    /// What a person has to do.
    pub tasks: Vec<Task>,
    /// When it arrived.
    pub received_at: Timestamp,
}

/// An action to ask of the platform. Its id follows from its position: `a1`, `a2`, …
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAction {
    /// What to ask.
    pub kind: ActionKind,
    /// The message, for the actions that speak.
    pub text: Option<String>,
}

/// A strike to count against the author.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewStrike {
    /// The clause that was violated.
    pub clause: String,
    /// How much it counts.
    pub weight: u32,
    /// Until when.
    pub expires_at: Timestamp,
}

impl From<&NewStrike> for EntryStrike {
    fn from(strike: &NewStrike) -> Self {
        Self { clause: strike.clause.clone(), weight: strike.weight, expires_at: strike.expires_at }
    }
}

/// Whether something was recorded now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recorded {
    /// It was recorded by this call.
    New,
    /// It was on record already, and stays as it was.
    Duplicate,
}

impl Ledger {
    /// Records a verdict once, however often, in whatever order and however concurrently its revision is delivered
    /// (invariant 1). With [`Outcome::Allow`] and nothing to follow, that is one conditional write of the audit entry;
    /// otherwise one transaction of audit entry, case with its actions, strike and tasks. Once this returns, it is
    /// durable (invariant 2).
    ///
    /// # Errors
    /// When the ledger is unavailable, in which case delivering again is safe and necessary; and when two tasks have
    /// one id.
    pub async fn record(&self, judged: &Judged<'_>) -> Result<Recorded, LedgerError> {
        let case = self.new_case(judged);
        let entry = AuditEntry::about(&case, verdict_fact(judged, &case), judged.received_at);
        let write = self.write_verdict(&entry, &case.id, judged.contribution.at)?;

        let clean = judged.verdict.outcome() == Outcome::Allow
            && judged.actions.is_empty()
            && judged.strike.is_none()
            && judged.tasks.is_empty();
        let written = if clean {
            self.store.write(write).await?
        } else {
            self.store.write_all(self.consequences(judged, &case, write)?).await?
        };
        match written {
            Written::Yes => Ok(Recorded::New),
            Written::No => Ok(Recorded::Duplicate),
            Written::Unclear => {
                let stored = self.entry(judged.contribution).await?;
                Ok(if stored.is_some_and(|stored| stored.hash == entry.hash) {
                    Recorded::New
                } else {
                    Recorded::Duplicate
                })
            }
        }
    }

    /// The audit entry of the verdict on a revision, if it was judged.
    ///
    /// # Errors
    /// When the ledger is unavailable or the item cannot be read.
    pub async fn entry(&self, contribution: &Contribution) -> Result<Option<AuditEntry>, LedgerError> {
        let key = self.keys.verdict(&self.id_of(contribution), contribution.at);
        let item = self.store.get(Table::Audit, &key).await?;
        item.map(|item| from_item("audit entry", item)).transpose()
    }

    /// A case.
    ///
    /// # Errors
    /// When the ledger is unavailable or the item cannot be read.
    pub async fn case(&self, id: &CaseId) -> Result<Option<Case>, LedgerError> {
        let item = self.store.get(Table::Casebook, &self.keys.case(id)).await?;
        item.map(|item| from_item("case", item)).transpose()
    }

    /// The cases of all revisions of a contribution.
    ///
    /// # Errors
    /// When the ledger is unavailable or an item cannot be read.
    pub async fn cases_of(
        &self,
        platform: Platform,
        account: &AccountId,
        id: &ContributionId,
    ) -> Result<Vec<Case>, LedgerError> {
        self.cases_by(&self.reference(platform, account, id)).await
    }

    pub(crate) async fn cases_by(&self, reference: &Reference) -> Result<Vec<Case>, LedgerError> {
        let partition = self.keys.cases(reference);
        let query = Query { table: Table::Casebook, index: None, partition: &partition, up_to: None, limit: None };
        self.store.query(&query).await?.into_iter().map(|item| from_item("case", item)).collect()
    }

    /// All entries recorded on a day, in the order of time. What was recorded within the last second or so away from
    /// its home may be missing: the index that lists it follows its table with a delay.
    ///
    /// # Errors
    /// When the ledger is unavailable or an item cannot be read.
    pub async fn entries(&self, day: jiff::civil::Date) -> Result<Vec<AuditEntry>, LedgerError> {
        let mut entries: Vec<AuditEntry> = Vec::new();
        for shard in 0..DAY_SHARDS {
            let partition = self.keys.entries(day, shard);
            let query = Query { table: Table::Audit, index: None, partition: &partition, up_to: None, limit: None };
            for item in self.store.query(&query).await? {
                let entry: AuditEntry = from_item("audit entry", item)?;
                // What was recorded on another day is at home here, and listed by the index of that day.
                if entry.day == day {
                    entries.push(entry);
                }
            }
        }
        let partition = self.keys.recorded(day);
        let index = Some((RECORDED, RECORDED_DAY, RECORDED_AT));
        let query = Query { table: Table::Audit, index, partition: &partition, up_to: None, limit: None };
        for item in self.store.query(&query).await? {
            entries.push(from_item("audit entry", item)?);
        }
        entries.sort_by_cached_key(|entry| (entry.at, entry.case.clone(), entry.hash.clone()));
        Ok(entries)
    }

    fn id_of(&self, contribution: &Contribution) -> CaseId {
        let Contribution { platform, account, id, revision, .. } = contribution;
        self.case_id(*platform, account, id, revision)
    }

    fn new_case(&self, judged: &Judged<'_>) -> Case {
        let Judged { contribution, verdict, policy, received_at, .. } = judged;
        let kept = cut(&contribution.text, MAX_TEXT_BYTES);
        let author = contribution.author.as_ref();
        let actions = judged.actions.iter().enumerate();
        Case {
            id: self.id_of(contribution),
            platform: contribution.platform,
            account: contribution.account.clone(),
            surface: contribution.surface,
            contribution: contribution.id.clone(),
            thread: contribution.thread.clone(),
            parent: contribution.parent.clone(),
            author: contribution.author.clone(),
            pseudonym: author.map(|author| self.pseudonym(contribution.platform, &author.id)),
            text: kept.to_owned(),
            text_cut: kept.len() < contribution.text.len(),
            has_attachment: contribution.has_attachment,
            permalink: contribution.permalink.clone(),
            at: contribution.at,
            received_at: *received_at,
            edited: contribution.edited,
            outcome: verdict.outcome(),
            findings: verdict.findings().iter().take(MAX_FINDINGS).map(CaseFinding::from).collect(),
            findings_left_out: verdict.findings().len().saturating_sub(MAX_FINDINGS),
            policy: (*policy).clone(),
            status: Status::Open,
            actions: actions.map(|(at, action)| Action::unasked(at, action.kind, action.text.clone())).collect(),
            version: 1,
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

    /// All writes of a verdict that has consequences.
    fn consequences(&self, judged: &Judged<'_>, case: &Case, entry: Write) -> Result<Vec<Write>, LedgerError> {
        let mut item = to_item("case", case)?;
        if case.unsettled().is_some() {
            item.extend(self.pending(case.id.reference(), judged.received_at));
        }
        let mut writes = vec![entry, Write::New(Table::Casebook, self.keys.case(&case.id), item)];
        if let (Some(NewStrike { clause, weight, expires_at }), Some(author)) = (&judged.strike, &case.pseudonym) {
            let strike = Strike {
                case: case.id.clone(),
                clause: clause.clone(),
                weight: *weight,
                at: judged.received_at,
                expires_at: *expires_at,
            };
            writes.push(self.write_strike(author, &strike)?);
        }
        for task in &judged.tasks {
            writes.push(self.write_task(task)?);
        }
        Ok(writes)
    }

    /// The attributes that put an item into the index of pending work.
    pub(crate) fn pending(&self, reference: &Reference, due: Timestamp) -> Item {
        Item::from([
            (PENDING_SHARD.to_owned(), text(&self.keys.pending_shard(reference))),
            (PENDING_DUE.to_owned(), text(&keys::sortable(due))),
        ])
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
        urgent: judged.verdict.is_urgent(),
        halted: false,
    }
}
