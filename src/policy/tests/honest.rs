//! The gate on words with an honest sense: what ordinary people write with the words of the lists is never hidden, by
//! any published policy. The lines were written for each group of terms, without sight of the rules.

mod corpora;

use std::collections::{HashMap, HashSet};

use policy::Outcome;
use serde::Deserialize;

use self::corpora::{Line, lines, lines_as, published};

const POLICIES: [&str; 2] = ["milano-monza-brianza-lodi.toml", "riviere-di-liguria.toml"];
const CORPUS: &str = "honest.jsonl";
/// How many honest lines each group of terms has at least.
const LEAST_IN_GROUP: usize = 3;

/// For which section of terms a line was written.
#[derive(Deserialize)]
struct Written {
    group: String,
}

#[test]
fn every_group_has_honest_lines_and_none_stands_twice() {
    let lines = lines(CORPUS);
    assert!(lines.len() >= 600, "{} lines", lines.len());
    let ids: HashSet<&str> = lines.iter().map(|line| line.id.as_str()).collect();
    let texts: HashSet<&str> = lines.iter().map(|line| line.text.as_str()).collect();
    assert_eq!((ids.len(), texts.len()), (lines.len(), lines.len()));
    for line in &lines {
        assert_eq!(line.expected, "allow", "{}", line.id);
        assert!(line.categories.is_empty() && !line.urgent, "{} is no violation", line.id);
    }
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
    let lines = lines(CORPUS);
    for name in POLICIES {
        let policy = published(name);
        let hidden = |line: &Line| {
            let verdict = line.judged_by(&policy);
            let first = verdict.findings().iter().find(|finding| finding.outcome == Outcome::Hide)?;
            Some(format!("{}: {} {:?} in {:?}", line.id, first.rule, first.matched, line.text))
        };
        let hidden: Vec<String> = lines.iter().filter_map(hidden).collect();
        assert!(hidden.is_empty(), "{name} hides {} lines:\n{}", hidden.len(), hidden.join("\n"));
    }
}
