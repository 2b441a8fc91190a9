//! The activity of one day, compiled from its audit entries.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use ledger::{AuditEntry, CaseId, DecisionKind, Fact};
use policy::{AccountId, ActionKind, Category, Effect, Outcome, Platform, SanctionKind, SanctionState, Surface};
use serde::{Deserialize, Serialize};

use super::authors::{Authors, hex64, short};
use super::spread::Spread;

/// The most cases, and the most events about cases, that a day keeps one by one. Beyond, they are counted only: their
/// times and strikes are then missing from the figures, which say so.
pub(super) const MAX_LINES: usize = 600;

/// The time zone in which hours are counted: that of the days of the audit log.
pub(super) static ROME: TimeZone = jiff::tz::get!("Europe/Rome");

/// What the office has promised, which the audit log does not record.
#[derive(Clone, Copy)]
pub struct Service<'a> {
    /// Whether the office is open at a moment.
    pub is_open: &'a (dyn Fn(Timestamp) -> bool + Sync),
    /// Until when a person has to have decided about what arrived; `None` where nobody has to.
    pub deadline: &'a (dyn Fn(&Arrival) -> Option<Timestamp> + Sync),
}

/// A contribution that arrived, as far as a deadline depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// When it was judged.
    pub at: Timestamp,
    /// The verdict.
    pub outcome: Outcome,
    /// Where exactly it stands.
    pub surface: Option<Surface>,
    /// Whether a person has to look at once.
    pub urgent: bool,
}

/// The activity of one day: everything that a report needs of its audit entries, so that each day is read once. The
/// same entries give the same value, and the same bytes, in whatever order they come. It holds no text, name or
/// platform's id of a person; authors and cases stand in it by the first eight bytes of their keyed pseudonyms. Size:
/// see the front page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayActivity {
    /// The day, in Italy. A fact counts on the day on which it was recorded.
    pub day: Date,
    pub(super) platforms: BTreeMap<Platform, BTreeMap<AccountId, AccountDay>>,
    /// By hour in Italy: who wrote what was not simply allowed.
    pub(super) authors: BTreeMap<u8, Authors>,
    /// From when it was written to the verdict.
    pub(super) to_verdict: Spread,
    /// How often what the system may do alone was halted.
    pub(super) halts: u64,
    pub(super) cases: Vec<CaseLine>,
    pub(super) events: Vec<Event>,
    /// How many cases and events there were beyond [`MAX_LINES`].
    pub(super) left_out: u64,
}

/// How many contributions had each verdict, from the mildest.
pub(super) type ByOutcome = [u64; Outcome::ALL.len()];

/// The activity of one day on one account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct AccountDay {
    /// By the hour in Italy: while the office was open, and while it was closed.
    pub(super) hours: BTreeMap<u8, [ByOutcome; 2]>,
    /// By clause and rule of the first finding. Without findings, there is none.
    pub(super) grounds: BTreeMap<String, BTreeMap<String, Ground>>,
    /// Who wrote what had each verdict, from the mildest; nobody is kept for what was allowed.
    pub(super) authors: [Authors; Outcome::ALL.len()],
    pub(super) effects: BTreeMap<ActionKind, BTreeMap<Effect, By>>,
    pub(super) decisions: BTreeMap<DecisionKind, u64>,
    /// The sanctions that reached their author.
    pub(super) sanctions: BTreeMap<SanctionKind, By>,
    /// How many contributions with a case no longer existed.
    pub(super) removals: u64,
}

/// What was judged on one ground: how many had each verdict, and who wrote them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Ground {
    #[serde(rename = "k")]
    pub(super) category: Category,
    #[serde(rename = "n")]
    pub(super) outcomes: BTreeMap<Outcome, (u64, Authors)>,
}

/// How often the system did something alone, and how often after a person's decision.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct By {
    /// The system alone.
    pub automatic: u64,
    /// After a person's decision.
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
    /// The clause and the rule of its first finding.
    #[serde(rename = "r", default, skip_serializing_if = "Option::is_none")]
    pub(super) rule: Option<(String, String)>,
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
    /// Whether the strike of the case counts no more.
    #[serde(rename = "x", default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) withdrawn: bool,
}

/// What happened about a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum What {
    /// The platform hid or deleted it.
    Hidden,
    Confirmed,
    Overturned,
    Escalated,
    /// It no longer exists.
    Gone,
}

