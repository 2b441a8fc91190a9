//! The secrets and addresses that a deployment sets, wherever they are kept.

mod addresses;
mod secrets;

use std::collections::HashMap;
use std::iter;

use ledger::PseudonymKeys;
use platforms::{Tokens, WebhookSecrets};
use policy::{Account, AccountState, Platform};
use secrecy::SecretString;

use secrets::{Lookup, PSEUDONYM_KEY, is_short, list, pseudonym_keys, required};

pub use addresses::{endpoints, public_address};

/// What every webhook secret is where none is set. It is public: whoever uses it says so loudly at start.
pub const DEVELOPMENT_SECRET: &str = "galateo-development-secret";

/// How the names of all variables begin that are meant for this program.
const VARIABLES: &str = "GALATEO_";

/// The variables that name no platform: those of the README, and two of the measurements and tests.
const OTHER_VARIABLES: [&str; 24] = [
    "GALATEO_PSEUDONYM_KEY",
    "GALATEO_POLICY",
    "GALATEO_CASEBOOK_TABLE",
    "GALATEO_AUDIT_TABLE",
    "GALATEO_REPORTS",
    "GALATEO_SEALS",
    "GALATEO_MAIL",
    "GALATEO_PARAMETERS",
    "GALATEO_GRAPH_VERSION",
    "GALATEO_LINKEDIN_VERSION",
    "GALATEO_ADDRESS",
    "GALATEO_SANDBOX_URL",
    "GALATEO_SANDBOX_KEY",
    "GALATEO_CONSOLE_ISSUER",
    "GALATEO_CONSOLE_CLIENT",
    "GALATEO_CONSOLE_CLIENT_SECRET",
    "GALATEO_CONSOLE_ROLES_CLAIM",
    "GALATEO_CONSOLE_ROLES",
    "GALATEO_CONSOLE_ID_CLAIM",
    "GALATEO_CONSOLE_IDLE_MINUTES",
    "GALATEO_CONSOLE_LONGEST_HOURS",
    "GALATEO_CONSOLE_UNDO_SECONDS",
    "GALATEO_BENCH_TEXTS",
    "GALATEO_TEST_DYNAMODB",
];

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
        let webhooks = Platform::ALL.iter().flat_map(|platform| {
            let token = repeats_a_token(*platform).then(|| verify_path(*platform));
            iter::once(webhook_path(*platform)).chain(token)
        });
        webhooks.chain(accounts.iter().map(token_path)).collect()
    }

    /// Those of these variables that are meant for us and are no setting, or name no platform, or no account of these: a
    /// letter is wrong, and what they hold counts for nothing.
    pub fn unknown_variables(accounts: &[Account], variables: impl Iterator<Item = String>) -> Vec<String> {
        let known: Vec<String> = Self::names_of_secrets(accounts).iter().map(|path| Self::variable(path)).collect();
        let is_unknown = |name: &String| {
            name.starts_with(VARIABLES) && !known.contains(name) && !OTHER_VARIABLES.contains(&name.as_str())
        };
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

/// Where the webhook secrets of a platform are looked up.
fn webhook_path(platform: Platform) -> String {
    format!("webhook-secrets/{platform}")
}

/// Whether a platform repeats a token in its handshake that was chosen for it. LinkedIn and X ask for an answer that only
/// the signing secret can give.
fn repeats_a_token(platform: Platform) -> bool {
    match platform {
        Platform::Facebook | Platform::Instagram | Platform::Youtube => true,
        Platform::Linkedin | Platform::X => false,
    }
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

#[cfg(test)]
mod tests {
    use platforms::Secret;
    use secrecy::ExposeSecret;

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
        let wrong = [
            "GALATEO_SECRETS_FACEBOO",
            "GALATEO_ACCESS_TOKENS_FACEBOOK_1",
            "GALATEO_VERIFY_TOKENS_FACEBOOK_1",
            "GALATEO_VERIFY_TOKEN_FACEBOOK",
            "GALATEO_VERIFY_TOKENS_LINKEDIN",
            "GALATEO_VERIFY_TOKENS_X",
            "GALATEO_ACCESS_TOKEN_X_1",
            "GALATEO_PSEUDONYM_KEYS",
            "GALATEO_SANDBOX_KEYS",
            "GALATEO_SECRETS",
            "GALATEO_ADRESS",
        ];
        let others = ["GALATEO_PSEUDONYM_KEY", "HOME"];
        let all = right.chain(wrong.into_iter().chain(others).map(str::to_owned));
        let mut expected = wrong.map(str::to_owned);
        expected.sort();
        assert_eq!(Settings::unknown_variables(&accounts, all), expected);
    }

    #[test]
    fn every_variable_that_the_readme_names_is_known() {
        let readme = include_str!("../../../README.md");
        let rows = readme.lines().filter(|line| line.starts_with("| `GALATEO_"));
        let named = rows.flat_map(|row| row.split('|').nth(1).unwrap_or_default().split('`').skip(1).step_by(2));
        let named: Vec<String> = named.filter(|name| !name.contains('<')).map(str::to_owned).collect();
        assert!(named.len() > 10, "{named:?}");
        assert_eq!(Settings::unknown_variables(&[], named.into_iter()), Vec::<String>::new());
    }

    #[test]
    fn variables_are_named_after_settings() {
        assert_eq!(Settings::variable("webhook-secrets/facebook"), "GALATEO_SECRETS_FACEBOOK");
        assert_eq!(Settings::variable("access-tokens/x/12"), "GALATEO_ACCESS_TOKENS_X_12");
    }
}
