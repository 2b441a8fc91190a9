//! What a small policy says about texts: from rule to finding, with clause and exact span.

use std::sync::LazyLock;

use policy::{AccountId, Category, Finding, Kind, Outcome, Platform, Policy, Source, Subject, Verdict};
use proptest::prelude::*;

use crate::prova::prova;

const POLICY: &str = prova!(lists r#"["parole.toml"]"#, contacts r#"["+39 347 7654321", "@uffici.comune.example", "IT60X0542811101000000123456", "DE44500105175407324931"]"#, r#"[[account]]
platform = "facebook"
id = "100"
handle = "comune"
name = "Comune di Prova"
url = "https://www.facebook.com/comune"

[[service]]
id = "sportello"
name = "Sportello"
url = "https://sportello.comune.example"

[[clause]]
number = "N1"
section = "netiquette"
title = "Casi personali"
text = "Non qui."
category = "personal_case"
gravity = "light"

[[clause]]
number = "R1"
section = "removal"
title = "Linguaggio"
text = "Non volgare."
category = "language"
gravity = "ordinary"

[[clause]]
number = "R2"
section = "removal"
title = "Dati personali"
text = "Non di altri."
category = "personal_data"
gravity = "ordinary"

[[rule]]
id = "insulti"
clause = "R1"
outcome = "hide"
terms = ["insulti", "frasi"]

[[rule]]
id = "dubbi"
clause = "R1"
outcome = "review"
terms = ["dubbi"]
patterns = ['\bpreparat[aeio] da (?:un|una) \w+', '\b[b-z]{12}\b']

[[rule]]
id = "solo-qui"
clause = "R1"
outcome = "review"
terms = ["locali"]
scope = { platforms = ["facebook"], accounts = ["100"], kinds = ["comment", "post"] }

[[rule]]
id = "dati"
clause = "R2"
outcome = "hide"
detectors = ["email", "firm_email", "phone", "landline", "iban", "fiscal_code"]

[[rule]]
id = "pratica"
clause = "N1"
outcome = "redirect"
terms = ["pratiche"]
service = "sportello"
"#);

const LISTS: &str = r#"
[[terms]]
id = "insulti"
words = ["zotico"]

[[terms]]
id = "frasi"
words = ["razza di zotico", "zotico cafone"]

[[terms]]
id = "dubbi"
words = ["zotico", "perché no"]

[[terms]]
id = "locali"
words = ["forestiero"]

[[terms]]
id = "pratiche"
words = ["la mia pratica"]
"#;

static LOADED: LazyLock<Policy> = LazyLock::new(|| {
    let source = |name: &str, text: &str| Source { name: name.to_owned(), text: text.to_owned() };
    Policy::load(&source("prova.toml", POLICY), &[source("parole.toml", LISTS)]).expect("nothing is wrong")
});

fn policy() -> &'static Policy {
    &LOADED
}

fn comment(text: &str) -> Subject<'_> {
    Subject::of(text)
}

fn judge(text: &str) -> Verdict {
    policy().judge(&comment(text))
}

/// The rule, detector and matched text of each finding, after checking that the span cuts out that text.
fn matches(text: &str) -> Vec<(String, &'static str, String)> {
    let found = |finding: &Finding| {
        assert_eq!(text[finding.span.clone()], finding.matched);
        (finding.rule.clone(), finding.detector, finding.matched.clone())
    };
    judge(text).findings().iter().map(found).collect()
}

fn found(rule: &str, detector: &'static str, matched: &str) -> (String, &'static str, String) {
    (rule.to_owned(), detector, matched.to_owned())
}

#[test]
fn a_text_without_matches_is_allowed() {
    let verdict = judge("Buongiorno, quando apre lo sportello?");
    assert_eq!(verdict.outcome(), Outcome::Allow);
    assert!(verdict.findings().is_empty());
}

#[test]
fn a_finding_names_clause_category_rule_and_the_exact_words() {
    let text = "Sei uno ＺＯＴＩＣＯ!";
    let verdict = judge(text);
    assert_eq!(verdict.outcome(), Outcome::Hide);
    let finding = &verdict.findings()[0];
    assert_eq!((finding.clause.as_str(), finding.category), ("R1", Category::Language));
    assert_eq!((finding.rule.as_str(), finding.detector, finding.outcome), ("insulti", "term", Outcome::Hide));
    assert_eq!(&text[finding.span.clone()], "ＺＯＴＩＣＯ");
}

