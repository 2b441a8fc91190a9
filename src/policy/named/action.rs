//! What we ask a platform to do, and what it really did.

use serde::{Deserialize, Serialize};

/// What we ask a platform to do about a contribution or its author.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActionKind {
    /// Take the contribution out of sight, in a way that can be undone (YouTube: hold for review).
    Hide,
    /// Show it again.
    Unhide,
    /// Remove it for good.
    Delete,
    /// Answer below it, in public.
    Reply,
    /// Answer its author in private.
    PrivateReply,
    /// Stop its author from contributing.
    Ban,
    /// Let its author contribute again.
    Unban,
}

impl ActionKind {
    /// Every kind of action.
    pub const ALL: [ActionKind; 7] = [
        ActionKind::Hide,
        ActionKind::Unhide,
        ActionKind::Delete,
        ActionKind::Reply,
        ActionKind::PrivateReply,
        ActionKind::Ban,
        ActionKind::Unban,
    ];

    /// The key used in tables and logs.
    pub const fn as_str(self) -> &'static str {
        match self {
            ActionKind::Hide => "hide",
            ActionKind::Unhide => "unhide",
            ActionKind::Delete => "delete",
            ActionKind::Reply => "reply",
            ActionKind::PrivateReply => "private_reply",
            ActionKind::Ban => "ban",
            ActionKind::Unban => "unban",
        }
    }

    /// Whether the action writes a message to a person. Such an action is never repeated blindly after a time-out:
    /// it would be read twice. The others can be repeated without harm.
    pub const fn speaks(self) -> bool {
        matches!(self, ActionKind::Reply | ActionKind::PrivateReply)
    }
}

/// What a platform really did about an action (invariant 7: what was asked and what happened are two facts).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// The platform says that it did it.
    Done,
    /// It was so before we asked, or the object is gone.
    AlreadySo,
    /// The platform understood and declined, for good.
    Refused,
    /// The platform has no way to do it, by call or by hand.
    Impossible,
    /// The platform can do it only by hand: a task exists.
    Manual,
    /// It did not happen and retrying was given up: a task exists.
    Failed,
}

impl Effect {
    /// Every effect.
    pub const ALL: [Effect; 6] =
        [Effect::Done, Effect::AlreadySo, Effect::Refused, Effect::Impossible, Effect::Manual, Effect::Failed];

    /// The key used in tables and logs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Effect::Done => "done",
            Effect::AlreadySo => "already_so",
            Effect::Refused => "refused",
            Effect::Impossible => "impossible",
            Effect::Manual => "manual",
            Effect::Failed => "failed",
        }
    }
}
