//! The office's errors in English, for those who ask for it.

use policy::NotWords;

use super::OfficeError;

impl OfficeError {
    /// What [`ToString`] says in Italian.
    pub fn in_english(&self) -> String {
        match self {
            Self::NoCase(id) => format!("no case {id}"),
            Self::NotACase { found } => {
                format!("{found:?} is no case: expected its id, or the reference that the message gave")
            }
            Self::Ambiguous(revisions) => {
                format!("the reference has several revisions, name one: {}", revisions.join(", "))
            }
            Self::NoName => "whoever decides is missing (--by)".to_owned(),
            Self::NoReason => "the reason is missing (--reason): at least 3 characters".to_owned(),
            Self::NotAName(why) => format!("a person's name cannot be used: {}", unfit(*why)),
            Self::NotAReason(why) => format!("the reason (--reason) cannot be used: {}", unfit(*why)),
            Self::Closed { by: Some(by), .. } => format!("the case is closed already, by {by}"),
            Self::Closed { by: None, .. } => "the case is closed already".to_owned(),
            Self::Overtaken { by } => format!("meanwhile {by} has acted on this case: read it again"),
            Self::SamePerson { by } => format!("{by} has confirmed already: another person has to confirm"),
            Self::Irreversible { what } => {
                let what = in_english(what);
                format!("it cannot be taken back altogether: {what}; repeat with --anyway to decide all the same")
            }
            Self::InForce { what } => {
                let what = in_english(what);
                format!(
                    "about this author something is still under way ({what}); repeat with --anyway to erase all the same: \
                     nothing is lifted or shown again on the platform, but nobody will know why any more"
                )
            }
            Self::NoPlatform => {
                "name the platform and the person's id: what is on record does not tell the platform".to_owned()
            }
            Self::NotBlocked => "the author is not blocked".to_owned(),
            Self::NothingProtected => {
                "the case is not about personal data that were hidden to protect: --exposed-another is not needed"
                    .to_owned()
            }
            Self::UrgentFirst => {
                "the case is urgent: whoever may be in danger is helped first, and that is confirmed by itself and without \
                 --exposed-another; the rest is decided then"
                    .to_owned()
            }
            Self::NoClause => "the case names no clause of the policy in force".to_owned(),
            Self::NotTogether => "a sanction waits for confirmation: decide this case by itself".to_owned(),
            Self::NeedsDecision => "this task is closed by deciding: `galateo case confirm`, or `case overturn \
                                    --only-sanction`"
                .to_owned(),
            Self::NothingProposed => "no sanction waits for confirmation in this case".to_owned(),
            Self::NoTask(id) => format!("no task {id}"),
            Self::TaskDone { by, at } => format!("the task was closed already by {by} on {at}"),
            Self::Full { what, most } => {
                format!("the case has {most} {} already, the most: it can still be confirmed or overturned", counted(what))
            }
            Self::NotesFull => {
                "the notes about this author fill the room that they have: they expire after a year".to_owned()
            }
            Self::Busy => "the case keeps changing: try again in a moment".to_owned(),
            Self::Ledger(error) => error.to_string(),
        }
    }
}

