//! The secrets and addresses that a deployment sets, wherever they are kept.

use std::collections::HashMap;

use jiff::Timestamp;
use ledger::{KeysInDisorder, PseudonymKey, PseudonymKeys};
use platforms::{Endpoints, Secret, Tokens, WebhookSecrets};
use policy::{Account, AccountState, Platform};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

/// What every webhook secret is where none is set. It is public: whoever uses it says so loudly at start.
pub const DEVELOPMENT_SECRET: &str = "galateo-development-secret";

/// The fewest characters of a webhook secret. Who guesses one forges events, and can try as often as he likes on any
/// delivery that he has seen. Those of Meta have 32 and those of X 50; LinkedIn documents no length, and gave none with
/// fewer so far; YouTube's the organisation chooses itself.
const SHORTEST_SECRET: usize = 16;

/// Where the keys of the pseudonyms are looked up.
const PSEUDONYM_KEY: &str = "pseudonym-key";

/// A setting that cannot be used. Never holds a value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("setting {name}: {reason}")]
pub struct SettingError {
    /// The name of the setting.
    pub name: String,
    /// What is wrong with it, and what is expected.
    pub reason: &'static str,
}

/// The secrets of a deployment. Its `Debug` prints none of them.
#[derive(Clone, Debug)]
pub struct Settings {
    webhooks: HashMap<Platform, WebhookSecrets>,
    tokens: Tokens,
    pseudonym_keys: PseudonymKeys,
    development: bool,
}

/// How a setting is looked up, by its path: `webhook-secrets/facebook`, `verify-tokens/facebook`,
/// `access-tokens/facebook/1234`, `pseudonym-key`.
type Lookup<'l> = &'l dyn Fn(&str) -> Option<SecretString>;

impl Settings {
    /// Reads the settings of a deployment. A webhook without a secret believes nobody: see
    /// [`Settings::require_webhook`].
    ///
    /// # Errors
    /// The first setting that is needed and missing, or empty, or too short.
    pub fn deployed(accounts: &[Account], lookup: Lookup<'_>) -> Result<Self, SettingError> {
        let mut settings = Self::without_secrets(pseudonym_keys(&required(PSEUDONYM_KEY, lookup)?)?);
        settings.read(accounts, lookup)?;
        Ok(settings)
    }

    /// Reads the settings of a laptop: whatever is not set is [`DEVELOPMENT_SECRET`].
    ///
    /// # Errors
    /// The first setting that is there and empty, or too short.
    pub fn local(accounts: &[Account], lookup: Lookup<'_>) -> Result<Self, SettingError> {
        let key = lookup(PSEUDONYM_KEY).unwrap_or_else(|| SecretString::from(DEVELOPMENT_SECRET));
        let mut settings = Self::without_secrets(pseudonym_keys(&key)?);
        let mut needed = Platform::ALL.iter().map(|platform| webhook_path(*platform)).chain([PSEUDONYM_KEY.to_owned()]);
        settings.development = needed.any(|path| lookup(&path).is_none());
        let or_development = |path: &str| {
            let fallback = !path.starts_with("verify-tokens/");
            lookup(path).or_else(|| fallback.then(|| SecretString::from(DEVELOPMENT_SECRET)))
        };
        settings.read(accounts, &or_development)?;
        Ok(settings)
    }

    fn without_secrets(pseudonym_keys: PseudonymKeys) -> Self {
        Self { webhooks: HashMap::new(), tokens: Tokens::default(), pseudonym_keys, development: false }
    }

