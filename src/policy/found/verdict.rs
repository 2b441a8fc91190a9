//! What the policy says about a text: the verdict and the findings that lead to it.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{Category, Opinion};

/// What a rule leads to, ordered from the mildest to the most severe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// Nothing to do.
    Allow,
    /// Not a violation: a personal administrative case, answered with the right online service.
    Redirect,
    /// Doubt: a person looks at it, and it stays up meanwhile (invariant 3).
    Review,
    /// A violation certain enough to act alone.
    Hide,
}

impl Outcome {
    /// Every outcome, from the mildest.
    pub const ALL: [Outcome; 4] = [Outcome::Allow, Outcome::Redirect, Outcome::Review, Outcome::Hide];

    /// The key used in files, tables and logs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Outcome::Allow => "allow",
            Outcome::Redirect => "redirect",
            Outcome::Review => "review",
            Outcome::Hide => "hide",
        }
    }
}

impl FromStr for Outcome {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Outcome::ALL
            .into_iter()
            .find(|outcome| outcome.as_str() == text)
            .ok_or_else(|| format!("unknown verdict {text:?}, expected one of allow, redirect, review, hide"))
    }
}

/// One rule's match in one text.
/// Its `Debug` does not show the text (invariant 10).
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The number of the clause, as published (for example `R2`).
    pub clause: String,
    /// The category of that clause.
    #[serde(skip)]
    pub category: Category,
    /// The id of the rule in the policy file.
    pub rule: String,
    /// How it was recognised: `term`, `pattern`, `link`, `repetition`, `capitals`, `flood`,
    /// `attachment`, a detector of personal data such as `email`, `phone`, `landline`, `iban` or `fiscal_code`, or `reader`
    /// for what no rule found, but the learned reader says; `reader` is then its rule, too.
    pub detector: &'static str,
    /// What the rule leads to.
    #[serde(skip)]
    pub outcome: Outcome,
    /// The bytes of the original text that matched; both ends are character boundaries.
    #[serde(flatten)]
    pub span: Range<usize>,
    /// The original text in that span. Personal data: it goes into the case, never into a log.
    pub matched: String,
    /// The form of it that matched, after normalisation. Personal data, as `matched`.
    #[serde(skip)]
    pub folded: String,
    /// Whether the rule asks that a person looks at once.
    #[serde(skip)]
    pub urgent: bool,
    /// What the reader says, of a finding of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opinion: Option<Box<Opinion>>,
}

impl fmt::Debug for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Finding")
            .field("clause", &self.clause)
            .field("rule", &self.rule)
            .field("detector", &self.detector)
            .field("outcome", &self.outcome)
            .field("span", &self.span)
            .finish_non_exhaustive()
    }
}

/// The outcome for a contribution, the worst of its findings, with all of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    findings: Vec<Finding>,
}

impl Verdict {
    /// The verdict that these findings lead to. What is urgent comes first, then the most severe, then in the order of
    /// the text.
    pub fn new(mut findings: Vec<Finding>) -> Self {
        findings.sort_by(|a, b| {
            (b.urgent, b.outcome, a.span.start, a.span.end, &a.rule).cmp(&(
                a.urgent,
                a.outcome,
                b.span.start,
                b.span.end,
                &b.rule,
            ))
        });
        Self { findings }
    }

    /// The worst outcome among the findings, or that of what is urgent; [`Outcome::Allow`] without findings. A `hide`
    /// therefore always has a finding behind it.
    pub fn outcome(&self) -> Outcome {
        self.findings.first().map_or(Outcome::Allow, |finding| finding.outcome)
    }

    /// Whether someone's life may be in danger, so that a person should look at once. It is then a review, whatever
    /// else was found.
    pub fn is_urgent(&self) -> bool {
        self.findings.iter().any(|finding| finding.urgent)
    }

    /// Everything that matched, the most severe first.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// The categories of the findings, without repetition, in the order of the findings.
    pub fn categories(&self) -> Vec<Category> {
        distinct(self.findings.iter().map(|finding| finding.category))
    }

    /// The numbers of the clauses of the findings, without repetition, in the order of the findings.
    pub fn clauses(&self) -> Vec<&str> {
        distinct(self.findings.iter().map(|finding| finding.clause.as_str()))
    }
}

fn distinct<T: PartialEq>(items: impl Iterator<Item = T>) -> Vec<T> {
    let mut seen = Vec::new();
    for item in items {
        if !seen.contains(&item) {
            seen.push(item);
        }
    }
    seen
}
