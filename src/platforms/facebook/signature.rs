//! How Facebook signs: as all of Meta does (platform page, sections 1.1 and 1.2).

pub(super) use crate::meta::signature::{handshake, verify};
