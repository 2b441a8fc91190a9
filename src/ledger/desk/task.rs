//! Tasks: what only a person can do.

use std::fmt;

use jiff::Timestamp;
use policy::{ActionKind, Handwork, Person, Surface};
use serde::{Deserialize, Serialize};

use crate::{Action, CaseId, TaskFacts};

/// How the id of an urgent task about a case begins, before that of the case.
pub(crate) const URGENT: &str = "urgent-";

/// Something only a person can do, with everything needed to do it. `Debug` does not show what is known about it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// Which task. Chosen by whoever raises it, the same whenever the same reason arises again, and free of platform
    /// ids: for an action `{case}-{action}`, for a contribution that could not be read its reference. That of an
    /// urgent task begins with `urgent-`, because the table's stream carries keys only. Right after that, or at the
    /// beginning, stands the reference of the contribution that it is about, by which an erasure finds it.
    pub id: String,
    /// What sort of task.
    pub kind: TaskKind,
    /// The case that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<CaseId>,
    /// The action of that case in whose place it stands: what the platform could not do, done by hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    /// The number of the author's sanction that it concerns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sanction: Option<u32>,
    /// The office that is responsible.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub office: Option<String>,
    /// What to do, and what is known about it.
    #[serde(flatten)]
    pub errand: Errand,
    /// When it was raised.
    pub created_at: Timestamp,
    /// Until when it has to be done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline: Option<Timestamp>,
    /// Until when it is kept, done or not; `None` for ever.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// That it was done; `None` until then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done: Option<Done>,
}

impl Task {
    /// A task that was raised now, with nothing but what every task has.
    pub fn new(id: String, case: Option<&CaseId>, facts: TaskFacts, now: Timestamp) -> Self {
        Self {
            id,
            kind: facts.kind(),
            case: case.cloned(),
            action: None,
            sanction: None,
            office: None,
            errand: Errand::Facts(facts),
            created_at: now,
            deadline: None,
            expires_at: None,
            done: None,
        }
    }

    /// Whether it asks to let an author in again whom the platform keeps out.
    pub const fn lets_in(&self) -> bool {
        use TaskFacts::{ByHand, Failed};
        let Errand::Facts(ByHand { asked, .. } | Failed { asked, .. }) = &self.errand else { return false };
        matches!(asked, ActionKind::Unban)
    }

    /// Whether to close it as done says that a person did its action in the platform's place. Some ask for something else:
    /// to consider the case, to find out whether a message arrived, or to report a review to the platform, which decides.
    pub(super) fn asks_to_do(&self, action: &Action, surface: Surface) -> bool {
        match &self.errand {
            Errand::Facts(TaskFacts::ByHand { asked, how, .. }) => {
                !undoes(*asked, action) && *how != Handwork::ReportReview
            }
            Errand::Facts(facts) => matches!(facts, TaskFacts::Failed { asked, .. } if !undoes(*asked, action)),
            // A sentence does not say which of those it is: a review, or a message that may have been sent, could be.
            Errand::Instruction(_) => match self.kind {
                TaskKind::ByHand => surface != Surface::Review || action.kind != ActionKind::Hide,
                TaskKind::Failed => !action.kind.speaks(),
                _ => false,
            },
        }
    }
}

impl fmt::Debug for Task {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Task")
            .field("id", &self.id)
            .field("kind", &self.kind)
            .field("case", &self.case)
            .field("action", &self.action)
            .field("sanction", &self.sanction)
            .field("done", &self.done)
            .finish_non_exhaustive()
    }
}

/// What somebody is asked to do. Stored as one attribute, named like the variant.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Errand {
    /// As facts, of which the words are made by whoever shows them.
    Facts(TaskFacts),
    /// As a sentence in Italian, with which tasks were raised before they kept facts.
    Instruction(String),
}

/// That a task was done. `Debug` does not show the note.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    /// Who did it.
    pub by: Person,
    /// When.
    pub at: Timestamp,
    /// What there is to say about it.
    pub note: String,
    /// Random characters, different for each, as for [`crate::Decision::salt`].
    pub salt: String,
    /// Whether what the task asked for is so now; `false` when it turned out not to be possible or not to be right.
    pub achieved: bool,
}

impl fmt::Debug for Done {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Done")
            .field("by", &self.by)
            .field("at", &self.at)
            .field("achieved", &self.achieved)
            .finish_non_exhaustive()
    }
}

/// Why a person is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskKind {
    /// The platform lets only a person do it.
    ByHand,
    /// The platform cannot do it at all: something else has to be thought of.
    Impossible,
    /// It did not happen and retrying was given up.
    Failed,
    /// The text of a contribution could not be read, so it was never judged.
    Unread,
    /// The author of something hidden has rewritten it within the rules.
    Rewritten,
    /// A sanction waits for people to confirm it.
    Confirm,
    /// Something is to be brought before the platform or the authorities.
    Refer,
    /// Someone's life may be in danger.
    Urgent,
    /// Someone has filled in an advertising form.
    Lead,
    /// Automation is halted.
    Halted,
    /// What is recorded and what is so are not the same.
    Differs,
    /// A user has reported something.
    UserReport,
}

