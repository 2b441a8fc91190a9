#![doc = include_str!("README.md")]

mod identity;
mod memory;
mod platforms;
mod webhooks;
mod wire;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use policy::Platform;
use secrecy::ExposeSecret;
use serde::Serialize;

pub use identity::{Identity, PEOPLE, Someone};
pub use memory::objects::{
    Block, BlockKind, Comment, NewComment, Person, PrivateMessage, Refusal, Visibility, Webhook,
};
pub use memory::settings::{DEVELOPMENT_SECRET, Settings, Tokens, UnknownObjects};
pub use webhooks::delivery::{HandshakeFailed, sign};
pub use wire::faults::{Fault, FaultEffect};
pub use wire::journal::Entry;

use memory::state::State;
use webhooks::bodies;
use webhooks::delivery::{Challenge, Deliveries};
use wire::faults::Faults;
use wire::journal::Journal;

/// The five platforms. Clones are the same platforms.
#[derive(Clone)]
pub struct Sandbox(Arc<Inner>);

struct Inner {
    state: Mutex<State>,
    journal: Mutex<Journal>,
    faults: Mutex<Faults>,
    http: reqwest::Client,
    deliveries: Option<Deliveries>,
}

/// The number of followers of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Followers {
    /// The platform.
    pub platform: Platform,
    /// Our account.
    pub account: String,
    /// How many.
    pub count: u64,
}

/// What the platforms remember, as `GET /sandbox/state` shows it.
#[derive(Clone, Serialize)]
pub struct Snapshot {
    /// Everything that people wrote, in order.
    pub comments: Vec<Comment>,
    /// Everything that our accounts answered in public, in order.
    pub replies: Vec<Comment>,
    /// Everything that our accounts wrote in private, in order.
    pub private_messages: Vec<PrivateMessage>,
    /// Whom our accounts keep out.
    pub blocks: Vec<Block>,
    /// How many follow our accounts.
    pub followers: Vec<Followers>,
    /// The YouTube units spent today.
    pub youtube_units: u32,
}

impl Sandbox {
    /// Platforms with nothing on them. With [`Settings::webhook_base`] this must be called inside a Tokio runtime,
    /// in which the webhooks are then sent.
    pub fn new(settings: Settings) -> Self {
        // Webhooks go to a server on this machine.
        let http = reqwest::Client::builder().no_proxy().build().unwrap_or_default();
        let (base, pauses) = (settings.webhook_base.clone(), settings.redelivery.clone());
        let deliveries = base.map(|base| Deliveries::start(http.clone(), base, pauses));
        Self(Arc::new(Inner {
            state: Mutex::new(State::new(settings)),
            journal: Mutex::default(),
            faults: Mutex::default(),
            http,
            deliveries,
        }))
    }

    /// A person writes something: the id that the platform gives it. Its webhook is sent.
    ///
    /// # Errors
    /// When the person is blocked, the comments are closed, the answered comment is gone, or the platform has no such
    /// surface (YouTube has only comments, LinkedIn comments and mentions).
    pub fn add_comment(&self, platform: Platform, new: NewComment) -> Result<String, Refusal> {
        self.change(|state| state.add(platform, new))
    }

    /// The author rewrites a comment. Its webhook is sent, where the platform has one.
    ///
    /// # Errors
    /// When the comment is gone.
    pub fn edit_comment(&self, platform: Platform, id: &str, text: &str) -> Result<(), Refusal> {
        self.change(|state| state.edit(platform, id, text))
    }

    /// The author deletes a comment. Its webhook is sent, where the platform has one.
    ///
    /// # Errors
    /// When the comment is gone already.
    pub fn delete_comment(&self, platform: Platform, id: &str) -> Result<(), Refusal> {
        self.change(|state| state.delete(platform, id))
    }

    /// Someone of ours hides a comment in the platform's own interface, or shows it again. Its webhook is sent, where the
    /// platform has one. Nothing happens when it is so already, or the comment is gone.
    pub fn hide_by_hand(&self, platform: Platform, id: &str, hidden: bool) {
        self.change(|state| state.set_hidden(platform, id, hidden));
    }

    /// The platform stops sending what happens on an account, as Meta does after an hour of failed deliveries. Webhooks
    /// go on all the same: this is about what the platform says of it.
    pub fn unsubscribe(&self, platform: Platform, account: &str) {
        self.change(|state| {
            let subscriber = state.subscriber(platform, account);
            state.subscriptions.remove(&subscriber)
        });
    }

    /// The webhook fields or events to which an account is subscribed.
    pub fn subscribed(&self, platform: Platform, account: &str) -> Vec<String> {
        let state = self.state();
        state.subscriptions.get(&state.subscriber(platform, account)).cloned().unwrap_or_default()
    }

    /// YouTube takes a comment for spam by itself.
    ///
    /// # Errors
    /// When the comment is gone.
    pub fn suspect_spam(&self, id: &str) -> Result<(), Refusal> {
        self.change(|state| {
            let comment = state.reach(Platform::Youtube, id).ok_or(Refusal::Gone)?;
            comment.visibility = Visibility::LikelySpam;
            Ok(())
        })
    }

