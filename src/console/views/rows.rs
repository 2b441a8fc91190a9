//! A case as a row of a list, with enough to decide the obvious ones.

use ledger::Case;
use maud::{Markup, html};
use pages::{visible, written_and_marked};
use words::record;

use crate::visit::Visit;

impl Visit<'_> {
    pub(super) fn row(&self, case: &Case) -> Markup {
        let class = if case.urgent { "entry urgent" } else { "entry" };
        html! {
            li class=(class) {
                h3 { a href={ "/console/case/" (case.id) } { (self.heading(case)) } }
                (self.text(case))
                dl {
                    dt { (self.say("Articolo", "Clause")) } dd { (self.clauses(case)) }
                    dt { (self.say("Fatto finora", "Done so far")) } dd { (self.done(case)) }
                    dt { (self.say("Entro", "Until")) } dd { (self.deadline(case)) }
                    @if let Some(announced) = case.announced() {
                        dt { (self.say("Deciso", "Decided")) }
                        dd { (self.say("da ", "by ")) bdi { (visible(announced.by.name())) } (self.say(", ancora annullabile", ", can still be taken back")) }
                    }
                    @if let Some(assignee) = &case.assignee {
                        dt { (self.say("Assegnato a", "Assigned to")) } dd { bdi { (visible(assignee.name())) } }
                    }
                }
            }
        }
    }

    /// Where it stands and what it is.
    pub(super) fn heading(&self, case: &Case) -> Markup {
        let account = self.policy().account(case.platform, &case.account);
        let account = account.map_or_else(|| case.account.to_string(), |account| account.name.clone());
        html! {
            @if case.urgent { span class="grave" { (self.say("URGENTE", "URGENT")) } " – " }
            (case.platform.name()) ", " (record::surface(case.surface, self.language)) ", " (account)
            ": " (record::outcome(case.outcome, self.language))
        }
    }

    /// The text with what matched in it marked.
    pub(super) fn text(&self, case: &Case) -> Markup {
        let Some(content) = &case.content else {
            return html! { p { (self.say("Il testo non è più conservato.", "The text is no longer kept.")) } };
        };
        let matches: Vec<_> =
            case.findings.iter().map(|finding| (finding.start..finding.end, finding.outcome)).collect();
        html! {
            (written_and_marked(&content.text, &matches))
            @if content.text_cut {
                p { (self.say("Il testo è più lungo: il resto non è conservato.", "The text is longer: the rest is not kept.")) }
            }
            @if case.has_attachment { p { (self.say("Con un allegato.", "With an attachment.")) } }
        }
    }

    /// The clauses of the findings, each once.
    pub(super) fn clauses(&self, case: &Case) -> String {
        let mut numbers: Vec<&str> = Vec::new();
        for finding in &case.findings {
            if !numbers.contains(&finding.clause.as_str()) {
                numbers.push(&finding.clause);
            }
        }
        let each = numbers.iter().map(|number| self.clause(number));
        each.collect::<Vec<_>>().join("; ")
    }

    /// A clause by its number and title.
    pub(super) fn clause(&self, number: &str) -> String {
        let clause = self.policy().clause(number);
        clause.map_or_else(|| number.to_owned(), |clause| format!("{number} {}", clause.title))
    }

    /// What the platform was asked and did.
    fn done(&self, case: &Case) -> String {
        let each = case.actions.iter().map(|action| {
            let what = record::action(action.kind, self.language);
            let became = match action.effect {
                Some(effect) => record::effect(effect, self.language),
                None => self.say("in attesa", "waiting"),
            };
            format!("{what}: {became}")
        });
        let all = each.collect::<Vec<_>>().join("; ");
        if all.is_empty() { self.say("nulla", "nothing").to_owned() } else { all }
    }

    /// Until when, and whether it is over.
    pub(super) fn deadline(&self, case: &Case) -> Markup {
        let over = case.deadline.is_some_and(|deadline| deadline <= self.now);
        html! {
            @match case.deadline {
                Some(deadline) => { (self.time(deadline)) },
                None => { (self.say("nessun termine", "no deadline")) },
            }
            @if over { " " span class="grave" { (self.say("SCADUTO", "OVERDUE")) } }
        }
    }
}
