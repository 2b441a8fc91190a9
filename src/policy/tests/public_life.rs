//! Trade, law and public life: the words of spam, crime, alarm and propaganda have honest senses, and what makes the
//! violation is what the writer does: offer, incite, lure, spread, canvass.

use policy::{Outcome, Platform, Policy, Subject};

use crate::corpora::published;

const MILANO: &str = "milano-monza-brianza-lodi.toml";
const LIGURIA: &str = "riviere-di-liguria.toml";

fn outcome(policy: &Policy, text: &str) -> Outcome {
    let platform = Some(Platform::Facebook);
    policy.found_by_rules(&Subject { platform, ..Subject::of(text) }).outcome()
}

/// Both policies judge each of these so.
fn all_are(expected: Outcome, texts: &[&str]) {
    for name in [MILANO, LIGURIA] {
        let policy = published(name);
        for text in texts {
            assert_eq!(outcome(&policy, text), expected, "{name}: {text}");
        }
    }
}

#[test]
fn what_people_earn_win_and_get_back_is_no_spam() {
    all_are(
        Outcome::Allow,
        &[
            "L'anno scorso ho guadagnato 9.000 euro e quattromila se ne sono andati in contributi",
            "Il corso di marketing mi ha fatto guadagnare 3 clienti nuovi, grazie",
            "Guadagno 1.100 euro al mese lavorando da casa e devo pure pagare il diritto annuale?",
            "Con la conciliazione ho recuperato i miei soldi dalla compagnia telefonica in due mesi",
            "Il nuovo credito d'imposta raddoppia il capitale investito in macchinari",
            "Sabato si ritira il premio Fedeltà al lavoro, chi viene?",
            "Lana cento per cento italiana, 100% garantito dal consorzio",
            "Alla fiera tre giri gratis sulla giostra per i bambini",
            "Il trading online fa male, investire in bitcoin senza capire è un azzardo",
            "Qui tutti investono in criptovalute e nessuno in capannoni",
            "Hai vinto un voucher? Ricordati di rendicontarlo entro giugno",
            "Ricambio tutti gli auguri, buon Natale",
            "Ho 8.000 follower e nemmeno un euro di vendite",
            "Anche noi artigiani passiamo per cattivi pagatori, ma i prestiti li diamo indietro",
        ],
    );
}

#[test]
fn work_with_files_forms_and_messages_is_no_chain_piracy_or_fraud() {
    all_are(
        Outcome::Allow,
        &[
            "Condividete con i colleghi prima che chiuda lo sportello del bando",
            "Copia e incolla il testo del messaggio di errore nel modulo, così lo vediamo",
            "La carta d'identità scansionata da me viene storta, il portale la rifiuta",
            "Scrivi la targa sulla scheda di trasporto prima di partire",
            "Quanti SPID avete attivati allo sportello di Monza?",
            "Firmate la lettera di dimissioni online, il modulo telematico è obbligatorio",
            "La Camera chiude lunedì per il patrono, condividete",
            "La banca mi chiede il codice otp per il pagamento pagoPA, è normale?",
            "Bruciamo tutto il margine in bollette",
            "Devo stampare il pdf intero del bando o basta il modulo?",
            "Sky e DAZN al bar costano più dell'affitto",
        ],
    );
}

#[test]
fn an_advert_needs_an_offer_and_an_invitation() {
    all_are(
        Outcome::Allow,
        &[
            "Saldi: sconto del 30% per tutti nei negozi del centro, scrive il Cittadino https://ilcittadino.example/saldi",
            "Cercasi buon senso nella riforma della scuola",
            "Cercasi parcheggio vicino alla sede, astenersi ottimisti http://t.co/abc",
            "Taglio l'erba nei giardini, spedisco anche sementi: quale codice ATECO?",
            "Vendo coca cola alla spina nel mio chiosco, serve un'altra licenza?",
            "Dal 1984 vendo scarpe a Sesto, e i pacchi contraffatti mi rovinano",
        ],
    );
}

#[test]
fn news_prevention_law_and_history_speak_of_crimes() {
    all_are(
        Outcome::Allow,
        &[
            "Sequestrati 20 chili di marijuana spediti a domicilio con un corriere",
            "Condannato per fatture false il titolare di una cartiera di Lodi",
            "Museo del falso: in mostra banconote false e documenti falsi dell'Ottocento",
        ],
    );
}

#[test]
fn contests_assemblies_and_sections_are_no_elections() {
    all_are(
        Outcome::Allow,
        &[
            "Votate e fate votare la nostra piazza al concorso Borgo più bello",
            "Il consiglio appoggia il candidato unico alla presidenza",
            "Iscrivetevi alla sezione giovani imprenditori, la quota è gratis",
            "Quando c'era lui i clienti trovavano sempre aperto, povero Gino",
        ],
    );
}

