//! Which office a case belongs to and by when: topics, deadlines and the calendar of the policy file.

use jiff::civil::DateTime;
use jiff::{SignedDuration, Timestamp};
use policy::{Kind, Outcome, Policy, Topic};

use super::policies::{PUBLISHED, mini, problems, published};

/// A moment by the clock of the policy's office.
fn at(policy: &Policy, shown: &str) -> Timestamp {
    let shown: DateTime = shown.parse().expect("a date and time");
    shown.to_zoned(policy.time_zone.clone()).expect("the clock shows it").timestamp()
}

fn topic_of<'a>(policy: &'a Policy, text: &str) -> Option<&'a str> {
    policy.topic_of(text).map(|topic| topic.id.as_str())
}

#[test]
fn texts_go_to_the_office_that_answers_for_them() {
    for name in PUBLISHED {
        let policy = published(name);
        for (text, topic) in [
            ("Quando esce il nuovo BANDO per le imprese?", Some("bandi")),
            ("I contributi a fondo perduto sono finiti", Some("bandi")),
            ("Il Punto  Impresa-Digitale fa ancora corsi?", Some("pid")),
            ("ho pagato due volte il diritto annuale", Some("diritto-annuale")),
            ("Non riesco a scaricare la visura", Some("registro-imprese")),
            ("Serve il certificato d’origine?", Some("estero")),
            ("Come si chiede una conciliazione?", Some("conciliazione")),
            ("Bellissima serata, grazie a tutti", None),
            ("Sono sbandato, e abbandono", None),
            ("", None),
        ] {
            assert_eq!(topic_of(&policy, text), topic, "{text}");
        }
        for topic in &policy.topics {
            assert!(!topic.office.is_empty() && topic.deadline > SignedDuration::ZERO, "{}", topic.id);
        }
    }
}

