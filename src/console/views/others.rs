//! What the system may do alone, a text to try, looking for a case, who has signed in.

use ledger::{Halt, Scope};
use maud::{Markup, html};
use moderation::OfficeError;
use pages::{visible, written_and_marked};
use policy::{Kind, Platform, PlatformUserId, Subject};
use words::{opinion, record};

use super::trouble::sentence;
use crate::answer::{Answer, lead_to};
use crate::form::part;
use crate::refusal;
use crate::role::{Role, Roles};
use crate::trouble::Trouble;
use crate::visit::Visit;

/// The longest text that is tried, in characters.
const LONGEST_TRIED: usize = 20_000;

impl Visit<'_> {
    pub(crate) async fn automation(&self) -> Result<Answer, Trouble> {
        let (halts, limits) = (self.office().halts().await?, self.office().limits().await?);
        let accounts = &self.policy().accounts;
        let body = html! {
            @if halts.is_empty() {
                p { (self.say(
                    "Nulla è sospeso: il sistema nasconde da sé ciò che la policy lascia decidere a lui.",
                    "Nothing is halted: the system hides by itself what the policy leaves to it.",
                )) }
            }
            ul class="entries" { @for (number, halt) in halts.iter().enumerate() { (self.halted(number, halt)) } }
            @if !limits.is_empty() {
                h2 { (self.say("Limiti delle piattaforme", "Limits of the platforms")) }
                ul { @for limit in &limits { li { (limit.scope.platform.name()) (self.say(" fino al ", " until ")) (self.time(limit.until)) } } }
            }
            @if self.may(Role::Lead) {
                h2 { (self.say("Sospendere", "Halt")) }
                p { (self.say(
                    "Ciò che sarebbe nascosto resta visibile e attende una persona. Nulla va perduto.",
                    "What would be hidden stays up and waits for a person. Nothing is lost.",
                )) }
                @for (number, account) in accounts.iter().enumerate() {
                    details {
                        summary { (account.platform.name()) ": " (account.name) }
                        (self.halting(&format!("reason-halt-{number}"), Some((account.platform, account.id.as_str()))))
                    }
                }
                details {
                    summary { (self.say("Tutto", "Everything")) }
                    (self.halting("reason-halt-all", None))
                }
            }
        };
        Ok(self.page("/console/automation", self.say("Automazione", "Automation"), body))
    }

    fn halting(&self, id: &str, account: Option<(Platform, &str)>) -> Markup {
        let causes = [
            ("switch", self.say("spento: anche ciò che è deciso aspetta", "switched off: what is decided waits too")),
            ("raid", self.say("attacco: si raccoglie in un gruppo", "raid: it is gathered in a group")),
        ];
        self.form_with(id, "/console/automation/halt", self.say("Sospendi", "Halt"), true, html! {
            @if let Some((platform, account)) = account {
                input type="hidden" name="platform" value=(platform.as_str());
                input type="hidden" name="account" value=(account);
            }
            fieldset {
                legend { (self.say("Come", "How")) }
                @for (value, name) in causes { label class="choice" { input type="radio" name="cause" value=(value) required; " " (name) } " " }
            }
        })
    }

    fn halted(&self, number: usize, halt: &Halt) -> Markup {
        let (platform, account, rule) = match &halt.scope {
            Scope::All => (None, None, None),
            Scope::Account(platform, account) => (Some(platform), Some(account), None),
            Scope::Rule(platform, account, rule) => (Some(platform), Some(account), Some(rule)),
        };
        let by = halt.by.as_ref().map_or(self.say("sistema", "system"), |by| by.name());
        html! {
            li class="entry" {
                h2 {
                    @match (platform, account) {
                        (Some(platform), Some(account)) => {
                            (platform.name()) ": " (self.policy().account(*platform, account).map_or(account.as_str(), |known| known.name.as_str()))
                        },
                        _ => { (self.say("Tutto", "Everything")) },
                    }
                    @if let Some(rule) = rule { (self.say(", regola ", ", rule ")) (rule) }
                }
                p {
                    (record::cause(halt.cause, self.language)) ", " (self.say("dal ", "since ")) (self.time(halt.since)) ", "
                    bdi { (visible(by)) } ": " (visible(&words::task::halted_because(&halt.reason, halt.counted, self.language)))
                }
                p { a href={ "/console/group/" (part(&halt.group)) } { (self.say("I casi che aspettano", "The cases that wait")) } }
                @if self.may(Role::Lead) {
                    (self.form_with(&format!("reason-resume-{number}"), "/console/automation/resume", self.say("Riprendi", "Resume"), false, html! {
                        @if let Some(platform) = platform { input type="hidden" name="platform" value=(platform.as_str()); }
                        @if let Some(account) = account { input type="hidden" name="account" value=(account); }
                        @if let Some(rule) = rule { input type="hidden" name="rule" value=(rule); }
                    }))
                }
            }
        }
    }

    /// A text judged as if it had arrived. Nothing is kept of it.
    pub(crate) fn try_text(&self) -> Result<Answer, Trouble> {
        let text = self.form.get("text");
        if text.chars().count() > LONGEST_TRIED {
            return Err(Trouble::NoForm);
        }
        let platform = self.form.given("platform").and_then(|platform| platform.parse().ok());
        let kind = Kind::ALL.into_iter().find(|kind| kind.as_str() == self.form.get("kind")).unwrap_or(Kind::Comment);
        let judged = (!text.is_empty()).then(|| self.policy().judge(&Subject { platform, kind, ..Subject::of(text) }));
        let body = html! {
            form class="stack" method="post" action="/console/try" {
                (self.proof())
                label for="text" { (self.say("Testo", "Text")) }
                textarea id="text" name="text" required maxlength="20000" { (text) }
                (self.choice("platform", self.say("Piattaforma", "Platform"), self.form.get("platform"),
                    Platform::ALL.iter().map(|one| (one.as_str(), one.name().to_owned()))))
                (self.choice("kind", self.say("Tipo", "Kind"), kind.as_str(), Kind::ALL.map(|one| (one.as_str(), one.as_str().to_owned()))))
                button class="btn" { (self.say("Prova", "Try")) }
            }
            @if let Some(verdict) = judged {
                h2 { (self.say("Giudizio: ", "Judgement: ")) (record::outcome(verdict.outcome(), self.language)) }
                @let matches: Vec<_> = verdict.findings().iter().map(|one| (one.span.clone(), one.outcome)).collect();
                (written_and_marked(text, &matches))
                ol {
                    @for finding in verdict.findings() {
                        li {
                            strong { (self.clause(&finding.clause)) } ": " (record::outcome(finding.outcome, self.language))
                            (self.say(", regola ", ", rule ")) (finding.rule) " (" (finding.detector) ")"
                            @if let Some(said) = &finding.opinion {
                                "; " (opinion::opinion(said, self.language))
                                @let passages = opinion::passages(said, text, self.language);
                                @if !passages.is_empty() { ": " bdi { (visible(&passages)) } }
                            } @else { ", «" bdi { (visible(&finding.matched)) } "»" }
                        }
                    }
                }
            }
        };
        Ok(self.page("/console/try", self.say("Prova un testo", "Try a text"), body))
    }

    /// Looks for a case by its id, or by the reference that a citizen writes with.
    pub(crate) async fn search(&self) -> Result<Answer, Trouble> {
        let asked = self.query.get("q").trim().to_lowercase();
        let (mut found, mut why) = (Vec::new(), None);
        let by_person = self.may(Role::Moderation) || self.may(Role::Protection);
        if let (true, Some(id), Ok(platform)) =
            (by_person, self.query.given("id"), self.query.get("platform").parse::<Platform>())
        {
            let author = self.office().known_as(platform, &PlatformUserId::new(id)).await?;
            return Ok(lead_to(&format!("/console/author/{author}")));
        }
        if !asked.is_empty() {
            match self.office().find(&asked).await {
                Ok(case) => return Ok(lead_to(&format!("/console/case/{}", case.id))),
                Err(OfficeError::Ambiguous(ids)) => found = ids,
                Err(OfficeError::Ledger(error)) => return Err(error.into()),
                Err(error) => why = Some(sentence(&refusal::refused(&error, self.language))),
            }
        }
        let body = html! {
            form class="stack" method="get" action="/console/search" {
                label for="q" { (self.say("Riferimento o identificativo di un caso", "Reference or id of a case")) }
                input type="search" id="q" name="q" value=(self.query.get("q")) required maxlength="100";
                button class="btn" { (self.say("Cerca", "Search")) }
            }
            @if by_person {
                h2 { (self.say("Una persona", "A person")) }
                form class="stack" method="get" action="/console/search" {
                    label for="platform" { (self.say("Piattaforma", "Platform")) }
                    select id="platform" name="platform" required {
                        @for one in Platform::ALL { option value=(one.as_str()) { (one.name()) } }
                    }
                    label for="id" { (self.say("Identificativo della persona sulla piattaforma", "The person's id on the platform")) }
                    input type="text" id="id" name="id" required maxlength="200";
                    button class="btn" { (self.say("Cerca", "Search")) }
                }
            }
            @if let Some(why) = why { p class="notice alert" role="alert" { (visible(&why)) } }
            ul { @for id in &found { li { a href={ "/console/case/" (id) } { (id) } } } }
        };
        Ok(self.page("/console/search", self.say("Cerca", "Search"), body))
    }

    pub(crate) async fn sessions(&self) -> Result<Answer, Trouble> {
        let sessions = self.console.moderation.ledger().sessions(self.now).await?;
        let body = html! {
            ul class="entries" {
                @for (key, session) in &sessions {
                    @let roles = Roles::of(session.roles.iter().filter_map(|role| role.parse().ok()));
                    @let names: Vec<&str> = roles.iter().map(|role| role.name(self.language)).collect();
                    li class="entry" {
                        p {
                            strong { bdi { (visible(session.person.name())) } } " (" (names.join(", ")) "), "
                            (self.say("dal ", "since ")) (self.time(session.began_at))
                            (self.say(", usata l'ultima volta il ", ", used last on ")) (self.time(session.seen_at))
                            @if *key == self.key { " – " (self.say("questa sessione", "this session")) }
                        }
                        form method="post" action="/console/sessions/end" {
                            (self.proof())
                            input type="hidden" name="session" value=(key);
                            button class="btn quiet" { (self.say("Chiudi la sessione di ", "End the session of ")) (session.person.name()) }
                        }
                    }
                }
            }
            form class="stack" method="post" action="/console/sessions/end-all" {
                (self.proof())
                p { (self.say("Tutti, compreso chi lo fa, devono accedere di nuovo.", "Everybody, whoever does it included, has to sign in again.")) }
                button class="btn danger" { (self.say("Chiudi tutte le sessioni", "End all sessions")) }
            }
        };
        Ok(self.page("/console/sessions", self.say("Accessi", "Sessions"), body))
    }
}
