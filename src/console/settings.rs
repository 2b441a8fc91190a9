//! What a deployment sets for the console, wherever it is kept: the same lookup as for the other settings.

use std::collections::BTreeSet;

use jiff::SignedDuration;
use moderation::SettingError;
use secrecy::{ExposeSecret, SecretString};
use url::{Origin, Url};

use crate::role::{Role, Roles};

/// How a setting is looked up by its path, such as `console/issuer`.
pub type Lookup<'l> = &'l dyn Fn(&str) -> Option<SecretString>;

/// After how many minutes without a request a session is over, unless it is set.
const IDLE_MINUTES: i64 = 30;
/// For how many seconds a decision can be taken back, unless it is set.
const UNDO_SECONDS: i64 = 10;
/// For how many at the most.
const LONGEST_UNDO: i64 = 300;
/// After how many hours a session is over in any case, unless it is set.
const LONGEST_HOURS: i64 = 12;

/// The identity provider, and how long sessions hold. `Debug` does not show the secret.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The identity provider, as it names itself.
    pub issuer: String,
    /// By what it knows the console.
    pub client: String,
    /// What the console shows it beside, where it asks for that: PKCE needs none.
    pub secret: Option<SecretString>,
    /// The address under which browsers reach this server, without a path.
    pub address: Url,
    /// In which claim the roles stand: a name, or names with dots between them, each within the one before.
    pub roles_claim: String,
    /// Which value of the claim is which roles; empty where the values are the names of the roles.
    pub mapping: Vec<(String, BTreeSet<Role>)>,
    /// In which claim the identifier of the person stands.
    pub id_claim: String,
    /// Whether browsers reach this server by TLS.
    secure: bool,
    /// How long a session holds without being used.
    pub idle: SignedDuration,
    /// How long a session holds at the most.
    pub longest: SignedDuration,
    /// For how long a decision can be taken back, in which nothing is asked of the platform; zero where none can.
    pub undo: SignedDuration,
}

impl Settings {
    /// The names of all settings, as they are looked up.
    pub const NAMES: [&'static str; 9] = [
        "console/issuer",
        "console/client",
        "console/client-secret",
        "console/roles-claim",
        "console/roles",
        "console/id-claim",
        "console/idle-minutes",
        "console/longest-hours",
        "console/undo-seconds",
    ];

    /// The settings of a console that is reached at this address; `None` where no identity provider is set.
    ///
    /// # Errors
    /// The first setting that cannot be used, or is missing beside the others.
    pub fn read(address: &Url, lookup: Lookup<'_>) -> Result<Option<Self>, SettingError> {
        let value = |name: &str| {
            let found = lookup(name).map(|value| value.expose_secret().trim().to_owned());
            found.filter(|value| !value.is_empty())
        };
        let Some(issuer) = value("console/issuer") else { return Ok(None) };
        let client = value("console/client").ok_or_else(|| wrong("console/client", "is not set"))?;
        let secret = value("console/client-secret").map(SecretString::from);
        let minutes = number("console/idle-minutes", value("console/idle-minutes"), IDLE_MINUTES)?;
        let hours = number("console/longest-hours", value("console/longest-hours"), LONGEST_HOURS)?;
        let mut settings = Self { undo: undo(value("console/undo-seconds"))?, ..Self::of(&issuer, &client, address)? };
        settings.secret = secret;
        settings.idle = SignedDuration::from_mins(minutes);
        settings.longest = SignedDuration::from_hours(hours);
        if let Some(claim) = value("console/roles-claim") {
            settings.roles_claim = claim;
        }
        if let Some(claim) = value("console/id-claim") {
            settings.id_claim = claim;
        }
        if let Some(roles) = value("console/roles") {
            settings.mapping = mapping(&roles)?;
        }
        Ok(Some(settings))
    }

