//! The beginning: what is to be done now.

use jiff::SignedDuration;
use maud::html;
use moderation::Listing;

use crate::answer::Answer;
use crate::role::Role;
use crate::trouble::Trouble;
use crate::visit::Visit;

/// How many of each are looked at. What is over that is told as more.
const LOOKED_AT: usize = 200;
/// How many of the first cases are shown.
const SHOWN: usize = 5;

impl Visit<'_> {
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
        let body = html! {
            ul class="counts" {
                @for (path, count, name) in counts { li { strong { (count) } a href=(path) { (name) } } }
            }
            h2 { (self.say("Da guardare per primi", "To look at first")) }
            @if cases.is_empty() { p { (self.say("Nessun caso aspetta.", "No case waits.")) } }
            ul class="entries" { @for case in cases.iter().take(SHOWN) { (self.row(case)) } }
        };
        Ok(self.page("/console", title, body))
    }
}
