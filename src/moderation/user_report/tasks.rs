//! What a report asks of the office. The tasks say nothing of what was written: that stands in the report alone.

use jiff::Timestamp;
use ledger::{Closure, LedgerError, ReportId, SenderCheck, Status, Task, TaskKind, UserReport};
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
                Status::Open => "da decidere",
                Status::Closed { reason: Closure::Erased, .. } => {
                    "cancellato con il suo autore prima di una decisione: aprire il contenuto dal link e valutarlo"
                }
                Status::Closed { .. } => "già chiuso: valutare se la decisione regge",
            };
            let text = format!(
                "Un utente ha segnalato il contenuto di questo caso su {}, {state}{}",
                case.platform.name(),
                how(report)
            );
            let office = case.office.or_else(|| self.office_for(report));
            let task = Task::new(format!("{id}-report-{}", report.id), TaskKind::UserReport, Some(id), text, now);
            tasks.push(Task { office, ..dated(task, report) });
        }
        let without_case = new().filter(|about| about.case.is_none()).count();
        if without_case > 0 || report.about.is_empty() {
            let what = match without_case {
                0 => "Un utente ha scritto alla casella delle segnalazioni senza indicare un contenuto dei nostri \
                      profili: capire che cosa riguarda"
                    .to_owned(),
                1 => "Un utente ha segnalato un nostro post o un contenuto che non ha un caso: aprirlo dal link e valutarlo \
                      secondo le regole. Se le viola, intervenire a mano sulla piattaforma"
                    .to_owned(),
                more => format!(
                    "Un utente ha segnalato {more} nostri post o contenuti che non hanno un caso: aprirli dai link e valutarli \
                     secondo le regole. Se le violano, intervenire a mano sulla piattaforma"
                ),
            };
            let text = what + &how(report);
            let task = Task::new(format!("report-{}", report.id), TaskKind::UserReport, None, text, now);
            tasks.push(Task { office: self.office_for(report), ..dated(task, report) });
        }
        Ok(tasks)
    }

    /// A task that says that one sender's further reports of a day were not taken. Due and kept as a report is.
    pub(super) fn over_limit(&self, id: &ReportId, now: Timestamp) -> Task {
        let text = "Uno stesso mittente ha inviato più segnalazioni di quante se ne accettano in un giorno: le altre non \
                    sono in elenco. I messaggi restano nella casella per il tempo previsto (vedere il manuale operativo)";
        let task_id = format!("report-limit-{}-{}", id.reporter(), ledger::day(now));
        Task {
            deadline: Some(self.policy.deadline(Outcome::Review, Kind::Comment, None, false, now)),
            expires_at: Some(self.policy.keep_report_until(now)),
            ..Task::new(task_id, TaskKind::UserReport, None, text.to_owned(), now)
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

/// Where the report is to be read, and what has to be known about it.
fn how(report: &UserReport) -> String {
    let mut text = format!(". La segnalazione si legge con `galateo report show {}`", report.id);
    if report.links_left_out > 0 {
        text.push_str(&format!("; altri {} link non sono stati considerati", report.links_left_out));
    }
    if report.sender_check == SenderCheck::Failed {
        text.push_str("; il mittente non è verificato, perciò non ha avuto risposta");
    }
    text
}