    fn read(&mut self, accounts: &[Account], lookup: Lookup<'_>) -> Result<(), SettingError> {
        for platform in Platform::ALL.iter().copied() {
            let Some(signing) = list(&webhook_path(platform), lookup)? else { continue };
            if signing.iter().any(is_short) {
                let reason = "holds a secret of fewer than 16 characters, expected the whole secret that the platform \
                              gave, or for YouTube one of 16 or more";
                return Err(SettingError { name: webhook_path(platform), reason });
            }
            let verify_tokens = list(&verify_path(platform), lookup)?;
            if verify_tokens.iter().flatten().any(is_short) {
                let reason = "holds a token of fewer than 16 characters, expected one of 16 or more, which you choose";
                return Err(SettingError { name: verify_path(platform), reason });
            }
            let verify_tokens = verify_tokens.unwrap_or_else(|| signing.clone());
            self.webhooks.insert(platform, WebhookSecrets { signing, verify_tokens });
        }
        for account in accounts {
            if let Some(token) = lookup(&token_path(account)) {
                if is_short(&token) {
                    let reason =
                        "is empty or shorter than 16 characters, expected the whole token that the platform gave";
                    return Err(SettingError { name: token_path(account), reason });
                }
                self.tokens.set(account.platform, account.id.clone(), token);
            }
        }
        Ok(())
    }

    /// The secrets of a platform's webhook; empty, so that nothing is authentic, where none is set.
    pub fn webhook(&self, platform: Platform) -> WebhookSecrets {
        self.webhooks.get(&platform).cloned().unwrap_or_default()
    }

    /// Makes sure that a platform with an account in use has a webhook secret: without one every delivery would
    /// be refused in silence.
    ///
    /// # Errors
    /// When it has none.
    pub fn require_webhook(&self, platform: Platform, accounts: &[Account]) -> Result<(), SettingError> {
        let is_active = |account: &Account| account.platform == platform && account.state == AccountState::Active;
        let has_accounts = accounts.iter().any(is_active);
        if has_accounts && self.webhook(platform).signing.is_empty() {
            return Err(SettingError { name: webhook_path(platform), reason: "is not set" });
        }
        Ok(())
    }

    /// Takes other access tokens, such as those of a sandbox that plays the platforms.
    pub fn set_tokens(&mut self, tokens: Tokens) {
        self.tokens = tokens;
    }

    /// The access tokens.
    pub fn tokens(&self) -> &Tokens {
        &self.tokens
    }

    /// The keys of the pseudonyms.
    pub fn pseudonym_keys(&self) -> &PseudonymKeys {
        &self.pseudonym_keys
    }

    /// Whether any webhook, or the pseudonyms, use the public development secret.
    pub fn is_development(&self) -> bool {
        self.development
    }

    /// The names of all secrets that an organisation with these accounts can set, but the pseudonym key.
    pub fn names_of_secrets(accounts: &[Account]) -> Vec<String> {
        let webhooks = Platform::ALL.iter().flat_map(|platform| [webhook_path(*platform), verify_path(*platform)]);
        webhooks.chain(accounts.iter().map(token_path)).collect()
    }

    /// Those of these variables that are meant to hold a secret and name no platform, or no account of these: a letter is
    /// missing, and what they hold counts for nothing.
    pub fn unknown_variables(accounts: &[Account], variables: impl Iterator<Item = String>) -> Vec<String> {
        const MEANT: [&str; 3] = ["GALATEO_SECRETS_", "GALATEO_VERIFY_TOKENS_", "GALATEO_ACCESS_TOKENS_"];
        let known: Vec<String> = Self::names_of_secrets(accounts).iter().map(|path| Self::variable(path)).collect();
        let is_unknown = |name: &String| MEANT.iter().any(|meant| name.starts_with(meant)) && !known.contains(name);
        let mut unknown: Vec<String> = variables.filter(is_unknown).collect();
        unknown.sort();
        unknown
    }

    /// Whether a secret is one of those by which the webhook of this platform tells what is authentic.
    pub fn is_webhook_secret_of(name: &str, platform: Platform) -> bool {
        name == webhook_path(platform) || name == verify_path(platform)
    }

    /// Whether a secret is the access token of an account.
    pub fn is_access_token(name: &str) -> bool {
        name.starts_with("access-tokens/")
    }

