//! What the shipped reader says, and that it says the same everywhere and about anything.

use proptest::prelude::*;
use reader::{Class, Probability, Reader, Reading, SHIPPED};
use text::Folded;

/// Of the readings of all texts of this file. It changes with the weights, and never with the machine.
const CHECKSUM: &str = "222e3a35991952cc";

thread_local! {
    static READER: Reader = Reader::from_bytes(SHIPPED).unwrap();
}

fn read(text: &str) -> Reading {
    READER.with(|reader| reader.read(&Folded::new(text)))
}

/// Greetings, questions, complaints in other languages.
const OTHER: [(&str, &str); 20] = [
    ("english", "Hello, when does the call for applications open? The website never works."),
    ("english", "I have been waiting for three weeks and nobody answers my emails"),
    ("english", "You are all thieves and you should be ashamed"),
    ("french", "Bonjour, je voudrais savoir quand ouvre le guichet pour les entreprises"),
    ("french", "C'est une honte, personne ne répond jamais au téléphone"),
    ("german", "Guten Tag, wann öffnet das Büro für neue Unternehmen?"),
    ("german", "Das ist eine Frechheit, niemand geht ans Telefon"),
    ("spanish", "Buenos días, quisiera saber cuándo abre la oficina de empresas"),
    ("spanish", "Nadie contesta el teléfono, es una vergüenza para todos nosotros"),
    ("portuguese", "Bom dia, gostaria de saber quando abre o balcão das empresas"),
    ("romanian", "Bună ziua, aș vrea să știu când se deschide biroul pentru firme"),
    ("albanian", "Mirëdita, kur hapet zyra për bizneset e vogla?"),
    ("polish", "Dzień dobry, kiedy otwiera się biuro dla przedsiębiorców?"),
    ("turkish", "Merhaba, işletmeler için ofis ne zaman açılıyor?"),
    ("dutch", "Goedemorgen, wanneer gaat het loket voor bedrijven open?"),
    ("swedish", "Hej, när öppnar kontoret för nya företag i staden?"),
    ("russian", "Здравствуйте, когда открывается офис для предпринимателей?"),
    ("arabic", "مرحبا متى يفتح مكتب الشركات"),
    ("chinese", "你好,企业办公室什么时候开门?"),
    ("tagalog", "Magandang umaga po, kailan magbubukas ang opisina para sa negosyo?"),
];

/// What stands in no voice, in Italian, dialect and disguise.
const ITALIAN: [&str; 12] = [
    "Buongiorno, quando apre lo sportello per le imprese?",
    "vi ammazzo tutti uno per uno, so dove abitate",
    "siete dei c0gl10n1",
    "che ladri",
    "bravi",
    "Ho mandato la pratica tre settimane fa, la mia richiesta è ancora ferma, potete controllare?",
    "ma va a ciapà i ratt",
    "chiste nun capiscono niente, so' tutti 'e stessi",
    "GUADAGNA 500 euro al giorno da casa scrivimi in privato",
    "due idiote",
    "ok",
    "mejo che annate a lavora' ve lo dico io",
];

