//! Users' reports: what someone writes by e-mail to the address of the policy about what stands on our accounts.
//!
//! A report never does anything by itself: it becomes a task for a person, of the case of the contribution where there
//! is one (decision 0016). It is answered with a receipt, which is sent only once the report is durable, and never to an
//! address from which it need not have come.

mod mail;
mod receipt;
mod tasks;
#[cfg(test)]
mod tests;

use jiff::Timestamp;
use ledger::{CaseId, LedgerError, Recorded, Reference, ReportId, Reported, SenderCheck, UserReport};
use platforms::Link;
use policy::{Kind, Outcome};
use url::Url;

use crate::{Moderation, OfficeError, person};
use mail::Mail;

pub use mail::is_mail;
pub use receipt::Receipt;

/// The most of an e-mail that is read, in bytes: no mail service takes larger ones. What is longer is read up to here.
pub const MAX_MAIL_BYTES: usize = 40 * 1024 * 1024;

/// The most contributions that one report is about; what it names beyond is counted.
const MAX_LINKS: usize = 10;

/// The most reports that are taken from one sender on one day. What comes beyond is counted, and a task says so.
const MAX_REPORTS_A_DAY: u64 = 20;

/// How often the receipt of one report is sent, however often the same sender repeats it.
const MAX_RECEIPTS: usize = 3;

/// How often a report is looked at anew when another of the same sender arrives at the same moment.
const ATTEMPTS: u32 = 4;

/// How an e-mail came.
#[derive(Clone, PartialEq, Eq)]
pub struct Arrival {
    /// What vouches for the address that it claims to come from.
    pub proof: Proof,
    /// Whether it came without an address to return it to, as what mail servers write themselves does.
    pub unreturnable: bool,
}

/// What vouches for the address that an e-mail claims to come from.
#[derive(Clone, PartialEq, Eq)]
pub enum Proof {
    /// DMARC: the domain of that address itself.
    Dmarc,
    /// SPF: the domain of this other address, that of the envelope, which counts where it is the same domain.
    Envelope(String),
    /// Nothing.
    Nothing,
    /// Nobody looked: it came from a file.
    Unchecked,
}

impl Proof {
    /// What it proves of this sender.
    fn of(&self, sender: &str) -> SenderCheck {
        let domain = |address: &str| address.rsplit_once('@').map(|(_, domain)| domain.to_ascii_lowercase());
        match self {
            Proof::Dmarc => SenderCheck::Passed,
            Proof::Envelope(address) if domain(address).is_some() && domain(address) == domain(sender) => {
                SenderCheck::Passed
            }
            Proof::Envelope(_) | Proof::Nothing => SenderCheck::Failed,
            Proof::Unchecked => SenderCheck::Unchecked,
        }
    }
}

/// What became of an e-mail.
#[derive(Clone, Debug)]
pub struct ReportTaken {
    /// How the report is known: the one that it is, or that it repeats.
    pub id: ReportId,
    /// What it is to us.
    pub outcome: ReportOutcome,
    /// How many contributions it is about.
    pub links: usize,
    /// How many of them have a case.
    pub cases: usize,
    /// What to answer, if anything. Once it is sent, [`Moderation::receipt_sent`] has to be told.
    pub receipt: Option<Receipt>,
}

/// What an e-mail is to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReportOutcome {
    /// A report, which is on record now.
    New,
    /// A report that is on record already: this message, or another of the same sender about the same contributions.
    Repeated,
    /// One report too many of one sender on one day.
    OverLimit,
    /// Something that a machine sent and that is about none of our contributions.
    Automatic,
}

impl ReportOutcome {
    /// The key used in logs and metrics.
    pub const fn as_str(self) -> &'static str {
        match self {
            ReportOutcome::New => "new",
            ReportOutcome::Repeated => "repeated",
            ReportOutcome::OverLimit => "over_limit",
            ReportOutcome::Automatic => "automatic",
        }
    }
}

