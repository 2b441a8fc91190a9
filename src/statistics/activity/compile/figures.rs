//! The published figures.

use jiff::civil::Date;
use policy::{AccountId, ActionKind, Category, Platform};
use serde::Serialize;

use crate::activity::day::By;

/// A figure; `None` (in JSON `null`) where it is not published, because fewer than five authors stand behind it or
/// because others could be computed from it.
pub type Count = Option<u64>;

/// How the channels were moderated in a period.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Activity {
    /// The days of the period that nothing is known of: those to come, those that were not compiled, and those before
    /// the first on which anything was recorded at all.
    pub missing: Vec<Date>,
    /// What all channels come to together.
    pub totals: Totals,
    /// What was received on each day that was compiled.
    pub days: Vec<DayRow>,
    /// The same for each platform: the sums of its accounts.
    pub platforms: Vec<PlatformRow>,
    /// The same for each account.
    pub accounts: Vec<AccountRow>,
    /// By category of the first finding.
    pub categories: Vec<CategoryRow>,
    /// By clause of the first finding.
    pub clauses: Vec<ClauseRow>,
    /// By clause and account, where there was anything.
    pub clauses_by_account: Vec<CrossRow>,
    /// By the hour in which it was written, in Italy; all 24.
    pub hours: Vec<HourRow>,
    /// By day of the week, from Monday; all 7.
    pub weekdays: Vec<WeekdayRow>,
    /// How long it took.
    pub times: Times,
    /// How often people overturned what each rule led to.
    pub rules: Vec<RuleRow>,
    /// What counts against authors.
    pub strikes: Strikes,
    /// What the platforms did about what was asked of them.
    pub answers: Vec<AnswerRow>,
}

/// All channels together. These are published however small they are: they name no channel, clause or hour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Contributions received, each revision once.
    pub received: u64,
    /// Of them: simply allowed.
    pub allowed: u64,
    /// Redirected to an online service.
    pub redirected: u64,
    /// Left for a person to decide about.
    pub reviewed: u64,
    /// To be hidden, as the rules say.
    pub to_hide: u64,
    /// Of these: to protect someone's personal data, counting against nobody.
    pub protected: u64,
    /// Received while the office was open.
    pub inside_hours: u64,
    /// Received while it was closed.
    pub outside_hours: u64,
    /// Contributions that the platforms took out of sight.
    pub hidden: By,
    /// Contributions that the platforms showed again.
    pub restored: By,
    /// Contributions that the platforms deleted because we asked.
    pub removed: By,
    /// Warnings that reached their author, the last ones among them.
    pub warned: By,
    /// Temporary blocks that came into force.
    pub blocked: By,
    /// Bans that came into force.
    pub banned: By,
    /// Cases that a person brought before the platform or the authorities.
    pub referred: u64,
    /// Decisions of a person that a contribution violates the rules.
    pub confirmed: u64,
    /// Decisions of a person that it does not, so that what was done was taken back.
    pub overturned: u64,
    /// Contributions with a case that no longer existed on the platform.
    pub gone: u64,
    /// How often what the system may do alone was halted.
    pub halts: u64,
}

/// What was received on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct DayRow {
    /// The day.
    pub day: Date,
    /// Contributions received.
    pub received: u64,
}

/// What was received, by verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Outcomes {
    /// Contributions received.
    pub received: u64,
    /// Simply allowed.
    pub allowed: Count,
    /// Redirected to an online service.
    pub redirected: Count,
    /// Left for a person to decide about.
    pub reviewed: Count,
    /// Violations certain enough that hiding was asked for.
    pub to_hide: Count,
    /// All that was not simply allowed.
    pub noticed: Count,
}

/// A row of the table of platforms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlatformRow {
    /// The platform that the row is about.
    pub platform: Platform,
    /// What was received; not published where it is not for one of its accounts.
    #[serde(flatten)]
    pub outcomes: Outcomes,
}

/// A row of the table of accounts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AccountRow {
    /// The platform of the account.
    pub platform: Platform,
    /// The platform's id of the account.
    pub account: AccountId,
    /// What was received there, by verdict.
    #[serde(flatten)]
    pub outcomes: Outcomes,
}