#[test]
fn the_same_bytes_and_text_give_the_same_reading_on_every_machine() {
    let mut checksum = 0xcbf2_9ce4_8422_2325_u64;
    let mut take = |number: u32| {
        for byte in number.to_le_bytes() {
            checksum = (checksum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    };
    let other = OTHER.iter().map(|(_, text)| *text);
    for text in ITALIAN.into_iter().chain(other).chain(["", "👏👏👏", "n\u{e8}  \u{200b} Ñ 🇮🇹"]) {
        let reading = read(text);
        Class::ALL.iter().for_each(|class| take(reading.of(*class).millionths()));
        take(reading.known());
    }
    assert_eq!(format!("{checksum:016x}"), CHECKSUM);
}

#[test]
fn the_hash_beside_the_weights_is_theirs() {
    let written = include_str!("../weights/reader.sha256");
    READER.with(|reader| assert_eq!(written.trim(), reader.sha256()));
}

#[test]
fn what_is_clear_is_read_as_what_it_is() {
    for (text, class) in [
        ("Buongiorno, quando apre lo sportello per le imprese?", Class::Lawful),
        ("Complimenti a tutti, bella iniziativa per i nostri artigiani", Class::Lawful),
        ("Siete una vergogna, tre mesi per una visura", Class::Lawful),
        ("vi ammazzo tutti uno per uno, so dove abitate", Class::Language),
        ("siete dei c0gl10n1", Class::Language),
        ("GUADAGNA 500 euro al giorno da casa scrivimi in privato", Class::Spam),
        (
            "Ho mandato la pratica tre settimane fa, la mia richiesta è ancora ferma, potete controllare?",
            Class::PersonalCase,
        ),
    ] {
        let reading = read(text);
        let best = Class::ALL.into_iter().max_by_key(|class| reading.of(*class)).unwrap();
        assert_eq!(best, class, "{text}: {reading:?}");
        assert!(reading.is_understood(), "{text}");
    }
}

#[test]
fn what_is_in_another_language_is_not_understood() {
    for (language, text) in OTHER {
        assert!(!read(text).is_understood(), "{language}: {text}: {}", read(text).known());
    }
    for text in ITALIAN {
        assert!(read(text).is_understood(), "{text}: {}", read(text).known());
    }
}

#[test]
fn without_words_nothing_is_understood() {
    for text in
        ["", " ", "\n\t", "👏👏👏", "🇮🇹", "...!!!???", "12345 67 8", "https://example.org/a", "@tizio", "\u{200b}"]
    {
        assert!(!read(text).is_understood(), "{text:?}");
    }
}

#[test]
fn texts_of_64_kib_are_read_whatever_they_hold() {
    for piece in
        ["a", "ab", "a ", "è", "🙂", "€a", "@a ", "a.it/ ", "\u{300}", "\u{202e}", "1", "漢", "stronzo ", "\u{1f1ee}"]
    {
        let text = piece.repeat(64 * 1024 / piece.len());
        let reading = read(&text);
        let all: u32 = Class::ALL.iter().map(|class| reading.of(*class).millionths()).sum();
        assert!((999_990..=1_000_010).contains(&all), "{piece:?}: {all}");
    }
    let probabilities = |text: &str| Class::ALL.map(|class| read(text).of(class));
    assert_eq!(probabilities(&"a".repeat(64 * 1024)), probabilities("aa"), "a letter held down is a letter held down");
}

#[test]
fn classes_are_the_categories_of_the_policy_lawful_and_danger() {
    let categories = policy::Category::ALL.map(|category| category.as_str());
    let classes = Class::ALL.map(|class| class.as_str());
    assert_eq!(classes[..categories.len()], categories);
    assert_eq!(classes[categories.len()..], ["lawful", "danger"]);
    assert!(Class::ALL.iter().enumerate().all(|(nth, class)| *class as usize == nth));
    assert!(classes.iter().all(|key| Class::with_key(key).is_some_and(|class| class.to_string() == *key)));
    assert_eq!(Class::with_key("polemic"), None);
}

#[test]
fn the_passages_that_weighed_most_stand_in_the_original_text() {
    let text = "Buongiorno a tutti, però siete dei C0GLI\u{200b}ONI e basta";
    let passages = READER.with(|reader| reader.passages(&Folded::new(text), Class::Language, 3));
    assert!(text[passages[0].span.clone()].contains("C0GLI\u{200b}ONI"), "{passages:?}");
    assert!(passages.is_sorted_by(|one, next| one.part >= next.part), "{passages:?}");
    assert!(passages.iter().map(|passage| passage.part).sum::<u32>() <= 1_000);
    for nothing in ["", "🙂", "   "] {
        assert_eq!(READER.with(|reader| reader.passages(&Folded::new(nothing), Class::Spam, 3)), []);
    }
}

proptest! {
    #[test]
    fn any_text_has_probabilities_that_make_one(text in any::<String>()) {
        let reading = read(&text);
        let all: u32 = Class::ALL.iter().map(|class| reading.of(*class).millionths()).sum();
        prop_assert!((999_990..=1_000_010).contains(&all));
        prop_assert!(reading.of_violation() <= Probability::ONE && reading.known() <= 1_000);
    }

    #[test]
    fn any_passage_cuts_the_original_at_characters(text in "[a-zA-Zèß0-9@. 🙂\u{200b}]{0,60}", class in 0..Class::COUNT) {
        let passages = READER.with(|reader| reader.passages(&Folded::new(&text), Class::ALL[class], 4));
        prop_assert!(passages.iter().all(|passage| text.get(passage.span.clone()).is_some()));
    }
}
