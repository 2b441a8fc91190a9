#![doc = include_str!("README.md")]

mod adapter;
mod arriving;
mod asking;
pub mod facebook;
pub mod instagram;
mod link;
pub mod linkedin;
mod meta;
mod meta_webhook;
#[cfg(test)]
mod testing;
pub mod x;
pub mod youtube;

use policy::Platform;

pub use adapter::{Adapter, Asks, Links, Means, Shows, Signs, Tells};
pub use arriving::inbound::{
    Accounts, Delivery, Event, Ignored, Lead, MAX_BODY_BYTES, Malformed, Query, Removal, Unread,
};
pub use arriving::receive::{NOT_UNDERSTOOD, Reception, receive};
pub use arriving::secrets::{Secret, WebhookSecrets};
pub use arriving::signature::Unverified;
pub use asking::call::{
    Answer, Ask, Body, Call, Capability, Class, Found, Host, Limit, LimitOf, LimitedCalls, Presence, State,
    Subscription, Target,
};
pub use asking::caller::{Caller, NoAnswer};
pub use asking::client::{Client, Endpoints, Tokens, Unanswered, reaching};
pub use asking::followers::{CountCall, CountField, count};
pub use asking::limits::Limits;
pub use asking::polled::{PollError, Polled};
pub use link::{Link, link};
pub use meta::deletion::{DataDeletion, data_deletion, data_deletion_confirmed};
pub use meta::meant_for;

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
