//! What rules can say about language: disguises, inflection, phrases with gaps, what stands near, what makes a finding
//! milder; and the rules about a text as a whole.

use std::sync::LazyLock;

use policy::{Kind, Outcome, Policy, Source, Subject, Verdict};

use crate::prova::prova;

const POLICY: &str = prova!(lists r#"["parole.toml"]"#, r#"[[clause]]
number = "R1"
section = "removal"
title = "Linguaggio"
text = "Non volgare."
category = "language"
gravity = "ordinary"

[[add]]
terms = "insulti"
words = ["babbeo"]

[[silence]]
words = ["tapino"]

[[override]]
terms = "insulti"
words = ["gaglioffo"]
outcome = "review"

[[rule]]
id = "insulti"
clause = "R1"
outcome = "hide"
terms = ["insulti"]

[[rule]]
id = "rivolti"
clause = "R1"
outcome = "hide"
terms = ["dubbi"]
with = [{ any = ["seconda-persona"], within = 2, side = "before" }]
without = [{ any = ["negazioni"], side = "before" }]

[[rule]]
id = "dubbi"
clause = "R1"
outcome = "review"
terms = ["dubbi"]

[[rule]]
id = "pericolo"
clause = "R1"
outcome = "review"
urgent = true
terms = ["pericolo"]

[[rule]]
id = "collegamenti"
clause = "R1"
outcome = "review"
links = ["accorciatori"]

[[rule]]
id = "altri-collegamenti"
clause = "R1"
outcome = "review"
links = ["any"]
allowed = ["fidati"]
scope = { kinds = ["mention"] }

[[rule]]
id = "copiati"
clause = "R1"
outcome = "review"
repetition = 3

[[rule]]
id = "urla"
clause = "R1"
outcome = "review"
capitals = { percent = 80, letters = 30 }
flood = 10

[[rule]]
id = "allegati"
clause = "R1"
outcome = "review"
attachments = true

[[lower]]
id = "citato"
rules = ["insulti"]
quoted = true
to = "review"

[[lower]]
id = "a-nessuno"
with = [{ any = ["cose"], within = 3 }]
without = ["seconda-persona"]
to = "allow"
"#);

const LISTS: &str = r#"
[[terms]]
id = "insulti"
words = [
  "zoticon{e,i,a}", "gaglioffo", "tapino", "minchiolone", "razza ... di ... furfanti", "cialtroni 🤡", "porco cane",
]
except = ["osteria dello zoticone"]

[[terms]]
id = "dubbi"
tier = "ambiguous"
words = ["somar{o,i}", "merlo"]
except = ["via merlo"]
without = [{ any = ["titoli"], within = 0, side = "before" }]

[[terms]]
id = "seconda-persona"
words = ["sei", "siete", "tu"]

[[terms]]
id = "negazioni"
words = ["non"]

[[terms]]
id = "titoli"
words = ["dott", "sig"]

[[terms]]
id = "cose"
words = ["giornata", "traffico"]

[[terms]]
id = "pericolo"
words = ["voglio sparire per sempre"]

[[domains]]
id = "accorciatori"
names = ["cor.to", "zip"]

[[domains]]
id = "fidati"
names = ["governo.example"]

[glue]
words = ["ma", "dai", "siete", "degli", "che"]

[abbreviations]
words = ["dott", "sig"]
"#;

static LOADED: LazyLock<Policy> = LazyLock::new(|| {
    let source = |name: &str, text: &str| Source { name: name.to_owned(), text: text.to_owned() };
    Policy::load(&source("prova.toml", POLICY), &[source("parole.toml", LISTS)]).expect("nothing is wrong")
});

fn comment(text: &str) -> Subject<'_> {
    Subject::of(text)
}

fn judge(text: &str) -> Verdict {
    LOADED.judge(&comment(text))
}

fn outcomes(cases: &[(&str, Outcome)]) {
    for (text, outcome) in cases {
        let verdict = judge(text);
        assert_eq!(verdict.outcome(), *outcome, "{text:?}: {:?}", verdict.findings());
    }
}

