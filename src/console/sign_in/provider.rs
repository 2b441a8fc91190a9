//! The identity provider: where it is asked for what, and which keys it signs with.

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::jwk::{Jwk, JwkSet};
use moderation::reaching;
use reqwest::redirect::Policy;
use secrecy::ExposeSecret;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use tokio::sync::Mutex;
use url::Url;

use super::attempt::Attempt;
use crate::settings::Settings;

/// How long a call to the provider may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// For how long what it says of itself is believed, and its keys.
const BELIEVED_FOR: SignedDuration = SignedDuration::from_hours(1);
/// How soon keys are read again because one is not among them.
const READ_AGAIN: SignedDuration = SignedDuration::from_secs(30);

/// How long a provider that did not help is not asked again.
const LEFT_ALONE: Duration = Duration::from_secs(5);
/// The longest answer that is read, in bytes.
const LONGEST: usize = 1024 * 1024;

/// Why the provider did not help. Holds nothing of what it was asked or told.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Away {
    /// It did not answer, or not with what can be used.
    #[error("the identity provider does not answer: {0}")]
    Unreachable(String),
    /// It says of itself what is not so.
    #[error("the identity provider is not set up right: {0}")]
    Wrong(String),
    /// It does not take the code.
    #[error("the identity provider did not take the code: {0}")]
    Code(String),
}

/// What the provider says of itself (OpenID Connect Discovery 1.0).
#[derive(Clone, Debug, Deserialize)]
pub struct Discovery {
    issuer: String,
    #[serde(deserialize_with = "url")]
    authorization_endpoint: Url,
    #[serde(deserialize_with = "url")]
    token_endpoint: Url,
    #[serde(deserialize_with = "url")]
    jwks_uri: Url,
    #[serde(default)]
    end_session_endpoint: Option<String>,
    #[serde(default)]
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
}

#[derive(Clone)]
struct Known {
    discovery: Arc<Discovery>,
    keys: Arc<JwkSet>,
    read_at: Timestamp,
}

/// The provider of a console, with what is known of it. Clones know it together.
#[derive(Clone)]
pub struct Provider {
    http: reqwest::Client,
    known: Arc<Mutex<Asked>>,
}

/// What came of asking the provider about itself.
#[derive(Default)]
struct Asked {
    known: Option<Known>,
    /// Why it did not help when it was last asked, and until when that is believed.
    away: Option<(Away, Instant)>,
}

fn url<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Url, D::Error> {
    Url::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
}

#[derive(Deserialize)]
struct Tokens {
    id_token: String,
}

impl Provider {
    /// The provider of these settings, of which nothing is known yet.
    ///
    /// # Errors
    /// When there can be no HTTP client.
    pub fn new(settings: &Settings) -> Result<Self, reqwest::Error> {
        let mut http = reqwest::Client::builder().timeout(PATIENCE).redirect(Policy::none());
        if let Ok(issuer) = Url::parse(&settings.issuer) {
            http = reaching(http, &issuer);
        }
        Ok(Self { http: http.build()?, known: Arc::default() })
    }

