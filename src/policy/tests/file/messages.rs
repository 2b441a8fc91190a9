//! What the published policies say to authors, and what is wrong with templates.

use jiff::Timestamp;
use policy::{
    Category, Channel, Clause, Kind, Language, Measure, MessageFacts, Notice, Outcome, Platform, Policy, Subject,
    Surface,
};

use super::policies::{PUBLISHED, mini, problems, published};

/// A post on X has no more, and of all texts it has the least.
const X: usize = 280;
/// A private message on Instagram.
const INSTAGRAM: usize = 1000;

const SANCTIONS: [(Notice, Measure); 4] = [
    (Notice::Warning, Measure::Hidden),
    (Notice::LastWarning, Measure::Removed),
    (Notice::Block, Measure::Blocked),
    (Notice::Ban, Measure::Banned),
];

/// Monday 30 November 2026 at 9 in Rome.
fn monday() -> Option<Timestamp> {
    Some(Timestamp::from_second(1_796_025_600).expect("a moment"))
}

fn facts<'a>(policy: &'a Policy, clause: &'a Clause, done: Measure, reference: &'a str) -> MessageFacts<'a> {
    MessageFacts { clause: Some(clause), service: policy.services.first(), done, reference, until: monday() }
}

#[test]
fn a_sanction_says_which_clause_what_was_done_and_how_to_object() {
    for name in PUBLISHED {
        let policy = published(name);
        for (notice, done) in SANCTIONS {
            for language in Language::ALL {
                for clause in &policy.clauses {
                    for room in [X, INSTAGRAM] {
                        let facts = facts(&policy, clause, done, "0123456789ab");
                        let message = policy.message(notice, language, &facts, room).expect("there is a template");
                        assert!(message.chars().count() <= room, "{message}");
                        let wanted = [
                            clause.number.as_str(),
                            &clause.title,
                            &policy.url,
                            &policy.organisation.email,
                            "0123456789ab",
                        ];
                        for wanted in wanted {
                            assert!(message.contains(wanted), "{wanted} in {message}");
                        }
                        assert!(message.to_lowercase().contains("automatic"), "{message}");
                        assert!(!message.contains(['{', '}']), "{message}");
                    }
                }
            }
        }
    }
}

#[test]
fn every_notice_fits_everywhere_whatever_the_facts() {
    for name in PUBLISHED {
        let policy = published(name);
        // A receipt is an e-mail, which has room for it.
        for notice in Notice::ALL.into_iter().filter(|notice| *notice != Notice::Receipt) {
            for language in Language::ALL {
                for done in Measure::ALL {
                    for service in &policy.services {
                        let clause = &policy.clauses[0];
                        let facts = MessageFacts { service: Some(service), ..facts(&policy, clause, done, "c0ffee12") };
                        let message = policy.message(notice, language, &facts, X).expect("there is a template");
                        assert!(message.chars().count() <= X, "{message}");
                        assert!(message.contains("c0ffee12"), "{message}");
                        let full = policy.message(notice, language, &facts, usize::MAX).expect("there is a template");
                        assert!(full.chars().count() <= INSTAGRAM, "{full}");
                    }
                }
            }
        }
    }
}

#[test]
fn who_is_protected_is_told_what_and_why_without_a_threat_and_only_in_private() {
    // What the warnings say of what may follow.
    let threats = ["sospes", "blocc", "esclu", "avviso:", "ultimo", "suspended", "banned", "last warning", "repeats"];
    for name in PUBLISHED {
        let policy = published(name);
        let clause =
            policy.clauses.iter().find(|clause| clause.category == Category::PersonalData).expect("there is one");
        for language in Language::ALL {
            let facts = facts(&policy, clause, Measure::Hidden, "0123456789ab");
            for room in [X, INSTAGRAM] {
                let said = policy.message(Notice::Protection, language, &facts, room).expect("there is a template");
                for wanted in [&clause.number, &clause.title, &policy.url, &policy.organisation.email] {
                    assert!(said.contains(wanted.as_str()), "{wanted} in {said}");
                }
                for threat in threats {
                    assert!(!said.to_lowercase().contains(threat), "{threat} in {said}");
                }
                let warned = policy.message(Notice::Warning, language, &facts, room).expect("there is a template");
                assert_ne!(said, warned);
            }
            let warned = policy.message(Notice::Warning, language, &facts, INSTAGRAM).expect("there is a template");
            assert!(threats.iter().any(|threat| warned.to_lowercase().contains(threat)), "{warned}");
        }
        for &platform in Platform::ALL {
            assert_eq!(policy.channels(platform, Notice::Protection), [Channel::Private], "{platform}");
        }
    }
}

