//! The key of the provider: ECDSA on the curve P-256 (ES256, RFC 7518, section 3.4), another at each start.

use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

/// How many bytes a coordinate of a point has.
const COORDINATE: usize = 32;

/// A key to sign with, and its name.
pub struct SigningKey {
    pair: EcdsaKeyPair,
    id: String,
}

impl SigningKey {
    /// Another key; `None` where the machine gives none.
    pub fn generate() -> Option<Self> {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).ok()?;
        Some(Self { pair, id: random()? })
    }

    /// The public half, as a JSON Web Key (RFC 7517).
    pub fn public(&self) -> Value {
        // A point that is not compressed: 4, then both coordinates.
        let point = self.pair.public_key().as_ref();
        let at = |from: usize| URL_SAFE_NO_PAD.encode(point.get(from..from + COORDINATE).unwrap_or_default());
        json!({ "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": self.id, "x": at(1), "y": at(1 + COORDINATE) })
    }

    /// Claims with a signature (RFC 7515, compact).
    pub fn signed(&self, claims: &Value) -> Option<String> {
        let header = json!({ "typ": "JWT", "alg": "ES256", "kid": self.id });
        let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let text = format!("{}.{}", encode(&header), encode(claims));
        let signature = self.pair.sign(&SystemRandom::new(), text.as_bytes()).ok()?;
        Some(format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature.as_ref())))
    }
}

/// A word that nobody can guess; `None` where the machine gives no random bytes.
pub fn random() -> Option<String> {
    let mut bytes = [0; 24];
    SystemRandom::new().fill(&mut bytes).ok()?;
    Some(URL_SAFE_NO_PAD.encode(bytes))
}