/// What [`crate::Moderation::irreversible`] and an erasure name in Italian, as tasks and platforms do: each sentence of ours,
/// and each reason of a platform why something cannot be shown again or nobody unblocked.
const NAMED: &[(&str, &str)] = &[
    ("mostrare di nuovo il contenuto", "show the content again"),
    ("i dati del contenuto non sono più conservati", "the data of the content are no longer kept"),
    ("ripubblicare il contenuto: è stato eliminato per sempre", "publish the content again: it was deleted for good"),
    (
        "ripubblicare il contenuto: con il blocco YouTube lo ha rifiutato per sempre",
        "publish the content again: with the ban YouTube has rejected it for good",
    ),
    ("sbloccare l'autore", "unblock the author"),
    ("i suoi dati non sono più conservati", "their data are no longer kept"),
    (" solo a mano", " by hand only"),
    ("casi ancora da decidere", "cases still to be decided"),
    ("sanzioni proposte, o blocchi in vigore", "sanctions proposed, or blocks in force"),
    (
        "la Pagina non può togliere né ripristinare una recensione",
        "the Page can neither take a review away nor restore it",
    ),
    (
        "il contenuto sta su una pagina altrui, sulla quale la Pagina non ha poteri",
        "the content is on another page, on which the Page may do nothing",
    ),
    ("un messaggio privato lo vede solo chi lo ha scritto", "only who wrote a private message sees it"),
    ("su Instagram non esistono post di visitatori né recensioni", "Instagram has neither visitors' posts nor reviews"),
    (
        "i commenti di una diretta non si possono nascondere né eliminare",
        "comments on a live broadcast can be neither hidden nor deleted",
    ),
    (
        "il contenuto sta su un profilo altrui, sul quale il nostro non ha poteri",
        "the content is on another account, on which ours may do nothing",
    ),
    (
        "Un commento eliminato a mano su LinkedIn non si può ripristinare.",
        "A comment that was deleted by hand on LinkedIn cannot be restored.",
    ),
    (
        "Togliere a mano la limitazione dagli strumenti di amministrazione della Pagina.",
        "Take the restriction away by hand, with the tools of the Page's administrators.",
    ),
    (
        "Il contenuto sta sul profilo di altri: la Pagina non può toglierlo.",
        "The content is on somebody else's account: the Page cannot take it away.",
    ),
    ("Contenuti di questo genere non arrivano da LinkedIn.", "Contents of this kind do not come from LinkedIn."),
    (
        "YouTube non ha un comando per riammettere un utente: toglierlo dall'elenco degli utenti nascosti in YouTube \
         Studio, impostazioni della community.",
        "YouTube has no call to let a user in again: take them off the list of hidden users in YouTube Studio, settings \
         of the community.",
    ),
    ("Contenuti di questo genere non arrivano da YouTube.", "Contents of this kind do not come from YouTube."),
    (
        "Il post sta sul profilo di altri: non possiamo toglierlo.",
        "The post is on somebody else's account: we cannot take it away.",
    ),
    (
        "Un messaggio privato non si può nascondere né eliminare.",
        "A private message can be neither hidden nor deleted.",
    ),
    ("Contenuti di questo genere non arrivano da X.", "Contents of this kind do not come from X."),
];

/// What a case holds the most of, in English.
fn counted(what: &str) -> &str {
    match what {
        "segnalazioni" => "referrals",
        "assegnazioni e segnalazioni" => "assignments and referrals",
        other => other,
    }
}

/// What was named, in English.
fn in_english(what: &[String]) -> String {
    let each = what.iter().map(|named| named_in_english(named));
    each.collect::<Vec<_>>().join("; ")
}

/// One of the things that [`crate::Moderation::irreversible`] names, in English.
pub fn named_in_english(named: &str) -> String {
    NAMED.iter().fold(named.to_owned(), |named, (italian, english)| named.replace(italian, english))
}

fn unfit(why: NotWords) -> String {
    match why {
        NotWords::TooShort => "nothing readable is left of it".to_owned(),
        NotWords::TooLong { found, most } => format!("it has {found} characters, at most {most}"),
        NotWords::NoLetters => "it has no letters".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use platforms::{Capability, adapter};
    use policy::{ActionKind, Platform, Surface};

    use super::*;

    #[test]
    fn every_reason_of_a_platform_not_to_take_something_back_is_known() {
        let surfaces = [
            Surface::Comment,
            Surface::LiveComment,
            Surface::VisitorPost,
            Surface::Review,
            Surface::Mention,
            Surface::Message,
        ];
        for platform in Platform::ALL.iter().copied() {
            for (surface, action) in
                surfaces.iter().flat_map(|on| [(*on, ActionKind::Unhide), (*on, ActionKind::Unban)])
            {
                if let Capability::Impossible(why) | Capability::Manual(why) =
                    adapter(platform).capability(surface, action)
                {
                    assert!(
                        NAMED.iter().any(|(italian, _)| *italian == why),
                        "{platform} {surface:?} {action:?}: {why}"
                    );
                }
            }
        }
        let what = "sbloccare l'autore solo a mano: Togliere a mano la limitazione dagli strumenti di amministrazione della \
                    Pagina.";
        assert_eq!(
            named_in_english(what),
            "unblock the author by hand only: Take the restriction away by hand, with the tools of the Page's administrators."
        );
    }
}
