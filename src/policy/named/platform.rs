//! The platforms an organisation speaks on, and the places on them where others speak back.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Declares [`Platform`] from one list, so that a new platform is one line here.
macro_rules! platforms {
    ($($(#[$doc:meta])* $variant:ident = $key:literal, $name:literal;)+) => {
        /// A social network on which an organisation can have accounts.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum Platform {
            $($(#[$doc])* #[serde(rename = $key)] $variant,)+
        }

        impl Platform {
            /// Every platform, in the order in which reports list them.
            pub const ALL: &[Platform] = &[$(Platform::$variant,)+];

            /// The key used in files, addresses, tables and logs, for example `facebook`.
            pub const fn as_str(self) -> &'static str {
                match self { $(Platform::$variant => $key,)+ }
            }

            /// The name as the platform writes it, for people, for example `LinkedIn`.
            pub const fn name(self) -> &'static str {
                match self { $(Platform::$variant => $name,)+ }
            }
        }
    };
}

platforms! {
    /// Facebook Pages and Messenger (Graph API).
    Facebook = "facebook", "Facebook";
    /// Instagram professional accounts (Graph API, both kinds of login).
    Instagram = "instagram", "Instagram";
    /// LinkedIn organization pages.
    Linkedin = "linkedin", "LinkedIn";
    /// YouTube channels.
    Youtube = "youtube", "YouTube";
    /// X, once Twitter.
    X = "x", "X";
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A name that is none of [`Platform::ALL`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown platform {found:?}, expected one of facebook, instagram, linkedin, youtube, x")]
pub struct UnknownPlatform {
    /// What stood where a platform was expected.
    pub found: String,
}

impl FromStr for Platform {
    type Err = UnknownPlatform;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Platform::ALL
            .iter()
            .copied()
            .find(|platform| platform.as_str() == text)
            .ok_or_else(|| UnknownPlatform { found: text.to_owned() })
    }
}

/// What sort of contribution the policy's rules can be scoped to (`kind` in the command-line contract).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A comment under one of our posts, videos or live broadcasts.
    Comment,
    /// A post or review that someone else left on our page.
    Post,
    /// Someone names us on a surface that is not ours.
    Mention,
    /// A private message to one of our accounts.
    Message,
}

impl Kind {
    /// Every kind, in the order of the command-line contract.
    pub const ALL: [Kind; 4] = [Kind::Comment, Kind::Post, Kind::Mention, Kind::Message];

    /// The key used in files, tables and logs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Kind::Comment => "comment",
            Kind::Post => "post",
            Kind::Mention => "mention",
            Kind::Message => "message",
        }
    }
}

impl FromStr for Kind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Kind::ALL
            .into_iter()
            .find(|kind| kind.as_str() == text)
            .ok_or_else(|| format!("unknown kind {text:?}, expected one of comment, post, mention, message"))
    }
}

/// Where exactly a contribution stands. Finer than [`Kind`], because it decides what the platform can do about it:
/// a live comment is judged like any comment, but Instagram can neither hide nor delete it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Surface {
    /// A comment or reply under something we published.
    Comment,
    /// A comment during a live broadcast.
    LiveComment,
    /// A visitor's post on our page.
    VisitorPost,
    /// A review or recommendation of our page, or a comment below one.
    Review,
    /// A mention, quote or tag on someone else's surface.
    Mention,
    /// A private message.
    Message,
}

impl Surface {
    /// Every surface.
    pub const ALL: [Surface; 6] = [
        Surface::Comment,
        Surface::LiveComment,
        Surface::VisitorPost,
        Surface::Review,
        Surface::Mention,
        Surface::Message,
    ];

    /// The key used in tables and logs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Surface::Comment => "comment",
            Surface::LiveComment => "live_comment",
            Surface::VisitorPost => "visitor_post",
            Surface::Review => "review",
            Surface::Mention => "mention",
            Surface::Message => "message",
        }
    }

    /// The kind that the policy's rules see.
    pub const fn kind(self) -> Kind {
        match self {
            Surface::Comment | Surface::LiveComment => Kind::Comment,
            Surface::VisitorPost | Surface::Review => Kind::Post,
            Surface::Mention => Kind::Mention,
            Surface::Message => Kind::Message,
        }
    }
}
