//! What YouTube says: comment threads and comments (docs/platforms.md, section 2.9).

use jiff::Timestamp;
use policy::{Account, Author, Contribution, ContributionId, Platform, PlatformUserId, Surface, ThreadId};
use serde::Deserialize;
use serde_json::Value;

use super::Youtube;
use crate::arriving::lenient::{self, fingerprint, id, leaf, malformed, required, rfc3339, same_words};
use crate::{Accounts, Answer, Event, Found, Ignored, Malformed, Means, Presence, Shows, State, Target, Unread};

/// A thread of a listing: the comment at its top, and some of the replies to it.
#[derive(Deserialize)]
struct Thread {
    #[serde(default, deserialize_with = "id")]
    id: Option<String>,
    snippet: Option<ThreadSnippet>,
    #[serde(default, deserialize_with = "leaf")]
    replies: Option<Replies>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ThreadSnippet {
    #[serde(default, deserialize_with = "id")]
    video_id: Option<String>,
    #[serde(default, deserialize_with = "id")]
    post_id: Option<String>,
    top_level_comment: Option<Value>,
    #[serde(default, deserialize_with = "leaf")]
    total_reply_count: Option<u64>,
}

#[derive(Deserialize)]
struct Replies {
    comments: Option<Vec<Value>>,
}

#[derive(Deserialize)]
struct Comment {
    #[serde(default, deserialize_with = "id")]
    id: Option<String>,
    snippet: Option<Snippet>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Snippet {
    #[serde(default, deserialize_with = "id")]
    channel_id: Option<String>,
    #[serde(default, deserialize_with = "id")]
    video_id: Option<String>,
    #[serde(default, deserialize_with = "id")]
    post_id: Option<String>,
    #[serde(default, deserialize_with = "id")]
    parent_id: Option<String>,
    text_display: Option<String>,
    text_original: Option<String>,
    #[serde(default, deserialize_with = "leaf")]
    author_display_name: Option<String>,
    #[serde(default, deserialize_with = "leaf")]
    author_channel_id: Option<ChannelId>,
    #[serde(default, deserialize_with = "leaf")]
    moderation_status: Option<String>,
    #[serde(default, deserialize_with = "rfc3339")]
    published_at: Option<Timestamp>,
    #[serde(default, deserialize_with = "rfc3339")]
    updated_at: Option<Timestamp>,
}

#[derive(Deserialize)]
struct ChannelId {
    #[serde(default, deserialize_with = "id")]
    value: Option<String>,
}

/// One comment of a listing, with the times by which the poller knows what is new.
pub(super) struct Listed {
    pub(super) published: Option<Timestamp>,
    pub(super) updated: Option<Timestamp>,
    pub(super) event: Result<Event, Ignored>,
}

/// One thread of a listing.
pub(super) struct ListedThread {
    pub(super) id: Option<String>,
    /// What the thread hangs on: replies do not say.
    pub(super) on: Option<String>,
    pub(super) top: Listed,
    pub(super) replies: Vec<Listed>,
    /// How many replies there are, of which `replies` is a sample.
    pub(super) total_replies: u64,
}

/// Reads one thread of a listing.
pub(super) fn thread(
    value: &Value,
    path: &str,
    account: &Account,
    accounts: &Accounts,
) -> Result<ListedThread, Malformed> {
    let thread: Thread = lenient::item(value, path)?;
    let snippet = required(thread.snippet, path, "snippet")?;
    let on = snippet.video_id.or(snippet.post_id);
    let top = required(snippet.top_level_comment, path, "snippet.topLevelComment")?;
    let top = comment(&top, &format!("{path}.snippet.topLevelComment"), account, accounts, on.as_deref());
    let replies = thread.replies.and_then(|replies| replies.comments).unwrap_or_default();
    let replies = replies.iter().enumerate().map(|(number, reply)| {
        comment(reply, &format!("{path}.replies.comments[{number}]"), account, accounts, on.as_deref())
    });
    let replies: Vec<_> = replies.collect();
    let total_replies = snippet.total_reply_count.unwrap_or(replies.len() as u64);
    Ok(ListedThread { id: thread.id, on, top, replies, total_replies })
}

/// Reads one comment of a listing, which hangs on `on` if it does not say so itself.
pub(super) fn comment(value: &Value, path: &str, account: &Account, accounts: &Accounts, on: Option<&str>) -> Listed {
    match lenient::item::<Comment>(value, path) {
        Ok(comment) => {
            let snippet = comment.snippet.as_ref();
            let published = snippet.and_then(|snippet| snippet.published_at);
            let updated = snippet.and_then(|snippet| snippet.updated_at).or(published);
            Listed { published, updated, event: event(comment, path, account, accounts, on) }
        }
        Err(error) => Listed { published: None, updated: None, event: Err(error.into()) },
    }
}

fn event(
    comment: Comment,
    path: &str,
    account: &Account,
    accounts: &Accounts,
    on: Option<&str>,
) -> Result<Event, Ignored> {
    let id = required(comment.id, path, "id")?;
    let snippet = required(comment.snippet, path, "snippet")?;
    if snippet.channel_id.as_deref().is_some_and(|channel| channel != account.id.as_str()) {
        return Err(Ignored::NotOurs);
    }
    let author_id = snippet.author_channel_id.and_then(|channel| channel.value);
    if author_id.as_deref().is_some_and(|author| accounts.find(Platform::Youtube, author).is_some()) {
        return Err(Ignored::OwnVoice);
    }
    // What the channel rejected is gone for good. What YouTube or we hold back is judged like everything else: the
    // owner may publish it, and if it was we, the ledger knows the revision.
    if snippet.moderation_status.as_deref() == Some("rejected") {
        return Err(Ignored::Visibility);
    }
    let video = snippet.video_id;
    let on = video.clone().or(snippet.post_id).or_else(|| on.map(str::to_owned));
    let permalink = video.map(|video| format!("https://www.youtube.com/watch?v={video}&lc={id}"));
    let thread = on.map(ThreadId::new);
    let at = snippet.updated_at.or(snippet.published_at);
    // `textOriginal` is promised to the author only.
    let Some(text) = snippet.text_display.or(snippet.text_original) else {
        return Ok(Event::Unread(Unread {
            platform: Platform::Youtube,
            account: account.id.clone(),
            surface: Surface::Comment,
            id: ContributionId::new(id),
            thread,
            at,
            written: None,
        }));
    };
    let parent = snippet.parent_id.map(ContributionId::new);
    Ok(Event::Contribution(Contribution {
        original: None,
        platform: Platform::Youtube,
        account: account.id.clone(),
        surface: Surface::Comment,
        id: ContributionId::new(id),
        revision: at.map_or_else(|| fingerprint(&text), |at| at.to_string()),
        author: author_id.map(|id| Author { id: PlatformUserId::new(id), name: snippet.author_display_name }),
        text,
        has_attachment: false,
        thread,
        parent,
        permalink,
        at,
        edited: snippet.updated_at > snippet.published_at && snippet.published_at.is_some(),
        told_at: None,
    }))
}

impl Shows for Youtube {
    /// The comment in the answer to the call that reads it; `None` when it is our own, or gone.
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
        let mut items = required(lenient::items(&answer.body, "items"), ".", "items")?;
        let Some((path, item)) = items.next() else {
            return Ok(None);
        };
        // Neither the status nor, for a reply, the video is told when a comment is asked for by its id.
        match comment(item, &path, target.account, accounts, target.thread.map(ThreadId::as_str)).event {
            Ok(Event::Contribution(contribution)) => Ok(Some(contribution)),
            Ok(Event::Unread(_) | Event::Removal(_) | Event::Lead(_)) => {
                Err(malformed(&format!("{path}.snippet.textDisplay"), "missing".to_owned()))
            }
            Err(Ignored::Malformed(reason)) => Err(malformed("items", reason)),
            Err(_) => Ok(None),
        }
    }

