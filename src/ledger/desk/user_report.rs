//! Reports by users: what someone wrote by e-mail about what stands on our accounts.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use policy::Platform;
use serde::{Deserialize, Serialize};

use crate::author::pseudonym::lower_hex;
use crate::case::{is_false, is_zero};
use crate::table::item::{Item, expiry, from_item, number, number_of, text, text_of, to_attribute, to_item};
use crate::table::keys::{day, sortable};
use crate::table::tables::{EXPIRES, Table};
use crate::table::write::{Change, HOLDS_UNTIL, Write, Written};
use crate::{CaseId, Ledger, LedgerError, Recorded, Reference, Task};

/// How often [`Ledger::report_answered`] starts anew when the report changes under its hands.
const ATTEMPTS: u32 = 8;

/// How long it is counted how many reports one sender sent on a day, in hours from its first.
const COUNT_KEPT_HOURS: i64 = 48;

/// The report with this id: keyed hashes of the sender's address and of the message, `{16 hex}-{12 hex}`. The same
/// message has the same id, however often it is delivered. It may be logged, and is what the sender can quote.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ReportId {
    reporter: String,
    mail: String,
}

impl ReportId {
    pub(crate) fn from_parts(reporter: String, mail: String) -> Self {
        Self { reporter, mail }
    }

    /// By what the sender is known.
    pub fn reporter(&self) -> &str {
        &self.reporter
    }

    /// By what the message is known.
    pub fn mail(&self) -> &str {
        &self.mail
    }
}

impl fmt::Display for ReportId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}-{}", self.reporter, self.mail))
    }
}

impl FromStr for ReportId {
    type Err = NotAReport;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (reporter, mail) = text.split_once('-').ok_or(NotAReport)?;
        let part = |text, digits| lower_hex(text, digits).ok_or(NotAReport);
        Ok(Self { reporter: part(reporter, 16)?, mail: part(mail, 12)? })
    }
}

/// A text that is not the id of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the id of a report: expected 16 hex digits, a dash and 12 hex digits, in lower case")]
pub struct NotAReport;

impl Serialize for ReportId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ReportId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// A report by a user. All of it is forgotten together: nothing of what the sender wrote stands anywhere else. `Debug`
/// shows nothing of that.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserReport {
    /// Which report.
    pub id: ReportId,
    /// When it arrived.
    pub received_at: Timestamp,
    /// By when a person has to have read it.
    pub deadline: Timestamp,
    /// The address that it claims to come from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sender: Option<String>,
    /// Whether it really comes from there.
    pub sender_check: SenderCheck,
    /// What it is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// What it says, without attachments.
    pub text: String,
    /// Whether the text was cut.
    #[serde(default, skip_serializing_if = "is_false")]
    pub text_cut: bool,
    /// What was attached, and not kept.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
    /// How many attachments there were beyond those.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub attachments_left_out: usize,
    /// What it is about, as far as its links tell, in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub about: Vec<Reported>,
    /// How many links to contributions there were beyond those.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub links_left_out: usize,
    /// Which messages were answered with its receipt, by [`ReportId::mail`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answered: Vec<String>,
    /// Until when it is kept.
    pub expires_at: Timestamp,
    /// Counts its changes, from 1.
    pub version: u64,
}

impl fmt::Debug for UserReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UserReport")
            .field("id", &self.id)
            .field("received_at", &self.received_at)
            .field("sender_check", &self.sender_check)
            .field("links", &self.about.len())
            .field("version", &self.version)
            .finish_non_exhaustive()
    }
}

/// Whether a report really comes from the address that it claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SenderCheck {
    /// The domain of the address vouches for it.
    Passed,
    /// It does not, or says nothing.
    Failed,
    /// Nobody looked: it came from a file.
    Unchecked,
}

impl SenderCheck {
    /// The key used in tables and logs.
    pub const fn as_str(self) -> &'static str {
        match self {
            SenderCheck::Passed => "passed",
            SenderCheck::Failed => "failed",
            SenderCheck::Unchecked => "unchecked",
        }
    }
}

/// What is kept of an attachment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// Its type, as the message calls it: `image/png`.
    pub media_type: String,
    /// Its size in bytes.
    pub bytes: usize,
}

/// A contribution that a report is about. `Debug` does not show its address.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reported {
    /// The link, as it stood in the report; `None` once the author of what it leads to is erased.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// Where that leads.
    pub platform: Platform,
    /// The contribution, where the link tells which one it is: that of its case if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<Reference>,
    /// Its case: the last one of its revisions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<CaseId>,
    /// The report in which the same sender had named it before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub earlier: Option<ReportId>,
}

impl fmt::Debug for Reported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reported").field("platform", &self.platform).field("case", &self.case).finish_non_exhaustive()
    }
}

impl Ledger {
    /// The id of a report: by the address that it claims to come from, whether that is so, and what tells this message
    /// from others. Who only claims an address is someone else than who writes from it, so that nobody can use up what
    /// others may send. Under the oldest pseudonym key under which anything is on record about the sender, as
    /// [`Ledger::known_as`] does with authors.
    ///
    /// # Errors
    /// When the ledger is unavailable.
    pub async fn report_id(
        &self,
        sender: &str,
        check: SenderCheck,
        message: &str,
        now: Timestamp,
    ) -> Result<ReportId, LedgerError> {
        for key in self.pseudonyms.replaced_by(now) {
            let id = key.report_id(sender, check.as_str(), message);
            if self.store.is_any(&self.keys.reporter(&id)).await? {
                return Ok(id);
            }
        }
        Ok(self.pseudonyms.in_force(now).report_id(sender, check.as_str(), message))
    }

