//! The secrets that a platform shares with us.

use secrecy::SecretString;

/// A secret that cannot be printed.
pub type Secret = SecretString;

/// What proves that a request comes from a platform.
#[derive(Clone, Debug, Default)]
pub struct WebhookSecrets {
    /// The keys of the signature; all are active, two during a rotation.
    pub signing: Vec<Secret>,
    /// What `hub.verify_token` may be in a handshake (Meta, WebSub). Not a key of any signature in production;
    /// where none is set, the signing secrets stand in.
    pub verify_tokens: Vec<Secret>,
}
