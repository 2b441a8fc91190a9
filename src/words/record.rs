//! What stands on record, word by word: outcomes, effects, decisions, sanctions and the like.

use ledger::{Closure, DecisionKind, HaltCause, TaskKind};
use policy::{ActionKind, Effect, Language, Notice, Outcome, Person, SanctionKind, SanctionState, Surface};

/// What the policy says about a contribution.
pub const fn outcome(outcome: Outcome, language: Language) -> &'static str {
    let words = match outcome {
        Outcome::Allow => ("ammesso", "allowed"),
        Outcome::Redirect => ("da indirizzare", "to be redirected"),
        Outcome::Review => ("da valutare", "to be reviewed"),
        Outcome::Hide => ("da nascondere", "to be hidden"),
    };
    one_of(words, language)
}

/// Where a contribution stands.
pub const fn surface(surface: Surface, language: Language) -> &'static str {
    let words = match surface {
        Surface::Comment => ("commento", "comment"),
        Surface::LiveComment => ("commento in diretta", "live comment"),
        Surface::VisitorPost => ("post di un visitatore", "visitor's post"),
        Surface::Review => ("recensione", "review"),
        Surface::Mention => ("menzione", "mention"),
        Surface::Message => ("messaggio privato", "private message"),
    };
    one_of(words, language)
}

/// What a platform is asked to do.
pub const fn action(kind: ActionKind, language: Language) -> &'static str {
    let words = match kind {
        ActionKind::Hide => ("nascondere", "hide"),
        ActionKind::Unhide => ("mostrare di nuovo", "show again"),
        ActionKind::Delete => ("rimuovere", "remove"),
        ActionKind::Reply => ("rispondere in pubblico", "reply in public"),
        ActionKind::PrivateReply => ("rispondere in privato", "reply in private"),
        ActionKind::Ban => ("bloccare l'autore", "block the author"),
        ActionKind::Unban => ("sbloccare l'autore", "unblock the author"),
    };
    one_of(words, language)
}

/// What it did.
pub const fn effect(effect: Effect, language: Language) -> &'static str {
    let words = match effect {
        Effect::Done => ("fatto", "done"),
        Effect::AlreadySo => ("era già così", "was so already"),
        Effect::Refused => ("rifiutato: compito per l'ufficio", "refused: task for the office"),
        Effect::Impossible => ("non possibile: compito per l'ufficio", "impossible: task for the office"),
        Effect::Manual => ("solo a mano: compito per l'ufficio", "by hand only: task for the office"),
        Effect::Failed => ("non riuscito: compito per l'ufficio", "failed: task for the office"),
    };
    one_of(words, language)
}

/// On which occasion an author is written to.
pub const fn notice(notice: Notice, language: Language) -> &'static str {
    let words = match notice {
        Notice::Warning => ("avvertimento", "warning"),
        Notice::LastWarning => ("ultimo avvertimento", "last warning"),
        Notice::Block => ("annuncio del blocco", "notice of the block"),
        Notice::Ban => ("annuncio dell'esclusione", "notice of the ban"),
        Notice::Protection => ("dati personali nascosti a protezione", "personal data hidden to protect"),
        Notice::Redirect => ("rinvio al servizio", "redirection to the service"),
        Notice::Away => ("risposta fuori orario", "out-of-hours answer"),
        Notice::Apology => ("scuse", "apology"),
        Notice::Receipt => ("ricevuta di una segnalazione", "receipt of a report"),
    };
    one_of(words, language)
}

/// Why a case is closed.
pub const fn closure(closure: Closure, language: Language) -> &'static str {
    let words = match closure {
        Closure::Removed => ("contenuto rimosso", "content removed"),
        Closure::Confirmed => ("confermato", "confirmed"),
        Closure::Overturned => ("annullato", "overturned"),
        Closure::Unfounded => ("nessuna violazione", "no violation"),
        Closure::Erased => ("dati dell'autore cancellati", "the author's data were erased"),
        Closure::Answered => ("risposta data", "answered"),
    };
    one_of(words, language)
}

/// What a person decided.
pub const fn decision(kind: DecisionKind, language: Language) -> &'static str {
    let words = match kind {
        DecisionKind::Confirm => ("confermato", "confirmed"),
        DecisionKind::Danger => ("pericolo verificato", "danger seen to"),
        DecisionKind::Overturn => ("annullato", "overturned"),
        DecisionKind::Escalate => ("segnalato", "escalated"),
        DecisionKind::Assign => ("assegnato", "assigned"),
        DecisionKind::Unban => ("autore sbloccato", "author unblocked"),
        DecisionKind::Note => ("annotazione", "note"),
        DecisionKind::TaskDone => ("attività chiusa", "task closed"),
        DecisionKind::Announce => ("decisione annunciata", "decision announced"),
        DecisionKind::TakeBack => ("decisione ripresa prima che valesse", "decision taken back before it counted"),
    };
    one_of(words, language)
}

/// A sanction.
pub const fn sanction(kind: SanctionKind, language: Language) -> &'static str {
    let words = match kind {
        SanctionKind::Warning => ("avvertimento", "warning"),
        SanctionKind::LastWarning => ("ultimo avvertimento", "last warning"),
        SanctionKind::Block => ("blocco temporaneo", "temporary block"),
        SanctionKind::Ban => ("esclusione", "ban"),
    };
    one_of(words, language)
}

/// How far a sanction has come.
pub const fn state(state: SanctionState, language: Language) -> &'static str {
    let words = match state {
        SanctionState::Proposed => ("attende conferma", "waits for confirmation"),
        SanctionState::Decided => ("decisa, in corso", "decided, under way"),
        SanctionState::Effective => ("in vigore", "in force"),
        SanctionState::Ended => ("terminata", "ended"),
        SanctionState::Declined => ("respinta", "declined"),
        SanctionState::Withdrawn => ("ritirata", "withdrawn"),
    };
    one_of(words, language)
}

/// Why a person is needed.
pub const fn task(kind: TaskKind, language: Language) -> &'static str {
    let words = match kind {
        TaskKind::ByHand => ("a mano", "by hand"),
        TaskKind::Impossible => ("non possibile", "impossible"),
        TaskKind::Failed => ("non riuscito", "failed"),
        TaskKind::Unread => ("da leggere", "to be read"),
        TaskKind::Rewritten => ("riscritto", "rewritten"),
        TaskKind::Confirm => ("da confermare", "to be confirmed"),
        TaskKind::Refer => ("da segnalare", "to be reported"),
        TaskKind::Urgent => ("URGENTE", "URGENT"),
        TaskKind::Lead => ("contatto", "contact"),
        TaskKind::Halted => ("sospensione", "halt"),
        TaskKind::Differs => ("da chiarire", "to be cleared up"),
        TaskKind::UserReport => ("segnalazione", "report"),
    };
    one_of(words, language)
}

/// Why something is halted.
pub const fn cause(cause: HaltCause, language: Language) -> &'static str {
    let words = match cause {
        HaltCause::Breaker => ("troppi nascondimenti", "too much was hidden"),
        HaltCause::Switch => ("spento da una persona", "switched off by a person"),
        HaltCause::Raid => ("attacco", "raid"),
    };
    one_of(words, language)
}

/// Several people, by name.
pub fn names(people: &[Person]) -> String {
    people.iter().map(Person::as_str).collect::<Vec<_>>().join(", ")
}

const fn one_of((italian, english): (&'static str, &'static str), language: Language) -> &'static str {
    match language {
        Language::Italian => italian,
        Language::English => english,
    }
}