#[test]
fn a_disguise_that_leaves_no_doubt_changes_nothing() {
    for text in [
        "ZOTICONE",
        "z0t1c0ne",
        "z o t i c o n e",
        "z.o.t.i.c.o.n.e",
        "Z-O-T-I-C-O-N-E",
        "zot*cone",
        "z*tic*ne",
        "zoticoneeeee",
        "zzzooootiicoooneee",
        "zzoottiiccoonnee",
        "zotikone",
        "zoti💩cone",
        "ｚｏｔｉｃｏｎｅ",
        "𝐳𝐨𝐭𝐢𝐜𝐨𝐧𝐞",
        "zo\u{200b}ti\u{200b}cone",
        "z̵o̵t̵i̵c̵o̵n̵e̵",
        "zоtісоnе",
        "#SieteZoticoni",
        "minkiolone",
        "zotic0ne!",
        "p0rc0 c@ne",
        "zoti¢one",
        "©ialtroni 🤡",
        "🇿🇴🇹🇮🇨🇴🇳🇪",
        "🇿 🇴 🇹 🇮 🇨 🇴 🇳 🇪",
        "🅉🄾🅃🄸🄲🄾🄽🄴",
        "ⓏⓄⓉⒾⒸⓄⓃⒺ",
        "ᘔOTIᑕOᑎE",
        "ꓜꓳꓔꓲꓚꓳꓠꓰ",
        "ΖΟΤΙCΟΝΕ",
        "zσтι¢σηє",
        "minchioIone",
    ] {
        let verdict = judge(&format!("ma che {text} davvero"));
        assert_eq!(verdict.outcome(), Outcome::Hide, "{text}: {:?}", verdict.findings());
    }
}

#[test]
fn a_disguise_that_must_be_guessed_waits_for_a_person() {
    for text in [
        "ztcne",
        "zotcione",
        "zticone",
        "z*****ne",
        "mazoticonedai",
        "#sietedeglizoticoni",
        "zoti\ncone",
        "zoti cone",
        "hzoticone",
        "xxzoticone",
        "1zoticone",
        "24zoticone",
        "zoticoneh",
        "enocitoz",
    ] {
        let verdict = judge(&format!("ecco {text} qui"));
        assert_eq!(verdict.outcome(), Outcome::Review, "{text}: {:?}", verdict.findings());
    }
    outcomes(&[("zotica", Outcome::Allow), ("il cortone", Outcome::Allow), ("esotico", Outcome::Allow)]);
    outcomes(&[
        ("zoticone2", Outcome::Allow),
        ("123zoticone", Outcome::Allow),
        ("azoticone", Outcome::Allow),
        ("€ 100, 🇮🇹🇫🇷", Outcome::Allow),
    ]);
}

#[test]
fn the_finding_shows_what_was_recognised() {
    let text = "che Z0T1C0N1!";
    let verdict = judge(text);
    let finding = &verdict.findings()[0];
    assert_eq!((finding.matched.as_str(), finding.folded.as_str()), ("Z0T1C0N1", "zoticoni"));
    let verdict = judge("g a g l i o f f o");
    assert_eq!(verdict.findings()[0].matched, "g a g l i o f f o");
}

#[test]
fn phrases_have_gaps_but_do_not_cross_sentences() {
    outcomes(&[
        ("razza di furfanti", Outcome::Hide),
        ("razza davvero triste di veri furfanti", Outcome::Hide),
        ("razza, si direbbe, di furfanti", Outcome::Hide),
        ("razza uno due tre quattro di furfanti", Outcome::Allow),
        ("Che razza. Di furfanti", Outcome::Allow),
        ("cialtroni 🤡", Outcome::Hide),
        ("cialtroni 🙂", Outcome::Allow),
        ("porco, cane", Outcome::Allow),
    ]);
}

#[test]
fn innocent_expressions_do_not_count() {
    outcomes(&[
        ("pranzo all'Osteria dello Zoticone", Outcome::Allow),
        ("pranzo all'Osteria dello Zoticone, zoticone", Outcome::Hide),
        ("abito in via Merlo", Outcome::Allow),
        ("il sig. Merlo riceve oggi", Outcome::Allow),
        ("il merlo canta", Outcome::Review),
    ]);
}

#[test]
fn what_stands_near_decides() {
    outcomes(&[
        ("siete dei somari", Outcome::Hide),
        ("siete proprio dei somari", Outcome::Hide),
        ("siete proprio tutti dei somari", Outcome::Review),
        ("somari siete", Outcome::Review),
        ("Siete qui? Dei somari", Outcome::Review),
        ("non siete dei somari", Outcome::Review),
        ("i somari della fattoria", Outcome::Review),
    ]);
}

