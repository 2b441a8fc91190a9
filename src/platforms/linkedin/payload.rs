//! What LinkedIn says: social action notifications and comments (docs/platforms.md, section 2.8).

use http::StatusCode;
use jiff::Timestamp;
use policy::{Account, AccountId, Author, Contribution, ContributionId, Platform, PlatformUserId, Surface, ThreadId};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;
use serde_json::value::RawValue;

use super::calls::COUNT;
use super::urn::CommentUrn;
use super::{Linkedin, errors};
use crate::arriving::lenient::{self, fingerprint, id, leaf, malformed, millis, part, required, same_words};
use crate::{
    Accounts, Answer, Delivery, Event, Found, Ignored, Malformed, Means, Presence, Removal, Shows, State, Target,
    Tells, Unread,
};

const TYPE: &str = "ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Notification {
    #[serde(default, deserialize_with = "id")]
    organizational_entity: Option<String>,
    action: Option<String>,
    #[serde(default, deserialize_with = "leaf")]
    generated_activity: Option<String>,
    #[serde(default, deserialize_with = "leaf")]
    decorated_generated_activity: Option<Decorated>,
    /// The post below which it stands.
    #[serde(default, deserialize_with = "leaf")]
    decorated_source_post: Option<Written>,
    #[serde(default, deserialize_with = "millis")]
    last_modified_at: Option<Timestamp>,
}

/// What a notification says of the comment or share that caused it.
#[derive(Default, Deserialize)]
struct Decorated {
    comment: Option<Written>,
    share: Option<Written>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Written {
    #[serde(default, deserialize_with = "leaf")]
    entity: Option<String>,
    owner: Option<String>,
    #[serde(default, deserialize_with = "leaf")]
    object: Option<String>,
    #[serde(default, deserialize_with = "leaf")]
    parent_comment: Option<String>,
    text: Option<String>,
}

/// A comment as the comments API answers it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Comment {
    #[serde(default, deserialize_with = "id")]
    id: Option<String>,
    #[serde(default, deserialize_with = "leaf")]
    comment_urn: Option<String>,
    actor: Option<String>,
    #[serde(default, deserialize_with = "leaf")]
    parent_comment: Option<String>,
    message: Option<Message>,
    content: Option<Value>,
    #[serde(default, deserialize_with = "leaf")]
    created: Option<Change>,
    #[serde(default, deserialize_with = "leaf")]
    last_modified: Option<Change>,
}

#[derive(Deserialize)]
struct Message {
    text: Option<String>,
}

#[derive(Deserialize)]
struct Change {
    #[serde(default, deserialize_with = "millis")]
    time: Option<Timestamp>,
}

/// The body. The notifications stay raw until each is read by itself, so that a fault in one does not reach the
/// others.
#[derive(Deserialize)]
struct Body<'a> {
    #[serde(default, deserialize_with = "leaf")]
    r#type: Option<String>,
    action: Option<IgnoredAny>,
    #[serde(borrow)]
    notifications: Option<&'a RawValue>,
}

impl Tells for Linkedin {
    /// Reads a delivery.
    fn parse(&self, body: &[u8], accounts: &Accounts) -> Result<Delivery, Malformed> {
        let text = String::from_utf8_lossy(body);
        let body: Body<'_> = part(&text, ".")?;
        if body.r#type.is_none() && body.action.is_none() && body.notifications.is_none() {
            return Err(malformed(".", "expected notifications".to_owned()));
        }
        let mut delivery = Delivery::default();
        if let Some(kind) = body.r#type.filter(|kind| kind != TYPE) {
            delivery.ignore(Ignored::unknown(&kind));
        } else if body.action.is_some() {
            // As it was captured once: a single notification without the list around it.
            delivery.extend([raw_notification(&text, ".", accounts)]);
        } else {
            let list = body.notifications.map_or("null", RawValue::get);
            match part::<Vec<&RawValue>>(list, "notifications") {
                Ok(list) => {
                    delivery.extend(list.into_iter().enumerate().map(|(number, raw)| {
                        raw_notification(raw.get(), &format!("notifications[{number}]"), accounts)
                    }))
                }
                Err(_) => delivery.ignore(malformed("notifications", "expected a list".to_owned()).into()),
            }
        }
        Ok(delivery)
    }

    /// LinkedIn repeats what is refused every five minutes for eight hours (docs/platforms.md, section 1.3), and it
    /// would not read better the next time.
    fn on_malformed(&self) -> StatusCode {
        StatusCode::OK
    }
}

