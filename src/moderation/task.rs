//! What the office is asked to do by hand: the texts of tasks, in Italian.

use jiff::Timestamp;
use ledger::{ActionWork, Case, CaseId, Halt, HaltCause, Scope, Task, TaskKind};
use platforms::Lead;
use policy::{Account, ActionKind, Clause, LeadForm, Platform, Referral, Sanction, SanctionKind};

/// A task about an action that the platform can carry out only by hand. For a block it says when it ends, because by then
/// nobody may know any more whom it concerns.
pub(crate) fn manual(work: &ActionWork, how: &str, now: Timestamp) -> Task {
    let mut text = format!("{} su {}: {how}", phrase(work.action.kind), work.case.platform.name());
    let ends = work.case.actions.iter().find(|action| action.kind == ActionKind::Unban && action.effect.is_none());
    if let (ActionKind::Ban, Some(ends_at)) = (work.action.kind, ends.and_then(|action| action.not_before)) {
        let day = ledger::day(ends_at).strftime("%d/%m/%Y");
        text.push_str(&format!(" Il blocco finisce il {day}: annotare chi riguarda, per toglierlo quel giorno."));
    }
    about(work, TaskKind::ByHand, text, now)
}

/// A task about an action that the platform cannot carry out at all.
pub(crate) fn impossible(work: &ActionWork, why: &str, now: Timestamp) -> Task {
    let (what, on) = (phrase(work.action.kind), work.case.platform.name());
    let text = format!("{what} non è possibile su {on} ({why}): valutare il caso a mano");
    about(work, TaskKind::Impossible, text, now)
}

/// A task about an action that did not succeed.
pub(crate) fn failed(work: &ActionWork, why: &str, now: Timestamp) -> Task {
    let (what, on) = (phrase(work.action.kind), work.case.platform.name());
    // What was to be said in private is not for everybody to read.
    let how = if work.action.kind == ActionKind::PrivateReply { "a mano, sempre in privato" } else { "a mano" };
    let text = format!("{what} su {on} non è riuscito ({why}): provvedere {how}");
    about(work, TaskKind::Failed, text, now)
}

/// A task about a message that may have been sent: nobody knows, and it must not be sent twice.
pub(crate) fn perhaps_sent(work: &ActionWork, now: Timestamp) -> Task {
    let text = format!(
        "{} su {}: la piattaforma non ha confermato l'invio; verificare se il messaggio è arrivato prima di ripeterlo",
        phrase(work.action.kind),
        work.case.platform.name()
    );
    about(work, TaskKind::Failed, text, now)
}

/// A task about a contribution that was hidden and whose author has since rewritten it within the rules.
pub(crate) fn rewritten(case: &Case, revision: &CaseId, now: Timestamp) -> Task {
    let instruction = format!(
        "Contenuto nascosto su {} e poi riscritto dall'autore: valutare se quanto vi si legge ora si può mostrare di nuovo",
        case.platform.name()
    );
    // By the reference of its own case an erasure finds it: after a rotation that of the revision may be another.
    let id = format!("{}-rewritten-{revision}", case.id);
    Task::new(id, TaskKind::Rewritten, Some(&case.id), instruction, now)
}

/// A task about a contribution that could not be read, so that nobody has judged it.
pub(crate) fn unread(platform: Platform, id: String, why: &str, now: Timestamp) -> Task {
    let instruction = format!("Contenuto su {} non leggibile dal sistema ({why}): leggerlo a mano", platform.name());
    Task::new(id, TaskKind::Unread, None, instruction, now)
}

/// A task to warn an author by hand, because the platform or the policy has no way to: only in private, where others who
/// read it would be pointed at what was hidden to protect someone.
pub(crate) fn warn(
    case: &Case,
    sanction: &Sanction<CaseId>,
    in_private: bool,
    deadline: Timestamp,
    now: Timestamp,
) -> Task {
    let warning = match sanction.kind {
        SanctionKind::LastWarning => "ultimo avvertimento",
        SanctionKind::Warning | SanctionKind::Block | SanctionKind::Ban => "primo avvertimento",
    };
    let how = if in_private { ", solo in privato perché in pubblico indicherebbe i dati da proteggere" } else { "" };
    let instruction = format!(
        "Avvertire a mano l'autore su {} ({warning}{how}): finché l'avvertimento non è consegnato, le sanzioni successive \
         attendono. Se non è possibile, chiudere l'attività con --could-not",
        case.platform.name()
    );
    let id = warn_id(&case.id, sanction.number);
    let sanction = Some(sanction.number);
    Task { sanction, deadline: Some(deadline), ..Task::new(id, TaskKind::ByHand, Some(&case.id), instruction, now) }
}

