//! How each sort of task reads, in both languages.

use jiff::Timestamp;
use ledger::{
    AboutReport, Cause, CitedClause, Errand, HaltCause, HourCount, KnownForm, ReportId, ReportedCase, Scope, Task,
    TaskFacts,
};
use policy::{AccountId, ActionKind, Handwork, Language, Obstacle, Platform, Referral, SanctionKind};

use crate::obstacle::{handwork, obstacle};
use crate::task::asked;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn task(facts: TaskFacts) -> Task {
    Task::new("t".to_owned(), None, facts, at("2026-11-02T09:00:00Z"))
}

/// A task in Italian and, below it, in English.
fn told(facts: TaskFacts) -> String {
    let task = task(facts);
    format!("{}\n{}", asked(&task, Language::Italian), asked(&task, Language::English))
}

fn report() -> ReportId {
    format!("{}-{}", "0a".repeat(8), "0b".repeat(6)).parse().unwrap()
}

fn about(links_left_out: usize, unverified: bool) -> AboutReport {
    AboutReport { id: report(), links_left_out, unverified }
}

fn halted(cause: HaltCause, scope: Scope) -> TaskFacts {
    TaskFacts::Halted { cause, scope, reason: "va provata".to_owned(), counted: None, group: "halt-1".to_owned() }
}

fn lead(known: Option<KnownForm>) -> TaskFacts {
    TaskFacts::Lead { platform: Platform::Linkedin, form: "17".to_owned(), known, lead: "42".to_owned() }
}

