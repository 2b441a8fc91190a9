//! How a secret is read, and which is refused.

use jiff::Timestamp;
use ledger::{KeysInDisorder, PseudonymKey, PseudonymKeys};
use platforms::Secret;
use secrecy::{ExposeSecret, SecretString};

use super::SettingError;

/// The fewest characters of a webhook secret. Who guesses one forges events, and can try as often as he likes on any
/// delivery that he has seen. Those of Meta have 32 and those of X 50; LinkedIn documents no length, and gave none with
/// fewer so far; YouTube's the organisation chooses itself.
const SHORTEST_SECRET: usize = 16;

/// Where the keys of the pseudonyms are looked up.
pub(super) const PSEUDONYM_KEY: &str = "pseudonym-key";

/// How a setting is looked up, by its path: `webhook-secrets/facebook`, `verify-tokens/facebook`,
/// `access-tokens/facebook/1234`, `pseudonym-key`.
pub(super) type Lookup<'l> = &'l dyn Fn(&str) -> Option<SecretString>;

/// Reads `KEY`, or after rotations `KEY,KEY@TIME,KEY@TIME`: the newest, then those before it, each with the time at which
/// it was replaced. They stand in one setting, so that nobody ever reads the one without the other. A comma always stands
/// between two keys, and no key begins or ends with white space: a line break at the end of a key would be part of it, and
/// lost when it becomes an older one.
pub(super) fn pseudonym_keys(secret: &SecretString) -> Result<PseudonymKeys, SettingError> {
    let wrong = |reason| SettingError { name: PSEUDONYM_KEY.to_owned(), reason };
    let short = |_| wrong("is too short, expected at least 16 bytes");
    // Taken as a part of the key it would make it another one, and nobody would see why.
    let key = |key: &str| match key.trim() == key {
        true => PseudonymKey::new(key.as_bytes()).map_err(short),
        false => Err(wrong("has white space beside a key, expected KEY or KEY,KEY@TIME without any")),
    };
    let Some((newest, older)) = secret.expose_secret().split_once(',') else {
        return key(secret.expose_secret()).map(PseudonymKeys::from);
    };
    let replaced = |entry: &str| {
        let (secret, time) = entry.rsplit_once('@').ok_or(wrong(
            "has an older key without a time, expected KEY,KEY@TIME with the time at which the older one is replaced; a key \
             itself holds no comma",
        ))?;
        let time: Timestamp = time
            .parse()
            .map_err(|_| wrong("has a time that cannot be read, expected the form KEY,KEY@2026-11-22T09:00:00Z"))?;
        Ok((key(secret)?, time))
    };
    let older = older.split(',').map(replaced).collect::<Result<_, _>>()?;
    PseudonymKeys::new(key(newest)?, older).map_err(|disorder| match disorder {
        KeysInDisorder::Order => wrong("has keys in disorder, expected the newest first, with times that descend"),
        KeysInDisorder::Twice => wrong("holds one key twice, expected different ones"),
    })
}

/// Whether a secret or token has fewer characters than any that a platform gives.
pub(super) fn is_short(secret: &SecretString) -> bool {
    secret.expose_secret().trim().chars().count() < SHORTEST_SECRET
}

pub(super) fn required(path: &str, lookup: Lookup<'_>) -> Result<SecretString, SettingError> {
    let reason = match lookup(path) {
        Some(value) if !value.expose_secret().trim().is_empty() => return Ok(value),
        Some(_) => "is empty, expected a secret",
        None => "is not set",
    };
    Err(SettingError { name: path.to_owned(), reason })
}

/// A comma-separated list of secrets, all active at once.
pub(super) fn list(path: &str, lookup: Lookup<'_>) -> Result<Option<Vec<Secret>>, SettingError> {
    let Some(value) = lookup(path) else { return Ok(None) };
    let secrets: Vec<Secret> =
        value.expose_secret().split(',').map(str::trim).filter(|s| !s.is_empty()).map(Secret::from).collect();
    if secrets.is_empty() {
        return Err(SettingError {
            name: path.to_owned(),
            reason: "is empty, expected one or more secrets separated by commas",
        });
    }
    Ok(Some(secrets))
}