const TWO: &str = "
[[topic]]
id = \"tributi\"
name = \"Tributi\"
office = \"Ufficio tributi\"
email = \"tributi@comune.example\"
deadline_hours = 3
terms = [\"tass{a,e}\", \"imposta di soggiorno\"]

[[topic]]
id = \"scuola\"
name = \"Scuola\"
office = \"Ufficio scuola\"
deadline_hours = 40
terms = [\"mensa\"]
";

#[test]
fn the_first_topic_of_the_file_wins_and_terms_are_whole_words() {
    let policy = mini(TWO);
    assert_eq!(topic_of(&policy, "La mensa costa, tra retta e tasse!"), Some("tributi"));
    assert_eq!(topic_of(&policy, "La mensa è tassativa"), Some("scuola"));
    assert_eq!(topic_of(&policy, "imposta sul soggiorno"), None);
    let tributi = policy.topic_of("L'IMPOSTA DI SOGGIORNO").expect("its topic");
    assert_eq!(
        (tributi.office.as_str(), tributi.email.as_deref()),
        ("Ufficio tributi", Some("tributi@comune.example"))
    );
}

#[test]
fn deadlines_are_those_of_the_topic_the_kind_or_the_outcome() {
    let policy =
        mini(&format!("{TWO}[deadlines]\nreview_hours = 4\nhide_hours = 10\nmessage_hours = 12\nurgent_hours = 2\n"));
    let tributi: Option<&Topic> = policy.topic_of("tassa");
    // A Monday; from 9 to 17, because there is no calendar.
    let from = at(&policy, "2026-11-23T10:00");
    for (outcome, kind, topic, urgent, deadline) in [
        (Outcome::Review, Kind::Comment, None, false, "2026-11-23T14:00"),
        (Outcome::Redirect, Kind::Post, None, false, "2026-11-23T14:00"),
        (Outcome::Hide, Kind::Comment, None, false, "2026-11-24T12:00"),
        (Outcome::Hide, Kind::Message, None, false, "2026-11-24T14:00"),
        (Outcome::Hide, Kind::Comment, tributi, false, "2026-11-23T13:00"),
        (Outcome::Review, Kind::Message, tributi, false, "2026-11-23T13:00"),
        (Outcome::Review, Kind::Comment, tributi, true, "2026-11-23T12:00"),
    ] {
        let found = policy.deadline(outcome, kind, topic, urgent, from);
        assert_eq!(found, at(&policy, deadline), "{outcome:?} {kind:?} {urgent}");
    }
    let night = at(&policy, "2026-11-28T23:30");
    let urgent = policy.deadline(Outcome::Review, Kind::Comment, None, true, night);
    assert_eq!(urgent, at(&policy, "2026-11-29T01:30"), "what is urgent does not wait for Monday");
}

#[test]
fn the_defaults_are_a_day_for_a_doubt_and_two_for_what_is_hidden() {
    let policy = mini("");
    let from = at(&policy, "2026-11-23T09:00");
    let deadline = |outcome, kind| policy.deadline(outcome, kind, None, false, from);
    assert_eq!(deadline(Outcome::Review, Kind::Comment), at(&policy, "2026-11-23T17:00"));
    assert_eq!(deadline(Outcome::Hide, Kind::Comment), at(&policy, "2026-11-24T17:00"));
    assert_eq!(deadline(Outcome::Review, Kind::Message), at(&policy, "2026-11-24T17:00"));
    let urgent = policy.deadline(Outcome::Review, Kind::Comment, None, true, from);
    assert_eq!(urgent, at(&policy, "2026-11-23T10:00"));
}

#[test]
fn the_calendar_is_that_of_the_file() {
    let policy = mini(
        "[[seat]]\nname = \"Centro\"\npatron = \"11-24\"\n\n[[seat]]\nname = \"Mare\"\npatron = \"02-29\"\n\n\
         [calendar]\nseat = \"Centro\"\nmonday = [\"08:30-12:00\", \"12:00-24:00\"]\ntuesday = [\"09:00-10:00\"]\n\
         closed = [2026-11-30, \"2026-12-01\"]\n",
    );
    let open = |shown| policy.calendar.is_open(at(&policy, shown));
    assert!(open("2026-11-23T08:30") && open("2026-11-23T12:00") && open("2026-11-23T23:59"));
    assert!(!open("2026-11-23T08:29") && !open("2026-11-24T09:30") && !open("2026-11-25T09:30"));
    assert!(!open("2026-11-30T10:00") && !open("2026-12-01T09:30"));
    assert_eq!(policy.calendar.next_opening(at(&policy, "2026-11-24T00:00")), at(&policy, "2026-12-07T08:30"));
    let usual = mini("");
    assert!(usual.calendar.is_open(at(&usual, "2026-11-27T16:59")));
    assert!(!usual.calendar.is_open(at(&usual, "2026-11-28T10:00")));
    let closed_once = mini("[calendar]\nclosed = [2026-11-27]\n");
    assert!(!closed_once.calendar.is_open(at(&closed_once, "2026-11-27T10:00")), "the usual hours, and a closure");
    assert!(closed_once.calendar.is_open(at(&closed_once, "2026-11-26T10:00")));
}

#[test]
fn the_published_calendars_know_the_patron_of_the_seat() {
    for (name, patron, others) in
        [(PUBLISHED[0], "2027-12-07", "2027-06-24"), (PUBLISHED[1], "2027-03-18", "2027-03-19")]
    {
        let policy = published(name);
        let is_holiday = |day: &str| policy.calendar.is_holiday(day.parse().expect("a date"));
        assert!(is_holiday(patron) && !is_holiday(others), "{name}");
        assert!(is_holiday("2026-12-24"), "{name}");
    }
}

#[test]
fn everything_wrong_with_a_calendar_is_reported() {
    let hours = "expected hours such as 09:00-13:00";
    let seat = "[[seat]]\nname = \"Centro\"\npatron = \"12-07\"\n";
    for (wrong, expected) in [
        ("[calendar]\nmonday = [\"9-13\"]\n".to_owned(), format!("calendar.monday[1]: found \"9-13\", {hours}")),
        ("[calendar]\nmonday = [\"13:00-09:00\"]\n".to_owned(), {
            format!("calendar.monday[1]: found \"13:00-09:00\", {hours}")
        }),
        ("[calendar]\nmonday = [\"09:00-24:01\"]\n".to_owned(), {
            format!("calendar.monday[1]: found \"09:00-24:01\", {hours}")
        }),
        ("[calendar]\nmonday = [\"09:60-11:00\"]\n".to_owned(), {
            format!("calendar.monday[1]: found \"09:60-11:00\", {hours}")
        }),
        ("[calendar]\nmonday = \"09:00-13:00\"\n".to_owned(), {
            "calendar.monday: found \"09:00-13:00\", expected a list of texts".to_owned()
        }),
        ("[calendar]\nmonday = []\n".to_owned(), {
            "calendar.monday: found an empty list, expected at least one text, or no such field".to_owned()
        }),
        ("[calendar]\nmonday = [\"09:00-13:00\", \"12:00-17:00\"]\n".to_owned(), {
            "calendar.monday[2]: found \"12:00-17:00\", expected hours after those before them".to_owned()
        }),
        ("[calendar]\nmonday = [\"09:00-09:30\"]\n".to_owned(), {
            "calendar.monday[1]: found 30 minutes of service a week, expected at least 60".to_owned()
        }),
        ("[calendar]\nclosed = [\"Natale\"]\n".to_owned(), {
            "calendar.closed[1]: found \"Natale\", expected a date such as 2026-01-31".to_owned()
        }),
        ("[calendar]\nclosed = 2026-12-24\n".to_owned(), {
            "calendar.closed: found the date 2026-12-24, expected a list of dates".to_owned()
        }),
        ("[calendar]\nseat = \"Centro\"\n".to_owned(), {
            "calendar.seat: found \"Centro\", expected the name of a seat".to_owned()
        }),
        (format!("{seat}[calendar]\n"), {
            "calendar.seat: found nothing, expected the name of the seat in which the office is".to_owned()
        }),
        (format!("{seat}{seat}[calendar]\nseat = \"Centro\"\n"), {
            "seat[2].name: found \"Centro\", expected something else than on line 50".to_owned()
        }),
        ("[[seat]]\nname = \"Centro\"\npatron = \"02-30\"\n[calendar]\nseat = \"Centro\"\n".to_owned(), {
            "seat[1].patron: found \"02-30\", expected month and day, such as 12-07".to_owned()
        }),
        ("[calendar]\nlunedi = [\"09:00-13:00\"]\n".to_owned(), {
            "calendar.lunedi: found an unknown field, expected one of monday, tuesday, wednesday, thursday, friday, saturday, sunday, seat, closed".to_owned()
        }),
    ] {
        assert_eq!(problems(&wrong), [expected], "{wrong}");
    }
}

#[test]
fn everything_wrong_with_topics_is_reported() {
    let missing = "topic[1].deadline_hours: found nothing, expected how many hours of work the office has to answer";
    for (right, wrong, expected) in [
        ("id = \"tributi\"", "id = \"Tributi\"", {
            "topic[1].id: found \"Tributi\", expected a name of lower-case letters, digits and hyphens"
        }),
        (
            "id = \"scuola\"",
            "id = \"tributi\"",
            "topic[2].id: found \"tributi\", expected something else than on line 51",
        ),
        ("name = \"Tributi\"\n", "", "topic[1].name: found nothing, expected a text"),
        ("office = \"Ufficio tributi\"\n", "", "topic[1].office: found nothing, expected a text"),
        ("tributi@comune.example", "@comune.example", {
            "topic[1].email: found \"@comune.example\", expected an e-mail address"
        }),
        ("deadline_hours = 3\n", "", missing),
        ("deadline_hours = 3\n", "deadline_hours = 0\n", {
            "topic[1].deadline_hours: found the number 0, expected a whole number from 1 to 1000"
        }),
        ("terms = [\"mensa\"]\n", "", "topic[2].terms: found nothing, expected a list of texts"),
        ("\"mensa\"", "\"mensa ... scuola\"", {
            "topic[2].terms[1]: found \"mensa ... scuola\", expected a term without gaps"
        }),
        ("\"mensa\"", "\"…\"", "topic[2].terms[1]: found \"…\", expected a term with letters or digits"),
        ("\"mensa\"", "\"Tassa\"", "topic[2].terms[1]: found \"Tassa\", expected something else than on line 56"),
    ] {
        assert!(TWO.contains(right));
        assert_eq!(problems(&TWO.replacen(right, wrong, 1)), [expected], "{wrong}");
    }
    let deadlines = "deadlines.hide_hours: found the number 5000, expected a whole number from 1 to 1000";
    assert_eq!(problems("[deadlines]\nhide_hours = 5000\n"), [deadlines]);
}

#[test]
fn seats_without_a_calendar_are_a_problem() {
    let source =
        policy::Source { name: "p.toml".to_owned(), text: "[[seat]]\nname = \"A\"\npatron = \"01-01\"\n".to_owned() };
    let problems = Policy::load(&source, &[]).expect_err("much is missing");
    let found: Vec<&str> = problems.iter().map(|problem| problem.field.as_str()).collect();
    assert!(found.contains(&"calendar"), "{found:?}");
}
