//! What loading says about files that are wrong: every problem at once, each with its line and field.

use policy::{Policy, Problem, Source};

use super::policies::{COMPLETE as GOOD, LIST};

fn source(name: &str, text: impl Into<String>) -> Source {
    Source { name: name.to_owned(), text: text.into() }
}

fn load(policy: impl Into<String>, list: &str) -> Result<Policy, Vec<Problem>> {
    Policy::load(&source("prova.toml", policy), &[source("lists/parole.toml", list)])
}

fn problems(policy: impl Into<String>, list: &str) -> Vec<String> {
    let problems = load(policy, list).expect_err("something is wrong");
    problems.iter().map(ToString::to_string).collect()
}

/// The line of `GOOD` on which this stands for the first time.
fn line_of(text: &str) -> usize {
    GOOD.lines().position(|line| line.contains(text)).expect("the line is there") + 1
}

#[test]
fn a_complete_policy_loads() {
    let policy = load(GOOD, LIST).expect("nothing is wrong");
    assert_eq!(policy.reference.id, "prova");
    assert_eq!(policy.date, jiff::civil::date(2026, 1, 31));
    assert_eq!(policy.time_zone.iana_name(), Some("Europe/Rome"));
    assert_eq!((policy.rule_count(), policy.term_count()), (1, 1));
    assert_eq!(policy.lists.len(), 1);
    assert_eq!(policy.lists[0].name, "lists/parole.toml");
}

#[test]
fn the_reference_is_the_hash_of_the_bytes() {
    let hash = |text: &str| load(text, LIST).expect("nothing is wrong").reference.hash;
    assert_eq!(hash(GOOD).len(), 64);
    assert_eq!(hash(GOOD), hash(GOOD));
    assert_ne!(hash(GOOD), hash(&format!("{GOOD}\n")), "one byte more is another policy");
    // The SHA-256 of a known text, so that the hash is one that others can compute.
    let policy = load(GOOD, "[[terms]]\nid = \"brutte\"\nwords = [\"a\"]\n").expect("nothing is wrong");
    assert_eq!(policy.lists[0].hash, "d132afe8de0d12661bed55c139d2122738b59a7ba0785ec4b2939f71fd77c8e6");
}

