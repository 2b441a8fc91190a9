//! The activity of one day, compiled from its audit entries.

use std::collections::BTreeSet;
use std::ops::Range;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use ledger::{AuditEntry, CaseId, DecisionKind, Fact};
use policy::{
    AccountId, ActionKind, Category, Effect, Outcome, Platform, Policy, SanctionKind, SanctionState, Surface,
};
use serde::{Deserialize, Serialize};

use super::authors::{Authors, hex64, short};
use super::few::Few;
use super::spread::Spread;

/// The most cases, and the most events about cases, that a day keeps one by one. Beyond, they are counted only: their
/// times and strikes are then missing from the figures, which say so.
pub(super) const MAX_LINES: usize = 600;

/// The time zone in which hours are counted: that of the days of the audit log.
pub(super) static ROME: TimeZone = jiff::tz::get!("Europe/Rome");

/// The activity of one day: everything that a report needs of its audit entries, so that each day is read once. The
/// same entries give the same value, and the same bytes, in whatever order they come. It holds no text, name or
/// platform's id of a person; authors and cases stand in it by the first eight bytes of their keyed pseudonyms. Size:
/// see the front page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayActivity {
    /// The day, in Italy. A fact counts on the day on which it was recorded.
    pub day: Date,
    pub(super) accounts: Few<(Platform, AccountId), AccountDay>,
    /// By hour in Italy: who wrote what was not simply allowed.
    pub(super) authors: Few<u8, Authors>,
    /// From when it was written to the verdict.
    pub(super) to_verdict: Spread,
    /// How often what the system may do alone was halted.
    pub(super) halts: u64,
    /// The clauses and rules that led to the cases, in order.
    pub(super) rules: Vec<(String, String)>,
    pub(super) cases: Vec<CaseLine>,
    pub(super) events: Vec<Event>,
    /// How many cases and events there were beyond [`MAX_LINES`].
    pub(super) left_out: u64,
}

/// How many contributions had each verdict, from the mildest.
pub(super) type ByOutcome = [u32; Outcome::ALL.len()];

/// The activity of one day on one account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct AccountDay {
    /// By the hour in Italy: while the office was open, and while it was closed.
    pub(super) hours: Few<u8, [ByOutcome; 2]>,
    /// By the clause of the first finding, and the verdict: how many, and who wrote them. Without findings, there is
    /// none.
    pub(super) grounds: Few<(String, Category, Outcome), (u64, Authors)>,
    /// Who wrote what had each verdict, from the mildest; nobody is kept for what was allowed.
    pub(super) authors: [Authors; Outcome::ALL.len()],
    pub(super) effects: Few<(ActionKind, Effect), By>,
    pub(super) decisions: Few<What, u64>,
    /// The sanctions that reached their author.
    pub(super) sanctions: Few<SanctionKind, By>,
    /// How many contributions with a case no longer existed.
    pub(super) removals: u64,
    /// How many contributions were to be hidden to protect someone, and counted against nobody.
    pub(super) protected: u64,
}

/// How often the system did something alone, and how often after a person's decision.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct By {
    /// How often the system did it alone.
    pub automatic: u64,
    /// How often a person had decided it.
    pub person: u64,
}

impl By {
    fn add(&mut self, automatic: bool) {
        *(if automatic { &mut self.automatic } else { &mut self.person }) += 1;
    }

    pub(super) fn merge(&mut self, other: By) {
        self.automatic += other.automatic;
        self.person += other.person;
    }

    /// Both together.
    pub fn all(self) -> u64 {
        self.automatic + self.person
    }
}

/// A contribution that was not simply allowed: what later facts about it are measured against. Stored with short names,
/// because there are many.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct CaseLine {
    /// The case, as [`reference`] shortens its id.
    #[serde(rename = "c")]
    pub(super) case: u64,
    /// When it was written, or else judged, in milliseconds since 1970.
    #[serde(rename = "t")]
    pub(super) arrived: i64,
    #[serde(rename = "o")]
    pub(super) outcome: Outcome,
    /// Which of the day's [`DayActivity::rules`] its first finding has.
    #[serde(rename = "r", default, skip_serializing_if = "Option::is_none")]
    pub(super) rule: Option<u16>,
    #[serde(rename = "a", default, skip_serializing_if = "Option::is_none")]
    pub(super) author: Option<u64>,
    /// Until when a person has to have decided, in milliseconds since 1970.
    #[serde(rename = "d", default, skip_serializing_if = "Option::is_none")]
    pub(super) due: Option<i64>,
    /// The day on which the strike that it caused expires.
    #[serde(rename = "s", default, skip_serializing_if = "Option::is_none")]
    pub(super) strike: Option<Date>,
}

/// Something that happened later about a case, perhaps of another day.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Event {
    /// The case, as [`reference`] shortens its id.
    #[serde(rename = "c")]
    pub(super) case: u64,
    /// When, in milliseconds since 1970.
    #[serde(rename = "t")]
    pub(super) at: i64,
    #[serde(rename = "w")]
    pub(super) what: What,
    /// The day on which the strike that it caused expires.
    #[serde(rename = "s", default, skip_serializing_if = "Option::is_none")]
    pub(super) strike: Option<Date>,
}

