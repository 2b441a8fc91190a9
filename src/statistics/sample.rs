//! A made-up history for demonstrations and measurements: audit entries and counts of followers, in the shapes and
//! proportions of real ones. Any day of it can be made by itself, and the same seed always makes the same.

use jiff::civil::{Date, DateTime, time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use ledger::{
    AuditEntry, CaseId, DecisionKind, EntryFinding, EntryStrike, Fact, Measurement, Precision, Pseudonym, Source,
};
use policy::{
    Account, AccountState, ActionKind, Category, Clause, Effect, Gravity, Outcome, Platform, Policy, SanctionKind,
    SanctionState, Surface,
};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::{Error, StrDeserializer};

use crate::{Metric, Period, Reading};

static ROME: TimeZone = jiff::tz::get!("Europe/Rome");

/// How many different people write in all.
const AUTHORS: u64 = 20_000;
/// How many contributions in a hundred are not simply allowed.
const NOTICED_PERCENT: f64 = 6.0;

/// The made-up history of an organisation.
#[derive(Clone, Copy)]
pub struct Sample<'p> {
    policy: &'p Policy,
    seed: u64,
    per_day: u32,
}

impl<'p> Sample<'p> {
    /// A history under a policy, on its active accounts, with about `per_day` contributions a day.
    pub const fn new(policy: &'p Policy, seed: u64, per_day: u32) -> Self {
        Self { policy, seed, per_day }
    }

    /// The entries recorded on a day: its verdicts with their effects, warnings and blocks, and the decisions of people
    /// about the cases of the day before. Weekends and August are quieter, and the channels grow from year to year.
    pub fn entries(&self, day: Date) -> Vec<AuditEntry> {
        let mut entries = self.verdicts(day);
        let mut random = self.random(day, 1);
        let noticed: Vec<AuditEntry> = entries.iter().filter(|entry| is_noticed(entry)).cloned().collect();
        for verdict in &noticed {
            self.follow_up(verdict, &mut random, &mut entries);
        }
        if let Ok(before) = day.yesterday() {
            for verdict in self.verdicts(before).iter().filter(|entry| is_noticed(entry)) {
                self.decide(verdict, day, &mut random, &mut entries);
            }
        }
        // What follows shortly before midnight would belong to the next day, which is made by itself.
        entries.retain(|entry| entry.day == day);
        entries.sort_by(|one, other| one.at.cmp(&other.at).then_with(|| one.case.cmp(&other.case)));
        entries
    }

    /// What was counted on each day of a period, with a few days on which a platform did not answer.
    pub fn measurements(&self, period: Period) -> Vec<Measurement> {
        let mut measurements = Vec::new();
        let start = Date::constant(2020, 1, 1);
        for (account, nth) in self.accounts().zip(0u64..) {
            for day in period.days() {
                let mut random = self.random(day, 100 + nth);
                let age = start.duration_until(day).as_hours().max(0) as u64 / 24;
                let followers = 2_000 + nth * 900 + age * (nth + 2) / 2 + random.random_range(0..4);
                let rounded = account.platform == Platform::Youtube;
                let value = if rounded { followers / 10 * 10 } else { followers };
                let reading = if random.random_bool(0.01) {
                    Reading::Gap(crate::Gap::Unreachable)
                } else {
                    Reading::Count { value, rounded }
                };
                measurements.push(Measurement {
                    platform: account.platform,
                    account: account.id.clone(),
                    day,
                    precision: Precision::Day,
                    metric: Metric::Followers,
                    reading,
                    source: Source::Snapshot,
                });
            }
        }
        measurements
    }

