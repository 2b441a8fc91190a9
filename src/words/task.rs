//! What a person is asked to do, and why.

use jiff::Timestamp;
use ledger::{
    AboutReport, Cause, CitedClause, Errand, HaltCause, HourCount, KnownForm, ReportedCase, Scope, Task, TaskFacts,
};
use policy::{ActionKind, Language, Platform, Referral, SanctionKind};

use crate::obstacle::{handwork, obstacle};

/// What a task asks for. A task of before there were facts says it in Italian, whatever the language.
pub fn asked(task: &Task, language: Language) -> String {
    match (&task.errand, language) {
        (Errand::Instruction(text), _) => text.clone(),
        (Errand::Facts(facts), Language::Italian) => in_italian(facts),
        (Errand::Facts(facts), Language::English) => in_english(facts),
    }
}

/// Why something was halted: what the circuit breaker had counted, or the reason as a person gave it. What an older version
/// counted is in Italian, whatever the language.
pub fn halted_because(reason: &str, counted: Option<HourCount>, language: Language) -> String {
    let Some(HourCount { rule_hides, account_hides, contributions }) = counted else { return reason.to_owned() };
    match language {
        Language::Italian => format!(
            "in un'ora nascosti contributi di {rule_hides} autori dalla regola, di {account_hides} autori nell'account, su \
             {contributions} contributi"
        ),
        Language::English => format!(
            "within an hour the rule hid contributions of {rule_hides} authors, all rules of the account those of \
             {account_hides} authors, out of {contributions} contributions"
        ),
    }
}

