//! Words with more than one sense, under the rules of both published policies: what has an honest one stays, and the same
//! word said to somebody is still found.

use policy::{Kind, Outcome, Policy, Subject};

use crate::corpora::published;

const POLICIES: [&str; 2] = ["milano-monza-brianza-lodi.toml", "riviere-di-liguria.toml"];

fn outcome(policy: &Policy, text: &str) -> Outcome {
    let kind = Kind::Comment;
    policy.found_by_rules(&Subject { kind, ..Subject::of(text) }).outcome()
}

/// Every text has one of these outcomes under both policies.
fn all(texts: &[&str], outcomes: &[Outcome]) {
    for name in POLICIES {
        let policy = published(name);
        let other: Vec<(&str, Outcome)> = texts
            .iter()
            .map(|text| (*text, outcome(&policy, text)))
            .filter(|(_, got)| !outcomes.contains(got))
            .collect();
        assert!(other.is_empty(), "{name}: {other:#?}");
    }
}

const STAYS: &[Outcome] = &[Outcome::Allow, Outcome::Review];

#[test]
fn six_is_no_second_person() {
    all(
        &[
            "Ho comprato sei maiali alla fiera di Codogno",
            "Per il presepe vivente ci servono sei asini",
            "Al porto sono entrate sei balene, mai viste tante",
            "Nel recinto ne sono rimasti sei, porci compresi",
            "Le scimmie dello zoo sono sei",
        ],
        &[Outcome::Allow],
    );
    all(
        &["Sei un asino", "Sei proprio un maiale", "Siete asini", "Siete dei porci", "Sei deficiente"],
        &[Outcome::Hide],
    );
}

#[test]
fn a_word_that_is_cut_short_is_not_the_beginning_of_another() {
    all(
        &[
            "Posso andare a fare in c/c un bonifico domani?",
            "Il dirigente aff. legali è in ferie",
            "Si mette alla testa di Ca' Granda un commissario",
            "Gli ebrei di M. avevano un banco dei pegni",
        ],
        STAYS,
    );
    all(&["Andate a fare in c", "Ma andate tutti a fare in c.", "Siete delle teste di c", "Vai aff"], &[Outcome::Hide]);
}

#[test]
fn trades_and_nature_have_their_own_words() {
    all(
        &[
            "Minestra di ceci con i ditalini, la fa ancora mia suocera",
            "Il muro di cinta ha tre mattoni crepati e le colonne crepate tutte",
            "Nei forni tutti i pani cuociono insieme",
            "Dopo la chiusura si torna a stirare le tovaglie",
            "Il Negretto è un'uva nera da taglio",
            "Un branco di capre ha fermato il treno a Breno",
            "I piatti in bagassa si buttano nell'umido?",
            "Lasciatemi dire: che figa questa iniziativa",
            "Vendo mutandine e calze all'ingrosso, che codice ATECO uso?",
            "Il mio canale OnlyFans va dichiarato? Che codice ATECO ha?",
            "Vengo lì con il coltello da affilare, a che ora aprite?",
            "Buttano di tutto nel cesso e poi si lamentano dell'idraulico",
            "Le zanzare vanno sterminate prima dell'estate, o gli stranieri non vengono più in campeggio",
        ],
        STAYS,
    );
    all(
        &[
            "Siete un branco di capre",
            "Ti faccio un ditalino",
            "Crepate tutti, bastardi",
            "Tornatene a stirare",
            "Nei forni gli ebrei",
            "Devi morire, infame",
        ],
        &[Outcome::Hide],
    );
}

#[test]
fn news_prevention_law_and_history_speak_of_what_they_speak_of() {
    all(
        &[
            "La Polizia postale al liceo: prevenzione della pedopornografia e dell'adescamento",
            "Una bomba sotto la sede della banca: gli artificieri l'hanno disinnescata, è della guerra",
            "Per parlare con qualcuno devi morire di vecchiaia",
            "Quando ho visto la bolletta temevo che mi venisse un infarto",
            "Hermes per i Greci era un dio ladro, e pure simpatico",
            "Al museo di Torino il dio cane degli Egizi",
        ],
        &[Outcome::Allow],
    );
    all(
        &[
            "Il regime parlava di razza inferiore: la mostra al museo resta aperta fino a domenica",
            "Furono mandati a morte gli ebrei del ghetto, non dimentichiamolo",
            "Condannato chi scrisse negri di merda sul muro della moschea",
            "Quante donne devono morire ancora?",
            "Le truffe agli anziani sono una piaga",
            "Trattano i braccianti africani come bestie, è una vergogna",
        ],
        STAYS,
    );
    all(
        &[
            "Gli immigrati sono una piaga",
            "Morte agli ebrei",
            "Dio cane",
            "Scambio materiale pedopornografico, scrivimi in privato",
        ],
        &[Outcome::Hide],
    );
}

