//! What a text may be.

use std::fmt;

/// What the reader tells apart: the categories of the policy's clauses, a personal case, what breaks no clause, and a hint
/// that somebody may be in danger.
///
/// The reader does not know the policy: the two meet in the keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Class {
    /// Party politics and propaganda.
    Political,
    /// Vulgar, threatening or disrespectful language.
    Language,
    /// Illegal content or incitement to it.
    Unlawful,
    /// Offensive, deceptive or alarming content, or against the rights of others.
    Offensive,
    /// Personal data of someone.
    PersonalData,
    /// Obscene or pornographic content.
    Obscene,
    /// Discrimination of any kind.
    Discriminatory,
    /// Copyright and trade marks.
    IntellectualProperty,
    /// Advertising and unsolicited promotion.
    Spam,
    /// Far from the topic or from the purposes of the organisation.
    OffTopic,
    /// A personal administrative case: no violation.
    PersonalCase,
    /// Breaks no clause and is no personal case.
    Lawful,
    /// Somebody may be in danger, who wrote it or another: no violation, and a person should look at once.
    Danger,
}

impl Class {
    /// How many there are.
    pub const COUNT: usize = 13;

    /// Every class, in the order in which the weights hold them.
    pub const ALL: [Class; Class::COUNT] = [
        Class::Political,
        Class::Language,
        Class::Unlawful,
        Class::Offensive,
        Class::PersonalData,
        Class::Obscene,
        Class::Discriminatory,
        Class::IntellectualProperty,
        Class::Spam,
        Class::OffTopic,
        Class::PersonalCase,
        Class::Lawful,
        Class::Danger,
    ];

    /// Every class that breaks a clause.
    pub fn violations() -> impl Iterator<Item = Class> {
        Class::ALL.into_iter().filter(|class| class.is_violation())
    }

    /// Whether it breaks a clause.
    pub const fn is_violation(self) -> bool {
        !matches!(self, Class::PersonalCase | Class::Lawful | Class::Danger)
    }

    /// The key in files, tables and logs: that of the policy's category, `lawful` or `danger`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Class::Political => "political",
            Class::Language => "language",
            Class::Unlawful => "unlawful",
            Class::Offensive => "offensive",
            Class::PersonalData => "personal_data",
            Class::Obscene => "obscene",
            Class::Discriminatory => "discriminatory",
            Class::IntellectualProperty => "intellectual_property",
            Class::Spam => "spam",
            Class::OffTopic => "off_topic",
            Class::PersonalCase => "personal_case",
            Class::Lawful => "lawful",
            Class::Danger => "danger",
        }
    }

    /// The class with this key.
    pub fn with_key(key: &str) -> Option<Class> {
        Class::ALL.into_iter().find(|class| class.as_str() == key)
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
