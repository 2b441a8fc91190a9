//! The answer when a comment or post is read.

use jiff::Timestamp;
use policy::{Account, Author, Contribution, ContributionId, PlatformUserId, Surface};
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::Facebook;
use super::calls::SUBSCRIBED;
use super::value::revision;
use crate::arriving::lenient;
use crate::meta::calls::{find_own, is_own, state, subscription};
use crate::meta::{Party, seconds};
use crate::{Accounts, Answer, Found, Host, Malformed, Shows, State, Subscription, Target};

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

impl Shows for Facebook {
    /// The contribution in the answer; `None` when it is our own voice. It is taken for the first revision: the answer
    /// does not tell whether it was edited, but `created_time` and the text are those of the webhook, so that the same
    /// words are not judged twice. An edit that came with its author and one that was read have different revisions;
    /// the platform leaves the author out by who may see them, so that one comment comes in one of the two ways.
    ///
    /// A comment may stay without an author. A post may not: it could be the Page's own.
    fn read(
        &self,
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

    fn find_own(&self, target: &Target<'_>, answer: &Answer, text: &str) -> Found {
        find_own(target, answer, text, "message")
    }

    fn state(&self, _: &Target<'_>, answers: &[Answer]) -> State {
        state(answers, "is_hidden")
    }

    fn subscription(&self, account: &Account, answer: &Answer) -> Subscription {
        subscription(Host::Main, &account.id, answer, &SUBSCRIBED)
    }
}

#[cfg(test)]
mod tests {
    use policy::{Platform, ThreadId};
    use serde_json::json;

    use super::*;
    use crate::meta::testing::{PAGE, accounts, answer, line, ours};
    use crate::{Event, Tells};

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