    /// The name of the environment variable that holds a setting on a laptop: `webhook-secrets/facebook` is
    /// `GALATEO_SECRETS_FACEBOOK`, `access-tokens/facebook/1234` is `GALATEO_ACCESS_TOKENS_FACEBOOK_1234`.
    pub fn variable(path: &str) -> String {
        let path = path.replacen("webhook-secrets", "secrets", 1);
        let name = path.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' });
        format!("GALATEO_{}", name.collect::<String>())
    }
}

/// The address under which the public reaches a server of ours, without what belongs to a single page.
///
/// # Errors
/// When it is no address of a web server.
pub fn public_address(text: &str) -> Result<Url, SettingError> {
    let wrong = || SettingError {
        name: "address".to_owned(),
        reason: "is not the address of a web server, expected for example https://galateo.example.it",
    };
    let url = Url::parse(text.trim()).map_err(|_| wrong())?;
    let is_plain =
        url.query().is_none() && url.fragment().is_none() && url.username().is_empty() && url.password().is_none();
    if is_plain && matches!(url.scheme(), "https" | "http") && url.has_host() { Ok(url) } else { Err(wrong()) }
}

/// Where the webhook secrets of a platform are looked up.
fn webhook_path(platform: Platform) -> String {
    format!("webhook-secrets/{platform}")
}

/// Where the verify tokens of a platform are looked up.
fn verify_path(platform: Platform) -> String {
    format!("verify-tokens/{platform}")
}

/// Where the token of an account is looked up. A parameter's name takes no colon, so of a URN only its last part
/// stands there.
fn token_path(account: &Account) -> String {
    let id = account.id.as_str();
    let id = id.rsplit_once(':').map_or(id, |(_, last)| last);
    format!("access-tokens/{}/{id}", account.platform)
}