#[test]
fn two_references_make_two_messages_and_two_measures_as_well() {
    for name in PUBLISHED {
        let policy = published(name);
        let clause = policy.clause("R1").expect("there is one");
        for notice in Notice::ALL {
            for language in Language::ALL {
                let said = |done, reference, room| {
                    policy.message(notice, language, &facts(&policy, clause, done, reference), room)
                };
                let rooms = if notice == Notice::Receipt { [INSTAGRAM; 2] } else { [X, INSTAGRAM] };
                for room in rooms {
                    assert_ne!(said(Measure::Hidden, "11111111", room), said(Measure::Hidden, "22222222", room));
                    let names_measure = !matches!(notice, Notice::Redirect | Notice::Away | Notice::Receipt);
                    let differs = said(Measure::Hidden, "1", room) != said(Measure::Standing, "1", room);
                    assert_eq!(differs, names_measure, "{notice:?}");
                }
            }
        }
    }
}

#[test]
fn the_languages_differ_and_dates_are_the_offices() {
    let policy = published(PUBLISHED[0]);
    let facts = facts(&policy, &policy.clauses[0], Measure::Blocked, "0a1b2c3d");
    for notice in Notice::ALL {
        let said = |language| policy.message(notice, language, &facts, INSTAGRAM).expect("there is a template");
        assert_ne!(said(Language::Italian), said(Language::English), "{notice:?}");
    }
    for notice in [Notice::Block, Notice::Away] {
        let said = |language| policy.message(notice, language, &facts, INSTAGRAM).expect("there is a template");
        assert!(said(Language::Italian).contains("fino al 30 novembre 2026, ore 09:00"));
        assert!(said(Language::English).contains("until 30 November 2026 at 09:00"));
    }
}

#[test]
fn the_service_of_a_redirect_is_named_with_its_address() {
    let policy = published(PUBLISHED[0]);
    for service in &policy.services {
        let facts = MessageFacts {
            clause: None,
            service: Some(service),
            done: Measure::None,
            reference: "0a1b2c3d",
            until: None,
        };
        for room in [X, INSTAGRAM] {
            let message = policy.message(Notice::Redirect, Language::Italian, &facts, room).expect("a template");
            assert!(message.contains(&service.name) && message.contains(&service.url), "{message}");
        }
    }
}

#[test]
fn without_what_it_names_or_room_for_it_there_is_no_message() {
    let policy = published(PUBLISHED[0]);
    let full = facts(&policy, &policy.clauses[0], Measure::Hidden, "0a1b2c3d");
    let said = |notice, facts: &MessageFacts<'_>, room| policy.message(notice, Language::Italian, facts, room);
    assert_eq!(said(Notice::Warning, &MessageFacts { clause: None, ..full }, INSTAGRAM), None);
    assert_eq!(said(Notice::Redirect, &MessageFacts { service: None, ..full }, INSTAGRAM), None);
    assert_eq!(said(Notice::Warning, &full, 60), None, "nothing is cut off");
    let unknown_end = said(Notice::Block, &MessageFacts { until: None, ..full }, INSTAGRAM);
    assert!(unknown_end.is_some_and(|message| message.contains("fino a nuova comunicazione")));
}

#[test]
fn an_apology_does_not_say_that_something_was_removed_when_it_cannot_come_back() {
    let policy = published(PUBLISHED[0]);
    let said = |done| {
        let facts = facts(&policy, &policy.clauses[0], done, "0a1b2c3d");
        policy.message(Notice::Apology, Language::Italian, &facts, X).expect("a template")
    };
    assert!(said(Measure::Restored).contains("di nuovo visibile"));
    assert!(said(Measure::Removed).contains("non può più essere ripubblicato"));
}

