//! Puts a dossier together from what was read.

use jiff::Timestamp;
use ledger::audit::{Proof, ProvedEntry, Seal};
use ledger::{Action, AuthorRecord, Case, DecisionKind, Revision, Task, TaskKind};
use policy::{Category, Language, Person, Policy};
use serde_json::Value;

use super::contents::{
    Achieved, Article, Asked, Dossier, FORMAT, Forgotten, ForgottenGround, Found, InForce, Institution, Judgement,
    Place, Received, Rewritten, Ruled, Sealed, Summary, ToDo, Trail, VERSION,
};
use super::statement;

/// What is on record about a case.
pub struct Record<'d> {
    pub case: &'d Case,
    pub author: &'d AuthorRecord,
    pub tasks: &'d [Task],
    pub proof: Proof,
}

/// The dossier of a case, made by someone at a moment.
pub fn compile<'d>(record: Record<'d>, policy: &'d Policy, by: &'d str, now: Timestamp) -> Dossier<'d> {
    let Record { case, author, tasks, proof } = record;
    let verdict = judgement(case, &categories(&proof.entries, case));
    let policy_then = in_force(case, policy);
    let strikes = author.standing.strikes.iter().filter(|strike| strike.case == case.id);
    let rests = author.standing.sanctions.iter().filter(|one| one.case == case.id || one.grounds.contains(&case.id));
    let sanctions: Vec<_> = rests.collect();
    let statement_of_reasons = statement::of(case, &verdict, &policy_then, &sanctions);
    let organisation = &policy.organisation;
    Dossier {
        format: FORMAT,
        version: VERSION,
        made_at: now,
        made_by: by,
        organisation: Institution {
            id: &policy.reference.id,
            name: &organisation.name,
            office: &organisation.office,
            email: &organisation.email,
            website: &organisation.website,
        },
        case: Summary {
            id: &case.id,
            reference: case.id.reference(),
            status: &case.status,
            urgent: case.urgent || case.decisions.iter().any(|decision| decision.kind == DecisionKind::Danger),
            office: case.office.as_deref(),
            assignee: case.assignee.as_ref().map(Person::as_str),
            deadline: case.deadline,
            group: case.group.as_deref(),
        },
        place: place(case, policy),
        contribution: received(case),
        policy: policy_then,
        verdict,
        decisions: case.decisions.iter().map(ruled).collect(),
        actions: case.actions.iter().map(asked).collect(),
        strikes: strikes.collect(),
        sanctions,
        tasks: tasks.iter().map(to_do).collect(),
        statement_of_reasons,
        audit: Trail { entries: proof.entries, seals: proof.seals.iter().map(sealed).collect() },
    }
}

fn place<'d>(case: &'d Case, policy: &'d Policy) -> Place<'d> {
    let account = policy.account(case.platform, &case.account);
    Place {
        platform: case.platform,
        surface: case.surface,
        account: &case.account,
        account_name: account.map(|account| account.name.as_str()),
        account_handle: account.map(|account| account.handle.as_str()),
        account_url: account.map(|account| account.url.as_str()),
    }
}

fn received(case: &Case) -> Received<'_> {
    let forgotten = case.content.is_none().then(|| match case.erased_at {
        Some(erased_at) if erased_at < case.keep_until => {
            Forgotten { ground: ForgottenGround::Erasure, since: erased_at }
        }
        _ => Forgotten { ground: ForgottenGround::Retention, since: case.keep_until },
    });
    Received {
        written_at: case.at,
        told_at: case.told_at,
        received_at: case.received_at,
        edited: case.edited,
        has_attachment: case.has_attachment,
        pseudonym: case.pseudonym.as_ref(),
        content: case.content.as_ref(),
        forgotten,
        revisions: case.revisions.iter().map(rewritten).collect(),
        revisions_left_out: case.revisions_left_out,
    }
}

fn rewritten(revision: &Revision) -> Rewritten<'_> {
    let mut clauses: Vec<&str> = Vec::new();
    for finding in &revision.findings {
        if !clauses.contains(&finding.clause.as_str()) {
            clauses.push(&finding.clause);
        }
    }
    Rewritten {
        id: &revision.id,
        written_at: revision.at,
        told_at: revision.told_at,
        received_at: revision.received_at,
        edited: revision.edited,
        outcome: revision.outcome,
        protects: revision.protects,
        clauses,
        text: revision.content.as_ref().map(|content| content.text.as_str()),
    }
}

fn in_force<'d>(case: &'d Case, policy: &'d Policy) -> InForce<'d> {
    let quoted = policy.reference == case.policy;
    let is_cited = |number: &str| case.findings.iter().any(|finding| finding.clause == number);
    let cited = policy.clauses.iter().filter(|clause| quoted && is_cited(&clause.number));
    let clauses = cited.map(|clause| Article { number: &clause.number, title: &clause.title, text: &clause.text });
    InForce { reference: &case.policy, url: quoted.then_some(policy.url.as_str()), quoted, clauses: clauses.collect() }
}

fn judgement<'d>(case: &'d Case, categories: &[Option<Category>]) -> Judgement<'d> {
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

fn ruled(decision: &ledger::Decision) -> Ruled<'_> {
    let reason = decision.reason.as_deref();
    Ruled {
        kind: decision.kind,
        by: decision.by.as_str(),
        at: decision.at,
        reason,
        salt: reason.map(|_| &*decision.salt),
    }
}

fn asked(action: &Action) -> Asked<'_> {
    Asked {
        id: &action.id,
        kind: action.kind,
        text: action.text.as_deref(),
        notice: action.notice,
        by_person: action.by_person,
        not_before: action.not_before,
        asked_at: action.asked_at,
        attempts: action.attempts,
        effect: action.effect,
        effect_at: action.effect_at,
        by_hand_at: action.by_hand_at,
        call: action.call.as_deref(),
        status: action.status,
        note: action.note.as_deref(),
    }
}

fn to_do(task: &Task) -> ToDo<'_> {
    let is_reported = task.kind == TaskKind::UserReport;
    let unless_reported = |text| (!is_reported).then_some(text);
    ToDo {
        id: unless_reported(task.id.as_str()),
        kind: task.kind,
        instruction: (!is_reported).then(|| ::words::task::asked(task, Language::Italian)),
        created_at: task.created_at,
        deadline: task.deadline,
        done: task.done.as_ref().map(|done| Achieved {
            by: unless_reported(done.by.as_str()),
            at: done.at,
            note: unless_reported(&done.note),
            salt: unless_reported(&done.salt),
            achieved: done.achieved,
        }),
    }
}

fn sealed(seal: &Seal) -> Sealed {
    Sealed { seal: seal.to_json(), hash: seal.hash() }
}