/// Reads `KEY`, or after rotations `KEY,KEY@TIME,KEY@TIME`: the newest, then those before it, each with the time at which
/// it was replaced. They stand in one setting, so that nobody ever reads the one without the other. A comma always stands
/// between two keys, and no key begins or ends with white space: a line break at the end of a key would be part of it, and
/// lost when it becomes an older one.
fn pseudonym_keys(secret: &SecretString) -> Result<PseudonymKeys, SettingError> {
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
fn is_short(secret: &SecretString) -> bool {
    secret.expose_secret().trim().chars().count() < SHORTEST_SECRET
}

fn required(path: &str, lookup: Lookup<'_>) -> Result<SecretString, SettingError> {
    let reason = match lookup(path) {
        Some(value) if !value.expose_secret().trim().is_empty() => return Ok(value),
        Some(_) => "is empty, expected a secret",
        None => "is not set",
    };
    Err(SettingError { name: path.to_owned(), reason })
}

/// Where the platforms' APIs are: the real ones in the versions that `GALATEO_GRAPH_VERSION` (`v26.0`) and
/// `GALATEO_LINKEDIN_VERSION` (`202607`) name, or the sandbox at `GALATEO_SANDBOX_URL`.
///
/// # Errors
/// When an address or version is not of the expected form.
pub fn endpoints(lookup: &dyn Fn(&str) -> Option<String>) -> Result<Endpoints, SettingError> {
    let wrong = |name: &str, reason| SettingError { name: name.to_owned(), reason };
    if let Some(base) = lookup("GALATEO_SANDBOX_URL") {
        let base = Url::parse(&base).map_err(|_| wrong("GALATEO_SANDBOX_URL", "is not an address"))?;
        return Ok(Endpoints::sandbox(&base));
    }
    let mut endpoints = Endpoints::production();
    if let Some(version) = lookup("GALATEO_GRAPH_VERSION") {
        let digits = version.strip_prefix('v').and_then(|version| version.split_once('.'));
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        if !digits.is_some_and(|(major, minor)| is_number(major) && is_number(minor)) {
            return Err(wrong("GALATEO_GRAPH_VERSION", "is not a version, expected the form v26.0"));
        }
        endpoints.set_graph_version(&version);
    }
    if let Some(version) = lookup("GALATEO_LINKEDIN_VERSION") {
        if version.len() != 6 || !version.bytes().all(|b| b.is_ascii_digit()) {
            return Err(wrong("GALATEO_LINKEDIN_VERSION", "is not a version, expected the form 202607"));
        }
        endpoints.linkedin_version = version;
    }
    Ok(endpoints)
}

/// A comma-separated list of secrets, all active at once.
fn list(path: &str, lookup: Lookup<'_>) -> Result<Option<Vec<Secret>>, SettingError> {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn from<'m>(values: &'m [(&'m str, &'m str)]) -> impl Fn(&str) -> Option<SecretString> + 'm {
        move |path| values.iter().find(|(name, _)| *name == path).map(|(_, value)| SecretString::from(*value))
    }

    fn exposed(secrets: &[Secret]) -> Vec<&str> {
        secrets.iter().map(ExposeSecret::expose_secret).collect()
    }

    #[test]
    fn two_secrets_are_active_during_a_rotation() {
        let settings =
            Settings::local(&[], &from(&[("webhook-secrets/x", "the new secret of X, the old secret of X")]));
        let x = settings.unwrap().webhook(Platform::X);
        assert_eq!(exposed(&x.signing), ["the new secret of X", "the old secret of X"]);
        assert_eq!(exposed(&x.verify_tokens), exposed(&x.signing));
    }

    #[test]
    fn on_a_laptop_what_is_not_set_is_the_development_secret() {
        let settings = Settings::local(&[], &from(&[])).unwrap();
        assert_eq!(exposed(&settings.webhook(Platform::Facebook).signing), [DEVELOPMENT_SECRET]);
        assert!(settings.is_development());
    }

    #[test]
    fn a_deployment_without_a_webhook_secret_believes_nobody() {
        let settings = Settings::deployed(&[], &from(&[(PSEUDONYM_KEY, "a key of some length")])).unwrap();
        assert!(settings.webhook(Platform::Facebook).signing.is_empty());
        assert!(!settings.is_development());
    }

    #[test]
    fn a_deployment_needs_a_pseudonym_key() {
        let error = Settings::deployed(&[], &from(&[])).unwrap_err();
        assert_eq!(error.to_string(), "setting pseudonym-key: is not set");
    }

    #[test]
    fn after_a_rotation_the_older_keys_stand_behind_the_newest_with_the_times_at_which_they_were_replaced() {
        let keys = |value: &str| {
            let settings = Settings::deployed(&[], &from(&[(PSEUDONYM_KEY, value)]));
            settings.map(|_| ()).map_err(|error| error.to_string())
        };
        let [one, two, three] = ["the first of the keys", "the second of the keys", "the third of the keys"];
        for right in [
            "a key with @ in it".to_owned(),
            format!("{two},{one}@2026-11-22T09:00:00Z"),
            format!("{two},{one}@home@2026-11-22T10:00:00+01:00"),
            format!("{three},{two}@2027-11-22T09:00:00Z,{one}@2026-11-22T09:00:00Z"),
        ] {
            assert_eq!(keys(&right), Ok(()), "{right}");
        }
        for (wrong, reason) in [
            (format!("{one}\n"), "has white space beside a key"),
            (format!("{two},{one}"), "has an older key without a time"),
            (format!("{two},{one}@yesterday"), "has a time that cannot be read"),
            (format!("{two},"), "has an older key without a time"),
            (format!("{two}, {one}@2026-11-22T09:00:00Z"), "has white space beside a key"),
            (format!("{two},short@2026-11-22T09:00:00Z"), "is too short"),
            (format!("{one},{one}@2026-11-22T09:00:00Z"), "holds one key twice"),
            (format!("{three},{two}@2026-11-22T09:00:00Z,{one}@2027-11-22T09:00:00Z"), "has keys in disorder"),
        ] {
            let error = keys(&wrong).unwrap_err();
            assert!(error.starts_with(&format!("setting pseudonym-key: {reason}")), "{error}");
            assert!(![one, two, three, "yesterday", "short@"].iter().any(|value| error.contains(value)), "{error}");
        }
    }

    #[test]
    fn an_empty_list_of_secrets_is_refused() {
        let error = Settings::local(&[], &from(&[("webhook-secrets/x", " , ")])).unwrap_err();
        assert_eq!(
            error.to_string(),
            "setting webhook-secrets/x: is empty, expected one or more secrets separated by commas"
        );
    }

    #[test]
    fn a_secret_that_can_be_guessed_is_refused_beside_a_long_one_too() {
        let long = "0123456789abcdef";
        for platform in Platform::ALL.iter().copied() {
            let path = webhook_path(platform);
            for (secrets, is_right) in [("a", false), (&long[1..], false), (long, true), (&format!("{long},b"), false)]
            {
                let values = [(PSEUDONYM_KEY, "a key of some length"), (path.as_str(), secrets)];
                for settings in [Settings::local(&[], &from(&values)), Settings::deployed(&[], &from(&values))] {
                    let wrong = settings.map(|_| ()).map_err(|error| error.to_string());
                    let told = format!("setting {path}: holds a secret of fewer than 16 characters, expected ");
                    assert_eq!(wrong.is_ok(), is_right, "{secrets}: {wrong:?}");
                    assert!(wrong.err().is_none_or(|wrong| wrong.starts_with(&told)), "{secrets}");
                }
            }
        }
    }

    #[test]
    fn a_token_that_can_be_guessed_is_refused() {
        let account = crate::built_in("milano-monza-brianza-lodi").unwrap().accounts.remove(0);
        let long = "0123456789abcdef";
        for (path, short) in
            [(verify_path(Platform::Facebook), "holds a token of fewer"), (token_path(&account), "is empty or shorter")]
        {
            for (token, is_right) in [("a", false), ("", false), (" ", false), (&long[1..], false), (long, true)] {
                let (found, accounts) = ([(path.as_str(), token)], [account.clone()]);
                let told = Settings::local(&accounts, &from(&found)).map(|_| ()).map_err(|error| error.to_string());
                assert_eq!(told.is_ok(), is_right, "{path} {token:?}: {told:?}");
                let starts =
                    |told: &String| told.starts_with(&format!("setting {path}: {short}")) || told.contains("is empty");
                assert!(told.as_ref().err().is_none_or(starts), "{told:?}");
            }
        }
    }

    #[test]
    fn a_variable_that_names_no_platform_or_account_is_found() {
        let accounts = crate::built_in("milano-monza-brianza-lodi").unwrap().accounts;
        let right = Settings::names_of_secrets(&accounts).into_iter().map(|path| Settings::variable(&path));
        let wrong = ["GALATEO_SECRETS_FACEBOO", "GALATEO_ACCESS_TOKENS_FACEBOOK_1", "GALATEO_VERIFY_TOKENS_FACEBOOK_1"];
        let others = ["GALATEO_PSEUDONYM_KEY", "HOME"];
        let all = right.chain(wrong.into_iter().chain(others).map(str::to_owned));
        let mut expected = wrong.map(str::to_owned);
        expected.sort();
        assert_eq!(Settings::unknown_variables(&accounts, all), expected);
    }

    #[test]
    fn a_public_address_is_that_of_a_web_server_and_of_no_page() {
        for right in ["https://galateo.example.it", "https://example.it/galateo/", "http://127.0.0.1:8787"] {
            assert!(public_address(right).is_ok(), "{right}");
        }
        for wrong in
            ["", "galateo.example.it", "ftp://example.it", "https://a@b.it", "https://b.it/?code=1", "https://b.it/#x"]
        {
            assert!(public_address(wrong).unwrap_err().to_string().starts_with("setting address: "), "{wrong}");
        }
    }

    #[test]
    fn variables_are_named_after_settings() {
        assert_eq!(Settings::variable("webhook-secrets/facebook"), "GALATEO_SECRETS_FACEBOOK");
        assert_eq!(Settings::variable("access-tokens/x/12"), "GALATEO_ACCESS_TOKENS_X_12");
    }
}
