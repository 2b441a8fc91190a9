//! Addresses of comments on Instagram: `/p/{media}/c/{comment}/`, with `/r/{answer}/` behind it for an answer. The form
//! is not documented.

use policy::Platform;
use url::Url;

use super::Instagram;
use crate::link::{self, Link, is_number, is_on, segments};
use crate::{Accounts, Links};

/// What the media of a comment may be.
const MEDIA: [&str; 4] = ["p", "reel", "reels", "tv"];

impl Links for Instagram {
    fn link(&self, address: &Url, accounts: &Accounts) -> Option<Link> {
        if !is_on(address, &["instagram.com"]) {
            return None;
        }
        let segments = segments(address);
        let (accounts, rest) = match segments.as_slice() {
            [kind, _, rest @ ..] if MEDIA.contains(kind) => (link::all(Platform::Instagram, accounts), rest),
            [name, kind, _, rest @ ..] if MEDIA.contains(kind) => {
                (link::named(Platform::Instagram, name, accounts), rest)
            }
            _ => return None,
        };
        let id = match rest {
            ["c", _, "r", answer, ..] => answer,
            ["c", comment, ..] => comment,
            _ => return None,
        };
        is_number(id).then(|| link::to(Platform::Instagram, accounts, vec![(*id).to_owned()]))?
    }
}
