//! How Instagram signs: as all of Meta does (docs/platforms.md, sections 1.1 and 1.2).

pub(super) use crate::meta::signature::{handshake, verify};
