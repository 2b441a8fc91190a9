//! That the work grows with the text and not with the terms.

use super::*;
use crate::Category;

/// A rulebook with this many made-up terms, one phrase with gaps and two sections of context.
fn engine(terms: usize) -> Engine {
    let word = |word: &str| Step::Word(word.to_owned());
    let made_up = |nth: usize| {
        let syllables = ["ba", "ce", "di", "fo", "gu", "la", "me", "ni", "so", "tu"];
        let spelling: String = (0..5).map(|place| syllables[nth / 10_usize.pow(place) % 10]).collect();
        Term { steps: vec![Step::Word(spelling)], outcome: None }
    };
    let phrase = vec![word("va"), Step::Gap, word("a"), Step::Gap, word("casa")];
    let mut insults: Vec<Term> = (0..terms).map(made_up).collect();
    insults.extend([vec![word("zotico")], phrase].map(|steps| Term { steps, outcome: None }));
    let near = |any: usize, within| Condition { any: vec![any], side: Side::Either, within };
    let section = |spelling: &str| Section {
        terms: vec![Term { steps: vec![word(spelling)], outcome: None }],
        ..Section::default()
    };
    let sections = vec![
        Section {
            disguised: true,
            terms: insults,
            except: vec![vec![word("via"), word("zotico")]],
            ..Section::default()
        },
        section("tu"),
        section("non"),
    ];
    let rule = Rule {
        id: "prova".to_owned(),
        clause: "R1".to_owned(),
        category: Category::Language,
        outcome: Outcome::Hide,
        urgent: false,
        strike: true,
        service: None,
        terms: vec![0],
        patterns: Vec::new(),
        context: Context { with: vec![near(1, Within::Sentence)], without: vec![near(2, Within::Words(3))] },
        detectors: Vec::new(),
        links: Some(Links::AnyBut(Vec::new())),
        repetition: None,
        capitals: Some(Capitals { percent: 80, letters: 30 }),
        flood: Some(20),
        attachments: false,
        scope: Scope::default(),
    };
    let lower = Lower { rules: vec![0], quoted: true, asked: false, context: Context::default(), to: Outcome::Review };
    let glue = ["ma", "dai", "la", "le"].map(str::to_owned).to_vec();
    let rulebook = Rulebook { rules: vec![rule], lowers: vec![lower], sections, glue, ..Rulebook::default() };
    Engine::new(rulebook, Contacts(Vec::new()), Vec::new()).expect("no patterns, so nothing is too large")
}

fn judge(engine: &Engine, text: &str) -> Verdict {
    let subject = Subject::of(text);
    engine.judge(&subject, None)
}

const HOSTILE: [&str; 24] = [
    "a ",
    "a.",
    "z o t i c ",
    "z*",
    "zot*co",
    "z@t!",
    "va a casa ",
    "va va a a ",
    "kkk",
    "zzoottiiccoo",
    "zoti co ",
    "ma",
    "madaimazoticola",
    "zotico tu ",
    "tu zotico. ",
    "\"zotico\" ",
    "\"",
    "via zotico ",
    "a.it,",
    "http://a.it/",
    "aAaA",
    "ZoTiCo",
    "🙂",
    "\u{202e}z\u{301}\u{200b}",
];

#[test]
fn the_work_is_linear_in_the_text_whatever_it_is() {
    let engine = engine(200);
    for piece in HOSTILE {
        let times = 32_768 / piece.len();
        let work = |times: usize| {
            let text = piece.repeat(times);
            work::of(|| drop(judge(&engine, &text)))
        };
        let (once, twice) = (work(times), work(2 * times));
        assert!(twice <= 2 * once + 2_000, "{piece:?}: {once} look-ups, and {twice} for twice the text");
        assert!(twice <= 65_536 * 40, "{piece:?}: {twice} look-ups");
    }
}

#[test]
fn the_work_does_not_grow_with_the_terms() {
    let text = "Buongiorno, vorrei sapere quando aprono le iscrizioni al corso, perché sul sito non si trova niente. \
                Ma lasciamo perdere, tanto dalle vostre parti nessuno legge. 🙂 #PuntoImpresa z*t*co";
    let few = engine(100);
    let many = engine(10_000);
    assert_eq!(many.terms().len(), 10_002);
    let work = |engine: &Engine| work::of(|| drop(judge(engine, text)));
    assert!(work(&many) <= work(&few) + 30, "{} look-ups with many terms, {} with few", work(&many), work(&few));
    assert_eq!(judge(&many, "tu bacedifoba").outcome(), judge(&few, "tu zotico").outcome());
}
