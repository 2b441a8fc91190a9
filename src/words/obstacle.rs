//! Why a platform did not do something, and what a person does in its place. Each is a part of a sentence, without a
//! full stop.

use policy::{Handwork, Language, Obstacle, Platform};

/// Who answers for a platform's calls: the two of Meta have one interface.
const fn company(platform: Platform) -> &'static str {
    match platform {
        Platform::Facebook | Platform::Instagram => "Meta",
        Platform::Linkedin | Platform::Youtube | Platform::X => platform.name(),
    }
}

/// Why a platform did not do something.
pub fn obstacle(why: Obstacle, platform: Platform, language: Language) -> String {
    match language {
        Language::Italian => obstacle_in_italian(why, platform),
        Language::English => obstacle_in_english(why, platform),
    }
}

/// What a person does where a platform has no call.
pub fn handwork(how: Handwork, platform: Platform, language: Language) -> String {
    match language {
        Language::Italian => handwork_in_italian(how, platform),
        Language::English => handwork_in_english(how, platform),
    }
}

fn obstacle_in_italian(why: Obstacle, platform: Platform) -> String {
    let (on, who) = (platform.name(), company(platform));
    match why {
        Obstacle::ReviewStays => "la Pagina non può togliere né ripristinare una recensione".to_owned(),
        Obstacle::ReviewWithoutPrivateReply => "a una recensione non si può rispondere in privato".to_owned(),
        Obstacle::MentionWithoutPrivateReply => "a una menzione non si può rispondere in privato".to_owned(),
        Obstacle::OnAnothersPage => {
            "il contenuto sta sul profilo di altri, sul quale il nostro non ha poteri".to_owned()
        }
        Obstacle::MessageStays => "un messaggio privato non si può nascondere né eliminare".to_owned(),
        Obstacle::MessageWithoutPublicReply => "a un messaggio privato non si risponde in pubblico".to_owned(),
        Obstacle::NoSuchSurface => format!("contenuti di questo genere non arrivano da {on}"),
        Obstacle::LiveCommentStays => "i commenti di una diretta non si possono nascondere né eliminare".to_owned(),
        Obstacle::DeletedByHand => format!("un commento eliminato a mano su {on} non si può ripristinare"),
        Obstacle::NoPrivateMessages => format!("{on} non permette di scrivere in privato a chi commenta"),
        Obstacle::NoDeletion => format!("{on} non permette di eliminare i post altrui"),
        Obstacle::Unconfirmed => format!("la risposta di {who} non dice se il messaggio è stato inviato"),
        Obstacle::Conflict => {
            format!("{who} segnala un conflitto: non si sa se la risposta è stata pubblicata")
        }
        Obstacle::UnknownPerson => format!("{who} non riconosce la persona da questo identificativo"),
        Obstacle::NoReasonGiven => format!("{who} ha risposto di no, senza dire perché"),
        Obstacle::NoConversation => format!("{on} blocca solo chi ha già una conversazione con il profilo"),
        Obstacle::WindowClosed => "sono passate più di 24 ore dall'ultimo messaggio della persona".to_owned(),
        Obstacle::NotReceiving => "la persona non può ricevere messaggi dal profilo".to_owned(),
        Obstacle::NothingToAnswer => {
            "il contenuto a cui rispondere non esiste più, oppure non è visibile al profilo o non accetta risposte"
                .to_owned()
        }
        Obstacle::NothingToBlockBy => "il commento con cui bloccare l'autore non esiste più".to_owned(),
        Obstacle::Gone => format!("il contenuto o la persona non esiste più su {on}"),
        Obstacle::ForbiddenOrGone => format!("il contenuto non esiste più, oppure {who} non ci lascia intervenire"),
        Obstacle::Forbidden => format!("il contenuto esiste, ma {who} non ci lascia intervenire"),
        Obstacle::SameTextAgain => format!("{who} non pubblica due volte lo stesso testo"),
        Obstacle::NoPrivateReplyLeft => {
            "il messaggio privato non è ammesso: forse ne è già stato inviato uno, o il commento è troppo vecchio"
                .to_owned()
        }
        Obstacle::NotAccepted => format!("{who} non accetta la richiesta per questo contenuto o questa persona"),
        Obstacle::Undocumented => format!("{who} ha rifiutato la richiesta con un errore non documentato"),
        Obstacle::MayNotRemove => format!("{on} non permette alla Pagina di rimuovere questo commento"),
        Obstacle::ContentNotAccepted => format!("{on} non accetta questo contenuto"),
        Obstacle::Unsupported => format!("{on} non lo permette per questo commento"),
        Obstacle::NotInContract => format!("il contratto con {on} non comprende questa chiamata"),
        Obstacle::ReplyNotAccepted => format!("{on} non accetta questa risposta"),
        Obstacle::NoAccess => format!("{on} non dà accesso a questo post o a questa persona"),
        Obstacle::NotInOurConversation => format!("{on} nasconde solo le risposte nelle nostre conversazioni"),
        Obstacle::Unnamed => format!("{who} non ha detto di chi o di che cosa si tratta"),
        Obstacle::NotReadable => format!("{on} non permette di leggerlo"),
        Obstacle::NotShown => format!("{on} non lo mostra"),
        Obstacle::TextNotShown => format!("{on} non ne mostra il testo"),
        Obstacle::Unintelligible => format!("la risposta di {who} non è comprensibile"),
    }
}

