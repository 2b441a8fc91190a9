//! Cases as items: read with what belongs to them, and changed so that both indexes of the casebook follow.

use jiff::Timestamp;
use policy::{AccountId, ContributionId, Platform};

use crate::case::answer::Answer;
use crate::case::decision::Reason;
use crate::table::attributes::attributes_of;
use crate::table::item::{Item, from_item, text, text_of, to_item};
use crate::table::keys::{CASE, CONTENT, LATER, REASON, sortable};
use crate::table::store::{Query, Span};
use crate::table::tables::{DESK, DESK_AT, PENDING_DUE, PENDING_SHARD, SK, Table};
use crate::table::write::{Change, Write, Written};
use crate::{Case, CaseId, Content, Ledger, LedgerError, Reference};

/// The attributes by which the indexes of the casebook list a case.
const LISTING: [&str; 4] = [PENDING_SHARD, PENDING_DUE, DESK, DESK_AT];

/// The attribute that counts the changes of a case: a change gives it the next value by itself.
const VERSION: &str = "version";

impl Ledger {
    /// A case, with as much of what is personal as is still kept at this time.
    ///
    /// # Errors
    /// When the ledger is unavailable or an item cannot be read.
    pub async fn case(&self, id: &CaseId, now: Timestamp) -> Result<Option<Case>, LedgerError> {
        let key = self.keys.case(id);
        let cases = self.read_cases(&key.pk, &key.sk, now).await?;
        Ok(cases.into_iter().next())
    }

    /// The cases of all revisions of a contribution, with as much of what is personal as is still kept at this time.
    ///
    /// # Errors
    /// When the ledger is unavailable or an item cannot be read.
    pub async fn cases_of(
        &self,
        platform: Platform,
        account: &AccountId,
        id: &ContributionId,
        now: Timestamp,
    ) -> Result<Vec<Case>, LedgerError> {
        let mut cases = Vec::new();
        for reference in self.references(platform, account, id) {
            cases.extend(self.cases_by(&reference, now).await?);
        }
        Ok(cases)
    }

    /// The same, and those of its other revisions where each has an id of its own (X).
    ///
    /// # Errors
    /// When the ledger is unavailable or an item cannot be read.
    pub async fn cases_about(
        &self,
        platform: Platform,
        account: &AccountId,
        id: &ContributionId,
        now: Timestamp,
    ) -> Result<Vec<Case>, LedgerError> {
        let mut cases = self.cases_of(platform, account, id, now).await?;
        for case in self.cases_elsewhere(platform, account, id).await? {
            cases.extend(self.case(&case, now).await?);
        }
        Ok(cases)
    }

    /// The same as [`Ledger::cases_of`] by the reference of the contribution, which its author was given.
    ///
    /// # Errors
    /// When the ledger is unavailable or an item cannot be read.
    pub async fn cases_by(&self, reference: &Reference, now: Timestamp) -> Result<Vec<Case>, LedgerError> {
        self.read_cases(&self.keys.cases(reference), CASE, now).await
    }

    /// The cases of a partition whose sort keys begin like this. What belongs to a case sorts right behind it.
    async fn read_cases(&self, partition: &str, beginning: &str, now: Timestamp) -> Result<Vec<Case>, LedgerError> {
        let query = Query { span: Span::Beginning(beginning), ..Query::of(Table::Casebook, partition) };
        let mut cases: Vec<Case> = Vec::new();
        for item in self.store.query(query).await? {
            let sk = text_of(&item, SK).unwrap_or_default();
            let beside = sk.strip_prefix(CASE).and_then(|sk| sk.split_once('#')).map(|(_, what)| what.to_owned());
            match (beside, cases.last_mut()) {
                (None, _) => cases.push(from_item("case", item)?),
                (Some(what), Some(case)) => case.complete(&what, item, now)?,
                (Some(_), None) => {}
            }
        }
        for case in &mut cases {
            // A query may come upon a transaction half way: the case is there already, and its content not yet.
            if case.content.is_none() && case.erased_at.is_none() && case.keep_until > now {
                let key = self.keys.content_of(&case.id, case.leading());
                if let Some(item) = self.store.get(Table::Casebook, &key).await? {
                    let content: Content = from_item("content", item)?;
                    case.content = Some(content).filter(|content| !content.is_over(now));
                }
            }
        }
        Ok(cases)
    }

    /// All attributes of a case, those included by which the indexes list it.
    pub(crate) fn case_item(&self, case: &Case, now: Timestamp) -> Result<Item, LedgerError> {
        let mut item = to_item("case", case)?;
        if let Some(due) = case.due(now) {
            item.extend(self.pending(case.id.reference(), due));
        }
        if case.is_open() {
            let desk = case.group.as_ref().map_or_else(|| self.keys.open_cases(), |group| self.keys.group(group));
            item.insert(DESK.to_owned(), text(&desk));
            item.insert(DESK_AT.to_owned(), text(&sortable(case.deadline.unwrap_or(case.received_at))));
        }
        Ok(item)
    }

