//! What must be found: a floor for each category, which only rises.

use policy::{Category, Outcome};

use crate::corpora::{Line, lines, published};

const POLICY: &str = "milano-monza-brianza-lodi.toml";
const CORPUS: &str = "violations.jsonl";

/// For each category: of its lines to hide, how many must reach a person or be hidden by the rules, and how many must be
/// hidden.
/// These are the counts that were measured. Who improves the rules raises them; nobody lowers them.
const FLOORS: [(Category, usize, usize, usize); 9] = [
    // category, lines to hide, at least surfaced, at least hidden
    (Category::Political, 16, 16, 16),
    (Category::Language, 165, 163, 148),
    (Category::Unlawful, 31, 31, 31),
    (Category::Offensive, 28, 28, 28),
    (Category::PersonalData, 53, 53, 48),
    (Category::Obscene, 25, 25, 24),
    (Category::Discriminatory, 65, 65, 64),
    (Category::IntellectualProperty, 12, 12, 12),
    (Category::Spam, 39, 39, 38),
];
/// Of all lines to hide, how many must reach a person or be hidden, and how many must be hidden, with both keys: the reader
/// may object, and finds what no rule does.
const WITH_BOTH_KEYS: (usize, usize) = (430, 380);
/// Of the hidden lines, how many have a fitting category first.
const FITTING_FIRST: usize = 400;
/// Of the lines for a person, how many reach one (or are hidden) by the rules, and how many with both keys.
const REVIEWED: usize = 61;
const REVIEWED_WITH_BOTH_KEYS: usize = 55;

fn to(outcome: &str) -> Vec<Line> {
    lines(CORPUS).into_iter().filter(|line| line.expected == outcome).collect()
}

#[test]
fn each_category_is_found_at_least_as_often_as_it_was() {
    let policy = published(POLICY);
    let lines = to("hide");
    assert_eq!(FLOORS.iter().map(|floor| floor.1).sum::<usize>(), lines.len(), "every line has a floor");
    for (category, count, surfaced, hidden) in FLOORS {
        let lines: Vec<&Line> = lines.iter().filter(|line| line.categories[0] == category.as_str()).collect();
        assert_eq!(lines.len(), count, "{}", category.as_str());
        let outcomes: Vec<(Outcome, &Line)> =
            lines.iter().map(|line| (line.found_by_rules_of(&policy).outcome(), *line)).collect();
        let missing = |least: Outcome| -> Vec<&str> {
            outcomes.iter().filter(|(outcome, _)| *outcome < least).map(|(_, line)| line.text.as_str()).collect()
        };
        let (unseen, visible) = (missing(Outcome::Review), missing(Outcome::Hide));
        assert!(count - unseen.len() >= surfaced, "{}: not surfaced: {unseen:#?}", category.as_str());
        assert!(count - visible.len() >= hidden, "{}: not hidden: {visible:#?}", category.as_str());
    }
}

#[test]
fn with_both_keys_little_less_is_hidden_and_nothing_less_is_found() {
    let policy = published(POLICY);
    let outcomes: Vec<Outcome> = to("hide").iter().map(|line| line.judged_by(&policy).outcome()).collect();
    let count = |least: Outcome| outcomes.iter().filter(|outcome| **outcome >= least).count();
    let found = (count(Outcome::Review), count(Outcome::Hide));
    assert!(found.0 >= WITH_BOTH_KEYS.0 && found.1 >= WITH_BOTH_KEYS.1, "{found:?}");
}

#[test]
fn what_is_hidden_is_hidden_for_a_fitting_reason() {
    let policy = published(POLICY);
    let fitting = to("hide")
        .iter()
        .filter(|line| {
            let verdict = line.found_by_rules_of(&policy);
            let first = verdict.categories().first().map(|category| category.as_str().to_owned());
            verdict.outcome() == Outcome::Hide && first.is_some_and(|first| line.categories.contains(&first))
        })
        .count();
    assert!(fitting >= FITTING_FIRST, "{fitting} lines have a fitting category first");
}

#[test]
fn what_is_doubtful_reaches_a_person() {
    let policy = published(POLICY);
    let lines = to("review");
    let reached = lines.iter().filter(|line| line.found_by_rules_of(&policy).outcome() >= Outcome::Review).count();
    assert!(reached >= REVIEWED, "{reached} doubtful lines reach a person by the rules");
    let reached = lines.iter().filter(|line| line.judged_by(&policy).outcome() >= Outcome::Review).count();
    assert!(reached >= REVIEWED_WITH_BOTH_KEYS, "{reached} doubtful lines reach a person");
}

#[test]
fn a_hint_of_danger_to_a_life_is_urgent_and_never_hidden() {
    for name in [POLICY, "riviere-di-liguria.toml"] {
        let policy = published(name);
        let lines = lines(CORPUS);
        let urgent: Vec<&Line> = lines.iter().filter(|line| line.urgent).collect();
        assert!(urgent.len() >= 6, "{} lines", urgent.len());
        for line in urgent {
            let verdict = line.judged_by(&policy);
            assert_eq!((verdict.outcome(), verdict.is_urgent()), (Outcome::Review, true), "{name}: {}", line.text);
        }
    }
}

#[test]
fn a_personal_case_is_sent_to_a_service() {
    let policy = published(POLICY);
    for line in to("redirect") {
        let verdict = line.judged_by(&policy);
        assert_eq!(verdict.outcome(), Outcome::Redirect, "{}", line.text);
        let service = policy.rule_service(&verdict.findings()[0].rule);
        assert!(service.is_some(), "{}: {}", line.id, verdict.findings()[0].rule);
    }
}
