//! What the reader says of a text, as a finding of it and every record hold it.

use serde::{Deserialize, Serialize};

/// What the reader does with its opinion. None of it hides, counts, warns or bans by itself (invariant 13).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stance {
    /// It calls a person where no rule did: a clause is probably violated.
    Calls,
    /// It calls a person at once: somebody may be in danger.
    Alarms,
    /// It suggests that this is a personal case, which a person answers.
    Suggests,
    /// It has a personal case answered, where the policy lets it.
    Answers,
    /// It objects to hiding what a rule found: probably nothing is violated, so a person decides.
    Objects,
    /// It agrees with a doubtful rule, which therefore hides.
    Agrees,
}

impl Stance {
    /// The key used in tables and logs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Stance::Calls => "calls",
            Stance::Alarms => "alarms",
            Stance::Suggests => "suggests",
            Stance::Answers => "answers",
            Stance::Objects => "objects",
            Stance::Agrees => "agrees",
        }
    }
}

/// What the reader says, and which passages weighed most. It holds no text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opinion {
    /// What it does with it.
    pub stance: Stance,
    /// How probable that is, in whole thousandths: that a person should look at it (`calls`), that somebody is in danger
    /// (`alarms`), that something is violated (`agrees`), that there is nothing to look at (`objects`), or that it is a
    /// personal case (`suggests`, `answers`).
    pub probability: u16,
    /// The passages that weighed most, the heaviest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub passages: Vec<Weighed>,
}

/// A passage, and how much it weighed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Weighed {
    /// Its first byte in the original text.
    pub start: usize,
    /// The byte after its last.
    pub end: usize,
    /// Its part of what all passages weighed that spoke for it, in thousandths.
    pub part: u16,
}
