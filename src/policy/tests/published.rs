//! The two published policies: they load, say what their documents say, and judge as a good moderator would.

use std::fs;
use std::path::PathBuf;

use policy::{
    AccountId, AccountState, Category, Gravity, Outcome, Platform, Policy, Section, Source, Subject, Verdict,
};

const MILANO: &str = "milano-monza-brianza-lodi.toml";
const LIGURIA: &str = "riviere-di-liguria.toml";

fn source(name: &str) -> Source {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../policies").join(name);
    Source { name: name.to_owned(), text: fs::read_to_string(path).expect("the file can be read") }
}

fn load(name: &str) -> Policy {
    let file = source(name);
    let lists: Vec<Source> = Policy::list_names(&file).iter().map(|list| source(list)).collect();
    Policy::load(&file, &lists).expect("the policy has no problems")
}

/// What the rules find: the reader has tests of its own.
fn judge(policy: &Policy, text: &str) -> Verdict {
    policy.found_by_rules(&Subject { platform: Some(Platform::Facebook), ..Subject::of(text) })
}

fn outcome(policy: &Policy, text: &str) -> (Outcome, Vec<Category>) {
    let verdict = judge(policy, text);
    (verdict.outcome(), verdict.categories())
}

#[test]
fn milano_has_the_official_accounts_of_its_document_and_room_for_x() {
    let policy = load(MILANO);
    let accounts: Vec<(Platform, &str, &str)> = policy
        .accounts
        .iter()
        .filter(|account| account.state == AccountState::Active)
        .map(|account| (account.platform, account.handle.as_str(), account.url.as_str()))
        .collect();
    assert_eq!(
        accounts,
        [
            (Platform::Facebook, "cameracommerciomilomb", "https://www.facebook.com/cameracommerciomilomb"),
            (
                Platform::Instagram,
                "cameradicommercio_mi_mb_lo",
                "https://www.instagram.com/cameradicommercio_mi_mb_lo/"
            ),
            (Platform::Instagram, "bikeeconomy_milomb", "https://www.instagram.com/bikeeconomy_milomb/"),
            (
                Platform::Linkedin,
                "camera-di-commercio-milano---monzabrianza---lodi",
                "https://www.linkedin.com/company/camera-di-commercio-milano---monzabrianza---lodi/"
            ),
            (Platform::Linkedin, "bike-economy", "https://www.linkedin.com/company/bike-economy/"),
            (Platform::Youtube, "CameraCommercioMi", "https://www.youtube.com/user/CameraCommercioMi"),
        ]
    );
    let planned: Vec<Platform> = policy
        .accounts
        .iter()
        .filter(|account| account.state == AccountState::Planned)
        .map(|account| account.platform)
        .collect();
    assert_eq!(planned, [Platform::X]);
    let page =
        |id: &str| policy.account(Platform::Instagram, &AccountId::new(id)).and_then(|account| account.page.clone());
    assert_eq!(page("17841405726653026"), Some(AccountId::new("1234567890321")), "reached through its Page");
    assert_eq!(page("17841452691600098"), None, "reached through Instagram's own login");
    assert_eq!(policy.organisation.email, "comunicazione@mi.camcom.it");
}

#[test]
fn milano_has_eight_clauses_in_each_part_with_a_category_each() {
    let policy = load(MILANO);
    let numbers = |section: Section| -> Vec<&str> {
        policy.clauses.iter().filter(|clause| clause.section == section).map(|clause| clause.number.as_str()).collect()
    };
    assert_eq!(numbers(Section::Netiquette), ["N1", "N2", "N3", "N4", "N5", "N6", "N7", "N8"]);
    assert_eq!(numbers(Section::Removal), ["R1", "R2", "R3", "R4", "R5", "R6", "R7", "R8"]);
    for category in Category::ALL {
        assert!(policy.clauses.iter().any(|clause| clause.category == category), "no clause for {}", category.as_str());
    }
    let grave: Vec<&str> = policy
        .clauses
        .iter()
        .filter(|clause| clause.gravity == Gravity::Grave)
        .map(|clause| clause.number.as_str())
        .collect();
    assert_eq!(grave, ["R3", "R6", "R7"]);
}