#[test]
fn who_reports_an_insult_is_not_insulting() {
    all(
        &[
            "Allo sportello mi hanno dato della stronza",
            "Un collega mi ha dato dello stronzo per un parcheggio",
            "Ci davano degli stronzi perché parlavamo in dialetto",
            "Ci avete preso per coglioni",
            "In fila gridavano coglione al vigile",
            "Gli ho chiesto lo scontrino e mi ha risposto stronza",
            "Mi ha mandato affanculo davanti ai clienti",
            "Il titolo diceva: «Siete tutti coglioni», e nessuno ha protestato",
            "Ho aspettato tre ore come una cogliona",
            "Modeste considerazioni di un coglione che paga le tasse",
            "Coglione io che mi sono fidato",
            "Non sono stronzi, sono solo in pochi",
        ],
        STAYS,
    );
    all(
        &[
            "Chi ha scritto questo annuncio è un coglione",
            "Chi ha scritto questo post è un deficiente",
            "Chi ha fatto il sito è proprio un idiota",
            "Ve l'ho detto: siete degli stronzi",
            "Hai scritto una scemenza, coglione",
        ],
        &[Outcome::Hide],
    );
}

#[test]
fn surnames_and_places_are_not_said_of_anybody() {
    all(
        &[
            "Marta Ricchioni apre una libreria a Pavia",
            "Paolo Recchioni firma le copie sabato",
            "Elena Negro, restauratrice, espone in sede",
            "Simone Bastardo fa il fabbro",
            "Il vivaio di Giulia Bastardi è bellissimo",
            "Bastardo è un paese di poche anime",
            "Ieri con Davide Verme abbiamo parlato di export",
        ],
        &[Outcome::Allow],
    );
    all(&["Recchioni ha disegnato la locandina", "L'ha disegnata Recchioni"], STAYS);
    all(&["Siete dei Ricchioni", "RICCHIONI!", "Sei un Recchione"], &[Outcome::Hide]);
}

#[test]
fn who_gives_a_choice_says_it_of_nobody() {
    all(
        &[
            "Siete sordi voi o sono muta io? Ho suonato tre volte",
            "Ma siete cretini voi o io?",
            "Sei stronzo tu o lo sono io?",
            "Chi è il coglione, io che pago o lui che non paga?",
            "Siete imbecilli voi o il modulo? Chiede due volte la firma",
            "Rimbambito io o rotto il lettore?",
        ],
        STAYS,
    );
    all(
        &[
            "Siete cretini voi e chi vi paga",
            "Siete deficienti o lo fate apposta?",
            "Sei cretino o cosa?",
            "Siete degli imbecilli, io vi conosco",
            "Sei un coglione, io no",
        ],
        &[Outcome::Hide],
    );
}

#[test]
fn what_goes_on_with_a_complement_is_another_word() {
    all(
        &[
            "Sei ritardata con le consegne di Natale",
            "Siete ritardati di un mese nei rimborsi",
            "Sei deficiente di vitamina D, dice il referto",
            "Siete luridi di farina dopo il corso di pane",
            "Tu sei un asino nel presepe vivente",
            "Che possa crepare di sete la siepe non importa a nessuno",
        ],
        &[Outcome::Allow],
    );
    all(
        &[
            "Siete ritardati",
            "Siete ritardati nel cervello",
            "Sei lurido",
            "Siete deficienti",
            "Sei un asino",
            "Che possa crepare",
        ],
        &[Outcome::Hide],
    );
}

#[test]
fn a_word_that_is_asked_and_then_explained_is_for_a_person() {
    all(
        &[
            "Fottetevi? È il titolo dello spettacolo di stasera",
            "Offro lavoro in nero? Mai, qui sono tutti assunti",
            "Stronzi? No, soltanto stanchi",
        ],
        &[Outcome::Review],
    );
    all(&["Fottetevi! È deciso", "Fottetevi?!", "Siete stronzi? Vergognatevi", "Stronzi!"], &[Outcome::Hide]);
}

#[test]
fn what_is_a_name_in_one_place_may_be_one_in_another() {
    all(
        &[
            "Anche Troia, in Puglia, ha un rosone: quella Troia del Duecento merita una gita",
            "Da Foggia a Troia: questa Troia della guida è la nostra",
        ],
        STAYS,
    );
    all(&["Quella Troia della direttrice ha perso la pratica", "Siete dei Bastardi"], &[Outcome::Hide]);
}

#[test]
fn what_is_not_looked_for_in_disguise_is_not_guessed() {
    all(&["La Finanza scopre un deposito di vino adulterato", "Chi scopre il tesoro vince la gita"], &[Outcome::Allow]);
}