fn in_italian(facts: &TaskFacts) -> String {
    const IT: Language = Language::Italian;
    match facts {
        TaskFacts::ByHand { asked, platform, how, ends_at } => {
            let text = format!("{} su {}: {}", deed_in_italian(*asked), platform.name(), handwork(*how, *platform, IT));
            match ends_at {
                Some(ends_at) => format!(
                    "{text}. Il blocco finisce il {}: annotare chi riguarda, per toglierlo quel giorno",
                    day(*ends_at)
                ),
                None => text,
            }
        }
        TaskFacts::Impossible { asked, platform, why } => format!(
            "{} non è possibile su {} ({}): valutare il caso a mano",
            deed_in_italian(*asked),
            platform.name(),
            obstacle(*why, *platform, IT)
        ),
        TaskFacts::Failed { asked, platform, why } => {
            // What was to be said in private is not for everybody to read.
            let how = if *asked == ActionKind::PrivateReply { "a mano, sempre in privato" } else { "a mano" };
            let (deed, on) = (deed_in_italian(*asked), platform.name());
            format!("{deed} su {on} non è riuscito ({}): provvedere {how}", cause_in_italian(*why, *platform))
        }
        TaskFacts::PerhapsSent { asked, platform } => format!(
            "{} su {}: la piattaforma non ha confermato l'invio; verificare se il messaggio è arrivato prima di ripeterlo",
            deed_in_italian(*asked),
            platform.name()
        ),
        TaskFacts::Warn { platform, sanction, in_private } => {
            let warning = match sanction {
                SanctionKind::LastWarning => "ultimo avvertimento",
                SanctionKind::Warning | SanctionKind::Block | SanctionKind::Ban => "primo avvertimento",
            };
            let how =
                if *in_private { ", solo in privato perché in pubblico indicherebbe i dati da proteggere" } else { "" };
            format!(
                "Avvertire a mano l'autore su {} ({warning}{how}): finché l'avvertimento non è consegnato, le sanzioni \
                 successive attendono. Se non è possibile, dirlo nel chiudere l'attività",
                platform.name()
            )
        }
        TaskFacts::Unread { platform, why } => format!(
            "Contenuto su {} non leggibile dal sistema ({}): leggerlo a mano",
            platform.name(),
            cause_in_italian(*why, *platform)
        ),
        TaskFacts::Rewritten { platform } => format!(
            "Contenuto nascosto su {} e poi riscritto dall'autore: valutare se quanto vi si legge ora si può mostrare di \
             nuovo",
            platform.name()
        ),
        TaskFacts::Confirm { platform, sanction, violations } => {
            let what = match sanction {
                SanctionKind::Warning => "il primo avvertimento",
                SanctionKind::LastWarning => "l'ultimo avvertimento",
                SanctionKind::Block => "il blocco temporaneo dell'autore",
                SanctionKind::Ban => "l'esclusione definitiva dell'autore",
            };
            format!("Confermare o respingere {what} su {}: violazioni contate {violations}", platform.name())
        }
        TaskFacts::Refer { platform, to, clauses } => {
            let whom = match to {
                Referral::Platform => format!("a {}, con il modulo di segnalazione della piattaforma", platform.name()),
                Referral::Authorities => "alle autorità competenti, sentito il responsabile".to_owned(),
            };
            format!("Segnalare {whom} ({}), poi annotare l'esito", cited(clauses, "articolo"))
        }
        TaskFacts::Urgent { platform } => format!(
            "URGENTE su {}: chi scrive, o qualcun altro, può essere in pericolo. Leggere subito il caso",
            platform.name()
        ),
        TaskFacts::Halted { cause, scope, reason, counted, group } => {
            let what = match cause {
                HaltCause::Raid => "I nascondimenti automatici dell'account sono sospesi: potrebbe essere un attacco",
                HaltCause::Breaker => "Una regola nasconde troppo ed è sospesa: potrebbe essere sbagliata",
                HaltCause::Switch => "I nascondimenti automatici sono stati spenti",
            };
            let reason = halted_because(reason, *counted, IT);
            let place = place(scope).map_or("tutti gli account", Platform::name);
            format!(
                "{what} ({place}; {reason}). I casi attendono nel gruppo {group}: deciderli, poi riprendere. Chiudere questa \
                 attività quando il gruppo è vuoto"
            )
        }
        TaskFacts::Lead { platform, form, known, lead } => {
            let (name, notice) = match known {
                Some(KnownForm { name, privacy_notice }) => (name.as_str(), privacy_notice.as_str()),
                None => ("non previsto dalla policy", "da verificare prima di usare i dati"),
            };
            format!(
                "Nuovo contatto su {} dal modulo {form} ({name}), riferimento {lead}. Informativa con cui è stato raccolto: \
                 {notice}",
                platform.name()
            )
        }
        TaskFacts::ShownOtherwise { platform, is_hidden } => {
            let what = if *is_hidden {
                "non è visibile, ma il sistema non lo ha nascosto"
            } else {
                "è di nuovo visibile, ma risulta nascosto"
            };
            format!(
                "Il contenuto su {} {what}: qualcuno è intervenuto sulla piattaforma. Chiarire chi e perché, poi decidere il \
                 caso: confermarlo o annullarlo. Il sistema non cambia nulla da solo",
                platform.name()
            )
        }
        TaskFacts::Announced { platform, sanction } => {
            let what = if *sanction == SanctionKind::Ban { "l'esclusione" } else { "il blocco" };
            format!(
                "Su {} un messaggio ha annunciato all'autore {what}, che non è in vigore perché non è stato possibile: \
                 correggere il messaggio o eliminarlo",
                platform.name()
            )
        }
        TaskFacts::Stuck { pieces, since } => format!(
            "Azioni o letture in attesa da più di un'ora: almeno {pieces}, la prima dal {} UTC. Avvisare chi gestisce il \
             sistema; intanto provvedere a mano ai casi urgenti",
            since.strftime("%Y-%m-%d %H:%M")
        ),
        TaskFacts::LateErasure { code, waiting, since } => format!(
            "La cancellazione chiesta il {} (codice {code}) non è ancora conclusa: casi che attendono {waiting}. Portare a \
             termine ciò che è in attesa, o decidere i blocchi che scadono più tardi; all'interessato si risponde entro un \
             mese",
            day(*since)
        ),
        TaskFacts::Lapsed { platform, handle, mended } => {
            let what = if *mended {
                "L'iscrizione è stata ripetuta e da ora arriva tutto"
            } else {
                "Ripetere l'iscrizione non è riuscito: avvisare chi gestisce il sistema, che deve iscrivere di nuovo il \
                 profilo"
            };
            format!(
                "{} non inviava più ciò che accade sul profilo {handle}. {what}. Ciò che è stato scritto nel frattempo può \
                 non essere stato esaminato: guardare i commenti degli ultimi giorni",
                platform.name()
            )
        }
        TaskFacts::Unseen { platform, handle, contributions } => format!(
            "{} non mostra più {contributions} contenuti del profilo {handle}: forse il sistema ha perso il permesso di \
             leggerli. Verificare le autorizzazioni; se i contenuti sono davvero scomparsi, chiudere i loro casi",
            platform.name()
        ),
        TaskFacts::ReportedCase { platform, case, report } => {
            let state = match case {
                ReportedCase::Open => "da decidere",
                ReportedCase::Closed => "già chiuso: valutare se la decisione regge",
                ReportedCase::Erased => {
                    "cancellato con il suo autore prima di una decisione: aprire il contenuto dal link e valutarlo"
                }
            };
            let on = platform.name();
            format!("Un utente ha segnalato il contenuto di questo caso su {on}, {state}{}", report_in_italian(report))
        }
        TaskFacts::ReportedElsewhere { contributions, report } => {
            let what = match contributions {
                0 => "Un utente ha scritto alla casella delle segnalazioni senza indicare un contenuto dei nostri profili: \
                      capire che cosa riguarda"
                    .to_owned(),
                1 => "Un utente ha segnalato un nostro post o un contenuto che non ha un caso: aprirlo dal link e \
                      valutarlo secondo le regole. Se le viola, intervenire a mano sulla piattaforma"
                    .to_owned(),
                more => format!(
                    "Un utente ha segnalato {more} nostri post o contenuti che non hanno un caso: aprirli dai link e \
                     valutarli secondo le regole. Se le violano, intervenire a mano sulla piattaforma"
                ),
            };
            what + &report_in_italian(report)
        }
        TaskFacts::ReportsOverLimit => "Uno stesso mittente ha inviato più segnalazioni di quante se ne accettano in un \
                                        giorno: le altre non sono in elenco. I messaggi restano nella casella per il tempo \
                                        previsto"
            .to_owned(),
        TaskFacts::ReportAboutErased { report } => format!(
            "È stato cancellato l'autore di un contenuto segnalato da un utente: il caso e i link non ci sono più. Leggere \
             la segnalazione {report}: se il testo dice chi è quella persona, o ne riporta le parole, cancellarla"
        ),
    }
}

