//! Private messages: Messenger's and Instagram's are one shape (docs/platforms.md, sections 2.5 and 2.7).

use std::collections::BTreeMap;

use jiff::Timestamp;
use policy::{Author, Contribution, ContributionId, PlatformUserId, Surface, ThreadId};
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::{Item, Party};
use crate::arriving::lenient;
use crate::{Event, Ignored};

/// What arrives that nobody wrote: receipts, taps on our own buttons, reactions, entries from a link.
const NOT_TEXT: &[&str] = &[
    "account_linking",
    "delivery",
    "game_play",
    "messaging_feedback",
    "optin",
    "postback",
    "reaction",
    "read",
    "referral",
];

/// What concerns our app and its hold on the conversation.
const NOTICES: &[&str] =
    &["app_roles", "pass_thread_control", "policy_enforcement", "request_thread_control", "take_thread_control"];

#[derive(Deserialize, Default)]
#[serde(default)]
struct Messaging {
    #[serde(deserialize_with = "lenient::leaf")]
    sender: Option<Party>,
    #[serde(deserialize_with = "lenient::millis")]
    timestamp: Option<Timestamp>,
    /// Instagram: the account writes to itself.
    #[serde(deserialize_with = "lenient::leaf")]
    is_self: Option<bool>,
    message: Option<Message>,
    message_edit: Option<MessageEdit>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Message {
    #[serde(deserialize_with = "lenient::id")]
    mid: Option<String>,
    text: Option<String>,
    attachments: Option<Vec<IgnoredAny>>,
    #[serde(deserialize_with = "lenient::id")]
    sticker_id: Option<String>,
    is_echo: Option<bool>,
    is_deleted: Option<bool>,
    #[serde(deserialize_with = "lenient::leaf")]
    reply_to: Option<ReplyTo>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct ReplyTo {
    #[serde(deserialize_with = "lenient::id")]
    mid: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct MessageEdit {
    #[serde(deserialize_with = "lenient::id")]
    mid: Option<String>,
    text: Option<String>,
    /// How often it was edited; Messenger writes the number as a string.
    #[serde(deserialize_with = "lenient::id")]
    num_edit: Option<String>,
}

/// The event of one item of `messaging` or `standby`. Which it is shows by the key that it has.
pub(super) fn event(item: &Item<'_>) -> Result<Event, Ignored> {
    let Messaging { sender, timestamp, is_self, message, message_edit } = item.read()?;
    let sender = sender.and_then(|sender| sender.id);
    let echo = message.as_ref().and_then(|message| message.is_echo) == Some(true);
    let written = message.is_some() || message_edit.is_some();
    if written && (echo || is_self == Some(true) || item.is_ours(sender.as_deref(), None)) {
        return Err(Ignored::OwnVoice);
    }
    if let Some(edit) = message_edit {
        // Of an attachment that was exchanged there is no text.
        let Some(text) = edit.text else { return Err(Ignored::NotText) };
        let mid = item.required(edit.mid, "message_edit.mid")?;
        // The id is that of the message before the edit, so the revision needs the number of the edit.
        let number = edit.num_edit.unwrap_or_default();
        let revision = format!("edit#{number}#{}", lenient::fingerprint(&text));
        let written = Written { mid, text, edited: true, has_attachment: false, parent: None, revision };
        return Ok(Event::Contribution(written.by(sender, timestamp, item)));
    }
    let Some(message) = message else { return Err(without_message(item)) };
    let mid = item.required(message.mid, "message.mid")?;
    if message.is_deleted == Some(true) {
        return Ok(item.removal(&mid));
    }
    let attached = message.attachments.is_some_and(|attachments| !attachments.is_empty());
    let has_attachment = attached || message.sticker_id.is_some();
    if message.text.is_none() && !has_attachment {
        // Of an unsupported message (`is_unsupported`) nothing is sent.
        return Err(Ignored::NotText);
    }
    let written = Written {
        mid,
        text: message.text.unwrap_or_default(),
        edited: false,
        has_attachment,
        parent: message.reply_to.and_then(|reply| reply.mid),
        revision: "message".to_owned(),
    };
    Ok(Event::Contribution(written.by(sender, timestamp, item)))
}

/// Why an item without a message is only acknowledged.
fn without_message(item: &Item<'_>) -> Ignored {
    let keys: BTreeMap<String, IgnoredAny> = match item.read() {
        Ok(keys) => keys,
        Err(malformed) => return malformed,
    };
    let has = |names: &[&str]| names.iter().any(|name| keys.contains_key(*name));
    if has(NOT_TEXT) {
        return Ignored::NotText;
    }
    if has(NOTICES) {
        return Ignored::Notice;
    }
    match keys.keys().find(|key| !["sender", "recipient", "timestamp", "is_self"].contains(&key.as_str())) {
        Some(key) => Ignored::unknown(&format!("messaging/{key}")),
        None => item.malformed("message", "missing"),
    }
}

struct Written {
    mid: String,
    text: String,
    edited: bool,
    has_attachment: bool,
    parent: Option<String>,
    revision: String,
}

impl Written {
    fn by(self, sender: Option<String>, at: Option<Timestamp>, item: &Item<'_>) -> Contribution {
        Contribution {
            original: None,
            platform: item.account.platform,
            account: item.account.id.clone(),
            surface: Surface::Message,
            id: ContributionId::new(self.mid),
            revision: self.revision,
            // There is one conversation with each person, and no other id of it is sent.
            thread: sender.clone().map(ThreadId::new),
            author: sender.map(|id| Author { id: PlatformUserId::new(id), name: None }),
            text: self.text,
            has_attachment: self.has_attachment,
            parent: self.parent.map(ContributionId::new),
            permalink: None,
            at,
            edited: self.edited,
            // An edit has a time of its own, which that of an edited comment is not.
            told_at: at.or(item.told_at).filter(|_| self.edited || at.is_none()),
        }
    }
}