#[test]
fn each_wrong_line_is_reported_with_what_stood_there_and_what_should() {
    for (right, wrong, expected) in [
        (
            "id = \"prova\"",
            "id = \"La Prova\"",
            "policy.id: found \"La Prova\", expected a name of lower-case letters, digits and hyphens",
        ),
        ("version = \"1\"", "version = 1", "policy.version: found the number 1, expected a text"),
        ("version = \"1\"", "version = \" \"", "policy.version: found an empty text, expected a text"),
        (
            "date = 2026-01-31",
            "date = \"31 gennaio\"",
            "policy.date: found \"31 gennaio\", expected a date such as 2026-01-31",
        ),
        (
            "date = 2026-01-31",
            "date = 2026-01-31T10:00:00Z",
            "policy.date: found the date 2026-01-31T10:00:00Z, expected a date such as 2026-01-31",
        ),
        (
            "time_zone = \"Europe/Rome\"",
            "time_zone = \"Europe/Milano\"",
            "policy.time_zone: found \"Europe/Milano\", expected a time zone such as Europe/Rome",
        ),
        (
            "url = \"https://www.comune.example\"",
            "url = \"www.comune.example\"",
            "policy.url: found \"www.comune.example\", expected an address that starts with https://",
        ),
        (
            "lists = [\"lists/parole.toml\"]",
            "lists = \"lists/parole.toml\"",
            "policy.lists: found \"lists/parole.toml\", expected a list of texts",
        ),
        (
            "email = \"stampa@comune.example\"",
            "email = \"stampa\"",
            "organisation.email: found \"stampa\", expected an e-mail address",
        ),
        (
            "platform = \"facebook\"",
            "platform = \"friendster\"",
            "account[1].platform: found \"friendster\", expected one of facebook, instagram, linkedin, youtube, x",
        ),
        (
            "gravity = \"light\"",
            "gravity = light",
            "TOML: found \"gravity = light\", expected valid TOML: string values must be quoted, expected literal string",
        ),
        ("name = \"Sportello\"", "name = true", "service[1].name: found true, expected a text"),
        (
            "number = \"N1\"",
            "number = \"R2\"",
            "clause[1].number: found \"R2\", expected a number such as N1, because of its section",
        ),
        (
            "section = \"removal\"",
            "section = \"rimozione\"",
            "clause[2].section: found \"rimozione\", expected one of netiquette, removal",
        ),
        (
            "gravity = \"ordinary\"",
            "gravity = \"serious\"",
            "clause[2].gravity: found \"serious\", expected one of light, ordinary, grave",
        ),
        (
            "clause = \"R1\"",
            "clause = \"R9\"",
            "rule[1].clause: found \"R9\", expected the number of a clause of this policy",
        ),
        (
            "outcome = \"hide\"",
            "outcome = \"allow\"",
            "rule[1].outcome: found \"allow\", expected one of hide, review, redirect",
        ),
        (
            "terms = [\"brutte\"]",
            "terms = [\"belle\"]",
            "rule[1].terms[1]: found \"belle\", expected the id of terms in a list of this policy",
        ),
        (
            "terms = [\"brutte\"]",
            "terms = []",
            "rule[1].terms: found an empty list, expected at least one text, or no such field",
        ),
        (
            "terms = [\"brutte\"]",
            "patterns = [\"(\"]",
            "rule[1].patterns[1]: found \"(\", expected a regular expression: unclosed group",
        ),
        (
            "terms = [\"brutte\"]",
            "patterns = [\"a*\"]",
            "rule[1].patterns[1]: found \"a*\", expected a pattern that does not match the empty text",
        ),
        (
            "terms = [\"brutte\"]",
            "patterns = [\"[a&&b]\"]",
            "rule[1].patterns[1]: found \"[a&&b]\", expected a pattern that can match",
        ),
        (
            "terms = [\"brutte\"]",
            "patterns = [\"perché\"]",
            "rule[1].patterns[1]: found \"perché\", expected a pattern in folded form, lower case without accents: \"e\" instead of 'é'",
        ),
        (
            "terms = [\"brutte\"]",
            "patterns = [\"(a{99}){99}\"]",
            "rule[1].patterns[1]: found \"(a{99}){99}\", expected a pattern of at most 5000 states with its repetitions written out",
        ),
        (
            "terms = [\"brutte\"]",
            "detectors = [\"e-mail\"]",
            "rule[1].detectors[1]: found \"e-mail\", expected one of email, firm_email, phone, firm_phone, reported_phone, landline, possible_phone, iban, payment_card, fiscal_code, person_vat, firm_vat, vat_number, address, street_address, plate, identity_card, passport, driving_licence, health_card, document_number, birth_date, private_circumstance",
        ),
    ] {
        let line = line_of(right);
        let found = problems(GOOD.replacen(right, wrong, 1), LIST);
        assert_eq!(
            found.first().map(String::as_str),
            Some(format!("prova.toml:{line}: {expected}").as_str()),
            "{wrong}"
        );
    }
}

#[test]
fn everything_that_is_wrong_is_said_in_one_run() {
    let policy = GOOD
        .replacen("version = \"1\"\n", "", 1)
        .replacen("office = ", "uffico = ", 1)
        .replacen("category = \"language\"", "category = \"rude\"", 1)
        .replacen("outcome = \"hide\"", "outcome = \"redirect\"", 1)
        + "\n[[regola]]\nid = \"x\"\n";
    let list = "[[terms]]\nid = \"brutte\"\nwords = [\"accidenti\", \"Accidenti\", \"…\", 7]\nclause = \"R1\"\n";
    assert_eq!(
        problems(policy, list),
        [
            "prova.toml:1: policy.version: found nothing, expected a text",
            "prova.toml:8: organisation.office: found nothing, expected a text",
            "prova.toml:10: organisation.uffico: found an unknown field, expected one of name, office, email, website, contacts",
            "prova.toml:39: clause[2].category: found \"rude\", expected one of political, language, unlawful, offensive, personal_data, obscene, discriminatory, intellectual_property, spam, off_topic, personal_case",
            "prova.toml:42: rule[1].service: found nothing, expected the id of the service to redirect to",
            "prova.toml:48: regola: found an unknown field, expected one of policy, organisation, account, clause, service, provisions, ladder, automation, lead_form, seat, calendar, messages, message, topic, deadlines, retention, add, silence, override, rule, lower, reader",
            "lists/parole.toml:3: terms[1].words[2]: found \"Accidenti\", expected something else than on line 3",
            "lists/parole.toml:3: terms[1].words[3]: found \"…\", expected a term with letters or digits",
            "lists/parole.toml:3: terms[1].words[4]: found the number 7, expected a text",
            "lists/parole.toml:4: terms[1].clause: found an unknown field, expected one of id, tier, disguised, cut, words, except, with, without",
        ]
    );
}