/// What happened about a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum What {
    /// The platform hid or deleted it.
    Hidden,
    /// A person found that it violates the rules, or that the proposed sanction is right.
    Confirmed,
    /// A person found that it does not: what was done is taken back, and its strike counts no more.
    Overturned,
    /// A person declined the proposed sanction; the finding stands.
    Declined,
    /// A person brought it before the platform or the authorities.
    Escalated,
    /// A person saw to whoever may be in danger, and decided nothing else.
    SeenTo,
    /// It no longer exists.
    Gone,
    /// Another revision of it gave it the strike that it has.
    Revised,
}

/// The policy of a day, with the hours of service looked up once: nearly all that is judged on a day was written on it.
struct Office<'p> {
    policy: &'p Policy,
    day: Option<Range<Timestamp>>,
    open: Vec<Range<Timestamp>>,
}

impl<'p> Office<'p> {
    fn on(day: Date, policy: &'p Policy) -> Self {
        let begins = |day: Date| day.to_zoned(policy.time_zone.clone()).map(|begins| begins.timestamp());
        let next = day.tomorrow().and_then(begins);
        // Only the first and last days of all have no beginning or no end.
        let whole = begins(day).and_then(|begins| Ok(begins..next?)).ok();
        Self { policy, day: whole, open: policy.calendar.hours_on(day) }
    }

    fn is_open(&self, at: Timestamp) -> bool {
        match &self.day {
            Some(day) if day.contains(&at) => self.open.iter().any(|hours| hours.contains(&at)),
            _ => self.policy.calendar.is_open(at),
        }
    }
}

impl DayActivity {
    /// Compiles the entries that were recorded on a day, each given once, in any order. Entries of other days are
    /// passed over. The policy tells when the office was open and until when it has to decide.
    pub fn of<'e>(day: Date, entries: impl IntoIterator<Item = &'e AuditEntry>, policy: &Policy) -> Self {
        let entries: Vec<&AuditEntry> = entries.into_iter().filter(|entry| entry.day == day).collect();
        let rules: BTreeSet<(&str, &str)> = entries.iter().filter_map(|entry| rule(entry)).collect();
        let mut activity = Self {
            day,
            accounts: Few::default(),
            authors: Few::default(),
            to_verdict: Spread::default(),
            halts: 0,
            rules: rules.into_iter().map(|(clause, rule)| (clause.to_owned(), rule.to_owned())).collect(),
            cases: Vec::new(),
            events: Vec::new(),
            left_out: 0,
        };
        let office = Office::on(day, policy);
        for entry in entries {
            activity.add(entry, &office);
        }
        // Which of them stay must not depend on the order in which they came; the ids of cases are random.
        activity.cases.sort_unstable();
        activity.events.sort_unstable();
        activity.left_out += cut(&mut activity.cases) + cut(&mut activity.events);
        activity
    }

    fn add(&mut self, entry: &AuditEntry, office: &Office<'_>) {
        if let Fact::Halt { halted, .. } = entry.fact {
            self.halts += u64::from(halted);
        }
        let (Some(platform), Some(account)) = (entry.platform, &entry.account) else { return };
        let account = self.accounts.at(&(platform, account.clone()));
        let event = |what| Some(Event { case: 0, at: entry.at.as_millisecond(), what, strike: None });
        let mut happened = None;
        match &entry.fact {
            // Another full stop is no contribution more.
            Fact::Verdict { unchanged: true, .. } => {}
            Fact::Verdict { outcome, author, written_at, strike, revision, .. } => {
                if let (Some(author), true) = (author, *outcome != Outcome::Allow) {
                    self.authors.at(&hour(written_at.unwrap_or(entry.at))).add(short(author));
                }
                if let Some(written_at) = written_at {
                    self.to_verdict.add(entry.at.duration_since(*written_at));
                }
                let case = account.judged(entry, &self.rules, office);
                // A revision that belongs to the case of another is no case more.
                self.cases.extend(case.filter(|_| revision.is_none()));
                if let (Some(_), Some(strike)) = (revision, strike) {
                    let strike = Some(ledger::day(strike.expires_at));
                    happened = event(What::Revised).map(|event| Event { strike, ..event });
                }
            }
            Fact::Effect { asked, effect, .. } => {
                account.effects.at(&(*asked, *effect)).add(entry.automatic);
                if entry.fact.hid() {
                    happened = event(What::Hidden);
                }
            }
            Fact::Removal => {
                account.removals += 1;
                happened = event(What::Gone);
            }
            Fact::Decision { decision, strike, strike_withdrawn, .. } => {
                let what = match decision {
                    DecisionKind::Confirm => What::Confirmed,
                    // Only with the finding is its strike taken back, if there was one.
                    DecisionKind::Overturn if *strike_withdrawn => What::Overturned,
                    DecisionKind::Overturn => What::Declined,
                    DecisionKind::Escalate => What::Escalated,
                    DecisionKind::Danger => What::SeenTo,
                    DecisionKind::Assign
                    | DecisionKind::Unban
                    | DecisionKind::Note
                    | DecisionKind::TaskDone
                    | DecisionKind::Announce
                    | DecisionKind::TakeBack => return,
                };
                *account.decisions.at(&what) += 1;
                let strike = strike.as_ref().map(|strike| ledger::day(strike.expires_at));
                happened = event(what).map(|event| Event { strike, ..event });
            }
            Fact::Sanction { sanction, state: SanctionState::Effective, .. } => {
                account.sanctions.at(sanction).add(entry.automatic);
            }
            // What concerns no single contribution is not activity on an account.
            Fact::Sanction { .. }
            | Fact::Halt { .. }
            | Fact::Activation
            | Fact::Export { .. }
            | Fact::Disclosure { .. }
            | Fact::Erasure { .. }
            | Fact::Refusal { .. }
            | Fact::ReportErasure { .. } => {}
        }
        if let (Some(event), Some(case)) = (happened, &entry.case) {
            self.events.push(Event { case: reference(case), ..event });
        }
    }

    /// Whether nothing was recorded on any account.
    pub fn is_empty(&self) -> bool {
        self.accounts.is_empty()
    }

    /// How it is stored: JSON with the keys in a fixed order, below 350 KB.
    pub fn to_json(&self) -> String {
        // Every key is a text and every number whole, so this cannot fail.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads what was stored.
    ///
    /// # Errors
    /// When it is not what [`DayActivity::to_json`] writes, for example because another version wrote it: the day is
    /// then to be compiled again.
    pub fn from_json(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }
}

