//! The queue, the cases of a halt, and the tasks.

use ledger::{Case, Cursor, Errand, TaskFacts, TaskKind};
use maud::{Markup, html};
use moderation::{GROUP, Listing, Sort};
use pages::{link, visible};
use policy::{AccountId, Person, Platform};
use words::record;

use crate::answer::Answer;
use crate::counts::{self, Waiting};
use crate::form::{address, part};
use crate::role::Role;
use crate::trouble::Trouble;
use crate::visit::Visit;

/// How many cases or tasks are on a page.
const PAGE: usize = 25;
/// Among how many cases the filters count.
const COUNTED: usize = 200;

impl Visit<'_> {
    /// The cases that the address asks for.
    pub(crate) fn listing(&self, limit: usize) -> Listing {
        let given = |name| self.query.given(name);
        let assignee = match given("assignee") {
            Some("me") => Some(self.person.clone()),
            other => other.and_then(|name| Person::new(name).ok()),
        };
        Listing {
            group: None,
            office: given("office").map(str::to_owned),
            assignee,
            platform: given("platform").and_then(|platform| platform.parse().ok()),
            account: given("account").map(AccountId::new),
            clause: given("clause").map(str::to_owned),
            sort: given("sort").and_then(|sort| Sort::ALL.into_iter().find(|known| known.as_str() == sort)),
            undecided: false,
            limit,
        }
    }

    pub(crate) async fn queue(&self) -> Result<Answer, Trouble> {
        let after = self.query.given("after").and_then(|after| after.parse::<Cursor>().ok());
        let (cases, next) = self.office().page(&self.listing(PAGE), after).await?;
        let halts = self.office().halts().await?;
        let waiting = self.waiting().await?;
        let body = html! {
            (self.filters(&waiting))
            @if cases.is_empty() {
                p { (self.say("Nessun caso in questa pagina.", "No case on this page.")) }
            }
            p class="notice" role="status" hidden data-changed {
                (self.say("Nel frattempo la coda è cambiata: ", "Meanwhile the queue has changed: "))
                a href="" { (self.say("ricarica", "load it again")) }
            }
            h2 { (self.say("Casi", "Cases")) }
            ul class="entries" data-queue=(state(&cases)) { @for case in &cases { (self.row(case)) } }
            @if let Some(next) = next { (self.further(&next)) }
            @for halt in &halts {
                p {
                    a href={ "/console/group/" (part(&halt.group)) } {
                        (self.say("Casi lasciati da una sospensione: ", "Cases left by a halt: ")) (halt.group)
                    }
                }
            }
        };
        Ok(self.page("/console/queue", self.say("Coda", "Queue"), body))
    }

    fn further(&self, next: &Cursor) -> Markup {
        let next = next.to_string();
        let mut fields: Vec<(&str, &str)> = FILTERS.iter().map(|name| (*name, self.query.get(name))).collect();
        fields.push(("after", &next));
        html! { p { a href=(address("/console/queue", &fields)) rel="next" { (self.say("Pagina seguente", "Next page")) } } }
    }

    /// How many cases each filter shows, among the first that wait; of a few seconds ago.
    async fn waiting(&self) -> Result<Waiting, Trouble> {
        if let Some(kept) = self.console.waiting.get(self.now, counts::WAITING) {
            return Ok(kept);
        }
        let (cases, more) = self.office().list(&Listing { limit: COUNTED, ..Listing::default() }).await?;
        let waiting = Waiting::of(&cases, more);
        self.console.waiting.keep(self.now, waiting.clone());
        Ok(waiting)
    }

    fn filters(&self, waiting: &Waiting) -> Markup {
        let policy = self.policy();
        let get = |name| self.query.get(name);
        let sort = |sort: Sort| match sort {
            Sort::Urgent => self.say("pericolo", "danger"),
            Sort::Hidden => self.say("nascosti, da confermare", "hidden, to be confirmed"),
            Sort::Review => self.say("da valutare", "to be reviewed"),
            Sort::Disagreement => self.say("regola e modello discordi", "rule and model disagree"),
        };
        let plus = if waiting.more { "+" } else { "" };
        let counted = |filter, value: &str, name: String| format!("{name} ({}{plus})", waiting.count(filter, value));
        let accounts = policy.accounts.iter();
        let accounts = accounts.map(|one| {
            let name = format!("{}: {}", one.platform.name(), one.name);
            (one.id.as_str(), counted("account", one.id.as_str(), name))
        });
        let clauses = policy.clauses.iter().map(|clause| {
            let number = clause.number.as_str();
            (number, counted("clause", number, self.clause(number)))
        });
        html! {
            form class="stack filters" method="get" action="/console/queue" {
                (self.choice("sort", self.say("Tipo", "Kind"), get("sort"),
                    Sort::ALL.map(|one| (one.as_str(), counted("sort", one.as_str(), sort(one).to_owned())))))
                (self.choice("platform", self.say("Piattaforma", "Platform"), get("platform"),
                    Platform::ALL.iter().map(|one| (one.as_str(), counted("platform", one.as_str(), one.name().to_owned())))))
                (self.choice("account", self.say("Profilo", "Account"), get("account"), accounts))
                (self.choice("clause", self.say("Articolo", "Clause"), get("clause"), clauses))
                (self.choice("assignee", self.say("Assegnatario", "Assignee"), get("assignee"),
                    [("me", self.say("io", "me").to_owned())]))
                (self.line("office", self.say("Ufficio", "Office"), get("office")))
                div { button class="btn" { (self.say("Filtra", "Filter")) } }
            }
        }
    }

    pub(crate) async fn group(&self) -> Result<Answer, Trouble> {
        let asked = Listing { group: Some(self.place.clone()), limit: GROUP, ..Listing::default() };
        let (cases, next) = self.office().page(&asked, None).await?;
        // No more at once than may be confirmed at once.
        let cases: Vec<Case> = cases.into_iter().take(GROUP).collect();
        let action = format!("/console/group/{}/confirm", part(&self.place));
        let body = html! {
            p { (self.say("Gruppo: ", "Group: ")) (self.place) }
            @if cases.is_empty() { p { (self.say("Nessun caso.", "No case.")) } }
            h2 { (self.say("Casi", "Cases")) }
            ul class="entries" { @for case in &cases { (self.row(case)) } }
            @if next.is_some() {
                p { (self.say("Ce ne sono altri, dopo questi.", "There are more behind these.")) }
            }
            @if !cases.is_empty() && self.may(Role::Moderation) {
                h2 { (self.say("Confermare quelli in questa pagina", "Confirm those on this page")) }
                p { (self.say(
                    "Ognuno conta come una prima violazione; nessuna sanzione è confermata e nulla è segnalato.",
                    "Each counts as a first violation; no sanction is confirmed and nothing is referred.",
                )) }
                (self.form_with("reason", &action, self.say("Conferma tutti", "Confirm all"), true, html! {
                    @for case in &cases {
                        input type="hidden" name="case" value={ (case.id) " " (case.decisions.len()) };
                    }
                }))
            }
        };
        Ok(self.page("", self.say("Casi di una sospensione", "Cases of a halt"), body))
    }

    pub(crate) async fn tasks(&self) -> Result<Answer, Trouble> {
        let after = self.query.given("after").and_then(|after| after.parse::<Cursor>().ok());
        let (tasks, next) = self.office().tasks_after(after.as_ref(), PAGE).await?;
        let mut entries = Vec::new();
        for task in &tasks {
            let case = match &task.case {
                Some(id) => self.office().case(id).await.ok(),
                None => None,
            };
            entries.push((task, case));
        }
        let body = html! {
            @if tasks.is_empty() { p { (self.say("Nessuna attività aperta.", "No open task.")) } }
            ul class="entries" {
                @for (number, (task, case)) in entries.iter().enumerate() {
                    li class=(if task.kind == TaskKind::Urgent { "entry urgent" } else { "entry" }) {
                        h2 { (record::task(task.kind, self.language)) }
                        p { (visible(&words::task::asked(task, self.language))) "." }
                        dl {
                            dt { (self.say("Dal", "Since")) } dd { (self.time(task.created_at)) }
                            @if let Some(deadline) = task.deadline {
                                dt { (self.say("Entro", "Until")) } dd { (self.time(deadline)) }
                            }
                            @if let Some(id) = &task.case {
                                dt { (self.say("Caso", "Case")) } dd { a href={ "/console/case/" (id) } { (id) } }
                            }
                            @if let Some(address) = case.as_ref().and_then(|case| case.content.as_ref()?.permalink.as_deref()) {
                                dt { (self.say("Dove", "Where")) } dd { (link(address)) }
                            }
                            @if let Errand::Facts(TaskFacts::Halted { group, .. }) = &task.errand {
                                dt { (self.say("Casi", "Cases")) }
                                dd { a href={ "/console/group/" (part(group)) } { (group) } }
                            }
                        }
                        @if task.kind == TaskKind::Confirm {
                            p { (self.say("Si chiude decidendo il caso.", "It is closed by deciding the case.")) }
                        } @else if self.may(Role::Moderation) {
                            (self.closing(number, &task.id))
                        }
                    }
                }
            }
            @if let Some(next) = next {
                p { a href=(address("/console/tasks", &[("after", &next.to_string())])) rel="next" {
                    (self.say("Pagina seguente", "Next page"))
                } }
            }
        };
        Ok(self.page("/console/tasks", self.say("Attività", "Tasks"), body))
    }

    fn closing(&self, number: usize, task: &str) -> Markup {
        let choices = [
            ("yes", self.say("fatta", "done")),
            ("no", self.say("non possibile o non dovuta", "not possible or not due")),
        ];
        let action = format!("/console/task/{}/done", part(task));
        self.form_with(&format!("reason-{number}"), &action, self.say("Chiudi", "Close"), false, html! {
            fieldset {
                legend { (self.say("Esito", "Outcome")) }
                @for (value, name) in choices {
                    label class="choice" { input type="radio" name="achieved" value=(value) required; " " (name) } " "
                }
            }
        })
    }
}

/// Which cases are shown, and how they stand.
fn state(cases: &[Case]) -> String {
    let each = cases.iter().map(|case| format!("{}.{}", case.id, case.version));
    each.collect::<Vec<_>>().join(" ")
}

/// The fields of the address that choose among the cases.
const FILTERS: [&str; 6] = ["sort", "platform", "account", "clause", "assignee", "office"];
