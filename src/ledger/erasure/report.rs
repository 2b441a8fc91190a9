//! What an erasure leaves of users' reports: of those of a sender nothing, of those about an erased contribution all but
//! the way to it.

use jiff::Timestamp;
use policy::{Person, PolicyRef};

use crate::table::item::{Item, from_item, text, text_of, to_attribute};
use crate::table::keys::{Key, USER_REPORT};
use crate::table::store::Query;
use crate::table::tables::{SK, Table};
use crate::table::write::{Change, Write, Written};
use crate::{
    AuditEntry, Fact, Ledger, LedgerError, Reference, ReportId, Reported, SenderCheck, Task, TaskFacts, UserReport,
};

/// How often [`Ledger::unlink_report`] starts anew when the report changes under its hands.
const ATTEMPTS: u32 = 8;

impl Ledger {
    /// Erases every report from an address, whether or not it really came from there, and all that was remembered of
    /// its sender. Answers how many reports there were. Their tasks stay: they say nothing of what was written. That it
    /// was done is recorded first, without the address, unless there is nothing to erase.
    ///
    /// # Errors
    /// When the ledger is unavailable. What was erased by then stays erased; repeating it erases the rest.
    pub async fn erase_reporter(
        &self,
        address: &str,
        policy: &PolicyRef,
        by: &Person,
        now: Timestamp,
    ) -> Result<usize, LedgerError> {
        let checks = [SenderCheck::Passed, SenderCheck::Failed, SenderCheck::Unchecked];
        let ids = self
            .pseudonyms
            .newest_first()
            .flat_map(|key| checks.map(|check| key.report_id(address, check.as_str(), "")));
        let mut found = Vec::new();
        for partition in ids.map(|id| self.keys.reporter(&id)) {
            found.extend(self.beside_reports(&partition).await?);
        }
        self.forget_reports(found, policy, by, now).await
    }

    /// Erases one report, whoever sent it, as [`Ledger::erase_reporter`] erases all of a sender. Whether there was one.
    ///
    /// # Errors
    /// Those of [`Ledger::erase_reporter`].
    pub async fn erase_user_report(
        &self,
        id: &ReportId,
        policy: &PolicyRef,
        by: &Person,
        now: Timestamp,
    ) -> Result<bool, LedgerError> {
        let (report, known_as) = (self.keys.user_report(id), id.to_string());
        let mut found = self.beside_reports(&report.pk).await?;
        found.retain(|(key, item)| *key == report || text_of(item, "report") == Some(known_as.as_str()));
        Ok(self.forget_reports(found, policy, by, now).await? > 0)
    }

    /// Everything in the partition of a sender.
    async fn beside_reports(&self, partition: &str) -> Result<Vec<(Key, Item)>, LedgerError> {
        let found = self.store.query(Query::of(Table::Casebook, partition)).await?;
        let key = |item: &Item| Key { pk: partition.to_owned(), sk: text_of(item, SK).unwrap_or_default().to_owned() };
        Ok(found.into_iter().map(|item| (key(&item), item)).collect())
    }

    async fn forget_reports(
        &self,
        found: Vec<(Key, Item)>,
        policy: &PolicyRef,
        by: &Person,
        now: Timestamp,
    ) -> Result<usize, LedgerError> {
        let reports = found.iter().filter(|(key, _)| key.sk.starts_with(USER_REPORT)).count();
        if found.is_empty() {
            return Ok(reports);
        }
        let fact = Fact::ReportErasure { by: by.to_string(), reports };
        let entry = AuditEntry::at_large(policy, (None, None), fact, false, now);
        // If it stands there already, it is the same: its hash is in its key.
        self.store.write(self.write_at_large(&entry, &format!("report_erasure#{}", entry.hash))?).await?;
        for (key, item) in found {
            if key.sk.starts_with(USER_REPORT) {
                let report: UserReport = from_item("user report", item)?;
                for about in report.about.iter().filter_map(|about| about.reference.as_ref()) {
                    let beside = self.keys.reported_in(about, &report.id);
                    self.store.write(Write::Forget(Table::Casebook, beside)).await?;
                }
            }
            self.store.write(Write::Forget(Table::Casebook, key)).await?;
        }
        Ok(reports)
    }

    /// Takes out of a report where a contribution is found whose author is erased, and out of what its sender wrote every
    /// address, since one contribution has many. Asks the office to see whether the rest, which is the sender's, still
    /// tells who that was.
    ///
    /// # Errors
    /// When the ledger is unavailable, or the report keeps changing under its hands.
    pub(super) async fn unlink_report(
        &self,
        id: &ReportId,
        erased: &Reference,
        now: Timestamp,
    ) -> Result<(), LedgerError> {
        let is_erased = |about: &&mut Reported| about.reference.as_ref() == Some(erased);
        for _ in 0..ATTEMPTS {
            let Some(mut report) = self.user_report(id, now).await? else { return Ok(()) };
            // First, so that whoever is interrupted raises it when repeating this.
            self.put_task(&about_the_erased(&report, now)).await?;
            for about in report.about.iter_mut().filter(is_erased) {
                (about.link, about.case) = (None, None);
            }
            let mut set = Item::from([
                ("about".to_owned(), to_attribute("user report", &report.about)?),
                ("text".to_owned(), text(&without_addresses(&report.text))),
            ]);
            if let Some(subject) = &report.subject {
                set.insert("subject".to_owned(), text(&without_addresses(subject)));
            }
            let change = Change { version: report.version, set, unset: Vec::new() };
            let write = Write::Change(Table::Casebook, self.keys.user_report(id), change);
            if self.store.write(write).await? == Written::Yes {
                return Ok(());
            }
        }
        Err(LedgerError::Conflict { operation: "unlink_report", attempts: ATTEMPTS })
    }
}

/// A text without addresses of pages, whether or not they are written with their scheme.
fn without_addresses(text: &str) -> String {
    let is_address = |run: &str| run.contains('/') && run.contains('.');
    let runs = text.split_inclusive(char::is_whitespace).map(|run| match run.trim_end() {
        address if is_address(address) => format!("[link tolto]{}", &run[address.len()..]),
        _ => run.to_owned(),
    });
    runs.collect()
}

/// What the office has to do about a report whose contribution was erased: one task, however many of them were.
fn about_the_erased(report: &UserReport, now: Timestamp) -> Task {
    let id = &report.id;
    let facts = TaskFacts::ReportAboutErased { report: id.clone() };
    Task {
        deadline: Some(report.deadline).filter(|deadline| *deadline > now),
        expires_at: Some(report.expires_at),
        ..Task::new(format!("report-erased-{id}"), None, facts, now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_text_without_addresses_the_words_and_lines_stay() {
        for (written, left) in [
            ("Guardate qui:\nhttps://x.com/i/status/1 e basta", "Guardate qui:\n[link tolto] e basta"),
            ("(www.facebook.com/1/posts/2?comment_id=3).", "[link tolto]"),
            ("facebook.com/1_2", "[link tolto]"),
            ("Ieri e/o oggi. Perché?\r\n\r\nGrazie", "Ieri e/o oggi. Perché?\r\n\r\nGrazie"),
            ("", ""),
        ] {
            assert_eq!(without_addresses(written), left);
        }
    }
}