#[test]
fn what_we_say_keeps_our_own_rules_and_repeats_nothing() {
    for name in PUBLISHED {
        let policy = published(name);
        let judge = |text: &str| {
            let (platform, kind) = (Some(Platform::Facebook), Kind::Comment);
            policy.found_by_rules(&Subject { platform, kind, ..Subject::of(text) })
        };
        let verdict = judge("Siete degli STRONZI!");
        let offending = &verdict.findings()[0];
        let clause = policy.clause(&offending.clause).expect("findings name a clause");
        for notice in Notice::ALL {
            for language in Language::ALL {
                let facts = facts(&policy, clause, Measure::Hidden, "0a1b2c3d");
                let message = policy.message(notice, language, &facts, INSTAGRAM).expect("there is a template");
                assert!(!message.to_lowercase().contains(&offending.matched.to_lowercase()), "{message}");
                assert!(judge(&message).outcome() <= Outcome::Redirect, "{message}: {:?}", judge(&message));
            }
        }
    }
}

#[test]
fn a_receipt_says_by_when_a_person_reads_the_report() {
    for name in PUBLISHED {
        let policy = published(name);
        let facts = facts(&policy, &policy.clauses[0], Measure::None, "0a1b2c3d");
        let said = |language| policy.message(Notice::Receipt, language, &facts, usize::MAX).expect("a template");
        assert!(said(Language::Italian).contains("entro il 30 novembre 2026, ore 09:00"));
        assert!(said(Language::English).contains("by 30 November 2026 at 09:00"));
        let nobody_knows = MessageFacts { until: None, ..facts };
        assert_eq!(policy.message(Notice::Receipt, Language::Italian, &nobody_knows, usize::MAX), None);
    }
}

#[test]
fn each_notice_has_its_channels() {
    use Channel::{Private, Public};
    for name in PUBLISHED {
        let policy = published(name);
        for (platform, notice, channels) in [
            (Platform::Facebook, Notice::Warning, [Private, Public].as_slice()),
            (Platform::Instagram, Notice::Ban, &[Private, Public]),
            (Platform::Facebook, Notice::Redirect, &[Public, Private]),
            (Platform::Linkedin, Notice::Warning, &[Public, Private]),
            (Platform::Linkedin, Notice::Away, &[Private]),
        ] {
            assert_eq!(policy.channels(platform, notice), channels, "{platform} {notice:?}");
        }
    }
}

const WARNING: &str = "
[[message]]
notice = \"warning\"
language = \"it\"
text = \"Automatico: {clausola_numero} {clausola_titolo} {misura} {contatto} {policy_url} {riferimento}\"
";

#[test]
fn a_policy_without_templates_says_nothing() {
    let policy = mini("");
    let facts = facts(&policy, &policy.clauses[0], Measure::Hidden, "1");
    assert_eq!(policy.message(Notice::Warning, Language::Italian, &facts, INSTAGRAM), None);
    assert_eq!(policy.channels(Platform::X, Notice::Warning), [Channel::Private, Channel::Public]);
    assert_eq!(policy.channels(Platform::X, Notice::Redirect), [Channel::Public, Channel::Private]);
}

#[test]
fn a_template_is_filled_with_what_the_policy_says() {
    let policy = mini(&WARNING.replace("{policy_url}", "{policy_url} {ente}, {ufficio}"));
    let facts = facts(&policy, &policy.clauses[1], Measure::Hidden, "77");
    let expected = "Automatico: R1 Linguaggio l'intervento è stato nascosto stampa@comune.example \
                    https://www.comune.example Comune di Prova, Ufficio stampa 77";
    for language in Language::ALL {
        let message = policy.message(Notice::Warning, language, &facts, INSTAGRAM);
        assert_eq!(message.as_deref(), Some(expected), "Italian serves those who write in English as well");
    }
    assert_eq!(policy.message(Notice::Ban, Language::Italian, &facts, INSTAGRAM), None);
}

