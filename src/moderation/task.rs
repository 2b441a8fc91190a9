//! What the office is asked to do by hand: the texts of tasks, in Italian.

use jiff::Timestamp;
use ledger::{Case, CaseId, Task, TaskKind};
use policy::{ActionKind, Platform};

/// A task about an action that the platform can carry out only by hand.
pub(crate) fn manual(case: &Case, kind: ActionKind, how: &str, now: Timestamp) -> Task {
    let text = format!("{} su {}: {how}", phrase(kind), case.platform.name());
    about(case, kind, TaskKind::ByHand, text, now)
}

/// A task about an action that the platform cannot carry out at all.
pub(crate) fn impossible(case: &Case, kind: ActionKind, why: &str, now: Timestamp) -> Task {
    let text = format!("{} non è possibile su {} ({why}): valutare il caso a mano", phrase(kind), case.platform.name());
    about(case, kind, TaskKind::Impossible, text, now)
}

/// A task about an action that did not succeed.
pub(crate) fn failed(case: &Case, kind: ActionKind, why: &str, now: Timestamp) -> Task {
    let text = format!("{} su {} non è riuscito ({why}): provvedere a mano", phrase(kind), case.platform.name());
    about(case, kind, TaskKind::Failed, text, now)
}

/// A task about a message that may have been sent: nobody knows, and it must not be sent twice.
pub(crate) fn perhaps_sent(case: &Case, kind: ActionKind, now: Timestamp) -> Task {
    let text = format!(
        "{} su {}: la piattaforma non ha confermato l'invio; verificare se il messaggio è arrivato prima di ripeterlo",
        phrase(kind),
        case.platform.name()
    );
    about(case, kind, TaskKind::Failed, text, now)
}

/// A task about a contribution that was hidden and whose author has since rewritten it within the rules.
pub(crate) fn rewritten(case: &Case, revision: &CaseId, now: Timestamp) -> Task {
    Task {
        id: format!("{revision}-rewritten-{}", case.id),
        kind: TaskKind::Rewritten,
        case: Some(case.id.clone()),
        instruction: format!(
            "Contenuto nascosto su {} e poi riscritto dall'autore senza violazioni: valutare se mostrarlo di nuovo",
            case.platform.name()
        ),
        created_at: now,
        done: false,
    }
}

/// A task about a contribution that could not be read, so that nobody has judged it.
pub(crate) fn unread(platform: Platform, id: String, why: &str, now: Timestamp) -> Task {
    let instruction = format!("Contenuto su {} non leggibile dal sistema ({why}): leggerlo a mano", platform.name());
    Task { id, kind: TaskKind::Unread, case: None, instruction, created_at: now, done: false }
}

fn about(case: &Case, action: ActionKind, kind: TaskKind, instruction: String, now: Timestamp) -> Task {
    let id = format!("{}-{}", case.id, action.as_str());
    Task { id, kind, case: Some(case.id.clone()), instruction, created_at: now, done: false }
}

fn phrase(kind: ActionKind) -> &'static str {
    match kind {
        ActionKind::Hide => "Nascondere il contenuto",
        ActionKind::Unhide => "Mostrare di nuovo il contenuto",
        ActionKind::Delete => "Rimuovere il contenuto",
        ActionKind::Reply => "Rispondere in pubblico",
        ActionKind::PrivateReply => "Rispondere in privato",
        ActionKind::Ban => "Bloccare l'autore",
        ActionKind::Unban => "Sbloccare l'autore",
    }
}
