//! What each platform sends when something happens (docs/platforms.md, section 2).

use jiff::Timestamp;
use policy::{Platform, Surface};
use serde_json::{Map, Value, json};

use crate::memory::objects::{Comment, Visibility};
use crate::memory::state::State;

/// What happened to a comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Happening {
    Added,
    Edited,
    Removed,
    Hidden,
    Unhidden,
}

/// The body that a platform sends about what happened to a comment; `None` where it sends nothing.
pub(crate) fn about(state: &mut State, comment: &Comment, happening: Happening) -> Option<Vec<u8>> {
    match comment.platform {
        Platform::Facebook => facebook(state, comment, happening),
        Platform::Instagram => instagram(state, comment, happening),
        Platform::Linkedin => linkedin(state, comment, happening),
        // YouTube pushes nothing about comments; they are polled.
        Platform::Youtube => None,
        Platform::X => x(state, comment, happening),
    }
}

/// The echo of a private message that our account sent (Messenger and Instagram).
pub(crate) fn echo(platform: Platform, account: &str, to: &str, id: &str, text: &str, now: Timestamp) -> Vec<u8> {
    let message = json!({"mid": id, "is_echo": true, "app_id": 1_517_776_481_860_111_u64, "text": text});
    messaging(platform, account, json!({"id": account}), json!({"id": to}), message, now)
}

/// What a WebSub hub sends about a new video.
pub(crate) fn video(channel: &str, id: &str, title: &str, now: Timestamp) -> Vec<u8> {
    let title = escape_xml(title);
    format!(
        concat!(
            r#"<feed xmlns:yt="http://www.youtube.com/xml/schemas/2015" xmlns="http://www.w3.org/2005/Atom">"#,
            r#"<link rel="hub" href="https://pubsubhubbub.appspot.com/"/>"#,
            r#"<link rel="self" href="https://www.youtube.com/xml/feeds/videos.xml?channel_id={channel}"/>"#,
            r#"<title>YouTube video feed</title><updated>{now}</updated><entry><id>yt:video:{id}</id>"#,
            r#"<yt:videoId>{id}</yt:videoId><yt:channelId>{channel}</yt:channelId><title>{title}</title>"#,
            r#"<link rel="alternate" href="http://www.youtube.com/watch?v={id}"/>"#,
            r#"<author><name>{channel}</name><uri>http://www.youtube.com/channel/{channel}</uri></author>"#,
            r#"<published>{now}</published><updated>{now}</updated></entry></feed>"#
        ),
        channel = channel,
        id = id,
        title = title,
        now = now,
    )
    .into_bytes()
}

/// Text as it stands in XML, and as YouTube shows it by default.
pub(crate) fn escape_xml(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}

fn facebook(state: &mut State, comment: &Comment, happening: Happening) -> Option<Vec<u8>> {
    let now = state.now();
    let author = comment.author.as_ref();
    if comment.surface == Surface::Message {
        let sender = state.page_scoped(&author?.id);
        let message = message_part(comment, happening)?;
        let recipient = json!({"id": comment.account});
        return Some(messaging(Platform::Facebook, &comment.account, json!({"id": sender}), recipient, message, now));
    }
    let is_post = comment.surface == Surface::VisitorPost;
    let verb = match happening {
        Happening::Added => "add",
        // A visitor's post really arrives as `edit`, a comment as `edited`.
        Happening::Edited if is_post => "edit",
        Happening::Edited => "edited",
        Happening::Removed => "remove",
        Happening::Hidden => "hide",
        Happening::Unhidden => "unhide",
    };
    let mut value = Map::new();
    value.insert("verb".to_owned(), json!(verb));
    if let Some(author) = author.filter(|_| matches!(comment.surface, Surface::Comment | Surface::VisitorPost)) {
        value.insert("from".to_owned(), json!({"id": author.id, "name": author.name}));
    }
    if happening != Happening::Removed {
        let at = if matches!(happening, Happening::Hidden | Happening::Unhidden) { now } else { comment.created };
        value.insert("created_time".to_owned(), json!(at.as_second()));
        // A comment without text has no `message` at all.
        if !comment.text.is_empty() && comment.surface != Surface::Review {
            value.insert("message".to_owned(), json!(comment.text));
        }
    }
    let field = match comment.surface {
        Surface::VisitorPost => {
            value.insert("item".to_owned(), json!("post"));
            value.insert("post_id".to_owned(), json!(comment.id));
            value.insert("is_hidden".to_owned(), json!(comment.visibility != Visibility::Visible));
            "feed"
        }
        Surface::Review => {
            value.insert("item".to_owned(), json!("rating"));
            value.insert("open_graph_story_id".to_owned(), json!(comment.id));
            value.insert("review_text".to_owned(), json!(comment.text));
            value.insert("recommendation_type".to_owned(), json!("NEGATIVE"));
            if let Some(author) = author {
                value.insert("reviewer_id".to_owned(), json!(author.id));
                value.insert("reviewer_name".to_owned(), json!(author.name));
            }
            "ratings"
        }
        surface => {
            value.insert("item".to_owned(), json!("comment"));
            value.insert("post_id".to_owned(), json!(comment.thread));
            value.insert("comment_id".to_owned(), json!(comment.id));
            value.insert("parent_id".to_owned(), json!(comment.parent.as_ref().unwrap_or(&comment.thread)));
            if surface == Surface::Mention { "mention" } else { "feed" }
        }
    };
    let change = json!({"field": field, "value": value});
    let entry = json!({"id": comment.account, "time": now.as_second(), "changes": [change]});
    Some(to_meta_bytes(&json!({"object": "page", "entry": [entry]})))
}

