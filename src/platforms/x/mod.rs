//! X: the Activity API, and the older Account Activity API, in; the API v2 out.

mod aaa;
mod calls;
mod errors;
mod link;
mod payload;
mod signature;
#[cfg(test)]
mod tests;
mod text;
mod xaa;

use crate::{Adapter, Limits};

/// The adapter.
pub struct X;

impl Adapter for X {
    /// A post has at most 280 characters, and X bills every post that is read (docs/platforms.md, sections 1.5 and
    /// 5.4).
    fn limits(&self) -> Limits {
        Limits { longest_reply: 280, ..Limits::MODEST }
    }
}
