//! Why a platform does not do what it is asked, and what a person can do in its place: the facts, which a case or a task
//! keeps. Whoever shows them has the words.

use serde::{Deserialize, Serialize};

/// Why a platform cannot do an action, or has declined it for good. Which platform says so is told beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Obstacle {
    /// A Page can neither take away nor restore a review.
    ReviewStays,
    /// A review has no private answer.
    ReviewWithoutPrivateReply,
    /// A mention has no private answer.
    MentionWithoutPrivateReply,
    /// The contribution stands on the page or profile of others, where ours has no powers.
    OnAnothersPage,
    /// A private message is seen only by those who write to each other: nothing is to be hidden or deleted.
    MessageStays,
    /// A private message has no public answer.
    MessageWithoutPublicReply,
    /// The platform has no contributions of this sort.
    NoSuchSurface,
    /// Comments on a live broadcast can be neither hidden nor deleted.
    LiveCommentStays,
    /// What was taken away by hand was deleted, and does not come back.
    DeletedByHand,
    /// The platform has no private messages, or lets none be written to those who comment.
    NoPrivateMessages,
    /// The platform lets nobody delete what others posted.
    NoDeletion,
    /// The answer does not say whether a message was sent: asked again, it could be read twice.
    Unconfirmed,
    /// The platform saw a conflict, and does not say whether an answer was published.
    Conflict,
    /// The platform does not know the person by the id that it gave us.
    UnknownPerson,
    /// The platform said no, and not why.
    NoReasonGiven,
    /// Only who has a conversation with the profile can be blocked.
    NoConversation,
    /// More than 24 hours have passed since the person's last message.
    WindowClosed,
    /// The person takes no messages from the profile.
    NotReceiving,
    /// What was to be answered is gone, or not shown to the profile.
    NothingToAnswer,
    /// The comment by which its author was to be blocked is gone.
    NothingToBlockBy,
    /// What was asked for, or whom it concerns, is gone.
    Gone,
    /// The platform allows it no more, or the comment is gone: it does not say which.
    ForbiddenOrGone,
    /// The same text is not published twice.
    SameTextAgain,
    /// One private message was sent already, or the comment is too old for one.
    NoPrivateReplyLeft,
    /// The platform takes no such request for this contribution or this person.
    NotAccepted,
    /// The platform declined with an error that it documents nowhere.
    Undocumented,
    /// Our page may not remove this comment.
    MayNotRemove,
    /// The platform does not take this content.
    ContentNotAccepted,
    /// The platform does not allow it for this comment.
    Unsupported,
    /// Our contract with the platform does not include the call.
    NotInContract,
    /// The platform does not take this answer.
    ReplyNotAccepted,
    /// We are given no access to the post or the person.
    NoAccess,
    /// Only answers in our own conversations can be hidden.
    NotInOurConversation,
    /// It is there, and the platform does not let us act on it.
    Forbidden,
    /// The platform did not say whom or what it is about, so that nothing can be asked.
    Unnamed,
    /// The platform has no way to read it.
    NotReadable,
    /// The platform does not show it to us.
    NotShown,
    /// The platform shows it without its text.
    TextNotShown,
    /// The platform's answer cannot be understood.
    Unintelligible,
}

/// What a person does in the platform's own pages, where it has no call, or one for a part only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Handwork {
    /// Report a review to the platform, which decides whether to take it away.
    ReportReview,
    /// Answer a mention as the Page.
    AnswerMention,
    /// Delete a comment from its menu, for good: there is no hiding, and a copy has to be kept first.
    DeleteComment,
    /// Restrict a person with the tools of the Page's administrators.
    RestrictPerson,
    /// Take that restriction away.
    ReleasePerson,
    /// Take a person off the list of hidden users.
    UnhideUser,
    /// Block a person altogether: only their private messages are blocked.
    BlockAltogether,
}

impl Obstacle {
    /// Every obstacle.
    pub const ALL: [Obstacle; 39] = [
        Obstacle::ReviewStays,
        Obstacle::ReviewWithoutPrivateReply,
        Obstacle::MentionWithoutPrivateReply,
        Obstacle::OnAnothersPage,
        Obstacle::MessageStays,
        Obstacle::MessageWithoutPublicReply,
        Obstacle::NoSuchSurface,
        Obstacle::LiveCommentStays,
        Obstacle::DeletedByHand,
        Obstacle::NoPrivateMessages,
        Obstacle::NoDeletion,
        Obstacle::Unconfirmed,
        Obstacle::Conflict,
        Obstacle::UnknownPerson,
        Obstacle::NoReasonGiven,
        Obstacle::NoConversation,
        Obstacle::WindowClosed,
        Obstacle::NotReceiving,
        Obstacle::NothingToAnswer,
        Obstacle::NothingToBlockBy,
        Obstacle::Gone,
        Obstacle::ForbiddenOrGone,
        Obstacle::SameTextAgain,
        Obstacle::NoPrivateReplyLeft,
        Obstacle::NotAccepted,
        Obstacle::Undocumented,
        Obstacle::MayNotRemove,
        Obstacle::ContentNotAccepted,
        Obstacle::Unsupported,
        Obstacle::NotInContract,
        Obstacle::ReplyNotAccepted,
        Obstacle::NoAccess,
        Obstacle::NotInOurConversation,
        Obstacle::Forbidden,
        Obstacle::Unnamed,
        Obstacle::NotReadable,
        Obstacle::NotShown,
        Obstacle::TextNotShown,
        Obstacle::Unintelligible,
    ];
}

impl Handwork {
    /// Every sort of handwork.
    pub const ALL: [Handwork; 7] = [
        Handwork::ReportReview,
        Handwork::AnswerMention,
        Handwork::DeleteComment,
        Handwork::RestrictPerson,
        Handwork::ReleasePerson,
        Handwork::UnhideUser,
        Handwork::BlockAltogether,
    ];
}