    /// What is so where nothing else is set.
    ///
    /// # Errors
    /// When the provider or this server is not reached by https, and is not on this machine.
    pub fn of(issuer: &str, client: &str, address: &Url) -> Result<Self, SettingError> {
        let provider = Url::parse(issuer).ok().filter(is_safe);
        if provider.is_none() {
            return Err(wrong("console/issuer", "is no https address, as the provider names itself"));
        }
        if !is_safe(address) {
            let reason = "expected https with `--address`: over http a session can be read on the way";
            return Err(wrong("console/issuer", reason));
        }
        Ok(Self {
            issuer: issuer.to_owned(),
            client: client.to_owned(),
            secret: None,
            address: address.clone(),
            secure: address.scheme() == "https",
            roles_claim: "groups".to_owned(),
            mapping: Vec::new(),
            id_claim: "sub".to_owned(),
            idle: SignedDuration::from_mins(IDLE_MINUTES),
            longest: SignedDuration::from_hours(LONGEST_HOURS),
            undo: SignedDuration::from_secs(UNDO_SECONDS),
        })
    }

    /// The same, with the time to take decisions back that is set, where the provider is not one that is set.
    ///
    /// # Errors
    /// When that is no such time.
    pub fn with_undo(self, lookup: Lookup<'_>) -> Result<Self, SettingError> {
        let set = lookup("console/undo-seconds").map(|value| value.expose_secret().trim().to_owned());
        Ok(Self { undo: undo(set.filter(|value| !value.is_empty()))?, ..self })
    }

    /// Where the browser's pages come from.
    pub fn origin(&self) -> Origin {
        self.address.origin()
    }

    /// Whether browsers reach this server without TLS, which is possible on one machine only.
    pub const fn is_plain(&self) -> bool {
        !self.secure
    }

    /// The address of a path of this server.
    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.origin().ascii_serialization())
    }

    /// The roles of somebody with these values of the claim.
    pub fn roles<'v>(&self, values: impl Iterator<Item = &'v str>) -> Roles {
        let of = |value: &str| -> BTreeSet<Role> {
            if self.mapping.is_empty() {
                return value.parse().into_iter().collect();
            }
            let mapped = self.mapping.iter().filter(|(name, _)| name == value);
            mapped.flat_map(|(_, roles)| roles.iter().copied()).collect()
        };
        Roles::of(values.flat_map(of))
    }
}

/// `value=role+role; value=role`.
fn mapping(text: &str) -> Result<Vec<(String, BTreeSet<Role>)>, SettingError> {
    let name = "console/roles";
    let pairs = text.split(';').map(str::trim).filter(|pair| !pair.is_empty());
    let pair = |pair: &str| {
        let (value, roles) = pair
            .rsplit_once('=')
            .ok_or_else(|| wrong(name, "has a part without `=`, expected `group=role+role; group=role`"))?;
        let roles: Result<BTreeSet<Role>, _> = roles.split('+').map(|role| role.trim().parse()).collect();
        let roles = roles.map_err(|_| {
            let reason = "names an unknown role, expected lettura, moderazione, responsabile, protezione-dati, \
                          amministrazione";
            wrong(name, reason)
        })?;
        Ok((value.trim().to_owned(), roles))
    };
    pairs.map(pair).collect()
}

/// For how long a decision can be taken back, as it is set.
///
/// # Errors
/// When that is no such time.
fn undo(value: Option<String>) -> Result<SignedDuration, SettingError> {
    let Some(value) = value else { return Ok(SignedDuration::from_secs(UNDO_SECONDS)) };
    let seconds = value.parse().ok().filter(|seconds| (0..=LONGEST_UNDO).contains(seconds));
    let seconds = seconds.ok_or_else(|| wrong("console/undo-seconds", "is no whole number from 0 to 300"))?;
    Ok(SignedDuration::from_secs(seconds))
}

fn number(name: &str, value: Option<String>, otherwise: i64) -> Result<i64, SettingError> {
    let Some(value) = value else { return Ok(otherwise) };
    let number = value.parse().ok().filter(|number| (1..=24 * 60).contains(number));
    number.ok_or_else(|| wrong(name, "is no whole number from 1 to 1440"))
}

