//! What a policy file says about the ladder, the limits of automation and the forms of advertisements: how it is read
//! and which slips are reported, each with its line and field.

use std::fs;
use std::path::PathBuf;

use policy::{Automation, DecidedBy, Gravity, Ladder, Policy, Referral, SanctionKind, Source, Step};

use crate::prova::prova;

/// The smallest policy; its first clause is grave, the second ordinary, the third light.
const GOOD: &str = prova!(
    r#"[[clause]]
number = "R1"
section = "removal"
title = "Illeciti"
text = "Niente di illecito."
category = "unlawful"
gravity = "grave"

[[clause]]
number = "R2"
section = "removal"
title = "Linguaggio"
text = "Non volgare."
category = "language"
gravity = "ordinary"

[[clause]]
number = "N1"
section = "netiquette"
title = "Misura"
text = "Con misura."
category = "language"
gravity = "light"

"#
);

fn load(text: String) -> Result<Policy, Vec<String>> {
    let file = Source { name: "prova.toml".to_owned(), text };
    Policy::load(&file, &[]).map_err(|problems| problems.iter().map(ToString::to_string).collect())
}

/// What is wrong once this is added at the end, with lines counted from there.
fn problems(added: &str) -> Vec<String> {
    let problems = load(format!("{GOOD}{added}")).expect_err("something is wrong");
    let numbered = problems.iter().map(|problem| {
        let (line, rest) = problem.strip_prefix("prova.toml:")?.split_once(": ")?;
        Some(format!("{}: {rest}", line.parse::<usize>().ok()? - GOOD.lines().count()))
    });
    numbered.collect::<Option<Vec<_>>>().expect("file, line and field")
}

#[test]
fn a_policy_that_says_nothing_has_the_usual_ladder_and_limits() {
    let policy = load(GOOD.to_owned()).expect("nothing is wrong");
    assert_eq!(policy.ladder, Ladder::default());
    assert_eq!(policy.ladder.strike_months, 12);
    let steps: Vec<_> = policy.ladder.steps.iter().map(|step| (step.kind, step.weight, step.decided_by)).collect();
    assert_eq!(
        steps,
        [
            (SanctionKind::Warning, 1, DecidedBy::System),
            (SanctionKind::LastWarning, 2, DecidedBy::System),
            (SanctionKind::Block, 3, DecidedBy::Person),
            (SanctionKind::Ban, 4, DecidedBy::TwoPersons),
        ]
    );
    assert_eq!(
        policy.automation,
        Automation { hides_per_hour: 30, share_percent: 5, share_from: 10, public_replies: true }
    );
    assert_eq!(policy.lead_forms, []);
    let clauses: Vec<_> =
        policy.clauses.iter().map(|clause| (clause.gravity, clause.weight, clause.skips_to)).collect();
    assert_eq!(clauses, [(Gravity::Grave, 2, None), (Gravity::Ordinary, 1, None), (Gravity::Light, 0, None)]);
    assert!(policy.clauses.iter().all(|clause| clause.refer_to.is_empty()));
}

#[test]
fn what_the_file_says_is_what_the_policy_has() {
    let text = GOOD.replacen(
        "gravity = \"grave\"",
        "gravity = \"grave\"\nweight = 5\nskips_to = \"ban\"\nrefer_to = [\"platform\", \"authorities\"]",
        1,
    );
    let added = r#"
        [automation]
        hides_per_hour = 7
        share_percent = 50
        share_from = 3
        public_replies = false
        [[lead_form]]
        id = "77"
        name = "Corsi"
        privacy_notice = "https://www.comune.example/privacy"
        [ladder]
        strike_months = 6
        [[ladder.step]]
        sanction = "warning"
        weight = 2
        [[ladder.step]]
        sanction = "block"
        weight = 4
        days = 3
        [[ladder.step]]
        sanction = "ban"
        weight = 9
        decided_by = "person"
    "#;
    let policy = load(format!("{text}{added}")).expect("nothing is wrong");
    let step = |kind, weight, decided_by, days| Step { kind, weight, decided_by, days };
    let steps = vec![
        step(SanctionKind::Warning, 2, DecidedBy::System, None),
        step(SanctionKind::Block, 4, DecidedBy::Person, Some(3)),
        step(SanctionKind::Ban, 9, DecidedBy::Person, None),
    ];
    assert_eq!(policy.ladder, Ladder { steps, strike_months: 6 });
    assert_eq!(
        policy.automation,
        Automation { hides_per_hour: 7, share_percent: 50, share_from: 3, public_replies: false }
    );
    let clause = &policy.clauses[0];
    assert_eq!((clause.weight, clause.skips_to), (5, Some(SanctionKind::Ban)));
    assert_eq!(clause.refer_to, [Referral::Platform, Referral::Authorities]);
    let form = policy.lead_form("77").expect("it is known");
    assert_eq!((form.name.as_str(), form.privacy_notice.as_str()), ("Corsi", "https://www.comune.example/privacy"));
    assert_eq!(policy.lead_form("78"), None);
}

