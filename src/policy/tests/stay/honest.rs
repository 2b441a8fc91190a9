//! The gate on words with an honest sense: what ordinary people write with the words of the lists is never hidden.
//! The lines were written for each group of terms, without sight of the rules.

use std::collections::{BTreeSet, HashMap};
use std::fs;

use serde::Deserialize;
use toml::de::DeTable;

use super::gate::{POLICIES, is_never_hidden, lawful};
use crate::corpora::{lines_as, root};

const CORPUS: &str = "honest.jsonl";
const LEAST: usize = 600;
/// How many honest lines each group of terms has at least.
const LEAST_IN_GROUP: usize = 3;

/// For which section of terms, or for which rule by patterns only, a line was written.
#[derive(Deserialize)]
struct Written {
    group: String,
}

/// The groups of terms by which some published policy may hide: the sections of a rule that hides, or the rule itself
/// where it has patterns only.
fn hiding_groups() -> BTreeSet<String> {
    let mut groups = BTreeSet::new();
    for name in POLICIES {
        let text = fs::read_to_string(root().join("policies").join(name)).expect("the policy can be read");
        let file = DeTable::parse(&text).expect("the policy is TOML");
        for rule in sections(file.get_ref(), "rule").filter(|rule| texts(rule, "outcome") == ["hide"]) {
            let terms = texts(rule, "terms");
            groups.extend(if terms.is_empty() && rule.contains_key("patterns") { texts(rule, "id") } else { terms });
        }
        for change in sections(file.get_ref(), "override").filter(|change| texts(change, "outcome") == ["hide"]) {
            groups.extend(texts(change, "terms"));
        }
    }
    groups
}

/// The tables of an array.
fn sections<'t>(file: &'t DeTable<'_>, key: &str) -> impl Iterator<Item = &'t DeTable<'t>> {
    let all = file.get(key).and_then(|all| all.get_ref().as_array());
    all.into_iter().flat_map(|all| all.iter()).filter_map(|section| section.get_ref().as_table())
}

/// The text or the texts in a field.
fn texts(section: &DeTable<'_>, key: &str) -> Vec<String> {
    let Some(value) = section.get(key).map(|value| value.get_ref()) else { return Vec::new() };
    let all = value.as_array().map(|all| all.iter().filter_map(|text| text.get_ref().as_str()).collect());
    all.unwrap_or_else(|| Vec::from_iter(value.as_str())).into_iter().map(str::to_owned).collect()
}

#[test]
fn every_group_that_may_hide_has_honest_lines() {
    let mut written: HashMap<String, usize> = HashMap::new();
    for Written { group } in lines_as(CORPUS) {
        *written.entry(group).or_default() += 1;
    }
    let groups = hiding_groups();
    assert!(groups.contains("insulti") && groups.contains("guadagni-promessi"), "terms and patterns: {groups:?}");
    let lacking: Vec<_> = groups
        .iter()
        .map(|group| (group, written.get(group).copied().unwrap_or_default()))
        .filter(|(_, count)| *count < LEAST_IN_GROUP)
        .collect();
    assert!(lacking.is_empty(), "groups with fewer than {LEAST_IN_GROUP} honest lines: {lacking:?}");
}

#[test]
fn nothing_honest_is_ever_hidden() {
    is_never_hidden(&lawful(CORPUS, LEAST, &["allow"]));
}