    /// One of our YouTube channels publishes a video; the hub's notification is sent.
    pub fn publish_video(&self, channel: &str, id: &str, title: &str) {
        self.change(|state| {
            let body = bodies::video(channel, id, title, state.now());
            state.send(Platform::Youtube, body);
        });
    }

    /// A person on X stops taking messages from us.
    pub fn close_messages(&self, person: &str) {
        self.change(|state| state.unreachable.insert(person.to_owned()));
    }

    /// From now on an account has this many followers.
    pub fn set_followers(&self, platform: Platform, account: &str, count: u64) {
        self.change(|state| state.set_followers(platform, account, count));
    }

    /// A comment as it is now, also when it was deleted.
    pub fn comment(&self, platform: Platform, id: &str) -> Option<Comment> {
        self.state().known(platform, id).cloned()
    }

    /// Whether a comment exists and is out of sight, for whatever reason.
    pub fn is_hidden(&self, platform: Platform, id: &str) -> bool {
        self.state().living(platform, id).is_some_and(|comment| comment.visibility != Visibility::Visible)
    }

    /// What our account answered to a comment in public, in order.
    pub fn replies(&self, platform: Platform, id: &str) -> Vec<String> {
        let state = self.state();
        let own = state.under(platform, id).into_iter().filter(|answer| answer.own);
        own.map(|answer| answer.text.clone()).collect()
    }

    /// What our accounts wrote in private on a platform, in order.
    pub fn private_messages(&self, platform: Platform) -> Vec<PrivateMessage> {
        self.state().messages.iter().filter(|message| message.platform == platform).cloned().collect()
    }

    /// Whether an account keeps a person out in this way.
    pub fn is_blocked(&self, platform: Platform, account: &str, person: &str, kind: BlockKind) -> bool {
        self.state().is_blocked(platform, account, person, kind)
    }

    /// The id under which Messenger knows a person whose comments show another.
    pub fn page_scoped_id(&self, person: &str) -> String {
        self.change(|state| state.page_scoped(person))
    }

    /// Everything that the platforms remember.
    pub fn snapshot(&self) -> Snapshot {
        let state = self.state();
        let (replies, comments) = state.comments.iter().cloned().partition(|comment: &Comment| comment.own);
        let followers = state.followers.iter();
        Snapshot {
            comments,
            replies,
            private_messages: state.messages.clone(),
            blocks: state.blocks.iter().cloned().collect(),
            followers: followers
                .map(|((platform, account), count)| Followers {
                    platform: *platform,
                    account: account.clone(),
                    count: *count,
                })
                .collect(),
            youtube_units: state.quota.spent(state.now()),
        }
    }

    /// The last calls received, in order of arrival: 20,000, unless [`Sandbox::keep_journal`] says otherwise.
    pub fn journal(&self) -> Vec<Entry> {
        lock(&self.0.journal).entries()
    }

    /// How many calls are remembered from now on.
    pub fn keep_journal(&self, calls: usize) {
        lock(&self.0.journal).keep(calls);
    }

    /// Forgets the calls received so far.
    pub fn clear_journal(&self) {
        lock(&self.0.journal).clear();
    }

    /// Lays a fault in wait. Of several that match a call, the oldest strikes.
    pub fn add_fault(&self, fault: Fault) {
        lock(&self.0.faults).add(fault);
    }

    /// Takes away the faults that have not struck.
    pub fn clear_faults(&self) {
        lock(&self.0.faults).clear();
    }

    /// The webhooks since the last call, for settings without [`Settings::webhook_base`]; with it they are on their
    /// way already, and this is empty.
    pub fn take_webhooks(&self) -> Vec<Webhook> {
        std::mem::take(&mut self.state().outbox)
    }

    /// Waits until every webhook has been accepted or given up.
    pub async fn settled(&self) {
        if let Some(deliveries) = &self.0.deliveries {
            deliveries.settled().await;
        }
    }

    /// Performs a platform's handshake with the webhook, and checks the answer as the platform does.
    ///
    /// # Errors
    /// When there is no webhook, it does not answer in the platform's time, declines, or gives the wrong answer.
    pub async fn handshake(&self, platform: Platform) -> Result<(), HandshakeFailed> {
        let (challenge, base) = {
            let mut state = self.state();
            let number = state.next();
            let settings = &state.settings;
            let secret = settings.secrets.get(&platform).map_or(DEVELOPMENT_SECRET, ExposeSecret::expose_secret);
            let account = state.caller(platform);
            let challenge = Challenge::new(platform, secret, settings.verify_token.expose_secret(), &account, number);
            (challenge, settings.webhook_base.clone().ok_or(HandshakeFailed::NoWebhook)?)
        };
        challenge.perform(&self.0.http, &base).await
    }

    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.0.state)
    }

    /// Changes what the platforms remember, and sends the webhooks that this causes.
    fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let mut state = self.state();
        let result = change(&mut state);
        if let Some(deliveries) = &self.0.deliveries {
            // Still under the lock, so that webhooks leave in the order of the changes.
            state.outbox.drain(..).for_each(|webhook| deliveries.push(webhook));
        }
        result
    }
}

/// A panic under the lock leaves nothing half-done that a later call could not live with.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
