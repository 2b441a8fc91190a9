//! Addresses of contributions, as people copy them out of their browser or app.

use std::fmt;

use policy::{AccountId, ContributionId, Platform};
use url::Url;

use crate::{Accounts, adapter};

/// The contribution that an address names. `Debug` does not show which.
#[derive(Clone, PartialEq, Eq)]
pub struct Link {
    /// Where it stands.
    pub platform: Platform,
    /// On which of our accounts it may stand: one where the address tells, else all of the platform. Never empty.
    pub accounts: Vec<AccountId>,
    /// What the platform may call it in events, the likeliest first; none where the address does not let it be worked
    /// out.
    pub ids: Vec<ContributionId>,
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Link").field("platform", &self.platform).finish_non_exhaustive()
    }
}

/// The contribution that an address names, if it may stand on one of our accounts. A post on Facebook or LinkedIn is one
/// as well, since others may have written it on our page: whether it is ours, its address does not tell. `None` for
/// everything else: another site, someone else's page, our own page as a whole, a post on Instagram, a video on YouTube.
pub fn link(address: &Url, accounts: &Accounts) -> Option<Link> {
    let is_web = matches!(address.scheme(), "http" | "https");
    Platform::ALL.iter().filter(|_| is_web).find_map(|platform| adapter(*platform).link(address, accounts))
}

/// The link to a contribution on any of these accounts; `None` where there is no account.
pub(crate) fn to(platform: Platform, accounts: Vec<AccountId>, ids: Vec<String>) -> Option<Link> {
    let ids = ids.into_iter().map(ContributionId::new).collect();
    (!accounts.is_empty()).then_some(Link { platform, accounts, ids })
}

