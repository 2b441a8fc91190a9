//! `galateo check`: what the policy says about a text.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, IsTerminal, Read, Write};
use std::path::Path;

use policy::{Finding, Kind, Outcome, Platform, Policy, Subject, Verdict};
use serde::de::{self, Deserializer, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::cli::CheckOptions;
use crate::failure::Failure;
use crate::policies;

/// One line of the input; other fields are ignored.
#[derive(Deserialize)]
struct Line {
    #[serde(default)]
    id: Value,
    text: LossyText,
    platform: Option<Platform>,
    kind: Option<Kind>,
}

/// A JSON string of which lone surrogates are replaced rather than refused: what people type gets a verdict.
struct LossyText(String);

impl<'de> Deserialize<'de> for LossyText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl Visitor<'_> for Text {
            type Value = LossyText;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a string")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<LossyText, E> {
                Ok(LossyText(text.to_owned()))
            }

            fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<LossyText, E> {
                Ok(LossyText(String::from_utf8_lossy(bytes).into_owned()))
            }
        }
        deserializer.deserialize_bytes(Text)
    }
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
    let mut out = BufWriter::new(io::stdout().lock());
    let done = match &options.jsonl {
        Some(file) => check_lines(&policy, options, file, &mut out),
        None => check_one(&policy, options, &mut out),
    };
    done.and_then(|()| out.flush().map_err(not_written))
}

fn check_one(policy: &Policy, options: &CheckOptions, out: &mut impl Write) -> Result<(), Failure> {
    let text = match options.text.as_deref() {
        Some(text) if text != "-" => text.to_owned(),
        given => {
            if given.is_none() && io::stdin().is_terminal() {
                return Err(Failure::unusable("nothing to judge: give a TEXT, or --jsonl FILE, or pipe a text in"));
            }
            let mut bytes = Vec::new();
            io::stdin().read_to_end(&mut bytes).map_err(|e| Failure::unusable(format!("standard input: {e}")))?;
            String::from_utf8_lossy(&bytes).trim_end_matches(['\n', '\r']).to_owned()
        }
    };
    let verdict = judge(policy, &text, options.platform, options.kind);
    let written = if options.json {
        writeln!(out, "{}", json(&Report::new(&Value::Null, &verdict))?)
    } else {
        explain(policy, &verdict, out)
    };
    written.map_err(not_written)
}

fn check_lines(policy: &Policy, options: &CheckOptions, file: &Path, out: &mut impl Write) -> Result<(), Failure> {
    let (name, reader): (_, Box<dyn BufRead>) = if file == Path::new("-") {
        ("standard input".to_owned(), Box::new(io::stdin().lock()))
    } else {
        let opened = File::open(file).map_err(|e| Failure::unusable(format!("{}: {e}", file.display())))?;
        (file.display().to_string(), Box::new(BufReader::new(opened)))
    };
    let mut refused = Vec::new();
    for (index, bytes) in reader.split(b'\n').enumerate() {
        let bytes = bytes.map_err(|e| Failure::unusable(format!("{name}:{}: {e}", index + 1)))?;
        let text = String::from_utf8_lossy(&bytes);
        if text.trim().is_empty() {
            continue;
        }
        match serde_json::from_str::<Line>(text.trim()) {
            Ok(Line { id, text, platform, kind }) => {
                let platform = platform.or(options.platform);
                let verdict = judge(policy, &text.0, platform, kind.unwrap_or(options.kind));
                writeln!(out, "{}", json(&Report::new(&id, &verdict))?).map_err(not_written)?;
            }
            Err(error) => refused.push(format!("{name}:{}: {error}", index + 1)),
        }
    }
    if refused.is_empty() {
        return Ok(());
    }
    // The other lines are judged and printed: one bad line does not lose them.
    out.flush().map_err(not_written)?;
    Err(Failure::unusable(refused.join("\ngalateo: ")))
}

fn judge(policy: &Policy, text: &str, platform: Option<Platform>, kind: Kind) -> Verdict {
    policy.judge(&Subject { text, platform, account: None, kind })
}

fn explain(policy: &Policy, verdict: &Verdict, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{}", verdict.outcome().as_str())?;
    for finding in verdict.findings() {
        let title = policy.clause(&finding.clause).map_or("", |clause| clause.title.as_str());
        writeln!(
            out,
            "  {} {title}: «{}» (rule {}, detector {}, bytes {}-{})",
            finding.clause, finding.matched, finding.rule, finding.detector, finding.span.start, finding.span.end
        )?;
    }
    Ok(())
}

fn json(report: &Report<'_>) -> Result<String, Failure> {
    serde_json::to_string(report).map_err(|e| Failure::unusable(format!("the result cannot be written: {e}")))
}

fn not_written(error: io::Error) -> Failure {
    Failure::unusable(format!("standard output: {error}"))
}
