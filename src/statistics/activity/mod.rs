//! How the channels were moderated, compiled from the audit log: first each day by itself, then days together.

mod authors;
mod compile;
mod day;
mod few;
mod spread;
mod suppression;

pub use authors::ENOUGH_AUTHORS;
pub use compile::{
    AccountRow, Activity, AnswerRow, CategoryRow, ClauseRow, Count, CrossRow, DayRow, Deadlines, HourRow, Outcomes,
    PlatformRow, Quantiles, RuleRow, Strikes, Times, Totals, WeekdayRow,
};
pub use day::{By, DayActivity};