#[test]
fn what_is_not_toml_does_not_hide_what_is_wrong_elsewhere() {
    let policy = GOOD.replacen("id = \"1\"", "id = \"1", 1).replacen("\"hide\"", "\"nascondi\"", 1);
    let found = problems(policy, "[[terms]\nid = \"brutte\"\n");
    let lines: Vec<&str> = found.iter().filter_map(|problem| problem.split(": found").next()).collect();
    assert_eq!(
        lines,
        [
            "prova.toml:17: TOML",
            "prova.toml:46: rule[1].outcome",
            "lists/parole.toml:1: TOML",
            "lists/parole.toml:2: id"
        ]
    );
}

#[test]
fn an_unknown_field_is_a_problem_in_every_section() {
    for (header, section) in [
        ("[policy]", "policy"),
        ("[organisation]", "organisation"),
        ("[[account]]", "account[1]"),
        ("[[service]]", "service[1]"),
        ("[[clause]]", "clause[1]"),
        ("[[rule]]", "rule[1]"),
    ] {
        let found = problems(GOOD.replacen(header, &format!("{header}\ncolore = 1"), 1), LIST);
        let start =
            format!("prova.toml:{}: {section}.colore: found an unknown field, expected one of ", line_of(header) + 1);
        assert!(found.len() == 1 && found[0].starts_with(&start), "{found:?}");
    }
}

#[test]
fn sections_that_contradict_each_other_are_reported() {
    for (added, expected) in [
        (
            "[[account]]\nplatform = \"facebook\"\nid = \"1\"\nhandle = \"due\"\nname = \"Due\"\nurl = \"https://due.example\"\npage = \"3\"\n",
            vec![
                "51: account[2].id: found \"1\", expected something else than on line 17",
                "55: account[2].page: found a page, expected none, because only an Instagram account is linked to one",
            ],
        ),
        (
            "[[clause]]\nnumber = \"R1\"\nsection = \"removal\"\ntitle = \"T\"\ntext = \"T\"\ncategory = \"spam\"\ngravity = \"light\"\n",
            vec!["50: clause[3].number: found \"R1\", expected something else than on line 36"],
        ),
        (
            "[[service]]\nid = \"sportello\"\nname = \"S\"\nurl = \"https://s.example\"\n",
            vec!["50: service[2].id: found \"sportello\", expected something else than on line 23"],
        ),
        (
            "[[rule]]\nid = \"parole\"\nclause = \"R1\"\noutcome = \"review\"\nterms = [\"brutte\"]\nservice = \"sportello\"\n",
            vec![
                "50: rule[2].id: found \"parole\", expected something else than on line 44",
                "54: rule[2].service: found \"sportello\", expected no service, because the rule does not redirect",
            ],
        ),
        (
            "[[rule]]\nid = \"caso\"\nclause = \"R1\"\noutcome = \"redirect\"\nterms = [\"brutte\"]\nservice = \"altro\"\n",
            vec![
                "51: rule[2].clause: found \"R1\" of category language, expected a clause of category personal_case, because the rule redirects",
                "54: rule[2].service: found \"altro\", expected the id of a service of this policy",
            ],
        ),
        (
            "[[rule]]\nid = \"caso\"\nclause = \"N1\"\noutcome = \"hide\"\n",
            vec![
                "49: rule[2].terms: found nothing, expected one of terms, patterns, detectors, links, repetition, capitals, flood, attachments to recognise the clause by",
                "52: rule[2].outcome: found \"hide\", expected redirect or review, because a personal case is not a violation",
            ],
        ),
        (
            "[[rule]]\nid = \"dati\"\nclause = \"R1\"\noutcome = \"hide\"\ndetectors = [\"email\"]\nscope = { kinds = [\"message\"] }\n",
            vec![
                "54: rule[2].scope.kinds[1]: found \"message\", expected other kinds too: in private messages personal data is not looked for, so the rule never matches",
            ],
        ),
        (
            "[[rule]]\nid = \"altrove\"\nclause = \"R1\"\noutcome = \"hide\"\nterms = [\"brutte\"]\nscope = { platforms = [\"x\"], accounts = [\"1\", \"9\"], tipo = 1 }\n",
            vec![
                "54: rule[2].scope.accounts[1]: found \"1\" on facebook, expected an account on one of the platforms of the scope",
                "54: rule[2].scope.accounts[2]: found \"9\", expected the id of an account of this policy",
                "54: rule[2].scope.tipo: found an unknown field, expected one of platforms, accounts, kinds",
            ],
        ),
    ] {
        let expected: Vec<String> = expected.into_iter().map(|problem| format!("prova.toml:{problem}")).collect();
        assert_eq!(problems(format!("{GOOD}\n{added}"), LIST), expected, "{added}");
    }
}

