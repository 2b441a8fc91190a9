//! The report: growth and activity of a period, in JSON, as tables in CSV, and as a page.

mod catalogue;
mod csv;
mod html;
mod language;
mod table;
mod tables;
mod words;

use std::collections::BTreeMap;

use jiff::civil::Date;
use ledger::Measurement;
pub use policy::Language;
use policy::{AccountId, Platform, Policy, PolicyRef};
use serde::Serialize;

use crate::{Activity, DayActivity, Growth, Period, Totals, Trend};

pub use self::csv::{CsvOptions, File, UnusableSeparators};

/// The version of the report's JSON, which `docs/statistics.schema.json` describes. It grows when a consumer has to
/// change.
const FORMAT: u32 = 1;

/// How the channels of an organisation grew and were moderated in a period. The same facts give the same report to the
/// byte, whenever it is compiled.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// The version of this shape.
    pub format: u32,
    /// Whose channels these are.
    pub organisation: Organisation,
    /// The period.
    pub period: Period,
    /// The policy whose names of accounts and clauses are used: that in force when the report was compiled.
    pub policy: PolicyRef,
    /// The accounts of that policy.
    pub accounts: Vec<AccountName>,
    /// The clauses of that policy.
    pub clauses: Vec<ClauseTitle>,
    /// What it comes to in five sentences.
    pub summary: Summary,
    /// How the channels grew.
    pub growth: Growth,
    /// How they were moderated.
    pub activity: Activity,
    /// The period before: the month before a month, the year before a year, as many days before any other.
    pub previous: Compared,
    /// The same period of the year before.
    pub year_before: Compared,
}

/// Whose channels a report is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Organisation {
    /// Its full name, as the policy has it.
    pub name: String,
    /// The office that runs the channels.
    pub office: String,
    /// Where the office can be reached.
    pub email: String,
    /// The address of its site.
    pub website: String,
}

/// An account, as the policy names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AccountName {
    /// The platform of the account.
    pub platform: Platform,
    /// The platform's id of the account.
    pub account: AccountId,
    /// The name that it shows.
    pub name: String,
    /// The handle under which people find it.
    pub handle: String,
}

/// A clause, as the policy publishes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ClauseTitle {
    /// The number by which it is cited, such as `R2`.
    pub number: String,
    /// Its title, in Italian.
    pub title: String,
}

/// The report in five sentences: what was received, what became of it, who decided and how soon, which sanctions
/// followed, and how many follow the channels.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// In Italian.
    pub it: [String; 5],
    /// In English.
    pub en: [String; 5],
}

/// Another period to compare with.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Compared {
    /// The period.
    pub period: Period,
    /// How many of its days were not compiled. Where there are any, the totals are not to be compared.
    pub missing_days: usize,
    /// What all channels come to together in that period.
    pub totals: Totals,
    /// The followers of all channels up to its end.
    pub followers: Trend,
}

/// What a report is compiled from.
#[derive(Clone, Copy)]
pub struct Facts<'a> {
    /// The policy in force: names of the accounts and clauses.
    pub policy: &'a Policy,
    /// What was counted, up to the end of the period or beyond.
    pub measurements: &'a [Measurement],
    /// The days of [`Activity::needs`], as far as they were compiled; others do no harm.
    pub days: &'a BTreeMap<Date, DayActivity>,
    /// The day since which growth is told as well; without one, that of the first count.
    pub baseline: Option<Date>,
}

impl Report {
    /// Compiles the report about a period.
    pub fn compile(facts: Facts<'_>, period: Period) -> Self {
        let Facts { policy, measurements, days, baseline } = facts;
        let ids: Vec<(Platform, AccountId)> =
            policy.accounts.iter().map(|account| (account.platform, account.id.clone())).collect();
        let compared = |period: Period| {
            let activity = Activity::compile(period, &ids, days);
            let growth = Growth::compile(measurements, &policy.accounts, period, baseline);
            Compared { period, missing_days: activity.missing.len(), totals: activity.totals, followers: growth.total }
        };
        let organisation = &policy.organisation;
        let accounts = policy.accounts.iter().map(|account| AccountName {
            platform: account.platform,
            account: account.id.clone(),
            name: account.name.clone(),
            handle: account.handle.clone(),
        });
        let clauses = policy
            .clauses
            .iter()
            .map(|clause| ClauseTitle { number: clause.number.clone(), title: clause.title.clone() });
        let mut report = Self {
            format: FORMAT,
            organisation: Organisation {
                name: organisation.name.clone(),
                office: organisation.office.clone(),
                email: organisation.email.clone(),
                website: organisation.website.clone(),
            },
            period,
            policy: policy.reference.clone(),
            accounts: accounts.collect(),
            clauses: clauses.collect(),
            summary: Summary::default(),
            growth: Growth::compile(measurements, &policy.accounts, period, baseline),
            activity: Activity::compile(period, &ids, days),
            previous: compared(period.previous()),
            year_before: compared(period.year_before()),
        };
        report.summary = Summary {
            it: words::sentences(&report, Language::Italian),
            en: words::sentences(&report, Language::English),
        };
        report
    }

    /// The report in JSON, as `docs/statistics.schema.json` describes it.
    pub fn to_json(&self) -> String {
        // Keys are texts and numbers finite, so this cannot fail.
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }

    /// The report as tables: one CSV file for each subject, and `metadata.jsonld` that describes them as open data in
    /// the profile DCAT-AP_IT.
    ///
    /// # Errors
    /// When the separators cannot be used.
    pub fn to_csv(&self, options: CsvOptions) -> Result<Vec<File>, UnusableSeparators> {
        let mut files = csv::files(&tables::all(self, options.language), options)?;
        files.push(catalogue::describe(self, options.language, &files));
        Ok(files)
    }

    /// The report as one HTML page that needs nothing else.
    pub fn to_html(&self, language: Language) -> String {
        html::page(self, language)
    }

    /// The name of an account, or its id where the policy no longer lists it.
    fn account_name<'r>(&'r self, platform: Platform, account: &'r AccountId) -> &'r str {
        let known = self.accounts.iter().find(|known| known.platform == platform && known.account == *account);
        known.map_or(account.as_str(), |known| &known.name)
    }

    /// The title of a clause; nothing where the policy no longer has it.
    fn clause_title(&self, number: &str) -> &str {
        self.clauses.iter().find(|clause| clause.number == number).map_or("", |clause| &clause.title)
    }
}