impl DayActivity {
    /// Compiles the entries that were recorded on a day, each given once, in any order. Entries of other days are
    /// passed over.
    pub fn of<'e>(day: Date, entries: impl IntoIterator<Item = &'e AuditEntry>, service: Service<'_>) -> Self {
        let mut activity = Self {
            day,
            platforms: BTreeMap::new(),
            authors: BTreeMap::new(),
            to_verdict: Spread::default(),
            halts: 0,
            cases: Vec::new(),
            events: Vec::new(),
            left_out: 0,
        };
        for entry in entries.into_iter().filter(|entry| entry.day == day) {
            activity.add(entry, service);
        }
        // Which of them stay must not depend on the order in which they came; the ids of cases are random.
        activity.cases.sort_unstable();
        activity.events.sort_unstable();
        activity.left_out += cut(&mut activity.cases) + cut(&mut activity.events);
        activity
    }

    fn add(&mut self, entry: &AuditEntry, service: Service<'_>) {
        if let Fact::Halt { halted, .. } = entry.fact {
            self.halts += u64::from(halted);
        }
        let (Some(platform), Some(account)) = (entry.platform, &entry.account) else { return };
        let accounts = self.platforms.entry(platform).or_default();
        if !accounts.contains_key(account) {
            accounts.insert(account.clone(), AccountDay::default());
        }
        let Some(account) = accounts.get_mut(account) else { return };
        let event = |what| Some(Event { case: 0, at: entry.at.as_millisecond(), what, strike: None, withdrawn: false });
        let mut happened = None;
        match &entry.fact {
            Fact::Verdict { outcome, author, written_at, .. } => {
                if let (Some(author), true) = (author, *outcome != Outcome::Allow) {
                    self.authors.entry(hour(written_at.unwrap_or(entry.at))).or_default().add(short(author));
                }
                if let Some(written_at) = written_at {
                    self.to_verdict.add(entry.at.duration_since(*written_at));
                }
                self.cases.extend(account.judged(entry, service));
            }
            Fact::Effect { asked, effect, .. } => {
                account.effects.entry(*asked).or_default().entry(*effect).or_default().add(entry.automatic);
                if matches!(asked, ActionKind::Hide | ActionKind::Delete) && *effect == Effect::Done {
                    happened = event(What::Hidden);
                }
            }
            Fact::Removal => {
                account.removals += 1;
                happened = event(What::Gone);
            }
            Fact::Decision { decision, strike, strike_withdrawn, .. } => {
                *account.decisions.entry(*decision).or_default() += 1;
                happened = match decision {
                    DecisionKind::Confirm => event(What::Confirmed),
                    DecisionKind::Overturn => event(What::Overturned),
                    DecisionKind::Escalate => event(What::Escalated),
                    DecisionKind::Assign | DecisionKind::Unban | DecisionKind::Note | DecisionKind::TaskDone => None,
                }
                .map(|event| Event {
                    strike: strike.as_ref().map(|strike| ledger::day(strike.expires_at)),
                    withdrawn: *strike_withdrawn,
                    ..event
                });
            }
            Fact::Sanction { sanction, state: SanctionState::Effective, .. } => {
                account.sanctions.entry(*sanction).or_default().add(entry.automatic);
            }
            Fact::Sanction { .. } | Fact::Halt { .. } => {}
        }
        if let (Some(event), Some(case)) = (happened, &entry.case) {
            self.events.push(Event { case: reference(case), ..event });
        }
    }

    /// Whether nothing was recorded on any account.
    pub fn is_empty(&self) -> bool {
        self.platforms.is_empty()
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
    fn judged(&mut self, entry: &AuditEntry, service: Service<'_>) -> Option<CaseLine> {
        let Fact::Verdict { outcome, findings, author, written_at, strike, urgent, .. } = &entry.fact else {
            return None;
        };
        let arrived = written_at.unwrap_or(entry.at);
        let closed = !(service.is_open)(arrived);
        self.hours.entry(hour(arrived)).or_default()[usize::from(closed)][*outcome as usize] += 1;
        if *outcome == Outcome::Allow {
            return None;
        }
        let author = author.as_ref().map(short);
        let first = findings.first();
        if let Some(finding) = first {
            let rules = self.grounds.entry(finding.clause.clone()).or_default();
            let ground = rules
                .entry(finding.rule.clone())
                .or_insert_with(|| Ground { category: finding.category, outcomes: BTreeMap::new() });
            let (count, authors) = ground.outcomes.entry(*outcome).or_default();
            *count += 1;
            author.iter().for_each(|author| authors.add(*author));
        }
        if let Some(author) = author {
            self.authors[*outcome as usize].add(author);
        }
        let arrival = Arrival { at: entry.at, outcome: *outcome, surface: entry.surface, urgent: *urgent };
        Some(CaseLine {
            case: reference(entry.case.as_ref()?),
            arrived: arrived.as_millisecond(),
            outcome: *outcome,
            rule: first.map(|finding| (finding.clause.clone(), finding.rule.clone())),
            author,
            due: (service.deadline)(&arrival).map(Timestamp::as_millisecond),
            strike: strike.as_ref().map(|strike| ledger::day(strike.expires_at)),
        })
    }
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