    /// Where a browser is sent to sign in.
    pub async fn entrance(&self, settings: &Settings, attempt: &Attempt, now: Timestamp) -> Result<Url, Away> {
        let mut url = self.known(settings, now).await?.discovery.authorization_endpoint.clone();
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &settings.client)
            .append_pair("redirect_uri", &settings.at(super::CALLBACK))
            .append_pair("scope", "openid profile email")
            .append_pair("state", &attempt.state())
            .append_pair("nonce", &attempt.nonce())
            .append_pair("code_challenge", &attempt.challenge())
            .append_pair("code_challenge_method", "S256");
        Ok(url)
    }

    /// Where a browser is sent to sign out there too; `None` where the provider has no such address.
    pub async fn exit(&self, settings: &Settings, now: Timestamp) -> Result<Option<Url>, Away> {
        let discovery = self.known(settings, now).await?.discovery;
        let exit = discovery.end_session_endpoint.as_deref().and_then(|exit| Url::parse(exit).ok());
        let Some(mut url) = exit.filter(|exit| ["https", "http"].contains(&exit.scheme())) else { return Ok(None) };
        let back = settings.at(super::SIGNED_OUT);
        url.query_pairs_mut()
            .append_pair("client_id", &settings.client)
            .append_pair("post_logout_redirect_uri", &back)
            // What Cognito calls the same.
            .append_pair("logout_uri", &back);
        Ok(Some(url))
    }

    /// The token for a code.
    pub async fn token(
        &self,
        settings: &Settings,
        attempt: &Attempt,
        code: &str,
        now: Timestamp,
    ) -> Result<String, Away> {
        let discovery = self.known(settings, now).await?.discovery;
        let (verifier, back) = (attempt.verifier(), settings.at(super::CALLBACK));
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", &back),
            ("client_id", &settings.client),
            ("code_verifier", &verifier),
        ];
        let mut request = self.http.post(discovery.token_endpoint.clone());
        if let Some(secret) = &settings.secret {
            let methods = discovery.token_endpoint_auth_methods_supported.as_deref();
            // Where it says nothing, this is what it takes.
            if methods.is_none_or(|methods| methods.iter().any(|method| method == "client_secret_basic")) {
                let encode = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
                request = request.basic_auth(encode(&settings.client), Some(encode(secret.expose_secret())));
            } else {
                form.push(("client_secret", secret.expose_secret()));
            }
        }
        let answer = request.form(&form).send().await.map_err(|error| unreachable(&error))?;
        let status = answer.status();
        if status.is_client_error() {
            return Err(Away::Code(format!("it answered {}", status.as_u16())));
        }
        Ok(read::<Tokens>(answer).await?.id_token)
    }

    /// The key with which a token says that it is signed; one that is not known yet is looked for once more, because
    /// providers change them.
    pub async fn key(&self, settings: &Settings, kid: Option<&str>, now: Timestamp) -> Result<Option<Jwk>, Away> {
        let known = self.known(settings, now).await?;
        if let Some(key) = find(&known.keys, kid) {
            return Ok(Some(key));
        }
        if now.duration_since(known.read_at).abs() < READ_AGAIN {
            return Ok(None);
        }
        self.known.lock().await.known = None;
        Ok(find(&self.known(settings, now).await?.keys, kid))
    }

    /// What the provider says of itself, and its keys. Whoever asks while it is being asked waits for that, and is told the
    /// same: of twenty people who wait for a provider that hangs, nobody waits for the others.
    async fn known(&self, settings: &Settings, now: Timestamp) -> Result<Known, Away> {
        let mut asked = self.known.lock().await;
        if let Some(known) = &asked.known
            && now.duration_since(known.read_at).abs() < BELIEVED_FOR
        {
            return Ok(known.clone());
        }
        if let Some((away, until)) = &asked.away
            && Instant::now() < *until
        {
            return Err(away.clone());
        }
        let read = self.read_about(settings, now).await;
        match &read {
            Ok(known) => *asked = Asked { known: Some(known.clone()), away: None },
            Err(away) => asked.away = Some((away.clone(), Instant::now() + LEFT_ALONE)),
        }
        read
    }

    async fn read_about(&self, settings: &Settings, now: Timestamp) -> Result<Known, Away> {
        let address = format!("{}/.well-known/openid-configuration", settings.issuer.trim_end_matches('/'));
        let discovery: Discovery = self.get(&address).await?;
        if discovery.issuer != settings.issuer {
            return Err(Away::Wrong("it names itself otherwise than the setting console/issuer".to_owned()));
        }
        let ends = [&discovery.authorization_endpoint, &discovery.token_endpoint, &discovery.jwks_uri];
        if settings.issuer.starts_with("https:") && ends.iter().any(|end| end.scheme() != "https") {
            return Err(Away::Wrong("one of its addresses is not https".to_owned()));
        }
        let keys: JwkSet = self.get(discovery.jwks_uri.as_str()).await?;
        Ok(Known { discovery: Arc::new(discovery), keys: Arc::new(keys), read_at: now })
    }

    async fn get<T: DeserializeOwned>(&self, address: &str) -> Result<T, Away> {
        let answer = self.http.get(address).send().await.map_err(|error| unreachable(&error))?;
        read(answer).await
    }
}

/// The key with this id; without an id, the only one.
fn find(keys: &JwkSet, kid: Option<&str>) -> Option<Jwk> {
    match (kid, keys.keys.as_slice()) {
        (Some(kid), _) => keys.find(kid).cloned(),
        (None, [only]) => Some(only.clone()),
        (None, _) => None,
    }
}

async fn read<T: DeserializeOwned>(mut answer: reqwest::Response) -> Result<T, Away> {
    let status = answer.status();
    if !status.is_success() {
        return Err(Away::Unreachable(format!("it answered {}", status.as_u16())));
    }
    let mut body = Vec::new();
    while let Some(bytes) = answer.chunk().await.map_err(|error| unreachable(&error))? {
        body.extend_from_slice(&bytes);
        if body.len() > LONGEST {
            return Err(Away::Unreachable("its answer is too long".to_owned()));
        }
    }
    let expected = |_| Away::Unreachable("its answer is not what the standard says".to_owned());
    serde_json::from_slice(&body).map_err(expected)
}

/// Without the address, which may hold a code.
fn unreachable(error: &reqwest::Error) -> Away {
    let why = if error.is_timeout() {
        "it took longer than ten seconds"
    } else if error.is_connect() {
        "no connection"
    } else {
        "the connection broke off"
    };
    Away::Unreachable(why.to_owned())
}
