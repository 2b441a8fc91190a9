//! Why something that the office asked for was not done, in Italian and in English: what is missing or stands in the way.
//! How to do there what is missing is added by whoever shows it.

use moderation::{Barrier, Filled, Lasting, OfficeError};
use policy::{AccountId, Language, NotWords, Person, Platform, Referral};
use words::obstacle::{handwork, obstacle};

/// Why something was not done. Of the ledger it is said as the log says it.
pub fn refused(error: &OfficeError, language: Language) -> String {
    match (error, language) {
        (OfficeError::Ledger(error), _) => error.to_string(),
        (OfficeError::Irreversible { platform, what }, language) => {
            let what: Vec<String> = what.iter().map(|what| lasting(*what, *platform, language)).collect();
            let what = what.join("; ");
            match language {
                Language::Italian => format!("non si può annullare del tutto: {what}"),
                Language::English => format!("it cannot be taken back altogether: {what}"),
            }
        }
        (OfficeError::InForce { open, sanctions, still_kept_out }, language) => {
            in_force([*open, *sanctions, *still_kept_out], language)
        }
        (OfficeError::TaskDone { by, at }, language) => {
            let day = ledger::day(*at).strftime("%d/%m/%Y");
            match language {
                Language::Italian => format!("attività già chiusa da {by} il {day}"),
                Language::English => format!("the task was closed already by {by} on {day}"),
            }
        }
        (error, Language::Italian) => in_italian(error),
        (error, Language::English) => error.to_string(),
    }
}

/// Something that overturning a case cannot take back.
pub fn lasting(what: Lasting, platform: Platform, language: Language) -> String {
    let it = |italian: &'static str, english: &'static str| match language {
        Language::Italian => italian,
        Language::English => english,
    };
    let (what, barrier, forgotten) = match what {
        Lasting::Deleted => {
            let what = "ripubblicare il contenuto: è stato eliminato per sempre";
            return it(what, "publish the content again: it was deleted for good").to_owned();
        }
        Lasting::Rejected => {
            let on = platform.name();
            return match language {
                Language::Italian => {
                    format!("ripubblicare il contenuto: con il blocco {on} lo ha rifiutato per sempre")
                }
                Language::English => {
                    format!("publish the content again: with the ban {on} has rejected it for good")
                }
            };
        }
        Lasting::Hidden(barrier) => (
            it("mostrare di nuovo il contenuto", "show the content again"),
            barrier,
            it("i dati del contenuto non sono più conservati", "the data of the content are no longer kept"),
        ),
        Lasting::Banned(barrier) => (
            it("sbloccare l'autore", "unblock the author"),
            barrier,
            it("i suoi dati non sono più conservati", "their data are no longer kept"),
        ),
    };
    match barrier {
        Barrier::Impossible(why) => format!("{what}: {}", obstacle(why, platform, language)),
        Barrier::ByHand(how) => {
            format!("{what} {}: {}", it("solo a mano", "by hand only"), handwork(how, platform, language))
        }
        Barrier::Forgotten => format!("{what}: {forgotten}"),
    }
}

fn in_force(counts: [usize; 3], language: Language) -> String {
    let names = match language {
        Language::Italian => [
            "casi ancora da decidere",
            "sanzioni proposte, o blocchi in vigore",
            "persone ancora da sbloccare sulla piattaforma",
        ],
        Language::English => [
            "cases still to be decided",
            "sanctions proposed, or blocks in force",
            "people still to be let in on the platform",
        ],
    };
    let counted = names.iter().zip(counts).filter(|(_, count)| *count > 0);
    let what: Vec<String> = counted.map(|(name, count)| format!("{name}: {count}")).collect();
    let what = what.join("; ");
    match language {
        Language::Italian => format!(
            "per questo autore resta qualcosa in corso ({what}): cancellandolo nulla viene tolto o mostrato di nuovo sulla \
             piattaforma, ma non risulterà più perché"
        ),
        Language::English => format!(
            "about this author something is still under way ({what}): by erasing them nothing is lifted or shown again on \
             the platform, but nobody will know why any more"
        ),
    }
}

