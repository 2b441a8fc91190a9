//! What a task is about, as facts. The words in which somebody is asked to do it are made by whoever shows it, in their
//! language and with the way to do it there.

use std::fmt;

use jiff::Timestamp;
use policy::{ActionKind, Handwork, Obstacle, Platform, Referral, SanctionKind};
use serde::{Deserialize, Serialize};

use crate::case::{is_false, is_zero};
use crate::{HaltCause, HourCount, ReportId, Scope, TaskKind};

/// What a person is asked for, and what is known about it. It may name a person's lead or an account: `Debug` shows only
/// of what sort it is.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskFacts {
    /// To do what the platform does by hand only.
    ByHand {
        /// What was asked of the platform.
        asked: ActionKind,
        /// Which platform.
        platform: Platform,
        /// What there is to do.
        how: Handwork,
        /// When the block ends that this imposes: by then nobody may know any more whom it concerns.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ends_at: Option<Timestamp>,
    },
    /// To think of something else, because the platform cannot do it at all.
    Impossible {
        /// What was asked of the platform.
        asked: ActionKind,
        /// Which platform.
        platform: Platform,
        /// Why it cannot.
        why: Obstacle,
    },
    /// To do by hand what did not succeed.
    Failed {
        /// What was asked of the platform.
        asked: ActionKind,
        /// Which platform.
        platform: Platform,
        /// Why it did not.
        why: Cause,
    },
    /// To find out whether a message arrived, before it is sent once more.
    PerhapsSent {
        /// How it was sent.
        asked: ActionKind,
        /// By which platform.
        platform: Platform,
    },
    /// To warn an author, because there is no call for it.
    Warn {
        /// On which platform.
        platform: Platform,
        /// Which warning.
        sanction: SanctionKind,
        /// Whether in private only, since in public it would point at what is to be protected.
        #[serde(default, skip_serializing_if = "is_false")]
        in_private: bool,
    },
    /// To read what could not be read.
    Unread {
        /// On which platform it stands.
        platform: Platform,
        /// Why it could not.
        why: Cause,
    },
    /// To see whether what was hidden, and was rewritten within the rules since, can be shown again.
    Rewritten {
        /// On which platform it stands.
        platform: Platform,
    },
    /// To confirm or decline a sanction that the ladder proposes.
    Confirm {
        /// On which platform.
        platform: Platform,
        /// Which sanction.
        sanction: SanctionKind,
        /// On how many violations it rests.
        violations: usize,
    },
    /// To bring a case before somebody.
    Refer {
        /// On which platform the contribution stands.
        platform: Platform,
        /// Before whom.
        to: Referral,
        /// What was violated.
        clauses: Vec<CitedClause>,
    },
    /// To read a case at once, because somebody may be in danger.
    Urgent {
        /// On which platform it stands.
        platform: Platform,
    },
    /// To go through the cases that a halt has left to a person, and to let automation go on.
    Halted {
        /// Why it was halted.
        cause: HaltCause,
        /// What was.
        scope: Scope,
        /// What was said about it, or counted.
        reason: String,
        /// What the circuit breaker had counted, where it was that.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        counted: Option<HourCount>,
        /// The group in which the cases wait.
        group: String,
    },
    /// To answer somebody who has filled in an advertising form. What they filled in is never here.
    Lead {
        /// Where the form is.
        platform: Platform,
        /// The platform's id of the form.
        form: String,
        /// What the office calls the form, and the address of the notice under which it collects; `None` where the policy
        /// does not know it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        known: Option<KnownForm>,
        /// The platform's id of the lead.
        lead: String,
    },
    /// To clear up why the platform shows something otherwise than it is on record.
    ShownOtherwise {
        /// On which platform it stands.
        platform: Platform,
        /// Whether it is hidden there, and not on record as hidden; or the other way round.
        is_hidden: bool,
    },
    /// To correct a message that announced a sanction which is not in force: nobody could carry it out, or it was lifted.
    Announced {
        /// On which platform it was said.
        platform: Platform,
        /// Which sanction.
        sanction: SanctionKind,
    },
    /// To find out why work is not carried out.
    Stuck {
        /// How much, at least.
        pieces: usize,
        /// Since when the first of it waits.
        since: Timestamp,
    },
    /// To bring an erasure to its end that takes too long.
    LateErasure {
        /// Its code.
        code: String,
        /// How many cases it waits for.
        waiting: usize,
        /// When it was asked for.
        since: Timestamp,
    },
    /// To look through what an account had no news of, because the platform had stopped sending any.
    Lapsed {
        /// Which platform.
        platform: Platform,
        /// The account, as people know it.
        handle: String,
        /// Whether news come again.
        mended: bool,
    },
    /// To find out why many contributions are no longer seen at once: a right may have been lost.
    Unseen {
        /// Which platform.
        platform: Platform,
        /// The account, as people know it.
        handle: String,
        /// How many.
        contributions: usize,
    },
    /// To see to a case that a user has reported.
    ReportedCase {
        /// On which platform it stands.
        platform: Platform,
        /// How far the case has come.
        case: ReportedCase,
        /// What has to be known about the report.
        report: AboutReport,
    },
    /// To see to what a user has reported and has no case.
    ReportedElsewhere {
        /// How many posts or contributions; 0 where the user named none.
        contributions: usize,
        /// What has to be known about the report.
        report: AboutReport,
    },
    /// To look at the mailbox for what one sender reported beyond what is taken in a day.
    ReportsOverLimit,
    /// To read a report of which the contribution's author was erased: the rest may still tell who that was.
    ReportAboutErased {
        /// Which report.
        report: ReportId,
    },
}

