//! What X says: the two envelopes, and what they have in common (docs/platforms.md, sections 2.10 and 2.11).

use http::StatusCode;
use jiff::{Timestamp, TimestampRound, Unit};
use policy::{Account, AccountId, Author, Contribution, ContributionId, Platform, PlatformUserId, Surface, ThreadId};
use serde::Deserialize;
use serde_json::Value;

use super::calls::subscribe;
use super::text::is_same;
use super::{X, aaa, xaa};
use crate::arriving::lenient::{self, id, malformed, millis, required};
use crate::{
    Accounts, Answer, Delivery, Event, Found, Ignored, Malformed, Means, Presence, Shows, State, Subscription, Target,
    Tells, Unread,
};

impl Tells for X {
    /// Reads a delivery in either envelope.
    fn parse(&self, body: &[u8], accounts: &Accounts) -> Result<Delivery, Malformed> {
        let document = lenient::document(body)?;
        let Some(fields) = document.as_object() else {
            return Err(malformed(".", "expected an object".to_owned()));
        };
        let mut delivery = Delivery::default();
        if let Some(data) = fields.get("data") {
            xaa::read(data, accounts, &mut delivery);
        } else if fields.contains_key("replay_job_status") {
            delivery.ignore(Ignored::Notice);
        } else if !aaa::is_known(fields) {
            return Err(malformed(".", "expected data, for_user_id or lists of events".to_owned()));
        } else {
            aaa::read(fields, accounts, &mut delivery);
        }
        Ok(delivery)
    }

    /// X documents no redelivery, nor that a refusal would switch the webhook off (docs/platforms.md, section 1.5), so
    /// it is told the truth: its replay can send the event again.
    fn on_malformed(&self) -> StatusCode {
        StatusCode::BAD_REQUEST
    }
}

/// A post in either envelope, as far as it matters.
pub(super) struct Post {
    pub(super) id: String,
    /// Always known: without it, our own voice could not be told from others'.
    pub(super) author: Author,
    pub(super) text: Option<String>,
    pub(super) at: Option<Timestamp>,
    pub(super) conversation: Option<String>,
    pub(super) in_reply_to: Option<String>,
    pub(super) in_reply_to_user: Option<String>,
    pub(super) has_attachment: bool,
    pub(super) edited: bool,
    /// The id of the first revision, where this is a later one.
    pub(super) original: Option<String>,
}

impl Post {
    /// The event that the post is for our account. It is a comment if it answers us, whatever the kind of delivery:
    /// a reply that mentions us comes as a reply and as a mention.
    pub(super) fn event(self, accounts: &Accounts, account: &AccountId) -> Result<Event, Ignored> {
        if accounts.find(Platform::X, self.author.id.as_str()).is_some() {
            return Err(Ignored::OwnVoice);
        }
        let answers_us = self.in_reply_to_user.as_deref() == Some(account.as_str());
        let surface = if answers_us { Surface::Comment } else { Surface::Mention };
        let permalink = Some(format!("https://x.com/i/status/{}", self.id));
        let parent = self.in_reply_to.clone().filter(|parent| self.conversation.as_ref() != Some(parent));
        let thread = self.conversation.map(ThreadId::new);
        // The old envelope tells seconds only: the same post must have the same time in both.
        let at = self.at.and_then(whole_second);
        let (platform, account, id) = (Platform::X, account.clone(), ContributionId::new(&*self.id));
        let Some(text) = self.text else {
            return Ok(Event::Unread(Unread { platform, account, surface, id, thread, at, written: None }));
        };
        Ok(Event::Contribution(Contribution {
            platform,
            account,
            surface,
            id,
            // Every edit is a post of its own, with its own id.
            original: self.original.map(ContributionId::new),
            revision: self.id,
            author: Some(self.author),
            text,
            has_attachment: self.has_attachment,
            thread,
            parent: parent.map(ContributionId::new),
            permalink,
            at,
            edited: self.edited,
            told_at: None,
        }))
    }
}

fn whole_second(at: Timestamp) -> Option<Timestamp> {
    at.round(TimestampRound::new().smallest(Unit::Second).mode(jiff::RoundMode::Trunc)).ok()
}

/// The id of a post or of a person: only digits, because it becomes a part of addresses.
pub(super) fn digits(id: Option<String>, path: &str, name: &str) -> Result<String, Malformed> {
    let id = required(id, path, name)?;
    if id.bytes().all(|byte| byte.is_ascii_digit()) {
        Ok(id)
    } else {
        Err(malformed(&format!("{path}.{name}"), "expected digits".to_owned()))
    }
}

/// A direct message, in both envelopes.
#[derive(Deserialize)]
struct DirectMessage {
    r#type: Option<String>,
    #[serde(default, deserialize_with = "id")]
    id: Option<String>,
    #[serde(default, deserialize_with = "millis")]
    created_timestamp: Option<Timestamp>,
    message_create: Option<MessageCreate>,
}

#[derive(Deserialize)]
struct MessageCreate {
    #[serde(default, deserialize_with = "id")]
    sender_id: Option<String>,
    message_data: Option<MessageData>,
}

#[derive(Deserialize)]
struct MessageData {
    text: Option<String>,
    attachment: Option<Value>,
}