fn in_italian(error: &OfficeError) -> String {
    match error {
        OfficeError::NoCase(id) => format!("nessun caso {id}"),
        OfficeError::NotACase { found } => {
            format!("{found:?} non è un caso: serve il suo identificativo, oppure il riferimento citato nel messaggio")
        }
        OfficeError::Ambiguous(revisions) => {
            format!("il riferimento ha più revisioni, indicarne una: {}", revisions.join(", "))
        }
        OfficeError::NoName => "manca chi decide".to_owned(),
        OfficeError::NoReason => "manca la motivazione: almeno 3 caratteri".to_owned(),
        OfficeError::NotAName(why) => format!("il nome di una persona non è utilizzabile: {}", unfit(*why)),
        OfficeError::NotAReason(why) => format!("la motivazione non è utilizzabile: {}", unfit(*why)),
        OfficeError::Closed { by, .. } => format!("il caso è già chiuso{}", decided_by(by.as_ref())),
        OfficeError::Overtaken { by } => format!("nel frattempo {by} è intervenuto su questo caso: rileggerlo"),
        OfficeError::SamePerson { by } => format!("{by} ha già confermato: serve la conferma di un'altra persona"),
        OfficeError::NoPlatform => {
            "indicare la piattaforma e l'id della persona: da ciò che risulta non si ricava la piattaforma".to_owned()
        }
        OfficeError::NotOurs { platform, account, known } => format!(
            "{account} non è un profilo della policy su {}; ci sono: {}",
            platform.name(),
            known.iter().map(AccountId::as_str).collect::<Vec<_>>().join(", ")
        ),
        OfficeError::NotBlocked => "l'autore non risulta bloccato".to_owned(),
        OfficeError::NoClause => "il caso non cita un articolo della policy in vigore".to_owned(),
        OfficeError::BeingReferred { to, task } => {
            let whom = match to {
                Referral::Platform => "alla piattaforma",
                Referral::Authorities => "alle autorità",
            };
            format!("la segnalazione {whom} è già chiesta: l'attività {task} è aperta")
        }
        OfficeError::NothingProtected => "il caso non riguarda dati personali nascosti a protezione".to_owned(),
        OfficeError::UrgentFirst => {
            "il caso è urgente: prima si aiuta chi può essere in pericolo, poi si decide il resto".to_owned()
        }
        OfficeError::NotTogether => "una sanzione attende conferma: decidere il caso da solo".to_owned(),
        OfficeError::NeedsDecision => "questa attività si chiude decidendo".to_owned(),
        OfficeError::StillKeptOut => {
            "l'autore è ancora bloccato sulla piattaforma: l'attività resta aperta finché non è sbloccato (se il suo profilo \
             non c'è più, è fatta)"
                .to_owned()
        }
        OfficeError::NothingProposed => "nessuna sanzione attende conferma in questo caso".to_owned(),
        OfficeError::NoTask(id) => format!("nessuna attività {id}"),
        OfficeError::Full { what, most } => {
            let what = match what {
                Filled::Referrals => "segnalazioni",
                Filled::Additions => "assegnazioni e segnalazioni",
            };
            format!("il caso ha già {most} {what}, il massimo: si può ancora confermarlo o annullarlo")
        }
        OfficeError::NotesFull => {
            "le annotazioni su questo autore occupano già tutto lo spazio previsto: decadono dopo un anno".to_owned()
        }
        OfficeError::NotHeld => "non c'è nulla da riprendere: la decisione vale già, oppure è stata ripresa".to_owned(),
        OfficeError::Busy => "il caso continua a cambiare: riprovare tra poco".to_owned(),
        // These are said in both languages above.
        OfficeError::Irreversible { .. }
        | OfficeError::InForce { .. }
        | OfficeError::TaskDone { .. }
        | OfficeError::Ledger(_) => error.to_string(),
    }
}

fn decided_by(who: Option<&Person>) -> String {
    who.map_or(String::new(), |who| format!(", da {who}"))
}

fn unfit(why: NotWords) -> String {
    match why {
        NotWords::TooShort => "non ne resta nulla di leggibile".to_owned(),
        NotWords::TooLong { found, most } => format!("ha {found} caratteri, al massimo {most}"),
        NotWords::NoLetters => "non contiene lettere".to_owned(),
        NotWords::Stranger(letter) => format!("contiene {letter:?}, che in un nome scritto così non c'entra"),
    }
}
