//! `galateo evaluate`: how often the policy judges as people did.

mod interval;
mod report;

use std::path::Path;

use policy::{Category, Kind, Outcome, Platform, Policy, Subject};
use serde::Deserialize;
use serde_json::Value;

use self::report::{Label, Report};
use crate::cli::EvaluateOptions;
use crate::failure::Failure;
use crate::lines::{self, LossyText};
use crate::output;
use crate::policies;
use crate::progress::Progress;

/// What `post` says of a private message.
const PRIVATE: &str = "DM";

/// One labelled line; other fields are ignored.
#[derive(Deserialize)]
struct Line {
    #[serde(default)]
    id: Value,
    text: LossyText,
    expected: Outcome,
    #[serde(default)]
    categories: Vec<Category>,
    platform: Option<Platform>,
    kind: Option<Kind>,
    post: Option<LossyText>,
}

impl Line {
    fn kind(&self) -> Kind {
        let is_private = self.post.as_ref().is_some_and(|post| post.0 == PRIVATE);
        self.kind.unwrap_or(if is_private { Kind::Message } else { Kind::Comment })
    }
}

/// Judges every labelled line and prints how that compares with the labels. Lines that cannot be read make the whole
/// unusable: figures without them would be of another set.
pub fn evaluate(options: &EvaluateOptions) -> Result<(), Failure> {
    let policy = policies::load(options.policy.as_deref())?;
    let report = judged(&policy, &options.labelled)?;
    if options.json {
        let text = serde_json::to_string(&report);
        let text = text.map_err(|e| Failure::unusable(format!("the report cannot be written: {e}")))?;
        output::print(&(text + "\n"))?;
    } else {
        output::print(&report.to_string())?;
    }
    let touched = report.must_stay_hidden();
    if options.gate && touched > 0 {
        let noun = if touched == 1 { "line that must stay is" } else { "lines that must stay are" };
        return Err(Failure::negative(format!("{touched} {noun} hidden")));
    }
    Ok(())
}

fn judged(policy: &Policy, labelled: &Path) -> Result<Report, Failure> {
    let (mut report, mut progress) = (Report::default(), Progress::new());
    lines::read(labelled, |number, line: Line| {
        progress.show(|| format!("line {number} of {}", labelled.display()));
        let kind = line.kind();
        let subject = Subject {
            text: &line.text.0,
            platform: line.platform,
            account: None,
            kind,
            repeats: 0,
            has_attachment: false,
        };
        let verdict = policy.judge(&subject);
        report.add(Label { line: number, id: line.id, expected: line.expected, categories: line.categories }, &verdict);
        Ok(())
    })?;
    if report.is_empty() {
        return Err(Failure::unusable(format!("{}: found no line, expected labelled lines", labelled.display())));
    }
    Ok(report)
}
