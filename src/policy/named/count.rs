//! What is counted about an account, and what may come of it.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What is counted about an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    /// Those who follow it; subscribers on YouTube.
    Followers,
    /// Those who like the Page: Facebook's older count.
    PageLikes,
    /// What it published: media on Instagram, videos on YouTube, posts on X.
    Posts,
}

impl Metric {
    /// Every metric, in the order in which reports list them.
    pub const ALL: &[Metric] = &[Metric::Followers, Metric::PageLikes, Metric::Posts];

    /// The key used in files and tables.
    pub const fn as_str(self) -> &'static str {
        match self {
            Metric::Followers => "followers",
            Metric::PageLikes => "page_likes",
            Metric::Posts => "posts",
        }
    }
}

impl fmt::Display for Metric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Why there is no count. For a report to say in words; what the platform answered in detail is in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gap {
    /// The account hides it.
    Hidden,
    /// There is no access token for the account.
    NoToken,
    /// The token is no longer good, or lacks a permission.
    NotPermitted,
    /// The platform could not be reached, did not answer in time, or had an error of its own.
    Unreachable,
    /// The platform's quota or rate limit was used up.
    Limited,
    /// The platform declined for another reason, for example because the account no longer exists.
    Declined,
    /// The answer does not hold the count where the platform documents it.
    NotUnderstood,
    /// The answer holds a number that cannot be: negative, or more than 10,000,000,000.
    Absurd,
}

/// What was found when something was counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reading {
    /// A count.
    Count {
        /// The count, as the platform gives it.
        value: u64,
        /// Whether the platform rounds it down to three significant figures, as YouTube does from 1,000 on
        /// (docs/platforms.md, section 4).
        rounded: bool,
    },
    /// None, and why.
    Gap(Gap),
}

impl Reading {
    /// An exact count.
    pub const fn exact(value: u64) -> Self {
        Reading::Count { value, rounded: false }
    }

    /// The count, where there is one.
    pub const fn value(self) -> Option<u64> {
        match self {
            Reading::Count { value, .. } => Some(value),
            Reading::Gap(_) => None,
        }
    }
}
