//! The gate on words with an honest sense: what ordinary people write with the words of the lists is never hidden.
//! The lines were written for each group of terms, without sight of the rules.

use std::collections::HashMap;

use serde::Deserialize;

use crate::corpora::lines_as;
use crate::gate::{is_never_hidden, lawful};

const CORPUS: &str = "honest.jsonl";
const LEAST: usize = 600;
/// How many honest lines each group of terms has at least.
const LEAST_IN_GROUP: usize = 3;

/// For which section of terms a line was written.
#[derive(Deserialize)]
struct Written {
    group: String,
}

#[test]
fn every_group_has_honest_lines() {
    let mut groups: HashMap<String, usize> = HashMap::new();
    for Written { group } in lines_as(CORPUS) {
        *groups.entry(group).or_default() += 1;
    }
    for (group, count) in groups {
        assert!(count >= LEAST_IN_GROUP, "{group}: {count}");
    }
}

#[test]
fn nothing_honest_is_ever_hidden() {
    is_never_hidden(&lawful(CORPUS, LEAST, &["allow"]));
}
