//! What the office is asked to do by hand: which task, with which facts. The words are made by whoever shows it.

use jiff::Timestamp;
use ledger::{Action, ActionWork, Case, CaseId, Cause, CitedClause, Halt, KnownForm, Task, TaskFacts};
use platforms::Lead;
use policy::{Account, ActionKind, Clause, Handwork, LeadForm, Obstacle, Platform, Referral, Sanction};

/// A task about an action that the platform can carry out only by hand. For a block it says when it ends, because by then
/// nobody may know any more whom it concerns.
pub(crate) fn manual(work: &ActionWork, how: Handwork, now: Timestamp) -> Task {
    let (asked, platform) = (work.action.kind, work.case.platform);
    about(work, TaskFacts::ByHand { asked, platform, how, ends_at: ends_at(work) }, now)
}

/// A task about an action that the platform cannot carry out at all.
pub(crate) fn impossible(work: &ActionWork, why: Obstacle, now: Timestamp) -> Task {
    about(work, TaskFacts::Impossible { asked: work.action.kind, platform: work.case.platform, why }, now)
}

/// A task about an action that did not succeed.
pub(crate) fn failed(work: &ActionWork, why: Cause, now: Timestamp) -> Task {
    about(work, TaskFacts::Failed { asked: work.action.kind, platform: work.case.platform, why }, now)
}

/// A task about a message that may have been sent: nobody knows, and it must not be sent twice.
pub(crate) fn perhaps_sent(work: &ActionWork, now: Timestamp) -> Task {
    about(work, TaskFacts::PerhapsSent { asked: work.action.kind, platform: work.case.platform }, now)
}

/// A task about a contribution that was hidden and whose author has since rewritten it within the rules.
pub(crate) fn rewritten(case: &Case, revision: &CaseId, now: Timestamp) -> Task {
    // By the reference of its own case an erasure finds it: after a rotation that of the revision may be another.
    let id = format!("{}-rewritten-{revision}", case.id);
    Task::new(id, Some(&case.id), TaskFacts::Rewritten { platform: case.platform }, now)
}

/// A task about a contribution that could not be read, so that nobody has judged it.
pub(crate) fn unread(platform: Platform, id: String, why: Cause, now: Timestamp) -> Task {
    Task::new(id, None, TaskFacts::Unread { platform, why }, now)
}

/// A task to warn an author by hand, because the platform or the policy has no way to: only in private, where others who
/// read it would be pointed at what was hidden to protect someone.
pub(crate) fn warn(
    case: &Case,
    sanction: &Sanction<CaseId>,
    in_private: bool,
    deadline: Timestamp,
    now: Timestamp,
) -> Task {
    let facts = TaskFacts::Warn { platform: case.platform, sanction: sanction.kind, in_private };
    let id = warn_id(&case.id, sanction.number);
    let sanction = Some(sanction.number);
    Task { sanction, deadline: Some(deadline), ..Task::new(id, Some(&case.id), facts, now) }
}

/// A task to confirm a sanction that the ladder proposes.
pub(crate) fn confirm(case: &Case, sanction: &Sanction<CaseId>, deadline: Timestamp, now: Timestamp) -> Task {
    let violations = sanction.grounds.len();
    let facts = TaskFacts::Confirm { platform: case.platform, sanction: sanction.kind, violations };
    let id = confirm_id(&case.id, sanction.number);
    let sanction = Some(sanction.number);
    Task { sanction, deadline: Some(deadline), ..Task::new(id, Some(&case.id), facts, now) }
}

/// The id of the task to deliver this warning by hand.
pub(crate) fn warn_id(case: &CaseId, sanction: u32) -> String {
    format!("{case}-warn-{sanction}")
}

/// The id of the task to bring a case before someone, the `number`-th time; 0 is that which the policy itself asks for.
pub(crate) fn refer_id(case: &CaseId, to: Referral, number: usize) -> String {
    format!("{case}-refer-{}-{number}", to.as_str())
}

/// The id of the task to do by hand what this action of a case asks for.
pub(crate) fn by_hand_id(case: &CaseId, action: &str) -> String {
    format!("{case}-{action}")
}

/// The id of the task to confirm this sanction.
pub(crate) fn confirm_id(case: &CaseId, sanction: u32) -> String {
    format!("{case}-confirm-{sanction}")
}

/// A task to bring a case before the platform or the authorities, with the clauses that were violated: no platform takes
/// such a report by a call.
pub(crate) fn refer(
    case: &CaseId,
    platform: Platform,
    to: Referral,
    clauses: &[&Clause],
    number: usize,
    deadline: Timestamp,
    now: Timestamp,
) -> Task {
    let cited = |clause: &&Clause| CitedClause { number: clause.number.clone(), title: clause.title.clone() };
    let facts = TaskFacts::Refer { platform, to, clauses: clauses.iter().map(cited).collect() };
    let id = refer_id(case, to, number);
    Task { deadline: Some(deadline), ..Task::new(id, Some(case), facts, now) }
}