fn in_english(facts: &TaskFacts) -> String {
    const EN: Language = Language::English;
    match facts {
        TaskFacts::ByHand { asked, platform, how, ends_at } => {
            let text = format!("{} on {}: {}", deed_in_english(*asked), platform.name(), handwork(*how, *platform, EN));
            match ends_at {
                Some(ends_at) => {
                    format!(
                        "{text}. The block ends on {}: note whom it concerns, to lift it on that day",
                        day(*ends_at)
                    )
                }
                None => text,
            }
        }
        TaskFacts::Impossible { asked, platform, why } => format!(
            "{} is not possible on {} ({}): consider the case by hand",
            deed_in_english(*asked),
            platform.name(),
            obstacle(*why, *platform, EN)
        ),
        TaskFacts::Failed { asked, platform, why } => {
            let how = if *asked == ActionKind::PrivateReply { "by hand, in private all the same" } else { "by hand" };
            let (deed, on) = (deed_in_english(*asked), platform.name());
            format!("{deed} on {on} did not succeed ({}): see to it {how}", cause_in_english(*why, *platform))
        }
        TaskFacts::PerhapsSent { asked, platform } => format!(
            "{} on {}: the platform has not confirmed that it was sent; find out whether the message arrived before \
             repeating it",
            deed_in_english(*asked),
            platform.name()
        ),
        TaskFacts::Warn { platform, sanction, in_private } => {
            let warning = match sanction {
                SanctionKind::LastWarning => "last warning",
                SanctionKind::Warning | SanctionKind::Block | SanctionKind::Ban => "first warning",
            };
            let how = if *in_private {
                ", in private only because in public it would point at the data to be protected"
            } else {
                ""
            };
            format!(
                "Warn the author on {} by hand ({warning}{how}): until the warning is delivered, the next sanctions wait. \
                 If it is not possible, say so when closing the task",
                platform.name()
            )
        }
        TaskFacts::Unread { platform, why } => format!(
            "Content on {} that the system cannot read ({}): read it by hand",
            platform.name(),
            cause_in_english(*why, *platform)
        ),
        TaskFacts::Rewritten { platform } => format!(
            "Content that was hidden on {} and then rewritten by its author: consider whether what it says now can be \
             shown again",
            platform.name()
        ),
        TaskFacts::Confirm { platform, sanction, violations } => {
            let what = match sanction {
                SanctionKind::Warning => "the first warning",
                SanctionKind::LastWarning => "the last warning",
                SanctionKind::Block => "the temporary block of the author",
                SanctionKind::Ban => "the ban of the author for good",
            };
            format!("Confirm or decline {what} on {}: violations counted {violations}", platform.name())
        }
        TaskFacts::Refer { platform, to, clauses } => {
            let whom = match to {
                Referral::Platform => format!("to {}, with the platform's form for reports", platform.name()),
                Referral::Authorities => "to the authorities, after asking the person in charge".to_owned(),
            };
            format!("Report {whom} ({}), then note what came of it", cited(clauses, "clause"))
        }
        TaskFacts::Urgent { platform } => format!(
            "URGENT on {}: whoever writes, or somebody else, may be in danger. Read the case at once",
            platform.name()
        ),
        TaskFacts::Halted { cause, scope, reason, counted, group } => {
            let what = match cause {
                HaltCause::Raid => "Automatic hiding is suspended on the account: it may be a raid",
                HaltCause::Breaker => "A rule hides too much and is suspended: it may be wrong",
                HaltCause::Switch => "Automatic hiding was switched off",
            };
            let reason = halted_because(reason, *counted, Language::English);
            let place = place(scope).map_or("all accounts", Platform::name);
            format!(
                "{what} ({place}; {reason}). The cases wait in the group {group}: decide them, then resume. Close this task \
                 when the group is empty"
            )
        }
        TaskFacts::Lead { platform, form, known, lead } => {
            let (name, notice) = match known {
                Some(KnownForm { name, privacy_notice }) => (name.as_str(), privacy_notice.as_str()),
                None => ("which the policy does not list", "to be found out before the data are used"),
            };
            format!(
                "New contact on {} from the form {form} ({name}), reference {lead}. Notice under which it was collected: \
                 {notice}",
                platform.name()
            )
        }
        TaskFacts::ShownOtherwise { platform, is_hidden } => {
            let what = if *is_hidden {
                "cannot be seen, but the system has not hidden it"
            } else {
                "can be seen again, but is on record as hidden"
            };
            format!(
                "The content on {} {what}: somebody has acted on the platform. Find out who and why, then decide the case: \
                 confirm or overturn it. The system changes nothing by itself",
                platform.name()
            )
        }
        TaskFacts::Announced { platform, sanction } => {
            let what = if *sanction == SanctionKind::Ban { "a ban" } else { "a block" };
            format!(
                "On {} a message has told the author of {what} that is not in force, because it was not possible: correct \
                 the message or delete it",
                platform.name()
            )
        }
        TaskFacts::Stuck { pieces, since } => format!(
            "Actions or readings that have waited for more than an hour: at least {pieces}, the first since {} UTC. Tell \
             whoever runs the system; meanwhile see to urgent cases by hand",
            since.strftime("%Y-%m-%d %H:%M")
        ),
        TaskFacts::LateErasure { code, waiting, since } => format!(
            "The erasure that was asked for on {} (code {code}) is not complete yet: cases that wait {waiting}. Bring what is \
             waiting to its end, or decide the blocks that expire later; the person is answered within a month",
            day(*since)
        ),
        TaskFacts::Lapsed { platform, handle, mended } => {
            let what = if *mended {
                "The subscription was repeated, and from now on everything arrives"
            } else {
                "Repeating the subscription did not succeed: tell whoever runs the system, who has to subscribe the account \
                 again"
            };
            format!(
                "{} no longer sent what happens on the account {handle}. {what}. What was written meanwhile may not have been \
                 judged: look through the comments of the last days",
                platform.name()
            )
        }
        TaskFacts::Unseen { platform, handle, contributions } => format!(
            "{} no longer shows {contributions} contents of the account {handle}: the system may have lost the permission to \
             read them. Check the permissions; if the contents are really gone, close their cases",
            platform.name()
        ),
        TaskFacts::ReportedCase { platform, case, report } => {
            let state = match case {
                ReportedCase::Open => "still to be decided",
                ReportedCase::Closed => "closed already: consider whether the decision holds",
                ReportedCase::Erased => {
                    "erased with its author before a decision: open the content by its link and consider it"
                }
            };
            let on = platform.name();
            format!("A user has reported the content of this case on {on}, {state}{}", report_in_english(report))
        }
        TaskFacts::ReportedElsewhere { contributions, report } => {
            let what = match contributions {
                0 => "A user has written to the mailbox for reports without naming a content of our accounts: find out what \
                      it is about"
                    .to_owned(),
                1 => "A user has reported a post of ours, or a content that has no case: open it by its link and consider \
                      it by the rules. If it violates them, act by hand on the platform"
                    .to_owned(),
                more => format!(
                    "A user has reported {more} posts of ours, or contents that have no case: open them by their links and \
                     consider them by the rules. If they violate them, act by hand on the platform"
                ),
            };
            what + &report_in_english(report)
        }
        TaskFacts::ReportsOverLimit => "One sender has sent more reports than are taken in a day: the others are not \
                                        listed. The messages stay in the mailbox for as long as they are kept there"
            .to_owned(),
        TaskFacts::ReportAboutErased { report } => format!(
            "The author of a content that a user had reported was erased: the case and the links are gone. Read the report \
             {report}: if the text says who that person is, or repeats their words, erase it"
        ),
    }
}

