#![doc = include_str!("README.md")]

mod action;
mod automation;
mod calendar;
mod category;
mod contribution;
mod detectors;
mod engine;
mod file;
mod fold;
mod ladder;
mod language;
mod lead;
mod message;
mod notice;
mod organisation;
mod platform;
mod policy;
mod retention;
mod topic;
mod verdict;

pub use action::{ActionKind, Effect};
pub use automation::Automation;
pub use calendar::Calendar;
pub use category::Category;
pub use contribution::{AccountId, Author, Contribution, ContributionId, PlatformUserId, ThreadId};
pub use ladder::{DecidedBy, Due, Ladder, Sanction, SanctionKind, SanctionState, Standing, Step, Strike};
pub use language::{Language, language_of};
pub use lead::LeadForm;
pub use message::{Channel, Measure, MessageFacts};
pub use notice::Notice;
pub use organisation::{Account, AccountState, Clause, Gravity, Organisation, Provisions, Referral, Section, Service};
pub use platform::{Kind, Platform, Surface, UnknownPlatform};
pub use policy::{ListRef, Policy, PolicyRef, Problem, Source, Subject};
pub use topic::Topic;
pub use verdict::{Finding, Outcome, Verdict};
