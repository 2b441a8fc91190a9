//! The register of those whom a block or a ban keeps out, over all accounts.

use ledger::{Cursor, DecisionKind};
use maud::{Markup, html};
use moderation::KeptOut;
use pages::visible;
use words::record;

use crate::answer::Answer;
use crate::form::address;
use crate::trouble::Trouble;
use crate::visit::Visit;

/// How many are on a page.
const PAGE: usize = 25;

impl Visit<'_> {
    pub(crate) async fn register(&self) -> Result<Answer, Trouble> {
        let after = self.query.given("after").and_then(|after| after.parse::<Cursor>().ok());
        let (found, next) = self.office().kept_out(after.as_ref(), PAGE).await?;
        let body = html! {
            p { (self.say(
                "Chi è bloccato o escluso da un profilo, o sta per esserlo. Ciò che è stato bloccato a mano sulla piattaforma non \
                 risulta qui.",
                "Who is blocked or banned on an account, or is about to be. Whom somebody blocked by hand on the platform does \
                 not appear here.",
            )) }
            @if found.is_empty() { p { (self.say("Nessuno è bloccato.", "Nobody is blocked.")) } }
            ul class="entries" { @for one in &found { (self.kept_out(one)) } }
            @if let Some(next) = next {
                p { a href=(address("/console/register", &[("after", &next.to_string())])) rel="next" {
                    (self.say("Pagina seguente", "Next page"))
                } }
            }
        };
        Ok(self.page("/console/register", self.say("Persone bloccate", "Blocked people"), body))
    }

    fn kept_out(&self, one: &KeptOut) -> Markup {
        let KeptOut { author, sanction, case, .. } = one;
        let content = case.as_ref().and_then(|case| case.content.as_ref());
        let name = content.and_then(|content| content.author.as_ref()?.name.as_deref());
        let known = case.as_ref().and_then(|case| self.policy().account(case.platform, &case.account));
        let decided = case.iter().flat_map(|case| &case.decisions).rev().find(|one| one.kind == DecisionKind::Confirm);
        let people: Vec<&str> = sanction.confirmed_by.iter().map(|one| one.name()).collect();
        let since = sanction.effective_at.map(|at| self.time(at));
        let until = sanction.ends_at.map(|at| self.time(at));
        let warnings: Vec<String> = one
            .warnings()
            .map(|warning| {
                let when = warning.effective_at.map(|at| self.time(at)).unwrap_or_default();
                format!("{}, {when}", record::sanction(warning.kind, self.language))
            })
            .collect();
        html! {
            li class="entry" {
                h2 {
                    a href={ "/console/author/" (author) } {
                        @match name { Some(name) => bdi { (visible(name)) }, None => { (author) } }
                    }
                    ": " (record::sanction(sanction.kind, self.language))
                }
                dl {
                    @if let Some(case) = case {
                        dt { (self.say("Dove", "Where")) }
                        dd { (case.platform.name()) @if let Some(known) = known { ", " (known.name) } }
                    }
                    dt { (self.say("Dal", "Since")) }
                    dd {
                        @match since {
                            Some(since) => (since),
                            None => { (self.say("deciso, non ancora in vigore", "decided, not in force yet")) },
                        }
                    }
                    dt { (self.say("Fino al", "Until")) }
                    dd {
                        @match until {
                            Some(until) => (until),
                            None => { (self.say("senza termine", "without end")) },
                        }
                    }
                    dt { (self.say("Perché", "Why")) }
                    dd {
                        @if let Some(case) = case { (self.clauses(case)) ", " }
                        a href={ "/console/case/" (sanction.case) } { (self.say("caso ", "case ")) (sanction.case) }
                        @if let Some(reason) = decided.and_then(|one| one.reason.as_deref()) { ": " bdi { (visible(reason)) } }
                    }
                    dt { (self.say("Deciso da", "Decided by")) }
                    dd {
                        @if people.is_empty() { (self.say("la scala della policy", "the ladder of the policy")) }
                        @else { bdi { (visible(&people.join(", "))) } }
                    }
                    dt { (self.say("Avvertimenti arrivati", "Warnings delivered")) }
                    dd {
                        @if warnings.is_empty() { (self.say("nessuno", "none")) } @else { (warnings.join("; ")) }
                    }
                }
            }
        }
    }
}
