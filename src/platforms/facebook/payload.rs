//! What a Facebook Page's webhooks say: comments, visitor posts, mentions and reviews (docs/platforms.md, sections 2.1
//! to 2.4).

use jiff::Timestamp;
use policy::Surface;
use serde::Deserialize;

use super::value::{Value, Verb};
use crate::meta::{Item, seconds};
use crate::{Event, Ignored, Lead, lenient};

/// The items that someone can publish on a Page. The Page's own posts come under the same names.
const POSTS: &[&str] = &[
    "album",
    "coupon",
    "event",
    "experience",
    "link",
    "mention",
    "milestone",
    "note",
    "photo",
    "photo-album",
    "picture",
    "platform-story",
    "post",
    "question",
    "reel",
    "share",
    "status",
    "story",
    "timeline cover",
    "video",
];

/// The items that carry no text of anyone's.
const NOT_TEXT: &[&str] = &["connection", "like", "reaction", "relationship-status"];

/// The items that describe the Page itself.
const NOTICES: &[&str] = &["address", "group", "group_message", "interest", "page", "profile", "tag"];

/// The fields of the Page's own profile. With a value or without, they tell that the office has changed it.
const PROFILE: &[&str] = &[
    "about",
    "affiliation",
    "attire",
    "awards",
    "bio",
    "birthday",
    "category",
    "checkins",
    "company_overview",
    "culinary_team",
    "current_location",
    "description",
    "email",
    "features",
    "founded",
    "general_info",
    "general_manager",
    "hometown",
    "hours",
    "location",
    "members",
    "mission",
    "name",
    "parking",
    "payment_options",
    "personal_info",
    "personal_interests",
    "phone",
    "picture",
    "price_range",
    "product_review",
    "products",
    "public_transit",
    "website",
];

/// The event of one change.
pub(crate) fn event(item: &Item<'_>, field: &str) -> Result<Event, Ignored> {
    match field {
        "feed" | "group_feed" => feed(item, field),
        "mention" => mention(item),
        "ratings" => rating(item),
        "leadgen" => lead(item),
        "follow" => Err(Ignored::NotText),
        "business_integrity" | "conversations" | "live_videos" => Err(Ignored::Notice),
        field if PROFILE.contains(&field) => Err(Ignored::Notice),
        _ => Err(Ignored::unknown(field)),
    }
}

fn feed(item: &Item<'_>, field: &str) -> Result<Event, Ignored> {
    let value: Value = item.read()?;
    let kind = item.required(value.item.as_deref(), "item")?;
    if NOT_TEXT.contains(&kind) {
        return Err(Ignored::NotText);
    }
    if NOTICES.contains(&kind) {
        return Err(Ignored::Notice);
    }
    if kind == "rating" {
        return rating(item);
    }
    // In a group only the comments on the Page's own posts are ours to moderate.
    let is_post = field == "feed" && POSTS.contains(&kind);
    if !is_post && kind != "comment" {
        return Err(Ignored::unknown(&format!("{field}/{kind}")));
    }
    let verb = value.verb(item, field, kind)?;
    if verb != Verb::Remove && value.is_ours(item) {
        return Err(Ignored::OwnVoice);
    }
    let (surface, id) = if is_post {
        (Surface::VisitorPost, item.required(value.published_id(), "post_id")?)
    } else {
        (Surface::Comment, item.required(value.comment_id.as_deref(), "comment_id")?)
    };
    if verb == Verb::Remove {
        // Whoever removed it: `from` is the Page when the office did.
        return Ok(item.removal(id));
    }
    if value.author_id().is_none() {
        // It may be our own, above all a post, and must never be taken for someone else's: reading it may tell.
        return Ok(value.referred_to(item, surface, id, verb));
    }
    // A picture, sticker or GIF comes without a message, and a GIF without anything else, too.
    let has_attachment = value.has_attachment() || value.message.is_none();
    Ok(Event::Contribution(value.contribution(item, surface, id, verb, has_attachment)))
}

/// Someone names the Page. Mostly that is on someone else's surface, where nothing can be hidden. A comment below a
/// post of ours comes in the feed as well, and must be the same by whichever way it comes: there it is a comment, and
/// is read first, because a mention does not tell its author.
fn mention(item: &Item<'_>) -> Result<Event, Ignored> {
    let value: Value = item.read()?;
    let kind = item.required(value.item.as_deref(), "item")?;
    let verb = value.verb(item, "mention", kind)?;
    let id = match kind {
        "comment" => item.required(value.comment_id.as_deref(), "comment_id")?,
        _ if POSTS.contains(&kind) => item.required(value.post_id.as_deref(), "post_id")?,
        _ => return Err(Ignored::unknown(&format!("mention/{kind}"))),
    };
    let page = format!("{}_", item.account.id);
    if kind == "comment" && value.post_id.as_deref().is_some_and(|post| post.starts_with(&page)) {
        if verb != Verb::Remove && value.author_id().is_none() {
            return Ok(value.referred_to(item, Surface::Comment, id, verb));
        }
        return value.written_or_referred_to(item, Surface::Comment, id, verb);
    }
    value.written_or_referred_to(item, Surface::Mention, id, verb)
}

/// A review of the Page, or a comment below one.
fn rating(item: &Item<'_>) -> Result<Event, Ignored> {
    let mut value: Value = item.read()?;
    let kind = item.required(value.item.take(), "item")?;
    if NOT_TEXT.contains(&kind.as_str()) {
        return Err(Ignored::NotText);
    }
    let verb = value.verb(item, "ratings", &kind)?;
    match kind.as_str() {
        "comment" => {
            let id = item.required(value.comment_id.as_deref(), "comment_id")?;
            value.written_or_referred_to(item, Surface::Review, id, verb)
        }
        "rating" => {
            value.message = value.review_text.take();
            if value.message.is_none() && verb != Verb::Remove {
                // A recommendation without a word.
                return Err(Ignored::NotText);
            }
            // What can be answered is the story that tells of the review.
            let id = item.required(value.open_graph_story_id.take(), "open_graph_story_id")?;
            value.written_or_referred_to(item, Surface::Review, &id, verb)
        }
        _ => Err(Ignored::unknown(&format!("ratings/{kind}"))),
    }
}

/// What a lead says about itself; what was filled in stays with the platform.
#[derive(Deserialize, Default)]
#[serde(default)]
struct LeadValue {
    #[serde(deserialize_with = "lenient::id")]
    leadgen_id: Option<String>,
    #[serde(deserialize_with = "lenient::id")]
    form_id: Option<String>,
    #[serde(deserialize_with = "seconds")]
    created_time: Option<Timestamp>,
}

fn lead(item: &Item<'_>) -> Result<Event, Ignored> {
    let value: LeadValue = item.read()?;
    let LeadValue { leadgen_id, form_id, created_time } = value;
    Ok(Event::Lead(Lead {
        platform: item.account.platform,
        account: item.account.id.clone(),
        id: item.required(leadgen_id, "leadgen_id")?,
        form: item.required(form_id, "form_id")?,
        at: created_time,
    }))
}