#[test]
fn milano_judges_an_example_of_each_category() {
    let policy = load(MILANO);
    for (text, expected, category) in [
        ("Domenica votate e fate votare i nostri!", Outcome::Hide, Category::Political),
        ("Prendi la matita e scrivi il mio nome sulla scheda", Outcome::Hide, Category::Political),
        ("Ma andate a cagare, tutti quanti.", Outcome::Hide, Category::Language),
        ("Vi spacco la faccia appena vi vedo", Outcome::Hide, Category::Language),
        ("Vendo documenti falsi, consegna in giornata", Outcome::Hide, Category::Unlawful),
        ("Il tipo che ha commentato prima è un idiota", Outcome::Review, Category::Offensive),
        ("Per informazioni rispondo al 347 000 11 22", Outcome::Hide, Category::PersonalData),
        ("Sesso senza impegno, guarda il profilo", Outcome::Hide, Category::Obscene),
        ("Fuori di qui, sporchi zingari", Outcome::Hide, Category::Discriminatory),
        ("Vendo repliche di borse firmate", Outcome::Hide, Category::IntellectualProperty),
        ("Guadagno 3.500 € al mese dal divano", Outcome::Hide, Category::Spam),
        ("Buongiorno, a che punto è la mia iscrizione?", Outcome::Redirect, Category::PersonalCase),
    ] {
        let (found, categories) = outcome(&policy, text);
        assert_eq!((found, categories.contains(&category)), (expected, true), "{text}: {categories:?}");
    }
}

#[test]
fn criticism_however_harsh_is_allowed() {
    for policy in [load(MILANO), load(LIGURIA)] {
        for text in [
            "Vergogna! Un ente inutile che costa un patrimonio alle imprese.",
            "Siete dei ladri, il diritto annuale è una rapina legalizzata.",
            "Incapaci. Tre mesi per un timbro, in qualunque azienda vi avrebbero licenziato.",
            "Il presidente dovrebbe dimettersi oggi stesso, ha fallito su tutto.",
            "Buffoni, anche quest'anno i soldi ai soliti amici.",
            "Servizio pessimo, personale scortese, sito che non funziona mai: complimenti davvero.",
            "Questo bando è una presa in giro, l'hanno scritto per escludere i piccoli.",
            "Che schifo di organizzazione, due ore in piedi al freddo.",
            "La giunta ha preso una decisione indegna e dovrebbe scusarsi con tutti.",
            "Ennesima passerella politica mentre i negozi chiudono.",
            "Sono furioso: quaranta telefonate e nessuna risposta.",
            "Abolitele, le camere di commercio. Non servono a niente.",
            "Il numero verde 800 123 456 non risponde, lo sportello chiude alle 12.30 del 05/10/2026.",
        ] {
            assert_eq!(outcome(&policy, text), (Outcome::Allow, vec![]), "{}: {text}", policy.reference.id);
        }
    }
}

#[test]
fn the_address_of_the_office_may_be_cited() {
    for policy in [load(MILANO), load(LIGURIA)] {
        let text = format!("Ho scritto tre volte a {} e nessuno risponde!", policy.organisation.email);
        assert_eq!(outcome(&policy, &text).0, Outcome::Allow, "{}", policy.reference.id);
    }
}

#[test]
fn words_with_an_innocent_sense_are_never_hidden() {
    for policy in [load(MILANO), load(LIGURIA)] {
        for text in [
            "Ci vediamo a Troia, in Puglia, per la fiera dell'olio.",
            "L'ingegner Negro e la dottoressa Zoccola sono stati gentilissimi.",
            "Premio ai Bastardi di Pizzofalcone come migliore serie.",
            "Cerchiamo un addetto ai forni con esperienza.",
            "L'istituto Mario Negri ha sede a Milano.",
            "Ho scopato il negozio e chiuso la cassa.",
            "Serie sul pezzotto: come difendersi dalla pirateria.",
        ] {
            assert_ne!(outcome(&policy, text).0, Outcome::Hide, "{}: {text}", policy.reference.id);
        }
    }
}