#[test]
fn lists_must_be_there_and_be_named_once() {
    let named = |lists: &str| GOOD.replacen("[\"lists/parole.toml\"]", lists, 1);
    assert_eq!(
        problems(named("[\"lists/parole.toml\", \"lists/altre.toml\", \"lists/parole.toml\"]"), LIST),
        [
            "prova.toml:7: policy.lists[2]: found \"lists/altre.toml\", expected the name of a list that is there",
            "prova.toml:7: policy.lists[3]: found \"lists/parole.toml\", expected each list only once",
        ]
    );
    let file = source("prova.toml", named("[\"a.toml\", \"b.toml\"]"));
    assert_eq!(Policy::list_names(&file), ["a.toml", "b.toml"]);
    let lists = [source("a.toml", LIST), source("b.toml", LIST), source("c.toml", "not looked at")];
    let found = Policy::load(&file, &lists).expect_err("both lists have the same id");
    let found: Vec<String> = found.iter().map(ToString::to_string).collect();
    assert_eq!(found, ["b.toml:2: terms[1].id: found \"brutte\", expected something else than in a.toml"]);
}

#[test]
fn a_list_that_cannot_be_read_is_not_reported_again_by_every_rule() {
    let found = problems(GOOD.replacen("lists/parole.toml", "lists/altre.toml", 1), LIST);
    assert_eq!(
        found,
        ["prova.toml:7: policy.lists[1]: found \"lists/altre.toml\", expected the name of a list that is there"]
    );
}

#[test]
fn an_empty_file_says_what_is_missing() {
    let found = Policy::load(&source("vuota.toml", ""), &[]).expect_err("everything is missing");
    let found: Vec<String> = found.iter().map(ToString::to_string).collect();
    assert_eq!(
        found,
        [
            "vuota.toml:1: policy: found nothing, expected a section [policy]",
            "vuota.toml:1: organisation: found nothing, expected a section [organisation]",
        ]
    );
}

#[test]
fn lists_that_make_no_sense_are_reported_with_line_and_reason() {
    for (added, expected) in [
        (
            "words = [\"accidenti\", \"ma accidenti\"]",
            "4: terms[2].words[2]: found \"ma accidenti\", expected nothing that holds \"accidenti\", which matches wherever this would",
        ),
        (
            "words = [\"accident{i,o}\", \"accidento\"]",
            "4: terms[2].words[2]: found \"accidento\", expected something else than on line 5",
        ),
        (
            "words = [\"accident{i\"]",
            "4: terms[2].words[1]: found \"accident{i\", expected a closing brace for each opening one",
        ),
        (
            "words = [\"via ...\"]",
            "4: terms[2].words[1]: found \"via ...\", expected at most 2 gaps, each between words",
        ),
        (
            "tier = \"grave\"\nwords = [\"a\"]",
            "4: terms[2].tier: found \"grave\", expected one of unambiguous, ambiguous, mild",
        ),
        (
            "words = [\"a\"]\nwith = [\"ignote\"]",
            "5: terms[2].with[1]: found \"ignote\", expected the id of terms in a list of this policy",
        ),
        (
            "words = [\"a\"]\nwith = [{ any = [\"brutte\"], within = \"pagina\" }]",
            "5: terms[2].with[1].within: found \"pagina\", expected a number of words or one of sentence, text, dots",
        ),
        (
            "words = [\"a\"]\nwithout = [{ side = \"before\" }]",
            "5: terms[2].without[1].any: found nothing, expected the ids of sections of terms",
        ),
    ] {
        let list = format!("{LIST}[[terms]]\n{added}\nid = \"altre\"\n");
        let found = problems(GOOD, &list);
        let (line, rest) = expected.split_once(':').expect("a line and a reason");
        let line = line.parse::<usize>().expect("a number") + 1;
        assert_eq!(found, [format!("lists/parole.toml:{line}:{rest}")], "{added}");
    }
}

