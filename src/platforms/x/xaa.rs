//! The envelope of the X Activity API (docs/platforms.md, section 2.10): one event a delivery.

use jiff::Timestamp;
use policy::{AccountId, Author, ContributionId, Platform, PlatformUserId};
use serde::Deserialize;
use serde_json::Value;

use super::payload::{Post, digits, message};
use super::text::displayed;
use crate::arriving::lenient::{self, id, leaf, malformed, required, rfc3339};
use crate::{Accounts, Delivery, Event, Ignored, Malformed, Removal};

#[derive(Deserialize)]
struct Activity {
    event_type: Option<String>,
    #[serde(default, deserialize_with = "leaf")]
    filter: Option<Filter>,
    #[serde(default)]
    payload: Value,
    #[serde(default)]
    includes: Value,
}

#[derive(Deserialize)]
struct Filter {
    #[serde(default, deserialize_with = "id")]
    user_id: Option<String>,
}

/// A post as the API v2 writes it everywhere.
#[derive(Deserialize)]
struct Tweet {
    #[serde(default, deserialize_with = "id")]
    id_str: Option<String>,
    #[serde(default, deserialize_with = "id")]
    id: Option<String>,
    #[serde(default, deserialize_with = "id")]
    author_id: Option<String>,
    text: Option<String>,
    /// Of long posts, `text` is only the beginning.
    #[serde(default, deserialize_with = "leaf")]
    note_tweet: Option<Note>,
    #[serde(default, deserialize_with = "rfc3339")]
    created_at: Option<Timestamp>,
    #[serde(default, deserialize_with = "id")]
    conversation_id: Option<String>,
    #[serde(default, deserialize_with = "id")]
    in_reply_to_tweet_id: Option<String>,
    #[serde(default, deserialize_with = "id")]
    in_reply_to_user_id: Option<String>,
    #[serde(default, deserialize_with = "leaf")]
    referenced_tweets: Option<Vec<Reference>>,
    #[serde(default, deserialize_with = "leaf")]
    edit_history_tweet_ids: Option<Vec<Value>>,
    display_text_range: Option<Value>,
    attachments: Option<Value>,
}

#[derive(Deserialize)]
struct Note {
    text: Option<String>,
}

#[derive(Deserialize)]
struct Reference {
    r#type: Option<String>,
    #[serde(default, deserialize_with = "id")]
    id: Option<String>,
}

/// The events by which someone's words come, or go.
const WRITTEN: [&str; 5] =
    ["dm.received", "post.delete", "post.mention.create", "post.quote.create", "post.reply.create"];

/// Reads one activity.
pub(super) fn read(data: &Value, accounts: &Accounts, delivery: &mut Delivery) {
    let activity: Activity = match lenient::item(data, "data") {
        Ok(activity) => activity,
        Err(error) => return delivery.ignore(error.into()),
    };
    let event_type = match required(activity.event_type.as_deref(), "data", "event_type") {
        Ok(name) => dotted(name),
        Err(error) => return delivery.ignore(error.into()),
    };
    if event_type == "oauth.revoke" {
        tracing::warn!("X reports that an account withdrew its permission: its events no longer arrive");
        return delivery.ignore(Ignored::Notice);
    }
    let user = activity.filter.and_then(|filter| filter.user_id);
    let Some(user) = user else {
        // Not every event is about an account: of some, the filter is a word. Only what is written must tell for whom.
        return delivery.ignore(if WRITTEN.contains(&event_type.as_str()) {
            malformed("data.filter.user_id", "missing".to_owned()).into()
        } else {
            of_no_interest(&event_type)
        });
    };
    let account = accounts.find(Platform::X, &user).map(|account| &account.id);
    match (account, event_type.as_str()) {
        (None, _) => delivery.ignore(Ignored::NotOurs),
        (Some(account), "dm.received") => match lenient::items(&activity.payload, "direct_message_events") {
            Some(items) => {
                let users = &activity.payload["users"];
                delivery.extend(
                    items.map(|(path, item)| message(item, &format!("data.payload.{path}"), users, accounts, account)),
                );
            }
            None => {
                let path = "data.payload.direct_message_events";
                delivery.ignore(malformed(path, "expected a list".to_owned()).into());
            }
        },
        (Some(account), name) => {
            delivery.extend([event(name, &activity.payload, &activity.includes, accounts, account)]);
        }
    }
}

