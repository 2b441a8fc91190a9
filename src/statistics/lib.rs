#![doc = include_str!("README.md")]

mod activity;
mod archive;
mod growth;
mod import;
mod nightly;
mod period;
mod report;
pub mod sample;
mod snapshot;

pub use activity::{
    AccountRow, Activity, AnswerRow, By, CategoryRow, ClauseRow, Count, CrossRow, DayActivity, DayRow, Deadlines,
    ENOUGH_AUTHORS, HourRow, Outcomes, PlatformRow, Quantiles, RuleRow, Strikes, Times, Totals, WeekdayRow,
};
pub use archive::{Archive, Days};
pub use growth::{
    AccountGrowth, Change, ChannelGrowth, Comparison, DayChange, End, Growth, Jump, MetricGrowth, Missing, Part, Point,
    Trend, Unknown,
};
pub use import::{BadLine, Expected, Found, ImportError, Imported, import};
pub use ledger::{Measurement, Precision, Source};
pub use nightly::{NamedFile, Night, NightError, catch_up, nightly};
pub use period::{NotAPeriod, Period};
pub use policy::{Gap, Metric, Reading};
pub use report::{
    AccountName, BASE_STYLE, ClauseTitle, Compared, CsvOptions, Facts, File, Language, Organisation, Report, Summary,
    UnusableSeparators,
};
pub use snapshot::{Counted, snapshot};