/// Whether an address is on one of these domains, or below it.
pub(crate) fn is_on(address: &Url, domains: &[&str]) -> bool {
    let host = address.domain().unwrap_or_default();
    domains.iter().any(|domain| host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.')))
}

/// The parts of the path that are not empty.
pub(crate) fn segments(address: &Url) -> Vec<&str> {
    address.path_segments().into_iter().flatten().filter(|segment| !segment.is_empty()).collect()
}

/// A parameter of the query, decoded.
pub(crate) fn parameter(address: &Url, name: &str) -> Option<String> {
    let value = address.query_pairs().find(|(key, _)| key == name)?.1;
    (!value.is_empty()).then(|| value.into_owned())
}

/// All accounts on a platform.
pub(crate) fn all(platform: Platform, accounts: &Accounts) -> Vec<AccountId> {
    accounts.of(platform).map(|account| account.id.clone()).collect()
}

/// The account with this handle or id; empty where it is not ours.
pub(crate) fn named(platform: Platform, name: &str, accounts: &Accounts) -> Vec<AccountId> {
    let is_it = |id: &AccountId, handle: &str| id.as_str() == name || handle.eq_ignore_ascii_case(name);
    let ours = accounts.of(platform).filter(|account| is_it(&account.id, account.handle.trim_start_matches('@')));
    ours.map(|account| account.id.clone()).collect()
}

/// Whether a text is an id of digits, no longer than any platform's.
pub(crate) fn is_number(text: &str) -> bool {
    (1..=32).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::meta::testing::account;

    fn accounts() -> Accounts {
        Accounts::new(&[
            account(Platform::Facebook, "123", "cameracommerciomilomb", None),
            account(Platform::Instagram, "178", "@cameradicommercio_mi_mb_lo", Some("123")),
            account(Platform::Instagram, "179", "@bikeeconomy_milomb", None),
            account(Platform::Linkedin, "urn:li:organization:96", "camera", None),
            account(Platform::Youtube, "UCgalateo", "@camera", None),
            account(Platform::X, "11", "@camera", None),
        ])
    }

    /// The accounts and ids of an address, as one line.
    fn read(address: &str) -> String {
        let Some(link) = link(&address.parse().unwrap(), &accounts()) else { return "none".to_owned() };
        let accounts: Vec<&str> = link.accounts.iter().map(AccountId::as_str).collect();
        let ids: Vec<&str> = link.ids.iter().map(ContributionId::as_str).collect();
        format!("{} {} {}", link.platform, accounts.join("|"), ids.join("|")).trim().to_owned()
    }

    #[test]
    fn facebook_names_comments_in_many_ways() {
        for (address, expected) in [
            ("https://www.facebook.com/cameracommerciomilomb/posts/901?comment_id=903", "facebook 123 901_903|903"),
            (
                "https://m.facebook.com/CameraCommercioMilomb/posts/titolo/901/?comment_id=903",
                "facebook 123 901_903|903",
            ),
            (
                "https://www.facebook.com/123/posts/901?comment_id=903&reply_comment_id=905&ref=x",
                "facebook 123 901_905|905",
            ),
            (
                "https://it-it.facebook.com/permalink.php?story_fbid=901&id=123&comment_id=903",
                "facebook 123 901_903|903",
            ),
            ("http://facebook.com/story.php?story_fbid=901&id=123", "facebook 123 123_901"),
            ("https://www.facebook.com/123/posts/901", "facebook 123 123_901"),
            ("https://www.facebook.com/photo/?fbid=901&set=a.1&comment_id=903", "facebook 123 901_903|903"),
            ("https://www.facebook.com/photo.php?fbid=901&comment_id=903", "facebook 123 901_903|903"),
            ("https://www.facebook.com/watch/?v=901&comment_id=903", "facebook 123 901_903|903"),
            ("https://www.facebook.com/reel/901/?comment_id=903", "facebook 123 901_903|903"),
            ("https://www.facebook.com/cameracommerciomilomb/videos/901/?comment_id=903", "facebook 123 901_903|903"),
            ("https://www.facebook.com/123/photos/a.5/901/?comment_id=903", "facebook 123 901_903|903"),
            // The number of the post is hidden; `Y29t…` is `comment:901_903`.
            ("https://www.facebook.com/123/posts/pfbid02abc?comment_id=Y29tbWVudDo5MDFfOTAz", "facebook 123 901_903"),
            ("https://www.facebook.com/123/posts/pfbid02abc?comment_id=903", "facebook 123 903"),
            ("https://www.facebook.com/123/posts/pfbid02abc", "facebook 123"),
            ("https://www.facebook.com/901_903", "facebook 123 901_903"),
            ("https://www.facebook.com/qualcunaltro/posts/901?comment_id=903", "none"),
            ("https://www.facebook.com/permalink.php?story_fbid=901&id=77&comment_id=903", "none"),
            ("https://www.facebook.com/groups/55/posts/901?comment_id=903", "none"),
            ("https://www.facebook.com/cameracommerciomilomb", "none"),
            ("https://www.facebook.com.example.org/123/posts/901?comment_id=903", "none"),
            ("https://notfacebook.com/123/posts/901?comment_id=903", "none"),
            ("https://www.facebook.com/123/posts/901?comment_id=../903", "facebook 123"),
        ] {
            assert_eq!(read(address), expected, "{address}");
        }
    }

    #[test]
    fn the_other_platforms_name_comments_in_the_address() {
        for (address, expected) in [
            ("https://www.instagram.com/p/DAbc-_1/c/17858893269000001/", "instagram 178|179 17858893269000001"),
            ("https://instagram.com/reel/DAbc/c/178588/r/178599/?hl=it", "instagram 178|179 178599"),
            ("https://www.instagram.com/bikeeconomy_milomb/p/DAbc/c/178588/", "instagram 179 178588"),
            ("https://www.instagram.com/altri/p/DAbc/c/178588/", "none"),
            ("https://www.instagram.com/p/DAbc/", "none"),
            (
                "https://www.linkedin.com/feed/update/urn:li:activity:70?commentUrn=urn%3Ali%3Acomment%3A%28activity%3A70%2C71%29",
                "linkedin urn:li:organization:96 urn:li:comment:(urn:li:activity:70,71)",
            ),
            (
                "https://www.linkedin.com/posts/camera_titolo-activity-70-aBcD?commentUrn=urn%3Ali%3Acomment%3A%28ugcPost%3A69%2C71%29&replyUrn=urn%3Ali%3Acomment%3A%28ugcPost%3A69%2C72%29",
                "linkedin urn:li:organization:96 urn:li:comment:(urn:li:ugcPost:69,72)",
            ),
            (
                "https://it.linkedin.com/feed/update/urn:li:activity:70/?dashCommentUrn=urn%3Ali%3Afsd_comment%3A%2871%2Curn%3Ali%3Aactivity%3A70%29",
                "linkedin urn:li:organization:96 urn:li:comment:(urn:li:activity:70,71)",
            ),
            ("https://www.linkedin.com/feed/update/urn:li:share:70", "linkedin urn:li:organization:96 urn:li:share:70"),
            ("https://www.linkedin.com/company/camera", "none"),
            ("https://www.youtube.com/watch?v=abc&lc=UgxA_1-b.9x", "youtube UCgalateo UgxA_1-b.9x"),
            ("https://m.youtube.com/watch?lc=UgxA&v=abc&feature=em-comments", "youtube UCgalateo UgxA"),
            ("https://youtu.be/abc?lc=UgxA", "youtube UCgalateo UgxA"),
            ("https://www.youtube.com/shorts/abc?lc=UgxA", "youtube UCgalateo UgxA"),
            ("https://www.youtube.com/watch?v=abc", "none"),
            ("https://www.youtube.com/watch?v=abc&lc=%2F..%2Fx", "none"),
            ("https://x.com/qualcuno/status/1987?s=20", "x 11 1987"),
            ("https://mobile.twitter.com/qualcuno/status/1987/photo/1", "x 11 1987"),
            ("https://twitter.com/i/web/status/1987", "x 11 1987"),
            ("https://x.com/i/status/1987", "x 11 1987"),
            ("https://x.com/Camera/status/1987", "none"),
            ("https://x.com/qualcuno", "none"),
            ("ftp://x.com/qualcuno/status/1987", "none"),
            ("https://example.org/i/status/1987", "none"),
        ] {
            assert_eq!(read(address), expected, "{address}");
        }
    }

    #[test]
    fn where_we_have_no_account_nothing_is_ours() {
        let none = Accounts::new(&[]);
        assert_eq!(link(&"https://x.com/qualcuno/status/1987".parse().unwrap(), &none), None);
    }
}
