//! Addresses of comments on YouTube: those of their video, with the comment in `lc`.

use policy::Platform;
use url::Url;

use super::Youtube;
use crate::link::{self, Link, is_on, parameter};
use crate::{Accounts, Links};

/// Longer than any id of a comment: a thread has 26 characters, an answer 49.
const LONGEST_ID: usize = 100;

impl Links for Youtube {
    fn link(&self, address: &Url, accounts: &Accounts) -> Option<Link> {
        if !is_on(address, &["youtube.com", "youtu.be"]) {
            return None;
        }
        let id = parameter(address, "lc")?;
        let is_id = id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'));
        (is_id && id.len() <= LONGEST_ID)
            .then(|| link::to(Platform::Youtube, link::all(Platform::Youtube, accounts), vec![id]))?
    }
}
