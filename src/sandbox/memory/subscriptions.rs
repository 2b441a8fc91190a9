//! To what an account can be subscribed, and under what its subscription is kept.

use policy::{Account, Platform};

/// The webhook fields that a Page takes (docs/platforms.md, section 1.2).
pub(crate) const PAGE_FIELDS: &[&str] = &[
    "feed",
    "mention",
    "ratings",
    "leadgen",
    "messages",
    "message_echoes",
    "message_edits",
    "message_reads",
    "message_deliveries",
    "message_reactions",
    "messaging_postbacks",
    "messaging_referrals",
    "messaging_handovers",
    "messaging_policy_enforcement",
    "standby",
    "live_videos",
    "follow",
    "conversations",
    "business_integrity",
];

/// The webhook fields that an Instagram account takes (docs/platforms.md, section 1.2).
pub(crate) const INSTAGRAM_FIELDS: &[&str] = &[
    "comments",
    "live_comments",
    "mentions",
    "messages",
    "message_edit",
    "message_reactions",
    "messaging_postbacks",
    "messaging_seen",
    "messaging_handover",
    "messaging_optins",
    "messaging_referral",
    "standby",
    "story_insights",
    "story_reactions",
    "follow",
    "share_to_story",
    "comment_poll_response",
];

/// The events of the Activity API that an account can be subscribed to (docs/platforms.md, section 1.5).
pub(crate) const EVENTS: &[&str] = &[
    "post.create",
    "post.delete",
    "post.mention.create",
    "post.reply.create",
    "post.quote.create",
    "post.repost.create",
    "dm.received",
    "dm.sent",
    "like.create",
    "follow.follow",
    "follow.unfollow",
];

/// Under what the subscription of an account is kept: an Instagram account that is linked to a Page has the Page's.
pub(super) fn subscriber(account: &Account) -> (Platform, String) {
    match &account.page {
        Some(page) if account.platform == Platform::Instagram => (Platform::Facebook, page.as_str().to_owned()),
        _ => (account.platform, account.id.as_str().to_owned()),
    }
}

/// Everything to which an account can be subscribed.
pub(super) fn everything(account: &Account) -> Option<((Platform, String), Vec<String>)> {
    let subscriber = subscriber(account);
    let all = match subscriber.0 {
        Platform::Facebook => PAGE_FIELDS,
        Platform::Instagram => INSTAGRAM_FIELDS,
        Platform::X => EVENTS,
        Platform::Linkedin | Platform::Youtube => return None,
    };
    Some((subscriber, all.iter().map(|name| (*name).to_owned()).collect()))
}