impl Moderation {
    /// Takes an e-mail to the address of the policy: keeps it as a report, raises what a person has to do, and answers
    /// with the receipt to send. The same message leads to the same report however often it is taken.
    ///
    /// # Errors
    /// When the ledger is unavailable: taking it again does no harm.
    pub async fn take_user_report(&self, raw: &[u8], arrival: &Arrival) -> Result<ReportTaken, LedgerError> {
        let mut mail = Mail::read(&raw[..raw.len().min(MAX_MAIL_BYTES)]);
        let is_our_own = |sender: &String| sender.eq_ignore_ascii_case(&self.policy.organisation.email);
        mail.automatic |= arrival.unreturnable || mail.sender.as_ref().is_some_and(is_our_own);
        // Who does not say who writes is nobody else who does not: each such message has a sender of its own, which no
        // address can be.
        let sender = mail.sender.clone().unwrap_or_else(|| format!("\n{}", mail.identity));
        let check = arrival.proof.of(&sender);
        let id = self.ledger.report_id(&sender, check, &mail.identity, self.clock.now()).await?;
        let taken = self.keep(id, &mail, check).await?;
        tracing::info!(report = %taken.id, outcome = taken.outcome.as_str(), links = taken.links, cases = taken.cases,
            sender_check = check.as_str(), receipt = taken.receipt.is_some(),
            "an e-mail to the address of the policy was taken");
        Ok(taken)
    }

    async fn keep(&self, id: ReportId, mail: &Mail, check: SenderCheck) -> Result<ReportTaken, LedgerError> {
        let taken = |outcome| ReportTaken { id: id.clone(), outcome, links: 0, cases: 0, receipt: None };
        for _ in 0..ATTEMPTS {
            let now = self.clock.now();
            if let Some(known) = self.ledger.user_report(&id, now).await? {
                return Ok(self.repeated(known, &id, mail, check));
            }
            let (about, links_left_out) = self.about(&id, mail, now).await?;
            if about.is_empty() && mail.automatic {
                return Ok(taken(ReportOutcome::Automatic));
            }
            // One that names only what this sender had named before is that report again.
            let earlier = about.iter().all(|about| about.earlier.is_some()).then(|| about.first()?.earlier.clone());
            if let Some(earlier) = earlier.flatten()
                && let Some(known) = self.ledger.user_report(&earlier, now).await?
            {
                return Ok(self.repeated(known, &id, mail, check));
            }
            if self.ledger.count_user_report(&id, now).await? > MAX_REPORTS_A_DAY {
                self.ledger.put_task(&self.over_limit(&id, now)).await?;
                return Ok(taken(ReportOutcome::OverLimit));
            }
            let report = self.report(id.clone(), mail, check, (about, links_left_out), now);
            let tasks = self.tasks_for(&report, now).await?;
            if self.ledger.put_user_report(&report, &tasks).await? == Recorded::New {
                return Ok(self.taken(ReportOutcome::New, &report, &id, mail, check));
            }
        }
        Err(LedgerError::Conflict { operation: "take_user_report", attempts: ATTEMPTS })
    }

    fn repeated(&self, known: UserReport, id: &ReportId, mail: &Mail, check: SenderCheck) -> ReportTaken {
        self.taken(ReportOutcome::Repeated, &known, id, mail, check)
    }

    fn taken(
        &self,
        outcome: ReportOutcome,
        report: &UserReport,
        id: &ReportId,
        mail: &Mail,
        check: SenderCheck,
    ) -> ReportTaken {
        let is_answered = report.answered.iter().any(|answered| answered == id.mail());
        let may_answer = !mail.automatic && check != SenderCheck::Failed;
        let receipt = mail.recipient().filter(|_| may_answer && !is_answered && report.answered.len() < MAX_RECEIPTS);
        let receipt =
            receipt.and_then(|to| receipt::receipt(&self.policy, report, to, id.mail(), mail.message_id.as_deref()));
        let cases = report.about.iter().filter(|about| about.case.is_some()).count();
        ReportTaken { id: report.id.clone(), outcome, links: report.about.len(), cases, receipt }
    }

    /// Remembers that a receipt was sent. Before that, whoever takes the same message again sends it again.
    ///
    /// # Errors
    /// When the ledger is unavailable.
    pub async fn receipt_sent(&self, receipt: &Receipt) -> Result<(), LedgerError> {
        self.ledger.report_answered(&receipt.report, &receipt.mail, self.clock.now()).await
    }