#[test]
fn liguria_has_its_own_accounts_clauses_and_rules_over_the_same_lists() {
    let policy = load(LIGURIA);
    let platforms: Vec<Platform> = policy.accounts.iter().map(|account| account.platform).collect();
    assert_eq!(platforms, [Platform::Facebook, Platform::X, Platform::Instagram, Platform::Youtube]);
    assert_eq!(policy.clauses.len(), 10);
    assert_eq!(outcome(&policy, "siete degli stronzi"), (Outcome::Hide, vec![Category::Language]));
    let phone = "chiamatemi al 347 000 11 22";
    assert_eq!(outcome(&policy, phone), (Outcome::Review, vec![Category::PersonalData]));
    assert_eq!(outcome(&load(MILANO), phone), (Outcome::Hide, vec![Category::PersonalData]));
    assert_eq!(outcome(&policy, "votate e fate votare").0, Outcome::Allow, "it has no clause on propaganda");
}

#[test]
fn a_personal_case_is_sent_to_the_service_that_fits() {
    for policy in [load(MILANO), load(LIGURIA)] {
        for (text, service) in [
            ("Buongiorno, a che punto è la mia iscrizione?", "servizi-online"),
            ("Ho depositato la perizia a marzo, avete notizie?", "servizi-online"),
            ("Mi risulta una sanzione che non capisco", "diritto-annuale"),
            ("Il mio PIN è bloccato da ieri", "identita-digitale"),
            ("La mia visura riporta il vecchio indirizzo", "registro-imprese"),
        ] {
            let found = judge(&policy, text);
            assert_eq!(found.outcome(), Outcome::Redirect, "{text}");
            let first = policy.rule_service(&found.findings()[0].rule).map(|service| service.id.as_str());
            assert_eq!(first, Some(service), "{text}");
        }
    }
}

#[test]
fn a_hint_of_self_harm_is_urgent_whatever_else_a_text_holds() {
    for policy in [load(MILANO), load(LIGURIA)] {
        for text in ["Stasera la faccio finita", "Siete degli stronzi, per colpa vostra mi tolgo la vita"] {
            let found = judge(&policy, text);
            assert_eq!((found.outcome(), found.is_urgent()), (Outcome::Review, true), "{text}");
        }
        assert!(!judge(&policy, "Mi ammazzo di lavoro e voi aumentate il diritto").is_urgent());
    }
}

#[test]
fn quoting_an_insult_or_speaking_of_oneself_is_not_insulting() {
    for policy in [load(MILANO), load(LIGURIA)] {
        for (text, expected) in [
            ("Sei un imbecille", Outcome::Hide),
            ("Mi hanno scritto «sei un imbecille» e nessuno lo toglie", Outcome::Allow),
            ("Non sei un imbecille, hai solo letto male", Outcome::Allow),
            ("Vaffanculo!", Outcome::Hide),
            ("Un cliente mi ha risposto \"vaffanculo\" in negozio", Outcome::Allow),
            ("Sono stato un coglione a fidarmi", Outcome::Review),
            ("Quell'idea cretina del totem all'ingresso", Outcome::Allow),
            ("I rom sono feccia", Outcome::Hide),
            ("Chi scrive che i rom sono feccia dovrebbe vergognarsi", Outcome::Review),
        ] {
            assert_eq!(outcome(&policy, text).0, expected, "{}: {text}", policy.reference.id);
        }
    }
}

#[test]
fn every_redirect_leads_to_a_service() {
    for policy in [load(MILANO), load(LIGURIA)] {
        let service = policy.rule_service("pratica-propria").expect("the rule redirects");
        assert_eq!(service.id, "servizi-online");
    }
}
