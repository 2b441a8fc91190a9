//! What an erasure leaves of a case: that there was one, what was found and what was done about it.

use std::collections::HashSet;

use futures_util::{StreamExt, TryStreamExt, stream};
use jiff::Timestamp;

use super::{Erasure, corrupt};
use crate::case::link::RECEIVED_AT;
use crate::table::item::{Item, text_of};
use crate::table::keys::{Key, LINK, USER_REPORT};
use crate::table::store::{Query, Span};
use crate::table::tables::{PK, SK, Table};
use crate::table::write::{Write, Written};
use crate::{Case, CaseId, Closure, Ledger, LedgerError, Pseudonym, Status};

/// How many cases are taken up at a time: memory stays bounded, and so much at most is done again after an interruption.
const PAGE: usize = 25;

/// How many of them are erased at the same time.
const AT_ONCE: usize = 8;

/// How often a case is read anew when it changes meanwhile.
const ATTEMPTS: u32 = 10;

/// The cases that are not erased yet.
#[derive(Default)]
pub(super) struct Left {
    /// Those about which something is still to be carried out.
    pub(super) waiting: usize,
    /// Those that were to be left.
    pub(super) held: usize,
}

/// A case of an author, as the author's partition lists it.
pub(super) struct Link {
    pub(super) case: CaseId,
    received_at: Timestamp,
}

impl Link {
    pub(super) fn read(item: &Item) -> Result<Self, LedgerError> {
        let case = text_of(item, SK).and_then(|sk| sk.strip_prefix(LINK)).and_then(|case| case.parse().ok());
        let received_at = text_of(item, RECEIVED_AT).and_then(|at| at.parse().ok());
        let (Some(case), Some(received_at)) = (case, received_at) else { return Err(corrupt("link")) };
        Ok(Self { case, received_at })
    }

    /// Whether it had arrived when the erasure was asked for.
    pub(super) fn is_meant(&self, erasure: &Erasure) -> bool {
        self.received_at <= erasure.requested_at
    }
}

impl Ledger {
    /// Erases the cases of an author but those that are `held`, and counts them in the request. What is left; `None` when
    /// someone else has changed the request, which is then to be read again.
    pub(super) async fn erase_cases(
        &self,
        erasure: &mut Erasure,
        held: &HashSet<CaseId>,
        now: Timestamp,
    ) -> Result<Option<Left>, LedgerError> {
        let mut left = Left::default();
        for author in erasure.authors.clone() {
            let partition = self.keys.author(&author);
            let links =
                Query { span: Span::Beginning(LINK), limit: Some(PAGE), ..Query::of(Table::Casebook, &partition) };
            let mut pages = self.store.pages(links);
            while let Some(page) = pages.next().await? {
                let mut meant = Vec::new();
                for item in &page {
                    meant.extend(Some(Link::read(item)?).filter(|link| link.is_meant(erasure)).map(|link| link.case));
                }
                let before = meant.len();
                meant.retain(|case| !held.contains(case));
                left.held += before - meant.len();
                // By value: a borrowed id would tie the future to one lifetime, and it could not be spawned.
                let erasing = meant.into_iter().map(|case| {
                    let author = author.clone();
                    async move { Ok::<_, LedgerError>((self.erase_case(&author, &case, now).await?, case)) }
                });
                let erased: Vec<(bool, CaseId)> = stream::iter(erasing).buffer_unordered(AT_ONCE).try_collect().await?;
                let gone = erased.iter().filter(|(is_gone, _)| *is_gone);
                let mut writes: Vec<Write> =
                    gone.map(|(_, case)| Write::Take(Table::Casebook, self.keys.link(&author, case))).collect();
                left.waiting += erased.len() - writes.len();
                if writes.is_empty() {
                    continue;
                }
                // The link goes last, and is counted as it goes: whoever repeats this finds it until then, and each
                // case counts once: of two who erase at the same time only one finds the link, whether they serve the
                // same request or two of one person.
                if !erasure.found.contains(&author) {
                    erasure.found.push(author.clone());
                }
                erasure.cases = erasure.cases.saturating_add(u32::try_from(writes.len()).unwrap_or(u32::MAX));
                erasure.version += 1;
                writes.push(self.write_count(erasure)?);
                if self.store.write_all(writes).await? != Written::Yes {
                    return Ok(None);
                }
            }
        }
        Ok(Some(left))
    }