/// A row of the table of categories.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct CategoryRow {
    /// The category of the first finding.
    pub category: Category,
    /// Contributions that were not simply allowed; not published where it is not for one of its clauses.
    pub noticed: Count,
}

/// A row of the table of clauses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ClauseRow {
    /// Its number in the policy.
    pub clause: String,
    /// What it is about.
    pub category: Category,
    /// Redirected to an online service.
    pub redirected: Count,
    /// Left for a person to decide about.
    pub reviewed: Count,
    /// Violations certain enough that hiding was asked for.
    pub to_hide: Count,
    /// The three together.
    pub noticed: Count,
}

/// One clause on one account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CrossRow {
    /// The number of the clause.
    pub clause: String,
    /// Where the account is.
    pub platform: Platform,
    /// The platform's id of the account.
    pub account: AccountId,
    /// Contributions that were not simply allowed.
    pub noticed: Count,
}

/// One hour of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct HourRow {
    /// From this hour to the next, 0 to 23. On the day when summer time ends, the hour that comes twice counts both
    /// times; on the day when it begins, there is none from 2 to 3.
    pub hour: u8,
    /// Contributions received.
    pub received: u64,
    /// Of them: not simply allowed.
    pub noticed: Count,
}

/// One day of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct WeekdayRow {
    /// From 1 for Monday to 7 for Sunday.
    pub weekday: u8,
    /// Contributions received.
    pub received: u64,
    /// Of them: not simply allowed.
    pub noticed: Count,
}

/// How long it took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Times {
    /// From when it was written, as the platform tells, to the verdict.
    pub to_verdict: Quantiles,
    /// From when it was written, or else judged, to when the platform had hidden or deleted it for the first time.
    pub to_effect: Quantiles,
    /// From then to the first decision of a person about it.
    pub to_decision: Quantiles,
    /// Against the deadlines of the office.
    pub deadlines: Deadlines,
    /// Effects and decisions about cases that are older than what was looked at, or beyond what a day keeps one by
    /// one: their times are not among these.
    pub unknown: u64,
}

/// A distribution of times, at most 0.8 % off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Quantiles {
    /// How many were measured.
    pub count: u64,
    /// Half of them took at most this many milliseconds; `None` where there are none.
    pub median_ms: Option<u64>,
    /// 90 in 100 took at most this many milliseconds.
    pub percentile_90_ms: Option<u64>,
    /// 99 in 100 took at most this many milliseconds.
    pub percentile_99_ms: Option<u64>,
}

/// Decisions against the deadlines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Deadlines {
    /// Cases with a deadline whose first decision came in time.
    pub met: u64,
    /// Cases with a deadline whose first decision came late.
    pub missed: u64,
    /// Cases without a decision whose deadline had passed at the end of the period and which still existed.
    pub overdue: u64,
}

/// How often people overturned what a rule led to.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RuleRow {
    /// The id of the rule in the policy.
    pub rule: String,
    /// The number of its clause.
    pub clause: String,
    /// Cases that people confirmed or overturned in the period, by the rule of their first finding.
    pub decided: Count,
    /// Of them: overturned, as the last decision has it.
    pub overturned: Count,
    /// The share of them that was not overturned, to four decimals.
    pub precision: Option<f64>,
}

/// What counts against authors.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Strikes {
    /// Counted in the period.
    pub given: u64,
    /// Taken back in the period, with the decision that caused them.
    pub withdrawn: u64,
    /// Expired in the period.
    pub expired: u64,
    /// Authors with two strikes or more in the period, those taken back not counted.
    pub repeat_offenders: u64,
    /// Whether there are more of them than could be counted, because a day had more cases than it keeps one by one.
    pub at_least: bool,
}

/// What a platform did about one kind of action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct AnswerRow {
    /// The platform that the row is about.
    pub platform: Platform,
    /// The kind of action that was asked for.
    pub action: ActionKind,
    /// The platform says that it did it.
    pub done: Count,
    /// It was so before, or the object was gone.
    pub already_so: Count,
    /// It declined for good.
    pub refused: Count,
    /// It has no way to do it.
    pub impossible: Count,
    /// It can be done only by hand.
    pub manual: Count,
    /// It did not happen, and trying was given up.
    pub failed: Count,
}