    /// The write that stores what has changed about a case since it was read in this version.
    pub(crate) fn write_case(&self, case: &Case, now: Timestamp) -> Result<Write, LedgerError> {
        Ok(Write::Change(Table::Casebook, self.keys.case(&case.id), self.case_change(case, now)?))
    }

    /// A case written whole over the version of it that was read: every attribute that a case may have is set, or taken
    /// away where this one has it no more. Attributes beside them, which a later version of the program keeps there,
    /// stay. What such a version keeps within one, as within an action, is lost when an older one changes the case.
    fn case_change(&self, case: &Case, now: Timestamp) -> Result<Change, LedgerError> {
        let mut set = self.case_item(case, now)?;
        set.remove(VERSION);
        let names = attributes_of::<Case>().iter().copied().chain(LISTING);
        let unset = names.filter(|name| *name != VERSION && !set.contains_key(*name)).collect();
        Ok(Change { version: case.version, set, unset })
    }

    /// Stores what has changed about a case, if it still has the version that it was read with, and gives it the next
    /// version. Whether that took effect.
    pub(crate) async fn change_case(&self, case: &mut Case, now: Timestamp) -> Result<bool, LedgerError> {
        let written = self.store.write(self.write_case(case, now)?).await?;
        case.version += 1;
        match written {
            Written::Yes => Ok(true),
            Written::No => Ok(false),
            Written::Unclear => Ok(self.case(&case.id, now).await?.as_ref() == Some(&*case)),
        }
    }

    /// The attributes that put an item into the index of pending work.
    pub(crate) fn pending(&self, reference: &Reference, due: Timestamp) -> Item {
        Item::from([
            (PENDING_SHARD.to_owned(), text(&self.keys.pending_shard(reference))),
            (PENDING_DUE.to_owned(), text(&sortable(due))),
        ])
    }
}

impl Case {
    /// Takes in the content of a revision: the first one, or a later one by its digits.
    fn restore(&mut self, revision: Option<&str>, item: Item, now: Timestamp) -> Result<(), LedgerError> {
        let content: Content = from_item("content", item)?;
        let content = Some(content).filter(|content| !content.is_over(now));
        let revision = revision.unwrap_or(self.id.revision());
        if self.leading().revision() == revision {
            self.content = content;
        } else if let Some(later) = self.revisions.iter_mut().find(|later| later.id.revision() == revision) {
            later.content = content;
        }
        Ok(())
    }

    /// Takes in an item that belongs to it, unless the time of that is over.
    fn complete(&mut self, what: &str, item: Item, now: Timestamp) -> Result<(), LedgerError> {
        if what == CONTENT {
            self.restore(None, item, now)?;
        } else if let Some(revision) = what.strip_prefix(LATER) {
            self.restore(Some(revision), item, now)?;
        } else if let Some(number) = what.strip_prefix(REASON).and_then(|number| number.parse::<usize>().ok()) {
            let reason: Reason = from_item("reason", item)?;
            if let Some(decision) = number.checked_sub(1).and_then(|position| self.decisions.get_mut(position)) {
                reason.restore(decision, now);
            }
        } else if let Some(action) = self.action_mut(what) {
            let answer: Answer = from_item("answer", item)?;
            answer.restore(action, now);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::json;

    use super::*;

    #[test]
    fn a_change_writes_whatever_a_case_has() {
        let id = format!("{}-{}", "a".repeat(24), "b".repeat(12));
        let at = "2026-02-03T09:00:00Z";
        let policy = json!({ "id": "p", "version": "1", "hash": "0".repeat(64) });
        let full = json!({
            "id": id, "platform": "facebook", "account": "1", "surface": "comment", "pseudonym": "c".repeat(32),
            "has_attachment": true, "at": at, "received_at": at, "edited": true, "told_at": at, "outcome": "hide",
            "findings": [], "findings_left_out": 1, "urgent": true,
            "policy": policy,
            "status": { "closed": { "reason": "confirmed", "at": at } }, "office": "Diritto annuale",
            "assignee": "Anna", "deadline": at, "group": "g", "actions": [], "actions_left_out": 1, "leading": id,
            "print": { "text": "d", "words": "e" }, "protects": true,
            "revisions": [{ "id": id, "received_at": at, "outcome": "hide", "policy": policy }],
            "revisions_left_out": 1, "rules_left_out": ["r"],
            "decisions": [{ "kind": "confirm", "by": "Anna", "at": at, "salt": "s", "keep_until": at }],
            "held": { "what": "confirm", "announced": 0, "sanction": 1, "due": at }, "climb_due": true, "keep_until": at, "erased_at": at, "version": 2
        });
        let full: Case = serde_json::from_value(full).unwrap();
        let stored = to_item("case", &full).unwrap();
        let stored: BTreeSet<&str> = stored.keys().map(String::as_str).collect();
        // With every field set, so that one which is new and missing above is noticed as well.
        assert_eq!(attributes_of::<Case>().iter().copied().collect::<BTreeSet<_>>(), stored);
    }
}