fn instagram(state: &mut State, comment: &Comment, happening: Happening) -> Option<Vec<u8>> {
    let now = state.now();
    let author = comment.author.as_ref();
    if comment.surface == Surface::Message {
        let message = message_part(comment, happening)?;
        let (sender, recipient) = (json!({"id": author?.id}), json!({"id": comment.account}));
        return Some(messaging(Platform::Instagram, &comment.account, sender, recipient, message, now));
    }
    // Comments have no verb: nothing tells of an edit, a deletion or a hide.
    if happening != Happening::Added {
        return None;
    }
    let (field, value) = if comment.surface == Surface::Mention {
        ("mentions", json!({"media_id": comment.thread, "comment_id": comment.id}))
    } else {
        let live = comment.surface == Surface::LiveComment;
        let mut value = json!({"id": comment.id, "text": comment.text,
            "media": {"id": comment.thread, "media_product_type": "FEED"}});
        if let Some(author) = author {
            value["from"] = json!({"id": author.id, "username": author.name});
            if comment.own {
                value["from"]["self_ig_scoped_id"] = json!(author.id);
            }
        }
        if let Some(parent) = &comment.parent {
            value["parent_id"] = json!(parent);
        }
        (if live { "live_comments" } else { "comments" }, value)
    };
    let mut entry = json!({"id": comment.account, "time": now.as_second()});
    let has_page = state.account(Platform::Instagram, &comment.account).is_none_or(|account| account.page.is_some());
    if has_page {
        entry["changes"] = json!([{"field": field, "value": value}]);
    } else {
        entry["field"] = json!(field);
        entry["value"] = value;
    }
    Some(to_meta_bytes(&json!({"object": "instagram", "entry": [entry]})))
}

fn linkedin(state: &mut State, comment: &Comment, happening: Happening) -> Option<Vec<u8>> {
    let action = match (happening, comment.surface) {
        (Happening::Added, Surface::Mention) => "SHARE_MENTION",
        (Happening::Added, _) if comment.own => "ADMIN_COMMENT",
        (Happening::Added, _) => "COMMENT",
        (Happening::Edited, Surface::Comment) => "COMMENT_EDIT",
        (Happening::Removed, Surface::Comment) => "COMMENT_DELETE",
        _ => return None,
    };
    // The generated activity abbreviates the activity's URN, the decorated entity does not.
    let short = comment.id.replace("(urn:li:activity:", "(activity:");
    let mut notification = json!({
        "notificationId": 5_603_453_000_u64 + state.next(), "organizationalEntity": comment.account,
        "action": action, "sourcePost": comment.thread, "generatedActivity": short,
        "decoratedSourcePost": {"owner": comment.account, "mediaCategory": "NONE"},
        "lastModifiedAt": state.now().as_millisecond(), "subscriber": "urn:li:person:zLqTygBP8S"});
    let owner = comment.author.as_ref().map(|author| author.id.as_str());
    match action {
        "SHARE_MENTION" => {
            notification["decoratedGeneratedActivity"] =
                json!({"share": {"entity": comment.id, "owner": owner, "text": comment.text}});
        }
        "COMMENT_DELETE" => {}
        _ => {
            notification["decoratedGeneratedActivity"] = json!({"comment": {"owner": owner, "text": comment.text,
                "entity": comment.id, "object": comment.thread}});
        }
    }
    state.notifications.push(notification.clone());
    let body = json!({"type": "ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS", "notifications": [notification]});
    Some(body.to_string().into_bytes())
}