impl TaskKind {
    /// The key used in tables and logs.
    pub const fn as_str(self) -> &'static str {
        match self {
            TaskKind::ByHand => "by_hand",
            TaskKind::Impossible => "impossible",
            TaskKind::Failed => "failed",
            TaskKind::Unread => "unread",
            TaskKind::Rewritten => "rewritten",
            TaskKind::Confirm => "confirm",
            TaskKind::Refer => "refer",
            TaskKind::Urgent => "urgent",
            TaskKind::Lead => "lead",
            TaskKind::Halted => "halted",
            TaskKind::Differs => "differs",
            TaskKind::UserReport => "user_report",
        }
    }
}

/// Whether finishing a task counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finished {
    /// It is on record.
    Recorded,
    /// Someone has done it before, and that stays as it was.
    AlreadyDone(Done),
    /// There is no such task, or its time is over.
    Unknown,
}

/// Whether a task about an action asks for what undoes it: a ban in doubt that was taken back. To undo it is not to do it.
fn undoes(asked: ActionKind, action: &Action) -> bool {
    asked == ActionKind::Unban && action.kind == ActionKind::Ban
}

#[cfg(test)]
mod tests {
    use policy::Platform;

    use super::*;
    use crate::table::item::{from_item, text, to_item};

    #[test]
    fn a_task_that_was_raised_with_a_sentence_is_still_read_and_one_of_now_keeps_facts() {
        let at = "2026-02-03T09:00:00Z".parse().unwrap();
        let task = Task::new("t".to_owned(), None, TaskFacts::Urgent { platform: Platform::X }, at);
        let mut item = to_item("task", &task).unwrap();
        assert_eq!(from_item::<Task>("task", item.clone()).unwrap(), task);
        assert!(item.remove("facts").is_some_and(|facts| facts.as_m().unwrap().contains_key("urgent")));
        item.insert("instruction".to_owned(), text("Leggere subito il caso"));
        let old: Task = from_item("task", item).unwrap();
        assert_eq!(old, Task { errand: Errand::Instruction("Leggere subito il caso".to_owned()), ..task });
    }

    #[test]
    fn a_task_that_is_done_says_that_its_action_was_where_it_asked_for_that() {
        use ActionKind::{Hide, PrivateReply, Reply};
        use policy::Obstacle;
        let at = "2026-02-03T09:00:00Z".parse().unwrap();
        let platform = Platform::Facebook;
        let by_hand = |how| TaskFacts::ByHand { asked: Hide, platform, how, ends_at: None };
        let failed = TaskFacts::Failed { asked: Hide, platform, why: crate::Cause::ContentForgotten };
        let impossible = TaskFacts::Impossible { asked: Hide, platform, why: Obstacle::OnAnothersPage };
        // Of an old task nothing but its sort is known.
        for (facts, kind, surface, now, old) in [
            (by_hand(Handwork::DeleteComment), Hide, Surface::Comment, true, true),
            (by_hand(Handwork::ReportReview), Hide, Surface::Review, false, false),
            (by_hand(Handwork::AnswerMention), Reply, Surface::Mention, true, true),
            (failed, Hide, Surface::Comment, true, true),
            (TaskFacts::PerhapsSent { asked: PrivateReply, platform }, PrivateReply, Surface::Comment, false, false),
            (impossible, Hide, Surface::Mention, false, false),
            (TaskFacts::ShownOtherwise { platform, is_hidden: false }, Hide, Surface::Comment, false, false),
        ] {
            let action = Action::unasked(0, &crate::NewAction::new(kind));
            let task = Task::new("t".to_owned(), None, facts, at);
            assert_eq!(task.asks_to_do(&action, surface), now, "{task:?} on {surface:?}");
            let task = Task { errand: Errand::Instruction("Provvedere a mano".to_owned()), ..task };
            assert_eq!(task.asks_to_do(&action, surface), old, "{task:?} on {surface:?}, old");
        }
    }

    #[test]
    fn what_a_report_or_a_halt_leads_to_is_read_as_it_was_written() {
        let at = "2026-02-03T09:00:00Z".parse().unwrap();
        let report = format!("{}-{}", "a".repeat(16), "b".repeat(12)).parse().unwrap();
        let about = crate::AboutReport { id: report, links_left_out: 2, unverified: true };
        let account = policy::AccountId::new("1");
        for facts in [
            TaskFacts::ReportedElsewhere { contributions: 3, report: about },
            TaskFacts::Halted {
                cause: crate::HaltCause::Breaker,
                scope: crate::Scope::Rule(Platform::Facebook, account, "r".to_owned()),
                reason: "troppo".to_owned(),
                counted: Some(crate::HourCount { rule_hides: 9, account_hides: 10, contributions: 14 }),
                group: "g".to_owned(),
            },
            TaskFacts::Failed {
                asked: policy::ActionKind::Hide,
                platform: Platform::X,
                why: crate::Cause::InVain { attempts: 51, minutes: 2_880 },
            },
            TaskFacts::ReportsOverLimit,
        ] {
            let task = Task::new("t".to_owned(), None, facts, at);
            assert!(from_item::<Task>("task", to_item("task", &task).unwrap()).unwrap() == task);
        }
    }
}