#[test]
fn channels_are_what_the_policy_sets() {
    let policy =
        mini("[messages]\nchannel = \"public\"\nredirect = \"private\"\n[messages.channels]\nyoutube = \"private\"\n");
    assert_eq!(policy.channels(Platform::X, Notice::Warning)[0], Channel::Public);
    assert_eq!(policy.channels(Platform::X, Notice::Redirect)[0], Channel::Private);
    assert_eq!(policy.channels(Platform::Youtube, Notice::Apology)[0], Channel::Private);
}

#[test]
fn everything_wrong_with_templates_is_reported() {
    let fields =
        "{clausola_numero}, {clausola_titolo}, {misura}, {contatto}, {policy_url}, {riferimento}, {ente}, {ufficio}";
    for (wrong, expected) in [
        (WARNING.replace("{contatto} ", "").replace("{misura} ", ""), {
            "message[1].text: found \"Automatico: {clausola_numero} {clausola_titolo} {policy_url}…\", expected a text with {misura}, {contatto}".to_owned()
        }),
        (WARNING.replace("{misura}", "{testo}"), {
            format!("message[1].text: found \"{{testo}}\", expected one of {fields}")
        }),
        (WARNING.replace("{misura}", "{servizio}"), {
            format!("message[1].text: found \"{{servizio}}\", expected one of {fields}")
        }),
        (WARNING.replace("{misura}", "misura}"), {
            "message[1].text: found \"} {contatto} {policy_url} {riferimento}\", expected a closing brace for each opening one".to_owned()
        }),
        (WARNING.replace("{riferimento}", "{riferimento"), {
            "message[1].text: found \"{riferimento\", expected a closing brace for each opening one".to_owned()
        }),
        (WARNING.replace("Automatico", "Avviso"), {
            "message[1].text: found \"Avviso: {clausola_numero} {clausola_titolo} {misura} {contat…\", expected words that say that it is automatic".to_owned()
        }),
        (WARNING.replace("warning", "ammonizione"), {
            "message[1].notice: found \"ammonizione\", expected one of warning, last_warning, block, ban, protection, redirect, away, apology, receipt".to_owned()
        }),
        (WARNING.replace("\"it\"", "\"fr\""), {
            "message[1].language: found \"fr\", expected one of it, en".to_owned()
        }),
        (WARNING.replace("\"it\"", "\"en\""), {
            "message[1].language: found a message in \"en\" alone, expected one in \"it\" as well, for all other authors".to_owned()
        }),
        (format!("{WARNING}{WARNING}"), {
            "message[2].notice: found \"warning\", expected something else than on line 51".to_owned()
        }),
        (WARNING.replace("Automatico", &format!("Automatico{}", "!".repeat(200))), {
            "message[1].text: found a text of up to 339 characters, expected at most 280 with the longest names and addresses of the policy, or a field short".to_owned()
        }),
        (format!("{WARNING}short = \"Automatico {{riferimento}}\"\n"), {
            "message[1].short: found \"Automatico {riferimento}\", expected a text with {clausola_numero}, {clausola_titolo}, {misura}, {contatto}, {policy_url}".to_owned()
        }),
        ("[messages]\nchannel = \"post\"\n".to_owned(), {
            "messages.channel: found \"post\", expected one of private, public".to_owned()
        }),
        ("[messages.channels]\ntiktok = \"public\"\n".to_owned(), {
            "messages.channels.tiktok: found an unknown field, expected one of facebook, instagram, linkedin, youtube, x".to_owned()
        }),
    ] {
        assert_eq!(problems(&wrong), [expected], "{wrong}");
    }
}