fn raw_notification(text: &str, path: &str, accounts: &Accounts) -> Result<Event, Ignored> {
    let value = lenient::document(text.as_bytes()).map_err(|error| Malformed { path: path.to_owned(), ..error })?;
    notification(&value, path, accounts)
}

/// Reads a page of notifications that were asked for, and returns how many there were.
pub(super) fn page(answer: &Value, accounts: &Accounts, delivery: &mut Delivery) -> Result<usize, Malformed> {
    let items =
        lenient::items(answer, "elements").ok_or_else(|| malformed("elements", "expected a list".to_owned()))?;
    let mut count = 0;
    delivery.extend(items.inspect(|_| count += 1).map(|(path, item)| notification(item, &path, accounts)));
    Ok(count)
}

/// What surrounds a comment or share in its notification.
struct Notice<'a> {
    path: &'a str,
    accounts: &'a Accounts,
    account: &'a AccountId,
    generated: Option<&'a str>,
    at: Option<Timestamp>,
}

fn notification(value: &Value, path: &str, accounts: &Accounts) -> Result<Event, Ignored> {
    let notification: Notification = lenient::item(value, path)?;
    if notification.organizational_entity.is_none()
        && let Some(ignored) = notification.action.as_deref().and_then(of_no_interest)
    {
        return Err(ignored);
    }
    let organization = required(notification.organizational_entity.as_deref(), path, "organizationalEntity")?;
    let account = &find(accounts, organization).ok_or(Ignored::NotOurs)?.id;
    let Decorated { comment, share } = notification.decorated_generated_activity.unwrap_or_default();
    let generated = notification.generated_activity.as_deref();
    let notice = Notice { path, accounts, account, generated, at: notification.last_modified_at };
    match required(notification.action.as_deref(), path, "action")? {
        "COMMENT" => notice.comment(Surface::Comment, comment.unwrap_or_default(), false),
        "COMMENT_EDIT" => notice.comment(Surface::Comment, comment.unwrap_or_default(), true),
        "COMMENT_MENTION" => {
            // Below a post of our own it is a comment as well, and must be the same by whichever way it comes.
            let post = notification.decorated_source_post.unwrap_or_default();
            let ours = post.owner.is_some_and(|owner| find(accounts, &owner).is_some());
            let surface = if ours { Surface::Comment } else { Surface::Mention };
            notice.comment(surface, comment.unwrap_or_default(), false)
        }
        "COMMENT_DELETE" => notice.removal(&comment.unwrap_or_default()),
        // Passed on without a word of its own: there is nothing to read, and a share cannot be asked for.
        "SHARE" if share.is_none() => Err(Ignored::NotText),
        "SHARE" | "SHARE_MENTION" => notice.share(share.unwrap_or_default()),
        action => Err(of_no_interest(action).unwrap_or_else(|| Ignored::unknown(action))),
    }
}

/// What a notification is that holds nothing to be read; `None` for those that tell what someone wrote or removed.
fn of_no_interest(action: &str) -> Option<Ignored> {
    match action {
        "COMMENT" | "COMMENT_EDIT" | "COMMENT_MENTION" | "COMMENT_DELETE" | "SHARE" | "SHARE_MENTION" => None,
        "ADMIN_COMMENT" => Some(Ignored::OwnVoice),
        "LIKE" => Some(Ignored::NotText),
        action => Some(Ignored::unknown(action)),
    }
}

