//! How a sandbox behaves where the real platforms differ by contract, tier or luck.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use local::door::Key;
use policy::{Account, Platform};
use secrecy::SecretString;
use url::Url;

/// The secret with which webhooks are signed unless [`Settings::secrets`] says otherwise.
pub const DEVELOPMENT_SECRET: &str = "galateo-development-secret";

/// What happens when a call names an object that the sandbox has never seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnknownObjects {
    /// It comes into being, as a comment on the account: someone else sent its webhook. What is known to be deleted
    /// stays deleted.
    Adopt,
    /// It does not exist, and the platform's documented error says so.
    Refuse,
}

/// Which access tokens are good.
#[derive(Clone)]
pub enum Tokens {
    /// Any that is not empty.
    Any,
    /// Only these.
    Only(BTreeSet<String>),
}

impl Tokens {
    pub(crate) fn accept(&self, token: Option<&str>) -> bool {
        match (self, token) {
            (_, None | Some("")) => false,
            (Tokens::Any, Some(_)) => true,
            (Tokens::Only(tokens), Some(token)) => tokens.contains(token),
        }
    }
}

/// Everything that can be set. [`Settings::default`] is a lenient platform without webhooks.
#[derive(Clone)]
pub struct Settings {
    /// The organisation's accounts; those that something was written to need not be listed. A call that names no
    /// account is made on behalf of the first of its platform.
    pub accounts: Vec<Account>,
    /// The key of each platform's signature; [`DEVELOPMENT_SECRET`] where none is given.
    pub secrets: HashMap<Platform, SecretString>,
    /// The `hub.verify_token` of Meta and WebSub handshakes.
    pub verify_token: SecretString,
    /// Which access tokens are good.
    pub tokens: Tokens,
    /// What becomes of objects never seen.
    pub unknown_objects: UnknownObjects,
    /// X only: whether the account may block people and reply without having been mentioned.
    pub x_enterprise: bool,
    /// LinkedIn only: whether the organization may delete a member's comment. It is not known
    /// (docs/platforms.md, section 3.1, note b).
    pub linkedin_deletes_members_comments: bool,
    /// YouTube only: the units that can be spent in one Pacific day.
    pub youtube_daily_units: u32,
    /// Whether all accounts are subscribed to all webhook fields and events from the beginning, as those of an
    /// organisation in operation are.
    pub subscribed: bool,
    /// Where webhooks are sent: to `{base}/webhooks/{platform}`. Without it they wait for
    /// [`crate::Sandbox::take_webhooks`].
    pub webhook_base: Option<Url>,
    /// The pauses before each repetition of a webhook that was not accepted. The platforms go on for hours.
    pub redelivery: Vec<Duration>,
    /// The number from which ids are counted.
    pub first_id: u64,
    /// What a call to the sandbox itself (`/sandbox/journal` and its like) has to show, as `authorization: Bearer KEY`.
    /// Without it every program on the machine may make such calls.
    pub control_key: Option<Key>,
    /// What time it is.
    pub clock: Arc<dyn Fn() -> Timestamp + Send + Sync>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            accounts: Vec::new(),
            secrets: HashMap::new(),
            verify_token: DEVELOPMENT_SECRET.into(),
            tokens: Tokens::Any,
            unknown_objects: UnknownObjects::Adopt,
            x_enterprise: false,
            linkedin_deletes_members_comments: true,
            youtube_daily_units: 10_000,
            subscribed: false,
            webhook_base: None,
            redelivery: [100, 500, 2_000].map(Duration::from_millis).to_vec(),
            first_id: 1,
            control_key: None,
            clock: Arc::new(Timestamp::now),
        }
    }
}