#[test]
fn terms_match_whole_words_only() {
    assert_eq!(matches("zoticone, inzotico e zotico2"), []);
    assert_eq!(matches("l'zotico?")[0], found("insulti", "term", "zotico"));
    assert_eq!(matches("🤬zotico🤬")[0], found("insulti", "term", "zotico"));
}

#[test]
fn each_rule_gives_its_first_and_there_its_longest_match() {
    let text = "razza di zotico cafone e ancora zotico";
    assert_eq!(matches(text), [found("insulti", "term", "razza di zotico"), found("dubbi", "term", "zotico")]);
    assert_eq!(matches("zotico cafone")[0], found("insulti", "term", "zotico cafone"));
}

#[test]
fn terms_are_folded_as_texts_are() {
    assert_eq!(matches("ma perche' no"), [found("dubbi", "term", "perche' no")], "an apostrophe for an accent");
    assert_eq!(matches("ma perche, no"), []);
    assert_eq!(matches("ma Perche\u{301}\n NO!"), [found("dubbi", "term", "Perche\u{301}\n NO")]);
}

#[test]
fn patterns_match_with_and_without_a_literal_to_announce_them() {
    assert_eq!(matches("torta Preparàta da un fornaio."), [found("dubbi", "pattern", "Preparàta da un fornaio")]);
    assert_eq!(matches("preparato da due persone"), []);
    assert_eq!(matches("ma zzzBRRRRRRR!"), []);
    assert_eq!(matches("ma zzzzBRRRRRRR!"), [found("dubbi", "pattern", "zzzzBRRRRRRR")]);
}

#[test]
fn what_stands_in_a_link_a_handle_or_an_address_is_not_said() {
    for text in [
        "https://www.comune.example/zotico?da=zotico",
        "vedi www.zotico.it/zotico, zotico.com o zotico.eu:8080",
        "grazie @zotico e @zotico_cafone!",
        "scrivete a zotico@uffici.comune.example",
        "il file zotico.pdf in /home/zotico/ o in c:\\zotico",
        "?da=zotico &zotico=1",
        "preparata da https://una.example/torta",
    ] {
        assert_eq!(matches(text), [], "{text}");
    }
    for text in
        ["#zotico", "www.comune.example zotico", "@comune: zotico", "z.o.t.i.c.o", "zotico.io me ne vado", "zotico/a"]
    {
        assert_eq!(judge(text).outcome(), Outcome::Hide, "{text}");
    }
    assert_eq!(matches("@a_b razza di @c_d zotico")[0], found("insulti", "term", "zotico"), "a handle is a word apart");
    let text = "https://a.example/preparata-da-un-altro preparata da un fornaio";
    assert_eq!(matches(text), [found("dubbi", "pattern", "preparata da un fornaio")]);
}

#[test]
fn the_worst_finding_decides_and_comes_first() {
    let verdict = judge("perché no? la mia pratica l'ha persa uno zotico");
    assert_eq!(verdict.outcome(), Outcome::Hide);
    let outcomes: Vec<Outcome> = verdict.findings().iter().map(|finding| finding.outcome).collect();
    assert_eq!(outcomes, [Outcome::Hide, Outcome::Review, Outcome::Redirect]);
    assert_eq!(verdict.clauses(), ["R1", "N1"]);
}

#[test]
fn a_personal_case_is_redirected_to_the_service_of_its_rule() {
    let policy = policy();
    let verdict = policy.judge(&comment("A che punto è la mia pratica?"));
    assert_eq!(verdict.outcome(), Outcome::Redirect);
    let service = policy.rule_service(&verdict.findings()[0].rule).expect("the rule redirects");
    assert_eq!(service.url, "https://sportello.comune.example");
    assert_eq!(policy.rule_service("insulti"), None);
    assert_eq!(policy.service("altro"), None);
}

#[test]
fn a_scope_limits_platform_account_and_kind() {
    let policy = policy();
    let (ours, other) = (AccountId::new("100"), AccountId::new("200"));
    let outcome = |platform, account, kind| {
        policy.judge(&Subject { platform, account, kind, ..Subject::of("forestiero") }).outcome()
    };
    assert_eq!(outcome(Some(Platform::Facebook), Some(&ours), Kind::Comment), Outcome::Review);
    assert_eq!(outcome(Some(Platform::Facebook), Some(&ours), Kind::Post), Outcome::Review);
    assert_eq!(outcome(Some(Platform::Facebook), Some(&ours), Kind::Mention), Outcome::Allow);
    assert_eq!(outcome(Some(Platform::Facebook), Some(&other), Kind::Comment), Outcome::Allow);
    assert_eq!(outcome(Some(Platform::X), Some(&ours), Kind::Comment), Outcome::Allow);
    assert_eq!(outcome(None, None, Kind::Comment), Outcome::Allow);
}