#[test]
fn quoting_and_speaking_of_things_makes_it_milder() {
    outcomes(&[
        ("mi ha detto «zoticone» e se ne è andato", Outcome::Review),
        ("mi ha detto «\"zoticone\"» e se ne è andato", Outcome::Review),
        ("«zoticone»", Outcome::Hide),
        ("lo \"sportello\" è chiuso, zoticone", Outcome::Hide),
        ("che giornata da zoticoni", Outcome::Allow),
        ("siete zoticoni, che giornata", Outcome::Hide),
    ]);
}

#[test]
fn a_policy_adds_silences_and_overrides() {
    outcomes(&[("babbeo", Outcome::Hide), ("tapino", Outcome::Allow), ("gaglioffo", Outcome::Review)]);
}

#[test]
fn danger_to_life_is_a_review_whatever_else_is_said() {
    let verdict = judge("zoticone, voglio sparire per sempre");
    assert!(verdict.is_urgent());
    assert_eq!(verdict.outcome(), Outcome::Review);
    assert_eq!(verdict.findings()[0].rule, "pericolo");
    assert!(!judge("zoticone").is_urgent());
}

#[test]
fn links_are_known_by_their_domain() {
    let mention = |text: &str| LOADED.judge(&Subject { kind: Kind::Mention, ..comment(text) }).outcome();
    outcomes(&[
        ("guarda https://cor.to/abc", Outcome::Review),
        ("guarda www.cor.to", Outcome::Review),
        ("scarica da x.zip ora", Outcome::Review),
        ("ancor.to è altro", Outcome::Allow),
        ("scrivi a tizio@cor.to", Outcome::Allow),
        ("https://altrove.example", Outcome::Allow),
    ]);
    assert_eq!(mention("vai su https://altrove.example/pagina"), Outcome::Review);
    assert_eq!(mention("vai su altrove.it"), Outcome::Review);
    assert_eq!(mention("ho finito.Poi vado"), Outcome::Allow);
    assert_eq!(mention("https://www.comune.example/albo"), Outcome::Allow, "our own site");
    assert_eq!(mention("https://www.governo.example"), Outcome::Allow, "allowed by the rule");
    let verdict = judge("ecco https://cor.to/abc?d=e fine");
    assert_eq!(verdict.findings()[0].matched, "https://cor.to/abc?d=e");
}

#[test]
fn repetition_shouting_floods_and_attachments() {
    let again = |text, repeats| LOADED.judge(&Subject { repeats, ..comment(text) }).outcome();
    assert_eq!(again("sempre la stessa cosa", 1), Outcome::Allow);
    assert_eq!(again("sempre la stessa cosa", 2), Outcome::Review);
    assert_eq!(again("grazie!", 9), Outcome::Allow, "short texts are written again by many");
    outcomes(&[
        ("QUANDO APRE LO SPORTELLO DI VIA ROMA?", Outcome::Review),
        ("QUANDO apre lo sportello di via roma?", Outcome::Allow),
        ("INPS E SPID", Outcome::Allow),
        ("basta!!!!!!!!!!", Outcome::Review),
        ("basta!!!", Outcome::Allow),
        ("🙂🙂🙂🙂🙂 🙂🙂🙂🙂🙂", Outcome::Review),
        ("basta basta basta basta basta basta basta basta basta basta", Outcome::Review),
        ("1000000000000 e ............", Outcome::Allow),
    ]);
    let picture = |text| LOADED.judge(&Subject { has_attachment: true, ..comment(text) }).outcome();
    assert_eq!((picture(" "), picture("bella foto")), (Outcome::Review, Outcome::Allow));
}

#[test]
fn texts_that_differ_only_in_spelling_have_one_fingerprint() {
    let print = |text| LOADED.fingerprint(text);
    assert_eq!(print("Perché NO?"), print(" perche\u{301}  no?"));
    assert_ne!(print("perché no"), print("perché sì"));
    assert_eq!(print("a"), 0xaf63_dc4c_8601_ec8c, "FNV-1a, so that every machine agrees");
}
