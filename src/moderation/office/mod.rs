#![doc = include_str!("README.md")]

mod authors;
mod cases;
mod confirm;
mod erase;
mod error;
mod foresee;
mod halts;
mod hold;
mod log;
mod overturn;
mod redirect;
mod refer;
mod register;
mod reports;
mod room;
mod rule;
mod ruling;
mod tasks;

use crate::Moderation;

use rule::closed;

pub use cases::{Listing, OnDesk, Sort};
pub use confirm::Confirmed;
pub(crate) use confirm::{is_confirmed, seen_to};
pub use error::{Filled, OfficeError};
pub use foresee::{Foreseen, Intent, NextStep};
pub use log::{LogDay, LogError};
pub use overturn::{Barrier, Extent, Lasting};
pub use register::KeptOut;
pub use ruling::{Ruling, person};

/// How often a decision starts anew when the system changes the case meanwhile.
const ATTEMPTS: u32 = 8;

/// The most cases that are confirmed at once.
pub const GROUP: usize = 100;

/// What the people of the communication office do. Whoever holds it can do that, and nothing else.
#[derive(Clone, Copy, Debug)]
pub struct Office<'m> {
    moderation: &'m Moderation,
}

impl Moderation {
    /// What the people of the office do.
    pub const fn office(&self) -> Office<'_> {
        Office { moderation: self }
    }
}

/// What became of a decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ruled {
    /// It is on record; what it asks of the platform is being carried out.
    Done,
    /// It is on record, and so many more people have to confirm.
    MorePeople(usize),
    /// That whoever may be in danger was seen to is on record, and there is nothing else to decide.
    SeenTo,
    /// That whoever may be in danger was seen to is on record. Whether the rules were violated is still to be decided.
    RestWaits,
}
