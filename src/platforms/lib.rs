#![doc = include_str!("README.md")]

mod adapter;
mod bounds;
mod call;
mod caller;
mod client;
pub mod facebook;
#[cfg(test)]
mod fixtures;
mod followers;
mod inbound;
pub mod instagram;
mod lenient;
mod limits;
mod link;
pub mod linkedin;
mod meta;
#[cfg(test)]
mod of_no_interest;
mod polled;
mod quota;
mod receive;
mod secrets;
mod signature;
pub mod x;
pub mod youtube;

use policy::Platform;

pub use adapter::Adapter;
pub use call::{
    Answer, Ask, Body, Call, Capability, Class, Found, Host, Limit, LimitOf, LimitedCalls, Presence, State,
    Subscription, Target,
};
pub use caller::{Caller, NoAnswer};
pub use client::{Client, Endpoints, Tokens, Unanswered};
pub use followers::{CountCall, CountField, count};
pub use inbound::{Accounts, Delivery, Event, Ignored, Lead, MAX_BODY_BYTES, Malformed, Query, Removal, Unread};
pub use limits::Limits;
pub use link::{Link, link};
pub use meta::deletion::{DataDeletion, data_deletion, data_deletion_confirmed};
pub use polled::{PollError, Polled};
pub use receive::{NOT_UNDERSTOOD, Reception, receive};
pub use secrets::{Secret, WebhookSecrets};
pub use signature::Unverified;

/// The platform whose application asks on behalf of the accounts of this one: Instagram's are asked through that of
/// Facebook, and what Meta limits for an application it limits for both.
pub const fn app(platform: Platform) -> Platform {
    match platform {
        Platform::Instagram => Platform::Facebook,
        platform => platform,
    }
}

/// What Galateo knows about a platform. One line for each.
pub fn adapter(platform: Platform) -> &'static dyn Adapter {
    match platform {
        Platform::Facebook => &facebook::Facebook,
        Platform::Instagram => &instagram::Instagram,
        Platform::Linkedin => &linkedin::Linkedin,
        Platform::Youtube => &youtube::Youtube,
        Platform::X => &x::X,
    }
}
