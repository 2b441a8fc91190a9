//! Addresses of comments and of visitors' posts on Facebook. None of their forms is documented; these are the ones that
//! its pages and apps hand out.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use policy::{AccountId, Platform};
use url::Url;

use super::Facebook;
use crate::link::{self, Link, is_number, is_on, named, parameter, segments};
use crate::{Accounts, Links};

impl Links for Facebook {
    fn link(&self, address: &Url, accounts: &Accounts) -> Option<Link> {
        if !is_on(address, &["facebook.com", "fb.com"]) {
            return None;
        }
        let (pages, post) = post(address, accounts)?;
        let comment = parameter(address, "reply_comment_id").or_else(|| parameter(address, "comment_id"));
        let ids = match (comment, post) {
            (Some(comment), post) => comment_ids(&comment, post.as_deref()),
            (None, Some(post)) if is_full_id(&post) => vec![post],
            // Events call a visitor's post by the page and its number (docs/platforms.md, section 2.1).
            (None, Some(post)) => pages.iter().map(|page| format!("{page}_{post}")).collect(),
            (None, None) => Vec::new(),
        };
        link::to(Platform::Facebook, pages, ids)
    }
}

/// On which of our pages, and the number of the post where the address tells it: of late it often shows another name,
/// `pfbid…`, that only Facebook can read.
fn post(address: &Url, accounts: &Accounts) -> Option<(Vec<AccountId>, Option<String>)> {
    let ours = |name: &str| named(Platform::Facebook, name, accounts);
    let any = || link::all(Platform::Facebook, accounts);
    let number = |text: Option<String>| text.filter(|text| is_number(text));
    let segments = segments(address);
    Some(match segments.as_slice() {
        ["permalink.php" | "story.php"] => (ours(&parameter(address, "id")?), number(parameter(address, "story_fbid"))),
        ["photo" | "photo.php"] => (any(), number(parameter(address, "fbid"))),
        ["watch"] => (any(), number(parameter(address, "v"))),
        ["reel", id] => (any(), number(Some((*id).to_owned()))),
        [id] if is_full_id(id) => (any(), Some((*id).to_owned())),
        [page, "posts" | "videos" | "photos", .., last] => (ours(page), number(Some((*last).to_owned()))),
        _ => return None,
    })
}

/// What events may call a comment: its post and its number (docs/platforms.md, section 2.1). The parameter holds the
/// number, or both in base64 behind `comment:`.
fn comment_ids(parameter: &str, post: Option<&str>) -> Vec<String> {
    let decoded = BASE64.decode(parameter).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let full = decoded.as_deref().and_then(|text| text.strip_prefix("comment:")).unwrap_or(parameter);
    if is_full_id(full) {
        return vec![full.to_owned()];
    }
    if !is_number(full) {
        return Vec::new();
    }
    let of_post = post.filter(|post| is_number(post)).map(|post| format!("{post}_{full}"));
    of_post.into_iter().chain([full.to_owned()]).collect()
}

fn is_full_id(text: &str) -> bool {
    text.split_once('_').is_some_and(|(post, comment)| is_number(post) && is_number(comment))
}
