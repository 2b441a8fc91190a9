//! The gate on what was hidden once, or must never be.

use super::gate::{in_review, is_never_hidden, lawful};
use crate::corpora::Line;

const CORPUS: &str = "must_stay.jsonl";
const LEAST: usize = 400;
/// How many lines to allow may bother a person of the office because of the rules, of all of them: as many as were
/// measured. It only falls.
const MOST_IN_REVIEW: usize = 3;
/// How many with the reader, which calls a person for a share of lawful lines that the policy sets.
const MOST_WITH_THE_READER: usize = 19;

#[test]
fn nothing_that_must_stay_is_ever_hidden() {
    is_never_hidden(&lawful(CORPUS, LEAST, &["allow", "review"]));
}

#[test]
fn few_lines_to_allow_bother_a_person() {
    let lines = lawful(CORPUS, LEAST, &["allow", "review"]);
    let reviewed = in_review(&lines, Line::found_by_rules_of);
    assert!(reviewed.len() <= MOST_IN_REVIEW, "{} lines are sent to review: {reviewed:#?}", reviewed.len());
    let reviewed = in_review(&lines, Line::judged_by);
    assert!(
        reviewed.len() <= MOST_WITH_THE_READER,
        "{} lines are sent to review with the reader: {reviewed:#?}",
        reviewed.len()
    );
}
