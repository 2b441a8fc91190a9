//! What the rules said about a contribution, and by which policy: what a dossier quotes and a statement of reasons rests
//! on.

use jiff::Timestamp;
use ledger::Case;
use ledger::audit::ProvedEntry;
use policy::{Category, Opinion, Outcome, Policy, PolicyRef};
use serde::Serialize;
use serde_json::Value;

/// The policy by which the contribution was judged.
#[derive(Serialize)]
pub struct InForce<'d> {
    #[serde(flatten)]
    pub reference: &'d PolicyRef,
    /// Where it is published; absent where it is not the policy that was loaded.
    pub url: Option<&'d str>,
    /// Whether the policy that was loaded is that one, byte by byte. Otherwise no clause is quoted: today's text is
    /// not what was enforced then.
    pub quoted: bool,
    /// The clauses of the findings, as published.
    pub clauses: Vec<Article<'d>>,
}

/// A clause as published.
#[derive(Serialize)]
pub struct Article<'d> {
    pub number: &'d str,
    pub title: &'d str,
    pub text: &'d str,
}

/// What the rules said, which the system decided alone.
#[derive(Serialize)]
pub struct Judgement<'d> {
    pub outcome: Outcome,
    pub at: Timestamp,
    pub automatic: bool,
    /// Whether it was hidden to protect someone, and counts against nobody.
    pub protects: bool,
    pub findings: Vec<Found<'d>>,
    pub findings_left_out: usize,
}

/// One rule's match.
#[derive(Serialize)]
pub struct Found<'d> {
    pub clause: &'d str,
    /// As the audit entry of the verdict says it.
    pub category: Option<Category>,
    pub rule: &'d str,
    pub detector: &'d str,
    /// The first byte in the text.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
    /// The words; absent once the content is no longer kept.
    pub matched: Option<&'d str>,
    /// What the reader said, of a finding of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opinion: Option<&'d Opinion>,
}

/// The policy of then, as far as the one at hand is it.
pub(crate) fn in_force<'d>(case: &'d Case, policy: &'d Policy) -> InForce<'d> {
    let quoted = policy.reference == case.policy;
    let is_cited = |number: &str| case.findings.iter().any(|finding| finding.clause == number);
    let cited = policy.clauses.iter().filter(|clause| quoted && is_cited(&clause.number));
    let clauses = cited.map(|clause| Article { number: &clause.number, title: &clause.title, text: &clause.text });
    InForce { reference: &case.policy, url: quoted.then_some(policy.url.as_str()), quoted, clauses: clauses.collect() }
}

/// What the rules said about a case, which keeps no categories: the proved entry of its verdict has them.
pub(crate) fn judgement<'d>(case: &'d Case, entries: &[ProvedEntry]) -> Judgement<'d> {
    let categories = categories(entries, case);
    let matched = |position: usize| case.content.as_ref()?.matched.get(position).map(String::as_str);
    let findings = case.findings.iter().enumerate().map(|(position, finding)| Found {
        clause: &finding.clause,
        category: categories.get(position).copied().flatten(),
        rule: &finding.rule,
        detector: &finding.detector,
        start: finding.start,
        end: finding.end,
        matched: matched(position),
        opinion: finding.opinion.as_deref(),
    });
    Judgement {
        outcome: case.outcome,
        at: case.received_at,
        automatic: true,
        protects: case.protects,
        findings: findings.collect(),
        findings_left_out: case.findings_left_out,
    }
}

/// The categories of the findings, which a case does not keep: the entry of its verdict has them, in the same order.
fn categories(entries: &[ProvedEntry], case: &Case) -> Vec<Option<Category>> {
    let leading = case.leading.as_ref().map(ToString::to_string);
    let verdict = entries.iter().find_map(|entry| {
        let entry: Value = serde_json::from_str(&entry.entry).ok()?;
        let verdict = entry["fact"].get("verdict")?;
        let is_of_it = verdict["revision"].as_str() == leading.as_deref();
        verdict["findings"].as_array().filter(|_| is_of_it).cloned()
    });
    let category = |finding: Value| finding["category"].as_str()?.parse().ok();
    verdict.unwrap_or_default().into_iter().map(category).collect()
}
