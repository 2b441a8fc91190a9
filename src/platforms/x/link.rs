//! Addresses of posts on X, also under its former name.

use policy::Platform;
use url::Url;

use crate::Accounts;
use crate::link::{self, Link, is_number, is_on, segments};

pub(super) fn link(address: &Url, accounts: &Accounts) -> Option<Link> {
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