    /// Erases every report of an address, as [`ledger::Ledger::erase_reporter`] does. Answers how many there were.
    ///
    /// # Errors
    /// When nobody is named who orders it, or the ledger is unavailable.
    pub async fn erase_reporter(&self, address: &str, by: &str) -> Result<usize, OfficeError> {
        let by = person(by)?;
        Ok(self.ledger.erase_reporter(address.trim(), &self.policy.reference, &by, self.clock.now()).await?)
    }

    /// Erases one report, as [`ledger::Ledger::erase_user_report`] does. Whether there was one.
    ///
    /// # Errors
    /// When nobody is named who orders it, or the ledger is unavailable.
    pub async fn erase_user_report(&self, id: &ReportId, by: &str) -> Result<bool, OfficeError> {
        let by = person(by)?;
        Ok(self.ledger.erase_user_report(id, &self.policy.reference, &by, self.clock.now()).await?)
    }

    fn report(
        &self,
        id: ReportId,
        mail: &Mail,
        check: SenderCheck,
        (about, links_left_out): (Vec<Reported>, usize),
        now: Timestamp,
    ) -> UserReport {
        let topic = self.policy.topic_of(&mail.text);
        UserReport {
            id,
            received_at: now,
            deadline: self.policy.deadline(Outcome::Review, Kind::Comment, topic, false, now),
            sender: mail.sender.clone(),
            sender_check: check,
            subject: mail.subject.clone(),
            text: mail.text.clone(),
            text_cut: mail.text_cut,
            attachments: mail.attachments.clone(),
            attachments_left_out: mail.attachments_left_out,
            about,
            links_left_out,
            answered: Vec::new(),
            expires_at: self.policy.keep_report_until(now),
            version: 1,
        }
    }

    /// The contributions that an e-mail names, each once; and how many beyond the first ones.
    async fn about(&self, id: &ReportId, mail: &Mail, now: Timestamp) -> Result<(Vec<Reported>, usize), LedgerError> {
        let mut links: Vec<(Link, &Url)> = Vec::new();
        for address in &mail.addresses {
            let found = mail::destinations(address).find_map(|to| platforms::link(&to, &self.accounts));
            let Some(link) = found.filter(|link| !links.iter().any(|(known, _)| known == link)) else { continue };
            links.push((link, address));
        }
        let left_out = links.len().saturating_sub(MAX_LINKS);
        let mut about: Vec<Reported> = Vec::new();
        for (link, address) in links.into_iter().take(MAX_LINKS) {
            let reported = self.resolve(id, &link, address, now).await?;
            // Two addresses may lead to one contribution.
            let is_known = |known: &Reported| known.reference.is_some() && known.reference == reported.reference;
            if !about.iter().any(is_known) {
                about.push(reported);
            }
        }
        Ok((about, left_out))
    }

    /// The contribution that a link leads to, by its case if it has one on any account where it may stand.
    async fn resolve(
        &self,
        id: &ReportId,
        link: &Link,
        address: &Url,
        now: Timestamp,
    ) -> Result<Reported, LedgerError> {
        let places = link.ids.iter().flat_map(|name| link.accounts.iter().map(move |account| (name, account)));
        let candidates: Vec<Reference> =
            places.flat_map(|(name, account)| self.ledger.references(link.platform, account, name)).collect();
        let (mut reference, mut case): (_, Option<CaseId>) = (candidates.first(), None);
        for candidate in &candidates {
            let cases = self.ledger.cases_by(candidate, now).await?;
            if let Some(last) = cases.into_iter().max_by_key(|case| case.received_at) {
                (reference, case) = (Some(candidate), Some(last.id));
                break;
            }
        }
        // It may have been named when nothing told yet by which of these it would be known.
        let mut earlier = None;
        for candidate in reference.into_iter().chain(&candidates) {
            earlier = self.ledger.reported_before(id, candidate, now).await?;
            if earlier.is_some() {
                break;
            }
        }
        let link_written = Some(address.to_string());
        Ok(Reported { link: link_written, platform: link.platform, reference: reference.cloned(), case, earlier })
    }
}
