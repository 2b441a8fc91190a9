//! Puts a dossier together from what was read.

use ledger::audit::Seal;
use ledger::{Action, Case, DecisionKind, Revision, Task, TaskKind};
use policy::{Language, Person, Policy};

use super::contents::{
    Achieved, Asked, Dossier, FORMAT, Forgotten, ForgottenGround, Institution, Place, Received, Rewritten, Ruled,
    Sealed, Summary, ToDo, Trail, VERSION,
};
use crate::Given;
use crate::judged::{in_force, judgement};
use crate::statement;

/// The dossier of what is given out about a case.
pub(super) fn compile<'d>(given: &'d Given, policy: &'d Policy) -> Dossier<'d> {
    let Given { case, author, tasks, proof, by, at } = given;
    let verdict = judgement(case, &proof.entries);
    let policy_then = in_force(case, policy);
    let strikes = author.standing.strikes.iter().filter(|strike| strike.case == case.id);
    let rests = author.standing.sanctions.iter().filter(|one| one.case == case.id || one.grounds.contains(&case.id));
    let sanctions: Vec<_> = rests.collect();
    let statement_of_reasons = statement::of(case, &verdict, &policy_then, &sanctions);
    let organisation = &policy.organisation;
    Dossier {
        format: FORMAT,
        version: VERSION,
        made_at: *at,
        made_by: by.as_str(),
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
        audit: Trail { entries: &proof.entries, seals: proof.seals.iter().map(sealed).collect() },
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
        could_not_at: action.could_not_at,
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
        instruction: (!is_reported).then(|| words::task::asked(task, Language::Italian)),
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