impl Notice<'_> {
    fn comment(&self, surface: Surface, written: Written, edited: bool) -> Result<Event, Ignored> {
        let urn = self.comment_urn(&written)?;
        let author = self.author(written.owner)?;
        let id = ContributionId::new(urn.to_string());
        // A comment on a comment names the upper one as its object or beside it.
        let upper = [written.parent_comment, written.object].into_iter().flatten();
        let parent = upper.filter_map(|name| CommentUrn::parse(&name)).find(|parent| *parent != urn);
        let thread = Some(ThreadId::new(urn.post()));
        let Some(text) = written.text else {
            return Ok(self.unread(surface, id, thread));
        };
        Ok(Event::Contribution(Contribution {
            original: None,
            platform: Platform::Linkedin,
            account: self.account.clone(),
            surface,
            id,
            revision: revision(edited, self.at, &text),
            author,
            text,
            has_attachment: false,
            thread,
            parent: parent.map(|parent| ContributionId::new(parent.to_string())),
            permalink: Some(urn.permalink()),
            at: self.at,
            edited,
            told_at: None,
        }))
    }

    fn removal(&self, written: &Written) -> Result<Event, Ignored> {
        let id = ContributionId::new(self.comment_urn(written)?.to_string());
        Ok(Event::Removal(Removal { platform: Platform::Linkedin, account: self.account.clone(), id }))
    }

    fn share(&self, written: Written) -> Result<Event, Ignored> {
        let author = self.author(written.owner)?;
        let urn = self.generated.map(str::to_owned).or(written.entity);
        let urn = required(urn.filter(|urn| urn.starts_with("urn:li:")), self.path, "generatedActivity")?;
        let id = ContributionId::new(&*urn);
        let Some(text) = written.text else {
            return Ok(self.unread(Surface::Mention, id, None));
        };
        if text.trim().is_empty() {
            return Err(Ignored::NotText);
        }
        Ok(Event::Contribution(Contribution {
            original: None,
            platform: Platform::Linkedin,
            account: self.account.clone(),
            surface: Surface::Mention,
            id,
            revision: revision(false, self.at, &text),
            author,
            text,
            has_attachment: false,
            thread: None,
            parent: None,
            permalink: Some(format!("https://www.linkedin.com/feed/update/{urn}")),
            at: self.at,
            edited: false,
            told_at: None,
        }))
    }

    /// The generated activity comes first, because a deletion carries nothing else: so it finds the comment that it
    /// deletes even where the decorated name should differ in more than its spelling.
    fn comment_urn(&self, written: &Written) -> Result<CommentUrn, Malformed> {
        let names = [self.generated, written.entity.as_deref()];
        let urn = names.into_iter().flatten().find_map(CommentUrn::parse);
        urn.ok_or_else(|| {
            malformed(&format!("{}.generatedActivity", self.path), "expected the URN of a comment".to_owned())
        })
    }

    fn author(&self, owner: Option<String>) -> Result<Option<Author>, Ignored> {
        match owner {
            Some(owner) if find(self.accounts, &owner).is_some() => Err(Ignored::OwnVoice),
            owner => Ok(owner.filter(|owner| !owner.is_empty()).map(author)),
        }
    }

    fn unread(&self, surface: Surface, id: ContributionId, thread: Option<ThreadId>) -> Event {
        let account = self.account.clone();
        Event::Unread(Unread { platform: Platform::Linkedin, account, surface, id, thread, at: self.at, written: None })
    }
}

fn author(owner: String) -> Author {
    Author { id: PlatformUserId::new(owner), name: None }
}

/// The revision of a comment. Not the notification's own id: where two administrators are subscribed, the same
/// comment comes under two of them.
fn revision(edited: bool, at: Option<Timestamp>, text: &str) -> String {
    match (edited, at) {
        (false, _) => format!("add#{}", fingerprint(text)),
        (true, Some(at)) => format!("edit#{}#{}", at.as_millisecond(), fingerprint(text)),
        (true, None) => format!("edit#{}", fingerprint(text)),
    }
}