#[test]
fn rules_that_can_never_match_or_hide_without_certainty_are_reported() {
    let list = "[[terms]]\nid = \"brutte\"\nwords = [\"accidenti\"]\n\n[[terms]]\nid = \"incerte\"\ntier = \"ambiguous\"\nwords = [\"merlo\"]\n\n[[terms]]\nid = \"lievi\"\ntier = \"mild\"\nwords = [\"uffa\"]\n";
    for (added, expected) in [
        (
            "[[rule]]\nid = \"due\"\nclause = \"R1\"\noutcome = \"hide\"\nterms = [\"incerte\"]\n",
            vec![
                "53: rule[2].terms[1]: found \"incerte\", expected terms that are unambiguous, or a condition \"with\", because the rule hides",
            ],
        ),
        (
            "[[rule]]\nid = \"due\"\nclause = \"R1\"\noutcome = \"hide\"\nterms = [\"lievi\"]\n",
            vec!["53: rule[2].terms[1]: found \"lievi\", expected terms that are not mild, because the rule hides"],
        ),
        (
            "[[rule]]\nid = \"due\"\nclause = \"R1\"\noutcome = \"hide\"\nurgent = true\nterms = [\"brutte\"]\n",
            vec!["53: rule[2].urgent: found true, expected false, unless the rule leads to review"],
        ),
        (
            "[[rule]]\nid = \"due\"\nclause = \"R1\"\noutcome = \"review\"\nlinks = [\"ignoti\"]\n",
            vec!["53: rule[2].links[1]: found \"ignoti\", expected the id of domains in a list of this policy"],
        ),
        (
            "[[rule]]\nid = \"due\"\nclause = \"R1\"\noutcome = \"review\"\nrepetition = 1\n",
            vec!["53: rule[2].repetition: found the number 1, expected a whole number from 2 to 100"],
        ),
        (
            "[[silence]]\nterms = \"brutte\"\nwords = [\"accidenti\"]\n",
            vec![
                "47: rule[1].terms[1]: found \"brutte\", expected terms of which some are left, because the rule never matches by these",
            ],
        ),
        (
            "[[silence]]\nwords = [\"altro\"]\n",
            vec!["50: silence[1].words[1]: found \"altro\", expected a term that the list has"],
        ),
        (
            "[[add]]\nterms = \"brutte\"\nwords = [\"Accidenti\"]\n",
            vec!["51: add[1].words[1]: found \"Accidenti\", expected a term that the list does not have yet"],
        ),
        (
            "[[lower]]\nid = \"x\"\nrules = [\"ignota\"]\nquoted = true\nto = \"review\"\n",
            vec!["51: lower[1].rules[1]: found \"ignota\", expected the id of a rule of this policy"],
        ),
        (
            "[[lower]]\nid = \"x\"\nto = \"allow\"\n",
            vec![
                "49: lower[1].with: found nothing, expected quoted = true, asked = true or conditions, so that it does not hold everywhere",
            ],
        ),
    ] {
        let expected: Vec<String> = expected.into_iter().map(|problem| format!("prova.toml:{problem}")).collect();
        assert_eq!(problems(format!("{GOOD}\n{added}"), list), expected, "{added}");
    }
}

