//! What a report asks of the office. The tasks say nothing of what was written: that stands in the report alone.

use jiff::Timestamp;
use ledger::{
    AboutReport, Closure, LedgerError, ReportId, ReportedCase, SenderCheck, Status, Task, TaskFacts, UserReport,
};
use policy::{Kind, Outcome};

use crate::Moderation;

impl Moderation {
    /// One task for each case that the report is about, and one for all the rest of it. None for what the same sender
    /// had reported before.
    pub(super) async fn tasks_for(&self, report: &UserReport, now: Timestamp) -> Result<Vec<Task>, LedgerError> {
        let new = || report.about.iter().filter(|about| about.earlier.is_none());
        let mut tasks = Vec::new();
        for id in new().filter_map(|about| about.case.as_ref()) {
            let Some(case) = self.ledger.case(id, now).await? else { continue };
            let state = match case.status {
                Status::Open => ReportedCase::Open,
                Status::Closed { reason: Closure::Erased, .. } => ReportedCase::Erased,
                Status::Closed { .. } => ReportedCase::Closed,
            };
            let facts = TaskFacts::ReportedCase { platform: case.platform, case: state, report: about(report) };
            let office = case.office.or_else(|| self.office_for(report));
            let task = Task::new(format!("{id}-report-{}", report.id), Some(id), facts, now);
            tasks.push(Task { office, ..dated(task, report) });
        }
        let without_case = new().filter(|about| about.case.is_none()).count();
        if without_case > 0 || report.about.is_empty() {
            let facts = TaskFacts::ReportedElsewhere { contributions: without_case, report: about(report) };
            let task = Task::new(format!("report-{}", report.id), None, facts, now);
            tasks.push(Task { office: self.office_for(report), ..dated(task, report) });
        }
        Ok(tasks)
    }

    /// A task that says that one sender's further reports of a day were not taken. Due and kept as a report is.
    pub(super) fn over_limit(&self, id: &ReportId, now: Timestamp) -> Task {
        let task_id = format!("report-limit-{}-{}", id.reporter(), ledger::day(now));
        Task {
            deadline: Some(self.policy.deadline(Outcome::Review, Kind::Comment, None, false, now)),
            expires_at: Some(self.policy.keep_report_until(now)),
            ..Task::new(task_id, None, TaskFacts::ReportsOverLimit, now)
        }
    }

    fn office_for(&self, report: &UserReport) -> Option<String> {
        self.policy.topic_of(&report.text).map(|topic| topic.office.clone())
    }
}

/// Due with the report, and gone with it: without it nobody could tell what it was about.
fn dated(task: Task, report: &UserReport) -> Task {
    Task { deadline: Some(report.deadline), expires_at: Some(report.expires_at), ..task }
}

/// What has to be known about the report.
fn about(report: &UserReport) -> AboutReport {
    AboutReport {
        id: report.id.clone(),
        links_left_out: report.links_left_out,
        unverified: report.sender_check == SenderCheck::Failed,
    }
}