    /// Whether our comment with this text is among those that were listed. The list is whole when no page follows, and
    /// all of it can be read.
    fn find_own(&self, target: &Target<'_>, answer: &Answer, text: &str) -> Found {
        let Some(items) = lenient::items(&answer.body, "items").filter(|_| answer.status.is_success()) else {
            return Found::Unknown;
        };
        let mut whole = answer.body.get("nextPageToken").is_none();
        for (path, item) in items {
            let comment = lenient::item::<Comment>(item, &path).ok();
            let Some((id, snippet)) = comment.and_then(|comment| comment.id.zip(comment.snippet)) else {
                whole = false;
                continue;
            };
            let author = snippet.author_channel_id.and_then(|channel| channel.value);
            // The original first: in the displayed text, links may have become titles.
            let same = snippet.text_original.or(snippet.text_display).is_none_or(|written| same_words(&written, text));
            match author {
                Some(author) if author == target.account.id.as_str() && same => return Found::Arrived(id),
                // It may be ours, but that is not said.
                None if same => whole = false,
                _ => {}
            }
        }
        if whole { Found::Absent } else { Found::Unknown }
    }

    /// What the channel shows of a comment, by which of some comments exist and what is held for review. A thread comes
    /// with a sample of its replies only, so that of a reply which is not among them nothing is known but that it
    /// exists.
    fn state(&self, target: &Target<'_>, answers: &[Answer]) -> State {
        let [exist, held] = answers else { return State::Unknown };
        let items = |answer: &Answer, name| {
            let items = answer.body.get("items").and_then(Value::as_array).filter(|_| answer.status.is_success())?;
            Some(items.iter().filter_map(|item| item.pointer(name).cloned()).collect::<Vec<_>>())
        };
        let is_it = |comment: &Value| comment.as_str() == Some(target.contribution.as_str());
        let is_held = |comment: &Value| {
            let status = comment.pointer("/snippet/moderationStatus").and_then(Value::as_str);
            comment.get("id").is_some_and(is_it) && status == Some("heldForReview")
        };
        let tops = items(held, "/snippet/topLevelComment");
        let replies = items(held, "/replies/comments").into_iter().flatten();
        let mut replies = replies.filter_map(|replies| replies.as_array().cloned()).flatten();
        if tops.iter().flatten().any(is_held) || replies.any(|reply| is_held(&reply)) {
            return State::Hidden;
        }
        let Some(existing) = items(exist, "/id") else { return State::Unknown };
        if !existing.iter().any(is_it) {
            return State::Gone;
        }
        let is_whole = tops.is_some() && held.body.get("nextPageToken").is_none() && target.parent.is_none();
        if is_whole { State::Visible } else { State::Unknown }
    }
}