/// Reads a direct message. `users` holds the people by their ids.
pub(super) fn message(
    value: &Value,
    path: &str,
    users: &Value,
    accounts: &Accounts,
    account: &AccountId,
) -> Result<Event, Ignored> {
    let event: DirectMessage = lenient::item(value, path)?;
    if let Some(kind) = event.r#type.as_deref().filter(|kind| *kind != "message_create") {
        return Err(Ignored::unknown(kind));
    }
    let created = required(event.message_create, path, "message_create")?;
    let sender = digits(created.sender_id, path, "message_create.sender_id")?;
    if accounts.find(Platform::X, &sender).is_some() {
        return Err(Ignored::OwnVoice);
    }
    let id = digits(event.id, path, "id")?;
    let user = &users[sender.as_str()];
    let name = ["/data/username", "/username", "/screen_name"].iter().find_map(|name| user.pointer(name)?.as_str());
    let name = name.map(str::to_owned);
    let data = required(created.message_data, path, "message_create.message_data")?;
    let has_attachment = data.attachment.is_some_and(|attachment| !attachment.is_null());
    let text = match data.text {
        Some(text) => text,
        None if has_attachment => String::new(),
        None => required(None, path, "message_create.message_data.text")?,
    };
    Ok(Event::Contribution(Contribution {
        original: None,
        platform: Platform::X,
        account: account.clone(),
        surface: Surface::Message,
        id: ContributionId::new(&*id),
        revision: id,
        author: Some(Author { id: PlatformUserId::new(sender), name }),
        text,
        has_attachment,
        thread: None,
        parent: None,
        permalink: None,
        at: event.created_timestamp,
        edited: false,
        told_at: None,
    }))
}

/// The events of which contributions, removals and messages are read.
const SUBSCRIBED: [&str; 5] =
    ["post.reply.create", "post.mention.create", "post.quote.create", "post.delete", "dm.received"];

impl Shows for X {
    /// The post in the answer to the call that reads it; `None` when it is our own, or gone.
    fn read(
        &self,
        target: &Target<'_>,
        answer: &Answer,
        accounts: &Accounts,
    ) -> Result<Option<Contribution>, Malformed> {
        if self.presence(answer) == Presence::Gone {
            return Ok(None);
        }
        if !answer.status.is_success() {
            return Err(malformed(".", format!("answered with status {}", answer.status.as_u16())));
        }
        let Some(data) = answer.body.get("data") else {
            // 200 with `errors` and without `data`: the post is gone, or its author is hidden from us.
            required(answer.body.get("errors"), ".", "data")?;
            return Ok(None);
        };
        match xaa::post(data, &answer.body["includes"], "data")?.event(accounts, &target.account.id) {
            // The surface stays that of the reference: what can be done about it was decided by it.
            Ok(Event::Contribution(post)) => Ok(Some(Contribution { surface: target.surface, ..post })),
            Ok(Event::Unread(_) | Event::Removal(_) | Event::Lead(_)) => {
                Err(malformed("data.text", "missing".to_owned()))
            }
            Err(_) => Ok(None),
        }
    }

    /// Our answer with this text to the target among the posts that were found. The index that is searched lags behind,
    /// so that what it does not have may have arrived all the same.
    fn find_own(&self, target: &Target<'_>, answer: &Answer, text: &str) -> Found {
        let Some(posts) = lenient::items(&answer.body, "data") else { return Found::Unknown };
        let mut posts = posts.filter_map(|(path, item)| xaa::post(item, &Value::Null, &path).ok());
        let own = posts.find(|post| {
            post.author.id.as_str() == target.account.id.as_str()
                && post.in_reply_to.as_deref() == Some(target.contribution.as_str())
                && post.text.as_deref().is_some_and(|theirs| is_same(text, theirs))
        });
        own.map_or(Found::Unknown, |own| Found::Arrived(own.id))
    }

    /// Of what exists X does not tell whether it is hidden.
    fn state(&self, _: &Target<'_>, answers: &[Answer]) -> State {
        match answers.first().map_or(Presence::Unknown, |answer| self.presence(answer)) {
            Presence::Gone => State::Gone,
            Presence::Present | Presence::Unknown => State::Unknown,
        }
    }

    /// Whether all events about our account are delivered that are expected, by the answer that lists which are. What
    /// lacks can be subscribed as long as anything else tells the webhook: X names it in no other list that an
    /// account's token may read.
    fn subscription(&self, account: &Account, answer: &Answer) -> Subscription {
        // Nothing at all comes as a list that is left out.
        let is_list = answer.body.get("data").is_some_and(Value::is_array) || answer.body.get("meta").is_some();
        if !answer.status.is_success() || !is_list {
            return Subscription::Unknown;
        }
        let listed = answer.body.get("data").and_then(Value::as_array).into_iter().flatten();
        let about = |subscription: &&Value| {
            subscription.pointer("/filter/user_id").and_then(Value::as_str) == Some(account.id.as_str())
        };
        let ours: Vec<_> = listed.filter(about).collect();
        let of = |name| ours.iter().filter_map(move |subscription| subscription.get(name).and_then(Value::as_str));
        let missing: Vec<_> =
            SUBSCRIBED.into_iter().filter(|event| of("event_type").all(|there| there != *event)).collect();
        if missing.is_empty() {
            return Subscription::Active;
        }
        let webhook = of("webhook_id").next();
        let calls =
            webhook.into_iter().flat_map(|webhook| missing.iter().map(|event| subscribe(account, event, webhook)));
        Subscription::Missing(calls.collect())
    }
}
