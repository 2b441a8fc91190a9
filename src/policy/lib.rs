#![doc = include_str!("README.md")]

mod action;
mod category;
mod contribution;
mod count;
mod detectors;
mod engine;
mod file;
mod fold;
mod ladder;
mod notice;
mod organisation;
mod platform;
mod policy;
mod verdict;

pub use action::{ActionKind, Effect};
pub use category::Category;
pub use contribution::{AccountId, Author, Contribution, ContributionId, PlatformUserId, ThreadId};
pub use count::{Gap, Metric, Reading};
pub use ladder::{SanctionKind, SanctionState};
pub use notice::Notice;
pub use organisation::{Account, AccountState, Clause, Gravity, Organisation, Provisions, Section, Service};
pub use platform::{Kind, Platform, Surface, UnknownPlatform};
pub use policy::{ListRef, Policy, PolicyRef, Problem, Source, Subject};
pub use verdict::{Finding, Outcome, Verdict};