#[test]
fn personal_data_of_every_kind_is_found() {
    for (text, detector, matched) in [
        ("scrivi a Anna@Posta.example", "email", "Anna@Posta.example"),
        ("chiama il 347 123 4567", "phone", "347 123 4567"),
        ("chiama lo 02 12345678", "landline", "02 12345678"),
        ("versa su DE89 3704 0044 0532 0130 00", "iban", "DE89 3704 0044 0532 0130 00"),
        ("sono RSSMRA85T10A562S", "fiscal_code", "RSSMRA85T10A562S"),
    ] {
        assert_eq!(matches(text), [found("dati", detector, matched)]);
    }
}

#[test]
fn our_own_contacts_are_not_personal_data() {
    for text in [
        "scrivete a STAMPA@comune.example",
        "o a protocollo@uffici.comune.example e pec@pec.uffici.comune.example",
        "oppure 347-7654321, +39 3477654321",
        "iban it60 x054 2811 1010 0000 0123 456",
        "oppure DE44 5001 0517 5407 3249 31",
    ] {
        assert_eq!(matches(text), [], "{text}");
    }
    let text = "non 347-7654321 ma 347-7654322";
    assert_eq!(matches(text), [found("dati", "phone", "347-7654322")]);
    let text = "x@altro-uffici.comune.example";
    assert_eq!(matches(text), [found("dati", "firm_email", text)]);
}

#[test]
fn what_people_say_about_themselves_in_private_is_no_violation() {
    let policy = policy();
    let text = "Sono RSSMRA85T10A562S, chiamatemi al 347 123 4567";
    assert_eq!(policy.judge(&comment(text)).outcome(), Outcome::Hide);
    assert_eq!(policy.judge(&Subject { kind: Kind::Message, ..comment(text) }).outcome(), Outcome::Allow);
    let insult = Subject { kind: Kind::Message, ..comment("zotico") };
    assert_eq!(policy.judge(&insult).outcome(), Outcome::Hide, "the other rules hold in private too");
}

#[test]
fn a_policy_is_shared_between_threads_and_keeps_texts_out_of_its_debug_output() {
    fn shared<T: Send + Sync>(_: &T) {}
    let policy = policy();
    shared(policy);
    let printed = format!("{policy:?}");
    assert!(printed.contains("prova") && !printed.contains("zotico"), "{printed}");
}

#[test]
fn long_and_hostile_texts_have_a_verdict() {
    let policy = policy();
    for piece in [
        "zotico ",
        "a",
        "@",
        "a@",
        "1",
        "1 ",
        "+39 ",
        "it60 ",
        "rssmra85",
        "🙂",
        "\u{301}",
        "\u{202e}\u{200b}",
        "ﷺ",
        "preparata da ",
    ] {
        let text = piece.repeat(65_536 / piece.len());
        let verdict = policy.judge(&comment(&text));
        assert!(verdict.findings().len() <= 7, "{piece:?}: the verdict stays small");
    }
    assert_eq!(judge("").outcome(), Outcome::Allow);
}

/// Texts made of what the rules look for, cut and mixed with anything.
fn texts() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        any::<String>(),
        "[a-z0-9@.+ -]{0,24}",
        prop::sample::select(vec![
            "razza di zotico",
            "zotico",
            "perché no",
            "Perche\u{301} no",
            "anna@posta.example",
            "+39 347 1234567",
            "IT60X0542811101000000123456",
            "rssmra85t10a562s",
            "la mia pratica",
            "\u{200b}",
            "ﬁ",
            "ß",
            "İ",
            " ",
            "🙂",
        ])
        .prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

proptest! {
    // `PROPTEST_CASES=30000 cargo test -p policy` makes a fuzz run of it.
    #![proptest_config(ProptestConfig::default())]

    #[test]
    fn any_text_has_a_verdict_whose_spans_cut_it_at_characters(text in texts(), message in any::<bool>()) {
        let kind = if message { Kind::Message } else { Kind::Comment };
        let policy = policy();
        let subject = Subject { kind, ..comment(&text) };
        let verdict = policy.judge(&subject);
        for finding in verdict.findings() {
            prop_assert!(!finding.matched.is_empty());
            prop_assert_eq!(text.get(finding.span.clone()), Some(finding.matched.as_str()));
        }
        prop_assert_eq!(policy.judge(&subject), verdict, "the same text has the same verdict");
    }
}