/// The account's platform, where a halt concerns one.
const fn place(scope: &Scope) -> Option<Platform> {
    match scope {
        Scope::All => None,
        Scope::Account(on, _) | Scope::Rule(on, ..) => Some(*on),
    }
}

/// A day in the form in which both languages of the office write it.
fn day(at: Timestamp) -> impl std::fmt::Display {
    ledger::day(at).strftime("%d/%m/%Y")
}

fn cited(clauses: &[CitedClause], word: &str) -> String {
    let each = clauses.iter().map(|clause| format!("{word} {}, {}", clause.number, clause.title));
    each.collect::<Vec<_>>().join("; ")
}

const fn deed_in_italian(kind: ActionKind) -> &'static str {
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

const fn deed_in_english(kind: ActionKind) -> &'static str {
    match kind {
        ActionKind::Hide => "Hiding the content",
        ActionKind::Unhide => "Showing the content again",
        ActionKind::Delete => "Removing the content",
        ActionKind::Reply => "Replying in public",
        ActionKind::PrivateReply => "Replying in private",
        ActionKind::Ban => "Blocking the author",
        ActionKind::Unban => "Unblocking the author",
    }
}

fn cause_in_italian(why: Cause, platform: Platform) -> String {
    match why {
        Cause::Platform(why) => obstacle(why, platform, Language::Italian),
        Cause::ContentForgotten => "i dati del contenuto non sono più conservati".to_owned(),
        Cause::AccountNotOurs => "il profilo non è più tra quelli della policy".to_owned(),
        Cause::InVain { attempts, minutes } => {
            let time = match minutes {
                0 => "meno di un minuto".to_owned(),
                1 => "un minuto".to_owned(),
                2..60 => format!("{minutes} minuti"),
                60..120 => "un'ora".to_owned(),
                _ => format!("{} ore", minutes / 60),
            };
            match attempts {
                0 => format!("in {time} la piattaforma non ha mai accettato richieste"),
                1 => format!("un tentativo in {time}"),
                _ => format!("{attempts} tentativi in {time}"),
            }
        }
    }
}

