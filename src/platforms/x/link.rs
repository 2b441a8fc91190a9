//! Addresses of posts on X, also under its former name.

use policy::Platform;
use url::Url;

use super::X;
use crate::link::{self, Link, is_number, is_on, segments};
use crate::{Accounts, Links};

impl Links for X {
    fn link(&self, address: &Url, accounts: &Accounts) -> Option<Link> {
        if !is_on(address, &["x.com", "twitter.com"]) {
            return None;
        }
        let segments = segments(address);
        let (name, id) = match segments.as_slice() {
            ["i", "web", "status", id, ..] => ("i", id),
            [name, "status", id, ..] => (*name, id),
            _ => return None,
        };
        // What our own account posted is no contribution.
        let is_ours = !link::named(Platform::X, name, accounts).is_empty();
        (is_number(id) && !is_ours)
            .then(|| link::to(Platform::X, link::all(Platform::X, accounts), vec![(*id).to_owned()]))?
    }
}
