//! How each platform answers a call.

pub(crate) mod facebook;
pub(crate) mod instagram;
pub(crate) mod linkedin;
pub(crate) mod meta;
pub(crate) mod x;
pub(crate) mod youtube;
