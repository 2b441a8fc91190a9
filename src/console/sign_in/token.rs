//! The token by which the provider says who somebody is, and why one is not believed.

use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::jwk::{AlgorithmParameters, Jwk, PublicKeyUse};
use jsonwebtoken::{Algorithm, AlgorithmFamily, DecodingKey, Header, Validation, decode, decode_header};
use policy::Person;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::role::Roles;
use crate::settings::Settings;

/// By how much the clocks of the provider and of this machine may differ.
const SKEW: SignedDuration = SignedDuration::from_mins(5);

/// The longest token that is looked at, in bytes: one with many groups has some thousand.
const LONGEST: usize = 64 * 1024;

/// The longest identifier that a name has behind it; of a longer one stands the hash.
const LONGEST_ID: usize = 64;

/// Why a token is not believed. It says what was found, and nothing of what stands in the token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotBelieved {
    /// It is no token.
    #[error("it is no signed token")]
    Malformed,
    /// It is signed in a way in which no provider signs: not at all, or with a secret that both sides have.
    #[error("it is not signed with a public key, expected RS, PS, ES or EdDSA")]
    Algorithm,
    /// It is signed with a key that the provider does not publish.
    #[error("its key is none of those that the provider publishes")]
    Key,
    /// The signature is not of this key.
    #[error("the signature is wrong")]
    Signature,
    /// Another provider has made it.
    #[error("it is of another issuer")]
    Issuer,
    /// It is for another program.
    #[error("it is for another audience")]
    Audience,
    /// Its time is over, or it says no time.
    #[error("its time is over, by more than five minutes")]
    Expired,
    /// It was made in the future.
    #[error("it was made in the future, by more than five minutes: one of the clocks is wrong")]
    Early,
    /// It is the answer to another attempt.
    #[error("it is the answer to another attempt to sign in")]
    Nonce,
    /// It names nobody.
    #[error("it names nobody: the claim of the identifier is missing")]
    Nobody,
}

/// What the provider says of somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// Who it is.
    pub person: Person,
    /// What they may do here.
    pub roles: Roles,
    /// Until when the token is believed.
    pub until: Timestamp,
}

/// The header of a token, of which the signature is of a sort that providers use.
///
/// # Errors
/// When it is none.
pub fn header(token: &str) -> Result<Header, NotBelieved> {
    if token.len() > LONGEST {
        return Err(NotBelieved::Malformed);
    }
    // An algorithm that it does not know, `none` among them, is no header.
    let header = decode_header(token).map_err(|_| NotBelieved::Algorithm)?;
    let is_public = matches!(header.alg.family(), AlgorithmFamily::Rsa | AlgorithmFamily::Ec | AlgorithmFamily::Ed);
    if is_public { Ok(header) } else { Err(NotBelieved::Algorithm) }
}

/// What a token says, which answers the attempt with this nonce.
///
/// # Errors
/// Why it is not believed.
pub fn believed(token: &str, key: &Jwk, settings: &Settings, nonce: &str, now: Timestamp) -> Result<Told, NotBelieved> {
    let algorithm = header(token)?.alg;
    let claims = signed(token, key, algorithm, settings)?;
    let time = |name: &str| claims.get(name).and_then(Value::as_f64).and_then(seconds);
    let expires = time("exp").ok_or(NotBelieved::Expired)?;
    let until = expires.saturating_add(SKEW).unwrap_or(Timestamp::MAX);
    if until <= now {
        return Err(NotBelieved::Expired);
    }
    let latest = now.saturating_add(SKEW).unwrap_or(Timestamp::MAX);
    if ["iat", "nbf"].iter().any(|name| time(name).is_some_and(|at| at > latest)) {
        return Err(NotBelieved::Early);
    }
    if claims.get("nonce").and_then(Value::as_str) != Some(nonce) {
        return Err(NotBelieved::Nonce);
    }
    // Of a token for several programs, the one that asked for it is named.
    if claims.get("azp").is_some_and(|party| party.as_str() != Some(&settings.client)) {
        return Err(NotBelieved::Audience);
    }
    let person = person(&claims, &settings.id_claim).ok_or(NotBelieved::Nobody)?;
    let roles = settings.roles(values(&claims, &settings.roles_claim).into_iter());
    Ok(Told { person, roles, until })
}

