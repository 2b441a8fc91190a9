//! What is known of every platform, by concept: each trait is implemented in the file that knows.

use bytes::Bytes;
use http::{HeaderMap, Response, StatusCode};
use policy::{Account, ActionKind, Contribution, Surface};
use url::Url;

use crate::arriving::inbound::Query;
use crate::{
    Accounts, Answer, Ask, Call, Capability, Class, CountCall, Delivery, Found, Limits, Link, Malformed, Presence,
    Secret, State, Subscription, Target, Unverified, WebhookSecrets,
};

/// One platform: how it signs, what it tells, what its addresses name, what is asked of it, what its answers mean and
/// what they show. Everything here is pure; [`crate::Client`] does the sending. Each implementor is a folder: its
/// `mod.rs` holds the type and what is peculiar to the platform as a whole, its other files one of the traits each.
pub trait Adapter: Signs + Tells + Links + Asks + Means + Shows + Send + Sync {
    /// How long what we say may be, and how often we may ask.
    fn limits(&self) -> Limits;

    /// Whether a ban rejects the contribution as well, for good.
    fn ban_rejects(&self) -> bool {
        false
    }

    /// Whether the platform says when something was edited. Where it does not, and promises no order, nobody can tell
    /// from its deliveries which of two edits stands there.
    fn dates_edits(&self) -> bool {
        true
    }
}

/// How a platform proves that a delivery is its own, and checks that an address is ours: `signature.rs`.
pub trait Signs {
    /// Answers the platform's `GET` on the webhook, by which it checks that the address is ours.
    fn handshake(&self, query: &Query<'_>, secrets: &WebhookSecrets, accounts: &Accounts) -> Response<Bytes>;

    /// Checks the signature over the raw bytes of a delivery against every active secret.
    ///
    /// # Errors
    /// Why the delivery is not believed.
    fn verify(&self, headers: &HeaderMap, body: &[u8], secrets: &[Secret]) -> Result<(), Unverified>;
}

/// What a platform tells by itself: `payload.rs`, for Meta's two `meta_webhook.rs`, for YouTube `atom.rs`.
pub trait Tells {
    /// Reads the events out of an authentic body. Whatever is not documented is ignored and named, not refused; one
    /// item of another shape does not sink the others.
    ///
    /// # Errors
    /// When the body as a whole cannot be read.
    fn parse(&self, body: &[u8], accounts: &Accounts) -> Result<Delivery, Malformed>;

    /// How a body is answered that cannot be read: 200 where the platform would repeat it for hours, or switch the
    /// webhook off, to no avail; 400 where it would not.
    fn on_malformed(&self) -> StatusCode;
}

/// What an address names, as people copy it: `link.rs`.
pub trait Links {
    /// The contribution that an address of the platform's site names, if it may stand on one of our accounts.
    fn link(&self, address: &Url, accounts: &Accounts) -> Option<Link>;
}

/// What can be asked of a platform, and by which calls: `calls.rs`.
pub trait Asks {
    /// Whether and how the platform can carry out an action on this surface.
    fn capability(&self, surface: Surface, action: ActionKind) -> Capability;

    /// The calls that carry out an action, alternatives in the order in which to try them: the next is tried when
    /// the platform answers that it does not understand the one before ([`Class::NextAlternative`]). Empty when the
    /// target lacks what the call needs (a ban without an author).
    fn calls(&self, target: &Target<'_>, ask: &Ask<'_>) -> Vec<Call>;

    /// The call that tells whether the object of an action still exists, for answers that leave it open
    /// ([`Class::Unsure`]).
    fn presence_call(&self, target: &Target<'_>) -> Option<Call>;

    /// The call that lists what was answered under a contribution, to find out whether a message of ours that went
    /// unacknowledged arrived. `None` where it cannot be read back.
    fn read_back_call(&self, target: &Target<'_>, action: ActionKind) -> Option<Call>;

    /// The call that reads one contribution.
    fn read_call(&self, target: &Target<'_>) -> Option<Call>;

    /// The calls that count the followers of an account and what else is counted about it (docs/platforms.md, section
    /// 4).
    fn count_calls(&self, account: &Account) -> Vec<CountCall>;

    /// How many contributions [`Asks::state_calls`] looks at together.
    fn states_at_once(&self) -> usize {
        1
    }

    /// The calls that tell what the platform shows of contributions of one account, of at most
    /// [`Asks::states_at_once`]. All of them are made, in this order; none where the platform lets nobody look.
    fn state_calls(&self, targets: &[Target<'_>]) -> Vec<Call>;

    /// The call that tells whether the platform sends us what happens on an account. `None` where nothing has to be
    /// subscribed, or where [`crate::youtube::poll()`] or [`crate::linkedin::poll()`] reads what a subscription would
    /// bring.
    fn subscription_call(&self, _account: &Account) -> Option<Call> {
        None
    }
}

/// What an answer means for what was asked: `errors.rs`.
pub trait Means {
    /// What the answer to such a call means.
    fn classify(&self, action: ActionKind, answer: &Answer) -> Class;

    /// What the answer to [`Asks::presence_call`] tells.
    fn presence(&self, answer: &Answer) -> Presence;
}

/// What an answer shows: a contribution, our own message, what stands there now. In `payload.rs`, Facebook's in
/// `object.rs`.
pub trait Shows {
    /// The contribution in the answer to [`Asks::read_call`]; `None` when it is our own voice, which is that of any
    /// of `accounts`.
    ///
    /// # Errors
    /// When the answer cannot be understood.
    fn read(
        &self,
        target: &Target<'_>,
        answer: &Answer,
        accounts: &Accounts,
    ) -> Result<Option<Contribution>, Malformed>;

    /// Whether our message with this text is in the answer to [`Asks::read_back_call`]. [`Found::Absent`] only
    /// when the answer holds a list that is whole; what is absent may be sent again.
    fn find_own(&self, target: &Target<'_>, answer: &Answer, text: &str) -> Found;

    /// What the answers to [`Asks::state_calls`], all of them in their order, tell about one of its targets.
    fn state(&self, target: &Target<'_>, answers: &[Answer]) -> State;

    /// What the answer to [`Asks::subscription_call`] tells.
    fn subscription(&self, _account: &Account, _answer: &Answer) -> Subscription {
        Subscription::Unknown
    }
}
