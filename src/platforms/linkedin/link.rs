//! Addresses of comments and of shares on LinkedIn.

use policy::Platform;
use url::Url;

use super::Linkedin;
use super::urn::CommentUrn;
use crate::link::{self, Link, is_number, is_on, parameter, segments};
use crate::{Accounts, Links};

/// The parameters that name a comment, the answer before what it answers.
const PARAMETERS: [&str; 4] = ["replyUrn", "dashReplyUrn", "commentUrn", "dashCommentUrn"];

impl Links for Linkedin {
    fn link(&self, address: &Url, accounts: &Accounts) -> Option<Link> {
        if !is_on(address, &["linkedin.com"]) {
            return None;
        }
        let comment = PARAMETERS.iter().find_map(|name| comment(&parameter(address, name)?));
        let id = comment.map(|urn| urn.to_string()).or_else(|| share(address))?;
        link::to(Platform::Linkedin, link::all(Platform::Linkedin, accounts), vec![id])
    }
}

fn comment(urn: &str) -> Option<CommentUrn> {
    CommentUrn::parse(urn).or_else(|| CommentUrn::parse_dash(urn))
}

/// Someone's post that mentions us, which events call by its URN.
fn share(address: &Url) -> Option<String> {
    let segments = segments(address);
    let ["feed", "update", urn] = segments.as_slice() else { return None };
    let (kind, number) = urn.strip_prefix("urn:li:")?.split_once(':')?;
    (matches!(kind, "activity" | "share" | "ugcPost") && is_number(number)).then(|| (*urn).to_owned())
}
