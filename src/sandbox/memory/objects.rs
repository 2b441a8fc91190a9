//! What the platforms hold: people, comments, messages, blocks.

use jiff::Timestamp;
use policy::{Platform, Surface};
use serde::{Deserialize, Serialize};

/// A person on a platform. Has no `Debug`, so that nobody's name reaches a log.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// The id under which the platform shows this person next to a comment.
    pub id: String,
    /// The displayed name or handle.
    pub name: String,
}

/// Whether the public sees a comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// Everyone sees it.
    Visible,
    /// Taken out of sight, in a way that can be undone (YouTube: `heldForReview`).
    Hidden,
    /// YouTube took it for spam by itself.
    LikelySpam,
    /// Removed for good (YouTube's `rejected`).
    Rejected,
}

/// A comment, reply, visitor post, mention or private message; ours too.
#[derive(Clone, Serialize)]
pub struct Comment {
    /// The platform.
    pub platform: Platform,
    /// Our account.
    pub account: String,
    /// The id, as the platform's calls spell it.
    pub id: String,
    /// Where it stands.
    pub surface: Surface,
    /// Who wrote it, where that is known.
    pub author: Option<Person>,
    /// The text as it now reads.
    pub text: String,
    /// The post, media, activity, video or conversation that it hangs on; empty where it is not known.
    pub thread: String,
    /// The comment that it answers.
    pub parent: Option<String>,
    /// Whether the public sees it.
    pub visibility: Visibility,
    /// Whether it has been deleted, by anyone.
    pub deleted: bool,
    /// Whether our account wrote it.
    pub own: bool,
    /// X only: whether it mentions or quotes us, and so may be replied to.
    pub mentions_us: bool,
    /// Whether its author has got the one private reply that there can be.
    pub answered_privately: bool,
    /// When it was written.
    pub created: Timestamp,
    /// When its text last changed.
    pub updated: Timestamp,
}

/// A private message from our account to a person.
#[derive(Clone, Serialize)]
pub struct PrivateMessage {
    /// The platform.
    pub platform: Platform,
    /// Our account.
    pub account: String,
    /// The platform's id of the message.
    pub id: String,
    /// To whom it went, where that is known.
    pub to: Option<String>,
    /// The comment that it answers privately.
    pub comment: Option<String>,
    /// What it says.
    pub text: String,
}

/// Whom an account keeps out, and how.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Block {
    /// The platform.
    pub platform: Platform,
    /// Our account.
    pub account: String,
    /// The person.
    pub person: String,
    /// What the person is kept from.
    pub kind: BlockKind,
}

/// What a person is kept from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BlockKind {
    /// Commenting and writing to us.
    Everything,
    /// Writing private messages to us (Messenger; X without Enterprise).
    Messages,
    /// Nothing: we only do not see this person (X).
    Muted,
}

/// Something that a person writes to one of our accounts.
#[derive(Clone)]
pub struct NewComment {
    /// Our account.
    pub account: String,
    /// Who writes; `None` where the platform would withhold it.
    pub author: Option<Person>,
    /// What.
    pub text: String,
    /// Where it stands.
    pub surface: Surface,
    /// The post, media, activity or video; by default one that every account has.
    pub thread: Option<String>,
    /// The comment that it answers.
    pub parent: Option<String>,
    /// X only: whether the text mentions us.
    pub mentions_us: bool,
    /// When it is written; by default now.
    pub written_at: Option<Timestamp>,
}

impl NewComment {
    /// A comment by a person with this id and name under the account's default post.
    pub fn new(account: &str, author: &str, name: &str, text: &str) -> Self {
        Self {
            account: account.to_owned(),
            author: Some(Person { id: author.to_owned(), name: name.to_owned() }),
            text: text.to_owned(),
            surface: Surface::Comment,
            thread: None,
            parent: None,
            mentions_us: false,
            written_at: None,
        }
    }
}

/// Why a person could not do something on a platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Our account keeps this person out.
    #[error("the person is blocked by the account")]
    Blocked,
    /// The comments of the post are switched off.
    #[error("the comments of this post are switched off")]
    Closed,
    /// The platform has no such place, or sends nothing about it.
    #[error("the platform has no such surface")]
    NoSuchSurface,
    /// There is no such comment, or no longer.
    #[error("there is no such comment")]
    Gone,
}

/// A signed request that a platform makes to us.
#[derive(Clone, PartialEq, Eq)]
pub struct Webhook {
    /// Who sends it.
    pub platform: Platform,
    /// The headers, the signature among them.
    pub headers: Vec<(String, String)>,
    /// The signed bytes.
    pub body: Vec<u8>,
}