fn obstacle_in_english(why: Obstacle, platform: Platform) -> String {
    let (on, who) = (platform.name(), company(platform));
    match why {
        Obstacle::ReviewStays => "the Page can neither take a review away nor restore it".to_owned(),
        Obstacle::ReviewWithoutPrivateReply => "a review cannot be answered in private".to_owned(),
        Obstacle::MentionWithoutPrivateReply => "a mention cannot be answered in private".to_owned(),
        Obstacle::OnAnothersPage => {
            "the content is on somebody else's account, on which ours may do nothing".to_owned()
        }
        Obstacle::MessageStays => "a private message can be neither hidden nor deleted".to_owned(),
        Obstacle::MessageWithoutPublicReply => "a private message is not answered in public".to_owned(),
        Obstacle::NoSuchSurface => format!("contents of this kind do not come from {on}"),
        Obstacle::LiveCommentStays => "comments on a live broadcast can be neither hidden nor deleted".to_owned(),
        Obstacle::DeletedByHand => format!("a comment that was deleted by hand on {on} cannot be restored"),
        Obstacle::NoPrivateMessages => format!("{on} lets nobody write in private to those who comment"),
        Obstacle::NoDeletion => format!("{on} lets nobody delete the posts of others"),
        Obstacle::Unconfirmed => format!("{who}'s answer does not say whether the message was sent"),
        Obstacle::Conflict => format!("{who} reports a conflict: nobody knows whether the answer was published"),
        Obstacle::UnknownPerson => format!("{who} does not know the person by this id"),
        Obstacle::NoReasonGiven => format!("{who} said no, and not why"),
        Obstacle::NoConversation => format!("{on} blocks only those who have a conversation with the account"),
        Obstacle::WindowClosed => "more than 24 hours have passed since the person's last message".to_owned(),
        Obstacle::NotReceiving => "the person cannot receive messages from the account".to_owned(),
        Obstacle::NothingToAnswer => {
            "what was to be answered is gone, or the account cannot see it, or it takes no answers".to_owned()
        }
        Obstacle::NothingToBlockBy => "the comment by which to block the author is gone".to_owned(),
        Obstacle::Gone => format!("the content or the person is no longer on {on}"),
        Obstacle::ForbiddenOrGone => format!("the content is gone, or {who} does not let us act on it"),
        Obstacle::Forbidden => format!("the content is there, but {who} does not let us act on it"),
        Obstacle::SameTextAgain => format!("{who} does not publish the same text twice"),
        Obstacle::NoPrivateReplyLeft => {
            "the private message is not permitted: perhaps one was sent already, or the comment is too old".to_owned()
        }
        Obstacle::NotAccepted => format!("{who} does not take the request for this content or this person"),
        Obstacle::Undocumented => format!("{who} declined with an error that is documented nowhere"),
        Obstacle::MayNotRemove => format!("{on} does not let the Page remove this comment"),
        Obstacle::ContentNotAccepted => format!("{on} does not take this content"),
        Obstacle::Unsupported => format!("{on} does not allow it for this comment"),
        Obstacle::NotInContract => format!("the contract with {on} does not include this call"),
        Obstacle::ReplyNotAccepted => format!("{on} does not take this answer"),
        Obstacle::NoAccess => format!("{on} gives no access to this post or this person"),
        Obstacle::NotInOurConversation => format!("{on} hides only answers in our own conversations"),
        Obstacle::Unnamed => format!("{who} did not say whom or what it is about"),
        Obstacle::NotReadable => format!("{on} does not let it be read"),
        Obstacle::NotShown => format!("{on} does not show it"),
        Obstacle::TextNotShown => format!("{on} does not show its text"),
        Obstacle::Unintelligible => format!("{who}'s answer cannot be understood"),
    }
}

