//! Instagram professional accounts, with Facebook Login or with Instagram Login: what Meta shares with Facebook stands
//! in `meta`, what is Instagram's own here.

mod calls;
mod link;
mod payload;

use crate::meta::OfMeta;
use crate::{Adapter, Limits};

pub(crate) use payload::event;

/// The adapter.
pub struct Instagram;

impl OfMeta for Instagram {}

impl Adapter for Instagram {
    /// As on Facebook, whose application asks for both.
    fn limits(&self) -> Limits {
        Limits { rounds_an_hour: 20, ..Limits::MODEST }
    }
}