#[test]
fn the_same_words_are_hidden_where_the_writer_offers_incites_or_lures() {
    all_are(
        Outcome::Hide,
        &[
            "procuro patenti false senza esame, scrivimi su telegram",
            "Vendo hashish, la polizia non lo sa, in dm",
            "Vendo patenti false, consegna in tutta Italia",
            "Hashish ottimo prezzo, scrivimi in privato",
            "Investi in bitcoin con me, guadagno sicuro, contattami su whatsapp",
            "Guadagna 500 euro al giorno da casa, link in bio",
            "Vendo iPhone 15 nuovo, 400 euro, scrivetemi in privato",
            "Iptv tutti i canali a 10 euro, prova gratis, scrivetemi",
            "Massima condivisione: da domani bloccano i conti di tutte le imprese!!",
            "Cartomante Iris, toglie malocchio, chiama ora",
            "Compra follower reali, paypal, link in bio",
            "Assaltiamo la sede stanotte",
            "Affitto bilocale a Monza, no perditempo, chiamatemi",
            "Hai vinto un iPhone! Clicca qui e inserisci i dati della carta",
            "Prestiti tra privati in 24 ore anche protestati, contattatemi",
            "Manda questo messaggio a 12 persone o avrai sfortuna",
            "Grazie alla dott.ssa Amelia Conti ho guadagnato 12.000 euro, il suo metodo funziona",
            "Ho recuperato i miei soldi grazie all'agenzia Alfa, scrivetemi in privato",
            "Slot online, 50 giri gratis: registrati subito",
            "Vi passo il pdf intero del manuale, link sotto",
        ],
    );
}

#[test]
fn a_link_is_an_invitation_for_a_person_to_look_at_unless_it_leads_to_the_organisation() {
    let policy = published(MILANO);
    for (text, expected) in [
        ("Vendo torte su misura", Outcome::Allow),
        ("Vendo torte su misura, www.torte.example/listino", Outcome::Review),
        ("Vendo torte su misura, torte-di-anna.it", Outcome::Review),
        ("Vendo torte su misura, https://www.milomb.camcom.it/albo", Outcome::Allow),
    ] {
        assert_eq!(outcome(&policy, text), expected, "{text}");
    }
}

#[test]
fn what_is_off_topic_is_at_most_read_by_a_person() {
    for name in [MILANO, LIGURIA] {
        let policy = published(name);
        for text in [
            "Forza Napoli!!!",
            "W la Juve",
            "Qualcuno ha i biglietti per il concerto?",
            "Scrivi amen",
            "forza Milan e forza Lodi",
        ] {
            assert_ne!(outcome(&policy, text), Outcome::Hide, "{name}: {text}");
        }
    }
}

#[test]
fn an_election_is_not_a_contest() {
    let policy = published(MILANO);
    for (text, expected) in [
        ("Vota Bianchi sindaco, domenica alle urne", Outcome::Hide),
        ("Domenica 9 giugno votate e fate votare la nostra lista", Outcome::Hide),
        ("Vota il sindaco del rione al palio", Outcome::Allow),
        ("Scrivi Bianchi sulla scheda!", Outcome::Hide),
        ("Scrivi il lotto sulla scheda di produzione", Outcome::Allow),
        ("Firma qui la petizione, mandiamoli a casa", Outcome::Hide),
        ("Firmate qui la lettera di dimissioni del revisore", Outcome::Allow),
    ] {
        assert_eq!(outcome(&policy, text), expected, "{text}");
    }
}

#[test]
fn a_common_word_beside_an_unrelated_invitation_is_not_hidden() {
    for name in [MILANO, LIGURIA] {
        let policy = published(name);
        for text in [
            "Bici rubate in via Roma: chiamate i vigili o scrivetemi se le vedete",
            "In ufficio girano documenti falsi, chi li vede avvisi il responsabile in privato",
            "Vi passo il link del seminario sui documenti falsi",
            "Vendo abbigliamento usato e mi portano merce rubata, come la riconosco?",
            "L'acqua del pozzo è avvelenata dai PFAS: condividete la raccolta fondi",
            "Da lunedì chiudono tutti i bar della via per i lavori, fate girare tra i clienti",
            "Ho cambiato vita e ho aperto un forno, contattateci per le forniture",
            "Lavorare da casa con due figli è dura, chiamatemi eroina",
            "Vendo casa e me ne vado. Chiamatemi quando funziona la burocrazia",
            "Hai vinto un premio? Per ritirare la targa vieni in sede giovedì",
            "Il mio stagista guadagna 600 euro al mese, contattateci se vi sembra giusto",
            "Domenica alle urne con mia nonna, che emozione",
            "Tutti in piazza con il sindaco domenica per la fiera del bestiame",
        ] {
            assert_ne!(outcome(&policy, text), Outcome::Hide, "{name}: {text}");
        }
    }
}
