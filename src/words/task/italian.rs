//! What a task asks for, in Italian.

use ledger::{AboutReport, Cause, HaltCause, KnownForm, ReportedCase, TaskFacts};
use policy::{ActionKind, Language, Platform, Referral, SanctionKind};

use super::{cited, day, halted_because, place};
use crate::obstacle::{handwork, obstacle};

pub(super) fn asked(facts: &TaskFacts) -> String {
    const IT: Language = Language::Italian;
    match facts {
        TaskFacts::ByHand { asked, platform, how, ends_at } => {
            let text = format!("{} su {}: {}", deed(*asked), platform.name(), handwork(*how, *platform, IT));
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
            deed(*asked),
            platform.name(),
            obstacle(*why, *platform, IT)
        ),
        TaskFacts::Failed { asked, platform, why } => {
            // What was to be said in private is not for everybody to read.
            let how = if *asked == ActionKind::PrivateReply { "a mano, sempre in privato" } else { "a mano" };
            let (deed, on) = (deed(*asked), platform.name());
            format!("{deed} su {on} non è riuscito ({}): provvedere {how}", cause(*why, *platform))
        }
        TaskFacts::PerhapsSent { asked, platform } => format!(
            "{} su {}: la piattaforma non ha confermato l'invio; verificare se il messaggio è arrivato prima di ripeterlo",
            deed(*asked),
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
            cause(*why, *platform)
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
                "Su {} un messaggio ha annunciato all'autore {what}, che non è in vigore: correggere il messaggio o \
                 eliminarlo",
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
            format!("Un utente ha segnalato il contenuto di questo caso su {on}, {state}{}", reported(report))
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
            what + &reported(report)
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

const fn deed(kind: ActionKind) -> &'static str {
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

fn cause(why: Cause, platform: Platform) -> String {
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

/// Which report it is, and what has to be known about it.
fn reported(report: &AboutReport) -> String {
    let mut text = format!(". Segnalazione {}", report.id);
    if report.links_left_out > 0 {
        text.push_str(&format!("; altri {} link non sono stati considerati", report.links_left_out));
    }
    if report.unverified {
        text.push_str("; il mittente non è verificato, perciò non ha avuto risposta");
    }
    text
}
