//! What Instagram's webhooks say about comments and mentions (docs/platforms.md, section 2.6). Messages are Meta's.

use policy::{Account, Author, Contribution, ContributionId, PlatformUserId, Surface, ThreadId};
use serde::Deserialize;

use super::Instagram;
use super::calls::{host, is_caption, node, subscribed};
use crate::arriving::lenient;
use crate::meta::calls::{find_own, is_own, state, subscription};
use crate::meta::{Item, Party};
use crate::{Accounts, Answer, Event, Found, Ignored, Malformed, Shows, State, Subscription, Target, Unread};

/// The value of a comment.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Comment {
    #[serde(deserialize_with = "lenient::id")]
    id: Option<String>,
    /// In one example of the documentation, in place of `id`.
    #[serde(deserialize_with = "lenient::id")]
    comment_id: Option<String>,
    #[serde(deserialize_with = "lenient::leaf")]
    from: Option<Party>,
    text: Option<String>,
    #[serde(deserialize_with = "lenient::id")]
    parent_id: Option<String>,
    #[serde(deserialize_with = "lenient::leaf")]
    media: Option<Media>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Media {
    #[serde(deserialize_with = "lenient::id")]
    id: Option<String>,
}

/// The value of a mention.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Mention {
    #[serde(deserialize_with = "lenient::id")]
    media_id: Option<String>,
    #[serde(deserialize_with = "lenient::id")]
    comment_id: Option<String>,
}

/// The event of one change.
pub(crate) fn event(item: &Item<'_>, field: &str) -> Result<Event, Ignored> {
    match field {
        "comments" => comment(item, Surface::Comment),
        "live_comments" => comment(item, Surface::LiveComment),
        "mentions" => mention(item),
        "comment_poll_response" | "follow" | "share_to_story" | "story_insights" | "story_reactions" => {
            Err(Ignored::NotText)
        }
        _ => Err(Ignored::unknown(field)),
    }
}

/// A comment. There is no verb: neither edits nor deletions are told.
fn comment(item: &Item<'_>, surface: Surface) -> Result<Event, Ignored> {
    let Comment { id, comment_id, from, text, parent_id, media } = item.read()?;
    let id = ContributionId::new(item.required(id.or(comment_id), "id")?);
    let thread = media.and_then(|media| media.id).map(ThreadId::new);
    let from = from.unwrap_or_default();
    let handle = from.username.as_deref();
    if from.self_ig_scoped_id.is_some() || item.is_ours(from.id.as_deref(), handle) {
        return Err(Ignored::OwnVoice);
    }
    let Some(text) = text else { return Ok(referred_to(item, surface, id, thread, None)) };
    let name = from.username;
    let written = Contribution {
        original: None,
        platform: item.account.platform,
        account: item.account.id.clone(),
        surface,
        id: id.clone(),
        revision: revision(&text),
        author: from.id.map(|id| Author { id: PlatformUserId::new(id), name }),
        // A GIF has no text.
        has_attachment: text.is_empty(),
        text,
        thread: thread.clone(),
        parent: parent_id.map(ContributionId::new),
        permalink: None,
        at: None,
        edited: false,
        told_at: item.told_at,
    };
    if written.author.is_none() {
        // Old bodies hold an id and a text: without an author our own comments cannot be told from others'.
        return Ok(referred_to(item, surface, id, thread, Some(written)));
    }
    Ok(Event::Contribution(written))
}

/// Someone names the account, in a comment or in the caption of a media, which is then the contribution itself. The
/// text has to be read.
fn mention(item: &Item<'_>) -> Result<Event, Ignored> {
    let Mention { media_id, comment_id } = item.read()?;
    let id = item.required(comment_id.or_else(|| media_id.clone()), "media_id")?;
    Ok(referred_to(item, Surface::Mention, ContributionId::new(id), media_id.map(ThreadId::new), None))
}

fn referred_to(
    item: &Item<'_>,
    surface: Surface,
    id: ContributionId,
    thread: Option<ThreadId>,
    written: Option<Contribution>,
) -> Event {
    Event::Unread(Unread {
        platform: item.account.platform,
        account: item.account.id.clone(),
        surface,
        id,
        thread,
        at: None,
        written,
    })
}