/// What stands in a token that is signed with this key, by this provider and for this program.
fn signed(token: &str, key: &Jwk, algorithm: Algorithm, settings: &Settings) -> Result<Value, NotBelieved> {
    let is_public = matches!(
        key.algorithm,
        AlgorithmParameters::RSA(_) | AlgorithmParameters::EllipticCurve(_) | AlgorithmParameters::OctetKeyPair(_)
    );
    let signs = key.common.public_key_use.as_ref().is_none_or(|purpose| *purpose == PublicKeyUse::Signature);
    let is_meant = key.common.key_algorithm.is_none_or(|meant| Algorithm::try_from(meant).ok() == Some(algorithm));
    if !is_public || !signs || !is_meant {
        return Err(NotBelieved::Key);
    }
    let key = DecodingKey::from_jwk(key).map_err(|_| NotBelieved::Key)?;
    let mut validation = Validation::new(algorithm);
    validation.set_issuer(&[&settings.issuer]);
    validation.set_audience(&[&settings.client]);
    validation.set_required_spec_claims(&["exp", "iss", "aud"]);
    // Times are looked at by our own clock, which can be moved.
    validation.validate_exp = false;
    let decoded = decode::<Value>(token, &key, &validation);
    decoded.map(|decoded| decoded.claims).map_err(|error| match error.kind() {
        ErrorKind::InvalidIssuer => NotBelieved::Issuer,
        ErrorKind::InvalidAudience => NotBelieved::Audience,
        ErrorKind::InvalidAlgorithm | ErrorKind::InvalidKeyFormat => NotBelieved::Key,
        ErrorKind::InvalidSignature => NotBelieved::Signature,
        ErrorKind::MissingRequiredClaim(claim) => match claim.as_str() {
            "iss" => NotBelieved::Issuer,
            "aud" => NotBelieved::Audience,
            _ => NotBelieved::Expired,
        },
        ErrorKind::InvalidToken | ErrorKind::Base64(_) | ErrorKind::Json(_) | ErrorKind::Utf8(_) => {
            NotBelieved::Malformed
        }
        _ => NotBelieved::Signature,
    })
}

/// Who somebody is: by the identifier that stays, and the first of the usual claims that holds a name.
fn person(claims: &Value, id_claim: &str) -> Option<Person> {
    let text = |name: &str| claims.get(name).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty());
    let id = text(id_claim)?;
    let is_plain =
        id.len() <= LONGEST_ID && id.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'[' | b']'));
    let id = if is_plain { id.to_owned() } else { hashed(id) };
    let whole = Some([text("given_name"), text("family_name")].into_iter().flatten().collect::<Vec<_>>().join(" "));
    let names = [text("name").map(str::to_owned), whole, text("preferred_username").map(str::to_owned)];
    let names = names.into_iter().flatten().chain(text("email").map(str::to_owned)).chain([format!("Utente {id}")]);
    names.filter_map(|name| Person::signed_in(&name, &id).ok()).next()
}

fn hashed(id: &str) -> String {
    Sha256::digest(id).iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// The values of a claim: those of a list, or a single one. A name that is none leads, at its dots, from one claim to the
/// one within.
fn values<'c>(claims: &'c Value, name: &str) -> Vec<&'c str> {
    let within = || name.split('.').try_fold(claims, |claims, name| claims.get(name));
    match claims.get(name).or_else(within) {
        Some(Value::Array(values)) => values.iter().filter_map(Value::as_str).collect(),
        Some(Value::String(value)) => vec![value],
        _ => Vec::new(),
    }
}

/// A time as tokens have it: seconds since 1970, perhaps with a part of one.
fn seconds(number: f64) -> Option<Timestamp> {
    // Out of range is no time.
    Timestamp::from_second(format!("{number:.0}").parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_person_is_named_by_what_the_provider_has() {
        let name = |claims: Value| person(&claims, "sub").map(|person| person.to_string());
        assert_eq!(name(json!({ "sub": "a-1", "name": "Anna Bianchi" })).unwrap(), "Anna Bianchi [a-1]");
        assert_eq!(name(json!({ "sub": "a-1", "given_name": "Anna", "family_name": "B." })).unwrap(), "Anna B. [a-1]");
        assert_eq!(
            name(json!({ "sub": "a-1", "name": "12", "email": "anna@example.it" })).unwrap(),
            "anna@example.it [a-1]"
        );
        assert_eq!(name(json!({ "sub": "a-1" })).unwrap(), "Utente a-1 [a-1]");
        assert_eq!(name(json!({ "name": "Anna" })), None);
        let odd = name(json!({ "sub": "è [1]", "name": "Anna" })).unwrap();
        assert!(odd.starts_with("Anna [") && odd.len() == "Anna []".len() + 32, "{odd}");
    }

    #[test]
    fn a_claim_may_stand_within_another() {
        let claims = json!({ "realm_access": { "roles": ["a", 1, "b"] }, "one": "c", "x.y": ["d"] });
        for (name, found) in
            [("realm_access.roles", vec!["a", "b"]), ("one", vec!["c"]), ("x.y", vec!["d"]), ("no", vec![])]
        {
            assert_eq!(values(&claims, name), found, "{name}");
        }
        assert_eq!(
            (seconds(1.6e9).unwrap().as_second(), seconds(f64::MAX), seconds(f64::NAN)),
            (1_600_000_000, None, None)
        );
    }
}