/// Our account of this URN, or of this bare number.
fn find<'a>(accounts: &'a Accounts, organization: &str) -> Option<&'a Account> {
    accounts
        .find(Platform::Linkedin, organization)
        .or_else(|| accounts.find(Platform::Linkedin, &format!("urn:li:organization:{organization}")))
}

impl Shows for Linkedin {
    /// The comment in the answer to the call that reads it; `None` when it is our own, or gone.
    fn read(
        &self,
        target: &Target<'_>,
        answer: &Answer,
        accounts: &Accounts,
    ) -> Result<Option<Contribution>, Malformed> {
        if answer.status == StatusCode::NOT_FOUND && !errors::no_such_resource(answer) {
            return Ok(None);
        }
        if !answer.status.is_success() {
            return Err(malformed(".", format!("answered with status {}", answer.status.as_u16())));
        }
        let comment: Comment = lenient::item(&answer.body, ".")?;
        if comment.actor.as_deref().is_some_and(|actor| find(accounts, actor).is_some()) {
            return Ok(None);
        }
        let text = required(comment.message.and_then(|message| message.text), "message", "text")?;
        let urn = CommentUrn::parse(target.contribution.as_str());
        let time = |change: Option<Change>| change.and_then(|change| change.time);
        let (created, modified) = (time(comment.created), time(comment.last_modified));
        let edited = modified.is_some() && modified > created;
        let at = modified.or(created);
        let parent = comment.parent_comment.as_deref().and_then(CommentUrn::parse);
        Ok(Some(Contribution {
            original: None,
            platform: Platform::Linkedin,
            account: target.account.id.clone(),
            surface: target.surface,
            id: target.contribution.clone(),
            revision: revision(edited, at, &text),
            author: comment.actor.filter(|actor| !actor.is_empty()).map(author),
            text,
            has_attachment: comment.content.is_some_and(|content| !content.is_null()),
            thread: urn.as_ref().map(|urn| ThreadId::new(urn.post())).or_else(|| target.thread.cloned()),
            parent: parent.map(|parent| ContributionId::new(parent.to_string())).or_else(|| target.parent.cloned()),
            permalink: urn.map(|urn| urn.permalink()),
            at,
            edited,
            told_at: None,
        }))
    }

    /// Whether our comment with this text is among those that were listed. The list is whole when it is not full, and
    /// no element of it is unreadable.
    fn find_own(&self, target: &Target<'_>, answer: &Answer, text: &str) -> Found {
        let Some(elements) = lenient::items(&answer.body, "elements").filter(|_| answer.status.is_success()) else {
            return Found::Unknown;
        };
        let links = answer.body.pointer("/paging/links").and_then(Value::as_array);
        let mut links = links.into_iter().flatten();
        let mut whole = !links.any(|link| link.get("rel").and_then(Value::as_str) == Some("next"));
        let mut listed = 0;
        for (path, element) in elements {
            listed += 1;
            let Ok(comment) = lenient::item::<Comment>(element, &path) else {
                whole = false;
                continue;
            };
            let said = comment.message.and_then(|message| message.text);
            let ours = comment.actor.as_deref().is_none_or(|actor| actor == target.account.id.as_str());
            if ours && said.is_none_or(|said| same_words(&said, text)) {
                match (comment.comment_urn.or(comment.id), comment.actor) {
                    (Some(id), Some(_)) => return Found::Arrived(id),
                    // It may be ours, but that is not said.
                    _ => whole = false,
                }
            }
        }
        if whole && listed < COUNT { Found::Absent } else { Found::Unknown }
    }

    /// What exists is visible: LinkedIn hides nothing.
    fn state(&self, _: &Target<'_>, answers: &[Answer]) -> State {
        match answers.first().map_or(Presence::Unknown, |answer| self.presence(answer)) {
            Presence::Present => State::Visible,
            Presence::Gone => State::Gone,
            Presence::Unknown => State::Unknown,
        }
    }
}
