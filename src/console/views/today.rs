//! The beginning: what is to be done now.

use jiff::{SignedDuration, ToSpan};
use ledger::{Errand, Task, TaskFacts};
use maud::html;
use moderation::Listing;
use pages::visible;
use statistics::{Period, Summary};

use crate::answer::Answer;
use crate::counts;
use crate::role::Role;
use crate::trouble::Trouble;
use crate::visit::Visit;

/// How many of each are looked at. What is over that is told as more.
const LOOKED_AT: usize = 200;
/// How many of the first cases are shown.
const SHOWN: usize = 5;

fn is_about_an_account(task: &Task) -> bool {
    matches!(task.errand, Errand::Facts(TaskFacts::Lapsed { .. } | TaskFacts::Unseen { .. } | TaskFacts::Stuck { .. }))
}

impl Visit<'_> {
    /// The last seven days that are over, in five sentences; of some minutes ago.
    async fn week(&self) -> Result<Summary, Trouble> {
        if let Some(kept) = self.console.week.get(self.now, counts::WEEK) {
            return Ok(kept);
        }
        let today = ledger::day(self.now);
        let from = today.checked_sub(7.days()).unwrap_or(today);
        let to = today.yesterday().unwrap_or(today);
        let period = Period::new(from, to).map_err(|_| Trouble::NoPage)?;
        let summary = self.report(period).await?.summary;
        self.console.week.keep(self.now, summary.clone());
        Ok(summary)
    }

    pub(crate) async fn today(&self) -> Result<Answer, Trouble> {
        let title = self.say("Oggi", "Today");
        if !self.may(Role::Reading) {
            let body = html! { p { (self.say("Da qui si amministrano gli accessi.", "From here sessions are looked after.")) } };
            return Ok(self.page("/console", title, body));
        }
        let asked = Listing { limit: LOOKED_AT, ..Listing::default() };
        let (cases, more) = self.office().list(&asked).await?;
        let (tasks, more_tasks) = self.office().tasks(LOOKED_AT).await?;
        let halts = self.office().halts().await?;
        let tomorrow = ledger::day(self.now.saturating_add(SignedDuration::from_hours(24)).unwrap_or(self.now));
        let overdue = cases.iter().filter(|case| case.deadline.is_some_and(|at| at <= self.now)).count();
        let due = cases
            .iter()
            .filter(|case| case.deadline.is_some_and(|at| at > self.now && ledger::day(at) < tomorrow))
            .count();
        let urgent = cases.iter().filter(|case| case.urgent).count();
        let mine = cases.iter().filter(|case| case.assignee.as_ref().is_some_and(|one| one.is(&self.person))).count();
        let confirm = tasks.iter().filter(|task| task.kind == ledger::TaskKind::Confirm).count();
        let plus = |more: bool| if more { "+" } else { "" };
        let counts = [
            ("/console/queue?sort=urgent", urgent.to_string(), self.say("urgenti", "urgent")),
            ("/console/queue", overdue.to_string(), self.say("scaduti", "overdue")),
            ("/console/queue", due.to_string(), self.say("in scadenza oggi", "due today")),
            ("/console/queue", format!("{}{}", cases.len(), plus(more)), self.say("casi aperti", "open cases")),
            ("/console/queue?assignee=me", mine.to_string(), self.say("assegnati a me", "assigned to me")),
            ("/console/tasks", confirm.to_string(), self.say("sanzioni da confermare", "sanctions to confirm")),
            (
                "/console/tasks",
                format!("{}{}", tasks.len(), plus(more_tasks)),
                self.say("attività aperte", "open tasks"),
            ),
            ("/console/automation", halts.len().to_string(), self.say("sospensioni", "halts")),
        ];
        // Raised when a platform refuses a token or has stopped sending: what only a person can mend.
        let failing: Vec<&Task> = tasks.iter().filter(|task| is_about_an_account(task)).collect();
        let week = self.week().await?;
        let body = html! {
            ul class="counts" {
                @for (path, count, name) in counts { li { strong { (count) } a href=(path) { (name) } } }
            }
            p {
                a href="/console/since" {
                    (self.say("Che cosa è successo dal ", "What happened since ")) (self.time(self.not_seen_since()))
                }
            }
            @if !failing.is_empty() {
                h2 { (self.say("Profili che stanno per fermarsi, o si sono fermati", "Accounts about to fail, or that have failed")) }
                ul {
                    @for task in failing {
                        li { a href="/console/tasks" { (visible(&words::task::asked(task, self.language))) } }
                    }
                }
            }
            h2 { (self.say("La settimana in cinque frasi", "The week in five sentences")) }
            ul { @for sentence in self.say(&week.it, &week.en) { li { (sentence) } } }
            h2 { (self.say("Da guardare per primi", "To look at first")) }
            @if cases.is_empty() { p { (self.say("Nessun caso aspetta.", "No case waits.")) } }
            ul class="entries" { @for case in cases.iter().take(SHOWN) { (self.row(case)) } }
        };
        Ok(self.page("/console", title, body))
    }
}