fn x(state: &mut State, comment: &Comment, happening: Happening) -> Option<Vec<u8>> {
    let author = comment.author.as_ref()?;
    let event_type = match (happening, comment.surface) {
        (Happening::Added, Surface::Message) => "dm.received",
        (Happening::Added, Surface::Mention) => "post.mention.create",
        (Happening::Added, _) if comment.own => "post.create",
        // Only direct replies are told of, not replies to replies.
        (Happening::Added, _) if comment.parent.is_none() => "post.reply.create",
        (Happening::Removed, _) if comment.own => "post.delete",
        _ => return None,
    };
    let payload = match event_type {
        "dm.received" => {
            let at = comment.created.as_millisecond().to_string();
            json!({"direct_message_events": [{"type": "message_create", "id": comment.id, "created_timestamp": at,
                "message_create": {"target": {"recipient_id": comment.account}, "sender_id": author.id,
                    "message_data": {"text": comment.text, "entities": {"hashtags": [], "symbols": [],
                        "user_mentions": [], "urls": []}}}}],
                "users": {&author.id: {"data": {"id": author.id, "username": author.name, "name": author.name}}}})
        }
        "post.delete" => json!({"id": comment.id, "author_id": author.id}),
        _ => post(comment),
    };
    let data = json!({"event_uuid": (3_091_827_364_059_000_000 + state.next()).to_string(),
        "filter": {"user_id": comment.account}, "event_type": event_type, "payload": payload, "includes": {}});
    Some(json!({"data": data}).to_string().into_bytes())
}

/// A post of X with all its fields, for webhooks and reads.
pub(crate) fn post(comment: &Comment) -> Value {
    let mut post = json!({"id": comment.id, "text": comment.text, "created_at": comment.created.to_string(),
        "conversation_id": comment.thread, "edit_history_tweet_ids": [comment.id], "possibly_sensitive": false,
        "display_text_range": [0, comment.text.chars().count()],
        "public_metrics": {"retweet_count": 0, "reply_count": 0, "like_count": 0, "quote_count": 0}});
    if let Some(author) = &comment.author {
        post["author_id"] = json!(author.id);
    }
    if comment.surface == Surface::Mention {
        post["conversation_id"] = json!(comment.id);
    } else {
        let answered = comment.parent.as_ref().unwrap_or(&comment.thread);
        post["in_reply_to_tweet_id"] = json!(answered);
        post["referenced_tweets"] = json!([{"type": "replied_to", "id": answered}]);
        if comment.parent.is_none() {
            post["in_reply_to_user_id"] = json!(comment.account);
        }
    }
    post
}

fn message_part(comment: &Comment, happening: Happening) -> Option<Value> {
    match happening {
        Happening::Added => Some(json!({"mid": comment.id, "text": comment.text})),
        Happening::Removed => Some(json!({"mid": comment.id, "is_deleted": true})),
        Happening::Edited | Happening::Hidden | Happening::Unhidden => None,
    }
}

fn messaging(
    platform: Platform,
    account: &str,
    sender: Value,
    recipient: Value,
    message: Value,
    now: Timestamp,
) -> Vec<u8> {
    let object = if platform == Platform::Facebook { "page" } else { "instagram" };
    let at = now.as_millisecond();
    let item = json!({"sender": sender, "recipient": recipient, "timestamp": at, "message": message});
    to_meta_bytes(&json!({"object": object, "entry": [{"id": account, "time": at, "messaging": [item]}]}))
}

/// JSON as Meta sends and signs it: characters beyond ASCII are written `\u00e8`, in lower-case hex.
fn to_meta_bytes(value: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    for character in value.to_string().chars() {
        if character.is_ascii() {
            bytes.push(character as u8);
        } else {
            for unit in character.encode_utf16(&mut [0; 2]) {
                bytes.extend_from_slice(format!("\\u{unit:04x}").as_bytes());
            }
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn meta_writes_what_is_not_ascii_as_lower_case_escapes() {
        let bytes = to_meta_bytes(&json!({"message": "perché 😀"}));
        assert_eq!(String::from_utf8(bytes).expect("ASCII"), r#"{"message":"perch\u00e9 \ud83d\ude00"}"#);
    }
}