/// A task to confirm a sanction that the ladder proposes.
pub(crate) fn confirm(case: &Case, sanction: &Sanction<CaseId>, deadline: Timestamp, now: Timestamp) -> Task {
    let what = match sanction.kind {
        SanctionKind::Warning => "il primo avvertimento".to_owned(),
        SanctionKind::LastWarning => "l'ultimo avvertimento".to_owned(),
        SanctionKind::Block => "il blocco temporaneo dell'autore".to_owned(),
        SanctionKind::Ban => "l'esclusione definitiva dell'autore".to_owned(),
    };
    let instruction = format!(
        "Confermare o respingere {what} su {}: violazioni contate {}. `galateo author show` mostra tutto ciò che risulta",
        case.platform.name(),
        sanction.grounds.len()
    );
    let id = confirm_id(&case.id, sanction.number);
    let sanction = Some(sanction.number);
    Task { sanction, deadline: Some(deadline), ..Task::new(id, TaskKind::Confirm, Some(&case.id), instruction, now) }
}

/// The id of the task to deliver this warning by hand.
pub(crate) fn warn_id(case: &CaseId, sanction: u32) -> String {
    format!("{case}-warn-{sanction}")
}

/// The id of the task to bring a case before someone, the `number`-th time; 0 is that which the policy itself asks for.
pub(crate) fn refer_id(case: &CaseId, to: Referral, number: usize) -> String {
    format!("{case}-refer-{}-{number}", to.as_str())
}

/// The id of the task to do by hand what this action of a case asks for.
pub(crate) fn by_hand_id(case: &CaseId, action: &str) -> String {
    format!("{case}-{action}")
}

/// The id of the task to confirm this sanction.
pub(crate) fn confirm_id(case: &CaseId, sanction: u32) -> String {
    format!("{case}-confirm-{sanction}")
}

/// A task to bring a case before the platform or the authorities, with the clauses that were violated: no platform takes
/// such a report by a call.
pub(crate) fn refer(
    case: &CaseId,
    platform: Platform,
    to: Referral,
    clauses: &[&Clause],
    number: usize,
    deadline: Timestamp,
    now: Timestamp,
) -> Task {
    let whom = match to {
        Referral::Platform => format!("a {}, con il modulo di segnalazione della piattaforma", platform.name()),
        Referral::Authorities => "alle autorità competenti, sentito il responsabile".to_owned(),
    };
    let cited: Vec<String> =
        clauses.iter().map(|clause| format!("articolo {}, {}", clause.number, clause.title)).collect();
    let instruction = format!("Segnalare {whom} ({}), poi annotare l'esito", cited.join("; "));
    let id = refer_id(case, to, number);
    Task { deadline: Some(deadline), ..Task::new(id, TaskKind::Refer, Some(case), instruction, now) }
}

/// The id of the task to look at once at a case, after somebody in danger was seen to so often: only a new id alerts
/// anybody again. The prefix is what the deployed stack alerts by.
pub(crate) fn urgent_id(case: &CaseId, seen_to: usize) -> String {
    if seen_to == 0 { format!("urgent-{case}") } else { format!("urgent-{case}-{seen_to}") }
}

/// A task to look at once: someone may be in danger. It alerts at any hour.
pub(crate) fn urgent(case: &CaseId, seen_to: usize, platform: Platform, deadline: Timestamp, now: Timestamp) -> Task {
    let instruction = format!(
        "URGENTE su {}: chi scrive, o qualcun altro, può essere in pericolo. Leggere subito il caso",
        platform.name()
    );
    let id = urgent_id(case, seen_to);
    Task { deadline: Some(deadline), ..Task::new(id, TaskKind::Urgent, Some(case), instruction, now) }
}

/// A task to look at what was halted, which stays until someone has dealt with the cases of its group. What the system
/// halts alerts the office at any hour; what a person halts does not.
pub(crate) fn halted(halt: &Halt, now: Timestamp) -> Task {
    let what = match halt.cause {
        HaltCause::Raid => "I nascondimenti automatici dell'account sono sospesi: potrebbe essere un attacco",
        HaltCause::Breaker => "Una regola nasconde troppo ed è sospesa: potrebbe essere sbagliata",
        HaltCause::Switch => "I nascondimenti automatici sono stati spenti",
    };
    let (place, options) = match &halt.scope {
        Scope::All => ("tutti gli account".to_owned(), String::new()),
        Scope::Account(on, account) => (on.name().to_owned(), format!(" --platform {on} --account {account}")),
        Scope::Rule(on, account, rule) => {
            (on.name().to_owned(), format!(" --platform {on} --account {account} --rule {rule}"))
        }
    };
    let instruction = format!(
        "{what} ({place}; {}). I casi attendono nel gruppo {group}: `galateo case list --group {group}`, `galateo case \
         confirm --group {group}`; per riprendere, `galateo automation resume{options}`. Chiudere questa attività quando \
         il gruppo è vuoto",
        halt.reason,
        group = halt.group
    );
    // The prefix is what the deployed stack alerts by.
    let id = if halt.by.is_none() { format!("halt-{}", halt.group) } else { format!("group-{}", halt.group) };
    Task::new(id, TaskKind::Halted, None, instruction, now)
}

