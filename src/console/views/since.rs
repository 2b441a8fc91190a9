//! What happened since somebody looked last: what the log has of it, without what they did themselves.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan};
use ledger::{AuditEntry, Fact};
use maud::{Markup, html};
use pages::visible;
use policy::{Effect, Outcome};
use words::record;

use crate::answer::{Answer, lead_to, with_cookie};
use crate::cookie::Cookie;
use crate::trouble::Trouble;
use crate::visit::Visit;

/// How far it looks back at the most.
const LONGEST: SignedDuration = SignedDuration::from_hours(72);
/// How far it looks back for whoever never looked.
const OTHERWISE: SignedDuration = SignedDuration::from_hours(24);
/// For how long a browser remembers when its person looked, in seconds.
const REMEMBERED: i64 = 30 * 24 * 3600;
/// How many acts of colleagues are shown.
const SHOWN: usize = 100;

impl Visit<'_> {
    /// Since when what happened is told.
    pub(super) fn not_seen_since(&self) -> Timestamp {
        let back = |by: SignedDuration| self.now.saturating_sub(by).unwrap_or(self.now);
        self.looked_at.unwrap_or_else(|| back(OTHERWISE)).clamp(back(LONGEST), self.now)
    }

    pub(crate) async fn since(&self) -> Result<Answer, Trouble> {
        let since = self.not_seen_since();
        let (first, today) = (ledger::day(since), ledger::day(self.now));
        let days: Vec<Date> = first.series(1.day()).take_while(|day| *day <= today).collect();
        let mut entries = Vec::new();
        for day in days {
            let of_day = self.office().log_of(day).await?.entries;
            entries.extend(of_day.into_iter().filter(|entry| entry.at > since));
        }
        let count = |is: &dyn Fn(&Fact) -> bool| entries.iter().filter(|entry| is(&entry.fact)).count();
        let judged = |asked: Outcome| count(&|fact| matches!(fact, Fact::Verdict { outcome, .. } if *outcome == asked));
        let failed = |fact: &Fact| matches!(fact, Fact::Effect { effect: Effect::Failed | Effect::Refused, .. });
        let counts = [
            (count(&|fact| matches!(fact, Fact::Verdict { .. })), self.say("testi giudicati", "texts judged")),
            (judged(Outcome::Hide), self.say("da nascondere", "to be hidden")),
            (judged(Outcome::Review), self.say("da valutare", "to be reviewed")),
            (count(&|fact| *fact == Fact::Removal), self.say("tolti dalla piattaforma", "gone from the platform")),
            (count(&failed), self.say("azioni non riuscite", "actions that failed")),
            (count(&|fact| matches!(fact, Fact::Sanction { .. })), self.say("passi di sanzioni", "steps of sanctions")),
        ];
        let acts: Vec<&AuditEntry> = entries.iter().rev().filter(|entry| self.is_of_a_colleague(entry)).collect();
        let body = html! {
            p { (self.say("Dal ", "Since ")) strong { (self.time(since)) } "." }
            ul class="counts" { @for (count, name) in counts { li { strong { (count) } (name) } } }
            h2 { (self.say("Che cosa hanno fatto i colleghi", "What colleagues did")) }
            @if acts.is_empty() { p { (self.say("Nulla.", "Nothing.")) } }
            ul { @for entry in acts.iter().take(SHOWN) { li { (self.entry(entry)) } } }
            @if acts.len() > SHOWN { p { (self.say("Ce n'è altro, prima.", "There is more, before.")) } }
            form method="post" action="/console/since" {
                (self.proof())
                button class="btn" { (self.say("Ho visto: ricomincia da adesso", "Seen: begin again from now")) }
            }
        };
        Ok(self.page("", self.say("Che cosa è successo", "What happened"), body))
    }

    pub(crate) fn looked(&self) -> Answer {
        let cookie = self.console.cookie(Cookie::Looked).set(&self.now.to_string(), Some(REMEMBERED));
        with_cookie(lead_to("/console?said=done"), &cookie)
    }

    fn is_of_a_colleague(&self, entry: &AuditEntry) -> bool {
        let by = match &entry.fact {
            Fact::Decision { by, .. } | Fact::Halt { by: Some(by), .. } | Fact::Erasure { by: Some(by), .. } => by,
            Fact::Halt { by: None, .. } => return true,
            _ => return false,
        };
        by != self.person.as_str()
    }

    /// An entry of the log in a line.
    pub(super) fn entry(&self, entry: &AuditEntry) -> Markup {
        let system = || self.say("sistema", "system").to_owned();
        let (who, what) = self.told(&entry.fact);
        html! {
            (self.time(entry.at)) ", " bdi { (visible(&who.unwrap_or_else(system))) } ": " (what)
            @if let Some(platform) = entry.platform { " (" (platform.name()) ")" }
            @if let Some(case) = &entry.case { ", " a href={ "/console/case/" (case) } { (self.say("caso ", "case ")) (case) } }
        }
    }

    /// Who did what an entry records, if a person did, and what it was.
    fn told(&self, fact: &Fact) -> (Option<String>, String) {
        let language = self.language;
        match fact {
            Fact::Verdict { outcome, .. } => (None, record::outcome(*outcome, language).to_owned()),
            Fact::Effect { asked, effect, .. } => {
                (None, format!("{}: {}", record::action(*asked, language), record::effect(*effect, language)))
            }
            Fact::Removal => (None, self.say("tolto dalla piattaforma", "gone from the platform").to_owned()),
            Fact::Decision { decision, by, .. } => (Some(by.clone()), record::decision(*decision, language).to_owned()),
            Fact::Sanction { sanction, state, .. } => {
                (None, format!("{}: {}", record::sanction(*sanction, language), record::state(*state, language)))
            }
            Fact::Halt { halted, by, reason, .. } => {
                let what = if *halted { self.say("sospensione", "halt") } else { self.say("ripresa", "resumption") };
                (by.clone(), format!("{what}: {}", visible(reason)))
            }
            Fact::Activation => (None, self.say("la policy entra in vigore", "the policy comes into force").to_owned()),
            Fact::Export { from, to, by } => {
                (Some(by.clone()), format!("{} {from} – {to}", self.say("registro consegnato", "log given out")))
            }
            Fact::Disclosure { by, .. } => {
                (Some(by.clone()), self.say("consegnato ciò che risulta", "given out what is on record").to_owned())
            }
            Fact::Erasure { by, cases, .. } => {
                let what = self.say("autore cancellato, casi: ", "author erased, cases: ");
                (by.clone(), format!("{what}{cases}"))
            }
            Fact::Refusal { by, what, needs } => {
                let said = self.say("tentativo respinto", "refused try");
                (Some(by.clone()), format!("{said}: {} ({needs})", visible(what)))
            }
            Fact::ReportErasure { by, reports } => {
                let what = self.say("segnalazioni cancellate: ", "reports erased: ");
                (Some(by.clone()), format!("{what}{reports}"))
            }
        }
    }
}