#[test]
fn each_notice_needs_its_own_fields() {
    for (notice, fields) in [
        ("last_warning", "{clausola_numero}, {clausola_titolo}, {misura}, {contatto}, {policy_url}, {riferimento}"),
        ("block", "{clausola_numero}, {clausola_titolo}, {misura}, {fino_al}, {contatto}, {policy_url}, {riferimento}"),
        ("ban", "{clausola_numero}, {clausola_titolo}, {misura}, {contatto}, {policy_url}, {riferimento}"),
        ("redirect", "{servizio}, {servizio_url}, {riferimento}"),
        ("away", "{fino_al}, {riferimento}"),
        ("apology", "{misura}, {riferimento}"),
    ] {
        let template = format!("[[message]]\nnotice = \"{notice}\"\nlanguage = \"it\"\ntext = \"Automatico\"\n");
        let expected = format!("message[1].text: found \"Automatico\", expected a text with {fields}");
        assert_eq!(problems(&template), [expected]);
    }
}

#[test]
fn texts_are_kept_no_longer_than_the_platforms_allow() {
    let received = monday().expect("a moment");
    let kept = |policy: &Policy, platform, surface| {
        policy.keep_until(platform, surface, received).duration_since(received).as_hours()
    };
    for policy in [mini(""), published(PUBLISHED[0]), published(PUBLISHED[1])] {
        for (platform, comment, message) in [
            (Platform::Facebook, 180 * 24, 30 * 24),
            (Platform::Instagram, 180 * 24, 30 * 24),
            (Platform::Linkedin, 48, 48),
            (Platform::Youtube, 30 * 24, 30 * 24),
            (Platform::X, 30 * 24, 30 * 24),
        ] {
            assert_eq!(kept(&policy, platform, Surface::Comment), comment, "{platform}");
            assert_eq!(kept(&policy, platform, Surface::Message), message, "{platform}");
        }
        assert_eq!(
            policy.keep_until(Platform::X, Surface::Comment, Timestamp::MAX),
            Timestamp::MAX,
            "the end of time is no trouble"
        );
    }
    let shorter = mini("[retention]\nfacebook_days = 7\nlinkedin_hours = 24\nmessage_days = 14\n");
    assert_eq!(kept(&shorter, Platform::Facebook, Surface::Review), 7 * 24);
    assert_eq!(kept(&shorter, Platform::Facebook, Surface::Message), 7 * 24, "the shorter of the two");
    assert_eq!(kept(&shorter, Platform::Instagram, Surface::Message), 14 * 24);
    assert_eq!(kept(&shorter, Platform::Linkedin, Surface::Comment), 24);
}

#[test]
fn a_longer_time_than_a_platform_allows_is_a_problem() {
    for (field, expected) in [
        ("linkedin_hours = 49", "retention.linkedin_hours: found the number 49, expected a whole number from 1 to 48"),
        ("youtube_days = 31", "retention.youtube_days: found the number 31, expected a whole number from 1 to 30"),
        ("facebook_days = 366", "retention.facebook_days: found the number 366, expected a whole number from 1 to 365"),
        ("instagram_days = 0", "retention.instagram_days: found the number 0, expected a whole number from 1 to 365"),
        ("x_days = 900", "retention.x_days: found the number 900, expected a whole number from 1 to 365"),
        ("message_days = \"sempre\"", {
            "retention.message_days: found \"sempre\", expected a whole number from 1 to 365"
        }),
        ("linkedin_days = 2", {
            "retention.linkedin_days: found an unknown field, expected one of facebook_days, instagram_days, youtube_days, x_days, message_days, report_days, linkedin_hours"
        }),
    ] {
        assert_eq!(problems(&format!("[retention]\n{field}\n")), [expected]);
    }
}

#[test]
fn each_notice_as_its_author_reads_it() {
    let policy = published("milano-monza-brianza-lodi.toml");
    let clause = policy.clauses.iter().find(|clause| clause.number == "R2").expect("there is a second");
    let mut said = String::new();
    for notice in Notice::ALL {
        let done =
            SANCTIONS.iter().find(|(sanction, _)| *sanction == notice).map_or(Measure::Hidden, |(_, done)| *done);
        for language in Language::ALL {
            let facts = facts(&policy, clause, done, "0123456789ab");
            let message = policy.message(notice, language, &facts, INSTAGRAM).expect("there is a template");
            said.push_str(&format!("## {} ({})\n{message}\n\n", notice.as_str(), language.as_str()));
        }
    }
    insta::assert_snapshot!(said);
}