    fn accounts(&self) -> impl Iterator<Item = &'p Account> {
        self.policy.accounts.iter().filter(|account| account.state == AccountState::Active)
    }

    /// What is random about a day, or about one aspect of it.
    fn random(&self, day: Date, aspect: u64) -> StdRng {
        let day = u64::from(day.year().unsigned_abs()) * 1_000 + u64::from(day.day_of_year().unsigned_abs());
        StdRng::seed_from_u64(self.seed ^ (day << 20) ^ aspect)
    }

    fn verdicts(&self, day: Date) -> Vec<AuditEntry> {
        let accounts: Vec<&Account> = self.accounts().collect();
        if accounts.is_empty() {
            return Vec::new();
        }
        let mut random = self.random(day, 0);
        (0..self.volume(day))
            .filter_map(|_| {
                // The first accounts are the busy ones.
                let nth = (random.random::<f64>().powi(2) * accounts.len() as f64) as usize;
                self.verdict(day, accounts.get(nth)?, &mut random)
            })
            .collect()
    }

    /// How many contributions a day has.
    fn volume(&self, day: Date) -> u32 {
        let quiet = if day.weekday().to_monday_one_offset() > 5 { 0.5 } else { 1.2 };
        let season = if day.month() == 8 { 0.6 } else { 1.03 };
        let growth = 1.0 + f64::from(day.year() - 2026) * 0.08;
        (f64::from(self.per_day) * quiet * season * growth.max(0.2)).round() as u32
    }

    fn verdict(&self, day: Date, account: &Account, random: &mut StdRng) -> Option<AuditEntry> {
        // Most people write in the middle of the day and in the evening.
        let hour = (random.random_range(6..24) + random.random_range(6..24)) / 2;
        let minute = random.random_range(0..60);
        let written_at = moment(day.to_datetime(time(hour, minute, random.random_range(0..59), 0)))?;
        let at = written_at + SignedDuration::from_millis(random.random_range(200..900));
        let noticed = random.random_bool(NOTICED_PERCENT / 100.0);
        let clause = noticed.then(|| self.clause(random)).flatten();
        let outcome = clause.map_or(Outcome::Allow, |clause| outcome_of(clause, random));
        let findings = clause.map(|clause| EntryFinding {
            clause: clause.number.clone(),
            category: clause.category,
            rule: format!("esempio-{}", clause.number.to_lowercase()),
            detector: "term".to_owned(),
            start: 0,
            end: 4,
            opinion: None,
        });
        let strike = clause.filter(|clause| outcome == Outcome::Hide && clause.gravity != Gravity::Light);
        let strike = strike.map(|clause| EntryStrike {
            clause: clause.number.clone(),
            weight: 1,
            expires_at: at.to_zoned(ROME.clone()).saturating_add(1.year()).timestamp(),
        });
        let author = (random.random::<f64>().powi(4) * AUTHORS as f64) as u64;
        let case: CaseId = format!("{:024x}-{:012x}", random.random::<u64>(), random.random::<u32>()).parse().ok()?;
        let fact = Fact::Verdict {
            outcome,
            findings: findings.into_iter().collect(),
            findings_left_out: 0,
            author: Some(pseudonym(account.platform, author)?),
            written_at: Some(written_at),
            strike,
            urgent: false,
            halted: false,
            protects: false,
            revision: None,
            unchanged: false,
            strike_raised: None,
        };
        Some(AuditEntry {
            at,
            day: ledger::day(at),
            case: Some(case),
            platform: Some(account.platform),
            account: Some(account.id.clone()),
            surface: Some(Surface::Comment),
            policy: self.policy.reference.clone(),
            automatic: true,
            fact,
            hash: String::new(),
        })
    }

    /// A clause that something could be found against.
    fn clause(&self, random: &mut StdRng) -> Option<&'p Clause> {
        let clauses = &self.policy.clauses;
        let nth = (random.random::<f64>().powi(2) * clauses.len() as f64) as usize;
        clauses.iter().rev().nth(nth)
    }

    /// What the system does about a verdict on the same day.
    fn follow_up(&self, verdict: &AuditEntry, random: &mut StdRng, entries: &mut Vec<AuditEntry>) {
        let Fact::Verdict { outcome, author, strike, .. } = &verdict.fact else { return };
        let later = |seconds: i64| verdict.at + SignedDuration::from_secs(seconds);
        if *outcome == Outcome::Hide {
            let effect = match (verdict.platform, random.random_range(0..100)) {
                (Some(Platform::Linkedin), _) => Effect::Manual,
                (_, 0..94) => Effect::Done,
                (_, 94..97) => Effect::AlreadySo,
                (_, 97..99) => Effect::Refused,
                _ => Effect::Failed,
            };
            let seconds = random.random_range(1..40);
            entries.push(follows(verdict, later(seconds), true, effect_of("a1", ActionKind::Hide, effect)));
        }
        if let (Some(author), Some(_)) = (author, strike) {
            let (sanction, automatic) = match random.random_range(0..100) {
                0..40 => (SanctionKind::Warning, true),
                40..50 => (SanctionKind::LastWarning, true),
                50..53 => (SanctionKind::Block, false),
                53..54 => (SanctionKind::Ban, false),
                _ => return,
            };
            let state = SanctionState::Effective;
            let fact = Fact::Sanction { author: author.clone(), number: 1, sanction, state };
            entries.push(follows(verdict, later(60), automatic, fact));
        }
    }

    /// What people decide on the next day.
    fn decide(&self, verdict: &AuditEntry, day: Date, random: &mut StdRng, entries: &mut Vec<AuditEntry>) {
        let Fact::Verdict { outcome, .. } = &verdict.fact else { return };
        let (asked, overturns) = match outcome {
            Outcome::Review => (0.9, 0.45),
            Outcome::Hide => (0.3, 0.08),
            Outcome::Allow | Outcome::Redirect => return,
        };
        let at = moment(day.to_datetime(time(9, random.random_range(0..60), random.random_range(0..59), 0)));
        let (Some(at), true) = (at, random.random_bool(asked)) else { return };
        let overturned = random.random_bool(overturns);
        let fact = Fact::Decision {
            decision: if overturned { DecisionKind::Overturn } else { DecisionKind::Confirm },
            by: "office".to_owned(),
            reason: String::new(),
            strike: None,
            strike_withdrawn: overturned,
        };
        entries.push(follows(verdict, at, false, fact));
        let action = match (outcome, overturned) {
            (Outcome::Hide, true) => ActionKind::Unhide,
            (Outcome::Review, false) => ActionKind::Hide,
            _ => return,
        };
        let effect = effect_of("a2", action, Effect::Done);
        entries.push(follows(verdict, at + SignedDuration::from_secs(3), false, effect));
    }
}

