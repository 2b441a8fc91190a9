//! Roles: what somebody may do here. They come from a claim of the identity provider, and the names are the office's.

use std::collections::BTreeSet;
use std::str::FromStr;

use policy::Language;

/// What somebody may do here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Sees.
    Reading,
    /// Decides about cases.
    Moderation,
    /// Confirms as the one whose confirmation imposes a sanction, lets people back in, halts and resumes.
    Lead,
    /// Answers for personal data.
    Protection,
    /// Looks after people and sessions, and sees nothing of what citizens wrote.
    Administration,
}

/// A text that is no role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no role: expected lettura, moderazione, responsabile, protezione-dati or amministrazione")]
pub struct NoRole;

impl Role {
    /// All of them.
    pub const ALL: [Self; 5] = [Role::Reading, Role::Moderation, Role::Lead, Role::Protection, Role::Administration];

    /// Its name, in tables and settings and for people.
    pub const fn as_str(self) -> &'static str {
        match self {
            Role::Reading => "lettura",
            Role::Moderation => "moderazione",
            Role::Lead => "responsabile",
            Role::Protection => "protezione-dati",
            Role::Administration => "amministrazione",
        }
    }

    /// Its name in a language.
    pub const fn name(self, language: Language) -> &'static str {
        match (language, self) {
            (Language::Italian, role) => role.as_str(),
            (Language::English, Role::Reading) => "reading",
            (Language::English, Role::Moderation) => "moderation",
            (Language::English, Role::Lead) => "lead",
            (Language::English, Role::Protection) => "data protection",
            (Language::English, Role::Administration) => "administration",
        }
    }

    /// Whether whoever has this role may do all that another may.
    const fn includes(self, other: Role) -> bool {
        matches!(
            (self, other),
            (Role::Moderation | Role::Lead | Role::Protection, Role::Reading) | (Role::Lead, Role::Moderation)
        )
    }
}

impl FromStr for Role {
    type Err = NoRole;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|role| role.as_str() == text).ok_or(NoRole)
    }
}

/// The roles of a person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Roles(BTreeSet<Role>);

impl Roles {
    /// These.
    pub fn of(roles: impl IntoIterator<Item = Role>) -> Self {
        Self(roles.into_iter().collect())
    }

    /// Whether one of them is this, or may do all that this may.
    pub fn may(&self, role: Role) -> bool {
        self.0.iter().any(|held| *held == role || held.includes(role))
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Each of them.
    pub fn iter(&self) -> impl Iterator<Item = Role> {
        self.0.iter().copied()
    }

    /// Their names.
    pub fn names(&self) -> Vec<String> {
        self.0.iter().map(|role| role.as_str().to_owned()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_leads_may_decide_and_whoever_administers_sees_no_texts() {
        use Role::{Administration, Lead, Moderation, Protection, Reading};
        for (held, may) in [
            (Reading, vec![Reading]),
            (Moderation, vec![Reading, Moderation]),
            (Lead, vec![Reading, Moderation, Lead]),
            (Protection, vec![Reading, Protection]),
            (Administration, vec![Administration]),
        ] {
            let roles = Roles::of([held]);
            assert_eq!(Role::ALL.into_iter().filter(|role| roles.may(*role)).collect::<Vec<_>>(), may, "{held:?}");
            assert_eq!(held.as_str().parse(), Ok(held));
        }
        assert!(Role::ALL.into_iter().all(|role| !Roles::default().may(role)));
    }
}
