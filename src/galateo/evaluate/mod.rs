//! `galateo evaluate`: how often the policy judges as people did.

mod words;

use std::path::Path;

use evaluation::{Counting, Line, Report, Unlabelled};
use policy::Policy;

use self::words::Printed;
use crate::cli::EvaluateOptions;
use crate::failure::Failure;
use crate::lines;
use crate::output;
use crate::policies;
use crate::progress::Progress;

/// Judges every labelled line and prints how that compares with the labels. Lines that cannot be read make the whole
/// unusable: figures without them would be of another set.
pub fn evaluate(options: &EvaluateOptions) -> Result<(), Failure> {
    let policy = policies::load(options.policy.as_deref())?;
    let report = judged(&policy, options)?;
    if options.json {
        output::json(&report)?;
    } else {
        output::print(&Printed(&report).to_string())?;
    }
    let touched = report.must_stay_hidden();
    if options.gate && touched > 0 {
        let noun = if touched == 1 { "line that must stay is" } else { "lines that must stay are" };
        return Err(Failure::negative(format!("{touched} {noun} hidden")));
    }
    Ok(())
}

fn judged(policy: &Policy, options: &EvaluateOptions) -> Result<Report, Failure> {
    let (mut report, mut progress) = (Report::default(), Progress::new());
    let counting = Counting { unlabelled: options.expected, by: options.by.as_deref() };
    let mut unlabelled = Vec::new();
    let read = lines::read(&options.labelled, |number, line: Line| {
        progress.show(|| format!("line {number} of {}", options.labelled.display()));
        if let Err(Unlabelled) = report.judge(policy, number, line, counting) {
            unlabelled.push(number);
        }
        Ok(())
    });
    let more = unlabelled.len().saturating_sub(lines::NAMED);
    let unlabelled = unlabelled.into_iter().take(lines::NAMED).map(|number| unlabelled_line(&options.labelled, number));
    let mut refused: Vec<String> =
        read.err().map(|refused| refused.to_string()).into_iter().chain(unlabelled).collect();
    if more > 0 {
        refused.push(format!("{}: and {more} more lines without a label", options.labelled.display()));
    }
    if !refused.is_empty() {
        return Err(Failure::unusable(refused.join("\ngalateo: ")));
    }
    if report.is_empty() {
        let labelled = options.labelled.display();
        return Err(Failure::unusable(format!("{labelled}: found no line, expected labelled lines")));
    }
    Ok(report)
}

fn unlabelled_line(file: &Path, number: usize) -> String {
    format!(
        "{}:{number}: missing field `expected`, or another label: `expect`, `hateful`, `pejorative`, or `entity` with \
         `valid`; lines without labels are counted with --expected VERDICT",
        file.display()
    )
}
