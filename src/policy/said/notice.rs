//! What the organisation says to the author of a contribution, or to whoever reports one, by occasion.

use serde::{Deserialize, Serialize};

/// The occasion of a message. There is a template for each in the policy file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Notice {
    /// A first warning.
    Warning,
    /// The last warning.
    LastWarning,
    /// The announcement of a temporary block.
    Block,
    /// The announcement of a ban.
    Ban,
    /// What was hidden to protect someone's personal data, and why. It threatens nothing, and is said in private or not
    /// at all.
    Protection,
    /// The online service for a personal case.
    Redirect,
    /// Outside the hours of service, to somebody who writes in private.
    Away,
    /// After a decision was taken back.
    Apology,
    /// The receipt of a user's report, by e-mail: the only one that does not go to an author.
    Receipt,
}

impl Notice {
    /// Every notice.
    pub const ALL: [Notice; 9] = [
        Notice::Warning,
        Notice::LastWarning,
        Notice::Block,
        Notice::Ban,
        Notice::Protection,
        Notice::Redirect,
        Notice::Away,
        Notice::Apology,
        Notice::Receipt,
    ];

    /// The key used in files, tables and logs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Notice::Warning => "warning",
            Notice::LastWarning => "last_warning",
            Notice::Block => "block",
            Notice::Ban => "ban",
            Notice::Protection => "protection",
            Notice::Redirect => "redirect",
            Notice::Away => "away",
            Notice::Apology => "apology",
            Notice::Receipt => "receipt",
        }
    }
}
