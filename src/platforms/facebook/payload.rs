//! What a Facebook Page's webhooks say: comments, visitor posts, mentions and reviews (docs/platforms.md, sections 2.1
//! to 2.4).

use jiff::Timestamp;
use policy::{Author, Contribution, ContributionId, PlatformUserId, Surface, ThreadId};
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::meta::calls::is_own;
use crate::meta::{Item, Party, seconds};
use crate::{Accounts, Answer, Event, Ignored, Lead, Malformed, Target, Unread, lenient};

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

/// The value of a change, with the leaves of every item.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Value {
    item: Option<String>,
    verb: Option<String>,
    #[serde(deserialize_with = "lenient::id")]
    comment_id: Option<String>,
    #[serde(deserialize_with = "lenient::id")]
    post_id: Option<String>,
    /// Of an album, in place of `post_id`.
    #[serde(deserialize_with = "lenient::id")]
    album_id: Option<String>,
    /// Of things that are published without a post of their own, in place of `post_id`.
    #[serde(deserialize_with = "lenient::id")]
    photo_id: Option<String>,
    #[serde(deserialize_with = "lenient::id")]
    video_id: Option<String>,
    #[serde(deserialize_with = "lenient::id")]
    event_id: Option<String>,
    #[serde(deserialize_with = "lenient::id")]
    share_id: Option<String>,
    #[serde(deserialize_with = "lenient::id")]
    parent_id: Option<String>,
    #[serde(deserialize_with = "lenient::id")]
    open_graph_story_id: Option<String>,
    #[serde(deserialize_with = "seconds")]
    created_time: Option<Timestamp>,
    message: Option<String>,
    review_text: Option<String>,
    #[serde(deserialize_with = "lenient::leaf")]
    from: Option<Party>,
    /// In old bodies, in place of `from`.
    #[serde(deserialize_with = "lenient::id")]
    sender_id: Option<String>,
    #[serde(deserialize_with = "lenient::leaf")]
    sender_name: Option<String>,
    /// In reviews, in place of `from`.
    #[serde(deserialize_with = "lenient::id")]
    reviewer_id: Option<String>,
    #[serde(deserialize_with = "lenient::leaf")]
    reviewer_name: Option<String>,
    photo: Option<IgnoredAny>,
    #[serde(deserialize_with = "lenient::leaf")]
    photos: Option<Vec<IgnoredAny>>,
    video: Option<IgnoredAny>,
    link: Option<IgnoredAny>,
    #[serde(deserialize_with = "lenient::leaf")]
    post: Option<Post>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Post {
    #[serde(deserialize_with = "lenient::leaf")]
    permalink_url: Option<String>,
}

/// What happened to a post or comment.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Verb {
    Add,
    Edit,
    Remove,
}

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

impl Value {
    /// What happened, from one of the several spellings in use.
    fn verb(&self, item: &Item<'_>, field: &str, kind: &str) -> Result<Verb, Ignored> {
        match item.required(self.verb.as_deref(), "verb")? {
            "add" => Ok(Verb::Add),
            "edit" | "edited" | "update" => Ok(Verb::Edit),
            "remove" | "delete" => Ok(Verb::Remove),
            "hide" | "unhide" | "block" | "unblock" | "mute" => Err(Ignored::Visibility),
            "follow" => Err(Ignored::NotText),
            verb => Err(Ignored::unknown(&format!("{field}/{kind}/{verb}"))),
        }
    }

    /// The event of something of which sometimes only the reference is sent.
    fn written_or_referred_to(
        &self,
        item: &Item<'_>,
        surface: Surface,
        id: &str,
        verb: Verb,
    ) -> Result<Event, Ignored> {
        if verb == Verb::Remove {
            return Ok(item.removal(id));
        }
        if self.is_ours(item) {
            return Err(Ignored::OwnVoice);
        }
        if self.message.is_some() || self.has_attachment() {
            let contribution = self.contribution(item, surface, id, verb, self.has_attachment());
            return Ok(Event::Contribution(contribution));
        }
        Ok(self.referred_to(item, surface, id, verb))
    }

