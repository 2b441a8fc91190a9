//! What the tests over `tests/corpora` share: the published policies, and the labelled lines.

mod policies;

use std::fs;

use policy::{Kind, Platform, Policy, Subject, Verdict};
use serde::Deserialize;
use serde::de::DeserializeOwned;

pub use self::policies::{published, root};

/// One labelled line: a text of our own, and what a good moderator makes of it.
#[derive(Debug, Deserialize)]
pub struct Line {
    pub id: String,
    pub text: String,
    #[serde(default)]
    pub kind: Option<Kind>,
    /// `allow`, `redirect`, `review` or `hide`.
    pub expected: String,
    /// Categories that fit, the fittest first.
    #[serde(default)]
    pub categories: Vec<String>,
    /// Whether someone's life may be in danger.
    #[serde(default)]
    pub urgent: bool,
}

impl Line {
    /// What a policy says about this line, on a platform that has every kind of contribution.
    pub fn judged_by(&self, policy: &Policy) -> Verdict {
        policy.judge(&self.subject())
    }

    /// What its rules alone find in this line, where no reader has a say.
    pub fn found_by_rules_of(&self, policy: &Policy) -> Verdict {
        policy.found_by_rules(&self.subject())
    }

    fn subject(&self) -> Subject<'_> {
        Subject {
            platform: Some(Platform::Facebook),
            kind: self.kind.unwrap_or(Kind::Comment),
            ..Subject::of(&self.text)
        }
    }
}

/// All lines of a corpus.
pub fn lines(name: &str) -> Vec<Line> {
    lines_as(name)
}

/// All lines of a corpus, of each what is asked for.
pub fn lines_as<T: DeserializeOwned>(name: &str) -> Vec<T> {
    let text = fs::read_to_string(root().join("tests/corpora").join(name)).expect("the corpus can be read");
    text.lines().map(|line| serde_json::from_str(line).expect("every line is a labelled text")).collect()
}
