//! The value of a change on a Page: what is written, by whom, and where it stands.

use jiff::Timestamp;
use policy::{Author, Contribution, ContributionId, PlatformUserId, Surface, ThreadId};
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::meta::{Item, Party, seconds};
use crate::{Event, Ignored, Unread, lenient};

/// The value of a change, with the leaves of every item.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Value {
    pub(super) item: Option<String>,
    verb: Option<String>,
    #[serde(deserialize_with = "lenient::id")]
    pub(super) comment_id: Option<String>,
    #[serde(deserialize_with = "lenient::id")]
    pub(super) post_id: Option<String>,
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
    pub(super) open_graph_story_id: Option<String>,
    #[serde(deserialize_with = "seconds")]
    created_time: Option<Timestamp>,
    pub(super) message: Option<String>,
    pub(super) review_text: Option<String>,
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
pub(super) enum Verb {
    Add,
    Edit,
    Remove,
}

impl Value {
    /// What happened, from one of the several spellings in use.
    pub(super) fn verb(&self, item: &Item<'_>, field: &str, kind: &str) -> Result<Verb, Ignored> {
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
    pub(super) fn written_or_referred_to(
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
    pub(super) fn referred_to(&self, item: &Item<'_>, surface: Surface, id: &str, verb: Verb) -> Event {
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

    pub(super) fn contribution(
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
    pub(super) fn published_id(&self) -> Option<&str> {
        let ids = [&self.post_id, &self.album_id, &self.photo_id, &self.video_id, &self.event_id, &self.share_id];
        ids.into_iter().find_map(Option::as_deref)
    }

    /// The post that a comment stands below. A post stands below nothing.
    fn thread(&self, id: &str) -> Option<&str> {
        self.post_id.as_deref().filter(|post| *post != id)
    }

    pub(super) fn has_attachment(&self) -> bool {
        let photos = self.photos.as_ref().is_some_and(|photos| !photos.is_empty());
        photos || self.photo.is_some() || self.video.is_some() || self.link.is_some()
    }

    pub(super) fn author_id(&self) -> Option<&str> {
        let from = self.from.as_ref().and_then(|from| from.id.as_deref());
        from.or(self.sender_id.as_deref()).or(self.reviewer_id.as_deref())
    }

    fn author_name(&self) -> Option<&str> {
        let from = self.from.as_ref().and_then(|from| from.name.as_deref());
        from.or(self.sender_name.as_deref()).or(self.reviewer_name.as_deref())
    }

    pub(super) fn is_ours(&self, item: &Item<'_>) -> bool {
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