fn event(
    name: &str,
    payload: &Value,
    includes: &Value,
    accounts: &Accounts,
    account: &AccountId,
) -> Result<Event, Ignored> {
    match name {
        // Only the filtered user's own posts come under this name.
        "post.create" => Err(Ignored::OwnVoice),
        "post.reply.create" | "post.mention.create" | "post.quote.create" => {
            post(payload, includes, "data.payload")?.event(accounts, account)
        }
        "post.delete" => deleted(payload, accounts, account),
        name => Err(of_no_interest(name)),
    }
}

/// What an event is that holds nothing to be read.
fn of_no_interest(name: &str) -> Ignored {
    match name {
        "post.repost.create" => Ignored::NotText,
        "dm.sent" | "chat.sent" => Ignored::OwnVoice,
        name => match name.split('.').next() {
            Some("chat") => Ignored::Encrypted,
            Some("follow" | "like" | "dm" | "spaces" | "space") => Ignored::NotText,
            Some("block" | "mute" | "profile") => Ignored::Notice,
            _ => Ignored::unknown(name),
        },
    }
}

/// Deletions are told of the filtered user's own posts only; should others' come, they are believed.
fn deleted(payload: &Value, accounts: &Accounts, account: &AccountId) -> Result<Event, Ignored> {
    let tweet: Tweet = lenient::item(payload, "data.payload")?;
    match tweet.author_id {
        Some(author) if accounts.find(Platform::X, &author).is_none() => {
            let id = digits(tweet.id_str.or(tweet.id), "data.payload", "id")?;
            let id = ContributionId::new(id);
            Ok(Event::Removal(Removal { platform: Platform::X, account: account.clone(), id }))
        }
        _ => Err(Ignored::Notice),
    }
}

/// Reads a post, with the name of its author from `includes` if it is there.
pub(super) fn post(value: &Value, includes: &Value, path: &str) -> Result<Post, Malformed> {
    let tweet: Tweet = lenient::item(value, path)?;
    let replied_to = tweet
        .referenced_tweets
        .unwrap_or_default()
        .into_iter()
        .find_map(|reference| reference.id.filter(|_| reference.r#type.as_deref() == Some("replied_to")));
    let range = tweet.display_text_range.as_ref().and_then(Value::as_array);
    let range: Option<Vec<u64>> = range.and_then(|range| range.iter().map(Value::as_u64).collect());
    let text = tweet.note_tweet.and_then(|note| note.text).or(tweet.text);
    let author = digits(tweet.author_id, path, "author_id")?;
    let name = username(includes, &author);
    let id = digits(tweet.id_str.or(tweet.id), path, "id")?;
    let history = tweet.edit_history_tweet_ids.unwrap_or_default();
    let first = history.first().and_then(Value::as_str).filter(|first| *first != id);
    let original = first.map(|first| digits(Some(first.to_owned()), path, "edit_history_tweet_ids")).transpose()?;
    Ok(Post {
        id,
        author: Author { id: PlatformUserId::new(author), name },
        text: text.map(|text| displayed(&text, range.as_deref())),
        at: tweet.created_at,
        conversation: tweet.conversation_id,
        in_reply_to: tweet.in_reply_to_tweet_id.or(replied_to),
        in_reply_to_user: tweet.in_reply_to_user_id,
        has_attachment: tweet.attachments.is_some_and(|attachments| !attachments.is_null()),
        edited: history.len() > 1,
        original,
    })
}

/// The users of `includes` stand there as they are or within `data`.
fn username(includes: &Value, author: &str) -> Option<String> {
    let users = includes.get("users")?.as_array()?.iter().map(|user| user.get("data").unwrap_or(user));
    let mut users = users.filter(|user| user.get("id").and_then(Value::as_str) == Some(author));
    users.next()?.get("username")?.as_str().map(str::to_owned)
}

/// The name of an event as it is spelled since 18 March 2026: before, `PostReplyCreate` was `post.reply.create`.
fn dotted(name: &str) -> String {
    if name.contains('.') || !name.starts_with(|first: char| first.is_ascii_uppercase()) {
        return name.to_owned();
    }
    let mut dotted = String::new();
    for letter in name.replace("OAuth", "Oauth").chars() {
        if letter.is_ascii_uppercase() && !dotted.is_empty() {
            dotted.push('.');
        }
        dotted.push(letter.to_ascii_lowercase());
    }
    dotted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_names_are_understood() {
        for (old, new) in [
            ("PostReplyCreate", "post.reply.create"),
            ("DmReceived", "dm.received"),
            ("OAuthRevoke", "oauth.revoke"),
            ("ProfileBioUpdate", "profile.bio.update"),
            ("post.create", "post.create"),
            ("", ""),
        ] {
            assert_eq!(dotted(old), new);
        }
    }
}