#[test]
fn money_in_a_chat_is_for_a_person() {
    all(
        &[
            "Scrivi ad Ada su Telegram per guadagnare",
            "Scrivi ad Ada su ͲeIєɠɾαm per guadagnare 👉 adatrade",
            "Faccio trading con lei su WhatsApp, sono contenta",
            "Su ʈɛʟɛɢʀǟʍ c'è Ada, ti spiega come investire",
            "Cercala su Τɘʅɘɠɾαɱ, guadagni extra",
            "Con lei su ƬΣLΣGЯΛM ora guadagno 500 a settimana",
        ],
        &[Outcome::Review],
    );
    all(
        &[
            "Con WhatsApp ho guadagnato tempo, le prenotazioni arrivano da sole",
            "Il gruppo WhatsApp del mercato serve per guadagnare visibilità",
            "Attenti a chi vi scrive su Telegram per guadagnare: è una truffa",
        ],
        &[Outcome::Allow],
    );
}

#[test]
fn who_tells_of_an_insult_that_somebody_else_wrote_needs_no_person() {
    all(
        &[
            "Mi hanno dato dello stronzo davanti ai clienti",
            "Un turista mi ha urlato vaffanculo per una granita",
            "Mi faccio una sega circolare nuova, serve la marcatura CE?",
            "Hanno scritto sul muro \"pezzi di cretini infami\", chi pulisce?",
            "È stato chiamato \"sporco zingaro\" in mensa: come lo tutelo?",
            "Nel film di stasera il dio serpente parla",
            "Il libro L'idiota in biblioteca c'è?",
        ],
        &[Outcome::Allow],
    );
    all(
        &[
            "Mi ha detto stronzo, e lo stronzo è lui",
            "Il direttore? \"Pezzo di merda\", come dice mio cugino",
            "La presidente è una \"gran troia\", lo dicono tutti",
        ],
        &[Outcome::Review],
    );
}

#[test]
fn a_threat_that_goes_on_harmlessly_behind_three_points_is_none() {
    all(
        &[
            "Spacchiamo le vetrine... dei pregiudizi, mostra al Comune di Sanremo",
            "Vi ammazzo… di tenerezza, guardate che cuccioli",
            "Bruciamo la sede... con le candeline: oggi compie cent'anni",
        ],
        STAYS,
    );
    all(
        &["Spacchiamo le vetrine", "Vi ammazzo... tutti", "Diamo fuoco agli uffici... e a voi", "Vi ammazzo. Di nuovo"],
        &[Outcome::Hide],
    );
}

#[test]
fn an_insult_thrown_back_offends_nobody() {
    all(
        &[
            "Vecchio rincoglionito a chi? Ho rinnovato la patente ieri",
            "Brutto cretino io? Ma se vi ho portato i cornetti",
            "Stronza a me? Vi saluto",
        ],
        STAYS,
    );
    all(
        &[
            "Vecchio rincoglionito a chi vuoi darla a bere?",
            "Vecchio rincoglionito. A chi? A te",
            "Stronza a me non rispondi",
        ],
        &[Outcome::Hide],
    );
}

#[test]
fn of_a_trade_and_of_ones_own_origin_people_ask_and_boast() {
    all(
        &[
            "Gli ambulanti sono una razza inferiore? Leggendo l'ordinanza pare di sì",
            "So terun e tengo tre botteghe a Lecco",
            "Terrone di merda di nascita, così mi chiamavano in caserma",
        ],
        STAYS,
    );
    all(&["Gli zingari sono una razza inferiore", "Terun de merda", "Lo so, terun de merda"], &[Outcome::Hide]);
}

#[test]
fn what_is_swept_is_swept() {
    all(&["I gradini della scala li scopo io", "Le foglie le scoperei volentieri"], STAYS);
    all(&["Le scoperei tutte e due, le impiegate", "Ti scopo", "voglio scoparti"], &[Outcome::Hide]);
}

#[test]
fn codes_that_look_like_an_exchange_of_followers_are_codes() {
    all(
        &[
            "Pezzo di ricambio F4F-330, quale profilo monta?",
            "Modulo L4L 12 dello sportello",
            "Il filtro f4f si trova?",
        ],
        &[Outcome::Allow],
    );
    all(&["f4f? seguo tutti", "l4l f4f, ricambio sempre"], &[Outcome::Hide]);
}

#[test]
fn several_words_letter_by_letter_or_syllable_by_syllable_are_read() {
    all(
        &[
            "t i  s p a c c o  l a  t e s t a",
            "s i e t e  d e i  c o g l i o n i  p u n t o",
            "co-glio-ni",
            "fi-gli di put-ta-na",
            "k0glione",
            "kogl1oni",
            "rikkioni",
            "siete dei kojoni",
        ],
        &[Outcome::Hide],
    );
    all(
        &[
            "C O R S O  D I  F O T O G R A F I A  martedì",
            "v i a  m a z z i n i  4",
            "Ta-glia-tel-le e bru-schet-te",
            "Il salone di Rikki, zukkero e kakao",
            "L E  C A S E  D I  S T R O N C O N E",
        ],
        &[Outcome::Allow],
    );
}