#[test]
fn months_alone_leave_the_usual_steps() {
    let policy = load(format!("{GOOD}[ladder]\nstrike_months = 3\n")).expect("nothing is wrong");
    assert_eq!(policy.ladder, Ladder { strike_months: 3, ..Ladder::default() });
}

#[test]
fn each_slip_of_the_ladder_is_reported_with_line_and_field() {
    let warning = "[[ladder.step]]\nsanction = \"warning\"\nweight = 2\n";
    for (added, expected) in [
        (
            "[ladder]\nstrike_months = 0\n".to_owned(),
            "2: ladder.strike_months: found the number 0, expected a whole number from 1 to 120",
        ),
        (
            "[ladder]\nmonths = 12\n".to_owned(),
            "2: ladder.months: found an unknown field, expected one of strike_months, step",
        ),
        (
            "[[ladder.step]]\nsanction = \"fine\"\nweight = 1\n".to_owned(),
            "2: ladder.step[1].sanction: found \"fine\", expected one of warning, last_warning, block, ban",
        ),
        (
            "[[ladder.step]]\nsanction = \"warning\"\n".to_owned(),
            "1: ladder.step[1].weight: found nothing, expected from which weight of strikes on",
        ),
        (
            "[[ladder.step]]\nsanction = \"warning\"\nweight = 0\n".to_owned(),
            "3: ladder.step[1].weight: found the number 0, expected a whole number from 1 to 100",
        ),
        (
            "[[ladder.step]]\nsanction = \"warning\"\nweight = 1\ndecided_by = \"chief\"\n".to_owned(),
            "4: ladder.step[1].decided_by: found \"chief\", expected one of system, person, two_persons",
        ),
        (
            format!("{warning}[[ladder.step]]\nsanction = \"warning\"\nweight = 3\n"),
            "5: ladder.step[2].sanction: found \"warning\", expected a sanction above warning, because the steps rise",
        ),
        (
            format!("{warning}[[ladder.step]]\nsanction = \"last_warning\"\nweight = 2\n"),
            "6: ladder.step[2].weight: found the number 2, expected more than 2, the weight of the step below",
        ),
        (
            format!("{warning}[[ladder.step]]\nsanction = \"block\"\nweight = 3\n"),
            "4: ladder.step[2].days: found nothing, expected how many days the block lasts",
        ),
        (
            format!("{warning}[[ladder.step]]\nsanction = \"block\"\nweight = 3\ndays = 400\n"),
            "7: ladder.step[2].days: found the number 400, expected a whole number from 1 to 365",
        ),
        (
            format!("{warning}days = 3\n"),
            "4: ladder.step[1].days: found the number 3, expected none, because only a block ends by itself",
        ),
        (
            format!("{warning}[[ladder.step]]\nsanction = \"block\"\nweight = 3\ndays = 3\ndecided_by = \"system\"\n"),
            "8: ladder.step[2].decided_by: found \"system\", expected person or two_persons, because people decide who may not write",
        ),
        (
            format!("{warning}[[ladder.step]]\nsanction = \"ban\"\nweight = 3\ndecided_by = \"system\"\n"),
            "7: ladder.step[2].decided_by: found \"system\", expected person or two_persons, because people decide who may not write",
        ),
        (
            "[[ladder.step]]\nsanction = \"ban\"\nweight = 3\n".to_owned(),
            "2: ladder.step[1].sanction: found \"ban\", expected a step with a warning below it",
        ),
    ] {
        assert_eq!(problems(&added), [expected], "{added}");
    }
}

