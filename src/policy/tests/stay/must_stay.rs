//! The gate on what was hidden once, or must never be.

use crate::gate::{in_review, is_never_hidden, lawful};

const CORPUS: &str = "must_stay.jsonl";
const LEAST: usize = 400;
/// How many lines to allow may bother a person of the office, of all of them: as many as were measured. It only falls.
const MOST_IN_REVIEW: usize = 3;

#[test]
fn nothing_that_must_stay_is_ever_hidden() {
    is_never_hidden(&lawful(CORPUS, LEAST, &["allow", "review"]));
}

#[test]
fn few_lines_to_allow_bother_a_person() {
    let lines = lawful(CORPUS, LEAST, &["allow", "review"]);
    let reviewed = in_review(&lines);
    assert!(reviewed.len() <= MOST_IN_REVIEW, "{} lines are sent to review: {reviewed:#?}", reviewed.len());
}