/// Whether a verdict made a case.
fn is_noticed(entry: &AuditEntry) -> bool {
    matches!(&entry.fact, Fact::Verdict { outcome, .. } if *outcome != Outcome::Allow)
}

/// What a finding against a clause leads to.
fn outcome_of(clause: &Clause, random: &mut StdRng) -> Outcome {
    match clause.category {
        Category::PersonalCase => Outcome::Redirect,
        Category::Political | Category::OffTopic | Category::IntellectualProperty => Outcome::Review,
        _ if random.random_bool(0.3) => Outcome::Review,
        _ => Outcome::Hide,
    }
}

/// An entry about the case of a verdict.
fn follows(verdict: &AuditEntry, at: Timestamp, automatic: bool, fact: Fact) -> AuditEntry {
    AuditEntry { at, day: ledger::day(at), automatic, fact, ..verdict.clone() }
}

fn effect_of(action: &str, asked: ActionKind, effect: Effect) -> Fact {
    Fact::Effect { action: action.to_owned(), asked, notice: None, asked_at: None, attempts: 1, effect, status: None }
}

/// An author of the sample. No key was used, so it is nobody's pseudonym.
fn pseudonym(platform: Platform, author: u64) -> Option<Pseudonym> {
    // Spreads neighbouring numbers over the whole range.
    let spread = (author + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ (platform as u64);
    let digits = format!("{spread:016x}{author:016x}");
    let text: StrDeserializer<'_, Error> = digits.as_str().into_deserializer();
    Pseudonym::deserialize(text).ok()
}

/// A time of day in Italy; where summer time begins, that an hour later for the hour that is not there.
fn moment(at: DateTime) -> Option<Timestamp> {
    Some(at.to_zoned(ROME.clone()).ok()?.timestamp())
}