/// Whether nobody reads on the way: https, or this machine.
fn is_safe(url: &Url) -> bool {
    let is_here = matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
    url.scheme() == "https" || url.scheme() == "http" && is_here
}

fn wrong(name: &str, reason: &'static str) -> SettingError {
    SettingError { name: name.to_owned(), reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(values: &[(&str, &str)], address: &str) -> Result<Option<Settings>, SettingError> {
        let lookup =
            |path: &str| values.iter().find(|(name, _)| *name == path).map(|(_, value)| SecretString::from(*value));
        Settings::read(&Url::parse(address).unwrap(), &lookup)
    }

    const HOME: &str = "https://console.example.it";

    #[test]
    fn a_console_needs_a_provider_that_nobody_can_listen_to() {
        assert!(read(&[], HOME).unwrap().is_none());
        let issuer = ("console/issuer", "https://id.example.it/ente");
        assert_eq!(read(&[issuer], HOME).unwrap_err().name, "console/client");
        let settings = read(&[issuer, ("console/client", "galateo")], HOME).unwrap().unwrap();
        assert_eq!((settings.idle, settings.longest), (SignedDuration::from_mins(30), SignedDuration::from_hours(12)));
        assert_eq!(settings.at("/console"), "https://console.example.it/console");
        for plain in ["http://id.example.it", "id.example.it", "http://127.0.0.1.example.it"] {
            let error = read(&[("console/issuer", plain), ("console/client", "galateo")], HOME).unwrap_err();
            assert_eq!(error.name, "console/issuer", "{plain}");
        }
        assert!(read(&[issuer, ("console/client", "galateo")], "http://console.example.it").is_err());
        assert!(read(&[issuer, ("console/client", "galateo")], "http://127.0.0.1:8787").unwrap().unwrap().is_plain());
    }

    #[test]
    fn a_decision_can_be_taken_back_for_ten_seconds_or_as_long_as_is_set() {
        let with = |seconds| {
            let set = [("console/issuer", HOME), ("console/client", "c"), ("console/undo-seconds", seconds)];
            read(&set, HOME).map(|settings| settings.unwrap().undo.as_secs())
        };
        assert_eq!((with("").unwrap(), with("0").unwrap(), with("300").unwrap()), (10, 0, 300));
        assert!(with("301").is_err() && with("-1").is_err() && with("x").is_err());
    }

    #[test]
    fn a_mapping_says_which_group_is_which_roles() {
        let with = |roles| {
            let set = [("console/issuer", HOME), ("console/client", "c"), ("console/roles", roles)];
            read(&set, HOME).map(Option::unwrap)
        };
        let settings = with("Social = moderazione ; CN=Capi,OU=x=responsabile+amministrazione").unwrap();
        let roles = |values: &[&str]| settings.roles(values.iter().copied()).names();
        assert_eq!(roles(&["Social", "altro"]), ["moderazione"]);
        assert_eq!(roles(&["CN=Capi,OU=x"]), ["responsabile", "amministrazione"]);
        assert_eq!(roles(&["responsabile"]), [""; 0], "with a mapping nothing else counts");
        assert!(with("Social").is_err() && with("Social=capo").unwrap_err().reason.contains("unknown role"));
        let plain = read(&[("console/issuer", HOME), ("console/client", "c")], HOME).unwrap().unwrap();
        assert_eq!(plain.roles(["lettura", "x"].into_iter()).names(), ["lettura"]);
    }

    #[test]
    fn a_limit_that_is_no_number_is_told() {
        for wrong in ["0", "-1", "mezz'ora", "100000"] {
            let set = [("console/issuer", HOME), ("console/client", "c"), ("console/idle-minutes", wrong)];
            assert_eq!(read(&set, HOME).unwrap_err().name, "console/idle-minutes", "{wrong}");
        }
    }
}