impl AccountDay {
    /// Counts a verdict; what is to be remembered of the case, if there is one.
    fn judged(&mut self, entry: &AuditEntry, rules: &[(String, String)], office: &Office<'_>) -> Option<CaseLine> {
        let Fact::Verdict { outcome, findings, author, written_at, strike, urgent, protects, .. } = &entry.fact else {
            return None;
        };
        self.protected += u64::from(*protects);
        let arrived = written_at.unwrap_or(entry.at);
        let closed = !office.is_open(arrived);
        self.hours.at(&hour(arrived))[usize::from(closed)][*outcome as usize] += 1;
        if *outcome == Outcome::Allow {
            return None;
        }
        let author = author.as_ref().map(short);
        if let Some(finding) = findings.first() {
            let (count, authors) = self.grounds.at(&(finding.clause.clone(), finding.category, *outcome));
            *count += 1;
            author.iter().for_each(|author| authors.add(*author));
        }
        if let Some(author) = author {
            self.authors[*outcome as usize].add(author);
        }
        // A redirect that was answered has no deadline, and the verdict does not tell which were.
        let has_deadline = *urgent || *outcome != Outcome::Redirect;
        let kind = entry.surface.filter(|_| has_deadline).map(Surface::kind);
        let due = kind.map(|kind| office.policy.deadline(*outcome, kind, None, *urgent, entry.at));
        Some(CaseLine {
            case: reference(entry.case.as_ref()?),
            arrived: arrived.as_millisecond(),
            outcome: *outcome,
            rule: rule(entry).and_then(|rule| position(rules, rule)),
            author,
            due: due.map(Timestamp::as_millisecond),
            strike: strike.as_ref().map(|strike| ledger::day(strike.expires_at)),
        })
    }
}

/// The clause and the rule that led to a case.
fn rule(entry: &AuditEntry) -> Option<(&str, &str)> {
    let Fact::Verdict { outcome, findings, unchanged: false, .. } = &entry.fact else { return None };
    let finding = findings.first().filter(|_| *outcome != Outcome::Allow)?;
    Some((&finding.clause, &finding.rule))
}

/// Where a rule stands.
fn position(rules: &[(String, String)], rule: (&str, &str)) -> Option<u16> {
    let position = rules.binary_search_by(|(clause, id)| (clause.as_str(), id.as_str()).cmp(&rule)).ok()?;
    // A policy has some hundred rules.
    u16::try_from(position).ok()
}

/// The hour of a moment in Italy.
fn hour(at: Timestamp) -> u8 {
    at.to_zoned(ROME.clone()).hour().unsigned_abs()
}

/// A case in eight bytes: its contribution's reference and its revision, both parts of keyed hashes.
fn reference(case: &CaseId) -> u64 {
    let text = case.to_string();
    let revision = text.split_once('-').map_or("", |(_, revision)| revision);
    hex64(&text) ^ (hex64(revision) << 16)
}

/// Keeps the first [`MAX_LINES`]; how many were left out.
fn cut<T>(lines: &mut Vec<T>) -> u64 {
    let left_out = lines.len().saturating_sub(MAX_LINES);
    lines.truncate(MAX_LINES);
    left_out as u64
}

/// The duration between two moments in milliseconds since 1970.
pub(super) fn between(from: i64, to: i64) -> SignedDuration {
    SignedDuration::from_millis(to.saturating_sub(from))
}