    /// The reference to what is to be read. The text of a comment that came along goes with it; that of a post does not,
    /// because without its author it cannot be told from a post of our own.
    fn referred_to(&self, item: &Item<'_>, surface: Surface, id: &str, verb: Verb) -> Event {
        let written = (surface == Surface::Comment && self.message.is_some())
            .then(|| self.contribution(item, surface, id, verb, self.has_attachment()));
        Event::Unread(Unread {
            platform: item.account.platform,
            account: item.account.id.clone(),
            surface,
            id: ContributionId::new(id),
            thread: self.thread(id).map(ThreadId::new),
            at: self.created_time,
            written,
        })
    }

    fn contribution(
        &self,
        item: &Item<'_>,
        surface: Surface,
        id: &str,
        verb: Verb,
        has_attachment: bool,
    ) -> Contribution {
        let text = self.message.as_deref().unwrap_or_default();
        let permalink = self.post.as_ref().and_then(|post| post.permalink_url.clone());
        Contribution {
            original: None,
            platform: item.account.platform,
            account: item.account.id.clone(),
            surface,
            id: ContributionId::new(id),
            revision: revision(verb == Verb::Edit, self.created_time, text),
            author: self
                .author_id()
                .map(|id| Author { id: PlatformUserId::new(id), name: self.author_name().map(str::to_owned) }),
            text: text.to_owned(),
            has_attachment,
            thread: self.thread(id).map(ThreadId::new),
            parent: self
                .parent_id
                .as_deref()
                .filter(|parent| self.post_id.as_deref() != Some(*parent))
                .map(ContributionId::new),
            // What is sent is the address of the post, which is that of the contribution only when it is the post.
            permalink: permalink.filter(|_| surface == Surface::VisitorPost),
            at: self.created_time,
            edited: verb == Verb::Edit,
            told_at: item.told_at.filter(|_| verb == Verb::Edit || self.created_time.is_none()),
        }
    }

    /// The id of what was published: that of its post or, where it has none, of the thing itself.
    fn published_id(&self) -> Option<&str> {
        let ids = [&self.post_id, &self.album_id, &self.photo_id, &self.video_id, &self.event_id, &self.share_id];
        ids.into_iter().find_map(Option::as_deref)
    }

    /// The post that a comment stands below. A post stands below nothing.
    fn thread(&self, id: &str) -> Option<&str> {
        self.post_id.as_deref().filter(|post| *post != id)
    }

    fn has_attachment(&self) -> bool {
        let photos = self.photos.as_ref().is_some_and(|photos| !photos.is_empty());
        photos || self.photo.is_some() || self.video.is_some() || self.link.is_some()
    }

    fn author_id(&self) -> Option<&str> {
        let from = self.from.as_ref().and_then(|from| from.id.as_deref());
        from.or(self.sender_id.as_deref()).or(self.reviewer_id.as_deref())
    }

    fn author_name(&self) -> Option<&str> {
        let from = self.from.as_ref().and_then(|from| from.name.as_deref());
        from.or(self.sender_name.as_deref()).or(self.reviewer_name.as_deref())
    }

    fn is_ours(&self, item: &Item<'_>) -> bool {
        item.is_ours(self.author_id(), None)
    }
}

/// The revision of a post or comment (docs/platforms.md, section 1.6). `created_time` does not move with an edit, so
/// the text belongs to it.
pub(super) fn revision(edited: bool, created: Option<Timestamp>, text: &str) -> String {
    let verb = if edited { "edit" } else { "add" };
    let created = created.map_or(0, Timestamp::as_second);
    format!("{verb}#{created}#{}", lenient::fingerprint(text))
}

/// What is answered when a comment or post is read.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Object {
    #[serde(deserialize_with = "lenient::id")]
    id: Option<String>,
    #[serde(deserialize_with = "lenient::leaf")]
    from: Option<Party>,
    message: Option<String>,
    #[serde(deserialize_with = "seconds")]
    created_time: Option<Timestamp>,
    #[serde(deserialize_with = "lenient::leaf")]
    parent: Option<Party>,
    attachment: Option<IgnoredAny>,
    #[serde(deserialize_with = "lenient::leaf")]
    permalink_url: Option<String>,
}