#[test]
fn what_is_done_by_hand() {
    insta::assert_snapshot!(told(TaskFacts::ByHand { asked: ActionKind::Hide, platform: Platform::Linkedin, how: Handwork::DeleteComment, ends_at: None }), @r"
    Nascondere il contenuto su LinkedIn: LinkedIn non permette di nascondere un commento. Aprire il commento come amministratori della Pagina e valutare se eliminarlo dal suo menu: l'eliminazione è definitiva, conservare prima una copia
    Hiding the content on LinkedIn: LinkedIn lets no comment be hidden. Open the comment as an administrator of the Page and consider deleting it from its menu: that is for good, so keep a copy first
    ");
    insta::assert_snapshot!(told(TaskFacts::ByHand {
        asked: ActionKind::Ban,
        platform: Platform::Linkedin,
        how: Handwork::RestrictPerson,
        ends_at: Some(at("2026-12-02T09:00:00Z")),
    }), @r"
    Bloccare l'autore su LinkedIn: LinkedIn non offre un comando per bloccare un utente: intervenire a mano dagli strumenti di amministrazione della Pagina. Il blocco finisce il 02/12/2026: annotare chi riguarda, per toglierlo quel giorno
    Blocking the author on LinkedIn: LinkedIn has no call to block a user: do it by hand, with the tools of the Page's administrators. The block ends on 02/12/2026: note whom it concerns, to lift it on that day
    ");
}

#[test]
fn what_is_impossible_or_did_not_succeed() {
    insta::assert_snapshot!(told(TaskFacts::Impossible { asked: ActionKind::Unhide, platform: Platform::Linkedin, why: Obstacle::DeletedByHand }), @r"
    Mostrare di nuovo il contenuto non è possibile su LinkedIn (un commento eliminato a mano su LinkedIn non si può ripristinare): valutare il caso a mano
    Showing the content again is not possible on LinkedIn (a comment that was deleted by hand on LinkedIn cannot be restored): consider the case by hand
    ");
    insta::assert_snapshot!(told(TaskFacts::Failed { asked: ActionKind::Hide, platform: Platform::X, why: Cause::Platform(Obstacle::NotInOurConversation) }), @r"
    Nascondere il contenuto su X non è riuscito (X nasconde solo le risposte nelle nostre conversazioni): provvedere a mano
    Hiding the content on X did not succeed (X hides only answers in our own conversations): see to it by hand
    ");
    insta::assert_snapshot!(told(TaskFacts::Failed {
        asked: ActionKind::PrivateReply,
        platform: Platform::Facebook,
        why: Cause::InVain { attempts: 51, minutes: 2_882 },
    }), @r"
    Rispondere in privato su Facebook non è riuscito (51 tentativi in 48 ore): provvedere a mano, sempre in privato
    Replying in private on Facebook did not succeed (51 attempts in 48 hours): see to it by hand, in private all the same
    ");
    insta::assert_snapshot!(told(TaskFacts::Failed { asked: ActionKind::Ban, platform: Platform::Instagram, why: Cause::ContentForgotten }), @r"
    Bloccare l'autore su Instagram non è riuscito (i dati del contenuto non sono più conservati): provvedere a mano
    Blocking the author on Instagram did not succeed (the data of the content are no longer kept): see to it by hand
    ");
    insta::assert_snapshot!(told(TaskFacts::PerhapsSent { asked: ActionKind::Reply, platform: Platform::Youtube }), @r"
    Rispondere in pubblico su YouTube: la piattaforma non ha confermato l'invio; verificare se il messaggio è arrivato prima di ripeterlo
    Replying in public on YouTube: the platform has not confirmed that it was sent; find out whether the message arrived before repeating it
    ");
}

#[test]
fn what_an_author_has_to_be_told_and_what_has_to_be_read() {
    insta::assert_snapshot!(told(TaskFacts::Warn { platform: Platform::X, sanction: SanctionKind::Warning, in_private: false }), @r"
    Avvertire a mano l'autore su X (primo avvertimento): finché l'avvertimento non è consegnato, le sanzioni successive attendono. Se non è possibile, dirlo nel chiudere l'attività
    Warn the author on X by hand (first warning): until the warning is delivered, the next sanctions wait. If it is not possible, say so when closing the task
    ");
    insta::assert_snapshot!(told(TaskFacts::Warn { platform: Platform::X, sanction: SanctionKind::LastWarning, in_private: true }), @r"
    Avvertire a mano l'autore su X (ultimo avvertimento, solo in privato perché in pubblico indicherebbe i dati da proteggere): finché l'avvertimento non è consegnato, le sanzioni successive attendono. Se non è possibile, dirlo nel chiudere l'attività
    Warn the author on X by hand (last warning, in private only because in public it would point at the data to be protected): until the warning is delivered, the next sanctions wait. If it is not possible, say so when closing the task
    ");
    insta::assert_snapshot!(told(TaskFacts::Unread { platform: Platform::Facebook, why: Cause::Platform(Obstacle::NotShown) }), @r"
    Contenuto su Facebook non leggibile dal sistema (Facebook non lo mostra): leggerlo a mano
    Content on Facebook that the system cannot read (Facebook does not show it): read it by hand
    ");
    insta::assert_snapshot!(told(TaskFacts::Unread { platform: Platform::Facebook, why: Cause::AccountNotOurs }), @r"
    Contenuto su Facebook non leggibile dal sistema (il profilo non è più tra quelli della policy): leggerlo a mano
    Content on Facebook that the system cannot read (the policy no longer lists the account): read it by hand
    ");
    insta::assert_snapshot!(told(TaskFacts::Rewritten { platform: Platform::Instagram }), @r"
    Contenuto nascosto su Instagram e poi riscritto dall'autore: valutare se quanto vi si legge ora si può mostrare di nuovo
    Content that was hidden on Instagram and then rewritten by its author: consider whether what it says now can be shown again
    ");
}

#[test]
fn what_people_decide_or_bring_before_others() {
    insta::assert_snapshot!(told(TaskFacts::Confirm { platform: Platform::Facebook, sanction: SanctionKind::Block, violations: 3 }), @r"
    Confermare o respingere il blocco temporaneo dell'autore su Facebook: violazioni contate 3
    Confirm or decline the temporary block of the author on Facebook: violations counted 3
    ");
    insta::assert_snapshot!(told(TaskFacts::Refer {
        platform: Platform::Youtube,
        to: Referral::Platform,
        clauses: vec![CitedClause { number: "R4".to_owned(), title: "Offese".to_owned() }],
    }), @r"
    Segnalare a YouTube, con il modulo di segnalazione della piattaforma (articolo R4, Offese), poi annotare l'esito
    Report to YouTube, with the platform's form for reports (clause R4, Offese), then note what came of it
    ");
    insta::assert_snapshot!(told(TaskFacts::Refer {
        platform: Platform::Youtube,
        to: Referral::Authorities,
        clauses: vec![
            CitedClause { number: "R2".to_owned(), title: "Insulti".to_owned() },
            CitedClause { number: "R6".to_owned(), title: "Minacce".to_owned() },
        ],
    }), @r"
    Segnalare alle autorità competenti, sentito il responsabile (articolo R2, Insulti; articolo R6, Minacce), poi annotare l'esito
    Report to the authorities, after asking the person in charge (clause R2, Insulti; clause R6, Minacce), then note what came of it
    ");
    insta::assert_snapshot!(told(TaskFacts::Urgent { platform: Platform::Facebook }), @r"
    URGENTE su Facebook: chi scrive, o qualcun altro, può essere in pericolo. Leggere subito il caso
    URGENT on Facebook: whoever writes, or somebody else, may be in danger. Read the case at once
    ");
}

#[test]
fn what_was_halted() {
    insta::assert_snapshot!(told(halted(HaltCause::Raid, Scope::Account(Platform::Facebook, AccountId::new("1")))), @r"
    I nascondimenti automatici dell'account sono sospesi: potrebbe essere un attacco (Facebook; va provata). I casi attendono nel gruppo halt-1: deciderli, poi riprendere. Chiudere questa attività quando il gruppo è vuoto
    Automatic hiding is suspended on the account: it may be a raid (Facebook; va provata). The cases wait in the group halt-1: decide them, then resume. Close this task when the group is empty
    ");
    insta::assert_snapshot!(told(halted(HaltCause::Breaker, Scope::Rule(Platform::X, AccountId::new("1"), "r".to_owned()))), @r"
    Una regola nasconde troppo ed è sospesa: potrebbe essere sbagliata (X; va provata). I casi attendono nel gruppo halt-1: deciderli, poi riprendere. Chiudere questa attività quando il gruppo è vuoto
    A rule hides too much and is suspended: it may be wrong (X; va provata). The cases wait in the group halt-1: decide them, then resume. Close this task when the group is empty
    ");
    let counted = Some(HourCount { rule_hides: 9, account_hides: 10, contributions: 14 });
    let by_the_breaker = match halted(HaltCause::Raid, Scope::Account(Platform::Facebook, AccountId::new("1"))) {
        TaskFacts::Halted { cause, scope, group, .. } => {
            TaskFacts::Halted { cause, scope, reason: "già in parole".to_owned(), counted, group }
        }
        other => other,
    };
    insta::assert_snapshot!(told(by_the_breaker), @r"
    I nascondimenti automatici dell'account sono sospesi: potrebbe essere un attacco (Facebook; in un'ora nascosti contributi di 9 autori dalla regola, di 10 autori nell'account, su 14 contributi). I casi attendono nel gruppo halt-1: deciderli, poi riprendere. Chiudere questa attività quando il gruppo è vuoto
    Automatic hiding is suspended on the account: it may be a raid (Facebook; within an hour the rule hid contributions of 9 authors, all rules of the account those of 10 authors, out of 14 contributions). The cases wait in the group halt-1: decide them, then resume. Close this task when the group is empty
    ");
    insta::assert_snapshot!(told(halted(HaltCause::Switch, Scope::All)), @r"
    I nascondimenti automatici sono stati spenti (tutti gli account; va provata). I casi attendono nel gruppo halt-1: deciderli, poi riprendere. Chiudere questa attività quando il gruppo è vuoto
    Automatic hiding was switched off (all accounts; va provata). The cases wait in the group halt-1: decide them, then resume. Close this task when the group is empty
    ");
}

#[test]
fn what_came_in_by_a_form() {
    insta::assert_snapshot!(told(lead(Some(KnownForm { name: "Corsi".to_owned(), privacy_notice: "https://www.example.it/privacy".to_owned() }))), @r"
    Nuovo contatto su LinkedIn dal modulo 17 (Corsi), riferimento 42. Informativa con cui è stato raccolto: https://www.example.it/privacy
    New contact on LinkedIn from the form 17 (Corsi), reference 42. Notice under which it was collected: https://www.example.it/privacy
    ");
    insta::assert_snapshot!(told(lead(None)), @r"
    Nuovo contatto su LinkedIn dal modulo 17 (non previsto dalla policy), riferimento 42. Informativa con cui è stato raccolto: da verificare prima di usare i dati
    New contact on LinkedIn from the form 17 (which the policy does not list), reference 42. Notice under which it was collected: to be found out before the data are used
    ");
}

#[test]
fn what_is_not_as_it_is_on_record() {
    insta::assert_snapshot!(told(TaskFacts::ShownOtherwise { platform: Platform::Facebook, is_hidden: true }), @r"
    Il contenuto su Facebook non è visibile, ma il sistema non lo ha nascosto: qualcuno è intervenuto sulla piattaforma. Chiarire chi e perché, poi decidere il caso: confermarlo o annullarlo. Il sistema non cambia nulla da solo
    The content on Facebook cannot be seen, but the system has not hidden it: somebody has acted on the platform. Find out who and why, then decide the case: confirm or overturn it. The system changes nothing by itself
    ");
    insta::assert_snapshot!(told(TaskFacts::ShownOtherwise { platform: Platform::Facebook, is_hidden: false }), @r"
    Il contenuto su Facebook è di nuovo visibile, ma risulta nascosto: qualcuno è intervenuto sulla piattaforma. Chiarire chi e perché, poi decidere il caso: confermarlo o annullarlo. Il sistema non cambia nulla da solo
    The content on Facebook can be seen again, but is on record as hidden: somebody has acted on the platform. Find out who and why, then decide the case: confirm or overturn it. The system changes nothing by itself
    ");
    insta::assert_snapshot!(told(TaskFacts::Announced { platform: Platform::Linkedin, sanction: SanctionKind::Block }), @r"
    Su LinkedIn un messaggio ha annunciato all'autore il blocco, che non è in vigore: correggere il messaggio o eliminarlo
    On LinkedIn a message has told the author of a block that is not in force: correct the message or delete it
    ");
    insta::assert_snapshot!(told(TaskFacts::Stuck { pieces: 7, since: at("2026-11-02T07:30:00Z") }), @r"
    Azioni o letture in attesa da più di un'ora: almeno 7, la prima dal 2026-11-02 07:30 UTC. Avvisare chi gestisce il sistema; intanto provvedere a mano ai casi urgenti
    Actions or readings that have waited for more than an hour: at least 7, the first since 2026-11-02 07:30 UTC. Tell whoever runs the system; meanwhile see to urgent cases by hand
    ");
    insta::assert_snapshot!(told(TaskFacts::LateErasure { code: "abc".to_owned(), waiting: 2, since: at("2026-10-10T07:30:00Z") }), @r"
    La cancellazione chiesta il 10/10/2026 (codice abc) non è ancora conclusa: casi che attendono 2. Portare a termine ciò che è in attesa, o decidere i blocchi che scadono più tardi; all'interessato si risponde entro un mese
    The erasure that was asked for on 10/10/2026 (code abc) is not complete yet: cases that wait 2. Bring what is waiting to its end, or decide the blocks that expire later; the person is answered within a month
    ");
    insta::assert_snapshot!(told(TaskFacts::Lapsed { platform: Platform::Instagram, handle: "camera".to_owned(), mended: true }), @r"
    Instagram non inviava più ciò che accade sul profilo camera. L'iscrizione è stata ripetuta e da ora arriva tutto. Ciò che è stato scritto nel frattempo può non essere stato esaminato: guardare i commenti degli ultimi giorni
    Instagram no longer sent what happens on the account camera. The subscription was repeated, and from now on everything arrives. What was written meanwhile may not have been judged: look through the comments of the last days
    ");
    insta::assert_snapshot!(told(TaskFacts::Lapsed { platform: Platform::Instagram, handle: "camera".to_owned(), mended: false }), @r"
    Instagram non inviava più ciò che accade sul profilo camera. Ripetere l'iscrizione non è riuscito: avvisare chi gestisce il sistema, che deve iscrivere di nuovo il profilo. Ciò che è stato scritto nel frattempo può non essere stato esaminato: guardare i commenti degli ultimi giorni
    Instagram no longer sent what happens on the account camera. Repeating the subscription did not succeed: tell whoever runs the system, who has to subscribe the account again. What was written meanwhile may not have been judged: look through the comments of the last days
    ");
    insta::assert_snapshot!(told(TaskFacts::Unseen { platform: Platform::Youtube, handle: "camera".to_owned(), contributions: 12 }), @r"
    YouTube non mostra più 12 contenuti del profilo camera: forse il sistema ha perso il permesso di leggerli. Verificare le autorizzazioni; se i contenuti sono davvero scomparsi, chiudere i loro casi
    YouTube no longer shows 12 contents of the account camera: the system may have lost the permission to read them. Check the permissions; if the contents are really gone, close their cases
    ");
}

#[test]
fn what_users_have_reported() {
    insta::assert_snapshot!(told(TaskFacts::ReportedCase { platform: Platform::X, case: ReportedCase::Open, report: about(0, false) }), @r"
    Un utente ha segnalato il contenuto di questo caso su X, da decidere. Segnalazione 0a0a0a0a0a0a0a0a-0b0b0b0b0b0b
    A user has reported the content of this case on X, still to be decided. Report 0a0a0a0a0a0a0a0a-0b0b0b0b0b0b
    ");
    insta::assert_snapshot!(told(TaskFacts::ReportedCase { platform: Platform::X, case: ReportedCase::Closed, report: about(2, false) }), @r"
    Un utente ha segnalato il contenuto di questo caso su X, già chiuso: valutare se la decisione regge. Segnalazione 0a0a0a0a0a0a0a0a-0b0b0b0b0b0b; altri 2 link non sono stati considerati
    A user has reported the content of this case on X, closed already: consider whether the decision holds. Report 0a0a0a0a0a0a0a0a-0b0b0b0b0b0b; 2 more links were not looked at
    ");
    insta::assert_snapshot!(told(TaskFacts::ReportedCase { platform: Platform::X, case: ReportedCase::Erased, report: about(0, true) }), @r"
    Un utente ha segnalato il contenuto di questo caso su X, cancellato con il suo autore prima di una decisione: aprire il contenuto dal link e valutarlo. Segnalazione 0a0a0a0a0a0a0a0a-0b0b0b0b0b0b; il mittente non è verificato, perciò non ha avuto risposta
    A user has reported the content of this case on X, erased with its author before a decision: open the content by its link and consider it. Report 0a0a0a0a0a0a0a0a-0b0b0b0b0b0b; the sender is not verified, and so got no answer
    ");
    insta::assert_snapshot!(told(TaskFacts::ReportedElsewhere { contributions: 0, report: about(0, false) }), @r"
    Un utente ha scritto alla casella delle segnalazioni senza indicare un contenuto dei nostri profili: capire che cosa riguarda. Segnalazione 0a0a0a0a0a0a0a0a-0b0b0b0b0b0b
    A user has written to the mailbox for reports without naming a content of our accounts: find out what it is about. Report 0a0a0a0a0a0a0a0a-0b0b0b0b0b0b
    ");
    insta::assert_snapshot!(told(TaskFacts::ReportedElsewhere { contributions: 1, report: about(0, false) }), @r"
    Un utente ha segnalato un nostro post o un contenuto che non ha un caso: aprirlo dal link e valutarlo secondo le regole. Se le viola, intervenire a mano sulla piattaforma. Segnalazione 0a0a0a0a0a0a0a0a-0b0b0b0b0b0b
    A user has reported a post of ours, or a content that has no case: open it by its link and consider it by the rules. If it violates them, act by hand on the platform. Report 0a0a0a0a0a0a0a0a-0b0b0b0b0b0b
    ");
    insta::assert_snapshot!(told(TaskFacts::ReportedElsewhere { contributions: 9, report: about(2, true) }), @r"
    Un utente ha segnalato 9 nostri post o contenuti che non hanno un caso: aprirli dai link e valutarli secondo le regole. Se le violano, intervenire a mano sulla piattaforma. Segnalazione 0a0a0a0a0a0a0a0a-0b0b0b0b0b0b; altri 2 link non sono stati considerati; il mittente non è verificato, perciò non ha avuto risposta
    A user has reported 9 posts of ours, or contents that have no case: open them by their links and consider them by the rules. If they violate them, act by hand on the platform. Report 0a0a0a0a0a0a0a0a-0b0b0b0b0b0b; 2 more links were not looked at; the sender is not verified, and so got no answer
    ");
    insta::assert_snapshot!(told(TaskFacts::ReportsOverLimit), @r"
    Uno stesso mittente ha inviato più segnalazioni di quante se ne accettano in un giorno: le altre non sono in elenco. I messaggi restano nella casella per il tempo previsto
    One sender has sent more reports than are taken in a day: the others are not listed. The messages stay in the mailbox for as long as they are kept there
    ");
    insta::assert_snapshot!(told(TaskFacts::ReportAboutErased { report: report() }), @r"
    È stato cancellato l'autore di un contenuto segnalato da un utente: il caso e i link non ci sono più. Leggere la segnalazione 0a0a0a0a0a0a0a0a-0b0b0b0b0b0b: se il testo dice chi è quella persona, o ne riporta le parole, cancellarla
    The author of a content that a user had reported was erased: the case and the links are gone. Read the report 0a0a0a0a0a0a0a0a-0b0b0b0b0b0b: if the text says who that person is, or repeats their words, erase it
    ");
}

#[test]
fn a_task_of_before_there_were_facts_says_its_sentence_in_any_language() {
    let old = Task {
        errand: Errand::Instruction("Leggere subito il caso".to_owned()),
        ..task(TaskFacts::Urgent { platform: Platform::X })
    };
    for language in [Language::Italian, Language::English] {
        assert_eq!(asked(&old, language), "Leggere subito il caso");
    }
}

#[test]
fn no_sentence_names_a_command_or_an_option_and_each_part_goes_into_another() {
    let parts = |language| {
        let obstacles = Obstacle::ALL.map(|why| obstacle(why, Platform::Facebook, language));
        let hands = Handwork::ALL.map(|how| handwork(how, Platform::Linkedin, language));
        obstacles.into_iter().chain(hands)
    };
    for part in parts(Language::Italian).chain(parts(Language::English)) {
        assert!(!part.ends_with('.') && !part.contains("--") && !part.contains('`'), "{part}");
    }
}

#[test]
fn each_obstacle_reads_in_both_languages() {
    let all: Vec<String> = Obstacle::ALL
        .map(|why| {
            let on = Platform::Instagram;
            format!("{} | {}", obstacle(why, on, Language::Italian), obstacle(why, on, Language::English))
        })
        .into();
    insta::assert_snapshot!(all.join("\n"), @r"
    la Pagina non può togliere né ripristinare una recensione | the Page can neither take a review away nor restore it
    a una recensione non si può rispondere in privato | a review cannot be answered in private
    a una menzione non si può rispondere in privato | a mention cannot be answered in private
    il contenuto sta sul profilo di altri, sul quale il nostro non ha poteri | the content is on somebody else's account, on which ours may do nothing
    un messaggio privato non si può nascondere né eliminare | a private message can be neither hidden nor deleted
    a un messaggio privato non si risponde in pubblico | a private message is not answered in public
    contenuti di questo genere non arrivano da Instagram | contents of this kind do not come from Instagram
    i commenti di una diretta non si possono nascondere né eliminare | comments on a live broadcast can be neither hidden nor deleted
    un commento eliminato a mano su Instagram non si può ripristinare | a comment that was deleted by hand on Instagram cannot be restored
    Instagram non permette di scrivere in privato a chi commenta | Instagram lets nobody write in private to those who comment
    Instagram non permette di eliminare i post altrui | Instagram lets nobody delete the posts of others
    la risposta di Meta non dice se il messaggio è stato inviato | Meta's answer does not say whether the message was sent
    Meta segnala un conflitto: non si sa se la risposta è stata pubblicata | Meta reports a conflict: nobody knows whether the answer was published
    Meta non riconosce la persona da questo identificativo | Meta does not know the person by this id
    Meta ha risposto di no, senza dire perché | Meta said no, and not why
    Instagram blocca solo chi ha già una conversazione con il profilo | Instagram blocks only those who have a conversation with the account
    sono passate più di 24 ore dall'ultimo messaggio della persona | more than 24 hours have passed since the person's last message
    la persona non può ricevere messaggi dal profilo | the person cannot receive messages from the account
    il contenuto a cui rispondere non esiste più, oppure non è visibile al profilo o non accetta risposte | what was to be answered is gone, or the account cannot see it, or it takes no answers
    il commento con cui bloccare l'autore non esiste più | the comment by which to block the author is gone
    il contenuto o la persona non esiste più su Instagram | the content or the person is no longer on Instagram
    il contenuto non esiste più, oppure Meta non ci lascia intervenire | the content is gone, or Meta does not let us act on it
    Meta non pubblica due volte lo stesso testo | Meta does not publish the same text twice
    il messaggio privato non è ammesso: forse ne è già stato inviato uno, o il commento è troppo vecchio | the private message is not permitted: perhaps one was sent already, or the comment is too old
    Meta non accetta la richiesta per questo contenuto o questa persona | Meta does not take the request for this content or this person
    Meta ha rifiutato la richiesta con un errore non documentato | Meta declined with an error that is documented nowhere
    Instagram non permette alla Pagina di rimuovere questo commento | Instagram does not let the Page remove this comment
    Instagram non accetta questo contenuto | Instagram does not take this content
    Instagram non lo permette per questo commento | Instagram does not allow it for this comment
    il contratto con Instagram non comprende questa chiamata | the contract with Instagram does not include this call
    Instagram non accetta questa risposta | Instagram does not take this answer
    Instagram non dà accesso a questo post o a questa persona | Instagram gives no access to this post or this person
    Instagram nasconde solo le risposte nelle nostre conversazioni | Instagram hides only answers in our own conversations
    il contenuto esiste, ma Meta non ci lascia intervenire | the content is there, but Meta does not let us act on it
    Meta non ha detto di chi o di che cosa si tratta | Meta did not say whom or what it is about
    Instagram non permette di leggerlo | Instagram does not let it be read
    Instagram non lo mostra | Instagram does not show it
    Instagram non ne mostra il testo | Instagram does not show its text
    la risposta di Meta non è comprensibile | Meta's answer cannot be understood
    ");
    let all: Vec<String> = Handwork::ALL
        .map(|how| {
            let on = Platform::Youtube;
            format!("{} | {}", handwork(how, on, Language::Italian), handwork(how, on, Language::English))
        })
        .into();
    insta::assert_snapshot!(all.join("\n"), @r"
    aprire la recensione nella Pagina e segnalarla a YouTube, che decide se toglierla | open the review in the Page and report it to YouTube, which decides whether to take it away
    aprire il contenuto che ci menziona e rispondere con il profilo della Pagina | open the content that mentions us and answer it as the Page
    YouTube non permette di nascondere un commento. Aprire il commento come amministratori della Pagina e valutare se eliminarlo dal suo menu: l'eliminazione è definitiva, conservare prima una copia | YouTube lets no comment be hidden. Open the comment as an administrator of the Page and consider deleting it from its menu: that is for good, so keep a copy first
    YouTube non offre un comando per bloccare un utente: intervenire a mano dagli strumenti di amministrazione della Pagina | YouTube has no call to block a user: do it by hand, with the tools of the Page's administrators
    togliere a mano la limitazione dagli strumenti di amministrazione della Pagina | take the restriction away by hand, with the tools of the Page's administrators
    YouTube non ha un comando per riammettere un utente: toglierlo dall'elenco degli utenti nascosti in YouTube Studio, impostazioni della community | YouTube has no call to let a user in again: take them off the list of hidden users in YouTube Studio, settings of the community
    YouTube ha bloccato soltanto i messaggi privati: la persona può ancora rispondere ai nostri post. Il blocco completo va messo a mano dal profilo | YouTube has blocked private messages only: the person can still answer our posts. The full block has to be placed by hand from the profile
    ");
}

#[test]
fn what_was_tried_in_vain_is_said_as_it_was() {
    let said = |attempts, minutes| {
        let why = Cause::InVain { attempts, minutes };
        asked(&task(TaskFacts::Unread { platform: Platform::X, why }), Language::Italian)
    };
    for (attempts, minutes, words) in [
        (1, 0, "(un tentativo in meno di un minuto)"),
        (2, 59, "(2 tentativi in 59 minuti)"),
        (3, 61, "(3 tentativi in un'ora)"),
        (51, 48 * 60 + 2, "(51 tentativi in 48 ore)"),
        (0, 48 * 60, "(in 48 ore la piattaforma non ha mai accettato richieste)"),
    ] {
        assert!(said(attempts, minutes).contains(words), "{}", said(attempts, minutes));
    }
}
