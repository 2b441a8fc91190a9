//! The categories of violation and of redirection; each clause of a policy has one.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// What a clause is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Category {
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
    /// A personal administrative case: not a violation, it is redirected.
    PersonalCase,
}

impl Category {
    /// Every category, in the order in which reports list them.
    pub const ALL: [Category; 11] = [
        Category::Political,
        Category::Language,
        Category::Unlawful,
        Category::Offensive,
        Category::PersonalData,
        Category::Obscene,
        Category::Discriminatory,
        Category::IntellectualProperty,
        Category::Spam,
        Category::OffTopic,
        Category::PersonalCase,
    ];

    /// Whether a program may hide what is of it: what is off topic is only shown to a person, and a personal case is no
    /// violation.
    pub const fn is_hidden(self) -> bool {
        !matches!(self, Category::OffTopic | Category::PersonalCase)
    }

    /// The key used in files, tables and logs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Category::Political => "political",
            Category::Language => "language",
            Category::Unlawful => "unlawful",
            Category::Offensive => "offensive",
            Category::PersonalData => "personal_data",
            Category::Obscene => "obscene",
            Category::Discriminatory => "discriminatory",
            Category::IntellectualProperty => "intellectual_property",
            Category::Spam => "spam",
            Category::OffTopic => "off_topic",
            Category::PersonalCase => "personal_case",
        }
    }
}

impl FromStr for Category {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Category::ALL
            .into_iter()
            .find(|category| category.as_str() == text)
            .ok_or_else(|| format!("unknown category {text:?}"))
    }
}
