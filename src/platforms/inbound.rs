//! What arrives: the accounts that are ours, the events that a request carries, and what is only acknowledged.

use std::collections::BTreeMap;
use std::fmt;

use bytes::Bytes;
use http::{Response, StatusCode};
use jiff::Timestamp;
use policy::{Account, AccountId, AccountState, Contribution, ContributionId, Platform, Surface, ThreadId};

use crate::bounds;

/// The largest body that is read, in bytes. Lambda takes 6 MB, and base64, in which binary bodies travel to it, adds
/// a third. Meta's largest documented batch (1,000 changes) is about 1 MB.
pub const MAX_BODY_BYTES: usize = 4 * 1024 * 1024;

/// The accounts of the organisation: what is not among them is not ours.
#[derive(Clone, Debug, Default)]
pub struct Accounts(Vec<Account>);

impl Accounts {
    /// The accounts of a policy. Closed ones are left out.
    pub fn new(accounts: &[Account]) -> Self {
        Self(accounts.iter().filter(|account| account.state != AccountState::Closed).cloned().collect())
    }

    /// The account with this id on this platform.
    pub fn find(&self, platform: Platform, id: &str) -> Option<&Account> {
        self.of(platform).find(|account| account.id.as_str() == id)
    }

    /// The accounts on one platform.
    pub fn of(&self, platform: Platform) -> impl Iterator<Item = &Account> {
        self.0.iter().filter(move |account| account.platform == platform)
    }
}

/// Something that happened on a platform and that Galateo has to deal with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// Someone wrote, or rewrote, something.
    Contribution(Contribution),
    /// A contribution was deleted on the platform, by its author or by anyone else.
    Removal(Removal),
    /// Someone wrote something of which the platform sent only the reference: it must be read before it is judged.
    Unread(Unread),
    /// Someone filled in an advertising form. What was filled in does not come along, and is never fetched.
    Lead(Lead),
}

/// The reference to what someone filled in on an advertising form (docs/platforms.md, section 2.4).
#[derive(Clone, PartialEq, Eq)]
pub struct Lead {
    /// Where the form is.
    pub platform: Platform,
    /// Which of our accounts it belongs to.
    pub account: AccountId,
    /// The platform's id of the lead, by which the office finds it in its own tools. It points at a person.
    pub id: String,
    /// The platform's id of the form.
    pub form: String,
    /// When it was filled in, where the platform says so.
    pub at: Option<Timestamp>,
}

impl fmt::Debug for Lead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lead").field("platform", &self.platform).field("form", &self.form).finish_non_exhaustive()
    }
}

/// A contribution that no longer exists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Removal {
    /// Where it stood.
    pub platform: Platform,
    /// On which of our accounts.
    pub account: AccountId,
    /// Which one it was.
    pub id: ContributionId,
}

/// The reference to a contribution whose text did not come along.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// Where it stands.
    pub platform: Platform,
    /// On which of our accounts.
    pub account: AccountId,
    /// Where exactly.
    pub surface: Surface,
    /// Which one. For an Instagram caption mention, the media itself.
    pub id: ContributionId,
    /// What it hangs on, where the reference says so.
    pub thread: Option<ThreadId>,
    /// When it was written, where the reference says so.
    pub at: Option<Timestamp>,
    /// What came along of it all the same: the text, without the author. It is judged where reading is refused.
    pub written: Option<Contribution>,
}

/// Something that arrived and that Galateo acknowledges without acting on it. Each is counted.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Ignored {
    /// Our own comment, post, message or echo (invariant 8).
    OwnVoice,
    /// A change of visibility, which our own actions cause (invariant 8).
    Visibility,
    /// It concerns an account that the policy does not list.
    NotOurs,
    /// It carries nothing that someone wrote: a reaction, a receipt, a follow.
    NotText,
    /// It cannot be read by anyone but its ends: an encrypted message.
    Encrypted,
    /// The platform reports a change of our own content, our subscription or our permissions.
    Notice,
    /// One item of the batch lacks what it needs, or has another shape than documented. Holds the path and the
    /// reason, never the text.
    Malformed(String),
    /// A kind of event that is not documented. Holds its name, shortened.
    Unknown(String),
    /// A field is longer than the platform lets anything be. Of a text and of a name the beginning is kept, of an id or
    /// an address nothing, and an item whose own id it is is left out. Holds which field and how long, never the value.
    TooLong(String),
    /// The platform tells that something was written, and not what: the app is subscribed without values.
    Untold,
}

impl Ignored {
    /// An undocumented kind, its name cut to what a log line should hold.
    pub fn unknown(name: &str) -> Self {
        let name = name.chars().filter(|c| c.is_ascii_alphanumeric() || "._-#:/".contains(*c));
        Ignored::Unknown(name.take(60).collect())
    }

    /// The key under which it is counted.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Ignored::OwnVoice => "own_voice",
            Ignored::Visibility => "visibility",
            Ignored::NotOurs => "not_ours",
            Ignored::NotText => "not_text",
            Ignored::Encrypted => "encrypted",
            Ignored::Notice => "notice",
            Ignored::Malformed(_) => "malformed",
            Ignored::Unknown(_) => "unknown",
            Ignored::TooLong(_) => "too_long",
            Ignored::Untold => "untold",
        }
    }
}

/// What one request carried, in its order. It is filled by [`Delivery::push`] and [`Delivery::ignore`] alone, so that
/// nothing in it is longer, or more, than can be dealt with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Delivery {
    /// What has to be dealt with.
    pub events: Vec<Event>,
    /// What was only acknowledged: the first [`Delivery::KEPT`] of each kind. [`Delivery::counts`] has them all.
    pub ignored: Vec<Ignored>,
    counts: BTreeMap<&'static str, usize>,
}

impl Delivery {
    /// How many of each kind are kept of what is only acknowledged. A body within the limit can hold a million.
    pub const KEPT: usize = 1000;

    /// Adds an event, with what is too long in it cut or left out, which counts as [`Ignored::TooLong`].
    pub fn push(&mut self, event: Event) {
        let mut too_long = Vec::new();
        self.events.extend(bounds::bounded(event, &mut too_long));
        for what in too_long {
            self.ignore(Ignored::TooLong(what));
        }
    }

    /// Adds something that is only acknowledged.
    pub fn ignore(&mut self, ignored: Ignored) {
        let count = self.counts.entry(ignored.as_str()).or_default();
        *count += 1;
        if *count <= Self::KEPT {
            self.ignored.push(ignored);
        }
    }

    /// How much of each kind was only acknowledged, by [`Ignored::as_str`].
    pub fn counts(&self) -> impl Iterator<Item = (&'static str, usize)> {
        self.counts.iter().map(|(kind, count)| (*kind, *count))
    }
}

/// A body that is not what the platform documents, after a good signature.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {reason}")]
pub struct Malformed {
    /// The path of the field that did not parse, `.` for the whole body.
    pub path: String,
    /// What was wrong with it. Never contains the value.
    pub reason: String,
}

/// Builds a response.
pub(crate) fn reply(status: StatusCode, content_type: &'static str, body: impl Into<Bytes>) -> Response<Bytes> {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    response.headers_mut().insert(http::header::CONTENT_TYPE, http::HeaderValue::from_static(content_type));
    response
}

/// The query of a handshake. Keys are taken literally: the dot in `hub.challenge` is part of the name.
pub struct Query<'q>(pub(crate) &'q [(String, String)]);

impl Query<'_> {
    /// The first value under this key.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }
}

impl fmt::Debug for Query<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}