/// A clause, as the policy in force named it when the task was raised.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CitedClause {
    /// The number by which it is cited.
    pub number: String,
    /// Its title, in Italian, as published.
    pub title: String,
}

/// An advertising form that the policy lists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownForm {
    /// What the office calls it.
    pub name: String,
    /// The address of the privacy notice that it shows.
    pub privacy_notice: String,
}

/// How far a case had come when a user reported it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReportedCase {
    /// The office has still to decide about it.
    Open,
    /// It is closed: the decision may have to be looked at again.
    Closed,
    /// Its author was erased before anybody decided.
    Erased,
}

/// What has to be known about a user's report by whoever sees to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AboutReport {
    /// Which report.
    pub id: ReportId,
    /// How many of its links were not looked at.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub links_left_out: usize,
    /// Whether nobody knows if the sender is who it says, so that no receipt was sent.
    #[serde(default, skip_serializing_if = "is_false")]
    pub unverified: bool,
}

/// Why something did not succeed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// The platform declined.
    Platform(Obstacle),
    /// What is needed to ask for it is no longer kept.
    ContentForgotten,
    /// The policy lists the account no more.
    AccountNotOurs,
    /// It was tried for too long.
    InVain {
        /// How often the platform was asked.
        attempts: u32,
        /// Over how much time, in minutes.
        minutes: u64,
    },
}

impl TaskFacts {
    /// The sort of task.
    pub const fn kind(&self) -> TaskKind {
        match self {
            TaskFacts::ByHand { .. } | TaskFacts::Warn { .. } => TaskKind::ByHand,
            TaskFacts::Impossible { .. } => TaskKind::Impossible,
            TaskFacts::Failed { .. } | TaskFacts::PerhapsSent { .. } => TaskKind::Failed,
            TaskFacts::Unread { .. } => TaskKind::Unread,
            TaskFacts::Rewritten { .. } => TaskKind::Rewritten,
            TaskFacts::Confirm { .. } => TaskKind::Confirm,
            TaskFacts::Refer { .. } => TaskKind::Refer,
            TaskFacts::Urgent { .. } => TaskKind::Urgent,
            TaskFacts::Halted { .. } => TaskKind::Halted,
            TaskFacts::Lead { .. } => TaskKind::Lead,
            TaskFacts::ShownOtherwise { .. }
            | TaskFacts::Announced { .. }
            | TaskFacts::Stuck { .. }
            | TaskFacts::LateErasure { .. }
            | TaskFacts::Lapsed { .. }
            | TaskFacts::Unseen { .. } => TaskKind::Differs,
            TaskFacts::ReportedCase { .. }
            | TaskFacts::ReportedElsewhere { .. }
            | TaskFacts::ReportsOverLimit
            | TaskFacts::ReportAboutErased { .. } => TaskKind::UserReport,
        }
    }
}

impl fmt::Debug for TaskFacts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("TaskFacts").field(&self.kind()).finish()
    }
}
