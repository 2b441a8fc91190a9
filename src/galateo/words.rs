//! The words of the records, in the Italian that a communication officer uses.

use ledger::{Closure, DecisionKind, HaltCause, TaskKind};
use policy::{ActionKind, Effect, Notice, Outcome, Person, SanctionKind, SanctionState, Surface};
use serde_json::Value;

/// What the policy says about a contribution.
pub fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Allow => "ammesso",
        Outcome::Redirect => "da indirizzare",
        Outcome::Review => "da valutare",
        Outcome::Hide => "da nascondere",
    }
}

/// Where a contribution stands.
pub fn surface(surface: Surface) -> &'static str {
    match surface {
        Surface::Comment => "commento",
        Surface::LiveComment => "commento in diretta",
        Surface::VisitorPost => "post di un visitatore",
        Surface::Review => "recensione",
        Surface::Mention => "menzione",
        Surface::Message => "messaggio privato",
    }
}

/// What a platform is asked to do.
pub fn action(kind: ActionKind) -> &'static str {
    match kind {
        ActionKind::Hide => "nascondere",
        ActionKind::Unhide => "mostrare di nuovo",
        ActionKind::Delete => "rimuovere",
        ActionKind::Reply => "rispondere in pubblico",
        ActionKind::PrivateReply => "rispondere in privato",
        ActionKind::Ban => "bloccare l'autore",
        ActionKind::Unban => "sbloccare l'autore",
    }
}

/// What it did.
pub fn effect(effect: Effect) -> &'static str {
    match effect {
        Effect::Done => "fatto",
        Effect::AlreadySo => "era già così",
        Effect::Refused => "rifiutato: compito per l'ufficio",
        Effect::Impossible => "non possibile: compito per l'ufficio",
        Effect::Manual => "solo a mano: compito per l'ufficio",
        Effect::Failed => "non riuscito: compito per l'ufficio",
    }
}

/// On which occasion an author is written to.
pub fn notice(notice: Notice) -> &'static str {
    match notice {
        Notice::Warning => "avvertimento",
        Notice::LastWarning => "ultimo avvertimento",
        Notice::Block => "annuncio del blocco",
        Notice::Ban => "annuncio dell'esclusione",
        Notice::Protection => "dati personali nascosti a protezione",
        Notice::Redirect => "rinvio al servizio",
        Notice::Away => "risposta fuori orario",
        Notice::Apology => "scuse",
        Notice::Receipt => "ricevuta di una segnalazione",
    }
}

/// Why a case is closed.
pub fn closure(closure: Closure) -> &'static str {
    match closure {
        Closure::Removed => "contenuto rimosso",
        Closure::Confirmed => "confermato",
        Closure::Overturned => "annullato",
        Closure::Unfounded => "nessuna violazione",
        Closure::Erased => "dati dell'autore cancellati",
        Closure::Answered => "risposta data",
    }
}

/// What a person decided.
pub fn decision(kind: DecisionKind) -> &'static str {
    match kind {
        DecisionKind::Confirm => "confermato",
        DecisionKind::Danger => "pericolo verificato",
        DecisionKind::Overturn => "annullato",
        DecisionKind::Escalate => "segnalato",
        DecisionKind::Assign => "assegnato",
        DecisionKind::Unban => "autore sbloccato",
        DecisionKind::Note => "annotazione",
        DecisionKind::TaskDone => "attività chiusa",
    }
}

/// A sanction.
pub fn sanction(kind: SanctionKind) -> &'static str {
    match kind {
        SanctionKind::Warning => "avvertimento",
        SanctionKind::LastWarning => "ultimo avvertimento",
        SanctionKind::Block => "blocco temporaneo",
        SanctionKind::Ban => "esclusione",
    }
}

/// How far a sanction has come.
pub fn state(state: SanctionState) -> &'static str {
    match state {
        SanctionState::Proposed => "attende conferma",
        SanctionState::Decided => "decisa, in corso",
        SanctionState::Effective => "in vigore",
        SanctionState::Ended => "terminata",
        SanctionState::Declined => "respinta",
        SanctionState::Withdrawn => "ritirata",
    }
}

/// Why a person is needed.
pub fn task(kind: TaskKind) -> &'static str {
    match kind {
        TaskKind::ByHand => "a mano",
        TaskKind::Impossible => "non possibile",
        TaskKind::Failed => "non riuscito",
        TaskKind::Unread => "da leggere",
        TaskKind::Rewritten => "riscritto",
        TaskKind::Confirm => "da confermare",
        TaskKind::Refer => "da segnalare",
        TaskKind::Urgent => "URGENTE",
        TaskKind::Lead => "contatto",
        TaskKind::Halted => "sospensione",
        TaskKind::Differs => "da chiarire",
        TaskKind::UserReport => "segnalazione",
    }
}

/// What an audit entry about a case records. What a newer version records is named as it stands there.
pub fn fact(fact: &Value) -> String {
    let name = fact.as_str().or_else(|| fact.as_object()?.keys().next().map(String::as_str)).unwrap_or_default();
    match name {
        "verdict" => "valutazione",
        "effect" => "esito di una richiesta alla piattaforma",
        "removal" => "contenuto non più presente",
        "decision" => "decisione",
        "sanction" => "passo di una sanzione",
        "disclosure" => "consegna del fascicolo",
        "erasure" => "cancellazione",
        other => other,
    }
    .to_owned()
}

/// Why something is halted.
pub fn cause(cause: HaltCause) -> &'static str {
    match cause {
        HaltCause::Breaker => "troppi nascondimenti",
        HaltCause::Switch => "spento da una persona",
        HaltCause::Raid => "attacco",
    }
}

/// Several people, by name.
pub fn names(people: &[Person]) -> String {
    people.iter().map(Person::as_str).collect::<Vec<_>>().join(", ")
}