/// The id of the task to look at once at a case, after somebody in danger was seen to so often: only a new id alerts
/// anybody again. The prefix is what the deployed stack alerts by.
pub(crate) fn urgent_id(case: &CaseId, seen_to: usize) -> String {
    if seen_to == 0 { format!("urgent-{case}") } else { format!("urgent-{case}-{seen_to}") }
}

/// A task to look at once: someone may be in danger. It alerts at any hour.
pub(crate) fn urgent(case: &CaseId, seen_to: usize, platform: Platform, deadline: Timestamp, now: Timestamp) -> Task {
    let id = urgent_id(case, seen_to);
    Task { deadline: Some(deadline), ..Task::new(id, Some(case), TaskFacts::Urgent { platform }, now) }
}

/// A task to look at what was halted, which stays until someone has dealt with the cases of its group. What the system
/// halts alerts the office at any hour; what a person halts does not.
pub(crate) fn halted(halt: &Halt, now: Timestamp) -> Task {
    let Halt { scope, cause, reason, counted, group, .. } = halt.clone();
    // The prefix is what the deployed stack alerts by.
    let id = if halt.by.is_none() { format!("halt-{group}") } else { format!("group-{group}") };
    Task::new(id, None, TaskFacts::Halted { cause, scope, reason, counted, group }, now)
}

/// A task about a lead: where it is, and under which notice it was collected. What was filled in is never here.
pub(crate) fn lead(lead: &Lead, id: String, form: Option<&LeadForm>, keep_until: Timestamp, now: Timestamp) -> Task {
    let known = form.map(|form| KnownForm { name: form.name.clone(), privacy_notice: form.privacy_notice.clone() });
    let (platform, form, lead) = (lead.platform, lead.form.clone(), lead.id.clone());
    Task { expires_at: Some(keep_until), ..Task::new(id, None, TaskFacts::Lead { platform, form, known, lead }, now) }
}

/// A task about a contribution that the platform shows otherwise than it is recorded: hidden by hand, or shown again.
pub(crate) fn differs(case: &Case, is_hidden: bool, now: Timestamp) -> Task {
    let id = format!("{}-{}", case.id, if is_hidden { "hidden" } else { "shown" });
    let facts = TaskFacts::ShownOtherwise { platform: case.platform, is_hidden };
    Task { office: case.office.clone(), deadline: case.deadline, ..Task::new(id, Some(&case.id), facts, now) }
}

/// A task to correct what was said of a sanction that nobody could carry out, or that ended before its day.
pub(crate) fn announced(case: &Case, sanction: &Sanction<CaseId>, now: Timestamp) -> Task {
    let facts = TaskFacts::Announced { platform: case.platform, sanction: sanction.kind };
    Task::new(format!("{}-announced-{}", case.id, sanction.number), Some(&case.id), facts, now)
}

/// A task about work that nobody carries out.
pub(crate) fn stuck(id: String, pieces: usize, since: Timestamp, now: Timestamp) -> Task {
    Task::new(id, None, TaskFacts::Stuck { pieces, since }, now)
}

/// A task about an erasure that takes too long.
pub(crate) fn late_erasure(id: String, code: &str, waiting: usize, since: Timestamp, now: Timestamp) -> Task {
    Task::new(id, None, TaskFacts::LateErasure { code: code.to_owned(), waiting, since }, now)
}

/// A task about an account of which the platform had stopped sending us what happens on it.
pub(crate) fn lapsed(id: String, account: &Account, mended: bool, now: Timestamp) -> Task {
    let (platform, handle) = (account.platform, account.handle.clone());
    Task::new(id, None, TaskFacts::Lapsed { platform, handle, mended }, now)
}

/// A task about contributions that all seem gone at once, which is rather a right that was lost.
pub(crate) fn unseen(id: String, account: &Account, contributions: usize, now: Timestamp) -> Task {
    let (platform, handle) = (account.platform, account.handle.clone());
    Task::new(id, None, TaskFacts::Unseen { platform, handle, contributions }, now)
}

/// When the block ends that an action is to impose.
fn ends_at(work: &ActionWork) -> Option<Timestamp> {
    let ActionWork { case, action, .. } = work;
    let ends = |end: &&Action| end.kind == ActionKind::Unban && end.effect.is_none() && end.sanction == action.sanction;
    case.actions.iter().find(ends).filter(|_| action.kind == ActionKind::Ban)?.not_before
}

fn about(work: &ActionWork, facts: TaskFacts, now: Timestamp) -> Task {
    let ActionWork { case, action, .. } = work;
    // Several actions of a case may be of one kind; each has its own id.
    let id = by_hand_id(&case.id, &action.id);
    Task {
        action: Some(action.id.clone()),
        sanction: action.sanction,
        // Whoever came to it after the end of a block would keep somebody out whom nobody lets in again.
        expires_at: ends_at(work),
        ..Task::new(id, Some(&case.id), facts, now)
    }
}
