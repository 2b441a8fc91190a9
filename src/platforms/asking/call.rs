//! What is asked of a platform, and what its answer means.

use std::time::Duration;

use http::{HeaderMap, Method, StatusCode};
use policy::{Account, ActionKind, ContributionId, Handwork, Obstacle, PlatformUserId, Surface, ThreadId};
use serde_json::Value;

/// What an action is about.
#[derive(Clone, Copy, Debug)]
pub struct Target<'a> {
    /// The account of ours on which it stands, whose token the call takes.
    pub account: &'a Account,
    /// Where the contribution stands.
    pub surface: Surface,
    /// The contribution, in the platform's spelling.
    pub contribution: &'a ContributionId,
    /// The post, media, video or conversation that it hangs on, where calls need it.
    pub thread: Option<&'a ThreadId>,
    /// The comment that it answers, if it is not at the top.
    pub parent: Option<&'a ContributionId>,
    /// Its author, where the platform has told; without one nobody can be banned.
    pub author: Option<&'a PlatformUserId>,
}

/// What a platform is asked to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ask<'a> {
    /// The action, on the target that comes with it.
    pub kind: ActionKind,
    /// The message, for the actions that speak.
    pub text: Option<&'a str>,
}

/// The body of a call.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// Nothing is sent.
    Empty,
    /// Fields of a form, encoded by the client.
    Form(Vec<(&'static str, String)>),
    /// JSON, with its media type.
    Json(Value),
}

/// One request to a platform's API, without its host and without credentials.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// What it is called in records and logs: the documented shape with placeholders, for example
    /// `POST /{comment-id} is_hidden=true`. Holds no id.
    pub name: &'static str,
    /// Which of the platform's hosts takes it.
    pub host: Host,
    /// The HTTP method; what only reads is a `GET`.
    pub method: Method,
    /// The path below the host and version, percent-encoded, beginning with `/`.
    pub path: String,
    /// The query, not yet encoded. Values that must stay unencoded (LinkedIn's `List(..)`) are in the path instead.
    pub query: Vec<(&'static str, String)>,
    /// Headers beyond those of every call.
    pub headers: Vec<(&'static str, String)>,
    /// What is sent along.
    pub body: Body,
    /// What is left for a person to do because the action achieves only a part by this call; `None` where it achieves
    /// all.
    pub shortfall: Option<Handwork>,
}

/// A host of a platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Host {
    /// The platform's main API.
    Main,
    /// `graph.instagram.com`, for accounts that use Instagram Login.
    InstagramLogin,
}

/// What a platform answered.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The HTTP status. A 2xx alone does not say that it was done.
    pub status: StatusCode,
    /// The headers, in which some platforms say when a limit ends.
    pub headers: HeaderMap,
    /// The body, `Null` where it is not JSON.
    pub body: Value,
}

/// Whether and how a platform can carry out an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Capability {
    /// By a call.
    Call,
    /// By a call, under a condition that only the answer tells.
    Conditional,
    /// Only by hand, in the platform's interface: it becomes a task to do this.
    Manual(Handwork),
    /// Not at all, for this reason.
    Impossible(Obstacle),
}

impl Capability {
    /// Whether there is a call for it, whatever it may be answered.
    pub const fn is_called(self) -> bool {
        matches!(self, Capability::Call | Capability::Conditional)
    }
}

/// What an answer means for the action (docs/platforms.md, section 5). The reasons of [`Class::Permanent`] and
/// [`Class::NextAlternative`] reach the office in a task; the others are texts for the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Class {
    /// It did it. The platform's id of what was created, where it gives one.
    Done(Option<String>),
    /// It was so already, or the object is gone.
    AlreadySo,
    /// Gone, or not permitted: [`crate::Asks::presence_call`] tells which.
    Unsure,
    /// The platform does not understand this form of the call: the next alternative may be tried.
    NextAlternative(Obstacle),
    /// A limit is reached: nothing that it is about is asked of whoever it belongs to until it ends.
    Limited(Limit),
    /// Not now: again after this time.
    RetryAfter(Duration),
    /// Not now, and nobody knows until when: again with growing pauses.
    RetryBackoff(&'static str),
    /// The platform refuses the whole account for a while: nothing is asked of it until then.
    Suspended(&'static str, Duration),
    /// The credentials are no longer good: nothing is asked of this account until they are renewed.
    Reauthorise(&'static str),
    /// Declined for good.
    Permanent(Obstacle),
    /// Our mistake, or a permission that is missing, in the action at hand only: someone must mend it.
    Configuration(&'static str),
}

/// A limit of a platform that is reached (docs/platforms.md, section 5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// To whom it belongs.
    pub of: LimitOf,
    /// Which calls it is about.
    pub calls: LimitedCalls,
    /// When it ends, where the platform says so.
    pub wait: Option<Duration>,
    /// Which it is, for the log.
    pub reason: &'static str,
}

/// To whom a limit belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LimitOf {
    /// To the account that was asked.
    Account,
    /// To our application, and so to all accounts that are asked through it: see [`crate::app`].
    App,
}

/// Which calls a limit is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LimitedCalls {
    /// All of them.
    All,
    /// Those of the same name as the one that met it.
    Alike,
}

impl Class {
    /// A limit of all calls is reached.
    pub(crate) const fn limited(of: LimitOf, wait: Option<Duration>, reason: &'static str) -> Self {
        Class::Limited(Limit { of, calls: LimitedCalls::All, wait, reason })
    }

    /// A limit of one kind of call is reached.
    pub(crate) const fn limited_alike(of: LimitOf, wait: Duration, reason: &'static str) -> Self {
        Class::Limited(Limit { of, calls: LimitedCalls::Alike, wait: Some(wait), reason })
    }

    /// Whether nothing of the kind is to be asked of the account for a time, whoever asks.
    pub const fn holds_account(&self) -> bool {
        matches!(self, Class::Limited(_) | Class::Suspended(..) | Class::Reauthorise(_))
    }
}

/// Whether a message of ours arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// It did, and has this id on the platform.
    Arrived(String),
    /// It did not: the answer lists everything, and our message is not there.
    Absent,
    /// The answer does not tell: it lists only a part, lags behind, or is not understood.
    Unknown,
}

/// What a platform shows of a contribution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Everybody can see it.
    Visible,
    /// It exists, and is out of sight.
    Hidden,
    /// It exists no more.
    Gone,
    /// The answer does not tell.
    Unknown,
}

/// Whether a platform sends us what happens on an account.
#[derive(Clone, Debug, PartialEq)]
pub enum Subscription {
    /// It sends all that is expected.
    Active,
    /// It does not. These calls, all of them in this order, subscribe again; none where only a person can.
    Missing(Vec<Call>),
    /// The answer does not tell.
    Unknown,
}

/// Whether a contribution still exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// The platform shows it.
    Present,
    /// The platform says that it does not exist any more.
    Gone,
    /// The answer does not tell, yet.
    Unknown,
}
