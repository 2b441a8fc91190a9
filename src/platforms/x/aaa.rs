//! The envelope of the Account Activity API, deprecated (docs/platforms.md, section 2.11): lists by kind.

use jiff::Timestamp;
use jiff::fmt::strtime;
use policy::{AccountId, Author, ContributionId, Platform, PlatformUserId};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::payload::{Post, digits, message};
use super::text::displayed;
use crate::lenient::{self, id, malformed, plausible, required};
use crate::{Accounts, Delivery, Event, Ignored, Removal};

/// A post as the API v1.1 wrote it. Its numbers have lost digits on their way: the strings come first.
#[derive(Deserialize)]
struct Tweet {
    #[serde(default, deserialize_with = "id")]
    id_str: Option<String>,
    #[serde(default, deserialize_with = "id")]
    id: Option<String>,
    user: Option<User>,
    text: Option<String>,
    /// Of long posts, `text` is only the beginning.
    extended_tweet: Option<Extended>,
    display_text_range: Option<Value>,
    created_at: Option<String>,
    #[serde(default, deserialize_with = "id")]
    in_reply_to_status_id_str: Option<String>,
    #[serde(default, deserialize_with = "id")]
    in_reply_to_user_id_str: Option<String>,
    entities: Option<Entities>,
    retweeted_status: Option<Value>,
}

#[derive(Deserialize)]
struct User {
    #[serde(default, deserialize_with = "id")]
    id_str: Option<String>,
    #[serde(default, deserialize_with = "id")]
    id: Option<String>,
    screen_name: Option<String>,
}

#[derive(Deserialize)]
struct Extended {
    full_text: Option<String>,
    display_text_range: Option<Value>,
    entities: Option<Entities>,
}

#[derive(Deserialize)]
struct Entities {
    media: Option<Value>,
}

#[derive(Deserialize)]
struct Deletion {
    status: Option<Status>,
}

#[derive(Deserialize)]
struct Status {
    #[serde(default, deserialize_with = "id")]
    id: Option<String>,
    #[serde(default, deserialize_with = "id")]
    user_id: Option<String>,
}

/// The lists of what someone wrote, or removed: without the account that they are for, something is lost.
const WRITTEN: [&str; 3] = ["direct_message_events", "tweet_create_events", "tweet_delete_events"];

/// Whether a body is of this envelope at all.
pub(super) fn is_known(fields: &Map<String, Value>) -> bool {
    fields.keys().any(|name| matches!(name.as_str(), "for_user_id" | "user_event") || name.ends_with("_events"))
}

/// Reads the lists of a delivery.
pub(super) fn read(fields: &Map<String, Value>, accounts: &Accounts, delivery: &mut Delivery) {
    let user = fields.get("for_user_id");
    let user = user.and_then(|user| user.as_str().map(str::to_owned).or_else(|| Some(user.as_u64()?.to_string())));
    let account = user.as_deref().and_then(|user| accounts.find(Platform::X, user)).map(|account| &account.id);
    for (name, value) in fields {
        match (name.as_str(), account) {
            // Beside the lists: whom they are for, who occurs in them, and whether one of them is blocked.
            ("for_user_id" | "users" | "apps" | "user_has_blocked" | "is_blocked_by", _) => {}
            ("user_event", _) => {
                tracing::warn!("X reports that an account withdrew its permission: its events no longer arrive");
                delivery.ignore(Ignored::Notice);
            }
            (name, None) if user.is_none() => delivery.ignore(if WRITTEN.contains(&name) {
                malformed("for_user_id", "missing".to_owned()).into()
            } else {
                Ignored::unknown(name)
            }),
            (_, None) => delivery.ignore(Ignored::NotOurs),
            ("direct_message_events", Some(account)) => {
                let users = fields.get("users").unwrap_or(&Value::Null);
                each(name, value, delivery, |path, item| message(item, path, users, accounts, account));
            }
            ("tweet_create_events", Some(account)) => {
                each(name, value, delivery, |path, item| created(item, path)?.event(accounts, account));
            }
            ("tweet_delete_events", Some(account)) => {
                each(name, value, delivery, |path, item| deleted(item, path, accounts, account));
            }
            (
                "favorite_events"
                | "follow_events"
                | "unfollow_events"
                | "direct_message_indicate_typing_events"
                | "direct_message_mark_read_events"
                | "spaces_events",
                Some(_),
            ) => acknowledge(value, &Ignored::NotText, delivery),
            ("block_events" | "unblock_events" | "mute_events" | "unmute_events", Some(_)) => {
                acknowledge(value, &Ignored::Notice, delivery);
            }
            (name, Some(_)) => delivery.ignore(Ignored::unknown(name)),
        }
    }
}