/// The contribution in the answer; `None` when it is our own voice. It is taken for the first revision: the answer
/// does not tell whether it was edited, but `created_time` and the text are those of the webhook, so that the same
/// words are not judged twice. An edit that came with its author and one that was read have different revisions; the
/// platform leaves the author out by who may see them, so that one comment comes in one of the two ways.
///
/// A comment may stay without an author. A post may not: it could be the Page's own.
pub(super) fn read(
    target: &Target<'_>,
    answer: &Answer,
    accounts: &Accounts,
) -> Result<Option<Contribution>, Malformed> {
    let object: Object = lenient::item(&answer.body, "body")?;
    lenient::required(object.id, "body", "id")?;
    let from = object.from.unwrap_or_default();
    if is_own(target, accounts, from.id.as_deref(), None) {
        return Ok(None);
    }
    if target.surface == Surface::VisitorPost {
        let missing = "missing, so that it cannot be told from a post of our own";
        from.id.as_ref().ok_or_else(|| lenient::malformed("body.from", missing.to_owned()))?;
    }
    let text = object.message.unwrap_or_default();
    Ok(Some(Contribution {
        original: None,
        platform: target.account.platform,
        account: target.account.id.clone(),
        surface: target.surface,
        id: target.contribution.clone(),
        revision: revision(false, object.created_time, &text),
        author: from.id.map(|id| Author { id: PlatformUserId::new(id), name: from.name }),
        has_attachment: object.attachment.is_some() || text.is_empty(),
        text,
        thread: target.thread.cloned(),
        parent: object.parent.and_then(|parent| parent.id).map(ContributionId::new),
        permalink: object.permalink_url,
        at: object.created_time,
        edited: false,
        told_at: None,
    }))
}

#[cfg(test)]
mod tests {
    use policy::{Platform, Surface};
    use serde_json::json;

    use super::*;
    use crate::meta::testing::{PAGE, accounts, answer, line, ours};
    use crate::{Adapter, facebook::Facebook};

    fn read_comment(body: serde_json::Value) -> Result<Option<Contribution>, Malformed> {
        read_from(Surface::Comment, body)
    }

    fn read_from(surface: Surface, body: serde_json::Value) -> Result<Option<Contribution>, Malformed> {
        let account = ours(Platform::Facebook, PAGE);
        let (contribution, thread) = (ContributionId::new("901_903"), ThreadId::new("1234567890321_901"));
        let target = Target {
            account: &account,
            surface,
            contribution: &contribution,
            thread: Some(&thread),
            parent: None,
            author: None,
        };
        Facebook.read(&target, &answer(200, body), &accounts())
    }

    #[test]
    fn what_is_read_is_the_revision_that_the_webhook_brings() {
        let read = read_comment(json!({"id": "901_903", "message": "Perché?", "from": {"id": "7", "name": "Prova"},
            "created_time": "2026-11-18T10:00:00+0000", "parent": {"id": "901_902"}, "is_hidden": false}));
        let body = json!({"entry": [{"id": PAGE, "changes": [{"field": "feed", "value": {
            "item": "comment", "verb": "add", "comment_id": "901_903", "post_id": "1234567890321_901",
            "parent_id": "901_902", "from": {"id": "7", "name": "Prova"}, "created_time": 1_794_996_000,
            "message": "Perché?"}}]}]});
        let brought = Facebook.parse(&serde_json::to_vec(&body).unwrap(), &accounts()).unwrap();
        assert_eq!(brought.events, [Event::Contribution(read.unwrap().unwrap())]);
    }

    #[test]
    fn a_post_without_an_author_may_be_ours_and_is_not_judged() {
        let post = json!({"id": "901_903", "message": "Domani gli sportelli aprono alle 9."});
        let error = read_from(Surface::VisitorPost, post).unwrap_err();
        assert_eq!(error.path, "body.from");
    }

    #[test]
    fn what_is_read_may_be_ours_anonymous_or_nothing_at_all() {
        assert_eq!(read_comment(json!({"id": "901_903", "from": {"id": PAGE}, "message": "Avviso"})), Ok(None));
        let anonymous = read_comment(json!({"id": "901_903", "attachment": {"type": "sticker"}})).unwrap().unwrap();
        assert_eq!(
            line(&Event::Contribution(anonymous)),
            "facebook comment 901_903 by nobody in 1234567890321_901 with attachment \"\""
        );
        let error = json!({"error": {"message": "Mario", "code": 100, "error_subcode": 33}});
        assert_eq!(read_comment(error).unwrap_err().to_string(), "body.id: missing");
        assert_eq!(read_comment(json!(null)).unwrap_err().to_string(), "body: found null, expected struct Object");
    }
}
