//! What the tests over `tests/corpora` share: the published policies, and the labelled lines.

use std::fs;
use std::path::PathBuf;

use policy::{Kind, Platform, Policy, Source, Subject, Verdict};
use serde::Deserialize;
use serde::de::DeserializeOwned;

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
        policy.judge(&Subject {
            text: &self.text,
            platform: Some(Platform::Facebook),
            account: None,
            kind: self.kind.unwrap_or(Kind::Comment),
            repeats: 0,
            has_attachment: false,
        })
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A published policy with its lists.
pub fn published(name: &str) -> Policy {
    let source = |name: &str| Source {
        name: name.to_owned(),
        text: fs::read_to_string(root().join("policies").join(name)).expect("the file can be read"),
    };
    let file = source(name);
    let lists: Vec<Source> = Policy::list_names(&file).iter().map(|list| source(list)).collect();
    Policy::load(&file, &lists).expect("the policy has no problems")
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
