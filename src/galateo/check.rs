//! `galateo check`: what the policy says about a text.

use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::Path;

use evaluation::LossyText;
use local::files;
use policy::{Finding, Kind, Outcome, Platform, Policy, Subject, Verdict};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::cli::CheckOptions;
use crate::explanation::Explanation;
use crate::failure::Failure;
use crate::lines::{self, LONGEST_LINE};
use crate::output::{self, not_written};
use crate::policies;
use crate::progress::{Counted, Progress};

/// One line of the input; other fields are ignored.
#[derive(Deserialize)]
struct Line {
    #[serde(default)]
    id: Value,
    text: LossyText,
    platform: Option<Platform>,
    kind: Option<Kind>,
}

/// One line of the output.
#[derive(Serialize)]
struct Report<'a> {
    id: &'a Value,
    verdict: Outcome,
    categories: Vec<policy::Category>,
    clauses: Vec<&'a str>,
    findings: &'a [Finding],
}

impl<'a> Report<'a> {
    fn new(id: &'a Value, verdict: &'a Verdict) -> Self {
        Self {
            id,
            verdict: verdict.outcome(),
            categories: verdict.categories(),
            clauses: verdict.clauses(),
            findings: verdict.findings(),
        }
    }
}

/// Judges one text, or one per line, and prints what the policy says.
pub fn check(options: &CheckOptions) -> Result<(), Failure> {
    let policy = policies::load(options.policy.as_deref())?;
    match &options.jsonl {
        Some(file) => check_lines(&policy, options, file),
        None => check_one(&policy, options),
    }
}

fn check_one(policy: &Policy, options: &CheckOptions) -> Result<(), Failure> {
    let text = match options.text.as_deref() {
        Some(text) if text != "-" => text.to_owned(),
        given => {
            if given.is_none() && io::stdin().is_terminal() {
                return Err(Failure::unusable("nothing to judge: give a TEXT, or --jsonl FILE, or pipe a text in"));
            }
            let bytes = files::read_from(io::stdin(), LONGEST_LINE);
            let bytes = bytes.map_err(|e| Failure::unusable(format!("standard input: {e}")))?;
            String::from_utf8_lossy(&bytes).trim_end_matches(['\n', '\r']).to_owned()
        }
    };
    let verdict = judge(policy, &text, options.platform, options.kind);
    if options.json {
        output::json(&Report::new(&Value::Null, &verdict))
    } else {
        let explanation = Explanation { policy, text: &text, verdict: &verdict, colours: output::colours() };
        output::print_styled(&explanation.styled())
    }
}

fn check_lines(policy: &Policy, options: &CheckOptions, file: &Path) -> Result<(), Failure> {
    let out = Counted::new(io::stdout().lock(), "texts judged", Progress::beside_output());
    let mut out = BufWriter::new(out);
    let done = lines::read(file, |_, Line { id, text, platform, kind }| {
        let verdict = judge(policy, &text.0, platform.or(options.platform), kind.unwrap_or(options.kind));
        writeln!(out, "{}", output::to_json(&Report::new(&id, &verdict))?).map_err(not_written)
    });
    // What could be judged is printed, whatever was wrong with the rest.
    out.flush().map_err(not_written)?;
    done
}

fn judge(policy: &Policy, text: &str, platform: Option<Platform>, kind: Kind) -> Verdict {
    policy.judge(&Subject { platform, kind, ..Subject::of(text) })
}
