//! Facebook Pages and Messenger: what Meta shares with Instagram stands in `meta`, what is the Page's own here.

mod calls;
mod link;
mod object;
mod payload;
mod value;

use crate::meta::OfMeta;
use crate::{Adapter, Limits};

pub use crate::meta::signature::{SignedRequest, signed_request};
pub(crate) use payload::event;

/// The adapter.
pub struct Facebook;

impl OfMeta for Facebook {}

impl Adapter for Facebook {
    /// Meta's budget of calls grows with the audience and begins small (docs/platforms.md, section 5.1).
    fn limits(&self) -> Limits {
        Limits { rounds_an_hour: 20, ..Limits::MODEST }
    }

    /// `created_time` does not move with an edit (docs/platforms.md, section 1.6).
    fn dates_edits(&self) -> bool {
        false
    }
}
