//! Two keys: what the reader may do with what the rules found, and what it may never do (invariant 13).

use std::sync::LazyLock;

use policy::{Outcome, Policy, Problem, Source, Stance, Subject, Verdict};
use proptest::prelude::*;

use crate::corpora::published;
use crate::prova::prova;

const LIST: &str = r#"
[[terms]]
id = "certe"
words = ["farabutto", "farabutti"]

[[terms]]
id = "dubbie"
words = ["sparare", "vergogna", "pistola"]
"#;

const POLICY: &str = prova!(lists r#"["parole.toml"]"#, r#"[[service]]
id = "pratiche"
name = "Sportello pratiche"
url = "https://pratiche.example.org"

[[clause]]
number = "N1"
section = "netiquette"
title = "Casi personali"
text = "Altrove."
category = "personal_case"
gravity = "light"

[[clause]]
number = "R1"
section = "removal"
title = "Linguaggio"
text = "No."
category = "language"
gravity = "ordinary"

[[clause]]
number = "R2"
section = "removal"
title = "Illeciti"
text = "No."
category = "unlawful"
gravity = "grave"

[[rule]]
id = "parole"
clause = "R1"
outcome = "hide"
terms = ["certe"]

[[rule]]
id = "dubbi"
clause = "R1"
outcome = "review"
terms = ["dubbie"]

[[rule]]
id = "recapiti"
clause = "R1"
outcome = "hide"
detectors = ["email"]

[[rule]]
id = "pericolo"
clause = "R2"
outcome = "review"
urgent = true
patterns = ['voglio morire']
"#);

const READER: &str = r#"
[reader]
on = true
alone = "review"
calls_per_thousand = 10
agrees_with = ["dubbi"]
personal_cases = "suggest"
"#;

fn load(text: &str) -> Result<Policy, Vec<Problem>> {
    let source = |name: &str, text: &str| Source { name: name.to_owned(), text: text.to_owned() };
    Policy::load(&source("prova.toml", text), &[source("parole.toml", LIST)])
}

fn with(reader: &str) -> Policy {
    load(&format!("{POLICY}{reader}")).unwrap_or_else(|problems| panic!("{problems:?}"))
}

/// What is wrong with a policy in which something of `[reader]` is replaced.
fn problems(from: &str, to: &str) -> Vec<String> {
    assert!(READER.contains(from), "{from}");
    let problems = load(&format!("{POLICY}{}", READER.replace(from, to))).expect_err("it lets the reader do too much");
    problems
        .iter()
        .map(|problem| format!("{}: found {}, expected {}", problem.field, problem.found, problem.expected))
        .collect()
}

fn judge(policy: &Policy, text: &str) -> Verdict {
    policy.judge(&Subject::of(text))
}

/// The stance of the reader's finding.
fn stance(verdict: &Verdict) -> Option<Stance> {
    verdict.findings().iter().find_map(|finding| Some(finding.opinion.as_ref()?.stance))
}

/// A lawful sentence in which a certain word stands: the reader objects.
const HONEST: &str = "Domani sera al teatro comunale va in scena il farabutto, commedia in tre atti, ingresso gratuito per le scuole della provincia";
/// A lawful sentence in which a doubtful word stands.
const DOUBTFUL: &str = "Grazie mille per il corso di ieri, molto utile, senza vergogna dico che ho imparato tante cose, buon lavoro a tutti";
/// A threat, with a doubtful word.
const THREAT: &str = "siete dei ladri bastardi di merda vi dovrebbero sparare a tutti quanti pezzi di merda";

#[test]
fn without_a_reader_the_rules_judge_as_before() {
    let policy = with("");
    assert_eq!(policy.reference.reader, None);
    assert_eq!(judge(&policy, HONEST).outcome(), Outcome::Hide);
    assert_eq!(judge(&policy, DOUBTFUL).outcome(), Outcome::Review);
    assert_eq!(judge(&policy, THREAT).outcome(), Outcome::Review);
    let off = with(&READER.replace("on = true", "on = false"));
    assert_eq!(off.reference.reader, None);
    assert_eq!(judge(&off, HONEST).outcome(), Outcome::Hide);
}

#[test]
fn a_certain_rule_hides_only_where_the_reader_does_not_object_and_the_disagreement_is_told() {
    let policy = with(READER);
    let verdict = judge(&policy, HONEST);
    assert_eq!((verdict.outcome(), stance(&verdict)), (Outcome::Review, Some(Stance::Objects)), "{verdict:?}");
    let rule = verdict.findings().iter().find(|finding| finding.rule == "parole").expect("what the rule found stays");
    assert_eq!(rule.outcome, Outcome::Review);
    let own = verdict.findings().iter().find(|finding| finding.detector == "reader").expect("the reader's");
    assert_eq!((own.clause.as_str(), own.rule.as_str()), ("R1", "reader"));
    let opinion = own.opinion.as_ref().expect("what it says");
    assert!(opinion.probability > 600 && !opinion.passages.is_empty(), "{opinion:?}");
    assert!(opinion.passages.iter().all(|passage| HONEST.get(passage.start..passage.end).is_some()), "{opinion:?}");
    // Where it may not object, the rule is enough.
    let other = with(&READER.replace("agrees_with", "objects_to = [\"unlawful\"]\nagrees_with"));
    assert_eq!(judge(&other, HONEST).outcome(), Outcome::Hide);
    assert_eq!(judge(&policy, "siete dei farabutti schifosi, ladri e buffoni").outcome(), Outcome::Hide);
}

#[test]
fn no_kind_words_before_or_after_shelter_an_insult() {
    let policy = with(READER);
    let kind =
        "Grazie mille per il corso di ieri, molto utile e ben fatto, buon lavoro a tutti voi e alla prossima volta";
    let insult = "siete dei farabutti";
    assert_eq!(judge(&policy, insult).outcome(), Outcome::Hide);
    for text in [
        format!("{kind}. {insult}"),
        format!("{insult}! {kind}. {kind}."),
        format!("{kind}. {kind}. {insult}. {kind}"),
        format!("{kind} {insult}"),
        format!("{kind} {insult} {kind}"),
    ] {
        assert_eq!(judge(&policy, &text).outcome(), Outcome::Hide, "{text}");
    }
}

#[test]
fn personal_data_needs_no_second_key() {
    let policy = with(READER);
    let verdict = judge(
        &policy,
        "Buongiorno, per il corso di ceramica potete scrivere a mario.rossi83@gmail.com, grazie a tutti",
    );
    assert_eq!(verdict.outcome(), Outcome::Hide, "{verdict:?}");
}

#[test]
fn a_doubt_is_let_go_where_the_reader_is_sure_and_hides_where_it_agrees() {
    let policy = with(READER);
    let verdict = judge(&policy, DOUBTFUL);
    assert_eq!((verdict.outcome(), verdict.findings().len()), (Outcome::Allow, 0), "{verdict:?}");
    let verdict = judge(&policy, THREAT);
    assert_eq!((verdict.outcome(), stance(&verdict)), (Outcome::Hide, Some(Stance::Agrees)), "{verdict:?}");
    assert_eq!(verdict.findings()[0].rule, "dubbi", "a rule hides, and not the reader");
    let alone = with(&READER.replace("agrees_with = [\"dubbi\"]\n", ""));
    assert_eq!(judge(&alone, THREAT).outcome(), Outcome::Review);
    let kept = with(&READER.replace("agrees_with", "lets_go_of = [\"unlawful\"]\nagrees_with"));
    assert_eq!(judge(&kept, DOUBTFUL).outcome(), Outcome::Review);
}

#[test]
fn a_hint_of_danger_is_never_let_go_and_never_overruled() {
    let policy = with(READER);
    for text in [
        "voglio morire",
        "Al corso di cucina di sabato hanno detto: voglio morire con una torta al cioccolato, che bontà",
    ] {
        let verdict = judge(&policy, text);
        assert_eq!((verdict.outcome(), verdict.is_urgent()), (Outcome::Review, true), "{text}");
    }
}

#[test]
fn the_reader_alone_calls_a_person() {
    let policy = with(READER);
    let verdict = judge(&policy, "siete dei ladri bastardi di merda, vi brucio vivi tutti quanti pezzi di merda");
    assert_eq!((verdict.outcome(), stance(&verdict)), (Outcome::Review, Some(Stance::Calls)), "{verdict:?}");
    let silent = with(&READER.replace("calls_per_thousand = 10", "calls_per_thousand = 0"));
    assert_eq!(
        judge(&silent, "siete dei ladri bastardi di merda, vi brucio vivi tutti quanti").outcome(),
        Outcome::Allow
    );
    // In private nobody is exposed.
    let private = Subject {
        kind: policy::Kind::Message,
        ..Subject::of("il mio codice cliente è 4471 e abito in via dei Mille 4, interno 7")
    };
    assert!(policy.judge(&private).outcome() < Outcome::Review);
    // What it does not understand it says nothing about.
    let verdict = judge(&policy, "you are all a bunch of fucking thieves and I will burn your house down tonight");
    assert_eq!(verdict.outcome(), Outcome::Allow, "{verdict:?}");
}

#[test]
fn of_a_single_word_the_reader_asks_nothing() {
    let policy = with(READER);
    // Words of lines that the reader calls for.
    let called =
        "siete dei ladri bastardi di merda vi brucio vivi ultima finita basta addio stanotte sola stanca sparire mori";
    for word in called.split(' ') {
        for text in [word.to_owned(), format!("{word}!"), format!("... {word} \u{1f62d}")] {
            let alone = judge(&policy, &text).findings().iter().any(|finding| {
                let stance = finding.opinion.as_ref().map(|opinion| opinion.stance);
                matches!(stance, Some(Stance::Calls | Stance::Alarms | Stance::Suggests | Stance::Answers))
            });
            assert!(!alone, "{text}");
        }
    }
}

#[test]
fn a_personal_case_is_suggested_to_the_office() {
    let policy = with(READER);
    let case = "Buongiorno, ho presentato la pratica di iscrizione della mia ditta tre settimane fa e non ho ancora ricevuto risposta, a che punto è la mia pratica?";
    let verdict = judge(&policy, case);
    assert_eq!((verdict.outcome(), stance(&verdict)), (Outcome::Review, Some(Stance::Suggests)), "{verdict:?}");
    assert_eq!(verdict.findings()[0].clause, "N1");
    let left = with(&READER.replace("\"suggest\"", "\"leave\""));
    assert_eq!(judge(&left, case).outcome(), Outcome::Allow);
}

#[test]
fn no_policy_lets_the_reader_alone_hide_count_warn_or_ban() {
    let refused = "expected review, because the reader alone calls a person, and never hides, counts, warns or bans";
    for alone in ["hide", "warn", "ban", "redirect", "allow"] {
        let found = problems("alone = \"review\"", &format!("alone = \"{alone}\""));
        assert_eq!(found, [format!("reader.alone: found \"{alone}\", {refused}")]);
    }
    for (from, to, expected) in [
        ("on = true\n", "", "reader.on: found nothing, expected true or false"),
        ("alone = \"review\"\n", "", "reader.alone: found nothing, expected a text"),
        (
            "[\"dubbi\"]",
            "[\"parole\"]",
            "reader.agrees_with[1]: found \"parole\", expected a rule that leads to review",
        ),
        (
            "[\"dubbi\"]",
            "[\"recapiti\"]",
            "reader.agrees_with[1]: found \"recapiti\", expected a rule with terms or patterns",
        ),
        (
            "[\"dubbi\"]",
            "[\"pericolo\"]",
            "reader.agrees_with[1]: found \"pericolo\", expected a rule that is not urgent",
        ),
        (
            "[\"dubbi\"]",
            "[\"ignota\"]",
            "reader.agrees_with[1]: found \"ignota\", expected the id of a rule of this policy",
        ),
        (
            "= 10",
            "= 11",
            "reader.calls_per_thousand: found the number 11, expected one of the shares that were measured: 0, 2, 5",
        ),
        ("\"suggest\"", "\"leave\"\nservice = \"pratiche\"", "reader.service: found \"pratiche\", expected no service"),
        (
            "\"suggest\"",
            "\"suggest\"\nservice = \"nessuno\"",
            "reader.service: found \"nessuno\", expected the id of a service",
        ),
        ("on = true", "on = true\nstrikes = true", "reader.strikes: found an unknown field, expected one of on, alone"),
        (
            "on = true",
            "on = true\nobjects_to = [\"off_topic\"]",
            "reader.objects_to[1]: found \"off_topic\", expected one of political",
        ),
    ] {
        let found = problems(from, to);
        assert!(found.len() == 1 && found[0].starts_with(expected), "{found:?}");
    }
    let mild =
        load(&format!("{POLICY}{READER}").replace("id = \"parole\"", "id = \"reader\"")).expect_err("it is taken");
    assert!(mild[0].expected.starts_with("no rule with that id"), "{mild:?}");
}

#[test]
fn a_verdict_names_the_reader_that_made_it_and_another_reader_has_another_name() {
    let policy = with(READER);
    let (reader, _) = reader::shipped().expect("it is shipped");
    let named = policy.reference.reader.as_ref().expect("it takes part");
    assert_eq!((named.id.as_str(), named.hash.as_str()), (reader::ID, reader.sha256()));
}

/// Words of every kind: of the lists, of violations that no list has, and of nothing in particular.
fn words() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "farabutti",
        "sparare",
        "vergogna",
        "merda",
        "bastardi",
        "ladri",
        "grazie",
        "la",
        "camera",
        "di",
        "commercio",
        "ammazzarvi",
        "tutti",
        "negri",
        "vendo",
        "cocaina",
        "pratica",
        "mia",
        "visura",
        "bruciamo",
        "voglio",
        "morire",
        "?",
        "!",
    ]);
    prop::collection::vec(word, 1..16).prop_map(|words| words.join(" "))
}

static POLICIES: LazyLock<[Policy; 2]> = LazyLock::new(|| [with(READER), published("milano-monza-brianza-lodi.toml")]);

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn where_something_is_hidden_a_rule_of_the_policy_hides_it(text in words()) {
        for policy in POLICIES.iter() {
            let verdict = judge(policy, &text);
            for finding in verdict.findings() {
                let is_of_the_reader = finding.opinion.is_some();
                prop_assert_eq!(is_of_the_reader, finding.detector == "reader");
                prop_assert!(!is_of_the_reader || finding.outcome <= Outcome::Review, "{:?}", finding);
            }
            if verdict.outcome() == Outcome::Hide {
                prop_assert!(policy.found_by_rules(&Subject::of(&text)).outcome() >= Outcome::Review, "{}", text);
            }
        }
    }
}