#[test]
fn each_slip_about_automation_and_forms_is_reported_with_line_and_field() {
    let form = "[[lead_form]]\nid = \"1\"\nname = \"Corsi\"\nprivacy_notice = \"https://www.comune.example/privacy\"\n";
    for (added, expected) in [
        (
            "[automation]\nhides_per_hour = 0\n".to_owned(),
            "2: automation.hides_per_hour: found the number 0, expected a whole number from 1 to 100000",
        ),
        (
            "[automation]\nshare_percent = 101\n".to_owned(),
            "2: automation.share_percent: found the number 101, expected a whole number from 1 to 100",
        ),
        (
            "[automation]\nshare_from = \"10\"\n".to_owned(),
            "2: automation.share_from: found \"10\", expected a whole number from 1 to 100000",
        ),
        (
            "[automation]\npublic_replies = \"no\"\n".to_owned(),
            "2: automation.public_replies: found \"no\", expected true or false",
        ),
        (
            "[automation]\nhide = 1\n".to_owned(),
            "2: automation.hide: found an unknown field, expected one of hides_per_hour, share_percent, share_from, public_replies",
        ),
        (format!("{form}{form}"), "6: lead_form[2].id: found \"1\", expected something else than on line 39"),
        (
            form.replace("https://", "http://"),
            "4: lead_form[1].privacy_notice: found \"http://www.comune.example/privacy\", expected an address that starts with https://",
        ),
        (form.replace("name = \"Corsi\"\n", ""), "1: lead_form[1].name: found nothing, expected a text"),
    ] {
        assert_eq!(problems(&added), [expected], "{added}");
    }
}

#[test]
fn each_slip_about_what_a_clause_leads_to_is_reported_with_line_and_field() {
    for (gravity, added, expected) in [
        ("ordinary", "weight = 101", "weight: found the number 101, expected a whole number from 0 to 100"),
        ("ordinary", "weight = -1", "weight: found the number -1, expected a whole number from 0 to 100"),
        (
            "ordinary",
            "skips_to = \"block\"",
            "skips_to: found \"block\", expected none, because only a grave violation skips steps",
        ),
        (
            "grave",
            "skips_to = \"prison\"",
            "skips_to: found \"prison\", expected one of warning, last_warning, block, ban",
        ),
        ("grave", "refer_to = [\"police\"]", "refer_to[1]: found \"police\", expected one of platform, authorities"),
        (
            "grave",
            "refer_to = [\"platform\", \"platform\"]",
            "refer_to[2]: found \"platform\", expected each only once",
        ),
    ] {
        let gravity = format!("gravity = \"{gravity}\"");
        let text = GOOD.replacen(&gravity, &format!("{gravity}\n{added}"), 1);
        let line = text.lines().position(|line| line == added).expect("it was added") + 1;
        let clause = if gravity.contains("grave") { 1 } else { 2 };
        let expected = format!("prova.toml:{line}: clause[{clause}].{expected}");
        assert_eq!(load(text).expect_err("something is wrong"), [expected], "{added}");
    }
}

fn published(name: &str) -> Policy {
    let read = |name: &str| {
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../policies").join(name);
        Source { name: name.to_owned(), text: fs::read_to_string(path).expect("the file can be read") }
    };
    let file = read(name);
    let lists: Vec<Source> = Policy::list_names(&file).iter().map(|list| read(list)).collect();
    Policy::load(&file, &lists).expect("the policy has no problems")
}

#[test]
fn the_published_policies_warn_first_and_refer_what_is_grave() {
    let milano = published("milano-monza-brianza-lodi.toml");
    let liguria = published("riviere-di-liguria.toml");
    for (policy, grave) in [
        (
            &milano,
            [("R3", true, Some(SanctionKind::Block)), ("R6", true, Some(SanctionKind::Block)), ("R7", false, None)],
        ),
        (&liguria, [("R2", false, None), ("R3", true, None), ("R5", true, None)]),
    ] {
        assert_eq!(policy.ladder, Ladder::default());
        assert_eq!(policy.automation, Automation::default());
        let found: Vec<_> = policy
            .clauses
            .iter()
            .filter(|clause| !clause.refer_to.is_empty())
            .map(|clause| {
                assert_eq!((clause.gravity, clause.weight), (Gravity::Grave, 2));
                assert!(clause.refer_to.contains(&Referral::Platform));
                (clause.number.as_str(), clause.refer_to.contains(&Referral::Authorities), clause.skips_to)
            })
            .collect();
        assert_eq!(found, grave);
    }
    assert!(
        milano.lead_form("12345").is_some_and(|form| form.privacy_notice.starts_with("https://www.milomb.camcom.it"))
    );
}