fn handwork_in_italian(how: Handwork, platform: Platform) -> String {
    let on = platform.name();
    match how {
        Handwork::ReportReview => {
            format!("aprire la recensione nella Pagina e segnalarla a {on}, che decide se toglierla")
        }
        Handwork::AnswerMention => {
            "aprire il contenuto che ci menziona e rispondere con il profilo della Pagina".to_owned()
        }
        Handwork::DeleteComment => format!(
            "{on} non permette di nascondere un commento. Aprire il commento come amministratori della Pagina e valutare \
             se eliminarlo dal suo menu: l'eliminazione è definitiva, conservare prima una copia"
        ),
        Handwork::RestrictPerson => format!(
            "{on} non offre un comando per bloccare un utente: intervenire a mano dagli strumenti di amministrazione \
             della Pagina"
        ),
        Handwork::ReleasePerson => {
            "togliere a mano la limitazione dagli strumenti di amministrazione della Pagina".to_owned()
        }
        Handwork::UnhideUser => format!(
            "{on} non ha un comando per riammettere un utente: toglierlo dall'elenco degli utenti nascosti in YouTube \
             Studio, impostazioni della community"
        ),
        Handwork::BlockAltogether => format!(
            "{on} ha bloccato soltanto i messaggi privati: la persona può ancora rispondere ai nostri post. Il blocco \
             completo va messo a mano dal profilo"
        ),
    }
}

fn handwork_in_english(how: Handwork, platform: Platform) -> String {
    let on = platform.name();
    match how {
        Handwork::ReportReview => {
            format!("open the review in the Page and report it to {on}, which decides whether to take it away")
        }
        Handwork::AnswerMention => "open the content that mentions us and answer it as the Page".to_owned(),
        Handwork::DeleteComment => format!(
            "{on} lets no comment be hidden. Open the comment as an administrator of the Page and consider deleting it \
             from its menu: that is for good, so keep a copy first"
        ),
        Handwork::RestrictPerson => {
            format!("{on} has no call to block a user: do it by hand, with the tools of the Page's administrators")
        }
        Handwork::ReleasePerson => {
            "take the restriction away by hand, with the tools of the Page's administrators".to_owned()
        }
        Handwork::UnhideUser => format!(
            "{on} has no call to let a user in again: take them off the list of hidden users in YouTube Studio, settings \
             of the community"
        ),
        Handwork::BlockAltogether => format!(
            "{on} has blocked private messages only: the person can still answer our posts. The full block has to be \
             placed by hand from the profile"
        ),
    }
}