fn cause_in_english(why: Cause, platform: Platform) -> String {
    match why {
        Cause::Platform(why) => obstacle(why, platform, Language::English),
        Cause::ContentForgotten => "the data of the content are no longer kept".to_owned(),
        Cause::AccountNotOurs => "the policy no longer lists the account".to_owned(),
        Cause::InVain { attempts, minutes } => {
            let time = match minutes {
                0 => "less than a minute".to_owned(),
                1 => "a minute".to_owned(),
                2..60 => format!("{minutes} minutes"),
                60..120 => "an hour".to_owned(),
                _ => format!("{} hours", minutes / 60),
            };
            match attempts {
                0 => format!("in {time} the platform never took a request"),
                1 => format!("one attempt in {time}"),
                _ => format!("{attempts} attempts in {time}"),
            }
        }
    }
}

/// Which report it is, and what has to be known about it.
fn report_in_italian(report: &AboutReport) -> String {
    let mut text = format!(". Segnalazione {}", report.id);
    if report.links_left_out > 0 {
        text.push_str(&format!("; altri {} link non sono stati considerati", report.links_left_out));
    }
    if report.unverified {
        text.push_str("; il mittente non è verificato, perciò non ha avuto risposta");
    }
    text
}

fn report_in_english(report: &AboutReport) -> String {
    let mut text = format!(". Report {}", report.id);
    if report.links_left_out > 0 {
        text.push_str(&format!("; {} more links were not looked at", report.links_left_out));
    }
    if report.unverified {
        text.push_str("; the sender is not verified, and so got no answer");
    }
    text
}