/// A task about a lead: where it is, and under which notice it was collected. What was filled in is never here.
pub(crate) fn lead(lead: &Lead, id: String, form: Option<&LeadForm>, keep_until: Timestamp, now: Timestamp) -> Task {
    let (name, notice) = match form {
        Some(form) => (form.name.as_str(), form.privacy_notice.as_str()),
        None => ("non previsto dalla policy", "da verificare prima di usare i dati"),
    };
    let instruction = format!(
        "Nuovo contatto su {} dal modulo {} ({name}), riferimento {}. Informativa con cui è stato raccolto: {notice}",
        lead.platform.name(),
        lead.form,
        lead.id
    );
    Task { expires_at: Some(keep_until), ..Task::new(id, TaskKind::Lead, None, instruction, now) }
}

/// A task about a contribution that the platform shows otherwise than it is recorded: hidden by hand, or shown again.
pub(crate) fn differs(case: &Case, is_hidden: bool, now: Timestamp) -> Task {
    let (what, id) = if is_hidden {
        ("non è visibile, ma il sistema non lo ha nascosto", "hidden")
    } else {
        ("è di nuovo visibile, ma risulta nascosto", "shown")
    };
    let instruction = format!(
        "Il contenuto su {} {what}: qualcuno è intervenuto sulla piattaforma. Chiarire chi e perché, poi decidere il \
         caso (`galateo case confirm` o `galateo case overturn`); il sistema non cambia nulla da solo",
        case.platform.name()
    );
    let id = format!("{}-{id}", case.id);
    Task {
        office: case.office.clone(),
        deadline: case.deadline,
        ..Task::new(id, TaskKind::Differs, Some(&case.id), instruction, now)
    }
}

/// A task about work that nobody carries out.
pub(crate) fn stuck(id: String, pieces: usize, since: Timestamp, now: Timestamp) -> Task {
    let since = since.strftime("%Y-%m-%d %H:%M");
    let instruction = format!(
        "Azioni o letture in attesa da più di un'ora: almeno {pieces}, la prima dal {since} UTC. Avvisare chi gestisce \
         il sistema; intanto provvedere a mano ai casi urgenti"
    );
    Task::new(id, TaskKind::Differs, None, instruction, now)
}

/// A task about an erasure that takes too long.
pub(crate) fn late_erasure(id: String, code: &str, waiting: usize, since: Timestamp, now: Timestamp) -> Task {
    let since = ledger::day(since).strftime("%d/%m/%Y");
    let instruction = format!(
        "La cancellazione chiesta il {since} (codice {code}) non è ancora conclusa: casi che attendono {waiting}. Portare a \
         termine ciò che è in attesa, o decidere i blocchi che scadono più tardi; all'interessato si risponde entro un mese"
    );
    Task::new(id, TaskKind::Differs, None, instruction, now)
}

/// A task about an account of which the platform had stopped sending us what happens on it.
pub(crate) fn lapsed(id: String, account: &Account, mended: bool, now: Timestamp) -> Task {
    let what = if mended {
        "L'iscrizione è stata ripetuta e da ora arriva tutto"
    } else {
        "Ripetere l'iscrizione non è riuscito: avvisare chi gestisce il sistema, che deve iscrivere di nuovo il profilo"
    };
    let instruction = format!(
        "{} non inviava più ciò che accade sul profilo {}. {what}. Ciò che è stato scritto nel frattempo può non essere \
         stato esaminato: guardare i commenti degli ultimi giorni",
        account.platform.name(),
        account.handle
    );
    Task::new(id, TaskKind::Differs, None, instruction, now)
}

/// A task about contributions that all seem gone at once, which is rather a right that was lost.
pub(crate) fn unseen(id: String, account: &Account, contributions: usize, now: Timestamp) -> Task {
    let instruction = format!(
        "{} non mostra più {contributions} contenuti del profilo {}: forse il sistema ha perso il permesso di leggerli. \
         Verificare le autorizzazioni; se i contenuti sono davvero scomparsi, chiudere i loro casi",
        account.platform.name(),
        account.handle
    );
    Task::new(id, TaskKind::Differs, None, instruction, now)
}

fn about(work: &ActionWork, kind: TaskKind, instruction: String, now: Timestamp) -> Task {
    let ActionWork { case, action, .. } = work;
    // Several actions of a case may be of one kind; each has its own id.
    let id = by_hand_id(&case.id, &action.id);
    Task {
        action: Some(action.id.clone()),
        sanction: action.sanction,
        ..Task::new(id, kind, Some(&case.id), instruction, now)
    }
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