/// The revision of a comment (docs/platforms.md, section 1.6): nothing but its text tells it apart. A boosted post can
/// deliver the same comment twice.
pub(super) fn revision(text: &str) -> String {
    lenient::fingerprint(text)
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Object {
    #[serde(deserialize_with = "lenient::leaf")]
    from: Option<Party>,
    #[serde(deserialize_with = "lenient::leaf")]
    username: Option<String>,
    text: Option<String>,
    caption: Option<String>,
    #[serde(deserialize_with = "lenient::id")]
    parent_id: Option<String>,
    #[serde(deserialize_with = "lenient::leaf")]
    media: Option<Party>,
}

impl Shows for Instagram {
    /// The contribution in the answer; `None` when it is our own voice.
    fn read(
        &self,
        target: &Target<'_>,
        answer: &Answer,
        accounts: &Accounts,
    ) -> Result<Option<Contribution>, Malformed> {
        let edge = match target.surface {
            Surface::Mention if is_caption(target) => Some("mentioned_media"),
            Surface::Mention => Some("mentioned_comment"),
            _ => None,
        };
        let object: Object = match edge {
            Some(edge) => {
                let mentioned = answer.body.get(edge).filter(|mentioned| mentioned.is_object());
                lenient::item(lenient::required(mentioned, "body", edge)?, edge)?
            }
            None => lenient::item(&answer.body, "body")?,
        };
        // Neither field is documented as always present; without both there is nothing that could be judged.
        let text = object.text.or(object.caption);
        if text.is_none() && object.username.is_none() && object.from.is_none() {
            return Err(lenient::malformed("body", "has none of text, username and from".to_owned()));
        }
        let from = object.from.unwrap_or_default();
        let handle = from.username.or(object.username);
        if is_own(target, accounts, from.id.as_deref(), handle.as_deref()) || from.self_ig_scoped_id.is_some() {
            return Ok(None);
        }
        let text = text.unwrap_or_default();
        Ok(Some(Contribution {
            original: None,
            platform: target.account.platform,
            account: target.account.id.clone(),
            surface: target.surface,
            id: target.contribution.clone(),
            revision: revision(&text),
            author: from.id.map(|id| Author { id: PlatformUserId::new(id), name: handle }),
            has_attachment: text.is_empty() || is_caption(target),
            text,
            thread: object.media.and_then(|media| media.id).map(ThreadId::new).or_else(|| target.thread.cloned()),
            parent: object.parent_id.map(ContributionId::new),
            permalink: None,
            at: None,
            edited: false,
            told_at: None,
        }))
    }

    fn find_own(&self, target: &Target<'_>, answer: &Answer, text: &str) -> Found {
        find_own(target, answer, text, "text")
    }

    fn state(&self, _: &Target<'_>, answers: &[Answer]) -> State {
        state(answers, "hidden")
    }

    fn subscription(&self, account: &Account, answer: &Answer) -> Subscription {
        subscription(host(account), node(account), answer, subscribed(account))
    }
}

#[cfg(test)]
mod tests {
    use policy::Platform;
    use serde_json::{Value, json};

    use super::*;
    use crate::Tells;
    use crate::meta::testing::{INSTAGRAM, accounts, answer, line, ours};

    fn read_one(surface: Surface, id: &str, body: Value) -> Result<Option<Contribution>, Malformed> {
        let account = ours(Platform::Instagram, INSTAGRAM);
        let (contribution, thread) = (ContributionId::new(id), ThreadId::new("179"));
        let target = Target {
            account: &account,
            surface,
            contribution: &contribution,
            thread: Some(&thread),
            parent: None,
            author: None,
        };
        Instagram.read(&target, &answer(200, body), &accounts())
    }

    #[test]
    fn what_is_read_is_the_revision_that_the_webhook_brings() {
        let read = read_one(
            Surface::Comment,
            "178",
            json!({"id": "178", "text": "Ciao", "username": "prova", "from": {"id": "7", "username": "prova"},
                "media": {"id": "179"}, "parent_id": "177", "timestamp": "2026-11-18T10:00:00+0000"}),
        );
        let body = json!({"entry": [{"id": INSTAGRAM, "changes": [{"field": "comments", "value": {
            "id": "178", "text": "Ciao", "from": {"id": "7", "username": "prova"}, "media": {"id": "179"},
            "parent_id": "177"}}]}]});
        let brought = Instagram.parse(&serde_json::to_vec(&body).unwrap(), &accounts()).unwrap();
        assert_eq!(brought.events, [Event::Contribution(read.unwrap().unwrap())]);
    }

    #[test]
    fn a_mention_is_read_from_its_edge() {
        let comment = json!({"mentioned_comment": {"text": "Bravi @cameradicommercio_mi_mb_lo", "username": "prova",
            "timestamp": "2026-11-18T10:00:00+0000", "id": "178"}, "id": INSTAGRAM});
        let comment = read_one(Surface::Mention, "178", comment).unwrap().unwrap();
        assert_eq!(line(&Event::Contribution(comment)), "instagram mention 178 by nobody in 179 \"Bravi @cameradic\"");
        let caption = json!({"mentioned_media": {"caption": "Con @cameradicommercio_mi_mb_lo", "username": "prova"}});
        let caption = read_one(Surface::Mention, "179", caption).unwrap().unwrap();
        assert_eq!(
            line(&Event::Contribution(caption)),
            "instagram mention 179 by nobody in 179 with attachment \"Con @cameradicom\""
        );
        let nothing = read_one(Surface::Mention, "178", json!({"id": INSTAGRAM})).unwrap_err();
        assert_eq!(nothing.to_string(), "body.mentioned_comment: missing");
    }

    #[test]
    fn what_is_read_may_be_ours_or_nothing_at_all() {
        for own in [
            json!({"text": "Avviso", "username": "cameradicommercio_mi_mb_lo"}),
            json!({"text": "Avviso", "from": {"id": INSTAGRAM}}),
            json!({"text": "Auguri", "username": "bikeeconomy_milomb"}),
            json!({"text": "Avviso", "from": {"id": "7", "self_ig_scoped_id": "7"}}),
        ] {
            assert_eq!(read_one(Surface::Comment, "178", own.clone()), Ok(None), "{own}");
        }
        let error = json!({"error": {"message": "Mario", "code": 100}});
        let malformed = read_one(Surface::Comment, "178", error).unwrap_err();
        assert_eq!(malformed.to_string(), "body: has none of text, username and from");
    }
}