/// Counts what nobody wrote, of whatever shape it is.
fn acknowledge(value: &Value, ignored: &Ignored, delivery: &mut Delivery) {
    for _ in 0..value.as_array().map_or(1, Vec::len) {
        delivery.ignore(ignored.clone());
    }
}

fn each(name: &str, value: &Value, delivery: &mut Delivery, read: impl Fn(&str, &Value) -> Result<Event, Ignored>) {
    match value.as_array() {
        Some(items) => {
            let items = items.iter().enumerate();
            delivery.extend(items.map(|(number, item)| read(&format!("{name}[{number}]"), item)));
        }
        None => delivery.ignore(malformed(name, "expected a list".to_owned()).into()),
    }
}

fn created(value: &Value, path: &str) -> Result<Post, Ignored> {
    let tweet: Tweet = lenient::item(value, path)?;
    if tweet.retweeted_status.is_some_and(|original| !original.is_null()) {
        return Err(Ignored::NotText);
    }
    let (full, range, media) = match tweet.extended_tweet {
        Some(extended) => (extended.full_text, extended.display_text_range, extended.entities),
        None => (None, tweet.display_text_range, None),
    };
    let range: Option<Vec<u64>> =
        range.as_ref().and_then(Value::as_array).and_then(|range| range.iter().map(Value::as_u64).collect());
    let media = media.or(tweet.entities).and_then(|entities| entities.media);
    let id = digits(tweet.id_str.or(tweet.id), path, "id_str")?;
    let user = required(tweet.user, path, "user")?;
    let author = PlatformUserId::new(digits(user.id_str.or(user.id), path, "user.id_str")?);
    Ok(Post {
        id: id.clone(),
        author: Author { id: author, name: user.screen_name },
        text: full.or(tweet.text).map(|text| displayed(&text, range.as_deref())),
        at: tweet.created_at.as_deref().and_then(time),
        // The conversation is not named. Of a direct answer, which most are, it is what is answered; of a post that
        // answers nothing, the post itself.
        conversation: tweet.in_reply_to_status_id_str.clone().or(Some(id)),
        in_reply_to: tweet.in_reply_to_status_id_str,
        in_reply_to_user: tweet.in_reply_to_user_id_str,
        has_attachment: media.is_some_and(|media| media.as_array().is_some_and(|media| !media.is_empty())),
        edited: false,
        original: None,
    })
}

fn deleted(value: &Value, path: &str, accounts: &Accounts, account: &AccountId) -> Result<Event, Ignored> {
    let deletion: Deletion = lenient::item(value, path)?;
    let status = required(deletion.status, path, "status")?;
    match status.user_id {
        Some(user) if accounts.find(Platform::X, &user).is_none() => {
            let id = ContributionId::new(digits(status.id, path, "status.id")?);
            Ok(Event::Removal(Removal { platform: Platform::X, account: account.clone(), id }))
        }
        _ => Err(Ignored::Notice),
    }
}

/// A time as the API v1.1 wrote it: `Mon May 19 14:01:46 +0000 2025`.
fn time(text: &str) -> Option<Timestamp> {
    plausible(strtime::parse("%a %b %d %H:%M:%S %z %Y", text).ok()?.to_timestamp().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_in_the_old_way() {
        assert_eq!(time("Mon May 19 14:01:46 +0000 2025").unwrap().to_string(), "2025-05-19T14:01:46Z");
        for text in ["", "Mon May 19 14:01:46 2025", "Mon May 19 14:01:46 +0000 1999", "ieri"] {
            assert_eq!(time(text), None, "{text}");
        }
    }
}
