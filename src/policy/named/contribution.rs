//! What someone else wrote to us, and the identifiers that point at it.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Platform, Surface};

/// Declares an identifier that a platform assigns. It is opaque, never empty by convention, and its `Debug` never
/// prints the value, so that it cannot reach a log by accident (invariant 10: no text, handle or id in logs).
macro_rules! personal_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Wraps the platform's own spelling, unchanged.
            pub fn new(id: impl Into<String>) -> Self {
                Self(id.into())
            }

            /// The platform's own spelling, for its calls and for deriving pseudonyms. Never log it.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(..)"))
            }
        }
    };
}

personal_id! {
    /// The platform's id of a contribution, in the spelling that its calls expect.
    ContributionId
}

personal_id! {
    /// The platform's id of a person. Not a key in our records: see the pseudonym in the ledger.
    PlatformUserId
}

personal_id! {
    /// The platform's id of what a contribution hangs on: our post, media, video, or a private conversation.
    ThreadId
}

/// The platform's id of one of our own accounts, as listed in the policy. Not personal data, so it may be logged.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AccountId(String);

impl AccountId {
    /// Wraps the platform's own spelling, unchanged.
    pub fn new(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    /// The platform's own spelling.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// Who wrote a contribution, as far as the platform tells.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Author {
    /// The platform's id of the person.
    pub id: PlatformUserId,
    /// The displayed name or handle, where the platform sends one.
    pub name: Option<String>,
}

impl fmt::Debug for Author {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Author(..)")
    }
}

/// A comment, visitor post, mention or private message by someone else on one of our accounts, in one revision.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contribution {
    /// Where it was written.
    pub platform: Platform,
    /// Which of our accounts it concerns.
    pub account: AccountId,
    /// Where exactly it stands, which decides what can be done about it.
    pub surface: Surface,
    /// The platform's id of the contribution; the same for all its revisions.
    pub id: ContributionId,
    /// The platform's id of the first revision, where every revision has an id of its own, as on X; `None` where this is
    /// the first, and where all have the same.
    pub original: Option<ContributionId>,
    /// Which revision this is: equal for every delivery of the same revision, from webhook or poll, and different
    /// for every other. Unique only together with platform, account and id. May hold platform ids, so it is
    /// never stored as it is, but with a text that waits for its author to be read.
    pub revision: String,
    /// Who wrote it; `None` where the platform withheld it, and then no strike can be counted.
    pub author: Option<Author>,
    /// The text as written, in the author's own spelling. Empty for an attachment without text.
    pub text: String,
    /// Whether a picture, video, sticker or other attachment came with it.
    pub has_attachment: bool,
    /// Our post, media or video, or the private conversation.
    pub thread: Option<ThreadId>,
    /// The contribution that this one answers, where it answers one.
    pub parent: Option<ContributionId>,
    /// The address of the contribution, where the platform sends one.
    pub permalink: Option<String>,
    /// When the platform says that this revision came to be. Equal for every delivery of the revision, or absent:
    /// a time that differs between deliveries does not belong here, because the ledger finds a revision by it.
    pub at: Option<Timestamp>,
    /// Whether this is a later revision of something already published.
    pub edited: bool,
    /// When the platform told of this revision, where it does not tell when that came to be: it was written before. It may
    /// differ between deliveries, and nothing is found by it.
    pub told_at: Option<Timestamp>,
}

impl Contribution {
    /// The first revision of a comment, with nothing but what every comment has: nobody is known to have written it.
    pub fn comment(platform: Platform, account: AccountId, id: &str, text: impl Into<String>) -> Self {
        Self {
            platform,
            account,
            surface: Surface::Comment,
            id: ContributionId::new(id),
            original: None,
            revision: id.to_owned(),
            author: None,
            text: text.into(),
            has_attachment: false,
            thread: None,
            parent: None,
            permalink: None,
            at: None,
            edited: false,
            told_at: None,
        }
    }
}

impl fmt::Debug for Contribution {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Contribution")
            .field("platform", &self.platform)
            .field("account", &self.account)
            .field("surface", &self.surface)
            .field("text_bytes", &self.text.len())
            .field("edited", &self.edited)
            .finish_non_exhaustive()
    }
}
