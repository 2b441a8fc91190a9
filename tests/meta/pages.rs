//! The pages about invariants, platforms, decisions and words hold what they promise.

use std::collections::BTreeSet;
use std::fs;

use crate::{INVARIANTS, PLATFORMS, code, root, sections, texts};

#[test]
fn every_invariant_has_its_tests_or_says_that_it_is_not_built() {
    let page = fs::read_to_string(root().join(INVARIANTS)).unwrap();
    let invariants = sections(&page);
    assert!(!invariants.is_empty());
    for (number, body) in invariants {
        let mut tests = 0;
        for item in body.split("\n- ").skip(1) {
            let mut named = code(item);
            let file = named.next().unwrap();
            let text = fs::read_to_string(root().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
            for test in named {
                assert!(text.contains(&format!("fn {test}(")), "invariant {number}: {test} is not in {file}");
                tests += 1;
            }
        }
        assert!(tests > 0 || body.contains("Not built yet"), "invariant {number} has no test");
    }
}

#[test]
fn every_fact_about_the_platforms_has_a_source_that_is_listed() {
    let page = fs::read_to_string(root().join(PLATFORMS)).unwrap();
    let listed: BTreeSet<&str> = page.lines().filter_map(|line| line.strip_prefix("| ")?.split(" | ").next()).collect();
    let mut marks = 0;
    for mark in code(&page).filter_map(|code| code.strip_prefix('[')?.strip_suffix(']')) {
        let (certainty, sources) = mark.split_once(' ').unwrap_or((mark, ""));
        // What is no mark is some code in brackets.
        if ["doc", "told", "seen"].contains(&certainty) {
            for source in sources.split(", ").filter(|source| !source.is_empty()) {
                assert!(listed.contains(source), "[{mark}]: {source} is not among the sources");
            }
            assert!(certainty != "doc" || !sources.is_empty(), "[{mark}] names no page");
            marks += 1;
        }
    }
    assert!(marks > 100, "{marks} marks");
}

#[test]
fn every_decision_begins_with_its_number_and_has_it_alone() {
    let mut numbers = BTreeSet::new();
    for (path, text) in texts().iter().filter(|(path, _)| path.starts_with("docs/decisions/")) {
        let number: String = path.trim_start_matches("docs/decisions/").chars().take(4).collect();
        assert!(text.starts_with(&format!("# {number}. ")), "{path} begins with another number");
        assert!(numbers.insert(number), "{path} has the number of another");
    }
}

#[test]
fn the_words_of_the_glossary_are_those_of_the_code() {
    let page = fs::read_to_string(root().join("docs/architecture.md")).unwrap();
    let glossary = page.split("\n## ").find(|part| part.starts_with("Glossary")).unwrap();
    let texts = texts();
    let mut types = 0;
    for word in glossary.lines().filter_map(|line| line.strip_prefix("| ")?.split(" | ").next()) {
        for name in code(word) {
            let is_declared = |text: &String| {
                let declared = ["pub struct ", "pub enum "].into_iter().flat_map(|kind| text.split(kind).skip(1));
                let mut named = declared.filter_map(|after| after.strip_prefix(name));
                named.any(|rest| !rest.starts_with(|letter: char| letter.is_alphanumeric()))
            };
            let mut sources = texts.iter().filter(|(path, _)| path.starts_with("src/") && path.ends_with(".rs"));
            assert!(sources.any(|(_, text)| is_declared(text)), "`{name}` of {word} is not in the code");
            types += 1;
        }
    }
    assert!(types > 20, "{types} types");
}