#[test]
fn nothing_hides_what_is_off_topic() {
    let clause = "[[clause]]\nnumber = \"N2\"\nsection = \"netiquette\"\ntitle = \"Tema\"\ntext = \"Restare in tema.\"\ncategory = \"off_topic\"\ngravity = \"light\"\n\n";
    let rule = |outcome: &str| {
        format!("{clause}[[rule]]\nid = \"tema\"\nclause = \"N2\"\noutcome = \"{outcome}\"\nterms = [\"sport\"]\n")
    };
    let list = format!("{LIST}\n[[terms]]\nid = \"sport\"\nwords = [\"scudetto\"]\n");
    assert_eq!(
        problems(format!("{GOOD}\n{}", rule("hide")), &list),
        [
            "prova.toml:60: rule[2].outcome: found \"hide\", expected review, because a program never hides what is off topic"
        ]
    );
    let overridden = "\n[[override]]\nterms = \"sport\"\nwords = [\"scudetto\"]\noutcome = \"hide\"\n";
    assert_eq!(
        problems(format!("{GOOD}\n{}{overridden}", rule("review")), &list),
        [
            "prova.toml:66: override[1].outcome: found \"hide\", expected review, because a program never hides what is off topic"
        ]
    );
    load(format!("{GOOD}\n{}", rule("review")), &list).expect("a person may look at it");
}

#[test]
fn only_what_protects_someone_counts_for_nothing_and_its_author_is_told_why() {
    let clause = "[[clause]]\nnumber = \"R2\"\nsection = \"removal\"\ntitle = \"Dati\"\ntext = \"Niente dati.\"\ncategory = \"personal_data\"\ngravity = \"ordinary\"\n\n";
    let message = "\n[[message]]\nnotice = \"protection\"\nlanguage = \"it\"\ntext = \"Automatico: {clausola_numero} {clausola_titolo} {misura} {contatto} {policy_url} {riferimento}\"\n";
    let data = |outcome: &str, strike: &str| {
        format!(
            "{clause}[[rule]]\nid = \"dati\"\nclause = \"R2\"\noutcome = \"{outcome}\"\ndetectors = [\"email\"]\nstrike = {strike}\n"
        )
    };
    let words = |clause: &str, outcome: &str, strike: &str| {
        let service = if outcome == "redirect" { "service = \"sportello\"\n" } else { "" };
        format!(
            "[[rule]]\nid = \"altro\"\nclause = \"{clause}\"\noutcome = \"{outcome}\"\nterms = [\"brutte\"]\n{service}strike = {strike}\n"
        )
    };
    let redirects = "nothing, because the rule redirects, which never counts";
    for (added, expected) in [
        (
            data("hide", "false"),
            vec!["62: rule[2].strike: found false, expected a [[message]] with notice = \"protection\", because who is protected is told why".to_owned()],
        ),
        (
            format!("{}{}", data("hide", "false"), message.replace("protection", "warning")),
            vec!["62: rule[2].strike: found false, expected a [[message]] with notice = \"protection\", because who is protected is told why".to_owned()],
        ),
        (
            data("hide", "\"no\""),
            vec!["62: rule[2].strike: found \"no\", expected true or false".to_owned()],
        ),
        (
            format!("{}{message}", words("R1", "hide", "false")),
            vec!["54: rule[2].strike: found false for \"R1\" of category language, expected true, unless the clause is of category personal_data".to_owned()],
        ),
        (
            format!("{}{message}", words("R1", "review", "false")),
            vec!["54: rule[2].strike: found false for \"R1\" of category language, expected true, unless the clause is of category personal_data".to_owned()],
        ),
        (
            format!("{}{message}", words("N1", "redirect", "false")),
            vec![format!("55: rule[2].strike: found false, expected {redirects}")],
        ),
        (
            format!("{}{message}", words("N1", "redirect", "true")),
            vec![format!("55: rule[2].strike: found true, expected {redirects}")],
        ),
    ] {
        let expected: Vec<String> = expected.into_iter().map(|problem| format!("prova.toml:{problem}")).collect();
        assert_eq!(problems(format!("{GOOD}\n{added}"), LIST), expected, "{added}");
    }
    for (added, protects) in [
        (format!("{}{message}", data("hide", "false")), true),
        (format!("{}{message}", data("review", "false")), true),
        (data("hide", "true"), false),
        (data("hide", "true").replace("strike = true\n", ""), false),
    ] {
        let policy = load(format!("{GOOD}\n{added}"), LIST).expect("nothing is wrong");
        assert_eq!(policy.protects("dati"), protects, "{added}");
        assert!(!policy.protects("parole") && !policy.protects("ignota"));
    }
}