    /// A report; `None` when there is none, or its time is over.
    ///
    /// # Errors
    /// When the ledger is unavailable or the item cannot be read.
    pub async fn user_report(&self, id: &ReportId, now: Timestamp) -> Result<Option<UserReport>, LedgerError> {
        let item = self.store.get(Table::Casebook, &self.keys.user_report(id)).await?;
        let report: Option<UserReport> = item.map(|item| from_item("user report", item)).transpose()?;
        Ok(report.filter(|report| report.expires_at > now))
    }

    /// The report in which the same sender has named a contribution, as long as that one is kept.
    ///
    /// # Errors
    /// When the ledger is unavailable or the item cannot be read.
    pub async fn reported_before(
        &self,
        id: &ReportId,
        about: &Reference,
        now: Timestamp,
    ) -> Result<Option<ReportId>, LedgerError> {
        let item = self.store.get(Table::Casebook, &self.keys.reported(id, about)).await?;
        let held = item.filter(|item| text_of(item, HOLDS_UNTIL).is_some_and(|until| until > sortable(now).as_str()));
        let unreadable = || LedgerError::Corrupt { what: "reported contribution", field: "report".to_owned() };
        held.map(|item| text_of(&item, "report").and_then(|id| id.parse().ok()).ok_or_else(unreadable)).transpose()
    }

    /// Counts one report of a sender, and answers how many there were today. An estimate: whoever is interrupted counts
    /// again.
    ///
    /// # Errors
    /// When the ledger is unavailable.
    pub async fn count_user_report(&self, id: &ReportId, now: Timestamp) -> Result<u64, LedgerError> {
        let key = self.keys.user_reports_on(id, day(now));
        let kept_until = now.saturating_add(jiff::SignedDuration::from_hours(COUNT_KEPT_HOURS));
        let set = Item::from([(EXPIRES.to_owned(), expiry(kept_until.unwrap_or(Timestamp::MAX)))]);
        self.store.add(Table::Casebook, &key, vec![("reports".to_owned(), number(1))], set).await?;
        let item = self.store.get(Table::Casebook, &key).await?;
        Ok(item.and_then(|item| number_of(&item, "reports")).unwrap_or_default())
    }

    /// Keeps a report together with the tasks that it raises, and remembers what it is about, for the sender where that
    /// one had not named it before, and for an erasure. One whose time is over does not stand in the way. [`Recorded::Duplicate`] when there is one with its id, or the same sender has named a
    /// contribution at this very moment: then nothing is written, and looking again tells.
    ///
    /// # Errors
    /// When the ledger is unavailable.
    pub async fn put_user_report(&self, report: &UserReport, tasks: &[Task]) -> Result<Recorded, LedgerError> {
        let now = report.received_at;
        let for_its_time = |mut item: Item| {
            item.insert(HOLDS_UNTIL.to_owned(), text(&sortable(report.expires_at)));
            item.insert(EXPIRES.to_owned(), expiry(report.expires_at));
            item
        };
        let item = for_its_time(to_item("user report", report)?);
        let mut writes = vec![Write::Renew(Table::Casebook, self.keys.user_report(&report.id), item, now)];
        for about in &report.about {
            let Some(reference) = &about.reference else { continue };
            let names = Item::from([("report".to_owned(), text(&report.id.to_string()))]);
            if about.earlier.is_none() {
                let key = self.keys.reported(&report.id, reference);
                writes.push(Write::Renew(Table::Casebook, key, for_its_time(names.clone()), now));
            }
            let key = self.keys.reported_in(reference, &report.id);
            writes.push(Write::Renew(Table::Casebook, key, for_its_time(names), now));
        }
        for task in tasks {
            // A task that is done may be kept longer than its report.
            if self.task(&task.id, now).await?.is_none() {
                writes.push(Write::Renew(Table::Casebook, self.keys.task(&task.id), self.task_item(task)?, now));
            }
        }
        Ok(match self.store.write_all(writes).await? {
            Written::Yes => Recorded::New,
            Written::No | Written::Unclear => Recorded::Duplicate,
        })
    }

    /// Remembers that a message was answered with the receipt of a report.
    ///
    /// # Errors
    /// When the ledger is unavailable, or the report keeps changing under its hands.
    pub async fn report_answered(&self, id: &ReportId, mail: &str, now: Timestamp) -> Result<(), LedgerError> {
        for _ in 0..ATTEMPTS {
            let Some(mut report) = self.user_report(id, now).await? else { return Ok(()) };
            if report.answered.iter().any(|answered| answered == mail) {
                return Ok(());
            }
            report.answered.push(mail.to_owned());
            let set = Item::from([("answered".to_owned(), to_attribute("user report", &report.answered)?)]);
            let change = Change { version: report.version, set, unset: Vec::new() };
            let write = Write::Change(Table::Casebook, self.keys.user_report(id), change);
            if self.store.write(write).await? == Written::Yes {
                return Ok(());
            }
        }
        Err(LedgerError::Conflict { operation: "report_answered", attempts: ATTEMPTS })
    }
}
