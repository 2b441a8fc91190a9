//! From a labelled line to what it counts for.

use policy::{Outcome, Policy, Subject, Verdict};

use crate::label::{Expected, Labelled, Line};
use crate::report::{Label, Report};

/// How lines are counted.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counting<'c> {
    /// What lines without a label count as. Without it, none may be without.
    pub unlabelled: Option<Outcome>,
    /// The field by which lines are counted in groups besides.
    pub by: Option<&'c str>,
}

/// A line without a label, where there is no verdict that such lines count as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the line has no label")]
pub struct Unlabelled;

impl Report {
    /// Judges a line, of this number in its file, and counts it. One whose label says nothing about a policy is left out.
    ///
    /// # Errors
    /// When the line has no label and needs one. Nothing is counted then.
    pub fn judge(
        &mut self,
        policy: &Policy,
        number: usize,
        line: Line,
        counting: Counting<'_>,
    ) -> Result<(), Unlabelled> {
        let expected = match line.label() {
            Labelled::As(expected) => expected,
            Labelled::Beside => {
                self.leave_out();
                return Ok(());
            }
            Labelled::Not => Expected::one(counting.unlabelled.ok_or(Unlabelled)?),
        };
        let subject = Subject { platform: line.platform, kind: line.kind(), ..Subject::of(&line.text.0) };
        let verdict = about(&expected, policy.judge(&subject));
        let group = counting.by.map(|field| line.field(field));
        let Expected { first: expected, others: also, .. } = expected;
        self.add(Label { line: number, id: line.id, expected, also, categories: line.categories, group }, &verdict);
        Ok(())
    }
}

/// What of a verdict a label speaks of.
fn about(expected: &Expected, verdict: Verdict) -> Verdict {
    match expected.about {
        None => verdict,
        Some(category) => {
            Verdict::new(verdict.findings().iter().filter(|finding| finding.category == category).cloned().collect())
        }
    }
}
