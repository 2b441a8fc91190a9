#![doc = include_str!("README.md")]

mod automation;
mod calendar;
mod detectors;
mod engine;
mod file;
mod found;
mod keys;
mod ladder;
mod named;
mod person;
mod policy;
mod retention;
mod said;

pub use automation::Automation;
pub use calendar::Calendar;
pub use found::opinion::{Opinion, Stance, Weighed};
pub use found::verdict::{Finding, Outcome, Verdict};
pub use ladder::{DecidedBy, Due, Ladder, Sanction, SanctionKind, SanctionState, Standing, Step, Strike};
pub use named::action::{ActionKind, Effect};
pub use named::category::Category;
pub use named::contribution::{AccountId, Author, Contribution, ContributionId, PlatformUserId, ThreadId};
pub use named::count::{Gap, Metric, Reading};
pub use named::lead::LeadForm;
pub use named::obstacle::{Handwork, Obstacle};
pub use named::organisation::{
    Account, AccountState, Clause, Gravity, Organisation, Provisions, Referral, Section, Service,
};
pub use named::platform::{Kind, Platform, Surface, UnknownPlatform};
pub use named::topic::Topic;
pub use person::{NotWords, Person, Reason};
pub use policy::{ListRef, Policy, PolicyRef, Problem, ReaderRef, Source, Subject};
pub use said::language::{Language, UnknownLanguage, language_of};
pub use said::message::{Channel, Measure, MessageFacts};
pub use said::notice::Notice;
pub use text::shows_nothing;