    /// Erases what is personal about a case, unless something about it is still to be carried out. Whether it was, or
    /// had been already.
    async fn erase_case(&self, author: &Pseudonym, id: &CaseId, now: Timestamp) -> Result<bool, LedgerError> {
        for _ in 0..ATTEMPTS {
            let erased = match self.case(id, now).await? {
                Some(case) if case.unsettled().is_some() => return Ok(false),
                // First, so that nobody decides or asks anything about it any more whose content is going.
                Some(case) if case.pseudonym.is_some() => {
                    self.store.write(self.write_erased(case, now)?).await? == Written::Yes
                }
                Some(_) | None => true,
            };
            if erased {
                self.forget_beside(author, id, now).await?;
                return Ok(true);
            }
        }
        Err(LedgerError::Conflict { operation: "erase_case", attempts: ATTEMPTS })
    }

    /// The write that leaves of a case what names nobody. What was hidden stays hidden.
    fn write_erased(&self, mut case: Case, now: Timestamp) -> Result<Write, LedgerError> {
        for action in &mut case.actions {
            action.text = None;
            action.note = None;
        }
        case.climb_due = false;
        // Its reason is going.
        case.held = None;
        if case.is_open() {
            case.status = Status::Closed { reason: Closure::Erased, at: now };
        }
        case.pseudonym = None;
        // Whoever has the key could still try a text against it.
        case.print = None;
        for revision in &mut case.revisions {
            revision.print = None;
        }
        case.erased_at = Some(now);
        self.write_case(&case, now)
    }

    /// Deletes what stands beside a case, its strike, and the tasks about its contribution; and in the reports of users
    /// the way to it. What became of the contribution stays until its time is over: another revision may still have to be
    /// left alone for it, and it names nobody.
    async fn forget_beside(&self, author: &Pseudonym, id: &CaseId, now: Timestamp) -> Result<(), LedgerError> {
        let case = self.keys.besides(id);
        let mut keys = self.keys_of(&case.pk, Span::Beginning(&case.sk)).await?;
        // What tells of a report goes after that was seen to: whoever repeats this finds it until then.
        for key in self.keys_of(&self.keys.fates(id.reference()), Span::Beginning(USER_REPORT)).await? {
            let report = key.sk.strip_prefix(USER_REPORT).and_then(|report| report.parse().ok());
            self.unlink_report(&report.ok_or_else(|| corrupt(SK))?, id.reference(), now).await?;
            keys.push(key);
        }
        let tasks = self.tasks_by(id.reference()).await?;
        // Those of a later revision stay with it.
        let about = tasks.iter().filter(|task| task.case.as_ref().is_none_or(|case| case == id));
        keys.extend(about.map(|task| self.keys.task(&task.id)));
        keys.push(self.keys.strike(author, id));
        for key in keys {
            self.store.write(Write::Forget(Table::Casebook, key)).await?;
        }
        Ok(())
    }

    /// The keys of what is found in a partition of the casebook.
    async fn keys_of(&self, partition: &str, span: Span<'_>) -> Result<Vec<Key>, LedgerError> {
        let found = self.store.query(Query { span, ..Query::of(Table::Casebook, partition) }).await?;
        let keys = found.iter().map(|item| match (text_of(item, PK), text_of(item, SK)) {
            (Some(pk), Some(sk)) => Ok(Key { pk: pk.to_owned(), sk: sk.to_owned() }),
            _ => Err(corrupt(SK)),
        });
        keys.collect()
    }
}
